"""Rapports d’un essai sur les données d’une collectivité : tableau de terminal, page HTML, tableau CSV."""

from __future__ import annotations

import html
import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from formation.errors import FormationError, reason
from formation.files import write_atomic
from formation.numbers import number, percent

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

FORMATS = (".html", ".csv")
_STYLE = (
    "body{font:1.05rem/1.55 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;color:#18222d}"
    ".defile{overflow-x:auto}table{border-collapse:collapse;width:100%}caption{text-align:left;font-weight:600}"
    "th,td{text-align:left;padding:.35rem .4rem;border-bottom:1px solid #d5dce3}.defile{font-size:.85rem}"
    # À l’impression rien ne défile : le tableau doit tenir entier sur la feuille.
    "@media print{body{max-width:none;margin:0}.defile{overflow:visible;font-size:8pt}}"
)


class RapportImpossible(FormationError):
    """Le rapport demandé ne peut pas être écrit."""


class Result(Protocol):
    """Résultat d’un essai, quel que soit le cas."""

    def to_dict(self) -> dict[str, Any]:
        """Rend tout le résultat en types simples."""
        ...


@dataclass(frozen=True)
class Section:
    """Partie d’un rapport.

    Attributes
    ----------
    title : str
        Titre ; vide pour une partie sans titre.
    paragraphs : sequence of str
        Paragraphes, en texte simple.
    points : sequence of str
        Liste à puces, en texte simple.
    caption : str
        Légende du tableau.
    header, rows : sequence
        Tableau, déjà écrit à la française ; la première cellule d’une ligne en est le titre.
    strong : bool
        Met les paragraphes en valeur : une conclusion.
    """

    title: str = ""
    paragraphs: Sequence[str] = ()
    points: Sequence[str] = ()
    caption: str = ""
    header: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = field(default_factory=list)
    strong: bool = False


def to_json(result: Result) -> str:
    """Résultat complet d’un essai, en JSON.

    Parameters
    ----------
    result : Result
        Résultat.

    Returns
    -------
    str
        Texte JSON, UTF-8 ; une valeur absente ou infinie y est `null`.
    """
    return json.dumps(_plain(result.to_dict()), ensure_ascii=False, indent=2, allow_nan=False)


def share_cell(value: float, digits: int = 0) -> str:
    """Part d’une case de tableau, ou un tiret.

    Parameters
    ----------
    value : float
        Part, 1 = 100 % ; vide si elle n’a pas de sens.
    digits : int
        Chiffres après la virgule.

    Returns
    -------
    str
        Texte.

    Examples
    --------
    >>> share_cell(float("nan"))
    '—'
    """
    return percent(value, digits) if math.isfinite(value) else "—"


def number_cell(value: float, digits: int = 0) -> str:
    """Nombre d’une case de tableau, ou un tiret.

    Parameters
    ----------
    value : float
        Nombre ; vide s’il n’a pas de sens.
    digits : int
        Chiffres après la virgule.

    Returns
    -------
    str
        Texte.

    Examples
    --------
    >>> number_cell(2.5, 1), number_cell(float("inf"))
    ('2,5', '—')
    """
    return number(value, digits) if math.isfinite(value) else "—"


def text_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Tableau aligné pour un terminal.

    Parameters
    ----------
    header : sequence of str
        En-têtes.
    rows : iterable of sequence of str
        Cellules, autant que d’en-têtes.

    Returns
    -------
    str
        Une ligne par rang.

    Examples
    --------
    >>> print(text_table(["méthode", "part"], [["âge", "54 %"]]))
    méthode  part
    âge      54 %
    """
    lines = [list(header), *(list(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def html_page(title: str, heading: str, sections: Iterable[Section]) -> str:
    """Page HTML autonome, lisible par un lecteur d’écran et imprimable.

    Parameters
    ----------
    title : str
        Titre de l’onglet.
    heading : str
        Titre de la page.
    sections : iterable of Section
        Parties, dans l’ordre.

    Returns
    -------
    str
        Document HTML ; tout texte y est échappé.

    Examples
    --------
    >>> "&lt;b&gt;" in html_page("Essai", "Essai", [Section(paragraphs=["<b>"])])
    True
    """
    body = "".join(_section(section) for section in sections)
    return (
        f'<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head><body><main>'
        f"<h1>{html.escape(heading)}</h1>{body}</main></body></html>\n"
    )


def check_destination(file: Path, *sources: Path | None, overwrite: bool = False) -> None:
    """Refuse tout de suite un rapport qu’on ne saurait pas écrire, ou qui remplacerait un fichier.

    Parameters
    ----------
    file : Path
        Fichier demandé.
    *sources : Path or None
        Fichiers donnés à lire : ils ne sont jamais remplacés.
    overwrite : bool
        Vrai pour accepter de remplacer un fichier déjà là.

    Raises
    ------
    RapportImpossible
        Si l’extension n’est ni .html ni .csv, si le dossier n’existe pas, ou si le fichier est déjà là.
    """
    if any(source is not None and source.resolve() == file.resolve() for source in sources):
        raise RapportImpossible(
            f"«\u00a0{file}\u00a0» est un fichier à lire\u00a0: le rapport le remplacerait. Rien n’a été écrit. "
            "Donnez un autre nom, par exemple --rapport essai.html"
        )
    if file.suffix.lower() not in FORMATS:
        raise RapportImpossible(
            f"« {file.name} » : le rapport s’écrit en .html (à lire) ou en .csv (pour un tableur). "
            "Exemple : --rapport essai.html"
        )
    if not file.resolve().parent.is_dir():
        raise RapportImpossible(f"Le dossier de « {file} » n’existe pas. Créez-le, ou choisissez un autre endroit.")
    if file.exists() and not overwrite:
        raise RapportImpossible(
            f"« {file} » existe déjà. Rien n’a été écrit. Donnez un autre nom, ou ajoutez --ecraser pour le remplacer."
        )


def write(file: Path, page: str, table: pd.DataFrame) -> None:
    """Écrit le rapport, à côté puis d’un coup.

    Parameters
    ----------
    file : Path
        Fichier .html ou .csv.
    page : str
        Contenu si le fichier est une page.
    table : DataFrame
        Contenu si le fichier est un tableau ; séparateur « ; » et virgule décimale, pour un tableur français.

    Raises
    ------
    RapportImpossible
        Si le fichier ne peut pas être écrit ; l’ancien reste intact.
    """
    check_destination(file, overwrite=True)
    if file.suffix.lower() == ".csv":
        content = "\ufeff" + table.to_csv(index=False, sep=";", decimal=",", lineterminator="\n")
    else:
        content = page
    try:
        write_atomic(file, content.encode())
    except OSError as error:
        raise RapportImpossible(
            f"« {file} » ne peut pas être écrit ({reason(error)}). Vérifiez le disque et vos droits."
        ) from None


def _section(section: Section) -> str:
    parts = [f"<h2>{html.escape(section.title)}</h2>"] if section.title else []
    mark = ("<p><strong>", "</strong></p>") if section.strong else ("<p>", "</p>")
    parts += [f"{mark[0]}{html.escape(text)}{mark[1]}" for text in section.paragraphs]
    if section.rows:
        head = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in section.header)
        lines = "".join(
            f'<tr><th scope="row">{html.escape(first)}</th>'
            + "".join(f"<td>{html.escape(cell)}</td>" for cell in rest)
            + "</tr>"
            for first, *rest in section.rows
        )
        caption = html.escape(section.caption)
        parts.append(
            f'<div class="defile" tabindex="0" role="region" aria-label="{caption}"><table><caption>{caption}</caption>'
            f"<thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table></div>"
        )
    if section.points:
        parts.append("<ul>" + "".join(f"<li>{html.escape(text)}</li>" for text in section.points) + "</ul>")
    return "".join(parts)


def _plain(value: Any) -> Any:
    """Nombres de numpy en nombres ordinaires, valeurs absentes en `None`."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value
