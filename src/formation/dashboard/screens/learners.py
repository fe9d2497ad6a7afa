"""Écran « Stagiaires » : importer la liste, voir qui est inscrit."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from formation.checks.failure import french
from formation.dashboard import markup
from formation.dashboard.desk import FIELD, WIDE, Desk
from formation.dashboard.place import DossierInconnu

_LISTS = (".csv", ".xlsx", ".ods", ".txt")
_MAX_FOUND = 30


class Learners:
    """Écran « Stagiaires ».

    Parameters
    ----------
    desk : Desk
        Ce que les écrans partagent.
    """

    title = "Stagiaires"

    def __init__(self, desk: Desk) -> None:
        self.desk, kit = desk, desk.kit
        self.file = kit.Combobox(description="Liste des stagiaires", continuous_update=False, style=WIDE, layout=FIELD)
        known = desk.place.root / "stagiaires.csv"
        if known.is_file():
            self.file.value = known.name
        self.upload = kit.FileUpload(
            accept=",".join(_LISTS), multiple=False, description="Envoyer une liste de mon poste"
        )
        self.upload.observe(lambda _change: desk.guard(self.take_upload), names="value")
        self.enrolled = kit.HTML()
        self.box = kit.VBox(
            [
                kit.HTML(
                    markup.heading(
                        "Stagiaires",
                        "Un tableau CSV, XLSX ou ODS ; colonne obligatoire : identifiant (stagiaire-01) ; colonnes "
                        "utiles : nom, prénom, courriel. Réimporter complète la liste, sans rien effacer.",
                    )
                ),
                self.file,
                kit.HBox([desk.button("Inscrire les stagiaires", self.enrol), self.upload]),
                self.enrolled,
            ]
        )

    def refresh(self) -> None:
        """Relit les listes du dossier et les inscrits."""
        root = self.desk.place.root
        found = sorted(path.name for path in root.iterdir() if path.suffix.lower() in _LISTS and path.is_file())
        self.file.options = tuple(found[:_MAX_FOUND])
        self.enrolled.value = self._table()

    def _table(self) -> str:
        learners = self.desk.learners()
        header = ["Identifiant", "Copies rendues", "Copies corrigées"]
        shown = bool(self.desk.names.value)
        if shown:
            header += ["Nom", "Prénom", "Courriel"]
        handed, graded = self._counts()
        rows: list[list[object]] = []
        for name, one in sorted(learners.items()):
            row: list[object] = [name, handed[name], graded[name]]
            rows.append([*row, one.last, one.first, one.email] if shown else row)
        count = len(learners)
        return markup.table(f"Stagiaires inscrits : {count}", header, rows, numbers=(1, 2))

    def _counts(self) -> tuple[Counter[str], Counter[str]]:
        handed: Counter[str] = Counter()
        graded: Counter[str] = Counter()
        if not self.desk.place.has_gradebook:
            return handed, graded
        from formation.classroom.marks import read_marks

        submitted = self.desk.place.course.step("submitted")
        for path in submitted.glob("*/*") if submitted.is_dir() else ():
            handed[path.parent.name] += path.is_dir()
        graded.update(learner for (learner, _), one in read_marks(self.desk.place.db_url).items() if one.graded)
        return handed, graded

    def enrol(self) -> None:
        """Inscrit la liste nommée dans le champ."""
        name = self.file.value.strip()
        if not name:
            self.desk.say("écrivez le nom du fichier de la liste, par exemple stagiaires.csv.", "erreur")
            return
        self._enrol(self.desk.path(name))

    def take_upload(self) -> None:
        """Inscrit la liste envoyée depuis le poste du formateur ; elle n’est pas gardée à part."""
        sent: tuple[dict[str, Any], ...] = self.upload.value
        if not sent:
            return
        name = Path(str(sent[0]["name"])).name
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / (name if Path(name).suffix.lower() in _LISTS else f"{name}.csv")
            path.write_bytes(bytes(sent[0]["content"]))
            self._enrol(path)

    def _enrol(self, path: Path) -> None:
        from formation.classroom.roster import enrol, read_roster

        place = self.desk.place
        if place.course_root is None:
            raise DossierInconnu(
                french(
                    "Cette session n’a pas d’exercices, donc pas de carnet de notes : ses stagiaires sont ceux de "
                    "stagiaires.csv. Pour en ajouter un, ajoutez une ligne à ce fichier, à la feuille d’émargement "
                    "et aux tableaux de 4-recueillir."
                )
            )
        if not place.has_gradebook:
            raise DossierInconnu(
                french(
                    "le carnet de notes n’existe pas encore : personne n’est inscrit. Fabriquez d’abord les copies "
                    "vierges, à l’écran « Distribuer », puis revenez ici."
                )
            )
        learners, remarks = read_roster(path)
        done = enrol(place.db_url, learners, remarks)
        counts = f"inscrits : {len(done.added)} ; mis à jour : {len(done.updated)} ; déjà là : {len(done.unchanged)}."
        self.desk.changed()
        self.desk.say("\n".join([counts, *done.remarks]), "fait")
