"""Fiche de décision : une feuille A4 à imprimer, cocher et remplir, utilisable aussi à l’écran."""

from __future__ import annotations

from typing import ClassVar

from docutils import nodes

from formation.book.directives.base import BookDirective, positive
from formation.book.nodes import fold, raw, tag
from formation.book.subjects import subject_of
from formation.palette import pictogram


class FicheDecision(BookDirective):
    """Fiche de décision : `{fiche-decision} Titre`, le corps en MyST."""

    has_content = True
    required_arguments = 1
    final_argument_whitespace = True

    def build(self) -> list[nodes.Node]:
        """Encadré autonome, avec un bouton d’impression."""
        ident = f"fiche-decision-{self.env.new_serialno('fiche')}"
        subject = subject_of(self.env.docname)
        title = tag("div", tag("p", "Fiche de décision", class_="fiche-genre"), class_="fiche-entete")
        title += tag("p", *self.inline(self.arguments[0]), class_="fiche-titre", id=f"{ident}-titre")
        if subject:
            title.insert(0, raw(pictogram(subject, size=40)))
        sheet = tag("section", title, class_="fiche-decision", id=ident, aria_labelledby=f"{ident}-titre")
        body = tag("div", class_="fiche-corps")
        self.state.nested_parse(self.content, self.content_offset, body)
        sheet += body
        sheet += tag(
            "p",
            "Formation à l’IA des collectivités territoriales · territoire et données imaginaires · "
            "CC\u00a0BY-SA\u00a04.0",
            class_="fiche-pied",
        )
        action = tag("button", "Imprimer la fiche", type="button", class_="bouton", data_action="imprimer-fiche")
        note = tag("span", "Ce que vous écrivez reste dans cette page et disparaît quand vous la fermez.")
        sheet += tag("p", action, note, class_="fiche-action avec-js")
        return [sheet]


class ARemplir(BookDirective):
    """Lignes à remplir : `{a-remplir} Libellé`, option `:lignes:` de 1 à 6."""

    required_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar = {"lignes": positive(1, 6)}

    def build(self) -> list[nodes.Node]:
        """Libellé et zone de saisie, imprimée comme des lignes."""
        ident = f"a-remplir-{self.env.new_serialno('a-remplir')}"
        area = tag("textarea", id=ident, rows=self.options.get("lignes", 1))
        label = fold(self.inline(self.arguments[0]), tag("label", for_=ident))
        return [tag("div", label, area, class_="a-remplir")]
