"""Le livre : extension Sphinx (directives en français, thème « aubeline ») et sa construction.

L’import de ce paquet ne charge ni Sphinx ni pandas : les cas l’importent pour décrire leur figure interactive.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from formation.book.comparison import BeforeAfter, ComparaisonInvalide
from formation.book.interactive import Control, FigureInvalide, InteractiveFigure, Step

if TYPE_CHECKING:
    from sphinx.application import Sphinx

__all__ = [
    "BeforeAfter",
    "ComparaisonInvalide",
    "Control",
    "FigureInvalide",
    "InteractiveFigure",
    "Step",
    "setup",
]


def setup(app: Sphinx) -> dict[str, Any]:
    """Point d’entrée de l’extension Sphinx.

    Parameters
    ----------
    app : Sphinx
        Application en cours de démarrage.

    Returns
    -------
    dict
        Version de l’extension et compatibilité avec la lecture parallèle.
    """
    from formation.book.extension import register

    return register(app)
