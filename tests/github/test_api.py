"""The client against scripted answers: what it repeats, how long it waits, what it says."""

from __future__ import annotations

import io
import json
import socket
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from ci_gate.github.api import Client, Clock
from ci_gate.github.errors import ApiError, Purpose, granting
from support.pull_request import Stage

TOKEN = "ghs_0123456789abcdefSECRET"
LOOK = Purpose("look for the comment", "pull-requests: write")
WRITE = Purpose("write the comment", "pull-requests: write")


@dataclass
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: Any


@dataclass
class Script:
    """Answers in the order given; the last one stays. A status of 0 hangs up without an answer."""

    answers: list[tuple[int, dict[str, str], str]] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    url: str = ""

    def add(self, status: int, body: Any = None, **headers: str) -> Script:
        text = body if isinstance(body, str) else json.dumps(body)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers.append((status, named, text))
        return self


@pytest.fixture
def script() -> Iterator[Script]:
    script = Script()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            raw = self.rfile.read(size)
            script.asked.append(
                Asked(
                    self.command,
                    self.path,
                    {k.lower(): v for k, v in self.headers.items()},
                    json.loads(raw) if raw else None,
                )
            )
            status, headers, text = script.answers[0]
            if len(script.answers) > 1:
                script.answers.pop(0)
            if status == 0:
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            data = text.encode()
            self.send_response_only(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _answer

        def log_message(self, *args: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    script.url = f"http://127.0.0.1:{server.server_address[1]}"
    yield script
    server.shutdown()
    server.server_close()


@dataclass
class Time:
    """A clock that only sleeping moves."""

    at: float = 1_000_000.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        assert seconds >= 0
        self.slept.append(seconds)
        self.at += seconds

    @property
    def clock(self) -> Clock:
        return Clock(lambda: self.at, self.sleep)


@pytest.fixture
def time() -> Time:
    return Time()


def client(script: Script, time: Time, **options: Any) -> Client:
    return Client(TOKEN, "acme/shop", api_url=script.url, clock=time.clock, **options)


def test_a_request(script: Script, time: Time) -> None:
    script.add(200, {"id": 1})
    assert client(script, time).get("issues/7", LOOK, state="all") == {"id": 1}
    asked = script.asked[0]
    assert (asked.method, asked.path) == ("GET", "/repos/acme/shop/issues/7?state=all")
    assert asked.headers["authorization"] == f"token {TOKEN}"
    assert asked.headers["user-agent"].startswith("constraint-gate/")
    assert asked.headers["x-github-api-version"] == "2022-11-28"
    assert not time.slept


def test_all_pages_and_the_token_stays_at_home(script: Script, time: Time) -> None:
    elsewhere = "https://elsewhere.test/repos/acme/shop/issues/7/comments?page=2"
    link = f'<{elsewhere}>; rel="next", <x>; rel="last"'
    script.add(200, [{"id": 1}], Link=link).add(200, [{"id": 2}, "no object"])
    pages = client(script, time).pages("issues/7/comments", LOOK)
    assert [item["id"] for item in pages] == [1, 2]
    assert [asked.path for asked in script.asked] == [
        "/repos/acme/shop/issues/7/comments?per_page=100",
        "/repos/acme/shop/issues/7/comments?page=2",
    ]


def test_pages_without_end_end(script: Script, time: Time) -> None:
    script.add(200, [{"id": 1}], Link=f'<{script.url}/repos/acme/shop/x?page=2>; rel="next"')
    assert len(list(client(script, time).pages("x", LOOK))) == 100


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_broken_server_is_asked_again(script: Script, time: Time, status: int) -> None:
    script.add(status, "<html>Unicorn!</html>").add(status, "").add(200, {"id": 1})
    assert client(script, time).get("issues/7", LOOK) == {"id": 1}
    assert time.slept == [1.0, 2.0]


def test_a_server_that_stays_broken_is_given_up(script: Script, time: Time) -> None:
    script.add(502, "<html>")
    with pytest.raises(ApiError) as caught:
        client(script, time).get("issues/7", LOOK)
    assert caught.value.status == 502
    assert "could not look for the comment: GitHub answered 502" in str(caught.value)
    assert "6 times in a row; gave up after 31 s of waiting" in str(caught.value)


def test_answers_that_are_no_json_or_cut_off(script: Script, time: Time) -> None:
    script.add(200, "<html>log in</html>").add(200, '[{"id":').add(200, [{"id": 1}])
    assert client(script, time).get("x", LOOK) == [{"id": 1}]


def test_connections_that_break(script: Script, time: Time) -> None:
    script.add(0).add(0).add(200, {"id": 1})
    assert client(script, time).get("x", LOOK) == {"id": 1}


def test_nobody_there(time: Time) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    away = Client(TOKEN, "acme/shop", api_url=url, clock=time.clock)
    with pytest.raises(ApiError, match="GitHub did not answer") as caught:
        away.send("POST", "x", {}, WRITE, repeat=False)
    assert not caught.value.unclear  # nothing was sent, so that it was tried again
    assert len(time.slept) >= 5


@pytest.mark.parametrize("status", [0, 502])
def test_a_write_whose_answer_is_lost_is_not_repeated(
    script: Script, time: Time, status: int
) -> None:
    script.add(status)
    with pytest.raises(ApiError, match="whether it was carried out is not known") as caught:
        client(script, time).send("POST", "issues/7/comments", {"body": "x"}, WRITE, repeat=False)
    assert caught.value.unclear
    assert len(script.asked) == 1


def test_a_write_that_bears_repetition_is_repeated(script: Script, time: Time) -> None:
    script.add(0).add(502).add(200, {"id": 1})
    sent = client(script, time).send(
        "PATCH", "issues/comments/1", {"body": "x"}, WRITE, repeat=True
    )
    assert sent == {"id": 1}
    assert [asked.body for asked in script.asked] == [{"body": "x"}] * 3


def test_writes_keep_a_second_apart(script: Script, time: Time) -> None:
    script.add(201, {"id": 1})
    api = client(script, time)
    for _ in range(3):
        api.send("POST", "x", {}, WRITE, repeat=False)
        api.get("x", LOOK)
    assert time.slept == [1.0, 1.0]


def test_secondary_limit_with_retry_after(script: Script, time: Time) -> None:
    message = {"message": "You have exceeded a secondary rate limit. Please wait a few minutes."}
    script.add(403, message, Retry_After="42").add(429, message, Retry_After="7").add(201, {})
    client(script, time).send("POST", "x", {}, WRITE, repeat=False)
    assert [pause for pause in time.slept if pause != 1.0] == [42.0, 7.0]


def test_secondary_limit_that_does_not_say_how_long(script: Script, time: Time) -> None:
    script.add(403, {"message": "You have exceeded a secondary rate limit."}).add(200, {})
    client(script, time).get("x", LOOK)
    assert time.slept == [60.0]


def test_primary_limit_goes_by_githubs_clock(script: Script, time: Time) -> None:
    script.add(
        403,
        {"message": "API rate limit exceeded for installation ID 1."},
        X_RateLimit_Remaining="0",
        X_RateLimit_Reset="1700000030",
        Date="Tue, 14 Nov 2023 22:13:20 GMT",  # 1700000000
    ).add(200, {})
    client(script, time).get("x", LOOK)
    assert time.slept == [31.0]


def test_a_limit_beyond_patience_is_said_at_once(script: Script, time: Time) -> None:
    script.add(429, {"message": "API rate limit exceeded"}, Retry_After="3600")
    with pytest.raises(ApiError) as caught:
        client(script, time, patience=120).get("x", LOOK)
    assert "asks for a pause of 3600 s; of 120 s of patience 120 are left" in str(caught.value)
    assert not time.slept


def test_patience_is_one_budget(script: Script, time: Time) -> None:
    for _ in range(2):
        script.add(429, {"message": "slow down"}, Retry_After="50").add(200, {})
    script.add(429, {"message": "slow down"}, Retry_After="50")
    api = client(script, time, patience=120)
    api.get("x", LOOK)
    api.get("x", LOOK)
    with pytest.raises(ApiError, match="of 120 s of patience 20 are left"):
        api.get("x", LOOK)
    assert sum(time.slept) == 100


def test_a_permission_that_is_missing(script: Script, time: Time) -> None:
    script.add(
        403, {"message": "Resource not accessible by integration"}, X_RateLimit_Remaining="0"
    )
    with pytest.raises(ApiError) as caught:
        client(script, time).send("POST", "x", {}, WRITE, repeat=False)
    error = caught.value
    assert error.permission == "pull-requests: write"
    assert error.yaml == "permissions:\n  contents: read\n  pull-requests: write"
    assert "`permissions: {contents: read, pull-requests: write}`" in str(error)
    assert "docs/action.md#forks" in str(error)
    assert "\n" not in str(error)
    assert not time.slept


def test_a_permission_is_named_once(script: Script, time: Time) -> None:
    script.add(403, {"message": "Resource not accessible by integration"})
    purpose = Purpose("write the history's branch", "contents: write")
    with pytest.raises(ApiError, match=r"`permissions: \{contents: write\}`"):
        client(script, time).send("POST", "x", {}, purpose, repeat=False)


def test_one_block_for_several_permissions() -> None:
    assert granting(["checks: write", "pull-requests: write"]) == (
        "permissions:\n  contents: read\n  checks: write\n  pull-requests: write"
    )
    assert granting(["contents: write"]) == "permissions:\n  contents: write"


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (401, {"message": "Bad credentials"}, "does not accept the token (Bad credentials)"),
        (403, {"message": "Unable to create comment because issue is locked."}, "issue is locked"),
        (404, {"message": "Not Found"}, "it takes `pull-requests: write`"),
        (
            422,
            {
                "message": "Validation Failed",
                "errors": [
                    {"resource": "IssueComment", "field": "body", "code": "missing"},
                    "second",
                    {"message": "body is too long"},
                ],
            },
            "422 (Validation Failed; IssueComment body missing; second; body is too long)",
        ),
        (307, {"message": "Temporary Redirect"}, "the repository has moved"),
        (410, "plain text", "GitHub answered 410"),
        (400, [1, 2], "GitHub answered 400"),
    ],
)
def test_refusals_in_plain_words(
    script: Script, time: Time, status: int, body: Any, words: str
) -> None:
    script.add(status, body)
    with pytest.raises(ApiError) as caught:
        client(script, time).send("POST", "x", {}, WRITE, repeat=True)
    assert words in str(caught.value)
    assert caught.value.status == status
    assert caught.value.permission is None
    assert len(script.asked) == 1


def test_no_text_holds_the_token(script: Script, time: Time) -> None:
    script.add(422, {"message": f"you sent {TOKEN} to https://me:pw@proxy.test/"})
    api = client(script, time)
    with pytest.raises(ApiError) as caught:
        api.get("x", LOOK)
    assert TOKEN not in str(caught.value) + repr(caught.value) + repr(api) + repr(
        vars(caught.value)
    )
    assert "me:pw" not in str(caught.value)
    assert "you sent ***" in str(caught.value)


@pytest.mark.parametrize("token", ["", " ", "ghs_a\nb", "ghs_ä"])
def test_what_is_no_token(token: str) -> None:
    with pytest.raises(ApiError, match="the token"):
        Client(token, "acme/shop")


@pytest.mark.parametrize("repository", ["acme", "acme/shop/x", "../..\n", "a b/c"])
def test_what_is_no_repository(repository: str) -> None:
    with pytest.raises(ApiError, match="is no repository"):
        Client(TOKEN, repository)


def test_what_is_no_address() -> None:
    with pytest.raises(ApiError, match="is no http"):
        Client(TOKEN, "acme/shop", api_url="file:///etc/passwd")


def test_graphql_of_an_enterprise_server(script: Script, time: Time) -> None:
    script.add(200, {"data": {"viewer": {"login": "github-actions[bot]"}}})
    api = Client(TOKEN, "acme/shop", api_url=f"{script.url}/api/v3/", clock=time.clock)
    assert api.login() == "github-actions[bot]"
    assert api.login() == "github-actions[bot]"
    assert [asked.path for asked in script.asked] == ["/api/graphql"]
    script.answers[:] = [(200, {}, "{}")]
    api.get("x", LOOK)
    assert script.asked[-1].path == "/api/v3/repos/acme/shop/x"


@pytest.mark.parametrize(
    ("errors", "status"),
    [
        ([{"type": "FORBIDDEN", "message": "Resource not accessible by integration"}], 403),
        ([{"type": "NOT_FOUND", "message": "Could not resolve to a Repository"}], 404),
        ([{"message": "Parse error on }"}], 422),
        ("garbage", 422),
    ],
)
def test_graphql_refusals(script: Script, time: Time, errors: Any, status: int) -> None:
    script.add(200, {"data": None, "errors": errors})
    with pytest.raises(ApiError) as caught:
        client(script, time).graphql("query { x }", {}, WRITE)
    assert caught.value.status == status
    assert caught.value.permission == ("pull-requests: write" if status == 403 else None)


def test_graphql_limits_and_faults_pass(script: Script, time: Time) -> None:
    script.add(200, {"errors": [{"type": "RATE_LIMITED", "message": "limit"}]}, Retry_After="5")
    script.add(200, {"errors": [{"message": "Something went wrong while executing your query."}]})
    script.add(200, {"data": {"x": 1}})
    assert client(script, time).graphql("query { x }", {}, WRITE) == {"x": 1}
    assert time.slept == [5.0, 2.0]


def test_an_answer_of_another_shape(script: Script, time: Time) -> None:
    script.add(200, {"data": {"viewer": None}})
    with pytest.raises(ApiError, match="has no 'viewer'"):
        client(script, time).login()
    script.answers[:] = [(200, {}, '{"total": 1}')]
    with pytest.raises(ApiError, match="holds no list"):
        list(client(script, time).pages("x", LOOK))


def test_a_file_kept_elsewhere(script: Script, time: Time) -> None:
    script.add(302, "", Location=f"{script.url}/blob?sig=1").add(200, "PK-data")
    assert client(script, time).download("actions/artifacts/1/zip", LOOK, 100) == b"PK-data"
    assert script.asked[1].path == "/blob?sig=1"
    assert "authorization" not in script.asked[1].headers


def test_a_file_that_is_too_large(script: Script, time: Time) -> None:
    script.add(302, "", Location=f"{script.url}/blob").add(200, "x" * 200_000)
    with pytest.raises(ApiError, match="larger than 100,000 bytes"):
        client(script, time).download("actions/artifacts/1/zip", LOOK, 100_000)


def test_slow_answers_use_up_patience(script: Script) -> None:
    """A request that ran into its time limit counts as waiting."""
    at = [0.0]
    slept = []

    def now() -> float:
        at[0] += 20.0  # between any two looks at the clock
        return at[0]

    script.add(502)
    api = Client(
        TOKEN, "acme/shop", api_url=script.url, patience=60, clock=Clock(now, slept.append)
    )
    with pytest.raises(ApiError, match="gave up after"):
        api.get("x", LOOK)
    assert len(script.asked) == 3


def test_an_artifact(stage: Stage) -> None:
    """Where it is kept refuses a request that carries the token."""
    fetch = Purpose("fetch the artifact", "actions: read")
    stage.repository.add_run(5)
    made = stage.repository.add_artifact(5, "constraint-gate", {"report.json": b"{}"})
    path = f"actions/artifacts/{made['id']}/zip"
    reader = stage.client({"actions": "read"})
    fetched = reader.download(path, fetch, 10_000)
    assert zipfile.ZipFile(io.BytesIO(fetched)).read("report.json") == b"{}"
    with pytest.raises(ApiError, match="GitHub finds no such thing"):
        reader.download("actions/artifacts/1/zip", fetch, 10_000)
    with pytest.raises(ApiError, match="lacks `actions: read`") as caught:
        stage.client().download(path, fetch, 10_000)
    assert caught.value.yaml == "permissions:\n  contents: read\n  actions: read"
    assert "fork" not in str(caught.value)


def test_a_redirect_to_another_host_is_not_followed(script: Script, time: Time) -> None:
    script.add(301, "", Location="http://elsewhere.test/repos/acme/shop/x")
    with pytest.raises(ApiError, match="the repository has moved"):
        client(script, time).get("x", LOOK)


def test_headers_that_are_no_numbers(script: Script, time: Time) -> None:
    script.add(200, {}, X_RateLimit_Remaining="soon", X_RateLimit_Limit="many")
    script.add(200, {"id": 1})
    assert client(script, time).get("x", LOOK) == {"id": 1}
