"""A corpus of labelled services: what its files say, and trees with a patch applied.

The format is in docs/evaluation.md.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ci_gate.repository import FOREIGN

DETECTABLE: Final = ("local", "cross-file", "runtime-only")
LANGUAGES: Final = {
    "python": (".py",),
    "javascript": (".js", ".mjs", ".cjs", ".jsx"),
    "typescript": (".ts", ".mts", ".cts", ".tsx"),
}


class BadInput(Exception):
    """The corpus or the command line cannot be used; the message says what is wrong where."""


@dataclass(frozen=True, slots=True)
class Place:
    """Lines of a file; both ends belong to it."""

    path: str
    start: int
    end: int

    def __str__(self) -> str:
        lines = f"{self.start}" if self.end == self.start else f"{self.start}-{self.end}"
        return f"{self.path}:{lines}"


@dataclass(frozen=True, slots=True)
class App:
    """A clean service."""

    name: str
    folder: Path
    language: str


@dataclass(frozen=True, slots=True)
class Defect:
    """A pull request with one defect. The first of its places is the labelled one."""

    app: App
    id: str
    patch: Path
    group: str
    cls: str
    detectable: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class LookAlike:
    """A harmless pull request that looks like a defect of a group."""

    app: App
    id: str
    patch: Path
    group: str


@dataclass(frozen=True, slots=True)
class Corpus:
    apps: tuple[App, ...]
    defects: tuple[Defect, ...]
    look_alikes: tuple[LookAlike, ...]

    def select(self, languages: Sequence[str], groups: Sequence[str]) -> Corpus:
        """The part in these languages with labels of these groups; no choice means all."""
        known = {d.group for d in self.defects} | {d.group for d in self.look_alikes}
        if unknown := sorted(set(groups) - known):
            raise BadInput(
                f"no label of group {', '.join(unknown)}; there are {', '.join(sorted(known))}"
            )
        apps = tuple(a for a in self.apps if not languages or a.language in languages)
        if not apps:
            raise BadInput(f"no service in {', '.join(languages)}")

        def wanted(label: Defect | LookAlike) -> bool:
            return label.app in apps and (not groups or label.group in groups)

        return Corpus(
            apps,
            tuple(filter(wanted, self.defects)),
            tuple(filter(wanted, self.look_alikes)),
        )


def read_corpus(root: Path) -> Corpus:
    """All services and labels below ``root``."""
    folders = sorted(p for p in _folder(root / "apps").iterdir() if p.is_dir())
    if not folders:
        raise BadInput(f"{root / 'apps'} has no service in it")
    apps = {folder.name: App(folder.name, folder, _language(folder)) for folder in folders}
    defects: list[Defect] = []
    look_alikes: list[LookAlike] = []
    mutants = _folder(root / "mutants") if (root / "mutants").exists() else None
    for folder in sorted(p for p in mutants.iterdir() if p.is_dir()) if mutants else ():
        if folder.name not in apps:
            raise BadInput(f"{folder}: there is no service apps/{folder.name}")
        for patch in sorted(folder.glob("*.patch")):
            label = _label(patch.with_suffix(".json"))
            if "looks_like" in label.values:
                group = label.text("looks_like")
                look_alikes.append(LookAlike(apps[folder.name], patch.stem, patch, group))
            else:
                defects.append(_defect(apps[folder.name], patch, label))
        for path in sorted(folder.glob("*.json")):
            if not path.with_suffix(".patch").exists():
                raise BadInput(f"{path}: there is no {path.stem}.patch beside it")
    return Corpus(tuple(apps.values()), tuple(defects), tuple(look_alikes))


@contextmanager
def tree(app: App, patch: Path | None = None) -> Iterator[Path]:
    """A copy of the service in a git repository of its own, with the patch applied.

    Installed packages and build output are left out.
    """
    with tempfile.TemporaryDirectory(prefix="ci-gate-eval-") as scratch:
        root = Path(scratch).resolve() / app.name
        shutil.copytree(app.folder, root, symlinks=True, ignore=shutil.ignore_patterns(*FOREIGN))
        _git(root, "init", "--quiet")
        if patch is not None:
            try:
                _git(root, "apply", "--whitespace=nowarn", str(patch.resolve()))
            except BadInput as error:
                raise BadInput(f"{patch} does not apply to {app.folder}: {error}") from error
        yield root


def check_labels(corpus: Corpus) -> None:
    """Every patch applies, and every labelled place is in the patched tree."""
    for look_alike in corpus.look_alikes:
        with tree(look_alike.app, look_alike.patch):
            pass
    for defect in corpus.defects:
        with tree(defect.app, defect.patch) as root:
            for place in defect.places:
                _check_place(place, root, defect.patch.with_suffix(".json"))


def _check_place(place: Place, root: Path, label: Path) -> None:
    file = root / place.path
    if not file.resolve().is_relative_to(root) or not file.is_file():
        raise BadInput(f"{label}: the patched service has no file {place.path}")
    lines = file.read_bytes().count(b"\n") + 1
    if place.end > lines:
        raise BadInput(f"{label}: {place.path} has {lines} lines in the patched service, "
                        f"the label names line {place.end}")  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Label:
    """A label file's object, read with the file's name in each complaint."""

    path: Path
    values: dict[str, Any]

    def text(self, key: str) -> str:
        value = self.values.get(key)
        if not isinstance(value, str) or not value:
            raise BadInput(f"{self.path}: {key} has to be a text that is not empty")
        return value

    def line(self, key: str) -> int:
        value = self.values.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise BadInput(f"{self.path}: {key} has to be a line number from 1 on")
        return value

    def also_ok(self) -> Iterator[Place]:
        value = self.values.get("also_ok", [])
        for entry in value if isinstance(value, list) else [None]:
            path, _, lines = entry.rpartition(":") if isinstance(entry, str) else ("", "", "")
            start, _, end = lines.partition("-")
            numbers = [int(n) for n in (start, end or start) if n.isdecimal()]
            if not path or len(numbers) != 2 or not 1 <= numbers[0] <= numbers[1]:
                raise BadInput(f"{self.path}: also_ok has to be a list of PATH:LINE or "
                                f"PATH:FIRST-LAST, not {entry!r}")  # fmt: skip
            yield Place(path, *numbers)


def _label(path: Path) -> _Label:
    try:
        values = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise BadInput(f"{path.with_suffix('.patch')} has no label {path.name} beside it") from None
    except (OSError, ValueError) as error:
        raise BadInput(f"{path} is not JSON: {error}") from error
    if not isinstance(values, dict):
        raise BadInput(f"{path} has to hold one JSON object")
    return _Label(path, values)


def _defect(app: App, patch: Path, label: _Label) -> Defect:
    detectable = label.text("static_detectable")
    if detectable not in DETECTABLE:
        raise BadInput(f"{label.path}: static_detectable has to be one of {', '.join(DETECTABLE)}")
    start = label.line("line")
    end = label.line("end_line") if "end_line" in label.values else start
    if end < start:
        raise BadInput(f"{label.path}: end_line {end} is before line {start}")
    places = (Place(label.text("file"), start, end), *label.also_ok())
    return Defect(
        app, patch.stem, patch, label.text("group"), label.text("cls"), detectable, places
    )


def _folder(path: Path) -> Path:
    if not path.is_dir():
        raise BadInput(f"{path} is not a folder; docs/evaluation.md describes a corpus")
    return path


def _language(folder: Path) -> str:
    """The language of most of the service's files."""
    suffixes: Counter[str] = Counter()
    for _, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name not in FOREIGN]
        suffixes.update(Path(name).suffix for name in files)
    count = {name: sum(suffixes[s] for s in known) for name, known in LANGUAGES.items()}
    return max(count, key=lambda name: count[name])


def _git(root: Path, *arguments: str) -> None:
    """Git in ``root`` alone, whatever repository this script was called from."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    command = ["git", *arguments]
    try:
        done = subprocess.run(command, cwd=root, env=environment, capture_output=True, check=False)
    except FileNotFoundError as error:
        raise BadInput("git is not installed") from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise BadInput(said[0] if said else f"git {arguments[0]} failed")
