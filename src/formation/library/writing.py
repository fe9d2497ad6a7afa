"""Écrire une fiche en YAML, et le modèle à remplir."""

from __future__ import annotations

import json
from typing import Any

from formation.library.models import ADDITION, REPORT, SCHEMA_VERSION, ProjectRecord
from formation.library.vocabulary import VOCABULARIES


def to_yaml(record: ProjectRecord) -> str:
    """Fiche en YAML, dans l’ordre du schéma, lisible à l’œil.

    Parameters
    ----------
    record : ProjectRecord
        Fiche.

    Returns
    -------
    str
        Texte YAML, terminé par une fin de ligne.
    """
    return _HEADER + "\n".join(_lines(record.model_dump(), 0)) + "\n"


def template() -> str:
    """Modèle de fiche à remplir : chaque champ, son sens, son origine et ses valeurs.

    Returns
    -------
    str
        Texte YAML, volontairement incomplet : le contrôle dit ce qui manque.
    """
    return _TEMPLATE.format(
        version=SCHEMA_VERSION,
        rapport=f"{REPORT} : champ nommé par le rapport du Sénat n° 447 (2024-2025)",
        ajout=f"{ADDITION} : champ ajouté par la formation",
        **{name: ", ".join(values) for name, values in VOCABULARIES.items()},
    )


def plain_number(value: float) -> str:
    """Nombre qui se relit à l’identique, sans décimale inutile.

    Parameters
    ----------
    value : float
        Nombre fini.

    Returns
    -------
    str
        Texte, avec un point décimal.

    Examples
    --------
    >>> plain_number(12000.0), plain_number(0.1)
    ('12000', '0.1')
    """
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def _lines(value: Any, indent: int) -> list[str]:
    """Lignes d’un dictionnaire, deux espaces par niveau."""
    pad = "  " * indent
    lines: list[str] = []
    for key, inside in value.items():
        if isinstance(inside, dict):
            lines += [f"{pad}{key}:", *_lines(inside, indent + 1)]
        elif isinstance(inside, list) and inside and isinstance(inside[0], dict):
            lines.append(f"{pad}{key}:")
            for item in inside:
                first, *rest = _lines(item, indent + 2)
                lines += [f"{pad}  - {first.strip()}", *rest]
        elif isinstance(inside, list):
            lines.append(f"{pad}{key}: [{', '.join(map(_scalar, inside))}]")
        else:
            lines.append(f"{pad}{key}: {_scalar(inside)}".rstrip())
    return lines


def _scalar(value: Any) -> str:
    # Une chaîne JSON est une chaîne YAML entre guillemets : rien n’y prend un autre sens.
    if value is None:
        return ""
    if isinstance(value, float):
        return plain_number(value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else str(value)


_HEADER = "# Fiche de la bibliothèque des projets d’IA, à contrôler par formation bibliotheque verifier\n"

_TEMPLATE = """# Fiche d’un projet d’IA d’une collectivité.
# {rapport} ; {ajout}.
# Ce qu’on ne sait pas se laisse vide ou s’écrit « inconnu ». Une affirmation :
#   - texte: "…"            une ou deux phrases
#     source: [S1]          clés de la liste « sources », en bas
#     confiance: sûr        sûr | probable | à vérifier | inconnu (sans source : inconnu)
version_schema: "{version}"
id:                         # minuscules, chiffres et tirets ; exemple : plaisir-standard-telephonique
titre:                      # ce que fait le projet, et où
date_fiche:                 # AAAA-MM-JJ
redaction:                  # service ou organisme, jamais une personne

situation:                  # rapport
  collectivites:
    - nom:
      type:                 # {type}
      departement:
      region:
      population:           # habitants ; avec sa source
      population_annee:
      source: []
  taille: inconnu           # {taille}
  faits: []
besoin:                     # rapport
  familles: [inconnu]       # une à trois : {besoin}
  faits: []
cout:                       # rapport
  tranche: inconnu          # {cout}
  montant_euros:
  base: inconnu             # {base}
  faits: []
impact_environnemental:     # rapport : d’après l’évaluation que l’entreprise fournit à la signature
  evaluation: inconnu       # {evaluation}
  energie_kwh_an:
  emissions_kgco2e_an:
  faits: []
complements:                # ajout : tout est facultatif
  secteur: [inconnu]        # un à trois : {secteur}
  maturite: inconnu         # {maturite}
  calendrier:
    debut:                  # AAAA, AAAA-MM ou AAAA-MM-JJ
    fin:
    faits: []
  donnees: []
  methode:
    familles: [inconnu]     # une à trois : {methode}
    faits: []
  resultats: []             # chaque affirmation peut ajouter « mesure_par » : {mesure_par}
  prestataire: []
  hebergement: []
  licence: []
  classe_juridique: []
  limites: []
  suites: []
  cas_du_livre:
sources: []
#  - cle: S1
#    titre: ""
#    editeur: ""
#    date: ""
#    url: ""
#    consulte:              # AAAA-MM-JJ
#    lu: direct             # direct | secondaire | déclaration (la collectivité le dit elle-même ici)
"""
