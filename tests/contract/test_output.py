"""What programs print, as it is kept and shown."""

from __future__ import annotations

from ci_gate.contract.output import Log, last_line


def test_the_last_line_that_says_something_is_shown_in_one() -> None:
    assert last_line("one\n  two  2\n\n \x1b[0m\n") == "two 2"
    assert last_line("one\ntwo\n", 2) == "one | two"
    assert last_line("\n") == "it printed nothing"
    assert len(last_line("x" * 1000)) == 300


def test_of_a_flood_the_beginning_and_the_end_are_kept() -> None:
    log = Log()
    log.add(b"begin\n")
    for _ in range(40):
        log.add(b"y" * 100_000)
    log.add(b"\nend\n")
    text = log.text()
    assert text.startswith("begin\n")
    assert text.endswith("\nend\n")
    assert "bytes were left out here" in text
    assert len(text) < 2 * 1024 * 1024
