"""Jetons de couleur du thème : une valeur claire et une valeur sombre pour chaque rôle.

Les contrastes entre un texte et les fonds qui peuvent le porter sont vérifiés par `tests/book/test_tokens.py`.
"""

from __future__ import annotations

from formation import palette

TOKENS: dict[str, tuple[str, str]] = {
    "fond": (palette.PAPER, palette.PAPER_DARK),
    "fond-doux": (palette.TINT, palette.TINT_DARK),
    "fond-code": ("#f6f7f9", "#19212a"),
    "encre": (palette.INK, palette.INK_DARK),
    "encre-douce": (palette.MUTED, palette.MUTED_DARK),
    "trait": (palette.RULE, palette.RULE_DARK),
    "trait-fort": ("#74818e", "#8593a1"),
    "lien": ("#0b5796", "#7fc4f5"),
    "lien-survol": ("#083e6c", "#b5defb"),
    "accent": ("#1d3f5e", "#9cc9ec"),
    "sur-accent": ("#ffffff", "#10202f"),
    "juste": ("#0b5c3f", "#5fdcae"),
    "faux": ("#9c2f0c", "#ffa17a"),
    "focus": ("#0b5796", "#ffd75e"),
    "surligne": ("#fff1b8", "#5a4a00"),
    "code-mot": ("#7a1f6f", "#f0a8de"),
    "code-nom": ("#0b5796", "#86c8f7"),
    "code-texte": ("#0f5e35", "#8fdcae"),
    "code-nombre": ("#8a3b00", "#ffb184"),
    "code-note": ("#56626e", "#a3b0bc"),
}
"""Nom du jeton, valeur sur fond clair, valeur sur fond sombre."""

TEXTS = ("encre", "encre-douce", "lien", "lien-survol", "accent", "juste", "faux")
CODE = ("encre", "code-mot", "code-nom", "code-texte", "code-nombre", "code-note")


def variables(*, dark: bool) -> str:
    """Variables CSS d’un mode.

    Parameters
    ----------
    dark : bool
        Vrai pour le mode sombre.

    Returns
    -------
    str
        Déclarations CSS.

    Examples
    --------
    >>> "--cas-eau:#0a66a8;" in variables(dark=False)
    True
    """
    rank = int(dark)
    lines = [f"--{name}:{values[rank]};" for name, values in TOKENS.items()]
    lines += [f"--cas-{case}:{style.dark if dark else style.light};" for case, style in palette.SUBJECTS.items()]
    series = palette.SERIES_DARK if dark else palette.SERIES
    lines += [f"--serie-{number}:{value};" for number, value in enumerate(series, start=1)]
    return "".join(lines)


def case_rules() -> str:
    """Règles CSS qui donnent à chaque sujet sa couleur.

    Returns
    -------
    str
        Une règle par sujet.

    Examples
    --------
    >>> ".cas-eau{--cas:var(--cas-eau)}" in case_rules()
    True
    """
    return "".join(f".cas-{case}{{--cas:var(--cas-{case})}}" for case in palette.SUBJECTS)


def figure_rules() -> str:
    """Règles CSS qui font suivre le mode clair ou sombre aux couleurs écrites dans les figures.

    Returns
    -------
    str
        Règles sur les attributs `fill` et `stroke` des images vectorielles.

    Examples
    --------
    >>> 'var(--serie-1)' in figure_rules()
    True
    """
    wanted = {
        palette.INK: "--encre",
        palette.MUTED: "--encre-douce",
        palette.RULE: "--trait",
        palette.PAPER: "--fond",
        **{value: f"--serie-{number}" for number, value in enumerate(palette.SERIES, start=1)},
    }
    return "".join(
        f'.vue [{attribute}="{value}" i]{{{attribute}:var({name})}}'
        for value, name in wanted.items()
        for attribute in ("fill", "stroke")
    )
