"""L’essai sur les mesures d’une collectivité : épisodes entiers, références, droite, et le refus de conclure."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from formation import risques
from formation.reports import RapportImpossible
from formation.risques import own_data, own_episodes, own_features, own_reading, own_report, own_scores

NAMES = {"station": "id_bassin", "instant": "date_heure", "pluie": "pluie_mm_h", "debit": "debit_m3_s"}
TODAY = pd.Timestamp("2026-11-22")


@pytest.fixture(scope="module")
def file(own_series, tmp_path_factory):
    path = tmp_path_factory.mktemp("mesures") / "stations.csv"
    own_series.rename(columns=NAMES).to_csv(path, index=False, sep=";", decimal=",")
    return path


@pytest.fixture(scope="module")
def series(file):
    return own_reading.read(file, today=TODAY)


@pytest.fixture(scope="module")
def result(series):
    return own_data.compare(series, draws=100)


@pytest.fixture(scope="module")
def cut(series):
    return own_episodes.cut(series.grid)


def test_episodes_are_the_storms_of_the_series(cut, own_series):
    storms = own_series.groupby([own_series["instant"].dt.date, "station"])["pluie"].sum() / 12
    wet = storms.groupby(level=0).max()
    assert 0.8 * (wet >= own_episodes.LEAST_MM).sum() <= len(cut.bounds) <= (wet > 0).sum()
    assert (np.diff(cut.bounds.ravel()) > 0).all()


def test_sets_follow_time_and_never_share_a_storm(cut):
    order = [own_episodes.SETS.index(name) for name in cut.sets]
    assert order == sorted(order)
    assert set(cut.sets) == set(own_episodes.SETS)


def test_panel_never_looks_ahead(series, cut):
    limits, _ = own_episodes.thresholds(cut, series.basins, {})
    before = own_features.panel(series.grid, cut, limits)
    first, last = cut.bounds[3]
    later = own_reading.OwnSeries(series.basins, series.grid, series.zone)
    rain, flow = series.grid.rain.copy(), series.grid.flow.copy()
    middle = (first + last) // 2
    later.grid = own_data.own_reading.own_grid.Grid(rain, flow, series.grid.start, series.grid.step_min)
    rain[:, middle:], flow[:, middle:] = 99.0, 99.0
    after = own_features.panel(later.grid, cut, limits)
    seen = (before["episode"] == 3) & (before["pas"] < middle - first)
    assert seen.any()
    assert not before[~seen].equals(after[~seen])
    pd.testing.assert_frame_equal(
        before.loc[seen, list(own_features.COLUMNS)], after.loc[seen, list(own_features.COLUMNS)]
    )


def test_table_has_four_methods_and_three_horizons(result):
    pairs = result.table[["horizon_min", "methode"]].to_numpy().tolist()
    assert pairs == [[h, name] for h in (30, 60, 120) for name in own_scores.METHODS]
    csi = result.table.set_index(["horizon_min", "methode"])["csi"]
    assert csi[30, own_scores.MODEL] > csi[120, own_scores.MODEL]
    assert (result.table["csi_bas"] <= result.table["csi"] + 1e-9).all()
    assert (result.table["csi"] <= result.table["csi_haut"] + 1e-9).all()


def test_conclusion_names_the_reference_and_the_margin(result, plain):
    text = plain(result.conclusion)
    for horizon in (30, 60, 120):
        assert f"À {horizon} min : modèle" in text
    assert text.count("régression linéaire") == 4
    assert text.count("neuf fois sur dix") == 3
    assert "n’ont servi ni à apprendre ni à choisir" in text


def test_conclusion_follows_the_interval(result, plain):
    def say(low, high):
        return plain(own_data.conclude(result.table, {60: (0.1, low, high)}, result.line_gaps, 40))

    assert "Le modèle fait mieux que" in say(0.02, 0.2)
    assert "gardez la référence" in say(-0.2, -0.02)
    assert "On ne peut pas dire" in say(-0.1, 0.2)
    assert "C’est peu" not in say(0.02, 0.2)


def test_line_is_said_level_with_the_trees_when_the_interval_holds_zero(result, plain):
    def say(**bounds):
        gaps = {int(name[1:]): (sum(pair) / 2, *pair) for name, pair in bounds.items()}
        return plain(own_data.conclude(result.table, result.gaps, gaps, 40))

    level = say(h30=(-0.05, 0.04), h60=(0.003, 0.1), h120=(-0.3, -0.002))
    assert "À 30, 60 et 120 min, les arbres ne battent pas nettement la droite" in level
    assert "font mieux" not in level
    assert "entre 0,00 et +0,10" in level
    mixed = say(h30=(0.02, 0.1), h60=(-0.1, 0.1), h120=(-0.2, -0.1))
    assert "À 30 min, les arbres font mieux que la droite" in mixed
    assert "À 60 min, les arbres ne battent pas" in mixed
    assert "À 120 min, la droite fait mieux" in mixed
    assert "−0,15 à 120 min (entre −0,20 et −0,10)" in mixed


def test_gap_to_the_line_is_measured_on_the_same_draws(result):
    csi = result.table.set_index(["horizon_min", "methode"])["csi"]
    for horizon, (gap, low, high) in result.line_gaps.items():
        assert gap == pytest.approx(csi[horizon, own_scores.MODEL] - csi[horizon, own_scores.LINE])
        assert low <= gap <= high


def test_line_keeps_its_guard_and_knows_basins_apart(series, cut):
    limits, _ = own_episodes.thresholds(cut, series.basins, {})
    rows = own_features.by_basin(own_features.panel(series.grid, cut, limits).dropna(subset=["debit_60"]))
    line = own_scores._methods(rows, 447)[own_scores.LINE].fit(rows, rows["debit_60"])
    assert "bassin" not in line.full_.columns
    assert {"bassin_0", "bassin_1"} <= set(line.fallback_.columns)
    silent = rows.tail(50).assign(debit=np.nan)
    np.testing.assert_allclose(line.predict(silent), line.fallback_.predict(silent))
    assert not np.allclose(line.predict(silent), line.full_.predict(silent))


def test_threshold_not_given_is_said_to_be_a_guess(result, plain):
    assert any("Ce n’est pas un seuil de danger" in plain(remark) for remark in result.remarks)
    assert set(result.facts["seuils_m3_s"]) == {"Alzon", "Bonde"}


@pytest.fixture
def one_horizon(monkeypatch):
    """Une heure seulement : le découpage et les seuils ne dépendent pas de l’horizon."""
    monkeypatch.setattr(own_features, "horizons", lambda step: (60,))


def test_given_thresholds_are_used(series, one_horizon):
    found = own_data.compare(series, thresholds=["9,5", "Bonde=20"], draws=10)
    assert found.facts["seuils_m3_s"] == {"Alzon": 9.5, "Bonde": 20.0}


@pytest.mark.parametrize(
    ("texts", "words"),
    [(["beaucoup"], "n’est pas un débit"), (["-3"], "plus grand que zéro"), (["Vistre=4"], "n’est pas un bassin")],
)
def test_threshold_is_refused_with_both_forms(series, texts, words, plain):
    with pytest.raises(own_episodes.SeuilInvalide) as caught:
        own_data.compare(series, thresholds=texts)
    assert words in plain(caught.value)
    assert "--seuil B1=12,5" in plain(caught.value)


def test_unreadable_threshold_stops_before_reading(tmp_path):
    with pytest.raises(own_episodes.SeuilInvalide):
        risques.own(tmp_path / "absent.csv", thresholds=["B1=douze"])


def test_too_few_floods_refuse_to_conclude(series, plain):
    with pytest.raises(own_episodes.TropPeuDeCrues) as caught:
        own_data.compare(series, thresholds=["400"])
    text = plain(caught.value)
    assert "Trop peu de crues pour conclure" in text
    assert "8 pour apprendre, 3 pour choisir, 6 pour juger" in text


def test_threshold_that_is_always_passed_is_refused(series, plain):
    with pytest.raises(own_episodes.TropPeuDeCrues) as caught:
        own_data.compare(series, thresholds=["0,01"])
    assert "l/s ou m³/s" in plain(caught.value)


def test_short_series_is_refused_with_the_minimum(own_series, tmp_path, plain):
    path = tmp_path / "court.csv"
    own_series.head(168 * 6).rename(columns=NAMES).to_csv(path, index=False)
    with pytest.raises(own_episodes.TropPeuDeCrues) as caught:
        risques.own(path)
    assert "il en faut 34 au moins" in plain(caught.value)


def test_same_file_gives_same_figures(series, result, one_horizon):
    again = own_data.compare(series, draws=100).table
    first = result.table[result.table["horizon_min"] == 60].reset_index(drop=True)
    pd.testing.assert_frame_equal(again, first)


def test_silent_sensor_is_told(series, plain, one_horizon):
    flow = series.grid.flow.copy()
    flow[:, ::7] = np.nan
    grid = type(series.grid)(series.grid.rain, flow, series.grid.start, series.grid.step_min)
    found = own_data.compare(own_reading.OwnSeries(series.basins, grid, "UTC"), draws=10)
    told = next(plain(remark) for remark in found.remarks if "le débit manque" in plain(remark))
    assert "manque 14 % du temps où la pluie est mesurée" in told


def test_hours_outside_the_file_are_not_a_silence(result, plain):
    assert not any("le débit manque" in plain(remark) for remark in result.remarks)


def test_slow_series_keeps_the_horizons_that_fall_on_a_step():
    assert own_features.horizons(15) == (30, 60, 120)
    assert own_features.horizons(60) == (60, 120)


def test_report_is_readable_everywhere(result, tmp_path, plain):
    text = plain(own_report.to_text(result))
    assert "par épisodes entiers" in text
    assert "Modèle jouet" in text
    data = json.loads(own_report.to_json(result))
    assert len(data["methodes"]) == 12
    assert set(data["ecarts_csi"]) == set(data["ecarts_csi_droite"]) == {"30", "60", "120"}
    assert text.count("\n30 min ") == text.count("\n120 min ") == 4
    own_report.write(result, tmp_path / "r.html")
    page = (tmp_path / "r.html").read_text("utf-8")
    assert page.startswith("<!doctype html>")
    assert page.count(f">{own_scores.LINE}<") == page.count(">persistance<") == 3
    own_report.write(result, tmp_path / "r.csv")
    table = (tmp_path / "r.csv").read_text("utf-8-sig")
    assert table.startswith("horizon_min;methode")
    assert table.count(own_scores.LINE) == 3
    with pytest.raises(RapportImpossible):
        own_report.write(result, tmp_path / "r.docx")
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.lent
def test_three_years_of_three_stations_are_read(tmp_path):
    """Près d’un million de lignes au pas de cinq minutes, écrites comme un tableur français."""
    rng, count = np.random.default_rng(8), 3 * 365 * 288
    moments = pd.date_range("2021-01-01", periods=count, freq="5min").strftime("%d/%m/%Y %H:%M")
    rain = np.where(rng.random(count) < 0.02, rng.gamma(1, 5.0, count), 0).round(1)
    flow = (0.02 + pd.Series(rain).rolling(12, min_periods=1).mean() * 0.6).round(3)
    one = pd.DataFrame({"Station": "A", "Date (TU)": moments, "Pluie mm/h": rain, "Débit m3/s": flow})
    header, _, body = one.to_csv(index=False, sep=";", decimal=",").partition("\n")
    path = tmp_path / "stations.csv"
    stations = "".join(body.replace("A;", f"{name};") for name in "ABC")
    path.write_text(f"{header}\n{stations}", encoding="cp1252")
    read = own_reading.read(path, today=TODAY)
    assert read.basins == ["A", "B", "C"]
    assert read.grid.flow.shape == (3, count)
    assert np.isfinite(read.grid.flow).all()
