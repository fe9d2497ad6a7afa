"""Faire travailler les préprocesseurs de nbgrader sur une photographie du cours, sans base de données."""

from typing import Any

from formation.classroom.grading.types import AssignmentSnapshot

Scores = tuple[dict[str, float | None], dict[str, str | None]]


class Preprocessors:
    """Préprocesseurs réglés par le cours : ceux d’avant l’exécution (`sanitize`), ceux d’après (`finish`).

    `resources` : `{"nbgrader": {"notebook": …, "assignment": …, "student": …, "db_url": ""}}`, fait par `resources()`.
    """

    def __init__(self, config: Any, snapshot: AssignmentSnapshot) -> None:
        raise NotImplementedError

    def resources(self, notebook: str, learner: str) -> dict[str, Any]:
        """Ce que nbgrader passe à chaque préprocesseur."""
        raise NotImplementedError

    def sanitize(self, notebook: Any, resources: dict[str, Any]) -> Any:
        """Avant l’exécution."""
        raise NotImplementedError

    def finish(self, notebook: Any, resources: dict[str, Any]) -> Any:
        """Après l’exécution."""
        raise NotImplementedError


def scores(notebook: Any) -> Scores:
    """Notes et commentaires automatiques, par les règles de nbgrader ; None : une personne note."""
    raise NotImplementedError
