"""Erreurs d’une session, toutes adressées à un lecteur."""

from collections.abc import Iterable
from pathlib import Path

from formation.errors import FormationError


class AtelierImpossible(FormationError):
    """L’opération demandée n’est pas possible ; rien n’a été écrit à moitié."""


class ExerciceIntrouvable(FormationError):
    """L’exercice demandé n’existe pas."""


class ExerciceInvalide(FormationError):
    """La source d’un exercice ou sa banque de réponses a des erreurs.

    Parameters
    ----------
    path : Path
        Fichier en cause.
    problems : iterable of (int, str)
        Numéro de ligne (0 : tout le fichier) et explication de chaque erreur.

    Attributes
    ----------
    problems : list of (int, str)

    Examples
    --------
    >>> error = ExerciceInvalide(Path("a.md"), [(3, "le champ « titre » manque.")])
    >>> error.problems
    [(3, 'le champ « titre » manque.')]
    """

    def __init__(self, path: Path, problems: Iterable[tuple[int, str]]) -> None:
        self.path = path
        self.problems = sorted(problems)
        count = len(self.problems)
        lines = [f"{count} erreur{'s' if count > 1 else ''} dans {path.name}."]
        lines += [f"- {path.name}{f', ligne {line}' if line else ''} : {message}" for line, message in self.problems]
        super().__init__("\n".join(lines))
