from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import ClassInfo, CodeModel, Scope
from ci_gate.codemodel.places import is_outside
from ci_gate.data import dataclass
from ci_gate.findings import Finding, Related
from ci_gate.rules.base import Facts, Rule

_CONSTRUCTORS: Final = {"python": "__init__"}
_OTHERWISE: Final = "constructor"


@dataclass(frozen=True, slots=True)
class _Use:
    """A method calls ``call`` of what the constructor keeps in ``field``."""

    cls: ClassInfo
    place: int
    param: s.Param
    field: str
    method: str
    call: s.Attribute


class MissingCollaborator(Rule):
    """An object is made without the repository, service or connection that its methods call.

    The argument is left out or `None`, `null` or `undefined`, everywhere the class is made.

    ## Why is this bad?
    The constructor keeps nothing in the field, and the service starts. The first request whose
    handler comes to the call fails: AttributeError: 'NoneType' object has no attribute …,
    TypeError: Cannot read properties of undefined.

    ## Fix
    Give the object what it works with where it is made.

    ## Silent on
    Fields that anything else sets, or that the class looks at before it calls them; classes that
    are also made with the argument; constructors that do more with it than keep it; arguments that
    are spread; classes with decorators.

    ## Source
    Constraint decay, arXiv 2605.06445: an article service made with `favorite_repository=None`, a
    repository whose `this.db` is undefined.
    """

    id = "any/missing-collaborator"
    group = "framework"
    asks_callers = True
    languages: ClassVar = ("python", "javascript", "typescript")

    def check(self, facts: Facts) -> Iterable[Finding]:
        for cls in facts.model.classes.values():
            if is_outside(cls.module.path) or cls.node.decorators:
                continue
            made = _made(facts, cls)
            for use in _uses(facts.model, cls) if made else ():
                if all(_lacks(call, use) for call, _ in made):
                    yield from (self._found(call, scope, use) for call, scope in made)

    def _found(self, call: s.Call, scope: Scope, use: _Use) -> Finding:
        cls, name = use.cls, use.param.name
        given = call.argument(use.place, name)
        how = "without" if given is None else "with nothing for"
        error = (
            f"AttributeError: 'NoneType' object has no attribute '{use.call.name}'"
            if cls.module.language == "python"
            else "TypeError: Cannot read properties of undefined or null (reading "
            f"'{use.call.name}')"
        )
        return self.finding(
            scope.module.path,
            call,
            message=f"`{cls.name}` is made {how} `{name}`, of which `{use.method}` calls "
            f"`{use.call.name}`.",
            why=f"{error}, each time `{use.method}` comes to the call; the request ends in a 500.",
            fix=f"Give `{name}` here.",
            subject=f"{cls.name} {name}",
            related=[
                Related(cls.module.path, use.param.line, f"`{name}` is kept as `{use.field}`"),
                Related(cls.module.path, use.call.line, f"`{use.call.name}` is called here"),
            ],
        )


def _made(facts: Facts, cls: ClassInfo) -> Sequence[tuple[s.Call, Scope]]:
    """Where objects of the class are made; nothing where that is not known in full."""
    found = [
        (call, scope)
        for call, scope in facts.model.calls_named(cls.name)
        if not is_outside(scope.module.path)
    ]
    if any(item.star for call, _ in found for item in call.args):
        return ()
    constructor = _constructor(cls)
    if constructor is None or all(
        len(call.args) >= len(constructor.params) and not _nothing_in(call) for call, _ in found
    ):
        return ()
    if all(facts.certain.classes(call.func, scope) == frozenset({cls}) for call, scope in found):
        return found if not facts.certain.family(cls) else ()
    return ()


def _nothing_in(call: s.Call) -> bool:
    return any(_is_nothing(item.value) for item in call.args)


def _constructor(cls: ClassInfo) -> s.Function | None:
    name = _CONSTRUCTORS.get(cls.module.language, _OTHERWISE)
    for statement in cls.node.body:
        if isinstance(statement, s.FunctionDef) and statement.function.name == name:
            function = statement.function
            return None if function.bodiless or function.decorators else function
    return None


def _uses(model: CodeModel, cls: ClassInfo) -> Iterator[_Use]:
    """The first call of what each parameter gives, where only the constructor sets the field and
    nothing looks at it before."""
    constructor = _constructor(cls)
    if constructor is None or model.bases(cls) or cls.node.bases:
        return
    python = cls.module.language == "python"
    for place, param in enumerate(constructor.params[1 if python else 0 :]):
        field = _kept(constructor, param, python=python)
        if field is None or model.stores(field):
            continue
        sets = [item for item in model.fields(cls, field) if not isinstance(item.node, s.Assign)]
        if len(sets) == 1:
            use = _called(model, cls, constructor, field)
            if use is not None:
                yield _Use(cls, place, param, field, *use)


def _kept(constructor: s.Function, param: s.Param, *, python: bool) -> str | None:
    """The field in which the constructor keeps the parameter, if it does nothing else with it."""
    if param.pattern is not None or param.kind in ("*", "**") or not param.name:
        return None
    if param.default is not None and not _is_nothing(param.default):
        return None
    named = [
        node
        for statement in constructor.body
        for node in s.walk(statement)
        if isinstance(node, s.Name) and node.id == param.name
    ]
    if param.field:
        return param.name if not named else None
    receiver = constructor.params[0].name if python and constructor.params else "this"
    for statement in constructor.body:
        match statement:
            case s.Assign(
                targets=[s.Attribute(value=s.Name(id=base), name=field)],
                value=s.Name() as value,
                op=None,
            ) if base == receiver and named == [value]:
                return field
    return None


def _is_nothing(expr: s.Expr) -> bool:
    return isinstance(expr, s.Literal) and expr.kind in ("none", "undefined")


def _called(
    model: CodeModel, cls: ClassInfo, constructor: s.Function, field: str
) -> tuple[str, s.Attribute] | None:
    """A method that calls something of the field and that something calls, with the call; None
    where the class does anything else with the field."""
    own = set(s.walk(constructor))
    fields: set[s.Node] = set()
    calls: list[s.Attribute] = []
    for node in s.walk(cls.node):
        if node in own:
            continue
        if _is_field(node, field):
            fields.add(node)
        elif (
            isinstance(node, s.Call)
            and isinstance(node.func, s.Attribute)
            and _is_field(node.func.value, field)
        ):
            calls.append(node.func)
    if len(calls) != len(fields) or any(_is_optional(model, cls, call) for call in calls):
        return None
    for call in calls:
        method = model.scope_of(call).method
        if method is not None and any(
            not is_outside(edge.caller.module.path) for edge in model.callers(method)
        ):
            return method.name, call
    return None


def _is_field(node: s.Node, field: str) -> bool:
    return (
        isinstance(node, s.Attribute)
        and node.name == field
        and isinstance(node.value, s.Name)
        and node.value.id in ("self", "this")
    )


def _is_optional(model: CodeModel, cls: ClassInfo, call: s.Attribute) -> bool:
    """``this.field?.method()``"""
    (_, _, line, start), (last, end, _, _) = call.value.span, call.name_span
    try:
        lines = model.tree.text(cls.module.path).split("\n")[line - 1 : last]
    except OSError:
        return True
    lines[-1] = lines[-1][: end - 1]
    lines[0] = lines[0][start - 1 :]
    return "?" in "".join(lines)


def _lacks(call: s.Call, use: _Use) -> bool:
    given = call.argument(use.place, use.param.name)
    if given is None:
        return use.cls.module.language != "python" or use.param.default is not None
    return _is_nothing(given)
