"""Images whose interpreter is not one that the project allows."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import field
from typing import Final, Literal

from packaging.specifiers import SpecifierSet

from ci_gate.codemodel.dependencies import semver, versions
from ci_gate.codemodel.dependencies.environment import Environments
from ci_gate.codemodel.dependencies.node import NodePackage, NodePackages
from ci_gate.data import dataclass
from ci_gate.findings import Related
from ci_gate.regex import regex
from ci_gate.repository import Tree
from ci_gate.rules.startup._images import instructions
from ci_gate.rules.startup._refused import Refused

_IMAGE: Final = regex(r"(?:^|/)(?:Dockerfile|Containerfile)(?:\.[\w-]+)?$")
_BASE: Final = regex(
    r"^(?:(?:docker\.io|public\.ecr\.aws/docker)/)?(?:library/)?(python|node):(\d+(?:\.\d+){0,2})"
    r"(?![\d.]|(?:a|b|rc)\d)(?:-[\w.-]+)?(?:@sha256:\w+)?$"
)
#: Commands that refuse to go on with a Python that the project does not allow.
_CHECKS_PYTHON: Final = regex(
    r"\bpip3?\s+install\b(?:\s+-[-\w=/.]+)*\s+(?:-e\s+)?[\"']?\.(?:\[[\w,-]+\])?[\"']?(?=\s|$|[;&|])"
    r"|\bpoetry\s+install\b"
)
_PASSES_OVER: Final = regex(
    r"--ignore-requires-python|\buv\b|\bpyenv\b|\bconda\b|poetry\s+env\s+use|python\d\.\d+|\bpypy"
)
_PNPM: Final = regex(r"\bpnpm\s+(?:i|install|ci)\b(?![^&|;]*-g)")
_YARN: Final = regex(r"\byarn(?:\s+install)?(?:\s+--(?!ignore-engines)[\w-]+)*\s*(?:$|[;&|])")
_NPM: Final = regex(r"\bnpm\s+(?:ci|i|install)\b(?![^&|;]*(?:-g|--force))")
_STRICT: Final = regex(r"^\s*engine-strict\s*=\s*true", re.MULTILINE)
_OTHER_NODE: Final = regex(r"\bnvm\b|\bfnm\b|\bvolta\b|nodesource|\bn\s+\d|\basdf\b|\bmise\b")


@dataclass(slots=True)
class _Stage:
    """The interpreter of a stage, its version and line, and what it runs."""

    language: Literal["python", "node"] | None = None
    version: str = ""
    line: int = 0
    runs: list[tuple[int, str]] = field(default_factory=list)


def refused(environments: Environments, packages: NodePackages, tree: Tree) -> Iterator[Refused]:
    for path in tree.files:
        if _IMAGE.search(path) is None:
            continue
        try:
            text = tree.text(path)
        except OSError:
            continue
        folder = posixpath.dirname(path)
        for stage in _stages(text):
            if stage.language == "python":
                yield from _python(environments, folder, path, stage)
            elif stage.language == "node" and folder in packages.all:
                yield from _node(packages.all[folder], tree, path, stage)


def _stages(text: str) -> Sequence[_Stage]:
    named: dict[str, _Stage] = {}
    found: list[_Stage] = []
    for line, keyword, rest in instructions(text):
        if keyword == "FROM":
            words = [word for word in rest.split() if not word.startswith("--")]
            stage = _base(words[0].lower(), line, named) if words else _Stage()
            found.append(stage)
            if len(words) > 2 and words[1].lower() == "as":
                named[words[2].lower()] = stage
        elif keyword == "RUN" and found:
            found[-1].runs.append((line, rest))
    return found


def _base(image: str, line: int, named: dict[str, _Stage]) -> _Stage:
    if image in named:
        base = named[image]
        return _Stage(base.language, base.version, base.line)
    match = _BASE.match(image)
    if match is None:
        return _Stage()
    return _Stage("python" if match[1] == "python" else "node", match[2], line)


def _python(environments: Environments, folder: str, path: str, stage: _Stage) -> Iterator[Refused]:
    manifest = next(
        (
            item
            for item in environments.manifests
            if item.path == posixpath.join(folder, "pyproject.toml") and item.python is not None
        ),
        None,
    )
    command = _command(stage, _CHECKS_PYTHON, _PASSES_OVER)
    if manifest is None or manifest.python is None or command is None or "." not in stage.version:
        return
    text, line = manifest.python
    wanted = versions.standard(text)
    choices = (wanted,) if wanted is not None else versions.of_poetry(text)
    pinned = stage.version.count(".") == 2
    base = SpecifierSet(f"=={stage.version}" + ("" if pinned else ".*"))
    if choices is None or versions.satisfiable([choices, [base]]):
        return
    yield Refused(
        path,
        stage.line,
        f"The image has Python {stage.version}, and {manifest.path} allows `{text}` only.",
        f"Line {command} installs the project, which the installer refuses (requires a different "
        "Python), so the image cannot be built.",
        f"Build on an image whose Python is `{text}`, or widen the range.",
        f"Python {stage.version} against {text}",
        (
            Related(manifest.path, line, "the versions of Python that are allowed"),
            Related(path, command, "installs the project"),
        ),
    )


def _command(stage: _Stage, wanted: re.Pattern[str], unless: re.Pattern[str]) -> int | None:
    if any(unless.search(rest) for _, rest in stage.runs):
        return None
    return next((line for line, rest in stage.runs if wanted.search(rest)), None)


def _node(package: NodePackage, tree: Tree, path: str, stage: _Stage) -> Iterator[Refused]:
    wanted = package.section("engines").get("node")
    choices = semver.parse(wanted) if isinstance(wanted, str) else None
    if choices is None or not isinstance(wanted, str):
        return
    command, who = _node_command(package, tree, stage)
    base = semver.parse(stage.version)
    if command is None or base is None or semver.meet(choices, base):
        return
    yield Refused(
        path,
        stage.line,
        f"The image has Node {stage.version}, and {package.path} allows `{wanted}` only.",
        f"Line {command} installs the project, and {who} ends with an error where `engines` does "
        "not allow the version, so the image cannot be built.",
        f"Build on an image whose Node is `{wanted}`, or widen `engines`.",
        f"Node {stage.version} against {wanted}",
        (
            Related(package.path, package.line_of("engines"), "the versions that are allowed"),
            Related(path, command, "installs the project"),
        ),
    )


def _node_command(package: NodePackage, tree: Tree, stage: _Stage) -> tuple[int | None, str]:
    """The line that installs the project with a tool that checks ``engines``, and the tool."""
    folder = package.folder
    strict = posixpath.join(folder, ".npmrc")
    is_strict = tree.exists(strict) and _STRICT.search(tree.text(strict)) is not None
    if tree.exists(posixpath.join(folder, "pnpm-lock.yaml")):
        return _command(stage, _PNPM, _OTHER_NODE) if is_strict else None, "pnpm"
    if tree.exists(posixpath.join(folder, "yarn.lock")):
        manager = str(package.data.get("packageManager", "yarn@1"))
        modern = tree.exists(posixpath.join(folder, ".yarnrc.yml"))
        if modern or not manager.startswith("yarn@1"):
            return None, ""
        return _command(stage, _YARN, _OTHER_NODE), "yarn"
    return _command(stage, _NPM, _OTHER_NODE) if is_strict else None, "npm"
