"""Catalogue de la bibliothèque des projets et formulaire de dépôt d’une fiche."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes

from formation.book.directives.base import BookDirective
from formation.book.nodes import raw, tag
from formation.book.subjects import chapter
from formation.library import cards, collection, exports, schema, writing
from formation.palette import CASES

if TYPE_CHECKING:
    from sphinx.application import Sphinx

FOLDER = "bibliotheque"
TITLE = "Bibliothèque des projets d’IA de collectivités"
PUBLISHER = "Formation à l’IA des collectivités territoriales"
_DOWNLOADS = {
    "fiches.csv": "Toutes les fiches, une ligne chacune (CSV)",
    "fiches.json": "Toutes les fiches (JSON)",
    "catalogue.jsonld": "Métadonnées du catalogue (DCAT-AP, JSON-LD)",
    schema.FILE: "Schéma d’une fiche (JSON Schema)",
    "modele.yml": "Modèle de fiche à remplir (YAML)",
}


class Catalogue(BookDirective):
    """Toutes les fiches de `bibliotheque/`, à chercher et à filtrer : `{catalogue}`."""

    def build(self) -> list[nodes.Node]:
        """Filtres, liste complète et téléchargements."""
        folder = self.root / FOLDER
        for path in collection.files(folder):
            self.env.note_dependency(str(path))
        self.needs("catalogue.js", "catalogue.css")
        self.env.metadata[self.env.docname]["formation_bibliotheque"] = "oui"
        library = collection.load(folder)
        up = "../" * self.env.docname.count("/")
        cases = {name: (style.name, f"{up}{chapter(name)}.html") for name, style in CASES.items()}
        return [raw(cards.catalogue(library, cases=cases)), downloads(self, *_DOWNLOADS)]


class FormulaireProjet(BookDirective):
    """Formulaire qui écrit une fiche valide : `{formulaire-projet}`."""

    def build(self) -> list[nodes.Node]:
        """Schéma pour le script, et ce qui remplace le formulaire sans JavaScript."""
        self.needs("fiche-yaml.js", "formulaire.js", "catalogue.css")
        self.env.metadata[self.env.docname]["formation_bibliotheque"] = "oui"
        # Dans une balise script, « </ » fermerait la balise.
        data = json.dumps(schema.json_schema(), ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
        text = (
            "Le formulaire demande JavaScript. Sans lui, remplissez le modèle dans un éditeur de texte, puis "
            "vérifiez-le avec la commande formation bibliotheque verifier."
        )
        holder = tag("div", class_="formulaire-projet")
        holder += raw(f'<script type="application/json">{data}</script>')
        holder += tag("p", text, class_="sans-js")
        return [holder, downloads(self, "modele.yml", schema.FILE)]


def downloads(directive: BookDirective, *names: str) -> nodes.Element:
    """Liens vers les fichiers tirés de la bibliothèque, écrits à la fin de la construction.

    Parameters
    ----------
    directive : BookDirective
        Directive en cours.
    *names : str
        Fichiers.

    Returns
    -------
    Element
        Liste de liens.
    """
    up = "../" * directive.env.docname.count("/")
    items = (
        tag("li", tag("a", _DOWNLOADS[name], href=f"{up}_static/{FOLDER}/{name}", download=name)) for name in names
    )
    return tag("ul", *items, class_="telechargements")


def write_files(app: Sphinx) -> None:
    """Écrit les exports et le schéma à côté du livre, si une page les propose.

    Parameters
    ----------
    app : Sphinx
        Application, construction finie.
    """
    if not any(data.get("formation_bibliotheque") for data in app.env.metadata.values()):
        return
    target = Path(app.outdir) / "_static" / FOLDER
    target.mkdir(parents=True, exist_ok=True)
    library = collection.load(Path(app.srcdir) / FOLDER)
    texts = {
        "fiches.csv": exports.to_csv(library),
        "fiches.json": exports.to_json(library),
        "catalogue.jsonld": exports.to_dcat(library.records, title=TITLE, publisher=PUBLISHER),
        schema.FILE: schema.to_text(),
        "modele.yml": writing.template(),
    }
    for name, text in texts.items():
        (target / name).write_text(text, encoding="utf-8")
