"""Morceaux de page du rapport : tableaux, listes et barres, accessibles et imprimables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from formation.palette import INK, SERIES

_ROW, _LABEL, _BAR = 30, 110, 480
_FILLS = ((SERIES[0], "#ffffff"), (SERIES[1], "#ffffff"), ("#d5dce3", INK), ("#ffffff", INK))


def paragraph(text: str, kind: str = "") -> str:
    """Paragraphe, texte échappé.

    Parameters
    ----------
    text : str
        Texte.
    kind : str
        Classe de mise en forme ; vide pour un paragraphe ordinaire.

    Returns
    -------
    str
        HTML.

    Examples
    --------
    >>> paragraph("a < b")
    '<p>a &lt; b</p>'
    """
    return f'<p class="{kind}">{escape(text)}</p>' if kind else f"<p>{escape(text)}</p>"


def bullets(points: Iterable[str]) -> str:
    """Liste à puces, textes échappés.

    Parameters
    ----------
    points : iterable of str
        Textes.

    Returns
    -------
    str
        HTML.
    """
    return f"<ul>{''.join(f'<li>{escape(point)}</li>' for point in points)}</ul>"


def table(caption: str, header: Sequence[str], rows: Iterable[Sequence[str]], kind: str = "") -> str:
    """Tableau légendé ; la première case d’une ligne en est le titre.

    Parameters
    ----------
    caption : str
        Légende.
    header : sequence of str
        En-têtes.
    rows : iterable of sequence of str
        Cases, déjà écrites à la française.
    kind : str
        Classe de mise en forme du tableau ; vide pour un tableau ordinaire.

    Returns
    -------
    str
        HTML, textes échappés.
    """
    head = "".join(f'<th scope="col">{escape(title)}</th>' for title in header)
    lines = []
    for first, *rest in rows:
        cells = "".join(f"<td{_right(cell)}>{escape(cell)}</td>" for cell in rest)
        lines.append(f'<tr><th scope="row">{escape(first)}</th>{cells}</tr>')
    start = f'<table class="{kind}">' if kind else "<table>"
    return (
        f'<div class="defile" tabindex="0" role="region" aria-label="{escape(caption)}">{start}'
        f"<caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table></div>"
    )


def _right(cell: str) -> str:
    return ' class="nombre"' if cell[:1].isdigit() and len(cell) < 12 else ""


@dataclass(frozen=True, slots=True)
class Bar:
    """Barre empilée : un nom court et ses effectifs."""

    label: str
    counts: tuple[int, ...]


def stacked_bars(title: str, names: Sequence[str], bars: Sequence[Bar]) -> str:
    """Barres empilées, avec une phrase par barre pour qui ne les voit pas.

    Parameters
    ----------
    title : str
        Titre, qui dit ce que l’on compte.
    names : sequence of str
        Nom de chaque part, quatre au plus, dans l’ordre des effectifs.
    bars : sequence of Bar
        Barres.

    Returns
    -------
    str
        Figure HTML ; vide s’il n’y a rien à montrer.

    Examples
    --------
    >>> "3 atteint" in stacked_bars("Résultats", ["atteint"], [Bar("Objectif 1", (3,))])
    True
    """
    largest = max((sum(bar.counts) for bar in bars), default=0)
    if not largest:
        return ""
    height = _ROW * len(bars) + 30
    text = " ; ".join(
        f"{bar.label} : " + ", ".join(f"{n} {name}" for n, name in zip(bar.counts, names, strict=True)) for bar in bars
    )
    parts = [_legend(names)]
    for rank, bar in enumerate(bars):
        parts.append(_bar(bar, 30 + rank * _ROW, _BAR / largest))
    return (
        f'<figure><svg role="img" viewBox="0 0 {_LABEL + _BAR + 10} {height}" width="100%" '
        f'font-family="DejaVu Sans, sans-serif" font-size="13"><title>{escape(title)}. {escape(text)}.</title>'
        f"{''.join(parts)}</svg><figcaption>{escape(title)}</figcaption></figure>"
    )


def _legend(names: Sequence[str]) -> str:
    parts = []
    for rank, name in enumerate(names):
        x = _LABEL + rank * 125
        parts.append(f'<rect x="{x}" y="4" width="14" height="14" fill="{_FILLS[rank][0]}" stroke="{INK}"/>')
        parts.append(f'<text x="{x + 20}" y="16" fill="{INK}">{escape(name)}</text>')
    return "".join(parts)


def _bar(bar: Bar, y: float, unit: float) -> str:
    parts = [f'<text x="0" y="{y + 18}" fill="{INK}">{escape(bar.label)}</text>']
    x = float(_LABEL)
    for (fill, ink), count in zip(_FILLS, bar.counts, strict=False):
        if count:
            width = count * unit
            parts.append(
                f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="24" fill="{fill}" stroke="{INK}" '
                f'stroke-width="1"/><text x="{x + width / 2:.1f}" y="{y + 17}" fill="{ink}" '
                f'text-anchor="middle">{count}</text>'
            )
            x += width
    return "".join(parts)
