"""Le panneau réagit, parle français et donne les mêmes chiffres que la figure du chapitre."""

from __future__ import annotations

import pytest

from formation import securite
from formation.securite import explorer, interactive

pytest.importorskip("ipywidgets")


@pytest.fixture(scope="module")
def panel(course_trial):
    patch = pytest.MonkeyPatch()
    patch.setattr(interactive, "course", lambda: course_trial)
    explorer._measured.cache_clear()
    yield securite.explore()
    explorer._measured.cache_clear()
    patch.undo()


def test_finding_gives_the_measured_place_when_opened(panel, course_trial, plain):
    found = course_trial.report("soiree", threshold=0.5)
    text = plain(panel.finding.value)
    assert f"{6 * found.alarms_per_hour:.0f} alertes" in text
    assert "(mesuré)" in text
    assert 'aria-live="polite"' in text
    assert 'role="img"' in panel.plot.value


def test_precision_falls_when_the_danger_is_extrapolated_rarer(panel, plain):
    panel.place.value = explorer.ELSEWHERE
    assert panel.prevalence.disabled is False
    assert "(extrapolé)" in plain(panel.finding.value)
    rare, often = (explorer.rates(explorer.ELSEWHERE, 0.5, share) for share in (0.0001, 0.1))
    assert rare.precision < 0.01 < often.precision
    assert rare.false == often.false
    panel.place.value = "soiree"
    assert panel.prevalence.disabled is True


def test_impossible_load_is_told_in_operators(panel, plain):
    panel.minutes.value, panel.threshold.value = 10, 0.1
    assert "opérateurs" in plain(panel.finding.value)
    panel.minutes.value, panel.threshold.value = 0.5, 0.9
    assert "de la veille" in plain(panel.finding.value)
