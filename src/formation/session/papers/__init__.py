"""Les papiers d’une session : convocation, émargement, certificat de réalisation, attestation, dossier de preuves.

Un papier nommé ne tient que d’une personne : aucune de ces fonctions ne reçoit les autres.
"""

from __future__ import annotations

from formation.lazy import face

_WHERE = {
    "attendance_html": "attendance",
    "summons_text": "summons",
    "summons_document": "summons",
    "certificate_html": "certificate",
    "completion_html": "completion",
    "write_papers": "writing",
    "PapiersImpossibles": "writing",
    "evidence": "binder",
}

__getattr__, __dir__, __all__ = face(
    __name__,
    _WHERE,
    ["attendance", "summons", "certificate", "completion", "writing", "binder", "pieces", "statements"],
)
