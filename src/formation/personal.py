"""Ce qui a l’air d’une donnée personnelle : une colonne, d’après son nom ou ses cases ; un bout de texte à masquer."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from formation import datasets

NIR = "nir"
_PEOPLE = "usager|abonne|eleve|agent|patient|allocataire|beneficiaire|habitant|foyer|client|personne|enfant|adherent"
_NAMES = (
    (NIR, "un numéro de sécurité sociale", re.compile(r"(?:.*_)?nir|num(?:ero)?_(?:de_)?secu.*")),
    ("courriel", "une adresse de courriel", re.compile(r"(?:.*_)?(?:e_?mail|mail|courriel|mel)(?:_.*)?")),
    ("telephone", "un numéro de téléphone", re.compile(r"(?:.*_)?(?:telephone|tel|portable)(?:_.*)?")),
    ("naissance", "une date de naissance", re.compile(r"(?:date_)?(?:de_)?naissance.*|ddn|date_naiss.*")),
    ("prenom", "un prénom", re.compile(r"prenoms?(?:_.*)?|(?:.*_)prenoms?")),
    ("nom", "un nom de personne", re.compile(
        rf"nom_(?:de_)?(?:famille|naissance|usage|contact|responsable|{_PEOPLE})s?"
    )),
    ("civilite", "une civilité", re.compile("civilite")),
    ("adresse", "une adresse", re.compile(r"adresse(?:_postale|_complete|_1|_ligne.*)?|numero_voie|num_voie")),
    ("iban", "un compte bancaire", re.compile(r"(?:.*_)?(?:iban|rib)")),
    ("plaque", "une plaque d’immatriculation", re.compile(r"(?:plaque|immatriculation).*")),
    ("identifiant", "l’identifiant d’une personne", re.compile(
        rf"(?:id|ident|identifiant|num|numero|code|matricule)_(?:.*_)?(?:{_PEOPLE})s?(?:_.*)?"
    )),
)  # fmt: skip
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_PHONE = re.compile(r"(?<!\d)(?:(?:\+|00)33[ .-]?[1-9]|0[1-9])(?:([ .-])\d\d)(?:\1\d\d){3}(?!\d)")
_PHONE_ALONE = re.compile(r"(?:(?:\+|00)33|0)[1-9]\d{8}")
_NIR = re.compile(r"([12]\d{2}(?:0[1-9]|1[0-2]|[2-9]\d)(?:\d\d|2[AB])\d{6})(\d\d)")
_IBAN = re.compile(r"FR\d{2}[A-Z0-9]{23}")
_HASH = re.compile(r"[0-9a-fA-F]{32}|[0-9a-fA-F]{40}|[0-9a-fA-F]{64}")
# genre : ce que c’est, et nombre de signes au-dessous duquel ce n’en est pas un
_CONTENT = {
    "courriel": ("une adresse de courriel", 6),
    "telephone": ("un numéro de téléphone", 10),
    NIR: ("un numéro de sécurité sociale", 15),
    "iban": ("un compte bancaire", 27),
    "empreinte": ("une empreinte (un identifiant haché reste une donnée personnelle)", 32),
}
_MOSTLY = 0.2
_COUNT = re.compile(r"(?:nb|nombre|part|taux|total|effectif)_.*")

_STREET = "rue|avenue|boulevard|impasse|allée|chemin|place|route|quai|cours|lotissement"
_MASKS = (
    ("courriel", "courriel masqué", _MAIL),
    (NIR, "numéro masqué", re.compile(
        r"(?<!\d)[12][ .]?\d\d[ .]?\d\d[ .]?(?:\d\d|2[AB])[ .]?\d{3}[ .]?\d{3}(?:[ .]?\d\d)?(?!\d)"
    )),
    ("iban", "compte masqué", re.compile(r"\b[A-Z]{2}\d\d(?: ?[A-Z0-9]{4}){5} ?[A-Z0-9]{1,3}\b")),
    ("telephone", "téléphone masqué", re.compile(
        r"(?<!\d)(?:(?:\+|00)33[ .-]?(?:\(0\))?[1-9]|0[1-9])(?:[ .-]?\d\d){4}(?!\d)"
    )),
    ("plaque", "plaque masquée", re.compile(r"\b[A-Z]{2}[- ]?\d{3}[- ]?[A-Z]{2}\b")),
    ("adresse", "adresse masquée", re.compile(rf"(?i)\b\d{{1,4}} ?(?:bis|ter)?,? (?:{_STREET})\b[^,.;!?\n]{{0,40}}")),
    ("nom", "nom masqué", re.compile(
        r"\b(?:M\.|Mme|Mlle|Mr|Monsieur|Madame|Docteur|Dr)\.? [A-ZÀ-Ý][\w’'-]+(?: [A-ZÀ-Ý][\w’'-]+){0,2}"
    )),
)  # fmt: skip


@dataclass(frozen=True)
class Found:
    """Colonne qui a l’air d’une donnée personnelle.

    Attributes
    ----------
    column : str
        Nom de la colonne.
    kind : str
        Genre, par exemple `courriel` ; `nir` pour un numéro de sécurité sociale.
    what : str
        Le même, en français.
    rows : ndarray of int
        Rangs des cases reconnues ; vide si c’est le nom de la colonne qui le dit.
    """

    column: str
    kind: str
    what: str
    rows: NDArray[np.int64]


def find(frame: pd.DataFrame) -> list[Found]:
    """Colonnes qui ont l’air de données personnelles. Une alerte, pas une preuve : l’absence d’alerte n’en est pas une.

    Parameters
    ----------
    frame : DataFrame
        Table en texte.

    Returns
    -------
    list of Found
        Une entrée par colonne, dans l’ordre du fichier.

    Examples
    --------
    >>> [found.kind for found in find(pd.DataFrame({"contact": ["accueil@example.org"], "nb_appels": ["3"]}))]
    ['courriel']
    """
    found = []
    for column in frame.columns:
        by_content = _content(frame[column])
        named = _named(datasets.simplify(str(column)))
        if by_content is not None:
            found.append(Found(str(column), *by_content))
        elif named is not None:
            found.append(Found(str(column), *named, np.empty(0, dtype=np.int64)))
    # « nom » seul est souvent celui d’une commune : il ne compte qu’à côté d’un prénom, d’un courriel…
    beside = {item.kind for item in found} - {"identifiant", "empreinte"}
    if beside:
        found += [
            Found(str(column), "nom", "un nom de personne", np.empty(0, dtype=np.int64))
            for column in frame.columns
            if datasets.simplify(str(column)) in ("nom", "noms", "nom_prenom")
        ]
    return found


def _named(name: str) -> tuple[str, str] | None:
    if _COUNT.fullmatch(name):
        return None
    return next(((kind, what) for kind, what, pattern in _NAMES if pattern.fullmatch(name)), None)


def _content(column: pd.Series) -> tuple[str, str, NDArray[np.int64]] | None:
    codes, unique = pd.factorize(column)
    texts = np.array([str(text) for text in unique], dtype=object)
    sizes = np.array([len(text) for text in texts], dtype=int)
    for kind, (what, shortest) in _CONTENT.items():
        # Un courriel ne tient pas dans trois signes : la longueur écarte presque toutes les cases.
        possible = np.flatnonzero(sizes >= shortest)
        hits = np.zeros(len(texts), dtype=bool)
        hits[possible] = [_is(kind, text) for text in texts[possible]]
        if not hits.any():
            continue
        rows = np.flatnonzero(np.append(hits, False)[codes])
        alone = kind in ("telephone", "empreinte") and not any(
            _PHONE.search(t) for t, hit in zip(texts, hits, strict=True) if hit
        )
        # Dix chiffres à la suite peuvent être un code : il en faut une bonne part pour y voir des téléphones.
        if not alone or len(rows) >= _MOSTLY * int(column.notna().sum()):
            return kind, what, rows
    return None


def _is(kind: str, text: str) -> bool:
    match kind:
        case "courriel":
            return "@" in text and _MAIL.search(text) is not None
        case "telephone":
            return _PHONE.search(text) is not None or _PHONE_ALONE.fullmatch(text) is not None
        case "nir":
            return _nir(text)
        case "iban":
            return _IBAN.fullmatch(re.sub(r"\s", "", text).upper()) is not None
        case _:
            return _HASH.fullmatch(text) is not None


def _nir(text: str) -> bool:
    """Quinze caractères dont les deux derniers sont la clé des treize premiers."""
    match = _NIR.fullmatch(re.sub(r"[\s.\u00a0\u202f]", "", text).upper())
    if match is None:
        return False
    body = match[1].replace("2A", "19").replace("2B", "18")
    return int(match[2]) == 97 - int(body) % 97


def mask(text: str) -> tuple[str, tuple[str, ...]]:
    """Masque dans un texte libre ce qui a l’air d’une donnée personnelle.

    Un nom sans civilité, un surnom, une situation reconnaissable ne se voient pas : masquer n’est pas anonymiser.

    Parameters
    ----------
    text : str
        Texte.

    Returns
    -------
    tuple
        Texte masqué, et genres de ce qui l’a été : `courriel`, `telephone`, `nir`, `iban`, `plaque`, `adresse`, `nom`.

    Examples
    --------
    >>> mask("Écrivez à accueil@example.org")
    ('Écrivez à [courriel masqué]', ('courriel',))
    """
    kinds = []
    for kind, word, pattern in _MASKS:
        text, count = pattern.subn(f"[{word}]", text)
        kinds += [kind] * bool(count)
    return text, tuple(kinds)
