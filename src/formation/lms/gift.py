"""Les questions au format GIFT : du texte, une question par paragraphe."""

from __future__ import annotations

import re
from collections.abc import Iterable

from formation.lms.chapters import Chapter, general_feedback
from formation.lms.moodle_xml import category_path, name_of, tags
from formation.lms.scoring import weights, written
from formation.questions.bank import Item

_SPECIAL = re.compile(r"([\\~=#{}:])")


def to_gift(chapters: Iterable[Chapter], *, address: str = "") -> str:
    """Écrit des chapitres au format GIFT.

    Le format ne porte ni le mélange des réponses ni leur numérotation : la plateforme applique ses réglages.

    Parameters
    ----------
    chapters : iterable of Chapter
        Chapitres à écrire.
    address : str
        Adresse où le livre est publié : le passage à relire devient un lien ; vide, il reste un texte.

    Returns
    -------
    str
        Fichier complet, à enregistrer en UTF-8. Deux appels donnent le même texte.
    """
    blocks = []
    for chapter in chapters:
        blocks.append(f"$CATEGORY: {category_path(chapter.category)}")
        blocks += [_question(item, chapter, address) for item in chapter.items]
    return "\n\n".join(blocks) + "\n"


def escaped(text: str) -> str:
    r"""Protège les signes que GIFT emploie lui-même.

    Parameters
    ----------
    text : str
        Texte ou HTML, sur une ligne.

    Returns
    -------
    str
        Même texte, chaque signe réservé précédé d’une barre oblique inverse.

    Examples
    --------
    >>> escaped("a = b {c}: ~5 #1")
    'a \\= b \\{c\\}\\: \\~5 \\#1'
    """
    return _SPECIAL.sub(r"\\\1", " ".join(text.splitlines()))


def _question(item: Item, chapter: Chapter, address: str) -> str:
    marks = "".join(f" [tag:{_bracketed(tag)}]" for tag in tags(item, chapter))
    lines = [
        f"// [id:{_bracketed(item.id)}]{marks}",
        f"::{escaped(name_of(item))}::[html]{escaped(f'<p>{item.statement.html}</p>')}{{",
    ]
    for choice, weight in zip(item.choices, weights(item), strict=True):
        single = item.kind == "unique"
        sign = ("=" if choice.right else "~") if single else f"~%{written(weight)}%"
        lines.append(f"\t{sign}{_answer(choice.text.html)}#{escaped(choice.feedback.html)}")
    lines.append(f"\t####{escaped(general_feedback(item, chapter.root, address).html)}")
    lines.append("}")
    return "\n".join(lines)


def _answer(html: str) -> str:
    """Réponse dont le premier signe ne se lit pas comme le début d’une part de note."""
    return escaped(f"&#37;{html[1:]}" if html.startswith("%") else html)


def _bracketed(text: str) -> str:
    return text.replace("]", "\\]")
