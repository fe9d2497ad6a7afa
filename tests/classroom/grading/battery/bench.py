"""Le banc d’essai : un cours par format, toutes les copies hostiles, des témoins honnêtes, une seule correction."""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import secrets
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import workload
from sample_questions import EXPLORATION, MARK

from battery.model import Case, Lab, Sheet

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parents[3]
PILOT = PROJECT / "tests" / "classroom" / "fixtures" / "pilote" / "pilote-01-peser-les-fuites.md"
WITNESSES = 6
STATES = ("corrigée", "à relire", "refusée")
NEVER_SHOWN = (
    MARK,
    # un décalage d’une lettre ne suffit pas à passer
    "".join(chr(ord(c) + 1) for c in MARK),
    "HIDDEN TESTS",
    "checks.compare",
    "<script",
    "onerror=alert(1)>",
)
_PR_SET_CHILD_SUBREAPER = 36

WRONG_PILOT = {
    "part_fonte": "part_fonte = 0.123",
    "total_et_pire": 'total = 99\npire = "b"',
    "par_materiau": "par_materiau = pd.DataFrame(dict(materiau=['fonte', 'pvc', 'acier'], fuites_km=[9.0, 8, 7]))",
    "ordre": 'ordre = ["pvc", "acier", "fonte"]',
    "fonction_taux": "def taux_km(fuites, longueur_m):\n    return 7.0",
}
WRONG_STOCK = {
    "exploration-total": "volume_total_m3 = 1.0",
    "exploration-part": "def part(quantite, total):\n    return 0.25 if total else 0",
    "exploration-communes": "communes = list('abcd')",
    "exploration-tableau": "par_commune = pd.DataFrame({'commune': list('abcd'), 'volume_m3': [1.0, 2.0, 3.0, 4.0]})",
    "exploration-estimations": "estimations = {}",
}


@dataclass
class Played:
    """Ce qu’il reste d’une correction : bilan, notes, et tout ce qui a bougé autour."""

    sheet: Sheet
    lab: Lab
    learners: dict[str, Case]
    witnesses: dict[str, float]
    states: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    anomalies: list[str] = field(default_factory=list)
    scores: dict[str, float] = field(default_factory=dict)
    cells: dict[str, dict[str, float | None]] = field(default_factory=dict)
    moved: list[str] = field(default_factory=list)
    contacts: str = ""
    left: list[str] = field(default_factory=list)
    witness_alive: bool = True
    log: str = ""
    seconds: float = 0.0

    def learner(self, case: Case) -> str:
        """Stagiaire qui a rendu ce cas."""
        return next(name for name, one in self.learners.items() if one is case)

    def lost(self, learner: str) -> bool:
        """Vrai si une copie n’est ni corrigée, ni refusée, ni annoncée dans les anomalies."""
        if self.learners[learner].said and learner not in self.states:
            return not any(f"submitted/{learner}" in text for text in self.anomalies)
        return self.states.get(learner) not in STATES or learner not in self.scores

    def stolen(self, learner: str) -> bool:
        """Vrai si la copie a des points qu’elle ne mérite pas, sans être refusée ni à relire."""
        earned = self.learners[learner].earned(self.sheet)
        return self.states.get(learner) == "corrigée" and self.scores.get(learner, 0.0) > earned

    def leaks(self, learner: str) -> list[str]:
        """Ce que la page du stagiaire montre et ne devrait pas."""
        page, case = self.pages(learner), self.learners[learner]
        return [text for text in (*NEVER_SHOWN, *case.private) if text in page]

    def pages(self, learner: str) -> str:
        """Pages remises à un stagiaire."""
        folder = self.lab.course / "feedback" / learner
        return "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in _files(folder))

    def produced(self) -> dict[str, bytes]:
        """Tout ce que la correction a écrit dans le cours, hors copies rendues, source et carnet de notes."""
        skipped = ("submitted", "source", "release", "gradebook.db", "secret-formateur.txt", "nbgrader_config.py")
        root = self.lab.course
        return {
            path.relative_to(root).as_posix(): path.read_bytes()
            for path in _files(root)
            if path.relative_to(root).parts[0] not in skipped
        }


def _files(folder: Path) -> list[Path]:
    found = []
    for parent, _, names in os.walk(folder, followlinks=False):
        found += [Path(parent) / name for name in names]
    return sorted(path for path in found if path.is_file() and not path.is_symlink())


def stock_sheet(course: Path, secret: str) -> Sheet:
    """Cours nbgrader ordinaire, un carnet."""
    workload.make_course(course, notebooks=("exploration",), secret=secret)
    right = {f"exploration-{one.name}": one.solution for one in EXPLORATION}
    tests = tuple(f"test-{one.name}" for one in EXPLORATION)
    blank = workload.blank(course, "exploration")
    first = EXPLORATION[0]
    full = float(sum(one.points for one in EXPLORATION))
    return Sheet(
        "libre", "tp1", "exploration", blank, right, WRONG_STOCK, f"exploration-{first.name}", first.points, full, tests
    )


def pilot_sheet(course: Path, secret: str) -> Sheet:
    """Session faite de l’exercice témoin : valeurs et fonctions comparées hors du processus du stagiaire."""
    from formation.classroom.bank import read_bank
    from formation.classroom.course import create_course
    from formation.classroom.release import release_course
    from formation.classroom.sources import read_exercise

    folder = course.parent / "exercice"
    folder.mkdir()
    text = PILOT.read_text(encoding="utf-8").replace("### END SOLUTION", f"# {secret}\n### END SOLUTION", 1)
    (folder / PILOT.name).write_text(text, encoding="utf-8")
    bank = f"{PILOT.stem}.reponses.yml"
    (folder / bank).write_text(PILOT.with_name(bank).read_text(encoding="utf-8"), encoding="utf-8")
    exercise = read_exercise(folder / PILOT.name)
    release_course(create_course(course, [folder / PILOT.name]))
    right = {k: v.replace(f"# {secret}", "").rstrip() for k, v in read_bank(exercise)[0].cells.items()}
    blank = workload.blank(course, exercise.name, exercise.name)
    names = [cell["metadata"].get("nbgrader", {}) for cell in blank["cells"]]
    tests = tuple(str(one["grade_id"]) for one in names if one.get("grade"))
    return Sheet(
        "maison", exercise.name, exercise.name, blank, right, WRONG_PILOT, "part_fonte", 2.0, exercise.points, tests
    )


def play(root: Path, form: str, cases: tuple[Case, ...]) -> Played:
    """Monte le banc, rend toutes les copies d’un format, corrige une fois, relève tout."""
    marks = {name: f"{name}{secrets.token_hex(12)}" for name in ("env", "garde", "cours", "source", "autre")}
    course, guard = root / "cours", root / "garde"
    (guard / "maison").mkdir(parents=True)
    (guard / "vide").mkdir()
    (guard / "secret.txt").write_text(marks["garde"], encoding="utf-8")
    sheet = (stock_sheet if form == "libre" else pilot_sheet)(course, marks["source"])
    (course / "secret-formateur.txt").write_text(marks["cours"], encoding="utf-8")
    lab = Lab(course, guard, marks)
    listener, witness = _neighbours(root, lab)
    try:
        played = _hand_in(sheet, lab, cases)
        before = _snapshot(lab)
        # le même processus de test peut tenir un navigateur ou un serveur d’un autre test
        neighbours = {int(one.split()[0]) for one in _descendants(set())}
        _grade(root, played)
        played.moved = _moved(before, _snapshot(lab))
        played.contacts = (root / "ecoute" / "contacts.txt").read_text(encoding="utf-8")
        played.witness_alive = witness.poll() is None
        played.left = _lasting(neighbours | {listener.pid, witness.pid})
    finally:
        for one in (listener, witness):
            one.kill()
            one.wait()
    return played


def _neighbours(root: Path, lab: Lab) -> tuple[subprocess.Popen[bytes], subprocess.Popen[bytes]]:
    folder = root / "ecoute"
    folder.mkdir()
    token = secrets.token_hex(4)
    listener = subprocess.Popen([sys.executable, str(HERE / "ecoute.py"), str(folder), token])
    witness = subprocess.Popen(["sleep", "7200"])
    deadline = time.monotonic() + 120
    while not (folder / "ports.json").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    ports = json.loads((folder / "ports.json").read_text(encoding="utf-8"))
    lab.values = {
        "GARDE": str(lab.guard),
        "COURS": str(lab.course),
        "MAISON": str(lab.guard / "maison"),
        "PREFIXE": sys.prefix,
        "PROJET": str(PROJECT),
        "TCP": str(ports["tcp"]),
        "UDP": str(ports["udp"]),
        "UNIX": str(folder / "flux"),
        "UNIXDGRAM": str(folder / "paquets"),
        "ABSTRAITE": f"formation-{token}",
        "TEMOIN": str(witness.pid),
        "PARENT": str(os.getpid()),
        "JETON": token,
        # à l’envers : le secret ne doit pas se trouver dans la copie elle-même
        "ENV_ENVERS": lab.secrets["env"][::-1],
        "SOURCE_ENVERS": lab.secrets["source"][::-1],
    }
    return listener, witness


def _hand_in(sheet: Sheet, lab: Lab, cases: tuple[Case, ...]) -> Played:
    lab.values["SOURCE"] = str(lab.course / "source" / sheet.assignment / f"{sheet.notebook}.ipynb")
    chosen = [case for case in cases if sheet.format in case.formats]
    step = max(1, len(chosen) // WITNESSES)
    played = Played(sheet, lab, {}, {})
    number = 0
    for rank, case in enumerate(chosen):
        if rank % step == 0:
            number += 1
            _witness(played, f"stagiaire-{number:04d}", right=number % 2 == 1)
        number += 1
        learner = f"stagiaire-{number:04d}"
        case.hand_in(sheet, lab, learner)
        played.learners[learner] = case
    return played


def _witness(played: Played, learner: str, *, right: bool) -> None:
    sheet, lab = played.sheet, played.lab
    raw = sheet.copy("juste" if right else "fausse")
    if not played.witnesses:
        cell = workload.find(raw, sheet.first)
        cell["source"] += f"\n# {lab.secrets['autre']}"
    folder = workload.hand_in(lab.course, workload.Copy(learner, "témoin", {sheet.notebook: raw}), sheet.assignment)
    lab.values.setdefault("AUTRE", str(folder / f"{sheet.notebook}.ipynb"))
    played.witnesses[learner] = sheet.full if right else 0.0


def _grade(root: Path, played: Played) -> None:
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    lab = played.lab
    variables = {
        **os.environ,
        "FORMATION_SECRET_ESSAI": lab.secrets["env"],
        "HOME": str(lab.guard / "maison"),
        "OMP_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    report = root / "bilan.json"
    command = [sys.executable, str(HERE / "corriger.py"), str(lab.course), str(report)]
    start = time.monotonic()
    done = subprocess.run(command, env=variables, capture_output=True, text=True, errors="replace", check=False)
    played.seconds = time.monotonic() - start
    played.log = done.stdout + done.stderr
    if done.returncode:
        raise AssertionError(f"la correction s’est arrêtée ({done.returncode}) :\n{played.log[-4000:]}")
    made = json.loads(report.read_text(encoding="utf-8"))
    played.anomalies = made["anomalies"]
    for one in made["copies"]:
        played.states[one["learner"]] = one["state"]
        played.reasons[one["learner"]] = one.get("reason", "")
    played.scores = {learner: score for (learner, _), score in workload.scores(lab.course).items()}
    for key, row in workload.gradebook(lab.course).items():
        if key[0] == "grade":
            played.cells.setdefault(key[1], {})[key[4]] = row[0]


_OUTPUTS = ("autograded", "feedback", "rapports", "corrections")


def _snapshot(lab: Lab) -> dict[str, str]:
    """Empreinte de ce qui ne doit pas bouger : garde, projet, et le cours sauf les résultats."""
    found = {}
    for path in _files(lab.guard):
        if ".cache" not in path.parts and ".config" not in path.parts:
            found[str(path)] = _digest(path)
    for path in _files(lab.course):
        relative = path.relative_to(lab.course)
        expected = relative.parts[0] in _OUTPUTS or relative.name.startswith(
            ("gradebook.db", "journal", ".", "bilan", "correction")
        )
        if not expected:
            found[str(path)] = _digest(path)
    for path in _files(PROJECT / "src" / "formation" / "checks"):
        # un autre test, à côté, compile ses modules quand il veut
        if "__pycache__" not in path.parts:
            found[str(path)] = _digest(path)
    return found


def _digest(path: Path) -> str:
    status = path.stat()
    if status.st_size > 50_000_000:
        return f"{status.st_size} octets"
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return f"illisible, {status.st_size} octets"


def _moved(before: dict[str, str], after: dict[str, str]) -> list[str]:
    return sorted(path for path in set(before) | set(after) if before.get(path) != after.get(path))


def _lasting(known: set[int], seconds: float = 20.0) -> list[str]:
    """Descendants encore là après quelques secondes : un processus arrêté met un instant à disparaître."""
    end = time.monotonic() + seconds
    while (left := _descendants(known)) and time.monotonic() < end:
        time.sleep(0.1)
    return left


def _descendants(known: set[int]) -> list[str]:
    """Processus encore en vie nés de la correction : le banc recueille tous les orphelins."""
    parents: dict[int, tuple[int, str, str]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                text = (entry / "stat").read_text(encoding="utf-8", errors="replace")
            except OSError:
                continue
            name, rest = text[text.index("(") : text.rindex(")") + 1], text[text.rindex(")") + 2 :].split()
            parents[int(entry.name)] = (int(rest[1]), rest[0], name)
    mine, grown = {os.getpid()}, True
    while grown:
        more = {pid for pid, (parent, _, _) in parents.items() if parent in mine - known} - mine
        mine |= more
        grown = bool(more)
    return [f"{pid} {parents[pid][2]}" for pid in sorted(mine - known - {os.getpid()}) if parents[pid][1] != "Z"]
