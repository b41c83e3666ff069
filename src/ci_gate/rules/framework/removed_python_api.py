from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dependencies.oldest import Oldest, OldestReleases
from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.places import is_outside
from ci_gate.data import dataclass
from ci_gate.findings import Finding, Related, Severity
from ci_gate.regex import regex
from ci_gate.rules._places import spot
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.framework._changed_calls import changed
from ci_gate.rules.framework._removed import Use, uses
from ci_gate.rules.startup._loaded import Loaded

_TITLES: Final = {
    "flask": "Flask", "werkzeug": "Werkzeug", "django": "Django", "sqlalchemy": "SQLAlchemy",
    "pydantic": "Pydantic", "pyjwt": "PyJWT", "flask-sqlalchemy": "Flask-SQLAlchemy",
    "flask-jwt-extended": "Flask-JWT-Extended", "jinja2": "Jinja", "celery": "Celery",
    "djangorestframework": "Django REST framework", "markupsafe": "MarkupSafe",
}  # fmt: skip
_MORE: Final = 4
#: What the rules on SQLAlchemy's old forms look for themselves.
_ENGINE_METHODS: Final = regex(r"^sqlalchemy\.Engine\(\)\.\w+$")
_ENGINE_HERE: Final = regex(r"\bcreate_engine\b")
_DATABASE: Final = regex(r"^(?:\w+_)?db$")


@dataclass(frozen=True, slots=True)
class _Found:
    """A use, and the requirement that rules out the releases which had it. ``key`` is the same for
    uses that are one defect; ``harmless``: nothing fails."""

    node: s.Node
    oldest: Oldest
    subject: str
    message: str
    why: str
    fix: str
    key: str
    harmless: bool = False


class RemovedPythonApi(Rule):
    """Something of a Python library is used that the declared version no longer has.

    Flask 2.3 and 3 (`before_first_request`, `flask.Markup`, `flask.json.JSONEncoder`), Werkzeug 2
    and 3 (`url_quote`, `safe_str_cmp`), Jinja 3.1, itsdangerous 2.1, Django 2 to 5 (`ugettext`,
    `django.conf.urls.url`, `request.is_ajax()`, `timezone.utc`, `index_together`), SQLAlchemy 2
    (`Query.from_self`, `create_all()` without an engine, `declarative_base(bind=…)`), Pydantic 2
    (`BaseSettings`, `Field(regex=…)`, `@root_validator`, `from_orm`), PyJWT 2
    (`jwt.encode(…).decode()`, `jwt.decode()` without `algorithms`), marshmallow 3 and 4 (hooks
    without `**kwargs`, `missing=`), Flask-SQLAlchemy 3 (`paginate(1, 20)`, `create_all(app=…)`),
    Flask-JWT-Extended 4 (`@jwt_required` without a call), Celery 5.

    ## Why is this bad?
    An import of what is gone ends the service at start with an ImportError; a method, an argument
    or a decorator fails when the line runs, so each request with status 500. It is how code reads
    that was written after documentation of an older version.

    ## Fix
    Write what took its place, which the finding names; or declare the older version.

    ## Silent on
    Versions whose range begins before the one that took it away, and those that are not declared;
    imports in a `try` or under a condition, names that the project puts there itself, modules that
    ask `hasattr`. Where the range has no bound and another package may hold an older version, in
    modules that nothing is seen to load, and for settings that are read no more, the finding is a
    warning. What `orm/legacy-operator` says of SQLAlchemy 2 is not said again.

    ## Source
    The libraries' own change logs; each entry was looked up in the releases before and after.
    """

    id = "framework/removed-python-api"
    group = "framework"
    languages: ClassVar = ("python",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        model = facts.model
        releases = OldestReleases(facts.environments, model.tree)
        loaded = facts.once(Loaded)
        for path, module in model.modules.items():
            if module.language != "python" or is_outside(path):
                continue
            found: dict[str, list[_Found]] = {}
            for use in self._in_module(model, releases, module):
                found.setdefault(use.key, []).append(use)
            for item, *more in found.values():
                oldest = item.oldest
                sure = oldest.sure and path in loaded.modules and not item.harmless
                yield self.finding(
                    path,
                    spot(item.node),
                    message=item.message,
                    why=item.why,
                    fix=item.fix,
                    subject=item.subject,
                    related=[
                        Related(oldest.by.path, oldest.by.line, f"asks for {_requirement(oldest)}"),
                        *(Related(path, other.node.line, "and here") for other in more[:_MORE]),
                    ],
                    severity=None if sure else Severity.WARNING,
                )

    def _in_module(
        self, model: CodeModel, releases: OldestReleases, module: s.Module
    ) -> Iterator[_Found]:
        for use in uses(model, module):
            oldest = releases.of(module.path, use.what.distribution)
            if oldest is None or not oldest.is_at_least(use.what.since):
                continue
            if not _is_spoken_for(model, use, module.path):
                yield _gone(use, oldest)
        for item in changed(model, module):
            oldest = releases.of(module.path, item.distribution)
            if oldest is not None and oldest.is_at_least(item.since):
                since = ".".join(map(str, item.since))
                message = f"{item.what} is of the time before {_title(item.distribution)} {since}."
                why = f"With {_said(oldest)}, {item.happens}."
                yield _Found(item.node, oldest, item.what, message, why, item.fix, item.fix)


def _gone(use: Use, oldest: Oldest) -> _Found:
    what = use.what
    title, since, shown = _title(what.distribution), ".".join(map(str, what.since)), what.shown
    with_ = f"with {_said(oldest)}"
    if use.at_import:
        message = f"`{shown}` is imported, and {title} {since} took it away."
        why = f"ImportError when the module is loaded, {with_}."
    elif what.kind == "setting":
        message = f"`{shown}` is set, and {title} reads it no more since {since}."
        why = f"The setting has no effect, without an error, {with_}."
    elif what.kind == "argument":
        message = f"`{shown}` is passed, and {title} {since} took the argument away."
        why = f"The call raises an error each time, {with_}."
    elif what.kind == "call":
        message = f"`{shown}()` is called, which {title} refuses since {since}."
        why = f"The call raises an error each time, {with_}."
    else:
        message = f"`{shown}` is used, and {title} {since} took it away."
        why = f"AttributeError when the line runs, {with_}."
    return _Found(
        use.node, oldest, shown, message, why, _fix(what.better), shown, what.kind == "setting"
    )


def _fix(better: str) -> str:
    if not better:
        return "Do without it, or declare an older version."
    if better[0].isupper() and better.endswith("."):
        return better
    if better.startswith("nothing"):
        return f"Leave it out{better.removeprefix('nothing')}."
    return f"Use {better if ' ' in better and '(' not in better else f'`{better}`'}."


def _title(distribution: str) -> str:
    return _TITLES.get(distribution, distribution)


def _requirement(oldest: Oldest) -> str:
    return f"{oldest.by.name}{oldest.by.specifier.strip()}"


def _said(oldest: Oldest) -> str:
    if oldest.release is None:
        return f"the newest {_title(oldest.by.name)}, which {oldest.by.path} leaves open"
    return f"{_requirement(oldest)}, as {oldest.by.path} asks for"


def _is_spoken_for(model: CodeModel, use: Use, path: str) -> bool:
    """Does the project put the name there itself, ask whether it is there, or does another rule
    speak of it?"""
    last = use.what.last
    try:
        text = model.tree.text(path)
    except (OSError, UnicodeError):
        return True
    if use.what.kind == "name" and not use.at_import:
        if model.stores(last) or re.search(rf"(?:has|get)attr\([^)]*['\"]{last}['\"]", text):
            return True
        if _ENGINE_METHODS.match(use.what.path):
            receiver = use.node.value if isinstance(use.node, s.Attribute) else None
            of_database = (
                isinstance(receiver, s.Attribute)
                and receiver.name == "engine"
                and _DATABASE.match(_name(receiver.value)) is not None
            )
            return of_database or _ENGINE_HERE.search(text) is not None
    return False


def _name(expr: s.Expr) -> str:
    if isinstance(expr, s.Name):
        return expr.id
    return expr.name if isinstance(expr, s.Attribute) else ""
