"""Mesurer une jointure : un vrai gain se voit, un faux non, trop peu ne conclut rien."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from formation.comite import own_features, own_report, own_split
from formation.comite.own_conclusion import NOTHING, TOO_FEW, UNSURE, conclude
from formation.comite.own_join import Choices
from formation.comite.own_measure import measure
from formation.errors import DonneesInvalides, FormationError

DAYS = pd.date_range("2022-01-03", periods=420, freq="D")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Appels par jour, la pluie qui les cause, un bruit qui n’y est pour rien, et la réponse elle-même."""
    rng, where = np.random.default_rng(5), tmp_path_factory.mktemp("mesure")
    rain = rng.gamma(0.6, 8, len(DAYS)).round(1)
    calls = (40 + 1.5 * rain + rng.normal(0, 4, len(DAYS))).round()
    days = DAYS.strftime("%Y-%m-%d")
    pd.DataFrame({"date": days, "nb_appels": calls}).to_csv(where / "appels.csv", index=False)
    pd.DataFrame({"date": days, "pluie_mm": rain}).to_csv(where / "pluie.csv", index=False)
    pd.DataFrame({"date": days, "bruit": rng.normal(size=len(DAYS))}).to_csv(where / "bruit.csv", index=False)
    pd.DataFrame({"date": days, "total": calls + 1}).to_csv(where / "fuite.csv", index=False)
    towns = [f"{rank:05d}" for rank in range(1, 25) for _ in range(20)]
    need = {town: rng.normal() for town in dict.fromkeys(towns)}
    late = [int(need[town] + rng.normal(0, 0.5) > 0) for town in towns]
    pd.DataFrame({"code_commune": towns, "retard": late, "taille": rng.normal(size=480)}).to_csv(
        where / "dossiers.csv", index=False
    )
    pd.DataFrame({"code_commune": list(need), "charge": list(need.values())}).to_csv(where / "charge.csv", index=False)
    return where


def measured(folder, other, *, target="nb_appels", table="appels.csv", key="date", **options):
    return measure(folder / table, folder / other, [key], target, **options)


@pytest.fixture(scope="module")
def rain(folder):
    return measured(folder, "pluie.csv")


def test_true_link_gains_with_both_methods_and_not_the_placebo(rain):
    rows = rain.table.set_index("methode")
    assert rain.conclusion.startswith("Gain mesuré")
    assert rows.loc[["linéaire", "arbres"], "gain_bas"].min() > 0
    assert rows.loc["témoin", "gain"] < 0.05
    assert rain.facts["repartition"] == "temps"
    assert rain.facts["blocs_juges"] >= 12


def test_same_day_value_raises_the_question(rain, folder):
    assert "--decalage" in rain.conclusion
    delayed = measured(folder, "pluie.csv", choices=Choices(measuring=True, unmatched=1.0, delay_days=7))
    assert delayed.conclusion.startswith((NOTHING, "Perte"))


def test_noise_gains_nothing(folder):
    assert measured(folder, "bruit.csv").conclusion.startswith((NOTHING, "Perte"))


def test_column_that_gives_the_answer_is_denounced(folder, plain):
    found = measured(folder, "fuite.csv")
    assert "« total » (1,00)" in plain(found.conclusion)


def test_yes_or_no_is_judged_on_unseen_towns(folder):
    found = measured(folder, "charge.csv", target="retard", table="dossiers.csv", key="code_commune")
    assert found.facts["oui_ou_non"]
    assert found.facts["repartition"] == "groupes"
    assert found.table.set_index("methode").loc["linéaire", "gain_bas"] > 0


def test_same_seed_gives_the_same_measure(folder, rain):
    pd.testing.assert_frame_equal(measured(folder, "pluie.csv").table, rain.table)


def test_progress_is_told(folder):
    seen = []
    measured(folder, "bruit.csv", progress=lambda *step: seen.append(step))
    assert [step for step, _, _ in seen] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"target": "absente"}, "--cible absente"),
        ({"target": "date"}, "sert déjà de clé"),
        (
            {
                "date": "taille",
                "table": "dossiers.csv",
                "target": "retard",
                "key": "code_commune",
                "other": "charge.csv",
            },
            "n’est pas un jour",
        ),
        ({"group": "absente"}, "--groupe absente"),
        ({"target": "nb_appels", "group": "nb_appels"}, "sert déjà"),
    ],
)
def test_wrong_columns_are_told(folder, options, words):
    with pytest.raises(FormationError, match=words):
        measured(folder, **{"other": "pluie.csv"} | options)


def test_too_few_rows_or_groups_are_refused(folder, tmp_path):
    pd.read_csv(folder / "appels.csv").head(40).to_csv(tmp_path / "court.csv", index=False)
    with pytest.raises(FormationError, match="trop peu pour apprendre"):
        measure(tmp_path / "court.csv", folder / "pluie.csv", ["date"], "nb_appels")
    table = pd.DataFrame({"site": ["A", "B"] * 60, "y": range(120)})
    table.to_csv(tmp_path / "sites.csv", index=False)
    pd.DataFrame({"site": ["A", "B"], "z": [1, 2]}).to_csv(tmp_path / "z.csv", index=False)
    with pytest.raises(FormationError, match="2 groupes"):
        measure(tmp_path / "sites.csv", tmp_path / "z.csv", ["site"], "y")


def test_unsound_join_is_refused_before_measuring(folder, tmp_path):
    pd.DataFrame({"code_commune": range(1, 25), "charge": range(24)}).to_csv(tmp_path / "abime.csv", index=False)
    with pytest.raises(DonneesInvalides, match="est sans doute"):
        measure(folder / "dossiers.csv", tmp_path / "abime.csv", ["code_commune"], "retard")


def test_personal_columns_are_never_variables(folder, tmp_path):
    table = pd.read_csv(folder / "pluie.csv")
    table["id_usager"] = range(len(table))
    table.to_csv(tmp_path / "pluie.csv", index=False)
    found = measure(folder / "appels.csv", tmp_path / "pluie.csv", ["date"], "nb_appels")
    assert found.facts["variables_jointes"] == 1
    assert any("id_usager" in remark for remark in found.remarks)


def verdict(linear, trees, kept, **facts):
    names = ("moyenne", "linéaire", "arbres", "témoin", "retenue")
    bounds = ((0, 0), linear, trees, (-0.1, 0.1), kept)
    table = pd.DataFrame({
        "methode": names, "sans": [2, 1, 1, 1, 1], "avec": [np.nan, 0.9, 0.9, 1, 0.9],
        "gain": [np.nan, 0.1, 0.1, 0, 0.1],
        "gain_bas": [low for low, _ in bounds], "gain_haut": [high for _, high in bounds],
    })  # fmt: skip
    known = {"unite_des_blocs": "semaines", "lignes_jugees": 500, "blocs_juges": 50, "colonnes_suspectes": [],
             "colonnes_bavardes": [], "repartition": "groupes", "decalage": 0}  # fmt: skip
    return conclude(table, known | facts)


def test_verdict_asks_both_methods_to_agree():
    assert verdict((0.05, 0.2), (0.02, 0.2), (0.05, 0.2)).startswith("Gain mesuré")
    assert verdict((0.05, 0.2), (-0.02, 0.2), (0.05, 0.2)).startswith(UNSURE)
    assert verdict((-0.05, 0.2), (-0.02, 0.2), (-0.05, 0.2)).startswith(NOTHING)
    assert verdict((-0.3, -0.2), (-0.2, -0.1), (-0.3, -0.2)).startswith("Perte mesurée")
    # Un écart qui s’affiche 0,0 % n’est ni un gain ni une perte, quel que soit le nombre de lignes.
    assert verdict((0.0001, 0.0002), (0.0001, 0.0002), (0.0001, 0.0002)).startswith(NOTHING)
    assert verdict((-0.0002, -0.0001), (-0.1, 0.1), (-0.0002, -0.0001)).startswith(NOTHING)
    assert verdict((0.05, 0.2), (0.02, 0.2), (0.05, 0.2), blocs_juges=4).startswith(TOO_FEW)


def test_time_blocks_never_learn_the_future():
    frame = pd.DataFrame({"date": np.repeat(DAYS.strftime("%Y-%m-%d"), 2), "x": "1"})
    found = own_split.split(frame, ["date"])
    for learn, test in found.folds:
        assert frame["date"].iloc[learn].max() < frame["date"].iloc[test].min()


def test_group_blocks_never_learn_their_group():
    frame = pd.DataFrame({"site": [f"S{rank % 30}" for rank in range(300)]})
    for learn, test in own_split.split(frame, ["site"]).folds:
        assert not set(frame["site"].iloc[learn]) & set(frame["site"].iloc[test])


def test_codes_and_rare_words_are_not_numbers():
    columns = {
        "code": ["00001", "00002"] * 20,
        "prix": ["1,5", "2 000"] * 20,
        "rue": [f"R{rank}" for rank in range(40)],
    }
    table = pd.DataFrame({**columns, "vide": [None] * 40}, dtype="str")
    found = own_features.predictors(table, list(table.columns))
    assert list(found.values) == ["code = 00001", "code = 00002", "prix"]
    assert found.values["prix"].max() == 2000
    assert any("rue" in remark for remark in found.remarks)


@pytest.mark.parametrize(
    ("texts", "words"), [(["a", "b"], "n’est pas un nombre"), (["3", "3"], "toujours la même valeur")]
)
def test_target_that_cannot_be_forecast_is_told(texts, words):
    with pytest.raises(FormationError, match=words):
        own_features.target(pd.Series(texts, dtype="str"), "y")


def test_report_is_written_both_ways(rain, tmp_path):
    for name in ("r.html", "r.csv"):
        own_report.write_measure(rain, tmp_path / name)
        assert "témoin" in (tmp_path / name).read_text("utf-8")
    assert "9 fois sur 10" in own_report.measure_text(rain)
