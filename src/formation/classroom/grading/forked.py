"""Exécution rapide et enfermée dans un `nbgrader autograde` ordinaire.

À ajouter dans `nbgrader_config.py`, rien d’autre ne change :

```python
from formation.classroom.grading.forked import preprocessors
c.Autograde.autograde_preprocessors = preprocessors()
```
"""

import atexit
import os
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Enum, Float, Integer, List, Unicode

from formation.checks.failure import french
from formation.classroom.errors import AtelierImpossible
from formation.classroom.grading.executor import Session, Zygote
from formation.classroom.grading.sandbox import Mode, default_policy
from formation.classroom.grading.types import CellRun, Limits

_NO_LIMIT_S = 24 * 3600.0
_WARM: dict[int, Zygote] = {}
_LANGUAGE = {"name": "python", "mimetype": "text/x-python", "file_extension": ".py"}


class ForkExecute(NbGraderPreprocessor):  # type: ignore[misc]
    """Remplace `Execute` : les cellules tournent dans un enfant d’un interpréteur chaud, dans le bac à sable.

    Les fichiers du dossier de la copie sont donnés au carnet, sauf les carnets eux-mêmes ; ce qu’il écrit est jeté.
    """

    timeout = Integer(
        None, allow_none=True, help="Secondes par cellule ; par défaut celles d’Execute.timeout, sinon 30."
    ).tag(config=True)
    notebook_timeout = Float(300.0, help="Secondes par carnet.").tag(config=True)
    mode = Enum(["strict", "degrade"], "strict", help="Bac à sable : complet, ou ce que la machine permet.").tag(
        config=True
    )
    preload = List(Unicode(), help="Modules à charger d’avance, en plus des bibliothèques habituelles.").tag(
        config=True
    )
    xmode = Enum(["Plain", "Context"], "Plain", help="Forme des traces ; Context est plus long à produire.").tag(
        config=True
    )

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Exécute les cellules de code d’un carnet.

        Parameters
        ----------
        nb : NotebookNode
            Carnet.
        resources : dict
            Ressources de nbconvert ; `metadata.path` est le dossier de la copie.

        Returns
        -------
        nb : NotebookNode
            Le même carnet, sorties comprises.
        resources : dict
            Inchangées.

        Raises
        ------
        AtelierImpossible
            Si le carnet n’est pas en Python, ou si le bac à sable manque.
        """
        _refuse_other_languages(nb)
        limits = self._limits()
        folder = resources.get("metadata", {}).get("path") or "."
        with self._zygote().session(_files(Path(folder)), limits, plain_tracebacks=self.xmode == "Plain") as session:
            self._run(nb, session)
            for problem in session.canaries():
                self.log.warning(french(f"Interpréteur modifié par la copie, à relire : {problem}"))
        nb.metadata.setdefault("language_info", _node(_LANGUAGE))
        return nb, resources

    def _run(self, nb: Any, session: Session) -> None:
        count = 0
        for cell in nb.cells:
            if cell.cell_type != "code" or not cell.source.strip():
                continue
            count += 1
            flags = cell.metadata.get("nbgrader", {})
            run = session.run(cell.source, hidden=bool(flags.get("grade") and not flags.get("solution")))
            cell.execution_count = count
            cell.outputs = [_node(output) for output in self._outputs(run)]
            if run.note:
                self.log.warning(run.note)

    def _outputs(self, run: CellRun) -> list[dict[str, Any]]:
        # l’erreur de délai que le formateur a choisie pour Execute vaut aussi ici
        chosen = self._of_execute("error_on_timeout")
        if run.status != "delai" or not chosen:
            return run.outputs
        return [
            *run.outputs[:-1],
            {"output_type": "error", **{key: chosen[key] for key in ("ename", "evalue", "traceback")}},
        ]

    def _of_execute(self, name: str) -> Any:
        section = self.config.get("Execute")
        return None if section is None else section.get(name)

    def _limits(self) -> Limits:
        seconds = self.timeout if self.timeout is not None else (self._of_execute("timeout") or 30)
        return Limits(cell_s=float(seconds) if seconds > 0 else _NO_LIMIT_S, notebook_s=self.notebook_timeout)

    def _zygote(self) -> Zygote:
        # un processus chaud par processus nbgrader, gardé d’une copie à l’autre
        if os.getpid() not in _WARM:
            mode: Mode = "strict" if self.mode == "strict" else "degrade"
            policy = default_policy(self._limits(), mode=mode)
            warm = Zygote(preload=self.preload, policy=policy).__enter__()
            atexit.register(_close, os.getpid())
            _WARM[os.getpid()] = warm
        return _WARM[os.getpid()]


def preprocessors() -> list[str]:
    """Étapes ordinaires de `nbgrader autograde`, `Execute` remplacé.

    Returns
    -------
    list of str
        Pour `c.Autograde.autograde_preprocessors`.
    """
    from nbgrader.converters import Autograde
    from nbgrader.preprocessors import Execute

    steps = Autograde.autograde_preprocessors.default()
    replaced = [ForkExecute if step is Execute else step for step in steps]
    return [f"{step.__module__}.{step.__qualname__}" for step in replaced]


def _close(pid: int) -> None:
    if pid == os.getpid() and pid in _WARM:
        _WARM.pop(pid).close()


def _refuse_other_languages(nb: Any) -> None:
    kernel = nb.metadata.get("kernelspec", {})
    language = str(kernel.get("language") or "python").lower()
    if language not in ("python", "ipython"):
        raise AtelierImpossible(
            french(
                f"Ce carnet est en « {language[:40]} » : l’exécution rapide ne connaît que Python. Remettez "
                "nbgrader.preprocessors.Execute dans c.Autograde.autograde_preprocessors."
            )
        )


_node: Any = nbformat.from_dict


def _files(folder: Path) -> dict[str, str]:
    # les carnets contiennent les tests cachés, remis en place par nbgrader juste avant l’exécution
    paths = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    return {str(path.relative_to(folder)): str(path.resolve()) for path in paths if path.suffix != ".ipynb"}
