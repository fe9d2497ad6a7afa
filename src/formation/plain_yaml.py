"""YAML d’un lecteur : des données simples, sans renvoi, sans étiquette, sans clé répétée, de taille bornée.

Un renvoi (« & » et « * ») permet à dix lignes d’en fabriquer un milliard ; une clé écrite deux fois efface la première
sans le dire. Ni l’un ni l’autre n’a sa place dans un fichier rempli à la main.
"""

from __future__ import annotations

from typing import Any

import yaml

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Lecteur de PyYAML : celui en C, dix fois plus rapide, quand il est installé."""
LONGEST_NAME = 40


class NotPlain(Exception):
    """Le texte n’est pas du YAML simple.

    Parameters
    ----------
    kind : str
        `alias`, `etiquette`, `documents`, `demesure`, `cle` (répétée), `forme` (pas du YAML) ou `valeur`
        (date impossible).
    message : str
        Ce qui ne va pas, en français, sans le lieu.
    line : int or None
        Ligne, la première est 1.
    """

    def __init__(self, kind: str, message: str, line: int | None = None) -> None:
        self.kind, self.message, self.line = kind, message, line
        super().__init__(message)


class _UniqueKeys(LOADER):  # type: ignore[misc]
    """Lecteur qui refuse une clé répétée."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        """Construit un dictionnaire, clé par clé."""
        seen: set[str] = set()
        for key, _ in node.value:
            name = str(getattr(key, "value", ""))
            if name in seen:
                shown = " ".join(name.split())[:LONGEST_NAME]
                raise NotPlain("cle", f"la clé « {shown} » est écrite deux fois", key.start_mark.line + 1)
            seen.add(name)
        found: dict[Any, Any] = super().construct_mapping(node, deep)
        return found


def check(text: str, *, deepest: int, most: int) -> None:
    """Refuse, avant de rien construire, ce qu’un fichier rempli à la main n’emploie jamais.

    Parameters
    ----------
    text : str
        Contenu.
    deepest : int
        Niveaux emboîtés admis.
    most : int
        Valeurs admises.

    Raises
    ------
    NotPlain
        Au premier renvoi, à la première étiquette, au second document, ou quand le texte est démesuré.
    yaml.YAMLError
        Si ce n’est pas du YAML.

    Examples
    --------
    >>> check("a: [1, 2]", deepest=3, most=10)
    """
    depth = nodes = documents = 0
    for event in yaml.parse(text, Loader=LOADER):
        line = event.start_mark.line + 1 if event.start_mark else None
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise NotPlain("alias", "les renvois YAML (« & » et « * ») sont refusés : répétez le texte", line)
        tag = getattr(event, "tag", None)
        if tag:
            raise NotPlain("etiquette", f"l’étiquette YAML « {tag} » est refusée : retirez-la", line)
        documents += isinstance(event, yaml.DocumentStartEvent)
        if documents > 1:
            raise NotPlain("documents", "un fichier contient un seul document : retirez la ligne « --- »", line)
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        nodes += isinstance(event, yaml.NodeEvent)
        if depth > deepest:
            raise NotPlain("demesure", f"plus de {deepest} niveaux emboîtés", line)
        if nodes > most:
            raise NotPlain("demesure", f"plus de {most} valeurs", line)


def load(text: str, *, deepest: int = 8, most: int = 20_000) -> Any:
    """Lit un texte YAML simple.

    Parameters
    ----------
    text : str
        Contenu ; du JSON convient aussi.
    deepest, most : int
        Niveaux emboîtés et valeurs admis.

    Returns
    -------
    object
        Dictionnaires, listes, textes, nombres et dates.

    Raises
    ------
    NotPlain
        Si le texte n’est pas du YAML simple.

    Examples
    --------
    >>> load("a: 1")
    {'a': 1}
    """
    try:
        check(text, deepest=deepest, most=most)
        return yaml.load(text, Loader=_UniqueKeys)  # noqa: S506 — dérive du lecteur sûr
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        message = "ce n’est pas du YAML valide ; un texte qui contient « : » se met entre guillemets"
        raise NotPlain("forme", message, mark.line + 1 if mark else None) from None
    except (ValueError, OverflowError, RecursionError):
        message = "une date n’existe pas dans le calendrier, ou un nombre est démesuré"
        raise NotPlain("valeur", message) from None
