"""Parcours de formation dans une page : fiche, objectifs, déroulé, matériel."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives

from formation import pathways, questions
from formation.book.directives.base import BookDirective
from formation.book.directives.quiz import ANCHOR
from formation.book.directives.slides import address
from formation.book.links import link
from formation.book.nodes import balise, tag
from formation.book.recommendations import exercises_page
from formation.numbers import duration, number, plural
from formation.pathways import view
from formation.pathways.model import HalfDay, Objective, Pathway, Pause, Sequence

PARTS = ("fiche", "objectifs", "deroule", "materiel")


def _part(argument: str) -> str:
    return str(directives.choice(argument, PARTS))


class Parcours(BookDirective):
    """Parcours de formation : `{parcours} elus-2h`, ou une seule de ses parties avec `:partie:`."""

    required_arguments = 1
    option_spec: ClassVar[dict[str, Any]] = {"partie": _part}

    def build(self) -> list[nodes.Node]:
        """Les parties demandées, dans l’ordre ; toutes sans l’option."""
        name = str(self.arguments[0]).strip()
        self.env.note_dependency(str(pathways.path(name, self.root)))
        found = pathways.read(name, self.root)
        self.project = pathways.Project(self.root)
        made = {
            "fiche": self._card,
            "objectifs": self._objectives,
            "deroule": self._timetable,
            "materiel": self._material,
        }
        wanted = [self.options["partie"]] if "partie" in self.options else list(PARTS)
        return [node for part in wanted for node in made[part](found)]

    def _card(self, pathway: Pathway) -> list[nodes.Node]:
        """Pour qui, combien de temps, ce qu’il faut savoir avant, la commande qui prépare une session."""
        halves = plural(len(pathway.half_days()), "demi-journée")
        group = f"de {pathway.groupe.minimum} à {pathway.groupe.maximum} personnes"
        rows = [
            ("Public", [nodes.Text(pathway.public)]),
            ("Durée", [nodes.Text(f"{duration(pathway.duree_min)}, pauses non comptées, en {halves}")]),
            ("Groupe", [nodes.Text(f"{group}, {pathway.modalite}")]),
            ("Avant de venir", self._prerequisites(pathway)),
            ("Exercices notés", [nodes.Text(_exercises(pathway))]),
        ]
        card = tag("dl", *(tag("div", tag("dt", name), tag("dd", *content)) for name, content in rows))
        before = tag("p", "Préparer une session de ce parcours, à vos dates\u00a0:")
        text = view.command(pathway).replace(" --", " \\\n  --")
        return [
            tag("div", card, class_="projet-reel parcours"),
            before,
            nodes.literal_block(text, text, language="text"),
        ]

    def _prerequisites(self, pathway: Pathway) -> list[nodes.Node]:
        if not pathway.prerequis:
            return [nodes.Text("Rien.")]
        items = tag("ul")
        for one in pathway.prerequis:
            items += tag("li", f"{one.texte} Où l’apprendre\u00a0: ", self._to(one.acquerir))
        return [items]

    def _objectives(self, pathway: Pathway) -> list[nodes.Node]:
        """Ce que l’on saura faire, le critère, et ce qui l’évalue."""
        rows = [
            [tag("th", one.texte, scope="row"), tag("td", one.critere), tag("td", *self._proofs(one))]
            for one in pathway.objectifs
        ]
        caption = f"{plural(len(rows), 'objectif')}, et ce qui les évalue"
        final = pathway.evaluation_finale
        entry, end = len(pathway.positionnement.questions), len(final.questions)
        rule = (
            f"À l’entrée, {plural(entry, 'question')}, sans note. À la sortie, {plural(end, 'question')}, toutes "
            f"différentes des premières. Chaque objectif est rendu à part, d’après son critère, qui n’est jamais sous "
            f"{number(100 * final.seuil)}\u00a0%\u00a0; il n’y a pas de note d’ensemble."
        )
        return [_table(caption, ("À la fin, vous saurez", "Atteint si", "Évalué par"), rows), tag("p", rule)]

    def _proofs(self, objective: Objective) -> list[nodes.Node]:
        bank = questions.load(self.root)
        found: list[nodes.Node] = []
        for page, count in _counted(bank[name].page for name in objective.questions):
            found += [nodes.Text(f"{plural(count, 'question')} de «\u00a0"), self._to(f"{page}#{ANCHOR}")]
            found.append(nodes.Text("\u00a0»\u00a0; "))
        for name, count in _counted(one.partition("/")[0] for one in objective.controles):
            exercise = self.project.exercise(name)
            marks = plural(count, "contrôle noté", "contrôles notés")
            shown = self._to(exercises_page(exercise.subject), exercise.title)
            found += [nodes.Text(f"{marks} de «\u00a0"), shown, nodes.Text("\u00a0»\u00a0; ")]
        if found:
            found[-1] = nodes.Text("\u00a0».")
        return found

    def _timetable(self, pathway: Pathway) -> list[nodes.Node]:
        """Un tableau par demi-journée, puis le détail replié de chaque séquence."""
        found: list[nodes.Node] = []
        for day in pathway.jours:
            for half in day.demi_journees:
                title = f"{day.titre}, {half.titre[0].lower()}{half.titre[1:]}"
                span = f"{view.clock(half.start)} à {view.clock(half.end)}"
                found.append(_table(f"{title}\u00a0: {span}", ("Heure", "Durée", "Séquence", "Méthode"), _rows(half)))
                found += [self._sequence(sequence) for sequence in half.taught]
        return found

    def _sequence(self, sequence: Sequence) -> balise:
        summary = tag("summary", sequence.titre, tag("span", f" · {duration(sequence.minutes)}"))
        # L’ancre est à l’intérieur : un navigateur qui la suit ouvre le détail.
        steps = tag("ol", id=sequence.id)
        for step in sequence.etapes:
            steps += tag(
                "li",
                tag("strong", f"{step.minutes}\u00a0min. "),
                step.anime,
                tag("br"),
                tag("em", "On produit\u00a0: "),
                f"{step.produit}",
            )
        shown: balise = tag("details", summary, steps, class_="sequence")
        shown += tag("p", tag("strong", "Évaluation. "), sequence.evaluation)
        places = self._places(sequence)
        if places:
            shown += tag("p", tag("strong", "Supports. "), *places)
        return shown

    def _places(self, sequence: Sequence) -> list[nodes.Node]:
        """Diapositives, pages et exercices d’une séquence, séparés par des virgules."""
        found: list[nodes.Node] = []
        if sequence.diapos:
            target = address(sequence.diapos, self.env.docname)
            found.append(tag("a", f"diapositives «\u00a0{sequence.diapos}\u00a0»", href=target))
        found += [self._to(page) for page in sequence.supports]
        for name in sequence.exercices:
            exercise = self.project.exercise(name)
            text = f"exercice «\u00a0{exercise.title}\u00a0» ({duration(exercise.minutes)})"
            found.append(self._to(exercises_page(exercise.subject), text))
        return [node for one in found for node in (nodes.Text(", "), one)][1:]

    def _material(self, pathway: Pathway) -> list[nodes.Node]:
        """Tout ce qu’il faut avoir, sans doublon, dans l’ordre où l’on s’en sert."""
        names = dict.fromkeys(item for sequence in pathway.sequences() for item in sequence.materiel)
        return [tag("ul", *(tag("li", name[0].upper() + name[1:]) for name in names))]

    def _to(self, target: str, text: str = "") -> nodes.Node:
        """Lien vers une page ; sans texte, il porte son titre."""
        node = link(target, *([text] if text else []))
        self.set_source_info(node)
        return node


def _rows(half: HalfDay) -> list[list[nodes.Node]]:
    rows: list[list[nodes.Node]] = []
    for at, item in half.timetable():
        start = tag("th", view.clock(half.start, at), scope="row")
        length = tag("td", duration(item.minutes))
        if isinstance(item, Pause):
            rows.append([start, length, tag("td", "Pause"), tag("td")])
        else:
            rows.append([start, length, tag("td", tag("a", item.titre, href=f"#{item.id}")), tag("td", item.methode)])
    return rows


def _table(caption: str, header: Iterable[str], rows: Iterable[Iterable[nodes.Node]]) -> balise:
    head = tag("thead", tag("tr", *(tag("th", name, scope="col") for name in header)))
    body = tag("tbody", *(tag("tr", *row) for row in rows))
    table = tag("table", tag("caption", caption), head, body)
    return tag("div", table, class_="defile", tabindex="0", role="region", aria_label=caption)


def _exercises(pathway: Pathway) -> str:
    names = pathway.exercises()
    if not names:
        return "Aucun : ce parcours se joue sans ordinateur."
    return f"{plural(len(names), 'exercice noté', 'exercices notés')}, sur un poste pour deux."


def _counted(names: Iterable[str]) -> list[tuple[str, int]]:
    counts: dict[str, int] = {}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
    return list(counts.items())
