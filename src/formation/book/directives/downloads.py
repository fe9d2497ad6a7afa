"""Tables à télécharger, d’après leur descripteur."""

from __future__ import annotations

from docutils import nodes
from docutils.statemachine import StringList

from formation.book.directives.base import BookDirective
from formation.numbers import number


def weight(size: int) -> str:
    """Poids d’un fichier, lisible.

    Parameters
    ----------
    size : int
        Taille, en octets.

    Returns
    -------
    str
        Kilo-octets ou méga-octets (1 000 000 d’octets).

    Examples
    --------
    >>> weight(77_759).replace(chr(160), " ")
    '78 ko'
    """
    return f"{number(size / 1e6, 1)}\u00a0Mo" if size >= 1e6 else f"{number(max(size / 1000, 1))}\u00a0ko"


class Telecharger(BookDirective):
    """Liste des tables d’un cas, chacune avec son lien : `{telecharger} eau` (`territoire` est admis)."""

    required_arguments = 1

    def build(self) -> list[nodes.Node]:
        """Tableau : fichier à télécharger, contenu, lignes, poids ; le descripteur vient en dernier."""
        from formation import datasets  # charge pandas : toutes les pages n’en ont pas besoin

        case = str(self.arguments[0]).strip()
        lines = ["| Fichier | Contenu | Lignes | Poids |", "|---|---|--:|--:|"]
        for name in datasets.names(case):
            item = datasets.resource(case, name)
            file = datasets.path(case, name)
            self.env.note_dependency(str(file))
            target = file.relative_to(self.root).as_posix()
            link = f"{{download}}`{file.name} </{target}>`"
            rows = "—" if item.rows is None else number(item.rows)
            lines.append(f"| {link} | {item.title} | {rows} | {weight(file.stat().st_size)} |")
        descriptor = datasets.root() / case / "datapackage.json"
        target = descriptor.relative_to(self.root).as_posix()
        link = f"{{download}}`datapackage.json </{target}>`"
        lines.append(
            f"| {link} | Schéma\u00a0: type, unité, sens et empreinte | | {weight(descriptor.stat().st_size)} |"
        )
        holder = nodes.container()
        self.state.nested_parse(StringList(lines, source=f"datasets/{case}"), self.content_offset, holder)
        return list(holder.children)
