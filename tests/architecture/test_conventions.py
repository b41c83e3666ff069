"""What names suggest, and when an unwritten convention may block."""

from __future__ import annotations

import pytest

from ci_gate.architecture.model import Architecture, Layer, Role
from ci_gate.architecture.names import hints, is_composition_name
from ci_gate.config import Config
from ci_gate.findings import Severity
from ci_gate.rules.base import Facts
from ci_gate.rules.layering._conventions import Tally, standing
from ci_gate.stack.model import Stack


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("app/routes/user_routes.py", "presentation"),
        ("src/users/users.controller.ts", "presentation"),
        ("src/routes/article/article.service.ts", "service"),
        ("src/services/articleService.js", "service"),
        ("modules/documents/documents.usecases.ts", "service"),
        ("src/repositories/articleRepository.js", "data-access"),
        ("app/dao/services_dao.py", "data-access"),
        ("src/utils/db/user/userGetPrisma.ts", "data-access"),
        ("server/queries/user.queries.js", "data-access"),
        ("shop/models/item.py", "model"),
        ("src/user.entity.ts", "model"),
    ],
)
def test_the_first_hint_of_a_name(path: str, role: str) -> None:
    assert hints(path)[0].role == role


@pytest.mark.parametrize("path", ["app/utils/text.py", "src/index.ts", "app/core/config.py"])
def test_names_that_suggest_nothing(path: str) -> None:
    assert hints(path) == []


@pytest.mark.parametrize("path", ["app/main.py", "src/container.ts", "app/api/deps.py"])
def test_composition_roots(path: str) -> None:
    assert is_composition_name(path)


def facts(base: Facts | None = None, layers: int = 3, written: bool = False) -> Facts:
    roles = [Role.PRESENTATION, Role.SERVICE, Role.DATA_ACCESS][:layers]
    found = tuple(Layer(role.value, role, rank) for rank, role in enumerate(roles))
    style = "written" if written else "layered"
    architecture = Architecture(style, written, False, found)  # type: ignore[arg-type]
    return Facts(None, Stack(), architecture, None, Config(), base)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("tally", "severity"),
    [
        (Tally(kept=4, broken=1, places=1), None),
        (Tally(kept=5, broken=1, places=1), Severity.ERROR),
        (Tally(kept=5, broken=5, places=2), Severity.ERROR),
        (Tally(kept=5, broken=6, places=2), Severity.NOTE),
        (Tally(kept=5, broken=5, places=3), Severity.NOTE),
        (Tally(kept=97, broken=3, places=3), Severity.ERROR),
        (Tally(kept=96, broken=4, places=3), Severity.NOTE),
    ],
)
def test_thresholds(tally: Tally, severity: Severity | None) -> None:
    found = standing(facts(), lambda _: tally)
    assert found.severity == severity
    if severity is not None:
        assert f"{tally.kept} of {tally.kept + tally.broken}" in found.reason


def test_a_written_architecture_always_blocks() -> None:
    found = standing(facts(written=True), lambda _: Tally(0, 99, 99))
    assert found.severity is Severity.ERROR


def test_a_change_cannot_break_a_habit_and_withdraw_it_in_one_go() -> None:
    base = facts()
    head = facts(base)
    found = standing(head, lambda f: Tally(20, 0, 0) if f is base else Tally(20, 20, 9))
    assert found.severity is Severity.ERROR
    assert "in the base" in found.reason


def test_two_layers_are_no_architecture() -> None:
    found = standing(facts(layers=2), lambda _: Tally(50, 1, 1), order_of_layers=True)
    assert found.severity is None


@pytest.mark.parametrize(
    ("tally", "severity"),
    [
        (Tally(kept=2, broken=1, places=1), Severity.ERROR),
        (Tally(kept=4, broken=2, places=2), Severity.ERROR),
        (Tally(kept=4, broken=3, places=3), Severity.NOTE),
        (Tally(kept=1, broken=1, places=1), None),
        (Tally(kept=0, broken=0, places=0), None),
        (Tally(kept=5, broken=9, places=3), Severity.NOTE),
    ],
)
def test_the_order_of_three_layers_needs_no_number_of_places(
    tally: Tally, severity: Severity | None
) -> None:
    assert standing(facts(), lambda _: tally, order_of_layers=True).severity == severity
