"""L’accord entre parcours.yml, que le formateur peut corriger, et les demi-journées que session.yml a datées."""

from __future__ import annotations

from collections.abc import Iterator

from formation.letters import french
from formation.numbers import plural
from formation.pathways.model import HalfDay
from formation.session import places
from formation.session.model import Session, SessionInvalide, Slot


def paired(session: Session) -> list[tuple[Slot, HalfDay]]:
    """Chaque demi-journée datée, avec celle du parcours.

    Parameters
    ----------
    session : Session
        Session.

    Returns
    -------
    list of (Slot, HalfDay)
        Dans l’ordre.

    Raises
    ------
    SessionInvalide
        Si parcours.yml, changé depuis la création, ne s’accorde plus avec session.yml ; tous les écarts sont dits.
    """
    found = list(disagreements(session))
    if found:
        raise SessionInvalide(
            french(
                "\n".join(
                    [
                        f"{session.root / places.PATHWAY} ne s’accorde plus avec {places.SESSION}.",
                        "Rien n’a été changé.",
                        *(f"- {text}" for text in found),
                        f"Conducteur, livret et émargements suivent les deux : remettez {places.PATHWAY} en accord, "
                        "puis relancez la même commande. Si le déroulé a vraiment changé, créez une autre session "
                        f"avec ce parcours : formation session creer {places.PATHWAY} --stagiaires LISTE "
                        "--dates DATES DOSSIER",
                    ]
                )
            )
        )
    return list(zip(session.slots, session.pathway.half_days(), strict=True))


def disagreements(session: Session) -> Iterator[str]:
    """Ce qui, dans parcours.yml, ne s’accorde plus avec session.yml ou avec lui-même.

    Parameters
    ----------
    session : Session
        Session.

    Yields
    ------
    str
        Une phrase par écart, avec ce qu’il faut corriger.
    """
    halves, slots = session.pathway.half_days(), session.slots
    if len(halves) != len(slots):
        yield (
            f"{places.PATHWAY} décrit {plural(len(halves), 'demi-journée')} "
            f"({', '.join(f'« {half.titre} »' for half in halves)}), {places.SESSION} en date {len(slots)} "
            f"({', '.join(_dated(slot) for slot in slots)}). Laissez-en {len(slots)} dans {places.PATHWAY}."
        )
    else:
        for slot, half in zip(slots, halves, strict=True):
            if half.duree_min != slot.minutes:
                yield (
                    f"« {half.titre} » dure {half.duree_min} minutes dans {places.PATHWAY} (duree_min), et "
                    f"{slot.minutes} dans {places.SESSION} ({_dated(slot)}, {slot.hours}). Remettez "
                    f"duree_min: {slot.minutes}."
                )
    known = [one.id for one in session.pathway.objectifs]
    for sequence in session.pathway.sequences():
        for name in sequence.vise:
            if name not in known:
                yield (
                    f"la séquence « {sequence.id} » vise l’objectif « {name} », que {places.PATHWAY} ne décrit pas. "
                    f"Objectifs décrits : {', '.join(known)}."
                )


def _dated(slot: Slot) -> str:
    return f"{slot.label} du {slot.date:%d/%m/%Y}"
