"""Le paquet SCORM 1.2 : manifeste valide, contenu complet, mêmes octets à chaque fois."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import pytest
import xmlschema

from formation import lms
from formation.lms.scorm import manifest

SCHEMAS = Path(__file__).parent / "schemas"
IMSCP = "{http://www.imsproject.org/xsd/imscp_rootv1p1p2}"
ADLCP = "{http://www.adlnet.org/xsd/adlcp_rootv1p2}"


@pytest.fixture(scope="module")
def schema():
    return xmlschema.XMLSchema(SCHEMAS / "imscp.xsd")


def test_every_chapter_has_a_valid_manifest(chapters, schema):
    idents = []
    for chapter in chapters:
        text = manifest(chapter)
        schema.validate(text)
        idents.append(ET.fromstring(text).get("identifier"))
    assert len(set(idents)) == len(chapters)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ('adlcp:scormtype="sco"', 'adlcp:scormtype="page"'),
        ("<schemaversion>1.2", "<schemaversion>1.3"),
        ('identifierref="page-eau"', 'identifierref="page-absente"'),
        ("</metadata>", "</metadata><metadata/>"),
        ("</title>\n      </item>", "</title>\n      <adlcp:masteryscore>160</adlcp:masteryscore></item>"),
    ],
)
def test_schema_refuses_a_damaged_manifest(eau, schema, right, wrong):
    text = manifest(eau)
    assert right in text
    assert not schema.is_valid(text.replace(right, wrong))


def test_package_holds_what_its_manifest_names_and_nothing_else(eau):
    with zipfile.ZipFile(io.BytesIO(lms.to_scorm(eau))) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        root = ET.fromstring(archive.read("imsmanifest.xml"))
    resource = root.find(f"{IMSCP}resources/{IMSCP}resource")
    told = [file.get("href") for file in resource.findall(f"{IMSCP}file")]
    assert sorted(names) == sorted(["imsmanifest.xml", *told])
    assert resource.get("href") in told
    assert resource.get(f"{ADLCP}scormtype") == "sco"
    # avec un seuil au manifeste, Moodle fermerait comme « échoué » un quiz quitté avant la fin
    assert root.find(f".//{ADLCP}masteryscore") is None


def test_threshold_out_of_bounds_is_refused(eau):
    with pytest.raises(ValueError, match="1 à 100"):
        lms.to_scorm(eau, threshold=0)


def test_packages_are_the_same_bytes_each_time_and_small(chapters):
    for chapter in chapters[::9]:
        package = lms.to_scorm(chapter)
        assert package == lms.to_scorm(chapter)
        assert len(package) < 150_000
        with zipfile.ZipFile(io.BytesIO(package)) as archive:
            assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_nothing_is_asked_from_elsewhere(eau):
    with zipfile.ZipFile(io.BytesIO(lms.to_scorm(eau))) as archive:
        for name in ("index.html", "lecteur.css", "lecteur.js"):
            text = archive.read(name).decode()
            assert re.findall(r"(?:https?:)?//[\w.-]+\.\w{2,}", text) == [], name
            assert "@import" not in text
            assert "url(" not in text


def test_page_shows_every_question_and_keeps_answers_out_of_sight(eau):
    with zipfile.ZipFile(io.BytesIO(lms.to_scorm(eau))) as archive:
        page = archive.read("index.html").decode()

    class Reader(HTMLParser):
        def __init__(self):
            super().__init__()
            self.inside, self.seen, self.words = 0, [], []

        def handle_starttag(self, tag, attrs):
            self.inside += tag == "template"
            self.seen += [dict(attrs).get("id")] if tag == "form" else []

        def handle_endtag(self, tag):
            self.inside -= tag == "template"

        def handle_data(self, data):
            if not self.inside:
                self.words.append(data)

    reader = Reader()
    reader.feed(page)
    assert sorted(reader.seen) == sorted(item.id for item in eau.items)
    shown = "".join(reader.words)
    for item in eau.items:
        assert item.statement.text in shown
        assert not any(choice.feedback.text in shown for choice in item.choices)
        assert all(choice.feedback.html in page for choice in item.choices)
    assert '<html lang="fr">' in page
