"""Une comparaison d’images incohérente est refusée, avec tous ses défauts ; un tableau devient une petite image."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from formation.book.comparison import WEIGHT, BeforeAfter, ComparaisonInvalide, from_json, to_json
from formation.book.directives.comparison import kept_comparison
from formation.errors import FormationError

PHOTO = np.random.default_rng(447).integers(90, 160, (240, 320, 3)).astype(np.uint8)
MASK = np.kron(np.arange(6).reshape(2, 3), np.full((120, 107), 40)).astype(np.uint8)[:, :320]


def make(**changes):
    base = {
        "title": "Titre",
        "before": PHOTO,
        "after": MASK,
        "before_label": "La photo",
        "after_label": "Le calque",
        "before_alt": "Une photo de parking.",
        "after_alt": "Le parking en couleur.",
        "sentence": "Le parking est reconnu.",
        "source": "jouet",
    }
    return BeforeAfter(**{**base, **changes})


def file_of(array, kind):
    stream = io.BytesIO()
    Image.fromarray(array).save(stream, kind)
    return stream.getvalue()


def pixels(content):
    with Image.open(io.BytesIO(content)) as image:
        return np.asarray(image.convert("L"))


def test_arrays_become_small_images_when_given():
    figure = make()
    assert figure.size == (320, 240)
    assert figure.extensions == (".webp", ".png")
    assert len(figure.before) <= WEIGHT
    np.testing.assert_array_equal(pixels(figure.after), MASK)  # un aplat garde ses bords nets


def test_colours_of_a_mask_are_kept_exactly_when_compressed():
    mask = np.stack([MASK, 255 - MASK, MASK // 2], axis=-1)
    with Image.open(io.BytesIO(make(after=mask).after)) as image:
        np.testing.assert_array_equal(np.asarray(image.convert("RGB")), mask)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_file_is_kept_as_it_is_when_its_format_is_known(kind):
    content = file_of(MASK, kind)
    assert make(after=content).after == content


def test_position_is_said_in_french_when_shared(plain):
    figure = make(before_share="de la photo", after_share="du calque")
    assert plain(figure.share(40)) == "40 % de la photo, 60 % du calque"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"sentence": " "}, "`sentence` est vide"),
        ({"before_alt": "Photo"}, "`before_alt` ne dit pas ce que montre l’image (15 signes au moins)"),
        ({"after_alt": "Une photo de parking."}, "sont identiques"),
        ({"after": MASK[:200]}, "pas la même taille (320 × 240 et 320 × 200 pixels)"),
        ({"before": b"GIF"}, "`before` n’est pas une image lisible"),
        ({"before": file_of(MASK, "GIF")}, "est au format GIF"),
        ({"before": MASK.astype(float)}, "tableau float64 de forme (240, 320)"),
        ({"before": np.zeros((240, 320, 4), np.uint8)}, "(hauteur, largeur, 3)"),
        ({"before": "photo.png"}, "`before` est un str"),
        ({"before": MASK[:100]}, "chaque côté doit en faire de 160 à 1400"),
        ({"before": file_of(np.repeat(PHOTO, 3, axis=0)[:, :320], "PNG")}, "pour 150 au plus"),
        ({"start": 101}, "`start` doit être un entier de 0 à 100"),
        ({"legend": (("rouge", "Parking"),)}, "légende 1 : « rouge » n’est pas une couleur"),
    ],
)
def test_comparison_is_refused_when_incoherent(changes, expected, plain):
    with pytest.raises(ComparaisonInvalide, match="Titre") as error:
        make(**changes)
    assert expected in plain(error.value)


def test_every_defect_is_told_when_there_are_several(plain):
    with pytest.raises(ComparaisonInvalide) as error:
        make(source="", before=b"", start=-1)
    assert all(name in plain(error.value) for name in ("`source`", "`before`", "`start`"))


def test_comparison_is_the_same_when_written_and_read():
    figure = make(legend=(("#0a66a8", "Parking"),))
    assert from_json(to_json(figure)) == figure


def test_comparison_and_its_files_are_kept_when_built_twice(tmp_path, monkeypatch):
    calls = []
    target = "formation.book.directives.comparison.load_figure"
    monkeypatch.setattr(target, lambda *names: calls.append(names) or make())
    first, paths = kept_comparison("eau", "avant_apres", tmp_path)
    assert kept_comparison("eau", "avant_apres", tmp_path) == (first, paths)
    assert [path.read_bytes() for path in paths] == [first.before, first.after]
    assert len(calls) == 1


def test_message_names_the_function_when_it_is_missing(tmp_path):
    with pytest.raises(FormationError, match=r"formation\.eau\.figures\.absente\(\) est introuvable"):
        kept_comparison("eau", "absente", tmp_path)
