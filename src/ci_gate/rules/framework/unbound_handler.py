from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import ClassInfo, CodeModel, FunctionInfo
from ci_gate.codemodel.routing.views import VERBS
from ci_gate.codemodel.values import ClassValue, ExternalValue, FunctionValue, InstanceValue
from ci_gate.findings import Finding, Related
from ci_gate.regex import regex
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.framework._registrations import registering, written

_FRAMEWORKS: Final = ("express", "koa", "hono", "fastify")
_REGISTER: Final = frozenset({*VERBS, "del", "all", "use", "on", "route", "register"})
_BINDS: Final = regex(r"bind", re.IGNORECASE)
#: Methods of Koa's routers that make middleware.
_MAKES: Final = regex(
    r"^(?:@koa/router|koa-router)(?:\.\w+)?\(\)\.(?:routes|middleware|allowedMethods)$"
)


class UnboundHandler(Rule):
    """A method is registered as a handler without its object, and uses `this`.

    `router.get('/orders', controller.list)` where `list` is a method with `this.orders` in it. With
    Koa also `app.use(router.routes)`, which is to be called.

    ## Why is this bad?
    The framework calls the function, not the method: `this` is undefined (under Fastify, the
    server), so every request to the route fails with "Cannot read properties of undefined" and
    status 500.

    ## Fix
    `controller.list.bind(controller)`, `(req, res) => controller.list(req, res)`, or make the
    method a property with an arrow function (`list = async (req, res) => { … }`).

    ## Silent on
    Methods that the constructor binds, classes that bind by a helper or decorator, classes with a
    base class outside the project, methods that do not use `this`.

    ## Source
    MDN, "this": a method that is called without its object has `this` undefined in strict mode.
    """

    id = "framework/unbound-handler"
    group = "framework"
    languages: ClassVar = ("javascript", "typescript")
    needs: ClassVar = _FRAMEWORKS

    def check(self, facts: Facts) -> Iterable[Finding]:
        model = facts.model
        seen: set[s.Node] = set()
        for made in registering(model, _FRAMEWORKS):
            for expr in _given(made.call) if made.name in _REGISTER else ():
                if expr not in seen:
                    seen.add(expr)
                    yield from self._unbound(model, made.path, expr, made.framework)

    def _unbound(
        self, model: CodeModel, path: str, expr: s.Attribute, framework: str
    ) -> Iterator[Finding]:
        values = model.evaluate(expr)
        if values and all(
            isinstance(item, ExternalValue) and _MAKES.match(item.path) for item in values
        ):
            yield self._uncalled(path, expr)
            return
        for value in values:
            if not isinstance(value, FunctionValue) or value.function.cls is None:
                return
            method, cls = value.function, value.function.cls
            use = _use_of_this(method)
            if use is None or _is_bound(model, cls, method):
                return
            owner = written(expr.value)
            this = "the server" if framework == "fastify" else "undefined"
            yield self.finding(
                path,
                expr,
                message=(
                    f"`{owner}.{method.name}` is handed over without its object, and the method "
                    f"uses `this.{use.name}`."
                ),
                why=f"The framework calls the function alone: `this` is {this} there, so every "
                "request fails with a TypeError and status 500.",
                fix=f"Write `{owner}.{method.name}.bind({owner})`, or make `{method.name}` a "
                "property with an arrow function.",
                subject=f"{cls.name}.{method.name} without its object",
                related=[Related(method.module.path, use.line, f"uses this.{use.name}")],
            )
            return

    def _uncalled(self, path: str, expr: s.Attribute) -> Finding:
        shown = f"{written(expr.value)}.{expr.name}"
        return self.finding(
            path,
            expr,
            message=f"`{shown}` is handed over, and not what it gives.",
            why="It makes the middleware that knows the routes. Called as middleware itself it "
            "answers nothing: no route of the router is ever reached.",
            fix=f"Write `{shown}()`.",
            subject=f"{shown} not called",
        )


def _given(call: s.Call) -> Iterator[s.Attribute]:
    """The members that are handed over, also inside lists, options and wrappers."""
    stack: list[s.Expr] = [argument.value for argument in reversed(call.args)]
    while stack:
        expr = stack.pop()
        match expr:
            case s.Attribute(value=s.Name() | s.Attribute()):
                yield expr
            case s.Sequence(items=items):
                stack.extend(reversed(items))
            case s.Call(func=s.Name(), args=args):
                stack.extend(argument.value for argument in reversed(args))
            case s.Mapping(entries=entries):
                stack.extend(
                    entry.value
                    for entry in entries
                    if isinstance(entry.key, s.Literal) and entry.key.value == "handler"
                )


def _use_of_this(method: FunctionInfo) -> s.Attribute | None:
    """The first member of ``this`` that a method (and no function within) asks for."""
    node = method.node
    if not isinstance(node, s.Function) or node.kind != "method" or node.decorators:
        return None
    found = [
        inner
        for inner in s.walk(node)
        if isinstance(inner, s.Attribute)
        and isinstance(inner.value, s.Name)
        and inner.value.id == "this"
    ]
    return min(found, key=lambda item: item.span, default=None)


def _is_bound(model: CodeModel, cls: ClassInfo, method: FunctionInfo) -> bool:
    """May something bind the method to its object, or take its place?"""
    if model.stores(method.name):
        return True
    for value in (ClassValue(cls), *model.ancestors(cls)):
        if not isinstance(value, ClassValue | InstanceValue):
            return True
        node = value.cls.node
        if node.decorators:
            return True
        for inner in s.walk(node):
            match inner:
                case s.Call(func=s.Name(id=name)) if _BINDS.search(name):
                    return True
                case s.Call(func=s.Attribute(name=name, value=owner)) if _BINDS.search(name):
                    if not (name == "bind" and isinstance(owner, s.Attribute)):
                        return True
                case s.Subscript(value=s.Name(id="this")):
                    return True
                case s.Assign(targets=[s.Attribute(value=s.Name(id="this"), name=name)]) if (
                    name == method.name
                ):
                    return True
    return False
