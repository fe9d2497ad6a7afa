"""`formation parcours` : lister, montrer, vérifier, modèle ; une erreur est une phrase et le code 2."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from formation.cli import main


@pytest.fixture
def run(capsys, plain) -> Callable[..., tuple[int, str, str]]:
    """Lance la commande ; rend le code, la sortie et les erreurs."""

    def go(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as caught:
            main(["parcours", *map(str, arguments)])
        shown = capsys.readouterr()
        return int(caught.value.code or 0), plain(shown.out), plain(shown.err)

    return go


def test_list_goes_from_the_shortest_to_the_longest(run):
    code, out, _ = run("lister")
    assert code == 0
    names = [line.split()[0] for line in out.splitlines() if not line.startswith(" ")]
    assert names[0] == "elus-2h"
    assert names[-1] == "universite-6-seances"
    assert "12 h  Agents qui manient des données" in out


def test_list_is_data_when_json_is_asked(run):
    code, out, _ = run("lister", "--json")
    found = {one["parcours"]: one for one in json.loads(out)}
    assert code == 0
    assert found["elus-demi-journee"]["duree_min"] == 210
    assert found["elus-2h"]["exercices"] == []


def test_show_gives_times_objectives_and_the_next_command(run):
    code, out, _ = run("montrer", "elus-demi-journee")
    assert code == 0
    assert "9 h 15   45 min  Sécurité : mille soirées à gratter" in out
    assert "10 h 45   15 min  Pause" in out
    assert "formation session creer elus-demi-journee --stagiaires liste.csv --dates 2027-01-14 ma-session" in out


def test_show_gives_everything_when_json_is_asked(run):
    _, out, _ = run("montrer", "elus-2h", "--json")
    assert json.loads(out)["jours"][0]["demi_journees"][0]["sequences"][0]["id"] == "s-ouverture"


def test_template_is_written_once_and_passes(run, tmp_path):
    file = tmp_path / "mon-parcours.yml"
    assert run("modele", file)[0] == 0
    code, out, _ = run("verifier", file)
    assert (code, out.strip()) == (
        0,
        "mon-parcours : aucun défaut. 1 h, 1 objectif, 1 séquence, 1 question à l’entrée, 2 à la sortie.",
    )
    code, _, err = run("modele", file)
    assert code == 2
    assert "existe déjà" in err
    assert run("modele", file, "--ecraser")[0] == 0
    assert [one.name for one in tmp_path.iterdir()] == ["mon-parcours.yml"]


@pytest.mark.parametrize(
    ("name", "expected"), [("p.txt", "donnez un nom en .yml"), ("nulle/part.yml", "n’est pas écrit")]
)
def test_template_refuses_a_bad_place(run, tmp_path, name, expected):
    code, _, err = run("modele", tmp_path / name)
    assert code == 2
    assert expected in err
    assert list(tmp_path.iterdir()) == []


def test_check_lists_every_defect_when_file_is_wrong(run, tmp_path):
    file = tmp_path / "p.yml"
    run("modele", file)
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("duree_min: 60 ", "duree_min: 75 ").replace("cas-eau ", "cas-o "), encoding="utf-8")
    code, out, err = run("verifier", file)
    assert (code, out) == (2, "")
    assert err.startswith("p.yml : 3 défauts à corriger.")
    assert "le diaporama « cas-o » n’existe pas" in err
    assert "le parcours annonce 75 min" in err


def test_check_summarises_when_json_is_asked(run):
    code, out, _ = run("verifier", "elus-2h", "--json")
    assert code == 0
    assert json.loads(out)["questions_sortie"] == 8
