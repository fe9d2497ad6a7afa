"""Fiche du projet réel et liste des exercices."""

from __future__ import annotations

import re
from pathlib import Path

import yaml
from docutils import nodes

from formation.book.directives.base import BookDirective
from formation.book.directives.sources import source_links
from formation.book.models import ExerciseCard, Fact, FichierInvalide, Record, parse_yaml
from formation.book.nodes import tag

FIELDS = {
    # les quatre champs que le Sénat demande (recommandation 8), puis ceux que le livre ajoute
    "collectivites": "Collectivités",
    "besoin": "Besoin",
    "cout": "Coût",
    "impact_environnemental": "Impact environnemental",
    "prestataire": "Prestataire",
    "donnees": "Données",
    "methode": "Méthode",
    "resultats": "Résultats publiés",
    "statut": "Où en est le projet",
    "limites": "Limites",
    "questions_ouvertes": "Questions ouvertes",
}


class ProjetReel(BookDirective):
    """Fiche du projet réel, lue dans `cases/<cas>/fiche.yml`."""

    optional_arguments = 1

    def build(self) -> list[nodes.Node]:
        """Liste de rubriques ; chaque affirmation porte ses sources et, si besoin, son degré de certitude."""
        case = self.subject_argument()
        record: Record = self.read_yaml(f"cases/{case}/fiche.yml", Record)
        rows = tag("dl")
        for field, label in FIELDS.items():
            items = tag("ul")
            for fact in getattr(record, field):
                items += fact_item(self, fact)
            rows += tag("div", tag("dt", label), tag("dd", items))
        note = tag("span", f"Fiche du projet, {len(FIELDS)} rubriques, chacune avec ses sources")
        summary = tag("summary", *self.inline(record.titre), note)
        return [tag("div", tag("details", summary, rows), class_="projet-reel")]


def fact_item(directive: BookDirective, fact: Fact) -> nodes.Element:
    """Affirmation d’une liste, avec ses sources et, si besoin, son degré de certitude.

    Parameters
    ----------
    directive : BookDirective
        Directive en cours.
    fact : Fact
        Affirmation.

    Returns
    -------
    Element
        Élément de liste.
    """
    item = tag("li", *directive.inline(fact.texte))
    if fact.source:
        item += [nodes.Text(" "), *source_links(directive, fact.source)]
    if fact.confiance != "sûr":
        item += [nodes.Text(" "), tag("span", fact.confiance, class_="confiance")]
    return item


class ListeExercices(BookDirective):
    """Liste des exercices d’un cas, lue dans l’en-tête de `notebooks/<cas>/*.md`."""

    optional_arguments = 1

    def build(self) -> list[nodes.Node]:
        """Liste ordonnée : niveau, durée, points, objectif, compétences, fichier."""
        case = self.subject_argument()
        folder = self.root / "notebooks" / case
        paths = sorted(folder.glob("*.md"))
        if not paths:
            raise FichierInvalide(f"aucun exercice dans notebooks/{case}/ : ajoutez-en un ou retirez la directive.")
        items = tag("ol", class_="exercices")
        for path in paths:
            self.env.note_dependency(str(path))
            items += self._exercise(path, case)
        return [items]

    def _exercise(self, path: Path, case: str) -> nodes.Element:
        text = path.read_text(encoding="utf-8")
        name = f"notebooks/{case}/{path.name}"
        match = re.match(r"---\n(.*?)\n---\n", text, re.DOTALL)
        front = yaml.safe_load(match.group(1)) if match else None
        if not isinstance(front, dict) or "formation" not in front:
            raise FichierInvalide(f"{name} : l’en-tête n’a pas de rubrique « formation: » (titre, niveau, duree_min…).")
        card: ExerciseCard = parse_yaml(yaml.safe_dump(front["formation"]), ExerciseCard, name=name)
        points = sum(int(value) for value in re.findall(r"^\s+points: (\d+)$", text, re.MULTILINE))
        facts = [
            f"Niveau\u00a0: {card.niveau}",
            f"{card.duree_min}\u00a0min",
            f"{points}\u00a0points" if points else "",
        ]
        item = tag("li", tag("p", *self.inline(card.titre), class_="exercice-titre"))
        item += tag("p", " · ".join(fact for fact in facts if fact), class_="exercice-faits")
        item += tag("p", *self.inline(card.objectif))
        if card.competences:
            item += tag("p", "Compétences\u00a0: " + " · ".join(card.competences), class_="exercice-competences")
        item += tag("p", tag("code", path.stem), class_="exercice-fichier")
        return item
