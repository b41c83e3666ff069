from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dependencies.node import NodePackages
from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.values import ExternalValue
from ci_gate.data import dataclass
from ci_gate.findings import Finding
from ci_gate.rules._contexts import Held, held_objects
from ci_gate.rules._optional_chains import optional_chains
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.framework._members import (
    ABSENT,
    ABSENT_OF,
    CHAINING,
    GIVING_NOTHING,
    METHODS,
    METHODS_OF,
    VALUES,
    Packages,
)

#: The versions of which the tables hold.
_SINCE = {"fastify": 4, "hono": 4}
_CLASSES = ("Request", "HttpRequest", "RequestBase", "Response", "Context")
_HOLDERS = frozenset({
    "request", "req", "_request", "response", "res", "reply", "ctx", "context", "c", "self", "this",
    "prototype", "proto", "raw",
})  # fmt: skip
_DECORATING = ("decorate", "decorateRequest", "decorateReply", "defineProperty", "setattr")


@dataclass(frozen=True, slots=True, eq=False)
class _Wrong:
    node: s.Attribute
    what: str
    """``request.args`` as it is written."""
    says: str
    why: str
    fix: str


class UnknownMember(Rule):
    """A handler reads what the framework's request, reply or context does not have.

    What another framework calls it: `reply.json()` in Fastify, `ctx.req.body` in Koa, `c.req.body`
    in Hono, `request.args` in aiohttp, `request.json()` in Django, `request.body` in Flask; what a
    plugin would add that nothing imports (`reply.setCookie`). Also methods that are read without
    being called (`c.req.query.limit`), values that are called (`ctx.status(404)`), and calls on
    what gives nothing back (`c.status(201).json()`).

    ## Why is this bad?
    AttributeError or TypeError on every request that comes there, or `undefined` in the place of
    what the client sent.

    ## Fix
    Write what this framework calls it.

    ## Silent on
    Names that the program sets or decorates anywhere; reads that are tested, have a default or use
    `?.`; programs with packages that may add members, or with Fastify or Hono before version 4;
    objects that are not known to be the framework's.

    ## Source
    The references of Express, Fastify, Koa, Hono, aiohttp, Django, Starlette and Flask: request,
    reply and context.
    """

    id = "framework/unknown-member"
    group = "framework"
    languages: ClassVar = ("python", "javascript", "typescript")

    def check(self, facts: Facts) -> Iterable[Finding]:
        model = facts.model
        held = held_objects(facts)
        if not held:
            return
        packages = Packages(frozenset(_imported(model)))
        versions = NodePackages(model.tree)
        known = set(_decorated(model))
        seen: set[s.Node] = set()
        for item in held:
            framework = item.kind.split(".")[0]
            if framework in _SINCE:
                major = versions.major(item.function.module.path, framework)
                if major is not None and major < _SINCE[framework]:
                    continue
            for wrong in _wrong(item, packages):
                name = wrong.node.name
                if wrong.node in seen or name in known or _is_set(model, wrong.node):
                    continue
                seen.add(wrong.node)
                if _is_asked(facts, item, wrong.node):
                    continue
                yield self.finding(
                    item.function.module.path,
                    wrong.node,
                    message=f"`{wrong.what}` {wrong.says}.",
                    why=wrong.why,
                    fix=wrong.fix,
                    subject=f"{wrong.what} in {item.function.name}",
                )


def _imported(model: CodeModel) -> Iterator[str]:
    for edge in model.import_edges:
        if edge.package is not None:
            yield edge.package


def _is_set(model: CodeModel, node: s.Attribute) -> bool:
    """Does the program set such a member, of what is called like this or may be one?"""
    holders = {s.last_name(node.value), None}
    if not isinstance(node.value, s.Attribute):
        holders |= _HOLDERS
    return any(s.last_name(store.base) in holders for store in model.stores(node.name))


def _decorated(model: CodeModel) -> Iterator[str]:
    """What the program gives such objects: by a class of its own, or by the framework's means."""
    for cls in model.classes.values():
        for base in model.bases(cls):
            if isinstance(base, ExternalValue) and base.path.endswith(_CLASSES):
                yield from model.member_names(cls)
    for word in _DECORATING:
        for call, _ in model.calls_named(word):
            for argument in call.args:
                if isinstance(argument.value, s.Literal):
                    yield str(argument.value.value)


def _wrong(item: Held, packages: Packages) -> Iterator[_Wrong]:
    parents: dict[s.Node, s.Node] = {}
    for node in s.walk(item.function.node):
        for child in s.children(node):
            parents[child] = node
    extended = packages.extend(item.kind)
    for name in item.reads():
        first = parents.get(name)
        if not isinstance(first, s.Attribute) or first.value is not name:
            continue
        header = _header(item, first, parents)
        if header is not None:
            yield header
        first = _end_of_chain(item, first, parents)
        yield from _judged(item, first, parents, "", extended=extended)
        second = parents.get(first)
        if isinstance(second, s.Attribute) and second.value is first:
            yield from _judged(item, second, parents, first.name, extended=extended)


def _end_of_chain(item: Held, node: s.Attribute, parents: dict[s.Node, s.Node]) -> s.Attribute:
    """``.json`` of ``reply.status(201).json``: the last member that is read of the object."""
    while node.name in CHAINING.get(item.kind, ()):
        call = parents.get(node)
        further = parents.get(call) if isinstance(call, s.Call) and call.func is node else None
        if not isinstance(further, s.Attribute) or further.value is not call:
            break
        node = further
    return node


def _judged(
    item: Held, node: s.Attribute, parents: dict[s.Node, s.Node], via: str, *, extended: bool
) -> Iterator[_Wrong]:
    parent = parents.get(node)
    called = isinstance(parent, s.Call) and parent.func is node
    what = ".".join(part for part in (item.name, via, node.name) if part)
    absent = ABSENT_OF.get((item.kind, via), {}) if via else ABSENT.get(item.kind, {})
    methods = METHODS_OF.get((item.kind, via)) if via else METHODS.get(item.kind)
    framework = _SHOWN[item.kind.split(".")[0]]
    python = item.function.module.language == "python"
    if node.name in absent and not extended:
        failing = f"AttributeError: there is no `{node.name}`, on every request that comes here."
        if not python:
            failing = (
                f"TypeError: {what} is not a function, on every request that comes here."
                if called
                else "It is undefined, whatever the client sent."
            )
        yield _Wrong(node, what, f"does not exist in {framework}", failing, _fix(absent[node.name]))
    elif methods and node.name in methods and not called and _is_used(parent, node):
        yield _Wrong(
            node, what, "is a method, and is not called",
            "The method itself is taken for what it gives: its attributes are undefined, and it is "
            "always true." if not python else "TypeError or AttributeError: a method has no items.",
            f"Call it: `{what}()`.",
        )  # fmt: skip
    elif not via and called and node.name in VALUES.get(item.kind, ()):
        yield _Wrong(
            node, what, "is a value, and is called",
            f"TypeError on every request that comes here: {what} cannot be called.",
            f"Read or set it: `{what}`.",
        )  # fmt: skip
    elif not via and called and node.name in GIVING_NOTHING.get(item.kind, ()):
        chained = parents.get(parent) if parent is not None else None
        if isinstance(chained, s.Attribute) and chained.value is parent:
            yield _Wrong(
                node, f"{what}().{chained.name}", f"is read of nothing: {what}() returns nothing",
                "TypeError: undefined has no properties, on every request that comes here.",
                f"Make two statements of it: `{what}(…)`, then `{item.name}.{chained.name}`.",
            )  # fmt: skip


def _header(item: Held, node: s.Attribute, parents: dict[s.Node, s.Node]) -> _Wrong | None:
    """Django: ``request.META["Authorization"]``, where headers have names of their own."""
    if item.kind != "django.HttpRequest" or node.name != "META":
        return None
    parent = parents.get(node)
    around = parents.get(parent) if parent is not None else None
    key = parent.index if isinstance(parent, s.Subscript) else None
    if isinstance(parent, s.Attribute) and parent.name == "get" and isinstance(around, s.Call):
        key = around.argument(0)
    text = key.value if isinstance(key, s.Literal) else None
    if not isinstance(text, str) or text.upper() == text:
        return None
    return _Wrong(
        node, f'{item.name}.META["{text}"]',
        "does not exist in Django: headers are upper case there",
        "The header is never found: every caller is a stranger.",
        f'Write `{item.name}.headers["{text}"]`.',
    )  # fmt: skip


def _is_used(parent: s.Node | None, node: s.Attribute) -> bool:
    """Is the method taken for what it gives: read further, compared, looped over?"""
    if isinstance(parent, s.Attribute):
        return parent.name not in ("bind", "call", "apply", "__self__", "mock")
    return isinstance(parent, s.Subscript) and parent.value is node


def _fix(write: str) -> str:
    if write.endswith("registered first"):
        return f"Use {write}."
    if write.startswith(("the ", "an ", "throw ", "headers ")):
        return f"{write[0].upper()}{write[1:]}." if " are " in write else f"Use {write}."
    return f"Write `{write}`." if " " not in write else f"Use {write}."


def _is_asked(facts: Facts, item: Held, node: s.Attribute) -> bool:
    """Is it tested whether there is such a member, or is there something for the case?"""
    path = item.function.module.path
    chains = optional_chains(facts) if item.function.module.language != "python" else None
    if chains is not None and chains.has(path, node):
        return True
    inner: s.Node = node
    for enclosing in facts.model.surroundings.of(path, node):
        around = enclosing.node
        if isinstance(around, s.Function):
            break
        if isinstance(around, s.Try) and _takes_absence(around):
            return True
        if isinstance(around, s.Assign) and node in around.targets:
            return True
        if enclosing.part is inner:
            if isinstance(around, s.If | s.Conditional | s.While) and inner is around.test:
                return True
            if isinstance(around, s.Binary):
                return True
            if isinstance(around, s.Attribute) and chains is not None and chains.has(path, around):
                return True
            if isinstance(around, s.Unary):
                inner = around
    return any(
        isinstance(part, s.Call)
        and s.last_name(part.func) in ("hasattr", "getattr", "isinstance")
        and part.args
        and isinstance(part.args[0].value, s.Name)
        and part.args[0].value.id == item.name
        for part in s.walk(item.function.node)
    )


def _takes_absence(statement: s.Try) -> bool:
    return any(
        handler.type is not None
        and any(
            isinstance(part, s.Name) and part.id in ("AttributeError", "TypeError")
            for part in s.walk(handler.type)
        )
        for handler in statement.handlers
    )


_SHOWN = {
    "express": "Express", "fastify": "Fastify", "koa": "Koa", "hono": "Hono",
    "aiohttp": "aiohttp", "django": "Django", "starlette": "Starlette and FastAPI",
    "flask": "Flask",
}  # fmt: skip
