"""Quiz d’un cas : formulaire accessible, retour pour chaque option, utilisable sans JavaScript."""

from __future__ import annotations

from docutils import nodes

from formation.book.directives.base import BookDirective
from formation.book.links import link
from formation.book.models import Question, Quiz
from formation.book.nodes import fold, tag
from formation.book.subjects import chapter
from formation.palette import PARTS

ANCHOR = "le-quiz"
"""Ancre du quiz d’une page : il n’y en a qu’un."""


class QuizDirective(BookDirective):
    """Quiz d’un sujet, lu dans `cases/<cas>/quiz.yml` ; sur la page d’une partie, lu à côté d’elle."""

    optional_arguments = 1

    def build(self) -> list[nodes.Node]:
        """Une question par formulaire, un total et un bouton pour recommencer."""
        case, page = self.subject_argument(), self.env.docname
        beside = not self.arguments and case in PARTS
        file, self.read_again = (f"{page}.quiz.yml", page) if beside else (f"cases/{case}/quiz.yml", chapter(case))
        quiz: Quiz = self.read_yaml(file, Quiz)
        total = len(quiz.questions)
        holder = tag("div", class_="quiz", id=ANCHOR)
        holder["ids"] = [ANCHOR]
        holder += tag("p", *self.inline(quiz.titre), class_="quiz-titre")
        levels: dict[str, nodes.Element] = {}
        for rank, question in enumerate(quiz.questions, start=1):
            if question.niveau not in levels:
                levels[question.niveau] = self._level(quiz, question.niveau, first=not levels)
            levels[question.niveau] += self._question(question, rank, total)
        holder += list(levels.values())
        score = tag("p", role="status", class_="quiz-total")
        reset = tag("button", "Recommencer le quiz", type="button", class_="bouton secondaire", data_action="quiz-zero")
        holder += tag("div", score, reset, class_="quiz-pied avec-js")
        return [holder]

    def _level(self, quiz: Quiz, level: str, *, first: bool) -> nodes.Element:
        number = sum(question.niveau == level for question in quiz.questions)
        count = tag("span", f" · {number}\u00a0question{'s' if number > 1 else ''}")
        return tag("details", tag("summary", level.capitalize(), count), class_="niveau", open=first)

    def _question(self, question: Question, rank: int, total: int) -> nodes.Element:
        kind = "checkbox" if question.type == "multiple" else "radio"
        hint = "Plusieurs réponses possibles" if question.type == "multiple" else "Une seule réponse"
        legend = tag("legend", tag("span", f"Question {rank} sur {total}", class_="numero"), " ")
        legend += fold(self.inline(question.enonce), tag("span", class_="enonce"))
        fields = tag("fieldset", legend, tag("p", hint, class_="consigne"))
        for number, option in enumerate(question.options, start=1):
            ident = f"{question.id}-{number}"
            box = tag("input", type=kind, id=ident, name=question.id, value=number)
            fields += tag("div", box, fold(self.inline(option.texte), tag("label", for_=ident)), class_="option")
        verify = tag("button", "Vérifier ma réponse", type="submit", class_="bouton avec-js")
        form = tag("form", fields, verify, id=question.id, class_="question", data_type=question.type)
        form += tag("div", role="status", class_="verdict")
        form += self._answers(question)
        return form

    def _answers(self, question: Question) -> nodes.Element:
        answers = tag("details", tag("summary", "Voir la réponse et les explications"), class_="reponses")
        items = tag("ul", class_="retours")
        for number, option in enumerate(question.options, start=1):
            verdict = "Juste" if option.juste else "Faux"
            item = tag("li", data_option=number, data_juste="oui" if option.juste else "non")
            item += tag("strong", f"{verdict} ", class_="marque")
            item += fold(self.inline(option.texte), tag("span", class_="choix"))
            item += tag("span", *self.inline(option.retour), class_="retour")
            items += item
        answers += [items, tag("p", f"Objectif\u00a0: {question.objectif}", class_="objectif")]
        if question.relire:
            target = f"{self.read_again}{question.relire}" if question.relire.startswith("#") else question.relire
            again = link(target, "Relire le passage")
            self.set_source_info(again)
            answers += tag("p", again)
        return answers
