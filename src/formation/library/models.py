"""La fiche d’un projet : quatre champs demandés par le rapport du Sénat, et ce que cette formation y ajoute.

Le rapport n° 447 (2024-2025) nomme la situation de la collectivité, le besoin, le coût et l’impact environnemental,
rempli d’après l’évaluation que l’entreprise fournit à la signature du contrat. Tout le reste est un ajout, rangé
dans `complements` et marqué `x-origine: ajout` dans le schéma publié.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from formation.book.models import Fact
from formation.forms import Strict
from formation.library.vocabulary import UNKNOWN, OneOf

SCHEMA_VERSION = "1.0"
REPORT, ADDITION, SERVICE = "rapport", "ajout", "gestion"
"""Origine d’un champ : nommé par le rapport, ajouté par la formation, ou nécessaire au fichier."""

MAX_TEXT, MAX_FACTS, MAX_SOURCES, MAX_PLACES = 1_500, 30, 60, 60


NO_BREAK = "\u00a0\u202f"


def _space(run: re.Match[str]) -> str:
    """Une espace pour une suite d’espaces ; insécable si l’une d’elles l’était."""
    return next((character for character in run[0] if character in NO_BREAK), " ")


def _one_line(value: Any) -> Any:
    """Un texte tient sur une ligne, qui ne commence pas par « : » ; la barre sépare les champs dans un tableur."""
    if not isinstance(value, str):
        return value
    line = re.sub(r"\s{2,}|[^\S \u00a0\u202f]", _space, value).strip().replace("|", "–")
    return re.sub(r"(?<=«) | (?=[:;!?»%€](?:\W|$))", NO_BREAK[0], line)


def _unknown_is_empty(value: Any) -> Any:
    """`champ: inconnu` se lit comme une liste vide ; `champ:` aussi."""
    return [] if value is None or value == UNKNOWN else value


def _unknown_is_none(value: Any) -> Any:
    if isinstance(value, bool):  # « yes » ou « true » n’est pas le nombre 1
        return str(value)
    return None if value == UNKNOWN or value == "" else value


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _as_text(value: Any) -> Any:
    """Une date ou une année écrite sans guillemets dans le YAML reste un texte."""
    if isinstance(value, bool):
        return value
    return str(value) if isinstance(value, int | dt.date) else "" if value is None or value == UNKNOWN else value


Line = Annotated[str, BeforeValidator(_one_line), StringConstraints(min_length=1, max_length=MAX_TEXT)]
Short = Annotated[str, BeforeValidator(_one_line), StringConstraints(min_length=1, max_length=250)]
Optional = Annotated[str, BeforeValidator(_one_line), BeforeValidator(_as_text), StringConstraints(max_length=250)]
Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{1,6}[0-9]{1,4}[a-z]?$")]
# La contrainte vient avant la conversion : écrite après, pydantic l’applique mais ne la publie pas dans le schéma.
Moment = Annotated[
    str,
    StringConstraints(pattern=r"^(|[12][0-9]{3}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?)$"),
    BeforeValidator(_as_text),
]
Day = Annotated[
    str,
    StringConstraints(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"),
    BeforeValidator(_as_text),
]
Address = Annotated[
    str, StringConstraints(pattern=r'^(|https?://[^\s<>|"]+)$', max_length=1_000), BeforeValidator(_as_text)
]
Count = Annotated[int, Field(ge=1, le=80_000_000, strict=False)]
Amount = Annotated[float, Field(ge=0, le=1e12, allow_inf_nan=False)]


def _field(title: str, description: str, origin: str, **more: Any) -> Any:
    """Champ titré et décrit en français, avec son origine."""
    return Field(title=title, description=description, json_schema_extra={"x-origine": origin}, **more)


class RecordFact(Fact):
    """Une affirmation, ses sources (clés de la fiche) et son degré de certitude."""

    texte: Line = _field("Texte", "L’affirmation, en une ou deux phrases.", SERVICE)
    source: Annotated[list[Key], BeforeValidator(_as_list), BeforeValidator(_unknown_is_empty)] = _field(
        "Sources", "Clés des sources de la fiche, par exemple S1, S2.", SERVICE, default=[], max_length=20
    )
    confiance: Literal["sûr", "probable", "à vérifier", "inconnu"] = _field(
        "Confiance",
        "sûr : la source le dit ; probable : reprise ou résumé ; à vérifier : douteux ; inconnu : cherché, non trouvé.",
        SERVICE,
    )


class Result(RecordFact):
    """Un résultat, et qui l’a mesuré."""

    mesure_par: Annotated[str, OneOf("mesure_par")] = _field(
        "Mesuré par", "Qui a mesuré ce résultat ; « inconnu » si la source ne le dit pas.", ADDITION, default=UNKNOWN
    )


Facts = Annotated[list[RecordFact], BeforeValidator(_unknown_is_empty)]
Results = Annotated[list[Result], BeforeValidator(_unknown_is_empty)]


class Place(Strict):
    """Une collectivité du projet."""

    nom: Short = _field("Nom", "Nom de la collectivité.", REPORT)
    type: Annotated[str, OneOf("type")] = _field("Type", "Type de collectivité.", REPORT)
    departement: Optional = _field("Département", "Nom du département ; vide si inconnu.", REPORT, default="")
    region: Optional = _field("Région", "Nom de la région ; vide si inconnu.", REPORT, default="")
    population: Annotated[Count | None, BeforeValidator(_unknown_is_none)] = _field(
        "Population", "Habitants ; vide si inconnu.", REPORT, default=None
    )
    population_annee: Annotated[Annotated[int, Field(ge=1990, le=2100)] | None, BeforeValidator(_unknown_is_none)] = (
        _field("Année de la population", "Année du recensement cité ; vide si inconnue.", REPORT, default=None)
    )
    source: Annotated[list[Key], BeforeValidator(_as_list), BeforeValidator(_unknown_is_empty)] = _field(
        "Source de la population", "Clés des sources de la population.", SERVICE, default=[], max_length=20
    )


class _Section(Strict):
    @model_validator(mode="before")
    @classmethod
    def _unknown(cls, value: Any) -> Any:
        return {} if value is None or value == UNKNOWN else value


class Situation(Strict):
    """Situation de la collectivité (champ du rapport)."""

    collectivites: list[Place] = _field(
        "Collectivités", "Au moins une collectivité.", REPORT, min_length=1, max_length=MAX_PLACES
    )
    taille: Annotated[str, OneOf("taille")] = _field(
        "Taille", "Tranche de population du territoire concerné.", REPORT, default=UNKNOWN
    )
    faits: Facts = _field("Faits", "Ce qu’il faut savoir de la situation.", REPORT, default=[], max_length=MAX_FACTS)


class Need(Strict):
    """Besoin auquel le projet répond (champ du rapport)."""

    familles: Annotated[list[Annotated[str, OneOf("besoin")]], BeforeValidator(_as_list)] = _field(
        "Familles de besoin", "Une à trois valeurs, pour le filtre.", REPORT, min_length=1, max_length=3
    )
    faits: Facts = _field(
        "Faits", "Le besoin, tel que les sources le disent.", REPORT, default=[], max_length=MAX_FACTS
    )


class Cost(_Section):
    """Coût du projet (champ du rapport)."""

    tranche: Annotated[str, OneOf("cout")] = _field(
        "Tranche", "Tranche de coût, pour le filtre.", REPORT, default=UNKNOWN
    )
    montant_euros: Annotated[Amount | None, BeforeValidator(_unknown_is_none)] = _field(
        "Montant", "Montant en euros, s’il est connu et que les sources s’accordent.", REPORT, default=None
    )
    base: Annotated[str, OneOf("base")] = _field("Base", "Ce que compte ce montant.", REPORT, default=UNKNOWN)
    faits: Facts = _field(
        "Faits", "Le coût, avec ce qu’il comprend et l’année.", REPORT, default=[], max_length=MAX_FACTS
    )


class Impact(_Section):
    """Impact environnemental, rempli d’après l’évaluation de l’entreprise à la signature (champ du rapport)."""

    evaluation: Annotated[str, OneOf("evaluation")] = _field(
        "Évaluation", "Qui a évalué l’impact, et quand.", REPORT, default=UNKNOWN
    )
    energie_kwh_an: Annotated[Amount | None, BeforeValidator(_unknown_is_none)] = _field(
        "Énergie", "Électricité consommée, en kWh par an ; vide si inconnue.", REPORT, default=None
    )
    emissions_kgco2e_an: Annotated[Amount | None, BeforeValidator(_unknown_is_none)] = _field(
        "Émissions", "Gaz à effet de serre, en kg équivalent CO₂ par an ; vide si inconnues.", REPORT, default=None
    )
    faits: Facts = _field(
        "Faits", "L’évaluation, son périmètre et ses hypothèses.", REPORT, default=[], max_length=MAX_FACTS
    )


class Dates(_Section):
    """Calendrier du projet (ajout)."""

    debut: Moment = _field("Début", "AAAA, AAAA-MM ou AAAA-MM-JJ ; vide si inconnu.", ADDITION, default="")
    fin: Moment = _field("Fin", "AAAA, AAAA-MM ou AAAA-MM-JJ ; vide si inconnue ou en cours.", ADDITION, default="")
    faits: Facts = _field("Faits", "Les dates, avec leurs sources.", ADDITION, default=[], max_length=MAX_FACTS)


class Method(_Section):
    """Famille de méthode (ajout)."""

    familles: Annotated[list[Annotated[str, OneOf("methode")]], BeforeValidator(_as_list)] = _field(
        "Familles de méthode", "Une à trois valeurs.", ADDITION, default=[UNKNOWN], min_length=1, max_length=3
    )
    faits: Facts = _field(
        "Faits", "La méthode, telle que les sources la disent.", ADDITION, default=[], max_length=MAX_FACTS
    )


class Additions(_Section):
    """Ce que cette formation ajoute aux champs du rapport."""

    secteur: Annotated[list[Annotated[str, OneOf("secteur")]], BeforeValidator(_as_list)] = _field(
        "Secteur", "Une à trois valeurs, pour le filtre.", ADDITION, default=[UNKNOWN], min_length=1, max_length=3
    )
    maturite: Annotated[str, OneOf("maturite")] = _field(
        "Maturité", "État du projet à la date de la fiche.", ADDITION, default=UNKNOWN
    )
    calendrier: Dates = _field("Calendrier", "Début et fin.", ADDITION, default_factory=Dates)
    donnees: Facts = _field(
        "Données employées", "Données, volumes, période.", ADDITION, default=[], max_length=MAX_FACTS
    )
    methode: Method = _field("Méthode", "Famille et détail de la méthode.", ADDITION, default_factory=Method)
    resultats: Results = _field(
        "Résultats", "Résultats publiés, et qui les a mesurés.", ADDITION, default=[], max_length=MAX_FACTS
    )
    prestataire: Facts = _field("Prestataire", "Entreprise ou équipe.", ADDITION, default=[], max_length=MAX_FACTS)
    hebergement: Facts = _field(
        "Hébergement", "Où tournent l’outil et les données.", ADDITION, default=[], max_length=MAX_FACTS
    )
    licence: Facts = _field(
        "Licence", "Licence du code, du modèle, des données.", ADDITION, default=[], max_length=MAX_FACTS
    )
    classe_juridique: Facts = _field(
        "Classe juridique",
        "Classe publiée au sens du règlement IA, AIPD, base légale.",
        ADDITION,
        default=[],
        max_length=MAX_FACTS,
    )
    limites: Facts = _field(
        "Limites", "Ce qui n’a pas marché, critiques, réserves.", ADDITION, default=[], max_length=MAX_FACTS
    )
    suites: Facts = _field("Suites", "Ce qui s’est passé ensuite.", ADDITION, default=[], max_length=MAX_FACTS)
    cas_du_livre: Annotated[
        Literal["", "usagers", "securite", "dechets", "eau", "risques", "mobilites"], BeforeValidator(_as_text)
    ] = _field("Cas du livre", "Cas de la formation qui s’en inspire ; vide si aucun.", ADDITION, default="")


class RecordSource(Strict):
    """Une source de la fiche."""

    cle: Key = _field("Clé", "Une à six lettres, puis un nombre, par exemple S1.", SERVICE)
    titre: Short = _field("Titre", "Titre de la page ou du document.", SERVICE)
    editeur: Short = _field("Éditeur", "Qui publie : journal, collectivité, entreprise.", SERVICE)
    date: Optional = _field("Date", "Date de publication, telle qu’on la lit ; vide si inconnue.", SERVICE, default="")
    url: Address = _field("Adresse", "Adresse http(s) ; vide si elle n’est pas publiée.", SERVICE, default="")
    consulte: Moment = _field("Consultée le", "AAAA-MM-JJ.", SERVICE, default="")
    lu: Literal["direct", "secondaire", "déclaration"] = _field(
        "Lecture",
        "direct : document lu ; secondaire : résumé ou citation ; déclaration : la collectivité le dit elle-même ici.",
        SERVICE,
    )


class ProjectRecord(Strict):
    """Fiche d’un projet d’IA d’une collectivité."""

    version_schema: Literal["1.0"] = _field("Version du schéma", "Version de cette forme de fiche.", SERVICE)
    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", min_length=3, max_length=60)] = _field(
        "Identifiant", "Minuscules, chiffres et tirets ; c’est aussi le nom du fichier.", SERVICE
    )
    titre: Short = _field("Titre", "Ce que fait le projet, et où.", SERVICE)
    date_fiche: Day = _field("Date de la fiche", "Dernière mise à jour, AAAA-MM-JJ.", SERVICE)
    redaction: Short = _field("Rédaction", "Service ou organisme qui a rempli la fiche ; jamais une personne.", SERVICE)
    situation: Situation = _field("Situation de la collectivité", "Qui porte le projet.", REPORT)
    besoin: Need = _field("Besoin", "À quoi le projet répond.", REPORT)
    cout: Cost = _field("Coût", "Ce que le projet coûte.", REPORT)
    impact_environnemental: Impact = _field(
        "Impact environnemental", "D’après l’évaluation de l’entreprise à la signature du contrat.", REPORT
    )
    complements: Additions = _field(
        "Compléments",
        "Champs ajoutés par cette formation : le rapport ne les nomme pas.",
        ADDITION,
        default_factory=Additions,
    )
    sources: Annotated[list[RecordSource], BeforeValidator(_unknown_is_empty)] = _field(
        "Sources", "Toutes les sources citées par la fiche.", SERVICE, default=[], max_length=MAX_SOURCES
    )

    @model_validator(mode="after")
    def _consistent(self) -> ProjectRecord:
        from formation.library.consistency import inconsistencies

        for found in inconsistencies(self.model_dump()):
            raise ValueError(found.message)
        return self
