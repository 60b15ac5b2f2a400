"""What `config/allow.yaml` would have to say for what blocks to pass."""

import datetime
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipeline_zen.guard import RULES, Finding, digest, is_meant, matches
from pipeline_zen.masking import MASKED
from pipeline_zen.report.folding import FoldedFinding

VALID_DAYS = 14
"""How long the allowance holds that a report proposes."""

MOST_PROPOSED = 20
"""So many entries are proposed to people."""

_PLAIN = re.compile(r"[\w.*-]+")


@dataclass(frozen=True)
class Entry:
    """An allowance, but for the reason, which only a person knows."""

    finding: str
    address: str
    seen: str


@dataclass(frozen=True)
class Proposal:
    """All entries that let what blocks pass, as far as it may; none where nothing may."""

    environment: str
    until: datetime.date
    entries: tuple[Entry, ...]

    def yaml(self, most: int | None = None) -> str:
        """The first so many of them, or all, as they would stand there; empty where none is."""
        lines = [line for one in self.entries[:most] for line in self._lines(one)]
        return "\n".join([f"{self.environment}:", *lines]) if lines else ""

    def more(self, most: int) -> str:
        """How many there are beside the first so many, as a sentence; empty where that is all."""
        more = len(self.entries) - most
        return f"And {more:,} more such entries; `--format json` has all of them." * (more > 0)

    def _lines(self, entry: Entry) -> tuple[str, ...]:
        return (
            f"  - finding: {entry.finding}",
            f"    address: {_as_yaml(entry.address)}",
            f'    seen: "{entry.seen}"',
            "    reason: …",
            f"    until: {self.until}",
        )


def proposal(
    environment: str,
    blocking: Sequence[FoldedFinding],
    addresses: Collection[str],
    today: datetime.date,
) -> Proposal:
    """
    What lets *blocking* pass, as far as it may.

    *addresses* are those of all of the environment, of which a pattern covers no other.
    """
    # The same thing can be found twice, as by two attributes, and is allowed once.
    findings = [finding for found in blocking for finding in found.findings]
    # What else is found where something can never be allowed, no allowance lets through.
    shut = {one.address for one in findings if one.address and not one.made_by.allowable}
    there = sorted(addresses)
    wanted = dict.fromkeys(
        (found.first.rule, pattern)
        for found in blocking
        if RULES[found.first.rule].allowable
        for pattern in _patterns(found, there, shut)
    )
    by_rule = _by_rule(findings)
    entries = (Entry(rule, pattern, by_rule[rule].seen(pattern)) for rule, pattern in wanted)
    return Proposal(environment, today + datetime.timedelta(days=VALID_DAYS), tuple(entries))


class _Found:
    """The findings of a rule, by where they are: there may be as many patterns as findings."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self._by: dict[str, list[Finding]] = defaultdict(list)
        for finding in findings:
            self._by[finding.address].append(finding)
        self._ordered = sorted(self._by)

    def seen(self, pattern: str) -> str:
        covered = _covered(pattern, self._ordered)
        return digest(finding for address in covered for finding in self._by[address])


def _by_rule(findings: Iterable[Finding]) -> dict[str, _Found]:
    rules: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        rules[finding.rule].append(finding)
    return {rule: _Found(found) for rule, found in rules.items()}


def _covered(pattern: str, ordered: Sequence[str]) -> Iterator[str]:
    """Those of the *ordered* addresses that a pattern covers: all have its beginning."""
    start = pattern.partition("*")[0]
    for index in range(bisect_left(ordered, start), len(ordered)):
        if not ordered[index].startswith(start):
            return
        if matches(pattern, ordered[index]):
            yield ordered[index]


def _patterns(found: FoldedFinding, there: Sequence[str], shut: Collection[str]) -> Sequence[str]:
    """
    The addresses, or one pattern where it covers nothing else of what is *there*.

    Without those that look like a secret, as what they are cannot be said, and those that are
    *shut*.
    """
    addresses = [one for one in found.addresses if MASKED not in one and one not in shut]
    pattern = _pattern(found.first.type, addresses)
    if len(addresses) > 1 and pattern and set(_covered(pattern, there)) == set(addresses):
        return [pattern]
    return addresses


def _pattern(kind: str, addresses: Sequence[str]) -> str:
    """What covers them all; empty where they are not plain names of one type."""
    if not all(_PLAIN.fullmatch(address.removeprefix(f"{kind}.")) for address in addresses):
        return ""
    names = [address.removeprefix(f"{kind}.") for address in addresses]
    start = _common(names) if names else ""
    end = _common([name[len(start) :][::-1] for name in names])[::-1] if names else ""
    pattern = f"{kind}.{start}*{end}"
    return pattern if is_meant(pattern) else ""


def _as_yaml(address: str) -> str:
    return address if _PLAIN.fullmatch(address) else "'" + address.replace("'", "''") + "'"


def _common(names: Sequence[str]) -> str:
    """What all begin with."""
    shortest, longest = min(names), max(names)
    return shortest[: next((i for i, c in enumerate(shortest) if longest[i] != c), len(shortest))]
