"""Une session : son parcours, ses demi-journées, ses stagiaires, et le dossier où tout se range."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from formation.errors import FormationError
from formation.forms import FichierInvalide, FreeText, Strict, Text, read_yaml
from formation.letters import without_accents
from formation.session import places

if TYPE_CHECKING:
    from formation.pathways.model import Pathway

Mode = Literal["présentiel", "distanciel", "mixte"]
Period = Literal["matin", "après-midi", "soirée"]
Clock = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
HEADER = ("identifiant", "nom", "prénom", "courriel", "organisation", "fonction")
"""Colonnes de stagiaires.csv, dans l’ordre."""


class SessionInvalide(FormationError):
    """Un dossier n’est pas celui d’une session, ou un de ses fichiers a été abîmé."""


@dataclass(frozen=True)
class Participant:
    """Stagiaire inscrit.

    Parameters
    ----------
    id : str
        Identifiant, par exemple stagiaire-01 : c’est lui, jamais le nom, qui nomme copies et réponses.
    last, first : str
        Nom et prénom ; vides si la liste ne les donne pas.
    email, organisation, role : str
        Courriel, organisation et fonction ; vides si la liste ne les donne pas.

    Examples
    --------
    >>> Participant("stagiaire-07", "Sept", "Stagiaire").name, Participant("stagiaire-08").name
    ('Stagiaire SEPT', 'stagiaire-08')
    """

    id: str
    last: str = ""
    first: str = ""
    email: str = ""
    organisation: str = ""
    role: str = ""

    @property
    def name(self) -> str:
        """« Prénom NOM », ou l’identifiant si la liste ne donne pas de nom."""
        return f"{self.first} {self.last.upper()}".strip() or self.id


@dataclass(frozen=True)
class Slot:
    r"""Une demi-journée datée.

    Parameters
    ----------
    date : datetime.date
        Jour.
    start, end : datetime.time
        Heures de début et de fin, pauses comprises, heure de Paris.
    title : str
        Titre, par exemple « Jour 1, matin ».
    label : str
        « matin », « après-midi » ou « soirée ».
    index : int
        Rang dans la session, de 0 ; le même que dans `Pathway.half_days()`.
    day : int
        Rang du jour de formation, de 1.
    pause_min : int
        Minutes de pause, comprises entre le début et la fin.

    Examples
    --------
    >>> slot = Slot(date(2027, 1, 14), time(9), time(12, 15), "Matin", "matin", 0, pause_min=15)
    >>> slot.key, slot.minutes, slot.training_min
    ('2027-01-14-matin', 195, 180)
    >>> slot.hours.replace("\u00a0", " ")
    '9 h 00 à 12 h 15'
    """

    date: date
    start: time
    end: time
    title: str
    label: Period
    index: int
    day: int = 1
    pause_min: int = 0

    @property
    def key(self) -> str:
        """Nom de fichier sans accent, par exemple 2027-01-14-apres-midi."""
        return f"{self.date.isoformat()}-{without_accents(self.label)}"

    @property
    def minutes(self) -> int:
        """Durée, pauses comprises."""
        return self.end.hour * 60 + self.end.minute - self.start.hour * 60 - self.start.minute

    @property
    def training_min(self) -> int:
        """Durée de formation, pauses déduites : celle que comptent l’émargement et l’attestation."""
        return self.minutes - self.pause_min

    @property
    def hours(self) -> str:
        """Heures en toutes lettres, avec des espaces insécables."""
        return f"{clock(self.start)} à {clock(self.end)}"


def clock(moment: time) -> str:
    r"""Heure écrite à la française.

    Parameters
    ----------
    moment : datetime.time
        Heure.

    Returns
    -------
    str
        Par exemple « 9 h 05 », espaces insécables.

    Examples
    --------
    >>> clock(time(9, 5)).replace("\u00a0", " ")
    '9 h 05'
    """
    return f"{moment.hour}\u00a0h\u00a0{moment.minute:02d}"


@dataclass(frozen=True)
class Session:
    """Session ouverte : tout ce que disent session.yml, parcours.yml et stagiaires.csv.

    Parameters
    ----------
    root : Path
        Dossier de la session.
    pathway : Pathway
        Parcours, tel que copié à la création.
    title, organisation, place : str
        Titre, organisme de formation, lieu (ou lien de visioconférence).
    mode : str
        « présentiel », « distanciel » ou « mixte ».
    trainers : tuple of str
        Formateurs, tels qu’ils signent.
    slots : tuple of Slot
        Demi-journées, dans l’ordre.
    participants : tuple of Participant
        Stagiaires, dans l’ordre de la liste ; vide une fois la session effacée.
    erase_on : datetime.date or None
        Jour où les données personnelles sont à effacer.
    created : datetime.date
        Jour de création.
    seed : int
        Graine de l’ordre des questions et des réponses.
    erased_on : datetime.date or None
        Jour où les données personnelles ont été effacées.
    """

    root: Path
    pathway: Pathway
    title: str
    organisation: str
    place: str
    mode: Mode
    trainers: tuple[str, ...]
    slots: tuple[Slot, ...]
    participants: tuple[Participant, ...]
    erase_on: date | None
    created: date
    seed: int
    erased_on: date | None = None

    @property
    def course(self) -> Path:
        """Dossier du cours nbgrader ; il n’existe pas si le parcours n’a pas d’exercice."""
        return self.root / places.COURSE

    @property
    def training_min(self) -> int:
        """Minutes de formation, pauses déduites."""
        return sum(slot.training_min for slot in self.slots)

    def folder(self, name: str) -> Path:
        """Chemin d’une pièce du dossier, par exemple `folder(places.ANSWERS)`.

        Parameters
        ----------
        name : str
            Une des constantes de `places`.

        Returns
        -------
        Path
        """
        return self.root / name

    def participant(self, identifier: str) -> Participant:
        """Stagiaire d’un identifiant.

        Parameters
        ----------
        identifier : str
            Identifiant, par exemple stagiaire-01.

        Returns
        -------
        Participant

        Raises
        ------
        SessionInvalide
            Si personne ne le porte.
        """
        for one in self.participants:
            if one.id == identifier:
                return one
        raise SessionInvalide(
            f"«\u00a0{identifier}\u00a0» n’est inscrit dans aucune ligne de {self.root / places.LEARNERS}. "
            "Reprenez un identifiant de ce fichier, par exemple "
            f"{self.participants[0].id if self.participants else 'stagiaire-01'}."
        )


class SlotFile(Strict):
    """Demi-journée de session.yml."""

    date: date
    debut: Clock
    fin: Clock
    titre: Text
    periode: Period
    jour: int = Field(ge=1)
    pauses_min: int = Field(ge=0, default=0)


class SessionFile(Strict):
    """Contenu de session.yml."""

    format: Literal[1]
    parcours: Text
    titre: Text
    organisme: FreeText = ""
    lieu: FreeText = ""
    modalite: Mode
    formateurs: list[Text] = Field(default_factory=list)
    demi_journees: list[SlotFile] = Field(min_length=1)
    effacer_le: date | None = None
    efface_le: date | None = None
    cree_le: date
    graine: int
    version: str = ""


def open_session(root: str | Path) -> Session:
    """Ouvre le dossier d’une session.

    Parameters
    ----------
    root : str or Path
        Dossier créé par `formation session creer`.

    Returns
    -------
    Session

    Raises
    ------
    SessionInvalide
        Si ce n’est pas le dossier d’une session, ou si un de ses trois fichiers a été abîmé.
    ParcoursInvalide
        Si parcours.yml a été abîmé.
    """
    from formation import pathways

    folder = Path(root).resolve()
    missing = [name for name in (places.SESSION, places.PATHWAY) if not (folder / name).is_file()]
    if missing:
        raise SessionInvalide(
            f"«\u00a0{root}\u00a0» n’est pas le dossier d’une session (il y manque {' et '.join(missing)}). "
            "Donnez un dossier créé par\u00a0: formation session creer PARCOURS --stagiaires LISTE --dates DATES "
            "DOSSIER"
        )
    try:
        read: SessionFile = read_yaml(folder / places.SESSION, SessionFile, name=str(folder / places.SESSION))
    except FichierInvalide as error:
        raise SessionInvalide(
            f"{error}\nCorrigez ce fichier à la main, ou reprenez-en une sauvegarde\u00a0: rien d’autre n’a été touché."
        ) from None
    return Session(
        root=folder,
        pathway=pathways.read(folder / places.PATHWAY, checked=False),
        title=read.titre,
        organisation=read.organisme,
        place=read.lieu,
        mode=read.modalite,
        trainers=tuple(read.formateurs),
        slots=tuple(_slot(one, index) for index, one in enumerate(read.demi_journees)),
        participants=() if read.efface_le else _participants(folder / places.LEARNERS),
        erase_on=read.effacer_le,
        created=read.cree_le,
        seed=read.graine,
        erased_on=read.efface_le,
    )


def _slot(one: SlotFile, index: int) -> Slot:
    start, end = time.fromisoformat(one.debut), time.fromisoformat(one.fin)
    return Slot(one.date, start, end, one.titre, one.periode, index, one.jour, one.pauses_min)


def _participants(path: Path) -> tuple[Participant, ...]:
    from formation.session.participants import examine

    if not path.is_file():
        raise SessionInvalide(f"{path} est introuvable\u00a0: remettez la liste des stagiaires à sa place.")
    roster = examine(path)
    if roster.problems:
        listed = "\n".join(f"- {text}" for text in roster.problems)
        raise SessionInvalide(f"La liste des stagiaires de la session a été abîmée\u00a0:\n{listed}")
    return roster.participants
