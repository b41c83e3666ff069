from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import ClassVar

from ci_gate.codemodel import syntax as s
from ci_gate.findings import Finding, Related
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.framework._flask import Registration, registrations


class FlaskEndpointClash(Rule):
    """Two views of one Flask application or blueprint have the same endpoint name.

    The endpoint is the function's name where `endpoint=` does not say otherwise. A decorator that
    returns an inner function without `functools.wraps` gives every view that inner function's name.

    ## Why is this bad?
    Flask raises `AssertionError: View function mapping is overwriting an existing endpoint
    function` when the second view is registered: the service does not start.

    ## Fix
    Put `@functools.wraps(view)` on the decorator's inner function; or give one of two views of the
    same name another name, or an `endpoint=` of its own.

    ## Silent on
    The same function under several rules; decorators that keep the name, that come from libraries
    or cannot be followed; views with an `endpoint=`; views that are defined under a condition; an
    application or blueprint that is not known to be the same.

    ## Source
    Flask, `Flask.add_url_rule`: "An error will be raised if a function has already been registered
    for the endpoint."
    """

    id = "framework/flask-endpoint-clash"
    group = "framework"
    languages: ClassVar = ("python",)
    needs: ClassVar = ("flask",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        groups: defaultdict[tuple[s.Node, str], list[Registration]] = defaultdict(list)
        for item in registrations(facts.model):
            if item.endpoint is not None and item.always:
                groups[item.router, item.endpoint].append(item)
        by_wrapper: dict[s.Node, list[Registration]] = {}
        for found in groups.values():
            if len({item.identity for item in found}) < 2:
                continue
            renamed = next((item for item in found if item.renamed is not None), None)
            if renamed is None:
                yield self._same_name(found)
            elif renamed.renamed is not None and renamed.renamed.wrapper is not None:
                by_wrapper.setdefault(renamed.renamed.wrapper, []).extend(found)
        for found in by_wrapper.values():
            yield self._same_wrapper(found)

    def _same_name(self, found: Sequence[Registration]) -> Finding:
        first = found[0]
        second = next(item for item in found if item.identity != first.identity)
        name = first.endpoint
        return self.finding(
            second.path,
            second.place,
            message=(
                f"{second.label} already has an endpoint {name}: {first.name} in {first.path}:"
                f"{first.place.line} is registered under that name first."
            ),
            why=_why(str(name)),
            fix=f"Rename one of the two, or give one an endpoint of its own: "
            f'`endpoint="{name}_{_word(second)}"`.',
            subject=f"endpoint {name}",
            related=[Related(first.path, first.place.line, f"registers {name} first")],
            repository_wide=True,
        )

    def _same_wrapper(self, found: Sequence[Registration]) -> Finding:
        first = next(item for item in found if item.renamed is not None)
        assert first.renamed is not None
        assert first.renamed.wrapper is not None
        assert first.renamed.taker is not None
        wrapper, taker = first.renamed.wrapper, first.renamed.taker
        together = sorted(found, key=lambda item: item.router is not first.router)
        views = list({(item.path, item.place.span): item for item in together}.values())
        shown = " and ".join(view.name for view in views[:2])
        param = _taken(taker.node)
        return self.finding(
            taker.module.path,
            s.Node(wrapper.name_span),
            message=(
                f"{taker.name if taker.cls is None else taker.cls.name} returns {wrapper.name} "
                f"without functools.wraps, so that {shown} of {first.label} are both registered "
                f"as {wrapper.name}."
            ),
            why=_why(wrapper.name),
            fix=f"Put `@functools.wraps({param})` on {wrapper.name}.",
            subject=f"endpoint {wrapper.name}",
            related=[
                Related(view.path, view.place.line, f"{view.name} is wrapped") for view in views[:4]
            ],
            repository_wide=True,
        )


def _why(name: str) -> str:
    return (
        "Flask raises AssertionError: View function mapping is overwriting an existing endpoint "
        f"function: {name}, and the service does not start."
    )


def _taken(node: s.Node) -> str:
    """The parameter that is the wrapped function."""
    if not isinstance(node, s.Function):
        return "view"
    names = [param.name for param in node.params if param.name not in ("self", "cls")]
    return names[0] if names else "view"


def _word(item: Registration) -> str:
    parts = [part for part in (item.rule or "").split("/") if part.isidentifier()]
    return parts[-1] if parts else "second"
