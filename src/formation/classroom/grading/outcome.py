"""Bilan d’une correction, tel que la ligne de commande le montre."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

Tell = Callable[[int, int, str, float], None]
DONE = "déjà corrigée"


@dataclass(frozen=True, slots=True)
class GradedCopy:
    """Sort d’une copie : corrigée, à relire, refusée, déjà corrigée, ou en échec avec sa raison."""

    learner: str
    exercise: str
    state: str
    reason: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class GradingReport:
    """Bilan d’une correction.

    Parameters
    ----------
    copies : list of GradedCopy
        Copies, dans l’ordre où elles ont été corrigées.
    seconds : float
        Durée, en secondes.
    anomalies : list of str
        Ce qui, dans submitted/, n’est pas corrigé ou l’est avec une réserve.
    blocked : dict of str to list of str
        Devoirs dont la solution n’a pas passé l’essai préalable : aucune de leurs copies n’est corrigée.
    mode : str
        Bac à sable : strict ou degrade ; vide pour le moteur d’origine, qui n’en a pas.
    pages : dict of str to str
        Rapport écrit : chemin de la page `html` et des données `json`.
    interrupted : bool
        Vrai si l’on a interrompu ; ce qui est inscrit le reste.
    waiting : int
        Copies qui restent à corriger.
    """

    copies: list[GradedCopy]
    seconds: float
    anomalies: list[str] = field(default_factory=list)
    blocked: dict[str, list[str]] = field(default_factory=dict)
    mode: str = ""
    pages: dict[str, str] = field(default_factory=dict)
    interrupted: bool = False
    waiting: int = 0

    @property
    def failed(self) -> list[GradedCopy]:
        """Copies qui n’ont pas pu être corrigées."""
        return [copy for copy in self.copies if copy.state == "échec"]

    def to_json(self) -> dict[str, Any]:
        """Bilan pour une machine.

        Returns
        -------
        dict
        """
        return {
            "copies": [asdict(copy) for copy in self.copies],
            "secondes": round(self.seconds, 1),
            "anomalies": self.anomalies,
            "devoirs_bloques": self.blocked,
            "bac_a_sable": self.mode,
            "rapport": self.pages,
            "interrompue": self.interrupted,
            "restantes": self.waiting,
        }


def mute(_done: int, _total: int, _label: str, _left_s: float) -> None:
    """Progression muette.

    Parameters
    ----------
    _done, _total : int
        Copies faites et à faire.
    _label : str
        Copie qui vient d’être faite.
    _left_s : float
        Temps restant, en secondes.
    """
