"""Un paquet SCORM 1.2 par chapitre : le manifeste, la page du quiz, son style et son programme."""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape

from formation.lms.chapters import Chapter
from formation.lms.player import SCRIPT, STYLE, page, script, style

MANIFEST, ENTRY = "imsmanifest.xml", "index.html"
THRESHOLD = 60
"""Part de réponses justes demandée par défaut, en pour cent."""
_LONGEST_TITLE = 200
_STAMP = (1980, 1, 1, 0, 0, 0)


def to_scorm(chapter: Chapter, *, threshold: int | None = THRESHOLD, address: str = "") -> bytes:
    """Fabrique le paquet d’un chapitre.

    Parameters
    ----------
    chapter : Chapter
        Chapitre.
    threshold : int or None
        Part de réponses justes à atteindre, de 1 à 100 ; `None` : la plateforme saura seulement que le quiz est fini.
    address : str
        Adresse où le livre est publié, vide s’il ne l’est pas.

    Returns
    -------
    bytes
        Archive zip. Deux appels donnent les mêmes octets.

    Raises
    ------
    ValueError
        Si le seuil sort de ses bornes.
    """
    if threshold is not None and not 1 <= threshold <= 100:
        raise ValueError("Le seuil est un entier de 1 à 100.")
    contents = {
        MANIFEST: manifest(chapter),
        ENTRY: page(chapter, threshold=threshold, address=address),
        STYLE: style(chapter.subject),
        SCRIPT: script(),
    }
    stream = io.BytesIO()
    # Sans compression : les octets ne dépendent pas de la version de zlib, et un paquet pèse moins de 100 ko.
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, text in contents.items():
            entry = zipfile.ZipInfo(name, _STAMP)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, text.encode())
    return stream.getvalue()


def manifest(chapter: Chapter) -> str:
    """Manifeste du paquet, tel que SCORM 1.2 le demande.

    Il ne dit pas le seuil (`adlcp:masteryscore`) : une plateforme comme Moodle pourrait sinon comparer la note au seuil
    à chaque sortie, et déclarer « échoué », donc fermé, un quiz quitté en cours de route. La page dit elle-même si
    le quiz est réussi, une fois toutes les réponses données.

    Parameters
    ----------
    chapter : Chapter
        Chapitre.

    Returns
    -------
    str
        Document XML.
    """
    ident = f"formation-ia-{chapter.slug}"
    title = escape(chapter.items[0].title_of_quiz[:_LONGEST_TITLE])
    files = "\n".join(f'      <file href="{name}"/>' for name in (ENTRY, STYLE, SCRIPT))
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="{ident}" version="1.0"
          xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"
          xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">
  <metadata>
    <schema>ADL SCORM</schema>
    <schemaversion>1.2</schemaversion>
  </metadata>
  <organizations default="plan-{chapter.slug}">
    <organization identifier="plan-{chapter.slug}">
      <title>{title}</title>
      <item identifier="quiz-{chapter.slug}" identifierref="page-{chapter.slug}">
        <title>{title}</title>
      </item>
    </organization>
  </organizations>
  <resources>
    <resource identifier="page-{chapter.slug}" type="webcontent" adlcp:scormtype="sco" href="{ENTRY}">
{files}
    </resource>
  </resources>
</manifest>
"""
