"""Outil d’atelier : formulaire, fiche vivante, et toutes les règles en clair pour qui n’a pas JavaScript."""

from __future__ import annotations

import json
from typing import Any

from docutils import nodes

from formation import workshop
from formation.book.directives.base import BookDirective
from formation.book.directives.sources import source_links
from formation.book.nodes import balise, raw, tag
from formation.numbers import day, plural
from formation.workshop.documents import odt
from formation.workshop.grid import Grid, Option, Question, Saying, Stage
from formation.workshop.loading import FOLDER
from formation.workshop.sheet import LABELS
from formation.workshop.sources import described, grouped
from formation.workshop.wording import expected, said

SEVERITY = {"bloquant": "Bloquant", "attention": "Attention", "information": "Information"}
BUTTONS = (
    ("imprimer", "Imprimer la fiche"),
    ("odt", "Télécharger la fiche (.odt)"),
    ("enregistrer", "Enregistrer mes réponses"),
    ("effacer", "Effacer mes réponses"),
)


class Outil(BookDirective):
    """Outil d’atelier, décrit par `formation/workshop/grids/<outil>.yml`."""

    required_arguments = 1

    def build(self) -> list[nodes.Node]:
        """Formulaire, fiche et règles."""
        name = str(self.arguments[0]).strip()
        self.env.note_dependency(str(FOLDER / f"{name}.yml"))
        self.env.note_dependency(str(self.root / "book/sources.yml"))
        grid = workshop.load(name)
        self.needs("outil.js", "outil.css")
        return [self.render(grid)]

    def render(self, grid: Grid) -> balise:
        """Arbre HTML d’un outil.

        Parameters
        ----------
        grid : Grid
            Grille.

        Returns
        -------
        balise
            Élément `section`.
        """
        ident = f"outil-{grid.outil}"
        dated = f"Grille version {grid.version}. Faits et droit arrêtés au {day(grid.date_des_faits.isoformat())}."
        form = tag("form", novalidate=True, autocomplete="off", aria_labelledby=f"{ident}-titre")
        for rank, stage in enumerate(grid.etapes, start=1):
            form += _stage(stage, rank, grid)
        return tag(
            "section",
            tag("h2", "Vos réponses", id=f"{ident}-titre"),
            tag("p", f"{grid.avertissement} {dated}", class_="outil-avertissement"),
            tag("p", "Vos réponses restent dans cette page\u00a0: rien n’est envoyé.", class_="avec-js"),
            tag(
                "p",
                "Sans JavaScript, cochez vos réponses et lisez les règles plus bas\u00a0: elles disent tout ce que "
                "l’outil dirait.",
                class_="sans-js",
            ),
            form,
            _sheet(grid, ident),
            self.rules(grid),
            raw(f'<script type="application/json">{json_text(grid)}</script>'),
            class_="outil",
            id=ident,
            aria_labelledby=f"{ident}-titre",
        )

    def rules(self, grid: Grid) -> balise:
        """Toutes les règles, en tableaux : une par thème, et les points des notes.

        Parameters
        ----------
        grid : Grid
            Grille.

        Returns
        -------
        balise
            Élément `details`.
        """
        folded = tag(
            "details",
            tag("summary", f"Toutes les règles de l’outil ({len(grid.regles)}), en clair"),
            tag("p", "Ces tableaux sont l’outil entier\u00a0: la page n’applique rien d’autre. Les règles se lisent de "
                "haut en bas."),
            class_="outil-regles",
        )  # fmt: skip
        for theme in grid.themes:
            note = " (seule la première règle vraie compte)" if theme.unique else ""
            rows = [
                [said(rule.si, grid), self.saying(rule, SEVERITY[rule.gravite])]
                for rule in grid.regles
                if rule.theme == theme.id
            ]
            if theme.defaut is not None:
                rows.append(["aucune de ces règles", self.saying(theme.defaut)])
            folded += _table(f"{theme.titre}{note}", ("Si", "La fiche dit"), rows)
        for score in grid.notes:
            points = [
                [grid.questions[name].texte, _points(grid.questions[name], values)]
                for name, values in score.points.items()
            ]
            levels = " ; ".join(f"à partir de {level.a_partir_de} : {level.texte}" for level in score.niveaux)
            points.append(["Lecture", levels])
            folded += _table(f"Note «\u00a0{score.titre}\u00a0», sur {score.sur}", ("Question", "Points"), points)
        return folded

    def saying(self, one: Saying, severity: str = "") -> balise:
        """Ce que dit une règle : conclusion, raison, étapes, références.

        Parameters
        ----------
        one : Saying
            Règle, ou ce que dit un thème à défaut.
        severity : str
            Gravité, en toutes lettres.

        Returns
        -------
        balise
            Élément `div`.
        """
        mark = f"{severity}\u00a0: " if severity and severity != SEVERITY["information"] else ""
        cell = tag("div", tag("p", tag("strong", f"{mark}{one.conclusion}")))
        if one.explication:
            cell += tag("p", one.explication)
        tasks = getattr(one, "a_faire", [])
        if tasks:
            cell += tag("ul", *(tag("li", _task(task)) for task in tasks))
        due = getattr(one, "echeance", None)
        texts = [*([f"échéance {day(due.isoformat())}"] if due else []), *grouped(one.articles)]
        if texts or one.sources:
            line = tag("p", " ; ".join(texts), " " if texts else "", class_="outil-references")
            if one.sources:
                line += source_links(self, list(one.sources))
            cell += line
        return cell


def _task(task: Any) -> str:
    when = f" (avant le {day(task.echeance.isoformat())})" if task.echeance else ""
    when = f" (dans les {task.dans_mois}\u00a0mois)" if task.dans_mois else when
    return f"{task.texte}{when}" + (f" Qui\u00a0: {task.qui}." if task.qui else "")


def _points(question: Question, values: dict[str, int]) -> str:
    return " ; ".join(
        f"{question.option_text(name)}\u00a0: {plural(points, 'point')}" for name, points in values.items()
    )


def _table(caption: str, header: tuple[str, str], rows: list[list[Any]]) -> balise:
    head = tag("tr", *(tag("th", name, scope="col") for name in header))
    body = tag("tbody", *(tag("tr", tag("th", row[0], scope="row"), tag("td", row[1])) for row in rows))
    table = tag("table", tag("caption", caption), tag("thead", head), body)
    return tag("div", table, class_="defile", tabindex="0", role="region", aria_label=caption)


def _sheet(grid: Grid, ident: str) -> balise:
    opening = tag(
        "label",
        "Reprendre un fichier de réponses (.json) ",
        tag("input", type="file", accept=".json,application/json"),
        class_="outil-fichier",
    )
    buttons = [
        tag("button", text, type="button", data_outil=action, class_="bouton secondaire") for action, text in BUTTONS
    ]
    return tag(
        "div",
        tag("h2", f"Votre fiche\u00a0: {grid.titre}", id=f"{ident}-fiche"),
        tag("p", "", class_="outil-etat", role="status", aria_live="polite"),
        tag("div", tag("p", *buttons, class_="outil-boutons"), opening, class_="outil-gestes"),
        tag("div", "", class_="outil-message", role="status", aria_live="polite"),
        tag("div", class_="outil-document", role="region", aria_labelledby=f"{ident}-fiche"),
        class_="outil-fiche avec-js",
    )


def _stage(stage: Stage, rank: int, grid: Grid) -> balise:
    block = tag("fieldset", tag("legend", f"{rank}. {stage.titre}"), class_="outil-etape")
    if stage.aide:
        block += tag("p", stage.aide, class_="outil-aide")
    for question in stage.questions:
        block += _question(question, grid)
    return block


def _question(question: Question, grid: Grid) -> balise:
    ident = f"outil-{grid.outil}-{question.id}"
    extra: list[nodes.Node] = []
    if question.aide:
        extra.append(tag("p", question.aide, class_="outil-aide", id=f"{ident}-aide"))
    if question.si is not None:
        extra.append(tag("p", f"Seulement si {said(question.si, grid)}.", class_="outil-si"))
    if question.options:
        kind = "checkbox" if question.type == "multiple" else "radio"
        choices = (_choice(option, ident, kind) for option in question.options)
        help_id = f"{ident}-aide" if question.aide else None
        legend = tag("legend", question.texte)
        attrs = {"class_": "outil-question", "data_question": question.id, "aria_describedby": help_id}
        return tag("fieldset", legend, *extra, *choices, **attrs)
    described_by = f"{ident}-aide {ident}-erreur" if question.aide else f"{ident}-erreur"
    common = {"id": ident, "name": ident, "aria_describedby": described_by}
    if question.type == "nombre":
        mode = "decimal" if question.decimales else "numeric"
        field = tag("input", type="text", inputmode=mode, size=12, autocomplete="off", **common)
        entry = tag("p", field, f" {question.unite}" if question.unite else "")
        hint = f" ({expected(question)})" if question.minimum is not None or question.maximum is not None else ""
    else:
        entry = tag("p", tag("textarea", rows=question.lignes, maxlength=2000, **common))
        hint = " (facultatif)" if question.facultatif else ""
    label = tag("label", question.texte, tag("span", hint, class_="outil-forme"), for_=ident)
    error = tag("p", "", class_="outil-erreur", id=f"{ident}-erreur")
    return tag("div", label, *extra, entry, error, class_="outil-question", data_question=question.id)


def _choice(option: Option, ident: str, kind: str) -> balise:
    name = f"{ident}-{option.id}"
    box = tag(
        "input", type=kind, id=name, name=ident, value=option.id, data_exclusif="oui" if option.exclusif else None
    )
    return tag("div", box, tag("label", option.texte, for_=name), class_="outil-choix")


def payload(grid: Grid) -> dict[str, Any]:
    """Ce que la page reçoit : la grille, les mots de la fiche, les sources, les pièces fixes d’un ODT.

    Parameters
    ----------
    grid : Grid
        Grille.

    Returns
    -------
    dict
        Types simples, prêts pour du JSON.
    """
    return {
        "grille": grid.model_dump(mode="json", exclude_defaults=True),
        "mots": LABELS,
        "sources": described(grid.source_keys),
        "odt": {
            "debut": odt.OPENING,
            "fin": odt.CLOSING,
            "styles": odt.STYLES,
            "manifeste": odt.MANIFEST,
            "meta": odt.meta(grid.titre),
        },
    }


def json_text(grid: Grid) -> str:
    """Ce que la page reçoit, écrit pour tenir dans une balise.

    Parameters
    ----------
    grid : Grid
        Grille.

    Returns
    -------
    str
        JSON où « < » est écrit par son code : aucun texte de la grille ne peut fermer la balise.
    """
    return json.dumps(payload(grid), ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
