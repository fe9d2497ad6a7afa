"""Pourquoi une couche manque, et quoi faire : des phrases pour la personne qui administre la machine."""

import errno
from collections.abc import Callable
from pathlib import Path

from formation.classroom.grading.sandbox.policy import BOUNDS, LANDLOCK, NAMESPACES, SECCOMP

ELSEWHERE = (
    "cette protection n’existe que sous Linux. Remède : corriger sur une machine Linux, ou dans une machine virtuelle "
    "Linux (sous Windows : WSL 2)."
)
CONTAINER_MARKS = ("/.dockerenv", "/run/.containerenv")
LIBRARY_NEEDED = (
    "Remède : installer la bibliothèque du système (Debian, Ubuntu : apt install libseccomp2 ; Fedora : dnf install "
    'libseccomp), puis : pip install "formation-ia-territoires[atelier]"'
)


def remedy(layer: str, number: int, detail: str, effect: str = "") -> str:
    """Cause et remède d’une couche qui manque.

    Parameters
    ----------
    layer : str
        Couche.
    number : int
        Numéro d’erreur du noyau, 0 s’il n’y en a pas.
    detail : str
        Message de l’erreur.
    effect : str
        Ce qui restait permis alors que la couche semblait fermée, vide sinon.

    Returns
    -------
    str
    """
    if effect:
        return f"le noyau a accepté la demande mais {effect}. Remède : mettre le noyau à jour, ou changer de machine."
    texts: dict[str, Callable[[int, str], str]] = {
        NAMESPACES: _namespaces,
        LANDLOCK: _landlock,
        SECCOMP: _seccomp,
        BOUNDS: _bounds,
    }
    return texts[layer](number, detail)


def _namespaces(number: int, detail: str) -> str:
    if number == errno.ENOSPC or _setting("/proc/sys/user/max_user_namespaces") == "0":
        return (
            "le noyau n’accorde aucun espace de noms d’utilisateur (user.max_user_namespaces vaut 0 ou est atteint). "
            "Remède, en administrateur : sysctl -w user.max_user_namespaces=15000"
        )
    if number == errno.ENOSYS and "unshare" in detail:
        return f"le noyau ou un filtre ignore les espaces de noms ({detail}). Remède : Linux 5.12 ou plus récent."
    if number in (errno.ENOSYS, errno.EINVAL):
        return f"ce noyau est trop ancien ou incomplet ({detail}). Remède : Linux 5.12 ou plus récent."
    if _setting("/proc/sys/kernel/unprivileged_userns_clone") == "0":
        return (
            "les espaces de noms sont réservés à l’administrateur (kernel.unprivileged_userns_clone vaut 0). "
            "Remède, en administrateur : sysctl -w kernel.unprivileged_userns_clone=1"
        )
    if _setting("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") == "1":
        return (
            "AppArmor refuse les espaces de noms aux programmes ordinaires "
            "(kernel.apparmor_restrict_unprivileged_userns vaut 1, comme sur Ubuntu 24.04). Remède, en administrateur "
            ": sysctl -w kernel.apparmor_restrict_unprivileged_userns=0, ou un profil AppArmor « userns » pour Python"
        )
    if any(Path(mark).exists() for mark in CONTAINER_MARKS):
        return (
            f"le conteneur où tourne ce programme le refuse ({detail}). Remède : corriger hors du conteneur, ou le "
            "lancer avec --security-opt seccomp=unconfined --security-opt apparmor=unconfined"
        )
    return (
        f"un filtre ou une règle de cette machine le refuse ({detail}). Remède : demander à l’administrateur "
        "d’autoriser les espaces de noms d’utilisateur, ou corriger sur une autre machine"
    )


def _landlock(number: int, detail: str) -> str:
    if number == errno.EOPNOTSUPP:
        return (
            "Landlock est présent mais désactivé au démarrage. Remède, en administrateur : ajouter landlock à la liste "
            "« lsm= » des paramètres du noyau, puis redémarrer"
        )
    if number == errno.ENOSYS:
        return (
            "ce noyau n’a pas Landlock, ou un conteneur le cache. Remède : Linux 5.13 ou plus récent (Debian 12, "
            "Ubuntu 22.04) ; dans un conteneur, un Docker ou Podman récent"
        )
    return f"le noyau refuse Landlock ({detail}). Remède : corriger hors du conteneur, ou changer de machine"


def _seccomp(number: int, detail: str) -> str:
    if not number:
        return f"libseccomp ou pyseccomp manque ({detail}). {LIBRARY_NEEDED}"
    if number == errno.EINVAL:
        return "ce noyau est construit sans filtre d’appels système. Remède : un noyau ordinaire de distribution"
    return f"le noyau refuse le filtre d’appels système ({detail}). Remède : corriger hors du conteneur"


def _bounds(number: int, detail: str) -> str:  # noqa: ARG001
    return f"le noyau refuse de borner un processus ({detail}). Remède : vérifier ulimit -H -a, ou changer de machine"


def _setting(path: str) -> str:
    try:
        return Path(path).read_text(encoding="ascii").strip()
    except OSError:
        return ""
