from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dependencies.node import NodePackages
from ci_gate.codemodel.dependencies.oldest import OldestReleases
from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.program import ImportEdge
from ci_gate.codemodel.values import ExternalValue
from ci_gate.data import dataclass
from ci_gate.findings import Finding, Related, Severity
from ci_gate.regex import regex
from ci_gate.rules._passlib import default_scheme
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.startup._loaded import Loaded

_PASSLIB: Final = "passlib"
#: From this release on bcrypt refuses the long password that passlib tries when it loads bcrypt.
_BCRYPT: Final = (5,)
_SCHEMES: Final = frozenset({"bcrypt", "bcrypt_sha256", "django_bcrypt", "django_bcrypt_sha256"})
_HASHES: Final = frozenset({"passlib.hash.bcrypt", "passlib.hash.bcrypt_sha256"})
_EXPRESS: Final = 5
#: Drivers of SQLite that have another interface than `sqlite3`, which Sequelize calls.
_DRIVERS: Final = frozenset({"better-sqlite3", "node:sqlite"})


@dataclass(frozen=True, slots=True)
class _Middleware:
    """A package that no release of Express from 5 on can be used with. ``called``: only a call of
    what it exports fails."""

    why: str
    fix: str
    called: bool = True


_QUERY: Final = (
    "It assigns to `req.query`, which is a getter without a setter since Express 5: TypeError "
    "(Cannot set property query), and each request behind it ends with status 500."
)
_MIDDLEWARE: Final[Mapping[str, _Middleware]] = {
    "express-mongo-sanitize": _Middleware(
        _QUERY,
        "Sanitize `req.body` and `req.params` only (`mongoSanitize.sanitize(req.body)`), or stay "
        "with Express 4.",
    ),
    "xss-clean": _Middleware(
        _QUERY, "Escape where text is written into a page; xss-clean is no longer kept."
    ),
    "express-async-errors": _Middleware(
        "It loads `express/lib/router/layer`, which Express 5 does not have: `Cannot find module` "
        "when the service starts.",
        "Leave it out: Express 5 passes the errors of async handlers on itself.",
        called=False,
    ),
}
#: What gives `req.query` a setter again.
_REDEFINED: Final = regex(r"definePropert(?:y|ies)\s*\([^)]*query|__defineSetter__")


class IncompatiblePackages(Rule):
    """Two packages are used together in versions that do not work together.

    passlib's bcrypt with bcrypt 5, which is installed where the manifest sets no bound; in Node
    `express-async-errors`, `express-mongo-sanitize` and `xss-clean` with Express 5, and
    `better-sqlite3` as the driver of Sequelize.

    ## Why is this bad?
    Both install, and the service fails when it uses them. passlib 1.7.4 tries bcrypt with a long
    password when it hashes for the first time, and bcrypt 5 raises ValueError (password cannot be
    longer than 72 bytes) for it, however short the user's password is: nobody can register or sign
    in. `express-async-errors` loads a file that Express 5 does not have; the other two assign to
    `req.query`, which has no setter any more. Sequelize makes a `Database` of its driver and hands
    it callbacks, and `better-sqlite3` has neither.

    ## Fix
    Bound the version (`bcrypt<5`), or use what needs no second package: `bcrypt.hashpw()` itself,
    `pwdlib`, the error handling of Express 5.

    ## Silent on
    Manifests with a bound or a lock file that keeps the older version; contexts whose first scheme
    is another one; packages that are declared and not used; Express whose version is open; projects
    that define the property `query` themselves. Where a package that is not known may hold an
    older bcrypt, the finding is a warning. Packages that cannot be loaded together at all are
    `startup/invalid-version`.

    ## Source
    Each pair was installed and run. Twelve of the 642 failures of the study are the first.
    """

    id = "framework/incompatible-packages"
    group = "framework"
    languages: ClassVar = ("python", "javascript", "typescript")

    def check(self, facts: Facts) -> Iterable[Finding]:
        yield from self._of_passlib(facts)
        yield from self._of_express(facts)
        yield from self._of_sequelize(facts)

    def _of_passlib(self, facts: Facts) -> Iterator[Finding]:
        model = facts.model
        releases = OldestReleases(facts.environments, model.tree)
        seen: set[tuple[str, int]] = set()
        for path in sorted({edge.source for edge in model.import_edges if _is_passlib(edge)}):
            oldest = None if is_outside(path) else releases.of(path, "bcrypt")
            if oldest is None or not oldest.is_at_least(_BCRYPT):
                continue
            by = oldest.by
            use = next(_uses_of_bcrypt(model, path), None)
            if use is None or (by.path, by.line) in seen:
                continue
            seen.add((by.path, by.line))
            extras = f"[{','.join(sorted(by.extras))}]" if by.extras else ""
            asked = f"{by.name}{extras}{by.specifier.strip()}"
            open_ = oldest.release is None
            yield self.finding(
                by.path,
                s.Node((by.line, 1, by.line, 1)),
                message=f"`{asked}` {'lets bcrypt 5 be installed' if open_ else 'is installed'}, "
                "which passlib does not work with.",
                why="passlib tries bcrypt with a long password before it hashes the first one, and "
                "bcrypt 5 raises ValueError (password cannot be longer than 72 bytes) for that: "
                "every registration and every sign-in ends with status 500.",
                fix="Ask for `bcrypt<5` too, or hash with `bcrypt.hashpw()` and without passlib.",
                subject="passlib with bcrypt 5",
                related=[Related(path, use.line, "passlib's bcrypt is used here")],
                severity=None
                if oldest.sure and path in facts.once(Loaded).modules
                else Severity.WARNING,
                repository_wide=True,
            )

    def _of_express(self, facts: Facts) -> Iterator[Finding]:
        model = facts.model
        packages = NodePackages(model.tree)
        seen: set[str] = set()
        for edge in model.import_edges:
            known = _MIDDLEWARE.get(edge.package or "")
            name = edge.package or ""
            if known is None or edge.type_only or is_outside(edge.source) or name in seen:
                continue
            major = packages.major(edge.source, "express")
            if major is None or major < _EXPRESS:
                continue
            use = edge.node if not known.called else _call_of(model, edge)
            if use is None or (known.called and _has_setter(model)):
                continue
            seen.add(name)
            package = packages.of(edge.source)
            yield self.finding(
                edge.source,
                use,
                message=f"`{name}` does not work with Express {major}.",
                why=known.why,
                fix=known.fix,
                subject=f"{name} with Express {major}",
                related=[
                    Related(package.path, package.line_of("express"), "Express is declared here")
                ]
                if package is not None and "express" in package.declared
                else [],
            )

    def _of_sequelize(self, facts: Facts) -> Iterator[Finding]:
        model = facts.model
        for call, scope in model.calls_named("Sequelize"):
            path = scope.module.path
            for argument in () if is_outside(path) else call.args:
                options = argument.value
                given = options.get("dialectModule") if isinstance(options, s.Mapping) else None
                if given is None:
                    continue
                values = model.evaluate(given, scope)
                driver = next((v.path for v in values if isinstance(v, ExternalValue)), "")
                if driver not in _DRIVERS:
                    continue
                yield self.finding(
                    path,
                    given,
                    message=f"Sequelize is given `{driver}` as its driver.",
                    why=f"Sequelize makes a `Database` of `sqlite3` and hands it callbacks. "
                    f"`{driver}` has no such class: TypeError (this.lib.Database is not a "
                    "constructor) when the first statement runs.",
                    fix="Run `npm install sqlite3` and leave `dialectModule` out.",
                    subject=f"{driver} in Sequelize",
                )


def _is_passlib(edge: ImportEdge) -> bool:
    return edge.package == _PASSLIB and not edge.type_only


def _uses_of_bcrypt(model: CodeModel, path: str) -> Iterator[s.Node]:
    """Where a module has passlib hash with bcrypt."""
    module = model.modules[path]
    for call in model.nodes_of(module, s.Call):
        func = call.func
        name = func.id if isinstance(func, s.Name) else getattr(func, "name", "")
        if name == "CryptContext":
            if default_scheme(call) in _SCHEMES:
                yield call
        elif isinstance(func, s.Attribute) and name in ("hash", "encrypt", "using", "verify"):
            for value in model.evaluate(func.value):
                if isinstance(value, ExternalValue) and value.path in _HASHES:
                    yield call


def _call_of(model: CodeModel, edge: ImportEdge) -> s.Call | None:
    """Where a module calls what the package exports."""
    for call in model.nodes_of(model.modules[edge.source], s.Call):
        if isinstance(call.func, s.Name | s.Attribute | s.Call):
            for value in model.evaluate(call.func):
                if isinstance(value, ExternalValue) and value.path == edge.package:
                    return call
    return None


def _has_setter(model: CodeModel) -> bool:
    return any(
        _REDEFINED.search(model.tree.text(path)) for path in model.modules if not is_outside(path)
    )
