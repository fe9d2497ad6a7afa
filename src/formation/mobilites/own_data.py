"""Essayer le modèle du cours sur ses propres photos : avec des masques, on juge ; sans, on dit ce qu’on ne sait pas."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from formation.errors import DonneesInvalides, FichiersInvalides, FormationError
from formation.mobilites import own_images, own_masks, own_scores, own_words
from formation.mobilites.own_images import Photos
from formation.reports.own_result import OwnResult

Progress = Callable[[int, int, str], None]
"""Étape, nombre d’étapes, ce qui commence."""


class EssaiImpossible(FormationError):
    """Ce qui est demandé à l’essai n’a pas de sens ; rien n’a été écrit."""


def own(
    images: str | Path,
    masks: str | Path | None = None,
    *,
    resolution: float | None = None,
    progress: Progress | None = None,
    seed: int = 447,
) -> OwnResult:
    """Essaie le modèle du cours sur les photos d’une collectivité.

    Parameters
    ----------
    images : str or Path
        Photo aérienne, ou dossier de photos, en PNG, JPEG ou TIFF.
    masks : str or Path, optional
        Dossier de masques de mêmes noms que les photos.
    resolution : float, optional
        Côté d’un pixel, en mètres, si rien ne le dit à côté des photos.
    progress : callable, optional
        Reçoit l’étape, leur nombre et ce qui commence.
    seed : int
        Graine du modèle réappris et des tirages.

    Returns
    -------
    OwnResult
        Avec des masques, `table` a une ligne par méthode et `other` une par photo ; sans, `table` a une ligne par
        photo et `other` une par parking trouvé. Rien n’est écrit.

    Raises
    ------
    formation.errors.DonneesInvalides
        Si une photo ou un masque n’est pas utilisable ; tous les problèmes sont donnés.
    formation.mobilites.features.ImagesIndisponibles
        Si scikit-image n’est pas installé.
    """
    read = _read(images, masks, resolution)
    tell = progress or (lambda _step, _total, _label: None)
    if masks is None:
        seen = own_scores.without_masks(read.photos, tell)
        words, remarks = own_words.unjudged(seen)
        return OwnResult("photos", seen.table, "\n".join(words), [*read.remarks, *remarks], seen.facts, seen.lots)
    found = own_scores.with_masks(read.photos, tell, seed=seed)
    words, remarks = own_words.judged(found)
    return OwnResult("masques", found.table, "\n".join(words), [*read.remarks, *remarks], found.facts, found.by_photo)


def _read(images: str | Path, masks: str | Path | None, resolution: float | None) -> Photos:
    """Lit les photos et les masques ; dit les problèmes des deux à la fois."""
    wrong: list[DonneesInvalides] = []
    read = Photos([])
    try:
        read = own_images.read(images, resolution)
        if read.problems:
            wrong.append(DonneesInvalides(Path(images).name, read.problems, read.remarks))
    except DonneesInvalides as error:
        wrong.append(error)
    if masks is not None:
        try:
            read.remarks += own_masks.read(read.photos, masks)
        except DonneesInvalides as error:
            wrong.append(error)
    if len(wrong) > 1:
        raise FichiersInvalides(wrong)
    if wrong:
        raise wrong[0]
    return read
