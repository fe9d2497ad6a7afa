"""Ses propres parkings devant le seuil : assujetti, sans doute, ou pas, et lesquels mesurer d’abord sur place."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from formation.mobilites import decision, own_inventory
from formation.mobilites.counting import RULE_M2
from formation.mobilites.own_data import EssaiImpossible
from formation.mobilites.own_inventory import DECLARED_PLACES
from formation.mobilites.tables import THRESHOLD_M2
from formation.numbers import number, percent, plural
from formation.reports.own_result import OwnResult

if TYPE_CHECKING:
    from numpy.typing import NDArray

SURE, LIKELY = 0.975, 0.5
"""Probabilité à partir de laquelle on est presque sûr ; à partir de laquelle c’est plus probable que non."""
VERDICTS = ("assujetti, presque sûr", "assujetti, sans doute", "non assujetti, sans doute",
            "non assujetti, presque sûr")  # fmt: skip
CUT = "photo voisine à regarder"
"""Verdict d’un parking coupé par le bord de la photo, qui n’est pas déjà au-dessus du seuil."""
ERROR_PCT, PLACES_ERROR_PCT = 8.0, 25.0
"""Écart type supposé d’une surface sans erreur dite, et d’une surface déduite des places, en pour cent (H)."""
SECOND_M2 = 10_000.0
"""Seuil de la première échéance, en m²."""


def own_parks(
    file: str | Path,
    *,
    threshold: float = THRESHOLD_M2,
    error_pct: float | None = None,
    costs: Mapping[str, float] | None = None,
) -> OwnResult:
    """Range des parkings selon la probabilité qu’ils dépassent le seuil, et dit lesquels mesurer d’abord.

    Parameters
    ----------
    file : str or Path
        Une ligne par parking : `surface_m2` (ou `nb_places`), et si possible `id_parking`, `erreur_pct`, `coupe`,
        `usage`. CSV, XLSX ou ODS.
    threshold : float
        Seuil de surface, en m².
    error_pct : float, optional
        Écart type de la surface quand le fichier ne le dit pas, en pour cent.
    costs : mapping of str to float, optional
        Prix d’une visite (`controle`), d’une obligation oubliée (`oubli`) ou annoncée à tort (`a_tort`), dans la même
        unité ; à défaut, les hypothèses de :data:`formation.mobilites.decision.COSTS`.

    Returns
    -------
    OwnResult
        `table` : une ligne par parking, dans l’ordre des visites ; `other` : une ligne par verdict. Rien n’est écrit.

    Raises
    ------
    EssaiImpossible
        Si un réglage n’a pas de sens.
    formation.errors.DonneesInvalides
        Si le fichier n’est pas utilisable ; tous les problèmes sont donnés.
    """
    price = {**decision.COSTS, **(costs or {})}
    _check(threshold, error_pct, price)
    read = own_inventory.read(file)
    frame, remarks = read.frame, list(read.remarks)
    frame, more = _complete(frame, ERROR_PCT if error_pct is None else error_pct, told=error_pct is not None)
    frame = _judge(frame, threshold, price)
    counts = frame["verdict"].value_counts()
    other = pd.DataFrame(
        [
            {"verdict": name, "parkings": int(counts.get(name, 0)),
             "a_visiter": int((frame["a_visiter"] & frame["verdict"].eq(name)).sum())}
            for name in (*VERDICTS, CUT)
            if name != CUT or counts.get(name, 0)
        ]
    )  # fmt: skip
    facts = {
        "parkings": len(frame), "seuil_m2": threshold, **{f"cout_{name}": value for name, value in price.items()},
        "couts_supposes": not costs, "a_visiter": int(frame["a_visiter"].sum()),
        "mal_juges_attendus": float(frame["risque"].sum()),
        "mal_juges_apres_visites": float(frame.loc[~frame["a_visiter"], "risque"].sum()),
    }  # fmt: skip
    words = _conclude(frame, facts, counts)
    return OwnResult("parkings", frame, "\n".join(words), [*remarks, *more, *_cautions(frame)], facts, other)


def _check(threshold: float, error_pct: float | None, price: Mapping[str, float]) -> None:
    problems = []
    if not 100 <= threshold <= 1_000_000:
        problems.append(f"--seuil {threshold:g} : le seuil se donne en m², par exemple --seuil 1500")
    if error_pct is not None and not 0 < error_pct <= 60:
        problems.append(
            f"--erreur {error_pct:g} : l’écart type se donne en pour cent de la surface, plus grand que 0 et d’au plus "
            "60, par exemple --erreur 5"
        )
    if not all(np.isfinite(value) and value > 0 for value in price.values()):
        problems.append("un coût est un nombre plus grand que 0, dans la même unité que les deux autres")
    elif price["controle"] >= max(price["oubli"], price["a_tort"]):
        problems.append(
            "une visite coûte autant que les fautes qu’elle évite : il n’y a rien à optimiser. Donnez les trois coûts "
            "dans la même unité, par exemple --cout-controle 150 --cout-oubli 3000 --cout-a-tort 1500"
        )
    if problems:
        text = " ; ".join(problems)
        raise EssaiImpossible(f"{text[0].upper()}{text[1:]}. Rien n’a été écrit.")


def _complete(frame: pd.DataFrame, error_pct: float, *, told: bool) -> tuple[pd.DataFrame, list[str]]:
    """Surface et erreur de chaque parking, celles qui manquent étant supposées et dites."""
    remarks = []
    from_places = frame["surface_m2"].isna()
    if from_places.any():
        frame.loc[from_places, "surface_m2"] = frame.loc[from_places, "nb_places"] * RULE_M2
        remarks.append(
            f"{plural(int(from_places.sum()), 'surface absente, déduite', 'surfaces absentes, déduites')} des places à "
            f"{number(RULE_M2)} m² l’une, voies comprises, à {number(PLACES_ERROR_PCT)} % près : hypothèse grossière."
        )
    unsaid = frame["erreur_pct"].isna()
    frame.loc[unsaid & from_places, "erreur_pct"] = PLACES_ERROR_PCT
    unsaid &= ~from_places
    if unsaid.any():
        frame.loc[unsaid, "erreur_pct"] = error_pct
        how = "comme demandé" if told else "par hypothèse : mesurez-la avec « formation mobilites essayer »"
        remarks.append(
            f"Erreur non dite pour {plural(int(unsaid.sum()), 'parking')}, prise égale à {number(error_pct, 1)} % "
            f"(écart type), {how}."
        )
    bare = frame["nb_places"].notna() & ~from_places
    bare &= (frame["surface_m2"] / frame["nb_places"]).between(*DECLARED_PLACES)
    if bare.any():
        names = ", ".join(frame.loc[bare, "id_parking"].head(3))
        remarks.append(
            f"{plural(int(bare.sum()), 'surface vaut', 'surfaces valent')} 10 à 14 m² par place ({names}) : les voies "
            "y manquent sans doute, or elles comptent. La vraie surface serait à peu près le double."
        )
    return frame, remarks


def _judge(frame: pd.DataFrame, threshold: float, price: dict[str, float]) -> pd.DataFrame:
    chance = _chances(frame, threshold)
    cut = frame["coupe"].eq(1).to_numpy() & (chance < SURE)
    names = np.select([chance >= SURE, chance >= LIKELY, chance > 1 - SURE], VERDICTS[:3], VERDICTS[3])
    said = chance >= LIKELY
    # Sans visite, on prend le parti le moins coûteux ; la visite vaut ce qu’elle évite, moins son prix.
    blind = np.minimum(chance * price["oubli"], (1 - chance) * price["a_tort"])
    gain = blind - price["controle"]
    visit = pd.Series(decision.cheapest(chance, price), index=frame.index) == decision.DOUBT
    found = frame.assign(
        probabilite=chance.round(4), verdict=np.where(cut, CUT, names), risque=np.where(said, 1 - chance, chance),
        sens=np.where(said, "annoncé à tort", "oublié"), gain_visite=gain.round(2), a_visiter=visit | cut,
    )  # fmt: skip
    found["palier"] = np.where(found["surface_m2"] > max(SECOND_M2, threshold), "grand", "")
    # Un parking coupé se règle d’un regard sur la photo voisine : il passe d’abord.
    order = found.assign(cut=cut).sort_values(["a_visiter", "cut", "gain_visite"], ascending=False, kind="stable")
    return order.drop(columns=["cut", "ligne"]).reset_index(drop=True)


def _chances(frame: pd.DataFrame, threshold: float) -> NDArray[np.float64]:
    """Probabilité de dépasser le seuil, chaque parking avec sa propre erreur."""
    found = np.empty(len(frame))
    for error, rows in frame.groupby("erreur_pct").indices.items():
        area = frame["surface_m2"].to_numpy(float)[rows]
        found[rows] = decision.probability(area, float(str(error)) / 100, threshold=threshold)
    return found


def _conclude(frame: pd.DataFrame, facts: Mapping[str, Any], counts: pd.Series) -> list[str]:
    sure = int(counts.get(VERDICTS[0], 0)), int(counts.get(VERDICTS[3], 0))
    between = facts["parkings"] - sum(sure)
    wrong = facts["mal_juges_attendus"]
    words = [
        f"Sur {plural(facts['parkings'], 'parking')}, {number(between)} ne se "
        f"{'tranche' if between < 2 else 'tranchent'} pas avec ces mesures. {number(sure[0])} "
        f"{'dépasse' if sure[0] < 2 else 'dépassent'} presque sûrement {number(facts['seuil_m2'])} m², "
        f"{number(sure[1])} presque sûrement pas.",
        f"Trancher tous les autres d’après la seule mesure en jugerait mal {number(wrong, 1)} en moyenne, "
        f"{_directions(frame)}.",
    ]
    if facts["a_visiter"]:
        first = frame.loc[frame["a_visiter"], "id_parking"].head(5).tolist()
        left = facts["mal_juges_apres_visites"]
        words.append(
            f"Mesurez d’abord sur place ou sur plan : {', '.join(first)}"
            f"{' …' if facts['a_visiter'] > len(first) else ''} ({plural(facts['a_visiter'], 'visite')} en tout). Il "
            f"resterait {number(left, 1)} {'parking mal jugé' if left < 2 else 'parkings mal jugés'} en moyenne."
        )
    else:
        words.append("À ces coûts, aucune visite ne vaut son prix : vérifiez-les avant de vous y fier.")
    return words


def _directions(frame: pd.DataFrame) -> str:
    parts = frame.groupby("sens")["risque"].sum()
    missed, invented = (float(parts.get(name, 0.0)) for name in ("oublié", "annoncé à tort"))
    return (
        f"dont {number(missed, 1)} {'oublié' if missed < 2 else 'oubliés'} et "
        f"{number(invented, 1)} {'annoncé' if invented < 2 else 'annoncés'} à tort"
    )


def _cautions(frame: pd.DataFrame) -> list[str]:
    remarks = [
        "La probabilité suppose une erreur en cloche, sans biais, indépendante d’un parking à l’autre. Une photo dont "
        "les couleurs ont changé les fausse tous dans le même sens.",
    ]
    special = frame["usage"].fillna("").astype(str).map(own_inventory.is_special)
    if special.any():
        names = ", ".join(frame.loc[special, "id_parking"].head(3))
        remarks.append(
            f"{plural(int(special.sum()), 'parking')} de stockage ou de poids lourds ({names}) : la surface ne suffit "
            "pas, une exclusion ou une exonération peut s’appliquer. Faites relire par un juriste."
        )
    big = frame["surface_m2"] > SECOND_M2
    near = (frame["surface_m2"] / SECOND_M2 - 1).abs() <= 2 * frame["erreur_pct"] / 100
    if big.any() or near.any():
        remarks.append(
            f"{plural(int(big.sum()), 'parking')} au-dessus de {number(SECOND_M2)} m², {number(int(near.sum()))} trop "
            "près de ce second seuil pour le dire : l’échéance n’y est pas la même."
        )
    remarks.append(
        "Ce tableau ne dit pas le droit : propriétaire, date de construction, arbres, coût et contraintes techniques "
        f"comptent autant que la surface (risque moyen ici : {percent(float(frame['risque'].mean()))})."
    )
    return remarks
