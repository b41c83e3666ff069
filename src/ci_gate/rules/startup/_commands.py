"""The commands that start a service, and the modules and files of the project that they name."""

from __future__ import annotations

import posixpath
import re
import shlex
import tomllib
from collections.abc import Iterator, Sequence
from typing import Final, Literal

import yaml

from ci_gate.codemodel.model import CodeModel
from ci_gate.data import dataclass
from ci_gate.regex import regex
from ci_gate.rules.startup._images import Image, started

_PROCFILE: Final = regex(r"(?:^|/)Procfile$")
_IMAGE: Final = regex(r"(?:^|/)(?:Dockerfile|Containerfile)[\w.-]*$|\.[Dd]ockerfile$")
_COMPOSE: Final = regex(r"(?:^|/)(?:docker-)?compose[\w.-]*\.ya?ml$")
_SCRIPT: Final = regex(
    r"(?:^|/)(?:docker[-_])?(?:run|start|serve|boot|entrypoint|entry|web|prestart|server)[\w-]*\.sh$"
)
_PYPROJECT: Final = regex(r"(?:^|/)pyproject\.toml$")
_ELSEWHERE: Final = regex(
    r"(?:^|/)(?:\.[^/]+|tests?|docs?|examples?|samples?|templates?|node_modules|vendor|"
    r"\{\{[^/]*)/",
    re.IGNORECASE,
)
_SERVERS: Final = frozenset({
    "uvicorn", "gunicorn", "hypercorn", "granian", "daphne", "waitress-serve",
})  # fmt: skip
#: Words before the command itself, with the number of words that belong to each.
_WRAPPERS: Final = {
    "exec": 0, "nohup": 0, "time": 0, "env": 0, "ddtrace-run": 0, "opentelemetry-instrument": 0,
    "dumb-init": 0, "tini": 0, "--": 0, "gosu": 1, "su-exec": 1, "command": 0,
}  # fmt: skip
_RUNNERS: Final = frozenset({"poetry", "uv", "pipenv", "pdm", "hatch", "rye"})
_OTHER_VALUE: Final = frozenset({
    "-b", "--bind", "-k", "--worker-class", "-c", "--config", "--log-config", "--host", "-n",
    "--name", "--paste", "--env", "-e", "--reload-dir", "--loop", "--http", "--ws", "-u",
})  # fmt: skip
#: Options that add folders to where modules are looked for.
_FOLDERS: Final = ("--app-dir", "--chdir", "--pythonpath", "--working-dir", "--root-path")
_APPLICATION: Final = regex(r"^([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*):([A-Za-z_]\w*)(?:\(.*\))?$")
_MODULE: Final = regex(r"^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$")
_FILE: Final = regex(r"^[\w./-]+\.(?:py|sh)$")
_NODE_FILE: Final = regex(r"^[\w@./-]+$")
_NODE: Final = frozenset({"node", "nodejs", "ts-node", "tsx"})
_NODE_VALUES: Final = frozenset({
    "-r", "--require", "--import", "--loader", "--env-file", "-C", "-P", "--project",
})  # fmt: skip
_MANAGERS: Final = frozenset({"npm", "pnpm", "yarn"})
_ASSIGNS: Final = regex(r"^[A-Za-z_]\w*=")
_SEPARATOR: Final = regex(r"&&|\|\||[;|&]")
_HERE: Final = regex(r"^\s*cd\s+[^\n]*\bdirname\b", re.MULTILINE)
_MOVES: Final = regex(r"(?:^|[;&|]|\bthen\b)\s*(?:cd|pushd)\s|PYTHONPATH", re.MULTILINE)
_MAX_BYTES: Final = 100_000


@dataclass(frozen=True, slots=True)
class Named:
    """What a command at ``path:line`` needs: a ``module`` (and its ``attribute``) or a ``file``.

    ``folder`` is where the command surely runs, ``image`` the image that it surely runs in; where
    both are None the place is not known. ``text`` is as it is written. ``runner`` says who runs the
    file: Node, or npm, which runs a script of ``package.json``.
    """

    path: str
    line: int
    text: str
    module: str | None = None
    attribute: str | None = None
    file: str | None = None
    folder: str | None = None
    image: Image | None = None
    runner: Literal["", "node", "npm"] = ""


def is_image(path: str) -> bool:
    return _IMAGE.search(path) is not None


def is_compose(path: str) -> bool:
    return _COMPOSE.search(path) is not None


def named(model: CodeModel) -> Iterator[Named]:
    """What the start commands of the tree name."""
    for path in model.tree.files:
        if _ELSEWHERE.search(path):
            continue
        reader = next((read for pattern, read in _READERS if pattern.search(path)), None)
        if reader is None:
            continue
        try:
            text = model.tree.text(path)
        except OSError:
            continue
        if len(text) <= _MAX_BYTES:
            yield from reader(path, text)


def _procfile(path: str, text: str) -> Iterator[Named]:
    for number, line in enumerate(text.split("\n"), 1):
        match = re.match(r"^\w+:\s*(.+)$", line)
        if match:
            folder = None if _MOVES.search(match[1]) else posixpath.dirname(path)
            yield from _in_shell(_Place(path, number, folder), match[1])


def _build_file(path: str, text: str) -> Iterator[Named]:
    for command in started(text):
        words = command.words
        in_shell = len(words) > 2 and posixpath.basename(words[0]) in ("sh", "bash")
        inner = words[2] if in_shell and words[1] in ("-c", "-lc", "-ec") else " ".join(words)
        moves = _MOVES.search(inner) is not None
        place = _Place(path, command.line, None, None if moves else command.image)
        if in_shell:
            yield from _in_shell(place, inner)
        else:
            for part in _parts(words):
                yield from _of(place, part)


def _compose(path: str, text: str) -> Iterator[Named]:
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError):
        return
    for service in _entries(_entry(root, "services")):
        for key in ("command", "entrypoint"):
            node = _entry(service, key)
            if isinstance(node, yaml.ScalarNode):
                yield from _in_shell(_Place(path, node.start_mark.line + 1), node.value)
            elif isinstance(node, yaml.SequenceNode):
                words = [item.value for item in node.value if isinstance(item, yaml.ScalarNode)]
                yield from _of(_Place(path, node.start_mark.line + 1), words)


def _entry(node: yaml.Node | None, key: str) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            if name.value == key:
                return value  # type: ignore[no-any-return]
    return None


def _entries(node: yaml.Node | None) -> Iterator[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        for _, value in node.value:
            yield value


def _parts(words: Sequence[str]) -> Iterator[list[str]]:
    """The commands in the words of a shell form."""
    part: list[str] = []
    for word in words:
        if word in ("&&", "||", ";", "|"):
            yield part
            part = []
        else:
            part.append(word)
    yield part


def _script(path: str, text: str) -> Iterator[Named]:
    if "<<" in text:
        return
    here = len(_MOVES.findall(text)) == 1 and _HERE.search(text) is not None
    folder = posixpath.dirname(path) if here else None
    joined = re.sub(r"\\\n", "  ", text)
    number = 1
    for line in joined.split("\n"):
        if not line.lstrip().startswith("#"):
            yield from _in_shell(_Place(path, number, folder), line)
        number += 1 + _continued(text, number)


def _continued(text: str, number: int) -> int:
    """How many lines go on the logical line that starts at ``number``."""
    lines = text.split("\n")
    count = 0
    while number - 1 + count < len(lines) and lines[number - 1 + count].endswith("\\"):
        count += 1
    return count


def _pyproject(path: str, text: str) -> Iterator[Named]:
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError):  # also a number that is too long
        return
    tool = data.get("tool")
    poetry = tool.get("poetry") if isinstance(tool, dict) else None
    for table in (data.get("project"), poetry):
        scripts = table.get("scripts") if isinstance(table, dict) else None
        for target in scripts.values() if isinstance(scripts, dict) else ():
            match = _APPLICATION.match(target) if isinstance(target, str) else None
            if match:
                line = text[: text.find(f'"{target}"')].count("\n") + 1
                yield Named(path, line, target, match[1], match[2])


_READERS: Final = (
    (_PROCFILE, _procfile), (_IMAGE, _build_file), (_COMPOSE, _compose), (_SCRIPT, _script),
    (_PYPROJECT, _pyproject),
)  # fmt: skip


# --- commands ---


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a command is written, and where it runs."""

    path: str
    line: int
    folder: str | None = None
    image: Image | None = None

    def file(self, name: str) -> Named:
        return Named(self.path, self.line, name, None, None, name, self.folder, self.image)

    def module(self, text: str, module: str, attribute: str | None = None) -> Named:
        return Named(
            self.path, self.line, text, module, attribute, None, self.folder, self.image
        )  # fmt: skip


def _in_shell(place: _Place, text: str) -> Iterator[Named]:
    for command in _SEPARATOR.split(text):
        try:
            words = shlex.split(command, comments=True)
        except ValueError:
            continue
        yield from _of(place, words)


def _of(place: _Place, words: Sequence[str]) -> Iterator[Named]:
    """What one command names."""
    words = _unwrapped(words)
    if not words or any(word.split("=")[0] in _FOLDERS for word in words):
        return
    program = posixpath.basename(words[0])
    if re.fullmatch(r"python[\d.]*|py", program):
        yield from _python(place, words[1:])
    elif program in _SERVERS:
        yield from _server(place, words[1:])
    elif program in ("sh", "bash") and len(words) > 1 and _FILE.match(words[1]):
        yield place.file(words[1])
    elif program == "fastapi" and words[1:2] in (["run"], ["dev"]):
        files = [word for word in words[2:] if word.endswith(".py") and _FILE.match(word)]
        yield from (place.file(name) for name in files[:1])
    elif program in _NODE:
        yield from _node(place, words[1:])
    elif program in _MANAGERS:
        yield from _script_of(place, program, words[1:])
    elif _FILE.match(words[0]) and "/" in words[0]:
        yield place.file(words[0])


def _unwrapped(words: Sequence[str]) -> Sequence[str]:
    """The command without what stands before it; empty where that changes its modules."""
    while words:
        first = posixpath.basename(words[0])
        if first in _WRAPPERS:
            words = words[1 + _WRAPPERS[first] :]
        elif words[0].startswith("PYTHONPATH="):
            return ()
        elif _ASSIGNS.match(words[0]):
            words = words[1:]
        elif first in _RUNNERS and words[1:2] == ["run"]:
            words = words[2:]
        else:
            break
    return words


def _node(place: _Place, words: Sequence[str]) -> Iterator[Named]:
    skip = False
    for word in words:
        if skip:
            skip = False
        elif word in _NODE_VALUES:
            skip = True
        elif word in ("-e", "-p", "--eval", "--print", "--test", "--run"):
            return
        elif not word.startswith("-"):
            if word in ("inspect", "watch", "."):
                continue
            if _NODE_FILE.match(word):
                yield Named(place.path, place.line, word, file=word, folder=place.folder,
                            image=place.image, runner="node")  # fmt: skip
            return


def _script_of(place: _Place, program: str, words: Sequence[str]) -> Iterator[Named]:
    """``npm start``, ``npm run NAME``, ``yarn run NAME``."""
    own = words[: words.index("--")] if "--" in words else words
    if any(word.startswith("-") for word in own):  # of another package, or only if it is there
        return
    name = ""
    if words[:1] in (["run"], ["run-script"]) and len(words) > 1:
        name = words[1]
    elif words[:1] == ["start"] and program != "yarn":
        name = "start"
    if re.fullmatch(r"[\w:.-]+", name):
        yield Named(place.path, place.line, f"{program} {' '.join(words[:2])}", file=name,
                    folder=place.folder, image=place.image, runner="npm")  # fmt: skip


def node_commands(path: str, line: int, folder: str, text: str) -> Iterator[Named]:
    """What a script of ``package.json`` runs with Node."""
    if not _MOVES.search(text):
        for item in _in_shell(_Place(path, line, folder), text):
            if item.runner:
                yield item


def _python(place: _Place, words: Sequence[str]) -> Iterator[Named]:
    skip = False
    for number, word in enumerate(words):
        if skip:
            skip = False
        elif word in ("-X", "-W"):
            skip = True
        elif word == "-m":
            module = words[number + 1] if number + 1 < len(words) else ""
            if module in _SERVERS:
                yield from _server(place, words[number + 2 :])
            elif _MODULE.match(module):
                yield place.module(module, module)
            return
        elif word == "-c":
            return
        elif not word.startswith("-"):
            if _FILE.match(word):
                yield place.file(word)
            return


def _server(place: _Place, words: Sequence[str]) -> Iterator[Named]:
    before = ""
    for word in words:
        match = _APPLICATION.match(word)
        if match and before not in _OTHER_VALUE and match[1] not in ("unix", "fd", "localhost"):
            yield place.module(word, match[1], match[2])
            return
        before = word
