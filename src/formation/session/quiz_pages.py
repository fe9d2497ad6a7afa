"""Pages des quiz : à l’écran, sur papier, et le corrigé du formateur. Les deux premières n’ont ni clé ni retour."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from formation.session.quizzes import LETTERS, Sheet, SheetQuestion

if TYPE_CHECKING:
    from formation.session.model import Session

_STATIC = Path(__file__).parent / "static"
ANSWERS = "reponses"
"""Genre du fichier qu’une page enregistre."""
PAPER_CSS = (
    "ul.cases{list-style:none;padding-left:0}ul.cases li{margin:.25rem 0;padding-left:1.6rem;text-indent:-1.6rem}"
    "ul.ligne-a-ligne li{display:inline-block;margin-right:1.2rem}"
    "section{break-inside:avoid}h2{font-size:1rem;margin:.8rem 0 .2rem;border:0;padding:0}"
    "@page{margin:12mm 15mm 14mm}@media print{html{line-height:1.35}h2{margin-top:.65rem}}"
    "ul.cases{margin:.2rem 0}ul.cases li{margin:.15rem 0}"
)
_NO_SCRIPT = (
    "<noscript><p><strong>Ce navigateur bloque le bouton d’enregistrement.</strong> Imprimez cette page et "
    "remplissez-la à la main, ou demandez la version papier.</p></noscript>"
)


def form_page(title: str, heading: str, body: str, about: Mapping[str, Any]) -> str:
    """Page à remplir à l’écran, autonome : rien n’en part, le bouton écrit un fichier chez qui répond.

    Parameters
    ----------
    title, heading : str
        Titre de l’onglet, titre de la page.
    body : str
        HTML du formulaire, sans le titre ni le bouton.
    about : mapping
        Ce que le fichier enregistré dira de lui-même.

    Returns
    -------
    str
        Page HTML.
    """
    from formation.letters import french
    from formation.printing.layout import page

    css = (_STATIC / "feuille.css").read_text(encoding="utf-8")
    script = (_STATIC / "answers.js").read_text(encoding="utf-8")
    data = json.dumps(about, ensure_ascii=False).replace("<", "\\u003c")
    whole = (
        f'<h1>{escape(heading)}</h1>{_NO_SCRIPT}<form id="feuille" novalidate>{french(body)}'
        '<p><button type="submit">Enregistrer mes réponses</button></p>'
        '<p id="annonce" class="annonce" role="status"></p></form>'
        '<details id="copie" hidden><summary>Le fichier n’apparaît pas dans vos téléchargements ?</summary>'
        '<p><label for="texte">Copiez ce texte et envoyez-le tel quel au formateur.</label></p>'
        '<textarea id="texte" rows="6" readonly></textarea></details>'
        f'<script type="application/json" id="a-propos">{data}</script><script>{script}</script>'
    )
    return page(title, whole, css=css)


def screen_page(session: Session, sheet: Sheet) -> str:
    """Quiz à remplir à l’écran.

    Parameters
    ----------
    session : Session
        Session.
    sheet : Sheet
        Feuille.

    Returns
    -------
    str
        Page HTML autonome, sans clé ni retour.
    """
    intro = [
        f"<p>{escape(session.title)}</p><p>{escape(sheet.instruction)}</p>",
        "<p>Vos réponses s’enregistrent dans un fichier sur cet appareil : rien n’est envoyé. "
        "Remettez ce fichier au formateur.</p>",
        '<p class="champ"><label for="identifiant">Votre identifiant</label><input id="identifiant" name="identifiant" '
        'autocomplete="off" autocapitalize="none" spellcheck="false" aria-describedby="aide-identifiant">'
        '<span id="aide-identifiant" class="note">Celui de votre convocation, par exemple stagiaire-07. Jamais votre '
        "nom.</span></p>",
    ]
    questions = [_fieldset(rank, one) for rank, one in enumerate(sheet.questions, start=1)]
    about = {
        "genre": ANSWERS,
        "session": sheet.token,
        "quiz": sheet.quiz,
        "questions": [one.id for one in sheet.questions],
    }
    return form_page(f"{sheet.title} – {session.title}", sheet.title, "".join(intro + questions), about)


def _fieldset(rank: int, question: SheetQuestion) -> str:
    several = question.kind == "multiple"
    kind = "checkbox" if several else "radio"
    options = "".join(
        f'<label class="choix"><input type="{kind}" name="{question.id}" value="{letter}">'
        f'<span class="lettre">{letter}.</span><span>{option.html}</span></label>'
        for letter, option in zip(LETTERS, question.options, strict=False)
    )
    return f"<fieldset><legend>{rank}. {question.html}{_several(question)}</legend>{options}</fieldset>"


def _several(question: SheetQuestion) -> str:
    """Rappelle que plusieurs cases se cochent, sauf si l’énoncé l’a déjà dit."""
    told = question.kind != "multiple" or "plusieurs réponses" in question.html.casefold()
    return "" if told else " <em>(plusieurs réponses possibles)</em>"


def paper_page(session: Session, sheet: Sheet) -> str:
    """Quiz à imprimer, une case par réponse.

    Parameters
    ----------
    session : Session
        Session.
    sheet : Sheet
        Feuille.

    Returns
    -------
    str
        Page HTML sans clé ni retour, pour `printing.write_pdf`.
    """
    from formation.letters import french
    from formation.printing.layout import page

    parts = [
        f"<h1>{escape(sheet.title)}</h1><p>{escape(session.title)}</p><p>{escape(sheet.instruction)}</p>",
        '<p>Votre identifiant (celui de votre convocation, par exemple stagiaire-07) : <span class="ligne">'
        "____________________</span></p>",
    ]
    for rank, question in enumerate(sheet.questions, start=1):
        boxes = "".join(
            f"<li>☐ <strong>{letter}.</strong> {option.html}</li>"
            for letter, option in zip(LETTERS, question.options, strict=False)
        )
        title = f"<h2>{rank}. {question.html}{_several(question)}</h2>"
        parts.append(f"<section>{title}<ul class='cases'>{boxes}</ul></section>")
    return page(f"{sheet.title} – {session.title}", french("".join(parts)), css=PAPER_CSS)


def key_page(session: Session, sheets: Mapping[Any, Sheet]) -> str:
    """Corrigé du formateur : bonnes réponses, retours, objectif évalué, passage à relire.

    Parameters
    ----------
    session : Session
        Session.
    sheets : mapping of str to Sheet
        Feuilles de la session.

    Returns
    -------
    str
        Page HTML ; à garder chez le formateur.
    """
    from formation.letters import french
    from formation.printing.layout import page

    title = f"Corrigés des quiz – {session.title}"
    parts = [
        f"<h1>{escape(title)}</h1>",
        "<p><strong>Pour le formateur seulement.</strong> Les lettres sont celles des feuilles de cette session.</p>",
    ]
    for sheet in sheets.values():
        parts.append(f"<h2>{escape(sheet.title)}</h2>")
        parts += [_key(session, sheet, rank, one) for rank, one in enumerate(sheet.questions, start=1)]
    return page(title, french("".join(parts)))


def _key(session: Session, sheet: Sheet, rank: int, question: SheetQuestion) -> str:
    from formation.session.handout import passage

    aimed = "".join(
        f"<p>Objectif : {escape(session.pathway.objective(name).texte)}</p>" for name in question.objectives
    )
    rows = "".join(_key_row(letter, option) for letter, option in zip(LETTERS, question.options, strict=False))
    review = f"<p>À relire : {escape(passage(question.review))}</p>" if question.review else ""
    return (
        f"<h3>Question {rank} ({question.id})</h3><p>{question.html}{_several(question)}</p>{aimed}"
        f'<div class="defile" tabindex="0" role="region" aria-label="{escape(sheet.title)}, question {rank}">'
        f"<table><caption>Bonne réponse : {question.letters(question.key)}</caption><thead><tr>"
        '<th scope="col">Lettre</th><th scope="col">Juste</th><th scope="col">Réponse</th><th scope="col">Retour</th>'
        f"</tr></thead><tbody>{rows}</tbody></table></div>{review}"
    )


def _key_row(letter: str, option: Any) -> str:
    right = "oui" if option.right else "non"
    told = escape(option.feedback)
    return f'<tr><th scope="row">{letter}</th><td>{right}</td><td>{option.html}</td><td>{told}</td></tr>'


def likert_fieldset(rank: int, name: str, text: str, words: Iterable[str]) -> str:
    """Affirmation à laquelle on répond par un mot.

    Parameters
    ----------
    rank : int
        Numéro affiché.
    name, text : str
        Identifiant et affirmation.
    words : iterable of str
        Réponses proposées.

    Returns
    -------
    str
        HTML d’un groupe de boutons.
    """
    options = "".join(
        f'<label class="choix"><input type="radio" name="{name}" value="{escape(word)}">'
        f"<span>{escape(word)}</span></label>"
        for word in words
    )
    return f"<fieldset><legend>{rank}. {escape(text)}</legend>{options}</fieldset>"
