from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.certain import Certain
from ci_gate.codemodel.classes import decorator_name
from ci_gate.codemodel.model import ClassInfo, CodeModel, FunctionInfo
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ExternalValue
from ci_gate.data import dataclass
from ci_gate.findings import Finding, Related
from ci_gate.rules.base import Facts, Rule

_PLAIN: Final = frozenset({"staticmethod", "classmethod", "abstractmethod", "override", "final"})
_MADE_OTHERWISE: Final = frozenset({"__new__", "__init_subclass__", "__class_getitem__"})


@dataclass(frozen=True, slots=True)
class _Signature:
    """What a call may give: names in order, which of them it has to give, and whether further
    positional ones or keywords are taken."""

    name: str
    path: str
    line: int
    positional: tuple[str, ...]
    keywords: frozenset[str]
    required: tuple[str, ...]
    spreads: tuple[bool, bool]


class ArgumentMismatch(Rule):
    """A function, method or dataclass of the project is called with arguments it does not take.

    A handler hands `comment_id` to a service whose parameter is `id`, a repository's method has got
    another parameter and one caller was forgotten, a result object is made without one of its
    fields.

    ## Why is this bad?
    Python raises TypeError when the line runs (`got an unexpected keyword argument`, `missing 1
    required positional argument`): every request to the endpoint is answered with 500.

    ## Fix
    Give what the definition asks for, under its names.

    ## Silent on
    Calls with `*args` or `**kwargs`; functions behind decorators; objects whose class is not surely
    known, or of which one class of the family takes the call; classes with a metaclass, `__new__`
    or bases outside of the project; calls that expect a TypeError.

    ## Source
    Constraint decay, arXiv 2605.06445: "the DELETE comment route passes `comment_id` while
    `delete_comment` does not accept that keyword"; Python reference, "Calls".
    """

    id = "framework/argument-mismatch"
    group = "framework"
    languages: ClassVar = ("python",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        model = facts.model
        named = _by_name(model)
        for function in model.functions.values():
            module = function.module
            if module.language != "python" or is_outside(module.path) or module.problems:
                continue
            for call in model.calls_in(function):
                name = s.last_name(call.func)
                found = named.get(name or "")
                if not found or any(argument.star for argument in call.args):
                    continue
                if all(_fault(item, call) is None for item in found):
                    continue
                surely = _called(model, facts.certain, call)
                faults = [(item, _fault(item, call)) for item in surely or ()]
                if not faults or any(fault is None for _, fault in faults):
                    continue
                if _is_expected(model, function, call):
                    continue
                yield self._found(module.path, call, faults[0][0], faults[0][1] or "")

    def _found(self, path: str, call: s.Call, taken: _Signature, fault: str) -> Finding:
        return self.finding(
            path,
            call,
            message=f"This call does not fit {taken.name}(): {fault}.",
            why=f"TypeError: {taken.name}() {fault}, each time the line runs.",
            fix=f"Call it as {taken.path}:{taken.line} defines it.",
            subject=f"{taken.name} {fault}",
            related=[Related(taken.path, taken.line, f"{taken.name} is defined here")],
        )


def _by_name(model: CodeModel) -> dict[str, list[_Signature]]:
    """What goes by each name, for a first look."""
    found: defaultdict[str, list[_Signature]] = defaultdict(list)
    for function in model.functions.values():
        signature = _of_function(function)
        if signature is not None and not is_outside(function.module.path):
            found[function.name].append(signature)
    for cls in model.classes.values():
        signature = _of_class(model, cls)
        if signature is not None and not is_outside(cls.module.path):
            found[cls.name].append(signature)
    return found


def _called(model: CodeModel, certain: Certain, call: s.Call) -> list[_Signature] | None:
    """What the call runs, all of it; None where that is not known."""
    scope = model.scope_of(call)
    classes = certain.classes(call.func, scope)
    if classes:
        made = [_of_class(model, cls) for cls in classes]
        return [item for item in made if item is not None] if all(made) else None
    functions = certain.functions(call, scope)
    if not functions:
        return None
    of_class = isinstance(call.func, s.Attribute) and certain.classes(call.func.value, scope)
    if of_class and not all(_kind(item) in ("static", "class") for item in functions):
        return None
    found = [_of_function(item) for item in functions]
    return [item for item in found if item is not None] if all(found) else None


def _kind(function: FunctionInfo) -> str:
    return function.node.kind if isinstance(function.node, s.Function) else ""


def _of_function(function: FunctionInfo, *, making: ClassInfo | None = None) -> _Signature | None:
    """None where something may come between the call and the function."""
    node = function.node
    if not isinstance(node, s.Function) or function.module.language != "python":
        return None
    if node.kind in ("getter", "setter") or any(
        decorator_name(item) not in _PLAIN for item in node.decorators
    ):
        return None
    bound = function.cls is not None and node.kind != "static"
    params = node.params[1:] if bound else node.params
    if bound and (not node.params or node.params[0].kind.startswith("*")):
        return None
    return _Signature(
        making.name if making is not None else function.name,
        function.module.path,
        node.name_span[0],
        tuple(p.name for p in params if p.kind in ("positional", "positional-only")),
        frozenset(p.name for p in params if p.kind in ("positional", "keyword-only")),
        tuple(p.name for p in params if p.default is None and not p.kind.startswith("*")),
        (any(p.kind == "*" and p.name for p in params), any(p.kind == "**" for p in params)),
    )


def _of_class(model: CodeModel, cls: ClassInfo) -> _Signature | None:
    """What making an object takes: the ``__init__`` of the class, or a dataclass's fields."""
    if cls.module.language != "python" or cls.node.type_params:
        return None
    if any(base.keyword is not None or base.star for base in cls.node.bases):
        return None
    decorators = [decorator_name(item) for item in cls.node.decorators]
    lineage = [cls]
    for base in model.ancestors(cls):
        if isinstance(base, ExternalValue) or not hasattr(base, "cls"):
            return None
        lineage.append(base.cls)
    if len(model.bases(cls)) != len(cls.node.bases):
        return None
    if any(_MADE_OTHERWISE & model.member_names(item) for item in lineage):
        return None
    if not decorators:
        made = model.method(cls, "__init__")
        return _of_function(made, making=cls) if made is not None else None
    if decorators != ["dataclass"] or len(lineage) > 1 or "__init__" in model.member_names(cls):
        return None
    return _of_dataclass(cls)


def _of_dataclass(cls: ClassInfo) -> _Signature | None:
    decorator = cls.node.decorators[0]
    if isinstance(decorator, s.Call) and any(
        item.keyword not in ("frozen", "slots", "eq", "order", "repr") for item in decorator.args
    ):
        return None
    names: list[str] = []
    required: list[str] = []
    for statement in cls.node.body:
        if not isinstance(statement, s.Assign) or statement.annotation is None:
            continue
        target = statement.targets[0]
        written = {n.id for n in s.walk(statement.annotation) if isinstance(n, s.Name)}
        written |= {n.name for n in s.walk(statement.annotation) if isinstance(n, s.Attribute)}
        if not isinstance(target, s.Name) or written & {"ClassVar", "KW_ONLY", "InitVar"}:
            return None
        value = statement.value
        if isinstance(value, s.Call) and s.last_name(value.func) == "field":
            given = {item.keyword for item in value.args}
            if given & {"init", "kw_only"}:
                return None
            if not given & {"default", "default_factory"}:
                required.append(target.id)
        elif value is None:
            required.append(target.id)
        names.append(target.id)
    if not names:
        return None
    return _Signature(
        cls.name, cls.module.path, cls.node.name_span[0], tuple(names), frozenset(names),
        tuple(required), (False, False),
    )  # fmt: skip


def _fault(taken: _Signature, call: s.Call) -> str | None:
    """What of the call does not fit; None where all does."""
    positional = sum(argument.keyword is None for argument in call.args)
    keywords = [argument.keyword for argument in call.args if argument.keyword is not None]
    more, further = taken.spreads
    if positional > len(taken.positional) and not more:
        count = len(taken.positional)
        return f"takes {count} positional argument{'' if count == 1 else 's'}, {positional} given"
    given = {*taken.positional[:positional], *keywords}
    for keyword in keywords:
        if keyword not in taken.keywords and not further:
            return f"got an unexpected keyword argument '{keyword}'"
    lacking = [name for name in taken.required if name not in given]
    return f"missing the required argument '{lacking[0]}'" if lacking else None


def _is_expected(model: CodeModel, function: FunctionInfo, call: s.Call) -> bool:
    return any(
        isinstance(node, s.Try)
        and any(inner is call for inner in _inside(node))
        and any(
            handler.type is None
            or any(isinstance(n, s.Name) and n.id == "TypeError" for n in s.walk(handler.type))
            for handler in node.handlers
        )
        for node in model.own_nodes(function)
    )


def _inside(node: s.Try) -> Iterator[s.Node]:
    for statement in node.body:
        yield from s.walk(statement)
