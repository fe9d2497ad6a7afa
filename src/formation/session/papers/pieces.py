"""Les pièces d’un dossier de preuves : ce que chacune montre, et l’indicateur du référentiel qu’elle sert."""

from __future__ import annotations

from dataclasses import dataclass

from formation.session import places

STANDARD = (
    "Référentiel national qualité : trente-trois indicateurs depuis le 1er novembre 2026 (décret n° 2026-728 du "
    "1er août 2026), trente-deux avant (guide de lecture V9). Le guide de lecture V10 n’était pas publié au "
    "29 septembre 2026 : les niveaux attendus cités ici sont donc provisoires. Seuls les textes officiels font foi, et "
    "seul un organisme accrédité prononce une conformité."
)
SURE, LIKELY = "sûr", "probable"


@dataclass(frozen=True)
class Piece:
    """Une pièce du dossier.

    Attributes
    ----------
    title : str
        Nom de la pièce.
    patterns : tuple of str
        Où la trouver, depuis la racine de la session ; sous `4-recueillir`, un relevé fait d’après ce qui est noté.
    indicators : str
        Indicateurs du référentiel, en chiffres.
    shows : str
        Ce qu’elle montre, et sa limite.
    confidence : str
        Confiance du rattachement à l’indicateur : sûr, ou probable.
    copied : bool
        Faux pour une pièce déjà rangée à côté du dossier : elle est citée, pas copiée une seconde fois.
    """

    title: str
    patterns: tuple[str, ...]
    indicators: str
    shows: str
    confidence: str
    copied: bool = True


PIECES = (
    Piece(
        "Parcours : public, prérequis, objectifs, durées, évaluations",
        (places.PATHWAY,),
        "5, 6",
        "Chaque objectif est évaluable et rattaché à l’épreuve qui l’évalue ; les durées s’additionnent.",
        SURE,
    ),
    Piece(
        "Conducteur minute par minute",
        (f"{places.PREPARE}/conducteur.pdf",),
        "6",
        "Contenus, méthodes, supports et évaluation de chaque séquence. Il dit le prévu, pas le fait.",
        SURE,
    ),
    Piece(
        "Convocation",
        (f"{places.PREPARE}/convocation.txt", f"{places.PREPARE}/convocation.odt"),
        "9",
        "Dates, heures, lieu, objectifs, contact. L’envoi lui-même n’est pas prouvé ici.",
        LIKELY,
    ),
    Piece(
        "Livret du stagiaire et diapositives",
        (f"{places.DISTRIBUTE}/livret.pdf", f"{places.SLIDES}/*.html"),
        "19",
        "Ressources pédagogiques mises à disposition. L’usage qu’en fait chacun n’est pas prouvé ici.",
        LIKELY,
    ),
    Piece(
        "Positionnement à l’entrée : épreuve et réponses",
        (f"{places.DISTRIBUTE}/positionnement.pdf", f"{places.COLLECT}/positionnement.csv"),
        "8",
        "Épreuve proposée à l’entrée et réponses relevées, objectif par objectif.",
        SURE,
    ),
    Piece(
        "Émargement : feuilles et relevé de présence",
        (f"{places.ATTENDANCE}/*", f"{places.COLLECT}/presences.csv"),
        "hors référentiel (réalisation de l’action, par tout élément probant)",
        "Minutes relevées, et feuilles à signer. Seules celles qui sont signées, numérisées dans 3-presence, portent "
        "des signatures.",
        LIKELY,
    ),
    Piece(
        "Évaluation finale : épreuve et réponses",
        (f"{places.DISTRIBUTE}/evaluation-finale.pdf", f"{places.COLLECT}/evaluation-finale.csv"),
        "11",
        "Épreuve de sortie et réponses relevées.",
        SURE,
    ),
    Piece(
        "Résultats par objectif",
        (f"{places.RETURN}/resultats.csv",),
        "11",
        "Objectif par objectif : éléments rendus, éléments réussis. Une personne qui n’a rien rendu y est écrite "
        "comme telle.",
        SURE,
        copied=False,
    ),
    Piece(
        "Exercices rendus et corrigés",
        (f"{places.COURSE}/feedback/**/*.html",),
        "11, 19",
        "Activités rendues et corrections : à distance, c’est la trace d’un suivi effectif. Elles restent dans le "
        "cours de la session.",
        LIKELY,
        copied=False,
    ),
    Piece(
        "Attestations de fin de formation",
        (f"{places.COMPLETIONS}/*.pdf",),
        "11",
        "Résultats de l’évaluation des acquis, une personne par document.",
        SURE,
        copied=False,
    ),
    Piece(
        "Certificats de réalisation",
        (f"{places.CERTIFICATES}/*.pdf",),
        "hors référentiel (pièce demandée par les financeurs)",
        "Durée suivie par chaque personne. Ne dit rien des acquis.",
        SURE,
        copied=False,
    ),
    Piece(
        "Satisfaction : questionnaire et relevé anonyme",
        (f"{places.DISTRIBUTE}/satisfaction.pdf", f"{places.COLLECT}/satisfaction.csv"),
        "30",
        "Appréciations des stagiaires seulement. Celles des financeurs, des équipes et des employeurs sont à joindre.",
        SURE,
    ),
    Piece(
        "Rapport du formateur",
        (f"{places.RETURN}/rapport.pdf", f"{places.RETURN}/rapport.html"),
        "2, 11, 32",
        "Résultats avec leur mode de calcul, analyse des questions, satisfaction. Les suites données sont à ajouter.",
        LIKELY,
        copied=False,
    ),
)
"""Pièces, dans l’ordre de la formation."""

MISSING = (
    "Feuilles d’émargement signées : numérisez-les dans 3-presence, puis refaites la clôture. À distance : connexions, "
    "échanges, travaux rendus.",
    "Convention ou contrat, programme publié, tarifs, délais d’accès, accessibilité (indicateur 1).",
    "Compétences des personnes qui animent (indicateur 21), contrats de sous-traitance (indicateur 27).",
    "Procédure de prévention et de traitement des violences, du harcèlement et des discriminations (indicateur 12 "
    "depuis le 1er novembre 2026).",
    "Référent pédagogique au-delà d’un nombre d’intervenants à distance (indicateur 19) : l’arrêté qui fixe ce nombre "
    "n’était pas paru au 29 septembre 2026.",
    "Analyse des risques sur la qualité (indicateur 32), réclamations, veille, amélioration continue.",
    "Preuve d’envoi des convocations et des attestations ; effets de la formation au poste, mesurés à froid.",
)
"""Ce qu’un dossier de session ne peut pas prouver seul."""
