"""The one comment on the pull request: created once, then kept up to date in place."""

from __future__ import annotations

from typing import Final

from ci_gate.data import dataclass
from ci_gate.github.api import Client, field, length, login_of, sendable
from ci_gate.github.errors import ApiError, Purpose
from ci_gate.github.marker import Marker, Run, read

LIMIT: Final = 65_536
ROUNDS: Final = 4
SETTLING: Final = 1.0  # seconds until another run's write is seen
_READ: Final = Purpose("look for the comment", "pull-requests: write")
_WRITE: Final = Purpose("write the comment", "pull-requests: write")
_DELETE: Final = Purpose("delete the second comment", "pull-requests: write")


@dataclass(frozen=True, slots=True)
class _Comment:
    id: int
    body: str
    url: str
    run: Run


def publish(
    client: Client,
    number: int,
    body: str,
    *,
    key: str,
    run: Run,
    sha: str,
    short: str,
    create: bool = True,
) -> str | None:
    """Make ``body`` the comment of this key on the pull request; its address.

    Runs that overlap end with one comment, the lowest number, and the newest run's text in it,
    whoever writes last: after each write a run looks again, and whoever sees two comments mends it.

    Args:
        key: tells workflows and services apart (:func:`ci_gate.github.marker.key`).
        sha: the head commit that was judged.
        short: sent instead of a body that is too long for GitHub.
        create: false: update a comment that is there, write no new one (None is returned).

    Raises:
        ApiError: the comment could not be read or written.
    """
    mark = Marker("comment", key, run, sha)
    text = mark.mark(sendable(body))
    brief = mark.mark(sendable(short))
    if length(text) > LIMIT:
        text = brief
    url: str | None = None
    for rest in range(ROUNDS - 1, -1, -1):
        found = _own(client, number, key)
        if not found and not create:
            return None
        changed = False
        try:
            changed, url = _settle(client, number, found, text, run)
        except ApiError as error:
            if error.status == 422 and text != brief:  # GitHub counts otherwise than we do
                text = brief
            elif rest and (error.unclear or error.status == 404):
                pass  # written or not, deleted by hand meanwhile or not: look again
            else:
                raise
            changed = True
        if not changed or not rest:
            break
        client.pause(SETTLING)
    return url


def _own(client: Client, number: int, key: str) -> list[_Comment]:
    """The comments that runs of this key have written, the oldest first."""
    login = client.login()
    found = []
    for item in client.pages(f"issues/{number}/comments", _READ):
        body = item.get("body")
        mark = read(body) if isinstance(body, str) and login_of(item) == login else None
        if mark is not None and mark.kind == "comment" and mark.key == key:
            found.append(_Comment(
                field(item, "id", int), str(body), str(item.get("html_url", "")), mark.run
            ))  # fmt: skip
    return sorted(found, key=lambda comment: comment.id)


def _settle(
    client: Client, number: int, found: list[_Comment], text: str, run: Run
) -> tuple[bool, str]:
    """Leave one comment with the newest text; was anything written, and its address."""
    if not found:
        made = client.send(
            "POST", f"issues/{number}/comments", {"body": text}, _WRITE, repeat=False
        )
        return True, str(made.get("html_url", "")) if isinstance(made, dict) else ""
    kept = found[0]
    newest = max(found, key=lambda comment: comment.run)
    wanted = text if newest.run <= run else newest.body
    changed = False
    if _lines(kept.body) != _lines(wanted):
        client.send("PATCH", f"issues/comments/{kept.id}", {"body": wanted}, _WRITE, repeat=True)
        changed = True
    for extra in found[1:]:
        try:
            client.send("DELETE", f"issues/comments/{extra.id}", None, _DELETE, repeat=True)
        except ApiError as error:
            if error.status != 404:  # the other run was faster
                raise
        changed = True
    return changed, kept.url


def _lines(body: str) -> str:
    """GitHub may give line ends and white space at the end back otherwise than it got them."""
    return body.replace("\r\n", "\n").rstrip()
