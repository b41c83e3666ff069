"""How far programs of the project can be kept from what is the gate's: its environment and memory,
its files, its user.

``namespaces``: they see processes of their own only, and a read-only file system. ``user``: the
gate is root without the right to make namespaces (a container), and they run as another user.
``none``: they run as the gate's own user; what they start is still found and ended, but they could
read the gate's environment, so that they are not started where that holds a secret.
"""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from ci_gate.regex import regex

Isolation = Literal["namespaces", "user", "none"]

#: How many processes and how much memory a program may have with all that it starts.
PROCESSES: Final = 1024

LAUNCHER: Final = (sys.executable, "-ISB", str(Path(__file__).with_name("launcher.py")))

#: Names of environment variables that hold secrets, or say that a parent process does.
_SECRET: Final = regex(
    r"(?:^|_)(?:TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?|PRIVATE_KEY|API_?KEY|ACCESS_KEY)(?:_|$)"
    r"|TOKEN$|^AWS_|^ACTIONS_|^GITHUB_ACTIONS$|^GITLAB_CI$",
    re.IGNORECASE,
)
_NOT_SECRET: Final = regex(
    r"^AWS_(?:(?:DEFAULT_)?REGION|CA_BUNDLE|DEFAULT_OUTPUT|PAGER|PROFILE|MAX_ATTEMPTS|RETRY_MODE"
    r"|SDK_\w+|EC2_METADATA_\w+)$|^ACTIONS_(?:RUNNER|STEP)_DEBUG$"
)
#: Of /run, what looking up host names needs.
_RESOLVERS: Final = (
    "/run/systemd/resolve",
    "/run/resolvconf",
    "/run/NetworkManager/resolv.conf",
    "/run/nscd",
)
#: In git's settings: a header with a token, a password in an address, a file that holds them.
_CREDENTIALS: Final = regex(
    rb"extraheader\s*=\s*\S|://[^/\s@]*:[^/\s@]+@|git-credentials", re.IGNORECASE
)
_SETTINGS_BYTES: Final = 1024 * 1024
_hidden_roots: set[Path] = set()
_hidden: set[Path] = set()
_LINKS: Final = 8000  # symbolic links of PATH that are followed


@cache
def isolation() -> Isolation:
    """What this machine allows. Tried for real, once."""
    if sys.platform == "linux" and _namespaces_work():
        return "namespaces"
    return "user" if os.geteuid() == 0 and sys.platform == "linux" else "none"


def refusal() -> str | None:
    """Why programs of the project must not be started here; None where they may be."""
    if isolation() == "namespaces":
        return None
    if (file := _credentials()) is not None:
        return (
            f"programs of the project could read the credentials in {file}, as processes cannot be "
            "isolated here (no user namespaces); set persist-credentials: false for "
            "actions/checkout"
        )
    if isolation() == "user":
        return None
    name = next(iter(sorted(secrets_here())), None)
    if name is None:
        return None
    return (
        f"programs of the project could read {name} from the environment of this job, as processes "
        "cannot be isolated here (no user namespaces); run the contract in a job without secrets, "
        "or the gate in its container (the Action)"
    )


def secrets_here() -> set[str]:
    """Names in the environment of this process, and of its parents, that look like secrets."""
    found = _secret_names(os.environ)
    pid = os.getppid()
    while pid > 1:
        try:
            stat = Path(f"/proc/{pid}/stat").read_bytes()
        except OSError:
            break
        try:
            entries = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
        except OSError:
            entries = []  # nor could a program of this user read it
        found |= _secret_names(os.fsdecode(entry.partition(b"=")[0]) for entry in entries)
        pid = int(stat.rpartition(b")")[2].split()[1])
    return found


def _secret_names(names: Iterable[str]) -> set[str]:
    return {name for name in names if _SECRET.search(name) and not _NOT_SECRET.match(name)}


def job(
    command: Sequence[str],
    cwd: Path,
    env: Mapping[str, str],
    writable: Iterable[Path],
    readable: Iterable[Path] = (),
) -> dict[str, Any]:
    """What the launcher is told, but for the descriptor. As root, ``writable`` changes hands.

    Raises:
        PermissionError: ``writable`` holds the home of the gate's user, or a folder around it.
    """
    wanted = dict.fromkeys(path.resolve() for path in writable)
    # One below another is part of it: mounted first, it would be out of sight.
    folders = [str(path) for path in wanted if wanted.keys().isdisjoint(path.parents)]
    homes = {os.path.realpath(Path("~").expanduser()), os.path.realpath(_home())} - {"/"}
    for folder in folders:
        if folder == "/" or any(Path(home).is_relative_to(folder) for home in homes):
            raise PermissionError(errno.EPERM, "a program of the project may not write there")
    uid, gid = user()
    if uid is not None and gid is not None:
        for folder in folders:
            _hand_over(folder, uid, gid)
    namespaces = isolation() == "namespaces"
    tools = [] if not namespaces else _tools(command, env, folders)
    tools += [os.path.realpath(path) for path in readable]
    return {
        "command": list(command),
        "cwd": str(cwd.resolve()),
        "env": dict(env),
        "uid": uid,
        "gid": gid,
        "namespaces": namespaces,
        "writable": folders,
        "covers": _covers(tools, folders) if namespaces else [],
        "masks": _masks() if namespaces else [],
        "memory": memory_limit(),
        "processes": PROCESSES,
    }


def user() -> tuple[int | None, int | None]:
    """The user that programs of the project run as; None for the gate's own."""
    if os.geteuid() != 0 or sys.platform != "linux":
        return None, None
    import pwd  # noqa: PLC0415

    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        return 65534, 65534
    return entry.pw_uid, entry.pw_gid


def _hand_over(folder: str, uid: int, gid: int) -> None:
    """Give a folder and what is in it to another user. The program that runs there may change it
    meanwhile: links are not followed, and what has a second name elsewhere is left alone."""
    os.chown(folder, uid, gid, follow_symlinks=False)
    try:
        for _, folders, files, at in os.fwalk(folder, follow_symlinks=False):
            for name in (*folders, *files):
                try:
                    status = os.stat(name, dir_fd=at, follow_symlinks=False)
                    if status.st_uid != uid and (name in folders or status.st_nlink == 1):
                        os.chown(name, uid, gid, dir_fd=at, follow_symlinks=False)
                except OSError:
                    continue
    except RecursionError:
        raise OSError(errno.ENAMETOOLONG, "folders are nested too deeply") from None


def _covers(tools: Sequence[str], writable: Sequence[str]) -> list[dict[str, Any]]:
    """Folders that are replaced by empty ones, with what of them is still to be seen."""
    homes = sorted({str(Path("~").expanduser()), _home()} - {"/"})
    wanted = [
        _cover("/tmp", tools, "1777"),
        _cover("/var/tmp", tools, "1777"),
        _cover("/dev/shm", (), "1777"),
        _cover("/run", tools, "755", _RESOLVERS),
        _cover("/var/run", tools, "755"),
        *(_cover(home, tools, "755") for home in homes),
    ]
    used = {*tools, *writable}
    found = {cover["path"]: cover for cover in reversed(wanted) if cover is not None}
    return [cover for path, cover in reversed(found.items()) if path not in used]


def _cover(
    folder: str, kept: Iterable[str], mode: str, exactly: Iterable[str] = ()
) -> dict[str, Any] | None:
    """``kept`` stays with all that lies beside it, ``exactly`` by itself."""
    place = Path(folder)
    if place.is_symlink() or not place.is_dir():
        return None
    below = {
        str(place / Path(path).relative_to(place).parts[0])
        for path in kept
        if Path(path) != place and Path(path).is_relative_to(place)
    }
    seen = sorted(path for path in (*below, *exactly) if Path(path).exists())
    return {"path": folder, "keep": seen, "mode": mode}


def _home() -> str:
    import pwd  # noqa: PLC0415

    try:
        return pwd.getpwuid(os.getuid()).pw_dir
    except KeyError:
        return "/"


def _tools(command: Sequence[str], env: Mapping[str, str], own: Sequence[str]) -> list[str]:
    """Folders that the program needs: those on its paths, and where their links lead to; without
    those below its ``own``."""
    paths = [sys.prefix, sys.base_prefix]
    for name in ("PATH", "PYTHONPATH", "NODE_PATH", "LD_LIBRARY_PATH"):
        paths += env.get(name, "").split(os.pathsep)
    paths += [part for part in command if part.startswith("/")]
    paths.append(shutil.which(command[0], path=env.get("PATH")) or "")
    found = [path for path in dict.fromkeys(paths) if path.startswith("/")]
    found = [path for path in found if not _is_below(path, own)]
    found += _targets(tuple(found))
    return [os.path.normpath(path) for path in found]


def _is_below(path: str, folders: Sequence[str]) -> bool:
    return any(Path(path).is_relative_to(folder) for folder in folders)


@cache
def _targets(paths: tuple[str, ...]) -> list[str]:
    """Where these paths, and the symbolic links in these folders, lead to."""
    found = {os.path.realpath(path) for path in paths}
    left = _LINKS
    for path in paths:
        try:
            with os.scandir(path) as entries:
                for entry in entries:
                    left -= 1
                    if left > 0 and entry.is_symlink():
                        found.add(os.path.realpath(entry.path))
        except OSError:
            continue
    return sorted(found)


def hide(root: Path, git: Iterable[Path] = ()) -> None:
    """Keep the repository that the tree at ``root`` is from, which is kept in the folders ``git``,
    out of sight of every program that is started from now on."""
    _hidden_roots.add(root.resolve())
    _hidden.update(git)


def _masks() -> list[str]:
    """Folders of git, whose settings hold the token that the sources were fetched with."""
    starts = [Path.cwd(), Path(os.environ.get("GITHUB_WORKSPACE", "/")), *_hidden_roots]
    folders = {folder for start in starts for folder in (start, *start.parents)}
    found = {path for folder in folders if (path := folder / ".git").exists()}
    return sorted(map(str, found | {path for path in _hidden if path.exists()}))


def _credentials() -> Path | None:
    """A file of git's that holds credentials, and can be read by every user."""
    for place in _masks():
        file = Path(place, "config")
        try:
            everyone = stat.S_IROTH & file.stat().st_mode
            if everyone and _CREDENTIALS.search(file.read_bytes()[:_SETTINGS_BYTES]):
                return file
        except OSError:
            continue
    return None


def memory_limit() -> int:
    try:
        there = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        there = 8 << 30
    return min(4 << 30, there // 2)


def _namespaces_work() -> bool:
    """Does a program start in namespaces of its own?"""
    trial: dict[str, Any] = {
        "command": ["/bin/sh", "-c", "exit 42"], "cwd": "/", "env": {}, "uid": None, "gid": None,
        "namespaces": True, "writable": [], "covers": _covers((), ()), "masks": [],
        "memory": 1 << 40, "processes": 1024,
    }  # fmt: skip
    reader, writer = os.pipe()
    try:
        process = subprocess.Popen(LAUNCHER, env={}, cwd="/", stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, pass_fds=(writer,))  # fmt: skip
        assert process.stdin is not None
        with process, process.stdin as order:
            order.write(json.dumps({**trial, "status": writer}).encode() + b"\n")
            order.flush()
            return process.wait(20) == 42
    except (OSError, subprocess.TimeoutExpired):
        return False
    finally:
        os.close(reader)
        os.close(writer)
