"""L’attestation de fin de formation : objectifs, nature, durée, résultats de l’évaluation des acquis."""

from __future__ import annotations

from formation.numbers import plural
from formation.pathways.checking import CRITERION
from formation.pathways.model import Objective
from formation.printing.layout import page
from formation.session.model import Participant, Session
from formation.session.outcome import ObjectiveResult, Outcome, rule
from formation.session.papers import wording
from formation.session.papers.wording import text

_PRINT = (
    "@page{margin:12mm 14mm 14mm}@media print{html{line-height:1.3}h1{font-size:1.4rem}h2{margin:.7rem 0 .3rem}"
    "table{margin:.3rem 0 .5rem}td,th{padding:.14rem .4rem}tbody th{font-weight:normal}"
    ".faits tbody th{font-weight:bold}.signature{margin:.3rem 0}"
    ".encadre{margin:.4rem 0;padding:.3rem .7rem}.entete{padding-bottom:.3rem;margin-bottom:.5rem}"
    ".signature{min-height:4.5rem}p{margin:.3rem 0}}"
)
NOTHING = "non évalué : aucune production rendue"
_LIMIT = (
    "Cette attestation dit ce qui a été évalué et comment, le jour de la formation. Ce n’est ni un diplôme ni un titre "
    "professionnel, et elle ne dit pas ce que la personne fera ensuite à son poste."
)


def completion_html(session: Session, participant: Participant, outcome: Outcome) -> str:
    """Attestation de fin de formation d’une personne.

    Une personne qui n’a rien rendu reçoit une attestation qui le dit ; aucun objectif n’y est dit atteint.

    Parameters
    ----------
    session : Session
        Session.
    participant : Participant
        Personne que l’attestation nomme.
    outcome : Outcome
        Son bilan.

    Returns
    -------
    str
        Page HTML entière.
    """
    title = f"Attestation de fin de formation – {participant.name}"
    body = (
        f"{wording.letterhead(session)}<h1>{text(title)}</h1>"
        f"<p>Délivrée à {wording.person(participant)}, inscrit ou inscrite à l’action de formation décrite ici.</p>"
        + wording.facts("L’action", wording.action(session, wording.followed_text(session, outcome.presence)))
        + "<h2>Objectifs et résultats de l’évaluation des acquis</h2>"
        + _summary(session, outcome)
        + _results(session, outcome)
        + _pending(outcome)
        + f"<p>{text(_LIMIT)}</p>"
        + wording.signature(session, "Nom et qualité du signataire")
    )
    return page(title, body, css=f"{wording.CSS}.large{{width:44%}}.bref{{width:24%}}{_PRINT}")


def _summary(session: Session, outcome: Outcome) -> str:
    if outcome.did_nothing:
        return (
            f'<p class="encadre">{NOTHING.capitalize()}. Les épreuves ci-dessous ont été proposées ; aucune n’a été '
            "rendue. Rien n’est donc dit des acquis.</p>"
        )
    return f"<p>{text(rule(session))}</p>"


def _results(session: Session, outcome: Outcome) -> str:
    found = {one.objective_id: one for one in outcome.objectives}
    final = set(session.pathway.evaluation_finale.questions)
    rows = ""
    for objective in session.pathway.objectifs:
        result = found.get(objective.id, ObjectiveResult(objective.id, 0, 0, "non évalué"))
        asked = sum(name in final for name in objective.questions)
        rows += (
            f'<tr><th scope="row">{text(objective.texte)}</th>'
            f"<td>{text(_means(asked, len(objective.controles)))}. Attendu : {text(_expected(objective))}</td>"
            f"<td>{text(NOTHING if outcome.did_nothing else _state(result))}</td></tr>"
        )
    return (
        '<table><caption>Résultat par objectif</caption><thead><tr><th scope="col" class="large">Objectif</th>'
        '<th scope="col">Comment il est évalué</th><th scope="col" class="bref">Résultat</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _expected(objective: Objective) -> str:
    """La part demandée seule : le nombre de questions et de contrôles est écrit juste avant."""
    found = CRITERION.search(objective.critere)
    return found[0] if found else objective.critere


def _means(questions: int, checks: int) -> str:
    parts = []
    if questions:
        parts.append(f"{plural(questions, 'question')} à choix")
    if checks:
        parts.append(f"{plural(checks, 'contrôle noté', 'contrôles notés')} dans les exercices")
    return " et ".join(parts) or "Aucune épreuve prévue"


def _state(result: ObjectiveResult) -> str:
    if result.state == "non évalué":
        handed = (
            f" : {plural(result.assessed, 'rendu')} sur {plural(result.planned, 'prévu')}" if result.planned else ""
        )
        return f"non évalué{handed}"
    return f"{result.state} : {plural(result.passed, 'réussi')} sur {plural(result.assessed, 'rendu')}"


def _pending(outcome: Outcome) -> str:
    if not outcome.waiting:
        return ""
    return (
        f'<p class="encadre">Provisoire : {text(", ".join(outcome.waiting))} attend encore une note donnée à la main. '
        "Refaire l’attestation une fois la note donnée.</p>"
    )
