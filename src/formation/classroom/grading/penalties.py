"""Retenues de retard : celles que le `nbgrader_config.py` du cours demande."""

from types import SimpleNamespace
from typing import Any


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


def _wanted(config: Any) -> bool:
    if "Autograde" not in config or "autograde_preprocessors" not in config.Autograde:
        return True
    chosen = list(config.Autograde.autograde_preprocessors)
    names = [item if isinstance(item, str) else item.__name__ for item in chosen]
    return any(name.rsplit(".", 1)[-1] == "AssignLatePenalties" for name in names)
