"""Un cas de la batterie, les deux formats de copie, et ce que le banc d’essai met à portée des attaques."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import workload

Json = dict[str, Any]
BREACH = "BRE" + "CHE"
"""Mot qu’une attaque écrit quand elle réussit ; il n’est nulle part ailleurs en toutes lettres."""


@dataclass(frozen=True)
class Sheet:
    """Un carnet à rendre : copie vierge, réponses justes et fausses, points.

    `first` est la cellule où une attaque s’installe : rien d’autre n’en dépend.
    """

    format: str
    assignment: str
    notebook: str
    blank: Json
    right: Mapping[str, str]
    wrong: Mapping[str, str]
    first: str
    first_points: float
    full: float
    tests: tuple[str, ...]

    def copy(self, base: str) -> Json:
        """Copie juste, fausse ou vierge."""
        raw = copy.deepcopy(self.blank)
        answers = {"juste": self.right, "fausse": self.wrong, "vierge": {}}[base]
        for name, source in answers.items():
            workload.answer(raw, name, source)
        return raw


@dataclass
class Lab:
    """Ce qui entoure les copies : dossiers à garder intacts, secrets à ne pas laisser voir, écoutes réseau."""

    course: Path
    guard: Path
    secrets: dict[str, str]
    values: dict[str, str] = field(default_factory=dict)

    def fill(self, text: str) -> str:
        """Remplace les repères @…@ d’une attaque par les chemins, ports et processus de ce banc."""
        for name, value in self.values.items():
            text = text.replace(f"@{name}@", value)
        return text


Mutate = Callable[[Json, Sheet], object]
Place = Callable[[Path, Sheet, Lab], None]


@dataclass(frozen=True)
class Case:
    """Copie hostile ou abîmée.

    Parameters
    ----------
    name, family : str
        Nom unique et famille.
    code : str
        Code mis au début de la première réponse, dans les deux formats.
    libre, maison : mapping
        Réponses propres à un format : cellule → source.
    base : str
        « fausse » (aucun point mérité), « juste » (tous) ou « vierge ».
    mutate : callable
        Change le carnet sur place, ou rend ce qu’il faut écrire à sa place (dict, texte ou octets).
    place : callable
        Agit sur le dossier rendu, carnet déjà écrit.
    formats : tuple of str
        Formats où le cas a un sens.
    keeps : str
        Ce qui doit rester acquis : « tout », « autres » (toutes les cellules sauf la première) ou « » (rien d’exigé).
    said : bool
        Vrai si la copie n’est pas corrigée mais annoncée dans les anomalies du bilan : dossier vide, lien.
    private : tuple of str
        Textes que la page de ce stagiaire ne doit pas montrer, en plus des marques communes.
    holds : str
        Pourquoi, au format maison, les points de la première cellule sont mérités ; vide s’ils ne le sont pas.
    """

    name: str
    family: str
    code: str = ""
    libre: Mapping[str, str] = field(default_factory=dict)
    maison: Mapping[str, str] = field(default_factory=dict)
    base: str = "fausse"
    mutate: Mutate | None = None
    place: Place | None = None
    formats: tuple[str, ...] = ("libre", "maison")
    keeps: str = ""
    private: tuple[str, ...] = ()
    said: bool = False
    holds: str = ""

    def earned(self, sheet: Sheet) -> float:
        """Points qu’une personne honnête donnerait, au plus."""
        if self.base == "juste":
            return sheet.full
        return sheet.first_points if self.holds and sheet.format == "maison" else 0.0

    def least(self, sheet: Sheet) -> float:
        """Points qui doivent rester acquis."""
        return {"tout": sheet.full, "autres": sheet.full - sheet.first_points}.get(self.keeps, 0.0)

    def hand_in(self, sheet: Sheet, lab: Lab, learner: str) -> None:
        """Écrit la copie dans submitted/."""
        raw = sheet.copy(self.base)
        for name, source in (self.libre if sheet.format == "libre" else self.maison).items():
            workload.answer(raw, name, lab.fill(source))
        if self.code:
            cell = workload.find(raw, sheet.first)
            cell["source"] = lab.fill(f"{self.code}\n{cell['source']}")
        replaced = self.mutate(raw, sheet) if self.mutate else None
        folder = workload.hand_in(lab.course, workload.Copy(learner, self.name), sheet.assignment)
        path = folder / f"{sheet.notebook}.ipynb"
        payload = raw if replaced is None else replaced
        if isinstance(payload, dict):
            payload = json.dumps(payload, ensure_ascii=False)
        path.write_bytes(payload if isinstance(payload, bytes) else str(payload).encode("utf-8"))
        if self.place:
            self.place(folder, sheet, lab)


def attack(body: str) -> str:
    """Code d’attaque : `breche(...)` crie victoire, `essai(f)` tente sans s’arrêter."""
    return (
        "def breche(x):\n    print('BRE' + 'CHE', str(x)[:300])\n"
        "def essai(f, dire=True):\n"
        "    try:\n        r = f()\n"
        "    except BaseException as e:\n        return None\n"
        "    if dire:\n        breche(r)\n"
        "    return r\n" + body
    )
