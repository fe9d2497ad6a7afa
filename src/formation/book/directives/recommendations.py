"""Page des onze recommandations : où chacune est enseignée, pratiquée et notée."""

from __future__ import annotations

from docutils import nodes

from formation.book.directives.base import BookDirective
from formation.book.directives.quiz import ANCHOR
from formation.book.links import lien, link
from formation.book.nodes import tag
from formation.book.recommendations import FILE, Coverage, coverage
from formation.numbers import plural


class OnzeRecommandations(BookDirective):
    """Les onze recommandations, une rubrique chacune ; les comptes sont faits dans les fichiers."""

    def build(self) -> list[nodes.Node]:
        """Liste ordonnée : sens, chapitres, outils, exercices notés, questions de quiz."""
        self.env.note_dependency(str(self.root / FILE))
        items = tag("ol", class_="onze-recommandations")
        for line in coverage(self.root):
            for file in [*(graded.file for graded in line.exercises), *(graded.file for graded in line.quizzes)]:
                self.env.note_dependency(str(file))
            items += self._recommendation(line)
        return [items]

    def _recommendation(self, line: Coverage) -> nodes.Element:
        ident = f"recommandation-{line.entry.numero}"
        item = tag("li", tag("p", *self.inline(line.entry.sens), class_="recommandation-sens"), id=ident)
        item["ids"] = [ident]
        facts = tag("dl")
        facts += self._row("Enseignée", [self._page(page) for page in line.entry.enseignee])
        facts += self._row("Pratiquée", [self._page(page) for page in line.entry.pratiquee])
        graded: list[list[nodes.Node]] = []
        for exercise in line.exercises:
            text = f"{exercise.title} ({plural(exercise.checks, 'contrôle noté', 'contrôles notés')})"
            graded.append([self._located(link(exercise.page, text))])
        for quiz in line.quizzes:
            count = nodes.Text(f"\u00a0: {plural(quiz.questions, 'question')} de quiz")
            graded.append([*self._page(f"{quiz.page}#{ANCHOR}"), count])
        facts += self._row("Notée", graded)
        item += facts
        return item

    def _row(self, name: str, places: list[list[nodes.Node]]) -> nodes.Element:
        shown = tag("ul")
        for place in places:
            shown += tag("li", *place)
        return tag("div", tag("dt", name), tag("dd", shown))

    def _page(self, target: str) -> list[nodes.Node]:
        return [self._located(link(target))]

    def _located(self, node: lien) -> lien:
        self.set_source_info(node)
        return node
