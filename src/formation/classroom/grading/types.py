"""Ce que les pièces de la correction s’échangent ; rien ici n’importe nbgrader ni n’exécute de code."""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
Kind = Literal["libre", "reponse", "valeur", "fonction", "interne", "manuelle", "tache", "texte"]
"""Rôle d’une cellule. `valeur` et `fonction` : comparées hors du processus du stagiaire ; `interne` : test nbgrader
ordinaire, exécuté dans le processus du stagiaire ; `manuelle` et `tache` : notées par une personne."""
GRADED = ("valeur", "fonction", "interne", "manuelle", "tache")
"""Rôles qui ont une note au carnet de notes."""
Status = Literal["ok", "erreur", "delai", "arret", "non_executee"]
State = Literal["corrigée", "à relire", "refusée", "échec"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Bornes d’une exécution.

    Parameters
    ----------
    cell_s, notebook_s : float
        Temps permis à une cellule, puis au carnet, en secondes.
    grace_s : float
        Délai laissé après une interruption, en secondes, avant d’arrêter le processus.
    cpu_s : int
        Temps processeur permis au carnet, en secondes.
    memory_mb : int
        Mémoire que le carnet peut prendre en plus de l’interpréteur chaud, en Mo.
    file_mb, disk_mb : int
        Taille d’un fichier et du dossier de travail, en Mo.
    output_bytes : int
        Sorties gardées par cellule, en octets.
    open_files : int
        Fichiers ouverts à la fois.
    """

    cell_s: float = 30.0
    notebook_s: float = 300.0
    grace_s: float = 3.0
    cpu_s: int = 240
    memory_mb: int = 2_000
    file_mb: int = 50
    disk_mb: int = 200
    output_bytes: int = 2_000_000
    open_files: int = 256


@dataclass(frozen=True, slots=True)
class CellRun:
    """Exécution d’une cellule.

    Parameters
    ----------
    status : str
        `ok`, `erreur` (exception), `delai`, `arret` (processus arrêté) ou `non_executee`.
    outputs : list of dict
        Sorties au format nbformat 4, types et tailles bornés ; l’erreur y figure.
    seconds : float
        Durée, en secondes.
    note : str
        Explication en français si la cellule n’est pas allée au bout.
    """

    status: Status
    outputs: list[Json] = field(default_factory=list)
    seconds: float = 0.0
    note: str = ""


@dataclass(frozen=True, slots=True)
class SourceCell:
    """Cellule connue du carnet de notes : elle fait foi, pas la copie.

    Parameters
    ----------
    name, key : str
        `grade_id`, et identifiant dans la base.
    cell_type : str
        code, markdown ou raw.
    source : str
        Texte du formateur, tests cachés compris si la cellule est verrouillée.
    locked, grade, solution, task : bool
        Drapeaux nbgrader.
    points : float
        Note maximale, 0 si la cellule n’est pas notée.
    checksum : str
        Empreinte nbgrader.
    """

    name: str
    key: str
    cell_type: str
    source: str
    locked: bool
    grade: bool
    solution: bool
    task: bool
    points: float
    checksum: str


@dataclass(frozen=True, slots=True)
class ValueCheck:
    """Contrôle que l’on compare dans un processus qui n’a exécuté aucun code de stagiaire.

    Parameters
    ----------
    control, variable : str
        Nom du contrôle et variable du stagiaire.
    function : bool
        Vrai si la variable est une fonction à appeler.
    hidden : dict
        Partie cachée : `attente`, `valeur`, `pieges`, ou `cas` pour une fonction. Ne va jamais dans l’enfant.
    """

    control: str
    variable: str
    function: bool
    hidden: Json


@dataclass(frozen=True, slots=True)
class NotebookSnapshot:
    """Carnet d’un devoir, tel que le formateur l’a fait.

    Parameters
    ----------
    name, key : str
        Nom du carnet, identifiant dans la base.
    kernelspec : str
        JSON du noyau, vide s’il n’y en a pas.
    metadata : dict
        Métadonnées du carnet vierge.
    base : list of dict
        Cellules du carnet vierge, dans l’ordre : `cell_type`, `source`, `name` (vide hors nbgrader), `id`.
    solved : list of dict
        Mêmes champs, réponses de référence comprises : pour l’essai préalable.
    cells : dict of str to SourceCell
        Cellules du carnet de notes, dans l’ordre de la source.
    checks : dict of str to ValueCheck
        Par nom de cellule, celles que l’on compare hors du processus du stagiaire.
    """

    name: str
    key: str
    kernelspec: str
    metadata: Json
    base: list[Json]
    solved: list[Json]
    cells: dict[str, SourceCell]
    checks: dict[str, ValueCheck]

    def kind(self, name: str) -> Kind:
        """Rôle d’une cellule.

        Parameters
        ----------
        name : str
            Nom de la cellule, vide pour une cellule ajoutée par le stagiaire.

        Returns
        -------
        str
        """
        cell = self.cells.get(name)
        if cell is None:
            return "libre"
        if cell.task:
            return "tache"
        if name in self.checks:
            return "fonction" if self.checks[name].function else "valeur"
        if cell.grade:
            return "manuelle" if cell.solution or cell.cell_type != "code" else "interne"
        if cell.solution:
            return "reponse"
        return "libre" if cell.cell_type == "code" else "texte"


@dataclass(frozen=True, slots=True)
class AssignmentSnapshot:
    """Devoir, tel que le formateur l’a fait.

    Parameters
    ----------
    name, key : str
        Nom du devoir, identifiant dans la base.
    duedate : str
        Date limite ISO en UTC, vide s’il n’y en a pas.
    notebooks : dict of str to NotebookSnapshot
        Carnets, par nom.
    files : dict of str to str
        Fichiers du formateur à poser à côté du carnet : chemin relatif vers chemin absolu.
    fingerprint : str
        Empreinte de tout ce qui précède.
    """

    name: str
    key: str
    duedate: str
    notebooks: dict[str, NotebookSnapshot]
    files: dict[str, str]
    fingerprint: str

    def to_json(self) -> Json:
        """Données JSON, pour un ouvrier d’une autre machine."""
        return asdict(self)

    @classmethod
    def from_json(cls, raw: Json) -> "AssignmentSnapshot":
        """Relit `to_json`.

        Parameters
        ----------
        raw : dict
            Données JSON.

        Returns
        -------
        AssignmentSnapshot
        """
        notebooks = {
            name: NotebookSnapshot(
                **{
                    **one,
                    "cells": {key: SourceCell(**cell) for key, cell in one["cells"].items()},
                    "checks": {key: ValueCheck(**check) for key, check in one["checks"].items()},
                }
            )
            for name, one in raw["notebooks"].items()
        }
        return cls(**{**raw, "notebooks": notebooks})


@dataclass(frozen=True, slots=True)
class Task:
    """Copie à corriger.

    Parameters
    ----------
    learner, assignment : str
        Stagiaire et devoir.
    folder : str
        Dossier `submitted/<stagiaire>/<devoir>`.
    fingerprint : str
        Empreinte de la copie et de ce qui la note.
    manual : dict
        Par carnet puis par cellule, `points`, `supplement` et `commentaire` déjà donnés par une personne.
    decision : str
        Ce qu’une personne a décidé de cette même copie (voir `decided`), vide sinon.
    late_s : float
        Retard, en secondes.
    """

    learner: str
    assignment: str
    folder: str
    fingerprint: str
    manual: Json = field(default_factory=dict)
    decision: str = ""
    late_s: float = 0.0


@dataclass(slots=True)
class CellResult:
    """Sort d’une cellule.

    Parameters
    ----------
    name : str
        Nom de la cellule, vide pour une cellule ajoutée.
    kind : str
        Rôle.
    points : float
        Note maximale.
    score : float or None
        Note automatique ; None si une personne doit noter.
    status : str
        Voir `CellRun`.
    message : str
        Ce que le stagiaire doit savoir, en français ; jamais la partie cachée.
    seconds : float
        Durée, en secondes.
    review : list of str
        Pourquoi une personne doit relire cette cellule.
    """

    name: str
    kind: Kind
    points: float = 0.0
    score: float | None = None
    status: Status = "non_executee"
    message: str = ""
    seconds: float = 0.0
    review: list[str] = field(default_factory=list)


@dataclass(slots=True)
class NotebookResult:
    """Sort d’un carnet d’une copie.

    Parameters
    ----------
    name : str
        Nom du carnet.
    present : bool
        Faux si le stagiaire ne l’a pas rendu, ou s’il est illisible.
    remarks : list of str
        Ce qui a été remis d’aplomb, ou pourquoi le carnet est refusé.
    cells : list of CellResult
        Dans l’ordre du carnet ; les cellules de texte n’y sont pas.
    comments : dict
        Commentaire automatique de nbgrader par cellule de réponse ou de tâche (« No response. » ou None).
    """

    name: str
    present: bool
    remarks: list[str] = field(default_factory=list)
    cells: list[CellResult] = field(default_factory=list)
    comments: dict[str, str | None] = field(default_factory=dict)

    @property
    def scores(self) -> dict[str, float | None]:
        """Note automatique par cellule notée ou tâche."""
        return {cell.name: cell.score for cell in self.cells if cell.kind in GRADED}


@dataclass(slots=True)
class CopyReport:
    """Sort d’une copie entière.

    Parameters
    ----------
    learner, assignment, fingerprint : str
        Comme dans `Task`.
    state : str
        corrigée, à relire (une personne doit regarder), refusée (illisible, note 0) ou échec (rien n’est noté).
    reasons : list of str
        Pourquoi la copie n’est pas simplement corrigée, en français.
    notebooks : list of NotebookResult
        Par carnet du devoir.
    seconds : float
        Durée de la correction, en secondes.
    decision : str
        Ce qu’une personne a déjà décidé de cette copie : acceptée, refusée, ou vide.
    """

    learner: str
    assignment: str
    fingerprint: str
    state: State = "corrigée"
    reasons: list[str] = field(default_factory=list)
    notebooks: list[NotebookResult] = field(default_factory=list)
    seconds: float = 0.0
    decision: str = ""

    def to_json(self) -> Json:
        """Données JSON."""
        return asdict(self)

    @classmethod
    def from_json(cls, raw: Json) -> "CopyReport":
        """Relit `to_json`.

        Parameters
        ----------
        raw : dict
            Données JSON.

        Returns
        -------
        CopyReport
        """
        notebooks = [
            NotebookResult(**{**one, "cells": [CellResult(**cell) for cell in one["cells"]]})
            for one in raw["notebooks"]
        ]
        return cls(**{**raw, "notebooks": notebooks})
