"""Calls: of the tree's functions and classes, and of what libraries bring."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow import builtin, convert, running, scriptvalues, web
from ci_gate.codemodel.dataflow.domain import (
    NONE,
    NOTHING,
    UNKNOWN,
    Args,
    ClassItem,
    Const,
    Deferred,
    Factory,
    Frame,
    Func,
    Instance,
    Library,
    Lookups,
    Many,
    Method,
    Partial,
    Ref,
    Session,
    Source,
    Table,
    Thing,
    Typed,
    Val,
    is_missing,
    merged,
    of,
    tainted,
)
from ci_gate.codemodel.dataflow.lineages import field_defaults, field_names
from ci_gate.codemodel.dataflow.summaries import MAX_CALLS
from ci_gate.codemodel.program import ClassInfo, FunctionInfo
from ci_gate.codemodel.values import ExternalValue, FunctionValue
from ci_gate.data import replace
from ci_gate.regex import regex

if TYPE_CHECKING:
    from ci_gate.codemodel.dataflow.machine import Machine

_MAX_ALTERNATIVES = 8
_MANAGERS = frozenset({"contextlib.contextmanager", "contextlib.asynccontextmanager"})
_CACHES = frozenset({"functools.lru_cache", "functools.cache"})
#: What is called only puts a task into the queue, and a worker runs it at another time.
_QUEUED = regex(r"^huey\.(?:\w+(?:\(\))?\.)*(?:db_)?(?:periodic_)?task(?:\(\))*$")
_TRANSPARENT = frozenset({
    "property", "staticmethod", "classmethod", "cached_property", "abstractmethod", "override",
    "overload", "wraps", "lru_cache", "cache", "final", "hybrid_property", "expression",
})  # fmt: skip


def arguments(machine: Machine, call: s.Call, frame: Frame) -> Args:
    positional: list[Val] = []
    keywords: list[tuple[str, Val]] = []
    whole = True
    rest: frozenset[Source] = frozenset()
    for item in call.args:
        value = machine.evaluate(item.value, frame)
        if item.star == "*":
            spread = _spread(machine, value)
            if spread is None:
                whole = False
                machine.use(value)
                positional.append(of(*(i for i in value.items if isinstance(i, Many)),
                                     sources=machine.deep_sources(value)))  # fmt: skip
            else:
                positional += spread
        elif item.star == "**":
            thing = _thing(machine, value)
            if thing is None or thing.kind != "dict":
                whole = False
                machine.use(value)
                rest |= frozenset(source for source in value.sources if source.part == "item")
            else:
                whole = whole and thing.whole
                keywords += [(k, v) for k, v in thing.fields.items() if isinstance(k, str)]
        elif item.keyword is not None:
            keywords.append((item.keyword, value))
        else:
            positional.append(value)
    return Args(call, tuple(positional), tuple(keywords), whole, rest)


def _spread(machine: Machine, value: Val) -> list[Val] | None:
    thing = _thing(machine, value)
    if thing is not None and thing.kind == "list" and thing.whole:
        return list(thing.items)
    return None


def _thing(machine: Machine, value: Val) -> Thing | None:
    item = value.only()
    return machine.thing(item) if isinstance(item, Ref) else None


# --- dispatch ------------------------------------------------------------------------------------


def call(machine: Machine, func: Val, args: Args, node: s.Expr, frame: Frame) -> Val:
    """What calling ``func`` gives."""
    results: list[Val] = []
    if len(func.items) > 1:
        args = doubtful(args)
    for item in func.items[:_MAX_ALTERNATIVES]:
        found = _call(machine, item, args, node, frame)
        results.append(_unknown_call(machine, args, node, frame) if found is None else found)
    if not results:
        return _unknown_call(machine, args, node, frame, func.sources)
    result = tainted(merged(results), func.sources)
    return result if func.known else Val(result.items, result.sources, partial=True)


def _call(machine: Machine, item: object, args: Args, node: s.Expr, frame: Frame) -> Val | None:
    if isinstance(item, Func):
        return invoke(machine, item, args, node, frame)
    if isinstance(item, Partial):
        merged_args = Args(
            args.node, (*item.positional, *args.positional), (*item.keywords, *args.keywords),
            args.whole, args.rest,
        )  # fmt: skip
        return call(machine, item.func, merged_args, node, frame)
    if isinstance(item, ClassItem):
        for adapter in machine.adapters:
            made = adapter.constructed(item.cls, args, node, frame)
            if made is not None:
                return made
        return construct(machine, item.cls, args, node, frame)
    if isinstance(item, Ref | Typed):
        from ci_gate.codemodel.dataflow import objects  # noqa: PLC0415  a cycle

        method = objects.method_of(machine, item, ("__call__",))
        return invoke(machine, method, args, node, frame) if method is not None else None
    if isinstance(item, Library | Method | Table | Factory | Session):
        found = builtin.called(machine, item, args, node, frame)
        if found is not None:
            return found
        for adapter in machine.adapters:
            found = adapter.called(item, args, node, frame)
            if found is not None:
                return found
    return None


def doubtful(args: Args) -> Args:
    """The arguments of a call that may run one of several functions: not each of them is meant
    for each object."""
    return Args(
        args.node,
        tuple(_doubtful(value) for value in args.positional),
        tuple((name, _doubtful(value)) for name, value in args.keywords),
        args.whole,
    )


def _doubtful(value: Val) -> Val:
    if any(isinstance(item, Instance | Lookups) for item in value.items):
        return replace(value, partial=True)
    return value


def _unknown_call(
    machine: Machine, args: Args, node: s.Expr, frame: Frame, own: frozenset[Source] = frozenset()
) -> Val:
    """A call that cannot be followed: the arguments have arrived somewhere.

    ``own`` are the data of the object whose method is called; they travel on.
    """
    running.guessed(machine, args, node, frame)
    sources = machine.use(*args.all())
    machine.run.unknown_calls += 1
    if callbacks(machine, args, node, frame):  # they may have put more into the arguments
        sources = frozenset(one for value in args.all() for one in machine.deep_sources(value))
    sources |= own
    return tainted(convert.converted(machine, machine.model.evaluate(node)), sources)


def callbacks(machine: Machine, args: Args, node: s.Expr, frame: Frame) -> bool:
    """Functions handed to something unknown may be called; true where one was followed."""
    followed = False
    values = list(args.all())
    if machine.scripts:
        values += [held for value in values for held in _held(machine, value)]
    for value in values:
        for item in value.items:
            if not isinstance(item, Func) or item.frame is None:
                continue
            if machine.scripts:
                machine.use(invoke(machine, item, Args(None), node, frame))
                followed = True
            elif not args_needed(item.info):
                invoke(machine, item, Args(None), node, frame)
                followed = True
    return followed


def _held(machine: Machine, value: Val) -> Iterator[Val]:
    """What an object or list holds that is handed over: its functions may be called."""
    for item in value.items:
        if isinstance(item, Ref):
            thing = machine.thing(item)
            yield from (*thing.fields.values(), *thing.items)


def args_needed(info: FunctionInfo) -> bool:
    node = info.node
    return isinstance(node, s.Function) and any(
        param.default is None and param.kind not in ("*", "**") for param in node.params
    )


# --- functions -----------------------------------------------------------------------------------


def invoke(machine: Machine, func: Func, args: Args, node: s.Expr, frame: Frame) -> Val:
    """Enter a function of the tree."""
    info = func.info
    if not machine.outside and is_cached(machine, info):
        with machine.before_request():
            return _enter(machine, Func(info, func.this, func.frame, raw=True), args, node, frame)
    if not func.raw and info.node is not info.module:
        wrapped = decorated(machine, of(func), info, None)
        other = wrapped.only()
        if isinstance(other, Func) and other.info is not info:
            bound = other
            if func.this is not None:
                args = Args(args.node, (func.this, *args.positional), args.keywords, args.whole)
            return _enter(machine, bound, args, node, frame)
        if isinstance(other, Library) and other.path in _MANAGERS:
            return of(Deferred(Func(info, func.this, func.frame, raw=True), args))
        if isinstance(other, Library) and _QUEUED.search(other.path):
            machine.use(*args.all())
            return UNKNOWN
    return _enter(machine, func, args, node, frame)


def _enter(machine: Machine, func: Func, args: Args, node: s.Expr, frame: Frame) -> Val:
    info = func.info
    reach = machine.reach()
    if (
        len(machine.stack) >= reach
        or machine.active.count(info) > 1
        or not isinstance(info.node, s.Function)
    ):
        machine.use(*args.all())
        machine.run.unknown_calls += 1
        machine.refused.add(info)
        if len(machine.stack) >= reach:
            machine.unspoken += 1
            if machine.scripts or reach < MAX_CALLS:
                machine.leave_out()
        return convert.converted(machine, machine.model.evaluate(node))
    if info.node.bodiless or _is_stub(info.node):
        return _implementations(machine, func, args, node, frame)
    body = info.node

    def follow() -> Val:
        with _called(machine, info, node, frame):
            return run_body(machine, body, bind(machine, func, args))

    if machine.summaries is None or machine.outside:
        return follow()
    return machine.summaries.call(func, args, node, frame, follow)


def _implementations(machine: Machine, func: Func, args: Args, node: s.Expr, frame: Frame) -> Val:
    """An abstract method: those that the tree implements."""
    found = [
        edge.callee
        for edge in machine.model.callees(frame.function)
        if edge.node is node and edge.callee is not func.info
    ]
    results = []
    if len(found) > 1:
        args = doubtful(args)
    for info in found[:_MAX_ALTERNATIVES]:
        this = func.this
        if info.cls is not None:
            this = of(convert.instance_item(machine, info.cls))
        results.append(_enter(machine, Func(info, this), args, node, frame))
    if results:
        return merged(results)
    machine.use(*args.all())
    machine.run.unknown_calls += 1
    return convert.converted(machine, machine.model.evaluate(node))


def _is_stub(node: s.Function) -> bool:
    for statement in node.body:
        match statement:
            case s.ExprStmt(value=s.Literal()) | s.Jump():
                continue
            case s.Raise(value=s.Call(func=s.Name(id="NotImplementedError"))):
                continue
            case s.Raise(value=s.Name(id="NotImplementedError")):
                continue
        return False
    return True


@contextmanager
def _called(machine: Machine, info: FunctionInfo, node: s.Expr, frame: Frame) -> Iterator[None]:
    machine.stack.append((node, frame.function))
    machine.active.append(info)
    machine.run.entered.add(info)
    machine.deepen()
    try:
        yield
    finally:
        machine.stack.pop()
        machine.active.pop()


def run_body(machine: Machine, node: s.Function, inner: Frame) -> Val:
    left = machine.execute(node.body, inner)
    if node.is_generator or inner.yielded:
        return of(Many(merged(inner.yielded) if inner.yielded else UNKNOWN))
    if not left:
        inner.returned.append(NONE)
    known = [value for value in inner.returned if value != NONE]
    if known and len(known) < len(inner.returned):
        return merged([*known, NONE])
    return merged(known) if known else NONE


def bind(machine: Machine, func: Func, args: Args) -> Frame:
    """A frame with the parameters bound."""
    info = func.info
    node = info.node
    assert isinstance(node, s.Function)
    inner = Frame(info, this=func.this, parent=func.frame)
    params = list(node.params)
    positional = list(args.positional)
    if info.cls is not None and info.module.language == "python" and node.kind != "static":
        if func.this is not None:
            positional.insert(0, func.this)
        elif params and not positional:
            positional.insert(0, of(convert.instance_item(machine, info.cls)))
    keywords: dict[object, Val] = dict(args.keywords)
    scope = machine.model.scope_in(info)
    for param in params:
        value: Val | None = None
        if param.kind == "*":
            value = of(machine.allocate(Thing("list", items=positional, whole=args.whole)))
            positional = []
        elif param.kind == "**":
            value = of(machine.allocate(Thing("dict", fields=dict(keywords), whole=args.whole)))
            keywords = {}
        elif param.name in keywords and param.kind != "positional-only":
            value = keywords.pop(param.name)
        elif positional and param.kind != "keyword-only":
            value = positional.pop(0)
            if param.default is not None and is_missing(value):
                value = machine.evaluate(param.default, Frame(info))
        elif param.default is not None and args.whole:
            value = machine.evaluate(param.default, Frame(info))
        if value is None or not value.items:
            written = param.annotation is not None or isinstance(param.default, s.Call)
            written = written or (info.cls is not None and param is params[0])
            declared = convert.guessed(machine, param.name, scope, written=written)
            value = declared if value is None else _narrowed(declared, value)
        if param.pattern is not None:
            from ci_gate.codemodel.dataflow.statements import assign  # noqa: PLC0415  a cycle

            assign(machine, param.pattern, value, inner)
        else:
            inner.names[param.name] = value
    return inner


def _narrowed(declared: Val, given: Val) -> Val:
    """What is known by type alone of a value that was passed: not what other callers pass."""
    items = tuple(item for item in declared.items if not isinstance(item, Const | Ref))
    return Val(items, given.sources, partial=bool(items) and declared.partial)


# --- decorators ----------------------------------------------------------------------------------


def decorated(machine: Machine, value: Val, info: FunctionInfo, frame: Frame | None) -> Val:
    """What a function's name stands for behind its decorators.

    Only decorators of the tree change anything; ``@contextmanager`` is told apart.
    """
    node = info.node
    if not isinstance(node, s.Function) or not node.decorators:
        return value
    if frame is None and info in machine.decorations:
        return machine.decorations[info]
    if frame is None:
        machine.decorations[info] = value
    raw = value.only()
    current = of(Func(raw.info, None, raw.frame, raw=True)) if isinstance(raw, Func) else value
    changed = False
    for decorator in reversed(node.decorators):
        if _name(decorator) in _TRANSPARENT:
            continue
        for found in machine.model.evaluate(decorator):
            if isinstance(found, ExternalValue) and (
                found.path in _MANAGERS or _QUEUED.search(found.path)
            ):
                machine.decorations[info] = of(Library(found.path))
                return machine.decorations[info]
        called = machine.model.evaluate(
            decorator.func if isinstance(decorator, s.Call) else decorator
        )
        if not any(isinstance(item, FunctionValue) for item in called):
            continue
        home = frame or Frame(info.parent or info)
        with machine.before_request():
            wrapper = machine.evaluate(decorator, home)
            result = call(machine, wrapper, Args(None, (current,)), decorator, home)
        made = result.only()
        if isinstance(made, Library) and _QUEUED.search(made.path):
            current, changed = result, True
            break
        if any(isinstance(item, Func) for item in result.items):
            current, changed = result, True
    result = current if changed else value
    if frame is None:
        machine.decorations[info] = result
    return result


def is_cached(machine: Machine, info: FunctionInfo) -> bool:
    """What the function gives is made once, and given to all who ask."""
    known = machine.known.cached.get(info)
    if known is None:
        known = machine.known.cached[info] = _has_cache(machine, info)
    return known


def _has_cache(machine: Machine, info: FunctionInfo) -> bool:
    node = info.node
    return isinstance(node, s.Function) and any(
        isinstance(value, ExternalValue) and value.path in _CACHES
        for decorator in node.decorators
        for value in machine.model.evaluate(
            decorator.func if isinstance(decorator, s.Call) else decorator
        )
    )


def _name(expr: s.Expr) -> str:
    while isinstance(expr, s.Call):
        expr = expr.func
    return expr.name if isinstance(expr, s.Attribute) else getattr(expr, "id", "")


# --- context managers ----------------------------------------------------------------------------


def around(machine: Machine, item: Deferred, body: Callable[[Val], bool]) -> bool:
    """Run a generator's body; ``body`` takes the place of its ``yield``. Of several the first whose
    value is known: one that hands on what is open already gives the same kind of thing."""
    info = item.func.info
    node = info.node
    if not isinstance(node, s.Function) or len(machine.active) >= MAX_CALLS * 2:
        machine.unspoken += 1
        return body(UNKNOWN)
    inner = bind(machine, item.func, item.args)
    result: list[bool] = []
    yields = sum(isinstance(part, s.Yield) for part in s.walk(node, into_functions=False))

    def resumed(value: Val) -> bool:
        opaque = all(isinstance(given, Library) or given is NOTHING for given in value.items)
        if opaque and len(inner.yielded) < yields:
            return False
        if not result:
            result.append(body(value))
        return True

    inner.on_yield = resumed
    machine.active.append(info)
    machine.run.entered.add(info)
    machine.deepen()
    try:
        machine.execute(node.body, inner)
    finally:
        machine.active.pop()
    if not result:
        return body(merged(inner.yielded) if inner.yielded else UNKNOWN)
    return result[0]


# --- classes -------------------------------------------------------------------------------------


def construct(machine: Machine, cls: ClassInfo, args: Args, node: s.Expr, frame: Frame) -> Val:
    """A new object of a class of the tree."""
    from ci_gate.codemodel.dataflow import objects  # noqa: PLC0415  a cycle

    made = machine.allocate(Thing("object", cls, made=node))
    machine.home(node, frame)
    if machine.scripts:
        return scriptvalues.constructed(machine, made, args, node, frame)
    init = machine.model.method(cls, "__init__")
    if init is not None:
        invoke(machine, Func(init, of(made)), args, node, frame)
        return of(made, sources=args.rest)
    thing = machine.thing(made)
    names = field_names(machine, cls)
    for name, value in zip(names, args.positional, strict=False):
        thing.fields[name] = value
    for name, value in args.keywords:
        checked = bool(value.sources) and web.is_validated(machine, cls, name)
        thing.fields[name] = objects.checked(value) if checked else value
    thing.whole = args.whole
    if not names:
        machine.use(*args.all())
    for name, default in field_defaults(machine, cls).items():
        if name not in thing.fields and args.whole:
            thing.fields[name] = convert.before_request(
                machine, default, machine.model.class_scope(cls)
            )
    post = machine.model.method(cls, "__post_init__")
    if post is not None:
        invoke(machine, Func(post, of(made)), Args(None), node, frame)
    return of(made, sources=args.rest)
