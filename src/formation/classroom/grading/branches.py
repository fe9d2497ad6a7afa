"""Préparation commune d’un devoir, exécutée une fois par ouvrier : les copies partent de son résultat."""

import contextlib
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from typing import Any
from weakref import WeakKeyDictionary

from formation.classroom.errors import AtelierImpossible
from formation.classroom.grading.executor import Branch, Session, Zygote
from formation.classroom.grading.sandbox import BacASableImpossible
from formation.classroom.grading.types import AssignmentSnapshot, CellRun, Limits, NotebookSnapshot

MAX_OPEN = 4
_KNOWN: "WeakKeyDictionary[Zygote, Branches]" = WeakKeyDictionary()


def skipped(metadata: Mapping[str, Any]) -> bool:
    """Vrai si le formateur a marqué la cellule pour que nbclient ne l’exécute pas.

    Parameters
    ----------
    metadata : mapping
        Métadonnées de la cellule du formateur.

    Returns
    -------
    bool
    """
    tags = metadata.get("tags")
    return isinstance(tags, list) and "skip-execution" in tags


def prefix_of(notebook: NotebookSnapshot) -> list[tuple[str, str]]:
    """Cellules de code qui précèdent la première réponse ou le premier contrôle.

    Parameters
    ----------
    notebook : NotebookSnapshot
        Carnet du formateur.

    Returns
    -------
    list of (str, str)
        Nom (vide hors nbgrader) et texte.
    """
    found = []
    for cell in notebook.base:
        if cell["cell_type"] != "code":
            continue
        if notebook.kind(cell["name"]) != "libre" or skipped(cell.get("metadata", {})):
            break
        known = notebook.cells.get(cell["name"])
        found.append((str(cell["name"]), known.source if known is not None and known.locked else str(cell["source"])))
    return found


class Branches:
    """Branches d’un processus chaud, les plus récentes d’abord.

    Parameters
    ----------
    zygote : Zygote
        Processus chaud de l’ouvrier.
    """

    def __init__(self, zygote: Zygote) -> None:
        self._zygote = zygote
        self._open: OrderedDict[tuple[str, str, str], Branch] = OrderedDict()

    @classmethod
    def of(cls, zygote: Zygote) -> "Branches":
        """Branches déjà ouvertes pour ce processus chaud.

        Parameters
        ----------
        zygote : Zygote
            Processus chaud.

        Returns
        -------
        Branches
        """
        if zygote not in _KNOWN:
            _KNOWN[zygote] = cls(zygote)
        return _KNOWN[zygote]

    @contextlib.contextmanager
    def session(
        self,
        assignment: AssignmentSnapshot,
        notebook: NotebookSnapshot,
        files: Mapping[str, str],
        limits: Limits,
        *,
        shared: bool,
    ) -> Iterator[tuple[Session, list[CellRun]]]:
        """Ouvre une session pour une copie.

        Parameters
        ----------
        assignment, notebook : AssignmentSnapshot, NotebookSnapshot
            Devoir et carnet.
        files : mapping of str to str
            Fichiers du stagiaire ; ceux du formateur l’emportent.
        limits : Limits
            Bornes.
        shared : bool
            Vrai si la copie commence comme le carnet du formateur.

        Yields
        ------
        tuple of (Session, list of CellRun)
            Session, et exécutions des cellules communes ; vide si elles restent à exécuter.
        """
        opened = self._from_branch(assignment, notebook, files, limits) if shared else None
        if opened is None:
            opened = self._zygote.session({**files, **assignment.files}, limits).__enter__(), []
        session, runs = opened
        try:
            yield session, runs
        finally:
            session.close()

    def clean(self, assignment: AssignmentSnapshot, notebook: NotebookSnapshot, limits: Limits) -> Session:
        """Ouvre un processus qui n’exécutera que du code du formateur.

        Parameters
        ----------
        assignment, notebook : AssignmentSnapshot, NotebookSnapshot
            Devoir et carnet.
        limits : Limits
            Bornes.

        Returns
        -------
        Session
            Début commun exécuté ; à fermer.

        Raises
        ------
        AtelierImpossible
            Si le processus ne démarre pas.
        """
        if not prefix_of(notebook):
            return self._zygote.session(assignment.files, limits).__enter__()
        key = (assignment.name, assignment.fingerprint, notebook.name)
        return self._branch(key, assignment, notebook, limits).session({}, limits).__enter__()

    def _from_branch(
        self, assignment: AssignmentSnapshot, notebook: NotebookSnapshot, files: Mapping[str, str], limits: Limits
    ) -> tuple[Session, list[CellRun]] | None:
        key = (assignment.name, assignment.fingerprint, notebook.name)
        try:
            branch = self._branch(key, assignment, notebook, limits)
            return branch.session(files, limits).__enter__(), branch.runs
        except BacASableImpossible:
            raise
        except AtelierImpossible:
            # une branche arrêtée (mémoire) ne doit pas coûter sa note à une copie
            self._drop(key)
            return None

    def _branch(
        self, key: tuple[str, str, str], assignment: AssignmentSnapshot, notebook: NotebookSnapshot, limits: Limits
    ) -> Branch:
        if key not in self._open:
            while len(self._open) >= MAX_OPEN:
                self._drop(next(iter(self._open)))
            sources = [source for _name, source in prefix_of(notebook)]
            self._open[key] = self._zygote.branch(sources, assignment.files, limits).__enter__()
        self._open.move_to_end(key)
        return self._open[key]

    def _drop(self, key: tuple[str, str, str]) -> None:
        branch = self._open.pop(key, None)
        if branch is not None:
            with contextlib.suppress(AtelierImpossible, OSError, EOFError):
                branch.__exit__(None, None, None)

    def close(self) -> None:
        """Arrête toutes les branches."""
        for key in list(self._open):
            self._drop(key)
