"""What imports mean: the module that defines a name, through re-exports and barrels."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.libraries import generated_client
from ci_gate.codemodel.program import ImportEdge, Step
from ci_gate.codemodel.scopes import Index
from ci_gate.data import dataclass, replace

_MAX_HOPS = 24


@dataclass(frozen=True, slots=True)
class Target:
    """Where a specifier leads: a file, a package directory without code of its own, or a library.

    ``external`` is the name that values of the library start with (``sqlalchemy.orm``),
    ``package`` its import name (``sqlalchemy``). All None: it could not be resolved.
    """

    path: str | None = None
    directory: str | None = None
    external: str | None = None
    package: str | None = None


Resolve: TypeAlias = Callable[[str, str], Target]
"""Resolves what the file given first means by a specifier."""


def _is_not_there(found: Target) -> bool:
    """No file of the tree, nor surely a package: `src/generated/…` is a path below `baseUrl`."""
    return found == Target() or (
        found.path is None and found.package is not None and not found.package.startswith("@")
    )


@dataclass(frozen=True, slots=True)
class Origin:
    """The module that a name comes from, and the re-exporting hops on the way there."""

    path: str
    steps: tuple[Step, ...] = ()


class Imports:
    def __init__(self, index: Index, resolve: Resolve) -> None:
        self._index = index
        self._resolve = resolve
        self._targets: dict[tuple[str, str], Target] = {}
        self._edges: dict[str, tuple[ImportEdge, ...]] = {}

    def target(self, importer: str, specifier: str) -> Target:
        key = (importer, specifier)
        found = self._targets.get(key)
        if found is None:
            found = self._resolve(importer, specifier)
            if _is_not_there(found) and (client := generated_client(specifier)) is not None:
                found = Target(external=client, package=client)
            self._targets[key] = found
        return found

    def submodule(self, importer: str, specifier: str, name: str) -> Target:
        """The Python module ``name`` below the package that ``specifier`` names."""
        joined = specifier + name if specifier.endswith(".") else f"{specifier}.{name}"
        return self.target(importer, joined)

    def child(self, directory: str, name: str) -> str | None:
        """The module or package ``name`` in a package directory, or None."""
        base = f"{directory}/{name}" if directory else name
        for path in (f"{base}.py", f"{base}/__init__.py"):
            if path in self._index.modules:
                return path
        return None

    def is_namespace(self, directory: str) -> bool:
        prefix = directory + "/"
        return any(path.startswith(prefix) for path in self._index.modules)

    # --- edges ---

    def edges(self, path: str) -> tuple[ImportEdge, ...]:
        found = self._edges.get(path)
        if found is None:
            module = self._index.modules[path]
            found = tuple(edge for item in module.imports for edge in self._edges_of(module, item))
            self._edges[path] = found
        return found

    def _edges_of(self, module: s.Module, item: s.Import) -> Iterator[ImportEdge]:
        target = self.target(module.path, item.specifier)
        symbols = self._symbols(module, item)
        for symbol, node, type_only in symbols:
            edge = self._edge(module, item, target, symbol)
            yield replace(edge, span=node.span, type_only=type_only)
        if not symbols or item.star:
            yield self._edge(module, item, target, None)

    def _symbols(
        self, module: s.Module, item: s.Import
    ) -> Sequence[tuple[str | None, s.Node, bool]]:
        if item.kind == "reexport":
            found: list[tuple[str | None, s.Node, bool]] = []
            for export in module.exports:
                if export.specifier == item.specifier and _inside(export.span, item.span):
                    symbol = None if export.source in (None, "*") else export.source
                    found.append((symbol, export, export.type_only or item.type_only))
            return found
        return [
            (None if name.name == "*" else name.name, name, name.type_only or item.type_only)
            for name in item.names
            if not (item.kind == "import" and module.language == "python")
        ]

    def _edge(
        self, module: s.Module, item: s.Import, target: Target, symbol: str | None
    ) -> ImportEdge:
        path = target.path
        steps: tuple[Step, ...] = ()
        if symbol is not None:
            if path is not None and path in self._index.modules:
                origin = self.origin(path, symbol)
                if origin is not None:
                    path, steps = origin.path, origin.steps
                elif module.language == "python":
                    path = self.submodule(module.path, item.specifier, symbol).path or path
            elif target.directory is not None:
                path = self.submodule(module.path, item.specifier, symbol).path
        unresolved = path is None and target.package is None and target.directory is None
        return ImportEdge(
            source=module.path,
            target=path,
            package=target.package if path is None else None,
            symbol=symbol,
            node=item,
            span=item.span,
            via=steps,
            type_only=item.type_only,
            lazy=item.lazy,
            unresolved=unresolved,
        )

    # --- origins ---

    def origin(self, path: str, name: str) -> Origin | None:
        """The module that defines what ``path`` gives away as ``name``; None when it has no such
        name."""
        return self._origin(path, name, set(), ())

    def _origin(
        self, path: str, name: str, seen: set[tuple[str, str]], steps: tuple[Step, ...]
    ) -> Origin | None:
        if (path, name) in seen or len(seen) > _MAX_HOPS:
            return None
        seen.add((path, name))
        module = self._index.modules.get(path)
        if module is None:
            return None
        if module.language == "python":
            return self._python_origin(module, name, seen, steps)
        return self._script_origin(module, name, seen, steps)

    def _python_origin(
        self, module: s.Module, name: str, seen: set[tuple[str, str]], steps: tuple[Step, ...]
    ) -> Origin | None:
        frame = self._index.frames[module]
        bindings = frame.names.get(name, [])
        for binding in bindings:
            if binding.kind != "import" or binding.statement is None:
                return Origin(module.path, steps)
        for binding in bindings:
            statement = binding.statement
            assert statement is not None
            assert isinstance(binding.node, s.ImportedName)
            found = self._follow(module, statement, binding.node.name, seen, steps)
            if found is not None:
                return found
        if bindings:
            return Origin(module.path, steps)
        for statement in frame.stars:
            if name.startswith("_"):
                break
            target = self.target(module.path, statement.specifier)
            if target.path is not None:
                hop = Step(module.path, statement.line)
                found = self._origin(target.path, name, seen, (*steps, hop))
                if found is not None:
                    return found
        if module.path.endswith("/__init__.py"):
            child = self.child(module.path.removesuffix("/__init__.py"), name)
            if child is not None:
                return Origin(child, steps)
        return None

    def _follow(
        self,
        module: s.Module,
        statement: s.Import,
        name: str,
        seen: set[tuple[str, str]],
        steps: tuple[Step, ...],
    ) -> Origin | None:
        target = self.target(module.path, statement.specifier)
        hop = Step(module.path, statement.line)
        if target.path is not None:
            if name == "*" or statement.kind == "import" or target.path not in self._index.modules:
                return Origin(target.path, (*steps, hop))
            found = self._origin(target.path, name, seen, (*steps, hop))
            if found is not None:
                return found
        if module.language == "python" and (target.path or target.directory) is not None:
            child = self.submodule(module.path, statement.specifier, name).path
            if child is not None:
                return Origin(child, (*steps, hop))
        return None

    def _script_origin(
        self, module: s.Module, name: str, seen: set[tuple[str, str]], steps: tuple[Step, ...]
    ) -> Origin | None:
        whole: s.Export | None = None
        for export in module.exports:
            if export.name == name:
                return self._export_origin(module, export, seen, steps)
            if export.name == "module.exports":
                whole = export
        for export in module.exports:
            if export.name != "*":
                continue
            target = self._star_target(module, export)
            if target is not None:
                hop = Step(module.path, export.line)
                found = self._origin(target, name, seen, (*steps, hop))
                if found is not None:
                    return found
        if whole is not None:
            found = self._export_origin(module, whole, seen, steps, member=name)
            return found or (Origin(module.path, steps) if name == "default" else None)
        return None

    def _star_target(self, module: s.Module, export: s.Export) -> str | None:
        specifier = export.specifier
        if specifier is None and export.value is not None:
            specifier = required(export.value)
        if specifier is None:
            if isinstance(export.value, s.Name):
                for binding in self._index.frames[module].names.get(export.value.id, []):
                    if binding.statement is not None:
                        return self.target(module.path, binding.statement.specifier).path
            return None
        return self.target(module.path, specifier).path

    def _export_origin(
        self,
        module: s.Module,
        export: s.Export,
        seen: set[tuple[str, str]],
        steps: tuple[Step, ...],
        member: str | None = None,
    ) -> Origin | None:
        here = Origin(module.path, steps) if member is None else None
        hop = Step(module.path, export.line)
        if export.specifier is not None:
            target = self.target(module.path, export.specifier).path
            if target is None:
                return here
            if export.source in (None, "*"):
                return Origin(target, (*steps, hop))
            return self._origin(target, export.source, seen, (*steps, hop)) or Origin(
                target, (*steps, hop)
            )
        expr: s.Expr | None = export.value
        if export.local is not None:
            expr = s.Name(export.span, export.local)
        found = self._expression_origin(module, expr, member, seen, steps) if expr else None
        return found or here

    def _expression_origin(
        self,
        module: s.Module,
        expr: s.Expr,
        member: str | None,
        seen: set[tuple[str, str]],
        steps: tuple[Step, ...],
    ) -> Origin | None:
        """Where an exported expression comes from, when it only passes something on."""
        hop = Step(module.path, expr.line)
        specifier = required(expr)
        if specifier is not None:
            target = self.target(module.path, specifier).path
            if target is None:
                return None
            if member is None:
                return Origin(target, (*steps, hop))
            return self._origin(target, member, seen, (*steps, hop))
        if isinstance(expr, s.Attribute) and member is None:
            return self._expression_origin(module, expr.value, expr.name, seen, steps)
        if not isinstance(expr, s.Name):
            return None
        for binding in self._index.frames[module].names.get(expr.id, []):
            found: Origin | None = None
            if binding.kind == "import" and binding.statement is not None:
                assert isinstance(binding.node, s.ImportedName)
                name = binding.node.name
                if name in ("*", "default") and member is not None:
                    name = member
                elif member is not None:
                    continue
                found = self._follow(module, binding.statement, name, seen, steps)
            elif isinstance(binding.node, s.Call | s.Await) and required(binding.node) is not None:
                key = [str(item) for step, item in binding.path if step == "key"]
                if len(key) != len(binding.path) or len(key) > 1 or (key and member):
                    continue
                wanted = key[0] if key else member
                found = self._expression_origin(module, binding.node, wanted, seen, steps)
            if found is not None:
                return found
        return None


def required(expr: s.Expr) -> str | None:
    """The specifier of ``require("x")`` or ``import("x")``, else None."""
    if isinstance(expr, s.Await):
        expr = expr.value
    if (
        isinstance(expr, s.Call)
        and isinstance(expr.func, s.Name)
        and expr.func.id in ("require", "import")
        and len(expr.args) >= 1
        and isinstance(expr.args[0].value, s.Literal)
        and isinstance(expr.args[0].value.value, str)
    ):
        return expr.args[0].value.value
    return None


def _inside(inner: s.Span, outer: s.Span) -> bool:
    return (outer[0], outer[1]) <= (inner[0], inner[1]) and (inner[2], inner[3]) <= (
        outer[2],
        outer[3],
    )
