"""The commented configuration that ``ci-gate init`` writes."""

from __future__ import annotations

import json
import posixpath

from ci_gate.architecture.infer import directories
from ci_gate.architecture.model import Architecture
from ci_gate.stack.model import Service, Stack

_SHOWN = 40  # directories listed for a layer
_COMMANDS = {
    "flask": "python -m flask run --port {port}",
    "fastapi": "python -m uvicorn app.main:app --port {port}",
    "starlette": "python -m uvicorn app.main:app --port {port}",
    "django": "python manage.py runserver 127.0.0.1:{port} --noreload",
    "drf": "python manage.py runserver 127.0.0.1:{port} --noreload",
    "aiohttp": "python -m app",
}


def render_starter(stack: Stack, architecture: Architecture) -> str:
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
        *_contract(stack),
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
    return lines


def _pattern(place: str) -> str:
    """A pattern for one directory or file, anchored at the root."""
    escaped = "".join("\\" + c if c in "*?[]!#\\" else c for c in place)
    return f"/{escaped}" if posixpath.splitext(place)[1] else f"/{escaped}/"


def _contract(stack: Stack) -> list[str]:
    service = stack.services[0] if stack.services else Service(".")
    command = next((_COMMANDS[f] for f in service.frameworks if f in _COMMANDS), "npm start")
    return [
        "# The contract's end-to-end tests, and how to start the service they talk to.",
        "# contract:",
        "#   runner: pytest",
        "#   tests: tests/contract",
        "#   service:",
        f"#     command: {command}",
        "#     health: /health",
    ]


def _comment(text: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in text)
