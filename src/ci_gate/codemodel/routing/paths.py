"""Path templates: every framework's spelling brought to ``/articles/{slug}``."""

from __future__ import annotations

import re

from ci_gate.codemodel.routing.domain import HOLE

_ANGLE = re.compile(r"<(?:[^<>]*:)?\s*([A-Za-z_]\w*)\s*>")
_COLON = re.compile(r":([A-Za-z_]\w*)")


def angle(path: str) -> str:
    """Flask and Django: ``<int:id>``."""
    return _ANGLE.sub(r"{\1}", path)


def braces(path: str) -> str:
    """FastAPI, Starlette and aiohttp: ``{id:int}``, ``{name:[a-z]{3}}``."""
    out: list[str] = []
    depth = 0
    skipping = False
    for char in path:
        if char == "{":
            depth += 1
            if depth > 1:
                continue
        elif char == "}":
            depth = max(depth - 1, 0)
            if depth:
                continue
            skipping = False
        elif depth and char == ":":
            skipping = True
        if not (skipping and depth):
            out.append(char)
    return "".join(out)


def colon(path: str) -> str:
    """Express, Koa, Fastify and Hono: ``:id(\\d+)?``, ``:id{[0-9]+}``, ``*``, ``/*rest``."""
    out: list[str] = []
    index = 0
    while index < len(path):
        char = path[index]
        found = _COLON.match(path, index)
        if found:
            out.append("{" + found.group(1) + "}")
            index = _after_pattern(path, found.end())
        elif char == "*":
            named = re.match(r"\*([A-Za-z_]\w*)?", path[index:])
            name = named.group(1) if named and named.group(1) else "wildcard"
            out.append("{" + name + "}")
            index += len(named.group(0)) if named else 1
        elif char == "(" and path.startswith("(.*)", index):
            out.append("{wildcard}")
            index += 4
        elif char in "{}?":
            index += 1
        else:
            out.append(char)
            index += 1
    return "".join(out)


def _after_pattern(path: str, index: int) -> int:
    """The position after the ``(…)`` or ``{…}`` and the modifier that may follow a name.

    Express 5 writes an optional part in braces (``/x{/:id}``), so braces open a pattern only when
    they follow the name at once.
    """
    closing = {"(": ")", "{": "}"}.get(path[index : index + 1])
    if closing:
        opening, depth = path[index], 0
        for end in range(index, len(path)):
            if path[end] == opening:
                depth += 1
            elif path[end] == closing:
                depth -= 1
                if depth == 0:
                    index = end + 1
                    break
        else:
            return len(path)
    if path[index : index + 1] in {"?", "+", "*"} and path[index - 1] != "/":
        index += 1
    return index


def regex(pattern: str) -> str:
    """Django's ``re_path``: named groups become parameters, what else varies is not known."""
    out: list[str] = []
    index = 0
    while index < len(pattern):
        char = pattern[index]
        if char in "^$":
            index += 1
        elif char == "\\":
            following = pattern[index + 1 : index + 2]
            if following in {"Z", "A", "b"}:
                pass
            elif following.isalnum():
                out.append(HOLE)
            else:
                out.append(following)
            index += 2
        elif char == "(":
            end = _group_end(pattern, index)
            group = pattern[index:end]
            named = re.match(r"\(\?P<(\w+)>", group)
            if named:
                out.append("{" + named.group(1) + "}")
            elif not group.startswith(("(?!", "(?=", "(?<", "(?i)")):
                out.append(HOLE if group.startswith("(?") else "{arg}")
            index = end
        elif char == "[":
            end = pattern.find("]", index + 2)
            out.append(HOLE)
            index = len(pattern) if end < 0 else end + 1
        elif char == "?":
            if out and len(out[-1]) == 1:
                out.pop()
            index += 1
        elif char in "+*{":
            if out and out[-1] != HOLE and not out[-1].startswith("{"):
                out[-1] = HOLE
            end = pattern.find("}", index) if char == "{" else index
            index = (len(pattern) if end < 0 else end) + 1
        elif char == ".":
            out.append(HOLE)
            index += 1
        else:
            out.append(char)
            index += 1
    return re.sub(f"{HOLE}+", HOLE, "".join(out))


def _group_end(pattern: str, index: int) -> int:
    depth = 0
    in_class = False
    while index < len(pattern):
        char = pattern[index]
        if char == "\\":
            index += 2
            continue
        if in_class:
            in_class = char != "]"
        elif char == "[":
            in_class = True
        elif char == "(":
            depth += 1
        elif char == ")":
            depth -= 1
            if depth == 0:
                return index + 1
        index += 1
    return len(pattern)


def joined(prefix: str, path: str) -> str:
    """``path`` under ``prefix``, one slash between; a bare ``/`` adds nothing to a prefix."""
    if path in {"", "/"} and prefix not in {"", "/"}:
        return prefix.rstrip("/") or "/"
    return prefix.rstrip("/") + "/" + path.lstrip("/")


def slashed(prefix: str, path: str) -> str:
    """``path`` under ``prefix`` as Flask joins them: a bare ``/`` stays."""
    if not path:
        return prefix or "/"
    return prefix.rstrip("/") + "/" + path.lstrip("/")


def plain(prefix: str, path: str) -> str:
    """The two written one after the other."""
    return prefix + path


def finished(path: str) -> tuple[str, bool]:
    """The template for a report, and whether all of it is known."""
    path = re.sub(r"/{2,}", "/", path if path.startswith(("/", HOLE)) else "/" + path)
    complete = HOLE not in path
    path = re.sub(f"{HOLE}+", "{?}", path)
    return (path if path.startswith("/") else "/" + path), complete
