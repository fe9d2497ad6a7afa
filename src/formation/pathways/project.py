"""Ce que le projet contient : pages et ancres, questions, exercices et contrôles, diaporamas."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path

from formation.project import root as project_root

FOLDER = "book/parcours"
DECKS = "book/diapos"
GLOSSARY = "book/glossaire"
_HEADING = re.compile(r"^#{1,6} +(.+?)(?: *\{[^}]*\})? *$", re.MULTILINE)
_TARGET = re.compile(r"^\(([^)]+)\)=$", re.MULTILINE)
_FENCED = re.compile(r"^(```+|~~~+).*?^\1", re.MULTILINE | re.DOTALL)
_ROLE = re.compile(r"\{[a-z-]+\}`([^`<]*?)(?: *<[^>]*>)?`")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_CONTROL = re.compile(r"^controle:\n((?:[ \t]+.*\n)+)", re.MULTILINE)
_NAME = re.compile(r"^[ \t]+nom: *(\S+)", re.MULTILINE)
_MINUTES = re.compile(r"^ +duree_min: *(\d+)", re.MULTILINE)
_TITLE = re.compile(r"^ +titre: *(.+?) *$", re.MULTILINE)
_TERM = re.compile(r"^([^\s`:#].*)$", re.MULTILINE)


@dataclass(frozen=True)
class ExerciseFile:
    """Un exercice noté, tel que le fichier du projet le décrit.

    Parameters
    ----------
    name : str
        Nom du fichier, sans extension.
    subject : str
        Sujet auquel il appartient.
    title : str
        Titre.
    minutes : int
        Durée annoncée, en minutes.
    controls : tuple of str
        Contrôles notés, dans l’ordre.
    """

    name: str
    subject: str
    title: str
    minutes: int
    controls: tuple[str, ...]


class Project:
    """Ce que l’on peut citer dans un parcours, relevé une fois dans les sources du projet.

    Parameters
    ----------
    root : Path, optional
        Racine du projet ; par défaut celle où le paquet est installé.

    Raises
    ------
    SourcesIntrouvables
        Si le paquet est installé sans les sources du projet.

    Examples
    --------
    >>> Project().exercise("eau-01-lire-une-courbe").minutes
    20
    """

    def __init__(self, root: Path | None = None) -> None:
        self.root = project_root(FOLDER, given=root)
        self._anchors: dict[str, frozenset[str]] = {}

    @cached_property
    def questions(self) -> frozenset[str]:
        """Identifiants de toutes les questions."""
        from formation import questions

        return frozenset(questions.load(self.root))

    @cached_property
    def decks(self) -> frozenset[str]:
        """Noms des diaporamas."""
        return frozenset(file.stem for file in (self.root / DECKS).glob("*.md"))

    @cached_property
    def pages(self) -> frozenset[str]:
        """Pages du livre : chapitres, études, notes pédagogiques, fiches de données."""
        files = [
            file for pattern in ("book/**/*.md", "cases/*/*.md", "datasets/*/*.md") for file in self._glob(pattern)
        ]
        names = (file.relative_to(self.root).with_suffix("").as_posix() for file in files)
        return frozenset(name for name in names if not name.startswith(f"{DECKS}/"))

    @cached_property
    def exercises(self) -> dict[str, Path]:
        """Fichiers des exercices, par nom."""
        return {file.stem: file for file in sorted(self._glob("notebooks/*/*.md"))}

    def _glob(self, pattern: str) -> Iterable[Path]:
        return self.root.glob(pattern)

    def exercise(self, name: str) -> ExerciseFile:
        """Lit un exercice.

        Parameters
        ----------
        name : str
            Nom, présent dans `exercises`.

        Returns
        -------
        ExerciseFile
        """
        file = self.exercises[name]
        text = file.read_text(encoding="utf-8")
        head = text.split("\n---\n", 1)[0]
        minutes, title = _MINUTES.search(head), _TITLE.search(head)
        found = (_NAME.search(block) for block in _CONTROL.findall(text))
        return ExerciseFile(
            name,
            file.parent.name,
            title[1].strip("\"'") if title else name,
            int(minutes[1]) if minutes else 0,
            tuple(match[1] for match in found if match),
        )

    def anchors(self, page: str) -> frozenset[str]:
        """Ancres d’une page : ses titres, ses cibles, les termes du glossaire.

        Parameters
        ----------
        page : str
            Nom de page, présent dans `pages`.

        Returns
        -------
        frozenset of str
            Ancres en minuscules et sans accents, comme dans les quiz.
        """
        if page not in self._anchors:
            text = (self.root / f"{page}.md").read_text(encoding="utf-8")
            found = [plain_title(title) for title in _HEADING.findall(_FENCED.sub("", text))] + _TARGET.findall(text)
            if page == GLOSSARY:
                found += [f"term-{term}" for term in _TERM.findall(text)]
            self._anchors[page] = frozenset(map(slug, found))
        return self._anchors[page]

    def missing_link(self, link: str) -> str | None:
        """Dit ce qui manque à un lien « page » ou « page#ancre ».

        Parameters
        ----------
        link : str
            Lien depuis la racine du projet, sans extension.

        Returns
        -------
        str or None
            Explication en français ; None si la page et l’ancre existent.
        """
        page, _, anchor = link.partition("#")
        if page not in self.pages:
            return f"la page « {page} » n’existe pas.{near(page, self.pages)} Écrivez par exemple book/cas/eau"
        if anchor and slug(anchor) not in self.anchors(page):
            return (
                f"la page « {page} » n’a pas de titre « #{anchor} ».{near(slug(anchor), self.anchors(page))} "
                "Une ancre est le titre en minuscules, sans accents, mots séparés par des traits d’union"
            )
        return None


def near(name: str, known: Iterable[str]) -> str:
    """Phrase qui propose le nom existant le plus proche.

    Parameters
    ----------
    name : str
        Nom inconnu.
    known : iterable of str
        Noms existants.

    Returns
    -------
    str
        « Vouliez-vous dire … ? », précédé d’une espace ; vide si rien ne ressemble.

    Examples
    --------
    >>> "cas-eau" in near("cas-eaux", ["cas-eau", "nis2"])
    True
    """
    found = get_close_matches(name, list(known), n=1)
    return f" Vouliez-vous dire « {found[0]} » ?" if found else ""


def plain_title(title: str) -> str:
    """Titre d’une page ou d’une partie, sans rôle, lien ni gras.

    Parameters
    ----------
    title : str
        Titre tel qu’il est écrit.

    Returns
    -------
    str

    Examples
    --------
    >>> plain_title("L’**option** sans IA")
    'L’option sans IA'
    """
    return _LINK.sub(r"\1", _ROLE.sub(r"\1", title)).replace("*", "").replace("`", "")


def slug(title: str) -> str:
    """Ancre d’un titre, telle que le livre l’écrit.

    Parameters
    ----------
    title : str
        Titre, ou ancre écrite à la main.

    Returns
    -------
    str
        Minuscules sans accents, mots séparés par des traits d’union.

    Examples
    --------
    >>> slug("À retenir")
    'a-retenir'
    """
    from docutils.nodes import make_id

    return str(make_id(title))
