"""Un fichier NPZ est jugé sur son en-tête avant d’être décompressé, et tous ses défauts sont dits."""

from __future__ import annotations

import io
import zipfile

import numpy as np
import pytest

from formation.datasets import Array, check_arrays
from formation.datasets.arrays import rows_of

GRID = Array("code", "uint8", (None, 4, 4), unit="code", minimum=0, maximum=200)
NAMES = Array("id_episode", "str", (None,))
RATE = Array("pluie", "float32", (None, 4, 4), unit="mm/h", minimum=0, maximum=600)


@pytest.fixture
def save(tmp_path):
    def write(**arrays):
        file = tmp_path / "radar.npz"
        np.savez_compressed(file, **arrays)
        return file

    return write


def kinds(report):
    assert report.arrays is None
    return [problem.kind for problem in report.problems]


def test_arrays_are_read_when_they_follow_the_schema(save):
    file = save(code=np.full((3, 4, 4), 7, np.uint8), id_episode=np.array(["E01", "E02", "E03"]))
    report = check_arrays([GRID, NAMES], file)
    assert report.problems == []
    assert report.arrays["code"].sum() == 3 * 16 * 7
    assert report.arrays["id_episode"].tolist() == ["E01", "E02", "E03"]
    assert rows_of(report.arrays) == 3


def test_single_array_is_read_when_file_is_npy(tmp_path):
    file = tmp_path / "grille.npy"
    np.save(file, np.zeros((2, 4, 4), np.uint8))
    assert check_arrays([GRID], file).arrays["code"].shape == (2, 4, 4)
    assert kinds(check_arrays([GRID, NAMES], file)) == ["pas_un_npz"]


def test_all_defects_come_at_once(save):
    report = check_arrays([GRID, RATE, NAMES], save(code=np.zeros((3, 4, 5), np.int32), pluie=np.zeros((2, 4), "f4")))
    assert kinds(report) == ["tableau_manquant", "type_inattendu", "forme_inattendue", "forme_inattendue"]


@pytest.mark.parametrize(
    ("shape", "words"),
    [((2, 4, 4, 4), "transparence"), ((4, 4, 2), "4 × 4 × 2"), ((4, 4), "2 dimensions au lieu de 3")],
)
def test_shape_message_guesses_the_cause(save, shape, words):
    [problem] = check_arrays([GRID], save(code=np.zeros(shape, np.uint8))).problems
    assert words in problem.message
    assert "n × 4 × 4" in problem.message


def test_axes_order_is_guessed_when_shape_is_fixed(save):
    fixed = Array("code", "uint8", (2, 3, 4))
    [problem] = check_arrays([fixed], save(code=np.zeros((4, 3, 2), np.uint8))).problems
    assert "numpy.transpose" in problem.message


def test_values_out_of_bounds_and_holes_are_counted_with_their_place(save):
    rate = np.zeros((2, 4, 4), np.float32)
    rate[0, 1, 2], rate[1, 0, 0], rate[1, 3, 3] = np.nan, -1, 900
    report = check_arrays([RATE], save(pluie=rate))
    assert kinds(report) == ["valeur_absente", "trop_petit", "trop_grand"]
    assert "[0, 1, 2]" in report.problems[0].message
    assert "600" in report.problems[2].message


def test_objects_are_refused_without_being_read(save):
    assert kinds(check_arrays([GRID], save(code=np.array([{}, None], dtype=object)))) == ["objets_refuses"]


def test_memory_bomb_is_refused_on_its_header(tmp_path):
    # En-tête qui annonce 8 Go, sans les données : rien ne doit être alloué pour le savoir.
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "|u1", "fortran_order": False, "shape": (2**29, 4, 4)})
    file = tmp_path / "bombe.npz"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("code.npy", header.getvalue())
    assert kinds(check_arrays([GRID], file)) == ["trop_lourd"]


def test_too_many_members_are_refused(tmp_path):
    file = tmp_path / "multiple.npz"
    with zipfile.ZipFile(file, "w") as archive:
        for rank in range(65):
            archive.writestr(f"a{rank}.npy", b"")
    assert kinds(check_arrays([GRID], file)) == ["trop_de_tableaux"]


@pytest.mark.parametrize(
    ("content", "kind"),
    [(b"", "fichier_vide"), (b"id;valeur\n1;2\n", "pas_un_npz"), (b"\x89PNG\r\n\x1a\n0000", "pas_un_npz")],
)
def test_other_files_are_named(tmp_path, content, kind):
    file = tmp_path / "radar.npz"
    file.write_bytes(content)
    assert kinds(check_arrays([GRID], file)) == [kind]


def test_damaged_header_is_told_with_its_table(tmp_path):
    with zipfile.ZipFile(tmp_path / "radar.npz", "w") as archive:
        archive.writestr("code.npy", b"\x93NUMPY\x01\x00\x08\x00{'descr'")
        archive.writestr("id_episode.npy", b"")
    assert kinds(check_arrays([GRID, NAMES], tmp_path / "radar.npz")) == ["tableau_illisible", "tableau_illisible"]


@pytest.mark.parametrize(("content", "name"), [(b"\x89HDF\r\n\x1a\n00", "HDF5"), (b"\x89PNG\r\n\x1a\n00", "image PNG")])
def test_known_formats_are_told_by_name(tmp_path, content, name):
    (tmp_path / "radar.npz").write_bytes(content)
    [problem] = check_arrays([GRID], tmp_path / "radar.npz").problems
    assert (problem.kind, name in problem.message) == ("pas_un_npz", True)


def test_missing_file_and_folder_are_named(tmp_path):
    assert kinds(check_arrays([GRID], tmp_path / "absent.npz")) == ["fichier_introuvable"]
    assert kinds(check_arrays([GRID], tmp_path)) == ["dossier"]


def test_damaged_archive_never_crashes(save):
    file = save(code=np.random.default_rng(1).integers(0, 200, (50, 4, 4)).astype(np.uint8))
    whole = file.read_bytes()
    for cut in range(0, len(whole), 37):
        file.write_bytes(whole[:cut] + bytes(b ^ 0x55 for b in whole[cut : cut + 9]) + whole[cut + 9 :])
        report = check_arrays([GRID], file)
        assert report.arrays is None or report.problems == []
