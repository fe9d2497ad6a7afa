"""La méthode sur les contributions d’une collectivité : des groupes, des copies, et surtout quoi lire à la main.

Aucun texte n’est recopié dans le résultat : il donne des numéros de ligne, à retrouver dans le fichier.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from formation.citoyens import grouping, own_reading, reading
from formation.citoyens.grouping import Grouping
from formation.citoyens.own_reading import MINIMUM, OwnTexts
from formation.citoyens.texts import Copies, copies
from formation.errors import DonneesInvalides, Problem
from formation.numbers import number, plural
from formation.reports.own_result import OwnResult

ENOUGH = 60
"""Textes distincts au-dessous desquels on ne regroupe rien : on lit."""
MANY = 2000
"""Textes à regrouper à partir desquels le calcul est assez long pour dire où il en est."""
CENTRAL, APART, SAMPLE = 5, 20, 40
RARE = 0.02
"""Part des textes qui porte l’opinion rare donnée en exemple."""
KIND = "contributions"
OTHERS = "petits groupes, réunis"
_MASK = re.compile(r"\[[^\[\]]* masquée?\]")
"""Mot mis à la place d’un courriel ou d’un téléphone : il ne dit rien de l’avis, et ferait un groupe à lui seul."""


def analyse(
    file: str | Path,
    *,
    text: str | None = None,
    channel: str | None = None,
    groups: int | None = None,
    seed: int = 447,
    progress: Callable[[int, int, str], None] | None = None,
) -> OwnResult:
    """Range les contributions d’un fichier en groupes, et dit lesquelles lire.

    Parameters
    ----------
    file : str or Path
        Contributions : une colonne de textes, une par ligne. CSV, TSV, XLSX ou ODS.
    text, channel : str, optional
        Colonnes du texte et du canal, si elles ne sont pas reconnues.
    groups : int, optional
        Nombre de groupes ; par défaut, choisi sur des textes laissés de côté.
    seed : int
        Graine des tirages.
    progress : callable, optional
        Reçoit l’avancement, à partir de 2 000 textes : rang de l’étape, nombre d’étapes, ce qui se fait.

    Returns
    -------
    formation.reports.own_result.OwnResult
        Groupes d’au moins cinq textes, copies, lignes à lire, remarques. Rien n’est écrit.

    Raises
    ------
    formation.errors.DonneesInvalides
        Si le fichier n’est pas utilisable, s’il est trop court pour être regroupé, ou s’il contient un numéro de
        sécurité sociale.
    """
    read = own_reading.read(file, text=text, channel=channel, seed=seed)
    return study(read, groups, seed, Path(file).name, progress=progress)


def study(
    read: OwnTexts,
    count: int | None,
    seed: int,
    name: str,
    *,
    progress: Callable[[int, int, str], None] | None = None,
) -> OwnResult:
    """Comme :func:`analyse`, sur des contributions déjà lues.

    Parameters
    ----------
    read : OwnTexts
        Contributions.
    count : int or None
        Nombre de groupes, ou rien pour le choisir.
    seed : int
        Graine.
    name : str
        Nom du fichier, pour les messages.
    progress : callable, optional
        Voir :func:`analyse`.

    Returns
    -------
    formation.reports.own_result.OwnResult
        Voir :func:`analyse`.
    """
    texts = [_MASK.sub(" ", text) for text in read.frame["texte"]]
    rows = grouping.usable(texts)
    if len(rows) < ENOUGH:
        raise DonneesInvalides(name, [_too_few(read, texts, len(rows))], read.remarks)
    if count is not None and not 2 <= count <= len(rows) // MINIMUM:
        raise DonneesInvalides(name, [_bad_count(count, len(rows))], read.remarks)
    try:
        # L’accord est mesuré pour le nombre demandé lui-même, pas pour un voisin.
        counts, tell = grouping.COUNTS if count is None else (count,), progress if len(rows) >= MANY else None
        stable = grouping.stability(texts, counts, seed=seed, progress=tell)
    except ValueError as error:
        raise DonneesInvalides(name, [Problem("rien_en_commun", str(error))], read.remarks) from error
    chosen = count or grouping.choose(stable)
    found, family = grouping.group(texts, chosen, seed), copies(texts)
    lines = read.frame["ligne"].to_numpy()
    table = _groups(texts, lines, found, family)
    agreement = float(stable.set_index("groupes")["accord"][chosen])
    hours = reading.hours(texts) * read.received / len(texts)
    facts = {
        "fichier": name,
        "contributions": read.received,
        "etudiees": len(texts),
        "textes_distincts": int(family.first.sum()),
        "regroupes": len(rows),
        "groupes": chosen,
        "accord": agreement,
        "heures_lecture": hours,
        "lignes_a_lire": _sample(read, texts, seed),
        "lignes_petits_groupes": [int(line) for line in lines[np.isin(found.label, _small(found))]],
        "lignes_mal_rangees": sorted(int(line) for line in lines[found.farthest(APART)]),
    }
    return OwnResult(
        KIND, table, _conclusion(facts), [*read.remarks, *_remarks(facts, read)], facts, _families(lines, family)
    )


def _too_few(read: OwnTexts, texts: list[str], usable: int) -> Problem:
    family, lines = copies(texts), read.frame["ligne"].to_numpy()
    once = [text for text, first in zip(texts, family.first, strict=True) if first]
    minutes = max(1, round(60 * reading.hours(once)))
    copied = "".join(
        f" {number(int(family.size[row]))} contributions presque identiques, dont la ligne {lines[row]} : "
        "lisez-la une fois, comptez-les à part."
        for row in family.families(MINIMUM)
    )
    return Problem(
        "trop_peu",
        f"{plural(usable, 'texte distinct', 'textes distincts')} de quatre mots et plus : il en faut {ENOUGH} pour que "
        f"des groupes aient un sens. Lisez plutôt le fichier entier : environ "
        f"{plural(minutes, 'minute')} pour une personne{', copies lues une fois' if copied else ''}.{copied}",
    )


def _bad_count(count: int, usable: int) -> Problem:
    most = usable // MINIMUM
    return Problem(
        "nombre_de_groupes",
        f"{plural(count, 'groupe demandé', 'groupes demandés')} pour "
        f"{plural(usable, 'texte distinct', 'textes distincts')}\u00a0: choisissez entre 2 et {most}, pour garder au "
        f"moins {MINIMUM} textes par groupe en moyenne, par exemple --groupes {min(8, most)}.",
    )


def _groups(
    texts: list[str], lines: np.ndarray[tuple[int], np.dtype[np.int64]], found: Grouping, family: Copies
) -> pd.DataFrame:
    """Groupes d’au moins cinq textes distincts ; les autres sont réunis, eux aussi à cinq au moins."""
    small = _small(found)
    words = grouping.own_words(texts, found, minimum=MINIMUM)
    received = found.label[family.leader]
    table = []
    for rank in range(found.count):
        if rank in small:
            continue
        central = sorted(int(line) for line in lines[found.members(rank)[:CENTRAL]])
        shown = ", ".join(words[rank]) or "aucun mot partagé par cinq textes"
        table.append(
            {
                "groupe": str(rank + 1),
                "textes": int(found.sizes[rank]),
                "recues": int((received == rank).sum()),
                "mots": shown,
                "lignes": ", ".join(map(str, central)),
            }
        )
    if small:
        count = int(found.sizes[small].sum())
        received_count = int(np.isin(received, small).sum())
        table.append(
            {"groupe": OTHERS, "textes": count, "recues": received_count, "mots": "—", "lignes": "voir plus bas"}
        )
    return pd.DataFrame(table)


def _small(found: Grouping) -> list[int]:
    """Groupes trop petits pour être montrés seuls, réunis à cinq textes au moins."""
    small = [rank for rank in range(found.count) if found.sizes[rank] < MINIMUM]
    while small and found.sizes[small].sum() < MINIMUM and len(small) < found.count:
        small.insert(0, min(small) - 1)
    return small


def _families(lines: np.ndarray[tuple[int], np.dtype[np.int64]], family: Copies) -> pd.DataFrame:
    rows = family.families(MINIMUM)
    return pd.DataFrame(
        [{"copies": int(family.size[row]), "ligne": int(lines[row])} for row in rows], columns=["copies", "ligne"]
    )


def _sample(read: OwnTexts, texts: list[str], seed: int) -> list[int]:
    # Une copie n’apprend rien de plus à qui a lu l’original.
    rows = np.flatnonzero(copies(texts).first)
    picked = reading.by_channel(read.frame["canal"].to_numpy()[rows], min(SAMPLE, len(rows)), seed)
    return sorted(int(line) for line in read.frame["ligne"].to_numpy()[rows[picked]])


def _conclusion(facts: dict[str, Any]) -> str:
    size, hours = int(facts["textes_distincts"]), float(facts["heures_lecture"])
    bearers = max(1, round(RARE * size))
    needed, chance = reading.needed(bearers, size), reading.chance_of_seeing(bearers, size, min(SAMPLE, size))
    first = (
        f"Tout lire prend environ {number(hours, 1)} h à une personne. C’est la seule façon de ne perdre aucune voix."
        if hours <= 16
        else f"Tout lire prend environ {number(hours)} h : partagez-les entre plusieurs personnes, ou tirez au sort."
    )
    return "\n".join(
        [
            first,
            f"Une opinion portée par {plural(bearers, 'texte')} sur {number(size)} a {number(100 * chance)} chances "
            f"sur 100 d’être vue dans {SAMPLE} textes tirés au sort ; il faut en lire {number(needed)} pour la voir "
            "19 fois sur 20.",
            f"Les groupes ci-dessous aident à classer ce que vous lisez ; ils ne le remplacent pas. Accord de deux "
            f"regroupements sur des textes jamais vus : {number(float(facts['accord']), 2)} sur 1.",
        ]
    )


def _remarks(facts: dict[str, Any], read: OwnTexts) -> list[str]:
    by_channel = " (à parts égales entre les canaux)" if read.has_channel else ""
    remarks = [
        "Les numéros de ligne sont ceux du fichier ouvert dans un tableur ; l’en-tête compte.",
        f"Lignes tirées au sort à lire{by_channel} : {', '.join(map(str, facts['lignes_a_lire']))}.",
    ]
    remarks.append(
        f"Lignes que leur groupe représente le moins bien, à lire aussi : "
        f"{', '.join(map(str, facts['lignes_mal_rangees']))}."
    )
    if facts["lignes_petits_groupes"]:
        remarks.append(
            f"Lignes des petits groupes, à lire toutes : {', '.join(map(str, facts['lignes_petits_groupes']))}."
        )
    if not read.has_channel:
        remarks.append("Le fichier ne dit pas par quel canal chaque texte est arrivé : ajoutez une colonne « canal ».")
    return remarks
