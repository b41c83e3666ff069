from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, Scope
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ExternalValue
from ci_gate.data import dataclass
from ci_gate.findings import Finding, Related
from ci_gate.regex import regex
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.framework.jwt_subject import mappings

_MAKES: Final = regex(r"^(?:jwt\.encode|jose\.jwt\.encode|jsonwebtoken(?:\.default)?\.sign)$")
_READS: Final = regex(r"^(?:jwt\.decode|jose\.jwt\.decode|jsonwebtoken(?:\.default)?\.verify)\(\)$")
_OF_TOKENS: Final = regex(
    r"^(?:jwt\.(?:en|de)code|jose\.jwt\.(?:en|de)code|jsonwebtoken(?:\.default)?\.(?:sign|verify))$"
)
#: Claims that a library may add by itself, and what objects have besides claims.
_ALWAYS: Final = frozenset({
    "iat", "exp", "nbf", "iss", "aud", "jti", "get", "items", "keys", "values", "copy", "pop",
    "update", "setdefault", "payload", "header", "signature", "toString", "hasOwnProperty",
})  # fmt: skip
_SUBJECT: Final = "subject"


@dataclass(frozen=True, slots=True, eq=False)
class _Made:
    """The claims that the program puts into its tokens; ``place`` is where it does."""

    names: frozenset[str]
    path: str
    place: s.Node


class UnknownClaim(Rule):
    """A claim is read of a token that no token of the program has.

    `claims.userId` after `jwt.verify()`, and `jwt.sign({ sub: user.id }, …)` in another place; in
    Python `claims["user_id"]` of PyJWT and python-jose.

    ## Why is this bad?
    The value is undefined (in Python KeyError, or None): each signed-in request ends with an error,
    is refused, or goes on as nobody.

    ## Fix
    Read the claim under the name that it is given.

    ## Silent on
    Programs of which not all claims are seen (payloads that are handed in, spread or copied from
    elsewhere), programs that read tokens of somebody else too (by another key than that of the
    tokens made here), registered claims.

    ## Source
    RFC 7519, section 4; jsonwebtoken, PyJWT: usage.
    """

    id = "any/unknown-claim"
    group = "framework"
    languages: ClassVar = ("python", "javascript", "typescript")
    asks_callers = True

    def check(self, facts: Facts) -> Iterable[Finding]:
        model = facts.model
        made = _made(model)
        if made is None or not _have_one_key(model):
            return
        for path, module in model.modules.items():
            if is_outside(path):
                continue
            for node, name in _read(model, module):
                if name in made.names or name in _ALWAYS:
                    continue
                shown = ", ".join(f"`{item}`" for item in sorted(made.names - _ALWAYS))
                yield self.finding(
                    path,
                    node,
                    message=f"The claim `{name}` is read, and the tokens of this program have "
                    f"{shown}.",
                    why="It is never there: every signed-in request ends with an error, is "
                    "refused, or goes on as nobody.",
                    fix=f"Read one of {shown}, or put `{name}` into the token.",
                    subject=f"claim {name}",
                    related=[Related(made.path, made.place.line, "the token is made here")],
                )


def _made(model: CodeModel) -> _Made | None:
    names: set[str] = set()
    first: tuple[str, s.Node] | None = None
    for word in ("encode", "sign"):
        for call, scope in model.calls_named(word):
            path = scope.module.path
            found = model.evaluate(call.func, scope)
            if is_outside(path) or not found or not _are(found, _MAKES.match):
                continue
            claims = _claims(model, call, scope)
            if claims is None:
                return None
            names |= claims
            first = first or (path, call)
    return _Made(frozenset(names), *first) if first is not None and names else None


def _have_one_key(model: CodeModel) -> bool:
    """Are all tokens of the program signed and checked with what is named alike?"""
    keys: set[tuple[str, ...]] = set()
    for word in ("encode", "sign", "decode", "verify"):
        for call, scope in model.calls_named(word):
            func = model.evaluate(call.func, scope)
            if is_outside(scope.module.path) or not func or not _are(func, _OF_TOKENS.match):
                continue
            keys.add(_key(call.argument(1, "key")))
    shortest = min(keys, key=len, default=())
    return bool(shortest) and all(key[-len(shortest) :] == shortest for key in keys)


def _key(expr: s.Expr | None) -> tuple[str, ...]:
    """By what a key is called: ``("settings", "KEY")`` for ``self.settings.KEY``; the name in the
    brackets of ``os.environ["KEY"]`` and ``os.getenv("KEY")``; empty where there is none."""
    while isinstance(expr, s.Binary):
        expr = expr.left
    inner = expr.index if isinstance(expr, s.Subscript) else None
    inner = expr.argument(0) if isinstance(expr, s.Call) else inner
    if isinstance(inner, s.Literal):
        return (str(inner.value),)
    if isinstance(expr, s.Literal):
        return (repr(expr.value),)
    parts = s.dotted(expr).split(".") if expr is not None else []
    return tuple(part for part in parts if part and part not in ("self", "this"))


def _are(values: Iterable[object], match: object) -> bool:
    assert callable(match)
    return all(isinstance(item, ExternalValue) and match(item.path) for item in values)


def _claims(model: CodeModel, call: s.Call, scope: Scope) -> set[str] | None:
    """The names of all claims of one token; None where they are not all seen."""
    payload = call.argument(0)
    found = list(mappings(model, payload, scope)) if payload is not None else []
    if not found or not (_is_own(model, payload, scope) or len(found) == _asked(model, scope)):
        return None
    if _is_extended(scope):
        return None
    names: set[str] = set()
    for mapping in found:
        for entry in mapping.entries:
            if not isinstance(entry.key, s.Literal) or not isinstance(entry.key.value, str):
                return None
            names.add(entry.key.value)
    options = call.argument(2)
    if isinstance(options, s.Mapping):
        names |= {"sub"} if options.get(_SUBJECT) is not None else set()
    elif options is not None:
        names.add("sub")
    return names | set(_added(scope))


def _is_own(model: CodeModel, payload: s.Expr | None, scope: Scope) -> bool:
    """Is the payload written in the function itself?"""
    if isinstance(payload, s.Mapping):
        return True
    bindings = model.bindings(payload.id, scope) if isinstance(payload, s.Name) else ()
    return len(bindings) == 1 and isinstance(bindings[0].node, s.Mapping)


def _asked(model: CodeModel, scope: Scope) -> int:
    """How many calls of the function the program has."""
    return sum(
        isinstance(edge.node, s.Call) and not is_outside(edge.caller.module.path)
        for edge in model.callers(scope.function)
    )


def _is_extended(scope: Scope) -> bool:
    """Is an object of the function given what is not written there?"""
    for node in s.walk(scope.function.node):
        if isinstance(node, s.Assign):
            for target in node.targets:
                if isinstance(target, s.Subscript) and not isinstance(target.index, s.Literal):
                    return True
        if isinstance(node, s.Call) and s.last_name(node.func) in ("update", "assign"):
            unknown = (item for item in node.args if item.keyword is None)
            if not all(_is_written_out(item.value) for item in unknown):
                return True
    return False


def _is_written_out(expr: s.Expr) -> bool:
    return isinstance(expr, s.Mapping) and all(
        isinstance(entry.key, s.Literal) for entry in expr.entries
    )


def _added(scope: Scope) -> Iterator[str]:
    """What the function around puts into any object: ``claims["exp"] = …``, ``update({…})``."""
    for node in s.walk(scope.function.node):
        for target in node.targets if isinstance(node, s.Assign) else ():
            if isinstance(target, s.Subscript) and isinstance(target.index, s.Literal):
                yield str(target.index.value)
            elif isinstance(target, s.Attribute):
                yield target.name
        if isinstance(node, s.Call) and s.last_name(node.func) in ("update", "assign"):
            for item in node.args:
                if item.keyword is not None:
                    yield item.keyword
                for inner in s.walk(item.value):
                    if isinstance(inner, s.Literal) and isinstance(inner.value, str):
                        yield inner.value


def _read(model: CodeModel, module: s.Module) -> Iterator[tuple[s.Node, str]]:
    for attribute in model.nodes_of(module, s.Attribute):
        if module.language != "python" and _is_token(model, attribute.value):
            yield attribute, attribute.name
    for item in model.nodes_of(module, s.Subscript):
        name = _text(item.index)
        if name is not None and _is_token(model, item.value):
            yield item, name
    for call in model.nodes_of(module, s.Call):
        func, name = call.func, _text(call.argument(0))
        if not isinstance(func, s.Attribute) or func.name != "get" or name is None:
            continue
        if _is_token(model, func.value):
            yield call, name


def _text(expr: s.Expr | None) -> str | None:
    return expr.value if isinstance(expr, s.Literal) and isinstance(expr.value, str) else None


def _is_token(model: CodeModel, expr: s.Expr) -> bool:
    if not isinstance(expr, s.Name | s.Call):
        return False
    if isinstance(expr, s.Call) and s.last_name(expr.func) not in ("decode", "verify"):
        return False
    found = model.evaluate(expr)
    return bool(found) and _are(found, _READS.match)
