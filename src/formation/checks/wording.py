"""Les mots des messages : ce qui est reçu, ce qui est attendu, un exemple, quoi relire."""

from formation.checks.failure import french
from formation.checks.plain import Plain
from formation.checks.spec import Expectation

KINDS = {
    "nombre": "un nombre",
    "entier": "un nombre entier",
    "booleen": "True ou False",
    "texte": "un texte entre guillemets",
    "choix": "une clé entre guillemets",
    "date": "une date, au format AAAA-MM-JJ",
    "liste": "une liste",
    "tableau": "un tableau (DataFrame)",
    "fonction": "une fonction",
}
PLURALS = {
    "nombre": "nombres",
    "entier": "nombres entiers",
    "booleen": "True ou False",
    "texte": "textes entre guillemets",
    "choix": "clés entre guillemets",
    "date": "dates",
}
_EXAMPLES = {"nombre": "12.5", "entier": "12", "booleen": "True", "texte": '"un mot"', "date": '"2024-01-31"'}
_ORIGINS = {
    "list": "une liste",
    "tuple": "un tuple",
    "set": "un ensemble (set)",
    "ndarray": "un tableau numpy",
    "Series": "une colonne (Series)",
    "Index": "un index pandas",
}
_NAMED_TYPES = {
    "Timedelta": "une durée",
    "timedelta": "une durée",
    "timedelta64": "une durée",
    "DataFrameGroupBy": "un regroupement (groupby) sans son calcul",
    "SeriesGroupBy": "un regroupement (groupby) sans son calcul",
    "range": "une suite (range)",
    "time": "une heure",
}


def shorten(text: str, limit: int = 60) -> str:
    """Raccourcit un texte pour un message.

    Parameters
    ----------
    text : str
        Texte à montrer.
    limit : int
        Nombre de caractères gardés.

    Returns
    -------
    str

    Examples
    --------
    >>> shorten("abcdef", 4)
    'abc…'
    """
    return text if len(text) <= limit else text[: limit - 1] + "…"


def describe(plain: Plain) -> str:
    """Dit en français ce qui est reçu.

    Parameters
    ----------
    plain : Plain
        Données simples de la réponse.

    Returns
    -------
    str
        Groupe nominal, valeur raccourcie.

    Examples
    --------
    >>> describe(74)
    'l’entier 74'
    >>> describe("0,74")
    'le texte "0,74"'
    """
    if plain is None:
        return "None, c’est-à-dire rien (une fonction sans return, ou une méthode qui ne renvoie rien)"
    if type(plain) is bool:
        return f"la valeur logique {plain}"
    if type(plain) is int:
        return f"l’entier {plain}"
    if type(plain) is float:
        return f"le nombre {_real(plain)}"
    if type(plain) is str:
        return f'le texte "{shorten(plain)}"'
    return _describe_tagged(plain)


def _real(value: float) -> str:
    # comme Python l’affiche : une somme d’un million ne s’écrit pas 1e+06
    return f"{value:.2f}".rstrip("0").rstrip(".") if 1e5 <= abs(value) < 1e15 else f"{value:.6g}"


def _describe_tagged(plain: Plain) -> str:
    match plain["genre"]:
        case "liste":
            return f"{_ORIGINS[plain['de']]} de {count(len(plain['valeurs']), 'valeur')}"
        case "dictionnaire":
            return f"un dictionnaire de {count(len(plain['paires']), 'clé')}"
        case "tableau":
            rows = count(plain["nb_lignes"], "ligne")
            return f"un tableau de {rows} et {count(len(plain['colonnes']), 'colonne')}"
        case "date":
            return f"la date {plain['valeur']}"
        case "non_fini":
            return {"nan": "NaN, c’est-à-dire une valeur manquante"}.get(plain["valeur"], "une valeur infinie")
        case "manquant":
            return "une valeur manquante"
        case "fonction":
            return "une fonction elle-même, et non son résultat (il manque sans doute les parenthèses)"
        case "trop_grand":
            return _describe_too_big(plain)
        case "vide":
            return "les trois points de départ"
        case _:
            kind = plain.get("type", "inconnu")
            return _NAMED_TYPES.get(kind.rsplit(".", 1)[-1], f"un objet de type {kind}")


def _describe_too_big(plain: Plain) -> str:
    nouns = {"liste": "une liste de", "colonne": "une colonne de", "tableau numpy": "un tableau numpy de"}
    if plain["quoi"] in nouns:
        return f"{nouns[plain['quoi']]} {count(plain['taille'], 'valeur')} ({plain['limite']} au plus)"
    return f"une valeur trop grande ({plain['quoi']} de taille {plain['taille']}, limite {plain['limite']})"


def count(number: int, noun: str) -> str:
    """Accorde un nom avec son nombre.

    Parameters
    ----------
    number : int
        Quantité.
    noun : str
        Nom au singulier, au pluriel régulier.

    Returns
    -------
    str

    Examples
    --------
    >>> count(2, "ligne")
    '2 lignes'
    """
    return f"{number} {noun}{'s' if number > 1 else ''}"


def plain_number(value: float) -> str:
    """Écrit une borne comme en Python.

    Parameters
    ----------
    value : float
        Borne.

    Returns
    -------
    str

    Examples
    --------
    >>> plain_number(1.0)
    '1'
    """
    return f"{value:g}" if abs(value) < 1e6 else f"{value:.0f}"


def wanted(exp: Expectation) -> str:
    """Dit en français la forme attendue.

    Parameters
    ----------
    exp : Expectation
        Attente du contrôle.

    Returns
    -------
    str
        Groupe nominal.

    Examples
    --------
    >>> wanted(Expectation("part", "nombre", minimum=0, maximum=1))
    'un nombre entre 0 et 1'
    """
    if exp.type == "choix":
        return "une de ces clés, entre guillemets : " + " ; ".join(f'"{k}" ({v})' for k, v in exp.options.items())
    if exp.type == "liste":
        size = f" de {count(exp.taille, 'élément')}" if exp.taille is not None else ""
        inside = PLURALS[exp.element]
        if exp.element == "choix":
            inside += " parmi " + ", ".join(f'"{k}"' for k in exp.options)
        return f"une liste{size} : des {inside}" if exp.element != "booleen" else f"une liste{size} de {inside}"
    if exp.type == "tableau":
        rows = f" de {count(exp.lignes, 'ligne')}" if exp.lignes is not None else ""
        columns = ", ".join(f"{name} ({kind})" for name, kind in exp.colonnes.items())
        return f"un tableau (DataFrame){rows}, colonnes {columns}"
    if exp.type == "fonction":
        return f"une fonction qui renvoie {wanted(exp.result())}"
    return KINDS[exp.type] + _bounds(exp) + (f" ({exp.unite})" if exp.unite else "")


def _bounds(exp: Expectation) -> str:
    if exp.minimum is not None and exp.maximum is not None:
        return f" entre {plain_number(exp.minimum)} et {plain_number(exp.maximum)}"
    if exp.minimum is not None:
        return f" d’au moins {plain_number(exp.minimum)}"
    return f" d’au plus {plain_number(exp.maximum)}" if exp.maximum is not None else ""


def example(exp: Expectation) -> str:
    """Donne un exemple de réponse de la bonne forme, sans rapport avec la valeur attendue.

    Parameters
    ----------
    exp : Expectation
        Attente du contrôle.

    Returns
    -------
    str
        Code Python, vide si aucun exemple n’aide.

    Examples
    --------
    >>> example(Expectation("part", "nombre", minimum=0, maximum=1))
    '0.25'
    >>> example(Expectation("excès", "nombre", minimum=-1, maximum=2))
    '0.25'
    >>> example(Expectation("restants", "entier", minimum=0, maximum=9))
    ''
    """
    if exp.exemple:
        return exp.exemple
    if exp.type == "nombre":
        candidates = ("0.25",) if exp.is_share else (_EXAMPLES["nombre"], "0.25")
        return next((text for text in candidates if _within(exp, float(text))), "")
    if exp.type == "entier":
        return _EXAMPLES["entier"] if _within(exp, float(_EXAMPLES["entier"])) else ""
    if exp.type == "liste":
        item = example(exp.items())
        shown = min(exp.taille or 2, 3)
        return f"[{', '.join([item] * shown)}{', …' if shown != exp.taille else ''}]" if item else ""
    return _EXAMPLES.get(exp.type, "")


def _within(exp: Expectation, value: float) -> bool:
    return (exp.minimum is None or value >= exp.minimum) and (exp.maximum is None or value <= exp.maximum)


def compose(exp: Expectation, problem: str, *, form: bool) -> str:
    """Assemble le message montré au stagiaire.

    Parameters
    ----------
    exp : Expectation
        Attente du contrôle.
    problem : str
        Ce qui ne va pas, en une ou deux phrases.
    form : bool
        Vrai si la forme est en cause : le message rappelle alors la forme et donne un exemple.

    Returns
    -------
    str
        Une ligne par idée : ce qui ne va pas, ce qui est attendu, quoi relire.
    """
    lines = [f"« {exp.nom} » : {problem}"]
    if form:
        sample = example(exp)
        lines.append(f"Attendu : {wanted(exp)}." + (f" Par exemple : {exp.nom} = {sample}" if sample else ""))
    if exp.aide and exp.aide not in problem:
        lines.append(f"Piste : {exp.aide}")
    if exp.relire:
        lines.append(f"À relire : « {exp.relire} ».")
    return french("\n".join(lines))
