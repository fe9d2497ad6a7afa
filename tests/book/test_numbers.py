"""Les chiffres cités dans le texte viennent d’un fichier calculé."""

from __future__ import annotations

from pathlib import Path

import pytest

from formation.book.directives.numbers import find_number
from formation.book.models import FichierInvalide


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "cases" / "eau"
    folder.mkdir(parents=True)
    (folder / "chiffres.yml").write_text(
        "capte: {valeur: 52.5, unite: '%', etendue: [50, 54]}\nreseau: {valeur: 615 km}\nfuites: 1190\n",
        encoding="utf-8",
    )
    return tmp_path


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("eau.capte", "52,5 %"),
        ("eau.capte:etendue", "50 à 54 %"),
        ("eau.reseau", "615 km"),
        ("eau.fuites", "1 190"),
    ],
)
def test_number_is_french_when_cited(root, plain, key, expected):
    assert plain(find_number(key, root)[0]) == expected


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("eau.inconnu", "n’a pas de chiffre « inconnu »"),
        ("eau.fuites:etendue", "n’a pas d’étendue"),
        ("capte", "Forme attendue"),
        ("lune.capte", "Forme attendue"),
    ],
)
def test_message_says_what_is_missing_when_key_is_wrong(root, plain, key, expected):
    with pytest.raises(FichierInvalide) as error:
        find_number(key, root)
    assert expected in plain(error.value)
