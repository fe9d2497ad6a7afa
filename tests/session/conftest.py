"""Deux petites sessions, fabriquées une fois : sans exercice, et avec un cours nbgrader."""

from __future__ import annotations

import shutil
from datetime import date, time
from pathlib import Path

import pytest

from formation import pathways
from formation.session.creation import create_session
from formation.session.model import Participant, Session, Slot, open_session
from formation.session.quizzes import write_quizzes
from formation.session.request import Request

TODAY = date(2026, 11, 22)
ROSTER = """nom;prénom;courriel;organisation;fonction
NOM 01;Stagiaire;stagiaire-01@exemple.fr;Commune d’Aubeline;adjointe aux finances
NOM 02;Stagiaire;stagiaire-02@exemple.fr;Commune d’Aubeline;conseiller délégué
NOM 03;Stagiaire;;Communauté d’Aubeline;directrice
"""
SHORT = """format: 1
parcours: essai-court
titre: Essai court, avec un exercice
public: Agents
groupe: {minimum: 1, maximum: 12}
modalite: présentiel
duree_min: 60
objectifs:
  - id: o-courbe
    texte: Lire une courbe de captation avec ses deux unités.
    critere: 1 question sur 1 et 1 contrôle
    questions: [eau-q01, eau-q03]
    controles: [eau-01-lire-une-courbe/km_ecoutes]
jours:
  - titre: Jour 1
    demi_journees:
      - titre: Matin
        debut: "09:00"
        duree_min: 75
        sequences:
          - id: s-lire
            titre: Lire une courbe
            minutes: 30
            methode: Démonstration
            vise: [o-courbe]
            supports: [book/cas/eau]
            materiel: [un tableau]
            etapes:
              - {minutes: 30, anime: Montre la courbe., produit: Une phrase.}
            evaluation: Une phrase juste.
          - pause: 15
          - id: s-exercice
            titre: Calculer
            minutes: 30
            methode: Exercice
            vise: [o-courbe]
            exercices: [eau-01-lire-une-courbe]
            etapes:
              - {minutes: 30, anime: Passe dans les rangs., produit: Une copie.}
            evaluation: La copie rendue.
positionnement: {consigne: Seul., questions: [eau-q01]}
evaluation_finale: {consigne: Seul., questions: [eau-q03], seuil: 0.6}
"""


def _make(folder: Path, pathway: str | Path) -> Session:
    roster = folder / "liste.csv"
    roster.write_text(ROSTER, encoding="utf-8")
    request = Request(
        pathway,
        roster,
        "2027-01-14",
        folder / "session",
        organisation="Aubeline formation",
        place="Salle 1",
        trainers=("Formateur Un",),
        today=TODAY,
    )
    return create_session(request).session


@pytest.fixture(scope="session")
def small_session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """Demi-journée d’élus, trois stagiaires, sans cours ; à ne pas modifier."""
    return _make(tmp_path_factory.mktemp("elus"), "elus-demi-journee")


@pytest.fixture(scope="session")
def course_session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """Parcours d’essai d’une heure, trois stagiaires, un exercice noté dans `cours/` ; à ne pas modifier."""
    folder = tmp_path_factory.mktemp("agents")
    pathway = folder / "essai-court.yml"
    pathway.write_text(SHORT, encoding="utf-8")
    return _make(folder, pathway)


@pytest.fixture
def session_copy(small_session: Session, tmp_path: Path) -> Session:
    """Copie neuve de `small_session`, que l’épreuve peut modifier."""
    return open_session(shutil.copytree(small_session.root, tmp_path / "copie"))


@pytest.fixture
def course_session_copy(course_session: Session, tmp_path: Path) -> Session:
    """Copie neuve de `course_session`, que l’épreuve peut modifier."""
    return open_session(shutil.copytree(course_session.root, tmp_path / "copie"))


@pytest.fixture
def bare_session(tmp_path: Path) -> Session:
    """Session d’élus de six stagiaires réduite à ses quiz : vite faite, pour noter et calculer."""
    pathway = pathways.read(pathways.path("elus-demi-journee"), checked=False)
    slots = (Slot(date(2027, 1, 14), time(9), time(12, 45), "Matin", "matin", 0, pause_min=15),)
    people = tuple(Participant(f"stagiaire-{rank:02d}", f"NOM {rank:02d}", "Stagiaire") for rank in range(1, 7))
    root = tmp_path / "session"
    session = Session(
        root, pathway, "Essai", "Aubeline formation", "Salle 1", "présentiel", (), slots, people, None, TODAY, 447
    )
    write_quizzes(session)
    return session
