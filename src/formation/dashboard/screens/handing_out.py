"""Écran « Distribuer » : fabriquer les copies vierges, dire quoi envoyer."""

from __future__ import annotations

from formation.dashboard import documents, markup
from formation.dashboard.desk import Desk
from formation.dashboard.job import Ended
from formation.dashboard.screens.working import Working, said


class HandingOut:
    """Écran « Distribuer ».

    Parameters
    ----------
    desk : Desk
        Ce que les écrans partagent.
    """

    title = "Distribuer"

    def __init__(self, desk: Desk) -> None:
        self.desk, kit = desk, desk.kit
        self.working = Working(desk, "la distribution")
        self.listing = kit.HTML()
        self.box = kit.VBox(
            [
                kit.HTML(
                    markup.heading(
                        "Distribuer",
                        "Les copies vierges ne contiennent aucune réponse : c’est vérifié avant d’écrire. Envoyez à "
                        "chaque stagiaire le ZIP de l’exercice et son identifiant.",
                        "Refaire les copies vierges après la collecte n’est utile que si un exercice a changé.",
                    )
                ),
                kit.HBox([desk.button("Fabriquer les copies vierges", self.release), self.working.stop]),
                self.working.box,
                self.listing,
            ]
        )

    def refresh(self) -> None:
        """Relit l’état de chaque exercice."""
        place = self.desk.place
        if place.course_root is None:
            self.listing.value = f"<p>{markup.text('Cette session n’a pas d’exercices : rien à distribuer ici.')}</p>"
            return
        served = documents.server()
        rows = []
        for name, title in place.exercises().items():
            ready = (place.course.step("release") / name).is_dir()
            archive = place.course.step("a-distribuer") / f"{name}.zip"
            address = documents.address(archive, served) if archive.is_file() else None
            shown = markup.link(address, archive.name) if address else archive.name if archive.is_file() else "–"
            rows.append([name, title, "prête" if ready else "à fabriquer", shown])
        self.listing.value = markup.table(
            "Exercices de la session", ["Exercice", "Titre", "Copie vierge", "À envoyer"], rows
        )

    def release(self) -> None:
        """Fabrique les copies vierges."""
        course = self.desk.place.course
        self.working.start(["atelier", "distribuer", str(course.root), "--progression", "json"], self._ended)

    def _ended(self, result: Ended) -> None:
        self.desk.changed()
        if result.code == 0:
            self.desk.say("copies vierges prêtes, un ZIP par exercice dans a-distribuer.", "fait")
        elif result.interrupted:
            self.desk.say("distribution interrompue ; relancez-la pour les exercices qui manquent.")
        else:
            self.desk.say(said(result), "erreur")
