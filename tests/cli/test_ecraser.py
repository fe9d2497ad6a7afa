"""Une seule règle pour tout ce que la ligne de commande écrit : rien n’est remplacé sans --ecraser."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from formation.cli import VERBS, main

WRITTEN = {"rapport", "sortie", "ecrire", "en_csv", "pour_moodle", "destination"}
"""Paramètres qui nomment un fichier à écrire."""
WRITTEN_BY = {"modele", "modele-liste", "schema", "clauses"}
"""Verbes dont l’argument est un fichier à écrire."""
REPORTS = {
    "usagers essayer": "--enonces absent.csv",
    "usagers appels": "--fichier absent.csv",
    "securite essayer": "--alertes absent.csv --heures 6",
    "securite compter": "--vignettes absent.npz --comptages absent.csv",
    "dechets essayer": "--frequentation absent.csv",
    "eau essayer": "--troncons absent.csv --defaillances absent.csv",
    "risques essayer": "--mesures absent.csv",
    "risques radar": "--images absent.npz",
    "mobilites essayer": "--images absent.png",
    "mobilites seuil": "--parkings absent.csv",
    "comite joindre": "--gauche absent.csv --droite autre.csv --cle code",
    "comite mesurer": "--table absent.csv --avec autre.csv --cle code --cible y --date date",
    "concertation analyser": "absent.csv",
    "atelier analyser": "absent",
}
"""Verbes qui écrivent un rapport, avec des fichiers à lire qui n’existent pas : le refus vient avant la lecture."""


def run(arguments: list[str], capsys: Any) -> tuple[int, str]:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    return int(stopped.value.code or 0), capsys.readouterr().err.replace("\u00a0", " ")


def _commands() -> Iterator[tuple[str, str, Any]]:
    for verb, (module, _) in VERBS.items():
        command = get_command(import_module(module).app)
        for name, one in getattr(command, "commands", {}).items():
            yield verb, name, one


def test_every_command_that_writes_a_file_can_be_told_to_replace_it():
    silent, seen = [], 0
    for verb, name, command in _commands():
        names = {param.name for param in command.params}
        options = {option for param in command.params for option in param.opts}
        if names & WRITTEN or name in WRITTEN_BY:
            seen += 1
            if "--ecraser" not in options:
                silent.append(f"{verb} {name}")
    assert silent == []
    assert seen >= len(REPORTS) + 12


def test_the_list_of_reports_is_complete():
    found = {f"{verb} {name}" for verb, name, one in _commands() if any(p.name == "rapport" for p in one.params)}
    assert found == set(REPORTS)


@pytest.mark.parametrize("command", sorted(REPORTS))
def test_report_already_there_is_kept(command: str, tmp_path: Path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    report = tmp_path / "r.html"
    report.write_text("le travail d’hier", encoding="utf-8")
    code, said = run([*command.split(), *REPORTS[command].split(), "--rapport", "r.html"], capsys)
    assert code == 2
    assert "« r.html » existe déjà" in said
    assert "--ecraser" in said
    assert report.read_text(encoding="utf-8") == "le travail d’hier"
    code, said = run([*command.split(), *REPORTS[command].split(), "--rapport", "r.html", "--ecraser"], capsys)
    assert code == 2
    assert "existe déjà" not in said, "avec --ecraser, le refus suivant est celui du fichier absent"
    assert report.read_text(encoding="utf-8") == "le travail d’hier", "un essai raté ne détruit pas l’ancien rapport"


@pytest.mark.parametrize(
    "arguments",
    [
        ["donnees", "exporter", "territoire", "communes"],
        ["session", "modele-liste"],
        ["marche", "modele"],
        ["marche", "clauses"],
        ["bibliotheque", "schema"],
        ["bibliotheque", "modele"],
        ["parcours", "modele"],
        ["droit", "modele"],
    ],
    ids=lambda given: " ".join(given[:2]),
)
def test_file_already_there_is_kept_then_replaced_on_demand(arguments: list[str], tmp_path: Path, capsys):
    ending = {"clauses": ".txt", "schema": ".json", "modele-liste": ".csv", "exporter": ".csv"}.get(
        arguments[1], ".yml"
    )
    target = tmp_path / f"mien{ending}"
    target.write_text("mien", encoding="utf-8")
    code, said = run([*arguments, str(target)], capsys)
    assert code == 2
    assert "--ecraser" in said
    assert target.read_text(encoding="utf-8") == "mien"
    assert run([*arguments, str(target), "--ecraser"], capsys)[0] == 0
    assert target.read_text(encoding="utf-8") != "mien"


def test_results_tables_are_refused_before_the_gradebook_is_read(tmp_path: Path, capsys):
    taken = tmp_path / "notes.csv"
    taken.write_text("mien", encoding="utf-8")
    base = ["atelier", "resultats", str(tmp_path / "absent")]
    code, said = run([*base, "--csv", str(taken), "--moodle", str(tmp_path / "m.csv")], capsys)
    assert (code, "--ecraser" in said, taken.read_text(encoding="utf-8")) == (2, True, "mien")
    code, said = run([*base, "--csv", str(taken), "--moodle", str(taken), "--ecraser"], capsys)
    assert (code, "demandé deux fois" in said) == (2, True)
