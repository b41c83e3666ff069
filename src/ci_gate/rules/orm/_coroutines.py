"""Which functions of the tree surely give a coroutine, and what becomes of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.certain import Certain, is_plainly_decorated
from ci_gate.codemodel.classes import decorator_name, is_abstract
from ci_gate.codemodel.model import CodeModel, FunctionInfo
from ci_gate.codemodel.values import ExternalValue, FunctionValue
from ci_gate.data import dataclass
from ci_gate.regex import regex
from ci_gate.rules.orm._parameters import Parameters

How = Literal[
    "dropped", "attribute", "item", "tested", "compared", "computed", "iterated", "entered",
    "formatted", "unpacked", "called", "passed", "returned",
]  # fmt: skip
#: What a coroutine object has itself.
_OF_COROUTINE: Final = frozenset({"close", "send", "throw"})
#: Functions of Python and of libraries that want data and await nothing.
_BUILTINS: Final = frozenset({
    "len", "list", "tuple", "set", "sorted", "dict", "int", "str", "float", "bool", "sum", "min",
    "max", "any", "all", "enumerate", "zip", "reversed", "iter", "next", "vars", "frozenset",
    "round", "abs", "bytes",
})  # fmt: skip
_CONSUMERS: Final = frozenset({
    "json.dumps", "flask.jsonify", "flask.json.jsonify", "fastapi.responses.JSONResponse",
    "starlette.responses.JSONResponse", "aiohttp.web.json_response",
    "fastapi.encoders.jsonable_encoder",
})  # fmt: skip
_READERS: Final = regex(
    r"^(?:pydantic|sqlmodel)\.(?:\w+\.)*(?:from_orm|model_validate|parse_obj|validate)$"
)
_KEEPING: Final = frozenset({"retry", "inject"})
_STREAMS: Final = frozenset({"AsyncIterator", "AsyncIterable", "AsyncGenerator"})
_MAX_STEPS: Final = 12
#: What has code of its own inside.
_CLOSED: Final[tuple[type[s.Node], ...]] = (s.Function, s.Class)


@dataclass(frozen=True, slots=True)
class Misuse:
    """What happens to a coroutine that nobody awaits, and where."""

    how: How
    node: s.Node
    what: str = ""


class Coroutines:
    def __init__(self, model: CodeModel, certain: Certain) -> None:
        self._model = model
        self._certain = certain
        self._makes: dict[FunctionInfo, bool] = {}

    def made_by(self, call: s.Call) -> frozenset[FunctionInfo] | None:
        """The functions that the call runs, where each of them surely gives a coroutine."""
        functions = self._certain.functions(call)
        if not functions:
            return None
        real = frozenset(item for item in functions if not is_abstract(item)) or functions
        return real if all(self.makes(item) for item in real) else None

    def makes(self, function: FunctionInfo) -> bool:
        """Calling the function gives a coroutine: it is async, or hands on one of another."""
        if function not in self._makes:
            self._makes[function] = False
            self._makes[function] = self._gives_one(function)
        return self._makes[function]

    def _gives_one(self, function: FunctionInfo) -> bool:
        node = function.node
        if not isinstance(node, s.Function) or node.is_generator:
            return False
        if node.is_async and is_abstract(function) and _streams(node):
            return False  # those that stand behind it are generators
        if node.is_async:
            return is_plainly_decorated(function) or all(
                self._keeps(item, function) for item in node.decorators
            )
        if node.decorators:
            return False
        returned = list(s.returns_in(node))
        return bool(returned) and all(
            isinstance(item.value, s.Call) and self.made_by(item.value) is not None
            for item in returned
        )

    def _keeps(self, decorator: s.Expr, function: FunctionInfo) -> bool:
        """Behind the decorator the function is still one that gives a coroutine."""
        if decorator_name(decorator) in _KEEPING:
            return True
        values = self._model.evaluate(decorator)
        if not values:
            return False
        for value in values:
            results = self._model.call_result(value) if isinstance(value, FunctionValue) else ()
            if not results:
                return False
            for result in results:
                if not isinstance(result, FunctionValue):
                    return False
                inner = result.function.node
                if result.function is function or not isinstance(inner, s.Function):
                    return False
                if not inner.is_async or inner.is_generator:
                    return False
        return True


def _streams(node: s.Function) -> bool:
    """The written result is what an async generator gives."""
    written = node.returns
    base = written.value if isinstance(written, s.Subscript) else written
    return base is not None and s.last_name(base) in _STREAMS


def coroutine_names(model: CodeModel) -> frozenset[str]:
    """The last names of what may give a coroutine when it is called; empty where there is none."""
    names: set[str] = set()
    others: list[tuple[str, set[str | None]]] = []
    for function in model.functions.values():
        node = function.node
        if function.module.language != "python" or not isinstance(node, s.Function):
            continue
        if node.is_async:
            names.add(function.name)
        elif not node.decorators:
            given = model.returned(function)
            if given and all(isinstance(item, s.Call) for item in given):
                called = {s.last_name(item.func) for item in given if isinstance(item, s.Call)}
                others.append((function.name, called))
    if not names:
        return frozenset()
    names |= model.given_names
    waiting = len(others) + 1
    while len(others) < waiting:
        waiting = len(others)
        names.update(name for name, called in others if called <= names)
        others = [item for item in others if not item[1] <= names]
    return frozenset(names)


class Parents:
    """The nodes of one function's own code with what stands around them."""

    def __init__(self, function: FunctionInfo) -> None:
        self.of: dict[s.Node, s.Node] = {}
        self.nodes: list[s.Node] = []
        for statement in function.node.body:
            stack: list[s.Node] = [statement]
            while stack:
                node = stack.pop()
                self.nodes.append(node)
                if type(node) in _CLOSED and node is not statement:
                    continue
                below = s.children(node)
                for child in below:
                    self.of[child] = node
                below.reverse()
                stack += below

    def calls(self) -> Iterator[s.Call]:
        for node in self.nodes:
            if isinstance(node, s.Call):
                yield node


class Uses:
    """What the code around an expression does with a coroutine that the expression gives."""

    def __init__(self, model: CodeModel, parents: Parents, parameters: Parameters) -> None:
        self._model = model
        self.parameters = parameters
        self.parents = parents

    def misuse(self, node: s.Expr) -> Misuse | s.Node | None:
        """The misuse; the statement that keeps the coroutine (an assignment or a return), which
        the caller has to look at; or None where it may be awaited."""
        current: s.Node = node
        for _ in range(_MAX_STEPS):
            parent = self.parents.of.get(current)
            if parent is None:
                return None
            if _passes_on(parent, current):
                current = parent
                continue
            return self._judged(parent, current)
        return None

    def _judged(self, parent: s.Node, node: s.Node) -> Misuse | s.Node | None:
        if isinstance(parent, s.ExprStmt):
            return Misuse("dropped", parent)
        if isinstance(parent, s.Attribute):
            inner = parent.name in _OF_COROUTINE or parent.name.startswith(("cr_", "__"))
            return None if inner else Misuse("attribute", parent, parent.name)
        if isinstance(parent, s.Subscript):
            return Misuse("item", parent) if parent.value is node else None
        if isinstance(parent, s.Call):
            return Misuse("called", parent)
        if isinstance(parent, s.Unary):
            return Misuse("tested" if parent.op == "not" else "computed", parent)
        if isinstance(parent, s.Binary):
            return _operated(parent, node)
        if isinstance(parent, s.If | s.While | s.Conditional):
            return Misuse("tested", parent.test) if parent.test is node else None
        if isinstance(parent, s.Generator) and node in parent.conditions:
            return Misuse("tested", node)
        if isinstance(parent, s.For | s.Generator):
            return Misuse("iterated", node) if parent.iter is node else None
        if isinstance(parent, s.WithItem):
            around = self.parents.of.get(parent)
            plain = isinstance(around, s.With) and not around.is_async
            return Misuse("entered", node) if plain and parent.context is node else None
        if isinstance(parent, s.Template):
            return Misuse("formatted", node)
        if isinstance(parent, s.Argument):
            return self._passed(parent)
        if isinstance(parent, s.Assign) and parent.value is node:
            if parent.op is None and any(isinstance(t, s.Sequence) for t in parent.targets):
                return Misuse("unpacked", parent)
            return parent
        return parent if isinstance(parent, s.Return) else None

    def _passed(self, argument: s.Argument) -> Misuse | None:
        call = self.parents.of.get(argument)
        if not isinstance(call, s.Call):
            return None
        if argument.star == "**":
            return None
        if argument.star == "*":
            return Misuse("unpacked", argument.value)
        func = call.func
        if isinstance(func, s.Name) and func.id in _BUILTINS:
            scope = self._model.scope_of(call)
            if not self._model.bindings(func.id, scope) and call.args[0] is argument:
                return Misuse("passed", argument.value, func.id)
        values = self._model.evaluate(func)
        if values and all(
            isinstance(value, ExternalValue)
            and (value.path in _CONSUMERS or _READERS.match(value.path))
            for value in values
        ):
            return Misuse("passed", argument.value, _last(func))
        if self.parameters.wants_data(call, argument):
            return Misuse("passed", argument.value, _last(func))
        return None

    def is_awaited(self, node: s.Node) -> bool:
        return isinstance(self.parents.of.get(node), s.Await)


def _passes_on(parent: s.Node, node: s.Node) -> bool:
    """The value of ``node`` is that of ``parent`` too."""
    if isinstance(parent, s.Binary) and parent.op in ("and", "or"):
        return parent.right is node
    if isinstance(parent, s.Conditional):
        return parent.test is not node
    return isinstance(parent, s.AssignExpr) and parent.value is node


def _operated(parent: s.Binary, node: s.Node) -> Misuse:
    if parent.op in ("and", "or"):
        return Misuse("tested", node)
    if parent.op in ("==", "!=", "<", ">", "<=", ">=", "is", "is not", "in", "not in"):
        return Misuse("compared", parent)
    return Misuse("computed", parent)


def _last(func: s.Expr) -> str:
    return func.name if isinstance(func, s.Attribute) else getattr(func, "id", "")
