"""Du texte d’une diapositive au HTML : Markdown, rôles du livre et blocs, sans jamais interpréter de HTML."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from typing import Any

from formation.book import roles
from formation.slides.deck import BARS, COLUMNS, TAKE_AWAY, Block
from formation.slides.resolving import Resolver

_ROW = re.compile(r"^[-*]\s+(.+?)\s*\|\s*(.+)$")
_NUMBER = re.compile(r"[-−]?\d[\d\u202f\u00a0 ]*(?:,\d+)?")
_TITLES = {"activite": "Activité", TAKE_AWAY: "À retenir", "jouet": "Données synthétiques"}


def _role_html(name: str, content: str, resolver: Resolver) -> str:
    if name == "chiffre":
        return f'<span class="chiffre">{html.escape(resolver.number(content))}</span>'
    if name == "src":
        known = [key for key in roles.keys(content) if resolver.source(key) is not None]
        links = ", ".join(f'<a href="#source-{key}">{key}</a>' for key in known)
        return f'<span class="renvoi">[<span class="lu">source </span>{links}]</span>' if known else ""
    if name == "term":
        return html.escape(roles.shown(content))
    resolver.problems.append(f"le rôle « {name} » n’est pas connu ; rôles : chiffre, src, term")
    return html.escape(content)


def _settle(tokens: Sequence[Any], resolver: Resolver) -> None:
    """Écrit les rôles, et remplace les chemins du projet par des adresses ; sans livre, un lien devient du texte."""
    for token in tokens:
        kept: list[Any] = []
        opened: list[bool] = []
        for child in token.children or []:
            if child.type == roles.KIND:
                child.content, child.type = _role_html(child.meta["name"], child.content, resolver), "html_inline"
            elif child.type == "link_open":
                address = resolver.address(str(child.attrs["href"]))
                opened.append(address is not None)
                if address is None:
                    continue
                child.attrs["href"] = address
            elif child.type == "link_close" and not opened.pop():
                continue
            kept.append(child)
        if token.children is not None:
            token.children = kept


def text_html(text: str, resolver: Resolver, *, inline: bool = False) -> str:
    """Rend un texte Markdown.

    Parameters
    ----------
    text : str
        Texte.
    resolver : Resolver
        Résout les chiffres, les sources et les liens.
    inline : bool
        Vrai pour un texte d’une ligne, sans paragraphe.

    Returns
    -------
    str
        HTML.

    Examples
    --------
    >>> from pathlib import Path
    >>> text_html("**Oui** <script>", Resolver(Path()), inline=True)
    '<strong>Oui</strong> &lt;script&gt;'
    """
    parser = roles.parser()
    tokens = parser.parseInline(text) if inline else parser.parse(text)
    _settle(tokens, resolver)
    rendered = str(parser.renderer.render(tokens, parser.options, {}))
    return rendered.replace("<th>", '<th scope="col">').replace("<table>", '<table class="tableau">')


def blocks_html(blocks: Sequence[Block], resolver: Resolver) -> str:
    """Rend les blocs d’une diapositive.

    Parameters
    ----------
    blocks : sequence of Block
        Blocs, sans les notes.
    resolver : Resolver
        Résout les chiffres, les sources et les liens.

    Returns
    -------
    str
        HTML.
    """
    return "".join(_block_html(block, resolver) for block in blocks)


def _block_html(block: Block, resolver: Resolver) -> str:
    if block.kind == "texte":
        return text_html(block.text, resolver)
    if block.kind == COLUMNS:
        sides = "".join(f"<div>{blocks_html(column, resolver)}</div>" for column in block.columns)
        return f'<div class="colonnes">{sides}</div>'
    if block.kind == BARS:
        return _bars(block, resolver)
    inner = text_html(block.text, resolver)
    if block.kind not in _TITLES:
        return f'<div class="{block.kind}">{inner}</div>'
    title = _TITLES[block.kind] + (f"\u202f: {html.escape(block.argument)}" if block.argument else "")
    return f'<div class="bloc {block.kind}"><p class="bloc-titre">{title}</p>{inner}</div>'


def bar_rows(block: Block) -> list[tuple[str, str] | None]:
    """Lignes d’un graphique en barres.

    Parameters
    ----------
    block : Block
        Bloc `barres`.

    Returns
    -------
    list of (str, str) or None
        Nom et valeur, en Markdown ; `None` pour une ligne qui n’a pas la forme « - nom | valeur ».

    Examples
    --------
    >>> bar_rows(Block("barres", "Fuites", ("- Hasard | 20 %", "oups"), 1))
    [('Hasard', '20 %'), None]
    """
    rows = [line.strip() for line in block.lines if line.strip()]
    found = [_ROW.match(row) for row in rows]
    return [(match.group(1), match.group(2)) if match else None for match in found]


def _bars(block: Block, resolver: Resolver) -> str:
    """Tableau à deux colonnes : la barre n’ajoute rien que le nombre ne dise, elle est cachée aux lecteurs d’écran."""
    rows = []
    for row in bar_rows(block):
        if row is None:
            resolver.problems.append(f"une ligne de « barres {block.argument} » n’a pas la forme « - nom | valeur »")
            continue
        name, value = (text_html(part, resolver, inline=True) for part in row)
        rows.append((name, value, magnitude(value)))
    sizes = [size for _, _, size in rows if size is not None]
    top = max((abs(size) for size in sizes), default=0.0)
    if len(sizes) < len(rows):
        resolver.problems.append(f"une valeur de « barres {block.argument} » n’est pas un nombre")
    percent = all("%" in value for _, value, _ in rows)
    full = 100.0 if percent and 20 < top <= 100 else top  # une part se lit sur 100, sauf si toutes sont petites
    lines = "".join(
        f'<tr><th scope="row">{name}</th><td class="valeur">{value}</td><td class="trace" aria-hidden="true">'
        f'<span style="width:{100 * abs(size or 0) / full if full else 0:.1f}%"></span></td></tr>'
        for name, value, size in rows
    )
    caption = text_html(block.argument, resolver, inline=True)
    return f'<table class="barres"><caption>{caption}</caption><tbody>{lines}</tbody></table>'


def magnitude(value: str) -> float | None:
    """Premier nombre d’une valeur écrite à la française.

    Parameters
    ----------
    value : str
        Texte ou HTML, par exemple `1 480 m²`.

    Returns
    -------
    float or None
        `None` s’il n’y a pas de nombre.

    Examples
    --------
    >>> magnitude("1 480,5 m²"), magnitude("aucun")
    (1480.5, None)
    """
    match = _NUMBER.search(re.sub(r"<[^>]+>", "", value))
    if match is None:
        return None
    return float(re.sub(r"[\u202f\u00a0 ]", "", match.group()).replace(",", ".").replace("−", "-"))
