"""Bilans : ce que « atteint » veut dire, ce qui n’est pas évalué, la présence, les points des exercices."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from formation.classroom.results import CopyResult
from formation.errors import FormationError
from formation.pathways.model import Objective
from formation.session import outcome
from formation.session.model import Session
from formation.session.outcome import TRIAL, compute, expected_share, is_trial, required, rule
from formation.session.quizzes import LETTERS, QUIZZES, read_sheets
from formation.session.recorded import STORE, Answers, read_answers, to_text

Record = Callable[..., None]


@pytest.fixture
def record(bare_session: Session) -> Record:
    """Inscrit les réponses d’un stagiaire, comme si elles venaient d’être notées ; `wrong` : questions ratées."""

    def _record(learner: str, quiz: str, wrong: tuple[str, ...] = (), presence: dict[int, int] | None = None) -> None:
        sheets = read_sheets(bare_session.root)
        answers = read_answers(bare_session.root)
        name = next(one for one in QUIZZES if one == quiz)
        answers.quiz[name][learner] = {one.id: () if one.id in wrong else one.key for one in sheets[name].questions}
        if presence is not None:
            answers.presence[learner] = presence
        (bare_session.root / STORE).write_text(to_text(answers), encoding="utf-8")

    return _record


def test_nothing_handed_in_is_not_assessed(bare_session: Session) -> None:
    found = compute(bare_session)
    assert list(found) == [one.id for one in bare_session.participants]
    one = found["stagiaire-01"]
    assert one.did_nothing
    assert {result.state for result in one.objectives} == {"non évalué"}
    assert one.presence is None
    assert (one.placement_score, one.final_score, one.course_points) == (None, None, None)


def test_an_objective_is_reached_at_the_threshold_and_not_below(bare_session: Session, record: Record) -> None:
    questions = [
        name
        for name in bare_session.pathway.objectifs[0].questions
        if name in bare_session.pathway.evaluation_finale.questions
    ]
    assert len(questions) == 3
    record("stagiaire-01", "evaluation-finale", wrong=(questions[0],))
    record("stagiaire-02", "evaluation-finale", wrong=(questions[0], questions[1]))
    found = compute(bare_session)
    first, second = found["stagiaire-01"].objectives[0], found["stagiaire-02"].objectives[0]
    assert (first.passed, first.assessed, first.needed, first.planned, first.state) == (2, 3, 2, 3, "atteint")
    assert (second.passed, second.state) == (1, "non atteint")
    assert found["stagiaire-01"].final_score == (14, 15)
    assert not found["stagiaire-01"].did_nothing


@pytest.mark.parametrize(
    ("assessed", "threshold", "needed"),
    [(5, 0.6, 3), (10, 0.7, 7), (3, 2 / 3, 2), (1, 0.5, 1), (7, 0.6, 5), (0, 0.6, 0), (4, 1.0, 4)],
)
def test_required_rounds_up_but_not_because_of_floating_point(assessed: int, threshold: float, needed: int) -> None:
    assert required(assessed, threshold) == needed


def test_placement_alone_is_not_an_assessment_of_what_was_learnt(bare_session: Session, record: Record) -> None:
    record("stagiaire-03", "positionnement")
    one = compute(bare_session)["stagiaire-03"]
    assert one.placement_score == (6, 6)
    assert one.did_nothing
    assert one.objectives[0].placement == (1, 1)
    assert one.objectives[0].state == "non évalué"


def test_several_right_options_must_all_be_chosen(bare_session: Session) -> None:
    sheet = next(
        (sheet, one) for sheet in read_sheets(bare_session.root).values() for one in sheet.questions if len(one.key) > 1
    )
    answers = Answers()
    question = sheet[1]
    answers.quiz[sheet[0].quiz] = {
        "stagiaire-01": {question.id: question.key[:1]},
        "stagiaire-02": {question.id: question.key},
        "stagiaire-03": {question.id: tuple(range(len(question.options)))},
    }
    right = {
        item.learner: item.right
        for item in answers.items(read_sheets(bare_session.root))
        if item.question_id == question.id
    }
    assert right == {"stagiaire-01": False, "stagiaire-02": True, "stagiaire-03": False}
    assert question.letters(question.key).split() == [LETTERS[rank] for rank in question.key]


def test_presence_is_summed_and_unknown_stays_unknown(bare_session: Session, record: Record) -> None:
    record("stagiaire-01", "positionnement", presence={0: 150})
    found = compute(bare_session)
    assert found["stagiaire-01"].attended_minutes == 150
    assert found["stagiaire-02"].presence is None


def _with_checks(session: Session, monkeypatch: pytest.MonkeyPatch, copies: list[CopyResult]) -> outcome.Outcome:
    """Premier objectif évalué par trois questions et quatre contrôles notés."""
    first, *others = session.pathway.objectifs
    checks = tuple(f"exercice/c{rank}" for rank in range(1, 5))
    pathway = session.pathway.model_copy(
        update={"objectifs": (first.model_copy(update={"controles": checks}), *others)}
    )
    monkeypatch.setattr(outcome, "graded_copies", lambda _: {"stagiaire-01": copies} if copies else {})
    import dataclasses

    return compute(dataclasses.replace(session, pathway=pathway))["stagiaire-01"]


def test_graded_checks_count_with_the_questions(
    bare_session: Session, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    record("stagiaire-01", "evaluation-finale")
    copy = CopyResult("stagiaire-01", "exercice", 2.0, 4.0, {"c1": True, "c2": True, "c3": False, "c4": False})
    one = _with_checks(bare_session, monkeypatch, [copy])
    result = one.objectives[0]
    assert (result.passed, result.assessed, result.planned, result.needed) == (5, 7, 7, 5)
    assert result.state == "atteint"
    assert one.course_points == (2.0, 4.0)


def test_less_than_half_of_what_was_planned_is_not_assessed(
    bare_session: Session, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    record("stagiaire-01", "evaluation-finale")
    one = _with_checks(bare_session, monkeypatch, [])
    assert (one.objectives[0].passed, one.objectives[0].assessed, one.objectives[0].planned) == (3, 3, 7)
    assert one.objectives[0].state == "non évalué"
    assert one.objectives[1].state == "atteint"


def test_a_check_still_to_be_marked_by_hand_is_not_counted(
    bare_session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    controls = {"c1": True, "c2": True, "c3": True, "c4": False}
    copy = CopyResult("stagiaire-01", "exercice", 3.0, 4.0, controls, "à noter", waiting=["c4"])
    one = _with_checks(bare_session, monkeypatch, [copy])
    assert (one.objectives[0].passed, one.objectives[0].assessed) == (3, 3)
    assert one.waiting == ("exercice",)
    assert not one.did_nothing


def test_the_rule_names_the_criterion(bare_session: Session) -> None:
    text = " ".join(rule(bare_session).split())
    assert "2 questions sur 3" in text
    assert "non évalué" in text


def test_criterion_of_the_objective_wins_over_the_threshold() -> None:
    objective = Objective(id="o-a", texte="Lire.", critere="4 preuves sur 5, dont deux questions", questions=("q-1",))
    assert [required(done, expected_share(objective, 0.6)) for done in (5, 4, 3, 0)] == [4, 4, 3, 0]
    plain = objective.model_copy(update={"critere": "à l’oral"})
    assert required(5, expected_share(plain, 0.6)) == 3


def test_a_trial_is_known_by_its_file(bare_session: Session) -> None:
    assert not is_trial(bare_session)
    (bare_session.root / TRIAL).touch()
    assert is_trial(bare_session)


@pytest.mark.parametrize("text", ["{", "[]", '{"quiz": {}}', '{"quiz": {"positionnement": 3}}'])
def test_a_damaged_store_is_explained(bare_session: Session, text: str) -> None:
    Path(bare_session.root / STORE).write_text(text, encoding="utf-8")
    with pytest.raises(FormationError, match="abîmé"):
        compute(bare_session)
