"""Comparaison avant et après : deux images superposées et un curseur ; côte à côte sans JavaScript et sur papier."""

from __future__ import annotations

import os
from pathlib import Path
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives

from formation.book import comparison
from formation.book.comparison import BeforeAfter
from formation.book.directives.base import BookDirective
from formation.book.directives.figure import load_figure
from formation.book.keeping import kept, write_whole
from formation.book.nodes import balise, tag


class AvantApres(BookDirective):
    """Comparaison d’un cas, fournie par `formation.<cas>.figures.avant_apres()`."""

    optional_arguments = 1
    option_spec: ClassVar = {"fonction": directives.unchanged_required}

    def build(self) -> list[nodes.Node]:
        """Les deux images, leurs légendes et le curseur qui déplace la limite."""
        case = self.subject_argument()
        function = self.options.get("fonction", "avant_apres")
        figure, paths = kept_comparison(case, function, Path(self.config.nb_execution_cache_path))
        uris = [Path(os.path.relpath(path, self.root)).as_posix() for path in paths]
        ident = f"comparaison-{case}-{self.env.new_serialno('comparaison')}"
        return [render(figure, ident, [f"/{uri}" for uri in uris])]


def kept_comparison(case: str, function: str, folder: Path) -> tuple[BeforeAfter, list[Path]]:
    """Comparaison d’un cas, gardée d’une construction à l’autre, et ses deux fichiers d’image.

    Parameters
    ----------
    case : str
        Identifiant du cas.
    function : str
        Nom de la fonction de `formation.<cas>.figures`.
    folder : Path
        Cache d’exécution ; il porte l’empreinte des données et de la bibliothèque.

    Returns
    -------
    BeforeAfter
        Comparaison fournie par le cas.
    list of Path
        Fichiers de la première et de la seconde image.

    Raises
    ------
    FormationError
        Si le module ou la fonction n’existe pas, ou si elle rend autre chose.
    """
    stem = f"comparaison-{case}-{function.replace('_', '-')}"
    figure = kept(
        folder / f"{stem}.json",
        lambda: load_figure(case, function, BeforeAfter),
        write=comparison.to_json,
        read=comparison.from_json,
    )
    paths = []
    sides = zip(("avant", "apres"), (figure.before, figure.after), figure.extensions, strict=True)
    for side, content, extension in sides:
        paths.append(folder / f"{stem}-{side}{extension}")
        if not paths[-1].is_file():
            write_whole(paths[-1], bytes(content))
    return figure, paths


def render(figure: BeforeAfter, ident: str, uris: list[str]) -> balise:
    """Arbre HTML d’une comparaison.

    Parameters
    ----------
    figure : BeforeAfter
        Comparaison à rendre.
    ident : str
        Identifiant unique dans la page.
    uris : list of str
        Adresse des deux images, depuis la racine du projet.

    Returns
    -------
    balise
        Élément `figure`.
    """
    result: balise = tag(
        "figure", class_="avant-apres", id=ident, aria_labelledby=f"{ident}-titre", style=f"--part:{figure.start}%"
    )
    result += tag("p", figure.title, class_="figure-titre", id=f"{ident}-titre")
    result += tag("p", figure.sentence, class_="constat", id=f"{ident}-constat")
    result += _slider(figure, ident)
    pair = tag("div", class_="paire")
    views = zip(
        ("avant", "apres"), (figure.before_label, figure.after_label), (figure.before_alt, figure.after_alt), uris,
        strict=True,
    )  # fmt: skip
    for side, label, alt, uri in views:
        pair += tag("div", nodes.image(uri=uri, alt=alt), tag("p", label, class_="legende"), class_=side)
    result += pair
    if figure.legend:
        keys = tag("ul", class_="couleurs", aria_label="Couleurs")
        for colour, text in figure.legend:
            keys += tag("li", tag("span", class_="pastille", style=f"background:{colour}", aria_hidden="true"), text)
        result += keys
    result += tag("figcaption", f"Source\u00a0: {figure.source}")
    return result


def _slider(figure: BeforeAfter, ident: str) -> balise:
    text = figure.share(figure.start)
    slider = tag(
        "input", type="range", id=f"{ident}-limite", min=0, max=100, step=1, value=figure.start, autocomplete="off",
        aria_valuetext=text, aria_describedby=f"{ident}-constat", data_avant=figure.before_share,
        data_apres=figure.after_share,
    )  # fmt: skip
    label = tag("label", "Déplacer la limite entre les deux images", for_=f"{ident}-limite")
    shown = tag("span", text, class_="valeur", aria_hidden="true")
    return tag("div", tag("p", label, " ", shown), slider, class_="reglage avec-js")
