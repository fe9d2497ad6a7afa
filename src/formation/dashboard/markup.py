"""Le HTML du tableau de bord : textes échappés, tableaux à en-têtes, messages annoncés."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Literal

from formation.checks.failure import french

Tone = Literal["info", "fait", "erreur", "encours"]
_WORDS: dict[Tone, str] = {"info": "", "fait": "Fait : ", "erreur": "Erreur : ", "encours": "En cours : "}

# Couleurs : celles de JupyterLab, pour suivre son thème clair ou sombre ; le sens est toujours écrit aussi.
# La grille de la tuile a une hauteur fixe, qui donnerait deux ascenseurs : le tableau de bord reprend la sienne.
STYLE = """<style>
.formation-tableau {max-width: 75rem; line-height: 1.45; font-size: 14px; color: var(--jp-ui-font-color0, #111);}
.formation-tableau .jupyter-widgets {overflow: visible;}
.formation-tableau .widget-html-content {line-height: 1.45; font-size: 14px; white-space: normal;}
.formation-tableau h1 {font-size: 1.5em; margin: .1em 0;}
.formation-tableau h2 {font-size: 1.3em; margin: .2em 0;}
.formation-tableau h3 {font-size: 1.1em; margin: .8em 0 .2em;}
.formation-tableau p, .formation-tableau ul {margin: .3em 0; max-width: 60rem;}
.formation-tableau .jupyter-button {min-height: 32px; width: auto; padding: 0 1em;
  border: 1px solid var(--jp-ui-font-color1, #333); color: var(--jp-ui-font-color0, #111);}
.formation-tableau .jupyter-button:disabled {opacity: 1; color: var(--jp-ui-font-color2, #595959);
  border-style: dashed; cursor: not-allowed;}
.formation-tableau :is(button, input, select, textarea, a, [role=tab], [tabindex]):focus-visible {
  outline: 3px solid #1a5fb4; outline-offset: 2px; box-shadow: 0 0 0 2px #fff;}
.formation-tableau .widget-label {color: inherit;}
.formation-tableau .lm-TabBar-tab {color: var(--jp-ui-font-color0, #111); min-width: 6em;}
.formation-tableau .lm-TabBar-tab.lm-mod-current {font-weight: 700;}
.formation-tableau .lm-TabBar-tabLabel {overflow: visible;}
.formation-tableau .etat {border-left: 4px solid currentcolor; padding: .3em .8em; margin: .4em 0; min-height: 1.4em;
  white-space: pre-line;}
.formation-tableau .etat:empty {border-color: transparent;}
.formation-tableau .cadre {overflow-x: auto; margin: .5em 0;}
.formation-tableau table {border-collapse: collapse;}
.formation-tableau caption {text-align: left; font-weight: 700; padding: .2em 0;}
.formation-tableau th, .formation-tableau td {border: 1px solid var(--jp-border-color1, #bdbdbd);
  padding: .25em .6em; text-align: left; vertical-align: top; background: var(--jp-layout-color0, #fff);}
.formation-tableau thead th {background: var(--jp-layout-color2, #eee);}
.formation-tableau td.nombre {text-align: right; white-space: nowrap;}
.formation-tableau pre {white-space: pre-wrap; border: 1px solid var(--jp-border-color1, #bdbdbd); padding: .5em;
  max-height: 18em; overflow: auto; background: var(--jp-layout-color0, #fff);}
.grid-stack:has(.formation-tableau) {height: auto !important;}
.grid-stack-item:has(.formation-tableau) {position: relative !important; height: auto !important;
  width: 100% !important;}
.grid-stack-item-content:has(.formation-tableau) {position: relative !important; inset: 0 !important;
  height: auto !important; overflow: visible !important;}
.formation-tableau a {color: var(--jp-content-link-color, #0a5ca8); text-decoration: underline;}
</style>"""

# Ce qu’ipywidgets ne sait pas dire : la zone de message est annoncée, l’onglet nomme son panneau, un groupe a un nom.
SCRIPT = r"""
const set = (node, name, value) => { if (node && node.getAttribute(name) !== value) node.setAttribute(name, value); };
const mend = () => {
  for (const panel of document.querySelectorAll('.formation-tableau')) {
    set(panel, 'lang', 'fr'); set(panel, 'role', 'region'); set(panel, 'aria-label', 'Tableau de bord du formateur');
    for (const said of panel.querySelectorAll('.formation-etat > .widget-html-content'))
      { set(said, 'aria-live', 'polite'); set(said, 'aria-atomic', 'true'); }
    for (const bar of panel.querySelectorAll('[role=tablist]')) set(bar, 'aria-label', 'Étapes de la session');
    const tabs = [...panel.querySelectorAll('[role=tab]')];
    const bodies = [...panel.querySelectorAll('.widget-tab-contents > .formation-ecran')];
    bodies.forEach((body, rank) => {
      if (!tabs[rank]) return;
      set(body, 'role', 'tabpanel'); set(body, 'aria-labelledby', tabs[rank].id);
      if (!body.id) body.id = tabs[rank].id + '-panneau';
      set(tabs[rank], 'aria-controls', body.id);
    });
    for (const bar of panel.querySelectorAll('.formation-avancement .progress')) {
      const inner = bar.querySelector('.progress-bar');
      set(bar, 'role', 'progressbar'); set(bar, 'aria-label', 'Avancement'); set(bar, 'aria-valuemin', '0');
      set(bar, 'aria-valuemax', '100');
      if (inner) set(bar, 'aria-valuenow', String(Math.round(parseFloat(inner.style.width || '0'))));
    }
  }
};
if (window.formationTableau) window.formationTableau.disconnect();
window.formationTableau = new MutationObserver(mend);
window.formationTableau.observe(document.body, {childList: true, subtree: true, attributes: true,
  attributeFilter: ['style']});
mend();
"""


def text(value: object) -> str:
    """Texte échappé, typographie française.

    Parameters
    ----------
    value : object
        Texte, ou ce qui s’écrit en texte.

    Returns
    -------
    str

    Examples
    --------
    >>> text("<b>")
    '&lt;b&gt;'
    """
    return escape(french(str(value)))


def code(value: str) -> str:
    """Texte échappé tel quel, dans un bloc que le clavier peut faire défiler.

    Parameters
    ----------
    value : str
        Réponse d’un stagiaire, par exemple.

    Returns
    -------
    str
    """
    return f'<pre tabindex="0" role="region" aria-label="Réponse du stagiaire">{escape(value)}</pre>'


def heading(title: str, *sentences: str) -> str:
    """Titre d’un écran et ce qu’on y fait.

    Parameters
    ----------
    title : str
        Titre.
    *sentences : str
        Paragraphes.

    Returns
    -------
    str
    """
    return f"<h2>{text(title)}</h2>" + _paragraphs(sentences)


def subheading(title: str, *sentences: str) -> str:
    """Titre d’une partie d’écran.

    Parameters
    ----------
    title : str
        Titre.
    *sentences : str
        Paragraphes.

    Returns
    -------
    str
    """
    return f"<h3>{text(title)}</h3>" + _paragraphs(sentences)


def _paragraphs(sentences: Iterable[str]) -> str:
    return "".join(f"<p>{text(one)}</p>" for one in sentences if one)


def bullets(lines: Iterable[str]) -> str:
    """Liste à puces, ou rien.

    Parameters
    ----------
    lines : iterable of str
        Lignes.

    Returns
    -------
    str
    """
    inside = "".join(f"<li>{text(one)}</li>" for one in lines)
    return f"<ul>{inside}</ul>" if inside else ""


def status(message: str, tone: Tone = "info") -> str:
    """Message annoncé aux lecteurs d’écran, dont le sens est écrit et pas seulement coloré.

    Parameters
    ----------
    message : str
        Message.
    tone : str
        info, fait, erreur ou encours.

    Returns
    -------
    str

    Examples
    --------
    >>> status("liste lue")
    '<div class="etat" role="status">liste lue</div>'
    """
    shown = text(_WORDS[tone] + message) if message else ""
    return f'<div class="etat" role="status">{shown}</div>'


def table(caption: str, header: Sequence[str], rows: Iterable[Sequence[object]], numbers: Sequence[int] = ()) -> str:
    """Tableau accessible : légende, en-têtes de colonne, première case de chaque ligne en en-tête de ligne.

    Parameters
    ----------
    caption : str
        Légende.
    header : sequence of str
        Titres des colonnes.
    rows : iterable of sequence
        Lignes ; une case `Markup` passe telle quelle.
    numbers : sequence of int
        Rangs des colonnes de nombres, alignées à droite.

    Returns
    -------
    str
        Vide, une phrase le dit.
    """
    lines = [_row(row, numbers) for row in rows]
    if not lines:
        return f"<p>{text(caption)} : {text('rien pour l’instant.')}</p>"
    titles = "".join(f'<th scope="col">{text(one)}</th>' for one in header)
    frame = f'<div class="cadre" tabindex="0" role="region" aria-label="{text(caption)}">'
    head = f"<table><caption>{text(caption)}</caption><thead><tr>{titles}</tr></thead>"
    return f"{frame}{head}<tbody>{''.join(lines)}</tbody></table></div>"


class Markup(str):
    """HTML déjà sûr, à poser tel quel dans une case."""

    __slots__ = ()


def _row(cells: Sequence[object], numbers: Sequence[int]) -> str:
    made = []
    for rank, cell in enumerate(cells):
        inside = cell if isinstance(cell, Markup) else text(cell)
        if rank == 0:
            made.append(f'<th scope="row">{inside}</th>')
        else:
            made.append(f'<td class="nombre">{inside}</td>' if rank in numbers else f"<td>{inside}</td>")
    return f"<tr>{''.join(made)}</tr>"


def link(address: str, label: str) -> Markup:
    """Lien ouvert dans un nouvel onglet, et qui le dit.

    Parameters
    ----------
    address : str
        Adresse.
    label : str
        Texte du lien.

    Returns
    -------
    Markup
    """
    inside = f"{text(label)} (nouvel onglet)"
    return Markup(f'<a href="{escape(address, quote=True)}" target="_blank" rel="noopener">{inside}</a>')
