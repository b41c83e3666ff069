from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dependencies import npm
from ci_gate.codemodel.dependencies.node import NodePackage
from ci_gate.codemodel.javascript.valuenames import value_names
from ci_gate.findings import Finding, Related
from ci_gate.regex import regex
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.startup._node import NodeService
from ci_gate.rules.startup._production_images import omits_development, script_omits_development

_IMAGE: Final = regex(r"(?:^|/)(?:Dockerfile|Containerfile)$")
#: Scripts that install and start a service.
_SCRIPT: Final = regex(r"(?:^|/)(?:run|start|entrypoint|docker-entrypoint)\.sh$")
_NPM_START: Final = regex(r"\b(?:npm|yarn|pnpm)[\"\s,]+(?:run[\"\s,]+)?start\b")
#: Commands that are called otherwise than their packages.
_TOOLS: Final = {
    "tsc": "typescript", "ts-node-esm": "ts-node", "dotenv": "dotenv-cli", "nest": "@nestjs/cli",
    "sequelize": "sequelize-cli", "env-cmd": "env-cmd", "run-s": "npm-run-all",
    "run-p": "npm-run-all",
}  # fmt: skip
_KEPT: Final = ("dependencies", "optionalDependencies", "peerDependencies")


class DevOnlyDependency(Rule):
    """A module of the service, or its start script, needs a package that only `devDependencies`
    declares, and the image is installed without these.

    The image, or a `run.sh` that installs and starts the service.

    ## Why is this bad?
    It works on every developer's machine. In the image, where `npm ci --omit=dev` (or
    `NODE_ENV=production`) left the package out, the service dies at its first import with "Cannot
    find module", or `npm start` ends with "tsx: not found".

    ## Fix
    Move the package to `dependencies`.

    ## Silent on
    Images that install everything, or whose last stage takes the packages from a stage that did;
    packages that a dependency brings along; imports of types, in a `try` and inside functions;
    services that a bundler builds.

    ## Source
    npm, "npm ci": `--omit=dev`, which is the default where NODE_ENV is `production`.
    """

    id = "startup/dev-only-dependency"
    group = "startup"
    languages = ("javascript", "typescript")

    def check(self, facts: Facts) -> Iterable[Finding]:
        files = facts.model.tree.files
        if not any(_IMAGE.search(path) or _SCRIPT.search(path) for path in files):
            return
        service = NodeService(facts)
        for package, image, line in _images(facts, service):
            if _is_bundled(package):
                continue
            lacking = _development_only(service, package)
            seen: set[str] = set()
            for name, path, node in (
                *_needs(facts, service, package), *_tools(facts, package, image)
            ):  # fmt: skip
                if name not in lacking or name in seen:
                    continue
                seen.add(name)
                yield self.finding(
                    path,
                    node,
                    message=f"{path} needs {name}, which {package.path} has among the "
                    f"devDependencies, and {'it' if path == image else image} leaves these out.",
                    why="`npm start` ends with a command that is not found (exit code 127): the "
                    "service does not start."
                    if path == image
                    else f"In the image the module cannot be found: Cannot find module '{name}', "
                    "and the service does not start.",
                    fix=f"Move {name} to the dependencies: `npm install {name}`.",
                    subject=f"needs {name}",
                    related=[
                        Related(package.path, package.line_of(name), "declared here"),
                        Related(image, line, "installs without devDependencies"),
                    ],
                )


def _images(facts: Facts, service: NodeService) -> Iterator[tuple[NodePackage, str, int]]:
    """The packages that a build file in their own folder installs without development
    dependencies."""
    tree = facts.model.tree
    for path in tree.files:
        folder = posixpath.dirname(path)
        is_image = _IMAGE.search(path) is not None
        is_build = is_image or _SCRIPT.search(path) is not None
        package = service.packages.all.get(folder) if is_build else None
        if package is None:
            continue
        try:
            text = tree.text(path)
            line = omits_development(text) if is_image else script_omits_development(text)
        except (OSError, UnicodeError):
            continue
        if line:
            yield package, path, line


def _tools(
    facts: Facts, package: NodePackage, image: str
) -> Iterator[tuple[str, str, s.Node]]:  # fmt: skip
    """The packages whose commands ``npm start`` runs, where the image or script calls it."""
    text = facts.model.tree.text(image)
    called = [
        (number, line)
        for number, line in enumerate(text.split("\n"), 1)
        if _NPM_START.search(line) and not line.lstrip().startswith("#")
    ]
    if not called:
        return
    line = called[-1][0]
    for name in ("prestart", "start"):
        for command in re.split(r"&&|\|\||;", package.scripts.get(name, "")):
            words = [word for word in command.split() if not re.match(r"\w+=", word)]
            if words:
                yield _TOOLS.get(words[0], words[0]), image, s.Node((line, 1, line, 1))


def _is_bundled(package: NodePackage) -> bool:
    """May a bundler put the packages into what is started?"""
    return re.search(
        r"\b(?:webpack|vite|rollup|rolldown|parcel|esbuild|tsup|tsdown|ncc|next|nuxt|nest|nx|bun|"
        r"unbuild|pkgroll|microbundle|swc|babel)\b",
        " ".join(text for name, text in package.scripts.items() if name not in ("dev", "test")),
    ) is not None  # fmt: skip


def _development_only(service: NodeService, package: NodePackage) -> frozenset[str]:
    """The packages that are surely not installed with the dependencies alone."""
    kept = frozenset(name for section in _KEPT for name in package.section(section))
    named = frozenset(package.section("devDependencies")) - kept
    lock = service.packages.lock(package.folder)
    if lock is not None:
        return frozenset(name for name in named if _is_for_development(lock, name))
    brought = [npm.brought(item) for item in kept]
    every = frozenset[str]().union(*(item for item in brought if item is not None))
    unknown = any(item is None for item in brought)
    return frozenset(
        name for name in named - every if not (unknown and name in npm.common())
    )  # fmt: skip


def _is_for_development(lock: str, name: str) -> bool:
    """Does the lock file of npm say so?"""
    try:
        data: Any = json.loads(lock)
    except ValueError:
        return False
    packages = data.get("packages") if isinstance(data, dict) else None
    entry = packages.get(f"node_modules/{name}") if isinstance(packages, dict) else None
    return isinstance(entry, dict) and entry.get("dev") is True


def _needs(
    facts: Facts, service: NodeService, package: NodePackage
) -> Iterator[tuple[str, str, s.Node]]:
    """What the service loads when it starts: name, file and place."""
    model = facts.model
    for edge in model.import_edges:
        module = model.modules[edge.source]
        if (
            edge.package is None
            or module.language == "python"
            or edge.type_only
            or edge.node.kind == "dynamic"
            or service.packages.of(edge.source) is not package
            or not service.at_start(edge)
        ):
            continue
        if module.language == "typescript" and edge.node.kind == "from" and edge.node.names:
            used = value_names(module)
            if not any(item.alias in used for item in edge.node.names):
                continue
        yield edge.package, edge.source, edge.node
    for path in sorted(service.modules):
        if service.packages.of(path) is package:
            for name, node in _transports(model.modules[path]):
                yield name, path, node


def _transports(module: s.Module) -> Iterator[tuple[str, s.Node]]:
    """The packages that pino loads by name (``transport: { target: 'pino-pretty' }``), where no
    condition decides."""
    stack: list[s.Node] = [*module.body]
    while stack:
        node = stack.pop()
        match node:
            case s.Conditional() | s.If() | s.Binary():
                continue
            case s.Entry(key=s.Literal(value="transport"), value=s.Mapping() as options):
                target = options.get("target")
                if isinstance(target, s.Literal) and isinstance(target.value, str):
                    yield target.value, target
        stack += s.children(node)
