"""Faire exécuter les exercices du cours : solution, réponses des banques, copie d’une personne qui s’exerce."""

from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Self

from formation.classroom.grading.branches import Branches
from formation.classroom.grading.executor import Branch, Session, Zygote
from formation.classroom.grading.replay import Replays
from formation.classroom.grading.sandbox import Policy
from formation.classroom.grading.types import CellRun, Limits

CELL_SECONDS = 20.0
TOTAL_SECONDS = 90.0


class Runner:
    """Processus chaud, à employer dans un bloc `with`.

    Parameters
    ----------
    cell_seconds, total_seconds : float
        Temps permis à une cellule, puis à un carnet, en secondes.
    policy : Policy, optional
        Bac à sable des carnets. Par défaut aucun : le code des auteurs du cours est de confiance.

    Attributes
    ----------
    limits : Limits
        Bornes d’un carnet.
    replays : Replays
        Processus propres de la contre-épreuve ; aucun ne s’ouvre si l’exercice n’a que des contrôles `checks`.
    """

    def __init__(
        self, cell_seconds: float = CELL_SECONDS, total_seconds: float = TOTAL_SECONDS, policy: Policy | None = None
    ) -> None:
        self.limits = Limits(cell_s=cell_seconds, notebook_s=total_seconds)
        self._zygote = Zygote(policy=policy)
        self._branches = Branches.of(self._zygote)
        self.replays = Replays.of(self._branches)
        self._prefix: list[str] = []
        self._branch: Branch | None = None

    def __enter__(self) -> Self:
        self._zygote.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leave()
        self._zygote.__exit__(kind, error, trace)

    def _leave(self) -> None:
        branch, self._branch = self._branch, None
        if branch is not None:
            branch.__exit__(None, None, None)

    def session(self, files: Mapping[str, str]) -> Session:
        """Prépare l’exécution d’un carnet dans un enfant neuf.

        Parameters
        ----------
        files : mapping of str to str
            Fichiers à poser : chemin relatif vers chemin absolu.

        Returns
        -------
        Session
            À employer dans un bloc `with`.
        """
        return self._zygote.session(files, self.limits)

    def after(self, prefix: Sequence[str], files: Mapping[str, str]) -> tuple[Session, list[CellRun]]:
        """Prépare l’exécution d’un carnet qui commence par des cellules de l’auteur, exécutées une seule fois.

        Parameters
        ----------
        prefix : sequence of str
            Cellules communes : la préparation, souvent longue. Gardées tant qu’un autre exercice ne les remplace pas.
        files : mapping of str to str
            Fichiers à poser : chemin relatif vers chemin absolu.

        Returns
        -------
        tuple of (Session, list of CellRun)
            Session à employer dans un bloc `with`, et ce que ces cellules ont donné.
        """
        if self._branch is None or self._prefix != list(prefix):
            self._leave()
            self._prefix = list(prefix)
            self._branch = self._zygote.branch(self._prefix, {}, self.limits).__enter__()
        return self._branch.session(files, self.limits), list(self._branch.runs)
