"""Ce qu’un test rapporte d’après ses sorties : tout, rien, ou la note partielle qu’il affiche."""

import math
from collections.abc import Mapping, Sequence

from formation.classroom.grading.types import CellRun, Json


def agrees(reply: Mapping[str, object], run: CellRun) -> bool:
    """Vrai si la contre-épreuve d’un test donne la même note que le carnet.

    Parameters
    ----------
    reply : mapping
        Rendu par `clean.Clean.replay`, ou vide.
    run : CellRun
        Exécution du test dans la copie.

    Returns
    -------
    bool
    """
    if reply.get("reussi") is not True or reply.get("bruit") is not False:
        return False
    return partial(reply.get("valeur")) == partial(shown(run.outputs))


def shown(outputs: Sequence[Json]) -> str | None:
    """Texte du résultat qu’une cellule affiche.

    Parameters
    ----------
    outputs : sequence of dict
        Sorties.

    Returns
    -------
    str or None
    """
    results = (one["data"].get("text/plain") for one in outputs if one["output_type"] == "execute_result")
    return next(results, None)


def worth(run: CellRun) -> float | None:
    """Note partielle qu’un test affiche.

    Parameters
    ----------
    run : CellRun
        Exécution du test.

    Returns
    -------
    float or None
        None si ce qu’il affiche n’est pas un nombre positif : nbgrader donne alors tous les points.
    """
    text = partial(shown(run.outputs))
    value = None if text is None else float(text)
    return value if value is not None and 0 <= value < math.inf else None


def earns(run: CellRun) -> bool:
    """Vrai si un test rapporte des points : ni erreur, ni sortie d’erreur, ni zéro affiché.

    Parameters
    ----------
    run : CellRun
        Exécution du test.

    Returns
    -------
    bool
    """
    noisy = any(one["output_type"] == "stream" and one["name"] == "stderr" for one in run.outputs)
    return run.status == "ok" and not noisy and worth(run) != 0


def partial(text: object) -> str | None:
    """Note partielle qu’un texte donne, comparable ; None s’il n’en donne pas, et que la note est alors entière.

    Parameters
    ----------
    text : object
        Texte affiché, ou None.

    Returns
    -------
    str or None
    """
    if type(text) is not str:
        return None
    try:
        return repr(float(text))
    except ValueError:
        return None
