"""La session d’un formateur : un dossier prêt à animer, évalué, clos, puis effacé.

Examples
--------
>>> from formation import session
>>> "open_session" in dir(session)
True
"""

from __future__ import annotations

from formation.lazy import face

__getattr__, __dir__, __all__ = face(
    __name__,
    {
        "Participant": "model",
        "Slot": "model",
        "Session": "model",
        "SessionInvalide": "model",
        "open_session": "model",
        "FOLDERS": "places",
        "read_list": "participants",
        "ListeRefusee": "participants",
        "plan_slots": "dates",
        "DatesRefusees": "dates",
        "create_session": "creation",
        "erase": "retention",
        "plan_erasure": "retention",
        "state": "standing",
        "Request": "request",
        "CreationImpossible": "request",
        "run_sheet": "runsheet",
        "handout_html": "handout",
        "compute": "outcome",
        "Outcome": "outcome",
        "ObjectiveResult": "outcome",
        "ItemAnswer": "outcome",
    },
    (
        "accord",
        "model",
        "places",
        "closures",
        "dates",
        "participants",
        "runsheet",
        "handout",
        "request",
        "creation",
        "course_build",
        "retention",
        "anonymous",
        "standing",
        "lexicon",
        "reading_me",
        "quizzes",
        "answers",
        "outcome",
        "satisfaction",
        "report",
        "closing",
        "papers",
    ),
)
