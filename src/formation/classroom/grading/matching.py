"""Retrouver, dans une copie non vérifiée, à quelle cellule du devoir répond chaque cellule."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from formation.classroom.grading.types import NotebookSnapshot
from formation.classroom.untrusted import MAX_CELLS, TOO_MANY_CELLS

MAX_CELL_CHARS = 200_000
MAX_CHARS = 2_000_000
_TYPES = ("code", "markdown", "raw")


@dataclass(slots=True)
class Piece:
    """Cellule d’une copie, réduite à ce que l’on en garde.

    Parameters
    ----------
    cell_type, source : str
        Type et texte.
    name : str
        Nom nbgrader reconnu, vide pour une cellule du stagiaire.
    base : int
        Rang dans la copie vierge, -1 pour une cellule ajoutée.
    claimed, identifier : str
        Nom et identifiant que la copie prétend avoir.
    """

    cell_type: str
    source: str
    name: str = ""
    base: int = -1
    claimed: str = ""
    identifier: str = ""


def read_pieces(cells: Any, remarks: list[str]) -> list[Piece]:
    """Lit les cellules d’une copie, avec des bornes ; étiquettes, sorties et pièces jointes sont oubliées.

    Parameters
    ----------
    cells : object
        Valeur de `cells` dans la copie, non vérifiée.
    remarks : list of str
        Complétée de ce qui est laissé de côté.

    Returns
    -------
    list of Piece
    """
    pieces: list[Piece] = []
    room = MAX_CHARS
    for rank, cell in enumerate(cells if isinstance(cells, list) else [], start=1):
        if rank > MAX_CELLS:
            remarks.append(f"{TOO_MANY_CELLS}, la suite est ignorée")
            break
        if not isinstance(cell, dict):
            remarks.append(f"la cellule n° {rank} n’est pas une cellule, elle est ignorée")
            continue
        piece = Piece(_text(cell.get("cell_type")), "", claimed=_claimed(cell), identifier=_text(cell.get("id")))
        if piece.cell_type not in _TYPES:
            remarks.append(f"la cellule n° {rank} est d’un type inconnu, elle n’est plus que du texte")
            piece.cell_type = "raw"
        source = _source(cell.get("source", ""), rank, remarks)
        if source is None or len(source) > min(MAX_CELL_CHARS, room):
            remarks.append(f"la cellule n° {rank} est illisible ou démesurée, elle est ignorée")
            continue
        room -= len(source)
        piece.source = source
        if cell.get("attachments"):
            remarks.append(f"l’image collée dans la cellule n° {rank} n’est pas reprise ; voyez la copie reçue")
        pieces.append(piece)
    return pieces


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _claimed(cell: Mapping[str, Any]) -> str:
    metadata = cell.get("metadata")
    grader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return _text(grader.get("grade_id")) if isinstance(grader, dict) else ""


def _source(source: Any, rank: int, remarks: list[str]) -> str | None:
    if isinstance(source, list):
        if not all(isinstance(part, str) for part in source):
            return None
        source = "".join(source)
    if not isinstance(source, str):
        return None
    text = source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    # ni base, ni fichier, ni page n’acceptent un caractère nul ou la moitié d’une paire UTF-16
    clean = text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
    if clean != text:
        remarks.append(f"la cellule n° {rank} contenait des caractères interdits, ils sont retirés")
    return clean


def match(nb: NotebookSnapshot, pieces: list[Piece], remarks: list[str]) -> None:
    """Reconnaît les cellules : par leur nom, sinon leur identifiant, sinon leur texte, sinon leur place.

    Plusieurs cellules peuvent recevoir le même nom (cellule scindée ou copiée).

    Parameters
    ----------
    nb : NotebookSnapshot
        Carnet du formateur.
    pieces : list of Piece
        Cellules de la copie ; `name` et `base` sont renseignés sur place.
    remarks : list of str
        Complétée des cellules reconnues malgré la perte de leur nom.
    """
    ranks = {cell["name"]: rank for rank, cell in enumerate(nb.base) if cell["name"]}
    for piece in pieces:
        if piece.claimed in ranks:
            piece.name, piece.base = piece.claimed, ranks[piece.claimed]
    lost: list[str] = []
    by_id = {cell["id"]: rank for rank, cell in enumerate(nb.base) if cell["id"]}
    for piece in _unmatched(pieces):
        _take(nb, pieces, piece, by_id.get(piece.identifier, -1), lost)
    _match_by_source(nb, pieces, lost)
    _match_by_place(nb, pieces, list(ranks.items()), lost)
    remarks += [f"la cellule « {name} » avait perdu son nom, elle est reconnue" for name in lost]


def _unmatched(pieces: list[Piece]) -> list[Piece]:
    return [piece for piece in pieces if piece.base < 0]


def _take(nb: NotebookSnapshot, pieces: list[Piece], piece: Piece, rank: int, lost: list[str]) -> None:
    if rank < 0 or any(other.base == rank for other in pieces):
        return
    piece.base, piece.name = rank, nb.base[rank]["name"]
    if piece.name:
        lost.append(piece.name)


def _match_by_source(nb: NotebookSnapshot, pieces: list[Piece], lost: list[str]) -> None:
    taken = {piece.base for piece in pieces}
    free: dict[tuple[str, str], list[int]] = {}
    for rank, cell in enumerate(nb.base):
        if rank not in taken and cell["source"].strip():
            free.setdefault((cell["cell_type"], cell["source"].strip()), []).append(rank)
    for piece in _unmatched(pieces):
        ranks = free.get((piece.cell_type, piece.source.strip()))
        if ranks:
            _take(nb, pieces, piece, ranks.pop(0), lost)


def _match_by_place(nb: NotebookSnapshot, pieces: list[Piece], ranks: list[tuple[str, int]], lost: list[str]) -> None:
    """Une réponse sans nom, seule entre les deux cellules du devoir qui l’encadrent, est bien elle."""
    for position, (name, rank) in enumerate(ranks):
        present = {piece.name for piece in pieces}
        around = {ranks[spot][0] for spot in (position - 1, position + 1) if 0 <= spot < len(ranks)}
        if nb.cells[name].solution and name not in present and around and around <= present:
            kind = nb.cells[name].cell_type
            same = [piece for piece in _between(pieces, rank) if piece.base < 0 and piece.cell_type == kind]
            if len(same) == 1:
                _take(nb, pieces, same[0], rank, lost)


def _between(pieces: list[Piece], rank: int) -> Iterator[Piece]:
    """Cellules entre la dernière cellule nommée qui précède ce rang et la première qui le suit."""
    before = [index for index, piece in enumerate(pieces) if piece.name and piece.base < rank]
    start = before[-1] + 1 if before else 0
    for piece in pieces[start:]:
        if piece.name and piece.base > rank:
            return
        yield piece
