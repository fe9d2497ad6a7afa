"""Chercher des fiches : plein texte sans accents ni casse, et filtres ; la page du livre suit les mêmes règles."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches

from formation.errors import FormationError
from formation.letters import fold
from formation.library.consistency import walk_strings
from formation.library.models import ProjectRecord
from formation.library.vocabulary import VOCABULARIES, label

FILTERS: Mapping[str, str] = {
    "besoin": "Besoin",
    "taille": "Taille",
    "cout": "Coût",
    "maturite": "Maturité",
    "secteur": "Secteur",
}
"""Filtres, dans l’ordre d’affichage : nom (aussi celui du vocabulaire) et libellé."""

_WORD = re.compile(r"[a-z0-9]+")


class FiltreInconnu(FormationError):
    """Un filtre demandé n’existe pas."""


def values(record: ProjectRecord, name: str) -> list[str]:
    """Valeurs d’une fiche pour un filtre.

    Parameters
    ----------
    record : ProjectRecord
        Fiche.
    name : str
        Filtre, une clé de `FILTERS`.

    Returns
    -------
    list of str
        Une valeur au moins.
    """
    found: list[str] = {
        "besoin": record.besoin.familles,
        "taille": [record.situation.taille],
        "cout": [record.cout.tranche],
        "maturite": [record.complements.maturite],
        "secteur": record.complements.secteur,
    }[name]
    return found


def words(text: str) -> str:
    """Texte réduit à ses mots : minuscules, sans accents ni ponctuation.

    Parameters
    ----------
    text : str
        Texte.

    Returns
    -------
    str
        Mots séparés par une espace.

    Examples
    --------
    >>> words("L’Île-de-France, c’est « grand »")
    'l ile de france c est grand'
    """
    return " ".join(_WORD.findall(fold(text)))


def full_text(record: ProjectRecord) -> str:
    """Tout ce qu’une fiche contient de mots, titre d’abord, libellés des filtres compris.

    Parameters
    ----------
    record : ProjectRecord
        Fiche.

    Returns
    -------
    str
        Texte replié, prêt à être cherché.
    """
    data = record.model_dump(exclude={"id", "version_schema", "date_fiche"})
    kept = [text for place, text in walk_strings(data) if place[-1] not in ("url", "cle", "lu", "confiance")]
    kept += [label(name, value) for name in FILTERS for value in values(record, name)]
    return words(" ".join([record.titre, *kept]))


def search(
    records: Iterable[ProjectRecord], text: str = "", filters: Mapping[str, Sequence[str]] | None = None
) -> list[ProjectRecord]:
    """Fiches qui contiennent tous les mots et suivent tous les filtres.

    Un mot trouve aussi ceux qui le contiennent : « canalis » trouve « canalisation ». Les fiches dont le titre contient
    le plus de mots viennent d’abord, puis l’ordre alphabétique des titres.

    Parameters
    ----------
    records : iterable of ProjectRecord
        Fiches.
    text : str
        Mots cherchés.
    filters : mapping, optional
        Pour chaque filtre, les valeurs admises.

    Returns
    -------
    list of ProjectRecord
        Fiches trouvées.

    Raises
    ------
    FiltreInconnu
        Si un filtre ou une valeur n’existe pas.
    """
    wanted = {name: set(kept) for name, kept in (filters or {}).items() if kept}
    for name, kept in wanted.items():
        _check_filter(name, kept)
    asked = words(text).split()
    found = [
        record
        for record in records
        if all(kept & set(values(record, name)) for name, kept in wanted.items())
        and (not asked or _contains(full_text(record), asked))
    ]
    return sorted(found, key=lambda record: (-_hits(words(record.titre), asked), words(record.titre)))


def counts(records: Iterable[ProjectRecord]) -> dict[str, dict[str, int]]:
    """Nombre de fiches pour chaque valeur de chaque filtre, dans l’ordre du vocabulaire.

    Parameters
    ----------
    records : iterable of ProjectRecord
        Fiches.

    Returns
    -------
    dict
        Filtre : {valeur : nombre}, sans les valeurs que personne n’a.
    """
    listed = list(records)
    totals = {name: Counter(value for record in listed for value in values(record, name)) for name in FILTERS}
    return {
        name: {value: totals[name][value] for value in VOCABULARIES[name] if totals[name][value]} for name in FILTERS
    }


def _contains(text: str, asked: Iterable[str]) -> bool:
    return all(word in text for word in asked)


def _hits(title: str, asked: Iterable[str]) -> int:
    return sum(word in title for word in asked)


def _check_filter(name: str, kept: Iterable[str]) -> None:
    if name not in FILTERS:
        raise FiltreInconnu(f"Le filtre « {name} » n’existe pas. Filtres : {', '.join(FILTERS)}.")
    for value in kept:
        if value not in VOCABULARIES[name]:
            close = get_close_matches(value, VOCABULARIES[name], n=1, cutoff=0.7)
            hint = f" Vouliez-vous dire « {close[0]} » ?" if close else ""
            raise FiltreInconnu(
                f"Le filtre « {name} » n’a pas de valeur « {value} ».{hint} Valeurs : {', '.join(VOCABULARIES[name])}."
            )
