"""`formation besoin` : peser un projet avant de choisir une IA."""

from __future__ import annotations

from formation.cli._workshop import tool_app

app = tool_app("besoin", "Faut-il une IA ? Une grille de proportionnalité, une fiche raisonnée.")
