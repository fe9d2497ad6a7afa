"""Beaucoup de PDF : plusieurs processus, mêmes octets, toutes les erreurs d’un coup."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from formation import printing
from formation.printing import batch
from formation.printing.batch import work
from formation.printing.rendering import PdfImpossible


def one(rank: int, extra: str = "") -> str:
    return printing.page(f"Document {rank}", f"<h1>Document {rank}</h1><p>Texte {rank}.</p>{extra}")


def test_two_processes_write_what_one_writes(tmp_path: Path) -> None:
    jobs = [(one(rank), tmp_path / f"{rank}.pdf") for rank in range(4)]
    said: list[tuple[int, int]] = []
    assert printing.write_pdfs(jobs, lambda done, total, _: said.append((done, total)), workers=2) == [
        path for _, path in jobs
    ]
    assert said == [(rank, 4) for rank in range(1, 5)]
    for html, path in jobs:
        assert path.read_bytes() == printing.to_pdf(html)


def test_every_failure_is_named_and_the_rest_is_written(tmp_path: Path) -> None:
    bad = '<img alt="x" src="http://127.0.0.1:9/x.png">'
    jobs = [(one(rank, bad if rank in (1, 2) else ""), tmp_path / f"doc-{rank}.pdf") for rank in range(4)]
    with pytest.raises(PdfImpossible) as caught:
        printing.write_pdfs(iter(jobs), workers=2)
    assert "2 document(s) sur 4" in str(caught.value)
    assert "doc-1.pdf" in str(caught.value)
    assert "doc-2.pdf" in str(caught.value)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["doc-0.pdf", "doc-3.pdf"]


def test_worker_that_dies_loses_its_document_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, started = batch._start, []

    def start() -> subprocess.Popen[bytes]:
        started.append(1)
        if len(started) > 1:
            return real()
        return subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    monkeypatch.setattr(batch, "_start", start)
    monkeypatch.setattr(batch, "_processors", lambda: 2)
    jobs = [(one(rank), tmp_path / f"doc-{rank}.pdf") for rank in range(6)]
    with pytest.raises(PdfImpossible, match=r"1 document\(s\) sur 6[^$]*l’ouvrier qui l’écrivait s’est arrêté"):
        printing.write_pdfs(jobs)
    assert len(list(tmp_path.glob("*.pdf"))) == 5


def test_file_of_the_current_folder_is_never_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "json.py").write_text('open("execute", "w").close()\nraise SystemExit(3)\n', "utf-8")
    monkeypatch.chdir(tmp_path)
    printing.write_pdfs([(one(rank), tmp_path / f"{rank}.pdf") for rank in range(2)], workers=2)
    assert not (tmp_path / "execute").exists()


def test_nothing_to_write_is_nothing() -> None:
    assert printing.write_pdfs([]) == []


def test_worker_answers_each_line(tmp_path: Path) -> None:
    lines = [
        {"html": one(1), "fichier": str(tmp_path / "a.pdf")},
        {"html": one(2), "fichier": str(tmp_path / "n/b.pdf")},
    ]
    incoming = io.BytesIO("".join(json.dumps(line) + "\n" for line in lines).encode())
    outgoing = io.BytesIO()
    work(incoming, outgoing)
    first, second = (json.loads(line)["erreur"] for line in outgoing.getvalue().splitlines())
    assert first == ""
    assert "le dossier n’existe pas" in second
    assert (tmp_path / "a.pdf").is_file()
