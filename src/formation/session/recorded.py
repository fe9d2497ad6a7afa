"""Réponses lues d’une session : ce que la notation a retenu, et d’où partent bilans et rapport."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from formation.errors import FormationError
from formation.session import places
from formation.session.outcome import ItemAnswer, QuizName
from formation.session.quizzes import FORMAT, QUIZZES, Sheet
from formation.session.satisfaction import Form, to_json

STORE = f"{places.COLLECT}/reponses-lues.json"


@dataclass(slots=True)
class Answers:
    """Ce que la session a recueilli.

    Parameters
    ----------
    quiz : dict
        Quiz → stagiaire → question → rangs choisis.
    forms : list of Form
        Feuilles de satisfaction.
    presence : dict
        Stagiaire → rang de demi-journée → minutes.
    """

    quiz: dict[QuizName, dict[str, dict[str, tuple[int, ...]]]] = field(
        default_factory=lambda: {name: {} for name in QUIZZES}
    )
    forms: list[Form] = field(default_factory=list)
    presence: dict[str, dict[int, int]] = field(default_factory=dict)

    def items(self, sheets: Mapping[QuizName, Sheet]) -> Iterator[ItemAnswer]:
        """Réponses une à une, jugées.

        Parameters
        ----------
        sheets : mapping of str to Sheet
            Feuilles distribuées.

        Yields
        ------
        ItemAnswer
        """
        for name, by_learner in self.quiz.items():
            for learner, answers in by_learner.items():
                for question in sheets[name].questions:
                    chosen = answers.get(question.id, ())
                    yield ItemAnswer(learner, name, question.id, chosen, chosen == question.key)


def to_text(answers: Answers) -> str:
    """Texte du fichier des réponses lues.

    Parameters
    ----------
    answers : Answers
        Réponses.

    Returns
    -------
    str
    """
    data = {
        "format": FORMAT,
        "quiz": {
            name: {learner: {key: list(ranks) for key, ranks in one.items()} for learner, one in sorted(found.items())}
            for name, found in answers.quiz.items()
        },
        # triées : l’ordre des feuilles ne doit désigner personne
        "satisfaction": sorted(
            (to_json(form) for form in answers.forms),
            key=lambda form: json.dumps(form, ensure_ascii=False, sort_keys=True),
        ),
        "presence": {
            learner: {str(index): minutes for index, minutes in sorted(one.items())}
            for learner, one in sorted(answers.presence.items())
        },
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def read_answers(root: Path) -> Answers:
    """Relit ce que `note` a écrit.

    Parameters
    ----------
    root : Path
        Dossier de la session.

    Returns
    -------
    Answers
        Vide si rien n’est encore noté.

    Raises
    ------
    FormationError
        Si le fichier a été abîmé.
    """
    path = root / STORE
    if not path.is_file():
        return Answers()
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        quiz: dict[QuizName, dict[str, dict[str, tuple[int, ...]]]] = {
            name: {who: {key: tuple(ranks) for key, ranks in one.items()} for who, one in raw["quiz"][name].items()}
            for name in QUIZZES
        }
        forms = [Form(one["mots"], one["libres"]) for one in raw["satisfaction"]]
        presence = {who: {int(index): int(m) for index, m in one.items()} for who, one in raw["presence"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise FormationError(
            f"{path} a été abîmé. Refaites-le : formation session noter DOSSIER ; il ne contient rien qui ne soit dans "
            "4-recueillir."
        ) from None
    return Answers(quiz, forms, presence)
