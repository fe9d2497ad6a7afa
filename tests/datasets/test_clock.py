"""Le changement d’heure : ce qui est répété ou sauté, et les deux lectures."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formation.datasets import clock


def test_changes_are_found_in_both_hemispheres():
    first, last = np.datetime64("2019-01-01T00:00:00"), np.datetime64("2019-12-31T00:00:00")
    paris, sydney = (clock.changes(name, first, last) for name in ("Europe/Paris", "Australia/Sydney"))
    assert [change.kind for change in paris] == ["sautee", "repetee"]
    assert [change.kind for change in sydney] == ["repetee", "sautee"]
    assert (paris[1].start, paris[1].end) == (np.datetime64("2019-10-27T02:00"), np.datetime64("2019-10-27T03:00"))
    assert clock.changes("Indian/Reunion", first, last) == clock.changes("+01:00", first, last) == []


@settings(max_examples=40, deadline=None)
@given(
    minutes=st.lists(st.integers(0, 30 * 365 * 24 * 60), min_size=1, max_size=50),
    name=st.sampled_from(["Europe/Paris", "America/Miquelon", "Australia/Lord_Howe", "UTC", "+01:00"]),
)
def test_switched_hours_are_those_of_the_changes(minutes, name):
    local = np.datetime64("1996-01-01T00:00:00") + np.array(minutes).astype("timedelta64[m]")
    twice, never = clock.switched(local, name)
    found = clock.changes(name, local.min(), local.max())
    for mask, kind in ((twice, "repetee"), (never, "sautee")):
        inside = [(local >= change.start) & (local < change.end) for change in found if change.kind == kind]
        np.testing.assert_array_equal(mask, np.any(inside, axis=0) if inside else np.zeros(len(local), dtype=bool))


def test_both_readings_are_an_hour_apart_and_ways_out_are_given(plain):
    moment = np.datetime64("2024-10-27T02:15:00")
    first, second = (clock.to_utc(moment[None], "Europe/Paris", second=np.array([later])) for later in (False, True))
    assert (second - first).tolist() == [np.timedelta64(3600, "s").item()]
    text = plain(clock.repeated_message(moment, "Europe/Paris", "Pourquoi."))
    for word in ("00:15 UTC avant le changement, 01:15 UTC après. Pourquoi.", "+02:00 ou 2024", "--fuseau UTC"):
        assert word in text
    text = plain(clock.skipped_message(np.datetime64("2025-03-30T02:30:00"), "Europe/Paris"))
    for word in ("30/03/2025 02:30", "--fuseau +01:00", "--fuseau UTC", "2025-03-30T03:30:00+02:00"):
        assert word in text


@pytest.mark.parametrize("name", ["Europe/Aubeline", "", "Paris", "+25:00", "/etc/passwd", "../x"])
def test_unknown_zone_is_refused_with_examples(name):
    with pytest.raises(clock.FuseauInconnu, match=r"Europe/Paris.*Indian/Reunion"):
        clock.zone(name)
