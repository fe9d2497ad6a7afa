"""`formation diapos` : les diapositives des séquences."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="Lister, vérifier ou exporter les diapositives.", no_args_is_help=True, rich_markup_mode=None)

Names = Annotated[
    list[str] | None,
    typer.Argument(metavar="JEU", help="Nom d’un jeu ou fichier .md ; par défaut, tous."),
]


@app.command()
def lister() -> None:
    """Liste les jeux : nom, durée, nombre de diapositives, titre."""
    from formation import slides

    for name in slides.names():
        deck = slides.read(name)
        typer.echo(f"{name:26} {deck.header.duree_min:3} min  {len(deck.slides):2} diapositives  {deck.header.titre}")


@app.command()
def verifier(jeux: Names = None) -> None:
    """Relit des jeux : mots à l’écran, notes, activité, sources, liens."""
    from formation import slides

    wrong = 0
    for name in jeux or slides.names():
        try:
            deck = slides.read(name)
            told, problems = f"{deck.name} : {len(deck.slides)} diapositives", slides.check(deck)
        except slides.DiaposInvalides as error:  # les autres jeux sont relus quand même
            told, problems = str(name), str(error).splitlines()
        wrong += bool(problems)
        typer.echo(f"{'✗' if problems else '✓'} {told}")
        for problem in problems:
            typer.echo(f"  - {problem}")
    if wrong:
        raise typer.Exit(1)


@app.command()
def exporter(
    dossier: Annotated[Path, typer.Argument(metavar="DOSSIER", help="Dossier à remplir ; créé s’il n’existe pas.")],
    jeux: Names = None,
    ecraser: Annotated[bool, typer.Option("--ecraser", help="Remplacer les fichiers du même nom.")] = False,
) -> None:
    """Écrit des jeux en HTML : un fichier par jeu, à ouvrir sans réseau."""
    from formation import slides
    from formation.numbers import plural

    written = slides.export(jeux or slides.names(), dossier, overwrite=ecraser)
    typer.echo(f"{plural(len(written), 'jeu écrit', 'jeux écrits')} dans {dossier}.")
