"""The committed pages are those that the rules themselves give."""

from __future__ import annotations

from pathlib import Path

import pytest

from ci_gate.reports.rules import documentation
from ci_gate.rules import UnknownRule, check_names, select
from ci_gate.rules.catalogue import catalogue
from ci_gate.rules.page import pages

DOCS = Path(__file__).parents[2] / "docs" / "rules"


def test_pages_are_up_to_date() -> None:
    committed = {path.name: path.read_text() for path in DOCS.glob("*.md")}
    assert committed == dict(pages(Path(__file__).parent)), "run make docs"


@pytest.mark.parametrize("page", catalogue(), ids=lambda page: page.id)
def test_every_page_says_why_and_what_to_do(page) -> None:
    assert page.summary.endswith(".")
    assert page.why
    assert page.fix
    assert page.source


def test_names_are_checked_and_the_nearest_is_named() -> None:
    check_names(["layering", "layering/cycle", "orm/missing-await", "custom/anything"])
    with pytest.raises(UnknownRule, match="did you mean 'layering/upward-import'"):
        select(["layering/upwards-import"], [])
    assert [rule.id for rule in select(["layering/cycle"], [])] == ["layering/cycle"]
    assert all(rule.group != "layering" for rule in select([], ["layering"]))


def test_every_address_of_a_page_leads_to_one() -> None:
    found = documentation(catalogue(), "https://github.com/octo/gate/blob/v1/docs/rules")
    addresses = [doc.url or "" for doc in found.values()]
    assert all(address.startswith("https://github.com/octo/gate/blob/v1/") for address in addresses)
    assert all((DOCS / address.rpartition("/")[2]).is_file() for address in addresses)
