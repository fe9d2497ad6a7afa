"""Des fichiers aux fiches : toutes les erreurs d’un coup, situées, et rien d’importé à moitié."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from formation.errors import DonneesInvalides
from formation.library.collection import EcritureImpossible, add, create, load
from formation.library.located import MAX_NODES, MAX_YAML
from formation.library.reading import check, read
from formation.library.writing import to_yaml


def problems(path):
    return check([path])[0].problems


def test_good_record_is_read_back_identical(fichier, fiche):
    assert read([fichier()]) == [fiche]


@pytest.mark.parametrize(
    ("old", "new", "field", "said"),
    [
        ('titre: "', 'titel: "', "titre", "ce champ manque"),
        ('titre: "', 'titel: "', "titel", "n’existe pas dans le schéma"),
        ('maturite: "experimentation"', "maturite: experimenter", "complements › maturite", "Vouliez-vous dire"),
        ('confiance: "probable"', "confiance: certain", "situation › faits › 1 › confiance", "sûr, probable"),
        ("montant_euros: 12000.5", "montant_euros: 12 k€", "cout › montant_euros", "un nombre est attendu"),
        ("montant_euros: 12000.5", "montant_euros: 75000", "cout › tranche", "50000-199999"),
        ("population: 4200", "population: 42000", "situation › taille", "20000-49999"),
        ('debut: "2024-03"', "debut: mars 2024", "complements › calendrier › debut", "exemple : 2022-09"),
        ('fin: "2025"', 'fin: "2023"', "complements › calendrier › fin", "précède"),
        ('source: ["S1", "S2"]', "source: [S1, S9]", "cout › faits › 1 › source", "Clés connues : S1, S2"),
        ('cle: "S2"', 'cle: "S1"', "sources › 2 › cle", "sert déjà"),
        ("?b=1&c=2", "?b=1|c=2", "sources › 2 › url", "exemple : https://"),
        ('url: "https://', 'url: "javascript://', "sources › 2 › url", "exemple : https://"),
        ("source: []\n      confiance: \"inconnu\"", "source: []\n      confiance: sûr",
         "impact_environnemental › faits › 1", "inconnu"),
        ("Le réseau a 80 ans.", "Écrire à eau@example.org.", "situation › faits › 1 › texte", "page de contact"),
        ("Le réseau a 80 ans.", "Appeler le 01 23 45 67 89.", "situation › faits › 1 › texte", "téléphone"),
        ("Le réseau a 80 ans.", "Appeler le 01\u00a023\u202f45 67 89.", "situation › faits › 1 › texte", "téléphone"),
        ("Le réseau a 80 ans.", "=1+1", "situation › faits › 1 › texte", "formule"),
        ('titre: "Chercher', 'titre: "+1+WEBSERVICE(A1) Chercher', "titre", "formule"),
        ('titre: "Chercher', 'titre: "-1E5+A1 Chercher', "titre", "formule"),
        ('date_fiche: "2026-11-22"', 'date_fiche: "2026-02-30"', "date_fiche", "n’existe pas dans le calendrier"),
        ('debut: "2024-03"', 'debut: "2024-02-30"', "complements › calendrier › debut", "n’existe pas"),
        ("montant_euros: 12000.5", "montant_euros: yes", "cout › montant_euros", "un nombre est attendu"),
        ("type: \"commune\"", "type: [commune]", "situation › collectivites › 1 › type", "un texte est attendu"),
    ],
)  # fmt: skip
def test_mistake_is_located_and_explained(fichier, plain, old, new, field, said):
    path = fichier((old, new))
    found = [problem for problem in problems(path) if plain(problem.column) == field]
    assert len(found) == 1, [plain(problem.render("f")) for problem in problems(path)]
    text = path.read_text(encoding="utf-8").splitlines()
    assert 1 <= found[0].lines[0] <= len(text)
    assert said in plain(found[0].message)


def test_line_is_the_one_of_the_mistake(fichier):
    path = fichier(('maturite: "experimentation"', "maturite: experimenter"))
    line = path.read_text(encoding="utf-8").splitlines().index("  maturite: experimenter") + 1
    assert [problem.lines for problem in problems(path)] == [(line,)]


def test_all_mistakes_of_all_files_are_said_at_once(fichier, plain):
    first = fichier(('titre: "', 'titel: "'), ('lu: "direct"', "lu: vite"), name="a.yml")
    second = fichier(("familles: [", "familles: [rever, "), name="b.yml")
    with pytest.raises(DonneesInvalides) as caught:
        read([first, second])
    said = plain(caught.value)
    for part in ("a.yml, ligne", "champ « titre »", "champ « titel »", "« sources › 2 › lu »", "b.yml, ligne", "rever"):
        assert part in said


def test_same_identifier_twice_is_refused(fichier, plain):
    with pytest.raises(DonneesInvalides, match=r"sert déjà dans a\.yml") as caught:
        read([fichier(name="a.yml"), fichier(name="b.yml")])
    assert "essai-fuites-2" in plain(caught.value)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("a: &a [x, x]\nb: [*a, *a, *a]\n", "alias"),
        ("id: !!python/object/apply:os.system ['true']\n", "etiquette"),
        ("[" * 200 + "]" * 200, "demesure"),
        ("x: [" + "1," * (MAX_NODES + 1) + "1]\n", "demesure"),
        ("id: un\n---\nid: deux\n", "documents"),
        ("id: 'un\n", "yaml"),
        ("id: un\nid: deux\n", "cle_repetee"),
        ("date_fiche: 2026-02-30\n", "valeur"),
        ("cout: {montant_euros: " + "9" * 5_000 + "}\n", "valeur"),
        ("1: un\n", "invalid_key"),
        ("? [a, b]\n: un\n", "cle"),
        ("# rien\n", "fichier_vide"),
        ("   \n", "fichier_vide"),
    ],
)
def test_hostile_or_broken_yaml_is_refused(tmp_path, text, kind):
    path = tmp_path / "fiche.yml"
    path.write_text(text, encoding="utf-8")
    assert kind in {problem.kind for problem in problems(path)}


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (b"x" * (MAX_YAML + 1), "fichier_trop_gros"),
        ("titre: été".encode("latin-1"), "encodage"),
        (b"", "fichier_vide"),
    ],
)
def test_unreadable_file_is_refused(tmp_path, raw, kind):
    path = tmp_path / "fiche.yml"
    path.write_bytes(raw)
    assert [problem.kind for problem in problems(path)] == [kind]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('{"id": NaN}', "json"),
        ('{"id": "a",}', "json"),
        ("[" * 100_000, "demesure"),
        ('{"id": "a", "id": "b"}', "cle_repetee"),
        ("[]", "fichier_vide"),
    ],
)
def test_hostile_or_broken_json_is_refused(tmp_path, text, kind):
    path = tmp_path / "fiche.json"
    path.write_text(text, encoding="utf-8")
    assert kind in {problem.kind for problem in problems(path)}


def test_json_mistake_keeps_its_line(tmp_path, donnees):
    donnees["complements"]["maturite"] = "fini"
    path = tmp_path / "fiches.json"
    path.write_text(json.dumps({"fiches": [donnees]}, ensure_ascii=False, indent=1), encoding="utf-8")
    [problem] = problems(path)
    assert '"maturite": "fini"' in path.read_text(encoding="utf-8").splitlines()[problem.lines[0] - 1]


def test_missing_file_empty_folder_and_other_format_are_said(tmp_path):
    other = tmp_path / "fiche.pdf"
    other.write_text("x", encoding="utf-8")
    found = check([tmp_path / "absente.yml", tmp_path, other])
    assert [report.problems[0].kind for report in found] == ["fichier_introuvable", "dossier", "format"]


def test_folder_stands_for_its_records(tmp_path, fichier, fiche):
    fichier()
    assert read([tmp_path]) == [fiche]


def test_unknown_may_be_written_in_one_word(fichier):
    text = "  hebergement: []\n  licence: []"
    [record] = read([fichier((text, "  hebergement: inconnu\n  licence:"))])
    assert record.complements.hebergement == []


def test_add_writes_every_record_or_none(tmp_path, fichier, fiche):
    folder = tmp_path / "ma-bibliotheque"
    create(folder)
    good = fichier(name="bon.yml")
    bad = fichier(('id: "essai-fuites"', 'id: "autre"'), ('titre: "', 'titel: "'), name="mauvais.yml")
    with pytest.raises(DonneesInvalides):
        add([good, bad], folder)
    assert list(folder.glob("*.yml")) == []
    [written] = add([good], folder)
    assert written.name == "essai-fuites.yml"
    assert list(load(folder)) == [fiche]
    with pytest.raises(DonneesInvalides, match="sert déjà dans la bibliothèque"):
        add([good], folder)
    add([fichier(("Le réseau a 80 ans.", "Le réseau a 90 ans."), name="neuf.yml")], folder, replace=True)
    assert "90 ans" in load(folder)["essai-fuites"].situation.faits[0].texte
    assert sorted(path.name for path in folder.iterdir()) == ["LISEZMOI.txt", "essai-fuites.yml", "modele.yml.txt"]


@pytest.mark.parametrize("text", ["-30 % de déchets", "-30% de déchets", "+ 12 000 € par an", "-5", "+3,5 %"])
def test_a_signed_figure_is_not_a_formula(fichier, text):
    [record] = read([fichier(("Le réseau a 80 ans.", text))])
    assert record.situation.faits[0].texte.startswith(text[0])


@pytest.mark.parametrize("replace", [False, True])
def test_add_never_overwrites_a_file_that_holds_another_record(tmp_path, fichier, replace):
    folder = tmp_path / "ma-bibliotheque"
    create(folder)
    other = folder / "essai-fuites.yml"
    fichier(('id: "essai-fuites"', 'id: "autre"')).replace(other)
    before = other.read_bytes()
    with pytest.raises(EcritureImpossible, match="autre fiche"):
        add([fichier(name="bon.yml")], folder, replace=replace)
    assert other.read_bytes() == before


def test_replaced_record_keeps_its_owner_only_rights(tmp_path, fichier):
    folder = tmp_path / "ma-bibliotheque"
    create(folder)
    [written] = add([fichier()], folder)
    written.chmod(0o600)
    add([fichier()], folder, replace=True)
    assert written.stat().st_mode & 0o777 == 0o600


def test_create_refuses_a_folder_that_holds_something(tmp_path):
    (tmp_path / "a.txt").write_text("à moi", encoding="utf-8")
    with pytest.raises(EcritureImpossible, match="n’est pas vide"):
        create(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_library_folder_follows_the_environment(monkeypatch, tmp_path, fiche):
    (tmp_path / "essai-fuites.yml").write_text(to_yaml(fiche), encoding="utf-8")
    monkeypatch.setenv("FORMATION_BIBLIOTHEQUE", str(tmp_path))
    assert [record.id for record in load()] == ["essai-fuites"]
    monkeypatch.setenv("FORMATION_BIBLIOTHEQUE", str(tmp_path / "absent"))
    with pytest.raises(Exception, match="n’est pas un dossier"):
        load()


def test_too_many_problems_are_shortened(tmp_path, donnees):
    path = tmp_path / "fiches.json"
    path.write_text(json.dumps([{"id": str(rank)} for rank in range(60)]), encoding="utf-8")
    with pytest.raises(DonneesInvalides) as caught:
        read([path])
    assert len(caught.value.problems) == 201
    assert "autres problèmes" in str(caught.value)


def test_path_may_be_a_text(fichier, fiche):
    assert read([str(fichier())]) == [fiche]
    assert isinstance(check([str(fichier())])[0].path, Path)
