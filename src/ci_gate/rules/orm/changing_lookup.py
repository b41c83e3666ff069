from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, Scope
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ExternalValue
from ci_gate.findings import Finding, Related
from ci_gate.rules.base import Facts, Rule

_METHODS: Final = ("get_or_create", "update_or_create", "aget_or_create", "aupdate_or_create")
#: What gives another value at each call.
_CHANGING: Final = frozenset({
    "django.utils.timezone.now", "django.utils.timezone.localtime", "datetime.datetime.now",
    "datetime.datetime.utcnow", "datetime.datetime.today", "time.time", "time.time_ns",
    "uuid.uuid1", "uuid.uuid4", "uuid.uuid7", "secrets.token_hex", "secrets.token_urlsafe",
    "secrets.token_bytes", "django.utils.crypto.get_random_string",
})  # fmt: skip


class ChangingLookup(Rule):
    """`get_or_create()` looks for a value that is a new one each time.

    `Follow.objects.get_or_create(follower=a, followed=b, since=timezone.now())`: the time is part
    of the question, not of the defaults.

    ## Why is this bad?
    No row has this very time or token, so none is ever found: each call inserts a row. Where the
    other fields are unique together, the second call raises IntegrityError; where they are not, the
    rows pile up.

    ## Fix
    Put what a new row starts with into `defaults`: `get_or_create(follower=a, followed=b,
    defaults={"since": timezone.now()})`.

    ## Silent on
    Dates (a row per day is meant), comparisons (`expires__gt=timezone.now()`), look-ups by nothing
    but the new value (a code that must not be taken yet).

    ## Source
    Django, "get_or_create(defaults=None, **kwargs)".
    """

    id = "orm/changing-lookup"
    group = "orm"
    languages: ClassVar = ("python",)
    needs: ClassVar = ("django-orm",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        model = facts.model
        for method in _METHODS:
            for call, scope in model.calls_named(method):
                if scope.module.language != "python" or is_outside(scope.module.path):
                    continue
                if not isinstance(call.func, s.Attribute):
                    continue
                lookups = [item for item in call.args if item.keyword not in
                           ("defaults", "create_defaults")]  # fmt: skip
                changing = [item for item in lookups if _changes(model, item, scope)]
                if changing and len(changing) < len(lookups):
                    yield self._finding(call, changing[0], scope, method)

    def _finding(self, call: s.Call, item: s.Argument, scope: Scope, method: str) -> Finding:
        name = item.keyword or ""
        return self.finding(
            scope.module.path,
            item,
            message=f"`{method}()` looks for a row whose `{name}` is a value made just now",
            why="No row has it, so each call inserts one: IntegrityError where the other fields are"
            " unique, rows that pile up where they are not.",
            fix=f'Put it into the defaults: `defaults={{"{name}": …}}`.',
            subject=f"{scope.function.name} looks for a new {name}",
            related=[Related(scope.module.path, call.line, "the look-up")],
        )


def _changes(model: CodeModel, item: s.Argument, scope: Scope) -> bool:
    if item.star or item.keyword is None or "__" in item.keyword.replace("__exact", ""):
        return False
    value: s.Expr = item.value
    if isinstance(value, s.Name):
        found = model.binding(value.id, scope)
        if found is None or found[1].function is not scope.function:
            return False
        value, scope = found
    match value:
        case s.Call(func=s.Name(id="str"), args=[s.Argument(value=inner)]):
            value = inner
        case s.Attribute(name="hex", value=inner):
            value = inner
    return isinstance(value, s.Call) and any(
        isinstance(found, ExternalValue) and found.path in _CHANGING
        for found in model.evaluate(value.func, scope)
    )
