"""How to start the service where the configuration does not say."""

from __future__ import annotations

import os
import re
import shlex
import shutil
from collections.abc import Callable, Iterator
from dataclasses import field, replace
from pathlib import Path
from typing import Final

from ci_gate.config_contract import ServiceConfig
from ci_gate.contract.databases import engine_of
from ci_gate.contract.service.applications import applications
from ci_gate.contract.service.candidates import Candidate, candidates, inside, package
from ci_gate.contract.service.docker_plan import dockerfile_of, installation, on_all_addresses
from ci_gate.contract.service.migrations import migration
from ci_gate.contract.service.plan import Hints, Plan
from ci_gate.contract.service.ports import is_shell, named_port, with_port
from ci_gate.data import dataclass
from ci_gate.regex import regex
from ci_gate.repository import CommitTree, Tree, WorkTree

__all__ = ["Hints", "Plan", "guess"]

#: Finds a program on a path: :func:`shutil.which`.
Find = Callable[..., str | None]

_ENVIRONMENTS: Final = (".venv", "venv", "env")
_SHELL_WORDS: Final = frozenset(
    {"exec", "cd", "export", "set", "echo", "true", "sleep", "test", "[", "if", "while", "wait"}
)
_READS_PORT: Final = regex(r"\$\{?PORT\b")
_NAMES_PORT: Final = regex(r"^\s*EXPOSE\s|\bPORT\b", re.MULTILINE | re.IGNORECASE)
_INTERPRETERS: Final = frozenset({"node", "python", "python3", "sh", "bash", "tsx", "ts-node"})


def guess(tree: Tree, config: ServiceConfig, hints: Hints, find: Find = shutil.which) -> Plan:
    """Fill in what ``config`` leaves open from the files of ``tree``."""
    return _Guess(tree, config, hints, find).plan()


@dataclass(slots=True)
class _Guess:
    tree: Tree
    config: ServiceConfig
    hints: Hints
    find: Find
    notes: list[str] = field(default_factory=list)

    def plan(self) -> Plan:
        if not self._here:
            found = dockerfile_of(self.tree, self.config, self._folder)
            if found is not None:
                return self._of_image(*found)
        path = self._path()
        chosen = None if self.config.command else self._choose(path)
        config = self.config
        port = None
        if chosen is not None:
            told, port = self._port(chosen)
            command, cwd = told, chosen.cwd
            self._note("command", told, chosen.source)
            if port is not None:
                self.notes.append(f"the service listens on port {port} whatever PORT says")
            env = {k: v for k, v in chosen.env.items() if k not in self.hints.variables}
            config = replace(config, command=command, cwd=cwd, env={**env, **config.env})
        elif config.command is not None:
            port = named_port(config.command)
        setup, links = self._setup(config)
        config = replace(config, setup=setup)
        config = self._migrated(config, config.command or (), path)
        return Plan(config, self.notes, port, path, links, self.hints, self._pythons())

    def _of_image(self, dockerfile: str, folder: str) -> Plan:
        """The Dockerfile installs and starts the service."""
        config = replace(
            self.config,
            cwd=folder,
            setup=(),
            docker=replace(self.config.docker, dockerfile=dockerfile),
        )
        if not self.config.docker.dockerfile:
            self.notes.append(f"contract.service.docker.dockerfile is not set: {dockerfile}")
        command = config.command or next(
            (item.command for item in candidates(self.tree, folder)), ()
        )
        config = self._migrated(config, command, ())
        port = named_port(command) if command else None
        if port is None and config.docker.port is None:
            port = self._written_port(dockerfile)
        return Plan(config, self.notes, port, hints=self.hints, pythons=self._pythons())

    def _written_port(self, dockerfile: str) -> int | None:
        """The one port that the code names, where nothing else says which it is."""
        text = self.tree.text(dockerfile) if self.tree.exists(dockerfile) else ""
        if self.hints.port_variables or len(self.hints.ports) != 1 or _NAMES_PORT.search(text):
            return None
        self.notes.append(f"contract.service.docker.port is not set: {self.hints.ports[0]}")
        return self.hints.ports[0]

    def _migrated(
        self, config: ServiceConfig, command: tuple[str, ...], path: tuple[str, ...]
    ) -> ServiceConfig:
        """With the command that migrates, unless ``command`` does."""
        database = config.database
        if database.migrate is not None or engine_of(database, self.hints) is None:
            return config
        migrate, source = migration(self.tree, config.cwd, command)
        if not migrate:
            return config
        migrate = self._with_python(migrate, path)
        self._note("database.migrate", migrate, source)
        return replace(config, database=replace(database, migrate=migrate))

    def _note(self, key: str, command: tuple[str, ...], source: str) -> None:
        shown = command[2] if is_shell(command) else shlex.join(command)
        shown = shown.replace("'{port}'", "{port}")
        self.notes.append(f"contract.service.{key} is not set: `{shown}`, from {source}")

    @property
    def _folder(self) -> str:
        return self.config.cwd if self.config.cwd != "." else self.hints.root

    @property
    def _here(self) -> bool:
        """Does it run on this machine?"""
        return self.config.mode == "process"

    # --- the command ---

    def _choose(self, path: tuple[str, ...]) -> Candidate | None:
        for item in self._all():
            if not self._here:
                return item
            here = replace(item, command=self._with_python(item.command, path))
            if self._runs(here, path):
                return here
        return None

    def _all(self) -> Iterator[Candidate]:
        for folder in dict.fromkeys((self._folder, ".")):
            yield from candidates(self.tree, folder)
        yield from applications(self.tree, self._folder, self.hints)

    def _with_python(self, words: tuple[str, ...], path: tuple[str, ...]) -> tuple[str, ...]:
        """``python3`` where there is no ``python``."""
        if words[0] == "python" and self._here and not self._found("python", path):
            return ("python3", *words[1:])
        return words

    def _found(self, program: str, path: tuple[str, ...]) -> bool:
        folders = os.pathsep.join([*path, os.environ.get("PATH", os.defpath)])
        return self.find(program, path=folders) is not None

    def _runs(self, item: Candidate, path: tuple[str, ...]) -> bool:
        """Are the programs that it names there?"""
        words = item.command
        if not is_shell(words):
            return self._is_there(words, item.cwd, path)
        pieces = re.split(r"&&|\|\||;|\n", words[2])
        return all(self._is_there(tuple(w), item.cwd, path) for p in pieces if (w := _program(p)))

    def _is_there(self, words: tuple[str, ...], cwd: str, path: tuple[str, ...]) -> bool:
        program = words[0]
        if "/" in program:
            return self.tree.exists(inside(cwd, program))
        if program in _INTERPRETERS and len(words) > 1 and not words[1].startswith("-"):
            script = inside(cwd, words[1])
            known = any(self.tree.exists(script + end) for end in ("", ".js", "/index.js"))
            if not known and not self._builds(cwd):
                return False
        return self._found(program, path) or bool(_needs(package(self.tree, cwd), program))

    def _builds(self, cwd: str) -> bool:
        scripts = package(self.tree, cwd).get("scripts")
        return isinstance(scripts, dict) and "build" in scripts

    def _port(self, item: Candidate) -> tuple[tuple[str, ...], int | None]:
        """The command, told its port if it can be; else the port that it takes."""
        words, told = with_port(item.command)
        if self._here:
            words = tuple(word.replace("0.0.0.0:{port}", "127.0.0.1:{port}") for word in words)
        else:
            words = on_all_addresses(words)
        if told or self.hints.port_variables:
            return words, None
        text = " ".join([" ".join(words), *self._scripts(words, item.cwd)])
        if _READS_PORT.search(text):
            return words, None
        written = named_port(("sh", "-c", text))
        fixed = (written,) if written is not None else self.hints.ports or item.ports
        return words, fixed[0] if fixed else None

    def _scripts(self, words: tuple[str, ...], cwd: str) -> Iterator[str]:
        for word in words:
            path = inside(cwd, word)
            if path.endswith(".sh") and self.tree.exists(path):
                yield self.tree.text(path)

    # --- what it needs ---

    def _checkout(self) -> Path | None:
        """The checkout on disk, where what was installed before may be."""
        match self.tree:
            case WorkTree():
                return self.tree.root
            case CommitTree():
                return self.tree.git.directory
        return None

    def _is_installed(self, folder: str, name: str) -> bool:
        """Was the folder ``name`` made by an installation? What the repository holds under that
        name is the change's own: it would run in the base's stead, and a link could open any folder
        of the machine."""
        match self.tree:
            case WorkTree():
                git, top, known = self.tree.git, self.tree.root, self.tree.in_git
            case CommitTree():
                git, top, known = self.tree.git, self.tree.git.directory.resolve(), True
            case _:
                return False
        place = top / folder
        if place.resolve() != Path(os.path.normpath(place)):
            return False
        return not (known and git.tracks(inside(folder, name)))

    def _path(self) -> tuple[str, ...]:
        """The programs of a virtual environment in the checkout."""
        found = self._environment(self._folder) if self._here else None
        if found is None:
            return ()
        self.notes.append(f"the service runs with the virtual environment {found.parent.name}")
        return (str(found),)

    def _pythons(self) -> tuple[str, ...]:
        """Those that tests may have been installed for: beside the service, at the top."""
        found = (self._environment(folder) for folder in dict.fromkeys((self._folder, ".")))
        return tuple(str(programs / "python") for programs in found if programs is not None)

    def _environment(self, folder: str) -> Path | None:
        """The programs of a virtual environment in a folder of the checkout. One that the caller
        has entered is on PATH, and is meant."""
        top = self._checkout()
        if top is None or "VIRTUAL_ENV" in os.environ:
            return None
        for name in _ENVIRONMENTS:
            programs = top / folder / name / "bin"
            if (
                self._is_installed(folder, name)
                and (programs / "python").exists()
                and (programs.parent / "pyvenv.cfg").is_file()
            ):
                return programs.resolve()
        return None

    def _setup(self, config: ServiceConfig) -> tuple[tuple[tuple[str, ...], ...], dict[str, Path]]:
        """Commands that install, and links to what is installed already."""
        if config.setup or config.command is None:
            return config.setup, {}
        if not _needs(package(self.tree, config.cwd)):
            found = () if self._here else tuple(installation(self.tree, config.cwd))
            for command, source in found:
                self._note("setup", command, source)
            return tuple(command for command, _ in found), {}
        checkout = self._checkout()
        installed = checkout / self._folder / "node_modules" if checkout is not None else None
        steps: list[tuple[str, ...]] = []
        links: dict[str, Path] = {}
        there = installed is not None and installed.is_dir()
        if (
            self._here
            and installed is not None
            and there
            and self._is_installed(self._folder, "node_modules")
        ):
            links[inside(config.cwd, "node_modules")] = installed.resolve()
            self.notes.append("the service runs with node_modules as installed beside its sources")
        else:
            steps.append(self._install(config.cwd))
            self._note("setup", steps[-1], inside(config.cwd, "package.json"))
        built = [word for word in config.command if re.match(r"(?:\./)?(?:dist|build|lib)/", word)]
        missing = any(not self.tree.exists(inside(config.cwd, word)) for word in built)
        if missing and self._builds(config.cwd):
            steps.append(("npm", "run", "build"))
            self._note("setup", steps[-1], inside(config.cwd, "package.json"))
        return tuple(steps), links

    def _install(self, cwd: str) -> tuple[str, ...]:
        if self.tree.exists(inside(cwd, "package-lock.json")):
            return ("npm", "ci", "--no-audit", "--no-fund")
        for lock, program in (("pnpm-lock.yaml", "pnpm"), ("yarn.lock", "yarn")):
            if self.tree.exists(inside(cwd, lock)) and self._found(program, ()):
                return (program, "install", "--frozen-lockfile")
        return ("npm", "install", "--no-audit", "--no-fund")


def _program(piece: str) -> list[str]:
    """The words of a simple command, from its program on; empty for what the shell does itself."""
    words = piece.split()
    while words and (words[0] == "exec" or re.match(r"\w+=", words[0])):
        words.pop(0)
    return [] if not words or words[0] in _SHELL_WORDS or "$" in words[0] else words


def _needs(data: dict[str, object], name: str | None = None) -> bool:
    """Does the package need others, or the one named?"""
    parts = (data.get("dependencies"), data.get("devDependencies"))
    names = {key for part in parts if isinstance(part, dict) for key in part}
    return bool(names) if name is None else name in names
