"""Couleurs et pictogrammes des sujets du livre, partagés par ses pages et par toutes les figures.

Un sujet est un des six cas, ou un chapitre qui a comme eux son étude, ses exercices, son quiz et ses chiffres.

Les teintes ont été choisies pour rester distinctes dans les trois formes courantes de daltonisme et pour
garder un contraste d’au moins 4,5 sur les fonds clair et sombre du livre ; `tests/test_palette.py` le vérifie.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True)
class CaseStyle:
    """Identité visuelle d’un cas ou d’un chapitre : nom affiché, deux teintes et le tracé du pictogramme.

    Attributes
    ----------
    name : str
        Nom affiché, par exemple « Eau ».
    light, dark : str
        Teintes hexadécimales sur fond clair et sur fond sombre.
    pictogram : str
        Contenu d’un élément `svg` de 32 × 32 unités, tracé au trait.
    """

    name: str
    light: str
    dark: str
    pictogram: str


CASES: dict[str, CaseStyle] = {
    "usagers": CaseStyle(
        "Relation aux usagers",
        "#7a2873",
        "#f39bb8",
        '<circle cx="11" cy="12" r="4.5"/><path d="M3 27c0-5 3.4-8.5 8-8.5s8 3.5 8 8.5"/>'
        '<path d="M18.5 4.5H28a1.5 1.5 0 0 1 1.5 1.5v6.5A1.5 1.5 0 0 1 28 14h-3l-3.5 3.5V14"/>',
    ),
    "securite": CaseStyle(
        "Sécurité",
        "#5f3bc6",
        "#8f92ff",
        '<path d="M16 3.5 27 7v8.5c0 6.300-4.400 10.700-11 13-6.600-2.300-11-6.700-11-13V7z"/>'
        '<circle cx="16" cy="13" r="3"/><path d="M10.5 21.5c.6-2.900 2.700-4.5 5.5-4.5s4.900 1.600 5.5 4.5"/>',
    ),
    "dechets": CaseStyle(
        "Déchets",
        "#07493e",
        "#1ce696",
        '<path d="M7 10h18l-1.700 17.5a1.5 1.5 0 0 1-1.5 1.5H10.200a1.5 1.5 0 0 1-1.5-1.5z"/>'
        '<path d="M4.5 10h23M12.5 10V5.5h7V10"/><path d="M13 15.5l.6 8M19 15.5l-.6 8"/>',
    ),
    "eau": CaseStyle(
        "Eau",
        "#0a66a8",
        "#62b5f0",
        '<path d="M16 3.5c4 5 6.5 8.200 6.5 11.5a6.5 6.5 0 0 1-13 0C9.5 11.700 12 8.5 16 3.5z"/>'
        '<path d="M13 15.5a3 3 0 0 0 2.5 2.900"/><path d="M2.5 25.5h27M2.5 29h27M11 23v8M21 23v8"/>',
    ),
    "risques": CaseStyle(
        "Risques naturels",
        "#6c2908",
        "#ee8560",
        '<path d="M7 17v-5.5L16 4.5l9 7V17"/><path d="M13 17v-4.5h6V17"/>'
        '<path d="M2.5 22.5c2.3 0 2.3-2 4.5-2s2.3 2 4.5 2 2.3-2 4.5-2 2.3 2 4.5 2 2.3-2 4.5-2 2.3 2 4.5 2"/>'
        '<path d="M2.5 28c2.3 0 2.3-2 4.5-2s2.3 2 4.5 2 2.3-2 4.5-2 2.3 2 4.5 2 2.3-2 4.5-2 2.3 2 4.5 2"/>',
    ),
    "mobilites": CaseStyle(
        "Mobilités",
        "#816010",
        "#ead045",
        '<circle cx="7.5" cy="21.5" r="5"/><circle cx="24.5" cy="21.5" r="5"/>'
        '<path d="M7.5 21.5l5-10.5h8.5l3.5 10.5M12.5 11l5 10.5M21 11l-3.5 10.5H7.5M10.5 8h4M19.5 7h3.5"/>',
    ),
}
"""Les six cas, dans l’ordre du rapport."""

CHAPTERS: dict[str, CaseStyle] = {
    "comite": CaseStyle(
        "Comité de la donnée",
        "#5f6b76",
        "#d5e3ee",
        '<circle cx="16" cy="16" r="5.5"/><circle cx="16" cy="4.5" r="2"/><circle cx="26" cy="10.2" r="2"/>'
        '<circle cx="26" cy="21.800" r="2"/><circle cx="16" cy="27.5" r="2"/><circle cx="6" cy="21.800" r="2"/>'
        '<circle cx="6" cy="10.2" r="2"/>',
    ),
}
"""Chapitres du livre qui ne sont pas un cas."""

_PART_TINTS = ("#2f4858", "#c3d5e0")
PARTS: dict[str, CaseStyle] = {
    "demystifier": CaseStyle(
        "Démystifier",
        *_PART_TINTS,
        '<circle cx="13.5" cy="13.5" r="8.5"/><path d="M19.800 19.800 28 28"/>'
        '<path d="M10.5 11.5a3 3 0 1 1 4.200 2.700c-.8.4-1.200.9-1.200 1.800M13.5 18.5v.01"/>',
    ),
    "conduire": CaseStyle(
        "Conduire un projet",
        *_PART_TINTS,
        '<path d="M4 26h24M7 26V15h5v11M13.5 26V9.5h5V26M20 26V4.5h5V26"/>',
    ),
    "securiser": CaseStyle(
        "Sécuriser",
        *_PART_TINTS,
        '<rect x="6" y="14" width="20" height="14" rx="2"/><path d="M10.5 14V9.5a5.5 5.5 0 0 1 11 0V14M16 19.5v3.5"/>',
    ),
    "citoyens": CaseStyle(
        "Une IA éthique et citoyenne",
        *_PART_TINTS,
        '<circle cx="10" cy="9" r="4"/><circle cx="22" cy="9" r="4"/>'
        '<path d="M3.5 26c0-5 2.700-8.5 6.5-8.5s6.5 3.5 6.5 8.5"/>'
        '<path d="M16.5 20c1.200-1.600 3.100-2.5 5.5-2.5 3.800 0 6.5 3.5 6.5 8.5"/>',
    ),
    "animer": CaseStyle(
        "Animer une formation",
        *_PART_TINTS,
        '<rect x="4" y="4.5" width="24" height="15" rx="1.5"/><path d="M9 10h9M9 14h6M16 19.5V23M10 28l6-5 6 5"/>',
    ),
}
"""Parties du livre qui rassemblent des chapitres courts, chacun avec son quiz ; toutes ont la même teinte."""

SUBJECTS: dict[str, CaseStyle] = {**CASES, **CHAPTERS, **PARTS}
"""Tous les sujets : les six cas, les chapitres, puis les parties."""

INK, INK_DARK = "#18222d", "#e7ecf1"
MUTED, MUTED_DARK = "#4c5a68", "#a9b6c3"
RULE, RULE_DARK = "#d5dce3", "#34414e"
PAPER, PAPER_DARK = "#ffffff", "#12181f"
TINT, TINT_DARK = "#f3f6f9", "#1b242e"

SERIES: tuple[str, ...] = ("#0a66a8", "#c2500b", "#5b6672", "#7a2873", "#0d7a5f", "#816010")
"""Teintes des séries d’une figure, de la plus importante à la moins importante ; la première est celle de l’eau."""
SERIES_DARK: tuple[str, ...] = ("#62b5f0", "#f2905a", "#a7b3bf", "#f39bb8", "#35d0a0", "#ead045")
"""Les mêmes séries sur fond sombre, dans le même ordre."""
DASHES: tuple[tuple[int, ...], ...] = ((), (6, 3), (2, 2), (8, 3, 2, 3), (4, 4), (1, 3))
"""Pointillés des séries : la couleur n’est jamais seule à distinguer deux courbes."""


def colour(subject: str, *, dark: bool = False) -> str:
    """Teinte d’un sujet.

    Parameters
    ----------
    subject : str
        Identifiant du cas ou du chapitre, par exemple `"eau"`.
    dark : bool
        Vrai pour la teinte du fond sombre.

    Returns
    -------
    str
        Couleur hexadécimale.

    Raises
    ------
    KeyError
        Si le sujet n’existe pas.

    Examples
    --------
    >>> colour("eau")
    '#0a66a8'
    """
    style = SUBJECTS[subject]
    return style.dark if dark else style.light


def pictogram(subject: str, *, size: int = 32) -> str:
    """Pictogramme d’un sujet, en SVG à insérer dans une page ; décoratif, donc caché aux lecteurs d’écran.

    Parameters
    ----------
    subject : str
        Identifiant du cas ou du chapitre.
    size : int
        Côté du dessin, en pixels CSS.

    Returns
    -------
    str
        Élément `svg` complet, tracé dans la couleur du texte qui l’entoure.

    Raises
    ------
    KeyError
        Si le sujet n’existe pas.

    Examples
    --------
    >>> pictogram("eau").startswith('<svg class="pictogramme"')
    True
    """
    return (
        f'<svg class="pictogramme" viewBox="0 0 32 32" width="{size}" height="{size}" fill="none" '
        'stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" '
        f'aria-hidden="true" focusable="false">{SUBJECTS[subject].pictogram}</svg>'
    )


def contrast(first: str, second: str) -> float:
    """Rapport de contraste de deux couleurs selon les règles d’accessibilité (WCAG 2).

    Parameters
    ----------
    first, second : str
        Couleurs hexadécimales, par exemple `"#0a66a8"`.

    Returns
    -------
    float
        Rapport entre 1 (identiques) et 21 (noir sur blanc).

    Examples
    --------
    >>> contrast("#000000", "#ffffff")
    21.0
    """

    def luminance(value: str) -> float:
        channels = [int(value[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(first), luminance(second)))
    return round((high + 0.05) / (low + 0.05), 2)


def figure_style() -> dict[str, Any]:
    """Réglages matplotlib communs à toutes les figures.

    Returns
    -------
    dict
        Réglages à passer à `matplotlib.rc_context` ou à `matplotlib.rcParams.update`.

    Examples
    --------
    >>> figure_style()["axes.spines.top"]
    False
    """
    from cycler import cycler

    styles = [(0, dash) if dash else "-" for dash in DASHES]
    return {
        "figure.figsize": (7.2, 4.3),
        "figure.dpi": 110,
        "figure.facecolor": PAPER,
        "savefig.facecolor": PAPER,
        "savefig.bbox": "tight",
        "font.family": "sans-serif",
        "font.sans-serif": ["DejaVu Sans"],
        "font.size": 10.5,
        "text.color": INK,
        "axes.titlesize": 12,
        "axes.titleweight": "bold",
        "axes.titlelocation": "left",
        "axes.titlepad": 12,
        "axes.labelcolor": INK,
        "axes.edgecolor": MUTED,
        "axes.linewidth": 0.8,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": True,
        "axes.axisbelow": True,
        "axes.prop_cycle": cycler(color=SERIES, linestyle=styles),
        "grid.color": RULE,
        "grid.linewidth": 0.8,
        "xtick.color": MUTED,
        "ytick.color": MUTED,
        "lines.linewidth": 2.2,
        "legend.frameon": False,
    }


def apply_style() -> None:
    """Applique le style commun aux figures matplotlib de la session.

    Examples
    --------
    >>> apply_style()
    """
    import matplotlib as mpl

    mpl.rcParams.update(figure_style())  # type: ignore[arg-type]


def new_axes() -> Axes:
    """Axes neufs au style commun, sans changer les réglages de la session.

    Returns
    -------
    Axes
        Axes d’une figure neuve, jamais affichée ici.

    Examples
    --------
    >>> new_axes().spines["top"].get_visible()
    False
    """
    import matplotlib.pyplot as plt

    style: Any = figure_style()
    # Le moteur d’affichage de Jupyter s’active ici : dans le contexte, son réglage serait défait à la sortie et les
    # figures suivantes ne s’afficheraient plus.
    plt.draw_if_interactive()  # type: ignore[no-untyped-call]
    with plt.rc_context(style):
        _, axes = plt.subplots(layout="constrained")
    return axes


def vega_config() -> dict[str, Any]:
    """Réglages Vega-Lite communs aux figures interactives ; le livre les ajoute à chaque figure.

    Returns
    -------
    dict
        Valeur de la clé `config` d’une figure Vega-Lite.

    Examples
    --------
    >>> vega_config()["background"]
    'transparent'
    """
    axis = {"domainColor": MUTED, "tickColor": MUTED, "gridColor": RULE, "labelColor": MUTED, "titleColor": INK}
    font = "system-ui, sans-serif"
    return {
        "background": "transparent",
        "font": font,
        "view": {"stroke": None},
        "axis": {**axis, "labelFontSize": 13, "titleFontSize": 13, "titleFontWeight": "normal", "titlePadding": 10},
        "legend": {"labelColor": INK, "titleColor": INK, "labelFontSize": 13, "titleFontSize": 13}
        | {"symbolSize": 120, "labelLimit": 260},
        "title": {"color": INK, "subtitleColor": MUTED, "anchor": "start", "fontSize": 15},
        "range": {"category": list(SERIES)},
        "line": {"strokeWidth": 2.5},
        "text": {"color": INK, "fontSize": 13},
        "rule": {"color": INK},
    }
