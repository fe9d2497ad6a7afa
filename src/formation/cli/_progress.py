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
    # La première étape prépare, souvent pour toutes les autres : sa durée ne dit rien des suivantes.
    second: list[tuple[int, float]] = []

    def say(step: int, total: int, label: str) -> None:
        spent = time.monotonic() - start
        if step > 1 and not second:
            second.append((step, spent))
        first, before = second[0] if second else (step, spent)
        left = ""
        if step > first:
            left = f", reste environ {(spent - before) * (total - step + 1) / (step - first):.0f}\u00a0s"
        sys.stderr.write(f"[{spent:3.0f} s{left}] {step}/{total} {label}…\n")
        sys.stderr.flush()

    return say
