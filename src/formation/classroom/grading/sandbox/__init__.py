"""Bac à sable : ce que le code d’un stagiaire ne peut pas atteindre, et comment l’enfermer.

Quatre couches, chacune utile sans les autres : espaces de noms (ni réseau ni autre fichier que ceux donnés), Landlock
(lecture et écriture limitées par le noyau), seccomp (appels système limités) et bornes (temps, mémoire, tailles).
L’ordre d’appel : `require`, `prepare` une fois par processus chaud, `enter` dans chaque enfant juste après `fork`.
Le paquet s’importe partout ; hors de Linux, `probe` dit ce qui manque.
"""

from formation.classroom.grading.sandbox.entry import Prepared, enter, prepare
from formation.classroom.grading.sandbox.environment import clean_environment
from formation.classroom.grading.sandbox.places import default_read_only
from formation.classroom.grading.sandbox.policy import LAYERS, BacASableImpossible, Mode, Policy, default_policy
from formation.classroom.grading.sandbox.probe import describe, probe, require

__all__ = [
    "LAYERS",
    "BacASableImpossible",
    "Mode",
    "Policy",
    "Prepared",
    "clean_environment",
    "default_policy",
    "default_read_only",
    "describe",
    "enter",
    "prepare",
    "probe",
    "require",
]
