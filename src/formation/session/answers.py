"""Noter une session : réunir les réponses rendues et saisies, tout vérifier, n’écrire que si tout est bon."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any

from formation.errors import FormationError, reason
from formation.files import write_atomic
from formation.numbers import long_day, plural
from formation.session import places
from formation.session.handed import Handed, read_handed, shown
from formation.session.outcome import QuizName
from formation.session.quizzes import QUIZZES, read_sheets
from formation.session.recorded import STORE, Answers, to_text
from formation.session.satisfaction import QUIZ, Form
from formation.session.typed import Typed, read_forms, read_presence, read_quiz

if TYPE_CHECKING:
    from formation.session.model import Session

PRESENCES = "presences"
TABLES = (*QUIZZES, QUIZ, PRESENCES)
SUFFIXES = (".csv", ".xlsx", ".ods")
MAX_FILES = 5_000
_SHOWN, _NAMED = 30, 8


class ReponsesRefusees(FormationError):
    """Des réponses rendues ou saisies ont des problèmes ; rien n’est noté.

    Attributes
    ----------
    problems : list of str
        Un problème par ligne, qui commence par le fichier.

    Parameters
    ----------
    problems : list of str
        Problèmes à dire.
    folder : Path
        Dossier de la session, repris dans la commande proposée.
    """

    def __init__(self, problems: list[str], folder: Path) -> None:
        self.problems = problems
        count = len(problems)
        lines = [f"{count} problème{'s' if count > 1 else ''} dans les réponses. Rien n’est noté."]
        lines += [f"- {one}" for one in problems[:_SHOWN]]
        if count > _SHOWN:
            lines.append(f"- et {count - _SHOWN} autres.")
        command = f"formation session noter {quote(str(folder))} --malgre-tout"
        lines.append(f"Corrigez, ou notez tout de suite ce qui est bon : {command}")
        super().__init__("\n".join(lines))


@dataclass(slots=True)
class Noted:
    """Bilan d’une notation : combien de réponses, et ce qui mérite d’être su."""

    placement: int = 0
    final: int = 0
    forms: int = 0
    presence: int = 0
    added: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """Bilan pour une machine."""
        return {
            "positionnement": self.placement,
            "evaluation_finale": self.final,
            "satisfaction": self.forms,
            "presences": self.presence,
            "ajoutes": self.added,
            "remarques": self.remarks,
            "refuses": self.refused,
        }


class _Gathering:
    """Une notation en cours : rien n’est écrit avant que tout soit lu."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.sheets = read_sheets(session.root)
        self.learners = {one.id for one in session.participants}
        self.answers = Answers()
        self.problems: list[str] = []
        self.noted = Noted()
        self.copies: dict[Path, bytes] = {}
        self.outside: dict[Path, Path] = {}
        self._forms: dict[str, Form] = {}
        self._from: dict[tuple[str, str], tuple[str, datetime | None]] = {}

    def hand_in(self, given: list[Path]) -> None:
        """Lit les fichiers remis : ceux déjà rangés, puis ceux qu’on donne."""
        folder = self.session.root / places.ANSWERS
        read = [*_files(folder), *given]
        if len(read) > MAX_FILES:
            self.problems.append(f"{len(read)} fichiers donnés ; {MAX_FILES} au plus. Donnez le dossier d’une session.")
            return
        handed: list[Handed] = []
        seen: set[str] = set()
        for path in read:
            if path.suffix.lower() != ".json":
                self.noted.remarks.append(f"{shown(path.name, 80)} : ce n’est pas un fichier .json, il est laissé.")
                continue
            one, content = read_handed(path, self.sheets, self.learners)
            self.problems += [f"{one.file} : {text}" for text in one.problems]
            self.noted.remarks += [f"{one.file} : {text}" for text in one.remarks if not one.problems]
            mark = hashlib.sha256(content).hexdigest()
            if one.problems or mark in seen:
                continue
            seen.add(mark)
            handed.append(one)
            if path.parent.resolve() != folder.resolve():
                self.copies[folder / _kept_name(one, mark)] = content
        for one in sorted(handed, key=lambda one: (one.saved or datetime.min, one.file)):  # noqa: DTZ901 - heure locale
            self._take(one)

    def _take(self, one: Handed) -> None:
        key = (one.quiz, one.learner or one.mark)
        before = self._from.get(key)
        if before is not None:
            why = "enregistré plus tard" if before[1] != one.saved else "dernier dans l’ordre des noms, à heure égale"
            self.noted.remarks.append(
                f"{one.file} : {key[1]} a rendu deux fichiers. Celui-ci est gardé ({why}), {before[0]} ne compte pas."
            )
        self._from[key] = (one.file, one.saved)
        if one.form is not None:
            self._forms[one.mark] = one.form
            return
        late = self._late(one)
        if late:
            self.noted.remarks.append(f"{one.file} : {late}")
        self.answers.quiz[_quiz(one.quiz)][one.learner] = one.answers

    def _late(self, one: Handed) -> str:
        if one.saved is None or not self.session.slots:
            return ""
        first, last = self.session.slots[0], self.session.slots[-1]
        if one.quiz == "positionnement" and one.saved > datetime.combine(first.date, first.end):
            return (
                "le positionnement est rempli après la première demi-journée : il ne mesure plus ce que l’on savait en "
                "arrivant."
            )
        if one.saved.date() > last.date:
            return "il est enregistré après la fin de la session : réponse à froid, ou horloge mal réglée."
        return ""

    def type_in(self, tables: Mapping[str, list[Path]]) -> None:
        """Lit les tableaux saisis ; ce que le formateur a saisi l’emporte sur un fichier."""
        for name in QUIZZES:
            typed: dict[str, str] = {}
            reader = partial(read_quiz, sheet=self.sheets[name], learners=self.learners)
            for path, (_, found) in self._read(tables[name], reader):
                for learner, answers in found.items():
                    self._typed(name, path, learner, answers, typed)
        self.answers.forms = list(self._forms.values())
        for _, (_, forms) in self._read(tables[QUIZ], read_forms):
            self.answers.forms += forms
        attendance = partial(read_presence, slots=self.session.slots, learners=self.learners)
        for _, (_, minutes) in self._read(tables[PRESENCES], attendance):
            self.answers.presence |= minutes

    def _read(
        self, paths: Iterable[Path], reader: Callable[[Path], tuple[Typed, Any]]
    ) -> Iterator[tuple[Path, tuple[Typed, Any]]]:
        """Lit des tableaux ; un tableau donné qui a des problèmes est laissé, celui du dossier reste à sa place."""
        for given in paths:
            path, read = given, reader(given)
            target = self.outside.get(given)
            former = reader(target) if target is not None and target.is_file() else None
            if target is not None and former is not None:
                read[0].problems += _lost(given, read[0], former[0])
            self.problems += read[0].problems
            if read[0].problems and target is not None:
                self.copies.pop(target, None)
                if former is None:
                    continue
                path, read = target, former
                self.problems += read[0].problems
            self.noted.remarks += read[0].remarks
            yield path, read

    def _typed(
        self, name: QuizName, path: Path, learner: str, answers: dict[str, tuple[int, ...]], typed: dict[str, str]
    ) -> None:
        if learner in typed:
            self.problems.append(
                f"{path.name} : « {learner} » est aussi dans {typed[learner]}. Gardez un seul tableau."
            )
        typed[learner] = path.name
        handed = self.answers.quiz[name].get(learner)
        if handed is not None and handed != answers:
            self.noted.remarks.append(
                f"{path.name} : la saisie de « {learner} » remplace le fichier qu’il avait remis."
            )
        self.answers.quiz[name][learner] = answers


def _lost(given: Path, read: Typed, former: Typed) -> list[str]:
    """Ce qu’un tableau donné ferait perdre, s’il remplaçait celui que le formateur a déjà rempli."""
    missing = former.brings() - read.brings()
    if not missing:
        return []
    who = plural(missing.total(), "feuille") if former.anonymous else ", ".join(sorted(map(str, missing))[:_NAMED])
    more = f" et {plural(len(missing) - _NAMED, 'autre')}" if not former.anonymous and len(missing) > _NAMED else ""
    return [
        f"{shown(given.name, 80)} : celui de {places.COLLECT} a déjà des lignes que ce tableau n’a pas ({who}{more}), "
        "elles seraient perdues. Ajoutez-les au vôtre, puis recommencez."
    ]


def _quiz(name: str) -> QuizName:
    return next(one for one in QUIZZES if one == name)


def _kept_name(one: Handed, mark: str) -> str:
    return f"satisfaction-{one.mark}.json" if one.form is not None else f"{one.quiz}-{one.learner}-{mark[:8]}.json"


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if not path.name.startswith(".") and path.name != "Thumbs.db")


def note(session: Session, files: Iterable[Path] = (), *, keep_going: bool = False) -> Noted:
    """Réunit les réponses de la session et les écrit dans `reponses-lues.json`.

    On peut recommencer autant qu’on veut : le résultat ne dépend que des fichiers présents.

    Parameters
    ----------
    session : Session
        Session.
    files : iterable of Path
        Fichiers ou dossiers remis, rangés au passage dans 4-recueillir ; sans eux, on relit ce qui y est déjà.
    keep_going : bool
        Vrai pour noter ce qui est bon quand une partie est refusée.

    Returns
    -------
    Noted

    Raises
    ------
    ReponsesRefusees
        Avec tous les problèmes à la fois ; rien n’est alors écrit.
    QuizIllisible
        Si les questions figées de la session manquent.
    FormationError
        Si la session est effacée, ou si le dossier ne s’écrit pas.
    """
    refuse_erased(session)
    gathering = _gather(session, files)
    if gathering.problems and not keep_going:
        raise ReponsesRefusees(gathering.problems, session.root)
    noted, answers = gathering.noted, gathering.answers
    noted.added = [path.name for path in gathering.copies if not path.exists()]
    try:
        (session.root / places.ANSWERS).mkdir(parents=True, exist_ok=True)
        for path, content in gathering.copies.items():
            write_atomic(path, content)
        write_atomic(session.root / STORE, to_text(answers).encode())
    except OSError as error:
        raise FormationError(
            f"{session.root / places.COLLECT} : {reason(error)}. Aucun fichier n’est à moitié écrit ; relancez la même "
            "commande quand ce sera rétabli."
        ) from None
    return noted


def look(session: Session) -> Noted:
    """Dit ce que `note` retiendrait des réponses déjà dans le dossier, sans rien écrire.

    Parameters
    ----------
    session : Session
        Session.

    Returns
    -------
    Noted

    Raises
    ------
    QuizIllisible
        Si les questions figées de la session manquent.
    """
    return _gather(session, ()).noted


def _gather(session: Session, files: Iterable[Path]) -> _Gathering:
    gathering = _Gathering(session)
    handed, tables = _sorted_out(session, files, gathering)
    gathering.hand_in(handed)
    gathering.type_in(tables)
    noted, answers = gathering.noted, gathering.answers
    noted.refused = gathering.problems
    noted.placement, noted.final = (len(answers.quiz[name]) for name in QUIZZES)
    noted.forms, noted.presence = len(answers.forms), len(answers.presence)
    return gathering


def refuse_erased(session: Session) -> None:
    """Refuse une session dont les données personnelles ont été effacées : refaire ses papiers les viderait.

    Parameters
    ----------
    session : Session
        Session.

    Raises
    ------
    FormationError
        Si la session est effacée.
    """
    if session.erased_on is not None:
        day = long_day(session.erased_on.isoformat())
        raise FormationError(
            f"Les données personnelles de cette session ont été effacées le {day} : il n’y a plus rien à noter ni à "
            "clore. Ce qui reste dans 5-rendre n’a pas été touché."
        )


def _sorted_out(
    session: Session, files: Iterable[Path], gathering: _Gathering
) -> tuple[list[Path], dict[str, list[Path]]]:
    """Sépare ce qu’on donne : réponses .json d’un côté, tableaux saisis de l’autre, à côté de ceux du dossier."""
    home = session.root / places.COLLECT
    tables = {name: [home / f"{name}{end}" for end in SUFFIXES if (home / f"{name}{end}").is_file()] for name in TABLES}
    handed: list[Path] = []
    for path in (one for given in files for one in (_files(given) if given.is_dir() else [given])):
        name = next((table for table in TABLES if path.stem.lower().startswith(table)), None)
        if not path.exists():
            gathering.problems.append(f"{path} : introuvable. Donnez un fichier ou un dossier de réponses.")
        elif path.suffix.lower() not in SUFFIXES:
            handed.append(path)
        elif name is None:
            gathering.problems.append(
                f"{shown(path.name, 80)} : on ne sait pas ce que contient ce tableau. Nommez-le {', '.join(TABLES)}, "
                "par exemple positionnement.csv."
            )
        else:
            _take_table(gathering, tables[name], path, home / f"{name}{path.suffix.lower()}")
    return handed, tables


def _take_table(gathering: _Gathering, tables: list[Path], path: Path, target: Path) -> None:
    """Met un tableau donné à la place de celui du dossier ; deux pour la même place se perdraient l’un l’autre."""
    if target in gathering.copies:
        gathering.problems.append(
            f"{shown(str(path), 80)} : un autre {target.name} est donné aussi, et un seul serait gardé. Réunissez-les "
            "en un tableau, puis recommencez."
        )
        return
    if path.resolve() != target.resolve():
        try:
            gathering.copies[target] = path.read_bytes()
        except OSError as error:
            gathering.problems.append(f"{shown(path.name, 80)} : il ne se lit pas, {reason(error)}.")
            return
        gathering.outside[path] = target
    tables[:] = [one for one in tables if one != target] + [path]
