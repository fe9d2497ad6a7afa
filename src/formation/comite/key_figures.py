"""Chiffres du comité cités dans le livre : tous calculés ici, jamais tapés.

`cases/comite/chiffres.yml` en est le résultat ; un test le recalcule et compare.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from formation import published
from formation.comite import basins, calls, months, newcomer, privacy, streets, strikes, tables, trees
from formation.comite.gain import GAINS, NOTHING, TRAP
from formation.comite.summary import Measures, gains
from formation.comite.tables import Sources

if TYPE_CHECKING:
    from formation.territory import Territory

ROOT_SEED = 447


def measure(sources: Sources | None = None) -> dict[str, float]:
    """Tous les chiffres d’une simulation.

    Parameters
    ----------
    sources : Sources, optional
        Tables ; celles du cours par défaut.

    Returns
    -------
    dict of str to float
        Nom du chiffre et valeur, dans l’unité de :func:`unit`.
    """
    found = Measures(sources)
    values = _calls(found) | _streets(found) | _basins(found) | _strikes(found) | _months(found) | _newcomer(found)
    measured = gains(found)
    for item in measured:
        short = item.code.lower()
        values |= {f"{short}_gain_min": item.low, f"{short}_gain_max": item.high}
    verdicts = [item.verdict for item in measured]
    values |= {
        "nb_jointures": len(measured),
        "nb_gains": verdicts.count(GAINS),
        "nb_sans_gain": verdicts.count(NOTHING),
        "nb_pieges": verdicts.count(TRAP),
    }
    return {name: float(value) for name, value in (values | _tables(found.sources)).items()}


def unit(name: str) -> str:
    """Unité d’un chiffre.

    Parameters
    ----------
    name : str
        Nom du chiffre.

    Returns
    -------
    str
        Unité affichée, vide pour un nombre sans unité.

    Examples
    --------
    >>> unit("j1_avec"), unit("j5_avec"), unit("j2_gain_min")
    ('%', '', '')
    """
    if _is_count(name) or name.startswith(("j3bis_", "j5_")) or "_auc_" in name or "_nse_" in name:
        return ""
    # « 1,2 point », « 2,2 points » : l’accord se fait dans le texte.
    if name.endswith(("_gain_min", "_gain_max")) or name == "j3_ecart_carte":
        return ""
    return "" if "_pm" in name or "visites_par_casse" in name else "%"


def digits(name: str) -> int:
    """Décimales affichées d’un chiffre.

    Parameters
    ----------
    name : str
        Nom du chiffre.

    Returns
    -------
    int
        Nombre de chiffres après la virgule.

    Examples
    --------
    >>> digits("j2_avec"), digits("j1_avec"), digits("j5_avec"), digits("j3bis_avec")
    (0, 1, 2, 3)
    """
    if _is_count(name) or name.startswith("zeros_"):
        return 0
    if name.startswith("j3bis_") or "_pm" in name or "_auc_" in name:
        return 3
    if name.startswith("j5_"):
        return 1 if name == "j5_casses_mois" else 3 if "_gain_" in name else 2
    if "_nse_" in name:
        return 2
    fine = name.startswith(("j1_", "j4_", "j4bis_", "j6_", "j2_cellules")) or name == "j3_ecart_carte"
    return int(fine)


def _is_count(name: str) -> bool:
    counts = (
        "nb_",
        "signalements_",
        "j1_jours",
        "j1_nb",
        "j2_rues",
        "j2_regle_rues",
        "j2_casses",
        "j2_seuil",
        "j3_nb",
        "j3_episodes",
    )
    return name.startswith((*counts, "j4_jours", "j5_mois")) or name == "zeros_communes"


def _calls(found: Measures) -> dict[str, float]:
    table = calls.errors(found.calls).set_index(["methode", "donnees"])
    values: dict[str, float] = {
        "j1_jours_test": len(found.calls),
        "j1_nb_atypiques": int(found.calls["atypique"].sum()),
        "j1_naif": table.loc[(calls.NAIVE, "sans"), "erreur"],
        "j1_atypiques_naif": table.loc[(calls.NAIVE, "sans"), "erreur_atypiques"],
    }
    names = {
        "sans": "sans",
        "calendrier": "+ calendrier",
        "meteo": "+ calendrier et météo",
        "preavis": "+ calendrier et préavis",
        "casses": "+ calendrier et casses",
        "avec": "tout",
    }
    for prefix, kind in (("j1", calls.LINEAR), ("j1_arbres", calls.TREES)):
        for short, name in names.items():
            values[f"{prefix}_{short}"] = table.loc[(kind, name), "erreur"]
            values[f"{prefix}_atypiques_{short}"] = table.loc[(kind, name), "erreur_atypiques"]
    return values


def _streets(found: Measures) -> dict[str, float]:
    broken, risks = found.streets
    values: dict[str, float] = {
        "j2_part_ecoutee": 100 * streets.SHARE,
        "j2_rues": len(broken),
        "j2_rues_semaine": streets.visits(len(broken)),
        "j2_casses_test": broken.sum(),
    }
    table = streets.summary(broken, risks).set_index("essai")
    shorts = {"j2_sans": streets.WITHOUT, "j2_avec": streets.BEFORE, "j2bis_avec": streets.SAME_WEEK}
    for short, name in shorts.items():
        prefix, _, end = short.partition("_")
        values[short] = 100 * table.loc[name, "part_captee"]
        values[f"{prefix}_pm_{end}"] = table.loc[name, "precision_moyenne"]
        values[f"{prefix}_visites_par_casse_{end}"] = table.loc[name, "visites_par_casse"]
    with_trees = streets.summary(*found.streets_trees).set_index("essai")["part_captee"]
    values |= {"j2_arbres_sans": 100 * with_trees[streets.WITHOUT], "j2_arbres_avec": 100 * with_trees[streets.BEFORE]}
    panel = found.street_weeks
    plain = streets.rule(panel)
    as_few = streets.captured(risks[streets.BEFORE], broken, plain["rues_semaine"] / len(broken))
    values |= {
        "j2_historique": 100 * plain["historique"],
        "j2_avec_peu": 100 * float(as_few.sum() / broken.sum()),
        "j2_regle": 100 * plain["part_captee"],
        "j2_regle_rues": plain["rues_semaine"],
        "j2_appels_suivis": 100 * plain["suivis"],
    }
    counts = privacy.small_counts(found.sources.table("comite", "signalements"))
    price = privacy.price(panel).set_index("transmis")["part_captee"]
    return values | {
        "j2_seuil": streets.THRESHOLD,
        "j2_cellules_petites": 100 * counts["petits"],
        "j2_cellules_un": 100 * counts["seuls"],
        "j2_avec_seuil": 100 * price[privacy.MASKED],
        "j2_rue_mois": 100 * price[privacy.STREET_MONTH],
        "j2_commune": 100 * price[privacy.TOWN],
        "j2_commune_seuil": 100 * price[privacy.TOWN_MASKED],
    }


def _basins(found: Measures) -> dict[str, float]:
    true, computed = found.basins
    table = basins.summary(true, computed).set_index("part_impermeable")
    values: dict[str, float] = {"j3_nb_bassins": true.shape[0], "j3_episodes": true.shape[1]}
    shorts = {"sans": basins.MEAN, "publiee": basins.PUBLISHED, "avec": basins.MAPPED}
    for short, name in shorts.items():
        values[f"j3_nse_{short}"] = table.loc[name, "nse"]
        values[f"j3_pointe_{short}"] = table.loc[name, "erreur_pointe"]
        values[f"j3_crue_{short}"] = table.loc[name, "erreur_pointe_crue"]
    values["j3_ecart_carte"] = basins.map_error(found.sources)
    left = trees.errors(found.trees).set_index(["methode", "donnees"])["rmse"]
    for prefix, kind in (("j3bis", trees.TREES), ("j3bis_lineaire", trees.LINEAR)):
        values |= {f"{prefix}_sans": left[kind, trees.WITHOUT], f"{prefix}_avec": left[kind, trees.JOINED]}
    return values


def _strikes(found: Measures) -> dict[str, float]:
    predicted, strong = found.strikes, found.strikes[strikes.RATE] >= strikes.STRONG
    table = strikes.errors(predicted).set_index(["methode", "donnees"])
    every = found.sources.territory.greves
    best = table.loc[strikes.TREES]
    return {
        "j4_jours_greve": predicted.loc[predicted["jour_greve"], "date"].nunique(),
        "j4_jours_forts": predicted.loc[strong, "date"].nunique(),
        "j4_agents": table.loc[(strikes.AGENTS, strikes.WITHOUT), "greve"],
        "j4_sans": best.loc[strikes.WITHOUT, "greve"],
        "j4_preavis_15": best.loc[strikes.NOTICE, "greve"],
        "j4_avec": best.loc[strikes.LATE_NOTICE, "greve"],
        "j4bis_avec": best.loc[strikes.KNOWN_RATE, "greve"],
        "j4_fortes_sans": best.loc[strikes.WITHOUT, "greve_forte"],
        "j4_fortes_avec": best.loc[strikes.LATE_NOTICE, "greve_forte"],
        "j4bis_fortes": best.loc[strikes.KNOWN_RATE, "greve_forte"],
        "j4_ordinaires_sans": best.loc[strikes.WITHOUT, "ordinaires"],
        "j4_ordinaires_avec": best.loc[strikes.LATE_NOTICE, "ordinaires"],
        "j4_lineaire_sans": table.loc[(strikes.LINEAR, strikes.WITHOUT), "greve"],
        "j4_lineaire_avec": table.loc[(strikes.LINEAR, strikes.LATE_NOTICE), "greve"],
        "j4_preavis_sans_effet": 100 * float((every["taux_greve_constate"] < strikes.STRONG).mean()),
    }


def _months(found: Measures) -> dict[str, float]:
    table = months.errors(found.months).set_index(["methode", "donnees"])["erreur"]
    return {
        "j5_mois_test": len(found.months),
        "j5_casses_mois": found.months["casses"].mean(),
        "j5_naif": table[months.NAIVE, months.WITHOUT],
        "j5_sans": table[months.LINEAR, months.WITHOUT],
        "j5_avec": table[months.LINEAR, months.JOINED],
        "j5_arbres_sans": table[months.TREES, months.WITHOUT],
        "j5_arbres_avec": table[months.TREES, months.JOINED],
        "j5_bruit": months.chance_error(found.months["casses"].mean()),
    }


def _newcomer(found: Measures) -> dict[str, float]:
    table = newcomer.summary(found.newcomer).set_index(["methode", "donnees"])
    shorts = {
        "sans": newcomer.WITHOUT,
        "avec": newcomer.JOINED,
        "historique_sans": newcomer.PAST_WITHOUT,
        "historique_avec": newcomer.PAST_JOINED,
    }
    values = {
        f"j6_{short}": 100 * table.loc[(newcomer.TREES, name), "part_fuites_20"] for short, name in shorts.items()
    }
    values |= {f"j6_auc_{short}": table.loc[(newcomer.TREES, name), "auc"] for short, name in shorts.items()}
    linear = table.loc[newcomer.LINEAR, "part_fuites_20"]
    return values | {
        "j6_lineaire_sans": 100 * linear[newcomer.WITHOUT],
        "j6_lineaire_avec": 100 * linear[newcomer.JOINED],
    }


def _tables(sources: Sources) -> dict[str, float]:
    """Ce que pèsent les signalements, et ce que coûte une clé qui a perdu ses zéros."""
    reports = sources.table("comite", "signalements")
    codes = sources.territory.communes["code_commune"]
    pipes = sources.table("eau", "troncons")
    opened = pd.to_numeric(pipes["code_commune"]).astype(str)
    return {
        "signalements_lignes": len(reports),
        "signalements_appels": reports["nb_signalements"].sum(),
        "signalements_semaines": reports["semaine"].nunique(),
        "zeros_communes": len(codes),
        "zeros_part_perdue": 100 * float((~opened.isin(codes)).mean()),
    }


def _one_seed(territory: Territory, seed: int) -> dict[str, float]:
    # La graine livrée : ses tables sont au bit près celles de la simulation, et se lisent plus vite.
    return measure(Sources(None if seed == ROOT_SEED else seed, territory))


write = published.writer(tables.CASE, _one_seed, unit=unit, digits=digits)
"""Écrit `chiffres.yml` : la valeur des données livrées, l’étendue sur les graines."""
