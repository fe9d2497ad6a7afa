"""Ce que vaut chaque réponse d’une question, en pour cent : la même règle pour toutes les plateformes."""

from __future__ import annotations

from formation.questions.bank import Item

DIGITS = 5
"""Décimales écrites ; Moodle compare les fractions à sa propre liste avec cinq décimales."""


def weights(item: Item) -> tuple[float, ...]:
    """Part de la note que donne chaque réponse.

    Les réponses justes se partagent 100. D’une question à réponses multiples, les fausses se partagent −100 : cocher
    tout, ou tout au hasard, ne rapporte rien.

    Parameters
    ----------
    item : Item
        Question.

    Returns
    -------
    tuple of float
        Une part par réponse, entre −100 et 100.

    Examples
    --------
    >>> from formation import questions
    >>> weights(questions.load()["eau-q01"])
    (0.0, 100.0, 0.0, 0.0)
    """
    right = len(item.key)
    wrong = len(item.choices) - right
    if item.kind == "unique":
        return tuple(100.0 if choice.right else 0.0 for choice in item.choices)
    loss = -100 / wrong if wrong else 0.0
    return tuple(round(100 / right if choice.right else loss, DIGITS) for choice in item.choices)


def written(weight: float) -> str:
    """Part telle que les formats l’écrivent : point décimal, sans zéro inutile.

    Parameters
    ----------
    weight : float
        Part, entre −100 et 100.

    Returns
    -------
    str
        Texte.

    Examples
    --------
    >>> written(33.33333), written(100.0), written(-50.0)
    ('33.33333', '100', '-50')
    """
    return f"{weight:.{DIGITS}f}".rstrip("0").rstrip(".")
