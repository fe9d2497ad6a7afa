"""Ce que disent les chiffres publiés ; `tests/test_chiffres.py` les recalcule."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

FILE = Path(__file__).resolve().parents[2] / "cases/risques/chiffres.yml"


@pytest.fixture(scope="module")
def mean():
    written = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {name: figure["moyenne"] for name, figure in written.items()}


@pytest.mark.parametrize(("minutes", "target"), [(30, 0.76), (60, 0.65), (120, 0.46)])
def test_model_leads_at_every_horizon_when_published(mean, minutes, target):
    csi = {name: mean[f"csi_{name}_{minutes}"] for name in ("modele", "persistance", "pluie")}
    assert csi["modele"] > csi["persistance"] > csi["pluie"]
    assert csi["modele"] == pytest.approx(target, abs=0.1)


def test_a_line_does_better_at_two_hours_when_published(mean):
    assert mean["csi_lineaire_120"] > mean["csi_modele_120"]


def test_never_alerting_is_right_nineteen_times_in_twenty_when_published(mean):
    assert mean["exactitude_jamais"] == pytest.approx(95, abs=2.5)


def test_three_futures_share_one_score_when_published(mean):
    scores = [mean[f"csi_{name}_60"] for name in ("modele", "lineaire", "logarithme")]
    assert max(scores) - min(scores) < 0.05
    assert mean["sous_estimation_1988"] > 40
    assert mean["facteur_1988_logarithme"] > 4


def test_a_line_misses_and_disturbs_no_more_than_the_model_when_published(mean):
    for count in ("debordements_manques", "alertes_fausses"):
        assert mean[f"{count}_lineaire"] == pytest.approx(mean[f"{count}_modele"], abs=1.5)
