"""Atelier hydraulique : une fuite, la pression avant et après."""

from __future__ import annotations

import sys

import pytest

from formation.eau import hydraulics


def test_message_says_how_to_install_when_wntr_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "wntr", None)
    with pytest.raises(hydraulics.WntrAbsent, match=r"pip install .*generation"):
        hydraulics.network()


@pytest.fixture(scope="module")
def effect():
    pytest.importorskip("wntr")
    return hydraulics.leak_effect()


def test_pressure_falls_everywhere_and_most_at_the_leak_when_it_opens(effect):
    assert effect.index[0] == hydraulics.SITE
    assert (effect["baisse_bar"] > 0).all()
    assert effect["avant_bar"].between(1, 10).all()


def test_leak_is_located_when_five_nodes_are_measured(effect):
    measured = effect["apres_bar"].loc[["N00", "N04", "N30", "N34", "N12"]].round(2)
    assert hydraulics.locate(measured, ["N11", "N23", "N33"]).index[0] == "N23"


def test_unknown_node_is_named_when_asked_for(effect):
    with pytest.raises(ValueError, match=r"N99.*n’existe pas"):
        hydraulics.pressures(leak_at="N99")
