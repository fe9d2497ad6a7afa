"""La page « Formgrader » de nbgrader, sans rien d’actif venu d’une copie.

Formgrader montre les copies dans le navigateur du formateur, avec ses droits sur JupyterLab : un script laissé dans un
texte ou dans une sortie y agirait à sa place. nbconvert sait nettoyer les sorties, pas les textes de ce modèle-là, et
d’une liste de balises si courte qu’un tableau pandas n’y survit pas : ces deux filtres remplacent les siens.
"""

import json
import re
from pathlib import Path
from typing import Any

CONFIG_FOLDER = Path(__file__).parent / "templates" / "jupyter"
"""Réglage de Formgrader, à mettre dans JUPYTER_CONFIG_PATH."""

_TAGS = {"a", "abbr", "b", "blockquote", "br", "caption", "code", "del", "div", "em", "hr", "i", "li", "ol", "p", "pre"}
_TAGS |= {"s", "span", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"}
_TAGS |= {f"h{level}" for level in range(1, 7)}
# ni « style », qui cacherait la page, ni « id », que ses scripts lisent
_ATTRIBUTES = {"a": ["href", "title"], "*": ["colspan", "rowspan"]}
_STYLE = re.compile(r"<style\b.*?</style\s*>", re.DOTALL | re.IGNORECASE)


def safe_html(html: object) -> str:
    """Garde d’un document HTML sa mise en forme ; montre en clair, sans l’exécuter, tout le reste.

    Parameters
    ----------
    html : str or bytes
        HTML venu d’une copie.

    Returns
    -------
    str

    Examples
    --------
    >>> safe_html("<b onclick='x()'>1</b><script>x()</script>")
    '<b>1</b>&lt;script&gt;x()&lt;/script&gt;'
    """
    import bleach

    text = html.decode("utf-8", "replace") if isinstance(html, bytes) else str(html)
    # pandas joint une feuille de style à chaque tableau : la montrer en clair noierait la réponse
    return str(bleach.clean(_STYLE.sub("", text), tags=_TAGS, attributes=_ATTRIBUTES, protocols={"http", "https"}))


def safe_markdown(source: str) -> str:
    """Met en forme un texte Markdown venu d’une copie.

    Parameters
    ----------
    source : str
        Texte d’une cellule.

    Returns
    -------
    str

    Examples
    --------
    >>> safe_markdown("**ici** [x](javascript:alert(1))")
    '<p><strong>ici</strong> <a>x</a></p>'
    """
    from nbconvert.filters.markdown_mistune import markdown2html_mistune

    return safe_html(markdown2html_mistune(source)).strip()


def secure(config: Any) -> None:
    """Règle Formgrader dans un `nbgrader_config.py`.

    Parameters
    ----------
    config : Config
        La variable `c` de ce fichier.
    """
    from traitlets.config import Config

    config.merge(Config(json.loads((CONFIG_FOLDER / "nbgrader_config.json").read_text(encoding="utf-8"))))
