"""Noter : fichiers hostiles, tableaux mal remplis, doublons ; tout est dit d’un coup, rien n’est à moitié écrit."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from formation.session.answers import ReponsesRefusees, note
from formation.session.handed import MAX_BYTES
from formation.session.model import Session
from formation.session.quizzes import LETTERS, read_sheets
from formation.session.recorded import STORE, read_answers

Write = Callable[..., Path]


def _data(session: Session, learner: str = "stagiaire-01", /, **changes: Any) -> dict[str, Any]:
    sheet = read_sheets(session.root)["positionnement"]
    data: dict[str, Any] = {
        "format": 1,
        "genre": "reponses",
        "session": sheet.token,
        "quiz": "positionnement",
        "stagiaire": learner,
        "enregistre_le": "2027-01-14T09:05:00",
        "reponses": {one.id: [LETTERS[one.key[0]]] for one in sheet.questions},
    }
    return data | changes


def _hand_in(session: Session, name: str, data: object) -> Path:
    path = session.root / "4-recueillir" / "reponses" / name
    path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    return path


def _type_in(session: Session, name: str, text: str, encoding: str = "utf-8") -> None:
    (session.root / "4-recueillir" / name).write_text(text, encoding=encoding)


def _first(session: Session) -> str:
    return read_sheets(session.root)["positionnement"].questions[0].id


def test_answers_are_read_and_judged(bare_session: Session) -> None:
    _hand_in(bare_session, "a.json", _data(bare_session))
    assert note(bare_session).placement == 1
    answers = read_answers(bare_session.root)
    items = list(answers.items(read_sheets(bare_session.root)))
    assert len(items) == 6
    assert all(item.right for item in items)


def test_noting_twice_changes_nothing(bare_session: Session) -> None:
    _hand_in(bare_session, "a.json", _data(bare_session))
    note(bare_session)
    before = (bare_session.root / STORE).read_bytes()
    assert note(bare_session).placement == 1
    assert (bare_session.root / STORE).read_bytes() == before


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"session": "0" * 12}, "autre session"),
        ({"session": ["x"]}, "autre session"),
        ({"stagiaire": "stagiaire-99"}, "n’est pas inscrit"),
        ({"stagiaire": {"a": 1}}, "n’est pas inscrit"),
        ({"format": True}, "format"),
        ({"format": 2}, "format"),
        ({"quiz": "examen"}, r"quiz «.examen.» inconnu"),
        ({"quiz": None}, "inconnu"),
        ({"reponses": []}, "reponses"),
        ({"reponses": {"inconnue-q1": ["A"]}}, r"«.inconnue-q1.» n’est pas dans ce quiz"),
    ],
)
def test_a_wrong_file_is_refused(bare_session: Session, changes: dict[str, Any], said: str) -> None:
    _hand_in(bare_session, "a.json", _data(bare_session, **changes))
    with pytest.raises(ReponsesRefusees, match=said):
        note(bare_session)
    assert not (bare_session.root / STORE).exists()


@pytest.mark.parametrize("letters", ["A", ["Z"], ["A", 3], [["A"]], ["AB"], [""], ["A", "B"], None, {"A": 1}, ["E"]])
def test_wrong_letters_are_refused(bare_session: Session, letters: object) -> None:
    question = _first(bare_session)
    _hand_in(bare_session, "a.json", _data(bare_session, reponses={question: letters}))
    with pytest.raises(ReponsesRefusees, match=question):
        note(bare_session)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "ligne 1"),
        ('{"format": 1,\n"quiz": ', "ligne 2"),
        ("[]", "objet JSON"),
        ("[" * 50_000, "fichier de réponses"),
        ('{"format": NaN}', "fichier de réponses"),
        ('{"quiz": "positionnement", "quiz": "satisfaction"}', "deux fois"),
        ("x" * (MAX_BYTES + 1), "dépasse"),
        ('{"format": 1, "quiz": "\\u001b[31m"}', r"\?\[31m"),
    ],
)
def test_hostile_content_is_refused_in_french(bare_session: Session, text: str, said: str) -> None:
    _hand_in(bare_session, "a.json", text)
    with pytest.raises(ReponsesRefusees, match=said) as caught:
        note(bare_session)
    assert "a.json" in str(caught.value)


def test_bytes_that_are_not_text_and_links_are_refused(bare_session: Session, tmp_path: Path) -> None:
    folder = bare_session.root / "4-recueillir" / "reponses"
    (folder / "image.json").write_bytes(b"\x89PNG\xff\xfe")
    (tmp_path / "ailleurs.json").write_text(json.dumps(_data(bare_session)), encoding="utf-8")
    (folder / "lien.json").symlink_to(tmp_path / "ailleurs.json")
    with pytest.raises(ReponsesRefusees) as caught:
        note(bare_session)
    assert len(caught.value.problems) == 2


def test_all_problems_are_said_at_once_and_nothing_is_copied(bare_session: Session, tmp_path: Path) -> None:
    good, bad = tmp_path / "bon.json", tmp_path / "mauvais.json"
    good.write_text(json.dumps(_data(bare_session)), encoding="utf-8")
    bad.write_text(json.dumps(_data(bare_session, "intrus-01", session="x")), encoding="utf-8")
    _type_in(bare_session, "positionnement.csv", "identifiant;Q1;Q2\nstagiaire-02;B;Z\nstagiaire-88;A;A\n")
    _type_in(bare_session, "presences.csv", "identifiant;2027-01-14-matin\nstagiaire-02;600\n")
    with pytest.raises(ReponsesRefusees) as caught:
        note(bare_session, [good, bad])
    text = str(caught.value).replace("\u00a0", " ")
    assert len(caught.value.problems) == 5
    assert "mauvais.json : « intrus-01 »" in text
    assert "positionnement.csv, ligne 2, Q2" in text
    assert "positionnement.csv, ligne 3" in text
    assert "presences.csv, ligne 2" in text
    assert list((bare_session.root / "4-recueillir" / "reponses").iterdir()) == []


def test_good_answers_can_be_kept_in_spite_of_bad_ones(bare_session: Session) -> None:
    _hand_in(bare_session, "a.json", _data(bare_session))
    _hand_in(bare_session, "b.json", "{")
    _type_in(bare_session, "positionnement.csv", "identifiant;Q1\nstagiaire-02;B\nstagiaire-03;Z\n")
    noted = note(bare_session, keep_going=True)
    assert noted.placement == 2
    assert len(noted.refused) == 2
    assert "stagiaire-03" not in read_answers(bare_session.root).quiz["positionnement"]


@pytest.mark.parametrize("order", [("tot.json", "zzz.json"), ("zzz.json", "tot.json")])
def test_a_later_answer_replaces_an_earlier_one_whatever_the_names(
    bare_session: Session, order: tuple[str, str]
) -> None:
    question = _first(bare_session)
    early = _data(bare_session, reponses={question: ["A"]}, enregistre_le="2027-01-14T09:00:00")
    late = _data(bare_session, reponses={question: ["B"]}, enregistre_le="2027-01-14T09:20:00")
    _hand_in(bare_session, order[0], early)
    _hand_in(bare_session, order[1], late)
    noted = note(bare_session)
    assert read_answers(bare_session.root).quiz["positionnement"]["stagiaire-01"][question] == (1,)
    assert any(order[1] in remark and "plus tard" in remark for remark in noted.remarks)


def test_files_given_are_stored_once(bare_session: Session, tmp_path: Path) -> None:
    given = tmp_path / "reponses-stagiaire-01-positionnement (1).json"
    given.write_text(json.dumps(_data(bare_session)), encoding="utf-8")
    first, second = note(bare_session, [given]), note(bare_session, [tmp_path])
    assert len(first.added) == 1
    assert second.added == []
    assert len(list((bare_session.root / "4-recueillir" / "reponses").iterdir())) == 1


def test_a_placement_filled_in_after_the_session_is_told(bare_session: Session) -> None:
    _hand_in(bare_session, "a.json", _data(bare_session, enregistre_le="2027-01-14T17:00:00"))
    assert any("arrivant" in remark for remark in note(bare_session).remarks)


def test_typed_letters_take_many_forms_and_win_over_a_file(bare_session: Session) -> None:
    _hand_in(bare_session, "a.json", _data(bare_session))
    _type_in(
        bare_session,
        "positionnement.csv",
        "Identifiant;nom;Q1 eau-q01;q02;Q3;Q4\n"
        "STAGIAIRE-01;Un;a;-;;?\n;;;;;\nstagiaire-02;;B;C;D;A\nstagiaire-03;;;;;\n",
        "cp1252",
    )
    noted = note(bare_session)
    found = read_answers(bare_session.root).quiz["positionnement"]
    assert set(found) == {"stagiaire-01", "stagiaire-02"}
    assert [found["stagiaire-01"][one.id] for one in read_sheets(bare_session.root)["positionnement"].questions] == [
        (0,), (), (), (), (), (),
    ]  # fmt: skip
    assert any("remplace le fichier" in remark for remark in noted.remarks)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("identifiant;Q1\nstagiaire-01;A\nstagiaire-01;B\n", "déjà à la ligne 2"),
        ("identifiant;Q1\nstagiaire-01;A C\n", "plusieurs réponses"),
        ("identifiant;Q1;Q99\nstagiaire-01;A;B\n", "« Q99 » n’est pas attendue"),
        ("identifiant;Q1;q1\nstagiaire-01;A;B\n", "en double"),
        ("prénom;Q1\nA;B\n", "« identifiant » manque"),
        ("", "vide"),
    ],
)
def test_a_wrong_table_is_refused_with_its_line(bare_session: Session, text: str, said: str) -> None:
    _type_in(bare_session, "positionnement.csv", text)
    with pytest.raises(ReponsesRefusees) as caught:
        note(bare_session)
    assert said in str(caught.value).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("cell", "minutes"),
    [("oui", 210), ("non", 0), ("150", 150), ("1h30", 90), ("3:30", 210), ("2 h", 120), ("225", 210), ("X", 210)],
)
def test_presence_is_read_in_minutes(bare_session: Session, cell: str, minutes: int) -> None:
    _type_in(bare_session, "presences.csv", f"identifiant;2027-01-14-matin\nstagiaire-04;{cell}\nstagiaire-05;\n")
    note(bare_session)
    assert read_answers(bare_session.root).presence == {"stagiaire-04": {0: minutes}}


@pytest.mark.parametrize("cell", ["peut-être", "226", "-5", "9" * 5000, "1h99h", "1"])
def test_presence_that_cannot_be_read_is_refused(bare_session: Session, cell: str) -> None:
    _type_in(bare_session, "presences.csv", f"identifiant;2027-01-14-matin\nstagiaire-04;{cell}\n")
    with pytest.raises(ReponsesRefusees, match=r"presences\.csv, ligne 2"):
        note(bare_session)


def test_satisfaction_is_typed_by_word_or_rank_and_keeps_no_name(bare_session: Session) -> None:
    _type_in(
        bare_session,
        "satisfaction.csv",
        "feuille;objectifs;besoins;utile\n1;4;Plutôt d'accord;les cas\n2;;;\n3;sans avis;2;\n",
    )
    assert note(bare_session).forms == 2
    stored = json.loads((bare_session.root / STORE).read_text("utf-8"))["satisfaction"]
    assert {"mots", "libres"} == set(stored[0])
    _type_in(bare_session, "satisfaction.csv", "feuille;objectifs\n1;bof\n")
    with pytest.raises(ReponsesRefusees, match=r"satisfaction\.csv, ligne 2, objectifs"):
        note(bare_session)


def test_an_unknown_table_is_refused_and_a_known_one_is_stored(bare_session: Session, tmp_path: Path) -> None:
    (tmp_path / "notes.csv").write_text("identifiant;Q1\n", encoding="utf-8")
    with pytest.raises(ReponsesRefusees, match="Nommez-le"):
        note(bare_session, [tmp_path / "notes.csv"])
    known = tmp_path / "presences.csv"
    known.write_text("identifiant;2027-01-14-matin\nstagiaire-01;oui\n", encoding="utf-8")
    assert note(bare_session, [known]).presence == 1
    assert (bare_session.root / "4-recueillir" / "presences.csv").read_bytes() == known.read_bytes()


def test_a_missing_file_is_said(bare_session: Session, tmp_path: Path) -> None:
    with pytest.raises(ReponsesRefusees, match="introuvable"):
        note(bare_session, [tmp_path / "rien.json"])


def test_a_wrong_table_given_does_not_replace_the_one_in_place(bare_session: Session, tmp_path: Path) -> None:
    _type_in(bare_session, "presences.csv", "identifiant;2027-01-14-matin\nstagiaire-01;oui\n")
    before = (bare_session.root / "4-recueillir" / "presences.csv").read_bytes()
    (tmp_path / "presences.csv").write_text("identifiant;2027-01-14-matin\nstagiaire-01;jamais\n", encoding="utf-8")
    noted = note(bare_session, [tmp_path / "presences.csv"], keep_going=True)
    assert (noted.presence, len(noted.refused)) == (1, 1)
    assert (bare_session.root / "4-recueillir" / "presences.csv").read_bytes() == before


@pytest.mark.parametrize(
    ("name", "head", "typed", "given"),
    [
        ("presences", "identifiant;2027-01-14-matin", "stagiaire-01;oui\n", "stagiaire-02;oui\n"),
        ("satisfaction", "feuille;objectifs", "1;4\n2;4\n", "1;4\n2;\n"),
    ],
)
def test_a_table_given_never_loses_what_is_already_typed(
    bare_session: Session, tmp_path: Path, name: str, head: str, typed: str, given: str
) -> None:
    _type_in(bare_session, f"{name}.csv", f"{head}\n{typed}")
    (tmp_path / f"{name}.csv").write_text(f"{head}\n{given}", encoding="utf-8")
    with pytest.raises(ReponsesRefusees, match="seraient perdues"):
        note(bare_session, [tmp_path / f"{name}.csv"])
    assert (bare_session.root / "4-recueillir" / f"{name}.csv").read_text("utf-8").endswith(typed)


def test_two_tables_for_the_same_place_are_refused(bare_session: Session, tmp_path: Path) -> None:
    for place, learner in (("a", "stagiaire-01"), ("b", "stagiaire-02")):
        (tmp_path / place).mkdir()
        text = f"identifiant;2027-01-14-matin\n{learner};oui\n"
        (tmp_path / place / "presences.csv").write_text(text, encoding="utf-8")
    with pytest.raises(ReponsesRefusees, match="Réunissez-les"):
        note(bare_session, [tmp_path / "a", tmp_path / "b"])


def test_half_an_emoji_in_a_comment_stops_nothing(bare_session: Session) -> None:
    comments = {"utile": "Les cas \ud83d", "changer": "\u0000\u202e"}
    data = _data(bare_session, quiz="satisfaction", feuille="0123456789abcdef", reponses=comments)
    _hand_in(bare_session, "s.json", json.dumps(data))
    note(bare_session)
    assert [form.comments for form in read_answers(bare_session.root).forms] == [{"utile": "Les cas"}]
