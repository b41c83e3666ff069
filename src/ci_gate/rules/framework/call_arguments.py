from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.certain import is_plainly_decorated
from ci_gate.codemodel.classes import decorator_name
from ci_gate.codemodel.model import ClassInfo, CodeModel, FunctionInfo, Scope
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ExternalValue
from ci_gate.data import dataclass
from ci_gate.findings import Finding, Related
from ci_gate.regex import regex
from ci_gate.rules._caught import is_caught
from ci_gate.rules.base import Facts, Rule

_CONSTRUCTOR: Final = "__init__"
_ERROR: Final = frozenset({"TypeError"})
_CLASS: Final = regex(r"_*[A-Z]|(?:cls|klass|type)$")
#: Decorators of libraries behind which a function takes what it took.
_KEEPING: Final = frozenset({
    "staticmethod", "classmethod", "abstractmethod", "override", "final", "contextmanager",
    "asynccontextmanager", "lru_cache", "cache", "deprecated",
})  # fmt: skip
#: What may be said of a dataclass without a change to its constructor.
_PLAIN_DATACLASS: Final = frozenset({"frozen", "slots", "eq", "order", "repr"})
_NO_FIELDS: Final = frozenset({"ClassVar", "KW_ONLY", "InitVar"})


class CallArguments(Rule):
    """A function or class of the project is called with arguments that it does not take.

    A parameter without default is left out, a keyword is given that no parameter has, or there are
    more arguments than parameters: often one side of a change to the signature.

    ## Why is this bad?
    Python raises TypeError each time the line runs. A test that puts a double in the place of the
    repository or service passes all the same.

    ## Fix
    Give what the function asks for, or change its parameters.

    ## Silent on
    Calls with `*` or `**`, and those that expect a TypeError; functions with decorators that may
    change the arguments; calls that may run another function, of which one takes the arguments;
    classes whose constructor a library, a metaclass or a decorator makes, dataclasses of plain
    fields aside.

    ## Source
    Constraint decay, arXiv 2605.06445: handlers and services that call what was written otherwise.
    mypy `call-arg`, `too-many-arguments`.
    """

    id = "any/call-arguments"
    group = "framework"
    languages: ClassVar = ("python",)
    asks_callers = True

    def check(self, facts: Facts) -> Iterable[Finding]:
        model = facts.model
        callees = _Callees(facts)
        for name in sorted(callees.named):
            for call, scope in model.calls_named(name):
                path = scope.module.path
                if (
                    scope.module.language == "python"
                    and not is_outside(path)
                    and not any(item.star for item in call.args)
                    and not any(_may_take(call, each) for each in callees.named[name])
                ):
                    yield from self._judged(callees, call, scope)

    def _judged(self, callees: _Callees, call: s.Call, scope: Scope) -> Iterator[Finding]:
        targets = callees.of(call, scope)
        refusals = [_refusal(call, target.params) for target in targets]
        if not refusals or not all(refusals):
            return
        if is_caught(callees.model.own_nodes(scope.function), call, _ERROR):
            return
        target, said = targets[0], refusals[0]
        yield self.finding(
            scope.module.path,
            call,
            message=f"`{target.name}` is called {said}.",
            why="TypeError each time the line runs, and the request ends in a 500.",
            fix=f"Call it as it is defined, `{_signature(target)}`, or change the definition and "
            "all its callers.",
            subject=f"{target.name} {said}",
            related=[Related(target.path, target.line, f"`{target.name}` is defined here")],
        )


@dataclass(frozen=True, slots=True)
class _Callee:
    """A function or class as a call sees it: ``params`` are those that the call gives. ``whole``
    are those that it gives where a method is called on its class."""

    name: str
    path: str
    line: int
    params: Sequence[s.Param]
    whole: Sequence[s.Param] | None = None


class _Callees:
    """What calls run."""

    def __init__(self, facts: Facts) -> None:
        self.model: CodeModel = facts.model
        self._certain = facts.certain

    @cached_property
    def named(self) -> dict[str, list[_Callee]]:
        """The functions and classes of the project by the name that a call has for them."""
        found: dict[str, list[_Callee]] = {}
        for function in self.model.functions.values():
            if function.module.language == "python" and isinstance(function.node, s.Function):
                found.setdefault(function.name, []).append(_callee(function, function.node))
        for cls in self.model.classes.values():
            if cls.module.language == "python":
                made = _fields(cls) or self._constructed(cls)
                if made is not None:
                    found.setdefault(cls.name, []).append(made)
        return found

    def of(self, call: s.Call, scope: Scope) -> Sequence[_Callee]:
        """All that the call may run; nothing where that is not known."""
        functions = self._certain.functions(call, scope)
        if functions is not None:
            on_class = isinstance(call.func, s.Attribute) and bool(
                self._certain.classes(call.func.value, scope)
            )
            found = [
                _callee(function, function.node, on_class=on_class)
                for function in sorted(functions, key=lambda each: each.qualname)
                if isinstance(function.node, s.Function) and _keeps_parameters(function.node)
            ]
            return found if len(found) == len(functions) else ()
        classes = self._certain.classes(call.func, scope) or frozenset()
        made = [self._making(cls) for cls in sorted(classes, key=lambda each: each.qualname)]
        return [each for each in made if each is not None] if all(made) else ()

    def _making(self, cls: ClassInfo) -> _Callee | None:
        """What making an object of the class takes, where nothing but the class says so."""
        if not self._certain.makes_its_own(cls):
            return None
        fields = _fields(cls)
        if fields is not None:
            return fields if not cls.node.bases else None
        constructor = self.model.method(cls, _CONSTRUCTOR)
        if constructor is None or not is_plainly_decorated(constructor):
            return None
        inherited = constructor.cls is not cls
        if inherited and any(isinstance(base, ExternalValue) for base in self.model.ancestors(cls)):
            return None
        if inherited and any(_fields(base) for base in self._certain.lineage(cls)):
            return None
        return self._constructed(cls)

    def _constructed(self, cls: ClassInfo) -> _Callee | None:
        constructor = self.model.method(cls, _CONSTRUCTOR)
        node = constructor.node if constructor is not None else None
        if constructor is None or not isinstance(node, s.Function):
            return None
        return _Callee(cls.name, constructor.module.path, node.line, node.params[1:])


def _callee(function: FunctionInfo, node: s.Function, *, on_class: bool = False) -> _Callee:
    """``on_class``: a method is called on its class, and gets no object before the arguments."""
    name, params = function.name, node.params
    if function.cls is not None:
        name = f"{function.cls.name}.{name}"
        if node.kind == "class" or (node.kind != "static" and not on_class):
            whole = None if node.kind == "class" else params
            return _Callee(name, function.module.path, node.line, params[1:], whole)
    return _Callee(name, function.module.path, node.line, params)


def _fields(cls: ClassInfo) -> _Callee | None:
    """A dataclass of plain fields, by these."""
    decorators = cls.node.decorators
    if [decorator_name(item) for item in decorators] != ["dataclass"]:
        return None
    said = (
        {item.keyword for item in decorators[0].args} if isinstance(decorators[0], s.Call) else ()
    )
    if not _PLAIN_DATACLASS.issuperset(said):
        return None
    params: list[s.Param] = []
    for statement in cls.node.body:
        if isinstance(statement, s.FunctionDef) and statement.function.name == _CONSTRUCTOR:
            return None
        if not isinstance(statement, s.Assign) or statement.annotation is None:
            continue
        target = statement.targets[0]
        if not isinstance(target, s.Name) or any(
            s.last_name(node) in _NO_FIELDS for node in s.walk(statement.annotation)
        ):
            return None
        default = statement.value
        if isinstance(default, s.Call) and s.last_name(default.func) == "field":
            given = {item.keyword for item in default.args}
            if given & {"init", "kw_only"}:
                return None
            default = default if given & {"default", "default_factory"} else None
        params.append(s.Param(statement.span, target.id, default=default))
    return _Callee(cls.name, cls.module.path, cls.node.line, params) if params else None


def _keeps_parameters(node: s.Function) -> bool:
    return node.kind not in ("getter", "setter") and all(
        decorator_name(item) in _KEEPING for item in node.decorators
    )


def _may_take(call: s.Call, callee: _Callee) -> bool:
    """Does it take the arguments, on an object or, where it may be one, on the class?"""
    if _refusal(call, callee.params) is None:
        return True
    owner = s.last_name(call.func.value) if isinstance(call.func, s.Attribute) else None
    return (
        callee.whole is not None
        and bool(owner and _CLASS.match(owner))
        and _refusal(call, callee.whole) is None
    )


def _refusal(call: s.Call, params: Sequence[s.Param]) -> str | None:
    """Why Python does not run a function with the arguments of the call, none of which is a ``*``
    or ``**``; None where it does."""
    named = {param.name for param in params if param.kind in ("positional", "keyword-only")}
    placed = [param for param in params if param.kind in ("positional", "positional-only")]
    kinds = {param.kind for param in params}
    keywords = {item.keyword for item in call.args if item.keyword is not None}
    given = len(call.args) - len(keywords)
    unknown = sorted(keywords - named)
    if unknown and "**" not in kinds:
        return f"with {_listed(unknown)}, which it does not take"
    if given > len(placed) and "*" not in kinds:
        return f"with {given} arguments by place, where it takes {len(placed)}"
    missing = [
        param.name
        for position, param in enumerate(params)
        if param.default is None
        and param.kind not in ("*", "**")
        and param.name not in keywords
        and (param.kind == "keyword-only" or position >= given)
    ]
    return f"without {_listed(missing)}" if missing else None


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _signature(callee: _Callee) -> str:
    shown: list[str] = []
    by_keyword = False
    for param in callee.params:
        if param.kind == "keyword-only" and not by_keyword:
            shown.append("*")
        by_keyword = by_keyword or param.kind in ("*", "keyword-only")
        stars = param.kind if param.kind in ("*", "**") else ""
        shown.append(f"{stars}{param.name}" + ("=…" if param.default is not None else ""))
    return f"{callee.name.rpartition('.')[2]}({', '.join(shown)})"
