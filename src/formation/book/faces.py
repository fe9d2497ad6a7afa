"""Ce qu’une page montre aux autres : quand cela change, elles sont toutes réécrites ; sinon, elle seule.

Le menu de chaque page cite les titres des autres, et un lien vise une ancre d’une autre page. Ces titres et ces ancres
sont la *face* d’une page. Un paragraphe corrigé n’y touche pas : réécrire la page suffit. Les extraits de la recherche
sont gardés de la même façon, page par page.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.environment.collectors import EnvironmentCollector

from formation.book import search

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment


class Faces(EnvironmentCollector):
    """Garde dans l’environnement de Sphinx la face et les extraits de chaque page."""

    def process_doc(self, app: Sphinx, doctree: nodes.document) -> None:
        """Garde la face et les extraits de la page qui vient d’être lue.

        Parameters
        ----------
        app : Sphinx
            Application.
        doctree : document
            Page lue.
        """
        kept = _kept(app.env)
        kept["faces"][app.env.docname] = face(doctree)
        kept["extraits"][app.env.docname] = search.sections(doctree)

    def clear_doc(self, app: Sphinx, env: BuildEnvironment, docname: str) -> None:  # noqa: ARG002
        """Oublie une page retirée ou relue.

        Parameters
        ----------
        app : Sphinx
            Application.
        env : BuildEnvironment
            Environnement.
        docname : str
            Nom de la page.
        """
        for pages in _kept(env).values():
            pages.pop(docname, None)

    def merge_other(
        self,
        app: Sphinx,  # noqa: ARG002
        env: BuildEnvironment,
        docnames: set[str],
        other: BuildEnvironment,
    ) -> None:
        """Reprend les pages lues par un autre processus.

        Parameters
        ----------
        app : Sphinx
            Application.
        env, other : BuildEnvironment
            Environnement, et celui de l’autre processus.
        docnames : set of str
            Pages lues par l’autre processus.
        """
        theirs = _kept(other)
        for name, pages in _kept(env).items():
            pages.update({docname: theirs[name][docname] for docname in docnames})

    def get_updated_docs(self, app: Sphinx, env: BuildEnvironment) -> list[str]:  # noqa: ARG002
        """Pages à réécrire en plus de celles qui ont été lues : toutes si une face a changé, aucune sinon.

        Parameters
        ----------
        app : Sphinx
            Application.
        env : BuildEnvironment
            Environnement, toutes les pages lues.

        Returns
        -------
        list of str
            Noms de pages.
        """
        seen = digest(env)
        if env.__dict__.get("formation_vu") == seen:
            return []
        env.__dict__["formation_vu"] = seen
        return sorted(env.found_docs)


def _kept(env: BuildEnvironment) -> dict[str, dict[str, Any]]:
    kept: dict[str, dict[str, Any]] = env.__dict__.setdefault("formation_pages", {"faces": {}, "extraits": {}})
    return kept


def face(doctree: nodes.document) -> str:
    """Empreinte de la face d’une page : ses titres et ses ancres.

    Parameters
    ----------
    doctree : document
        Page lue.

    Returns
    -------
    str
        Empreinte.
    """
    titles = [node.astext() for node in doctree.findall(nodes.title)]
    anchors = sorted({name for node in doctree.findall(nodes.Element) for name in node.get("ids", [])})
    return hashlib.sha256(repr((titles, anchors)).encode()).hexdigest()


def digest(env: BuildEnvironment) -> str:
    """Empreinte de ce que les pages se montrent : la face de chacune.

    Le plan, les réglages, les gabarits et l’extension n’y sont pas : Sphinx les surveille et réécrit déjà tout.

    Parameters
    ----------
    env : BuildEnvironment
        Environnement, toutes les pages lues.

    Returns
    -------
    str
        Empreinte.
    """
    shown = (sorted(_kept(env)["faces"].items()), sorted(env.found_docs))
    return hashlib.sha256(repr(shown).encode()).hexdigest()


def extracts(env: BuildEnvironment) -> dict[str, list[tuple[str, str, str]]]:
    """Extraits de toutes les pages du livre, réécrites ou non.

    Parameters
    ----------
    env : BuildEnvironment
        Environnement, toutes les pages lues.

    Returns
    -------
    dict
        Sections de chaque page.
    """
    return dict(_kept(env)["extraits"])
