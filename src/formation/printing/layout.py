"""La page HTML d’un document : lisible à l’écran, imprimable en A4, sans rien demander au réseau."""

from __future__ import annotations

import re
from html import escape

from formation.palette import INK, MUTED, RULE, TINT

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]")
_STYLE = f"""
*{{box-sizing:border-box}}
html{{color:{INK};background:#fff;font:1rem/1.5 system-ui,"DejaVu Sans",sans-serif}}
body{{margin:0}}
main{{max-width:62rem;margin:0 auto;padding:1.5rem 1rem 3rem}}
h1{{font-size:1.75rem;line-height:1.2;margin:0 0 .5rem}}
h2{{font-size:1.25rem;line-height:1.3;margin:1.6rem 0 .5rem;padding-bottom:.2rem;border-bottom:2px solid {INK}}}
h3{{font-size:1.05rem;margin:1.2rem 0 .4rem}}
p,ul,ol,dl{{margin:.5rem 0}}
ul,ol{{padding-left:1.6rem}}
li{{margin:.2rem 0}}
dt{{font-weight:bold;margin-top:.4rem}}
dd{{margin:0 0 0 1rem}}
a{{color:#0b5394;overflow-wrap:anywhere}}
a:focus-visible,[tabindex]:focus-visible{{outline:3px solid #0b5394;outline-offset:2px}}
table{{border-collapse:collapse;width:100%;margin:.7rem 0 1.1rem}}
caption{{text-align:left;font-weight:bold;padding-bottom:.3rem}}
th,td{{border:1px solid {MUTED};padding:.3rem .5rem;text-align:left;vertical-align:top;overflow-wrap:break-word}}
thead th{{background:{TINT}}}
tbody th{{font-weight:bold}}
.nombre{{text-align:right;white-space:nowrap}}
.defile{{overflow-x:auto}}
.discret,.note{{color:{MUTED};font-size:.9rem}}
.encadre{{border:1px solid {MUTED};border-left:6px solid {INK};background:{TINT};padding:.6rem .9rem;margin:1rem 0}}
.signature{{border:1px solid {MUTED};min-height:6.5rem;padding:.4rem .6rem;margin:.8rem 0;width:55%}}
.ligne{{border-bottom:1px solid {MUTED};height:1.9rem}}
hr{{border:0;border-top:1px solid {RULE};margin:1.2rem 0}}
.papier{{display:none}}
@page{{size:A4;margin:16mm 16mm 18mm;
@bottom-left{{content:string(titre);font-size:8pt;color:{MUTED}}}
@bottom-right{{content:"Page " counter(page) " sur " counter(pages);font-size:8pt;color:{MUTED}}}}}
@media print{{html{{font-size:10pt}}main{{max-width:none;margin:0;padding:0}}h1{{string-set:titre content()}}
.ecran{{display:none}}.papier{{display:block}}.defile{{overflow:visible}}a{{color:{INK}}}
h1,h2,h3,caption{{break-after:avoid}}p,li,tr,dt,dd,figure,.signature,.encadre{{break-inside:avoid}}
.saut{{break-before:page}}}}
"""


def clean(text: object) -> str:
    """Texte sans les caractères de commande : ceux qu’un PDF refuse, et ceux qui font lire un nom à l’envers.

    Parameters
    ----------
    text : object
        Texte, ou valeur à écrire.

    Returns
    -------
    str
        Texte.

    Examples
    --------
    >>> clean("a" + chr(0) + "b")
    'ab'
    """
    return _CONTROL.sub("", str(text))


def page(title: str, body_html: str, *, css: str = "", language: str = "fr", description: str = "") -> str:
    """Page HTML entière et autonome, pour l’écran et pour l’impression en A4.

    Parameters
    ----------
    title : str
        Titre du document ; du texte, échappé ici.
    body_html : str
        Contenu, en HTML **déjà échappé** ; il commence par le seul titre `h1` et se place dans l’élément `main`.
    css : str
        Règles ajoutées, par exemple `"@page{size:A4 landscape}"`.
    language : str
        Langue du texte.
    description : str
        Description, écrite dans les métadonnées.

    Returns
    -------
    str
        Page ; aucune police, image ni feuille de style n’est demandée au réseau.

    Examples
    --------
    >>> "<title>A &amp; B</title>" in page("A & B", "<h1>A</h1>")
    True
    """
    summary = f'<meta name="description" content="{escape(clean(description), quote=True)}">' if description else ""
    return (
        f'<!doctype html>\n<html lang="{escape(language, quote=True)}"><head><meta charset="utf-8">'
        f'<title>{escape(clean(title))}</title><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"{summary}<style>{_STYLE}{css}</style></head><body><main>{clean(body_html)}</main></body></html>\n"
    )
