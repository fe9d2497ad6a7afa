"""Branchement de l’extension : directives, thème, recherche, formules, empreinte du contenu."""

from __future__ import annotations

import os
import re
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.util import logging

from formation.book import faces, fingerprint, first_use, links, maths, navigation, rendering, search, tokens
from formation.book.construction import NO_EXECUTION, PROGRESS
from formation.book.directives import chapter
from formation.book.directives.comparison import AvantApres
from formation.book.directives.downloads import Telecharger
from formation.book.directives.figure import FigureInteractive
from formation.book.directives.home import EnteteCas, GrilleCas, Porte, Portes, SixCas
from formation.book.directives.library import Catalogue, FormulaireProjet, write_files
from formation.book.directives.map import CarteAubeline
from formation.book.directives.numbers import NumberRole
from formation.book.directives.pathway import Parcours
from formation.book.directives.quiz import QuizDirective
from formation.book.directives.recommendations import OnzeRecommandations
from formation.book.directives.record import ListeExercices, ProjetReel
from formation.book.directives.sharing import FichesPartage
from formation.book.directives.sheet import ARemplir, FicheDecision
from formation.book.directives.slides import Diapos, write_decks
from formation.book.directives.sources import SourceRole, Sources
from formation.book.directives.tender import Marche
from formation.book.directives.tool import Outil
from formation.book.faces import Faces
from formation.book.nodes import balise, depart_balise, visit_balise

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment

THEME = Path(__file__).parent / "theme"
VERSION = "1"
VEGA = "vega.js"

DIRECTIVES: dict[str, Any] = {
    "entete-cas": EnteteCas,
    "entete-chapitre": chapter.EnteteChapitre,
    "portes": Portes,
    "porte": Porte,
    "six-cas": SixCas,
    "grille-cas": GrilleCas,
    "carte-aubeline": CarteAubeline,
    "figure-interactive": FigureInteractive,
    "avant-apres": AvantApres,
    "fiche-decision": FicheDecision,
    "a-remplir": ARemplir,
    "fiches-partage": FichesPartage,
    "quiz": QuizDirective,
    "onze-recommandations": OnzeRecommandations,
    "projet-reel": ProjetReel,
    "liste-exercices": ListeExercices,
    "sources": Sources,
    "telecharger": Telecharger,
    "catalogue": Catalogue,
    "formulaire-projet": FormulaireProjet,
    "outil": Outil,
    "marche": Marche,
    "parcours": Parcours,
    "diapos": Diapos,
}
_UNUSED = (
    "doctools.js",
    "documentation_options.js",
    "sphinx_highlight.js",
    "searchtools.js",
    "translations.js",
    "base-stemmer.js",
    "french-stemmer.js",
    "basic.css",
    "pygments.css",
    "file.png",
    "minus.png",
    "plus.png",
)

logger = logging.getLogger(__name__)


def register(app: Sphinx) -> dict[str, Any]:
    """Enregistre tout ce que l’extension apporte.

    Parameters
    ----------
    app : Sphinx
        Application en cours de démarrage.

    Returns
    -------
    dict
        Version et compatibilités.
    """
    from sphinx import locale

    locale.init([os.fspath(Path(locale.__file__).parent)], "fr", namespace="console")
    app.add_html_theme("aubeline", os.fspath(THEME))
    app.add_config_value("formation_empreinte", "", "env", [str])
    app.add_config_value("formation_accessibilite", "non conforme", "html", [str])
    app.add_config_value("formation_mots_courants", [], "env", [list])
    app.add_config_value("formation_cache", "", "", [str])
    # Jupyter Book pose ce réglage même sans l’extension de commentaires, que ce livre n’a pas.
    app.add_config_value("comments_config", {}, "", [dict])
    for name, directive in DIRECTIVES.items():
        app.add_directive(name, directive)
    app.add_role("src", SourceRole())
    app.add_role("chiffre", NumberRole())
    app.add_node(balise, html=(visit_balise, depart_balise))
    app.add_env_collector(Faces)
    app.add_search_language(search.FoldedFrench)
    app.add_html_math_renderer("mathml", (maths.visit_math, None), (maths.visit_displaymath, None))
    app.set_translator("html", rendering.Translator)
    app.connect("config-inited", _configure, priority=100)
    app.connect("builder-inited", _hidden_cells)
    app.connect("doctree-resolved", _resolve)
    app.connect("html-page-context", _context, priority=900)
    app.connect("build-finished", _finish, priority=900)
    if os.environ.get(PROGRESS):
        app.connect("source-read", _say_reading)
        app.connect("env-updated", _say_writing)
    return {"version": VERSION, "parallel_read_safe": False, "parallel_write_safe": False, "env_version": 2}


def _configure(app: Sphinx, config: Config) -> None:
    """Calcule l’empreinte du contenu et choisit le cache d’exécution qui lui correspond."""
    root = Path(app.srcdir)
    config["formation_empreinte"] = fingerprint.of_book(root)
    if os.environ.get(NO_EXECUTION):
        config["nb_execution_mode"] = "off"
    folder = Path(config["formation_cache"] or root / "_build" / "cache-carnets")
    config["nb_execution_cache_path"] = os.fspath(fingerprint.cache_folder(folder, fingerprint.of_execution(root)))
    style = (THEME / "static" / "aubeline.css.jinja").read_bytes() + tokens.variables(dark=True).encode()
    scripts = b"".join(path.read_bytes() for path in sorted((THEME / "static").glob("*.[jc]s*")))
    config.html_context.update(
        jetons_clairs=tokens.variables(dark=False),
        jetons_sombres=tokens.variables(dark=True),
        regles_cas=tokens.case_rules(),
        regles_figures=tokens.figure_rules(),
        version_theme=f"{zlib.crc32(style + scripts):08x}",
    )


def _hidden_cells(app: Sphinx) -> None:
    from myst_nb.sphinx_ import HideCodeCellNode

    app.add_node(HideCodeCellNode, override=True, html=(rendering.visit_hidden_cell, rendering.depart_hidden_cell))


def _say_reading(_app: Sphinx, docname: str, _source: list[str]) -> None:
    print(f"::lecture:: {docname}", flush=True)  # noqa: T201 — lu par la construction


def _say_writing(_app: Sphinx, _env: BuildEnvironment) -> None:
    print("::ecriture::", flush=True)  # noqa: T201 — lu par la construction


def _resolve(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    chapter.place(app, doctree, docname)
    links.place_headers(doctree, docname)
    links.resolve_links(app, doctree, docname)
    first_use.link_first_uses(app, doctree, docname)
    rendering.polish(app, doctree)


def _context(app: Sphinx, pagename: str, _template: str, context: dict[str, Any], doctree: Any) -> None:
    navigation.page_context(app, pagename, context, doctree)


def _write_vega(target: Path) -> None:
    """Écrit la bibliothèque des figures, une fois par version : la tirer de vl-convert prend plus d’une seconde."""
    import vl_convert

    header = f"/* Vega, Vega-Lite, Vega-Embed (BSD-3-Clause), tirés de vl-convert {vl_convert.__version__} */\n"  # type: ignore[attr-defined]
    if target.is_file() and target.read_text(encoding="utf-8").startswith(header):
        return
    target.write_text(header + vl_convert.javascript_bundle(), encoding="utf-8")  # type: ignore[call-arg]


def _forget_removed_pages(app: Sphinx, decks: set[str]) -> None:
    """Efface du site les pages et les images que le livre n’a plus ; Sphinx les laisse."""
    out, known = Path(app.outdir), app.env.found_docs
    images = {name for _, name in app.env.images.values()}
    wanted = {
        out: {"index.html", "search.html", *decks, *map(app.builder.get_target_uri, known)},
        out / "_sources": {Path(app.env.doc2path(name, base=False)).as_posix() + ".txt" for name in known},
        out / "_images": images,
    }
    for folder, names in wanted.items():
        for path in folder.rglob("*.html" if folder == out else "*"):
            if path.is_file() and path.relative_to(folder).as_posix() not in names:
                path.unlink()


def _finish(app: Sphinx, exception: Exception | None) -> None:
    """Écrit ce qui vaut pour tout le site : extraits, bibliothèque des figures, page d’entrée ; retire l’inutile."""
    if exception is not None or app.builder.format != "html":
        return
    static = Path(app.outdir) / "_static"
    search.write_index(app, faces.extracts(app.env))
    write_files(app)
    if any(data.get("formation_figure") for data in app.env.metadata.values()):
        _write_vega(static / VEGA)
    for name in _UNUSED:
        (static / name).unlink(missing_ok=True)
    for path in static.iterdir():
        if re.fullmatch(r"mystnb\.[0-9a-f]+\.css", path.name):
            path.unlink()
    _forget_removed_pages(app, write_decks(app))
    home = app.builder.get_target_uri(app.config.root_doc)
    entry = Path(app.outdir) / "index.html"
    if home != "index.html":
        title = app.config.html_title
        entry.write_text(
            f'<!DOCTYPE html>\n<html lang="fr"><head><meta charset="utf-8"><title>{title}</title>'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f'<link rel="icon" type="image/svg+xml" href="_static/marque.svg"><link rel="canonical" href="{home}">'
            f'<meta http-equiv="refresh" content="0; url={home}"></head>'
            f'<body><main><h1>{title}</h1><p><a href="{home}">Entrer dans le livre</a></p></main></body></html>\n',
            encoding="utf-8",
        )
