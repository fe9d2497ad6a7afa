"""Un radar venu d’ailleurs : formes refusées, trous, valeurs impossibles, mémoire bornée."""

from __future__ import annotations

import io
import zipfile

import numpy as np
import pytest

from formation import datasets
from formation.errors import DonneesInvalides
from formation.risques import own_images, own_radar


@pytest.fixture(scope="module")
def images():
    """Trente images plausibles, en mm/h."""
    rain = np.random.default_rng(2).gamma(0.5, 10, (30, 24, 24)) - 3
    return np.maximum(rain, 0).astype(np.float32)


@pytest.fixture
def save(tmp_path):
    """Écrit un NPZ."""

    def write(**arrays):
        np.savez_compressed(tmp_path / "radar.npz", **arrays)
        return tmp_path / "radar.npz"

    return write


@pytest.fixture
def refusal(plain, tmp_path):
    """Message d’un refus ; rien n’est écrit à côté du fichier."""

    def read(path, **options):
        before = sorted(tmp_path.iterdir())
        with pytest.raises(DonneesInvalides) as caught:
            own_radar.own(path, **options)
        assert sorted(tmp_path.iterdir()) == before
        return plain(caught.value)

    return read


def test_clean_images_are_measured(images, save, plain):
    result = own_radar.own(save(pluie_mm_h=images, minute=np.arange(30) * 5))
    values = result.to_dict()["mesures"]
    assert values["intensite_max_mm_h"] == pytest.approx(float(images.max()))
    assert values["cumul_max_mm"] == pytest.approx(float(images.sum(axis=0).max()) / 12, rel=1e-5)
    assert values["part_absente"] == 0
    assert "30 images de 24 × 24 cases" in plain(result.conclusion)


def test_course_radar_has_gaps_and_is_clipped(refusal, plain):
    path = datasets.path("risques", "radar")
    assert "images absentes" in refusal(path)
    result = own_radar.own(path, gaps=True)
    assert result.facts["suites"] == 71
    assert "au moins" in result.conclusion
    assert any("écrêté" in remark for remark in result.remarks)


def test_another_name_is_said_and_the_usual_ones_are_not(images, save, plain):
    told = [plain(remark) for remark in own_radar.own(save(images=images)).remarks]
    assert any("le tableau lu est « images », pris pour des intensités en mm/h" in remark for remark in told)
    assert not own_radar.own(save(pluie_mm_h=images, rain=images[:, 0, 0])).remarks
    assert not own_radar.own(save(Pluie_MM_H=images)).remarks
    both = own_radar.own(save(pluie_mm_h=images, radar=images * 2))
    assert both.to_dict()["mesures"]["intensite_max_mm_h"] == pytest.approx(float(images.max()))
    assert any("laissé de côté : « radar »" in plain(remark) for remark in both.remarks)


@pytest.mark.parametrize("names", [("pluie", "images"), ("code", "pluie_mm_h"), ("rain", "Pluie", "arr_0")])
def test_several_possible_arrays_are_refused_by_name(images, save, refusal, names):
    message = refusal(save(**dict.fromkeys(names, images)))
    assert "plusieurs tableaux peuvent être la pluie" in message
    for name in names:
        assert f"« {name} » (30 × 24 × 24)" in message


def test_single_npy_and_other_grid_are_read_when_said_so(images, tmp_path):
    np.save(tmp_path / "r.npy", images[:, :20, :16])
    result = own_radar.own(tmp_path / "r.npy", size=own_radar.grid_size("20x16"), step_min=10)
    assert (result.facts["lignes"], result.facts["colonnes"], result.facts["pas_min"]) == (20, 16, 10)


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ((30, 32, 30), ("la forme est 30 × 32 × 30", "--forme 32x30")),
        ((24, 24, 30), ("Le temps est sans doute en dernier", "moveaxis")),
        ((30, 24, 24, 3), ("ressemble à des couleurs",)),
        ((24, 24), ("empilez les images",)),
        ((30, 576), ("Attendu : images × 24 × 24", "empilez les images")),
        ((1, 24, 24), ("une seule image",)),
        ((0, 24, 24), ("Le tableau est vide",)),
        ((2, 2, 2, 24, 24), ("5 dimensions",)),
    ],
)
def test_wrong_shape_says_which_one_is_wanted(save, refusal, shape, words):
    message = refusal(save(pluie_mm_h=np.zeros(shape, np.float32)))
    for word in words:
        assert word in message


def broken(images, **changes):
    copy = images.copy()
    for place, value in changes.values():
        copy[place] = value
    return copy


@pytest.mark.parametrize(
    ("place", "value", "words"),
    [
        (10, np.nan, "1 image absente (numéro 11 ; 30 en tout), soit 5 min"),
        ((12, 2, 2), np.nan, "1 image percée de cases vides (numéro 13"),
        (20, 0.0, "1 image toute à zéro au milieu d’une forte pluie (numéro 21"),
        ((4, 3, 5), -0.3, "« -0,3 » mm/h (image 5, ligne 4, colonne 6)"),
        ((4, 3, 5), 900.0, "Aucune pluie n’est si forte"),
        ((4, 3, 5), np.inf, "Aucune pluie n’est si forte"),
        ((4, 3, 5), -999.0, "code d’une mesure absente"),
    ],
)
def test_gap_or_impossible_rain_says_where(images, save, refusal, place, value, words):
    assert words in refusal(save(pluie_mm_h=broken(images, here=(place, value))))


def test_frozen_images_are_seen(images, save, refusal):
    frozen = images.copy()
    frozen[15:19] = frozen[14]
    assert "4 images figées" in refusal(save(pluie_mm_h=frozen))


def test_every_problem_is_told_at_once(images, save, refusal):
    wrong = broken(images, a=(10, np.nan), b=((4, 3, 5), -0.3), c=((5, 3, 5), 900.0))
    message = refusal(save(pluie_mm_h=wrong, minute=np.delete(np.arange(31) * 5, 7)))
    for word in ("négative", "Aucune pluie", "il manque 1 image", "1 image absente", "--lacunes"):
        assert word in message


def test_gaps_are_counted_when_accepted(images, save, plain):
    result = own_radar.own(save(pluie_mm_h=broken(images, here=(10, np.nan))), gaps=True)
    assert result.to_dict()["mesures"]["part_absente"] == pytest.approx(1 / 30)
    assert "au moins" in result.conclusion
    assert any("1 image absente" in plain(remark) for remark in result.remarks)


def test_cells_out_of_range_are_not_gaps(images, save, plain):
    masked = images.copy()
    masked[:, :4, :4] = np.nan
    result = own_radar.own(save(pluie_mm_h=masked))
    assert any("jamais mesurée" in plain(remark) for remark in result.remarks)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (np.delete(np.arange(32) * 5, [7, 8]), "il manque 2 images"),
        (np.arange(29) * 5, "29 instants pour 30 images"),
        (np.arange(30)[::-1] * 5, "les images ne se suivent pas"),
        (np.array(["hier"] * 30), "des dates ne se lisent pas"),
    ],
)
def test_moments_that_do_not_follow_are_refused(images, save, refusal, minutes, words):
    assert words in refusal(save(pluie_mm_h=images, minute=minutes))


@pytest.mark.parametrize("zone", ["", "Z", "+02:00"], ids=["sans", "utc", "décalage"])
def test_dates_are_read_when_given_as_text(images, save, recwarn, zone):
    moments = (np.datetime64("2019-10-26T18:00") + np.arange(30) * np.timedelta64(5, "m")).astype(str)
    found = own_radar.own(save(pluie_mm_h=images, date_heure=np.char.add(moments, zone)))
    assert found.facts["images"] == 30
    assert not recwarn.list


def test_grey_levels_are_not_called_dry(save, refusal):
    assert "aucune pluie" not in refusal(save(pluie_mm_h=np.full((30, 24, 24), 250, np.uint8)))


@pytest.mark.parametrize(
    ("arrays", "words"),
    [
        ({"dbz": np.ones((30, 24, 24), np.float32)}, "c’est une réflectivité"),
        ({"truc": np.ones((30, 24, 24), np.float32)}, "aucun tableau d’intensité"),
        ({"pluie_mm_h": np.full((30, 24, 24), 250, np.uint8)}, "niveaux de gris"),
        ({"code": np.full((30, 24, 24), 300, np.int16)}, "un code radar du cours est un entier"),
        ({"pluie_mm_h": np.zeros((30, 24, 24), np.float32)}, "aucune pluie dans aucune image"),
        ({"pluie_mm_h": np.full((30, 24, 24), "x")}, "il faut des nombres"),
        ({"pluie_mm_h": np.array([{}] * 3)}, "exécuterait du code"),
    ],
    ids=["dbz", "nom", "gris", "code", "nul", "texte", "objets"],
)
def test_other_content_is_refused_in_french(save, refusal, arrays, words):
    assert words in refusal(save(**arrays))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "vide"),
        (b"\x89HDF\r\n\x1a\n" + b"0" * 50, "HDF5 (ODIM"),
        (b"GRIB" + b"0" * 50, "GRIB"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 50, "image PNG"),
        (b"minute;pluie\n0;1\n", "ce n’est pas un fichier NPZ"),
    ],
    ids=["vide", "hdf5", "grib", "png", "csv"],
)
def test_other_formats_are_named(tmp_path, refusal, content, words):
    path = tmp_path / "radar.npz"
    path.write_bytes(content)
    message = refusal(path)
    assert words in message


def test_missing_file_folder_and_cut_archive_are_told(tmp_path, images, save, refusal):
    assert "n’existe pas" in refusal(tmp_path / "absent.npz")
    assert "c’est un dossier" in refusal(tmp_path)
    whole = save(pluie_mm_h=images)
    data = bytearray(whole.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 400] = b"\0" * 400
    whole.write_bytes(data)
    assert "abîmée" in refusal(whole)


def test_too_many_cells_are_refused_before_unpacking(tmp_path, refusal):
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "<f8", "fortran_order": False, "shape": (2_000_000, 24, 24)})
    with zipfile.ZipFile(tmp_path / "radar.npz", "w") as archive:
        archive.writestr("pluie_mm_h.npy", header.getvalue())
    message = refusal(tmp_path / "radar.npz")
    assert "Il n’a pas été décompressé" in message
    assert own_images.MAX_CELLS < 2_000_000 * 576


@pytest.mark.parametrize("text", ["24", "24x", "0x24", "abc", "24x24x24"])
def test_grid_size_is_refused_when_it_does_not_read(text, plain):
    with pytest.raises(own_radar.FormeInvalide) as caught:
        own_radar.grid_size(text)
    assert "--forme 24x24" in plain(caught.value)
