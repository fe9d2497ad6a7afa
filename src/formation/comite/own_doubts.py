"""Ce qui ferait échouer une jointure en silence : clés vides, répétées, sans correspondance, résultat démesuré."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from formation.comite import keys as key_cells
from formation.comite import own_matching
from formation.comite.keys import KeyName
from formation.comite.own_reading import MAX_CELLS, MAX_ROWS, OwnTable
from formation.datasets.located import problem, shortened
from formation.errors import Problem
from formation.numbers import number, percent, plural

_EXAMPLES = 3


@dataclass(frozen=True)
class Doubts:
    """Jointure comptée, pas encore faite.

    Attributes
    ----------
    match : Match
        Correspondances, une fois les clés abîmées remises en état : tous les problèmes se voient d’un coup.
    tables : tuple of OwnTable
        Tables lues.
    labels : tuple of str
        Noms des deux fichiers dans les messages.
    names : sequence of KeyName
        Colonnes de la clé.
    shown : bool
        Faux si la clé a l’air d’une donnée personnelle : aucune valeur n’est montrée.
    """

    match: own_matching.Match
    tables: tuple[OwnTable, OwnTable]
    labels: tuple[str, str]
    names: Sequence[KeyName]
    shown: bool

    @property
    def columns(self) -> tuple[str, str]:
        """Noms de la clé dans chaque fichier."""
        return " + ".join(name.left for name in self.names), " + ".join(name.right for name in self.names)

    def keys(self, rank: int) -> NDArray[np.object_]:
        """Clés de chaque ligne, telles que lues.

        Parameters
        ----------
        rank : int
            0 à gauche, 1 à droite.

        Returns
        -------
        ndarray of str
            Colonnes de la clé, séparées par un point-virgule.
        """
        frame = self.tables[rank].frame
        parts = [frame[name.right if rank else name.left].fillna("").astype(object) for name in self.names]
        whole = parts[0]
        for part in parts[1:]:
            whole = whole + " ; " + part
        keys: NDArray[np.object_] = whole.to_numpy(dtype=object)
        return keys

    def empty(self) -> list[str]:
        """Remarques sur les clés vides."""
        counts = [int((codes < 0).sum()) for codes in self.match.codes]
        return [
            f"{label} : {plural(count, 'ligne')} sans clé ; une case vide ne se joint à rien, pas même à une autre "
            "case vide."
            for label, count in zip(self.labels, counts, strict=True)
            if count
        ]

    def repeated(self, *, accepted: bool, measuring: bool = False) -> tuple[list[Problem], list[str]]:
        """Clés répétées à droite : un problème, ou une remarque si c’est accepté.

        Parameters
        ----------
        accepted : bool
            Vrai si l’utilisateur accepte plusieurs lignes de droite pour une de gauche.
        measuring : bool
            Vrai pour une mesure, qui n’a pas ce choix.

        Returns
        -------
        tuple
            Problèmes, remarques.
        """
        mask = self.match.repeated_right
        if not mask.any():
            return [], []
        left, rows = number(len(self.match.codes[0])), number(self.match.rows)
        if accepted:
            remark = (
                f"{self.labels[1]} : plusieurs lignes par clé, acceptées à votre demande (--plusieurs) ; {left} lignes "
                f"à gauche, {rows} dans le résultat : une somme sur une colonne de gauche y compterait plusieurs fois "
                "la même ligne."
            )
            return [], [remark]
        texts = self.keys(1)
        start = (
            f"{_quoted(texts[int(np.argmax(mask))])} et d’autres clés figurent" if self.shown else "des clés figurent"
        )
        both = (
            f" Elles sont répétées aussi dans {self.labels[0]} : chaque ligne s’y marierait à toutes les autres."
            if self.match.many_to_many
            else ""
        )
        choice = "" if measuring else ", ou choisissez --plusieurs (écrit dans le compte rendu)"
        message = (
            f"{start} sur plusieurs lignes : {left} lignes à gauche deviendraient {rows}, et les totaux compteraient "
            f"plusieurs fois la même chose.{both} Gardez une ligne par clé (regroupez, ou ajoutez une colonne à la clé "
            f": --cle rue --cle semaine){choice}."
        )
        seen = texts if self.shown else None
        return [problem("cle_repetee", mask, self.tables[1].lines, self.columns[1], message, seen)], []

    def too_large(self) -> list[Problem]:
        """Refus d’un résultat démesuré."""
        width = sum(len(table.frame.columns) for table in self.tables)
        rows = self.match.rows
        if rows <= MAX_ROWS and rows * width <= MAX_CELLS:
            return []
        sizes = " et ".join(number(len(codes)) for codes in self.match.codes)
        message = (
            f"la jointure ferait {number(rows)} lignes de {width} colonnes, à partir de {sizes} lignes : l’ordinateur "
            f"manquerait de mémoire, elle n’a pas été faite. Au plus : {number(MAX_ROWS)} lignes. La clé est sans "
            "doute incomplète : ajoutez une colonne (--cle rue --cle semaine), gardez une ligne par clé, ou moins de "
            "colonnes (--sans)."
        )
        return [Problem("explosion", message, self.columns[1])]

    def lonely(self, accepted: float) -> tuple[list[Problem], list[str]]:
        """Lignes de gauche sans correspondance : un problème s’il y en a plus que la part acceptée.

        Parameters
        ----------
        accepted : float
            Part acceptée, entre 0 et 1.

        Returns
        -------
        tuple
            Problèmes, remarques.
        """
        mask = self.match.lonely_left
        count, total = int(mask.sum()), len(mask)
        if not count:
            return [], []
        part = f"{plural(count, 'ligne')} sur {number(total)} ({key_cells.share(count, total)}) sans correspondance"
        texts = self.keys(0)
        filled = mask & (self.match.codes[0] >= 0)
        examples = [str(text) for text in dict.fromkeys(texts[filled])][:_EXAMPLES] if self.shown else []
        others = [str(text) for text in dict.fromkeys(self.keys(1)[self.match.codes[1] >= 0])]
        near = f", par exemple {', '.join(key_cells.near(examples, others))}" if examples else ""
        if count / total <= accepted and count < total:
            return [], [f"{self.labels[0]} : {part}{near}. Au plus {percent(accepted)} sont acceptées."]
        theirs = f" En face, les clés s’écrivent comme {_quoted(others[0])}." if examples and others else ""
        hint = own_matching.better_column(self.tables, self.names) if self.shown else ""
        if not (self.match.codes[0] >= 0).any():
            hint = (
                f" La clé {_quoted(self.columns[0])} est vide sur toutes les lignes : remplissez-la, ou changez --cle."
            )
        message = (
            f"{part}{near} ; au plus {percent(accepted)} sont acceptées.{theirs}{hint} Vérifiez que les deux fichiers "
            f"couvrent les mêmes lieux et les mêmes dates. Si c’est normal : --orphelins {_rounded(count, total)} "
            "(écrit dans le compte rendu)."
        )
        seen = texts if self.shown else None
        return [problem("sans_correspondance", mask, self.tables[0].lines, self.columns[0], message, seen)], []

    def unused(self) -> list[str]:
        """Remarque sur les lignes de droite qui ne servent à rien."""
        mask = self.match.lonely_right
        if not mask.any():
            return []
        what = plural(int(mask.sum()), "ligne ne sert", "lignes ne servent")
        example = f", par exemple {_quoted(self.keys(1)[int(np.argmax(mask))])}" if self.shown else ""
        return [f"{self.labels[1]} : {what} à aucune ligne de gauche{example}."]


def _quoted(text: object) -> str:
    return f"«\u00a0{shortened(str(text))}\u00a0»"


def _rounded(count: int, total: int) -> str:
    return f"{min(1.0, np.ceil(100 * count / total) / 100):g}"
