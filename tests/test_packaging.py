"""What is shipped works away from the checkout, and the parts of the project are in step."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    source = tmp_path_factory.mktemp("source") / "tree"
    kept = ("pyproject.toml", "README.md", "LICENSE", "src", "rulesets")
    source.mkdir()
    for name in kept:
        place = ROOT / name
        if place.is_dir():
            shutil.copytree(place, source / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(place, source / name)
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    [built] = (source / "dist").glob("*.whl")
    return built


def test_wheel_scans_away_from_the_checkout(wheel: Path, tmp_path: Path) -> None:
    target = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target)
    assert list(target.glob("ci_gate/rulesets/python/**/*.yaml"))
    assert (target / "ci_gate/rulesets/architectures/layered.yml").is_file()
    assert (target / "ci_gate/github/agents.yml").is_file()
    for name in ("postman_reporter.js", "npm/package.json", "npm/package-lock.json"):
        assert (target / "ci_gate/contract/runners" / name).is_file()
    service = tmp_path / "service"
    shutil.copytree(ROOT / "demo" / "base", service)
    (service / ".ci-gate.yml").write_text("architecture: layered\n")
    query = service / "lending" / "repositories" / "books.py"
    text = query.read_text().replace("Book.author == author", "Book.author is None")
    query.write_text(text.replace("import select", "import select, text"))
    code = (
        f"import sys; sys.path.insert(0, {str(target)!r})\n"
        f"import ci_gate; assert ci_gate.__file__.startswith({str(target)!r}), ci_gate.__file__\n"
        "from ci_gate.cli import main; main()"
    )
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, "-c", code, "scan", str(service), "--format", "json"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stdout + done.stderr
    rules = {finding["rule"] for finding in json.loads(done.stdout)["findings"]}
    assert "orm/python-operator-in-filter" in rules


def test_start_up_is_light() -> None:
    code = (
        "import sys\nfrom ci_gate import cli\ntry:\n    cli.cli(['--version'])\n"
        "except SystemExit:\n    pass\nprint(sorted({m.partition('.')[0] for m in sys.modules}))"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    loaded = set(re.findall(r"'(\w+)'", done.stdout.splitlines()[-1]))
    assert not loaded & {"rich", "tree_sitter", "yaml", "jinja2", "jsonschema", "pathspec"}


def test_a_scan_without_contract_tests_loads_no_runner() -> None:
    code = "import sys\nimport ci_gate.scan\nprint(sorted(sys.modules))"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    for name in ("postman", "pytest", "openapi", "hurl", "command"):
        assert f"ci_gate.contract.runners.{name}'" not in done.stdout


def test_configuration_of_the_documentation_is_valid() -> None:
    from ci_gate.config import parse

    text = (ROOT / "docs" / "configuration.md").read_text()
    examples = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    configurations = [parse(example.encode(), "example") for example in examples]
    assert configurations[0].architecture.layers
    assert all(configuration.contract.runners for configuration in configurations)


def test_lock_files_have_hashes_and_no_addresses() -> None:
    for path in (ROOT / "requirements").glob("*.txt"):
        text = path.read_text()
        assert "--hash=sha256:" in text
        assert "://" not in text
    for path in (ROOT / "src").rglob("package-lock.json"):
        text = path.read_text()
        assert "://" not in text
        packages = json.loads(text)["packages"]
        assert all("integrity" in package for name, package in packages.items() if name)


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_demo_is_blocked_on_three_levels(tmp_path: Path) -> None:
    pytest.importorskip("flask", reason="the demo's service needs flask")
    scripts = tmp_path / "bin"
    scripts.mkdir()
    (scripts / "ci-gate").write_text(
        f'#!/bin/sh\nPYTHONPATH={ROOT / "src"} exec {sys.executable} -m ci_gate "$@"\n'
    )
    (scripts / "ci-gate").chmod(0o755)
    path = os.pathsep.join([str(scripts), str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        [str(ROOT / "demo" / "run.sh"), str(tmp_path / "demo")],
        env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "14 of 14 assertions passed" in done.stdout
    for level in ("layering/", "query/", "orm/"):
        assert f"error  {level}" in done.stdout
    assert "BLOCKED" in done.stdout
