"""Écran « Qui bloque où » : l’exercice, ses contrôles du plus raté au mieux réussi, puis les stagiaires."""

from __future__ import annotations

from formation.dashboard import markup
from formation.dashboard.desk import FIELD, WIDE, Desk
from formation.dashboard.stuck import Control, Progress, read_progress
from formation.numbers import percent, shortest


class WhoIsStuck:
    """Écran « Qui bloque où ».

    Parameters
    ----------
    desk : Desk
        Ce que les écrans partagent.
    """

    title = "Qui bloque où"

    def __init__(self, desk: Desk) -> None:
        self.desk, kit = desk, desk.kit
        self.exercise = kit.Dropdown(description="Exercice", style=WIDE, layout=FIELD)
        self.control = kit.Dropdown(description="Contrôle", style=WIDE, layout=FIELD)
        self.overview, self.detail = kit.HTML(), kit.HTML()
        self._progress = Progress()
        desk.watch(self.exercise, self.show_exercise)
        desk.watch(self.control, self.show_control)
        self.box = kit.VBox(
            [
                kit.HTML(
                    markup.heading(
                        "Qui bloque où",
                        "Les contrôles de l’exercice, du plus raté au mieux réussi, puis les stagiaires qui ne passent "
                        "pas celui que vous choisissez. Sans les noms, cet écran peut se projeter si le groupe "
                        "ignore qui porte quel identifiant.",
                    )
                ),
                self.exercise,
                self.overview,
                self.control,
                self.detail,
            ]
        )

    def refresh(self) -> None:
        """Relit les exercices, en gardant celui choisi."""
        exercises = self.desk.place.exercises()
        options = [(f"{name} : {title}" if title != name else name, name) for name, title in exercises.items()]
        self.desk.fill(self.exercise, options)
        self.show_exercise()

    def show_exercise(self) -> None:
        """Montre les contrôles de l’exercice choisi."""
        name = self.exercise.value
        self._progress = read_progress(self.desk.place, name) if name else Progress()
        rows = [_row(control) for control in self._progress.controls]
        count = len(self._progress.graded)
        header = [
            "Contrôle",
            "Réussite",
            "Copies",
            "Sans réponse",
            "À noter",
            "À reprendre",
            "Erreur la plus fréquente",
        ]
        parts = [markup.table(f"Contrôles ; copies corrigées : {count}", header, rows, numbers=(1, 2, 3, 4))]
        missing = ", ".join(map(self.desk.who, self._progress.missing))
        if missing:
            parts.append(f"<p>{markup.text(f'Sans copie corrigée : {missing}.')}</p>")
        self.overview.value = "".join(parts)
        options = [(_label(one), (one.notebook, one.cell)) for one in self._progress.controls]
        self.desk.fill(self.control, options)
        self.show_control()

    def show_control(self) -> None:
        """Montre les stagiaires qui ne passent pas le contrôle choisi."""
        control = next((one for one in self._progress.controls if (one.notebook, one.cell) == self.control.value), None)
        if control is None:
            self.detail.value = ""
            return
        rows = [
            [self.desk.who(one.learner), f"{shortest(one.points)} / {shortest(one.maximum)}", one.message]
            for one in control.blocked
        ]
        header = ["Stagiaire", "Points", "Ce que dit son retour"]
        parts = [markup.table(f"Ne passent pas « {control.label} »", header, rows, numbers=(1,))]
        if control.waiting:
            names = ", ".join(map(self.desk.who, control.waiting))
            parts.append(f"<p>{markup.text(f'Une personne doit encore noter : {names}.')}</p>")
        self.detail.value = "".join(parts)


def _label(control: Control) -> str:
    share = "pas encore noté" if control.share is None else f"{control.passed} réussites sur {control.copies}"
    return f"{control.label} : {share}"


def _row(control: Control) -> list[object]:
    item = control.item
    wrong = f"{item.wrong[0][0]} ({item.wrong[0][1]})" if item is not None and item.wrong else "–"
    return [
        control.label,
        "–" if control.share is None else percent(control.share),
        control.copies,
        "–" if item is None or not item.copies else percent(item.blank),
        len(control.waiting),
        (item.reread.rstrip(". ") or "–") if item is not None else "–",
        wrong,
    ]
