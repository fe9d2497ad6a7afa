"""Trames entre ouvrier, processus chaud et enfants : du JSON précédé de sa longueur, jamais de pickle."""

import json
import socket
import struct
import time
from typing import Any

_HEADER = struct.Struct(">I")
_CHUNK = 1 << 20
MAX_REQUEST = 50_000_000
"""Taille maximale d’une demande de l’ouvrier, en octets."""
MAX_EXPORT = 8_000_000
"""Taille maximale d’une réponse exportée, en octets de JSON."""
_MAX_CONTROL = 100_000


class ProtocolError(Exception):
    """Trame trop grande ou qui n’est pas du JSON strict."""


def encode(message: Any) -> bytes:
    """Écrit un message en JSON.

    Parameters
    ----------
    message : object
        Données JSON. Un caractère qui ne s’écrit pas en UTF-8 devient « ? ».

    Returns
    -------
    bytes
    """
    return json.dumps(message, ensure_ascii=False).encode("utf-8", "replace")


def decode(payload: bytes | bytearray) -> Any:
    """Relit un message, peut-être hostile.

    Parameters
    ----------
    payload : bytes
        JSON en UTF-8.

    Returns
    -------
    object

    Raises
    ------
    ProtocolError
        Si ce n’est pas du JSON strict (NaN et infini compris).
    """
    try:
        return json.loads(payload, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise ProtocolError(str(error)[:200]) from None


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} n’est pas du JSON")


class Channel:
    """Trames sur une prise, avec délai ; une réception interrompue par un délai peut être reprise.

    Parameters
    ----------
    sock : socket
        Prise de type flux, fermée par `close`.
    """

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock
        self._buffer = bytearray()

    def close(self) -> None:
        """Ferme la prise."""
        self._socket.close()

    def send(self, message: Any, timeout: float | None = None) -> None:
        """Envoie une trame.

        Parameters
        ----------
        message : object
            Données JSON.
        timeout : float, optional
            Délai en secondes ; sans limite par défaut.

        Raises
        ------
        TimeoutError
            Si le délai passe.
        OSError
            Si l’autre bout est fermé.
        """
        payload = encode(message)
        self._socket.settimeout(timeout)
        self._socket.sendall(_HEADER.pack(len(payload)) + payload)

    def receive(self, limit: int, timeout: float | None = None) -> Any:
        """Reçoit une trame.

        Parameters
        ----------
        limit : int
            Taille maximale, en octets.
        timeout : float, optional
            Délai en secondes ; sans limite par défaut.

        Returns
        -------
        object
            Données JSON.

        Raises
        ------
        TimeoutError
            Si le délai passe ; ce qui est déjà reçu est gardé.
        EOFError
            Si l’autre bout est fermé.
        ProtocolError
            Si la trame est trop grande ou n’est pas du JSON.
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        self._fill(_HEADER.size, deadline)
        (size,) = _HEADER.unpack_from(self._buffer)
        if size > limit:
            raise ProtocolError(f"{size} octets, {limit} au plus")
        end = _HEADER.size + size
        self._fill(end, deadline)
        payload = bytes(self._buffer[_HEADER.size : end])
        del self._buffer[:end]
        return decode(payload)

    def _fill(self, size: int, deadline: float | None) -> None:
        while len(self._buffer) < size:
            if deadline is not None and deadline <= time.monotonic():
                raise TimeoutError
            self._socket.settimeout(None if deadline is None else max(0.001, deadline - time.monotonic()))
            try:
                chunk = self._socket.recv(min(size - len(self._buffer), _CHUNK))
            except ConnectionError:
                chunk = b""
            if not chunk:
                raise EOFError
            self._buffer += chunk


class Control:
    """Ordres brefs au processus chaud, avec des prises à transmettre.

    Parameters
    ----------
    sock : socket
        Prise de type flux : celle que macOS connaît aussi.
    """

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock
        self._channel = Channel(sock)
        self._count = 0

    def close(self) -> None:
        """Ferme la prise : le processus chaud s’arrête."""
        self._socket.close()

    def ask(self, order: dict[str, Any], sockets: tuple[socket.socket, ...] = (), timeout: float = 60.0) -> Any:
        """Donne un ordre et attend sa réponse.

        Parameters
        ----------
        order : dict
            Données JSON.
        sockets : tuple of socket
            Prises à transmettre.
        timeout : float
            Délai en secondes.

        Returns
        -------
        object
            Réponse.

        Raises
        ------
        TimeoutError
            Si le délai passe.
        EOFError
            Si le processus chaud n’est plus là.
        """
        self._count += 1
        payload = encode({**order, "n": self._count})
        framed = _HEADER.pack(len(payload)) + payload
        self._socket.settimeout(timeout)
        try:
            sent = socket.send_fds(self._socket, [framed], [one.fileno() for one in sockets])
            self._socket.sendall(framed[sent:])
        except ConnectionError:
            raise EOFError from None
        while True:
            reply = self._channel.receive(_MAX_CONTROL, timeout)
            # une réponse plus ancienne n’a pas été lue : son ordre a dépassé son délai
            if reply["n"] == self._count:
                return reply


def control_order(sock: socket.socket) -> tuple[dict[str, Any] | None, list[int]]:
    """Reçoit un ordre de `Control.ask`.

    Parameters
    ----------
    sock : socket
        Prise du processus chaud.

    Returns
    -------
    order : dict or None
        None si l’autre bout est fermé.
    descriptors : list of int
        Prises reçues.
    """
    try:
        header, descriptors, _, _ = socket.recv_fds(sock, _HEADER.size, 64)
        header += _exactly(sock, _HEADER.size - len(header)) if header else b""
        payload = _exactly(sock, *_HEADER.unpack(header)) if header else b""
    except (ConnectionError, EOFError):
        return None, []
    return (decode(payload) if payload else None), list(descriptors)


def _exactly(sock: socket.socket, size: int) -> bytes:
    received = b""
    while len(received) < size:
        chunk = sock.recv(size - len(received))
        if not chunk:
            raise EOFError
        received += chunk
    return received


def control_reply(sock: socket.socket, reply: dict[str, Any]) -> None:
    """Répond à un ordre.

    Parameters
    ----------
    sock : socket
        Prise du processus chaud.
    reply : dict
        Données JSON, avec le numéro `n` de l’ordre.

    Raises
    ------
    OSError
        Si l’autre bout est fermé.
    """
    payload = encode(reply)
    sock.sendall(_HEADER.pack(len(payload)) + payload)
