"""Un générateur de phrases en miniature : il écrit juste ce qui suit souvent, et invente un horaire plausible."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd

from formation.errors import FormationError
from formation.usagers import tables
from formation.usagers.retrieval import Index, Quotation

START, END = "<début>", "<fin>"
MAX_WORDS = 60
_TOKEN = re.compile(r"\w+(?:[’'-]\w+)*|[^\w\s]")
_SPAN = re.compile(r"\bde (\d+)\s+h(?:\s+(\d+))? à (\d+)\s+h(?:\s+(\d+))?")
_HOUR = re.compile(r"\d\s+h\b")


class AmorceInconnue(FormationError):
    """Le générateur ne sait pas continuer ce début de phrase."""


class NGrams:
    """Générateur de phrases : chaque mot est tiré parmi ceux qui ont suivi les précédents dans les textes lus.

    Parameters
    ----------
    order : int
        Nombre de mots regardés, le nouveau compris.

    Examples
    --------
    >>> NGrams(2).fit(["le chat dort"]).generate("le", seed=1)
    'Le chat dort'
    """

    def __init__(self, order: int = 3) -> None:
        if order < 2:
            raise ValueError(f"« order » vaut {order} : il faut au moins deux mots.")
        self.order = order
        self.followers: dict[tuple[str, ...], list[str]] = {}

    def fit(self, texts: Iterable[str]) -> Self:
        """Compte les suites de mots.

        Parameters
        ----------
        texts : iterable of str
            Phrases à imiter.

        Returns
        -------
        NGrams
            Le générateur lui-même.
        """
        self.followers = {}
        for text in texts:
            words = [START] * (self.order - 1) + _TOKEN.findall(text) + [END]
            for rank in range(self.order - 1, len(words)):
                self.followers.setdefault(self._key(words[rank - self.order + 1 : rank]), []).append(words[rank])
        return self

    def generate(self, prompt: str = "", *, seed: int = 447, temperature: float = 1.0) -> str:
        """Écrit une phrase, mot après mot.

        Parameters
        ----------
        prompt : str
            Début de la phrase ; vide pour commencer librement.
        seed : int
            Graine du tirage.
        temperature : float
            0 : toujours le mot le plus fréquent ; 1 : au sort, selon les fréquences lues ; davantage : les mots rares
            gagnent en chances.

        Returns
        -------
        str
            Phrase, bornée à `MAX_WORDS` mots.

        Raises
        ------
        AmorceInconnue
            Si le générateur n’a jamais lu la fin de l’amorce.
        ValueError
            Si la température est négative.
        """
        if temperature < 0:
            raise ValueError(f"« temperature » vaut {temperature} : elle ne peut pas être négative.")
        rng = np.random.default_rng(seed)
        words = [START] * (self.order - 1) + _TOKEN.findall(prompt)
        if self._key(words[-self.order + 1 :]) not in self.followers:
            raise AmorceInconnue(
                f"Le générateur n’a jamais lu la fin de « {prompt} ». Il ne sait continuer que des suites de "
                f"{self.order - 1} mots déjà vues, par exemple « Pour la piscine, l’accueil est ouvert »."
            )
        for _ in range(MAX_WORDS):
            options = self.followers[self._key(words[-self.order + 1 :])]
            word = _picked(options, temperature, rng)
            if word == END:
                break
            words.append(word)
        return _joined(words[self.order - 1 :])

    @staticmethod
    def _key(words: list[str]) -> tuple[str, ...]:
        return tuple(word.lower() for word in words)


@dataclass(frozen=True)
class Comparison:
    """La même question, posée au générateur et à la recherche.

    Attributes
    ----------
    question : str
        Question posée.
    inventee : str
        Phrase du générateur.
    dans_la_base : bool
        Vrai si cette phrase figure dans une fiche : le générateur n’a alors rien inventé.
    citee : Quotation
        Fiche trouvée, telle quelle.
    """

    question: str
    inventee: str
    dans_la_base: bool
    citee: Quotation

    def __str__(self) -> str:
        status = "cette phrase est dans la base" if self.dans_la_base else "aucune fiche ne dit cela"
        return (
            f"Question : {self.question}\nLe générateur écrit : « {self.inventee} » ({status}).\n"
            f"La recherche cite : {self.citee}"
        )

    def _repr_html_(self) -> str:
        return "<p>" + "<br>".join(html.escape(line) for line in str(self).split("\n")) + "</p>"


def compare(
    question: str = "Quels sont les horaires de la piscine ?",
    prompt: str = "Pour la piscine, l’accueil est ouvert",
    *,
    records: pd.DataFrame | None = None,
    intentions: pd.DataFrame | None = None,
    seed: int = 447,
    tries: int = 50,
) -> Comparison:
    """Pose la même question à un générateur et à une recherche.

    Le générateur n’a lu que la base de réponses. On garde sa première phrase qui donne un horaire possible et qui
    n’est dans aucune fiche ; s’il n’en trouve pas en `tries` essais, on garde la dernière et `dans_la_base` le dit.

    Parameters
    ----------
    question : str
        Question posée à la recherche.
    prompt : str
        Début de phrase donné au générateur.
    records, intentions : DataFrame, optional
        Tables `base_reponses` et `intentions` ; celles du cours par défaut.
    seed : int
        Première graine essayée.
    tries : int
        Nombre de phrases essayées.

    Returns
    -------
    Comparison
        Les deux réponses.

    Raises
    ------
    AmorceInconnue
        Si le générateur n’a jamais lu la fin de l’amorce.
    FormationError
        Si aucune fiche ne ressemble à la question.

    Examples
    --------
    >>> compare().dans_la_base
    False
    """
    base = tables.load("base_reponses") if records is None else records
    texts = base["reponse"].tolist()
    model = NGrams(3).fit(texts)
    known = [spaced(text) for text in texts]
    found = Index(base, intentions).quote(question)
    if found is None:
        raise FormationError(
            f"Aucune fiche ne ressemble à « {question} ». Posez une question de mairie, par exemple « Quels sont les "
            "horaires de la piscine ? »."
        )
    sentence, copied = "", True
    for rank in range(tries):
        sentence = model.generate(prompt, seed=seed + rank)
        copied = is_copied(sentence, known)
        if not copied and _plausible(sentence):
            break
    return Comparison(question, sentence, copied, found)


def invention_rate(
    records: pd.DataFrame | None = None, *, prompt: str = "Pour la piscine, l’accueil est ouvert", draws: int = 200
) -> float:
    """Part des phrases du générateur qui ne sont dans aucune fiche.

    Parameters
    ----------
    records : DataFrame, optional
        Table `base_reponses` ; celle du cours par défaut.
    prompt : str
        Début de phrase.
    draws : int
        Nombre de phrases.

    Returns
    -------
    float
        De 0 à 1.

    Examples
    --------
    >>> 0 <= invention_rate(draws=5) <= 1
    True
    """
    base = tables.load("base_reponses") if records is None else records
    model = NGrams(3).fit(base["reponse"])
    known = [spaced(text) for text in base["reponse"]]
    return float(np.mean([not is_copied(model.generate(prompt, seed=seed), known) for seed in range(draws)]))


def is_copied(sentence: str, known: Iterable[str]) -> bool:
    """Vrai si la phrase figure telle quelle dans un des textes.

    Parameters
    ----------
    sentence : str
        Phrase à chercher.
    known : iterable of str
        Textes passés par :func:`spaced`.

    Returns
    -------
    bool
        Faux si aucun texte ne la contient.

    Examples
    --------
    >>> is_copied("Ouvert le mardi.", [spaced("La piscine : ouvert le mardi, fermé le lundi.")])
    True
    """
    wanted = spaced(sentence).rstrip(" .")
    return any(wanted in text for text in known)


def spaced(text: str) -> str:
    """Texte en minuscules, un espace entre deux mots ou signes, pour comparer deux phrases.

    Parameters
    ----------
    text : str
        Texte quelconque.

    Returns
    -------
    str
        Le même texte, mots et signes séparés par un espace.

    Examples
    --------
    >>> spaced("Ouvert le mardi.")
    'ouvert le mardi .'
    """
    return " ".join(_TOKEN.findall(text.lower()))


def _picked(options: list[str], temperature: float, rng: np.random.Generator) -> str:
    if temperature == 1:
        return options[rng.integers(len(options))]
    words, counts = np.unique(options, return_counts=True)
    if temperature == 0:
        return str(words[counts.argmax()])
    weights = (counts / counts.max()) ** (1 / temperature)
    return str(rng.choice(words, p=weights / weights.sum()))


def _plausible(sentence: str) -> bool:
    """Vrai si la phrase tient debout : une seule phrase, des heures qui vont par deux et dans l’ordre."""
    spans = [[int(part or 0) for part in found] for found in _SPAN.findall(sentence)]
    hours = [60 * hour + minute for h1, m1, h2, m2 in spans for hour, minute in ((h1, m1), (h2, m2))]
    paired = len(_HOUR.findall(sentence)) == 2 * len(spans) > 0
    return paired and sentence.count(".") == 1 and hours == sorted(hours) and len(set(hours)) == len(hours)


def _joined(words: list[str]) -> str:
    text = " ".join(words)
    text = re.sub(r"\s+([,.])", r"\1", text)
    text = re.sub(r"«\s+", "«\u00a0", re.sub(r"\s+([»;:!?])", "\u00a0\\1", text))
    text = re.sub(r"(?<=\d) (?=(?:h|€)(?:\W|$))", "\u00a0", text)
    return text[:1].upper() + text[1:]
