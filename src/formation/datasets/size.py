"""Arrêter à temps un fichier démesuré, ou fait pour le devenir une fois décompressé."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from formation.errors import DonneesInvalides, Problem
from formation.numbers import number


@dataclass(frozen=True)
class Limits:
    """Ce qu’un fichier peut demander à l’ordinateur qui le lit.

    Le fichier est parcouru par morceaux, sans rien garder : la mémoire ne dépend pas de son contenu.

    Attributes
    ----------
    size : int
        Poids du contenu, décompressé, en octets.
    rows : int
        Lignes, en-tête compris.
    line : int
        Longueur d’une ligne, en octets.
    advice : str
        Ce que l’utilisateur peut faire d’un fichier trop gros.
    """

    size: int = 1_500 * 2**20
    rows: int = 4_000_000
    line: int = 2**20
    advice: str = "Découpez-le, par exemple un fichier par année, et gardez les seules colonnes utiles."

    def check_file(self, file: Path) -> None:
        """Refuse un fichier dont le poids sur le disque dépasse déjà la limite.

        Parameters
        ----------
        file : Path
            Fichier, qui existe.

        Raises
        ------
        DonneesInvalides
            S’il est trop gros.
        """
        weight = file.stat().st_size
        if weight > self.size:
            raise self._refusal(file, f"le fichier pèse {_mega(weight)}, {_mega(self.size)} au plus sont lus")

    def check_archive(self, file: Path, archive: zipfile.ZipFile) -> None:
        """Refuse un classeur d’après les tailles qu’il annonce ; `zipfile` n’en décompresse jamais davantage.

        Parameters
        ----------
        file : Path
            Fichier, pour le message.
        archive : ZipFile
            Le même, ouvert.

        Raises
        ------
        DonneesInvalides
            Si ses pièces pèsent trop une fois décompressées.
        """
        weight = sum(member.file_size for member in archive.infolist())
        if weight > self.size:
            what = f"le classeur pèserait {_mega(weight)} une fois décompressé, {_mega(self.size)} au plus sont lus"
            raise self._refusal(file, what)

    def check_rows(self, file: Path, rows: int) -> None:
        """Refuse un tableau trop long : un classeur peut répéter une ligne des millions de fois en quelques octets.

        Parameters
        ----------
        file : Path
            Fichier, pour le message.
        rows : int
            Lignes lues ou annoncées.

        Raises
        ------
        DonneesInvalides
            S’il y en a trop.
        """
        if rows > self.rows:
            raise self._refusal(file, f"le fichier a plus de {number(self.rows)} lignes")

    def blocks(self, file: Path, stream: IO[bytes]) -> Iterator[bytes]:
        """Morceaux d’un fichier de texte, comptés au passage.

        Parameters
        ----------
        file : Path
            Fichier, pour le message.
        stream : binary file
            Contenu, décompressé s’il le faut.

        Yields
        ------
        bytes
            Morceaux, dans l’ordre.

        Raises
        ------
        DonneesInvalides
            Dès que le contenu pèse trop, a trop de lignes ou une ligne sans fin.
        """
        size = rows = tail = 0
        while block := stream.read(self.line):
            end = b"\n" if b"\n" in block else b"\r"
            ends = block.count(end)
            size += len(block)
            rows += ends
            if size > self.size:
                raise self._refusal(file, f"le contenu dépasse {_mega(self.size)} une fois décompressé")
            self.check_rows(file, rows)
            if tail + (block.find(end) if ends else len(block)) > self.line:
                message = (
                    f"la ligne {number(rows - ends + 1)} dépasse {_mega(self.line)} : ce n’est pas un tableau, ou ses "
                    "fins de ligne manquent. Refaites l’export en CSV, une ligne par enregistrement."
                )
                raise DonneesInvalides(file.name, [Problem("ligne_trop_longue", message)])
            tail = len(block) - block.rfind(end) - 1 if ends else tail + len(block)
            yield block

    def _refusal(self, file: Path, what: str) -> DonneesInvalides:
        message = f"{what} : l’ordinateur manquerait de mémoire. {self.advice}"
        return DonneesInvalides(file.name, [Problem("fichier_trop_gros", message)])


LIMITS = Limits()
"""Limites d’un fichier dont rien d’autre n’est dit."""


def _mega(size: int) -> str:
    return f"{number(size / 2**20)}\u00a0Mo"
