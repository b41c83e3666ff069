"""Pull requests that attack the gate which judges them."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from support.action import TRAILER, Project


def test_a_folder_that_poses_as_a_repository_runs_nothing(project: Project, tmp_path: Path) -> None:
    """Git takes a folder with HEAD, objects and refs for a bare repository, whose settings can name
    programs: here in the service's folder of a monorepo."""
    service, mark = project.root / "service", tmp_path / "ran"
    project.git("switch", "-q", "main")
    service.mkdir()
    for name in ("lending", ".ci-gate.yml"):
        shutil.move(project.root / name, service / name)
    project.commit("Several services")
    project.git("switch", "-q", "-c", "claude/loans")
    made = tmp_path / "bare"
    project.git("clone", "-q", "--bare", ".", str(made))
    (made / "refs" / "keep").touch()  # git keeps no empty folders
    (made / "config").write_text(
        f"[core]\n\tbare = false\n\tworktree = {service}\n"
        f"[filter \"run\"]\n\tclean = touch {mark}; cat\n"
    )
    for name in ("HEAD", "objects", "refs", "config", "packed-refs"):
        shutil.move(made / name, service / name)
    (service / ".gitattributes").write_text("*.py filter=run\n")
    project.git("-C", "service", "--git-dir=.", "--work-tree=.", "add", "-f", "lending")
    for path in service.rglob("*.py"):
        os.utime(path, (1, 1))  # git has to look at them anew
    mark.unlink(missing_ok=True)
    project.commit(f"Loans{TRAILER}")
    project.open()
    done = project.run(path="service")
    assert not mark.exists()
    assert done.code == 3, done.log
