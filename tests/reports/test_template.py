"""A team's own layout of the comment: what it can use, and that it can do no harm."""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path

import pytest

from ci_gate.reports import render, template
from ci_gate.reports.interface import Context
from ci_gate.reports.markdown import variables

sys.path.insert(0, str(Path(__file__).parents[1]))

from support.scorecards import HOSTILE, context, finding, good, hostile, judged, shop

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "comment-template.md").read_text("utf-8")


def comment(text: str, card=shop) -> str:
    return render(card(), "markdown", context=context(template=text))


def listed(title: str) -> set[str]:
    """The names in the first column of the table under a heading of the page."""
    part = PAGE.partition(f"## {title}\n")[2].partition("\n## ")[0]
    return set(re.findall(r"(?m)^\| `(\w+)` \|", part))


def test_the_page_lists_all_that_a_template_can_use() -> None:
    values = variables(shop(), {}, context())
    assert listed("Variables") == values.keys()
    assert listed("A finding") == values["findings"][0].keys()


def test_the_example_of_the_page_works() -> None:
    [example] = re.findall(r"(?s)```jinja\n(.+?)```", PAGE)
    text = comment(example)
    assert "template was not used" not in text
    assert text.startswith("<!-- ci-gate:comment key=")
    assert "`layering/upward-import`" in text


def test_the_built_in_layout_can_be_copied_and_gives_the_same() -> None:
    source = (ROOT / "src/ci_gate/reports/templates/comment.md.j2").read_text("utf-8")
    squeezed = re.sub(r"\n{3,}", "\n\n", comment(source))
    assert squeezed == render(shop(), "markdown", context=context())


def test_values_are_escaped_already() -> None:
    text = comment("{{ headline }}\n{{ notes[0] }}", hostile)
    assert "<script>" not in text
    assert "@everyone" not in text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a\n{{ nope }}", "line 2: UndefinedError: 'nope' is undefined"),
        ("a\n\n{% if %}", "line 3: TemplateSyntaxError"),
        ("{{ ''.__class__.__mro__ }}", "line 1: SecurityError"),
        ("{{ reasons.append(1) }}", "line 1: SecurityError"),
        ("{% include '/etc/passwd' %}", "line 1: "),
        ("{{ 'a' * 10 ** 10 }}", "too much memory"),
        ("{{ '%999999999999s' % 1 }}", "too much memory"),
        ("{% for a in range(99999) %}aaaa{% endfor %}", "more than 65"),
        ("{{ lipsum(n=2000) }}", "more than 65"),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "line 1: RecursionError"),
        ("  \n", "it gives an empty text"),
        ("x" * 200_000, "it has more than 100,000 characters"),
        (f"{{{{ {'(' * 500} }}}}", "RecursionError"),
    ],
)
def test_a_template_that_fails_gives_the_built_in_comment_and_a_note(text: str, said: str) -> None:
    made = comment(text)
    assert said in made.replace("\\_", "_")
    assert "The comment template was not used" in made
    assert "#### 1. `GET /orders`" in made


def test_a_template_that_never_ends_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(template, "WAIT", 1)
    begun = time.monotonic()
    loop = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
    assert "it takes too long" in comment(loop)
    assert time.monotonic() - begun < 10


def test_a_green_comment_says_too_that_its_template_failed() -> None:
    assert "The comment template was not used" in comment("{{ nope }}", good)


def test_a_comment_by_template_is_cut_to_nothing_longer_than_github_takes() -> None:
    wide = judged(finding(message="\U0001f4a5" * 600))
    card = shop()
    card.findings = [wide] * 200
    known = Context(template="{% for f in findings %}{{ f.message }}{% endfor %}")
    assert "more than 65" in render(card, "markdown", context=known)
    assert HOSTILE not in render(card, "markdown", context=known)
