"""Lire et relire un jeu de diapositives."""

from __future__ import annotations

import re

import pytest
import yaml

from formation import slides
from formation.slides.checking import FEWEST, visible_words

GOOD = slides.EXAMPLE


def problems_of(text, name="exemple"):
    with pytest.raises(slides.DiaposInvalides) as caught:
        slides.parse(text, name=name)
    return str(caught.value).replace("\u00a0", " ")


def test_example_reads():
    deck = slides.parse(GOOD, name="exemple")
    assert [slide.title for slide in deck.slides] == ["Où vont les litres perdus\u00a0?", "À retenir"]
    assert "chiffre de pertes" in deck.slides[0].notes
    assert all(block.kind != "notes" for slide in deck.slides for block in slide.blocks)


def test_all_defects_are_said_at_once_when_several():
    text = (
        GOOD.replace("sujet: eau", "sujet: lune")
        .replace("# À retenir", "À retenir")
        .replace("::: notes", "::: note", 1)
    )
    said = problems_of(text)
    assert "lune" in said
    assert "ligne 18 : une diapositive commence par son titre" in said
    assert "bloc « note » inconnu" in said
    assert "il y en a 0" in said


def test_missing_header_is_said():
    assert "il manque l’en-tête" in problems_of("# Titre\n")


def test_name_must_be_that_of_the_file():
    assert "attendu : autre" in problems_of(GOOD, name="autre")


def test_open_block_is_said_with_its_line():
    said = problems_of(GOOD.rstrip().removesuffix(":::"))
    assert "n’est pas fermé" in said
    assert "ligne 22" in said


def test_columns_need_two_sides():
    text = (
        GOOD.replace("# Où vont", "# Où vont", 1)
        .replace("Le réseau", "::: colonnes\nLe réseau")
        .replace("On ne sait pas où.", "On ne sait pas où.\n:::")
    )
    assert "deux colonnes" in problems_of(text)
    fixed = text.replace("Le réseau", "Le réseau\n+++\n::: jouet\nAubeline\n:::\n")
    deck = slides.parse(fixed, name="exemple")
    assert [block.kind for block in deck.slides[0].every_block()] == ["colonnes", "texte", "jouet", "texte"]


def test_file_saved_with_a_byte_order_mark_reads(tmp_path):
    file = tmp_path / "exemple.md"
    file.write_text(GOOD, "utf-8-sig")
    assert len(slides.read(file).slides) == 2


def test_separator_inside_code_does_not_cut():
    text = GOOD.replace("Le réseau", "```\n---\n```\n\nLe réseau")
    assert len(slides.parse(text, name="exemple").slides) == 2


def test_unknown_deck_lists_near_names():
    with pytest.raises(slides.DiaposInvalides, match="cas-eau"):
        slides.read("cas-eaux")
    with pytest.raises(slides.DiaposInvalides, match="Aucun jeu"):
        slides.read("../README")


def test_check_says_what_is_missing_for_a_room():
    said = "\n".join(slides.check(slides.parse(GOOD, name="exemple")))
    assert f"il en faut de {FEWEST}" in said
    assert "aucune activité" in said
    assert "mots de notes" in said


def test_check_sees_dead_number_source_link_and_bad_bars():
    text = GOOD.replace(
        "Le réseau d’Aubeline",
        "{chiffre}`eau.rien` {src}`ZZ99` [page](/book/rien.md) {inconnu}`x`\n\n"
        "::: barres Titre\n- Un | beaucoup\n- oups\n:::\n\nLe réseau",
    )
    said = "\n".join(slides.check(slides.parse(text, name="exemple"))).replace("\u00a0", " ")
    for piece in (
        "chiffre « rien »",
        "« ZZ99 »",
        "/book/rien.md",
        "« inconnu »",
        "n’est pas un nombre",
        "« - nom | valeur »",
    ):
        assert piece in said, piece


def test_long_slide_is_seen():
    text = GOOD.replace("Le réseau", "mot " * 80 + "Le réseau")
    deck = slides.parse(text, name="exemple")
    assert visible_words(deck.slides[0]) > 80
    assert any("mots à l’écran" in problem for problem in slides.check(deck))


@pytest.mark.parametrize("name", slides.names())
def test_deck_of_the_book_is_ready_to_project(name):
    assert slides.check(slides.read(name)) == []


def test_there_are_decks_for_every_subject_of_the_curriculum():
    subjects = {slides.read(name).header.sujet for name in slides.names()}
    assert len(slides.names()) >= 18
    assert subjects >= {"usagers", "securite", "dechets", "eau", "risques", "mobilites", "demystifier", "securiser"}


def minutes(slide):
    """Minutes que les notes d’une diapositive annoncent."""
    (told,) = re.findall(r"\*\*Temps\s*:\s*(\d+)\s*min\.\*\*", slide.notes)
    return int(told)


@pytest.mark.parametrize("name", slides.names())
def test_minutes_of_the_notes_add_up_to_those_announced(name):
    deck = slides.read(name)
    assert sum(map(minutes, deck.slides)) == deck.header.duree_min
    for slide in deck.slides:
        for block in slide.every_block():
            if block.kind == "activite":
                assert int(re.search(r"\d+", block.argument)[0]) <= minutes(slide), slide.title
    short = r"\*\*Version courte, (\d+)\s*min\.\*\* Diapositives ([\d, et]+)\."
    ((total, ranks),) = re.findall(short, deck.slides[0].notes)
    # la première diapositive d’un jeu est son ouverture : celle du texte porte le numéro 2
    assert sum(minutes(deck.slides[int(rank) - 2]) for rank in re.findall(r"\d+", ranks)) == int(total)


def test_slides_named_in_a_pathway_exist_and_fit_its_minutes():
    named = 0
    for file in sorted((slides.folder().parent / "parcours").glob("*.yml")):
        for sequence in sequences(yaml.safe_load(file.read_text("utf-8"))):
            deck = slides.read(sequence["diapos"])
            said = " ".join(step["anime"] for step in sequence["etapes"])
            ranks = {int(rank) for rank in re.findall(r"(?:diapositives? |\(|\d et )(\d+)\b", said)}
            named += len(ranks)
            assert ranks <= set(range(2, len(deck.slides) + 2)), sequence["titre"]
            shown = sum(minutes(deck.slides[rank - 2]) for rank in ranks)
            assert shown <= sequence["minutes"], (file.name, sequence["titre"], shown)
    assert named > 20


def sequences(node):
    """Séquences d’un parcours qui ont un jeu de diapositives."""
    if isinstance(node, dict):
        found = [node] if node.get("diapos") else []
        return found + [one for value in node.values() for one in sequences(value)]
    return [one for value in node for one in sequences(value)] if isinstance(node, list) else []
