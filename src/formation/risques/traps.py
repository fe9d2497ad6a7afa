"""Les pièges plantés dans les données, chacun avec sa mesure : ce qu’on croit gagner, ce qu’on perd sans le voir."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from formation.metrics import contingency
from formation.risques import decision, evaluation, features, hydrology
from formation.risques.evaluation import MODEL, UNGUARDED
from formation.risques.model import Trees

if TYPE_CHECKING:
    from formation.metrics import Contingency

SILENCES = ("absent", "nul", "figé")
"""Façons de se taire d’un limnimètre : case vide, zéro, dernière valeur répétée."""
NEEDED_MM_H = 10.0
"""Pluie qu’un pluviomètre aurait dû voir avant un débordement."""


def silenced(rows: pd.DataFrame, kind: str = "absent") -> pd.DataFrame:
    """Copie du tableau où plus aucun limnimètre ne parle.

    Parameters
    ----------
    rows : DataFrame
        Tableau de :func:`formation.risques.features.panel`.
    kind : str
        `absent` (case vide), `nul` (zéro) ou `figé` (première mesure de l’épisode répétée).

    Returns
    -------
    DataFrame
        Mêmes lignes ; seules les variables de débit changent, ni les cibles ni la vérité.

    Raises
    ------
    ValueError
        Si la façon n’est pas une de :data:`SILENCES`.

    Examples
    --------
    >>> bool(silenced(features.panel().head(10))["debit"].isna().all())
    True
    """
    if kind not in SILENCES:
        raise ValueError(f"Façons de se taire : {', '.join(SILENCES)} ; reçu « {kind} ».")
    lags = [name for name in features.FLOW if name != "debit"]
    if kind == "absent":
        return rows.assign(**dict.fromkeys(features.FLOW, np.nan))
    held = 0.0 if kind == "nul" else rows.groupby(decision.PAIR)["debit"].transform("first")
    return rows.assign(debit=held, **dict.fromkeys(lags, 0.0))


def silent_sensor(ready: Mapping[str, Any], rows: pd.DataFrame, horizon: int = 60) -> pd.DataFrame:
    """Le même modèle, les mêmes épisodes de test, des limnimètres muets : sans garde, puis avec.

    Parameters
    ----------
    ready : mapping of str to estimator
        Méthodes ajustées, dont `modèle` et `modèle sans garde`.
    rows : DataFrame
        Tableau de :func:`formation.risques.features.panel`.
    horizon : int
        Minutes.

    Returns
    -------
    DataFrame
        Index `panne` (« aucune » et :data:`SILENCES`) ; colonnes `csi`, `annonces` (débordements annoncés à temps) et
        `fausses` (alertes pour rien) sans garde, puis les mêmes suivies de `_garde`. Les seuils restent ceux choisis
        avant la panne.
    """
    used = {name: ready[name] for name in (UNGUARDED, MODEL)}
    validation = evaluation.predicted(used, rows, horizon, "validation")
    levels = {name: validation.chosen(name) for name in used}
    lines: dict[str, dict[str, float]] = {}
    for kind in ("aucune", *SILENCES):
        seen = rows if kind == "aucune" else silenced(rows, kind)
        test = evaluation.predicted(used, seen, horizon, "test")
        lines[kind] = {}
        for name, end in ((UNGUARDED, ""), (MODEL, "_garde")):
            lines[kind][f"csi{end}"] = contingency(test.scores[name] >= levels[name], test.event).csi
            warned = decision.counts(decision.pairs(test, name), [levels[name]])
            lines[kind][f"annonces{end}"] = int(warned["justes"].iloc[0])
            lines[kind][f"fausses{end}"] = int(warned["fausses"].iloc[0])
    return pd.DataFrame(lines).T.rename_axis("panne")


def drowned(source: Mapping[str, pd.DataFrame]) -> dict[str, float]:
    """Part des pas sans mesure de débit, par temps calme et pendant les débordements.

    Parameters
    ----------
    source : mapping of str to DataFrame
        Tables `debits`, `verite` et `bassins`.

    Returns
    -------
    dict of str to float
        `calme` et `crue`, entre 0 et 1 : un capteur se tait quand on a besoin de lui.

    Examples
    --------
    >>> from formation.risques import load
    >>> found = drowned({name: load(name) for name in ("debits", "verite", "bassins")})
    >>> found["crue"] > 2 * found["calme"]
    True
    """
    truth = source["verite"].rename(columns={"debit_m3_s": "vrai"})[[*features.KEYS, "vrai"]]
    rows = source["debits"].merge(truth, on=features.KEYS).merge(source["bassins"][["id_bassin", "seuil_m3_s"]])
    silent, flood = rows["debit_m3_s"].isna(), rows["vrai"] >= rows["seuil_m3_s"]
    return {"calme": float(silent[~flood].mean()), "crue": float(silent[flood].mean())}


def far_gauge(source: Mapping[str, pd.DataFrame], *, km: float = 5.0, needed_mm_h: float = NEEDED_MM_H) -> pd.DataFrame:
    """Ce que voit un pluviomètre à plus de quelques kilomètres, dans les deux heures d’avant un débordement.

    Parameters
    ----------
    source : mapping of str to DataFrame
        Tables `debits`, `verite`, `bassins` et `pluviometres`.
    km : float
        Distance au centre du bassin qui sépare « près » de « loin ».
    needed_mm_h : float
        Intensité qu’il aurait fallu voir, en mm/h.

    Returns
    -------
    DataFrame
        Lignes `près` et `loin` ; `debordements` (couples débordement × pluviomètre en état de mesurer) et
        `part_aveugle` : part où le pluviomètre n’a jamais atteint cette intensité.

    Examples
    --------
    >>> names = ("debits", "verite", "bassins", "pluviometres")
    >>> from formation.risques import load
    >>> table = far_gauge({name: load(name) for name in names})
    >>> bool(table.loc["loin", "part_aveugle"] > table.loc["près", "part_aveugle"])
    True
    """
    truth = source["verite"].merge(source["bassins"][["id_bassin", "seuil_m3_s"]])
    flood = truth[truth["debit_m3_s"] >= truth["seuil_m3_s"]]
    start = flood.groupby(decision.PAIR)["minute"].min()
    rain = source["debits"].pivot_table(index=["id_episode", "minute"], columns="id_bassin", values="pluie_pluvio_mm_h")
    place, gauges = source["bassins"].set_index("id_bassin"), source["pluviometres"].set_index("id_bassin")
    lines = []
    for (episode, basin), minute in start.items():
        seen = rain.loc[episode].loc[max(minute - 120, 0) : minute]
        for owner, gauge in gauges.iterrows():
            distance = np.hypot(gauge["x_km"] - place.at[basin, "x_km"], gauge["y_km"] - place.at[basin, "y_km"])
            if seen[owner].notna().any():
                lines.append({"loin": distance >= km, "aveugle": seen[owner].max() < needed_mm_h})
    table = pd.DataFrame(lines).groupby("loin")["aveugle"].agg(debordements="size", part_aveugle="mean")
    return table.rename(index={False: "près", True: "loin"}).rename_axis(None)


def biased_radar(ready: Mapping[str, Any], rows: pd.DataFrame, horizon: int = 60, factor: float = 0.5) -> Contingency:
    """Le modèle, quand le radar des épisodes de test voit deux fois moins de pluie.

    Parameters
    ----------
    ready : mapping of str to estimator
        Méthodes ajustées, dont `modèle`.
    rows : DataFrame
        Tableau de :func:`formation.risques.features.panel`.
    horizon : int
        Minutes.
    factor : float
        Ce qui reste de la pluie.

    Returns
    -------
    Contingency
        Bilan au pas de 5 minutes, au seuil choisi avant la panne.
    """
    half = rows.assign(**{name: factor * rows[name] for name in features.RAIN})
    level = evaluation.predicted({MODEL: ready[MODEL]}, rows, horizon, "validation").chosen(MODEL)
    test = evaluation.predicted({MODEL: ready[MODEL]}, half, horizon, "test")
    return contingency(test.scores[MODEL] >= level, test.event)


def split_by_row(rows: pd.DataFrame, horizon: int = 60, *, draws: int = 3, seed: int = 447) -> dict[str, float]:
    """CSI si l’on tire les lignes de test au hasard, au lieu d’épisodes entiers.

    Parameters
    ----------
    rows : DataFrame
        Tableau de :func:`formation.risques.features.panel`.
    horizon : int
        Minutes.
    draws : int
        Nombre de tirages, dont on rend la moyenne.
    seed : int
        Graine des tirages.

    Returns
    -------
    dict of str to float
        `par_ligne` et `par_episode` : même modèle, mêmes parts, jugé sur le débit vrai. Les épisodes sont eux aussi
        redistribués au hasard, pour ne comparer que le découpage.
    """
    usable = rows[(rows["jeu"] != "extreme") & rows[f"vrai_{horizon}"].notna()]
    whole = usable.drop_duplicates("id_episode").set_index("id_episode")["jeu"]
    shares = whole.value_counts(normalize=True)
    rng = np.random.default_rng(seed)
    found: dict[str, list[float]] = {"par_ligne": [], "par_episode": []}
    for _ in range(draws):
        drawn = pd.Series(rng.permutation(whole.to_numpy()), index=whole.index)
        by_row = rng.choice(shares.index.to_numpy(), len(usable), p=shares.to_numpy())
        found["par_ligne"].append(_csi(usable.assign(jeu=by_row), horizon))
        found["par_episode"].append(_csi(usable.assign(jeu=usable["id_episode"].map(drawn)), horizon))
    return {name: float(np.mean(values)) for name, values in found.items()}


def shifted_clock(rows: pd.DataFrame, minutes: int, horizon: int = 60) -> float:
    """CSI quand la pluie est datée en heure locale et le débit en heure universelle, partout et tout le temps.

    Parameters
    ----------
    rows : DataFrame
        Tableau de :func:`formation.risques.features.panel`.
    minutes : int
        Décalage : 60 en hiver, 120 en été.
    horizon : int
        Minutes.

    Returns
    -------
    float
        CSI sur le test : la pluie arrive dans le tableau avec `minutes` de retard sur le débit.
    """
    names = [*features.RAIN, *features.GAUGE]
    late = rows.assign(**_late(rows, names, minutes).fillna(0.0))
    return _csi(late, horizon)


def local_flow(rows: pd.DataFrame, minutes: int = 60, horizon: int = 60) -> dict[str, float]:
    """CSI quand le débit est daté en heure locale et la pluie en heure universelle.

    L’hiver, à l’étiquette de midi, le tableau porte la pluie de midi et le débit de onze heures : le modèle croit
    prévoir ce qui est déjà arrivé. Son score peut monter à l’essai ; en service, il tombe.

    Parameters
    ----------
    rows : DataFrame
        Tableau de :func:`formation.risques.features.panel`.
    minutes : int
        Décalage : 60 en hiver, 120 en été.
    horizon : int
        Minutes.

    Returns
    -------
    dict of str to float
        `essai` : jugé dans le tableau mal daté ; `service` : mêmes alertes, jugées sur l’eau qui vient vraiment.
    """
    names = [*features.FLOW, f"debit_{horizon}", f"vrai_{horizon}"]
    wrong = rows.assign(**_late(rows, names, minutes), reel=rows[f"vrai_{horizon}"])
    validation, test = evaluation.forecasts(wrong[wrong["reel"].notna()], horizon, {MODEL: Trees()})
    alert = (test.scores[MODEL] >= validation.chosen(MODEL)).to_numpy()
    real = test.rows["reel"].to_numpy(float) >= features.ALERT_M3_S_KM2
    return {"essai": contingency(alert, test.event).csi, "service": contingency(alert, real).csi}


def threshold_on_test(validation: evaluation.Forecasts, test: evaluation.Forecasts) -> dict[str, float]:
    """CSI du modèle avec le seuil choisi sur la validation, puis lu sur le test.

    Parameters
    ----------
    validation, test : Forecasts
        Prévisions.

    Returns
    -------
    dict of str to float
        `validation` et `test`.
    """
    levels = {"validation": validation.chosen(MODEL), "test": test.chosen(MODEL)}
    return {name: contingency(test.scores[MODEL] >= level, test.event).csi for name, level in levels.items()}


def outdated_map(source: Mapping[str, pd.DataFrame], basin: str = "B5", *, least_mm: float = 5.0) -> float:
    """Bassin bâti après la carte : ce que vaut encore un modèle physique réglé sur l’ancienne carte.

    La pluie est la vraie : la seule erreur est celle de la part imperméable.

    Parameters
    ----------
    source : mapping of str to DataFrame
        Tables `episodes`, `bassins` et `verite`.
    basin : str
        Bassin dont la part imperméable a changé.
    least_mm : float
        Cumul minimal d’un épisode retenu, en mm.

    Returns
    -------
    float
        Médiane, sur les épisodes de test, de la pointe calculée ÷ pointe vraie − 1 ; négative = sous-estimée.

    Examples
    --------
    >>> from formation.risques import load
    >>> outdated_map({name: load(name) for name in ("episodes", "bassins", "verite")}) < -0.2
    True
    """
    row = source["bassins"].set_index("id_bassin").loc[basin]
    truth = source["verite"]
    gaps = []
    for episode in source["episodes"].query("jeu == 'test'").itertuples():
        mine = truth[(truth["id_episode"] == episode.id_episode) & (truth["id_bassin"] == basin)].sort_values("minute")
        rain = mine["pluie_mm_h"].to_numpy(float)
        if rain.sum() * features.STEP_MIN / 60 >= least_mm:
            flow = hydrology.discharge(rain, row, float(episode.pluie_anterieure_mm))
            gaps.append(flow.max() / mine["debit_m3_s"].max() - 1)
    return float(np.median(gaps))


def _late(rows: pd.DataFrame, names: list[str], minutes: int) -> pd.DataFrame:
    """Colonnes retardées, sans passer d’un épisode ou d’un bassin à l’autre."""
    moved: pd.DataFrame = rows.groupby(decision.PAIR)[names].shift(minutes // features.STEP_MIN)
    return moved


def _csi(rows: pd.DataFrame, horizon: int) -> float:
    validation, test = evaluation.forecasts(rows, horizon, {MODEL: Trees()})
    return contingency(test.scores[MODEL] >= validation.chosen(MODEL), test.event).csi
