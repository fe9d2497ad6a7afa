"""Où se range chaque pièce d’une session."""

from __future__ import annotations

PREPARE = "1-preparer"
DISTRIBUTE = "2-distribuer"
ATTENDANCE = "3-presence"
COLLECT = "4-recueillir"
RETURN = "5-rendre"
COURSE = "cours"
FOLDERS = (PREPARE, DISTRIBUTE, ATTENDANCE, COLLECT, RETURN)
"""Dossiers d’une session, dans l’ordre où l’on s’en sert ; `cours/` s’y ajoute quand le parcours a des exercices."""

SESSION = "session.yml"
PATHWAY = "parcours.yml"
LEARNERS = "stagiaires.csv"
READ_ME = "LISEZ-MOI.html"

SLIDES = f"{PREPARE}/diapositives"
ANSWERS = f"{COLLECT}/reponses"
COMPLETIONS = f"{RETURN}/attestations"
CERTIFICATES = f"{RETURN}/certificats"
EVIDENCE = f"{RETURN}/preuves"
ASIDE = ".session-"
"""Début du nom d’un dossier de travail : ce qu’un arrêt brutal y laisse est effacé à la commande suivante."""
