"""Les papiers nommés ne tiennent que d’une personne, disent ce qui a été évalué, et rien de plus."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from datetime import date, time
from pathlib import Path

import pytest

from formation import pathways, printing
from formation.printing.reading import present
from formation.session import papers
from formation.session.model import Participant, Session, Slot
from formation.session.outcome import TRIAL, ObjectiveResult, Outcome
from formation.session.papers import wording
from formation.session.papers.completion import NOTHING
from formation.session.papers.writing import PapiersImpossibles, attended

HOSTILE = '<script>alert(1)</script>"><img src="http://127.0.0.1:9/x.png">{prénom}'
PEOPLE = (
    Participant("stagiaire-1", "Nom 1", "Stagiaire", "stagiaire-1@exemple.fr", "Commune d’Aubeline", "adjointe"),
    Participant("stagiaire-10", "Nom 10", "Stagiaire", "stagiaire-10@exemple.fr", "Commune d’Aubeline", "conseiller"),
    Participant("stagiaire-03", "Même-Nom", "Stagiaire", "trois@exemple.fr", "Syndicat des eaux", "agent"),
    Participant("stagiaire-04", "Même-Nom", "Stagiaire", "quatre@exemple.fr", "Communauté voisine", "agente"),
    Participant("stagiaire-05", HOSTILE, "=1+1", "hostile@exemple.fr", "<b>Mairie</b>", "&amp;"),
    Participant("stagiaire-06"),
)


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    pathway = pathways.read("elus-demi-journee")
    slots = (
        Slot(date(2027, 1, 14), time(9), time(12, 15), "Jour 1, matin", "matin", 0, 1, 15),
        Slot(date(2027, 1, 14), time(13, 30), time(17), "Jour 1, après-midi", "après-midi", 1, 1, 15),
    )
    return Session(
        root=tmp_path_factory.mktemp("session"),
        pathway=pathway,
        title=pathway.titre,
        organisation="Aubeline formation",
        place="Salle 1",
        mode="présentiel",
        trainers=("Formatrice Une",),
        slots=slots,
        participants=PEOPLE,
        erase_on=date(2027, 6, 1),
        created=date(2026, 11, 22),
        seed=7,
    )


@pytest.fixture(scope="module")
def outcomes(session: Session) -> dict[str, Outcome]:
    first, second, *others = session.pathway.objectifs
    results = (
        ObjectiveResult(first.id, 3, 2, "atteint", (1, 2), 3, 2),
        ObjectiveResult(second.id, 3, 1, "non atteint", None, 3, 2),
        *(ObjectiveResult(one.id, 1, 1, "non évalué", None, 3, 2) for one in others),
    )
    done = Outcome("stagiaire-1", results, {0: 180, 1: 195}, 375, (1, 2), (3, 6), None, False)
    return {
        "stagiaire-1": done,
        "stagiaire-10": dataclasses.replace(done, learner="stagiaire-10", presence={0: 90}),
        "stagiaire-03": dataclasses.replace(done, learner="stagiaire-03", presence={0: 180, 1: 0}),
        "stagiaire-04": dataclasses.replace(done, learner="stagiaire-04", waiting=("eau-03-reparer",)),
        "stagiaire-05": Outcome("stagiaire-05", presence={0: 0, 1: 0}),
        "stagiaire-06": Outcome("stagiaire-06"),
    }


@pytest.fixture(scope="module")
def written(session: Session, outcomes: dict[str, Outcome], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rendre")
    papers.write_papers(session, outcomes, folder, workers=2)
    return folder


@pytest.fixture(scope="module")
def texts(written: Path) -> dict[str, str]:
    """Texte de chaque PDF, sur une ligne, sans ses coupures."""
    return {
        path.relative_to(written).as_posix(): " ".join(printing.read_text(path).split())
        for path in sorted(written.rglob("*.pdf"))
    }


def flat(text: str) -> str:
    """Texte dont toutes les espaces se valent."""
    return " ".join(text.split())


def plain(html: str) -> str:
    body = re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)
    return flat(re.sub(r"<[^>]+>", " ", body))


def forbidden(one: Participant) -> list[str]:
    """Tout ce qui nomme les autres ; un homonyme partage le nom, pas l’identifiant ni le courriel."""
    others = [other for other in PEOPLE if other.id != one.id]
    names = {other.name for other in others} | {f"{other.last} {other.first}".strip() for other in others}
    own = {one.name.casefold(), f"{one.last} {one.first}".strip().casefold()}
    kept = [name for name in names if name.casefold() not in own]
    places = {other.organisation for other in others} - {one.organisation, ""}
    return [*kept, *(other.id for other in others), *(other.email for other in others if other.email), *places]


def test_everyone_gets_an_attestation_and_only_who_came_a_certificate(written: Path) -> None:
    identifiers = {one.id for one in PEOPLE}
    assert {path.stem for path in (written / "attestations").iterdir()} == identifiers
    assert {path.stem for path in (written / "certificats").iterdir()} == identifiers - {"stagiaire-05"}


def test_no_paper_holds_anything_of_another_person(written: Path, texts: dict[str, str]) -> None:
    assert len(texts) == 11
    for name, text in texts.items():
        one = next(person for person in PEOPLE if person.id == Path(name).stem)
        assert present(text, forbidden(one)) == [], name
        assert "@exemple.fr" not in text, "un papier n’a pas besoin du courriel, même du sien"


def test_privacy_check_would_see_a_leak(session: Session, outcomes: dict[str, Outcome], tmp_path: Path) -> None:
    one, other = PEOPLE[0], PEOPLE[1]
    html = papers.completion_html(session, one, outcomes[one.id]).replace(
        "Délivrée à", f"Avec {other.name}. Délivrée à"
    )
    path = printing.write_pdf(html, tmp_path / "fuite.pdf")
    assert printing.check_pdf(path, forbidden(one)) != []


def test_every_paper_is_accessible(written: Path, texts: dict[str, str]) -> None:
    for name in texts:
        assert printing.check_pdf(written / name) == [], name


@pytest.mark.parametrize("maker", [papers.completion_html, papers.certificate_html])
def test_no_paper_claims_to_certify(
    maker: Callable[[Session, Participant, Outcome], str], session: Session, outcomes: dict[str, Outcome]
) -> None:
    text = plain(maker(session, PEOPLE[0], outcomes["stagiaire-1"])).casefold()
    assert "certifiant" not in text
    assert "certification" not in text
    assert "certifi" not in text.replace("certificat de réalisation", "")


def test_attestation_holds_what_the_law_once_listed(session: Session, outcomes: dict[str, Outcome]) -> None:
    text = plain(papers.completion_html(session, PEOPLE[0], outcomes["stagiaire-1"]))
    for objective in session.pathway.objectifs:
        assert flat(objective.texte) in text
    for wanted in ("Stagiaire NOM 1", "Aubeline formation", "Action de formation", "jeudi 14 janvier 2027", "6 h 15"):
        assert flat(wanted) in text
    assert flat("atteint : 2 réussis sur 3 rendus") in text
    assert flat("non atteint : 1 réussi sur 3 rendus") in text
    assert flat("non évalué : 1 rendu sur 3 prévus") in text
    assert "questions à choix" in text
    assert "cachet et signature" in text


def test_who_did_nothing_is_never_said_to_have_reached(session: Session, texts: dict[str, str]) -> None:
    text = texts["attestations/stagiaire-06.pdf"]
    squeezed = re.sub(r"\s", "", text)
    assert squeezed.casefold().count(re.sub(r"\s", "", NOTHING)) == 1 + len(session.pathway.objectifs)
    assert not re.search(r"\batteint", text)
    assert "réussi" not in text


def test_waiting_mark_makes_the_attestation_provisional(texts: dict[str, str]) -> None:
    assert "Provisoire" in texts["attestations/stagiaire-04.pdf"]
    assert "Provisoire" not in texts["attestations/stagiaire-1.pdf"]


@pytest.mark.parametrize(
    ("presence", "expected"),
    [
        (None, "non renseignée : à compléter"),
        ({}, "non renseignée : à compléter"),
        ({0: 90}, "au moins 1 h 30 ; 1 demi-journée non renseignée"),
        ({0: 180, 1: 195}, "6 h 15, d’après le relevé"),
        ({0: 180, 1: 0}, "3 h, d’après le relevé"),
    ],
)
def test_followed_time_never_counts_what_is_unknown(
    session: Session, presence: dict[int, int] | None, expected: str
) -> None:
    assert flat(expected) in flat(wording.followed_text(session, presence))


def test_certificate_details_each_half_day(session: Session, outcomes: dict[str, Outcome]) -> None:
    text = plain(papers.certificate_html(session, PEOPLE[2], outcomes["stagiaire-03"]))
    assert flat("de 9 h 00 à 12 h 15 3 h 3 h") in text
    assert flat("de 13 h 30 à 17 h 00 3 h 15 absence") in text
    assert "ministère du Travail" in text
    assert "vérifie le modèle en vigueur" in text
    assert "atteint" not in text
    unknown = plain(papers.certificate_html(session, PEOPLE[1], outcomes["stagiaire-10"]))
    assert flat("3 h 15 non renseignée") in unknown


def test_absence_everywhere_means_no_certificate_but_doubt_does_not(session: Session) -> None:
    assert not attended(session, Outcome("a", presence={0: 0, 1: 0}))
    assert attended(session, Outcome("a", presence={0: 0}))
    assert attended(session, Outcome("a"))


def test_hostile_names_are_written_as_text(
    session: Session, outcomes: dict[str, Outcome], texts: dict[str, str]
) -> None:
    for html in (
        papers.completion_html(session, PEOPLE[4], outcomes["stagiaire-05"]),
        papers.attendance_html(session, session.slots[0]),
    ):
        assert "<script" not in html
        assert "<img" not in html
    squeezed = re.sub(r"\s", "", texts["attestations/stagiaire-05.pdf"]).casefold()
    assert "<script>alert(1)</script>" in squeezed


def test_person_without_a_name_is_named_by_identifier(texts: dict[str, str]) -> None:
    assert "stagiaire-06" in texts["attestations/stagiaire-06.pdf"]


def test_same_session_gives_same_bytes(session: Session, outcomes: dict[str, Outcome], written: Path) -> None:
    html = papers.completion_html(session, PEOPLE[0], outcomes["stagiaire-1"])
    assert printing.to_pdf(html) == (written / "attestations" / "stagiaire-1.pdf").read_bytes()


def test_trial_says_so_on_every_paper(session: Session, outcomes: dict[str, Outcome], tmp_path: Path) -> None:
    (tmp_path / TRIAL).write_text("", encoding="utf-8")
    trial = dataclasses.replace(session, root=tmp_path)
    for html in (
        papers.completion_html(trial, PEOPLE[0], outcomes["stagiaire-1"]),
        papers.certificate_html(trial, PEOPLE[0], outcomes["stagiaire-1"]),
        papers.attendance_html(trial, trial.slots[0]),
    ):
        assert "ESSAI – stagiaires simulés" in html
    assert "ESSAI" not in papers.attendance_html(session, session.slots[0])


@pytest.mark.parametrize("identifier", ["../ailleurs", "a/b", "", ".cache"])
def test_identifier_that_leaves_the_folder_is_refused(session: Session, tmp_path: Path, identifier: str) -> None:
    bad = dataclasses.replace(session, participants=(PEOPLE[0], Participant(identifier, "Nom")))
    with pytest.raises(PapiersImpossibles, match="ne peuvent pas nommer un fichier"):
        papers.write_papers(bad, {}, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_outcome_of_another_person_is_refused(session: Session, outcomes: dict[str, Outcome], tmp_path: Path) -> None:
    crossed = {**outcomes, "stagiaire-1": outcomes["stagiaire-10"]}
    with pytest.raises(PapiersImpossibles, match="bilan de «\u00a0stagiaire-10"):
        papers.write_papers(session, crossed, tmp_path)
    assert not list(tmp_path.rglob("*.pdf"))


def test_folder_that_cannot_be_made_is_told(session: Session, tmp_path: Path) -> None:
    (tmp_path / "fichier").write_text("", encoding="utf-8")
    with pytest.raises(PapiersImpossibles, match="ne s’écrit pas"):
        papers.write_papers(session, {}, tmp_path / "fichier")
