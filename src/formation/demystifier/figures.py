"""Figures de la partie « Démystifier » : chaque fonction rend une figure interactive que le livre affiche."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from formation.book.interactive import InteractiveFigure


def generatif() -> InteractiveFigure:
    """Fiches lues × température : ce qu’écrit un petit générateur de phrases, et la part qu’il invente.

    Returns
    -------
    InteractiveFigure
        Figure du chapitre sur l’IA générative.
    """
    from formation.demystifier.generator import build

    return build()


def souplesse() -> InteractiveFigure:
    """Souplesse de la courbe × jours montrés : coller au passé, ou prévoir.

    Returns
    -------
    InteractiveFigure
        Première figure du chapitre « Apprendre par l’exemple ».
    """
    from formation.demystifier.fitting import build

    return build()


def mis_de_cote() -> InteractiveFigure:
    """Nombre de dossiers appris : erreurs sur eux, et sur des dossiers mis de côté.

    Returns
    -------
    InteractiveFigure
        Deuxième figure du chapitre.
    """
    from formation.demystifier.holding_out import build

    return build()


def seuil() -> InteractiveFigure:
    """Seuil d’appel de l’astreinte : urgences manquées, appels pour rien.

    Returns
    -------
    InteractiveFigure
        Troisième figure du chapitre.
    """
    from formation.demystifier.threshold import build

    return build()


def taux_de_base() -> InteractiveFigure:
    """Rareté × promesse du vendeur : sur cent alertes, combien de vraies.

    Returns
    -------
    InteractiveFigure
        Quatrième figure du chapitre.
    """
    from formation.demystifier.base_rate import build

    return build()


def correlation() -> InteractiveFigure:
    """Quartiers comparés × effet vrai : une corrélation qui n’est pas une cause.

    Returns
    -------
    InteractiveFigure
        Cinquième figure du chapitre.
    """
    from formation.demystifier.correlation import build

    return build()
