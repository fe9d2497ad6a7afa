"""Écrire d’un coup : l’ancien ou le nouveau, les droits de la personne, aucun reste."""

from __future__ import annotations

import io
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from formation.errors import reason
from formation.files import open_regular, write_atomic


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_file_is_replaced_and_nothing_else_stays(tmp_path: Path) -> None:
    target = tmp_path / "notes.csv"
    write_atomic(target, b"ancien")
    write_atomic(target, b"nouveau")
    assert (names(tmp_path), target.read_bytes()) == (["notes.csv"], b"nouveau")


def test_private_place_and_private_file_stay_private(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        write_atomic(tmp_path / "neuf.csv", b"x")
    finally:
        os.umask(before)
    assert (tmp_path / "neuf.csv").stat().st_mode & 0o777 == 0o600
    (tmp_path / "neuf.csv").chmod(0o640)
    write_atomic(tmp_path / "neuf.csv", b"y")
    assert (tmp_path / "neuf.csv").stat().st_mode & 0o777 == 0o640


class HalfWritten(io.FileIO):
    """Disque qui se remplit : deux octets passent, le reste est refusé."""

    def write(self, content: Any) -> int:
        super().write(content[:2])
        raise OSError(28, "No space left on device")


def full(*_: object, **__: object) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize(("step", "stop"), [("open", full), ("open", HalfWritten), ("replace", full)])
def test_old_file_is_whole_when_the_disk_refuses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, stop: Callable[..., Any]
) -> None:
    target = tmp_path / "notes.csv"
    target.write_bytes(b"ancien")
    monkeypatch.setattr(Path, step, lambda *arguments: stop(*arguments))
    with pytest.raises(OSError, match="No space"):
        write_atomic(target, b"nouveau")
    monkeypatch.undo()
    assert (names(tmp_path), target.read_bytes()) == (["notes.csv"], b"ancien")


def test_first_error_is_the_one_told_when_the_draft_cannot_be_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(text: str) -> None:
        raise OSError(text)

    monkeypatch.setattr(Path, "replace", lambda *_: refuse("disque plein"))
    monkeypatch.setattr(Path, "unlink", lambda *_, **__: refuse("lecture seule"))
    with pytest.raises(OSError, match="disque plein"):
        write_atomic(tmp_path / "notes.csv", b"x")


def test_very_long_name_is_written(tmp_path: Path) -> None:
    target = tmp_path / ("é" * 120 + ".csv")
    write_atomic(target, b"x")
    assert target.read_bytes() == b"x"


def test_ordinary_file_and_link_to_it_are_read(tmp_path: Path) -> None:
    (tmp_path / "notes.yml").write_bytes(b"a: 1")
    (tmp_path / "lien.yml").symlink_to("notes.yml")
    for name in ("notes.yml", "lien.yml"):
        with open_regular(tmp_path / name) as stream:
            assert stream.read() == b"a: 1"


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: os.mkfifo(path), "un tube ou un périphérique"),
        (lambda path: path.symlink_to("/dev/null"), "un tube ou un périphérique"),
        (lambda path: path.mkdir(), "c’est un dossier"),
        (lambda path: path.symlink_to("nulle-part"), "ce lien ne mène à aucun fichier"),
        (lambda path: path.symlink_to(path.name), "ce lien tourne en rond"),
        (lambda path: None, "le fichier n’existe pas"),
    ],
    ids=["tube", "peripherique", "dossier", "lien-mort", "lien-en-rond", "absent"],
)
def test_what_is_not_a_file_is_refused_in_french_without_waiting(
    make: Callable[[Path], Any], said: str, tmp_path: Path, patience: None
) -> None:
    make(tmp_path / "donne.yml")
    with pytest.raises(OSError) as caught:  # noqa: PT011 — le texte est vérifié dessous
        open_regular(tmp_path / "donne.yml")
    assert said in reason(caught.value)


@pytest.fixture
def patience() -> Iterator[None]:
    """Une lecture qui attend sans fin fait échouer le test au lieu de l’arrêter là."""

    def stop(*_: Any) -> None:
        pytest.fail("la lecture attend sans fin")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(120)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)
