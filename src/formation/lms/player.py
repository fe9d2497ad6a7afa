"""La page d’un quiz dans un paquet SCORM : tout est dans la page, rien n’est demandé ailleurs."""

from __future__ import annotations

import hashlib
from html import escape
from importlib.resources import files

from formation.book.tokens import variables
from formation.letters import without_accents
from formation.lms.chapters import Chapter, review_text
from formation.palette import SUBJECTS
from formation.questions.bank import LEVELS, Choice, Item

STYLE, SCRIPT = "lecteur.css", "lecteur.js"
_FONTS = (
    '--texte:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",Arial,sans-serif;'
    '--titre:"Iowan Old Style","Palatino Linotype",Palatino,"URW Palladio L",P052,Georgia,"Liberation Serif",serif;'
)


def page(chapter: Chapter, *, threshold: int | None, address: str = "") -> str:
    """Page du quiz d’un chapitre.

    Parameters
    ----------
    chapter : Chapter
        Chapitre.
    threshold : int or None
        Part de réponses justes à atteindre, en pour cent ; `None` : le quiz est seulement terminé ou non.
    address : str
        Adresse où le livre est publié, vide s’il ne l’est pas.

    Returns
    -------
    str
        Document HTML, qui charge `lecteur.css` et `lecteur.js` posés à côté de lui.
    """
    ordered = [item for level in LEVELS for item in chapter.items if item.level == level]
    total = len(ordered)
    body, rank = [], 0
    for level in LEVELS:
        inside = [item for item in ordered if item.level == level]
        if not inside:
            continue
        plural = "s" if len(inside) > 1 else ""
        body.append(f"<h2>{level.capitalize()} <span>· {len(inside)}\u00a0question{plural}</span></h2>")
        for item in inside:
            rank += 1
            body.append(_question(item, chapter, rank, total, address))
    title = escape(chapter.items[0].title_of_quiz, quote=False)
    goal = "" if threshold is None else f" Seuil à atteindre\u00a0: {threshold}\u00a0%."
    return f"""<!DOCTYPE html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="{STYLE}">
</head>
<body>
<header>
<p class="sur-titre">{escape(chapter.part, quote=False)} · {escape(chapter.title, quote=False)}</p>
<h1>{title}</h1>
<p class="suivi" role="status"></p>
<noscript><p>Ce quiz se corrige avec JavaScript, que votre navigateur n’exécute pas\u00a0: activez-le, ou répondez
au quiz à la fin du chapitre, dans le livre.</p></noscript>
</header>
<main id="quiz" data-empreinte="{fingerprint(ordered)}" data-seuil="{"" if threshold is None else threshold}">
{"".join(body)}
<section class="bilan avec-js" aria-labelledby="titre-bilan">
<h2 id="titre-bilan">Votre résultat</h2>
<p class="total"></p>
<p class="resultat" role="status"></p>
</section>
</main>
<footer><p>La première réponse vérifiée compte.{goal} Aubeline est une ville inventée, et ses données sont synthétiques.
Texte sous licence CC\u00a0BY-SA\u00a04.0.</p></footer>
<script src="{SCRIPT}"></script>
</body>
</html>
"""


def fingerprint(items: list[Item]) -> str:
    """Empreinte des questions dans leur ordre : une reprise ne vaut que pour le même quiz.

    Parameters
    ----------
    items : list of Item
        Questions.

    Returns
    -------
    str
        Huit signes.
    """
    told = "|".join(f"{item.id}={len(item.choices)}={item.key}={item.statement.text}" for item in items)
    return hashlib.sha256(told.encode()).hexdigest()[:8]


def style(subject: str) -> str:
    """Feuille de style du lecteur : les couleurs du livre, en clair et en sombre.

    Parameters
    ----------
    subject : str
        Sujet du chapitre, qui donne sa couleur.

    Returns
    -------
    str
        CSS.
    """
    hue = f"--cas:var(--cas-{subject})" if subject in SUBJECTS else "--cas:var(--accent)"
    return (
        f":root{{color-scheme:light;{variables(dark=False)}{hue};{_FONTS}}}\n"
        f"@media (prefers-color-scheme:dark){{:root{{color-scheme:dark;{variables(dark=True)}}}}}\n" + _asset(STYLE)
    )


def script() -> str:
    """Programme du lecteur.

    Returns
    -------
    str
        JavaScript.
    """
    return _asset(SCRIPT)


def _asset(name: str) -> str:
    return files("formation.lms").joinpath("lecteur", name).read_text(encoding="utf-8")


def _question(item: Item, chapter: Chapter, rank: int, total: int, address: str) -> str:
    kind = "radio" if item.kind == "unique" else "checkbox"
    hint = "Une seule réponse" if item.kind == "unique" else "Plusieurs réponses possibles"
    options = "".join(
        f'<div class="option"><input type="{kind}" id="{item.id}-{number}" name="{item.id}" value="{number}">'
        f'<label for="{item.id}-{number}">{choice.text.html}</label></div>'
        for number, choice in enumerate(item.choices, start=1)
    )
    answers = "".join(_answer(number, choice) for number, choice in enumerate(item.choices, start=1))
    level = f"niveau_{without_accents(item.level)}"
    return f"""
<form class="question" id="{item.id}" data-objectif="{level}" autocomplete="off">
<fieldset>
<legend><span class="numero">Question {rank} sur {total}</span>
<span class="enonce">{item.statement.html}</span></legend>
<p class="consigne">{hint}</p>
{options}
</fieldset>
<button type="submit" class="avec-js">Vérifier ma réponse</button>
<div class="verdict" role="status"></div>
<template><ul class="retours">{answers}</ul>
<p class="objectif">Objectif\u00a0: {escape(item.objective, quote=False)} À relire\u00a0: \
{review_text(item, chapter.root, address).html}.</p></template>
</form>
"""


def _answer(number: int, choice: Choice) -> str:
    right = "oui" if choice.right else "non"
    return (
        f'<li data-option="{number}" data-juste="{right}">'
        f'<strong class="marque">{"Juste" if choice.right else "Faux"}</strong> '
        f'<span class="choix">{choice.text.html}</span> <span class="retour">{choice.feedback.html}</span></li>'
    )
