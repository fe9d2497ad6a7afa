"""Un projet confronté à une charte : engagements tenus, rompus, ou dont personne ne sait rien."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from formation import workshop
from formation.charter.reading import CharteInvalide
from formation.charter.record import ASKED, PROJECT, Charter, grid
from formation.numbers import plural
from formation.workshop.answers import check, visible
from formation.workshop.documents import Block, Bullets, Check, Checks, Document, Paragraph, Section
from formation.workshop.grid import Grid, Rule

KEPT, BROKEN = "tenu-", "rompu-"


@dataclass(frozen=True)
class Commitment:
    """Un engagement qu’un projet peut tenir ou rompre.

    Attributes
    ----------
    id : str
        Nom de l’engagement.
    label : str
        Ce qui est vrai quand il est tenu.
    questions : tuple of str
        Questions du projet qui en jugent.
    """

    id: str
    label: str
    questions: tuple[str, ...]

    @property
    def subject(self) -> str:
        """Ce dont parle l’engagement, sans dire s’il est tenu."""
        return self.label.split(":", 1)[0].strip()


@dataclass(frozen=True)
class Verdict:
    """Ce qu’une charte dit d’un projet.

    Attributes
    ----------
    charter : Charter
        Charte.
    name : str
        Nom du projet.
    kept, broken, unknown : tuple of str
        Engagements tenus, rompus, à éclaircir, en toutes lettres.
    to_ask : tuple of (str, str)
        Questions sans réponse, et à qui les poser.
    steps : tuple of str
        Ce qu’il faut faire pour lever chaque rupture.
    """

    charter: Charter
    name: str
    kept: tuple[str, ...]
    broken: tuple[str, ...]
    unknown: tuple[str, ...]
    to_ask: tuple[tuple[str, str], ...]
    steps: tuple[str, ...]

    @property
    def conclusion(self) -> str:
        """Une phrase, jamais rassurante tant qu’un point reste à éclaircir."""
        counts = (
            f"{plural(len(self.kept), 'engagement')} déclaré{'s' if len(self.kept) > 1 else ''} tenu"
            f"{'s' if len(self.kept) > 1 else ''}, {len(self.broken)} rompu{'s' if len(self.broken) > 1 else ''}, "
            f"{len(self.unknown)} à éclaircir."
        )
        if not (self.kept or self.broken or self.unknown):
            return "La charte ne contient aucun engagement qui permette de juger ce projet."
        if self.broken:
            return f"{counts} Le projet contredit la charte."
        if self.unknown:
            return f"{counts} On ne peut pas dire que le projet respecte la charte."
        return f"{counts} D’après vos réponses, que personne d’autre n’a vérifiées."

    def to_dict(self) -> dict[str, Any]:
        """Verdict en types simples.

        Returns
        -------
        dict
            Conclusion et engagements par état.
        """
        return {
            "projet": self.name,
            "charte": self.charter.dated,
            "conclusion": self.conclusion,
            "tenus": list(self.kept),
            "rompus": list(self.broken),
            "a_eclaircir": list(self.unknown),
            "questions": [{"question": text, "a_qui": hint} for text, hint in self.to_ask],
            "a_faire": list(self.steps),
        }

    def document(self) -> Document:
        """Verdict mis en page.

        Returns
        -------
        Document
            Document à écrire.
        """
        sections = [Section("", [Paragraph(self.conclusion, strong=True)])]
        if self.broken:
            blocks: list[Block] = [Bullets(self.broken), Paragraph("À faire", strong=True)]
            sections.append(Section("Engagements rompus", [*blocks, Checks([Check(step) for step in self.steps])]))
        if self.unknown:
            asked = [f"{text} {hint}".strip() for text, hint in self.to_ask]
            ask: list[Block] = [Paragraph("Les questions à poser", strong=True), Bullets(asked)]
            sections.append(Section("À éclaircir", [Bullets(self.unknown), *ask]))
        if self.kept:
            sections.append(Section("Engagements tenus, selon les réponses données", [Bullets(self.kept)]))
        title = f"Projet « {self.name} »" if self.name else "Projet"
        return Document(
            f"{title} face à la charte",
            sections,
            f"{self.charter.title}. {self.charter.dated}",
            "Ce qui n’a pas été vérifié n’est pas compté comme tenu. Ne remplace pas un conseil juridique.",
        )


def commitments(tool: Grid | None = None) -> tuple[Commitment, ...]:
    """Engagements qu’un projet peut tenir ou rompre, dans l’ordre de la grille.

    Parameters
    ----------
    tool : Grid, optional
        Grille ; celle livrée par défaut.

    Returns
    -------
    tuple of Commitment
        Engagements.
    """
    tool = tool or grid()
    by_id: dict[str, list[Rule]] = {}
    for rule in tool.regles:
        if rule.id.startswith((KEPT, BROKEN)):
            by_id.setdefault(rule.id.split("-", 1)[1], []).append(rule)
    return tuple(
        Commitment(
            name,
            next(rule.conclusion for rule in rules if rule.id.startswith(KEPT)),
            tuple(
                dict.fromkeys(
                    part.question or part.repondu or ""
                    for rule in rules
                    for part in (rule.si.walk() if rule.si else ())
                    if (part.question or part.repondu or "").startswith(PROJECT)
                )
            ),
        )
        for name, rules in by_id.items()
    )


def in_force(charter: Charter, answers: Mapping[str, Any] | None = None) -> tuple[Commitment, ...]:
    """Engagements que la charte prend, et sur lesquels ce projet est jugé.

    Parameters
    ----------
    charter : Charter
        Charte.
    answers : mapping, optional
        Réponses du projet ; sans elles, tous les engagements de la charte.

    Returns
    -------
    tuple of Commitment
        Engagements dont une question se pose.
    """
    asked = {q.id for q in visible(grid(), {**charter.choices, ASKED: "oui", **(answers or {})})[0]}
    return tuple(one for one in commitments() if asked.intersection(one.questions))


def check_project(charter: Charter, project: Mapping[str, Any]) -> Verdict:
    """Confronte un projet à une charte.

    Parameters
    ----------
    charter : Charter
        Charte.
    project : mapping
        Réponses aux questions `p_…` de la grille.

    Returns
    -------
    Verdict
        Engagements tenus, rompus, à éclaircir.

    Raises
    ------
    CharteInvalide
        Si une réponse ne va pas avec la grille.

    Examples
    --------
    >>> found = check_project(Charter({"decision": "jamais"}), {"p_decide": "seule"})
    >>> len(found.broken), len(found.kept)
    (1, 0)
    """
    tool = grid()
    given = {k: v for k, v in project.items() if str(k).startswith(PROJECT) or k not in tool.questions}
    accepted, problems = check(tool, given)
    if problems:
        raise CharteInvalide("votre projet", problems)
    answers = {**charter.choices, ASKED: "oui", **accepted}
    sheet = workshop.evaluate(tool, answers)
    rules = set(sheet.rules)
    judged = in_force(charter, accepted)
    unknown = [one for one in judged if not rules & {KEPT + one.id, BROKEN + one.id}]
    open_questions = {name for one in unknown for name in one.questions}
    return Verdict(
        charter,
        " ".join(str(accepted.get("p_nom") or "").split()),
        tuple(sheet.conclusions("p_tenu")),
        tuple(sheet.conclusions("p_rompu")),
        tuple(one.subject for one in unknown),
        tuple((one.text, one.hint) for one in sheet.unknowns if one.question in open_questions),
        tuple(step.text for step in sheet.steps if step.rule.startswith(BROKEN)),
    )
