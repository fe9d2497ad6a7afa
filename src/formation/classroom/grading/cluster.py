"""Corriger sur une grappe Dask qui existe déjà : les copies partent en JSON, un seul écrivain inscrit les notes.

Chaque processus de la grappe garde son processus chaud et son bac à sable ; il ne voit ni la base ni les autres
copies. Les copies corrigées et les retours reviennent avec la réponse.
"""

import atexit
import base64
import contextlib
import json
import os
import shutil
import stat
import tempfile
import threading
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path, PurePosixPath
from typing import Any

from formation.checks.failure import french
from formation.classroom.errors import AtelierImpossible
from formation.classroom.grading import sandbox
from formation.classroom.grading.pool import Handler, Reply
from formation.classroom.grading.settings import Settings
from formation.classroom.grading.types import AssignmentSnapshot, CopyReport, Json, Limits
from formation.classroom.grading.worker import Bench

CONNECT_S = 10
BATCH = 4
_TRIES = 2
_MAX_FILES = 200
_MAX_BYTES = 100_000_000


def _client(address: str) -> Any:
    try:
        from distributed import Client
    except ModuleNotFoundError:
        raise AtelierImpossible(
            french(
                "L’option --dask demande la bibliothèque « distributed ». Installez-la : "
                'pip install "formation-ia-territoires[grappe]"'
            )
        ) from None
    try:
        make: Any = Client
        return make(address, timeout=CONNECT_S, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        brief = " ".join(str(error).split())[:160]
        raise AtelierImpossible(
            french(
                f"L’ordonnanceur Dask « {address} » ne répond pas ({brief}). Vérifiez qu’il est lancé (dask scheduler) "
                "et son adresse, par exemple --dask tcp://127.0.0.1:8786. Rien n’est corrigé."
            )
        ) from None


@contextlib.contextmanager
def cluster_workers(address: str, bench: Bench, settings: Settings, mode: sandbox.Mode) -> Iterator["Cluster"]:
    """Se relie à une grappe.

    Parameters
    ----------
    address : str
        Adresse de l’ordonnanceur.
    bench : Bench
        Établi : devoirs, bornes, dossier du cours.
    settings : Settings
        Réglages du cours.
    mode : str
        Bac à sable, exigé de chaque processus de la grappe.

    Yields
    ------
    Cluster

    Raises
    ------
    AtelierImpossible
        Si la bibliothèque manque, si l’ordonnanceur ne répond pas ou n’a aucun processus.
    """
    client = _client(address)
    try:
        if not client.scheduler_info()["workers"]:
            raise AtelierImpossible(
                french(f"L’ordonnanceur Dask « {address} » n’a aucun processus. Lancez-en : dask worker {address}")
            )
        yield Cluster(client, bench, settings, mode)
    finally:
        client.close()


class Cluster:
    """Ouvriers d’une grappe, avec l’usage de `Pool`.

    Parameters
    ----------
    client : distributed.Client
        Client relié.
    bench : Bench
        Établi.
    settings : Settings
        Réglages du cours.
    mode : str
        Bac à sable.
    """

    def __init__(self, client: Any, bench: Bench, settings: Settings, mode: sandbox.Mode) -> None:
        self._client = client
        self._bench = bench
        self._common = {
            "reglages": base64.b64encode(settings.text).decode(),
            "bornes": json.dumps({name: getattr(bench.limits, name) for name in bench.limits.__slots__}),
            "mode": mode,
        }
        self._texts = {name: json.dumps(_portable(one)) for name, one in bench.assignments.items()}
        self._queue: deque[Json] = deque()
        self._flying: dict[Any, list[Json]] = {}
        self._tries: dict[str, int] = {}
        self._slots = 0

    @property
    def busy(self) -> bool:
        """Vrai s’il reste un travail à faire ou une réponse à lire."""
        return bool(self._queue or self._flying)

    def submit(self, job: Json, *, first: bool = False) -> None:
        """Ajoute un travail.

        Parameters
        ----------
        job : dict
            Données JSON.
        first : bool
            Vrai pour passer devant les autres.
        """
        self._queue.appendleft(job) if first else self._queue.append(job)

    def wait(self, timeout: float | None = None) -> list[Reply]:
        """Envoie ce qui attend et recueille des réponses.

        Parameters
        ----------
        timeout : float, optional
            Temps d’attente le plus long, en secondes.

        Returns
        -------
        list of Reply
        """
        import distributed

        self._send()
        if not self._flying:
            return []
        try:
            wait_for: Any = distributed.wait
            with self._client.as_current():
                done = wait_for(list(self._flying), timeout=timeout, return_when="FIRST_COMPLETED").done
        except TimeoutError:
            return []
        replies: list[Reply] = []
        for future in done:
            replies += self._read(future, self._flying.pop(future))
        return replies

    def _send(self) -> None:
        self._slots = 2 * max(1, sum(self._client.nthreads().values()))
        while self._queue and len(self._flying) < self._slots:
            kind, name = self._queue[0]["quoi"], _assignment(self._queue[0])
            batch = [self._queue.popleft()]
            while (
                self._queue
                and len(batch) < BATCH
                and (self._queue[0]["quoi"], _assignment(self._queue[0])) == (kind, name)
                and kind == "copie"
            ):
                batch.append(self._queue.popleft())
            text = json.dumps({**self._common, "travaux": [_packed(job) for job in batch]})
            future = self._client.submit(grade_batch, text, self._texts[name], pure=False, retries=0)
            self._flying[future] = batch

    def _read(self, future: Future[str], batch: list[Json]) -> list[Reply]:
        try:
            values = json.loads(future.result())
        except Exception as error:
            return self._again(batch, error)
        return [Reply(job, self._unpacked(value)) for job, value in zip(batch, values, strict=True)]

    def _again(self, batch: list[Json], error: Exception) -> list[Reply]:
        """Un processus de la grappe est mort : ses copies repartent une à une, deux fois au plus."""
        lost = []
        for job in batch:
            key = json.dumps(job, sort_keys=True)
            self._tries[key] = self._tries.get(key, 0) + 1
            if self._tries[key] < _TRIES:
                self._queue.append(job)
            else:
                brief = " ".join(str(error).split())[:160] or type(error).__name__
                lost.append(Reply(job, None, french(f"la grappe a perdu cette copie deux fois ({brief})")))
        return lost

    def _unpacked(self, value: Json) -> Json:
        files = value.pop("fichiers", {})
        if "copie" not in value:
            return value
        from formation.classroom.results import write_report

        try:
            report = CopyReport.from_json(value["copie"])
            for where, content in files.items():
                _write(self._bench.root / _safe(where, report), base64.b64decode(content))
            write_report(self._bench.root, report)
        except OSError as error:
            from formation.classroom.grading.worker import disk_problem

            return {"arret": disk_problem(error, self._bench.root)}
        return value


def _assignment(job: Json) -> str:
    return str(job["devoir"] if job["quoi"] == "essai" else job["copie"]["assignment"])


def _portable(assignment: AssignmentSnapshot) -> Json:
    """Devoir sans chemin de cette machine : les fichiers du formateur voyagent avec lui."""
    raw = assignment.to_json()
    raw["files"] = {name: base64.b64encode(Path(path).read_bytes()).decode() for name, path in assignment.files.items()}
    return raw


def _packed(job: Json) -> Json:
    if job["quoi"] == "essai":
        return job
    return {**job, "fichiers": _contents(Path(job["copie"]["folder"]))}


def _contents(folder: Path) -> dict[str, str | None]:
    """Fichiers d’une copie, en base 64 ; None pour ce qui n’est pas un fichier ordinaire, refusé là-bas aussi."""
    found: dict[str, str | None] = {}
    total = 0
    for parent, folders, names in os.walk(folder, followlinks=False):
        folders.sort()
        for name in sorted(names):
            path = Path(parent) / name
            content = _ordinary(path, _MAX_BYTES - total)
            total += len(content or b"")
            found[path.relative_to(folder).as_posix()] = None if content is None else base64.b64encode(content).decode()
            if len(found) >= _MAX_FILES:
                return found
    return found


def _ordinary(path: Path, room: int) -> bytes | None:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    with os.fdopen(descriptor, "rb") as stream:
        info = os.fstat(descriptor)
        return stream.read() if stat.S_ISREG(info.st_mode) and info.st_size <= room else None


def _safe(where: str, report: CopyReport) -> Path:
    """Chemin sous autograded/ ou feedback/, dans le dossier de cette copie et nulle part ailleurs."""
    path = PurePosixPath(where)
    if path.parts[:1] not in (("autograded",), ("feedback",)) or ".." in path.parts or len(path.parts) < 4:
        raise AtelierImpossible(french(f"La grappe a rendu un fichier au nom inattendu : « {where[:100]} »."))
    if path.parts[1:3] != (report.learner, report.assignment):
        raise AtelierImpossible(french(f"La grappe a rendu le fichier d’une autre copie : « {where[:100]} »."))
    return Path(*path.parts)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.tmp")
    aside.write_bytes(content)
    aside.chmod(0o444)
    aside.replace(path)


# --- du côté de la grappe ---

_LOCK = threading.Lock()
_WARM: dict[str, Any] = {}
_GIVEN: dict[str, Path] = {}
_MAX_KEPT = 4


def grade_batch(text: str, assignment: str) -> str:
    """Corrige un lot dans un processus de la grappe.

    Parameters
    ----------
    text : str
        JSON : réglages, bornes, mode du bac à sable, travaux et fichiers des copies.
    assignment : str
        JSON du devoir et de ses fichiers.

    Returns
    -------
    str
        JSON : une réponse par travail.
    """
    order = json.loads(text)
    # un processus chaud par processus de la grappe : ses fils d’exécution passent l’un après l’autre
    with _LOCK, tempfile.TemporaryDirectory(prefix="formation-grappe-") as name:
        folder = Path(name)
        handle = _handler(order, assignment, folder)
        return json.dumps([_one(handle, job, folder) for job in order["travaux"]])


def _one(handle: Handler, job: Json, folder: Path) -> Json:
    if job["quoi"] == "essai":
        return handle(job)
    copy = dict(job["copie"])
    copy["folder"] = str(folder / "submitted" / copy["learner"] / copy["assignment"])
    _lay(Path(copy["folder"]), job["fichiers"])
    value = handle({"quoi": "copie", "copie": copy})
    value["fichiers"] = {}
    for step in ("autograded", "feedback"):
        for path in sorted((folder / step / copy["learner"]).rglob("*")):
            if path.is_file():
                where = path.relative_to(folder).as_posix()
                value["fichiers"][where] = base64.b64encode(path.read_bytes()).decode()
    return value


def _lay(target: Path, files: dict[str, str | None]) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for where, content in files.items():
        path = target / where
        path.parent.mkdir(parents=True, exist_ok=True)
        if content is None:
            path.symlink_to("absent")  # ni lien ni tube ne voyagent : refusé ici comme là-bas
        else:
            path.write_bytes(base64.b64decode(content))


def _handler(order: Json, assignment: str, folder: Path) -> Handler:
    """Établi de ce lot : le processus chaud reste d’un lot à l’autre, le dossier du lot est neuf."""
    from formation.classroom.engine import load_config
    from formation.classroom.grading.executor import Zygote
    from formation.classroom.grading.quickstart import light_imports

    light_imports()
    limits = Limits(**json.loads(order["bornes"]))
    (folder / "nbgrader_config.py").write_bytes(base64.b64decode(order["reglages"]))
    raw = json.loads(assignment)
    if raw["fingerprint"] not in _GIVEN:
        # une préparation commune relit ces fichiers à chaque copie : ils restent d’un lot à l’autre
        given = Path(tempfile.mkdtemp(prefix="formation-donnees-"))
        atexit.register(shutil.rmtree, given, ignore_errors=True)
        _lay(given, raw["files"])
        _GIVEN[raw["fingerprint"]] = given
    raw["files"] = {name: str(_GIVEN[raw["fingerprint"]] / name) for name in raw["files"]}
    snapshot = AssignmentSnapshot.from_json(raw)
    key = json.dumps([order["mode"], order["bornes"], _modules(raw)])
    if key not in _WARM:
        while len(_WARM) >= _MAX_KEPT:
            _WARM.pop(next(iter(_WARM))).close()
        policy = sandbox.default_policy(limits, mode=order["mode"])
        _WARM[key] = Zygote(preload=_modules(raw), policy=policy).__enter__()
        atexit.register(_WARM[key].close)
    bench = Bench(folder, {snapshot.name: snapshot}, load_config(folder), limits)
    return bench.handler(_WARM[key])


def _modules(raw: Json) -> list[str]:
    from formation.classroom.grading.settings import modules_of

    sources = [
        cell["source"]
        for notebook in raw["notebooks"].values()
        for cell in notebook["solved"] or notebook["base"]
        if cell["cell_type"] == "code"
    ]
    return modules_of(sources)
