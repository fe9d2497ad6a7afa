"""Inscrire les stagiaires : leurs noms restent au carnet de notes, sur la machine du formateur."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from formation.checks.failure import french
from formation.classroom.errors import AtelierImpossible
from formation.classroom.marks import Learner
from formation.datasets import open_source, simplify

LEARNER = re.compile(r"[a-z]{3,20}-[0-9]{1,4}")
TABLE = "formation_inscrits"
MAX_LINES, MAX_CHARS, SHOWN = 20_000, 100, 20
_MAIL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._%+'-]*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_NAMES = {
    "name": ("identifiant", "stagiaire", "login", "id", "username", "nom_d_utilisateur", "identifiant_stagiaire"),
    "last": ("nom", "nom_de_famille", "last_name", "lastname"),
    "first": ("prenom", "first_name", "firstname"),
    "email": ("courriel", "adresse_de_courriel", "mail", "email", "e_mail", "adresse_mail", "adresse_electronique"),
}
EXAMPLE = "identifiant;nom;prénom;courriel"
NOTE = (
    "Les noms et les adresses sont des données personnelles : ils restent dans le carnet de notes, sur cette machine, "
    "et ne paraissent ni dans les copies ni dans les retours. Effacez le dossier de la session quand les résultats "
    "sont rendus, ou au terme fixé par votre registre des traitements."
)


class ListeInvalide(AtelierImpossible):
    """La liste des stagiaires a des erreurs ; personne n’est inscrit."""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """Bilan d’une inscription : nouveaux, mis à jour, déjà là et inchangés, ce qui a été converti."""

    added: list[str]
    updated: list[str]
    unchanged: list[str]
    remarks: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, list[str]]:
        """Bilan pour une machine."""
        return {
            "inscrits": self.added,
            "mis_a_jour": self.updated,
            "inchanges": self.unchanged,
            "remarques": self.remarks,
        }


def read_roster(path: Path) -> tuple[list[Learner], list[str]]:
    """Lit la liste des stagiaires, quel que soit le tableur qui l’a écrite.

    Parameters
    ----------
    path : Path
        CSV (UTF-8, UTF-16 ou Windows ; point-virgule, virgule ou tabulation), XLSX ou ODS. Colonnes `identifiant`,
        et si on les a `nom`, `prénom`, `courriel`.

    Returns
    -------
    tuple of (list of Learner, list of str)
        Stagiaires, et ce qui a été accepté et converti.

    Raises
    ------
    DonneesInvalides
        Si le fichier n’est pas un tableau lisible.
    ListeInvalide
        Si des lignes ont des erreurs ; toutes sont dites à la fois.
    """
    known = [name for names in _NAMES.values() for name in names]
    with open_source(path, [*known, "prénom", "Identifiant", "Nom", "Prénom", "Courriel"], "stagiaires") as source:
        columns, problems = _columns(source.header)
        if problems:
            raise _invalid(path, [(source.header_line, text) for text in problems])
        rows = [(first + i, row) for first, chunk in source.chunks() for i, row in enumerate(chunk)]
        remarks = list(source.remarks)
    filled = [(line, row) for line, row in rows if any(cell.strip() for cell in row)]
    if len(filled) > MAX_LINES:
        raise _invalid(path, [(0, f"la liste a plus de {MAX_LINES} stagiaires. Donnez une liste par session.")])
    learners, wrong = _learners(filled, columns, remarks)
    if not filled:
        wrong = [(0, f"la liste n’a aucun stagiaire sous l’en-tête. Exemple de ligne : {_sample()}")]
    if wrong:
        raise _invalid(path, wrong)
    return learners, [french(remark) for remark in remarks]


def _sample() -> str:
    return "stagiaire-01;Nom;Prénom;prenom.nom@exemple.fr"


def _invalid(path: Path, problems: list[tuple[int, str]]) -> ListeInvalide:
    count = len(problems)
    lines = [f"{count} erreur{'s' if count > 1 else ''} dans {path.name}. Personne n’est inscrit."]
    lines += [f"- {path.name}{f', ligne {line}' if line else ''} : {text}" for line, text in problems[:SHOWN]]
    if count > SHOWN:
        lines.append(f"- et {count - SHOWN} autres.")
    return ListeInvalide(french("\n".join(lines)))


def _columns(header: list[str]) -> tuple[dict[str, int], list[str]]:
    columns: dict[str, int] = {}
    problems = []
    for position, title in enumerate(header):
        simple = simplify(title)
        role = next((role for role, names in _NAMES.items() if simple in names), None)
        if role in columns:
            problems.append(f"la colonne « {title} » dit la même chose qu’une colonne précédente. Gardez-en une.")
        elif role is not None:
            columns[role] = position
    if "name" not in columns:
        read = ", ".join(f"« {title[:30]} »" for title in header[:6] if title) or "aucune"
        problems.append(
            f"la colonne « identifiant » manque ; colonnes lues : {read}. En-tête attendu : {EXAMPLE} "
            "(seul l’identifiant est obligatoire)."
        )
    return columns, problems


def _learners(
    rows: Iterable[tuple[int, list[str]]], columns: Mapping[str, int], remarks: list[str]
) -> tuple[list[Learner], list[tuple[int, str]]]:
    learners: list[Learner] = []
    problems: list[tuple[int, str]] = []
    seen: dict[str, int] = {}
    mails: dict[str, int] = {}
    lowered = 0
    for line, row in rows:
        cell = {role: " ".join(row[i].split()) if i < len(row) else "" for role, i in columns.items()}
        name = cell["name"].lower()
        lowered += name != cell["name"]
        found = list(line_problems(name, cell))
        if name in seen:
            found.append(f"« {name} » est déjà à la ligne {seen[name]}. Gardez une seule ligne par stagiaire.")
        mail = cell.get("email", "").lower()
        if mail and mail in mails:
            found.append(f"l’adresse « {mail} » est déjà à la ligne {mails[mail]}.")
        seen.setdefault(name, line)
        mails.setdefault(mail, line)
        problems += [(line, text) for text in found]
        learners.append(Learner(name, cell.get("first", ""), cell.get("last", ""), cell.get("email", "")))
    if lowered:
        remarks.append(f"Identifiants mis en minuscules : {lowered}.")
    return learners, problems


def line_problems(name: str, cell: Mapping[str, str]) -> Iterable[str]:
    """Ce qui ne va pas dans une ligne, prise seule.

    Parameters
    ----------
    name : str
        Identifiant lu.
    cell : mapping of str to str
        `email`, `last` et `first`, vides ou absents si la liste ne les donne pas.

    Yields
    ------
    str
        Problème, sans le lieu.

    Examples
    --------
    >>> list(line_problems("stagiaire-01", {"email": "stagiaire-01@exemple.fr"}))
    []
    """
    if not name:
        yield f"l’identifiant est vide. Exemple de ligne : {_sample()}"
    elif LEARNER.fullmatch(name) is None:
        yield (
            f"« {name[:40]} » n’est pas un identifiant de stagiaire. Forme admise : un mot d’au moins "
            "trois lettres sans accent, un tiret, un numéro, par exemple stagiaire-01 ; jamais un nom de personne."
        )
    mail = cell.get("email", "")
    if mail and (_MAIL.fullmatch(mail) is None or len(mail) > MAX_CHARS):
        yield f"« {mail[:60]} » n’est pas une adresse. Exemple : prenom.nom@exemple.fr ; laissez vide si elle manque."
    for role, label in (("last", "nom"), ("first", "prénom")):
        text = cell.get(role, "")
        if len(text) > MAX_CHARS or _UNSEEN.search(text):
            yield f"le {label} est trop long ou contient des caractères invisibles. Retapez-le."


def enrol(db_url: str, learners: Iterable[Learner], remarks: Iterable[str] = ()) -> Enrolled:
    """Inscrit des stagiaires au carnet de notes, en une transaction ; ceux déjà inscrits le restent.

    Parameters
    ----------
    db_url : str
        Adresse SQLAlchemy du carnet de notes.
    learners : iterable of Learner
        Stagiaires ; une case vide n’efface pas ce qui est déjà connu.
    remarks : iterable of str
        Remarques de lecture, reprises au bilan.

    Returns
    -------
    Enrolled

    Raises
    ------
    AtelierImpossible
        Si le carnet de notes ne peut pas être écrit ; personne n’est alors inscrit.
    """
    from formation.classroom.grading.database import Database

    database = Database(db_url)
    result = Enrolled([], [], [], list(remarks))
    try:
        with database.transaction() as link:
            _write(link, learners, result)
    finally:
        database.close()
    return result


def _write(link: Any, learners: Iterable[Learner], result: Enrolled) -> None:
    from nbgrader import api
    from sqlalchemy import insert, select, update

    students, enrolled = api.Student.__table__, _table()
    enrolled.create(link, checkfirst=True)
    rows = link.execute(select(students.c.id, students.c.first_name, students.c.last_name, students.c.email))
    known = {row[0]: tuple(str(value or "") for value in row[1:]) for row in rows}
    listed = {row[0] for row in link.execute(select(enrolled.c.stagiaire))}
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    for one in learners:
        old = known.get(one.name)
        first, last, email = (new or (old or ("", "", ""))[i] for i, new in enumerate((one.first, one.last, one.email)))
        values = {"first_name": first or None, "last_name": last or None, "email": email or None}
        if old is None:
            link.execute(insert(students).values(id=one.name, **values))
            result.added.append(one.name)
        elif old != (first, last, email):
            link.execute(update(students).where(students.c.id == one.name).values(**values))
            result.updated.append(one.name)
        else:
            result.unchanged.append(one.name)
        if one.name not in listed:
            link.execute(insert(enrolled).values(stagiaire=one.name, date=now))


@cache
def _table() -> Any:
    from sqlalchemy import Column, DateTime, MetaData, String, Table

    return Table(
        TABLE,
        MetaData(),
        Column("stagiaire", String(128), primary_key=True),
        Column("date", DateTime, nullable=False),
    )


def known(db_url: str) -> set[str] | None:
    """Identifiants de la liste donnée à `inscrire`.

    Parameters
    ----------
    db_url : str
        Adresse SQLAlchemy du carnet de notes.

    Returns
    -------
    set of str or None
        None si aucune liste n’a été donnée : toute copie bien nommée est alors admise.

    Raises
    ------
    AtelierImpossible
        Si le carnet de notes ne se laisse pas lire.
    """
    from formation.classroom.grading.gradebook import connection

    with connection(db_url) as link:
        from sqlalchemy import inspect, select

        if not inspect(link).has_table(TABLE):
            return None
        return {str(row[0]) for row in link.execute(select(_table().c.stagiaire))} or None
