"""Ce que cette machine offre : chaque couche est vraiment essayée, dans un enfant jetable."""

import contextlib
import json
import mmap
import os
import select
import signal
import socket
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from formation.classroom.grading.sandbox import kernel
from formation.classroom.grading.sandbox.entry import enter, prepare
from formation.classroom.grading.sandbox.places import default_read_only
from formation.classroom.grading.sandbox.policy import (
    BOUNDS,
    LANDLOCK,
    LAYERS,
    NAMESPACES,
    SECCOMP,
    BacASableImpossible,
    Mode,
    Policy,
)
from formation.classroom.grading.sandbox.remedies import ELSEWHERE, remedy
from formation.classroom.grading.sandbox.wording import sentences
from formation.classroom.grading.types import Limits

PATIENCE_S = 20.0
TOO_LARGE_BYTES = 8_000_000_000
MAX_REPLY = 65_536


def probe() -> dict[str, str | None]:
    """Essaie chaque couche.

    Returns
    -------
    dict of str to (str or None)
        Par couche de `LAYERS`, None si elle est utilisable, sinon la cause et le remède.
    """
    if not kernel.is_linux():
        return dict.fromkeys(LAYERS, ELSEWHERE)
    found = {layer: _try((layer,)) for layer in LAYERS}
    usable = tuple(layer for layer in LAYERS if found[layer] is None)
    together = _try(usable) if len(usable) > 1 else None
    if together is not None:
        # chacune marche seule mais pas ensemble : la dernière à se fermer est celle qui manque
        found[usable[-1]] = together
    return {layer: found[layer] for layer in LAYERS}


def require(mode: Mode) -> tuple[str, ...]:
    """Couches utilisables.

    Parameters
    ----------
    mode : str
        `strict` ou `degrade`.

    Returns
    -------
    tuple of str
        Couches utilisables ; toutes, si le mode est `strict`.

    Raises
    ------
    BacASableImpossible
        En mode `strict`, si une couche manque ; en mode `degrade`, jamais.
    """
    found = probe()
    missing = {layer: why for layer, why in found.items() if why is not None}
    if missing and mode == "strict":
        count = len(missing)
        lines = [
            f"Cette machine ne permet pas d’isoler le code des stagiaires : {count} protection"
            f"{'s manquent' if count > 1 else ' manque'}. Aucune copie n’a été corrigée.",
            *(f"- {layer} : {why}" for layer, why in missing.items()),
            "Pour le détail : formation atelier diagnostic. Pour corriger quand même, en sachant ce qui n’est plus "
            "protégé et seulement les copies de personnes connues : --bac-a-sable degrade (ce choix est écrit dans le "
            "rapport).",
        ]
        raise BacASableImpossible("\n".join(lines))
    return tuple(layer for layer in LAYERS if layer not in missing)


def _try(layers: tuple[str, ...]) -> str | None:
    with tempfile.TemporaryDirectory(prefix="formation-essai-") as folder:
        scratch, secret = Path(folder) / "travail", Path(folder) / "secret"
        scratch.mkdir()
        secret.write_text("secret", encoding="utf-8")
        policy = Policy(Limits(disk_mb=5, memory_mb=500), default_read_only(), "degrade", layers)
        reply = _in_child(lambda: _attempt(policy, str(scratch), str(secret)))
    if reply.get("fermee"):
        return None
    return remedy(
        reply.get("couche") or layers[-1], reply.get("numero", 0), reply.get("detail", ""), reply.get("effet", "")
    )


def _attempt(policy: Policy, scratch: str, secret: str) -> dict[str, Any]:
    try:
        enter(prepare(policy), scratch)
    except BacASableImpossible as error:
        cause = error.__cause__
        number = cause.errno if isinstance(cause, OSError) else 0
        return {"numero": number or 0, "detail": str(cause or error)}
    for layer in policy.layers:
        effect = CHECKS[layer](secret)
        if effect:
            return {"couche": layer, "effet": effect}
    return {"fermee": True}


def _in_child(work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        reply: dict[str, Any] = {}
        try:
            reply = work()
        except BaseException as error:
            reply = {"detail": f"{type(error).__name__} : {error}"}
        finally:
            with contextlib.suppress(OSError):
                os.write(writer, json.dumps(reply).encode()[:MAX_REPLY])
            os._exit(0)
    os.close(writer)
    try:
        ready, _, _ = select.select([reader], [], [], PATIENCE_S)
        raw = os.read(reader, MAX_REPLY) if ready else b""
    finally:
        os.close(reader)
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    if not raw:
        return {"detail": "l’essai s’est arrêté sans répondre" if ready else "l’essai n’a pas répondu à temps"}
    answer: dict[str, Any] = json.loads(raw)
    return answer


def _sees_machine(secret: str) -> str:
    Path("essai").write_text("essai", encoding="utf-8")
    return "un fichier de la machine reste visible" if Path(secret).exists() or Path("/proc/self").exists() else ""


def _reads_machine(secret: str) -> str:
    with contextlib.suppress(OSError):
        Path(secret).read_text(encoding="utf-8")
        return "un fichier de la machine reste lisible"
    return ""


def _reaches_network(secret: str) -> str:  # noqa: ARG001
    with contextlib.suppress(OSError):
        socket.socket().close()
        return "le réseau reste ouvert"
    return ""


def _takes_memory(secret: str) -> str:  # noqa: ARG001
    with contextlib.suppress(OSError, MemoryError):
        mmap.mmap(-1, TOO_LARGE_BYTES).close()
        return "la mémoire n’est pas bornée"
    return ""


CHECKS: dict[str, Callable[[str], str]] = {
    NAMESPACES: _sees_machine,
    LANDLOCK: _reads_machine,
    SECCOMP: _reaches_network,
    BOUNDS: _takes_memory,
}


def describe(layers: Iterable[str]) -> list[str]:
    """Dit ce qui est protégé et ce qui ne l’est pas.

    Parameters
    ----------
    layers : iterable of str
        Couches utilisables.

    Returns
    -------
    list of str
        Une phrase par ligne.

    Examples
    --------
    >>> describe(())[0].startswith("NON protégé")
    True
    """
    return sentences(frozenset(layers))
