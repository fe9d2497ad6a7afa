"""Espaces de noms : ni réseau, ni autre fichier que ceux donnés, ni droits d’administrateur.

L’enfant reçoit une racine presque vide : les dossiers permis y sont attachés en lecture seule à leur place habituelle,
son dossier de travail est un disque en mémoire de taille bornée, et l’ancienne racine est détachée. Le reste de la
machine n’est pas interdit : il n’existe plus.
"""

import contextlib
import ctypes
import os
import stat
from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath
from typing import Literal, NamedTuple

from formation.classroom.grading.sandbox import kernel

NEW_MOUNTS, NEW_UTS, NEW_IPC, NEW_USER, NEW_NETWORK = 0x20000, 0x4000000, 0x8000000, 0x10000000, 0x40000000
NO_SUID, NO_DEVICES, NO_EXECUTION, BIND, RECURSIVE, PRIVATE = 2, 4, 8, 0x1000, 0x4000, 0x40000
MOUNT_SETATTR, AT_FDCWD, AT_RECURSIVE, DETACH = 442, -100, 0x8000, 2
READ_ONLY_NO_SUID = 0b11
MAX_FILES = 4096
MAX_LINKS = 40
Kind = Literal["dossier", "fichier", "lien"]


class _MountAttributes(ctypes.Structure):
    _fields_ = tuple((name, ctypes.c_uint64) for name in ("set", "clear", "propagation", "user_namespace"))


class Place(NamedTuple):
    """Ce que la nouvelle racine contient.

    Parameters
    ----------
    kind : str
        `dossier` ou `fichier` (attachés), ou `lien` symbolique.
    path : str
        Chemin absolu, sans lien symbolique parmi ses parents.
    target : str
        Cible d’un lien, vide sinon.
    """

    kind: Kind
    path: str
    target: str = ""


def layout(paths: Iterable[str]) -> tuple[Place, ...]:
    """Suit les liens symboliques et ôte ce qu’un autre dossier contient déjà.

    Parameters
    ----------
    paths : iterable of str
        Dossiers et fichiers absolus ; ceux qui n’existent pas sont ignorés.

    Returns
    -------
    tuple of Place
        Les attaches d’abord, les liens ensuite.
    """
    links: dict[str, str] = {}
    found: dict[str, Kind] = {}
    for path in paths:
        real = _follow(path, links)
        if real and os.path.exists(real):  # noqa: PTH110
            found[real] = "dossier" if stat.S_ISDIR(Path(real).stat().st_mode) else "fichier"
    folders = [path for path, kind in found.items() if kind == "dossier"]

    def inside(path: str) -> bool:
        return any(path != folder and Path(path).is_relative_to(folder) for folder in folders)

    places = [Place(kind, path) for path, kind in sorted(found.items()) if not inside(path)]
    return (*places, *(Place("lien", path, target) for path, target in sorted(links.items()) if not inside(path)))


def _follow(path: str, links: dict[str, str]) -> str:
    """Chemin réel ; note dans `links` les liens rencontrés. Vide si les liens tournent en rond."""
    rest, done = [part for part in path.split("/") if part], "/"
    for _ in range(MAX_LINKS + len(rest)):
        if not rest:
            return done
        part = rest.pop(0)
        if part in (".", ".."):
            done = str(Path(done).parent) if part == ".." else done
            continue
        here = os.path.join(done, part)  # noqa: PTH118
        if os.path.islink(here):  # noqa: PTH114
            links[here] = target = os.readlink(here)  # noqa: PTH115
            done = "/" if target.startswith("/") else done
            rest = [one for one in target.split("/") if one] + rest
        else:
            done = here
    return ""


def skeleton(places: Iterable[Place]) -> tuple[str, ...]:
    """Dossiers à créer dans la nouvelle racine, parents d’abord.

    Parameters
    ----------
    places : iterable of Place
        Rendus par `layout`.

    Returns
    -------
    tuple of str
    """
    wanted: dict[str, None] = {}
    for place in places:
        path = PurePosixPath(place.path)
        for parent in [*reversed(path.parents), *([path] if place.kind == "dossier" else [])][1:]:
            wanted[str(parent)] = None
    return tuple(wanted)


def leave(
    places: Iterable[Place],
    folders: Iterable[str],
    scratch: str,
    disk_mb: int,
    fill: Callable[[str], None],
) -> None:
    """Quitte la machine : nouveaux espaces de noms, nouvelle racine, `scratch` pour seul dossier à écrire.

    Parameters
    ----------
    places : iterable of Place
        Ce qui reste lisible.
    folders : iterable of str
        Rendus par `skeleton`.
    scratch : str
        Dossier de travail, absolu et existant ; un disque en mémoire prend sa place.
    disk_mb : int
        Taille de ce disque, en Mo.
    fill : callable
        Reçoit le dossier à garnir, tant que les fichiers de la machine sont lisibles.

    Raises
    ------
    OSError
        Si le noyau refuse une étape.
    """
    _unshare()
    root = scratch = os.path.realpath(scratch)
    inner = root + scratch
    _mount("none", "/", None, RECURSIVE | PRIVATE)
    _mount("none", root, "tmpfs", NO_SUID | NO_DEVICES, f"size=1m,nr_inodes={MAX_FILES},mode=0755")
    for folder in folders:
        os.mkdir(root + folder, 0o755)  # noqa: PTH102  appelé des dizaines de fois par copie
    for place in places:
        _attach(root, place)
    os.makedirs(inner, 0o755, exist_ok=True)  # noqa: PTH103
    attributes = _MountAttributes(set=READ_ONLY_NO_SUID)
    kernel.syscall(
        MOUNT_SETATTR,
        AT_FDCWD,
        os.fsencode(root),
        AT_RECURSIVE,
        ctypes.byref(attributes),
        ctypes.c_size_t(ctypes.sizeof(attributes)),
    )
    options = f"size={disk_mb}m,nr_inodes={MAX_FILES},mode=0700"
    _mount("none", inner, "tmpfs", NO_SUID | NO_DEVICES | NO_EXECUTION, options)
    fill(inner)
    os.chdir(root)
    libc = kernel.libc()
    kernel.check(libc.pivot_root(b".", b"."), "pivot_root")
    kernel.check(libc.umount2(b".", DETACH), "umount2")
    os.chdir(scratch)


def _unshare() -> None:
    user, group = os.getuid(), os.getgid()
    if user == 0:
        with contextlib.suppress(PermissionError):  # déjà sans ce droit : rien à abandonner
            os.setgroups([])
    flags = NEW_USER | NEW_MOUNTS | NEW_IPC | NEW_UTS | NEW_NETWORK
    kernel.check(kernel.libc().unshare(flags), "unshare")
    # le même numéro dedans et dehors : les fichiers de l’utilisateur restent les siens
    for name, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
        descriptor = os.open(f"/proc/self/{name}", os.O_WRONLY | os.O_CLOEXEC)
        try:
            os.write(descriptor, text.encode())
        finally:
            os.close(descriptor)


def _mount(source: str, target: str, kind: str | None, flags: int, options: str | None = None) -> None:
    arguments = [os.fsencode(value) if value is not None else None for value in (source, target, kind)]
    data = options.encode() if options else None
    kernel.check(kernel.libc().mount(*arguments, ctypes.c_ulong(flags), data), f"mount {target}")


def _attach(root: str, place: Place) -> None:
    target = root + place.path
    if place.kind == "lien":
        os.symlink(place.target, target)  # noqa: PTH211
        return
    if place.kind == "fichier":
        os.close(os.open(target, os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC, 0o600))
    _mount(place.path, target, None, BIND | RECURSIVE)
