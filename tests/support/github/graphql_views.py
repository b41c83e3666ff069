"""What the GraphQL API shows of the state."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from . import views as rest_views
from .exchange import Request
from .permissions import MUTATIONS, granted
from .state import Data, Repository, State

#: Prefix of a node's id -> the list of the repository that it is in.
LISTS: Final[Mapping[str, str]] = {
    "PR": "pulls",
    "IC": "comments",
    "PRR": "reviews",
    "PRRC": "review_comments",
    "PRRT": "threads",
}


class Problem(Exception):
    """An error that GitHub answers, with its type."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


@dataclass(frozen=True)
class Connection:
    items: Sequence[Callable[[], Data]]


def viewer(state: State, request: Request) -> Data:
    """An App's token sees its bot as a user here, though GET /user refuses it."""
    known = state.user(request.login)
    return {
        "__typename": "User",
        "login": known["login"],
        "databaseId": known["id"],
        "id": f"U_{known['id']}",
        "url": f"{request.site}/{known['login']}",
    }


def actor(state: State, request: Request, login: str) -> Data:
    """A bot's login is without [bot] here, as in reality."""
    known = state.user(login)
    return {
        "__typename": known["type"],
        "login": login.removesuffix("[bot]"),
        "databaseId": known["id"],
        "id": f"U_{known['id']}",
        "url": f"{request.site}/{login}",
        "avatarUrl": f"{request.site}/avatars/{known['id']}",
    }


def repository(state: State, request: Request, shown: Repository) -> Data:
    owner, name = shown.name.split("/")

    def pull_request(number: int) -> Data:
        for found in shown.data["pulls"]:
            if found["number"] == number:
                return pull(state, request, shown, found)
        message = f"Could not resolve to a PullRequest with the number of {number}."
        raise Problem("NOT_FOUND", message)

    return {
        "__typename": "Repository",
        "id": f"R_{shown.data['id']}",
        "databaseId": shown.data["id"],
        "name": name,
        "nameWithOwner": shown.name,
        "owner": actor(state, request, owner),
        "isPrivate": shown.data["private"],
        "url": f"{request.site}/{shown.name}",
        "pullRequest": pull_request,
    }


def pull(state: State, request: Request, of: Repository, shown: Data) -> Data:
    def connection(items: list[Data], view: Callable[..., Data]) -> Connection:
        return Connection([partial(view, state, request, of, item) for item in items])

    number = shown["number"]
    submitted = [r for r in of.reviews(number) if r["state"] != "PENDING"]
    return {
        "__typename": "PullRequest",
        "id": f"PR_{shown['id']}",
        "databaseId": shown["id"],
        "number": number,
        "title": shown["title"],
        "body": shown["body"] or "",
        "state": shown["state"].upper(),
        "isDraft": shown["draft"],
        "url": f"{request.site}/{of.name}/pull/{number}",
        "author": actor(state, request, shown["author"]),
        "headRefOid": shown["head"]["sha"],
        "headRefName": shown["head"]["ref"],
        "baseRefOid": shown["base"]["sha"],
        "baseRefName": shown["base"]["ref"],
        "repository": lambda: repository(state, request, of),
        "reviewThreads": connection(of.threads(number), thread),
        "comments": connection(of.comments(number), comment),
        "reviews": connection(submitted, review),
    }


def thread(state: State, request: Request, of: Repository, shown: Data) -> Data:
    comments = [c for c in of.data["review_comments"] if c["id"] in shown["comments"]]
    first = comments[0]
    resolver = shown["resolved_by"]
    may = granted(request.token["permissions"], MUTATIONS["resolveReviewThread"], write=True)
    made = [partial(review_comment, state, request, of, item) for item in comments]
    return {
        "__typename": "PullRequestReviewThread",
        "id": f"PRRT_{shown['id']}",
        "isResolved": resolver is not None,
        "isOutdated": first["line"] is None,
        "isCollapsed": resolver is not None,
        "path": first["path"],
        "line": first["line"],
        "startLine": first["start_line"],
        "originalLine": first["original_line"],
        "originalStartLine": first["original_start_line"],
        "diffSide": first["side"],
        "startDiffSide": first["start_side"],
        "subjectType": "LINE",
        "resolvedBy": viewer_named(state, request, resolver) if resolver else None,
        "viewerCanResolve": may and resolver is None,
        "viewerCanUnresolve": may and resolver is not None,
        "viewerCanReply": True,
        "comments": Connection(made),
        "pullRequest": lambda: pull(state, request, of, of.pull(shown["pull"])),
        "repository": lambda: repository(state, request, of),
    }


def viewer_named(state: State, request: Request, login: str) -> Data:
    return actor(state, request, login) | {"__typename": "User", "login": login}


def _written(state: State, request: Request, shown: Data, page: str) -> Data:
    """What all kinds of comments have."""
    own = shown["login"] == request.login
    return {
        "databaseId": shown["id"],
        "fullDatabaseId": str(shown["id"]),
        "body": shown["body"],
        "bodyText": shown["body"],
        "author": actor(state, request, shown["login"]),
        "authorAssociation": "NONE" if shown["login"].endswith("[bot]") else "CONTRIBUTOR",
        "url": page,
        "isMinimized": bool(shown.get("minimized")),
        "minimizedReason": shown.get("minimized"),
        "viewerDidAuthor": own,
        "viewerCanUpdate": own,
        "viewerCanDelete": own,
        "viewerCanMinimize": True,
    }


def comment(state: State, request: Request, of: Repository, shown: Data) -> Data:
    page = f"{request.site}/{of.name}/pull/{shown['number']}#issuecomment-{shown['id']}"
    return _written(state, request, shown, page) | {
        "__typename": "IssueComment",
        "id": f"IC_{shown['id']}",
        "createdAt": shown["created_at"],
        "updatedAt": shown["updated_at"],
        "pullRequest": lambda: pull(state, request, of, of.pull(shown["number"])),
    }


def review(state: State, request: Request, of: Repository, shown: Data) -> Data:
    known = rest_views.review(state, request, of, shown)
    comments = [c for c in of.data["review_comments"] if c["review"] == shown["id"]]
    return _written(state, request, shown, known["html_url"]) | {
        "__typename": "PullRequestReview",
        "id": f"PRR_{shown['id']}",
        "state": shown["state"],
        "submittedAt": shown["submitted_at"],
        "createdAt": shown["submitted_at"],
        "updatedAt": shown["submitted_at"],
        "commit": {"__typename": "Commit", "oid": shown["commit_id"]},
        "comments": Connection(
            [partial(review_comment, state, request, of, item) for item in comments]
        ),
    }


def review_comment(state: State, request: Request, of: Repository, shown: Data) -> Data:
    known = rest_views.review_comment(state, request, of, shown)
    made: dict[str, Any] = {
        "__typename": "PullRequestReviewComment",
        "id": f"PRRC_{shown['id']}",
        "path": shown["path"],
        "line": shown["line"],
        "originalLine": shown["original_line"],
        "startLine": shown["start_line"],
        "originalStartLine": shown["original_start_line"],
        "diffHunk": shown["diff_hunk"],
        "outdated": shown["line"] is None,
        "createdAt": shown["created_at"],
        "updatedAt": shown["updated_at"],
        "state": "SUBMITTED",
        "commit": {"__typename": "Commit", "oid": shown["commit_id"]},
        "originalCommit": {"__typename": "Commit", "oid": shown["original_commit_id"]},
        "subjectType": "LINE",
    }
    return _written(state, request, shown, known["html_url"]) | made


VIEWS: Final[Mapping[str, Callable[[State, Request, Repository, Data], Data]]] = {
    "PR": pull,
    "IC": comment,
    "PRR": review,
    "PRRC": review_comment,
    "PRRT": thread,
}
