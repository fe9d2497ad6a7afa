"""Retour au stagiaire : sa note, ses messages, jamais la partie cachée."""

import re
from pathlib import Path
from typing import Any

from nbgrader.preprocessors import NbGraderPreprocessor

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_HIDDEN = re.compile(r"\n?### BEGIN HIDDEN TESTS.*?### END HIDDEN TESTS", re.DOTALL)


def template_folder() -> str:
    """Dossier du modèle HTML du retour.

    Returns
    -------
    str
    """
    return str(Path(__file__).parent / "templates")


class CleanFeedback(NbGraderPreprocessor):  # type: ignore[misc]
    """Ôte du carnet corrigé la partie cachée et les piles d’appels, qui la citent."""

    def preprocess_cell(self, cell: Any, resources: Any, _index: int) -> tuple[Any, Any]:
        """Nettoie une cellule.

        Parameters
        ----------
        cell : NotebookNode
            Cellule corrigée.
        resources : dict
            Ressources de nbconvert.

        Returns
        -------
        tuple
            Cellule et ressources.
        """
        if cell.cell_type == "code":
            cell.source = _HIDDEN.sub("", cell.source)
            for output in cell.outputs:
                if output.output_type == "error":
                    output.traceback = brief_error(output)
        return cell, resources


def brief_error(output: Any) -> list[str]:
    """Réduit une erreur à son message.

    Parameters
    ----------
    output : mapping
        Sortie d’erreur d’un carnet : `ename`, `evalue`, `traceback`.

    Returns
    -------
    list of str

    Examples
    --------
    >>> print(brief_error({"ename": "ZeroDivisionError", "evalue": "division by zero", "traceback": []})[0])
    ZeroDivisionError...division by zero
    """
    text = _ANSI.sub("", output["evalue"])
    ours = output["ename"] in ("ReponseInattendue", "AttenteIntrouvable", "DelaiDepasse")
    return text.splitlines() if ours else [f"{output['ename']} : {text}"]
