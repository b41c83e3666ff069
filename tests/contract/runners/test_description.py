"""What a description says of answers."""

from __future__ import annotations

import pytest

from ci_gate.contract.runners.description import documents


@pytest.mark.parametrize(
    ("responses", "known"),
    [
        ([{"200": {}, "404": {}}], True),
        ([{200: {}, 404: {}}], True),
        ([{"4xx": {}}], True),
        ([{"404": {}}, {"200": {}}], False),
        ([None], False),
        ([], False),
    ],
)
def test_an_answer_is_documented_where_each_operation_names_it(responses, known) -> None:
    paths = {f"/{n}": {"get": {"responses": item}} for n, item in enumerate(responses)}
    assert documents({"openapi": "3.0.3", "paths": paths}, 404) is known
