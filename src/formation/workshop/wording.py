"""Une grille en clair : ses conditions en français, ses questions pour un terminal, un modèle de réponses à remplir."""

from __future__ import annotations

from collections.abc import Iterable

from formation.numbers import shortest
from formation.workshop.conditions import Condition
from formation.workshop.grid import Grid, Question

_KINDS = {
    "choix": "une réponse",
    "multiple": "une ou plusieurs réponses",
    "oui_non": "une réponse",
    "nombre": "un nombre",
    "texte": "un texte",
}


def said(condition: Condition | None, grid: Grid) -> str:
    """Condition écrite en français.

    Parameters
    ----------
    condition : Condition or None
        Condition.
    grid : Grid
        Grille dont elle vient.

    Returns
    -------
    str
        Phrase sans majuscule ni point ; « toujours » sans condition.

    Examples
    --------
    >>> from formation.workshop.loading import load
    >>> said(None, load("besoin"))
    'toujours'
    """
    return "toujours" if condition is None else _said(condition, grid)


def _said(condition: Condition, grid: Grid) -> str:
    if condition.children:
        word = " et " if condition.tous else " ou "
        parts = [
            f"({_said(child, grid)})" if len(child.children) > 1 else _said(child, grid) for child in condition.children
        ]
        joined = word.join(parts)
        return joined if not condition.aucun_de else f"aucun de ceux-ci : {' ; '.join(parts)}"
    if condition.regle is not None:
        found = next((rule.conclusion for rule in grid.regles if rule.id == condition.regle), condition.regle)
        return f"la fiche conclut « {found} »"
    if condition.theme is not None:
        found = next((theme.titre for theme in grid.themes if theme.id == condition.theme), condition.theme)
        return f"une règle de « {found} » est retenue"
    if condition.note is not None:
        title = next((note.titre for note in grid.notes if note.id == condition.note), condition.note)
        return f"note « {title} » {_bound(condition)}"
    name = condition.question or condition.repondu or ""
    return _on_question(condition, grid.questions[name])


def _on_question(condition: Condition, question: Question) -> str:
    subject = f"« {question.texte} »"
    if condition.repondu is not None:
        return f"{subject} a une réponse connue"
    if condition.est is not None:
        return f"{subject} : {question.option_text(condition.est)}"
    if condition.parmi is not None:
        return f"{subject} : {' ou '.join(question.option_text(name) for name in condition.parmi)}"
    if condition.contient is not None:
        return f"{subject} comprend : {question.option_text(condition.contient)}"
    unit = f" {question.unite}" if question.unite else (" réponses cochées" if question.type == "multiple" else "")
    return f"{subject} {_bound(condition)}{unit}"


def _bound(condition: Condition) -> str:
    if condition.au_moins is not None:
        return f"d’au moins {shortest(condition.au_moins, grouped=True)}"
    return f"de moins de {shortest(condition.moins_de or 0, grouped=True)}"


def expected(question: Question) -> str:
    """Forme de réponse attendue.

    Parameters
    ----------
    question : Question
        Question.

    Returns
    -------
    str
        Sorte de réponse et bornes.

    Examples
    --------
    >>> expected(Question(id="n", texte="Combien ?", type="nombre", minimum=0, unite="agents"))
    'un nombre, au moins 0, en agents'
    """
    parts = [_KINDS[question.type]]
    if question.minimum is not None:
        parts.append(f"au moins {shortest(question.minimum, grouped=True)}")
    if question.maximum is not None:
        parts.append(f"au plus {shortest(question.maximum, grouped=True)}")
    if question.unite:
        parts.append(f"en {question.unite}")
    return ", ".join([*parts, "facultatif"] if question.facultatif else parts)


def listing(grid: Grid) -> str:
    """Questions d’une grille, pour un terminal.

    Parameters
    ----------
    grid : Grid
        Grille.

    Returns
    -------
    str
        Texte : étapes, questions, réponses acceptées.
    """
    lines = [f"{grid.titre} (grille {grid.version})", grid.question, grid.avertissement]
    for rank, stage in enumerate(grid.etapes, start=1):
        lines += ["", f"{rank}. {stage.titre}"]
        for question in stage.questions:
            lines += ["", *(f"  {line}" for line in _about(question, grid))]
            lines += [f"      {option.id} : {option.texte}" for option in question.options]
    return "\n".join(lines)


def _about(question: Question, grid: Grid) -> Iterable[str]:
    yield f"{question.id} : {question.texte} ({expected(question)})"
    if question.aide:
        yield f"    {question.aide}"
    if question.si is not None:
        yield f"    Seulement si {said(question.si, grid)}."


def template(grid: Grid) -> str:
    """Fichier de réponses à remplir, avec ses explications.

    Parameters
    ----------
    grid : Grid
        Grille.

    Returns
    -------
    str
        YAML ; chaque réponse y est vide.

    Examples
    --------
    >>> from formation.workshop.loading import load
    >>> template(load("besoin")).splitlines()[1]
    'outil: besoin'
    """
    lines = [
        f"# {_sentence(_one_line(grid.titre))} "
        "Écrivez une réponse après chaque « : », ou rien si vous ne savez pas encore.",
        f"outil: {grid.outil}",
        f'version: "{grid.version}"',
        "reponses:",
    ]
    for stage in grid.etapes:
        lines += ["", f"  # --- {_one_line(stage.titre)}"]
        for question in stage.questions:
            lines += ["", *(f"  # {_one_line(line)}" for line in _about(question, grid))]
            lines += [f"  #   {option.id} : {_one_line(option.texte)}" for option in question.options]
            lines.append(f"  {question.id}: []" if question.type == "multiple" else f"  {question.id}:")
    return "\n".join(lines) + "\n"


def answers_file(grid: Grid, answers: dict[str, object], *, json_: bool = False) -> str:
    """Fichier de réponses rempli, relu par :func:`formation.workshop.read_answers`.

    Parameters
    ----------
    grid : Grid
        Grille.
    answers : dict
        Réponses, par question.
    json_ : bool
        Vrai pour du JSON, que la page du livre relit aussi ; faux pour du YAML.

    Returns
    -------
    str
        Contenu du fichier.
    """
    import json

    import yaml

    short = {name: int(v) if isinstance(v, float) and v.is_integer() else v for name, v in answers.items()}
    data = {"outil": grid.outil, "version": grid.version, "reponses": short}
    if json_:
        return json.dumps(data, ensure_ascii=False, indent=2) + "\n"
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=110)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."
