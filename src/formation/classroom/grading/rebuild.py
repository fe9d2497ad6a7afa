"""Rebâtir la copie d’un stagiaire sur le carnet du formateur : seules les réponses viennent de la copie."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from formation.classroom.grading.types import NotebookSnapshot


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """Copie rebâtie (cellules verrouillées avec leur partie cachée, sorties vides) et remarques en français."""

    notebook: Any
    remarks: list[str] = field(default_factory=list)


def rebuild(nb: NotebookSnapshot, raw: Mapping[str, Any]) -> Rebuilt:
    """Rebâtit une copie."""
    raise NotImplementedError


def blank(nb: NotebookSnapshot) -> Any:
    """Carnet vierge, parties cachées comprises : ce que l’on note quand le stagiaire n’a rien rendu."""
    raise NotImplementedError


def reference(nb: NotebookSnapshot) -> Any:
    """Carnet où chaque réponse est celle du formateur."""
    raise NotImplementedError


def recognized(nb: NotebookSnapshot, raw: Mapping[str, Any]) -> int:
    """Nombre de cellules du devoir que l’on reconnaît dans un carnet."""
    raise NotImplementedError
