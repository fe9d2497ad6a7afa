"""Expliquer un en-tête qui n’est pas celui attendu."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from formation.datasets import _wording as wording
from formation.datasets._reading import Source
from formation.datasets.schema import Field
from formation.errors import Problem


def missing_column(item: Field, spare: Sequence[str], header: Sequence[str]) -> str:
    """Phrase pour une colonne manquante, avec le nom le plus proche trouvé dans le fichier."""
    simple = {wording.simplify(name): name for name in spare if name}
    close = get_close_matches(wording.simplify(item.name), list(simple), n=1, cutoff=0.6)
    unit = f" ({item.unit})" if item.unit else ""
    what = f"la colonne manque. Elle contient : {item.description.rstrip('.')}{unit}, par exemple {item.example}."
    if close:
        return f"{what} Le fichier a « {simple[close[0]]} » : si c’est la même, renommez-la « {item.name} »."
    return f"{what} Ajoutez-la ; colonnes lues : {wording.quote([name for name in header if name], 8)}."


def no_header(source: Source, known: Sequence[str]) -> Problem:
    """Aucune colonne reconnue : l’en-tête manque, ou se trouve plus bas."""
    for first, rows in source.chunks():
        for offset, row in enumerate(rows[:20]):
            if sum(cell.strip() in known for cell in row) >= max(1, len(known) // 2):
                line = first + offset
                return Problem(
                    "entete_plus_bas",
                    f"l’en-tête est à la ligne {line}. Supprimez les lignes au-dessus : la première ligne doit "
                    "donner le nom des colonnes.",
                    lines=(line,),
                )
        break
    return Problem(
        "entete_absent",
        f"la première ligne ne contient aucun nom de colonne attendu. Elle doit être : {', '.join(known)}.",
        lines=(max(source.header_line, 1),),
    )
