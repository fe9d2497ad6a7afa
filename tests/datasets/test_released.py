"""Les fichiers livrés : descripteur, contenu, empreinte, régénération."""

from __future__ import annotations

import re
import subprocess
import sys

import pandas as pd
import pytest

from formation import datasets
from formation.datasets import generation, tables
from formation.datasets.schema import TYPES
from formation.errors import DonneesIntrouvables

FILES = [(case, name) for case in datasets.cases() for name in datasets.names(case)]
TABLES = [pair for pair in FILES if datasets.resource(*pair).is_table]
GRIDS = [pair for pair in FILES if not datasets.resource(*pair).is_table]
SIMULATED = [pair for pair in FILES if not datasets.resource(*pair).shipped]


def each(pairs):
    return pytest.mark.parametrize(("case", "name"), pairs, ids=["-".join(pair) for pair in pairs])


each_table = each(TABLES)


@pytest.fixture(scope="session")
def regenerated(tmp_path_factory):
    return {
        (item.case, item.name): item
        for item in generation.generate(destination=tmp_path_factory.mktemp("refait") / "datasets")
    }


@each(SIMULATED)
def test_content_is_identical_when_regenerated(case, name, regenerated):
    assert regenerated[case, name].hash == datasets.resource(case, name).hash


def test_other_seed_gives_other_content_when_generated(tmp_path):
    written = {item.name: item for item in generation.generate(["territoire"], seed=1, destination=tmp_path)}
    assert written["rues"].hash != datasets.resource("territoire", "rues").hash
    assert written["calendrier"].hash == datasets.resource("territoire", "calendrier").hash


@each_table
def test_file_matches_its_schema_when_read(case, name):
    resource = datasets.resource(case, name)
    frame = datasets.load(case, name)
    raw = tables.decoded_bytes(datasets.path(case, name), resource)
    assert raw.decode("utf-8").split("\n")[0].split(",") == [field.name for field in resource.fields]
    assert len(frame) == resource.rows
    assert datasets.path(case, name).stat().st_size == resource.bytes
    assert tables.canonical_bytes(frame, resource) == raw


@each_table
def test_card_names_the_file_and_every_column(case, name):
    """Qui n’a que la fiche et le fichier doit savoir ce qu’est chaque colonne."""
    resource = datasets.resource(case, name)
    card = datasets.path(case, name).with_name("fiche-donnees.md").read_text(encoding="utf-8")
    unnamed = [field.name for field in resource.fields if f"`{field.name}`" not in card]
    assert resource.path in card
    assert not unnamed


@each(GRIDS)
def test_grids_match_their_schema_when_read(case, name):
    resource = datasets.resource(case, name)
    report = datasets.check(case, name, datasets.path(case, name))
    assert report.problems == []
    loaded = datasets.load(case, name)
    assert list(loaded) == [array.name for array in resource.arrays]
    assert all((loaded[key] == report.arrays[key]).all() for key in loaded)
    assert datasets.path(case, name).stat().st_size == resource.bytes


@each_table
def test_own_schema_accepts_file_when_validated(case, name):
    report = datasets.check(case, name, datasets.path(case, name))
    assert report.problems == []
    pd.testing.assert_frame_equal(report.frame, datasets.load(case, name))


@each(FILES)
def test_descriptor_is_complete(case, name):
    resource = datasets.resource(case, name)
    assert resource.title
    assert resource.description
    assert bool(resource.fields) == resource.is_table
    assert bool(resource.arrays) != resource.is_table
    for array in resource.arrays:
        assert array.description, array.name
        assert array.origin in ("source", "hypothèse"), array.name
    for field in resource.fields:
        assert field.type in TYPES
        assert field.description, field.name
        assert field.example, field.name
        assert field.origin in ("source", "hypothèse"), field.name
        assert re.fullmatch(r"[a-z0-9_]+", field.name)
    names = {field.name for field in resource.fields}
    assert set(resource.primary_key) <= names


@each_table
def test_foreign_keys_hold_when_joined(case, name):
    frame = datasets.load(case, name)
    for foreign in datasets.resource(case, name).foreign_keys:
        where, _, target = str(foreign["reference"]["resource"]).rpartition("/")
        where = where or (case if target in datasets.names(case) else "territoire")
        other = datasets.load(where.strip("./") or case, target)
        values = frame[foreign["fields"]].dropna()
        assert values.isin(other[foreign["reference"]["fields"]]).all(), foreign


@each_table
def test_primary_key_is_unique(case, name):
    key = list(datasets.resource(case, name).primary_key)
    if key:
        assert not datasets.load(case, name).duplicated(key).any()


def test_dictionary_has_one_row_per_column():
    frame = datasets.load("territoire", "dictionnaire")
    expected = {
        (f"{case}/{datasets.resource(case, name).path}", part.name)
        for case, name in FILES
        for part in datasets.resource(case, name).parts
    }
    assert set(zip(frame["fichier"], frame["colonne"], strict=True)) == expected


def test_load_gives_a_fresh_table_when_called_twice():
    first = datasets.load("territoire", "communes")
    first.loc[0, "nom"] = "changé"
    assert datasets.load("territoire", "communes").loc[0, "nom"] == "Aubeline"


def test_load_suggests_when_name_is_misspelled():
    with pytest.raises(DonneesIntrouvables, match="Vouliez-vous dire « rues »".replace(" ", "\\s")):
        datasets.load("territoire", "rue")
    with pytest.raises(DonneesIntrouvables, match="territoire"):
        datasets.load("teritoire", "rues")


def test_load_says_how_to_restore_when_file_is_gone(released_copy):
    (released_copy / "territoire/rues.csv").unlink()
    with pytest.raises(DonneesIntrouvables, match="git checkout -- datasets/territoire"):
        datasets.load("territoire", "rues")


def test_root_refuses_environment_when_not_a_folder(monkeypatch):
    monkeypatch.setenv("FORMATION_DONNEES", "nulle-part")
    with pytest.raises(DonneesIntrouvables, match="FORMATION_DONNEES"):
        datasets.root()


def test_verify_names_the_file_when_changed(released_copy, plain):
    assert datasets.verify() == []
    file = released_copy / "territoire/communes.csv"
    file.write_text(file.read_text("utf-8").replace("22300", "22301"), encoding="utf-8")
    [defect] = datasets.verify()
    assert (defect.case, defect.path, defect.kind) == ("territoire", "communes.csv", "modifie")
    assert "territoire/communes.csv a changé" in defect.message
    assert "git checkout -- datasets/territoire/communes.csv" in plain(defect.message)


def test_verify_ignores_line_ends_when_file_comes_from_windows(released_copy):
    file = released_copy / "territoire/communes.csv"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert datasets.verify("territoire") == []


def test_verify_finds_missing_unknown_and_damaged_files(released_copy):
    (released_copy / "territoire/greves.csv").unlink()
    (released_copy / "territoire/brouillon.csv").write_text("a\n1\n")
    (released_copy / "eau/troncons.csv.gz").write_bytes(b"\x1f\x8babime")
    kinds = {(defect.path, defect.kind) for defect in datasets.verify()}
    assert kinds == {("greves.csv", "manquant"), ("brouillon.csv", "inconnu"), ("troncons.csv.gz", "illisible")}


def test_generation_libraries_are_not_loaded_when_reading():
    code = (
        "from formation import datasets, territory\nterritory.load_territory()\ndatasets.verify()\n"
        "import sys\nprint(*sys.modules)"
    )
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    loaded = set(output.split())
    assert not loaded & {"holidays", "vacances_scolaires_france", "wntr", "formation.territory.simulation"}
    assert not loaded & {"openpyxl", "odf"}
