"""
A plan with its verdict as one value, from which every form of the report is made.

It says what a reviewer asks: may it be applied; what becomes of jobs, queues, data and identities;
what changes, alike things told once.
"""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from pipeline_zen.guard import (
    RULES,
    Allowance,
    Finding,
    Provenance,
    Severity,
    Target,
    Verdict,
    judge,
)
from pipeline_zen.masking import masked_text
from pipeline_zen.plan import Action, FoldedChange, Plan, fold
from pipeline_zen.report.counts import counts
from pipeline_zen.report.drift import is_bookkeeping, is_schedulers
from pipeline_zen.report.folding import FoldedFinding, folded
from pipeline_zen.report.marker import PLAN, REHEARSAL, marker
from pipeline_zen.report.origins import Origin, Origins
from pipeline_zen.report.proposal import Proposal, proposal

NO_CHANGES, CHANGES, BLOCKED = 0, 2, 3
"""The exit statuses of a review."""

_FOREIGN = RULES["wrong-project"]

_LOST = (Action.DELETE, Action.REPLACE, Action.FORGET_CREATE)
"""Actions after which something is not what it was."""


@dataclass(frozen=True)
class Review:
    """What there is to say of a plan."""

    kind: str
    """`plan`, or `rehearsal` where it was made against a fake Google."""
    target: Target
    provenance: Provenance
    plan: Plan
    verdict: Verdict
    today: datetime.date
    facts: tuple[tuple[str, str], ...] = ()
    """What else is known of how it came about, as name and value."""
    notes: tuple[str, ...] = ()
    """Sentences that belong above everything else."""
    origins: Origins | None = None
    """The way back to the settings; None where it is not known which they were."""

    @property
    def status(self) -> int:
        """The exit status: 0 no changes, 2 changes, 3 blocked."""
        if self.verdict.blocked:
            return BLOCKED
        return NO_CHANGES if self.plan.empty else CHANGES

    @property
    def marker(self) -> str:
        """What a comment of an earlier report is found again by."""
        return marker(self.kind, self.target.environment)

    @cached_property
    def changes(self) -> tuple[FoldedChange, ...]:
        """What changes, alike things together: what is lost first, then the worst found of it."""
        worst: dict[str, int] = {}
        for finding in self.verdict.notable[::-1]:
            worst[finding.address] = finding.severity.rank
        for finding in (*(one.finding for one in self.verdict.allowed), *self.verdict.blocking):
            rank = finding.severity.rank - len(Severity)
            worst[finding.address] = min(worst.get(finding.address, rank), rank)
        return tuple(
            sorted(
                fold(self.plan.effective),
                key=lambda folded: (
                    folded.action not in _LOST,
                    min(
                        worst.get(variant.change.address, len(Severity))
                        for variant in folded.variants
                    ),
                ),
            )
        )

    @cached_property
    def drift(self) -> tuple[FoldedChange, ...]:
        """What was changed outside, but for what the scheduler does all day."""
        return fold(
            change
            for change in self.plan.drift
            if not is_schedulers(change) and not is_bookkeeping(change)
        )

    @cached_property
    def resized(self) -> int:
        """How many groups the scheduler has resized; a rehearsal has none, and resizes all."""
        return 0 if self.kind == REHEARSAL else sum(map(is_schedulers, self.plan.drift))

    def settings_of(self, found: FoldedFinding) -> tuple[Origin, ...]:
        """The settings that make it happen, as far as settings do."""
        if self.origins is None:
            return ()
        return tuple(
            dict.fromkeys(
                origin
                for finding in found.findings
                if finding.address
                for origin in self.origins.of(finding.type, finding.name, finding.attributes)
            )
        )

    @cached_property
    def blocking(self) -> tuple[FoldedFinding, ...]:
        """The findings that block, alike ones as one."""
        return folded(self.verdict.blocking)

    @cached_property
    def notable(self) -> tuple[FoldedFinding, ...]:
        """The findings that do not block."""
        return folded(self.verdict.notable)

    @cached_property
    def allowed(self) -> tuple[tuple[FoldedFinding, Allowance], ...]:
        """The findings that would block, with what lets them pass."""
        by: dict[Allowance, list[Finding]] = defaultdict(list)
        for allowed in self.verdict.allowed:
            by[allowed.allowance].append(allowed.finding)
        return tuple((found, allowance) for allowance in by for found in folded(by[allowance]))

    @cached_property
    def counts(self) -> dict[str, int | None]:
        """How many of each thing happen."""
        return counts(self.plan, self.verdict)

    @cached_property
    def headline(self) -> str:
        """The verdict in a line."""
        if self.verdict.blocked:
            worst = dict.fromkeys(found.first.severity.value for found in self.blocking)
            return f"blocked: {', '.join(worst)}"
        if self.allowed:
            return f"{self._changed}; dangers are allowed, see below"
        if self._remarks:
            return f"{self._changed}; {', '.join(self._remarks)}"
        if self.plan.empty:
            return self._changed
        return f"{self._changed}; safe: no running job, queue, data or identity is touched"

    @property
    def is_plain(self) -> bool:
        """Whether nothing changes, and nothing is to be said beside."""
        return self.plan.empty and not (self.verdict.blocked or self.allowed or self._remarks)

    @property
    def _changed(self) -> str:
        """What changes, in numbers."""
        if self.plan.empty:
            return "no changes"
        words = {"destroy": "destroyed", "replace": "replaced", "update": "updated",
                 "create": "created", "forget": "forgotten", "let go": "let go",
                 "import": "imported", "move": "moved"}  # fmt: skip
        done = [f"{count} {words[name]}" for name, count in self.counts.items()
                if name in words and count]  # fmt: skip
        outputs = len(self.plan.outputs)
        if outputs and not done:
            return f"{outputs:,} output{'' if outputs == 1 else 's'} changed"
        return ", ".join(done) or "the state brought up to date"

    @cached_property
    def _remarks(self) -> list[str]:
        """What there is to see in it, in words."""
        severities = dict.fromkeys(found.first.severity for found in self.notable)
        notable = [one.value for one in severities if one is not Severity.SAFE]
        return [*notable, *self._doubts]

    @property
    def _doubts(self) -> list[str]:
        """What forbids to call a plan safe, beside what was found in its changes."""
        checks = dict.fromkeys(f"a check {check.outcome}" for check in self.plan.checks)
        return [*checks, *(["not all of it is judged"] if self.plan.unread else [])]

    @cached_property
    def proposal(self) -> Proposal:
        """What `config/allow.yaml` would have to say for the blocking findings to pass."""
        addresses = {change.address for change in self.plan.changes}
        return proposal(self.target.environment, self.blocking, addresses, self.today)


def review(
    plan: Plan,
    target: Target,
    *,
    kind: str = PLAN,
    provenance: Provenance,
    allowances: Sequence[Allowance],
    today: datetime.date,
    facts: Iterable[tuple[str, str]] = (),
    notes: Iterable[str] = (),
    observed: Callable[[Verdict], Iterable[Finding]] = lambda _verdict: (),
    origins: Origins | None = None,
) -> Review:
    """
    Judge a plan, and keep all that a report needs.

    *observed* is asked, with the verdict on the plan, for what else speaks against it. That it is
    of another project comes first: what else is found of it says nothing then.
    """
    verdict = judge(plan, target, provenance, allowances, today)
    more = tuple(observed(verdict))
    blocking = sorted((*more, *verdict.blocking), key=lambda one: one.made_by is not _FOREIGN)
    verdict = replace(verdict, blocking=tuple(blocking))
    masked = tuple(map(masked_text, notes))
    return Review(kind, target, provenance, plan, verdict, today, tuple(facts), masked, origins)
