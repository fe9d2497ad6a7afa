"""Copies que la correction n’a pas voulu décider seule : garder les points, ou mettre 0 avec un motif."""

from __future__ import annotations

from formation.classroom.review import ACCEPT, REFUSE, Case, Decision, decide, export_journal, keys_of, queue
from formation.dashboard import markup
from formation.dashboard.desk import FIELD, WIDE, Desk


class Deciding:
    """Bas de l’écran « Noter à la main ».

    Parameters
    ----------
    desk : Desk
        Ce que les écrans partagent.
    """

    def __init__(self, desk: Desk) -> None:
        self.desk, kit = desk, desk.kit
        self.case = kit.Dropdown(description="Copie à décider", style=WIDE, layout=FIELD)
        self.why = kit.HTML()
        self.reason = kit.Text(description="Motif, si vous mettez 0", continuous_update=False, style=WIDE, layout=FIELD)
        self._cases: dict[str, Case] = {}
        desk.watch(self.case, self._show)
        self.box = kit.VBox(
            [
                kit.HTML(
                    markup.subheading(
                        "Copies à décider",
                        "La correction a vu dans ces copies quelque chose d’inhabituel. Lisez le code sans l’exécuter, "
                        "puis décidez ; la décision est gardée, datée, dans le journal.",
                    )
                ),
                self.case,
                self.why,
                self.reason,
                kit.HBox(
                    [
                        desk.button("Garder les points", lambda: self.decide(ACCEPT)),
                        desk.button("Mettre 0", lambda: self.decide(REFUSE)),
                    ]
                ),
            ]
        )

    def refresh(self) -> None:
        """Relit les copies en attente ; tout disparaît quand il n’y en a pas."""
        place = self.desk.place
        waiting = queue(place.course.root, place.db_url) if place.has_gradebook else []
        self._cases = {case.name: case for case in waiting if case.state != "à noter"}
        options = [
            (f"{self.desk.who(case.learner)} · {case.assignment} : {case.state}", name)
            for name, case in self._cases.items()
        ]
        self.desk.fill(self.case, options)
        self.box.layout.display = "" if options else "none"
        self._show()

    def _show(self) -> None:
        case = self._cases.get(self.case.value or "")
        reasons = [*case.reasons] if case is not None else []
        reasons += [
            f"carnet {point.notebook}, cellule {point.cell} : {' ; '.join(point.reasons)}"
            for point in (case.points if case is not None else ())
        ]
        self.why.value = markup.bullets(reasons)

    def decide(self, decision: Decision) -> None:
        """Inscrit la décision et récrit la page de retour.

        Parameters
        ----------
        decision : str
            acceptée ou refusée.
        """
        from formation.classroom.feedback_files import rewrite

        name = self.case.value
        if name is None:
            self.desk.say("aucune copie n’attend de décision.")
            return
        place = self.desk.place
        root, url = place.course.root, place.db_url
        decided = decide(root, url, [name], decision, self.reason.value)
        rewrite(root, url, keys_of(decided))
        export_journal(root, url)
        self.reason.value = ""
        self.desk.changed()
        self.desk.say(f"copie {name} {decision} ; page de retour récrite, décision au journal.", "fait")
