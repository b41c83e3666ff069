"""What is generally known of distributions: which modules they provide, what they bring along."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from ci_gate.codemodel.dependencies import tables
from ci_gate.codemodel.dependencies.requirement import Release, normal
from ci_gate.data import dataclass
from ci_gate.regex import regex

#: Modules that some Python had or has in its library, whatever the one that runs this has.
_OTHER_LIBRARY: Final = frozenset({
    "asynchat", "asyncore", "aifc", "audioop", "cgi", "cgitb", "chunk", "crypt", "distutils", "imp",
    "imghdr", "lib2to3", "mailcap", "msilib", "nis", "nntplib", "ossaudiodev", "pipes", "smtpd",
    "sndhdr", "spwd", "sunau", "telnetlib", "uu", "xdrlib", "tomllib", "compression",
    "annotationlib", "__main__", "_typeshed",
})  # fmt: skip
#: What an interpreter or installer is usually shipped with.
_SHIPPED: Final = frozenset({"pip", "setuptools", "pkg_resources", "wheel", "_distutils_hack"})
#: Packages that many distributions share: who provides a module of them, only its full name tells.
_SHARED: Final = frozenset({
    "google", "azure", "opentelemetry", "zope", "ruamel", "backports", "jaraco", "sphinxcontrib",
    "mpl_toolkits", "tencentcloud", "aliyun", "plone", "pyramid", "llama_index", "odoo", "airflow",
})  # fmt: skip
#: Distributions that so many others bring along that not to see it means little.
COMMON: Final = frozenset({
    "annotated-types", "anyio", "asgiref", "attrs", "cachetools", "certifi", "cffi",
    "charset-normalizer", "click", "colorama", "cryptography", "decorator", "defusedxml",
    "deprecated", "docutils", "filelock", "google-auth", "greenlet", "grpcio", "h11", "httpcore",
    "httplib2", "httpx", "idna", "importlib-metadata", "importlib-resources", "isodate", "jinja2",
    "jmespath", "joblib", "jsonschema", "lxml", "mako", "markdown", "markupsafe", "more-itertools",
    "msgpack", "multidict", "mypy-extensions", "numpy", "oauthlib", "packaging", "pillow",
    "platformdirs", "prompt-toolkit", "protobuf", "psutil", "pyasn1", "pycparser", "pydantic",
    "pydantic-core", "pygments", "pyjwt", "pyparsing", "python-dateutil", "python-dotenv", "pytz",
    "pyyaml", "regex", "requests", "requests-oauthlib", "rich", "rsa", "scipy", "simplejson", "six",
    "sniffio", "sortedcontainers", "soupsieve", "sqlparse", "starlette", "tenacity", "tomli",
    "toml", "tqdm", "typer", "typing-extensions", "typing-inspect", "tzdata", "tzlocal",
    "uritemplate", "urllib3", "webencodings", "websocket-client", "websockets", "werkzeug", "wrapt",
    "yarl", "zipp",
})  # fmt: skip
_WORD: Final = regex(r"^([a-z0-9-]+)(?:\[([a-z0-9,.-]+)\])?$")


@dataclass(frozen=True, slots=True)
class Installed:
    """What a list of requirements installs: ``names``, and those that were asked for of which it is
    not known what else they bring (``unknown``)."""

    names: frozenset[str]
    unknown: frozenset[str]


@cache
def _tables() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    return tables.read("python.toml")


def _data() -> tuple[Mapping[str, tuple[str, ...]], Mapping[str, tuple[str, ...]]]:
    tables = _tables()
    return tables["imports"], tables["requires"]


def is_library(module: str) -> bool:
    """Does Python itself, or what it is shipped with, provide the module?"""
    first = module.partition(".")[0]
    return first in sys.stdlib_module_names or first in _OTHER_LIBRARY or first in _SHIPPED


def is_known(distribution: str) -> bool:
    return distribution in _data()[1]


def providers(module: str) -> tuple[tuple[str, ...], bool]:
    """The distributions that provide a module, the usual one first, and whether that is known or
    only concluded from the name. Empty where nothing can be said."""
    imports, requires = _data()
    parts = module.split(".")
    for length in range(len(parts), 0, -1):
        found = imports.get(".".join(parts[:length]))
        if found is not None:
            return found, True
    if parts[0] in _SHARED or parts[0].startswith("_"):
        return (), False
    name = normal(parts[0])
    return (name,), name in requires


def brought_until(distribution: str) -> Mapping[str, Release]:
    """What older versions of a distribution bring along, with the release that no longer does."""
    given = (item.partition("<") for item in _tables()["until"].get(distribution, ()))
    return {name: tuple(map(int, release.split("."))) for name, _, release in given}


def installed(
    wanted: Iterable[tuple[str, frozenset[str]]],
    releases: Mapping[str, Release] = MappingProxyType({}),
) -> Installed:
    """All that is installed for the distributions (each with its extras) that are asked for.

    ``releases`` are the oldest that the distributions can be; where there is none, one that brings
    along what older ones did.
    """
    requires = _data()[1]
    names: set[str] = set()
    unknown: set[str] = set()
    waiting = [(name, extra) for name, extras in wanted for extra in ("", *extras)]
    asked = frozenset(waiting)
    seen: set[tuple[str, str]] = set()
    while waiting:
        name, extra = waiting.pop()
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        names.add(name)
        more = requires.get(f"{name}[{extra}]" if extra else name)
        if more is None:
            typing = name.startswith("types-") or name.endswith("-stubs")
            if (name, extra) in asked and not typing:
                unknown.add(name)
            continue
        oldest = releases.get(name, ())
        if not extra:
            more += tuple(i for i, until in brought_until(name).items() if oldest < until)
        for item in more:
            match = _WORD.match(item)
            assert match is not None, item
            waiting.append((match[1], ""))
            waiting += [(match[1], inner) for inner in (match[2] or "").split(",") if inner]
    return Installed(frozenset(names), frozenset(unknown))
