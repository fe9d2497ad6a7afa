"""Chapitres réels, lecteur strict du Moodle XML, plateforme SCORM 1.2 d’épreuve."""

from __future__ import annotations

import http.server
import io
import threading
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from formation import lms

HERE = Path(__file__).parent
QUESTION = {
    "name", "questiontext", "generalfeedback", "defaultgrade", "penalty", "hidden", "idnumber", "single",
    "shuffleanswers", "answernumbering", "showstandardinstruction", "correctfeedback", "partiallycorrectfeedback",
    "incorrectfeedback", "shownumcorrect", "answer", "tags",
}  # fmt: skip
# Les parts de note que Moodle propose ; il refuse par défaut un fichier qui en porte une autre.
POSITIVE = [
    100, 90, 83.33333, 80, 75, 70, 66.66667, 60, 50, 40, 33.33333, 30, 25, 20, 16.66667, 14.28571, 12.5, 11.11111, 10,
    5, 0,
]  # fmt: skip
FRACTIONS = [*POSITIVE, *(-value for value in POSITIVE)]


@pytest.fixture(scope="session")
def chapters() -> list[Any]:
    """Tous les chapitres du livre."""
    return lms.choose()


@pytest.fixture(scope="session")
def eau() -> Any:
    """Un chapitre dont les questions sont à une et à plusieurs réponses."""
    return lms.choose(["eau"])[0]


def text_of(node: ET.Element | None) -> str:
    """Contenu d’un élément dont le seul enfant est « text », comme le format le demande."""
    assert node is not None
    assert [child.tag for child in node] == ["text"], f"{node.tag} : un élément text est attendu"
    assert (node.text or "").strip() == "", f"{node.tag} : du texte hors de l’élément text"
    return (node[0].text or "").strip()


def read_answer(node: ET.Element) -> dict[str, Any]:
    """Une réponse : sa part de note, son texte, son retour."""
    assert set(node.attrib) == {"fraction", "format"}
    assert node.get("format") == "html"
    assert [child.tag for child in node] == ["text", "feedback"]
    fraction = float(str(node.get("fraction")))
    assert any(abs(fraction - known) < 1e-5 for known in FRACTIONS), f"part de note inconnue : {fraction}"
    return {"fraction": fraction, "texte": (node[0].text or "").strip(), "retour": text_of(node[1])}


def read_question(node: ET.Element) -> dict[str, Any]:
    """Une question à choix, lue élément par élément ; un élément inconnu ou répété est une erreur."""
    names = [child.tag for child in node]
    assert set(names) <= QUESTION, set(names) - QUESTION
    single = [name for name in names if name != "answer"]
    assert len(set(single)) == len(single), "un élément est répété"
    found = {name: node.find(name) for name in single}
    assert found["single"].text in ("true", "false")
    assert found["shuffleanswers"].text in ("true", "false")
    assert found["answernumbering"].text in ("none", "abc", "ABCD", "123", "iii", "IIII")
    assert 0 <= float(found["penalty"].text) <= 1
    for name in ("questiontext", "generalfeedback", "correctfeedback", "partiallycorrectfeedback", "incorrectfeedback"):
        assert found[name].get("format") in ("html", "moodle_auto_format", "plain_text", "markdown")
    return {
        "nom": text_of(found["name"]),
        "enonce": text_of(found["questiontext"]),
        "retour": text_of(found["generalfeedback"]),
        "identifiant": found["idnumber"].text,
        "seule": found["single"].text == "true",
        "melange": found["shuffleanswers"].text == "true",
        "note": float(found["defaultgrade"].text),
        "reponses": [read_answer(answer) for answer in node.findall("answer")],
        "mots": [text_of(tag) for tag in found["tags"]],
    }


@pytest.fixture(scope="session")
def lire_moodle() -> Callable[[str], list[tuple[str, dict[str, Any]]]]:
    """Lit un fichier Moodle XML comme le décrit sa documentation ; rend chaque question avec sa catégorie."""

    def read(text: str) -> list[tuple[str, dict[str, Any]]]:
        assert text.startswith("<?xml"), "Moodle veut la déclaration à la première ligne"
        root = ET.fromstring(text.encode())
        assert root.tag == "quiz"
        category, found = "", []
        for node in root:
            assert node.tag == "question"
            if node.get("type") == "category":
                category = text_of(node.find("category"))
                continue
            assert node.get("type") == "multichoice"
            found.append((category, read_question(node)))
        return found

    return read


@pytest.fixture
def plateforme(tmp_path: Path) -> Iterator[Callable[[bytes], str]]:
    """Dépose un paquet sur une plateforme d’épreuve et rend l’adresse de celle-ci."""
    (tmp_path / "plateforme.html").write_text((HERE / "plateforme.html").read_text("utf-8"), "utf-8")

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Rien : les demandes sont comptées dans la page."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    thread = threading.Thread(target=partial(server.serve_forever, poll_interval=0.05), daemon=True)
    thread.start()

    def put(package: bytes) -> str:
        with zipfile.ZipFile(io.BytesIO(package)) as archive:
            archive.extractall(tmp_path / "paquet")
        return f"http://127.0.0.1:{server.server_address[1]}/"

    yield put
    server.shutdown()
    server.server_close()


@pytest.fixture
def visite(navigateur: Any) -> Iterator[Callable[..., Any]]:
    """Ouvre une adresse ; erreurs et demandes sont gardées sur la page."""
    contexts = []

    def go(address: str, *, scheme: str = "light", width: int = 1000) -> Any:
        context = navigateur.new_context(color_scheme=scheme, locale="fr-FR", viewport={"width": width, "height": 900})
        contexts.append(context)
        page = context.new_page()
        page.erreurs, page.demandes = [], []
        page.on("pageerror", lambda error: page.erreurs.append(str(error)))
        page.on("console", lambda message: message.type == "error" and page.erreurs.append(message.text))
        page.on("request", lambda request: page.demandes.append(request.url))
        page.goto(address)
        return page

    yield go
    for context in contexts:
        context.close()
