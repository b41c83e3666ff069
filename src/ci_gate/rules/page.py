"""Write the rules' pages: ``python -m ci_gate.rules.page docs/rules``."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from ci_gate.rules.catalogue import RulePage, catalogue


def markdown(page: RulePage) -> str:
    """One rule's page as Markdown."""
    parts = [
        f"# {page.id}",
        page.summary,
        f"Level L{page.level} · group `{page.group}` · {page.severity} by default · "
        f"{page.engine} engine · {', '.join(page.languages)}",
        page.details,
    ]
    for title, text in (
        ("Why is this bad?", page.why),
        ("Fix", page.fix),
        ("Silent on", page.silent_on),
        ("Source", page.source),
    ):
        if text:
            parts.append(f"## {title}\n\n{text}")
    return "\n\n".join(part for part in parts if part) + "\n"


def pages() -> Mapping[str, str]:
    """File name -> text, an index first."""
    rules = catalogue()
    rows = [
        f"| [{page.id}]({_name(page.id)}) | L{page.level} | {page.severity} | {page.engine} | "
        f"{page.summary.replace('|', chr(92) + '|')} |"
        for page in rules
    ]
    head = (
        "# Rules\n\n| rule | level | severity | engine | finds |\n| --- | --- | --- | --- | --- |\n"
    )
    return {
        "README.md": head + "\n".join(rows) + "\n",
        **{_name(page.id): markdown(page) for page in rules},
    }


def _name(rule: str) -> str:
    return rule.replace("/", "-") + ".md"


def main(folder: Path) -> None:
    """Write all pages to ``folder`` and remove those of rules that are gone."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = pages()
    for path in folder.glob("*.md"):
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        (folder / name).write_text(text, "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
