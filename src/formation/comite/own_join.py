"""Vérifier une jointure avant de la faire : tous les problèmes des deux fichiers à la fois, et rien d’écrit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from formation.comite import keys as key_cells
from formation.comite import own_counts, own_doubts, own_matching, own_personal
from formation.comite.keys import KeyName
from formation.comite.own_reading import OwnTable, read_pair
from formation.errors import DonneesInvalides, FormationError, Problem
from formation.numbers import number, plural

THRESHOLD = 5
UNMATCHED = 0.05
_LARGE, _STEPS = 5 * 2**20, 4
Progress = Callable[[int, int, str], None]


class ChoixInvalide(FormationError):
    """Une option de la jointure n’a pas de sens."""


class JointureRefusee(DonneesInvalides):
    """La jointure serait fausse ou dangereuse ; rien n’a été écrit.

    Attributes
    ----------
    check : JoinCheck
        Ce qui a été compté avant de refuser.
    """

    def __init__(self, check: JoinCheck) -> None:
        errors = [DonneesInvalides(name, found) for name, found in check.problems.items() if found]
        self.check = check
        super().__init__(" et ".join(error.file_name for error in errors), [p for e in errors for p in e.problems])
        self.args = ("\n".join([*(str(error) for error in errors), counted(check.facts)]),)


@dataclass(frozen=True)
class Choices:
    """Ce que l’utilisateur a choisi ; chaque choix est écrit dans le compte rendu.

    Attributes
    ----------
    pad : bool
        Compléter les codes qui ont perdu leurs zéros.
    loose : bool
        Ne tenir compte ni de la casse, ni des accents, ni des espaces, ni des tirets.
    many : bool
        Accepter qu’une ligne de gauche en trouve plusieurs à droite.
    matched_only : bool
        Ne garder que les lignes qui ont une correspondance.
    unmatched : float
        Part des lignes de gauche qui peuvent rester sans correspondance.
    threshold : int
        Plus petit effectif publiable.
    count : str, optional
        Colonne qui compte des personnes.
    groups : tuple of str
        Colonnes des groupes, quand une ligne est une personne.
    small : str
        Que faire d’un petit effectif : refuser, masquer ou garder.
    personal : bool
        Accepter des colonnes qui ont l’air de données personnelles.
    without : tuple of str
        Colonnes à ne pas lire.
    delay_days : int
        Jours ajoutés à la date de droite : 7 joint la valeur d’une semaine plus tôt.
    measuring : bool
        Vrai pour mesurer sans rien écrire : ni données personnelles ni petits effectifs n’arrêtent.
    """

    pad: bool = False
    loose: bool = False
    many: bool = False
    matched_only: bool = False
    unmatched: float = UNMATCHED
    threshold: int = THRESHOLD
    count: str | None = None
    groups: tuple[str, ...] = ()
    small: str = own_counts.REFUSE
    personal: bool = False
    without: tuple[str, ...] = ()
    delay_days: int = 0
    measuring: bool = False

    def __post_init__(self) -> None:
        """Refuse une option hors de ses bornes."""
        if not 0 <= self.unmatched <= 1:
            raise ChoixInvalide(
                f"--orphelins {self.unmatched:g} : c’est une part, entre 0 et 1, par exemple 0.05 pour 5\u00a0%."
            )
        if self.threshold < 1:
            raise ChoixInvalide(f"--seuil {self.threshold} : il faut un effectif d’au moins 1, par exemple 5.")
        if self.small not in own_counts.WAYS:
            raise ChoixInvalide(f"--petits {self.small} : valeurs acceptées : {', '.join(own_counts.WAYS)}.")


@dataclass
class JoinCheck:
    """Jointure vérifiée.

    Attributes
    ----------
    facts : dict
        Lignes, clés, correspondances, taille du résultat.
    problems : dict of str to list of Problem
        Problèmes, par fichier ; vide si la jointure est saine.
    remarks : list of str
        Conversions, choix de l’utilisateur, prudences.
    frame : DataFrame or None
        Table jointe, en texte ; `None` s’il y a un problème.
    added : list of str
        Colonnes venues de droite.
    personal : list of str
        Colonnes qui ont l’air de données personnelles.
    """

    facts: dict[str, Any]
    problems: dict[str, list[Problem]] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    frame: pd.DataFrame | None = None
    added: list[str] = field(default_factory=list)
    personal: list[str] = field(default_factory=list)

    @property
    def keys(self) -> list[str]:
        """Colonnes de la clé, sous leur nom de gauche."""
        return [str(name).partition("=")[0] for name in self.facts["cle"]]

    @property
    def sound(self) -> bool:
        """Vrai si la jointure peut être faite."""
        return self.frame is not None

    def to_dict(self) -> dict[str, Any]:
        """Rend tout le contrôle en types simples."""
        return {
            "saine": self.sound,
            **self.facts,
            "problemes": [
                {"fichier": name, **item.to_dict()} for name, found in self.problems.items() for item in found
            ],
            "remarques": self.remarks,
        }


def join(
    left: str | Path,
    right: str | Path,
    keys: Sequence[str],
    *,
    choices: Choices | None = None,
    progress: Progress | None = None,
) -> JoinCheck:
    """Joint deux fichiers en mémoire, si la jointure est saine.

    Parameters
    ----------
    left, right : str or Path
        Fichier à compléter, fichier à lui joindre. CSV, CSV.GZ, XLSX ou ODS.
    keys : sequence of str
        Colonnes de la clé ; « gauche=droite » si le nom change.
    choices : Choices, optional
        Choix de l’utilisateur ; par défaut, aucun : rien n’est réparé.
    progress : callable, optional
        Reçoit l’étape, le nombre d’étapes et ce qui se fait, si les fichiers sont gros.

    Returns
    -------
    JoinCheck
        Contrôle et table jointe. Rien n’est écrit.

    Raises
    ------
    JointureRefusee
        Si la jointure serait fausse ou dangereuse ; tous les problèmes sont donnés.
    formation.errors.DonneesInvalides
        Si un fichier n’est pas lisible.
    """
    found = check(left, right, keys, choices=choices, progress=progress)
    if not found.sound:
        raise JointureRefusee(found)
    return found


def check(
    left: str | Path,
    right: str | Path,
    keys: Sequence[str],
    *,
    choices: Choices | None = None,
    progress: Progress | None = None,
) -> JoinCheck:
    """Comme :func:`join`, mais rend toujours le contrôle, saine ou non.

    Parameters
    ----------
    left, right, keys, choices, progress
        Voir :func:`join`.

    Returns
    -------
    JoinCheck
        Contrôle ; la table jointe y est si la jointure est saine.
    """
    chosen, names = choices or Choices(), key_cells.parse_names(keys)
    say = _teller(progress, left, right)
    say("lecture")
    one, two = read_pair(left, right, names, without=chosen.without)
    label = (one.name, two.name) if one.name != two.name else (f"{one.name} (à gauche)", f"{two.name} (à droite)")
    tables = (one, own_matching.delayed(two, names, chosen.delay_days))
    say("données personnelles")
    personal = [own_personal.find(table.frame) for table in tables]
    hidden = {item.column for found in personal for item in found}
    result = JoinCheck({"gauche": one.name, "droite": two.name, "cle": [_name(n) for n in names]})
    result.problems = {name: [] for name in label}
    for table, title in zip(tables, label, strict=True):
        result.remarks += [f"{title} : {remark}" for remark in table.remarks]
    say("clés")
    diagnoses = _diagnosed(tables, names, chosen, hidden, result, label)
    match = own_matching.match(*own_matching.number_keys([d.left for d in diagnoses], [d.right for d in diagnoses]))
    result.facts |= match.facts()
    # Les clés abîmées, remises en état : les autres problèmes se voient du même coup.
    whole = _restored(diagnoses) if any(result.problems.values()) else match
    shown = not hidden & {column for name in names for column in (name.left, name.right)}
    doubts = own_doubts.Doubts(whole, tables, label, names, shown)
    repeated, accepted = doubts.repeated(accepted=chosen.many, measuring=chosen.measuring)
    lonely, few = doubts.lonely(chosen.unmatched)
    result.problems[label[0]] += lonely
    result.problems[label[1]] += [*repeated, *doubts.too_large()]
    result.remarks += [*doubts.empty(), *accepted, *few, *doubts.unused()]
    for table, title, found in zip(tables, label, personal, strict=True):
        if chosen.measuring:
            continue
        result.problems[title] += own_personal.problems(found, table.lines, accepted=chosen.personal)
        if kept := [item.column for item in found if chosen.personal and item.kind != own_personal.NIR]:
            result.remarks.append(
                f"{title} : données personnelles gardées, à votre demande (--accepter-donnees-personnelles) : "
                f"{', '.join(kept)}."
            )
    if chosen.without:
        result.remarks.append(f"Colonnes laissées de côté, à votre demande (--sans) : {', '.join(chosen.without)}.")
    if chosen.delay_days:
        result.remarks.append(f"Date de {label[1]} décalée de {plural(chosen.delay_days, 'jour')} (--decalage).")
    if not doubts.too_large():
        say("jointure et effectifs")
        result.personal = [item.column for found in personal for item in found]
        _finish(whole, tables, names, chosen, result, label)
    if any(result.problems.values()):
        result.frame = None
    return result


def _name(name: KeyName) -> str:
    return name.left if name.left == name.right else f"{name.left}={name.right}"


def _teller(progress: Progress | None, *files: str | Path) -> Callable[[str], None]:
    """Annonce les étapes, seulement si les fichiers sont assez gros pour faire attendre."""
    done = 0

    def say(label: str) -> None:
        nonlocal done
        done += 1
        if progress is not None and sum(Path(file).stat().st_size for file in files if Path(file).exists()) > _LARGE:
            progress(done, _STEPS, label)

    return say


def _diagnosed(
    tables: tuple[OwnTable, OwnTable],
    names: Sequence[KeyName],
    chosen: Choices,
    hidden: set[str],
    result: JoinCheck,
    label: tuple[str, str],
) -> list[key_cells.Diagnosis]:
    """Chaque colonne de la clé, comparée des deux côtés ; problèmes et remarques vont au résultat."""
    found = []
    for name in names:
        texts = [
            table.frame[column].fillna("").to_numpy(dtype=object)
            for table, column in zip(tables, (name.left, name.right), strict=True)
        ]
        one = key_cells.diagnose(
            texts[0], texts[1], name, (tables[0].lines, tables[1].lines),
            pad=chosen.pad, loose=chosen.loose, hidden=bool(hidden & {name.left, name.right}),
        )  # fmt: skip
        found.append(one)
        result.problems[label[0]] += one.left_problems
        result.problems[label[1]] += one.right_problems
        result.remarks += one.remarks
    return found


def _restored(diagnoses: Sequence[key_cells.Diagnosis]) -> own_matching.Match:
    sides = [[key_cells.simplified(one.restored[rank]) for one in diagnoses] for rank in (0, 1)]
    return own_matching.match(*own_matching.number_keys(*sides))


def _finish(
    match: own_matching.Match,
    tables: tuple[OwnTable, OwnTable],
    names: Sequence[KeyName],
    chosen: Choices,
    result: JoinCheck,
    label: tuple[str, str],
) -> None:
    """Table jointe, et ses petits effectifs."""
    frame, remarks = own_matching.joined(match, tables, names, matched_only=chosen.matched_only)
    if chosen.measuring:
        result.frame, result.added = frame, list(frame.columns[len(tables[0].frame.columns) :])
        result.remarks += remarks
        return
    counts = own_counts.check(
        frame, [n.left for n in names], threshold=chosen.threshold, count=chosen.count, groups=chosen.groups,
        small=chosen.small,
    )  # fmt: skip
    result.problems[label[0]] += counts.problems
    result.remarks += remarks + counts.remarks
    result.facts |= {"effectifs": counts.facts}
    if counts.masked.any() and chosen.small == own_counts.MASK:
        if chosen.count is not None:
            frame.loc[counts.masked, chosen.count] = np.nan
        else:
            frame = frame.loc[~counts.masked].reset_index(drop=True)
    result.frame = frame
    result.facts |= {"lignes_resultat": len(frame), "colonnes_resultat": [str(name) for name in frame.columns]}


def counted(facts: dict[str, Any]) -> str:
    """Ce qui a été compté avant de joindre.

    Parameters
    ----------
    facts : dict
        Comptes d’un contrôle.

    Returns
    -------
    str
        Phrase.
    """
    return (
        f"Compté avant de joindre : {number(facts['lignes_gauche'])} lignes à gauche, {number(facts['lignes_droite'])} "
        f"à droite ; {plural(facts['lignes_trouvees'], 'ligne de gauche a', 'lignes de gauche ont')} une "
        f"correspondance ; {plural(facts['lignes_prevues'], 'ligne')} dans le résultat."
    )
