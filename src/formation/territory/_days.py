"""Le temps qui passe à Aubeline : calendrier réel de la zone B, météo simulée, grèves, événements."""

from __future__ import annotations

import numpy as np
import pandas as pd

CALENDAR = ("2014-09-01", "2025-08-31")
WEATHER = ("2013-01-01", "2025-12-31")
# Classes fermées puis accueil partiel ; le retour obligatoire date du 22 juin 2020.
CLOSURE = ("2020-03-16", "2020-06-21")
SCHOOL_WEEKDAYS = (0, 1, 3, 4)


def calendar() -> pd.DataFrame:
    """Calendrier scolaire réel de la zone B, 4 018 jours ; appelle les bibliothèques de dates."""
    from holidays import country_holidays
    from vacances_scolaires_france import SchoolHolidayDates

    days = pd.date_range(*CALENDAR, freq="D")
    public = country_holidays("FR", years=range(2014, 2027))
    school = SchoolHolidayDates()
    # Un jour de marge de chaque côté : la veille et la reprise regardent les voisins.
    wide = pd.date_range(days[0] - pd.Timedelta(days=5), days[-1] + pd.Timedelta(days=5), freq="D")
    frame = pd.DataFrame({"date": wide, "jour_semaine": wide.day_of_week})
    frame["est_ferie"] = [int(day.date() in public) for day in wide]
    frame["est_vacances_zone_b"] = [int(school.is_holiday_for_zone(day.date(), "B")) for day in wide]
    closed = frame["date"].between(*CLOSURE)
    weekday = frame["jour_semaine"].isin(SCHOOL_WEEKDAYS)
    is_open = weekday & (frame["est_ferie"] == 0) & (frame["est_vacances_zone_b"] == 0) & ~closed
    frame["est_jour_scolaire"] = is_open.astype(int)
    frame["veille_vacances"] = _before_holidays(frame)
    frame["reprise"] = _after_holidays(frame)
    frame["pont"] = _bridge(frame)
    start = frame["date"].dt.year - (frame["date"].dt.month < 9).astype(int)
    frame["annee_scolaire"] = start.astype(str) + "-" + (start + 1).astype(str)
    return frame[frame["date"].between(*CALENDAR)].reset_index(drop=True)


def _before_holidays(frame: pd.DataFrame) -> pd.Series:
    """Dernier jour d’école avant des vacances : un jour de vacances vient avant le prochain jour d’école."""
    return _touches(frame, step=-1)


def _after_holidays(frame: pd.DataFrame) -> pd.Series:
    """Premier jour d’école après des vacances."""
    return _touches(frame, step=1)


def _touches(frame: pd.DataFrame, step: int) -> pd.Series:
    result = np.zeros(len(frame), dtype=int)
    seen_holiday = False
    for index in range(len(frame))[::step]:
        if frame["est_jour_scolaire"].iat[index]:
            result[index] = int(seen_holiday)
            seen_holiday = False
        elif frame["est_vacances_zone_b"].iat[index]:
            seen_holiday = True
    return pd.Series(result, index=frame.index)


def _bridge(frame: pd.DataFrame) -> pd.Series:
    """Lundi ou vendredi, jour d’école coincé entre un jour férié et la fin de semaine."""
    holiday = frame["est_ferie"] == 1
    monday = (frame["jour_semaine"] == 0) & holiday.shift(-1, fill_value=False)
    friday = (frame["jour_semaine"] == 4) & holiday.shift(1, fill_value=False)
    return ((monday | friday) & (frame["est_jour_scolaire"] == 1)).astype(int)


def weather(rng: np.random.Generator) -> pd.DataFrame:
    """Météo quotidienne simulée, années civiles 2013 à 2025 entières.

    Température : saison + bruit AR(1) (ρ = 0,72 ; σ = 2,2 °C). Pluie : chaîne de Markov
    (0,45 après un jour de pluie, 0,15 sinon) × loi gamma (forme 0,75 ; échelle 12,1 mm).
    """
    days = pd.date_range(*WEATHER, freq="D")
    n = len(days)
    noise = np.empty(n)
    noise[0] = rng.normal(0, 2.2)
    innovations = rng.normal(0, 2.2 * np.sqrt(1 - 0.72**2), n)
    for t in range(1, n):
        noise[t] = 0.72 * noise[t - 1] + innovations[t]
    season = np.cos(2 * np.pi * (days.day_of_year.to_numpy() - 20) / 365.25)
    mean = np.round(15.5 - 8.5 * season + noise, 1)

    draw = rng.random(n)
    amount = rng.gamma(0.75, 12.1, n)
    rain = np.zeros(n)
    wet = False
    for t in range(n):
        wet = bool(draw[t] < (0.45 if wet else 0.15))
        rain[t] = round(amount[t], 1) if wet else 0.0

    spread = np.clip(5.2 - 1.6 * season - 1.4 * (rain >= 1) + rng.normal(0, 0.9, n), 1.5, None)
    low, high = np.round(mean - spread, 1), np.round(mean + spread, 1)
    return pd.DataFrame(
        {
            "date": days,
            "t_min_c": low,
            "t_moy_c": mean,
            "t_max_c": high,
            "pluie_mm": rain,
            "indice_secheresse": _drought(mean, rain),
            "vigilance": _warning(rain, high),
        }
    )


def _drought(mean_c: np.ndarray, rain_mm: np.ndarray, capacity_mm: float = 120.0) -> np.ndarray:
    """Part vide d’un réservoir de sol de 120 mm : 0 = gorgé d’eau, 1 = sec."""
    stock, index = capacity_mm * 0.8, np.empty(len(mean_c))
    for t in range(len(mean_c)):
        demand = max(0.0, 0.28 * (mean_c[t] - 3.5)) * stock / capacity_mm
        stock = min(max(stock + rain_mm[t] - demand, 0.0), capacity_mm)
        index[t] = 1 - stock / capacity_mm
    return np.round(index, 3)


def _warning(rain_mm: np.ndarray, high_c: np.ndarray) -> np.ndarray:
    """Couleur de vigilance, d’après la pluie du jour et la température maximale."""
    level = np.digitize(rain_mm, [25, 45, 65])
    heat = np.digitize(high_c, [34.5, 37])
    colour: np.ndarray = np.array(["vert", "jaune", "orange", "rouge"])[np.maximum(level, heat)]
    return colour


def strikes(rng: np.random.Generator, days: pd.DataFrame, count: int = 58) -> pd.DataFrame:
    """Jours de grève : 72 % presque sans effet (0 à 6 %), 28 % à 0,65·Bêta(2 ; 2,5)."""
    school = days.loc[days["est_jour_scolaire"] == 1, "date"].to_numpy()
    chosen = np.sort(rng.choice(len(school), size=count, replace=False))
    strong = np.zeros(count, dtype=bool)
    strong[rng.choice(count, size=round(0.28 * count), replace=False)] = True
    rate = np.where(strong, 0.65 * rng.beta(2, 2.5, count), rng.uniform(0, 0.06, count))
    dates = pd.to_datetime(school[chosen])
    notice = dates - pd.to_timedelta(rng.integers(6, 22, count), unit="D")
    service = rng.choice(["restauration", "périscolaire", "écoles", "tous services"], count, p=[0.45, 0.25, 0.15, 0.15])
    return pd.DataFrame(
        {"date": dates, "taux_greve_constate": np.round(rate, 3), "date_preavis": notice, "service": service}
    )


_PLACES = (
    # lieu, type, affluence médiane, mois favoris
    ("Halles d’Aubeline", "marché", 1_800, range(1, 13)),
    ("Théâtre de verdure", "concert", 1_200, range(6, 10)),
    ("Parc des Berges", "fête", 3_500, range(5, 10)),
    ("Stade de la Plaine", "match", 2_200, range(1, 13)),
    ("Palais des congrès", "salon", 2_600, (1, 2, 3, 4, 5, 9, 10, 11)),
    ("Centre ancien", "fête", 5_200, (6, 7, 8, 12)),
    ("Plan d’eau de l’Aune", "compétition", 900, range(5, 10)),
)


def events(rng: np.random.Generator, meteo: pd.DataFrame, kept: int = 250) -> pd.DataFrame:
    """Événements publics, 2015 à 2024 : affluence prévue, puis réelle (bruit, moins s’il pleut)."""
    count = kept + 60  # certains tirages tombent pendant la fermeture de 2020 ou en double
    place = rng.choice(len(_PLACES), size=count, p=[0.22, 0.14, 0.14, 0.2, 0.12, 0.1, 0.08])
    year = rng.integers(2015, 2025, count)
    month = np.array([rng.choice(np.array(list(_PLACES[index][3]))) for index in place])
    day = rng.integers(1, 29, count)
    start = pd.to_datetime(pd.DataFrame({"year": year, "month": month, "day": day}))
    start = start + pd.to_timedelta((5 - start.dt.day_of_week) % 7, unit="D")
    length = np.where(rng.random(count) < 0.3, 1, 0)
    median = np.array([_PLACES[index][2] for index in place], dtype=float)
    planned = np.round(median * rng.lognormal(0, 0.45, count), -1)
    rain = meteo.set_index("date")["pluie_mm"].reindex(start).to_numpy()
    actual = np.round(planned * rng.lognormal(-0.03, 0.22, count) * np.where(rain > 5, 0.7, 1.0), -1)
    frame = pd.DataFrame(
        {
            "date_debut": start,
            "date_fin": start + pd.to_timedelta(length, unit="D"),
            "lieu": [_PLACES[index][0] for index in place],
            "type": [_PLACES[index][1] for index in place],
            "affluence_prevue": planned.astype("int64"),
            "affluence_reelle": actual.astype("int64"),
        }
    )
    frame = frame[~frame["date_debut"].between(*CLOSURE)].drop_duplicates(["date_debut", "lieu"])
    frame = frame.head(kept).sort_values(["date_debut", "lieu"], ignore_index=True)
    frame.insert(0, "id_evenement", [f"V{index:03d}" for index in range(1, len(frame) + 1)])
    return frame
