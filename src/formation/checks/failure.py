"""Échecs d’un contrôle : un message court en français, sans pile d’appels."""

import re

_NBSP = "\u00a0"


def french(text: str) -> str:
    r"""Pose les espaces insécables du français.

    Parameters
    ----------
    text : str
        Phrase en français.

    Returns
    -------
    str
        Même phrase, insécables avant « ; : ! ? » et dans les guillemets.

    Examples
    --------
    >>> french("Attendu : un nombre.") == "Attendu\u00a0: un nombre."
    True
    """
    text = re.sub(r"(?<=\S) ([:;!?\u00bb€])", rf"{_NBSP}\1", text)
    text = re.sub(r"(?<=\d) %", rf"{_NBSP}%", text)
    return text.replace("\u00ab ", f"\u00ab{_NBSP}")


class _Brief:
    """Affiche le seul message dans un carnet."""

    def _render_traceback_(self) -> list[str]:
        return str(self).splitlines()


class ReponseInattendue(_Brief, AssertionError):
    """La réponse n’a pas la forme ou la valeur attendue."""


class AttenteIntrouvable(_Brief, Exception):
    """Le contrôle ne trouve pas ce qu’il doit vérifier."""

    def __init__(self, message: str) -> None:
        super().__init__(french(message))
