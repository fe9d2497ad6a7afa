"""Le tableau de bord dans un vrai JupyterLab, ouvert par la tuile, dans un vrai navigateur."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

from formation.classroom.marks import gradebook_url, read_marks
from formation.dashboard.launch import environment, lab_command

pytestmark = [pytest.mark.lent, pytest.mark.navigateur, pytest.mark.xdist_group("tableau-de-bord")]

NAME = "pilote-01-peser-les-fuites"
TOKEN = "jeton-d-essai"
START_S = 300
WAIT_MS = 240_000  # machine chargée : attendre n’est pas échouer

QUIET = """() => new Promise((done) => {
    let last = performance.now();
    const watched = new MutationObserver(() => { last = performance.now(); });
    watched.observe(document.body, { childList: true, subtree: true });
    const look = () => {
        if (performance.now() - last < 3000) return setTimeout(look, 100);
        watched.disconnect();
        return done();
    };
    look();
})"""
"""Attend trois secondes sans que la page se redessine."""


@pytest.fixture
def lab(created, handed, tmp_path):
    """JupyterLab lancé comme par `formation session tableau`, sur un cours pas encore distribué."""
    root = tmp_path / "cours"
    shutil.copytree(created, root)
    shutil.copytree(handed / "copies-rendues", root / "copies-rendues")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    private = {name: str(tmp_path / name) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")}
    command = [*lab_command(root, port=port, browser=False), f"--IdentityProvider.token={TOKEN}"]
    settings = tmp_path / "reglages"
    settings.mkdir()
    (settings / "overrides.json").write_text(
        '{"@jupyterlab/translation-extension:plugin": {"locale": "fr_FR"}}', encoding="utf-8"
    )
    command.append(f"--LabApp.app_settings_dir={settings}")
    log = (tmp_path / "jupyterlab.log").open("w")
    process = subprocess.Popen(
        command, env={**environment(root), **private}, cwd=root, stdout=log, stderr=log, start_new_session=True
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(process, f"{address}/api?token={TOKEN}", tmp_path / "jupyterlab.log")
        yield root, address
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
        log.close()


def _wait(process, address, log):
    end = time.monotonic() + START_S
    while process.poll() is None and time.monotonic() < end:
        try:
            with urllib.request.urlopen(address, timeout=START_S):
                return
        except OSError:
            time.sleep(0.25)
    pytest.fail(f"JupyterLab ne répond pas :\n{Path(log).read_text()[-3000:]}")


def test_trainer_runs_a_whole_session_from_the_tile(lab, navigateur):
    root, address = lab
    page = navigateur.new_page(viewport={"width": 1400, "height": 1000}, locale="fr-FR")
    outside, broken = [], []
    page.on("request", lambda r: outside.append(r.url) if _foreign(r.url, address) else None)
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.goto(f"{address}/lab?token={TOKEN}")
    page.set_default_timeout(WAIT_MS)
    tile = page.locator(".jp-LauncherCard", has_text="Tableau de bord du formateur")
    tile.wait_for(timeout=WAIT_MS)
    assert tile.count() == 1
    assert page.get_by_role("menuitem", name="Fichier").count() == 1
    _open_tile(page, tile)
    board = page.locator(".formation-tableau")
    board.get_by_role("heading", name="Stagiaires", exact=True).wait_for(timeout=WAIT_MS)

    # sans copies vierges, pas de carnet de notes : l’inscription le dit
    _fill(board, "Liste des stagiaires", "liste.csv")
    _press(board, "Inscrire les stagiaires")
    _said(board, "Fabriquez d’abord les copies vierges")

    _tab(page, board, "Distribuer")
    _press(board, "Fabriquer les copies vierges")
    _said(board, "copies vierges prêtes")
    assert (root / "a-distribuer" / f"{NAME}.zip").is_file()

    _tab(page, board, "Stagiaires")
    _press(board, "Inscrire les stagiaires")
    _said(board, "inscrits : 4")
    assert "NOM 01" not in board.inner_text()
    board.get_by_label("Afficher les noms").check()
    board.get_by_text("NOM 01").first.wait_for(timeout=WAIT_MS)
    board.get_by_label("Afficher les noms").uncheck()
    board.get_by_text("NOM 01").first.wait_for(state="detached", timeout=WAIT_MS)

    _tab(page, board, "Collecter")
    _fill(board, "Dossier ou ZIP des copies", "copies-rendues")
    _press(board, "Collecter les copies")
    _said(board, "copies prises : 3 ; fichiers refusés : 1")

    _tab(page, board, "Corriger")
    board.get_by_label("Bac à sable").select_option(index=1)
    _press(board, "Corriger les copies")
    _said(board, "correction finie")

    _tab(page, board, "Qui bloque où")
    board.get_by_role("table", name="Ne passent pas").wait_for(timeout=WAIT_MS)
    blocked = board.get_by_role("table", name="Ne passent pas").inner_text()
    assert "stagiaire-02" in blocked or "stagiaire-03" in blocked
    assert "stagiaire-01" not in blocked
    assert board.get_by_text("Sans copie corrigée : stagiaire-04").count() == 1
    assert _axe(page) == []

    _mark_by_keyboard(page, board, root)
    assert _axe(page) == []
    page.keyboard.press("Home")
    assert (outside, broken) == ([], [])


def _open_tile(page, tile):
    """Entrée sur la tuile : une seule fois, lanceur au repos ; la frapper de nouveau ouvrirait deux tableaux de bord.

    Le lanceur se redessine en se remplissant, et perdrait la touche.
    """
    page.evaluate(QUIET)
    tile.press("Enter")
    opened = page.locator(".lm-DockPanel-tabBar .lm-TabBar-tab", has_text="Tableau de bord du formateur")
    opened.wait_for(timeout=WAIT_MS)
    assert opened.count() == 1


def _mark_by_keyboard(page, board, root):
    """Du haut du tableau de bord à la note enregistrée, sans toucher la souris."""
    board.get_by_role("tab", selected=True).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    board.get_by_text("stagiaire-01, pilote-01").wait_for(timeout=WAIT_MS)
    _walk(page, "Copie")
    page.keyboard.press("ArrowDown")
    board.get_by_text("stagiaire-02, pilote-01").wait_for(timeout=WAIT_MS)
    _walk(page, "Points, de 0 à")
    page.keyboard.type("99")
    _walk(page, "Enregistrer la note")
    page.keyboard.press("Enter")
    _said(board, "hors des bornes")
    _walk(page, "Points, de 0 à", back=True)
    page.keyboard.press("Control+a")
    page.keyboard.type("0,5")
    _walk(page, "Commentaire au stagiaire")
    page.keyboard.type("Relu avec vous, l’unité manque.")
    _walk(page, "Enregistrer la note")
    page.keyboard.press("Space")
    _said(board, "note enregistrée")
    marked = read_marks(gradebook_url(root))["stagiaire-02", NAME]
    assert [mark.manual for mark in marked.marks if mark.manual is not None] == [0.5]
    feedback = (root / "feedback" / "stagiaire-02" / NAME / f"{NAME}.html").read_text(encoding="utf-8")
    assert "Relu avec vous, l’unité manque." in feedback


def _walk(page, name, *, back=False):
    """Tabulation jusqu’au champ ou au bouton de ce nom."""
    for _ in range(40):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        found = page.evaluate(
            "() => { const a = document.activeElement; return (a.labels && a.labels[0] || a).innerText || ''; }"
        )
        if found.startswith(name):
            return
    pytest.fail(f"« {name} » ne s’atteint pas avec la touche Tabulation")


def _tab(page, board, name):
    board.get_by_role("tab", name=name).click()
    board.get_by_role("heading", name=name, exact=True).wait_for(timeout=WAIT_MS)


def _fill(board, label, value):
    field = board.get_by_label(label)
    field.fill(value)
    field.press("Tab")


def _press(board, name):
    board.get_by_role("button", name=name, exact=True).press("Enter")


def _said(board, text):
    board.get_by_role("status").filter(has_text=text).first.wait_for(timeout=WAIT_MS)


def _foreign(url, address):
    return not url.startswith((address, address.replace("http", "ws"), "data:", "blob:"))


def _axe(page):
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, context={"include": [[".formation-tableau"]]}).response["violations"]
    return [(one["id"], [node["html"][:200] for node in one["nodes"]][:3]) for one in found]
