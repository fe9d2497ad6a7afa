"""Les réglages du serveur, la liste des devoirs en français, la collecte : sans serveur lancé."""

import json
import os
import pwd
import re
import subprocess
import sys
from pathlib import Path

import pytest
from echanges import ReleaseGraded, SafeCollect
from interface import NAME, build_interface, installed, translate
from reglages import DEFAULTS, ReglagesInvalides, read_settings
from traitlets.config import Config
from verifier import mode

from formation.errors import FormationError
from formation.plain_yaml import load

FOLDER = Path(__file__).parents[2] / "deploiement"


def settings(folder, **values):
    path = folder / "serveur.env"
    path.write_text("".join(f"{key}={value}\n" for key, value in values.items()), encoding="utf-8")
    return read_settings(path)


def test_shipped_example_is_valid_and_says_every_setting():
    found = read_settings(FOLDER / "serveur.env.exemple")
    assert found.values == DEFAULTS
    text = (FOLDER / "serveur.env.exemple").read_text(encoding="utf-8")
    assert set(re.findall(r"^([A-Z_]+)=", text, re.M)) == set(DEFAULTS)


def test_errors_are_all_said_at_once_in_french(tmp_path, plain):
    (tmp_path / "serveur.env").write_text(
        "PORT=huit\nPORT_HUB=8001\nECHANGE=echange\nCARNET=postgresql://cours:secret@serveur/carnet\n"
        "FORMATEURS=stagiaire-99\nCOMPTE_COURS=root\nCONNEXION=ldap\nADRESSE=formation\nPROT=1\nbonjour\nPORT=1\n",
        encoding="utf-8",
    )
    with pytest.raises(ReglagesInvalides) as caught:
        read_settings(tmp_path / "serveur.env")
    text = plain(caught.value)
    for part in (
        "PORT vaut « huit »",
        "quatre ports distincts",
        "ECHANGE vaut « echange »",
        "contient un mot de passe",
        "stagiaire-99, qui est aussi un nom de stagiaire",
        "COMPTE_COURS vaut « root »",
        "CONNEXION vaut « ldap »",
        "ADRESSE vaut « formation »",
        "ligne 9 : « PROT » n’est pas un réglage connu",
        "ligne 10 : « bonjour » n’est pas un réglage",
        "ligne 11 : « PORT » est déjà à la ligne 1",
    ):
        assert part in text, part
    assert "secret" not in text


def test_missing_file_names_the_model(tmp_path, plain):
    with pytest.raises(ReglagesInvalides) as caught:
        read_settings(tmp_path / "absent.env")
    assert "serveur.env.exemple" in plain(caught.value)


def test_directory_sign_in_asks_for_its_settings(tmp_path, plain):
    with pytest.raises(ReglagesInvalides) as caught:
        settings(tmp_path, CONNEXION="oidc")
    assert "OIDC_AUTORISATION, OIDC_JETON, OIDC_PROFIL, OIDC_CLIENT, OIDC_IDENTITES" in plain(caught.value)


@pytest.mark.parametrize(
    ("name", "accepted"),
    [
        ("stagiaire-01", True),
        ("stagiaire-1234", True),
        ("formateur-01", True),
        ("formateur-02", False),
        ("stagiaire-01x", False),
        ("root", False),
        ("cours", False),
        ("stagiaire-", False),
    ],
)
def test_only_numbered_learners_and_named_trainers_sign_in(tmp_path, name, accepted):
    assert bool(re.match(settings(tmp_path).login_pattern, name)) is accepted


def test_french_list_keeps_the_extension_whole(tmp_path):
    target = tmp_path / "interface"
    for _ in range(2):  # refaite d’un coup par-dessus l’ancienne
        built = build_interface(target)
    names = {path.relative_to(installed()) for path in installed().rglob("*")}
    assert {path.relative_to(built) for path in built.rglob("*")} == names
    script = next((built / "static").glob("161.*.js")).read_text(encoding="utf-8")
    for text in ("Devoirs à prendre", "Prendre le retour", "Rendre"):
        assert text in script
    for text in ("Released assignments", 'innerText="Fetch', "submitting..."):
        assert text not in script
    assert mode(built) == 0o755
    assert [path.name for path in tmp_path.iterdir()] == ["interface"]


def test_new_version_of_nbgrader_is_refused_and_old_list_kept(tmp_path, plain):
    table = load((FOLDER / "interface.yml").read_text(encoding="utf-8"))
    with pytest.raises(FormationError) as caught:
        translate('title.label="Nbgrader"', table)
    assert "n’est plus celle de la version" in plain(caught.value)
    old = build_interface(tmp_path / "interface")
    before = sorted(path.stat().st_mtime_ns for path in old.rglob("*"))
    fake = tmp_path / "fausse" / NAME
    (fake / "static").mkdir(parents=True)
    (fake / "static" / "161.0.js").write_text("rien")
    with pytest.raises(FormationError):
        build_interface(tmp_path / "interface", fake)
    assert sorted(path.stat().st_mtime_ns for path in old.rglob("*")) == before


def collector(**course):
    from nbgrader.coursedir import CourseDirectory

    config = Config({"CourseDirectory": course})
    return SafeCollect(coursedir=CourseDirectory(config=config), config=config)


ME = pwd.getpwuid(os.getuid()).pw_name
HANDED = f"{ME}+tp+2026-11-22 10:00:00.000000 UTC+tirage"


@pytest.fixture
def course(tmp_path, monkeypatch):
    """Cours relié à un échange où rien n’est encore déposé : (collecte, dossier des rendus)."""
    inbound = tmp_path / "echange" / "atelier" / "inbound"
    inbound.mkdir(parents=True)
    # nbgrader crée sa base par la commande alembic, rangée à côté de Python
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    (tmp_path / "cours").mkdir()
    database = f"sqlite:///{tmp_path / 'carnet.db'}"
    made = collector(root=str(tmp_path / "cours"), course_id="atelier", assignment_id="tp", db_url=database)
    made.root, made.update = str(tmp_path / "echange"), True
    return made, inbound


def test_collect_follows_no_link_and_takes_no_giant(tmp_path):
    handed, secret = tmp_path / HANDED, tmp_path / "secret"
    (handed / "figures").mkdir(parents=True)
    secret.mkdir()
    (secret / "source.ipynb").write_text("corrigé")
    (handed / "a.ipynb").write_text("copie")
    (handed / "figures" / "b.png").write_text("image")
    (handed / "vol.ipynb").symlink_to(secret / "source.ipynb")
    (handed / "dossier").symlink_to(secret)
    (handed / "gros.bin").write_bytes(b"0" * 6000)
    os.mkfifo(handed / "tuyau")
    collector(max_file_size=5, max_dir_size=50).do_copy(str(handed), str(tmp_path / "pris"))
    taken = tmp_path / "pris"
    assert sorted(str(path.relative_to(taken)) for path in taken.rglob("*") if path.is_file()) == [
        "a.ipynb",
        "figures/b.png",
        "timestamp.txt",
    ]
    assert not any(path.is_symlink() for path in taken.rglob("*"))


def test_collect_refuses_a_link_in_place_of_the_copy(tmp_path, caplog, plain):
    (tmp_path / "vrai").mkdir()
    (tmp_path / "lien").symlink_to(tmp_path / "vrai")
    collector().do_copy(str(tmp_path / "lien"), str(tmp_path / "pris"))
    assert not (tmp_path / "pris").exists()
    assert "Rendu écarté : lien" in plain(caplog.text)


def test_one_hostile_copy_does_not_stop_the_collection_of_the_others(course, caplog, plain):
    made, inbound = course
    honest = inbound / HANDED
    honest.mkdir()
    (honest / "tp.ipynb").write_text("copie")
    (honest / "timestamp.txt").write_text("avant-hier")  # nbgrader s’arrêterait à la collecte suivante
    (honest / b"\xff\x1b[2J.py".decode("utf-8", "surrogateescape")).symlink_to("/etc/hostname")
    for name in (f"{ME}+tp+demain", f"x+tp+{'9' * 30}+a", "+tp+", f"{ME}+tp+2027-01-01 00:00:00 UTC+fichier"):
        (inbound / name).write_text("ni date, ni dossier")
    deep = os.open(honest, os.O_RDONLY)
    for _ in range(20):  # un chemin plus long que ce que le système sait écrire d’un trait
        os.mkdir("d" * 250, dir_fd=deep)
        inner = os.open("d" * 250, os.O_RDONLY, dir_fd=deep)
        os.close(deep)
        deep = inner
    os.close(deep)
    for _ in range(2):
        made.start()
    taken = Path(made.coursedir.root) / "submitted" / ME / "tp"
    assert (taken / "tp.ipynb").read_text() == "copie"
    assert (taken / "timestamp.txt").read_text() == "2026-11-22 10:00:00 UTC"
    assert "Rendu écarté : +tp+ ne s’ouvre pas" in plain(caplog.text)
    assert "Fichier écarté : ??[2J.py" in plain(caplog.text)
    assert "\x1b" not in caplog.text
    subprocess.run(["rm", "-rf", honest], check=True)  # Python n’efface pas un chemin si long


def test_feedback_of_a_copy_from_elsewhere_does_not_hold_back_the_others(course, caplog, plain):
    made, _inbound = course
    root = Path(made.coursedir.root)
    for learner in ("stagiaire-01", "stagiaire-02"):
        for step in ("feedback", "submitted"):
            (root / step / learner / "tp").mkdir(parents=True)
        (root / "feedback" / learner / "tp" / "tp.html").write_text(learner)
    handed = root / "submitted" / "stagiaire-02" / "tp"
    (handed / "timestamp.txt").write_text("2026-11-22 10:00:00 UTC")
    (handed / "submission_secret.txt").write_text("secret")
    release = ReleaseGraded(coursedir=made.coursedir, config=made.config)
    release.root = made.root
    release.start()
    pages = list((Path(made.root) / "atelier" / "feedback").glob("*.html"))
    assert [page.read_text() for page in pages] == ["stagiaire-02"]
    assert "Retour écarté : stagiaire-01" in plain(caplog.text)
    assert made.coursedir.student_id_exclude == ""


def test_learner_profile_turns_author_tools_off():
    page = json.loads((FOLDER / "jupyter/stagiaire/labconfig/page_config.json").read_text())["disabledExtensions"]
    server = json.loads((FOLDER / "jupyter/stagiaire/jupyter_server_config.json").read_text())
    on = server["ServerApp"]["jpserver_extensions"]
    assert page["@jupyter/nbgrader:create-assignment"] is page["@jupyter/nbgrader:validate-assignment"] is True
    assert "@jupyter/nbgrader:assignment-list" not in page
    assert on["nbgrader.server_extensions.assignment_list"] is True
    assert on["nbgrader.server_extensions.formgrader"] is False


def test_commands_say_what_they_need_in_french(tmp_path):
    path = tmp_path / "serveur.env"
    path.write_text("PORT=x\n")
    variables = {**os.environ, "FORMATION_SERVEUR": str(path)}
    command = [sys.executable, FOLDER / "serveur.py"]
    wrong = subprocess.run([*command, "publier"], capture_output=True, text=True, env=variables)
    assert wrong.returncode == 2
    assert "PORT vaut" in wrong.stderr
    assert "Traceback" not in wrong.stderr
    unknown = subprocess.run([*command, "detruire"], capture_output=True, text=True, env=variables)
    assert unknown.returncode == 2
    assert "detruire" in unknown.stderr
    assert "Traceback" not in unknown.stderr


def test_no_page_of_the_hub_speaks_english():
    for path in sorted((FOLDER / "gabarits").glob("*.html")):
        text = re.sub(r"{[%#].*?[%#]}|{{.*?}}|<script.*?</script>", " ", path.read_text(encoding="utf-8"), flags=re.S)
        words = re.findall(r">([^<>]+)<|(?:title|aria-label|value|alt)=\"([^\"]+)\"", text)
        shown = " ".join(a or b for a, b in words)
        assert not re.search(
            r"\b(Sign|Username|Password|Server|Home|Logout|Login|Please|your|Toggle|Close)\b", shown
        ), path


def hub_config(monkeypatch, path):
    from traitlets.config import PyFileConfigLoader

    monkeypatch.setenv("FORMATION_SERVEUR", str(path))
    return PyFileConfigLoader("jupyterhub_config.py", path=str(FOLDER)).load_config()


def test_directory_sign_in_turns_an_identity_into_a_numbered_account(tmp_path, monkeypatch):
    (tmp_path / "identites.csv").write_text("Prenom.Nom@exemple.fr;Stagiaire-01\n;\n", encoding="utf-8-sig")
    values = {
        "CONNEXION": "oidc",
        "OIDC_AUTORISATION": "https://annuaire.exemple.fr/auth",
        "OIDC_JETON": "https://annuaire.exemple.fr/token",
        "OIDC_PROFIL": "https://annuaire.exemple.fr/userinfo",
        "OIDC_CLIENT": "formation",
        "OIDC_IDENTITES": tmp_path / "identites.csv",
    }
    path = settings(tmp_path, **values).path
    monkeypatch.delenv("OIDC_SECRET", raising=False)
    with pytest.raises(ReglagesInvalides, match="OIDC_SECRET"):
        hub_config(monkeypatch, path)
    monkeypatch.setenv("OIDC_SECRET", "essai")
    config = hub_config(monkeypatch, path)
    assert config.Authenticator.username_map["prenom.nom@exemple.fr"] == "stagiaire-01"
    assert config.GenericOAuthenticator.oauth_callback_url == "https://formation.exemple.fr/hub/oauth_callback"
    assert "essai" not in str(config.Spawner)


def test_hub_listens_to_this_machine_only_and_hides_its_cookies(tmp_path, monkeypatch):
    config = hub_config(monkeypatch, settings(tmp_path).path)
    assert config.JupyterHub.bind_url == "http://127.0.0.1:8000/"
    assert config.JupyterHub.hub_ip == config.Spawner.ip == "127.0.0.1"
    assert config.JupyterHub.services[0]["url"].startswith("http://127.0.0.1:")
    assert config.JupyterHub.tornado_settings["cookie_options"]["secure"] is True
    assert config.JupyterHub.authenticator_class == "pam"
    assert config.JupyterHub.spawner_class.endswith("LocalProcessSpawner")
    assert config.Spawner.cmd[0] == "prlimit"
