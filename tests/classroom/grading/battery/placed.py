"""Tours joués avec des fichiers : liens, tubes, dossiers, modules et réglages joints à la copie."""
# ruff: noqa: E501 - le code des copies tient sur une ligne

from __future__ import annotations

import os
import shutil
import socket
from pathlib import Path
from typing import Any

from battery.model import Case, Lab, Sheet

FAMILY = "fichiers"


def _case(name: str, place: Any, base: str = "juste", keeps: str = "", **options: Any) -> Case:
    return Case(name, FAMILY, base=base, place=place, keeps=keeps, **options)


def _path(folder: Path, sheet: Sheet) -> Path:
    return folder / f"{sheet.notebook}.ipynb"


def _replace(action: Any) -> Any:
    def place(folder: Path, sheet: Sheet, lab: Lab) -> None:
        path = _path(folder, sheet)
        path.unlink()
        action(path, sheet, lab)

    return place


def _ship(**texts: str) -> Any:
    """Joint des fichiers : `__` dans le nom vaut `/`, `_py` vaut `.py`."""

    def place(folder: Path, sheet: Sheet, lab: Lab) -> None:
        for name, text in texts.items():
            path = folder / name.replace("__", "/").replace("_DOT_", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(lab.fill(text), encoding="utf-8")

    return place


def _unix_socket(path: Path, sheet: Sheet, lab: Lab) -> None:
    # un chemin de prise est limité à 108 octets : on la crée par un nom relatif
    before = Path.cwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as one:
            one.bind(path.name)
    finally:
        os.chdir(before)


def _link(name: str, target: str) -> Any:
    def place(folder: Path, sheet: Sheet, lab: Lab) -> None:
        path = folder / name
        path.unlink(missing_ok=True)
        path.symlink_to(lab.fill(target))

    return place


def _linked_folder(folder: Path, sheet: Sheet, lab: Lab) -> None:
    shutil.rmtree(folder)
    folder.symlink_to(lab.course / "source" / sheet.assignment, target_is_directory=True)


def _linked_learner(folder: Path, sheet: Sheet, lab: Lab) -> None:
    shutil.rmtree(folder.parent)
    folder.parent.symlink_to(lab.course, target_is_directory=True)


def _hard_link(folder: Path, sheet: Sheet, lab: Lab) -> None:
    path = folder / "donnees.txt"
    try:
        os.link(lab.guard / "secret.txt", path)
    except OSError:
        path.write_text("lien dur refusé par le système", encoding="utf-8")


def _odd_names(folder: Path, sheet: Sheet, lab: Lab) -> None:
    for name in (
        "a\nb.txt",
        "é" * 60,
        "x" * 250,
        " ",
        "-rf",
        "..fichier",
        "\u202etxt.exe",
        "$(touch x)",
        "'; DROP TABLE grade;--",
    ):
        (folder / name).write_text("x", encoding="utf-8")
    (folder / os.fsdecode(b"\xff\xfe.txt")).write_text("x", encoding="utf-8")


def _extra_notebooks(folder: Path, sheet: Sheet, lab: Lab) -> None:
    text = _path(folder, sheet).read_text(encoding="utf-8")
    for name in (
        "autre.ipynb",
        "../x.ipynb".replace("/", "_"),
        f"{sheet.notebook} (1).ipynb",
        f"{sheet.notebook.upper()}.ipynb",
        "a\nb.ipynb",
    ):
        (folder / name).write_text(text, encoding="utf-8")


def _many_files(folder: Path, sheet: Sheet, lab: Lab) -> None:
    (folder / "tas").mkdir()
    for number in range(3_000):
        (folder / "tas" / f"{number}.txt").write_text("x", encoding="utf-8")


def _big_file(folder: Path, sheet: Sheet, lab: Lab) -> None:
    with (folder / "creux.bin").open("wb") as stream:
        stream.truncate(2 * 10**9)


def _deep_folders(folder: Path, sheet: Sheet, lab: Lab) -> None:
    path = folder
    for _ in range(60):
        path = path / "d"
    path.mkdir(parents=True)
    (path / "x.txt").write_text("x", encoding="utf-8")


def _loop_links(folder: Path, sheet: Sheet, lab: Lab) -> None:
    (folder / "boucle").symlink_to(".", target_is_directory=True)
    (folder / "a").symlink_to("b")
    (folder / "b").symlink_to("a")


def _timestamp(text: bytes) -> Any:
    def place(folder: Path, sheet: Sheet, lab: Lab) -> None:
        (folder / "timestamp.txt").write_bytes(text)

    return place


def _unreadable(folder: Path, sheet: Sheet, lab: Lab) -> None:
    _path(folder, sheet).chmod(0)


# le secret de l’environnement n’existe que dans les processus de confiance
_EVIL = (
    "import builtins, os\nbuiltins.abs = lambda x: 0\n"
    "if 'FORMATION_SECRET_ESSAI' in os.environ:\n    open('@GARDE@/module-joint', 'w').write(__name__)\n"
)
_READ_SHIPPED = "print(open('donnees.txt').read())\n"

CASES = (
    _case("carnet-tube", _replace(lambda p, s, lab: os.mkfifo(p))),
    _case("carnet-prise", _replace(_unix_socket)),
    _case("carnet-dossier", _replace(lambda p, s, lab: p.mkdir())),
    _case("carnet-absent", _replace(lambda p, s, lab: None), said=True),
    _case(
        "carnet-lien-vers-la-source",
        _replace(lambda p, s, lab: p.symlink_to(lab.course / "source" / s.assignment / p.name)),
        "fausse",
    ),
    _case("carnet-lien-vers-un-secret", _replace(lambda p, s, lab: p.symlink_to(lab.guard / "secret.txt")), "fausse"),
    _case("carnet-lien-vers-dev-zero", _replace(lambda p, s, lab: p.symlink_to("/dev/zero")), "fausse"),
    _case("carnet-lien-dans-le-vide", _replace(lambda p, s, lab: p.symlink_to("nulle-part")), "fausse"),
    _case("carnet-sans-droit-de-lecture", _unreadable),
    _case("dossier-lie-a-la-source", _linked_folder, "fausse", said=True),
    _case("stagiaire-lie-au-cours", _linked_learner, "fausse", said=True),
    Case("donnees-liees-a-un-secret", FAMILY, _READ_SHIPPED, place=_link("donnees.txt", "@GARDE@/secret.txt")),
    Case(
        "donnees-liees-au-carnet-de-notes",
        FAMILY,
        "print(open('donnees.txt', 'rb').read())\n",
        place=_link("donnees.txt", "@COURS@/gradebook.db"),
    ),
    Case("donnees-liees-en-dur", FAMILY, _READ_SHIPPED, place=_hard_link),
    Case(
        "dossier-de-donnees-lie",
        FAMILY,
        "import os\nprint(os.listdir('donnees'))\nprint(open('donnees/secret.txt').read())\n",
        place=_link("donnees", "@GARDE@"),
    ),
    _case("donnees-du-formateur-liees", _link("releves.csv", "@GARDE@/secret.txt"), keeps="tout"),
    _case(
        "donnees-du-formateur-changees",
        _ship(releves_DOT_csv="releve,commune,volume_m3\n1,x,1.0\n", attentes_DOT_json="{}"),
        keeps="tout",
    ),
    Case(
        "donnees-du-formateur-simplifiees",
        FAMILY,
        base="fausse",
        place=_ship(
            releves_DOT_csv="releve,commune,volume_m3\n1,Aubeline,1.0\n",
            attentes_DOT_json='{"format": 1, "exercice": "x", "attentes": {}}',
        ),
    ),
    _case("noms-etranges", _odd_names, keeps="tout"),
    _case("carnets-en-trop", _extra_notebooks, keeps="tout"),
    _case("trois-mille-fichiers", _many_files),
    _case("fichier-creux-joint", _big_file),
    _case("dossiers-profonds", _deep_folders),
    _case("liens-en-boucle", _loop_links, keeps="tout"),
    _case("horodatage-illisible", _timestamp(b"\xff\xfe pas une date")),
    _case("horodatage-demesure", _timestamp(b"9" * 1_000_000)),
    _case("horodatage-hostile", _timestamp(b"2026-01-01'; DROP TABLE grade; --")),
    _case("horodatage-avec-fuseau", _timestamp(b"2026-01-01 10:00:00 Europe/Paris")),
    Case(
        "module-numpy-joint",
        FAMILY,
        "import importlib, numpy\nimportlib.reload(numpy)\n",
        place=_ship(numpy_DOT_py=_EVIL, pandas_DOT_py=_EVIL, random_DOT_py=_EVIL, json_DOT_py=_EVIL),
    ),
    Case(
        "module-formation-joint",
        FAMILY,
        "import sys\nfor n in [m for m in sys.modules if m.startswith('formation')]:\n    del sys.modules[n]\nsys.path.insert(0, '.')\n",
        place=_ship(
            formation_DOT_py=_EVIL
            + "class checks:\n    expect = compare = expect_function = staticmethod(lambda *a, **k: None)\n"
        ),
    ),
    Case(
        "reglages-joints",
        FAMILY,
        place=_ship(
            sitecustomize_DOT_py=_EVIL,
            usercustomize_DOT_py=_EVIL,
            x_DOT_pth="import builtins",
            ipython_config_DOT_py=_EVIL,
            _DOT_ipython__profile_default__startup__00_DOT_py=_EVIL,
            matplotlibrc="backend: module://mechant",
            nbgrader_config_DOT_py=_EVIL,
            jupyter_config_DOT_py=_EVIL,
        ),
    ),
    Case(
        "modele-de-page-joint",
        FAMILY,
        base="fausse",
        place=_ship(
            feedback_DOT_html_DOT_j2="{{ ''.__class__ }}",
            templates__feedback__index_DOT_html_DOT_j2="{{ 'BRE' ~ 'CHE' }}",
        ),
    ),
)
