"""How far a worker is kept from the machine that it runs on, and the command line that shuts it in.

Four words are asked for, three levels are what one gets:

- `sandbox`: bubblewrap gives the worker user, mount, process, network, IPC and host-name namespaces of its own. It sees Python, the course's
  libraries and data, read-only, and has one place to write, in memory and of bounded size. There is no network but a loopback of its own.
- `limits`: the worker is an ordinary process under resource limits; what its user can read, it can read.
- `none`: nothing but the limits of time and memory that every notebook has.
- `auto` means the first two, whichever is to be had.

What is shared inside one worker: the importing process and the JVM, and with them the sandbox. A submission's processes end with it, its files
are removed (:func:`lakelab.grading.scratch.tidy`), and where anything is found that can't be made as new, the whole sandbox is given up.
The executor and the importing process can't be traced or read by what they run (:mod:`lakelab.warm.closed`), though they run as the same user.
"""

from __future__ import annotations

import ctypes
import functools
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from lakelab.grading.errors import GradingError

INSTALL = "install Debian's package bubblewrap (apt-get install bubblewrap)"

PLACE = Path("/tmp")
"""The one place inside a sandbox that can be written to, beside shared memory."""

PROCESSES = 2048
"""How many processes and threads a sandbox may have; a JVM that runs Spark has some 200."""

FILES = 8192
"""How many files a process may have open."""

SHARED_MEMORY = 256 * 1024**2
"""Bytes of /dev/shm inside a sandbox, which is where joblib and others share arrays."""

# Who a submission is inside a sandbox; and outside of it, where root starts it: Debian's `nobody`, who owns nothing.
_INSIDE, _NOBODY = 1000, 65534

_NEW_USER = 0x10000000

# What programs of a system look up: none of it is anybody's own.
_ETC = (
    "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "alternatives", "ssl", "ca-certificates", "fonts", "localtime", "timezone", "mime.types",
    "protocols", "services", "java-17-openjdk", "java-21-openjdk", "java-25-openjdk",
)  # fmt: skip

# What of the environment names places outside.
_OUTSIDE = re.compile("TMPDIR|HOME|USER|PYTHONPATH|LAKELAB_HOME|JUPYTER_.*|LAKELAB_DB.*")


class Isolation(StrEnum):
    """What can be asked for; `AUTO` is no level, see :func:`choose`."""

    AUTO = "auto"
    SANDBOX = "sandbox"
    LIMITS = "limits"
    NONE = "none"


PROMISES = {
    Isolation.SANDBOX: "submissions run in a sandbox: no network, no view of the course's sources, the gradebook, other submissions or the home folder",
    Isolation.LIMITS: "submissions run under resource limits, but can read what you can read",
    Isolation.NONE: "submissions run as you, under no limits but those of time and memory",
}
"""What each level comes to, in words for whoever grades."""


def choose(wanted: Isolation | str) -> Isolation:
    """Return the level that `wanted` comes to on this machine; raises GradingError where it is not to be had."""
    try:
        isolation = Isolation(wanted)
    except ValueError:
        raise GradingError(f"'{wanted}' is no isolation: choose from {', '.join(Isolation)}.") from None
    if isolation is Isolation.AUTO:
        return Isolation.LIMITS if trouble() else Isolation.SANDBOX
    if isolation is Isolation.SANDBOX and (why := trouble()):
        raise GradingError(f"There is no sandbox to be had here ({why}): {remedy()}, or choose --isolation limits.")
    return isolation


@functools.cache
def trouble() -> str:
    """Return why no sandbox is to be had on this machine, or an empty text. It is tried, not guessed."""
    if sys.platform != "linux":
        return "bubblewrap is for Linux only"
    if shutil.which("bwrap") is None:
        return "bubblewrap is not installed"
    namespace = _mapped_namespace()
    command = [*_namespaces(namespace), "--ro-bind", "/", "/", "--", shutil.which("true") or "/bin/true"]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=20, pass_fds=() if namespace is None else (namespace,)
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"bubblewrap does not work: {error}"
    finally:
        if namespace is not None:
            os.close(namespace)
    said = done.stderr.strip().split("\n")[-1][:160]
    return "" if done.returncode == 0 else f"bubblewrap does not work: {said or 'it says nothing'}"


def remedy() -> str:
    """Return what to do about :func:`trouble`."""
    if sys.platform != "linux":
        return "grade on Linux"
    if shutil.which("bwrap") is None:
        return INSTALL
    return "allow user namespaces (in a container: run it with --security-opt seccomp=unconfined, or privileged)"


@dataclass(frozen=True)
class Bounds:
    """What a worker may take beside time: bytes of memory that a process may claim, and bytes of a file and of a sandbox's files."""

    claimed: int
    files: int

    @classmethod
    def of(cls, memory_limit: int) -> Bounds:
        """Derive them from the bytes of memory of one notebook.

        The watch over memory measures what is in use, but only now and then: what a single process may claim keeps it from taking the
        whole machine in between. Half of the memory once more may be files.
        """
        return cls(claimed=2 * memory_limit + 2 * 1024**3, files=max(memory_limit // 2, 64 * 1024**2))


def limit_resources(bounds: Bounds, isolation: Isolation) -> None:
    """Bound what this process and all it starts can take, for good."""
    import resource

    wanted = {resource.RLIMIT_CORE: 0, resource.RLIMIT_FSIZE: bounds.files, resource.RLIMIT_NOFILE: FILES}
    if sys.platform == "linux":
        wanted[resource.RLIMIT_DATA] = bounds.claimed
        # Outside of a namespace of its own, whatever else the user runs counts too.
        wanted[resource.RLIMIT_NPROC] = PROCESSES + (0 if isolation is Isolation.SANDBOX else _tasks())
    for what, most in wanted.items():
        _, hard = resource.getrlimit(what)
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (bound, bound))


def _tasks() -> int:
    """Return how many processes and threads there are on this machine."""
    try:
        return int(Path("/proc/loadavg").read_text().split()[3].split("/")[1])
    except (OSError, ValueError, IndexError):
        return PROCESSES


def drop_privileges() -> None:
    """Become the user that submissions are inside a sandbox, where root has set it up; for anybody else, do nothing."""
    if os.getuid() == 0:
        os.setgroups([])
        os.setresgid(_INSIDE, _INSIDE, _INSIDE)
        os.setresuid(_INSIDE, _INSIDE, _INSIDE)


def _mapped_namespace() -> int | None:
    """Return a descriptor of a user namespace in which root outside is root, and `nobody` outside is the user of submissions.

    Only root can make one, and only root needs it: anybody else is no more than themself inside, while root without this would own whatever
    root owns, and would be exempt from the limit of processes. None where it is not to be had.
    """
    if sys.platform != "linux" or os.geteuid() != 0:
        return None
    ready, waiting = os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:
        failed = ctypes.CDLL(None).unshare(_NEW_USER)
        os.write(ready[1], b"n" if failed else b"y")
        os.close(waiting[1])
        os.read(waiting[0], 1)
        os._exit(0)
    try:
        if os.read(ready[0], 1) != b"y":
            return None
        for kind in ("uid_map", "gid_map"):
            Path(f"/proc/{child}/{kind}").write_text(f"0 0 1\n{_INSIDE} {_NOBODY} 1\n")
        namespace = os.open(f"/proc/{child}/ns/user", os.O_RDONLY)
    except OSError:
        return None
    finally:
        for end in (*ready, *waiting):
            os.close(end)
        os.waitpid(child, 0)
    os.set_inheritable(namespace, True)
    return namespace


def _namespaces(mapped: int | None) -> list[str]:
    """Return bubblewrap's command up to what is in the sandbox."""
    user = (
        ["--unshare-user", "--uid", str(_INSIDE), "--gid", str(_INSIDE), "--cap-drop", "ALL"]
        if mapped is None
        # The worker still has to become the user of submissions, see `drop_privileges`.
        else ["--userns", str(mapped), "--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    )
    others = ["pid", "net", "ipc", "uts", "cgroup-try"]
    return ["bwrap", *user, *(f"--unshare-{name}" for name in others), "--die-with-parent", "--hostname", "lakelab"]


def _innermost(paths: Iterable[Path]) -> list[Path]:
    """Return existing folders and files, absolute, without those that lie in another of them."""
    found: list[Path] = []
    for path in sorted({path.absolute() for path in paths if path.exists()}):
        if not any(path.is_relative_to(other) for other in found):
            found.append(path)
    return found


def visible() -> list[Path]:
    """Return what of this machine a sandbox shows, read-only: the system's programs, Python, the course's libraries, data and caches."""
    import lakelab
    from lakelab import home
    from lakelab.spark.java import JavaNotFoundError, find_java

    # An environment's Python is a link, perhaps to another link: each step has to be there.
    program, prefixes = Path(sys.executable), [Path(sys.prefix), Path(sys.base_prefix), Path(sys.exec_prefix)]
    for _ in range(10):
        if not program.is_symlink():
            break
        program = program.parent / program.readlink()
        prefixes.append(program.resolve().parents[1])
    try:
        java = [find_java().executable.resolve().parents[1]]
    except JavaNotFoundError:
        java = []
    package = Path(lakelab.__file__).parent
    data = os.environ.get("LAKELAB_DATA") or package.parent / "data"
    return _innermost([Path("/usr"), *prefixes, package, *java, Path(data), home.cache_path()])


def sandbox_command(folder: Path, bounds: Bounds, environment: Mapping[str, str], command: list[str]) -> list[str]:
    """Return the command that runs `command` in a sandbox.

    `folder`, outside, is for files that describe the sandbox; its subfolder `files` is /files inside, read-only. Of `environment` everything
    but places outside is passed on. The descriptor of a namespace stays open in this process, for the command to inherit.
    """
    import lakelab
    from lakelab import home

    about = folder / "etc"
    about.mkdir(exist_ok=True)
    (folder / "files").mkdir(exist_ok=True)
    (about / "passwd").write_text(f"student:x:{_INSIDE}:{_INSIDE}::{PLACE / 'home'}:/bin/sh\n")
    (about / "group").write_text(f"student:x:{_INSIDE}:\n")
    (about / "hosts").write_text("127.0.0.1 localhost lakelab\n")
    (about / "nsswitch.conf").write_text("passwd: files\ngroup: files\nhosts: files\n")
    shown = visible()
    result = _namespaces(_mapped_namespace())
    # First of all, because the course itself may lie in /tmp: what is shown of it comes on top.
    result += ["--perms", "1777", "--size", str(bounds.files), "--tmpfs", str(PLACE)]
    for parent in sorted({parent for path in shown for parent in path.parents} - {Path("/"), PLACE}):
        result += ["--perms", "0755", "--dir", str(parent)]  # they would come out closed to others
    for path in shown:
        result += ["--ro-bind", str(path), str(path)]
    for name in ("bin", "sbin", "lib", "lib32", "lib64", "libx32"):
        path = Path("/", name)
        if path.is_symlink():
            result += ["--symlink", str(path.readlink()), str(path)]
        elif path.exists():
            result += ["--ro-bind", str(path), str(path)]
    result += ["--perms", "0755", "--dir", "/etc"]
    for name in _ETC:
        result += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
    for file in sorted(about.iterdir()):
        result += ["--ro-bind", str(file), f"/etc/{file.name}"]
    result += ["--ro-bind", str(folder / "files"), "/files", "--proc", "/proc", "--dev", "/dev"]
    result += ["--perms", "1777", "--size", str(SHARED_MEMORY), "--tmpfs", "/dev/shm"]
    result += ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/", "--clearenv"]
    package = Path(lakelab.__file__).parent
    inside = {key: value for key, value in environment.items() if not _OUTSIDE.fullmatch(key)} | {
        "TMPDIR": str(PLACE),
        "HOME": str(PLACE / "home"),
        "USER": "student",
        "JUPYTER_RUNTIME_DIR": str(PLACE / "runtime"),
        "LAKELAB_CACHE": str(home.cache_path()),
        "LAKELAB_DATA": environment.get("LAKELAB_DATA") or str(package.parent / "data"),
    }
    if not package.is_relative_to(sys.prefix):
        inside["PYTHONPATH"] = str(package.parent)  # a working tree, which need not be the one that is installed
    for key, value in sorted(inside.items()):
        result += ["--setenv", key, value]
    return [*result, "--", *command]
