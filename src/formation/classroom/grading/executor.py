"""Faire exécuter des carnets par un interpréteur chaud : le côté de l’ouvrier, sans code de stagiaire."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from formation.classroom.grading.types import CellRun, Json, Limits

Plain = Any


class Session:
    """Un enfant du processus chaud, pour un seul carnet."""

    alive: bool

    def __enter__(self) -> Self:
        raise NotImplementedError

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        raise NotImplementedError

    def run(self, source: str, *, hidden: bool = False) -> CellRun:
        """Exécute une cellule de code."""
        raise NotImplementedError

    def export(self, variable: str) -> tuple[str, Plain]:
        """Rend ("ok", donnée simple), ("absent", None), ("arret", None) ou ("delai", None)."""
        raise NotImplementedError

    def call(self, variable: str, public: Json, cases: Sequence[Sequence[Plain]]) -> list[Json]:
        """Appelle une fonction sur chaque cas : `{"valeur": …}` ou `{"probleme": …}`."""
        raise NotImplementedError

    def canaries(self) -> list[str]:
        """Noms des canaris qui n’ont pas échoué comme ils doivent ; vide si l’interpréteur paraît sain."""
        raise NotImplementedError

    def types_of(self, names: Sequence[str]) -> dict[str, list[str]]:
        """Méthodes de comparaison définies par des classes du stagiaire, pour les objets de ces noms."""
        raise NotImplementedError


class Branch:
    """Préfixe de confiance déjà exécuté, dont partent des sessions. À employer dans un bloc `with`."""

    runs: list[CellRun]

    def __enter__(self) -> Self:
        raise NotImplementedError

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        raise NotImplementedError

    def session(self, files: Mapping[str, str], limits: Limits, *, plain_tracebacks: bool = True) -> Session:
        """Ouvre une session après le préfixe."""
        raise NotImplementedError


class Zygote:
    """Interpréteur chaud. À employer dans un bloc `with`.

    Parameters
    ----------
    preload : sequence of str
        Modules à importer d’avance.
    policy : Policy or None
        Bac à sable ; None seulement pour du code de confiance.
    scratch_root : Path, optional
        Dossier des dossiers de travail jetables.
    """

    def __init__(self, *, preload: Sequence[str] = (), policy: Any, scratch_root: Path | None = None) -> None:
        raise NotImplementedError

    def __enter__(self) -> Self:
        raise NotImplementedError

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        raise NotImplementedError

    def split(self, count: int) -> "list[Zygote]":
        """Sépare des processus chauds, un par ouvrier ; les importations ne sont payées qu’une fois."""
        raise NotImplementedError

    def branch(self, cells: Sequence[str], files: Mapping[str, str]) -> Branch:
        """Exécute une fois un préfixe de confiance, dans un processus d’où partiront des sessions."""
        raise NotImplementedError

    def session(self, files: Mapping[str, str], limits: Limits, *, plain_tracebacks: bool = True) -> Session:
        """Ouvre une session : un enfant neuf, enfermé, avec ces fichiers (relatif → absolu)."""
        raise NotImplementedError
