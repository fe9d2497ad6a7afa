"""Empreinte d’une réponse d’IA générative, par les formules publiées d’EcoLogits.

Les formules et les constantes sont celles d’EcoLogits 0.11.3 (`ecologits.impacts.llm`, licence MPL 2.0) ; un test
compare les deux calculs. Elles sont récrites ici pour que la page du livre fasse le même calcul, sans Python.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from formation.footprint.factors import electricity, factor
from formation.footprint.interval import EmpreinteImpossible, Interval
from formation.numbers import shortest

CONSTANTS: dict[str, float] = {
    "energie_alpha": 1.1665273170451914e-06,
    "energie_beta": -0.011205921025579175,
    "energie_gamma": 4.052928146734005e-05,
    "duree_alpha": 0.0006785088094353663,
    "duree_beta": 0.0003119310311688259,
    "duree_gamma": 0.019473717579473387,
    "memoire_gpu_go": 80,
    "gpu_par_serveur": 8,
    "puissance_serveur_kw": 1.2,
    "bits": 16,
    "fabrication_gpu_kgco2e": 273,
    "fabrication_serveur_kgco2e": 5700,
    "vie_s": 3 * 365 * 24 * 3600,
}
"""Constantes d’EcoLogits : énergie par jeton en Wh (alpha multiplie des milliards de paramètres), durée en s."""
BATCH = 64
"""Lot retenu par EcoLogits."""
LARGEST = 20_000.0
"""Plus gros modèle accepté, en milliards de paramètres : au-delà, c’est une faute d’unité."""
_WATER_L_KWH = {"FRA": 3.6737, "SWE": 6.0315, "USA": 3.1321, "DEU": 1.947, "WOR": 3.908}
"""Eau de la production d’électricité, table d’EcoLogits, en litres par kWh."""
_WATER_SITE = Interval(0.09, 0.999)
"""Eau du centre de données, du plus bas au plus haut des fournisseurs d’EcoLogits, en litres par kWh."""


def gpu_count(total_billion: float) -> int:
    """Cartes graphiques qu’il faut pour charger le modèle.

    Parameters
    ----------
    total_billion : float
        Paramètres, en milliards.

    Returns
    -------
    int
        Nombre, arrondi à la puissance de deux suivante.

    Examples
    --------
    >>> gpu_count(8), gpu_count(70), gpu_count(675)
    (1, 4, 32)
    """
    memory = 1.2 * total_billion * CONSTANTS["bits"] / 8
    count = math.ceil(memory / CONSTANTS["memoire_gpu_go"])
    power = 1
    while power < count:
        power *= 2
    return power


def seconds(active_billion: float, tokens: float, batch: float = BATCH) -> float:
    """Durée de génération d’une réponse.

    Parameters
    ----------
    active_billion : float
        Paramètres actifs, en milliards.
    tokens : float
        Jetons générés.
    batch : float
        Réponses calculées en même temps.

    Returns
    -------
    float
        Secondes.
    """
    c = CONSTANTS
    return tokens * (c["duree_alpha"] * active_billion + c["duree_beta"] * batch + c["duree_gamma"])


def server_energy_wh(active_billion: float, total_billion: float, tokens: float, batch: float = BATCH) -> float:
    """Énergie d’une réponse dans le serveur, hors refroidissement.

    Parameters
    ----------
    active_billion, total_billion : float
        Paramètres actifs et totaux, en milliards ; égaux pour un modèle dense.
    tokens : float
        Jetons générés.
    batch : float
        Réponses calculées en même temps.

    Returns
    -------
    float
        Wh.

    Examples
    --------
    >>> round(server_energy_wh(8, 8, 400), 4)
    0.0297
    """
    c, gpus = CONSTANTS, gpu_count(total_billion)
    per_token_wh = c["energie_alpha"] * math.exp(c["energie_beta"] * batch) * active_billion + c["energie_gamma"]
    hours = seconds(active_billion, tokens, batch) / 3600
    server_wh = 1000 * hours * c["puissance_serveur_kw"] * gpus / c["gpu_par_serveur"] / batch
    return server_wh + gpus * tokens * per_token_wh


def embodied_g(active_billion: float, total_billion: float, tokens: float, batch: float = BATCH) -> float:
    """Part de la fabrication du serveur et de ses cartes qui revient à une réponse.

    Parameters
    ----------
    active_billion, total_billion : float
        Paramètres actifs et totaux, en milliards.
    tokens : float
        Jetons générés.
    batch : float
        Réponses calculées en même temps.

    Returns
    -------
    float
        gCO2e.
    """
    c, gpus = CONSTANTS, gpu_count(total_billion)
    made_kg = gpus * (c["fabrication_serveur_kgco2e"] / c["gpu_par_serveur"] + c["fabrication_gpu_kgco2e"])
    return 1000 * seconds(active_billion, tokens, batch) * made_kg / (c["vie_s"] * batch)


@dataclass(frozen=True)
class Response:
    """Empreinte d’une réponse générée, en intervalles.

    Attributes
    ----------
    energy_wh : Interval
        Électricité, refroidissement compris.
    use_g, embodied_g : Interval
        Émissions de l’électricité, puis part de la fabrication, en gCO2e.
    water_l : Interval or None
        Eau du centre et de l’électricité, en litres ; absente si la table n’a pas le pays.
    hypotheses : list of str
        Ce qui a été supposé.
    """

    energy_wh: Interval
    use_g: Interval
    embodied_g: Interval
    water_l: Interval | None
    hypotheses: list[str] = field(default_factory=list)

    @property
    def total_g(self) -> Interval:
        """Émissions totales, en gCO2e."""
        return self.use_g + self.embodied_g

    def to_dict(self) -> dict[str, Any]:
        """Rend l’empreinte en types simples."""
        pairs = {"energie_wh": self.energy_wh, "usage_gco2e": self.use_g, "fabrication_gco2e": self.embodied_g}
        found: dict[str, Any] = {name: [value.low, value.high] for name, value in pairs.items()}
        return found | {
            "total_gco2e": [self.total_g.low, self.total_g.high],
            "eau_l": None if self.water_l is None else [self.water_l.low, self.water_l.high],
            "hypotheses": self.hypotheses,
        }


def response(
    active_billion: float | Interval,
    total_billion: float | Interval | None = None,
    *,
    tokens: float = 400,
    country: str | None = "FRA",
    pue: float | None = None,
) -> Response:
    r"""Empreinte d’une réponse d’IA générative, entraînement, réseau et terminaux exclus.

    Parameters
    ----------
    active_billion : float or Interval
        Paramètres actifs, en milliards ; un intervalle si la taille n’est pas publiée.
    total_billion : float or Interval, optional
        Paramètres totaux ; les mêmes si le modèle est dense.
    tokens : float
        Jetons générés ; 400 est la réponse d’une page, ou peu s’en faut, dans l’étude de Mistral AI.
    country : str, optional
        Pays d’hébergement, code ISO à trois lettres.
    pue : float, optional
        PUE déclaré ; sans lui, l’intervalle de la table.

    Returns
    -------
    Response
        Intervalles et hypothèses.

    Raises
    ------
    EmpreinteImpossible
        Si une taille, un nombre de jetons ou un PUE n’a pas de sens.

    Examples
    --------
    >>> response(8, tokens=400).energy_wh.text("Wh").replace("\xa0", " ")
    'de 0,028 à 0,059 Wh'
    """
    whole = active_billion if total_billion is None else total_billion
    sizes = [(v.low, v.high) if isinstance(v, Interval) else (v, v) for v in (active_billion, whole)]
    _check(sizes, tokens, pue)
    active, total = (Interval(*bounds) for bounds in sizes)
    batch, mix = factor("lot").interval, electricity(country)
    yields = factor("pue").interval if pue is None else Interval(pue, pue)
    server = Interval(
        server_energy_wh(active.low, total.low, tokens, batch.high),
        server_energy_wh(active.high, total.high, tokens, batch.low),
    )
    made = Interval(
        embodied_g(active.low, total.low, tokens, batch.high), embodied_g(active.high, total.high, tokens, batch.low)
    )
    energy = server * yields
    water = _WATER_L_KWH.get(country or "")
    return Response(
        energy,
        energy * mix.interval * 0.001,
        made,
        None if water is None else server * 0.001 * (_WATER_SITE + yields * water),
        [
            f"Formules d’EcoLogits 0.11.3 ; {tokens:g} jetons générés ; lot de {batch.low:g} à {batch.high:g}.",
            f"Modèle : {active.text('milliards de paramètres actifs')}, {total.text('milliards au total')}.",
            f"PUE : {factor('pue').text if pue is None else shortest(pue)}.",
            f"{mix.label} : {mix.text} ({mix.period}).",
            "Non compté : entraînement, réseau, terminaux, lecture de la question (jetons d’entrée).",
        ],
    )


def _check(sizes: list[tuple[float, float]], tokens: float, pue: float | None) -> None:
    problems = []
    active, total = sizes
    if not all(0 < bound <= LARGEST for bound in (*active, *total)):
        largest = shortest(LARGEST, grouped=True)
        problems.append(f"une taille va de plus de 0 à {largest} milliards de paramètres, par exemple 8")
    if active[0] > total[0] or active[1] > total[1]:
        problems.append("les paramètres actifs ne peuvent pas dépasser le total")
    if not 0 < tokens <= 1e7:
        problems.append("le nombre de jetons va de plus de 0 à 10 millions, par exemple 400")
    if pue is not None and not 1 <= pue <= 5:
        problems.append("un PUE va de 1 à 5, par exemple 1,3")
    if problems:
        raise EmpreinteImpossible("Empreinte d’une réponse : " + " ; ".join(problems) + ".")


def model_size(provider: str, name: str) -> tuple[Interval, Interval]:
    """Taille d’un modèle connu d’EcoLogits ; celle d’un modèle fermé y est supposée.

    Parameters
    ----------
    provider : str
        Fournisseur, par exemple `mistralai`.
    name : str
        Nom du modèle.

    Returns
    -------
    tuple of Interval
        Paramètres actifs, paramètres totaux, en milliards.

    Raises
    ------
    EmpreinteImpossible
        Si EcoLogits ne connaît pas ce modèle.

    Examples
    --------
    >>> model_size("mistralai", "ministral-8b-2512")[0]
    Interval(low=8.02, high=8.02)
    """
    from ecologits.model_repository import ParametersMoE, models

    found = models.find_model(provider=provider, model_name=name)
    if found is None:
        raise EmpreinteImpossible(
            f"EcoLogits ne connaît pas le modèle « {name} » de « {provider} ». Donnez plutôt sa taille, en milliards "
            "de paramètres : demandez-la au fournisseur."
        )
    size = found.architecture.parameters
    if isinstance(size, ParametersMoE):
        return _interval(size.active), _interval(size.total)
    return _interval(size), _interval(size)


def _interval(value: Any) -> Interval:
    if hasattr(value, "min"):
        return Interval(float(value.min), float(value.max))
    return Interval(float(value), float(value))
