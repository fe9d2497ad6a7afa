"""Les minutes des notes pédagogiques et des parcours suffisent aux exercices qu’elles annoncent."""

import re
from itertools import chain
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
NOTES = sorted(ROOT.glob("cases/*/note-pedagogique.md"))
PATHWAYS = sorted(ROOT.glob("book/parcours/*.yml"))
SLOT = re.compile(r"\| (\d+)–(\d+) \|")
NAME = re.compile(r"\b[a-z]+-\d{2}\b")
IN_PART = ("début de", "premières questions", "à emporter", "à rendre", "à l’écran")
"""Ce qui dit qu’un exercice n’est pas fait en entier dans la case."""


@pytest.fixture(scope="module")
def minutes():
    found = {}
    for path in ROOT.glob("notebooks/*/*.md"):
        header = yaml.safe_load(path.read_text(encoding="utf-8").split("---\n")[1])
        found[path.stem] = header["formation"]["duree_min"]
    return found


@pytest.mark.parametrize("note", NOTES, ids=lambda path: path.parent.name)
def test_a_slot_of_the_note_is_as_long_as_its_exercise(note, minutes):
    short = {"-".join(name.split("-")[:2]): time for name, time in minutes.items()}
    problems = []
    for line in note.read_text(encoding="utf-8").splitlines():
        slot = SLOT.match(line)
        if slot is None or any(words in line.lower() for words in IN_PART):
            continue
        given = int(slot[2]) - int(slot[1])
        problems += [(line, name) for name in NAME.findall(line) if short.get(name, 0) > given]
    assert not problems


@pytest.mark.parametrize("path", PATHWAYS, ids=lambda path: path.stem)
def test_a_sequence_is_as_long_as_its_exercises(path, minutes):
    days = yaml.safe_load(path.read_text(encoding="utf-8"))["jours"]
    halves = chain.from_iterable(day["demi_journees"] for day in days)
    sequences = [item for half in halves for item in half["sequences"] if item.get("exercices")]
    for sequence in sequences:
        longest = max(step["minutes"] for step in sequence["etapes"])
        assert sum(minutes[name] for name in sequence["exercices"]) <= longest, sequence["id"]
