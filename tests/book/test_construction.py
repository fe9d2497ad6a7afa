"""Une construction fautive, interrompue ou à court de disque laisse le site précédent entier."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from formation.book import construction, fingerprint, server
from formation.errors import FormationError


@pytest.fixture
def published(tmp_path: Path) -> tuple[Path, Path]:
    """Site publié et site neuf, prêt à le remplacer."""
    fresh, site = tmp_path / "neuf", tmp_path / "html"
    for folder, text in ((fresh, "neuf"), (site, "ancien")):
        folder.mkdir()
        (folder / "index.html").write_text(text)
        (folder / "page.html").write_text(text)
    return fresh, site


def state(site: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in sorted(site.iterdir())}


def test_site_is_replaced_when_publication_succeeds(published):
    fresh, site = published
    assert construction.publish(fresh, site) == 2
    assert state(site) == {"index.html": "neuf", "page.html": "neuf"}
    assert [path.name for path in site.parent.iterdir() if path.name.startswith(".")] == []


def test_site_stays_whole_when_disk_is_full(published, monkeypatch):
    fresh, site = published

    def full(*arguments, **options):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(shutil, "copytree", full)
    with pytest.raises(OSError, match="No space"):
        construction.publish(fresh, site)
    assert state(site) == {"index.html": "ancien", "page.html": "ancien"}


@pytest.mark.parametrize("rank", [1, 2])
def test_site_stays_whole_when_interrupted_between_renames(published, monkeypatch, rank):
    fresh, site = published
    original, calls = Path.rename, []

    def interrupted(self, target):
        calls.append(target)
        if len(calls) == rank:
            raise KeyboardInterrupt
        return original(self, target)

    monkeypatch.setattr(Path, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt):
        construction.publish(fresh, site)
    assert state(site) == {"index.html": "ancien", "page.html": "ancien"}


def test_previous_site_comes_back_when_power_failed_between_renames(published):
    _, site = published
    site.rename(site.with_name(".html-ancien"))
    construction.recover(site.parent)
    assert state(site)["index.html"] == "ancien"


def test_site_without_entry_is_refused_when_published(published):
    fresh, site = published
    (fresh / "index.html").unlink()
    with pytest.raises(construction.ConstructionEchouee, match="page d’entrée"):
        construction.publish(fresh, site)
    assert state(site)["index.html"] == "ancien"


def test_message_is_french_when_disk_is_full_during_build(tmp_path, monkeypatch):
    (tmp_path / "_config.yml").write_text("title: x")
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: index\n")

    def full(*arguments, **options):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(subprocess, "Popen", full)
    with pytest.raises(construction.ConstructionEchouee, match="Le disque est plein"):
        construction.build(tmp_path)


def test_missing_plan_is_named_when_folder_is_wrong(tmp_path):
    with pytest.raises(construction.ConstructionEchouee, match=r"_config\.yml et _toc\.yml"):
        construction.build(tmp_path)


@pytest.mark.lent
@pytest.mark.xdist_group("livre")
def test_defects_are_all_reported_and_site_kept_when_sources_are_wrong(copie_mini, construire, plain):
    folder = copie_mini()
    site = folder / "_build" / "html"
    site.mkdir(parents=True)
    (site / "index.html").write_text("ancien")
    chapter = folder / "book/cas/eau.md"
    text = chapter.read_text(encoding="utf-8").replace("{src}`D1`", "{src}`D99`").replace("{quiz} eau", "{quiz} eua")
    chapter.write_text(text + "\n![](carte.png)\n\n$\\left( x$\n", encoding="utf-8")
    study = folder / "cases/eau/etude.md"
    study.write_text(
        study.read_text(encoding="utf-8").replace("    alt: Une ligne monte de zéro à quatre.", "    alt: figure.png")
        + "\n```{code-cell} ipython3\nplt.subplots()[1]\n```\n",
        encoding="utf-8",
    )
    with pytest.raises(construction.ConstructionEchouee) as error:
        construire(folder)
    message = plain(error.value)
    for expected in (
        "source inconnue : D99",
        "le sujet « eua » n’existe pas",
        "formule non comprise",
        "n’a pas de texte de remplacement utile (lu : « figure.png »)",
        "ce résultat n’apprend rien",
        "book/cas/eau.md:",
    ):
        assert expected in message, message
    assert str(folder) not in message
    assert (site / "index.html").read_text() == "ancien"
    with pytest.raises(construction.ConstructionEchouee, match="source inconnue"):
        construire(folder)  # les avertissements ne se perdent pas à la construction suivante


@pytest.mark.lent
@pytest.mark.xdist_group("livre")
def test_only_the_edited_page_is_read_again_when_one_changes(copie_mini, monkeypatch):
    folder = copie_mini()
    monkeypatch.setenv("PYTHONPATH", str(folder))
    construction.build(folder)
    page = folder / "book/sources.md"
    page.write_text(page.read_text(encoding="utf-8") + "\nUne phrase ajoutée.\n", encoding="utf-8")
    steps: list[str] = []
    built = construction.build(folder, report=lambda done, total, text: steps.append(text))
    assert [step for step in steps if step.startswith("Lecture")] == ["Lecture de book/sources"]
    assert "Une phrase ajoutée." in (built.site / "book/sources.html").read_text(encoding="utf-8")


def test_execution_key_changes_when_data_or_versions_change(tmp_path):
    (tmp_path / "datasets/eau").mkdir(parents=True)
    data, lock = tmp_path / "datasets/eau/datapackage.json", tmp_path / "requirements.lock"
    data.write_text("{}")
    lock.write_text("numpy==2")
    first = fingerprint.of_execution(tmp_path)
    assert fingerprint.of_execution(tmp_path) == first
    data.write_text('{"hash": 1}')
    second = fingerprint.of_execution(tmp_path)
    lock.write_text("numpy==3")
    assert len({first, second, fingerprint.of_execution(tmp_path)}) == 3


def test_old_caches_are_pruned_when_keys_pile_up(tmp_path):
    for rank, key in enumerate("abcde"):
        fingerprint.cache_folder(tmp_path, key)
        os.utime(tmp_path / key, (rank, rank))
    kept = fingerprint.cache_folder(tmp_path, "neuf")
    assert kept.is_dir()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["d", "e", "neuf"]


def test_server_listens_on_this_machine_only_when_opened(published):
    _, site = published
    with server.open_server(site, 0) as first:
        assert first.server_address[0] == "127.0.0.1"
        port = first.server_address[1]
        with server.open_server(site, port) as second:
            assert second.server_address[1] != port


def test_server_says_what_to_do_when_book_is_not_built(tmp_path):
    with pytest.raises(FormationError, match="formation livre construire"):
        server.open_server(tmp_path)
