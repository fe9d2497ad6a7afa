"""Le lecteur d’un paquet SCORM, joué dans un vrai navigateur face à une plateforme stricte."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from formation import lms

AXE = Path(str(importlib.util.find_spec("axe_playwright_python").origin)).parent / "axe.min.js"
pytestmark = pytest.mark.navigateur
ANSWER = """
([voulu, combien]) => {
  let faites = 0;
  for (const question of document.querySelectorAll("form.question")) {
    if (question.querySelector("fieldset").disabled) continue;
    if (combien !== null && faites >= combien) break;
    const lignes = [...question.querySelector("template").content.querySelectorAll("li")];
    const justes = lignes.filter((ligne) => ligne.dataset.juste === "oui").map((ligne) => ligne.dataset.option);
    const fausses = lignes.filter((ligne) => ligne.dataset.juste === "non").map((ligne) => ligne.dataset.option);
    const tout = [...justes, ...fausses];
    const choix = { justes, fausses: fausses.slice(0, 1), tout, moitie: justes.slice(0, 1) }[voulu];
    for (const option of choix) question.querySelector(`input[value="${option}"]`).click();
    question.requestSubmit();
    faites += 1;
  }
  return faites;
}
"""


def start(visite, plateforme, package, **options):
    page = visite(plateforme(package) + "plateforme.html#" + quote(json.dumps(options)))
    return page, frame(page)


def frame(page):
    quiz = page.wait_for_selector("iframe").content_frame()
    quiz.wait_for_selector("html.js .suivi:not(:empty)")
    return quiz


def answer(quiz, which="justes", count=None):
    return quiz.evaluate(ANSWER, [which, count])


def clean(page):
    assert page.evaluate("ecarts") == []
    assert page.erreurs == []
    home = urlsplit(page.url).netloc
    assert {urlsplit(address).netloc for address in page.demandes if not address.startswith("data:")} == {home}


def test_right_answers_pass_and_every_interaction_is_told(visite, plateforme, eau):
    page, quiz = start(visite, plateforme, lms.to_scorm(eau))
    assert page.evaluate("valeurs['cmi.core.lesson_status']") == "incomplete"
    assert answer(quiz) == len(eau.items)
    values, told = page.evaluate("valeurs"), page.evaluate("interactions")
    assert values["cmi.core.score.raw"] == "100"
    assert (values["cmi.core.score.min"], values["cmi.core.score.max"]) == ("0", "100")
    assert values["cmi.core.lesson_status"] == "passed"
    assert {one["result"] for one in told} == {"correct"}
    assert sorted(one["id"] for one in told) == sorted(item.id.replace("-", "_") for item in eau.items)
    several = {item.id.replace("-", "_"): item for item in eau.items if item.kind == "multiple"}
    assert several
    for one in told:
        if one["id"] in several:
            letters = ",".join("abcde"[rank - 1] for rank in several[one["id"]].key)
            assert one["correct_responses.0.pattern"] == "{" + letters + "}"
            assert one["student_response"] == letters
    assert "Seuil atteint (60 %)" in quiz.inner_text(".resultat").replace("\u00a0", " ")
    page.evaluate("fermer()")
    assert page.evaluate("[sortie, /^\\d{4}:\\d\\d:\\d\\d$/.test(duree)]") == ["", True]
    assert page.evaluate("appels").count("LMSFinish") == 1
    clean(page)


@pytest.mark.parametrize("which", ["fausses", "tout", "moitie"])
def test_wrong_answers_fail(visite, plateforme, eau, which):
    page, quiz = start(visite, plateforme, lms.to_scorm(eau))
    answer(quiz, which)
    singles = sum(item.kind == "unique" for item in eau.items)
    # Une case de trop, ou une de moins : la question n’est pas réussie ; à réponse unique, le dernier clic reste.
    right = singles if which == "moitie" else 0
    assert float(page.evaluate("valeurs['cmi.core.score.raw']")) == round(100 * right / len(eau.items), 2)
    assert page.evaluate("valeurs['cmi.core.lesson_status']") == ("passed" if right else "failed")
    clean(page)


def test_without_a_threshold_the_quiz_is_only_completed(visite, plateforme, eau):
    page, quiz = start(visite, plateforme, lms.to_scorm(eau, threshold=None))
    answer(quiz, "fausses")
    assert page.evaluate("valeurs['cmi.core.lesson_status']") == "completed"
    assert "Seuil" not in quiz.inner_text(".resultat")
    clean(page)


def test_learner_leaves_and_comes_back(visite, plateforme, eau):
    page, quiz = start(visite, plateforme, lms.to_scorm(eau))
    answer(quiz, "fausses", 2)
    answer(quiz, "justes", 1)
    page.evaluate("fermer()")
    assert page.evaluate("sortie") == "suspend"
    assert len(page.evaluate("garde['cmi.suspend_data']")) <= 4096
    page.evaluate("ouvrir()")
    quiz = frame(page)
    assert quiz.locator("fieldset:disabled").count() == 3
    assert quiz.inner_text(".total").replace("\u00a0", " ").startswith("1 réponse juste pour 3 questions")
    assert page.evaluate("interactions") == []
    answer(quiz)
    assert float(page.evaluate("valeurs['cmi.core.score.raw']")) == round(
        100 * (len(eau.items) - 2) / len(eau.items), 2
    )
    assert len(page.evaluate("interactions")) == len(eau.items) - 3
    page.evaluate("fermer()")
    assert page.evaluate("sortie") == ""
    clean(page)


def test_learner_who_finally_stays_is_still_followed(visite, plateforme, eau):
    page, quiz = start(visite, plateforme, lms.to_scorm(eau))
    answer(quiz, "justes", 1)
    quiz.evaluate("window.dispatchEvent(new Event('beforeunload'))")
    assert page.evaluate("valeurs['cmi.core.exit']") == "suspend"
    answer(quiz, "justes", 1)
    assert len(page.evaluate("interactions")) == 2
    page.evaluate("fermer()")
    assert page.evaluate("appels").count("LMSFinish") == 1
    clean(page)


@pytest.mark.parametrize("memory", ["1:00000000:444", "n’importe quoi", "2:abc"])
def test_memory_of_another_quiz_is_not_taken_up(visite, plateforme, eau, memory):
    page, quiz = start(visite, plateforme, lms.to_scorm(eau), garde={"cmi.suspend_data": memory})
    assert quiz.locator("fieldset:disabled").count() == 0
    assert "le quiz a changé depuis votre dernière visite" in quiz.inner_text(".suivi")
    answer(quiz, "justes", 1)
    clean(page)


def test_review_sends_nothing(visite, plateforme, eau):
    page, quiz = start(visite, plateforme, lms.to_scorm(eau), mode="review")
    answer(quiz, "justes", 2)
    page.evaluate("fermer()")
    assert [call for call in page.evaluate("appels") if call.startswith("écrire") or call == "LMSCommit"] == []
    clean(page)


def test_refusals_are_said(visite, plateforme, eau):
    package = lms.to_scorm(eau)
    page, quiz = start(visite, plateforme, package, refuse=True)
    assert "n’a pas accepté d’ouvrir le suivi" in quiz.inner_text(".suivi")
    answer(quiz, "justes", 1)
    assert [call for call in page.evaluate("appels") if call != "LMSInitialize"] == []
    page, quiz = start(visite, plateforme, package, ecritures="refusées")
    answer(quiz, "justes", 1)
    said = quiz.inner_text(".suivi")
    assert "n’a pas tout enregistré" in said
    assert "erreur 405" in said


def test_alone_the_quiz_works_and_says_nothing_is_sent(visite, plateforme, eau):
    page = visite(plateforme(lms.to_scorm(eau)) + "paquet/index.html")
    assert "votre résultat n’est transmis à personne" in page.inner_text(".suivi")
    first = page.locator("form.question").first
    first.locator("button").click()
    assert first.locator(".verdict").inner_text() == "Choisissez d’abord une réponse."
    page.evaluate(ANSWER, ["justes", None])
    assert page.inner_text(".resultat").replace("\u00a0", " ").startswith("Quiz terminé : 100 %")
    item = eau.items[0]
    shown = page.locator(f"#{item.id} .retours li").all_inner_texts()
    assert all(choice.feedback.text in text for choice, text in zip(item.choices, shown, strict=True))
    assert page.erreurs == []
    assert [address for address in page.demandes if "paquet" not in address and not address.startswith("data:")] == []


def test_keyboard_is_enough(visite, plateforme, eau):
    page, quiz = start(visite, plateforme, lms.to_scorm(eau))
    quiz.locator("input").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    assert quiz.evaluate("document.activeElement.textContent") == "Vérifier ma réponse"
    page.keyboard.press("Enter")
    assert quiz.locator(".verdict-titre").count() == 1
    page.keyboard.press("Tab")
    assert quiz.evaluate("document.activeElement.closest('form').id") == quiz.evaluate(
        "document.querySelectorAll('form.question')[1].id"
    )
    clean(page)


@pytest.mark.parametrize(("scheme", "width"), [("light", 1000), ("dark", 1000), ("light", 320)])
def test_no_accessibility_violation(visite, plateforme, eau, scheme, width):
    page = visite(plateforme(lms.to_scorm(eau)) + "paquet/index.html", scheme=scheme, width=width)
    page.evaluate(ANSWER, ["fausses", 2])
    page.evaluate(ANSWER, ["justes", 2])
    page.add_script_tag(path=str(AXE))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
