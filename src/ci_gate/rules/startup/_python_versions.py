"""Version requirements of Python packages that no installer can satisfy."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from packaging.specifiers import SpecifierSet

from ci_gate.codemodel.dependencies import locks, pyproject, releases, versions
from ci_gate.codemodel.dependencies.commands import is_command_file
from ci_gate.codemodel.dependencies.environment import Environments
from ci_gate.codemodel.dependencies.manifest import Manifest
from ci_gate.codemodel.dependencies.requirement import Requirement
from ci_gate.codemodel.places import is_outside
from ci_gate.findings import Related
from ci_gate.regex import regex
from ci_gate.repository import Tree
from ci_gate.rules.startup import _together
from ci_gate.rules.startup._refused import Refused

#: A specifier that is wrong, and not a line of another language or a template.
_SPECIFIER: Final = regex(r"^[=<>!~^]+ {0,3}[\w.*+-]*(?:[ ,]{0,4}[=<>!~^]+ {0,3}[\w.*+-]+)*,?$")
_CONDA: Final = regex(r"(?:^|/)(?:environment|conda|meta)[\w.-]*\.ya?ml$")
_MAX_FILES: Final = 64
_MAX_LENGTH: Final = 120  # of a specifier


def refused(environments: Environments, tree: Tree) -> Iterator[Refused]:
    manifests = {
        item.path: item
        for item in environments.manifests
        if not is_outside(item.path)
        and not is_command_file(item.path)
        and posixpath.basename(item.path) not in locks.FILES
        and not item.path.endswith((".yml", ".yaml"))
    }
    seen: set[object] = set()
    for manifest in manifests.values():
        for requirement in manifest.requirements:
            found = _alone(requirement)
            if found is not None and not _is_for_conda(requirement, tree):
                seen.add(requirement)
                yield found
    held = _together.held(environments.manifests, tree)
    for given in _sets(manifests, tree):
        group = list(given)
        for one, other in _excluding(group):
            key = frozenset({(one.path, one.line), (other.path, other.line)})
            if key not in seen and not {one, other} & seen:
                seen.add(key)
                yield _conflict(one, other)
        for found in _together.refused(group, held, read):
            place = (found.path, found.line, found.subject)
            if place not in seen:
                seen.add(place)
                yield found


# --- one requirement ---


def _alone(item: Requirement) -> Refused | None:
    text = item.specifier.strip()
    if not text or item.direct is not None:
        return None
    choices = read(item)
    if choices is None:
        if (
            len(text) > _MAX_LENGTH
            or _SPECIFIER.match(text) is None
            or (item.notation == "standard" and not item.problem)
        ):
            return None
        return _unreadable(item, text)
    if not versions.satisfiable([choices]):
        return _refused(
            item,
            f"{item.name} is asked for as `{text}`, and no version is all of that.",
            "Name a range that has versions in it.",
        )
    if len(choices) == 1 and releases.never(item.name, choices[0]):
        near = releases.nearest(item.name, choices[0])
        return _refused(
            item,
            f"{item.name} is asked for as `{text}`, and no such version was ever released.",
            f"Name one that was: {item.name} {near}." if near else "Name one that was.",
        )
    return None


def _is_for_conda(item: Requirement, tree: Tree) -> bool:
    """May the line be one that conda reads (``numpy=1.26``)?"""
    if re.match(r"^=\s*\d", item.specifier.strip()) is None:
        return False
    if any(_CONDA.search(path) for path in tree.files):
        return True
    try:
        return "conda" in tree.text(item.path) or re.search(
            r"^\s*[\w.-]+=[\w.]+=\w+\s*$", tree.text(item.path), re.MULTILINE
        ) is not None  # fmt: skip
    except OSError:
        return True


def read(item: Requirement) -> Sequence[SpecifierSet] | None:
    """What the requirement accepts; None where its installer cannot read it."""
    text = item.specifier.strip()
    if item.notation == "tool" and not item.path.endswith("Pipfile"):
        return versions.of_poetry(text)
    if item.notation == "tool" and text in ("*", ""):
        return (SpecifierSet(),)
    found = None if item.problem else versions.standard(text)
    return None if found is None else (found,)


def _unreadable(item: Requirement, text: str) -> Refused:
    fix = "Write a version that was released, with one of ==, >=, <=, ~=, != in front of it."
    if re.match(r"^=\s*\d", text):
        fix = f"Write `{item.name}={text}`."
    elif text.startswith("^"):
        fix = f"`^` is Poetry's; write `{item.name}>={text[1:].strip()}` with an upper bound."
    return _refused(
        item, f"{item.name} is asked for as `{text}`, which is no version requirement.", fix
    )


def _refused(item: Requirement, message: str, fix: str) -> Refused:
    return Refused(
        item.path,
        item.line,
        message,
        f"Every installation from {item.path} ends here with an error, so nothing of it is "
        "installed and the service cannot start.",
        fix,
        f"{item.name} {item.specifier.strip()}",
    )


# --- several together ---


def _sets(manifests: dict[str, Manifest], tree: Tree) -> Iterator[Sequence[Requirement]]:
    """The requirements that are installed together."""
    for path, manifest in manifests.items():
        if posixpath.basename(path) == "pyproject.toml":
            try:
                main, *more = pyproject.groups(path, tree.text(path)) or [()]
            except OSError:
                continue
            yield main
            yield from ([*main, *group] for group in more)
        elif path.endswith((".txt", ".in", ".pip")):
            together = reversed(_with_includes(manifest, manifests))
            yield [item for part in together for item in part.requirements if not item.marker]


def _with_includes(start: Manifest, manifests: dict[str, Manifest]) -> Sequence[Manifest]:
    found: dict[str, Manifest] = {}
    waiting = [start]
    while waiting and len(found) < _MAX_FILES:
        manifest = waiting.pop()
        if manifest.path in found:
            continue
        found[manifest.path] = manifest
        for name in (*manifest.includes, *manifest.constraints):
            if name in manifests:
                waiting.append(manifests[name])
    return list(found.values())


def _excluding(group: Sequence[Requirement]) -> Iterator[tuple[Requirement, Requirement]]:
    """The pairs of requirements for one package that no version satisfies."""
    by_name: defaultdict[str, list[tuple[Requirement, Sequence[SpecifierSet]]]] = defaultdict(list)
    for item in group:
        choices = read(item)
        if choices is not None and item.direct is None and item.specifier.strip():
            by_name[item.name].append((item, choices))
    for several in by_name.values():
        for number, (item, choices) in enumerate(several[:_MAX_FILES]):
            for other, others in several[:number]:
                if not versions.satisfiable([others, choices]):
                    yield other, item
                    break


def _conflict(one: Requirement, other: Requirement) -> Refused:
    place = "" if one.path == other.path else f" of {one.path}"
    return Refused(
        other.path,
        other.line,
        f"{other.name} is asked for as `{other.specifier}` here and as `{one.specifier}`{place}, "
        "and no version is both.",
        "The installer ends with a conflict (ResolutionImpossible), so nothing is installed and "
        "the service cannot start.",
        f"Keep one of the two requirements for {other.name}.",
        f"{other.name} {other.specifier} against {one.specifier}",
        (Related(one.path, one.line, f"asks for {one.name}{one.specifier}"),),
    )
