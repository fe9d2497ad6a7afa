"""Pages des sujets du livre : les six cas, les chapitres qui ont les mêmes pièces, et les parties."""

from __future__ import annotations

import re

from formation.palette import CASES, PARTS, SUBJECTS

CHAPTER_PAGES = {"comite": "book/comite-donnee"}
"""Page des chapitres dont le nom n’est pas celui du sujet."""

_PATHS = re.compile(r"^(?:cases|datasets)/([a-z]+)/|^book/(?:cas/)?([a-z]+)(?:-|/|$)")


def chapter(subject: str) -> str:
    """Page que lit d’abord l’élu.

    Parameters
    ----------
    subject : str
        Identifiant du cas ou du chapitre.

    Returns
    -------
    str
        Nom de page Sphinx.

    Examples
    --------
    >>> chapter("eau"), chapter("comite"), chapter("securiser")
    ('book/cas/eau', 'book/comite-donnee', 'book/securiser/index')
    """
    if subject in PARTS:
        return f"book/{subject}/index"
    return f"book/cas/{subject}" if subject in CASES else CHAPTER_PAGES.get(subject, f"book/{subject}")


def depths(subject: str) -> list[tuple[str, str, str]]:
    """Les trois profondeurs d’un sujet.

    Parameters
    ----------
    subject : str
        Identifiant du cas ou du chapitre.

    Returns
    -------
    list of tuple
        Identifiant de la profondeur, nom affiché, nom de page Sphinx.

    Examples
    --------
    >>> [page for _, _, page in depths("comite")]
    ['book/comite-donnee', 'cases/comite/etude', 'book/comite-exercices']
    """
    if subject == "animer":
        return [
            ("decider", "Choisir", "book/parcours/index"),
            ("explorer", "Préparer", "book/animer/preparer"),
            ("construire", "Corriger", "book/corriger"),
        ]
    if subject in PARTS:
        return [
            ("decider", "Décider", chapter(subject)),
            ("explorer", "Explorer", "book/outils/index"),
            ("construire", "Construire", f"book/{subject}/exercices"),
        ]
    folder = "book/cas" if subject in CASES else "book"
    return [
        ("decider", "Décider", chapter(subject)),
        ("explorer", "Explorer", f"cases/{subject}/etude"),
        ("construire", "Construire", f"{folder}/{subject}-exercices"),
    ]


def subject_of(docname: str) -> str | None:
    """Sujet auquel appartient une page, d’après son chemin.

    Parameters
    ----------
    docname : str
        Nom de page Sphinx, par exemple `"cases/eau/etude"`.

    Returns
    -------
    str or None
        Identifiant du cas, du chapitre ou de la partie, ou `None` pour une autre page.

    Examples
    --------
    >>> [subject_of(page) for page in ("book/cas/eau-exercices", "book/comite-donnee", "book/territoire")]
    ['eau', 'comite', None]
    """
    match = _PATHS.match(docname)
    subject = (match.group(1) or match.group(2)) if match else None
    return subject if subject in SUBJECTS else None


def kind(subject: str) -> str:
    """Nom de la sorte de sujet, tel qu’une page l’écrit.

    Parameters
    ----------
    subject : str
        Identifiant du cas, du chapitre ou de la partie.

    Returns
    -------
    str
        « cas », « partie » ou « chapitre ».

    Examples
    --------
    >>> kind("eau"), kind("comite"), kind("securiser")
    ('cas', 'chapitre', 'partie')
    """
    if subject in CASES:
        return "cas"
    return "partie" if subject in PARTS else "chapitre"
