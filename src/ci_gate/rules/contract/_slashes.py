"""Operations whose path differs from their route's by the last slash, where that matters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, Route
from ci_gate.codemodel.openapi import Operation
from ci_gate.codemodel.openapi.served import Served
from ci_gate.rules.framework._django_settings import assignments

_COMMON: Final = "django.middleware.common.CommonMiddleware"
_STRICT: Final = frozenset({"django", "flask", "aiohttp"})


def unanswered(model: CodeModel, served: Served) -> Iterator[tuple[Operation, Route]]:
    """The operations that get 404 for the sake of a slash, each with its route."""
    frameworks = {route.framework for route in model.routes}
    if len(frameworks) != 1 or not frameworks <= _STRICT:
        return
    [framework] = frameworks
    for item in served.operations:
        fits = served.answering(item)
        slashed = item.path.endswith("/")
        if not fits or item.path == "/" or served.may_be_mounted(item):
            continue
        if any(
            not fit.exact
            or not fit.route.complete
            or fit.route.path == "/"
            or fit.route.path.endswith("/") == slashed
            for fit in fits
        ):
            continue
        route = next((fit.route for fit in fits if fit.route.method == item.method), fits[0].route)
        if slashed and route.path.endswith("}"):
            continue
        if _refuses(model, framework, slashed):
            yield item, route


def _refuses(model: CodeModel, framework: str, slashed: bool) -> bool:
    """Does the framework answer 404 to a path with (``slashed``) or without a last slash?"""
    if framework == "django":
        return slashed or _never_appends(model)
    if framework == "flask":
        return slashed and not model.mentions(
            ("strict_slashes",), ("strict_slashes",), ("route", "add_url_rule", "get", "Flask")
        )
    return not model.calls_named("normalize_path_middleware")


def _never_appends(model: CodeModel) -> bool:
    """Do the settings plainly say that Django appends no slash?"""
    given = [statement.value for _, statement in assignments(model, "APPEND_SLASH")]
    if given:
        return all(isinstance(item, s.Literal) and item.value is False for item in given)
    lists = [statement for _, statement in assignments(model, "MIDDLEWARE")]
    return bool(lists) and all(
        isinstance(item.value, s.Sequence)
        and item.op is None
        and all(isinstance(part, s.Literal) and part.value != _COMMON for part in item.value.items)
        for item in lists
    )
