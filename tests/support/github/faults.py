"""What goes wrong, as plain data, in the state's ``faults``.

    {"on": "issues/create-comment", "kind": "bad_gateway", "times": 2}

``on``: an operation's id, ``graphql``, ``graphql/<mutation or query field>``, ``write`` (all that
is not GET, and mutations), or ``*``. ``skip``: so many matching requests pass first. ``times``: how
many are hit (1; null: all). ``kind``: one of ANSWERS, or ``slow`` (``seconds``), ``hang_up``
(closed without an answer), ``cut_off`` (half of the answer). ``after``: the request takes effect,
and only its answer is lost. ``change``: somebody does this just before the request: a method of
Repository by name under ``do`` and its arguments; ``containing`` finds the comment. ``meet``: so
many requests wait for each other here, as those of two runs at once do.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from . import diffs
from .exchange import Answer
from .state import Data, State

_DOCS: Final = "https://docs.github.com/rest"
_LIMITS_DOCS: Final = f"{_DOCS}/using-the-rest-api/rate-limits-for-the-rest-api"
_MEETING_SECONDS: Final = 10.0


def _refused(status: int, message: str, docs: str = _DOCS) -> Callable[[Data], Answer]:
    body = {"message": message, "documentation_url": docs, "status": str(status)}
    return lambda _: Answer(status, dict(body))


def _page(status: int, words: str) -> Callable[[Data], Answer]:
    """An error of the machines before the API: a page, not JSON."""
    text = f"<html><head><title>{words}</title></head><body><h1>{words}</h1></body></html>"
    return lambda _: Answer(status, text.encode(), {"Content-Type": "text/html"})


def primary_limit(fault: Data) -> Answer:
    reset = int(time.time()) + int(fault.get("reset_in", 1))
    message = "API rate limit exceeded for installation ID 1234."
    answer = _refused(403, message, _LIMITS_DOCS)(fault)
    answer.headers = {
        "X-RateLimit-Limit": "5000",
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Used": "5000",
        "X-RateLimit-Reset": str(reset),
        "X-RateLimit-Resource": "core",
    }
    return answer


def secondary_limit(fault: Data) -> Answer:
    message = (
        "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
    )
    answer = _refused(fault.get("status", 403), message, f"{_LIMITS_DOCS}#secondary")(fault)
    if fault.get("retry_after", 1) is not None:
        answer.headers = {"Retry-After": str(fault.get("retry_after", 1))}
    return answer


ANSWERS: Final[Mapping[str, Callable[[Data], Answer]]] = {
    "unauthorized": _refused(401, "Bad credentials"),
    "forbidden": _refused(403, "Resource not accessible by integration"),
    "not_found": _refused(404, "Not Found"),
    "unprocessable": _refused(422, "Validation Failed"),
    "primary_limit": primary_limit,
    "secondary_limit": secondary_limit,
    "server_error": _refused(500, "Server Error"),
    "bad_gateway": _page(502, "502 Bad Gateway"),
    "unavailable": _page(503, "503 Service Unavailable"),
    "gateway_timeout": _page(504, "504 Gateway Timeout"),
}
KINDS: Final = frozenset((*ANSWERS, "slow", "hang_up", "cut_off", ""))


@dataclass
class Hit:
    """What happens to one request."""

    before: Answer | None = None
    after: Answer | None = None
    hang_up: bool = False
    hang_up_after: bool = False
    cut_off: bool = False
    seconds: float = 0.0


@dataclass
class Faults:
    state: State
    _meetings: dict[int, threading.Barrier] = field(default_factory=dict)

    def strike(self, names: frozenset[str]) -> Hit:
        """``names``: all by which the request can be meant. Waits where it has to."""
        hit = Hit()
        meetings = []
        with self.state.lock:
            for fault in self.state.data["faults"]:
                if fault["on"] not in names:
                    continue
                fault["seen"] = fault.get("seen", 0) + 1
                number = fault["seen"] - fault.get("skip", 0)
                times = fault.get("times", fault.get("meet", 1))
                if number < 1 or (times is not None and number > times):
                    continue
                if "change" in fault:
                    change(self.state, fault["change"])
                if "meet" in fault:
                    meetings.append(
                        self._meetings.setdefault(id(fault), threading.Barrier(fault["meet"]))
                    )
                _apply(fault, hit)
        for meeting in meetings:
            meeting.wait(_MEETING_SECONDS)
        if hit.seconds:
            time.sleep(hit.seconds)
        return hit


def _apply(fault: Data, hit: Hit) -> None:
    kind = fault.get("kind", "")
    assert kind in KINDS, f"no such fault: {kind}"
    after = fault.get("after", False)
    if kind == "slow":
        hit.seconds += fault["seconds"]
    elif kind == "cut_off":
        hit.cut_off = True
    elif kind == "hang_up":
        hit.hang_up, hit.hang_up_after = hit.hang_up or not after, hit.hang_up_after or after
    elif kind and after:
        hit.after = ANSWERS[kind](fault)
    elif kind:
        hit.before = ANSWERS[kind](fault)


def change(state: State, asked: Mapping[str, Any]) -> None:
    """Somebody changes the repository: another run, a user, a push."""
    arguments = dict(asked)
    repository = state.repository(arguments.pop("repository", "acme/shop"))
    containing = arguments.pop("containing", None)
    if containing is not None:
        comments = [c for c in repository.data["comments"] if containing in c["body"]]
        if not comments:
            return
        arguments["comment_id"] = comments[-1]["id"]
    if "diff" in arguments:
        arguments["files"] = diffs.files_of(arguments.pop("diff"))
    method = arguments.pop("do")
    assert method in {"push", "add_comment", "edit_comment", "delete_comment", "add_pull"}
    getattr(repository, method)(**arguments)
