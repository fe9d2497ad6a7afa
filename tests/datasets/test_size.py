"""Fichiers démesurés, ou faits pour le devenir : arrêtés avant de prendre la mémoire."""

from __future__ import annotations

import gzip
import zipfile

import pandas as pd
import pytest

from formation import datasets
from formation.datasets import Limits, open_source
from formation.errors import DonneesInvalides

SMALL = Limits(size=20_000, rows=100, line=1_000)
HEAD = b"date,taux_greve_constate,date_preavis,service\n"


@pytest.fixture
def refusal(tmp_path, plain):
    """Genre et message d’un refus ; rien n’est écrit à côté du fichier."""

    def judge(content, name="f.csv", limits=SMALL):
        file = tmp_path / name
        if content is not None:
            file.write_bytes(content)
        before = sorted(tmp_path.iterdir())
        [problem] = datasets.check("territoire", "greves", file, limits=limits).problems
        with pytest.raises(DonneesInvalides), open_source(file, ["date"], "greves", limits=limits) as source:
            list(source.chunks())
        assert sorted(tmp_path.iterdir()) == before
        return problem.kind, plain(problem.message)

    return judge


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"], ids=["LF", "CRLF", "CR"])
def test_rows_are_counted_whatever_ends_them(refusal, end):
    kind, message = refusal(HEAD.replace(b"\n", end) + (b"2024-03-12,0.1,," + end) * 101)
    assert (kind, "plus de 100 lignes" in message) == ("fichier_trop_gros", True)


def test_weight_on_disk_is_refused_without_reading(refusal):
    kind, message = refusal(HEAD + b"x" * 20_000)
    assert (kind, "le fichier pèse" in message) == ("fichier_trop_gros", True)
    assert "Découpez-le" in message


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_gzip_bomb_stops_at_the_limit(refusal, encoding):
    bomb = gzip.compress((HEAD.decode() + "0,0\n" * 20_000).encode(encoding))
    assert len(bomb) < SMALL.size
    kind, message = refusal(bomb, "bombe.csv.gz", Limits(size=20_000))
    assert (kind, "une fois décompressé" in message) == ("fichier_trop_gros", True)


@pytest.mark.parametrize("before", [b"", HEAD, HEAD + b"2024-03-12,0.1,,\n" * 40], ids=["début", "ligne 2", "ligne 42"])
def test_endless_line_is_named(refusal, before):
    kind, message = refusal(before + b"1" * 2_500 + b"\nfin\n")
    line = before.count(b"\n") + 1
    assert (kind, f"la ligne {line} dépasse" in message) == ("ligne_trop_longue", True)


def test_line_at_the_limit_is_read(tmp_path):
    file = tmp_path / "f.csv"
    file.write_bytes(b"date\n" + b"1" * SMALL.line + b"\n" + b"2" * SMALL.line)
    with open_source(file, ["date"], "greves", limits=SMALL) as source:
        assert sum(len(rows) for _, rows in source.chunks()) == 2


def test_workbook_is_judged_on_what_it_would_weigh(refusal, tmp_path):
    file = tmp_path / "f.xlsx"
    pd.DataFrame({"date": ["2024-03-12"] * 120}).to_excel(file, index=False)
    kind, message = refusal(None, file.name, Limits(rows=100))
    assert (kind, "plus de 100 lignes" in message) == ("fichier_trop_gros", True)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/bombe.bin", bytes(2**20))
    kind, message = refusal(None, file.name, Limits(size=2**20))
    assert (kind, "le classeur pèserait" in message) == ("fichier_trop_gros", True)


@pytest.mark.parametrize("filled", [True, False], ids=["pleine", "vide puis pleine"])
def test_ods_repeating_a_row_is_refused_before_unrolling(refusal, tmp_path, filled):
    table, text = ("urn:oasis:names:tc:opendocument:xmlns:table:1.0", "urn:oasis:names:tc:opendocument:xmlns:text:1.0")
    cell = "<t:table-cell><x:p>date</x:p></t:table-cell>"
    row = f'<t:table-row t:number-rows-repeated="1000000000">{cell if filled else "<t:table-cell/>"}</t:table-row>'
    content = (
        f'<c xmlns:t="{table}" xmlns:x="{text}"><t:table t:name="a">{row}<t:table-row>{cell}</t:table-row></t:table>'
    )
    with zipfile.ZipFile(tmp_path / "f.ods", "w") as archive:
        archive.writestr("content.xml", f"{content}</c>")
    assert refusal(None, "f.ods", Limits())[0] == "fichier_trop_gros"


def test_huge_first_cell_is_explained(refusal):
    kind, message = refusal(b'"' + b"x" * 200_000, limits=Limits())
    assert (kind, "dès la première ligne" in message) == ("guillemets", True)
