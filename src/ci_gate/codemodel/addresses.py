"""What the address of a database can be: each alternative with the way it came.

An address is followed backwards from the call that opens the database: through names, settings
classes, parameters, helpers and environment look-ups, to the texts that were written down. What
cannot be followed keeps the name of the setting that it was taken from, which still tells whether
two connections go to the same database.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Final, Literal

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.databases import HOLE, parse
from ci_gate.codemodel.environment import Lookup, lookup, set_where_missing
from ci_gate.codemodel.model import ClassInfo, CodeModel, FunctionInfo, Scope
from ci_gate.codemodel.provenance import Written
from ci_gate.codemodel.values import ConstantValue, ExternalValue
from ci_gate.data import dataclass
from ci_gate.regex import regex

#: Why an alternative is taken only where another one fails: the ``default`` of a look-up or of a
#: settings class, the right side of an ``or``, the next of a list that a loop goes through.
Fallback = Literal["default", "or", "next"]

_MAX_DEPTH: Final = 14
_MAX_ALTERNATIVES: Final = 12
#: What one text put together of parts can be, so that many parts leave room for other texts.
_MAX_JOINED: Final = 4
_MAX_TEXT: Final = 2000
_MAX_STEPS: Final = 600
#: Methods and functions whose result is the address they are given.
_SAME_METHODS: Final = frozenset({
    "strip", "lower", "unicode_string", "get_secret_value", "render_as_string", "as_posix",
    "expanduser", "resolve", "encode", "decode", "rstrip", "lstrip", "absolute", "replace",
    "set", "human_repr", "removeprefix", "removesuffix", "split", "rsplit", "partition",
    "rpartition", "_replace", "with_name", "joinpath",
})  # fmt: skip
_SAME_CALLS: Final = frozenset({
    "str", "make_url", "Secret", "SecretStr", "URL", "PostgresDsn", "MySQLDsn", "AnyUrl", "Path",
    "DatabaseURL", "MultiHostUrl", "quote_plus", "parse", "urlparse", "cast", "fspath", "abspath",
})  # fmt: skip
_FIELD: Final = regex(r"\{[^{}]*\}|%\(\w+\)s|%s")


@dataclass(frozen=True, slots=True)
class Hop:
    """One expression on the way of an address, and why it is taken. ``late``: it only gives what
    follows the scheme of a URL."""

    expr: s.Expr
    scope: Scope
    fallback: Fallback | None = None
    late: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """One thing that an expression can be: ``text`` (None: not known, :data:`HOLE` for unknown
    parts), the settings it comes from, the way from the expression to there, and the expression
    ``at`` which it is written or put together."""

    text: str | None
    sources: frozenset[str] = frozenset()
    trail: tuple[Hop, ...] = ()
    at: Hop | None = None

    @property
    def fallback(self) -> Hop | None:
        """The first place where it is taken for want of something else."""
        return next((hop for hop in self.trail if hop.fallback is not None), None)


Bound = Mapping[tuple[FunctionInfo, str], tuple[s.Expr, Scope]]


class Texts:
    """Answers for one program."""

    def __init__(self, model: CodeModel) -> None:
        self._model = model
        self._known: dict[s.Expr, Sequence[Text]] = {}
        self._steps = 0

    def of(self, expr: s.Expr, scope: Scope) -> Sequence[Text]:
        """All that ``expr`` can be, as far as it is known."""
        known = self._known.get(expr)
        if known is None:
            self._steps = 0
            known = self._known[expr] = self._some(self._of(expr, scope, (), {}, None))
        return known

    def _some(self, texts: Iterator[Text]) -> list[Text]:
        return list(dict.fromkeys(islice(texts, _MAX_ALTERNATIVES)))

    def _of(
        self,
        expr: s.Expr,
        scope: Scope,
        trail: tuple[Hop, ...],
        bound: Bound,
        fallback: Fallback | None,
    ) -> Iterator[Text]:
        self._steps += 1
        if (
            len(trail) >= _MAX_DEPTH
            or self._steps > _MAX_STEPS
            or any(hop.expr is expr for hop in trail)
        ):
            yield Text(None, trail=trail)
            return
        trail = (*trail, Hop(expr, scope, fallback))
        match expr:
            case s.Literal(value=str(text)):
                yield Text(text[:_MAX_TEXT], trail=trail, at=trail[-1])
            case s.Literal(kind="none"):
                return
            case s.Template(parts=parts, tag=None):
                yield from self._joined(parts, scope, trail, bound)
            case s.Binary(op="+" | "/", left=left, right=right):
                yield from self._joined([left, right], scope, trail, bound, expr.op)
            case s.Binary(op="%", left=left):
                yield from self._formatted(left, [], scope, trail, bound)
            case s.Binary(op="or" | "??", left=left, right=right):
                yield from self._of(left, scope, trail, bound, None)
                yield from self._of(right, scope, trail, bound, "or")
            case s.Conditional(body=body, orelse=orelse):
                yield from self._of(body, scope, trail, bound, None)
                yield from self._of(orelse, scope, trail, bound, None)
            case s.Await(value=value) | s.AssignExpr(value=value):
                yield from self._of(value, scope, trail, bound, None)
            case _:
                yield from self._looked_up(expr, scope, trail, bound)

    def _looked_up(
        self, expr: s.Expr, scope: Scope, trail: tuple[Hop, ...], bound: Bound
    ) -> Iterator[Text]:
        found = lookup(self._model, expr, scope)
        if found is not None:
            yield from self._environment(found, scope, trail, bound)
            return
        if isinstance(expr, s.Call):
            yield from self._call(expr, scope, trail, bound)
            return
        if isinstance(expr, s.Name):
            given = bound.get((scope.function, expr.id))
            if given is not None:
                yield from self._of(*given, trail, bound, None)
                return
        part = _part_of_address(expr)
        if part is not None:
            yield from self._of(part, scope, trail, bound, None)
            return
        yield from self._defined(expr, scope, trail, bound)

    def _environment(
        self, found: Lookup, scope: Scope, trail: tuple[Hop, ...], bound: Bound
    ) -> Iterator[Text]:
        names = [item.text for item in self._of(found.name, scope, trail, bound, None)
                 if item.text] if found.name is not None else []  # fmt: skip
        sources = frozenset(f"env:{name.upper()}" for name in names)
        yield Text(None, sources, trail)
        defaults = [] if found.default is None else [(found.default, scope)]
        if found.default is None:
            defaults += set_where_missing(self._model, names)
        for default, where in defaults:
            for item in self._of(default, where, trail, bound, "default"):
                yield replace(item, sources=item.sources | sources)

    # --- references ---

    def _defined(
        self, expr: s.Expr, scope: Scope, trail: tuple[Hop, ...], bound: Bound
    ) -> Iterator[Text]:
        definitions = self._model.provenance(expr, scope)
        own = _source(expr, scope)
        if not definitions:
            known = self._constant(expr, scope)
            if isinstance(expr, s.Subscript):  # an item of something that is a setting itself
                own = own.union(
                    *(i.sources for i in self._of(expr.value, scope, trail, bound, None))
                )
            yield Text(known, own, trail, trail[-1])
            return
        for place, item in enumerate(definitions):
            setting = self._setting(item)
            fallback: Fallback | None = "next" if item.how == "element" and place else None
            sources = own if item.how in ("entry", "field") else frozenset()
            if setting is not None:
                sources |= {setting}
                fallback = "default"
            for text in self._of(item.expr, item.scope, trail, bound, fallback):
                yield replace(text, sources=text.sources | sources)
            if setting is not None:
                yield Text(None, sources, trail)

    def _setting(self, item: Written) -> str | None:
        """The environment variable that overrides a field of a settings class."""
        if item.how != "field" or item.owner is None or lookup(
            self._model, item.expr, item.scope
        ) is not None:  # fmt: skip
            return None
        if not is_settings(self._model, item.owner):
            return None
        return f"env:{item.name.upper()}"

    def _constant(self, expr: s.Expr, scope: Scope) -> str | None:
        values = self._model.evaluate(expr, scope)
        if len(values) != 1:
            return None
        value = next(iter(values))
        if isinstance(value, ConstantValue) and isinstance(value.value, str):
            return value.value
        return None

    # --- calls ---

    def _call(
        self, call: s.Call, scope: Scope, trail: tuple[Hop, ...], bound: Bound
    ) -> Iterator[Text]:
        func = call.func
        name = func.name if isinstance(func, s.Attribute) else getattr(func, "id", "")
        if name == "format" and isinstance(func, s.Attribute):
            yield from self._formatted(
                func.value, [item.value for item in call.args], scope, trail, bound
            )
            return
        if name == "get" and isinstance(func, s.Attribute) and call.args:
            yield from self._item(call, func.value, scope, trail, bound)
            return
        if name in ("build", "create") and self._is_url_builder(func):
            yield from self._built(call, scope, trail, bound)
            return
        if name == "getattr" and isinstance(func, s.Name) and len(call.args) > 1:
            yield from self._attribute(call, scope, trail, bound)
            return
        if name == "Field" and (default := call.argument(0, "default")) is not None:
            yield from self._of(default, scope, trail, bound, None)
            return
        if name == "Field" and (factory := call.argument(None, "default_factory")) is not None:
            yield from self._call(s.Call(call.span, factory, []), scope, trail, bound)
            return
        returned = self._model.provenance(call, scope)
        if returned:
            yield from self._returned(returned, call, scope, trail, bound)
            return
        if name in _SAME_METHODS and isinstance(func, s.Attribute):
            yield from self._of(func.value, scope, trail, bound, None)
        elif name in _SAME_CALLS and call.args:
            argument = call.args[-1 if name == "cast" else 0].value
            yield from self._of(argument, scope, trail, bound, None)
        elif name == "join" and call.args:
            yield from self._joined([item.value for item in call.args], scope, trail, bound, "/")
        else:
            yield Text(None, trail=trail)

    def _returned(
        self,
        returned: Sequence[Written],
        call: s.Call,
        scope: Scope,
        trail: tuple[Hop, ...],
        bound: Bound,
    ) -> Iterator[Text]:
        """What a function of the program gives; where that is not known, the address it is given
        to work on (``settings_of(url)``)."""
        found: list[Text] = []
        for item in returned:
            inner = _arguments(item, call, scope, bound)
            found += self._some(self._of(item.expr, item.scope, trail, inner, None))
        if all(text.text is None for text in found):
            through = (*trail, *(Hop(item.expr, item.scope) for item in returned[:1]))
            for argument in call.args:
                given = self._some(self._of(argument.value, scope, through, bound, None))
                if any(parse(text.text).engine is not None for text in given if text.text):
                    found = given
        yield from found

    def _item(
        self,
        call: s.Call,
        base: s.Expr,
        scope: Scope,
        trail: tuple[Hop, ...],
        bound: Bound,
    ) -> Iterator[Text]:
        """``mapping.get(key, default)``."""
        key = call.args[0].value
        yield from self._defined(s.Subscript(call.span, base, key), scope, trail, bound)
        default = call.argument(1)
        if default is not None:
            yield from self._of(default, scope, trail, bound, "default")

    def _attribute(
        self, call: s.Call, scope: Scope, trail: tuple[Hop, ...], bound: Bound
    ) -> Iterator[Text]:
        """``getattr(object, name, default)``."""
        base, name, default = call.argument(0), call.argument(1), call.argument(2)
        if base is not None and isinstance(name, s.Literal) and isinstance(name.value, str):
            read = s.Attribute(call.span, base, name.value, name.span)
            yield from self._defined(read, scope, trail, bound)
        else:
            yield Text(None, trail=trail)
        if default is not None:
            yield from self._of(default, scope, trail, bound, "default")

    def _is_url_builder(self, func: s.Expr) -> bool:
        if not isinstance(func, s.Attribute):
            return False
        owner = func.value
        name = owner.name if isinstance(owner, s.Attribute) else getattr(owner, "id", "")
        return name.lower().endswith(("url", "dsn"))

    def _built(
        self, call: s.Call, scope: Scope, trail: tuple[Hop, ...], bound: Bound
    ) -> Iterator[Text]:
        """``URL.create("postgresql", host=…)``, ``PostgresDsn.build(scheme=…)``."""
        scheme = call.argument(0, "drivername") or call.argument(None, "scheme")
        parts: list[s.Expr] = []

        def constant(text: str) -> None:
            parts.append(s.Literal(call.span, text, "string"))

        if scheme is None:
            yield Text(None, trail=trail)
            return
        parts.append(scheme)
        constant("://")
        user = call.argument(1, "username") or call.argument(None, "user")
        password = call.argument(2, "password")
        if user is not None:
            parts.append(user)
            if password is not None:
                constant(":")
                parts.append(password)
            constant("@")
        host = call.argument(3, "host")
        if host is not None:
            parts.append(host)
        database = call.argument(5, "database") or call.argument(None, "path")
        if database is not None:
            constant("/")
            parts.append(database)
        yield from self._joined(parts, scope, trail, bound)

    # --- texts put together ---

    def _joined(
        self,
        parts: Sequence[s.Expr],
        scope: Scope,
        trail: tuple[Hop, ...],
        bound: Bound,
        separator: str = "",
    ) -> Iterator[Text]:
        glue = "/" if separator == "/" else ""
        found = [Text("", trail=trail)]
        for place, part in enumerate(parts):
            choices = self._some(self._of(part, scope, trail, bound, None)) or [Text(None)]
            found = [
                _glued(left, right, glue if place else "", trail)
                for left in found
                for right in choices
            ][:_MAX_JOINED]
        yield from found

    def _formatted(
        self,
        template: s.Expr,
        arguments: Sequence[s.Expr],
        scope: Scope,
        trail: tuple[Hop, ...],
        bound: Bound,
    ) -> Iterator[Text]:
        sources = frozenset(
            source
            for argument in arguments[:_MAX_ALTERNATIVES]
            for item in self._of(argument, scope, trail, bound, None)
            for source in item.sources
        )
        for item in self._of(template, scope, trail, bound, None):
            text = None if item.text is None else _FIELD.sub(HOLE, item.text)
            yield replace(item, text=text, sources=item.sources | sources)


def _part_of_address(expr: s.Expr) -> s.Expr | None:
    """What ``make_url(x).database``, ``urlparse(x).path``, ``x.split("///")[1]`` and ``x[10:]`` are
    a part of."""
    match expr:
        case s.Attribute(value=s.Call(func=s.Name(id=name) | s.Attribute(name=name)) as call) if (
            name in ("make_url", "urlparse", "urlsplit", "URL")
            and expr.name in ("database", "path", "url")
        ):
            return call
        case s.Subscript(value=s.Call(func=s.Attribute(name=name)) as call) if name in (
            "split",
            "rsplit",
            "partition",
            "rpartition",
        ):
            return call
        case s.Subscript(value=value, index=s.Unknown()):
            return value
    return None


def _glued(left: Text, right: Text, glue: str, trail: tuple[Hop, ...]) -> Text:
    text = (left.text or "") + glue + (HOLE if right.text is None else right.text)
    following = right.trail
    if left.text and ":" in left.text:
        following = tuple(hop if hop in trail else replace(hop, late=True) for hop in following)
    both = tuple(dict.fromkeys((*trail, *left.trail, *following)))
    return Text(text[:_MAX_TEXT], left.sources | right.sources, both, trail[-1])


def _arguments(item: Written, call: s.Call, scope: Scope, bound: Bound) -> Bound:
    """What the called function's parameters are, for this call."""
    function = item.function
    if function is None or not isinstance(function.node, s.Function):
        return bound
    params = function.node.params
    shift = 1 if function.cls is not None and function.node.kind != "static" else 0
    inner = dict(bound)
    for place, param in enumerate(params[shift:]):
        given = call.argument(None if param.kind == "keyword-only" else place, param.name)
        if given is None and param.default is not None:
            given = param.default
        if given is not None and not any(argument.star for argument in call.args):
            inner[function, param.name] = (given, scope)
    return inner


_FOLDER: Final = regex(r"(?:^|_)(?:PARENTS?|PARDIR|DIR|DIRECTORY|ROOT|PATH|HOME|NAME|CWD)$")


def _source(expr: s.Expr, scope: Scope) -> frozenset[str]:
    """The setting that an expression reads, by its name; folders do not tell databases apart."""
    owner = scope.cls
    match expr:
        case s.Subscript(index=s.Literal(value=str(key))) if _is_named(expr.value, "DATABASES"):
            return frozenset({f"django:{key}"})
        case s.Subscript(value=inner) if _is_named(inner, "settings_dict"):
            return frozenset({"django:default"})
        case s.Subscript(value=s.Subscript(value=inner) as outer) if _is_named(inner, "DATABASES"):
            return _source(outer, scope)
        case s.Attribute(value=s.Name(id="self" | "cls"), name=name) if (
            owner is not None and not owner.name.endswith(("Settings", "Config"))
        ):
            return frozenset({f"{owner.qualname}.{name}"})
        case s.Attribute(name=name) | s.Subscript(index=s.Literal(value=str(name))):
            setting = name.upper()
            return frozenset() if _FOLDER.search(setting) else frozenset({f"setting:{setting}"})
    return frozenset()


def _is_named(expr: s.Expr, name: str) -> bool:
    match expr:
        case s.Name(id=found) | s.Attribute(name=found):
            return found == name
    return False


def is_settings(model: CodeModel, cls: ClassInfo) -> bool:
    """Is the class filled from the environment (pydantic's ``BaseSettings``)?"""
    return any(
        isinstance(base, ExternalValue) and base.path.endswith("BaseSettings")
        for base in model.ancestors(cls)
    )
