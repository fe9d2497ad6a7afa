"""L’exploitation : campagnes d’écoute, dates et débits des défaillances, bilan annuel."""

from __future__ import annotations

import numpy as np
import pandas as pd

from formation.eau.generator.failures import History
from formation.eau.generator.network import FloatArray, Network
from formation.eau.generator.parameters import FIRST_YEAR, LAST_YEAR, Parameters

_CAMPAIGN_DAYS = 12


def campaigns(net: Network, rng: np.random.Generator, p: Parameters) -> pd.DataFrame:
    """Tire les secteurs écoutés chaque année et la fenêtre de chaque campagne (jours de l’année).

    Parameters
    ----------
    net : Network
        État du réseau.
    rng : Generator
        Flux aléatoire.
    p : Parameters
        Hypothèses.

    Returns
    -------
    DataFrame
        Colonnes `annee`, `secteur`, `jour`, `longueur_ecoutee_m`.
    """
    rows = []
    length = np.bincount(net.sector, weights=net.length_km, minlength=p.n_sectors)
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        chosen = np.sort(rng.choice(p.n_sectors, p.sectors_listened_per_year, replace=False))
        first_day = rng.permutation(np.linspace(20, 330, len(chosen)).astype(int))
        rows += [
            {"annee": year, "secteur": int(s), "jour": int(d), "longueur_ecoutee_m": float(np.round(1000 * length[s]))}
            for s, d in zip(chosen, first_day, strict=True)
        ]
    return pd.DataFrame(rows)


def failures(history: History, plan: pd.DataFrame, rng: np.random.Generator, p: Parameters) -> pd.DataFrame:
    """Date, mode de détection et débit de chaque défaillance, conduites remplacées comprises.

    Parameters
    ----------
    history : History
        Défaillances par tronçon et par année.
    plan : DataFrame
        Campagnes de :func:`campaigns`.
    rng : Generator
        Flux aléatoire de l’exploitation.
    p : Parameters
        Hypothèses.

    Returns
    -------
    DataFrame
        Une ligne par défaillance, triée par date de signalement.
    """
    count = len(history.year)
    events = pd.DataFrame({"pipe_id": history.pipe_id, "secteur": history.sector, "annee": history.year})
    events = events.merge(plan[["annee", "secteur", "jour"]], how="left", on=["annee", "secteur"])
    searched = events["jour"].notna().to_numpy() & (rng.random(count) < p.listening_success)
    by_user = rng.choice(np.arange(1, 366), count, p=_season())
    in_campaign = events["jour"].fillna(1).to_numpy(int) + rng.integers(0, _CAMPAIGN_DAYS, count)
    day = np.where(searched, in_campaign, by_user)
    delay = np.where(searched, rng.integers(3, 22, count), rng.integers(0, 9, count))
    start = pd.to_datetime(events["annee"].astype(str) + "-01-01")
    events["date_signalement"] = start + pd.to_timedelta(day - 1, unit="D")
    events["date_reparation"] = events["date_signalement"] + pd.to_timedelta(delay, unit="D")
    events["mode_detection"] = np.where(searched, "recherche", "usager")
    events["debit_m3_j"] = np.round(rng.lognormal(np.log(p.median_leak_m3_day), p.leak_sigma, count), 2)
    return events.sort_values(["date_signalement", "pipe_id"], kind="stable").reset_index(drop=True)


def campaign_table(plan: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """Table publiée `campagnes_ecoute` : fenêtre, linéaire écouté, fuites trouvées à l’époque.

    Parameters
    ----------
    plan : DataFrame
        Campagnes de :func:`campaigns`.
    events : DataFrame
        Défaillances de :func:`failures`.

    Returns
    -------
    DataFrame
        Une ligne par secteur écouté, triée par date.
    """
    found = events[events["mode_detection"] == "recherche"].groupby(["annee", "secteur"]).size()
    keys = pd.MultiIndex.from_frame(plan[["annee", "secteur"]])
    start = pd.to_datetime(plan["annee"].astype(str) + "-01-01") + pd.to_timedelta(plan["jour"] - 1, unit="D")
    table = pd.DataFrame(
        {
            "date_debut": start,
            "date_fin": start + pd.to_timedelta(_CAMPAIGN_DAYS - 1, unit="D"),
            "id_secteur": sector_codes(plan["secteur"].to_numpy()),
            "longueur_ecoutee_m": plan["longueur_ecoutee_m"],
            "nb_fuites_trouvees": found.reindex(keys, fill_value=0).to_numpy(),
        }
    ).sort_values(["date_debut", "id_secteur"], ignore_index=True)
    table.insert(0, "id_campagne", [f"C{rank:04d}" for rank in range(1, len(table) + 1)])
    return table


def balance(
    net: Network,
    customers: int,
    events: pd.DataFrame,
    history: History,
    drought: pd.Series,
    rng: np.random.Generator,
    p: Parameters,
) -> pd.DataFrame:
    """Table publiée `bilan_annuel` : volumes, abonnés, linéaire, renouvellement, réparations.

    Parameters
    ----------
    net : Network
        État du réseau.
    customers : int
        Abonnés de l’agglomération.
    events : DataFrame
        Défaillances de :func:`failures`.
    history : History
        Défaillances et renouvellement par année.
    drought : Series
        Sécheresse de l’été, par année.
    rng : Generator
        Flux aléatoire.
    p : Parameters
        Hypothèses.

    Returns
    -------
    DataFrame
        Une ligne par année.
    """
    years = np.arange(FIRST_YEAR, LAST_YEAR + 1)
    dry = drought.reindex(years).fillna(drought.mean() if len(drought) else 0.4).to_numpy()
    use = customers * p.use_per_customer_m3_year * (1 + 0.20 * (dry - dry.mean())) * rng.normal(1, 0.012, len(years))
    leaks = events.groupby("annee")["debit_m3_j"].sum().reindex(years, fill_value=0).to_numpy() * p.hidden_days
    losses = _losses(use, leaks, p)
    return pd.DataFrame(
        {
            "annee": years,
            "volume_distribue_m3": np.round(use + losses).astype(np.int64),
            "volume_consomme_m3": np.round(use).astype(np.int64),
            "nb_abonnes": customers,
            "lineaire_km": np.round(net.length_km.sum(), 1),
            "lineaire_renouvele_km": np.round(np.array([history.renewed_km[int(year)] for year in years]), 2),
            "nb_defaillances_reparees": events.groupby("annee").size().reindex(years, fill_value=0).to_numpy(),
        }
    )


def sector_codes(sector: np.ndarray) -> list[str]:
    """Codes publiés des secteurs : `S01` à `S20`.

    Parameters
    ----------
    sector : ndarray d’entiers
        Numéros de secteur, à partir de 0.

    Returns
    -------
    list of str
        Codes, dans le même ordre.
    """
    return [f"S{rank + 1:02d}" for rank in sector]


def _losses(use: FloatArray, leaks: FloatArray, p: Parameters) -> FloatArray:
    """Pertes annuelles : fuites lissées sur deux ans (elles durent) et pertes diffuses, au rendement visé."""
    lasting = (leaks + np.concatenate([[leaks.mean()], leaks[:-1]])) / 2
    lasting = leaks.mean() + 0.5 * (lasting - leaks.mean())
    target = use.mean() * (1 / p.mean_efficiency - 1)
    return np.asarray(target + lasting - lasting.mean())


def _season() -> FloatArray:
    """Poids des jours : un peu plus de casses l’hiver (froid) et à la fin de l’été (sol sec)."""
    day = np.arange(1, 366)
    weight = 1 + 0.18 * np.cos(2 * np.pi * (day - 20) / 365) + 0.12 * np.cos(4 * np.pi * (day - 30) / 365)
    return np.asarray(weight / weight.sum())
