"""Le panneau suit ses réglages, et un capteur coupé s’y voit."""

from __future__ import annotations

import pytest

from formation.risques import explorer


@pytest.fixture(scope="module")
def panel():
    pytest.importorskip("ipywidgets")
    return explorer.explore()


def test_only_unseen_episodes_are_offered():
    kinds = explorer.episodes()
    assert set(kinds.values()) == {"test", "extreme"}
    assert kinds["E71"] == "extreme"


def test_finding_follows_the_controls(panel):
    before = panel.finding.value
    panel.basin.value = "B5"
    assert panel.finding.value != before
    assert "<svg" in panel.plot.value
    assert 'role="status"' in panel.finding.value


def test_cut_sensor_silences_the_unguarded_model_without_error(panel, plain):
    panel.basin.value, panel.method.value, panel.silent.value = "B1", "modèle sans garde", True
    text = plain(panel.finding.value)
    assert "Capteur coupé" in text
    assert "aucun message d’erreur" in text
    panel.silent.value = False


def test_sentence_says_when_nothing_happens(plain):
    found = explorer.forecast(60)
    flows = found.rows.assign(plus_tard=found.flow).groupby(["id_episode", "id_bassin"])[["vrai", "plus_tard"]].max()
    episode, basin = flows.max(axis=1).idxmin()
    text = plain(explorer.sentence(episode, basin, 60, "modèle avec garde", 5.0))
    assert f"{basin} ne déborde pas pendant {episode}, pas d’alerte : à raison" in text
    assert "alerte pour rien" in plain(explorer.sentence(episode, basin, 60, "modèle avec garde", 0.0))
