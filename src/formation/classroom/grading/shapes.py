"""Formes de code que la relecture reconnaît : classes qui mentent, noms qui ouvrent l’interpréteur, boucles simples."""

import ast
from collections.abc import Iterator

from formation.classroom.grading import suspects
from formation.classroom.grading.names import bound


def named(name: str) -> Iterator[str]:
    """Dit si un attribut donne accès à l’interpréteur, sur quelque objet que ce soit.

    Parameters
    ----------
    name : str
        Attribut.

    Yields
    ------
    str
        Raison.
    """
    dunder = name.startswith("__") and name.endswith("__")
    if name in suspects.ATTRIBUTES or (dunder and name not in suspects.PLAIN_METHODS | suspects.COMPARISONS):
        yield f"emploie « {name} », qui donne accès à l’intérieur de Python."
    elif name in suspects.ANYWHERE:
        yield f"emploie « {name} »."


def only_described(target: ast.AST, nodes: list[ast.AST]) -> bool:
    """Dit si l’on ne lit d’une variable que le nom et la version du module qu’elle désigne.

    Parameters
    ----------
    target : AST
        Variable de boucle.
    nodes : list of AST
        Tous les nœuds de la cellule.

    Returns
    -------
    bool
    """
    if not isinstance(target, ast.Name):
        return False
    plain = {
        id(node.value) for node in nodes if isinstance(node, ast.Attribute) and node.attr in suspects.PLAIN_ATTRIBUTES
    }
    reads = [node for node in nodes if isinstance(node, ast.Name) and node.id == target.id and node is not target]
    return all(id(node) in plain for node in reads)


def plainly_bound(node: ast.AST) -> Iterator[str]:
    """Noms qu’une affectation ordinaire définit.

    Parameters
    ----------
    node : AST
        Instruction.

    Yields
    ------
    str
    """
    if isinstance(node, (ast.Assign, ast.AnnAssign)):
        yield from (name for name, _ in bound([node]))


def class_reasons(node: ast.ClassDef) -> Iterator[str]:
    """Dit ce qu’une classe redéfinit et qui permet de mentir à un test.

    Parameters
    ----------
    node : ClassDef
        Classe.

    Yields
    ------
    str
        Raison.
    """
    defined = {name for name, _ in bound(node.body)}
    bases = {base.id if isinstance(base, ast.Name) else getattr(base, "attr", "") for base in node.bases}
    lying = defined & (suspects.COMPARISONS | suspects.ATTRIBUTES)
    if bases & suspects.VALUE_BASES:
        lying |= {name for name in defined - suspects.PLAIN_DUNDERS if name.startswith("__")}
    if lying:
        yield f"la classe « {node.name} » définit {', '.join(sorted(lying))}."
    if any(keyword.arg == "metaclass" for keyword in node.keywords):
        yield f"la classe « {node.name} » a une métaclasse."


def continues(name: str, node: ast.AST) -> bool:
    """Dit si une donnée de l’énoncé est seulement relue, complétée ou triée, non remplacée.

    Parameters
    ----------
    name : str
        Donnée.
    node : AST
        Instruction qui la redéfinit.

    Returns
    -------
    bool
    """
    value = getattr(node, "value", None)
    if isinstance(node, (ast.AugAssign, ast.Delete, ast.For, ast.With)) or value is None:
        return True
    for inner in ast.walk(value):
        if isinstance(inner, ast.Name) and inner.id == name:
            return True
        if isinstance(inner, ast.Attribute) and inner.attr.startswith(("read_", "load")):
            return True
    return False


def looped(nodes: list[ast.AST]) -> frozenset[str]:
    """Noms qui ne prennent que des textes écrits en clair : `for nom in ("mean", "median")`.

    Parameters
    ----------
    nodes : list of AST
        Tous les nœuds d’une cellule.

    Returns
    -------
    frozenset of str
    """
    loops = [node for node in nodes if isinstance(node, (ast.For, ast.comprehension)) and _plain_texts(node.iter)]
    kept = [node.target for node in loops if isinstance(node.target, ast.Name)]
    stores = [node for node in nodes if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)]
    others = {node.id for node in stores if not any(node is target for target in kept)}
    others |= {node.arg for node in nodes if isinstance(node, ast.arg)}
    return frozenset(target.id for target in kept) - others


def _plain_texts(node: ast.expr) -> bool:
    items = node.elts if isinstance(node, (ast.Tuple, ast.List)) else []
    texts = [item.value if isinstance(item, ast.Constant) else None for item in items]
    return bool(texts) and all(
        isinstance(text, str) and text.isidentifier() and not text.startswith("_") and not list(named(text))
        for text in texts
    )
