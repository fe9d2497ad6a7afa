"""Simulation des contributions : ce que 400 habitants qui n’existent pas diraient de l’IA dans les services d’Aubeline.

Une grammaire écrit les textes, un hasard les abîme. Ce que chaque texte porte (thèmes, avis, ironie, forme) est noté à
mesure, dans une seconde table : aucune commune n’en dispose. Tous les paramètres sont des hypothèses pédagogiques.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from formation.citoyens.generator.grammar import expand, phrases, tidy
from formation.citoyens.generator.noise import misspell, shorten
from formation.letters import without_accents

if TYPE_CHECKING:
    from formation.territory import Territory

ROOT_SEED = 447
MEETING, PAPER, ONLINE, PHONE = CHANNELS = ("réunion", "papier", "formulaire en ligne", "téléphone retranscrit")
FOR, AGAINST, MIXED, ASK, NONE = OPINIONS = ("pour", "contre", "partagé", "demande", "aucun")
FREE, BRIEF, OFF_TOPIC, CAMPAIGN, TWICE = FORMS = ("libre", "courte", "hors sujet", "campagne", "doublon")
MAX_THEMES = 3
_SEPARATOR = ";"
_SAID = re.compile(r"[,.](?= )|,| ?\?| :(?= )")
"""Ponctuation que l’on n’entend pas au téléphone."""


@dataclass(frozen=True)
class Parameters:
    """Hypothèses de la simulation.

    Attributes
    ----------
    size : int
        Contributions.
    brief, off_topic, twice : int
        Réponses de quelques mots, textes sans rapport, textes envoyés deux fois par la même personne.
    irony : float
        Part des textes libres dont la première phrase est ironique.
    several : tuple of float
        Parts des textes libres qui portent un, deux, trois thèmes.
    channels, minority_channels : tuple of float
        Parts des canaux, dans l’ordre de `CHANNELS` ; les voix minoritaires écrivent peu en ligne.
    typing : tuple of float
        Part des mots abîmés, par canal.
    start, days : str, int
        Premier jour de la consultation, et durée.
    """

    size: int = 400
    brief: int = 26
    off_topic: int = 20
    twice: int = 8
    irony: float = 0.09
    several: tuple[float, ...] = (0.50, 0.37, 0.13)
    channels: tuple[float, ...] = (0.20, 0.15, 0.47, 0.18)
    minority_channels: tuple[float, ...] = (0.24, 0.31, 0.10, 0.35)
    typing: tuple[float, ...] = (0.01, 0.03, 0.07, 0.03)
    start: str = "2025-09-15"
    days: int = 42


def simulate(territory: Territory, *, seed: int = ROOT_SEED) -> dict[str, pd.DataFrame]:
    """Simule les contributions et ce qu’on y a mis.

    Parameters
    ----------
    territory : Territory
        Territoire : table `communes`.
    seed : int
        Graine ; la même donne le même contenu.

    Returns
    -------
    dict of str to DataFrame
        Tables `contributions` et `verite`, une ligne par contribution, dans le même ordre.

    Examples
    --------
    >>> from formation.territory import load_territory
    >>> len(simulate(load_territory(), seed=1)["contributions"])
    400
    """
    p, rng = Parameters(), np.random.default_rng(np.random.SeedSequence([seed, zlib.crc32(b"citoyens")]))
    rows = [_brief(p, rng) for _ in range(p.brief)] + [_off_topic(p, rng) for _ in range(p.off_topic)]
    rows += [row for campaign in phrases()["campagnes"] for row in _campaign(campaign, p, rng)]
    rows += [_free(p, rng) for _ in range(p.size - p.twice - len(rows))]
    again = [row for row in rows if row["forme"] == FREE]
    picked = rng.choice(len(again), p.twice, replace=False)
    rows += [again[rank] | {"forme": TWICE, "jour": again[rank]["jour"] + 1} for rank in picked]
    frame = pd.DataFrame(rows).iloc[rng.permutation(len(rows))].sort_values("jour", kind="stable", ignore_index=True)
    frame.insert(0, "id_contribution", [f"C{rank:03d}" for rank in range(1, len(frame) + 1)])
    frame["date"] = pd.Timestamp(p.start) + pd.to_timedelta(frame["jour"].clip(upper=p.days - 1), unit="D")
    frame["code_commune"] = _towns(frame, territory.communes, rng)
    themes = frame["themes"].str.split(_SEPARATOR, expand=True).reindex(columns=range(MAX_THEMES))
    for rank in range(MAX_THEMES):
        frame[f"theme_{rank + 1}"] = themes[rank].replace("", np.nan).astype(object)
    truth = ["id_contribution", "theme_1", "theme_2", "theme_3", "avis", "ironie", "minoritaire", "forme"]
    return {
        "contributions": frame[["id_contribution", "code_commune", "canal", "date", "texte"]],
        "verite": frame[truth].astype({"ironie": np.int8, "minoritaire": np.int8}),
    }


def _row(channel: str, text: str, day: int, **known: Any) -> dict[str, Any]:
    base = {"themes": "", "avis": NONE, "ironie": 0, "minoritaire": 0, "forme": FREE}
    return base | {"canal": channel, "texte": text, "jour": day} | known


def _day(p: Parameters, rng: np.random.Generator) -> int:
    # Beaucoup de réponses au début et à la fin, comme dans toute consultation.
    return int(p.days * rng.beta(0.7, 0.8)) % p.days


def _channel(p: Parameters, rng: np.random.Generator, *, minority: bool = False) -> str:
    return str(rng.choice(CHANNELS, p=p.minority_channels if minority else p.channels))


def _brief(p: Parameters, rng: np.random.Generator) -> dict[str, Any]:
    grammar = phrases()
    text = grammar["courtes"][rng.integers(len(grammar["courtes"]))]
    channel = str(rng.choice((PAPER, ONLINE), p=(0.25, 0.75)))
    return _row(channel, text, _day(p, rng), avis=grammar["avis_courtes"].get(text, NONE), forme=BRIEF)


def _off_topic(p: Parameters, rng: np.random.Generator) -> dict[str, Any]:
    listed, channel = phrases()["hors_sujet"], _channel(p, rng)
    text = _dress(expand(listed[rng.integers(len(listed))], rng), channel, p, rng)
    return _row(channel, text, _day(p, rng), forme=OFF_TOPIC)


def _campaign(campaign: dict[str, Any], p: Parameters, rng: np.random.Generator) -> list[dict[str, Any]]:
    first, rows = int(rng.integers(p.days // 3, 2 * p.days // 3)), []
    for _ in range(campaign["taille"]):
        text = campaign["texte"]
        for words in campaign["variantes"]:
            if rng.random() < 0.3:
                text = text.replace(words[0], words[rng.integers(len(words))], 1)
        text = misspell(tidy(text), 0.02 if rng.random() < 0.3 else 0.0, rng)
        text += campaign["ajouts"][rng.integers(len(campaign["ajouts"]))]
        channel = str(rng.choice((ONLINE, PAPER), p=(0.85, 0.15)))
        known = {"themes": campaign["theme"], "avis": campaign["avis"], "forme": CAMPAIGN}
        rows.append(_row(channel, text, first + int(rng.integers(5)), **known))
    return rows


def _free(p: Parameters, rng: np.random.Generator) -> dict[str, Any]:
    grammar = phrases()
    ironic = bool(rng.random() < p.irony)
    themes = _themes(p, rng, tuple(grammar["ironie"]) if ironic else ())
    minority = any(grammar["themes"][name].get("minoritaire") for name in themes)
    parts: list[str] = []
    opinions: list[str] = []
    for rank, name in enumerate(themes):
        if ironic and not rank:
            listed, opinion = grammar["ironie"][name], AGAINST
        else:
            listed, opinion = _sentences(grammar["themes"][name], opinions[0] if opinions else None, rng)
        parts.append(expand(listed[rng.integers(len(listed))], rng))
        opinions.append(opinion)
    channel = _channel(p, rng, minority=minority)
    text = parts[0]
    for before, opinion, part in zip(opinions, opinions[1:], parts[1:], strict=False):
        links = grammar["liens"]["même" if before == opinion else "autre"]
        text += links[rng.integers(len(links))] + part
    known = {"themes": _SEPARATOR.join(themes), "avis": _opinion(opinions), "ironie": int(ironic)}
    hard = 2.5 if "langue" in themes else 1.0
    return _row(channel, _dress(text, channel, p, rng, hard), _day(p, rng), minoritaire=int(minority), **known)


def _themes(p: Parameters, rng: np.random.Generator, ironic: tuple[str, ...]) -> list[str]:
    every = phrases()["themes"]
    names, weights = list(every), np.array([theme["poids"] for theme in every.values()])
    count = 1 + int(rng.choice(len(p.several), p=p.several))
    first = str(rng.choice(ironic)) if ironic else str(rng.choice(names, p=weights / weights.sum()))
    chosen = [first]
    if count > 1 and every[first].get("minoritaire") and rng.random() < 0.5:
        # Qui n’a pas internet parle aussi du guichet : sa voix se noie dans un thème plus gros.
        chosen.append("accueil")
    while len(chosen) < count:
        left = np.where([name in chosen for name in names], 0.0, weights)
        chosen.append(str(rng.choice(names, p=left / left.sum())))
    return chosen


def _sentences(theme: dict[str, Any], before: str | None, rng: np.random.Generator) -> tuple[list[str], str]:
    """Phrases d’un thème pour un avis tiré au sort, le plus souvent celui de la phrase d’avant."""
    kinds = [kind for kind in (FOR, AGAINST, "attente") if theme.get(kind)]
    size = np.array([len(theme[kind]) for kind in kinds], dtype=float)
    if before in kinds:
        size[kinds.index(before)] *= 2
    kind = str(rng.choice(kinds, p=size / size.sum()))
    return theme[kind], kind


def _opinion(opinions: list[str]) -> str:
    said = {opinion for opinion in opinions if opinion in (FOR, AGAINST)}
    return said.pop() if len(said) == 1 else MIXED if said else ASK


def _dress(text: str, channel: str, p: Parameters, rng: np.random.Generator, hard: float = 1.0) -> str:
    """Habille un texte selon son canal : formules, majuscules, ponctuation, fautes."""
    grammar, rank = phrases(), CHANNELS.index(channel)
    starts, ends = grammar["debuts"][channel], grammar["fins"][channel]
    text = tidy(starts[rng.integers(len(starts))] + text + ends[rng.integers(len(ends))])
    text = misspell(text, min(0.5, hard * p.typing[rank] * rng.gamma(1.0, 1.0)), rng)
    if channel == PHONE:
        return _SAID.sub("", text.lower())
    if channel == ONLINE and rng.random() < 0.25:
        text = shorten(text, 0.6, rng)
    if channel == ONLINE and rng.random() < 0.25:
        text = without_accents(text)
    if channel != MEETING and rng.random() < 0.04:
        return text.upper()
    if channel == ONLINE and rng.random() < 0.35:
        return text
    text = text[0].upper() + text[1:]
    return text if text[-1] in ".!?)" else f"{text}."


def _towns(frame: pd.DataFrame, communes: pd.DataFrame, rng: np.random.Generator) -> list[str]:
    """Commune de chaque contribution ; l’éloignement vient des petites communes."""
    codes, people = communes["code_commune"].to_numpy(str), communes["population"].to_numpy(float)
    small = np.where(people < 3000, people, 0.0)
    far = frame["themes"].str.contains("eloignement")
    return [str(rng.choice(codes, p=(w := small if remote else people) / w.sum())) for remote in far]
