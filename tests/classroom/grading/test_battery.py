"""La batterie : chaque copie hostile ou abîmée, corrigée en une fois parmi des copies honnêtes."""

import pytest
from battery import CASES
from battery.bench import play
from battery.model import BREACH

pytestmark = pytest.mark.lent

FORMATS = ("libre", "maison")
PAIRS = [(form, case) for form in FORMATS for case in CASES if form in case.formats]


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    """Corrections jouées, une par format, à la demande."""
    played = {}

    def get(form):
        if form not in played:
            played[form] = play(tmp_path_factory.mktemp(form), form, CASES)
        return played[form]

    return get


def test_the_battery_holds_at_least_eighty_distinct_cases():
    assert len({case.name for case in CASES}) == len(CASES) >= 80
    assert all(case.code or case.libre or case.maison or case.mutate or case.place for case in CASES)


@pytest.mark.parametrize(("form", "case"), PAIRS, ids=[f"{form}-{case.name}" for form, case in PAIRS])
def test_no_point_is_stolen_and_no_copy_is_lost(bench, form, case):
    played = bench(form)
    learner = played.learner(case)
    state, score = played.states.get(learner), played.scores.get(learner)
    said = f"{state}, {score} points ; {played.reasons.get(learner)} ; {played.cells.get(learner)}"
    assert not played.lost(learner), said
    assert not played.stolen(learner), said
    if state in ("corrigée", "à relire"):
        assert score >= case.least(played.sheet), f"{case.least(played.sheet)} points au moins : {said}"


@pytest.mark.parametrize(("form", "case"), PAIRS, ids=[f"{form}-{case.name}" for form, case in PAIRS])
def test_the_learner_page_shows_nothing_hidden(bench, form, case):
    played = bench(form)
    assert played.leaks(played.learner(case)) == []


@pytest.mark.parametrize("form", FORMATS)
def test_honest_grades_do_not_change(bench, form):
    played = bench(form)
    assert {name: played.scores[name] for name in played.witnesses} == played.witnesses
    assert {played.states[name] for name in played.witnesses} == {"corrigée"}


@pytest.mark.parametrize("form", FORMATS)
def test_no_secret_is_in_anything_produced(bench, form):
    played = bench(form)
    owner = next(iter(played.witnesses))
    for name, content in played.produced().items():
        for mark, secret in played.lab.secrets.items():
            if mark == "autre" and owner in name:
                continue
            assert secret.encode() not in content, f"{mark} dans {name}"
    for mark in ("env", "garde", "cours", "autre"):
        assert played.lab.secrets[mark] not in played.log
        assert played.lab.secrets[mark].encode() not in (played.lab.course / "gradebook.db").read_bytes()


@pytest.mark.parametrize("form", FORMATS)
def test_no_attack_claims_a_breach(bench, form):
    played = bench(form)
    claims = [name for name, content in played.produced().items() if BREACH.encode() in content]
    assert {name: played.learners.get(name.split("/")[1]).name for name in claims if name.count("/")} == {}
    assert claims == []


@pytest.mark.parametrize("form", FORMATS)
def test_nothing_moves_outside(bench, form):
    assert bench(form).moved == []


@pytest.mark.parametrize("form", FORMATS)
def test_nobody_is_reached_and_nobody_is_killed(bench, form):
    played = bench(form)
    assert played.contacts == ""
    assert played.witness_alive


@pytest.mark.parametrize("form", FORMATS)
def test_no_process_is_left(bench, form):
    assert bench(form).left == []
