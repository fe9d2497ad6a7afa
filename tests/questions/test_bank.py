"""Toute la banque : assez de questions, une clé, un retour par réponse, et rien qui la trahisse."""

from __future__ import annotations

import dataclasses
import shutil
from collections import Counter
from pathlib import Path

import pytest

from formation import questions
from formation.book.recommendations import quiz_files
from formation.questions import Choice, Rich
from formation.questions.checks import (
    MINIMUM,
    RUSES,
    TOLERANCE,
    chance,
    echo,
    figures,
    of_item,
    problems,
    success,
    twins,
)

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def bank():
    return questions.load()


@pytest.fixture
def item(bank):
    return bank["eau-q03"]


def choice(text, right, feedback="Un retour assez long pour expliquer ce qui va, ou ce qui ne va pas : "):
    return Choice(Rich(text, text), right, Rich(feedback + text, feedback + text))


# --- La banque livrée ----------------------------------------------------------------------------


def test_bank_has_enough_questions_from_every_quiz(bank):
    assert len(bank) >= MINIMUM == 320
    assert {item.file for item in bank.values()} == {file.relative_to(ROOT) for file in quiz_files(ROOT)}


def test_bank_has_no_defect(bank):
    assert [f"{problem.where} : {problem.text}" for problem in problems(bank)] == []


@pytest.mark.parametrize(("name", "ruse"), [(name, ruse) for name, _, ruse in RUSES], ids=[ruse[0] for ruse in RUSES])
def test_ruse_does_not_beat_chance(bank, name, ruse):
    items = list(bank.values())
    assert success(items, ruse) - chance(items) <= TOLERANCE <= 0.05, name


def test_every_chapter_spreads_its_right_answers(bank):
    for page in bank.pages:
        ranks = Counter(item.key[0] for item in bank.of(page) if item.kind == "unique")
        assert max(ranks.values()) <= 0.4 * sum(ranks.values()) + 1, page


def test_every_level_is_asked_in_every_chapter(bank):
    for page in bank.pages:
        assert {item.level for item in bank.of(page)} == {"découverte", "compréhension", "approfondissement"}, page


def test_several_answers_is_never_all_or_one(bank):
    several = [item for item in bank.values() if item.kind == "multiple"]
    assert len(several) >= 30
    assert {2, 3} == {len(item.key) for item in several}
    assert all(len(item.key) < len(item.choices) for item in several)


def test_figures_told_to_a_person_match_the_measures(bank):
    told = {figure.name: figure.value for figure in figures(bank)}
    assert told["questions"] == len(bank)
    assert told["plus longue"] == pytest.approx(success(bank.values(), RUSES[0][2]))
    assert 0.24 < told["hasard"] < 0.28


# --- Chaque épreuve sait échouer -----------------------------------------------------------------


def told(item):
    return " ".join(problem.text for problem in of_item(item))


def test_sound_question_has_no_defect(item):
    assert told(item) == ""


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"objective": "Savoir ce qu’est un score."}, "verbe que l’on peut observer"),
        ({"objective": "Comprendre pourquoi un score ment."}, "verbe que l’on peut observer"),
        ({"kind": "multiple"}, "deux au moins sont justes"),
        ({"statement": Rich("", "Que dire ? Plusieurs réponses.")}, "une seule est admise"),
    ],
)
def test_defect_is_told_when_a_field_is_wrong(item, changes, said):
    assert said in told(dataclasses.replace(item, **changes))


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        ([("Oui, c’est sûr.", True), ("Non, pas ici.", False)], "de 3 à 5 sont attendues"),
        ([("Même texte.", True), ("Même texte.", False), ("Autre texte", False)], "identiques"),
        ([("Toutes les réponses", True), ("Une autre réponse.", False), ("Encore une autre", False)], "fourre-tout"),
        ([("Rien de tout cela ici", True), ("Une autre réponse.", False), ("Encore une autre", False)], "fourre-tout"),
        ([("A et B réunies ici", False), ("Une autre réponse.", True), ("Encore une autre", False)], "fourre-tout"),
        (
            [("Une réponse bien plus longue que les autres", True), ("Une courte", False), ("Une autre", False)],
            "la désigne",
        ),
        ([("Première réponse.", True), ("Seconde réponse.", True), ("Troisième rép.", False)], "une seule réponse est"),
    ],
)
def test_defect_is_told_when_answers_are_wrong(item, choices, said):
    assert said in told(dataclasses.replace(item, choices=tuple(choice(*one) for one in choices)))


def test_missing_or_repeated_feedback_is_told(item):
    same = tuple(dataclasses.replace(one, feedback=item.choices[0].feedback) for one in item.choices)
    assert "son propre retour" in told(dataclasses.replace(item, choices=same))
    short = (dataclasses.replace(item.choices[0], feedback=Rich("Non.", "Non.")), *item.choices[1:])
    assert "son propre retour" in told(dataclasses.replace(item, choices=short))


def test_key_that_repeats_the_question_is_told(item):
    statement = "Quelle courbe de captation montre les fuites du réseau ?"
    parrot = dataclasses.replace(
        item,
        statement=Rich(statement, statement),
        choices=(
            choice("La courbe de captation des fuites du réseau.", True),
            choice("Le rendement annuel de toute la commune.", False),
            choice("Le débit mesuré chaque nuit à la source.", False),
        ),
    )
    assert echo(parrot) >= 3
    assert "reprend les mots de l’énoncé" in told(parrot)


def test_near_twins_are_told(bank, item):
    copy = dataclasses.replace(item, id="eau-q99")
    assert [problem.where for problem in twins([item, copy])] == ["eau-q03 et eau-q99"]
    assert twins([item, bank["eau-q01"]]) == []


def test_ruse_is_caught_when_the_key_is_always_the_longest(item):
    choices = (choice("La réponse juste est longue.", True), choice("Une fausse.", False), choice("Une autre.", False))
    given_away = [dataclasses.replace(item, choices=choices)] * 3
    assert success(given_away, RUSES[0][2]) == 1
    assert chance(given_away) == pytest.approx(1 / 3)


# --- Lire la banque ------------------------------------------------------------------------------


def test_figures_are_resolved_as_in_the_book(bank):
    assert "{" not in "".join(item.statement.text + item.choices[0].text.text for item in bank.values())
    assert "72\u00a0%" in bank["eau-q01"].statement.text


def test_items_are_found_by_subject_page_and_last_word(bank):
    assert bank.of("eau") == bank.of("book/cas/eau") == bank.of("book/cas/eau.md")
    assert {item.page for item in bank.of("conduire")} > {"book/conduire/chef-de-file"}
    assert {item.subject for item in bank.of("chef-de-file")} == {"conduire"}
    assert "eau-q01" in bank
    assert "eau-q99" not in bank


@pytest.mark.parametrize(("name", "near"), [("eau-q1", "eau-q"), ("eaux-q01", "eau-q01")])
def test_unknown_question_gets_near_names(bank, name, near):
    with pytest.raises(questions.QuestionInconnue, match="n’est pas une question") as caught:
        bank[name]
    assert near in str(caught.value)
    assert isinstance(caught.value, KeyError)


def test_unknown_chapter_gets_near_names(bank):
    with pytest.raises(questions.QuestionInconnue, match="chef-de-file"):
        bank.of("chef-de-fil")


def test_review_is_a_page_of_the_book(bank):
    missing = {item.review.partition("#")[0] for item in bank.values()}
    assert {page for page in missing if not (ROOT / f"{page}.md").is_file()} == set()


# --- Sources absentes ou abîmées -----------------------------------------------------------------


@pytest.fixture
def project(tmp_path):
    for name in (
        "cases/eau/quiz.yml",
        "cases/eau/chiffres.yml",
        "cases/usagers/quiz.yml",
        "cases/usagers/chiffres.yml",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def test_sources_missing_is_told(tmp_path):
    with pytest.raises(questions.BanqueInvalide, match="Récupérez le dépôt"):
        questions.load(tmp_path)


def test_every_defect_of_every_file_is_told_at_once(project, plain):
    file = project / "cases/eau/quiz.yml"
    text = file.read_text("utf-8")
    file.write_text(text.replace("{chiffre}`eau.capte_20_modele`", "{chiffre}`eau.rien`", 1), "utf-8")
    (project / "cases/usagers/quiz.yml").write_text("cas: usagers\ntitre: x\nquestions: []\n", "utf-8")
    with pytest.raises(questions.BanqueInvalide) as caught:
        questions.load(project)
    for said in ("n’a pas de chiffre « rien »", "question eau-q01", "cases/usagers/quiz.yml"):
        assert said in plain(caught.value)


def test_identifier_used_in_two_quizzes_is_told(project, plain):
    file = project / "cases/usagers/quiz.yml"
    file.write_text(file.read_text("utf-8").replace("usagers-q01", "eau-q01"), "utf-8")
    with pytest.raises(questions.BanqueInvalide) as caught:
        questions.load(project)
    assert "« eau-q01 » est déjà celui d’une question de cases/eau/quiz.yml" in plain(caught.value)


def test_bank_is_read_again_when_a_file_changes(project):
    before = questions.load(project)
    assert questions.load(project) is before
    file = project / "cases/eau/quiz.yml"
    file.write_text(file.read_text("utf-8").replace("Que dit ce point", "Que nous dit ce point"), "utf-8")
    assert "Que nous dit" in questions.load(project)["eau-q01"].statement.text
