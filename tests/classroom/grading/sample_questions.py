"""Questions du cours d’essai : réponse de référence, test, points, autres réponses justes, fausses ou en erreur."""

from __future__ import annotations

from dataclasses import dataclass

MARK = "jamais-montre-8f41c2"
"""Texte présent dans chaque partie cachée : il ne doit paraître dans aucune page remise au stagiaire."""


def hidden(*lines: str) -> str:
    body = "\n".join(lines)
    return f"### BEGIN HIDDEN TESTS\n# {MARK}\n{body}\n### END HIDDEN TESTS"


@dataclass(frozen=True)
class Question:
    """Question d’un carnet : sa réponse de référence, son test, ses points, et d’autres réponses."""

    name: str
    solution: str
    test: str
    points: int
    right: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()


_IMPORTS = """import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
"""
EXPLORATION_SETUP = f"""{_IMPORTS}
releves = pd.read_csv("releves.csv")
releves.head()"""
MODELE_SETUP = f"""{_IMPORTS}
conduites = pd.read_csv("conduites.csv")
apprentissage, essai = conduites.iloc[:160], conduites.iloc[160:]
colonnes = ["age_ans", "longueur_m", "pression_bar"]"""

EXPLORATION = (
    Question(
        "total",
        'volume_total_m3 = releves["volume_m3"].sum()',
        "assert volume_total_m3 > 0\n"
        + hidden(
            'juste = pd.read_csv("releves.csv")["volume_m3"].sum()',
            'assert abs(volume_total_m3 - juste) < 1e-6, "Le total est faux."',
        ),
        2,
        (
            'volume_total_m3 = float(np.sum(releves["volume_m3"].to_numpy()))',
            "volume_total_m3 = sum(releves.volume_m3)",
        ),
        ('volume_total_m3 = releves["volume_m3"].mean()', "volume_total_m3 = len(releves)"),
        ('volume_total_m3 = releves["volume"].sum()', "volume_total_m3 = releves.volume_m3.somme("),
    ),
    Question(
        "part",
        "def part(quantite, total):\n    return quantite / total if total else 0.0",
        "assert part(1, 4) == 0.25\n"
        + hidden("np.testing.assert_allclose(part(3, 8), 0.375)", 'assert part(5, 0) == 0, "Total nul."'),
        2,
        ("part = lambda q, t: 0 if t == 0 else q / t",),
        ("def part(quantite, total):\n    return quantite / total", "def part(quantite, total):\n    return 25 / 100"),
        ("def part(quantite, total):\n    return quantite / tout", "def part(quantite):\n    return quantite"),
    ),
    Question(
        "communes",
        'communes = sorted(releves["commune"].unique())',
        "assert len(communes) == 4\n"
        + hidden('assert communes == ["Aubeline", "Berlac", "Corvaz", "Dolmont"], "Ordre alphabétique."'),
        1,
        ('communes = sorted(set(releves["commune"]))', "communes = ['Aubeline', 'Berlac', 'Corvaz', 'Dolmont']"),
        ('communes = sorted(releves["commune"].unique(), reverse=True)', "communes = list('ABCD')"),
        ("communes = sorted(releves)[10]",),
    ),
    Question(
        "tableau",
        'par_commune = releves.groupby("commune", as_index=False)["volume_m3"].sum()',
        'assert list(par_commune.columns) == ["commune", "volume_m3"]\n'
        + hidden(
            'modele = pd.read_csv("releves.csv").groupby("commune", as_index=False)["volume_m3"].sum()',
            "pd.testing.assert_frame_equal(par_commune, modele)",
        ),
        2,
        ('par_commune = releves.groupby("commune")["volume_m3"].sum().reset_index()',),
        (
            'par_commune = releves.groupby("commune", as_index=False)["volume_m3"].mean()',
            'par_commune = releves.groupby("commune")[["volume_m3"]].sum()',
        ),
        ('par_commune = releves.groupby("ville")["volume_m3"].sum()',),
    ),
    Question(
        "estimations",
        'v = releves["volume_m3"]\n'
        'estimations = {"moyenne": v.mean(), "mediane": v.median(), "minimum": v.min(), "maximum": v.max()}',
        "# un point par estimation juste\n"
        + hidden(
            'colonne = pd.read_csv("releves.csv")["volume_m3"]',
            'justes = {"moyenne": colonne.mean(), "mediane": colonne.median(),',
            '          "minimum": colonne.min(), "maximum": colonne.max()}',
            "float(sum(abs(float(estimations.get(nom, -1)) - valeur) < 0.01 for nom, valeur in justes.items()))",
        ),
        4,
        ('estimations = releves["volume_m3"].agg(moyenne="mean", mediane="median", minimum="min", maximum="max")',),
        (
            'estimations = {"moyenne": releves.volume_m3.mean(), "minimum": releves.volume_m3.min()}',
            "estimations = {}",
        ),
        ("estimations = {'moyenne': releves.volume_m3.moyenne()}",),
    ),
)
MODELE = (
    Question(
        "separation",
        "X, y = apprentissage[colonnes], apprentissage['fuite']",
        "assert X.shape == (160, 3)\nassert y.mean() > 0",
        1,
        ("X = apprentissage.loc[:, colonnes]\ny = apprentissage.fuite",),
        ("X, y = conduites[colonnes], conduites['fuite']",),
        ("X, y = apprentissage[colonne], apprentissage['fuite']",),
    ),
    Question(
        "ajustement",
        "modele = LogisticRegression(max_iter=1000).fit(X, y)",
        'assert hasattr(modele, "predict")\n'
        + hidden(
            'exactitude = modele.score(essai[colonnes], essai["fuite"])',
            'assert exactitude > 0.75, f"Exactitude trop basse : {exactitude:.2f}"',
        ),
        2,
        ("modele = LogisticRegression(C=10, max_iter=2000)\nmodele.fit(X, y)",),
        ("modele = LogisticRegression(max_iter=1000).fit(X, 1 - y)",),
        ("modele = LogisticRegression(max_iter=1000).ajuste(X, y)",),
    ),
    Question(
        "risques",
        "risques = modele.predict_proba(essai[colonnes])[:, 1]",
        "assert len(risques) == len(essai)\n"
        + hidden("np.testing.assert_allclose(risques, modele.predict_proba(essai[colonnes])[:, 1], rtol=1e-6)"),
        2,
        ("risques = 1 - modele.predict_proba(essai[colonnes])[:, 0]",),
        ("risques = modele.predict_proba(essai[colonnes])[:, 0]", "risques = np.full(len(essai), 0.5)"),
        ("risques = modele.predict_proba(essai)[:, 1]",),
    ),
    Question(
        "tournee",
        "tournee = np.argsort(-risques)[:10]",
        "assert len(tournee) == 10\n"
        + hidden('assert set(tournee) == set(np.argsort(-risques)[:10]), "Les dix plus risquées."'),
        2,
        ("tournee = sorted(range(len(risques)), key=lambda i: -risques[i])[:10]",),
        ("tournee = np.argsort(risques)[:10]", "tournee = list(range(10))"),
        ("tournee = risques.argsort[:10]",),
    ),
    Question(
        "figure",
        "figure, axes = plt.subplots(figsize=(6, 4))\naxes.hist(risques, bins=20)\n"
        "axes.set_xlabel('risque')\naxes.set_title('Risque estimé')\nplt.show()",
        "assert axes.get_xlabel()\n" + hidden('assert len(axes.patches) == 20, "Vingt barres."'),
        1,
        ("figure, axes = plt.subplots()\naxes.hist(risques, 20, color='gray')\naxes.set_xlabel('risque estimé')",),
        ("figure, axes = plt.subplots()\naxes.hist(risques)\naxes.set_xlabel('risque')",),
        ("figure, axes = plt.subplots()\naxes.histogramme(risques)",),
    ),
)
QUESTIONS = {"exploration": EXPLORATION, "modele": MODELE}
TEXT = "avis"
GOOD_TEXT = "Je vérifierais d’abord les compteurs de Corvaz, dont le volume surprend."
