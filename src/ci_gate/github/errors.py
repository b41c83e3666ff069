"""What GitHub refused, said so that the reader knows which line of the workflow to change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ci_gate.data import dataclass
from ci_gate.regex import regex
from ci_gate.reports.text import clean

FORKS: Final = (
    "On a pull request from a fork or from Dependabot GitHub gives no token that can write; "
    "docs/action.md#forks shows the workflows for these."
)
_NOT_ACCESSIBLE: Final = "not accessible by"
_PASSWORD_IN_URL: Final = regex(r"(?<=://)[^/\s@]+@")


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a request is for, in words that fit after "could not", and the permission it takes."""

    doing: str
    permission: str  # "pull-requests: write"


class ApiError(Exception):
    """A request that did not succeed; the text is one line for the log.

    Attributes:
        status: GitHub's answer; None where there was none.
        permission: what the token lacks, such as ``pull-requests: write``, where that is the cause.
        unclear: no answer came to a request that writes: it may have been carried out.
    """

    def __init__(
        self,
        text: str,
        *,
        status: int | None = None,
        permission: str | None = None,
        unclear: bool = False,
    ) -> None:
        super().__init__(text)
        self.status = status
        self.permission = permission
        self.unclear = unclear

    @property
    def yaml(self) -> str | None:
        """The lines of the workflow that grant what is missing."""
        return None if self.permission is None else granting([self.permission])


def granting(permissions: list[str]) -> str:
    """A ``permissions`` block. Naming one permission takes all others away, so that the checkout's
    stands in it too."""
    return "\n  ".join(["permissions:", *_given(permissions)])


def _given(permissions: list[str]) -> list[str]:
    """With the checkout's permission, each key once: what is asked for goes before it."""
    given = dict(text.split(": ", 1) for text in ("contents: read", *permissions))
    return [f"{name}: {level}" for name, level in given.items()]


def said(data: Any) -> str:
    """GitHub's own words in an answer's body, on one line."""
    if not isinstance(data, Mapping):
        return ""
    words = [data["message"]] if isinstance(data.get("message"), str) else []
    errors = data.get("errors")
    for item in errors[:5] if isinstance(errors, list) else ():
        if isinstance(item, str):
            words.append(item)
        elif isinstance(item, Mapping):
            parts = [item.get("message")] if item.get("message") else [
                item.get("resource"), item.get("field"), item.get("code")
            ]  # fmt: skip
            words.append(" ".join(str(part) for part in parts if part))
    return clean("; ".join(word.rstrip(".") for word in words if word), 400)


def refused(purpose: Purpose, status: int, words: str) -> ApiError:
    """The error for an answer that no repetition would better."""
    start = f"could not {purpose.doing}: "
    quoted = f" ({words})" if words else ""
    if status == 401:
        return ApiError(
            f"{start}GitHub does not accept the token{quoted}. Pass "
            "`token: ${{ github.token }}`, or renew the secret that holds it.",
            status=401,
        )
    if status == 403 and _NOT_ACCESSIBLE in words.lower():
        forks = f" {FORKS}" if purpose.permission.endswith("write") else ""
        return ApiError(
            f"{start}the token lacks `{purpose.permission}`{quoted}. Grant it to the job: "
            f"`permissions: {{{', '.join(_given([purpose.permission]))}}}`.{forks}",
            status=403,
            permission=purpose.permission,
        )
    if status == 404:
        return ApiError(
            f"{start}GitHub finds no such thing in this repository, or the token may not see it "
            f"(it takes `{purpose.permission}`)",
            status=404,
        )
    if 300 <= status < 400:
        return ApiError(f"{start}the repository has moved{quoted}", status=status)
    return ApiError(f"{start}GitHub answered {status}{quoted}", status=status)


def without_secrets(text: str, token: str) -> str:
    """``text`` without the token and without passwords in addresses."""
    return _PASSWORD_IN_URL.sub("***@", text.replace(token, "***") if token else text)
