"""What the parts of the :class:`~ci_gate.codemodel.routing.machine.Machine` need of each other."""

from __future__ import annotations

from abc import ABC, abstractmethod

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.routing.domain import Args, Env, FuncVal, SuperVal, Value


class Core(ABC):
    """Modules, statements and expressions are each one part; this is their common face."""

    @abstractmethod
    def evaluate(self, expr: s.Expr, env: Env) -> Value: ...

    @abstractmethod
    def run(self, body: list[s.Stmt], env: Env) -> bool: ...

    @abstractmethod
    def hoist(self, body: list[s.Stmt], env: Env) -> None: ...

    @abstractmethod
    def attribute(self, value: Value, name: str) -> Value | None: ...

    @abstractmethod
    def call(self, func: Value, args: Args, expr: s.Expr | None = None) -> Value: ...

    @abstractmethod
    def function(self, node: s.Function, env: Env) -> Value: ...

    @abstractmethod
    def class_value(self, node: s.Class, env: Env) -> Value: ...

    @abstractmethod
    def lookup(self, name: str, env: Env) -> Value | None: ...

    @abstractmethod
    def bind_import(self, item: s.Import, env: Env) -> None: ...

    @abstractmethod
    def truth(self, value: Value) -> bool | None: ...

    @abstractmethod
    def element(self, value: Value, key: Value) -> Value: ...

    @abstractmethod
    def plus(self, left: Value, right: Value) -> Value: ...

    @abstractmethod
    def iterated(self, value: Value) -> list[Value] | None: ...

    @abstractmethod
    def enter(self) -> bool: ...

    @abstractmethod
    def leave(self) -> None: ...

    @abstractmethod
    def required(self, module: str, specifier: str) -> Value: ...

    @abstractmethod
    def assign(self, target: s.Expr, value: Value, env: Env) -> None: ...

    @abstractmethod
    def decorated(self, value: Value, decorators: list[s.Expr], env: Env) -> Value: ...

    @abstractmethod
    def super_init(self, value: SuperVal, args: Args) -> Value: ...

    @abstractmethod
    def invoke(self, func: FuncVal, args: Args) -> Value: ...

    @abstractmethod
    def bound(self, function: FuncVal, this: Value) -> FuncVal: ...
