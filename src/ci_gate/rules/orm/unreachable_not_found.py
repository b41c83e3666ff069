from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import FunctionInfo, Scope
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ClassValue, ExternalValue
from ci_gate.data import dataclass
from ci_gate.findings import Finding, Related
from ci_gate.rules._places import spot
from ci_gate.rules.base import Facts, Rule

#: Lookups that raise where there is no row, with what they raise.
_SQLALCHEMY: Final = ("scalar_one", "one")
_DJANGO: Final = ("get", "aget", "earliest", "latest")
_NODE: Final = {
    "findUniqueOrThrow": "PrismaClientKnownRequestError (P2025)",
    "findFirstOrThrow": "PrismaClientKnownRequestError (P2025)",
    "findOneOrFail": "EntityNotFoundError",
    "findOneByOrFail": "EntityNotFoundError",
}
_CATCHING: Final = frozenset({
    "Exception", "BaseException", "DoesNotExist", "ObjectDoesNotExist", "NoResultFound",
    "InvalidRequestError", "SQLAlchemyError",
})  # fmt: skip
#: Words of programs that answer the error in one place for all.
_ANSWERED: Final = frozenset({
    "NoResultFound", "ObjectDoesNotExist", "SQLAlchemyError", "P2025", "NotFoundError",
    "EntityNotFoundError", "PrismaClientKnownRequestError",
})  # fmt: skip
_ENTITY_IN: Final = frozenset({"select", "query"})


@dataclass(frozen=True, slots=True)
class _Lookup:
    """``call`` in ``function`` gives a row, or raises ``error``."""

    call: s.Call
    function: FunctionInfo
    error: str


class UnreachableNotFound(Rule):
    """A lookup that raises where there is no row is followed by a test for no row.

    `item = Item.objects.get(slug=slug)`, and then `if item is None: raise NotFound()`. The lookup
    may be in the repository and the test in the service.

    ## Why is this bad?
    The test never holds: where there is no row the lookup raises first (`DoesNotExist`,
    `NoResultFound`), which nothing catches, and the client gets 500 where 404 is meant.

    ## Fix
    Use the lookup that gives None (`.filter(…).first()`, `scalar_one_or_none()`, `findUnique`), or
    catch the error.

    ## Silent on
    Lookups under a handler for the error, in the function or where it is called; programs that name
    the error elsewhere, as a handler for all requests does; columns, which may be NULL; managers
    with a `get` of their own.

    ## Source
    Django, "QuerySet.get()"; SQLAlchemy, "Result.scalar_one()"; Prisma, "findUniqueOrThrow";
    TypeORM, "findOneOrFail".
    """

    id = "orm/unreachable-not-found"
    group = "orm"

    def check(self, facts: Facts) -> Iterable[Finding]:
        look = _Look(facts)
        if look.is_answered():
            return
        for lookup in look.lookups():
            test = look.test_of(lookup)
            if test is not None:
                yield self._found(lookup, *test)

    def _found(self, lookup: _Lookup, function: FunctionInfo, test: s.Node) -> Finding:
        path = lookup.function.module.path
        assert isinstance(lookup.call.func, s.Attribute)
        name = lookup.call.func.name
        return self.finding(
            path,
            spot(lookup.call),
            message=f"{name}() raises where there is no row, and {function.name}() tests its "
            "result for none.",
            why=f"{lookup.error} passes the test: the request ends in a 500 where the row's "
            "absence is to be answered.",
            fix="Use the lookup that gives nothing instead, or catch the error.",
            subject=f"{lookup.function.name} {name} tested",
            related=[Related(function.module.path, test.line, "tested here, in vain")],
        )


class _Look:
    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._model = facts.model

    def is_answered(self) -> bool:
        """Does the program speak of the errors, for all requests perhaps?"""
        return any(
            not _ANSWERED.isdisjoint(s.gathered(module).words)
            for path, module in self._model.modules.items()
            if not is_outside(path)
        )

    # --- lookups ---

    def lookups(self) -> Iterator[_Lookup]:
        for name, error in _NODE.items():
            for call, scope in self._calls(name):
                if scope.module.language != "python":
                    yield _Lookup(call, scope.function, error)
        for name in _SQLALCHEMY:
            for call, scope in self._calls(name):
                if scope.module.language == "python" and self._gives_entity(call, scope):
                    yield _Lookup(call, scope.function, "NoResultFound")
        managed = {entity.name for entity in self._facts.entities if entity.kind == "django"}
        if not managed or self._has_own_get():
            return
        for name in _DJANGO:
            for call, scope in self._calls(name):
                owner = _manager(call)
                if owner in managed:
                    yield _Lookup(call, scope.function, f"{owner}.DoesNotExist")

    def _calls(self, name: str) -> Iterator[tuple[s.Call, Scope]]:
        for call, scope in self._model.calls_named(name):
            if not is_outside(scope.module.path) and isinstance(call.func, s.Attribute):
                yield call, scope

    def _gives_entity(self, call: s.Call, scope: Scope) -> bool:
        """Is it the row itself that the statement selects?"""
        assert isinstance(call.func, s.Attribute)
        parts = list(s.walk(call.func.value))
        for part in tuple(parts):
            if isinstance(part, s.Name):
                bindings = self._model.bindings(part.id, scope)
                if len(bindings) == 1 and bindings[0].kind == "value" and not bindings[0].path:
                    parts += s.walk(bindings[0].node)
        selecting = [
            part
            for part in parts
            if isinstance(part, s.Call) and s.last_name(part.func) in _ENTITY_IN
        ]
        return len(selecting) == 1 and self._is_of_entity(selecting[0], scope)

    def _is_of_entity(self, call: s.Call, scope: Scope) -> bool:
        if len(call.args) != 1:
            return False
        values = self._model.evaluate(call.args[0].value, scope)
        only = next(iter(values)) if len(values) == 1 else None
        return isinstance(only, ClassValue) and self._facts.entities.of_class(only.cls) is not None

    def _has_own_get(self) -> bool:
        """Has a manager or query set of the project lookups of its own?"""
        return any(
            function.cls is not None
            and function.name in _DJANGO
            and any(
                isinstance(base, ExternalValue) and base.path.endswith(("Manager", "QuerySet"))
                for base in self._model.ancestors(function.cls)
            )
            for function in self._model.functions.values()
        )

    # --- tests ---

    def test_of(self, lookup: _Lookup) -> tuple[FunctionInfo, s.Node] | None:
        """Where the result is tested, in the function or by one that calls it."""
        found = self._tested(lookup.function, lookup.call)
        if found is not None:
            return lookup.function, found
        node = lookup.function.node
        if not isinstance(node, s.Function) or not self._is_given(lookup):
            return None
        for edge in self._model.callers(lookup.function):
            if edge.reason == "call" and not is_outside(edge.caller.module.path):
                found = self._tested(edge.caller, edge.node)
                if found is not None:
                    return edge.caller, found
        return None

    def _is_given(self, lookup: _Lookup) -> bool:
        """Is it all that the function returns, with nothing around it that catches?"""
        returned = self._model.returned(lookup.function)
        if len(returned) != 1 or self._is_caught(lookup.function, lookup.call):
            return False
        value = returned[0].value if isinstance(returned[0], s.Await) else returned[0]
        return value is lookup.call

    def _tested(self, function: FunctionInfo, call: s.Node) -> s.Node | None:
        around = self._model.surroundings.of(function.module.path, call)
        statement = next((item.node for item in around if not isinstance(item.node, s.Await)), None)
        match statement:
            case s.Assign(targets=[s.Name(id=name)], value=value) if value is not None:
                given = value.value if isinstance(value, s.Await) else value
                if given is not call or self._is_caught(function, call):
                    return None
            case _:
                return None
        stores = 0
        found: s.Node | None = None
        for node in self._model.own_nodes(function):
            if isinstance(node, s.Assign):
                stores += any(
                    isinstance(part, s.Name) and part.id == name
                    for target in node.targets
                    for part in s.walk(target)
                )
            elif isinstance(node, s.If) and _asks_for_none(node.test, name):
                found = found or node.test
        return found if stores == 1 else None

    def _is_caught(self, function: FunctionInfo, call: s.Node) -> bool:
        for enclosing in self._model.surroundings.of(function.module.path, call):
            if isinstance(enclosing.node, s.Function):
                return False
            if (
                isinstance(enclosing.node, s.Try)
                and enclosing.branch == "body"
                and any(map(_catches, enclosing.node.handlers))
            ):
                return True
        return False


def _catches(handler: s.Handler) -> bool:
    """May it be the row's absence that the handler answers? JavaScript's catch all."""
    if handler.type is None:
        return True
    names = {
        part.id if isinstance(part, s.Name) else getattr(part, "name", "")
        for part in s.walk(handler.type)
    }
    return not _CATCHING.isdisjoint(names)


def _manager(call: s.Call) -> str:
    """``Item`` of ``Item.objects.….get(…)``."""
    node: s.Expr = call
    while True:
        match node:
            case s.Call(func=func):
                node = func
            case s.Attribute(value=s.Name(id=owner), name="objects"):
                return owner
            case s.Attribute(value=value):
                node = value
            case _:
                return ""


def _asks_for_none(test: s.Expr, name: str) -> bool:
    match test:
        case s.Unary(op="not", value=s.Name(id=held)):
            return held == name
        case s.Binary(op="is" | "==" | "===", left=s.Name(id=held), right=s.Literal(value=None)):
            return held == name
    return False
