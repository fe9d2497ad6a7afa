"""Conditions d’une grille : leur forme, leur lecture sur des réponses, leur écriture en français.

La page du livre les lit de la même façon (`outil.js`) ; un essai compare les deux lectures.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pydantic import Field, model_validator

from formation.forms import Strict, Text

Answer = str | float | list[str]
"""Réponse rangée : identifiant d’option, nombre, liste d’identifiants, ou texte libre."""

UNKNOWN = "inconnu"
"""Option réservée : « je ne sais pas »."""

_TESTS = ("est", "parmi", "contient", "au_moins", "moins_de")
_SUBJECTS = ("question", "repondu", "regle", "theme", "note", "tous", "un_de", "aucun_de")


class Condition(Strict):
    """Une condition : un sujet, et au plus une épreuve."""

    question: Text | None = None
    repondu: Text | None = None
    regle: Text | None = None
    theme: Text | None = None
    note: Text | None = None
    tous: list[Condition] | None = Field(default=None, min_length=1)
    un_de: list[Condition] | None = Field(default=None, min_length=1)
    aucun_de: list[Condition] | None = Field(default=None, min_length=1)
    est: Text | None = None
    parmi: list[Text] | None = Field(default=None, min_length=1)
    contient: Text | None = None
    au_moins: float | None = None
    moins_de: float | None = None

    @model_validator(mode="after")
    def _one_form(self) -> Condition:
        subjects = [name for name in _SUBJECTS if getattr(self, name) is not None]
        tests = [name for name in _TESTS if getattr(self, name) is not None]
        if len(subjects) != 1:
            raise ValueError(f"une condition a un sujet et un seul, parmi : {', '.join(_SUBJECTS)}")
        allowed = {"question": _TESTS, "note": ("au_moins", "moins_de")}.get(subjects[0], ())
        if allowed and (len(tests) != 1 or tests[0] not in allowed):
            raise ValueError(f"« {subjects[0]} » demande une épreuve et une seule, parmi : {', '.join(allowed)}")
        if not allowed and tests:
            raise ValueError(f"« {subjects[0]} » ne se combine pas avec « {tests[0]} »")
        return self

    @property
    def children(self) -> list[Condition]:
        """Conditions combinées ; vide pour une condition simple."""
        return self.tous or self.un_de or self.aucun_de or []

    def walk(self) -> Iterator[Condition]:
        """Parcourt la condition et toutes celles qu’elle combine.

        Yields
        ------
        Condition
            La condition elle-même, puis les autres.
        """
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass
class State:
    """Ce qu’une condition peut regarder.

    Attributes
    ----------
    answers : mapping
        Réponses aux questions visibles.
    exclusive : mapping of str to set of str
        Options exclusives de chaque question à choix multiple : elles ne comptent pas dans un nombre de cases.
    scores : dict of str to int
        Total de chaque note dont une réponse au moins est connue.
    rules, themes : set of str
        Règles retenues jusqu’ici, et thèmes qui en ont une.
    """

    answers: Mapping[str, Answer]
    exclusive: Mapping[str, frozenset[str]] = field(default_factory=dict)
    scores: dict[str, int] = field(default_factory=dict)
    rules: set[str] = field(default_factory=set)
    themes: set[str] = field(default_factory=set)

    def quantity(self, question: str) -> float | None:
        """Nombre répondu, ou nombre de cases cochées hors options exclusives.

        Parameters
        ----------
        question : str
            Question de type `nombre` ou `multiple`.

        Returns
        -------
        float or None
            Quantité ; `None` sans réponse.
        """
        value = self.answers.get(question)
        if isinstance(value, list):
            return float(len(set(value) - self.exclusive.get(question, frozenset())))
        return float(value) if isinstance(value, int | float) else None


def holds(condition: Condition | None, state: State) -> bool:
    """Dit si une condition est vraie.

    Parameters
    ----------
    condition : Condition or None
        Condition ; absente, elle est vraie.
    state : State
        Réponses, notes et règles déjà retenues.

    Returns
    -------
    bool
        Vrai ou faux ; une question sans réponse rend fausse toute condition simple sur elle.

    Examples
    --------
    >>> state = State({"usage": "tri"})
    >>> holds(Condition(question="usage", est="tri"), state)
    True
    >>> holds(Condition(aucun_de=[Condition(repondu="cout")]), state)
    True
    """
    if condition is None:
        return True
    if condition.children:
        found = (holds(child, state) for child in condition.children)
        if condition.tous:
            return all(found)
        return any(found) if condition.un_de else not any(found)
    if condition.regle is not None:
        return condition.regle in state.rules
    if condition.theme is not None:
        return condition.theme in state.themes
    if condition.repondu is not None:
        return _answered(state.answers.get(condition.repondu))
    if condition.note is not None:
        total = state.scores.get(condition.note)  # absente quand aucune réponse de la note n’est connue
        return total is not None and _within(condition, float(total))
    return _on_question(condition, state)


def _on_question(condition: Condition, state: State) -> bool:
    name = condition.question or ""
    value = state.answers.get(name)
    if value is None:
        return False
    if condition.est is not None:
        return value == condition.est
    if condition.parmi is not None:
        return value in condition.parmi
    if condition.contient is not None:
        return isinstance(value, list) and condition.contient in value
    quantity = state.quantity(name)
    return quantity is not None and value != [UNKNOWN] and _within(condition, quantity)


def _within(condition: Condition, quantity: float) -> bool:
    if condition.au_moins is not None:
        return quantity >= condition.au_moins
    return condition.moins_de is not None and quantity < condition.moins_de


def _answered(value: Answer | None) -> bool:
    return value is not None and value not in (UNKNOWN, [UNKNOWN])
