"""La fiche d’un outil : ce que les réponses permettent de dire, et comment l’écrire."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from formation.numbers import day
from formation.workshop import documents
from formation.workshop.documents import Block, Bullets, Check, Checks, Document, Paragraph, Table
from formation.workshop.grid import SEVERITIES, Severity
from formation.workshop.sources import grouped

LABELS = {
    "etablie": "Fiche établie le {jour}. Grille version {version}. Faits et droit arrêtés au {faits}.",
    "bloquant": "Bloquant\u00a0: ",
    "attention": "Attention\u00a0: ",
    "information": "",
    "references": "Références\u00a0: ",
    "echeance": "Échéance\u00a0: {jour}.",
    "depuis": "Applicable depuis le {jour}.",
    "essentiel": "L’essentiel",
    "essentiel_legende": "L’essentiel, point par point",
    "point": "Point",
    "dit": "Ce que dit la fiche",
    "depuis_court": " (depuis le {jour})",
    "avant_court": " (avant le {jour})",
    "detail": "Le détail",
    "detail_texte": "Chaque point, sa raison et ses références.",
    "textes": "Les textes cités",
    "textes_texte": "De quoi préparer les visas\u00a0: ne visez qu’un texte lu, en vigueur, et qui fonde la décision.",
    "notes": "Les notes",
    "notes_legende": "Points obtenus, par critère",
    "critere": "Critère",
    "total": "Points",
    "lecture": "Lecture",
    "sur": "{total} sur {sur}",
    "partielle": "{lecture} ({reponses} réponses connues sur {questions})",
    "sans_note": "Pas encore de réponse connue",
    "a_faire": "À faire",
    "a_faire_texte": "Les fonctions nommées sont des exemples\u00a0: une même personne peut en tenir plusieurs, une "
    "autre collectivité en porter une.",
    "avant_le": " Avant le {jour}.",
    "depassee": " Dès maintenant\u00a0: la règle s’applique depuis le {jour}.",
    "qui": " Qui\u00a0: {qui}.",
    "a_eclaircir": "À éclaircir",
    "a_eclaircir_texte": "Sans réponse connue, ces points peuvent changer la conclusion.",
    "reponses": "Vos réponses",
    "reponses_legende": "Réponses données",
    "question": "Question",
    "reponse": "Réponse",
    "sources": "Sources",
}
"""Mots de la fiche ; la page du livre reçoit les mêmes."""


@dataclass(frozen=True)
class Conclusion:
    """Une conclusion de la fiche.

    Attributes
    ----------
    rule : str
        Règle qui la donne ; vide pour ce que le thème dit à défaut.
    conclusion, explanation : str
        Ce qui est conclu, et pourquoi.
    articles, sources : tuple of str
        Textes de droit, et clés de `book/sources.yml`.
    due : date or None
        Échéance.
    severity : str
        `information`, `attention` ou `bloquant`.
    """

    rule: str
    conclusion: str
    explanation: str
    articles: tuple[str, ...]
    sources: tuple[str, ...]
    due: date | None
    severity: Severity


@dataclass(frozen=True)
class SheetSection:
    """Les conclusions d’un thème."""

    id: str
    title: str
    conclusions: tuple[Conclusion, ...]


@dataclass(frozen=True)
class Score:
    """Une note : total, maximum, lecture, réponses connues et questions posées."""

    id: str
    title: str
    total: int
    out_of: int
    level: str
    known: int
    asked: int


@dataclass(frozen=True)
class Step:
    """Une chose à faire, tirée d’une règle."""

    text: str
    due: date | None
    who: str
    severity: Severity
    rule: str


@dataclass(frozen=True)
class Unknown:
    """Une question sans réponse connue, et à qui la poser."""

    question: str
    text: str
    hint: str


@dataclass(frozen=True)
class Sheet:
    """Fiche raisonnée.

    Attributes
    ----------
    tool, title, question, version, warning : str
        Ce que dit la grille d’elle-même.
    name : str
        Nom du projet ou de la collectivité : la réponse à la question `nom`, si la grille la pose.
    facts_date, on : date
        Date des faits, et jour de la fiche.
    rules : tuple of str
        Règles retenues, dans l’ordre de la grille.
    sections : tuple of SheetSection
        Conclusions, par thème.
    scores, steps, unknowns : tuple
        Notes, choses à faire dans l’ordre, points à éclaircir.
    answers : tuple of tuple of str
        Questions répondues et réponses, écrites.
    sources : dict of str to str
        Référence complète de chaque source citée, par clé.
    """

    tool: str
    title: str
    question: str
    version: str
    warning: str
    name: str
    facts_date: date
    on: date
    rules: tuple[str, ...]
    sections: tuple[SheetSection, ...]
    scores: tuple[Score, ...]
    steps: tuple[Step, ...]
    unknowns: tuple[Unknown, ...]
    answers: tuple[tuple[str, str], ...]
    sources: dict[str, str]

    @property
    def articles(self) -> tuple[str, ...]:
        """Articles cités, sans répétition."""
        found = (name for section in self.sections for one in section.conclusions for name in one.articles)
        return tuple(dict.fromkeys(found))

    def conclusions(self, theme: str) -> list[str]:
        """Conclusions d’un thème.

        Parameters
        ----------
        theme : str
            Identifiant du thème.

        Returns
        -------
        list of str
            Textes ; vide si le thème ne dit rien.
        """
        return [one.conclusion for section in self.sections if section.id == theme for one in section.conclusions]

    def to_dict(self) -> dict[str, Any]:
        """Fiche en types simples, prêts pour du JSON.

        Returns
        -------
        dict
            Toute la fiche ; les dates y sont écrites année d’abord.
        """
        plain: dict[str, Any] = _plain({**asdict(self), "articles": self.articles})
        return plain

    def document(self) -> Document:
        """Fiche mise en page.

        L’essentiel, ce qu’il faut faire et ce qui reste à éclaircir viennent d’abord : un lecteur pressé s’arrête là.

        Returns
        -------
        Document
            Document à écrire ; la page du livre compose le même.
        """
        opening = [Paragraph(text, strong=True) for text in (self.name, self.question) if text]
        return Document(
            self.title,
            [
                documents.Section("", [*opening, Paragraph(self.warning)]),
                *_essentials(self.sections, self.on),
                *_steps(self.steps, self.on),
                *_unknowns(self.unknowns),
                *_detail(self.sections, self.on),
                *_notes(self.scores),
                *_texts(self.articles),
                *_answers(self.answers),
                *_sources(self.sources),
            ],
            LABELS["etablie"].format(
                jour=day(self.on.isoformat()), version=self.version, faits=day(self.facts_date.isoformat())
            ),
        )

    def write(self, path: str | Path, *, ecraser: bool = False) -> Path:
        """Écrit la fiche ; l’extension choisit la forme.

        Parameters
        ----------
        path : str or Path
            Fichier `.html`, `.odt`, `.docx`, `.txt` ou `.json`.
        ecraser : bool
            Vrai pour remplacer un fichier existant.

        Returns
        -------
        Path
            Fichier écrit.

        Raises
        ------
        FicheImpossible
            Si le fichier existe déjà ou ne peut pas être écrit ; rien n’est changé.
        """
        return documents.write(self.document(), path, ecraser=ecraser, data=self.to_dict())


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def _essentials(sections: Sequence[SheetSection], on: date) -> list[documents.Section]:
    """Une ligne par thème : ses conclusions, la plus grave d’abord, et leur date."""
    if not sections:
        return []
    rows = []
    for section in sections:
        ordered = sorted(section.conclusions, key=lambda one: SEVERITIES.index(one.severity))
        rows.append([section.title, ". ".join(_brief(one, on) for one in ordered)])
    table = Table(LABELS["essentiel_legende"], [LABELS["point"], LABELS["dit"]], rows)
    return [documents.Section(LABELS["essentiel"], [table])]


def _brief(one: Conclusion, on: date) -> str:
    """Conclusion en une ligne ; seul ce qui bloque y est signalé, le reste l’est dans le détail."""
    mark = LABELS["bloquant"] if one.severity == "bloquant" else ""
    return mark + one.conclusion + _when(one.due, on, "avant_court", "depuis_court")


def _detail(sections: Sequence[SheetSection], on: date) -> list[documents.Section]:
    if not sections:
        return []
    head = documents.Section(LABELS["detail"], [Paragraph(LABELS["detail_texte"])])
    return [head, *(documents.Section(section.title, _conclusions(section, on), 3) for section in sections)]


def _texts(articles: Sequence[str]) -> list[documents.Section]:
    """Articles rangés par texte ; ce qui ne s’applique qu’*a contrario* ne fonde pas un visa."""
    found: dict[str, list[str]] = {}
    for name in articles:
        if "a contrario" not in name:
            text, _, rest = name.partition(", ")
            found.setdefault(text, []).extend([rest] if rest else [])
    if not found:
        return []
    items = [", ".join(part for part in (text, "\u00a0; ".join(rests)) if part) for text, rests in found.items()]
    return [documents.Section(LABELS["textes"], [Paragraph(LABELS["textes_texte"]), Bullets(items)])]


def _conclusions(section: SheetSection, on: date) -> list[Block]:
    blocks: list[Block] = []
    for one in section.conclusions:
        blocks.append(Paragraph(LABELS[one.severity] + one.conclusion, strong=True))
        text = " ".join(part for part in (one.explanation, _when(one.due, on, "echeance", "depuis")) if part)
        if text:
            blocks.append(Paragraph(text))
        references = [*grouped(one.articles), *one.sources]
        if references:
            blocks.append(Paragraph(LABELS["references"] + " ; ".join(references) + "."))
    return blocks


def _notes(scores: Sequence[Score]) -> list[documents.Section]:
    if not scores:
        return []
    rows = []
    for score in scores:
        total = LABELS["sur"].format(total=score.total, sur=score.out_of)
        reading = score.level
        if not score.known:
            total, reading = "—", LABELS["sans_note"]
        elif score.known < score.asked:
            reading = LABELS["partielle"].format(lecture=score.level, reponses=score.known, questions=score.asked)
        rows.append([score.title, total, reading])
    table = Table(LABELS["notes_legende"], [LABELS["critere"], LABELS["total"], LABELS["lecture"]], rows)
    return [documents.Section(LABELS["notes"], [table])]


def _steps(steps: Sequence[Step], on: date) -> list[documents.Section]:
    if not steps:
        return []
    checks = [
        Check(
            _followed(
                step.text,
                _when(step.due, on, "avant_le", "depassee") + (LABELS["qui"].format(qui=step.who) if step.who else ""),
            )
        )
        for step in steps
    ]
    head = [Paragraph(LABELS["a_faire_texte"])] if any(step.who for step in steps) else []
    return [documents.Section(LABELS["a_faire"], [*head, Checks(checks)])]


def _followed(text: str, more: str) -> str:
    """Étape suivie de sa date et de son responsable : un point les sépare quand le texte n’en a pas."""
    return text + ("" if not more or text.endswith((".", "!", "?", "…")) else ".") + more


def _unknowns(unknowns: Sequence[Unknown]) -> list[documents.Section]:
    if not unknowns:
        return []
    items = [f"{one.text} {one.hint}".strip() for one in unknowns]
    return [documents.Section(LABELS["a_eclaircir"], [Paragraph(LABELS["a_eclaircir_texte"]), Bullets(items)])]


def _answers(answers: Sequence[tuple[str, str]]) -> list[documents.Section]:
    if not answers:
        return []
    table = Table(LABELS["reponses_legende"], [LABELS["question"], LABELS["reponse"]], [list(row) for row in answers])
    return [documents.Section(LABELS["reponses"], [table])]


def _sources(sources: dict[str, str]) -> list[documents.Section]:
    if not sources:
        return []
    return [documents.Section(LABELS["sources"], [Bullets([f"{key}\u00a0: {text}" for key, text in sources.items()])])]


def _when(due: date | None, on: date, coming: str, past: str) -> str:
    return LABELS[coming if due > on else past].format(jour=day(due.isoformat())) if due else ""
