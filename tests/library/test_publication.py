"""Publier : un vrai serveur, son interface JSON, ses pages sans demande à un autre site, son arrêt."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

import pytest

from formation.library import publication
from formation.library.collection import Library, create
from formation.library.writing import to_yaml

COMMAND = (sys.executable, "-c", "from formation.cli import main; main()", "bibliotheque")


@pytest.fixture(scope="module")
def dossier(tmp_path_factory, copie):
    from formation.library.models import ProjectRecord

    folder = tmp_path_factory.mktemp("publication") / "fiches"
    create(folder)
    for rank, maturity in enumerate(("service", "arrete", "service")):
        record = ProjectRecord.model_validate(
            copie() | {"id": f"essai-{rank}", "complements": {"maturite": maturity, "secteur": ["eau"]}}
        )
        (folder / f"essai-{rank}.yml").write_text(to_yaml(record), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def serveur(dossier, tmp_path_factory):
    temporary = tmp_path_factory.mktemp("provisoire")
    process = subprocess.Popen(
        [*COMMAND, "servir", "--dossier", str(dossier), "--port", "0"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8",
        env={**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1", "TMPDIR": str(temporary)},
    )  # fmt: skip
    try:
        line = process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+", line)
        assert found, line
        process.stdout.readline()
        process.stdout.readline()
        yield found.group()
    finally:
        process.terminate()
        said, _ = process.communicate(timeout=120)
    assert "Serveur arrêté." in said
    assert list(temporary.iterdir()) == []


def get(address, seconds=120):
    end = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(address, timeout=seconds) as answer:
                return answer.headers, answer.read().decode("utf-8")
        except urllib.error.HTTPError:
            raise
        except (urllib.error.URLError, ConnectionError):
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


def test_json_api_searches_and_counts(serveur):
    query = urllib.parse.urlencode(
        {"_search": "RESEAU", "maturite": "En service", "_shape": "objects", "_facet": "maturite"}
    )
    headers, body = get(f"{serveur}/bibliotheque/fiches.json?{query}")
    found = json.loads(body)
    assert [row["id"] for row in found["rows"]] == ["essai-0", "essai-2"]
    assert [(item["value"], item["count"]) for item in found["facet_results"]["maturite"]["results"]] == [
        ("En service", 2)
    ]
    assert "Access-Control-Allow-Origin" not in headers


@pytest.mark.parametrize("page", ["/", "/bibliotheque", "/bibliotheque/fiches", "/bibliotheque/fiches/essai-0"])
def test_page_is_in_french_and_loads_nothing_from_elsewhere(serveur, page):
    _, body = get(serveur + page)
    assert '<html lang="fr">' in body
    loaded = re.findall(
        r'<(?:script|img|iframe|source)[^>]*src="([^"]*)|<link[^>]*stylesheet[^>]*href="([^"]*)|url\(([^)]*)', body
    )
    assert loaded == []


def test_page_offers_the_five_filters(serveur, plain):
    _, body = get(f"{serveur}/bibliotheque/fiches")
    headings = re.findall(r"<h3>(.*?)</h3>", body)
    assert set(headings) == {"Besoin", "Taille", "Coût", "Maturité", "Secteur"}
    assert 'name="_search"' in body


def test_free_sql_is_closed(serveur):
    get(f"{serveur}/")
    with pytest.raises(urllib.error.HTTPError) as caught:
        get(f"{serveur}/bibliotheque?sql=select+1")
    assert caught.value.code == 403
    assert "<title>Demande impossible</title>" in caught.value.read().decode()


def test_missing_datasette_tells_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr(publication, "find_spec", lambda name: None)
    with pytest.raises(publication.PublicationImpossible, match=r"pip install .*\[bibliotheque\]"):
        publication.application(tmp_path / "b.db", "Essai")


def test_verify_says_every_mistake_and_leaves_code_2(fichier):
    done = subprocess.run(
        [*COMMAND, "verifier", str(fichier(('titre: "', 'titel: "'))), "--json"],
        capture_output=True,
        text=True,
        check=False,
    )
    found = json.loads(done.stdout)
    assert done.returncode == 2
    assert not found["valide"]
    assert {problem["column"] for problem in found["fichiers"][0]["problemes"]} == {"titre", "titel"}


def test_add_then_search_then_export_from_the_command_line(fichier, tmp_path, capsys):
    from formation.cli import main

    def run(*words):
        with pytest.raises(SystemExit) as caught:
            main(["bibliotheque", *map(str, words)])
        assert caught.value.code == 0
        return capsys.readouterr().out

    folder = tmp_path / "neuve"
    run("creer", folder)
    run("ajouter", fichier(), "--dossier", folder)
    assert "1 fiche sur 1." in run(
        "rechercher", "RESEAU", "--maturite", "experimentation", "--dossier", folder
    ).replace("\u00a0", " ")
    for name, file in (("csv", "f.csv"), ("html", "f.html"), ("dcat", "f.jsonld"), ("sqlite", "f.db")):
        run("exporter", "--format", name, "--sortie", tmp_path / file, "--dossier", folder)
        assert (tmp_path / file).stat().st_size > 0
    assert json.loads(run("schema"))["title"].startswith("Fiche")


def test_base_to_keep_is_never_overwritten_and_the_advice_can_be_followed(tmp_path, plain):
    kept = tmp_path / "garde.db"
    kept.write_bytes(b"a moi")
    with pytest.raises(publication.PublicationImpossible) as caught:
        publication.serve(Library(tmp_path, ()), title="Essai", port=0, say=print, base=kept)
    assert "--base" in plain(caught.value)
    assert "--ecraser" not in plain(caught.value)
    assert kept.read_bytes() == b"a moi"


def test_last_port_taken_is_said_in_french():
    with socket.socket() as taken:
        try:
            taken.bind((publication.HOST, 65_535))
            taken.listen()
        except OSError:  # déjà pris sur cette machine : c’est le cas voulu
            pass
        with pytest.raises(publication.PublicationImpossible, match="entre 65535 et 65535"):
            publication._listen(65_535)
