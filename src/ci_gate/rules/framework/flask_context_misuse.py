from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.surroundings import is_main_guard
from ci_gate.codemodel.values import ExternalValue
from ci_gate.findings import Finding, Related
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.framework._decorators import function_of

_OF_REQUESTS: Final = frozenset({"request", "session"})
_OF_APPLICATIONS: Final = frozenset({"current_app", "g"})
_CONTEXTS: Final = ("app_context", "request_context", "test_request_context")
_COPIED: Final = ("copy_current_request_context", "stream_with_context")
#: What starts a function in another thread, and where it is given.
_STARTERS: Final = {
    "threading.Thread": (1, "target"),
    "threading.Timer": (1, "function"),
    "concurrent.futures.ThreadPoolExecutor().submit": (0, "fn"),
    "concurrent.futures.thread.ThreadPoolExecutor().submit": (0, "fn"),
}


class FlaskContextMisuse(Rule):
    """Flask's `request`, `session`, `g` or `current_app` is used where there is no context.

    At import no request is being handled and no application is active, and a thread does not have
    the context of the request that started it.

    ## Why is this bad?
    Flask raises `RuntimeError: Working outside of request context` (or `application context`): the
    service does not start, or the thread dies without anyone noticing.

    ## Fix
    Read the value inside the view and hand it on; in a thread, open `with app.app_context():` and
    pass what is needed of the request as arguments.

    ## Silent on
    The proxies themselves where nothing is read from them; code in `with app.app_context()`;
    modules that are imported within such a block; functions that Flask gives a copy of the context;
    threads whose function is not known.

    ## Source
    Flask, "The Application Context" and "The Request Context".
    """

    id = "framework/flask-context-misuse"
    group = "framework"
    languages: ClassVar = ("python",)
    needs: ClassVar = ("flask",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        model = facts.model
        within = any(_imports_in_context(module) for module in model.modules.values())
        for path, module in sorted(model.modules.items()):
            if module.language != "python" or is_outside(path) or not _uses_flask(model, path):
                continue
            for node in _at_import(module):
                name = _proxy(model, node)
                if name is None or (within and name in _OF_APPLICATIONS):
                    continue
                yield self._finding(path, node, name, f"{path} reads {name} when it is imported")
        yield from self._in_threads(model)

    def _in_threads(self, model: CodeModel) -> Iterator[Finding]:
        for caller in model.functions.values():
            if caller.module.language != "python" or is_outside(caller.module.path):
                continue
            for call in model.calls_in(caller):
                target = _started(model, call)
                function = None
                if target is not None:
                    function = function_of(model, target, model.scope_of(call))
                if function is None or not isinstance(function.node, s.Function):
                    continue
                if _has_copy(function.node):
                    continue
                for node in _outside_contexts(function.node.body):
                    name = _proxy(model, node)
                    if name is not None:
                        yield self._finding(
                            function.module.path,
                            node,
                            name,
                            f"{function.name} reads {name} and runs in a thread of its own "
                            f"({caller.module.path}:{call.line})",
                            Related(caller.module.path, call.line, "starts the thread"),
                        )
                        break

    def _finding(
        self, path: str, node: s.Node, name: str, message: str, *related: Related
    ) -> Finding:
        context = "request" if name in _OF_REQUESTS else "application"
        fix = f"Read {name} inside the view, and pass on what is needed."
        if related and name in _OF_APPLICATIONS:
            fix = "Pass the application to the thread and open `with app.app_context():` in it."
        return self.finding(
            path,
            node,
            message=message + ".",
            why=f"Flask raises RuntimeError: Working outside of {context} context.",
            fix=fix,
            subject=f"{name} without context",
            related=related,
        )


def _uses_flask(model: CodeModel, path: str) -> bool:
    return any(edge.package == "flask" for edge in model.imports_of(path))


def _proxy(model: CodeModel, node: s.Node) -> str | None:
    """The proxy that the expression reads something from."""
    if not isinstance(node, s.Attribute | s.Subscript):
        return None
    value = node.value
    if not isinstance(value, s.Name | s.Attribute):
        return None
    last = value.id if isinstance(value, s.Name) else value.name
    if last not in _OF_REQUESTS | _OF_APPLICATIONS:
        return None
    found = model.evaluate(value)
    paths = {item.path for item in found if isinstance(item, ExternalValue)}
    return last if len(found) == 1 and paths == {f"flask.{last}"} else None


def _at_import(module: s.Module) -> Iterator[s.Node]:
    """All that runs when the module is imported, outside of application contexts."""
    stack: list[s.Node] = list(reversed(module.body))
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, s.Function):
            stack += [*node.decorators, *(p.default for p in node.params if p.default is not None)]
        elif isinstance(node, s.Comprehension) and node.kind == "generator":
            continue
        elif not _opens_context(node) and not (isinstance(node, s.If) and _skips(node)):
            stack += reversed(s.children(node))


def _skips(node: s.If) -> bool:
    return is_main_guard(node) or any(
        isinstance(item, s.Name) and item.id in ("has_request_context", "has_app_context")
        for item in s.walk(node.test)
    )


def _outside_contexts(body: list[s.Stmt]) -> Iterator[s.Node]:
    stack: list[s.Node] = list(reversed(body))
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, s.Function | s.Class) or _opens_context(node):
            continue
        if isinstance(node, s.If) and _skips(node):
            continue
        stack += reversed(s.children(node))


def _opens_context(node: s.Node) -> bool:
    return isinstance(node, s.With) and any(
        isinstance(inner, s.Attribute) and inner.name in _CONTEXTS
        for item in node.items
        for inner in s.walk(item.context)
    )


def _imports_in_context(module: s.Module) -> bool:
    return any(
        _opens_context(node) and any(isinstance(item, s.ImportStmt) for item in s.walk(node))
        for node in s.walk(module)
    )


def _has_copy(function: s.Function) -> bool:
    """Does Flask give the function a context, or does it push one itself?"""
    marks = [*function.decorators, *function.body]
    return any(
        (isinstance(node, s.Name) and node.id in _COPIED)
        or (isinstance(node, s.Attribute) and node.name in (*_COPIED, "push"))
        for mark in marks
        for node in s.walk(mark)
    )


def _started(model: CodeModel, call: s.Call) -> s.Expr | None:
    """The function that the call starts in another thread."""
    if not isinstance(call.func, s.Name | s.Attribute):
        return None
    for value in model.evaluate(call.func):
        if isinstance(value, ExternalValue) and value.path in _STARTERS:
            position, keyword = _STARTERS[value.path]
            return call.argument(position, keyword)
    return None
