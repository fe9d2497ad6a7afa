"""Le tableau de bord : sept écrans en onglets, un message annoncé, les noms cachés par défaut."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from formation.checks.failure import french
from formation.dashboard import markup
from formation.dashboard.desk import FIELD, WIDE, Desk, Screen
from formation.dashboard.place import DossierInconnu, Place, open_place
from formation.errors import FormationError

CLASS = "formation-tableau"
_DEPTH = ("*/session.yml", "*/*/session.yml", "*/nbgrader_config.py")
_MAX_FOUND = 30


def open(folder: str | Path | None = None) -> Any:  # noqa: A001 - le verbe que l’on attend
    """Ouvre le tableau de bord dans un carnet.

    Parameters
    ----------
    folder : str or Path, optional
        Dossier d’une session ou d’un cours nbgrader. À défaut, celui de la variable FORMATION_TABLEAU ou le dossier
        courant ; s’il ne convient pas, le tableau de bord demande lequel ouvrir.

    Returns
    -------
    VBox
        À afficher : dernière ligne d’une cellule.

    Raises
    ------
    FormationError
        Si ipywidgets manque, ou si le dossier donné n’est ni une session ni un cours.
    """
    try:
        import ipywidgets
    except ModuleNotFoundError as error:
        raise FormationError(
            french(
                "Le tableau de bord a besoin d’ipywidgets, qui n’est pas installé. Installez l’atelier : pip install "
                '"formation-ia-territoires[atelier]". Sans lui, la ligne de commande fait la même chose : formation '
                "atelier --help"
            )
        ) from error
    _mend()
    if folder is not None:
        return Panel(open_place(folder), ipywidgets).box
    try:
        return Panel(open_place(), ipywidgets).box
    except DossierInconnu as error:
        return _Chooser(str(error), ipywidgets).box


def _mend() -> None:
    """Complète ce qu’ipywidgets ne dit pas aux aides techniques ; sans effet hors d’un carnet."""
    from IPython.core.getipython import get_ipython
    from IPython.display import Javascript, display

    if get_ipython() is not None:
        display(Javascript(markup.SCRIPT))  # type: ignore[no-untyped-call]


class Panel:
    """Tableau de bord d’une session.

    Parameters
    ----------
    place : Place
        Session ou cours.
    kit : module
        ipywidgets.
    """

    def __init__(self, place: Place, kit: Any) -> None:
        from formation.dashboard.screens import SCREENS

        self.desk = Desk(place, kit)
        self.screens: list[Screen] = [made(self.desk) for made in SCREENS]
        self._stale = set(range(len(self.screens)))
        for screen in self.screens:
            screen.box.add_class("formation-ecran")
        self.tabs = kit.Tab(
            children=[screen.box for screen in self.screens], titles=tuple(screen.title for screen in self.screens)
        )
        refresh = self.desk.button("Actualiser", self.desk.changed, "Relit le dossier et le carnet de notes")
        where = f"<h1>{markup.text(place.title)}</h1><p>{markup.text(_nature(place))}</p>"
        self.box = kit.VBox(
            [kit.HTML(markup.STYLE + where), kit.HBox([self.desk.names, refresh]), self.desk.said, self.tabs]
        )
        self.box.add_class(CLASS)
        self.desk.names.observe(lambda _change: self.desk.changed(), names="value")
        self.tabs.observe(lambda _change: self._show(), names="selected_index")
        self.desk.on_change(self._all_stale)
        self._show()

    def _all_stale(self) -> None:
        self._stale = set(range(len(self.screens)))
        self._show()

    def _show(self) -> None:
        rank = self.tabs.selected_index or 0
        if rank in self._stale:
            self._stale.discard(rank)
            self.desk.guard(self.screens[rank].refresh)


def _nature(place: Place) -> str:
    if place.session is None:
        return f"Cours nbgrader, dossier {place.root.name}."
    count = len(place.session.participants)
    return f"Session, dossier {place.root.name}, {count} stagiaire{'s' if count > 1 else ''} sur la liste."


class _Chooser:
    """Demande quel dossier ouvrir, quand le dossier courant ne convient pas."""

    def __init__(self, message: str, kit: Any) -> None:
        self.kit = kit
        self.field = kit.Combobox(
            options=_candidates(Path.cwd()),
            description="Dossier à ouvrir",
            continuous_update=False,
            style=WIDE,
            layout=FIELD,
        )
        self.said = kit.HTML(markup.status(message))
        self.said.add_class("formation-etat")
        button = kit.Button(description="Ouvrir ce dossier")
        button.on_click(lambda _button: self.open())
        title = markup.heading("Quel dossier ouvrir ?", "Écrivez le dossier d’une session ou d’un cours nbgrader.")
        self.box = kit.VBox([kit.HTML(markup.STYLE + title), kit.HBox([self.field, button]), self.said])
        self.box.add_class(CLASS)

    def open(self) -> None:
        """Ouvre le dossier écrit, ou dit pourquoi il ne s’ouvre pas."""
        try:
            self.box.children = (Panel(open_place(self.field.value.strip() or "."), self.kit).box,)
        except FormationError as error:
            self.said.value = markup.status(str(error), "erreur")


def _candidates(folder: Path) -> tuple[str, ...]:
    found = {path.parent.relative_to(folder).as_posix() for pattern in _DEPTH for path in folder.glob(pattern)}
    sessions = {name for name in found if (folder / name / "session.yml").is_file()}
    # le cours d’une session s’ouvre avec elle
    return tuple(sorted(name for name in found if Path(name).parent.as_posix() not in sessions)[:_MAX_FOUND])
