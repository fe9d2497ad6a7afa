"""Lire un exercice écrit en MyST et refuser ses erreurs toutes ensemble."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from formation.checks.failure import french
from formation.classroom.errors import ExerciceIntrouvable, ExerciceInvalide
from formation.classroom.exercise import Cell, Exercise
from formation.classroom.models import SLUG, Control, Header, french_problems
from formation.classroom.rules import check_cells

KINDS = {"preparation": "preparation", "exemple": "exemple", "libre": "libre"}
_RESERVED = ("BEGIN HIDDEN TESTS", "END HIDDEN TESTS", "AUTOTEST", "BEGIN MARK SCHEME")
_FENCE = re.compile(r"^(`{3,}|~{3,})\{code-cell\}")


def notebooks_root() -> Path:
    """Dossier des exercices du dépôt.

    Returns
    -------
    Path

    Raises
    ------
    ExerciceIntrouvable
        Si le paquet est installé sans le dépôt.
    """
    root = Path(__file__).resolve().parents[3] / "notebooks"
    if not root.is_dir():
        raise ExerciceIntrouvable(
            french(
                "Les sources des exercices ne sont pas installées avec le paquet. "
                "Récupérez le dépôt du cours, puis donnez son dossier « notebooks » avec --sources."
            )
        )
    return root


def exercise_paths(root: Path | None = None, names: tuple[str, ...] = ()) -> list[Path]:
    """Fichiers sources des exercices demandés, dans l’ordre.

    Parameters
    ----------
    root : Path, optional
        Dossier des exercices, un sous-dossier par cas.
    names : tuple of str
        Noms, débuts de nom (`eau-01`), cas (`eau`) ou chemins. Vide : tous.

    Returns
    -------
    list of Path

    Raises
    ------
    ExerciceIntrouvable
        Si un nom ne correspond à aucun exercice.
    """
    files = [Path(name) for name in names if name.endswith(".md")]
    wanted = [name for name in names if not name.endswith(".md")]
    missing = [str(path) for path in files if not path.is_file()]
    available: list[Path] = []
    if wanted or not names:
        base = root or notebooks_root()
        available = sorted(path for path in [*base.glob("*.md"), *base.glob("*/*.md")] if _FENCE_IN.search(_text(path)))
    found = [path for path in available if not names or any(_matches(path, name) for name in wanted)]
    missing += [name for name in wanted if not any(_matches(path, name) for path in available)]
    if missing or not (files or found):
        missing = missing or ["aucun dans ce dossier"]
        known = ", ".join(path.stem for path in available) or "aucun"
        raise ExerciceIntrouvable(french(f"Exercice introuvable : {', '.join(missing)}. Exercices connus : {known}."))
    return files + found


_FENCE_IN = re.compile(r"^controle:\s*$", re.MULTILINE)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def _matches(path: Path, name: str) -> bool:
    return path.stem == name or path.parent.name == name or path.stem.startswith(f"{name}-")


def read_exercise(path: Path) -> Exercise:
    """Lit un exercice et vérifie toutes les règles du format.

    Parameters
    ----------
    path : Path
        Carnet MyST.

    Returns
    -------
    Exercise

    Raises
    ------
    ExerciceInvalide
        Avec toutes les erreurs, chacune avec sa ligne.

    References
    ----------
    Format MyST de jupytext : https://jupytext.readthedocs.io/en/latest/formats-markdown.html
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ExerciceInvalide(path, [(0, f"le fichier ne se lit pas en UTF-8 ({error}).")]) from None
    problems: list[tuple[int, str]] = []
    text = _mend_yaml(text, problems)
    notebook, starts = _parse(path, text)
    header = _read_header(notebook.metadata.get("formation"), problems)
    cells = list(_read_cells(notebook.cells, starts, problems))
    problems += check_cells(path.stem, cells)
    if re.fullmatch(SLUG, path.stem) is None:
        problems.append((0, "le nom du fichier doit être en minuscules, mots séparés par des traits d’union."))
    if problems or header is None:
        raise ExerciceInvalide(path, [(line, french(message)) for line, message in problems])
    return Exercise(path.stem, path, header, tuple(cells), dict(notebook.metadata.get("kernelspec", {})))


def _parse(path: Path, text: str) -> tuple[Any, list[int]]:
    from jupytext.myst import myst_to_notebook

    try:
        notebook = myst_to_notebook(text, add_source_map=True)
    except Exception as error:
        raise ExerciceInvalide(path, [(0, f"jupytext ne lit pas ce carnet ({error}).")]) from None
    return notebook, list(notebook.metadata.pop("source_map"))


def _mend_yaml(text: str, problems: list[tuple[int, str]]) -> str:
    """Vide les blocs YAML fautifs, après les avoir signalés, pour que la lecture aille au bout."""
    lines = text.splitlines()
    for start, end in _yaml_blocks(lines):
        try:
            yaml.safe_load("\n".join(lines[start:end]))
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark
            line = start + 1 + (mark.line if mark else 0)
            problems.append((line, f"le bloc YAML ne se lit pas ({error.problem}). Guillemets ou retrait ?"))
            lines[start:end] = [""] * (end - start)
    return "\n".join(lines) + "\n"


def _yaml_blocks(lines: list[str]) -> Iterator[tuple[int, int]]:
    openings = [0] if lines and lines[0].strip() == "---" else []
    openings += [i + 1 for i, line in enumerate(lines) if _FENCE.match(line)]
    for opening in openings:
        if opening < len(lines) and lines[opening].strip() == "---":
            end = next((i for i in range(opening + 1, len(lines)) if lines[i].strip() == "---"), None)
            if end is not None:
                yield opening + 1, end


def _read_header(raw: Any, problems: list[tuple[int, str]]) -> Header | None:
    if not isinstance(raw, dict):
        problems.append(
            (1, "l’en-tête du fichier n’a pas de bloc « formation : » (titre, cas, niveau, duree_min, objectif).")
        )
        return None
    try:
        return Header.model_validate(raw)
    except ValidationError as error:
        problems += [(1, message) for message in french_problems(error, Header)]
        return None


def _read_cells(raw: list[Any], starts: list[int], problems: list[tuple[int, str]]) -> Iterator[Cell]:
    counts: dict[str, int] = {}
    for cell, start in zip(raw, starts, strict=True):
        line = start + 1
        problems += [(line, f"« {word} » est réservé à nbgrader.") for word in _RESERVED if word in cell.source]
        kind = _kind_of(cell)
        if kind in ("texte", "preparation", "exemple", "libre"):
            counts[kind] = counts.get(kind, 0) + 1
            yield Cell(kind, f"{kind}-{counts[kind]:02d}", cell.source, line)
        elif kind == "reponse":
            yield Cell(kind, str(cell.metadata["reponse"]), cell.source, line)
        elif kind == "controle":
            control = _read_control(cell.metadata["controle"], line, problems)
            if control is not None:
                yield Cell(kind, f"controle-{control.nom}", cell.source, line, control)
        else:
            problems.append(
                (
                    line,
                    "cette cellule de code n’a pas de rôle : écrivez « :tags: [preparation] » (données et imports), "
                    "« [exemple] » (verrouillée), « [libre] » (brouillon), ou un bloc « reponse » ou « controle ».",
                )
            )


def _kind_of(cell: Any) -> str | None:
    if cell.cell_type != "code":
        return "texte"
    for key in ("reponse", "controle"):
        if key in cell.metadata:
            return key
    return next((KINDS[tag] for tag in cell.metadata.get("tags", []) if tag in KINDS), None)


def _read_control(raw: Any, line: int, problems: list[tuple[int, str]]) -> Control | None:
    try:
        return Control.model_validate(raw)
    except ValidationError as error:
        name = raw.get("nom", "sans nom") if isinstance(raw, dict) else "sans nom"
        problems += [(line, f"contrôle « {name} » : {message}") for message in french_problems(error, Control)]
        return None
