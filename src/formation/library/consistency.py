"""Accords entre les champs d’une fiche : ce qu’aucun champ ne peut dire seul."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from formation.library.vocabulary import COSTS, SIZES, UNKNOWN, cost_of, size_of

Place = tuple[str | int, ...]

_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]+\.\w+")
_FORMULA = re.compile(r"[=@]|[+-](?!\s?\d[\d\s.,]*[%€]?(?:\s+[^\W\d_]|$))")
"""Ce qu’un tableur calculerait à l’ouverture : « +1+FONCTION() », mais pas « -30 % de déchets »."""
_PHONE = re.compile(r"(?<!\d)(?:\+33\s?|0)[1-9](?:[\s.-]?\d{2}){4}(?!\d)")
_DAYS = ("date_fiche", "consulte", "debut", "fin")


@dataclass(frozen=True)
class Inconsistency:
    """Un désaccord entre deux champs, ou une règle de la fiche entière.

    Attributes
    ----------
    place : tuple
        Chemin du champ, par exemple `("cout", "tranche")`.
    message : str
        Constat, forme attendue et suite à donner.
    """

    place: Place
    message: str


def inconsistencies(data: Any) -> list[Inconsistency]:
    """Désaccords d’une fiche, même incomplète ou fautive par ailleurs.

    Parameters
    ----------
    data : object
        Fiche lue, avant ou après le contrôle de sa forme.

    Returns
    -------
    list of Inconsistency
        Tous les désaccords, dans l’ordre de la fiche.

    Examples
    --------
    >>> found = inconsistencies({"cout": {"tranche": "moins-de-10000", "montant_euros": 50_000}})
    >>> found[0].place
    ('cout', 'tranche')
    """
    if not isinstance(data, dict):
        return []
    return [*_population(data), *_amount(data), *_dates(data), *_sources(data), *_texts(data)]


def _population(data: dict[str, Any]) -> Iterator[Inconsistency]:
    situation = _mapping(data.get("situation"))
    places = situation.get("collectivites")
    places = [_mapping(item) for item in places] if isinstance(places, list) else []
    for index, item in enumerate(places):
        if isinstance(item.get("population"), int) and not item.get("source"):
            yield Inconsistency(
                ("situation", "collectivites", index, "source"),
                "une population sans source : citez la source, ou laissez la population vide",
            )
    size = situation.get("taille")
    if len(places) != 1 or size not in SIZES or size in (UNKNOWN, "sans-objet"):
        return
    people = places[0].get("population")
    if isinstance(people, int) and people > 0 and size_of(people) != size:
        yield Inconsistency(
            ("situation", "taille"),
            f"la taille « {size} » ne contient pas la population indiquée ({people} habitants) : "
            f"écrivez « {size_of(people)} », ou corrigez la population",
        )


def _amount(data: dict[str, Any]) -> Iterator[Inconsistency]:
    cost = _mapping(data.get("cout"))
    amount, band = cost.get("montant_euros"), cost.get("tranche", UNKNOWN)
    if not isinstance(amount, int | float) or isinstance(amount, bool) or amount < 0 or band not in COSTS:
        return
    if cost_of(amount) != band:
        yield Inconsistency(
            ("cout", "tranche"),
            f"la tranche « {band} » ne contient pas le montant indiqué ({amount:.0f} €) : écrivez "
            f"« {cost_of(amount)} », ou retirez le montant si les sources se contredisent",
        )


def _dates(data: dict[str, Any]) -> Iterator[Inconsistency]:
    dates = _mapping(_mapping(data.get("complements")).get("calendrier"))
    start, end = str(dates.get("debut") or ""), str(dates.get("fin") or "")
    if start and end and end < start[: len(end)]:
        yield Inconsistency(
            ("complements", "calendrier", "fin"), f"la fin ({end}) précède le début ({start}) : corrigez l’un des deux"
        )


def _sources(data: dict[str, Any]) -> Iterator[Inconsistency]:
    listed = data.get("sources")
    known: set[str] = set()
    for index, item in enumerate(listed if isinstance(listed, list) else []):
        key = _mapping(item).get("cle")
        if isinstance(key, str) and key in known:
            yield Inconsistency(("sources", index, "cle"), f"la clé « {key} » sert déjà : donnez-en une autre")
        known |= {key} if isinstance(key, str) else set()
    for place, keys in _cited(data, ()):
        for key in keys:
            if key not in known:
                given = f" Clés connues : {', '.join(sorted(known))}" if known else " La liste « sources » est vide"
                yield Inconsistency(
                    place, f"la source « {key} » n’est pas dans la liste « sources » de la fiche : ajoutez-la.{given}"
                )


def _cited(value: Any, place: Place) -> Iterator[tuple[Place, list[str]]]:
    """Chaque liste de clés citées, avec le chemin de son champ."""
    if isinstance(value, dict):
        for key, inside in value.items():
            here = (*place, str(key))
            if key == "source":
                keys = [inside] if isinstance(inside, str) else inside if isinstance(inside, list) else []
                yield here, [item for item in keys if isinstance(item, str) and item != UNKNOWN]
            elif place or key != "sources":
                yield from _cited(inside, here)
    elif isinstance(value, list):
        for index, inside in enumerate(value):
            yield from _cited(inside, (*place, index))


def _texts(data: dict[str, Any]) -> Iterator[Inconsistency]:
    for place, value in walk_strings(data):
        if place[-1] == "url":
            continue
        if place[-1] in _DAYS and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value) and not _is_day(value):
            yield Inconsistency(place, f"« {value} » n’existe pas dans le calendrier : corrigez le jour ou le mois")
        if found := _personal_part(value):
            yield Inconsistency(
                place,
                f"« {found} » ressemble à une adresse électronique ou à un numéro de téléphone : une fiche "
                "est publiée, donnez plutôt l’adresse d’une page de contact",
            )
        if _FORMULA.match(value):
            yield Inconsistency(
                place,
                "ce texte commence comme une formule de tableur : mettez un mot devant, ou des guillemets français",
            )


def _personal_part(text: str) -> str:
    # Chercher « @ » d’abord : l’expression relirait chaque mot sinon.
    found = (_MAIL.search(text) if "@" in text else None) or _PHONE.search(text)
    return found.group() if found else ""


def _is_day(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def walk_strings(value: Any, place: Place = ()) -> Iterator[tuple[Place, str]]:
    """Chaque texte d’une donnée imbriquée, avec son chemin.

    Parameters
    ----------
    value : object
        Donnée.
    place : tuple
        Chemin déjà parcouru.

    Yields
    ------
    tuple
        Chemin et texte.
    """
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict):
        for key, inside in value.items():
            yield from walk_strings(inside, (*place, str(key)))
    elif isinstance(value, list):
        for index, inside in enumerate(value):
            yield from walk_strings(inside, (*place, index))
