"""Colonnes qui ont l’air de données personnelles : d’après leur nom, d’après ce qu’elles contiennent."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from formation import datasets
from formation.errors import LINES_SHOWN, Problem
from formation.numbers import plural

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


def problems(found: list[Found], lines: NDArray[np.int64], *, accepted: bool) -> list[Problem]:
    """Refus d’écrire ces colonnes ; aucune valeur n’est montrée.

    Parameters
    ----------
    found : list of Found
        Colonnes reconnues.
    lines : ndarray of int
        Numéros des lignes du fichier.
    accepted : bool
        Vrai si l’utilisateur a choisi de les garder ; un numéro de sécurité sociale est refusé quand même.

    Returns
    -------
    list of Problem
        Un problème par colonne.
    """
    refused = []
    for item in found:
        if accepted and item.kind != NIR:
            continue
        where = item.rows[:LINES_SHOWN]
        numbers = tuple(int(lines[row]) for row in where)
        refused.append(Problem("donnee_personnelle", _why(item), item.column, numbers, (), max(len(item.rows), 1)))
    return refused


def _why(item: Found) -> str:
    seen = f" dans {plural(len(item.rows), 'case')}" if len(item.rows) else ", d’après son nom"
    start = f"cette colonne contient {item.what}{seen} (valeurs non affichées)."
    if item.kind == NIR:
        return (
            f"{start} Son usage est réservé aux cas que fixe le décret n°\u00a02019-341 : l’outil ne l’écrit jamais. "
            f"Retirez la colonne : --sans {item.column}."
        )
    return (
        f"{start} Joindre deux fichiers de ce genre crée un fichier de plus sur des personnes. Retirez la colonne si "
        f"elle ne sert pas à la question : --sans {item.column}. Sinon, inscrivez le traitement au registre, voyez le "
        "délégué à la protection des données, puis choisissez --accepter-donnees-personnelles (écrit dans le compte "
        "rendu)."
    )


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
