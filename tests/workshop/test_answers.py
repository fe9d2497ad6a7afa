"""Fichiers de réponses : tout est dit d’un coup, rien d’hostile ne passe."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formation import workshop
from formation.workshop import answers as answers_module
from formation.workshop import small_files
from formation.workshop.wording import answers_file, listing, template

GRID = workshop.load("besoin")


@pytest.fixture
def fichier(tmp_path):
    """Écrit un fichier de réponses et le lit."""

    def read(content: str | bytes, name: str = "reponses.yml"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return workshop.read_answers(GRID, path)

    return read


def problems(read, *content):
    with pytest.raises(workshop.ReponsesInvalides) as raised:
        read(*content)
    return str(raised.value)


def test_answers_are_read_when_the_file_is_good(fichier):
    text = "outil: besoin\nversion: '1.0'\nreponses:\n  nature: prevoir\n  volume: 1 200\n  humain: true\n  essai:\n"
    assert fichier(text) == {"nature": "prevoir", "volume": 1200.0, "humain": "oui"}


def test_json_is_read_when_saved_by_the_page(fichier):
    text = json.dumps({"outil": "besoin", "version": "1.0", "date": "2026-11-22", "reponses": {"nature": "trier"}})
    assert fichier(text, "reponses.json") == {"nature": "trier"}


def test_every_problem_is_said_when_there_are_several(fichier, plain):
    text = (
        "outil: droit\nautre: 1\nreponses:\n  natur: prevoir\n  nature: prevoire\n  volume: douze\n"
        "  humain: [oui, non]\n"
    )
    message = plain(problems(fichier, text))
    assert message.startswith("6 problèmes dans reponses.yml. Rien n’a été écrit.")
    assert "« outil » vaut « droit »" in message
    assert "« autre » n’est pas connue" in message
    assert "Vouliez-vous dire « nature » ?" in message
    assert "Vouliez-vous dire « prevoir » ?" in message
    assert "« douze » n’est pas un nombre. Exemple : 0" in message
    assert "« une liste » n’est pas une réponse" in message


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (-1, "le minimum est 0"),
        (1e9, "le maximum est"),
        (1.5, "n’est pas entier"),
        (float("nan"), "démesuré"),
        (float("inf"), "démesuré"),
        (True, "n’est pas un nombre"),
        ([1], "n’est pas un nombre"),
        ("1e400", "démesuré"),
        (10**400, "n’est pas un nombre"),
    ],
)
def test_number_is_refused_when_out_of_shape(value, message, plain):
    with pytest.raises(workshop.ReponsesInvalides) as raised:
        workshop.evaluate(GRID, {"volume": value})
    assert message in plain(raised.value)


HOSTILE = [
    (b"\xff\xfe\x00", "reponses.yml", "UTF-8"),
    (b"a" * 300_000, "reponses.yml", "256 ko"),
    (b"reponses: [1, 2]", "reponses.yml", "n’a pas de partie"),
    (b"[]", "reponses.json", "n’a pas de partie"),
    (b"reponses:\n  a: 1\n  a: 2\n", "reponses.yml", "écrite deux fois"),
    (b"reponses: {a: 1", "reponses.yml", "YAML valide"),
    (b'{"reponses": ', "reponses.json", "JSON valide"),
    (b"[" * 100_000, "reponses.json", "emboîtés"),
    (b"reponses: " + b"[" * 3_000, "reponses.yml", "niveaux emboîtés"),
    (b"reponses: !!python/object/apply:os.system ['true']", "reponses.yml", "refusée"),
    (b"reponses: {nature: 2027-02-30}", "reponses.yml", "n’existe pas dans le calendrier"),
    (b"x", "reponses.csv", ".yml, .yaml ou .json"),
    (b"", "reponses.yml", "n’a pas de partie"),
]


@pytest.mark.parametrize(("content", "name", "message"), HOSTILE, ids=[f"{i}" for i in range(len(HOSTILE))])
def test_file_is_refused_in_french_when_hostile(fichier, content, name, message, plain):
    assert message in plain(problems(fichier, content, name))


def test_aliases_do_not_grow_when_the_file_is_a_bomb(fichier):
    lines = ["outil: besoin", "a: &a [x, x]"] + [
        f"{c}: &{c} [{', '.join(['*' + p] * 9)}]" for p, c in zip("abcdefgh", "bcdefghi", strict=True)
    ]
    message = problems(fichier, "\n".join([*lines, "reponses: {nature: *i}"]))
    assert len(message) < 3000
    assert "renvois YAML" in message


def test_missing_file_is_said_in_french(tmp_path):
    with pytest.raises(workshop.ReponsesInvalides, match="ne peut pas être lu"):
        workshop.read_answers(GRID, tmp_path / "absent.yml")


def test_long_text_is_refused_with_its_length():
    with pytest.raises(workshop.ReponsesInvalides, match="2001 caractères"):
        workshop.evaluate(GRID, {"nom": "a" * 2001})


def test_only_first_problems_are_listed_when_there_are_hundreds():
    with pytest.raises(workshop.ReponsesInvalides) as raised:
        workshop.evaluate(GRID, {f"q{rank}": 1 for rank in range(900)})
    assert len(str(raised.value).splitlines()) == small_files.PROBLEMS_SHOWN + 2


@given(st.dictionaries(st.text(max_size=12), st.one_of(st.text(max_size=9), st.integers(), st.floats(), st.none(),
                       st.booleans(), st.lists(st.text(max_size=4), max_size=3)), max_size=4))  # fmt: skip
def test_answers_are_accepted_or_refused_in_french_whatever_they_are(answers):
    accepted, found = answers_module.check(GRID, answers)
    unknown = [name for name in answers if name not in GRID.questions]
    assert len(found) >= len(unknown)
    assert set(accepted) <= set(GRID.questions)


@pytest.mark.parametrize("name", workshop.names())
def test_template_is_read_back_empty_when_nothing_is_filled(tmp_path, name):
    grid = workshop.load(name)
    path = tmp_path / "modele.yml"
    path.write_text(template(grid), encoding="utf-8")
    assert workshop.read_answers(grid, path) == {}
    assert all(question in listing(grid) for question in grid.questions)


@pytest.mark.parametrize("name", workshop.names())
def test_saved_answers_are_read_back_the_same(tmp_path, name):
    grid = workshop.load(name)
    answers = workshop.random_answers(grid, random.Random(5))
    path = tmp_path / "reponses.yml"
    path.write_text(answers_file(grid, answers), encoding="utf-8")
    assert workshop.read_answers(grid, path) == answers
