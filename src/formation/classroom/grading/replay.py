"""Contre-épreuve : refaire un test réussi dans un processus qui n’a exécuté aucun code de stagiaire.

Le test ne reçoit que des valeurs inertes, sorties du carnet juste avant lui. S’il y réussit aussi, sa note est
prouvée : quoi que le carnet ait répondu, les valeurs sont les bonnes. La solution du formateur dit d’abord, une fois
par ouvrier, quels tests se refont ainsi.
"""

import contextlib
from dataclasses import dataclass, field
from typing import Literal
from weakref import WeakKeyDictionary, proxy

from formation.checks.failure import french
from formation.classroom.errors import AtelierImpossible
from formation.classroom.grading.branches import Branches, prefix_of, skipped
from formation.classroom.grading.executor import Session
from formation.classroom.grading.marks import agrees, worth
from formation.classroom.grading.needs import Ground, Needs, ground_of, needs
from formation.classroom.grading.sandbox import BacASableImpossible
from formation.classroom.grading.types import AssignmentSnapshot, CellRun, Json, Limits, NotebookSnapshot

Verdict = Literal["prouvé", "douteux", "démenti", "sans avis"]
Mode = Literal["énoncé", "copie"]
UNGRADED = french("le test devait afficher une note partielle, et nbgrader a donné tous les points")
DENIED = french("le test réussit dans la copie, mais pas sur les valeurs qu’elle contient")
OPAQUE = french("le test réussit, mais la copie ne donne pas en données simples ce qu’il lit")
_MAX_USES = 2_000
Key = tuple[str, str, str]
_KNOWN: "WeakKeyDictionary[Branches, Replays]" = WeakKeyDictionary()


@dataclass(slots=True)
class Plan:
    """Tests d’un carnet qui se refont.

    Attributes
    ----------
    tests : dict of str to Needs
        Par cellule, ce que le test demande.
    modes : dict of str to str
        « énoncé » : sur les données du formateur ; « copie » : sur celles que la copie a complétées.
    cells : list of str
        Cellules du formateur à exécuter dans le processus propre.
    graduated : set of str
        Tests dont la solution fait afficher une note partielle.
    """

    tests: dict[str, Needs] = field(default_factory=dict)
    modes: dict[str, Mode] = field(default_factory=dict)
    cells: list[str] = field(default_factory=list)
    graduated: set[str] = field(default_factory=set)

    def provable(self, name: str) -> bool:
        """Vrai si la contre-épreuve d’un test suffit à prouver sa note.

        Parameters
        ----------
        name : str
            Cellule.

        Returns
        -------
        bool
        """
        return name in self.modes and (self.modes[name] == "énoncé" or not self.tests[name].data)


@dataclass(slots=True)
class Trial:
    """Contre-épreuve d’un test.

    Parameters
    ----------
    assignment, notebook : AssignmentSnapshot, NotebookSnapshot
        Devoir et carnet.
    limits : Limits
        Bornes.
    name : str
        Cellule de test.
    needs : Needs
        Ce qu’il demande.

    Attributes
    ----------
    values : str or None
        Variables sorties de la copie ; None si elles ne sont pas sorties.
    taken : list of str
        Celles que la contre-épreuve prend.
    calls : dict
        Réponses des fonctions du stagiaire, par nom et arguments : données avant que la copie ait vu le test.
    first : dict or None
        Première contre-épreuve, si elle appelle des fonctions.
    """

    assignment: AssignmentSnapshot
    notebook: NotebookSnapshot
    limits: Limits
    name: str
    needs: Needs
    values: str | None = None
    taken: list[str] = field(default_factory=list)
    calls: dict[tuple[str, str], Json] = field(default_factory=dict)
    first: Json | None = None

    def answer(self, function: str, arguments: str, learner: Session | None) -> Json:
        """Réponse d’une fonction du stagiaire.

        Parameters
        ----------
        function, arguments : str
            Nom, et arguments au format de `lossless.dumps`.
        learner : Session or None
            Session de la copie ; None pour s’en tenir aux réponses déjà données.

        Returns
        -------
        dict
        """
        if learner is not None:
            call = {"quoi": "invoquer", "variable": function, "arguments": arguments}
            self.calls[function, arguments] = _checked(learner.ask(call))
        return self.calls.get((function, arguments), {"refus": "appel nouveau"})


class Replays:
    """Processus propres d’un ouvrier, et tests qui s’y refont.

    Parameters
    ----------
    branches : Branches
        Branches de l’ouvrier.
    """

    def __init__(self, branches: Branches) -> None:
        # les processus propres ne retiennent pas leurs branches, qui les connaissent
        self._branches: Branches = proxy(branches)
        self._plans: dict[Key, Plan] = {}
        self._open: dict[Key, Session] = {}
        self._uses: dict[Key, int] = {}

    @classmethod
    def of(cls, branches: Branches) -> "Replays":
        """Processus propres déjà ouverts à côté de ces branches.

        Parameters
        ----------
        branches : Branches
            Branches de l’ouvrier.

        Returns
        -------
        Replays
        """
        if branches not in _KNOWN:
            _KNOWN[branches] = cls(branches)
        return _KNOWN[branches]

    def plan(self, assignment: AssignmentSnapshot, notebook: NotebookSnapshot, limits: Limits) -> Plan:
        """Tests d’un carnet qui se refont, d’après la solution du formateur.

        Parameters
        ----------
        assignment, notebook : AssignmentSnapshot, NotebookSnapshot
            Devoir et carnet.
        limits : Limits
            Bornes.

        Returns
        -------
        Plan
            Sans test si le carnet n’en a pas d’ordinaire, ou si rien ne se refait.
        """
        key = _key(assignment, notebook)
        if key not in self._plans:
            self._plans[key] = self._calibrated(assignment, notebook, limits)
        return self._plans[key]

    def _calibrated(self, assignment: AssignmentSnapshot, notebook: NotebookSnapshot, limits: Limits) -> Plan:
        ground = ground_of(notebook)
        tests = {name: wanted for name in _tests(notebook) if (wanted := _wanted(notebook, name, ground)) is not None}
        plan = Plan(tests, {}, ground.cells)
        if not _tests(notebook) or not notebook.solved:
            return Plan()
        self._plans[_key(assignment, notebook)] = plan
        with self._branches.session(assignment, notebook, {}, limits, shared=bool(prefix_of(notebook))) as opened:
            session, done = opened
            for name, source in _solution(notebook)[len(done) :]:
                trial = self.begin(assignment, notebook, limits, name, session) if name in tests else None
                run = session.run(source)
                if notebook.kind(name) == "interne" and run.status == "ok" and worth(run) is not None:
                    plan.graduated.add(name)
                mode = None if trial is None or run.status != "ok" else self._mode(trial, run)
                if mode is not None:
                    plan.modes[name] = mode
        kept = {name: wanted for name, wanted in tests.items() if name in plan.modes}
        return Plan(kept, plan.modes, plan.cells, plan.graduated)

    def _mode(self, trial: Trial, run: CellRun) -> Mode | None:
        if trial.values is None:
            return None
        modes: tuple[Mode, ...] = ("copie",) if trial.needs.unsure else ("énoncé", "copie")
        for mode in modes:
            trial.taken = trial.needs.taken(mode)
            if agrees(self._once(trial, None), run):
                return mode
        return None

    def begin(
        self,
        assignment: AssignmentSnapshot,
        notebook: NotebookSnapshot,
        limits: Limits,
        name: str,
        session: Session,
    ) -> Trial:
        """Fait sortir ce qu’un test lit, et appelle les fonctions qu’il appelle, avant que la copie le voie.

        Parameters
        ----------
        assignment, notebook : AssignmentSnapshot, NotebookSnapshot
            Devoir et carnet.
        limits : Limits
            Bornes.
        name : str
            Cellule de test, présente dans le plan.
        session : Session
            Session de la copie, juste avant le test.

        Returns
        -------
        Trial
            À juger par `settle` une fois le test exécuté dans la copie.
        """
        plan = self._plans[_key(assignment, notebook)]
        trial = Trial(assignment, notebook, limits, name, plan.tests[name])
        # sans solution encore jouée, tout ce que le test pourrait prendre
        trial.taken = trial.needs.taken(plan.modes.get(name, "copie"))
        if trial.taken:
            trial.values = _checked(session.ask({"quoi": "livrer", "noms": trial.taken})).get("valeurs")
        else:
            trial.values = "{}"
        if trial.needs.functions and trial.values is not None:
            trial.first = self._once(trial, session)
        return trial

    def settle(self, trial: Trial, run: CellRun) -> Verdict:
        """Dit si la note d’un test réussi est prouvée.

        Parameters
        ----------
        trial : Trial
            Rendu par `begin`.
        run : CellRun
            Exécution du test dans la copie.

        Returns
        -------
        str
            « prouvé » ; « sans avis » si le test s’appuie sur des données de l’énoncé que la copie a pu changer ;
            « douteux » si ce qu’il lit n’est pas sorti en données simples ; « démenti », deux fois de suite et dans
            deux processus.
        """
        plan = self._plans[_key(trial.assignment, trial.notebook)]
        if trial.values is None:
            return "douteux"
        for again in (False, True):
            reply = self._once(trial, None) if again or trial.first is None else trial.first
            if agrees(reply, run):
                return "prouvé" if plan.provable(trial.name) else "sans avis"
            if "refus" in reply:
                return "douteux"
            # une seconde fois, dans un processus neuf
            self._close(_key(trial.assignment, trial.notebook))
        return "démenti"

    def _once(self, trial: Trial, learner: Session | None) -> Json:
        clean = self._session(trial.assignment, trial.notebook, trial.limits)
        source = trial.notebook.cells[trial.name].source
        request: Json = {"quoi": "rejouer", "source": source, "valeurs": trial.values}
        request |= {"noms": trial.taken, "fonctions": list(trial.needs.functions)}
        while clean is not None:
            reply = clean.ask(request, renew=True)
            if reply is None or "probleme" in reply or "interrompu" in reply:
                break
            if "appel" not in reply:
                return reply
            request = {"quoi": "suite", **trial.answer(reply["appel"], reply["arguments"], learner)}
        self._close(_key(trial.assignment, trial.notebook))
        return {}

    def _session(self, assignment: AssignmentSnapshot, notebook: NotebookSnapshot, limits: Limits) -> Session | None:
        key = _key(assignment, notebook)
        self._uses[key] = self._uses.get(key, 0) + 1
        if self._uses[key] > _MAX_USES:
            self._close(key)
        kept = self._open.get(key)
        if kept is not None and kept.alive:
            return kept
        try:
            made = self._branches.clean(assignment, notebook, limits)
        except BacASableImpossible:
            raise
        except AtelierImpossible:
            return None
        made.ask({"quoi": "preparer", "cellules": self._plans[key].cells}, limits.notebook_s)
        self._uses[key] = 1
        self._open[key] = made
        return made

    def _close(self, key: Key) -> None:
        kept = self._open.pop(key, None)
        if kept is not None:
            with contextlib.suppress(AtelierImpossible, OSError, EOFError):
                kept.close()


def _key(assignment: AssignmentSnapshot, notebook: NotebookSnapshot) -> Key:
    return (assignment.name, assignment.fingerprint, notebook.name)


def _tests(notebook: NotebookSnapshot) -> list[str]:
    return [
        name for name, cell in notebook.cells.items() if notebook.kind(name) == "interne" and cell.cell_type == "code"
    ]


def _wanted(notebook: NotebookSnapshot, name: str, ground: Ground) -> Needs | None:
    return needs(notebook.cells[name].source, ground)


def _solution(notebook: NotebookSnapshot) -> list[tuple[str, str]]:
    """Cellules de code de la solution, tests cachés compris ; les contrôles comparés ailleurs n’en sont pas."""
    found = []
    for cell in notebook.solved:
        if cell["cell_type"] != "code" or skipped(cell.get("metadata", {})):
            continue
        if notebook.kind(cell["name"]) not in ("valeur", "fonction"):
            known = notebook.cells.get(cell["name"])
            locked = known is not None and known.locked
            found.append((str(cell["name"]), known.source if known is not None and locked else str(cell["source"])))
    return found


def _checked(reply: Json | None) -> Json:
    found = {"refus": "sans réponse"} if reply is None else reply
    return {key: found[key] for key in ("valeurs", "erreur", "texte", "refus") if type(found.get(key)) is str}
