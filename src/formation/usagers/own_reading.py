"""Lire les énoncés d’un autre service : une colonne de phrases, une d’intentions, et tout ce qu’il faut dire."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from formation.datasets import Limits, Source, open_source, simplify
from formation.errors import DonneesInvalides, FichiersInvalides, Problem
from formation.numbers import number, percent, plural
from formation.usagers import own_text_notes
from formation.usagers.features import normalise

TEXT_NAMES = (
    "texte", "enonce", "utterance", "text", "phrase", "sentence", "query", "texte_transcrit", "question", "demande",
    "utt", "message", "input",
)  # fmt: skip
"""Noms acceptés pour la colonne des phrases, du plus sûr au moins sûr."""
LABEL_NAMES = (
    "intention", "intent", "label", "categorie", "classe", "category", "class", "motif", "id_intention", "theme",
    "etiquette",
)  # fmt: skip
"""Noms acceptés pour la colonne des intentions."""
GROUP_NAMES = ("id_gabarit", "gabarit", "groupe", "group", "template", "modele")
"""Noms acceptés pour une colonne facultative : les phrases d’un même groupe ne seront jamais séparées."""
LIMITS = Limits(size=200 * 2**20, rows=2_000_000)
"""Les lignes d’un fichier sont gardées en texte : un fichier plus grand ne tiendrait pas en mémoire."""
MAX_ROWS = 40_000
"""Lignes gardées d’un fichier très long, tirées au sort."""
MIN_ROWS, MIN_LABELS = 60, 2
_CELL = 40
TOO_MANY_EMPTY = 0.2


@dataclass
class OwnTexts:
    """Énoncés lus : colonnes `texte`, `intention`, `ligne` (dans le fichier), `groupe` s’il existe ; remarques."""

    frame: pd.DataFrame
    remarks: list[str] = field(default_factory=list)


def read(
    file: str | Path, *, text: str | None = None, label: str | None = None, minimum: int = MIN_ROWS, seed: int = 447
) -> OwnTexts:
    """Lit et nettoie un fichier d’énoncés.

    Parameters
    ----------
    file : str or Path
        CSV, TSV, CSV.GZ, XLSX ou ODS, avec une ligne d’en-tête.
    text, label : str, optional
        Noms des deux colonnes, s’ils ne sont pas reconnus.
    minimum : int
        Nombre de lignes utilisables au-dessous duquel on refuse.
    seed : int
        Graine du tirage d’un fichier trop long.

    Returns
    -------
    OwnTexts
        Énoncés distincts et remarques.

    Raises
    ------
    DonneesInvalides
        Si le fichier n’est pas lisible ou pas utilisable ; tous les problèmes sont donnés.
    """
    path = Path(file)
    header, rows, first, remarks = _rows(path, [name for name in (text, label) if name])
    remarks = [f"{path.name} : {remark}" for remark in remarks]
    positions = _columns(path, header, text, label)
    frame = pd.DataFrame(
        {
            name: [row[position].strip() if position < len(row) else "" for row in rows]
            for name, position in positions.items()
        }
    )
    frame["ligne"] = range(first, first + len(frame))
    frame = frame[[any(cell.strip() for cell in row) for row in rows]] if rows else frame
    if frame.empty:
        raise DonneesInvalides(path.name, [_no_row()], remarks)
    frame = _without_empty(frame, path, remarks)
    remarks += own_text_notes.unusual(frame, path.name) + own_text_notes.lookalikes(frame, path.name)
    frame = _distinct(frame, path, remarks)
    _check_size(frame, path, minimum, remarks)
    if len(frame) > MAX_ROWS:
        remarks.append(f"{path.name} : fichier très long, {number(MAX_ROWS)} lignes tirées au sort.")
        frame = frame.sample(MAX_ROWS, random_state=seed).sort_values("ligne")
    return OwnTexts(frame.reset_index(drop=True), remarks)


def read_both(
    file: str | Path, test_file: str | Path, *, text: str | None = None, label: str | None = None, seed: int = 447
) -> tuple[OwnTexts, OwnTexts]:
    """Lit deux fichiers d’énoncés, pour apprendre et pour juger, et dit les problèmes des deux à la fois.

    Parameters
    ----------
    file, test_file : str or Path
        Fichiers, voir :func:`read`.
    text, label : str, optional
        Noms des deux colonnes, s’ils ne sont pas reconnus.
    seed : int
        Graine du tirage d’un fichier trop long.

    Returns
    -------
    tuple of OwnTexts
        Énoncés pour apprendre, puis pour juger.

    Raises
    ------
    DonneesInvalides
        Si l’un des fichiers n’est pas utilisable.
    """
    found, errors = [], []
    for path, minimum in ((file, MIN_ROWS), (test_file, 1)):
        try:
            found.append(read(path, text=text, label=label, minimum=minimum, seed=seed))
        except DonneesInvalides as error:
            errors.append(error)
    if len(errors) == 2:
        raise FichiersInvalides(errors)
    if errors:
        raise errors[0]
    return found[0], found[1]


def raw_rows(path: Path, wanted: Sequence[str], sheet: str) -> tuple[list[str], list[list[str]], int, list[str]]:
    """En-tête, lignes, numéro de la première ligne et remarques d’un tableau, sans rien interpréter.

    Parameters
    ----------
    path : Path
        Fichier.
    wanted : sequence of str
        Noms de colonnes attendus, pour reconnaître le séparateur.
    sheet : str
        Feuille à préférer dans un classeur.

    Returns
    -------
    tuple
        En-tête, lignes de texte, numéro de la première ligne de données, remarques.

    Raises
    ------
    DonneesInvalides
        Si le fichier n’est pas un tableau lisible.
    """
    with open_source(path, wanted, sheet, limits=LIMITS) as source:
        header, first, separator = source.header, source.header_line + 1, source.separator
        remarks = list(source.remarks)
        rows = _all_rows(source)
    if separator == "\t" and any("\n" in cell or "\t" in cell for row in rows for cell in row):
        # Un guillemet seul dans une phrase avale les lignes suivantes : une tabulation n’a pas besoin de guillemets.
        lines = _decoded(path).splitlines()
        rows = [line.split("\t") for line in lines[first - 1 :]]
        remarks.append("Guillemets isolés dans les phrases : lus comme du texte.")
    return header, rows, first, remarks


def _rows(path: Path, named: Sequence[str]) -> tuple[list[str], list[list[str]], int, list[str]]:
    every = [*named, *TEXT_NAMES, *LABEL_NAMES]
    return raw_rows(path, [*every, *(name.capitalize() for name in every)], "enonces")


def _all_rows(source: Source) -> list[list[str]]:
    return [row for _, chunk in source.chunks() for row in chunk]


def _decoded(path: Path) -> str:
    data = path.read_bytes()
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("utf-8", errors="replace")


def _columns(path: Path, header: list[str], text: str | None, label: str | None) -> dict[str, int]:
    simple = [simplify(name) for name in header]
    found, problems = {}, []
    for column, asked, names in (("texte", text, TEXT_NAMES), ("intention", label, LABEL_NAMES)):
        wanted = [simplify(asked)] if asked else list(names)
        position = next((simple.index(name) for name in wanted if name in simple), None)
        if position is None:
            problems.append(_missing(column, asked, names, header))
        else:
            found[column] = position
    groups = next((simple.index(name) for name in GROUP_NAMES if name in simple), None)
    if groups is not None:
        found["groupe"] = groups
    if not problems and found["texte"] == found["intention"]:
        problems.append(Problem("colonne_double", "la même colonne sert de phrase et d’intention.", column=text))
    if len(problems) == 2 and not (text or label):
        problems.insert(0, _headless(header))
    if problems:
        raise DonneesInvalides(path.name, problems)
    return found


def _headless(header: list[str]) -> Problem:
    """Deux colonnes inconnues à la fois : la première ligne est peut-être déjà une phrase."""
    return Problem(
        "sans_entete",
        f"la première ligne lue ({_seen(header)}) ne nomme ni les phrases ni les intentions. Si c’est déjà une phrase, "
        "le fichier n’a pas de ligne d’en-tête : ajoutez-en une au-dessus, par exemple « texte;intention » avec le "
        "séparateur de votre fichier, puis relancez.",
        lines=(1,),
    )


def _no_row() -> Problem:
    return Problem(
        "fichier_vide",
        "il n’y a aucune ligne sous l’en-tête : rien à apprendre ni à juger. Refaites l’export, avec une phrase et son "
        "intention par ligne, par exemple « À quelle heure ouvre la piscine ? » et « horaires ».",
    )


def _seen(header: list[str]) -> str:
    shown = [name if len(name) <= _CELL else f"{name[:_CELL]}…" for name in header[:12] if name]
    return ", ".join(f"« {name} »" for name in shown) or "aucune"


def _missing(column: str, asked: str | None, names: Sequence[str], header: list[str]) -> Problem:
    seen = _seen(header)
    what = "les phrases" if column == "texte" else "les intentions"
    if asked:
        message = f"la colonne « {asked} », demandée pour {what}, n’existe pas. Colonnes lues : {seen}."
    else:
        message = (
            f"aucune colonne reconnue pour {what}. Noms acceptés : {', '.join(names[:8])}… Colonnes lues : {seen}. "
            f"Nommez la bonne colonne « {column} » dans le fichier, ou dites laquelle prendre, par exemple "
            f'--{column} "Nom de la colonne".'
        )
    return Problem("colonne_manquante", message, column=asked or column)


def _without_empty(frame: pd.DataFrame, path: Path, remarks: list[str]) -> pd.DataFrame:
    mute = frame["texte"].map(normalise) == ""
    bad = mute | (frame["intention"] == "")
    if not bad.any():
        return frame
    lines = tuple(int(line) for line in frame.loc[bad, "ligne"].head(5))
    if bad.mean() > TOO_MANY_EMPTY:
        raise DonneesInvalides(
            path.name,
            [
                Problem(
                    "case_vide",
                    f"{percent(bad.mean())} des lignes n’ont pas de phrase ou pas d’intention, et l’essai en accepte "
                    f"{percent(TOO_MANY_EMPTY)}. Vérifiez que ce sont les bonnes colonnes (--texte, --intention), puis "
                    "complétez ou retirez ces lignes.",
                    lines=lines,
                    count=int(bad.sum()),
                )
            ],
        )
    shown = ", ".join(str(line) for line in lines)
    rest = int(bad.sum()) - len(lines)
    remarks.append(
        f"{path.name} : {plural(int(bad.sum()), 'ligne')} sans phrase ou sans intention, laissée"
        f"{'s' if bad.sum() > 1 else ''} de côté (ligne{'s' if bad.sum() > 1 else ''} {shown}"
        f"{f' et {number(rest)} autres' if rest else ''})."
    )
    return frame[~bad]


def _share(part: float) -> str:
    return "moins de 1\u00a0%" if part < 0.01 else percent(part)


def _distinct(frame: pd.DataFrame, path: Path, remarks: list[str]) -> pd.DataFrame:
    key = frame["texte"].map(normalise)
    frame = frame.assign(cle=key)
    counts = frame.groupby(["cle", "intention"], sort=False)["ligne"].agg(["size", "min"]).reset_index()
    torn = counts["cle"].duplicated(keep=False)
    if torn.any():
        example = counts.loc[torn, "cle"].iloc[0]
        pair = frame[frame["cle"] == example]
        lines = " et ".join(str(line) for line in pair.drop_duplicates("intention")["ligne"].head(2))
        remarks.append(
            f"{path.name} : {plural(counts.loc[torn, 'cle'].nunique(), 'phrase')} avec deux intentions différentes, "
            f"par exemple lignes {lines} ; on garde l’intention la plus fréquente."
        )
    best = counts.sort_values(["size", "min"], ascending=[False, True]).drop_duplicates("cle")
    kept = frame[frame["ligne"].isin(best["min"])]
    if len(kept) < len(frame):
        remarks.append(
            f"{path.name} : {plural(len(frame) - len(kept), 'doublon')} ({_share(1 - len(kept) / len(frame))} des "
            "lignes) : chaque phrase n’est comptée qu’une fois."
        )
    return kept


def _check_size(frame: pd.DataFrame, path: Path, minimum: int, remarks: list[str]) -> None:
    problems = []
    if len(frame) < minimum:
        problems.append(
            Problem(
                "trop_peu",
                f"{plural(len(frame), 'phrase distincte', 'phrases distinctes')} : il en faut au moins "
                f"{minimum} pour apprendre, choisir un seuil et juger. Ajoutez des phrases réelles, une par ligne avec "
                "son intention, par exemple « À quelle heure ouvre la piscine ? » et « horaires », puis relancez.",
            )
        )
    if minimum > 1 and frame["intention"].nunique() < MIN_LABELS:
        only = ", ".join(f"« {name} »" for name in frame["intention"].unique()) or "aucune"
        problems.append(
            Problem(
                "une_intention",
                f"il faut au moins deux intentions différentes ; lue : {only}. Sans choix à faire, il n’y a rien à "
                "apprendre ni à juger. Vérifiez la colonne (--intention), ou ajoutez des phrases d’autres intentions.",
                column="intention",
            )
        )
    if problems:
        raise DonneesInvalides(path.name, problems, remarks)
