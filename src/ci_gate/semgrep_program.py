"""Which Semgrep is run, and what tells it from another."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path


def find_program() -> Path | None:
    """The Semgrep beside this interpreter, else the one on the path."""
    beside = Path(sys.executable).parent / "semgrep"
    if beside.is_file() and os.access(beside, os.X_OK):
        return beside
    found = shutil.which("semgrep")
    return Path(found) if found else None


def find_engine(program: Path) -> Path | None:
    """The binary that ``program`` turns into for an experimental scan, where it is of the package
    beside this interpreter: started at once it saves a start of Python, a third of a small scan."""
    import sysconfig  # noqa: PLC0415  a scan that finds its result starts nothing

    if program.parent != Path(sys.executable).parent:
        return None
    for kind in ("platlib", "purelib"):  # not all of the path: the scanned tree may be on it
        found = Path(sysconfig.get_path(kind)) / "semgrep" / "bin" / "semgrep-core"
        if found.is_file() and os.access(found, os.X_OK):
            return found
    return None


def installed_version() -> str | None:
    """The version of the Python package, as the name of its metadata's folder tells it."""
    for folder in sys.path:
        for found in Path(folder).glob("semgrep-*.dist-info"):
            return found.name.removesuffix(".dist-info").partition("-")[2]
    return None


def identity() -> list[str]:
    """What tells the Semgrep that would be run from another one."""
    program = find_program()
    if program is None:
        return []
    status = program.stat()
    return [str(program), str(status.st_size), str(status.st_mtime_ns)]
