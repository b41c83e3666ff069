"""What imports of JavaScript and TypeScript modules name and the tree lacks."""

from __future__ import annotations

import difflib
import posixpath
import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Final, Literal

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dependencies.node import NodePackage
from ci_gate.codemodel.javascript.resolve import loads, nearest_tsconfig
from ci_gate.codemodel.javascript.valuenames import value_names
from ci_gate.codemodel.model import ImportEdge
from ci_gate.data import dataclass
from ci_gate.regex import regex
from ci_gate.rules.base import Facts
from ci_gate.rules.startup._node import NodeService
from ci_gate.rules.startup._node_exports import Exports
from ci_gate.rules.startup._node_subpaths import published_as
from ci_gate.rules.startup._provided import Provided

_SUFFIX: Final = regex(r"\.[A-Za-z0-9]+$")
_SCRIPT: Final = regex(r"\.[cm]?[jt]sx?$")
_GENERATED: Final = regex(
    r"(?:^|/)(?:dist|build|out|lib-esm|generated|__generated__|\.prisma|gen|node_modules|coverage|"
    r"public|static)(?:/|$)|generated"
)
_NODE_RUNS: Final = regex(r"(?:^|[\s&;])node\s+(?:--[\w=./-]+\s+)*([\w./-]+)")
Kind = Literal["module", "extension", "name", "type", "subpath"]


@dataclass(frozen=True, slots=True, eq=False)
class MissingImport:
    """``kind``: the ``module`` is not there, Node does not find it without its ``extension``, it
    exports no such ``name`` (which ``call`` calls on the whole module), or it as a ``type`` alone,
    or a package has no such ``subpath``. ``place`` is the file, path or package asked, ``near``
    what was meant."""

    edge: ImportEdge
    kind: Kind
    place: str
    name: str = ""
    near: str = ""
    at_start: bool = True
    call: s.Call | None = None


class NodeImports:
    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._model = facts.model
        self._service = NodeService(facts)
        self._provided = Provided(facts.model, facts.base.model.tree if facts.base else None)
        self._exports = Exports(facts.model)
        self._files = frozenset(facts.model.tree.files)
        self._keeping: dict[str, bool] = {}  # by folder
        self._modes: dict[str, str] = {}

    def missing(self) -> Iterator[MissingImport]:
        for edge in self._model.import_edges:
            module = self._model.modules[edge.source]
            if (
                module.language == "python"
                or edge.type_only
                or edge.node.guarded
                or module.problems
                or edge.source.endswith(".d.ts")
                or re.search(r"[?!*]", edge.node.specifier)
                or not self._service.holds(edge.source)
                or self._is_dropped(module, edge)
            ):
                continue
            own = edge.node.specifier.startswith((".", "#"))
            found = self._of(module, edge) if own else self._in_package(edge)
            if found is not None:
                yield found
            elif own and (edge.symbol is None or edge.symbol == "*"):
                yield from self._called(module, edge)

    def _of(self, module: s.Module, edge: ImportEdge) -> MissingImport | None:
        at_start = self._service.at_start(edge)
        folder = posixpath.dirname(edge.source)
        mapped = edge.node.specifier.startswith("#")
        if mapped:
            place = self._mapped(module, edge.node.specifier)
        else:
            place = posixpath.normpath(posixpath.join(folder, edge.node.specifier))
        if not place or place.startswith(".."):
            return None
        if edge.unresolved:
            if self._may_exist(place):
                return None
            return MissingImport(
                edge, "module", place, near=self._near(place), at_start=at_start
            )  # fmt: skip
        direct = edge.via[0].path if edge.via else edge.target
        if direct is None:
            return None
        exact = None if mapped else self._exact(module, edge, place)
        if exact is False:
            return MissingImport(edge, "extension", place, near=direct, at_start=at_start)
        names = [item for item in edge.node.names if not item.type_only]
        if edge.symbol is None or edge.node.kind not in ("from", "require"):
            return None
        if all(item.name != edge.symbol for item in names):
            return None
        if self._exports.has(direct, edge.symbol, required=edge.node.kind == "require") is False:
            near = difflib.get_close_matches(edge.symbol, self._exports.names(direct), 1, 0.7)
            return MissingImport(
                edge, "name", direct, edge.symbol, near[0] if near else "", at_start
            )  # fmt: skip
        if self._keeps_imports(module.path) and self._exports.is_type(direct, edge.symbol):
            return MissingImport(edge, "type", direct, edge.symbol, at_start=at_start)
        return None

    def _mapped(self, module: s.Module, specifier: str) -> str:
        """The file that package.json maps a specifier with ``#`` to, where it is just one and no
        build makes it; else nothing."""
        package = self._service.packages.of(module.path)
        if package is None or self._service.is_transformed(package):
            return ""
        places = package.subpath_import(specifier)
        if len(places) != 1 or not places[0].startswith("./"):
            return ""
        return posixpath.normpath(posixpath.join(package.folder, places[0]))

    def _in_package(self, edge: ImportEdge) -> MissingImport | None:
        meant = published_as(edge.node.specifier)
        if meant is None or edge.package is None:
            return None
        at_start = self._service.at_start(edge)
        return MissingImport(edge, "subpath", edge.package, near=meant, at_start=at_start)

    def _called(self, module: s.Module, edge: ImportEdge) -> Iterator[MissingImport]:
        """The functions that are called on the whole module and that it does not export."""
        direct = edge.via[0].path if edge.via else edge.target
        whole = [item.alias for item in edge.node.names if item.name == "*"]
        if direct is None or len(whole) != 1 or edge.node.kind not in ("from", "require"):
            return
        scope = self._model.function_scope(self._model.functions[f"{module.path}::<module>"])
        bindings = self._model.bindings(whole[0], scope)
        seen: set[str] = set()
        for node in s.walk(module) if len(bindings) == 1 else ():
            match node:
                case s.Call(func=s.Attribute(value=s.Name(id=alias), name=name)) if (
                    alias == whole[0] and name not in seen and name not in _OF_OBJECTS
                ):
                    seen.add(name)
                    required = edge.node.kind == "require"
                    missing = self._exports.has(direct, name, required=required) is False
                    if missing and self._model.bindings(alias, self._model.scope_of(node)) == (
                        bindings
                    ):
                        near = difflib.get_close_matches(name, self._exports.names(direct), 1, 0.7)
                        yield MissingImport(
                            edge, "name", direct, name, near[0] if near else "", call=node
                        )

    def _is_dropped(self, module: s.Module, edge: ImportEdge) -> bool:
        """Does the TypeScript compiler drop the import or the name?"""
        if module.language != "typescript" or edge.node.kind != "from" or not edge.node.names:
            return False
        if self._keeps_imports(module.path):
            return False
        used = value_names(module)
        return not any(
            item.alias in used
            for item in edge.node.names
            if edge.symbol is None or item.name == edge.symbol
        )

    def _keeps_imports(self, path: str) -> bool:
        """Does the nearest tsconfig keep all imports that are not written as those of types?"""
        folder = posixpath.dirname(path)
        if folder not in self._keeping:
            config = nearest_tsconfig(self._files, folder)
            data = loads(self._model.tree, config) if config is not None else {}
            options = data.get("compilerOptions")
            self._keeping[folder] = (
                isinstance(options, dict) and options.get("verbatimModuleSyntax") is True
            )
        return self._keeping[folder]

    # --- modules ---

    def _may_exist(self, place: str) -> bool:
        """Can a module be there though the tree does not show it?"""
        suffix = _SUFFIX.search(place)
        if suffix is not None and suffix[0][1:].lower() in _OTHER_FILES:
            return True
        stem = _SCRIPT.sub("", place)
        if _GENERATED.search(place) or self._roots_are_merged or stem in self._skipped:
            return True
        if any(path.startswith(f"{stem}.") for path in self._beside(stem)):
            return True
        names = [place, *(f"{stem}{end}" for end in (".js", ".ts", "/index.js", "/index.ts"))]
        return any(self._provided.is_ignored(name) for name in names)

    def _beside(self, place: str) -> Sequence[str]:
        folder = posixpath.dirname(place)
        return self._by_folder.get(folder, ())

    @cached_property
    def _by_folder(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path in self._files:
            found.setdefault(posixpath.dirname(path), []).append(path)
        return found

    @cached_property
    def _skipped(self) -> frozenset[str]:
        skipped = (*self._model.tree.skipped, *self._model.skipped)
        return frozenset(_SCRIPT.sub("", item.path) for item in skipped)

    @cached_property
    def _roots_are_merged(self) -> bool:
        return any(
            '"rootDirs"' in self._model.tree.text(path)
            for path in self._files
            if re.search(r"(?:^|/)tsconfig[\w.-]*\.json$", path)
        )

    def _near(self, place: str) -> str:
        """The file that was probably meant: of the same name elsewhere, or nearly the same here."""
        stem = _SCRIPT.sub("", place)
        here = {_SCRIPT.sub("", path): path for path in self._beside(stem) if _SCRIPT.search(path)}
        lowered = {key.lower(): key for key in here}
        if stem.lower() in lowered:
            return here[lowered[stem.lower()]]
        close = difflib.get_close_matches(stem, here, 1, 0.8)
        if close:
            return here[close[0]]
        base = posixpath.basename(stem)
        same = [
            path
            for path in self._model.modules
            if posixpath.basename(_SCRIPT.sub("", path)) == base and self._service.holds(path)
        ]
        return same[0] if len(same) == 1 else ""

    # --- extensions ---

    def _exact(self, module: s.Module, edge: ImportEdge, place: str) -> bool | None:
        """Is the file that the specifier names there, where Node asks for it by its full name?"""
        if edge.node.kind not in ("from", "reexport", "dynamic", "import"):
            return None
        package = self._service.packages.of(module.path)
        if package is None:
            return None
        mode = self._mode(package)
        path = module.path
        if path.endswith(".mjs") or (path.endswith(".js") and package.format == "module"):
            return place in self._files if mode != "transformed" else None
        if not path.endswith((".ts", ".mts")) or package.format != "module":
            return None
        if mode == "stripped":
            return place in self._files
        if mode == "compiled":
            return _SUFFIX.search(place) is not None and posixpath.splitext(place)[1] in (
                ".js", ".mjs", ".cjs", ".json", ".ts", ".mts", ".node",
            )  # fmt: skip
        return None

    def _mode(self, package: NodePackage) -> str:
        """How the modules of a package come to run."""
        if package.path not in self._modes:
            self._modes[package.path] = self._mode_of(package)
        return self._modes[package.path]

    def _mode_of(self, package: NodePackage) -> str:
        if self._service.is_transformed(package) and not _is_compiled_only(package):
            return "transformed"
        start = _NODE_RUNS.search(package.scripts.get("start", ""))
        if start is not None and start[1].endswith((".ts", ".mts")):
            return "stripped"
        build = package.scripts.get("build", "")
        if start is not None and re.search(r"(?:^|[\s&])tsc\b", build):
            return "compiled"
        return "plain" if start is not None or not package.scripts else "unknown"


def _is_compiled_only(package: NodePackage) -> bool:
    """Does Node start what the TypeScript compiler alone has built, whatever runs in development
    (``tsx watch``)?"""
    scripts = package.scripts
    start, build = scripts.get("start", ""), scripts.get("build", "")
    around = " ".join(scripts.get(f"{when}{name}", "") for name in ("start", "build")
                      for when in ("pre", "post"))  # fmt: skip
    return (
        _COMPILED_START.fullmatch(start.strip()) is not None
        and _COMPILER.fullmatch(build.strip()) is not None
        and not around.strip()
    )


_COMPILED_START: Final = regex(
    r"(?:NODE_ENV=\w+ )?node (?:--enable-source-maps )?[\w./-]+\.[cm]?js"
)
_COMPILER: Final = regex(
    r"(?:rimraf \S+ && |rm -rf \S+ && )?tsc(?: (?:-p|--project|-b|--build) ?\S*)?"
)
_OF_OBJECTS: Final = frozenset({
    "hasOwnProperty", "toString", "valueOf", "default", "propertyIsEnumerable", "then",
})  # fmt: skip
_OTHER_FILES: Final = frozenset({
    "css", "scss", "sass", "less", "svg", "png", "jpg", "jpeg", "gif", "graphql", "gql", "html",
    "md", "mdx", "txt", "wasm", "node", "proto", "vue", "svelte", "astro", "yml", "yaml", "sql",
    "hbs", "ejs", "pug", "woff", "woff2", "ttf", "ico", "webp", "prisma", "toml", "csv", "xml",
    "coffee", "ls", "re", "res", "mustache", "handlebars", "liquid", "glsl", "worker", "json5",
})  # fmt: skip


def group(found: Sequence[MissingImport]) -> Iterator[list[MissingImport]]:
    """Those of one import statement together; all extensions that a package leaves out as one."""
    by_import: dict[object, list[MissingImport]] = {}
    for item in found:
        key = (item.edge.source, item.call or item.edge.node, item.kind)
        by_import.setdefault(key, []).append(item)
    bare = [several for several in by_import.values() if several[0].kind == "extension"]
    if len(bare) > 3:
        bare.sort(key=lambda several: not several[0].at_start)
        yield [item for several in bare for item in several]
        bare = []
    yield from (several for several in by_import.values() if several[0].kind != "extension")
    yield from bare


__all__ = ["MissingImport", "NodeImports", "group"]
