"""One repository of GitHub's API: patient with a busy GitHub, plain about a refusal.

Requests go through PyGithub's transport (docs/decisions/0009-github-api.md). What is added here is
what its retries do not have: one budget of waiting for the whole run, no blind repetition of a
request that may already have been carried out, and errors that name the missing permission.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import quote, urlsplit

from ci_gate import __version__
from ci_gate.data import dataclass
from ci_gate.github.errors import ApiError, Purpose, refused, said, without_secrets
from ci_gate.regex import regex

if TYPE_CHECKING:
    from github.Requester import Requester

T = TypeVar("T")

ATTEMPTS: Final = 6  # of one request that a busy GitHub does not answer
BETWEEN_WRITES: Final = 1.0  # seconds; GitHub's own advice against the secondary limit
PER_PAGE: Final = 100
PAGES: Final = 100
_LIMIT_PAUSE: Final = 60.0  # where a secondary limit does not say how long
_HEADERS: Final = {
    "Accept": "application/vnd.github+json",
    "X-GitHub-Api-Version": "2022-11-28",
}
_NAME: Final = regex(r"[\w.-]+/[\w.-]+")
_NEXT: Final = regex(r'<([^>]*)>;[^,]*\brel="?next"?')
_VIEWER: Final = Purpose("ask who the token belongs to", "pull-requests: write")


@dataclass(frozen=True, slots=True)
class Clock:
    """How time passes; tests pass their own."""

    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True, slots=True)
class _Answer:
    """``status`` is 0 where none came; ``sent``: the request may have reached GitHub."""

    status: int
    headers: Mapping[str, str]
    data: Any
    words: str = ""
    sent: bool = True

    @property
    def limited(self) -> bool:
        """Refused for the number of requests; nothing was carried out."""
        if self.status not in (403, 429) or "not accessible by" in self.words.lower():
            return False
        return (
            self.status == 429
            or "retry-after" in self.headers
            or self.headers.get("x-ratelimit-remaining") == "0"
            or "rate limit" in self.words.lower()
        )

    @property
    def failed(self) -> bool:
        """GitHub, or the way to it, broke down: the same request may succeed later."""
        return self.status == 0 or self.status >= 500


class Client:
    """Requests about one repository. Paths are relative to it (``issues/7/comments``).

    Args:
        token: sent to ``api_url`` only, and in no text that leaves this class.
        repository: ``owner/name``.
        patience: seconds that all requests together may spend on waiting for a busy GitHub.

    Raises (every method):
        ApiError: the request was refused, or patience ran out.
    """

    def __init__(
        self,
        token: str,
        repository: str,
        *,
        api_url: str = "https://api.github.com",
        patience: float = 120.0,
        timeout: int = 30,
        clock: Clock | None = None,
    ) -> None:
        self.repository = repository
        self._token = token.strip()
        self._api_url = api_url.rstrip("/")
        self._patience = patience
        self._timeout = timeout
        self._clock = clock or Clock()
        self._waited = 0.0
        self._last_write: float | None = None
        self._login: str | None = None
        self._requester = self._connect()

    def __repr__(self) -> str:
        return f"Client({self.repository!r}, api_url={self._api_url!r})"

    def _connect(self) -> Requester:
        from github import Auth, Github  # noqa: PLC0415

        where = urlsplit(self._api_url)
        if where.scheme not in ("http", "https") or not where.hostname:
            raise ApiError(f"the API's address {self._api_url!r} is no http(s) URL")
        if not _NAME.fullmatch(self.repository):
            raise ApiError(f"{self.repository!r} is no repository: owner/name")
        if not re.fullmatch(r"[!-~]+", self._token):
            raise ApiError("the token is empty or holds characters that no token has")
        return Github(
            auth=Auth.Token(self._token),
            base_url=self._api_url,
            timeout=self._timeout,
            user_agent=f"constraint-gate/{__version__}",
            per_page=PER_PAGE,
            retry=0,
            seconds_between_requests=0,
            seconds_between_writes=0,
        ).requester

    def get(self, path: str, purpose: Purpose, **parameters: str | int) -> Any:
        """The body of one answer."""
        return self._ask("GET", path, purpose, parameters=parameters).data

    def pages(
        self, path: str, purpose: Purpose, *, key: str | None = None, **parameters: str | int
    ) -> Iterator[Mapping[str, Any]]:
        """The items of all pages (at most 10,000). ``key``: where the list is in each answer."""
        url, asked = path, {"per_page": PER_PAGE, **parameters}
        for _ in range(PAGES):
            answer = self._ask("GET", url, purpose, parameters=asked)
            items = answer.data if key is None else field(answer.data, key, list)
            if not isinstance(items, list):
                raise ApiError(f"could not {purpose.doing}: the answer holds no list")
            yield from (item for item in items if isinstance(item, Mapping))
            following = _NEXT.search(answer.headers.get("link", ""))
            if following is None:
                return
            url, asked = following[1], {}  # only its path is used, so the token goes nowhere else

    def send(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None,
        purpose: Purpose,
        *,
        repeat: bool,
    ) -> Any:
        """Write. ``repeat``: carrying it out twice is the same as once, so it may be sent again
        where no answer came; else such a failure is raised with ``unclear`` set."""
        return self._ask(method, path, purpose, body=body, repeat=repeat).data

    def graphql(
        self, query: str, variables: Mapping[str, Any], purpose: Purpose, *, writes: bool = False
    ) -> Mapping[str, Any]:
        """The answer's ``data``. Mutations must bear repetition."""
        body = {"query": query, "variables": dict(variables)}

        def attempt() -> _Answer:
            return _of_graphql(self._once("POST", self._requester.graphql_url, {}, body))

        data = self._patiently(attempt, purpose, writes=writes, repeat=True).data
        return field(data, "data", dict)

    def login(self) -> str:
        """The token's user as REST names it (``github-actions[bot]``). An installation's token
        cannot ask ``GET /user``, GraphQL answers for every kind."""
        if self._login is None:
            data = self.graphql("query { viewer { login } }", {}, _VIEWER)
            self._login = field(field(data, "viewer", dict), "login", str)
        return self._login

    def download(self, path: str, purpose: Purpose, limit: int) -> bytes:
        """A file that GitHub keeps elsewhere (an artifact), at most ``limit`` bytes of it. The
        token is not sent to where it is kept."""
        target = self._ask("GET", path, purpose, redirected=True).headers.get("location", "")
        if not target.startswith("https://") and not self._api_url.startswith("http://"):
            raise ApiError(f"could not {purpose.doing}: GitHub names no place to fetch it from")
        answer = self._patiently(
            lambda: self._fetched(target, limit), purpose, writes=False, repeat=True
        )
        if len(answer.data) > limit:
            raise ApiError(f"could not {purpose.doing}: it is larger than {limit:,} bytes")
        return bytes(answer.data)

    def pause(self, seconds: float) -> None:
        """Let others' writes become visible."""
        self._clock.sleep(seconds)

    def _ask(
        self,
        method: str,
        path: str,
        purpose: Purpose,
        *,
        parameters: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        repeat: bool = True,
        redirected: bool = False,
    ) -> _Answer:
        url = path if "://" in path else f"/repos/{self.repository}/{quote(path, safe='/:')}"
        return self._patiently(
            lambda: self._once(method, url, parameters or {}, body),
            purpose,
            writes=method != "GET",
            repeat=repeat,
            redirected=redirected,
        )

    def _patiently(
        self,
        attempt: Callable[[], _Answer],
        purpose: Purpose,
        *,
        writes: bool,
        repeat: bool,
        redirected: bool = False,
    ) -> _Answer:
        """Repeat what failed for a reason that passes, within the patience that is left."""
        number = 0
        while True:
            if writes:
                self._space()
            began = self._clock.now()
            answer = attempt()
            if writes:
                self._last_write = self._clock.now()
            if 200 <= answer.status < 300 or (redirected and 300 <= answer.status < 400):
                return answer
            if not answer.limited and not answer.failed:
                raise self._plain(refused(purpose, answer.status, answer.words))
            self._waited += max(0.0, self._clock.now() - began)
            number += 1
            self._wait(answer, number, purpose, again=repeat or answer.limited or not answer.sent)

    def _wait(self, answer: _Answer, number: int, purpose: Purpose, *, again: bool) -> None:
        """Sleep until the request may be sent again, or say why it will not be."""
        start = f"could not {purpose.doing}: "
        words = f" ({answer.words})" if answer.words else ""
        what = f"GitHub answered {answer.status}" if answer.status else "GitHub did not answer"
        if not again:
            raise self._plain(ApiError(
                f"{start}{what}{words}; whether it was carried out is not known",
                status=answer.status or None, unclear=True,
            ))  # fmt: skip
        wait = _pause(answer, number, self._clock.now())
        left = max(0.0, self._patience - self._waited)
        if answer.limited and wait > left:
            raise self._plain(ApiError(
                f"{start}GitHub limits the number of requests{words} and asks for a pause of "
                f"{wait:.0f} s; of {self._patience:.0f} s of patience {left:.0f} are left",
                status=answer.status,
            ))  # fmt: skip
        if number >= ATTEMPTS or wait > left:
            times = "once" if number == 1 else f"{number} times in a row"
            raise self._plain(ApiError(
                f"{start}{what}{words} {times}; gave up after {self._waited:.0f} s of waiting "
                f"(patience: {self._patience:.0f} s)",
                status=answer.status or None,
            ))  # fmt: skip
        self._clock.sleep(wait)
        self._waited += wait

    def _space(self) -> None:
        """Writes in quick succession meet the secondary limit."""
        if self._last_write is not None:
            rest = self._last_write + BETWEEN_WRITES - self._clock.now()
            if rest > 0:
                self._clock.sleep(min(rest, BETWEEN_WRITES))

    def _plain(self, error: ApiError) -> ApiError:
        """The error without the token: a proxy or a broken server may echo what it was sent."""
        error.args = (without_secrets(str(error), self._token),)
        return error

    def _once(
        self,
        method: str,
        url: str,
        parameters: Mapping[str, Any],
        body: Mapping[str, Any] | None,
    ) -> _Answer:
        try:
            status, headers, text = self._requester.requestJson(
                method, url, dict(parameters), dict(_HEADERS), body
            )
        except OSError as error:  # what the HTTP library raises is one
            return _unanswered(error)
        except (RuntimeError, AssertionError) as error:  # a redirect to another host
            return _Answer(310, {}, None, words=str(error)[:300])
        except ValueError as error:  # headers or text that cannot be decoded
            return _Answer(0, {}, None, words=type(error).__name__)
        try:
            data = json.loads(text) if text else None
        except (ValueError, RecursionError):
            garbled = 0 if 200 <= status < 300 else status  # a proxy's page, or cut off
            return _Answer(garbled, headers, None, words="not JSON" if not garbled else "")
        words = "" if status < 300 else said(data) or headers.get("location", "")
        return _Answer(status, headers, data, words=words)

    def _fetched(self, url: str, limit: int) -> _Answer:
        import requests  # noqa: PLC0415

        try:
            with requests.get(
                url, stream=True, timeout=self._timeout, auth=lambda request: request
            ) as response:
                data = bytearray()
                ends = self._clock.now() + 4 * self._timeout
                for chunk in response.iter_content(1 << 16):
                    data += chunk
                    if len(data) > limit:
                        break
                    if self._clock.now() > ends:
                        return _Answer(0, {}, None, words="the download is too slow")
                return _Answer(response.status_code, {}, data)
        except OSError as error:
            return _unanswered(error)


def field(data: Any, name: str, kind: type[T]) -> T:
    """A field of an answer, of the type that GitHub documents."""
    value = data.get(name) if isinstance(data, Mapping) else None
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise ApiError(f"GitHub's answer has no {name!r}: is the API's address right?")
    return value


def login_of(item: Mapping[str, Any]) -> str:
    """Who wrote a comment or a review; empty for a deleted account."""
    user = item.get("user")
    login = user.get("login") if isinstance(user, Mapping) else None
    return login if isinstance(login, str) else ""


def sendable(text: str) -> str:
    """Text that JSON and GitHub's database take: no lone surrogates, no NUL."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "\ufffd")


def length(text: str) -> int:
    """In UTF-16 units: never less than GitHub counts."""
    return len(text) + sum(character > "\uffff" for character in text)


def _pause(answer: _Answer, number: int, now: float) -> float:
    """Seconds until the request may be sent again."""
    after = answer.headers.get("retry-after", "")
    if after.isdigit():
        return max(float(after[:9]), 1.0)
    if not answer.limited:
        return float(2 ** (number - 1))
    reset = answer.headers.get("x-ratelimit-reset", "")
    if answer.headers.get("x-ratelimit-remaining") == "0" and reset.isdigit():
        return max(float(reset[:12]) - _date(answer.headers, now) + 1.0, 1.0)
    return _LIMIT_PAUSE * float(2 ** (number - 1))


def _date(headers: Mapping[str, str], now: float) -> float:
    """GitHub's clock, which the time of a reset goes by."""
    try:
        return parsedate_to_datetime(headers["date"]).timestamp()
    except (KeyError, ValueError, TypeError):
        return now


def _unanswered(error: OSError) -> _Answer:
    """No answer. ``sent`` is false where there was not even a connection."""
    from urllib3.exceptions import (  # noqa: PLC0415
        ConnectTimeoutError,
        MaxRetryError,
        NewConnectionError,
        ProxyError,
        SSLError,
    )

    cause = error.args[0] if error.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    if isinstance(reason, SSLError):
        return _Answer(526, {}, None, words="the certificate is not trusted", sent=False)
    sent = not isinstance(reason, NewConnectionError | ConnectTimeoutError | ProxyError)
    kind = type(reason if isinstance(reason, Exception) else error).__name__
    return _Answer(0, {}, None, words=kind, sent=sent)


def _of_graphql(answer: _Answer) -> _Answer:
    """GraphQL answers 200 to nearly everything and says in the body what it refused."""
    errors = answer.data.get("errors") if isinstance(answer.data, Mapping) else None
    if not 200 <= answer.status < 300 or not errors:
        return answer
    first = errors[0] if isinstance(errors, list) else None
    kind = first.get("type") if isinstance(first, Mapping) else None
    words = said({"errors": errors})
    if kind is None and "something went wrong" in words.lower():
        status = 502
    else:
        status = {"RATE_LIMITED": 429, "FORBIDDEN": 403, "NOT_FOUND": 404}.get(str(kind), 422)
    return _Answer(status, answer.headers, answer.data, words=words)
