"""Une génération interrompue ne laisse rien à moitié."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from formation import datasets
from formation.datasets import generation
from formation.errors import DonneesIntrouvables, GenerationImpossible


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


def failing(function, error: BaseException, after: int):
    calls = 0

    def wrapper(*arguments, **options):
        nonlocal calls
        calls += 1
        if calls == after + 1:  # une seule fois : le retour en arrière, lui, doit réussir
            raise error
        return function(*arguments, **options)

    return wrapper


DISK_FULL = OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("after", [0, 3])
def test_previous_state_is_whole_when_disk_is_full_while_writing(released_copy, monkeypatch, after):
    before = snapshot(released_copy)
    monkeypatch.setattr(Path, "write_bytes", failing(Path.write_bytes, DISK_FULL, after))
    with pytest.raises(GenerationImpossible, match=r"le disque est plein.*intactes.*--dossier"):
        generation.generate(["territoire"], seed=2)
    assert snapshot(released_copy) == before


@pytest.mark.parametrize("error", [DISK_FULL, KeyboardInterrupt()], ids=["disque plein", "interruption"])
@pytest.mark.parametrize("after", [0, 1, 5])
def test_previous_state_is_whole_when_stopped_while_swapping(released_copy, monkeypatch, error, after):
    before = snapshot(released_copy)
    monkeypatch.setattr(os, "replace", failing(os.replace, error, after))
    with pytest.raises((GenerationImpossible, KeyboardInterrupt)):
        generation.generate(["territoire"], seed=2)
    monkeypatch.undo()
    assert snapshot(released_copy) == before


def test_previous_state_is_whole_when_interrupted_while_simulating(released_copy, monkeypatch):
    before = snapshot(released_copy)
    monkeypatch.setattr(generation, "simulate_case", failing(generation.simulate_case, KeyboardInterrupt(), after=1))
    with pytest.raises(KeyboardInterrupt):
        generation.generate(seed=2)
    assert snapshot(released_copy) == before


def test_new_folder_is_left_clean_when_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "replace", failing(os.replace, DISK_FULL, after=2))
    with pytest.raises(GenerationImpossible):
        generation.generate(["territoire"], destination=tmp_path / "essai")
    assert snapshot(tmp_path / "essai") == {}


def test_leftover_of_a_killed_run_is_removed_when_old(tmp_path):
    old, recent = tmp_path / ".generation-vieux", tmp_path / ".generation-recent"
    for folder in (old, recent):
        folder.mkdir()
    os.utime(old, (0, 0))
    generation.generate(["territoire"], destination=tmp_path)
    assert sorted(item.name for item in tmp_path.iterdir()) == [".generation-recent", "territoire"]


def test_descriptor_is_updated_when_seed_changes(released_copy):
    written = generation.generate(["territoire"], seed=2)
    assert any(item.changed for item in written)
    assert datasets.verify("territoire") == []
    assert generation.read_descriptor(released_copy / "territoire")["seed"] == 2


def test_generation_is_refused_when_table_misses_a_column(released_copy, monkeypatch):
    before = snapshot(released_copy)
    real = generation.simulate_case

    def truncated(case, shared, seed):
        tables = real(case, shared, seed)
        tables["communes"] = tables["communes"].drop(columns="nom")
        return tables

    monkeypatch.setattr(generation, "simulate_case", truncated)
    with pytest.raises(GenerationImpossible, match=r"territoire/communes.*nom"):
        generation.generate(["territoire"])
    assert snapshot(released_copy) == before


def test_extra_is_named_when_library_is_missing(monkeypatch):
    def broken(_):
        raise ModuleNotFoundError("absent", name="holidays")

    monkeypatch.setattr(generation.importlib, "import_module", broken)
    with pytest.raises(GenerationImpossible, match=r"holidays.*\[generation\]"):
        generation.simulate_case("territoire", {}, 447)


def test_case_is_refused_when_unknown():
    with pytest.raises(DonneesIntrouvables, match="Cas disponibles"):
        generation.generate(["piscines"])


def test_territory_dictionary_follows_when_only_another_case_is_generated(released_copy):
    names = [(item.case, item.name) for item in generation.generate(["eau"])]
    assert ("territoire", "dictionnaire") in names
    assert ("territoire", "rues") not in names
    assert datasets.verify() == []
