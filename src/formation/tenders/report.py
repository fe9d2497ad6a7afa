"""Rendre un marché noté : texte pour le terminal, document à imprimer."""

from __future__ import annotations

from formation import footprint
from formation.footprint import short
from formation.numbers import WIDE, number, percent, shortest
from formation.reports import text_table
from formation.tenders.offers import ABNORMAL, CRITERIA, PRICE_METHODS, Market
from formation.tenders.resolving import POSTS
from formation.tenders.results import Line, Result, conclusion, silence_text, weights_text
from formation.workshop.documents import Bullets, Document, Paragraph, Section, Table

WARNING = (
    "Les poids et les critères se fixent et s’annoncent avant l’ouverture des offres ; ils ne changent plus ensuite. "
    "Faire varier les poids sert à préparer la consultation. À faire relire par le service juridique."
)
FACTS_DATE = "22 novembre 2026"


def text(result: Result) -> str:
    """Résultat pour un terminal.

    Parameters
    ----------
    result : Result
        Marché noté.

    Returns
    -------
    str
        Classement, empreintes, conclusion, remarques.
    """
    parts = [
        text_table(RANK_HEADER, rank_rows(result)),
        "",
        f"Empreinte sur {shortest(result.market.duree_ans)} ans, en kgCO2e (borne basse – borne haute) :",
        text_table(["offre", *POSTS.values(), "total"], post_rows(result)),
        "",
        conclusion(result),
        weights_text(result),
        silence_text(result.market),
    ]
    for line in result.lines:
        parts += [f"- {line.offer.nom} : {remark}" for remark in line.offer.remarques]
    return "\n".join([*parts, *(f"- {remark}" for remark in result.remarks), WARNING])


RANK_HEADER = ["offre", "rang", *(label.lower() for label in CRITERIA.values()), "total sur 20", "première dans"]


def rank_rows(result: Result) -> list[list[str]]:
    """Lignes du classement, écrites à la française.

    Parameters
    ----------
    result : Result
        Marché noté.

    Returns
    -------
    list of list of str
        Une ligne par offre, de la première à la dernière ; les colonnes sont celles de `RANK_HEADER`.
    """
    return [
        [
            line.offer.nom,
            str(line.rank),
            *(number(line.scores[name], 1) for name in CRITERIA),
            number(line.scores["total"], 2),
            percent(line.share),
        ]
        for line in result.ranking
    ]


def post_rows(result: Result) -> list[list[str]]:
    """Lignes du tableau des empreintes.

    Parameters
    ----------
    result : Result
        Marché noté.

    Returns
    -------
    list of list of str
        Une ligne par offre : un poste par colonne, puis le total.
    """
    return [[line.offer.nom, *(bounds(line, name) for name in POSTS), bounds(line, "total")] for line in result.ranking]


def bounds(line: Line, name: str) -> str:
    """Les deux bornes d’un poste.

    Parameters
    ----------
    line : Line
        Offre notée.
    name : str
        Poste, ou `total`.

    Returns
    -------
    str
        Par exemple « 12 – 26 ».
    """
    value = line.posts_kg[name]
    low, high = short(value.low), short(value.high)
    return low if low == high else f"{low}{WIDE}–{WIDE}{high}"


def rules(market: Market) -> list[str]:
    """Règles du marché, en phrases.

    Parameters
    ----------
    market : Market
        Règles.

    Returns
    -------
    list of str
        Une phrase par règle.
    """
    weights = ", ".join(f"{CRITERIA[name].lower()} {number(value)}" for name, value in market.poids.items())
    return [
        f"Durée : {shortest(market.duree_ans)} ans. Volume : {number(market.reponses_an)} réponses par an, "
        f"{number(market.jetons)} jetons par réponse générée. Le même pour toutes les offres.",
        f"Poids, sur 100 : {weights}.",
        f"Note de prix : {PRICE_METHODS[market.methode_prix]}.",
        "Note environnementale : 20 × plus petite empreinte ÷ empreinte de l’offre, au milieu des intervalles ; "
        f"au-dessous de {shortest(market.plancher_kg)} kgCO2e, deux empreintes sont égales.",
        silence_text(market),
        f"Valeurs anormales : {ABNORMAL[market.anormal]}.",
        f"Solidité : {number(market.tirages)} tirages dans les intervalles, graine {market.graine} ; le classement "
        f"tient si la première offre gagne {percent(market.seuil)} des tirages.",
    ]


def factor_rows() -> list[list[str]]:
    """Facteurs employés, avec bornes, période, périmètre et sources.

    Returns
    -------
    list of list of str
        Une ligne par facteur.
    """
    return [
        [
            item.label,
            item.text,
            item.period,
            item.perimeter,
            ", ".join(item.sources) or "hypothèse",
        ]
        for item in footprint.FACTORS.values()
        if item.name != "puissance-poste"
    ]


FACTOR_HEADER = ["Facteur", "Bornes", "Période", "Périmètre", "Sources"]


def document(result: Result) -> Document:
    """Document à imprimer ou à joindre au rapport d’analyse.

    Parameters
    ----------
    result : Result
        Marché noté.

    Returns
    -------
    Document
        À écrire par `formation.workshop.documents.write`.
    """
    remarks = [f"{line.offer.nom} : {remark}" for line in result.lines for remark in line.offer.remarques]
    said = [text for text in (conclusion(result), weights_text(result)) if text]
    return Document(
        title=f"Analyse des offres : {result.market.objet}",
        subtitle=f"Bilan environnemental compris. Facteurs et droit au {FACTS_DATE}.",
        sections=[
            Section("Ce qu’on peut conclure", [Paragraph(said[0], strong=True), *map(Paragraph, said[1:])]),
            Section("Classement", [Table("Notes sur 20 et solidité", RANK_HEADER, rank_rows(result))]),
            Section(
                "Empreinte",
                [
                    Table(
                        "kgCO2e sur la durée du marché, borne basse – borne haute",
                        ["offre", *POSTS.values(), "total"],
                        post_rows(result),
                    ),
                    Table(
                        "Électricité sur la durée du marché",
                        ["offre", "kWh"],
                        [[line.offer.nom, line.electricity_kwh.text("kWh")] for line in result.ranking],
                    ),
                ],
            ),
            Section("Règles annoncées", [Bullets(rules(result.market))]),
            Section("Ce qui a été supposé ou signalé", [Bullets([*remarks, *result.remarks] or ["Rien."])]),
            Section("Facteurs", [Table("Bornes et périmètres", FACTOR_HEADER, factor_rows())]),
        ],
        footer=WARNING,
    )
