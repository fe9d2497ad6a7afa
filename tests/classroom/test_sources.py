import re

import pytest

from formation.classroom.bank import read_bank
from formation.classroom.errors import ExerciceIntrouvable, ExerciceInvalide
from formation.classroom.sources import exercise_paths, read_exercise


def refusal(path):
    with pytest.raises(ExerciceInvalide) as caught:
        read_bank(read_exercise(path))
    return str(caught.value).replace("\u00a0", " ")


def test_pilot_is_read_with_stable_names(pilot):
    names = [cell.name for cell in pilot.cells]
    assert len(names) == len(set(names))
    assert names[:2] == ["texte-01", "preparation-01"]
    assert "controle-part_fonte" in names
    assert pilot.points == 10


def test_blank_has_no_solution(pilot):
    blanks = "\n".join(cell.blank for cell in pilot.answers)
    assert "SOLUTION" not in blanks
    assert "groupby" not in blanks
    assert "part_fonte = ..." in blanks


def test_every_mistake_is_reported_at_once_with_its_line(pilot_folder):
    def spoil(text):
        text = text.replace("niveau: agent", "niveau: expert")
        text = text.replace("  points: 1\n  type: entier", "  points: 1\n  typ: entier")
        text = text.replace("relire: Écrire une fonction", "relire: Rien de tel")
        text = text.replace("ordre = ...\n", "")
        text = text.replace(":tags: [preparation]", "")
        return text.replace('checks.expect("pire", pire)', 'checks.expect("pire", "a")')

    message = refusal(pilot_folder(spoil))
    for excerpt in (
        "valeurs admises : 'élu', 'agent' or 'université'",
        "« typ » est inconnu. Vouliez-vous dire « type » ?",
        "le champ « type » manque",
        "titre absent du carnet, « Rien de tel »",
        "il manque le trou laissé au stagiaire",
        "n’a pas de rôle",
        "écrivez une seule ligne",
    ):
        assert excerpt in message, message
    lines = [int(number) for number in re.findall(r"ligne (\d+)", message)]
    assert lines == sorted(lines)
    assert len(set(lines)) >= 5


def test_broken_yaml_is_located_and_the_rest_still_checked(pilot_folder):
    def spoil(text):
        text = text.replace("relire: Lire le tableau\n  aide:", "relire: [Lire\n  aide:", 1)
        return text.replace("relire: Écrire une fonction", "relire: Rien de tel")

    message = refusal(pilot_folder(spoil))
    assert "YAML" in message
    assert "Rien de tel" in message


@pytest.mark.parametrize(
    ("old", "new", "excerpt"),
    [
        ("### END SOLUTION", "### FIN", "entre « ### BEGIN SOLUTION »"),
        ("points: 2", "points: 0", "plus grand que 0"),
        ('cas: ["(3, 1000.0)", "(1, 250.0)", "(0, 10)"]', 'cas: ["(3, 1000.0)"]', "au moins deux « cas »"),
        ("cle: [materiau]", "cle: [autre]", "absente de « colonnes »"),
        ("options: {a: la fonte, b: le PVC, c: l’acier}", "options: {a: la fonte}", "au moins deux « options »"),
        ("nom: total", "nom: part_fonte", "déjà le nom de la cellule"),
        ("valeur: ordre[::-1]", "valeur: ordre[", "n’est pas une expression Python"),
        ("from formation import checks\n", "", "n’importe les contrôles"),
        ("# Peser les fuites", "Peser les fuites", "commence par un titre"),
        ("Cet exercice tient", "AUTOTEST tient", "réservé à nbgrader"),
    ],
)
def test_format_rules_are_enforced(pilot_folder, old, new, excerpt):
    assert excerpt in refusal(pilot_folder(lambda text: text.replace(old, new, 1)))


@pytest.mark.parametrize(
    ("old", "new", "excerpt"),
    [
        ("points: 8", "points: 9", "annonce 9 points"),
        ("part_fonte: peser", "part_fontes: peser", "le contrôle « part_fontes » n’existe pas"),
        ("      part_fonte: part_fonte = float", "      part: part = float", "la cellule « part » n’existe pas"),
        ("nom: reference", "nom: ma-reference", "il manque la réponse « reference »"),
        ("      taux_km: fuites par mètre\n", "", "annonce 4 points"),
        ("nom: compte-les-troncons", "nom: laisse-des-trous", "écrite deux fois"),
        ("reponses:\n  - nom: reference", "- nom: reference", "commence par « reponses : »"),
    ],
)
def test_bank_rules_are_enforced(pilot_folder, old, new, excerpt):
    message = refusal(pilot_folder(bank_change=lambda text: text.replace(old, new, 1)))
    assert excerpt in message or "YAML" in message


def test_check_never_failed_is_reported(pilot_folder):
    def spoil(text):
        return text.replace("    points: 8\n", "    points: 10\n").replace(
            "    echoue: {part_fonte: peser par la longueur}\n", ""
        )

    assert "ne met en échec le contrôle « part_fonte »" in refusal(pilot_folder(bank_change=spoil))


def test_exercises_of_a_chapter_are_found_like_those_of_a_case(pilot_folder, tmp_path):
    path = pilot_folder(lambda text: text.replace("cas: pilote", "cas: comite"))
    folder = tmp_path / "comite"
    path.parent.rename(folder)
    for file in list(folder.iterdir()):
        file.rename(folder / file.name.replace("pilote-", "comite-"))
    found = exercise_paths(tmp_path, ("comite",))
    assert [exercise.stem for exercise in found] == ["comite-01-peser-les-fuites"]
    assert read_exercise(found[0]).header.cas == "comite"
    assert read_bank(read_exercise(found[0]))


def test_exercises_are_found_by_prefix_and_by_case(pilot_path):
    root = pilot_path.parents[1]
    assert exercise_paths(root, ("pilote-01",)) == [pilot_path]
    assert exercise_paths(root, ("pilote",)) == [pilot_path]
    with pytest.raises(ExerciceIntrouvable, match="inconnu-99"):
        exercise_paths(root, ("inconnu-99",))
