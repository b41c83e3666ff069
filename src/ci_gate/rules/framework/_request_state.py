"""What of a request is written to something that outlives it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import ClassInfo, CodeModel, FunctionInfo
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ExternalValue
from ci_gate.data import dataclass
from ci_gate.rules.base import Facts
from ci_gate.rules.framework._django_settings import assignments

_LISTS: Final = ("MIDDLEWARE", "MIDDLEWARE_CLASSES")
_STARLETTE: Final = "starlette.middleware.base.BaseHTTPMiddleware"
_FIRST: Final = 2  # parameters of a method that takes a request: self and it
#: Methods that take the request as their first argument.
_DJANGO: Final = frozenset({
    "__call__", "__acall__", "process_request", "process_view", "process_response",
    "process_exception", "process_template_response",
})  # fmt: skip
#: Parts of a request that are the application's.
_OF_APPLICATION: Final = frozenset({"app", "application", "registry", "config_dict"})
_PROXY: Final = ("flask.request", "flask.session", "quart.request", "quart.session")
_MAX_PASSES: Final = 4


@dataclass(frozen=True, slots=True)
class Stored:
    """``node`` keeps what is of one request where all of them see it; ``read`` takes it from there.
    ``owner`` is what keeps it, ``name`` under which name, ``once`` why there is one of it."""

    function: FunctionInfo
    node: s.Assign
    owner: str
    name: str
    once: str
    read: s.Node


def on_middleware(facts: Facts) -> Iterator[Stored]:
    """Attributes of a middleware object that are set in each request."""
    model = facts.model
    listed = _listed(model)
    for cls in model.classes.values():
        if cls.module.language != "python" or is_outside(cls.module.path):
            continue
        django = _is_django(cls, listed)
        if not django and not _is_starlette(model, cls):
            continue
        entries = _DJANGO if django else frozenset({"dispatch"})
        once = f"{'Django' if django else 'Starlette'} makes one {cls.name} per process"
        methods = _methods(model, cls)
        for function in methods:
            if function.name in entries:
                yield from _stored_on_self(cls, function, methods, once, together=not django)


def _listed(model: CodeModel) -> frozenset[str]:
    """The last names of what Django's settings list as middleware."""
    return frozenset(
        node.value.rpartition(".")[2]
        for _, statement in assignments(model, *_LISTS)
        for node in s.walk(statement)
        if isinstance(node, s.Literal) and isinstance(node.value, str)
    )


def _is_django(cls: ClassInfo, listed: frozenset[str]) -> bool:
    if cls.name not in listed:
        return False
    return any(
        isinstance(statement, s.FunctionDef)
        and statement.function.name in _DJANGO
        and len(statement.function.params) >= _FIRST
        for statement in cls.node.body
    )


def _is_starlette(model: CodeModel, cls: ClassInfo) -> bool:
    return any(
        isinstance(base, ExternalValue) and base.path == _STARLETTE for base in model.ancestors(cls)
    )


def _methods(model: CodeModel, cls: ClassInfo) -> list[FunctionInfo]:
    found = []
    for statement in cls.node.body:
        if isinstance(statement, s.FunctionDef):
            info = model.function_of(statement.function)
            if info is not None:
                found.append(info)
    return found


def _stored_on_self(
    cls: ClassInfo,
    function: FunctionInfo,
    methods: list[FunctionInfo],
    once: str,
    *,
    together: bool,
) -> Iterator[Stored]:
    """``together``: requests take turns only where one of them awaits something."""
    node = function.node
    if not isinstance(node, s.Function) or len(node.params) < _FIRST:
        return
    own, request = node.params[0].name, node.params[1].name
    derived = _derived(node, {request})
    seen: set[str] = set()
    for statement in _certain(node.body):
        for target in _targets(statement):
            if not isinstance(target, s.Attribute) or not _is_name(target.value, own):
                continue
            if target.name in seen or statement.value is None or statement.op is not None:
                continue
            if not _mentions(statement.value, derived):
                continue
            read = _read_of(target.name, statement, function, methods, together=together)
            if read is not None:
                seen.add(target.name)
                yield Stored(function, statement, cls.name, f"{own}.{target.name}", once, read)


def _read_of(
    name: str,
    store: s.Assign,
    function: FunctionInfo,
    methods: list[FunctionInfo],
    *,
    together: bool,
) -> s.Node | None:
    """Where the attribute is read again in the course of a request."""
    waits = store.line
    if together:
        awaits = [n.line for n in s.walk(function.node) if isinstance(n, s.Await)]
        after = [line for line in awaits if line > store.span[2]]
        if not after:
            return None
        waits = min(after)
    written = {
        target
        for method in methods
        for node in s.walk(method.node)
        if isinstance(node, s.Assign)
        for target in _targets(node)
    }
    for method in methods:
        if method.name == "__init__" or not isinstance(method.node, s.Function):
            continue
        own = method.node.params[0].name if method.node.params else ""
        for node in s.walk(method.node):
            if (
                isinstance(node, s.Attribute)
                and node.name == name
                and _is_name(node.value, own)
                and node not in written
                and (not together or (method is function and node.line >= waits))
            ):
                return node
    return None


def on_globals(facts: Facts) -> Iterator[Stored]:
    """Global names that are set by what runs before the handlers."""
    model = facts.model
    hooks = {
        hook
        for route in model.routes
        for hook in route.handlers[1:]
        if hook.module.language == "python" and not is_outside(hook.module.path)
    }
    for hook in sorted(hooks, key=lambda item: item.qualname):
        if isinstance(hook.node, s.Function):
            found = next(_stored_in_globals(model, hook, hook.node), None)
            if found is not None:
                yield found


def _stored_in_globals(model: CodeModel, hook: FunctionInfo, node: s.Function) -> Iterator[Stored]:
    path = hook.module.path
    given = {param.name for param in node.params if _is_of_request(param)}
    derived = _derived(node, given | _proxies(model, node))
    for statement in _certain(node.body):
        for target in _targets(statement):
            if not isinstance(target, s.Name) or statement.value is None or statement.op:
                continue
            stores = [value for value, _ in model.set_by_functions(target.id, path)]
            if statement.value not in stores or not _mentions(statement.value, derived):
                continue
            read = _global_read(model, hook, target.id)
            if read is not None:
                yield Stored(
                    hook, statement, path, target.id, "All requests share the names of a module",
                    read,
                )  # fmt: skip


def _is_of_request(param: s.Param) -> bool:
    return param.name == "request" or any(
        isinstance(part, s.Name) and part.id in ("Request", "HTTPConnection", "Header", "Cookie")
        for written in (param.annotation, param.default)
        if written is not None
        for part in s.walk(written)
    )


def _proxies(model: CodeModel, node: s.Function) -> set[str]:
    """The names under which the function knows Flask's request and session."""
    return {
        name.id
        for name in s.walk(node)
        if isinstance(name, s.Name)
        and name.id in ("request", "session")
        and any(
            isinstance(value, ExternalValue) and value.path.removesuffix("()") in _PROXY
            for value in model.evaluate(name)
        )
    }


def _global_read(model: CodeModel, hook: FunctionInfo, name: str) -> s.Node | None:
    for function in model.functions.values():
        node = function.node
        if function.module is not hook.module or function is hook:
            continue
        if isinstance(node, s.Function) and name not in {param.name for param in node.params}:
            bound = {t for n in s.walk(node) if isinstance(n, s.Assign) for t in _targets(n)}
            if any(_is_name(item, name) for item in bound):
                continue
            for inner in s.walk(node):
                if _is_name(inner, name):
                    return inner
    return None


# --- what comes from a request ---


def _derived(node: s.Function, names: set[str]) -> frozenset[str]:
    """``names`` and the local names that are worked out of them."""
    found = set(names)
    assigned = [item for item in s.walk(node) if isinstance(item, s.Assign) and item.value]
    for _ in range(_MAX_PASSES):
        before = len(found)
        for statement in assigned:
            if statement.value is not None and _mentions(statement.value, frozenset(found)):
                found.update(t.id for t in _targets(statement) if isinstance(t, s.Name))
        if len(found) == before:
            break
    return frozenset(found)


def _mentions(expr: s.Expr, names: frozenset[str]) -> bool:
    """Does the value hang on one of ``names``, and on more than the application it belongs to?"""
    skipped: set[s.Node] = set()
    for node in s.walk(expr):
        if isinstance(node, s.Attribute) and node.name in _OF_APPLICATION:
            skipped.add(node.value)
        elif isinstance(node, s.Name) and node.id in names and node not in skipped:
            return True
    return False


def _certain(body: list[s.Stmt]) -> Iterator[s.Assign]:
    """Assignments that run in every request, not only where something is not there yet."""
    for statement in body:
        match statement:
            case s.Assign():
                yield statement
            case s.With(body=inner) | s.Block(body=inner):
                yield from _certain(inner)
            case s.Try(body=inner):
                yield from _certain(inner)


def _targets(statement: s.Assign) -> Iterator[s.Expr]:
    for target in statement.targets:
        if isinstance(target, s.Sequence):
            yield from target.items
        else:
            yield target


def _is_name(node: s.Node, name: str) -> bool:
    return isinstance(node, s.Name) and node.id == name
