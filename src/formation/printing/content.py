"""Le contenu d’une page de PDF : ce qui est peint, et sous quelle marque."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from formation.printing import tree

PAINTING = frozenset(("Tj", "TJ", "'", '"', "f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "sh", "Do", "INLINE IMAGE"))
"""Opérateurs qui laissent une trace sur la page."""
SHOWING = frozenset(("Tj", "TJ", "'", '"'))
"""Opérateurs qui écrivent du texte."""


@dataclass(frozen=True)
class Mark:
    """Une marque ouverte dans le contenu.

    Attributes
    ----------
    tag : str
        Nom de la marque, sans la barre.
    mcid : int or None
        Numéro qui la relie à la structure.
    """

    tag: str
    mcid: int | None

    @property
    def artifact(self) -> bool:
        """Vrai pour un décor : filet, fond, pied de page."""
        return self.tag == "Artifact"


@dataclass(frozen=True)
class Step:
    """Une instruction de la page, et les marques ouvertes quand elle s’exécute (la sienne comprise)."""

    operator: str
    operands: list[Any]
    marks: tuple[Mark, ...]
    opened: bool = False

    @property
    def mcid(self) -> int | None:
        """Numéro de la marque de structure la plus proche."""
        return next((mark.mcid for mark in reversed(self.marks) if mark.mcid is not None), None)


def instructions(page: Any) -> list[Any]:
    """Instructions d’une page.

    Parameters
    ----------
    page : pikepdf.Page
        Page.

    Returns
    -------
    list
        Couples opérandes, opérateur.
    """
    import pikepdf

    return list(pikepdf.parse_content_stream(page))


def steps(parsed: Iterable[Any]) -> Iterator[Step]:
    """Suit les marques d’une page.

    Parameters
    ----------
    parsed : iterable
        Instructions, telles que :func:`instructions` les rend.

    Yields
    ------
    Step
        Une par instruction, dans l’ordre.
    """
    marks: list[Mark] = []
    for one in parsed:
        operator, operands = str(one.operator), list(one.operands)
        opened = operator in ("BMC", "BDC")
        if opened:
            marks.append(_mark(operands))
        yield Step(operator, operands, tuple(marks), opened)
        if operator == "EMC" and marks:
            marks.pop()


def _mark(operands: list[Any]) -> Mark:
    tag = str(operands[0]).removeprefix("/")
    properties: Any = operands[1] if len(operands) > 1 else None
    mcid = properties.get("/MCID") if tree.is_dictionary(properties) else None
    return Mark(tag, None if mcid is None else int(mcid))


def glyphs(step: Step) -> bytes:
    """Octets que montre une instruction de texte, sans les réglages d’espacement.

    Parameters
    ----------
    step : Step
        Instruction `Tj`, `TJ`, `'` ou `"`.

    Returns
    -------
    bytes
    """
    import pikepdf

    if not step.operands:
        return b""
    shown = step.operands[-1]
    pieces = list(shown) if isinstance(shown, pikepdf.Array) else [shown]
    return b"".join(bytes(piece) for piece in pieces if isinstance(piece, pikepdf.String))
