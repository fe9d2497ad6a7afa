"""Ce qu’un enfant peut lire : l’interpréteur, ses bibliothèques, les données du cours."""

import site
import sys
import sysconfig
from pathlib import Path

SYSTEM = ("/usr", "/lib", "/lib32", "/lib64", "/libx32", "/bin", "/sbin", "/nix/store", "/gnu/store")
# ni passwd, ni hosts, ni clés : ce que la bibliothèque C, les polices et les fuseaux lisent
SETTINGS = (
    "/etc/ld.so.cache",
    "/etc/alternatives",
    "/etc/fonts",
    "/etc/localtime",
)
# joblib échoue si ces fichiers existent sans être lisibles ; dans une racine à part, ils n’existent pas
COUNTERS = (
    "/sys/devices/system/cpu",
    "/sys/fs/cgroup/cpu.max",
    "/sys/fs/cgroup/cpu/cpu.cfs_quota_us",
    "/sys/fs/cgroup/cpu/cpu.cfs_period_us",
)
READABLE_DEVICES = ("/dev/urandom",)
WRITABLE_DEVICES = ("/dev/null",)
PREFIX_PARTS = ("lib", "lib64", "share")
# dans le dépôt ; une fois empaquetées, les fiches sont dans le paquet
PROJECTS = "bibliotheque"


def default_read_only() -> tuple[str, ...]:
    """Dossiers et fichiers qu’un enfant peut lire.

    Returns
    -------
    tuple of str
        Chemins absolus, existants, sans doublon : interpréteur, bibliothèques, polices, fuseaux, code de `formation`,
        tables du cours et fiches de projets. Ni les exercices, ni les cas, ni la session, ni le dossier personnel.
    """
    from formation.datasets.registry import root as datasets_root

    wanted = [Path(one) for one in (*SYSTEM, *SETTINGS, *READABLE_DEVICES)]
    # seulement des parties du préfixe : un environnement créé à la racine d’un projet le contiendrait tout entier
    for prefix in dict.fromkeys((sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix)):
        wanted += [Path(prefix) / part for part in PREFIX_PARTS]
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    wanted += [Path(path) for name, path in sysconfig.get_paths().items() if name in names]
    wanted += [Path(path) for path in site.getsitepackages()]
    if site.ENABLE_USER_SITE:
        wanted.append(Path(site.getusersitepackages()))
    package = Path(__file__).resolve().parents[3]
    wanted += [package, datasets_root(), package.parents[1] / PROJECTS]
    return tuple(dict.fromkeys(str(path) for path in wanted if _seen(path)))


def _seen(path: Path) -> bool:
    # dans un dossier personnel fermé à ce compte, la question même est refusée : rien à y lire
    try:
        return path.exists()
    except OSError:
        return False
