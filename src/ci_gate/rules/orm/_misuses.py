"""What a function does with a coroutine that it was given and has not awaited."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, FunctionInfo
from ci_gate.codemodel.values import ExternalValue
from ci_gate.findings import Finding, Position, Related, Replacement
from ci_gate.rules.base import Rule
from ci_gate.rules.orm._coroutines import Coroutines, How, Misuse, Parents, Uses

#: What code may do with a coroutine before it awaits it.
_HARMLESS: Final = frozenset({"tested", "compared", "formatted", "dropped"})
_WAITING: Final = frozenset({"Awaitable", "Coroutine", "Future", "Task", "Any", "Callable"})
_SAYS: Final[dict[How, str]] = {
    "dropped": "is called without `await`, so nothing in it runs",
    "attribute": "is not awaited; `{what}` is read from the coroutine",
    "item": "is not awaited; an item is taken from the coroutine",
    "tested": "is not awaited; the coroutine is tested for truth",
    "compared": "is not awaited; the coroutine is compared",
    "computed": "is not awaited; the coroutine is an operand",
    "iterated": "is not awaited; the loop goes over the coroutine",
    "entered": "is not awaited; `with` enters the coroutine",
    "formatted": "is not awaited; the coroutine is put into a text",
    "unpacked": "is not awaited; the coroutine is unpacked",
    "called": "is not awaited; the coroutine is called",
    "passed": "is not awaited; the coroutine is handed to {what}()",
    "returned": "is returned without `await`, and the caller takes it for the result",
}
_TYPE_ERROR: Final = "TypeError is raised each time the line runs, and the call itself never runs."
_WHY: Final[dict[How, str]] = {
    "dropped": "Python warns `coroutine was never awaited` at most; what it should store or send "
               "is lost.",
    "attribute": "AttributeError: 'coroutine' object has no attribute '{what}'.",
    "tested": "A coroutine is always true: the branch is taken whatever the data say.",
    "compared": "A coroutine equals nothing else: the result is always the same.",
    "formatted": "The text reads `<coroutine object …>`, and the call itself never runs.",
    "returned": "The response is a coroutine object instead of data; it cannot be serialised.",
}  # fmt: skip


def finding_of(
    rule: Rule,
    function: FunctionInfo,
    call: s.Call,
    misuse: Misuse,
    name: str,
    related: Sequence[Related] = (),
) -> Finding:
    """What is told of a call of ``name`` in ``function``, whose coroutine is misused."""
    path = function.module.path
    places = [*related]
    if misuse.node.line != call.line:
        places.append(Related(path, misuse.node.line, "and is used here"))
    node = function.node
    is_async = isinstance(node, s.Function) and node.is_async
    fix = "Put `await` before the call."
    if not is_async:
        fix = f"Make {function.name} `async def` and put `await` before the call."
    if misuse.how in ("attribute", "item"):
        fix = "Put `await` before the call, in parentheses: `(await …)`."
    start = Position(call.span[0], call.span[1])
    simple = is_async and misuse.how in ("dropped", "returned", "tested")
    return rule.finding(
        path,
        call,
        message=f"`{name}` {_SAYS[misuse.how].format(what=misuse.what)}.",
        why=_WHY.get(misuse.how, _TYPE_ERROR).format(what=misuse.what),
        fix=fix,
        subject=f"{function.name} calls {name}",
        related=places,
        replacement=Replacement(start, start, "await ") if simple else None,
    )


def misuse_of(
    model: CodeModel,
    coroutines: Coroutines,
    uses: Uses,
    function: FunctionInfo,
    call: s.Call,
    handlers: set[FunctionInfo],
) -> Misuse | None:
    found = uses.misuse(call)
    if isinstance(found, s.Return):
        return _returned(model, coroutines, uses, function, found, handlers)
    if isinstance(found, s.Assign):
        return _assigned(model, uses, function, found)
    return found if isinstance(found, Misuse) else None


def _assigned(
    model: CodeModel, uses: Uses, function: FunctionInfo, statement: s.Assign
) -> Misuse | None:
    """What the function does with the name that it keeps the coroutine under."""
    target = statement.targets[0]
    if len(statement.targets) != 1 or not isinstance(target, s.Name) or statement.op is not None:
        return None
    if not isinstance(function.node, s.Function) or _is_waiting(statement.annotation):
        return None
    scope = model.scope_in(function)
    for binding in model.bindings(target.id, scope):
        value = binding.node
        if binding.path or binding.scope.function is not function or not (
            value is statement.value or _is_plain(value)
        ):  # fmt: skip
            return None
    reads = [
        node
        for node in s.walk(function.node)
        if isinstance(node, s.Name) and node.id == target.id and node is not target
    ]
    if any(uses.is_awaited(node) for node in reads):
        return None
    found = [uses.misuse(node) for node in reads if not _is_target(uses, node)]
    wrong = [item for item in found if isinstance(item, Misuse)]
    failing = [item for item in wrong if item.how not in _HARMLESS]
    if failing:
        return failing[0]
    if len(wrong) < len(found):
        return None
    return wrong[0] if wrong else Misuse("dropped", statement)


def _is_plain(value: s.Node | None) -> bool:
    """What a name holds until something better is known: ``None``, ``False``, ``[]``."""
    if isinstance(value, s.Sequence):
        return not value.items
    if isinstance(value, s.Mapping):
        return not value.entries
    return isinstance(value, s.Literal)


def _is_target(uses: Uses, node: s.Name) -> bool:
    parent = uses.parents.of.get(node)
    return isinstance(parent, s.Assign) and node in parent.targets


def _returned(
    model: CodeModel,
    coroutines: Coroutines,
    uses: Uses,
    function: FunctionInfo,
    statement: s.Return,
    handlers: set[FunctionInfo],
) -> Misuse | None:
    """A coroutine that is returned to one who takes it for data."""
    node = function.node
    if not isinstance(node, s.Function) or _is_waiting(node.returns):
        return None
    if function in handlers:
        plain = all(
            isinstance(value, ExternalValue)
            for decorator in node.decorators
            for value in model.evaluate(decorator) or (None,)
        )
        return Misuse("returned", statement) if plain else None
    if not node.is_async or node.is_generator or not coroutines.makes(function):
        return None
    awaited = list(_awaiting(model, function))
    written = node.returns is not None and uses.parameters.is_data(
        node.returns, model.scope_in(function)
    )
    return Misuse("returned", statement) if all(awaited) and (awaited or written) else None


def _awaiting(model: CodeModel, function: FunctionInfo) -> Iterator[bool]:
    """For each call of the function: is its result awaited just once?"""
    for edge in model.callers(function):
        if edge.reason == "dependency":
            yield True
            continue
        if edge.reason != "call" or not isinstance(edge.node, s.Call):
            yield False
            continue
        parents = Parents(edge.caller)
        around = parents.of.get(edge.node)
        yield isinstance(around, s.Await) and _is_taken(parents, around)


def _is_taken(parents: Parents, awaited: s.Await) -> bool:
    """What comes of the first ``await`` is not awaited again, nor handed on to be."""
    around = parents.of.get(awaited)
    if isinstance(around, s.Assign):
        names = {target.id for target in around.targets if isinstance(target, s.Name)}
        return bool(names) and not any(
            isinstance(node, s.Await) and isinstance(node.value, s.Name) and node.value.id in names
            for node in parents.nodes
        )
    return isinstance(around, s.Attribute | s.Subscript | s.If | s.For | s.Binary | s.Template
                      | s.Return | s.ExprStmt)  # fmt: skip


def _is_waiting(annotation: s.Expr | None) -> bool:
    """The written type speaks of something to be awaited."""
    if annotation is None:
        return False
    return any(
        (node.id if isinstance(node, s.Name) else getattr(node, "name", "")) in _WAITING
        for node in s.walk(annotation)
    ) or any(
        isinstance(node, s.Literal) and isinstance(node.value, str)
        and any(word in node.value for word in _WAITING)
        for node in s.walk(annotation)
    )  # fmt: skip
