"""Sortir du bac à sable : lire, écrire, appeler le réseau, lancer un programme, atteindre un autre processus."""
# ruff: noqa: E501 - le code des copies tient sur une ligne

from battery.model import Case, attack

FAMILY = "évasion"


def _case(name: str, body: str, **options: object) -> Case:
    return Case(name, FAMILY, attack(body), **options)  # type: ignore[arg-type]


def _read(name: str, *paths: str) -> Case:
    lines = "".join(f"essai(lambda: open({path!r}, 'rb').read()[:100_000])\n" for path in paths)
    return _case(name, lines)


def _write(name: str, *paths: str) -> Case:
    lines = "".join(f"essai(lambda: open({path!r}, 'a').write('# ecrit par la copie\\n'))\n" for path in paths)
    return _case(name, lines)


_CTYPES = "import ctypes, os\nlibc = ctypes.CDLL(None, use_errno=True)\n"


def _syscall(name: str, body: str) -> Case:
    """Appel direct : `appel(n, ...)` crie victoire si le noyau n’a pas refusé (numéros de x86-64)."""
    call = (
        _CTYPES + "def appel(n, *a):\n    libc.syscall.restype = ctypes.c_long\n    r = libc.syscall(n, *a)\n"
        "    if r >= 0:\n        breche(('appel', n, r))\n    return r\n"
        "import platform\nif platform.machine() != 'x86_64':\n    raise SystemExit\n"
    )
    return _case(name, call + body)


READS = (
    _read("lire-un-secret", "@GARDE@/secret.txt"),
    _read("lire-le-carnet-de-notes", "@COURS@/gradebook.db"),
    _read("lire-les-solutions", "@SOURCE@"),
    _read("lire-la-configuration", "@COURS@/nbgrader_config.py", "@COURS@/secret-formateur.txt"),
    _read("lire-une-autre-copie", "@AUTRE@"),
    _read("lire-par-chemins-relatifs", *("../" * n + "gradebook.db" for n in range(1, 9))),
    _read("lire-les-comptes", "/etc/passwd", "/etc/shadow", "/etc/machine-id", "/root/.bashrc"),
    _read(
        "lire-par-proc",
        "/proc/self/root@GARDE@/secret.txt",
        "/proc/self/cwd/../secret.txt",
        "/proc/1/environ",
        "/proc/1/cmdline",
    ),
    _case(
        "fouiller-le-cours",
        "import glob, os\nfor d in ('@COURS@', '@GARDE@', '/home', '/root', '/srv', '/work'):\n"
        "    for p in glob.glob(d + '/**/*', recursive=True)[:2000]:\n"
        "        if os.path.isfile(p):\n            essai(lambda: open(p, 'rb').read()[:20_000])\n",
    ),
    _case(
        "lister-les-dossiers",
        "import os\nfor d in ('@COURS@', '@GARDE@', '@COURS@/submitted'):\n    essai(lambda: os.listdir(d))\n",
    ),
    _case("secret-de-l-environnement", "import os\nfor k, v in os.environ.items():\n    print(k, v)\n"),
    _case(
        "environnement-du-parent",
        "import os\nfor p in (os.getpid(), os.getppid(), 1, int('@PARENT@')):\n"
        "    print(essai(lambda: open(f'/proc/{p}/environ', 'rb').read(), False))\n"
        "    for n in ('cmdline', 'maps', 'cwd', 'root'):\n        print(essai(lambda: open(f'/proc/{p}/{n}').read(500), False))\n",
    ),
    _case(
        "memoire-des-processus",
        "import os\nfor p in [int(n) for n in (essai(lambda: os.listdir('/proc'), False) or []) if n.isdigit()]:\n"
        "    if p != os.getpid():\n        essai(lambda: open(f'/proc/{p}/mem', 'rb'))\n"
        "        essai(lambda: os.listdir(f'/proc/{p}/fd'))\n",
    ),
    _case(
        "descripteurs-herites",
        "import os\nfor fd in range(3, 300):\n"
        "    essai(lambda: print(os.readlink(f'/proc/self/fd/{fd}')), False)\n"
        "    t = essai(lambda: os.pread(fd, 100_000, 0), False)\n    if t:\n        print(t)\n"
        "    essai(lambda: print(os.listdir(fd)), False)\n"
        "    essai(lambda: print(os.open('../../../..@GARDE@/secret.txt', os.O_RDONLY, dir_fd=fd)), False)\n",
    ),
    _case(
        "environnement-en-memoire",
        "import ctypes\nlibc = ctypes.CDLL(None)\n"
        "environ = ctypes.POINTER(ctypes.c_char_p).in_dll(libc, 'environ')\ni = 0\n"
        "while environ[i]:\n    print(environ[i])\n    i += 1\n",
    ),
    _case(
        "memoire-heritee",
        "import gc\nfor o in gc.get_objects():\n    if type(o) in (dict, list, tuple):\n"
        "        try:\n            t = repr(o)\n        except Exception:\n            continue\n"
        "        for mot in ('@ENV_ENVERS@'[::-1], '@SOURCE_ENVERS@'[::-1]):\n"
        "            if t.count(mot) and len(t) < 5000 and mot not in str(In):\n                breche('en memoire')\n",
    ),
)

WRITES = (
    _write("ecrire-dehors", "@GARDE@/intrus.txt", "@GARDE@/secret.txt", "@COURS@/intrus.txt"),
    _write("ajouter-a-la-configuration", "@COURS@/nbgrader_config.py"),
    _write("modifier-la-source", "@SOURCE@", "@COURS@/release/intrus.txt"),
    _write("modifier-une-autre-copie", "@AUTRE@"),
    _write("ecrire-chez-soi", "@MAISON@/.bashrc", "@MAISON@/.ipython/profile_default/startup/00.py"),
    # ouvrir suffit à prouver la brèche : on n’abîme pas le projet pour l’essayer
    _case(
        "ecrire-dans-le-python",
        "for p in ('@PREFIXE@/pyvenv.cfg', '@PROJET@/src/formation/checks/__init__.py'):\n"
        "    essai(lambda: open(p, 'r+').close() or p)\n",
    ),
    _case(
        "ecrire-dans-le-carnet-de-notes",
        "import sqlite3\ndef f():\n    b = sqlite3.connect('@COURS@/gradebook.db', timeout=1)\n"
        "    n = b.execute('UPDATE grade SET auto_score = 100, needs_manual_grade = 0').rowcount\n    b.commit()\n    return n\n"
        "essai(f)\n",
    ),
    _case(
        "lien-symbolique",
        "import os\nessai(lambda: os.symlink('@GARDE@/secret.txt', 'lien'), False)\n"
        "essai(lambda: open('lien').read())\nessai(lambda: open('lien', 'a').write('x'))\n",
    ),
    _case(
        "lien-dur",
        "import os\nessai(lambda: os.link('@GARDE@/secret.txt', 'dur') or 'lie')\nessai(lambda: open('dur').read())\n",
    ),
    _case(
        "renommer-effacer",
        "import os, shutil\nfor f in (lambda: os.rename('@GARDE@/secret.txt', 'pris') or 1,\n"
        "          lambda: os.unlink('@GARDE@/secret.txt') or 1, lambda: os.truncate('@GARDE@/secret.txt', 0) or 1,\n"
        "          lambda: os.mkdir('@GARDE@/neuf') or 1, lambda: os.mkfifo('@GARDE@/tube') or 1,\n"
        "          lambda: os.utime('@GARDE@/secret.txt', (0, 0)) or 1, lambda: os.chmod('@GARDE@/secret.txt', 0o777) or 1,\n"
        "          lambda: os.rmdir('@GARDE@/vide') or 1, lambda: os.replace('releves.csv', '@GARDE@/releves.csv') or 1):\n"
        "    essai(f)\n",
    ),
    _case(
        "espaces-communs",
        "for d in ('/dev/shm', '/var/tmp', '/run', '/run/lock', '/var/lock', '/dev/mqueue', '/tmp'):\n"
        "    essai(lambda: open(d + '/formation-batterie-@JETON@', 'w').write('x'))\n",
    ),
    _case(
        "message-a-une-autre-copie",
        "import pathlib, tempfile\nfor d in (tempfile.gettempdir(), '/tmp', '/dev/shm', '/var/tmp', '..', '../..'):\n"
        "    p = pathlib.Path(d) / 'boite-aux-lettres'\n"
        "    if essai(lambda: p.read_text(), False):\n        breche('message recu')\n"
        "    essai(lambda: p.write_text('reponses'), False)\n",
    ),
    _case(
        "message-a-une-autre-copie-bis",
        "import pathlib, tempfile\nfor d in (tempfile.gettempdir(), '/tmp', '/dev/shm', '/var/tmp', '..', '../..'):\n"
        "    p = pathlib.Path(d) / 'boite-aux-lettres'\n"
        "    if essai(lambda: p.read_text(), False):\n        breche('message recu')\n"
        "    essai(lambda: p.write_text('reponses'), False)\n",
    ),
    _case(
        "ipc-du-systeme",
        "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\n"
        "r = libc.shmget(447447, 4096, 0o1666)\nif r >= 0:\n    breche(('shm', r))\n",
    ),
)

NETWORK = (
    _case(
        "tcp",
        "import socket\ndef f():\n    s = socket.create_connection(('127.0.0.1', @TCP@), 2)\n    s.sendall(b'vole')\n    return 'tcp'\nessai(f)\n",
    ),
    _case(
        "udp",
        "import socket\ndef f():\n    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
        "    return s.sendto(b'vole', ('127.0.0.1', @UDP@))\nessai(f)\n",
    ),
    _case(
        "http",
        "import urllib.request\nessai(lambda: urllib.request.urlopen('http://127.0.0.1:@TCP@/', timeout=2).read())\n",
    ),
    _case("pandas-par-le-reseau", "import pandas\nessai(lambda: pandas.read_csv('http://127.0.0.1:@TCP@/x.csv'))\n"),
    _case(
        "prise-unix",
        "import socket\ndef f():\n    s = socket.socket(socket.AF_UNIX)\n    s.connect('@UNIX@')\n    s.sendall(b'vole')\n    return 'unix'\nessai(f)\n",
    ),
    _case(
        "prise-unix-abstraite",
        "import socket\ndef f():\n    s = socket.socket(socket.AF_UNIX)\n    s.connect('\\0@ABSTRAITE@')\n    s.sendall(b'vole')\n    return 'abstraite'\nessai(f)\n",
    ),
    _case(
        "serveur",
        "import socket\ndef f():\n    s = socket.create_server(('0.0.0.0', 0))\n    return s.getsockname()\nessai(f)\n",
    ),
    _case(
        "prise-brute",
        "import socket\nessai(lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW))\n"
        "essai(lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW))\nessai(lambda: socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM))\n",
    ),
    _case(
        "paire-detournee",
        "import socket\na, b = socket.socketpair()\ndef f():\n    a.connect('@UNIX@')\n    a.sendall(b'vole')\n    return 'paire'\nessai(f)\n"
        "def g():\n    x, y = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)\n    return x.sendto(b'vole', '@UNIXDGRAM@')\nessai(g)\n",
    ),
)

PROCESSES = (
    _case(
        "sous-processus",
        "import subprocess\nessai(lambda: subprocess.run(['/bin/sh', '-c', 'echo lance > @GARDE@/lance; echo lance'], capture_output=True, check=True).stdout)\n",
    ),
    _case("os-system", "import os\nif os.system('echo lance > @GARDE@/lance') == 0:\n    breche('system')\n"),
    _case("posix-spawn", "import os\nessai(lambda: os.waitpid(os.posix_spawn('/bin/true', ['true'], {}), 0))\n"),
    _case("execve", "import os\nos.execv('/bin/sh', ['sh', '-c', 'echo lance > @GARDE@/lance'])\n"),
    _case(
        "magie-du-systeme",
        "ip = get_ipython()\nfor m, t in (('system', ''), ('bash', 'echo lance'), ('sh', 'echo lance')):\n"
        "    essai(lambda: ip.run_cell_magic(m, '', t), False)\n"
        "if essai(lambda: ip.getoutput('echo la\"\"nce'), False):\n    breche('getoutput')\n"
        "essai(lambda: ip.system('echo lance > @GARDE@/lance'), False)\n",
    ),
    _case(
        "magies-d-ecriture",
        "ip = get_ipython()\nfor ligne in ('run -n /etc/hostname', 'load /etc/passwd', 'pip --version', 'env', 'who', 'alias x ls', 'sx ls'):\n"
        "    essai(lambda: ip.run_line_magic(*ligne.split(' ', 1)), False)\nessai(lambda: ip.run_cell_magic('writefile', '@GARDE@/intrus', 'x'), False)\n",
    ),
    _case("libc-system", _CTYPES + "if libc.system(b'echo lance > @GARDE@/lance') == 0:\n    breche('libc')\n"),
    _case(
        "ptrace-par-ctypes",
        _CTYPES
        + "for p in (os.getppid(), int('@TEMOIN@')):\n    if libc.ptrace(16, p, 0, 0) == 0:\n        breche('ptrace')\n",
    ),
    _case(
        "signaux",
        "import os, signal\nfor p in (os.getppid(), int('@TEMOIN@'), int('@PARENT@')):\n"
        "    essai(lambda: os.kill(p, 0) or ('signal', p))\nessai(lambda: os.kill(int('@TEMOIN@'), signal.SIGKILL) or 'tue')\n"
        "essai(lambda: os.kill(os.getppid(), signal.SIGTERM) or 'tue')\nessai(lambda: os.killpg(os.getpgid(os.getppid()), signal.SIGTERM) or 'groupe')\n",
    ),
    _case(
        "signaux-par-pidfd",
        "import os, signal\ndef f():\n    fd = os.pidfd_open(int('@TEMOIN@'))\n    signal.pidfd_send_signal(fd, signal.SIGKILL)\n    return 'pidfd'\nessai(f)\n",
    ),
    _case(
        "proprietaire-des-signaux",
        "import fcntl, os, signal\ndef f():\n    import socket\n    a, b = socket.socketpair()\n"
        "    fcntl.fcntl(a, fcntl.F_SETOWN, int('@TEMOIN@'))\n    fcntl.fcntl(a, 10, signal.SIGKILL)\n"
        "    fcntl.fcntl(a, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)\n    b.send(b'x')\nessai(f, False)\n",
    ),
    _case(
        "priorites",
        "import os, resource\nfor p in (os.getppid(), int('@TEMOIN@')):\n"
        "    essai(lambda: resource.prlimit(p, resource.RLIMIT_NOFILE, (3, 3)))\n"
        "    essai(lambda: os.setpriority(os.PRIO_PROCESS, p, 19) or ('nice', p))\n    essai(lambda: os.sched_setaffinity(p, {0}) or ('coeur', p))\n",
    ),
)

SYSCALLS = (
    _syscall(
        "execve-direct",
        "appel(59, b'/bin/true', (ctypes.c_char_p * 2)(b'true', None), None)\n"
        "appel(322, -100, b'/bin/true', (ctypes.c_char_p * 2)(b'true', None), None, 0)\n",
    ),
    _syscall(
        "fourche-directe",
        "r = libc.syscall(57)\nif r == 0:\n    os._exit(0)\nif r > 0:\n    breche('fork')\n"
        "r = libc.syscall(56, 17, 0, 0, 0, 0)\nif r == 0:\n    os._exit(0)\nif r > 0:\n    breche('clone')\n",
    ),
    _syscall(
        "espaces-de-noms",
        "for drapeau in (0x10000000, 0x40000000, 0x00020000, 0x20000000):\n    appel(272, drapeau)\n"
        "fd = libc.open(b'/proc/1/ns/net', 0)\nif fd >= 0:\n    appel(308, fd, 0)\n",
    ),
    _syscall(
        "montages",
        "appel(165, b'none', b'.', b'tmpfs', 0, None)\nappel(166, b'/tmp', 2)\nappel(161, b'.')\n"
        "appel(155, b'.', b'.')\nappel(428, -100, b'/', 0)\nappel(430, b'tmpfs', 0)\nappel(442, -100, b'/', 0, None, 0)\n",
    ),
    _syscall(
        "memfd",
        "fd = appel(319, b'x', 0)\nif fd >= 0:\n    os.write(fd, b'#!/bin/sh\\necho lance')\n    os.execv(f'/proc/self/fd/{fd}', ['x'])\n",
    ),
    _syscall(
        "appels-rares",
        "tampon = ctypes.create_string_buffer(256)\n"
        "for n in (425, 321, 298, 323, 248, 250, 246, 175, 313, 169, 103, 304, 447, 310, 311):\n    appel(n, 0, tampon, 0, 0, 0)\n",
    ),
    _syscall(
        "pidfd-getfd",
        "fd = libc.syscall(434, int('@PARENT@'), 0)\nif fd >= 0:\n    for n in range(64):\n        appel(438, fd, n, 0)\n",
    ),
    _syscall(
        "memoire-d-un-autre",
        "class V(ctypes.Structure):\n    _fields_ = [('b', ctypes.c_void_p), ('n', ctypes.c_size_t)]\n"
        "t = ctypes.create_string_buffer(16)\nl = V(ctypes.addressof(t), 16)\nr = V(0x400000, 16)\n"
        "appel(310, int('@TEMOIN@'), ctypes.byref(l), 1, ctypes.byref(r), 1, 0)\n",
    ),
    _syscall(
        "retour-en-root",
        "appel(105, 0) if os.getuid() else None\nappel(126, None, None) if False else None\n"
        "essai(lambda: os.setuid(0) or ('root', os.getuid())) if os.getuid() else None\n"
        "essai(lambda: os.chroot('.') or 'chroot')\nessai(lambda: os.mknod('disque', 0o60600, os.makedev(8, 0)) or 'mknod')\n",
    ),
    _syscall(
        "terminal",
        "fd = libc.open(b'/dev/tty', 2)\nif fd >= 0:\n    breche('tty')\n    libc.ioctl(fd, 0x5412, b'x')\nfor n in (0, 1, 2):\n"
        "    if libc.ioctl(n, 0x5412, b'x') == 0:\n        breche('TIOCSTI')\n",
    ),
    _syscall(
        "code-32-bits",
        "import mmap\nm = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)\n"
        "code = bytes.fromhex('b814000000cd80c3')\nm.write(code)\na = ctypes.addressof(ctypes.c_char.from_buffer(m))\n"
        "r = ctypes.CFUNCTYPE(ctypes.c_int)(a)()\nif r > 0:\n    breche(('int80', r))\n",
    ),
)

CASES = (*READS, *WRITES, *NETWORK, *PROCESSES, *SYSCALLS)
