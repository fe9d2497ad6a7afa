"""Figure interactive de la concertation : groupes gardés × textes lus à la main → thèmes absents de la note."""

from __future__ import annotations

from typing import Any

from formation.book.interactive import CURSOR, SECOND_CURSOR, THIRD_CURSOR, Control, InteractiveFigure, Step
from formation.citoyens import coverage, reading, tables
from formation.citoyens.coverage import Corpus
from formation.numbers import number, plural
from formation.palette import INK, SERIES

KEPT = (0, 4, 8, 16, 24)
READ = (0, 10, 20, 40, 80, 160)
WHERE = ("parmi tous les textes", "dans les groupes non gardés")
GROUPS = Control(
    "Groupes de la machine gardés dans la note", "", 0, len(KEPT) - 1, 1, 2,
    marks=("aucun", *(f"les {count} plus gros" for count in KEPT[1:])),
)  # fmt: skip
HAND = Control(
    "Textes lus à la main par deux personnes", "", 0, len(READ) - 1, 1, 0,
    marks=("aucun", *(f"{count} sur 400" for count in READ[1:])),
)  # fmt: skip
DRAW = Control("Où les tirer au sort", "", 0, 1, 1, 0, marks=WHERE)
SHORT = {
    "accueil": "Accueil humain",
    "vie_privee": "Vie privée",
    "cout": "Coût",
    "delais": "Délais",
    "usages": "Usages utiles",
    "environnement": "Énergie, climat",
    "emploi": "Emploi",
    "recours": "Erreurs, recours",
    "transparence": "Transparence",
    "handicap": "Handicap",
    "sans_internet": "Sans internet",
    "eloignement": "Éloignement",
    "langue": "Français difficile",
}
"""Nom de chaque thème sous la figure, assez court pour un téléphone."""
SURE = 0.95
SOURCE = "400 contributions synthétiques d’Aubeline\u00a0; thème lu, noté 85 fois sur 100 (hypothèse)."


def build(corpus: Corpus | None = None) -> InteractiveFigure:
    """Construit la figure : chance que chaque thème figure dans la note.

    Parameters
    ----------
    corpus : Corpus, optional
        Contributions ; celles du cours par défaut.

    Returns
    -------
    InteractiveFigure
        Trois curseurs, phrases, tableau et figure Vega-Lite.
    """
    here = corpus or Corpus.released()
    steps, values = [], []
    for group, kept in enumerate(KEPT):
        for hand, read in enumerate(READ):
            for draw in range(len(WHERE)):
                chances = coverage.probabilities(here, kept, read, left_only=bool(draw))
                sentence, row = _sentence(here, kept, read, draw, chances), _row(here, kept, read, draw, chances)
                steps.append(Step(group, sentence, row, second=hand, third=draw))
                values += _values(group, hand, draw, chances)
    titles = coverage.totals(dict.fromkeys(tables.titles(), 0.0) | dict.fromkeys(coverage.titled(here, 8), 1.0))
    alone = coverage.totals(coverage.probabilities(here, 0, 40))
    return InteractiveFigure(
        title="Quels thèmes manquent à la note\u00a0?",
        control=GROUPS,
        second=HAND,
        third=DRAW,
        steps=steps,
        table_header=[
            "Groupes gardés",
            "Textes lus",
            "Tirés",
            "Temps en tout, à deux",
            "Courants, sur 9",
            "Minoritaires, sur 4",
        ],
        spec=_bars(values),
        alt=(
            "Une barre par thème\u00a0: la chance qu’il figure dans la note. Avec les titres des 8 plus gros groupes "
            f"et les campagnes, sans rien lire\u00a0: {number(titles[0])} thèmes courants sur 9 et {number(titles[1])} "
            f"voix minoritaire sur 4. Avec 40 textes lus au hasard et sans machine\u00a0: {number(alone[0], 1)} et "
            f"{number(alone[1], 1)}."
        ),
        source=SOURCE,
    )


def _sentence(corpus: Corpus, kept: int, read: int, draw: int, chances: dict[str, float]) -> str:
    names, rare = tables.titles(), tables.minority()
    if not kept and not read:
        return "Ni machine, ni lecture\u00a0: la note est vide, aucun des 13 thèmes n’y figure."
    unsure = [name for name, chance in chances.items() if chance < SURE]
    lost = [names[name] for name in unsure if name in rare]
    start = "Sans machine" if not kept else f"Avec les {kept} plus gros groupes et les campagnes"
    taken = coverage.available(corpus, kept, read, left_only=bool(draw))
    hours = reading.hours(corpus.texts, reading.READERS) * taken / len(corpus)
    texts = f"{read} textes {WHERE[draw]}" if taken == read else f"les {taken} textes des groupes non gardés"
    by_hand = "sans rien lire" if not read else f"en lisant {texts} ({_time(hours)} en tout, à deux)"
    if not unsure:
        return f"{start}, {by_hand}\u00a0: chacun des 13 thèmes a au moins 19 chances sur 20 d’être dans la note."
    common = len(unsure) - len(lost)
    text = f"{start}, {by_hand}\u00a0: {plural(len(unsure), 'thème')} sur 13 "
    some = plural(common, "courant") if common else "aucun courant"
    text += f"{'risque' if len(unsure) == 1 else 'risquent'} de manquer, dont {some}"
    if not lost:
        return f"{text} et aucune voix minoritaire."
    return f"{text} et {plural(len(lost), 'voix minoritaire', 'voix minoritaires')}\u00a0: {' ; '.join(lost).lower()}."


def _row(corpus: Corpus, kept: int, read: int, draw: int, chances: dict[str, float]) -> list[str]:
    common, rare = coverage.totals(chances)
    taken = coverage.available(corpus, kept, read, left_only=bool(draw))
    hours = reading.hours(corpus.texts, reading.READERS) * taken / len(corpus)
    where = WHERE[draw] if read else "—"
    return [str(kept), str(taken), where, _time(hours), number(common, 1), number(rare, 1)]


def _time(hours: float) -> str:
    minutes = round(60 * hours)
    if minutes < 60:
        return f"{minutes}\u00a0min"
    return f"{minutes // 60}\u00a0h\u00a0{minutes % 60:02d}"


def _values(group: int, hand: int, draw: int, chances: dict[str, float]) -> list[dict[str, Any]]:
    return [
        {"g": group, "h": hand, "d": draw, "t": rank, "v": round(100 * chance)}
        for rank, chance in enumerate(chances.values())
    ]


def _bars(values: list[dict[str, Any]]) -> dict[str, Any]:
    names, rare = list(SHORT.values()), set(tables.minority())
    kinds = ["voix minoritaire" if name in rare else "thème courant" for name in SHORT]
    lookup = [{"t": rank, "n": name, "k": kind} for rank, (name, kind) in enumerate(zip(names, kinds, strict=True))]
    here = f"datum.g == {CURSOR} && datum.h == {SECOND_CURSOR} && datum.d == {THIRD_CURSOR}"
    colour = {
        "field": "k", "type": "nominal", "title": None, "legend": {"orient": "top", "columns": 1},
        "scale": {"domain": ["thème courant", "voix minoritaire"], "range": [SERIES[0], SERIES[1]]},
    }  # fmt: skip
    x = {"field": "v", "type": "quantitative", "title": "Chance d’y figurer (%)",
         "scale": {"domain": [0, 125]}, "axis": {"values": [0, 25, 50, 75, 100]}}  # fmt: skip
    y = {"field": "n", "type": "nominal", "sort": names, "title": None, "axis": {"labelLimit": 160, "minExtent": 118}}
    return {
        "params": [
            {"name": CURSOR, "value": GROUPS.default},
            {"name": SECOND_CURSOR, "value": HAND.default},
            {"name": THIRD_CURSOR, "value": DRAW.default},
        ],
        "data": {"values": values},
        "transform": [
            {"filter": here},
            {"lookup": "t", "from": {"data": {"values": lookup}, "key": "t", "fields": ["n", "k"]}},
        ],
        "encoding": {"x": x, "y": y},
        "layer": [
            {"mark": {"type": "bar", "height": 14}, "encoding": {"color": colour}},
            {"mark": {"type": "text", "align": "left", "dx": 5, "color": INK},
             "encoding": {"text": {"field": "v", "type": "quantitative"}}},
        ],
    }  # fmt: skip
