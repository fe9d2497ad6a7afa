"""Chaque geste interdit est vraiment tenté dans le bac à sable, en root et en utilisateur ordinaire.

Les gestes appellent le noyau au plus près, sans pathlib.
"""
# ruff: noqa: PTH101, PTH102, PTH104, PTH106, PTH108, PTH109, PTH123, PTH208, PTH211

import ctypes
import errno
import mmap
import os
import platform
import resource
import signal
import socket
import threading
import time
from pathlib import Path

import cage
import pytest

from formation.classroom.grading import sandbox
from formation.classroom.grading.sandbox import filters, kernel

pytestmark = pytest.mark.skipif(not kernel.is_linux(), reason="le bac à sable n’existe que sous Linux")

PROJECT = Path(sandbox.__file__).resolve().parents[5]
SECRET = "le-secret-du-formateur"
LIBC = kernel.libc()
PARENT = os.getpid()
FILES_REFUSED = {errno.EPERM, errno.EACCES, errno.ENOENT, errno.EROFS, errno.EBUSY, errno.ENXIO, errno.EXDEV}
CALLS_REFUSED = {errno.EPERM, errno.ENOSYS}


@pytest.fixture(scope="module")
def as_root():
    return cage.prepare()


@pytest.fixture(scope="module")
def as_ordinary():
    return cage.prepare(read_only=cage.SYSTEM)


@pytest.fixture(params=["moi", "ordinaire"])
def tried(request, as_root, as_ordinary):
    """Joue un geste, une fois comme soi-même, une fois en utilisateur ordinaire."""
    ordinary = request.param == "ordinaire"
    if ordinary:
        cage.needs_root()
    prepared = as_ordinary if ordinary else as_root
    return lambda gesture, **options: cage.play(gesture, prepared, ordinary=ordinary, **options)


def libc(name, *arguments):
    ctypes.set_errno(0)
    if getattr(LIBC, name)(*arguments) < 0:
        raise OSError(ctypes.get_errno(), name)
    return "accordé"


def number(name):
    library = filters.load_library()
    return ctypes.c_long(library.resolve_syscall(library.Arch.NATIVE, name))


def remote_read(pid):
    """Lit la mémoire d’un autre processus par process_vm_readv."""

    class Vector(ctypes.Structure):
        _fields_ = (("base", ctypes.c_void_p), ("size", ctypes.c_size_t))

    mine = ctypes.create_string_buffer(8)
    local, distant = Vector(ctypes.addressof(mine), 8), Vector(id(SECRET), 8)
    return libc("process_vm_readv", pid, ctypes.byref(local), 1, ctypes.byref(distant), 1, 0)


READS = {
    "passwd": lambda: Path("/etc/passwd").read_text(),
    "shadow": lambda: Path("/etc/shadow").read_text(),
    "hosts": lambda: Path("/etc/hosts").read_text(),
    "racine": lambda: os.listdir("/"),
    "dossier de root": lambda: os.listdir("/root"),
    "dossiers personnels": lambda: os.listdir("/home"),
    "exercices et réponses": lambda: os.listdir(PROJECT / "notebooks"),
    "cas": lambda: os.listdir(PROJECT / "cases"),
    "tests": lambda: os.listdir(PROJECT / "tests"),
    "historique": lambda: Path(PROJECT / ".git/HEAD").read_text(),
    "environnement du parent": lambda: Path(f"/proc/{PARENT}/environ").read_bytes(),
    "mémoire du parent": lambda: open(f"/proc/{PARENT}/mem", "rb").close(),
    "environnement du parent direct": lambda: Path(f"/proc/{os.getppid()}/environ").read_bytes(),
    "soi-même dans proc": lambda: Path("/proc/self/environ").read_bytes(),
    "descripteurs du parent": lambda: os.listdir(f"/proc/{PARENT}/fd"),
    "remontée par ..": lambda: Path("../../../../../../etc/passwd").read_text(),
    "disque": lambda: os.open("/dev/sda", os.O_RDONLY),
    "terminal": lambda: os.open("/dev/tty", os.O_RDWR),
    "mémoire partagée": lambda: os.listdir("/dev/shm"),
    "groupes de contrôle": lambda: os.listdir("/sys/fs/cgroup"),
}


@pytest.mark.parametrize("name", READS)
def test_what_was_not_given_cannot_be_read(tried, name):
    assert tried(lambda scratch: repr(READS[name]())).get("numero") in FILES_REFUSED


def test_a_secret_of_the_same_user_cannot_be_read_nor_even_seen(tried, tmp_path):
    target = Path("/tmp") / f"secret-{os.getpid()}"
    target.write_text(SECRET)
    target.chmod(0o644)
    try:
        assert tried(lambda scratch: target.read_text())["refus"] == "FileNotFoundError"
        assert tried(lambda scratch: target.exists()) == {"rendu": False}
        # par un lien posé dans son propre dossier
        assert "refus" in tried(lambda scratch: (os.symlink(target, "lien"), Path("lien").read_text())[1])
        assert "refus" in tried(lambda scratch: os.link(target, "lien"))
    finally:
        target.unlink()


WRITES = {
    "dossier temporaire": lambda s: Path("/tmp/dehors").write_text("x"),
    "à côté du dossier de travail": lambda s: (Path(s).parent / "dehors").write_text("x"),
    "racine": lambda s: Path("/dehors").write_text("x"),
    "paquet formation": lambda s: (Path(sandbox.__file__).parent / "dehors.py").write_text("x"),
    "bibliothèques": lambda s: Path("/usr/lib/dehors").write_text("x"),
    "données": lambda s: (PROJECT / "datasets/dehors").write_text("x"),
    "vider un fichier ouvert en lecture": lambda s: os.open(sandbox.__file__, os.O_RDONLY | os.O_TRUNC),
    "tronquer": lambda s: os.truncate(sandbox.__file__, 0),
    "droits": lambda s: os.chmod(sandbox.__file__, 0o777),
    "dates": lambda s: os.utime(sandbox.__file__, (0, 0)),
    "propriétaire": lambda s: os.chown(sandbox.__file__, 1, 1),
    "attribut étendu": lambda s: os.setxattr(sandbox.__file__, "user.x", b"x"),
    "renommer": lambda s: os.rename(sandbox.__file__, "ici"),
    "effacer": lambda s: os.unlink(sandbox.__file__),
    "effacer son dossier": lambda s: os.rmdir(s),
    "nœud de périphérique": lambda s: os.mknod("disque", 0o60600, os.makedev(8, 0)),
    "fifo": lambda s: os.mkfifo("tube"),
}


@pytest.mark.parametrize("name", WRITES)
def test_nothing_is_written_outside_the_scratch_folder(tried, name):
    before = Path(sandbox.__file__).read_bytes()
    assert tried(lambda scratch: repr(WRITES[name](scratch))).get("numero") in FILES_REFUSED
    assert Path(sandbox.__file__).read_bytes() == before
    assert not Path("/tmp/dehors").exists()


def connect(family, kind, address):
    with socket.socket(family, kind) as one:
        one.connect(address)
        return "connecté"


NETWORK = {
    "TCP": lambda: connect(socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 9)),
    "UDP": lambda: connect(socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 9)),
    "IPv6": lambda: connect(socket.AF_INET6, socket.SOCK_STREAM, ("::1", 9)),
    "unix": lambda: connect(socket.AF_UNIX, socket.SOCK_STREAM, "/run/x.sock"),
    "unix abstraite": lambda: connect(socket.AF_UNIX, socket.SOCK_STREAM, "\0abstraite"),
    "netlink": lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW),
    "brute": lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1),
    "paquets": lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW),
    "paire de datagrammes, qui peut viser une adresse": lambda: socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM),
    "écoute sur une paire": lambda: socket.socketpair()[0].listen(),
    "io_uring": lambda: kernel.syscall(425, 8, None),
}


@pytest.mark.parametrize("name", NETWORK)
def test_there_is_no_network_at_all(tried, name):
    assert tried(lambda scratch: repr(NETWORK[name]())).get("numero") in CALLS_REFUSED


def test_a_listening_local_server_is_never_reached(tried):
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.3)
        port = server.getsockname()[1]
        assert "refus" in tried(lambda scratch: connect(socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", port)))
        with pytest.raises(TimeoutError):
            server.accept()


PROCESSES = {
    "fork": os.fork,
    "vfork": lambda: libc("vfork"),
    "exec": lambda: os.execv("/usr/bin/env", ["env"]),
    "system": lambda: os.posix_spawn("/usr/bin/env", ["env"], {}),
    "clone sans fil": lambda: libc(
        "syscall", ctypes.c_long(56 if platform.machine() == "x86_64" else 220), 17, 0, 0, 0, 0
    ),
    "clone3": lambda: kernel.syscall(435, ctypes.create_string_buffer(88), ctypes.c_size_t(88)),
    "signal au parent": lambda: os.kill(os.getppid(), 0),
    "signal à tous": lambda: os.kill(-1, 0),
    "signal à son groupe": lambda: os.killpg(0, 0),
    "pidfd": lambda: os.pidfd_open(PARENT),
    "ptrace": lambda: libc("ptrace", 16, PARENT, None, None),
    "process_vm_readv": lambda: remote_read(PARENT),
    "bornes du parent": lambda: resource.prlimit(PARENT, resource.RLIMIT_CPU, (1, 1)),
    "priorité du parent": lambda: os.setpriority(os.PRIO_PROCESS, PARENT, 19),
    "signal par F_SETOWN": lambda: __import__("fcntl").fcntl(0, 8, PARENT),
    "changer de session": os.setsid,
    "changer de groupe": lambda: os.setpgid(0, 0),
}


@pytest.mark.parametrize("name", PROCESSES)
def test_no_program_is_started_and_no_other_process_is_touched(tried, name):
    assert tried(lambda scratch: repr(PROCESSES[name]())).get("numero") in CALLS_REFUSED


MACHINE = {
    "remonter un disque": lambda: libc("mount", b"none", b"/usr", None, ctypes.c_ulong(32 | 4096), None),
    "monter": lambda: libc("mount", b"none", b".", b"tmpfs", ctypes.c_ulong(0), None),
    "démonter": lambda: libc("umount2", b"/usr", 2),
    "unshare": lambda: libc("unshare", 0x10000000),
    "setns": lambda: libc("setns", 0, 0),
    "chroot": lambda: os.chroot("."),
    "pivot_root": lambda: libc("pivot_root", b".", b"."),
    "bpf": lambda: libc("syscall", number("bpf"), 0, None, 0),
    "memfd": lambda: os.memfd_create("x"),
    "clés": lambda: libc("syscall", number("keyctl"), 0, -3, 0),
    "mémoire System V": lambda: libc("shmget", 0, 4096, 0o1600),
    "sémaphores": lambda: libc("semget", 0, 1, 0o1600),
    "nom de machine": lambda: libc("sethostname", b"x", 1),
    "devenir root": lambda: os.setuid(0) or os.setgid(1),
    "personality": lambda: libc("personality", 0x0040000),
    "nouveau montage": lambda: kernel.syscall(428, -100, b"/usr", 1),
    "fsopen": lambda: kernel.syscall(430, b"tmpfs", 0),
    "rouvrir par poignée": lambda: libc("syscall", number("open_by_handle_at"), -100, None, 0),
    "appel système inconnu": lambda: kernel.syscall(480),
    "prctl": lambda: kernel.prctl(kernel.PR_SET_DUMPABLE, 1),
    "terminal": lambda: __import__("fcntl").ioctl(0, 0x5412, b"x"),
}


@pytest.mark.parametrize("name", MACHINE)
def test_no_privileged_or_unknown_system_call_is_granted(tried, name):
    assert tried(lambda scratch: repr(MACHINE[name]())).get("numero") in CALLS_REFUSED


def test_the_32_bit_door_is_closed(tried):
    if platform.machine() != "x86_64":
        pytest.skip("propre à x86-64")

    def old_getpid(scratch):
        code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
        code.write(b"\xb8\x14\x00\x00\x00\xcd\x80\xc3")  # mov eax, 20 ; int 0x80 ; ret
        address = ctypes.addressof(ctypes.c_char.from_buffer(code))
        return ctypes.CFUNCTYPE(ctypes.c_int)(address)()

    outcome = tried(old_getpid)
    assert outcome.get("signal") or outcome["rendu"] < 0, outcome


def test_eight_gigabytes_are_refused(tried):
    assert tried(lambda scratch: len(bytearray(8_000_000_000)))["refus"] == "MemoryError"


def test_a_file_over_its_limit_is_cut(tried):
    def write(scratch):
        with open("gros", "wb") as file:
            for _ in range(10):
                file.write(b"x" * 1_000_000)
                file.flush()

    assert tried(write)["numero"] == errno.EFBIG


def test_the_scratch_folder_cannot_outgrow_its_disk(tried):
    def write(scratch):
        for number in range(20):
            Path(f"f{number}").write_bytes(b"x" * 4_000_000)

    assert tried(write)["numero"] == errno.ENOSPC


def test_the_number_of_files_is_bounded(tried):
    def write(scratch):
        for number in range(20_000):
            Path(f"f{number}").touch()

    assert tried(write)["numero"] == errno.ENOSPC


def test_the_number_of_open_files_is_bounded(tried):
    assert tried(lambda scratch: len([os.pipe() for _ in range(1_000)]))["numero"] == errno.EMFILE


def test_bounds_cannot_be_raised_again(tried):
    def raise_them(scratch):
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

    assert "refus" in tried(raise_them)


def test_processor_time_is_bounded_even_when_the_warning_is_ignored(tried):
    def spin(scratch):
        signal.signal(signal.SIGXCPU, signal.SIG_IGN)
        while True:
            pass

    assert tried(spin, limits=cage.Limits(cpu_s=1))["signal"] == signal.SIGKILL


def test_threads_work_and_are_bounded(tried):
    def many(scratch):
        threads = []
        while len(threads) < 5_000:
            threads.append(threading.Thread(target=time.sleep, args=(30,), daemon=True))
            threads[-1].start()

    def some(scratch):
        found = []
        threads = [threading.Thread(target=found.append, args=(n,)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return sorted(found)

    assert tried(some) == {"rendu": list(range(8))}
    assert "refus" in tried(many)


def test_no_capability_is_left_even_for_root(tried):
    def left(scratch):
        header, data = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
        libc("capget", header, data)
        return list(data)

    assert tried(left) == {"rendu": [0] * 6}


def test_a_suid_file_of_the_scratch_folder_is_worthless(tried):
    def plant(scratch):
        Path("outil").write_bytes(Path("/usr/bin/env").read_bytes()[:1000])
        os.chmod("outil", 0o6755)
        return os.statvfs(".").f_flag & (os.ST_NOSUID | os.ST_NOEXEC)

    assert tried(plant) == {"rendu": os.ST_NOSUID | os.ST_NOEXEC}


def test_given_files_are_there_and_the_folder_stays_private(tried, tmp_path):
    given = tmp_path / "table.csv"
    given.write_text("a;b\n1;2\n")
    content = given.read_text()

    def fill(folder):
        Path(folder, "table.csv").write_text(content)

    assert tried(
        lambda scratch: [os.listdir("."), Path("table.csv").read_text(), os.getcwd() == scratch], fill=fill
    ) == {"rendu": [["table.csv"], content, True]}


def test_files_too_large_for_the_disk_are_told_apart_from_a_missing_layer(tried):
    def fill(folder):
        Path(folder, "table.csv").write_bytes(b"x" * 30_000_000)

    outcome = tried(lambda scratch: "exécuté", fill=fill)
    assert (outcome["refus"], outcome["numero"]) == ("OSError", errno.ENOSPC)


def test_ordinary_work_on_files_is_possible(tried):
    def work(scratch):
        os.mkdir("sous")
        Path("sous/a.txt").write_text("é")
        os.rename("sous/a.txt", "b.txt")
        os.chmod("b.txt", 0o600)
        Path("/dev/null").write_text("x")
        with socket.socketpair()[0] as one:
            one.getsockname()
        return [Path("b.txt").read_text(), len(os.urandom(8)), os.listdir("sous")]

    assert tried(work) == {"rendu": ["é", 8, []]}


def test_the_environment_offered_holds_no_secret(monkeypatch):
    monkeypatch.setenv("MOT_DE_PASSE", SECRET)
    monkeypatch.setenv("HOME", "/root")
    clean = sandbox.clean_environment("/travail")
    assert SECRET not in clean.values()
    assert {clean["HOME"], clean["TMPDIR"]} == {"/travail"}
    assert clean["PATH"] == ""
