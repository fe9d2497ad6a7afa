"""Les mots du glossaire qu’un parcours emploie, avec leur définition, pour le livret du stagiaire."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from formation.pathways.project import DECKS, GLOSSARY
from formation.project import root as project_root

if TYPE_CHECKING:
    from formation.pathways.model import Pathway

MOST = 40
_BLOCK = re.compile(r"^```\{glossary\}\n(.*?)^```", re.MULTILINE | re.DOTALL)
_TERM = re.compile(r"\{term\}`([^`<]*?)(?: *<([^>`]*)>)?`")
_NOTES = re.compile(r"^:::+ *\{?notes\}?$.*?^:::+$", re.MULTILINE | re.DOTALL)


def entries(text: str) -> dict[str, str]:
    r"""Définitions d’une page de glossaire.

    Parameters
    ----------
    text : str
        Page, en Markdown.

    Returns
    -------
    dict of str to str
        Terme, puis définition telle qu’elle est écrite ; deux termes d’une même entrée ont la même.

    Examples
    --------
    >>> entries("```{glossary}\ndébit\n  Un volume par heure.\n```\n")
    {'débit': 'Un volume par heure.'}
    """
    found: dict[str, str] = {}
    for block in _BLOCK.findall(text):
        names: list[str] = []
        lines: list[str] = []
        for line in [*block.splitlines(), ""]:
            if line.startswith((" ", "\t")):
                lines.append(line.strip())
            elif lines:
                found.update(dict.fromkeys(names, " ".join(lines)))
                names, lines = [], []
            if line and not line.startswith((" ", "\t")):
                names.append(line.strip())
    return found


def used_words(pathway: Pathway, root: Path | None = None) -> list[tuple[str, str]]:
    """Mots du glossaire lus dans les diaporamas et le déroulé d’un parcours.

    Les mots courants, que le livre ne lie pas d’office, ne comptent que si un diaporama les lie lui-même.

    Parameters
    ----------
    pathway : Pathway
        Parcours.
    root : Path, optional
        Racine du projet ; par défaut celle du paquet.

    Returns
    -------
    list of (str, str)
        Mot et définition en HTML sûr, par ordre alphabétique ; quarante au plus, les plus employés.
    """
    from formation.book.first_use import pattern
    from formation.letters import without_accents
    from formation.questions.writing import inline

    place = project_root(given=root)
    known = entries((place / f"{GLOSSARY}.md").read_text(encoding="utf-8"))
    decks = [place / DECKS / f"{name}.md" for name in pathway.decks()]
    text = "\n".join(_NOTES.sub("", deck.read_text(encoding="utf-8")) for deck in decks if deck.is_file())
    linked = [target or label for label, target in _TERM.findall(text)]
    text += "\n".join(sequence.titre for sequence in pathway.sequences())
    text += "\n".join(one.texte for one in pathway.objectifs)
    common = {word.lower() for word in _common_words(place)}
    free = [name for name in known if name.lower() not in common]
    counts: dict[str, int] = dict.fromkeys((name for name in linked if name in known), 2)
    for match in pattern(free).finditer(_TERM.sub(r"\1", text)):
        name = next((name for name in free if pattern([name]).fullmatch(match.group())), "")
        if name:
            counts[name] = counts.get(name, 0) + 1
    kept = sorted(counts, key=lambda name: (-counts[name], name))[:MOST]
    once = {known[name]: name for name in sorted(kept, key=len)}  # une entrée à deux noms ne se lit qu’une fois
    return [
        (name, inline(known[name], place, cite=False).html)
        for name in sorted(once.values(), key=lambda name: without_accents(name.lower()))
    ]


def _common_words(root: Path) -> list[str]:
    import yaml

    config = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))
    return list(config.get("sphinx", {}).get("config", {}).get("formation_mots_courants", ()))
