from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from ci_gate.codemodel.model import Route
from ci_gate.codemodel.openapi import Description
from ci_gate.codemodel.syntax import Node
from ci_gate.findings import Finding, Related
from ci_gate.regex import regex
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.framework._django_settings import is_false, middleware

_COMMON: Final = "django.middleware.common.CommonMiddleware"
_PARAMETER: Final = regex(r"\{[^}]*\}")
_SHOWN: Final = 4


class DjangoAppendSlash(Rule):
    """A path ends in a slash in Django's URL configuration and not in the API description.

    ## Why is this bad?
    With `CommonMiddleware` Django answers a request for `POST /users` with a redirect to `/users/`:
    clients follow it with a GET and lose the body. Under `DEBUG` it raises `RuntimeError: You
    called this URL via POST, but the URL doesn't end in a slash`.

    ## Fix
    Write the pattern as the API description has it, without the slash (`path("users", …)`,
    `DefaultRouter(trailing_slash=False)`).

    ## Silent on
    GET, which survives the redirect; paths that both forms answer; settings without
    `CommonMiddleware` or that set `APPEND_SLASH`; services without an OpenAPI description.

    ## Source
    Django, `APPEND_SLASH`: "the redirect may cause any data submitted in a POST request to be
    lost".
    """

    id = "framework/django-append-slash"
    group = "framework"
    languages: ClassVar = ("python",)
    needs: ClassVar = ("django",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        described = facts.description
        if described is None or described.problem is not None:
            return
        if middleware(facts.model, _COMMON) is None or is_false(facts.model, "APPEND_SLASH"):
            return
        found = list(_slashed(described, facts.model.routes))
        if not found:
            return
        route, path = found[0]
        more = len(found) - 1
        also = f" So do {more} more endpoints of the description." if more else ""
        yield self.finding(
            route.module,
            Node(route.span),
            message=(
                f"{described.path} has {route.method} {path}, and the pattern {route.path} ends in "
                f"a slash.{also}"
            ),
            why=(
                f"CommonMiddleware answers {route.method} {path} with a redirect that loses the "
                "body, and with RuntimeError under DEBUG."
            ),
            fix=f"Take the slash from the end of the pattern, so that it is {path}.",
            subject=f"slash at the end of {route.path}",
            related=[
                Related(other.module, other.span[0], f"{other.method} {where} has no slash")
                for other, where in found[1:_SHOWN]
            ],
        )


def _slashed(described: Description, routes: Iterable[Route]) -> Iterator[tuple[Route, str]]:
    """The routes that only answer an operation's path with a slash more, in their order."""
    django = [item for item in routes if item.framework == "django" and item.complete]
    answered = {(item.method, _shape(item.path)) for item in django}
    wanted: dict[tuple[str, str], str] = {}
    for operation in described.operations:
        if operation.method in ("GET", "HEAD", "OPTIONS") or operation.path.endswith("/"):
            continue
        for base in ("", *described.bases):
            path = base + operation.path
            wanted[operation.method, _shape(path)] = path
    for route in sorted(django, key=lambda item: item.order):
        shape = _shape(route.path)
        if not shape.endswith("/") or shape == "/":
            continue
        for method in (route.method,) if route.method != "ANY" else ("POST", "PUT", "DELETE"):
            path_ = wanted.get((method, shape[:-1]))
            plain = {(method, shape[:-1]), ("ANY", shape[:-1])}
            if path_ is not None and not plain & answered:
                yield route, path_
                break


def _shape(path: str) -> str:
    return _PARAMETER.sub("{}", path)
