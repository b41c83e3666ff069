"""Requests to the double without a library, for the tests of the double itself."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .fixtures import GitHub


@dataclass
class Said:
    status: int
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def message(self) -> str:
        return str(self.body["message"])


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


def ask(
    github: GitHub,
    method: str,
    path: str,
    body: Any = None,
    *,
    token: str | None = None,
    accept: str = "application/vnd.github+json",
) -> Said:
    url = path if path.startswith("http") else github.url + path
    headers = {"Accept": accept}
    if token != "":
        headers["Authorization"] = f"Bearer {token or github.token}"
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, headers, method=method)
    try:
        with urllib.request.build_opener(_Stay).open(request, timeout=30) as answer:
            status, found, text = answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        status, found, text = error.code, dict(error.headers), error.read()
    try:
        return Said(status, json.loads(text) if text else None, found)
    except ValueError:
        return Said(status, text, found)


def query(github: GitHub, text: str, token: str | None = None, **variables: Any) -> Said:
    body = {"query": text, "variables": variables}
    return ask(github, "POST", github.graphql_url, body, token=token)
