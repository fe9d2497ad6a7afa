"""Facteurs d’émission et ordres de grandeur : chacun a sa source, sa date, son périmètre et deux bornes."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from formation.errors import FormationError
from formation.footprint.interval import Interval
from formation.numbers import shortest

ECOLOGITS = "0.11.3"
CODECARBON = "3.3.2"
"""Versions des bibliothèques dont viennent les tables recopiées ici ; un test les compare."""


class FacteurInconnu(FormationError):
    """Le facteur demandé n’est pas dans la table."""


@dataclass(frozen=True)
class Factor:
    """Un facteur, ses bornes et d’où il vient.

    Attributes
    ----------
    name : str
        Identifiant.
    label : str
        Ce que mesure le facteur, en français.
    unit : str
        Unité des bornes.
    low, high : float
        Bornes.
    period : str
        Année ou période des données.
    perimeter : str
        Ce qui est compté, ce qui ne l’est pas, et pourquoi les bornes diffèrent.
    sources : tuple of str
        Clés de la page des sources.
    """

    name: str
    label: str
    unit: str
    low: float
    high: float
    period: str
    perimeter: str
    sources: tuple[str, ...]

    @property
    def interval(self) -> Interval:
        """Les deux bornes."""
        return Interval(self.low, self.high)

    @property
    def text(self) -> str:
        """Les deux bornes, écrites sans arrondi."""
        low, high = shortest(self.low, grouped=True), shortest(self.high, grouped=True)
        return f"de {low} à {high} {self.unit}"

    def to_dict(self) -> dict[str, Any]:
        """Rend le facteur en types simples."""
        return asdict(self)


_COUNTRIES = {  # nom : (EcoLogits, codecarbon), en gCO2e/kWh
    "FRA": ("France", 41.44, 56.039),
    "SWE": ("Suède", 35.26, 40.695),
    "BEL": ("Belgique", 149.82, 138.107),
    "ESP": ("Espagne", 153.6, 174.05),
    "GBR": ("Royaume-Uni", 217.41, 237.589),
    "NLD": ("Pays-Bas", 253.56, 267.622),
    "IRL": ("Irlande", 256.54, 290.805),
    "ITA": ("Italie", 284.78, 330.718),
    "DEU": ("Allemagne", 329.65, 380.95),
    "USA": ("États-Unis", 384.4, 369.473),
    "POL": ("Pologne", 588.6, 661.926),
    "WOR": ("Monde", 458.29, 475.0),
}
RTE_2024, RTE_2023 = 21.7, 32.0
"""France, production seule, en gCO2e/kWh."""


def _electricity(code: str) -> Factor:
    name, first, second = _COUNTRIES[code]
    low, high = min(first, second), max(first, second)
    period = "2023"
    perimeter = (
        f"Production du pays. Les deux bornes sont les tables d’EcoLogits {ECOLOGITS} et de codecarbon {CODECARBON}, "
        "qui ne donnent pas la même valeur."
    )
    sources: tuple[str, ...] = ("MA1", "MA3")
    if code == "FRA":
        low, period, sources = RTE_2024, "2023 et 2024", ("EM1", "EM2", "MA1", "MA3")
        perimeter = (
            "Borne basse : émissions liées à la production en France, 2024, d’après RTE (32 en 2023). Borne haute : "
            f"table de codecarbon {CODECARBON}, année 2023. EcoLogits {ECOLOGITS} donne 41,4. Un bilan réglementaire "
            "prend le mix moyen de consommation de l’ADEME, dont la valeur n’a pas été lue : à demander."
        )
    if code == "WOR":
        period, perimeter = (
            "2019 et 2023",
            (
                f"Moyenne mondiale : EcoLogits {ECOLOGITS} d’un côté, codecarbon {CODECARBON} (Agence internationale "
                "de l’énergie, rapport de 2019) de l’autre."
            ),
        )
    return Factor(f"electricite-{code}", f"Électricité, {name}", "gCO2e/kWh", low, high, period, perimeter, sources)


_OTHERS = (
    Factor(
        "pue",
        "Refroidissement et pertes du centre de données (PUE)",
        "kWh consommés par kWh informatique",
        1.09,
        1.6,
        "2023 à 2026",
        "Appliqué si l’offre ne déclare rien. Borne basse : meilleure valeur d’un grand fournisseur dans EcoLogits. "
        "Borne haute : moyenne française donnée par un courtier pour 2024 ; l’enquête de l’Arcep donne 1,46 pour 2023.",
        ("MA1", "EM8", "MA10"),
    ),
    Factor(
        "fabrication-calcul",
        "Fabrication des serveurs et des cartes, par kWh informatique",
        "gCO2e/kWh",
        81.0,
        128.0,
        "2026",
        "Rapport entre la fabrication et l’énergie d’une réponse, calculé par les formules d’EcoLogits pour sept "
        "tailles de modèle (1 à 1 050 milliards de paramètres), lots de 32 à 128. Étendu à tout calcul : hypothèse.",
        ("MA1",),
    ),
    Factor(
        "reseau-mobile",
        "Données échangées sur un réseau mobile",
        "gCO2e/Go",
        0.0,
        49.4,
        "2022",
        "Borne haute : ratio « moyen majorant » de l’ADEME pour le mobile (une autre reprise écrit 49,2). "
        "Borne basse : nulle, car le réseau fonctionne avec ou sans ce Go.",
        ("MA4", "MA5"),
    ),
    Factor(
        "reseau-fixe",
        "Données échangées sur un réseau fixe",
        "gCO2e/Go",
        0.0,
        49.4,
        "2022",
        "L’ADEME compte le fixe par abonné (4,1 kgCO2e par mois), pas par Go : faute de facteur par Go, la borne haute "
        "est celle du mobile, qui majore, et la borne basse est nulle.",
        ("MA4",),
    ),
    Factor(
        "portable",
        "Ordinateur portable neuf",
        "kgCO2e par appareil",
        124.0,
        300.0,
        "2018 à 2024",
        "Borne basse : fabrication, ADEME 2018, citée par un cabinet. Borne haute : haut de la fourchette d’entrée de "
        "gamme relevée par la presse sur des bilans de fabricants, usage compris.",
        ("MA8", "MA7"),
    ),
    Factor(
        "smartphone",
        "Téléphone neuf",
        "kgCO2e par appareil",
        31.0,
        100.0,
        "vers 2023",
        "Borne basse : moyenne de l’ADEME, jugée sous-estimée par la page qui la cite. Borne haute : valeur « très "
        "rarement » dépassée selon la presse.",
        ("MA9", "MA7"),
    ),
    Factor(
        "part-entrainement",
        "Entraînement du modèle général, réparti sur les réponses",
        "part de l’inférence",
        0.0,
        0.13,
        "2026",
        "Borne basse : moins de 1 % d’après EcoLogits, comptée 0. Borne haute : médiane d’Impact’IA. EcoLogits annonce "
        "une incertitude d’au moins un ordre de grandeur.",
        ("MA2",),
    ),
    Factor(
        "puissance-poste",
        "Puissance d’un ordinateur qui calcule",
        "W",
        15.0,
        65.0,
        "hypothèse",
        "Hypothèse pédagogique, sans source : d’un portable sobre à un processeur de bureau occupé. Sert quand on n’a "
        "qu’un chronomètre.",
        (),
    ),
    Factor(
        "lot",
        "Réponses calculées en même temps par un serveur (lot)",
        "réponses",
        32.0,
        128.0,
        "hypothèse",
        "EcoLogits retient 64. Encadré ici du simple au double et à la moitié : hypothèse de ce cours. Plus le lot est "
        "grand, moins chaque réponse consomme.",
        ("MA1",),
    ),
)
FACTORS: dict[str, Factor] = {f.name: f for f in (*(_electricity(code) for code in _COUNTRIES), *_OTHERS)}
"""Tous les facteurs, par identifiant."""
COUNTRIES: dict[str, str] = {code: name for code, (name, *_) in _COUNTRIES.items()}
"""Pays d’hébergement connus : code ISO à trois lettres (`WOR` pour le monde) et nom."""


def factor(name: str) -> Factor:
    """Facteur de la table.

    Parameters
    ----------
    name : str
        Identifiant, par exemple `electricite-FRA`.

    Returns
    -------
    Factor
        Facteur, avec sa source et son périmètre.

    Raises
    ------
    FacteurInconnu
        Si la table n’a pas ce facteur ; le message cite les noms.

    Examples
    --------
    >>> factor("electricite-FRA").interval
    Interval(low=21.7, high=56.039)
    """
    if name not in FACTORS:
        raise FacteurInconnu(f"Le facteur « {name} » n’est pas dans la table. Facteurs connus : {', '.join(FACTORS)}.")
    return FACTORS[name]


def electricity(country: str | None) -> Factor:
    """Facteur de l’électricité d’un pays ; sans pays, du plus bas au plus haut de la table.

    Parameters
    ----------
    country : str, optional
        Code ISO à trois lettres.

    Returns
    -------
    Factor
        Facteur, en gCO2e/kWh.

    Raises
    ------
    FacteurInconnu
        Si la table n’a pas ce pays ; le message cite les codes.

    Examples
    --------
    >>> electricity(None).high
    661.926
    """
    if country is not None:
        if country not in COUNTRIES:
            table = ", ".join(f"{code} ({name})" for code, name in COUNTRIES.items())
            raise FacteurInconnu(f"Le pays « {country[:40]} » n’est pas dans la table. Codes acceptés : {table}.")
        return factor(f"electricite-{country}")
    known = [f for f in FACTORS.values() if f.name.startswith("electricite-")]
    return Factor(
        "electricite-inconnue",
        "Électricité, pays non déclaré",
        "gCO2e/kWh",
        min(f.low for f in known),
        max(f.high for f in known),
        "2019 à 2024",
        "Du pays le plus bas au plus haut de la table : l’hébergement n’est pas déclaré.",
        ("EM1", "MA1", "MA3"),
    )
