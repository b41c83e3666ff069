"""Sequelize: operators that the dialect does not have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.sequelize.models import Models
from ci_gate.codemodel.sequelize.origins import nodes_of
from ci_gate.codemodel.surroundings import Surroundings
from ci_gate.codemodel.values import ExternalValue
from ci_gate.findings import Related
from ci_gate.regex import regex
from ci_gate.rules._defects import Defect

_POSTGRES: Final = frozenset({"postgres"})
_REGEXP: Final = frozenset({"postgres", "mysql", "mariadb", "snowflake"})
#: Operator -> what Sequelize writes for it, and the dialects that have that.
_SUPPORT: Final = {
    "iLike": ("ILIKE", _POSTGRES | {"snowflake"}),
    "notILike": ("NOT ILIKE", _POSTGRES | {"snowflake"}),
    "regexp": ("REGEXP", _REGEXP), "notRegexp": ("NOT REGEXP", _REGEXP),
    "iRegexp": ("~*", _POSTGRES), "notIRegexp": ("!~*", _POSTGRES),
    "contains": ("@>", _POSTGRES), "contained": ("<@", _POSTGRES),
    "overlap": ("&&", _POSTGRES), "adjacent": ("-|-", _POSTGRES),
    "strictLeft": ("<<", _POSTGRES), "strictRight": (">>", _POSTGRES),
    "noExtendRight": ("&<", _POSTGRES), "noExtendLeft": ("&>", _POSTGRES),
    "match": ("@@", _POSTGRES),
}  # fmt: skip
_TITLES: Final = {
    "sqlite": "SQLite", "mysql": "MySQL", "mariadb": "MariaDB", "mssql": "SQL Server",
}  # fmt: skip
_INSTEAD: Final = {
    "iLike": "Use `Op.like` (SQLite and MySQL compare ASCII letters without regard to case), or "
             "compare `fn('lower', col(…))` with the value in lower case.",
    "contains": "Keep the values in a table of their own and include it, or compare in the "
                "program; for part of a text use `Op.substring`.",
}  # fmt: skip
_ASKED: Final = regex(r"dialect|postgres|sqlite|mysql|provider", re.IGNORECASE)


def unsupported_operators(models: Models) -> Iterator[Defect]:
    dialect = models.instances.dialect
    if dialect is None or dialect not in _TITLES:
        return
    instance = models.instances.all[0]
    for path, module in sorted(models.model.modules.items()):
        if module.language == "python" or is_outside(path):
            continue
        for node in nodes_of(module):
            if not isinstance(node, s.Attribute) or node.name not in _SUPPORT:
                continue
            written, dialects = _SUPPORT[node.name]
            if dialect in dialects or not _is_operator(models.model, node):
                continue
            if asks_for_dialect(models.origins.surroundings, path, node):
                continue
            yield Defect(
                path,
                node,
                f"`Op.{node.name}` is written as `{written}`, which {_TITLES[dialect]} does not "
                "have.",
                f"The statement does not parse on {_TITLES[dialect]}: every request that takes "
                "this way answers 500.",
                _INSTEAD.get(node.name.replace("notIL", "iL"), "Use an operator that "
                             f"{_TITLES[dialect]} has, or compare in the program."),
                f"Op.{node.name} in {path.rpartition('/')[2]}",
                (Related(instance.scope.module.path, instance.call.line,
                         f"Sequelize is opened for {_TITLES[dialect]} here"),),
            )  # fmt: skip


def _is_operator(model: CodeModel, node: s.Attribute) -> bool:
    values = model.evaluate(node.value)
    return bool(values) and all(
        isinstance(item, ExternalValue) and item.path.endswith(".Op")
        and item.path.startswith("sequelize")
        for item in values
    )  # fmt: skip


def asks_for_dialect(surroundings: Surroundings, path: str, node: s.Node) -> bool:
    """Does a condition around an operator depend on the dialect?"""
    for enclosing in surroundings.of(path, node):
        if isinstance(enclosing.node, s.If | s.Conditional):
            for part in s.walk(enclosing.node.test):
                text = part.id if isinstance(part, s.Name) else getattr(part, "name", "")
                text = str(part.value) if isinstance(part, s.Literal) else text
                if _ASKED.search(text):
                    return True
    return False
