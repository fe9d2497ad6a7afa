"""Ce qu’un journal d’alertes prouve : part vraie et son intervalle, charge de l’opérateur, extrapolation prudente."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from formation import metrics
from formation.numbers import number, percent, plural
from formation.securite.decision import cases_needed

LEVEL = 0.95
"""Niveau des intervalles."""
RARER = (1, 10, 100)
"""Combien de fois plus rare serait le danger, ailleurs."""
FEW = 30
"""Alertes vérifiées au-dessous desquelles on ne conclut pas."""
WANTED = 0.10
"""Demi-largeur d’intervalle à partir de laquelle une part d’alertes vraies sert à décider."""
MANY_UNCHECKED = 0.2
MANY_OPERATORS = 4
"""Opérateurs nuit et jour au-delà desquels le nombre d’heures déclaré surprend."""
EVENINGS = 8
"""Soirées à partir desquelles l’intervalle se calcule aussi en retirant des soirées au sort."""
CLOSE_S = 300
"""Deux alertes d’une même caméra à moins de cinq minutes racontent sans doute le même instant."""
_DRAWS = 1000


def elsewhere(
    share: float, bounds: tuple[float, float], per_hour: float, rarer: Sequence[float] = RARER
) -> pd.DataFrame:
    """Ce que deviendrait la part d’alertes vraies là où le danger est plus rare.

    Même outil, même réglage : les fausses alertes par heure ne changent pas, les vraies se raréfient avec le danger.

    Parameters
    ----------
    share : float
        Part d’alertes vraies mesurée.
    bounds : tuple of float
        Son intervalle.
    per_hour : float
        Alertes par heure de veille ; `nan` si les heures sont inconnues.
    rarer : sequence of float
        Combien de fois plus rare.

    Returns
    -------
    DataFrame
        Colonnes `rarete`, `precision`, `bas`, `haut`, `alertes_par_heure`, `vraies_par_heure`, `fausses_par_vraie`.

    Examples
    --------
    >>> elsewhere(0.7, (0.6, 0.8), 30.0, [1, 100])["precision"].round(3).tolist()
    [0.7, 0.023]
    """
    lines = []
    for times in rarer:
        low, mean, high = (_diluted(value, times) for value in (bounds[0], share, bounds[1]))
        true_, false = per_hour * share / times, per_hour * (1 - share)
        lines.append(
            {
                "rarete": float(times), "precision": mean, "bas": low, "haut": high,
                "alertes_par_heure": true_ + false, "vraies_par_heure": true_,
                "fausses_par_vraie": (1 - mean) / mean if mean > 0 else float("nan"),
            }
        )  # fmt: skip
    return pd.DataFrame(lines)


class Found:
    """Comptes d’un journal et mesures qui s’en déduisent.

    Attributes
    ----------
    alarms, checked, true : int
        Alertes, alertes vérifiées, alertes vraies.
    share : float
        Part vraie parmi les vérifiées ; `nan` si aucune ne l’est.
    bounds : tuple of float
        Son intervalle ; élargi quand les alertes d’une même soirée se ressemblent.
    hours : float or None
        Heures de veille.
    missed : int or None
        Dangers connus que l’outil n’a pas signalés.
    needed : int
        Alertes vérifiées qu’il faut pour connaître la part à dix points près.
    """

    def __init__(
        self, frame: pd.DataFrame, evening: np.ndarray, hours: float | None, missed: int | None, seed: int
    ) -> None:
        verdict = frame["confirmee"].to_numpy(float, na_value=np.nan)
        known = np.isfinite(verdict)
        self.alarms, self.checked, self.true = len(frame), int(known.sum()), int(np.nansum(verdict))
        self.hours, self.missed = hours, missed
        self.share = self.true / self.checked if self.checked else float("nan")
        plain = metrics.share_interval(self.true, self.checked, level=LEVEL)
        self.bounds, self.by_evening = plain, False
        if self.checked and len(set(evening[known])) >= EVENINGS:
            drawn = _by_evening(verdict[known], evening[known], seed)
            self.by_evening = drawn[1] - drawn[0] > plain[1] - plain[0]
            if self.by_evening:
                self.bounds = (min(plain[0], drawn[0]), max(plain[1], drawn[1]))
        spread = (self.bounds[1] - self.bounds[0]) / (plain[1] - plain[0])
        guess = (self.true + 1) / (self.checked + 2)
        self.needed = int(np.ceil(spread**2 * cases_needed(guess, WANTED)))

    def per_hour(self, count: float) -> float:
        """Compte rapporté à une heure de veille.

        Parameters
        ----------
        count : float
            Compte.

        Returns
        -------
        float
            Par heure ; `nan` si les heures sont inconnues.
        """
        return count / self.hours if self.hours else float("nan")

    @property
    def false(self) -> float:
        """Fausses alertes, les non vérifiées réparties comme les vérifiées."""
        return self.alarms * (1 - self.share)

    @property
    def ceiling(self) -> float:
        """Part des dangers connus que l’outil a signalés : le rappel ne peut pas être plus haut."""
        if not self.missed and not self.true:
            return float("nan")
        return self.true / (self.true + (self.missed or 0))

    def table(self) -> pd.DataFrame:
        """Indicateurs et leurs intervalles.

        Returns
        -------
        DataFrame
            Colonnes `indicateur`, `libelle`, `valeur`, `bas`, `haut`.
        """
        rows: list[tuple[str, str, float, float, float]] = [
            ("precision", "alertes vraies, parmi les vérifiées", self.share, *self.bounds)
        ]
        if self.hours:
            nan = float("nan")
            wrong = metrics.rate_interval(round(self.false), self.hours, level=LEVEL) if self.checked else (nan, nan)
            every = metrics.rate_interval(self.alarms, self.hours, level=LEVEL)
            rows += [
                ("alertes_par_heure", "alertes par heure de veille", self.per_hour(self.alarms), *every),
                ("fausses_par_heure", "fausses alertes par heure de veille", self.per_hour(self.false), *wrong),
            ]
        if self.missed is not None:
            seen = metrics.share_interval(self.true, self.true + self.missed, level=LEVEL)
            rows.append(("rappel_au_plus", "dangers connus que l’outil a signalés", self.ceiling, *seen))
        return pd.DataFrame(rows, columns=["indicateur", "libelle", "valeur", "bas", "haut"])


def conclude(found: Found, other: pd.DataFrame) -> list[str]:
    """Écrit la conclusion, la réponse d’abord.

    Parameters
    ----------
    found : Found
        Comptes du journal.
    other : DataFrame
        Tableau de :func:`elsewhere`.

    Returns
    -------
    list of str
        Paragraphes.
    """
    if not found.checked:
        return [
            f"Rien à conclure : aucune des {plural(found.alarms, 'alerte')} n’a été vérifiée. Remplissez la colonne "
            "« confirmee » (1 ou 0) en relisant les images, y compris celles des alertes que l’opérateur a coupées."
        ]
    low, high = (number(100 * bound) for bound in found.bounds)
    counted = f"{number(found.true)} sur {plural(found.checked, 'alerte vérifiée', 'alertes vérifiées')}"
    answer = (
        f"{_true_share(found.share)} ({counted}) ; la vraie part est entre {low} et {high} sur 100, 19 fois sur 20."
    )
    if found.checked < FEW:
        early = f"Trop tôt pour conclure ({counted}, il en faut au moins {FEW})."
        answer = f"{early} Pour l’instant : {answer[0].lower()}{answer[1:]}"
    sentences = [answer, *_load(found), *_unchecked(found)]
    rows = other[other["rarete"] > 1]
    if len(rows) and found.true:
        listed = " ; ".join(
            f"{number(row['rarete'])} fois plus rare, {_of_hundred(row['precision'])}" for _, row in rows.iterrows()
        )
        sentences.append(
            f"Ailleurs, si le danger était {listed}. C’est une extrapolation : même réglage, mêmes dangers signalés, "
            "mêmes fausses alertes par heure. Seul un essai sur place le prouverait."
        )
    return [*sentences, _missing(found), _enough(found)]


def _load(found: Found) -> list[str]:
    if not found.hours:
        return [
            "Sans les heures de veille, rien ne dit combien d’alertes un opérateur reçoit : ajoutez --heures, par "
            "exemple --heures 96, ou le tableau des veilles avec --veilles."
        ]
    rate = found.per_hour(found.alarms)
    gap = "plus d’une par minute"
    if rate < 60:
        gap = (
            f"une toutes les {number(60 / rate)} minutes"
            if rate >= 0.5
            else f"une toutes les {number(1 / rate)} heures"
        )
    wrong = found.per_hour(found.false)
    return [f"Un opérateur reçoit {_counted(rate)} par heure de veille ({gap}), dont {_counted(wrong, '', 'fausse')}."]


def _counted(value: float, noun: str = "alerte", adjective: str = "") -> str:
    words = [word + "s" * (value >= 1.95) for word in (noun, adjective) if word]
    return " ".join([number(value, 1 if value >= 0.095 or not value else 3), *words])


def _unchecked(found: Found) -> list[str]:
    left = found.alarms - found.checked
    if left <= MANY_UNCHECKED * found.alarms:
        return []
    worst, best = found.true / found.alarms, (found.true + left) / found.alarms
    return [
        f"{plural(left, 'alerte')} sur {number(found.alarms)} sans vérification : si toutes étaient fausses, la part "
        f"vraie tomberait à {percent(worst)} ; si toutes étaient vraies, elle monterait à {percent(best)}. "
        "Vérifiez-les avant de conclure."
    ]


def _missing(found: Found) -> str:
    if found.missed is None:
        return (
            "Ce journal ne dit rien des dangers que l’outil n’a pas signalés : pour les connaître, faites relire des "
            "heures sans alerte, tirées au sort."
        )
    if np.isnan(found.ceiling):
        return "Aucun danger connu, ni signalé ni manqué : ce journal ne dit rien de ce que l’outil laisse passer."
    return (
        f"Des dangers connus, l’outil a signalé {percent(found.ceiling)} au plus : ceux que personne n’a vus ne sont "
        "pas comptés."
    )


def _enough(found: Found) -> str:
    points = f"{number(100 * WANTED)} points"
    if found.checked >= max(found.needed, FEW):
        return f"Assez d’alertes vérifiées pour connaître cette part à {points} près."
    wanted = max(found.needed, FEW)
    text = (
        f"Pour connaître cette part à {points} près, il faut {plural(wanted, 'alerte vérifiée', 'alertes vérifiées')} "
        f": encore {number(wanted - found.checked)}"
    )
    if found.hours:
        text += f", soit environ {number((wanted - found.checked) * found.hours / found.checked)} heures de veille"
    return f"{text}."


def _true_share(share: float) -> str:
    if not share:
        return "Aucune alerte n’est vraie"
    rounded = round(100 * share)
    if rounded < 1:
        return "Moins d’une alerte sur 100 est vraie"
    return f"{plural(rounded, 'alerte')} sur 100 {'sont vraies' if rounded > 1 else 'est vraie'}"


def _of_hundred(share: float) -> str:
    value = 100 * share
    verb = "seraient vraies" if value >= 1.95 else "serait vraie"
    return f"{number(value, 0 if value >= 9.5 else 1)} sur 100 {verb}"


def _diluted(share: float, times: float) -> float:
    return share if np.isnan(share) else share / (share + times * (1 - share)) if share else 0.0


def _by_evening(verdict: np.ndarray, evening: np.ndarray, seed: int) -> tuple[float, float]:
    """Intervalle en retirant des soirées entières au sort : les alertes d’une soirée se ressemblent."""
    codes, names = pd.factorize(evening)
    total, true = np.bincount(codes), np.bincount(codes, weights=verdict)
    drawn = np.random.default_rng(seed).integers(0, len(names), (_DRAWS, len(names)))
    shares = true[drawn].sum(axis=1) / total[drawn].sum(axis=1)
    return metrics.draw_bounds(shares, level=LEVEL)


def cautions(frame: pd.DataFrame, found: Found) -> list[str]:
    """Ce qui invite à la prudence : alertes répétées, caméra qui alerte à tort, vérité établie après coup.

    Parameters
    ----------
    frame : DataFrame
        Journal lu.
    found : Found
        Ses comptes.

    Returns
    -------
    list of str
        Remarques.
    """
    notes = []
    if found.by_evening:
        notes.append("Les alertes d’une même soirée se ressemblent : l’intervalle est élargi pour en tenir compte.")
    days = (frame["horodatage"].max() - frame["horodatage"].min()).days + 1
    if found.hours is not None and found.hours > MANY_OPERATORS * 24 * days:
        notes.append(
            f"{number(found.hours)} heures de veille pour un journal de {plural(days, 'jour')} : vérifiez ce nombre, "
            "toutes les mesures par heure en dépendent."
        )
    camera = frame["id_camera"].fillna("").astype(str)
    ordered = frame.assign(camera=camera).sort_values(["camera", "horodatage"])
    gap = ordered["horodatage"].diff().dt.total_seconds()
    again = int(((gap < CLOSE_S) & (ordered["camera"] == ordered["camera"].shift())).sum())
    if again:
        notes.append(
            f"{plural(again, 'alerte suit', 'alertes suivent')} de moins de cinq minutes une autre de la même caméra : "
            "c’est sans doute le même instant, compté plusieurs fois."
        )
    wrong = camera[(frame["confirmee"] == 0).to_numpy(bool, na_value=False) & (camera != "").to_numpy()]
    counts = wrong.value_counts()
    cameras = camera[camera != ""].nunique()
    if cameras >= 3 and len(wrong) >= FEW and counts.iloc[0] > max(3 / cameras, 0.25) * len(wrong):
        notes.append(
            f"La caméra « {counts.index[0]} » donne {percent(counts.iloc[0] / len(wrong))} des fausses alertes à elle "
            "seule : faites vérifier son réglage avant de juger l’outil entier."
        )
    notes.append(
        "« Confirmée » ne vaut que par qui confirme : un opérateur qui ne relit que les alertes ne peut pas voir ce "
        "qui manque."
    )
    return notes
