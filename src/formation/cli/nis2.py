"""`formation nis2` : savoir si la collectivité est concernée par NIS 2, et bâtir un plan sur trois ans."""

from formation.cli._workshop import tool_app

app = tool_app("nis2", "NIS 2 : la collectivité est-elle concernée, et que faire en trois ans ?")
