"""`formation atelier diagnostic` : ce que cette machine permet pour isoler le code des stagiaires."""

from typing import Annotated

import typer

app = typer.Typer(rich_markup_mode=None)


@app.command()
def diagnostic(
    en_json: Annotated[bool, typer.Option("--json", help="Résultat pour une machine.")] = False,
) -> None:
    """Dit, protection par protection, si cette machine peut corriger des copies sans risque."""
    from formation.classroom.grading import sandbox
    from formation.classroom.reports import say, say_json

    found = sandbox.probe()
    usable = [layer for layer, why in found.items() if why is None]
    complete = len(usable) == len(found)
    if en_json:
        say_json({"complet": complete, "couches": found, "protection": sandbox.describe(usable)})
    else:
        for layer, why in found.items():
            say(f"{layer} : {'en place' if why is None else f'MANQUE. {why[0].upper()}{why[1:]}'}")
        say()
        for sentence in sandbox.describe(usable):
            say(f"- {sentence}")
        say()
        say(
            "Cette machine peut corriger : formation atelier corriger DOSSIER"
            if complete
            else "Cette machine ne corrigera qu’avec votre accord explicite : "
            "formation atelier corriger DOSSIER --bac-a-sable degrade"
        )
    if not complete:
        raise typer.Exit(1)
