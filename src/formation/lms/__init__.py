"""Vers une plateforme de formation : les quiz en Moodle XML, en GIFT ou en paquets SCORM 1.2, les notes en CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formation.lazy import face

if TYPE_CHECKING:
    from formation.lms.chapters import Chapter as Chapter
    from formation.lms.chapters import choose as choose
    from formation.lms.exporting import ExportQuizImpossible as ExportQuizImpossible
    from formation.lms.exporting import export as export
    from formation.lms.gift import to_gift as to_gift
    from formation.lms.moodle_xml import to_moodle_xml as to_moodle_xml
    from formation.lms.scorm import to_scorm as to_scorm

__getattr__, __dir__, __all__ = face(
    __name__,
    {
        "Chapter": "chapters",
        "ExportQuizImpossible": "exporting",
        "choose": "chapters",
        "export": "exporting",
        "to_gift": "gift",
        "to_moodle_xml": "moodle_xml",
        "to_scorm": "scorm",
    },
    ["chapters", "exporting", "gift", "moodle_xml", "player", "scorm", "scoring"],
)
