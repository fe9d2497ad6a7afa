"""Échecs d’un contrôle : un message court en français, sans pile d’appels."""

from formation.letters import french as french


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
