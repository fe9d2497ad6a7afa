"""Lire du YAML ou du JSON écrit par n’importe qui : lignes gardées, taille, profondeur et raccourcis bornés."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from formation import plain_yaml
from formation.errors import DonneesInvalides, Problem, reason
from formation.files import open_regular
from formation.numbers import number

Place = tuple[str | int, ...]

MAX_YAML, MAX_JSON = 2 * 2**20, 128 * 2**20
MAX_DEPTH, MAX_NODES = 12, 60_000
ACCEPTED = "Formats acceptés : .yml, .json, .csv, .xlsx, .ods."


@dataclass(frozen=True)
class FieldProblem(Problem):
    """Un problème situé par sa ligne et son champ plutôt que par une colonne."""

    def render(self, file_name: str) -> str:
        """Écrit le problème sur une ligne, en commençant par le lieu.

        Parameters
        ----------
        file_name : str
            Nom du fichier, tel que le lecteur l’a donné.

        Returns
        -------
        str
            Phrase complète.

        Examples
        --------
        >>> FieldProblem("x", "valeur inconnue.", column="cout › tranche", lines=(3,)).render("a.yml").replace(
        ...     chr(160), " "
        ... )
        'a.yml, ligne 3, champ « cout › tranche » : valeur inconnue.'
        """
        where = [file_name, *(f"ligne {line}" for line in self.lines[:1])]
        if self.column:
            where.append(f"champ « {self.column} »")
        return f"{', '.join(where)} : {self.message}"


@dataclass
class Document:
    """Données lues, avec la ligne de chaque champ.

    Attributes
    ----------
    data : object
        Dictionnaires, listes, textes et nombres.
    lines : dict of tuple to int
        Ligne de chaque chemin, la première ligne est 1 ; vide quand le format ne la donne pas.
    problems : list of Problem
        Défauts d’écriture trouvés en lisant, par exemple une clé répétée.
    """

    data: Any
    lines: dict[Place, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line(self, place: Place) -> int | None:
        """Ligne d’un champ ; celle du champ qui le contient s’il manque.

        Parameters
        ----------
        place : tuple
            Chemin du champ.

        Returns
        -------
        int or None
            Ligne, ou `None` si le format ne la donne pas.
        """
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place)


def parse(text: str, *, name: str, kind: str = "yaml") -> Document:
    r"""Lit un texte YAML ou JSON.

    Parameters
    ----------
    text : str
        Contenu.
    name : str
        Nom du fichier, cité dans les messages.
    kind : str
        `yaml` ou `json`.

    Returns
    -------
    Document
        Données et lignes.

    Raises
    ------
    DonneesInvalides
        Si le texte n’est pas lisible ou dépasse une borne.

    Examples
    --------
    >>> parse("cout:\n  tranche: inconnu\n", name="a.yml").lines[("cout", "tranche")]
    2
    """
    return _parse_json(text, name) if kind == "json" else _parse_yaml(text, name)


def read_text(path: Path, limit: int) -> str:
    """Texte d’un fichier, borné, en UTF-8.

    Parameters
    ----------
    path : Path
        Fichier.
    limit : int
        Taille la plus grande acceptée, en octets.

    Returns
    -------
    str
        Contenu.

    Raises
    ------
    DonneesInvalides
        Si le fichier manque, est trop gros ou n’est pas du texte.
    """
    name = path.name
    if path.is_dir():
        raise stop(name, "dossier", f"c’est un dossier. Indiquez un fichier. {ACCEPTED}")
    try:
        with open_regular(path) as stream:
            raw = stream.read(limit + 1)
    except FileNotFoundError:
        raise stop(name, "fichier_introuvable", f"le fichier n’existe pas ({path}). Vérifiez son nom.") from None
    except OSError as error:
        raise stop(name, "lecture_impossible", f"lecture impossible : {reason(error)}.") from error
    if len(raw) > limit:
        raise stop(
            name,
            "fichier_trop_gros",
            f"le fichier dépasse {number(limit / 2**20)}\u00a0Mo : une fiche tient en quelques kilo-octets. Pour "
            "beaucoup de fiches, utilisez le JSON ou le CSV.",
        )
    if not raw.strip():
        raise stop(name, "fichier_vide", "le fichier est vide. Partez du modèle : formation bibliotheque modele")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise stop(
            name, "encodage", "le fichier n’est pas du texte en UTF-8. Enregistrez-le en UTF-8 puis recommencez."
        ) from None


def stop(name: str, kind: str, message: str, line: int | None = None) -> DonneesInvalides:
    """Erreur d’un fichier entier.

    Parameters
    ----------
    name : str
        Nom du fichier.
    kind : str
        Code stable du problème.
    message : str
        Explication en français.
    line : int, optional
        Ligne concernée.

    Returns
    -------
    DonneesInvalides
        Erreur à lever.
    """
    return DonneesInvalides(name, [FieldProblem(kind, message, lines=(line,) if line else ())])


def _parse_yaml(text: str, name: str) -> Document:
    try:
        _check_events(text, name)
        loader = plain_yaml.LOADER(text)
        try:
            node = loader.get_single_node()
            if node is None:
                raise stop(name, "fichier_vide", "le fichier ne contient que des commentaires.")
            document = Document(None)
            _locate(node, (), document, name)
            document.data = loader.construct_document(node)
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise stop(
            name,
            "yaml",
            "le fichier n’est pas du YAML valide à cet endroit. Vérifiez le retrait (deux espaces, pas de "
            "tabulation) ; un texte qui contient « : » ou commence par un signe se met entre guillemets.",
            mark.line + 1 if mark else None,
        ) from None
    except (ValueError, OverflowError):  # PyYAML laisse passer l’erreur d’une date impossible
        raise stop(
            name,
            "valeur",
            "une date n’existe pas, ou un nombre est démesuré. Forme d’une date : AAAA-MM-JJ.",
        ) from None
    return document


def _check_events(text: str, name: str) -> None:
    """Refuse, avant de rien construire, ce qu’une fiche n’emploie jamais : raccourcis, étiquettes, profondeur."""
    try:
        plain_yaml.check(text, deepest=MAX_DEPTH, most=MAX_NODES)
    except plain_yaml.NotPlain as error:
        raise stop(name, error.kind, f"{error.message}.", error.line) from None


def _locate(node: Any, place: Place, document: Document, name: str) -> None:
    """Note la ligne de chaque champ et les clés répétées, que PyYAML écraserait sans rien dire."""
    document.lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                line = key.start_mark.line + 1
                raise stop(name, "cle", "le nom d’un champ est un mot, pas une liste ni un dictionnaire.", line)
            here = (*place, str(key.value))
            line = key.start_mark.line + 1
            if key.value in seen:
                document.problems.append(
                    FieldProblem(
                        "cle_repetee",
                        "cette clé est écrite deux fois : gardez-en une seule.",
                        column=field_name(here),
                        lines=(line,),
                    )
                )
                continue
            seen.add(str(key.value))
            document.lines[here] = line
            _locate(value, here, document, name)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            _locate(value, (*place, index), document, name)


def _parse_json(text: str, name: str) -> Document:
    def constant(value: str) -> Any:
        raise stop(name, "json", f"« {value} » n’est pas un nombre : écrivez null si la valeur est inconnue.")

    repeated: list[str] = []

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(items)
        if len(found) != len(items):
            keys = [key for key, _ in items]
            repeated.extend({key for key in keys if keys.count(key) > 1})
        return found

    try:
        data = json.loads(text, parse_constant=constant, object_pairs_hook=pairs)
    except json.JSONDecodeError as error:
        raise stop(
            name,
            "json",
            "le fichier n’est pas du JSON valide à cet endroit : virgule en trop, guillemet ou accolade manquante.",
            error.lineno,
        ) from None
    except (RecursionError, ValueError):
        raise stop(name, "demesure", "le fichier est trop imbriqué ou contient un nombre démesuré.") from None
    document = Document(data)
    document.problems += [
        FieldProblem("cle_repetee", f"la clé « {key} » est écrite deux fois au même endroit : gardez-en une seule.")
        for key in repeated[:5]
    ]
    if len(text) <= MAX_YAML:
        # Le JSON est du YAML : le même lecteur en donne les lignes ; un fichier plus gros s’en passe.
        try:
            document.lines = _parse_yaml(text, name).lines
        except DonneesInvalides:
            document.lines = {}
    return document


def field_name(place: Place) -> str:
    """Chemin d’un champ, lisible : les rangs comptent à partir de 1.

    Parameters
    ----------
    place : tuple
        Chemin.

    Returns
    -------
    str
        Texte, par exemple « cout › faits › 2 › texte ».

    Examples
    --------
    >>> field_name(("cout", "faits", 1))
    'cout › faits › 2'
    """
    return " › ".join(str(part + 1) if isinstance(part, int) else str(part) for part in place)
