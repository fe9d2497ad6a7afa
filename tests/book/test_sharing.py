"""Une fiche de partage fautive est refusée avec son fichier, sa clé et la forme attendue."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
import yaml

from formation.book import models
from formation.book.directives.sharing import check_tables
from formation.book.sharing import LENGTH, SharingSheets, visible_length

MINI = Path(__file__).parent / "fixtures" / "mini" / "cases" / "comite" / "fiches.yml"
NAME = "cases/comite/fiches.yml"


@pytest.fixture(scope="module")
def written():
    return yaml.safe_load(MINI.read_text("utf-8"))


def parse(data):
    return models.parse_yaml(yaml.safe_dump(data, allow_unicode=True), SharingSheets, name=NAME)


def changed(written, **keys):
    data = copy.deepcopy(written)
    sheet = data["fiches"][0]
    for key, value in keys.items():
        sheet.pop(key) if value is None else sheet.update({key: value})
    return data


def test_sheets_are_read_when_valid(written):
    first, second = parse(written).fiches
    assert (first.decision.avis, second.decision.avis) == ("partager", "ne pas partager")
    assert f"{first.revue.date:%d/%m/%Y}" == "30/06/2027"
    check_tables(parse(written), NAME)


def test_a_number_counts_as_shown_when_length_is_measured(written):
    sheets = parse(changed(written, gain="De {chiffre}`comite.sans` à {chiffre}`comite.avec:etendue`"))
    other = parse(changed(written, gain="De 0000000 à 0000000"))
    assert visible_length(sheets.fiches[0]) == visible_length(other.fiches[0])


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"gain": None}, "fiches › 1 › gain : cette clé manque"),
        ({"proprietaire": "Mairie"}, "fiches › 1 › proprietaire : cette clé n’est pas connue"),
        (
            {"decision": {"avis": "peut-être", "raison": "R"}},
            "fiches › 1 › decision › avis : valeurs acceptées : partager, essayer, ne pas partager (lu",
        ),
        ({"decision": "partager"}, "fiches › 1 › decision : des clés et des valeurs sont attendues"),
        ({"revue": {"date": "juin 2027", "critere": "C"}}, "fiches › 1 › revue › date : une date est attendue"),
        ({"seuil_agregation": {"effectif": 0, "regle": "R"}}, "effectif : le nombre doit être supérieur à 0"),
        ({"cle": "id_rue"}, "fiches › 1 › cle : une liste est attendue"),
        ({"risques": []}, "fiches › 1 › risques : il faut au moins 1 élément(s), il y en a 0"),
        ({"tables": [{"table": "eau.troncons", "apporte": "A"}]}, "tables : il faut au moins 2 élément(s)"),
        ({"base_legale": [{"texte": "T", "source": []}]}, "confiance: inconnu"),
        ({"id": "J4"}, "fiches › 1 › id : la forme attendue est ^[a-z0-9-]+$"),
        ({"id": "j2"}, "l’identifiant « j2 » est employé deux fois"),
        ({"gain": "mot " * 800}, f"signes, pour {LENGTH // 1000} 000 au plus"),
    ],
)
def test_message_says_where_and_what_is_expected_when_sheet_is_wrong(written, keys, expected, plain):
    with pytest.raises(models.FichierInvalide) as error:
        parse(changed(written, **keys))
    assert f"{NAME} ne suit pas la forme attendue" in plain(error.value)
    assert expected in plain(error.value)


def test_every_defect_is_told_when_there_are_several(written, plain):
    with pytest.raises(models.FichierInvalide) as error:
        parse(changed(written, gain=None, cle=[], autre=1))
    assert all(f"fiches › 1 › {key}" in plain(error.value) for key in ("gain", "cle", "autre"))


def test_date_out_of_the_calendar_is_refused_when_written(plain):
    text = MINI.read_text("utf-8").replace("2027-06-30", "2027-06-31")
    with pytest.raises(models.FichierInvalide, match="n’existe pas dans le calendrier"):
        models.parse_yaml(text, SharingSheets, name=NAME)


def test_every_unknown_table_is_named_when_not_released(written, plain):
    tables = [{"table": "eau.fuites", "apporte": "A"}, {"table": "lune.mers", "apporte": "B"}]
    with pytest.raises(models.FichierInvalide) as error:
        check_tables(parse(changed(written, tables=tables)), NAME)
    message = plain(error.value)
    assert "fiche « j4 » › tables › 1 : la table « eau.fuites » n’est pas livrée" in message
    assert "eau.troncons" in message
    assert "la table « lune.mers » n’est pas livrée" in message
