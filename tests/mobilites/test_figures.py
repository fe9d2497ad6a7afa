"""Les figures rendent des axes, leur texte dit vrai, et la comparaison avant-après commence par les fautes."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes

from formation.book.comparison import BeforeAfter
from formation.mobilites import decision, evaluation, figures, map_figures
from formation.mobilites import tables as store


@pytest.fixture
def mask():
    codes = np.zeros((200, 200), np.uint8)
    codes[:100, :100], codes[120:, 120:], codes[10:20, 10:20] = 3, 2, 4
    return codes


@pytest.fixture
def parks():
    return pd.DataFrame(
        {"surface_m2": [900, 1450, 1600, 1700, 2100, 1900.0], "surface_predite_m2": [880, 1520, 1480, 1690, 900, 0.0],
         "surface_visible_m2": [900, 1450, 1600, 1700, 950, 0.0], "entier": [1, 1, 1, 1, 0, 1]}
    )  # fmt: skip


@pytest.fixture
def drawn(mask, parks):
    photo = np.full((200, 200, 3), 120, np.uint8)
    found = np.zeros((200, 200), bool)
    found[:100, :80] = found[150:, 150:] = True
    methods = pd.DataFrame(
        {"methode": ["modèle jouet", "seuil de gris", "classifieur linéaire"], "iou": [0.9, 0.5, 0.8]}
    )
    states = pd.DataFrame({"etat": ["campagne apprise", "autre campagne", "recalée par lot"], "iou": [0.9, 0.1, 0.88]})
    counts = pd.DataFrame({"methode": ["par aire", "composantes connexes"], "mae": [2.0, 7.0], "total": [143, 90],
                           "total_vrai": [146, 146]})  # fmt: skip
    cuts = pd.DataFrame({"decoupage": ["par pixel", "par tuile"], "f1": [0.95, 0.93]})
    yield {
        "photo": figures.tile(photo, mask, found),
        "photos": figures.tiles([photo, photo + 20], ["2023", "2025"]),
        "méthodes": figures.iou_by_method(methods.assign(iou_bas=methods["iou"] - 0.1, iou_haut=methods["iou"] + 0.05)),
        "surfaces": figures.areas(parks),
        "matrice": figures.decision_matrix(parks),
        "probabilité": figures.probability_curve(),
        "campagnes": figures.radiometric_shift(states),
        "véhicules": figures.counting(counts),
        "découpage": figures.split(cuts),
    }
    plt.close("all")


def test_every_figure_is_complete(drawn):
    for name, ax in drawn.items():
        assert isinstance(ax, Axes), name
        assert ax.get_title(loc="left"), name
        assert any("synthétiques" in text.get_text() for text in ax.texts), name
        assert len(figures.description(ax)) > 60, name
        assert "nan" not in figures.description(ax), name


def test_titles_state_the_faults_first(drawn, plain):
    titles = {name: plain(ax.get_title(loc="left")).replace("\n", " ") for name, ax in drawn.items()}
    # 100 × 20 points oubliés et 50 × 50 inventés, à 0,04 m² le point.
    assert titles["photo"] == "80 m² de parking oubliés, 100 inventés, pour 400 m² vrais"
    assert titles["surfaces"].startswith("3 parcs oubliés et 1 annoncé à tort, sur 6")
    assert titles["matrice"].startswith("3 obligations oubliées, 1 annoncée à tort")
    assert "tombe de 0,90 à 0,10" in titles["campagnes"]
    assert "puis 0,88 (recalée par lot)" in titles["campagnes"]
    assert "« composantes connexes » : 38 % de moins en tout" in titles["véhicules"]


def test_descriptions_say_why_a_park_is_forgotten(drawn, plain):
    text = plain(figures.description(drawn["surfaces"]))
    assert "3 assujettis oubliés, dont 1 que le bord de la photo coupe, 1 plus récent que la photo" in text
    assert "100 inventés (100 m² sur un toit)" in plain(figures.description(drawn["photo"]))


def test_matrix_of_verdicts_keeps_those_to_check(plain):
    counts = pd.DataFrame([[7, 2, 1], [0, 3, 9]], index=["assujetti", "non assujetti"],
                          columns=["assujetti", "à vérifier", "non assujetti"])  # fmt: skip
    ax = figures.decision_matrix(counts)
    assert plain(ax.get_title(loc="left")).startswith("1 obligation oubliée, 0 annoncée à tort, 5 à vérifier")
    assert "16 bien jugés, 1 assujetti oublié, 0 annoncé à tort, 5 à vérifier" in plain(figures.description(ax))
    plt.close("all")


def test_doubtful_span_is_the_one_of_the_decision(drawn, plain):
    text = plain(figures.description(drawn["probabilité"]))
    low = int(text.split("± 8 %, de ")[1].split(" à ")[0].replace(" ", ""))
    assert decision.probability(low - 10, 0.08) < 0.1 < decision.probability(low + 10, 0.08)


def test_sizes_that_differ_are_refused(mask):
    photo = np.zeros((200, 200, 3), np.uint8)
    with pytest.raises(ValueError, match="même taille"):
        figures.tile(photo, mask[:50])
    with pytest.raises(ValueError, match="masque vrai"):
        figures.tile(photo, None, mask > 0)
    with pytest.raises(ValueError, match="une légende par photo"):
        figures.tiles([photo], ["a", "b"])


def test_mistakes_are_painted_where_they_are(mask):
    found = np.zeros(mask.shape, bool)
    found[:50, :50] = found[150:, 150:] = True
    image = map_figures.mistakes(mask, found)
    colours = {name: tuple(int(value[rank : rank + 2], 16) for rank in (1, 3, 5)) for name, value in
               map_figures.VERDICTS.items()}  # fmt: skip
    assert tuple(image[0, 0]) == colours[map_figures.FOUND]
    assert tuple(image[80, 80]) == colours[map_figures.MISSED]
    assert tuple(image[160, 160]) == colours[map_figures.INVENTED]
    assert tuple(image[110, 110]) == (255, 255, 255)


def test_before_after_is_light_and_says_the_faults_first(small_course, plain):
    figure = map_figures.before_after(small_course)
    assert isinstance(figure, BeforeAfter)
    assert len(figure.before) + len(figure.after) <= 60_000
    tile, found = map_figures.worst(small_course)
    assert figure.size == tile.mask.shape[::-1]
    scores = evaluation.scores(found, store.is_parking(tile.mask))
    missed = (1 - scores["rappel"]) * scores["surface_vraie_m2"]
    assert plain(figure.sentence).startswith(f"Le modèle oublie {missed:,.0f} m² de parking".replace(",", " "))
    assert f"indice de recouvrement de {scores['iou']:.2f} ici".replace(".", ",") in plain(figure.sentence)
    assert [name for _, name in figure.legend] == ["parking trouvé", "parking oublié", "parking inventé"]


def test_chapter_shows_the_large_photo_that_is_read_worst(small_course):
    chosen, found = map_figures.worst(small_course)
    read = {
        tile.id_tuile: (tile.mask.shape[0], evaluation.iou(said, store.is_parking(tile.mask)))
        for tile, said in zip(small_course.tiles["test"], small_course.surface(), strict=True)
    }
    side = max(size for size, _ in read.values())
    assert read[chosen.id_tuile] == min(value for value in read.values() if value[0] == side)
    assert found.shape == chosen.mask.shape


def test_figures_never_show(monkeypatch, mask):
    monkeypatch.setattr(plt, "show", lambda *a, **k: pytest.fail("show a été appelé"))
    figures.tile(np.zeros((200, 200, 3), np.uint8), mask)
    plt.close("all")
