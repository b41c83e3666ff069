"""Which moments carry a time zone: expressions, functions of the tree, columns."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal, TypeAlias

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.certain import Certain
from ci_gate.codemodel.entities import Column
from ci_gate.codemodel.entities.declarations import Declaration
from ci_gate.codemodel.entities.sqlalchemy_columns import last
from ci_gate.codemodel.model import CodeModel, FunctionInfo, Scope
from ci_gate.codemodel.python.lower import parse_expression
from ci_gate.codemodel.values import ExternalValue

Zone: TypeAlias = Literal["aware", "naive"]

_NOW: Final = "datetime.datetime.now"
_NAIVE: Final = frozenset({"datetime.datetime.utcnow", "datetime.datetime.today",
                           "datetime.datetime.utcfromtimestamp"})  # fmt: skip
_AWARE: Final = frozenset({"django.utils.timezone.now"})
_ZONES: Final = ("datetime.timezone", "datetime.UTC", "zoneinfo.ZoneInfo", "pytz.",
                 "dateutil.tz.", "django.utils.timezone.")  # fmt: skip
_TYPES: Final = frozenset({"DateTime", "TIMESTAMP", "DATETIME"})
_NO_TYPES: Final = frozenset({
    "ForeignKey", "Sequence", "Identity", "Computed", "CheckConstraint", "FetchedValue",
})  # fmt: skip
_ANNOTATIONS: Final = frozenset({"Mapped", "Optional", "Union", "None", "datetime", "dt"})
_SPAN: Final = "datetime.timedelta"
_SETTINGS: Final = "django.conf.settings."
_MAX_DEPTH: Final = 8


class Moments:
    """What is known of the moments of one program."""

    def __init__(self, model: CodeModel, certain: Certain) -> None:
        self._model = model
        self._certain = certain
        self._mapped_by_base = any(
            "type_annotation_map" in model.member_names(cls) for cls in model.classes.values()
        )

    # --- expressions ---

    def zone(self, expr: s.Expr, scope: Scope, depth: int = 0) -> Zone | None:
        """Whether the moment that ``expr`` gives has a time zone; None where that is not sure."""
        if depth > _MAX_DEPTH:
            return None
        if isinstance(expr, s.Await):
            return self.zone(expr.value, scope, depth + 1)
        if isinstance(expr, s.Call):
            return self._call(expr, scope, depth)
        if isinstance(expr, s.Binary) and expr.op in ("+", "-"):
            if self._is_span(expr.right, scope):
                return self.zone(expr.left, scope, depth + 1)
            if expr.op == "+" and self._is_span(expr.left, scope):
                return self.zone(expr.right, scope, depth + 1)
            return None
        if isinstance(expr, s.Conditional):
            return _same([self.zone(expr.body, scope, depth + 1),
                          self.zone(expr.orelse, scope, depth + 1)])  # fmt: skip
        if isinstance(expr, s.Name):
            bindings = self._model.bindings(expr.id, scope)
            if not all(item.kind in ("value", "import") and not item.path for item in bindings):
                return None
            bound = self._model.binding(expr.id, scope)
            return self.zone(*bound, depth + 1) if bound is not None else None
        return None

    def _call(self, call: s.Call, scope: Scope, depth: int) -> Zone | None:
        func = call.func
        if isinstance(func, s.Attribute):
            if func.name == "replace":
                return self._replaced(call, func, scope, depth)
            if func.name == "astimezone":
                known = self.zone(func.value, scope, depth + 1) is not None
                return "aware" if known else None
        functions = self._certain.functions(call, scope)
        if functions is not None:
            return self._of_functions(functions, depth)
        for path in self._paths(func, scope):
            return self._library(path, call, scope)
        return None

    def _replaced(self, call: s.Call, func: s.Attribute, scope: Scope, depth: int) -> Zone | None:
        """``moment.replace(tzinfo=…)``."""
        before = self.zone(func.value, scope, depth + 1)
        given = call.argument(keyword="tzinfo")
        if before is None or given is None:
            return before
        if isinstance(given, s.Literal) and given.value is None:
            return "naive"
        return "aware" if self._is_zone(given, scope) else None

    def _library(self, path: str, call: s.Call, scope: Scope) -> Zone | None:
        if path in _NAIVE:
            return "naive"
        if path in _AWARE:
            return "aware"
        if path == "datetime.datetime":
            return _constructed(call)
        if path == "datetime.datetime.strptime":
            form = call.argument(1, "format")
            written = form.value if isinstance(form, s.Literal) else None
            return "naive" if isinstance(written, str) and "%z" not in written else None
        if path in (_NOW, "datetime.datetime.fromtimestamp"):
            place = 0 if path == _NOW else 1
            if any(item.star for item in call.args):
                return None
            given = call.argument(place, "tz")
            if given is None or (isinstance(given, s.Literal) and given.value is None):
                return "naive"
            return "aware" if self._is_zone(given, scope) else None
        return None

    def called(self, expr: s.Expr, scope: Scope) -> Zone | None:
        """The moment that calling ``expr`` gives: a column's ``default=``."""
        if isinstance(expr, s.FunctionExpr):
            info = self._model.function_of(expr.function)
            return self._of_functions([info], 0) if info is not None else None
        if isinstance(expr, s.Call):
            first = expr.argument(0)
            paths = self._paths(expr.func, scope)
            if paths == ["functools.partial"] and first is not None:
                rest = s.Call(expr.span, first, expr.args[1:])
                for path in self._paths(first, scope):
                    return self._library(path, rest, scope)
            return None
        function = self._function(expr, scope)
        if function is not None:
            return self._of_functions([function], 0)
        for path in self._paths(expr, scope):
            return self._library(path, s.Call(expr.span, expr, []), scope)
        return None

    def _function(self, expr: s.Expr, scope: Scope) -> FunctionInfo | None:
        found = self._certain.functions(s.Call(expr.span, expr, []), scope)
        return next(iter(found)) if found is not None and len(found) == 1 else None

    def _of_functions(self, functions: Iterable[FunctionInfo], depth: int) -> Zone | None:
        zones: list[Zone | None] = []
        for function in functions:
            node = function.node
            if not isinstance(node, s.Function) or node.is_generator or node.decorators:
                return None
            scope = self._model.scope_in(function)
            zones += [
                self.zone(item.value, scope, depth + 1) if item.value is not None else None
                for item in s.returns_in(node)
            ]
        return _same(zones)

    def _paths(self, expr: s.Expr, scope: Scope) -> list[str]:
        values = self._model.evaluate(expr, scope)
        if len(values) != 1:
            return []
        return [value.path for value in values if isinstance(value, ExternalValue)]

    def _is_zone(self, expr: s.Expr, scope: Scope) -> bool:
        return any(path.startswith(_ZONES) for path in self._paths(expr, scope))

    def _is_span(self, expr: s.Expr, scope: Scope, depth: int = 0) -> bool:
        """The expression is a length of time, no moment."""
        if depth > _MAX_DEPTH:
            return False
        if isinstance(expr, s.Call):
            return self._paths(expr.func, scope) == [_SPAN]
        if isinstance(expr, s.Binary) and expr.op in ("*", "+", "-", "/"):
            sides = [self._is_span(side, scope, depth + 1) for side in (expr.left, expr.right)]
            return any(sides) if expr.op in ("*", "/") else all(sides)
        if isinstance(expr, s.Attribute):
            return all(path.startswith(_SETTINGS) for path in self._paths(expr, scope) or [""])
        if not isinstance(expr, s.Name):
            return False
        bindings = self._model.bindings(expr.id, scope)
        if len(bindings) == 1 and bindings[0].kind == "param" and not bindings[0].path:
            param = bindings[0].node
            written = param.annotation if isinstance(param, s.Param) else None
            return written is not None and self._paths(written, bindings[0].scope) == [_SPAN]
        bound = self._model.binding(expr.id, scope)
        return bound is not None and self._is_span(*bound, depth + 1)

    # --- columns ---

    def column_zone(self, column: Column, item: Declaration) -> Zone | None:
        """Whether the column that the declaration makes keeps time zones."""
        call = item.value if isinstance(item.value, s.Call) else None
        given = call.argument(keyword="sa_column") if call is not None else None
        if isinstance(given, s.Call):
            call = given
        types = list(self._types(call, item.scope)) if call is not None else []
        if not types:
            plain = column.type == "datetime" and not self._mapped_by_base
            return "naive" if plain and _is_plain(item.annotation) else None
        if len(types) != 1:
            return None
        (written,) = types
        func = written.func if isinstance(written, s.Call) else written
        if last(self._model, func, item.scope) not in _TYPES:
            return None
        if not isinstance(written, s.Call) or not written.args:
            return "naive"
        zone = written.argument(0, "timezone")
        if not isinstance(zone, s.Literal) or not isinstance(zone.value, bool):
            return None
        return "aware" if zone.value else "naive"

    def _types(self, call: s.Call, scope: Scope) -> Iterable[s.Expr]:
        """The arguments that say the column's type."""
        for arg in call.args:
            value = arg.value
            if arg.keyword in ("type_", "sa_type"):
                yield value
            if arg.keyword is not None or isinstance(value, s.Literal):
                continue
            func = value.func if isinstance(value, s.Call) else value
            if last(self._model, func, scope) not in _NO_TYPES:
                yield value


def _constructed(call: s.Call) -> Zone | None:
    """``datetime(2024, 5, 1)``."""
    plain = [item for item in call.args if item.keyword is None]
    if any(item.star for item in call.args) or len(plain) > 7:
        return None
    return None if call.argument(keyword="tzinfo") is not None else "naive"


def _same(zones: list[Zone | None]) -> Zone | None:
    """The one answer that all give."""
    return zones[0] if zones and all(zone == zones[0] for zone in zones) else None


def _is_plain(annotation: s.Expr | None) -> bool:
    """The annotation says ``datetime`` and no type of the project's own."""
    if annotation is None:
        return False
    names: set[str] = set()
    stack: list[s.Node] = [annotation]
    while stack:
        node = stack.pop()
        if isinstance(node, s.Literal) and isinstance(node.value, str):
            parsed = parse_expression(node.value, node.span)
            stack += [parsed] if parsed is not None else []
        elif isinstance(node, s.Name):
            names.add(node.id)
        elif isinstance(node, s.Attribute):
            names.add(node.name)
            stack.append(node.value)
        else:
            stack += s.children(node)
    return "datetime" in names and names <= _ANNOTATIONS | {"orm", "t", "typing"}
