"""The commented configuration that ``ci-gate init`` writes."""

from __future__ import annotations

import json
import posixpath

from ci_gate.architecture.infer import directories, shared_within
from ci_gate.architecture.model import Architecture
from ci_gate.config_contract import RunnerConfig
from ci_gate.contract.suggestions import Suggestions
from ci_gate.stack.model import Stack

_SHOWN = 40  # directories listed for a layer


def render_starter(stack: Stack, architecture: Architecture, found: Suggestions) -> str:
    """The text of a ``.ci-gate.yml`` for what was detected."""
    lines = [
        "# Configuration of constraint-gate. Every key is optional; docs/configuration.md has all.",
        "version: 1",
        "",
        *_detected(stack),
        "# Files that are not judged, as gitignore-style patterns.",
        "exclude:",
        "  - tests/",
        '  - "*.generated.*"',
        "",
        "# new: only what a pull request adds blocks; all: existing findings block too; never.",
        "fail_on: new",
        "# Findings of this severity or worse block: error, warning, note.",
        "threshold: error",
        "",
        *_layers(architecture),
        "",
        *_contract(found),
    ]
    if not stack.services:
        lines += ["", "# No supported backend was found. Without this, such a run is incomplete.",
                  "# allow_empty: true"]  # fmt: skip
    return "\n".join(lines) + "\n"


def _detected(stack: Stack) -> list[str]:
    lines = ["# Detected:"]
    for service in stack.services:
        parts = [*service.frameworks, *service.orms, *service.databases]
        lines.append(f"#   {_comment(service.root)}: {', '.join(parts)}")
    return [*lines, ""] if stack.services else []


def _layers(architecture: Architecture) -> list[str]:
    if len(architecture.layers) < 2:
        return [
            "# The architecture is inferred. To write it down, outermost layer first:",
            "# architecture:",
            "#   layers:",
            "#     - {name: routes, paths: [app/routes/]}",
            "#     - {name: services, paths: [app/services/]}",
        ]
    lines = [
        "# The layers as they were inferred, outermost first. A layer may import those below it.",
        "# Written down, every breach blocks.",
        "architecture:",
        "  # strict: true  # only the layer directly below",
        "  layers:",
    ]
    for layer in architecture.layers:
        lines += [f"    - name: {json.dumps(layer.name)}", f"      role: {layer.role.value}",
                  "      paths:"]  # fmt: skip
        places = directories(architecture, layer)
        lines += [f"        - {json.dumps(_pattern(place))}" for place in places[:_SHOWN]]
        if len(places) > _SHOWN:
            lines.append(f"        # and {len(places) - _SHOWN} more")
    roots = sorted(architecture.composition_roots)
    if roots:
        lines += ["  # Files that wire the layers together and may import all of them.",
                  "  composition_roots:"]  # fmt: skip
        lines += [f"    - {json.dumps(_pattern(path))}" for path in roots]
    shared = shared_within(architecture)
    if shared:
        lines += ["  # Files in a layer's folder that belong to no layer.", "  shared:"]
        lines += [f"    - {json.dumps(_pattern(path))}" for path in shared]
    return lines


def _pattern(place: str) -> str:
    """A pattern for one directory or file, anchored at the root."""
    escaped = "".join("\\" + c if c in "*?[]!#\\" else c for c in place)
    return f"/{escaped}" if posixpath.splitext(place)[1] else f"/{escaped}/"


def _contract(found: Suggestions) -> list[str]:
    """Commented, as what was found is a guess: someone has to say that it is the contract."""
    lines = []
    if found.description is not None:
        lines += ["# The API's description; routes, statuses and filters are checked against it.",
                  f"# openapi: {_written(found.description)}", ""]  # fmt: skip
    if found.runners:
        lines.append("# The contract's end-to-end tests as they were found, and the service that")
        lines.append("# they talk to. Take the # away from what is right.")
    else:
        lines.append(
            "# The contract's end-to-end tests (none were found), and the service that they"
        )
        lines.append(
            "# talk to: postman, pytest, openapi, hurl, or a command that writes JUnit XML."
        )
    lines += ["# contract:", "#   runners:"]
    for runner in found.runners or (RunnerConfig("pytest", "tests/contract"),):
        lines.append(f"#     - runner: {runner.runner}")
        lines.append(f"#       tests: {_written(runner.tests)}")
        if runner.environment is not None:
            lines.append(f"#       environment: {_written(runner.environment)}")
        if runner.variables:
            lines.append("#       # with the path that its requests are below, such as /api")
            lines.append(f"#       variables: {_written(runner.variables)}")
    lines.append("#   service:")
    if found.notes:
        lines.append("#     # What is left out is guessed in each run, as here:")
    lines += [f"#     #   {_comment(note)}" for note in found.notes]
    if found.command is None:
        lines.append("#     command: python -m app --port {port}  # no way to start it was found")
    else:
        lines.append(f"#     command: {_written(list(found.command))}")
    if found.cwd != ".":
        lines.append(f"#     cwd: {_written(found.cwd)}")
    health = "#     # health: /health  # a path that answers once it is up; default /"
    lines.append(f"#     health: {_written(found.health)}" if found.health else health)
    return lines


def _written(value: object) -> str:
    """As YAML on one line, of which JSON is a part."""
    return json.dumps(value)


def _comment(text: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in text)
