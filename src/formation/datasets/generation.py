"""Refaire les données livrées : tout générer à côté, puis tout remplacer d’un coup."""

from __future__ import annotations

import gzip
import importlib
import importlib.util
import io
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from formation.datasets import registry
from formation.datasets.schema import DESCRIPTOR, Array, Field, Resource, read_descriptor, resources
from formation.datasets.tables import arrays_bytes, canonical_bytes, content_hash, read_table
from formation.errors import DonneesIntrouvables, GenerationImpossible, reason

SEED = 447
DICTIONARY = "dictionnaire"
_PREFIX = ".generation-"
# Le territoire garde son nom anglais dans le code : c’est un objet technique partagé, pas un cas.
PACKAGES = {registry.SHARED: "territory"}

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Written:
    """Un fichier généré : sa taille, ses lignes, et s’il diffère de l’ancien."""

    case: str
    name: str
    path: str
    rows: int | None
    bytes: int
    hash: str
    changed: bool


def simulated_cases() -> list[str]:
    """Cas livrés qui ont un module `simulation`."""
    return [case for case in registry.cases() if importlib.util.find_spec(_module(case)) is not None]


def _module(case: str) -> str:
    package = f"formation.{PACKAGES.get(case, case)}"
    return f"{package}.simulation" if importlib.util.find_spec(package) is not None else package


def simulate_case(case: str, shared: Mapping[str, pd.DataFrame], seed: int) -> dict[str, Any]:
    """Appelle `simulate` du cas ; `shared` contient les tables du territoire.

    Parameters
    ----------
    case : str
        Cas à simuler.
    shared : mapping of str to DataFrame
        Tables du territoire, telles que l’utilisateur les lira ; sans usage pour le territoire lui-même.
    seed : int
        Graine racine.

    Returns
    -------
    dict
        Tables par nom ; un dictionnaire de tableaux numpy pour un fichier NPZ.

    Raises
    ------
    GenerationImpossible
        Si une bibliothèque de l’extra `generation` manque.
    """
    try:
        module = importlib.import_module(_module(case))
        if case == registry.SHARED:
            shared_tables: dict[str, Any] = module.simulate(seed=seed)
            return shared_tables
        from formation.territory import Territory

        case_tables: dict[str, Any] = module.simulate(Territory.from_tables(shared), seed=seed)
    except ModuleNotFoundError as error:
        raise GenerationImpossible(
            f"La bibliothèque « {error.name} » manque : elle ne sert qu’à refaire les données. "
            'Installez l’extra de génération : pip install "formation-ia-territoires[generation]"'
        ) from error
    return case_tables


def dictionary() -> pd.DataFrame:
    """Dictionnaire de toutes les tables livrées, une ligne par colonne, déduit des descripteurs."""
    rows = [
        {"fichier": f"{case}/{resource.path}", **_entry(item)}
        for case in registry.cases()
        for resource in resources(registry.folder(case))
        for item in resource.parts
    ]
    return pd.DataFrame(rows)


def _entry(item: Field | Array) -> dict[str, str | None]:
    return {
        "colonne": item.name,
        "type": item.type if isinstance(item, Field) else "array",
        "unite": item.unit or None,
        "definition": item.description if isinstance(item, Field) else f"{item.description} ({item.kind})",
        "origine": item.origin,
        "sensible": "o" if isinstance(item, Field) and item.sensitive else "n",
    }


def encode(content: Any, resource: Resource) -> tuple[bytes, bytes, int | None]:
    """Met un contenu sous la forme du fichier livré.

    Parameters
    ----------
    content : DataFrame or dict of ndarray
        Table, ou tableaux d’un fichier NPZ.
    resource : Resource
        Description du fichier.

    Returns
    -------
    raw : bytes
        Octets du fichier.
    decoded : bytes
        Contenu décodé, sur lequel porte l’empreinte.
    rows : int or None
        Nombre de lignes d’une table.
    """
    if isinstance(content, pd.DataFrame):
        decoded = canonical_bytes(content, resource)
        raw = gzip.compress(decoded, compresslevel=9, mtime=0) if resource.path.endswith(".gz") else decoded
        return raw, decoded, len(content)
    arrays = {key: np.asarray(value) for key, value in content.items()}
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)  # type: ignore[arg-type]
    return buffer.getvalue(), arrays_bytes(arrays), None


def generate(
    cases: Sequence[str] = (),
    *,
    seed: int = SEED,
    destination: Path | None = None,
    progress: Progress | None = None,
) -> list[Written]:
    """Refait les fichiers d’un ou plusieurs cas.

    Tout est généré dans un dossier temporaire voisin ; les fichiers ne sont remplacés qu’une fois tous écrits.
    Une interruption ou un disque plein laisse l’état précédent intact.

    Parameters
    ----------
    cases : sequence of str
        Cas à refaire ; vide : tous ceux qui ont une simulation.
    seed : int
        Graine racine, 447 pour les données livrées.
    destination : Path, optional
        Dossier d’arrivée ; par défaut celui des données livrées.
    progress : callable, optional
        Reçoit une phrase à chaque étape.

    Returns
    -------
    list of Written
        Un élément par fichier.

    Raises
    ------
    DonneesIntrouvables
        Si un cas n’existe pas ou n’a pas de simulation.
    GenerationImpossible
        Si le disque est plein, si une bibliothèque manque ou si une table ne suit pas son schéma.
    """
    say = progress or (lambda _: None)
    chosen = _order(cases)
    target = (destination or registry.root()).resolve()
    try:
        target.mkdir(parents=True, exist_ok=True)
        with _staging(target) as staging:
            written = _fill(staging, target, chosen, seed, say)
            say("Remplacement des fichiers")
            _swap(staging, target, staging.parent / "ancien")
    except OSError as error:
        raise GenerationImpossible(
            f"La génération s’est arrêtée : {reason(error)}. Les données précédentes sont intactes. "
            "Libérez de la place ou choisissez un autre dossier avec --dossier, puis relancez la même commande."
        ) from error
    return written


def _order(cases: Sequence[str]) -> list[str]:
    available = simulated_cases()
    for case in cases:
        registry.folder(case)
        if case not in available:
            raise DonneesIntrouvables(
                f"Le cas « {case} » n’a pas de simulation. Cas que l’on peut refaire : {', '.join(available)}."
            )
    return [case for case in available if not cases or case in cases]


@contextmanager
def _staging(target: Path) -> Iterator[Path]:
    """Dossier temporaire sur le même disque, toujours effacé."""
    for old in target.glob(f"{_PREFIX}*"):
        # Reste d’une génération tuée net il y a plus d’un jour.
        if time.time() - old.stat().st_mtime > 86_400:
            shutil.rmtree(old, ignore_errors=True)
    parent = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=target))
    try:
        (parent / "nouveau").mkdir()
        yield parent / "nouveau"
    finally:
        shutil.rmtree(parent, ignore_errors=True)


def _fill(staging: Path, target: Path, cases: Sequence[str], seed: int, say: Progress) -> list[Written]:
    written: list[Written] = []
    shared: dict[str, pd.DataFrame] | None = None
    for case in cases:
        say(f"Simulation de {case}")
        if shared is None and case != registry.SHARED:
            shared = _released_territory(target)
        tables = simulate_case(case, shared or {}, seed)
        if case == registry.SHARED:
            tables[DICTIONARY] = dictionary()
        written += _write_case(staging, target, case, tables, seed)
        if case == registry.SHARED:
            shared = _read_back(staging / case, resources(staging / case))
    if cases and registry.SHARED not in cases and (target / registry.SHARED / DESCRIPTOR).is_file():
        # Un descripteur modifié change le dictionnaire commun, même si le territoire ne bouge pas.
        written += _write_case(staging, target, registry.SHARED, {DICTIONARY: dictionary()}, None)
    return written


def _released_territory(target: Path) -> dict[str, pd.DataFrame]:
    folder = target / registry.SHARED
    if not (folder / DESCRIPTOR).is_file():
        folder = registry.folder(registry.SHARED)
    return _read_back(folder, resources(folder))


def _read_back(folder: Path, known: Sequence[Resource]) -> dict[str, pd.DataFrame]:
    """Relit les tables écrites : un cas reçoit exactement ce que lira l’utilisateur."""
    return {item.name: read_table(folder / item.path, item) for item in known if item.is_table}


def _write_case(staging: Path, target: Path, case: str, tables: Mapping[str, Any], seed: int | None) -> list[Written]:
    previous = target / case if (target / case / DESCRIPTOR).is_file() else registry.folder(case)
    descriptor = read_descriptor(previous if seed is None else registry.folder(case))
    known = {item.name: item for item in resources(registry.folder(case))}
    old = {item.name: item.hash for item in resources(previous)}
    if seed is not None:
        descriptor["seed"] = seed
        simulated = {name for name, item in known.items() if not item.shipped}
        if set(tables) != simulated:
            raise GenerationImpossible(
                f"La simulation de « {case} » rend {sorted(tables)}, le descripteur attend {sorted(simulated)}. "
                f"Mettez d’accord simulate() et datasets/{case}/{DESCRIPTOR}."
            )
    (staging / case).mkdir(exist_ok=True)
    written = []
    for raw in descriptor["resources"]:
        item = known[raw["name"]]
        if seed is not None and item.shipped:
            # Livré tel quel : la simulation ne le refait pas, il suit les autres.
            shutil.copyfile(registry.folder(case) / item.path, staging / case / item.path)
        if raw["name"] not in tables:
            continue
        try:
            content, decoded, rows = encode(tables[item.name], item)
        except (ValueError, TypeError) as error:
            raise GenerationImpossible(f"La table {case}/{item.name} ne suit pas son schéma : {error}") from error
        (staging / case / item.path).write_bytes(content)
        raw.update(hash=content_hash(decoded), bytes=len(content))
        if rows is not None:
            raw["rows"] = rows
        written.append(
            Written(case, item.name, item.path, rows, len(content), raw["hash"], raw["hash"] != old.get(item.name))
        )
    text = json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n"
    (staging / case / DESCRIPTOR).write_text(text, encoding="utf-8")
    return written


def _swap(staging: Path, target: Path, backup: Path) -> None:
    """Remplace les fichiers un à un ; à la moindre interruption, remet les anciens."""
    done: list[tuple[Path, Path | None]] = []
    try:
        for source in sorted(item for item in staging.rglob("*") if item.is_file()):
            relative = source.relative_to(staging)
            final, saved = target / relative, backup / relative
            final.parent.mkdir(parents=True, exist_ok=True)
            kept: Path | None = None
            if final.exists():
                saved.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(final, saved)
                kept = saved
            done.append((final, kept))
            os.replace(source, final)  # noqa: PTH105 — les tests remplacent os.replace
    except BaseException:
        for final, kept in reversed(done):
            with suppress(OSError):  # un retour impossible ne doit pas empêcher les autres
                if kept is not None:
                    kept.replace(final)
                else:
                    final.unlink(missing_ok=True)
        raise
