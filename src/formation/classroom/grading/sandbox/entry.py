"""Préparer une fois, enfermer chaque enfant."""

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from formation.classroom.grading.sandbox import bounds, filters, kernel, landlock, namespaces, places
from formation.classroom.grading.sandbox.policy import (
    BOUNDS,
    LANDLOCK,
    NAMESPACES,
    SECCOMP,
    BacASableImpossible,
    Policy,
)
from formation.classroom.grading.types import Limits


@dataclass(frozen=True, slots=True)
class Prepared:
    """Tout ce qui coûte, fait une fois par processus chaud et hérité par `fork`.

    Parameters
    ----------
    policy : Policy
        Règle préparée.
    program : bytes
        Filtre d’appels système, vide sans seccomp.
    layout : tuple of Place
        Contenu de la racine de l’enfant.
    folders : tuple of str
        Dossiers de cette racine, parents d’abord.
    landlock_version : int
        Version de Landlock, 0 sans Landlock.
    """

    policy: Policy
    program: bytes = b""
    layout: tuple[namespaces.Place, ...] = ()
    folders: tuple[str, ...] = ()
    landlock_version: int = 0


def prepare(policy: Policy) -> Prepared:
    """Charge les bibliothèques et compile le filtre d’appels système.

    Parameters
    ----------
    policy : Policy
        Règle à préparer.

    Returns
    -------
    Prepared

    Raises
    ------
    BacASableImpossible
        Si une couche de la règle ne peut pas se préparer sur cette machine.
    """
    if not kernel.is_linux():
        if policy.layers:
            raise BacASableImpossible(f"Ces couches n’existent que sous Linux : {', '.join(policy.layers)}.")
        return Prepared(policy)
    import resource  # noqa: F401  chargé ici pour que les enfants ne le paient pas

    kernel.libc()
    version, program = 0, b""
    if LANDLOCK in policy.layers:
        with _layer(LANDLOCK):
            version = landlock.version()
    if SECCOMP in policy.layers:
        with _layer(SECCOMP):
            program = filters.build(namespaces=NAMESPACES in policy.layers)
    counters = () if NAMESPACES in policy.layers else places.COUNTERS
    layout = namespaces.layout((*policy.read_only, *counters, *places.WRITABLE_DEVICES))
    return Prepared(policy, program, layout, namespaces.skeleton(layout), version)


def enter(
    prepared: Prepared,
    scratch: str,
    *,
    fill: Callable[[str], None] | None = None,
    limits: Limits | None = None,
) -> None:
    """Enferme le processus courant ; sans retour possible.

    À appeler dans un enfant tout juste né de `fork`, sans autre fil d’exécution. Au retour, le dossier courant est
    `scratch`, vide hormis ce que `fill` y a posé ; `tempfile` s’en sert aussi. L’environnement n’est pas touché (voir
    `clean_environment`). Les descripteurs ouverts restent à la charge de l’appelant, qui doit fermer tout dossier
    ouvert.

    Parameters
    ----------
    prepared : Prepared
        Rendu par `prepare` dans le parent.
    scratch : str
        Dossier de travail, vide, chemin absolu. Avec les espaces de noms, un disque en mémoire de `disk_mb` le
        recouvre et disparaît avec l’enfant ; sans eux, c’est à l’appelant d’effacer le dossier.
    fill : callable, optional
        Appelée avec le dossier où poser les fichiers donnés au stagiaire (pas toujours `scratch` : le disque n’a pas
        encore sa place définitive), pendant que les fichiers de la machine sont encore lisibles.
    limits : Limits, optional
        Bornes de cet enfant ; par défaut celles de la règle.

    Raises
    ------
    BacASableImpossible
        Si une couche de la règle ne se ferme pas. L’appelant doit alors le dire et finir sans rien exécuter.
    OSError
        Ce que `fill` a levé, tel quel : par exemple un disque trop petit. Là aussi, l’appelant doit finir.
    """
    try:
        _enter(prepared, scratch, _told_apart(fill), limits or prepared.policy.limits)
    except _FillFailed as failed:
        raise failed.error from None


def _enter(prepared: Prepared, scratch: str, fill: Callable[[str], None], limits: Limits) -> None:
    layers = prepared.policy.layers
    if not kernel.is_linux():
        os.chdir(scratch)
        fill(scratch)
        return
    os.umask(0o077)
    if os.getsid(0) != os.getpid():
        os.setsid()
    used_bytes = bounds.virtual_size()
    tempfile.tempdir = scratch  # le parent a pu retenir son propre dossier temporaire
    with _layer(NAMESPACES):
        if NAMESPACES in layers:
            namespaces.leave(prepared.layout, prepared.folders, scratch, limits.disk_mb, fill)
        else:
            os.chdir(scratch)
            fill(scratch)
    if BOUNDS in layers:
        with _layer(BOUNDS):
            bounds.drop_capabilities()
            bounds.limit(limits, used_bytes, namespaces=NAMESPACES in layers)
    else:
        with contextlib.suppress(OSError):
            bounds.drop_capabilities()
    with _layer(BOUNDS):
        bounds.hide()
        kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    if LANDLOCK in layers:
        with _layer(LANDLOCK):
            readable = [place.path for place in prepared.layout if place.kind != "lien"]
            landlock.restrict(
                readable, (os.path.realpath(scratch),), places.WRITABLE_DEVICES, prepared.landlock_version
            )
    if SECCOMP in layers:
        with _layer(SECCOMP):
            filters.install(prepared.program)


class _FillFailed(Exception):
    def __init__(self, error: Exception) -> None:
        super().__init__(error)
        self.error = error


def _told_apart(fill: Callable[[str], None] | None) -> Callable[[str], None]:
    """Une erreur de `fill` n’est pas celle d’une couche."""

    def guarded(folder: str) -> None:
        if fill is None:
            return
        try:
            fill(folder)
        except Exception as error:
            raise _FillFailed(error) from error

    return guarded


@contextlib.contextmanager
def _layer(name: str) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, RuntimeError, ModuleNotFoundError) as error:
        raise BacASableImpossible(
            f"Bac à sable : la couche « {name} » ne s’est pas fermée ({error}). Le code du stagiaire n’a pas été "
            "exécuté. Pour savoir ce que cette machine permet : formation atelier diagnostic"
        ) from error
