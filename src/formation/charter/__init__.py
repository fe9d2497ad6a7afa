"""Charte éthique : des choix locaux à un texte versionné, la différence de deux versions, un projet confronté au texte.

>>> from formation import charter
>>> text = charter.Charter({"decision": "jamais", "revision": "un_an"})
>>> [article.slot for article in text.articles if article.theme == "humain"]
['decision']
"""

from __future__ import annotations

from formation.lazy import face

__getattr__, __dir__, __all__ = face(
    __name__,
    {
        "Article": "record",
        "Charter": "record",
        "CharteInvalide": "reading",
        "Difference": "comparison",
        "Verdict": "checking",
        "adopt": "adoption",
        "check_project": "checking",
        "compare": "comparison",
        "panel": "record",
        "read": "reading",
        "read_project": "reading",
        "save": "adoption",
    },
    ("adoption", "checking", "comparison", "reading", "record", "writing"),
)
