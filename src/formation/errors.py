"""Les erreurs que le cours montre à un lecteur, toutes en français.

Un message dit ce qui ne va pas, où, pourquoi, la forme acceptée, un exemple et la suite à donner.
"""

from __future__ import annotations

import errno
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

LINES_SHOWN = 5

_REASONS = {
    errno.ENOSPC: "le disque est plein",
    errno.EDQUOT: "votre quota de disque est atteint",
    errno.EACCES: "vous n’avez pas le droit d’écrire ou de lire ici",
    errno.EPERM: "vous n’avez pas le droit d’écrire ou de lire ici",
    errno.EROFS: "ce disque est en lecture seule",
    errno.ENOENT: "le dossier n’existe pas",
    errno.ENOTDIR: "un fichier occupe la place du dossier",
    errno.EEXIST: "un fichier porte déjà ce nom",
    errno.EISDIR: "un dossier porte déjà ce nom",
    errno.ENAMETOOLONG: "ce nom est trop long",
    errno.ELOOP: "ce lien tourne en rond",
}


def reason(error: OSError) -> str:
    """Cause d’une erreur du système, en français.

    Parameters
    ----------
    error : OSError
        Erreur levée par le système.

    Returns
    -------
    str
        Cause, sans majuscule ni point.

    Examples
    --------
    >>> reason(OSError(errno.ENOSPC, "No space left on device"))
    'le disque est plein'
    """
    return _REASONS.get(error.errno or 0, error.strerror or "erreur du système")


class FormationError(Exception):
    """Erreur attendue : son message s’adresse au lecteur, la ligne de commande l’affiche telle quelle."""


class DonneesIntrouvables(FormationError):
    """Un cas, une table ou un fichier demandé n’existe pas."""


class DonneesModifiees(FormationError):
    """Un fichier livré ne correspond plus à son empreinte."""


class GenerationImpossible(FormationError):
    """La génération s’est arrêtée ; l’état précédent est intact."""


class ExportImpossible(FormationError):
    """L’export demandé n’est pas possible ; rien n’a été écrit."""


@dataclass(frozen=True)
class Problem:
    """Une sorte de problème trouvée dans un fichier, avec les lignes où elle apparaît.

    Parameters
    ----------
    kind : str
        Code stable, par exemple `date_invalide` ; sert aux machines et aux tests.
    message : str
        Explication complète, en français : constat, forme attendue, exemple, suite à donner.
    column : str, optional
        Colonne concernée.
    lines : tuple of int
        Premières lignes concernées, telles qu’un tableur les numérote (l’en-tête est la ligne 1).
    values : tuple of str
        Valeurs lues à ces lignes.
    count : int
        Nombre total de lignes concernées.

    Examples
    --------
    >>> Problem("vide", "Case vide.", column="date", lines=(2,), values=("",), count=1).to_dict()["kind"]
    'vide'
    """

    kind: str
    message: str
    column: str | None = None
    lines: tuple[int, ...] = ()
    values: tuple[str, ...] = ()
    count: int = 1

    def to_dict(self) -> dict[str, Any]:
        """Rend le problème sous forme de dictionnaire, prêt pour du JSON."""
        return asdict(self)

    def render(self, file_name: str) -> str:
        """Écrit le problème sur une ligne, en commençant par le lieu.

        Parameters
        ----------
        file_name : str
            Nom du fichier, tel que le lecteur l’a donné.

        Returns
        -------
        str
            Phrase complète.
        """
        where = [file_name]
        if self.lines:
            shown = ", ".join(_group(n) for n in self.lines)
            rest = self.count - len(self.lines)
            plural = "s" if self.count > 1 else ""
            where.append(
                f"ligne{plural} {shown}" + (f" et {_group(rest)} autre{'s' if rest > 1 else ''}" if rest else "")
            )
        if self.column is not None:
            where.append(f"colonne « {self.column} »")
        return f"{', '.join(where)} : {self.message}"


class DonneesInvalides(FormationError):
    """Le fichier d’un utilisateur ne suit pas le schéma de la table.

    Parameters
    ----------
    file_name : str
        Nom du fichier, tel que le lecteur l’a donné.
    problems : iterable of Problem
        Tous les problèmes du fichier, du plus important au moins important.
    remarks : iterable of str
        Ce qui a été accepté et converti (séparateur, virgule décimale…).

    Attributes
    ----------
    problems : list of Problem
    remarques : list of str

    Examples
    --------
    >>> error = DonneesInvalides("troncons.csv", [Problem("fichier_vide", "le fichier est vide.")])
    >>> print(str(error).replace("\u00a0", " "))
    1 problème dans troncons.csv. Rien n’a été modifié.
    - troncons.csv : le fichier est vide.
    """

    def __init__(self, file_name: str, problems: Iterable[Problem], remarks: Iterable[str] = ()) -> None:
        self.file_name = file_name
        self.problems = list(problems)
        self.remarques = list(remarks)
        super().__init__(_report(file_name, self.problems, self.remarques))


class FichiersInvalides(DonneesInvalides):
    """Plusieurs fichiers ne suivent pas leur schéma : un rapport par fichier, tous d’un coup.

    Parameters
    ----------
    errors : sequence of DonneesInvalides
        Une erreur par fichier ; chaque problème garde le nom du sien.
    """

    def __init__(self, errors: Sequence[DonneesInvalides]) -> None:
        names = " et ".join(error.file_name for error in errors)
        super().__init__(names, [problem for error in errors for problem in error.problems])
        self.args = ("\n".join(str(error) for error in errors),)


def _report(file_name: str, problems: Sequence[Problem], remarks: Sequence[str]) -> str:
    number = len(problems)
    noun = "sortes de problèmes" if number > 1 else "problème"
    lines = [f"{number} {noun} dans {file_name}. Rien n’a été modifié."]
    lines += [f"- {problem.render(file_name)}" for problem in problems]
    if remarks:
        lines.append("Par ailleurs, accepté et converti à la lecture :")
        lines += [f"- {remark}" for remark in remarks]
    return "\n".join(lines)


def _group(number: int) -> str:
    return f"{number:,}".replace(",", "\u202f") if number >= 10_000 else str(number)
