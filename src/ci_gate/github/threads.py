"""Own threads on a pull request: which finding each is about, and whether it is settled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ci_gate.data import dataclass
from ci_gate.github.api import Client, field
from ci_gate.github.errors import ApiError, Purpose
from ci_gate.github.marker import Marker, read, unmarked

_PAGES: Final = 50
_READ: Final = Purpose("read the review's threads", "pull-requests: write")
_RESOLVE: Final = Purpose("resolve a thread", "contents: write")
_WRITE: Final = Purpose("edit a review comment", "pull-requests: write")

_THREADS: Final = """
query ($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      reviewThreads(first: 100, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes {
          id
          isResolved
          resolvedBy { login }
          comments(first: 1) {
            totalCount
            nodes { fullDatabaseId body author { __typename login } }
          }
        }
      }
    }
  }
}
"""
_MUTATION: Final = """
mutation ($thread: ID!) {
  %s(input: {threadId: $thread}) { thread { isResolved } }
}
"""


@dataclass(frozen=True, slots=True)
class Thread:
    """``comment``: number of its first comment. ``by_person``: somebody else resolved it."""

    id: str
    comment: int
    body: str
    mark: Marker
    resolved: bool
    by_person: bool
    answered: bool

    @property
    def fingerprint(self) -> str:
        return self.mark.finding


def threads(client: Client, number: int, key: str) -> list[Thread]:
    """The threads that runs of this key have begun."""
    owner, _, name = client.repository.partition("/")
    login = client.login()
    found: list[Thread] = []
    after: str | None = None
    for _ in range(_PAGES):
        variables = {"owner": owner, "name": name, "number": number, "after": after}
        data: Any = client.graphql(_THREADS, variables, _READ)
        for part in ("repository", "pullRequest", "reviewThreads"):
            data = field(data, part, dict)
        nodes = field(data, "nodes", list)
        found += [t for node in nodes if (t := _thread(node, login, key)) is not None]
        page = field(data, "pageInfo", dict)
        after = page.get("endCursor")
        if not page.get("hasNextPage") or not isinstance(after, str):
            break
    return found


def _thread(node: Any, login: str, key: str) -> Thread | None:
    """The thread if it is ours."""
    if not isinstance(node, Mapping):
        return None
    comments = field(node, "comments", dict)
    first = next(iter(field(comments, "nodes", list)), None)
    if not isinstance(first, Mapping) or _login(first.get("author")) != login:
        return None
    body = field(first, "body", str)
    mark = read(body)
    if mark is None or mark.kind != "finding" or mark.key != key:
        return None
    resolver = node.get("resolvedBy")
    name = resolver.get("login") if isinstance(resolver, Mapping) else None
    return Thread(
        id=field(node, "id", str),
        comment=_number(first.get("fullDatabaseId")),
        body=body,
        mark=mark,
        resolved=node.get("isResolved") is True,
        by_person=isinstance(name, str) and name not in (login, login.removesuffix("[bot]")),
        answered=field(comments, "totalCount", int) > 1,
    )


def _number(text: Any) -> int:
    """Numbers beyond 32 bits come as text."""
    if not str(text).isdecimal():
        raise ApiError("GitHub's answer has no number for a review comment")
    return int(str(text)[:18])


def _login(author: Any) -> str:
    """GraphQL leaves out what REST puts behind a bot's name."""
    if not isinstance(author, Mapping) or not isinstance(author.get("login"), str):
        return ""
    name: str = author["login"]
    is_bot = author.get("__typename") == "Bot" and not name.endswith("[bot]")
    return f"{name}[bot]" if is_bot else name


def settle(
    client: Client, there: list[Thread], present: frozenset[str], sha: str
) -> tuple[int, str]:
    """Resolve the threads whose finding is gone; how many, and a note for the log.

    Resolving takes ``contents: write``, which the gate's token should not have: then the comment
    itself says that the finding is fixed.
    """
    may_resolve = True
    settled = 0
    for thread in there:
        if thread.fingerprint in present or thread.resolved or thread.mark.fixed:
            continue
        if may_resolve:
            try:
                _mutate(client, "resolveReviewThread", thread)
            except ApiError as error:
                if error.status not in (403, 404, 422):
                    raise
                may_resolve = False
        if not may_resolve:
            _edit(client, thread, _fixed(thread, sha))
        settled += 1
    note = "" if may_resolve else (
        "the token may not resolve threads (GitHub asks for `contents: write`): comments on fixed "
        "findings say so instead"
    )  # fmt: skip
    return settled, note


def reopen(
    client: Client, there: list[Thread], bodies: Mapping[str, str], present: frozenset[str]
) -> None:
    """A finding that came back speaks again, unless a person has resolved its thread.

    Args:
        bodies: the comment for each fingerprint, mark and all.
    """
    for thread in there:
        if thread.fingerprint not in present or thread.by_person:
            continue
        if thread.mark.fixed and thread.fingerprint in bodies:
            _edit(client, thread, bodies[thread.fingerprint])
        if thread.resolved:
            try:
                _mutate(client, "unresolveReviewThread", thread)
            except ApiError as error:
                if error.status not in (403, 404, 422):  # the comment on the pull request has it
                    raise


def _mutate(client: Client, mutation: str, thread: Thread) -> None:
    client.graphql(_MUTATION % mutation, {"thread": thread.id}, _RESOLVE, writes=True)


def _edit(client: Client, thread: Thread, body: str) -> None:
    try:
        client.send(
            "PATCH", f"pulls/comments/{thread.comment}", {"body": body}, _WRITE, repeat=True
        )
    except ApiError as error:
        if error.status != 404:  # deleted by hand
            raise


def _fixed(thread: Thread, sha: str) -> str:
    """The comment folded away, its suggestion no longer one that a click would apply."""
    mark = thread.mark
    fixed = Marker("finding", mark.key, mark.run, mark.sha, mark.finding, sha)
    old = unmarked(thread.body).replace("```suggestion", "```text").strip()
    return fixed.mark(
        f"**Fixed** in {sha[:12]}.\n\n"
        f"<details><summary>What it was</summary>\n\n{old}\n\n</details>"
    )
