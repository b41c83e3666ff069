"""Which files a Semgrep rule cannot match, told from the words that its patterns need.

Semgrep spends most of its time on parsing, and it parses every file that has the words of a rule's
patterns. It does not look at the conditions on metavariables, which say most: a rule on the
operator strings of Sequelize would have it parse every file with the word ``where``. Here both are
read. What is not understood asks for nothing, so that a file is left out only where the rule's own
text says that it cannot match.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Final, TypeAlias

from ci_gate.data import dataclass
from ci_gate.regex import regex


class Text:
    """The text of one file, asked for words and patterns; each answer is remembered."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._known: dict[Need, bool] = {}

    @cached_property
    def _text(self) -> str:
        return self._data.decode("utf-8", "replace")

    @cached_property
    def _words(self) -> frozenset[bytes]:
        return frozenset(re.findall(rb"\w+", self._data))

    @cached_property
    def _searchable(self) -> bool:
        """A pattern is not held against long data in one word: that may take quadratic time."""
        return len(self._data) <= _LARGEST and not (
            max(map(len, self._data.splitlines()), default=0) >= _LONG
            and _LONG_WORD.search(self._text)
        )

    def has(self, need: Need) -> bool:
        """True where the text may have what is needed."""
        if isinstance(need, All):
            return all(self.has(part) for part in need.parts)
        if isinstance(need, Either):
            return any(self.has(part) for part in need.parts)
        known = self._known.get(need)
        if known is None:
            if isinstance(need, Word):
                known = need.word in self._data and (
                    len(need.word) > _SHORT or need.word in self._words
                )
            else:
                known = not self._searchable or need.pattern.search(self._text) is not None
            self._known[need] = known
        return known


@dataclass(frozen=True, slots=True)
class Word:
    """The text has these characters."""

    word: bytes


@dataclass(frozen=True, slots=True)
class Match:
    """The text has a match of the pattern."""

    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class All:
    """Every part is needed; with no parts, nothing is."""

    parts: tuple[Need, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """One of the parts is needed."""

    parts: tuple[Need, ...]


Need: TypeAlias = Word | Match | All | Either
NOTHING: Final = All(())

#: What a pattern says in words that the code may say otherwise: keywords (a ``def`` with a
#: decorator matches an ``async def``), the receiver, the two ways of importing.
_NOT_NEEDED: Final = frozenset({
    "abstract", "and", "any", "as", "assert", "async", "await", "break", "case", "catch", "class",
    "cls", "const", "continue", "debugger", "def", "default", "del", "delete", "do", "elif", "else",
    "enum", "except", "export", "extends", "false", "finally", "for", "from", "function", "get",
    "global", "if", "implements", "import", "in", "instanceof", "interface", "is", "lambda", "let",
    "match", "new", "none", "nonlocal", "not", "null", "number", "of", "or", "package", "pass",
    "private", "protected", "public", "raise", "readonly", "require", "return", "self", "set",
    "static", "string", "super", "switch", "this", "throw", "true", "try", "type", "typeof",
    "undefined", "unknown", "var", "void", "while", "with", "yield",
})  # fmt: skip
#: Parts of a regular expression that may match anything: escapes, classes, groups within which
#: there is no other.
_GROUPED: Final = regex(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\([^()\[\]\\]*\)", re.DOTALL)
#: Flags in the middle, and escapes of more than one character.
_NOT_PLAIN: Final = regex(r"\(\?[A-Za-z^#-]|\\(?![dwsDWSbBAZtnrfv1-9](?!\d)|[^A-Za-z0-9])")
#: Plain characters; the last one is left out where it may be missing.
_RUN: Final = regex(r"(?:[A-Za-z0-9_ ](?![*?{]))+", re.ASCII)
_STRING: Final = regex(
    r'"""(?:[^\\]|\\.)*?"""|"(?:[^"\\\n]|\\.)*"|'
    r"'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`",
    re.DOTALL,
)
_COMMENT: Final = regex(r"#[^\n]*|//[^\n]*|/\*.*?\*/", re.DOTALL)
_WORD: Final = regex(r"\$(?:\.\.\.)?\w*|\b[A-Za-z_]\w*", re.ASCII)
_METAVARIABLE: Final = regex(r"\$[A-Z_][A-Z_0-9]*")
_SHORT: Final = 2  # characters that are part of other words too often
_LARGEST: Final = 2_000_000
_LONG: Final = 400
_LONG_WORD: Final = regex(rf"\w{{{_LONG}}}")
#: What makes a pattern look at what stands around the match, or give nothing back.
_NOT_LOCAL: Final = regex(
    r"\(\?(?![:imsx])"  # look-around, atomic and named groups
    r"|[*+?}]\+"  # possessive
    r"|\\[^.()\[\]{}|*+?^$/'\"\-wds_@#&%~`!<>=,;: ]"  # \b, \1, \W, \p{…}, …
)


def need(rule: Mapping[str, Any]) -> Need:
    """What a file must have for ``rule`` (as Semgrep reads it) to match in it."""
    if rule.get("mode", "search") != "search":
        return NOTHING
    quoted, patterns = _quoted(rule), rule.get("patterns")
    parts = [_formula(rule, quoted)]
    if rule.get("languages") == ["python"] and isinstance(patterns, Sequence):
        items = [item for item in patterns if isinstance(item, Mapping)]
        parts += _conditions_on_keywords(items, quoted)
    return _all(parts)


def _formula(formula: Mapping[str, Any], quoted: frozenset[str]) -> Need:
    """All of what the keys of a mapping need: a rule, an item of ``patterns``."""
    parts: list[Need] = []
    for key, value in formula.items():
        if key in ("pattern", "pattern-inside") and isinstance(value, str):
            parts.append(_words(value))
        elif key == "patterns" and isinstance(value, Sequence):
            items = [item for item in value if isinstance(item, Mapping)]
            parts += [_formula(item, quoted) for item in items]
        elif key == "pattern-either" and isinstance(value, Sequence):
            parts.append(_either(value, quoted))
        elif key == "pattern-regex" and isinstance(value, str):
            parts += [_literals(value), _found_in_text(value)]
        elif key == "metavariable-regex" and isinstance(value, Mapping):
            parts.append(_condition(value, quoted))
        elif key == "metavariable-pattern" and isinstance(value, Mapping):
            parts.append(NOTHING if "language" in value else _formula(value, quoted))
    return _all(parts)


def _either(items: Sequence[Any], quoted: frozenset[str]) -> Need:
    parts = [_formula(item, quoted) if isinstance(item, Mapping) else NOTHING for item in items]
    if not parts or NOTHING in parts:
        return NOTHING
    return Either(tuple(dict.fromkeys(parts)))


def _words(pattern: str) -> Need:
    """The names in a pattern, which stand in the code too: where it has them under another name,
    its imports tell of it."""
    text = _COMMENT.sub(" ", _STRING.sub(" ", pattern))
    words = {word for word in _WORD.findall(text) if not word.startswith("$")}
    return _all(
        Word(word.encode())
        for word in sorted(words, key=lambda word: (-len(word), word))
        if word.lower() not in _NOT_NEEDED
    )


def _literals(regex: str) -> Need:
    """Texts that every match of a regular expression has: plain characters that stand in no group
    and are not repeated."""
    flags, rest = _flags(regex)
    if flags & re.IGNORECASE or _NOT_PLAIN.search(rest):
        return NOTHING
    outer = _GROUPED.sub("\0", rest)
    while (less := _GROUPED.sub("\0", outer)) != outer:
        outer = less
    if "|" in outer or "(" in outer or ")" in outer:
        return NOTHING
    return _all(Word(run.encode()) for run in _RUN.findall(outer) if len(run) > _SHORT)


def _found_in_text(regex: str) -> Need:
    """The regular expression itself, which Semgrep holds against the whole text too. What it and
    Python may read differently asks for nothing."""
    flags, rest = _flags(regex)
    if _READ_OTHERWISE.search(rest):
        return NOTHING
    return _matched(_NAMED.sub("(?P<", rest), flags | re.MULTILINE)


def _condition(condition: Mapping[str, Any], quoted: frozenset[str]) -> Need:
    """A metavariable is bound to a piece of the code, so a match for it is one in the code."""
    name, regex = condition.get("metavariable"), condition.get("regex")
    if not isinstance(name, str) or not isinstance(regex, str) or name in quoted:
        return NOTHING
    if condition.get("constant-propagation"):
        return NOTHING
    flags, rest = _flags(regex)
    body = rest.removeprefix("^")
    if body.endswith("$") and not body.endswith("\\$"):
        body = body[:-1]
    plain = re.sub(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", "", body, flags=re.DOTALL)
    if "^" in plain or "$" in plain or not body.isascii() or _NOT_LOCAL.search(body):
        return NOTHING
    return _matched(body, flags)


def _matched(regex: str, flags: re.RegexFlag) -> Need:
    """A match somewhere in the text; nothing where Python cannot read the expression, or it matches
    anywhere."""
    try:
        pattern = re.compile(regex, flags)
    except (re.error, RecursionError, OverflowError):
        return NOTHING
    return NOTHING if pattern.match("") else Match(pattern)


def _conditions_on_keywords(
    items: Sequence[Mapping[str, Any]], quoted: frozenset[str]
) -> Iterator[Need]:
    """``default=$VALUE`` with a condition on how ``$VALUE`` begins: both stand side by side."""
    for item in items:
        condition = item.get("metavariable-regex")
        if not isinstance(condition, Mapping):
            continue
        found = _condition(condition, quoted)
        flags, rest = _flags(str(condition.get("regex")))
        keyword = _keyword_of(items, str(condition.get("metavariable")))
        if isinstance(found, Match) and rest.startswith("^") and keyword is not None:
            gap = r"(?:[\s(\\]|#[^\n]*\n)*"
            text = rf"\b{keyword}{gap}={gap}(?:{found.pattern.pattern})"
            yield Match(re.compile(text, flags))


def _keyword_of(items: Sequence[Mapping[str, Any]], name: str) -> str | None:
    """The keyword that a metavariable is given as, by a pattern or all of several."""
    written = re.compile(rf"[(,]\s*([a-z_]\w*)={re.escape(name)}\b")
    for item in items:
        several = item.get("pattern-either")
        patterns = several if isinstance(several, Sequence) else [item]
        found: set[str | None] = set()
        for one in patterns:
            match = written.search(str(one.get("pattern"))) if isinstance(one, Mapping) else None
            found.add(match[1] if match is not None else None)
        if len(found) == 1 and None not in found:
            return found.pop()
    return None


def _flags(regex: str) -> tuple[re.RegexFlag, str]:
    """The flags at the beginning of a regular expression, and what follows them."""
    found = re.match(r"(\^?)\(\?([ims]+)\)", regex)
    flags = re.NOFLAG
    if found is None:
        return flags, regex
    for letter in found[2]:
        flags |= {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL}[letter]
    return flags, found[1] + regex[found.end() :]


_NAMED: Final = regex(r"\(\?<(?=[A-Za-z_])")
#: What Semgrep's regular expressions have, and Python's do not or mean otherwise: other groups than
#: plain ones, named ones and a look ahead; what gives nothing back; classes of letters, which are
#: larger in Python, left out or at whose edge something stands.
_READ_OTHERWISE: Final = regex(
    r"\(\?(?!:|=|<[A-Za-z_])"
    r"|[*+?}]\+"
    r"|\\[^.()\[\]{}|*+?^$/'\"\-wdstnr_@#&%~`!<>=,;: ]"
    r"|\[\^[^\]]*\\[wds]"
)
_FORMULA: Final = ("pattern", "metavariable-pattern")


def _quoted(rule: object) -> frozenset[str]:
    """The metavariables that stand for the content of strings, which may be in several pieces."""
    found: set[str] = set()
    queue = [rule]
    while queue:
        item = queue.pop()
        if isinstance(item, Mapping):
            queue += [value for key, value in item.items() if str(key).startswith(_FORMULA)]
        elif isinstance(item, list):
            queue += item
        elif isinstance(item, str):
            for text in _STRING.findall(item):
                found.update(_METAVARIABLE.findall(text))
    return frozenset(found)


def _all(parts: Iterable[Need]) -> Need:
    """Conjunction, words before patterns."""
    flat: dict[Need, None] = {}
    for part in parts:
        for item in part.parts if isinstance(part, All) else (part,):
            flat[item] = None
    found = sorted(flat, key=_price)
    return found[0] if len(found) == 1 else All(tuple(found))


def _price(item: Need) -> int:
    """What is cheap to look for comes first."""
    if isinstance(item, Word):
        return 0
    if isinstance(item, Match):
        return 2
    return 1 + max(map(_price, item.parts), default=0)
