from __future__ import annotations

import json
import posixpath
import re
import tomllib
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from ci_gate.architecture.infer import service_of
from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.javascript.resolve import loads, nearest_tsconfig
from ci_gate.codemodel.places import folders_above, is_outside
from ci_gate.findings import Finding, Severity
from ci_gate.regex import regex
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.startup._node_entries import glob

_TEMPLATE_FOLDER: Final = regex(r"(?:^|/)(?:[\w-]*templates?|cookiecutter[\w.-]*|\{\{.*\}\})/")
#: a tag of Jinja and its kin that stands for a statement
_TAG: Final = regex(r"^\s*(?:\{%-?|<%)\s*\w+", re.MULTILINE)
_TOML_PLACE: Final = regex(r"\s*\(at line (\d+), column (\d+)\)$")


class SyntaxError_(Rule):
    """A source file does not parse, or the `package.json` or `pyproject.toml` of the service.

    Also code that parses and that Python or Node refuses all the same when it loads the file:
    `await` in a function that is not async, a name that is declared twice in one scope or exported
    and not declared, `continue` in the callback of `forEach`, a private name that no class
    declares, `??` beside `||` without brackets.

    ## Why is this bad?
    The service dies when it imports the file, or the request that loads it first fails. All that
    the gate can say about the rest of the file is incomplete. Without its manifest nothing is
    installed, and Node does not even load a module below a `package.json` that it cannot read.

    ## Fix
    Mend the syntax at the place named.

    ## Silent on
    Templates of source files (below a ``template`` directory, or with a template's tags in them),
    and valid code that the grammars do not know yet: TypeScript counts only where a bracket is
    missing or too many; tests, which their own run judges. In a file that is no part of a service,
    or that nothing imports and `tsconfig.json` excludes, the finding is a warning.

    ## Source
    Constraint decay, arXiv 2605.06445: 34 of 642 failed runs.
    """

    id = "startup/syntax-error"
    group = "startup"

    def check(self, facts: Facts) -> Iterable[Finding]:
        for path, module in facts.model.modules.items():
            if module.problems and _is_template(facts, path):
                continue
            for problem in module.problems[:1]:
                more = len(module.problems) - 1
                also = f", and {more} more in this file" if more else ""
                yield self.finding(
                    path,
                    problem,
                    message=f"Syntax error: {problem.message}{also}.",
                    why="The module cannot be loaded, so the service does not start.",
                    fix="Mend the syntax here.",
                    subject="syntax",
                    severity=Severity.ERROR if _matters(facts, path) else Severity.WARNING,
                )
        for path, problem in _manifests(facts):
            yield self.finding(
                path,
                problem,
                message=f"Syntax error: {problem.message}.",
                why="Nothing can be installed from this file, so the service does not start.",
                fix="Mend the syntax here.",
                subject="syntax",
            )


def _manifests(facts: Facts) -> Iterator[tuple[str, s.SyntaxProblem]]:
    """The manifests nearest to a file of the service that do not parse."""
    nearest: set[str] = set()
    for path, module in facts.model.modules.items():
        if _in_service(facts, path):
            name = "pyproject.toml" if module.language == "python" else "package.json"
            places = (
                posixpath.join(folder, name) for folder in folders_above(posixpath.dirname(path))
            )
            nearest.update(islice(filter(facts.model.tree.exists, places), 1))
    for path in sorted(nearest):
        if not is_outside(path) and not _is_template(facts, path):
            problem = _problem(facts, path)
            if problem is not None:
                yield path, problem


def _problem(facts: Facts, path: str) -> s.SyntaxProblem | None:
    """What keeps a manifest from being read."""
    try:
        text = facts.model.tree.text(path)
        if path.endswith(".json"):
            json.loads(text.removeprefix("\ufeff"))
        else:
            tomllib.loads(text)
    except json.JSONDecodeError as error:
        line, column, said = error.lineno, error.colno, error.msg
    except tomllib.TOMLDecodeError as error:
        said = str(error)
        place = _TOML_PLACE.search(said)
        line, column = (int(place[1]), int(place[2])) if place else (text.count("\n") + 1, 1)
        said = said[: place.start()] if place else said.removesuffix(" (at end of document)")
    except (OSError, ValueError, RecursionError):  # also a number that is too long to be read
        return None
    else:
        return None
    return s.SyntaxProblem((line, column, line, column + 1), said[:1].lower() + said[1:])


def _in_service(facts: Facts, path: str) -> bool:
    """Does a service run the file? Where none was found, any file may matter."""
    if not facts.stack.services:
        return True
    return service_of(path, facts.stack) is not None and not is_outside(path)


def _matters(facts: Facts, path: str) -> bool:
    return _in_service(facts, path) and not (_is_left_out(facts, path) and _is_alone(facts, path))


def _is_left_out(facts: Facts, path: str) -> bool:
    """Does the nearest ``tsconfig.json`` exclude the file, such as a piece of code to be shown?"""
    tree = facts.model.tree
    config = nearest_tsconfig(frozenset(tree.files), posixpath.dirname(path))
    if config is None or not path.endswith((".ts", ".mts", ".cts", ".tsx")):
        return False
    given = loads(tree, config).get("exclude")
    patterns = [item for item in given if isinstance(item, str)] if isinstance(given, list) else []
    below = posixpath.relpath(path, posixpath.dirname(config) or ".")
    return any(glob(item).match(below) for item in patterns)


def _is_alone(facts: Facts, path: str) -> bool:
    return all(edge.target != path for edge in facts.model.import_edges)


def _is_template(facts: Facts, path: str) -> bool:
    """Is the file filled in before it is source?"""
    if _TEMPLATE_FOLDER.search(path):
        return True
    try:
        return _TAG.search(facts.model.tree.text(path)) is not None
    except OSError:
        return False
