"""Questionnaire de satisfaction, anonyme : la feuille, sa saisie, ses comptes, sans aucune moyenne."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from formation.session import places
from formation.session.quizzes import token

if TYPE_CHECKING:
    from formation.session.model import Session

QUIZ = "satisfaction"
WORDS = ("pas du tout d’accord", "plutôt pas d’accord", "plutôt d’accord", "tout à fait d’accord")
NO_OPINION = "sans avis"
STATEMENTS = {
    "objectifs": "Les objectifs annoncés étaient clairs.",
    "besoins": "Le contenu répondait à mes besoins, dans mon mandat ou à mon poste.",
    "rythme": "La durée et le rythme convenaient.",
    "activites": "Les exemples et les activités m’ont aidé à comprendre.",
    "animation": "L’animation laissait la place aux questions de chacun.",
    "documents": "Les documents remis me resserviront.",
    "accueil": "Le lieu, le matériel et l’accessibilité convenaient.",
    "usage": "Je sais ce que je ferai de cette formation dans les trois mois.",
}
OPEN = {
    "utile": "Qu’est-ce qui vous a été le plus utile ?",
    "changer": "Que faudrait-il changer ?",
}
MIN_GROUP = 5
"""Au-dessous de cinq feuilles, aucun détail : chacun se reconnaîtrait, ou reconnaîtrait un collègue."""
MAX_CHARS, SHORTEST = 2_000, 3
_BOX = '<td class="mot">☐</td>'
_PAPER_CSS = (
    ".mot{width:12%;text-align:center;font-weight:normal}td.mot{font-size:1.3rem;vertical-align:middle}"
    "tbody th{font-weight:normal;padding:.5rem}.ligne{margin:0}"
)
_INTRO = (
    "Ce questionnaire est anonyme : n’écrivez ni votre nom, ni votre identifiant, ni rien qui désigne quelqu’un. Moins "
    f"de {MIN_GROUP} feuilles rendues : les réponses ne sont pas détaillées."
)


@dataclass(frozen=True, slots=True)
class Form:
    """Une feuille rendue : un mot par affirmation, et les deux réponses libres.

    Parameters
    ----------
    words : dict of str to str
        Affirmation → mot ; une affirmation sans réponse est absente.
    comments : dict of str to str
        Question ouverte → texte.
    """

    words: dict[str, str]
    comments: dict[str, str]


@dataclass(frozen=True, slots=True)
class Figure:
    """Réponses à une affirmation.

    Parameters
    ----------
    name, text : str
        Identifiant et affirmation.
    counts : tuple of int
        Nombre de réponses par mot de `WORDS`.
    no_opinion : int
        Réponses « sans avis ».
    median : str
        Mot médian ; vide sans réponse.
    """

    name: str
    text: str
    counts: tuple[int, ...]
    no_opinion: int
    median: str

    @property
    def answered(self) -> int:
        """Réponses avec un avis."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """Comptes d’une session ; `figures` et `comments` sont vides au-dessous de cinq feuilles."""

    forms: int
    invited: int
    figures: tuple[Figure, ...] = ()
    comments: dict[str, tuple[str, ...]] | None = None

    @property
    def detailed(self) -> bool:
        """Vrai si le groupe est assez grand pour un détail."""
        return self.forms >= MIN_GROUP


def summarise(forms: Sequence[Form], invited: int, names: Iterable[str] = ()) -> Satisfaction:
    """Compte les feuilles d’une session.

    Parameters
    ----------
    forms : sequence of Form
        Feuilles rendues.
    invited : int
        Nombre de stagiaires.
    names : iterable of str
        Noms de famille du groupe, masqués dans les réponses libres : celle qui nomme quelqu’un n’est plus anonyme.

    Returns
    -------
    Satisfaction

    Examples
    --------
    >>> summarise([Form({"rythme": "plutôt d’accord"}, {})], 12).figures
    ()
    """
    if len(forms) < MIN_GROUP:
        return Satisfaction(len(forms), invited)
    figures = tuple(_figure(name, text, forms) for name, text in STATEMENTS.items())
    # triés : l’ordre des feuilles rapprocherait les deux réponses d’une même personne
    named = _any_of(names)
    comments = {name: tuple(sorted(_masked(one.comments.get(name, ""), named) for one in forms)) for name in OPEN}
    kept = {name: tuple(text for text in texts if text) for name, texts in comments.items()}
    return Satisfaction(len(forms), invited, figures, kept)


def _figure(name: str, text: str, forms: Sequence[Form]) -> Figure:
    given = [one.words[name] for one in forms if name in one.words]
    counts = tuple(given.count(word) for word in WORDS)
    return Figure(name, text, counts, given.count(NO_OPINION), median_word(counts))


def median_word(counts: Sequence[int]) -> str:
    """Mot médian : autant de réponses au-dessous qu’au-dessus.

    Parameters
    ----------
    counts : sequence of int
        Nombre de réponses par mot de `WORDS`.

    Returns
    -------
    str
        Un mot, « entre … et … » si la médiane tombe entre deux, vide sans réponse.

    Examples
    --------
    >>> median_word([0, 1, 2, 0]), median_word([0, 1, 1, 0])
    ('plutôt d’accord', 'entre plutôt pas d’accord et plutôt d’accord')
    """
    ranks = [rank for rank, count in enumerate(counts) for _ in range(count)]
    if not ranks:
        return ""
    low, high = ranks[(len(ranks) - 1) // 2], ranks[len(ranks) // 2]
    return WORDS[low] if low == high else f"entre {WORDS[low]} et {WORDS[high]}"


def _any_of(names: Iterable[str]) -> re.Pattern[str] | None:
    """Un de ces noms, avec une majuscule : « Petit » se masque, « petit groupe » se lit."""
    known = {" ".join(name.split()) for name in names}
    written = sorted({form for name in known if len(name) >= SHORTEST for form in (name.title(), name.upper(), name)})
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, written))})(?!\w)") if written else None


def _masked(text: str, named: re.Pattern[str] | None) -> str:
    if not text.strip():
        return ""
    from formation.personal import mask

    shown = mask(" ".join(text.split()))[0]
    return named.sub("[nom masqué]", shown) if named else shown


def write_form(session: Session, root: Path) -> tuple[str, Path]:
    """Écrit le questionnaire à l’écran et son tableau de saisie.

    Parameters
    ----------
    session : Session
        Session.
    root : Path
        Racine du dossier à remplir.

    Returns
    -------
    tuple of (str, Path)
        Page à imprimer et fichier PDF, pour `printing.write_pdfs`.
    """
    from formation.classroom.exports import write_csv
    from formation.files import write_atomic
    from formation.session.quiz_pages import form_page, likert_fieldset

    title = f"Votre avis – {session.title}"
    words = (*WORDS, NO_OPINION)
    body = [f"<p>{escape(session.title)}</p><p>{escape(_INTRO)}</p>"]
    body += [likert_fieldset(rank, name, text, words) for rank, (name, text) in enumerate(STATEMENTS.items(), start=1)]
    for rank, (name, text) in enumerate(OPEN.items(), start=len(STATEMENTS) + 1):
        body.append(
            f'<p class="champ"><label for="{name}">{rank}. {escape(text)}</label>'
            f'<textarea id="{name}" name="{name}" rows="3" maxlength="{MAX_CHARS}"></textarea></p>'
        )
    about = {"genre": QUIZ, "session": token(session), "quiz": QUIZ, "questions": [*STATEMENTS, *OPEN]}
    write_atomic(
        root / places.DISTRIBUTE / f"{QUIZ}.html", form_page(title, "Votre avis", "".join(body), about).encode()
    )
    header = ["feuille", *STATEMENTS, *OPEN]
    blank = [""] * (len(header) - 1)
    rows = [[str(rank), *blank] for rank in range(1, len(session.participants) + 1)]
    write_csv(root / places.COLLECT / f"{QUIZ}.csv", header, rows)
    return _paper(session, title), root / places.DISTRIBUTE / f"{QUIZ}.pdf"


def _paper(session: Session, title: str) -> str:
    from formation.letters import french
    from formation.printing.layout import page
    from formation.session.quiz_pages import PAPER_CSS

    words = (*WORDS, NO_OPINION)
    head = "".join(f'<th scope="col" class="mot">{escape(word)}</th>' for word in words)
    rows = "".join(
        f'<tr><th scope="row">{rank}. {escape(text)}</th>{_BOX * len(words)}</tr>'
        for rank, text in enumerate(STATEMENTS.values(), start=1)
    )
    parts = [
        f"<h1>Votre avis</h1><p>{escape(session.title)}</p><p>{escape(_INTRO)}</p>",
        "<table><caption>Une case par ligne</caption><thead><tr>"
        f'<th scope="col">Affirmation</th>{head}</tr></thead><tbody>{rows}</tbody></table>',
    ]
    for rank, text in enumerate(OPEN.values(), start=len(STATEMENTS) + 1):
        lines = "<p class='ligne'></p>" * 4
        parts.append(f"<section><h2>{rank}. {escape(text)}</h2>{lines}</section>")
    return page(title, french("".join(parts)), css=PAPER_CSS + _PAPER_CSS)


def read_word(cell: str) -> str | None:
    """Mot d’une case du tableau de saisie, écrit en entier ou par son rang de 1 à 4.

    Parameters
    ----------
    cell : str
        Case.

    Returns
    -------
    str or None
        Mot, chaîne vide pour une case vide, None si la case ne se lit pas.

    Examples
    --------
    >>> read_word("3"), read_word("Plutot d'accord"), read_word(""), read_word("bof") is None
    ('plutôt d’accord', 'plutôt d’accord', '', True)
    """
    from formation.datasets import simplify

    simple = simplify(cell)
    if simple in ("", "_"):
        return ""
    if simple in ("1", "2", "3", "4"):
        return WORDS[int(simple) - 1]
    return {simplify(word): word for word in (*WORDS, NO_OPINION)}.get(simple)


def to_json(form: Form) -> dict[str, dict[str, str]]:
    """Feuille pour le fichier des réponses lues.

    Parameters
    ----------
    form : Form
        Feuille rendue.

    Returns
    -------
    dict
        Mots et réponses libres, par question.
    """
    return {"mots": form.words, "libres": form.comments}
