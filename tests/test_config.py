"""The configuration file: what it may say, and how a mistake is told."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from ci_gate.config import Config, ConfigError, load, parse, schema
from ci_gate.findings import Severity


def problems(text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        parse(text.encode(), ".ci-gate.yml")
    return list(caught.value.problems)


def test_absent_file_means_defaults(tmp_path: Path) -> None:
    assert load(tmp_path) == Config()


def test_everything_is_read() -> None:
    config = parse(
        b"""
version: 1
exclude: [legacy/]
severity: {layering: warning}
fail_on: all
threshold: warning
database: postgresql
orm: sqlalchemy
architecture:
  strict: true
  layers:
    - {name: api, paths: [api/], role: presentation, may_import: [core]}
    - {name: core, paths: [core/]}
contract:
  runner: pytest
  tests: tests/contract
  service:
    command: python -m app --port {port}
    env: {DEBUG: false, WORKERS: 2}
""",
        ".ci-gate.yml",
    )
    assert config.exclude == ("legacy/",)
    assert config.severity == {"layering": Severity.WARNING}
    assert (config.fail_on, config.threshold) == ("all", Severity.WARNING)
    assert (config.database, config.orm) == ("postgresql", "sqlalchemy")
    assert config.architecture.strict is True
    assert config.architecture.layers[0].may_import == ("core",)
    assert config.contract.service.command == ("python", "-m", "app", "--port", "{port}")
    assert config.contract.service.env == {"DEBUG": "false", "WORKERS": "2"}


def test_unknown_key_names_its_place_and_the_nearest_key() -> None:
    assert problems("version: 1\nfail-on: new\n") == [
        ".ci-gate.yml:2:1: unknown key 'fail-on'; did you mean 'fail_on'?"
    ]


@pytest.mark.parametrize(
    ("text", "key", "meant"),
    [
        ("contract: {runer: pytest, tests: a}", "runer", "runner"),
        ("contract: {runers: [{runner: pytest, tests: a}]}", "runers", "runners"),
        ("contract: {runners: [{runner: pytest, tets: a}]}", "tets", "tests"),
    ],
)
def test_a_needed_key_that_is_written_wrongly_is_told_once(text: str, key: str, meant: str) -> None:
    (line,) = problems(text + "\n")
    assert line.endswith(f"unknown key {key!r}; did you mean {meant!r}?")


def test_unknown_key_far_from_all_lists_what_is_known() -> None:
    (line,) = problems("semgrep:\n  zzz: 1\n")
    assert line.startswith(".ci-gate.yml:2:3: unknown key 'zzz'; known here: enabled, ")


def test_all_mistakes_are_told_in_order() -> None:
    found = problems("threshold: eror\ninclude: src\ncontract: {runner: pytest}\n")
    assert [line.split(": ")[0] for line in found] == [
        ".ci-gate.yml:1:12",
        ".ci-gate.yml:2:10",
        ".ci-gate.yml:3:11",
    ]
    assert "did you mean 'error'?" in found[0]
    assert found[1].endswith("include: 'src' is not a list")
    assert found[2].endswith("contract: needs 'tests'")


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("a: [1, 2", "1:9", "not valid YAML"),
        ("fail_on: new\nfail_on: all\n", "2:1", "set twice"),
        ("? [a]\n: 1\n", "1:3", "a key must be plain text"),
        ("- 1\n", "1:1", "not a mapping"),
        ("[" * 5000, "1:1", "nested too deeply"),
        ("!!python/object/apply:os.system ['id']", "1:1", "not a mapping"),
        ("x: &a [*a]\n", "1:4", "too large"),
    ],
)
def test_broken_and_hostile_yaml(text: str, place: str, words: str) -> None:
    line = problems(text)[0]
    assert line.startswith(f".ci-gate.yml:{place}: ")
    assert words in line


@pytest.mark.parametrize("pattern", ["!", "\\", "a\\", "[z-a]"])
@pytest.mark.parametrize(
    ("before", "name"),
    [
        ("include: [src/, ", "include.1"),
        ("exclude: [src/, ", "exclude.1"),
        ("architecture: {shared: [src/, ", "architecture.shared.1"),
        ("architecture: {layers: [{name: a, paths: [src/, ", "architecture.layers.0.paths.1"),
    ],
)
def test_what_is_no_pattern_is_told_with_its_place(before: str, name: str, pattern: str) -> None:
    closing = {"[": "]", "{": "}"}
    text = f"{before}'{pattern}'" + "".join(closing[c] for c in reversed(before) if c in closing)
    assert problems(f"fail_on: new\n{text}\n")[-1] == (
        f".ci-gate.yml:2:{len(before) + 1}: {name}: {pattern!r} cannot be read as a gitignore "
        "pattern; correct it or take it out"
    )


@pytest.mark.parametrize("number", [".nan", ".inf", "-.inf", "1.0e+400", "1" * 400])
@pytest.mark.parametrize("before", ["semgrep: {timeout: ", "contract: {policy: {max_decay: "])
def test_what_is_no_number_to_count_with(before: str, number: str) -> None:
    [told] = problems(f"{before}{number}{'}' * before.count('{')}\n")
    assert told.startswith(f".ci-gate.yml:1:{len(before) + 1}: '{number[:20]}")
    assert "is not a number to count with" in told


def test_billion_laughs_end_quickly() -> None:
    text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9)
    )
    assert "too large" in problems(text)[0]


def test_too_large_and_unreadable_files(tmp_path: Path) -> None:
    (tmp_path / ".ci-gate.yml").write_text("#" * 300_000)
    with pytest.raises(ConfigError, match="larger than 256 KiB"):
        load(tmp_path)
    with pytest.raises(ConfigError, match=r"cannot be read"):
        load(tmp_path, tmp_path / "nowhere.yml")


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        ("nowhere", "a symbolic link"),
        (".ci-gate.yml", "a symbolic link"),
        ("/dev/zero", "a symbolic link"),
        ("secret", "a symbolic link"),
        ("FOLDER", "a folder"),
        ("FIFO", "a pipe"),
    ],
)
def test_what_is_no_plain_file_in_the_tree_is_told_and_not_read(
    tmp_path: Path, target: str, kind: str
) -> None:
    (tmp_path / "secret").write_text("password: 1\n")
    place = tmp_path / ".ci-gate.yml"
    match target:
        case "FOLDER":
            place.mkdir()
        case "FIFO":
            os.mkfifo(place)
        case _:
            place.symlink_to(target)
    with pytest.raises(ConfigError) as caught:
        load(tmp_path)
    assert caught.value.problems == (f".ci-gate.yml is {kind}; make it a plain file",)


def test_a_named_file_may_be_a_link_but_neither_pipe_nor_device(tmp_path: Path) -> None:
    (tmp_path / "real.yml").write_text("fail_on: all\n")
    link = tmp_path / "link.yml"
    link.symlink_to("real.yml")
    assert load(tmp_path / "elsewhere", link).fail_on == "all"
    os.mkfifo(tmp_path / "pipe.yml")
    for named, kind in (("pipe.yml", "a pipe"), ("zero.yml", "a device"), (".", "a folder")):
        if named == "zero.yml":
            (tmp_path / named).symlink_to("/dev/zero")
        with pytest.raises(ConfigError, match=f"is {kind}; make it a plain file"):
            load(tmp_path / "elsewhere", tmp_path / named)


def test_not_utf8(tmp_path: Path) -> None:
    (tmp_path / ".ci-gate.yml").write_bytes(b"version: 1\nexclude: [\xe9]\n")
    with pytest.raises(ConfigError, match=r"\.ci-gate\.yml:2:1: not UTF-8"):
        load(tmp_path)


def test_unbalanced_quotes_in_a_command() -> None:
    text = "contract: {runner: pytest, tests: t, service: {command: 'run \"it'}}"
    assert "write it as a list" in problems(text)[0]


@given(st.binary(max_size=400))
@settings(max_examples=200, deadline=None)
def test_garbage_is_a_configuration_or_a_told_mistake(raw: bytes) -> None:
    try:
        assert isinstance(parse(raw, "f.yml"), Config)
    except ConfigError as error:
        assert all(line.startswith("f.yml:") for line in error.problems)


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=10,
)


@given(st.dictionaries(st.sampled_from(sorted(schema()["properties"])), _VALUES, max_size=4))
@settings(max_examples=200, deadline=None)
def test_any_value_under_a_known_key(data: dict[str, object]) -> None:
    try:
        parse(yaml.safe_dump(data).encode(), "f.yml")
    except ConfigError as error:
        assert error.problems


def test_the_schema_is_itself_valid() -> None:
    from jsonschema import Draft202012Validator

    Draft202012Validator.check_schema(schema())
    assert json.dumps(schema())


def test_docker_that_is_given_means_docker_mode_though_it_is_empty() -> None:
    def mode(service: str) -> str:
        text = f"contract: {{runner: pytest, tests: t, service: {service}}}\n"
        return parse(text.encode(), ".ci-gate.yml").contract.service.mode

    assert mode("{docker: {}}") == "docker"
    assert mode("{mode: process, docker: {}}") == "process"
    assert mode("{health: /up}") == "process"
