"""Charger nbgrader et nbformat sans ce qu’ils chargent pour rien."""

import sys


def light_imports() -> None:
    """À appeler avant le premier import de nbgrader ou de nbformat.

    `jsonschema` compile 38 grammaires d’adresses web (`rfc3987_syntax`, plus d’une seconde de calcul) dont aucun
    schéma de carnet ne se sert ; il s’en passe très bien quand elles manquent.
    """
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
