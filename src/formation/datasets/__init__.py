"""Les données livrées avec le cours : les trouver, les lire, les vérifier, les exporter.

Examples
--------
>>> from formation import datasets
>>> datasets.cases()[0]
'territoire'
>>> rues = datasets.load("territoire", "rues")
"""

from __future__ import annotations

from formation.datasets.registry import cases, names, path, resource, root
from formation.datasets.tables import load

__all__ = ["cases", "load", "names", "path", "resource", "root"]
