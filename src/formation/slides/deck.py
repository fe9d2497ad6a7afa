"""Un jeu de diapositives : son en-tête, ses diapositives, leurs blocs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, Field

from formation.book import roles
from formation.errors import FormationError
from formation.forms import Strict, Text
from formation.palette import SUBJECTS

NOTES, TAKE_AWAY, BARS, COLUMNS = "notes", "a-retenir", "barres", "colonnes"
BLOCKS = (NOTES, BARS, "activite", "question", TAKE_AWAY, "jouet", COLUMNS)
"""Blocs qu’une diapositive peut contenir."""

EXAMPLE = """---
diapos: exemple
titre: Écouter d’abord les bons tronçons
sujet: eau
duree_min: 20
objectif: Exiger une référence à battre avant de juger un score
pages: [book/cas/eau]
---
# Où vont les litres perdus ?

Le réseau d’Aubeline, territoire fictif, perd de l’eau. On ne sait pas où.

::: notes
Demander à la salle d’où vient le dernier chiffre de pertes entendu en conseil. Attendre deux réponses.
:::

---
# À retenir

- Un score se compare à ce que l’on ferait sans lui.

::: notes
Faire reformuler cette ligne par un participant, sans regarder l’écran.
:::
"""


class DiaposInvalides(FormationError):
    """Un jeu de diapositives n’a pas la forme attendue."""


def _known(subject: str) -> str:
    if subject not in SUBJECTS:
        raise ValueError(f"le sujet « {subject} » n’existe pas ; sujets connus : {', '.join(SUBJECTS)}")
    return subject


class Header(Strict):
    """En-tête d’un jeu de diapositives."""

    diapos: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
    titre: Text
    sujet: Annotated[str, AfterValidator(_known)]
    duree_min: Annotated[int, Field(ge=5, le=180)]
    objectif: Text
    pages: Annotated[list[Text], Field(min_length=1)]

    @property
    def goal(self) -> str:
        """Objectif, terminé par un point."""
        return f"{self.objectif.rstrip('.')}."


@dataclass(frozen=True)
class Block:
    """Un morceau de diapositive : du texte, ou un bloc nommé et ce qu’il contient.

    Parameters
    ----------
    kind : str
        « texte », ou le nom du bloc.
    argument : str
        Ce qui suit le nom du bloc, par exemple une durée.
    lines : tuple of str
        Lignes de texte ; vide pour `colonnes`.
    columns : tuple
        Contenu de chaque colonne, pour `colonnes`.
    line : int
        Ligne du fichier où commence le bloc.
    """

    kind: str
    argument: str
    lines: tuple[str, ...]
    line: int
    columns: tuple[tuple[Block, ...], ...] = ()

    @property
    def text(self) -> str:
        """Texte du bloc, en Markdown."""
        return "\n".join(self.lines).strip()


@dataclass(frozen=True)
class Slide:
    """Une diapositive : son titre, ce que la salle voit, ce que dit le formateur."""

    title: str
    blocks: tuple[Block, ...]
    notes: str
    line: int

    def every_block(self) -> list[Block]:
        """Blocs de la diapositive, ceux des colonnes compris.

        Returns
        -------
        list of Block
        """
        found: list[Block] = []
        waiting = list(self.blocks)
        while waiting:
            block = waiting.pop(0)
            found.append(block)
            waiting = [inner for column in block.columns for inner in column] + waiting
        return found


@dataclass(frozen=True)
class Deck:
    """Un jeu de diapositives."""

    header: Header
    slides: tuple[Slide, ...]
    source: str

    @property
    def name(self) -> str:
        """Nom du jeu, par exemple `cas-eau`."""
        return self.header.diapos

    def cited(self) -> list[str]:
        """Clés des sources citées à l’écran ou dans les notes, dans l’ordre de leur première citation.

        Returns
        -------
        list of str

        Examples
        --------
        >>> from formation.slides.reading import parse
        >>> parse(EXAMPLE, name="exemple").cited()
        []
        """
        shown = "\n".join(f"{slide.title}\n{_shown(slide)}\n{slide.notes}" for slide in self.slides)
        cited = [roles.keys(found["text"]) for found in roles.ROLE.finditer(shown) if found["name"] == "src"]
        return list(dict.fromkeys(key for keys in cited for key in keys))


def _shown(slide: Slide) -> str:
    return "\n".join(f"{block.argument}\n{block.text}" for block in slide.every_block())
