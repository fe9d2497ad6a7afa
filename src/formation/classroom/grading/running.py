"""Exécuter un carnet rebâti, cellule par cellule, et comparer les valeurs hors du processus du stagiaire."""

import builtins
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from formation.checks.failure import french
from formation.classroom.grading import marks, replay, verdict
from formation.classroom.grading.branches import skipped
from formation.classroom.grading.executor import Session
from formation.classroom.grading.names import given, loaded
from formation.classroom.grading.replay import Plan, Replays
from formation.classroom.grading.screening import screen
from formation.classroom.grading.steady import steady
from formation.classroom.grading.suspects import PLAIN_DUNDERS
from formation.classroom.grading.types import (
    AssignmentSnapshot,
    CellResult,
    CellRun,
    Json,
    Kind,
    Limits,
    NotebookSnapshot,
)
from formation.classroom.grading.valuechecks import BEGIN_HIDDEN

MAX_OUTPUT_CHARACTERS = 20_000_000
_LEARNER = ("libre", "reponse", "manuelle")
_BUILTINS = frozenset(dir(builtins))
_DENIALS: dict[str, list[str]] = {"démenti": [replay.DENIED], "douteux": [replay.OPAQUE]}


@dataclass(slots=True)
class _Passed:
    """Test nbgrader réussi dans le processus du stagiaire : de quoi le relire."""

    result: CellResult
    source: str
    sources: list[str]
    reasons: list[str] = field(default_factory=list)
    proven: bool = False


class NotebookRun:
    """Exécution d’un carnet.

    Parameters
    ----------
    assignment, notebook : AssignmentSnapshot, NotebookSnapshot
        Devoir et carnet du formateur.
    document : NotebookNode
        Copie rebâtie ; ses sorties sont écrites sur place.
    session : Session
        Processus du stagiaire.
    done : sequence of CellRun
        Exécutions des premières cellules de code, déjà faites.
    replays : Replays
        Processus propres de l’ouvrier.
    limits : Limits
        Bornes.
    shipped : mapping of str to str or None, optional
        Modules joints à la copie, à relire comme ses cellules.
    """

    def __init__(
        self,
        assignment: AssignmentSnapshot,
        notebook: NotebookSnapshot,
        document: Any,
        session: Session,
        done: Sequence[CellRun],
        replays: Replays,
        limits: Limits,
        shipped: Mapping[str, str | None] | None = None,
    ) -> None:
        self._assignment = assignment
        self._notebook = notebook
        self._document = document
        self._session = session
        self._done = list(done)
        self._shipped = dict(shipped or {})
        self._blank = {(cell["name"], cell["source"]) for cell in notebook.base if cell["cell_type"] == "code"}
        self._sources: list[str] = []
        self._cause = ""
        self._guarded: list[str] = []
        self._passed: list[_Passed] = []
        self._tampering: list[str] = []
        self._count = 0
        self._written = 0
        tests = [
            cell
            for cell in document.cells
            if self._kind(cell) == "interne" and cell.cell_type == "code" and not skipped(cell.metadata)
        ]
        self._replays, self._limits = replays, limits
        self._plan = replays.plan(assignment, notebook, limits) if tests else Plan()
        self._last = id(tests[-1]) if tests else 0
        self._probed = False

    def execute(self) -> tuple[list[CellResult], list[str]]:
        """Exécute toutes les cellules.

        Returns
        -------
        results : list of CellResult
            Cellules de code, manuelles et tâches, dans l’ordre ; les notes restent à compter.
        tampering : list of str
            Signes que l’interpréteur du stagiaire a été truqué.
        """
        results = []
        for cell in self._document.cells:
            kind = self._kind(cell)
            name = _name(cell)
            known = self._notebook.cells.get(name)
            result = CellResult(name if known else "", kind, known.points if known else 0.0)
            if cell.cell_type == "code" and kind not in ("valeur", "fonction") and skipped(cell.metadata):
                result.message = french("Cellule que l’énoncé demande de ne pas exécuter.")
            elif cell.cell_type == "code":
                start = time.monotonic()
                self._run(cell, result)
                result.seconds = result.seconds or time.monotonic() - start
            elif kind in ("manuelle", "tache"):
                result.status = "ok"
            else:
                continue
            results.append(result)
        self._review()
        return results, self._tampering

    def _kind(self, cell: Any) -> Kind:
        return self._notebook.kind(_name(cell))

    def _run(self, cell: Any, result: CellResult) -> None:
        if result.kind == "valeur":
            outputs = self._value(result)
        elif result.kind == "fonction":
            outputs = self._function(result)
        elif result.kind == "interne":
            outputs = self._test(cell, result)
        else:
            outputs = self._code(cell, result)
        self._store(cell, outputs)

    def _value(self, result: CellResult) -> list[Json]:
        check = self._notebook.checks[result.name]
        status, plain = self._session.export(check.variable)
        result.status, outputs, result.message = verdict.value_verdict(check, status, plain, self._cause)
        return outputs

    def _function(self, result: CellResult) -> list[Json]:
        check = self._notebook.checks[result.name]
        public = {**check.hidden["attente"], "nom": check.control}
        cases = [case["args"] for case in check.hidden["cas"]]
        results = self._session.call(check.variable, public, cases)
        result.status, outputs, result.message = verdict.function_verdict(check, results, self._cause)
        return outputs

    def _code(self, cell: Any, result: CellResult) -> list[Json]:
        run = self._done.pop(0) if self._done else self._session.run(cell.source)
        locked = result.name in self._notebook.cells and self._notebook.cells[result.name].locked
        if not locked and (result.name, cell.source) not in self._blank:
            self._sources.append(cell.source)
        result.status, result.seconds = run.status, run.seconds
        result.message = verdict.explain(run, guarded=bool(self._guarded))
        self._cause = result.message or self._cause
        if any(verdict.quotes_hidden(run.outputs, source) for source in self._guarded):
            self._tampering.append(french("une cellule affiche le texte d’un test caché"))
        return run.outputs

    def _test(self, cell: Any, result: CellResult) -> list[Json]:
        source = cell.source
        ready = self._steady(result.name)
        provable = ready and self._plan.provable(result.name)
        if not provable and not self._probed:
            # une note prouvée ailleurs n’a pas besoin de canaris
            self._probed = True
            self._tampering += self._session.canaries()
        lying = [] if provable else self._lying(source)
        trial = None
        if ready and self._session.alive:
            trial = self._replays.begin(self._assignment, self._notebook, self._limits, result.name, self._session)
        run = self._session.run(source, hidden=True)
        if BEGIN_HIDDEN in source:
            self._guarded.append(source)
        result.status, result.seconds = run.status, run.seconds
        result.message = verdict.failed_test_message(run, source, "\n".join(self._sources))
        if run.status == "ok":
            passed = _Passed(result, source, list(self._sources), lying, proven=provable)
            if trial is not None and marks.earns(run):
                passed.reasons += _DENIALS.get(self._replays.settle(trial, run), [])
            if result.name in self._plan.graduated and marks.worth(run) is None:
                passed.reasons.append(replay.UNGRADED)
            streams = [one for one in run.outputs if one["output_type"] != "error"]
            if verdict.quotes_hidden(streams, source):
                passed.reasons.append(french("la sortie du test cite sa partie cachée"))
            self._passed.append(passed)
        if id(cell) == self._last and self._probed:
            self._tampering += self._session.canaries()
            if not self._session.alive and run.status == "ok":
                self._tampering.append(french("l’interpréteur s’est arrêté juste après un test réussi"))
        return run.outputs

    def _steady(self, name: str) -> bool:
        """Vrai si la contre-épreuve du test peut se faire sans rien changer à la suite du carnet."""
        if name not in self._plan.modes:
            return False
        functions = self._plan.tests[name].functions
        return not functions or steady(self._sources, functions)

    def _lying(self, source: str) -> list[str]:
        """Objets que le test regarde et dont la classe, écrite par le stagiaire, redéfinit une comparaison."""
        if not self._sources:
            return []
        found = self._session.types_of(sorted(loaded(source) - _BUILTINS)[:100])
        ours = {
            name for name, nature in given([*self._trusted(), *self._reference()]).items() if nature == "définition"
        }
        every = (method.partition(".") for listed in found.values() for method in listed)
        methods = {f"{kind}{dot}{name}" for kind, dot, name in every if kind not in ours and name not in PLAIN_DUNDERS}
        shown = ", ".join(sorted(methods)[:5])
        return [french(f"un objet que le test compare définit lui-même {shown}")] if methods else []

    def _trusted(self) -> list[str]:
        base = self._notebook.base
        return [
            one["source"] for one in base if one["cell_type"] == "code" and self._notebook.kind(one["name"]) == "libre"
        ]

    def _reference(self) -> list[str]:
        answers = ("reponse", "manuelle")
        solved = self._notebook.solved
        return [
            one["source"]
            for one in solved
            if one["cell_type"] == "code" and self._notebook.kind(one["name"]) in answers
        ]

    def _review(self) -> None:
        if self._session.tampered:
            self._tampering.append(french("le code a répondu à la place de l’interpréteur"))
        self._tampering = list(dict.fromkeys(self._tampering))
        if not self._passed:
            return
        inner = [passed for passed in self._passed if not passed.proven]
        whole = "\n".join(passed.source for passed in inner)
        suspect = bool(inner and self._screen(inner[-1].sources, whole))
        for passed in self._passed:
            reasons = [*self._tampering, *passed.reasons]
            if suspect and not passed.proven:
                reasons += self._screen(passed.sources, passed.source)
            passed.result.review += list(dict.fromkeys(reasons))

    def _screen(self, sources: list[str], test: str) -> list[str]:
        if not sources and not self._shipped:
            return []
        return screen(
            sources,
            test,
            trusted=self._trusted(),
            reference=self._reference(),
            files=self._assignment.files,
            shipped=self._shipped,
        )

    def _store(self, cell: Any, outputs: list[Json]) -> None:
        from nbformat import from_dict as untyped_from_dict

        from_dict: Any = untyped_from_dict
        size = sum(_size(one) for one in outputs)
        if self._written + size > MAX_OUTPUT_CHARACTERS:
            text = french("Sorties non gardées : le carnet en produit trop.")
            outputs = [{"output_type": "stream", "name": "stdout", "text": f"{text}\n"}, *_decisive(outputs)]
        else:
            self._written += size
        if cell.source.strip():
            self._count += 1
            cell.execution_count = self._count
        counted = [
            {**one, "execution_count": self._count} if one["output_type"] == "execute_result" else one
            for one in outputs
        ]
        cell.outputs = [from_dict(one) for one in counted]


def _name(cell: Any) -> str:
    return str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))


def _size(output: Json) -> int:
    data = output.get("data", {})
    return len(str(output.get("text", ""))) + sum(len(str(value)) for value in data.values())


def _decisive(outputs: list[Json]) -> list[Json]:
    """Sorties dont dépend la note : erreur, flux d’erreur, résultat."""
    kept = [one for one in outputs if one["output_type"] in ("error", "execute_result") or one.get("name") == "stderr"]
    short: list[Json] = []
    for one in kept:
        if one["output_type"] == "execute_result":
            data = {kind: str(value)[:1_000] for kind, value in one["data"].items() if kind == "text/plain"}
            short.append({**one, "data": data or {"text/plain": ""}})
        else:
            short.append({**one, "text": one["text"][:1_000]} if "text" in one else one)
    return short
