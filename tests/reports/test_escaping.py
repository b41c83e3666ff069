"""Text from strangers stays text, in every report, wherever it stands."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from ci_gate.contract.model import Assertion
from ci_gate.findings import Position, Related, Replacement
from ci_gate.reports import Style, render
from ci_gate.reports.check import check_output
from ci_gate.reports.escape import block, code, prose
from ci_gate.reports.interface import TrendPoint
from ci_gate.reports.review import inline_comments
from ci_gate.scorecard.model import Cause, FailedAssertion, LayerEdge, Scorecard
from ci_gate.stack.model import Service

sys.path.insert(0, str(Path(__file__).parents[1]))

from support.scorecards import HOSTILE, context, finding, judged, shop

ATTACKS = [
    "@octocat look", "x@octocat", "(@acme/owners)", "mail a@b.example",
    "#1", "fixes #12.", "GH-1", "gh-77", "acme/shop#1", "acme/shop@5d2c1e9f0a",
    "5d2c1e9f0a7b63c4d8e9f0a1b2c3d4e5f6a7b8c9", "see 5d2c1e9", "5D2C1E9F",
    "https://evil.example/x", "http://evil.example", "www.evil.example", "ftp://evil.example/",
    "[x](https://evil.example)", "![x](https://evil.example/x.png)", "[x]: https://evil.example",
    "[^1]", "[^1]: note", "![[x]]", "[x][y]", "<https://evil.example>",
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<!-- hidden", "-->",
    "</details>", "</summary><h1>x", "<sub>", "&lt;b&gt;", "&#60;b&#62;", "<a\nhref=x>",
    "# head", "head\n===", "head\n---", "> quote", "- item", "+ item", "1. item", "1) item",
    "* * *", "---", "- [x] done", "    code", "\tcode", "| a | b |\n| - | - |\n| c | d |", "a|b",
    "`", "``", "```", "````\n# x\n````", "~~~", "`a``b```c", "x `<b>` y", "`[a](b)`", "\\`a\\`",
    "**bold**", "__bold__", "_a_", "~~gone~~", "$x$", "$$x$$", "\\", "\\[a](b)", "a\\",
    "```suggestion\nevil()\n```", "```mermaid\ngraph TD\n```",
    "%0A::error::x", "\n::error::x", "::set-output name=a::b", "##[error]x", "]]>", "<![CDATA[x",
    "\u202egnp.exe", "\u2066x\u2069", "\u200bx\u200b", "a\x00b", "\x1b[31mred", "\r\n::warning::x",
    "\ud800", "\U000e0041tag", "{{ 7 * 7 }}", "{% raw %}", "${{ github.token }}",
    'x"] --> evil', "end", 'n0["x"] click n0 href "javascript:1"', "%%{init: {}}%%", "x" * 5_000,
    "<!-- ci-gate:comment key=0 run=9.9 sha=0 -->", HOSTILE,
]  # fmt: skip


def attacked(text: str) -> Scorecard:
    """A scorecard in which every text of the repository is the attack."""
    card = shop()
    other = judged(
        finding(
            path=text, message=text, why=text, fix=text, subject=text,
            related=(Related(text, 3, text),),
            replacement=Replacement(Position(2, 1), Position(2, 2), text),
        ), 1, endpoints=(text, f"GET /{text}"), changed=True,
    )  # fmt: skip
    silenced = judged(other.finding, 2, status="suppressed", blocking=False, silenced=True,
                      suppression_reason=text)  # fmt: skip
    known = judged(other.finding, 3, status="existing", blocking=False)
    card.findings = [other, silenced, known]
    card.reasons = [text, text]
    card.architecture.layers = {text: [text], "services": ["s"]}
    card.architecture.edges = [LayerEdge(text, "services", 2, 1)]
    card.sources[text] = [text.partition("\n")[0]] * 4
    card.stack.services = [Service(text, [text], [text], [text], [], [text])]
    card.base = text
    assert card.contract is not None
    made = [Assertion(text, text, passed=False, message=text, flaky=True) for _ in range(2)]
    card.contract.assertions += made
    card.contract.error, card.contract.log, card.contract.notes = text, f"{text}\n" * 3, [text]
    card.contract.runner = text
    cause = Cause(text, 2, text)
    card.failures = [
        FailedAssertion(made[0], text, "new", True, cause, (other,)),
        FailedAssertion(made[1], text, "new", True, Cause(text, 9, text), ()),
        FailedAssertion(made[1], text, "existing", False, cause, ()),
    ]
    return card


def markdowns(text: str) -> Iterator[tuple[str, str]]:
    """Everything that GitHub renders as Markdown, with and without a context."""
    card = attacked(text)
    known = context(
        service=text, path=text, author=(text,), record=text, notes=(text,),
        trend=(TrendPoint(text, text, (1.0,), None),),
    )  # fmt: skip
    yield "comment", render(card, "markdown")
    yield "comment on a pull request", render(card, "markdown", context=known)
    output = check_output(card, {}, known)
    yield "check summary", output.summary
    yield "check text", output.text
    for made in inline_comments(card, {}, known):
        yield "inline comment", f"{made.body}\n{made.suggestion}"


class Page(HTMLParser):
    """What a browser makes of it: tags, targets of links, and the text outside of code."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.targets: list[str] = []
        self.text = ""
        self.languages: set[str] = set()
        self.comments = 0
        self._code = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        given = dict(attrs)
        if tag == "a":
            self.targets.append(given.get("href") or "")
        if tag == "code":
            self._code += 1
            self.languages.add(given.get("class") or "")
        elif self._code == 0 and given.keys() - {"open", "href", "style", "start"}:
            self.tags.add(f"{tag} {sorted(given)}")

    def handle_endtag(self, tag: str) -> None:
        self._code -= tag == "code"

    def handle_data(self, data: str) -> None:
        if not self._code:
            self.text += data

    def handle_comment(self, data: str) -> None:  # noqa: ARG002
        self.comments += 1


def without_code(text: str) -> str:
    text = re.sub(r"(?ms)^(`{3,})\w+\n.*?^\1$", "", text)
    return re.sub(r"(?<![`\\])(`+)(?!`).+?(?<!`)\1(?!`)", "", text)


ALLOWED = {
    "details", "summary", "sub", "p", "ul", "ol", "li", "strong", "code", "pre", "a",
    "table", "thead", "tbody", "tr", "th", "td", "h3", "h4",
}  # fmt: skip
LINKED = re.compile(
    r"(?<![\w`])@[A-Za-z0-9]|\w@[A-Za-z0-9]|#\d|\b[Gg][Hh]-\d|\b(?:[0-9a-f]{7,40}|[0-9A-F]{7,40})\b"
    r"|://|\bwww\.|[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f\x7f]"
)
OURS = ("https://github.com/acme/shop/blob/", "https://github.com/acme/shop/actions/runs/8123")


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("around", ["{}", "a {} `", "x\n{}"])
def test_no_text_becomes_markup(attack: str, around: str) -> None:
    for where, text in markdowns(around.replace("{}", attack)):
        page = Page(MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(text))
        assert page.tags <= ALLOWED, where
        assert all(target.startswith(OURS) for target in page.targets), (where, page.targets)
        assert not LINKED.search(page.text), (where, LINKED.search(page.text))
        assert not re.search(r"(?<!\\)\[\^", without_code(text)), where
        assert page.languages <= {"", "language-text", "language-mermaid", "language-suggestion"}
        marks = {"comment": 1, "comment on a pull request": 1}
        assert page.comments == marks.get(where, 0), where
        assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f\ud800-\udfff]", text)


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_drawing_has_labels_of_letters_only(attack: str) -> None:
    text = render(attacked(attack), "markdown")
    drawings = re.findall(r"(?ms)^```mermaid\n(.*?)^```$", text)
    layers = next(drawing for drawing in drawings if drawing.startswith("flowchart"))
    assert re.fullmatch(
        r'flowchart TD\n  n0\["[\w ./-]+"\]\n  n1\["services"\]\n'
        r'  n0 -->\|"1 of 2 break the rule"\| n1\n'
        r"  linkStyle 0 stroke:#d1242f,stroke-width:3px\n",
        layers,
    )


@pytest.mark.parametrize("attack", ATTACKS)
def test_other_formats_hold_the_text_as_data(attack: str) -> None:
    card = attacked(attack)
    for kind in ("json", "sarif"):
        assert json.loads(render(card, kind))
    ET.fromstring(render(card, "junit"))
    for line in render(card, "github").splitlines():
        assert line.startswith(("::error ", "::warning ", "::notice "))
    for made in check_output(card, {}, context()).annotations:
        assert not re.search("[\u202a-\u202e\x00-\x08\x0b-\x1f\ud800-\udfff]", made.message)
    assert "\x1b" not in render(card, "terminal", Style(verbose=True))


def test_a_suggestion_cannot_be_left() -> None:
    card = shop()
    text = "x = '''\n```\n# evil\n`````\n'''"
    change = Replacement(Position(2, 1), Position(2, 42), text)
    card.findings = [judged(finding(replacement=change))]
    [made] = inline_comments(card, {}, context())
    tokens = MarkdownIt("commonmark").parse(f"{made.body}\n{made.suggestion}")
    [fence] = [token for token in tokens if token.type == "fence"]
    assert fence.info == "suggestion"
    assert fence.content == f"{text}\n"


@pytest.mark.parametrize("text", ["` `>", "` ` > x", "` `- x", "` `# x", "` `` `1. x", "--- -"])
def test_what_begins_a_text_or_follows_an_empty_span_begins_no_block(text: str) -> None:
    page = Page(MarkdownIt("commonmark").render(f"- {prose(text)}\n"))
    assert page.tags == {"ul", "li"}, prose(text)


@settings(max_examples=400, deadline=None)
@given(
    st.text(alphabet=st.sampled_from("`~\\[]()<>!#@*_|:/-+=&;$ \n\t1aZ.{}'\"\u202e"), max_size=60)
)
def test_any_mix_of_signs_stays_text(text: str) -> None:
    for made in (
        f"- {prose(text)}\n",
        f"a {code(text)} b\n",
        f"#### {code(text)} · {prose(text)}\n",
    ):
        page = Page(MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(made))
        assert page.tags <= {"ul", "li", "code", "p", "h4"}, made
        assert not page.targets
        assert not LINKED.search(page.text), made
    [token] = MarkdownIt("commonmark").parse(block(text))
    assert token.type == "fence"
