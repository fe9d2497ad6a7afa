"""Ce que cette machine offre : chaque couche est vraiment essayée, dans un enfant jetable."""

from collections.abc import Iterable

from formation.classroom.grading.sandbox.policy import Mode


def probe() -> dict[str, str | None]:
    """Essaie chaque couche.

    Returns
    -------
    dict of str to (str or None)
        Par couche de `LAYERS`, None si elle est utilisable, sinon la cause et le remède.
    """
    raise NotImplementedError


def require(mode: Mode) -> tuple[str, ...]:
    """Couches utilisables.

    Parameters
    ----------
    mode : str
        `strict` ou `degrade`.

    Returns
    -------
    tuple of str
        Couches utilisables ; toutes, si le mode est `strict`.

    Raises
    ------
    BacASableImpossible
        En mode `strict`, si une couche manque ; en mode `degrade`, jamais.
    """
    raise NotImplementedError


def describe(layers: Iterable[str]) -> list[str]:
    """Dit ce qui est protégé et ce qui ne l’est pas.

    Parameters
    ----------
    layers : iterable of str
        Couches utilisables.

    Returns
    -------
    list of str
        Une phrase par ligne.
    """
    raise NotImplementedError
