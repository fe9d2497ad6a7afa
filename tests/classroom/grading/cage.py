"""Jouer un geste dans le bac à sable, en `root` ou en utilisateur ordinaire, et dire ce qu’il en est advenu."""

import json
import os
import select
import shutil
import signal
import tempfile
import traceback
from pathlib import Path

import pytest

from formation.classroom.grading import sandbox
from formation.classroom.grading.sandbox import kernel
from formation.classroom.grading.types import Limits

LIMITS = Limits(cpu_s=60, memory_mb=1_000, file_mb=5, disk_mb=20, open_files=64)
NOBODY = 65_534
PATIENCE_S = 60
# lisible par tout le monde : un utilisateur ordinaire ne lit pas forcément l’interpréteur qui lance les tests
SYSTEM = ("/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/dev/urandom")


def prepare(layers=sandbox.LAYERS, read_only=None, limits=LIMITS):
    paths = sandbox.default_read_only() if read_only is None else read_only
    return sandbox.prepare(sandbox.Policy(limits, paths, "degrade", tuple(layers)))


def become_ordinary():
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    kernel.prctl(kernel.PR_SET_DUMPABLE, 1)  # comme un programme lancé par cet utilisateur


def in_child(work):
    """Exécute `work` dans un enfant ; rend sa réponse JSON, ou `{"signal": n}`."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            reply = {"rendu": work()}
        except BaseException as error:
            reply = {
                "refus": type(error).__name__,
                "numero": getattr(error, "errno", None),
                "detail": str(error),
                "trace": traceback.format_exc(),
            }
        try:
            os.write(writer, json.dumps(reply, default=repr).encode()[:60_000])
        finally:
            os._exit(0)
    os.close(writer)
    ready, _, _ = select.select([reader], [], [], PATIENCE_S)
    raw = os.read(reader, 60_000) if ready else b""
    os.close(reader)
    if not ready:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert ready, "l’enfant n’a pas répondu"
    return json.loads(raw) if raw else {"signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0}


def play(gesture, prepared, *, ordinary=False, fill=None, limits=None):
    """Enferme un enfant, puis lui fait faire `gesture(scratch)`."""
    folder = tempfile.mkdtemp(prefix="formation-cage-")
    Path(folder).chmod(0o755)
    scratch = Path(folder) / "travail"
    scratch.mkdir()
    if ordinary:
        os.chown(scratch, NOBODY, NOBODY)

    def work():
        if ordinary:
            become_ordinary()
        sandbox.enter(prepared, str(scratch), fill=fill, limits=limits)
        return gesture(str(scratch))

    try:
        return in_child(work)
    finally:
        shutil.rmtree(folder)


def needs_root():
    if os.getuid() != 0:
        pytest.skip("ce test change d’utilisateur : il demande d’être root")
