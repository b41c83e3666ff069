from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Set
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, FunctionInfo, Route
from ci_gate.codemodel.openapi import Operation, Scheme
from ci_gate.codemodel.openapi.served import Served
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.program import Late
from ci_gate.codemodel.syntax import Node
from ci_gate.findings import Finding, Related
from ci_gate.regex import regex
from ci_gate.rules._late import late_middleware, left_open, names_of
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.contract import _descriptions as descriptions
from ci_gate.rules.contract._guards import AUTH, Unclear, guards, is_optional

_WORDS: Final = ("Token", "Bearer", "JWT", "Basic", "Digest")
_WORD: Final = regex(r"^\W*(Token|Bearer|JWT|Basic|Digest)\W*(?:\s.*|[\\(\[].*)?$", re.I | re.S)
_SAID: Final = regex(r"\b(Token|Bearer|JWT|Basic)\s+(?:x{3,}|<|\{|\[|[\w-]+\.[\w-]+\.)", re.I)
_HEADER: Final = regex(r"^(?:http_)?authorization$", re.IGNORECASE)
#: Methods of texts and patterns that a scheme is told by.
_COMPARING: Final = frozenset({
    "startswith", "startsWith", "match", "fullmatch", "test", "exec", "removeprefix", "replace",
    "split", "lower", "toLowerCase", "casefold", "compile", "includes", "equals", "strip",
})  # fmt: skip
_FEWEST: Final = 3  # protected operations that must agree on a check
_MOST: Final = 0.75  # of the protected operations that must have it
_UNAUTHORISED: Final = 401
#: What a check asks of a request that lets some of them pass.
_ASKED: Final = frozenset({"method", "endpoint", "path", "url_rule", "blueprint", "url", "route"})
_STRAY: Final = 0.2  # of the public operations may have it


class AuthScheme(Rule):
    """Authentication in the code is not what the OpenAPI description says.

    The service reads another scheme from the `Authorization` header (`Bearer` for `Token`); an
    operation is described as protected and nothing on its route checks the caller, where the other
    protected ones have a check in common; or a public one has that check. In Express, Koa and Hono
    also a check that is registered after the routes that it is to protect.

    ## Why is this bad?
    With the wrong scheme every request of a client gets 401. A missing check opens the endpoint to
    everybody; one too many closes it to visitors.

    ## Fix
    Read the scheme that is described; put the check that the other operations have on the route (or
    take it off), or correct `security` in the description.

    ## Silent on
    Services that accept the described scheme among others, or any; checks that some route without
    protection has too, or fewer than three quarters of the protected ones; routes with something on
    them whose name may stand for a check; operations with optional security (`{}` among the
    alternatives), unless a check of the protected ones alone is on one of them; descriptions that
    the service writes itself.

    ## Source
    OpenAPI Specification 3.1, "Security Requirement Object"; OWASP API Security Top 10 2023, API2
    and API5.
    """

    id = "contract/auth-scheme"
    group = "contract"

    def check(self, facts: Facts) -> Iterable[Finding]:
        late: set[Route] = set()
        for item in late_middleware(facts.model):
            found = left_open(facts, item)
            if found:
                late |= {route for _, route in found}
                yield self._late(facts, item, found)
        for served in facts.served:
            if not descriptions.derived(facts, served):
                yield from self._other_scheme(facts, served)
                yield from self._checks(facts, served, late)

    # --- the scheme in the header ---

    def _other_scheme(self, facts: Facts, served: Served) -> Iterator[Finding]:
        wanted = {_word(served.description.schemes[name]) for item in served.operations
                  for alternative in item.security or () for name in alternative
                  if name in served.description.schemes}  # fmt: skip
        if len(wanted) != 1 or None in wanted:
            return
        [word] = wanted
        assert word is not None
        read = list(_read(facts.model))
        found = {name for _, _, name in read}
        if not found or word.lower() in found:
            return
        function, node, name = read[0]
        has = next(item for item in _WORDS if item.lower() == name)
        example = next(item for item in served.operations if item.security)
        yield self.finding(
            function.module.path,
            node,
            message=(
                f"{function.name} takes the scheme {has} from the Authorization header, and "
                f"{served.description.path} describes {word}."
            ),
            why=f"A client that sends `Authorization: {word} …` gets 401 on every request.",
            fix=f"Accept {word} (as well).",
            subject=f"scheme {has} for {word}",
            related=[
                Related(example.file, example.line, f"{example.endpoint} is protected by {word}")
            ],
        )

    # --- checks on routes ---

    def _late(self, facts: Facts, late: Late, found: list[tuple[Operation, Route]]) -> Finding:
        check = next(name for name in names_of(facts.model, late) if AUTH.search(name))
        item, route = found[0]
        more = f" and {len(found) - 1} more" if len(found) > 1 else ""
        return self.finding(
            late.module,
            Node(late.span),
            message=(
                f"{check} is registered after {route.endpoint}{more}, so it never runs for what "
                f"{item.file} describes as protected."
            ),
            why=(
                f"Handlers and middleware run in the order of their registration: "
                f"{route.endpoint} answers first, and anybody can call it."
            ),
            fix=f"Register {check} before these routes.",
            subject=f"{check} after {route.endpoint}",
            related=[
                Related(item.file, item.line, f"{item.endpoint} has security"),
                *(
                    Related(each.module, each.span[0], f"{each.endpoint} comes before it")
                    for _, each in found[:4]
                ),
            ],
        )

    def _checks(self, facts: Facts, served: Served, late: Set[Route]) -> Iterator[Finding]:
        protected: _Routes = {}
        public: _Routes = {}
        optional: _Routes = {}
        for item in served.operations:
            routes = served.routes_of(item)
            if len(routes) != 1 or routes[0].method == "ANY" or item.security is None:
                continue
            try:
                found = routes[0], guards(facts.model, routes[0])
            except Unclear:
                continue
            if not item.security:
                public[item] = found
            elif all(item.security):
                protected[item] = found
            else:
                optional[item] = found
        check = _check(protected, public)
        if check is not None:
            told = {item: found for item, found in protected.items() if found[0] not in late}
            yield from self._forgotten(check, protected, told, public)
        refusing = list(_refusing(protected, public))
        for item, (route, names) in public.items():
            seen = {name for name in refusing if name in _functions(route)}
            if check in names or seen:
                name = check if check is not None and check in names else min(seen)
                yield self._closed(item, route, name, "public")
        for name in [*refusing, *([check] if check is not None else [])]:
            shut = [item for item, (route, _) in optional.items() if name in _functions(route)]
            if shut and len(shut) <= _STRAY * len(optional):
                for item in shut:
                    yield self._closed(item, optional[item][0], name, "open to visitors")
                break

    def _forgotten(
        self, check: str, protected: _Routes, asked: _Routes, public: _Routes
    ) -> Iterator[Finding]:
        on_public = {name for _, names in public.values() for name in names}
        having = [item for item, (_, names) in protected.items() if check in names]
        for item, (route, names) in asked.items():
            if check not in names and not any(AUTH.search(name) for name in names - on_public):
                yield self._unprotected(item, route, check, protected[having[0]][0], len(having))

    def _unprotected(
        self, item: Operation, route: Route, check: str, other: Route, count: int
    ) -> Finding:
        return self.finding(
            route.module,
            Node(route.span),
            message=(
                f"{item.endpoint} is described as protected, and nothing on its route checks the "
                f"caller; {count} other protected operations have {check}."
            ),
            why=f"Anybody can call {route.endpoint} without signing in.",
            fix=f"Put {check} on this route.",
            subject=f"{item.endpoint} without {check}",
            related=[
                Related(item.file, item.line, f"{item.endpoint} has security"),
                Related(other.module, other.span[0], f"{other.endpoint} has {check}"),
            ],
        )

    def _closed(self, item: Operation, route: Route, check: str, described: str) -> Finding:
        function = _functions(route).get(check)
        related = [Related(item.file, item.line, f"{item.endpoint} is {described}")]
        if function is not None:
            related.append(Related(function.module.path, function.node.line, f"{check} is here"))
        return self.finding(
            route.module,
            Node(route.span),
            message=(
                f"{item.endpoint} is described as {described}, and its route has {check}, which "
                "the protected operations have."
            ),
            why=f"Visitors who are not signed in get 401 on {route.endpoint}.",
            fix=f"Take {check} off this route, or describe its security.",
            subject=f"{item.endpoint} with {check}",
            related=related,
        )


_Routes = dict[Operation, tuple[Route, frozenset[str]]]


def _check(protected: _Routes, public: _Routes) -> str | None:
    """The name that protected operations have in common and public ones lack."""
    counts = Counter(name for _, names in protected.values() for name in names)
    stray = Counter(name for _, names in public.values() for name in names)
    fitting = [
        name
        for name, count in counts.items()
        if AUTH.search(name)
        and not is_optional(name)
        and count >= max(_FEWEST, _MOST * len(protected))
        and stray[name] <= _STRAY * len(public)
        and len(public) - stray[name] >= 2
    ]
    return min(fitting, key=lambda name: (-counts[name], stray[name], name), default=None)


def _refusing(protected: _Routes, public: _Routes) -> Iterator[str]:
    """The functions before the handlers of all protected operations that refuse a request, whatever
    it asks for."""
    shared = [_functions(route) for route, _ in protected.values()]
    for name, function in shared[0].items() if shared else ():
        having = [item for item, (route, _) in public.items() if name in _functions(route)]
        if (
            not is_optional(name)
            and len(shared) >= _FEWEST
            and all(other.get(name) is function for other in shared)
            and len(having) <= _STRAY * len(public)
            and _always_refuses(name, function.node)
        ):
            yield name


def _functions(route: Route) -> dict[str, FunctionInfo]:
    return {item.name: item for item in route.handlers[1:]}


def _always_refuses(name: str, node: s.Node) -> bool:
    inner = list(s.walk(node))
    raised = [item for item in inner if isinstance(item, s.Raise)]
    if any(isinstance(item, s.Attribute) and item.name in _ASKED for item in inner):
        return False
    return bool(raised) and (AUTH.search(name) is not None or any(map(_is_refusal, raised)))


def _is_refusal(raised: s.Raise) -> bool:
    return any(
        (isinstance(item, s.Literal) and item.value == _UNAUTHORISED)
        or (isinstance(item, s.Attribute) and item.name == "HTTP_401_UNAUTHORIZED")
        for item in s.walk(raised)
    )


def _word(scheme: Scheme) -> str | None:
    """The word before the credentials in the Authorization header; None where it is not told."""
    if scheme.kind == "http":
        return {"bearer": "Bearer", "basic": "Basic", "digest": "Digest"}.get(scheme.http)
    if scheme.kind == "oauth2":
        return "Bearer"
    if scheme.kind == "apiKey" and scheme.where == "header" and _HEADER.match(scheme.key):
        said = {item.lower() for item in _SAID.findall(scheme.says)}
        if len(said) == 1:
            return next(item for item in _WORDS if item.lower() in said)
    return None


def _read(model: CodeModel) -> Iterator[tuple[FunctionInfo, s.Node, str]]:
    """The schemes that code which reads the header compares with, lower case."""
    for function in model.functions.values():
        node = function.node
        if is_outside(function.module.path) or not isinstance(node, s.Function):
            continue
        if any(_reads_header(item) for item in s.walk(node)) or any(map(_is_header, node.params)):
            for item in _compared(function.module, node):
                found = _WORD.match(str(item.value).lstrip("/^"))
                if found:
                    yield function, item, found[1].lower()


def _compared(module: s.Module, function: s.Function) -> Iterator[s.Literal]:
    """The texts that a function compares with: written in it, or constants that it names."""
    named: set[str] = set()
    for node in s.walk(function):
        parts: list[s.Expr] = []
        if isinstance(node, s.Binary) and node.op in ("==", "!=", "in", "not in"):
            parts = [node.left, node.right]
        elif (
            isinstance(node, s.Call)
            and isinstance(node.func, s.Attribute)
            and node.func.name in _COMPARING
        ):
            parts = [node.func.value, *(item.value for item in node.args)]
        elif isinstance(node, s.Literal) and node.kind == "regex":
            yield node
        for part in parts:
            for item in s.walk(part, into_functions=False):
                if isinstance(item, s.Literal) and isinstance(item.value, str):
                    yield item
                elif isinstance(item, s.Name | s.Attribute):
                    named.add(item.id if isinstance(item, s.Name) else item.name)
    for target, value in _constants(module):
        if target in named:
            yield from (item for item in value if isinstance(item.value, str))


def _constants(module: s.Module) -> Iterator[tuple[str, list[s.Literal]]]:
    """The literals at the top of a module or in its classes' bodies, with their names."""
    bodies = [module.body]
    bodies += [item.cls.body for item in module.body if isinstance(item, s.ClassDef)]
    for statement in (item for body in bodies for item in body):
        if not isinstance(statement, s.Assign):
            continue
        value = statement.value
        items = value.items if isinstance(value, s.Sequence) else [value]
        literals = [item for item in items if isinstance(item, s.Literal)]
        for target in statement.targets:
            if isinstance(target, s.Name):
                yield target.id, literals


def _is_header(param: s.Param) -> bool:
    """FastAPI's ``authorization: str = Header()``."""
    return param.name == "authorization" and any(
        isinstance(item, s.Name) and item.id == "Header"
        for part in (param.annotation, param.default)
        if part is not None
        for item in s.walk(part)
    )


def _reads_header(node: s.Node) -> bool:
    """``headers["Authorization"]``, ``headers.get("authorization")``, ``headers.authorization``."""
    match node:
        case s.Subscript(index=s.Literal(value=str(name))):
            return _HEADER.match(name) is not None
        case s.Call(func=s.Attribute(name="get" | "header" | "getlist"), args=[first, *_]):
            return (
                isinstance(first.value, s.Literal)
                and isinstance(first.value.value, str)
                and _HEADER.match(first.value.value) is not None
            )
        case s.Attribute(name="authorization", value=s.Attribute(name="headers")):
            return True
    return False
