"""The verdict, and the sentences that say why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from ci_gate.config import Config
from ci_gate.contract.model import ContractResult
from ci_gate.scorecard.levels import counts
from ci_gate.scorecard.model import Decay, FailedAssertion, JudgedFinding, LevelScore, Verdict
from ci_gate.scorecard.sides import Judged

_NAMED: Final = 3
_ACCEPTED: Final = "`allow_empty: true` in .ci-gate.yml, or --allow-empty, accepts that"


def decide(
    judged: Sequence[JudgedFinding],
    failures: Sequence[FailedAssertion],
    levels: Sequence[LevelScore],
    lost: Decay,
    *,
    head: Judged,
    contract: ContractResult | None,
    config: Config,
    problems: Iterable[str],
) -> tuple[Verdict, list[str]]:
    """What blocks outweighs what could not be judged: the reasons name both."""
    incomplete = [*_incomplete(head, contract, config), *problems]
    blocking = [
        *_findings(judged, config, compared=head.facts.base is not None),
        *_assertions(failures, contract),
        *_policy(levels, lost, config),
    ]
    if blocking:
        reasons = blocking
        if incomplete:
            reasons.append("The judgement is also incomplete:")
        return Verdict.BLOCKED, [*reasons, *incomplete, *_gone(contract)]
    if incomplete:
        return Verdict.INCOMPLETE, [*incomplete, *_gone(contract)]
    return Verdict.PASS, [_pass_sentence(judged, failures, head, config), *_gone(contract)]


def _gone(contract: ContractResult | None) -> Iterable[str]:
    """What is no longer asked of the service: for a person to judge."""
    if contract is None or not contract.gone:
        return
    count = len(contract.gone)
    what = (
        "contract assertion that passes on the base is"
        if count == 1
        else ("contract assertions that pass on the base are")
    )
    more = ", ..." if count > _NAMED else ""
    yield f"Warning: {count} {what} gone: {', '.join(contract.gone[:_NAMED])}{more}."


def _findings(judged: Sequence[JudgedFinding], config: Config, *, compared: bool) -> Iterable[str]:
    blocking = [j for j in judged if j.blocking]
    if blocking:
        new = sum(1 for j in blocking if j.status == "new")
        yield _blocking_sentence(len(blocking), new, config, compared)


def _assertions(
    failures: Sequence[FailedAssertion], contract: ContractResult | None
) -> Iterable[str]:
    blocking = [failure for failure in failures if failure.blocking]
    if not blocking or contract is None:
        return
    if contract.down:
        said = blocking[0].assertion.message
        cause = blocking[0].cause
        where = f" ({cause.path}:{cause.line})" if cause is not None else ""
        yield f"The service does not start, and it does on the base: {said}{where}"
        return
    if contract.died:
        died = f"the service {contract.died}"
        said = next((m for f in blocking if (m := f.assertion.message).startswith(died)), "")
        if said:
            yield (
                f"T{said[1:]}. {len(blocking)} of the contract's {len(contract.assertions)}"
                f" assertions {'fails' if len(blocking) == 1 else 'fail'}."
            )
            return
    endpoints = list(dict.fromkeys(f.endpoint or "no endpoint" for f in blocking))
    names = ", ".join(endpoints[:_NAMED])
    more = f" and {len(endpoints) - _NAMED} more" if len(endpoints) > _NAMED else ""
    verb = "fails" if len(blocking) == 1 else "fail"
    causes = [failure.cause for failure in blocking if failure.cause is not None]
    first = f" First: {causes[0].error} ({causes[0].path}:{causes[0].line})." if causes else ""
    yield (
        f"{len(blocking)} of the contract's {len(contract.assertions)} assertions {verb}:"
        f" {names}{more}.{first}"
    )


def _policy(levels: Sequence[LevelScore], lost: Decay, config: Config) -> Iterable[str]:
    """What the configuration wants of the scorecard as a whole."""
    if config.fail_on == "never":
        return
    for level in levels:
        wanted = config.contract.min_share.get(f"L{level.level}")
        if wanted is not None and level.share is not None and 100 * level.share < wanted:
            yield (
                f"{level.name}: {100 * level.share:.0f} % of the {level.unit}s count, at least"
                f" {wanted:g} % are wanted."
            )
    most = config.contract.max_decay
    if most is not None and lost.head is not None and -lost.head > most:
        yield f"{-lost.head:g} points are lost from L0 to L3, at most {most:g} are allowed."


def _blocking_sentence(count: int, new: int, config: Config, compared: bool) -> str:
    kind = config.threshold.value if config.threshold.rank == 0 else "finding"
    noun = kind if count == 1 else f"{kind}s"
    verb = "blocks" if count == 1 else "block"
    if compared and new == count:
        return f"{count} new {noun} {verb} this change."
    if compared and new:
        return f"{count} {noun} {verb} this change, {new} of them new."
    return f"{count} {noun} {verb} this change."


def _pass_sentence(
    judged: Sequence[JudgedFinding],
    failures: Sequence[FailedAssertion],
    head: Judged,
    config: Config,
) -> str:
    if not head.facts.model.modules or not head.facts.stack.services:
        return "There is no supported backend to judge, and the configuration allows that."
    severe = [j for j in judged if j.status != "suppressed" and counts(j.finding, config)]
    if failures and config.fail_on == "never":
        return f"{len(failures)} assertions fail, and nothing blocks: fail-on is never."
    if failures:
        return f"Nothing new: {len(failures)} assertions fail that fail on the base too."
    if not severe and not head.facts.model.routes:
        return "Nothing found in the code. No route of the service could be read."
    if not severe:
        return "Nothing found that breaks the structure."
    if config.fail_on == "never":
        return f"{len(severe)} found, and nothing blocks: fail-on is never."
    return f"Nothing new: {len(severe)} found that the base has too."


def _incomplete(head: Judged, contract: ContractResult | None, config: Config) -> Iterable[str]:
    for engine in head.engines:
        for error in engine.errors:
            yield f"{engine.name}: {error}"
    if contract is not None and contract.error:
        yield f"The contract's tests did not run to their end: {contract.error}"
    if contract is not None and not contract.error and not contract.assertions:
        yield "The contract's tests made no assertion."
    if not sum(engine.rules for engine in head.engines):
        yield "No rule was run."
    if config.allow_empty:
        return
    if not head.facts.model.modules:
        yield f"No source file was judged ({_ACCEPTED})."
    elif not head.facts.stack.services:
        yield f"No supported backend was found ({_ACCEPTED})."
