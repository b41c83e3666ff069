"""One run of the Action: from the event to the verdict, and with the verdict to GitHub."""

from __future__ import annotations

import os
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from ci_gate.config import Config, ConfigError
from ci_gate.data import dataclass
from ci_gate.findings import Severity
from ci_gate.git import Git, GitError, Hunk
from ci_gate.github import event as events
from ci_gate.github import history, marker
from ci_gate.github import settings as inputs
from ci_gate.github.authorship import Authorship, judge, sentences
from ci_gate.github.bundle import Bundle
from ci_gate.github.bundle import write as write_bundle
from ci_gate.github.checkout import Checkout, CheckoutError, prepare
from ci_gate.github.diff import PullDiff
from ci_gate.github.errors import ApiError
from ci_gate.github.publish import Place, Published, Target, publish, publish_note
from ci_gate.github.runlog import RunLog
from ci_gate.policy import Policy, of_base, of_tree
from ci_gate.reports.interface import Context
from ci_gate.repository import CommitTree, WorkTree
from ci_gate.rules.names import UnknownRule
from ci_gate.scorecard.model import Verdict
from ci_gate.shards import Shard, ShardError, aside, read, write

if TYPE_CHECKING:
    from ci_gate.github.api import Client
    from ci_gate.github.event import Event
    from ci_gate.github.settings import Settings
    from ci_gate.scan import Options
    from ci_gate.scorecard.model import Scorecard

USAGE_ERROR: Final = 2
INCOMPLETE: Final = 3


def run(environ: MutableMapping[str, str]) -> int:
    """Judge the change that the workflow was started for, and publish the scorecard; the exit code,
    which is the verdict's whatever becomes of the publishing."""
    log = RunLog()
    try:
        settings = inputs.read(environ)
        inputs.keep_memory_private()
        event = events.read(settings)
    except (inputs.SettingsError, events.EventError) as error:
        for line in str(error).splitlines():
            log.error(line)
        return USAGE_ERROR
    client = None if isinstance(settings.inputs.shard, Shard) else _client(settings, log)
    if event.kind == "workflow_run":
        from ci_gate.github.post import post  # noqa: PLC0415

        return post(settings, event, client, log)
    return _Gate(settings, event, client, log, environ).run()


def _client(settings: Settings, log: RunLog) -> Client | None:
    from ci_gate.github.api import Client  # noqa: PLC0415

    if settings.token is None:
        log.notice("No token: the verdict is in this log and the job summary alone.")
        return None
    try:
        return Client(settings.token, settings.repository, api_url=settings.api_url)
    except ApiError as error:
        log.warning(str(error))
        return None


@dataclass(slots=True)
class _Gate:
    """One run on a checkout."""

    settings: Settings
    event: Event
    client: Client | None
    log: RunLog
    environ: MutableMapping[str, str]

    def run(self) -> int:
        checkout: Checkout | None = None
        try:
            checkout = prepare(self.settings, self.event, self.environ)
            policy = self._policy(checkout)
            author = judge(self.event, checkout.commits, policy.config.agents)
            spared = self.settings.inputs.mode == "agents" and self._by_people(author)
            if spared and not self._keeps_history:
                return self._not_judged(checkout, author)
            options = self._options(checkout, policy, spared=spared)
            if isinstance(shard := self.settings.inputs.shard, Shard):
                return self._part(options, shard, author)
            scorecard = self._scan(options)
        except UnknownRule as error:
            name = self.settings.inputs.config or ".ci-gate.yml"
            return self._failed(f"{name}: {error}", USAGE_ERROR, checkout)
        except ConfigError as error:
            return self._failed(str(error), USAGE_ERROR, checkout)
        except (CheckoutError, GitError, ShardError) as error:
            return self._failed(str(error), INCOMPLETE, checkout)
        except Exception as error:  # the gate never turns its own failure into a pass
            sentence = f"internal error: {type(error).__name__}: {error}; report it"
            return self._failed(sentence, INCOMPLETE, checkout)
        return self._judged(checkout, policy, author, scorecard)

    def _by_people(self, author: Authorship) -> bool:
        """Is this a change, and none that an agent is known to have written?"""
        return self.event.kind != "other" and not author.by_agent

    @property
    def _merged(self) -> bool:
        """Is this on the default branch already?"""
        on_default = self.settings.ref == f"refs/heads/{self.event.default_branch}"
        return on_default and self.event.kind == "push"

    @property
    def _keeps_history(self) -> bool:
        """Is the history asked for, and is there something for it? It has people's merges too."""
        return self._merged and self.settings.inputs.history_branch is not None

    def _policy(self, checkout: Checkout) -> Policy:
        """The base's configuration where somebody's change is judged; what is merged is trusted."""
        wanted = self.settings.inputs.config
        path = self.settings.workspace / wanted if wanted else None
        of_head = self.settings.inputs.config_from == "head" or self._merged
        if checkout.base is None or of_head:
            return of_tree(self.settings.root, path)
        return of_base(self.settings.root, checkout.base, path)

    def _options(self, checkout: Checkout, policy: Policy, *, spared: bool) -> Options:
        """``spared``: what people wrote blocks nothing."""
        from ci_gate.scan import Options  # noqa: PLC0415

        config = _wished(policy.config, self.settings)
        if self.settings.inputs.shard is not None:
            config = aside(config, self.settings.root, self._shards)
        return Options(
            self.settings.root,
            replace(config, fail_on="never") if spared else config,
            checkout.base,
            self.settings.inputs.contract == "auto",
            os.cpu_count() or 1,
            policy.commit,
        )

    @property
    def _shards(self) -> Path:
        return self.settings.workspace / self.settings.inputs.shard_dir

    def _scan(self, options: Options) -> Scorecard:
        from ci_gate.scan import merge, scan  # noqa: PLC0415

        if self.settings.inputs.shard == "merge":
            return merge(options, read(self._shards))
        return scan(options)

    def _part(self, options: Options, shard: Shard, author: Authorship) -> int:
        """One part of the scan. The job that merges the parts has the verdict, and tells it."""
        from ci_gate.scan import scan_shard  # noqa: PLC0415

        part = scan_shard(options, shard)
        write(self._shards, part)
        for error in dict.fromkeys(error for run in part.head.engines for error in run.errors):
            self.log.error(error)
        self.log.notice(f"Part {shard} is judged; the job with `shard: merge` has the verdict.")
        self.log.outputs(self.settings, "", author)
        return 0

    def _judged(
        self, checkout: Checkout, policy: Policy, author: Authorship, scorecard: Scorecard
    ) -> int:
        """Tell everybody. From here on nothing changes the exit code."""
        from ci_gate.reports.rules import documentation  # noqa: PLC0415
        from ci_gate.rules.catalogue import catalogue  # noqa: PLC0415

        rules = documentation(catalogue(), self.settings.rules_url)
        context = self._context(checkout, policy, author)
        self.log.report(scorecard, rules)
        for kind, name in self._files():
            self.log.file(self.settings.workspace / name, scorecard, kind, rules, context)
        self._bundle(checkout, author, scorecard)
        published = Published()
        if self.client is not None:
            target = self._target(self.client, checkout, context)
            if self.event.pull_request is not None and self.settings.inputs.review != "off":
                target = replace(target, place=self._places(checkout))
            published = publish(scorecard, target, self.settings.inputs, rules)
            self._keep(checkout, author, scorecard, published)
        self.log.told(published)
        asked = self.settings.inputs
        if asked.annotations == "on" or (asked.annotations == "auto" and not published.in_diff):
            self.log.annotations(scorecard, rules, context)
        if asked.summary:
            self.log.summary(self.settings.summary_path, scorecard, rules, context)
        verdict, url = scorecard.verdict.value, published.comment_url
        self.log.outputs(self.settings, verdict, author, scorecard, url)
        return scorecard.exit_code

    def _files(self) -> list[tuple[str, str]]:
        asked = self.settings.inputs
        named = {
            "sarif": asked.sarif_file,
            "json": asked.json_file,
            "markdown": asked.markdown_file,
        }
        return [(form, name) for form, name in named.items() if name]

    def _not_judged(self, checkout: Checkout, author: Authorship) -> int:
        sentence = (
            "No coding agent is known to have written this change, and the input `mode` is "
            "`agents`: nothing was judged. `mode: all` judges every change."
        )
        self.log.notice(sentence)
        self._bundle(checkout, author, None)
        if self.client is not None:
            context = self._context(checkout, None, author)
            target = self._target(self.client, checkout, context)
            asked = self.settings.inputs
            self.log.told(publish_note("not judged", sentence, "neutral", target, asked))
        self.log.outputs(self.settings, Verdict.PASS.value, author)
        return 0

    def _failed(self, sentence: str, code: int, checkout: Checkout | None) -> int:
        """The gate could not judge. A green comment of an earlier run must not stay."""
        for line in sentence.splitlines():
            self.log.error(line)
        change = self.event.pull_request
        head = checkout.head if checkout else change.head_sha if change else self.settings.sha
        if self.client is not None:
            context = self._context(Checkout(head, head), None, Authorship())
            target = self._target(self.client, Checkout(head, head), context)
            asked = self.settings.inputs
            self.log.told(publish_note("incomplete", sentence, "failure", target, asked))
        self.log.outputs(self.settings, Verdict.INCOMPLETE.value, Authorship())
        return code

    def _target(self, client: Client, checkout: Checkout, context: Context) -> Target:
        change = self.event.pull_request
        return Target(
            client=client,
            number=change.number if change else None,
            head=checkout.head,
            context=context,
            key=marker.key(self.settings.workflow, context.service),
            run=marker.Run(self.settings.run_id, self.settings.run_attempt),
        )

    def _places(self, checkout: Checkout) -> Place | None:
        """Where the pull request's diff shows a line of what was scanned."""
        if checkout.base is None:
            return None
        try:
            git = Git(self.settings.workspace).top()
            base = git.run("merge-base", checkout.base, checkout.head).decode().strip()
            return PullDiff.between(git, base, checkout.head, checkout.scanned).place
        except GitError as error:
            self.log.warning(f"no inline comments: {error}")
            return None

    def _context(self, checkout: Checkout, policy: Policy | None, author: Authorship) -> Context:
        settings = self.settings
        context = Context(
            service=settings.inputs.name,
            commit=checkout.head,
            run_url=settings.run_url,
            path=settings.inputs.path,
            author=sentences(author),
            notes=(*((policy.note,) if policy and policy.note else ()), *checkout.notes),
            tool_url=settings.tool_url,
        )
        blob = f"{settings.server_url}/{settings.repository}/blob/{checkout.scanned}/"
        context = replace(context, links=blob + quote(context.folder))
        if policy is None:
            return context
        past = self._history()
        template, missing = self._template(policy)
        return replace(
            context,
            notes=(*context.notes, *missing),
            trend=history.trend(past),
            record=" ".join(filter(None, (history.record(past, name) for name in author.agents))),
            template=template,
        )

    def _template(self, policy: Policy) -> tuple[str | None, tuple[str, ...]]:
        """The team's own comment template, from where the configuration is from, and a note where
        there is none."""
        wanted = self.settings.inputs.comment_template
        if wanted is None:
            return None, ()
        text = _text_of(self.settings.workspace, policy.commit, wanted)
        if text is not None:
            return text, ()
        where = " on the base branch" if policy.commit else ""
        self.log.warning(
            f"comment-template: {wanted} is not there{where}; the built-in template is used"
        )
        note = f"The comment template `{wanted}` is not there{where}: this is the built-in layout."
        return None, (note,)

    def _history(self) -> list[history.Entry]:
        branch = self.settings.inputs.history_branch
        if branch is None or self.client is None:
            return []
        from ci_gate.github.branch import DataBranch  # noqa: PLC0415

        try:
            return history.load(DataBranch(self.client, branch), self.settings.inputs.name)
        except ApiError as error:
            self.log.warning(str(error))
        except Exception as error:  # what the branch holds must not cost the verdict
            self.log.warning(f"cannot read the history: {type(error).__name__}: {error}")
        return []

    def _keep(
        self, checkout: Checkout, author: Authorship, scorecard: Scorecard, published: Published
    ) -> None:
        """On the default branch the scorecard goes into the history."""
        branch = self.settings.inputs.history_branch
        if branch is None or self.client is None or not self._keeps_history:
            return
        from ci_gate.github.branch import DataBranch  # noqa: PLC0415

        new = history.entry(
            scorecard, checkout.scanned, datetime.now(UTC).isoformat("T", "seconds"), author.agents
        )
        with published.trying("history"):
            try:
                history.append(DataBranch(self.client, branch), self.settings.inputs.name, new)
            except history.Conflict:
                raise ApiError("could not write the history: other runs keep writing it") from None

    def _bundle(self, checkout: Checkout, author: Authorship, scorecard: Scorecard | None) -> None:
        folder, change = self.settings.inputs.bundle, self.event.pull_request
        if folder is None or change is None:
            return
        from ci_gate.reports.json import portable  # noqa: PLC0415
        from ci_gate.reports.report_reader import ITEM_LIMIT, SIZE_LIMIT  # noqa: PLC0415

        bundle = Bundle(
            number=change.number,
            head_sha=checkout.head,
            service=self.settings.inputs.name,
            path=self.settings.inputs.path,
            author=sentences(author),
            report=portable(scorecard, SIZE_LIMIT, ITEM_LIMIT) if scorecard else None,
            shifts=self._shifts(checkout, scorecard) if scorecard else {},
        )
        try:
            write_bundle(self.settings.workspace / folder, bundle)
        except OSError as error:
            self.log.warning(f"cannot write {folder}: {error.strerror or error}")

    def _shifts(self, checkout: Checkout, scorecard: Scorecard) -> Mapping[str, Sequence[Hunk]]:
        """Of the files that block, how the scanned commit differs from the head."""
        if checkout.scanned == checkout.head:
            return {}
        folder = Context(path=self.settings.inputs.path).folder
        wanted = {folder + found.finding.path for found in scorecard.blocking}
        wanted |= {folder + f.cause.path for f in scorecard.failures if f.cause}
        try:
            hunks = Git(self.settings.workspace).top().hunks(checkout.head, checkout.scanned)
        except GitError:
            return {}
        return {path: found for path, found in hunks.items() if path in wanted}


def _wished(config: Config, settings: Settings) -> Config:
    """The configuration with what the workflow's inputs say instead."""
    asked = settings.inputs
    return replace(
        config,
        fail_on=asked.fail_on or config.fail_on,
        threshold=Severity(asked.threshold) if asked.threshold else config.threshold,
    )


def _text_of(workspace: Path, commit: str | None, name: str) -> str | None:
    """A file of the commit, or of the work tree where there is none."""
    try:
        here = WorkTree(workspace)
        tree = here if commit is None else CommitTree(here.git, commit)
        return tree.text(name)
    except (OSError, GitError):
        return None
