"""The npm packages that JavaScript and TypeScript modules import and no manifest declares."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dependencies import npm
from ci_gate.codemodel.dependencies.node import NodePackage
from ci_gate.codemodel.javascript.valuenames import value_names
from ci_gate.codemodel.model import ImportEdge
from ci_gate.codemodel.values import ExternalValue
from ci_gate.data import dataclass
from ci_gate.regex import regex
from ci_gate.rules.base import Facts
from ci_gate.rules.startup._node import NodeService

_DRIVERS: Final = {
    "postgres": ("pg", "pg-native"), "sqlite": ("sqlite3", "@journeyapps/sqlcipher"),
    "mysql": ("mysql2",), "mariadb": ("mariadb",),
}  # fmt: skip
_CONFIGURES: Final = regex(
    r"(?:^|/)(?:[\w.-]*\.config\.[cm]?[jt]s|(?:ts|js)config[\w.-]*\.json|\.babelrc[\w.]*|"
    r"package\.json|deno\.jsonc?|import_map\.json|\.pnpmfile\.cjs)$"
)
_INSTALLS: Final = regex(r"\b(?:npm|yarn|pnpm|bun)\s+(?:i|install|add|global)\b[^\n]*")
_SCRIPTS: Final = regex(r"ockerfile|\.sh$|\.ya?ml$|(?:^|/)Makefile$")


@dataclass(frozen=True, slots=True, eq=False)
class NodeNeed:
    """A package that ``path`` imports at ``node`` (or a library in its stead: ``by``)."""

    package: str
    path: str
    node: s.Node
    manifest: NodePackage
    at_start: bool
    by: str = ""


def undeclared(facts: Facts) -> Iterator[NodeNeed]:
    """What is imported and surely not installed, in the order of files and lines."""
    search = _Search(facts)
    for edge in facts.model.import_edges:
        need = search.imported(edge)
        if need is not None:
            yield need
    yield from search.drivers()


class _Search:
    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._model = facts.model
        self._service = NodeService(facts)
        self._seen: set[tuple[str, s.Node]] = set()

    def imported(self, edge: ImportEdge) -> NodeNeed | None:
        name = edge.package
        module = self._model.modules[edge.source]
        if (
            name is None
            or module.language == "python"
            or edge.type_only
            or edge.node.guarded
            or edge.node.kind == "dynamic"
            or ":" in edge.node.specifier
            or name in npm.BUILTIN
            or not npm.is_package(name)
            or (edge.source, edge.node) in self._seen
            or module.path.endswith(".d.ts")
            or not self._service.holds(edge.source)
            or self._is_dropped(module, edge.node)
        ):
            return None
        self._seen.add((edge.source, edge.node))
        manifest = self._lacking(edge.source, name)
        if manifest is None:
            return None
        return NodeNeed(name, edge.source, edge.node, manifest, self._service.at_start(edge))

    def _is_dropped(self, module: s.Module, node: s.Import) -> bool:
        """Does the TypeScript compiler drop the import, as only types of it are used?"""
        if module.language != "typescript" or node.kind != "from" or not node.names:
            return False
        used = value_names(module)
        return not any(item.alias in used for item in node.names)

    def drivers(self) -> Iterator[NodeNeed]:
        """The drivers that Sequelize loads by name."""
        for call, scope in self._model.calls_named("Sequelize"):
            path = scope.module.path
            values = self._model.evaluate(call.func, scope)
            if not any(
                (isinstance(value, ExternalValue) and value.path.endswith(".Sequelize"))
                or value == ExternalValue("sequelize")
                for value in values
            ):  # fmt: skip
                continue
            for argument in call.args:
                options = argument.value
                if not isinstance(options, s.Mapping) or options.get("dialectModule") is not None:
                    continue
                dialect = options.get("dialect")
                wanted = _DRIVERS.get(str(getattr(dialect, "value", None)))
                if wanted is None or not self._service.holds(path):
                    continue
                lacking = [self._lacking(path, name) for name in wanted]
                if lacking[0] is not None and None not in lacking:
                    at_start = path in self._service.modules
                    by = f"Sequelize's dialect {dialect.value!r}"  # type: ignore[union-attr]
                    yield NodeNeed(wanted[0], path, options, lacking[0], at_start, by)

    # --- what is installed ---

    def _lacking(self, path: str, name: str) -> NodePackage | None:
        """The manifest that should declare the package; None where it may be installed."""
        packages = self._service.packages
        chain = packages.chain(path)
        if not chain or any(name in item.declared or name == item.data.get("name")
                            for item in chain):  # fmt: skip
            return None
        if packages.has_workspaces and any(name in p.declared for p in packages.all.values()):
            return None
        if self._is_alias(name) or self._is_named(name):
            return None
        lock = packages.lock(chain[0].folder)
        if lock is not None:
            return None if f'"node_modules/{name}"' in lock or _in_lock(lock, name) else chain[0]
        every = packages.all.values() if packages.has_workspaces else chain
        declared = frozenset().union(*(item.declared for item in every))
        brought = [npm.brought(item) for item in declared]
        if any(name in item for item in brought if item is not None):
            return None
        unknown = [item for item in declared if npm.brought(item) is None]
        if unknown and (name in npm.common() or any(_related(name, item) for item in unknown)):
            return None
        return chain[0]

    def _is_alias(self, name: str) -> bool:
        """May the first part be a folder or file of the tree?"""
        return name.partition("/")[0] in self._places

    @cached_property
    def _places(self) -> frozenset[str]:
        roots = {package.folder for package in self._service.packages.all.values()}
        inner = {posixpath.join(root, "src") for root in roots}
        found: set[str] = set()
        for path in self._model.tree.files:
            parts = path.split("/")
            for number, part in enumerate(parts):
                if "/".join(parts[:number]) in roots | inner:
                    last = number == len(parts) - 1
                    found.add(part.partition(".")[0] if last else part)
        return frozenset(found)

    def _is_named(self, name: str) -> bool:
        """Does a configuration speak of it, or a script install it by command?"""
        word = re.compile(rf"[\"'`]{re.escape(name)}(?:/[^\"'`]*)?[\"'`]")
        if any(word.search(text) for text in self._configurations):
            return True
        plain = re.compile(rf"[\s\"']{re.escape(name)}(?:@|[\s\"']|$)")
        return any(plain.search(text) for text in self._installs)

    @cached_property
    def _configurations(self) -> Sequence[str]:
        return [self._text(path) for path in self._model.tree.files if _CONFIGURES.search(path)]

    @cached_property
    def _installs(self) -> Sequence[str]:
        return [
            line
            for path in self._model.tree.files
            if _SCRIPTS.search(path) and "lock" not in path
            for line in _INSTALLS.findall(self._text(path))
        ]

    def _text(self, path: str) -> str:
        try:
            return self._model.tree.text(path)
        except (OSError, UnicodeError):
            return ""


def _in_lock(lock: str, name: str) -> bool:
    """Is the package in a lock file of yarn, pnpm, or npm's first format?"""
    word = re.escape(name)
    return re.search(rf"^\s*[\"']?/?{word}(?:@|/\d|[\"']?:)", lock, re.MULTILINE) is not None


def _related(name: str, other: str) -> bool:
    """Have two packages a scope or a telling word in common?"""
    if name.startswith("@") and name.partition("/")[0] == other.partition("/")[0]:
        return True
    mine, theirs = (
        {part for part in re.split(r"[^a-z0-9]+", item) if len(part) > 3} for item in (name, other)
    )
    return bool((mine & theirs) - {"fastify", "express", "sequelize", "node", "types", "hono"})
