"""Aubeline : les processus annoncés par la fiche de données."""

from __future__ import annotations

import dataclasses
import re

import pandas as pd
import pytest

from formation import territory
from formation.errors import DonneesIntrouvables
from formation.territory import Territory, load_territory, simulation

SEEDS = (447, 1)


@pytest.fixture(scope="module", params=SEEDS)
def simulated(request):
    return simulation.simulate(seed=request.param)


@pytest.fixture(scope="module")
def aubeline():
    return load_territory()


def test_territory_cannot_be_changed_by_mistake(aubeline):
    with pytest.raises(dataclasses.FrozenInstanceError):
        aubeline.rues = None


def test_key_error_when_a_table_is_missing(aubeline):
    tables = {name: getattr(aubeline, name) for name in territory.TABLES if name != "rues"}
    with pytest.raises(KeyError, match="rues"):
        Territory.from_tables(tables)


def test_load_gives_one_table_and_refuses_unknown_names():
    assert len(territory.load("ecoles")) == 28
    with pytest.raises(DonneesIntrouvables, match="ecoles"):
        territory.load("ecole")


def test_same_tables_when_seed_is_the_same():
    first, second = simulation.simulate(seed=5), simulation.simulate(seed=5)
    for name, frame in first.items():
        pd.testing.assert_frame_equal(frame, second[name])


def test_codes_keep_their_leading_zeros(aubeline):
    assert aubeline.communes["code_commune"].tolist() == [f"{number:05d}" for number in range(1, 13)]


def test_streets_follow_population_and_rural_ones_are_longer(simulated):
    streets = simulated["rues"].groupby("code_commune")["longueur_m"].agg(["size", "mean"])
    assert streets["size"].is_monotonic_decreasing
    assert streets["mean"].iloc[-3:].mean() > 1.3 * streets["mean"].iloc[0]
    assert simulated["rues"]["longueur_m"].sum() == 615_000
    assert simulated["rues"]["longueur_m"].min() >= 40


def test_street_names_are_generic_and_unique_in_a_municipality(simulated):
    rues = simulated["rues"]
    assert not rues.duplicated(["code_commune", "nom_rue"]).any()
    article = re.compile(r"^[A-Z][a-zéè]+ (?:du|des|de la|de l’) ?[A-ZÉÈÎ]\w+(?: Haute)?$")
    odd = [name for name in rues["nom_rue"].unique() if not article.match(name)]
    assert odd == []


def test_every_municipality_has_a_school_of_its_size(simulated):
    ecoles = simulated["ecoles"].merge(simulated["communes"], on="code_commune")
    assert ecoles["code_commune"].nunique() == 12
    share = ecoles.groupby("code_commune")["effectif_2024"].sum() / ecoles.groupby("code_commune")["population"].first()
    assert share.between(0.08, 0.09).all()


def test_school_street_is_in_its_municipality(aubeline):
    joined = aubeline.ecoles.merge(aubeline.rues, on="id_rue", suffixes=("", "_rue"))
    assert len(joined) == 28
    assert (joined["code_commune"] == joined["code_commune_rue"]).all()


def test_no_school_on_holidays_and_wednesdays(aubeline):
    days = aubeline.calendrier[aubeline.calendrier["est_jour_scolaire"] == 1]
    assert days["est_ferie"].sum() == 0
    assert days["est_vacances_zone_b"].sum() == 0
    assert sorted(days["jour_semaine"].unique()) == [0, 1, 3, 4]
    assert (aubeline.calendrier["date"].dt.day_of_week == aubeline.calendrier["jour_semaine"]).all()


@pytest.mark.parametrize(
    ("date", "column", "value"),
    [
        ("2023-12-25", "est_ferie", 1),
        ("2024-05-08", "est_ferie", 1),
        ("2024-12-20", "veille_vacances", 1),
        ("2025-01-06", "reprise", 1),
        ("2025-01-06", "veille_vacances", 0),
        ("2024-02-26", "est_vacances_zone_b", 1),
        ("2018-05-07", "pont", 1),
        ("2020-04-02", "est_jour_scolaire", 0),
        ("2020-04-02", "est_vacances_zone_b", 0),
    ],
)
def test_calendar_knows_a_real_date(aubeline, date, column, value):
    assert aubeline.calendrier.set_index("date").loc[date, column] == value


def test_eve_and_return_go_in_pairs_when_holidays_are_inside(aubeline):
    flags = aubeline.calendrier[["veille_vacances", "reprise"]].sum()
    assert abs(flags["veille_vacances"] - flags["reprise"]) <= 1
    assert flags.min() > 50


def test_weather_covers_whole_civil_years_when_calendar_does_not(aubeline):
    meteo = aubeline.meteo_jour["date"]
    assert (meteo.min(), meteo.max()) == (pd.Timestamp("2013-01-01"), pd.Timestamp("2025-12-31"))
    assert (meteo.diff().dropna() == pd.Timedelta(days=1)).all()
    assert len(aubeline.calendrier.merge(aubeline.meteo_jour, on="date")) == 4_018


def test_weather_is_coherent(simulated):
    meteo = simulated["meteo_jour"]
    assert (meteo["t_min_c"] < meteo["t_moy_c"]).all()
    assert (meteo["t_moy_c"] < meteo["t_max_c"]).all()
    assert meteo["indice_secheresse"].between(0, 1).all()
    month = meteo.groupby(meteo["date"].dt.month)["indice_secheresse"].mean()
    assert month[8] > month[2] + 0.3


def test_strikes_fall_on_school_days_after_their_notice(aubeline):
    greves = aubeline.greves.merge(aubeline.calendrier, on="date")
    assert (greves["est_jour_scolaire"] == 1).all()
    assert ((greves["date"] - greves["date_preavis"]).dt.days >= 6).all()


def test_events_last_and_avoid_the_closure(simulated):
    events = simulated["evenements"]
    assert (events["date_fin"] >= events["date_debut"]).all()
    assert not events["date_debut"].between("2020-03-16", "2020-06-21").any()
    assert events["id_evenement"].is_unique
