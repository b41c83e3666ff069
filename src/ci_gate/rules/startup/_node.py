"""Which JavaScript and TypeScript modules a service loads, and what they go through before."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from functools import cached_property
from typing import Final

from ci_gate.codemodel.dependencies.node import NodePackage, NodePackages
from ci_gate.codemodel.model import ImportEdge
from ci_gate.regex import regex
from ci_gate.rules.base import Facts
from ci_gate.rules.startup._loaded import Loaded

_ENTRY: Final = regex(r"^(?:src/|lib/|server/|backend/)?(?:index|main|server|app)\.[cm]?[jt]s$")
_SCRIPT: Final = regex(r"(?:\./)?([\w@./-]+\.[cm]?[jt]sx?)\b")
#: What brings modules into another form or resolves their imports in its own way.
_TRANSFORMS: Final = regex(
    r"\b(?:webpack|vite|vite-node|rollup|rolldown|parcel|esbuild|tsup|tsdown|ncc|next|nuxt|"
    r"babel|babel-node|@babel/\w+|swc|swc-node|@swc/\w+|@swc-node/\w+|ts-node|ts-node-dev|tsx|"
    r"tsconfig-paths|tsc-alias|esm|esm-module-alias|module-alias|sucrase|jiti|unbuild|pkgroll|"
    r"bun|deno|nx|nest|microbundle|backpack|wrangler|serverless|sst|esno|metro|turbopack|bunup)\b"
    r"|--(?:experimental-)?loader\b|--import\b|--(?:es|experimental-specifier-resolution)="
)


class NodeService:
    """The modules of the services of one tree that Node loads."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._model = facts.model
        self._loaded = facts.once(Loaded)
        self.packages = NodePackages(facts.model.tree)

    def holds(self, path: str) -> bool:
        """Is the module part of a running service?"""
        return self._loaded.holds(path)

    @cached_property
    def modules(self) -> frozenset[str]:
        """The modules that are surely loaded: those that declare routes, those that scripts run,
        and all that they import when they are loaded."""
        waiting = [
            route.module for route in self._model.routes if self._is_own(route.module)
        ]  # fmt: skip
        waiting += [path for path in self._entries() if self._is_own(path)]
        found: set[str] = set()
        while waiting:
            path = waiting.pop()
            if path in found or path not in self._model.modules:
                continue
            found.add(path)
            for edge in self._model.imports_of(path):
                if edge.type_only or edge.lazy:
                    continue
                if edge.target is not None:
                    waiting.append(edge.target)
                waiting += [step.path for step in edge.via]
        return frozenset(path for path in found if self._is_own(path))

    def _is_own(self, path: str) -> bool:
        module = self._model.modules.get(path)
        return module is not None and module.language != "python" and self.holds(path)

    def _entries(self) -> Iterator[str]:
        for folder, package in self.packages.all.items():
            for name in ("start", "serve", "dev"):
                for written in _SCRIPT.findall(package.scripts.get(name, "")):
                    yield posixpath.normpath(posixpath.join(folder, written))
        for path in self._model.modules:
            package_of = self.packages.of(path)
            if package_of is not None:
                below = path[len(package_of.folder) + 1 :] if package_of.folder else path
                if _ENTRY.match(below):
                    yield path

    def at_start(self, edge: ImportEdge) -> bool:
        """Does the import run when the service starts?"""
        return edge.source in self.modules and not edge.lazy and not edge.node.guarded

    def is_transformed(self, package: NodePackage) -> bool:
        """May something else than Node or the TypeScript compiler prepare the modules?"""
        scripts = " ".join(package.scripts.values())
        installed = {"dependencies", "devDependencies"}
        names = " ".join(name for section in installed for name in package.section(section))
        runs = " ".join(text for text in scripts.split("&&") if "jest" not in text)
        return _TRANSFORMS.search(runs) is not None or _BUNDLERS.search(f" {names} ") is not None


_BUNDLERS: Final = regex(
    r" (?:webpack|vite|rollup|parcel|esbuild|tsup|tsdown|@vercel/ncc|next|@babel/(?:node|register)|"
    r"@swc/(?:cli|register)|@swc-node/register|esm|module-alias|tsc-alias|tsconfig-paths|bun-types|"
    r"@types/bun|serverless|wrangler) "
)
