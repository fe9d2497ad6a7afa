"""La page calcule comme la bibliothèque : mêmes empreintes, notes, rangs, parts et phrases."""

from __future__ import annotations

import random

import pytest

from formation import tenders
from formation.book import extension
from formation.errors import DonneesInvalides
from formation.tenders import page as carried
from formation.tenders import results
from formation.tenders.sampling import random_tender

pytestmark = [pytest.mark.navigateur, pytest.mark.xdist_group("livre")]

SCRIPT = extension.THEME / "static" / "marche.js"
SETS = 120
RUN = """([donnees, cas]) => {
    const moteur = marchePublic.calcul(donnees);
    return cas.map(([marche, offres]) => {
        const trouve = moteur.evaluer(marche, offres);
        return {
            lignes: trouve.lignes.map((l) => [l.postes, l.notes, l.rang, l.part, l.offre.manques, l.offre.remarques]),
            conclusion: marchePublic.conclusion(trouve),
            poids: marchePublic.phrasePoids(trouve),
        };
    });
}"""


@pytest.fixture(scope="module")
def blank(navigateur):
    """Page vide où seul le script de l’outil est chargé."""
    context = navigateur.new_context(locale="fr-FR")
    opened = context.new_page()
    opened.add_script_tag(path=SCRIPT)
    yield opened
    context.close()


def test_page_and_library_agree_when_offers_are_random(blank):
    cases = [random_tender(random.Random(seed)) for seed in range(SETS)]
    sent = [[market.to_dict(), [offer.to_dict() for offer in offers]] for market, offers in cases]
    found = blank.evaluate(RUN, [carried.data(), sent])
    assert sum(len(offers) for _, offers in cases) >= 100
    for (market, offers), there in zip(cases, found, strict=True):
        here = tenders.evaluate(market, offers)
        assert there["conclusion"] == results.conclusion(here)
        assert there["poids"] == results.weights_text(here)
        for line, (posts, marks, rank, share, missing, remarks) in zip(here.lines, there["lignes"], strict=True):
            for name, value in line.posts_kg.items():
                assert posts[name] == pytest.approx([value.low, value.high], rel=1e-9, abs=1e-9), name
            assert marks == pytest.approx(line.scores, rel=1e-9, abs=1e-9)
            assert (rank, share) == (line.rank, pytest.approx(line.share, abs=1e-9))
            assert (missing, remarks) == (list(line.offer.manques), list(line.offer.remarques))


GOOD = {"nom": "A", "prix_eur": 1000, "qualite": 12}
RULES = {"duree_ans": 2, "tirages": 500, "graine": 3, "seuil": 0.95, "plancher_kg": 2, "silence": "note_zero"}
HOSTILE = [
    {"offres": []},
    {"offres": [3]},
    {"offres": [GOOD, {**GOOD, "nom": "a"}]},
    {"offres": [{**GOOD, "energie_wh_bas": 2, "energie_wh_haut": 1}]},
    {"offres": [{**GOOD, "parametres_actifs": 9, "parametres_totaux": 8}]},
    {"offres": [{**GOOD, "justifie": "vertu"}]},
    {"offres": [{**GOOD, "couleur": "bleu"}]},
    {"offres": [{**GOOD, "pue": 0.8}]},
    {"offres": [GOOD], "marche": {"poids": {"prix": 50, "qualite": 50, "environnement": 20}}},
    {"offres": [GOOD], "marche": {"poids": {"prix": 50, "qualite": 50}}},
    {"offres": [GOOD], "marche": {"silense": "note_zero"}},
    {"offres": [GOOD], "marche": {"tirages": 5}},
]


def test_page_reads_a_file_with_the_rules_and_the_refusals_of_the_library(blank):
    sent = [{"offres": [GOOD], "marche": RULES}, *HOSTILE]
    found = blank.evaluate(
        "([donnees, fichiers]) => fichiers.map((contenu) => marchePublic.verifier(contenu, donnees))",
        [carried.data(), sent],
    )
    market, _, problems = found[0]
    assert problems == []
    assert market == tenders.checked(sent[0])[0].to_dict()
    for content, (_, _, problems) in zip(HOSTILE, found[1:], strict=True):
        with pytest.raises(DonneesInvalides):
            tenders.checked(content)
        assert problems, content
