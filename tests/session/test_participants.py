"""La liste des stagiaires : tout accepter de lisible, tout dire d’un coup de ce qui ne va pas."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from formation.session.participants import SAMPLE, ListeRefusee, examine, list_csv, read_list, write_sample

HEAD = "nom;prénom;courriel;organisation;fonction"
Plain = Callable[[object], str]


def _file(folder: Path, *lines: str, encoding: str = "utf-8", name: str = "liste.csv") -> Path:
    path = folder / name
    path.write_bytes("\n".join(lines).encode(encoding))
    return path


def test_columns_in_any_order_and_ids_in_list_order(tmp_path: Path) -> None:
    path = _file(
        tmp_path, "Courriel,Prénom,NOM,Fonction", "a@exemple.fr,Stagiaire,Un,maire", "b@exemple.fr,Stagiaire,Deux,"
    )
    found = read_list(path)
    assert [(one.id, one.last, one.first, one.email, one.role) for one in found] == [
        ("stagiaire-01", "Un", "Stagiaire", "a@exemple.fr", "maire"),
        ("stagiaire-02", "Deux", "Stagiaire", "b@exemple.fr", ""),
    ]


def test_given_ids_are_kept_and_never_given_twice(tmp_path: Path) -> None:
    path = _file(tmp_path, f"identifiant;{HEAD}", ";Un;;;;", "stagiaire-03;Deux;;;;", ";Trois;;;;")
    assert [one.id for one in read_list(path)] == ["stagiaire-01", "stagiaire-03", "stagiaire-04"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_accents_survive_any_encoding(tmp_path: Path, encoding: str) -> None:
    path = _file(tmp_path, HEAD, "Élé;Noëlle;;Commune d'Aubeline;déléguée", encoding=encoding)
    assert read_list(path)[0].name == "Noëlle ÉLÉ"


def test_latin_1_is_said(tmp_path: Path, plain: Plain) -> None:
    found = examine(_file(tmp_path, HEAD, "Élé;Noëlle;x@exemple.fr;;", encoding="cp1252"))
    assert any("Windows" in plain(text) for text in found.remarks)


def test_workbook_is_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Nom", "Prénom", "Mail"])
    sheet.append(["Un", "Stagiaire", "un@exemple.fr"])
    book.save(tmp_path / "liste.xlsx")
    assert read_list(tmp_path / "liste.xlsx")[0].email == "un@exemple.fr"


def test_same_mail_names_both_lines(tmp_path: Path, plain: Plain) -> None:
    path = _file(tmp_path, HEAD, "Un;Stagiaire;Un@exemple.fr;;", "Deux;Stagiaire;un@exemple.fr;;")
    with pytest.raises(ListeRefusee) as caught:
        read_list(path)
    assert "ligne 3 : le courriel « un@exemple.fr » est déjà à la ligne 2" in plain(caught.value)


def test_same_name_and_nothing_else_is_a_duplicate(tmp_path: Path, plain: Plain) -> None:
    path = _file(tmp_path, HEAD, "Un;Zoé;;Aubeline;", "UN;Zoe;;Aubeline;")
    assert "déjà à la ligne 2, sans rien qui distingue" in plain("\n".join(examine(path).problems))


@pytest.mark.parametrize(
    ("one", "two"),
    [("Un;Zoé;;Commune A;", "Un;Zoé;;Commune B;"), ("Un;Zoé;a@exemple.fr;A;", "Un;Zoé;b@exemple.fr;A;")],
)
def test_homonyms_are_kept_and_said(tmp_path: Path, plain: Plain, one: str, two: str) -> None:
    found = examine(_file(tmp_path, HEAD, one, two))
    assert len(found.participants) == 2
    assert any("2 homonymes, « Zoé Un » (lignes 2, 3)" in plain(text) for text in found.remarks)


def test_missing_mail_is_a_remark(tmp_path: Path, plain: Plain) -> None:
    found = examine(_file(tmp_path, HEAD, "Un;Stagiaire;;;", "Deux;Stagiaire;;;"))
    assert len(found.participants) == 2
    assert "Sans courriel : lignes 2, 3." in plain(found.remarks[0])


def test_every_problem_is_said_at_once(tmp_path: Path, plain: Plain) -> None:
    path = _file(
        tmp_path,
        HEAD,
        ";Stagiaire;;;",
        "Un;Stagiaire;pas une adresse;;",
        '=HYPERLINK("x");Stagiaire;;;',
        "Deux;Stagiaire;;Aubeline;maire;de trop",
        f"{'x' * 101};Stagiaire;;;",
    )
    with pytest.raises(ListeRefusee) as caught:
        read_list(path)
    text = plain(caught.value)
    assert text.startswith("5 problèmes dans liste.csv. Rien n’a été créé.")
    for expected in ("ligne 2 : le nom est vide", "« pas une adresse » n’est pas une adresse", "formule de tableur"):
        assert expected in text
    assert "ligne 5 : une case de trop (« de trop »)" in text
    assert "ligne 6 : le nom est trop long" in text


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "0 octet"),
        (HEAD.encode(), "la liste n’a personne"),
        (b"mail;service\na@exemple.fr;eau\n", "la colonne « nom » manque"),
        (b"nom;Nom de famille\na;b\n", "disent la même chose"),
        (b"%PDF-1.7", "PDF"),
    ],
)
def test_unusable_file(tmp_path: Path, plain: Plain, content: bytes, expected: str) -> None:
    path = tmp_path / "liste.csv"
    path.write_bytes(content)
    assert expected in plain("\n".join(examine(path).problems))


def test_missing_file(tmp_path: Path, plain: Plain) -> None:
    assert "n’existe pas" in plain(examine(tmp_path / "rien.csv").problems[0])


def test_unneeded_columns_are_not_kept(tmp_path: Path, plain: Plain) -> None:
    found = examine(_file(tmp_path, "nom;prénom;date de naissance", "Un;Stagiaire;1980-01-01"))
    assert "1980" not in list_csv(found.participants).decode("utf-8-sig")
    assert any("« date de naissance » n’est pas lue" in plain(text) for text in found.remarks)


def test_five_hundred_people(tmp_path: Path) -> None:
    lines = [f"NOM {i:03d};Stagiaire;stagiaire-{i:03d}@exemple.fr;;" for i in range(1, 501)]
    found = read_list(_file(tmp_path, HEAD, *lines, encoding="cp1252"))
    assert (len(found), found[-1].id) == (500, "stagiaire-500")


def test_too_many_problems_are_counted(tmp_path: Path, plain: Plain) -> None:
    found = examine(_file(tmp_path, HEAD, *[f"Un{i};;pas-une-adresse-{i};;" for i in range(30)]))
    assert len(found.problems) == 21
    assert "et 10 autres problèmes" in plain(found.problems[-1])


def test_list_is_read_back_identical(tmp_path: Path) -> None:
    first = read_list(_file(tmp_path, HEAD, "Un;Zoé;un@exemple.fr;Ville ; mairie;;".replace(" ; ", " – "), "Deux;;;;"))
    (tmp_path / "encore.csv").write_bytes(list_csv(first))
    assert read_list(tmp_path / "encore.csv") == first


def test_sample_is_a_good_list(tmp_path: Path, plain: Plain) -> None:
    write_sample(tmp_path / "modele.csv")
    assert len(read_list(tmp_path / "modele.csv")) == len(SAMPLE)
    with pytest.raises(ListeRefusee, match="existe déjà"):
        write_sample(tmp_path / "modele.csv")
