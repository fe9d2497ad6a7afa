"""Contrôle et corrige la typographie française des textes du projet.

Usage : python outils/typographie.py [--verifier] FICHIER…  (Markdown, YAML, Python)

Sans option, corrige les fichiers sur place. Avec --verifier, n’écrit rien, liste les lignes fautives et rend 1.
Le code n’est jamais touché : blocs de code, code en ligne, adresses, en-têtes YAML, expressions Python.
"""

from __future__ import annotations

import io
import re
import sys
import tokenize
from collections.abc import Iterable
from pathlib import Path

NBSP = "\u00a0"
PROSE_DIRECTIVES_EXCLUDED = {"code-cell", "code", "code-block", "math", "raw", "literalinclude", "toctree", "quiz"}

Rule = tuple[re.Pattern[str], str]
RULES: list[Rule] = [
    (re.compile(r"(?<=[\w»)\]”’…*`%€\"]) ([:;!?»%€])(?=\s|$|[)*_».,;\]])"), NBSP + r"\1"),
    (re.compile(r"« "), "«" + NBSP),
    (re.compile(r"(?<=\d) (?=\d{3}(?!\d))"), NBSP),
    (re.compile(r"\b(n°|N°|§|art\.|p\.) (?=[\dIVX])"), r"\1" + NBSP),
    (re.compile(r"(?<=\d) (?=(?:km|m³|m²|m|h|min|s|ms|kB|ko|Mo|bar|mm|hab\.|€|kWh|Wh|pts?)\b)"), NBSP),
    (
        re.compile(r"(?i)\b([cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu|aujourd|presqu)'(?=[a-zàâæçéèêëîïôœùûü«\d])"),
        r"\1’",
    ),
]
# Guillemet après une ponctuation (« … ? »), hors du Python, où il peut suivre une expression.
CLOSING = (re.compile(r"(?<=[?!.,;:]) »"), NBSP + "»")
# Ponctuation collée : réservé à la prose Markdown, où un deux-points collé n’est jamais du code.
GLUED = (re.compile(r"(?<=[a-zà-ÿ)»%€\ue001])([:;!?])(?=\s|$)"), NBSP + r"\1")

INLINE_CODE = re.compile(r"(`+)(?:(?!\1).)+?\1|<[^>\s][^>]*>|\]\([^)]*\)|https?://\S+|\$[^$]+\$|\{[a-z-]+\}")


# Dans une chaîne Python, ce qui est entre accolades est une expression.
EXPRESSION = re.compile(r"\{[^{}]*\}|" + INLINE_CODE.pattern)


def fix_prose(line: str, *, more: Iterable[Rule] = (), protected: re.Pattern[str] = INLINE_CODE) -> str:
    """Applique les règles, et `more`, à une ligne de texte en laissant intacts code en ligne, liens et adresses."""
    kept: list[str] = []

    def mask(match: re.Match[str]) -> str:
        kept.append(match.group(0))
        return f"\ue000{len(kept) - 1}\ue001"

    text = protected.sub(mask, line)
    # Un morceau masqué compte comme un mot : l’espace qui le suit devant « : » est aussi insécable.
    text = re.sub(r"(?<=\ue001) ([:;!?»])(?=\s|$)", NBSP + r"\1", text)
    for pattern, replacement in [*RULES, *more]:
        text = pattern.sub(replacement, text)
    return re.sub(r"\ue000(\d+)\ue001", lambda m: kept[int(m.group(1))], text)


def fix_markdown(text: str) -> str:
    """Corrige la prose d’un fichier MyST, sans toucher à l’en-tête YAML ni aux blocs de code."""
    lines = text.split("\n")
    out: list[str] = []
    fences: list[tuple[str, bool]] = []
    in_header = bool(lines) and lines[0].strip() == "---"
    in_options = False
    for number, line in enumerate(lines):
        stripped = line.strip()
        if in_header:
            out.append(line)
            in_header = not (number > 0 and stripped == "---")
            continue
        fence = re.match(r"^(`{3,}|~{3,}|:{3,})(.*)$", stripped)
        if fence:
            marker, info = fence.group(1), fence.group(2).strip()
            if fences and not info and marker[0] == fences[-1][0][0] and len(marker) >= len(fences[-1][0]):
                fences.pop()
            elif not (fences and not fences[-1][1]):
                name = re.match(r"^\{([\w-]+)\}", info)
                fences.append(
                    (marker, bool(name) and name.group(1) not in PROSE_DIRECTIVES_EXCLUDED if info else False)
                )
            is_prose = not fences or fences[-1][1]
            out.append(fix_prose(line, more=[CLOSING]) if is_prose else line)
            continue
        if fences and not fences[-1][1]:
            out.append(line)
            continue
        if stripped == "---":
            in_options = bool(fences) and not in_options
            out.append(line)
            continue
        if in_options or re.match(r"^:[\w-]+:", stripped) or stripped.startswith(("%", "+++", "|:", "|-")):
            out.append(line)
            continue
        out.append(fix_prose(line, more=[CLOSING, GLUED]))
    return "\n".join(out)


def fix_python(text: str) -> str:
    """Corrige les messages d’un module, pas ses docstrings : numpydoc y fixe la forme des paramètres."""
    lines = text.split("\n")
    prose_tokens = {tokenize.STRING, getattr(tokenize, "FSTRING_MIDDLE", -1)}
    starts_statement = True
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        is_docstring = starts_statement and token.type == tokenize.STRING
        if token.type not in (tokenize.COMMENT, tokenize.NL):
            starts_statement = token.type in (tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT)
        raw = re.match(r"^\w*[rRbB]\w*[\"']", token.string)
        if token.type not in prose_tokens or is_docstring or raw:
            continue
        for row in range(token.start[0] - 1, token.end[0]):
            begin = token.start[1] if row == token.start[0] - 1 else 0
            end = token.end[1] if row == token.end[0] - 1 else len(lines[row])
            part = lines[row][begin:end]
            # Même longueur avant et après : les positions des jetons suivants restent justes.
            fixed = fix_prose(part, protected=EXPRESSION)
            if len(fixed) == len(part):
                lines[row] = lines[row][:begin] + fixed + lines[row][end:]
    return "\n".join(lines)


def fix_yaml(text: str) -> str:
    """Corrige les valeurs d’un fichier YAML ; les clés n’ont ni espace ni apostrophe."""
    return "\n".join(
        line if line.lstrip().startswith("#") else fix_prose(line, more=[CLOSING]) for line in text.split("\n")
    )


FIXERS = {".md": fix_markdown, ".yml": fix_yaml, ".yaml": fix_yaml, ".cff": fix_yaml, ".py": fix_python}


def main(arguments: list[str]) -> int:
    """Point d’entrée : rend le nombre de fichiers fautifs (au plus 1) en mode vérification, 0 sinon."""
    check = "--verifier" in arguments
    faulty = 0
    for name in (a for a in arguments if not a.startswith("--")):
        path = Path(name)
        if path.name.endswith(".reponses.yml"):  # une banque de réponses contient surtout du code
            continue
        before = path.read_text(encoding="utf-8")
        after = FIXERS[path.suffix](before)
        if before == after:
            continue
        faulty += 1
        if check:
            for number, (old, new) in enumerate(zip(before.split("\n"), after.split("\n"), strict=True), 1):
                if old != new:
                    print(f"{path}:{number} : typographie à corriger : {old.strip()[:100]}")
        else:
            path.write_text(after, encoding="utf-8")
            print(f"corrigé : {path}")
    return 1 if check and faulty else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
