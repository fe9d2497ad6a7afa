"""Le serveur d’essai : lancé à part par ces tests, il monte PostgreSQL et JupyterHub, puis attend d’être tué.

« reel » : dans un espace de noms de montage et de processus à part, avec une copie de /etc ; de vrais comptes y sont
créés par la commande livrée, sans qu’aucun reste sur la machine. « meme » : tout sous le compte présent.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
SERVER = PROJECT / "deploiement" / "serveur.py"


def run(*command, **options):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, **options)
    if done.returncode:
        sys.exit(f"{command}\n{done.stdout}\n{done.stderr}")
    return done.stdout


def private_machine(folder: Path) -> None:
    """Remplace, pour ce processus et ses enfants seulement, ce que la création de comptes change."""
    run("cp", "-a", "/etc", folder / "etc")
    run("mount", "--bind", folder / "etc", "/etc")
    run("mount", "-t", "tmpfs", "tmpfs", "/var/log")
    run("mount", "-t", "tmpfs", "-o", "mode=1777", "tmpfs", "/var/tmp")
    # l’installation ferme les corrigés du projet : ici, ceux d’une copie
    for name in ("notebooks", ".git"):
        if (PROJECT / name).is_dir():
            kept = "*.ipynb" if name == "notebooks" else "*"
            shutil.copytree(PROJECT / name, folder / "projet" / name, ignore=shutil.ignore_patterns(kept))
            run("mount", "--bind", folder / "projet" / name, PROJECT / name)
    Path("/etc/default/useradd").write_text(f"HOME={folder / 'home'}\nSHELL=/bin/bash\n", encoding="utf-8")
    (folder / "home").mkdir()
    expose({Path(sys.prefix).resolve(), Path(sys.base_prefix).resolve(), PROJECT}, folder / "remise")


def expose(paths: set[Path], stash: Path) -> None:
    """Rend traversable le chemin de dossiers rangés sous un dossier fermé aux autres comptes, /root par exemple."""
    closed: dict[Path, list[Path]] = {}
    for path in paths:
        wall = next((up for up in reversed(path.parents) if not up.stat().st_mode & 0o001), None)
        if wall is not None:
            closed.setdefault(wall, []).append(path)
    for number, (wall, inside) in enumerate(sorted(closed.items())):
        kept = [(path, stash / f"{number}-{rank}") for rank, path in enumerate(inside)]
        for path, place in kept:
            place.mkdir(parents=True)
            run("mount", "--rbind", path, place)
        run("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", wall)
        for path, place in kept:
            path.mkdir(parents=True, exist_ok=True)
            run("mount", "--rbind", place, path)


def postgresql(folder: Path, trust: bool) -> None:
    binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), key=lambda path: int(path.parts[-3]))[-1].parent
    home = folder / "pg"
    home.mkdir()
    identity = {}
    if os.geteuid() == 0:
        shutil.chown(home, "postgres", "postgres")
        identity = {"user": "postgres", "group": "postgres"}
    access = ("-A", "trust", "-U", "essai") if trust else ("--auth-local=peer", "--auth-host=reject")
    run(
        binaries / "initdb", "-D", home / "base", "-E", "UTF8", "--locale=C", "--no-sync", *access, cwd=home, **identity
    )
    settings = f"-k {home} -c listen_addresses= -c fsync=off"
    control = ("-D", home / "base", "-w", "-l", home / "journal", "-o", settings)
    run(binaries / "pg_ctl", *control, "start", cwd=home, **identity)


def same_account(folder: Path) -> None:
    """Sans comptes : les dossiers et la base que la commande livrée aurait préparés."""
    sys.path.insert(0, str(SERVER.parent))
    import psycopg
    from interface import build_interface

    for name, mode in (("echange", 0o1777), ("echange/atelier", 0o755), ("etat", 0o700), ("home", 0o755)):
        (folder / name).mkdir()
        (folder / name).chmod(mode)
    (folder / "home" / "cours").mkdir(mode=0o700)
    build_interface(folder / "interface")
    with psycopg.connect(f"host={folder / 'pg'} user=essai dbname=postgres", autocommit=True) as link:
        link.execute("CREATE DATABASE carnet")


def erased(folder: Path) -> None:
    """Rend ce que dit la commande d’effacement, et ce qui reste après elle."""
    course = folder / "home" / "cours" / "atelier"
    course.mkdir()
    (course / "copie.ipynb").write_text("copie", encoding="utf-8")
    (folder / "home" / "stagiaire-01" / "travail.ipynb").write_text("travail", encoding="utf-8")
    (course.parent / "liste.csv").write_text("noms", encoding="utf-8")
    left = Path("/var/tmp/laisse")
    for path in (left, left / "brouillon.ipynb"):
        path.mkdir() if path == left else path.write_text("brouillon", encoding="utf-8")
        shutil.chown(path, "stagiaire-01")
    said = [run(sys.executable, SERVER, "effacer", *options) for options in ((), ("--confirmer", "EFFACER"))]
    accounts = [line.split(":")[0] for line in Path("/etc/passwd").read_text(encoding="utf-8").splitlines()]
    files = [
        str(path.relative_to(folder)) for name in ("home", "echange", "etat") for path in (folder / name).rglob("*")
    ]
    files += map(str, left.parent.iterdir())
    again = run(sys.executable, SERVER, "installer", "--stagiaires", "1", "--a-blanc")
    print(json.dumps({"dit": said, "comptes": accounts, "fichiers": files, "ensuite": again}))  # noqa: T201


def main() -> None:
    folder, kind, learners = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    os.environ["FORMATION_SERVEUR"] = str(folder / "serveur.env")
    config = SERVER.parent / "jupyterhub_config.py"
    if kind in ("reel", "effacer"):
        private_machine(folder)
        postgresql(folder, trust=False)
        run(sys.executable, SERVER, "installer", "--stagiaires", learners)
    else:
        postgresql(folder, trust=True)
        same_account(folder)
        config = Path(__file__).parent / "meme_compte" / "jupyterhub_config.py"
    if kind == "effacer":
        return erased(folder)
    os.chdir(folder / "etat")
    # le premier processus d’un espace de noms recueille les orphelins : le Hub est son enfant
    raise SystemExit(subprocess.call([str(Path(sys.prefix) / "bin" / "jupyterhub"), "-f", str(config)]))


if __name__ == "__main__":
    main()
