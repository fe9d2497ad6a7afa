"""Les verbes d’un outil : questions, modèle, réponses tapées, fiche."""

from __future__ import annotations

import io
import json
import sys

import pytest

from formation.cli import main


@pytest.fixture
def lancer(capsys, monkeypatch, tmp_path, plain):
    """Lance une commande dans un dossier vide ; rend le code, la sortie et les erreurs."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, typed: str = ""):
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        with pytest.raises(SystemExit) as raised:
            main(arguments)
        out = capsys.readouterr()
        return raised.value.code, plain(out.out), plain(out.err)

    return run


@pytest.mark.parametrize("verb", ["besoin", "ingenierie"])
def test_help_is_in_french(lancer, verb):
    code, out, _ = lancer(verb, "--help")
    assert code == 0
    assert "Usage : formation" in out
    assert all(name in out for name in ("questions", "modele", "repondre", "fiche"))


def test_questions_are_listed_when_asked(lancer):
    code, out, _ = lancer("besoin", "questions")
    assert code == 0
    assert "nature : Que demande-t-on à l’outil ?" in out
    assert "prevoir : " in out
    code, out, _ = lancer("besoin", "questions", "--json")
    assert json.loads(out)["outil"] == "besoin"


def test_sheet_follows_from_the_filled_template(lancer, tmp_path):
    assert lancer("besoin", "modele", "r.yml")[0] == 0
    path = tmp_path / "r.yml"
    text = path.read_text(encoding="utf-8").replace("\n  decision:\n", "\n  decision: vague\n")
    path.write_text(text, encoding="utf-8")
    code, out, err = lancer("besoin", "fiche", "r.yml", "--sortie", "fiche.odt")
    assert code == 0
    assert "Rien pour l’instant, nommez d’abord la décision" in out
    assert "Fiche écrite : fiche.odt" in err
    assert (tmp_path / "fiche.odt").is_file()
    code, out, _ = lancer("besoin", "fiche", "r.yml", "--json")
    assert "nommer-d-abord" in json.loads(out)["rules"]


def test_nothing_is_overwritten_unless_asked(lancer, tmp_path):
    lancer("besoin", "modele", "r.yml")
    code, _, err = lancer("besoin", "modele", "r.yml")
    assert code == 2
    assert "existe déjà" in err
    assert lancer("besoin", "modele", "r.yml", "--ecraser")[0] == 0
    code, _, err = lancer("besoin", "fiche", "r.yml", "--sortie", "r.yml", "--ecraser")
    assert code == 2
    assert "la fiche le remplacerait" in err


def test_answers_are_asked_one_by_one_and_kept(lancer, tmp_path):
    typed = "Projet\n\n2\n9\nprevoir\nabc\n12\nfin\n"
    code, out, err = lancer("besoin", "repondre", "--reponses", "r.yml", "--sortie", "f.txt", typed=typed)
    assert (code, err) == (0, "Réponses gardées : r.yml\nFiche écrite : f.txt\n")
    assert "« 9 » n’est pas une réponse proposée" in out
    assert "Tapez un numéro de 1 à" in out
    assert "« abc » n’est pas un nombre" in out
    assert "decision: vague" in (tmp_path / "r.yml").read_text(encoding="utf-8")
    assert "nommez d’abord" in (tmp_path / "f.txt").read_text(encoding="utf-8")
    assert lancer("besoin", "fiche", "r.yml")[0] == 0


def test_answers_already_given_are_kept_when_the_dialogue_is_cut(lancer, tmp_path):
    code, _, err = lancer("besoin", "repondre", "--reponses", "r.yml", typed="Projet\n\n2\nprevoir\n12\n")
    assert (code, err) == (130, "Réponses gardées : r.yml\nInterrompu.\n")
    assert (tmp_path / "r.yml").read_text(encoding="utf-8").endswith("nature: prevoir\n  volume: 12\n")


def test_refusal_comes_before_the_first_question(lancer, tmp_path):
    (tmp_path / "f.txt").write_text("avant", encoding="utf-8")
    code, out, err = lancer("besoin", "repondre", "--sortie", "f.txt", typed="1\n")
    assert code == 2
    assert out == ""
    assert "existe déjà" in err


def test_all_problems_are_printed_when_the_file_is_wrong(lancer, tmp_path):
    (tmp_path / "r.yml").write_text("outil: besoin\nreponses: {natur: 1, volume: x}\n", encoding="utf-8")
    code, out, err = lancer("besoin", "fiche", "r.yml")
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 3
    assert "Traceback" not in err


def test_help_keeps_its_brackets_when_an_argument_is_required(lancer):
    _, out, _ = lancer("charte", "verifier", "--help")
    assert "(.yml, .json).  [obligatoire]" in out


def test_template_title_is_not_followed_by_two_signs(lancer):
    _, out, _ = lancer("besoin", "modele")
    assert out.startswith("# Faut-il une IA ? Écrivez")
