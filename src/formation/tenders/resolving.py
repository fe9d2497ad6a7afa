"""Compléter les offres avant de calculer : ce qui manque, ce qui est anormal, et la règle qui s’applique."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from formation import footprint
from formation.footprint import Interval
from formation.tenders.fields import BY_NAME, DEVICES
from formation.tenders.offers import Market, Offer

LARGEST_MODEL = (52.0, 1050.0)
"""Plus gros modèle ouvert de la table d’EcoLogits, en milliards de paramètres actifs et totaux."""
DEFAULT_SERVER_W = 500.0
"""Puissance retenue pour un serveur non déclaré quand aucune offre n’en déclare : hypothèse de ce cours."""
SUSPECT = 20
"""Une énergie par réponse tant de fois plus basse que la médiane des autres est signalée."""
LOWEST_PUE = 1.05
"""Au-dessous, un PUE moyen annuel est signalé : aucun fournisseur de la table d’EcoLogits ne fait mieux que 1,09."""
POSTS = {
    "entrainement": "Entraînement",
    "inference": "Réponses",
    "hebergement": "Serveurs permanents",
    "reseau": "Réseau",
    "appareils": "Appareils",
}


@dataclass(frozen=True)
class Resolved:
    """Une offre prête au calcul : tout y est un nombre ou un intervalle.

    Attributes
    ----------
    nom : str
        Nom.
    prix_eur, qualite : float
        Prix et note.
    sans_ia : bool
        Vrai pour l’option sans IA.
    mix_g_kwh, pue, reponse_wh : Interval
        Électricité, PUE, énergie par réponse au serveur.
    taille : tuple of float or None
        Paramètres actifs et totaux ; l’énergie par réponse vient alors des formules d’EcoLogits.
    entrainement_kwh, part_entrainement : float, bool
        Entraînement propre ; vrai si une part de l’entraînement du modèle général s’ajoute.
    serveur_w, donnees_go_an : float
        Serveurs permanents et données.
    reseau : str
        Facteur de réseau.
    appareils_kg : Interval
        Appareils neufs, en kgCO2e.
    manques : tuple of str
        Rubriques non déclarées (ou anormales et non justifiées).
    remarques : tuple of str
        Ce qui a été supposé ou signalé, en français.
    """

    nom: str
    prix_eur: float
    qualite: float
    sans_ia: bool
    mix_g_kwh: Interval
    pue: Interval
    reponse_wh: Interval
    taille: tuple[float, float] | None
    entrainement_kwh: float
    part_entrainement: bool
    serveur_w: float
    donnees_go_an: float
    reseau: str
    appareils_kg: Interval
    manques: tuple[str, ...] = ()
    remarques: tuple[str, ...] = field(default_factory=tuple)


def resolve(market: Market, offers: Sequence[Offer]) -> list[Resolved]:
    """Complète les offres selon les règles du marché.

    Parameters
    ----------
    market : Market
        Règles annoncées.
    offers : sequence of Offer
        Offres déclarées.

    Returns
    -------
    list of Resolved
        Dans le même ordre.
    """
    states = [_State(offer, market, offers) for offer in offers]
    return [state.resolved([other for other in states if other is not state]) for state in states]


class _State:
    """Une offre pendant qu’on la complète."""

    def __init__(self, offer: Offer, market: Market, offers: Sequence[Offer]) -> None:
        self.offer, self.market = offer, market
        self.kept = dict(offer.values)
        self.remarks: list[str] = []
        self.missing: list[str] = []
        self.no_ai = bool(offer.get("sans_ia"))
        self.justified = set(offer.get("justifie") or ())
        for name, why in self._abnormal(offers):
            self._flag(name, why)

    def _abnormal(self, offers: Sequence[Offer]) -> list[tuple[str, str]]:
        found = []
        value = self.kept.get("energie_wh_haut")
        if not self.no_ai and value is not None:
            others = [o.values["energie_wh_haut"] for o in offers if o is not self.offer and o.get("energie_wh_haut")]
            if value == 0:
                found.append(("energie_wh_haut", "0 Wh par réponse : un calcul consomme toujours"))
            elif others and value * SUSPECT < statistics.median(others):
                found.append(("energie_wh_haut", f"plus de {SUSPECT} fois moins que la médiane des autres offres"))
        if self.kept.get("pue") is not None and self.kept["pue"] < LOWEST_PUE:
            found.append(("pue", "PUE presque parfait : aucun grand fournisseur de la table ne fait mieux que 1,09"))
        sized = {"parametres_actifs", "parametres_totaux"} & self.kept.keys()
        if not self.no_ai and not sized and self.kept.get("entrainement_kwh") == 0:
            found.append(("entrainement_kwh", "0 kWh d’entraînement, sans dire de quel modèle général il s’agit"))
        return found

    def _flag(self, name: str, why: str) -> None:
        label = BY_NAME[name].label
        if name in self.justified:
            self.remarks.append(f"{label} : {why}. Justifié par une pièce de l’offre.")
            return
        as_silence = self.market.anormal == "comme_silence"
        self.remarks.append(
            f"{label} : {why}. À justifier ; " + ("traité comme une absence." if as_silence else "pris tel quel.")
        )
        if as_silence:
            self.kept.pop(name)
            if name == "energie_wh_haut":
                self.kept.pop("energie_wh_bas", None)

    def size(self) -> tuple[float, float] | None:
        """Taille du modèle, si l’énergie n’est pas mesurée."""
        given = [self.kept[name] for name in ("parametres_actifs", "parametres_totaux") if name in self.kept]
        if not given or self.kept.get("energie_wh_haut") is not None:
            return None
        return float(given[0]), float(given[-1])

    def response_high(self) -> float:
        """Énergie par réponse la plus haute que l’offre déclare, 0 si elle n’en déclare pas."""
        size = self.size()
        if size is not None:
            return float(footprint.server_energy_wh(*size, self.market.jetons, footprint.factor("lot").low))
        return float(self.kept.get("energie_wh_haut") or 0)

    def absent(self, name: str, worst: float, what: str) -> float:
        """Valeur qui remplace une rubrique absente, selon la règle du marché."""
        self.missing.append(name)
        value = 0.0 if self.market.silence == "compter_zero" else worst
        self.remarks.append(
            f"{BY_NAME[name].label} : non déclaré. Retenu : {footprint.short(value)} {what}".rstrip() + "."
        )
        return value

    def _number(self, name: str, others: Sequence[_State], default: float, what: str) -> float:
        if self.kept.get(name) is not None:
            return float(self.kept[name])
        if self.no_ai and name == "entrainement_kwh":
            return 0.0
        return self.absent(name, max([default, *(float(o.kept.get(name) or 0) for o in others)]), what)

    def resolved(self, others: Sequence[_State]) -> Resolved:
        """Offre complétée ; les autres fournissent les valeurs les plus hautes."""
        response, size = self._response(others)
        general = bool({"parametres_actifs", "parametres_totaux"} & self.kept.keys())
        return Resolved(
            nom=self.offer.nom,
            prix_eur=self.offer.prix_eur,
            qualite=self.offer.qualite,
            sans_ia=self.no_ai,
            mix_g_kwh=self._mix(),
            pue=self._pue(others),
            reponse_wh=response,
            taille=size,
            entrainement_kwh=self._number("entrainement_kwh", others, 0.0, "kWh"),
            part_entrainement=general and not self.no_ai,
            serveur_w=self._number("serveur_w", others, DEFAULT_SERVER_W, "W"),
            donnees_go_an=self._number("donnees_go_an", others, 0.0, "Go par an"),
            reseau=f"reseau-{self.kept.get('reseau') or 'mobile'}",
            appareils_kg=self._devices(others),
            manques=tuple(self.missing),
            remarques=tuple(self.remarks),
        )

    def _mix(self) -> Interval:
        if self.kept.get("pays") is not None:
            return footprint.electricity(self.kept["pays"]).interval
        high = footprint.electricity(None).high
        value = self.absent("pays", high, "gCO2e/kWh")
        return Interval(value, value)

    def _pue(self, others: Sequence[_State]) -> Interval:
        if self.kept.get("pue") is not None:
            return Interval(self.kept["pue"], self.kept["pue"])
        worst = max([footprint.factor("pue").high, *(float(o.kept.get("pue") or 0) for o in others)])
        value = max(1.0, self.absent("pue", worst, "" if self.market.silence != "compter_zero" else "(donc 1)"))
        return Interval(value, value)

    def _response(self, others: Sequence[_State]) -> tuple[Interval, tuple[float, float] | None]:
        if self.no_ai:
            return Interval(0, 0), None
        high, size = self.kept.get("energie_wh_haut"), self.size()
        if high is not None:
            low = self.kept.get("energie_wh_bas")
            if low is None:
                self.remarks.append("Énergie par réponse : une seule borne déclarée, prise pour les deux.")
            return Interval(high if low is None else low, high), None
        if size is not None:
            lots = footprint.factor("lot")
            bounds = [footprint.server_energy_wh(*size, self.market.jetons, lot) for lot in (lots.high, lots.low)]
            self.remarks.append("Énergie par réponse : non mesurée, estimée par les formules d’EcoLogits.")
            return Interval(*bounds), size
        ceiling = footprint.server_energy_wh(*LARGEST_MODEL, self.market.jetons, footprint.factor("lot").low)
        value = self.absent("energie_wh_haut", max([ceiling, *(o.response_high() for o in others)]), "Wh par réponse")
        return Interval(value, value), None

    def _made(self, name: str) -> Interval | None:
        """Fabrication d’une sorte d’appareils ; rien si elle n’est pas déclarée."""
        count = self.kept.get(name)
        if count is None:
            return None
        if name != "autres_appareils":
            return footprint.factor(name.removesuffix("s_neufs")).interval * float(count)
        each = self.kept.get("kgco2e_par_autre")
        if count and each is None:
            return None
        return Interval(1, 1) * float(count * (each or 0))

    def _devices(self, others: Sequence[_State]) -> Interval:
        total = Interval(0, 0)
        for name in DEVICES:
            made = self._made(name)
            if made is None:
                seen = [value.high for o in others if (value := o._made(name)) is not None]
                value = self.absent(name, max([0.0, *seen]), "kgCO2e")
                made = Interval(value, value)
            total = total + made
        return total


def to_dict(offer: Resolved) -> dict[str, Any]:
    """Offre complétée, en types simples.

    Parameters
    ----------
    offer : Resolved
        Offre.

    Returns
    -------
    dict
        Rubriques ; un intervalle devient une liste de deux bornes.
    """
    return {
        name: [value.low, value.high] if isinstance(value, Interval) else value for name, value in vars(offer).items()
    }
