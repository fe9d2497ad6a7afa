"""Contenus rédigés : sources citées, fiche du projet réel, quiz, glossaire et note pédagogique."""

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from formation.book.models import Quiz, Record, Source, read_yaml
from formation.book.recommendations import quiz_files
from formation.book.subjects import chapter

ROOT = Path(__file__).parents[2]
SENATE_FIELDS = ("collectivites", "besoin", "cout", "impact_environnemental")
NBSP = "\u00a0"
PAGES = sorted(
    page for dossier in ("book", "cases", "datasets", "notebooks") for page in (ROOT / dossier).glob("**/*.md")
)
CASES = sorted(record.parent.name for record in (ROOT / "cases").glob("*/fiche.yml"))


def page_id(page):
    return str(page.relative_to(ROOT))


def visible_text(texte):
    """Texte tel qu’il se lit à peu près : un rôle vaut les quelques caractères qu’il affiche."""
    return re.sub(r"\{(\w+)\}`([^`<]*?)(?: <[^`]*>)?`", lambda m: "74 %" if m[1] == "chiffre" else m[2], texte)


@pytest.fixture(scope="module")
def sources():
    return [Source.model_validate(entry) for entry in yaml.safe_load((ROOT / "book/sources.yml").read_text("utf-8"))]


@pytest.fixture(scope="module")
def glossary():
    blocks = re.findall(r"```\{glossary\}\n(.*?)```", (ROOT / "book/glossaire.md").read_text("utf-8"), re.S)
    return "\n".join(blocks)


@pytest.fixture(scope="module", params=CASES)
def record(request):
    return read_yaml(ROOT / "cases" / request.param / "fiche.yml", Record, name="fiche.yml")


QUIZZES = quiz_files(ROOT)
SUBJECT_MINIMUM, CHAPTER_MINIMUM = (15, 4), (10, 2)
"""Questions en tout et par niveau : quiz d’un sujet, quiz d’un chapitre de partie."""


@pytest.fixture(scope="module", params=QUIZZES, ids=page_id)
def quiz_file(request):
    return request.param


@pytest.fixture(scope="module")
def quiz(quiz_file):
    return read_yaml(quiz_file, Quiz, name=quiz_file.name)


# --- Sources -------------------------------------------------------------------------------------


def test_source_keys_are_unique(sources):
    duplicates = [cle for cle, count in Counter(source.cle for source in sources).items() if count > 1]
    assert duplicates == []


def test_source_note_says_so_when_the_address_is_unknown(sources):
    silent = [s.cle for s in sources if not s.url and "adresse" not in s.note.lower()]
    assert silent == []


def test_source_note_says_so_when_the_date_is_unknown(sources):
    silent = [s.cle for s in sources if not s.date and "date" not in s.note.lower()]
    assert silent == []


def test_source_address_is_complete_when_given(sources):
    truncated = [s.cle for s in sources if s.url and not re.fullmatch(r"https?://[^\s…]+\.[^\s…]+/[^\s…]*", s.url)]
    assert truncated == []


def test_source_reading_date_is_a_past_date(sources):
    # après minuit en France, il n’est pas encore minuit partout
    latest = datetime.now(UTC).date() + timedelta(days=1)
    assert [s.cle for s in sources if date.fromisoformat(s.consulte) > latest] == []


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_page_keeps_no_placeholder(page):
    assert re.findall(r"\bPLACEHOLDER\b|\bTODO\b|\bFIXME\b|\bXXX\b|Lorem ipsum", page.read_text("utf-8")) == []


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_cited_keys_exist_when_page_cites_sources(page, sources):
    cited = {
        cle.strip() for keys in re.findall(r"\{src\}`([^`]+)`", page.read_text("utf-8")) for cle in keys.split(",")
    }
    assert cited <= {s.cle for s in sources}


def test_cited_keys_exist_when_calibration_cites_sources(sources):
    known = {s.cle for s in sources}
    for table in (ROOT / "datasets").glob("*/calibrage.yml"):
        content = yaml.safe_load(table.read_text("utf-8"))
        rows = content if isinstance(content, list) else content.get("lignes", content.get("calibrage", []))
        for row in rows:
            cited = set(re.findall(r"\b[A-Z]\d{1,2}\b", str(row.get("origine", ""))))
            assert cited <= known, f"{table.parent.name}, {row['statistique']} : {cited - known}"


def test_every_source_is_cited_somewhere(sources):
    assert {s.cle for s in sources} - cited_keys() == set()


def cited_keys():
    """Clés citées : rôle « src » partout, champs de sources des fichiers YAML, chaînes entières du code."""
    key, found = r"[A-Za-z]+\d+[a-z]?", set()
    for folder in ("book", "cases", "datasets", "notebooks", "src/formation"):
        for file in (ROOT / folder).rglob("*"):
            if file.suffix not in {".md", ".yml", ".py"} or file.name == "sources.yml":
                continue
            texte = file.read_text("utf-8")
            places = re.findall(r"\{src\}`([^`]+)`", texte)
            if file.suffix == ".yml":
                places += re.findall(rf"(?:sources?|origine): *(.*(?:\n *- *{key})*)", texte)
            if file.suffix == ".py":
                places += re.findall(rf"[\"']({key})[\"']", texte)
            found |= {cle for place in places for cle in re.findall(key, place)}
    return found


# --- Fiche du projet réel ------------------------------------------------------------------------


def test_record_keys_exist_when_facts_cite_sources(record, sources):
    known = {s.cle for s in sources}
    unknown = {cle for _, facts in record if isinstance(facts, list) for fact in facts for cle in fact.source} - known
    assert unknown == set()


def test_record_fact_always_says_where_it_was_looked_for(record):
    orphans = [fact.texte for _, facts in record if isinstance(facts, list) for fact in facts if not fact.source]
    assert orphans == []


def test_record_confidence_is_written_out_for_every_fact():
    for cas in CASES:
        raw = yaml.safe_load((ROOT / "cases" / cas / "fiche.yml").read_text("utf-8"))
        silent = [
            f["texte"] for facts in raw.values() if isinstance(facts, list) for f in facts if "confiance" not in f
        ]
        assert silent == []


@pytest.mark.parametrize("field", SENATE_FIELDS)
def test_record_says_unpublished_when_a_senate_field_is_unknown(record, field):
    for fact in getattr(record, field):
        if fact.confiance == "inconnu":
            assert re.search(r"\b(non|aucun|pas)\b.*publi", fact.texte, re.I), fact.texte


def test_water_record_never_states_the_press_figure_as_a_fact():
    record = read_yaml(ROOT / "cases/eau/fiche.yml", Record, name="fiche.yml")
    for fact in (fact for _, facts in record if isinstance(facts, list) for fact in facts):
        if re.search(r"75 à 90", fact.texte) and not fact.texte.startswith("Calcul"):
            assert "attribué au rapport par la presse" in fact.texte
            assert fact.confiance != "sûr"


def test_water_record_arithmetic_holds():
    texte = (ROOT / "cases/eau/fiche.yml").read_text("utf-8").replace(NBSP, " ")
    assert "13 m³/h × 8 760 h = 113 880 m³".replace(NBSP, " ") in texte
    assert 13 * 8760 == 113_880
    supplied = 1_000_000 / (1 - 0.78)
    consumed = 0.78 * supplied
    assert round(100 * consumed / (supplied - 113_880)) == 78 + 2
    assert round(1_000_000 / 1015 / 365, 1) == 2.7
    assert round(90_000 / 113_880, 2) == 0.79
    assert round((1 / 0.75 - 1) / (1 / 0.90 - 1), 6) == 3


# --- Quiz ----------------------------------------------------------------------------------------


def test_quiz_has_enough_questions_of_each_level(quiz, quiz_file):
    levels = Counter(question.niveau for question in quiz.questions)
    total, of_each = SUBJECT_MINIMUM if quiz_file.name == "quiz.yml" else CHAPTER_MINIMUM
    assert len(quiz.questions) >= total
    assert min(levels[n] for n in ("découverte", "compréhension", "approfondissement")) >= of_each


def test_quiz_identifiers_are_unique_across_the_book():
    quizzes = [read_yaml(file, Quiz, name=file.name) for file in QUIZZES]
    used = Counter(question.id for quiz in quizzes for question in quiz.questions)
    assert [ident for ident, count in used.items() if count > 1] == []


def test_quiz_question_offers_three_or_four_options(quiz):
    assert all(3 <= len(question.options) <= 4 for question in quiz.questions)


def test_quiz_question_keeps_a_wrong_option_when_several_are_right(quiz):
    for question in quiz.questions:
        right = sum(option.juste for option in question.options)
        assert right < len(question.options), question.id
        assert question.type == "unique" or right >= 2, question.id


def test_quiz_feedback_teaches_for_every_option(quiz):
    short = [(q.id, o.texte) for q in quiz.questions for o in q.options if len(o.retour) < 60]
    retours = Counter(o.retour for q in quiz.questions for o in q.options)
    assert short == []
    assert [retour for retour, count in retours.items() if count > 1] == []


def test_quiz_options_do_not_give_the_answer_away_by_their_length(quiz):
    longest = 0
    for question in quiz.questions:
        lengths = [len(visible_text(option.texte)) for option in question.options]
        assert max(lengths) <= 1.35 * min(lengths), question.id
        right_is_longest = question.options[lengths.index(max(lengths))].juste
        longest += right_is_longest and question.type == "unique"
    single = sum(question.type == "unique" for question in quiz.questions)
    assert longest <= single / 2


def test_quiz_right_answer_moves_between_questions(quiz):
    single = [q for q in quiz.questions if q.type == "unique"]
    ranks = Counter(next(i for i, option in enumerate(q.options) if option.juste) for q in single)
    assert set(ranks) == {0, 1, 2, 3}
    assert max(ranks.values()) <= 0.4 * len(single)


def test_quiz_has_no_catch_all_option(quiz):
    catch_all = re.compile(r"(toutes|aucune) (les|des) (réponses|propositions|précédentes)|ci-dessus", re.I)
    assert [o.texte for q in quiz.questions for o in q.options if catch_all.search(o.texte)] == []


def test_quiz_says_several_answers_when_type_is_multiple(quiz):
    for question in quiz.questions:
        assert ("plusieurs réponses" in question.enonce.lower()) == (question.type == "multiple"), question.id


def test_quiz_sends_back_to_a_page_that_exists(quiz, quiz_file):
    beside = quiz_file.relative_to(ROOT).as_posix().removesuffix(".quiz.yml")
    own = chapter(quiz.cas) if quiz_file.name == "quiz.yml" else beside
    for question in quiz.questions:
        assert question.relire, question.id
        page = question.relire.partition("#")[0] or own
        assert (ROOT / f"{page}.md").exists(), f"{question.id} : {page}"


# --- Glossaire et note pédagogique ---------------------------------------------------------------


def test_glossary_definition_is_at_most_three_sentences(glossary):
    too_long = []
    for definition in re.findall(r"^  .+(?:\n  .+)*", glossary, re.M):
        # Un deux-points n’est pas une fin de phrase ; une abréviation non plus.
        sentences = re.findall(r"[.!?](?=\s+[A-ZÀ-Ý0-9]|\s*$)", " ".join(definition.split()))
        if len(sentences) > 3:
            too_long.append(definition.strip()[:60])
    assert too_long == []


def test_glossary_terms_are_unique(glossary):
    terms = Counter(re.findall(r"^\S.*", glossary, re.M))
    assert [terme for terme, count in terms.items() if count > 1] == []
    assert len(terms) >= 30


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_terms_exist_when_page_uses_the_glossary(page, glossary):
    terms = {terme.strip() for terme in re.findall(r"^\S.*", glossary, re.M)}
    roles = re.findall(r"\{term\}`([^`]+)`", page.read_text("utf-8"))
    targets = {re.sub(r"^.*<(.+)>$", r"\1", " ".join(role.split()), flags=re.S) for role in roles}
    assert targets - terms == set()


@pytest.mark.parametrize("cas", CASES)
def test_teaching_note_schedules_add_up(cas):
    texte = (ROOT / "cases" / cas / "note-pedagogique.md").read_text("utf-8")
    ends = {}
    for title, section in re.findall(r"^## (Déroulé .+)\n((?:(?!^## ).*\n)*)", texte, re.M):
        for table in re.split(r"\n\n", section):
            slots = [(int(a), int(b)) for a, b in re.findall(r"^\| (\d+)–(\d+) \|", table, re.M)]
            if slots:
                assert slots[0][0] == 0
                assert all(before[1] == after[0] for before, after in pairwise(slots)), title
                ends.setdefault(title.replace(NBSP, " "), []).append(slots[-1][1])
    assert sorted(sum(values) for values in ends.values()) == [60, 180, 180]


@pytest.mark.parametrize("cas", CASES)
def test_teaching_note_names_only_exercises_that_exist(cas):
    present = {path.name[: len(cas) + 3] for path in (ROOT / "notebooks" / cas).glob(f"{cas}-[0-9][0-9]-*.md")}
    texte = (ROOT / "cases" / cas / "note-pedagogique.md").read_text("utf-8")
    assert set(re.findall(rf"\b{cas}-\d\d\b", texte)) <= present


def test_unplugged_game_counts_right():
    texte = (ROOT / "cases/eau/note-pedagogique.md").read_text("utf-8").replace(NBSP, " ")
    rows = re.findall(r"^\| ([A-J]) \| (\d{4}) \| [^|]+ \| (\d) \| (\d) \|", texte, re.M)
    laid = {letter: int(year) for letter, year, _, _ in rows}
    past = {letter: int(number) for letter, _, number, _ in rows}
    next_year = {letter: int(number) for letter, _, _, number in rows}

    def found(order):
        return sum(next_year[letter] for letter in order[:3])

    assert sum(next_year.values()) == 10
    assert found(sorted(laid, key=laid.get)) == 4
    assert found(sorted(past, key=past.get, reverse=True)) == 6
    assert found(sorted(next_year, key=next_year.get, reverse=True)) == 7
    defaults = laid | {"I": 1950, "J": 1950}
    assert found(sorted(defaults, key=defaults.get)) == 1


def test_scratch_card_counts_right():
    texte = (ROOT / "cases/securite/note-pedagogique.md").read_text("utf-8").replace(NBSP, " ")
    key = {name: set(map(int, re.findall(r"\d+", line))) for name, line in re.findall(r"^- (.+?) : (.+)", texte, re.M)}
    danger = key["soirées où la foule est devenue dangereuse"]

    def alerts(name, ending):
        step = 10 if ending == 5 else 100
        return {evening for evening in range(1, 1001) if evening % step == ending} | (key[name] - {ending})

    usual, severe = alerts("le programme alerte", 5), alerts("le programme sévère alerte", 55)
    assert (len(danger), len(usual), len(usual & danger), len(usual - danger)) == (10, 107, 8, 99)
    assert (len(severe), len(severe & danger)) == (14, 4)
    assert danger - usual == {318, 781}
    assert len(usual & danger) + (990 - len(usual - danger)) == 899
    for compte in ("107 alertes, 8 vraies, 99 fausses", "14 alertes, 4 vraies", "990 soirs sur 1 000", "899 sur 1 000"):
        assert compte in texte


def test_tracing_paper_counts_right():
    texte = (ROOT / "cases/mobilites/note-pedagogique.md").read_text("utf-8").replace(NBSP, " ")
    squares = Counter("".join(re.findall(r"^(?:[RPVACB.] ){11}[RPVACB.]$", texte, re.M)))
    places, aisles, trees, yard = (squares[letter] for letter in "PVAC")
    assert sum(squares.values()) - squares[" "] == 144
    for count in (places, places + aisles, places + aisles + trees, places + aisles + trees + yard):
        assert re.search(rf"\| \**{count}\** \| \**{f'{count * 25:,}'.replace(',', ' ')} m²\** \|", texte), count
    assert (places + aisles) * 25 < 1500 < (places + aisles + trees) * 25
    assert round((places + aisles) / (places + aisles + trees), 2) == 0.94


def test_parking_cards_count_right():
    texte = (ROOT / "cases/mobilites/note-pedagogique.md").read_text("utf-8").replace(NBSP, " ")
    rows = re.findall(
        r"^\| ([A-L]) \| (?:([\d ]+) m²|absent) \| (\d+|absent) \|[^|]*\| ([\d ]+) m² \| (oui|non)", texte, re.M
    )
    number = {"": 0, "absent": 0}
    on_map = {letter: number.get(area, 0) or int(area.replace(" ", "") or 0) for letter, area, _, _, _ in rows}
    rule = {letter: 25 * (number[p] if p in number else int(p)) for letter, _, p, _, _ in rows}
    true_area = {letter: int(area.replace(" ", "")) for letter, _, _, area, _ in rows}
    subject = {letter for letter, *_, answer in rows if answer == "oui"}

    def mistakes(areas, visited=()):
        said = {letter for letter, area in areas.items() if area > 1500}
        return "".join(sorted((subject - said) - set(visited))), "".join(sorted((said - subject) - set(visited)))

    nearest = sorted(on_map, key=lambda letter: abs(on_map[letter] - 1500))[:4]
    differ = {letter for letter in on_map if (on_map[letter] > 1500) != (rule[letter] > 1500)}
    assert len(rows) == 12
    assert mistakes(on_map) == ("BEG", "CFL")
    assert mistakes(rule) == ("GH", "K")
    assert set(nearest) == set("BCHK")
    assert mistakes(on_map, nearest) == ("EG", "FL")
    assert differ == set("BCEFHKL")
    assert mistakes(on_map, differ) == ("G", "")
    assert mistakes(on_map, "EFGLBC") == ("", "")
    kept = set(on_map) - set("EG")
    assert sum(on_map[k] for k in kept) == 20_230
    assert sum(true_area[k] for k in kept) == 19_910
