"""Archives ZIP hostiles, pour la collecte : chemin, liens, bombes, mensonges."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path


def _info(name: str, *, mode: int = stat.S_IFREG | 0o644) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def _write(path: Path, *members: tuple[zipfile.ZipInfo | str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, payload in members:
            archive.writestr(member, payload)


def _named(member: tuple[zipfile.ZipInfo | str, bytes], name: str) -> tuple[zipfile.ZipInfo | str, bytes]:
    info, payload = member
    if isinstance(info, zipfile.ZipInfo):
        return _info(info.filename.replace("@EXO@", name), mode=info.external_attr >> 16), payload
    return info.replace("@EXO@", name), payload


def _with_honest(*members: tuple[zipfile.ZipInfo | str, bytes]) -> Callable[[Path, str, bytes, str], None]:
    """Les membres hostiles, puis une copie honnête : elle doit être prise."""

    def make(path: Path, honest: str, payload: bytes, name: str) -> None:
        _write(path, *(_named(member, name) for member in members), (honest, payload))

    return make


def _bomb(path: Path, honest: str, payload: bytes, name: str) -> None:
    _write(path, (f"stagiaire-66/{name}.ipynb", b"0" * 300_000_000), (honest, payload))


def _bombs(path: Path, honest: str, payload: bytes, name: str) -> None:
    big = b"0" * 900_000
    _write(path, (honest, payload), *((f"stagiaire-{n}/{n}.txt", big) for n in range(700)))


def _too_many(path: Path, honest: str, payload: bytes, name: str) -> None:
    _write(path, (honest, payload), *((f"stagiaire-66/{n}.txt", b"") for n in range(20_000)))


def _nested(path: Path, honest: str, payload: bytes, name: str) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("stagiaire-66/x.ipynb", b"{}")
    _write(path, ("stagiaire-66/dedans.zip", inner.getvalue()), (honest, payload))


def _encrypted(path: Path, honest: str, payload: bytes, name: str) -> None:
    _write(path, (f"stagiaire-66/{name}.ipynb", payload), (honest, payload))
    raw = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        position = raw.find(mark)
        raw[position + offset] |= 1
    path.write_bytes(bytes(raw))


def _crc(path: Path, honest: str, payload: bytes, name: str) -> None:
    _write(path, (f"stagiaire-66/{name}.ipynb", payload), (honest, payload))
    raw = bytearray(path.read_bytes())
    position = raw.find(b"PK\x01\x02")
    raw[position + 16 : position + 20] = b"\0\0\0\0"
    path.write_bytes(bytes(raw))


def _lying_size(path: Path, honest: str, payload: bytes, name: str) -> None:
    _write(path, (f"stagiaire-66/{name}.ipynb", b" " * 60_000_000), (honest, payload))
    raw = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        position = raw.find(mark)
        raw[position + offset : position + offset + 4] = struct.pack("<I", 1_000)
    path.write_bytes(bytes(raw))


def _truncated(path: Path, honest: str, payload: bytes, name: str) -> None:
    _write(path, (honest, payload))
    path.write_bytes(path.read_bytes()[:-40])


def _cp437(path: Path, honest: str, payload: bytes, name: str) -> None:
    _write(path, ("stagiaire-66/reponse-XX.txt", b"x"), (honest, payload))
    path.write_bytes(path.read_bytes().replace(b"reponse-XX", b"r\x82ponse-\x8a\x8b"))


_HONEST_KEPT = True
_LOST = False
ARCHIVES: dict[str, tuple[Callable[[Path, str, bytes, str], None], bool]] = {
    "chemin-qui-remonte": (
        _with_honest(("../../evasion.ipynb", b"{}"), ("stagiaire-66/../../evasion.txt", b"x")),
        _HONEST_KEPT,
    ),
    "chemin-absolu": (_with_honest(("/tmp/evasion.ipynb", b"{}")), _HONEST_KEPT),
    "chemin-windows": (_with_honest(("..\\..\\evasion.ipynb", b"{}"), ("C:/evasion.ipynb", b"{}")), _HONEST_KEPT),
    "lien-symbolique": (
        _with_honest((_info("stagiaire-66/@EXO@.ipynb", mode=stat.S_IFLNK | 0o777), b"/etc/passwd")),
        _HONEST_KEPT,
    ),
    "tube-et-peripherique": (
        _with_honest(
            (_info("stagiaire-66/@EXO@.ipynb", mode=stat.S_IFIFO | 0o644), b""),
            (_info("stagiaire-67/@EXO@.ipynb", mode=stat.S_IFBLK | 0o644), b""),
        ),
        _HONEST_KEPT,
    ),
    "bombe": (_bomb, _HONEST_KEPT),
    "bombe-par-le-nombre": (_bombs, _HONEST_KEPT),
    "trop-de-membres": (_too_many, _HONEST_KEPT),
    "archive-dans-l-archive": (_nested, _HONEST_KEPT),
    "mot-de-passe": (_encrypted, _HONEST_KEPT),
    "somme-fausse": (_crc, _HONEST_KEPT),
    "taille-qui-ment": (_lying_size, _HONEST_KEPT),
    "archive-coupee": (_truncated, _LOST),
    "noms-cp437": (_cp437, _HONEST_KEPT),
    "noms-etranges": (
        _with_honest(
            ("stagiaire-66/a\nb.ipynb", b"{}"),
            ("stagiaire-66/" + "x" * 5_000 + ".ipynb", b"{}"),
            ("é/\u202e.ipynb", b"{}"),
            (" ", b""),
        ),
        _HONEST_KEPT,
    ),
    "identifiant-hostile": (
        _with_honest(
            ("$(touch x)/@EXO@.ipynb", b"{}"),
            ("'; DROP TABLE student; --/@EXO@.ipynb", b"{}"),
            (".git/@EXO@.ipynb", b"{}"),
        ),
        _HONEST_KEPT,
    ),
}
"""Nom → (fabrique, vrai si la copie honnête de la même archive doit être prise)."""
