"""Tuée à n’importe quel instant (kill -9), une correction ne perd rien : la suivante finit le travail."""

import os
import random
import time

import pytest
import runs

COPIES = 40
KILLS = int(os.environ.get("FORMATION_FINS_BRUTALES", "3"))
"""Vingt instants se mesurent avec FORMATION_FINS_BRUTALES=20 ; trois suffisent d’ordinaire."""


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory):
    return runs.course(tmp_path_factory.mktemp("rendu"), COPIES)


@pytest.fixture(scope="module")
def whole(handed_in, tmp_path_factory):
    """Correction menée au bout sans interruption : ses lignes et sa durée."""
    folder = tmp_path_factory.mktemp("entiere")
    root = runs.clone(handed_in, folder)
    start = time.monotonic()
    code, _, err = runs.finish(runs.command(root, temporary=folder / "t"))
    assert code == 0, err
    return runs.rows(root), time.monotonic() - start


def kill_and_finish(handed_in, whole, tmp_path, seed):
    expected, seconds = whole
    root, temporary = runs.clone(handed_in, tmp_path), tmp_path / "t"
    process = runs.command(root, temporary=temporary)
    # la première seconde ne fait que charger Python
    time.sleep(random.Random(seed).uniform(0.5, max(1.0, seconds)))
    process.kill()
    runs.finish(process)
    assert runs.wait_until(lambda: not runs.processes(temporary)), "un processus est resté"
    written, done = runs.rows(root)
    assert {line[1] for line in written["copies"]} == {line[0] for line in done}
    for line in done:
        assert list((root / "autograded" / line[0] / "tp1").glob("*.ipynb"))
    code, out, err = runs.finish(runs.command(root, temporary=temporary))
    assert code == 0, err + out
    assert runs.rows(root) == expected
    assert not list(root.rglob("*.tmp"))
    assert not list(temporary.iterdir())


@pytest.mark.lent
@pytest.mark.parametrize("seed", range(KILLS))
def test_killed_run_is_finished_by_the_next_one(handed_in, whole, tmp_path, seed):
    kill_and_finish(handed_in, whole, tmp_path, seed)
