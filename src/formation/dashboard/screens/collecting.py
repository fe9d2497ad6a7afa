"""Écran « Collecter » : prendre les copies rendues, dire lesquelles sont refusées et pourquoi."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from formation.dashboard import markup
from formation.dashboard.desk import FIELD, WIDE, Desk

if TYPE_CHECKING:
    from formation.classroom.collect import Collected

_MAX_FOUND = 30
_HIDDEN = "(nom masqué)"
_OWN = {"source", "release", "submitted", "autograded", "feedback", "recus", "a-distribuer", "corrections", "rapports"}


class Collecting:
    """Écran « Collecter ».

    Parameters
    ----------
    desk : Desk
        Ce que les écrans partagent.
    """

    title = "Collecter"

    def __init__(self, desk: Desk) -> None:
        self.desk, kit = desk, desk.kit
        self.source = kit.Combobox(
            description="Dossier ou ZIP des copies", continuous_update=False, style=WIDE, layout=FIELD
        )
        self.outcome = kit.HTML()
        self._done: Collected | None = None
        self.box = kit.VBox(
            [
                kit.HTML(
                    markup.heading(
                        "Collecter",
                        "Rangez les carnets rendus dans un dossier par stagiaire : stagiaire-01/exercice.ipynb. Le "
                        "tout dans un dossier ou un ZIP, à déposer si besoin dans l’explorateur de fichiers à gauche.",
                        "Collecter deux fois ne perd rien : la copie la plus récente compte.",
                    )
                ),
                self.source,
                kit.HBox([desk.button("Collecter les copies", self.collect)]),
                self.outcome,
            ]
        )

        # les propositions changées pendant que l’on tape effaceraient la frappe : elles sont là dès l’ouverture
        desk.guard(self._propose)

    def refresh(self) -> None:
        """Propose les dossiers et les ZIP du dossier ouvert ; remontre la dernière collecte."""
        self._propose()
        self.outcome.value = self._tables()

    def _propose(self) -> None:
        root = self.desk.place.root
        found = [
            path.name
            for path in sorted(root.iterdir())
            if (path.suffix.lower() == ".zip" or path.is_dir())
            and path.name not in _OWN
            and not path.name.startswith((".", "1-", "2-", "3-", "4-", "5-"))
            and path != self.desk.place.course_root
        ]
        self.source.options = tuple(found[:_MAX_FOUND])

    def collect(self) -> None:
        """Collecte la source nommée dans le champ."""
        from formation.classroom.collect import collect
        from formation.classroom.course import open_course

        name = self.source.value.strip()
        if not name:
            self.desk.say("écrivez le dossier ou le ZIP des copies rendues, par exemple copies.zip.", "erreur")
            return
        course = open_course(self.desk.place.course.root)
        done = collect(course, self.desk.path(name))
        self._done = done
        self.desk.changed()
        counts = f"copies prises : {len(done.taken)} ; fichiers refusés : {len(done.refused)}"
        self.desk.say(f"{counts} ; sans objet : {done.ignored}.", "fait" if done.taken else "erreur")

    def _tables(self) -> str:
        if self._done is None:
            return ""
        known = set(self.desk.place.exercises())
        shown = bool(self.desk.names.value)
        refused = [
            [file if shown else masked(file, file, known), why if shown else masked(why, file, known)]
            for file, why in self._done.refused
        ]
        taken = []
        for one in sorted(self._done.taken, key=lambda one: (one.learner, one.exercise)):
            remarks = " ; ".join(one.remarks)
            state = "remplacée" if one.replaced else "nouvelle"
            said = remarks if shown else masked(remarks, one.path, known)
            taken.append([self.desk.who(one.learner), one.exercise, state, said])
        parts = []
        if refused:
            parts.append(markup.table("Fichiers refusés", ["Fichier", "Raison"], refused))
        parts.append(markup.table("Copies prises", ["Stagiaire", "Exercice", "Copie", "Remarques"], taken))
        return "".join(parts)


def masked(text: str, file: str, known: Collection[str]) -> str:
    """Cache ce qui, dans un chemin ou une phrase, peut être un nom de personne.

    Un dossier de Moodle porte le nom du stagiaire : il ne doit pas paraître sur un écran partagé.

    Parameters
    ----------
    text : str
        Chemin, ou phrase qui le cite.
    file : str
        Chemin du fichier rendu.
    known : collection of str
        Noms des exercices, qui peuvent rester.

    Returns
    -------
    str

    Examples
    --------
    >>> masked("NOM Prénom_12/tp.ipynb", "NOM Prénom_12/tp.ipynb", {"tp"})
    '(nom masqué)/tp.ipynb'
    """
    from formation.classroom.roster import LEARNER

    *folders, name = PurePosixPath(file).parts or ("",)
    for part in sorted({*folders, PurePosixPath(name).stem}, key=len, reverse=True):
        if part and part not in known and LEARNER.fullmatch(part.strip().lower()) is None:
            # un message ne cite que le début d’un nom trop long
            for cited in dict.fromkeys((part, part[:80], part[:60])):
                text = text.replace(cited, _HIDDEN)
    return text
