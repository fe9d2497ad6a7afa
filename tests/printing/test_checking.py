"""Chaque règle de la relecture est prouvée par un PDF qui l’enfreint, et qu’elle seule dénonce."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from formation import printing
from formation.printing import tree
from formation.printing.reading import PdfIllisible, present

LINKS = ("https://exemple.fr/",)
Harm = Callable[[Any], None]


def first(pdf: Any, kind: str) -> Any:
    return next(e for e in tree.walk(pdf.Root.StructTreeRoot) if tree.kind(e) == kind)


def no_language(pdf: Any) -> None:
    del pdf.Root["/Lang"]


def odd_language(pdf: Any) -> None:
    pdf.Root.Lang = String("français de France")


def no_title(pdf: Any) -> None:
    metadata = pdf.Root.Metadata.read_bytes().decode()
    start, end = metadata.index("<dc:title>"), metadata.index("</dc:title>") + len("</dc:title>")
    pdf.Root.Metadata.write((metadata[:start] + metadata[end:]).encode())


def file_name_shown(pdf: Any) -> None:
    pdf.Root.ViewerPreferences.DisplayDocTitle = False


def not_marked(pdf: Any) -> None:
    pdf.Root.MarkInfo.Marked = False


def suspect(pdf: Any) -> None:
    pdf.Root.MarkInfo.Suspects = True


def no_tree(pdf: Any) -> None:
    del pdf.Root["/StructTreeRoot"]


def empty_tree(pdf: Any) -> None:
    del pdf.Root.StructTreeRoot["/K"]


def not_pdfua(pdf: Any) -> None:
    metadata = pdf.Root.Metadata.read_bytes().decode()
    pdf.Root.Metadata.write(metadata.replace('pdfuaid:part="1"', "").encode())


def attachment(pdf: Any) -> None:
    pdf.attachments["secret.txt"] = b"bonjour"


def script(pdf: Any) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def named_script(pdf: Any) -> None:
    code = Dictionary(S=Name.JavaScript, JS=String("1"))
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), code])))


def launch(pdf: Any) -> None:
    pdf.pages[0].Annots[0].A = Dictionary(S=Name.Launch, F=String("calc"))


def page_action(pdf: Any) -> None:
    pdf.pages[0].AA = Dictionary(O=Dictionary(S=Name.URI, URI=String("https://exemple.fr/")))


def third_party(pdf: Any) -> None:
    pdf.pages[0].Annots[0].A.URI = String("https://ailleurs.exemple.org/")


def font_not_embedded(pdf: Any) -> None:
    font = next(iter(pdf.pages[0].Resources.Font.values()))
    del font.DescendantFonts[0].FontDescriptor["/FontFile2"]


def font_without_letters(pdf: Any) -> None:
    del next(iter(pdf.pages[0].Resources.Font.values()))["/ToUnicode"]


def add_content(pdf: Any, content: bytes) -> None:
    page = pdf.pages[0]
    page.Contents = pdf.make_stream(page.Contents.read_bytes() + content)


def bare_content(pdf: Any) -> None:
    add_content(pdf, b"\n0 0 10 10 re f\n")


def artifact_in_content(pdf: Any) -> None:
    page = pdf.pages[0]
    page.Contents = pdf.make_stream(page.Contents.read_bytes().replace(b"BT\n", b"/Artifact BMC EMC\nBT\n", 1))


def lost_content(pdf: Any) -> None:
    add_content(pdf, b"\n/Span <</MCID 9999>> BDC 0 0 10 10 re f EMC\n")


def read_twice(pdf: Any) -> None:
    span = first(pdf, "Span")
    span.K.append(span.K[0])


def announced_but_absent(pdf: Any) -> None:
    pdf.pages[1].Contents = pdf.make_stream(b"")


def no_tab_order(pdf: Any) -> None:
    del pdf.pages[0]["/Tabs"]


def link_not_tagged(pdf: Any) -> None:
    link = first(pdf, "Link")
    link.K = Array([kid for kid in link.K if isinstance(kid, int)])


def link_without_text(pdf: Any) -> None:
    del pdf.pages[0].Annots[0]["/Contents"]


def unknown_tag(pdf: Any) -> None:
    first(pdf, "P").S = Name.Paragraphe


def misplaced_row(pdf: Any) -> None:
    first(pdf, "P").S = Name.TR


def no_heading(pdf: Any) -> None:
    for element in list(tree.walk(pdf.Root.StructTreeRoot)):
        if tree.kind(element) in ("H1", "H2"):
            element.S = Name.P


def first_heading_low(pdf: Any) -> None:
    first(pdf, "H1").S = Name.H2


def skipped_level(pdf: Any) -> None:
    first(pdf, "H2").S = Name.H3


def same_identifier(pdf: Any) -> None:
    headers = [e for e in tree.walk(pdf.Root.StructTreeRoot) if tree.kind(e) == "TH"]
    headers[4].ID = headers[5].ID


def no_index_of_identifiers(pdf: Any) -> None:
    del pdf.Root.StructTreeRoot["/IDTree"]


def no_header(pdf: Any) -> None:
    for element in list(tree.walk(pdf.Root.StructTreeRoot)):
        if tree.kind(element) == "TH":
            element.S = Name.TD


def headers_lead_nowhere(pdf: Any) -> None:
    first(pdf, "TD").A.Headers = Array([String("inconnu")])


def cells_without_headers(pdf: Any) -> None:
    for element in list(tree.walk(pdf.Root.StructTreeRoot)):
        for name in ("/Scope", "/Headers"):
            if "/A" in element and name in element.A:
                del element.A[name]


def ragged_rows(pdf: Any) -> None:
    row = tree.rows(tree.tables(pdf.Root.StructTreeRoot)[0])[3]
    row.K[2].A.ColSpan = 2


def figure_without_text(pdf: Any) -> None:
    del first(pdf, "Figure")["/Alt"]


def figure_outside(pdf: Any) -> None:
    tree.attributes(first(pdf, "Figure"))[0].BBox = Array([0, 0, 5000, 5000])


def reads_backwards(pdf: Any) -> None:
    body = next(e for e in tree.walk(pdf.Root.StructTreeRoot) if tree.kind(e) == "TBody")
    body.K = Array(list(reversed(list(body.K))))


def false_index(pdf: Any) -> None:
    pdf.Root.StructTreeRoot.ParentTree.Nums[1][0] = pdf.Root.StructTreeRoot.ParentTree.Nums[1][1]


RULES: list[tuple[Harm, str]] = [
    (no_language, "La langue du document manque"),
    (odd_language, "n’est pas un code de langue"),
    (no_title, "dc:title"),
    (file_name_shown, "DisplayDocTitle"),
    (not_marked, "MarkInfo"),
    (suspect, "MarkInfo"),
    (no_tree, "n’a pas d’arbre de structure"),
    (empty_tree, "L’arbre de structure est vide"),
    (not_pdfua, "pdfuaid:part"),
    (attachment, "pièce jointe"),
    (script, "un programme (JavaScript)"),
    (named_script, "contient un programme"),
    (launch, "l’ouverture d’un autre programme"),
    (page_action, "déclenche une action à l’ouverture"),
    (third_party, "ailleurs.exemple.org"),
    (font_not_embedded, "n’est pas incorporée"),
    (font_without_letters, "ToUnicode"),
    (bare_content, "ni balisé ni déclaré comme décor"),
    (artifact_in_content, "un décor est dans un contenu balisé"),
    (lost_content, "n’est pas dans l’arbre de structure"),
    (read_twice, "est lu deux fois"),
    (announced_but_absent, "annonce un contenu que la page n’a pas"),
    (no_tab_order, "Tabs"),
    (link_not_tagged, "un lien ou un champ n’est pas dans l’arbre"),
    (link_without_text, "Contents"),
    (unknown_tag, "« Paragraphe » n’est pas une balise"),
    (misplaced_row, "n’a pas sa place"),
    (no_heading, "aucun titre balisé"),
    (first_heading_low, "Le premier titre est de niveau 2"),
    (skipped_level, "un niveau est sauté"),
    (same_identifier, "le même identifiant"),
    (no_index_of_identifiers, "IDTree"),
    (no_header, "aucune cellule d’en-tête"),
    (headers_lead_nowhere, "renvoie à un en-tête qui n’existe pas"),
    (cells_without_headers, "ni Scope, ni Headers"),
    (ragged_rows, "le même nombre de colonnes"),
    (figure_without_text, "Une figure n’a pas de texte de remplacement"),
    (figure_outside, "sort de la page"),
    (reads_backwards, "revient en arrière"),
    (false_index, "ParentTree"),
]


def test_whole_document_has_no_problem(written: Path) -> None:
    assert printing.check_pdf(written, links=LINKS) == []


@pytest.mark.parametrize(("harm", "sentence"), RULES, ids=[harm.__name__ for harm, _ in RULES])
def test_rule_denounces_the_document_that_breaks_it(harm: Harm, sentence: str, damaged: Callable[[Harm], Path]) -> None:
    problems = [one.replace("\u00a0", " ") for one in printing.check_pdf(damaged(harm), links=LINKS)]
    assert any(sentence.replace("\u00a0", " ") in one for one in problems), problems


def test_link_out_of_the_document_is_denounced_unless_accepted(written: Path) -> None:
    assert ["exemple.fr" in one for one in printing.check_pdf(written)] == [True]


def test_pdf_of_the_engine_alone_would_be_denounced(full_page: str, tmp_path: Path) -> None:
    import weasyprint

    path = tmp_path / "brut.pdf"
    weasyprint.HTML(string=full_page).write_pdf(path, pdf_variant="pdf/ua-1")
    problems = " ".join(printing.check_pdf(path, links=LINKS))
    assert "n’est pas dans l’arbre de structure" in problems
    assert "IDTree" in problems


def test_forbidden_text_is_found_in_pages_and_in_metadata(written: Path) -> None:
    names = ["Stagiaire 07", "Stagiaire 7", "Un document d’essai", "carré noir", "absent de tout"]
    problems = printing.check_pdf(written, names, links=LINKS)
    found = [name for name in names if any(name in one for one in problems)]
    assert found == ["Stagiaire 07", "Un document d’essai", "carré noir"]


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("Stagiaire\nUN", "Stagiaire Un", True),
        ("Stagiaire\u00a0UN", "stagiaire un", True),
        ("attesta\ntion de Sta\ngiaire Un.", "Stagiaire Un", True),
        ("stagiaire-10", "stagiaire-1", False),
        ("stagiaire-1.", "stagiaire-1", True),
        ("Lunaire", "Un", False),
        ("rien", "  ", False),
    ],
)
def test_search_ignores_breaks_but_not_word_limits(text: str, name: str, expected: bool) -> None:
    assert present(text, [name]) == ([name] if expected else [])


def test_text_comes_back_with_its_accents(written: Path) -> None:
    text = printing.read_text(written)
    assert "Essai « accentué »" in text
    assert "Stagiaire 42" in text
    assert text.index("Stagiaire 01") < text.index("Stagiaire 42") < text.index("Après le tableau")


def test_file_that_is_not_a_pdf_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "faux.pdf"
    path.write_text("bonjour")
    with pytest.raises(PdfIllisible, match="ne s’ouvre pas comme un PDF"):
        printing.check_pdf(path)
    with pytest.raises(PdfIllisible):
        printing.check_pdf(tmp_path / "absent.pdf")


def test_cut_file_is_refused(written: Path, tmp_path: Path) -> None:
    cut = tmp_path / "coupe.pdf"
    shutil.copyfile(written, cut)
    cut.write_bytes(cut.read_bytes()[:300])
    with pytest.raises(PdfIllisible):
        printing.check_pdf(cut)


def test_encrypted_file_is_refused(full_pdf: bytes, written: Path, tmp_path: Path) -> None:
    locked = tmp_path / "ferme.pdf"
    with pikepdf.open(written) as pdf:
        pdf.save(locked, encryption=pikepdf.Encryption(owner="a", user="b"))
    with pytest.raises(PdfIllisible, match="protégé"):
        printing.check_pdf(locked)
