"""Les chapitres à exporter : leurs questions, leur place dans le livre, le passage à relire."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any

import yaml

from formation.letters import fold
from formation.palette import SUBJECTS
from formation.project import root as project_root
from formation.questions.bank import Bank, Item, QuestionInconnue, load
from formation.questions.writing import Rich, inline

ROOT_CATEGORY = "IA et territoires"
_HEADING = re.compile(r"^(#{1,4})\s+(.+?)\s*$", re.MULTILINE)
_FENCED = re.compile(r"^(`{3,}|~{3,}).*?^\1`*\s*$", re.MULTILINE | re.DOTALL)
GLOSSARY = "book/glossaire.md"
OTHERS = "Autres chapitres"


@dataclass(frozen=True)
class Chapter:
    """Un chapitre du livre et ses questions.

    Attributes
    ----------
    page : str
        Page du livre.
    title, part : str
        Titre du chapitre et de la partie du livre où il se trouve.
    items : tuple of Item
        Questions, dans l’ordre du livre.
    root : Path
        Racine du projet, où lire les titres des passages à relire.
    """

    page: str
    title: str
    part: str
    items: tuple[Item, ...]
    root: Path

    @property
    def slug(self) -> str:
        """Nom court du chapitre, celui des fichiers exportés."""
        return self.page.rsplit("/", 1)[-1]

    @property
    def subject(self) -> str:
        """Sujet du chapitre, qui lui donne sa couleur."""
        return self.items[0].subject

    @property
    def category(self) -> tuple[str, str, str]:
        """Catégories d’une banque de questions, de la plus large à la plus étroite."""
        return ROOT_CATEGORY, self.part, self.title


def choose(names: Iterable[str] = (), root: Path | None = None, bank: Bank | None = None) -> list[Chapter]:
    """Chapitres demandés, dans l’ordre du livre.

    Parameters
    ----------
    names : iterable of str
        Sujets (`eau`), pages (`book/cas/eau`) ou derniers mots de pages (`chef-de-file`) ; vide : tous.
    root : Path, optional
        Racine du projet.
    bank : Bank, optional
        Questions déjà lues.

    Returns
    -------
    list of Chapter
        Un chapitre par page qui porte un quiz, sans doublon.

    Raises
    ------
    QuestionInconnue
        Si des noms ne sont pas connus : tous sont dits, avec les noms proches.
    """
    place = root or project_root()
    questions = bank if bank is not None else load(place)
    asked = list(names)
    problems, pages = [], set()
    for name in asked:
        try:
            pages |= {item.page for item in questions.of(name)}
        except QuestionInconnue as error:
            problems.append(str(error))
    if problems:
        raise QuestionInconnue("\n".join(problems))
    order, captions = _plan(place)
    kept = [page for page in questions.pages if not asked or page in pages]
    kept.sort(key=lambda page: order.get(page, len(order)))
    return [
        Chapter(page, title_of(page, place), captions.get(page, OTHERS), questions.of(page), place) for page in kept
    ]


def _plan(root: Path) -> tuple[dict[str, int], dict[str, str]]:
    """Rang de chaque page et titre de sa partie, lus dans le plan du livre."""
    file = root / "_toc.yml"
    plan: Any = yaml.safe_load(file.read_text(encoding="utf-8")) if file.is_file() else {}
    order: dict[str, int] = {}
    captions: dict[str, str] = {}

    def walk(entries: list[dict[str, Any]], caption: str) -> None:
        for entry in entries:
            page = str(entry.get("file", "")).removesuffix(".md")
            order.setdefault(page, len(order))
            captions.setdefault(page, caption)
            walk(entry.get("sections", []), caption)

    for part in plan.get("parts", []):
        walk(part.get("chapters", []), str(part.get("caption", OTHERS)))
    return order, captions


def title_of(page: str, root: Path) -> str:
    """Titre d’une page du livre, sans construire le livre.

    Parameters
    ----------
    page : str
        Nom de la page.
    root : Path
        Racine du projet.

    Returns
    -------
    str
        Premier titre de la page ; à défaut, le nom de son sujet ou de la page.
    """
    headings = _headings(root / f"{page}.md")
    if headings:
        return headings[0][1]
    slug = page.rsplit("/", 1)[-1]
    return SUBJECTS[slug].name if slug in SUBJECTS else slug


@lru_cache(maxsize=128)
def _headings(file: Path) -> tuple[tuple[str, str], ...]:
    """Ancre et texte de chaque titre d’une page."""
    if not file.is_file():
        return ()
    text = _FENCED.sub("", file.read_text(encoding="utf-8"))
    found = []
    for match in _HEADING.finditer(text):
        words = inline(match[2], cite=False).text
        found.append((_anchor(words), words))
    return tuple(found)


@lru_cache(maxsize=4)
def _terms(file: Path) -> tuple[tuple[str, str], ...]:
    """Ancre et texte de chaque mot du glossaire."""
    blocks = (
        re.findall(r"```\{glossary\}\n(.*?)```", file.read_text(encoding="utf-8"), re.DOTALL) if file.is_file() else []
    )
    words = [line.strip() for block in blocks for line in block.splitlines() if line[:1].strip() and line[0] != ":"]
    return tuple((f"term-{_anchor(word)}", word) for word in words)


def _anchor(title: str) -> str:
    bare = fold(title.replace("’", "").replace("'", ""))
    return re.sub(r"[^a-z0-9]+", "-", bare).strip("-")


def review_text(item: Item, root: Path, address: str = "") -> Rich:
    """Passage à relire : le titre de la page et celui du paragraphe, et le lien si le livre a une adresse.

    Parameters
    ----------
    item : Item
        Question.
    root : Path
        Racine du projet.
    address : str
        Adresse où le livre est publié, vide s’il ne l’est pas.

    Returns
    -------
    Rich
        Par exemple « Écouter d’abord les bons tronçons », partie « Essayez ».
    """
    page, _, anchor = item.review.partition("#")
    title = title_of(page, root)
    heading = dict(_headings(root / f"{page}.md")).get(anchor, "")
    where = f"« {title} »" + (f", partie « {heading} »" if heading and heading != title else "")
    if term := dict(_terms(root / GLOSSARY)).get(anchor.lower()) if page == GLOSSARY.removesuffix(".md") else None:
        where += f", mot « {term} »"
    text = where.replace("« ", "«\u00a0").replace(" »", "\u00a0»")
    html = escape(text, quote=False)
    if address:
        target = f"{address.rstrip('/')}/{page}.html" + (f"#{anchor}" if anchor else "")
        # un autre onglet : dans le cadre d’une plateforme, suivre le lien quitterait le quiz en cours
        html = f'<a href="{escape(target)}" target="_blank" rel="noopener">{html} (nouvel onglet)</a>'
    return Rich(html, text)


def general_feedback(item: Item, root: Path, address: str = "") -> Rich:
    """Retour commun à toutes les réponses : l’objectif évalué et le passage à relire.

    Parameters
    ----------
    item : Item
        Question.
    root : Path
        Racine du projet.
    address : str
        Adresse où le livre est publié, vide s’il ne l’est pas.

    Returns
    -------
    Rich
        Deux phrases.
    """
    again = review_text(item, root, address)
    return Rich(
        f"Objectif\u00a0: {escape(item.objective, quote=False)} À relire\u00a0: {again.html}.",
        f"Objectif\u00a0: {item.objective} À relire\u00a0: {again.text}.",
    )
