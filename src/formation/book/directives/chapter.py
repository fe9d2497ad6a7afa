"""En-tête d’un chapitre de partie ou d’un outil : question, objectifs, date des faits et sources de la page."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives

from formation.book.bibliography import load_sources
from formation.book.directives.base import BookDirective
from formation.book.directives.sources import PAGE
from formation.book.links import (
    count_words,
    entete_chapitre,
    lien,
    link,
    place_eyebrow,
    reading_time,
)
from formation.book.nodes import fold, tag
from formation.book.subjects import subject_of
from formation.errors import FormationError
from formation.numbers import long_day
from formation.palette import PARTS

if TYPE_CHECKING:
    from sphinx.application import Sphinx

RECOMMENDATIONS_PAGE = "book/onze-recommandations"
TOOLS_FOLDER = "book/outils/"


class EnteteChapitre(BookDirective):
    """En-tête d’un chapitre : `{entete-chapitre} Question ?`, `:recommandations: 9, 10`, `:date: 2026-11-22`."""

    has_content = True
    required_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar = {"recommandations": directives.unchanged, "date": directives.unchanged_required}

    def build(self) -> list[nodes.Node]:
        """Pose un repère, rempli quand toute la page est lue : il lui faut le nombre de mots et les sources citées."""
        node = entete_chapitre(
            "",
            numbers=_numbers(self.options.get("recommandations", "")),
            date=_day(self.options.get("date", "")),
            question=self.inline(self.arguments[0]),
        )
        self.state.nested_parse(self.content, self.content_offset, node)
        if not any(isinstance(child, nodes.bullet_list) for child in node.children):
            raise FormationError("les objectifs manquent\u00a0: une liste à puces, un verbe observable par ligne.")
        self.set_source_info(node)
        return [node]


def _numbers(text: str) -> list[int]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    wrong = [part for part in parts if not part.isdigit() or not 1 <= int(part) <= 11]
    if wrong:
        raise FormationError(
            f"« {', '.join(wrong)} » n’est pas un numéro de recommandation. Forme attendue : des entiers de 1 à 11 "
            "séparés par des virgules, par exemple « :recommandations: 9, 10 »."
        )
    return [int(part) for part in parts]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise FormationError(
            f"« {text} » n’est pas la date des faits. Forme attendue : « :date: AAAA-MM-JJ », "
            "par exemple « :date: 2026-11-22 »."
        ) from None


def place(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Écrit l’en-tête des chapitres de partie et des outils.

    Parameters
    ----------
    app : Sphinx
        Application.
    doctree : document
        Page, modifiée sur place.
    docname : str
        Nom de la page.
    """
    for node in list(doctree.findall(entete_chapitre)):
        subject, numbers = subject_of(docname), node["numbers"]
        header = tag("div", class_="entete-cas entete-chapitre")
        header += tag("div", tag("p", *node["question"]), class_="question-posee")
        header += reading_time(count_words(doctree))
        goal = "Ce que vous en tirez" if docname.startswith(TOOLS_FOLDER) else "À la fin de ce chapitre, vous saurez"
        header += fold(node.children, tag("div", tag("p", goal, class_="objectifs-titre"), class_="objectifs"))
        header += _facts(app, doctree, node["date"])
        section = node.parent
        node.replace_self(header)
        if subject in PARTS:
            place_eyebrow(section, str(subject), f"Partie · {PARTS[str(subject)].name}")
        if numbers:
            header.insert(0, _numbers_shown(numbers, app))


def _numbers_shown(numbers: list[int], app: Sphinx) -> nodes.Element:
    several = "s" if len(numbers) > 1 else ""
    shown = tag("p", f"Recommandation{several} du rapport\u00a0: ", class_="recommandations")
    for rank, number in enumerate(numbers):
        if rank:
            shown += nodes.Text(", ")
        known = RECOMMENDATIONS_PAGE in app.env.found_docs
        shown += (
            link(f"{RECOMMENDATIONS_PAGE}#recommandation-{number}", f"n°\u00a0{number}")
            if known
            else tag("span", f"n°\u00a0{number}")
        )
    return shown


def _facts(app: Sphinx, doctree: nodes.document, day: date) -> nodes.Element:
    """Date des faits, et les sources de la page avec leur date, repliées."""
    known = {key.lower(): entry for key, entry in load_sources(Path(app.srcdir)).items()}
    cited: dict[str, None] = {}
    for node in doctree.findall(lien):
        match = re.fullmatch(rf"{re.escape(PAGE)}#source-(\w+)", node["target"])
        if match and match.group(1) in known:
            cited.setdefault(match.group(1))
    stated = f"Faits et droit arrêtés au {long_day(day.isoformat())}"
    if not cited:
        return tag("p", f"{stated}.", class_="date-faits")
    items = tag("ul")
    for key in cited:
        entry = known[key]
        when = entry.date or "sans date"
        title = tag("span", entry.titre, lang=None if entry.langue == "fr" else entry.langue)
        items += tag(
            "li", link(f"{PAGE}#source-{key}", entry.cle), "\u00a0: ", title, f", {entry.auteur_editeur}, {when}"
        )
    number = f"{len(cited)} source{'s' if len(cited) > 1 else ''} citée{'s' if len(cited) > 1 else ''}"
    return tag("details", tag("summary", f"{stated}\u00a0; {number}"), items, class_="date-faits")
