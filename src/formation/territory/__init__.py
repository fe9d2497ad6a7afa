"""Aubeline, l’agglomération fictive que partagent tous les cas.

Ce territoire n’existe pas : ni ses communes, ni ses rues, ni ses écoles.
"""

from __future__ import annotations

from formation.territory.tables import TABLES, Territory, load, load_territory

__all__ = ["TABLES", "Territory", "load", "load_territory"]
