"""Rapport : aucun nom, petits groupes masqués, mises en garde, chiffres justes."""

from __future__ import annotations

import math
import random
import re
from pathlib import Path

import pytest

from formation.session.handout import passage
from formation.session.model import Session
from formation.session.outcome import TRIAL, ItemAnswer, ObjectiveResult, Outcome, compute
from formation.session.quizzes import QUIZZES, read_sheets
from formation.session.recorded import STORE, Answers, to_text
from formation.session.report import gather, report_html
from formation.session.report_parts import Bar, stacked_bars, table
from formation.session.results_table import header, rows
from formation.session.satisfaction import WORDS, Form, median_word, summarise
from formation.session.scores import analyse_quiz, by_objective, progress, to_take_up


def _fill(session: Session, learners: int, forms: int = 6) -> None:
    """Réponses tirées au sort pour les premiers stagiaires ; la première question de la fin est ratée par tous."""
    generator = random.Random(3)
    answers = Answers()
    for name in QUIZZES:
        sheet = read_sheets(session.root)[name]
        for one in session.participants[:learners]:
            answers.quiz[name][one.id] = {
                question.id: question.key if generator.random() < 0.6 and rank else (_wrong(question),)
                for rank, question in enumerate(sheet.questions)
            }
    answers.presence = {one.id: {0: 210} for one in session.participants[:learners]}
    for rank in range(forms):
        words = {"objectifs": WORDS[rank % 4], "rythme": WORDS[0]}
        said = "Écrire à stagiaire@exemple.fr ou au 06 12 34 56 78, dit Stagiaire-02"
        answers.forms.append(Form(words, {"utile": said}))
    (session.root / STORE).write_text(to_text(answers), encoding="utf-8")


def _wrong(question: object) -> int:
    return next(rank for rank, option in enumerate(question.options) if not option.right)  # type: ignore[attr-defined]


def _page(session: Session) -> str:
    return report_html(session, gather(session))


def _text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).replace("\u00a0", " ").split())


def test_the_report_names_nobody(bare_session: Session) -> None:
    _fill(bare_session, 6)
    page = _page(bare_session)
    for one in bare_session.participants:
        assert one.id not in page
        assert one.last not in page
        assert one.name not in page
    assert "stagiaire@exemple.fr" not in page
    assert "06 12 34 56 78" not in _text(page)
    assert "Stagiaire-02" not in page
    assert "(6 fois)" in page.split("le plus utile")[1]


def test_the_report_warns_about_what_it_cannot_say(bare_session: Session) -> None:
    _fill(bare_session, 6)
    text = _text(_page(bare_session))
    assert "Un gain n’est pas un effet de la formation" in text
    assert "sans groupe de comparaison" in text
    assert "vaut au moins celle de son critère" in text
    assert "moins de 10 copies" in text.lower()
    assert "Pas de moyenne" in text


def test_the_missed_question_is_to_be_taken_up_with_its_feedback(bare_session: Session) -> None:
    _fill(bare_session, 6)
    question = read_sheets(bare_session.root)["evaluation-finale"].questions[0]
    text = _text(_page(bare_session))
    after = text.split("À reprendre avec le groupe")[1]
    assert question.text.replace("\u00a0", " ")[:60] in after
    assert " ".join(question.options[_wrong(question)].feedback.replace("\u00a0", " ").split())[:60] in after
    assert passage(question.review).replace("\u00a0", " ") in after


def test_a_group_under_five_is_not_detailed(bare_session: Session) -> None:
    _fill(bare_session, 4, forms=4)
    text = _text(_page(bare_session))
    assert "non détaillé" in text
    assert "À reprendre avec le groupe" not in text
    assert "Réponses des 4 feuilles" not in text
    assert "Écrire à" not in text
    assert re.search(r"moins de 5\sévalués", text)
    assert not re.search(r"\d (atteint|non atteint)\b(?<!0 atteint)(?<!0 non atteint)", text)
    assert "4 non détaillé" in text
    assert "plus haute à la fin" not in text, "à quatre, un sens de variation désigne"


def test_a_trial_says_so_first(bare_session: Session) -> None:
    _fill(bare_session, 6)
    assert "ESSAI" not in _page(bare_session)
    (bare_session.root / TRIAL).touch()
    assert "ESSAI – stagiaires simulés" in _text(_page(bare_session).split("<main>")[1])[:200]
    assert {row[4] for row in rows(bare_session, compute(bare_session))} == {"simulées"}


def test_an_empty_session_still_has_a_report(bare_session: Session) -> None:
    text = _text(_page(bare_session))
    assert "rien à comparer" in text
    assert "0 pour 6 inscrits" in text
    assert "personne n’est évalué" in text


def test_the_report_is_a_good_pdf_with_a_described_figure(bare_session: Session, tmp_path: Path) -> None:
    from formation import printing

    _fill(bare_session, 6)
    page = _page(bare_session)
    assert re.search(r"<svg role=\"img\".*?<title>[^<]*Objectif 1", page, re.DOTALL)
    printing.write_pdf(page, tmp_path / "rapport.pdf")
    assert printing.check_pdf(tmp_path / "rapport.pdf", [one.id for one in bare_session.participants]) == []


def test_the_named_table_has_one_row_per_learner(bare_session: Session) -> None:
    _fill(bare_session, 5)
    found = rows(bare_session, compute(bare_session))
    assert len(found) == 6
    assert {len(row) for row in found} == {len(header(bare_session))}
    last = dict(zip(header(bare_session), found[-1], strict=True))
    assert last["rien_rendu"] == "oui"
    assert last["présence_min"] is None
    assert last["finale_justes"] is None
    first = dict(zip(header(bare_session), found[0], strict=True))
    assert (first["présence_min"], first["données"]) == (210, "réelles")


def test_progress_matches_a_hand_computation() -> None:
    pairs = [((1, 4), (2, 4)), ((2, 4), (3, 4)), ((1, 4), (3, 4)), ((2, 4), (2, 4)), ((3, 4), (4, 4))]
    found = progress(pairs)
    gaps = [0.25, 0.25, 0.5, 0.0, 0.25]
    deviation = math.sqrt(sum((gap - 0.25) ** 2 for gap in gaps) / 4)
    half = 2.7764 * deviation / math.sqrt(5)
    assert found.gap == pytest.approx(0.25)
    assert (found.low, found.high) == (pytest.approx(0.25 - half, abs=1e-4), pytest.approx(0.25 + half, abs=1e-4))
    assert (found.up, found.down, found.pairs) == (4, 0, 5)


def test_progress_has_no_interval_under_five_pairs() -> None:
    assert progress([((0, 4), (4, 4))] * 4).low is None


def test_progress_by_objective_needs_both_assessments() -> None:
    def one(placement: tuple[int, int] | None, assessed: int) -> Outcome:
        return Outcome("a", (ObjectiveResult("o", assessed, assessed, "atteint", placement),))

    assert by_objective([one((1, 2), 2), one(None, 2), one((1, 2), 0)])["o"].pairs == 1


def test_a_question_that_the_best_miss_is_told(bare_session: Session) -> None:
    sheet = read_sheets(bare_session.root)["evaluation-finale"]
    items = []
    for learner in range(12):
        for rank, question in enumerate(sheet.questions):
            right = learner < 6 if rank == 0 else learner >= 6 or rank % 3 == 0
            chosen = question.key if right else (_wrong(question),)
            items.append(ItemAnswer(f"s-{learner}", "evaluation-finale", question.id, chosen, right))
    stats = analyse_quiz(sheet, items)
    assert stats[0].discrimination is not None
    assert stats[0].discrimination < -0.5
    assert "meilleurs" in stats[0].reading
    assert stats[1].reading == "distingue"
    assert (stats[0].wrong, stats[0].wrong_count) == (_wrong(sheet.questions[0]), 6)
    assert to_take_up(stats) == []


def test_satisfaction_counts_words_and_never_averages() -> None:
    forms = [Form({"objectifs": word}, {}) for word in (*WORDS, WORDS[3])] + [Form({"objectifs": "sans avis"}, {})]
    found = summarise(forms, 9)
    figure = found.figures[0]
    assert (figure.counts, figure.no_opinion, figure.median, figure.answered) == ((1, 1, 1, 2), 1, WORDS[2], 5)
    assert summarise(forms[:4], 9).figures == ()
    assert median_word([0, 0, 0, 0]) == ""


def test_comments_cannot_be_paired_with_one_another() -> None:
    forms = [Form({}, {"utile": f"u{9 - rank}", "changer": f"c{rank}"}) for rank in range(6)]
    comments = summarise(forms, 6).comments or {}
    assert comments["utile"] == tuple(sorted(comments["utile"]))
    assert comments["changer"] == tuple(sorted(comments["changer"]))


def test_comments_that_name_a_learner_are_masked() -> None:
    said = "Merci à NOM-UN et Nom-Un, le nom-un du petit groupe"
    forms = [Form({}, {"utile": said if rank == 0 else ""}) for rank in range(6)]
    comments = summarise(forms, 6, ["Nom-Un", ""]).comments or {}
    assert comments["utile"] == ("Merci à [nom masqué] et [nom masqué], le nom-un du petit groupe",)


def test_text_from_people_is_escaped() -> None:
    assert "<b>" not in table("<b>", ["<b>"], [["<b>", "<b>"]]) + stacked_bars("<b>", ["<b>"], [Bar("<b>", (1,))])
