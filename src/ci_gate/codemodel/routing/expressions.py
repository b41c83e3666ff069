"""Expressions of set-up code."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.routing import builtin
from ci_gate.codemodel.routing.core import Core
from ci_gate.codemodel.routing.domain import (
    HOLE,
    NONE,
    UNKNOWN,
    Args,
    ClassVal,
    Const,
    DictVal,
    Env,
    External,
    FuncVal,
    Instance,
    LibraryObject,
    ListVal,
    ModuleVal,
    Opaque,
    SuperVal,
    Value,
    Wrapped,
    bare,
    text_of,
)

_MAX_ITEMS = 5000
_MAX_TEXT = 4096


class Expressions(Core):
    """Evaluates expressions; never raises, gives :class:`Opaque` for what is not known."""

    pinned: dict[s.Node, Value | None]

    def evaluate(self, expr: s.Expr, env: Env) -> Value:
        pinned = self.pinned.get(expr)
        if pinned is not None:
            return pinned
        handler = _EXPRESSIONS.get(type(expr))
        if handler is None or not self.enter():
            return Opaque(expr)
        try:
            value: Value = handler(self, expr, env)
        finally:
            self.leave()
        value = _bounded(value)
        if expr in self.pinned:
            self.pinned[expr] = value
        return value

    # --- leaves ---

    def _literal(self, expr: s.Literal, env: Env) -> Value:
        del env
        return Opaque(expr) if expr.kind in {"regex", "ellipsis"} else Const(expr.value)

    def _name(self, expr: s.Name, env: Env) -> Value:
        if expr.id == "this":
            scope: Env | None = env
            while scope is not None:
                if scope.this is not None:
                    return scope.this
                scope = scope.parent
            return Opaque(expr)
        found = self.lookup(expr.id, env)
        if found is not None:
            return found
        if expr.id == "super":
            return self._super(env) or Opaque(expr)
        return External(expr.id) if expr.id in builtin.NAMES else Opaque(expr)

    def _super(self, env: Env) -> SuperVal | None:
        scope: Env | None = env
        while scope is not None:
            if scope.owner is not None and scope.this is not None:
                return SuperVal(scope.owner, scope.this)
            scope = scope.parent
        return None

    def _template(self, expr: s.Template, env: Env) -> Value:
        if expr.tag is not None:
            return Opaque(expr)
        parts = [text_of(self.evaluate(part, env)) for part in expr.parts]
        return Const("".join(HOLE if part is None else part for part in parts))

    def _sequence(self, expr: s.Sequence, env: Env) -> Value:
        items: list[Value] = []
        whole = True
        for item in expr.items:
            if isinstance(item, s.Starred):
                spread = self.iterated(self.evaluate(item.value, env))
                items += spread or []
                whole = whole and spread is not None
            else:
                items.append(self.evaluate(item, env))
        return ListVal(items, whole)

    def _mapping(self, expr: s.Mapping, env: Env) -> Value:
        made = DictVal({})
        for entry in expr.entries:
            value = self.evaluate(entry.value, env)
            if entry.key is None:
                if isinstance(value, DictVal):
                    made.entries.update(value.entries)
                    made.whole = made.whole and value.whole
                else:
                    made.whole = False
                continue
            if isinstance(value, FuncVal) and value.this is None:
                value.this = made
            key = self.evaluate(entry.key, env)
            if isinstance(key, Const):
                made.entries[key.value] = value
            else:
                made.whole = False
        return made

    def _function_expr(self, expr: s.FunctionExpr, env: Env) -> Value:
        return self.function(expr.function, env)

    def _class_expr(self, expr: s.ClassExpr, env: Env) -> Value:
        return self.decorated(self.class_value(expr.cls, env), expr.cls.decorators, env)

    # --- operators ---

    def _await(self, expr: s.Await, env: Env) -> Value:
        return self.evaluate(expr.value, env)

    def _yield(self, expr: s.Yield, env: Env) -> Value:
        if expr.value is not None:
            self.evaluate(expr.value, env)
        return UNKNOWN

    def _starred(self, expr: s.Starred, env: Env) -> Value:
        return self.evaluate(expr.value, env)

    def _unary(self, expr: s.Unary, env: Env) -> Value:
        value = self.evaluate(expr.value, env)
        if expr.op == "not":
            truth = self.truth(value)
            return UNKNOWN if truth is None else Const(not truth)
        if expr.op == "-" and isinstance(value, Const) and isinstance(value.value, int | float):
            return Const(-value.value)
        return UNKNOWN

    def _binary(self, expr: s.Binary, env: Env) -> Value:
        left = self.evaluate(expr.left, env)
        if expr.op in {"or", "??", "||"}:
            truth = self.truth(left)
            if truth is True or (truth is False and expr.op == "??" and left != NONE):
                return left
            right = self.evaluate(expr.right, env)
            return right if truth is False or not isinstance(right, Opaque) else left
        if expr.op == "and":
            if self.truth(left) is False:
                return left
            return self.evaluate(expr.right, env)
        right = self.evaluate(expr.right, env)
        if expr.op == "+":
            return self.plus(left, right)
        return builtin.operator(expr.op, left, right)

    def plus(self, left: Value, right: Value) -> Value:
        if isinstance(left, ListVal) or isinstance(right, ListVal):
            first, second = self.iterated(left), self.iterated(right)
            whole = first is not None and second is not None
            return ListVal([*(first or []), *(second or [])], whole)
        return builtin.operator("+", left, right)

    def _conditional(self, expr: s.Conditional, env: Env) -> Value:
        truth = self.truth(self.evaluate(expr.test, env))
        if truth is not None:
            return self.evaluate(expr.body if truth else expr.orelse, env)
        return self.chosen([self.evaluate(expr.body, env), self.evaluate(expr.orelse, env)])

    def chosen(self, values: list[Value]) -> Value:
        """One value for several that are possible; unknown when they are different constants."""
        if not values:
            return NONE
        known = [item for item in values if not isinstance(item, Opaque) and item != NONE]
        if not known:
            return values[0]
        whole = [item for item in known if HOLE not in (text_of(item) or "")] or known
        if len(set(map(_constant, whole))) > 1 and all(isinstance(item, Const) for item in whole):
            texts = all(isinstance(item, Const) and isinstance(item.value, str) for item in whole)
            return Const(HOLE) if texts else UNKNOWN
        return next((item for item in whole if not _is_empty(item)), whole[0])

    def truth(self, value: Value) -> bool | None:
        if isinstance(value, Const):
            if isinstance(value.value, str) and HOLE in value.value:
                return None
            return bool(value.value)
        if isinstance(value, Opaque | External | Wrapped | DictVal | ListVal):
            return None
        return True

    def _assign_expr(self, expr: s.AssignExpr, env: Env) -> Value:
        value = self.evaluate(expr.value, env)
        self.assign(expr.target, value, env)
        return value

    def _comprehension(self, expr: s.Comprehension, env: Env) -> Value:
        inside = Env(env.module, env, env.function, env.this, env.owner)
        items: list[Value] = []
        entries: dict[object, Value] = {}
        whole = self._generate(expr, 0, inside, items, entries)
        return DictVal(entries, whole) if expr.kind == "dict" else ListVal(items, whole)

    def _generate(
        self,
        expr: s.Comprehension,
        depth: int,
        env: Env,
        items: list[Value],
        entries: dict[object, Value],
    ) -> bool:
        if depth == len(expr.generators):
            value = self.evaluate(expr.element, env)
            key = NONE if expr.key is None else self.evaluate(expr.key, env)
            if expr.kind == "dict" and isinstance(key, Const):
                entries[key.value] = value
            items.append(value)
            return True
        clause = expr.generators[depth]
        source = self.iterated(self.evaluate(clause.iter, env))
        if source is None or len(items) > _MAX_ITEMS:
            return False
        whole = True
        for item in source:
            self.assign(clause.target, item, env)
            tests = [self.truth(self.evaluate(test, env)) for test in clause.conditions]
            if False not in tests:
                whole = self._generate(expr, depth + 1, env, items, entries) and whole
        return whole

    def iterated(self, value: Value) -> list[Value] | None:
        """What a loop over ``value`` sees; None when that is not known.

        A library's object stands for the things in it (``urlpatterns += router.urls``).
        """
        value = bare(value)
        if isinstance(value, LibraryObject):
            return [value]
        if isinstance(value, ListVal):
            return list(value.items) if value.items or value.whole else None
        if isinstance(value, DictVal):
            return [Const(key) for key in value.entries if isinstance(key, str | int)]
        return None

    # --- access and calls ---

    def _attribute(self, expr: s.Attribute, env: Env) -> Value:
        value = self.evaluate(expr.value, env)
        if value == External("import.meta"):
            name = "__filename" if expr.name in {"url", "filename"} else "__dirname"
            return self.lookup(name, env) or Opaque(expr)
        found = self.attribute(value, expr.name)
        return Opaque(expr) if found is None else found

    def _subscript(self, expr: s.Subscript, env: Env) -> Value:
        value = self.evaluate(expr.value, env)
        if isinstance(value, External) and value.path.endswith("Annotated"):
            index = self.evaluate(expr.index, env)
            for item in reversed(index.items if isinstance(index, ListVal) else []):
                if isinstance(item, LibraryObject):
                    return item
            return UNKNOWN
        if isinstance(value, ClassVal | External):
            return value
        found = self.element(value, self.evaluate(expr.index, env))
        return Opaque(expr) if isinstance(found, Opaque) else found

    def element(self, value: Value, key: Value) -> Value:
        value = bare(value)
        if not isinstance(key, Const):
            return UNKNOWN
        if isinstance(value, DictVal):
            return value.entries.get(key.value, UNKNOWN)
        if isinstance(value, ListVal) and isinstance(key.value, int) and value.whole:
            if -len(value.items) <= key.value < len(value.items):
                return value.items[key.value]
            return UNKNOWN
        if isinstance(value, LibraryObject | Instance):
            found = value.attrs.get(f"[{text_of(key)}]")
            if found is None and isinstance(key.value, str):
                found = self.attribute(value, "[]")
            return UNKNOWN if found is None else found
        if isinstance(value, ModuleVal) and isinstance(key.value, str):
            return self.attribute(value, key.value) or UNKNOWN
        return UNKNOWN

    def arguments(self, call: s.Call, env: Env) -> Args:
        made = Args([], {}, env.module, call.span, call)
        for item in call.args:
            value = self.evaluate(item.value, env)
            if item.star == "*":
                spread = self.iterated(value)
                made.positional += spread or []
                made.whole = made.whole and spread is not None
            elif item.star == "**":
                if isinstance(value, DictVal):
                    known = {k: v for k, v in value.entries.items() if isinstance(k, str)}
                    made.keywords.update(known)
                    made.whole = made.whole and value.whole
                else:
                    made.whole = False
            elif item.keyword is not None:
                made.keywords[item.keyword] = value
            else:
                made.positional.append(value)
        return made

    def _call(self, expr: s.Call, env: Env) -> Value:
        func = expr.func
        if isinstance(func, s.Name):
            special = self._special_call(func.id, expr, env)
            if special is not None:
                return special
        target = self.evaluate(func, env)
        return self.call(target, self.arguments(expr, env), expr)

    def _special_call(self, name: str, expr: s.Call, env: Env) -> Value | None:
        if name in {"require", "import"}:
            first = expr.argument(0)
            value = NONE if first is None else self.evaluate(first, env)
            if isinstance(value, Const) and isinstance(value.value, str):
                return self.required(env.module, value.value)
            return Opaque(expr)
        if name == "super":
            found = self._super(env)
            if found is None:
                return Opaque(expr)
            if env.module.endswith(".py"):
                return found
            return self.super_init(found, self.arguments(expr, env))
        return None


def _is_empty(value: Value) -> bool:
    return isinstance(value, ListVal) and not value.items


def _bounded(value: Value) -> Value:
    """``value``, unless it has grown beyond what set-up code has a use for."""
    if isinstance(value, Const) and isinstance(value.value, str | bytes):
        return value if len(value.value) <= _MAX_TEXT else Const(HOLE)
    if isinstance(value, ListVal) and len(value.items) > _MAX_ITEMS:
        return ListVal(value.items[:_MAX_ITEMS], whole=False)
    return value


def _constant(value: Value) -> object:
    return value.value if isinstance(value, Const) else id(value)


_EXPRESSIONS: Mapping[type[s.Node], Callable[..., Value]] = {
    s.Name: Expressions._name,
    s.Attribute: Expressions._attribute,
    s.Subscript: Expressions._subscript,
    s.Call: Expressions._call,
    s.Literal: Expressions._literal,
    s.Template: Expressions._template,
    s.Sequence: Expressions._sequence,
    s.Mapping: Expressions._mapping,
    s.Await: Expressions._await,
    s.Yield: Expressions._yield,
    s.Unary: Expressions._unary,
    s.Binary: Expressions._binary,
    s.Conditional: Expressions._conditional,
    s.Starred: Expressions._starred,
    s.AssignExpr: Expressions._assign_expr,
    s.FunctionExpr: Expressions._function_expr,
    s.ClassExpr: Expressions._class_expr,
    s.Comprehension: Expressions._comprehension,
}
