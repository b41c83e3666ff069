"""Where Django's models and migrations disagree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel.entities.django.declared import Declared, constant
from ci_gate.codemodel.migrations.django import AppHistory, MigratedModel
from ci_gate.codemodel.model import CodeModel
from ci_gate.findings import Related, Severity
from ci_gate.rules.base import Facts
from ci_gate.rules.database._django_models import (
    STORED,
    Migrated,
    is_certain,
    is_loaded,
    is_of_django,
    migrated_models,
)
from ci_gate.rules.database._drift import Drift, mentioned

#: What the database stores for a field class; those of one kind differ in no more than checks.
_STORAGE: Final = {
    name: storage
    for storage, names in {
        "characters": "CharField SlugField EmailField URLField FileField ImageField FilePathField "
        "CommaSeparatedIntegerField",
        "text": "TextField",
        "a small integer": "SmallIntegerField PositiveSmallIntegerField",
        "an integer": "IntegerField PositiveIntegerField",
        "a big integer": "BigIntegerField PositiveBigIntegerField",
        "a float": "FloatField",
        "a decimal": "DecimalField",
        "a Boolean": "BooleanField NullBooleanField",
        "a date and time": "DateTimeField",
        "a date": "DateField",
        "a time": "TimeField",
        "a duration": "DurationField",
        "JSON": "JSONField",
        "a UUID": "UUIDField",
        "binary data": "BinaryField",
        "an address": "GenericIPAddressField",
        "a key of another table": "ForeignKey OneToOneField",
        "many rows of another table": "ManyToManyField",
    }.items()
    for name in names.split()
}
#: Fields that Django itself adds to a model or its migrations.
_AUTOMATIC: Final = ("id", "_order")


def django_drift(facts: Facts) -> Iterator[Drift]:
    missing: dict[Declared, list[Migrated]] = defaultdict(list)
    for item in migrated_models(facts):
        if item.left is None:
            if is_loaded(facts.model, item.model, item.history) and not mentioned(
                item.model.table or item.model.name, item.history.sql
            ):
                yield _no_table(item)
            continue
        if not item.left.complete:
            continue
        added = list(_added(facts.model, item, item.left))
        lost = list(_lost(item, item.left))
        if len(added) == len(lost) == 1 and added[0].type.name == lost[0].type.name:
            yield _renamed(item, added[0], lost[0])
        else:
            for declared in added:
                missing[declared].append(item)
            for declared in lost:
                drift = _left_over(facts.model, item, declared)
                if drift is not None:
                    yield drift
        yield from _changed(facts.model, item, item.left)
    for declared, items in missing.items():
        yield _no_column(declared, items)


def _added(model: CodeModel, item: Migrated, left: MigratedModel) -> Iterator[Declared]:
    """Fields of the model that no migration adds."""
    for name, declared in item.model.fields.items():
        if name in left.fields or name in _AUTOMATIC or name.endswith("_ptr"):
            continue
        if is_certain(model, declared) and not _is_in_sql(declared, item.history):
            yield declared


def _lost(item: Migrated, left: MigratedModel) -> Iterator[Declared]:
    """Fields that migrations add and keep, and that the model does not have."""
    if not item.model.known:
        return
    names = set(item.model.fields)
    for contrib in item.model.contrib:
        names |= (contrib.columns.keys() | contrib.relations.keys()) - item.model.hidden
    for name, declared in item.model.fields.items():
        names.update(pattern.format(name) for pattern in declared.type.adds)
    for name, declared in left.fields.items():
        if name in names or name in _AUTOMATIC or name.endswith("_ptr"):
            continue
        if declared.kind in STORED and not _is_in_sql(declared, item.history):
            yield declared


def _is_in_sql(declared: Declared, history: AppHistory) -> bool:
    return any(mentioned(name, history.sql) for name in (declared.name, f"{declared.name}_id"))


def _no_table(item: Migrated) -> Drift:
    model, history = item.model, item.history
    table = model.table or f"{history.label}_{model.name.lower()}"
    return Drift(
        model.entity.path,
        model.cls.node,
        f"{history.label}.{model.name}",
        f"{model.name} is a model of {history.label}, and none of its migrations creates it: after "
        f"`migrate` there is no table {table}.",
        f"Every query of {model.name} fails at run time: no such table {table}.",
        _make(history),
        (_last(history),),
    )


def _no_column(declared: Declared, items: list[Migrated]) -> Drift:
    first = items[0]
    model, history, left = first.model, first.history, first.left
    names = ", ".join(item.model.name for item in items[:4])
    more = f" and {len(items) - 4} more" if len(items) > 4 else ""
    what = f"`{declared.name}` is a field of {names}{more}"
    if declared.kind == "many-to-many":
        lacks = f"there is no table for {model.name}.{declared.name}"
    else:
        column = declared.name if declared.kind == "column" else f"{declared.name}_id"
        lacks = f"the table {model.table or model.name} has no column {column}"
    return Drift(
        declared.path,
        declared.node,
        f"{history.label}.{model.name}.{declared.name}",
        f"{what}, and no migration of {history.label} adds it: after `migrate` {lacks}.",
        f"Every query that reads or writes {model.name} names the column and fails at run time."
        if declared.kind != "many-to-many"
        else f"Every use of {model.name}.{declared.name} fails at run time: no such table.",
        _make(*dict.fromkeys(item.history for item in items)),
        (_made_at(left), _last(history)) if left is not None else (_last(history),),
    )


def _renamed(item: Migrated, added: Declared, lost: Declared) -> Drift:
    model, history = item.model, item.history
    return Drift(
        added.path,
        added.node,
        f"{history.label}.{model.name}.{added.name}",
        f"{model.name} has a field `{added.name}` that no migration of {history.label} adds; they "
        f"still have `{lost.name}`, which the model lost.",
        f"Every query of {model.name} names `{added.name}`, which its table does not have.",
        f"{_make(history)} It asks whether `{lost.name}` was renamed.",
        (Related(lost.path, lost.node.line, f"`{lost.name}` comes from here"),),
    )


def _left_over(model: CodeModel, item: Migrated, lost: Declared) -> Drift | None:
    name, history = item.model.name, item.history
    required = (
        lost.kind != "many-to-many"
        and is_of_django(model, lost)
        and lost.constant(model, "null", False) is False
        and lost.has("db_default") is False
    )
    column = lost.name if lost.kind == "column" else f"{lost.name}_id"
    why = (
        f"The column {column} stays and accepts no NULL, and nothing fills it any more: saving a "
        f"new {name} fails with an IntegrityError."
        if required
        else "The next makemigrations drops it, together with another, unrelated change."
    )
    return Drift(
        item.model.entity.path,
        item.model.cls.node,
        f"{history.label}.{name}.{lost.name}",
        f"{name} has no field `{lost.name}` any more, and no migration of {history.label} removes "
        "it.",
        why,
        _make(history),
        (Related(lost.path, lost.node.line, f"`{lost.name}` comes from here"),),
        Severity.ERROR if required else Severity.WARNING,
    )


def _changed(model: CodeModel, item: Migrated, left: MigratedModel) -> Iterator[Drift]:
    """Fields that the database has otherwise than the model says."""
    for name, declared in item.model.fields.items():
        before = left.fields.get(name)
        if before is None or not is_of_django(model, declared) or not is_of_django(model, before):
            continue
        if _is_in_sql(declared, item.history):
            continue
        found = _difference(model, declared, before)
        if found is not None:
            what, why = found
            yield Drift(
                declared.path,
                declared.node,
                f"{item.history.label}.{item.model.name}.{name}",
                f"{item.model.name}.{name} {what}, and no migration of {item.history.label} "
                "changes that.",
                why,
                _make(item.history),
                (Related(before.path, before.node.line, "as the database has it"),),
            )


def _difference(model: CodeModel, declared: Declared, before: Declared) -> tuple[str, str] | None:
    now, then = _STORAGE.get(declared.type.name), _STORAGE.get(before.type.name)
    if now is None or then is None:
        return None
    if now != then:
        return (
            f"is {now} ({declared.type.name}) and its migrations make it {then} "
            f"({before.type.name})",
            "The database refuses or cuts values that the model allows.",
        )
    if declared.type.name == before.type.name and declared.kind != "many-to-many":
        nulls = [field.constant(model, "null", False) for field in (declared, before)]
        if nulls == [True, False] and declared.type.name != "NullBooleanField":
            return (
                "may be null and its migrations make it NOT NULL",
                "Saving it without a value fails with an IntegrityError.",
            )
        longest, allowed = (_length(model, field) for field in (declared, before))
        if longest is not None and allowed is not None and longest > allowed:
            return (
                f"may have {longest} characters and its migrations make room for {allowed}",
                "Longer values fail on PostgreSQL and MySQL.",
            )
    return None


def _length(model: CodeModel, declared: Declared) -> int | None:
    given = declared.argument("max_length")
    value = constant(model, given) if given is not None else None
    return value.value if value is not None and type(value.value) is int else None


def _make(*histories: AppHistory) -> str:
    labels = " ".join(history.label for history in histories)
    return (
        f"Run `python manage.py makemigrations {labels}` and commit the migration that it writes "
        f"to {histories[0].folder}/migrations/."
    )


def _made_at(left: MigratedModel) -> Related:
    return Related(left.path, left.node.line, f"{left.name} is made here")


def _last(history: AppHistory) -> Related:
    return Related(history.last, 1, f"the last migration of {history.label}")
