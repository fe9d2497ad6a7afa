"""Dates et heures d’un fichier, lues comme elles sont écrites."""

from __future__ import annotations

import numpy as np
import pytest

from formation.datasets import moments

EXAMPLE = "2019-10-26 18:05"


def parsed(*texts, **options):
    return moments.parse(np.array(texts, dtype=object), **options)


@pytest.mark.parametrize(
    ("text", "moment", "offset_min"),
    [
        ("2019-10-26 18:05", "2019-10-26T18:05:00", None),
        ("26/10/2019 8h05", "2019-10-26T08:05:00", None),
        ("2019-1-6T18:05:09.25", "2019-01-06T18:05:09.250000", None),
        ("2019-10-26T18:05Z", "2019-10-26T18:05:00", 0),
        ("2019-10-26 18:05:00 UTC", "2019-10-26T18:05:00", 0),
        ("2019-10-26T18:05-0330", "2019-10-26T18:05:00", -210),
        ("26/10/2019 18:05+02", "2019-10-26T18:05:00", 120),
    ],
)
def test_moment_and_offset_are_read_as_written(text, moment, offset_min):
    local, offset = parsed(text, f" {text} ")
    assert (local == np.datetime64(moment)).all()
    assert (np.isnan(offset) if offset_min is None else offset == offset_min).all()


@pytest.mark.parametrize("text", ["2019-10-26T18:05+15:00", "2019-10-26T18:05+02:60", "2019-02-30 10:00", "18:05", ""])
def test_impossible_moment_is_left_empty(text):
    assert np.isnat(parsed(text)[0]).all()


def test_date_alone_is_midnight_only_when_told_so():
    assert np.isnat(parsed("2019-10-26")[0]).all()
    assert parsed("2019-10-26", midnight=True)[0].tolist() == parsed("2019-10-26 00:00")[0].tolist()


def test_spreadsheet_seconds_are_rounded_to_the_minute():
    local, _ = parsed("2019-10-26 18:04:59.990000", "2019-10-26", midnight=True)
    assert moments.to_minute(local).astype(str).tolist() == ["2019-10-26T18:05:00", "2019-10-26T00:00:00"]


def test_each_kind_of_writing_has_its_message(plain):
    texts = np.array(["43764.5", "04/13/2019 10:00", "4/3/19 10:00", "hier", "22:15", "", "x" * 90], dtype=object)
    lines = np.arange(2, 2 + len(texts))
    problems = moments.unreadable(texts, moments.parse(texts)[0], lines, "heure", example=EXAMPLE)
    told = {line: plain(problem.message) for problem in problems for line in problem.lines}
    words = ["numéro d’ordre d’un jour", "mois avant le jour", "deux chiffres d’année", "n’est pas une date"]
    words += ["heure sans date", "case est vide", "n’est pas une date"]
    for line, word in zip(lines, words, strict=True):
        assert word in told[line]
        assert EXAMPLE in told[line]
    assert max(len(value) for problem in problems for value in problem.values) == 40
