"""Pull requests that attack the gate which judges them."""

from __future__ import annotations

import io
import json
import os
import shutil
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from ci_gate.git import Git
from support.action import TRAILER, Project, fork, mend, posted


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
        f'[filter "run"]\n\tclean = touch {mark}; cat\n'
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


def test_a_link_chooses_no_other_configuration(project: Project) -> None:
    """The base's own files, but not the one that the workflow names."""
    project.git("switch", "-q", "main")
    for folder, text in (("ci", "fail_on: new\n"), ("old", "fail_on: never\n")):
        (project.root / folder).mkdir()
        (project.root / folder / "gate.yml").write_text(f"{text}semgrep: {{enabled: false}}\n")
    project.commit("Configure")
    project.git("rebase", "-q", "main", "claude/overdue-loans")
    (project.root / "ci" / "gate.yml").unlink()
    (project.root / "ci" / "gate.yml").symlink_to("../old/gate.yml")
    project.commit(f"Point elsewhere{TRAILER}")
    project.open()
    done = project.run(config="ci/gate.yml")
    assert done.code == 2, done.log
    assert "goes through a symbolic link" in done.log


def test_reports_are_not_written_through_links(project: Project, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("keep")
    (project.root / "out").mkdir()
    for name in ("about.json", "report.json"):
        (project.root / "out" / name).symlink_to(victim)
    project.commit(f"Links{TRAILER}")
    project.open()
    assert project.run(bundle="out").code == 1
    assert victim.read_text() == "keep"
    assert json.loads((project.root / "out" / "about.json").read_text())["judged"]


def test_a_configuration_that_became_a_link_is_not_read(project: Project) -> None:
    (project.root / ".ci-gate.yml").unlink()
    (project.root / ".ci-gate.yml").symlink_to("/proc/kmsg")  # reading it waits for ever
    project.commit(f"Loosen{TRAILER}")
    project.open()
    done = project.run()
    assert done.code == 2, done.log
    assert "is a symbolic link" in project.comments[0]


def test_what_git_shows_no_lines_of_is_changed_all_the_same(project: Project) -> None:
    mend(project)
    (project.root / ".gitattributes").write_text("*.py -diff\n")
    (project.root / "lending" / "hidden.py").write_bytes(b"import os\n\0")
    project.commit(f"Hide{TRAILER}")
    project.open()
    done = project.run()
    assert done.code == 3, done.log
    assert "hidden.py" in project.comments[0]
    hunks = Git(project.root).hunks(project.git("rev-parse", "main"))
    assert hunks["lending/hidden.py"] == []


def test_a_failed_run_that_says_it_judged_nothing_is_not_neutral(project: Project) -> None:
    with zipfile.ZipFile(io.BytesIO(fork(project))) as archive:
        about = json.loads(archive.read("about.json"))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("about.json", json.dumps(about | {"judged": False}))
    posted(project, stream.getvalue())
    assert project.checks == [("constraint-gate", "failure")]


class _Nonsense(BaseHTTPRequestHandler):
    """Answers everything alike, with a further page that never ends."""

    body = b""

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.body)))
        self.send_header("Link", f'<http://{self.headers["Host"]}{self.path}>; rel="next"')
        self.end_headers()
        self.wfile.write(self.body)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _answer

    def log_message(self, *_: object) -> None:
        pass


@pytest.mark.parametrize("body", [b"[]", b"{}"])
def test_a_server_that_talks_nonsense_does_not_change_the_verdict(
    project: Project, monkeypatch: pytest.MonkeyPatch, body: bytes
) -> None:
    project.open()
    handler = type("Handler", (_Nonsense,), {"body": body})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        monkeypatch.setattr(type(project.github), "url", address)
        monkeypatch.setattr(type(project.github), "graphql_url", f"{address}/graphql")
        done = project.run(history_branch="scores")
        server.shutdown()
    assert done.code == 1, done.log
    assert done.outputs["verdict"] == "blocked"
    assert "query/injection" in done.summary
