"""Node: whether code may run from any of a program's ways in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from typing import Final, Literal

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.javascript.modules import is_exports
from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.surroundings import Enclosing
from ci_gate.data import dataclass
from ci_gate.regex import regex
from ci_gate.rules.database._node_told import Told
from ci_gate.rules.database._provision import is_test

_TESTS: Final = regex(
    r"(?:^|/)(?:tests?|__tests__|specs?|e2e|testing|fixtures|__mocks__|mocks?|node_modules)/|"
    r"\.(?:test|spec|e2e|stories|mock)\.[cm]?[jt]sx?$|(?:^|/)(?:jest|vitest|test)[^/]*setup[^/]*$"
)
#: Modules that are started, or found by convention.
_WAYS_IN: Final = regex(
    r"(?:^|/)(?:index|app|server|main|www|start|worker|cluster|bootstrap|handler|lambda|function|"
    r"knexfile|gulpfile|Gruntfile|\w*\.config|instrumentation|middleware)\.[cm]?[jt]sx?$|"
    r"(?:^|/)(?:pages|functions|lambdas?|handlers|netlify|api|bin|\.\w+)/"
)
_LISTENING: Final = frozenset({"listen", "serve", "createServer", "createSecureServer"})
#: Calls that only make a value out of others.
_PURE: Final = frozenset({
    "URL", "join", "resolve", "fileURLToPath", "readFileSync", "readFile", "dirname", "freeze",
    "trim", "dedent", "raw", "String", "toString", "replace", "split", "concat", "relative",
})  # fmt: skip
_LOADING: Final = frozenset({
    "readdirSync", "readdir", "globSync", "glob", "sync", "autoload", "AutoLoad", "fastifyAutoload",
    "requireDirectory", "requireAll", "requireContext", "importAll", "opendir",
})  # fmt: skip
_MAX_STEPS: Final = 400


@dataclass(frozen=True, slots=True)
class End:
    """Where the way to some code ends: a function or a value that nothing uses, or a module that
    nothing loads. ``name`` is the function's, the value's or the module's path."""

    kind: Literal["function", "value", "module", "test"]
    path: str
    node: s.Node
    name: str


@lru_cache(maxsize=4)
def reached_of(model: CodeModel) -> Reached:
    """The answers for one program, for all rules that ask."""
    return Reached(model, Told(model))


class Reached:
    """Answers for one program, taken generously: what may run counts as running.

    A function runs where any code that may run speaks its name, however it is called.
    """

    def __init__(self, model: CodeModel, told: Told) -> None:
        self._model = model
        self.told = told
        self._surroundings = model.surroundings
        self._modules: dict[str, bool] = {}

    def end(self, path: str, node: s.Node) -> End | None:
        """Why the node never runs; None where it may."""
        return _Search(self).place(path, node)

    def surroundings(self, path: str, node: s.Node) -> Iterator[Enclosing]:
        return self._surroundings.of(path, node)

    # --- modules ---

    def loads(self, path: str) -> bool:
        """May the program load the module?"""
        found = self._modules.get(path)
        if found is None:
            found = self._modules[path] = self._loads(path)
        return found

    def _loads(self, start: str) -> bool:
        seen: set[str] = set()
        queue = [start]
        while queue:
            path = queue.pop()
            if path in seen or is_tests(path):
                continue
            seen.add(path)
            if path in self._ways_in:
                return True
            queue.extend(self._importers.get(path, ()))
        return False

    @cached_property
    def _ways_in(self) -> frozenset[str]:
        listening = {
            scope.module.path
            for name in _LISTENING
            for _, scope in self._model.calls_named(name)
        }  # fmt: skip
        routed = {route.module for route in self._model.routes}
        return frozenset(
            path
            for path, module in self._model.modules.items()
            if module.language != "python"
            and not is_tests(path)
            and (
                path in listening
                or path in routed
                or _WAYS_IN.search(path)
                or (self._finds_modules and not is_outside(path))
                or self.told.names_file(path)
            )
        )

    @cached_property
    def _finds_modules(self) -> bool:
        """Does code load modules by names that it works out?"""
        return any(
            not is_tests(scope.module.path)
            for name in _LOADING
            for _, scope in self._model.calls_named(name)
            if scope.module.language != "python"
        ) and any(
            not isinstance(call.argument(0), s.Literal) and not is_tests(scope.module.path)
            for name in ("require", "import", "register")
            for call, scope in self._model.calls_named(name)
        )

    @cached_property
    def _importers(self) -> Mapping[str, set[str]]:
        found: defaultdict[str, set[str]] = defaultdict(set)
        for edge in self._model.import_edges:
            if edge.type_only:
                continue
            for target in (edge.target, *(step.path for step in edge.via)):
                if target is not None and target != edge.source:
                    found[target].add(edge.source)
        return found

    # --- names ---

    def knows(self, source: str, path: str) -> bool:
        """Is ``source`` the module itself, or does it import it?"""
        return source == path or source in self._importers.get(path, ())

    def names(self, name: str) -> bool:
        """Does a file beside the code name what is called like nothing else?"""
        return not name.islower() and self.told.names(name)

    def mentions(self, name: str) -> list[tuple[str, s.Node]]:
        """Where code speaks of a name: not where it defines, imports or exports it."""
        return self._mentioned.get(name, [])

    def is_given_away_whole(self, path: str, name: str, node: s.Node) -> bool:
        """Is it what the module exports as such, which others call as they like?"""
        module = self._model.modules[path]
        for export in module.exports:
            if export.name in ("default", "module.exports") and (
                export.local == name
                or (isinstance(export.value, s.Name) and export.value.id == name)
                or (isinstance(export.value, s.FunctionExpr) and export.value.function is node)
                or export.value is node
            ):
                return True
        return False

    def other_names(self, path: str, name: str) -> Iterator[str]:
        """The names under which modules export and import it."""
        for export in self._model.modules[path].exports:
            value = export.value
            if export.name in ("default", "module.exports", "*", name):
                continue
            if export.local == name or (isinstance(value, s.Name) and value.id == name):
                yield export.name
        for source in self._importers.get(path, ()):
            for item in self._model.modules[source].imports:
                for imported in item.names:
                    if imported.name == name and imported.alias not in ("", name):
                        yield imported.alias

    @cached_property
    def _mentioned(self) -> Mapping[str, list[tuple[str, s.Node]]]:
        found: defaultdict[str, list[tuple[str, s.Node]]] = defaultdict(list)
        for path, module in self._model.modules.items():
            if module.language == "python" or is_tests(path):
                continue
            for name, node in _spoken(module):
                found[name].append((path, node))
        return found


def _spoken(module: s.Module) -> Iterator[tuple[str, s.Node]]:
    """The names in a module's code, but for those that it only defines, imports or exports."""
    stack: list[s.Node] = [*module.body]
    while stack:
        node = stack.pop()
        match node:
            case s.ImportStmt():
                continue
            case s.Assign(targets=targets, value=value):
                exports = any(is_exports(target) for target in targets)
                if exports and isinstance(value, s.Name):
                    continue
                if exports and isinstance(value, s.Mapping):
                    stack.extend(e.value for e in value.entries if not isinstance(e.value, s.Name))
                    continue
                for target in targets:
                    if isinstance(target, s.Subscript):
                        stack.append(target)
                if value is not None:
                    stack.append(value)
                continue
            case s.ExprStmt(value=s.Mapping(entries=entries)):  # export default {…}
                stack.extend(e.value for e in entries if not isinstance(e.value, s.Name))
                continue
            case s.ExprStmt(value=s.Name()):
                continue
            case s.Entry(key=s.Literal(value=key), value=s.Name(id=name)) if key == name:
                continue  # {migrate}: who uses it speaks its name
            case s.Name(id=name):
                yield name, node
            case s.Attribute(name=name):
                yield name, node
            case s.Literal(value=str(text)) if len(text) < 80 and text.isidentifier():
                yield text, node
        stack.extend(s.children(node))


class _Search:
    """One question, with what has been looked at for it."""

    def __init__(self, reached: Reached) -> None:
        self._reached = reached
        self._seen: set[tuple[str, str]] = set()
        self._steps = 0

    def place(self, path: str, node: s.Node) -> End | None:
        self._steps += 1
        if self._steps > _MAX_STEPS:
            return None
        if is_tests(path):
            return End("test", path, node, path)
        executed = False
        chain = list(self._reached.surroundings(path, node))
        for number, enclosing in enumerate(chain):
            outer = enclosing.node
            match outer:
                case s.Call(func=func) if _called(func) not in _PURE:
                    executed = True
                case s.Function():
                    place = chain[number + 1 :]
                    name = _name_of(outer, place)
                    if name is None:
                        return None
                    if name:
                        return self._named(path, outer, name, "function")
                    executed = True  # handed to what surrounds it
                case s.Assign(targets=[s.Name(id=name) | s.Attribute(name=name)]) if (
                    not executed and name != "exports" and not _in_function(chain[number + 1 :])
                ):
                    return self._named(path, outer, name, "value")
        if self._reached.loads(path):
            return None
        return End("module", path, node, path)

    def _named(
        self, path: str, node: s.Node, name: str, kind: Literal["function", "value"]
    ) -> End | None:
        """The first place that may run what has the name; else where that ends."""
        if (path, name) in self._seen:
            return End(kind, path, node, name)
        self._seen.add((path, name))
        reached = self._reached
        if reached.is_given_away_whole(path, name, node) and reached.loads(path):
            return None
        if reached.names(name):
            return None
        furthest: End | None = None
        for other in dict.fromkeys((name, *reached.other_names(path, name))):
            for source, mention in reached.mentions(other):
                if _within(source, mention, path, node):
                    continue
                by_name = isinstance(mention, s.Name | s.Literal)
                if kind == "value" and by_name and not reached.knows(source, path):
                    continue
                found = self.place(source, mention)
                if found is None:
                    return None
                if furthest is None and found.kind != "test":
                    furthest = found
        return furthest or End(kind, path, node, name)


def _in_function(around: list[Enclosing]) -> bool:
    return any(isinstance(item.node, s.Function) for item in around)


def _within(source: str, mention: s.Node, path: str, node: s.Node) -> bool:
    """Is the mention inside of what it speaks of?"""
    inner, outer = mention.span, node.span
    return source == path and outer[:2] <= inner[:2] and inner[2:] <= outer[2:]


def _called(func: s.Expr) -> str:
    return func.id if isinstance(func, s.Name) else getattr(func, "name", "")


def _name_of(function: s.Function, around: list[Enclosing]) -> str | None:
    """The name by which a function is called; empty where what surrounds it runs it or hands it
    on; None where somebody else calls it (hooks, decorated methods)."""
    if function.decorators:
        return None
    if not around:
        return function.name
    first = around[0].node
    if isinstance(first, s.FunctionDef):
        owner = around[1].node if len(around) > 1 else None
        if isinstance(owner, s.Class):
            return _method(function, owner)
        return function.name
    if isinstance(first, s.Class):
        return _method(function, first)
    if not isinstance(first, s.FunctionExpr) or len(around) < 2:
        return ""
    match around[1].node:
        case s.Assign(targets=[s.Name(id=name)]):
            return name
        case s.Assign(targets=[s.Attribute(name=name)]) if name != "exports":
            return name
        case s.Entry(key=s.Literal(value=str(name))):
            return name
    return ""


def _method(function: s.Function, owner: s.Class) -> str | None:
    if owner.decorators or owner.implements or function.name.startswith("on"):
        return None
    return owner.name if function.kind == "constructor" else function.name


def is_tests(path: str) -> bool:
    """Is the file a test, or there for tests?"""
    return _TESTS.search(path) is not None or is_test(path)
