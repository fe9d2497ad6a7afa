"""Forme d’un parcours (`book/parcours/<nom>.yml`) : public, objectifs, jours, séquences, évaluations.

Les clés sont celles que le formateur écrit, en français.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Discriminator, Field, Tag, model_validator

from formation.forms import Strict, Text

MINUTES_PER_HOUR = 60
Ident = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
Minutes = Annotated[int, Field(gt=0, le=480)]
Idents = Annotated[tuple[Ident, ...], Field(default=())]
Texts = Annotated[tuple[Text, ...], Field(default=())]


def _clock(value: Any) -> Any:
    """Rend une heure en texte : YAML lit « 13:30 » sans guillemets comme un nombre de minutes."""
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value // MINUTES_PER_HOUR:02d}:{value % MINUTES_PER_HOUR:02d}"
    return value


Clock = Annotated[str, BeforeValidator(_clock), Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class Frozen(Strict):
    """Partie d’un parcours : clés inconnues refusées, rien ne change après lecture."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)


class Group(Frozen):
    """Nombre de participants pour lequel le parcours est construit."""

    minimum: Annotated[int, Field(ge=1)]
    maximum: Annotated[int, Field(ge=1)]

    @model_validator(mode="after")
    def _ordered(self) -> Group:
        if self.minimum > self.maximum:
            raise ValueError(f"le minimum ({self.minimum}) dépasse le maximum ({self.maximum})")
        return self


class Prerequisite(Frozen):
    """Ce qu’il faut savoir avant : où l’acquérir, quelle question le vérifie."""

    id: Ident
    texte: Text
    acquerir: Text
    verifier: Ident | None = None


class Objective(Frozen):
    """Ce que le participant saura faire, et ce qui le prouve."""

    id: Ident
    texte: Text
    critere: Text
    questions: Idents
    controles: Texts


class Step(Frozen):
    """Une étape d’une séquence : ce que fait le formateur, ce que fait ou produit le participant."""

    minutes: Minutes
    anime: Text
    produit: Text


class Sequence(Frozen):
    """Une séquence : ses objectifs, sa méthode, son matériel, ses étapes, son évaluation."""

    id: Ident
    titre: Text
    minutes: Minutes
    methode: Text
    requiert: Idents
    vise: Annotated[tuple[Ident, ...], Field(min_length=1)]
    diapos: Ident | None = None
    supports: Texts
    exercices: Idents
    materiel: Texts
    etapes: Annotated[tuple[Step, ...], Field(min_length=1)]
    evaluation: Text


class Pause(Frozen):
    """Une pause, en minutes."""

    pause: Minutes

    @property
    def minutes(self) -> int:
        """Durée, en minutes."""
        return self.pause


def _kind(value: Any) -> str:
    return "pause" if isinstance(value, Pause) or (isinstance(value, dict) and "pause" in value) else "sequence"


Item = Annotated[Annotated[Sequence, Tag("sequence")] | Annotated[Pause, Tag("pause")], Discriminator(_kind)]


class HalfDay(Frozen):
    """Une demi-journée : ses séquences et ses pauses, dans l’ordre."""

    titre: Text
    debut: Clock
    duree_min: Minutes
    sequences: Annotated[tuple[Item, ...], Field(min_length=1)]

    @property
    def start(self) -> time:
        """Heure de début proposée."""
        return time.fromisoformat(self.debut)

    @property
    def end(self) -> time:
        """Heure de fin proposée, pauses comprises."""
        minutes = self.start.hour * MINUTES_PER_HOUR + self.start.minute + self.duree_min
        return time(minutes // MINUTES_PER_HOUR % 24, minutes % MINUTES_PER_HOUR)

    @property
    def taught(self) -> tuple[Sequence, ...]:
        """Séquences, sans les pauses."""
        return tuple(item for item in self.sequences if isinstance(item, Sequence))

    def timetable(self) -> Iterator[tuple[int, Item]]:
        """Chaque séquence et chaque pause, avec la minute où elle commence depuis le début de la demi-journée."""
        at = 0
        for item in self.sequences:
            yield at, item
            at += item.minutes


class Day(Frozen):
    """Un jour, ou une séance, du parcours."""

    titre: Text
    demi_journees: Annotated[tuple[HalfDay, ...], Field(min_length=1)]


class Placement(Frozen):
    """Questions posées à l’entrée."""

    consigne: Text
    questions: Annotated[tuple[Ident, ...], Field(min_length=1)]


class FinalAssessment(Placement):
    """Questions posées à la sortie ; le seuil est la part sous laquelle aucun critère ne descend."""

    seuil: Annotated[float, Field(gt=0, le=1)]


class Pathway(Frozen):
    """Un parcours de formation complet."""

    format: Literal[1]
    parcours: Ident
    titre: Text
    public: Text
    groupe: Group
    modalite: Literal["présentiel", "distanciel", "mixte"]
    duree_min: Annotated[int, Field(gt=0)]
    prerequis: Annotated[tuple[Prerequisite, ...], Field(default=())]
    objectifs: Annotated[tuple[Objective, ...], Field(min_length=1)]
    jours: Annotated[tuple[Day, ...], Field(min_length=1)]
    positionnement: Placement
    evaluation_finale: FinalAssessment

    @property
    def hours(self) -> float:
        """Heures de face-à-face, pauses non comptées."""
        return self.duree_min / MINUTES_PER_HOUR

    def half_days(self) -> list[HalfDay]:
        """Demi-journées, dans l’ordre."""
        return [half for day in self.jours for half in day.demi_journees]

    def sequences(self) -> list[Sequence]:
        """Séquences, dans l’ordre, sans les pauses."""
        return [sequence for half in self.half_days() for sequence in half.taught]

    def exercises(self) -> list[str]:
        """Exercices joués pendant le parcours, dans l’ordre, sans doublon."""
        return list(dict.fromkeys(name for sequence in self.sequences() for name in sequence.exercices))

    def decks(self) -> list[str]:
        """Diaporamas projetés, dans l’ordre, sans doublon."""
        return list(dict.fromkeys(sequence.diapos for sequence in self.sequences() if sequence.diapos))

    def pages(self) -> list[str]:
        """Pages du livre employées comme supports, dans l’ordre, sans doublon."""
        return list(dict.fromkeys(page for sequence in self.sequences() for page in sequence.supports))

    def objective(self, identifier: str) -> Objective:
        """Objectif d’après son identifiant.

        Parameters
        ----------
        identifier : str
            Identifiant, par exemple `o-reference`.

        Returns
        -------
        Objective

        Raises
        ------
        KeyError
            Si le parcours n’a pas cet objectif.
        """
        for one in self.objectifs:
            if one.id == identifier:
                return one
        raise KeyError(identifier)
