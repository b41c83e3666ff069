"""Write the rules' pages: ``python -m ci_gate.rules.page docs/rules tests/rules``."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from ci_gate.regex import regex
from ci_gate.rules.catalogue import RulePage, catalogue

#: Lines of an example before the marked one, and from it on.
_BEFORE: Final = 6
_AFTER: Final = 4
_EXPECT: Final = regex(r"\s*(#|//|--) expect: \S+(?: \w+)?\s*$")


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


def example(page: RulePage, fixtures: Path) -> str:
    """The marked places of the rule's first bad tree, as Markdown; empty where there is none."""
    trees = sorted((fixtures / page.group / page.id.partition("/")[2]).glob("bad_*"))
    if not trees:
        return ""
    parts = []
    for path in sorted(trees[0].rglob("*")):
        lines = path.read_text("utf-8").splitlines() if path.is_file() else []
        marked = [n for n, line in enumerate(lines) if f"expect: {page.id}" in line]
        if marked:
            shown = lines[max(0, marked[0] - _BEFORE) : marked[0] + _AFTER]
            code = "\n".join(_EXPECT.sub("  \\1 reported here", line) for line in shown)
            name = path.relative_to(trees[0]).as_posix()
            parts.append(f"`{name}`\n\n```{path.suffix[1:]}\n{code.strip(chr(10))}\n```")
    return "## Example\n\n" + "\n\n".join(parts) + "\n"


def pages(fixtures: Path) -> Mapping[str, str]:
    """File name -> text, an index first. Examples come from the rules' fixtures."""
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
        **{
            _name(page.id): "\n".join(filter(None, (markdown(page), example(page, fixtures))))
            for page in rules
        },
    }


def _name(rule: str) -> str:
    return rule.replace("/", "-") + ".md"


def main(folder: Path, fixtures: Path) -> None:
    """Write all pages to ``folder`` and remove those of rules that are gone."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = pages(fixtures)
    for path in folder.glob("*.md"):
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        (folder / name).write_text(text, "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
