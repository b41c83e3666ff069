"""Sequelize instances whose dialect is not the database that the service is to use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, Literal

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.databases import ENGINES, TITLES, Engine
from ci_gate.codemodel.model import Scope
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.sequelize.instances import Instance
from ci_gate.codemodel.sequelize.models import Models
from ci_gate.findings import Related
from ci_gate.regex import regex
from ci_gate.rules._defects import Defect
from ci_gate.rules._places import spot
from ci_gate.rules.base import Facts

_ENGINES: Final[dict[str, Engine]] = {
    "postgres": "postgresql", "sqlite": "sqlite", "mysql": "mysql", "mariadb": "mysql",
}  # fmt: skip
_URL: Final = regex(r"^(postgres|sqlite|mysql|mariadb)(?:ql)?:")
_ELSEWHERE: Final = regex(r"dev|test|mock|stub|seed|script|migrat|import|export", re.IGNORECASE)
_Why = Literal["plain", "default"]


def wrong_engines(facts: Facts) -> Iterator[Defect]:
    """The only instance speaks another dialect, or does so where a setting is missing."""
    opened = list(_opened(facts))
    wanted = _wanted(facts) if opened else None
    if wanted is None or any(engine == wanted and why == "plain" for _, engine, why in opened):
        return
    for instance, engine, why in opened:
        if engine != wanted:
            yield _wrong(instance, engine, why, wanted)


def second_engines(facts: Facts) -> Iterator[Defect]:
    """An instance beside the one of the service's own database."""
    opened = list(_opened(facts))
    wanted = _wanted(facts) if len(opened) > 1 else None
    own = next((item for item, engine, why in opened if (engine, why) == (wanted, "plain")), None)
    if own is None or wanted is None:
        return
    for instance, engine, why in opened:
        if engine != wanted and why == "plain":
            yield _second(instance, engine, own, wanted)


def _wanted(facts: Facts) -> Engine | None:
    """What the configuration names, or the base of the change has."""
    if facts.config.database is not None:
        return ENGINES.get(facts.config.database)
    if facts.base is None:
        return None
    dialect = facts.base.entities.sequelize.instances.dialect
    return _ENGINES.get(dialect) if dialect is not None else None


def _opened(facts: Facts) -> Iterator[tuple[Instance, Engine, _Why]]:
    models = facts.entities.sequelize
    for instance in models.instances.all:
        path = instance.scope.module.path
        if is_outside(path) or _ELSEWHERE.search(path) or _is_chosen(models, instance):
            continue
        if instance.dialect is not None:
            if instance.dialect in _ENGINES:
                yield instance, _ENGINES[instance.dialect], "plain"
            continue
        default = _default(models, instance)
        if default is not None:
            yield instance, default, "default"


def _is_chosen(models: Models, instance: Instance) -> bool:
    """A condition picks between instances."""
    path = instance.scope.module.path
    return any(
        isinstance(item.node, s.If | s.Conditional | s.Switch | s.Try)
        for item in models.origins.surroundings.of(path, instance.call)
    )


def _default(models: Models, instance: Instance) -> Engine | None:
    """``dialect: process.env.DIALECT || 'sqlite'``, or an address of that kind."""
    written = instance.options.get("dialect")
    if written is not None:
        text = _fallback(models, *written)
        return _ENGINES.get(text) if text is not None else None
    if not instance.call.args:
        return None
    text = _fallback(models, instance.call.args[0].value, instance.scope)
    match = _URL.match(text) if text is not None else None
    return _ENGINES.get(match[1]) if match else None


def _fallback(models: Models, expr: s.Expr, scope: Scope) -> str | None:
    """The constant that stands in for an environment variable that is not set."""
    found = models.origins.of(expr, scope)
    texts = [
        item.expr.value for item in found.origins
        if isinstance(item.expr, s.Literal) and isinstance(item.expr.value, str)
    ]  # fmt: skip
    others = [item.expr for item in found.origins if not isinstance(item.expr, s.Literal)]
    settings = [
        item for item in others
        if isinstance(item, s.Attribute) and getattr(item.value, "name", "") == "env"
    ]  # fmt: skip
    if len(texts) == 1 and len(settings) == len(others) == 1:
        return texts[0]
    return None


def _wrong(instance: Instance, engine: Engine, why: _Why, wanted: Engine) -> Defect:
    message = (
        f"Sequelize is opened for {TITLES[engine]}, though the service is built for "
        f"{TITLES[wanted]}."
        if why == "plain"
        else f"Where the setting is missing, Sequelize is opened for {TITLES[engine]}, though the "
        f"service is built for {TITLES[wanted]}."
    )
    return Defect(
        instance.scope.module.path,
        spot(instance.call),
        message,
        f"The data is not where the rest of the system looks for it, and what works on "
        f"{TITLES[engine]} may fail on {TITLES[wanted]}."
        if why == "plain"
        else "A deployment that forgets the setting starts without complaint and stores its data "
        f"in {TITLES[engine]}.",
        f"Open {TITLES[wanted]}, by the setting that names it."
        if why == "plain"
        else "Take the default away, so that a missing setting ends the process.",
        f"Sequelize opens {TITLES[engine]}",
    )


def _second(instance: Instance, engine: Engine, own: Instance, wanted: Engine) -> Defect:
    place = own.scope.module.path, own.call.line
    return Defect(
        instance.scope.module.path,
        spot(instance.call),
        f"A second Sequelize instance opens {TITLES[engine]} beside the service's "
        f"{TITLES[wanted]} ({place[0]}:{place[1]}).",
        "What is stored there is outside of the service's transactions, backups and migrations"
        + (", and every host has a file of its own." if engine == "sqlite" else "."),
        f"Define the models on the instance of {TITLES[wanted]}.",
        f"second instance for {TITLES[engine]}",
        (Related(*place, "the service's database"),),
    )
