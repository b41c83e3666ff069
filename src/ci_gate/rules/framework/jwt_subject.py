from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dependencies.oldest import Oldest, OldestReleases
from ci_gate.codemodel.dependencies.requirement import Release
from ci_gate.codemodel.model import CodeModel, Scope
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ExternalValue
from ci_gate.findings import Finding, Related
from ci_gate.rules._texts import is_integer
from ci_gate.rules.base import Facts, Rule

#: What makes a token -> what reads it, the distribution, and from which release on it looks.
_LIBRARIES: Final[dict[str, tuple[str, str, Release]]] = {
    "jwt.encode": ("jwt.decode", "pyjwt", (2, 10)),
    "jose.jwt.encode": ("jose.jwt.decode", "python-jose", (1, 0)),
}


class JwtSubject(Rule):
    """A token is made with a number as its subject, and the library that reads it wants a text.

    `jwt.encode({"sub": user.id, ...}, key)`.

    ## Why is this bad?
    PyJWT 2.10 and later raise InvalidSubjectError (Subject must be a string) in `decode()`, and
    python-jose raises JWTClaimsError: every token that the service hands out is refused by itself.

    ## Fix
    `"sub": str(user.id)`, and `int(claims["sub"])` where it is read.

    ## Silent on
    Projects that hold an older PyJWT, that read their tokens with another library, or without the
    check (`verify_sub`, `verify_signature`); values that are not surely numbers.

    ## Source
    RFC 7519, section 4.1.2; PyJWT, changelog of 2.10.0.
    """

    id = "any/jwt-subject"
    group = "framework"
    languages: ClassVar = ("python",)
    asks_callers = True

    def check(self, facts: Facts) -> Iterable[Finding]:
        model = facts.model
        releases = OldestReleases(facts.environments, model.tree)
        reads = {
            reader: found
            for reader, _, _ in _LIBRARIES.values()
            if (found := list(_calls(model, reader, "decode")))
        }
        seen: set[s.Expr] = set()
        for maker, (reader, distribution, since) in _LIBRARIES.items():
            if reader not in reads or any(map(_is_unchecked, reads[reader])):
                continue
            for call in _calls(model, maker, "encode"):
                for subject in _subjects(model, call):
                    path = model.path_of(subject)
                    if path is None or subject in seen or not is_integer(model, subject):
                        continue
                    seen.add(subject)
                    oldest = releases.may_be(path, distribution, since)
                    if oldest is not None and oldest.is_at_least(since):
                        yield self._found(model, path, subject, reads[reader][0], oldest)

    def _found(
        self, model: CodeModel, path: str, subject: s.Expr, read: s.Call, oldest: Oldest
    ) -> Finding:
        where = model.path_of(read) or path
        return self.finding(
            path,
            subject,
            message="The subject of the token is a number, and `decode()` wants a text.",
            why="Every token that the service hands out is refused by itself: Subject must be a "
            "string.",
            fix='Write `str(…)`, and `int(claims["sub"])` where it is read.',
            subject="sub is a number",
            related=[
                Related(where, read.line, "the token is read here"),
                Related(oldest.by.path, oldest.by.line, f"{oldest.by.name} is asked for here"),
            ],
        )


def _calls(model: CodeModel, path: str, name: str) -> Iterator[s.Call]:
    for call, scope in model.calls_named(name):
        if is_outside(scope.module.path):
            continue
        found = model.evaluate(call.func, scope)
        if found and all(isinstance(item, ExternalValue) and item.path == path for item in found):
            yield call


def _is_unchecked(call: s.Call) -> bool:
    return call.argument(keyword="options") is not None


def _subjects(model: CodeModel, call: s.Call) -> Iterator[s.Expr]:
    """What stands under `sub` in the claims, also where a caller gives them."""
    claims, scope = call.argument(0), model.scope_of(call)
    if claims is None:
        return
    for mapping in mappings(model, claims, scope):
        for entry in mapping.entries:
            if isinstance(entry.key, s.Literal) and entry.key.value == "sub":
                yield entry.value


def mappings(model: CodeModel, expr: s.Expr, scope: Scope) -> Iterator[s.Mapping]:
    """The object literals that ``expr`` is, also where a caller gives them."""
    if isinstance(expr, s.Mapping):
        yield expr
        return
    bindings = model.bindings(expr.id, scope) if isinstance(expr, s.Name) else ()
    if len(bindings) != 1:
        return
    only = bindings[0]
    if only.kind == "param" and isinstance(only.node, s.Param):
        yield from _given(model, scope, only.node)
    elif isinstance(only.node, s.Mapping):
        yield only.node
    elif isinstance(only.node, s.Call):
        func, copied = only.node.func, only.node.argument(0)
        if isinstance(func, s.Attribute) and func.name == "copy":
            copied = func.value
        if isinstance(copied, s.Name) and copied != expr:
            yield from mappings(model, copied, scope)


def _given(model: CodeModel, scope: Scope, param: s.Param) -> Iterator[s.Mapping]:
    """What callers of the function give for the parameter."""
    node = scope.function.node
    if not isinstance(node, s.Function) or param not in node.params:
        return
    place = node.params.index(param)
    if node.params[0].name in ("self", "cls"):
        place -= 1
    for edge in model.callers(scope.function):
        if isinstance(edge.node, s.Call) and not is_outside(edge.caller.module.path):
            value = edge.node.argument(place, param.name)
            if value is not None and isinstance(value, s.Mapping | s.Name):
                yield from _written(model, value, model.scope_of(edge.node))


def _written(model: CodeModel, expr: s.Expr, scope: Scope) -> Iterator[s.Mapping]:
    found = model.definition(expr, scope) if isinstance(expr, s.Name) else (expr, scope)
    if found is not None and isinstance(found[0], s.Mapping):
        yield found[0]
