"""Ouvrir le fichier d’un utilisateur, quel que soit l’outil qui l’a écrit."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, cast
from xml.etree.ElementTree import ParseError

from formation.datasets._spreadsheets import ods_rows, xlsx_rows
from formation.datasets.size import LIMITS, Limits
from formation.errors import DonneesInvalides, Problem, reason

CHUNK_ROWS = 50_000
SEPARATORS = (";", "\t", ",", "|")
_NAMES = {";": "point-virgule", "\t": "tabulation", ",": "virgule", "|": "barre verticale"}
_SAMPLE = 65_536
_SIGNATURES = (
    (b"%PDF", "un document PDF"),
    (b"\x89PNG", "une image PNG"),
    (b"\xff\xd8\xff", "une image JPEG"),
    (b"\xd0\xcf\x11\xe0", "un ancien classeur Excel (.xls)"),
    (b"PAR1", "un fichier Parquet"),
    (b"SQLite", "une base SQLite"),
)
ACCEPTED = "Formats acceptés : CSV, CSV.GZ, XLSX, ODS."


class Source:
    """Un fichier ouvert : son en-tête, puis ses lignes de texte, par paquets.

    Attributes
    ----------
    header : list of str
        Noms des colonnes, sans espaces autour.
    header_line : int
        Ligne de l’en-tête, comptée comme dans un tableur.
    separator : str or None
        Séparateur du CSV ; `None` pour un classeur.
    remarks : list of str
        Ce qui a été accepté et converti.
    """

    def __init__(
        self, file: Path, rows: Iterator[list[str]], separator: str | None, remarks: list[str], limits: Limits = LIMITS
    ) -> None:
        self.file = file
        self.separator = separator
        self.remarks = remarks
        self.header: list[str] = []
        self.header_line = 0
        self._rows, self._limits, self._line = rows, limits, 0
        while found := self._take(1):
            self.header_line += 1
            if any(cell.strip() for cell in found[0]):
                self.header = [cell.strip() for cell in found[0]]
                break
        while self.header and not self.header[-1]:
            self.header.pop()

    def chunks(self) -> Iterator[tuple[int, list[list[str]]]]:
        """Paquets de lignes, avec le numéro de la première."""
        first = self._line + 1
        while rows := self._take(CHUNK_ROWS):
            yield first, rows
            first = self._line + 1

    def _take(self, count: int) -> list[list[str]]:
        """Lignes suivantes, comptées ; aucune à la fin."""
        try:
            rows = list(islice(self._rows, count))
        except csv.Error:
            where = f"après la ligne {self._line}" if self._line else "dès la première ligne"
            raise _stop(
                self.file,
                "guillemets",
                f"lecture impossible {where}. Un guillemet ouvert n’est sans doute pas refermé : cherchez une case qui "
                "contient un seul guillemet, puis doublez-le ou retirez-le.",
            ) from None
        except (EOFError, zlib.error, gzip.BadGzipFile, ParseError, zipfile.BadZipFile) as error:
            raise _damaged(self.file) from error
        self._line += len(rows)
        self._limits.check_rows(self.file, self._line)
        return rows


@contextmanager
def open_source(file: Path, columns: Iterable[str], sheet: str, *, limits: Limits = LIMITS) -> Iterator[Source]:
    """Ouvre un fichier CSV, CSV.GZ, XLSX ou ODS.

    Parameters
    ----------
    file : Path
        Fichier de l’utilisateur ; il n’est jamais modifié.
    columns : iterable of str
        Colonnes attendues, pour reconnaître le séparateur et l’en-tête.
    sheet : str
        Feuille à préférer dans un classeur.
    limits : Limits
        Poids, lignes et longueur de ligne acceptés.

    Raises
    ------
    DonneesInvalides
        Si le fichier manque, est vide, est un dossier, est démesuré, ou n’est pas un tableau.
    """
    check_exists(file)
    limits.check_file(file)
    known = set(columns)
    try:
        with file.open("rb") as raw:
            start = raw.read(8)
    except OSError as error:
        raise _stop(
            file, "lecture_impossible", f"lecture impossible : {reason(error)}. Vérifiez vos droits."
        ) from error
    try:
        if start.startswith(b"PK"):
            yield _open_workbook(file, sheet, limits)
            return
        with _open_bytes(file, compressed=start.startswith(b"\x1f\x8b")) as stream:
            sample = stream.read(_SAMPLE)
            _check_text(file, sample)
            encoding, remarks = _encoding(file, stream, sample, limits)
            stream.seek(0)
            with io.TextIOWrapper(stream, encoding=encoding, newline="") as text:
                separator = _separator(text.read(_SAMPLE), known)
                text.seek(0)
                if separator != ",":
                    remarks.append(f"Séparateur « {_NAMES[separator]} » : accepté.")
                yield Source(file, csv.reader(text, delimiter=separator), separator, remarks, limits)
    except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile, ParseError) as error:
        raise _damaged(file) from error


def _open_bytes(file: Path, *, compressed: bool) -> IO[bytes]:
    # GzipFile suit le même protocole que IO[bytes], sans en hériter.
    return cast("IO[bytes]", gzip.GzipFile(file)) if compressed else file.open("rb")


def _open_workbook(file: Path, sheet: str, limits: Limits) -> Source:
    with zipfile.ZipFile(file) as archive:
        limits.check_archive(file, archive)
        members = set(archive.namelist())
    if "xl/workbook.xml" in members:
        return Source(file, xlsx_rows(file, sheet), None, ["Classeur Excel : accepté."], limits)
    if "content.xml" in members:
        return Source(file, ods_rows(file, sheet, limits), None, ["Classeur ODS : accepté."], limits)
    if members & {"word/document.xml", "ppt/presentation.xml"}:
        message = "c’est un document de texte, pas un tableau. Copiez son tableau dans un tableur, puis enregistrez-le."
        raise _stop(file, "format_inconnu", f"{message} {ACCEPTED}")
    raise _stop(file, "format_inconnu", f"c’est une archive ZIP, pas un tableau. Décompressez-la d’abord. {ACCEPTED}")


def _stop(file: Path, kind: str, message: str) -> DonneesInvalides:
    return DonneesInvalides(file.name, [Problem(kind, message)])


def _damaged(file: Path) -> DonneesInvalides:
    return _stop(
        file,
        "fichier_abime",
        "le fichier est incomplet ou abîmé. Copiez-le de nouveau depuis sa source, puis recommencez.",
    )


def check_exists(file: Path, accepted: str = ACCEPTED, pattern: str = "*.csv") -> None:
    """Refuse ce qui n’est pas un fichier rempli.

    Parameters
    ----------
    file : Path
        Chemin donné par l’utilisateur.
    accepted : str
        Formes acceptées, à la fin du message pour un dossier.
    pattern : str
        Fichiers d’un dossier dont un peut servir d’exemple.

    Raises
    ------
    DonneesInvalides
        Si rien n’est là, si ce n’est pas un fichier ordinaire ou si le fichier est vide.
    """
    if file.is_dir():
        inside = sorted(item.name for item in file.glob(pattern))[:1]
        example = f", par exemple {file.name}/{inside[0]}" if inside else ""
        raise _stop(file, "dossier", f"c’est un dossier. Indiquez un fichier{example}. {accepted}")
    if not file.exists():
        raise _stop(
            file,
            "fichier_introuvable",
            f"le fichier n’existe pas à l’endroit indiqué ({file}). Vérifiez le nom, l’extension et le dossier.",
        )
    if not file.is_file():
        raise _stop(
            file,
            "pas_un_fichier",
            "ce n’est pas un fichier ordinaire, mais un tube ou un périphérique. Enregistrez les données dans un "
            f"fichier, puis donnez-le. {accepted}",
        )
    if file.stat().st_size == 0:
        raise _stop(file, "fichier_vide", "le fichier est vide (0 octet). Refaites l’export depuis votre logiciel.")


def _check_text(file: Path, sample: bytes) -> None:
    for signature, label in _SIGNATURES:
        if sample.startswith(signature):
            raise _stop(
                file,
                "fichier_binaire",
                f"c’est {label}, pas un tableau lisible. Ouvrez-le dans son logiciel et enregistrez-le en CSV, "
                f"XLSX ou ODS.",
            )
    utf16 = sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if b"\0" in sample and not utf16:
        raise _stop(file, "fichier_binaire", f"le contenu est binaire, ce n’est pas un tableau. {ACCEPTED}")
    if not sample.strip(b"\xef\xbb\xbf \t\r\n"):
        raise _stop(file, "fichier_vide", "le fichier ne contient que des espaces ou des lignes vides.")


def _encoding(file: Path, stream: IO[bytes], sample: bytes, limits: Limits) -> tuple[str, list[str]]:
    """Encodage du fichier entier, lu par morceaux ; un contenu démesuré s’arrête ici."""
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        stream.seek(0)
        for _ in limits.blocks(file, stream):
            pass
        return "utf-16", ["Encodage UTF-16 (« texte Unicode » d’Excel) : accepté et converti."]
    for name, remark in (
        ("utf-8-sig", None),
        ("cp1252", "Encodage Windows (cp1252), et non UTF-8 : accepté et converti. Vérifiez les lettres accentuées."),
    ):
        decoder = codecs.getincrementaldecoder(name)()
        stream.seek(0)
        try:
            for block in limits.blocks(file, stream):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return name, [remark] if remark else []
    raise _stop(
        file,
        "encodage",
        "l’encodage n’est ni UTF-8 ni celui de Windows. Enregistrez le fichier en « CSV UTF-8 » et recommencez.",
    )


def _separator(text: str, known: set[str]) -> str:
    """Séparateur qui fait reconnaître le plus de colonnes attendues dans les premières lignes."""
    lines = [line for line in text.splitlines()[:20] if line.strip()]

    def score(separator: str) -> tuple[int, int]:
        rows = list(csv.reader(lines, delimiter=separator))
        found = max((len(known & {cell.strip() for cell in row}) for row in rows), default=0)
        return found, max((len(row) for row in rows[:1]), default=0)

    return max(SEPARATORS, key=score)
