"""
A plan with its verdict as one value, from which every form of the report is made.

It says what a reviewer asks: may it be applied; what becomes of jobs, queues, data and identities;
what changes, alike things told once.
"""

import datetime
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import msgspec

from pipeline_zen.guard import (
    RULES,
    Allowance,
    Finding,
    Known,
    Severity,
    Target,
    Verdict,
    judge,
    matches,
)
from pipeline_zen.kinds import GROUPS
from pipeline_zen.masking import masked_text
from pipeline_zen.masking.keys import MASKED
from pipeline_zen.plan import Action, AttributeChange, Change, Group, Plan, fold
from pipeline_zen.report.origins import Origin, Origins

NO_CHANGES, CHANGES, BLOCKED = 0, 2, 3

PLAN, REHEARSAL = "plan", "rehearsal"
"""What a report can be of."""

_PLAIN = re.compile(r"[\w.*-]+")

SCHEDULERS = "target_size"
"""The attribute of a group that the scheduler changes, and nobody else should."""

BOOKKEEPING = ("etag", "fingerprint", "metageneration", "status", "updated", "update_time")
"""What Google counts up with every change, somebody else's too."""

VALID_DAYS = 14
"""How long the allowance holds that a report proposes."""


@dataclass(frozen=True)
class FoldedFinding:
    """The same finding on one or more resources."""

    findings: tuple[Finding, ...]

    @property
    def first(self) -> Finding:
        """One that stands for all."""
        return self.findings[0]

    @property
    def vms(self) -> int | None:
        """How many VMs at most; None where that is not known of one of them."""
        return _sum(finding.vms for finding in self.findings)

    @property
    def gpus(self) -> int | None:
        """How many GPUs; None where that is not known of one of them."""
        return _sum(finding.gpus for finding in self.findings)

    @property
    def addresses(self) -> tuple[str, ...]:
        """Of the resources; none where the plan as a whole is meant."""
        return tuple(finding.address for finding in self.findings if finding.address)


@dataclass(frozen=True)
class Review:
    """What there is to say of a plan."""

    kind: str
    """`plan`, or `rehearsal` where it was made against a fake Google."""
    target: Target
    known: Known
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
        """By which a comment of an earlier report is found again."""
        return f"<!-- pipeline-zen {self.kind} of {self.target.environment} -->"

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """What changes, alike things together."""
        return fold(self.plan.effective)

    @cached_property
    def drift(self) -> tuple[Group, ...]:
        """What was changed outside, but for what the scheduler does all day."""
        return fold(
            change
            for change in self.plan.drift
            if not _is_schedulers(change) and not _is_bookkeeping(change)
        )

    @cached_property
    def resized(self) -> int:
        """How many groups the scheduler has resized; a rehearsal has none, and resizes all."""
        return 0 if self.kind == REHEARSAL else sum(map(_is_schedulers, self.plan.drift))

    def settings_of(self, found: "FoldedFinding") -> tuple[Origin, ...]:
        """The settings that make it happen, as far as settings do."""
        if self.origins is None:
            return ()
        return tuple(
            dict.fromkeys(
                origin
                for one in found.findings
                if one.address
                for origin in self.origins.of(one.type, one.name, one.attributes)
            )
        )

    @cached_property
    def blocking(self) -> tuple[FoldedFinding, ...]:
        """The findings that block."""
        return folded(self.verdict.blocking)

    @cached_property
    def notable(self) -> tuple[FoldedFinding, ...]:
        """The findings that do not block."""
        return folded(self.verdict.notable)

    @cached_property
    def allowed(self) -> tuple[tuple[FoldedFinding, Allowance], ...]:
        """The findings that would block, with what lets them pass."""
        by: dict[Allowance, list[Finding]] = defaultdict(list)
        for one in self.verdict.allowed:
            by[one.allowance].append(one.finding)
        return tuple((found, one) for one in by for found in folded(by[one]))

    @cached_property
    def counts(self) -> dict[str, int | None]:
        """
        How many of each, a replacement counted once.

        `VMs killed` is the most that can be; None where that is not known.
        """
        changes = self.plan.effective
        by = dict.fromkeys(Action, 0)
        for change in changes:
            by[change.action] += 1
        # A group can be found several times; its VMs are killed once.
        killed: dict[str, list[int | None]] = defaultdict(list)
        for finding in (*self.verdict.blocking, *(one.finding for one in self.verdict.allowed)):
            if finding.severity is Severity.KILLS_JOBS:
                killed[finding.address].append(finding.vms)
        created = sum(change.action is Action.CREATE and not change.import_id for change in changes)
        return {
            "VMs killed": _sum(map(_most, killed.values())),
            "destroy": by[Action.DELETE],
            "replace": by[Action.REPLACE] + by[Action.REPLACE_AFTER],
            "update": by[Action.UPDATE],
            "create": created + by[Action.FORGET_CREATE],
            "forget": by[Action.FORGET] + by[Action.FORGET_CREATE],
            "import": sum(bool(change.import_id) for change in changes),
            "move": sum(bool(change.previous_address) for change in changes),
        }

    @cached_property
    def headline(self) -> str:
        """The verdict in a line."""
        if self.verdict.blocked:
            worst = dict.fromkeys(found.first.severity.value for found in self.blocking)
            return f"blocked: {', '.join(worst)}"
        if self.plan.empty:
            return "no changes"
        words = {"destroy": "destroyed", "replace": "replaced", "update": "updated",
                 "create": "created", "forget": "forgotten", "import": "imported",
                 "move": "moved"}  # fmt: skip
        done = [f"{count} {words[name]}" for name, count in self.counts.items()
                if name in words and count]  # fmt: skip
        changed = ", ".join(done) or f"{len(self.plan.outputs)} outputs changed"
        if self.allowed:
            return f"{changed}; dangers are allowed, see below"
        notable = dict.fromkeys(
            found.first.severity.value
            for found in self.notable
            if found.first.severity is not Severity.SAFE
        )
        if notable:
            return f"{changed}; {', '.join(notable)}"
        return f"{changed}; safe: no running job, queue, data or identity is touched"

    @cached_property
    def proposal(self) -> str:
        """What `config/allow.yaml` would have to say for the blocking findings to pass."""
        until = self.today + datetime.timedelta(days=VALID_DAYS)
        allowances: dict[tuple[str, str], None] = {}
        for found in self.blocking:
            rule = found.first.rule
            if RULES[rule].allowable:
                for address in self._patterns(found):
                    entry = (f"  - finding: {rule}", f"    address: {_as_yaml(address)}")
                    # The same thing can be found twice, as by two attributes.
                    allowances.setdefault(entry, None)
        lines = [
            line
            for entry in allowances
            for line in (*entry, "    reason: …", f"    until: {until}")
        ]
        return "\n".join([f"{self.target.environment}:", *lines]) if lines else ""

    def _patterns(self, found: FoldedFinding) -> Sequence[str]:
        """
        The addresses, or one pattern where it covers nothing else in all of the environment.

        Without those that look like a secret: what they are cannot be said.
        """
        addresses = [address for address in found.addresses if MASKED not in address]
        pattern = _pattern(found.first.type, addresses)
        if len(addresses) > 1 and pattern:
            there = {change.address for change in self.plan.changes}
            covered = {address for address in there if matches(pattern, address)}
            if covered == set(addresses):
                return [pattern]
        return addresses

    def as_json(self) -> str:
        """Everything, for programs; sorted, and the same for the same plan."""
        known = self.known
        content = {
            "format": 1,
            "kind": self.kind,
            "environment": self.target.environment,
            "project": self.target.project,
            "status": self.status,
            "blocked": self.verdict.blocked,
            "headline": self.headline,
            "digest": self.plan.digest(),
            "tofu_version": self.plan.tofu_version,
            "state": {"lineage": known.lineage, "serial": known.serial},
            "facts": dict(self.facts),
            "notes": self.notes,
            "counts": self.counts,
            "blocking": [self._finding(finding) for finding in self.verdict.blocking],
            "allowed": [
                {
                    **self._finding(one.finding),
                    "reason": one.allowance.reason,
                    "until": str(one.allowance.until),
                }
                for one in self.verdict.allowed
            ],
            "notable": [self._finding(finding) for finding in self.verdict.notable],
            "changes": [_group(group) for group in self.groups],
            "drift": [_group(group) for group in self.drift],
            "groups_resized_by_scheduler": self.resized,
            "outputs": {name: action.value for name, action in self.plan.outputs},
        }
        return msgspec.json.format(msgspec.json.encode(content), indent=2).decode() + "\n"

    def _finding(self, finding: Finding) -> dict[str, Any]:
        return {
            "finding": finding.rule,
            "severity": finding.severity.value,
            "address": finding.address,
            "what": finding.what,
            "why": finding.why,
            "todo": finding.advice,
            "settings": [
                {"setting": origin.setting, "file": origin.place and origin.place.file,
                 "line": origin.place and origin.place.line}
                for origin in self.settings_of(FoldedFinding((finding,)))
            ],
            "vms": finding.vms,
            "gpus": finding.gpus,
        }  # fmt: skip


def review(
    plan: Plan,
    target: Target,
    *,
    kind: str = "plan",
    known: Known,
    allowances: Sequence[Allowance],
    today: datetime.date,
    facts: Iterable[tuple[str, str]] = (),
    notes: Iterable[str] = (),
    observed: Callable[[Verdict], Iterable[Finding]] = lambda _verdict: (),
    origins: Origins | None = None,
) -> Review:
    """
    Judge a plan, and keep all that a report needs.

    *observed* is asked, with the verdict on the plan, for what else speaks against it.
    """
    verdict = judge(plan, target, known, allowances, today)
    more = tuple(observed(verdict))
    verdict = replace(verdict, blocking=(*more, *verdict.blocking))
    told = tuple(map(masked_text, notes))
    return Review(kind, target, known, plan, verdict, today, tuple(facts), told, origins)


def folded(findings: Iterable[Finding]) -> tuple[FoldedFinding, ...]:
    """The same finding on several resources as one, in the order given."""
    alike: dict[tuple[object, ...], list[Finding]] = defaultdict(list)
    for finding in findings:
        key = (finding.rule, finding.type, finding.what, finding.why, finding.advice)
        alike[key].append(finding)
    return tuple(FoldedFinding(tuple(found)) for found in alike.values())


def _pattern(kind: str, addresses: Sequence[str]) -> str:
    """What covers them all; empty where they are not plain names of one type."""
    if not all(_PLAIN.fullmatch(address.removeprefix(f"{kind}.")) for address in addresses):
        return ""
    names = [address.removeprefix(f"{kind}.") for address in addresses]
    start = _common(names) if names else ""
    end = _common([name[len(start) :][::-1] for name in names])[::-1] if names else ""
    return f"{kind}.{start}*{end}"


def _as_yaml(address: str) -> str:
    return address if _PLAIN.fullmatch(address) else "'" + address.replace("'", "''") + "'"


def _common(names: Sequence[str]) -> str:
    """What all begin with."""
    shortest, longest = min(names), max(names)
    return shortest[: next((i for i, c in enumerate(shortest) if longest[i] != c), len(shortest))]


def _is_schedulers(change: Change) -> bool:
    return (
        change.type in GROUPS and change.action is Action.UPDATE and _told(change) == {SCHEDULERS}
    )


def _is_bookkeeping(change: Change) -> bool:
    return change.action is Action.UPDATE and not _told(change)


def _told(change: Change) -> set[str]:
    """The attributes that changed, but for Google's bookkeeping."""
    paths = {one.path.partition("[")[0].partition(".")[0] for one in change.attributes}
    return paths - set(BOOKKEEPING)


def _most(numbers: Iterable[int | None]) -> int | None:
    """The largest; None where one of them is not known."""
    known = list(numbers)
    return None if None in known else max(number for number in known if number is not None)


def _sum(numbers: Iterable[int | None]) -> int | None:
    total = 0
    for number in numbers:
        if number is None:
            return None
        total += number
    return total


def _group(group: Group) -> dict[str, Any]:
    return {
        "type": group.type,
        "action": group.action.value,
        "reason": group.reason,
        "forced_by": group.forced_by,
        "deposed": group.deposed,
        "common": [_attribute(one) for one in group.common],
        "known_after_apply": group.settled_later,
        "members": [
            {
                "address": member.change.address,
                **({"moved_from": member.change.previous_address} if group.moves else {}),
                **({"import_id": member.change.import_id} if group.imports else {}),
                "own": [_attribute(one) for one in member.own],
                **(
                    {"attributes": [_attribute(one) for one in member.change.attributes]}
                    if group.action in (Action.CREATE, Action.FORGET_CREATE)
                    else {}
                ),
            }
            for member in group.members
        ],
    }


def _attribute(one: AttributeChange) -> dict[str, Any]:
    shown = {"path": one.path, "before": one.before, "after": one.after}
    return {**shown, "diff": one.text} if one.text else shown
