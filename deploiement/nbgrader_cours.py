"""Ce qu’un cours du serveur ajoute à ses réglages ; « serveur.py brancher » l’y inscrit."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from reglages import read_settings

c = get_config()  # type: ignore[name-defined]  # noqa: F821
settings = read_settings()
c.CourseDirectory.course_id = settings["COURS"]
c.CourseDirectory.db_url = settings["CARNET"]
c.Exchange.root = settings["ECHANGE"]
c.ExchangeReleaseAssignment.force = True
# les boutons de Formgrader passent par la collecte et le rendu vérifiés
c.ExchangeFactory.collect = "echanges.SafeCollect"
c.ExchangeFactory.release_feedback = "echanges.ReleaseGraded"
