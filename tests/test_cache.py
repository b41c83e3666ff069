"""What is kept between runs: found again, never believed when it is not ours, never in the way."""

from __future__ import annotations

import os
import pickle
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ci_gate import cache as kept
from ci_gate.cache import Cache, name_of, open_cache
from ci_gate.codemodel import build as building
from ci_gate.codemodel.build import build
from ci_gate.codemodel.serial import MODULES
from ci_gate.contract import cache as contract_cache
from ci_gate.contract.model import Assertion, ContractResult
from ci_gate.repository import WorkTree
from ci_gate.serial import Unreadable

KEY = b"k" * 32
NAME = "ab" * 24


def _entry(folder: Path) -> Path:
    found = [path for path in folder.rglob("*") if path.is_file()]
    assert len(found) == 1
    return found[0]


def test_what_was_put_is_found_again(tmp_path: Path) -> None:
    store = Cache(tmp_path / "new" / "folder", KEY)
    assert store.get(NAME) is None
    store.put(NAME, b"facts")
    assert store.get(NAME) == b"facts"
    assert Cache(tmp_path / "new" / "folder", KEY).get(NAME) == b"facts"


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:-1],
        lambda data: data + b"x",
        lambda _data: b"",
        lambda data: data[:10],
        lambda data: bytes([data[0] ^ 1]) + data[1:],
        lambda data: data[:-1] + bytes([data[-1] ^ 1]),
    ],
    ids=["shorter", "longer", "empty", "cut in the seal", "seal changed", "content changed"],
)
def test_a_damaged_entry_is_a_miss(tmp_path: Path, damage) -> None:
    store = Cache(tmp_path, KEY)
    store.put(NAME, b"facts")
    place = _entry(tmp_path)
    place.write_bytes(damage(place.read_bytes()))
    assert store.get(NAME) is None
    store.put(NAME, b"facts")
    assert store.get(NAME) == b"facts"


def test_an_entry_sealed_with_another_key_is_a_miss(tmp_path: Path) -> None:
    Cache(tmp_path, b"x" * 32).put(NAME, b"forged")
    assert Cache(tmp_path, KEY).get(NAME) is None


def test_an_entry_under_another_name_is_a_miss(tmp_path: Path) -> None:
    store = Cache(tmp_path, KEY)
    store.put(NAME, b"facts of another file")
    other = "ab" + "cd" * 23
    _entry(tmp_path).rename(tmp_path / other[:2] / other[2:])
    assert store.get(other) is None


def test_an_entry_that_is_a_folder_is_a_miss(tmp_path: Path) -> None:
    (tmp_path / NAME[:2] / NAME[2:]).mkdir(parents=True)
    store = Cache(tmp_path, KEY)
    store.put(NAME, b"facts")
    assert store.get(NAME) is None


@pytest.mark.parametrize("target", [None, "/dev/zero", "nowhere"])
def test_an_entry_that_is_a_pipe_or_a_link_is_a_miss(tmp_path: Path, target: str | None) -> None:
    store = Cache(tmp_path, KEY)
    store.put(NAME, b"facts")
    place = _entry(tmp_path)
    place.unlink()
    if target is None:
        os.mkfifo(place)
    else:
        place.symlink_to(target)
    assert store.get(NAME) is None
    store.put(NAME, b"facts")
    assert store.get(NAME) == b"facts"


def test_a_large_entry_is_found_whole(tmp_path: Path) -> None:
    content = os.urandom(5_000_000)
    Cache(tmp_path, KEY).put(NAME, content)
    assert Cache(tmp_path, KEY).get(NAME) == content


def test_a_key_that_is_a_pipe_keeps_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.delenv(kept.KEY_VARIABLE, raising=False)
    (tmp_path / "ci-gate").mkdir()
    os.mkfifo(tmp_path / "ci-gate" / "cache.key", 0o600)
    assert open_cache(tmp_path / "cache") is None


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_read_only_folder_keeps_nothing(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    store = Cache(tmp_path, KEY)
    store.put(NAME, b"facts")
    store.trim()
    assert store.get(NAME) is None


def test_a_folder_that_cannot_be_made_keeps_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    store = Cache(tmp_path / "file" / "folder", KEY)
    store.put(NAME, b"facts")
    store.trim()
    assert store.get(NAME) is None


def test_a_full_disk_keeps_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_source: str, _target: str) -> None:
        raise OSError(28, "No space left on device")

    store = Cache(tmp_path, KEY)
    monkeypatch.setattr(os, "replace", full)
    store.put(NAME, b"facts")
    monkeypatch.undo()
    assert store.get(NAME) is None
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_the_longest_unused_goes_first(tmp_path: Path) -> None:
    store = Cache(tmp_path, KEY, limit=4_000)
    names = [f"{number:02x}" * 24 for number in range(8)]
    for age, name in enumerate(names):
        store.put(name, b"x" * 900)
        place = tmp_path / name[:2] / name[2:]
        then = time.time() - 100_000 * (10 - age)
        os.utime(place, (then, then))
    assert store.get(names[0]) is not None  # marks it as used
    store.trim()
    left = {name for name in names if store.get(name) is not None}
    assert left == {names[0], *names[-3:]}


def test_what_killed_runs_left_is_removed(tmp_path: Path) -> None:
    store = Cache(tmp_path, KEY)
    store.put(NAME, b"facts")
    leftover = tmp_path / NAME[:2] / "tmp.new"
    leftover.touch()
    os.utime(leftover, (1, 1))
    store.trim()
    assert not leftover.exists()
    assert store.get(NAME) == b"facts"


def test_names_tell_parts_and_versions_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    assert name_of("facts", "a", "bc") != name_of("facts", "ab", "c")
    assert name_of("facts", "a") != name_of("other", "a")
    before = name_of("facts", "a")
    monkeypatch.setattr(kept, "version", lambda: "another")
    assert name_of("facts", "a") != before


def test_the_version_follows_the_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "rule.py").write_text("x = 1\n")
    monkeypatch.setattr(kept, "__file__", str(tmp_path / "cache.py"))
    fresh = kept.version.__wrapped__
    before = fresh()
    assert fresh() == before
    (tmp_path / "rule.py").write_text("x = 2\n")
    changed = fresh()
    assert changed != before
    monkeypatch.setattr(kept, "_installed", lambda: ["sqlglot-99.0.dist-info"])
    assert fresh() != changed


def test_where_it_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("CI_GATE_CACHE_DIR")
    found = open_cache()
    assert found is not None
    assert found.folder == tmp_path / "cache" / "ci-gate" / "scan"
    monkeypatch.setenv("CI_GATE_CACHE_DIR", str(tmp_path / "named"))
    found = open_cache()
    assert found is not None
    assert found.folder == tmp_path / "named" / "scan"
    monkeypatch.setenv("CI_GATE_CACHE_DIR", "")
    assert open_cache() is None
    found = open_cache(tmp_path / "asked")
    assert found is not None
    assert found.folder == tmp_path / "asked"


def test_the_key_is_this_users_alone_and_not_in_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.delenv("CI_GATE_CACHE_KEY", raising=False)
    first = open_cache(tmp_path / "cache")
    assert first is not None
    first.put(NAME, b"facts")
    place = tmp_path / "state" / "ci-gate" / "cache.key"
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    again = open_cache(tmp_path / "cache")
    assert again is not None
    assert again.get(NAME) == b"facts"
    place.chmod(0o644)
    assert open_cache(tmp_path / "cache") is None  # anybody may have read it
    place.unlink()
    other = open_cache(tmp_path / "cache")  # another machine
    assert other is not None
    assert other.get(NAME) is None


def test_machines_that_share_a_secret_share_entries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for machine in ("one", "two"):
        monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / machine))
        monkeypatch.setenv("CI_GATE_CACHE_KEY", "a secret")
        store = open_cache(tmp_path / "cache")
        assert store is not None
        if machine == "one":
            store.put(NAME, b"facts")
        assert store.get(NAME) == b"facts"
    monkeypatch.setenv("CI_GATE_CACHE_KEY", "guessed")
    store = open_cache(tmp_path / "cache")
    assert store is not None
    assert store.get(NAME) is None


# --- the facts of files ---

SOURCE = b"""
import os
class A(B, metaclass=M):
    x: int = 3
    async def f(self, *args: str, **kw) -> "C":
        with open(os.path.join(*args)) as stream, g() as (a, b):
            return [await i async for i in f"{stream!r}" if (y := 2j) and b"\\xff" or ...]
"""


def _tree(folder: Path, count: int = 3) -> Path:
    for number in range(count):
        (folder / f"m{number}.py").write_bytes(SOURCE + b"x = %d\n" % number)
    (folder / "app.ts").write_text("export const f = async (a: Map<string, number>) => a?.b\n")
    return folder


def test_facts_survive_the_way_through_bytes() -> None:
    for path, source in (
        ("a.py", SOURCE),
        ("a.ts", b"export class A { constructor(private readonly r: R) {} } // ci-gate: x\n"),
    ):
        module = building.lower_file(path, source)
        data = MODULES.dump(module)
        assert data is not None
        again = MODULES.load(data)
        assert repr(again) == repr(module)
        if again.imports:
            assert again.imports[0] is again.body[0].imports[0]  # type: ignore[union-attr]


class _Evil:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, ("touch ran",)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"garbage",
        pickle.dumps(_Evil()),
        pickle.dumps([1, 2]),
        b"cci_gate.codemodel.syntax\nfields\n.",
        b"\x80\x04\x8c\x17ci_gate.codemodel.syntax\x8c\x0dNode.__init__\x93.",
        b"cci_gate.codemodel.syntax\nName\n((I1\nI1\nI1\nI1\ntS'x'\ntR.",
    ],
    ids=["empty", "garbage", "call", "list", "function", "attribute", "no module"],
)
def test_hostile_bytes_make_nothing(
    data: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Unreadable):
        MODULES.load(data)
    assert not (tmp_path / "ran").exists()


def test_code_that_nests_too_deeply_is_not_kept(tmp_path: Path) -> None:
    (tmp_path / "deep.py").write_text("x = " + "-" * 20_000 + "1\n")
    store = Cache(tmp_path / "cache", KEY)
    first = build(WorkTree(tmp_path), cache=store)
    second = build(WorkTree(tmp_path), cache=store)
    assert sorted(first.modules) == sorted(second.modules)
    assert first.skipped == second.skipped


def test_files_read_before_are_not_parsed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tree").mkdir()
    root = _tree(tmp_path / "tree")
    store = Cache(tmp_path / "cache", KEY)
    cold = build(WorkTree(root), cache=store)
    parsed: list[str] = []

    def lower(path: str, source: bytes) -> object:
        parsed.append(path)
        return original(path, source)

    original = building.lower_file
    monkeypatch.setattr(building, "lower_file", lower)
    warm = build(WorkTree(root), cache=store)
    assert parsed == []
    assert list(warm.modules) == list(cold.modules)
    assert repr(warm.modules) == repr(cold.modules)
    (root / "m1.py").write_text("y = 1\n")
    edited = build(WorkTree(root), cache=store)
    assert parsed == ["m1.py"]
    assert len(edited.modules["m1.py"].body) == 1
    (root / "m1.py").rename(root / "m9.py")
    build(WorkTree(root), cache=store)
    assert parsed == ["m1.py", "m9.py"]  # the path is part of the facts


def test_damaged_and_hostile_entries_are_parsed_again(tmp_path: Path) -> None:
    (tmp_path / "tree").mkdir()
    root = _tree(tmp_path / "tree")
    store = Cache(tmp_path / "cache", KEY)
    cold = build(WorkTree(root), cache=store)
    for number, place in enumerate(p for p in store.folder.rglob("*") if p.is_file()):
        if number % 2:
            place.write_bytes(place.read_bytes()[:-5])
        else:  # even one that is sealed as it should be
            store.put(place.parent.name + place.name, pickle.dumps(_Evil()))
    again = build(WorkTree(root), cache=store)
    assert repr(again.modules) == repr(cold.modules)
    assert not Path("ran").exists()


@pytest.mark.parametrize("jobs", [1, 2, 4])
def test_any_number_of_processes_reads_the_same(
    tmp_path: Path, jobs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "_MIN_FILES", 2)
    (tmp_path / "tree").mkdir()
    root = _tree(tmp_path / "tree", 12)
    (root / "deep.py").write_text("x = " + "-" * 20_000 + "1\n")
    alone = build(WorkTree(root))
    store = Cache(tmp_path / "cache", KEY)
    for _ in range(2):
        found = build(WorkTree(root), jobs=jobs, cache=store)
        assert list(found.modules) == list(alone.modules)
        assert found.skipped == alone.skipped
        for path in found.modules:
            if path != "deep.py":
                assert repr(found.modules[path]) == repr(alone.modules[path])


def test_a_process_that_dies_costs_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = _tree(tmp_path, 12)
    monkeypatch.setattr(building, "_MIN_FILES", 2)
    parent, original = os.getpid(), building.lower_file

    def lower(path: str, source: bytes) -> object:
        if path == "m7.py" and os.getpid() != parent:
            os.kill(os.getpid(), 9)
        return original(path, source)

    monkeypatch.setattr(building, "lower_file", lower)
    assert len(build(WorkTree(root), jobs=3).modules) == 13


def test_two_runs_at_once_share_a_cache(tmp_path: Path) -> None:
    (tmp_path / "tree").mkdir()
    root = _tree(tmp_path / "tree", 30)
    program = (
        "import sys, pathlib\n"
        "from ci_gate.cache import Cache\n"
        "from ci_gate.codemodel.build import build\n"
        "from ci_gate.repository import WorkTree\n"
        "store = Cache(pathlib.Path(sys.argv[2]), b'k' * 32, limit=200_000)\n"
        "for _ in range(5):\n"
        "    print(hash(repr(build(WorkTree(pathlib.Path(sys.argv[1])), cache=store).modules)))\n"
        "    (store.folder / 'trimmed').unlink(missing_ok=True)\n"
        "    store.trim()\n"
    )
    command = [sys.executable, "-c", program, str(root), str(tmp_path / "cache")]
    runs = [
        subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONHASHSEED": "0"}
        )
        for _ in range(3)
    ]
    said = {line for run in runs for line in run.communicate(timeout=120)[0].split()}
    assert [run.returncode for run in runs] == [0, 0, 0]
    assert len(said) == 1


def test_a_kept_contract_result_that_is_no_plain_file_or_nests_too_deeply_is_a_miss(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI_GATE_CACHE_DIR", str(tmp_path))
    result = ContractResult("pytest", [Assertion("t.py::test_a", "GET /items", passed=True)])
    contract_cache.save("name", result)
    assert contract_cache.load("name") == result
    [place] = tmp_path.rglob("name.json")
    place.write_text("[" * 100_000)
    assert contract_cache.load("name") is None
    place.unlink()
    os.mkfifo(place)
    assert contract_cache.load("name") is None
