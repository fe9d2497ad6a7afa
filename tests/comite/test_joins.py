"""Chaque jointure : ce que le modèle reçoit se sait à temps, et la mesure dit ce qu’elle doit dire."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from formation.comite import basins, calls, months, newcomer, privacy, streets, strikes, trees
from formation.comite.gain import GAINS, NOTHING, TRAP
from formation.comite.summary import table
from formation.comite.tables import Sources
from formation.territory.basins import MAPPED_SHARE

# J1 : appels du lendemain


def test_calls_history_never_reads_the_day_it_predicts(sources):
    rows = calls.panel(sources).set_index("date")
    source = sources.table("usagers", "appels_jour").set_index("date")[calls.TARGET]
    day = rows.index[100]
    earlier = source[source.index < day]
    assert rows.loc[day, "veille"] == earlier.iloc[-1]
    assert rows.loc[day, "recent_20"] == pytest.approx(earlier.iloc[-20:].mean())
    same = earlier[earlier.index.day_of_week == day.day_of_week]
    assert rows.loc[day, "memes_jours_4"] == pytest.approx(same.iloc[-4:].mean())


def test_calls_breaks_stop_the_day_before(sources):
    rows = calls.panel(sources).set_index("date")
    failures = sources.table("eau", "defaillances")["date_signalement"]
    day = rows.index[rows["casses_veille"] > 0][0]
    assert rows.loc[day, "casses_veille"] == (failures == day - pd.Timedelta(days=1)).sum()
    week = failures.between(day - pd.Timedelta(days=7), day - pd.Timedelta(days=1))
    assert rows.loc[day, "casses_7_jours"] == week.sum()


def test_calls_strike_is_known_by_its_notice_only(sources):
    rows = calls.panel(sources)
    strikes_days = set(sources.territory.greves["date"])
    assert set(rows.loc[rows["preavis"] == 1, "date"]) <= strikes_days
    assert not {"taux_greve_constate", "greve"} & set(rows.columns)


def test_calls_test_is_after_learning_and_before_the_robot(measures):
    assert measures.calls["date"].min() >= calls.TEST
    assert measures.calls["date"].max() <= calls.LAST_DAY


def test_calls_gain_with_the_calendar_and_nothing_with_breaks(measures):
    found = measures.calls
    assert calls.gain(found, joined="+ calendrier").verdict == GAINS
    assert calls.gain(found, without="+ calendrier", joined="+ calendrier et casses").verdict == NOTHING
    table_ = calls.errors(found).set_index(["methode", "donnees"])["erreur"]
    assert table_[calls.LINEAR, "sans"] < table_[calls.NAIVE, "sans"]


def test_calls_odd_days_gain_most(measures):
    usual, odd = (calls.gain(measures.calls, odd=odd) for odd in (False, True))
    assert odd.gain > usual.gain > 0


# J2 : rues et semaines


def test_street_weeks_know_only_the_past(measures):
    panel = measures.street_weeks
    before, trap = (streets.variables(panel, name)["appels_1"] for name in (streets.BEFORE, streets.SAME_WEEK))
    np.testing.assert_array_equal(before, panel.calls[:, :-1])
    np.testing.assert_array_equal(trap, panel.calls[:, 1:])
    assert panel.target.shape == before.shape


def test_street_past_failures_grow_only_with_time(measures):
    past = measures.street_weeks.known["defaillances"]
    assert (np.diff(past, axis=1) >= 0).all()


def test_month_of_calls_sums_four_weeks():
    calls_ = np.arange(12.0)[None]
    month = streets.past_calls(calls_)["appels_4"][0]
    assert month[5] == 2 + 3 + 4 + 5


def test_unknown_essay_is_refused(measures):
    with pytest.raises(ValueError, match="Essai inconnu"):
        streets.variables(measures.street_weeks, "demain")


def test_calls_before_gain_and_same_week_is_a_trap(measures):
    joined, trap = streets.gain(*measures.streets), streets.gain(*measures.streets, trap=True)
    assert (joined.verdict, trap.verdict) == (GAINS, TRAP)
    assert trap.joined > joined.joined > joined.without


def test_captured_is_all_when_every_street_is_visited(measures):
    broken, risks = measures.streets
    assert streets.captured(risks[streets.BEFORE], broken, 1.0).sum() == broken.sum()


def test_plain_rule_visits_few_streets_for_many_breaks(measures):
    found = streets.rule(measures.street_weeks)
    assert found["rues_semaine"] < streets.visits(1550)
    assert found["part_captee"] > 0.3
    assert found["suivis"] < 0.1


def test_coarser_calls_lose_the_gain(measures):
    price = privacy.price(measures.street_weeks).set_index("transmis")["part_captee"]
    assert price[privacy.FINE] - price["rien"] > 0.15
    for level in (privacy.STREET_MONTH, privacy.TOWN, privacy.MASKED, privacy.TOWN_MASKED):
        assert price[level] - price["rien"] < 0.08, level


def test_month_sent_late_never_shows_the_current_month(measures):
    panel = measures.street_weeks
    late = privacy.coarser(panel, privacy.STREET_MONTH)
    np.testing.assert_array_equal(late[:, :3], 0)
    np.testing.assert_array_equal(late[:, 3], panel.calls[:, :4].sum(axis=1))
    np.testing.assert_array_equal(late[:, 6], panel.calls[:, :4].sum(axis=1))


def test_masking_under_five_empties_the_table(measures):
    hidden = privacy.coarser(measures.street_weeks, privacy.MASKED)
    assert (hidden > 0).sum() < 10
    with pytest.raises(ValueError, match="Finesse inconnue"):
        privacy.coarser(measures.street_weeks, "maison")


# J3 : bassin non jaugé


def test_mean_share_leaves_the_basin_out(sources):
    found = basins.shares(sources)
    assert found.loc["B1", basins.MEAN] == pytest.approx(np.mean([MAPPED_SHARE[f"B{k}"] for k in range(2, 7)]))
    assert found.loc["B7", basins.MEAN] == pytest.approx(np.mean([MAPPED_SHARE[f"B{k}"] for k in range(1, 7)]))


def test_map_helps_the_physical_model_and_not_the_trees(measures):
    assert basins.gain(*measures.basins).verdict == GAINS
    physical = basins.gain(*measures.basins)
    learnt = trees.gain(measures.trees)
    assert physical.gain / physical.without > 0.3
    assert abs(learnt.gain) / learnt.without < 0.05


def test_map_changes_little_for_real_floods(measures):
    found = basins.summary(*measures.basins).set_index("part_impermeable")
    change = found.loc[basins.MEAN] - found.loc[basins.MAPPED]
    assert change["erreur_pointe_crue"] < change["erreur_pointe"]


def test_photo_map_is_within_its_announced_error(sources):
    assert 0 < basins.map_error(sources) < 4


def test_left_out_basin_is_never_learnt(measures):
    assert set(measures.trees["id_bassin"]) == {f"B{k}" for k in range(1, 7)}
    assert "debit" not in trees.SETS[trees.JOINED]


# J4 : jours de grève


def test_late_notice_is_known_five_days_before(sources):
    rows = strikes.panel(sources)
    days = sources.territory.greves.set_index("date")
    known = rows.loc[rows[strikes.LATE] == 1, "date"].unique()
    assert ((known - days.loc[known, "date_preavis"].to_numpy()) >= np.timedelta64(strikes.LATE_DAYS, "D")).all()


def test_validation_year_is_not_judged(measures):
    assert "2023-2024" not in strikes.YEARS
    inside = measures.strikes["date"].between("2023-09-01", "2024-07-31")
    assert not inside.any()


def test_strike_rate_is_a_trap_and_notice_wins_little(measures):
    notice = strikes.gain(measures.strikes)
    trap = strikes.gain(measures.strikes, joined=strikes.KNOWN_RATE)
    assert trap.verdict == TRAP
    assert trap.gain > 2 * notice.gain


def test_ordinary_days_do_not_change(measures):
    found = strikes.errors(measures.strikes).set_index(["methode", "donnees"])["ordinaires"]
    assert found[strikes.TREES, strikes.WITHOUT] == pytest.approx(found[strikes.TREES, strikes.KNOWN_RATE], abs=0.2)


# J5 : casses du mois


def test_months_past_excludes_the_month_itself(sources):
    rows = months.panel(sources)
    assert rows["douze_mois"].iloc[20] == pytest.approx(rows["casses"].iloc[8:20].mean())


def test_weather_gains_nothing_near_the_chance_floor(measures):
    found = months.gain(measures.months)
    assert found.verdict == NOTHING
    assert found.without < 1.6 * months.chance_error(float(measures.months["casses"].mean()))


def test_chance_error_matches_a_simulation():
    drawn = np.random.default_rng(5).poisson(6.0, 200_000)
    assert months.chance_error(6.0) == pytest.approx(np.abs(drawn - 6.0).mean(), rel=0.01)


# J6 : commune sans historique


def test_groups_hold_whole_communes(sources):
    rows = newcomer.panel(sources, first=2023)
    assert rows.groupby("code_commune")["groupe"].nunique().max() == 1
    assert rows["groupe"].nunique() == newcomer.GROUPS


def test_history_helps_more_than_soil_and_traffic(measures):
    found = newcomer.summary(measures.newcomer).set_index(["methode", "donnees"])["part_fuites_20"]
    soil = found[newcomer.TREES, newcomer.JOINED] - found[newcomer.TREES, newcomer.WITHOUT]
    past = found[newcomer.TREES, newcomer.PAST_WITHOUT] - found[newcomer.TREES, newcomer.WITHOUT]
    assert past > soil + 0.03


# Ensemble


def test_summary_table_has_gains_nothings_and_traps(measures):
    from formation.comite.summary import gains

    found = table(gains(measures))
    codes = ["J1", "J2", "J2bis", "J3", "J3bis", "J4", "J4bis", "J5", "J6"]
    assert found["code"].tolist() == codes
    assert set(found["verdict"]) == {GAINS, NOTHING, TRAP}
    assert ((found["gain_min"] <= found["gain"]) & (found["gain"] <= found["gain_max"])).all()


def test_sources_read_a_table_once():
    source = Sources()
    assert source.table("risques", "bassins") is source.table("risques", "bassins")


def test_sources_simulate_another_seed():
    other = Sources(1).table("eau", "defaillances")
    assert not other.equals(Sources().table("eau", "defaillances"))
