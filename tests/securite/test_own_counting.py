"""Compter sur les vignettes d’une collectivité : la bonne image avec le bon compte, et une réponse prudente."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import PIL.Image
import pytest

from formation.errors import DonneesInvalides
from formation.securite import own_counting, own_report


@pytest.fixture(scope="module")
def released(tables):
    """Vignettes de test livrées et leurs comptages, au format attendu d’une collectivité."""
    counts = tables["comptages"]
    kept = (counts["jeu"] == "test").to_numpy()
    table = counts.loc[kept, ["nb_personnes", "surface_m2", "condition"]].reset_index(drop=True)
    return tables["vignettes"]["images"][kept], table.rename_axis("rang").reset_index()


@pytest.fixture
def folder(tmp_path, released):
    """Quatre vignettes en PNG et leurs comptages."""
    images, counts = released
    (tmp_path / "vues").mkdir()
    for rank in range(4):
        PIL.Image.fromarray(images[rank]).save(tmp_path / "vues" / f"place_{rank}.png")
    table = counts.head(4).assign(fichier=[f"place_{rank}" for rank in range(4)])
    table[["fichier", "nb_personnes", "condition"]].to_csv(tmp_path / "comptages.csv", index=False)
    return tmp_path


def refused(images, counts, **options):
    with pytest.raises(DonneesInvalides) as stopped:
        own_counting.own_counts(images, counts, **options)
    return stopped.value


def test_course_counter_is_judged_like_in_the_course(tmp_path, released, counted, plain):
    images, counts = released
    np.savez_compressed(tmp_path / "v.npz", images=images)
    counts.to_csv(tmp_path / "c.csv", index=False)
    result = own_counting.own_counts(tmp_path / "v.npz", tmp_path / "c.csv")
    methods = result.table.set_index("methode")
    course = counted.set_index(["essai", "epreuve"])["mae"]
    for name, error in result.other.set_index("condition")["mae"].items():
        assert name.startswith("foule") or error == pytest.approx(course["jour", name], abs=0.01)
    assert methods.loc[own_counting.OWN, "mae"] < methods.loc[own_counting.COURSE, "mae"]
    assert methods.loc[own_counting.COURSE, "mae"] < methods.loc[own_counting.MEAN, "mae"]
    assert (methods["mae_bas"] < methods["mae"]).all()
    assert "il compte trop peu, il rassure quand il faudrait alerter" in plain(result.conclusion)
    assert "Selon la condition" in own_report.to_text(result)
    json.loads(own_report.to_json(result))


def test_files_are_matched_without_their_extension(folder, plain):
    result = own_counting.own_counts(folder / "vues", folder / "comptages.csv")
    assert result.facts["vignettes"] == 4
    assert "Trop peu de vignettes pour conclure" in plain(result.conclusion)
    assert "prise égale à 64 m²" in plain(" ".join(result.remarks))
    assert own_counting.OWN not in set(result.table["methode"])


def test_counts_keep_the_order_of_the_images(folder):
    table = pd.read_csv(folder / "comptages.csv")
    table["nb_personnes"] = [0, 64, 128, 192]
    straight = own_counting.own_counts(folder / "vues", _saved(table, folder))
    backwards = own_counting.own_counts(folder / "vues", _saved(table[::-1], folder))
    assert straight.table.equals(backwards.table)


def test_every_mismatch_is_told_at_once(folder):
    rows = [("place_0.png", 3), ("place_0.png", 4), ("inconnue.png", 5), ("place_3.png", 3_000)]
    counts = _saved(pd.DataFrame(rows, columns=["fichier", "nb_personnes"]), folder)
    found = {problem.kind: problem for problem in refused(folder / "vues", counts).problems}
    assert set(found) == {"doublon", "vignette_inconnue", "comptage_manquant", "densite_impossible"}
    assert found["doublon"].lines == (3,)
    assert found["comptage_manquant"].values == ("place_1.png", "place_2.png")
    assert "46,9 personnes par m²" in found["densite_impossible"].message


def test_problems_of_images_and_counts_are_told_together(folder):
    (folder / "vues" / "texte.png").write_text("bonjour")
    counts = _saved(pd.DataFrame({"fichier": ["place_0"], "nb_personnes": [-3]}), folder)
    error = refused(folder / "vues", counts)
    assert {problem.kind for problem in error.problems} == {"pas_une_image", "trop_petit"}
    assert "texte.png" in str(error)


def test_too_fine_a_view_is_refused_whatever_its_size(folder):
    error = refused(folder / "vues", folder / "comptages.csv", surface=1)
    assert "visage" in {problem.kind: problem for problem in error.problems}["trop_fin"].message


def test_another_scale_is_said_and_the_course_counter_not_tried(folder, plain):
    result = own_counting.own_counts(folder / "vues", folder / "comptages.csv", surface=400)
    assert set(result.table["methode"]) == {own_counting.MEAN}
    assert "autre échelle" in plain(" ".join(result.remarks))


def test_another_image_size_is_brought_to_that_of_the_course():
    bright = np.zeros((2, 128, 128), np.uint8)
    bright[1] = 200
    sized = own_counting._sized(bright)
    assert sized.shape == (2, 64, 64)
    assert sized[1].min() == 200


def test_rank_may_be_left_out_when_rows_follow_the_images(tmp_path, released, plain):
    images, counts = released
    np.savez_compressed(tmp_path / "v.npz", images=images[:4])
    counts.head(4).drop(columns="rang").to_csv(tmp_path / "c.csv", index=False)
    result = own_counting.own_counts(tmp_path / "v.npz", tmp_path / "c.csv")
    assert "dans l’ordre du NPZ" in plain(" ".join(result.remarks))
    counts.head(3).drop(columns="rang").to_csv(tmp_path / "c.csv", index=False)
    assert refused(tmp_path / "v.npz", tmp_path / "c.csv").problems[0].kind == "colonne_manquante"


def _saved(table, folder):
    table.to_csv(folder / "autres.csv", index=False)
    return folder / "autres.csv"


def test_noise_teaches_nothing_even_when_learned_at_home(tmp_path, plain):
    rng = np.random.default_rng(447)
    np.savez_compressed(tmp_path / "v.npz", images=rng.integers(0, 255, (40, 64, 64), dtype=np.uint8))
    people = np.where(np.arange(40) % 2, 20, 300)
    pd.DataFrame({"rang": range(40), "nb_personnes": people, "surface_m2": 64}).to_csv(tmp_path / "c.csv", index=False)
    result = own_counting.own_counts(tmp_path / "v.npz", tmp_path / "c.csv")
    methods = result.table.set_index("methode")["mae"]
    assert methods[own_counting.OWN] > 0.9 * methods[own_counting.MEAN]
    text = plain(result.conclusion)
    assert ("mieux qu’une démonstration" in text) == (methods[own_counting.OWN] < methods.drop(own_counting.OWN).min())
