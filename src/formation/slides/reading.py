"""Lire un jeu de diapositives : un en-tête, puis des diapositives séparées par une ligne `---`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from formation.errors import FormationError, reason
from formation.files import open_regular
from formation.forms import parse_yaml
from formation.project import root as project_root
from formation.slides.deck import BLOCKS, COLUMNS, NOTES, Block, Deck, DiaposInvalides, Header, Slide

FOLDER = "book/diapos"
LARGEST = 1_000_000
"""Taille, en octets, au-delà de laquelle un fichier n’est pas un jeu de diapositives."""
_OPEN = re.compile(r"^:::\s*\{?([a-z-]+)\}?(?:\s+(.*))?$")
_CLOSE = re.compile(r"^:::\s*$")
_SPLIT = re.compile(r"^\+\+\+\s*$")
_FENCE = re.compile(r"^```")
Line = tuple[int, str]


def folder() -> Path:
    """Dossier des jeux de diapositives du projet.

    Returns
    -------
    Path

    Raises
    ------
    SourcesIntrouvables
        Si le projet n’est pas là : le paquet seul ne contient pas les textes du livre.
    """
    return project_root(FOLDER) / FOLDER


def names() -> list[str]:
    """Noms des jeux de diapositives du projet.

    Returns
    -------
    list of str
    """
    return sorted(file.stem for file in folder().glob("*.md"))


def path(name: str) -> Path:
    """Fichier d’un jeu de diapositives.

    Parameters
    ----------
    name : str
        Nom, par exemple `cas-eau`.

    Returns
    -------
    Path

    Raises
    ------
    DiaposInvalides
        Si ce jeu n’existe pas.
    """
    file = folder() / f"{name}.md"
    if re.fullmatch(r"[a-z0-9-]+", name) and file.is_file():
        return file
    near = get_close_matches(name, names(), n=3, cutoff=0.3) or names()
    raise DiaposInvalides(
        f"Aucun jeu de diapositives « {name} ». Noms proches : {', '.join(near)}. Liste : formation diapos lister"
    )


def read(name: str | Path) -> Deck:
    """Lit un jeu de diapositives.

    Parameters
    ----------
    name : str or Path
        Nom d’un jeu du projet, ou chemin d’un fichier `.md`.

    Returns
    -------
    Deck

    Raises
    ------
    DiaposInvalides
        Si le jeu n’existe pas ou n’a pas la forme attendue ; tous les défauts sont dits.
    """
    file = Path(name) if str(name).endswith(".md") else path(str(name))
    try:
        with open_regular(file) as stream:
            content = stream.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise DiaposInvalides(f"{file.name} : ce fichier est trop gros pour des diapositives (1 Mo au plus).")
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except OSError as error:
        raise DiaposInvalides(
            f"{file} ne se lit pas : {reason(error)}. Donnez un fichier Markdown, ou un nom de la liste : "
            "formation diapos lister"
        ) from None
    except UnicodeDecodeError:
        raise DiaposInvalides(f"{file.name} ne se lit pas : un texte Markdown en UTF-8 est attendu.") from None
    return parse(text, name=file.stem)


def parse(text: str, *, name: str) -> Deck:
    """Lit le texte d’un jeu de diapositives.

    Parameters
    ----------
    text : str
        Contenu du fichier.
    name : str
        Nom du fichier, sans suffixe ; c’est aussi la valeur de `diapos` dans l’en-tête.

    Returns
    -------
    Deck

    Raises
    ------
    DiaposInvalides
        Si le texte n’a pas la forme attendue ; tous les défauts sont dits, avec leur ligne.
    """
    match = re.match(r"---\n(.*?)\n---\n", text, re.S)
    if not match:
        raise DiaposInvalides(
            f"{name}.md, ligne 1 : il manque l’en-tête entre deux lignes « --- » "
            "(clés : diapos, titre, sujet, duree_min, objectif, pages)."
        )
    problems: list[str] = []
    try:
        header: Header | None = parse_yaml(match.group(1), Header, name=f"{name}.md, en-tête")
    except FormationError as error:
        header, problems = None, [str(error)]
    if header is not None and header.diapos != name:
        problems.append(f"{name}.md, en-tête : « diapos » vaut « {header.diapos} » ; attendu : {name}.")
    first = text[: match.end()].count("\n") + 1
    slides = [_slide(chunk, problems, name) for chunk in _chunks(text[match.end() :], first)]
    if problems or header is None:
        raise DiaposInvalides("\n".join(problems))
    return Deck(header, tuple(slide for slide in slides if slide is not None), text)


def _chunks(body: str, first: int) -> list[list[Line]]:
    chunks: list[list[Line]] = [[]]
    fenced = False
    for number, line in enumerate(body.splitlines(), start=first):
        fenced ^= bool(_FENCE.match(line))
        if line.strip() == "---" and not fenced:
            chunks.append([])
        else:
            chunks[-1].append((number, line))
    return [chunk for chunk in chunks if any(line.strip() for _, line in chunk)]


def _slide(chunk: list[Line], problems: list[str], name: str) -> Slide | None:
    lines = list(chunk)
    while lines and not lines[0][1].strip():
        lines.pop(0)
    start, title = lines[0]
    if not re.match(r"# \S", title):
        problems.append(f"{name}.md, ligne {start} : une diapositive commence par son titre, « # Titre ».")
        return None
    blocks = _blocks(lines[1:], problems, name)
    notes = [block for block in blocks if block.kind == NOTES]
    if len(notes) != 1:
        problems.append(
            f"{name}.md, ligne {start} : il faut un bloc « ::: notes » par diapositive, il y en a {len(notes)}."
        )
    shown = tuple(block for block in blocks if block.kind != NOTES)
    return Slide(title[2:].strip(), shown, notes[0].text if notes else "", start)


def _blocks(lines: list[Line], problems: list[str], name: str) -> tuple[Block, ...]:
    found: list[Block] = []
    plain: list[Line] = []

    def flush() -> None:
        if any(line.strip() for _, line in plain):
            found.append(Block("texte", "", tuple(line for _, line in plain), plain[0][0]))
        plain.clear()

    rest = iter(lines)
    for number, line in rest:
        opening = _OPEN.match(line.strip())
        if opening is None:
            plain.append((number, line))
            continue
        flush()
        kind, argument = opening.group(1), (opening.group(2) or "").strip()
        if kind not in BLOCKS:
            problems.append(f"{name}.md, ligne {number} : bloc « {kind} » inconnu. Blocs : {', '.join(BLOCKS)}.")
        inner, closed = _inside(rest)
        if not closed:
            problems.append(f"{name}.md, ligne {number} : le bloc « {kind} » n’est pas fermé par une ligne « ::: ».")
        found.append(_block(kind, argument, inner, number, problems, name))
    flush()
    return tuple(found)


def _inside(rest: Iterator[Line]) -> tuple[list[Line], bool]:
    inner: list[Line] = []
    depth = 1
    for number, line in rest:
        depth += 1 if _OPEN.match(line.strip()) else -1 if _CLOSE.match(line.strip()) else 0
        if depth == 0:
            return inner, True
        inner.append((number, line))
    return inner, False


def _block(kind: str, argument: str, inner: list[Line], number: int, problems: list[str], name: str) -> Block:
    if kind != COLUMNS:
        return Block(kind, argument, tuple(line for _, line in inner), number)
    columns: list[list[Line]] = [[]]
    for at, line in inner:
        if _SPLIT.match(line):
            columns.append([])
        else:
            columns[-1].append((at, line))
    if len(columns) != 2:
        problems.append(
            f"{name}.md, ligne {number} : « colonnes » attend deux colonnes séparées par une ligne « +++ »."
        )
    return Block(kind, argument, (), number, tuple(_blocks(column, problems, name) for column in columns))
