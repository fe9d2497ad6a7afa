"""Un travail long à l’écran : barre, phrase, interruption ; partagé par « Distribuer » et « Corriger »."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Any

from formation.dashboard import markup
from formation.dashboard.desk import Desk
from formation.dashboard.job import Ended, Job, Step, sentence

_SAY_EVERY_S = 5.0


class Working:
    """Travail lancé à côté, suivi à l’écran.

    Parameters
    ----------
    desk : Desk
        Ce que les écrans partagent.
    name : str
        Ce qui se fait, pour les messages : « la correction ».
    """

    def __init__(self, desk: Desk, name: str) -> None:
        self.desk, self.name = desk, name
        self.job: Job | None = None
        self.bar = desk.kit.IntProgress(value=0, min=0, max=100, layout={"width": "42rem", "max_width": "95%"})
        self.bar.add_class("formation-avancement")
        self.bar.layout.display = "none"
        self.line = desk.kit.HTML()
        self.stop = desk.button("Interrompre", self.cancel, "Arrête proprement ; ce qui est fait le reste")
        self.box = desk.kit.VBox([self.bar, self.line])
        self._said_at = 0.0

    @property
    def running(self) -> bool:
        """Vrai tant que le travail n’a pas fini."""
        return self.job is not None and self.job.running

    def start(self, arguments: Sequence[str], on_end: Callable[[Ended], None]) -> None:
        """Lance le travail, sauf s’il tourne déjà.

        Parameters
        ----------
        arguments : sequence of str
            Arguments de la commande `formation`.
        on_end : callable
            Reçoit `Ended`.
        """
        if self.running:
            self.desk.say(f"{self.name} tourne déjà ; attendez sa fin, ou pressez « Interrompre ».", "erreur")
            return
        self.bar.value, self.bar.layout.display = 0, ""
        self.line.value = f"<p>{markup.text('Mise en route…')}</p>"
        self.desk.say(f"{self.name} commence.", "encours")
        self._said_at = time.monotonic()

        def ended(result: Ended) -> None:
            self.bar.layout.display = "none"
            self.line.value = ""
            self.desk.guard(lambda: on_end(result))

        post = _poster()
        self.job = Job(arguments, lambda step: post(self._follow, step), lambda result: post(ended, result))

    def cancel(self) -> None:
        """Demande l’arrêt."""
        if self.job is None or not self.running:
            self.desk.say(f"{self.name} ne tourne pas : rien à interrompre.")
            return
        self.desk.say(f"{self.name} s’arrête ; ce qui est fait le reste.", "encours")
        self.job.cancel()

    def _follow(self, step: Step) -> None:
        self.bar.value = round(100 * step.done / step.total) if step.total else 0
        self.line.value = f"<p>{markup.text(sentence(step))}</p>"
        now = time.monotonic()
        # annoncer chaque copie noierait la voix d’un lecteur d’écran
        if now - self._said_at >= _SAY_EVERY_S:
            self._said_at = now
            self.desk.say(sentence(step), "encours")


def _poster() -> Callable[[Callable[[Any], None], Any], None]:
    """Façon d’agir depuis le fil qui suit le travail : au tour du noyau, sans croiser un geste de la personne."""
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:  # hors d’un noyau : rien à croiser
        return lambda action, value: action(value)

    def post(action: Callable[[Any], None], value: Any) -> None:
        loop.call_soon_threadsafe(action, value)

    return post


def said(result: Ended, count: int = 12) -> str:
    """Ce que la commande a dit, en quelques lignes.

    Parameters
    ----------
    result : Ended
        Fin du travail.
    count : int
        Nombre de lignes.

    Returns
    -------
    str
    """
    # les commandes proposent la suite en ligne de commande : ici, la suite est un bouton
    lines = [line for line in result.said if not line.startswith("Ensuite")]
    return "\n".join(lines[-count:]) or f"la commande s’est arrêtée (code {result.code})."


def as_dict(data: Any) -> dict[str, Any]:
    """Données d’une commande, ou rien.

    Parameters
    ----------
    data : object
        Données JSON.

    Returns
    -------
    dict
    """
    return data if isinstance(data, dict) else {}
