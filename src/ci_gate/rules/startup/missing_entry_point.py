from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dependencies import known
from ci_gate.findings import Finding, Related
from ci_gate.regex import regex
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.startup._commands import Named, is_compose, is_image, named, node_commands
from ci_gate.rules.startup._images import Image, may_be_of_the_base, started
from ci_gate.rules.startup._node_entries import NodeEntries, start_scripts
from ci_gate.rules.startup._provided import Provided

_VOLUME: Final = regex(r"^\s*-\s*[\"']?(\.[^:\s]*):(/[^:\s\"']+)", re.MULTILINE)
_PACKAGING: Final = ("setup.py", "setup.cfg", "pyproject.toml")


class MissingEntryPoint(Rule):
    """A start command names a module, an application or a file that the project does not have.

    Looked at are Dockerfile, Procfile, Compose file, `run.sh` and its like, and the scripts of
    `pyproject.toml`: what `uvicorn`, `gunicorn`, `hypercorn`, `granian`, `daphne`, `fastapi run`,
    `python FILE`, `python -m MODULE`, `node FILE` and `npm run SCRIPT` are pointed at; for Node the
    script `start` of `package.json` too, and where the TypeScript compiler puts what it builds.
    Where the build file says which folder lies where in the image, a module that is in the tree but
    not in the working directory counts as missing too.

    ## Why is this bad?
    The container starts, fails with `Error loading ASGI app` or `No such file or directory`, and is
    restarted for ever. Tests import the application themselves and pass.

    ## Fix
    Name the module as it is imported from the working directory, and the application as the module
    calls it.

    ## Silent on
    Modules of installed packages; files that are generated, ignored by git, or brought by commands
    of the build; commands with variables in the name, another `PYTHONPATH` or `--app-dir`; full
    paths to where the Dockerfile copies nothing, which the base image may have; modules that get
    names in ways that cannot be seen.

    ## Source
    Constraint decay, arXiv 2605.06445: 46 of 642 failed runs.
    """

    id = "startup/missing-entry-point"
    group = "startup"

    def check(self, facts: Facts) -> Iterable[Finding]:
        search = _Search(facts)
        seen: set[tuple[str, int, str]] = set()
        entries = NodeEntries(facts.model)
        scripts = [
            item
            for package in entries.packages.all.values()
            for line, text in start_scripts(package)
            for item in node_commands(package.path, line, package.folder, text)
        ]
        for item in (*named(facts.model), *scripts):
            key = (item.path, item.line, item.text)
            if key in seen:
                continue
            seen.add(key)
            if item.runner:
                yield from self._of_node(entries, item)
            elif item.file is not None:
                yield from self._file(search, item, item.file)
            elif item.module is not None:
                yield from self._module(search, item, item.module)

    def _of_node(self, entries: NodeEntries, item: Named) -> Iterator[Finding]:
        name = item.file or ""
        ask = entries.script if item.runner == "npm" else entries.file
        absent = ask(name, item.folder)
        if absent is not None:
            related = [Related(absent.meant, 1, "may be meant")] if absent.meant else []
            yield self._finding(item, absent.message, absent.why, absent.fix, related)

    def _file(self, search: _Search, item: Named, name: str) -> Iterator[Finding]:
        if search.has_file(item, name):
            return
        yield self._finding(
            item,
            f"The start command runs {name}, which is not in the project.",
            f"The service does not start: can't open file '{name}'.",
            "Add the file, or name the one that starts the service.",
        )

    def _module(self, search: _Search, item: Named, module: str) -> Iterator[Finding]:
        if not search.is_own(item, module):
            return
        script = posixpath.basename(item.path) == "pyproject.toml"
        command = "A console script" if script else "The start command"
        service = "The installed command" if script else "The service"
        sources, elsewhere = search.sources(item, module)
        if sources is None:
            return
        if not sources and elsewhere:
            where = elsewhere[0]
            yield self._finding(
                item,
                f"{command} loads {item.text} from its working directory, and the module "
                f"is not there: it is {where}.",
                f"{service} does not start: No module named '{module}'.",
                search.better(item, where),
                [Related(where, 1, f"defines {posixpath.basename(module.replace('.', '/'))}")],
            )
        elif not sources:
            yield self._finding(
                item,
                f"{command} loads {item.text}, and the project has no module {module}.",
                f"{service} does not start: No module named '{module}'.",
                "Name the module that holds the application, or add it.",
            )
        elif item.attribute is None and all(path.endswith("/__init__.py") for path in sources):
            package = posixpath.dirname(sources[0])
            yield self._finding(
                item,
                f"The start command runs the package {module}, and {package} has no __main__.py.",
                f"The service does not start: '{module}' is a package and cannot be directly "
                "executed.",
                f"Add {package}/__main__.py, or name the module that starts the service.",
                [Related(sources[0], 1, "the package")],
            )
        elif item.attribute is not None and all(
            search.provided.has(source, item.attribute) is False for source in sources
        ):
            source = sources[0]
            app = search.application(source)
            yield self._finding(
                item,
                f"{command} loads {item.text}, and {source} defines no {item.attribute}.",
                "The service does not start: the server finds no such attribute in the module.",
                f"Name `{module}:{app}`." if app else f"Define {item.attribute} in {source}.",
                [Related(source, 1, f"defines no {item.attribute}")],
            )

    def _finding(
        self, item: Named, message: str, why: str, fix: str, related: Sequence[Related] = ()
    ) -> Finding:
        return self.finding(
            item.path,
            s.Node((item.line, 1, item.line, 1)),
            message=message,
            why=why,
            fix=fix,
            subject=f"starts {item.text}",
            related=related,
            repository_wide=True,
        )


class _Search:
    """Looks for what commands name."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._model = facts.model
        self._files = frozenset(facts.model.tree.files)
        self._environments = facts.environments
        self.provided = Provided(facts.model)

    # --- files ---

    def has_file(self, item: Named, name: str) -> bool:
        """May the file be there? Only its last part is sure to be the same in an image."""
        base = posixpath.basename(name)
        if name.startswith("/") and item.image is None:  # of whatever machine the script runs on
            return True
        if item.image is not None and may_be_of_the_base(item.image, name):
            return True
        return (
            any(path == base or path.endswith("/" + base) for path in self._files)
            or self._mentioned_elsewhere(base, item)
            or self._cloned(name, item)
            or self._ignored(base)
        )

    def _mentioned_elsewhere(self, base: str, item: Named) -> bool:
        """Does a build file or script speak of it besides, so that it may make it?"""
        return any(
            base in line and (path, number) != (item.path, item.line)
            for path, number, line in self._script_lines
        )

    def _cloned(self, name: str, item: Named) -> bool:
        """Does the same file fetch the repository that the path begins with?"""
        folder = name.removeprefix("./").partition("/")[0]
        return any(
            path == item.path and "git clone" in line and folder in line
            for path, _, line in self._script_lines
        )

    @cached_property
    def _script_lines(self) -> list[tuple[str, int, str]]:
        found: list[tuple[str, int, str]] = []
        for path in sorted(self._files):
            name = posixpath.basename(path)
            if "ockerfile" in name or name.endswith((".sh", ".yml", ".yaml")) or name == "Makefile":
                try:
                    lines = self._model.tree.text(path).split("\n")
                except OSError:
                    continue
                found += [(path, number, line) for number, line in enumerate(lines, 1)]
        return found

    def _ignored(self, name: str) -> bool:
        return name.endswith(".py") and self.provided.may_exist(name.removesuffix(".py"))

    # --- modules ---

    def is_own(self, item: Named, module: str) -> bool:
        """Is it surely none of an installed package?"""
        first = module.partition(".")[0]
        if known.is_library(first):
            return False
        if self._begins(first):
            return True
        distributions, _ = known.providers(first)
        environment = self._environments.of(item.path)
        if item.attribute is None or any(known.is_known(name) for name in distributions):
            return False
        return environment is not None and environment.read and not (
            environment.installed.intersection(distributions)
        )  # fmt: skip

    def _begins(self, first: str) -> bool:
        """Is there a package or module of that name anywhere?"""
        return any(self._ends(path, f"{first}.py") or f"/{first}/" in f"/{path}"
                   for path in self._model.modules)  # fmt: skip

    @staticmethod
    def _ends(path: str, tail: str) -> bool:
        return path == tail or path.endswith("/" + tail)

    def sources(self, item: Named, module: str) -> tuple[list[str] | None, list[str]]:
        """The files that the module may be (None: not to be told), and those that have its name
        where the command does not look."""
        place = module.replace(".", "/")
        tails = (f"{place}.py", f"{place}/__init__.py", f"{place}/__main__.py")
        anywhere = [
            path for path in sorted(self._files) for tail in tails if self._ends(path, tail)
        ]
        if any(
            self.provided.may_exist(posixpath.join(root, place)) for root in self._roots_above(item)
        ):
            return None, []
        image = self._in_image(item, item.image, tails) if item.image is not None else None
        if not anywhere and image is None:
            open_package = self._in_open_package(place) or self._is_renamed(place)
            return (None if open_package else []), []
        found: list[str] | None
        if item.image is not None:
            found = image
        elif item.folder is not None and not self._is_packaged(item):
            roots = (item.folder, posixpath.join(item.folder, "src"))
            found = [p for p in anywhere for r in roots for t in tails if p == posixpath.join(r, t)]
        else:
            found = anywhere
        if found is None:
            return anywhere, []
        return found, anywhere

    def _roots_above(self, item: Named) -> Iterator[str]:
        folder = posixpath.dirname(item.path)
        while folder:
            yield folder
            folder = posixpath.dirname(folder)
        yield ""

    def _in_open_package(self, place: str) -> bool:
        """May a package above find the module elsewhere, or a folder of that name be in use?"""
        parts = place.split("/")
        return any(
            (self._ends(path, f"{'/'.join(parts[:length])}/__init__.py")
             and self.provided.is_open(posixpath.dirname(path)))
            for length in range(1, len(parts))
            for path in self._model.modules
        ) or any(f"/{place}/" in f"/{path}" for path in self._files)  # fmt: skip

    def _is_renamed(self, place: str) -> bool:
        """May an image or a volume hold another folder under the first part's name?"""
        first = place.partition("/")[0]
        return any(
            posixpath.basename(target) == first and posixpath.basename(source) != first
            for source, target in self._moved
        )

    @cached_property
    def _moved(self) -> list[tuple[str, str]]:
        """What lies under another path in images and containers: but for their working folders."""
        found: list[tuple[str, str]] = []
        for path in sorted(self._files):
            if not is_image(path) and not is_compose(path):
                continue
            try:
                text = self._model.tree.text(path)
            except OSError:
                continue
            if is_compose(path):
                found += _VOLUME.findall(text)
                continue
            for command in started(text):
                found += [
                    (source, copy.target)
                    for copy in command.image.copies
                    for source in copy.sources
                    if copy.target != command.image.folder
                ]
        return found

    def _is_packaged(self, item: Named) -> bool:
        """May the project be installed, so that its modules are found from anywhere?"""
        return any(
            posixpath.join(root, name) in self._files
            for root in self._roots_above(item)
            for name in _PACKAGING
        )

    def _in_image(self, item: Named, image: Image, tails: Sequence[str]) -> list[str] | None:
        if not image.known or image.folder is None or image.installs or not image.copies:
            return None
        found: list[str] = []
        for context in self._roots_above(item):
            for tail in tails:
                wanted = posixpath.join(image.folder, tail)
                found += _origins(image, wanted, context, self._files)
        return found if found or self._copies_are_known(item, image) else None

    def _copies_are_known(self, item: Named, image: Image) -> bool:
        """Does every source of the image lie in the tree?"""
        contexts = list(self._roots_above(item))
        return any(
            all(
                source == "."
                or posixpath.join(context, source) in self._files
                or self.provided.is_folder(posixpath.join(context, source))
                for copy in image.copies
                for source in copy.sources
            )
            for context in contexts
        )

    # --- what was meant ---

    def better(self, item: Named, source: str) -> str:
        dotted = source.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        if item.folder is not None:
            folder = item.folder.replace("/", ".")
            dotted = dotted.removeprefix(folder + ".") if folder else dotted
            written = f"{dotted}:{item.attribute}" if item.attribute else dotted
            return f"Name `{written}`."
        return "Name the module as it is imported from the working directory."

    def application(self, source: str) -> str | None:
        """What the module calls its application, or the function that makes it."""
        module = self._model.modules.get(source)
        names = [] if module is None else list(self.provided.names(source))
        for wanted in ("app", "application", "create_app", "make_app", "get_app", "api"):
            if wanted in names:
                return wanted
        return None


def _origins(image: Image, wanted: str, context: str, files: frozenset[str]) -> Iterator[str]:
    """The files of the tree that lie at ``wanted`` in the image, built in ``context``."""
    for copy in image.copies:
        for source in copy.sources:
            place = posixpath.normpath(posixpath.join(context, source))
            place = "" if place == "." else place
            if place in files:
                target = posixpath.join(copy.target, posixpath.basename(place))
                if wanted in (target, copy.target) and (wanted == target or not copy.into):
                    yield place
            elif wanted.startswith(copy.target.rstrip("/") + "/"):
                inner = posixpath.join(place, wanted[len(copy.target.rstrip("/")) + 1 :])
                if inner in files:
                    yield inner
