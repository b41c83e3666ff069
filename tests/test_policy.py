"""Which configuration judges a change."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from ci_gate.config import ConfigError
from ci_gate.policy import of_base, of_tree
from ci_gate.scan import Options, scan

SERVICE = """\
from flask import Flask
app = Flask(__name__)


@app.get("/")
def home():
    print("home")
    return "hello"
"""
RULES = """\
rules:
  - id: no-print
    languages: [python]
    severity: ERROR
    message: prints
    pattern: print(...)
"""


def git(root: Path, *words: str) -> None:
    who = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    subprocess.run(["git", *who, *words], cwd=root, check=True, capture_output=True)


def commit(root: Path, files: dict[str, str | None]) -> None:
    for name, text in files.items():
        place = root / name
        if text is None:
            place.unlink()
        else:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text)
    git(root, "add", "-A")
    git(root, "commit", "-qm", "files")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q", "-b", "main")
    commit(tmp_path, {"README": "a service\n"})
    git(tmp_path, "checkout", "-q", "-b", "change")
    return tmp_path


def on_main(root: Path, files: dict[str, str | None]) -> None:
    git(root, "checkout", "-q", "main")
    commit(root, files)
    git(root, "checkout", "-q", "-B", "change")


def test_a_change_cannot_loosen_its_own_gate(repository: Path) -> None:
    on_main(repository, {".ci-gate.yml": "threshold: warning\n"})
    commit(repository, {".ci-gate.yml": "fail_on: never\n"})
    policy = of_base(repository, "main")
    assert (policy.config.threshold, policy.config.fail_on) == ("warning", "new")
    assert policy.note == "This change edits .ci-gate.yml; it is judged with the base's."
    assert of_tree(repository).config.fail_on == "never"


def test_a_change_cannot_remove_its_gate(repository: Path) -> None:
    on_main(repository, {".ci-gate.yml": "threshold: warning\n"})
    commit(repository, {".ci-gate.yml": None})
    policy = of_base(repository, "main")
    assert policy.config.threshold == "warning"
    assert policy.note == "This change removes .ci-gate.yml; it is judged with the base's."


def test_a_configuration_that_is_new_takes_effect_once_merged(repository: Path) -> None:
    commit(repository, {".ci-gate.yml": "fail_on: never\n"})
    policy = of_base(repository, "main")
    assert policy.config.fail_on == "new"
    assert policy.note == ".ci-gate.yml is new in this change and takes effect once merged."


def test_an_untouched_configuration_needs_no_word(repository: Path) -> None:
    on_main(repository, {".ci-gate.yml": "threshold: warning\n"})
    commit(repository, {"app.py": SERVICE})
    assert of_base(repository, "main").note == ""


def test_a_configuration_of_another_name_is_read_from_the_base(repository: Path) -> None:
    on_main(repository, {"gates/api.yml": "threshold: warning\n"})
    commit(repository, {"gates/api.yml": "fail_on: never\n", "gates/other.yml": ""})
    gates = repository / "gates"
    assert of_base(repository, "main", gates / "api.yml").config.threshold == "warning"
    with pytest.raises(ConfigError, match=r"other\.yml is not in the base"):
        of_base(repository, "main", gates / "other.yml")


@pytest.mark.parametrize("weakened", ["rules: []\n", RULES.replace("print(...)", "nothing(...)")])
def test_a_ruleset_of_the_change_is_not_trusted(repository: Path, weakened: str) -> None:
    on_main(
        repository,
        {".ci-gate.yml": "semgrep: {rulesets: [rules/]}\n", "rules/own.yml": RULES},
    )
    commit(repository, {"app.py": SERVICE, "rules/own.yml": weakened})
    policy = of_base(repository, "main")
    options = Options(repository, policy.config, "main", policy_commit=policy.commit)
    found = scan(options).findings
    assert [(item.finding.rule, item.blocking) for item in found] == [("custom/no-print", True)]


@pytest.mark.parametrize("before", [{}, {".ci-gate.yml": "fail_on: new\n"}])
def test_a_configuration_that_the_change_breaks_is_an_error(
    repository: Path, before: dict[str, str | None]
) -> None:
    on_main(repository, {"more": "x", **before})
    commit(repository, {".ci-gate.yml": "fail_on: nothing\n"})
    with pytest.raises(ConfigError) as raised:
        of_base(repository, "main")
    assert "fail_on: 'nothing'" in str(raised.value)
    assert "This change breaks .ci-gate.yml: once it is merged" in str(raised.value)


def test_a_folder_that_is_new_in_the_change_is_all_new(repository: Path) -> None:
    files = {"services/new/app.py": SERVICE.replace("home()", "f(x=[])"), "services/new/b.py": "("}
    commit(repository, dict(files))
    root = repository / "services" / "new"
    policy = of_base(root, "main")
    card = scan(Options(root, policy.config, "main", policy_commit=policy.commit))
    assert card.verdict == "blocked", card.reasons
    assert [(found.finding.rule, found.status) for found in card.blocking] == [
        ("startup/syntax-error", "new")
    ]


def test_a_configuration_in_a_folder_that_the_base_lacks_judges_nothing(repository: Path) -> None:
    commit(repository, {"ci/gate.yml": "fail_on: never\n"})
    with pytest.raises(ConfigError, match=r"gate\.yml is not in the base"):
        of_base(repository, "main", repository / "ci" / "gate.yml")


def test_a_broken_configuration_does_not_come_in_unseen(repository: Path) -> None:
    commit(repository, {".ci-gate.yml": "fail_on: [\n"})
    with pytest.raises(ConfigError, match="once it is merged, every run ends with this error"):
        of_base(repository, "main")


@pytest.mark.parametrize("before", [{}, {".ci-gate.yml": ""}])
@pytest.mark.parametrize("target", ["nowhere", "/dev/zero", None])
def test_a_change_that_puts_no_plain_file_there_is_an_error(
    repository: Path, before: dict[str, str | None], target: str | None
) -> None:
    on_main(repository, {"more": "x", **before})
    place = repository / ".ci-gate.yml"
    place.unlink(missing_ok=True)
    if target is None:
        os.mkfifo(place)
    else:
        place.symlink_to(target)
    with pytest.raises(ConfigError, match=r"\.ci-gate\.yml is a .*; make it a plain file"):
        of_base(repository, "main")


def test_who_mends_the_bases_configuration_is_told_the_way(repository: Path) -> None:
    on_main(repository, {".ci-gate.yml": "fail-on: never\n"})
    commit(repository, {".ci-gate.yml": "fail_on: new\n"})
    with pytest.raises(ConfigError, match="config-from: head") as raised:
        of_base(repository, "main")
    assert ".ci-gate.yml of the base:1:1" in str(raised.value)
