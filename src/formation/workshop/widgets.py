"""Panneau JupyterLab d’un outil d’atelier : les questions, la fiche qui suit, un bouton pour l’écrire."""

from __future__ import annotations

from typing import Any

from formation.errors import FormationError
from formation.workshop.answers import ReponsesInvalides, check, exclusive, visible
from formation.workshop.documents.writing import to_fragment
from formation.workshop.evaluation import evaluate
from formation.workshop.grid import Grid, Question
from formation.workshop.loading import load
from formation.workshop.wording import expected

EMPTY = ""
_WIDE = {"description_width": "initial"}


def panel(grid: str | Grid) -> Any:
    """Panneau d’un outil, pour un carnet.

    Parameters
    ----------
    grid : str or Grid
        Nom d’un outil livré, ou grille déjà lue.

    Returns
    -------
    VBox
        Questions, fiche vivante et bouton d’écriture. Son attribut `answers` est une fonction qui rend les réponses.

    Raises
    ------
    FormationError
        Si ipywidgets n’est pas installé.
    GrilleInvalide
        Si l’outil n’existe pas.
    """
    try:
        import ipywidgets
    except ModuleNotFoundError as error:
        raise FormationError(
            "Le panneau a besoin d’ipywidgets, qui n’est pas installé. Installez l’atelier : "
            'pip install "formation-ia-territoires[atelier]". Sans lui, la page du livre fait la même chose.'
        ) from error
    return _Panel(load(grid) if isinstance(grid, str) else grid, ipywidgets).box


class _Panel:
    """État d’un panneau : ses champs, la fiche affichée."""

    def __init__(self, grid: Grid, kit: Any) -> None:
        self.grid, self.kit = grid, kit
        self.fields = {question.id: self._field(question) for question in grid.questions.values()}
        self.rows = {name: self._row(grid.questions[name], field) for name, field in self.fields.items()}
        self.errors = kit.HTML()
        self.sheet = kit.HTML()
        self.said = kit.HTML()
        self.file = kit.Text(value=f"fiche-{grid.outil}.odt", description="Fichier de la fiche :", style=_WIDE)
        save = kit.Button(description="Écrire la fiche", tooltip="Écrit la fiche dans ce dossier")
        save.on_click(lambda _button: self.save())
        stages = kit.Accordion(
            children=[kit.VBox([self.rows[question.id] for question in stage.questions]) for stage in grid.etapes],
            titles=tuple(f"{rank}. {stage.titre}" for rank, stage in enumerate(grid.etapes, start=1)),
            selected_index=0,
        )
        for field in self.fields.values():
            field.observe(lambda _change: self.refresh(), names="value")
        self.box = kit.VBox(
            [
                kit.HTML(to_fragment([grid.avertissement])),
                stages,
                self.errors,
                self.sheet,
                kit.HBox([self.file, save]),
                self.said,
            ]
        )
        self.box.answers = self.answers
        self.refresh()

    def _field(self, question: Question) -> Any:
        if question.type == "multiple":
            options = [(option.texte, option.id) for option in question.options]
            # Une case par option : une liste à choix multiple demande une touche que personne ne connaît.
            return _Boxes(self.kit, options, exclusive(self.grid)[question.id])
        if question.options:
            options = [("—", EMPTY), *((option.texte, option.id) for option in question.options)]
            return self.kit.RadioButtons(options=options, value=EMPTY, layout={"width": "max-content"})
        if question.type == "texte" and question.lignes > 1:
            return self.kit.Textarea(rows=question.lignes, continuous_update=False, layout={"width": "40em"})
        return self.kit.Text(continuous_update=False, layout={"width": "40em"}, placeholder=expected(question))

    def _row(self, question: Question, field: Any) -> Any:
        label = self.kit.HTML(to_fragment([question.texte], help_text=question.aide, strong=True))
        return self.kit.VBox([label, field.box if isinstance(field, _Boxes) else field])

    def answers(self) -> dict[str, Any]:
        """Réponses données, telles que l’API les reçoit."""
        raw = {name: field.value for name, field in self.fields.items()}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in raw.items() if value}

    def refresh(self) -> None:
        """Recompose la fiche ; une réponse refusée est dite, les autres comptent."""
        accepted, problems = check(self.grid, self.answers())
        shown, _ = visible(self.grid, accepted)
        names = {question.id for question in shown}
        for name, row in self.rows.items():
            row.layout.display = "" if name in names else "none"
        self.errors.value = to_fragment([problem.message for problem in problems], strong=True)
        self.sheet.value = to_fragment(document=evaluate(self.grid, accepted).document())

    def save(self) -> None:
        """Écrit la fiche ; un refus est dit sous le bouton, sans trace d’erreur."""
        try:
            path = evaluate(self.grid, self.answers()).write(self.file.value.strip())
        except (ReponsesInvalides, FormationError) as error:
            self.said.value = to_fragment([str(error)], strong=True)
        else:
            self.said.value = to_fragment([f"Fiche écrite : {path}"])


class _Boxes:
    """Cases à cocher d’une question, vues comme un seul champ."""

    def __init__(self, kit: Any, options: list[tuple[str, str]], alone: frozenset[str]) -> None:
        wide = {"width": "max-content"}
        self.boxes = {
            name: kit.Checkbox(value=False, description=text, indent=False, layout=wide) for text, name in options
        }
        self.alone = alone
        self.box = kit.VBox(list(self.boxes.values()))
        self._seen: list[Any] = []
        for name, box in self.boxes.items():
            box.observe(lambda change, name=name: self._changed(name, bool(change["new"])), names="value")

    @property
    def value(self) -> tuple[str, ...]:
        """Options cochées, dans l’ordre."""
        return tuple(name for name, box in self.boxes.items() if box.value)

    def observe(self, function: Any, names: str) -> None:
        """Prévient d’un changement, comme un champ d’ipywidgets."""
        del names
        self._seen.append(function)

    def _changed(self, name: str, ticked: bool) -> None:
        if ticked:
            for other, box in self.boxes.items():
                if other != name and box.value and (name in self.alone or other in self.alone):
                    box.value = False
        for function in self._seen:
            function(None)
