"""Photographier un cours nbgrader : tout ce qui sert à noter, lu une fois, sans rien écrire."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from formation.classroom.grading.types import AssignmentSnapshot, NotebookSnapshot


def read_assignments(root: Path, db_url: str, names: Iterable[str] | None = None) -> dict[str, AssignmentSnapshot]:
    """Lit le carnet de notes, release/ et source/ ; rien n’est écrit."""
    raise NotImplementedError


def from_blank(name: str, blank: Mapping[str, Any], trainer: Mapping[str, Any] | None = None) -> NotebookSnapshot:
    """Photographie un carnet sans carnet de notes, d’après la copie vierge et, si on l’a, le carnet du formateur."""
    raise NotImplementedError
