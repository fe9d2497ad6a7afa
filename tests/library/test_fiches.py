"""Fiches livrées : sourcées, variées, honnêtes sur ce qu’elles ignorent, et d’accord avec les cas du livre."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from formation import library
from formation.classroom.grading.sandbox import default_read_only
from formation.library import key_figures
from formation.library.vocabulary import UNKNOWN

ROOT = Path(__file__).parents[2]
FIGURES = ROOT / "cases/conduire/chiffres.yml"
LEAST_RECORDS, LEAST_CAUTIONARY, LEAST_SMALL, LEAST_SECTORS = 25, 4, 3, 12
PAGES_READ = re.compile(
    r"non (publié|trouvé)|n’a pas été trouvée|n’a pas pu être lue?|\b(aucune?|pas|ni)\b.*publi", re.I
)


@pytest.fixture(scope="module")
def records():
    return library.load(ROOT / "bibliotheque").records


def plain(text):
    return re.sub(r"[\s\u00a0\u202f]+", " ", text)


def test_library_is_large_and_varied(records):
    assert len(records) >= LEAST_RECORDS
    assert len({sector for record in records for sector in record.complements.secteur}) >= LEAST_SECTORS
    assert sum(record.situation.taille == "moins-de-3500" for record in records) >= LEAST_SMALL
    stopped = [record.id for record in records if record.complements.maturite == "arrete"]
    assert len(stopped) >= LEAST_CAUTIONARY


def test_six_cases_of_the_book_are_in_the_library(records):
    cases = {record.complements.cas_du_livre for record in records}
    assert cases >= {"usagers", "securite", "dechets", "eau", "risques", "mobilites"}


def test_every_fact_of_the_shipped_records_says_where_it_was_read(records):
    silent = [(record.id, fact.texte) for record in records for fact in key_figures.facts(record) if not fact.source]
    assert silent == []


def test_every_source_is_cited_by_its_record(records):
    unused = {
        (record.id, source.cle)
        for record in records
        for source in record.sources
        if source.cle
        not in {key for fact in key_figures.facts(record) for key in fact.source}
        | {key for place in record.situation.collectivites for key in place.source}
    }
    assert unused == set()


def test_source_has_an_address_and_a_past_reading_date(records):
    # après minuit en France, il n’est pas encore minuit partout
    latest = datetime.now(UTC).date() + timedelta(days=1)
    for record in records:
        for source in record.sources:
            assert source.url or record.complements.cas_du_livre, (record.id, source.cle)
            assert date.fromisoformat(source.consulte) <= latest


@pytest.mark.parametrize("field", ["cout", "impact_environnemental"])
def test_report_field_is_never_silent(records, field):
    silent = [record.id for record in records if not getattr(record, field).faits]
    assert silent == []


def test_unknown_report_field_says_it_was_looked_for(records):
    for record in records:
        for fact in (*record.cout.faits, *record.impact_environnemental.faits):
            if fact.confiance == UNKNOWN:
                assert PAGES_READ.search(plain(fact.texte)), (record.id, fact.texte)


def test_known_amount_says_what_it_counts(records):
    vague = [record.id for record in records if record.cout.montant_euros is not None and record.cout.base == UNKNOWN]
    assert vague == []


def test_contradictory_cost_shows_at_least_two_versions(records):
    lonely = [record.id for record in records if record.cout.tranche == "desaccord" and len(record.cout.faits) < 2]
    assert lonely == []


def test_environmental_figure_is_absent_when_nobody_evaluated(records):
    for record in records:
        impact = record.impact_environnemental
        if impact.evaluation in (UNKNOWN, "aucune"):
            assert impact.energie_kwh_an is None
            assert impact.emissions_kgco2e_an is None


def test_facts_borrowed_from_a_case_are_worded_as_in_the_case(records):
    for record in records:
        case = record.complements.cas_du_livre
        if not case:
            continue
        raw = yaml.safe_load((ROOT / "cases" / case / "fiche.yml").read_text("utf-8"))
        known = {plain(fact["texte"]): fact for facts in raw.values() if isinstance(facts, list) for fact in facts}
        own = {source.cle for source in record.sources if re.fullmatch(r"[NP]\d", source.cle)}
        for fact in key_figures.facts(record):
            if own & set(fact.source):
                continue
            assert plain(fact.texte) in known, (record.id, fact.texte)
            assert known[plain(fact.texte)]["confiance"] == fact.confiance


def test_own_calculation_is_not_credited_to_anyone(records):
    for record in records:
        for fact in record.complements.resultats:
            assert (fact.mesure_par == key_figures.OWN) == fact.texte.startswith("Calcul"), (record.id, fact.texte)


def test_own_calculation_is_not_counted_as_a_published_result(records):
    record = next(record for record in records if record.id == "sicoval-fuites-d-eau")
    assert key_figures.measure([record])["resultats"] == 1


def test_water_records_do_not_borrow_each_other_s_figures(records):
    texts = {record.id: plain(record.model_dump_json()) for record in records}
    assert "Sicoval" not in texts["capi-fuites-d-eau"]
    assert "Saint-Savin" not in texts["sicoval-fuites-d-eau"]


def test_unknown_facts_are_counted_when_records_are_measured(records):
    values = key_figures.measure(records)
    assert values["cout_montant"] + values["cout_desaccord"] + values["cout_inconnu"] <= values["fiches"]
    assert 0 < values["faits_inconnus"] < values["faits"]
    sides = values["resultats_independants"] + values["resultats_prestataire"] + values["resultats_collectivite"]
    assert sides <= values["resultats"]


def test_figures_quoted_in_the_book_are_those_of_the_records(records):
    assert FIGURES.read_text("utf-8") == key_figures.document(key_figures.measure(records))


def test_figures_file_is_written_whole(tmp_path, records):
    target = tmp_path / "chiffres.yml"
    key_figures.write(target, records[:2])
    assert yaml.safe_load(target.read_text("utf-8"))["biblio_fiches"] == {"valeur": 2}
    assert list(tmp_path.iterdir()) == [target]


def test_records_can_be_read_while_a_copy_is_graded():
    assert str(ROOT / "bibliotheque") in default_read_only()


def test_what_the_chapter_says_in_words_still_holds(records):
    values = key_figures.measure(records)
    assert (values["impact_evalue"], values["impact_chiffre"]) == (0, 0), "réécrire « Et l’environnement ? »"
    measured = [
        record.id
        for record in records
        if any(fact.mesure_par in key_figures.INDEPENDENT for fact in record.complements.resultats)
    ]
    assert measured == ["jeux-2024-foule-trop-dense"], "réécrire « Qui a mesuré ? »"
