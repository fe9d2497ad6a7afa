"""Écoute sur des prises locales et note tout ce qui arrive : une copie ne doit joindre personne.

Usage : python ecoute.py DOSSIER JETON. Écrit DOSSIER/ports.json, puis une ligne par contact dans DOSSIER/contacts.txt.
"""

from __future__ import annotations

import json
import os
import selectors
import socket
import sys
from pathlib import Path


def main(folder: Path, token: str) -> None:
    """Ouvre les prises et attend, jusqu’à ce qu’on arrête le processus."""
    tcp = socket.create_server(("127.0.0.1", 0))
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.bind(("127.0.0.1", 0))
    stream, abstract = socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX)
    os.chdir(folder)  # le nom d’une prise tient en cent octets, quel que soit le dossier provisoire
    stream.bind("flux")
    abstract.bind(f"\0formation-{token}")
    datagram = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    datagram.bind("paquets")
    for one in (stream, abstract):
        one.listen()
    selector = selectors.DefaultSelector()
    for name, one in (("tcp", tcp), ("udp", udp), ("unix", stream), ("abstraite", abstract), ("paquets", datagram)):
        selector.register(one, selectors.EVENT_READ, name)
    ports = {"tcp": tcp.getsockname()[1], "udp": udp.getsockname()[1]}
    aside = folder / "ports.tmp"
    aside.write_text(json.dumps(ports), encoding="utf-8")
    aside.replace(folder / "ports.json")
    with (folder / "contacts.txt").open("a", encoding="utf-8") as log:
        while True:
            for key, _ in selector.select():
                if key.data in ("udp", "paquets"):
                    payload = key.fileobj.recv(1000)  # type: ignore[union-attr]
                else:
                    payload = key.fileobj.accept()[0].recv(1000)  # type: ignore[union-attr]
                log.write(f"{key.data} {payload!r}\n")
                log.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
