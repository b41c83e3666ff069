"""Bodies of requests that a framework reads asynchronously: ``await request.json()``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import FunctionInfo
from ci_gate.rules._contexts import Kind, held_objects
from ci_gate.rules.base import Facts

#: Methods that give a promise or coroutine, of the object or of what it holds.
_ASYNCHRONOUS: Final[dict[tuple[Kind, str], frozenset[str]]] = {
    ("aiohttp.Request", ""): frozenset({"json", "text", "read", "post", "multipart"}),
    ("starlette.Request", ""): frozenset({"json", "body", "form"}),
    ("hono.Context", "req"): frozenset({
        "json", "text", "parseBody", "formData", "arrayBuffer", "blob",
    }),
}  # fmt: skip


def body_reads(facts: Facts) -> dict[s.Call, FunctionInfo]:
    """The calls that give the promise or coroutine of a body, with the functions they are in."""
    return facts.once(_body_reads)


def _body_reads(facts: Facts) -> dict[s.Call, FunctionInfo]:
    return dict(_found(facts))


def _found(facts: Facts) -> Iterator[tuple[s.Call, FunctionInfo]]:
    for item in held_objects(facts):
        for (kind, via), names in _ASYNCHRONOUS.items():
            if item.kind != kind:
                continue
            known = set(item.reads())
            for call in facts.model.calls_in(item.function):
                func = call.func
                if not isinstance(func, s.Attribute) or func.name not in names:
                    continue
                holder = func.value
                if via:
                    if not isinstance(holder, s.Attribute) or holder.name != via:
                        continue
                    holder = holder.value
                if holder in known:
                    yield call, item.function
