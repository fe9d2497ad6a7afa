"""Un serveur partagé entier, monté une fois : PostgreSQL, JupyterHub, deux stagiaires, un formateur."""

import contextlib
import getpass
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import requests

HERE = Path(__file__).parent
SERVER = HERE.parents[1] / "deploiement" / "serveur.py"
SAME_PASSWORD = "mot-de-passe-d-essai"
START_S = 400
SHORT = "/tmp"  # court et ouvert à tous, où que soit TMPDIR : le nom d’une prise tient en cent octets
NAMESPACES = ("unshare", "--mount", "--pid", "--ipc", "--fork", "--kill-child=SIGKILL", "--mount-proc")
sys.path[:0] = [str(SERVER.parent), str(HERE)]


def free_ports(count):
    """Ports libres, pris sous ceux que le système donne : aucun autre essai ne peut les recevoir entre-temps."""
    found = []
    while len(found) < count:
        port = random.SystemRandom().randrange(15_000, 32_000)
        with socket.socket() as one, contextlib.suppress(OSError):
            one.bind(("127.0.0.1", port))
            found += [port] if port not in found else []
    return found


def remove(folder):
    """Efface le dossier du serveur ; ses derniers processus finissent parfois d’y écrire."""
    for _ in range(50):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(0.2)
    pytest.fail(f"il reste quelque chose dans {folder}")


def can_be_real():
    """Vrai si cette machine permet un espace de montage et de processus à part, donc de vrais comptes sans trace."""
    if os.geteuid() != 0 or not all(map(shutil.which, ("unshare", "nsenter", "useradd", "mount"))):
        return False
    probe = [*NAMESPACES, "mount", "-t", "tmpfs", "tmpfs", "/var/log"]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


@dataclass
class Site:
    """Serveur lancé : son adresse, son dossier, et s’il a de vrais comptes."""

    folder: Path
    url: str
    real: bool
    process: subprocess.Popen
    seconds: float = 0.0
    passwords: dict = field(default_factory=dict)

    @property
    def course(self):
        return self.folder / "home" / "cours" / "atelier"

    @property
    def database(self):
        user = "" if self.real else "essai@"
        return f"postgresql://{user}/carnet?host={self.folder / 'pg'}"

    def inside(self):
        """Début de commande pour entrer sur le serveur : rien de plus s’il n’a pas d’espace de noms."""
        if not self.real:
            return []
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return ["nsenter", "--target", children[0], "--mount", "--pid", "--"]

    def command(self, *arguments, account=None):
        """Commande lancée sur le serveur, au besoin sous un compte : code, sortie et erreurs, sans insécables."""
        prefix = self.inside()
        if account and self.real:
            prefix += ["runuser", "-u", account, "--"]
        variables = {**os.environ, "FORMATION_SERVEUR": str(self.folder / "serveur.env")}
        done = subprocess.run(
            [*prefix, *map(str, arguments)], capture_output=True, text=True, env=variables, timeout=600, cwd="/"
        )
        text = (done.stdout + done.stderr).replace("\xa0", " ").replace("\u202f", " ")
        return done.returncode, text

    def server(self, *arguments, account=None):
        return self.command(sys.executable, SERVER, *arguments, account=account)

    @staticmethod
    def psql():
        return sorted(Path("/usr/lib/postgresql").glob("*/bin/psql"), key=lambda path: int(path.parts[-3]))[-1]

    def rows(self, query, account="cours"):
        """Lignes d’une requête, lue par la prise locale sous un compte ; ou le refus de PostgreSQL."""
        code, text = self.command(self.psql(), "-X", "-A", "-t", "-F", ";", self.database, "-c", query, account=account)
        return [line.split(";") for line in text.splitlines() if line] if code == 0 else text

    def memory_mb(self, account):
        """Mémoire propre aux processus d’un compte (Pss), en Mo."""
        code = (
            "import pathlib, pwd, re\n"
            f"uid = pwd.getpwnam({account!r}).pw_uid\n"
            "total = 0\n"
            "for one in pathlib.Path('/proc').glob('[0-9]*'):\n"
            "    try:\n"
            "        text = (one / 'smaps_rollup').read_text() if one.stat().st_uid == uid else ''\n"
            "    except OSError:\n"
            "        continue\n"
            "    total += sum(map(int, re.findall(r'^Pss: +(\\d+)', text, re.M)))\n"
            "print(total // 1000)"
        )
        return int(self.command(sys.executable, "-c", code)[1])

    def stop(self):
        """Arrête tout : tuer le premier processus d’un espace de noms suffit ; sinon, chacun de ceux du serveur."""
        if not self.real:
            self._stop_same_account()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(120)

    def _stop_same_account(self):
        # le Hub arrête ses espaces de travail ; ce qui resterait porte le chemin de ce dossier
        for pause, number in ((6, signal.SIGTERM), (5, signal.SIGKILL)):
            end = time.monotonic() + pause
            for pid in self._mine():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, number)
            while self._mine() and time.monotonic() < end:
                time.sleep(0.2)

    def _mine(self):
        found = []
        for one in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                words = (one / "environ").read_bytes() + (one / "cmdline").read_bytes()
                alive = (one / "stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
                if alive and os.fsencode(self.folder) in words and int(one.name) != os.getpid():
                    found.append(int(one.name))
        return found


def write_settings(folder, real):
    public, proxy, hub, course = free_ports(4)
    user = "" if real else "essai@"
    values = {
        "ADRESSE": f"http://127.0.0.1:{public}",
        "PORT": public,
        "PORT_PROXY": proxy,
        "PORT_HUB": hub,
        "PORT_COURS": course,
        "DOSSIER_COURS": folder / "home" / "cours" / "atelier",
        "ECHANGE": folder / "echange",
        "CARNET": f"postgresql+psycopg://{user}/carnet?host={folder / 'pg'}",
        # sans comptes système : le compte présent, ou celui que toute machine a
        "COMPTE_COURS": "cours" if real else "nobody" if os.geteuid() == 0 else getpass.getuser(),
        "ETAT": folder / "etat",
        "INTERFACE": folder / "interface",
        "MEMOIRE_MO": 1500,
        # les bornes d’un compte compteraient ici tous les processus de la personne qui lance les tests
        "PROCESSUS": 300 if real else 90000,
    }
    text = "".join(f"{key}={value}\n" for key, value in values.items())
    (folder / "serveur.env").write_text(text, encoding="utf-8")
    return f"http://127.0.0.1:{public}"


def start(folder, real):
    url = write_settings(folder, real)
    command = [sys.executable, HERE / "scene.py", folder, "reel" if real else "meme", "2"]
    if real:
        command = [*NAMESPACES, *command]
    begin = time.monotonic()
    with (folder / "journal").open("wb") as log:
        process = subprocess.Popen(list(map(str, command)), stdout=log, stderr=log, start_new_session=True)
    site = Site(folder, url, real, process)
    while process.poll() is None and time.monotonic() - begin < START_S:
        try:
            if requests.get(f"{url}/hub/api/", timeout=30).ok:
                site.seconds = time.monotonic() - begin
                return site
        except requests.RequestException:
            pass
        time.sleep(0.2)
    site.stop()
    text = (folder / "journal").read_text(errors="replace")[-4000:]
    pytest.fail(f"le serveur d’essai ne s’est pas lancé :\n{text}")


@pytest.fixture
def erased(tmp_path):
    """Ce que laisse l’effacement d’un serveur installé, Hub arrêté ; None sans espaces de noms."""
    if not can_be_real():
        return None
    folder = Path(tempfile.mkdtemp(prefix="serveur-", dir=SHORT))
    folder.chmod(0o755)
    write_settings(folder, real=True)
    try:
        command = [*NAMESPACES, sys.executable, HERE / "scene.py", folder, "effacer", "2"]
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=600)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)
    finally:
        remove(folder)


@pytest.fixture(scope="session")
def site():
    if not list(Path("/usr/lib/postgresql").glob("*/bin/initdb")):
        if os.environ.get("CI") == "true":
            pytest.fail("PostgreSQL n’est pas installé : apt-get install postgresql")
        pytest.skip("PostgreSQL n’est pas installé : apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="serveur-", dir=SHORT))
    folder.chmod(0o755)
    try:
        found = start(folder, can_be_real() and os.environ.get("FORMATION_ESSAI") != "meme")
    except BaseException:
        remove(folder)
        raise
    names = ["formateur-01", "stagiaire-01", "stagiaire-02"]
    found.passwords = dict.fromkeys(names, SAME_PASSWORD)
    if found.real:
        lines = (folder / "etat" / "mots-de-passe.csv").read_text().splitlines()
        found.passwords = dict(line.split(";") for line in lines)
    try:
        yield found
    finally:
        found.stop()
        remove(folder)
