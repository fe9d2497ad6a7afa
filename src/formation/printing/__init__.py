"""Documents à imprimer : une page HTML accessible, et le même document en PDF balisé, toujours les mêmes octets.

- :func:`page` écrit la page ;
- :func:`write_pdf` et :func:`write_pdfs` l’écrivent en PDF/UA ;
- :func:`check_pdf` relit un PDF et dit ce qui le rendrait inaccessible ou indiscret.
"""

from __future__ import annotations

from formation.lazy import face

_WHERE = {
    "page": "layout",
    "write_pdf": "rendering",
    "to_pdf": "rendering",
    "PdfImpossible": "rendering",
    "write_pdfs": "batch",
    "check_pdf": "checking",
    "read_text": "reading",
}

__getattr__, __dir__, __all__ = face(__name__, _WHERE, ["layout", "rendering", "batch", "checking", "reading"])
