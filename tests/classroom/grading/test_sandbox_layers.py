"""Chaque couche protège seule ; une machine qui en refuse une le dit, et rien ne s’exécute sans elle."""

import errno
import os
import socket
import subprocess
import sys
from pathlib import Path

import cage
import pytest

from formation.classroom.errors import AtelierImpossible
from formation.classroom.grading import sandbox
from formation.classroom.grading.sandbox import filters, kernel, landlock, policy, remedies

pytestmark = pytest.mark.skipif(not kernel.is_linux(), reason="le bac à sable n’existe que sous Linux")

FILES, LANDLOCK, SECCOMP, BOUNDS = sandbox.LAYERS
HIDDEN = Path(sandbox.__file__).resolve().parents[5] / "pyproject.toml"


def refuse(calls, number):
    """Filtre de machine hostile : ces appels système échouent avec cette erreur."""
    library = filters.load_library()
    rules = library.SyscallFilter(library.ALLOW)
    for name in calls:
        if isinstance(name, int):
            rules.add_rule(library.ERRNO(number), name)
        else:
            rules.add_rule(library.ERRNO(number), library.resolve_syscall(library.Arch.NATIVE, name))
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    rules.load()


@pytest.mark.parametrize("layer", [FILES, LANDLOCK])
def test_one_layer_alone_hides_files(layer):
    outcome = cage.play(lambda scratch: HIDDEN.read_text(), cage.prepare([layer]))
    assert outcome["numero"] in {errno.ENOENT, errno.EACCES}


@pytest.mark.parametrize("layer", [FILES, LANDLOCK])
def test_one_layer_alone_forbids_writing_outside(layer):
    outcome = cage.play(lambda scratch: Path(scratch, "..", "x").write_text("x"), cage.prepare([layer]))
    assert outcome["numero"] in {errno.EROFS, errno.EACCES}


@pytest.mark.parametrize("layer", [FILES, LANDLOCK, SECCOMP])
def test_one_layer_alone_cuts_tcp(layer):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        outcome = cage.play(
            lambda scratch: socket.create_connection(("127.0.0.1", port), 1).close(), cage.prepare([layer])
        )
    assert "refus" in outcome


@pytest.mark.parametrize("layer", [SECCOMP, LANDLOCK])
def test_one_layer_alone_forbids_signals(layer):
    if layer == LANDLOCK and landlock.version() < landlock.SCOPES_SINCE:
        pytest.skip("cette version de Landlock ne retient pas les signaux")
    assert cage.play(lambda scratch: os.kill(os.getppid(), 0), cage.prepare([layer]))["numero"] == errno.EPERM


def test_without_any_layer_the_machine_is_open():
    assert "rendu" in cage.play(lambda scratch: bool(HIDDEN.read_text()), cage.prepare([]))


def test_without_namespaces_file_attributes_stay_out_of_reach(tmp_path):
    prepared = cage.prepare([LANDLOCK, SECCOMP, BOUNDS])
    target = tmp_path / "table.csv"
    target.write_text("a;b")
    before = target.stat()
    for gesture in (lambda s: target.chmod(0o777), lambda s: os.utime(target, (0, 0))):
        assert cage.play(gesture, prepared) == {"rendu": None}
    assert cage.play(lambda s: os.truncate(target, 0), prepared)["numero"] == errno.EPERM
    after = target.stat()
    assert (after.st_mode, after.st_mtime_ns, after.st_size) == (before.st_mode, before.st_mtime_ns, 3)
    assert cage.play(lambda s: Path("ici").write_text("x"), prepared) == {"rendu": 1}


def test_this_machine_is_complete():
    assert sandbox.probe() == dict.fromkeys(sandbox.LAYERS)
    assert sandbox.require("strict") == sandbox.LAYERS


REFUSALS = [
    (["unshare"], errno.EPERM, FILES, "refuse"),
    (["unshare"], errno.ENOSPC, FILES, "sysctl -w user.max_user_namespaces=15000"),
    (["unshare"], errno.ENOSYS, FILES, "Linux 5.12"),
    (["mount"], errno.EACCES, FILES, "Remède"),
    ([landlock.CREATE_RULESET], errno.ENOSYS, LANDLOCK, "Linux 5.13"),
    ([landlock.CREATE_RULESET], errno.EOPNOTSUPP, LANDLOCK, "lsm="),
    ([landlock.RESTRICT_SELF], errno.EPERM, LANDLOCK, "Remède"),
    (["capset"], errno.EPERM, BOUNDS, "ulimit"),
]


@pytest.mark.parametrize(("calls", "number", "layer", "cure"), REFUSALS)
def test_a_refused_layer_is_named_with_its_cure(calls, number, layer, cure):
    def look():
        refuse(calls, number)
        found = sandbox.probe()
        try:
            sandbox.require("strict")
        except AtelierImpossible as error:
            return found, str(error), sandbox.require("degrade")
        return found, "", ()

    found, message, usable = cage.in_child(look)["rendu"]
    assert [one for one, why in found.items() if why] == [layer]
    assert cure in found[layer]
    assert found[layer] in message
    assert "--bac-a-sable degrade" in message
    assert usable == [one for one in sandbox.LAYERS if one != layer]


def test_a_missing_libseccomp_is_named_with_its_cure(monkeypatch):
    def absent():
        raise RuntimeError("Unable to find libseccomp")

    monkeypatch.setattr(filters, "load_library", absent)
    found = sandbox.probe()
    assert [layer for layer, why in found.items() if why] == [SECCOMP]
    assert "apt install libseccomp2" in found[SECCOMP]


def test_a_layer_that_pretends_is_unmasked(monkeypatch):
    monkeypatch.setattr(landlock, "restrict", lambda *given: None)
    monkeypatch.setattr(filters, "install", lambda program: None)
    found = sandbox.probe()
    assert "reste lisible" in found[LANDLOCK]
    assert "réseau reste ouvert" in found[SECCOMP]


@pytest.mark.parametrize(
    ("call", "layer"),
    [("unshare", FILES), (landlock.RESTRICT_SELF, LANDLOCK), ("capset", BOUNDS), ("prctl", BOUNDS)],
)
def test_a_layer_that_fails_at_the_last_moment_runs_nothing(call, layer, tmp_path):
    prepared = cage.prepare()

    def work():
        refuse([call], errno.EPERM)
        sandbox.enter(prepared, str(tmp_path))
        return "exécuté sans protection"

    outcome = cage.in_child(work)
    assert outcome["refus"] == "BacASableImpossible"
    assert layer in outcome["detail"]


def test_elsewhere_than_linux_every_layer_is_said_missing(monkeypatch):
    monkeypatch.setattr(kernel, "is_linux", lambda: False)
    assert set(sandbox.probe().values()) == {remedies.ELSEWHERE}
    assert sandbox.require("degrade") == ()
    with pytest.raises(sandbox.BacASableImpossible, match="WSL 2"):
        sandbox.require("strict")
    with pytest.raises(sandbox.BacASableImpossible, match="Linux"):
        sandbox.prepare(sandbox.Policy(cage.LIMITS, ()))


def test_the_package_can_be_imported_where_these_modules_do_not_exist():
    code = (
        "import sys; sys.modules.update(dict.fromkeys(['resource', 'fcntl', 'pwd', 'grp', 'pyseccomp'])); "
        "sys.platform = 'win32'; from formation.classroom.grading import sandbox; "
        "print(all(sandbox.probe().values()), sandbox.require('degrade'))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=600, check=True)
    assert done.stdout.strip() == "True ()"


def test_what_is_not_protected_is_said():
    assert all(line.startswith(("Protégé", "NON protégé")) for line in sandbox.describe(sandbox.LAYERS))
    bare = sandbox.describe(())
    assert not any(line.startswith("Protégé") for line in bare)
    assert len(sandbox.describe([LANDLOCK])) > len(sandbox.describe(sandbox.LAYERS))


def test_a_policy_travels_as_data():
    given = sandbox.Policy(cage.LIMITS, ("/usr",), "degrade", (SECCOMP,))
    assert policy.Policy.from_json(given.to_json()) == given


def test_nothing_of_the_course_is_in_the_readable_places():
    project = HIDDEN.parent
    for path in map(Path, sandbox.default_read_only()):
        assert not (project / "notebooks").is_relative_to(path)
        assert not (project / "cases").is_relative_to(path)
        assert not Path.home().is_relative_to(path)
        assert path.exists()


# un interpréteur BPF de poche : le programme d’une autre architecture se lit sans elle
def evaluate(program, architecture, number, arguments=()):
    values = [*arguments, *[0] * (6 - len(arguments))]
    data = b"".join(
        [
            number.to_bytes(4, "little"),
            architecture.to_bytes(4, "little"),
            bytes(8),
            *(value.to_bytes(8, "little") for value in values),
        ]
    )
    steps = [
        (int.from_bytes(program[at : at + 2], "little"), program[at + 2], program[at + 3], program[at + 4 : at + 8])
        for at in range(0, len(program), 8)
    ]
    accumulator = at = 0
    while True:
        code, if_true, if_false, raw = steps[at]
        constant = int.from_bytes(raw, "little")
        at += 1
        if code == 0x20:
            accumulator = int.from_bytes(data[constant : constant + 4], "little")
        elif code == 0x54:
            accumulator &= constant
        elif code == 0x05:
            at += constant
        elif code == 0x06:
            return constant
        else:
            test = {0x15: accumulator == constant, 0x25: accumulator > constant, 0x35: accumulator >= constant}[code]
            at += if_true if test else if_false


ALLOW, ERRNO = 0x7FFF0000, 0x00050000
KILL_PROCESS = 0x80000000
CALLS = [
    ("read", (), ALLOW),
    ("openat", (), ALLOW),
    ("futex", (), ALLOW),
    ("execve", (), ERRNO | errno.EPERM),
    ("socket", (), ERRNO | errno.EPERM),
    ("kill", (), ERRNO | errno.EPERM),
    ("bpf", (), ERRNO | errno.EPERM),
    ("clone", (0x11,), ERRNO | errno.EPERM),
    ("clone", (0x3D0F00,), ALLOW),
    ("clone3", (), ERRNO | errno.ENOSYS),
    ("prlimit64", (0,), ALLOW),
    ("prlimit64", (1,), ERRNO | errno.EPERM),
    ("socketpair", (1, 0x80001), ALLOW),
    ("socketpair", (1, 2), ERRNO | errno.ENOSYS),
    ("fcntl", (0, 3), ALLOW),
    ("fcntl", (0, 8), ERRNO | errno.ENOSYS),
    ("ioctl", (0, 0x5412), ERRNO | errno.ENOSYS),
]


@pytest.mark.parametrize("machine", ["X86_64", "AARCH64"])
@pytest.mark.parametrize(("name", "arguments", "expected"), CALLS)
def test_the_filter_says_the_same_on_every_architecture(machine, name, arguments, expected):
    library = filters.load_library()
    token = getattr(library.Arch, machine)
    program = filters.build(namespaces=True, architecture=token)
    number = library.resolve_syscall(token, name)
    assert evaluate(program, token, number, arguments) == expected
    assert evaluate(program, token ^ 1, number, arguments) == KILL_PROCESS
    assert evaluate(program, token, 480) == ERRNO | errno.ENOSYS
