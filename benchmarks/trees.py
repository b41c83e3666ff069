"""The trees that are scanned: the demo, two open-source projects, or generated ones."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from generate import LAYERS, generate

from ci_gate.codemodel.places import is_test

#: what stands for each size: repository, tag, and the generated service where it cannot be had
FETCHED = {
    "medium": ("https://github.com/netbox-community/netbox", "v4.4.0"),
    "outline": ("https://github.com/outline/outline", "v1.0.0"),
}
GENERATED = {
    "medium": (60, 5, 12, "python"),
    "large": (200, 5, 60, "python"),
    "outline": (80, 5, 10, "typescript"),
}
_SOURCES = (".py", ".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx")
_TIMEOUT = 600.0


@dataclass(frozen=True, slots=True)
class Subject:
    """A tree to scan. ``edited`` is the source that the scan after an edit finds changed, ``test``
    one of its tests."""

    name: str
    what: str
    folder: Path
    files: int
    lines: int
    edited: Path
    test: Path | None


def subject(name: str, work: Path, given: Path | None, *, fetch: bool) -> Subject:
    """The tree ``name``: a copy of ``given``, else as fetched, else generated."""
    folder = work / name
    shutil.rmtree(folder, ignore_errors=True)
    what = ""
    if given is not None:
        shutil.copytree(given, folder, symlinks=True, ignore=shutil.ignore_patterns(".git"))
        what = given.name
    elif fetch and name in FETCHED and _fetched(*FETCHED[name], folder):
        what = f"{FETCHED[name][0].rpartition('/')[2]} {FETCHED[name][1]}"
    else:
        features, entities, methods, language = GENERATED[name]
        generate(folder, features, entities, methods, language)
        what = f"generated: {features} features of {entities} entities"
    return described(name, what, folder)


def grown(files: int, work: Path) -> Subject:
    """A generated Python service of about so many files."""
    folder = work / f"growth-{files}"
    shutil.rmtree(folder, ignore_errors=True)
    per_feature = 5 * LAYERS + 5
    generate(folder, max(1, files // per_feature), 5, 8)
    return described(f"{files} files", "generated", folder)


def described(name: str, what: str, folder: Path) -> Subject:
    """Count, and choose the file in the middle of those that are no tests as the one to edit."""
    if not (folder / ".git").exists():
        _git(folder, "init", "--quiet")
        _git(folder, "add", "--all")
    sources = sorted(
        path
        for path in folder.rglob("*")
        if path.suffix in _SOURCES and path.is_file() and ".git" not in path.parts
    )
    lines = sum(path.read_bytes().count(b"\n") for path in sources)
    inner = [
        path
        for path in sources
        if "test" not in str(path.relative_to(folder)) and path.stat().st_size > 1000
    ]
    tests = [path for path in sources if is_test(path.name)]
    return Subject(
        name, what, folder, len(sources), lines, (inner or sources)[len(inner) // 2],
        tests[len(tests) // 2] if tests else None,
    )  # fmt: skip


def edit(path: Path, number: int) -> None:
    """A small change, another one each time: one more function."""
    with path.open("a", encoding="utf-8") as stream:
        if path.suffix == ".py":
            stream.write(f"\n\ndef added_{number}(value: int) -> int:\n    return value + 1\n")
        else:
            stream.write(f"\nfunction added{number}(value) {{\n  return value + 1;\n}}\n")


def _fetched(address: str, tag: str, folder: Path) -> bool:
    try:
        done = subprocess.run(
            ["git", "clone", "--quiet", "--depth=1", f"--branch={tag}", address, str(folder)],
            capture_output=True, timeout=_TIMEOUT, check=False,
            env={**os.environ, "GIT_TERMINAL_PROMPT": "0"},
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _git(folder: Path, *args: str) -> None:
    subprocess.run(["git", *args], cwd=folder, check=True, capture_output=True)
