"""Mesurer ce qu’une jointure apporte : la même prévision sans puis avec, jugée sur des blocs que rien n’a appris."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from formation.comite import own_features, own_models, own_split
from formation.comite.gain import paired_gain
from formation.comite.own_conclusion import conclude
from formation.comite.own_join import Choices, JoinCheck, join
from formation.comite.own_models import LINEAR, MEAN, TREES
from formation.errors import FormationError

Progress = Callable[[int, int, str], None]
PLACEBO = "témoin"
MIN_ROWS = 60


class MesureImpossible(FormationError):
    """La mesure demandée n’a pas de sens sur ces tables."""


@dataclass(frozen=True)
class Measured:
    """Mesure d’une jointure.

    Attributes
    ----------
    table : DataFrame
        Une ligne par méthode : `methode`, `sans`, `avec`, `gain`, `gain_bas`, `gain_haut` (parts de l’erreur sans la
        jointure, 9 fois sur 10). La ligne `témoin` joint les mêmes colonnes, mélangées au hasard.
    conclusion : str
        Ce que la mesure permet de dire.
    remarks : list of str
        Lecture, colonnes laissées de côté, prudences.
    facts : dict
        Lignes, blocs, méthodes choisies, variables.
    """

    table: pd.DataFrame
    conclusion: str
    remarks: list[str]
    facts: dict[str, Any]

    def to_dict(self) -> dict[str, Any]:
        """Rend toute la mesure en types simples."""
        return {
            "conclusion": self.conclusion,
            **self.facts,
            "methodes": self.table.to_dict(orient="records"),
            "remarques": self.remarks,
        }


def measure(
    table: str | Path,
    other: str | Path,
    keys: Sequence[str],
    target: str,
    *,
    date: str | None = None,
    group: str | None = None,
    choices: Choices | None = None,
    seed: int = 447,
    progress: Progress | None = None,
) -> Measured:
    """Compare une prévision sans puis avec les colonnes d’une seconde table.

    Parameters
    ----------
    table, other : str or Path
        Table qui contient la réponse, table à joindre.
    keys : sequence of str
        Colonnes de la clé ; « gauche=droite » si le nom change.
    target : str
        Colonne à prévoir : une quantité, ou 0 et 1.
    date : str, optional
        Date de chaque ligne : on apprend sur le passé, on juge sur la suite. Par défaut, la clé si c’est une date.
    group : str, optional
        Lieu ou service de chaque ligne : on juge sur ceux que rien n’a appris. Par défaut, la clé.
    choices : Choices, optional
        Choix de lecture de la clé.
    seed : int
        Graine des tirages.
    progress : callable, optional
        Reçoit l’étape, le nombre d’étapes et ce qui se fait.

    Returns
    -------
    Measured
        Tableau, conclusion et remarques. Rien n’est écrit.

    Raises
    ------
    MesureImpossible
        Si une colonne manque ou s’il y a trop peu de lignes.
    formation.errors.DonneesInvalides
        Si un fichier ou la jointure n’est pas sain ; tous les problèmes sont donnés.
    """
    checked = join(table, other, keys, choices=choices or Choices(measuring=True, unmatched=1.0))
    frame = _frame(checked)
    _check_columns(frame, checked, target, date, group)
    wanted, binary = own_features.target(frame[target], target)
    frame, wanted, dropped = _filled(frame, wanted, target)
    split = own_split.split(frame, checked.facts["cle"], date=date, group=group, seed=seed)
    without, added, remarks = _variables(frame, checked, target, split)
    tested = _judge(without, added, wanted, split, binary=binary, seed=seed, progress=progress)
    facts = {
        "decalage": choices.delay_days if choices else 0,
        "gauche": checked.facts["gauche"],
        "droite": checked.facts["droite"],
        "cle": checked.facts["cle"],
        "cible": target,
        "oui_ou_non": binary,
        "lignes": len(frame),
        "variables_sans": without.shape[1],
        "variables_jointes": added.shape[1],
        **split.facts(),
        **tested.facts,
    }
    conclusion = conclude(tested.table, facts)
    return Measured(tested.table, conclusion, [*checked.remarks, *dropped, *split.remarks, *remarks], facts)


def _frame(checked: JoinCheck) -> pd.DataFrame:
    if checked.frame is None:  # pragma: no cover — join() lève une erreur avant
        raise MesureImpossible("La jointure n’est pas saine : vérifiez-la d’abord avec « formation comite joindre ».")
    return checked.frame


def _check_columns(frame: pd.DataFrame, checked: JoinCheck, target: str, date: str | None, group: str | None) -> None:
    first = [str(name) for name in frame.columns if name not in checked.added]
    for option, name in (("--cible", target), ("--date", date), ("--groupe", group)):
        if name is not None and name not in first:
            raise MesureImpossible(
                f"{option} {name} : la première table n’a pas cette colonne. Colonnes : {', '.join(first[:12])}. La "
                "réponse et les blocs viennent de --table, jamais de la table jointe."
            )
    if target in (date, group) or target in [key.partition("=")[0] for key in checked.facts["cle"]]:
        raise MesureImpossible(
            f"--cible {target} : cette colonne sert déjà de clé ou de bloc. Choisissez-en une autre."
        )


def _filled(
    frame: pd.DataFrame, wanted: NDArray[np.float64], target: str
) -> tuple[pd.DataFrame, NDArray[np.float64], list[str]]:
    known = np.isfinite(wanted)
    if known.sum() < MIN_ROWS:
        raise MesureImpossible(
            f"{int(known.sum())} lignes où « {target} » est connue : trop peu pour apprendre et juger. Il en faut "
            f"{MIN_ROWS} au moins, et plutôt plusieurs centaines. Rien ne peut être conclu, ni pour ni contre la "
            "jointure."
        )
    dropped = [] if known.all() else [f"{int((~known).sum())} lignes sans « {target} » : laissées de côté."]
    return frame.loc[known].reset_index(drop=True), wanted[known], dropped


def _variables(
    frame: pd.DataFrame, checked: JoinCheck, target: str, split: own_split.Split
) -> tuple[pd.DataFrame, pd.DataFrame, list[str]]:
    """Variables de la première table, puis celles que la jointure ajoute."""
    keys = [key.partition("=")[0] for key in checked.facts["cle"]]
    reserved = {target, *keys, *checked.personal, *split.columns}
    mine = own_features.predictors(frame, [c for c in frame.columns if c not in reserved and c not in checked.added])
    theirs = own_features.predictors(frame, [c for c in checked.added if c not in reserved])
    remarks = mine.remarks + theirs.remarks
    if hidden := [name for name in checked.personal if name not in keys]:
        remarks.append(f"Laissé de côté (a l’air d’une donnée personnelle) : {', '.join(hidden)}.")
    if not theirs.values.shape[1]:
        raise MesureImpossible(
            f"La table jointe n’apporte aucune variable utilisable. {' '.join(remarks)} Joignez une colonne de "
            f"nombres, ou de {own_features.MAX_WORDS} mots au plus."
        )
    without = mine.values if split.days is None else pd.concat([own_features.calendar(split.days), mine.values], axis=1)
    return without, theirs.values, remarks


@dataclass(frozen=True)
class _Tested:
    table: pd.DataFrame
    facts: dict[str, Any]


def _judge(
    without: pd.DataFrame,
    added: pd.DataFrame,
    wanted: NDArray[np.float64],
    split: own_split.Split,
    *,
    binary: bool,
    seed: int,
    progress: Progress | None,
) -> _Tested:
    """Erreurs sans et avec ; la méthode se choisit sur le premier bloc, le gain se lit sur les autres."""
    joined = pd.concat([without, added.add_prefix("+ ")], axis=1)
    shuffled = pd.concat([without, split.shuffled(added, seed).add_prefix("+ ")], axis=1)
    total, step = 2 * len((LINEAR, TREES)) + 1, 0
    errors: dict[tuple[str, str], NDArray[np.float64]] = {}

    def run(method: str, label: str, values: pd.DataFrame) -> None:
        nonlocal step
        step += 1
        if progress is not None and method != MEAN:
            progress(min(step, total), total, f"{method}, {label}")
        errors[method, label] = own_models.errors(method, values, wanted, split.folds, binary=binary, seed=seed)

    for method in (LINEAR, TREES):
        run(method, "sans", without)
        run(method, "avec", joined)
    tuning, judged = split.tuning, split.judged
    chosen = {
        label: min((LINEAR, TREES), key=lambda name: float(errors[name, label][tuning].mean()))
        for label in ("sans", "avec")
    }
    run(chosen["avec"], PLACEBO, shuffled)
    errors[MEAN, "sans"] = own_models.errors(MEAN, without, wanted, split.folds, binary=binary, seed=seed)
    pairs = [(name, errors[name, "sans"], errors[name, "avec"]) for name in (LINEAR, TREES)]
    pairs.append((PLACEBO, errors[chosen["avec"], "sans"], errors[chosen["avec"], PLACEBO]))
    pairs.append(("retenue", errors[chosen["sans"], "sans"], errors[chosen["avec"], "avec"]))
    rows = [{"methode": MEAN, "sans": float(errors[MEAN, "sans"][judged].mean())}]
    for name, one, two in pairs:
        low, high = paired_gain(one[judged], two[judged], split.blocks[judged])
        base = float(one[judged].mean())
        rows.append({
            "methode": name, "sans": base, "avec": float(two[judged].mean()),
            "gain": 1 - float(two[judged].mean()) / base if base else 0.0,
            "gain_bas": low / base if base else 0.0, "gain_haut": high / base if base else 0.0,
        })  # fmt: skip
    facts = {
        "methode_sans": chosen["sans"],
        "methode_avec": chosen["avec"],
        "lignes_jugees": int(judged.sum()),
        "blocs_juges": len(np.unique(split.blocks[judged])),
        "colonnes_suspectes": own_features.suspicious(added, wanted),
        "colonnes_bavardes": own_features.suspicious(without, wanted),
    }
    return _Tested(pd.DataFrame(rows), facts)
