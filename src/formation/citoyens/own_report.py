"""Dire le résultat : terminal, page HTML à imprimer, tableau CSV, JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from formation import reports
from formation.citoyens.own_data import KIND
from formation.citoyens.own_reading import MINIMUM
from formation.numbers import number, plural
from formation.reports.own_result import Layout, OwnResult, Wording

if TYPE_CHECKING:
    from pathlib import Path

_LIMITS = (
    "Ce que ce résultat ne dit pas : si les gens sont pour ou contre, si un texte est ironique, ce que pensent ceux "
    "qui n’ont pas écrit, ni ce qu’il faut décider. Un groupe est un paquet de mots, pas un argument ; un texte qui "
    "dit trois choses n’est que dans un groupe. Des copies sont des gens qui signent le même texte : dites leur "
    "nombre à part, ne les effacez pas. Ne publiez ni les numéros de ligne, ni les textes, ni les mots sans relecture. "
    f"Un mot employé par {MINIMUM} textes peut être un nom de personne. Aucun groupe ni aucun mot partagé par moins de "
    f"{MINIMUM} textes n’est montré."
)


def _text(value: Any) -> str:
    return str(value)


def _read(result: OwnResult) -> str:
    facts = result.facts
    return (
        f"{facts['fichier']} : {plural(facts['contributions'], 'contribution')}{_drawn(facts)}, dont "
        f"{number(facts['textes_distincts'])} différentes ; {number(facts['regroupes'])} regroupées en "
        f"{plural(facts['groupes'], 'groupe')}, les autres étant des copies ou des réponses de moins de quatre mots."
    )


def _drawn(facts: dict[str, Any]) -> str:
    return f" ; {number(facts['etudiees'])} tirées au sort" if facts["etudiees"] < facts["contributions"] else ""


_WORDING = Wording(
    layouts={
        KIND: (
            Layout(
                "Groupes, du plus grand au plus petit",
                (
                    ("groupe", "groupe", _text),
                    ("textes", "textes différents", number),
                    ("recues", "contributions reçues", number),
                    ("mots", "mots qui le distinguent", _text),
                    ("lignes", "lignes à lire pour le nommer", _text),
                ),
            ),
            Layout(
                "Textes envoyés par plusieurs personnes",
                (("copies", "contributions presque identiques", number), ("ligne", "ligne à lire", _text)),
            ),
        )
    },
    titles={KIND: ("Contributions d’habitants", "Contributions d’habitants : quoi lire, et ce que les groupes disent")},
    limits={KIND: _LIMITS},
    read=_read,
)

to_json = reports.to_json


def to_text(result: OwnResult) -> str:
    """Résultat à lire dans un terminal.

    Parameters
    ----------
    result : OwnResult
        Résultat de :func:`formation.citoyens.own_data.analyse`.

    Returns
    -------
    str
        Conclusion, fichier, groupes, copies, remarques, limites.
    """
    return _WORDING.to_text(result)


def write(result: OwnResult, file: Path) -> None:
    """Écrit le rapport, à côté puis d’un coup.

    Parameters
    ----------
    result : OwnResult
        Résultat.
    file : Path
        Fichier .html ou .csv.

    Raises
    ------
    formation.reports.RapportImpossible
        Si le fichier ne peut pas être écrit ; l’ancien reste intact.
    """
    _WORDING.write(result, file)
