"""Interpréteur d’un carnet sans noyau : mêmes sorties que nbclient, tenues en mémoire et bornées.

Ce module tourne dans l’enfant, à côté du code du stagiaire : rien de ce qu’il rend n’est digne de confiance.
"""

import base64
import io
import json
import sys
import zlib
from collections.abc import Mapping
from typing import Any

from IPython.core.autocall import ZMQExitAutocall
from IPython.core.compilerop import CachingCompiler
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import StdinNotImplementedError
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

from formation.classroom.grading import pictures

MAX_OUTPUTS = 500
CELL_FILES = "/tmp/ipykernel_1/"  # noqa: S108 - un nom dans les traces, jamais un fichier
_CUT = "\n… sorties coupées : il y en a trop.\n"
_NO_INPUT = "raw_input was called, but this frontend does not support input requests."
Bundle = dict[str, Any]


class Collector:
    """Sorties d’une cellule, dans l’ordre où nbclient les rangerait.

    Attributes
    ----------
    outputs : list of dict
        Sorties au format nbformat 4.
    truncated : bool
        Vrai si des sorties ont été coupées.
    """

    def __init__(self) -> None:
        self.begin(1 << 20)

    def begin(self, limit: int) -> None:
        """Commence une cellule.

        Parameters
        ----------
        limit : int
            Taille gardée, en octets.
        """
        self.outputs: list[Bundle] = []
        self.truncated = False
        self._left = limit
        self._pending: dict[str, list[str]] = {"stdout": [], "stderr": []}
        self._displays: dict[str, list[Bundle]] = {}
        self._clear_next = False

    def write(self, name: str, text: str) -> None:
        """Ajoute du texte à un flux.

        Parameters
        ----------
        name : str
            stdout ou stderr.
        text : str
            Texte.
        """
        if self._left <= 0:
            self.truncated = True
            return
        # un caractère non ASCII compte pour au plus quatre octets
        size = len(text) if text.isascii() else len(text.encode("utf-8", "replace"))
        if size > self._left:
            text = text[: self._left] + _CUT
            self.truncated = True
        self._left -= size
        self._pending[name].append(text)

    def flush(self, *names: str) -> None:
        """Range le texte en attente, la sortie ordinaire d’abord, comme le fait ipykernel.

        Parameters
        ----------
        *names : str
            Flux, par défaut les deux.
        """
        for name in names or ("stdout", "stderr"):
            parts = self._pending[name]
            if not parts:
                continue
            text = "".join(parts)
            self._pending[name] = []
            last = self.outputs[-1] if self.outputs and not self._clear_next else {}
            if last.get("output_type") == "stream" and last["name"] == name:
                last["text"] += text
            elif text:
                self._append({"output_type": "stream", "name": name, "text": text})

    def _append(self, output: Bundle) -> None:
        if self._clear_next:
            self.clear(wait=False)
        if len(self.outputs) < MAX_OUTPUTS:
            self.outputs.append(output)
        else:
            self.truncated = True

    def clear(self, *, wait: bool) -> None:
        """Efface les sorties de la cellule.

        Parameters
        ----------
        wait : bool
            Attendre la sortie suivante.
        """
        self._clear_next = wait
        if not wait:
            self.outputs = []
            self._displays = {}

    def display(self, data: Mapping[str, Any], metadata: Mapping[str, Any] | None, **extra: Any) -> None:
        """Ajoute un objet affiché.

        Parameters
        ----------
        data : mapping
            Représentations par type.
        metadata : mapping
            Métadonnées par type.
        **extra : Any
            `execution_count` s’il s’agit du résultat de la cellule ; `display_id`.
        """
        self.flush()
        bundle = self._bounded(data)
        about: Bundle = json.loads(json.dumps(dict(metadata or {}), default=str))
        about = about if len(str(about)) < 10_000 else {}
        count = extra.get("execution_count")
        kind = "display_data" if count is None else "execute_result"
        output: Bundle = {"output_type": kind, "data": bundle, "metadata": about}
        if count is not None:
            output["execution_count"] = count
        if not bundle:
            return
        identifier = extra.get("display_id")
        if identifier:
            self.update(identifier, bundle, about)
            self._displays.setdefault(identifier, []).append(output)
        self._append(output)

    def update(self, identifier: str, bundle: Bundle, metadata: Bundle) -> None:
        """Remplace un objet déjà affiché par cette cellule.

        Parameters
        ----------
        identifier : str
            Son `display_id`.
        bundle, metadata : dict
            Nouvelles représentations et métadonnées.
        """
        for output in self._displays.get(identifier, ()):
            output["data"], output["metadata"] = bundle, metadata

    def redisplay(self, identifier: str, data: Mapping[str, Any], metadata: Mapping[str, Any] | None) -> None:
        """Met à jour un objet déjà affiché, sans sortie nouvelle.

        Parameters
        ----------
        identifier : str
            Son `display_id`.
        data, metadata : mapping
            Nouvelles représentations et métadonnées.
        """
        self.update(identifier, self._bounded(data), dict(metadata or {}))

    def _bounded(self, data: Mapping[str, Any]) -> Bundle:
        bundle: Bundle = {}
        for kind, content in data.items():
            value = content
            if isinstance(value, bytes):
                value = base64.encodebytes(value).decode("ascii")
            size = len(value) if isinstance(value, str) else len(json.dumps(value, default=str))
            if size > self._left:
                self.truncated = True
                continue
            self._left -= size
            bundle[str(kind)] = value
        if not bundle and data:
            bundle["text/plain"] = "… sortie trop grande, retirée."
        return bundle

    def error(self, name: str, value: str, traceback: list[str]) -> None:
        """Ajoute une erreur ; jamais perdue, même si les sorties sont pleines.

        Parameters
        ----------
        name, value : str
            Nom et texte de l’erreur.
        traceback : list of str
            Trace.
        """
        self.flush()
        if self._clear_next:
            self.clear(wait=False)
        lines = [str(line)[:20_000] for line in traceback][-100:]
        output = {"output_type": "error", "ename": name[:200], "evalue": value[:20_000], "traceback": lines}
        self.outputs.append(output)


class _Stream(io.TextIOBase):
    encoding = "utf-8"
    errors = "replace"
    newlines = None

    def __init__(self, collector: Collector, name: str) -> None:
        self._collector = collector
        self._name = name
        self.name = f"<{name}>"

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        self._collector.write(self._name, text)
        return len(text)

    def flush(self) -> None:
        self._collector.flush(self._name)

    def close(self) -> None:
        """Un carnet ne ferme pas ses flux."""


COLLECTOR = Collector()
_RUN_CELL: Any = InteractiveShell.run_cell


class _Hook(DisplayHook):
    def start_displayhook(self) -> None:
        self._is_active = True

    def write_output_prompt(self) -> None:
        """L’en-tête « Out[n] » est dans la sortie elle-même."""

    def write_format_data(self, format_dict: Bundle, md_dict: Bundle | None = None) -> None:
        COLLECTOR.display(format_dict, md_dict, execution_count=self.prompt_count)

    def log_output(self, format_dict: Bundle) -> None:
        """Pas d’historique sur disque."""

    def finish_displayhook(self) -> None:
        self._is_active = False


class _Publisher(DisplayPublisher):
    def publish(
        self,
        data: Bundle,
        metadata: Bundle | None = None,
        *_: Any,
        transient: Bundle | None = None,
        update: bool = False,
        **__: Any,
    ) -> None:
        self._validate_data(data, metadata)  # type: ignore[no-untyped-call]
        identifier = str((transient or {}).get("display_id") or "")
        if update:
            COLLECTOR.redisplay(identifier, data, metadata)
        else:
            COLLECTOR.display(data, metadata, display_id=identifier)

    def clear_output(self, wait: bool = False) -> None:
        COLLECTOR.flush()
        COLLECTOR.clear(wait=wait)


class _Compiler(CachingCompiler):
    def get_code_name(self, raw_code: str, transformed_code: str, number: int) -> str:  # noqa: ARG002
        # un fichier .py qui n’existe pas, comme dans un noyau : IPython n’analyse alors pas la cellule en entier
        return f"{CELL_FILES}{zlib.crc32(raw_code.encode('utf-8', 'replace'))}.py"


class ZMQInteractiveShell(InteractiveShell):
    """Interpréteur qui se comporte comme celui d’un noyau ; pandas et tqdm le reconnaissent à son nom."""

    displayhook_class = Type(_Hook)
    display_pub_class = Type(_Publisher)
    compiler_class = Type(_Compiler)
    # pandas reconnaît un noyau à cet attribut
    kernel = None
    last_traceback: list[str] | None = None

    def enable_gui(self, gui: Any = None) -> None:
        """Sans effet : il n’y a pas de fenêtre.

        Parameters
        ----------
        gui : object
            Ignoré.
        """

    def ask_exit(self) -> None:
        """Sans effet : `exit()` n’arrête pas la correction."""

    def set_next_input(self, text: str, replace: bool = False) -> None:
        """Sans effet : il n’y a pas de cellule suivante à remplir.

        Parameters
        ----------
        text : str
            Ignoré.
        replace : bool
            Ignoré.
        """

    def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str]) -> None:
        self.last_traceback = list(stb)
        COLLECTOR.error(str(etype.__name__), str(evalue), stb)

    def _format_exception_for_storage(self, exception: BaseException, *_: Any, **__: Any) -> Bundle:
        # une seconde mise en forme de la trace, pour un historique qui n’est pas gardé
        return {"ename": type(exception).__name__, "evalue": "", "traceback": []}


def _no_input(*_: Any, **__: Any) -> str:
    raise StdinNotImplementedError(_NO_INPUT)


def new_shell() -> ZMQInteractiveShell:
    """Crée l’interpréteur du processus chaud.

    Returns
    -------
    ZMQInteractiveShell
    """
    import builtins
    import getpass

    config = Config()
    config.HistoryManager.enabled = False
    config.HistoryManager.hist_file = ":memory:"
    # tqdm reconnaît un noyau à cette clé
    config.IPKernelApp.connection_file = ""
    shell: ZMQInteractiveShell = ZMQInteractiveShell.instance(config=config)
    shell.exiter = ZMQExitAutocall(shell)  # type: ignore[no-untyped-call]
    shell.set_hook("show_in_pager", lambda *_args, **_kwargs: None, 99)  # type: ignore[no-untyped-call]
    sys.stdout = _Stream(COLLECTOR, "stdout")
    sys.stderr = _Stream(COLLECTOR, "stderr")
    builtins.input = getpass.getpass = _no_input
    shell.enable_matplotlib("inline")  # type: ignore[no-untyped-call]
    pictures.install(shell)
    return shell


def run(shell: ZMQInteractiveShell, source: str, limit: int) -> Bundle:
    """Exécute une cellule.

    Parameters
    ----------
    shell : ZMQInteractiveShell
        Interpréteur.
    source : str
        Code de la cellule.
    limit : int
        Sorties gardées, en octets.

    Returns
    -------
    dict
        `sorties`, `erreur` (vrai si la cellule a échoué, même en faisant taire son message) et `coupe`.
    """
    COLLECTOR.begin(limit)
    shell.last_traceback = None
    error: BaseException | None
    try:
        outcome = _RUN_CELL(shell, source, store_history=True)
        # l’erreur elle-même peut se dire fausse : on ne l’interroge pas
        error = outcome.error_in_exec if outcome.error_before_exec is None else outcome.error_before_exec
    except BaseException as escaped:
        error = escaped
    COLLECTOR.flush()
    outputs = COLLECTOR.outputs
    if error is not None:
        name = type(error).__name__
        if not any(one["output_type"] == "error" and one["ename"] == name for one in outputs):
            # même rattrapage que nbgrader : une erreur dont l’affichage a été réduit au silence reste une erreur
            lines = shell.last_traceback or ["ERROR: An error occurred while showtraceback was disabled"]
            COLLECTOR.error(name, _text(error), lines)
    failed = any(one["output_type"] == "error" for one in COLLECTOR.outputs)
    return {"sorties": COLLECTOR.outputs, "erreur": failed, "coupe": COLLECTOR.truncated}


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:
        return ""
