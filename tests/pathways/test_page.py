"""La page d’un parcours, construite dans un livre minuscule : objectifs, preuves, horaires, renvois."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from formation.book import construction
from formation.errors import FormationError

ROOT = Path(__file__).resolve().parents[2]
QUIZ = """cas: eau
titre: Avez-vous retenu ?
questions:
"""
QUESTION = """  - id: eau-q0{rank}
    objectif: Lire une courbe.
    niveau: découverte
    type: unique
    enonce: Que dit la courbe {rank} ?
    options:
      - {{texte: Une part, juste: true, retour: Oui.}}
      - {{texte: Un prix, juste: false, retour: Non.}}
"""
PATHWAY = """format: 1
parcours: essai
titre: Essai
public: Agents
groupe: {minimum: 4, maximum: 9}
modalite: présentiel
duree_min: 60
prerequis: [{id: p-lire, texte: Lire un tableau., acquerir: book/cas/eau#essayez}]
objectifs:
  - id: o-courbe
    texte: Lire une courbe avec ses deux unités.
    critere: 3 preuves sur 3
    questions: [eau-q01, eau-q02]
    controles: [eau-01-lire-une-courbe/nb_fuites, eau-01-lire-une-courbe/part_fuites]
jours:
  - titre: Jour 1
    demi_journees:
      - titre: Matin
        debut: "09:00"
        duree_min: 75
        sequences:
          - id: s-un
            titre: Lire
            minutes: 40
            methode: Exercice en binômes
            requiert: [p-lire]
            vise: [o-courbe]
            diapos: cas-eau
            supports: [book/cas/eau]
            exercices: [eau-01-lire-une-courbe]
            materiel: [un poste pour deux]
            etapes: [{minutes: 40, anime: Laisse lire la courbe., produit: Une copie.}]
            evaluation: Copie corrigée par les contrôles.
          - pause: 15
          - id: s-deux
            titre: Conclure
            minutes: 20
            methode: Questionnaire
            vise: [o-courbe]
            etapes: [{minutes: 20, anime: Distribue la feuille., produit: Les réponses.}]
            evaluation: Évaluation finale.
positionnement: {consigne: Seul., questions: [eau-q01]}
evaluation_finale: {consigne: Seul., questions: [eau-q02], seuil: 0.6}
"""
EXERCISE = """---
formation:
  titre: Lire la courbe
  cas: eau
  niveau: élu
  duree_min: 20
  objectif: Lire.
---

# Lire la courbe

```{code-cell} ipython3
---
controle:
  nom: nb_fuites
  points: 1
---
```

```{code-cell} ipython3
---
controle:
  nom: part_fuites
  points: 1
---
```
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Sources d’un livre de quatre pages."""
    root = tmp_path_factory.mktemp("livre")
    pages = {
        "book/index.md": "# Livre\n\nUne page.\n",
        "book/cas/eau.md": "# Où chercher l’eau ?\n\n## Essayez\n\nIci.\n\n```{quiz}\n```\n",
        "book/cas/eau-exercices.md": "# Exercices\n\n```{liste-exercices} eau\n```\n",
        "book/parcours/essai.md": "# Essai\n\n```{parcours} essai\n```\n",
        "book/parcours/essai.yml": PATHWAY,
        "book/sources.md": "# Sources\n\n```{sources}\n```\n",
        "book/glossaire.md": "# Glossaire\n\n```{glossary}\nfuite\n  De l’eau perdue.\n```\n",
        "cases/eau/quiz.yml": QUIZ + "".join(QUESTION.format(rank=rank) for rank in (1, 2)),
        "notebooks/eau/eau-01-lire-une-courbe.md": EXERCISE,
        "_toc.yml": "format: jb-book\nroot: book/index\nchapters:\n"
        + "".join(
            f"  - file: book/{name}\n"
            for name in ("cas/eau", "cas/eau-exercices", "parcours/essai", "glossaire", "sources")
        ),
    }
    for name, text in pages.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    shutil.copy(ROOT / "_config.yml", root / "_config.yml")
    shutil.copy(ROOT / "tests/book/fixtures/mini/book/sources.yml", root / "book/sources.yml")
    (root / "book/diapos").mkdir()
    shutil.copy(ROOT / "book/diapos/cas-eau.md", root / "book/diapos/cas-eau.md")
    return root


@pytest.fixture(scope="module")
def page(folder) -> BeautifulSoup:
    """Page du parcours, construite."""
    site = construction.build(folder, execute=False).site
    return BeautifulSoup((site / "book/parcours/essai.html").read_text(encoding="utf-8"), "html.parser")


@pytest.mark.lent
def test_page_gives_card_objectives_times_and_links(page, plain):
    text = plain(page.select_one("article").get_text(" ", strip=True))
    assert "1 h, pauses non comptées, en 1 demi-journée" in text
    assert "de 4 à 9 personnes, présentiel" in text
    assert page.select_one("pre").get_text().split() == [
        *("formation", "session", "creer", "essai", "\\", "--stagiaires", "liste.csv", "\\"),
        *("--dates", "2027-01-14", "ma-session"),
    ]
    rows = [
        [plain(cell.get_text(" ", strip=True)) for cell in row.select("th,td")]
        for row in page.select("article table tbody tr")
    ]
    assert rows[0][:2] == ["Lire une courbe avec ses deux unités.", "3 preuves sur 3"]
    assert rows[0][2].startswith("2 questions de « Où chercher l’eau ? » ; 2 contrôles notés de « Lire la courbe »")
    assert [row[:3] for row in rows[1:]] == [
        ["9 h 00", "40 min", "Lire"],
        ["9 h 40", "15 min", "Pause"],
        ["9 h 55", "20 min", "Conclure"],
    ]
    links = {link.get_text(strip=True): link["href"] for link in page.select("article a[href]")}
    assert links["Lire la courbe"] == "../cas/eau-exercices.html"
    assert links["diapositives «\u00a0cas-eau\u00a0»"] == "../../diapos/cas-eau.html"
    assert page.select_one(f"details ol{links['Conclure']}") is not None


@pytest.mark.lent
def test_tables_have_a_caption_and_scoped_headers(page):
    for table in page.select("article table"):
        assert table.caption.get_text(strip=True)
        assert {cell["scope"] for cell in table.select("thead th")} == {"col"}
        assert all(row.th["scope"] == "row" for row in table.select("tbody tr"))


@pytest.mark.lent
def test_build_stops_and_says_why_when_pathway_is_wrong(folder, page, tmp_path, plain):
    assert page is not None  # construit avant que la copie ne soit cassée
    copy = tmp_path / "livre"
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("_build"))
    file = copy / "book/parcours/essai.yml"
    file.write_text(file.read_text(encoding="utf-8").replace("book/cas/eau]", "book/cas/disparu]"), encoding="utf-8")
    with pytest.raises(FormationError) as caught:
        construction.build(copy, execute=False)
    assert "la page « book/cas/disparu » n’existe pas" in plain(caught.value)
