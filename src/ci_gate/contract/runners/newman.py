"""Where newman comes from: PATH, else npm, at the versions that this gate was tested with."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from importlib import resources
from pathlib import Path
from typing import Final

from ci_gate.contract.processes import environment
from ci_gate.contract.runners.text import plain
from ci_gate.data import dataclass

_FILES: Final = ("package.json", "package-lock.json")
_FETCH_SECONDS: Final = 300.0
#: npm reaches its registry through these. No code of the project runs while it fetches.
_NPM_SETTINGS: Final = ("http_proxy", "https_proxy", "no_proxy", "node_extra_ca_certs")


@dataclass(frozen=True, slots=True)
class Found:
    """The command, or a sentence on what is missing."""

    command: str | None = None
    missing: str | None = None


def find_newman(home: Path) -> Found:
    """newman's command; fetched into the user's cache where it is not on PATH."""
    on_path = shutil.which("newman")
    if on_path:
        return Found(on_path)
    npm = shutil.which("npm")
    if npm is None:
        return Found(
            missing="newman is not on PATH, and neither is npm to fetch it with; install Node.js "
            f"16 or newer, or newman itself: npm install --global newman@{_version()}"
        )
    place = _cache(home) / f"newman-{_version()}-{_lock_id()}"
    command = place / "node_modules" / ".bin" / "newman"
    if not command.exists():
        error = _fetch(npm, place)
        if error is not None:
            return Found(missing=error)
    return Found(str(command))


def _fetch(npm: str, place: Path) -> str | None:
    """Install into ``place``, all or nothing, exactly what the lock file names."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent, ignore_cleanup_errors=True) as scratch:
        made = Path(scratch, "newman")
        made.mkdir()
        for name in _FILES:
            made.joinpath(name).write_bytes(_packaged(name))
        command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        # npm is the machine's own program, and no code of the project runs: it is not isolated.
        try:
            done = subprocess.run(
                command, cwd=made, env=_npm_environment(Path(scratch)), stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=_FETCH_SECONDS,
                check=False,
            )  # fmt: skip
        except OSError as error:
            return f"newman is not on PATH, and npm cannot be run: {error.strerror or error}"
        except subprocess.TimeoutExpired:
            return _not_fetched(f"npm took more than {_FETCH_SECONDS:.0f} s")
        if done.returncode != 0:
            said = plain(done.stdout.decode("utf-8", "replace"), 300)
            return _not_fetched(said or f"npm ended with {done.returncode}")
        try:
            made.rename(place)
        except OSError:  # another run was faster
            return None if place.is_dir() else f"newman cannot be kept in {place.parent.name}"
    return None


def _not_fetched(why: str) -> str:
    return (
        f"newman is not on PATH, and npm could not fetch it ({why}); install it: "
        f"npm install --global newman@{_version()}"
    )


def _npm_environment(scratch: Path) -> dict[str, str]:
    """npm has the user's home, where the address of a company's registry may stand."""
    kept = {
        key: value
        for key, value in os.environ.items()
        if key.lower() in _NPM_SETTINGS or key.lower().startswith("npm_config_")
    }
    return environment(scratch, {**kept, "HOME": os.environ.get("HOME", str(scratch))})


def _cache(home: Path) -> Path:
    """A folder that outlives the run, if there is one that can be written to."""
    try:
        chosen = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        cache = chosen / "constraint-gate"
        cache.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):  # read-only, or a user without a home
        return home
    return cache if os.access(cache, os.W_OK) else home


def _packaged(name: str) -> bytes:
    return resources.files("ci_gate.contract.runners").joinpath("npm", name).read_bytes()


def _version() -> str:
    version: str = json.loads(_packaged("package.json"))["dependencies"]["newman"]
    return version


def _lock_id() -> str:
    return hashlib.sha256(_packaged("package-lock.json")).hexdigest()[:8]
