"""Node's and TypeScript's import specifiers to files of the tree.

Order of look-up: relative path; ``#name`` by package.json ``imports``; ``paths`` and ``baseUrl`` of
the nearest tsconfig or jsconfig; packages of the same repository (workspaces, self-reference);
aliases of module-alias and of babel's module-resolver; else a package from outside.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence, Set
from functools import cached_property
from typing import Any, Final

from ci_gate.codemodel.places import folders_above
from ci_gate.codemodel.resolution import Resolved
from ci_gate.regex import regex
from ci_gate.repository import Tree

SUFFIXES: Final = (
    ".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".json", ".node", ".d.ts",
)  # fmt: skip
#: what a specifier's suffix may stand for in TypeScript's source
_STANDS_FOR: Final = {
    ".js": (".ts", ".tsx", ".js", ".jsx", ".d.ts"),
    ".jsx": (".tsx", ".jsx", ".d.ts"),
    ".mjs": (".mts", ".mjs", ".d.mts"),
    ".cjs": (".cts", ".cjs", ".d.cts"),
}
_CONDITIONS: Final = ("types", "source", "import", "require", "node", "development", "default")
_BUILTIN: Final = frozenset({
    "assert", "async_hooks", "buffer", "child_process", "cluster", "console", "constants",
    "crypto", "dgram", "diagnostics_channel", "dns", "domain", "events", "fs", "http", "http2",
    "https", "inspector", "module", "net", "os", "path", "perf_hooks", "process", "punycode",
    "querystring", "readline", "repl", "stream", "string_decoder", "sys", "timers", "tls",
    "trace_events", "tty", "url", "util", "v8", "vm", "wasi", "worker_threads", "zlib",
})  # fmt: skip
# An unclosed string or comment runs to the end, so that no text makes the search start over.
_STRING: Final = r'("(?:[^"\\]++|\\.)*+"?)'
_COMMENT: Final = regex(rf"{_STRING}|//[^\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL)
_TRAILING_COMMA: Final = regex(rf"{_STRING}|,(?=\s*+[}}\]])", re.DOTALL)
_BABEL: Final = (".babelrc", ".babelrc.json", "babel.config.json")
_MAX_EXTENDS: Final = 16
_UNRESOLVED: Final = Resolved("unresolved")
_BUILT: Final = ("dist", "build", "lib", "out")


class NodeResolver:
    """Resolves import specifiers as :class:`ci_gate.codemodel.syntax.Import` writes them."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._files = frozenset(tree.files)
        self._json: dict[str, dict[str, Any]] = {}
        self._compiler: dict[str, _Compiler | None] = {}  # by folder
        self._configs: dict[str, _Compiler] = {}  # by path
        self._reading = 0
        self._cache: dict[tuple[str, str], Resolved] = {}

    def resolve(self, importer: str, specifier: str) -> Resolved:
        """What ``specifier`` means in the file ``importer``."""
        key = (posixpath.dirname(importer), specifier)
        found = self._cache.get(key)
        if found is None:
            found = self._cache[key] = self._resolve(*key)
        return found

    def _resolve(self, folder: str, specifier: str) -> Resolved:
        specifier = specifier.partition("?")[0]
        if specifier.startswith((".", "/")):
            path = _inside(folder, specifier)
            return (self._at(path) if path is not None else None) or _UNRESOLVED
        if specifier.startswith("#"):
            found = self._by_imports(folder, specifier)
            if found is not None:
                return found
        name = package_name(specifier)
        found = (
            self._by_paths(folder, specifier)
            or self._by_workspace(name, specifier)
            or self._by_alias(folder, specifier)
        )
        if found is not None:
            return found
        if specifier.startswith("node:") or name in _BUILTIN:
            return Resolved("builtin", package=name)
        if specifier.startswith(("#", "@/", "~/")):
            return _UNRESOLVED
        return Resolved("external", package=name)

    # --- files

    def _at(self, path: str) -> Resolved | None:
        """The file that a path without certain suffix means, or the directory's entry."""
        found = self._file(path) or self._directory(path)
        return Resolved("file", found) if found is not None else None

    def _file(self, path: str) -> str | None:
        stem, suffix = posixpath.splitext(path)
        if suffix in _STANDS_FOR:
            for other in _STANDS_FOR[suffix]:
                if stem + other in self._files:
                    return stem + other
        if path in self._files:
            return path
        return next((path + end for end in SUFFIXES if path + end in self._files), None)

    def _directory(self, folder: str) -> str | None:
        manifest = self._read_json(posixpath.join(folder, "package.json"))
        for entry in (manifest.get("source"), manifest.get("main"), manifest.get("module")):
            if isinstance(entry, str):
                path = _inside(folder, entry)
                found = self._file_or_source(folder, path) if path is not None else None
                if found is not None:
                    return found
        return self._file(posixpath.join(folder, "index"))

    def _file_or_source(self, package: str, path: str) -> str | None:
        """A built file leads to what it is built from."""
        found = self._file(path) or self._file(posixpath.join(path, "index"))
        if found is not None:
            return found
        inner = path[len(package) :].lstrip("/") if package else path
        head, _, rest = inner.partition("/")
        if head in _BUILT and rest:
            stem = re.sub(r"(\.d)?\.[cm]?[jt]sx?$", "", rest)
            for source in ("src", ""):
                found = self._file(posixpath.join(package, source, stem))
                if found is not None:
                    return found
        return None

    # --- package.json

    def _by_imports(self, folder: str, specifier: str) -> Resolved | None:
        for above in folders_above(folder):
            manifest = self._read_json(posixpath.join(above, "package.json"))
            imports = manifest.get("imports")
            if isinstance(imports, dict):
                return self._by_map(above, imports, specifier)
        return None

    def _by_map(self, package: str, entries: Mapping[str, Any], wanted: str) -> Resolved | None:
        for pattern, target in sorted(entries.items(), key=lambda item: -len(item[0])):
            filled = filled_star(pattern, wanted)
            if filled is None:
                continue
            for choice in targets(target):
                place = choice.replace("*", filled)
                if place.startswith("#"):
                    return _UNRESOLVED  # Node refuses these, too
                if not place.startswith("."):
                    return self._resolve(package, place)
                path = _inside(package, place)
                found = self._file_or_source(package, path) if path is not None else None
                if found is not None:
                    return Resolved("file", found)
        return None

    @cached_property
    def _packages(self) -> dict[str, str]:
        """Name -> folder, for the packages of this repository."""
        found: dict[str, str] = {}
        for path in self._tree.files:
            if posixpath.basename(path) == "package.json":
                name = self._read_json(path).get("name")
                if isinstance(name, str) and name:
                    found.setdefault(name, posixpath.dirname(path))
        return found

    def _by_workspace(self, name: str, specifier: str) -> Resolved | None:
        folder = self._packages.get(name)
        if folder is None:
            return None
        rest = specifier[len(name) :].lstrip("/")
        manifest = self._read_json(posixpath.join(folder, "package.json"))
        exports = manifest.get("exports")
        if exports is not None:
            entries = exports if _is_subpaths(exports) else {".": exports}
            found = self._by_map(folder, entries, f"./{rest}" if rest else ".")
            if found is not None:
                return found
        path = posixpath.join(folder, rest) if rest else folder
        return self._at(path) or (self._at(posixpath.join(folder, "src", rest)) if rest else None)

    def _by_alias(self, folder: str, specifier: str) -> Resolved | None:
        """The aliases of module-alias, then those of babel's module-resolver and its roots."""
        for above in folders_above(folder):
            manifest = self._read_json(posixpath.join(above, "package.json"))
            babel = [self._read_json(posixpath.join(above, name)) for name in _BABEL]
            plugins = [o for c in (manifest.get("babel"), *babel) for o in _module_resolver(c)]
            tables = [manifest.get("_moduleAliases"), *(o.get("alias") for o in plugins)]
            aliases = [
                item for table in tables if isinstance(table, dict) for item in table.items()
            ]
            for alias, target in aliases:
                if isinstance(target, str) and (
                    specifier == alias or specifier.startswith(alias.rstrip("/") + "/")
                ):
                    rest = specifier[len(alias) :].lstrip("/")
                    path = _inside(above, posixpath.join(target, rest))
                    found = self._at(path) if path is not None else None
                    return found or (_UNRESOLVED if target.startswith(".") else None)
            for options in plugins:
                roots = options.get("root")
                for root in roots if isinstance(roots, list) else [roots]:
                    path = _inside(above, root) if isinstance(root, str) else None
                    found = self._at(posixpath.join(path, specifier)) if path is not None else None
                    if found is not None:
                        return found
            if aliases or plugins:
                return None
        return None

    # --- tsconfig

    def _by_paths(self, folder: str, specifier: str) -> Resolved | None:
        compiler = self._compiler_of(folder)
        if compiler is None:
            return None
        for pattern, targets in compiler.paths:
            filled = filled_star(pattern, specifier)
            if filled is None:
                continue
            for target in targets:
                path = _configured(compiler.paths_base, target.replace("*", filled))
                found = self._at(path) if path is not None else None
                if found is not None:
                    return found
        if compiler.base is not None:
            path = _inside(compiler.base, specifier)
            return self._at(path) if path is not None else None
        return None

    def _compiler_of(self, folder: str) -> _Compiler | None:
        """The options of the nearest tsconfig or jsconfig upwards."""
        passed: list[str] = []
        found: _Compiler | None = None
        for above in folders_above(folder):
            if above in self._compiler:
                found = self._compiler[above]
                break
            passed.append(above)
            path = next(
                (
                    path
                    for name in ("tsconfig.json", "jsconfig.json", "tsconfig.base.json")
                    if (path := posixpath.join(above, name)) in self._files
                ),
                None,
            )
            if path is not None:
                found = self._read_compiler(path)
                break
        for above in passed:
            self._compiler[above] = found
        return found

    def _read_compiler(self, path: str) -> _Compiler:
        """A configuration with what it extends; each is read once, a cycle ends at its start."""
        if path not in self._configs:
            self._configs[path] = _Compiler(None, posixpath.dirname(path), [])
            if self._reading < _MAX_EXTENDS:
                self._reading += 1
                self._configs[path] = self._compiler_from(path)
                self._reading -= 1
        return self._configs[path]

    def _compiler_from(self, path: str) -> _Compiler:
        data = self._read_json(path)
        folder = posixpath.dirname(path)
        result = _Compiler(None, folder, [])
        extends = data.get("extends")
        for parent in extends if isinstance(extends, list) else [extends]:
            inherited = self._extended(folder, parent)
            if inherited is not None:
                result = inherited
        references = data.get("references")
        options = data.get("compilerOptions")
        if not isinstance(options, dict):
            options = {}
        base = options.get("baseUrl")
        if isinstance(base, str):
            result = _Compiler(_configured(folder, base), result.paths_base, result.paths)
        paths = options.get("paths")
        if isinstance(paths, dict):
            start = result.base if result.base is not None else folder
            entries = [
                (pattern, [t for t in targets if isinstance(t, str)])
                for pattern, targets in paths.items()
                if isinstance(targets, list)
            ]
            entries.sort(key=lambda item: ("*" in item[0], -len(item[0])))
            result = _Compiler(result.base, start, entries)
        if not result.paths and result.base is None and isinstance(references, list):
            for item in references:
                place = item.get("path") if isinstance(item, dict) else None
                referred = self._extended(folder, place)
                if referred is not None and (referred.paths or referred.base is not None):
                    return referred
        return result

    def _extended(self, folder: str, parent: object) -> _Compiler | None:
        if not isinstance(parent, str):
            return None
        candidates: list[str] = []
        if parent.startswith("."):
            path = _inside(folder, parent)
            if path is not None:
                candidates = [path, f"{path}.json", posixpath.join(path, "tsconfig.json")]
        else:
            name = package_name(parent)
            package = self._packages.get(name)
            if package is not None:
                rest = parent[len(name) :].lstrip("/") or "tsconfig.json"
                candidates = [
                    posixpath.join(package, rest),
                    posixpath.join(package, rest + ".json"),
                ]
        for candidate in candidates:
            if candidate in self._files and candidate.endswith(".json"):
                return self._read_compiler(candidate)
        return None

    def _read_json(self, path: str) -> dict[str, Any]:
        """A JSON file with the comments and trailing commas that tsconfig allows; else empty."""
        path = path.lstrip("/")
        if path not in self._json:
            self._json[path] = loads(self._tree, path) if path in self._files else {}
        return self._json[path]


class _Compiler:
    """What a tsconfig says about modules. ``paths`` are relative to ``paths_base``."""

    def __init__(
        self, base: str | None, paths_base: str, paths: Sequence[tuple[str, list[str]]]
    ) -> None:
        self.base = base
        self.paths_base = paths_base
        self.paths = paths


def package_name(specifier: str) -> str:
    """``@scope/name/sub`` -> ``@scope/name``; ``node:fs/promises`` -> ``fs``."""
    parts = specifier.removeprefix("node:").removeprefix("npm:").split("/")
    return "/".join(parts[:2]) if specifier.startswith("@") else parts[0]


def loads(tree: Tree, path: str) -> dict[str, Any]:
    """A JSON file with the comments and trailing commas that tsconfig allows; else empty."""
    try:
        text = tree.text(path).removeprefix("\ufeff")
        try:
            data = json.loads(text)
        except ValueError:
            text = _COMMENT.sub(lambda m: m[1] or "", text)
            data = json.loads(_TRAILING_COMMA.sub(lambda m: m[1] or "", text))
    except (OSError, ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def nearest_tsconfig(files: Set[str], folder: str) -> str | None:
    """The ``tsconfig.json`` of the folder or of the next one above it that has one."""
    configs = (posixpath.join(above, "tsconfig.json") for above in folders_above(folder))
    return next((path for path in configs if path in files), None)


def _inside(folder: str, relative: str) -> str | None:
    """The joined path, or None where it leaves the tree."""
    joined = posixpath.normpath(posixpath.join(folder, relative.lstrip("/") or "."))
    if joined == ".." or joined.startswith("../"):
        return None
    return "" if joined == "." else joined


def _module_resolver(babel: object) -> Iterator[dict[str, Any]]:
    """The options of babel's module-resolver plug-in."""
    plugins = babel.get("plugins") if isinstance(babel, dict) else None
    for plugin in plugins if isinstance(plugins, list) else []:
        match plugin:
            case ["module-resolver" | "babel-plugin-module-resolver", dict() as options, *_]:
                yield options


def _configured(folder: str, path: str) -> str | None:
    """A path of a tsconfig, which may start at its own folder."""
    return _inside(folder, path.replace("${configDir}", ".", 1))


def filled_star(pattern: str, wanted: str) -> str | None:
    """What stands for the star, the empty string for an exact match, None for no match."""
    head, star, tail = pattern.partition("*")
    if not star:
        return "" if pattern == wanted else None
    if wanted.startswith(head) and wanted.endswith(tail) and len(wanted) >= len(head) + len(tail):
        return wanted[len(head) : len(wanted) - len(tail)]
    return None


def targets(target: object, depth: int = 0) -> Iterator[str]:
    """The strings below a conditional target, in the order in which conditions are tried."""
    if depth > _MAX_EXTENDS:
        return
    if isinstance(target, str):
        yield target
    elif isinstance(target, list):
        for item in target:
            yield from targets(item, depth + 1)
    elif isinstance(target, dict):
        for key in (*_CONDITIONS, *(k for k in target if k not in _CONDITIONS)):
            if key in target:
                yield from targets(target[key], depth + 1)


def _is_subpaths(exports: object) -> bool:
    return isinstance(exports, dict) and all(str(key).startswith(".") for key in exports)
