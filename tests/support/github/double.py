"""The double itself: each exchange is checked, played and written down."""

from __future__ import annotations

import base64
import json
import re
import time
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from . import graphql, permissions, rest
from .description import Description, Operation, load
from .exchange import HANDLERS, Answer, Refusal, Request
from .faults import Faults, Hit, change, primary_limit, secondary_limit
from .state import Data, State

assert rest  # it registers the handlers
_GRAPHQL: Final = ("/graphql", "/api/graphql")
_ERRORS: Final = 500
_WRITE_WINDOW_SECONDS: Final = 60.0


@dataclass
class Result:
    answer: Answer
    hit: Hit = field(default_factory=Hit)


class Double:
    """``violations``: where the client or the double departs from GitHub's description.

    ``refused``: what GitHub itself would refuse (422 and 413), which is no violation.
    """

    def __init__(self, state: State | None = None, description: str = "api.github.com") -> None:
        self.state = state or State()
        self.faults = Faults(self.state)
        self.violations: list[str] = []
        self.refused: list[str] = []
        self.log: list[Data] = []
        self._name = description
        self._writes: list[float] = []

    @property
    def description(self) -> Description:
        return load(self._name)

    def exchange(
        self, method: str, target: str, headers: Mapping[str, str], data: bytes, address: str
    ) -> Result:
        parts = urlsplit(target)
        path = parts.path
        prefix = "/api/v3" if path.startswith("/api/v3/") else ""
        if path.startswith("/_double/"):
            return Result(self._control(method, path, headers, data))
        entry: Data = {"at": time.time(), "method": method, "path": path, "status": 0}
        try:
            body = json.loads(data) if data else None
        except ValueError:
            body = None
            self._violated(f"{method} {path}: the body is not JSON")
        request = Request(
            method,
            path.removeprefix(prefix),
            address + prefix,
            dict(parse_qsl(parts.query, keep_blank_values=True)),
            {key.lower(): value for key, value in headers.items()},
            body,
        )
        entry |= {"query": dict(request.query), "body": body}
        with self.state.lock:
            self.log.append(entry)
        result = self._answer(request, entry)
        entry["status"] = result.answer.status
        entry["answer"] = result.answer.body if not isinstance(result.answer.body, bytes) else None
        entry["lost"] = result.hit.hang_up or result.hit.hang_up_after or result.hit.cut_off
        if result.answer.status in (413, 422):
            self.refused.append(f"{method} {path}: {result.answer.body}")
        return result

    def _answer(self, request: Request, entry: Data) -> Result:
        is_graphql = request.path in _GRAPHQL or request.base + request.path in _GRAPHQL
        found = None if is_graphql else self.description.find(request.method, request.path)
        names = {"*"}
        if is_graphql:
            fields = graphql.fields(request.body)
            entry["operation"] = "graphql/" + ",".join(fields)
            names |= {"graphql", *(f"graphql/{name}" for name in fields)}
            names |= {"write"} if graphql.writes(request.body) else set()
        elif found:
            entry["operation"] = found[0].id
            names |= {found[0].id} | ({"write"} if found[0].writes else set())
        hit = self.faults.strike(frozenset(names))
        if hit.before is not None or hit.hang_up:
            return Result(hit.before or Answer(500), hit)
        answer = self._handled(request, found, is_graphql, "write" in names)
        return Result(hit.after or answer, hit)

    def _handled(
        self,
        request: Request,
        found: tuple[Operation, dict[str, str]] | None,
        is_graphql: bool,
        writes: bool,
    ) -> Answer:
        operation = found[0] if found else None
        try:
            if "user-agent" not in request.headers:
                raise Refusal(403, "Request forbidden by administrative rules.")
            request = self._with_token(request)
            self._count(writes)
            with self.state.lock:
                if is_graphql:
                    return graphql.answer(self.state, request, self._violated)
                if found is None:
                    self._violated(f"{request.method} {request.path}: no such operation")
                    raise Refusal(404, "Not Found")
                return self._rest(request, *found)
        except Limited as limited:
            return limited.answer
        except Refusal as refusal:
            return self._refusal(refusal, operation)
        except Exception:
            self._violated(f"{request.method} {request.path}: {traceback.format_exc()}")
            return Answer(_ERRORS, {"message": "The double is broken"})

    def _refusal(self, refusal: Refusal, operation: Operation | None) -> Answer:
        answer = refusal.answer(operation)
        if operation is not None:
            for fault in self.description.check_answer(operation, answer.status, answer.body):
                self._violated(f"{operation.id}: the double's own {answer.status}: {fault}")
        return answer

    def _rest(self, request: Request, operation: Operation, params: dict[str, str]) -> Answer:
        params = {key: unquote(value) for key, value in params.items()}
        where = f"{request.method} {request.path}"
        limits = []
        faults = self.description.check_request(operation, params, request.query, request.body)
        for fault in faults:
            if fault.limit:
                limits.append(fault.text)
            else:
                self._violated(f"{where}: {fault.text}")
                return Answer(_ERRORS, {"message": f"The double refuses: {fault.text}"})
        handler = HANDLERS.get(operation.id)
        if handler is None:
            self._violated(f"{where}: the double does not play {operation.id}")
            return Answer(_ERRORS, {"message": f"The double does not play {operation.id}"})
        request = replace(request, params=params, operation=operation)
        self._permit(request, operation)
        answer = handler(self.state, request)
        if limits:  # the handler accepted what the description forbids
            raise Refusal(422, f"Invalid request.\n\n{limits[0]}")
        if isinstance(answer.body, bytes):
            return answer
        answer.body = self.description.complete(operation, answer.status, answer.body, request.base)
        for text in self.description.check_answer(operation, answer.status, answer.body):
            self._violated(f"{where}: the double's answer: {text}")
            return Answer(_ERRORS, {"message": f"The double's answer is wrong: {text}"})
        return answer

    def _with_token(self, request: Request) -> Request:
        given = request.headers.get("authorization", "")
        matched = re.fullmatch(r"(?i)(?:bearer|token) (\S+)", given)
        if not given:
            return request
        token = self.state.data["tokens"].get(matched[1]) if matched else None
        if token is None:
            raise Refusal(401, "Bad credentials")
        return replace(request, token=token, login=token["login"])

    def _count(self, writes: bool) -> None:
        most = self.state.data["writes_per_minute"]
        with self.state.lock:
            if self.state.data["requests_left"] <= 0:
                raise Limited(primary_limit({"reset_in": 3600}))
            self.state.data["requests_left"] -= 1
            if not writes or most is None:
                return
            since = time.monotonic() - _WRITE_WINDOW_SECONDS
            self._writes = [at for at in self._writes if at > since]
            if len(self._writes) >= most:
                raise Limited(secondary_limit({"retry_after": 60}))
            self._writes.append(time.monotonic())

    def _permit(self, request: Request, operation: Operation) -> None:
        names = permissions.needed(operation.id)
        if not names:
            return
        repository = self.state.find_repository(request.params["owner"], request.params["repo"])
        if repository is None:
            raise Refusal(404, "Not Found")
        if not operation.writes and not repository.data["private"]:
            return
        if not request.token:
            raise Refusal(401 if operation.writes else 404, "Requires authentication")
        if not permissions.granted(request.token["permissions"], names, operation.writes):
            level = "write" if operation.writes else "read"
            accepted = "; ".join(f"{name}={level}" for name in names)
            headers = {"X-Accepted-GitHub-Permissions": accepted}
            raise Refusal(403, "Resource not accessible by integration", headers=headers)

    def _control(self, method: str, path: str, headers: Mapping[str, str], data: bytes) -> Answer:
        """Not of GitHub: what a test in another process reads and does."""
        what = path.removeprefix("/_double/")
        if what.startswith("artifacts/"):
            return self._stored(what.removeprefix("artifacts/"), headers)
        with self.state.lock:
            if method == "POST":
                asked = json.loads(data)
                if what == "change":
                    change(self.state, asked)
                elif what == "faults":
                    self.state.data["faults"].extend(asked)
                else:
                    return Answer(404)
                return Answer(200, {})
            known: dict[str, Any] = {
                "state": self.state.data,
                "log": self.log,
                "violations": self.violations,
                "refused": self.refused,
            }
            return (
                Answer(200, json.loads(json.dumps(known[what]))) if what in known else Answer(404)
            )

    def _stored(self, artifact: str, headers: Mapping[str, str]) -> Answer:
        if any(name.lower() == "authorization" for name in headers):
            self._violated("the token was sent to the store of artifacts")
            return Answer(403, b"<Error>AuthenticationFailed</Error>")
        encoded = self.state.data["artifact_files"].get(artifact)
        if encoded is None:
            return Answer(404, b"")
        return Answer(200, base64.b64decode(encoded), {"Content-Type": "application/zip"})

    def _violated(self, text: str) -> None:
        self.violations.append(text)


class Limited(Exception):
    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer
