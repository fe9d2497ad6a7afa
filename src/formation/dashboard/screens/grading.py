"""Écran « Corriger » : lancer la correction, suivre, interrompre, lire ce qui demande une personne."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from formation.dashboard import documents, markup
from formation.dashboard.desk import WIDE, Desk
from formation.dashboard.job import Ended
from formation.dashboard.screens.working import Working, as_dict, said

_FINE = ("corrigée", "déjà corrigée")


class Grading:
    """Écran « Corriger ».

    Parameters
    ----------
    desk : Desk
        Ce que les écrans partagent.
    """

    title = "Corriger"

    def __init__(self, desk: Desk) -> None:
        self.desk, kit = desk, desk.kit
        self.working = Working(desk, "la correction")
        self.again = kit.Checkbox(
            value=False,
            description="Reprendre aussi les copies déjà corrigées",
            indent=False,
            layout={"width": "max-content"},
        )
        self.sandbox = kit.Dropdown(
            options=[("complet (recommandé)", "strict"), ("dégradé : sans les couches qui manquent", "degrade")],
            description="Bac à sable",
            style=WIDE,
            layout={"width": "36rem", "max_width": "95%"},
        )
        self.state, self.outcome = kit.HTML(), kit.HTML()
        self.box = kit.VBox(
            [
                kit.HTML(
                    markup.heading(
                        "Corriger",
                        "Le code des stagiaires s’exécute dans un bac à sable, à côté de JupyterLab. Vous pouvez "
                        "interrompre : ce qui est corrigé le reste, et relancer finit le travail.",
                    )
                ),
                self.state,
                self.again,
                self.sandbox,
                kit.HBox([desk.button("Corriger les copies", self.grade), self.working.stop]),
                self.working.box,
                self.outcome,
            ]
        )

    def refresh(self) -> None:
        """Compte les copies collectées et corrigées."""
        place = self.desk.place
        if place.course_root is None:
            self.state.value = f"<p>{markup.text('Cette session n’a pas d’exercices à corriger.')}</p>"
            return
        submitted = place.course.step("submitted")
        handed = sum(path.is_dir() for path in submitted.glob("*/*")) if submitted.is_dir() else 0
        done = 0
        if place.has_gradebook:
            from formation.classroom.marks import read_marks

            done = sum(one.graded for one in read_marks(place.db_url).values())
        self.state.value = f"<p>{markup.text(f'Copies collectées : {handed}. Copies corrigées : {done}.')}</p>"

    def grade(self) -> None:
        """Lance la correction."""
        root = self.desk.place.course.root
        arguments = ["atelier", "corriger", str(root), "--json", "--progression", "json"]
        arguments += ["--bac-a-sable", self.sandbox.value, *(["--tout"] if self.again.value else [])]
        self.outcome.value = ""
        self.working.start(arguments, self._ended)

    def _ended(self, result: Ended) -> None:
        self.desk.changed()
        report = as_dict(result.data)
        if not report:
            if result.interrupted:
                self.desk.say("correction interrompue avant la première copie ; relancez-la quand vous voulez.")
            else:
                self.desk.say(said(result), "erreur")
            return
        copies: list[dict[str, Any]] = list(report.get("copies", ()))
        states = Counter(str(one["state"]) for one in copies)
        summary = ", ".join(f"{state} : {count}" for state, count in states.most_common())
        self.outcome.value = self._tables(report, copies)
        blocked = report.get("devoirs_bloques") or {}
        if result.interrupted or report.get("interrompue"):
            left = report.get("restantes", 0)
            self.desk.say(f"correction interrompue ; copies inscrites, {summary} ; restantes : {left}.")
        elif blocked:
            self.desk.say(
                f"exercices non corrigés, leur solution ne passe pas l’essai : {', '.join(blocked)}.", "erreur"
            )
        else:
            self.desk.say(f"correction finie en {report.get('secondes', 0):.0f} s ; copies {summary}.", "fait")

    def _tables(self, report: dict[str, Any], copies: list[dict[str, Any]]) -> str:
        watch = [
            [self.desk.who(one["learner"]), one["exercise"], one["state"], one["reason"]]
            for one in copies
            if one["state"] not in _FINE
        ]
        parts = [markup.bullets(report.get("anomalies") or ())]
        for name, problems in (report.get("devoirs_bloques") or {}).items():
            parts.append(f"<h3>{markup.text(name)}</h3>{markup.bullets(problems)}")
        if watch:
            caption = "Copies à regarder, à l’écran « Noter à la main »"
            parts.append(markup.table(caption, ["Stagiaire", "Exercice", "État", "Pourquoi"], watch))
        page = (report.get("rapport") or {}).get("html")
        address = documents.address(Path(page), documents.server()) if page else None
        if address:
            parts.append(f"<p>{markup.link(address, 'Rapport de correction')}</p>")
        return "".join(parts)
