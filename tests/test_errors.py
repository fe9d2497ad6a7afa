from __future__ import annotations

import errno
import subprocess
import sys

import pytest

import formation
from formation.errors import DonneesInvalides, FormationError, Problem, reason


def loaded_by(code: str) -> set[str]:
    output = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys\nprint(*sys.modules)"], capture_output=True, text=True, check=True
    )
    return set(output.stdout.split())


@pytest.mark.parametrize("code", ["import formation", "import formation.cli"])
def test_nothing_heavy_is_imported_when_face_is(code):
    assert not loaded_by(code) & {"pandas", "numpy", "sklearn", "matplotlib", "rich", "openpyxl"}


def test_wing_is_imported_at_first_use_when_face_is():
    assert "formation.territory" in loaded_by("import formation; formation.territory")


def test_attribute_error_when_wing_does_not_exist():
    with pytest.raises(AttributeError, match="cantines"):
        formation.cantines  # noqa: B018


def test_message_gives_first_lines_and_count_when_many(plain):
    problem = Problem("vide", "case vide.", column="date", lines=(2, 3, 4, 5, 6), count=12_345)
    error = DonneesInvalides("x.csv", [problem], ["Séparateur accepté."])
    assert isinstance(error, FormationError)
    assert plain(error).splitlines() == [
        "1 problème dans x.csv. Rien n’a été modifié.",
        "- x.csv, lignes 2, 3, 4, 5, 6 et 12 340 autres, colonne « date » : case vide.",
        "Par ailleurs, accepté et converti à la lecture :",
        "- Séparateur accepté.",
    ]


def test_reason_is_french_when_disk_is_full():
    assert reason(OSError(errno.ENOSPC, "No space left on device")) == "le disque est plein"
    assert reason(OSError(9999, "obscur")) == "obscur"
