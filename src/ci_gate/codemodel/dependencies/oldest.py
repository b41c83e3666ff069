"""The oldest release of a distribution that can be installed where a module runs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Final

from ci_gate.codemodel.dependencies import known
from ci_gate.codemodel.dependencies.environment import Environment, Environments
from ci_gate.codemodel.dependencies.requirement import Release, Requirement
from ci_gate.data import dataclass
from ci_gate.regex import regex
from ci_gate.repository import Tree

#: What the releases of a distribution ask for themselves: from which of its releases on, what, and
#: from which release of that on.
_IMPLIED: Final[Mapping[str, tuple[tuple[str, Release, Release], ...]]] = {
    "werkzeug": (("flask", (3, 1), (3, 1)), ("flask", (3, 0), (3, 0)), ("flask", (2, 3), (2, 3)),
                 ("flask", (2, 2), (2, 2))),
    "jinja2": (("flask", (2, 3), (3, 1)),),
    "itsdangerous": (("flask", (2, 3), (2, 1)),),
    "sqlalchemy": (("flask-sqlalchemy", (3, 1), (2, 0)), ("sqlmodel", (0, 0, 12), (2, 0))),
    "pydantic": (("pydantic-settings", (2,), (2,)),),
}  # fmt: skip
#: Requirements that bring a distribution along, in any release from a very old one on.
_OPEN: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "bcrypt": (("passlib", "bcrypt"),),
}
#: Distributions that bring another one along and take any newer release of it.
_UNCAPPED: Final = frozenset({
    "flask", "flask-cors", "flask-sqlalchemy", "flask-migrate", "flask-login", "flask-bcrypt",
    "flask-marshmallow", "flask-jwt-extended", "flask-wtf", "flask-restful", "flask-mail",
    "flask-caching", "flask-limiter", "flask-smorest", "djangorestframework", "django-cors-headers",
    "django-filter", "djangorestframework-simplejwt", "drf-spectacular", "alembic",
    "marshmallow-sqlalchemy", "fastapi", "pydantic-settings", "sqlmodel", "whitenoise", "gunicorn",
    "psycopg2-binary", "psycopg2", "python-dotenv", "dj-database-url", "pytest", "pytest-django",
    "pytest-flask", "passlib",
})  # fmt: skip
#: An interpreter for which newer releases are not made any more.
_OLD_PYTHON: Final = regex(r"(?:python:|python_version\W+|python-?)(?:2|3\.[0-9])(?![\d])")
_OPEN_END: Final = regex(r"\s*>=?\s*[\d.]+\s*")
_PLACES: Final = regex(
    r"(?:^|/)(?:(?:Dockerfile|Containerfile)[\w.-]*|runtime\.txt|\.python-version|Pipfile)$"
)


@dataclass(frozen=True, slots=True)
class Oldest:
    """``release`` is None where nothing bounds it, so that the newest is installed. ``by`` is the
    requirement that says so. ``sure``: nothing that is not seen can hold an older one."""

    release: Release | None
    by: Requirement
    sure: bool = True

    def is_at_least(self, release: Release) -> bool:
        return self.release is None or self.release >= release


class OldestReleases:
    def __init__(self, environments: Environments, tree: Tree) -> None:
        self._environments = environments
        self._tree = tree
        self._found: dict[tuple[int, str], Oldest | None] = {}

    @cached_property
    def _old_python(self) -> bool:
        return has_old_python(self._tree)

    def of(self, path: str, distribution: str) -> Oldest | None:
        """For the environment of a module; None where an older release cannot be ruled out."""
        environment = self._environments.of(path)
        if environment is None:
            return None
        key = id(environment), distribution
        if key not in self._found:
            self._found[key] = self._declared(environment, distribution) or self._implied(
                environment, distribution
            )
        return self._found[key]

    def may_be(self, path: str, distribution: str, release: Release) -> Oldest | None:
        """The requirement of a module's environment by which a fresh installation has at least
        this release: also one that asks for an older one without holding it."""
        found = self.of(path, distribution)
        environment = self._environments.of(path)
        if found is None or environment is None or found.is_at_least(release):
            return found
        asked = [item for item in environment.requirements if item.name == distribution]
        if not asked or any(not _OPEN_END.fullmatch(item.specifier) for item in asked):
            return None
        return self._newest(environment, distribution, asked[0])

    def _declared(self, environment: Environment, distribution: str) -> Oldest | None:
        asked = [item for item in environment.requirements if item.name == distribution]
        if not asked:
            return None
        locked = [item for item in asked if item.kind == "locked" and item.specifier]
        bounded = locked or [item for item in asked if item.specifier.strip(" *")]
        if any(item.direct is not None or item.problem or item.marker for item in asked):
            return None
        if not bounded:
            return self._newest(environment, distribution, asked[0])
        releases = [(item.oldest, item) for item in bounded]
        if any(release is None for release, _ in releases):
            return None
        release, item = min(
            ((release or (), item) for release, item in releases), key=lambda pair: pair[0]
        )
        return Oldest(release, item)

    def _implied(self, environment: Environment, distribution: str) -> Oldest | None:
        if any(item.name == distribution for item in environment.requirements):
            return None
        for parent, since, release in _IMPLIED.get(distribution, ()):
            found = self._declared(environment, parent)
            if found is not None and found.is_at_least(since):
                return Oldest(release, found.by, found.sure)
        for parent, extra in _OPEN.get(distribution, ()):
            for item in environment.requirements:
                if item.name == parent and extra in item.extras and not item.marker:
                    return self._newest(environment, distribution, item)
        return None

    def _newest(
        self, environment: Environment, distribution: str, by: Requirement
    ) -> Oldest | None:
        if self._old_python or any(item.kind == "locked" for item in environment.requirements):
            return None
        return Oldest(None, by, not self._may_be_held(environment, distribution))

    def _may_be_held(self, environment: Environment, distribution: str) -> bool:
        """May another requirement ask for an older release?"""
        for item in environment.requirements:
            if item.name == distribution or item.name in _UNCAPPED:
                continue
            closure = known.installed([(item.name, item.extras)])
            if closure.unknown or distribution in closure.names:
                return True
        return False


def has_old_python(tree: Tree) -> bool:
    """Does an image or the like have a Python that newer releases of many libraries refuse?"""
    for path in tree.files:
        if _PLACES.search(path):
            try:
                if _OLD_PYTHON.search(tree.text(path)):
                    return True
            except OSError:
                continue
    return False
