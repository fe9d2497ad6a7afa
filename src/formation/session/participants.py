"""La liste des stagiaires : lue quel que soit le tableur, vérifiée d’un coup, identifiants attribués dans l’ordre."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from formation.classroom.exports import neutral
from formation.classroom.roster import line_problems
from formation.datasets import open_source, simplify
from formation.errors import DonneesInvalides, FormationError, reason
from formation.files import write_atomic
from formation.letters import french
from formation.numbers import plural
from formation.session.model import HEADER, Participant

MOST = 2_000
SHOWN = 20
LONGEST = 100

_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_NAMES = {
    "id": ("identifiant", "identifiant_stagiaire", "id", "login"),
    "last": ("nom", "nom_de_famille", "nom_d_usage", "last_name", "lastname"),
    "first": ("prenom", "prenoms", "first_name", "firstname"),
    "email": ("courriel", "adresse_de_courriel", "adresse_courriel", "mail", "email", "e_mail", "adresse_mail",
              "adresse_e_mail", "adresse_electronique", "mel"),
    "organisation": ("organisation", "collectivite", "structure", "employeur", "organisme", "etablissement", "commune",
                     "entite", "service"),
    "role": ("fonction", "poste", "role", "mandat", "qualite", "metier", "fonctions"),
}  # fmt: skip
SAMPLE = (
    ("", "NOM 01", "Stagiaire", "stagiaire-01@exemple.fr", "Commune d’Aubeline", "adjointe aux finances"),
    ("", "NOM 02", "Stagiaire", "stagiaire-02@exemple.fr", "Commune d’Aubeline", "conseiller délégué"),
    ("", "NOM 03", "Stagiaire", "", "Communauté d’Aubeline", "directrice des services techniques"),
)
"""Lignes d’exemple de la liste modèle ; aucune n’est une personne."""


class ListeRefusee(FormationError):
    """La liste des stagiaires a des erreurs ; aucune session n’est créée."""


@dataclass(frozen=True)
class Roster:
    """Liste lue.

    Parameters
    ----------
    participants : tuple of Participant
        Stagiaires, dans l’ordre de la liste.
    problems : tuple of str
        Ce qui empêche de créer la session ; vide si la liste convient.
    remarks : tuple of str
        Ce qui a été accepté, et qui mérite un coup d’œil.
    """

    participants: tuple[Participant, ...]
    problems: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


def read_list(path: str | Path) -> tuple[Participant, ...]:
    """Lit une liste de stagiaires qui doit être bonne.

    Parameters
    ----------
    path : str or Path
        CSV (UTF-8, UTF-16 ou Windows), XLSX ou ODS. Colonnes `nom`, `prénom`, et si on les a `courriel`,
        `organisation`, `fonction`, `identifiant`, dans n’importe quel ordre.

    Returns
    -------
    tuple of Participant
        Stagiaires, dans l’ordre de la liste.

    Raises
    ------
    ListeRefusee
        Si la liste a des erreurs ; toutes sont dites à la fois.
    """
    roster = examine(path)
    if roster.problems:
        count = len(roster.problems)
        head = f"{count} problème{'s' if count > 1 else ''} dans {Path(path).name}. Rien n’a été créé."
        raise ListeRefusee("\n".join([head, *(f"- {text}" for text in roster.problems)]))
    return roster.participants


def examine(path: str | Path) -> Roster:
    """Lit une liste de stagiaires et dit tout ce qui ne va pas, sans rien refuser elle-même.

    Parameters
    ----------
    path : str or Path
        Fichier de `read_list`.

    Returns
    -------
    Roster
        Stagiaires, problèmes et remarques.
    """
    file = Path(path)
    titles = [name for names in _NAMES.values() for name in names]
    try:
        with open_source(file, [*titles, *HEADER, *(name.capitalize() for name in HEADER)], "stagiaires") as source:
            columns, found, remarks = _columns(source.header)
            if found:
                where = f"{file.name}, ligne {source.header_line}" if source.header_line else file.name
                return Roster((), tuple(french(f"{where} : {text}") for text in found))
            width = len(source.header)
            rows = [(first + i, row) for first, chunk in source.chunks() for i, row in enumerate(chunk)]
            remarks = [*(text for text in source.remarks if "Séparateur" not in text), *remarks]
    except DonneesInvalides as error:
        return Roster((), tuple(problem.render(file.name or str(file)) for problem in error.problems))
    filled = [(line, row) for line, row in rows if any(cell.strip() for cell in row)]
    if not filled:
        text = f"{file.name} : la liste n’a personne sous l’en-tête. Exemple de ligne : {';'.join(SAMPLE[0][1:])}"
        return Roster((), (french(text),))
    if len(filled) > MOST:
        text = f"{file.name} : {len(filled)} lignes. Une session en admet {MOST} ; faites une liste par session."
        return Roster((), (french(text),))
    lines = [_line(line, row, columns, width) for line, row in filled]
    _give_identifiers(lines)
    problems = sorted([*_alone(lines), *_together(lines)])
    participants = tuple(Participant(*(one.cell[role] for role in _NAMES)) for one in lines)
    shown = [f"{file.name}, ligne {line} : {text}" for line, text in problems[:SHOWN]]
    if len(problems) > SHOWN:
        shown.append(
            f"{file.name} : et {len(problems) - SHOWN} autres problèmes, à lire quand ceux-ci seront corrigés."
        )
    return Roster(
        () if problems else participants,
        tuple(french(text) for text in shown),
        tuple(french(text) for text in [*remarks, *_remarks(lines)]),
    )


@dataclass
class _Line:
    number: int
    cell: dict[str, str]
    extra: list[str]
    given: bool = False


def _columns(header: Sequence[str]) -> tuple[dict[str, int], list[str], list[str]]:
    columns: dict[str, int] = {}
    problems, ignored = [], []
    for position, title in enumerate(header):
        simple = simplify(title)
        role = next((role for role, names in _NAMES.items() if simple in names), None)
        if role is None:
            if title:
                ignored.append(f"« {title[:30]} »")
        elif role in columns:
            first = header[columns[role]]
            problems.append(f"les colonnes « {first} » et « {title} » disent la même chose. Gardez-en une.")
        else:
            columns[role] = position
    if "last" not in columns and "id" not in columns:
        read = ", ".join(f"« {title[:30]} »" for title in header[:6] if title) or "aucune"
        problems.append(
            f"la colonne « nom » manque ; colonnes lues : {read}. En-tête attendu, dans n’importe quel ordre : "
            f"{';'.join(HEADER[1:])}. Pour un modèle à remplir : formation session modele-liste stagiaires.csv"
        )
    verb = "n’est pas lue" if len(ignored) == 1 else "ne sont pas lues"
    remarks = [f"Ce qui ne sert pas n’est pas gardé : {', '.join(ignored)} {verb}."] if ignored else []
    return columns, problems, remarks


def _line(number: int, row: Sequence[str], columns: Mapping[str, int], width: int) -> _Line:
    cell = {role: _tidy(row[columns[role]]) if role in columns and columns[role] < len(row) else "" for role in _NAMES}
    cell["id"] = cell["id"].lower()
    return _Line(number, cell, [text.strip() for text in row[width:] if text.strip()], given=bool(cell["id"]))


def _tidy(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _give_identifiers(lines: Sequence[_Line]) -> None:
    taken = {one.cell["id"] for one in lines}
    digits = max(2, len(str(len(lines))))
    for rank, one in enumerate(lines, 1):
        if not one.given:
            number = rank
            while (name := f"stagiaire-{number:0{digits}d}") in taken:
                number += 1
            one.cell["id"] = name
            taken.add(name)


def _alone(lines: Iterable[_Line]) -> Iterator[tuple[int, str]]:
    """Problèmes d’une ligne prise seule."""
    for one in lines:
        cell = one.cell
        for text in line_problems(cell["id"], cell):
            yield one.number, text
        if not cell["last"] and not one.given:
            yield one.number, "le nom est vide. Donnez-le, ou un identifiant (stagiaire-01) si vous préférez un code."
        if one.extra:
            yield (
                one.number,
                f"une case de trop (« {one.extra[0][:30]} »). Un séparateur s’est glissé dans une case : mettez cette "
                "case entre guillemets, ou retirez-le.",
            )
        for role, label in (
            ("last", "nom"),
            ("first", "prénom"),
            ("organisation", "organisation"),
            ("role", "fonction"),
        ):
            text = cell[role]
            if neutral(text) != text:
                yield (
                    one.number,
                    f"« {text[:40]} » ({label}) commence comme une formule de tableur. Retirez le premier signe.",
                )
            if role in ("organisation", "role") and (len(text) > LONGEST or _UNSEEN.search(text)):
                yield one.number, f"« {label} » est trop long ou contient des caractères invisibles. Retapez-le."


def _key(*texts: str) -> str:
    return "|".join(simplify(text) for text in texts)


def _together(lines: Sequence[_Line]) -> Iterator[tuple[int, str]]:
    """Doublons : même identifiant, même courriel, ou même nom sans rien qui distingue."""
    ids: dict[str, int] = {}
    mails: dict[str, int] = {}
    people: dict[str, list[_Line]] = {}
    for one in lines:
        cell, mail = one.cell, one.cell["email"].casefold()
        if cell["id"] in ids:
            yield one.number, f"l’identifiant « {cell['id']} » est déjà à la ligne {ids[cell['id']]}."
        ids.setdefault(cell["id"], one.number)
        if mail and mail in mails:
            yield (
                one.number,
                f"le courriel « {mail} » est déjà à la ligne {mails[mail]}. Si c’est la même personne, gardez une "
                "ligne ; sinon, donnez à chacune son adresse, ou laissez la case vide.",
            )
            continue
        mails.setdefault(mail, one.number)
        if not cell["last"]:
            continue
        name = _key(cell["last"], cell["first"])
        twin = next((other for other in people.get(name, []) if not _distinct(one, other)), None)
        if twin is not None:
            yield (
                one.number,
                f"« {cell['first']} {cell['last']} » est déjà à la ligne {twin.number}, sans rien qui distingue les "
                "deux. Si c’est la même personne, gardez une ligne ; sinon, donnez à chacune son organisation ou son "
                "courriel.",
            )
        people.setdefault(name, []).append(one)


def _distinct(one: _Line, other: _Line) -> bool:
    """Vrai si le courriel ou l’organisation, donnés des deux côtés, diffèrent."""
    return any(
        one.cell[role] and other.cell[role] and _key(one.cell[role]) != _key(other.cell[role])
        for role in ("email", "organisation")
    )


def _remarks(lines: Sequence[_Line]) -> Iterator[str]:
    names = Counter(_key(one.cell["last"], one.cell["first"]) for one in lines if one.cell["last"])
    for key, count in names.items():
        if count > 1:
            same = [one for one in lines if _key(one.cell["last"], one.cell["first"]) == key]
            who = f"{same[0].cell['first']} {same[0].cell['last']}".strip()
            yield (
                f"{count} homonymes, « {who} » (lignes {_listing(same)}) : gardés tous les {count}. Leur identifiant "
                "et leur organisation les distinguent sur les documents."
            )
    for role, text in (
        ("email", "Sans courriel : {}. Leur convocation est à remettre autrement."),
        ("first", "Sans prénom : {}. L’attestation portera le nom seul."),
        ("last", "Sans nom : {}. L’attestation ne portera que l’identifiant : complétez-la à la main."),
    ):
        without = [one for one in lines if not one.cell[role]]
        if without:
            yield text.format(f"ligne{'s' if len(without) > 1 else ''} {_listing(without)}")


def _listing(lines: Sequence[_Line]) -> str:
    shown = ", ".join(str(one.number) for one in lines[:10])
    return shown + (f" et {plural(len(lines) - 10, 'autre')}" if len(lines) > 10 else "")


def write_sample(path: Path, *, overwrite: bool = False) -> None:
    """Écrit une liste modèle, avec trois lignes d’exemple.

    Parameters
    ----------
    path : Path
        Fichier `.csv`.
    overwrite : bool
        Vrai pour accepter de remplacer un fichier déjà là.

    Raises
    ------
    ListeRefusee
        Si le fichier existe, n’est pas un `.csv`, ou si son dossier ne se laisse pas écrire.
    """
    if path.suffix.lower() != ".csv":
        raise ListeRefusee(french(f"« {path.name} » : le modèle est un fichier .csv, par exemple stagiaires.csv."))
    if path.exists() and not overwrite:
        raise ListeRefusee(
            french(f"« {path} » existe déjà. Rien n’a été écrit : donnez un autre nom, ou ajoutez --ecraser.")
        )
    try:
        write_atomic(path, list_csv(SAMPLE))
    except OSError as error:
        raise ListeRefusee(french(f"« {path} » ne peut pas être écrit : {reason(error)}.")) from None


def list_csv(participants: Iterable[Participant | Sequence[str]]) -> bytes:
    """Liste au format de stagiaires.csv : UTF-8 marqué, points-virgules, ce qu’un tableur français ouvre tel quel.

    Parameters
    ----------
    participants : iterable of Participant or sequence of str
        Stagiaires, ou six cases dans l’ordre de l’en-tête.

    Returns
    -------
    bytes
        Contenu du fichier.

    Examples
    --------
    >>> list_csv([Participant("stagiaire-01", "NOM 01")]).decode("utf-8-sig").splitlines()[1]
    'stagiaire-01;NOM 01;;;;'
    """
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADER)
    for one in participants:
        if isinstance(one, Participant):
            writer.writerow((one.id, one.last, one.first, one.email, one.organisation, one.role))
        else:
            writer.writerow(one)
    return text.getvalue().encode("utf-8-sig")
