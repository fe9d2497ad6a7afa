"""Appels système permis : une liste courte, écrite en noms, traduite par libseccomp pour chaque architecture.

Ce qui est dangereux répond EPERM ; ce qui n’est dans aucune liste répond ENOSYS, comme un noyau plus ancien : les
bibliothèques savent alors faire autrement, et un appel système inventé demain est refusé d’avance.
"""

import ctypes
import errno
import tempfile
from collections.abc import Iterable
from typing import Any

from formation.classroom.grading.sandbox import kernel

ALLOWED = """
read write readv writev pread64 pwrite64 preadv pwritev preadv2 pwritev2 close close_range lseek _llseek open openat
creat stat fstat lstat newfstatat fstatat64 stat64 fstat64 lstat64 statx access faccessat faccessat2 readlink readlinkat
getdents getdents64 getcwd chdir fchdir rename renameat renameat2 mkdir mkdirat rmdir unlink unlinkat link linkat
symlink symlinkat ftruncate ftruncate64 fallocate fsync fdatasync fadvise64 readahead flock dup dup2 dup3 pipe pipe2
poll ppoll select pselect6 _newselect epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait
epoll_pwait2 eventfd eventfd2
timerfd_create timerfd_settime timerfd_gettime sendfile sendfile64 copy_file_range umask statfs fstatfs statfs64
fstatfs64 fgetxattr getxattr lgetxattr flistxattr listxattr llistxattr
brk mmap mmap2 munmap mprotect mremap madvise msync mincore munlock membarrier
getpid getppid gettid getuid geteuid getgid getegid getgroups getresuid getresgid getpgrp getpgid getsid getrlimit
ugetrlimit setrlimit getrusage times uname sysinfo getpriority sched_yield sched_getaffinity sched_getparam
sched_getscheduler sched_get_priority_max sched_get_priority_min getcpu capget
rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigsuspend rt_sigtimedwait sigaltstack pause alarm setitimer
getitimer restart_syscall wait4 waitid
futex futex_waitv set_robust_list get_robust_list set_tid_address rseq
clock_gettime clock_getres clock_nanosleep nanosleep gettimeofday time timer_create timer_settime timer_delete
timer_gettime timer_getoverrun getrandom exit exit_group
recvfrom sendmsg recvmsg shutdown getsockopt getsockname getpeername
"""
# sans espaces de noms, Landlock ne couvre ni les droits ni les dates des fichiers de la machine : ces appels répondent
# alors « fait » sans rien faire, car shutil.copy échouerait sur un refus
FILE_ATTRIBUTES = "chmod fchmod fchmodat fchmodat2 utimensat utime utimes futimesat"
TRUNCATE = "truncate truncate64"
DENIED = """
execve execveat fork vfork socket connect bind listen accept accept4 sendmmsg recvmmsg setsockopt socketcall
kill tkill tgkill rt_sigqueueinfo rt_tgsigqueueinfo pidfd_open pidfd_getfd pidfd_send_signal ptrace process_vm_readv
process_vm_writev process_madvise process_mrelease kcmp
mount umount umount2 mount_setattr open_tree move_mount fsopen fsconfig fsmount fspick pivot_root chroot unshare setns
bpf perf_event_open userfaultfd io_uring_setup io_uring_enter io_uring_register add_key request_key keyctl
memfd_create memfd_secret personality init_module finit_module delete_module kexec_load kexec_file_load reboot quotactl
quotactl_fd swapon swapoff acct syslog sethostname setdomainname settimeofday clock_settime clock_adjtime adjtimex
name_to_handle_at open_by_handle_at fanotify_init fanotify_mark inotify_init inotify_init1 inotify_add_watch
setuid setgid setreuid setregid setresuid setresgid setfsuid setfsgid setgroups capset setsid setpgid setpriority
sched_setaffinity sched_setscheduler sched_setparam sched_setattr ioprio_set migrate_pages move_pages
mknod mknodat chown fchown lchown fchownat setxattr lsetxattr fsetxattr removexattr lremovexattr fremovexattr
shmget shmat shmctl shmdt semget semop semctl semtimedop msgget msgsnd msgrcv msgctl ipc mq_open mq_unlink
mq_timedsend mq_timedreceive mq_notify mq_getsetattr vhangup iopl ioperm modify_ldt lookup_dcookie seccomp
landlock_create_ruleset landlock_add_rule landlock_restrict_self mlock mlock2 mlockall vmsplice splice tee
"""
CLONE_THREAD = 0x10000
AF_UNIX, SOCK_STREAM, SOCK_TYPE_MASK = 1, 1, 0xF
# PR_GET_DUMPABLE, PR_SET_NAME, PR_GET_NAME, PR_CAPBSET_READ, PR_GET_NO_NEW_PRIVS, PR_SET_VMA
PRCTL_ALLOWED = (3, 15, 16, 23, 39, 0x53564D41)
# F_DUPFD à F_SETLKW, F_DUPFD_CLOEXEC, verrous par fichier ouvert : ni F_SETOWN ni F_SETSIG, qui envoient des signaux
FCNTL_ALLOWED = (0, 1, 2, 3, 4, 5, 6, 7, 1030, 36, 37, 38)
# TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX
IOCTL_ALLOWED = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)
FILTER_MODE = 2
UNKNOWN_SYSCALL = -1


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


def load_library() -> Any:
    """Charge pyseccomp, qui charge libseccomp.

    Returns
    -------
    module

    Raises
    ------
    ModuleNotFoundError
        Si pyseccomp n’est pas installé.
    RuntimeError
        Si libseccomp ne l’est pas.
    """
    import pyseccomp

    return pyseccomp


def build(*, namespaces: bool, architecture: int | None = None) -> bytes:
    """Programme BPF du filtre.

    Parameters
    ----------
    namespaces : bool
        Vrai si les fichiers de la machine sont montés en lecture seule : droits et dates sont alors sans danger.
    architecture : int, optional
        Architecture de libseccomp ; par défaut celle de la machine.

    Returns
    -------
    bytes
        Instructions, prêtes pour `install`.

    Raises
    ------
    OSError
        Si libseccomp refuse une règle.
    """
    library = load_library()
    rules = library.SyscallFilter(library.ERRNO(errno.ENOSYS))
    rules.set_attr(library.Attr.ACT_BADARCH, library.KILL_PROCESS)
    _optimize(library, rules)
    if architecture is not None and architecture != library.system_arch():
        rules.add_arch(architecture)
        rules.remove_arch(library.system_arch())
    pretended = library.ERRNO(0)
    for action, names in (
        (library.ALLOW, ALLOWED),
        (library.ERRNO(errno.EPERM), DENIED),
        (library.ALLOW if namespaces else pretended, FILE_ATTRIBUTES),
        (library.ALLOW if namespaces else library.ERRNO(errno.EPERM), TRUNCATE),
    ):
        for name in names.split():
            _rule(library, rules, action, name)
    _rule(library, rules, library.ERRNO(errno.ENOSYS), "clone3", optional=True)
    _conditional(library, rules)
    with tempfile.TemporaryFile() as file:
        rules.export_bpf(file)
        file.seek(0)
        return file.read()


def install(program: bytes) -> None:
    """Pose le filtre sur le processus courant, pour toujours. `NO_NEW_PRIVS` doit être posé.

    Parameters
    ----------
    program : bytes
        Rendu par `build`.

    Raises
    ------
    OSError
        Si le noyau refuse.
    """
    buffer = ctypes.create_string_buffer(program, len(program))
    kernel.prctl(
        kernel.PR_SET_SECCOMP,
        FILTER_MODE,
        ctypes.byref(_Program(len(program) // 8, ctypes.cast(buffer, ctypes.c_void_p))),
    )


def _optimize(library: Any, rules: Any) -> None:
    try:
        rules.set_attr(library.Attr.CTL_OPTIMIZE, 2)  # arbre binaire, libseccomp 2.5 et suivantes
    except OSError:
        return


def _rule(library: Any, rules: Any, action: int, name: str, *conditions: Any, optional: bool = False) -> None:
    number = library.resolve_syscall(library.Arch.NATIVE, name)
    if number == UNKNOWN_SYSCALL:
        return
    try:
        rules.add_rule(action, number, *conditions)
    except OSError as error:
        # une action égale à celle par défaut est refusée : elle est déjà en vigueur
        if not (optional and error.errno == errno.EACCES):
            raise


def _conditional(library: Any, rules: Any) -> None:
    allow, deny = library.ALLOW, library.ERRNO(errno.EPERM)
    argument = library.Arg
    _rule(library, rules, allow, "clone", argument(0, library.MASKED_EQ, CLONE_THREAD, CLONE_THREAD))
    _rule(library, rules, deny, "clone", argument(0, library.MASKED_EQ, CLONE_THREAD, 0))
    _rule(library, rules, allow, "prlimit64", argument(0, library.EQ, 0))
    _rule(library, rules, deny, "prlimit64", argument(0, library.NE, 0))
    _rule(library, rules, allow, "sendto", argument(4, library.EQ, 0))
    _rule(library, rules, deny, "sendto", argument(4, library.NE, 0))
    _rule(
        library,
        rules,
        allow,
        "socketpair",
        argument(0, library.EQ, AF_UNIX),
        argument(1, library.MASKED_EQ, SOCK_TYPE_MASK, SOCK_STREAM),
    )
    for names, position, values in (
        (("prctl",), 0, PRCTL_ALLOWED),
        (("fcntl", "fcntl64"), 1, FCNTL_ALLOWED),
        (("ioctl",), 1, IOCTL_ALLOWED),
    ):
        _only(library, rules, names, position, values)


def _only(library: Any, rules: Any, names: Iterable[str], position: int, values: Iterable[int]) -> None:
    for name in names:
        for value in values:
            _rule(library, rules, library.ALLOW, name, library.Arg(position, library.EQ, value))
