"""`formation mobilites` : lit, dit, et n’écrit que si on le demande."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import PIL.Image
import pytest

from formation.cli import main


def run(arguments, capsys) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stopped:
        main(["mobilites", *(str(argument) for argument in arguments)])
    captured = capsys.readouterr()
    return stopped.value.code, captured.out, captured.err


@pytest.fixture
def parks(tmp_path):
    (tmp_path / "parkings.csv").write_text("id_parking;surface_m2\nP1;900\nP2;1480\nP3;4000\n", encoding="utf-8")
    return tmp_path / "parkings.csv"


@pytest.fixture
def photo(tmp_path):
    PIL.Image.fromarray(np.full((80, 80, 3), 120, np.uint8)).save(tmp_path / "a.png")
    return tmp_path / "a.png"


def test_doubtful_parks_are_listed_and_nothing_is_written(parks, capsys, plain):
    code, out, _ = run(["seuil", "--parkings", parks, "--erreur", 5], capsys)
    assert code == 0
    assert plain(out).startswith("Sur 3 parkings, 1 ne se tranche pas")
    assert "Mesurez d’abord sur place ou sur plan : P2" in plain(out)
    assert [file.name for file in parks.parent.iterdir()] == ["parkings.csv"]


def test_costs_and_threshold_are_those_asked(parks, capsys):
    arguments = ["seuil", "--parkings", parks, "--seuil", 4000, "--erreur", 5, "--cout-controle", 10, "--json"]
    code, out, _ = run(arguments, capsys)
    assert code == 0
    found = json.loads(out)
    assert (found["fichier"]["seuil_m2"], found["fichier"]["cout_controle"]) == (4000, 10)
    assert found["resultat"][0]["id_parking"] == "P3"


@pytest.mark.parametrize("name", ["r.html", "r.csv"])
def test_report_is_written_when_asked(parks, capsys, name):
    code, _, _ = run(["seuil", "--parkings", parks, "--rapport", parks.with_name(name)], capsys)
    assert code == 0
    assert "P2" in parks.with_name(name).read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["essayer"], "--images"),
        (["essayer", "--images", "absent"], "rien à l’endroit indiqué"),
        (["essayer", "--images", "a.txt"], "n’est pas une image"),
        (["essayer", "--images", "absent", "--resolution", "0.5"], "absent"),
        (["essayer", "--images", "a.txt", "--rapport", "r.docx"], ".html"),
        (["essayer", "--images", "a.txt", "--rapport", "a.txt"], "le rapport le remplacerait"),
        (["seuil", "--parkings", "absent.csv"], "absent.csv"),
        (["seuil", "--parkings", "absent.csv", "--seuil", "1.5"], "--seuil 1500"),
        (["seuil", "--parkings", "absent.csv", "--erreur", "beaucoup"], "n’est pas un nombre"),
        (["seuil", "--parkings", "absent.csv", "--cout-oubli", "-1"], "Un coût est un nombre"),
        (["seuil", "--parkings", "a.txt"], "surface_m2"),
    ],
)
def test_message_is_french_without_traceback_when_something_is_wrong(arguments, said, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text("bonjour")
    code, _, err = run(arguments, capsys)
    assert code == 2
    assert said in err
    assert "Traceback" not in err
    assert [file.name for file in tmp_path.iterdir()] == ["a.txt"]


def test_photo_is_tried_and_progress_stays_out_of_the_json(photo, small_result, monkeypatch, capsys):
    from formation.mobilites import own_scores

    def seen(photos, tell):
        tell(1, 2, photos[0].name)
        return small_result

    monkeypatch.setattr(own_scores, "without_masks", seen)
    code, out, err = run(["essayer", "--images", photo, "--json"], capsys)
    assert code == 0
    assert json.loads(out)["essai"] == "photos"
    assert "1/2 a.png" in err
    code, out, _ = run(["essayer", "--images", photo, "--rapport", photo.with_name("r.html")], capsys)
    assert out.startswith("Sans masques, cet essai ne mesure aucune erreur")
    assert "Sans masques" in photo.with_name("r.html").read_text("utf-8")


@pytest.fixture
def small_result():
    from formation.mobilites.own_scores import Unjudged

    table = pd.DataFrame({"fichier": ["a.png"], "surface_photo_m2": [256.0], "surface_m2": [40.0],
                          "surface_recalee_m2": [80.0], "accord": [0.4]})  # fmt: skip
    lots = pd.DataFrame({"fichier": ["a.png"], "surface_m2": [1450.0], "touche_bord": [True]})
    return Unjudged(table, lots, {"photos": 1, "surface_ha": 0.03, "ecart_couleurs": {"rouge": 0.2}})


def test_methods_are_compared(monkeypatch, capsys, plain):
    from formation.mobilites import evaluation

    row = {"iou": 0.88, "f1": 0.94, "precision": 0.95, "rappel": 0.93, "exactitude": 0.96, "ecart_median": 0.038,
           "biais": -0.024}  # fmt: skip
    monkeypatch.setattr(evaluation, "evaluate", lambda: pd.DataFrame([{"methode": "modèle jouet", **row}]))
    code, out, _ = run(["comparer"], capsys)
    assert code == 0
    assert "3,8 %" in plain(out)
    _, out, _ = run(["comparer", "--json"], capsys)
    assert json.loads(out)[0]["iou"] == 0.88
