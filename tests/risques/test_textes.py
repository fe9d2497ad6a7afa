"""Les calculs écrits dans les textes du cas « risques » sont justes."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OVERFLOW_CM = 100
RULES = {
    "pluie d’une heure d’au moins 20 mm": lambda rain, before, level: rain >= 20,
    "dernière mesure : niveau d’au moins 100 cm": lambda rain, before, level: (level or 0) >= OVERFLOW_CM,
    "pluie d’une heure d’au moins 10 mm": lambda rain, before, level: rain >= 10,
    "« modèle » : pluie d’une heure + moitié des trois jours, au moins 35": lambda rain, before, level: (
        rain + before / 2 >= 35
    ),
    "le « modèle », ou le niveau d’au moins 100 cm": lambda rain, before, level: (
        rain + before / 2 >= 35 or (level or 0) >= OVERFLOW_CM
    ),
}
RAIN_20, LEVEL, RAIN_10, MODEL, MODEL_OR_LEVEL = RULES


def text(name):
    return (ROOT / "cases/risques" / name).read_text("utf-8").replace("\u00a0", " ").replace("\u202f", " ")


@pytest.fixture(scope="module")
def cards():
    pattern = r"^\| ([A-L]) \| (\d+) mm \| (\d+) mm \| (?:(\d+) cm|—) \| (\d+) cm \|$"
    rows = re.findall(pattern, text("note-pedagogique.md"), re.M)
    return {
        card: (int(rain), int(before), int(now) if now else None, int(top)) for card, rain, before, now, top in rows
    }


@pytest.fixture(scope="module")
def overflows(cards):
    return {card for card, (*_, top) in cards.items() if top >= OVERFLOW_CM}


def alerts(cards, *names):
    return {card for card, (*known, _) in cards.items() if any(RULES[name](*known) for name in names)}


def test_card_game_has_twelve_cards_and_five_overflows(cards, overflows):
    assert len(cards) == 12
    assert overflows == set("BDEGJ")


@pytest.mark.parametrize("name", RULES)
def test_card_game_result_is_the_one_printed(cards, overflows, name):
    row = re.search(
        rf"^\| {re.escape(name)} \| (\d+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) sur (\d+) \|$",
        text("note-pedagogique.md"),
        re.M,
    )
    assert row is not None
    given = alerts(cards, name)
    groups = (given, given & overflows, overflows - given, given - overflows, given & overflows, given | overflows)
    assert [int(number) for number in row.groups()] == [len(group) for group in groups]


@pytest.mark.parametrize(
    ("loss", "name", "cost"),
    [
        (2, MODEL, 7),
        (2, RAIN_10, 9),
        (10, MODEL, 15),
        (10, RAIN_10, 9),
        (2, MODEL_OR_LEVEL, 7),
        (10, MODEL_OR_LEVEL, 7),
    ],
)
def test_card_game_cost_follows_the_price_of_a_missed_overflow(cards, overflows, loss, name, cost):
    given = alerts(cards, name)
    assert len(given) + loss * len(overflows - given) == cost


def test_both_references_together_miss_one_card_at_the_price_of_four_false_alerts(cards, overflows):
    given = alerts(cards, RAIN_20, LEVEL)
    assert overflows - given == {"G"}
    assert len(given - overflows) == 4


def test_record_arithmetic_holds():
    assert "comme deux jours de travaux" in text("fiche.yml")
    assert round(75_000 / (15_000_000 / 365)) == 2
