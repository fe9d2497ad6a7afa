"""Archives ZIP hostiles : rien ne sort du dossier, la copie honnête de la même archive est prise."""

import contextlib
import json
import os
from pathlib import Path

import pytest
from battery.archives import ARCHIVES
from battery.bench import PILOT, pilot_sheet

from formation.classroom.collect import collect
from formation.classroom.course import open_course
from formation.classroom.errors import AtelierImpossible

pytestmark = pytest.mark.lent

NAME = PILOT.stem
HONEST = "stagiaire-01"


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    """Session vierge et copie honnête."""
    root = tmp_path_factory.mktemp("archives")
    sheet = pilot_sheet(root / "cours", "secret")
    return root, json.dumps(sheet.copy("juste")).encode()


def _everything(folder):
    return {Path(parent) / name for parent, _, names in os.walk(folder) for name in names}


@pytest.mark.parametrize("name", ARCHIVES)
def test_archive_stays_in_its_place_and_loses_no_honest_copy(bench, name):
    root, payload = bench
    make, kept = ARCHIVES[name]
    archive = root / f"{name}.zip"
    make(archive, f"{HONEST}/{NAME}.ipynb", payload, NAME)
    course = open_course(root / "cours")
    before = _everything(root)
    taken = set()
    with contextlib.suppress(AtelierImpossible):
        taken = {(one.learner, one.exercise) for one in collect(course, archive).taken}
    assert ((HONEST, NAME) in taken) is kept
    assert len(taken) <= 1
    new = _everything(root) - before
    assert {path.relative_to(root / "cours").parts[0] for path in new} <= {"submitted", "recus"}
    assert not [path for path in new if path.is_symlink()]
    # 60 ou 300 Mo annoncés ou cachés : rien n’est déplié sur le disque
    assert sum(path.stat().st_size for path in new) < 1_000_000
