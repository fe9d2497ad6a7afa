"""Les dates d’une session, confrontées au parcours et au calendrier."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time

import pytest

from formation import pathways
from formation.pathways.model import Pathway
from formation.session.dates import DatesRefusees, examine, plan_slots

TODAY = date(2026, 11, 22)
Plain = Callable[[object], str]


@pytest.fixture(scope="module")
def half_day() -> Pathway:
    return pathways.read(pathways.path("elus-demi-journee"), checked=False)


@pytest.fixture(scope="module")
def two_days() -> Pathway:
    return pathways.read(pathways.path("agents-data-2-jours"), checked=False)


@pytest.mark.parametrize("text", ["2027-01-14", "14/01/2027", "14.01.2027", " 2027-1-14 "])
def test_a_date_is_read_as_written(half_day: Pathway, text: str) -> None:
    assert plan_slots(half_day, text, today=TODAY)[0].date == date(2027, 1, 14)


@pytest.mark.parametrize("text", ["2027-01-14@18:30", "2027-01-14 18h30", "14/01/2027 à 18h30", "2027-01-14T18:30"])
def test_the_start_can_move(half_day: Pathway, text: str) -> None:
    slot = plan_slots(half_day, text, today=TODAY)[0]
    assert (slot.start, slot.label, slot.title) == (time(18, 30), "soirée", "Soirée")
    assert slot.training_min == half_day.duree_min


def test_minutes_follow_the_pathway(two_days: Pathway) -> None:
    slots = plan_slots(two_days, ["2027-01-14", "2027-01-15"], today=TODAY)
    assert [slot.label for slot in slots] == ["matin", "après-midi"] * 2
    assert sum(slot.training_min for slot in slots) == two_days.duree_min
    assert [slot.index for slot in slots] == [0, 1, 2, 3]
    assert len({slot.key for slot in slots}) == 4


def test_one_date_per_day(two_days: Pathway, plain: Plain) -> None:
    with pytest.raises(DatesRefusees) as caught:
        plan_slots(two_days, "2027-01-14", today=TODAY)
    assert "se joue en 2 jours" in plain(caught.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "aucune date"),
        ("demain", "« demain » n’est pas une date"),
        ("31/02/2027", "n’existe pas dans le calendrier"),
        ("2027-05-06", "jour férié (Ascension)"),
        ("2027-03-28", "est un dimanche"),
        ("2027-01-14@23:00", "finirait après minuit"),
        ("2027-01-14@25:00", "n’est pas une heure"),
        ("2027-01-14@09:00+14:00", "2 heures de début pour 1 demi-journée"),
    ],
)
def test_bad_date(half_day: Pathway, plain: Plain, text: str, expected: str) -> None:
    plan = examine(half_day, text, today=TODAY)
    assert plan.slots == ()
    assert expected in plain("\n".join(plan.problems))


def test_holiday_proposes_an_open_day(half_day: Pathway, plain: Plain) -> None:
    assert "par exemple vendredi 7 mai 2027" in plain(examine(half_day, "2027-05-06", today=TODAY).problems[0])


def test_holiday_can_be_kept(half_day: Pathway, plain: Plain) -> None:
    plan = examine(half_day, "2027-05-06", today=TODAY, despite_holiday=True)
    assert len(plan.slots) == 1
    assert "gardé, comme demandé" in plain(plan.remarks[0])


def test_good_friday_is_a_remark_in_the_east(half_day: Pathway, plain: Plain) -> None:
    plan = examine(half_day, "2027-03-26", today=TODAY)
    assert plan.slots
    assert "férié en Moselle et en Alsace (Vendredi saint)" in plain(plan.remarks[0])


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2026-01-14", "est passé"), ("2031-01-14", "plus de deux ans"), ("2027-01-16", "samedi")],
)
def test_doubtful_date_is_a_remark(half_day: Pathway, plain: Plain, text: str, expected: str) -> None:
    plan = examine(half_day, text, today=TODAY)
    assert plan.slots
    assert expected in plain(plan.remarks[0])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2027-01-15,2027-01-14", "donnez les dates dans l’ordre"),
        ("2027-01-14,2027-01-14", "donné deux fois"),
        ("2027-01-14@09:00+11:00,2027-01-15", "se recouvrent"),
        ("2027-01-14@14:00+09:00,2027-01-15", "se recouvrent"),
        ("2027-01-14@13:30+17:00,2027-01-15", "tombe aussi dans « après-midi »"),
    ],
)
def test_days_and_half_days_do_not_overlap(two_days: Pathway, plain: Plain, text: str, expected: str) -> None:
    assert expected in plain("\n".join(examine(two_days, text, today=TODAY).problems))


def test_short_lunch_is_a_remark(two_days: Pathway, plain: Plain) -> None:
    plan = examine(two_days, "2027-01-14@09:45+13:15,2027-01-15", today=TODAY)
    assert any("minutes pour déjeuner" in plain(text) for text in plan.remarks)


def test_everything_wrong_is_said_at_once(two_days: Pathway) -> None:
    plan = examine(two_days, ["demain", "2027-05-06", "2027-02-30"], today=TODAY)
    assert len(plan.problems) == 4
