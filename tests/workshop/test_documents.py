"""Documents : mêmes textes dans chaque forme, accessibles, écrits entiers ou pas du tout."""

from __future__ import annotations

import io
import json
import random
import zipfile
from html.parser import HTMLParser

import pytest

from formation import workshop
from formation.workshop.documents import (
    Bullets,
    Check,
    Checks,
    Document,
    FicheImpossible,
    Fill,
    Paragraph,
    Section,
    Table,
    to_html,
    to_text,
    write,
)

NASTY = '<script>alert(1)</script> & "x" \' \x00\x0b\ud800 ]]>'
DOC = Document(
    f"Titre {NASTY}",
    [
        Section(
            "Faits",
            [
                Paragraph(f"Simple {NASTY}\nSeconde ligne, https://exemple.fr/a?b=1&c=2."),
                Paragraph("Fort", strong=True),
                Bullets(["un", NASTY]),
                Bullets(["premier", "second"], ordered=True),
                Table("Offres", ["Offre", "Note"], [["A", "12"], [NASTY, "9"]]),
                Checks([Check("Fait", checked=True), Check("À faire")]),
                Fill("Service", lines=2),
            ],
        ),
        Section("Suite", [Paragraph("Fin.")], level=3),
    ],
    subtitle="Version 1.0",
    footer="Pied",
)
WORDS = ("Simple", "Seconde ligne", "Fort", "premier", "Offres", "Note", "12", "Fait", "Service", "Suite", "Pied")


class Reader(HTMLParser):
    """Relève les balises et le texte d’une page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data


def test_page_is_accessible_when_written():
    page = Reader(to_html(DOC))
    names = [name for name, _ in page.tags]
    assert ("html", {"lang": "fr"}) in page.tags
    assert names.count("h1") == 1
    assert "script" not in names
    assert [attrs["scope"] for name, attrs in page.tags if name == "th"] == ["col", "col", "row", "row"]
    assert "caption" in names
    assert [attrs["href"] for name, attrs in page.tags if name == "a"] == ["https://exemple.fr/a?b=1&c=2"]
    assert names.count("label") == names.count("input") == 2
    assert all(word in page.text for word in WORDS)
    assert "http" not in to_html(Document("Sans lien"))


def test_text_holds_everything_when_written():
    assert all(word in to_text(DOC) for word in WORDS)
    assert "[x] Fait" in to_text(DOC)


def test_odt_is_read_back_when_opened(tmp_path):
    from odf import teletype
    from odf.opendocument import load
    from odf.text import H

    path = write(DOC, tmp_path / "fiche.odt")
    file = load(path)
    text = teletype.extractText(file.text)
    assert all(word in text for word in WORDS)
    assert [int(h.getAttribute("outlinelevel")) for h in file.getElementsByType(H)] == [1, 2, 3]
    with zipfile.ZipFile(path) as archive:
        assert archive.infolist()[0].filename == "mimetype"
        assert archive.infolist()[0].compress_type == zipfile.ZIP_STORED
        assert b'fo:language="fr"' in archive.read("styles.xml")
        assert b"<dc:language>fr-FR" in archive.read("meta.xml")
        assert b"table-header-rows" in archive.read("content.xml")


def test_odt_is_the_same_when_written_twice(tmp_path):
    first, second = (write(DOC, tmp_path / f"{n}.odt").read_bytes() for n in "ab")
    assert first == second


def test_docx_is_read_back_when_opened(tmp_path):
    from docx import Document as Opened

    file = Opened(str(write(DOC, tmp_path / "fiche.docx")))
    text = "\n".join(
        [*(p.text for p in file.paragraphs), *(c.text for t in file.tables for r in t.rows for c in r.cells)]
    )
    assert all(word in text for word in WORDS)
    headings = [p.style.name for p in file.paragraphs if p.style.name.startswith("Heading")]
    assert headings == ["Heading 1", "Heading 2", "Heading 3"]
    assert file.core_properties.language == "fr-FR"
    assert file.core_properties.author == ""
    assert "w:tblHeader" in file.tables[0].rows[0]._tr.xml
    assert 'w:val="fr-FR"' in file.styles.element.xml


def test_json_is_the_sheet_itself_when_a_sheet_is_written(tmp_path):
    sheet = workshop.evaluate(workshop.load("besoin"), {"nature": "prevoir"})
    path = sheet.write(tmp_path / "fiche.json")
    assert json.loads(path.read_text(encoding="utf-8"))["tool"] == "besoin"


@pytest.mark.parametrize("suffix", [".html", ".odt", ".docx", ".txt", ".json"])
@pytest.mark.parametrize("name", workshop.names())
def test_sheet_is_written_in_every_form(tmp_path, name, suffix):
    grid = workshop.load(name)
    sheet = workshop.evaluate(grid, workshop.random_answers(grid, random.Random(2)))
    path = sheet.write(tmp_path / f"fiche{suffix}")
    assert path.stat().st_size > 500
    assert list(tmp_path.iterdir()) == [path]


def test_existing_file_is_kept_unless_asked(tmp_path):
    path = tmp_path / "fiche.txt"
    path.write_text("avant", encoding="utf-8")
    with pytest.raises(FicheImpossible, match="existe déjà"):
        write(DOC, path)
    assert path.read_text(encoding="utf-8") == "avant"
    assert write(DOC, path, ecraser=True).read_text(encoding="utf-8").startswith("Titre")


@pytest.mark.parametrize(("name", "message"), [("fiche.pdf", "se termine par"), ("absent/fiche.odt", "n’existe pas")])
def test_destination_is_refused_in_french(tmp_path, name, message):
    with pytest.raises(FicheImpossible, match=message):
        write(DOC, tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_left_when_the_disk_is_full(tmp_path, monkeypatch):
    from pathlib import Path

    def full(_self, _target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(FicheImpossible, match="le disque est plein"):
        write(DOC, tmp_path / "fiche.odt")
    assert list(tmp_path.iterdir()) == []


def test_xml_is_well_formed_when_the_answers_are_hostile():
    from xml.dom import minidom

    sheet = workshop.evaluate(workshop.load("besoin"), {"nom": NASTY, "besoin": NASTY})
    from formation.workshop.documents.odt import to_odt

    with zipfile.ZipFile(io.BytesIO(to_odt(sheet.document()))) as archive:
        for name in ("content.xml", "styles.xml", "meta.xml", "META-INF/manifest.xml"):
            minidom.parseString(archive.read(name))
