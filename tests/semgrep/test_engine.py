"""The Semgrep engine against hostile projects, broken rules and broken Semgreps."""

from __future__ import annotations

import errno
import json
import sys
import tempfile
from pathlib import Path

import pytest

from ci_gate import semgrep, semgrep_program
from ci_gate.cache import open_cache
from ci_gate.config import Config, SemgrepConfig
from ci_gate.findings import Severity
from ci_gate.repository import WorkTree
from ci_gate.scan import Options, scan
from ci_gate.scorecard.model import Verdict
from ci_gate.semgrep import SemgrepResult
from ci_gate.stack.model import Service, Stack
from support.repositories import GitRepository
from support.trees import MemoryTree

STACK = Stack([Service(".", frameworks=["flask"], orms=["sqlalchemy"])])
FAULTY = """\
from sqlalchemy import select


def open_loans(session):
    return session.scalars(select(Loan).where(Loan.returned is None))  # nosemgrep
"""


def judge(
    tree: MemoryTree, root: Path, config: Config | None = None, stack: Stack = STACK
) -> SemgrepResult:
    return semgrep.run(tree, tree.files, stack, config or Config(), WorkTree(root), 1)


@pytest.mark.parametrize(
    ("code", "judged"),
    [
        ("def name_of(app: Flask) -> str:\n    return app.name\n", False),
        ("app = Flask(__name__)\n", True),
        ("app = Flask(__name__)\n\n\n@app.get('/loans')\ndef loans():\n    return []\n", True),
    ],
)
def test_what_makes_no_application_is_not_judged_though_its_imports_let_expect_it(
    tmp_path: Path, code: str, judged: bool
) -> None:
    (tmp_path / "requirements.txt").write_text("flask\nsqlalchemy\n")
    (tmp_path / "app.py").write_text(f"from flask import Flask\n\n{code}")
    (tmp_path / "loans.py").write_text(FAULTY)
    scorecard = scan(Options(tmp_path, Config()))
    [engine] = [engine for engine in scorecard.engines if engine.name == "semgrep"]
    found = [item for item in scorecard.findings if item.finding.engine == "semgrep"]
    assert (bool(engine.rules), bool(engine.files), bool(found)) == (judged,) * 3


@pytest.mark.parametrize(
    "ballast",
    [
        f"# {'a' * 5000}",
        f"KEY = '{'QUJD' * 2500}'",
        "\n".join(["CERTIFICATE = '''", *["M" * 64] * 100, "'''"]),
        "\n".join(f"A{number}={number}000000000000000" for number in range(300)),
    ],
)
def test_long_lines_do_not_hide_a_file(ballast: str, tmp_path: Path) -> None:
    tree = MemoryTree({"a.py": f"{FAULTY}\n\n{ballast}\n"})
    result = judge(tree, tmp_path)
    assert [finding.path for finding in result.findings] == ["a.py"]
    assert (result.errors, result.files) == ([], 1)


UNPARSED = f"""\
from flask import Flask

app = Flask(__name__)


@app.get("/loans")
def loans(loan):
    match loan:
        case {{"book": 1, **rest}}:
            return rest


{FAULTY}"""


def test_a_file_that_semgrep_cannot_parse_is_told_of_each_time(tmp_path: Path) -> None:
    work = tmp_path / "work"
    repository = GitRepository(work, {"requirements.txt": "flask\nsqlalchemy\n", "app.py": ""})
    repository.git("switch", "--quiet", "--create", "change")
    repository.commit({"app.py": UNPARSED})
    cache = open_cache(tmp_path / "cache")

    for _ in range(2):
        alone = scan(Options(work, Config(), cache=cache))
        assert [(item.path, item.reason) for item in alone.skipped] == [
            ("app.py", "Semgrep cannot parse it (Other syntax error)")
        ]
        changed = scan(Options(work, Config(), base="main", cache=cache))
        assert changed.verdict is not Verdict.PASS
        assert any("Semgrep cannot parse it" in reason for reason in changed.reasons)


def test_hostile_project_cannot_silence_the_rules(tmp_path: Path) -> None:
    tree = MemoryTree({
        ".semgrepignore": "*\n",
        ".gitignore": "*\n",
        "tests/loans.py": FAULTY,
        "shop/.semgrepignore": "*\n",
        "shop/loans.py": FAULTY,
    })  # fmt: skip
    result = judge(tree, tmp_path)
    assert result.errors == []
    assert result.files == 2
    assert result.rules > 0
    assert result.version
    assert [f.path for f in result.findings] == ["shop/loans.py", "tests/loans.py"]
    finding = result.findings[0]
    assert (finding.rule, finding.group) == ("orm/python-operator-in-filter", "orm")
    assert finding.severity is Severity.ERROR
    assert finding.engine == "semgrep"
    assert finding.start.line == 5
    assert finding.subject.startswith("return session.scalars(")
    assert "Loan.returned is None" in finding.message


def test_nothing_is_started_where_the_stack_has_no_rules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(semgrep, "find_program", lambda: pytest.fail("started"))
    result = judge(MemoryTree({"a.py": FAULTY}), tmp_path, stack=Stack())
    assert (result.rules, result.files, result.errors) == (0, 0, [])


def test_ignored_group_and_selected_rule(tmp_path: Path) -> None:
    tree = MemoryTree({"a.py": FAULTY})
    assert judge(tree, tmp_path, Config(ignore=("orm",))).findings == []
    selected = judge(tree, tmp_path, Config(select=("orm/python-operator-in-filter",)))
    assert selected.rules == 2  # is and not; and and or
    assert len(selected.findings) == 1


PLAIN_TEXT = """\
from sqlalchemy.orm import Session


def loans(session: Session):
    return session.execute("SELECT * FROM loans LIMIT 20").all()
"""


def test_some_rules_judge_the_running_service_only(tmp_path: Path) -> None:
    files = dict.fromkeys(("tests/a.py", "scripts/b.py", "shop/c.py"), PLAIN_TEXT)
    stack = Stack([Service(".", orms=["sqlalchemy"], versions={"sqlalchemy": 2})])
    result = judge(MemoryTree(files), tmp_path, stack=stack)
    assert (result.errors, result.files) == ([], 3)
    assert [f.path for f in result.findings] == ["shop/c.py"]


OWN = """\
rules:
  - id: no-print
    languages: [python]
    severity: WARNING
    message: prints
    pattern: print(...)
    fix: log(...)
"""


def test_own_rules_run_beside_the_built_in_ones(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "own.yml").write_text(OWN)
    (tmp_path / "rules" / "broken.yml").write_text("rules: [\n")
    (tmp_path / "rules" / "pattern.yml").write_text(
        OWN.replace("print(...)", "'print(('").replace("no-print", "odd")
    )
    config = Config(semgrep=SemgrepConfig(rulesets=("rules", "missing.yml", "../outside.yml")))
    result = judge(MemoryTree({"a.py": "print(1)\n", "b.py": FAULTY}), tmp_path, config)
    assert [(f.rule, f.group, f.severity, f.path) for f in result.findings] == [
        ("custom/no-print", "framework", Severity.WARNING, "a.py"),
        ("orm/python-operator-in-filter", "orm", Severity.ERROR, "b.py"),
    ]
    assert result.findings[0].replacement is not None
    told = "\n".join(result.errors)
    for name in ("rules/broken.yml", "rules/pattern.yml", "missing.yml", "../outside.yml"):
        assert name in told
    assert len(result.errors) == 4


def fake(
    folder: Path, monkeypatch: pytest.MonkeyPatch, experimental: str, default: str = ""
) -> None:
    """A Semgrep that does as told; both ways of calling it by default alike."""
    path = folder / "semgrep"
    path.write_text(
        f"#!{sys.executable}\nimport json, sys, time\n"
        f"if '--experimental' in sys.argv:\n    {experimental}\nelse:\n"
        f"    {default or experimental}\n"
    )
    path.chmod(0o755)
    monkeypatch.setattr(semgrep, "find_program", lambda: path)


def said(*scanned: str) -> str:
    output = {"version": "9.9", "results": [], "errors": [], "paths": {"scanned": list(scanned)}}
    return f"print({json.dumps(json.dumps(output))})"


TWO = MemoryTree({"a.py": FAULTY, "b.py": FAULTY})


OCAML = """\
[00.05][ERROR](default): Uncaught exception:
  Out_of_memory
Raised at Stdlib__Hashtbl.resize in file "hashtbl.ml", line 120, characters 4-20
Called from Scan_subcommand.run_conf in file "src/osemgrep/Scan_subcommand.ml", line 981
Re-raised at Dune__exe__Main in file "src/main/Main.ml", line 15, characters 2-11
"""


@pytest.mark.parametrize(
    ("behaviour", "sentence"),
    [
        (f"sys.exit({OCAML!r})", "Semgrep crashed (Out_of_memory); run again; if it stays, "),
        ("sys.exit('Fatal error: exception Stack_overflow')", "Semgrep crashed (Stack_overflow); "),
        ("raise KeyError('rule')", "Semgrep crashed (KeyError: 'rule'); run again; "),
        ("import os; os.kill(os.getpid(), 9)", "Semgrep was ended by signal 9; it may have run "),
        ("sys.exit('boom')", "boom"),
        ("print('{\"results\": [')", "no usable JSON"),
        ("print('[]')", "no usable JSON"),
        (said("a.py"), "scanned 1 of 2 files; b.py"),
    ],
)
def test_failing_semgrep_gives_one_sentence(
    behaviour: str, sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake(tmp_path, monkeypatch, behaviour)
    result = judge(TWO, tmp_path)
    assert len(result.errors) == 1
    assert sentence in result.errors[0]
    assert "Raised at" not in result.errors[0]
    assert result.findings == []


@pytest.mark.parametrize("kind", ["Too many matches", "Timeout", "Internal matching error"])
def test_a_file_that_semgrep_gives_up_on_makes_the_run_incomplete(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = {"level": "warn", "type": kind, "path": "a.py", "message": "r1"}
    output = {
        "version": "9.9", "results": [], "errors": [error], "paths": {"scanned": ["a.py", "b.py"]},
    }  # fmt: skip
    fake(tmp_path, monkeypatch, f"print({json.dumps(json.dumps(output))})")
    assert judge(TWO, tmp_path).errors == [
        f"Semgrep gave up on a.py ({kind}); exclude the file or split it."
    ]


def test_default_engine_takes_over_from_a_short_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake(tmp_path, monkeypatch, said("a.py"), said("a.py", "b.py"))
    result = judge(TWO, tmp_path)
    assert (result.errors, result.files) == ([], 2)


def test_hanging_semgrep_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake(tmp_path, monkeypatch, "time.sleep(600)")
    result = judge(TWO, tmp_path, Config(semgrep=SemgrepConfig(timeout=0.5)))
    assert len(result.errors) == 1
    assert "stopped after 0.5 s" in result.errors[0]


@pytest.mark.parametrize("what", ["mkdir", "write_bytes"])
def test_a_full_temporary_folder_is_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(Path, what, full)
    result = judge(MemoryTree({"a.py": FAULTY, "b.py": FAULTY}), tmp_path)
    assert result.errors == [
        f"Semgrep did not run: No space left on device in the temporary folder {tmp_path}; make "
        "room there or name another by TMPDIR."
    ]
    assert list(tmp_path.iterdir()) == []


def test_missing_semgrep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(semgrep, "find_program", lambda: None)
    result = judge(TWO, tmp_path)
    assert len(result.errors) == 1
    assert "not installed" in result.errors[0]


def test_semgrep_sees_no_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = tmp_path / "seen.json"
    fake(
        tmp_path, monkeypatch,
        f"import os; json.dump(dict(os.environ), open({str(seen)!r}, 'w')); "
        + said("a.py", "b.py"),
    )  # fmt: skip
    monkeypatch.setenv("GITHUB_TOKEN", "secret")
    judge(TWO, tmp_path)
    assert "secret" not in json.loads(seen.read_text()).values()


def test_paths_that_leave_the_folder_are_not_written(tmp_path: Path) -> None:
    result = judge(MemoryTree({"../evil.py": FAULTY, "a.py": FAULTY}), tmp_path)
    assert [f.path for f in result.findings] == ["a.py"]


def test_both_ways_of_calling_semgrep_agree(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    minified = "var a=1;" * 2000
    tree = MemoryTree({"a.py": FAULTY, "empty.py": "", "b.js": minified, "types.d.ts": "x"})
    stack = Stack([Service(".", frameworks=["express"], orms=["sqlalchemy"])])
    quick = judge(tree, tmp_path, stack=stack)
    monkeypatch.setattr(semgrep, "_complete", lambda *_: False)
    slow = judge(tree, tmp_path, stack=stack)
    assert quick.errors == slow.errors == []
    assert quick.findings == slow.findings != []


def test_the_engine_is_the_one_beside_the_gate_and_never_one_of_the_tree(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    planted = tmp_path / "semgrep" / "bin" / "semgrep-core"
    planted.parent.mkdir(parents=True)
    planted.write_text("#!/bin/sh\n")
    planted.chmod(0o755)
    monkeypatch.syspath_prepend(str(tmp_path))
    program = semgrep_program.find_program()
    assert program is not None
    assert semgrep_program.find_engine(program) != planted
    assert semgrep_program.find_engine(tmp_path / "semgrep") is None
