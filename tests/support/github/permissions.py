"""Which permission of the token an operation needs, from GitHub's table for Apps.

Alternatives are separated; GitHub names them in X-Accepted-GitHub-Permissions.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_TALK: Final = ("issues", "pull_requests")
_BY_AREA: Final[Mapping[str, tuple[str, ...]]] = {
    "issues": _TALK,
    "pulls": ("pull_requests",),
    "checks": ("checks",),
    "git": ("contents",),
    "repos": ("contents",),
    "actions": ("actions",),
    "code-scanning": ("security_events",),
}
_BY_OPERATION: Final[Mapping[str, tuple[str, ...]]] = {
    "repos/get": ("metadata",),
    "repos/create-commit-status": ("statuses",),
    "repos/get-combined-status-for-ref": ("statuses",),
    "repos/list-pull-requests-associated-with-commit": ("pull_requests",),
    "issues/create-label": _TALK,
}
#: resolveReviewThread asks for contents: write, and says so nowhere (community discussion 44650).
MUTATIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "resolveReviewThread": ("contents",),
    "unresolveReviewThread": ("contents",),
    "minimizeComment": _TALK,
    "unminimizeComment": _TALK,
    "addPullRequestReviewThread": ("pull_requests",),
    "updatePullRequestReviewComment": ("pull_requests",),
    "dismissPullRequestReview": ("pull_requests",),
}


def needed(operation_id: str) -> tuple[str, ...]:
    """Names of permissions, one of which is enough; empty: any token will do."""
    area = operation_id.split("/", maxsplit=1)[0]
    return _BY_OPERATION.get(operation_id, _BY_AREA.get(area, ()))


def granted(permissions: Mapping[str, str], names: tuple[str, ...], write: bool) -> bool:
    enough = ("write",) if write else ("read", "write")
    return not names or any(permissions.get(name) in enough for name in names)
