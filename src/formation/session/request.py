"""Ce que l’on demande pour créer une session, et tout ce qui l’empêche, dit en un seul message."""

from __future__ import annotations

import os
import shlex
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import get_args

from formation.errors import FormationError, reason
from formation.letters import french
from formation.numbers import plural
from formation.pathways.model import Pathway
from formation.session import dates, participants
from formation.session.model import Mode, Participant, Slot

ERASE_AFTER = 180
"""Jours entre la fin de la session et l’effacement, si l’on n’en dit rien."""
LONGEST_KEPT = 3650
LONGEST = 200
SUFFIXES = (".yml", ".yaml")


class CreationImpossible(FormationError):
    """La session ne peut pas être créée ; rien n’a été écrit."""


@dataclass(frozen=True)
class Request:
    """Session demandée.

    Parameters
    ----------
    pathway : str or Path
        Nom d’un parcours du livre, ou fichier `.yml`.
    roster : str or Path
        Liste des stagiaires.
    dates : str or sequence of str
        Une date par jour du parcours.
    folder : Path or None
        Dossier à créer ; None pour vérifier seulement.
    title, organisation, place : str
        Titre (par défaut celui du parcours), organisme, lieu.
    mode : str
        « présentiel », « distanciel » ou « mixte » ; par défaut celui du parcours.
    trainers : sequence of str
        Formateurs.
    erase_after : int
        Jours entre la dernière date et l’effacement des données personnelles.
    despite_holiday : bool
        Vrai pour garder un jour férié ou un dimanche.
    today : date, optional
        Jour présent ; par défaut celui de l’horloge.
    """

    pathway: str | Path
    roster: str | Path
    dates: str | Sequence[str]
    folder: Path | None = None
    title: str = ""
    organisation: str = ""
    place: str = ""
    mode: str = ""
    trainers: Sequence[str] = ()
    erase_after: int = ERASE_AFTER
    despite_holiday: bool = False
    today: date | None = None


@dataclass(frozen=True)
class Prepared:
    """Session vérifiée, prête à écrire.

    Parameters
    ----------
    pathway : Pathway
        Parcours.
    source : Path
        Fichier du parcours, à copier tel quel.
    participants : tuple of Participant
    slots : tuple of Slot
    title : str
    mode : str
    erase_on, created : date
    seed : int
        Graine, la même pour les mêmes parcours, titre et dates.
    remarks : tuple of str
        Ce qui est accepté et mérite un coup d’œil.
    """

    pathway: Pathway
    source: Path
    participants: tuple[Participant, ...]
    slots: tuple[Slot, ...]
    title: str
    mode: Mode
    erase_on: date
    created: date
    seed: int
    remarks: tuple[str, ...] = field(default=())


def prepare(request: Request) -> Prepared:
    """Vérifie une demande entière, sans rien écrire.

    Parameters
    ----------
    request : Request
        Session demandée.

    Returns
    -------
    Prepared

    Raises
    ------
    CreationImpossible
        S’il y a un problème quelque part ; tous sont dits à la fois : parcours, liste, dates, dossier.
    """
    pathway, source, problems = _pathway(request.pathway)
    roster = participants.examine(request.roster)
    today = request.today or date.today()  # noqa: DTZ011 — le jour du poste
    plan = dates.examine(pathway, request.dates, today=today, despite_holiday=request.despite_holiday)
    problems += [*roster.problems, *plan.problems, *fact_problems(request), *_place(request.folder)]
    if problems or pathway is None or source is None:
        count = len(problems)
        head = f"{count} problème{'s' if count > 1 else ''}. Rien n’a été créé."
        raise CreationImpossible(french("\n".join([head, *(f"- {text}" for text in problems)])))
    remarks = [*roster.remarks, *_group(pathway, len(roster.participants)), *plan.remarks, *_unsaid(request)]
    title = " ".join(request.title.split()) or pathway.titre
    mode: Mode = pathway.modalite if not request.mode else request.mode  # type: ignore[assignment]
    key = "\n".join([pathway.parcours, title, *(slot.key for slot in plan.slots)])
    return Prepared(
        pathway,
        source,
        roster.participants,
        plan.slots,
        title,
        mode,
        plan.slots[-1].date + timedelta(days=request.erase_after),
        today,
        zlib.crc32(key.encode()),
        tuple(french(text) for text in remarks),
    )


def _pathway(asked: str | Path) -> tuple[Pathway | None, Path | None, list[str]]:
    from formation import pathways

    text = str(asked)
    try:
        source = Path(text) if text.endswith(SUFFIXES) else pathways.path(text)
        return pathways.read(source), source, []
    except FormationError as error:
        return None, None, [f"parcours : {error}".replace("\n- ", "\n    - ")]


def fact_problems(request: Request) -> list[str]:
    """Problèmes des textes courts d’une demande : titre, organisme, lieu, formateurs, modalité, durée de garde.

    Parameters
    ----------
    request : Request
        Session demandée.

    Returns
    -------
    list of str
        Un problème par ligne.
    """
    found = []
    for label, text in (
        ("titre", request.title),
        ("organisme", request.organisation),
        ("lieu", request.place),
        *(("formateur", name) for name in request.trainers),
    ):
        if len(text) > LONGEST or any(ord(letter) < 32 for letter in text):
            found.append(f"{label} : {LONGEST} caractères au plus, sur une ligne.")
    if any(not name.strip() for name in request.trainers):
        found.append("formateur : le nom est vide. Donnez-le, ou retirez l’option --formateur.")
    if request.mode and request.mode not in get_args(Mode):
        found.append(f"modalité : « {request.mode} » n’est pas connue. Modalités : {', '.join(get_args(Mode))}.")
    if not 1 <= request.erase_after <= LONGEST_KEPT:
        found.append(
            f"effacement : {request.erase_after} jours. Donnez de 1 à {LONGEST_KEPT} jours après la dernière date ; la "
            "durée est celle de votre registre des traitements."
        )
    return found


def _place(folder: Path | None) -> list[str]:
    if folder is None:
        return []
    try:
        there = list(folder.iterdir()) if folder.is_dir() else None
        taken = folder.is_symlink() or (there is None and folder.exists())
    except OSError as error:
        return [
            f"dossier : « {str(folder)[:LONGEST]} » : {reason(error)}. Donnez un autre nom, par exemple ma-session."
        ]
    if there:
        other = f"{folder}-2" if folder.name else "ma-session"
        return [
            f"dossier : « {folder} » existe et n’est pas vide. Donnez un autre nom, par exemple {other} ; une "
            "session existante ne se recrée pas."
        ]
    if taken:
        return [f"dossier : « {folder} » est un fichier ou un lien. Donnez le nom d’un dossier neuf."]
    parent = folder.absolute().parent
    if not parent.is_dir():
        return [f"dossier : « {parent} » n’existe pas. Créez-le d’abord, ou donnez un dossier à côté d’un autre."]
    if not os.access(parent, os.W_OK | os.X_OK):
        return [f"dossier : vous n’avez pas le droit d’écrire dans « {parent} ». Choisissez un autre endroit."]
    return []


def _unsaid(request: Request) -> list[str]:
    """Ce que les documents laissent en pointillés, et comment le donner quand on le saura."""
    if request.folder is None:
        return []
    facts = {
        "organisme": request.organisation,
        "lieu": request.place,
        "formateur": "".join(request.trainers),
    }
    missing = [name for name, text in facts.items() if not text.strip()]
    if not missing:
        return []
    options = " ".join(f"--{name} …" for name in missing)
    return [
        f"Non donné : {', '.join(missing)}. Les documents y laissent des pointillés ; dès que vous le savez : "
        f"formation session completer {shlex.quote(str(request.folder))} {options}"
    ]


def _group(pathway: Pathway, count: int) -> list[str]:
    group = pathway.groupe
    if count > group.maximum:
        times = -(-count // group.maximum)
        return [
            f"{plural(count, 'stagiaire')} pour un groupe prévu de {group.minimum} à {group.maximum} : comptez {times} "
            f"groupes{', ou un second formateur' if times <= 3 else ''}."
        ]
    if count < group.minimum:
        return [
            f"{plural(count, 'stagiaire')} pour un groupe prévu de {group.minimum} à {group.maximum} : les travaux en "
            "équipes sont à adapter, et les résultats d’un si petit groupe se lisent avec prudence."
        ]
    return []
