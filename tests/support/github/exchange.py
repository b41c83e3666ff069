"""A request to the double, its answer, and a refusal as GitHub words it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from .description import Operation
from .state import State


@dataclass(frozen=True)
class Request:
    """``base``: the API's address as the client wrote it, so that every URL in an answer works."""

    method: str
    path: str
    base: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    params: Mapping[str, str] = field(default_factory=dict)
    operation: Operation | None = None
    login: str = ""
    token: Mapping[str, Any] = field(default_factory=dict)

    @property
    def site(self) -> str:
        """Where the pages for people are."""
        return self.base.removesuffix("/api/v3")

    @property
    def accept(self) -> str:
        return self.headers.get("accept", "")


@dataclass
class Answer:
    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)

    def data(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        return b"" if self.body is None else json.dumps(self.body).encode()


class Refusal(Exception):
    """What GitHub answers instead; ``errors`` are those of a 422."""

    def __init__(
        self,
        status: int,
        message: str,
        errors: Sequence[Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.errors = errors
        self.headers = dict(headers or {})

    def answer(self, operation: Operation | None) -> Answer:
        documentation = operation.documentation if operation else "https://docs.github.com/rest"
        body: dict[str, Any] = {"message": self.message}
        if self.errors is not None:
            body["errors"] = list(self.errors)
        body |= {"documentation_url": documentation, "status": str(self.status)}
        return Answer(self.status, body, self.headers)


def not_found() -> Refusal:
    return Refusal(404, "Not Found")


def invalid(resource: str, field_name: str, code: str, message: str = "") -> Refusal:
    error = {"resource": resource, "code": code, "field": field_name}
    return Refusal(422, "Validation Failed", [error | ({"message": message} if message else {})])


Handler = Callable[[State, Request], Answer]
HANDLERS: dict[str, Handler] = {}


def plays(operation_id: str) -> Callable[[Handler], Handler]:
    """The function answers this operation of the description."""

    def add(handler: Handler) -> Handler:
        assert operation_id not in HANDLERS, operation_id
        HANDLERS[operation_id] = handler
        return handler

    return add


def page(request: Request, items: Sequence[Any]) -> tuple[list[Any], dict[str, str]]:
    """The items of the page that is asked for, and the Link header to the others."""
    size = min(int(request.query.get("per_page", 30)), 100)
    number = max(int(request.query.get("page", 1)), 1)
    last = max(1, -(-len(items) // size))
    targets = {"prev": number - 1, "next": number + 1, "last": last, "first": 1}
    if number <= 1:
        del targets["prev"], targets["first"]
    if number >= last:
        del targets["next"], targets["last"]
    links = [
        f"<{request.base}{request.path}?{urlencode({**request.query, 'page': target})}>"
        f'; rel="{name}"'
        for name, target in targets.items()
    ]
    start = (number - 1) * size
    return list(items[start : start + size]), {"Link": ", ".join(links)} if links else {}
