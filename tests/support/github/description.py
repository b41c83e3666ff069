"""GitHub's published description of its REST API: which operation a request is, and its shapes.

The file is in npm's @octokit/openapi; `.ci/tools` fetches it.
"""

from __future__ import annotations

import json
import os
import pickle
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final

from jsonschema.exceptions import best_match
from openapi_schema_validator import OAS30Validator, oas30_format_checker
from referencing import Registry
from referencing.jsonschema import DRAFT4

PACKAGES: Final = Path(__file__).parents[3] / ".build" / "github" / "node_modules" / "@octokit"
_URI: Final = "urn:github"
_METHODS: Final = ("get", "post", "put", "patch", "delete")
#: The choice by ``discriminator`` adds nothing to oneOf, and arrays have no property to choose by.
_NEEDLESS: Final = frozenset(
    ("description", "summary", "example", "examples", "title", "x-github", "discriminator")
)
_NAMED: Final = frozenset(("properties", "schemas", "paths", "parameters", "responses"))
#: A request is refused by GitHub itself, with 422, where it is only too much of something.
_LIMITS: Final = frozenset(("maxItems", "maxLength"))
#: Null in reality once the comment is outdated, which the description does not say.
_NULLABLE: Final = {
    "pull-request-review-comment": ("line", "position", "original_position"),
    "review-comment": ("line", "position"),
}
Schema = dict[str, Any]


@dataclass(frozen=True)
class Fault:
    """Where a message departs from the description; ``limit``: only too long or too many."""

    text: str
    limit: bool = False


@dataclass(frozen=True)
class Operation:
    id: str
    method: str
    template: str
    raw: Mapping[str, Any]

    @property
    def documentation(self) -> str:
        return str(self.raw.get("externalDocs", {}).get("url", "https://docs.github.com/rest"))

    @property
    def writes(self) -> bool:
        return self.method != "GET"


class Description:
    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        schemas = document["components"]["schemas"]
        for name, properties in _NULLABLE.items():
            for key in properties:
                schemas[name]["properties"][key]["nullable"] = True
        resource = DRAFT4.create_resource(document)
        self._registry: Registry[Any] = Registry().with_resource(_URI, resource)

    @cached_property
    def _routes(self) -> dict[int, list[tuple[re.Pattern[str], str]]]:
        """Templates by count of ``/``; those with a parameter over several segments under -1."""
        routes: dict[int, list[tuple[re.Pattern[str], str]]] = {}
        for template, item in self.document["paths"].items():
            wide = {
                p["name"]
                for method in _METHODS
                for p in self._parameters(item.get(method, {}))
                if p.get("x-multi-segment")
            }
            parts = re.split(r"(\{[^}]+\})", template)
            text = "".join(
                f"(?P<{part[1:-1].replace('-', '_')}>{'.+' if part[1:-1] in wide else '[^/]+'})"
                if part.startswith("{")
                else re.escape(part)
                for part in parts
            )
            key = -1 if wide else template.count("/")
            routes.setdefault(key, []).append((re.compile(text), template))
        for found in routes.values():  # more segments first, then literal ones before parameters
            found.sort(key=lambda route: (-route[1].count("/"), route[1].replace("{", "~")))
        return routes

    def find(self, method: str, path: str) -> tuple[Operation, dict[str, str]] | None:
        for key in (path.count("/"), -1):
            for pattern, template in self._routes.get(key, ()):
                matched = pattern.fullmatch(path)
                raw = matched and self.document["paths"][template].get(method.lower())
                if matched and raw:
                    operation = Operation(raw["operationId"], method, template, raw)
                    return operation, matched.groupdict()
        return None

    def check_request(
        self,
        operation: Operation,
        params: Mapping[str, str],
        query: Mapping[str, str],
        body: Any,
    ) -> Iterator[Fault]:
        known = {(p["in"], p["name"]): p for p in self._parameters(operation.raw)}
        values = {("path", k): v for k, v in params.items()}
        values |= {("query", k): v for k, v in query.items()}
        for (place, name), value in values.items():
            parameter = known.get((place, name)) or known.get((place, name.replace("_", "-")))
            if parameter is None:
                yield Fault(f"{place} parameter {name!r} is not in the description")
                continue
            yield from self._check(parameter["schema"], _typed(parameter["schema"], value), name)
        for (place, name), parameter in known.items():
            if place == "query" and parameter.get("required") and name not in query:
                yield Fault(f"query parameter {name!r} is missing")
        described = operation.raw.get("requestBody")
        if described is None:
            if body not in (None, {}):
                yield Fault("a body, where the operation has none")
            return
        if body is None and not described.get("required"):
            return
        schema = described["content"]["application/json"]["schema"]
        yield from self._check(schema, body, "body")
        yield from self._unknown(schema, body, "body")

    def check_answer(self, operation: Operation, status: int, body: Any) -> list[str]:
        known = self._answer(operation, status)
        if known is None:
            if status < 400:
                return [f"{operation.id} does not answer {status}"]
            known = {"content": {"application/json": {"schema": _named("basic-error")}}}
        content = known.get("content", {}).get("application/json")
        if content is None:
            return [] if body is None else [f"{operation.id}: {status} has no body"]
        return [fault.text for fault in self._check(content["schema"], body, "answer")]

    def complete(self, operation: Operation, status: int, body: Any, base: str) -> Any:
        """Required properties that the state does not know, with neutral values."""
        known = self._answer(operation, status) or {}
        schema = known.get("content", {}).get("application/json", {}).get("schema")
        return self._filled(schema, body, base) if schema else body

    def _answer(self, operation: Operation, status: int) -> Schema | None:
        found = operation.raw["responses"].get(str(status))
        return None if found is None else self._resolved(found)

    def _parameters(self, raw: Mapping[str, Any]) -> list[Schema]:
        return [self._resolved(p) for p in raw.get("parameters", ())]

    def _resolved(self, schema: Schema) -> Schema:
        while "$ref" in schema:
            found: Any = self.document
            for part in schema["$ref"].removeprefix("#/").split("/"):
                found = found[part.replace("~1", "/").replace("~0", "~")]
            schema = found
        return schema

    def _check(self, schema: Schema, value: Any, where: str) -> Iterator[Fault]:
        validator = OAS30Validator(
            _absolute(schema), registry=self._registry, format_checker=oas30_format_checker
        )
        for error in validator.iter_errors(value):
            inner = best_match(error.context) if error.context else error
            at = "".join(f"[{part!r}]" for part in (inner or error).absolute_path)
            text = f"{where}{at}: {(inner or error).message[:400]}"
            yield Fault(text, error.validator in _LIMITS)

    def _unknown(self, schema: Schema, value: Any, where: str) -> Iterator[Fault]:
        """Properties that GitHub would ignore: a slip of the client."""
        schema = self._resolved(schema)
        if isinstance(value, list) and "items" in schema:
            for item in value:
                yield from self._unknown(schema["items"], item, where)
        known = schema.get("properties")
        if not isinstance(value, dict) or not known or schema.get("additionalProperties"):
            return
        for name, item in value.items():
            if name not in known:
                yield Fault(f"{where}: property {name!r} is not in the description")
            else:
                yield from self._unknown(known[name], item, f"{where}[{name!r}]")

    def _filled(self, schema: Schema, value: Any, base: str) -> Any:
        schema = self._resolved(schema)
        for part in schema.get("allOf", ()):
            value = self._filled(part, value, base)
        if isinstance(value, list) and "items" in schema:
            return [self._filled(schema["items"], item, base) for item in value]
        if not isinstance(value, dict):
            return value
        known = schema.get("properties", {})
        made = {
            name: self._filled(known[name], item, base) if name in known else item
            for name, item in value.items()
        }
        for name in schema.get("required", ()):
            if name not in made:
                made[name] = self._neutral(known.get(name, {}), base)
        return made

    def _neutral(self, schema: Schema, base: str) -> Any:
        schema = self._resolved(schema)
        if schema.get("nullable"):
            return None
        for choice in ("anyOf", "allOf"):
            if choice in schema:
                return self._neutral(schema[choice][0], base)
        if "enum" in schema:
            return schema["enum"][0]
        kind = schema.get("type")
        if kind == "string":
            formats = {"uri": f"{base}/_double/unknown", "date-time": "2026-01-01T00:00:00Z"}
            return formats.get(schema.get("format", ""), "")
        if kind == "object":
            return self._filled(schema, {}, base)
        return {"integer": 0, "number": 0, "boolean": False, "array": []}.get(str(kind))


def _named(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _absolute(value: Any) -> Any:
    """The same schema with references that do not depend on where it stands."""
    if isinstance(value, dict):
        return {
            k: _URI + v if k == "$ref" and isinstance(v, str) else _absolute(v)
            for k, v in value.items()
        }
    return [_absolute(item) for item in value] if isinstance(value, list) else value


def _typed(schema: Schema, text: str) -> Any:
    kind = schema.get("type")
    if kind == "integer" and re.fullmatch(r"-?\d+", text):
        return int(text)
    if kind == "boolean" and text in ("true", "false"):
        return text == "true"
    return text


@lru_cache(maxsize=2)
def load(name: str = "api.github.com") -> Description:
    """The description without its prose; kept as a pickle beside it, which is read much faster."""
    source = PACKAGES / "openapi" / "generated" / f"{name}.json"
    kept = source.with_suffix(".pickle")
    newest = max(path.stat().st_mtime for path in (source, Path(__file__)))
    if not kept.exists() or kept.stat().st_mtime < newest:
        whole = json.loads(source.read_text())
        short = _prepared({k: whole[k] for k in ("paths", "components")})
        scratch = kept.with_suffix(f".{os.getpid()}")
        scratch.write_bytes(pickle.dumps(short, 5))
        scratch.replace(kept)
    return Description(pickle.loads(kept.read_bytes()))


def _prepared(value: Any, names: bool = False) -> Any:
    """Without prose, and with what the description gets wrong put right.

    Null is allowed in many places where the keywords beside ``nullable`` forbid it.

    ``names``: the keys of this object are names (of properties, schemas), not keywords.
    """
    if isinstance(value, list):
        return [_prepared(item) for item in value]
    if not isinstance(value, dict):
        return value
    made = {
        key: _prepared(item, not names and key in _NAMED)
        for key, item in value.items()
        if names or key not in _NEEDLESS
    }
    if names:
        return made
    if "oneOf" in made:  # the choices overlap in many places: any will do
        made["anyOf"] = made.pop("oneOf")
    if made.get("nullable") is not True:
        return made
    if "enum" in made:
        made["enum"] = [*made["enum"], None]
    if "allOf" in made:
        made["anyOf"] = [{"allOf": made.pop("allOf")}]
    if "anyOf" in made:
        made["anyOf"] = [*made["anyOf"], {"nullable": True, "enum": [None]}]
    return made
