"""`formation droit` : trier un projet au regard du droit."""

from formation.cli._workshop import tool_app

app = tool_app("droit", "Trier un projet au regard du droit : classe, analyse d’impact, mentions, articles.")
