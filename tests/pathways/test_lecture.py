"""Lire un parcours : ses noms, sa forme, ses durées ; ce que voit qui se trompe."""

from __future__ import annotations

import subprocess
import sys
from datetime import time
from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from formation import pathways
from formation.numbers import duration
from formation.pathways import view
from formation.pathways.template import TEMPLATE
from formation.project import SourcesIntrouvables

ROOT = Path(__file__).resolve().parents[2]


def test_six_pathways_are_listed():
    assert pathways.names() == [
        "agents-1-jour",
        "agents-data-2-jours",
        "elus-2h",
        "elus-demi-journee",
        "formateur",
        "universite-6-seances",
    ]
    assert pathways.path("elus-2h") == ROOT / "book/parcours/elus-2h.yml"


def test_unknown_name_gives_the_nearest_one(plain):
    with pytest.raises(pathways.ParcoursInconnu) as caught:
        pathways.read("elus-2hh")
    message = plain(caught.value)
    assert "« elus-2hh » n’existe pas" in message
    assert "Vouliez-vous dire « elus-2h » ?" in message
    assert "mon-parcours.yml" in message


def test_half_days_give_times_and_offsets():
    pathway = pathways.read("elus-demi-journee")
    half = pathway.half_days()[0]
    assert (half.start, half.end) == (time(9), time(12, 45))
    assert sum(item.minutes for item in half.sequences) == half.duree_min == 225
    offsets = [at for at, _ in half.timetable()]
    assert offsets == sorted(offsets)
    assert offsets[0] == 0
    pause = next(item for item in half.sequences if isinstance(item, pathways.Pause))
    assert pause.minutes == pause.pause == 15
    assert pause not in half.taught
    assert sum(sequence.minutes for sequence in pathway.sequences()) == pathway.duree_min == 60 * pathway.hours


def test_helpers_list_each_thing_once_in_order():
    pathway = pathways.read("agents-data-2-jours")
    assert pathway.decks()[0] == "cas-eau"
    assert len(pathway.decks()) == len(set(pathway.decks()))
    assert len(pathway.exercises()) == len(set(pathway.exercises())) == 9
    assert "cases/eau/etude" in pathway.pages()
    assert pathway.objective("o-fuite").controles
    with pytest.raises(KeyError):
        pathway.objective("o-inconnu")


def test_pathway_cannot_be_changed():
    pathway = pathways.read("elus-2h")
    with pytest.raises(ValidationError):
        pathway.titre = "Autre"


def test_clock_is_read_when_yaml_takes_it_for_a_number(tmp_path):
    text = TEMPLATE.replace('debut: "09:00"', "debut: 13:30")
    assert yaml.safe_load("a: 13:30") == {"a": 810}
    file = tmp_path / "p.yml"
    file.write_text(text, encoding="utf-8")
    assert pathways.read(file).half_days()[0].start == time(13, 30)


def test_form_errors_come_all_at_once(tmp_path, plain):
    data = yaml.safe_load(TEMPLATE)
    data["modalite"] = "hybride"
    data["groupe"] = {"minimum": 9, "maximum": 3}
    del data["titre"]
    data["jours"][0]["demi_journees"][0]["debut"] = "25:00"
    data["jours"][0]["demi_journees"][0]["sequences"][0]["couleur"] = "bleu"
    file = tmp_path / "p.yml"
    file.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    with pytest.raises(pathways.ParcoursInvalide) as caught:
        pathways.read(file)
    message = plain(caught.value)
    for expected in (
        "modalite : valeurs acceptées : présentiel, distanciel, mixte",
        "le minimum (9) dépasse le maximum (3)",
        "titre : cette clé manque",
        "couleur : cette clé n’est pas connue",
        "debut : la forme attendue est",
        "formation parcours modele",
    ):
        assert expected in message


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"titre: \xe9lus", "ne se lit pas en UTF-8"),
        (b"titre: a: b", "n’est pas du YAML valide"),
        (b"- 1\n- 2\n", "des clés et des valeurs sont attendues"),
        (b"x" * 1_000_001, "trop gros pour un parcours"),
        (
            TEMPLATE.replace("titre: Lire", "titre: Un\ntitre: Lire").encode(),
            "ligne 6 : la clé « titre » est écrite deux fois",
        ),
        (b"a: &x [1]\nb: *x\n", "ligne 1 : les renvois YAML"),
    ],
)
def test_unreadable_file_is_explained(tmp_path, plain, content, expected):
    file = tmp_path / "p.yml"
    file.write_bytes(content)
    with pytest.raises(pathways.ParcoursInvalide) as caught:
        pathways.read(file)
    assert expected in plain(caught.value)


def test_missing_file_is_explained(tmp_path, plain):
    with pytest.raises(pathways.ParcoursInvalide) as caught:
        pathways.read(tmp_path / "absent.yml")
    assert "absent.yml ne se lit pas" in plain(caught.value)


def test_a_copy_is_read_without_the_project_when_it_is_not_checked(tmp_path):
    file = tmp_path / "parcours.yml"
    file.write_text(TEMPLATE.replace("cas-eau", "jeu-disparu"), encoding="utf-8")
    assert pathways.read(file, checked=False).decks() == ["jeu-disparu"]
    with pytest.raises(pathways.ParcoursInvalide, match="jeu-disparu"):
        pathways.read(file)


def test_sources_missing_is_explained(tmp_path, plain):
    with pytest.raises(SourcesIntrouvables) as caught:
        pathways.names(tmp_path)
    assert "Récupérez le dépôt" in plain(caught.value)


def test_durations_and_clock_are_french(plain):
    assert [plain(duration(minutes)) for minutes in (5, 60, 65, 720)] == ["5 min", "1 h", "1 h 05", "12 h"]
    assert plain(view.clock(time(9, 50), 15)) == "10 h 05"
    assert plain(view.clock(time(23, 50), 20)) == "0 h 10"


def test_command_gives_as_many_dates_as_days():
    for name in pathways.names():
        pathway = pathways.read(name)
        given = view.command(pathway).split("--dates ")[1].split()[0].split(",")
        assert len(set(given)) == len(pathway.jours)


def test_importing_the_package_loads_nothing_heavy():
    code = (
        "import sys; from formation import pathways; import formation.cli.parcours; "
        "heavy = {'pandas', 'sphinx', 'pydantic', 'docutils'} & set(sys.modules); "
        "sys.exit(str(sorted(heavy)) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
