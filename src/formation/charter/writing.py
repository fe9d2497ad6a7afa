"""La charte mise en page : articles numérotés, ce qui n’est pas promis, histoire, liste de vérification annexée."""

from __future__ import annotations

from formation.charter.checking import in_force
from formation.charter.record import Article, Charter, grid
from formation.numbers import day
from formation.workshop.documents import Block, Bullets, Check, Checks, Document, Fill, Paragraph, Section, Table
from formation.workshop.sources import described, grouped

FOOTER = (
    "Texte composé à partir des choix de la collectivité. Il ne remplace pas un conseil juridique : à relire par le "
    "service juridique et par le délégué à la protection des données avant tout vote."
)


def document(charter: Charter) -> Document:
    """Charte mise en page.

    Parameters
    ----------
    charter : Charter
        Charte.

    Returns
    -------
    Document
        Document à écrire en ODT, DOCX, HTML ou texte.

    Examples
    --------
    >>> from formation.workshop.documents import to_text
    >>> "Article 1. Objet" in to_text(document(Charter({})))
    True
    """
    return Document(
        charter.title,
        [
            *_warnings(charter),
            *_articles(charter),
            *_contact(charter),
            *_not_promised(charter),
            *_history(charter),
            *_checklist(charter),
            *_sources(charter),
        ],
        charter.dated,
        FOOTER,
    )


def _warnings(charter: Charter) -> list[Section]:
    sections = []
    if charter.contradictions:
        sections.append(Section("Contradictions à lever avant le vote", [Bullets(charter.contradictions)]))
    if charter.undecided and charter.adopted is None:
        note = Paragraph("Ces choix restent à faire. La charte n’en dit rien tant qu’ils ne le sont pas.")
        sections.append(Section("Choix à faire", [note, Bullets(charter.undecided)]))
    return sections


def _articles(charter: Charter) -> list[Section]:
    titles = {theme.id: theme.titre for theme in grid().themes}
    sections: list[Section] = []
    theme = ""
    for rank, article in enumerate(charter.articles, start=1):
        if article.theme != theme:
            theme = article.theme
            sections.append(Section(titles[theme]))
        sections.append(Section(f"Article {rank}. {article.title}", _article(article), level=3))
    return sections


def _article(article: Article) -> list[Block]:
    blocks: list[Block] = [Paragraph(part) for part in article.text.splitlines() if part.strip()]
    if article.references:
        blocks.append(Paragraph(f"Références : {' ; '.join(grouped(article.references))}."))
    return blocks


def _contact(charter: Charter) -> list[Section]:
    contact = str(charter.answers.get("contact") or "").strip()
    block = Paragraph(contact) if contact else Fill("Fonction, téléphone, adresse du service")
    return [Section("À qui s’adresser", [block])]


def _not_promised(charter: Charter) -> list[Section]:
    found = [section for section in charter.sheet.sections if section.id == "non_promis"]
    return [
        Section(
            section.title,
            [Bullets([f"{one.conclusion}. {one.explanation}".strip() for one in section.conclusions])],
        )
        for section in found
    ]


def _history(charter: Charter) -> list[Section]:
    if not charter.history:
        return []
    rows = [
        [one.version, day(one.adopted.isoformat()), one.summary or "—", " ; ".join(one.changes) or "—"]
        for one in charter.history
    ]
    header = ["Version", "Adoptée le", "Pourquoi", "Ce qui change"]
    return [Section("Versions", [Table("Versions adoptées", header, rows)])]


def _checklist(charter: Charter) -> list[Section]:
    found = in_force(charter)
    if not found:
        return []
    return [
        Section(
            "Annexe : liste de vérification d’un projet",
            [
                Fill("Projet"),
                Paragraph("Cochez ce qui est vérifié, pièce à l’appui. Une case vide n’est pas un oui."),
                Checks([Check(one.label) for one in found]),
                Fill("Vérifié par (fonction), le"),
                Fill("À éclaircir, et par qui", 3),
            ],
        )
    ]


def _sources(charter: Charter) -> list[Section]:
    keys = dict.fromkeys(key for article in charter.articles for key in article.sources)
    if not keys:
        return []
    note = Paragraph("Ces textes ont inspiré des articles ; ils ne les valident pas.")
    return [Section("Sources", [note, Bullets(list(described(keys).values()))])]
