"""Ce que montre une page de retour : un contrôle après l’autre, sans sortie ni balise venue du stagiaire."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from formation.checks.failure import french
from formation.classroom.grading.types import GRADED, CellResult, Json, NotebookResult, NotebookSnapshot
from formation.numbers import shortest

MAX_TEXT, MAX_CODE = 600, 20_000
_HEADING = re.compile(r"^ {0,3}#{1,6}\s+(.+?)\s*#*$")
_MARKUP = re.compile(r"[*`_]{1,3}(?=\S)|(?<=\S)[*`_]{1,3}|\[([^\]]*)\]\([^)]*\)")
# commandes de terminal, caractères de contrôle, marques qui retournent le sens d’écriture
_ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ud800-\udfff\ufeff]")
_LABELS = {"Attendu": "expected", "Piste": "hint", "À relire": "reread"}
# répété par le contrôle quand la cellule de réponse s’est arrêtée, et nom de fichier que personne ne connaît
_SAID = re.compile(r"\s*Elle a dit[\s\u00a0\u202f]*:.*$", re.DOTALL)
PLACE = re.compile(r"\s*\(\d+\.py, line \d+\)")
_NAMED_ERROR = re.compile(r"\((\w+(?:Error|Exception))\)")
_STATUS = {
    "delai": "votre code dépasse le temps permis : cherchez une boucle sans fin.",
    "arret": "votre code a arrêté Python.",
    "erreur": "votre code s’arrête sur une erreur.",
}
_ERRORS = {
    "NameError": "un nom est employé avant d’être défini : vérifiez son orthographe et l’ordre des cellules.",
    "SyntaxError": "Python ne comprend pas cette ligne : cherchez une parenthèse, un guillemet ou deux-points oubliés, "
    "ou un espace dans un nombre (113880 s’écrit d’un bloc).",
    "IndentationError": "les espaces en début de ligne ne sont pas alignés.",
    "TypeError": "une opération reçoit une valeur d’un type qui ne lui convient pas, un texte au lieu d’un nombre ?",
    "KeyError": "la colonne ou la clé demandée n’existe pas sous ce nom.",
    "IndexError": "la position demandée est au-delà de la fin de la liste.",
    "AttributeError": "l’objet n’a pas la méthode ou l’attribut demandé : vérifiez l’orthographe.",
    "ValueError": "une fonction reçoit une valeur qu’elle ne peut pas traiter.",
    "ZeroDivisionError": "une division par zéro : vérifiez le dénominateur.",
    "ModuleNotFoundError": "une bibliothèque importée n’est pas installée : vérifiez son nom.",
    "FileNotFoundError": "un fichier est introuvable : employez un nom relatif au carnet.",
    "RecursionError": "une fonction s’appelle elle-même sans fin.",
    "MemoryError": "le calcul demande plus de mémoire qu’il n’est permis.",
    "AssertionError": "une condition vérifiée par le contrôle n’est pas remplie.",
}


@dataclass(slots=True)
class CheckView:
    """Un contrôle, prêt à afficher."""

    anchor: str
    title: str
    control: str
    verdict: str = ""
    tone: str = ""
    points: str = ""
    problem: list[str] = field(default_factory=list)
    explanation: str = ""
    expected: str = ""
    hint: str = ""
    reread: str = ""
    answers: list[str] = field(default_factory=list)
    answer_note: str = ""
    comments: list[str] = field(default_factory=list)
    earned: float = 0.0
    worth: float = 0.0


@dataclass(slots=True)
class NotebookView:
    """Un carnet, prêt à afficher."""

    name: str
    title: str
    present: bool
    checks: list[CheckView]
    remarks: list[str]
    penalty: float = 0.0

    @property
    def earned(self) -> float:
        """Points obtenus, retard déduit."""
        return max(0.0, sum(check.earned for check in self.checks) - self.penalty)

    @property
    def worth(self) -> float:
        """Points possibles."""
        return sum(check.worth for check in self.checks)


def clean(text: str, limit: int = MAX_TEXT) -> str:
    r"""Ôte d’un texte ce qui ne se voit pas, et le borne.

    Parameters
    ----------
    text : str
        Texte, peut-être écrit par le stagiaire.
    limit : int
        Nombre de caractères gardés.

    Returns
    -------
    str

    Examples
    --------
    >>> clean("a\x1b[31mb\u202ec")
    'abc'
    """
    bare = _UNSEEN.sub("", _ANSI.sub("", text[: 2 * limit]))
    return bare if len(bare) <= limit else bare[: limit - 1] + "…"


def points_text(earned: float, worth: float) -> str:
    """Points à la française.

    Parameters
    ----------
    earned, worth : float
        Points obtenus et possibles.

    Returns
    -------
    str

    Examples
    --------
    >>> points_text(1.5, 2)
    '1,5 / 2'
    """
    return f"{shortest(earned)} / {shortest(worth)}"


def heading_of(source: str) -> str:
    """Dernier titre d’une cellule de texte, sans mise en forme.

    Parameters
    ----------
    source : str
        Texte Markdown du formateur.

    Returns
    -------
    str
        Vide s’il n’y a pas de titre.

    Examples
    --------
    >>> heading_of("## Lire le *tableau*")
    'Lire le tableau'
    """
    fenced, found = False, ""
    for line in source.splitlines():
        fenced ^= line.lstrip().startswith(("```", "~~~"))
        match = None if fenced else _HEADING.match(line)
        if match:
            found = _MARKUP.sub(lambda m: m[1] or "", match[1]).strip()
    return found


def view(
    notebook: NotebookSnapshot,
    result: NotebookResult,
    answers: Mapping[str, str],
    manual: Mapping[str, Json],
    *,
    penalty: float = 0.0,
) -> NotebookView:
    """Prépare l’affichage d’un carnet corrigé.

    Parameters
    ----------
    notebook : NotebookSnapshot
        Carnet du formateur.
    result : NotebookResult
        Sort du carnet du stagiaire.
    answers : mapping
        Cellule de réponse → texte du stagiaire.
    manual : mapping
        Cellule → `points`, `supplement` et `commentaire` donnés par une personne ; chacun peut manquer.
    penalty : float
        Points retirés pour retard.

    Returns
    -------
    NotebookView
    """
    results = {cell.name: cell for cell in result.cells if cell.name}
    checks: list[CheckView] = []
    shown: tuple[str, ...] = ()
    for name, title, before in graded_with_answers(notebook):
        source = notebook.cells[name]
        got = results.get(name) or CellResult(name, notebook.kind(name), source.points)
        check = CheckView(f"controle-{len(checks) + 1}", title, name.removeprefix("controle-"), worth=source.points)
        if result.present:
            _fill(check, got, [results[one] for one in before if one in results])
            if before and before == shown:
                check.answer_note = french("Même réponse que pour le contrôle précédent.")
            else:
                _show_answers(check, before, answers, result.comments)
        _judge(check, got, manual.get(name, {}), present=result.present)
        if check.tone in ("revoir", "partie") and not check.reread:
            check.reread = paragraph(notebook, name, title)
        shown = before
        comments = [str(manual.get(one, {}).get("commentaire") or "") for one in (*before, name)]
        check.comments = list(dict.fromkeys(clean(text, 2_000) for text in comments if text))
        checks.append(check)
    _distinguish(checks)
    header = notebook.metadata.get("formation", {})
    label = str((header.get("titre") if isinstance(header, dict) else "") or notebook.name)
    return NotebookView(notebook.name, label, result.present, checks, [clean(r) for r in result.remarks], penalty)


def graded_with_answers(notebook: NotebookSnapshot) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Cellules notées d’un carnet, dans l’ordre.

    Parameters
    ----------
    notebook : NotebookSnapshot
        Carnet du formateur.

    Yields
    ------
    tuple of (str, str, tuple of str)
        Cellule notée, titre du paragraphe, cellules de réponse qu’elle contrôle.
    """
    heading, fresh = "", True
    pending: list[str] = []
    for cell in notebook.base:
        name = cell.get("name") or ""
        kind = notebook.kind(name)
        if cell["cell_type"] == "markdown":
            heading = heading_of(cell["source"]) or heading
        if kind == "reponse":
            pending = [*pending, name] if fresh else [name]
            fresh = True
        elif kind in GRADED:
            own = kind == "manuelle" and notebook.cells[name].solution
            yield name, heading, (name,) if own else tuple(pending)
            fresh = fresh and own


def paragraph(notebook: NotebookSnapshot, name: str, heading: str) -> str:
    """Paragraphe du carnet à relire pour un contrôle.

    Parameters
    ----------
    notebook : NotebookSnapshot
        Carnet du formateur.
    name, heading : str
        Cellule notée, titre qui la précède.

    Returns
    -------
    str
        Titre entre guillemets, ou vide.
    """
    check = notebook.checks.get(name)
    form = check.hidden.get("attente", {}) if check is not None else {}
    title = form.get("relire") or heading
    return french(f"« {title} ».") if title else ""


def _distinguish(checks: list[CheckView]) -> None:
    titles = [check.title for check in checks]
    for check in checks:
        words = check.control.replace("_", " ").replace("-", " ")
        if not check.title:
            check.title = words[:1].upper() + words[1:]
        elif titles.count(check.title) > 1:
            check.title = f"{check.title} : {words}"
        check.title = french(clean(check.title, 160))


def _fill(check: CheckView, got: CellResult, answers: Iterable[CellResult]) -> None:
    for cell in answers:
        if cell.status not in ("ok", "non_executee"):
            check.problem += [french(_STATUS[cell.status]), *_lines(check, cell.message)]
    if got.message:
        told = bool(check.problem)
        lines = (_SAID.sub("", line).strip() if told else line for line in _lines(check, got.message))
        check.problem += [line for line in lines if line not in check.problem]
    elif got.status in _STATUS and (got.score or 0) < got.points:
        check.problem.append(french(_STATUS[got.status]))
    check.problem = [line[:1].upper() + line[1:] for line in check.problem]
    check.explanation = check.explanation[:1].upper() + check.explanation[1:]


def _lines(check: CheckView, message: str) -> list[str]:
    """Range les lignes d’un message ; rend celles qui disent ce qui ne va pas."""
    rest = []
    for line in clean(message, 2_000).splitlines():
        label, _, text = line.partition(":")
        slot = _LABELS.get(label.strip())
        if slot:
            setattr(check, slot, text.strip())
        elif line.strip():
            name = re.match(r"[A-Za-z_.]*?(\w+(?:Error|Exception))\b", line.strip())
            shown = clean(PLACE.sub("", line.strip()))
            rest.append(french(f"message de Python : {shown}") if name else shown)
            name = name or _NAMED_ERROR.search(line)
            if name and not check.explanation:
                check.explanation = french(_ERRORS.get(name[1], ""))
    return rest


def _show_answers(
    check: CheckView, names: tuple[str, ...], answers: Mapping[str, str], comments: Mapping[str, str | None]
) -> None:
    for name in names:
        if name in answers:
            check.answers.append(clean(answers[name], MAX_CODE))
    if names and all(comments.get(name) for name in names):
        check.answer_note = french("Pas de réponse : la cellule est telle qu’elle était donnée.")


def _judge(check: CheckView, got: CellResult, manual: Json, *, present: bool) -> None:
    given = manual.get("points")
    base = given if given is not None else got.score
    check.earned = float(base or 0.0) + float(manual.get("supplement") or 0.0)
    check.points = points_text(check.earned, check.worth)
    by_hand = got.kind in ("manuelle", "tache")
    if given is not None:
        check.verdict, check.tone = "noté à la main", "personne"
    elif not present:
        check.verdict, check.tone = ("non lu" if got.review else "non rendu"), "revoir"
    elif by_hand or got.score is None:
        check.verdict, check.tone = "une personne doit le noter", "personne"
        check.points = f"– / {shortest(check.worth)}"
    elif got.review:
        check.verdict, check.tone = "à relire par une personne", "personne"
    elif got.score >= got.points:
        check.verdict, check.tone = "réussi", "reussi"
    elif got.score > 0:
        check.verdict, check.tone = "réussi en partie", "partie"
    else:
        check.verdict, check.tone = "à revoir", "revoir"
