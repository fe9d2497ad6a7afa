"""Retenues de retard : celles que le `nbgrader_config.py` du cours demande."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from formation.classroom.grading.types import CopyReport, Json


class Penalties:
    """Retenues calculées par le greffon de nbgrader réglé dans le cours.

    Parameters
    ----------
    config : Config
        Réglages nbgrader du cours.
    """

    def __init__(self, config: Any) -> None:
        self._rule: Any = None
        if not _wanted(config):
            return
        from nbgrader.preprocessors import AssignLatePenalties

        rule = AssignLatePenalties(config=config)
        if rule.enabled:
            rule.init_plugin()
            self._rule = rule

    def penalty(self, learner: str, score: float, late_s: float) -> float | None:
        """Retenue d’un carnet.

        Parameters
        ----------
        learner : str
            Stagiaire.
        score : float
            Note du carnet, notes manuelles comprises.
        late_s : float
            Retard, en secondes ; 0 si la copie est à l’heure.

        Returns
        -------
        float or None
            Points retirés, entre 0 et la note ; None s’il n’y a pas de retenue.
        """
        if self._rule is None or late_s <= 0:
            return None
        penalty = self._rule.plugin_inst.late_submission_penalty(learner, score, late_s)
        if penalty is None:
            return None
        return float(self._rule._check_late_penalty(SimpleNamespace(score=score), penalty))

    def of(self, report: CopyReport, manual: Mapping[str, Mapping[str, Json]], late_s: float) -> dict[str, float]:
        """Retenues d’une copie, celles que l’écrivain inscrira.

        Parameters
        ----------
        report : CopyReport
            Sort de la copie.
        manual : mapping
            Par carnet puis par cellule, `points` et `supplement` donnés par une personne.
        late_s : float
            Retard, en secondes.

        Returns
        -------
        dict of str to float
            Points retirés, par carnet rendu qui en perd.
        """
        found = {}
        for notebook in report.notebooks:
            given = manual.get(notebook.name, {})
            total = sum(_counted(given.get(name, {}), auto) for name, auto in notebook.scores.items())
            penalty = self.penalty(report.learner, total, late_s) if notebook.present else None
            if penalty:
                found[notebook.name] = penalty
        return found


def _counted(given: Json, auto: float | None) -> float:
    score = auto if given.get("points") is None else float(given["points"])
    return 0.0 if score is None else score + float(given.get("supplement") or 0.0)


def _wanted(config: Any) -> bool:
    if "Autograde" not in config or "autograde_preprocessors" not in config.Autograde:
        return True
    chosen = list(config.Autograde.autograde_preprocessors)
    names = [item if isinstance(item, str) else item.__name__ for item in chosen]
    return any(name.rsplit(".", 1)[-1] == "AssignLatePenalties" for name in names)
