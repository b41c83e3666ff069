"""The review: a thread at each changed line with a blocking finding, settled when it is fixed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from typing import Any, Final, Literal

from ci_gate.data import dataclass
from ci_gate.github.api import Client, length, login_of, sendable
from ci_gate.github.api import field as field_of
from ci_gate.github.comment import LIMIT, SETTLING
from ci_gate.github.errors import ApiError, Purpose
from ci_gate.github.marker import Marker, Run, read
from ci_gate.github.threads import Thread, reopen, settle, threads

PER_REQUEST: Final = 30
MOST: Final = 100  # threads of one key; pages of pull requests with some 270 no longer open
_SPLITS: Final = 20  # requests spent on finding out which line of a batch GitHub refuses
_ROUNDS: Final = 3
_HEAD: Final = Purpose("read the pull request", "pull-requests: write")
_READ: Final = Purpose("look for the review", "pull-requests: write")
_WRITE: Final = Purpose("write the review", "pull-requests: write")
_DISMISS: Final = Purpose("withdraw the request for changes", "pull-requests: write")
_DELETE: Final = Purpose("delete the second review comment", "pull-requests: write")


@dataclass(frozen=True, slots=True)
class ReviewComment:
    """A remark at lines of the head commit that the pull request's diff shows
    (:mod:`ci_gate.github.diff`). ``start_line``: of several lines the first. ``fingerprint``: by
    which the next push knows it."""

    path: str
    line: int
    body: str
    fingerprint: str
    start_line: int | None = None
    side: Literal["RIGHT", "LEFT"] = "RIGHT"


@dataclass(slots=True)
class Review:
    """What was done. ``left``: fingerprints for which there is no thread (too many, or GitHub does
    not show their lines): the comment has them. ``moved``: the pull request has a newer head,
    nothing (more) was written. ``notes``: sentences for the log."""

    posted: int = 0
    known: int = 0
    settled: int = 0
    left: list[str] = field(default_factory=list)
    moved: bool = False
    notes: list[str] = field(default_factory=list)


def publish(
    client: Client,
    number: int,
    comments: Sequence[ReviewComment],
    *,
    present: frozenset[str],
    blocked: bool,
    complete: bool,
    request_changes: bool,
    summary: str,
    head_sha: str,
    key: str,
    run: Run,
) -> Review:
    """Bring the pull request's threads in line with the findings of its head commit.

    A finding that has a thread gets no second one, also where a person has resolved it. A thread
    whose finding is gone is resolved.

    Args:
        comments: the worst first.
        present: fingerprints of all blocking findings, also of those on lines outside the diff.
        blocked: the verdict; without it an own request for changes is withdrawn.
        complete: false if something could not be judged: then nothing counts as fixed.
        summary: Markdown; the text of a request for changes.

    Raises:
        ApiError: the review could not be read or written.
    """
    done = Review()
    if _moved(client, number, head_sha):
        done.moved = True
        return done
    there = threads(client, number, key)
    known = {thread.fingerprint for thread in there}
    new = {c.fingerprint: c for c in comments if c.fingerprint not in known}
    done.known = len({c.fingerprint for c in comments} & known)
    room = max(0, MOST - len(there))
    done.left = list(new)[room:]
    requests = _requests(client, number, key) if request_changes or not blocked else []
    event = "REQUEST_CHANGES" if request_changes and blocked and not requests else "COMMENT"
    mark = Marker("review", key, run, head_sha)
    poster = _Poster(client, number, head_sha, mark, sendable(summary), event, done)
    poster.post(list(new.values())[:room])
    if done.moved:
        return done
    if done.posted:
        client.pause(SETTLING)
        there = _without_doubles(client, threads(client, number, key))
    reopen(client, there, {c.fingerprint: poster.text(c) for c in comments}, present)
    if complete:
        done.settled, note = settle(client, there, present, head_sha)
        done.notes += [note] if note else []
        if not blocked:
            for request in requests:
                _dismiss(client, number, request, head_sha)
    return done


@dataclass(slots=True)
class _Poster:
    client: Client
    number: int
    head_sha: str
    mark: Marker
    summary: str
    event: str
    done: Review
    splits: int = _SPLITS

    def post(self, comments: list[ReviewComment]) -> None:
        """All comments, 30 at a time; a request for changes also without any."""
        fitting = [c for c in comments if length(self.text(c)) <= LIMIT]
        self.done.left += [c.fingerprint for c in comments if c not in fitting]
        for i in range(0, len(fitting), PER_REQUEST):
            self._batch(fitting[i : i + PER_REQUEST])
        if self.event == "REQUEST_CHANGES" and not self.done.moved:
            self._batch([])

    def text(self, comment: ReviewComment) -> str:
        mark = Marker("finding", self.mark.key, self.mark.run, self.head_sha, comment.fingerprint)
        return mark.mark(sendable(comment.body))

    def _batch(self, batch: list[ReviewComment], rounds: int = _ROUNDS) -> None:
        if self.done.moved:
            return
        asks = self.event == "REQUEST_CHANGES"
        body: dict[str, Any] = {
            "commit_id": self.head_sha,
            "event": self.event,
            "comments": [self._comment(comment) for comment in batch],
        }
        if asks or not batch:
            body["body"] = self.mark.mark(self.summary)
        try:
            self.client.send("POST", f"pulls/{self.number}/reviews", body, _WRITE, repeat=False)
        except ApiError as error:
            if error.unclear and rounds > 1:
                self._again(batch, rounds - 1)
            elif error.status == 422:
                self._refused(batch, error)
            else:
                raise
            return
        self.done.posted += len(batch)
        self.event = "COMMENT"

    def _again(self, batch: list[ReviewComment], rounds: int) -> None:
        """No answer came: send what is not there."""
        self.client.pause(SETTLING)
        key = self.mark.key
        if self.event == "REQUEST_CHANGES" and _requests(self.client, self.number, key):
            self.event = "COMMENT"
        there = {thread.fingerprint for thread in threads(self.client, self.number, key)}
        rest = [comment for comment in batch if comment.fingerprint not in there]
        self.done.posted += len(batch) - len(rest)
        if rest or self.event == "REQUEST_CHANGES":
            self._batch(rest, rounds)

    def _refused(self, batch: list[ReviewComment], error: ApiError) -> None:
        """GitHub refuses a batch as a whole for one line that its diff does not show."""
        if _moved(self.client, self.number, self.head_sha):
            self.done.moved = True
        elif self.event == "REQUEST_CHANGES" and "own pull request" in str(error).lower():
            self.event = "COMMENT"
            self.done.notes.append(
                "nobody can request changes on a pull request of their own, the token's user "
                "neither: the review only comments"
            )
            if batch:
                self._batch(batch)
        elif not batch:
            raise error
        elif len(batch) == 1 or self.splits <= 0:
            self.done.left += [comment.fingerprint for comment in batch]
        else:
            self.splits -= 2
            middle = len(batch) // 2
            self._batch(batch[:middle])
            self._batch(batch[middle:])

    def _comment(self, comment: ReviewComment) -> dict[str, str | int]:
        shown: dict[str, str | int] = {
            "path": sendable(comment.path),
            "line": comment.line,
            "side": comment.side,
            "body": self.text(comment),
        }
        if comment.start_line is not None and comment.start_line < comment.line:
            shown |= {"start_line": comment.start_line, "start_side": comment.side}
        return shown


def _moved(client: Client, number: int, head_sha: str) -> bool:
    head = field_of(client.get(f"pulls/{number}", _HEAD), "head", dict)
    return field_of(head, "sha", str) != head_sha


def _requests(client: Client, number: int, key: str) -> list[int]:
    """Own requests for changes that stand."""
    login = client.login()
    found = []
    for item in client.pages(f"pulls/{number}/reviews", _READ):
        mark = read(str(item.get("body") or ""))
        mine = mark is not None and mark.kind == "review" and mark.key == key
        if mine and login_of(item) == login and item.get("state") == "CHANGES_REQUESTED":
            found.append(field_of(item, "id", int))
    return found


def _dismiss(client: Client, number: int, review: int, sha: str) -> None:
    message = f"constraint-gate finds nothing that blocks in {sha[:12]}."
    client.send(
        "PUT",
        f"pulls/{number}/reviews/{review}/dismissals",
        {"message": message, "event": "DISMISS"},
        _DISMISS,
        repeat=True,
    )


def _without_doubles(client: Client, there: list[Thread]) -> list[Thread]:
    """Two runs on one commit may both have posted: the older thread stays, unless somebody has
    answered in the other. Both runs decide alike."""
    kept: dict[str, Thread] = {}
    more = []
    for thread in sorted(there, key=lambda thread: thread.comment):
        if thread.fingerprint not in kept:
            kept[thread.fingerprint] = thread
        elif thread.answered:
            more.append(thread)
        else:
            try:
                client.send(
                    "DELETE", f"pulls/comments/{thread.comment}", None, _DELETE, repeat=True
                )
            except ApiError as error:
                if error.status != 404:  # the other run was faster
                    raise
    return [*kept.values(), *more]
