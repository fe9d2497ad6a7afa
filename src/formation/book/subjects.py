"""Pages des sujets du livre : les six cas et les chapitres qui ont les mêmes pièces."""

from __future__ import annotations

import re

from formation.palette import CASES, SUBJECTS

CHAPTER_PAGES = {"comite": "book/comite-donnee"}
"""Page des chapitres dont le nom n’est pas celui du sujet."""

_PATHS = re.compile(r"^(?:cases|datasets)/([a-z]+)/|^book/(?:cas/)?([a-z]+)(?:-|$)")


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
    >>> chapter("eau"), chapter("comite")
    ('book/cas/eau', 'book/comite-donnee')
    """
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
        Identifiant du cas ou du chapitre, ou `None` pour une autre page.

    Examples
    --------
    >>> [subject_of(page) for page in ("book/cas/eau-exercices", "book/comite-donnee", "book/territoire")]
    ['eau', 'comite', None]
    """
    match = _PATHS.match(docname)
    subject = (match.group(1) or match.group(2)) if match else None
    return subject if subject in SUBJECTS else None
