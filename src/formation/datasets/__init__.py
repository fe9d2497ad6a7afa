"""Les données livrées avec le cours : les trouver, les lire, les vérifier, les exporter.

Examples
--------
>>> from formation import datasets
>>> datasets.cases()[0]
'territoire'
>>> rues = datasets.load("territoire", "rues")
"""

from __future__ import annotations

from formation.datasets._reading import Source, open_source
from formation.datasets._wording import simplify
from formation.datasets.arrays import ArraysReport, check_arrays
from formation.datasets.exporting import export
from formation.datasets.integrity import Defect, verify
from formation.datasets.registry import cases, names, path, resource, root
from formation.datasets.schema import Array, Field, Resource
from formation.datasets.size import Limits
from formation.datasets.tables import describe, load
from formation.datasets.validation import Report, check, validate

__all__ = [
    "Array",
    "ArraysReport",
    "Defect",
    "Field",
    "Limits",
    "Report",
    "Resource",
    "Source",
    "cases",
    "check",
    "check_arrays",
    "describe",
    "export",
    "load",
    "names",
    "open_source",
    "path",
    "resource",
    "root",
    "simplify",
    "validate",
    "verify",
]
