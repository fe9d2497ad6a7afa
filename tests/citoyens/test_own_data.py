"""Les contributions d’une collectivité : rien n’en sort, rien de petit n’est montré, les erreurs sont dites."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from formation import personal, reports
from formation.citoyens import coverage, own_data, own_reading, own_report
from formation.cli.concertation import app
from formation.errors import DonneesInvalides

MAIL, PHONE = "contact@example.org", "06 00 00 00 00"


@pytest.fixture(scope="module")
def table(corpus):
    return corpus.contributions[["canal", "texte"]].rename(columns={"texte": "Contribution", "canal": "Canal"})


@pytest.fixture
def write(tmp_path):
    def to_file(frame, name="avis.csv"):
        path = tmp_path / name
        if path.suffix == ".xlsx":
            frame.to_excel(path, index=False)
        else:
            frame.to_csv(path, index=False, sep=";")
        return path

    return to_file


@pytest.fixture(scope="module")
def result(table, tmp_path_factory):
    path = tmp_path_factory.mktemp("avis") / "avis.csv"
    table.to_csv(path, index=False, sep=";")
    return own_data.analyse(path, groups=12)


def test_no_text_of_the_file_is_copied(result, corpus):
    said = own_report.to_text(result) + own_report.to_json(result)
    long = [text for text in corpus.texts if len(text) > 40]
    assert not any(text[:40] in said for text in long)


def test_every_group_and_family_has_five_texts(result):
    assert result.table["textes"].min() >= 5
    assert result.other["copies"].tolist() == [38, 14]
    assert int(result.table["textes"].sum()) == result.facts["regroupes"]


def test_lines_to_read_are_those_of_the_file(result, table):
    lines = result.facts["lignes_a_lire"]
    assert len(lines) == 40
    assert min(lines) >= 2
    assert max(lines) <= len(table) + 1
    channels = table["Canal"].iloc[[line - 2 for line in lines]].value_counts()
    assert set(channels) == {10}


def test_small_groups_are_joined_to_five_at_least():
    from formation.citoyens.grouping import Grouping
    from formation.citoyens.texts import copies

    words = ["eau fuite réseau tuyau", "école cantine repas enfant", "bus horaire arrêt ligne"]
    texts = [
        f"{words[label]} numéro {'abcdefghij'[rank]}" for label, size in enumerate((10, 6, 2)) for rank in range(size)
    ]
    label = np.repeat([0, 1, 2], [10, 6, 2])
    found = Grouping(label, np.zeros(18), 3)
    frame = own_data._groups(texts, np.arange(2, 20), found, copies(texts))
    assert frame["groupe"].tolist() == ["1", own_data.OTHERS]
    assert frame["textes"].tolist() == [10, 8]


def test_personal_data_is_masked_and_counted(table, write, plain):
    marked = table.copy()
    marked.loc[:5, "Contribution"] = f"Je veux un agent au guichet, écrivez à {MAIL} ou au {PHONE} quand vous voulez"
    marked["courriel"] = MAIL
    found = own_data.analyse(write(marked), groups=8)
    said = plain(own_report.to_text(found))
    assert MAIL not in said
    assert PHONE not in said
    assert "courriel (6), numéro de téléphone (6)" in said
    assert "« courriel »" in said


@pytest.mark.parametrize("text", ["mon numéro 2 85 05 78 006 084 91", "c'est le 185057800608436 je crois"])
def test_file_with_a_social_security_number_is_refused_without_showing_it(table, write, text):
    marked = pd.concat([table, pd.DataFrame({"Canal": ["papier"], "Contribution": [text]})])
    with pytest.raises(DonneesInvalides) as error:
        own_data.analyse(write(marked))
    assert error.value.problems[0].kind == "donnee_personnelle"
    assert error.value.problems[0].lines == (402,)
    assert "085" not in str(error.value).replace("2019", "")
    assert "85 05" not in str(error.value)


@pytest.mark.parametrize(
    ("frame", "options", "kind"),
    [
        (pd.DataFrame({"date": ["x"], "montant": [1]}), {}, "colonne_manquante"),
        (pd.DataFrame({"texte": ["a b c d e"] * 3}), {"text": "avis"}, "colonne_manquante"),
        (pd.DataFrame({"texte": ["", " "], "canal": ["papier", "papier"]}), {}, "fichier_vide"),
        (pd.DataFrame({"texte": [f"il faut garder le guichet {n}" for n in "abcdef"]}), {}, "trop_peu"),
        (pd.DataFrame({"texte": [f"{n}@example.org" for n in range(80)]}), {}, "colonne_personnelle"),
        (pd.DataFrame({"texte": ["a b c d"]}), {"text": "texte", "channel": "texte"}, "colonne_double"),
    ],
)
def test_unusable_file_is_refused(frame, options, kind, write):
    with pytest.raises(DonneesInvalides) as error:
        own_data.analyse(write(frame), **options)
    assert error.value.problems[0].kind == kind


def test_separator_inside_a_last_column_gives_its_words_back(table, tmp_path, plain):
    path = tmp_path / "avis.csv"
    rows = [f"papier,{text.replace(chr(34), '')}" for text in table["Contribution"].head(120)]
    path.write_text("\n".join(["canal,texte", *rows]), encoding="utf-8")
    read = own_reading.read(path)
    assert read.frame["texte"].tolist() == [row.split(",", 1)[1].rstrip(",") for row in rows]
    assert "plus de cases que l’en-tête (lignes 2, 3," in plain(" ".join(read.remarks))


def test_separator_inside_another_column_is_refused_with_its_lines(tmp_path, plain):
    path = tmp_path / "avis.csv"
    path.write_text("texte,canal\noui,mais pas ainsi,papier\nnon merci à vous,papier\n", encoding="utf-8")
    with pytest.raises(DonneesInvalides, match="plus de cases") as error:
        own_reading.read(path)
    assert error.value.problems[0].lines == (2,)
    path.write_text("texte,canal\nje veux un agent,papier,,\n", encoding="utf-8")
    assert own_reading.read(path).frame["texte"].tolist() == ["je veux un agent"]


def test_missing_header_is_said_without_showing_a_contribution(table, write, plain):
    path = write(table[["Contribution"]])
    path.write_text("\n".join(f'"{text}"' for text in table["Contribution"]), encoding="utf-8")
    with pytest.raises(DonneesInvalides, match="a l’air d’une contribution") as error:
        own_data.analyse(path)
    assert table["Contribution"].iloc[0][:20] not in str(error.value)


def test_long_text_is_said_with_its_line(table, write, plain):
    long = table[["Contribution"]].copy()
    long.loc[3, "Contribution"] = "la suite des contributions " * 300
    assert "1 texte de plus de 5 000 caractères (ligne 5)" in plain(" ".join(own_reading.read(write(long)).remarks))


def test_long_file_is_drawn_but_its_time_and_numbers_are_those_of_the_whole(table, write, monkeypatch, plain):
    whole = own_data.analyse(write(table), groups=6)
    monkeypatch.setattr(own_reading, "MAX_ROWS", 200)
    drawn = own_data.analyse(write(table), groups=6)
    assert (drawn.facts["contributions"], drawn.facts["etudiees"]) == (400, 200)
    assert drawn.facts["heures_lecture"] == pytest.approx(whole.facts["heures_lecture"], rel=0.15)
    assert "400 contributions ; 200 tirées au sort" in plain(own_report.to_text(drawn))
    left = sorted(set(range(2, 402)) - set(own_reading.read(write(table)).frame["ligne"]))
    marked = table.copy()
    marked.loc[left[0] - 2, "Contribution"] = "mon numéro 2 85 05 78 006 084 91"
    with pytest.raises(DonneesInvalides, match="sécurité sociale"):
        own_data.analyse(write(marked))


def test_lines_of_small_groups_are_all_given(table, write, plain):
    found = own_data.analyse(write(table), groups=60)
    joined = found.table[found.table["groupe"] == own_data.OTHERS].iloc[0]
    lines = found.facts["lignes_petits_groupes"]
    assert len(set(lines)) == joined["textes"] >= 5
    assert f"à lire toutes : {', '.join(map(str, lines))}." in plain(own_report.to_text(found))


def test_agreement_is_that_of_the_asked_number(table, write, corpus):
    from formation.citoyens import grouping

    found = own_data.analyse(write(table), groups=10)
    assert found.facts["accord"] == pytest.approx(grouping.stability(corpus.texts, (10,))["accord"].iloc[0])


def test_file_of_copies_says_how_many_and_where(table, write, plain):
    same = "Nous demandons au conseil de renoncer aux caméras et de publier tous les contrats signés depuis un an"
    frame = pd.concat([table.head(20), pd.DataFrame({"Canal": ["papier"] * 30, "Contribution": [same] * 30})])
    with pytest.raises(DonneesInvalides) as error:
        own_data.analyse(write(frame))
    assert "30 contributions presque identiques, dont la ligne 22" in plain(error.value)
    assert "copies lues une fois" in plain(error.value)


def test_texts_without_a_shared_word_are_refused(write, plain):
    letters = "bcdfghjklm"
    made = [[f"{letters[a]}{letters[b]}{letters[c]}" * 2 for c in range(5)] for a in range(8) for b in range(10)]
    with pytest.raises(DonneesInvalides) as error:
        own_data.analyse(write(pd.DataFrame({"texte": [" ".join(words) for words in made]})))
    assert error.value.problems[0].kind == "rien_en_commun"


def test_number_of_groups_out_of_range_is_refused(table, write, plain):
    with pytest.raises(DonneesInvalides, match="choisissez entre 2 et"):
        own_data.analyse(write(table), groups=300)


def test_workbook_is_read_and_missing_channel_is_said(table, write, plain):
    found = own_data.analyse(write(table[["Contribution"]].head(150), "avis.xlsx"), groups=4)
    assert "ajoutez une colonne « canal »" in plain(own_report.to_text(found))
    assert found.facts["contributions"] == 150


def test_empty_channel_column_is_not_a_channel(table, write, plain):
    found = own_data.analyse(write(table.head(150).assign(Canal=" ")), groups=4)
    said = plain(own_report.to_text(found))
    assert "ajoutez une colonne « canal »" in said
    assert "à parts égales" not in said


def test_command_writes_a_printable_page_and_json(table, write, tmp_path, plain):
    source, page = write(table.head(200)), tmp_path / "lecture.html"
    run = CliRunner().invoke(app, ["analyser", str(source), "--groupes", "5", "--rapport", str(page), "--json"])
    assert run.exit_code == 0, run.output
    assert json.loads(run.output)["fichier"]["groupes"] == 5
    text = plain(page.read_text(encoding="utf-8"))
    assert '<html lang="fr">' in text
    assert "Ce que ce résultat ne dit pas" in text
    with pytest.raises(reports.RapportImpossible):
        reports.check_destination(source, source)


def test_long_work_says_where_it_is_and_keeps_the_result_alone(table, write, monkeypatch):
    source = write(table.head(200))
    quiet = CliRunner().invoke(app, ["analyser", str(source), "--groupes", "5", "--json"])
    assert quiet.stderr == ""
    monkeypatch.setattr(own_data, "MANY", 100)
    run = CliRunner().invoke(app, ["analyser", str(source), "--groupes", "5", "--json"])
    assert "8/8 accord des groupes" in run.stderr
    assert run.stdout == quiet.stdout


def test_comparison_command_says_what_each_way_keeps(corpus, monkeypatch):
    monkeypatch.setattr(coverage.Corpus, "released", lambda: corpus)
    run = CliRunner().invoke(app, ["comparer"])
    assert run.exit_code == 0
    assert "tout lire" in run.output
    rows = json.loads(CliRunner().invoke(app, ["comparer", "--json"]).output)
    assert len(rows) == 6


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (f"écrivez à {MAIL}", ("courriel",)),
        ("appelez le +33 6 00 00 00 00", ("telephone",)),
        ("12 bis, rue des Lilas à gauche", ("adresse",)),
        ("Madame Dupontel me connaît", ("nom",)),
        ("la plaque AB-123-CD", ("plaque",)),
        ("Madame, Monsieur, gardez le 7 h 12 et les 400 places", ()),
        ("Monsieur le maire, la place du marché en 2025", ()),
    ],
)
def test_mask_hides_what_names_someone(text, kinds):
    masked, found = personal.mask(text)
    assert found == kinds
    assert (masked == text) == (kinds == ())


def test_a_mask_makes_no_group(table, write):
    marked = table.copy()
    left = marked.index % 6 == 0
    marked.loc[left, "Contribution"] = marked.loc[left, "Contribution"] + f" {MAIL} {PHONE}"
    words = own_data.analyse(write(marked), groups=12).table["mots"].str.cat(sep=" ")
    assert "masqu" not in words
    assert "téléphone masqué" not in words
    assert "courriel" not in words
