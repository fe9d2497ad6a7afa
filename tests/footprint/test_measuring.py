"""La mesure se fait hors ligne, dit sa façon, et rend toujours deux bornes."""

from __future__ import annotations

import json
import socket

import pytest

from formation import footprint
from formation.footprint import measuring
from formation.footprint.published_measures import FILE


@pytest.fixture
def no_network(monkeypatch):
    """Toute demande au dehors échoue, et se voit."""
    asked = []

    def refuse(*args, **_kwargs):
        asked.append(args)
        raise OSError("pas de réseau")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    return asked


def test_measure_needs_no_network_even_when_settings_ask_for_it(no_network, monkeypatch):
    monkeypatch.setenv("CODECARBON_OUTPUT_METHODS", "api")
    monkeypatch.setenv("CODECARBON_SAVE_TO_API", "true")
    monkeypatch.setenv("CODECARBON_CO2_SIGNAL_API_TOKEN", "jeton")
    monkeypatch.setenv("CODECARBON_EMISSIONS_ENDPOINT", "https://exemple.invalid")
    done = footprint.measure("boucle", lambda: sum(i * i for i in range(200_000)))
    assert no_network == []
    assert 0 < done.energy_wh.low < done.energy_wh.high
    assert done.method in {measuring.RAPL, measuring.LOAD, measuring.STOPWATCH}
    if done.codecarbon_wh is not None:
        assert done.energy_wh.low <= done.codecarbon_wh <= done.energy_wh.high
        assert any("hors ligne" in line for line in done.hypotheses)
    assert "hypothèse" in done.hypotheses[0]


def test_stopwatch_alone_is_said_when_the_tracker_is_refused(monkeypatch):
    monkeypatch.setattr(measuring, "_start", lambda: None)
    done = footprint.measure("boucle", lambda: None, runs=3)
    assert (done.method, done.codecarbon_wh, done.runs) == (measuring.STOPWATCH, None, 3)


def test_failing_work_still_stops_the_tracker(monkeypatch):
    stopped = []
    monkeypatch.setattr(measuring, "_start", object)
    monkeypatch.setattr(measuring, "_stop", stopped.append)
    with pytest.raises(ZeroDivisionError):
        footprint.measure("faute", lambda: 1 / 0)
    assert len(stopped) == 1


def test_shipped_measures_agree_with_their_own_hypotheses():
    power = footprint.factor("puissance-poste").interval
    for row in footprint.published().values():
        low, high = (power * (row.duration_s / 3600)).low, (power * (row.duration_s / 3600)).high
        assert row.energy_wh.low <= low * 1.01
        assert row.energy_wh.high >= high * 0.99
        assert row.hypotheses
    assert json.loads(FILE.read_text("utf-8"))["date"] == "2026-11-22"
