"""Les questions au format Moodle XML : catégories, retours, parts de note, mots-clés."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape

from formation.letters import without_accents
from formation.lms.chapters import ROOT_CATEGORY, Chapter, general_feedback
from formation.lms.scoring import weights, written
from formation.questions.bank import Item

NAME_LENGTH = 120
TAG_LENGTH = 50
"""Lettres qu’un mot-clé de Moodle peut compter ; au-delà, il le coupe sans prévenir."""
PENALTY = "0.3333333"
RIGHT, PARTLY, WRONG = "Bonne réponse.", "Réponse en partie juste.", "Ce n’est pas la bonne réponse."


def to_moodle_xml(chapters: Iterable[Chapter], *, address: str = "") -> str:
    """Écrit des chapitres au format Moodle XML.

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
    parts = ['<?xml version="1.0" encoding="UTF-8"?>', "<quiz>"]
    parts.append(_category((ROOT_CATEGORY,), "Questions du cours ouvert sur l’IA dans les territoires."))
    for chapter in chapters:
        parts.append(_category(chapter.category, f"Quiz du chapitre : {chapter.title}", chapter.slug))
        parts += [_question(item, chapter, address) for item in chapter.items]
    parts.append("</quiz>")
    return "\n".join(parts) + "\n"


def category_path(names: Iterable[str]) -> str:
    """Chemin d’une catégorie, depuis le haut de la banque de questions du cours où l’on importe.

    Parameters
    ----------
    names : iterable of str
        Catégories, de la plus large à la plus étroite ; une barre dans un nom est doublée.

    Returns
    -------
    str
        Chemin.

    Examples
    --------
    >>> category_path(["IA", "Oui/non"])
    '$course$/top/IA/Oui//non'
    """
    return "/".join(["$course$", "top", *(name.replace("/", "//") for name in names)])


def _category(names: tuple[str, ...], info: str, ident: str = "") -> str:
    return (
        '<question type="category">\n'
        f"<category>{_text(category_path(names))}</category>\n"
        f'<info format="html">{_text(escape(info))}</info>\n'
        f"<idnumber>{escape(ident)}</idnumber>\n"
        "</question>"
    )


def _question(item: Item, chapter: Chapter, address: str) -> str:
    single = item.kind == "unique"
    lines = [
        f"<!-- {item.id} -->" if "--" not in item.id else "",
        '<question type="multichoice">',
        f"<name>{_text(name_of(item))}</name>",
        f'<questiontext format="html">{_text(f"<p>{item.statement.html}</p>")}</questiontext>',
        f'<generalfeedback format="html">{_feedback(item, chapter, address)}</generalfeedback>',
        "<defaultgrade>1.0000000</defaultgrade>",
        f"<penalty>{PENALTY}</penalty>",
        "<hidden>0</hidden>",
        f"<idnumber>{escape(item.id)}</idnumber>",
        f"<single>{'true' if single else 'false'}</single>",
        "<shuffleanswers>true</shuffleanswers>",
        "<answernumbering>abc</answernumbering>",
        "<showstandardinstruction>1</showstandardinstruction>",
        f'<correctfeedback format="html">{_text(RIGHT)}</correctfeedback>',
        f'<partiallycorrectfeedback format="html">{_text(PARTLY)}</partiallycorrectfeedback>',
        f'<incorrectfeedback format="html">{_text(WRONG)}</incorrectfeedback>',
        *(["<shownumcorrect/>"] if not single else []),
    ]
    for choice, weight in zip(item.choices, weights(item), strict=True):
        lines += [
            f'<answer fraction="{written(weight)}" format="html">',
            _text(f"<p>{choice.text.html}</p>"),
            f'<feedback format="html">{_text(f"<p>{choice.feedback.html}</p>")}</feedback>',
            "</answer>",
        ]
    lines.append("<tags>" + "".join(f"<tag>{_text(tag)}</tag>" for tag in tags(item, chapter)) + "</tags>")
    lines.append("</question>")
    return "\n".join(line for line in lines if line)


def _feedback(item: Item, chapter: Chapter, address: str) -> str:
    return _text(f"<p>{general_feedback(item, chapter.root, address).html}</p>")


def name_of(item: Item) -> str:
    """Nom d’une question dans la banque de la plateforme : son identifiant, puis son objectif.

    Parameters
    ----------
    item : Item
        Question.

    Returns
    -------
    str
        Nom, coupé entre deux mots s’il est long.
    """
    return shortened(f"{item.id} · {item.objective.rstrip('.')}", NAME_LENGTH)


def shortened(text: str, length: int) -> str:
    """Coupe un texte entre deux mots.

    Parameters
    ----------
    text : str
        Texte.
    length : int
        Longueur à ne pas dépasser, points de suspension compris.

    Returns
    -------
    str
        Le texte, ou son début suivi de « … ».

    Examples
    --------
    >>> shortened("Lire une courbe de captation", 16)
    'Lire une courbe…'
    """
    if len(text) <= length:
        return text
    cut = text[: length - 1]
    if text[length - 1] != " " and " " in cut:
        cut = cut.rsplit(" ", 1)[0]
    return cut.rstrip(" ,;:") + "…"


def tags(item: Item, chapter: Chapter) -> list[str]:
    """Mots-clés d’une question : niveau, objectif, chapitre, recommandations.

    Parameters
    ----------
    item : Item
        Question.
    chapter : Chapter
        Son chapitre.

    Returns
    -------
    list of str
        Mots-clés d’au plus 50 lettres, sans virgule : Moodle y verrait deux mots-clés.
    """
    found = [
        f"niveau {item.level}",
        shortened(item.objective.rstrip(".").replace(",", ""), TAG_LENGTH),
        f"chapitre {chapter.slug}",
        *(f"recommandation {number}" for number in item.recommendations),
    ]
    return sorted(dict.fromkeys(found), key=lambda tag: without_accents(tag).lower())


def _text(content: str) -> str:
    return "<text><![CDATA[" + content.replace("]]>", "]]]]><![CDATA[>") + "]]></text>"
