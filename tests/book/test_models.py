"""Les fichiers YAML fautifs donnent un message en français qui dit où et pourquoi."""

from __future__ import annotations

import pytest

from formation.book import models

QUESTION = """
cas: eau
titre: Quiz
questions:
  - id: eau-q01
    objectif: O
    niveau: {niveau}
    type: {type}
    enonce: E
    options:
      - {{texte: A, juste: true, retour: R}}
      - {{texte: B, juste: {second}, retour: R}}
"""


def parse(niveau="découverte", kind="unique", second="false"):
    text = QUESTION.format(niveau=niveau, type=kind, second=second)
    return models.parse_yaml(text, models.Quiz, name="quiz.yml")


def test_quiz_is_read_when_valid():
    assert parse().questions[0].options[0].juste is True


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"niveau": "facile"}, "questions › 1 › niveau : valeurs acceptées : découverte, compréhension"),
        ({"second": "true"}, "exactement une réponse juste, il y en a 2"),
        ({"second": "peut-être"}, "questions › 1 › options › 2 › juste : écrivez true ou false"),
    ],
)
def test_message_says_where_and_why_when_quiz_is_wrong(arguments, expected, plain):
    with pytest.raises(models.FichierInvalide) as error:
        parse(**arguments)
    assert expected in plain(error.value)
    assert "quiz.yml ne suit pas la forme attendue" in plain(error.value)


def test_all_problems_are_listed_when_several(plain):
    with pytest.raises(models.FichierInvalide) as error:
        models.parse_yaml("cle: D1\ntitre: ''\ninconnu: 1", models.Source, name="sources.yml")
    text = plain(error.value)
    assert "titre : le texte est vide" in text
    assert "auteur_editeur : cette clé manque" in text
    assert "inconnu : cette clé n’est pas connue" in text


def test_line_is_given_when_yaml_is_broken():
    with pytest.raises(models.FichierInvalide, match=r"f\.yml, ligne 2"):
        models.parse_yaml("a: 1\nb: c: d", models.Quiz, name="f.yml")


def test_fact_without_source_is_refused_when_not_marked_unknown():
    with pytest.raises(models.FichierInvalide, match="confiance: inconnu"):
        models.parse_yaml("texte: T", models.Fact, name="fiche.yml")


def test_file_is_read_again_when_it_changes(tmp_path):
    path = tmp_path / "c.yml"
    read = []
    for text in ("x: 1", "x: 1", "x: 25"):
        path.write_text(text, encoding="utf-8")
        read.append(models.read_yaml(path, dict[str, models.KeyFigure], name="c.yml")["x"].valeur)
    assert read == [1, 1, 25]


def test_missing_file_is_named_when_absent(tmp_path):
    with pytest.raises(models.FichierInvalide, match=r"cases/eau/quiz\.yml est introuvable"):
        models.read_yaml(tmp_path / "quiz.yml", models.Quiz, name="cases/eau/quiz.yml")


@pytest.mark.parametrize("text", ["x: {valeur: 52, unite: '%', etendue: [50, 54]}", "x: 52"])
def test_key_figure_is_read_when_short_or_long(text):
    assert models.parse_yaml(text, dict[str, models.KeyFigure], name="c.yml")["x"].valeur == 52
