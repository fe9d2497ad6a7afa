"""Ce qui entre dans le dépôt : du texte, des données publiées, rien de dérivé ni de personnel à une machine."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def tracked() -> list[Path]:
    output = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    return [ROOT / name for name in output.split("\0") if name and (ROOT / name).exists()]


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8", errors="ignore")


def test_no_derived_notebook_is_committed(tracked: list[Path]) -> None:
    assert [p.name for p in tracked if p.suffix == ".ipynb" and "tests" not in p.parts] == []


def test_lock_has_hashes_and_no_address() -> None:
    lock = _text(ROOT / "requirements.lock")
    requirements = re.findall(r"^[a-z0-9].*?==", lock, re.MULTILINE | re.IGNORECASE)
    assert len(requirements) > 100
    assert lock.count("--hash=sha256:") >= len(requirements)
    assert not re.search(r"https?://|index-url|find-links", lock)


def test_no_machine_path_in_tracked_files(tracked: list[Path]) -> None:
    pattern = re.compile(r"(?<![\w.~-])/(?:work|root|home|Users)/\w")
    offenders = [p.name for p in tracked if p.suffix not in {".gz", ".png"} and pattern.search(_text(p))]
    assert offenders == []


def test_only_the_shared_fixture_starts_a_browser(tracked: list[Path]) -> None:
    """Un second pilote refuse de partir dans le processus où le premier est ouvert : l’ordre des tests déciderait."""
    starting = re.compile(r"^\s*(?:async )?with (?:a?sync)_playwright\(", re.MULTILINE)
    starters = [p.relative_to(ROOT).as_posix() for p in tracked if p.suffix == ".py" and starting.search(_text(p))]
    assert [name for name in starters if name.startswith("tests/")] == ["tests/conftest.py"]


def test_released_data_stay_under_their_limits(tracked: list[Path]) -> None:
    sizes = {p: p.stat().st_size for p in tracked if "datasets" in p.relative_to(ROOT).parts[:1]}
    assert max(sizes.values()) <= 5_000_000
    assert sum(sizes.values()) <= 20_000_000


def test_yaml_files_are_readable(tracked: list[Path]) -> None:
    files = [p for p in tracked if p.suffix in {".yml", ".yaml", ".cff"}]
    assert files
    for path in files:
        assert yaml.safe_load(_text(path)) is not None, path.name


def test_typography_of_prose_is_french(tracked: list[Path]) -> None:
    files = [p for p in tracked if p.suffix in {".md", ".yml", ".cff"} or (p.suffix == ".py" and "src" in p.parts)]
    command = [sys.executable, "outils/typographie.py", "--verifier", *(str(p.relative_to(ROOT)) for p in files)]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout


def test_privacy_page_names_what_stays_when_a_script_stores_something(tracked: list[Path]) -> None:
    kept = {"aubeline.js": "thème clair ou sombre", "formulaire.js": "brouillon"}
    storing = re.compile(r"(?:local|session)Storage\.setItem|document\.cookie|indexedDB")
    scripts = [path for path in tracked if path.suffix == ".js" and "theme" in path.parts]
    assert {path.name for path in scripts if storing.search(_text(path))} == set(kept)
    page = _text(ROOT / "book" / "mentions-legales.md")
    assert [words for words in kept.values() if words not in page] == []


def test_every_folder_has_a_licence(tracked: list[Path]) -> None:
    folders = {path.relative_to(ROOT).parts[0] for path in tracked if path.parent != ROOT}
    named = set(re.findall(r"`([\w.]+)/`", _text(ROOT / "LICENSE.md")))
    assert folders - named - {"LICENSES"} == set()


def test_makefile_help_lists_the_promised_targets() -> None:
    output = subprocess.run(["make", "aide"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for target in ("livre", "test", "atelier", "donnees", "mesures", "propre"):
        assert re.search(rf"^make {target} +\w", output, re.MULTILINE), target
