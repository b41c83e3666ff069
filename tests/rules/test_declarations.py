"""What is read of a rule without loading it is what its class says."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ci_gate import rules
from ci_gate.rules import declarations
from ci_gate.rules.base import Rule
from ci_gate.rules.declarations import Declaration
from ci_gate.rules.orm.missing_commit import MissingCommit

DECLARED = declarations.declared()


@pytest.mark.parametrize("declared", DECLARED, ids=lambda item: item.id)
def test_each_rule_says_of_itself_what_its_class_does(declared: Declaration) -> None:
    rule = declared.load()
    said = (declared.id, declared.group, declared.languages, declared.needs)
    assert said == (rule.id, rule.group, rule.languages, rule.needs)


def test_all_rules_are_declared() -> None:
    for item in pkgutil.walk_packages(rules.__path__, "ci_gate.rules."):
        importlib.import_module(item.name)
    defined = [rule for rule in _below(Rule) if rule.__module__.startswith("ci_gate.rules.")]
    assert {rule.load() for rule in DECLARED} == set(defined)


def test_no_rule_is_loaded_to_tell_what_rules_there_are() -> None:
    program = (
        "import sys; from ci_gate import rules; rules.select((), ('orm',));"
        "print([name for name in sys.modules if name.startswith('ci_gate.rules.')])"
    )
    told = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": str(Path(rules.__file__).parents[2])},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == "['ci_gate.rules.declarations', 'ci_gate.rules.names']"


@pytest.mark.parametrize("needs", ["_FRAMEWORKS", "tuple(known)", "3", "('a',"])
def test_what_is_not_written_out_is_asked_of_the_class(tmp_path: Path, needs: str) -> None:
    file = tmp_path / "missing_commit.py"
    file.write_text(
        f'class MissingCommit(Rule):\n    """A rule."""\n\n    id = "a/b"\n    needs = {needs}\n'
    )
    module = "ci_gate.rules.orm.missing_commit"
    (found,) = declarations._read(module, str(file))
    assert (found.id, found.needs) == (MissingCommit.id, MissingCommit.needs)


def test_a_name_for_a_literal_is_as_good(tmp_path: Path) -> None:
    file = tmp_path / "rule.py"
    file.write_text(
        '_ALL: Final = ("koa",)\n\n\nclass One(Rule):\n    """A rule."""\n\n    id = "a/one"\n'
        '    group = "a"\n    needs: ClassVar = _ALL\n    follows = True\n\n\n'
        'class Two(Rule):\n    id = "a/two"\n'
        '    group = "a"\n    languages: ClassVar[tuple[str, ...]] = ("python",)\n'
        "    asks_callers = True\n"
    )
    every = ("python", "javascript", "typescript")
    assert list(declarations._read("m", str(file))) == [
        Declaration("a/one", "a", every, ("koa",), True, False, "m", "One"),
        Declaration("a/two", "a", ("python",), (), False, True, "m", "Two"),
    ]


def _below(rule: type[Rule]) -> Iterator[type[Rule]]:
    for found in rule.__subclasses__():
        if not inspect.isabstract(found):
            yield found
        yield from _below(found)
