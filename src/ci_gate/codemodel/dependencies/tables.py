"""The tables of general knowledge beside this module: TOML in which each name has a list of words.
Python's reader of TOML takes far longer for it than all else that is done with a small service."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from ci_gate.regex import regex

_ENTRY: Final = regex(
    r'^(?:\[([\w-]+)\]|("?)([^"=\n]+)\2 = (?:"""((?:[^"\\]|\\\n)+)"""|"([^"\\\n]*)"))$',
    re.MULTILINE,
)


def read(file: str) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """The tables in a file; what stands above all titles has the title ``""``."""
    table: dict[str, tuple[str, ...]] = {}
    found = {"": table}
    for title, _, name, long, short in _ENTRY.findall(
        Path(__file__).with_name(file).read_text("utf-8")
    ):
        if title:
            table = found.setdefault(title, {})
        else:
            table[name] = tuple((long.replace("\\", "") or short).split())
    return found
