"""Remettre dans l’ordre les cellules du devoir, sans déranger celles du stagiaire."""

from bisect import bisect_left

from formation.classroom.grading.matching import Piece
from formation.classroom.grading.types import NotebookSnapshot


def choose_keepers(nb: NotebookSnapshot, pieces: list[Piece], remarks: list[str]) -> None:
    """Garde un seul porteur par nom ; les autres cellules du même nom deviennent des cellules ordinaires.

    nbgrader garde la dernière. On garde la dernière qui soit remplie et à sa place : une réponse scindée en deux
    s’exécute alors dans l’ordre, et une copie vierge collée en bas n’efface pas une réponse.

    Parameters
    ----------
    nb : NotebookSnapshot
        Carnet du formateur.
    pieces : list of Piece
        Cellules reconnues par `match`, modifiées sur place.
    remarks : list of str
        Complétée des cellules scindées ou en double.
    """
    holders: dict[str, list[int]] = {}
    for index, piece in enumerate(pieces):
        if piece.name:
            holders.setdefault(piece.name, []).append(index)
    alone = sorted((indexes[0], pieces[indexes[0]].base) for indexes in holders.values() if len(indexes) == 1)
    settled = [alone[rank] for rank in _rising([base for _index, base in alone])]
    for name, indexes in holders.items():
        if len(indexes) == 1:
            continue
        keeper = _keeper(nb, pieces, indexes, settled)
        identical = len({pieces[index].source.strip() for index in indexes}) == 1
        for index in indexes:
            if index != keeper:
                pieces[index].name, pieces[index].base = "", -1
        word = "en double" if identical else "scindée ou copiée"
        remarks.append(f"la cellule « {name} » était {word} ; le texte en trop est gardé comme cellule ordinaire")


def _keeper(nb: NotebookSnapshot, pieces: list[Piece], indexes: list[int], settled: list[tuple[int, int]]) -> int:
    base = pieces[indexes[0]].base
    low = max((index for index, rank in settled if rank < base), default=-1)
    high = min((index for index, rank in settled if rank > base), default=len(pieces))
    placed = [index for index in indexes if low < index < high]
    blank = nb.base[base]["source"].split()
    filled = [index for index in placed or indexes if pieces[index].source.split() not in (blank, [])]
    if placed:
        return filled[-1] if filled else placed[-1]
    return filled[0] if filled else indexes[0]


def _rising(values: list[int]) -> list[int]:
    """Rangs d’une plus longue suite croissante.

    Examples
    --------
    >>> _rising([4, 0, 1, 2])
    [1, 2, 3]
    """
    tails: list[int] = []
    tail_ranks: list[int] = []
    previous: list[int] = []
    for rank, value in enumerate(values):
        spot = bisect_left(tails, value)
        previous.append(tail_ranks[spot - 1] if spot else -1)
        tails[spot : spot + 1] = [value]
        tail_ranks[spot : spot + 1] = [rank]
    chosen: list[int] = []
    rank = tail_ranks[-1] if tail_ranks else -1
    while rank >= 0:
        chosen.append(rank)
        rank = previous[rank]
    return chosen[::-1]


def restore_order(pieces: list[Piece], remarks: list[str]) -> list[Piece]:
    """Remet à leur place les cellules du devoir déplacées ; les autres cellules ne bougent pas.

    Parameters
    ----------
    pieces : list of Piece
        Cellules, un seul porteur par nom.
    remarks : list of str
        Complétée des cellules déplacées.

    Returns
    -------
    list of Piece
    """
    named = [index for index, piece in enumerate(pieces) if piece.name]
    settled = {named[rank] for rank in _rising([pieces[index].base for index in named])}
    moved = [pieces[index] for index in named if index not in settled]
    if not moved:
        return pieces
    kept = [piece for index, piece in enumerate(pieces) if not piece.name or index in settled]
    for piece in sorted(moved, key=lambda item: item.base):
        kept.insert(_place(kept, piece.base, late=True), piece)
        remarks.append(f"la cellule « {piece.name} » était déplacée, elle est remise à sa place")
    return kept


def put_back(nb: NotebookSnapshot, pieces: list[Piece], remarks: list[str]) -> list[Piece]:
    """Remet les cellules verrouillées ou notées qui manquent.

    Parameters
    ----------
    nb : NotebookSnapshot
        Carnet du formateur.
    pieces : list of Piece
        Cellules dans l’ordre.
    remarks : list of str
        Complétée des cellules qui manquaient.

    Returns
    -------
    list of Piece
    """
    kept = list(pieces)
    present = {piece.name for piece in pieces}
    for rank, base in enumerate(nb.base):
        known = nb.cells.get(base["name"])
        if known is None or known.name in present:
            continue
        graded = known.grade or known.task
        if not (known.locked or graded):
            remarks.append(f"la réponse « {known.name} » est effacée de la copie")
            continue
        piece = Piece(known.cell_type, base["source"], name=known.name, base=rank)
        kept.insert(_place(kept, rank, late=graded), piece)
        remarks.append(f"la cellule « {known.name} » manquait, elle est remise")
    return kept


def _place(pieces: list[Piece], rank: int, *, late: bool) -> int:
    """Où insérer une cellule du devoir : un contrôle passe après les ajouts du stagiaire, une préparation avant."""
    before = [index for index, piece in enumerate(pieces) if piece.name and piece.base < rank]
    start = before[-1] + 1 if before else 0
    later = (index for index in range(start, len(pieces)) if pieces[index].base > rank)
    return next(later, len(pieces)) if late else start
