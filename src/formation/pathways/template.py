"""Modèle d’un parcours : un fichier complet, commenté, qui passe les vérifications tel quel."""

from __future__ import annotations

from pathlib import Path

from formation.errors import FormationError, reason
from formation.files import write_atomic

TEMPLATE = """\
# Un parcours de formation. Copiez ce fichier, changez tout, puis : formation parcours verifier mon-parcours.yml
# Les lignes qui commencent par « # » sont des explications ; vous pouvez les retirer.
format: 1
parcours: mon-parcours            # minuscules, chiffres et traits d’union
titre: Lire une offre, une heure
public: Agents à qui l’on présente un outil d’IA.
groupe: {minimum: 4, maximum: 12}
modalite: présentiel              # présentiel, distanciel ou mixte
duree_min: 60                     # somme des séquences, pauses non comptées

# Ce qu’il faut savoir avant : la page où l’apprendre, la question du livre qui le vérifie (ou null).
prerequis:
  - id: p-tableau
    texte: Lire un tableau de nombres et y calculer une part.
    acquerir: book/demystifier/exercices
    verifier: null

# Un verbe que l’on observe, une condition, un critère qui se compte. « Comprendre » ne s’observe pas.
# Questions : formation quiz lister. Contrôles notés : exercice/contrôle, l’exercice étant joué dans une séquence.
objectifs:
  - id: o-reference
    texte: Devant un score annoncé, exiger la référence à battre.
    critere: 2 questions sur 2 à l’évaluation finale
    questions: [eau-q01, eau-q03, eau-q04]
    controles: []

jours:
  - titre: Une heure
    demi_journees:
      - titre: Matin
        debut: "09:00"
        duree_min: 60             # pauses comptées
        sequences:
          - id: s-eau
            titre: Battre ce que l’on sait déjà faire
            minutes: 60           # somme de ses étapes
            methode: Pari, jeu des dix papiers, évaluation
            requiert: [p-tableau] # prérequis, ou objectif visé par une séquence d’avant
            vise: [o-reference]
            diapos: cas-eau       # formation diapos lister ; null s’il n’y en a pas
            supports: [book/cas/eau, cases/eau/note-pedagogique]
            exercices: []         # carnets notés, par exemple eau-01-lire-une-courbe
            materiel: [un jeu de dix papiers par équipe, les questionnaires imprimés]
            etapes:
              - minutes: 10
                anime: Distribue le positionnement, puis lit la promesse du prestataire sans la commenter.
                produit: Les réponses, et un pari écrit.
              - minutes: 35
                anime: Fait jouer les dix papiers, compare les scores, demande la référence.
                produit: Un score par méthode, et une question à poser.
              - minutes: 15
                anime: Distribue l’évaluation finale.
                produit: Les réponses, seul.
            evaluation: Chaque participant nomme la référence que son service possède déjà.
          # Une pause s’écrit ainsi, entre deux séquences :
          # - pause: 15

# Deux jeux de questions différents, qui évaluent les mêmes objectifs.
positionnement:
  consigne: Répondez seul. Ces réponses ne sont pas notées.
  questions: [eau-q01]
evaluation_finale:
  consigne: Répondez seul.
  questions: [eau-q03, eau-q04]
  seuil: 0.6                      # part sous laquelle aucun critère ne descend
"""


class ModeleImpossible(FormationError):
    """Le modèle n’a pas pu être écrit ; rien n’a été modifié."""


def write_template(path: Path, *, overwrite: bool = False) -> Path:
    """Écrit le modèle d’un parcours.

    Parameters
    ----------
    path : Path
        Fichier `.yml` à écrire.
    overwrite : bool
        Vrai pour remplacer un fichier existant.

    Returns
    -------
    Path
        Le fichier écrit.

    Raises
    ------
    ModeleImpossible
        Si le nom n’est pas celui d’un fichier `.yml`, si le fichier existe ou si le disque refuse.
    """
    if path.suffix not in (".yml", ".yaml"):
        raise ModeleImpossible(f"« {path} » : donnez un nom en .yml, par exemple mon-parcours.yml.")
    if path.exists() and not overwrite:
        raise ModeleImpossible(f"« {path} » existe déjà. Donnez un autre nom, ou ajoutez --ecraser.")
    try:
        write_atomic(path, TEMPLATE.encode())
    except OSError as error:
        raise ModeleImpossible(f"« {path} » n’est pas écrit : {reason(error)}.") from None
    return path
