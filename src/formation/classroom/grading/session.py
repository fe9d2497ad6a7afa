"""Une session : un carnet, dans un enfant du processus chaud, vu de l’ouvrier."""

import contextlib
import os
import secrets
import signal
import socket
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from formation.checks.failure import french
from formation.classroom.errors import AtelierImpossible
from formation.classroom.grading import canaries
from formation.classroom.grading.endings import cause_of_death, failure_output
from formation.classroom.grading.outputs import rebuild_outputs, rebuild_plain, rebuild_results
from formation.classroom.grading.protocol import MAX_EXPORT, Channel, Control, ProtocolError
from formation.classroom.grading.sandbox import BacASableImpossible
from formation.classroom.grading.scratch import remove_tree
from formation.classroom.grading.types import CellRun, Json, Limits, Status

Plain = Any
_INTERNAL_S = 10.0
_MAX_SMALL = 1_000_000
_START_S = 60.0


class Session:
    """Un enfant du processus chaud, pour un seul carnet. À employer dans un bloc `with`.

    Parameters
    ----------
    control : Control
        Prise du processus chaud.
    files : mapping of str to str
        Fichiers à poser : chemin relatif vers chemin absolu.
    limits : Limits
        Bornes.
    plain : bool
        Traces brèves.
    scratch_root : Path
        Où créer le dossier de travail jetable.
    prefix : sequence of str
        Cellules de confiance à exécuter d’abord, sans garder leurs sorties.
    order : str
        Ordre au processus chaud.
    extra : tuple of socket
        Autres prises à transmettre avec l’ordre.

    Attributes
    ----------
    alive : bool
        Faux dès que l’enfant est mort.
    folder : str
        Dossier de travail, vide une fois la session fermée.
    tampered : bool
        Vrai si l’enfant a répondu autre chose que ce qu’un enfant honnête répond.
    """

    def __init__(
        self,
        control: Control,
        files: Mapping[str, str],
        limits: Limits,
        *,
        plain: bool,
        scratch_root: Path,
        prefix: Sequence[str] = (),
        order: str = "session",
        extra: tuple[socket.socket, ...] = (),
    ) -> None:
        self.alive = False
        self.tampered = False
        self._control = control
        self._files = dict(files)
        self._limits = limits
        self._opening: Json = {"clair": plain, "prefixe": list(prefix)}
        self._root = scratch_root
        self._order = order
        self._sockets = extra
        self.folder = ""
        self._spent = 0.0
        self._asked = False
        self._note = french("le carnet n’a pas démarré")

    def __enter__(self) -> Self:
        self.folder = tempfile.mkdtemp(prefix="carnet-", dir=self._root)
        ours, theirs = socket.socketpair()
        self._channel = Channel(ours)
        try:
            order = {"quoi": self._order, "dossier": self.folder}
            self._pid = int(self._control.ask(order, (theirs, *self._sockets))["pid"])
        except (EOFError, TimeoutError):
            self._channel.close()
            remove_tree(self.folder)
            raise AtelierImpossible(french("Le processus qui exécute les carnets s’est arrêté.")) from None
        finally:
            theirs.close()
        self.alive = True
        self._open()
        return self

    def _open(self) -> None:
        nonce = secrets.token_hex(8)
        opening = {**self._opening, "fichiers": self._files, "dossier": self.folder, "bornes": asdict(self._limits)}
        try:
            self._channel.send({**opening, "n": nonce}, _START_S)
            reply = self._channel.receive(
                _MAX_SMALL, _START_S + self._limits.notebook_s * bool(self._opening["prefixe"])
            )
        except (OSError, EOFError, ProtocolError):
            reply = {}
        if reply.get("n") == nonce and reply.get("pret") is True:
            return
        self.close()
        if "bac" in reply:
            raise BacASableImpossible(str(reply["bac"]))
        cause = f" ({reply['fichiers']})" if "fichiers" in reply else ""
        raise AtelierImpossible(french(f"Le dossier de travail d’un carnet n’a pas pu être préparé{cause}."))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> int | None:
        """Arrête l’enfant, tout son groupe, et efface son dossier.

        Returns
        -------
        int or None
            État de fin de l’enfant, au sens de `os.waitpid` ; None s’il n’est pas connu.
        """
        status = None
        if self.folder:
            self._channel.close()
            try:
                status = self._control.ask({"quoi": "fin", "pid": self._pid})["code"]
            except (EOFError, TimeoutError):
                status = None
            remove_tree(self.folder)
            self.folder = ""
        self.alive = False
        return status

    def finish(self) -> None:
        """Ferme la prise des cellules sans arrêter l’enfant ; réservé à une branche."""
        self._channel.close()

    def run(self, source: str, *, hidden: bool = False) -> CellRun:
        """Exécute une cellule de code.

        Parameters
        ----------
        source : str
            Code.
        hidden : bool
            Vrai pour un test caché : il est retiré de l’historique une fois exécuté.

        Returns
        -------
        CellRun
            Une fois l’enfant mort, `non_executee` avec une sortie d’erreur.
        """
        if not source.strip():
            return CellRun("ok")
        start = time.monotonic()
        reply, late = self._exchange({"quoi": "cellule", "source": source, "cache": hidden}, self._output_limit())
        seconds = time.monotonic() - start
        if reply is None:
            return self._dead(late, seconds)
        try:
            outputs = rebuild_outputs(reply.get("sorties"))
            failed, cut = _flag(reply, "erreur"), _flag(reply, "coupe")
        except ProtocolError as error:
            self._tamper(error)
            return self._dead(False, seconds)
        if late:
            kept = [one for one in outputs if one.get("ename") != "KeyboardInterrupt"]
            message = french(f"la cellule dépasse {self._limits.cell_s:g} s : cherchez une boucle sans fin.")
            return CellRun("delai", [*kept, failure_output("DelaiDepasse", message)], seconds, message)
        note = french("Sorties coupées : il y en a trop.") if cut else ""
        failed = failed or any(one["output_type"] == "error" for one in outputs)
        if failed and not any(one["output_type"] == "error" for one in outputs):
            outputs.append(failure_output("Erreur", french("la cellule a échoué sans dire pourquoi.")))
        return CellRun("erreur" if failed else "ok", outputs, seconds, note)

    def export(self, variable: str) -> tuple[str, Plain]:
        """Fait sortir la valeur d’une variable, en données simples.

        Parameters
        ----------
        variable : str
            Nom exact.

        Returns
        -------
        status : str
            ok, absent, arret ou delai.
        plain : Plain
            Donnée, ou None.
        """
        reply, late = self._exchange({"quoi": "exporter", "variable": variable}, MAX_EXPORT + 1_000)
        if reply is None:
            return ("delai" if late else "arret"), None
        if late or "interrompu" in reply:
            return "delai", None
        if reply.get("absent") is True:
            return "absent", None
        if "probleme" in reply:
            # la traduction elle-même a échoué : la valeur n’est d’aucun type connu
            return "ok", {"genre": "autre", "type": "illisible"}
        try:
            return "ok", rebuild_plain(reply["valeur"])
        except (ProtocolError, KeyError) as error:
            self._tamper(error)
            return "arret", None

    def call(self, variable: str, public: Json, cases: Sequence[Sequence[Plain]]) -> list[Json]:
        """Appelle une fonction du stagiaire sur chaque cas.

        Parameters
        ----------
        variable : str
            Nom exact de la fonction.
        public : dict
            Partie publique du contrôle.
        cases : sequence of sequence of Plain
            Arguments de chaque appel.

        Returns
        -------
        list of dict
            Une entrée par cas, `{"valeur": …}` ou `{"probleme": …}`.
        """
        request = {"quoi": "appeler", "variable": variable, "public": public, "cas": [list(case) for case in cases]}
        reply, late = self._exchange(request, MAX_EXPORT + 1_000)
        if reply is None and not late:
            problem = french(f"l’appel de « {variable} » n’a pas pu se faire : {self._note}.")
        elif reply is None or late or "interrompu" in reply:
            problem = french(
                f"l’appel de « {variable} » dépasse {self._limits.cell_s:g} s : cherchez une boucle sans fin."
            )
        elif reply.get("absent") is True:
            problem = french(f"« {variable} » n’existe pas : la cellule qui la définit manque ou s’est arrêtée.")
        elif "probleme" in reply:
            problem = french(f"l’appel de « {variable} » s’est arrêté sur une erreur.")
        else:
            try:
                return rebuild_results(reply.get("resultats"), len(cases))
            except ProtocolError as error:
                self._tamper(error)
                problem = self._note
        return [{"probleme": problem}] * max(1, len(cases))

    def ask(self, request: Json, seconds: float | None = None, *, renew: bool = False) -> Json | None:
        """Pose une question à l’enfant.

        Parameters
        ----------
        request : dict
            Question.
        seconds : float, optional
            Délai ; par défaut celui d’une cellule.
        renew : bool
            Vrai pour ne plus compter le temps déjà pris : réservé à un enfant qui ne sert que du code de confiance.

        Returns
        -------
        dict or None
            Réponse, non vérifiée ; None si l’enfant est mort ou a dépassé le délai.
        """
        if renew:
            self._spent = 0.0
        reply, late = self._exchange(request, MAX_EXPORT + _MAX_SMALL, seconds)
        return None if late else reply

    def canaries(self) -> list[str]:
        """Essaie des tests qui doivent échouer et relève ce qui a changé dans l’interpréteur.

        Returns
        -------
        list of str
            Ce qui n’est pas comme il faut ; vide si l’interpréteur paraît sain ou si l’enfant est déjà mort.
        """
        if not self.alive:
            return []
        made = canaries.make()
        reply, late = self._exchange({"quoi": "canaris", "sources": list(made.values())}, _MAX_SMALL, _INTERNAL_S)
        if reply is None or late or "interrompu" in reply or "probleme" in reply:
            return [french("les canaris n’ont pas répondu")]
        failed, changed = reply.get("echecs"), reply.get("changements")
        sound = type(failed) is list and len(failed) == len(made) and all(type(one) is bool for one in failed)
        if not sound or type(changed) is not list or any(type(one) is not str for one in changed):
            self._tamper("canaris")
            return [self._note]
        passed = [name for name, failure in zip(made, failed or [], strict=True) if not failure]
        return passed + [f"modifié : {one[:120]}" for one in changed]

    def types_of(self, names: Sequence[str]) -> dict[str, list[str]]:
        """Méthodes de comparaison et de calcul définies par des classes du stagiaire.

        Parameters
        ----------
        names : sequence of str
            Variables à regarder, jusque dans ce qu’elles contiennent.

        Returns
        -------
        dict of str to list of str
            Par variable, « Classe.__methode__ ».
        """
        if not self.alive:
            return {}
        reply, late = self._exchange({"quoi": "types", "noms": list(names)}, _MAX_SMALL, _INTERNAL_S)
        found = None if reply is None or late else reply.get("types")
        if type(found) is not dict or any(type(methods) is not list for methods in found.values()):
            return {"*": [french("l’examen des types n’a pas abouti")]}
        return {name[:200]: [str(one)[:200] for one in methods] for name, methods in found.items() if methods}

    def _output_limit(self) -> int:
        # un caractère de contrôle s’écrit en six octets ; au-delà, ce n’est plus un enfant honnête
        return 6 * self._limits.output_bytes + _MAX_SMALL

    def _exchange(self, request: Json, limit: int, seconds: float | None = None) -> tuple[Json | None, bool]:
        left = self._limits.notebook_s - self._spent
        if self.alive and left <= 0:
            self._end(french("le temps permis au carnet est épuisé"))
        self._asked = self.alive
        if not self.alive:
            return None, False
        start = time.monotonic()
        try:
            return self._ask(request, limit, min(left, self._limits.cell_s if seconds is None else seconds))
        finally:
            self._spent += time.monotonic() - start

    def _ask(self, request: Json, limit: int, seconds: float) -> tuple[Json | None, bool]:
        nonce = secrets.token_hex(8)
        late = False
        try:
            self._channel.send({**request, "n": nonce}, seconds)
            try:
                reply = self._channel.receive(limit, seconds)
            except TimeoutError:
                late = True
                self._interrupt()
                reply = self._channel.receive(limit, self._limits.grace_s)
            if type(reply) is not dict or reply.get("n") != nonce:
                raise ProtocolError("ce n’est pas la réponse à la demande")
        except TimeoutError:
            self._end(french("le carnet ne répondait plus"))
            return None, True
        except ProtocolError as error:
            self._tamper(error)
            return None, False
        except (EOFError, OSError):
            self._end(None)
            return None, late
        return reply, late

    def _interrupt(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGINT)

    def _tamper(self, error: object) -> None:
        self.tampered = True
        self._end(french(f"le code a répondu à la place de l’interpréteur ({error})"))

    def _end(self, note: str | None) -> None:
        status = self.close()
        self._note = note or cause_of_death(status)

    def _dead(self, late: bool, seconds: float) -> CellRun:
        status: Status = "non_executee"
        name, note = "CelluleNonExecutee", french(f"cellule non exécutée : {self._note}.")
        if self._asked:
            status, name, note = (
                ("delai", "DelaiDepasse", self._note) if late else ("arret", "CarnetArrete", self._note)
            )
        return CellRun(status, [failure_output(name, note)], seconds if self._asked else 0.0, note)


def _flag(reply: Json, name: str) -> bool:
    if type(reply.get(name)) is not bool:
        raise ProtocolError(f"« {name} » manque")
    return bool(reply[name])
