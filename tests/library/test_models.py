"""Le schéma : quatre champs du rapport, des ajouts marqués, et les fiches livrées qui le suivent."""

from __future__ import annotations

import re
from pathlib import Path

import jsonschema
import pytest
from pydantic import ValidationError

from formation.library import schema
from formation.library.collection import files, load, root
from formation.library.models import ProjectRecord
from formation.library.reading import check
from formation.library.vocabulary import UNKNOWN, VOCABULARIES, cost_of, size_of

REPORT_FIELDS = {"situation", "besoin", "cout", "impact_environnemental"}
LEAST_RECORDS = 25


@pytest.fixture(scope="module")
def published():
    return schema.json_schema()


@pytest.fixture(scope="module")
def library():
    return load()


def test_schema_is_valid_draft_2020_12(published):
    jsonschema.Draft202012Validator.check_schema(published)
    assert published["$schema"].endswith("2020-12/schema")


def test_schema_marks_the_origin_of_every_field(published):
    origins = {name: field["x-origine"] for name, field in published["properties"].items()}
    assert {name for name, origin in origins.items() if origin == "rapport"} == REPORT_FIELDS
    assert origins["complements"] == "ajout"
    for model in published["$defs"].values():
        for name, field in model["properties"].items():
            assert field["x-origine"] in {"rapport", "ajout", "gestion"}, name
            assert field["title"], name
            assert field["description"].endswith("."), name
    assert {field["x-origine"] for field in published["$defs"]["Additions"]["properties"].values()} == {"ajout"}


def test_schema_lists_values_with_their_labels(published):
    maturity = published["$defs"]["Additions"]["properties"]["maturite"]
    assert maturity["enum"] == list(VOCABULARIES["maturite"])
    assert maturity["x-libelles"]["service"] == "En service"


@pytest.mark.parametrize("name", sorted(VOCABULARIES))
def test_unknown_is_a_value_of_every_vocabulary(name):
    assert UNKNOWN in VOCABULARIES[name]


def test_delivered_records_are_many_valid_and_named_after_their_file(library, published):
    assert len(library) >= LEAST_RECORDS
    validator = jsonschema.Draft202012Validator(published)
    for record in library:
        assert list(validator.iter_errors(record.model_dump())) == [], record.id
    assert [path.stem for path in files(root())] == [record.id for record in library]


def test_delivered_records_cover_the_six_cases(library):
    assert {record.complements.cas_du_livre for record in library} >= {
        "usagers", "securite", "dechets", "eau", "risques", "mobilites",
    }  # fmt: skip


def test_delivered_records_source_every_known_fact(library):
    from formation.library.database import fact_fields

    for record in library:
        for field, _, facts in fact_fields(record):
            for fact in facts:
                assert fact.source or fact.confiance == UNKNOWN, f"{record.id}, {field}"


def test_json_schema_refuses_what_the_model_refuses(published, donnees):
    validator = jsonschema.Draft202012Validator(published)
    whole = ProjectRecord.model_validate(donnees).model_dump()
    assert validator.is_valid(whole)
    whole["besoin"]["faits"][0] |= {"source": [], "confiance": "sûr"}
    assert not validator.is_valid(whole)
    whole["besoin"]["faits"][0]["confiance"] = UNKNOWN
    whole["cout"]["tranche"] = "cher"
    assert not validator.is_valid(whole)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("date_fiche",), "hier"),
        (("date_fiche",), "2026-13-01"),
        (("complements", "calendrier", "debut"), "mars 2024"),
        (("complements", "calendrier", "fin"), "2025-1"),
        (("sources", 0, "consulte"), "22/11/2026"),
        (("sources", 0, "url"), "javascript:alert(1)"),
        (("sources", 0, "url"), "https://exemple.fr/a b"),
        (("sources", 0, "cle"), "S 1"),
        (("id",), "Essai"),
        (("titre",), "x" * 251),
        (("cout", "montant_euros"), True),
        (("cout", "montant_euros"), -1),
        (("impact_environnemental", "energie_kwh_an"), True),
        (("situation", "collectivites", 0, "population"), 1.5),
        (("situation", "collectivites"), []),
        (("besoin", "familles"), []),
    ],
)
def test_model_and_published_schema_refuse_the_same_value(published, donnees, place, value):
    whole = ProjectRecord.model_validate(donnees).model_dump()
    inside = whole
    for part in place[:-1]:
        inside = inside[part]
    inside[place[-1]] = value
    with pytest.raises(ValidationError):
        ProjectRecord.model_validate(whole)
    assert not jsonschema.Draft202012Validator(published).is_valid(whole)


def test_published_patterns_are_read_by_a_browser_too(published):
    """Une barre oblique de trop devant un guillemet rend l’expression illisible en JavaScript (drapeau « u »)."""
    patterns = [
        field["pattern"]
        for model in (published, *published["$defs"].values())
        for field in model["properties"].values()
        if "pattern" in field
    ]
    assert len(patterns) >= 6
    assert not any(re.search(r"\\[\"'#%&,:;<=>@_`~ -]|\\d", pattern) for pattern in patterns)


def test_template_only_lacks_what_must_be_filled(tmp_path: Path):
    from formation.library.writing import template

    path = tmp_path / "modele.yml"
    path.write_text(template(), encoding="utf-8")
    [report] = check([path])
    assert {problem.column for problem in report.problems} == {
        "id", "titre", "date_fiche", "redaction",
        "situation › collectivites › 1 › nom", "situation › collectivites › 1 › type",
    }  # fmt: skip
    assert all("ce champ est vide" in problem.message for problem in report.problems)


@pytest.mark.parametrize(
    ("people", "band"), [(3_499, "moins-de-3500"), (3_500, "3500-9999"), (300_000, "300000-et-plus")]
)
def test_size_band_holds_its_lower_bound(people, band):
    assert size_of(people) == band


@pytest.mark.parametrize(
    ("amount", "band"), [(0, "moins-de-10000"), (9_999.99, "moins-de-10000"), (1e6, "1000000-et-plus")]
)
def test_cost_band_holds_its_lower_bound(amount, band):
    assert cost_of(amount) == band


@pytest.mark.parametrize("titre", ["Compter les bus : Aubeline", "Compter les bus\u00a0: Aubeline"])
def test_title_never_begins_a_line_with_a_colon(fiche, titre):
    record = ProjectRecord.model_validate(fiche.model_dump() | {"titre": titre})
    assert record.titre == "Compter les bus\u00a0: Aubeline"
