"""Un PDF complet, composé une fois, que les épreuves abîment chacune à sa façon."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from formation.printing import page, to_pdf

ROWS = "".join(
    f'<tr><th scope="row">Stagiaire {rank:02d}</th><td>Commune {rank}</td><td></td></tr>' for rank in range(1, 43)
)
BODY = f"""<h1>Essai « accentué »</h1><p>Un <strong>mot</strong>, <a href="https://exemple.fr/page">un lien</a>.</p>
<h2>Une liste</h2><ul><li>un<ul><li>dedans</li></ul></li><li>deux</li></ul>
<svg role="img" width="40" height="20"><title>Un carré noir</title><rect width="20" height="20"/></svg>
<h2>Un long tableau</h2><table><caption>Présents</caption><thead><tr><th scope="col">Nom</th>
<th scope="col">Organisation</th><th scope="col">Signature</th></tr></thead><tbody>{ROWS}</tbody></table>
<p>Après le tableau.</p>"""


@pytest.fixture(scope="session")
def full_page() -> str:
    return page("Essai « accentué »", BODY, description="Un document d’essai")


@pytest.fixture(scope="session")
def full_pdf(full_page: str) -> bytes:
    return to_pdf(full_page)


@pytest.fixture
def written(full_pdf: bytes, tmp_path: Path) -> Path:
    path = tmp_path / "essai.pdf"
    path.write_bytes(full_pdf)
    return path


@pytest.fixture
def damaged(full_pdf: bytes, tmp_path: Path) -> Callable[[Callable[[Any], None]], Path]:
    """Écrit le même PDF, abîmé par la fonction donnée."""
    import pikepdf

    def write(harm: Callable[[Any], None]) -> Path:
        path = tmp_path / "abime.pdf"
        with pikepdf.open(io.BytesIO(full_pdf)) as pdf:
            harm(pdf)
            pdf.save(path)
        return path

    return write
