"""Ce que disent les chiffres publiés ; `tests/test_chiffres.py` les recalcule."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

FILE = Path(__file__).resolve().parents[2] / "cases/securite/chiffres.yml"
PLACES = ("repetition", "fan_zone", "soiree")


@pytest.fixture(scope="module")
def written():
    return yaml.safe_load(FILE.read_text(encoding="utf-8"))


def mean(written, name):
    return written[name]["moyenne"]


def test_precision_collapses_while_false_alarms_and_recall_stay_comparable(written):
    precision = [mean(written, f"precision_{place}") for place in PLACES]
    assert precision == pytest.approx([70, 19, 1.7], rel=0.25)
    recall = [mean(written, f"rappel_{place}") for place in PLACES]
    assert max(recall) - min(recall) < 10
    assert all(5 < mean(written, f"fausses_heure_{place}") < 15 for place in PLACES)


def test_same_recall_costs_fewer_false_alarms_with_the_model_on_every_seed(written):
    for place in ("repetition", "soiree"):
        model, rule = (written[f"fausses_heure{end}_{place}"]["graines"] for end in ("", "_seuil_choisi"))
        assert all(model[seed] < rule[seed] for seed in model)


def test_quiet_setting_misses_most_of_the_episodes(written):
    assert mean(written, "fausses_heure_soiree_09") < 2.5
    assert mean(written, "rappel_soiree_09") < 0.5 * mean(written, "rappel_soiree")


def test_night_errs_more_than_day_and_the_cure_helps_on_every_seed(written):
    day, night, cured = (written[f"erreur_{name}"]["graines"] for name in ("jour", "nuit", "nuit_apprise"))
    assert all(2 * day[seed] < night[seed] and cured[seed] < 0.6 * night[seed] for seed in day)


def test_acceptance_test_is_short_at_rehearsal_and_endless_on_an_ordinary_evening(written):
    assert mean(written, "heures_recette_repetition") < 6 < 100 < mean(written, "heures_recette_soiree")
