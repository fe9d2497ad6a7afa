"""Fabrique la liste des devoirs en français : une copie de l’extension de nbgrader, ses textes remplacés."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from comptes import ServeurIndisponible
from reglages import HERE

from formation.checks.failure import french
from formation.plain_yaml import load

NAME = Path("labextensions") / "@jupyter" / "nbgrader"


def installed() -> Path:
    """Extension posée par nbgrader dans l’environnement Python."""
    return Path(sys.prefix) / "share" / "jupyter" / NAME


def build_interface(target: Path, source: Path | None = None) -> Path:
    """Écrit l’extension francisée ; JupyterLab la préfère à l’originale (variable JUPYTER_PATH).

    Parameters
    ----------
    target : Path
        Dossier de l’interface ; refait d’un coup.
    source : Path, optional
        Extension d’origine ; par défaut celle de l’environnement.

    Returns
    -------
    Path
        Dossier de l’extension francisée.

    Raises
    ------
    ServeurIndisponible
        Si l’extension manque ou n’est plus celle que la table connaît ; l’ancienne interface est alors intacte.
    """
    origin = source or installed()
    table = load((HERE / "interface.yml").read_text(encoding="utf-8"))
    scripts = sorted((origin / "static").glob(table["fichier"]))
    if len(scripts) != 1:
        raise ServeurIndisponible(
            french(
                f"L’extension JupyterLab de nbgrader n’est pas dans {origin}. Réinstallez les bibliothèques du verrou."
            )
        )
    text = translate(scripts[0].read_text(encoding="utf-8"), table)
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=".interface-", dir=target.parent))
    try:
        shutil.copytree(origin, aside / NAME)
        (aside / NAME / "static" / scripts[0].name).write_text(text, encoding="utf-8")
        for path in [aside, *aside.rglob("*")]:
            path.chmod(0o755 if path.is_dir() else 0o644)
        if target.exists():
            old = aside.with_suffix(".ancienne")
            target.replace(old)
            aside.replace(target)
            shutil.rmtree(old)
        else:
            aside.replace(target)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return target / NAME


def translate(text: str, table: dict[str, object]) -> str:
    """Remplace les textes d’un script.

    Parameters
    ----------
    text : str
        Script de nbgrader.
    table : dict
        Contenu d’`interface.yml`.

    Returns
    -------
    str

    Raises
    ------
    ServeurIndisponible
        Si un texte ne s’y trouve pas le nombre de fois attendu.
    """
    changed = []
    for one in table["textes"]:  # type: ignore[attr-defined]
        found, expected = text.count(one["avant"]), one.get("fois", 1)
        if found != expected:
            changed.append(f"- « {one['avant'].strip()} » : trouvé {found} fois, attendu {expected}")
        text = text.replace(one["avant"], one["apres"])
    if changed:
        listing = "\n".join(changed)
        raise ServeurIndisponible(
            french(
                f"La liste des devoirs de nbgrader n’est plus celle de la version {table['version']}. L’ancienne reste "
                f"comme elle était ; mettez interface.yml à jour :\n{listing}"
            )
        )
    return text
