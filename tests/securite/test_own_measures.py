"""Rejouer les alertes sur les densités d’une collectivité."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from formation.errors import DonneesInvalides
from formation.securite import own_measures, own_report


@pytest.fixture
def series(tmp_path):
    """Soirées d’une heure ; chaque caméra monte à 6 pendant deux minutes, quatre fois par soirée."""

    def write(evenings=4, cameras=3, step=10, reviewed=True, episodes=4, noise=0.3):
        rng, parts = np.random.default_rng(3), []
        for evening in range(evenings):
            start = pd.Timestamp("2025-06-01 20:00") + pd.Timedelta(days=evening)
            stamps = pd.date_range(start, periods=3600 // step, freq=f"{step}s")
            minute = np.arange(len(stamps)) * step / 60
            danger = (minute % (60 / episodes) < 2) & (minute > 1) if episodes else np.zeros(len(stamps), bool)
            for camera in range(cameras):
                density = np.where(danger, 6.0, 2.5) + rng.normal(0, noise, len(stamps))
                columns = {"horodatage": stamps, "camera": f"C{camera}", "densite": density.clip(0.1).round(2)}
                parts.append(pd.DataFrame({**columns, "evenement": danger.astype(int)}))
        table = pd.concat(parts, ignore_index=True)
        table = table if reviewed else table.drop(columns="evenement")
        table.to_csv(tmp_path / "mesures.csv", index=False)
        return tmp_path / "mesures.csv"

    return write


def test_clear_dangers_are_all_caught_when_events_are_known(series, plain):
    result = own_measures.own_densities(series())
    methods = result.other.set_index("methode")
    assert list(methods.index)[1:] == [own_measures.CHOSEN, own_measures.TOY]
    assert (methods["precision"] == 1).all()
    assert methods["rappel"].iloc[0] == 1
    assert result.facts["heures_veille"] == 4
    assert "Réglé sur les 2 premières soirées" in plain(result.conclusion)
    assert "3 caméras donneraient" in plain(result.conclusion)
    json.loads(own_report.to_json(result))
    assert "Caméra par caméra" in own_report.to_text(result)


def test_nothing_is_judged_without_a_review(series, plain):
    result = own_measures.own_densities(series(reviewed=False))
    assert result.other.empty
    assert "rien ne dit lesquelles seraient vraies" in plain(result.conclusion)


def test_evenings_nobody_reviewed_do_not_judge(series, plain):
    file = series(evenings=6)
    table = pd.read_csv(file)
    table.loc[table["horodatage"] >= "2025-06-05", "evenement"] = None
    table.loc[[3, 4], "evenement"] = None
    table.to_csv(file, index=False)
    result = own_measures.own_densities(file)
    notes = plain(" ".join(result.remarks))
    assert "2 soirées presque sans relecture" in notes
    assert "2 pas non relus" in notes
    assert "Réglé sur les 2 premières soirées" in plain(result.conclusion)


def test_nothing_is_compared_with_few_episodes(series, plain):
    result = own_measures.own_densities(series(evenings=2, cameras=1))
    assert result.other.empty
    assert "Trop peu pour juger" in plain(result.conclusion)


def test_faster_series_is_averaged_and_slower_keeps_its_step(series, plain):
    fast = own_measures.own_densities(series(evenings=1, cameras=1, step=5, reviewed=False))
    assert fast.facts["pas_s"] == 10
    assert "ramenée à sa moyenne sur 10 s" in plain(" ".join(fast.remarks))
    slow = own_measures.own_densities(series(step=30))
    assert slow.facts["pas_s"] == 30
    assert own_measures.TOY not in set(slow.other["methode"])


def test_step_too_long_for_an_alarm_is_refused(series):
    with pytest.raises(DonneesInvalides, match="toutes les 60 s au plus"):
        own_measures.own_densities(series(step=120))


def test_doubtful_cameras_are_said(series, plain):
    file = series(evenings=1, cameras=4, episodes=0, reviewed=False)
    table = pd.read_csv(file)
    table.loc[table["camera"] == "C0", "densite"] += 2.5
    table = table.drop(table.index[(table["camera"] == "C1") & (table.index % 3 == 0)])
    table.to_csv(file, index=False)
    notes = plain(" ".join(own_measures.own_densities(file).remarks))
    assert "La caméra « C0 » donne 100 % des alertes" in notes
    assert "muettes par moments : « C1 »" in notes


def test_frozen_sensor_is_said(tmp_path, plain):
    stamps = pd.date_range("2025-06-01 20:00", periods=500, freq="10s")
    pd.DataFrame({"horodatage": stamps, "camera": "C9", "densite": 3.1}).to_csv(tmp_path / "m.csv", index=False)
    assert "figée" in plain(" ".join(own_measures.own_densities(tmp_path / "m.csv").remarks))


def test_row_number_taken_for_a_camera_is_refused(tmp_path):
    stamps = pd.date_range("2025-06-01 20:00", periods=600, freq="10s")
    table = pd.DataFrame({"horodatage": stamps, "camera": range(600), "densite": 3.1})
    table.to_csv(tmp_path / "m.csv", index=False)
    with pytest.raises(DonneesInvalides, match="numéro de ligne"):
        own_measures.own_densities(tmp_path / "m.csv")


def test_memory_is_bounded_before_the_panel_is_built(series, monkeypatch):
    monkeypatch.setattr(own_measures, "MAX_CELLS", 1_000)
    with pytest.raises(DonneesInvalides, match="trop pour la mémoire"):
        own_measures.own_densities(series())
