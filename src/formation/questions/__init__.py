"""La banque de questions : tous les quiz du livre, leurs chiffres résolus, prêts à servir ailleurs que dans le livre.

Les questions sont écrites une fois, dans les fichiers `quiz.yml` ; tout le reste les relit d’ici.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from formation.lazy import face

if TYPE_CHECKING:
    from formation.questions.bank import Bank as Bank
    from formation.questions.bank import BanqueInvalide as BanqueInvalide
    from formation.questions.bank import Choice as Choice
    from formation.questions.bank import Item as Item
    from formation.questions.bank import QuestionInconnue as QuestionInconnue
    from formation.questions.bank import load as load
    from formation.questions.writing import Rich as Rich
    from formation.questions.writing import TexteInvalide as TexteInvalide
    from formation.questions.writing import inline as inline

__getattr__, __dir__, __all__ = face(
    __name__,
    {
        "Bank": "bank",
        "BanqueInvalide": "bank",
        "Choice": "bank",
        "Item": "bank",
        "QuestionInconnue": "bank",
        "Rich": "writing",
        "TexteInvalide": "writing",
        "inline": "writing",
        "load": "bank",
    },
    ["bank", "checks", "writing"],
)
