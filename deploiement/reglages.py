"""Les réglages d’un serveur partagé : un fichier CLÉ=VALEUR, lu par le Hub, nbgrader et les commandes de ce dossier."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from formation.checks.failure import french
from formation.errors import FormationError

VARIABLE = "FORMATION_SERVEUR"
USUAL = Path("/etc/formation/serveur.env")
HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent
DEFAULTS = {
    "ADRESSE": "https://formation.exemple.fr",
    "PORT": "8000",
    "PORT_PROXY": "8001",
    "PORT_HUB": "8081",
    "PORT_COURS": "8101",
    "CONNEXION": "pam",
    "STAGIAIRES": "stagiaire",
    "FORMATEURS": "formateur-01",
    "COURS": "atelier",
    "COMPTE_COURS": "cours",
    "DOSSIER_COURS": "/srv/formation/cours/atelier",
    "ECHANGE": "/srv/formation/echange",
    "CARNET": "postgresql+psycopg:///carnet?host=/run/postgresql",
    "ETAT": "/srv/formation/hub",
    "INTERFACE": "/srv/formation/interface",
    "MEMOIRE_MO": "2000",
    "PROCESSUS": "300",
    "INACTIVITE_MIN": "60",
    "SIMULTANES": "30",
    "OIDC_AUTORISATION": "",
    "OIDC_JETON": "",
    "OIDC_PROFIL": "",
    "OIDC_CLIENT": "",
    "OIDC_CHAMP": "email",
    "OIDC_IDENTITES": "",
}
_NUMBERS = {
    "PORT": (1, 65535),
    "PORT_PROXY": (1, 65535),
    "PORT_HUB": (1, 65535),
    "PORT_COURS": (1, 65535),
    "MEMOIRE_MO": (300, 1_000_000),
    "PROCESSUS": (50, 100_000),
    "INACTIVITE_MIN": (5, 10_000),
    "SIMULTANES": (1, 10_000),
}
_FOLDERS = ("DOSSIER_COURS", "ECHANGE", "ETAT", "INTERFACE")
_ACCOUNT = re.compile(r"[a-z_][a-z0-9_-]{0,30}")
_COURSE = re.compile(r"[a-z0-9][a-z0-9-]{0,40}")
_RADICAL = re.compile(r"[a-z]{3,20}")
_TRAINER = re.compile(r"[a-z]{3,20}-[0-9]{1,4}")


class ReglagesInvalides(FormationError):
    """Le fichier des réglages du serveur a des erreurs ; rien n’est lancé."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Réglages d’un serveur, vérifiés.

    Parameters
    ----------
    path : Path
        Fichier lu.
    values : dict
        Clé → valeur ; toutes les clés de `DEFAULTS` y sont.
    """

    path: Path
    values: dict[str, str]

    def __getitem__(self, key: str) -> str:
        return self.values[key]

    def number(self, key: str) -> int:
        """Nombre entier."""
        return int(self.values[key])

    def folder(self, key: str) -> Path:
        """Chemin absolu."""
        return Path(self.values[key])

    @property
    def secure(self) -> bool:
        """Vrai si l’adresse publique est en HTTPS : les témoins de connexion ne circulent alors que chiffrés."""
        return self.values["ADRESSE"].startswith("https://")

    @property
    def trainers(self) -> list[str]:
        """Comptes des formateurs."""
        return [name.strip() for name in self.values["FORMATEURS"].split(",") if name.strip()]

    @property
    def login_pattern(self) -> str:
        """Expression des noms de compte admis : les stagiaires numérotés et les formateurs nommés, personne d’autre."""
        names = "|".join([rf"{re.escape(self['STAGIAIRES'])}-[0-9]{{1,4}}", *map(re.escape, self.trainers)])
        return rf"^(?:{names})$"

    @property
    def course_exchange(self) -> Path:
        """Dossier d’échange du cours."""
        return self.folder("ECHANGE") / self["COURS"]

    @property
    def database(self) -> tuple[str, str]:
        """Nom de la base et dossier de la prise locale de PostgreSQL."""
        parts = urlsplit(self["CARNET"])
        return parts.path.lstrip("/"), parse_qs(parts.query).get("host", ["/run/postgresql"])[0]


def read_settings(path: Path | None = None) -> Settings:
    """Lit les réglages du serveur.

    Parameters
    ----------
    path : Path, optional
        Fichier ; par défaut celui que nomme la variable FORMATION_SERVEUR, sinon /etc/formation/serveur.env.

    Returns
    -------
    Settings

    Raises
    ------
    ReglagesInvalides
        Si le fichier manque ou a des erreurs ; toutes sont dites à la fois.
    """
    source = path or Path(os.environ.get(VARIABLE) or USUAL)
    try:
        text = source.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise ReglagesInvalides(
            french(
                f"Les réglages du serveur « {source} » ne se lisent pas. Copiez le modèle "
                f"{HERE / 'serveur.env.exemple'} à cet endroit et adaptez-le ; pour un autre endroit, donnez-le dans "
                f"la variable {VARIABLE}."
            )
        ) from None
    values, problems = dict(DEFAULTS), []
    for line, key, value, problem in _lines(text):
        if problem:
            problems.append(f"ligne {line} : {problem}")
        else:
            values[key] = value
    problems += _problems(values)
    if problems:
        listing = "\n".join(f"- {problem}" for problem in problems)
        raise ReglagesInvalides(french(f"{source} : {len(problems)} erreur(s), rien n’est lancé.\n{listing}"))
    return Settings(source, values)


def _lines(text: str) -> Iterator[tuple[int, str, str, str]]:
    seen: dict[str, int] = {}
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        key, sign, value = (part.strip() for part in line.partition("="))
        if not sign:
            yield (
                number,
                "",
                "",
                f"« {line[:40]} » n’est pas un réglage. Forme attendue : CLÉ=VALEUR, par exemple PORT=8000",
            )
        elif key not in DEFAULTS:
            yield number, "", "", f"« {key} » n’est pas un réglage connu. Réglages : {', '.join(DEFAULTS)}"
        elif key in seen:
            yield number, "", "", f"« {key} » est déjà à la ligne {seen[key]}. Gardez une seule ligne."
        else:
            seen[key] = number
            yield number, key, value, ""


def _problems(values: dict[str, str]) -> Iterator[str]:
    for key, (low, high) in _NUMBERS.items():
        if not values[key].isdecimal() or not low <= int(values[key]) <= high:
            yield f"{key} vaut « {values[key]} » ; attendu : un entier de {low} à {high}, par exemple {DEFAULTS[key]}"
    ports = [values[key] for key in _NUMBERS if key.startswith("PORT")]
    if len(set(ports)) < len(ports):
        yield f"PORT, PORT_PROXY, PORT_HUB et PORT_COURS doivent être quatre ports distincts ; lus : {', '.join(ports)}"
    for key in _FOLDERS:
        if not Path(values[key]).is_absolute():
            yield f"{key} vaut « {values[key]} » ; attendu : un chemin complet, par exemple {DEFAULTS[key]}"
    yield from _names(values)
    yield from _gradebook(values["CARNET"])
    yield from _sign_in(values)


def _names(values: dict[str, str]) -> Iterator[str]:
    if re.fullmatch(r"https?://[a-z0-9.-]+(:[0-9]+)?", values["ADRESSE"]) is None:
        yield f"ADRESSE vaut « {values['ADRESSE']} » ; attendu : https://nom, par exemple {DEFAULTS['ADRESSE']}"
    if _RADICAL.fullmatch(values["STAGIAIRES"]) is None:
        yield (
            f"STAGIAIRES vaut « {values['STAGIAIRES']} » ; attendu : un mot de 3 à 20 lettres minuscules sans accent ; "
            "avec « stagiaire », les comptes sont stagiaire-01, stagiaire-02…"
        )
    names = [name.strip() for name in values["FORMATEURS"].split(",") if name.strip()]
    wrong = [name for name in names if _TRAINER.fullmatch(name) is None]
    if wrong or not names:
        yield (
            f"FORMATEURS vaut « {values['FORMATEURS']} » ; attendu : un mot, un tiret, un numéro, séparés par des "
            "virgules, par exemple formateur-01,formateur-02"
        )
    mixed = [name for name in names if name.rpartition("-")[0] == values["STAGIAIRES"]]
    if mixed:
        yield f"FORMATEURS nomme {', '.join(mixed)}, qui est aussi un nom de stagiaire : prenez un autre mot."
    if _COURSE.fullmatch(values["COURS"]) is None:
        yield f"COURS vaut « {values['COURS']} » ; attendu : minuscules, chiffres et tirets, par exemple atelier"
    if _ACCOUNT.fullmatch(values["COMPTE_COURS"]) is None or values["COMPTE_COURS"] == "root":
        yield f"COMPTE_COURS vaut « {values['COMPTE_COURS']} » ; attendu : un compte ordinaire, par exemple cours"


def _gradebook(url: str) -> Iterator[str]:
    parts = urlsplit(url)
    if parts.password:
        yield (
            "CARNET contient un mot de passe, que tout compte du serveur lirait. Ôtez-le : par la prise locale, "
            f"PostgreSQL reconnaît le compte système. Exemple : {DEFAULTS['CARNET']}"
        )
    elif not parts.scheme.startswith("postgresql") or not re.fullmatch(r"/[a-z_][a-z0-9_]*", parts.path):
        yield f"CARNET n’est pas l’adresse d’une base PostgreSQL. Exemple : {DEFAULTS['CARNET']}"


def _sign_in(values: dict[str, str]) -> Iterator[str]:
    if values["CONNEXION"] not in ("pam", "oidc"):
        yield f"CONNEXION vaut « {values['CONNEXION']} » ; attendu : pam (comptes du serveur) ou oidc (annuaire)."
    if values["CONNEXION"] == "oidc":
        empty = [key for key in values if key.startswith("OIDC_") and not values[key]]
        if empty:
            yield f"CONNEXION=oidc demande aussi : {', '.join(empty)} (voir serveur.env.exemple)."
