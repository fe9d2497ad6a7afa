"""En-tête d’un cas, portes d’entrée de l’accueil et liste des six cas."""

from __future__ import annotations

from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives

from formation.book.directives.base import BookDirective
from formation.book.links import entete_cas, link
from formation.book.nodes import fold, raw, tag
from formation.book.subjects import chapter, depths
from formation.palette import CASES, pictogram

QUESTIONS = {
    "usagers": "Un robot peut-il répondre au téléphone de la mairie sans perdre personne en route\u00a0?",
    "securite": "Que voit vraiment une caméra qui compte la foule, et que ne voit-elle pas\u00a0?",
    "dechets": "Combien d’enfants déjeuneront à la cantine jeudi prochain\u00a0?",
    "eau": "Par quelle rue commencer pour trouver les fuites du réseau d’eau\u00a0?",
    "risques": "Combien de minutes d’avance avant que la rivière ne déborde\u00a0?",
    "mobilites": "Quels parkings doivent porter des ombrières, et que vaut une photo aérienne pour le dire\u00a0?",
}
"""Question posée à la collectivité dans chacun des six cas."""


class EnteteCas(BookDirective):
    """En-tête d’un cas ou d’un chapitre : `{entete-cas} eau`, la question posée dans le corps."""

    has_content = True
    optional_arguments = 1

    def build(self) -> list[nodes.Node]:
        """Pose un repère, rempli quand toutes les pages sont connues."""
        node = entete_cas("", case=self.subject_argument())
        self.state.nested_parse(self.content, self.content_offset, node)
        self.set_source_info(node)
        return [node]


class Portes(BookDirective):
    """Portes d’entrée de l’accueil : une liste de `{porte}`."""

    has_content = True

    def build(self) -> list[nodes.Node]:
        """Liste de portes."""
        holder = tag("ul", class_="portes")
        self.state.nested_parse(self.content, self.content_offset, holder)
        return [holder]


class Porte(BookDirective):
    """Une porte : `{porte} Vous êtes élu ou élue`, avec `:vers:`, `:action:` et `:duree:`."""

    has_content = True
    required_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar = {
        "vers": directives.unchanged_required,
        "action": directives.unchanged_required,
        "duree": directives.unchanged,
    }

    def build(self) -> list[nodes.Node]:
        """Carte avec un titre, un texte et un lien."""
        missing = [name for name in ("vers", "action") if name not in self.options]
        if missing:
            return self.problem(f"il manque l’option « :{missing[0]}: » ; exemple : « :vers: /book/cas/eau ».")
        item = tag("li", tag("p", *self.inline(self.arguments[0]), class_="porte-titre"), class_="porte")
        self.state.nested_parse(self.content, self.content_offset, item)
        action = link(self.options["vers"], self.options["action"], class_="bouton")
        self.set_source_info(action)
        item += tag("p", action, class_="porte-action")
        if self.options.get("duree"):
            item += tag("p", self.options["duree"], class_="porte-duree")
        return [item]


class SixCas(BookDirective):
    """Les six cas, chacun avec son pictogramme, sa question et, s’il est écrit, le lien vers son chapitre."""

    def build(self) -> list[nodes.Node]:
        """Liste des six cas."""
        holder = tag("ul", class_="six-cas")
        for case, style in CASES.items():
            name = link(chapter(case), style.name, optional=True, class_="cas-nom")
            item = tag("li", raw(pictogram(case, size=40)), class_=f"cas-{case}")
            holder += fold([tag("p", name), tag("p", QUESTIONS[case], class_="cas-question")], item)
        return [holder]


_TEXTS = {"decider": "Chapitre", "explorer": "Étude", "construire": "Exercices"}


def rooms(case: str) -> list[tuple[str, str, str]]:
    """Pages d’un cas.

    Parameters
    ----------
    case : str
        Identifiant du cas.

    Returns
    -------
    list of tuple
        Usage, page et texte du lien.
    """
    return [
        *((name, page, _TEXTS[ident]) for ident, name, page in depths(case)),
        ("Animer", f"cases/{case}/note-pedagogique", "Note pédagogique"),
        ("Réutiliser", f"datasets/{case}/fiche-donnees", "Données"),
    ]


class GrilleCas(BookDirective):
    """Les cas écrits, chacun avec sa question et ses cinq pages."""

    def build(self) -> list[nodes.Node]:
        """Liste de cas ; un cas sans chapitre n’y est pas."""
        holder = tag("ul", class_="six-cas grille-cas")
        for case, style in CASES.items():
            if chapter(case) not in self.env.found_docs:
                continue
            pages = tag("ul", class_="cas-pages")
            for use, page, text in rooms(case):
                label = f"{text}\u00a0: {style.name}"
                target = link(page, text, optional=True, aria_label=label)
                pages += tag("li", tag("span", use, class_="cas-usage"), " ", target)
            item = tag("li", raw(pictogram(case, size=40)), class_=f"cas-{case}")
            item += [tag("p", style.name, class_="cas-nom"), tag("p", QUESTIONS[case], class_="cas-question"), pages]
            holder += item
        return [holder]
