"""Un tube, un dossier, un lien mort, un fichier démesuré donnés à lire : un message, ni attente ni mémoire pleine."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from formation.cli import main

COMMANDS = {
    "bibliotheque verifier": ".yml",
    "droit fiche": ".yml",
    "marche noter": ".yml",
    "charte texte": ".yml",
    "parcours verifier": ".yml",
    "diapos verifier": ".md",
    "donnees valider eau troncons": ".csv",
    "session verifier elus-demi-journee --dates 2027-01-14 --stagiaires": ".csv",
}
HUGE = 2 * 2**30


def _huge(path: Path) -> None:
    with path.open("wb") as stream:
        stream.truncate(HUGE)  # un fichier creux : il ne prend aucune place


KINDS: dict[str, tuple[Callable[[Path], Any], str]] = {
    "tube": (os.mkfifo, "un tube ou un périphérique"),
    "peripherique": (lambda path: path.symlink_to("/dev/null"), "un tube ou un périphérique"),
    "dossier": (Path.mkdir, "un dossier|aucune fiche"),
    "lien-mort": (lambda path: path.symlink_to("nulle-part"), "fichier"),
    "demesure": (_huge, r"\d (Mo|ko)\b"),
}


@pytest.fixture
def patience() -> Iterator[None]:
    """Une lecture qui attend sans fin fait échouer le test au lieu de l’arrêter là."""

    def stop(*_: Any) -> None:
        pytest.fail("la commande attend sans fin")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(300)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("command", COMMANDS)
def test_command_says_why_it_does_not_read(command: str, kind: str, tmp_path: Path, capsys, patience: None):
    make, said = KINDS[kind]
    path = tmp_path / f"donne{COMMANDS[command]}"
    make(path)
    with pytest.raises(SystemExit) as stopped:
        main([*command.split(), str(path)])
    captured = capsys.readouterr()
    text = (captured.err + captured.out).replace("\u00a0", " ")
    assert stopped.value.code in (1, 2)
    assert path.name in text
    assert re.search(said, text), text


def test_unreadable_file_is_refused_in_french():
    from typer import BadParameter

    from formation.cli import _french as french

    message = french.usage_message(BadParameter("path '/prive/liste.csv' is not readable."))
    assert message is not None
    assert "« /prive/liste.csv » n’est pas lisible" in message.replace("\u00a0", " ")
