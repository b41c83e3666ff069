"""Runs a service's set-up code on abstract values, to see what it registers where.

Module bodies run once, in the order of their imports; functions run when set-up code calls them
(``create_app()``, ``register_routes(app)``, ``new UsersController(service)``). Request handlers are
never entered: they are only handed over. Both branches of a condition that is not known run, a loop
over a known list runs once per item, over an unknown one once. The libraries' part is played by
``externals``: what calling ``express.Router`` or ``flask.Blueprint`` gives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import ClassInfo, CodeModel, FunctionInfo
from ci_gate.codemodel.routing import builtin
from ci_gate.codemodel.routing.domain import (
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
    Native,
    Opaque,
    SuperVal,
    Value,
    Wrapped,
    bare,
    library_part,
)
from ci_gate.codemodel.routing.expressions import Expressions
from ci_gate.codemodel.routing.graph import Router
from ci_gate.codemodel.routing.modules import Modules
from ci_gate.codemodel.routing.statements import Statements

Factory = Callable[["Machine", Args], "Value | None"]

_MAX_DEPTH = 400
_MAX_CALLS = 24
_MAX_STEPS = 6_000_000
_STEPS_PER_ROOT = 150_000


class Machine(Modules, Statements, Expressions):
    """The state of one run over a program.

    Attributes:
        routers: every router object that came up, in order of creation.
        entered: the functions that have been run.
        exhausted: a budget ran out, so that something may not have been seen.
    """

    def __init__(self, model: CodeModel, externals: Mapping[str, Factory]) -> None:
        super().__init__(model)
        self.externals = externals
        self.routers: list[Router] = []
        self.entered: set[FunctionInfo] = set()
        self.exhausted = False
        self._function_of = {info.node: info for info in model.functions.values()}
        self._class_of = {info.node: info for info in model.classes.values()}
        self._lineages: dict[ClassVal, list[ClassVal | External]] = {}
        self._for_now: dict[ClassVal, list[ClassVal | External]] | None = None
        self._bodies: dict[ClassInfo, dict[str, list[s.Stmt]]] = {}
        self._calls: list[FunctionInfo] = []
        self._results: dict[tuple[object, ...], Value] = {}
        self._makers: set[tuple[object, ...]] = set()
        self._kept: list[object] = []
        self._depth = 0
        self._steps = 0
        self._limit = _STEPS_PER_ROOT

    @cached_property
    def class_names(self) -> frozenset[str]:
        """The last names behind which Python code may have a class of the tree or of a library."""
        own = (info.name for info in self.model.classes.values())
        known = (path.rpartition(".")[2] for path in self.externals)
        return self.model.given_names.union(own, known)

    # --- budget ---

    def root(self) -> None:
        """A new starting point begins: give it its own share of the budget."""
        self._limit = min(self._steps + _STEPS_PER_ROOT, _MAX_STEPS)

    def enter(self) -> bool:
        """Go one level deeper; false when the budget or the depth is used up."""
        self._steps += 1
        if self._steps > self._limit or self._depth >= _MAX_DEPTH:
            self.exhausted = True
            return False
        self._depth += 1
        return True

    def leave(self) -> None:
        self._depth -= 1

    # --- objects ---

    def created(self, router: Router, made: Args | None = None) -> Router:
        router.made = made
        self.routers.append(router)
        return router

    def function(self, node: s.Function, env: Env) -> Value:
        info = self._function_of.get(node)
        if info is None:
            return UNKNOWN
        arrow = node.kind == "arrow"
        return FuncVal(info, env, env.this if arrow else None, env.owner if arrow else None)

    def class_value(self, node: s.Class, env: Env) -> Value:
        info = self._class_of.get(node)
        return UNKNOWN if info is None else ClassVal(info, env)

    def bases(self, cls: ClassVal) -> list[Value]:
        return [bare(self.evaluate(base.value, cls.env)) for base in cls.info.node.bases]

    def lineage(self, cls: ClassVal) -> list[ClassVal | External]:
        """The class and its ancestors, nearest first, each once."""
        remembered = self._lineages.get(cls) or (self._for_now or {}).get(cls)
        if remembered is not None:
            return remembered
        found: list[ClassVal | External] = []
        seen: set[object] = set()
        known = True
        waiting: list[Value] = [cls]
        while waiting:
            current = waiting.pop(0)
            if isinstance(current, ClassVal):
                if current.info not in seen:
                    seen.add(current.info)
                    found.append(current)
                    waiting[:0] = self.bases(current)
            elif isinstance(current, External):
                path = current.path.removesuffix("()")
                if path not in seen:
                    seen.add(path)
                    found.append(External(path))
            else:
                known = False
        if known:
            self._lineages[cls] = found
        elif self._for_now is not None:
            self._for_now[cls] = found
        return found

    @contextmanager
    def settled(self) -> Iterator[None]:
        """Within this, nothing more gets known of a class: bases that are not are not asked for
        again."""
        self._for_now = {}
        try:
            yield
        finally:
            self._for_now = None

    def external_bases(self, cls: ClassVal) -> list[str]:
        return [item.path for item in self.lineage(cls) if isinstance(item, External)]

    def own_attribute(self, cls: ClassVal, name: str) -> Value | None:
        """What the class body itself (not a base) has under ``name``."""
        if name in cls.extra:
            return cls.extra[name]
        if name in cls.known:
            return cls.known[name]
        found: Value | None = None
        for statement in self._statements(cls.info).get(name, ()):
            if isinstance(statement, s.FunctionDef):
                found = self.function(statement.function, cls.env)
            elif isinstance(statement, s.ClassDef):
                found = self.class_value(statement.cls, cls.env)
            elif isinstance(statement, s.Assign) and statement.value is not None:
                cls.known[name] = UNKNOWN
                inside = Env(cls.env.module, cls.env, cls.env.function, cls, cls)
                found = self.evaluate(statement.value, inside)
        if found is not None:
            if isinstance(found, FuncVal):
                found.owner = cls
            cls.known[name] = found
        return found

    def _statements(self, info: ClassInfo) -> Mapping[str, Sequence[s.Stmt]]:
        """The statements of a class body by the names that they define, in their order."""
        found = self._bodies.get(info)
        if found is None:
            found = self._bodies[info] = {}
            for statement in info.node.body:
                if isinstance(statement, s.FunctionDef):
                    found.setdefault(statement.function.name, []).append(statement)
                elif isinstance(statement, s.ClassDef):
                    found.setdefault(statement.cls.name, []).append(statement)
                elif isinstance(statement, s.Assign) and statement.value is not None:
                    for target in statement.targets:
                        if isinstance(target, s.Name):
                            found.setdefault(target.id, []).append(statement)
        return found

    def class_attribute(
        self, cls: ClassVal, name: str, after: ClassVal | None = None
    ) -> Value | None:
        """What the class or an ancestor in the tree has under ``name``."""
        skipping = after is not None
        for item in self.lineage(cls):
            if not isinstance(item, ClassVal):
                continue
            if skipping:
                skipping = item.info is not (after.info if after else None)
                continue
            found = self.own_attribute(item, name)
            if found is not None:
                return found
        return None

    def method(self, cls: ClassVal, name: str) -> FuncVal | None:
        found = self.class_attribute(cls, name)
        found = None if found is None else bare(found)
        return found if isinstance(found, FuncVal) else None

    def instantiate(self, cls: ClassVal, args: Args) -> Value:
        """A new object of ``cls``, its constructor run."""
        if not self.enter():
            return Instance(cls)
        try:
            made = Instance(cls)
            self._fields(made)
            python = self._python(cls)
            constructor = self.method(cls, "__init__" if python else "constructor")
            if constructor is not None:
                self.invoke(self.bound(constructor, made), args)
            if made.base is None:
                made.base = self.library_base(cls, args, constructor is None)
            return made
        finally:
            self.leave()

    def _python(self, cls: ClassVal) -> bool:
        return cls.info.module.language == "python"

    def _fields(self, made: Instance) -> None:
        if self._python(made.cls):
            return
        for item in reversed(self.lineage(made.cls)):
            if not isinstance(item, ClassVal):
                continue
            inside = Env(item.env.module, item.env, item.env.function, made, item)
            for statement in item.info.node.body:
                if isinstance(statement, s.Assign) and not statement.static and statement.value:
                    for target in statement.targets:
                        if isinstance(target, s.Name):
                            made.attrs[target.id] = self.evaluate(statement.value, inside)

    def library_base(self, cls: ClassVal, args: Args, given: bool) -> LibraryObject | None:
        """The library object inside an object of ``cls``; ``given`` passes the arguments on."""
        for path in self.external_bases(cls):
            factory = self.externals.get(path)
            if factory is not None:
                empty = Args([], {}, args.module, args.span, whole=False)
                made = factory(self, args if given else empty)
                if isinstance(made, LibraryObject):
                    return made
        return None

    def bound(self, function: FuncVal, this: Value) -> FuncVal:
        return FuncVal(
            function.info, function.env, this, function.owner, function.given, function.named
        )

    # --- attributes ---

    def attribute(self, value: Value, name: str) -> Value | None:
        """``value.name``; None when not known."""
        if isinstance(value, Wrapped):
            return self.attribute(value.inner, name)
        if isinstance(value, External):
            if value.path == "django.conf.settings":
                found = self.setting(name)
                if found is not None:
                    return found
            return External(f"{value.path}.{name}")
        if isinstance(value, ModuleVal):
            return self.module_attribute(value, name)
        if isinstance(value, Instance):
            return self._instance_attribute(value, name)
        if isinstance(value, ClassVal):
            return self._class_value_attribute(value, name)
        if isinstance(value, SuperVal):
            return self._super_attribute(value, name)
        if isinstance(value, LibraryObject):
            found = value.attrs.get(name)
            if found is None:
                found = value.attribute(self, name)
                if isinstance(found, Native) and isinstance(value, Router):
                    found = value.noted(name, found)
            return found
        return builtin.attribute(self, value, name)

    def _instance_attribute(self, value: Instance, name: str) -> Value | None:
        if name in value.attrs:
            return value.attrs[name]
        found = self.class_attribute(value.cls, name)
        if isinstance(found, FuncVal):
            node = found.info.node
            if isinstance(node, s.Function):
                if node.kind == "getter":
                    return self.invoke(self.bound(found, value), self.no_args(found))
                if node.kind == "static":
                    return found
                if node.kind == "class":
                    return self.bound(found, value.cls)
            return self.bound(found, value)
        if found is not None:
            return found
        return None if value.base is None else self.attribute(value.base, name)

    def _class_value_attribute(self, value: ClassVal, name: str) -> Value | None:
        found = self.class_attribute(value, name)
        if isinstance(found, FuncVal):
            node = found.info.node
            if isinstance(node, s.Function) and node.kind == "class":
                return self.bound(found, value)
            return found
        if found is not None:
            return found
        if name == "as_view":
            return Native(lambda args: ClassView(value, args))
        if name in {"__name__", "name"}:
            return Const(value.info.name)
        return None

    def _super_attribute(self, value: SuperVal, name: str) -> Value | None:
        this = value.this
        cls = this.cls if isinstance(this, Instance) else this
        if isinstance(cls, ClassVal):
            found = self.class_attribute(cls, name, after=value.cls)
            if isinstance(found, FuncVal):
                return self.bound(found, this)
            if found is not None:
                return found
        if isinstance(this, Instance):
            if name == "__init__":
                return Native(lambda args: self.super_init(value, args))
            if this.base is None:
                this.base = self.library_base(this.cls, self.no_args(None), False)
            return None if this.base is None else self.attribute(this.base, name)
        return None

    def super_init(self, value: SuperVal, args: Args) -> Value:
        """The base's constructor is called: run it, or make the library part with these
        arguments."""
        this = value.this
        if not isinstance(this, Instance):
            return NONE
        name = "__init__" if self._python(this.cls) else "constructor"
        found = self.class_attribute(this.cls, name, after=value.cls)
        if isinstance(found, FuncVal):
            self.invoke(self.bound(found, this), args)
        elif this.base is None:
            this.base = self.library_base(this.cls, args, True)
        return NONE

    def no_args(self, function: FuncVal | None) -> Args:
        module = function.info.module.path if function else ""
        span = function.info.node.span if function else (1, 1, 1, 1)
        return Args([], {}, module, span)

    # --- calls ---

    def call(self, func: Value, args: Args, expr: s.Expr | None = None) -> Value:
        if isinstance(func, Native):
            return func.run(args)
        if isinstance(func, FuncVal):
            return self._around(args, self.invoke(func, args), (func,))
        if isinstance(func, ClassVal):
            return self.instantiate(func, args)
        if isinstance(func, External):
            factory = self.externals.get(func.path)
            made = factory(self, args) if factory else None
            if made is not None:
                return made
            return self.unknown_call(func, args, External(f"{func.path}()"))
        if isinstance(func, Wrapped):
            return self.call(func.inner, args, expr)
        if isinstance(func, Instance | LibraryObject):
            called = self.attribute(func, "__call__")
            if called is not None:
                return self.call(called, args, expr)
        return self.unknown_call(func, args, Opaque(expr))

    def unknown_call(self, func: Value, args: Args, result: Value) -> Value:
        """A call into a library, or of something not known."""
        name = func.path.rpartition(".")[2] if isinstance(func, External) else ""
        first = args.get(0)
        if name in {"resolve", "get", "getInstance", "build"} and isinstance(first, ClassVal):
            return self.instantiate(first, self.no_args(None))
        return self._around(args, result, ())

    def _around(self, args: Args, result: Value, by: tuple[Value, ...]) -> Value:
        """A function that was given functions and returned one wraps them."""
        if not isinstance(result, FuncVal | Opaque | External | Wrapped):
            return result
        given = [
            item
            for item in (*args.positional, *args.keywords.values())
            if isinstance(item, FuncVal | Wrapped | ClassView)
        ]
        if not given:
            return result
        return Wrapped(given[0], (*given[1:], *by, result))

    def invoke(self, func: FuncVal, args: Args) -> Value:
        """Run a function of the tree and give what it returns."""
        node = func.info.node
        if (
            not isinstance(node, s.Function)
            or len(self._calls) >= _MAX_CALLS
            or func.info in self._calls
        ):
            return UNKNOWN
        if func.given or func.named:
            args = Args(
                [*func.given, *args.positional],
                {**func.named, **args.keywords},
                args.module,
                args.span,
                args.call,
                args.whole,
            )
        key = self._call_key(func, args)
        if key in self._makers:
            key = (*key, args.module, args.span)
        if key in self._results:
            return self._results[key]
        if not self.enter():
            return UNKNOWN
        made = len(self.routers)
        self._calls.append(func.info)
        self.entered.add(func.info)
        self._results[key] = UNKNOWN
        try:
            env = Env(func.env.module, func.env, func.info, func.this, func.owner)
            self._bind(node, env, func, args)
            self.run(node.body, env)
            result = self.chosen(env.returned)
        finally:
            self._calls.pop()
            self.leave()
        self._results[key] = result
        if self._is_new(func, result, made):
            self._makers.add(key)
            self._results[*key, args.module, args.span] = result
        return result

    def _is_new(self, func: FuncVal, result: Value, made: int) -> bool:
        """Does the function give a router of its own to each who calls it? One that is kept around
        the function is made once; applications of Python are made once for all that start them."""
        part = library_part(result)
        if part is None or func.this is not None or func.info.module.language == "python":
            return False
        if not any(router is part for router in self.routers[made:]):
            return False
        env: Env | None = func.env
        while env is not None:
            if any(library_part(value) is part for value in env.names.values()):
                return False
            env = env.parent
        return True

    def _call_key(self, func: FuncVal, args: Args) -> tuple[object, ...]:
        given = [*args.positional, *args.keywords.values()]
        self._kept += [func.env, func.this, *given]
        return (
            func.info, id(func.env), id(func.this), args.whole, tuple(args.keywords),
            *(item.value if isinstance(item, Const) else "?" if isinstance(item, Opaque)
              else id(item) for item in given),
        )  # fmt: skip

    def _bind(self, node: s.Function, env: Env, func: FuncVal, args: Args) -> None:
        params = list(node.params)
        given = list(args.positional)
        language = func.info.module.language
        if language == "python" and func.owner is not None and params and node.kind != "static":
            if func.this is not None:
                given.insert(0, func.this)
        elif language != "python":
            env.names["arguments"] = ListVal(given, args.whole)
        used: set[str] = set()
        for param in params:
            if param.kind == "*":
                value: Value = ListVal(given, args.whole)
                given = []
            elif param.kind == "**":
                rest: dict[object, Value] = {
                    key: item for key, item in args.keywords.items() if key not in used
                }
                value = DictVal(rest, args.whole)
            elif param.kind != "keyword-only" and given:
                value = given.pop(0)
            elif param.name in args.keywords:
                value = args.keywords[param.name]
            elif param.default is not None and args.whole:
                value = self.evaluate(param.default, func.env)
            else:
                value = UNKNOWN
            used.add(param.name)
            if value == Const(None) and param.default is not None and language != "python":
                value = self.evaluate(param.default, func.env)
            if isinstance(value, Opaque) and param.annotation is not None:
                value = self._typed(param.annotation, func.env) or value
            if param.pattern is not None:
                self.assign(param.pattern, value, env)
            elif param.name:
                env.names[param.name] = value
            if param.field and isinstance(func.this, Instance):
                func.this.attrs[param.name] = value

    def _typed(self, annotation: s.Expr, env: Env) -> Value | None:
        if not isinstance(annotation, s.Name | s.Attribute):
            return None
        found = self.evaluate(annotation, env)
        if isinstance(found, ClassVal) and found.info.node.kind != "interface":
            return Instance(found)
        return None

    # --- handlers ---

    def handlers(self, values: Iterable[Value]) -> list[FunctionInfo]:
        """The functions that run when these are called, in order, each once."""
        found: dict[FunctionInfo, None] = {}
        waiting = list(values)
        budget = 200
        while waiting and budget:
            budget -= 1
            value = waiting.pop(0)
            if isinstance(value, FuncVal):
                if isinstance(value.info.node, s.Function):
                    found[value.info] = None
            elif isinstance(value, Wrapped):
                waiting[:0] = [value.inner, *value.others]
            elif isinstance(value, ListVal):
                waiting[:0] = value.items
            elif isinstance(value, Instance | ClassVal):
                cls = value if isinstance(value, ClassVal) else value.cls
                names = ("__call__", "dispatch", "handle", "__init__")
                methods = (self.method(cls, name) for name in names)
                found.update({item.info: None for item in methods if item})
            elif isinstance(value, Opaque) and value.expr is not None:
                found.update(dict.fromkeys(self._asked(value.expr)))
        return list(found)

    def _asked(self, expr: s.Expr) -> list[FunctionInfo]:
        """What the whole-program model knows of a handler that set-up code alone does not give."""
        from ci_gate.codemodel.values import FunctionValue, PartialValue  # noqa: PLC0415

        found: list[FunctionInfo] = []
        for value in self.model.evaluate(expr):
            current = value
            while isinstance(current, PartialValue):
                current = current.function
            if isinstance(current, FunctionValue):
                found.append(current.function)
        return found


class ClassView(LibraryObject):
    """What ``SomeView.as_view(…)`` gives."""

    def __init__(self, cls: ClassVal, args: Args) -> None:
        super().__init__()
        self.cls = cls
        self.args = args
