"""`formation ingenierie` : situer sa collectivité et choisir ses premiers pas."""

from __future__ import annotations

from formation.cli._workshop import tool_app

app = tool_app("ingenierie", "Ingénierie de la donnée et de l’IA : où en êtes-vous, par quoi commencer ?")
