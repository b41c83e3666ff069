"""What was detected, with the lines that tell."""

from __future__ import annotations

import io
import json
from dataclasses import asdict

from rich.console import Console
from rich.text import Text

from ci_gate.architecture.infer import directories
from ci_gate.architecture.model import Architecture
from ci_gate.reports.text import clean
from ci_gate.stack.model import Service, Stack


def render_stack(
    stack: Stack, architecture: Architecture, form: str, *, color: bool, width: int
) -> str:
    """The services of a repository and its layers, for people or as JSON."""
    if form == "json":
        layers = {layer.name: directories(architecture, layer) for layer in architecture.layers}
        data = {
            "services": [asdict(service) for service in stack.services],
            "architecture": {
                "style": architecture.style,
                "written": architecture.written,
                "layers": layers,
                "composition_roots": sorted(architecture.composition_roots),
            },
        }
        return json.dumps(data, indent=2)
    stream = io.StringIO()
    console = Console(
        file=stream, width=width, force_terminal=color, no_color=not color, highlight=False,
        color_system="standard" if color else None,
    )  # fmt: skip
    if not stack.services:
        console.print("No supported backend framework was found.")
    for service in stack.services:
        _service(console, service)
    _architecture(console, architecture)
    return stream.getvalue()


def _service(console: Console, service: Service) -> None:
    console.print(Text(f"Service in {clean(service.root)}", style="bold"))
    modes = f" ({', '.join(service.orm_modes)})" if service.orm_modes else ""
    for title, values, more in (
        ("languages", service.languages, ""),
        ("frameworks", service.frameworks, ""),
        ("ORMs", service.orms, modes),
        ("drivers", service.drivers, ""),
        ("databases", service.databases, ""),
    ):
        if values:
            console.print(Text(f"  {title:<11}{', '.join(values)}{more}"))
    console.print(Text("  evidence", style="dim"))
    for item in service.evidence:
        place = f"{clean(item.path)}:{item.line}"
        console.print(
            Text.assemble(
                f"    {item.fact:<24}", (place, "cyan"), f"  {clean(item.text)}"
            ),
            overflow="ellipsis", no_wrap=True,
        )  # fmt: skip
    console.print()


def _architecture(console: Console, architecture: Architecture) -> None:
    if not architecture.layers:
        console.print("No layers were recognised.")
        return
    how = "written in the configuration" if architecture.written else "inferred"
    console.print(Text(f"Architecture: {architecture.style}, {how}", style="bold"))
    for layer in architecture.layers:
        places = [clean(place) for place in directories(architecture, layer)]
        shown = ", ".join(places[:6]) + (f" and {len(places) - 6} more" if len(places) > 6 else "")
        console.print(Text(f"  {layer.rank}  {layer.name:<14}{shown}"))
