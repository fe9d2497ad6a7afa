"""Pages des quiz : pas de clé, mêmes lettres à l’écran et sur papier, un fichier à remettre."""

from __future__ import annotations

import dataclasses
import json
import re
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from formation.session.answers import note
from formation.session.model import Session
from formation.session.quiz_pages import key_page, paper_page, screen_page
from formation.session.quizzes import FROZEN, QuizIllisible, build_sheets, headings, read_sheets, token, write_quizzes
from formation.session.recorded import read_answers
from formation.session.satisfaction import NO_OPINION, STATEMENTS, WORDS

SHEETS = {"positionnement": 1, "evaluation-finale": 2, "satisfaction": 1}
"""Pages au plus, pour une demi-journée d’élus."""


def _visible(html: str) -> str:
    """Texte sans balises ni espaces insécables : une fuite ne se cache pas derrière une balise."""
    bare = re.sub(r"<[^>]+>", "", html)
    return " ".join(bare.replace("\u00a0", " ").replace("\u202f", " ").split())


def test_no_page_for_learners_holds_a_key_or_a_feedback(bare_session: Session) -> None:
    sheets = build_sheets(bare_session)
    secrets = [option.feedback for sheet in sheets.values() for one in sheet.questions for option in one.options]
    assert len(secrets) > 60
    pages = list((bare_session.root / "2-distribuer").glob("*.html"))
    assert {page.stem for page in pages} == {"positionnement", "evaluation-finale", "satisfaction"}
    texts = [page.read_text(encoding="utf-8") for page in pages]
    texts += [paper_page(bare_session, sheet) for sheet in sheets.values()]
    for text in texts:
        seen = _visible(text)
        assert not [secret for secret in secrets if _visible(secret)[:40] in seen or secret[:40] in text]
        assert not re.search(r"data-|[\"'](?:juste|right|key|retour|feedback)[\"']", text)


def test_nothing_in_the_markup_tells_right_from_wrong(bare_session: Session) -> None:
    """Deux options, l’une juste, l’autre fausse, ne diffèrent que par leur lettre et leur texte."""
    sheet = build_sheets(bare_session)["evaluation-finale"]
    html = screen_page(bare_session, sheet)
    for question in sheet.questions:
        inputs = re.findall(rf'<input[^>]*name="{question.id}"[^>]*>', html)
        assert len(inputs) == len(question.options)
        assert len({re.sub(r'value="[A-H]"', "", one) for one in inputs}) == 1


def test_the_trainers_page_holds_every_feedback(bare_session: Session) -> None:
    sheets = build_sheets(bare_session)
    seen = _visible(key_page(bare_session, sheets))
    for sheet in sheets.values():
        for question in sheet.questions:
            assert f"Bonne réponse : {question.letters(question.key)}" in seen
            assert f"({question.id})" in seen


def test_order_depends_on_the_seed_and_on_nothing_else(bare_session: Session) -> None:
    first, again = build_sheets(bare_session), build_sheets(bare_session)
    assert first == again
    other = build_sheets(dataclasses.replace(bare_session, seed=448))
    moved = [
        one.id
        for name in first
        for one, two in zip(first[name].questions, other[name].questions, strict=True)
        if [option.text for option in one.options] != [option.text for option in two.options]
    ]
    assert len(moved) > 10
    assert all(
        {option.text for option in one.options} == {option.text for option in two.options}
        for name in first
        for one, two in zip(first[name].questions, other[name].questions, strict=True)
    )


def test_two_groups_of_the_same_day_do_not_share_their_mark(bare_session: Session) -> None:
    other = dataclasses.replace(bare_session, participants=bare_session.participants[1:])
    again = dataclasses.replace(bare_session, created=bare_session.created + timedelta(days=30))
    assert token(other) != token(bare_session) == token(again), "un dossier perdu se refait un autre jour"


def test_paper_and_screen_show_the_same_letters(bare_session: Session) -> None:
    sheet = build_sheets(bare_session)["evaluation-finale"]
    screen, paper = _visible(screen_page(bare_session, sheet)), _visible(paper_page(bare_session, sheet))
    for question in sheet.questions:
        for letter, option in zip("ABCD", question.options, strict=False):
            line = f"{letter}.{' '.join(option.text.split())}"
            assert _squeezed(line) in _squeezed(screen)
            assert _squeezed(line) in _squeezed(paper)


def _squeezed(text: str) -> str:
    return re.sub(r"[\s\u00a0\u202f]|&[a-z]+;|[<>&]", "", text)


def test_frozen_questions_are_read_back(bare_session: Session) -> None:
    assert read_sheets(bare_session.root) == build_sheets(bare_session)


def test_damaged_frozen_questions_are_explained(bare_session: Session) -> None:
    (bare_session.root / FROZEN).write_text("{", encoding="utf-8")
    with pytest.raises(QuizIllisible, match="sauvegarde"):
        read_sheets(bare_session.root)


def test_typing_templates_have_one_row_per_learner_and_one_column_per_question(bare_session: Session) -> None:
    lines = (bare_session.root / "4-recueillir" / "evaluation-finale.csv").read_text("utf-8-sig").splitlines()
    sheet = read_sheets(bare_session.root)["evaluation-finale"]
    assert lines[0] == ";".join(["identifiant", *headings(sheet)])
    assert [line.split(";")[0] for line in lines[1:]] == [one.id for one in bare_session.participants]
    assert "Stagiaire" not in "".join(lines)


def test_paper_is_a_good_pdf(bare_session: Session, tmp_path: Path) -> None:
    from formation import printing

    for html, target in write_quizzes(bare_session):
        path = tmp_path / target.name
        printing.write_pdf(html, path)
        assert printing.check_pdf(path, must_not_contain=("Bonne réponse", "stagiaire-01")) == []
        assert "☐" in printing.read_text(path)
        with pikepdf.open(path) as pdf:
            assert len(pdf.pages) <= SHEETS[target.stem], "une page de plus, pour chacun"


def test_several_answers_is_said_once(bare_session: Session) -> None:
    sheet = build_sheets(bare_session)["evaluation-finale"]
    said = [one for one in sheet.questions if one.kind == "multiple"]
    assert said
    for one in said:
        alone = dataclasses.replace(sheet, questions=(one,), instruction="")
        for page in (screen_page(bare_session, alone), paper_page(bare_session, alone)):
            assert _visible(page).casefold().count("plusieurs réponses") == 1, one.id


class _Labels(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.fieldsets = self.legends = self.free = 0
        self._label = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.fieldsets += tag == "fieldset"
        self.legends += tag == "legend"
        self._label = self._label or tag == "label"
        self.free += tag == "input" and dict(attrs).get("type") in ("radio", "checkbox") and not self._label

    def handle_endtag(self, tag: str) -> None:
        self._label = self._label and tag != "label"


@pytest.mark.parametrize("name", ["positionnement", "evaluation-finale", "satisfaction"])
def test_every_input_has_a_label_and_every_group_a_legend(bare_session: Session, name: str) -> None:
    html = (bare_session.root / "2-distribuer" / f"{name}.html").read_text(encoding="utf-8")
    reader = _Labels()
    reader.feed(html)
    assert reader.fieldsets == reader.legends > 0
    assert reader.free == 0
    assert not re.search(r"(?:src|href)=[\"']?https?:|url\(|@import|fetch\(|XMLHttpRequest|localStorage", html)


@pytest.mark.navigateur
def test_a_learner_answers_with_the_keyboard_and_the_trainer_reads_the_file(
    bare_session: Session, tmp_path: Path, navigateur: Any
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    folder = bare_session.root / "2-distribuer"
    for scheme in ("light", "dark"):
        page = navigateur.new_page(color_scheme=scheme)
        for file in sorted(folder.glob("*.html")):
            page.goto(file.as_uri())
            violations = Axe().run(page).response["violations"]
            assert [(file.name, one["id"]) for one in violations] == []
        page.close()
    page = navigateur.new_page()
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto((folder / "positionnement.html").as_uri())
    _press(page, "Tab", "Enter")
    assert "identifiant" in page.inner_text("#annonce")
    page.keyboard.type("Stagiaire-03 ")
    _press(page, "Tab", "Space", "ArrowDown", "Enter")
    assert "Sans réponse : 2" in page.inner_text("#annonce").replace("\u00a0", " ")
    with page.expect_download() as download:
        _press(page, "Enter")
    assert "Enregistré" in page.inner_text("#annonce").replace("enregistré", "Enregistré")
    assert download.value.suggested_filename == "reponses-stagiaire-03-positionnement.json"
    download.value.save_as(tmp_path / "recu.json")
    page.goto((folder / "satisfaction.html").as_uri())
    _press(page, "Tab", "Space", "Enter")
    with page.expect_download() as download:
        _press(page, "Enter")
    download.value.save_as(tmp_path / "avis.json")
    assert all(url.startswith(("file:", "blob:")) for url in requests)
    page.close()
    noted = note(bare_session, [tmp_path / "recu.json", tmp_path / "avis.json"])
    assert (noted.placement, noted.forms) == (1, 1)
    answers = read_answers(bare_session.root)
    first = read_sheets(bare_session.root)["positionnement"].questions[0].id
    assert answers.quiz["positionnement"]["stagiaire-03"][first] == (1,)
    assert answers.forms[0].words == {next(iter(STATEMENTS)): WORDS[0]}
    assert NO_OPINION not in WORDS
    assert "stagiaire" not in json.dumps(json.loads((tmp_path / "avis.json").read_text("utf-8")))


def _press(page: object, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)  # type: ignore[attr-defined]
