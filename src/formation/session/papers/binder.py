"""Le dossier de preuves : les copies des pièces d’une session, leurs empreintes, et ce que chacune montre."""

from __future__ import annotations

import hashlib
import posixpath
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from formation.errors import reason
from formation.files import write_atomic
from formation.numbers import plural
from formation.printing.layout import page
from formation.session import places
from formation.session.closures import weekday
from formation.session.model import Session
from formation.session.papers import wording
from formation.session.papers.pieces import MISSING, PIECES, STANDARD, Piece
from formation.session.papers.statements import statements
from formation.session.papers.wording import text
from formation.session.papers.writing import PapiersImpossibles

FOLDER, INDEX, PRINTS = "preuves", "index.html", "empreintes.csv"
_FEW = 6


def evidence(session: Session, folder: Path) -> Path:
    """Rassemble les pièces d’une session et dit ce que chacune prouve, et ne prouve pas.

    À appeler en dernier : seules les pièces qui existent sont rangées, les autres sont dites absentes.

    Parameters
    ----------
    session : Session
        Session.
    folder : Path
        Dossier de rendu (`5-rendre`, ou celui qu’on prépare à côté) ; `preuves/` y est créé ou refait.

    Returns
    -------
    Path
        Page d’accueil du dossier.

    Raises
    ------
    PapiersImpossibles
        Si le dossier ne s’écrit pas.
    """
    target = folder / FOLDER
    try:
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        made = statements(session)
        found = {piece: _gather(session, piece, folder, target, made) for piece in PIECES}
        write_atomic(target / PRINTS, _prints(folder, found).encode("utf-8-sig"))
        write_atomic(target / INDEX, _index(session, found).encode())
    except OSError as error:
        raise PapiersImpossibles(
            f"Le dossier de preuves «\u00a0{target}\u00a0» ne s’écrit pas ({reason(error)}). Vérifiez le disque et vos "
            "droits, puis recommencez : les pièces d’origine sont intactes."
        ) from None
    return target / INDEX


def _gather(session: Session, piece: Piece, folder: Path, target: Path, made: Mapping[str, bytes]) -> list[str]:
    """Chemins des fichiers d’une pièce, depuis `preuves/`."""
    listed: list[str] = []
    for pattern in piece.patterns:
        if pattern.startswith(places.COLLECT):
            if pattern in made:
                (target / pattern).parent.mkdir(parents=True, exist_ok=True)
                write_atomic(target / pattern, made[pattern])
                listed.append(pattern)
            continue
        for file, inside in _files(session, piece, pattern, folder):
            if not piece.copied:
                listed.append(f"../{inside}" if inside else "")
                continue
            copy = target / inside
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, copy)
            listed.append(inside)
    return listed


def _files(session: Session, piece: Piece, pattern: str, folder: Path) -> Iterator[tuple[Path, str]]:
    rendered = pattern.startswith(f"{places.RETURN}/")
    base = folder if rendered else session.root
    inner = pattern.removeprefix(f"{places.RETURN}/") if rendered else pattern
    for file in sorted(base.glob(inner)):
        # une page qui a son PDF le répéterait ; un fichier caché est celui d’un tableur ouvert
        twin = piece.copied and file.suffix == ".html" and file.with_suffix(".pdf").is_file()
        if file.is_file() and not file.is_symlink() and not twin and not file.name.startswith("."):
            relative = file.relative_to(base).as_posix()
            yield file, relative if rendered or piece.copied else f"../{relative}"


def _prints(folder: Path, found: dict[Piece, list[str]]) -> str:
    """Empreintes : elles montrent qu’un fichier n’a pas changé depuis la clôture, pas qu’il dit vrai."""
    lines = ["fichier;sha256"]
    for name in sorted({name for names in found.values() for name in names if not name.startswith("../../")}):
        content = (folder / FOLDER / name).read_bytes()
        lines.append(f"{name};{hashlib.sha256(content).hexdigest()}")
    return "\n".join(lines) + "\n"


def _index(session: Session, found: dict[Piece, list[str]]) -> str:
    title = f"Dossier de preuves – {session.title}"
    erased = f" À effacer le {weekday(session.erase_on)}." if session.erase_on else ""
    rows = "".join(_row(piece, names) for piece, names in found.items())
    missing = "".join(f"<li>{text(one)}</li>" for one in MISSING)
    body = (
        f"{wording.letterhead(session)}<h1>{text(title)}</h1>"
        f"<p>{text(wording.period(session).capitalize())}, {plural(len(session.participants), 'stagiaire')}.</p>"
        f'<p class="encadre">Ce dossier contient des données personnelles : identités, présences, réponses.{erased} '
        "Ne transmettre à un auditeur que l’échantillon qu’il demande.</p>"
        f"<p>{text(STANDARD)}</p><h2>Pièces et indicateurs</h2>"
        '<div class="defile" tabindex="0" role="region" aria-label="Pièces et indicateurs"><table>'
        '<caption>Ce que chaque pièce montre</caption><thead><tr><th scope="col">Pièce</th>'
        '<th scope="col">Fichiers</th>'
        '<th scope="col">Indicateur</th><th scope="col">Rattachement</th><th scope="col">Ce qu’elle montre</th></tr>'
        f"</thead><tbody>{rows}</tbody></table></div>"
        f'<p>Le fichier <a href="{PRINTS}">{PRINTS}</a> donne l’empreinte de chaque fichier au jour de la clôture.</p>'
        f"<h2>Ce que ce dossier ne prouve pas, et qui reste à joindre</h2><ul>{missing}</ul>"
    )
    return page(title, body, css=wording.CSS)


def _row(piece: Piece, names: list[str]) -> str:
    if not names:
        files = "absent"
    elif len(names) > _FEW:
        parent = posixpath.commonpath(names)
        files = f'<a href="{text(parent)}/">{plural(len(names), "fichier")}</a>'
    else:
        files = "<br>".join(f'<a href="{text(name)}">{text(name.rpartition("/")[2])}</a>' for name in names)
    return (
        f'<tr><th scope="row">{text(piece.title)}</th><td>{files}</td><td>{text(piece.indicators)}</td>'
        f"<td>{text(piece.confidence)}</td><td>{text(piece.shows)}</td></tr>"
    )
