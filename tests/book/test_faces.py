"""Une page modifiée se réécrit seule ; ce que les pages se montrent arrive partout ; la recherche n’oublie rien."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from formation.book import construction

pytestmark = [pytest.mark.lent, pytest.mark.xdist_group("livre")]

WORK = Path("_build") / construction.WORK / "_build" / "html"


class Book:
    """Mini-livre construit, que l’on modifie et reconstruit."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def edit(self, name: str, old: str, new: str) -> None:
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def build(self) -> set[str]:
        """Reconstruit le livre et dit quelles pages ont été réécrites."""
        before = self._stamps()
        construction.build(self.folder)
        return {name for name, stamp in self._stamps().items() if before.get(name) != stamp}

    def _stamps(self) -> dict[str, int]:
        root = self.folder / WORK
        pages = {path.relative_to(root).with_suffix("").as_posix(): path for path in root.rglob("*.html")}
        return {name: path.stat().st_mtime_ns for name, path in pages.items() if name not in ("index", "search")}

    def extracts(self) -> dict[str, Any]:
        folder, found = self.folder / "_build/html/_static/recherche", {}
        for number, docname in enumerate(self.index()["docnames"]):
            text = (folder / f"page-{number}.js").read_text(encoding="utf-8")
            found[docname] = json.loads(re.fullmatch(r"Recherche\.extraits\(\d+,(.*)\);\n", text).group(1))
        return found

    def text(self, page: str) -> str:
        return (self.folder / "_build/html" / f"{page}.html").read_text(encoding="utf-8")

    def index(self) -> dict[str, Any]:
        text = (self.folder / "_build/html/searchindex.js").read_text(encoding="utf-8")
        return dict(json.loads(re.fullmatch(r"Search\.setIndex\((.*)\)", text).group(1)))

    def pages_with(self, stem: str) -> set[str]:
        """Pages où la recherche trouve une racine de mot."""
        index = self.index()
        found = index["terms"].get(stem, [])
        return {index["docnames"][rank] for rank in (found if isinstance(found, list) else [found])}


@pytest.fixture(scope="module")
def book(copie_mini):
    """Mini-livre construit une fois ; chaque test compare à l’état qu’il trouve."""
    folder = copie_mini()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(folder))
        built = Book(folder)
        built.build()
        yield built


def test_only_its_page_is_written_when_a_body_is_edited(book):
    extracts, found = book.extracts(), book.pages_with("captat")
    book.edit("book/cas/eau.md", "Une note.", "Une remarque sur les xylophones.")
    written = book.build()
    assert "book/cas/eau" in written
    assert written <= {"book/cas/eau", "book/index"}  # Sphinx réécrit toujours l’accueil
    after = book.extracts()
    assert "xylophones" in json.dumps(after["book/cas/eau"])
    assert {name: text for name, text in after.items() if name != "book/cas/eau"} == {
        name: text for name, text in extracts.items() if name != "book/cas/eau"
    }
    assert book.pages_with("xylophon") == {"book/cas/eau"}
    assert book.pages_with("captat") == found >= {"book/glossaire", "book/cas/eau"}


def test_nothing_is_lost_when_nothing_is_edited(book):
    extracts, index = book.extracts(), book.index()
    assert book.build() == set()
    assert (book.extracts(), book.index()) == (extracts, index)


def test_every_page_is_written_when_a_title_is_edited(book):
    book.edit("book/glossaire.md", "# Glossaire", "# Lexique")
    assert book.build() >= set(book.extracts())
    assert "Lexique" in book.text("cases/eau/etude")


def test_every_page_is_written_when_an_anchor_is_added(book):
    book.edit("book/sources.md", "# Sources\n", "# Sources\n\n## Lectures\n")
    assert book.build() >= set(book.extracts())


def test_citing_page_is_written_when_a_figure_or_a_source_changes(book):
    book.edit("cases/comite/chiffres.yml", '"12 %"', '"13 %"')
    written = book.build()
    assert "cases/eau/etude" not in written
    assert "13 %" in book.text("book/comite-donnee")
    book.edit("book/sources.yml", "titre: Rapport sur les réseaux", "titre: Rapport sur les canalisations")
    assert {"book/sources", "book/cas/eau"} <= book.build()
    assert "Rapport sur les canalisations" in book.text("book/sources")


def test_broken_term_is_found_when_only_the_glossary_is_edited(book):
    book.edit("book/glossaire.md", "courbe de captation", "courbe de lecture")
    with pytest.raises(construction.ConstructionEchouee, match="courbe de captation"):
        book.build()
    book.edit("book/glossaire.md", "courbe de lecture", "courbe de captation")
    book.build()


def test_removed_page_leaves_search_when_taken_out_of_the_plan(book):
    book.edit("_toc.yml", "  - caption: Aller plus loin\n    chapters:\n      - file: book/comite-donnee\n", "")
    assert (book.folder / "_build/html/book/comite-donnee.html").is_file()
    book.build()
    assert "book/comite-donnee" not in book.extracts()
    assert [path.name for path in (book.folder / "_build/html").rglob("*comite-donnee*")] == []
    assert sorted(path.suffix for path in (book.folder / "_build/html/_images").iterdir()) == [".png", ".png", ".png"]
    assert "book/comite-donnee" not in book.index()["docnames"]
    assert "book/cas/eau" in book.extracts()
