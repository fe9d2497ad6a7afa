"""Panneau du cas, dans un carnet : régler le lieu, le seuil et la veille, voir ce que l’opérateur reçoit."""

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import Any

from formation.numbers import number, percent, plural
from formation.securite import decision
from formation.securite.interactive import NAMES, Rates, grid

ELSEWHERE = "ailleurs"
PLACES = tuple((name, place) for place, name in NAMES.items())
FREQUENCIES = (0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001, 0.0005, 0.0002, 0.0001)
"""Parts du temps en danger proposées quand on extrapole."""
_REFERENCE = 0.01


def rates(place: str, threshold: float, prevalence: float = _REFERENCE) -> Rates:
    """Alertes par heure dans un lieu mesuré, ou extrapolées à une autre fréquence du danger.

    Parameters
    ----------
    place : str
        Lieu mesuré, ou `"ailleurs"`.
    threshold : float
        Seuil d’alerte du modèle.
    prevalence : float
        Part du temps en danger, quand on extrapole.

    Returns
    -------
    formation.securite.interactive.Rates
        Dangers, alertes vraies et fausses, par heure de veille.
    """
    found = _measured(round(threshold, 3))
    if place != ELSEWHERE:
        return found[place]
    base, times = found[ELSEWHERE], prevalence / _REFERENCE
    # Les dangers se raréfient, les fausses alertes non.
    return Rates(prevalence, threshold, "", base.episodes * times, base.missed * times, base.true * times, base.false)


def sentence(found: Rates, hours: float, minutes: float) -> str:
    """Constat en une phrase, pour un réglage donné.

    Parameters
    ----------
    found : Rates
        Résultat de :func:`rates`.
    hours : float
        Durée de la veille.
    minutes : float
        Temps pour vérifier une alerte, en minutes.

    Returns
    -------
    str
        Alertes, alertes vraies, charge de l’opérateur et dangers non signalés.
    """
    load = decision.operator_load(found.alarms, hours=hours, minutes=minutes)
    how = "mesuré" if found.place else "extrapolé"
    busy = (
        f"les vérifier prend {percent(load['part_du_temps'])} de la veille"
        if load["part_du_temps"] <= 1
        else f"les vérifier demanderait {number(load['part_du_temps'], 1)} opérateurs"
    )
    right = "aucune" if not found.alarms else f"{number(100 * found.precision, 1)} sur\u00a0100"
    return (
        f"Danger présent {percent(found.prevalence, 2)} du temps ({how}), seuil {number(found.threshold, 2)}. En "
        f"{number(hours)}\u00a0h, {plural(round(load['alertes']), 'alerte')}, dont {number(found.true * hours, 1)} "
        f"vraies ({right})\u00a0; {busy}. Dangers non signalés\u00a0: {number(found.missed * hours, 1)} sur "
        f"{number(found.episodes * hours, 1)}."
    )


class Explorer:
    """Panneau de réglages ; `widget` est ce qu’un carnet affiche.

    Attributes
    ----------
    widget : ipywidgets.VBox
        Panneau complet.
    place : ipywidgets.Dropdown
        Lieu mesuré, ou autre fréquence du danger.
    prevalence : ipywidgets.SelectionSlider
        Part du temps en danger, quand le lieu est « ailleurs ».
    threshold, hours, minutes : curseurs
        Seuil d’alerte, durée de la veille, temps pour vérifier une alerte.
    finding : ipywidgets.HTML
        Constat en une phrase, mis à jour à chaque réglage.
    """

    def __init__(self) -> None:
        import ipywidgets as w

        shape: dict[str, Any] = {
            "layout": w.Layout(width="min(100%, 38rem)"),
            "style": {"description_width": "16rem"},
        }
        options = [*PLACES, ("autre fréquence, extrapolée", ELSEWHERE)]
        self.place = w.Dropdown(options=options, value="soiree", description="Lieu", **shape)
        self.prevalence = w.SelectionSlider(
            options=[(f"{number(100 * share, 2)}\u00a0%", share) for share in FREQUENCIES],
            value=0.001, description="Danger présent (part du temps)", disabled=True, **shape,
        )  # fmt: skip
        self.threshold = w.FloatSlider(
            value=0.5, min=0.05, max=0.95, step=0.05, description="Seuil d’alerte", continuous_update=False, **shape
        )
        self.hours = w.IntSlider(6, 1, 12, 1, description="Durée de la veille (h)", **shape)
        self.minutes = w.FloatSlider(
            value=decision.MINUTES, min=0.5, max=10, step=0.5, description="Vérifier une alerte (min)", **shape
        )
        self.finding, self.plot = w.HTML(), w.HTML()
        controls = (self.place, self.prevalence, self.threshold, self.hours, self.minutes)
        self.widget = w.VBox([*controls, self.finding, self.plot])
        for control in controls:
            control.observe(self._update, names="value")
        self._update()

    def _update(self, _: Any = None) -> None:
        self.prevalence.disabled = self.place.value != ELSEWHERE
        here = rates(self.place.value, self.threshold.value, self.prevalence.value)
        text = sentence(here, self.hours.value, self.minutes.value)
        self.finding.value = f'<p role="status" aria-live="polite">{escape(text)}</p>'
        rows = [(name, rates(place, self.threshold.value)) for name, place in PLACES]
        if not here.place:
            rows.append((f"extrapolé, {percent(here.prevalence, 2)}", here))
        self.plot.value = _svg(rows, here, text)

    def _ipython_display_(self) -> None:
        from IPython.display import display

        display(self.widget)  # type: ignore[no-untyped-call]


def explore() -> Explorer:
    """Ouvre le panneau du cas dans un carnet.

    Returns
    -------
    Explorer
        Panneau ; la dernière ligne d’une cellule suffit à l’afficher.
    """
    return Explorer()


@lru_cache(maxsize=32)
def _measured(threshold: float) -> dict[str, Rates]:
    return {found.place or ELSEWHERE: found for found in grid(thresholds=(threshold,), prevalences=(_REFERENCE,))}


def _svg(rows: list[tuple[str, Rates]], here: Rates, text: str) -> str:
    """Barres en SVG : un dessin si léger que le curseur répond tout de suite."""
    from formation.palette import INK, MUTED, PAPER, RULE, SERIES

    width, row_height, left, top = 560, 40, 150, 30
    height = top + row_height * len(rows) + 40
    most = max(found.alarms for _, found in rows) or 1.0

    def x(value: float) -> float:
        return left + value / most * (width - left - 120)

    parts = [f'<rect width="{width}" height="{height}" fill="{PAPER}"/>']
    for rank, name in enumerate(("alertes vraies", "fausses alertes")):
        start = left + 130 * rank
        parts.append(f'<rect x="{start}" y="8" width="14" height="10" fill="{SERIES[rank]}"/>')
        parts.append(f'<text x="{start + 20}" y="17" fill="{INK}">{name}</text>')
    parts.append(f'<path d="M{left} {top}V{height - 34}" stroke="{RULE}"/>')
    for line, (name, found) in enumerate(rows):
        y = top + row_height * line + 8
        weight = ' font-weight="bold"' if found == here else ""
        parts.append(f'<text x="{left - 8}" y="{y + 17}" text-anchor="end" fill="{INK}"{weight}>{escape(name)}</text>')
        ends = (left, x(found.true), x(found.alarms))
        parts += [
            f'<rect x="{ends[rank]:.1f}" y="{y}" width="{max(ends[rank + 1] - ends[rank], 0):.1f}" height="24" '
            f'fill="{SERIES[rank]}"/>'
            for rank in range(2)
        ]
        label = f"{number(100 * found.precision, 1)}\u00a0% vraies" if found.alarms else "aucune alerte"
        parts.append(f'<text x="{ends[2] + 6:.1f}" y="{y + 17}" fill="{INK}"{weight}>{label}</text>')
    below = f"Alertes par heure de veille, jusqu’à {number(most, 1)} · données synthétiques"
    parts.append(f'<text x="{(left + width) / 2:.0f}" y="{height - 12}" text-anchor="middle">{below}</text>')
    return (
        f'<svg viewBox="0 0 {width} {height}" style="width:min(100%,{width}px);font:12px sans-serif" fill="{MUTED}" '
        f'role="img" aria-label="{escape(text)}">{"".join(parts)}</svg>'
    )
