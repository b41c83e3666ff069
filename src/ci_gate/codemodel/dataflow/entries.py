"""Entry points: a run's first function, its dependencies provided, its decorators around it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow import calls, convert, web
from ci_gate.codemodel.dataflow.domain import (
    UNKNOWN,
    Args,
    Deferred,
    Frame,
    Func,
    Thing,
    Val,
    merged,
    of,
)
from ci_gate.codemodel.values import ClassValue, FunctionValue

if TYPE_CHECKING:
    from ci_gate.codemodel.dataflow.machine import Machine


def enter_entry(machine: Machine, func: Func, args: Args) -> Val:
    """Call an entry point, with its dependencies provided and its decorators around it."""
    info = func.info
    node = info.node
    if not isinstance(node, s.Function):
        frame = Frame(info)
        machine.execute(node.body, frame)
        return UNKNOWN
    machine.run.entered.add(info)
    machine.active.append(info)
    result: list[Val] = []

    def proceed(bound: Args) -> bool:
        target = calls.decorated(machine, of(func), info, None).only()
        if isinstance(target, Func) and target.info is not info:
            this = (func.this,) if func.this is not None else ()
            inner = calls.bind(
                machine, target, Args(None, (*this, *bound.positional), bound.keywords)
            )
            machine.run.entered.add(target.info)
            if isinstance(target.info.node, s.Function):
                result.append(calls.run_body(machine, target.info.node, inner))
            return False
        result.append(calls.run_body(machine, node, calls.bind(machine, func, bound)))
        return False

    _with_dependencies(machine, func, args, proceed)
    machine.active.pop()
    return merged(result) if result else UNKNOWN


def _with_dependencies(
    machine: Machine, func: Func, args: Args, proceed: Callable[[Args], bool]
) -> bool:
    """Provide what ``Depends(...)`` parameters ask for, then go on."""
    node = func.info.node
    assert isinstance(node, s.Function)
    keywords = dict(args.keywords)
    waiting = [
        (param, provider)
        for param in node.params
        if param.name not in keywords
        and (provider := web.provider(machine, func.info, param)) is not None
    ]

    def supply(index: int) -> bool:
        if index == len(waiting):
            return proceed(Args(args.node, args.positional, tuple(keywords.items()), args.whole))
        param, provider = waiting[index]

        def given(value: Val) -> bool:
            keywords[param.name] = value
            return supply(index + 1)

        return _provide(machine, provider, given)

    return supply(0)


def _provide(
    machine: Machine, provider: Func | FunctionValue | ClassValue, given: Callable[[Val], bool]
) -> bool:
    """Hand ``given`` what a provider gives; a generator's end runs after it."""
    if isinstance(provider, ClassValue):
        init = machine.model.method(provider.cls, "__init__")
        made = machine.allocate(Thing("object", provider.cls))
        if init is None:
            fields = web.model_fields(machine, provider.cls, "query")
            machine.thing(made).fields.update(fields)
            return given(of(made))
        base = web.entry_arguments(machine, init, machine.run.route)

        def made_with(bound: Args) -> bool:
            nowhere = machine.model.make_up(s.Name((1, 1, 1, 1), ""))
            calls.invoke(machine, Func(init, of(made)), bound, nowhere, Frame(init))
            return given(of(made))

        return _with_dependencies(machine, Func(init, of(made)), base, made_with)
    if isinstance(provider, Func):
        info, func = provider.info, Func(provider.info, provider.this, provider.frame, raw=True)
    else:
        info, receiver = provider.function, provider.receiver
        this = of(convert.instance_item(machine, receiver)) if receiver is not None else None
        func = Func(info, this, raw=True)
    key: object = info if func.frame is None else func.frame
    if isinstance(provider, Func) and provider.this is not None:
        key = info, provider.this
    if key in machine.provided:
        return given(machine.provided[key])
    node = info.node
    if not isinstance(node, s.Function) or machine.active.count(info):
        return given(UNKNOWN)
    base = web.entry_arguments(machine, info, machine.run.route)

    def with_args(bound: Args) -> bool:
        def keep(value: Val) -> bool:
            machine.provided[key] = value
            return given(value)

        if node.is_generator or _yields(node):
            return calls.around(machine, Deferred(func, bound), keep)
        machine.run.entered.add(info)
        machine.active.append(info)
        if calls.is_cached(machine, info):
            with machine.before_request():
                value = calls.run_body(machine, node, calls.bind(machine, func, bound))
        else:
            value = calls.run_body(machine, node, calls.bind(machine, func, bound))
        machine.active.pop()
        return keep(value)

    return _with_dependencies(machine, func, base, with_args)


def _yields(node: s.Function) -> bool:
    return any(
        isinstance(inner, s.Yield)
        for statement in node.body
        for inner in s.walk(statement, into_functions=False)
    )
