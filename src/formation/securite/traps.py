"""Les pièges plantés dans les données, chacun avec sa mesure : ce qu’on croit voir, ce qu’on manque sans le savoir."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from formation import metrics
from formation.securite import features
from formation.securite.evaluation import MODEL, PLACES, report
from formation.securite.model import gradient_boosting

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from formation.securite.evaluation import Trial

BIASED_CAMERA, BIAS = "C17", 1.2
"""Caméra qui compte 20 % de trop."""


def rain(done: Trial, *, place: str = "soiree") -> pd.DataFrame:
    """Piège 2 : il n’a jamais plu pendant l’apprentissage.

    Parameters
    ----------
    done : Trial
        Modèle ajusté et soirées.
    place : str
        Lieu.

    Returns
    -------
    DataFrame
        Deux lignes, `sec` et `pluie`, sur les soirées de test : `soirees`, `fausses_heure`, `fausses_bas`,
        `fausses_haut` (intervalle à 95 %), `precision`.
    """
    rows, lines = done.parts[place, "test"], {}
    for name, value in (("sec", 0), ("pluie", 1)):
        part = rows[rows["pluie"] == value]
        found = report(part, part["score"].to_numpy(), done.methods[MODEL].threshold)
        bounds = metrics.rate_interval(found.alarms - found.true_alarms, found.hours)
        lines[name] = (part["id_soiree"].nunique(), found.false_per_hour, *bounds, found.precision)
    columns = ["soirees", "fausses_heure", "fausses_bas", "fausses_haut", "precision"]
    return pd.DataFrame(lines, index=columns).T.rename_axis("temps")


def splits(done: Trial, *, seed: int = 447) -> pd.DataFrame:
    """Piège 3 : couper par ligne au lieu de couper par soirée.

    Un modèle bavard reconnaît la caméra et le moment : deux pas voisins se ressemblent. Coupé par ligne, il semble
    excellent ; sur une soirée neuve, il l’est moins.

    Parameters
    ----------
    done : Trial
        Soirées.
    seed : int
        Graine du tirage des lignes.

    Returns
    -------
    DataFrame
        Une ligne par façon de juger le même modèle, en répétition : `decoupage`, `precision_moyenne` (aire sous la
        courbe précision-rappel, par pas).
    """
    from sklearn.metrics import average_precision_score

    home = PLACES[0]
    rows = done.parts[home, "apprentissage"]
    columns = [*features.ALL, "camera", "pas_10s"]
    drawn = np.random.default_rng(seed).random(len(rows)) < 0.7
    inside, outside = _with_camera(rows), _with_camera(done.parts[home, "test"])
    model = gradient_boosting(columns, seed=seed, max_leaf_nodes=255, max_iter=60, min_samples_leaf=5)
    model.fit(inside[drawn], inside.loc[drawn, features.TARGET])
    judged = {"par ligne": inside[~drawn], "par soirée": outside}
    found = {
        name: float(average_precision_score(part[features.TARGET], model.predict(part)))
        for name, part in judged.items()
    }
    return pd.DataFrame({"decoupage": list(found), "precision_moyenne": list(found.values())})


def biased_camera(done: Trial, *, camera: str = BIASED_CAMERA, place: str = "soiree") -> pd.DataFrame:
    """Piège 4 : une caméra compte 20 % de trop ; l’opérateur finit par la couper.

    Parameters
    ----------
    done : Trial
        Modèle ajusté et soirées.
    camera : str
        Caméra au biais.
    place : str
        Lieu.

    Returns
    -------
    DataFrame
        Une ligne par méthode (`seuil fixe 4,2`, modèle) : `alertes_soiree` de la caméra, `mediane_autres` caméras,
        `rang` (1 : celle qui alerte le plus), `part_des_fausses` alertes du lieu, et `apres_etalonnage` : alertes par
        soirée si ses mesures sont ramenées à leur juste valeur.
    """
    rows = done.parts[place, "test"]
    nights = rows["id_soiree"].nunique()
    own = rows[(rows["id_camera"] == camera).to_numpy()]
    measured = ["densite", *features.ALL]
    # Moyennes, maximum et pente sont proportionnels à la mesure : les corriger revient à corriger la mesure.
    fixed = own.assign(**{name: own[name] / BIAS for name in measured})
    lines = []
    for name in ("seuil fixe 4,2", MODEL):
        method = done.methods[name]
        rung = _rung(rows, done.score(place, method=name), method.threshold)
        count = rows["id_camera"].iloc[rung].value_counts()
        right = metrics.judge(rows["serie"].iloc[rung], rows["pas_10s"].iloc[rung], *features.spans(rows)).true_alarm
        wrong = rows["id_camera"].iloc[rung[~right]]
        line = {
            "alertes_soiree": count[camera] / nights,
            "mediane_autres": float(count.drop(camera).median()) / nights,
            "rang": int((count > count[camera]).sum()) + 1,
            "part_des_fausses": float((wrong == camera).mean()),
            "apres_etalonnage": len(_rung(fixed, method.predict(fixed), method.threshold)) / nights,
        }
        lines.append({"methode": name, **line})
    return pd.DataFrame(lines)


def annotated(done: Trial, episodes: pd.DataFrame, *, method: str = "seuil fixe 4,2") -> pd.DataFrame:
    """Piège 5 : un épisode n’est noté que si l’outil en place avait alerté ; ceux qu’il a manqués n’existent plus.

    Parameters
    ----------
    done : Trial
        Modèle ajusté et soirées.
    episodes : DataFrame
        Table `episodes`.
    method : str
        Méthode jugée.

    Returns
    -------
    DataFrame
        Une ligne par vérité (`annotée`, `complète`), tous lieux de test ensemble : `episodes`, `signales`, `rappel`.
    """
    lines = []
    for name, known in (("annotée", episodes[episodes["annote_operateur"] == 1]), ("complète", episodes)):
        total = caught = 0
        for place in PLACES:
            rows = done.parts[place, "test"]
            rung = rows.iloc[_rung(rows, done.score(place, method=method), done.methods[method].threshold)]
            found = metrics.judge(rung["serie"], rung["pas_10s"], *_spans_of(rows, known))
            total, caught = total + len(found.delay), caught + int(np.isfinite(found.delay).sum())
        lines.append({"verite": name, "episodes": total, "signales": caught, "rappel": caught / max(total, 1)})
    return pd.DataFrame(lines)


def accuracy(done: Trial, *, place: str = "soiree") -> pd.DataFrame:
    """Piège 6 : l’exactitude par pas d’un système qui ne dit jamais rien.

    Parameters
    ----------
    done : Trial
        Modèle ajusté et soirées.
    place : str
        Lieu.

    Returns
    -------
    DataFrame
        Une ligne par méthode : `methode`, `exactitude` (part des pas bien classés), `rappel` (part des épisodes
        signalés).
    """
    truth = done.parts[place, "test"][features.TARGET].to_numpy() > 0
    lines = []
    for name, method in done.methods.items():
        said = done.score(place, method=name) >= method.threshold
        right = float((said == truth).mean())
        lines.append({"methode": name, "exactitude": right, "rappel": done.report(place, method=name).recall})
    return pd.DataFrame(lines)


def speed(done: Trial, *, place: str = "soiree", seed: int = 447) -> pd.DataFrame:
    """Ajouter la vitesse mesurée : elle vient des mêmes images, un leurre la trompe aussi.

    Parameters
    ----------
    done : Trial
        Soirées.
    place : str
        Lieu jugé.
    seed : int
        Graine.

    Returns
    -------
    DataFrame
        Une ligne par choix de variables : `variables`, `rappel`, `fausses_heure`, sur les soirées de test.
    """
    learn, test = done.parts[PLACES[0], "apprentissage"], done.parts[place, "test"]
    model = gradient_boosting((*features.ALL, "vitesse_m_s"), seed=seed).fit(learn, learn[features.TARGET])
    judged = {
        "densité": done.report(place),
        "densité et vitesse": report(test, model.predict(test), model.threshold),
    }
    return pd.DataFrame(
        [{"variables": name, "rappel": r.recall, "fausses_heure": r.false_per_hour} for name, r in judged.items()]
    )


def _rung(rows: pd.DataFrame, score: ArrayLike, threshold: float) -> NDArray[np.intp]:
    return metrics.ring(score, rows["serie"].to_numpy(), rows["pas_10s"].to_numpy(), threshold)


def _with_camera(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(camera=rows["id_camera"].cat.codes.astype("float32"))


def _spans_of(rows: pd.DataFrame, episodes: pd.DataFrame) -> features.Spans:
    """Épisodes d’une table, repérés par la série de leur caméra ce soir-là."""
    first = rows.drop_duplicates("serie").set_index(["id_soiree", "id_camera"])["serie"]
    first.index = pd.MultiIndex.from_arrays([first.index.get_level_values(n).astype(str) for n in (0, 1)])
    keys = pd.MultiIndex.from_arrays([episodes["id_soiree"].astype(str), episodes["id_camera"].astype(str)])
    series = first.reindex(keys).to_numpy(float)
    kept = np.isfinite(series)
    return series[kept].astype(int), episodes["debut"].to_numpy(int)[kept], episodes["fin"].to_numpy(int)[kept]
