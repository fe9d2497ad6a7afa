"""Un parcours cassé d’une façon donne le message de cette façon ; cassé de dix, les dix à la fois."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import yaml

from formation import pathways
from formation.pathways.model import Pathway
from formation.pathways.template import TEMPLATE

Data = dict[str, Any]


def _half(data: Data) -> Data:
    return data["jours"][0]["demi_journees"][0]


def _sequence(data: Data) -> Data:
    return _half(data)["sequences"][0]


def _aim(data: Data) -> Data:
    return data["objectifs"][0]


def _set(place: Callable[[Data], Data], **values: Any) -> Callable[[Data], None]:
    return lambda data: place(data).update(values)


def _second(data: Data, **values: Any) -> None:
    """Ajoute une séquence semblable à la première, et ajuste les durées."""
    _half(data)["sequences"].append({**_sequence(data), "id": "s-suite", **values})
    _half(data)["duree_min"] = data["duree_min"] = 120


def _before(data: Data) -> None:
    """Place avant la première séquence une autre, qui requiert ce que la première enseigne."""
    extra = {**_sequence(data), "id": "s-avant", "requiert": ["o-reference"], "vise": ["o-autre"]}
    _half(data)["sequences"].insert(0, extra)
    _half(data)["duree_min"] = data["duree_min"] = 120
    data["objectifs"].append({**_aim(data), "id": "o-autre"})


def _long_stretch(data: Data) -> None:
    _second(data)
    _half(data)["sequences"].append({**_sequence(data), "id": "s-fin"})
    _half(data)["duree_min"] = data["duree_min"] = 180


def _overlap(data: Data) -> None:
    later = {**_half(data), "titre": "Suite", "debut": "09:30", "sequences": [{**_sequence(data), "id": "s-suite"}]}
    data["jours"][0]["demi_journees"].append(later)
    data["duree_min"] = 120


BROKEN: dict[str, tuple[Callable[[Data], None], str, str]] = {
    "étapes": (
        _set(_sequence, minutes=70),
        "séquence s-eau",
        "ses étapes durent 60 min et la séquence annonce 70 min",
    ),
    "demi-journée": (
        _set(_half, duree_min=90),
        "Une heure, Matin",
        "séquences et pauses durent 60 min, la demi-journée annonce 90 min",
    ),
    "total": (_set(lambda data: data, duree_min=75), "durée", "les séquences durent 60 min en tout"),
    "sans pause": (_long_stretch, "Une heure, Matin", "180 min de travail sans pause ; 120 au plus"),
    "minuit": (_set(_half, debut="23:30"), "Une heure, Matin", "finirait le lendemain"),
    "chevauchement": (_overlap, "Une heure, Suite", "commence à 09:30, avant la fin de « Matin » (10:00)"),
    "séquence deux fois": (
        lambda data: _second(data, id="s-eau"),
        "identifiants",
        "« s-eau » désigne deux séquences",
    ),
    "objectif deux fois": (
        lambda data: data["objectifs"].append(dict(_aim(data))),
        "identifiants",
        "« o-reference » désigne deux prérequis ou objectifs",
    ),
    "prérequis inconnu": (
        _set(_sequence, requiert=["p-tableau", "p-rien"]),
        "séquence s-eau",
        "requiert « p-rien », qui n’est ni un prérequis ni un objectif",
    ),
    "trop tard": (_before, "séquence s-avant", "requiert « o-reference », qu’aucune séquence d’avant ne vise"),
    "prérequis inutile": (_set(_sequence, requiert=[]), "prérequis p-tableau", "aucune séquence ne le requiert"),
    "vise inconnu": (
        _set(_sequence, vise=["o-reference", "o-rien"]),
        "séquence s-eau",
        "vise « o-rien », qui n’est pas un objectif",
    ),
    "non visé": (
        lambda data: data["objectifs"].append({**_aim(data), "id": "o-seul"}),
        "objectif o-seul",
        "aucune séquence ne le vise",
    ),
    "non évalué": (
        lambda data: data["objectifs"].append({**_aim(data), "id": "o-vide", "questions": []}),
        "objectif o-vide",
        "rien ne l’évalue",
    ),
    "verbe": (
        _set(_aim, texte="Comprendre la référence à battre."),
        "objectif o-reference",
        "« comprendre » ne s’observe pas",
    ),
    "critère sans compte": (_set(_aim, critere="Tout juste"), "objectif o-reference", "son critère ne compte rien"),
    "critère faux": (
        _set(_aim, critere="3 questions sur 4 à l’évaluation finale"),
        "objectif o-reference",
        "son critère dit « 3 questions sur 4 », mais le parcours évalue 2 questions",
    ),
    "critère bas": (
        _set(_aim, critere="1 question sur 2 à l’évaluation finale"),
        "objectif o-reference",
        "son critère demande 50 %, moins que le seuil de l’évaluation finale (60 %)",
    ),
    "même question": (
        lambda data: data["positionnement"]["questions"].append("eau-q03"),
        "évaluation finale",
        "la question « eau-q03 » a déjà été posée au positionnement",
    ),
    "question deux fois": (
        lambda data: data["evaluation_finale"]["questions"].append("eau-q03"),
        "évaluation finale",
        "la question « eau-q03 » y est deux fois",
    ),
    "question sans objectif": (
        lambda data: data["positionnement"]["questions"].append("eau-q10"),
        "positionnement",
        "la question « eau-q10 » n’évalue aucun objectif",
    ),
    "objectif sans question d’entrée": (
        _set(lambda data: data["positionnement"], questions=["eau-q10"]),
        "positionnement",
        "aucune question n’évalue l’objectif o-reference",
    ),
    "question jamais posée": (
        lambda data: _aim(data)["questions"].append("eau-q22"),
        "objectif o-reference",
        "la question « eau-q22 » n’est posée ni au positionnement ni à l’évaluation finale",
    ),
    "question inexistante": (
        lambda data: (_aim(data)["questions"].append("eau-q99"), data["positionnement"]["questions"].append("eau-q99")),
        "objectif o-reference",
        "la question « eau-q99 » n’existe pas. Vouliez-vous dire « eau-q",
    ),
    "page": (
        _set(_sequence, supports=["book/cas/eaux"]),
        "séquence s-eau",
        "la page « book/cas/eaux » n’existe pas. Vouliez-vous dire « book/cas/eau » ?",
    ),
    "ancre": (
        _set(_sequence, supports=["book/cas/eau#option-sans-ia"]),
        "séquence s-eau",
        "la page « book/cas/eau » n’a pas de titre « #option-sans-ia ». Vouliez-vous dire « loption-sans-ia » ?",
    ),
    "prérequis sans page": (
        _set(lambda data: data["prerequis"][0], acquerir="book/nulle-part"),
        "prérequis p-tableau",
        "la page « book/nulle-part » n’existe pas",
    ),
    "diaporama": (
        _set(_sequence, diapos="cas-eaux"),
        "séquence s-eau",
        "le diaporama « cas-eaux » n’existe pas. Vouliez-vous dire « cas-eau » ?",
    ),
    "exercice": (
        _set(_sequence, exercices=["eau-01"]),
        "séquence s-eau",
        "l’exercice « eau-01 » n’existe pas",
    ),
    "exercice trop long": (
        _set(_sequence, exercices=["eau-09-gain-et-doute"]),
        "séquence s-eau",
        "ses exercices demandent 75 min et la séquence n’en a que 60",
    ),
    "contrôle": (
        lambda data: (
            _aim(data).update(controles=["eau-01-lire-une-courbe/rien"]),
            _sequence(data).update(exercices=["eau-01-lire-une-courbe"]),
        ),
        "objectif o-reference",
        "l’exercice « eau-01-lire-une-courbe » n’a pas de contrôle « rien ». Il a : km_ecoutes",
    ),
    "contrôle sans exercice": (
        _set(_aim, controles=["eau-00-rien/x"]),
        "objectif o-reference",
        "l’exercice du contrôle « eau-00-rien/x » n’existe pas",
    ),
    "exercice pas joué": (
        _set(_aim, controles=["eau-01-lire-une-courbe/km_ecoutes"]),
        "objectif o-reference",
        "l’exercice « eau-01-lire-une-courbe » n’est dans aucune séquence",
    ),
}


@pytest.fixture
def data() -> Data:
    """Un parcours court et juste, prêt à être cassé."""
    return dict(yaml.safe_load(TEMPLATE))


def _problems(data: Data) -> list[pathways.Problem]:
    return pathways.check(Pathway.model_validate(data))


@pytest.mark.parametrize("kind", BROKEN)
def test_each_break_has_its_message(kind, data, plain):
    break_it, where, text = BROKEN[kind]
    break_it(data)
    found = [(plain(problem.where), plain(problem.text)) for problem in _problems(data)]
    assert any(place == where and text in message for place, message in found), found


def test_template_has_no_problem(data):
    assert _problems(data) == []


def test_all_problems_come_at_once_when_a_file_has_many(tmp_path, data, plain):
    _sequence(data)["minutes"] = 70
    _sequence(data)["diapos"] = "jeu-inconnu"
    _sequence(data)["supports"] = ["book/chapitre-disparu"]
    _aim(data)["texte"] = "Savoir lire."
    data["positionnement"]["questions"] = ["eau-q03"]
    file = tmp_path / "casse.yml"
    file.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    with pytest.raises(pathways.ParcoursInvalide) as caught:
        pathways.read(file)
    message = plain(caught.value)
    assert message.startswith("casse.yml : ")
    for expected in ("jeu-inconnu", "book/chapitre-disparu", "« savoir »", "déjà été posée", "étapes durent 60 min"):
        assert expected in message
    count = int(message.split(" : ")[1].split()[0])
    assert message.count("\n- ") == count >= 7


def test_anchors_accept_headings_targets_and_glossary_terms():
    project = pathways.Project()
    assert project.missing_link("book/cas/eau#loption-sans-ia") is None
    assert project.missing_link("book/glossaire#term-csi") is None
    assert "n’a pas de titre" in str(project.missing_link("book/glossaire#term-inconnu"))


@pytest.mark.parametrize("kind", ["contrôle compté", "preuves comptées"])
def test_criterion_counts_checks_and_questions(kind, data):
    _sequence(data)["exercices"] = ["eau-01-lire-une-courbe"]
    _aim(data)["controles"] = ["eau-01-lire-une-courbe/km_ecoutes", "eau-01-lire-une-courbe/gain_points"]
    _aim(data)["critere"] = {"contrôle compté": "2 contrôles sur 2", "preuves comptées": "3 preuves sur 4"}[kind]
    assert _problems(data) == []
