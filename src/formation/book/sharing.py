"""Fiches de partage d’un comité de la donnée : la forme de `cases/<sujet>/fiches.yml`."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from formation.book.models import Facts, Strict, Text
from formation.numbers import number

LENGTH = 3000
"""Signes d’une fiche qui tient sur une page A4."""

Texts = Annotated[list[Text], Field(min_length=1)]
Advice = Literal["partager", "essayer", "ne pas partager"]
_ROLE = re.compile(r"\{(\w+)\}`([^`]*)`")


class SharedTable(Strict):
    """Une table du croisement et ce qu’elle apporte."""

    table: Annotated[str, Field(pattern=r"^[a-z]+\.[a-z0-9_]+$")]
    apporte: Text


class Threshold(Strict):
    """Effectif au-dessous duquel une case n’est pas transmise, et ce qu’on en fait."""

    effectif: Annotated[int, Field(gt=0)]
    regle: Text


class Viewer(Strict):
    """Ce que voit un rôle."""

    role: Text
    voit: Text


class Decision(Strict):
    """Décision du comité et sa raison."""

    avis: Advice
    raison: Text


class Review(Strict):
    """Quand et sur quoi la décision est revue."""

    date: date
    critere: Text


class SharingSheet(Strict):
    """Fiche d’un croisement : de la question posée à la décision et à sa revue."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
    titre: Text
    jointure: Text
    question: Text
    cle: Texts
    tables: Annotated[list[SharedTable], Field(min_length=2)]
    producteur: Text
    utilisateur: Text
    base_legale: Facts
    minimisation: Texts
    seuil_agregation: Threshold
    conservation: Text
    qui_voit_quoi: Annotated[list[Viewer], Field(min_length=1)]
    gain: Text
    decision: Decision
    risques: Texts
    revue: Review

    @model_validator(mode="after")
    def _fits_a_page(self) -> SharingSheet:
        length = visible_length(self)
        if length > LENGTH:
            raise ValueError(
                f"la fiche « {self.id} » fait {number(length)} signes, pour {number(LENGTH)} au plus : "
                "elle ne tient plus sur une page A4, raccourcissez-la"
            )
        return self


class SharingSheets(Strict):
    """Fiches de partage d’un sujet (`cases/<sujet>/fiches.yml`)."""

    cas: Text
    titre: Text
    fiches: Annotated[list[SharingSheet], Field(min_length=1)]

    @model_validator(mode="after")
    def _unique_ids(self) -> SharingSheets:
        names = [sheet.id for sheet in self.fiches]
        repeated = sorted({name for name in names if names.count(name) > 1})
        if repeated:
            raise ValueError(f"l’identifiant « {repeated[0]} » est employé deux fois")
        return self


def visible_length(sheet: SharingSheet) -> int:
    """Nombre de signes qui se lisent sur la fiche.

    Parameters
    ----------
    sheet : SharingSheet
        Fiche.

    Returns
    -------
    int
        Signes ; un chiffre cité compte pour sept, un renvoi pour sa clé.
    """

    def texts(value: object) -> list[str]:
        if isinstance(value, str):
            return [_ROLE.sub(lambda found: "0000000" if found[1] == "chiffre" else found[2], value)]
        if isinstance(value, dict):
            return [text for inner in value.values() for text in texts(inner)]
        return [text for inner in value for text in texts(inner)] if isinstance(value, list) else []

    return sum(map(len, texts(sheet.model_dump())))
