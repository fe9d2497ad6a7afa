"""Sources citées par une grille, écrites en clair dans la fiche."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

import yaml

_PACKAGE = Path(__file__).resolve().parents[1]
_PLACES = (_PACKAGE.parents[1] / "book" / "sources.yml", _PACKAGE / "_sources.yml")


@lru_cache(maxsize=2)
def _read(path: Path, _state: int) -> dict[str, str]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    entries = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 — données simples
    found = {}
    for entry in entries:
        url = str(entry.get("url") or "")
        url = url if not url or url.startswith("http") else f"https://{url}"
        parts = [entry["titre"], entry["auteur_editeur"], str(entry.get("date") or ""), url]
        if entry.get("lu") == "secondaire":
            parts.append("citée d’après une autre source")
        found[str(entry["cle"])] = ", ".join(part for part in parts if part)
    return found


def described(keys: Iterable[str]) -> dict[str, str]:
    """Référence complète de chaque source.

    Parameters
    ----------
    keys : iterable of str
        Clés de `book/sources.yml`.

    Returns
    -------
    dict
        Titre, éditeur, date et adresse, par clé ; une clé inconnue renvoie à la page des sources du livre.

    Examples
    --------
    >>> "Sénat" in described(["S3"])["S3"]
    True
    """
    path = next((place for place in _PLACES if place.is_file()), None)
    known = _read(path, path.stat().st_mtime_ns) if path else {}
    return {key: known.get(key, "voir la page « Sources » du livre") for key in keys}


def grouped(articles: Sequence[str]) -> list[str]:
    """Articles à la suite, où un texte déjà nommé juste avant n’est pas répété.

    Parameters
    ----------
    articles : sequence of str
        Articles, le texte d’abord.

    Returns
    -------
    list of str
        Les mêmes, dans le même ordre.

    Examples
    --------
    >>> grouped(["RGPD, art. 4, point 7", "RGPD, art. 24", "CRPA, art. L. 311-3-1"])
    ['RGPD, art. 4, point 7', 'art. 24', 'CRPA, art. L. 311-3-1']
    """
    found = []
    for before, name in zip(["", *articles], articles, strict=False):
        text = name.split(", ", 1)[0] + ", "
        found.append(name.removeprefix(text) if before.startswith(text) else name)
    return found
