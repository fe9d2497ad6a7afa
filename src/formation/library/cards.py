"""La bibliothèque en HTML : une fiche par projet, ses affirmations, leur certitude, leurs sources, et les filtres.

Tout est lisible sans JavaScript ; le script ne fait que trier ce qui est déjà là.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from formation.library.models import ProjectRecord, RecordFact, RecordSource
from formation.library.search import FILTERS, counts, values, words
from formation.library.vocabulary import UNKNOWN, label
from formation.numbers import day, number, plural

_EVERY = {
    "besoin": "Tous les besoins",
    "taille": "Toutes les tailles",
    "cout": "Tous les coûts",
    "maturite": "Toutes les maturités",
    "secteur": "Tous les secteurs",
}
_ADDED = {
    "donnees": "Données",
    "resultats": "Résultats",
    "prestataire": "Prestataire",
    "hebergement": "Hébergement",
    "licence": "Licence",
    "classe_juridique": "Classe juridique",
    "limites": "Limites",
    "suites": "Suites",
}


def catalogue(
    records: Iterable[ProjectRecord], *, level: int = 3, cases: Mapping[str, tuple[str, str]] | None = None
) -> str:
    """Formulaire de recherche et liste complète des fiches.

    Parameters
    ----------
    records : iterable of ProjectRecord
        Fiches.
    level : int
        Niveau de titre d’une fiche.
    cases : mapping, optional
        Pour chaque cas du livre, son nom et l’adresse de sa page.

    Returns
    -------
    str
        HTML ; tout texte venu d’une fiche y est échappé.
    """
    listed = sorted(records, key=lambda record: words(record.titre))
    items = "\n".join(_card(record, rank, level, cases or {}) for rank, record in enumerate(listed, start=1))
    return (
        f'<div class="catalogue">{_form(listed)}'
        f'<p class="etat" role="status">{plural(len(listed), "projet")}.</p>'
        f'<ol class="projets">\n{items}\n</ol>'
        '<p class="avec-js"><button type="button" class="bouton secondaire suite-projets" hidden></button></p></div>'
    )


def page(records: Iterable[ProjectRecord], title: str) -> str:
    """Catalogue entier en une page autonome : ni serveur, ni réseau, ni autre fichier.

    Parameters
    ----------
    records : iterable of ProjectRecord
        Fiches.
    title : str
        Nom de la bibliothèque.

    Returns
    -------
    str
        Page HTML.
    """
    static = files("formation.book") / "theme" / "static"
    style, script = ((static / name).read_text(encoding="utf-8") for name in ("catalogue.css", "catalogue.js"))
    head = escape(title)
    return (
        '<!DOCTYPE html>\n<html lang="fr"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{head}</title>'
        '<link rel="icon" href="data:,"><script>document.documentElement.classList.add("js")</script>'
        f"<style>{_STYLE}{style}</style></head><body><main><h1>{head}</h1>{catalogue(records, level=2)}</main>"
        f"<script>{script}</script></body></html>\n"
    )


_STYLE = (
    ":root{color-scheme:light dark;--trait:#8a94a0;--trait-fort:#6b7580;--cas:#0b4f8a;--encre-douce:#4b5661;"
    "--fond:#fff}"
    "@media (prefers-color-scheme:dark){:root{--cas:#8cc4ff;--encre-douce:#b4bec9;--fond:#14191f}}"
    "body{font:1.05rem/1.6 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;background:var(--fond)}"
    "a{color:var(--cas)}html:not(.js) .avec-js{display:none}input,select,button{font:inherit;padding:.35rem .6rem}"
    ":focus-visible{outline:3px solid #c9600a;outline-offset:2px}"
)


def _form(records: Sequence[ProjectRecord]) -> str:
    found = counts(records)
    selects = "".join(_select(name, found[name], len(records)) for name in FILTERS)
    return (
        '<form class="filtres avec-js" role="search" aria-label="Chercher dans la bibliothèque">'
        '<p class="filtre-mots"><label for="catalogue-q">Mots</label>'
        '<input id="catalogue-q" name="mots" type="search" autocomplete="off" spellcheck="false"></p>'
        f'{selects}<p class="filtre-fin">'
        '<button type="reset" class="bouton secondaire">Tout effacer</button></p></form>'
    )


def _select(name: str, found: dict[str, int], total: int) -> str:
    options = "".join(
        f'<option value="{value}">{escape(label(name, value))} ({count})</option>' for value, count in found.items()
    )
    return (
        f'<p><label for="catalogue-{name}">{FILTERS[name]}</label><select id="catalogue-{name}" name="{name}">'
        f'<option value="">{_EVERY[name]} ({total})</option>{options}</select></p>'
    )


def _card(record: ProjectRecord, rank: int, level: int, cases: Mapping[str, tuple[str, str]]) -> str:
    data = "".join(f' data-{name}="{" ".join(values(record, name))}"' for name in FILTERS)
    shown = [place.nom for place in record.situation.collectivites]
    facts = [", ".join(shown[:4]) + (" et d’autres" if len(shown) > 4 else "")]
    facts += (
        [label("taille", record.situation.taille)] if record.situation.taille not in (UNKNOWN, "sans-objet") else []
    )
    facts += [
        f"{FILTERS[name]}\u00a0: {', '.join(_shown(name, value) for value in values(record, name))}"
        for name in ("besoin", "cout", "maturite", "secteur")
    ]
    name, address = cases.get(record.complements.cas_du_livre, ("", ""))
    case = f'<p>Cas du livre\u00a0: <a href="{escape(address)}">{escape(name)}</a></p>' if name else ""
    return (
        f'<li id="projet-{record.id}"{data}><h{level}>{escape(record.titre)}</h{level}>'
        f'<p class="projet-faits">{escape(" · ".join(facts))}</p>'
        f"<details><summary>Lire la fiche</summary>{_details(record, rank)}{case}</details></li>"
    )


def _shown(name: str, value: str) -> str:
    return label(name, value).lower() if value == UNKNOWN else label(name, value)


def _details(record: ProjectRecord, rank: int) -> str:
    more = record.complements
    report = [
        ("Situation", [_place(place, rank) for place in record.situation.collectivites], record.situation.faits),
        ("Besoin", [], record.besoin.faits),
        ("Coût", _cost(record), record.cout.faits),
        ("Impact environnemental", _impact(record), record.impact_environnemental.faits),
    ]
    dates = " – ".join(day(part) for part in (more.calendrier.debut, more.calendrier.fin) if part)
    methods = [value for value in more.methode.familles if value != UNKNOWN]
    added = [
        ("Calendrier", [escape(dates)] if dates else [], more.calendrier.faits),
        ("Méthode", [escape(", ".join(label("methode", value) for value in methods))] if methods else [],
         more.methode.faits),
        *((title, [], getattr(more, name)) for name, title in _ADDED.items()),
    ]  # fmt: skip
    missing = [title.lower() for title, lines, facts in added if not lines and not facts]
    nothing = f"<p>Rien trouvé sur\u00a0: {', '.join(missing)}.</p>" if missing else ""
    name = f"Fiche «\u00a0{record.id}\u00a0» du {day(record.date_fiche)}, {escape(record.redaction)}."
    return (
        f'<p class="origine">Champs du rapport</p>{_rows(report, rank, unknown=True)}'
        f'<p class="origine">Ajouts de cette formation</p>{_rows(added, rank)}{nothing}'
        f'<p class="origine">Sources</p>{_sources(record.sources, rank)}'
        f'<p class="fiche-note">{name}</p>'
    )


def _rows(rows: Iterable[tuple[str, list[str], Sequence[RecordFact]]], rank: int, *, unknown: bool = False) -> str:
    out = []
    for title, lines, facts in rows:
        cells = [*lines, *(_fact(fact, rank) for fact in facts)]
        if cells or unknown:
            out.append(f"<dt>{title}</dt>" + "".join(f"<dd>{cell}</dd>" for cell in cells or ["Inconnu."]))
    return f"<dl>{''.join(out)}</dl>" if out else ""


def _fact(fact: RecordFact, rank: int) -> str:
    measured = getattr(fact, "mesure_par", UNKNOWN)
    by = "" if measured == UNKNOWN else f" Mesuré par\u00a0: {label('mesure_par', measured).lower()}."
    doubt = "" if fact.confiance == "sûr" else f" <em>{fact.confiance}</em>"
    return f"{escape(fact.texte)}{by}{_cited(fact.source, rank)}{doubt}"


def _cited(keys: Iterable[str], rank: int) -> str:
    return "".join(f' <a href="#p{rank}{key}">[{key}]</a>' for key in keys)


def _place(place: Any, rank: int) -> str:
    where = ", ".join(part for part in (place.departement, place.region) if part)
    kind = "" if place.type in (UNKNOWN, "autre") else f", {label('type', place.type).lower()}"
    people = ""
    if place.population is not None:
        year = f" en {place.population_annee}" if place.population_annee else ""
        people = f", {number(place.population)}\u00a0habitants{year}"
    return escape(f"{place.nom}{f' ({where})' if where else ''}{kind}{people}.") + _cited(place.source, rank)


def _cost(record: ProjectRecord) -> list[str]:
    cost = record.cout
    if cost.montant_euros is None:
        return []
    base = "" if cost.base == UNKNOWN else f" ({label('base', cost.base).lower()})"
    return [f"{number(cost.montant_euros)}\u00a0€{escape(base)}."]


def _impact(record: ProjectRecord) -> list[str]:
    impact = record.impact_environnemental
    shown = "inconnue" if impact.evaluation == UNKNOWN else label("evaluation", impact.evaluation).lower()
    lines = [f"Évaluation\u00a0: {escape(shown)}."]
    if impact.energie_kwh_an is not None:
        lines.append(f"{number(impact.energie_kwh_an)}\u00a0kWh par an.")
    if impact.emissions_kgco2e_an is not None:
        lines.append(f"{number(impact.emissions_kgco2e_an)}\u00a0kg équivalent CO₂ par an.")
    return lines


def _sources(sources: Sequence[RecordSource], rank: int) -> str:
    if not sources:
        return "<p>Aucune source.</p>"
    return f'<ul class="projet-sources">{"".join(_source(source, rank) for source in sources)}</ul>'


def _source(source: RecordSource, rank: int) -> str:
    date = f", {escape(source.date)}" if source.date else ""
    link = ""
    if source.url:
        host = urlsplit(source.url).netloc.removeprefix("www.") or source.url
        link = f' <a href="{escape(source.url)}">{escape(host)}</a>.'
    read = {"direct": "", "secondaire": " Lue en résumé.", "déclaration": " Déclaration de la collectivité."}[source.lu]
    seen = f" Consultée le {day(source.consulte)}." if source.consulte else ""
    title = f"<cite>{escape(source.titre)}</cite>, {escape(source.editeur)}{date}."
    return f'<li id="p{rank}{source.cle}">[{source.cle}] {title}{link}{seen}{read}</li>'
