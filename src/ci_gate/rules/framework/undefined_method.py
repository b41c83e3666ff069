from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import ClassInfo, CodeModel, Scope
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ClassValue
from ci_gate.findings import Finding, Related
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.orm._words import listed, nearest

#: What every object has.
_OF_ALL: Final = frozenset({
    "constructor", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "toLocaleString",
    "toString", "valueOf", "__defineGetter__", "__lookupGetter__",
})  # fmt: skip


#: Methods of the language's own objects, which no class of a service lacks by mistake.
_COMMON: Final = _OF_ALL | frozenset({
    "all", "apply", "at", "bind", "call", "catch", "concat", "endsWith", "entries", "every", "exec",
    "filter", "finally", "find", "findIndex", "flat", "flatMap", "forEach", "fromEntries",
    "getTime", "includes", "indexOf", "isArray", "join", "json", "keys", "log", "map", "match",
    "padStart", "parse", "pop", "push", "reduce", "repeat", "replace", "replaceAll", "reverse",
    "shift", "slice", "some", "sort", "splice", "split", "startsWith", "stringify", "substring",
    "test", "then", "toFixed", "toISOString", "toLowerCase", "toUpperCase", "trim", "unshift",
    "values",
})  # fmt: skip


class UndefinedMethod(Rule):
    """A method is called on an object of a class of the project that does not define it.

    ## Why is this bad?
    Node throws TypeError: … is not a function, each time the line runs. A test that puts a double
    in the place of the repository or service passes all the same.

    ## Fix
    Call a method that the class has, or define it there.

    ## Silent on
    Classes that extend what is not in the project, have decorators, or get members otherwise than
    by being written (`Object.assign`, `prototype`, computed names); names that are set on any
    object; objects that may be of another class; what is asked for first. Python:
    `orm/undefined-attribute`.

    ## Source
    Constraint decay, arXiv 2605.06445: services that call what the repository does not have.
    """

    id = "any/undefined-method"
    group = "framework"
    languages: ClassVar = ("javascript", "typescript")
    asks_callers = True

    def check(self, facts: Facts) -> Iterable[Finding]:
        members = _Members(facts)
        if not members.has_classes():
            return
        model = facts.model
        for path, module in model.modules.items():
            if module.language == "python" or is_outside(path):
                continue
            for call in model.nodes_of(module, s.Call):
                func = call.func
                if isinstance(func, s.Attribute) and func.name not in _COMMON:
                    yield from self._judged(facts, members, func)

    def _judged(self, facts: Facts, members: _Members, func: s.Attribute) -> Iterator[Finding]:
        if not isinstance(func.value, s.Name | s.Attribute | s.Call):
            return
        scope = facts.model.scope_of(func)
        classes = facts.certain.objects(func.value, scope)
        if not classes:
            return
        names: set[str] = set()
        for cls in classes:
            own = members.of(cls)
            if own is None or func.name in own:
                return
            names |= own
        if (
            members.is_set(func.name)
            or _is_asked_for(facts.model, func, scope)
            or (_is_this(func.value) and _may_be_another(facts, scope, classes))
        ):
            return
        yield self._found(scope, func, min(classes, key=lambda cls: cls.qualname), names)

    def _found(self, scope: Scope, func: s.Attribute, cls: ClassInfo, names: set[str]) -> Finding:
        near = nearest(func.name, names)
        return self.finding(
            scope.module.path,
            func,
            message=f"`{func.name}` is called on an object of {cls.name}, which defines no such "
            "method.",
            why=f"TypeError: {func.name} is not a function, each time the line runs.",
            fix=(f"Call `{near}`, or define" if near else "Define")
            + f" `{func.name}` in {cls.name}"
            + ("." if near or not names else f", or use what it has: {listed(names)}."),
            subject=f"{cls.name}.{func.name}",
            related=[Related(cls.module.path, cls.node.line, f"{cls.name} is defined here")],
        )


class _Members:
    """The names on objects of classes that are known in full."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._model: CodeModel = facts.model
        self._opened = _opened(facts.model)
        self._of: dict[ClassInfo, frozenset[str] | None] = {}

    def has_classes(self) -> bool:
        return any(cls.module.language != "python" for cls in self._model.classes.values())

    def of(self, cls: ClassInfo) -> frozenset[str] | None:
        """Also those of the classes below it; None where an object may have others."""
        if cls not in self._of:
            self._of[cls] = self._together(cls)
        return self._of[cls]

    def _together(self, cls: ClassInfo) -> frozenset[str] | None:
        certain = self._facts.certain
        names: set[str] = set()
        for each in {*certain.lineage(cls), *certain.family(cls)}:
            if not self._is_closed(each):
                return None
            names |= self._model.member_names(each)
        return frozenset(names)

    def _is_closed(self, cls: ClassInfo) -> bool:
        """All that gives its objects members is written in the class."""
        node = cls.node
        return (
            node.kind in ("class", "abstract")
            and cls.module.language != "python"
            and not cls.module.problems
            and not node.decorators
            and cls.name not in self._opened
            and len(self._model.bases(cls)) == len(node.bases)
            and all(isinstance(base, ClassValue) for base in self._model.bases(cls))
            and not any(_adds_members(inner) or self._fills(inner, cls) for inner in s.walk(node))
        )

    def _fills(self, node: s.Node, cls: ClassInfo) -> bool:
        """``made[key] = …`` for an object of the class."""
        match node:
            case s.Assign(targets=[s.Subscript(value=base, index=index)]):
                holders = self._facts.certain.objects(base)
                return not isinstance(index, s.Literal) and bool(holders and cls in holders)
        return False

    def is_set(self, name: str) -> bool:
        """Does some code put the name on an object?"""
        return bool(self._model.stores(name))


def _opened(model: CodeModel) -> frozenset[str]:
    """The names of the classes whose prototypes are handed on or written to, and of those that are
    merged with an interface."""
    found: set[str] = set()
    for module in model.modules.values():
        if module.language == "python" or not s.gathered(module).words & {"prototype", "interface"}:
            continue
        found.update(
            node.value.id
            for node in model.nodes_of(module, s.Attribute)
            if node.name == "prototype" and isinstance(node.value, s.Name)
        )
    return frozenset(found) | {
        cls.name for cls in model.classes.values() if cls.node.kind == "interface"
    }


def _adds_members(node: s.Node) -> bool:
    """``Object.assign(this, …)``, ``new Proxy(this, …)`` and computed names of methods."""
    match node:
        case s.Call(args=[s.Argument(value=s.Name(id="this")), *_]):
            return True
        case s.Function(name="", kind="method" | "static" | "getter"):
            return True
    return False


def _is_asked_for(model: CodeModel, func: s.Attribute, scope: Scope) -> bool:
    """Does the module ask whether the method is there: ``if (x.method)``, ``x.method?.()``?"""
    try:
        text = model.tree.text(scope.module.path)
    except OSError:
        return True
    name = re.escape(func.name)
    return (
        re.search(rf"""\.{name}\s*\?\.|\.{name}\s*(?:\)|&&|\|\||\?|[!=]==?)|["']{name}["']""", text)
        is not None
    )


def _is_this(expr: s.Expr) -> bool:
    return isinstance(expr, s.Name) and expr.id == "this"


def _may_be_another(facts: Facts, scope: Scope, classes: Iterable[ClassInfo]) -> bool:
    """May ``this`` be another object: one that the method is bound to, or one of the class to which
    a library adds members?"""
    model, method = facts.model, scope.method
    for word in ("bind", "call", "apply"):
        for call, _ in model.calls_named(word):
            bound = call.func.value if isinstance(call.func, s.Attribute) else None
            if method is not None and bound is not None and s.last_name(bound) == method.name:
                return True
    return not facts.once(_HandedOn).names.isdisjoint(cls.name for cls in classes)


class _HandedOn:
    """The classes of which an object is given to a library as it is made: ``engine(new Plugin())``,
    which may put members on it."""

    def __init__(self, facts: Facts) -> None:
        model = facts.model
        classes = {cls.name for cls in model.classes.values()}
        self.names = {
            name
            for module in model.modules.values()
            if module.language != "python"
            for call in model.nodes_of(module, s.Call)
            for item in call.args
            if isinstance(item.value, s.Call) and item.value.new
            if (name := s.last_name(item.value.func)) in classes
            if not _runs_own(facts, call)
        }


def _runs_own(facts: Facts, call: s.Call) -> bool:
    scope = facts.model.scope_of(call)
    return bool(facts.certain.functions(call) or facts.certain.classes(call.func, scope))
