"""A pytest plugin that runs in the project's own environment and tells the gate what happened.

It stands alone (standard library and pytest, Python >= 3.8) because it is copied beside the tests,
not imported from the gate. Each test is one line of JSON in the file that ``CI_GATE_REPORT`` names.
A test's endpoint is the last request that its own body made to the service. Fixture ``base_url``
gives the service's address where the project defines none itself; ``CI_GATE_BASE_URL`` has it too.
"""

import http.client
import json
import os
from urllib.parse import urlsplit

import pytest

_BASE = os.environ["CI_GATE_BASE_URL"]
_PORT = urlsplit(_BASE).port
_TOLD = ("assert", "AssertionError", "Failed")  # what a test says on purpose
_seen = {"test": None, "phase": None, "endpoint": None}


@pytest.fixture(scope="session")
def base_url():
    return _BASE


def _note(method, target, port):
    if port == _PORT and _seen["phase"] == "call":
        path = urlsplit(target).path or "/"
        _seen["endpoint"] = "%s %s" % (method.upper(), path)


_putrequest = http.client.HTTPConnection.putrequest


def _recording_putrequest(self, method, url, *args, **kwargs):
    _note(method, url, self.port)
    return _putrequest(self, method, url, *args, **kwargs)


http.client.HTTPConnection.putrequest = _recording_putrequest


def _record_httpx():
    try:
        import httpx
    except ImportError:
        return

    def event(request):
        _note(request.method, str(request.url), request.url.port)

    send, send_async = httpx.Client.send, httpx.AsyncClient.send

    def recording_send(self, request, **kwargs):
        event(request)
        return send(self, request, **kwargs)

    async def recording_send_async(self, request, **kwargs):
        event(request)
        return await send_async(self, request, **kwargs)

    httpx.Client.send = recording_send
    httpx.AsyncClient.send = recording_send_async


def _record_aiohttp():
    try:
        from aiohttp import ClientSession
    except ImportError:
        return
    request = ClientSession._request

    async def recording_request(self, method, url, **kwargs):
        built = self._build_url(url) if hasattr(self, "_build_url") else url
        _note(method, str(built), urlsplit(str(built)).port)
        return await request(self, method, url, **kwargs)

    ClientSession._request = recording_request


_record_httpx()
_record_aiohttp()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_call(item):
    _seen.update(test=item.nodeid, phase="call", endpoint=None)
    yield
    _seen["phase"] = None


def pytest_runtest_logreport(report):
    if report.skipped or (report.when != "call" and report.passed):
        return
    _write(report.nodeid, report.passed, report.duration, report.longrepr)


def pytest_collectreport(report):
    if report.failed:
        _seen["endpoint"] = None
        _write(report.nodeid, False, 0.0, report.longrepr, collected=False)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(exitstatus):
    _append({"ended": int(exitstatus)})


def _message(longrepr):
    """The error itself, which pytest puts behind an E."""
    crash = getattr(longrepr, "reprcrash", None)
    if crash:
        own = not crash.message.startswith(_TOLD) and "site-packages" not in crash.path
        name = os.path.relpath(crash.path)
        where = " (the test itself raised it, at %s:%s)" % (name, crash.lineno) if own else ""
        return crash.message + where
    lines = str(longrepr).splitlines()
    errors = [line[1:].strip() for line in lines if line.startswith("E ")]
    return "\n".join(errors or lines)


def _write(name, passed, seconds, longrepr, collected=True):
    message = "" if passed else _message(longrepr)
    _append(
        {
            "name": name,
            "endpoint": _seen["endpoint"],
            "passed": passed,
            "message": message[:2000],
            "seconds": seconds,
            "collected": collected,
        }
    )


def _append(item):
    line = json.dumps(item)
    with open(os.environ["CI_GATE_REPORT"], "a", encoding="utf-8") as stream:
        stream.write(line + "\n")
