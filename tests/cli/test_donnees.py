"""`formation donnees` : messages, codes de sortie, JSON."""

from __future__ import annotations

import json

import pytest

from formation import cli, datasets


@pytest.fixture
def run(capsys, plain):
    def call(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stop:
            cli.main(arguments)
        captured = capsys.readouterr()
        return int(stop.value.code or 0), plain(captured.out), plain(captured.err)

    return call


@pytest.mark.parametrize("arguments", [(), ("--help",), ("donnees",), ("donnees", "valider", "--help")])
def test_help_is_french(run, arguments):
    code, out, err = run(*arguments)
    assert (code, err) == (0, "")
    assert "Usage : formation" in out
    assert "Affiche cette aide." in out
    assert not {"Options:", "Commands:", "Show this message", "[required]", "TEXT", "<str>"} & set(out.split("  "))


@pytest.mark.parametrize("width", range(30, 121, 10))
def test_help_is_french_when_the_window_is_narrow(run, monkeypatch, width):
    monkeypatch.setenv("COLUMNS", str(width))
    for arguments in (("donnees", "valider", "--help"), ("atelier", "corriger", "--help")):
        out = " ".join(run(*arguments)[1].split())
        assert "Affiche cette aide." in out
        assert "Show" not in out
        assert "default" not in out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["doneees"], "Le verbe « doneees » n’existe pas. Vouliez-vous dire « donnees » ?"),
        (["donnees", "verfier"], "Vouliez-vous dire « verifier » ?"),
        (["donnees", "lister", "--jsn"], "L’option « --jsn » n’existe pas. Options proches : --json"),
        (
            ["donnees", "valider", "eau"],
            "Il manque l’argument « TABLE ». Pour l’aide : formation donnees valider --help",
        ),
        (["donnees", "generer", "--graine", "x"], "« --graine » : ce n’est pas un nombre entier"),
        (["donnees", "generer", "--graine", "-1"], "« --graine » : la valeur doit être au moins 0"),
        (["donnees", "generer", "--graine"], "L’option « --graine » attend une valeur"),
        (["donnees", "lister", "eau", "trop"], "Argument en trop : trop."),
        (["donnees", "lister", "piscines"], "Le cas « piscines » n’existe pas"),
        (["donnees", "generer", "--graine", "3"], "formation donnees generer --graine 3 --dossier essai"),
        (["donnees", "exporter", "eau", "troncon", "x.csv"], "Vouliez-vous dire « troncons » ?"),
        (["donnees", "valider", "eau", "troncons", "absent.csv"], "absent.csv : le fichier n’existe pas"),
        (["donnees", "valider", "eau", "troncons", "x.csv", "--avec", "rues"], "écrivez --avec TABLE=FICHIER"),
    ],
)
def test_mistake_is_explained_without_traceback(run, arguments, words):
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert words in err
    assert "Traceback" not in err


def test_list_gives_every_table(run):
    code, out, _ = run("donnees", "lister", "territoire")
    assert code == 0
    assert "territoire calendrier" in out
    assert "4 018 lignes" in out
    content = json.loads(run("donnees", "lister", "--json")[1])
    assert [(item["case"], item["name"]) for item in content] == [
        (case, name) for case in datasets.cases() for name in datasets.names(case)
    ]


def test_verify_succeeds_then_names_the_changed_file(run, released_copy):
    assert run("donnees", "verifier", "territoire")[:2] == (
        0,
        "8 fichiers vérifiés : tous conformes à leur empreinte.\n",
    )
    (released_copy / "territoire/greves.csv").write_text("date\n", encoding="utf-8")
    code, out, err = run("donnees", "verifier")
    assert (code, out) == (2, "")
    assert "territoire/greves.csv a changé depuis sa publication" in err
    code, out, _ = run("donnees", "verifier", "--json")
    assert (code, json.loads(out)[0]["kind"]) == (2, "modifie")


def test_own_file_is_validated(run, tmp_path):
    file = datasets.export("territoire", "ecoles", tmp_path / "ecoles.csv")
    code, out, _ = run("donnees", "valider", "territoire", "ecoles", str(file))
    assert code == 0
    assert "ecoles.csv suit le schéma territoire/ecoles : 28 lignes." in out
    assert "Séparateur « point-virgule » : accepté." in out


def test_own_file_is_checked_against_another_own_table(run, tmp_path):
    schools = datasets.export("territoire", "ecoles", tmp_path / "ecoles.csv")
    streets = tmp_path / "rues.csv"
    lines = datasets.path("territoire", "rues").read_text("utf-8").splitlines()
    streets.write_text("\n".join(lines[:60]), encoding="utf-8")
    code, _, err = run("donnees", "valider", "territoire", "ecoles", str(schools), "--avec", f"rues={streets}")
    assert code == 2
    assert "n’existe pas dans la colonne « id_rue » de la table « rues »" in err


def test_problems_are_given_to_a_machine(run, tmp_path):
    file = tmp_path / "rues.csv"
    file.write_text("id_rue\nR0001\n", encoding="utf-8")
    code, out, _ = run("donnees", "valider", "territoire", "rues", str(file), "--json")
    content = json.loads(out)
    assert (code, content["valide"], content["lignes"]) == (2, False, 1)
    assert {problem["kind"] for problem in content["problemes"]} == {"colonne_manquante"}


def test_export_warns_about_zeros_when_csv(run, tmp_path):
    code, out, _ = run("donnees", "exporter", "territoire", "communes", str(tmp_path / "c.csv"))
    assert code == 0
    assert "préférez xlsx ou ods" in out
    assert "préférez" not in run("donnees", "exporter", "territoire", "communes", str(tmp_path), "--format", "ods")[1]
    assert (tmp_path / "communes.ods").is_file()


def test_generation_reports_progress_and_what_changed(run, tmp_path):
    code, out, err = run("donnees", "generer", "territoire", "--dossier", str(tmp_path / "essai"))
    assert code == 0
    assert "Simulation de territoire…" in err
    assert "territoire/communes.csv" in out
    assert out.count("identique") == 8
    code, out, _ = run(
        "donnees", "generer", "territoire", "--graine", "9", "--dossier", str(tmp_path / "essai"), "--json"
    )
    changed = {item["name"] for item in json.loads(out) if item["changed"]}
    assert "rues" in changed
    assert "calendrier" not in changed


def test_interruption_is_said_and_coded(run, monkeypatch):
    def stopped(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(datasets, "verify", stopped)
    assert run("donnees", "verifier") == (130, "", "Interrompu.\n")


def test_verb_is_said_missing_when_its_library_is(run, monkeypatch):
    def absent(name):
        raise ModuleNotFoundError("absent", name="nbgrader")

    monkeypatch.setattr(cli, "import_module", absent)
    code, _, err = run("atelier", "liste")
    assert code == 2
    assert "a besoin de la bibliothèque « nbgrader »" in err
