from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.certain import is_plainly_decorated
from ci_gate.codemodel.classes import decorator_name
from ci_gate.codemodel.model import ClassInfo, CodeModel, FunctionInfo, Scope
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ExternalValue
from ci_gate.findings import Finding, Related
from ci_gate.regex import regex
from ci_gate.rules.base import Facts, Rule

_CONSTRUCTOR: Final = "__init__"
_CLASS: Final = regex(r"_*[A-Z]|(?:cls|klass|type)$")
#: Decorators of libraries behind which a function takes what it took.
_KEEPING: Final = frozenset({
    "staticmethod", "classmethod", "abstractmethod", "override", "final", "contextmanager",
    "asynccontextmanager", "lru_cache", "cache", "deprecated",
})  # fmt: skip


class CallArguments(Rule):
    """A function of the project is called with arguments that it does not take.

    A parameter without default is left out, a keyword is given that no parameter has, or there are
    more arguments than parameters: often one side of a change to the signature.

    ## Why is this bad?
    Python raises TypeError each time the line runs. A test that puts a double in the place of the
    repository or service passes all the same.

    ## Fix
    Give what the function asks for, or change its parameters.

    ## Silent on
    Calls with `*` or `**`; functions with decorators that may change the arguments; calls that may
    run another function, of which one takes the arguments; constructors that are made by a
    decorator, a metaclass or a library.

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
        for name, functions in sorted(_called(model).items()):
            for call, scope in model.calls_named(name):
                path = scope.module.path
                if (
                    scope.module.language == "python"
                    and not is_outside(path)
                    and not any(item.star for item in call.args)
                    and not any(_may_take(call, each) for each in functions)
                ):
                    yield from self._judged(facts, call, scope)

    def _judged(self, facts: Facts, call: s.Call, scope: Scope) -> Iterator[Finding]:
        targets = _targets(facts, call, scope)
        refusals = [refusal(call, *target) for target in targets]
        if not refusals or not all(refusals):
            return
        (function, bound), said = targets[0], refusals[0]
        name = _shown(function)
        yield self.finding(
            scope.module.path,
            call,
            message=f"`{name}` is called {said}.",
            why="TypeError each time the line runs, and the request ends in a 500.",
            fix=f"Call it as it is defined, `{_signature(function, bound)}`, or change the "
            "definition and all its callers.",
            subject=f"{name} {said}",
            related=[
                Related(function.module.path, function.node.line, f"`{name}` is defined here")
            ],
        )


def _called(model: CodeModel) -> dict[str, list[FunctionInfo]]:
    """The functions of the project by the name that a call has for them: a class's for its
    constructor."""
    found: dict[str, list[FunctionInfo]] = {}
    for function in model.functions.values():
        if function.module.language == "python" and isinstance(function.node, s.Function):
            found.setdefault(function.name, []).append(function)
    for cls in model.classes.values():
        if cls.module.language == "python":
            constructor = model.method(cls, _CONSTRUCTOR)
            if constructor is not None:
                found.setdefault(cls.name, []).append(constructor)
    return found


def _may_take(call: s.Call, function: FunctionInfo) -> bool:
    """Does the function take the arguments, on an object or, where it may be one, on the class?"""
    bound = _is_bound(function, on_class=False)
    if refusal(call, function, bound) is None:
        return True
    owner = s.last_name(call.func.value) if isinstance(call.func, s.Attribute) else None
    return bound and bool(owner and _CLASS.match(owner)) and refusal(call, function, False) is None


def _targets(facts: Facts, call: s.Call, scope: Scope) -> list[tuple[FunctionInfo, bool]]:
    """The functions that the call surely runs, and whether each has its first argument already."""
    certain = facts.certain
    functions = certain.functions(call, scope)
    if functions is not None:
        if not all(map(_keeps_parameters, functions)):
            return []
        on_class = isinstance(call.func, s.Attribute) and bool(
            certain.classes(call.func.value, scope)
        )
        return [
            (function, _is_bound(function, on_class=on_class))
            for function in sorted(functions, key=lambda each: each.qualname)
        ]
    classes = certain.classes(call.func, scope)
    constructors = [_constructor(facts, cls) for cls in classes or ()]
    return [(each, True) for each in constructors if each is not None and all(constructors)]


def _keeps_parameters(function: FunctionInfo) -> bool:
    node = function.node
    return isinstance(node, s.Function) and (
        is_plainly_decorated(function)
        or all(decorator_name(item) in _KEEPING for item in node.decorators)
    )


def _is_bound(function: FunctionInfo, *, on_class: bool) -> bool:
    node = function.node
    if function.cls is None or not isinstance(node, s.Function) or node.kind == "static":
        return False
    return node.kind == "class" or not on_class


def _constructor(facts: Facts, cls: ClassInfo) -> FunctionInfo | None:
    """The constructor that is written in the class or in one of the project that it inherits
    from."""
    if not facts.certain.makes_its_own(cls):
        return None
    found = facts.model.method(cls, _CONSTRUCTOR)
    if found is None or not is_plainly_decorated(found):
        return None
    if found.cls is not cls and any(
        isinstance(base, ExternalValue) for base in facts.model.ancestors(cls)
    ):
        return None
    return found


def refusal(call: s.Call, function: FunctionInfo, bound: bool) -> str | None:
    """Why Python does not run the function with the arguments of the call, none of which is a
    ``*`` or ``**``; None where it does. ``bound``: the first parameter is given otherwise."""
    node = function.node
    assert isinstance(node, s.Function)
    params = node.params[1 if bound and node.params[:1] else 0 :]
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


def _shown(function: FunctionInfo) -> str:
    if function.cls is None:
        return function.name
    if function.name == _CONSTRUCTOR:
        return function.cls.name
    return f"{function.cls.name}.{function.name}"


def _signature(function: FunctionInfo, bound: bool) -> str:
    node = function.node
    assert isinstance(node, s.Function)
    shown: list[str] = []
    for param in node.params[1 if bound else 0 :]:
        if param.kind == "keyword-only" and not any(
            text == "*" or (text[:1] == "*" and text[1:2] != "*") for text in shown
        ):
            shown.append("*")
        stars = param.kind if param.kind in ("*", "**") else ""
        shown.append(f"{stars}{param.name}" + ("=…" if param.default is not None else ""))
    name = function.cls.name if function.name == _CONSTRUCTOR and function.cls else function.name
    return f"{name}({', '.join(shown)})"
