"""Ce que la fabrique laisse inachevé dans un PDF balisé, complété ici.

WeasyPrint balise le texte ; il laisse les pieds de page hors de la structure sans en faire un décor, coupe un tableau
en autant de tableaux que de pages, n’écrit ni la portée des en-têtes ni leur index, et donne le cadre des figures dans
un autre repère que celui de la page.
"""

from __future__ import annotations

import io
from typing import Any

from formation.printing import tree
from formation.printing.content import SHOWING, Step, glyphs, instructions, steps

DECOR = "formation:decor"
"""Texte de remplacement donné aux images décoratives, pour les reconnaître ici et les retirer de la structure."""
_POINTS_PER_PIXEL = 0.75
Content = list[Step]


def mend(draft: bytes) -> bytes:
    """Complète un PDF balisé et l’écrit de façon reproductible.

    Parameters
    ----------
    draft : bytes
        PDF tel que WeasyPrint le rend.

    Returns
    -------
    bytes
        PDF complété ; les mêmes octets pour le même brouillon.
    """
    import pikepdf

    with pikepdf.open(io.BytesIO(draft)) as pdf:
        pages: dict[tuple[int, int], Content] = {_key(page): list(steps(instructions(page))) for page in pdf.pages}
        root = pdf.Root["/StructTreeRoot"]
        _drop_decor(root)
        _join_parts(root)
        _join_tables(root, pages)
        _name_headers(pdf, root)
        _place_figures(root)
        reached = {(leaf.page, leaf.mcid) for leaf in tree.leaves(root)}
        _forget(root, pdf, reached)
        for page in pdf.pages:
            _rewrite(pdf, page, pages[_key(page)], {mcid for where, mcid in reached if where == _key(page)})
        stream = io.BytesIO()
        pdf.save(stream, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return stream.getvalue()


def _key(page: Any) -> tuple[int, int]:
    number, generation = page.objgen
    return number, generation


def _drop_decor(root: Any) -> None:
    for element in list(tree.walk(root)):
        for rank in range(len(tree.kids(element)) - 1, -1, -1):
            kid = tree.kids(element)[rank]
            if tree.is_dictionary(kid) and str(kid.get("/Alt", "")) == DECOR:
                del element["/K"][rank]


def _join_parts(root: Any) -> None:
    """Le contenu principal est coupé à chaque page : il n’en fait qu’un."""
    document = tree.children(root)[0]
    parts = tree.children(document)
    if len(parts) < 2 or any(tree.kind(part) != "Part" for part in parts):
        return
    for part in parts[1:]:
        for kid in tree.children(part):
            _adopt(parts[0], kid)
    while len(document["/K"]) > 1:
        del document["/K"][1]


def _adopt(parent: Any, kid: Any) -> None:
    kid["/P"] = parent
    parent["/K"].append(kid)


def _join_tables(root: Any, pages: dict[tuple[int, int], Content]) -> None:
    """Un tableau qui continue à la page suivante n’en fait qu’un ; son en-tête répété devient un décor."""
    previous: Any = None
    for table in tree.tables(root):
        if previous is not None and _continues(previous, table, pages):
            _append_rows(previous, table)
        else:
            previous = table


def _continues(first: Any, second: Any, pages: dict[tuple[int, int], Content]) -> bool:
    heads = [next((part for part in tree.children(one) if tree.kind(part) == "THead"), None) for one in (first, second)]
    if None in heads or any(tree.kind(part) == "Caption" for part in tree.children(second)):
        return False
    ends = [next(tree.leaves(tree.rows(one)[rank]), None) for one, rank in ((first, -1), (second, 0))]
    order = list(pages)
    if any(end is None or end.page not in pages for end in ends):
        return False
    last, start = (order.index(end.page) for end in ends)  # type: ignore[union-attr, arg-type]
    return start == last + 1 and _drawn(heads[0], pages) == _drawn(heads[1], pages)


def _drawn(element: Any, pages: dict[tuple[int, int], Content]) -> list[bytes]:
    """Texte d’un élément, tel qu’il est peint : deux en-têtes répétés sont peints pareil."""
    wanted = [(leaf.page, leaf.mcid) for leaf in tree.leaves(element)]
    return [
        b"".join(glyphs(step) for step in pages.get(page, []) if step.operator in SHOWING and step.mcid == mcid)
        for page, mcid in wanted
        if page is not None
    ]


def _append_rows(first: Any, second: Any) -> None:
    renamed = dict(zip(_header_names(first), _header_names(second), strict=False))
    back = {new: old for old, new in renamed.items()}
    bodies = [part for part in tree.children(first) if tree.kind(part) == "TBody"]
    goal = bodies[-1] if bodies else first
    for part in tree.children(second):
        for row in tree.children(part) if tree.kind(part) == "TBody" else [part] if tree.kind(part) == "TR" else []:
            for cell in tree.cells(row):
                _rename(cell, back)
            _adopt(goal, row)
    parent = second["/P"]
    for rank in range(len(parent["/K"]) - 1, -1, -1):
        if getattr(parent["/K"][rank], "objgen", None) == second.objgen:
            del parent["/K"][rank]


def _header_names(table: Any) -> list[str]:
    head = next(part for part in tree.children(table) if tree.kind(part) == "THead")
    return [str(cell["/ID"]) for row in tree.children(head) for cell in tree.cells(row) if "/ID" in cell]


def _rename(cell: Any, names: dict[str, str]) -> None:
    import pikepdf

    for one in tree.attributes(cell):
        if "/Headers" in one:
            found = [names.get(str(name), str(name)) for name in one["/Headers"]]
            one["/Headers"] = pikepdf.Array([pikepdf.String(name) for name in found])


def _name_headers(pdf: Any, root: Any) -> None:
    """Noms courts et stables pour les en-têtes, leur portée, et l’index qui permet de les retrouver."""
    import pikepdf

    index: dict[str, Any] = {}
    for rank, table in enumerate(tree.tables(root)):
        names: dict[str, str] = {}
        rows = tree.rows(table)
        for line, row in enumerate(rows):
            used = {name for cell in tree.cells(row) if tree.kind(cell) == "TD" for name in tree.headers(cell)}
            for column, cell in enumerate(tree.cells(row)):
                if tree.kind(cell) != "TH" or "/ID" not in cell:
                    continue
                before, name = str(cell["/ID"]), f"t{rank:03d}-l{line:05d}-c{column:02d}"
                names[before] = name
                cell["/ID"] = pikepdf.String(name)
                own = before in used and tree.kind(row["/P"]) != "THead"
                cell["/A"]["/Scope"] = pikepdf.Name.Row if own else pikepdf.Name.Column
                index[name] = cell
        for row in rows:
            for cell in tree.cells(row):
                _rename(cell, names)
                for one in tree.attributes(cell):
                    if "/Headers" in one and not len(one["/Headers"]):
                        del one["/Headers"]
    if index:
        listed = [value for name in sorted(index) for value in (pikepdf.String(name), index[name])]
        root["/IDTree"] = pdf.make_indirect(pikepdf.Dictionary(Names=pikepdf.Array(listed)))


def _place_figures(root: Any) -> None:
    """Cadre d’une figure : du haut de la page en pixels au bas de la page en points."""
    import pikepdf

    for element in tree.walk(root):
        for one in tree.attributes(element):
            if tree.kind(element) != "Figure" or "/BBox" not in one or "/Pg" not in element:
                continue
            left, top, right, bottom = (_POINTS_PER_PIXEL * float(value) for value in one["/BBox"])
            height = float(element["/Pg"]["/MediaBox"][3])
            one["/BBox"] = pikepdf.Array([round(value, 3) for value in (left, height - bottom, right, height - top)])


def _forget(root: Any, pdf: Any, reached: set[tuple[tuple[int, int] | None, int]]) -> None:
    """Ce qui n’est plus dans l’arbre n’est plus dans l’index qui mène du contenu à l’arbre."""
    numbers = root["/ParentTree"]["/Nums"]
    pages = {int(page["/StructParents"]): page.objgen for page in pdf.pages if "/StructParents" in page}
    for rank in range(0, len(numbers), 2):
        page = pages.get(int(numbers[rank]))
        if page is None:
            continue
        for mcid in range(len(numbers[rank + 1])):
            if (page, mcid) not in reached:
                numbers[rank + 1][mcid] = None


def _rewrite(pdf: Any, page: Any, content: Content, kept: set[int]) -> None:
    """Le contenu hors de l’arbre devient un décor ; un décor dans un contenu marqué perd sa marque."""
    import pikepdf

    written: list[Any] = []
    silenced: list[bool] = []
    changed = False
    for step in content:
        operands, operator = step.operands, step.operator
        if step.opened:
            mark = step.marks[-1]
            inner = len(step.marks) > 1 and mark.artifact
            silenced.append(inner)
            if inner:
                changed = True
                continue
            if mark.mcid is not None and mark.mcid not in kept:
                operands = [pikepdf.Name.Artifact, pikepdf.Dictionary(Type=pikepdf.Name.Pagination)]
                operator, changed = "BDC", True
        elif operator == "EMC" and silenced and silenced.pop():
            continue
        written.append((operands, pikepdf.Operator(operator)))
    if changed:
        page.Contents = pdf.make_stream(pikepdf.unparse_content_stream(written))
