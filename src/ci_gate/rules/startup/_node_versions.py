"""Version requirements of Node packages that npm cannot satisfy."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from ci_gate.codemodel.dependencies import releases, semver
from ci_gate.codemodel.dependencies.node import NodePackage, NodePackages
from ci_gate.codemodel.places import is_outside
from ci_gate.findings import Related
from ci_gate.regex import regex
from ci_gate.repository import Tree
from ci_gate.rules.startup._refused import Refused

_SECTIONS: Final = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies")
#: The start of a version, or a tag that has numbers behind it.
_LIKE_A_VERSION: Final = regex(r"^(?:[\^~=<>v ]*\d+\.[\dxX*]+\.\w|latest\.\d|[\^~<>=]+\s*\d)")
_FOREIGN: Final = regex(r"[:/$#{}%@]")
_OTHER_LOCKS: Final = ("yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb")
_CI: Final = regex(r"\bnpm\s+(?:ci|clean-install)\b([^\n;&|)]*)")
_ELSEWHERE: Final = regex(r"--prefix|--workspace|\s-w\b|\s-C\b|--force|--legacy-peer-deps|\s-g\b")


def refused(packages: NodePackages, tree: Tree) -> Iterator[Refused]:
    for package in packages.all.values():
        if is_outside(package.path):
            continue
        for section in _SECTIONS:
            for name, wanted in package.section(section).items():
                optional = section == "peerDependencies" and name in package.section(
                    "peerDependenciesMeta"
                )
                if isinstance(wanted, str) and not optional:
                    yield from _alone(package, name, wanted.strip())
        others = any(posixpath.join(package.folder, name) in tree.files for name in _OTHER_LOCKS)
        if not others and "workspaces" not in package.data:
            yield from _overridden(package)
            yield from _differing(package, tree)


# --- one requirement ---


def _alone(package: NodePackage, name: str, wanted: str) -> Iterator[Refused]:
    choices = semver.parse(wanted)
    if choices is None:
        if _FOREIGN.search(wanted) or "||" in wanted or not _LIKE_A_VERSION.match(wanted):
            return
        if " " not in wanted and not semver.is_range(wanted):
            yield _refused(
                package, name, wanted,
                f"{name} is asked for as `{wanted}`, which is neither a version nor a range.",
                "npm takes it for the name of a tag, finds none (ETARGET or EINVALIDTAGNAME) and "
                "installs nothing.",
                "Write a version of three numbers, such as `^1.2.3`.",
            )  # fmt: skip
    elif not semver.satisfiable(choices):
        yield _refused(
            package, name, wanted,
            f"{name} is asked for as `{wanted}`, and no version is all of that.",
            "npm finds no matching version (ETARGET) and installs nothing.",
            "Name a range that has versions in it.",
        )  # fmt: skip
    else:
        near = releases.never_on_npm(name, choices)
        if near is not None:
            yield _refused(
                package, name, wanted,
                f"{name} is asked for as `{wanted}`, and no such version was ever released.",
                "npm finds no matching version (ETARGET) and installs nothing.",
                f"Name one that was: {name} {near}.",
            )  # fmt: skip


def _refused(
    package: NodePackage, name: str, wanted: str, message: str, why: str, fix: str
) -> Refused:
    line = _line(package, name, wanted)
    return Refused(package.path, line, message, why, fix, f"{name} {wanted}")


def _line(package: NodePackage, name: str, wanted: str) -> int:
    pattern = re.compile(rf"{re.escape(json.dumps(name))}\s*:\s*{re.escape(json.dumps(wanted))}")
    match = pattern.search(package.text)
    return package.text[: match.start()].count("\n") + 1 if match else package.line_of(name)


def _overridden(package: NodePackage) -> Iterator[Refused]:
    """``overrides`` of what the package itself asks for in another version (EOVERRIDE)."""
    for name, given in package.section("overrides").items():
        version = given.get(".") if isinstance(given, dict) else given
        for section in ("dependencies", "devDependencies", "optionalDependencies"):
            wanted = package.section(section).get(name)
            if not isinstance(version, str) or not isinstance(wanted, str):
                continue
            if version != wanted and not version.startswith("$"):
                yield Refused(
                    package.path,
                    _line(package, name, version),
                    f"`overrides` sets {name} to `{version}`, and {section} asks for `{wanted}`.",
                    f"npm ends with EOVERRIDE (Override for {name}@{wanted} conflicts with direct "
                    "dependency) and installs nothing.",
                    f'Write `"{name}": "${name}"` in `overrides`, or the same range in both.',
                    f"override of {name}",
                    (Related(package.path, _line(package, name, wanted), "asks for another"),),
                )


# --- the lock file ---


def _differing(package: NodePackage, tree: Tree) -> Iterator[Refused]:
    """What ``npm ci`` ends with EUSAGE for."""
    path = posixpath.join(package.folder, "package-lock.json")
    if tree.exists(posixpath.join(package.folder, "npm-shrinkwrap.json")):
        return
    command = _clean_install(package, tree)
    if command is None:
        return
    if not tree.exists(path):
        if not command[0].startswith("."):
            yield _without_lock(package, path, command)
        return
    locked = _locked(tree, path)
    if not locked:
        return
    for section in ("dependencies", "devDependencies", "optionalDependencies"):
        for name, wanted in package.section(section).items():
            choices = semver.parse(wanted) if isinstance(wanted, str) else None
            if choices is None:
                continue
            version = locked.get(name)
            if version is not None and (version == "" or semver.accepts(choices, version)):
                continue
            has = f"has {name} {version}" if version else f"does not have {name}"
            yield Refused(
                package.path,
                _line(package, name, wanted),
                f"{package.path} asks for {name} `{wanted}`, and {path} {has}.",
                "`npm ci` installs from the lock file alone and ends with EUSAGE where it does not "
                "agree, so nothing is installed.",
                f"Run `npm install`, which brings {path} up to date, and commit it.",
                f"{name} {wanted} not in the lock file",
                (
                    Related(path, _locked_line(tree, path, name), has),
                    Related(*command, "installs with npm ci"),
                ),
            )


def _without_lock(package: NodePackage, path: str, command: tuple[str, int]) -> Refused:
    return Refused(
        *command,
        f"`npm ci` installs what {path} says, and the project has no such file.",
        "The command ends with EUSAGE (can only install with an existing package-lock.json), so "
        "the image cannot be built.",
        f"Run `npm install` and commit {path}.",
        f"npm ci without {path}",
        (Related(package.path, 1, "the package"),),
    )


def _locked(tree: Tree, path: str) -> Mapping[str, str]:
    """Package -> version at the top of ``node_modules``; an empty text where it is not one of the
    registry. Empty where the lock file cannot be read."""
    try:
        data: Any = json.loads(tree.text(path))
    except (OSError, ValueError, RecursionError):
        return {}
    packages = data.get("packages") if isinstance(data, dict) else None
    found = {}
    for key, entry in packages.items() if isinstance(packages, dict) else ():
        name = key.removeprefix("node_modules/")
        if name != key and "node_modules/" not in name and isinstance(entry, dict):
            plain = not entry.get("link") and "name" not in entry
            found[name] = str(entry.get("version") or "") if plain else ""
    return found


def _locked_line(tree: Tree, path: str, name: str) -> int:
    place = tree.text(path).find(f'"node_modules/{name}"')
    return 1 if place < 0 else tree.text(path)[:place].count("\n") + 1


def _clean_install(package: NodePackage, tree: Tree) -> tuple[str, int] | None:
    """Where the package is surely installed with ``npm ci``."""
    for path in tree.files:
        folder, name = posixpath.split(path)
        image = re.fullmatch(r"(?:Dockerfile|Containerfile)(?:\.\w+)?", name) is not None
        workflow = folder == ".github/workflows" and name.endswith((".yml", ".yaml"))
        if not (image and folder == package.folder) and not (workflow and not package.folder):
            continue
        try:
            text = tree.text(path)
        except OSError:
            continue
        if workflow and "working-directory" in text:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            match = _CI.search(line)
            if match is None or line.lstrip().startswith("#") or "npm install" in line:
                continue
            if not _ELSEWHERE.search(match[1]) and not re.search(r"\bcd\s|\|\||\bif\b", line):
                return path, number
    return None
