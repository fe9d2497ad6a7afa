"""Outil « Marché public » : offres, empreinte, classement et solidité, calculés dans la page."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from docutils import nodes

from formation.book.directives.base import BookDirective
from formation.book.directives.sources import source_links
from formation.book.nodes import balise, raw, tag
from formation.footprint import FACTORS
from formation.tenders import clauses, page, report, resolving, results, templates

BUTTONS = (
    ("exemple", "Charger l’exemple d’Aubeline"),
    ("enregistrer", "Enregistrer les offres (.json)"),
    ("imprimer", "Imprimer le résultat"),
    ("vider", "Tout effacer"),
)
FORMULAS = (
    ("Réponses (kWh)", "réponses par an × années × Wh par réponse ÷ 1 000"),
    ("Wh par réponse", "valeur déclarée ; sinon formules d’EcoLogits, d’après la taille du modèle et les jetons"),
    ("Entraînement (kWh)", "valeur déclarée + part de l’entraînement du modèle général × réponses (kWh)"),
    ("Serveurs permanents (kWh)", "puissance en W × 8,76 × années"),
    ("Passage en kgCO2e", "kWh × (PUE × électricité du pays + fabrication des serveurs) ÷ 1 000"),
    ("Réseau (kgCO2e)", "Go par an × années × facteur du réseau ÷ 1 000"),
    ("Appareils neufs (kgCO2e)", "nombre × facteur de l’appareil, ou fiche du fabricant"),
    ("Note environnementale", "20 × plus petite empreinte ÷ empreinte de l’offre, au milieu des intervalles"),
    ("Total sur 20", "somme des notes × poids ÷ 100"),
    ("Solidité", "part des tirages au sort, dans les intervalles, où l’offre est première"),
)


class Marche(BookDirective):
    """Outil « Marché public » : `{marche}`, sans corps."""

    def build(self) -> list[nodes.Node]:
        """Saisie, résultat, puis la méthode, les facteurs, l’exemple et les clauses en clair."""
        for file in (results.EXAMPLE, clauses.FILE, self.root / "book/sources.yml"):
            self.env.note_dependency(str(file))
        self.needs("marche.js", "marche.css")
        content = json.dumps(page.data(), ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
        return [
            tag(
                "section",
                _inputs(),
                _sheet(),
                self._method(),
                _example(),
                _clauses(),
                raw(f'<script type="application/json" class="marche-donnees">{content}</script>'),
                class_="marche",
                id="marche",
                aria_labelledby="marche-titre",
            )
        ]

    def _method(self) -> balise:
        rows: list[list[Any]] = [
            [factor.label, factor.text, factor.period, self._perimeter(factor.perimeter, factor.sources)]
            for factor in FACTORS.values()
            if factor.name != "puissance-poste"
        ]
        folded: balise = tag("details", tag("summary", "La méthode et les facteurs, en clair"))
        folded += _table("Formules", ("Ce qui est calculé", "Comment"), [list(row) for row in FORMULAS])
        folded += _table("Facteurs", ("Facteur", "Bornes", "Période", "Périmètre et sources"), rows)
        folded += tag("p", "Règles par défaut :")
        folded += tag("ul", *(tag("li", text) for text in report.rules(templates.example().market)))
        return folded

    def _perimeter(self, text: str, sources: Sequence[str]) -> balise:
        cell = tag("div", text, " ")
        if sources:
            cell += source_links(self, list(sources))
        return cell


def _inputs() -> balise:
    gestures = [
        tag("button", text, type="button", data_marche=action, class_="bouton secondaire") for action, text in BUTTONS
    ]
    opening = tag(
        "label",
        "Reprendre un fichier d’offres (.json) ",
        tag("input", type="file", accept=".json,application/json"),
        class_="marche-fichier",
    )
    add = tag(
        "button", "Ajouter une offre", type="button", data_marche="ajouter", data_place="ajouter", class_="bouton"
    )
    return tag(
        "form",
        tag("h2", "Vos offres", id="marche-titre"),
        tag("p", report.WARNING),
        tag("p", "Sans JavaScript, lisez la méthode, l’exemple et les clauses plus bas.", class_="sans-js"),
        tag(
            "div",
            tag("p", "Rien n’est envoyé : vos offres restent dans cette page. L’exemple chargé est inventé."),
            tag("div", *gestures, class_="marche-gestes"),
            tag("p", opening),
            tag("p", "", class_="marche-message", role="status", aria_live="polite"),
            tag("fieldset", tag("legend", "Le marché, le même pour toutes les offres"), _grid("marche")),
            tag("fieldset", tag("legend", "Les poids, annoncés avant l’ouverture"), tag("div", "", data_place="poids")),
            tag("fieldset", tag("legend", "Les règles"), _grid("regles")),
            tag(
                "fieldset",
                tag("legend", f"Les offres ({page.MOST} au plus)"),
                tag("p", "Une case vide veut dire « non déclaré ». Zéro veut dire zéro, et se justifie."),
                tag("div", "", data_place="offres"),
                tag("p", add),
            ),
            class_="avec-js",
        ),
        novalidate=True,
        autocomplete="off",
        aria_labelledby="marche-titre",
    )


def _grid(name: str) -> balise:
    return tag("div", "", class_="marche-champs", data_place=name)


def _sheet() -> balise:
    return tag(
        "div",
        tag("h2", "Le résultat", id="marche-resultat"),
        tag("p", "", class_="marche-etat", role="status", aria_live="polite"),
        tag("div", "", data_place="resultat", role="region", aria_labelledby="marche-resultat"),
        class_="avec-js",
    )


def _example() -> balise:
    result = templates.example()
    return tag(
        "details",
        tag("summary", "L’exemple d’Aubeline, calculé"),
        tag("p", f"Exemple inventé : {result.market.objet}. {results.conclusion(result)}"),
        tag("p", results.weights_text(result)),
        _table(
            "Notes sur 20 (exemple inventé)",
            [name.capitalize() for name in report.RANK_HEADER],
            report.rank_rows(result),
        ),
        _table(
            "Empreinte en kgCO2e, borne basse – borne haute (exemple inventé)",
            ["Offre", *resolving.POSTS.values(), "Total"],
            report.post_rows(result),
        ),
    )


def _clauses() -> balise:
    folded: balise = tag("details", tag("summary", "Les clauses à coller"), tag("p", clauses.REVIEW))
    for clause in clauses.clauses():
        folded += tag(
            "div",
            tag("p", tag("strong", clause.title)),
            tag("p", f"Où : {clause.place}. Sert à : {clause.purpose} Suppose : {clause.assumes}"),
            tag("ol", *(tag("li", line) for line in clause.lines)),
            class_="marche-clause",
        )
    folded += _table(
        "Tableau de déclaration environnementale, à remplir par le candidat",
        clauses.DECLARATION_HEADER,
        clauses.declaration_rows(),
    )
    return folded


def _table(caption: str, header: Sequence[str], rows: Sequence[Sequence[Any]]) -> balise:
    head = tag("tr", *(tag("th", name, scope="col") for name in header))
    body = tag(
        "tbody",
        *(tag("tr", tag("th", first, scope="row"), *(tag("td", cell) for cell in rest)) for first, *rest in rows),
    )
    table = tag("table", tag("caption", caption), tag("thead", head), body)
    return tag("div", table, class_="defile", tabindex="0", role="region", aria_label=caption)
