"""Avancement d’un long calcul, sur la sortie d’erreur : le résultat reste seul sur la sortie normale."""

from __future__ import annotations

import sys
from collections.abc import Callable


def progress() -> Callable[[int, int, str], None]:
    """Fonction qui annonce une étape, avec le temps passé et le temps restant dès qu’il s’estime.

    Returns
    -------
    callable
        Reçoit le rang de l’étape, le nombre d’étapes et ce qui se fait.
    """
    import time

    start = time.monotonic()

    def say(step: int, total: int, label: str) -> None:
        spent = time.monotonic() - start
        left = f", reste environ {spent * (total - step + 1) / (step - 1):.0f} s" if step > 1 else ""
        sys.stderr.write(f"[{spent:3.0f} s{left}] {step}/{total} {label}…\n")
        sys.stderr.flush()

    return say
