"""Le panneau suit ses réglages, et une autre campagne s’y voit."""

from __future__ import annotations

import pytest

from formation.mobilites import evaluation, explorer


@pytest.fixture
def panel(monkeypatch, small_course):
    monkeypatch.setattr(evaluation, "course", lambda: small_course)
    monkeypatch.setattr(explorer, "_error", lambda _: explorer.decision.AreaError(0.0, 0.05, 12))
    explorer.seen.cache_clear()
    explorer._lot.cache_clear()
    yield explorer.explore()
    explorer.seen.cache_clear()
    explorer._lot.cache_clear()


def test_only_test_photos_are_offered(panel, small_course):
    names = {tile.id_tuile for tile in small_course.tiles["test"]}
    assert {value for _, value in panel.tile.options} == names


def test_finding_and_picture_follow_the_controls(panel):
    before, drawn = panel.finding.value, panel.plot.value
    panel.campaign.value = explorer.OTHER
    assert panel.finding.value != before
    assert "autre campagne" in panel.finding.value
    assert panel.plot.value != drawn
    assert 'role="status"' in panel.finding.value
    panel.errors.value = False
    assert "oublié" not in panel.plot.value.split("</p>")[0].split("<p>")[-1]


def test_sentence_counts_what_the_scores_count(panel, small_course, plain):
    tile, found = small_course.tiles["test"][0], small_course.surface()[0]
    scores = evaluation.scores(found, explorer.tables.is_parking(tile.mask))
    missed = (1 - scores["rappel"]) * scores["surface_vraie_m2"]
    text = plain(explorer.sentence(tile.id_tuile))
    assert f"{missed:,.0f} m² oubliés".replace(",", " ") in text
    assert f"{scores['iou']:.2f}".replace(".", ",") in text


def test_table_has_a_line_per_visible_park(panel, small_course):
    for tile in small_course.tiles["test"]:
        known = small_course.tables["parkings"]
        visible = known[(known["id_tuile"] == tile.id_tuile) & (known["surface_visible_m2"] > 0)]
        assert len(explorer.measured(tile.id_tuile)) == len(visible)
