"""Catalogue et formulaire dans un vrai navigateur, depuis le disque, sans le reste du livre."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from formation import library
from formation.library import cards, reading, schema, search, writing

pytestmark = pytest.mark.navigateur

STATIC = Path(reading.__file__).parents[1] / "book" / "theme" / "static"
QUERIES = ("", "DÉPOTS sauvages", "cantine", "eau", "xylophone")


@pytest.fixture
def page(navigateur, tmp_path):
    context = navigateur.new_context(locale="fr-FR", accept_downloads=True)
    opened = context.new_page()
    opened.erreurs, opened.demandes = [], []
    opened.on("pageerror", lambda error: opened.erreurs.append(str(error)))
    opened.on("request", lambda request: opened.demandes.append(request.url))
    yield opened
    assert opened.erreurs == []
    assert all(address.startswith(("file:", "blob:", "data:")) for address in opened.demandes)
    context.close()


def ids(page):
    return page.evaluate("[...document.querySelectorAll('.projets > li')].map((li) => li.id.replace('projet-', ''))")


def test_catalogue_finds_what_python_finds_and_keeps_its_state(page, tmp_path):
    records = library.load()
    file = tmp_path / "catalogue.html"
    file.write_text(cards.page(records, "Essai"), encoding="utf-8")
    page.goto(file.as_uri())
    every = len(records)
    # Le thème du livre donne une disposition aux boutons : un bouton caché doit le rester.
    page.add_style_tag(content=".bouton{display:inline-block}")
    for query in QUERIES:
        page.fill("#catalogue-q", query)
        page.select_option("#catalogue-maturite", "service")
        expected = [record.id for record in search.search(records, query, {"maturite": ["service"]})]
        said = f"sur {every}" if expected else "Aucun projet"
        # toute la liste : deux recherches de suite peuvent avoir le même premier projet
        page.wait_for_function(
            "([dit, voulus]) => document.querySelector('.etat').textContent.includes(dit) && voulus.join() === "
            "[...document.querySelectorAll('.projets > li')].map((li) => li.id.replace('projet-', '')).join()",
            arg=[said, expected[:20]],
        )
        assert page.locator(".suite-projets").is_visible() == (len(expected) > 20)
    page.fill("#catalogue-q", "eau")
    page.wait_for_function("location.hash === '#mots=eau&maturite=service'")
    kept = ids(page)
    page.reload()
    assert ids(page) == kept
    assert page.get_attribute(".etat", "role") == "status"
    page.click("button[type=reset]")
    page.wait_for_function("location.hash === ''")
    assert len(ids(page)) == min(every, 20)
    page.focus(".suite-projets")
    page.keyboard.press("Enter")
    assert len(ids(page)) == min(every, 40)
    assert page.evaluate("document.activeElement.parentElement.id") == f"projet-{search.search(records)[20].id}"
    last = search.search(records)[-1].id
    page.goto(f"{file.as_uri()}#projet-{last}")
    page.reload()
    page.wait_for_function("(id) => document.getElementById(id)?.querySelector('details').open", arg=f"projet-{last}")
    assert page.evaluate("location.hash") == f"#projet-{last}"


@pytest.fixture
def formulaire(page, tmp_path):
    data = json.dumps(schema.json_schema(), ensure_ascii=False).replace("</", "<\\/")
    scripts = "".join(
        f"<script>{(STATIC / name).read_text(encoding='utf-8')}</script>" for name in ("fiche-yaml.js", "formulaire.js")
    )
    file = tmp_path / "formulaire.html"
    file.write_text(
        '<!DOCTYPE html><html lang="fr"><meta charset="utf-8"><title>Essai</title><link rel="icon" href="data:,">'
        f'<div class="formulaire-projet"><script type="application/json">{data}</script></div>{scripts}',
        encoding="utf-8",
    )
    page.goto(file.as_uri())
    return page


def test_form_refuses_then_writes_a_file_that_the_command_accepts(formulaire, tmp_path):
    page = formulaire
    page.click("button[type=submit]")
    assert page.evaluate("document.activeElement.id") == "fiche-id"
    assert page.get_attribute("#fiche-id", "aria-invalid") == "true"
    assert page.locator(".erreurs li").count() == 6
    page.locator(".erreurs a", has_text="Familles de besoin").click()
    assert page.evaluate("document.activeElement.id") == "fiche-besoin-familles"
    page.check("#fiche-besoin-familles-entretenir")
    for name, text in (
        ("id", "essai-eau"),
        ("titre", "Essai : « fuites » d’eau # 1"),
        ("redaction", "Service de l’eau"),
    ):
        page.fill(f"#fiche-{name}", text)
    page.fill("#fiche-situation-collectivites-0-nom", "Commune d’essai")
    page.select_option("#fiche-situation-collectivites-0-type", "commune")
    page.fill("#fiche-situation-collectivites-0-population", "4 200")
    page.select_option("#fiche-situation-taille", "moins-de-3500")
    page.fill("#fiche-cout-montant_euros", "12 000,50")
    page.get_by_role("button", name="Ajouter une affirmation (Limites)").click()
    assert page.evaluate("document.activeElement.id") == "fiche-complements-limites-0-texte"
    page.keyboard.type("Aucune mesure : voir la page https://example.org")
    page.select_option("#fiche-complements-limites-0-confiance", "sûr")
    page.click("button[type=submit]")
    wrong = page.locator("[aria-invalid]").evaluate_all("(boites) => boites.map((boite) => boite.id)")
    assert wrong == [
        "fiche-situation-collectivites-0-source",
        "fiche-situation-taille",
        "fiche-cout-tranche",
        "fiche-complements-limites-0-source",
    ]
    page.select_option("#fiche-situation-taille", "3500-9999")
    page.select_option("#fiche-cout-tranche", "10000-49999")
    page.get_by_role("button", name="Ajouter une source (Sources)").click()
    page.fill("#fiche-sources-0-cle", "S1")
    page.fill("#fiche-sources-0-titre", "Bulletin")
    page.fill("#fiche-sources-0-editeur", "Commune")
    page.select_option("#fiche-sources-0-lu", "déclaration")
    page.fill("#fiche-situation-collectivites-0-source", "S1")
    page.fill("#fiche-complements-limites-0-source", "S1")
    with page.expect_download() as waiting:
        page.click("button[type=submit]")
    assert waiting.value.suggested_filename == "essai-eau.yml"
    waiting.value.save_as(tmp_path / "essai-eau.yml")
    [record] = reading.read([tmp_path / "essai-eau.yml"])
    assert record.cout.montant_euros == 12_000.5
    assert record.titre == "Essai\u00a0: «\u00a0fuites\u00a0» d’eau # 1"
    assert record.complements.limites[0].source == ["S1"]
    page.reload()
    assert page.input_value("#fiche-id") == "essai-eau"
    assert "Brouillon repris" in page.inner_text(".etat")


def test_form_reads_every_delivered_record_and_writes_it_back(formulaire):
    page = formulaire
    found = page.evaluate(
        "(textes) => textes.map((texte) => FicheYaml.ecrire(FicheYaml.lire(texte)))",
        [writing.to_yaml(record) for record in library.load()],
    )
    assert found == [writing.to_yaml(record) for record in library.load()]
    record = library.load()["plaisir-standard-telephonique"]
    page.set_input_files("#fiche-ouvrir", str(library.root() / f"{record.id}.yml"))
    page.wait_for_function("document.querySelector('.etat').textContent.includes('Fiche ouverte')")
    with page.expect_download() as waiting:
        page.click("button[type=submit]")
    assert Path(waiting.value.path()).read_text(encoding="utf-8") == writing.to_yaml(record)


def test_form_says_why_a_file_is_not_opened(formulaire, tmp_path):
    bad = tmp_path / "alias.yml"
    bad.write_text("id: &a un\ntitre: *a\n", encoding="utf-8")
    formulaire.set_input_files("#fiche-ouvrir", str(bad))
    formulaire.wait_for_function("document.querySelector('.etat').textContent.includes('pas été ouvert')")
    assert "Ligne 1" in formulaire.inner_text(".etat")


def fill_least(page):
    page.check("#fiche-besoin-familles-entretenir")
    for name, text in (("id", "essai-eau"), ("titre", "Essai"), ("redaction", "Service de l’eau")):
        page.fill(f"#fiche-{name}", text)
    page.fill("#fiche-situation-collectivites-0-nom", "Commune d’essai")
    page.select_option("#fiche-situation-collectivites-0-type", "commune")


def test_form_refuses_the_dates_addresses_and_formulas_that_the_command_refuses(formulaire, tmp_path):
    page = formulaire
    fill_least(page)
    page.get_by_role("button", name="Ajouter une source (Sources)").click()
    for name, text in (("cle", "S1"), ("titre", "Bulletin"), ("editeur", "Commune")):
        page.fill(f"#fiche-sources-0-{name}", text)
    page.select_option("#fiche-sources-0-lu", "direct")
    wrong = {
        "date_fiche": ("hier", "2026-11-22"),
        "titre": ("+1+WEBSERVICE(A1)", "-30 % de déchets"),
        "redaction": ("Appeler le 01\u00a023\u202f45 67 89", "Service de l’eau"),
        "complements-calendrier-debut": ("mars 2024", "2024-03"),
        "complements-calendrier-fin": ("2025-02-30", "2025-02-28"),
        "sources-0-url": ("javascript:alert(1)", 'https://example.org/a?b="c"'.replace('"', "")),
        "sources-0-consulte": ("2026-13-01", ""),
    }
    for name, (bad, _) in wrong.items():
        page.fill(f"#fiche-{name}", bad)
    page.click("button[type=submit]")
    refused = page.locator("[aria-invalid]").evaluate_all("(boites) => boites.map((boite) => boite.id)")
    assert sorted(refused) == sorted(f"fiche-{name}" for name in wrong)
    for name, (_, good) in wrong.items():
        page.fill(f"#fiche-{name}", good)
    with page.expect_download() as waiting:
        page.click("button[type=submit]")
    waiting.value.save_as(tmp_path / "essai-eau.yml")
    [record] = reading.read([tmp_path / "essai-eau.yml"])
    assert record.complements.calendrier.fin == "2025-02-28"


def test_opening_a_file_does_not_lose_what_was_typed(formulaire):
    page = formulaire
    page.fill("#fiche-titre", "Une demi-heure de saisie")
    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.set_input_files("#fiche-ouvrir", str(library.root() / "garches-archives.yml"))
    page.wait_for_function("document.querySelector('#fiche-ouvrir').value === ''")
    assert "garches-archives.yml" in asked[0]
    assert page.input_value("#fiche-titre") == "Une demi-heure de saisie"
    page.once("dialog", lambda dialog: dialog.accept())
    page.set_input_files("#fiche-ouvrir", str(library.root() / "garches-archives.yml"))
    page.wait_for_function("document.querySelector('.etat').textContent.includes('Fiche ouverte')")
    page.set_input_files("#fiche-ouvrir", str(library.root() / "alencon-voirie.yml"))
    page.wait_for_function("document.querySelector('.etat').textContent.includes('alencon-voirie')")
