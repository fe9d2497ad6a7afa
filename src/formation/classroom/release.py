"""Distribuer les copies vierges, après avoir vérifié qu’elles ne contiennent aucune réponse."""

import itertools
import json
import math
import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from formation.checks.failure import french
from formation.classroom.copies import learner_notebook, read_untrusted
from formation.classroom.course import Course, Tell, silent, write_notebook
from formation.classroom.engine import EngineError, NbgraderEngine
from formation.classroom.errors import AtelierImpossible
from formation.classroom.exercise import BEGIN, END, Exercise, strip_solution
from formation.classroom.notebook import Hidden, side_files

_CALL = re.compile(r"^checks\.compare\((.*)\)$", re.MULTILINE)
_FIXED_DATE = (2026, 1, 1, 0, 0, 0)
_MIN_LINE, _MIN_LITERAL = 6, 5


def release_course(course: Course, tell: Tell = silent) -> list[Path]:
    """Fabrique les copies vierges avec nbgrader, et un ZIP prêt à envoyer par exercice.

    Parameters
    ----------
    course : Course
        Session.
    tell : callable
        Reçoit le nombre d’exercices faits, leur total et le nom en cours.

    Returns
    -------
    list of Path
        Fichiers ZIP de a-distribuer/.

    Raises
    ------
    AtelierImpossible
        Si nbgrader échoue ou si une copie contenait une réponse ; rien n’est alors à distribuer pour cet exercice.
    """
    engine = NbgraderEngine(course)
    names = sorted(course.exercises)
    archives = []
    for done, name in enumerate(names):
        tell(done, len(names), name)
        try:
            engine.generate(name)
        except EngineError as error:
            raise AtelierImpossible(
                french(f"nbgrader n’a pas pu préparer « {name} » ({error}). Le détail est dans journal-nbgrader.log.")
            ) from None
        found = find_leaks(course.step("source") / name, course.step("release") / name)
        if found:
            shutil.rmtree(course.step("release") / name)
            listing = "\n".join(f"- {leak}" for leak in found)
            raise AtelierImpossible(
                french(f"La copie « {name} » dévoilait des réponses, elle est retirée :\n{listing}")
            )
        archives.append(_pack(course.step("release") / name, course.step("a-distribuer")))
    tell(len(names), len(names), "terminé")
    return archives


def _pack(folder: Path, destination: Path) -> Path:
    destination.mkdir(exist_ok=True)
    target = destination / f"{folder.name}.zip"
    aside = target.with_suffix(".tmp")
    with zipfile.ZipFile(aside, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                # date fixe : le même contenu donne la même archive
                info = zipfile.ZipInfo(f"{folder.name}/{path.relative_to(folder).as_posix()}", _FIXED_DATE)
                info.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(info, path.read_bytes())
    aside.replace(target)
    return target


def find_leaks(source: Path, release: Path) -> list[str]:
    """Cherche dans une copie vierge ce qui ne doit pas quitter le formateur.

    Parameters
    ----------
    source, release : Path
        Dossiers de l’exercice côté formateur et côté stagiaire.

    Returns
    -------
    list of str
        Fuites : ligne de solution, contrôle caché, valeur attendue, message de piège.
    """
    notebook = json.loads((source / f"{source.name}.ipynb").read_text(encoding="utf-8"))
    secrets = dict(_secrets(notebook))
    public = "\n".join(_public_lines(notebook))
    leaks = []
    for path in sorted(release.rglob("*")):
        if path.is_file():
            text = _everything(path)
            for secret, kind in secrets.items():
                if kind in ("ligne de solution", "texte attendu") and secret in public:
                    continue
                if secret in text:
                    leaks.append(f"{path.name} : {kind} « {secret[:60]} »")
    return leaks


def _everything(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    if path.suffix not in (".ipynb", ".json"):
        return text
    # le texte décodé et le texte brut : une fuite peut être échappée par JSON
    return "\n".join([text, *_strings(json.loads(text))])


def _strings(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, item in node.items():
            yield key
            yield from _strings(item)
    elif isinstance(node, list):
        if node and all(isinstance(item, str) for item in node):
            yield "".join(node)
        for item in node:
            yield from _strings(item)
    elif isinstance(node, str):
        yield node


def _source(cell: dict[str, Any]) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def _public_lines(notebook: dict[str, Any]) -> Iterator[str]:
    for cell in notebook["cells"]:
        yield re.sub(r"### BEGIN HIDDEN TESTS.*?### END HIDDEN TESTS", "", strip_solution(_source(cell)), flags=re.S)


def _secrets(notebook: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield "HIDDEN TESTS", "marqueur de contrôle caché"
    yield "BEGIN SOLUTION", "marqueur de solution"
    yield "checks.compare", "contrôle caché"
    for cell in notebook["cells"]:
        source = _source(cell)
        for line in _solution_lines(source):
            yield line, "ligne de solution"
        for call in _CALL.findall(source):
            hidden = json.loads(_last_literal(call))
            for trap in hidden.get("pieges", []):
                yield trap["message"], "message de piège"
            values = [hidden.get("valeur"), *(case["valeur"] for case in hidden.get("cas", []))]
            yield from _literals(values)


def _last_literal(call: str) -> str:
    import ast

    arguments = ast.parse(f"f({call})", mode="eval").body.args  # type: ignore[attr-defined]
    return str(ast.literal_eval(arguments[-1]))


def _solution_lines(source: str) -> Iterator[str]:
    inside = False
    for line in source.splitlines():
        if line.strip() in (BEGIN, END):
            inside = line.strip() == BEGIN
        elif inside and len(line.strip()) >= _MIN_LINE and not line.strip().startswith(("import ", "from ", "return")):
            yield line.strip()


def _literals(node: Any) -> Iterator[tuple[str, str]]:
    """Nombres et textes assez longs pour ne pas se trouver par hasard dans un énoncé."""
    if isinstance(node, dict):
        # les étiquettes de to_plain (genre, colonnes, types) ne sont pas des réponses
        for key in ("valeurs", "paires", "lignes", "valeur"):
            yield from _literals(node.get(key))
    elif isinstance(node, list):
        for item in node:
            yield from _literals(item)
    elif isinstance(node, str) and len(node) >= _MIN_LITERAL:
        yield node, "texte attendu"
    elif isinstance(node, float) and math.isfinite(node):
        for text in (repr(node), f"{node:.4g}"):
            if len(text.strip("-0.")) >= _MIN_LITERAL - 1 and "e" not in text:
                yield text, "valeur attendue"
                yield text.replace(".", ","), "valeur attendue"


def write_practice(exercise: Exercise, expected: Hidden, destination: Path) -> tuple[Path, str]:
    """Pose la copie vierge d’un exercice pour qui travaille seul, sans jamais écraser un travail commencé.

    Parameters
    ----------
    exercise : Exercise
        Exercice validé.
    expected : dict
        Résultat de `compute_expected` ; aucune valeur n’en sort.
    destination : Path
        Dossier des exercices ; un sous-dossier par exercice.

    Returns
    -------
    tuple of (Path, str)
        Carnet, et ce qui s’est passé : « neuf », « gardé » (déjà là, même version de l’exercice) ou « à côté »
        (l’exercice a changé depuis : la nouvelle version est posée à côté du travail commencé).
    """
    folder = destination / exercise.name
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in side_files(exercise, expected).items():
        (folder / name).write_text(text, encoding="utf-8")
    for rank in itertools.count():
        suffix = ("", "-neuf")[rank] if rank < 2 else f"-neuf-{rank}"
        target = folder / f"{exercise.name}{suffix}.ipynb"
        if not target.exists():
            write_notebook(target, learner_notebook(exercise, expected))
            return target, "à côté" if suffix else "neuf"
        if _version(target) == exercise.version:
            return target, "gardé"
    raise AssertionError  # la boucle ne s’arrête que par un retour


def _version(path: Path) -> str | None:
    try:
        return str(read_untrusted(path)["metadata"]["formation"]["version"])
    except (AtelierImpossible, KeyError, TypeError):
        return None
