import pytest

from formation.classroom.errors import AtelierImpossible
from formation.classroom.marks import Learner, read_learners
from formation.classroom.roster import enrol, known, read_roster
from formation.errors import DonneesInvalides

LINES = [
    ["Identifiant", "Nom", "Prénom", "Adresse de courriel"],
    ["stagiaire-01", "D’Été", "Anaïs", "anais@exemple.fr"],
    ["stagiaire-02", "Le Gall, Fils", "Loïc", ""],
]


@pytest.fixture
def gradebook(tmp_path, monkeypatch):
    from nbgrader import api

    from formation.classroom.grading.gradebook import known_versions

    # sans lancer alembic, que l’environnement d’essai n’a pas toujours dans son chemin
    monkeypatch.setattr(api, "get_alembic_version", lambda: known_versions()[-1])
    url = f"sqlite:///{tmp_path / 'gradebook.db'}"
    with api.Gradebook(url) as book:
        book.add_student("stagiaire-09")
    return url


def write(tmp_path, lines, separator=";", encoding="utf-8"):
    path = tmp_path / "liste.csv"
    text = "".join(
        separator.join(f'"{cell}"' if separator in cell else cell for cell in line) + "\r\n" for line in lines
    )
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_roster_is_read_whatever_wrote_it(tmp_path, encoding, separator):
    learners, _ = read_roster(write(tmp_path, LINES, separator, encoding))
    assert learners == [
        Learner("stagiaire-01", "Anaïs", "D’Été", "anais@exemple.fr"),
        Learner("stagiaire-02", "Loïc", "Le Gall, Fils", ""),
    ]


def test_blank_lines_and_capitals_are_accepted_and_said(tmp_path):
    learners, remarks = read_roster(write(tmp_path, [["login"], [""], ["Stagiaire-03"], [""]]))
    assert [one.name for one in learners] == ["stagiaire-03"]
    assert any("minuscules" in remark for remark in remarks)


def test_every_error_is_said_with_its_line(tmp_path, plain):
    lines = [
        *LINES,
        ["Anne Martin", "x", "y", ""],
        ["stagiaire-01", "x", "y", ""],
        ["stagiaire-04", "x", "y", "pas une adresse"],
        ["", "x", "y", ""],
        ["stagiaire-05", "x", "y", "ANAIS@exemple.fr"],
    ]
    with pytest.raises(AtelierImpossible) as caught:
        read_roster(write(tmp_path, lines))
    text = plain(caught.value)
    for excerpt in (
        "5 erreurs dans liste.csv. Personne n’est inscrit.",
        "ligne 4 : « anne martin » n’est pas un identifiant",
        "ligne 5 : « stagiaire-01 » est déjà à la ligne 2",
        "ligne 6 : « pas une adresse » n’est pas une adresse",
        "ligne 7 : l’identifiant est vide",
        "ligne 8 : l’adresse « anais@exemple.fr » est déjà à la ligne 2",
    ):
        assert excerpt in text


@pytest.mark.parametrize(
    ("lines", "excerpt"),
    [
        ([["nom", "prénom"], ["a", "b"]], "« identifiant » manque"),
        ([["identifiant", "login"], ["stagiaire-01", "x"]], "Gardez-en une"),
        ([["identifiant"]], "aucun stagiaire"),
    ],
)
def test_wrong_header_or_empty_list_is_explained(tmp_path, plain, lines, excerpt):
    with pytest.raises(AtelierImpossible) as caught:
        read_roster(write(tmp_path, lines))
    assert excerpt in plain(caught.value)


def test_missing_file_is_explained(tmp_path):
    with pytest.raises(DonneesInvalides, match="n’existe pas"):
        read_roster(tmp_path / "rien.csv")


def test_enrolment_keeps_who_was_there_and_can_be_repeated(gradebook):
    assert known(gradebook) is None
    first = enrol(gradebook, [Learner("stagiaire-01", "Anaïs", "D’Été", "a@exemple.fr"), Learner("stagiaire-09")])
    assert (first.added, first.unchanged) == (["stagiaire-01"], ["stagiaire-09"])
    second = enrol(gradebook, [Learner("stagiaire-01", "", "", "b@exemple.fr")])
    assert second.updated == ["stagiaire-01"]
    assert read_learners(gradebook)["stagiaire-01"] == Learner("stagiaire-01", "Anaïs", "D’Été", "b@exemple.fr")
    assert known(gradebook) == {"stagiaire-01", "stagiaire-09"}


def test_nobody_is_enrolled_without_a_gradebook(tmp_path):
    with pytest.raises(AtelierImpossible, match="formation atelier distribuer"):
        enrol(f"sqlite:///{tmp_path / 'gradebook.db'}", [Learner("stagiaire-01")])
    assert not (tmp_path / "gradebook.db").exists()
