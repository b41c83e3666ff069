"""Starts one untrusted program, watches over it, and ends everything that it started.

Runs as a script in a Python of its own with an empty environment (:mod:`ci_gate.contract.processes`
starts it), so that nothing of the gate's memory or settings is inherited. One line of JSON on
standard input says what to run; when standard input ends, so does the program, also if the gate was
killed. A failure to start is written to the descriptor ``status``.

With ``namespaces`` the program sees its own processes only, a read-only file system apart from the
``writable`` folders, and none of the folders that are covered. Without, it is at least found again:
children that leave their session become children of this process.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import resource
import select
import signal
import struct
import sys
import time
from typing import Any, Final, NoReturn

_NEWNS: Final = 0x00020000
_NEWIPC: Final = 0x08000000
_NEWUSER: Final = 0x10000000
_NEWPID: Final = 0x20000000
_MS_NOSUID, _MS_NODEV, _MS_NOEXEC = 2, 4, 8
_MS_BIND, _MS_REC, _MS_PRIVATE = 4096, 16384, 1 << 18
_MOUNT_SETATTR: Final = 442
_AT_FDCWD: Final = -100
_AT_RECURSIVE: Final = 0x8000
_ATTR_RDONLY: Final = 1
_PDEATHSIG, _DUMPABLE, _SUBREAPER, _NO_NEW_PRIVS = 1, 4, 36, 38

_TICK: Final = 250  # milliseconds between two looks at what the program uses
_FILE_BYTES: Final = 4 << 30
_TMPFS: Final = "size=512m,mode="

Job = dict[str, Any]


def main() -> NoReturn:
    job: Job = json.loads(_line(0))
    os.set_inheritable(job["status"], False)
    try:
        code = _in_namespaces(job) if job["namespaces"] else _beside(job)
    except OSError as error:
        _fail(job, "launch", error)
    os._exit(code)


def _line(fd: int) -> bytes:
    """One line, and not a byte more."""
    found = b""
    while not found.endswith(b"\n"):
        chunk = os.read(fd, 1)
        if not chunk:
            os._exit(125)
        found += chunk
    return found


def _fail(job: Job, stage: str, error: OSError) -> NoReturn:
    text = {"stage": stage, "errno": error.errno, "text": error.strerror or str(error)}
    os.write(job["status"], json.dumps(text).encode())
    os._exit(125)


# --- with namespaces: a child is process 1 of its own world, and all ends with it ---


def _in_namespaces(job: Job) -> int:
    own_user = os.geteuid() != 0
    uid, gid = os.getuid(), os.getgid()
    _call("unshare", _NEWNS | _NEWIPC | _NEWPID | (_NEWUSER if own_user else 0))
    if own_user:
        for name, text in (("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"),
                           ("gid_map", f"{gid} {gid} 1")):  # fmt: skip
            with open(f"/proc/self/{name}", "wb") as stream:  # noqa: PTH123
                stream.write(text.encode())
    child = os.fork()
    if child == 0:
        try:
            _prctl(_PDEATHSIG, signal.SIGKILL)
            _no_input()
            _furnish(job)
            os._exit(_supervise(job, alone=True))
        except OSError as error:
            _fail(job, "launch", error)
    os.close(job["status"])
    signal.signal(signal.SIGTERM, lambda *_: _kill(child, signal.SIGTERM))
    poll = select.poll()
    poll.register(0, select.POLLIN)
    poll.register(os.pidfd_open(child), select.POLLIN)
    if any(fd == 0 for fd, _ in poll.poll()):
        _kill(child, signal.SIGKILL)
    return _code(os.waitpid(child, 0)[1])  # returns when nothing of its namespace is left


def _furnish(job: Job) -> None:
    """The file system as the program is to see it."""
    _mount(None, "/", None, _MS_REC | _MS_PRIVATE)
    kept = {path: _handle(path) for cover in job["covers"] for path in cover["keep"]}
    writable = {path: _handle(path) for path in job["writable"]}
    for cover in job["covers"]:
        path = cover["path"]
        if not os.path.isdir(path):  # noqa: PTH112  # below another one
            continue
        _mount("tmpfs", path, "tmpfs", _MS_NOSUID | _MS_NODEV, _TMPFS + cover["mode"])
        for place in cover["keep"]:
            _bind(kept[place], place)
    for path in job["masks"]:
        if os.path.isdir(path):  # noqa: PTH112
            _mount("tmpfs", path, "tmpfs", _MS_NOSUID | _MS_NODEV, "size=4k,mode=755")
        elif os.path.isfile(path):  # noqa: PTH113
            _mount("/dev/null", path, None, _MS_BIND)
    for path, handle in writable.items():
        _bind(handle, path)
    _set_read_only("/", on=True)
    shared = [c["path"] for c in job["covers"] if c["mode"] == "1777"]
    for path in (*writable, *shared):
        _set_read_only(path, on=False)
    _mount("proc", "/proc", "proc", _MS_NOSUID | _MS_NODEV | _MS_NOEXEC)


def _handle(path: str) -> int:
    return os.open(path, os.O_PATH | os.O_CLOEXEC)


def _bind(handle: int, path: str) -> None:
    if not os.path.lexists(path):
        os.makedirs(path, 0o755)  # noqa: PTH103
    _mount(f"/proc/self/fd/{handle}", path, None, _MS_BIND | _MS_REC)


def _set_read_only(path: str, *, on: bool) -> None:
    attributes = struct.pack("QQQQ", _ATTR_RDONLY * on, _ATTR_RDONLY * (not on), 0, 0)
    flags = _AT_RECURSIVE if on else 0
    _call("syscall", _MOUNT_SETATTR, _AT_FDCWD, path.encode(), flags, attributes, len(attributes))


# --- without: what leaves the session comes back to this process ---


def _beside(job: Job) -> int:
    if sys.platform == "linux":
        _prctl(_SUBREAPER, 1)
    return _supervise(job, alone=False)


def _supervise(job: Job, *, alone: bool) -> int:
    """Run the program and wait for its end, its stop, or its taking too much.

    ``alone``: all processes to be seen are its own, and end with this one.
    """
    program = os.fork()
    if program == 0:
        _become(job)
    os.close(job["status"])
    if sys.platform == "linux":
        _prctl(_DUMPABLE, 0)  # its memory and its rights are nothing to the program
    signal.signal(signal.SIGTERM, lambda *_: _kill(-program, signal.SIGTERM))
    poll = select.poll()
    if not alone:
        poll.register(0, select.POLLIN)
    if sys.platform == "linux":
        poll.register(os.pidfd_open(program), select.POLLIN)
    while True:
        stopped = any(fd == 0 for fd, _ in poll.poll(_TICK))
        ended, status = os.waitpid(program, os.WNOHANG)
        if ended or stopped:
            break
        excess = _excess(job, alone=alone)
        if excess:
            os.write(1, f"\nci-gate: ended, as {excess}\n".encode())
            break
        _collect(program)
    if not alone:
        _kill(-program, signal.SIGKILL)
        _end_descendants()
    return _code(status) if ended else 128 + signal.SIGKILL


def _become(job: Job) -> NoReturn:
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        os.setsid()
        _no_input()
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (_FILE_BYTES, _FILE_BYTES))
        if sys.platform == "linux":
            with open("/proc/self/oom_score_adj", "wb") as stream:  # noqa: PTH123
                stream.write(b"1000")
        if job["uid"] is not None:
            os.setgroups([])
            os.setresgid(job["gid"], job["gid"], job["gid"])
            os.setresuid(job["uid"], job["uid"], job["uid"])
        if sys.platform == "linux":
            _prctl(_NO_NEW_PRIVS, 1)
        os.umask(0o022)
        os.chdir(job["cwd"])
        _execute(job["command"], job["env"])
    except OSError as error:
        _fail(job, "exec", error)


def _execute(command: list[str], env: dict[str, str]) -> NoReturn:
    """As ``os.execvpe``, which would import modules that may be out of sight by now."""
    refused: OSError = FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
    name = command[0]
    folders = [""] if "/" in name else env.get("PATH", os.defpath).split(os.pathsep)
    for folder in folders:
        try:
            os.execve(f"{folder}/{name}" if folder else name, command, env)
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            refused = error
    raise refused


def _no_input() -> None:
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)


def _excess(job: Job, *, alone: bool) -> str:
    """What the program and its children take too much of."""
    pids = _all() if alone else _descendants()
    if len(pids) > job["processes"]:
        return f"it runs more than {job['processes']} processes"
    memory = sum(_memory(pid) for pid in pids)
    if memory > job["memory"]:
        return f"it and its children use more than {job['memory'] >> 20} MiB of memory"
    return ""


def _memory(pid: int) -> int:
    """Bytes of memory that only this process has."""
    try:
        with open(f"/proc/{pid}/statm", "rb") as stream:  # noqa: PTH123
            fields = stream.read().split()
    except OSError:
        return 0
    return (int(fields[1]) - int(fields[2])) * os.sysconf("SC_PAGE_SIZE") if fields else 0


def _all() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdigit() and name != "1"]  # noqa: PTH208


def _descendants() -> list[int]:
    """Processes that came from this one."""
    if sys.platform != "linux":
        return []
    children: dict[int, list[int]] = {}
    for pid in _all():
        try:
            with open(f"/proc/{pid}/stat", "rb") as stream:  # noqa: PTH123
                parent = int(stream.read().rpartition(b")")[2].split()[1])
        except (OSError, IndexError):
            continue
        children.setdefault(parent, []).append(pid)
    found: list[int] = []
    queue = [os.getpid()]
    while queue:
        below = children.get(queue.pop(), [])
        found += below
        queue += below
    return found


def _end_descendants() -> None:
    """Kill until there is nothing left to kill."""
    while left := [pid for pid in _descendants() if not _is_dead(pid)]:
        for pid in left:
            _kill(pid, signal.SIGKILL)
        time.sleep(0.005)


def _is_dead(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat", "rb") as stream:  # noqa: PTH123
            return stream.read().rpartition(b")")[2].split()[0] in (b"Z", b"X")
    except (OSError, IndexError):
        return True


def _collect(program: int) -> None:
    """Collect ended children that were left to this process, but not the program."""
    while sys.platform == "linux":
        try:
            ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:
            return
        if ended is None or ended.si_pid == program:
            return
        os.waitpid(ended.si_pid, 0)


def _kill(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except (ProcessLookupError, PermissionError):
        return


def _code(status: int) -> int:
    code = os.waitstatus_to_exitcode(status)
    return 128 - code if code < 0 else code


# --- system calls that Python has no name for ---


def _mount(source: str | None, target: str, kind: str | None, flags: int, data: str = "") -> None:
    texts = [None if text is None else os.fsencode(text) for text in (source, target, kind)]
    _call("mount", *texts, ctypes.c_ulong(flags), data.encode() or None)


def _prctl(option: int, value: int) -> None:
    unsigned = ctypes.c_ulong
    _call("prctl", option, unsigned(value), unsigned(0), unsigned(0), unsigned(0))


def _call(name: str, *arguments: object) -> None:
    function = getattr(ctypes.CDLL(None, use_errno=True), name, None)
    if function is None:
        raise OSError(errno.ENOSYS, f"no {name} on this system")
    if function(*arguments) != 0:
        number = ctypes.get_errno()
        place = next((os.fsdecode(a) for a in arguments if isinstance(a, bytes)), "")
        raise OSError(number, f"{name} {place}: {os.strerror(number)}")


if __name__ == "__main__":
    main()
