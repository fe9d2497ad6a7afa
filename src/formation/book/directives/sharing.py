"""Fiches de partage : un tableau récapitulatif, puis une feuille A4 par croisement de données."""

from __future__ import annotations

from docutils import nodes

from formation.book.directives.base import BookDirective
from formation.book.directives.record import fact_item
from formation.book.models import FichierInvalide
from formation.book.nodes import tag
from formation.book.sharing import Advice, SharingSheet, SharingSheets

ADVICE: dict[Advice, str] = {
    "partager": "Partager",
    "essayer": "Essayer d’abord",
    "ne pas partager": "Ne pas partager",
}
"""Décision, telle qu’elle s’affiche."""
FOOTER = "Formation à l’IA des collectivités territoriales · territoire et données imaginaires · CC\u00a0BY-SA\u00a04.0"


class FichesPartage(BookDirective):
    """Fiches lues dans `cases/<sujet>/fiches.yml` : `{fiches-partage} comite`."""

    optional_arguments = 1

    def build(self) -> list[nodes.Node]:
        """Tableau des décisions, puis une section par fiche, qui s’imprime sur une page."""
        subject = self.subject_argument()
        name = f"cases/{subject}/fiches.yml"
        sheets: SharingSheets = self.read_yaml(name, SharingSheets)
        check_tables(sheets, name)
        return [self._summary(sheets), *(self._sheet(sheet) for sheet in sheets.fiches)]

    def _summary(self, sheets: SharingSheets) -> nodes.Element:
        head = tag("tr", *(tag("th", text, scope="col") for text in ("Croisement", "Décision", "Revue")))
        body = tag("tbody")
        for sheet in sheets.fiches:
            anchor = tag("a", *self.inline(sheet.titre), href=f"#{ident(sheet)}")
            row = tag("tr", tag("th", f"{sheet.jointure}\u00a0: ", anchor, scope="row"))
            row += [tag("td", advice(sheet)), tag("td", french_date(sheet))]
            body += row
        table = tag("table", tag("caption", *self.inline(sheets.titre)), tag("thead", head), body)
        return tag("div", table, class_="defile decisions", data_nom=f"Tableau\u00a0: {sheets.titre}")

    def _sheet(self, sheet: SharingSheet) -> nodes.Element:
        name = ident(sheet)
        section = nodes.section("", ids=[name], names=[name], classes=["fiche-decision", "fiche-partage"])
        self.state.document.note_explicit_target(section)
        section += nodes.title("", "", *self.inline(sheet.titre))
        section += tag("p", f"Fiche de partage {sheet.jointure}", class_="fiche-genre")
        section += tag("p", *self.inline(sheet.question), class_="fiche-question")
        section += self._rows(
            {
                "Décision": [advice(sheet), nodes.Text("\u00a0: "), *self.inline(sheet.decision.raison)],
                "Gain mesuré": self.inline(sheet.gain),
            }
        )
        section += tag("details", tag("summary", "Lire toute la fiche"), self._rows(self._terms(sheet)))
        section += tag("p", FOOTER, class_="fiche-pied")
        button = tag("button", "Imprimer la fiche", type="button", class_="bouton", data_action="imprimer-fiche")
        section += tag("p", button, class_="fiche-action avec-js")
        return section

    def _terms(self, sheet: SharingSheet) -> dict[str, list[nodes.Node]]:
        """Rubriques repliées, dans l’ordre d’une convention."""
        keys = [node for column in sheet.cle for node in (nodes.Text(", "), tag("code", column))][1:]
        threshold = sheet.seuil_agregation
        return {
            "Tables": [tag("ul", *(self._pair(tag("code", t.table), t.apporte) for t in sheet.tables))],
            "Clé": keys,
            "Producteur": self.inline(sheet.producteur),
            "Utilisateur": self.inline(sheet.utilisateur),
            "Base légale": [tag("ul", *(fact_item(self, fact) for fact in sheet.base_legale))],
            "Minimisation": [self._list(sheet.minimisation)],
            "Seuil d’agrégation": [tag("strong", str(threshold.effectif)), *self._after_colon(threshold.regle)],
            "Conservation": self.inline(sheet.conservation),
            "Qui voit quoi": [
                tag("ul", *(self._pair(tag("strong", *self.inline(v.role)), v.voit) for v in sheet.qui_voit_quoi))
            ],
            "Risques": [self._list(sheet.risques)],
            "Revue": [tag("strong", french_date(sheet)), *self._after_colon(sheet.revue.critere)],
        }

    def _rows(self, rows: dict[str, list[nodes.Node]]) -> nodes.Element:
        return tag("dl", *(tag("div", tag("dt", label), tag("dd", *content)) for label, content in rows.items()))

    def _list(self, texts: list[str]) -> nodes.Element:
        return tag("ul", *(tag("li", *self.inline(text)) for text in texts))

    def _pair(self, head: nodes.Node, text: str) -> nodes.Element:
        return tag("li", head, *self._after_colon(text))

    def _after_colon(self, text: str) -> list[nodes.Node]:
        return [nodes.Text("\u00a0: "), *self.inline(text)]


def ident(sheet: SharingSheet) -> str:
    """Ancre d’une fiche.

    Parameters
    ----------
    sheet : SharingSheet
        Fiche.

    Returns
    -------
    str
        Identifiant HTML.
    """
    return f"fiche-{sheet.id}"


def advice(sheet: SharingSheet) -> nodes.Element:
    """Décision d’une fiche, en toutes lettres et en couleur.

    Parameters
    ----------
    sheet : SharingSheet
        Fiche.

    Returns
    -------
    Element
        Balise.
    """
    return tag("strong", ADVICE[sheet.decision.avis], class_=f"avis avis-{sheet.decision.avis.replace(' ', '-')}")


def french_date(sheet: SharingSheet) -> str:
    """Date de revue d’une fiche, écrite à la française.

    Parameters
    ----------
    sheet : SharingSheet
        Fiche.

    Returns
    -------
    str
        Jour, mois, année.
    """
    return f"{sheet.revue.date:%d/%m/%Y}"


def check_tables(sheets: SharingSheets, name: str) -> None:
    """Vérifie que les tables citées sont livrées.

    Parameters
    ----------
    sheets : SharingSheets
        Fiches.
    name : str
        Fichier, cité dans le message.

    Raises
    ------
    FichierInvalide
        Si une table n’existe pas ; le message cite toutes celles qui manquent.
    """
    from formation import datasets  # charge pandas : toutes les pages n’en ont pas besoin

    known = {case: set(datasets.names(case)) for case in datasets.cases()}
    problems = []
    for sheet in sheets.fiches:
        for rank, shared in enumerate(sheet.tables, start=1):
            case, _, table = shared.table.partition(".")
            if table not in known.get(case, set()):
                tables = ", ".join(f"{case}.{other}" for other in sorted(known.get(case, ()))) or ", ".join(known)
                problems.append(
                    f"- fiche « {sheet.id} » › tables › {rank} : la table « {shared.table} » n’est pas livrée. "
                    f"Forme attendue : cas.table, parmi {tables}."
                )
    if problems:
        raise FichierInvalide(f"{name} ne suit pas la forme attendue :\n" + "\n".join(problems))
