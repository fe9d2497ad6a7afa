"""Du HTML au PDF : sans réseau, reproductible, complété après coup."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest

from formation import printing
from formation.printing import fonts, mending, rendering, tree
from formation.printing.content import instructions, steps
from formation.printing.rendering import PdfImpossible


def opened(content: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(content))


def test_same_page_gives_same_bytes(full_page: str, full_pdf: bytes) -> None:
    printing.to_pdf(printing.page("Autre", "<h1>Autre</h1><p>Ce document passe entre les deux.</p>"))
    assert printing.to_pdf(full_page) == full_pdf


def test_another_process_gives_same_bytes(full_page: str, full_pdf: bytes, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(full_page, encoding="utf-8")
    code = (
        "from pathlib import Path; from formation import printing; "
        "printing.write_pdf(Path('page.html').read_text(encoding='utf-8'), 'page.pdf')"
    )
    environment = {**os.environ, "LC_ALL": "C", "TZ": "Asia/Tokyo", "PYTHONHASHSEED": "7"}
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True, env=environment)
    assert (tmp_path / "page.pdf").read_bytes() == full_pdf


def test_printing_does_not_make_the_process_accept_truncated_images() -> None:
    code = (
        "from PIL import ImageFile; from formation import printing; "
        "printing.to_pdf(printing.page('Titre', '<h1>Titre</h1>')); "
        "import sys; assert 'weasyprint.images' in sys.modules; sys.exit(ImageFile.LOAD_TRUNCATED_IMAGES)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_mending_changes_no_drawing(full_page: str, full_pdf: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mending, "mend", lambda draft: draft)
    draft = printing.to_pdf(full_page)
    marks = {"BMC", "BDC", "EMC"}

    def drawn(content: bytes) -> list[list[tuple[str, list[str]]]]:
        with opened(content) as pdf:
            return [
                [
                    (s.operator, [str(o) for o in s.operands])
                    for s in steps(instructions(page))
                    if s.operator not in marks
                ]
                for page in pdf.pages
            ]

    assert draft != full_pdf
    assert drawn(draft) == drawn(full_pdf)


def test_file_is_well_formed(full_pdf: bytes) -> None:
    with opened(full_pdf) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert pdf.pdf_version == "1.7"


def test_only_our_fonts_are_embedded(full_pdf: bytes) -> None:
    names = {str(font["/BaseFont"]) for page in opened(full_pdf).pages for font in page.Resources.Font.values()}
    assert names
    assert all(name.split("+")[1].startswith("Formation") for name in names)


def test_no_date_is_written(full_pdf: bytes) -> None:
    with opened(full_pdf) as pdf:
        assert not {"/CreationDate", "/ModDate"} & set(pdf.docinfo.keys())
        assert b"Date" not in pdf.Root.Metadata.read_bytes()


def test_long_table_is_one_table(full_pdf: bytes) -> None:
    with opened(full_pdf) as pdf:
        assert len(pdf.pages) > 1
        tables = tree.tables(pdf.Root.StructTreeRoot)
        assert [len(tree.rows(table)) for table in tables] == [43]
        heads = [part for part in tree.children(tables[0]) if tree.kind(part) == "THead"]
        assert len(heads) == 1


def test_cells_lead_to_their_two_headers(full_pdf: bytes) -> None:
    with opened(full_pdf) as pdf:
        root = pdf.Root.StructTreeRoot
        index = dict(zip(map(str, root.IDTree.Names[::2]), root.IDTree.Names[1::2], strict=True))
        last = tree.rows(tree.tables(root)[0])[-1]
        name, place = tree.cells(last)[:2]
        row, column = (index[one] for one in tree.headers(place))
        assert row.objgen == name.objgen
        assert [str(tree.attributes(one)[0]["/Scope"]) for one in (row, column)] == ["/Row", "/Column"]


def test_two_tables_alike_stay_two(tmp_path: Path) -> None:
    table = (
        "<table>{caption}<thead><tr><th scope='col'>Nom</th><th scope='col'>Note</th></tr></thead>"
        "<tbody><tr><th scope='row'>a</th><td>1</td></tr></tbody></table>"
    )
    body = table.format(caption="<caption>Premier</caption>") + '<div class="saut"></div>'
    body += table.format(caption="<caption>Second</caption>")
    with opened(printing.to_pdf(printing.page("Deux", f"<h1>Deux</h1>{body}"))) as pdf:
        assert len(pdf.pages) == 2
        assert len(tree.tables(pdf.Root.StructTreeRoot)) == 2


def test_footer_is_not_read_aloud(full_pdf: bytes) -> None:
    with opened(full_pdf) as pdf:
        reached = {(leaf.page, leaf.mcid) for leaf in tree.leaves(pdf.Root.StructTreeRoot)}
        page = pdf.pages[0]
        assert len(pdf.Root.StructTreeRoot.ParentTree.Nums[1]) > len([one for one in reached if one[0] == page.objgen])
        assert b"/Artifact" in page.Contents.read_bytes()


def test_figure_frame_is_around_the_figure(full_pdf: bytes) -> None:
    with opened(full_pdf) as pdf:
        figure = next(e for e in tree.walk(pdf.Root.StructTreeRoot) if tree.kind(e) == "Figure")
        left, bottom, right, top = (float(value) for value in tree.attributes(figure)[0]["/BBox"])
        assert (right - left, top - bottom) == (pytest.approx(30, abs=0.1), pytest.approx(15, abs=0.1))
        assert top > float(pdf.pages[0].MediaBox[3]) / 2, "la figure est en haut de la page"


@pytest.mark.parametrize(
    "harm",
    [
        '<img alt="x" src="http://127.0.0.1:9/a.png">',
        '<img alt="x" src="file:///etc/hostname">',
        '<img alt="x" src="a.png">',
        "<style>@import url(http://127.0.0.1:9/a.css);</style>",
        '<link rel="stylesheet" href="file:///etc/hostname">',
        '<link rel="attachment" href="data:text/plain,secret">',
        f"<style>@font-face{{font-family:x;src:url('{fonts.SCHEME}:../../../../etc/hostname')}}</style>",
    ],
)
def test_page_that_asks_for_a_resource_is_refused(harm: str, tmp_path: Path) -> None:
    target = tmp_path / "x.pdf"
    with pytest.raises(PdfImpossible, match="ne va rien chercher"):
        printing.write_pdf(printing.page("x", f"<h1>x</h1>{harm}"), target)
    assert list(tmp_path.iterdir()) == []


def test_picture_inside_the_page_is_accepted(tmp_path: Path) -> None:
    dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    html = printing.page("x", f'<h1>x</h1><img alt="Un point" src="data:image/png;base64,{dot}">')
    assert printing.check_pdf(printing.write_pdf(html, tmp_path / "x.pdf")) == []


def test_decorative_pictures_are_not_read_aloud(tmp_path: Path) -> None:
    dot = "data:image/svg+xml;utf8,%3Csvg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/%3E"
    drawn = '<svg aria-hidden="true" width="9" height="9"><rect width="5" height="5"/></svg>'
    body = f'<h1>x</h1><p>{drawn}y</p><img alt="" src="{dot}">'
    path = printing.write_pdf(printing.page("x", body), tmp_path / "x.pdf")
    assert printing.check_pdf(path) == []
    assert "decor" not in printing.read_text(path)


def test_missing_folder_is_told_in_french(tmp_path: Path) -> None:
    with pytest.raises(PdfImpossible, match="le dossier n’existe pas"):
        printing.write_pdf(printing.page("x", "<h1>x</h1>"), tmp_path / "absent" / "x.pdf")


def test_missing_pango_gives_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    monkeypatch.setattr(rendering, "_engine", rendering._Engine)
    with pytest.raises(PdfImpossible, match="pip install"):
        printing.to_pdf("<p>x</p>")
    real = __import__

    def broken(name: str, *args: object, **options: object) -> object:
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return real(name, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr("builtins.__import__", broken)
    with pytest.raises(PdfImpossible, match="apt-get install libpango"):
        printing.to_pdf("<p>x</p>")


def test_unknown_font_is_refused() -> None:
    with pytest.raises(ValueError, match="police inconnue"):
        fonts.font("../LICENSE")
