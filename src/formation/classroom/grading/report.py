"""Rapport d’une correction : une page HTML autonome et les mêmes données en JSON, dans rapports/."""

import contextlib
import json
import platform
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Any, TextIO

from formation.checks.failure import french
from formation.checks.wording import count
from formation.classroom.grading.types import GRADED, CellResult, CopyReport, Json
from formation.numbers import shortest
from formation.reports import Section, html_page

FOLDER = "rapports"
LATEST = "correction-derniere"
_DETAILED = 300
_LISTED = 5_000
_SHOWN = 300
_PACKAGES = ("formation-ia-territoires", "nbgrader", "nbformat", "ipython", "numpy", "pandas", "scikit-learn")
_STATES = ("corrigée", "à relire", "refusée", "échec")


@dataclass(slots=True)
class RunFacts:
    """Ce qu’un rapport dit de la correction elle-même.

    Parameters
    ----------
    settings : dict
        Réglages : libellé → valeur.
    sandbox : dict
        `mode`, `couches`, `manquantes` et `phrases`.
    trials : dict of str to list of str
        Par devoir essayé, les problèmes de la solution ; vide si l’essai est réussi.
    anomalies : list of str
        Ce qui n’est pas corrigé dans submitted/, ou l’est avec une réserve.
    unchanged : int
        Copies déjà corrigées et inchangées.
    seconds : float
        Durée, en secondes.
    interrupted : bool
        Vrai si l’on a interrompu.
    waiting : int
        Copies qui restent à corriger.
    """

    settings: Json = field(default_factory=dict)
    sandbox: Json = field(default_factory=dict)
    trials: dict[str, list[str]] = field(default_factory=dict)
    anomalies: list[str] = field(default_factory=list)
    unchanged: int = 0
    seconds: float = 0.0
    interrupted: bool = False
    waiting: int = 0


def versions() -> dict[str, str]:
    """Versions de ce qui a compté dans les notes.

    Returns
    -------
    dict of str to str
    """
    found = {"python": platform.python_version(), "système": f"{platform.system()} {platform.release()}"}
    for name in _PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


class RunReport:
    """Rapport en cours d’écriture : les copies vont sur le disque au fur et à mesure, la mémoire n’en garde rien.

    Parameters
    ----------
    root : Path
        Dossier du cours.
    scratch : Path
        Dossier de travail de la correction.
    """

    def __init__(self, root: Path, scratch: Path) -> None:
        self._folder = root / FOLDER
        self._spool: TextIO = (scratch / "copies.jsonl").open("w+", encoding="utf-8")
        self._states: Counter[str] = Counter()

    def add(self, report: CopyReport) -> None:
        """Garde une copie inscrite au carnet de notes.

        Parameters
        ----------
        report : CopyReport
            Sort de la copie.
        """
        self._states[report.state] += 1
        self._spool.write(json.dumps(report.to_json()) + "\n")

    def close(self) -> None:
        """Ferme le fichier de travail."""
        self._spool.close()

    def write(self, facts: RunFacts, now: datetime) -> dict[str, str]:
        """Écrit le rapport, à côté puis en un renommage ; `correction-derniere.*` en est la copie.

        Parameters
        ----------
        facts : RunFacts
            Ce qu’il faut dire de la correction.
        now : datetime
            Date du rapport, avec fuseau.

        Returns
        -------
        dict of str to str
            Chemins de la page `html` et des données `json`.
        """
        self._folder.mkdir(exist_ok=True)
        stem = f"correction-{now:%Y-%m-%d-%H%M%S}"
        paths = {}
        for suffix in ("json", "html"):
            # des noms fixes : ce qu’une fin brutale laisse est repris la fois suivante
            aside, latest = (self._folder / f".{name}.{suffix}.tmp" for name in ("correction", LATEST))
            try:
                with aside.open("w", encoding="utf-8") as stream:
                    if suffix == "json":
                        stream.writelines(self._json(facts, now))
                    else:
                        stream.write(self._page(facts, now))
                latest.write_bytes(aside.read_bytes())
            except OSError:
                for path in (aside, latest):
                    with contextlib.suppress(OSError):
                        path.unlink(missing_ok=True)
                raise
            latest.replace(self._folder / f"{LATEST}.{suffix}")
            paths[suffix] = str(aside.replace(self._folder / f"{stem}.{suffix}"))
        return paths

    def _lines(self) -> Iterator[str]:
        self._spool.flush()
        self._spool.seek(0)
        for line in self._spool:
            yield line.rstrip("\n")

    def _copies(self) -> Iterator[CopyReport]:
        return (CopyReport.from_json(json.loads(line)) for line in self._lines())

    def _json(self, facts: RunFacts, now: datetime) -> Iterator[str]:
        head = {
            "format": 1,
            "date": now.isoformat(timespec="seconds"),
            "reglages": facts.settings,
            "bac_a_sable": facts.sandbox,
            "versions": versions(),
            "essais": [
                {"devoir": name, "reussi": not problems, "problemes": problems}
                for name, problems in sorted(facts.trials.items())
            ],
            "anomalies": facts.anomalies,
            "resume": {state: self._states[state] for state in _STATES},
            "deja_corrigees": facts.unchanged,
            "secondes": round(facts.seconds, 1),
            "interrompue": facts.interrupted,
            "restantes": facts.waiting,
        }
        yield json.dumps(head, ensure_ascii=False, indent=1).removesuffix("\n}")
        yield ',\n "copies": ['
        for rank, line in enumerate(self._lines()):
            yield ("\n" if rank == 0 else ",\n") + line
        yield "\n ]\n}\n"

    def _page(self, facts: RunFacts, now: datetime) -> str:
        title = f"Correction du {now:%d/%m/%Y à %H h %M}"
        sections = [
            self._summary(facts),
            *_blocked(facts.trials),
            *_anomalies(facts.anomalies),
            *_listed("Copies à relire par une personne", self._some("à relire")),
            *_listed("Copies refusées ou en échec", self._some("refusée", "échec")),
            *self._details(),
            _sandbox(facts.sandbox),
            _settings(facts),
        ]
        return html_page(french(title), french(title), sections)

    def _some(self, *states: str) -> Iterator[CopyReport]:
        return (report for report in self._copies() if report.state in states)

    def _summary(self, facts: RunFacts) -> Section:
        total = sum(self._states.values())
        lines = [f"{count(total, 'copie')} en {facts.seconds:.0f} s."]
        if facts.unchanged:
            lines.append(f"Déjà corrigées et inchangées : {facts.unchanged}.")
        if facts.interrupted:
            lines.append(
                f"Correction interrompue : il reste {count(facts.waiting, 'copie')}. Relancez la même commande."
            )
        rows = [[state, str(self._states[state])] for state in _STATES]
        return Section(
            "En bref", [french(line) for line in lines], caption="Copies par état", header=["État", "Copies"], rows=rows
        )

    def _details(self) -> list[Section]:
        total = sum(self._states.values())
        rows = [_row(report) for _, report in zip(range(_LISTED), self._copies(), strict=False)]
        header = ["Stagiaire", "Devoir", "État", "Points", "Durée (s)", "Remarques"]
        sections = [Section("Copies", caption="Sort de chaque copie", header=header, rows=rows)] if rows else []
        if total > _LISTED:
            note = f"Les {_LISTED} premières copies sont montrées ; le fichier JSON les contient toutes."
            sections.append(Section(paragraphs=[french(note)]))
        if total > _DETAILED:
            note = f"Le détail par cellule est dans le fichier JSON : il y a plus de {_DETAILED} copies."
            return [*sections, Section(paragraphs=[french(note)])]
        cells = [row for report in self._copies() for row in _cell_rows(report)]
        header = ["Stagiaire", "Devoir", "Carnet", "Cellule", "Points", "Durée (s)", "Pourquoi"]
        if cells:
            sections.append(Section("Cellules", caption="Sort de chaque cellule notée", header=header, rows=cells))
        return sections


def _blocked(trials: dict[str, list[str]]) -> list[Section]:
    sections = []
    for name, problems in sorted(trials.items()):
        if problems:
            text = french(f"Devoir « {name} » : aucune copie n’est corrigée, la solution n’a pas tous ses points.")
            sections.append(Section("Essai préalable manqué", [text], points=problems, strong=True))
    return sections


def _anomalies(anomalies: list[str]) -> list[Section]:
    return [Section("À vérifier dans submitted/", points=anomalies[:_LISTED])] if anomalies else []


def _listed(title: str, reports: Iterable[CopyReport]) -> list[Section]:
    rows = []
    for _, report in zip(range(_LISTED), reports, strict=False):
        reasons = [*map(french, report.reasons)]
        reasons += [
            french(f"{notebook.name}, {cell.name} : {text}")
            for notebook in report.notebooks
            for cell in notebook.cells
            for text in cell.review
            if not any(french(text) in reason for reason in reasons)
        ]
        rows.append(
            [report.learner, report.assignment, report.state, _brief(" ; ".join(dict.fromkeys(reasons)), 1_000)]
        )
    header = ["Stagiaire", "Devoir", "État", "Pourquoi"]
    return [Section(title, caption=title, header=header, rows=rows)] if rows else []


def _row(report: CopyReport) -> list[str]:
    remarks = [*report.reasons, *(text for notebook in report.notebooks for text in notebook.remarks)]
    remarks += [f"{notebook.name} : absent" for notebook in report.notebooks if not notebook.present]
    graded = [cell for notebook in report.notebooks for cell in notebook.cells if cell.kind in GRADED]
    earned = sum(cell.score or 0.0 for cell in graded)
    worth = sum(cell.points for cell in graded)
    points = "–" if report.state == "échec" else f"{_number(earned)} / {_number(worth)}"
    shown = _brief(" ; ".join(dict.fromkeys(map(french, remarks))), _SHOWN)
    return [report.learner, report.assignment, report.state, points, _seconds(report.seconds), shown]


def _cell_rows(report: CopyReport) -> Iterator[list[str]]:
    for notebook in report.notebooks:
        for cell in notebook.cells:
            if cell.kind in GRADED:
                points = f"{'–' if cell.score is None else _number(cell.score)} / {_number(cell.points)}"
                why = _brief(_why(cell), _SHOWN)
                where = [report.learner, report.assignment, notebook.name, cell.name]
                yield [*where, points, _seconds(cell.seconds), why]


def _why(cell: CellResult) -> str:
    texts = list(cell.review)
    if cell.score is None:
        texts.append("une personne doit noter")
    elif cell.score < cell.points and cell.message:
        texts.append(cell.message)
    return french(" ; ".join(texts))


def _sandbox(sandbox: dict[str, Any]) -> Section:
    texts = [french(f"Mode : {sandbox.get('mode') or 'sans'}. Couches : {', '.join(sandbox.get('couches', []))}.")]
    missing = sandbox.get("manquantes") or {}
    if sandbox.get("mode") == "degrade":
        texts.append(french("Protection dégradée, à la demande de la personne qui a lancé la correction."))
    points = [french(f"{layer} : {cause}") for layer, cause in missing.items()] + list(sandbox.get("phrases", []))
    return Section("Bac à sable", texts, points, strong=sandbox.get("mode") == "degrade")


def _settings(facts: RunFacts) -> Section:
    rows = [[str(name), str(value)] for name, value in (facts.settings | versions()).items()]
    return Section("Réglages et versions", caption="Réglages et versions", header=["Nom", "Valeur"], rows=rows)


def _number(value: float) -> str:
    return shortest(round(value, 2))


def _seconds(value: float) -> str:
    return f"{value:.2f}".replace(".", ",")


def _brief(text: str, size: int) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= size else flat[: size - 1] + "…"
