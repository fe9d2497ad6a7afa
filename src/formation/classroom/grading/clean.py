"""Refaire un test dans un processus qui n’a exécuté aucun code de stagiaire, sur des valeurs inertes.

Tourne dans un enfant à part. Ce qu’il reçoit du stagiaire passe par `lossless`, qui n’exécute rien.
"""

import ast
import builtins
import warnings
from collections.abc import Callable
from functools import lru_cache
from types import CodeType
from typing import Any

from formation.classroom.grading import capture, lossless
from formation.classroom.grading.protocol import MAX_EXPORT, MAX_REQUEST, Channel

_FILE = "<contre-épreuve>"
_MAX_TEXT = 1_000
Request = dict[str, Any]


class Unproven(BaseException):
    """Appel dont le résultat ne se transporte pas : le test ne se refait pas. Un test ne peut pas l’attraper."""


class Clean:
    """Interpréteur propre.

    Parameters
    ----------
    shell : ZMQInteractiveShell
        Interpréteur, début commun déjà exécuté.
    channel : Channel
        Prise de l’ouvrier.
    seed : callable
        Fixe les tirages aléatoires.
    """

    def __init__(self, shell: Any, channel: Channel, seed: Callable[[], None]) -> None:
        self._shell = shell
        self._channel = channel
        self._seed = seed
        self._nonce = ""

    def prepare(self, request: Request) -> Request:
        """Exécute les cellules du formateur qui ne dépendent pas du stagiaire ; une erreur n’arrête rien.

        Parameters
        ----------
        request : dict
            `cellules` : leur texte, dans l’ordre.

        Returns
        -------
        dict
            `pret`, toujours vrai.
        """
        for source in request["cellules"]:
            capture.run(self._shell, source, 100_000)
        return {"pret": True}

    def replay(self, request: Request) -> Request:
        """Refait un test.

        Parameters
        ----------
        request : dict
            `source`, `valeurs` (texte de `lossless.dumps`), `noms` (celles à prendre), `fonctions` (noms à appeler
            chez le stagiaire).

        Returns
        -------
        dict
            `reussi`, `bruit` (sortie d’erreur), `valeur` (texte du dernier résultat, ou None), ou `refus`.
        """
        self._nonce = request["n"]
        try:
            every = lossless.loads(request["valeurs"])
        except lossless.NotPlain as refusal:
            return {"refus": str(refusal)[:_MAX_TEXT]}
        space = self._shell.user_ns
        kept = dict(space)
        space.update({name: every[name] for name in request["noms"] if name in every})
        space.update({name: self._remote(name) for name in request["fonctions"]})
        self._seed()
        capture.COLLECTOR.begin(100_000)
        try:
            with self._shell.builtin_trap, warnings.catch_warnings():
                warnings.simplefilter("ignore")
                reply = self._run(request["source"])
        finally:
            space.clear()
            space.update(kept)
        capture.COLLECTOR.flush()
        noise = any(one.get("name") == "stderr" for one in capture.COLLECTOR.outputs)
        return {**reply, "bruit": noise, "n": self._nonce}

    def _run(self, source: str) -> Request:
        space = self._shell.user_ns
        body, last = _compiled(source)
        try:
            exec(body, space)  # noqa: S102 - test du formateur, sur des données inertes
            value = None if last is None else eval(last, space)  # noqa: S307
            return {"reussi": True, "valeur": None if value is None else self._shown(value)}
        except Unproven as refusal:
            return {"refus": str(refusal)[:_MAX_TEXT]}
        except (Exception, SystemExit) as failure:
            return {"reussi": False, "valeur": None, "erreur": type(failure).__name__}

    def _shown(self, value: Any) -> str:
        return str(self._shell.display_formatter.formatters["text/plain"](value))[:_MAX_TEXT]

    def _remote(self, name: str) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            return self._ask(name, args, kwargs)

        call.__name__ = call.__qualname__ = name
        return call

    def _ask(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        try:
            text = lossless.dumps({"args": args, "kwargs": kwargs}, MAX_EXPORT // 2)
        except lossless.NotPlain as refusal:
            raise Unproven(str(refusal)) from None
        self._channel.send({"appel": name, "arguments": text, "n": self._nonce})
        answer = self._channel.receive(MAX_REQUEST)
        self._nonce = answer["n"]
        if "erreur" in answer:
            kind = getattr(builtins, str(answer["erreur"]), None)
            if isinstance(kind, type) and issubclass(kind, Exception):
                raise kind(str(answer.get("texte", "")))
            raise Unproven("erreur d’un type inconnu")
        try:
            return lossless.loads(answer["valeurs"])["rendu"]
        except (KeyError, TypeError, lossless.NotPlain) as refusal:
            raise Unproven(str(answer.get("refus") or refusal)) from None


@lru_cache(maxsize=256)
def _compiled(source: str) -> tuple[CodeType, CodeType | None]:
    tree = ast.parse(source)
    last = None
    if tree.body and isinstance(tree.body[-1], ast.Expr) and not _silent(source):
        final = tree.body.pop()
        last = compile(ast.Expression(final.value), _FILE, "eval")  # type: ignore[attr-defined]
    return compile(tree, _FILE, "exec"), last


def _silent(source: str) -> bool:
    # comme IPython : un point-virgule final tait le résultat
    code = [line.split("#")[0].rstrip() for line in source.splitlines()]
    return next((line for line in reversed(code) if line), "").endswith(";")


def export(space: dict[str, Any], names: list[str]) -> Request:
    """Traduit des variables du stagiaire ; tourne chez lui.

    Parameters
    ----------
    space : dict
        Variables du carnet.
    names : list of str
        Noms voulus ; ceux qui n’existent pas sont laissés.

    Returns
    -------
    dict
        `valeurs`, ou `refus`.
    """
    try:
        return {"valeurs": lossless.dumps({name: space[name] for name in names if name in space}, MAX_EXPORT // 2)}
    except Exception as refusal:
        return {"refus": str(refusal)[:_MAX_TEXT]}


def call(space: dict[str, Any], request: Request) -> Request:
    """Appelle une fonction du stagiaire ; tourne chez lui.

    Parameters
    ----------
    space : dict
        Variables du carnet.
    request : dict
        `variable` et `arguments`.

    Returns
    -------
    dict
        `valeurs`, `erreur` et `texte`, ou `refus`.
    """
    given = lossless.loads(request["arguments"])
    args, kwargs = given["args"], given["kwargs"]
    capture.COLLECTOR.begin(100_000)
    try:
        made = space[request["variable"]](*args, **kwargs)
    except Exception as error:
        return {"erreur": type(error).__name__, "texte": str(error)[:_MAX_TEXT]}
    capture.COLLECTOR.flush()
    if any(one.get("name") == "stderr" for one in capture.COLLECTOR.outputs):
        # nbgrader retire alors les points : le test dans la copie le dira
        return {"refus": "la fonction écrit sur la sortie d’erreur"}
    reply = export({"rendu": made}, ["rendu"])
    after = export({"args": args, "kwargs": kwargs}, ["args", "kwargs"])
    if "valeurs" in reply and after.get("valeurs") != request["arguments"]:
        return {"refus": "la fonction change ses arguments"}
    return reply
