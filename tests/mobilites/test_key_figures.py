"""Ce que disent les chiffres publiés ; `tests/test_chiffres.py` les recalcule."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

FILE = Path(__file__).resolve().parents[2] / "cases/mobilites/chiffres.yml"


@pytest.fixture(scope="module")
def written():
    return yaml.safe_load(FILE.read_text(encoding="utf-8"))


def mean(written, name):
    return written[name]["moyenne"]


def on_every_seed(written, better, worse):
    low, high = written[better]["graines"], written[worse]["graines"]
    return all(low[seed] < high[seed] for seed in low)


def test_segmentation_is_that_of_the_course_and_ranks_the_methods_on_every_seed(written):
    assert mean(written, "iou_modele") == pytest.approx(0.89, abs=0.02)
    assert mean(written, "f1_modele") == pytest.approx(0.946, abs=0.02)
    assert on_every_seed(written, "iou_gris", "iou_lineaire")
    assert on_every_seed(written, "iou_lineaire", "iou_modele")


def test_another_year_collapses_and_recentring_repairs_on_every_seed(written):
    assert max(written["iou_autre_campagne"]["graines"].values()) < 0.25
    lost, cured = written["iou_modele"]["graines"], written["iou_recalee"]["graines"]
    assert all(cured[seed] > lost[seed] - 0.03 for seed in lost)


@pytest.mark.parametrize("stable", ["mae_vehicules_aire", "mae_vehicules_partage", "mae_vehicules_retenue"])
def test_stable_counts_beat_blobs_by_half_on_every_seed(written, stable):
    kept, blobs = written[stable]["graines"], written["mae_vehicules_composantes"]["graines"]
    assert all(2 * kept[seed] < blobs[seed] for seed in blobs)


def test_learnt_place_beats_the_rule_on_every_seed(written):
    assert on_every_seed(written, "mae_places_modele", "mae_places_25m2")


def test_visits_remove_most_mistakes(written):
    assert mean(written, "erreurs_hors_verification") < 0.25 * mean(written, "erreurs_modele")
    assert mean(written, "nb_a_verifier") < 0.5 * mean(written, "nb_parcs_seuil")


def test_interval_keeps_roughly_its_word(written):
    assert 75 < mean(written, "couverture_90") <= 95


def test_edge_guard_leaves_nobody_out(written):
    assert min(written["nb_parcs_coupes_oublies"]["graines"].values()) > 0
    assert max(written["nb_parcs_coupes_oublies_garde"]["graines"].values()) == 0


def test_pixel_split_flatters_on_every_seed_and_seen_ground_on_average(written):
    assert on_every_seed(written, "f1_par_tuile", "f1_par_pixel")
    assert mean(written, "iou_sol_neuf") < mean(written, "iou_sol_deja_vu")


def test_model_never_decides_worse_than_the_lists_a_town_already_has(written):
    model = written["erreurs_modele"]["graines"]
    for option in ("erreurs_inventaire", "erreurs_25m2"):
        assert all(model[seed] <= count for seed, count in written[option]["graines"].items())


@pytest.mark.parametrize("simple", ["erreurs_gris", "erreurs_regle_locale"])
def test_a_simple_method_decides_about_as_well_as_the_model(written, simple):
    """Le chapitre le dit : une bien meilleure carte ne fait guère plus de bonnes décisions."""
    assert abs(mean(written, simple) - mean(written, "erreurs_modele")) <= 1
