"""Which files belong to the service, by their place in the tree."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from ci_gate.regex import regex

#: Not part of the service: hidden folders, tests, one-off scripts, schema history, generated code,
#: documentation.
OUTSIDE: Final = regex(
    r"(?:^|/)\.[^/]+/|(?:^|/)(?:tests?|__tests__|spec|specs|e2e|testing|fixtures|factories|migrations?|alembic|"
    r"versions|seeds?|seeders|scripts?|bin|tools|benchmarks?|docs?|examples?|samples?|mocks?|"
    r"__mocks__|stubs|storybook|generated|management)/|(?:^|/)(?:test_[^/]*|conftest|[^/]*_test)"
    r"\.py$|\.(?:test|spec|e2e|stories|mock)\.[cm]?[jt]sx?$|(?:^|/)(?:setup|noxfile|gunicorn\w*|"
    r"locustfile|fabfile)\.py$|\.config\.[cm]?[jt]s$|(?:^|/)(?:test|seed)s?\.[jt]s$"
)

#: Tests and what is there for them alone. All of it is ``OUTSIDE`` as well.
TESTS: Final = regex(
    r"(?:^|/)(?:tests?|__tests__|__mocks__|specs?|e2e)/|(?:^|/)(?:test_[^/]*|conftest|[^/]*_test)\.py$"
    r"|\.(?:test|spec|e2e|stories|mock)\.[cm]?[jt]sx?$"
)


@lru_cache(maxsize=1 << 16)
def is_test(path: str) -> bool:
    """Is the file a test, or there for tests?"""
    return TESTS.search(path) is not None


@lru_cache(maxsize=1 << 16)
def is_outside(path: str) -> bool:
    """Is the file no part of the running service?"""
    return OUTSIDE.search(path) is not None


def only_declares(path: str) -> bool:
    """Is the file of TypeScript there for its types alone?"""
    return path.endswith((".d.ts", ".d.mts", ".d.cts"))


def folders_above(folder: str) -> Iterator[str]:
    """The folder and all above it, up to the root (the empty path)."""
    while folder:
        yield folder
        folder = posixpath.dirname(folder)
    yield ""
