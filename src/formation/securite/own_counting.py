"""Essayer le compteur sur ses propres vignettes : de combien se trompe-t-il, et dans quel sens ?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from formation import datasets, metrics
from formation.datasets import Field, Resource
from formation.errors import LINES_SHOWN, DonneesInvalides, FichiersInvalides, Problem
from formation.numbers import number, plural
from formation.reports.own_result import OwnResult
from formation.securite import own_images, own_reading, thumbnails
from formation.securite.counting import DENSE, Counter, MeanCount, describe, errors
from formation.securite.own_reading import IMPOSSIBLE
from formation.securite.tables import CASE

if TYPE_CHECKING:
    from numpy.typing import NDArray

SURFACE_M2 = 64.0
"""Surface d’une vignette du cours, en mètres carrés."""
MAX_PIXELS_PER_METRE = 60
"""Finesse au-delà de laquelle on refuse : une tête y fait plus de dix pixels."""
FEW, FOLDS = 40, 5
"""Vignettes au-dessous desquelles on ne conclut pas ; parts de la validation croisée."""
CLOSE = 1.5
"""Rapport d’échelle au-delà duquel le compteur du cours ne s’applique pas."""
COURSE, OWN, MEAN = "compteur du cours", "compteur réappris sur vos vignettes", "toujours votre moyenne"
_DRAWS = 500
COUNTS = (
    Field("fichier", "string", "nom du fichier de la vignette", example="place_012.png", optional=True),
    Field("rang", "integer", "rang de la vignette dans le NPZ, à partir de 0", example="12", optional=True,
          constraints={"minimum": 0}),
    Field("nb_personnes", "integer", "personnes comptées à l’œil", "personnes", "37",
          constraints={"required": True, "minimum": 0, "maximum": 5_000}),
    Field("surface_m2", "number", "surface au sol vue par la vignette", "mètres carrés", "64", optional=True,
          constraints={"minimum": 1, "maximum": 10_000}),
    Field("condition", "string", "jour, nuit, parapluies, ou autre", example="nuit", optional=True),
)  # fmt: skip
"""Colonnes d’un fichier de comptages."""


def own_counts(images: str | Path, counts: str | Path, *, surface: float = SURFACE_M2, seed: int = 447) -> OwnResult:
    """Compare le compteur du cours et vos comptages à l’œil.

    Parameters
    ----------
    images : str or Path
        Vignettes : fichier NPZ, ou dossier d’images d’au plus 256 pixels de côté.
    counts : str or Path
        Comptages : `fichier` ou `rang`, `nb_personnes`, et si possible `surface_m2` et `condition`.
    surface : float
        Surface vue par une vignette quand le fichier ne la dit pas, en mètres carrés.
    seed : int
        Graine des tirages.

    Returns
    -------
    OwnResult
        `table` : une ligne par méthode ; `other` : une ligne par condition. Rien n’est écrit.

    Raises
    ------
    formation.errors.DonneesInvalides
        Si une image ou un comptage n’est pas utilisable ; tous les problèmes des deux sont donnés.
    """
    seen, counted, remarks = _read(Path(images), Path(counts), surface)
    density = (counted["nb_personnes"] / counted["surface_m2"]).to_numpy(float)
    guesses, notes = _guesses(seen.images, density, counted["surface_m2"].to_numpy(float), seed)
    table = pd.DataFrame([{"methode": name, **errors(guess, density)} for name, guess in guesses.items()])
    table[["mae_bas", "mae_haut"]] = [_bounds(guess - density, seed) for guess in guesses.values()]
    judged = COURSE if COURSE in guesses else OWN if OWN in guesses else MEAN
    other = _by_condition(guesses[judged], density, counted["condition"])
    facts = {
        "vignettes": len(density), "cote_px": int(seen.images.shape[2]), "densite_min": float(density.min()),
        "densite_max": float(density.max()), "denses": int((density >= DENSE).sum()), "methode_detaillee": judged,
    }  # fmt: skip
    remarks += notes
    return OwnResult("vignettes", table, "\n".join(_conclude(table, judged, facts)), remarks, facts, other)


def _read(images: Path, counts: Path, surface: float) -> tuple[own_images.OwnImages, pd.DataFrame, list[str]]:
    """Lit les deux sources et dit les problèmes des deux à la fois."""
    errors_: list[DonneesInvalides] = []
    seen, counted, remarks = None, None, []
    try:
        seen = own_images.read(images)
        remarks += seen.remarks
    except DonneesInvalides as error:
        errors_.append(error)
    try:
        counted, notes = _counts(counts)
        remarks += notes
    except DonneesInvalides as error:
        errors_.append(error)
    if len(errors_) == 2:
        raise FichiersInvalides(errors_)
    if errors_ or seen is None or counted is None:
        raise errors_[0]
    if counted["surface_m2"].isna().any():
        remarks.append(f"{counts.name} : surface non dite, prise égale à {number(surface)} m² (--surface).")
    counted["surface_m2"] = counted["surface_m2"].fillna(surface)
    return seen, _matched(counts, seen, counted, remarks), remarks


def _counts(path: Path) -> tuple[pd.DataFrame, list[str]]:
    resource = Resource(CASE, "comptages", "comptages.csv", fields=COUNTS)
    report = datasets.check(CASE, "comptages", path, resource=resource, limits=own_reading.LIMITS)
    if report.frame is None:
        raise DonneesInvalides(path.name, report.problems, report.remarques)
    notes = [f"{path.name} : {text}" for text in report.remarques if "facultative" not in text]
    return report.frame.assign(ligne=report.lines), notes


def _matched(path: Path, seen: own_images.OwnImages, counted: pd.DataFrame, remarks: list[str]) -> pd.DataFrame:
    """Une ligne de comptage par vignette, dans l’ordre des vignettes."""
    key = _keys(path, seen, counted, remarks)
    problems: list[Problem] = []
    _tell(problems, "doublon", counted[key.duplicated()], key, _TWICE)
    _tell(problems, "vignette_inconnue", counted[~key.isin(seen.names)], key, _UNKNOWN)
    absent = [name for name in seen.names if name not in set(key)]
    if absent:
        shown = ", ".join(f"« {name} »" for name in absent[:LINES_SHOWN])
        message = (
            f"{plural(len(absent), 'vignette')} sans comptage, par exemple {shown}. Comptez-les à l’œil (0 si la place "
            "est vide) et ajoutez une ligne pour chacune, ou retirez l’image."
        )
        problems.append(Problem("comptage_manquant", message, "nb_personnes", values=tuple(absent[:LINES_SHOWN])))
    density = counted["nb_personnes"].astype(float) / counted["surface_m2"]
    wrong = counted[density > IMPOSSIBLE]
    shown_density = density.round(1).astype(str).str.replace(".", ",") + " personnes par m²"
    _tell(problems, "densite_impossible", wrong, shown_density, _TOO_DENSE)
    fine = seen.images.shape[2] / np.sqrt(counted["surface_m2"].astype(float))
    sharp = counted[fine > MAX_PIXELS_PER_METRE]
    _tell(problems, "trop_fin", sharp, fine.round().astype(int).astype(str) + " pixels par mètre", _TOO_SHARP)
    if problems:
        raise DonneesInvalides(path.name, problems, remarks)
    return counted.assign(cle=key).set_index("cle").loc[seen.names].reset_index(drop=True)


_TWICE = "cette vignette a déjà un comptage plus haut. Gardez une ligne par vignette."
_UNKNOWN = "aucune vignette de ce nom ou de ce rang. Vérifiez l’orthographe et l’extension, ou le rang (à partir de 0)."
_TOO_DENSE = (
    f"plus de {IMPOSSIBLE:.0f} personnes par m² : impossible. Vérifiez le compte et la surface, en mètres carrés, par "
    "exemple 64 pour 8 × 8 m."
)
_TOO_SHARP = (
    f"plus de {MAX_PIXELS_PER_METRE} pixels par mètre : un visage pourrait y être reconnu, l’essai refuse. Réduisez "
    "vos vignettes, par exemple à 64 × 64 pixels pour 8 × 8 m, ou corrigez la surface."
)


def _tell(problems: list[Problem], kind: str, rows: pd.DataFrame, values: pd.Series, message: str) -> None:
    if rows.empty:
        return
    shown = tuple(str(value) for value in values.loc[rows.index[:LINES_SHOWN]])
    lines = tuple(int(line) for line in rows["ligne"].head(LINES_SHOWN))
    read_as = f"« {shown[0]} » : "
    problems.append(Problem(kind, read_as + message, None, lines, shown, len(rows)))


def _keys(path: Path, seen: own_images.OwnImages, counted: pd.DataFrame, remarks: list[str]) -> pd.Series:
    from_folder = not seen.names[0].isdigit()
    column = "fichier" if from_folder else "rang"
    if counted[column].notna().all():
        if not from_folder:
            return counted["rang"].astype(int).astype(str)
        stems = {name.rpartition(".")[0]: name for name in seen.names}
        named = counted["fichier"].astype(str).str.strip()
        return named.where(named.isin(seen.names), named.map(lambda name: stems.get(name, name)))
    if not from_folder and len(counted) == len(seen.names):
        remarks.append(f"{path.name} : sans colonne « rang », les lignes sont prises dans l’ordre du NPZ.")
        return pd.Series(seen.names, index=counted.index)
    example = "place_012.png" if from_folder else "12"
    message = (
        "la colonne manque ou a des cases vides : sans elle, on ne sait pas quel comptage va avec quelle vignette. "
        f"Attendu, par exemple : {example}."
    )
    raise DonneesInvalides(path.name, [Problem("colonne_manquante", message, column)], remarks)


def _guesses(
    images: NDArray[np.uint8], density: NDArray[np.float64], surface: NDArray[np.float64], seed: int
) -> tuple[dict[str, NDArray[np.float64]], list[str]]:
    notes = []
    found = {MEAN: _folded(MeanCount(), np.zeros((len(density), 1)), density, seed)}
    measured = describe(_sized(images))
    ratio = np.sqrt(surface / SURFACE_M2)
    if max(ratio.max(), 1 / ratio.min()) > CLOSE:
        notes.append(
            f"Le compteur du cours a appris des vignettes de {number(SURFACE_M2)} m² : les vôtres sont à une autre "
            "échelle, il n’est pas essayé."
        )
    else:
        counts, released = datasets.load(CASE, "comptages"), datasets.load(CASE, "vignettes")
        learn = ((counts["jeu"] == "apprentissage") & (counts["condition"] == "jour")).to_numpy()
        model = Counter(seed=seed).fit(describe(released["images"][learn]), counts["densite"].to_numpy(float)[learn])
        found[COURSE] = model.predict(measured)
    if len(density) >= FEW:
        found[OWN] = _folded(Counter(seed=seed), measured, density, seed)
    else:
        notes.append(f"Moins de {FEW} vignettes : pas assez pour réapprendre le compteur sur les vôtres.")
    return found, notes


def _sized(images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Vignettes ramenées à la taille du cours, chaque pixel étant la moyenne de ce qu’il couvre."""
    size = thumbnails.SIZE
    if images.shape[1:] == (size, size):
        return images
    import PIL.Image

    box = PIL.Image.Resampling.BOX
    return np.stack([np.asarray(PIL.Image.fromarray(image).resize((size, size), box)) for image in images])


def _folded(model: Any, measured: NDArray[Any], density: NDArray[np.float64], seed: int) -> NDArray[np.float64]:
    """Validation croisée : chaque vignette est jugée par un modèle qui ne l’a pas apprise."""
    folds = min(FOLDS, len(density))
    if folds < 2:
        return density.copy()
    fold = np.random.default_rng(seed).permutation(len(density)) % folds
    guess = np.empty(len(density))
    for rank in range(folds):
        kept = fold != rank
        guess[~kept] = model.fit(measured[kept], density[kept]).predict(measured[~kept])
    return guess


def _bounds(gap: NDArray[np.float64], seed: int) -> tuple[float, float]:
    drawn = np.random.default_rng(seed).integers(0, len(gap), (_DRAWS, len(gap)))
    return metrics.draw_bounds(np.abs(gap)[drawn].mean(axis=1), level=0.95)


def _by_condition(guess: NDArray[np.float64], density: NDArray[np.float64], condition: pd.Series) -> pd.DataFrame:
    names = condition.fillna("non dite").astype(str).str.strip().to_numpy()
    groups = {name: names == name for name in dict.fromkeys(names)}
    groups |= {"foule dense": density >= DENSE, "foule clairsemée": density < DENSE}
    rows = [{"condition": name, **errors(guess[kept], density[kept])} for name, kept in groups.items() if kept.any()]
    return pd.DataFrame(rows).drop(columns="biais_dense")


def _conclude(table: pd.DataFrame, judged: str, facts: dict[str, Any]) -> list[str]:
    rows = table.set_index("methode")
    row, mean = rows.loc[judged], rows.loc[MEAN]
    text = (
        f"Sur vos {plural(facts['vignettes'], 'vignette')}, le {judged} se trompe de {number(row['mae'], 2)} personne "
        f"par m² en moyenne (entre {number(row['mae_bas'], 2)} et {number(row['mae_haut'], 2)}, 19 fois sur 20) ; "
        f"répondre toujours votre densité moyenne, de {number(mean['mae'], 2)}."
    )
    if judged == MEAN:
        text = f"Compteur non essayé. Répondre toujours votre moyenne se trompe de {number(mean['mae'], 2)}."
    if facts["vignettes"] < FEW:
        text = f"Trop peu de vignettes pour conclure (il en faut au moins {FEW}). {text}"
    sentences = [text]
    if judged != MEAN and row["mae"] >= mean["mae"]:
        sentences.append("Il ne fait pas mieux que cette moyenne : chez vous, il ne compte pas.")
    if OWN in rows.index and judged == COURSE:
        sentences.append(_relearned(rows.loc[OWN, "mae"], row["mae"], mean["mae"]))
    return [*sentences, _dense(row, facts)]


def _relearned(own: float, course: float, mean: float) -> str:
    """Ce que vaut le compteur réappris, comparé à celui du cours et à la moyenne."""
    if own >= min(course, mean):
        what = "votre densité moyenne" if mean <= course else "le compteur du cours"
        return (
            f"Réappris sur vos vignettes ({number(own, 2)}), il ne fait pas mieux que {what} : il en faudrait "
            "davantage."
        )
    return (
        f"Réappris sur vos vignettes, il se trompe de {number(own, 2)} : un essai chez vous vaut mieux qu’une "
        "démonstration ailleurs."
    )


def _dense(row: pd.Series, facts: dict[str, Any]) -> str:
    if not facts["denses"]:
        return (
            f"Aucune vignette au-dessus de {number(DENSE, 1)} personnes par m² : cet essai ne dit rien de la foule "
            "dense, la seule qui compte pour l’alerte."
        )
    bias = row["biais_dense"]
    sense = "compte trop peu, il rassure quand il faudrait alerter" if bias < 0 else "compte trop, il alertera à tort"
    return (
        f"En foule dense ({plural(facts['denses'], 'vignette')}), il {sense} : écart moyen de {number(bias, 1)} "
        "personne par m²."
    )
