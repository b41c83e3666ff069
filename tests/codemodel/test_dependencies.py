"""Manifests in every format, and what they install."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ci_gate.codemodel.build import build
from ci_gate.codemodel.dependencies import known
from ci_gate.codemodel.dependencies.environment import Environment, Environments
from ci_gate.codemodel.dependencies.node import NodePackages
from ci_gate.codemodel.dependencies.requirement import normal, url_name
from ci_gate.repository import WorkTree


def environment(tmp_path: Path, module: str = "app.py", **files: str) -> Environment | None:
    for name, text in {module.replace("/", "__"): "", **files}.items():
        path = tmp_path / name.replace("__", "/").replace("_dot_", ".").replace("_dash_", "-")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    tree = WorkTree(tmp_path)
    return Environments(tree, build(tree, jobs=1).modules).of(module)


_HASHED = "Flask>=3 \\\n    --hash=sha256:00\nPyJWT ; python_version > '3'"
_DIRECT = "-e git+https://x.test/x.git@v1#egg=Flask_Admin\nredis @ https://x.test/redis-5.0.whl"
_GROUPS = "[project]\nname='x'\ndependencies=['fastapi']\n[dependency-groups]\ndev=['pytest']"
_POETRY = "[tool.poetry.dependencies]\npython='^3.11'\ncelery={version='^5', extras=['redis']}"
_SETUP = """from setuptools import setup
NEEDS = ['flask']
setup(name='x', install_requires=NEEDS + ['redis'], extras_require={'a': ['celery']})
"""
_CONDA = "dependencies:\n  - python=3.12\n  - conda-forge::fastapi=0.1\n  - pip:\n    - bcrypt==4"


@pytest.mark.parametrize(
    ("name", "text", "wanted"),
    [
        ("requirements.txt", _HASHED, "flask pyjwt"),
        ("requirements.txt", _DIRECT, "flask-admin redis"),
        ("requirements/base.txt", "aiohttp[speedups]==3.10 # server", "aiohttp"),
        ("pyproject.toml", _GROUPS, "fastapi pytest"),
        ("pyproject.toml", _POETRY, "celery redis"),
        ("Pipfile", "[packages]\nflask='*'\n[dev-packages]\nblack='*'", "flask black"),
        ("setup.cfg", "[options]\ninstall_requires =\n    sqlalchemy>=2\n    asyncpg", "asyncpg"),
        ("setup.py", _SETUP, "flask redis celery"),
        ("environment.yml", _CONDA, "fastapi bcrypt"),
        ("poetry.lock", "[[package]]\nname='Flask'\nversion='3'", "flask"),
        ("Pipfile.lock", '{"default": {"flask": {}}, "develop": {"pytest": {}}}', "flask pytest"),
    ],
)
def test_formats(tmp_path: Path, name: str, text: str, wanted: str) -> None:
    found = environment(tmp_path, **{name: text})
    assert found is not None
    assert found.read
    assert set(wanted.split()) <= found.installed


def test_what_comes_along() -> None:
    found = known.installed([("fastapi", frozenset({"standard"})), ("mystery", frozenset())])
    assert {"starlette", "pydantic-core", "email-validator", "uvicorn", "httptools"} <= found.names
    assert found.unknown == {"mystery"}


def test_providers() -> None:
    assert known.providers("yaml") == (("pyyaml",), True)
    assert known.providers("google.oauth2.service_account") == (("google-auth",), True)
    assert known.providers("google.cloud.something") == ((), False)
    assert known.providers("flask_cors") == (("flask-cors",), True)
    assert known.providers("mystery_lib") == (("mystery-lib",), False)


def test_names() -> None:
    assert normal("Ruamel.Yaml_X") == "ruamel-yaml-x"
    assert (
        url_name("https://example.test/a/psycopg2_binary-2.9.9-cp312-linux.whl")
        == "psycopg2-binary"
    )
    assert url_name("https://example.test/a/my-lib-1.2.tar.gz") == "my-lib"
    assert url_name("../libs/common") is None


def test_a_lock_file_is_complete_where_it_has_all_that_is_asked_for(tmp_path: Path) -> None:
    lock = "[[package]]\nname='flask'\nversion='3'\n"
    files = {"pyproject.toml": "[project]\nname='x'\ndependencies=['flask']", "uv.lock": lock}
    found = environment(tmp_path, **files)
    assert found is not None
    assert found.complete
    files["pyproject.toml"] = "[project]\nname='x'\ndependencies=['flask', 'redis']"
    found = environment(tmp_path, **files)
    assert found is not None
    assert not found.complete


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("requirements.txt", "-r missing.txt"),
        ("requirements.txt", "${PRIVATE}/thing"),
        ("requirements.txt", "git+ssh://git@example.test/team/thing.git"),
        ("pyproject.toml", "[project]\nname='x'\ndynamic=['dependencies']"),
        ("setup.py", "from setuptools import setup\nsetup(install_requires=read())"),
        ("pyproject.toml", "not = [valid"),
    ],
)
def test_what_cannot_be_read_says_so(tmp_path: Path, name: str, text: str) -> None:
    found = environment(tmp_path, **{name: text, "requirements/base.txt": "flask"})
    assert found is not None
    assert not found.read


_DEEP = "(" * 5000
_LONG = "1" * 5000


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (f"x; {_DEEP}", "Its marker is nested too deeply"),
        (f"x; {'(' * 1000}os_name == 'nt'{')' * 1000}", "Its marker is nested too deeply"),
        (f"x>={_LONG},<3; os_name == 'nt'", "A number of its version is too long"),
    ],
    ids=["open", "closed", "digits"],
)
def test_a_hostile_line_costs_itself_alone(tmp_path: Path, text: str, problem: str) -> None:
    for name, content in (
        ("requirements.txt", f"flask\n{text}\ndjango\n"),
        ("pyproject.toml", f'[project]\nname="a"\ndependencies = ["flask", "{text}", "django"]'),
    ):
        (tmp_path / name).mkdir()
        found = environment(tmp_path / name, **{name: content})
        assert found is not None
        told = {item.name: item.problem for item in found.requirements}
        assert told == {"flask": None, "x": problem, "django": None}


def test_a_number_that_is_too_long_costs_its_document_alone(tmp_path: Path) -> None:
    text = f'[project]\nname = "a"\nversion-code = {_LONG}\ndependencies = ["flask"]\n'
    found = environment(tmp_path, **{"pyproject.toml": text})
    assert found is not None
    assert not found.read


@pytest.mark.parametrize("wanted", [_LONG, f"^{_LONG}", f"{_LONG}.x", _DEEP])
def test_a_range_of_npm_with_too_many_digits_tells_no_version(tmp_path: Path, wanted: str) -> None:
    (tmp_path / "package.json").write_text(json.dumps({"dependencies": {"express": wanted}}))
    lock = {"packages": {"node_modules/express": {"version": f"{_LONG}.0.0"}}}
    (tmp_path / "package-lock.json").write_text(json.dumps(lock))
    assert NodePackages(WorkTree(tmp_path)).major("app.js", "express") is None


@pytest.mark.parametrize("text", ["[tool.ruff]\nline-length = 100", ""])
def test_settings_of_tools_are_no_manifest(tmp_path: Path, text: str) -> None:
    assert environment(tmp_path, **{"pyproject.toml": text}) is None


def test_commands_install(tmp_path: Path) -> None:
    dockerfile = (
        "FROM python:3.12 AS base\nRUN pip install -U \\\n  'uvicorn[standard]' redis"
        " && echo pip install nothing\nFROM base\nCOPY deps.txt .\nRUN pip install -r /app/deps.txt"
    )
    found = environment(
        tmp_path, **{"requirements.txt": "flask", "Dockerfile": dockerfile, "deps.txt": "celery"}
    )
    assert found is not None
    assert found.read
    assert {"flask", "uvicorn", "httptools", "redis", "celery"} <= found.installed
    assert "nothing" not in found.installed
