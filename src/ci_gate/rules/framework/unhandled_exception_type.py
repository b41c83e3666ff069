from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import ClassInfo, CodeModel
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ClassValue, ExternalValue
from ci_gate.data import dataclass
from ci_gate.findings import Finding, Related, Severity
from ci_gate.regex import regex
from ci_gate.rules.base import Facts, Rule

_REGISTER: Final = frozenset({
    "errorhandler", "app_errorhandler", "register_error_handler", "exception_handler",
    "add_exception_handler",
})  # fmt: skip
_EXCEPTION: Final = regex(r"(?:Error|Exception|NotFound|Conflict|Denied|Forbidden)$")
_ROOTS: Final = regex(
    r"^(?:builtins\.)?(?:Base)?Exception$|^Error$|^(?:builtins\.)?(?:Value|Runtime|Lookup|Key|"
    r"Permission|Type|OS)Error$"
)
_EXPORTS: Final = regex(r"^(?:module\.)?exports(?:\.|$)")
#: What error middleware reads off an error instead of asking for its class.
_BY_PROPERTY: Final = frozenset({
    "status", "statusCode", "status_code", "httpStatus", "code", "name", "type", "isOperational",
    "constructor", "kind", "toJSON", "output",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Handled:
    """Where errors of a class are handled."""

    cls: ClassInfo
    path: str
    node: s.Expr


class UnhandledExceptionType(Rule):
    """A handler is for an exception class that nothing raises, while another class of the same name
    is raised, which no handler is for.

    `@app.errorhandler(NotFoundError)`, `@app.exception_handler(…)`, `except NotFoundError:`, and
    `err instanceof NotFoundError` in JavaScript: the class is told by where it is defined, not by
    its name.

    ## Why is this bad?
    The service raises the one, the handler waits for the other: the error passes it by, and the
    client gets status 500 where 404 or 409 was meant. A unit test of the handler and one of the
    service both pass.

    ## Fix
    Keep one of the two classes, and import it in both places.

    ## Silent on
    Classes that something raises, or of which a subclass exists; names whose class cannot be
    resolved everywhere; classes that are mentioned in any other place than where they are made,
    those they derive from included; error middleware that reads a status or a name off the error;
    handlers and raising modules that no program imports together.

    ## Source
    Flask, "Handling Application Errors"; FastAPI, "Handling Errors".
    """

    id = "any/unhandled-exception-type"
    group = "framework"
    severity = Severity.WARNING
    languages: ClassVar = ("python", "javascript", "typescript")

    def check(self, facts: Facts) -> Iterable[Finding]:
        search = _Search(facts.model)
        for name, classes in search.twins.items():
            yield from self._named(search, name, classes)

    def _named(self, search: _Search, name: str, classes: Sequence[ClassInfo]) -> Iterator[Finding]:
        made = search.made(name)
        if made is None:
            return
        for handled in search.handled(name):
            if handled.cls in made or search.model.subclasses(handled.cls):
                continue
            for other in classes:
                raised = made.get(other)
                if raised is None or not search.passes_by(handled, other):
                    continue
                place = next(
                    (item for item in raised if search.together(handled.path, item[0])), None
                )
                if place is None:
                    continue
                yield self._finding(handled, other, place)
                break

    def _finding(self, handled: _Handled, other: ClassInfo, place: tuple[str, s.Call]) -> Finding:
        cls = handled.cls
        path, call = place
        return self.finding(
            handled.path,
            handled.node,
            message=f"The {cls.name} that is handled here is the one of {cls.module.path}, which "
            f"nothing raises; {path} raises the one of {other.module.path}.",
            why="They are two classes: the error passes this handler by, and the request ends with "
            "status 500.",
            fix=f"Import {cls.name} from the same module in both places, and take the other away.",
            subject=f"{cls.name} of {cls.module.path}",
            related=[
                Related(path, call.line, f"raises the {cls.name} of {other.module.path}"),
                Related(other.module.path, other.node.line, "the class that is raised"),
                Related(cls.module.path, cls.node.line, "the class that is handled"),
            ],
        )


class _Search:
    def __init__(self, model: CodeModel) -> None:
        self.model = model
        self._closures: dict[str, frozenset[str]] = {}
        self._holding: dict[str, list[s.Module]] = {}

    @cached_property
    def twins(self) -> dict[str, list[ClassInfo]]:
        """Exceptions of the service that several modules define under one name."""
        found: defaultdict[str, list[ClassInfo]] = defaultdict(list)
        for cls in self.model.classes.values():
            if _EXCEPTION.search(cls.name) and not is_outside(cls.module.path):
                found[cls.name].append(cls)
        return {
            name: classes
            for name, classes in found.items()
            if len({cls.module.path for cls in classes}) == len(classes) > 1
        }

    def _modules(self, name: str) -> Sequence[s.Module]:
        """The modules of the service whose text has the name."""
        if name not in self._holding:
            self._holding[name] = [
                module for path, module in self.model.modules.items() if self._holds(path, name)
            ]
        return self._holding[name]

    def _holds(self, path: str, name: str) -> bool:
        try:
            return not is_outside(path) and name in self.model.tree.text(path)
        except (OSError, UnicodeError):
            return False

    def made(self, name: str) -> dict[ClassInfo, list[tuple[str, s.Call]]] | None:
        """Where objects of each class of that name are made; None where one of the calls cannot
        be resolved, or the name is changed on the way."""
        found: defaultdict[ClassInfo, list[tuple[str, s.Call]]] = defaultdict(list)
        for module in self._modules(name):
            for item in module.imports:
                if item.star or any(n.name == name != n.alias for n in item.names):
                    return None
        for call, scope in self.model.calls_named(name):
            if is_outside(scope.module.path):
                continue
            values = self.model.evaluate(call.func, scope)
            if len(values) != 1:
                return None
            for value in values:
                if isinstance(value, ClassValue):
                    found[value.cls].append((scope.module.path, call))
        for module in self._modules(name):
            for node in s.walk(module):
                if isinstance(node, s.Raise) and isinstance(node.value, s.Name | s.Attribute):
                    last = node.value.id if isinstance(node.value, s.Name) else node.value.name
                    if last == name:
                        return None
        return found

    def handled(self, name: str) -> Iterator[_Handled]:
        for module in self._modules(name):
            for node in s.walk(module):
                for expr in _asked(node):
                    cls = self._class(expr)
                    if cls is not None and cls.name == name:
                        if module.language != "python" and self._reads_properties(node):
                            continue
                        yield _Handled(cls, module.path, expr)

    def _class(self, expr: s.Expr) -> ClassInfo | None:
        values = self.model.evaluate(expr)
        found = [item.cls for item in values if isinstance(item, ClassValue)]
        return found[0] if len(found) == len(values) == 1 else None

    def _reads_properties(self, node: s.Node) -> bool:
        """Does the function around read something off the error that tells it without its class?"""
        if not isinstance(node, s.Binary) or not isinstance(node.left, s.Name):
            return True
        function = self.model.scope_of(node).function.node
        return any(
            isinstance(item, s.Attribute)
            and isinstance(item.value, s.Name)
            and item.value.id == node.left.id
            and item.name in _BY_PROPERTY
            for item in s.walk(function)
        )

    def passes_by(self, handled: _Handled, other: ClassInfo) -> bool:
        """Is the other class neither handled nor mentioned anywhere, nor what it derives from?"""
        ancestors = list(self.model.ancestors(other))
        own = [item.cls for item in ancestors if isinstance(item, ClassValue)]
        if handled.cls is other or handled.cls in own:
            return False
        for item in ancestors:
            if isinstance(item, ExternalValue) and not _ROOTS.match(item.path):
                return False
            if not isinstance(item, ExternalValue | ClassValue):
                return False
        if not ancestors or self.model.subclasses(other):
            return False
        return not any(self._is_mentioned(cls) for cls in (other, *own)) and not any(
            self._is_caught(item.path) for item in ancestors if isinstance(item, ExternalValue)
        )

    def _is_mentioned(self, cls: ClassInfo) -> bool:
        """Is the class named other than to make one of it or to derive from it?"""
        for module in self._modules(cls.name):
            plain: set[s.Node] = set()
            for node in s.walk(module):
                if isinstance(node, s.Call):
                    plain.add(node.func)
                elif isinstance(node, s.Class):
                    plain.update(base.value for base in node.bases)
                elif isinstance(node, s.Assign):
                    for target in node.targets:
                        plain.update(s.walk(target))
                        if _EXPORTS.match(s.dotted(target)) and node.value is not None:
                            plain.update(_exported(node.value))
                elif isinstance(node, s.Name | s.Attribute) and node not in plain:
                    last = node.id if isinstance(node, s.Name) else node.name
                    if last == cls.name and self._class(node) in (cls, None):
                        return True
        return False

    def _is_caught(self, builtin: str) -> bool:
        """Is there a handler for the class of the language, `Exception` apart?"""
        name = builtin.rpartition(".")[2]
        if name in ("Exception", "BaseException", "Error"):
            return False
        return any(
            isinstance(expr, s.Name) and expr.id == name
            for module in self._modules(name)
            for node in s.walk(module)
            for expr in _asked(node)
        )

    def together(self, one: str, other: str) -> bool:
        """Does some program import both modules?"""
        if other in self._closure(one) or one in self._closure(other):
            return True
        return any(other in self._closure(path) for path in self._importers(one))

    @cached_property
    def _imported_by(self) -> dict[str, set[str]]:
        found: defaultdict[str, set[str]] = defaultdict(set)
        for edge in self.model.import_edges:
            if edge.target is not None and not edge.type_only and not is_outside(edge.source):
                for target in (edge.target, *(step.path for step in edge.via)):
                    found[target].add(edge.source)
        return found

    def _importers(self, path: str) -> frozenset[str]:
        """All modules that import the module, through others too."""
        found: set[str] = set()
        waiting = [path]
        while waiting:
            for source in self._imported_by.get(waiting.pop(), ()):
                if source not in found:
                    found.add(source)
                    waiting.append(source)
        return frozenset(found)

    def _closure(self, path: str) -> frozenset[str]:
        """The module and all that it imports."""
        if path not in self._closures:
            found: set[str] = set()
            waiting = [path]
            while waiting:
                current = waiting.pop()
                if current in found:
                    continue
                found.add(current)
                for edge in self.model.imports_of(current):
                    if edge.target is not None and not edge.type_only:
                        waiting += [edge.target, *(step.path for step in edge.via)]
            self._closures[path] = frozenset(found)
        return self._closures[path]


def _exported(value: s.Expr) -> Iterator[s.Expr]:
    if isinstance(value, s.Mapping):
        yield from (entry.value for entry in value.entries)
    yield value


def _asked(node: s.Node) -> Iterator[s.Expr]:
    """The classes that a handler is registered for, an ``except`` names, or ``instanceof`` asks."""
    match node:
        case s.Handler(type=s.Sequence(items=items)):
            yield from items
        case s.Handler(type=kind) if kind is not None:
            yield kind
        case s.Binary(op="instanceof", right=right):
            yield right
        case s.Call(func=s.Attribute(name=name), args=[first, *_]) if name in _REGISTER:
            yield first.value
