"""Ce que les écrans se partagent : le dossier ouvert, la zone de message, le choix de montrer les noms."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from formation.checks.failure import french
from formation.dashboard import markup
from formation.errors import FormationError

if TYPE_CHECKING:
    from formation.classroom.marks import Learner
    from formation.dashboard.place import Place

WIDE = {"description_width": "14rem"}
FIELD = {"width": "42rem", "max_width": "95%"}


class Screen(Protocol):
    """Écran du tableau de bord."""

    title: str
    box: Any

    def refresh(self) -> None:
        """Relit ce qui est sur le disque et au carnet de notes."""


class Desk:
    """État partagé par les écrans.

    Parameters
    ----------
    place : Place
        Session ou cours.
    kit : module
        ipywidgets.
    """

    def __init__(self, place: Place, kit: Any) -> None:
        self.place, self.kit = place, kit
        self.said = kit.HTML(markup.status(""))
        self.said.add_class("formation-etat")
        self.names = kit.Checkbox(
            value=False,
            description="Afficher les noms (à éviter sur un écran partagé)",
            indent=False,
            layout={"width": "max-content"},
        )
        self._changed: list[Callable[[], None]] = []
        self._known: dict[str, Learner] | None = None
        self._filling = False

    def say(self, message: str, tone: markup.Tone = "info") -> None:
        """Dit un message dans la zone annoncée.

        Parameters
        ----------
        message : str
            Message.
        tone : str
            info, fait, erreur ou encours.
        """
        self.said.value = markup.status(message, tone)

    def who(self, learner: str) -> str:
        """Désigne un stagiaire : son identifiant, et son nom seulement si on l’a demandé.

        Parameters
        ----------
        learner : str
            Identifiant.

        Returns
        -------
        str
        """
        one = self.learners().get(learner) if self.names.value else None
        name = f"{one.first} {one.last}".strip() if one is not None else ""
        return f"{learner} ({name})" if name else learner

    def learners(self) -> dict[str, Learner]:
        """Stagiaires inscrits au carnet de notes ; sans carnet, ceux de la liste de la session.

        Returns
        -------
        dict of str to Learner
            Vide pour un cours qui n’est pas encore distribué.
        """
        if self._known is None:
            from formation.classroom.marks import Learner, read_learners

            if self.place.has_gradebook:
                self._known = read_learners(self.place.db_url)
            else:
                listed = self.place.session.participants if self.place.session is not None else ()
                self._known = {one.id: Learner(one.id, one.first, one.last, one.email) for one in listed}
        return self._known

    def path(self, name: str) -> Path:
        """Fichier ou dossier qu’une personne a écrit, relatif au dossier ouvert.

        Parameters
        ----------
        name : str
            Chemin ; « ~ » y vaut son dossier personnel.

        Returns
        -------
        Path
        """
        path = Path(name)
        with contextlib.suppress(RuntimeError):  # « ~quelqu’un » sans compte : ce sera un fichier introuvable
            path = path.expanduser()
        return path if path.is_absolute() else self.place.root / path

    def on_change(self, function: Callable[[], None]) -> None:
        """Prévient quand le disque ou le carnet de notes a changé.

        Parameters
        ----------
        function : callable
            Appelée sans argument.
        """
        self._changed.append(function)

    def changed(self) -> None:
        """À appeler après toute écriture."""
        self._known = None
        for function in self._changed:
            function()

    def watch(self, field: Any, action: Callable[[], None]) -> None:
        """Agit quand une personne change un champ ; remplir le champ soi-même n’agit pas.

        Parameters
        ----------
        field : Widget
            Champ.
        action : callable
            Action.
        """
        field.observe(lambda _change: None if self._filling else self.guard(action), names="value")

    def fill(self, field: Any, options: Sequence[tuple[str, Any]]) -> None:
        """Remplit une liste déroulante en gardant le choix s’il existe encore ; sinon, prend le premier.

        Parameters
        ----------
        field : Dropdown
            Liste déroulante.
        options : sequence of (str, object)
            Textes et valeurs.
        """
        chosen = field.value
        values = [value for _, value in options]
        self._filling = True
        try:
            field.options = options
            field.value = chosen if chosen in values else next(iter(values), None)
        finally:
            self._filling = False

    def button(self, label: str, action: Callable[[], None], hint: str = "") -> Any:
        """Bouton dont un refus est dit dans la zone de message, sans trace d’erreur.

        Parameters
        ----------
        label : str
            Texte du bouton.
        action : callable
            Ce qu’il fait.
        hint : str
            Précision, en infobulle.

        Returns
        -------
        Button
        """
        made = self.kit.Button(description=label, tooltip=hint or label)
        made.on_click(lambda _button: self.guard(action))
        return made

    def guard(self, action: Callable[[], None]) -> None:
        """Exécute une action et dit ce qui la refuse.

        Parameters
        ----------
        action : callable
            Action.
        """
        try:
            action()
        except FormationError as error:
            self.say(str(error), "erreur")
        except Exception as error:  # un bouton muet ne dirait pas qu’il a échoué
            logging.getLogger("formation").exception("tableau de bord")
            brief = " ".join(str(error).split())[:200]
            self.say(
                french(
                    f"cette action a échoué ({type(error).__name__} : {brief}). Rien d’autre n’est touché. Actualisez, "
                    "puis recommencez ; la même action existe en ligne de commande."
                ),
                "erreur",
            )
