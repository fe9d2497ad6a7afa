"""La référence à battre : compter des mots, sans rien apprendre."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from formation.citoyens.texts import normalise

KEYWORDS: dict[str, tuple[str, ...]] = {
    "accueil": ("guichet", "accueil", "humain", "telephone", "agent au", "repondeur"),
    "vie_privee": ("donnees", "camera", "surveill", "film", "fich", "pirat"),
    "cout": ("cout", "impot", "budget", "argent", "prix", "cher"),
    "delais": ("delai", "attente", "attend", "rapid", "en ligne", "file"),
    "usages": ("fuite", "cantine", "dechet", "poubelle", "capteur", "inondation", "stationnement"),
    "environnement": ("climat", "carbone", "energie", "pollution", "ecologi", "electricite"),
    "emploi": ("emploi", "poste", "licenci", "supprim", "salaire"),
    "recours": ("erreur", "trompe", "recours", "responsable", "contester"),
    "transparence": ("transparen", "publiez", "comite", "bilan public", "controle"),
    "handicap": ("handicap", "aveugle", "malentendant", "fauteuil", "accessib"),
    "sans_internet": ("pas internet", "ordinateur ni", "papier", "smartphone", "personnes agees"),
    "eloignement": ("village", "campagne", "rural", "hameau", "reseau"),
    "langue": ("langue", "traduire", "lire mal", "etranger", "illettr"),
}
"""Ce qu’un agent écrirait en cinq minutes, sans avoir lu les textes : des débuts de mots, sans accents."""


def count(texts: Sequence[str], keywords: Mapping[str, Sequence[str]] = KEYWORDS) -> pd.DataFrame:
    """Thèmes dont au moins un mot-clé apparaît.

    Parameters
    ----------
    texts : sequence of str
        Textes.
    keywords : mapping of str to sequence of str
        Débuts de mots de chaque thème, sans accents.

    Returns
    -------
    DataFrame
        Une colonne de booléens par thème, une ligne par texte.

    Examples
    --------
    >>> count(["Trop cher !"])["cout"].tolist()
    [True]
    """
    plain = [f" {normalise(text)}" for text in texts]
    return pd.DataFrame(
        {theme: [any(f" {key}" in text for key in keys) for text in plain] for theme, keys in keywords.items()}
    )


def scores(found: pd.DataFrame, truth: pd.DataFrame) -> pd.DataFrame:
    """Rappel et précision de chaque thème.

    Parameters
    ----------
    found, truth : DataFrame
        Booléens, une colonne par thème.

    Returns
    -------
    DataFrame
        Par thème : `portent` (textes), `rappel`, `precision`.
    """
    both = found & truth
    return pd.DataFrame(
        {
            "portent": truth.sum(),
            "rappel": both.sum() / truth.sum(),
            "precision": both.sum() / found.sum().where(found.sum() > 0),
        }
    )
