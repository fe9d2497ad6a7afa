"""Deux versions d’une charte : ce qui est ajouté, retiré, changé."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from formation.charter.record import Article, Charter
from formation.numbers import plural
from formation.workshop.documents import Block, Bullets, Document, Paragraph, Section, Table


@dataclass(frozen=True)
class Difference:
    """Différence entre deux chartes.

    Attributes
    ----------
    before, after : Charter
        Chartes comparées.
    added, removed : tuple of Article
        Articles ajoutés, articles retirés.
    changed : tuple of (Article, Article)
        Articles qui parlent de la même chose, autrement : avant, après.
    """

    before: Charter
    after: Charter
    added: tuple[Article, ...]
    removed: tuple[Article, ...]
    changed: tuple[tuple[Article, Article], ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """Une ligne par changement, pour l’histoire de la charte."""
        return (
            *(f"ajouté : {one.title}" for one in self.added),
            *(f"retiré : {one.title}" for one in self.removed),
            *(
                f"changé : {new.title}" + (f" (auparavant : {old.title})" if old.title != new.title else "")
                for old, new in self.changed
            ),
        )

    def to_dict(self) -> dict[str, Any]:
        """Différence en types simples.

        Returns
        -------
        dict
            Versions, et changements par sorte.
        """
        return {
            "avant": self.before.version,
            "apres": self.after.version,
            "ajoutes": [_plain(one) for one in self.added],
            "retires": [_plain(one) for one in self.removed],
            "changes": [{"avant": _plain(old), "apres": _plain(new)} for old, new in self.changed],
        }

    def document(self) -> Document:
        """Différence mise en page, à joindre à une délibération.

        Returns
        -------
        Document
            Document à écrire.
        """
        blocks: list[Block] = []
        if not self.lines:
            blocks.append(Paragraph("Aucun article ne change.", strong=True))
        if self.added:
            blocks += [Paragraph("Ajoutés", strong=True), Bullets([_said(one) for one in self.added])]
        if self.removed:
            blocks += [Paragraph("Retirés", strong=True), Bullets([_said(one) for one in self.removed])]
        if self.changed:
            rows = [[new.title, _said(old), _said(new)] for old, new in self.changed]
            blocks.append(Table("Changés", ["Article", "Avant", "Après"], rows))
        count = plural(len(self.lines), "changement") if self.lines else "aucun changement"
        return Document(
            f"{self.after.title} : ce qui change",
            [Section(f"De la version {self.before.version} à la version {self.after.version} : {count}", blocks)],
            f"{self.before.dated} ; {self.after.dated}",
        )


def compare(before: Charter, after: Charter) -> Difference:
    """Compare deux versions d’une charte, article par article.

    Parameters
    ----------
    before, after : Charter
        Version ancienne, version nouvelle.

    Returns
    -------
    Difference
        Ce qui change, dans l’ordre de la charte.

    Examples
    --------
    >>> found = compare(Charter({"revision": "mandat"}), Charter({"revision": "un_an", "empreinte": "oui"}))
    >>> [one.slot for one in found.added], len(found.changed)
    (['empreinte'], 1)
    """
    old = {one.slot: one for one in before.articles}
    new = {one.slot: one for one in after.articles}
    return Difference(
        before,
        after,
        tuple(one for slot, one in new.items() if slot not in old),
        tuple(one for slot, one in old.items() if slot not in new),
        tuple(
            (old[slot], one)
            for slot, one in new.items()
            if slot in old and (one.title, one.text) != (old[slot].title, old[slot].text)
        ),
    )


def _said(article: Article) -> str:
    return f"{article.title}. {article.text}"


def _plain(article: Article) -> dict[str, str]:
    return {"objet": article.slot, "titre": article.title, "texte": article.text}
