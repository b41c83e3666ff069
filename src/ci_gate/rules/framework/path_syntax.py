from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from ci_gate.codemodel.dependencies.node import NodePackages
from ci_gate.codemodel.routing.domain import Const, DictVal
from ci_gate.codemodel.syntax import Node, Span
from ci_gate.findings import Finding, Related
from ci_gate.regex import regex
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.framework._routers import routers, steps

_NAME: Final = regex(r'[^\W\d][\w$]*|\$[\w$]*|"(?:[^"\\]|\\.)+"')
_WORD: Final = regex(r":\w+")
_PATTERN: Final = regex(r":(\w+)\(((?:[^()\\]|\\.)*)\)")
_FIX_6: Final = "Write `(.*)` for what matches anything."
_KOA_ROUTERS: Final = ("@koa/router", "koa-router")


class PathSyntax(Rule):
    """A route's path is written in a syntax that the installed router no longer reads.

    Express 5 and the routers of Koa parse paths with path-to-regexp. Its version 8 (Express 5,
    `@koa/router` 14, `koa-router` 13) has no `*` without a name, no `:id?`, no `:id(\\d+)`, no
    `(.*)`; its version 6 (`@koa/router` and `koa-router` from 9 on) has no `*` of its own.

    ## Why is this bad?
    Registering the route throws (`Missing parameter name`, `Unexpected (`) while the modules load,
    and the server never starts.

    ## Fix
    A wildcard has a name (`/*splat`), an optional part stands in braces (`/articles{/:page}`), and
    what a pattern checked is checked in the handler.

    ## Silent on
    Express 4 and older routers; services whose manifest and lock file leave the version open;
    regular expressions; paths that are not known.

    ## Source
    Express, "Migrating to Express 5: Path route matching syntax"; constraint decay,
    arXiv 2605.06445: services that never started.
    """

    id = "framework/path-syntax"
    group = "framework"
    languages: ClassVar = ("javascript", "typescript")
    needs: ClassVar = ("express", "koa")

    def check(self, facts: Facts) -> Iterable[Finding]:
        packages = NodePackages(facts.model.tree)
        found: dict[tuple[str, str], list[tuple[Span, str, str]]] = {}
        for path, module, span, parser, library in _paths(facts, packages):
            problem = _refused(path) if parser == 8 else _refused_by_6(path)
            if problem is not None:
                places = found.setdefault((module, path), [])
                if all(span != other for other, _, _ in places):
                    places.append((span, problem, library))
        for (module, path), places in found.items():
            (span, problem, library), *others = places
            yield self.finding(
                module,
                Node(span),
                message=f"The path {path!r} does not parse under {library}: {problem}.",
                why=(
                    "path-to-regexp throws while the route is registered, so the server does not "
                    "start."
                ),
                fix=_fix(path) if "Unexpected MODIFIER" not in problem else _FIX_6,
                subject=f"path {path}",
                related=[Related(module, other[0], "the same path") for other, _, _ in others],
            )


def _paths(facts: Facts, packages: NodePackages) -> Iterator[tuple[str, str, Span, int, str]]:
    """Every path with its place, and the version of path-to-regexp that reads it."""
    for router in routers(facts.model, "express"):
        for step in steps(router):
            if packages.major(step.module, "express") == 5:
                for path in step.paths or ():
                    yield path, step.module, step.span, 8, "Express 5"
    for router in routers(facts.model, "koa"):
        if router.is_app:
            continue
        made = router.made
        options = made.get(0) if made is not None else None
        prefix = options.entries.get("prefix") if isinstance(options, DictVal) else None
        if made is not None and isinstance(prefix, Const) and isinstance(prefix.value, str):
            parser, library = _koa(packages, made.module)
            if parser == 8:
                yield prefix.value, made.module, made.span, parser, library
        for step in steps(router):
            parser, library = _koa(packages, step.module)
            if parser:
                for path in step.paths or ():
                    yield path, step.module, step.span, parser, library


def _koa(packages: NodePackages, module: str) -> tuple[int, str]:
    """The version of path-to-regexp under the installed router; 0 where it is not known."""
    for name in _KOA_ROUTERS:
        major = packages.major(module, name)
        if major is not None:
            first = 14 if name == "@koa/router" else 13
            return (8 if major >= first else 6 if major >= 9 else 0), f"{name} {major}"
    return 0, ""


def _refused(path: str) -> str | None:
    """Why path-to-regexp 8 throws; None where it does not."""
    index, depth = 0, 0
    while index < len(path):
        char = path[index]
        if char == "\\":
            index += 2
            continue
        if char in "()[]+?!":
            return f"Unexpected {char} at index {index}"
        if char in ":*":
            name = _NAME.match(path, index + 1)
            if name is None:
                return f"Missing parameter name at index {index + 1}"
            index = name.end()
            continue
        depth += {"{": 1, "}": -1}.get(char, 0)
        if depth < 0:
            return f"Unexpected }} at index {index}"
        index += 1
    return "a brace is not closed" if depth else None


def _refused_by_6(path: str) -> str | None:
    """Why path-to-regexp 6 throws: a modifier must follow a parameter or a group."""
    before, index, depth = "", 0, 0
    while index < len(path):
        char = path[index]
        name = _WORD.match(path, index)
        if char == "\\":
            before, index = "text", index + 2
        elif depth:
            depth += {"(": 1, ")": -1}.get(char, 0)
            before, index = "group", index + 1
        elif name is not None:
            before, index = "group", name.end()
        elif char == "(":
            depth, index = 1, index + 1
        elif char in "*+?":
            if before != "group":
                return f"Unexpected MODIFIER at {index}"
            before, index = "text", index + 1
        else:
            before, index = "group" if char == "}" else "text", index + 1
    return None


def _fix(path: str) -> str:
    """What to write instead."""
    pattern = _PATTERN.search(path)
    if pattern is not None:
        plain = _PATTERN.sub(r":\1", path)
        if _refused(plain) is None:
            return f"Write {plain!r} and check `{pattern[1]}` in the handler."
    new = re.sub(r"/:(\w+)\?", r"{/:\1}", path)
    new = re.sub(r"/:(\w+)[*+]$", r"/*\1", new)
    new = re.sub(r"/?\(\.\*\)|/?\*(?![\w\"])", "/*splat", new)
    if new != path and _refused(new) is None:
        return f"Write {new!r}."
    return "Write the path without patterns, or register a regular expression."
