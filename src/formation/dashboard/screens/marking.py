"""Écran « Noter à la main » : la réponse, les points, un commentaire ; tout se fait au clavier et se défait."""

from __future__ import annotations

from formation.classroom.marks import read_marks
from formation.dashboard import documents, markup
from formation.dashboard.answers import read_answer
from formation.dashboard.desk import FIELD, WIDE, Desk
from formation.dashboard.hand_marks import HandMark, read_cells, read_points, undo_mark, write_mark
from formation.dashboard.screens.deciding import Deciding
from formation.numbers import shortest


class Marking:
    """Écran « Noter à la main ».

    Parameters
    ----------
    desk : Desk
        Ce que les écrans partagent.
    """

    title = "Noter à la main"

    def __init__(self, desk: Desk) -> None:
        self.desk, kit = desk, desk.kit
        self.pending = kit.Checkbox(
            value=False,
            description="Seulement les copies qui attendent une note",
            indent=False,
            layout={"width": "max-content"},
        )
        self.copy = kit.Dropdown(description="Copie", style=WIDE, layout=FIELD)
        self.cell = kit.Dropdown(description="Cellule notée", style=WIDE, layout=FIELD)
        self.answer = kit.HTML()
        # envoyées touche à touche, les dernières lettres arriveraient après le clic : un champ part quand on le quitte
        self.points = kit.Text(description="Points", continuous_update=False, style=WIDE, layout={"width": "24rem"})
        self.comment = kit.Textarea(
            description="Commentaire au stagiaire", rows=3, continuous_update=False, style=WIDE, layout=FIELD
        )
        self.deciding = Deciding(desk)
        self._marks: list[HandMark] = []
        self._done: list[tuple[HandMark, HandMark]] = []
        self._shown: HandMark | None = None
        # ce qui est tapé et pas enregistré survit à une actualisation et à un détour par une autre cellule
        self._drafts: dict[tuple[str, ...], tuple[tuple[str, str], tuple[str, str]]] = {}
        desk.watch(self.pending, self.refresh)
        desk.watch(self.copy, self.show_copy)
        desk.watch(self.cell, self.show_cell)
        self.box = kit.VBox(
            [
                kit.HTML(
                    markup.heading(
                        "Noter à la main",
                        "Points laissés vides : ceux du moteur comptent. Le commentaire paraît sur la page de retour "
                        "du stagiaire, récrite à chaque enregistrement.",
                    )
                ),
                self.pending,
                self.copy,
                self.cell,
                self.answer,
                self.points,
                self.comment,
                kit.HBox(
                    [
                        desk.button("Enregistrer la note", self.save),
                        desk.button("Annuler le dernier enregistrement", self.undo),
                        desk.button("Prochaine cellule à noter", self.next_waiting),
                    ]
                ),
                self.deciding.box,
            ]
        )

    @property
    def current(self) -> HandMark | None:
        """Cellule affichée."""
        return next((one for one in self._marks if (one.notebook, one.cell) == self.cell.value), None)

    def refresh(self) -> None:
        """Relit les copies, en gardant celle choisie."""
        place = self.desk.place
        copies = []
        if place.has_gradebook:
            for key, one in read_marks(place.db_url).items():
                waiting = sum(mark.waiting for mark in one.marks)
                if one.marks and (waiting or not self.pending.value):
                    state = f", à noter : {waiting}" if waiting else ""
                    copies.append((f"{self.desk.who(key[0])} · {key[1]}{state}", key))
        self.desk.fill(self.copy, copies)
        self.show_copy()
        self.deciding.refresh()

    def show_copy(self) -> None:
        """Relit les cellules de la copie choisie, en gardant celle affichée."""
        key = self.copy.value
        place = self.desk.place
        self._marks = read_cells(place.course.root, place.db_url, *key) if key else []
        several = len({one.notebook for one in self._marks}) > 1
        options = [(_label(one, several=several), (one.notebook, one.cell)) for one in self._marks]
        self.desk.fill(self.cell, options)
        self.show_cell()

    def show_cell(self) -> None:
        """Montre la réponse, les points et le commentaire de la cellule choisie."""
        self._keep_draft()
        mark = self._shown = self.current
        if mark is None:
            self.answer.value = f"<p>{markup.text('Aucune copie à montrer.')}</p>"
            self.points.value = self.comment.value = ""
            return
        root = self.desk.place.course.root
        auto = "aucun" if mark.auto is None else shortest(mark.auto)
        found = read_answer(root, mark)
        given = markup.code(found) if found else f"<p>{markup.text('Aucune réponse lue dans cette copie.')}</p>"
        page = root / "feedback" / mark.learner / mark.assignment / f"{mark.notebook}.html"
        address = documents.address(page, documents.server()) if page.is_file() else None
        seen = f"<p>{markup.link(address, 'Page de retour du stagiaire')}</p>" if address else ""
        where = f"{self.desk.who(mark.learner)}, {mark.assignment}, {mark.cell.removeprefix('controle-')}"
        told = markup.text(f"{where}. Points du moteur : {auto}.")
        self.answer.value = f"<p>{told}</p>{given}{seen}"
        self.points.description = f"Points, de 0 à {shortest(mark.maximum)}"
        written = _fields(mark)
        base, draft = self._drafts.get(_key(mark), (written, written))
        # une note changée ailleurs depuis doit se voir : le brouillon, écrit sans elle, s’efface
        self.points.value, self.comment.value = draft if base == written else written
        self.comment.disabled = not mark.place

    def _keep_draft(self) -> None:
        if self._shown is None:
            return
        written, typed = _fields(self._shown), (self.points.value, self.comment.value)
        self._drafts.pop(_key(self._shown), None)
        if typed != written:
            self._drafts[_key(self._shown)] = (written, typed)

    def save(self) -> None:
        """Inscrit la note et récrit la page de retour."""
        mark = self.current
        if mark is None:
            self.desk.say("choisissez d’abord une copie corrigée.", "erreur")
            return
        place = self.desk.place
        points = read_points(self.points.value, mark.maximum)
        written = write_mark(place.course.root, place.db_url, mark, points, self.comment.value)
        self._forget(mark)
        self._done.append((mark, written))
        self._tell(written, "note enregistrée, page de retour récrite")

    def undo(self) -> None:
        """Revient sur le dernier enregistrement."""
        if not self._done:
            self.desk.say("rien à annuler : aucune note enregistrée depuis l’ouverture du tableau de bord.")
            return
        place = self.desk.place
        before, written = self._done[-1]
        undo_mark(place.course.root, place.db_url, before, written)
        self._forget(before)
        self._done.pop()
        self._tell(before, "enregistrement annulé, page de retour récrite")

    def _forget(self, mark: HandMark) -> None:
        self._drafts.pop(_key(mark), None)
        if self._shown is not None and _key(self._shown) == _key(mark):
            self._shown = None

    def _tell(self, mark: HandMark, what: str) -> None:
        self.desk.changed()
        points = "aucun" if mark.points is None else shortest(mark.points)
        where = f"{self.desk.who(mark.learner)}, {mark.assignment}, {mark.cell}"
        self.desk.say(f"{what} : {where}, points : {points} sur {shortest(mark.maximum)}.", "fait")

    def next_waiting(self) -> None:
        """Va à la prochaine cellule qui attend une note."""
        place = self.desk.place
        marks = read_marks(place.db_url) if place.has_gradebook else {}
        todo = [key for key, one in marks.items() if any(mark.waiting for mark in one.marks)]
        here = self.current
        rest = [one for one in self._marks if one.waiting and one is not here]
        others = [key for key in todo if key != self.copy.value]
        later = [key for key in others if self.copy.value is None or key > self.copy.value]
        if rest:
            self.cell.value = (rest[0].notebook, rest[0].cell)
        elif others:
            self.copy.value = (later or others)[0]
            waiting = next(one for one in self._marks if one.waiting)
            self.cell.value = (waiting.notebook, waiting.cell)
        elif here is None or not here.waiting:
            self.desk.say("aucune cellule n’attend de note.", "fait")
            return
        mark = self.current
        if mark is not None:
            self.desk.say(f"à noter : {self.desk.who(mark.learner)}, {mark.assignment}, {mark.cell}.")


def _key(mark: HandMark) -> tuple[str, ...]:
    return mark.learner, mark.assignment, mark.notebook, mark.cell


def _fields(mark: HandMark) -> tuple[str, str]:
    return "" if mark.manual is None else shortest(mark.manual), mark.comment


def _label(mark: HandMark, *, several: bool) -> str:
    name = mark.cell.removeprefix("controle-")
    shown = f"{mark.notebook} · {name}" if several else name
    if mark.waiting and mark.points is None:
        return f"{shown} : à noter, sur {shortest(mark.maximum)}"
    hand = ", donné à la main" if mark.manual is not None else ""
    wait = ", à relire" if mark.waiting else ""
    return f"{shown} : {shortest(mark.points or 0.0)} sur {shortest(mark.maximum)}{hand}{wait}"
