"""Un capteur muet se voit, se dit, et n’éteint pas l’alerte."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from formation.errors import FormationError
from formation.risques import evaluation, features, guard, traps


def test_alert_dies_without_a_word_when_the_sensor_is_silent(ready, rows, judged):
    validation, test = judged
    score = ready[evaluation.UNGUARDED].predict(traps.silenced(test.rows))
    assert np.isfinite(score).all()
    assert not (score >= validation.chosen(evaluation.UNGUARDED)).any()


@pytest.mark.parametrize("kind", traps.SILENCES)
def test_silence_is_seen_when_it_rains(rows, kind):
    wet = rows[(rows["pluie_60"] >= 10) & (rows["minute"] >= 60)]
    wet = wet[wet["debit"].notna()]
    assert (guard.state(traps.silenced(wet, kind)) == kind).all()
    assert (guard.state(wet) == "mesuré").mean() > 0.99


def test_guard_changes_nothing_when_the_sensor_speaks(judged):
    test = judged[1]
    speaking = (guard.state(test.rows) == "mesuré").to_numpy()
    whole, alone = (test.scores.loc[speaking, name] for name in (evaluation.MODEL, evaluation.UNGUARDED))
    assert whole.tolist() == alone.tolist()


def test_refusal_says_where_and_what_to_do_when_a_sensor_is_silent(rows, plain):
    one = rows[(rows["id_episode"] == "E71") & rows["id_bassin"].isin(["B1", "B2"])]
    broken = pd.concat([one[one["id_bassin"] == "B1"], traps.silenced(one[one["id_bassin"] == "B2"])])
    with pytest.raises(guard.CapteurMuet) as caught:
        guard.require(broken, maximum=0.3)
    message = plain(caught.value)
    assert isinstance(caught.value, FormationError)
    for words in ("bassin", "B2", "absent", "pas d’alerte", "astreinte", "guard.Guarded()"):
        assert words in message


def test_nothing_is_refused_when_enough_is_measured(rows):
    guard.require(rows[[*features.KEYS, "jeu", *features.ALL]], maximum=0.05)
