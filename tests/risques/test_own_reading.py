"""Les mesures d’une collectivité : heures, unités, pas, valeurs impossibles, et ce qui est accepté."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formation.datasets import clock as clocks
from formation.datasets.moments import parse
from formation.errors import DonneesInvalides
from formation.risques import own_clock, own_columns, own_reading

NAMES = {"station": "id_bassin", "instant": "date_heure", "pluie": "pluie_mm_h", "debit": "debit_m3_s"}
TODAY = pd.Timestamp("2026-11-22")


@pytest.fixture
def frame(own_series):
    """Trois mille lignes propres, une seule station, sans interruption."""
    one = own_series[own_series["station"] == "Alzon"].head(3000).copy()
    one["instant"] = pd.date_range("2021-05-01", periods=len(one), freq="5min")
    return one.rename(columns=NAMES)


@pytest.fixture
def write(tmp_path):
    """Écrit un fichier au format demandé."""

    def save(frame, name="mesures.csv", **options):
        path = tmp_path / name
        frame.to_csv(path, index=False, **options)
        return path

    return save


@pytest.fixture
def refusal(plain, tmp_path):
    """Message d’un refus ; rien n’est écrit à côté du fichier."""

    def read(path, **options):
        before = sorted(tmp_path.iterdir())
        with pytest.raises(DonneesInvalides) as caught:
            own_reading.read(path, today=TODAY, **options)
        assert sorted(tmp_path.iterdir()) == before
        return plain(caught.value)

    return read


def night(start, end, zone="UTC"):
    """Mesures d’une nuit, écrites à l’heure d’un fuseau."""
    moments = pd.date_range(start, end, freq="5min", tz="UTC")
    written = moments.tz_convert(zone).strftime("%Y-%m-%d %H:%M")
    level = np.round(np.linspace(0.5, 1.5, len(moments)), 3)
    return pd.DataFrame({"date_heure": written, "pluie_mm_h": 1.0, "debit_m3_s": level}), moments


AUTUMN, SPRING = ("2019-10-26 12:00", "2019-10-27 20:00"), ("2019-03-30 12:00", "2019-03-31 20:00")


def test_french_excel_csv_is_read_as_the_plain_one(frame, write):
    plain_one = own_reading.read(write(frame), today=TODAY)
    french = frame.assign(date_heure=frame["date_heure"].dt.strftime("%d/%m/%Y %H:%M")).rename(
        columns={
            "date_heure": "Date (TU)",
            "id_bassin": "Station",
            "pluie_mm_h": "Pluie mm/h",
            "debit_m3_s": "Débit m3/s",
        }
    )
    read = own_reading.read(write(french, "fr.csv", sep=";", decimal=",", encoding="cp1252"), today=TODAY)
    np.testing.assert_array_equal(read.grid.flow, plain_one.grid.flow)
    np.testing.assert_array_equal(read.grid.rain, plain_one.grid.rain)
    assert (read.zone, plain_one.zone) == ("UTC", "heure fixe")
    assert any("virgule décimale" in remark for remark in read.remarks)


@pytest.mark.parametrize("name", ["m.xlsx", "m.ods"])
def test_spreadsheet_is_read_when_dates_are_dates(frame, tmp_path, name):
    small = frame.head(400)
    small.to_excel(tmp_path / name, index=False, engine="odf" if name.endswith("ods") else "openpyxl")
    read = own_reading.read(tmp_path / name, today=TODAY)
    np.testing.assert_allclose(read.grid.flow[0], small["debit_m3_s"], rtol=1e-6)
    assert read.grid.step_min == 5


def test_date_and_hour_are_joined_when_in_two_columns(frame, write):
    split = frame.head(300).assign(
        date=lambda f: f["date_heure"].dt.strftime("%d/%m/%Y"), heure=lambda f: f["date_heure"].dt.strftime("%H:%M")
    )
    read = own_reading.read(write(split.drop(columns="date_heure")), today=TODAY)
    assert read.grid.start == np.datetime64("2021-05-01T00:00")
    assert read.grid.flow.shape == (1, 300)


def test_litres_and_depths_are_converted_when_named_so(frame, write, plain):
    own = frame.assign(debit_l_s=1000 * frame["debit_m3_s"], pluie_mm=frame["pluie_mm_h"] / 12)
    read = own_reading.read(write(own.drop(columns=["debit_m3_s", "pluie_mm_h"])), today=TODAY)
    np.testing.assert_allclose(read.grid.flow[0], frame["debit_m3_s"], rtol=1e-5)
    np.testing.assert_allclose(read.grid.rain[0], frame["pluie_mm_h"], atol=1e-5)
    assert "multipliée par 12" in plain(" ".join(read.remarks))


def test_one_minute_series_is_averaged_to_five(write):
    moments = pd.date_range("2021-05-01", periods=1500, freq="1min")
    own = pd.DataFrame({"date_heure": moments, "pluie_mm_h": np.tile([0, 5, 10, 15, 20], 300), "debit_m3_s": 0.5})
    read = own_reading.read(write(own), today=TODAY)
    assert read.grid.step_min == 5
    assert np.unique(read.grid.rain).tolist() == [10.0]


def test_gaps_stay_empty_when_rows_are_missing(frame, write):
    holed = frame.drop(index=frame.index[100:130])
    read = own_reading.read(write(holed), today=TODAY)
    assert np.isnan(read.grid.flow[0, 100:130]).all()
    assert np.isfinite(np.delete(read.grid.flow[0], range(100, 130))).all()


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (AUTUMN, ("le 27/10/2019 de 02:00 à 02:59", "chaque heure figure deux fois", "heure d’hiver")),
        (SPRING, ("le 31/03/2019 de 02:00 à 02:59", "rien n’est mesuré", "heure d’été")),
    ],
    ids=["automne", "printemps"],
)
def test_local_time_across_a_change_asks_for_the_zone(write, refusal, span, words):
    message = refusal(write(night(*span, "Europe/Paris")[0]))
    for word in (*words, "lignes", "Deux lectures", "--fuseau Europe/Paris", "--fuseau UTC"):
        assert word in message


@pytest.mark.parametrize("span", [AUTUMN, SPRING], ids=["automne", "printemps"])
@pytest.mark.parametrize("reverse", [False, True], ids=["croissant", "décroissant"])
def test_local_time_is_converted_when_the_zone_is_given(write, span, reverse):
    own, moments = night(*span, "Europe/Paris")
    read = own_reading.read(write(own[::-1] if reverse else own), zone="Europe/Paris", today=TODAY)
    assert read.grid.start == moments[0].tz_localize(None).to_datetime64()
    np.testing.assert_allclose(read.grid.flow[0], own["debit_m3_s"], rtol=1e-6)


def test_universal_time_needs_no_zone_when_nothing_repeats(write, plain):
    own, moments = night(*AUTUMN)
    read = own_reading.read(write(own), today=TODAY)
    assert read.grid.flow.shape == (1, len(moments))
    assert "sans heure répétée ni sautée" in plain(" ".join(read.remarks))


def test_universal_time_read_as_local_is_refused_in_spring(write, refusal):
    message = refusal(write(night(*SPRING)[0]), zone="Europe/Paris")
    assert "l’heure n’existe pas dans le fuseau Europe/Paris" in message
    assert "--fuseau UTC" in message


def test_sorted_repeats_are_refused_because_order_is_lost(write, refusal):
    own = night(*AUTUMN, "Europe/Paris")[0].sort_values("date_heure", kind="stable")
    message = refusal(write(own), zone="Europe/Paris")
    assert "L’ordre du fichier ne dit pas laquelle" in message
    assert "2019-10-27T02:00:00+01:00" in message
    assert "00:00 UTC avant le changement, 01:00 UTC après" in message


def test_local_repeats_read_as_universal_are_doubles_with_a_hint(write, refusal):
    message = refusal(write(night(*AUTUMN, "Europe/Paris")[0]), zone="UTC")
    assert "figure déjà à la ligne" in message
    assert "--fuseau Europe/Paris" in message


def test_written_offsets_win_and_must_be_everywhere(write, refusal):
    own, moments = night(*AUTUMN)
    stamped = moments.tz_convert("Europe/Paris").strftime("%Y-%m-%dT%H:%M%z")
    read = own_reading.read(write(own.assign(date_heure=stamped)), today=TODAY)
    assert read.zone == "écrit dans les cases"
    np.testing.assert_allclose(read.grid.flow[0], own["debit_m3_s"], rtol=1e-6)
    mixed = np.where(np.arange(len(own)) < 5, own["date_heure"], stamped)
    assert "le fuseau est écrit dans certaines cases" in refusal(write(own.assign(date_heure=mixed)))


def test_unknown_zone_is_refused_before_reading(tmp_path, plain):
    with pytest.raises(clocks.FuseauInconnu) as caught:
        own_reading.read(tmp_path / "absent.csv", zone="Paris")
    assert "Indian/Reunion" in plain(caught.value)


@settings(max_examples=30, deadline=None)
@given(
    year=st.integers(2000, 2025),
    month=st.sampled_from([3, 10]),
    hours=st.integers(-80, 20),
    zone=st.sampled_from(["Europe/Paris", "Indian/Reunion", "America/Miquelon", "+01:00"]),
    step=st.sampled_from([5, 15, 60]),
)
def test_local_series_always_finds_its_universal_time(year, month, hours, zone, step):
    """Une série complète, dans l’ordre, à l’heure locale : la conversion est exacte, changement d’heure ou non."""
    sunday = pd.Timestamp(year, month, 31) - pd.Timedelta(days=pd.Timestamp(year, month, 31).day_of_week + 1)
    first = (sunday + pd.Timedelta(hours=hours)).tz_localize("UTC")
    moments = pd.date_range(first, periods=3 * 24 * 60 // step, freq=f"{step}min")
    written = moments.tz_convert(zone).strftime("%d/%m/%Y %H:%M").to_numpy(object)
    local, offset = parse(written)
    rows = np.arange(len(local))
    clock = own_clock.align(local, offset, np.zeros_like(rows), rows + 2, "date_heure", zone)
    wanted = moments.tz_localize(None).to_numpy().astype("datetime64[s]")
    # Au bord du fichier, une heure répétée n’est là qu’une fois : le doute est dit, jamais tranché.
    told = np.isnat(clock.utc)
    assert told.any() == bool(clock.problems)
    np.testing.assert_array_equal(clock.utc[~told], wanted[~told])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("43764.5", "numéro d’ordre d’un jour"),
        ("04/13/2019 10:00", "mois avant le jour"),
        ("4/3/19 10:00", "deux chiffres d’année"),
        ("hier", "n’est pas une date"),
        ("2019-02-31 10:00", "n’est pas une date"),
        ("2099-01-01 00:00", "dans le futur"),
        ("1899-12-30 00:00", "est avant le 1950-01-01"),
    ],
)
def test_unreadable_moment_says_why_and_gives_the_form(frame, write, refusal, text, words):
    own = frame.assign(date_heure=frame["date_heure"].astype(str))
    own.loc[own.index[7], "date_heure"] = text
    message = refusal(write(own))
    assert words in message
    assert "ligne 9" in message
    assert "AAAA-MM-JJ HH:MM" in message


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("pluie_mm_h", -0.2, ("une intensité de pluie ne peut pas être négative", "entre 0 et 600 mm/h")),
        ("pluie_mm_h", 4200, ("est impossible", "dixièmes de millimètre")),
        ("pluie_mm_h", -999, ("code d’une mesure absente", "case vide")),
        ("debit_m3_s", -1, ("un débit ne peut pas être négatif",)),
        ("debit_m3_s", 50_000, ("litres par seconde", "debit_l_s")),
        ("debit_m3_s", "3 m3", ("mêle un nombre et une unité",)),
    ],
)
def test_impossible_value_says_where_and_what_to_do(frame, write, refusal, column, value, words):
    own = frame.astype({column: object})
    own.loc[own.index[40], column] = value
    message = refusal(write(own))
    assert f"ligne 42, colonne « {column} »" in message
    for word in words:
        assert word in message


def test_depth_of_a_step_is_impossible_when_its_hourly_rate_is(frame, write, refusal):
    own = frame.assign(pluie_mm=frame["pluie_mm_h"] / 12).drop(columns="pluie_mm_h")
    own.loc[own.index[3], "pluie_mm"] = 80.0
    message = refusal(write(own))
    assert "« 80 » mm en 5 min, soit 960 mm/h" in message
    assert "au plus 50 mm" in message


def test_every_problem_is_told_at_once(frame, write, refusal):
    own = frame.astype({"pluie_mm_h": object, "debit_m3_s": object}).assign(date_heure=frame["date_heure"].astype(str))
    own.loc[own.index[5], "pluie_mm_h"] = -3
    own.loc[own.index[6], "debit_m3_s"] = "beaucoup"
    own.loc[own.index[7], "date_heure"] = "hier"
    own.loc[own.index[50], "date_heure"] = "2021-05-01 04:12"
    message = refusal(write(own))
    assert message.startswith("4 sortes de problèmes")
    for word in ("négative", "beaucoup", "hier", "Rééchantillonnez"):
        assert word in message


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (np.cumsum(np.r_[0, np.tile([5, 7, 11, 3], 100)]), "le pas de temps varie"),
        (np.arange(401) * 7, "le pas de temps est de 7 min"),
        (np.arange(401) * 120, "le pas de temps est de 120 min"),
        (np.delete(np.arange(401) * 5, 9) + np.r_[np.zeros(200), np.full(200, 2)], "alors que le pas est de 5 min"),
    ],
    ids=["variable", "7 min", "2 h", "décalé"],
)
def test_irregular_step_is_refused(write, refusal, minutes, words):
    moments = pd.Timestamp("2021-05-01") + pd.to_timedelta(minutes, unit="min")
    own = pd.DataFrame({"date_heure": moments, "pluie_mm_h": 1.0, "debit_m3_s": 0.2})
    assert words in refusal(write(own))


def test_basins_with_different_steps_are_refused(write, refusal):
    slow = pd.DataFrame({"date_heure": pd.date_range("2021-05-01", periods=200, freq="15min"), "id_bassin": "B"})
    fast = pd.DataFrame({"date_heure": pd.date_range("2021-05-01", periods=400, freq="5min"), "id_bassin": "A"})
    own = pd.concat([fast, slow]).assign(pluie_mm_h=1.0, debit_m3_s=0.2)
    assert "A, 5 min ; B, 15 min" in refusal(write(own))


def test_series_restarting_off_beat_is_accepted_after_a_long_break(frame, write, plain):
    moved = frame["date_heure"].where(np.arange(len(frame)) < 500, frame["date_heure"] + pd.Timedelta("12h2min"))
    read = own_reading.read(write(frame.assign(date_heure=moved)), today=TODAY)
    assert "1 reprise" in plain(" ".join(read.remarks))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda f: f.rename(columns={"pluie_mm_h": "pluie"}), ("le nom ne dit pas l’unité", "multipliée par douze")),
        (lambda f: f.rename(columns={"debit_m3_s": "débit"}), ("mètres cubes ou litres par seconde",)),
        (lambda f: f.rename(columns={"debit_m3_s": "hauteur_m"}), ("courbe de tarage",)),
        (lambda f: f.drop(columns="date_heure"), ("la colonne manque", "deux colonnes date et heure")),
        (lambda f: f.rename(columns={"debit_m3_s": "dÃ©bit"}), ("mêle sans doute deux encodages",)),
        (lambda f: f.assign(id_bassin=["VidourlÃ©"] + ["Vidourlé"] * (len(f) - 1)), ("mêle deux encodages",)),
        (lambda f: f.iloc[:0], ("aucune ligne",)),
        (lambda f: f.head(50), ("50 lignes seulement",)),
        (lambda f: f.assign(debit_m3_s=np.nan), ("aucune valeur dans cette colonne",)),
        (lambda f: f.assign(id_bassin=[f"B{k % 70}" for k in range(len(f))]), ("70 bassins",)),
        (lambda f: pd.concat([f, f.iloc[10:12]]), ("figure déjà à la ligne 12",)),
    ],
    ids=["pluie nue", "débit nu", "hauteur", "sans heure", "en-tête", "code", "vide", "court", "colonne vide", "70",
         "double"],
)  # fmt: skip
def test_file_is_refused_in_french_when_unusable(frame, write, refusal, change, words):
    message = refusal(write(change(frame)))
    for word in words:
        assert word in message


@pytest.mark.parametrize(
    ("factor", "column", "words"),
    [
        (1000, "debit_m3_s", ("il faudrait au moins", "debit_l_s")),
        (1 / 60, "pluie_mm_h", ("mm de pluie par an", "nommez la colonne « pluie_mm »")),
        (10, "pluie_mm_h", ("mm de pluie par an", "divisez par 10")),
    ],
)
def test_unit_is_doubted_when_the_year_does_not_add_up(write, refusal, factor, column, words):
    rng, count = np.random.default_rng(5), 20_000
    rain = np.where(rng.random(count) < 0.02, rng.gamma(1, 6.0, count), 0).round(2)
    own = pd.DataFrame(
        {
            "date_heure": pd.date_range("2021-01-01", periods=count, freq="15min"),
            "pluie_mm_h": rain,
            "debit_m3_s": (0.08 + pd.Series(rain).rolling(8, min_periods=1).mean() / 3).round(4),
        }
    )
    own_reading.read(write(own), today=TODAY)
    message = refusal(write(own.assign(**{column: (own[column] * factor).round(4)})))
    for word in words:
        assert word in message


def test_silent_flow_in_the_rain_is_told(frame, write, plain):
    own = frame.assign(debit_m3_s=frame["debit_m3_s"].where(frame["pluie_mm_h"] < 20))
    read = own_reading.read(write(own), today=TODAY)
    assert "le débit manque" in plain(" ".join(read.remarks))
    assert "se tait quand il sert" in plain(" ".join(read.remarks))


def test_huge_file_is_refused_with_what_to_do(refusal, monkeypatch, frame, write):
    monkeypatch.setattr(own_reading, "LIMITS", replace(own_reading.LIMITS, rows=1000))
    message = refusal(write(frame))
    assert "plus de 1 000 lignes" in message
    assert "un fichier par cours d’eau" in message


def test_absurd_period_is_refused_without_reserving_memory(frame, write, refusal):
    names = [f"B{k}" for k in range(50)]
    parts = [frame.head(300).assign(id_bassin=name) for name in names]
    parts[0] = parts[0].assign(date_heure=parts[0]["date_heure"] - pd.Timedelta(days=365 * 60))
    assert "une date est fausse" in refusal(write(pd.concat(parts)))


@pytest.mark.parametrize(
    "content", [b"", b"\xef\xbb\xbf  \n\n", b"%PDF-1.7 " + b"x" * 500], ids=["vide", "blanc", "pdf"]
)
def test_file_that_is_not_a_table_is_refused(tmp_path, refusal, content):
    path = tmp_path / "m.csv"
    path.write_bytes(content)
    assert "vide" in refusal(path) or "PDF" in refusal(path)


def test_two_exports_in_two_encodings_are_not_two_basins(frame, tmp_path, refusal):
    first = frame.head(400).assign(id_bassin="Vidourlé").to_csv(index=False).encode("utf-8")
    second = frame.iloc[400:800].assign(id_bassin="Vidourlé").to_csv(index=False, header=False).encode("cp1252")
    path = tmp_path / "mesures.csv"
    path.write_bytes(first + second)
    message = refusal(path)
    assert "« VidourlÃ© » mêle deux encodages" in message
    assert "CSV UTF-8" in message


def test_columns_keep_the_words_of_the_file():
    found, problems = own_columns.recognise(["Poste", "Date et heure", "RR_mm", "Q m3/s"])
    assert problems == []
    assert found.names == {"id_bassin": "Poste", "date_heure": "Date et heure", "pluie": "RR_mm", "debit": "Q m3/s"}
    assert (found.rain_unit, found.flow_unit) == ("mm", "m³/s")
