"""Ce qui ferait trouver la bonne réponse sans savoir : une question à la fois, puis sur toute la banque."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import combinations

from formation.letters import without_accents
from formation.numbers import percent, points
from formation.questions.bank import Bank, Choice, Item

MINIMUM = 320
LENGTH_RATIO = 1.35
"""Rapport admis entre la réponse la plus longue et la plus courte d’une question."""
KEY_MARGIN = 1.25
"""Rapport admis entre la réponse juste et la plus proche des fausses."""
TOLERANCE = 0.04
"""Avantage qu’une ruse peut garder sur le hasard, toute la banque confondue."""
TWINS = 0.6
"""Part de mots communs au-delà de laquelle deux questions sont la même."""
ECHO = 3
"""Mots de l’énoncé que la réponse juste peut reprendre de plus que toutes les autres."""

_VERBS = """
    adapter appliquer associer attribuer calculer chercher chiffrer choisir citer classer comparer compter
    conclure convertir corriger dater decider decouper decrire deduire deplacer demander designer dire
    distinguer dresser ecarter ecrire employer enoncer estimer evaluer exiger expliquer fixer formuler
    identifier interpreter juger lire lister mesurer montrer nommer organiser poser prevoir proposer rapporter
    recalculer recenser reconnaitre reformuler refuser regler relier remplir reperer repondre retrouver separer
    situer tester traduire trouver verifier voter
"""
OBSERVABLE = frozenset(_VERBS.split())
"""Verbes qu’une personne peut voir faire, sans accents ; « savoir » ou « comprendre » n’en sont pas."""
_CATCH_ALL = re.compile(
    r"(toutes?|tous|aucune?) (de )?(les|ces|des) (réponses|propositions|affirmations)|ci-dessus|ci-dessous|"
    r"\b(réponses?|propositions?) (?-i:[A-D])\b|\b(?-i:[A-D] et [A-D])\b|^(tout|rien) (de tout )?(cela|ce qui précède)",
    re.IGNORECASE,
)
_ABSOLUTE = re.compile(r"\b(toujours|jamais|aucune?|forcément|systématiquement|uniquement|seulement)\b", re.IGNORECASE)
_HEDGE = re.compile(r"\b(peut|peuvent|souvent|parfois|surtout|selon|en général|moins)\b", re.IGNORECASE)
_WORD = re.compile(r"\w+(?:[’'-]\w+)*")
_MARK = re.compile(r"[,;:](?!\d)")
_TOOLS = """
    alors apres aussi autre autres aux avant avec avez avoir bien cela ces cet cette chaque comme comment dans depuis
    des deux dit donc dont elle elles entre est etre faire fait faut ils leur leurs les lui mais meme moins nous notre
    par pas peu peut plus plusieurs pour pourquoi quand que quel quelle quelles quels qui quoi reponses sans sera ses si
    son sont sous sur tout tous toute toutes une vers votre vous
"""
_LIGHT = frozenset(_TOOLS.split())


@dataclass(frozen=True)
class Problem:
    """Un défaut : où, et quoi."""

    where: str
    text: str


@dataclass(frozen=True)
class Figure:
    """Une mesure prise sur toute la banque."""

    name: str
    label: str
    value: float
    shown: str


def words(text: str) -> frozenset[str]:
    """Mots pleins d’un texte, sans accents.

    Parameters
    ----------
    text : str
        Texte.

    Returns
    -------
    frozenset of str
        Mots de trois lettres au moins, sans les mots-outils.

    Examples
    --------
    >>> sorted(words("Que dit cette courbe de captation ?"))
    ['captation', 'courbe']
    """
    found = re.findall(r"[a-z0-9]+", without_accents(text).lower())
    return frozenset(word for word in found if len(word) > 2 and word not in _LIGHT)


def problems(bank: Bank) -> list[Problem]:
    """Tous les défauts de la banque.

    Parameters
    ----------
    bank : Bank
        Questions.

    Returns
    -------
    list of Problem
        Défauts de chaque question, puis de l’ensemble ; vide si tout va bien.
    """
    items = list(bank.values())
    found = [problem for item in items for problem in of_item(item)]
    found += twins(items)
    if len(items) < MINIMUM:
        found.append(Problem("banque", f"{len(items)} questions ; il en faut au moins {MINIMUM}."))
    for name, label, gain in _gains(items):
        if gain > TOLERANCE:
            found.append(
                Problem("banque", f"{label} fait gagner {points(gain)} sur le hasard ({name}) : trop pour une ruse.")
            )
    return found


def of_item(item: Item) -> list[Problem]:
    """Défauts d’une question prise seule.

    Parameters
    ----------
    item : Item
        Question.

    Returns
    -------
    list of Problem
    """
    texts = [choice.text.text for choice in item.choices]
    told = [*_form(item), *_lengths(item)]
    told += [f"« {text} » est une réponse fourre-tout." for text in texts if _CATCH_ALL.search(text)]
    if without_accents(item.objective.split()[0]).lower() not in OBSERVABLE:
        told.append(f"l’objectif « {item.objective} » ne commence pas par un verbe que l’on peut observer.")
    if item.kind == "unique" and echo(item) >= ECHO:
        told.append("la réponse juste reprend les mots de l’énoncé bien plus que les autres.")
    return [Problem(f"{item.file.as_posix()}, {item.id}", text) for text in told]


def _form(item: Item) -> Iterable[str]:
    texts = [choice.text.text for choice in item.choices]
    feedbacks = [choice.feedback.text for choice in item.choices]
    right, several = len(item.key), "plusieurs" in item.statement.text.lower()
    if not 3 <= len(texts) <= 5:
        yield f"{len(texts)} réponses proposées ; de 3 à 5 sont attendues."
    if len({text.lower() for text in texts}) < len(texts):
        yield "deux réponses sont identiques."
    if len({*feedbacks}) < len(feedbacks) or any(len(text) < 40 for text in feedbacks):
        yield "chaque réponse a son propre retour, d’au moins 40 lettres."
    if item.kind == "unique" and right != 1:
        yield f"une seule réponse est annoncée, {right} sont justes."
    if item.kind == "multiple" and not (2 <= right < len(texts) and several):
        yield "à plusieurs réponses, l’énoncé le dit, deux au moins sont justes et une au moins est fausse."
    if item.kind == "unique" and re.search(r"plusieurs réponses", item.statement.text, re.IGNORECASE):
        yield "l’énoncé annonce plusieurs réponses, une seule est admise."


def _lengths(item: Item) -> Iterable[str]:
    lengths = [len(choice.text.text) for choice in item.choices]
    if max(lengths) > LENGTH_RATIO * min(lengths):
        yield f"la réponse la plus longue fait {max(lengths)} lettres, la plus courte {min(lengths)}."
    wrong = [len(choice.text.text) for choice in item.choices if not choice.right]
    for choice in item.choices:
        size = len(choice.text.text)
        if (
            choice.right
            and item.kind == "unique"
            and (size > KEY_MARGIN * max(wrong) or size * KEY_MARGIN < min(wrong))
        ):
            yield f"la longueur de la réponse juste ({size} lettres) la désigne."


def echo(item: Item) -> int:
    """Mots de l’énoncé que la réponse juste reprend de plus que la mieux placée des fausses.

    Parameters
    ----------
    item : Item
        Question à une seule réponse juste.

    Returns
    -------
    int
        Différence, négative si une fausse en reprend davantage.
    """
    said = words(item.statement.text)
    shared = [len(said & words(choice.text.text)) for choice in item.choices]
    key = item.key[0] - 1
    return shared[key] - max(count for rank, count in enumerate(shared) if rank != key)


def twins(items: Iterable[Item]) -> list[Problem]:
    """Questions qui posent presque la même chose.

    Parameters
    ----------
    items : iterable of Item
        Questions.

    Returns
    -------
    list of Problem
        Une entrée par paire.
    """
    told = [
        (item, words(" ".join([item.statement.text, *(choice.text.text for choice in item.choices if choice.right)])))
        for item in items
    ]
    return [
        Problem(f"{one.id} et {other.id}", "les deux questions ont presque le même énoncé et la même réponse.")
        for (one, said), (other, also) in combinations(told, 2)
        if said and len(said & also) > TWINS * len(said | also)
    ]


Ruse = Callable[[Item, Choice], float]
RUSES: tuple[tuple[str, str, Ruse], ...] = (
    ("plus longue", "Prendre la réponse la plus longue", lambda _, c: len(c.text.text)),
    ("plus courte", "Prendre la réponse la plus courte", lambda _, c: -len(c.text.text)),
    ("plus de mots", "Prendre la réponse qui a le plus de mots", lambda _, c: len(_WORD.findall(c.text.text))),
    ("plus ponctuée", "Prendre la réponse la plus ponctuée", lambda _, c: len(_MARK.findall(c.text.text))),
    ("mots de l’énoncé", "Prendre celle qui reprend le plus l’énoncé", lambda i, c: _repeated(i, c)),
    ("mots absolus", "Écarter « toujours », « jamais » et autres", lambda _, c: -bool(_ABSOLUTE.search(c.text.text))),
    ("mots prudents", "Prendre celle qui dit « peut » ou « souvent »", lambda _, c: bool(_HEDGE.search(c.text.text))),
    ("premier rang", "Prendre toujours la première", lambda i, c: -i.choices.index(c)),
    ("deuxième rang", "Prendre toujours la deuxième", lambda i, c: -abs(i.choices.index(c) - 1)),
    ("troisième rang", "Prendre toujours la troisième", lambda i, c: -abs(i.choices.index(c) - 2)),
    ("dernier rang", "Prendre toujours la dernière", lambda i, c: i.choices.index(c)),
)  # fmt: skip
"""Façons de répondre sans savoir : nom, description, note donnée à chaque réponse (on prend la mieux notée)."""


def _repeated(item: Item, choice: Choice) -> int:
    return len(words(item.statement.text) & words(choice.text.text))


def success(items: Iterable[Item], ruse: Ruse) -> float:
    """Part de questions à une réponse qu’une ruse trouve ; entre plusieurs réponses à égalité, elle tire au sort.

    Parameters
    ----------
    items : iterable of Item
        Questions ; celles à plusieurs réponses sont laissées.
    ruse : callable
        Note chaque réponse.

    Returns
    -------
    float
        Part, entre 0 et 1.
    """
    shares = []
    for item in items:
        if item.kind != "unique":
            continue
        marks = [float(ruse(item, choice)) for choice in item.choices]
        best = [choice for choice, mark in zip(item.choices, marks, strict=True) if mark == max(marks)]
        shares.append(sum(choice.right for choice in best) / len(best))
    return sum(shares) / len(shares) if shares else 0.0


def chance(items: Iterable[Item]) -> float:
    """Part de questions à une réponse que le hasard trouve.

    Parameters
    ----------
    items : iterable of Item
        Questions.

    Returns
    -------
    float
        Part, entre 0 et 1.
    """
    return success(items, lambda _item, _choice: 0.0)


def _gains(items: list[Item]) -> list[tuple[str, str, float]]:
    base = chance(items)
    return [(name, label, success(items, ruse) - base) for name, label, ruse in RUSES]


def figures(bank: Bank) -> list[Figure]:
    """Mesures de la banque : sa taille, le hasard et ce que rapporte chaque ruse.

    Parameters
    ----------
    bank : Bank
        Questions.

    Returns
    -------
    list of Figure
        Une mesure par ligne.
    """
    items = list(bank.values())
    several = sum(item.kind == "multiple" for item in items)
    base = chance(items)
    return [
        Figure("questions", "Questions", len(items), f"{len(items)}, dont {several} à plusieurs réponses"),
        Figure("chapitres", "Chapitres", len(bank.pages), str(len(bank.pages))),
        Figure("hasard", "Répondre au hasard", base, percent(base, 1)),
        *(Figure(name, label, base + gain, percent(base + gain, 1)) for name, label, gain in _gains(items)),
    ]
