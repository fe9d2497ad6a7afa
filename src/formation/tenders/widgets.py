"""Panneau de carnet : les poids et les règles bougent, le classement suit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from formation.tenders import reading, report, results
from formation.tenders.offers import CRITERIA, PRICE_METHODS, SILENCE, Market, Offer, checked


def panel(file: str | Path | None = None) -> Any:
    """Panneau interactif.

    Parameters
    ----------
    file : str or Path, optional
        Fichier d’offres ; l’exemple inventé d’Aubeline à défaut.

    Returns
    -------
    ipywidgets.Widget
        Trois curseurs de poids, deux règles, le résultat et un bouton d’enregistrement.
    """
    import ipywidgets as widgets

    market, offers = _load(file)
    weights = {
        name: widgets.IntSlider(value=round(market.poids[name]), min=0, max=100, description=label, style=_WIDE)
        for name, label in CRITERIA.items()
    }
    price = widgets.Dropdown(
        options=list(PRICE_METHODS), value=market.methode_prix, description="Note de prix", style=_WIDE
    )
    silence = widgets.Dropdown(options=list(SILENCE), value=market.silence, description="Silence", style=_WIDE)
    name = widgets.Text(value="analyse.odt", description="Fichier", style=_WIDE)
    save = widgets.Button(description="Enregistrer le document")
    shown, said = widgets.HTML(), widgets.HTML()

    def current() -> results.Result:
        chosen = {key: float(slider.value) for key, slider in weights.items()}
        if not sum(chosen.values()):
            chosen = dict.fromkeys(chosen, 1.0)
        ruled = Market(**{**market.to_dict(), "methode_prix": price.value, "silence": silence.value})
        return results.evaluate(ruled.weighted(**chosen), offers)

    def show(_change: Any = None) -> None:
        from html import escape

        shown.value = f"<pre>{escape(report.text(current()))}</pre>"

    def write(_button: Any) -> None:
        from html import escape

        from formation.errors import FormationError
        from formation.workshop import documents

        try:
            path = documents.write(report.document(current()), name.value, ecraser=False)
            said.value = f"Écrit : {escape(str(path))}"
        except FormationError as error:
            said.value = escape(str(error))

    for control in (*weights.values(), price, silence):
        control.observe(show, names="value")
    save.on_click(write)
    show()
    return widgets.VBox([*weights.values(), price, silence, shown, widgets.HBox([name, save]), said])


_WIDE = {"description_width": "8rem"}


def _load(file: str | Path | None) -> tuple[Market, list[Offer]]:
    if file is not None:
        market, offers, _ = reading.read(file)
        return market, offers
    return checked(reading.parse_text(results.EXAMPLE.read_text(encoding="utf-8"), results.EXAMPLE.name))
