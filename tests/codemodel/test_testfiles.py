"""Tests belong to the program as far as it imports them."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ci_gate.codemodel.build import build
from ci_gate.codemodel.places import OUTSIDE, is_outside, is_test
from support.trees import MemoryTree


def read(*files: tuple[str, str]) -> tuple[Sequence[str], Sequence[str]]:
    model = build(MemoryTree(dict(files)))
    return sorted(model.modules), sorted(model.tests)


def test_tests_are_left_out() -> None:
    modules, tests = read(
        ("shop/views.py", "import os\n"),
        ("shop/tests/test_views.py", "from shop import views\n"),
        ("conftest.py", "import pytest\n"),
        ("web/app.ts", "export const a = 1\n"),
        ("web/app.spec.ts", "import { a } from './app'\n"),
    )
    assert modules == ["shop/views.py", "web/app.ts"]
    assert tests == ["conftest.py", "shop/tests/test_views.py", "web/app.spec.ts"]


@pytest.mark.parametrize(
    "line",
    [
        "from shop.tests.helpers import sample",
        "from shop.tests import helpers",
        "import shop.tests.helpers",
        "from .tests.helpers import sample",
        "from .tests import helpers as h",
        "from . import tests\nfrom .tests import *\nfrom .tests import helpers",
    ],
)
def test_a_helper_that_the_program_imports_is_read_with_what_it_imports(line: str) -> None:
    modules, tests = read(
        ("shop/__init__.py", ""),
        ("shop/seed.py", f"{line}\n"),
        ("shop/tests/__init__.py", ""),
        ("shop/tests/helpers.py", "from shop.tests.texts import WORDS\n"),
        ("shop/tests/texts.py", "WORDS = []\n"),
        ("shop/tests/test_seed.py", "from shop.seed import x\n"),
    )
    assert tests == ["shop/tests/test_seed.py"]
    assert "shop/tests/texts.py" in modules
    assert "shop/tests/__init__.py" in modules


def test_an_application_may_be_called_tests_and_a_model_a_test() -> None:
    modules, tests = read(
        ("exams/settings.py", "INSTALLED_APPS = ['tests']\n"),
        ("tests/__init__.py", ""),
        ("tests/models.py", "class Question: ...\n"),
        ("tests/scoring.py", ""),
        ("tests/test_models.py", ""),
        ("shop/ab_test.py", "class AbTest(Base): ...\n"),
        ("shop/cart_test.py", "def test_cart(): ...\n"),
        ("shop/tests/helpers.py", ""),
    )
    assert tests == ["shop/cart_test.py", "shop/tests/helpers.py", "tests/test_models.py"]
    assert "tests/scoring.py" in modules
    assert "shop/ab_test.py" in modules


def test_scripts_too() -> None:
    modules, tests = read(
        ("src/server.ts", "import { sample } from './__tests__/sample'\n"),
        ("src/__tests__/sample.ts", "export * from './more'\n"),
        ("src/__tests__/more.ts", "export const sample = 1\n"),
        ("src/__tests__/server.test.ts", "import '../server'\n"),
    )
    assert modules == ["src/__tests__/more.ts", "src/__tests__/sample.ts", "src/server.ts"]
    assert tests == ["src/__tests__/server.test.ts"]


def test_where_there_is_nothing_else_tests_are_the_program() -> None:
    assert read(("tests/test_a.py", "")) == (["tests/test_a.py"], [])


@pytest.mark.parametrize(
    "path",
    ["tests/a.py", "a/__mocks__/b.js", "e2e/x.ts", "a/test_b.py", "conftest.py", "b.spec.tsx"],
)
def test_what_is_a_test_is_outside_of_the_service(path: str) -> None:
    assert is_test(path)
    assert is_outside(path)


def test_a_service_may_be_about_tests() -> None:
    for path in ("app/testing_grounds.py", "app/latest.py", "contests/views.py", "src/attest.ts"):
        assert not is_test(path)
        assert not OUTSIDE.search(path)
