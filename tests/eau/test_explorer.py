"""Le panneau réagit, parle français et repart de zéro."""

from __future__ import annotations

import re

import pytest

from formation import eau
from formation.eau import explorer, features

pytest.importorskip("ipywidgets")


@pytest.fixture
def panel():
    return eau.explore()


def test_finding_changes_when_kilometres_change(panel, plain):
    before = panel.finding.value
    panel.km.value = 245
    assert panel.finding.value != before
    assert "En écoutant 245 km (40 % du réseau)" in plain(panel.finding.value)


def test_more_leaks_are_found_when_listening_further(panel):
    def found() -> int:
        return int(re.search(r"trouve (\d+)", panel.finding.value)[1])

    panel.km.value = 60
    few = found()
    panel.km.value = 300
    assert found() > few


def test_model_leaves_the_curve_when_no_variable_is_ticked(panel, plain):
    for box in panel.groups.values():
        box.value = False
    assert panel.columns == ()
    assert "« historique par km » trouve" in plain(panel.finding.value)
    assert ">modèle<" not in panel.plot.value


def test_columns_follow_boxes_when_one_is_cleared(panel):
    panel.groups["Historique des défaillances"].value = False
    assert set(panel.columns) == set(features.PIPE + features.GROUND)


def test_network_changes_when_seed_changes(panel):
    before = panel.finding.value
    panel.seed.value = 2
    assert panel.finding.value != before


def test_curves_are_kept_when_slider_moves(panel):
    explorer.curves(panel.columns, panel.seed.value)
    misses = explorer.curves.cache_info().misses
    for km in (50, 80, 130):
        panel.km.value = km
    assert explorer.curves.cache_info().misses == misses


def test_controls_have_french_labels_when_shown(panel):
    assert panel.km.description == "Kilomètres à écouter"
    assert all(box.description for box in panel.groups.values())
    assert 'aria-label="En écoutant' in panel.plot.value
    assert 'aria-live="polite"' in panel.finding.value


def test_expected_yield_rises_when_more_is_found():
    assert explorer.expected_yield(0.0) == pytest.approx(0.75)
    assert 0.85 < explorer.expected_yield(0.74) < 0.9
