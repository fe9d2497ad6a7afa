"""Figure interactive : phrase, curseur, image immédiate, Vega à la demande, tableau de remplacement."""

from __future__ import annotations

import copy
import importlib
import json
import re
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from docutils import nodes
from docutils.parsers.rst import directives

from formation.book.directives.base import BookDirective
from formation.book.interactive import CURSORS, Control, InteractiveFigure, from_json, to_json
from formation.book.keeping import kept
from formation.book.nodes import balise, raw, tag
from formation.errors import FormationError
from formation.numbers import shortest
from formation.palette import vega_config

Figure = TypeVar("Figure")

WIDE = (640, 390)
NARROW = (350, 370)
"""Tailles de l’image, en pixels : colonne de lecture et téléphone."""
WIDE_CHARACTERS, NARROW_CHARACTERS = 62, 32
"""Caractères par ligne de la phrase, sous-estimés : la place est réservée, rien ne bouge quand la phrase change."""


class FigureInteractive(BookDirective):
    """Figure interactive d’un cas, fournie par `formation.<cas>.figures.interactive()`."""

    optional_arguments = 1
    option_spec: ClassVar = {"fonction": directives.unchanged_required}

    def build(self) -> list[nodes.Node]:
        """Figure complète ; sans JavaScript restent la phrase, l’image et le tableau."""
        case = self.subject_argument()
        function = self.options.get("fonction", "interactive")
        figure = kept_figure(case, function, Path(self.config.nb_execution_cache_path))
        ident = f"figure-{case}-{self.env.new_serialno('figure')}"
        self.env.metadata[self.env.docname]["formation_figure"] = "oui"
        return [render(figure, ident)]


def kept_figure(case: str, function: str, folder: Path) -> InteractiveFigure:
    """Figure d’un cas, gardée d’une construction à l’autre : la calculer peut demander un modèle.

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
    InteractiveFigure
        Figure fournie par le cas.

    Raises
    ------
    FormationError
        Si le module ou la fonction n’existe pas, ou si elle rend autre chose.
    """
    return kept(
        folder / f"figure-{case}-{function}.json",
        lambda: load_figure(case, function, InteractiveFigure),
        write=to_json,
        read=from_json,
    )


def load_figure(case: str, function: str, kind: type[Figure]) -> Figure:
    """Demande une figure à un cas.

    Parameters
    ----------
    case : str
        Identifiant du cas.
    function : str
        Nom de la fonction de `formation.<cas>.figures`.
    kind : type
        Classe attendue.

    Returns
    -------
    object
        Figure fournie par le cas.

    Raises
    ------
    FormationError
        Si le module ou la fonction n’existe pas, ou si elle rend autre chose.
    """
    module = f"formation.{case}.figures"
    try:
        maker = getattr(importlib.import_module(module), function)
    except (ImportError, AttributeError) as error:
        raise FormationError(f"{module}.{function}() est introuvable : {error}.") from error
    figure = maker()
    if not isinstance(figure, kind):
        raise FormationError(f"{module}.{function}() doit renvoyer une {kind.__name__}.")
    return figure


def render(figure: InteractiveFigure, ident: str) -> balise:
    """Arbre HTML d’une figure interactive.

    Parameters
    ----------
    figure : InteractiveFigure
        Figure à rendre.
    ident : str
        Identifiant unique dans la page.

    Returns
    -------
    balise
        Élément `figure`.
    """
    first = figure.default_step
    chosen = zip(figure.controls.items(), first.values, strict=True)
    settings = [_slider(control, value, ident, name) for (name, control), value in chosen]
    view = tag("div", class_="vue", role="img", aria_label=figure.alt)
    view += raw(static_images(figure.spec, ident))
    payload = {
        "curseurs": {
            name: list(control.marks) if control.marks else control.unit for name, control in figure.controls.items()
        },
        "etapes": [[step.sentence, *step.values] for step in figure.steps],
        "spec": prepared(figure.spec),
        "tailles": [WIDE, NARROW],
    }
    result: balise = tag("figure", class_="figure-interactive", id=ident, aria_labelledby=f"{ident}-titre")
    result += tag("p", figure.title, class_="figure-titre", id=f"{ident}-titre")
    longest = max(len(step.sentence) for step in figure.steps)
    room = f"--lignes:{-(-longest // WIDE_CHARACTERS)};--lignes-etroites:{-(-longest // NARROW_CHARACTERS)}"
    result += tag("p", first.sentence, class_="constat", id=f"{ident}-constat", aria_live="polite", style=room)
    result += settings
    result += [view, tag("figcaption", f"Source\u00a0: {figure.source}"), _table(figure)]
    data = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    result += raw(f'<script type="application/json" class="donnees">{data}</script>')
    return result


def _slider(control: Control, value: float, ident: str, name: str) -> balise:
    text = _shown(control, value)
    slider = tag(
        "input", type="range", id=f"{ident}-{name}", min=f"{control.minimum:g}", max=f"{control.maximum:g}",
        step=f"{control.step:g}", value=f"{value:g}", data_parametre=name, aria_valuetext=text,
        aria_describedby=f"{ident}-constat", autocomplete="off",
    )  # fmt: skip
    label = tag("label", control.label, for_=f"{ident}-{name}")
    shown = tag("span", text, class_="valeur", aria_hidden="true")
    ends = tag("div", tag("span", _shown(control, control.minimum)), class_="bornes", aria_hidden="true")
    ends += tag("span", _shown(control, control.maximum))
    return tag("div", tag("p", label, " ", shown), slider, ends, class_="reglage avec-js")


def _shown(control: Control, value: float) -> str:
    """Texte d’une position : son repère s’il y en a, sinon le nombre et son unité."""
    if control.marks:
        return control.marks[round((value - control.minimum) / control.step)]
    return shortest(value, grouped=True) + (f"\u00a0{control.unit}" if control.unit else "")


def _table(figure: InteractiveFigure) -> balise:
    head = tag("tr", *(tag("th", name, scope="col") for name in figure.table_header))
    body = tag("tbody")
    for step in figure.steps:
        first, *rest = step.row
        body += tag("tr", tag("th", first, scope="row"), *(tag("td", cell) for cell in rest))
    table = tag("table", tag("caption", figure.title), tag("thead", head), body)
    region = tag(
        "div", table, class_="defile", role="region", tabindex="0", aria_label=f"Tableau\u00a0: {figure.title}"
    )
    return tag("details", tag("summary", "Lire les mêmes valeurs dans un tableau"), region, class_="tableau-figure")


def prepared(spec: dict[str, Any]) -> dict[str, Any]:
    """Figure Vega-Lite avec les réglages communs du livre.

    Parameters
    ----------
    spec : dict
        Figure fournie par un cas.

    Returns
    -------
    dict
        Copie, avec la configuration commune, sans élément de commande de Vega (le curseur est celui de la page).
    """
    result = copy.deepcopy(spec)
    config = vega_config()
    for key, value in result.get("config", {}).items():
        config[key] = (
            {**config[key], **value} if isinstance(config.get(key), dict) and isinstance(value, dict) else value
        )
    result["config"] = {**config, "aria": False}
    for parameter in result["params"]:
        if parameter.get("name") in CURSORS:
            parameter.pop("bind", None)
    result.pop("title", None)
    result["autosize"] = {"type": "fit", "contains": "padding"}
    return result


def static_images(spec: dict[str, Any], ident: str) -> str:
    """Images SVG affichées avant tout JavaScript, une par largeur d’écran.

    Parameters
    ----------
    spec : dict
        Figure Vega-Lite fournie par un cas.
    ident : str
        Préfixe des identifiants internes, pour qu’ils restent uniques dans la page.

    Returns
    -------
    str
        Deux éléments `svg`, cachés aux lecteurs d’écran : le texte de remplacement est sur leur conteneur.
    """
    images = []
    for name, (width, height) in (("large", WIDE), ("etroite", NARROW)):
        sized = {**prepared(spec), "width": width, "height": height}
        svg = _to_svg(json.dumps(sized, sort_keys=True))
        svg = re.sub(r'\bid="([^"]+)"', rf'id="{ident}-{name}-\1"', svg)
        svg = re.sub(r"url\(#([^)]+)\)", rf"url(#{ident}-{name}-\1)", svg)
        svg = re.sub(r'(href=")#', rf"\1#{ident}-{name}-", svg)
        svg = re.sub(r"^<svg ", f'<svg data-taille="{name}" aria-hidden="true" focusable="false" ', svg)
        images.append(re.sub(r' role="[^"]*"| aria-(?!hidden)[a-z]+="[^"]*"', "", svg))
    return "".join(images)


@cache
def _to_svg(spec: str) -> str:
    import vl_convert

    try:
        return str(vl_convert.vegalite_to_svg(json.loads(spec), format_locale="fr-FR", time_format_locale="fr-FR"))
    except ValueError as error:
        reason = next((line for line in str(error).splitlines() if line.startswith("Error")), "raison inconnue")
        raise FormationError(f"la figure Vega-Lite ne peut pas être dessinée ({reason}).") from error
