"""Outputs, the job summary and the log: what the runner reads, and what it must not."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ci_gate.github import workflow

REST = "The rest is in the report."


def outputs(text: str) -> dict[str, str]:
    """As the runner reads the file."""
    found: dict[str, str] = {}
    lines = iter(text.split("\n"))
    for line in lines:
        if not line:
            continue
        name, _, end = line.partition("<<")
        value = []
        while (part := next(lines)) != end:
            value.append(part)
        found[name] = "\n".join(value)
    return found


def test_outputs(tmp_path: Path) -> None:
    path = tmp_path / "output"
    hostile = "a\nghadelimiter_0\nverdict<<x\npass\nx\nverdict=pass"
    workflow.set_outputs(path, {"verdict": "blocked", "report-path": hostile, "decay": ""})
    workflow.set_outputs(path, {"findings": "3"})
    read = outputs(path.read_text())
    assert read == {"verdict": "blocked", "report-path": hostile, "decay": "", "findings": "3"}


def test_delimiters_are_never_the_same(tmp_path: Path) -> None:
    path = tmp_path / "output"
    workflow.set_outputs(path, {"a": "1", "b": "2"})
    assert len(set(re.findall(r"<<(.*)", path.read_text()))) == 2


def test_names_of_outputs(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="cannot name an output"):
        workflow.set_outputs(tmp_path / "output", {"a<<b": "1"})


def test_no_file_no_output() -> None:
    workflow.set_outputs(None, {"a": "1"})
    workflow.add_summary(None, "text", REST)


def test_summary_is_added(tmp_path: Path) -> None:
    path = tmp_path / "summary"
    path.write_text("before\n")
    workflow.add_summary(path, "# Verdict", REST)
    assert path.read_text() == "before\n# Verdict\n"


def test_summary_is_cut_at_a_line(tmp_path: Path) -> None:
    path = tmp_path / "summary"
    path.write_text("x" * 1000 + "\n")
    workflow.add_summary(path, "äöü line\n" * 200_000, REST)
    text = path.read_bytes()
    assert workflow.MAX_SUMMARY - 100 < len(text) <= workflow.MAX_SUMMARY
    assert text.decode().endswith(f"äöü line\n\n{REST}\n")


def test_what_is_cut_open_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "summary"
    start = "<details><summary>All</summary>\n\n```python\n"
    workflow.add_summary(path, start + "x = 1\n" * 300_000, REST)
    assert path.read_text().endswith(f"x = 1\n```\n</details>\n\n{REST}\n")


def test_full_summary_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "summary"
    path.write_bytes(b"x" * workflow.MAX_SUMMARY)
    workflow.add_summary(path, "more", REST)
    assert path.stat().st_size == workflow.MAX_SUMMARY


@given(st.text(st.sampled_from("ab`~<>\n"), max_size=300), st.integers(0, 200))
def test_what_is_cut_fits(text: str, room: int) -> None:
    shown = workflow._fit(text, room, REST)
    assert len(shown.encode()) <= room or shown == text == ""
    assert shown in {text, ""} or shown.endswith(f"{REST}\n")


def test_messages_are_one_line() -> None:
    text = workflow.message("error", "a%\n::error::b\r", title="x: y,\nz")
    assert text == "::error title=x%3A y%2C%0Az::a%25%0A::error::b%0D\n"
    assert workflow.message("debug", "a", title="b") == "::debug::a\n"


def test_commands_are_stopped_around_foreign_text() -> None:
    stream = io.StringIO()
    with workflow.commands_stopped(stream):
        stream.write("::error::from the change")
    first, text, last = stream.getvalue().strip().split("\n")
    assert first == f"::stop-commands::{last.strip(':')}"
    assert last == f"::{last.strip(':')}::"
    assert len(last) > 30
    assert text == "::error::from the change"


def test_commands_start_again_after_an_error() -> None:
    stream = io.StringIO()
    with pytest.raises(RuntimeError), workflow.commands_stopped(stream):
        raise RuntimeError
    assert len(re.findall(r"^::[0-9a-f]{32}::$", stream.getvalue(), re.M)) == 1
