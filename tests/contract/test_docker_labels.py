"""Labels of another run, which anybody may have written."""

from __future__ import annotations

import pytest

from ci_gate.contract.service import docker_run


@pytest.mark.parametrize("text", ["²", "", "x", "-1", "1" * 40, "٣"])
def test_labels_that_no_run_writes_belong_to_a_dead_one(text: str) -> None:
    here = docker_run._system()
    assert not docker_run._alive(None, {"ci-gate.started": text})  # type: ignore[arg-type]
    labels = {"ci-gate.system": here, "ci-gate.process": f"{text}@7"}
    assert not docker_run._alive(None, labels)  # type: ignore[arg-type]
