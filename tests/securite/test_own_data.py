"""Le journal d’alertes d’une salle de contrôle : ce qu’il prouve, ce qu’il ne prouve pas."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from formation import metrics, securite
from formation.errors import DonneesInvalides
from formation.securite import own_alarms, own_data, own_report


@pytest.fixture
def log(tmp_path):
    """Journal de `evenings` soirées ; `right` alertes vraies sur `count` chaque soir, toutes les dix minutes."""

    def write(evenings=12, count=15, right=3, unchecked=0, camera=None):
        rows = [
            (
                pd.Timestamp("2025-06-01 20:00") + pd.Timedelta(days=evening, minutes=10 * rank),
                "" if rank >= count - unchecked else int(rank < right),
                camera(rank) if camera else f"C{rank % 8:02d}",
            )
            for evening in range(evenings)
            for rank in range(count)
        ]
        table = pd.DataFrame(rows, columns=["horodatage", "confirmee", "camera"])
        table.to_csv(tmp_path / "journal.csv", index=False)
        return tmp_path / "journal.csv"

    return write


def values(result):
    return result.table.set_index("indicateur")


def test_precision_and_load_are_those_of_the_log(log, plain):
    result = securite.own(log(), 72)
    found = values(result)
    assert found.loc["precision", "valeur"] == pytest.approx(0.2)
    assert tuple(found.loc["precision", ["bas", "haut"]]) == pytest.approx(metrics.share_interval(36, 180))
    assert found.loc["alertes_par_heure", "valeur"] == pytest.approx(2.5)
    assert found.loc["fausses_par_heure", "valeur"] == pytest.approx(2.0)
    assert plain(result.conclusion).startswith("20 alertes sur 100 sont vraies (36 sur 180 alertes vérifiées)")


def test_true_share_falls_when_the_danger_is_rarer(log):
    other = securite.own(log(), 72, rarer=(1, 10)).other.set_index("rarete")
    # 3 vraies pour 12 fausses par soir, puis 0,3 pour 12.
    assert other["precision"].tolist() == pytest.approx([3 / 15, 0.3 / 12.3])
    assert other.loc[10, "alertes_par_heure"] == pytest.approx(12.3 / 6)


def test_interval_widens_when_evenings_differ(tmp_path):
    rows = [
        (pd.Timestamp("2025-06-01 20:00") + pd.Timedelta(days=evening, minutes=10 * rank), int(evening % 4 == 0))
        for evening in range(12)
        for rank in range(15)
    ]
    pd.DataFrame(rows, columns=["horodatage", "confirmee"]).to_csv(tmp_path / "j.csv", index=False)
    result = securite.own(tmp_path / "j.csv", 72)
    low, high = metrics.share_interval(45, 180)
    assert values(result).loc["precision", "bas"] < low
    assert values(result).loc["precision", "haut"] > high
    assert any("élargi" in remark for remark in result.remarks)


def test_nothing_is_concluded_from_a_few_alarms(log, plain):
    text = plain(securite.own(log(evenings=1, count=10), 6).conclusion)
    assert text.startswith("Trop tôt pour conclure (3 sur 10 alertes vérifiées, il en faut au moins 30)")
    assert "heures de veille" in text.splitlines()[-1]


def test_unchecked_alarms_leave_the_share_open(log, plain):
    result = securite.own(log(unchecked=6), 72)
    assert values(result).loc["precision", "valeur"] == pytest.approx(3 / 9)
    assert "tomberait à 20 % ; si toutes étaient vraies, elle monterait à 60 %" in plain(result.conclusion)
    nothing = securite.own(log(unchecked=15), 72)
    assert nothing.conclusion.startswith("Rien à conclure")
    assert json.loads(own_report.to_json(nothing))["resultat"][0]["valeur"] is None


def test_missed_dangers_bound_the_recall(log, plain):
    result = securite.own(log(), 72, missed=12)
    assert values(result).loc["rappel_au_plus", "valeur"] == pytest.approx(0.75)
    assert "75 % au plus" in plain(result.conclusion)
    assert "ne dit rien des dangers" in plain(securite.own(log(), 72).conclusion)


def test_hours_are_asked_when_they_are_not_given(log):
    result = securite.own(log())
    assert list(values(result).index) == ["precision"]
    assert "--heures" in result.conclusion


def test_watches_give_the_hours_and_leave_outside_alarms_aside(log, tmp_path, plain):
    nights = pd.date_range("2025-06-01 20:00", periods=10, freq="D")
    table = pd.DataFrame({"debut": nights, "fin": nights + pd.Timedelta(hours=6)})
    table.to_csv(tmp_path / "veilles.csv", index=False)
    result = securite.own(log(), watches=tmp_path / "veilles.csv")
    assert result.facts["heures_veille"] == 60
    assert result.facts["alertes"] == 150
    assert "30 alertes hors de toute veille" in plain(" ".join(result.remarks))


def test_watches_of_other_days_are_refused(log, tmp_path):
    (tmp_path / "v.csv").write_text("debut,fin\n2024-06-01 20:00,2024-06-02 02:00\n")
    with pytest.raises(own_data.EssaiImpossible, match="Aucune alerte ne tombe"):
        securite.own(log(), watches=tmp_path / "v.csv")


def test_too_few_hours_for_the_alarms_are_refused(log):
    with pytest.raises(DonneesInvalides, match="heures d’horloge"):
        securite.own(log(), 3)


def test_impossible_requests_are_told_at_once(log, tmp_path):
    with pytest.raises(own_data.EssaiImpossible) as stopped:
        securite.own(log(), -3, watches=tmp_path / "v.csv", rarer=[0], missed=-1)
    for said in ("-3 heures", "--veilles", "rareté", "-1 dangers"):
        assert said in str(stopped.value)


def test_problems_of_both_files_are_told_together(tmp_path):
    (tmp_path / "j.csv").write_text("horodatage,confirmee\nhier,1\n")
    (tmp_path / "v.csv").write_text("debut\n2025-06-01 20:00\n")
    with pytest.raises(DonneesInvalides) as stopped:
        securite.own(tmp_path / "j.csv", watches=tmp_path / "v.csv")
    assert "j.csv, ligne 2" in str(stopped.value)
    assert "v.csv, colonne « fin »" in str(stopped.value).replace("\u00a0", " ")


def test_noisy_camera_and_repeated_alarms_are_said(log, plain):
    result = securite.own(log(count=15, right=0, camera=lambda rank: "C01" if rank < 9 else f"C{rank:02d}"), 72)
    assert "« C01 » donne 60 % des fausses alertes" in plain(" ".join(result.remarks))
    assert plain(result.conclusion).startswith("Aucune alerte n’est vraie")


def test_repeated_alarms_of_a_camera_are_said(tmp_path, plain):
    (tmp_path / "j.csv").write_text(
        "horodatage,confirmee,camera\n2025-06-01 20:00,1,C1\n2025-06-01 20:02,1,C1\n2025-06-01 20:03,0,C2\n"
    )
    assert "1 alerte suit de moins de cinq minutes" in plain(" ".join(securite.own(tmp_path / "j.csv").remarks))


def test_enough_alarms_agrees_with_the_interval_it_announces():
    for share in (0.05, 0.2, 0.5):
        frame = pd.DataFrame({"confirmee": pd.array(np.arange(400) < 400 * share, dtype="Int8")})
        found = own_alarms.Found(frame, np.zeros(400), 96.0, None, 447)
        low, high = metrics.share_interval(round(share * found.needed), found.needed)
        assert (high - low) / 2 == pytest.approx(own_alarms.WANTED, abs=0.02)


@pytest.mark.parametrize("name", ["r.html", "r.csv"])
def test_report_holds_the_table_and_the_reserve(log, tmp_path, name):
    result = securite.own(log(), 72)
    own_report.write(result, tmp_path / name)
    text = (tmp_path / name).read_text("utf-8")
    assert "alertes par heure de veille" in text
    assert ("Seul un essai sur place" in text) == name.endswith("html")
    assert "10 fois" in own_report.to_text(result)


def test_hours_no_room_could_watch_are_pointed_out(log, plain):
    honest, wild = securite.own(log(), 72), securite.own(log(), 1_000_000)
    assert not any("vérifiez ce nombre" in plain(note) for note in honest.remarks)
    assert any("1 000 000 heures de veille pour un journal de 12 jours" in plain(note) for note in wild.remarks)
    assert "une toutes les 5 556 heures" in plain(wild.conclusion)
