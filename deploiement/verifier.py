"""Vérifier un serveur : versions, dossiers, droits, base ; et essayer pour de vrai ce qui doit être refusé."""

from __future__ import annotations

import json
import pwd
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from comptes import brief, exists, is_root, learners, run_as
from installer import answers
from interface import NAME
from reglages import Settings

from formation.checks.failure import french

PACKAGES = ("jupyterhub", "jupyterlab", "nbgrader", "configurable-http-proxy", "psycopg", "formation-ia-territoires")
SECRETS = Path("/etc/formation/secrets.env")
# Lancé sous un compte : ce qu’il peut faire de chaque chemin, et s’il entre dans la base.
PROBE = """
import json, os, sys
asked = json.load(sys.stdin)
found = {path: [os.access(path, way) for way in (os.R_OK, os.W_OK, os.X_OK)] for path in asked["paths"]}
def entered(url):
    try:
        import psycopg
        with psycopg.connect(url, connect_timeout=5) as link:
            link.execute("SELECT 1")
        return ""
    except Exception as error:
        return " ".join(str(error).split())[:200] or type(error).__name__
json.dump({"paths": found, "base": entered(asked["base"])}, sys.stdout)
"""


@dataclass(frozen=True, slots=True)
class Check:
    """Un point vérifié : constat, bon ou non, et que faire sinon."""

    label: str
    good: bool
    cure: str = ""

    def __str__(self) -> str:
        text = f"{'✓' if self.good else '✗'} {self.label}"
        return french(text if self.good or not self.cure else f"{text}\n    → {self.cure}")


def verify(settings: Settings) -> list[Check]:
    """Fait toutes les vérifications que permettent les droits de la commande.

    Parameters
    ----------
    settings : Settings
        Réglages du serveur.

    Returns
    -------
    list of Check
        Dans l’ordre ; les essais sous d’autres comptes n’y sont que si la commande est lancée par root.
    """
    return [
        *_versions(),
        *_exchange(settings),
        *_handed(settings),
        *_private(settings),
        *_interface(settings),
        *(_attempts(settings) if is_root() else _own_attempt(settings)),
    ]


def _versions() -> Iterator[Check]:
    for name in PACKAGES:
        try:
            yield Check(f"{name} {version(name)}", True)
        except PackageNotFoundError:
            yield Check(f"{name} : absent", False, "installez les bibliothèques du verrou (README, « Installer »)")


def mode(path: Path) -> int | None:
    """Droits d’un chemin, sans suivre de lien ; None s’il ne se lit pas."""
    try:
        return stat.S_IMODE(path.lstat().st_mode)
    except OSError:
        return None


def _octal(found: int | None) -> str:
    return "absent" if found is None else f"{found:04o}"


def _exchange(settings: Settings) -> Iterator[Check]:
    root, course = settings.folder("ECHANGE"), settings.course_exchange
    found = mode(root)
    yield Check(
        f"échange {root} : droits {_octal(found)}",
        found == 0o1777,
        f"chmod 1777 {root} : chacun peut y déposer, nul n’efface ce qui est à un autre",
    )
    # inbound : on y dépose sans en voir la liste ; feedback : on y lit ce dont on connaît le nom
    for folder, forbidden, cure in (
        (course, 0o022, "seul le compte du cours y écrit"),
        (course / "outbound", 0o022, "seul le compte du cours y écrit"),
        (course / "inbound", 0o044, "un stagiaire ne doit pas voir la liste des rendus"),
        (course / "feedback", 0o066, "un stagiaire ne doit pas voir la liste des retours"),
    ):
        found = mode(folder)
        if found is None and folder != course:
            continue  # nbgrader le crée à la première publication
        good = found is not None and not found & forbidden
        yield Check(
            f"{folder} : droits {_octal(found)}",
            good,
            f"chmod go-{'w' if forbidden == 0o022 else 'r'} {folder} : {cure}",
        )


def _handed(settings: Settings) -> Iterator[Check]:
    inbound = settings.course_exchange / "inbound"
    try:
        folders = sorted(inbound.iterdir())
    except OSError:
        return
    false = [path.name for path in folders if not _signed(path)]
    yield Check(
        f"rendus dans l’échange : {len(folders)}, tous déposés par leur auteur"
        if not false
        else f"rendus déposés sous le nom d’un autre : {', '.join(false[:5])}",
        not false,
        "la collecte les écarte ; gardez-les comme preuve, puis effacez-les",
    )
    guessable = [path.name for path in folders if path.name.count("+") < 3]
    yield Check(
        f"noms de rendus impossibles à deviner : {len(folders) - len(guessable)} sur {len(folders)}",
        not guessable,
        "ExchangeSubmit.add_random_string doit rester à True",
    )


def _signed(path: Path) -> bool:
    try:
        return path.lstat().st_uid == pwd.getpwnam(path.name.split("+")[0]).pw_uid
    except (KeyError, OSError):
        return False


def _private(settings: Settings) -> Iterator[Check]:
    state = settings.folder("ETAT")
    closed = [state, settings.folder("DOSSIER_COURS").parent]
    closed += [Path(pwd.getpwnam(name).pw_dir) for name in learners(settings)]
    for folder in closed:
        found = mode(folder)
        yield Check(
            f"{folder} : droits {_octal(found)}, fermé aux autres comptes",
            found is not None and not found & 0o077,
            f"chmod 700 {folder}",
        )
    for folder in answers():
        found = mode(folder)
        yield Check(
            f"{folder} : droits {_octal(found)}, corrigés fermés aux stagiaires",
            found is not None and not found & 0o007,
            f"chmod o-rwx {folder} (installer le fait)",
        )
    files = [state / "jupyterhub_cookie_secret", state / "jupyterhub.sqlite", state / "mots-de-passe.csv", SECRETS]
    files += [Path(settings["OIDC_IDENTITES"])] if settings["OIDC_IDENTITES"] else []
    for path in files:
        found = mode(path)
        # dans un dossier fermé, le fichier l’est aussi ; le secret des témoins doit l’être de lui-même
        inside = (
            path.parent == state and path.name != "jupyterhub_cookie_secret" and (mode(state) or 0o777) & 0o077 == 0
        )
        if found is not None:
            yield Check(f"{path} : droits {_octal(found)}", inside or not found & 0o077, f"chmod 600 {path}")


def _interface(settings: Settings) -> Iterator[Check]:
    folder = settings.folder("INTERFACE") / NAME
    try:
        built = json.loads((folder / "package.json").read_text(encoding="utf-8"))["version"]
    except (OSError, ValueError, KeyError):
        built = ""
    try:
        here = version("nbgrader")
    except PackageNotFoundError:
        here = "absent"
    yield Check(
        f"liste des devoirs en français : {built or 'absente'}, nbgrader {here}",
        built == here,
        "serveur.py interface la refait",
    )


def attempt(account: str | None, paths: list[Path], settings: Settings) -> dict[str, object]:
    """Essaie, sous un compte, de lire des chemins et d’entrer dans le carnet de notes.

    Parameters
    ----------
    account : str or None
        Compte ; None pour le compte présent.
    paths : list of Path
        Chemins à essayer.
    settings : Settings
        Réglages.

    Returns
    -------
    dict
        `paths` : chemin → lire, écrire, traverser ; `base` : vide si le compte y entre, sinon le refus.
    """
    url = settings["CARNET"].replace("postgresql+psycopg:", "postgresql:", 1)
    asked = json.dumps({"paths": [str(path) for path in paths], "base": url})
    result = run_as(account, [sys.executable, "-c", PROBE], text=asked, settings=settings)
    if result.returncode:
        return {"paths": {}, "base": brief(result), "panne": brief(result)}
    return dict(json.loads(result.stdout))


def _attempts(settings: Settings) -> Iterator[Check]:
    """Sous chaque sorte de compte : ce qui doit marcher marche, ce qui doit être refusé l’est."""
    people, course = learners(settings), settings["COMPTE_COURS"]
    inbound = settings.course_exchange / "inbound"
    for name in [one for one in (course, *people[:2]) if exists(one)]:
        others = [Path(pwd.getpwnam(one).pw_dir) for one in people if one != name]
        secret = [settings.folder("ETAT"), *others]
        secret += [] if name == course else [settings.folder("DOSSIER_COURS"), inbound, *answers()]
        found = attempt(name, secret, settings)
        if "panne" in found:
            yield Check(f"essai sous {name} : {found['panne']}", False, "ce compte doit pouvoir lancer Python")
            continue
        seen = [path for path, (read, _, _) in dict(found["paths"]).items() if read]  # type: ignore[call-overload]
        yield Check(
            f"{name} ne lit {_others(name == course)}",
            not seen,
            f"il lit {', '.join(seen)}",
        )
        entered = not found["base"]
        label = f"{name} {'entre' if entered else 'n’entre pas'} dans le carnet de notes"
        cure = "réservez la base au compte du cours (REVOKE ALL ON DATABASE … FROM PUBLIC ; pg_hba.conf : peer)"
        yield Check(label, entered == (name == course), cure if entered else f"PostgreSQL répond : {found['base']}")
    if exists(course):
        yield _sandbox(settings)


def _others(trainer: bool) -> str:
    return "aucun dossier personnel" if trainer else "ni le cours, ni les corrigés, ni les rendus, ni les autres"


def _sandbox(settings: Settings) -> Check:
    code = (
        "from formation.classroom.grading.sandbox import probe\n"
        "print(', '.join(name for name, problem in probe().items() if problem is not None))"
    )
    result = run_as(settings["COMPTE_COURS"], [sys.executable, "-c", code])
    missing = brief(result) if result.returncode else result.stdout.strip()
    return Check(
        f"bac à sable de la correction : {f'il manque {missing}' if missing else 'complet'}",
        not missing,
        "sous le compte du cours : formation atelier diagnostic",
    )


def _own_attempt(settings: Settings) -> Iterator[Check]:
    found = attempt(None, [], settings)
    yield Check(
        f"le carnet de notes répond à ce compte{'' if not found['base'] else ' : non'}",
        not found["base"],
        str(found["base"]),
    )
