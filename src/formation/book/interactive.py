"""Données d’une figure interactive du livre : ce qu’un cas fournit, sans rien savoir de Sphinx.

Un cas donne une fonction `formation.<cas>.figures.interactive()` qui renvoie une :class:`InteractiveFigure` ;
la directive `figure-interactive` en fait une image, un curseur, une phrase qui change et un tableau.
"""

from __future__ import annotations

import itertools
import json
from dataclasses import asdict, dataclass, field
from typing import Any

from formation.errors import FormationError

CURSOR = "curseur"
"""Nom du paramètre Vega-Lite que le curseur de la page fait varier."""
SECOND_CURSOR = "curseur2"
"""Nom du paramètre du second curseur, quand la figure en a un."""
THIRD_CURSOR = "curseur3"
"""Nom du paramètre du troisième curseur, quand la figure en a un."""
CURSORS = (CURSOR, SECOND_CURSOR, THIRD_CURSOR)


class FigureInvalide(FormationError):
    """Une figure interactive est incomplète ou incohérente."""


@dataclass(frozen=True)
class Control:
    """Curseur d’une figure interactive.

    Attributes
    ----------
    label : str
        Ce que règle le curseur, par exemple « Longueur de réseau écoutée ».
    unit : str
        Unité affichée après la valeur, par exemple « km ».
    minimum, maximum, step, default : float
        Bornes, pas et valeur de départ, dans cette unité.
    marks : tuple of str
        Ce qu’on lit à chaque position, à la place du nombre et de l’unité : « 1 soir sur 20 » ; vide en général.
    """

    label: str
    unit: str
    minimum: float
    maximum: float
    step: float
    default: float
    marks: tuple[str, ...] = ()

    @property
    def positions(self) -> list[float]:
        """Positions du curseur, dans l’ordre."""
        count = round((self.maximum - self.minimum) / self.step) + 1
        return [self.minimum + rank * self.step for rank in range(count)]


@dataclass(frozen=True)
class Step:
    """Une position du curseur.

    Attributes
    ----------
    value : float
        Position, dans l’unité du curseur.
    sentence : str
        Phrase qui énonce le constat à cette position.
    row : list of str
        Cellules du tableau de remplacement, déjà écrites à la française.
    second, third : float, optional
        Position du second et du troisième curseur, dans leur unité ; `None` si la figure n’en a pas.
    """

    value: float
    sentence: str
    row: list[str] = field(default_factory=list)
    second: float | None = None
    third: float | None = None

    @property
    def values(self) -> list[float]:
        """Position de chaque curseur de la figure."""
        return [value for value in (self.value, self.second, self.third) if value is not None]


@dataclass(frozen=True)
class InteractiveFigure:
    """Figure interactive complète.

    Attributes
    ----------
    title : str
        Titre de la figure.
    control : Control
        Curseur.
    steps : list of Step
        Une étape par position du curseur, dans l’ordre ; avec plusieurs curseurs, une par combinaison, le dernier
        variant le plus vite.
    table_header : list of str
        En-têtes du tableau de remplacement, autant que de cellules par étape.
    spec : dict
        Figure Vega-Lite ; elle déclare un paramètre `curseur` dont la valeur est la position.
    alt : str
        Ce que montre l’image, en une ou deux phrases.
    source : str
        Origine des données, écrite sous la figure.
    second, third : Control, optional
        Second et troisième curseurs ; `spec` déclare alors aussi les paramètres `curseur2` et `curseur3`.

    Raises
    ------
    FigureInvalide
        Si une étape manque, si le tableau n’a pas la bonne largeur ou si la figure ignore le curseur ; le
        message cite tous les défauts.

    Examples
    --------
    >>> figure = InteractiveFigure(
    ...     title="Exemple", control=Control("Longueur", "km", 0, 1, 1, 1),
    ...     steps=[Step(0, "Rien n’est écouté.", ["0"]), Step(1, "Un kilomètre.", ["1"])],
    ...     table_header=["km"], spec={"params": [{"name": "curseur", "value": 1}]}, alt="Une ligne.", source="Jouet.")
    >>> figure.default_step.sentence
    'Un kilomètre.'
    """

    title: str
    control: Control
    steps: list[Step]
    table_header: list[str]
    spec: dict[str, Any]
    alt: str
    source: str
    second: Control | None = None
    third: Control | None = None

    def __post_init__(self) -> None:
        problems = [problem for control in self.controls.values() for problem in _control_problems(control)]
        problems += _step_problems(self)
        declared = {p.get("name") for p in self.spec.get("params", [])}
        problems += [
            f"`spec` ne déclare pas de paramètre « {name} » dans `params`"
            for name in self.controls
            if name not in declared
        ]
        problems += [f"`{name}` est vide" for name in ("title", "alt", "source") if not getattr(self, name).strip()]
        if problems:
            raise FigureInvalide(f"Figure interactive « {self.title} » : " + " ; ".join(problems) + ".")

    @property
    def controls(self) -> dict[str, Control]:
        """Curseurs, par nom de paramètre Vega-Lite."""
        known = zip(CURSORS, (self.control, self.second, self.third), strict=True)
        return {name: control for name, control in known if control is not None}

    @property
    def default_step(self) -> Step:
        """Étape affichée au chargement de la page."""

        def at_default(step: Step) -> bool:
            pairs = zip(self.controls.values(), step.values, strict=True)
            return all(abs(value - control.default) < control.step / 2 for control, value in pairs)

        return next(step for step in self.steps if at_default(step))


def to_json(figure: InteractiveFigure) -> str:
    """Écrit une figure en JSON, pour la garder d’une construction à l’autre.

    Parameters
    ----------
    figure : InteractiveFigure
        Figure à écrire.

    Returns
    -------
    str
        JSON, relu par :func:`from_json`.
    """
    return json.dumps(asdict(figure), ensure_ascii=False)


def from_json(text: str) -> InteractiveFigure:
    """Relit une figure écrite par :func:`to_json`.

    Parameters
    ----------
    text : str
        JSON.

    Returns
    -------
    InteractiveFigure
        Figure, vérifiée comme toute autre.

    Raises
    ------
    FigureInvalide
        Si la figure est incohérente.
    """
    data = json.loads(text)
    for key in ("control", "second", "third"):
        if data[key]:
            data[key] = Control(**{**data[key], "marks": tuple(data[key]["marks"])})
    data["steps"] = [Step(**step) for step in data["steps"]]
    return InteractiveFigure(**data)


def _control_problems(control: Control) -> list[str]:
    problems = []
    if control.step <= 0:
        return ["le pas du curseur doit être strictement positif"]
    if not control.minimum < control.maximum:
        problems.append("le minimum du curseur doit être inférieur à son maximum")
    if not control.minimum <= control.default <= control.maximum:
        problems.append("la valeur de départ du curseur est hors de ses bornes")
    elif all(abs(position - control.default) > control.step / 100 for position in control.positions):
        problems.append("la valeur de départ du curseur n’est pas une de ses positions")
    if control.marks and len(control.marks) != len(control.positions):
        problems.append(f"{len(control.marks)} repères pour {len(control.positions)} positions du curseur")
    return problems


def _step_problems(figure: InteractiveFigure) -> list[str]:
    if any(control.step <= 0 for control in figure.controls.values()):
        return []
    controls = list(figure.controls.values())
    wanted = list(itertools.product(*(control.positions for control in controls)))
    if len(figure.steps) != len(wanted):
        return [f"{len(figure.steps)} étapes pour {len(wanted)} positions du curseur : il en faut une par position"]
    problems = []
    for rank, (step, expected) in enumerate(zip(figure.steps, wanted, strict=True), start=1):
        if len(step.values) != len(controls):
            problems.append(f"étape {rank} : {len(step.values)} positions pour {len(controls)} curseurs")
            continue
        problems += [
            f"étape {rank} : valeur {found:g} au lieu de {aim:g}"
            for found, aim, control in zip(step.values, expected, controls, strict=True)
            if abs(found - aim) > control.step / 100
        ]
        if not step.sentence.strip():
            problems.append(f"étape {rank} : la phrase est vide")
        if len(step.row) != len(figure.table_header):
            problems.append(f"étape {rank} : {len(step.row)} cellules pour {len(figure.table_header)} en-têtes")
    return problems[:5]
