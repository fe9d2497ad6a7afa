"""Écrire un nombre à la française, dans une phrase, une figure ou un tableau."""

from __future__ import annotations

THIN, WIDE = "\u202f", "\u00a0"


def number(value: float, digits: int = 0) -> str:
    """Nombre avec virgule décimale et espace fine entre les milliers.

    Parameters
    ----------
    value : float
        Valeur.
    digits : int
        Chiffres après la virgule.

    Returns
    -------
    str
        Texte, par exemple « 1 234,5 » (espace fine insécable).

    Examples
    --------
    >>> number(0.5, 1)
    '0,5'
    """
    text = f"{value:,.{digits}f}".replace(",", THIN).replace(".", ",")
    return text.replace("-", "−")


def shortest(value: float, *, grouped: bool = False) -> str:
    """Nombre avec virgule décimale, sans décimale inutile.

    Parameters
    ----------
    value : float
        Valeur, écrite avec dix chiffres significatifs au plus.
    grouped : bool
        Vrai pour séparer les milliers par une espace fine : à l’écran, pas dans un fichier.

    Returns
    -------
    str
        Texte, par exemple « 0,075 » ou « 300 ».

    Examples
    --------
    >>> shortest(0.075), shortest(300.0), shortest(1234.5, grouped=True)
    ('0,075', '300', '1\u202f234,5')
    """
    text = f"{value:,.10g}" if grouped else f"{value:.10g}"
    return text.replace(",", THIN).replace(".", ",")


def percent(share: float, digits: int = 0) -> str:
    """Part écrite en pour cent.

    Parameters
    ----------
    share : float
        Part, 1 = 100 %.
    digits : int
        Chiffres après la virgule.

    Returns
    -------
    str
        Texte, par exemple « 20 % » (espace insécable).

    Examples
    --------
    >>> percent(0.2).replace(WIDE, " ")
    '20 %'
    """
    return f"{number(100 * share, digits)}{WIDE}%"


def plural(count: float, singular: str, many: str | None = None) -> str:
    """Nombre suivi du nom accordé.

    Parameters
    ----------
    count : float
        Quantité ; le pluriel commence à deux.
    singular : str
        Nom au singulier.
    many : str, optional
        Nom au pluriel ; par défaut, un s.

    Returns
    -------
    str
        Texte, par exemple « 3 fuites ».

    Examples
    --------
    >>> plural(1, "fuite").replace(WIDE, " "), plural(3, "fuite").replace(WIDE, " ")
    ('1 fuite', '3 fuites')
    """
    return f"{number(count)}{WIDE}{singular if abs(count) < 2 else many or singular + 's'}"


def points(gap: float) -> str:
    """Écart entre deux parts, en points.

    Parameters
    ----------
    gap : float
        Différence de deux parts, 1 = 100 points.

    Returns
    -------
    str
        Texte, par exemple « 4 points » : un écart entre deux petits groupes n’a pas de décimale à dire.

    Examples
    --------
    >>> points(0.035).replace(WIDE, " "), points(-0.01).replace(WIDE, " ")
    ('4 points', '−1 point')
    """
    return plural(round(100 * gap), "point")


def day(iso: str) -> str:
    """Date écrite à la française.

    Parameters
    ----------
    iso : str
        Date, année d’abord.

    Returns
    -------
    str
        Jour d’abord.

    Examples
    --------
    >>> day("2026-11-22")
    '22/11/2026'
    """
    return "/".join(reversed(iso.split("-")))


_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip


def long_day(iso: str) -> str:
    """Date écrite en toutes lettres.

    Parameters
    ----------
    iso : str
        Date, année d’abord.

    Returns
    -------
    str
        Jour, nom du mois, année.

    Examples
    --------
    >>> long_day("2026-11-22").replace(WIDE, " "), long_day("2027-08-01").replace(WIDE, " ")
    ('22 novembre 2026', '1er août 2027')
    """
    year, month, number_in_month = map(int, iso.split("-"))
    return f"{'1er' if number_in_month == 1 else number_in_month}{WIDE}{_MONTHS[month - 1]}{WIDE}{year}"


def duration(minutes: int) -> str:
    r"""Durée en heures et minutes.

    Parameters
    ----------
    minutes : int
        Minutes.

    Returns
    -------
    str
        Texte, espaces insécables.

    Examples
    --------
    >>> [duration(one).replace("\u00a0", " ") for one in (210, 420, 45, 0)]
    ['3 h 30', '7 h', '45 min', '0 h']
    """
    hours, rest = divmod(minutes, 60)
    if rest and not hours:
        return f"{rest}\u00a0min"
    return f"{hours}\u00a0h\u00a0{rest:02d}" if rest else f"{hours}\u00a0h"
