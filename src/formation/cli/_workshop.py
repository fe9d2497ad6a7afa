"""Fabrique les verbes d’un outil d’atelier : lire ses questions, remplir, obtenir la fiche."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from formation.workshop.grid import Grid, Question

STOP = "fin"
ANSWERS = (".yml", ".yaml", ".json")
"""Formes d’un fichier de réponses."""
_JSON = "Écrit le résultat en JSON."
_OVERWRITE = "Remplace le fichier s’il existe."
_OUT = "Écrit la fiche : .html, .odt, .docx, .txt ou .json."


def tool_app(name: str, help_text: str) -> typer.Typer:
    """Verbes d’un outil d’atelier.

    Parameters
    ----------
    name : str
        Nom de l’outil et de sa grille.
    help_text : str
        Aide, donnée ici pour ne pas lire la grille à chaque appel.

    Returns
    -------
    Typer
        Quatre verbes : `questions`, `modele`, `repondre`, `fiche`.
    """
    app = typer.Typer(help=help_text, no_args_is_help=True)

    @app.command()
    def questions(json_: bool = typer.Option(False, "--json", help=_JSON)) -> None:
        """Écrit les questions et les réponses acceptées."""
        import json

        from formation.workshop.wording import listing

        grid = _grid(name)
        typer.echo(json.dumps(_plain(grid), ensure_ascii=False, indent=2) if json_ else listing(grid))

    @app.command()
    def modele(
        fichier: Path | None = typer.Argument(None, metavar="FICHIER", help="Fichier .yml à créer."),
        ecraser: bool = typer.Option(False, "--ecraser", help=_OVERWRITE),
    ) -> None:
        """Écrit un fichier de réponses à remplir, avec ses explications."""
        from formation.workshop.wording import template

        text = template(_grid(name))
        if fichier is not None and fichier.suffix == ".json":
            raise typer.BadParameter("le modèle a des explications, il s’écrit en .yml.")
        if fichier is None:
            typer.echo(text, nl=False)
            return
        _save(fichier, text, ecraser=ecraser)
        typer.echo(f"Modèle écrit : {fichier}. Remplissez-le, puis : formation {name} fiche {fichier}")

    @app.command()
    def repondre(
        sortie: Path | None = typer.Option(None, "--sortie", metavar="FICHIER", help=_OUT),
        reponses: Path | None = typer.Option(
            None, "--reponses", metavar="FICHIER", help="Garde aussi vos réponses dans ce fichier .yml ou .json."
        ),
        ecraser: bool = typer.Option(False, "--ecraser", help=_OVERWRITE),
    ) -> None:
        """Pose les questions une à une, puis écrit la fiche."""
        grid = _grid(name)
        _check_free(sortie, reponses, ecraser=ecraser)
        answers: dict[str, Any] = {}
        try:
            _ask(grid, answers)
        finally:  # une interruption ne fait pas perdre ce qui est déjà répondu
            if reponses is not None and answers:
                _keep(grid, answers, reponses, ecraser=ecraser)
        _show(grid, answers, sortie, json_=False, ecraser=ecraser)

    @app.command()
    def fiche(
        reponses: Path = typer.Argument(..., metavar="REPONSES", help="Fichier de réponses .yml ou .json."),
        sortie: Path | None = typer.Option(None, "--sortie", metavar="FICHIER", help=_OUT),
        json_: bool = typer.Option(False, "--json", help=_JSON),
        ecraser: bool = typer.Option(False, "--ecraser", help=_OVERWRITE),
    ) -> None:
        """Établit la fiche d’un fichier de réponses. Rien n’est écrit sans --sortie."""
        from formation import workshop

        grid = _grid(name)
        answers = workshop.read_answers(grid, reponses)
        if sortie is not None and sortie.resolve() == reponses.resolve():
            raise workshop.FicheImpossible(
                f"«\u00a0{sortie}\u00a0» est le fichier de réponses : la fiche le remplacerait. Donnez un autre nom."
            )
        _show(grid, answers, sortie, json_=json_, ecraser=ecraser)

    return app


def _grid(name: str) -> Grid:
    from formation import workshop

    grid: Grid = workshop.load(name)
    return grid


def _plain(grid: Grid) -> dict[str, Any]:
    return grid.model_dump(mode="json", include={"outil", "titre", "question", "version", "etapes"}, exclude_none=True)


def _show(grid: Grid, answers: dict[str, Any], out: Path | None, *, json_: bool, ecraser: bool) -> None:
    import json

    from formation import workshop
    from formation.workshop import documents

    sheet = workshop.evaluate(grid, answers)
    if out is not None:
        sheet.write(out, ecraser=ecraser)
    if json_:
        typer.echo(json.dumps(sheet.to_dict(), ensure_ascii=False, indent=2))
    else:
        typer.echo(documents.to_text(sheet.document()), nl=False)
    if out is not None:
        sys.stderr.write(f"Fiche écrite : {out}\n")


def _save(file: Path, text: str, *, ecraser: bool) -> None:
    from formation.workshop.documents.writing import save_text

    save_text(file, text, ANSWERS, ecraser=ecraser)


def _check_free(*files: Path | None, ecraser: bool) -> None:
    """Refuse tout de suite : personne ne répond à vingt questions pour apprendre que le fichier existe."""
    from formation.workshop.documents.writing import check_destination

    sheet, answers = files
    if sheet is not None:
        check_destination(sheet, ecraser=ecraser)
    if answers is not None:
        check_destination(answers, ANSWERS, ecraser=ecraser)


def _keep(grid: Grid, answers: dict[str, Any], file: Path, *, ecraser: bool) -> None:
    from formation.workshop.wording import answers_file

    _save(file, answers_file(grid, answers, json_=file.suffix == ".json"), ecraser=ecraser)
    sys.stderr.write(f"Réponses gardées : {file}\n")


def _ask(grid: Grid, answers: dict[str, Any]) -> None:
    """Pose les questions ; chaque réponse est rangée aussitôt."""
    from formation.workshop.answers import exclusive
    from formation.workshop.conditions import State, holds

    typer.echo(f"{grid.titre}\n{grid.avertissement}")
    typer.echo(f"Entrée seule : je ne sais pas encore. « {STOP} » : s’arrêter là et lire la fiche.\n")
    for stage in grid.etapes:
        typer.echo(f"--- {stage.titre}")
        for question in stage.questions:
            if not holds(question.si, State(answers, exclusive(grid))):
                continue
            value = _one(question)
            if value == STOP:
                return
            if value is not None:
                answers[question.id] = value


def _one(question: Question) -> Any:
    """Pose une question jusqu’à une réponse acceptée ; `None` pour une ligne vide."""
    from formation.workshop.answers import answer

    typer.echo(f"\n{question.texte}" + (f"\n  {question.aide}" if question.aide else ""))
    for rank, option in enumerate(question.options, start=1):
        typer.echo(f"  {rank}. {option.texte}")
    hint = "numéros séparés par des virgules" if question.type == "multiple" else "numéro" if question.options else ""
    label = f"Réponse ({hint})" if hint else "Réponse"
    while True:
        text = str(typer.prompt(label, default="", show_default=False, prompt_suffix=" : ")).strip()
        if not text:
            return None
        if text.lower() == STOP and question.type != "texte":
            return STOP
        try:
            return answer(question, _typed(question, text))
        except ValueError as error:
            said, listed, _ = str(error).partition(" Réponses acceptées")
            typer.echo(f"  {said}" + (f" Tapez un numéro de 1 à {len(question.options)}." if listed else ""))


def _typed(question: Question, text: str) -> Any:
    """Réponse tapée : un numéro ou un identifiant, plusieurs séparés par des virgules."""
    if not question.options:
        return text
    names = question.option_ids
    given = [part.strip() for part in text.split(",") if part.strip()]
    found = [names[int(part) - 1] if part.isdigit() and 1 <= int(part) <= len(names) else part for part in given]
    return found if question.type == "multiple" else ", ".join(found)
