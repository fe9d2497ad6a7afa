"""Les signalements simulés suivent les casses du cas « eau », et rien d’autre."""

from __future__ import annotations

import pandas as pd
import pytest

from formation import comite
from formation.comite import simulation, weeks
from formation.territory import load_territory


@pytest.fixture(scope="module")
def territory():
    return load_territory()


@pytest.fixture(scope="module")
def water(territory):
    from formation.eau.simulation import simulate

    return simulate(territory, seed=447)


def test_released_table_is_what_the_simulation_gives(territory):
    table = simulation.simulate(territory)["signalements"]
    released = comite.load()
    assert table["nb_signalements"].tolist() == released["nb_signalements"].tolist()
    assert table["id_rue"].tolist() == released["id_rue"].tolist()


def test_same_seed_gives_same_table_and_another_seed_another(territory, water):
    first, again, other = (simulation.reports(water, territory.rues, seed=seed) for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(first, again)
    assert not first.equals(other)


def test_without_link_only_background_calls_remain(territory, water):
    silent = simulation.Parameters(warned=0.0, caused=0.0, background_per_year=100.0)
    table = simulation.reports(water, territory.rues, silent)
    assert table["nb_signalements"].sum() == pytest.approx(500, rel=0.2)


def test_a_warned_break_has_its_call_the_week_before(territory, water):
    certain = simulation.Parameters(warned=1.0, caused=0.0, background_per_year=0.0)
    table = simulation.reports(water, territory.rues, certain)
    seen = weeks.breaks(water["defaillances"], water["troncons"])
    before = weeks.monday(seen["date_signalement"]) - pd.Timedelta(weeks=1)
    inside = before.between(weeks.FIRST_WEEK, weeks.LAST_WEEK)
    expected = set(zip(seen.loc[inside, "id_rue"], before[inside], strict=True))
    assert set(zip(table["id_rue"], table["semaine"], strict=True)) == expected


def test_week_is_always_a_monday_and_street_exists(territory):
    table = comite.load()
    assert (table["semaine"].dt.day_of_week == 0).all()
    assert table["id_rue"].isin(territory.rues["id_rue"]).all()
    assert not table.duplicated(["id_rue", "semaine"]).any()


def test_table_says_nothing_of_the_caller():
    assert list(comite.load().columns) == ["id_rue", "semaine", "nb_signalements"]


def test_own_file_with_a_bad_count_is_refused(tmp_path, plain):
    file = tmp_path / "appels.csv"
    file.write_text("id_rue,semaine,nb_signalements\nR0001,2024-02-26,0\nR0002,26/02/2024,1\n", "utf-8")
    from formation.errors import DonneesInvalides

    with pytest.raises(DonneesInvalides) as error:
        comite.validate(file)
    assert "nb_signalements" in plain(error.value)
