"""Charte : des choix à un texte, versions, différence, fichiers relus, défauts dits d’un coup."""

from __future__ import annotations

import json
from datetime import date
from html.parser import HTMLParser

import docx
import pytest
import yaml
from odf import teletype, text
from odf.opendocument import load as load_odt
from typer.testing import CliRunner

from formation import charter
from formation.charter.writing import document
from formation.cli.charte import app
from formation.workshop import documents
from formation.workshop.answers import ReponsesInvalides

TODAY = date(2026, 11, 22)
HOSTILE = "<script>alert(1)</script> & « l’Étang » \x00 ]]>"
FULL = {
    "nom": "Aubeline",
    "decision": "jamais",
    "controle": ["compter", "temoins"],
    "exclus": ["notation", "conversation"],
    "inventaire": "mois",
    "signaler": "oui",
    "bilan": "conseil",
    "donnees": "europe",
    "egalite": "oui",
    "relecture_projet": "oui",
    "sans_machine": "trois",
    "delai_humain": "jour",
    "audit_acces": "oui",
    "solution_simple": "oui",
    "empreinte": "oui",
    "reversible": "oui",
    "seuil_conseil": "cinq_mille",
    "generative": "outil_fourni",
    "jamais_colle": ["personnelles", "secrets"],
    "relecture": "sortants",
    "formation": "avant",
    "dialogue": "oui",
    "arbitre": "comite",
    "habitants": "reunion",
    "revision": "un_an",
}


@pytest.fixture
def write(tmp_path):
    """Écrit un fichier de choix et rend son chemin."""

    def save(answers, name="choix.yml", **more):
        path = tmp_path / name
        content = {"outil": "charte", "version": "1.0", "reponses": answers, **more}
        path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
        return path

    return save


class _Outline(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.lang, self.text = [], None, ""

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag == "html":
            self.lang = dict(attrs).get("lang")

    def handle_data(self, data):
        self.text += data


def test_every_choice_made_becomes_an_article_when_the_charter_is_full():
    found = charter.Charter(FULL)
    slots = {article.slot for article in found.articles}
    assert {"decision", "compter", "exclu-notation", "inventaire", "sans-machine", "generative", "revision"} <= slots
    assert found.undecided == ()
    assert found.contradictions == ()
    assert len(slots) == len(found.articles)


def test_charter_promises_only_what_is_chosen_when_nothing_is_answered():
    found = charter.Charter({})
    assert {article.theme for article in found.articles} == {"objet", "transparence"}
    assert len(found.undecided) >= 20
    assert "Choix à faire" in documents.to_text(document(found))


def test_refused_choice_is_said_not_promised_when_the_answer_is_no():
    text_ = documents.to_text(document(charter.Charter({"egalite": "non", "inventaire": "non"})))
    assert "Pas d’inventaire public" in text_
    assert "Un inventaire public" not in text_


@pytest.mark.parametrize("suffix", [".html", ".odt", ".docx", ".txt"])
def test_free_text_stays_text_in_every_form(tmp_path, suffix):
    long_text = "Chaque année, l’élue répond. " * 60
    answers = {**FULL, "nom": HOSTILE, "contact": HOSTILE, "engagement_propre": f"{HOSTILE}\n{long_text}"[:2000]}
    path = documents.write(document(charter.Charter(answers)), tmp_path / f"charte{suffix}")
    if suffix == ".html":
        outline = _Outline()
        outline.feed(path.read_text("utf-8"))
        assert "script" not in outline.tags
        seen = outline.text
    elif suffix == ".odt":
        body = load_odt(path).text
        seen = teletype.extractText(body)
    elif suffix == ".docx":
        seen = "\n".join(paragraph.text for paragraph in docx.Document(path).paragraphs)
    else:
        seen = path.read_text("utf-8")
    flat = " ".join(seen.split())
    assert "<script>alert(1)</script> & « l’Étang »" in flat.replace("\u00a0", " ")
    assert "\x00" not in seen
    assert flat.count("Chaque année, l’élue répond.") > 50


def test_documents_have_language_and_headings_when_reopened(tmp_path):
    made = document(charter.Charter(FULL))
    html = documents.write(made, tmp_path / "c.html")
    outline = _Outline()
    outline.feed(html.read_text("utf-8"))
    assert outline.lang == "fr"
    assert outline.tags.count("h1") == 1
    assert outline.tags.count("h3") == len(charter.Charter(FULL).articles)
    odt = load_odt(documents.write(made, tmp_path / "c.odt"))
    levels = {int(heading.getAttribute("outlinelevel")) for heading in odt.getElementsByType(text.H)}
    assert levels == {1, 2, 3}
    word = docx.Document(documents.write(made, tmp_path / "c.docx"))
    styles = {paragraph.style.name for paragraph in word.paragraphs}
    assert {"Heading 2", "Heading 3"} <= styles
    assert word.core_properties.language == "fr-FR" or 'w:lang w:val="fr-FR"' in word.styles.element.xml


def test_contradiction_is_refused_when_a_forbidden_tool_is_proofread(write):
    path = write({"generative": "interdite", "relecture": "tout", "decision": "toujours", "inconnue": 1})
    with pytest.raises(charter.CharteInvalide) as raised:
        charter.read(path)
    message = str(raised.value).replace("\u00a0", " ")
    assert message.startswith("3 problèmes dans choix.yml")
    assert "relecture (" in message
    assert "ne se pose que si" in message
    assert "« toujours » n’est pas une réponse proposée" in message
    assert "« inconnue » n’est pas une question" in message


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"controle": ["aucun"]}, "rien ne permet de le vérifier"),
        ({"inventaire": "interne"}, "Un bilan publié"),
        ({"decision": "exception", "arbitre": "aucun"}, "personne pour en juger"),
        ({"generative": "libre", "jamais_colle": ["aucune"], "solution_simple": "non"}, "tout peut être collé"),
    ],
)
def test_charter_is_not_adopted_when_two_articles_contradict(change, rule):
    found = charter.Charter({**FULL, **change})
    assert any(rule in one for one in found.contradictions)
    with pytest.raises(charter.CharteInvalide, match=rule):
        charter.adopt(found, "1.0", TODAY)


def test_difference_names_what_changes_between_two_versions():
    after = {**FULL, "revision": "mandat", "relecture": "tout", "exclus": ["notation", "fraude"]}
    after.pop("empreinte")
    found = charter.compare(charter.Charter(FULL), charter.Charter(after))
    assert [one.slot for one in found.added] == ["exclu-fraude", "parler-machine"]
    assert [one.slot for one in found.removed] == ["exclu-conversation", "empreinte"]
    assert [new.slot for _, new in found.changed] == ["relecture", "revision"]
    assert charter.compare(charter.Charter(FULL), charter.Charter(FULL)).lines == ()


def test_history_is_kept_when_versions_are_adopted_saved_and_read(tmp_path):
    first = charter.adopt(charter.Charter(FULL), "1.0", TODAY, summary="Première charte")
    path = charter.save(first, tmp_path / "c1.yml")
    again = charter.read(path)
    assert again == first
    second = charter.adopt(charter.Charter({**FULL, "revision": "mandat"}), "1.10", date(2027, 11, 22), previous=again)
    read = charter.read(charter.save(second, tmp_path / "c2.yml"))
    assert [one.version for one in read.history] == ["1.0", "1.10"]
    assert read.history[1].changes == ("changé\u00a0: La charte se révise",)
    assert "&id" not in (tmp_path / "c2.yml").read_text("utf-8")
    assert "1.10" in documents.to_text(document(read))


def test_every_defect_is_said_at_once_when_adoption_goes_backwards():
    first = charter.adopt(charter.Charter(FULL), "2.0", TODAY)
    with pytest.raises(charter.CharteInvalide) as raised:
        charter.adopt(charter.Charter(FULL), "1.9", date(2025, 1, 1), previous=first, summary="x" * 501)
    assert [problem.kind for problem in raised.value.problems] == ["resume", "date", "version"]


@pytest.mark.parametrize(
    ("content", "excerpt"),
    [
        ("- 1\n", "n’a pas la forme attendue"),
        ("outil: droit\nreponses: {}\n", "outil: charte"),
        ("outil: charte\nreponses: {}\nautre: 1\n", "n’est pas connue"),
        ("outil: charte\nreponses: {}\ncharte: {version: 1.0}\n", "Deux nombres"),
        ('outil: charte\nreponses: {}\ncharte: {version: "1.0", adoptee: hier}\n', "n’est pas une date"),
        ("outil: charte\nreponses: {decision: jamais, decision: exception}\n", "deux fois"),
        ("outil: [", "YAML valide"),
    ],
)
def test_bad_file_is_refused_in_french(tmp_path, content, excerpt):
    path = tmp_path / "charte.yml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(charter.CharteInvalide, match=excerpt):
        charter.read(path)


def test_answers_are_refused_when_given_wrong_in_python():
    with pytest.raises(ReponsesInvalides):
        _ = charter.Charter({"decision": "peut-être"}).articles


def test_page_file_is_read_when_saved_as_json(tmp_path):
    path = tmp_path / "charte.json"
    content = {"outil": "charte", "version": "1.0", "reponses": {**FULL, "projet": "oui", "p_decide": "seule"}}
    path.write_text(json.dumps(content), encoding="utf-8")
    found = charter.read(path)
    assert "p_decide" not in found.choices
    assert charter.check_project(found, charter.read_project(path)).broken == (
        "Décision\u00a0: la machine décide seule",
    )


def test_command_line_writes_adopts_compares_and_checks(tmp_path, write):
    run = CliRunner().invoke
    choices = write(FULL)
    made = run(app, ["texte", str(choices), "--sortie", str(tmp_path / "charte.odt")])
    assert made.exit_code == 0
    assert (tmp_path / "charte.odt").stat().st_size > 4000
    adopted = tmp_path / "c1.yml"
    order = ["adopter", str(choices), "--version", "1.0", "--date", "2026-11-22", "--sortie", str(adopted)]
    assert run(app, order).exit_code == 0
    other = write({**FULL, "empreinte": "non"}, "autre.yml")
    shown = run(app, ["comparer", str(adopted), str(other), "--json"])
    assert [one["objet"] for one in json.loads(shown.stdout)["retires"]] == ["empreinte"]
    project = write({"p_nom": "Aides", "p_decide": "seule"}, "projet.yml")
    checked = run(app, ["verifier", "--charte", str(adopted), "--projet", str(project)])
    assert checked.exit_code == 0
    assert "contredit la charte" in checked.stdout


def test_adopted_version_is_never_replaced_by_the_next_one(tmp_path, write):
    adopted = charter.save(charter.adopt(charter.Charter(FULL), "1.0", TODAY), tmp_path / "c1.yml")
    before = adopted.read_bytes()
    order = ["adopter", str(write(FULL)), "--version", "1.1", "--date", "2027-01-01", "--ecraser"]
    result = CliRunner().invoke(app, [*order, "--precedente", str(adopted), "--sortie", str(adopted)])
    assert isinstance(result.exception, documents.FicheImpossible)
    assert adopted.read_bytes() == before


def test_panel_follows_the_choices_when_opened_in_a_notebook():
    box = charter.panel()
    assert box.answers() == {}
    assert any("Article" in str(child) or "Objet" in str(getattr(child, "value", "")) for child in box.children)
