"""Contrôler une suite d’images radar venue d’ailleurs : sa forme, ses trous, ses valeurs impossibles."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from formation.datasets import npz, simplify
from formation.datasets.npz import Header
from formation.errors import DonneesInvalides, FormationError, Problem
from formation.numbers import number, percent, plural
from formation.risques import own_frames, own_images, tables

if TYPE_CHECKING:
    from numpy.typing import NDArray

RAIN_NAMES = ("pluie_mm_h", "intensite_mm_h", "pluie", "intensite", "rain", "rain_mm_h", "radar", "images", "arr_0")
"""Noms acceptés du tableau des intensités ; « code » est la forme compacte du cours."""
EXACT_NAMES = ("pluie_mm_h", "code")
"""Noms qui disent sans hésiter ce que le tableau contient."""
TIME_NAMES = ("minute", "minutes", "date_heure", "horodatage", "temps", "time", "instants")
SIZE, STEP_MIN = (24, 24), 5
_FORM = re.compile(r"\s*(\d{1,5})\s*[x×X*]\s*(\d{1,5})\s*")


class FormeInvalide(FormationError):
    """La forme de grille demandée ne se lit pas."""


@dataclass(frozen=True)
class OwnRadar:
    """Ce que contient un radar.

    Attributes
    ----------
    table : DataFrame
        Colonnes `mesure`, `libelle`, `valeur`, `texte`.
    conclusion : str
        Ce que le contrôle permet de dire, en français.
    remarks : list of str
        Trous acceptés, écrêtage, prudences.
    facts : dict
        Forme, pas, suites d’images.
    """

    table: pd.DataFrame
    conclusion: str
    remarks: list[str]
    facts: dict[str, Any]

    def to_dict(self) -> dict[str, Any]:
        """Rend tout le résultat en types simples, prêts pour du JSON."""
        values = self.table.set_index("mesure")["valeur"]
        return {
            "fichier": self.facts,
            "mesures": {str(name): float(value) for name, value in values.items()},
            "conclusion": self.conclusion,
            "remarques": self.remarks,
        }


def grid_size(text: str) -> tuple[int, int]:
    """Lit une forme de grille.

    Parameters
    ----------
    text : str
        « lignes x colonnes », par exemple « 24x24 ».

    Returns
    -------
    tuple of int
        Lignes, colonnes.

    Raises
    ------
    FormeInvalide
        Si le texte ne se lit pas.

    Examples
    --------
    >>> grid_size("128 x 96")
    (128, 96)
    """
    found = _FORM.fullmatch(text)
    if not found or min(int(part) for part in found.groups()) < 2:
        raise FormeInvalide(
            f"« {text} » n’est pas une forme de grille. Attendu : lignes x colonnes, deux au moins de chaque, par "
            "exemple --forme 24x24"
        )
    return int(found[1]), int(found[2])


def own(file: str | Path, *, size: tuple[int, int] = SIZE, step_min: int = STEP_MIN, gaps: bool = False) -> OwnRadar:
    """Contrôle des images radar.

    Parameters
    ----------
    file : str or Path
        NPZ ou NPY : `pluie_mm_h` (images × lignes × colonnes), ou `code` comme dans le cours.
    size : tuple of int
        Lignes et colonnes attendues.
    step_min : int
        Minutes entre deux images.
    gaps : bool
        Vrai pour accepter les trous et les compter, au lieu de s’arrêter.

    Returns
    -------
    OwnRadar
        Mesures et remarques. Rien n’est écrit.

    Raises
    ------
    DonneesInvalides
        Si la forme n’est pas celle attendue, s’il y a des trous, ou si des intensités sont négatives ou impossibles ;
        tous les problèmes sont donnés.
    """
    path = Path(file)
    frames, remarks = read(path, size=size, step_min=step_min, gaps=gaps)
    return _summary(frames, step_min, [f"{path.name} : {remark}" for remark in remarks])


def read(
    path: Path, *, size: tuple[int, int] = SIZE, step_min: int = STEP_MIN, gaps: bool = False
) -> tuple[NDArray[np.float32], list[str]]:
    """Lit des images radar, et relève tout ce qui ne va pas.

    Parameters
    ----------
    path, size, step_min, gaps
        Voir :func:`own`.

    Returns
    -------
    ndarray of float32, forme (suites, images, lignes, colonnes)
        Intensité, en mm/h ; vide si rien n’est mesuré.
    list of str
        Remarques.

    Raises
    ------
    DonneesInvalides
        Si le fichier n’est pas utilisable.
    """
    found = own_images.headers(path)
    header, remarks = _rain_array(path, found)
    problems = [*own_images.judge(header), *_shape_problems(header, size)]
    moment = next((found[name] for name in found if simplify(name) in TIME_NAMES), None)
    if problems:
        raise DonneesInvalides(path.name, problems, remarks)
    raw = npz.read_values(path, header.name)
    frames, problems = _decoded(raw, header)
    frames = frames.reshape((-1, *frames.shape[-3:])) if frames.ndim == 4 else frames[None]
    if moment is not None:
        problems += own_frames.time_problems(path, moment, frames.shape[1], step_min)
    # Une valeur impossible est dite une fois ; elle ne doit pas passer aussi pour un trou.
    sound = np.maximum(frames, 0)
    holes = own_frames.gaps(sound, step_min)
    if gaps:
        remarks += [problem.message for problem in holes.problems]
        sound[holes.lost] = np.nan
    else:
        problems += holes.problems + ([_way_out()] if holes.problems else [])
    unread = any(problem.kind == "niveaux_de_gris" for problem in problems)
    problems += [] if unread or np.nan_to_num(sound).max() > 0 else [_empty(header)]
    if problems:
        raise DonneesInvalides(path.name, problems, remarks)
    return sound, [*remarks, *holes.remarks]


def _rain_array(path: Path, found: dict[str, Header]) -> tuple[Header, list[str]]:
    """Tableau des intensités, et ce qu’il faut dire d’un nom qui n’est pas celui attendu."""
    meant = [name for name in found if simplify(name) in ("code", *RAIN_NAMES)]
    # Un cumul ou une liste de moyennes n’est pas une suite d’images : il ne fait hésiter personne.
    meant = [name for name in meant if len(found[name].shape) in (3, 4)] or meant
    exact = [name for name in meant if simplify(name) in EXACT_NAMES]
    if len(exact) == 1 or len(meant) == 1:
        name = (exact or meant)[0]
        return found[name], [] if exact and len(meant) == 1 else [_which(name, meant)]
    if meant:
        shown = ", ".join(f"« {name} » ({found[name].form})" for name in meant[:6])
        way_out = "Gardez-en un seul." if exact else "Gardez-en un seul, ou nommez le bon « pluie_mm_h » (mm/h)."
        message = f"plusieurs tableaux peuvent être la pluie : {shown}. L’essai ne choisit pas à votre place. {way_out}"
        raise DonneesInvalides(path.name, [Problem("tableaux_ambigus", message, "pluie_mm_h")])
    others = [name for name in found if simplify(name) not in TIME_NAMES]
    seen = ", ".join(f"« {name} » ({found[name].form})" for name in list(found)[:6])
    reflectivity = [name for name in others if "dbz" in name.lower() or "reflec" in name.lower()]
    if reflectivity:
        message = (
            "c’est une réflectivité (dBZ), pas une intensité : dix de plus n’est pas dix fois plus. Convertissez-la en "
            "mm/h, par exemple (10 ** (dbz / 10) / 200) ** (1 / 1.6), et nommez le tableau « pluie_mm_h »."
        )
        raise DonneesInvalides(path.name, [Problem("reflectivite", message, reflectivity[0])])
    message = (
        f"aucun tableau d’intensité. Tableaux lus : {seen}. Nommez le bon « pluie_mm_h » (mm/h, images × lignes × "
        "colonnes), ou « code » s’il suit le codage du cours."
    )
    raise DonneesInvalides(path.name, [Problem("tableau_manquant", message, "pluie_mm_h")])


def _which(name: str, meant: list[str]) -> str:
    left = ", ".join(f"« {other} »" for other in meant if other != name)
    if left:
        return f"le tableau lu est « {name} » ; laissé de côté : {left}."
    return (
        f"le tableau lu est « {name} », pris pour des intensités en mm/h. Si ce sont d’autres valeurs (dBZ, niveaux de "
        "gris, cumuls), ne tenez pas compte du résultat : convertissez-les, et nommez le tableau « pluie_mm_h »."
    )


def _shape_problems(header: Header, size: tuple[int, int]) -> list[Problem]:
    shape, wanted = header.shape, f"images × {size[0]} × {size[1]}"
    if len(shape) in (3, 4) and shape[-2:] == size and min(shape) > 0:
        if shape[-3] >= 2:
            return []
        message = "une seule image : il en faut plusieurs, à la suite, pour suivre un orage et cumuler la pluie."
        return [Problem("forme_inattendue", f"{message} Attendu : {wanted}, par exemple 120 × 24 × 24.", header.name)]
    if 0 in shape:
        hint = "Le tableau est vide : refaites l’export."
    elif len(shape) == 2:
        hint = "Il n’y a qu’une image, ou des cases à plat : empilez les images, avec numpy.stack(images)."
    elif len(shape) >= 3 and shape[-1] in (3, 4):
        hint = (
            "La dernière dimension ressemble à des couleurs : une couleur d’affichage n’est pas une intensité. "
            "Repartez des valeurs en mm/h."
        )
    elif len(shape) == 3 and shape[:2] == size:
        hint = "Le temps est sans doute en dernier : remettez-le devant avec numpy.moveaxis(images, -1, 0)."
    elif len(shape) in (3, 4):
        hint = (
            f"Les images ont {shape[-2]} lignes et {shape[-1]} colonnes. Si c’est bien votre grille, dites-le avec "
            f"--forme {shape[-2]}x{shape[-1]} ; sinon, découpez-la."
        )
    else:
        hint = f"Il y a {plural(len(shape), 'dimension')}, il en faut trois (ou quatre : suites × {wanted})."
    message = (
        f"la forme est {header.form}. Attendu : {wanted}, par exemple 120 × {size[0]} × {size[1]}. Une grille mal "
        f"rangée donnerait une pluie fausse sans aucun message. {hint}"
    )
    return [Problem("forme_inattendue", message, header.name)]


def _decoded(raw: NDArray[Any], header: Header) -> tuple[NDArray[np.float32], list[Problem]]:
    if simplify(header.name) == "code":
        if raw.dtype.kind not in "iu" or raw.min() < 0 or raw.max() > tables.MISSING:
            message = (
                "un code radar du cours est un entier de 0 (rien) à 254, ou 255 (absent). Pour des intensités en mm/h, "
                "nommez le tableau « pluie_mm_h »."
            )
            return np.zeros(raw.shape, np.float32), [Problem("code_invalide", message, header.name)]
        # Décoder d’un coup doublerait la mémoire.
        rates = tables.rain_rate(np.arange(tables.MISSING + 1)).astype(np.float32)
        return rates[raw], []
    if raw.dtype == np.uint8 and raw.max() > 200:
        message = (
            "des entiers de 0 à 255 se lisent de deux façons : des niveaux de gris, ou les codes du cours. "
            "Convertissez en mm/h, ou nommez le tableau « code » s’il suit le codage du cours."
        )
        return np.zeros(raw.shape, np.float32), [Problem("niveaux_de_gris", message, header.name)]
    rain = raw.astype(np.float32)
    return rain, own_frames.impossible(rain, header.name)


def _empty(header: Header) -> Problem:
    return Problem(
        "radar_vide",
        "aucune pluie dans aucune image : radar muet, mauvaise période ou mauvaise unité ? Vérifiez l’export avant de "
        "conclure qu’il n’a pas plu.",
        header.name,
    )


def _way_out() -> Problem:
    return Problem(
        "suite",
        "complétez ces images, ou relancez avec --lacunes pour les laisser vides : le résultat dira combien, et les "
        "cumuls seront des minimums.",
    )


def _summary(frames: NDArray[np.float32], step_min: int, remarks: list[str]) -> OwnRadar:
    runs, images, rows, columns = frames.shape
    totals = np.nansum(frames, axis=1, dtype=float) * step_min / 60
    peak = float(np.nanmax(frames))
    run, _, row, column = (int(rank) for rank in np.unravel_index(int(np.nanargmax(frames)), frames.shape))
    wet = frames[np.isfinite(frames) & (frames > 0)]
    missing = float(np.isnan(frames).mean())
    best = totals.reshape(runs, -1).max(axis=1)
    run = int(best.argmax()) if runs > 1 else run
    least = float(np.median(totals[run]))
    lines = [
        ("images", "Images", float(runs * images), number(runs * images)),
        ("duree_h", "Durée d’une suite", images * step_min / 60, f"{number(images * step_min / 60, 1)}\u00a0h"),
        ("part_absente", "Cases absentes", missing, percent(missing, 1)),
        ("part_pluie", "Cases où il pleut", wet.size / max(1, int(np.isfinite(frames).sum())), ""),
        ("intensite_max_mm_h", "Intensité la plus forte", peak, f"{number(peak, 1)}\u00a0mm/h"),
        ("cumul_max_mm", "Cumul le plus fort", float(best.max()), f"{number(float(best.max()), 1)}\u00a0mm"),
        ("cumul_median_mm", "Cumul médian des cases, même suite", least, f"{number(least, 1)}\u00a0mm"),
    ]
    table = pd.DataFrame(lines, columns=["mesure", "libelle", "valeur", "texte"])
    table.loc[table["mesure"] == "part_pluie", "texte"] = percent(lines[3][2], 1)
    notes = [*remarks, *own_frames.clipping(wet)]
    where = f"ligne {row + 1}, colonne {column + 1}"
    least_word = "au moins " if missing else ""
    text = (
        f"{plural(runs * images, 'image')} de {rows} × {columns} cases. Intensité la plus forte : {number(peak, 1)} "
        f"mm/h ({where}) ; cumul le plus fort : {least_word}{number(float(best.max()), 1)} mm, contre "
        f"{number(least, 1)} mm dans une case médiane. Ce contraste est ce qu’un pluviomètre seul ne voit pas."
    )
    facts = {"suites": runs, "images": images, "lignes": rows, "colonnes": columns, "pas_min": step_min}
    return OwnRadar(table, text, notes, facts)
