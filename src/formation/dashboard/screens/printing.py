"""Écran « Imprimer » : ouvrir les documents, refaire ceux que les résultats changent."""

from __future__ import annotations

from formation.dashboard import documents, markup
from formation.dashboard.desk import WIDE, Desk
from formation.dashboard.job import Ended
from formation.dashboard.screens.working import Working, said

_ALL = "tous les dossiers"
ANALYSIS, RESULTS, MOODLE = "analyse.html", "resultats.csv", "resultats-moodle.csv"


class Printing:
    """Écran « Imprimer ».

    Parameters
    ----------
    desk : Desk
        Ce que les écrans partagent.
    """

    title = "Imprimer"

    def __init__(self, desk: Desk) -> None:
        self.desk, kit = desk, desk.kit
        self.working = Working(desk, "ce travail")
        self.anyway = kit.Checkbox(
            value=False,
            description="Clore ou noter en l’état, même s’il manque des réponses ou des présences",
            indent=False,
            layout={"width": "max-content"},
        )
        self.folder = kit.Dropdown(
            options=[_ALL], description="Dossier", style=WIDE, layout={"width": "36rem", "max_width": "95%"}
        )
        desk.watch(self.folder, self.show)
        self.listing = kit.HTML()
        buttons = [desk.button("Écrire l’analyse et les résultats", self.write_results)]
        sentences = ["Chaque lien ouvre le document dans un onglet du navigateur, qui sait l’imprimer."]
        rows = [kit.HBox(buttons)]
        if desk.place.session is not None:
            sentences.append(
                "« Noter les réponses » relit 4-recueillir. « Clore la session » écrit attestations, certificats, "
                "rapport et preuves dans 5-rendre ; on peut la refaire. Ces documents portent des noms."
            )
            buttons = [
                desk.button("Noter les réponses aux quiz", self.note),
                desk.button("Écrire le rapport", self.report),
                desk.button("Clore la session", self.close),
                self.working.stop,
            ]
            rows += [self.anyway, kit.HBox(buttons), self.working.box]
        self.box = kit.VBox([kit.HTML(markup.heading("Imprimer", *sentences)), *rows, self.folder, self.listing])

    def refresh(self) -> None:
        """Relit les documents du dossier."""
        found = documents.documents(self.desk.place)
        names = list(dict.fromkeys(one.folder or "." for one in found))
        self.desk.fill(self.folder, [(_ALL, _ALL), *((name, name) for name in names)])
        self.show()

    def show(self) -> None:
        """Montre les documents du dossier choisi."""
        served = documents.server()
        rows = []
        for one in documents.documents(self.desk.place):
            if self.folder.value in (_ALL, one.folder or "."):
                address = documents.address(one.path, served)
                rows.append([markup.link(address, one.name) if address else one.name, one.folder or "."])
        caption = f"Documents : {len(rows)}"
        if len(rows) >= documents.MAX_SHOWN:
            caption += ", les premiers seulement"
        self.listing.value = markup.table(caption, ["Document", "Dossier"], rows)

    def write_results(self) -> None:
        """Écrit l’analyse des contrôles, le tableau des résultats et celui de Moodle, à côté du cours."""
        from formation.classroom.exports import DETAIL, detail, moodle, write_csv, write_text
        from formation.classroom.grading.snapshot import read_assignments
        from formation.classroom.items import analyse, page
        from formation.classroom.marks import read_marks
        from formation.classroom.results import read_results

        place = self.desk.place
        root, url = place.course.root, place.db_url
        results = read_results(place.course, url)
        table = moodle(results, self.desk.learners())
        folder = root / "rapports"
        folder.mkdir(exist_ok=True)
        write_text(folder / ANALYSIS, page(analyse(root, read_assignments(root, url), read_marks(url))))
        write_csv(folder / RESULTS, DETAIL, detail(results))
        write_csv(folder / MOODLE, table.header, table.rows)
        self.desk.changed()
        said_of = f"{ANALYSIS}, {RESULTS} et {MOODLE} écrits dans le dossier rapports."
        if table.left_out:
            said_of += f" Hors du tableau pour Moodle, faute d’adresse : {', '.join(table.left_out)}."
        self.desk.say(said_of, "fait")

    def note(self) -> None:
        """Lance `formation session noter`."""
        self._run("noter", "réponses notées.", may_go_on=True)

    def report(self) -> None:
        """Lance `formation session rapport`."""
        self._run("rapport", "rapport écrit dans 5-rendre.")

    def close(self) -> None:
        """Lance `formation session cloturer`."""
        self._run("cloturer", "session close : attestations et certificats sont dans 5-rendre.", may_go_on=True)

    def _run(self, verb: str, done: str, *, may_go_on: bool = False) -> None:
        anyway = ["--malgre-tout"] if may_go_on and self.anyway.value else []

        def ended(result: Ended) -> None:
            self.desk.changed()
            if result.code == 0:
                self.desk.say(f"{done}\n{said(result)}", "fait")
            elif result.interrupted:
                self.desk.say("interrompu ; rien n’est à moitié écrit, relancez quand vous voulez.")
            else:
                hint = "\nIci : cochez « Clore ou noter en l’état », puis recommencez." if may_go_on else ""
                self.desk.say(said(result) + hint, "erreur")

        self.working.start(["session", verb, str(self.desk.place.root), *anyway], ended)
