"""Lire les contributions d’une collectivité : une colonne de textes, et rien qui désigne quelqu’un."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from formation.citoyens.texts import MAX_CHARACTERS
from formation.datasets import Limits, open_source, simplify
from formation.errors import LINES_SHOWN, DonneesInvalides, Problem
from formation.numbers import number, percent, plural
from formation.personal import NIR, Found, find, mask

TEXT_NAMES = (
    "texte", "contribution", "avis", "commentaire", "commentaires", "reponse", "reponses", "remarque", "remarques",
    "observation", "observations", "message", "verbatim", "proposition", "propositions", "text", "body", "contenu",
)  # fmt: skip
"""Noms acceptés pour la colonne des textes, du plus sûr au moins sûr."""
CHANNEL_NAMES = ("canal", "source", "origine", "provenance", "mode", "channel")
"""Noms acceptés pour la colonne, facultative, du canal."""
LIMITS = Limits(size=50 * 2**20, rows=200_000)
MAX_ROWS = 20_000
"""Lignes gardées d’un fichier très long, tirées au sort."""
MINIMUM = 5
"""Effectif au-dessous duquel rien n’est montré."""
MOSTLY = 0.2
NO_CHANNEL = "non précisé"
_KINDS = {
    "courriel": "courriel",
    "telephone": "numéro de téléphone",
    "iban": "compte bancaire",
    "plaque": "plaque d’immatriculation",
    "adresse": "adresse",
    "nom": "nom après une civilité",
}
_CELL = 40


@dataclass
class OwnTexts:
    """Contributions lues.

    Attributes
    ----------
    frame : DataFrame
        Colonnes `texte` (masqué), `canal`, `ligne` (dans le fichier).
    has_channel : bool
        Vrai si le fichier donne le canal.
    masked : Counter
        Textes masqués, par genre.
    remarks : list of str
        Ce qui a été écarté ou masqué.
    received : int
        Contributions du fichier ; plus que de lignes dans `frame` si le fichier, trop long, a été tiré au sort.
    """

    frame: pd.DataFrame
    has_channel: bool
    masked: Counter[str]
    remarks: list[str] = field(default_factory=list)
    received: int = 0

    def __post_init__(self) -> None:
        self.received = max(self.received, len(self.frame))


def read(file: str | Path, *, text: str | None = None, channel: str | None = None, seed: int = 447) -> OwnTexts:
    """Lit un fichier de contributions, masque ce qui désigne quelqu’un, refuse ce qui ne peut pas l’être.

    Parameters
    ----------
    file : str or Path
        CSV, TSV, CSV.GZ, XLSX ou ODS, avec une ligne d’en-tête.
    text, channel : str, optional
        Colonnes du texte et du canal, si elles ne sont pas reconnues.
    seed : int
        Graine du tirage d’un fichier trop long.

    Returns
    -------
    OwnTexts
        Textes masqués et remarques.

    Raises
    ------
    DonneesInvalides
        Si le fichier n’est pas lisible, n’a pas de textes, ou contient un numéro de sécurité sociale ; tous les
        problèmes sont donnés, aucune valeur n’est montrée.
    """
    path = Path(file)
    every = [name for name in (text, channel) if name] + [*TEXT_NAMES, *CHANNEL_NAMES]
    with open_source(path, [*every, *(name.capitalize() for name in every)], "contributions", limits=LIMITS) as source:
        header, first, remarks = source.header, source.header_line + 1, list(source.remarks)
        separator, rows = source.separator or " ", [row for _, chunk in source.chunks() for row in chunk]
    place = _columns(path, header, text, channel)
    width = len(header)
    remarks += _overflow(path, rows, first, header, place["texte"], separator)
    cells = [[*row, *[""] * (width - len(row))][:width] for row in rows]
    whole = pd.DataFrame(cells, columns=range(width), dtype=object)
    whole["ligne"] = np.arange(first, first + len(whole))
    frame = whole.loc[whole[place["texte"]].map(lambda cell: bool(str(cell).strip())).astype(bool)]
    if frame.empty:
        raise DonneesInvalides(path.name, [_no_text(header[place["texte"]])], remarks)
    remarks += _empty(len(whole) - len(frame))
    received, column = len(frame), header[place["texte"]]
    # Avant tout tirage : un numéro de sécurité sociale arrête l’outil, où qu’il soit dans le fichier.
    problems = _numbers(frame[place["texte"]].astype(str), frame["ligne"].to_numpy(), column)
    if received > MAX_ROWS:
        remarks.append(
            f"Fichier très long : {number(MAX_ROWS)} contributions tirées au sort sur {number(received)}. Groupes et "
            "copies sont comptés sur ce tirage, le temps de lecture sur tout le fichier."
        )
        frame = frame.sample(MAX_ROWS, random_state=seed).sort_values("ligne")
    remarks += _long(frame[place["texte"]].astype(str), frame["ligne"].to_numpy())
    remarks += _unread(frame, header, place)
    masked = [mask(str(cell)) for cell in frame[place["texte"]]]
    kinds = Counter(kind for _, found in masked for kind in found)
    lines = frame["ligne"].to_numpy()
    problems += _mostly_personal(masked, column)
    if problems:
        raise DonneesInvalides(path.name, problems, remarks)
    remarks += _masks(kinds)
    channels = [NO_CHANNEL] * len(frame)
    if "canal" in place:
        channels = [str(cell).strip() or NO_CHANNEL for cell in frame[place["canal"]]]
    table = pd.DataFrame({"texte": [cell for cell, _ in masked], "canal": channels, "ligne": lines})
    # Une colonne vide ne dit pas le canal : on ne promet pas un tirage à parts égales.
    return OwnTexts(table, bool(set(channels) - {NO_CHANNEL}), kinds, remarks, received)


def _overflow(path: Path, rows: list[list[str]], first: int, header: list[str], text: int, separator: str) -> list[str]:
    """Rend à un texte ce qu’un séparateur non protégé lui a pris ; refuse si l’on ne sait pas où il s’arrête."""
    width = len(header)
    over = [rank for rank, row in enumerate(rows) if any(cell.strip() for cell in row[width:])]
    if not over:
        return []
    lines = tuple(rank + first for rank in over[:LINES_SHOWN])
    if text != width - 1:
        message = (
            "des lignes ont plus de cases que l’en-tête : un texte contient sans doute le séparateur. On ne peut pas "
            "savoir où il s’arrête. Refaites l’export avec les textes entre guillemets, en XLSX par exemple, ou "
            "mettez la colonne des textes en dernier."
        )
        raise DonneesInvalides(
            path.name, [Problem("cases_en_trop", message, column=header[text], lines=lines, count=len(over))]
        )
    for rank in over:
        row = rows[rank]
        rows[rank] = [*row[:text], separator.join(row[text:]).rstrip(separator)]
    shown = _rows([rank + first for rank in over])
    return [
        f"{plural(len(over), 'ligne')} avec plus de cases que l’en-tête ({shown}) : le texte contient sans doute le "
        "séparateur ; la suite lui a été rendue. Vérifiez-en une."
    ]


def _rows(lines: Sequence[int]) -> str:
    shown = ", ".join(map(str, lines[:LINES_SHOWN])) + ("…" if len(lines) > LINES_SHOWN else "")
    return f"{'lignes' if len(lines) > 1 else 'ligne'} {shown}"


def _long(texts: pd.Series, lines: np.ndarray[tuple[int], np.dtype[np.int64]]) -> list[str]:
    found = lines[(texts.str.len() > MAX_CHARACTERS).to_numpy()]
    if not len(found):
        return []
    shown = _rows(found.tolist())
    return [
        f"{plural(len(found), 'texte')} de plus de {number(MAX_CHARACTERS)} caractères ({shown}) : seul le début "
        "compte dans les groupes. Si plusieurs contributions s’y suivent, un guillemet n’a pas été refermé."
    ]


def _columns(path: Path, header: list[str], text: str | None, channel: str | None) -> dict[str, int]:
    simple = [simplify(name) for name in header]
    found, problems = {}, []
    for column, asked, names in (("texte", text, TEXT_NAMES), ("canal", channel, CHANNEL_NAMES)):
        wanted = [simplify(asked)] if asked else list(names)
        place = next((simple.index(name) for name in wanted if name in simple), None)
        if place is not None:
            found[column] = place
        elif asked or column == "texte":
            problems.append(_missing(column, asked, header))
    if not problems and found["texte"] == found.get("canal"):
        problems.append(Problem("colonne_double", "la même colonne sert de texte et de canal.", column=text))
    if problems:
        raise DonneesInvalides(path.name, problems)
    return found


def _missing(column: str, asked: str | None, header: Sequence[str]) -> Problem:
    shown = [name if len(name) <= _CELL else "(texte long, non affiché)" for name in header[:12] if name]
    seen = ", ".join(f"« {name} »" for name in shown) or "aucune"
    if any(len(name) > _CELL for name in header) and not asked:
        message = (
            "aucune colonne reconnue : la première ligne a l’air d’une contribution, et non d’un en-tête. Ajoutez "
            "au-dessus une ligne qui nomme les colonnes, par exemple « canal » et « texte » ; ou, si c’est bien un "
            f'en-tête, dites quelle colonne prendre avec --texte "Nom de la colonne". Cases lues : {seen}.'
        )
    elif asked:
        message = f"la colonne « {asked} », demandée avec --{column}, n’existe pas. Colonnes lues : {seen}."
    else:
        message = (
            f"aucune colonne reconnue pour les contributions. Noms acceptés : {', '.join(TEXT_NAMES[:8])}… Colonnes "
            f"lues : {seen}. Nommez la bonne colonne « texte », ou dites laquelle prendre, par exemple "
            '--texte "Nom de la colonne".'
        )
    return Problem("colonne_manquante", message, column=asked or column)


def _no_text(name: str) -> Problem:
    return Problem(
        "fichier_vide",
        "cette colonne est vide : aucune contribution à lire. Refaites l’export, avec une contribution par ligne.",
        column=name,
    )


def _empty(count: int) -> list[str]:
    return [f"{plural(count, 'ligne')} sans texte, laissée{'s' if count > 1 else ''} de côté."] if count else []


def _unread(frame: pd.DataFrame, header: list[str], place: dict[str, int]) -> list[str]:
    others = [rank for rank in range(len(header)) if rank not in place.values()]
    table = frame[others].astype("str")
    table.columns = pd.Index([header[rank] or f"colonne {rank + 1}" for rank in others])
    listed: list[Found] = find(table) if len(set(table.columns)) == len(others) else []
    if not listed:
        return []
    names = ", ".join(f"« {item.column} »" for item in listed)
    return [
        f"Données personnelles dans d’autres colonnes : {names}. L’outil ne les lit pas. Retirez-les du fichier avant "
        "de le transmettre à qui que ce soit."
    ]


def _numbers(texts: pd.Series, lines: np.ndarray[tuple[int], np.dtype[np.int64]], column: str) -> list[Problem]:
    with_number = [int(line) for text, line in zip(texts, lines, strict=True) if NIR in mask(text)[1]]
    if not with_number:
        return []
    return [
        Problem(
            "donnee_personnelle",
            "des textes ont l’air de contenir un numéro de sécurité sociale (valeurs non affichées). Son usage est "
            "réservé aux cas que fixe le décret n° 2019-341 : l’outil s’arrête. Effacez ces numéros du fichier, "
            "puis relancez.",
            column=column,
            lines=tuple(with_number[:LINES_SHOWN]),
            count=len(with_number),
        )
    ]


def _mostly_personal(masked: list[tuple[str, tuple[str, ...]]], column: str) -> list[Problem]:
    problems = []
    other = sum(bool({"courriel", "telephone", "iban"} & set(kinds)) for _, kinds in masked)
    if other > max(MINIMUM, MOSTLY * len(masked)):
        problems.append(
            Problem(
                "colonne_personnelle",
                f"{percent(other / len(masked))} des cases contiennent un courriel, un téléphone ou un compte : ce "
                "n’est sans doute pas la colonne des contributions. Désignez la bonne avec --texte, ou retirez ces "
                "données.",
                column=column,
            )
        )
    return problems


def _masks(kinds: Counter[str]) -> list[str]:
    remarks = []
    if kinds:
        listed = ", ".join(f"{_KINDS[kind]} ({_few(count)})" for kind, count in kinds.most_common())
        remarks.append(f"Masqué dans les textes avant tout calcul, en nombre de textes : {listed}.")
    remarks.append(
        "Un nom sans civilité, un surnom, une situation reconnaissable ne se détectent pas : les textes "
        "restent des données personnelles possibles. Une personne les relit avant toute publication."
    )
    return remarks


def _few(count: int) -> str:
    return number(count) if count >= MINIMUM else f"moins de {MINIMUM}"
