"""Une figure en PNG, sans le dessin à blanc que matplotlib fait d’abord.

Pour rogner une figure, matplotlib la dessine une première fois sans rien peindre, puis mesure, puis dessine pour de
bon. Mesurer suffit à placer les axes ordinaires : l’image est la même, octet pour octet, pour un tiers de temps en
moins. Toute figure qui sort de l’ordinaire suit le chemin d’IPython.
"""

from typing import Any, cast


def install(shell: Any) -> None:
    """Remplace le rendu PNG des figures, tant que le carnet n’en choisit pas un autre.

    Parameters
    ----------
    shell : InteractiveShell
        Interpréteur dont les figures sont affichées dans le carnet.
    """
    from matplotlib.figure import Figure

    shell.display_formatter.formatters["image/png"].for_type(Figure, draw)


def draw(figure: Any) -> str | None:
    """Dessine une figure comme le fait IPython.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        Figure.

    Returns
    -------
    str or None
        PNG en base 64, ou None si la figure est vide.
    """
    from IPython.core import pylabtools as untyped_pylabtools
    from matplotlib import cbook

    print_figure = cast("Any", untyped_pylabtools).print_figure
    if not _ordinary(figure):
        return _text(print_figure(figure, base64=True))
    original, calls = figure.draw, [0]

    def skip_first(renderer: Any) -> None:
        calls[0] += 1
        if calls[0] > 1:
            original(renderer)

    with cbook._setattr_cm(figure, draw=skip_first):
        return _text(print_figure(figure, base64=True))


def _text(picture: Any) -> str | None:
    return None if picture is None else str(picture)


def _ordinary(figure: Any) -> bool:
    """Vrai si mesurer la figure suffit à placer tout ce qu’elle contient."""
    from matplotlib.axes import Axes
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    if type(figure) is not Figure or not isinstance(figure.canvas, FigureCanvasAgg):
        return False
    if figure.get_layout_engine() is not None or figure.subfigs:
        return False
    # un objet écrit dans le carnet pourrait ne se placer qu’en se dessinant
    return all(type(axes) is Axes for axes in figure.axes) and all(
        type(artist).__module__.startswith("matplotlib.") for artist in figure.findobj()
    )
