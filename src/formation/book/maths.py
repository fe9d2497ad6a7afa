"""Formules écrites en MathML à la construction : aucun JavaScript, lues par les lecteurs d’écran, imprimables."""

from __future__ import annotations

import re
from html import escape
from typing import Any

from docutils import nodes
from sphinx.util import logging

logger = logging.getLogger(__name__)

_DECIMAL = re.compile(r"<mn>(\d+)</mn>(?:<mrow>)?<mo[^>]*>(?:,|&#x0002C;)</mo>(?:</mrow>)?<mn>(\d+)</mn>")


def to_mathml(latex: str, *, display: bool) -> str:
    """Traduit une formule LaTeX en MathML.

    Parameters
    ----------
    latex : str
        Formule, sans les dollars.
    display : bool
        Vrai pour une formule seule sur sa ligne.

    Returns
    -------
    str
        Élément `math` ; la virgule décimale reste collée à ses chiffres.

    Raises
    ------
    ValueError
        Si la formule n’est pas comprise.

    Examples
    --------
    >>> "<mn>0,5</mn>" in to_mathml("x = 0,5", display=False)
    True
    """
    from latex2mathml.converter import convert

    try:
        html = convert(latex, display="block" if display else "inline")
    except Exception as error:
        raise ValueError(f"formule non comprise : « {latex} » ({type(error).__name__})") from error
    html = _DECIMAL.sub(r"<mn>\1,\2</mn>", html)
    return html.replace("<math ", f'<math alttext="{escape(latex, quote=True)}" ', 1)


def _render(node: nodes.Element, *, display: bool) -> str:
    try:
        return to_mathml(node.astext(), display=display)
    except ValueError as error:
        logger.warning("%s", error, location=node, type="formation")
        return escape(node.astext())


def visit_math(self: Any, node: nodes.math) -> None:
    """Écrit une formule dans le texte.

    Parameters
    ----------
    node : Element
        Nœud écrit.
    """
    self.body.append(_render(node, display=False))
    raise nodes.SkipNode


def visit_displaymath(self: Any, node: nodes.math_block) -> None:
    """Écrit une formule seule sur sa ligne, dans une zone qui défile si elle est large.

    Parameters
    ----------
    node : Element
        Nœud écrit.
    """
    self.body.append(f'<div class="formule defile" data-nom="Formule">{_render(node, display=True)}</div>')
    raise nodes.SkipNode
