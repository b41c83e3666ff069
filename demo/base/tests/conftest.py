"""The contract's tests talk to a running service and know nothing of its code."""

import json
import urllib.error
import urllib.request

import pytest


class Api:
    def __init__(self, base_url):
        self._base_url = base_url + "/api"

    def __call__(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._base_url + path, data, method=method)
        if data is not None:
            request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request) as response:
                return response.status, json.loads(response.read() or b"null")
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read() or b"null")


@pytest.fixture
def api(base_url):
    return Api(base_url)


@pytest.fixture
def book(api):
    body = {"title": "Middlemarch", "author": "George Eliot", "copies": 1}
    return api("POST", "/books", body)[1]["book"]


@pytest.fixture
def member(api):
    return api("POST", "/members", {"name": "Ada"})[1]["member"]


@pytest.fixture
def loan(api, book, member):
    body = {"book_id": book["id"], "member_id": member["id"]}
    return api("POST", "/loans", body)[1]["loan"]
