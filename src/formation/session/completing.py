"""Compléter une session : le lieu, l’organisme, les formateurs, quand on ne les apprend qu’après l’avoir créée."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from formation.errors import FormationError, reason
from formation.files import aside
from formation.letters import french
from formation.session import creation, places
from formation.session.accord import paired
from formation.session.model import Session, open_session

EDITED = (".odt", ".docx", ".txt")
"""Documents que le formateur est invité à modifier : changés depuis leur création, ils sont gardés."""
_NOTED = re.compile(r'<div class="encadre">.*?</div>', re.DOTALL)
_ITEM = re.compile(r"<li>(.*?)</li>", re.DOTALL)


class CompletionImpossible(FormationError):
    """La session ne peut pas être complétée ; rien n’a été changé."""


@dataclass(frozen=True)
class Completed:
    """Bilan.

    Parameters
    ----------
    session : Session
        Session, rouverte.
    rewritten : tuple of str
        Pièces refaites, depuis la racine du dossier.
    kept : tuple of str
        Pièces que le formateur avait modifiées, laissées telles quelles.
    """

    session: Session
    rewritten: tuple[str, ...]
    kept: tuple[str, ...]


def complete_session(
    root: str | Path,
    *,
    organisation: str | None = None,
    place: str | None = None,
    trainers: Sequence[str] | None = None,
) -> Completed:
    """Donne ce qui manquait, et refait conducteur, livret, convocation, émargements et mode d’emploi.

    Parameters
    ----------
    root : str or Path
        Dossier de la session.
    organisation, place : str, optional
        Organisme et lieu ; None pour ne pas y toucher.
    trainers : sequence of str, optional
        Formateurs ; None pour ne pas y toucher.

    Returns
    -------
    Completed

    Raises
    ------
    SessionInvalide
        Si ce n’est pas le dossier d’une session, ou si parcours.yml ne s’accorde plus avec session.yml.
    CompletionImpossible
        Si rien n’est donné, si un texte est trop long, si la session est effacée ou ne s’écrit pas.
    """
    before = open_session(root)
    _check(before, organisation, place, trainers)
    after = dataclasses.replace(
        before,
        organisation=before.organisation if organisation is None else organisation,
        place=before.place if place is None else place,
        trainers=before.trainers if trainers is None else tuple(trainers),
    )
    try:
        rewritten, kept = _rewrite(before, after)
    except OSError as error:
        raise CompletionImpossible(
            french(
                f"« {before.root} » ne peut pas être écrit : {reason(error)}. Fermez les documents ouverts, vérifiez "
                "vos droits et la place sur le disque, puis relancez la même commande."
            )
        ) from None
    return Completed(open_session(before.root), tuple(rewritten), tuple(kept))


def _check(session: Session, organisation: str | None, place: str | None, trainers: Sequence[str] | None) -> None:
    from formation.session.request import Request, fact_problems

    if session.erased_on is not None:
        raise CompletionImpossible("Cette session est effacée : ses documents ne se refont plus.")
    if organisation is None and place is None and trainers is None:
        raise CompletionImpossible(
            french(
                "Rien à compléter : donnez au moins une précision. Exemple : formation session completer DOSSIER "
                '--lieu "Mairie, salle du conseil" --organisme "Aubeline formation" --formateur "Formateur Un"'
            )
        )
    asked = Request("", "", "", organisation=organisation or "", place=place or "", trainers=tuple(trainers or ()))
    problems = fact_problems(asked)
    if problems:
        raise CompletionImpossible(french("\n".join(["Rien n’a été changé.", *(f"- {text}" for text in problems)])))
    paired(session)


def _rewrite(before: Session, after: Session) -> tuple[list[str], list[str]]:
    from formation.printing.batch import write_pdfs

    unchanged = "Rien n’a été changé."
    with (
        aside(before.root, places.ASIDE) as folder,
        places.told_as(folder / "a", before.root, unchanged),
        places.told_as(folder / "b", before.root, unchanged),
    ):
        former, fresh = (dataclasses.replace(one, root=folder / name) for one, name in ((before, "a"), (after, "b")))
        printed = [_printed(before.root, job) for job in creation.write_named(former)]
        write_pdfs([*(job for job in printed if job), *creation.write_named(fresh)])
        made = sorted(path.relative_to(fresh.root) for path in fresh.root.rglob("*") if path.is_file())
        kept = [name for name in made if _own(name) and _changed(before.root / name, former.root / name)]
        moved = [name for name in made if name not in kept]
        (fresh.root / places.READ_ME).write_text(_read_me(after), encoding="utf-8")
        (fresh.root / places.SESSION).write_text(_identity(after), encoding="utf-8")
        for name in (*moved, Path(places.READ_ME), Path(places.SESSION)):
            (fresh.root / name).replace(before.root / name)
    return [name.as_posix() for name in moved], [name.as_posix() for name in kept]


def _printed(root: Path, job: creation.Job) -> creation.Job | None:
    """Feuille d’émargement telle qu’elle a été imprimée : d’après sa page, même si la liste a changé depuis."""
    html, target = job
    if target.parent.name != places.ATTENDANCE:
        return None
    page = root / places.ATTENDANCE / f"{target.stem}.html"
    return (page.read_text(encoding="utf-8") if page.is_file() else html, target)


def _own(name: Path) -> bool:
    """Pièces que le formateur a pu changer : documents à modifier, et feuilles qu’un scan signé a remplacées."""
    return name.suffix in EDITED or (name.suffix == ".pdf" and name.parent.name == places.ATTENDANCE)


def _changed(file: Path, former: Path) -> bool:
    return file.is_file() and file.read_bytes() != former.read_bytes()


def _identity(session: Session) -> str:
    from formation.forms import read_yaml
    from formation.session.creation import identity_text
    from formation.session.model import SessionFile

    path = session.root / places.SESSION
    read: SessionFile = read_yaml(path, SessionFile, name=str(path))
    content = read.model_dump(exclude_none=True) | {
        "organisme": session.organisation,
        "lieu": session.place,
        "formateurs": list(session.trainers),
    }
    return identity_text(content)


def _read_me(session: Session) -> str:
    """Mode d’emploi, avec ce que la création avait relevé : la liste d’origine n’est plus là pour le redire."""
    from formation.session.reading_me import read_me_html

    path = session.root / places.READ_ME
    found = _NOTED.search(path.read_text(encoding="utf-8")) if path.is_file() else None
    remarks = [unescape(text) for text in _ITEM.findall(found[0])] if found else []
    present = [one.relative_to(session.root).as_posix() for one in session.root.rglob("*") if one.is_file()]
    return read_me_html(session, present, remarks)
