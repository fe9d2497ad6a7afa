"""Les figures rendent des axes, et leur texte dit vrai."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from matplotlib.axes import Axes

from formation.risques import decision, evaluation, figures


@pytest.fixture(scope="module")
def references():
    """Prévisions des deux références : sans apprentissage, donc immédiates."""
    return evaluation.forecasts(chosen=evaluation.baselines())


@pytest.fixture
def drawn(references):
    _, test = references
    names = (evaluation.PERSISTENCE, evaluation.RAIN_RULE)
    counts = decision.counts(decision.pairs(test, evaluation.PERSISTENCE), [0.5, 1.0, 1.5])
    scores = pd.DataFrame(
        [(horizon, name, csi) for horizon, csi in ((30, 0.8), (60, 0.6), (120, 0.3)) for name in figures.SHOWN],
        columns=["horizon", "methode", "csi"],
    )
    scores.loc[scores["methode"] != evaluation.MODEL, "csi"] = 0.4
    peaks = pd.DataFrame(
        {"vraie": [10.0, 8.0], "modele": [4.0, 4.0], "lineaire": [90.0, 9.0], "physique": [10.5, 7.0],
         "ecart_modele": [-0.6, -0.5]}, index=["B1", "B2"],
    )  # fmt: skip
    mute = pd.DataFrame({"csi": [0.65, 0.0], "csi_garde": [0.65, 0.5]}, index=["aucune", "absent"])
    yield {
        "carte": figures.rain_map("E71"),
        "débits": figures.hydrograph(test, test.rows["id_episode"].iloc[0], "B1", methods=[evaluation.PERSISTENCE]),
        "horizons": figures.csi_by_horizon(scores),
        "valeur": figures.value_curve(decision.value_table(*references, names, (0.05, 0.2, 0.5)), methods=names),
        "seuils": figures.threshold_counts(counts, chosen=1.0),
        "muet": figures.silent_sensor(mute),
        "1988": figures.extrapolation(peaks, ceiling=4.2),
    }
    plt.close("all")


def test_every_figure_is_complete(drawn, plain):
    for name, ax in drawn.items():
        assert isinstance(ax, Axes), name
        assert ax.get_title(loc="left"), name
        assert any("synthétiques" in text.get_text() for text in ax.texts), name
        assert len(figures.description(ax)) > 60, name


def test_titles_state_the_measure(drawn, plain):
    titles = {name: plain(ax.get_title(loc="left")).replace("\n", " ") for name, ax in drawn.items()}
    assert "passe de 0,80 à 0,30" in titles["horizons"]
    assert "passe de 0,65 à 0,00" in titles["muet"]
    assert "55 % de moins" in titles["1988"]


def test_description_lists_where_the_model_wins(drawn, plain):
    assert "dépasse les deux références : 30, 60." in plain(figures.description(drawn["horizons"]))


def test_runaway_forecast_gets_a_logarithmic_axis(drawn):
    assert drawn["1988"].get_yscale() == "log"


def test_legend_hides_no_point_of_the_unseen_storm():
    true = pd.Series([14.6, 13.7, 18.5, 5.3, 7.7, 7.2], index=[f"B{rank}" for rank in range(1, 7)])
    peaks = pd.DataFrame({"vraie": true, "modele": 3.0, "lineaire": true, "logarithme": 110 * true, "physique": true})
    ax = figures.extrapolation(peaks.assign(ecart_modele=-0.7), ceiling=5.0)
    ax.figure.canvas.draw()
    box = ax.get_legend().get_window_extent()
    drawn = [line for line in ax.get_lines() if line.get_marker() != "None"]
    assert len(drawn) == 4
    for line in drawn:
        assert not any(box.contains(x, y) for x, y in line.get_transform().transform(line.get_xydata()))
    plt.close("all")


def test_forecast_is_drawn_at_the_minute_it_announces(references):
    _, test = references
    ax = figures.hydrograph(test, test.rows["id_episode"].iloc[0], "B1", methods=[evaluation.PERSISTENCE])
    lines = {line.get_label(): line.get_xdata() for line in ax.get_lines()}
    told = next(x for name, x in lines.items() if name.startswith("persistance"))
    assert told.min() == test.rows["minute"].min() + test.horizon
    plt.close("all")


def test_hydrograph_of_an_unknown_basin_is_refused(references):
    with pytest.raises(ValueError, match="Pas de prévision"):
        figures.hydrograph(references[1], "E01", "B1")


def test_figures_never_show(monkeypatch):
    monkeypatch.setattr(plt, "show", lambda *a, **k: pytest.fail("show a été appelé"))
    figures.rain_map("E01")
    plt.close("all")
