"""Statements of set-up code."""

from __future__ import annotations

from collections.abc import Callable

from ci_gate.codemodel import syntax as s
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
    FuncVal,
    Instance,
    LibraryObject,
    ListVal,
    Opaque,
    Value,
    Wrapped,
    bare,
    text_of,
)

_MAX_LOOP = 300
_MAX_ADDED = 1000


class Statements(Core):
    """Runs statements; :meth:`run` tells whether control has left the block."""

    def hoist(self, body: list[s.Stmt], env: Env) -> None:
        """Bind the functions of a block before it runs."""
        for statement in body:
            if isinstance(statement, s.FunctionDef) and not statement.function.decorators:
                env.names[statement.function.name] = self.function(statement.function, env)
            elif isinstance(statement, s.ClassDef) and not statement.cls.decorators:
                env.names[statement.cls.name] = self.class_value(statement.cls, env)

    def run(self, body: list[s.Stmt], env: Env) -> bool:
        for statement in body:
            if not self.enter():
                return True
            try:
                handler = _STATEMENTS.get(type(statement))
                if handler is not None and handler(self, statement, env):
                    return True
            finally:
                self.leave()
        return False

    # --- simple statements ---

    def _expression(self, statement: s.ExprStmt, env: Env) -> bool:
        self.evaluate(statement.value, env)
        return False

    def _return(self, statement: s.Return, env: Env) -> bool:
        env.returned.append(
            NONE if statement.value is None else self.evaluate(statement.value, env)
        )
        return True

    def _raise(self, statement: s.Raise, env: Env) -> bool:
        del statement, env
        return True

    def _jump(self, statement: s.Jump, env: Env) -> bool:
        del env
        return statement.kind in {"break", "continue"}

    def _import(self, statement: s.ImportStmt, env: Env) -> bool:
        for item in statement.imports:
            self.bind_import(item, env)
        return False

    def _assign(self, statement: s.Assign, env: Env) -> bool:
        if statement.value is None:
            return False
        value = self.evaluate(statement.value, env)
        for target in statement.targets:
            if statement.op == "+":
                current = self.evaluate(target, env)
                if isinstance(current, ListVal):
                    added = self.iterated(value)
                    current.items += (added or [])[:_MAX_ADDED]
                    current.whole = current.whole and added is not None
                    continue
                value = self.plus(current, value)
            elif statement.op in {"or", "??", "||"}:
                current = self.evaluate(target, env)
                value = value if isinstance(current, Opaque) or not self.truth(current) else current
            elif statement.op is not None:
                value = UNKNOWN
            if isinstance(target, s.Name) and not statement.declaration:
                self._rebind(target.id, value, env)
            else:
                self.assign(target, value, env)
        return False

    def _rebind(self, name: str, value: Value, env: Env) -> None:
        """Assign to a name that an enclosing function of a JavaScript module may own."""
        scope: Env | None = env
        if not env.module.endswith(".py"):
            while scope is not None:
                if name in scope.names:
                    scope.names[name] = value
                    return
                scope = scope.parent
        env.names[name] = value

    def assign(self, target: s.Expr, value: Value, env: Env) -> None:
        """Bind what ``target`` names to ``value``."""
        if isinstance(target, s.Name):
            env.names[target.id] = value
        elif isinstance(target, s.AssignExpr):
            missing = isinstance(value, Opaque) or value == NONE
            self.assign(target.target, self.evaluate(target.value, env) if missing else value, env)
        elif isinstance(target, s.Attribute):
            self._set_attribute(self.evaluate(target.value, env), target.name, value)
        elif isinstance(target, s.Subscript):
            holder = bare(self.evaluate(target.value, env))
            key = self.evaluate(target.index, env)
            if isinstance(holder, DictVal) and isinstance(key, Const):
                holder.entries[key.value] = value
            elif isinstance(holder, DictVal):
                holder.whole = False
            elif isinstance(holder, LibraryObject | Instance) and isinstance(key, Const):
                holder.attrs[f"[{text_of(key)}]"] = value
        elif isinstance(target, s.Sequence):
            self._unpack(target, value, env)
        elif isinstance(target, s.Mapping):
            self._destructure(target, value, env)
        elif isinstance(target, s.Starred):
            self.assign(target.value, value, env)

    def _set_attribute(self, holder: Value, name: str, value: Value) -> None:
        holder = bare(holder)
        if isinstance(holder, Instance | FuncVal):
            holder.attrs[name] = value
        elif isinstance(holder, LibraryObject):
            holder.set_attribute(name, value)
        elif isinstance(holder, ClassVal):
            holder.extra[name] = value
        elif isinstance(holder, DictVal):
            holder.entries[name] = value

    def _unpack(self, target: s.Sequence, value: Value, env: Env) -> None:
        items = self.iterated(value)
        for index, item in enumerate(target.items):
            if isinstance(item, s.Starred):
                rest = items[index:] if items is not None else []
                self.assign(item.value, ListVal(list(rest), items is not None), env)
                break
            known = items is not None and index < len(items)
            self.assign(item, items[index] if known and items else UNKNOWN, env)

    def _destructure(self, target: s.Mapping, value: Value, env: Env) -> None:
        used: set[object] = set()
        for entry in target.entries:
            if entry.key is None:
                rest: dict[object, Value] = {}
                if isinstance(value, DictVal):
                    rest = {key: item for key, item in value.entries.items() if key not in used}
                known = isinstance(value, DictVal) and value.whole
                self.assign(_target(entry.value), DictVal(rest, known), env)
                continue
            key = self.evaluate(entry.key, env)
            found: Value | None = None
            if isinstance(key, Const) and isinstance(key.value, str):
                used.add(key.value)
                found = self.attribute(value, key.value)
            if found is None:
                name = entry.value.target if isinstance(entry.value, s.AssignExpr) else entry.value
                found = Opaque(name)
            self.assign(entry.value, found, env)

    # --- compound statements ---

    def _branches(self, bodies: list[list[s.Stmt]], env: Env) -> bool:
        """Run alternatives of which any may be taken; names keep what is known after each."""
        before = dict(env.names)
        merged: dict[str, Value] | None = None
        left: list[bool] = []
        for body in bodies:
            env.names.clear()
            env.names.update(before)
            done = self.run(body, env)
            left.append(done)
            after = dict(env.names)
            if done and not all(left):
                continue
            if merged is None or all(left[:-1]):
                merged = after
            else:
                for name, value in after.items():
                    merged[name] = _either(merged[name], value) if name in merged else value
        env.names.clear()
        env.names.update(before if merged is None else merged)
        return all(left)

    def _if(self, statement: s.If, env: Env) -> bool:
        truth = self.truth(self.evaluate(statement.test, env))
        if truth is True:
            return self.run(statement.body, env)
        if truth is False and (statement.orelse or _decides(statement.body)):
            return self.run(statement.orelse, env)
        self._branches([statement.body, statement.orelse], env)
        return (
            truth is None
            and bool(statement.orelse)
            and _leaves(statement.body)
            and _leaves(statement.orelse)
        )

    def _for(self, statement: s.For, env: Env) -> bool:
        items = self.iterated(self.evaluate(statement.iter, env))
        for item in (items if items is not None else [UNKNOWN])[:_MAX_LOOP]:
            self.assign(_target(statement.target), item, env)
            self.run(statement.body, env)
        self.run(statement.orelse, env)
        return False

    def _while(self, statement: s.While, env: Env) -> bool:
        self.run(statement.body, env)
        return False

    def _with(self, statement: s.With, env: Env) -> bool:
        for item in statement.items:
            value = self.evaluate(item.context, env)
            if item.target is not None:
                self.assign(item.target, value, env)
        return self.run(statement.body, env)

    def _try(self, statement: s.Try, env: Env) -> bool:
        before = dict(env.names)
        done = self.run([*statement.body, *statement.orelse], env)
        for handler in statement.handlers:
            kept = dict(env.names)
            env.names.clear()
            env.names.update(before)
            self.run(handler.body, env)
            env.names.update(
                (name, value) for name, value in kept.items() if not isinstance(value, Opaque)
            )
        return self.run(statement.final, env) or done

    def _switch(self, statement: s.Switch, env: Env) -> bool:
        self.evaluate(statement.subject, env)
        self._branches([case.body for case in statement.cases], env)
        return False

    def _block(self, statement: s.Block | s.Broken, env: Env) -> bool:
        self.hoist(statement.body, env)
        return self.run(statement.body, env)

    # --- definitions ---

    def _function_def(self, statement: s.FunctionDef, env: Env) -> bool:
        node = statement.function
        value = self.function(node, env)
        if node.bodiless and node.name in env.names:
            return False
        if node.decorators or node.name not in env.names:
            env.names[node.name] = self.decorated(value, node.decorators, env)
        return False

    def _class_def(self, statement: s.ClassDef, env: Env) -> bool:
        node = statement.cls
        hoisted = env.names.get(node.name)
        value = hoisted if isinstance(hoisted, ClassVal) else self.class_value(node, env)
        if not isinstance(value, ClassVal) or value.info.node is not node:
            value = self.class_value(node, env)
        env.names[node.name] = value
        if isinstance(value, ClassVal):
            inside = Env(env.module, env, env.function, value, value)
            for item in node.body:
                if isinstance(item, s.FunctionDef) and item.function.decorators:
                    self._method_decorators(item.function, value, inside)
        env.names[node.name] = self.decorated(value, node.decorators, env)
        return False

    def _method_decorators(self, node: s.Function, cls: ClassVal, env: Env) -> None:
        method = self.function(node, cls.env)
        if isinstance(method, FuncVal):
            method.owner = cls
            value = self.decorated(method, node.decorators, env)
            if isinstance(value, Wrapped) and node.kind == "method":
                cls.known[node.name] = value

    def decorated(self, value: Value, decorators: list[s.Expr], env: Env) -> Value:
        """``value`` behind its decorators; it stays what callers mean by the name."""
        for decorator in reversed(decorators):
            func = self.evaluate(decorator, env)
            args = Args([value], {}, env.module, decorator.span)
            result = self.call(func, args)
            if isinstance(result, Wrapped | LibraryObject) or result is value:
                value = result
            elif isinstance(value, FuncVal | Wrapped):
                value = Wrapped(value, (func, result))
        return value


def _target(expr: s.Expr) -> s.Expr:
    return expr.value if isinstance(expr, s.Starred) else expr


def _either(first: Value, second: Value) -> Value:
    """What a name holds after two alternatives."""
    if first is second or first == second:
        return first
    if isinstance(first, Opaque) or first == NONE:
        return second
    if isinstance(second, Opaque) or second == NONE:
        return first
    if isinstance(first, Const) and isinstance(second, Const):
        known = [item for item in (first, second) if HOLE not in str(text_of(item))]
        if len(known) == 1:
            return known[0]
        return Const(HOLE) if isinstance(first.value, str) else UNKNOWN
    return first


def _decides(body: list[s.Stmt]) -> bool:
    """Whether a block that is not taken would change what holds after it."""
    return any(
        isinstance(node, s.Return | s.Assign | s.Raise)
        for statement in body
        for node in s.walk(statement, into_functions=False)
    )


def _leaves(body: list[s.Stmt]) -> bool:
    return bool(body) and isinstance(body[-1], s.Return | s.Raise)


_STATEMENTS: dict[type[s.Node], Callable[..., bool]] = {
    s.ExprStmt: Statements._expression,
    s.Assign: Statements._assign,
    s.Return: Statements._return,
    s.Raise: Statements._raise,
    s.If: Statements._if,
    s.For: Statements._for,
    s.While: Statements._while,
    s.With: Statements._with,
    s.Try: Statements._try,
    s.Switch: Statements._switch,
    s.FunctionDef: Statements._function_def,
    s.ClassDef: Statements._class_def,
    s.ImportStmt: Statements._import,
    s.Block: Statements._block,
    s.Broken: Statements._block,
    s.Jump: Statements._jump,
}
