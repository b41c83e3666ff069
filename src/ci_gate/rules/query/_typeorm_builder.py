"""TypeORM: properties, aliases and parameters in the texts of its query builders."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.typeorm.builder import Built
from ci_gate.codemodel.typeorm.facts import TypeormEntity
from ci_gate.codemodel.typeorm.typeorm import Typeorm
from ci_gate.findings import Related
from ci_gate.regex import regex
from ci_gate.rules._defects import Defect
from ci_gate.rules.query._names import SYSTEM_COLUMNS
from ci_gate.rules.query._sql import near

_REJECTED: Final = "The database rejects the statement each time it runs: {error}."
_PLAIN: Final = regex(r"^[\s\w.,=<>!():%*+\0-]*$")


def unknown_properties(typeorm: Typeorm) -> Iterator[Defect]:
    """``alias.property`` that the alias's entity has neither as a property nor as a column."""
    for built in typeorm.builders.all:
        seen: set[tuple[s.Node, str, str]] = set()
        for clause, text in built.readable():
            for alias, name in text.names():
                key = text.node, alias, name
                if key in seen:
                    continue
                seen.add(key)
                known = _alias(built, alias)
                if known is not None:
                    entity = built.aliases[known]
                    if entity is not None and not _has(entity, name):
                        yield _no_property(built, entity, alias, name, text.node)
                elif clause != "select" and _is_closed(built) and _PLAIN.match(text.text):
                    yield _no_alias(built, alias, name, text.node)


def _has(entity: TypeormEntity, name: str) -> bool:
    if not entity.known or entity.has(name) or not entity.properties() or entity.view:
        return True
    if name.lower() in SYSTEM_COLUMNS:
        return True
    bare = _squeezed(name)
    for item in entity.columns.values():
        if bare in (_squeezed(item.name), _squeezed(item.column or item.name)):
            return True
    for prop, embedded in entity.embedded.items():
        if embedded is None or bare.startswith(_squeezed(prop)):
            return True
    return any(
        bare in {_squeezed(key) for key in item.keys or ()} or bare.startswith(_squeezed(item.name))
        for item in entity.relations.values()
        if item.owns
    )


def _alias(built: Built, written: str) -> str | None:
    """The alias that is meant; SQLite and MySQL do not tell upper from lower case."""
    if written in built.aliases:
        return written
    return next((item for item in built.aliases if item.lower() == written.lower()), None)


def _is_closed(built: Built) -> bool:
    """Are all aliases of the statement seen?"""
    return bool(built.aliases) and not built.open and not built.unknown_values


def _no_property(
    built: Built, entity: TypeormEntity, alias: str, name: str, node: s.Expr
) -> Defect:
    meant = near(name, entity.properties())
    return Defect(
        built.path,
        node,
        f"`{alias}.{name}` is no property of {entity.name}, which `{alias}` stands for.",
        _REJECTED.format(error=f"TypeORM leaves `{alias}.{name}` as it is, and there is no such "
                         "column"),
        f"Write `{alias}.{meant}`." if meant else f"Name a property of {entity.name}.",
        f"{entity.name}.{name}",
        (Related(entity.path, entity.span[0], f"{entity.name} is mapped here"),
         Related(built.path, built.call.line, "the query builder begins here")),
    )  # fmt: skip


def _no_alias(built: Built, alias: str, name: str, node: s.Expr) -> Defect:
    known = sorted(built.aliases)
    meant = near(alias, known)
    shown = ", ".join(f"`{item}`" for item in known)
    return Defect(
        built.path,
        node,
        f"`{alias}.{name}` names an alias that the query does not have: it has {shown}.",
        _REJECTED.format(error=f'missing FROM-clause entry for "{alias}"'),
        f"Write `{meant}.{name}`." if meant else f"Join what `{alias}` stands for.",
        f"{alias}.{name}",
        (Related(built.path, built.call.line, "the query builder begins here"),),
    )


def without_value(typeorm: Typeorm) -> Iterator[Defect]:
    """``:name`` that no call of the builder gives a value."""
    for built in typeorm.builders.all:
        if built.open or built.unknown_values:
            continue
        seen: set[str] = set()
        for _, text in built.texts:
            for name in text.parameters():
                if name in built.parameters or name in seen:
                    continue
                seen.add(name)
                yield _no_value(built, name, text.node)


def _no_value(built: Built, name: str, node: s.Expr) -> Defect:
    meant = near(name, sorted(built.parameters))
    given = f"; it sets `{meant}`" if meant else ""
    return Defect(
        built.path,
        node,
        f"`:{name}` has no value: no call of the query builder sets it{given}.",
        f"TypeORM leaves `:{name}` in the text, and the database rejects it as a syntax error each "
        "time it runs.",
        f"Write `:{meant}`." if meant else f"Give the value beside the text: `{{ {name}: … }}`.",
        f"{built.function.name} :{name}",
        (Related(built.path, built.call.line, "the query builder begins here"),),
    )


def _squeezed(name: str) -> str:
    return name.replace("_", "").lower()
