"""Findings -> alike ones as one, with what they come to together."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline_zen.guard import Finding

MOST_FINDINGS = 500
"""So many are told one by one to people; of more, each rule is told with its number."""


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
        return total(finding.vms for finding in self.findings)

    @property
    def gpus(self) -> int | None:
        """How many GPUs; None where that is not known of one of them."""
        return total(finding.gpus for finding in self.findings)

    @property
    def addresses(self) -> tuple[str, ...]:
        """Addresses of the resources; none where the plan as a whole is meant."""
        return tuple(finding.address for finding in self.findings if finding.address)


def folded(findings: Iterable[Finding]) -> tuple[FoldedFinding, ...]:
    """The same finding on several resources as one, in the order given."""
    alike: dict[tuple[object, ...], list[Finding]] = defaultdict(list)
    for finding in findings:
        key = (finding.rule, finding.type, finding.what, finding.why, finding.advice)
        alike[key].append(finding)
    return tuple(map(FoldedFinding, map(tuple, alike.values())))


def by_rule(findings: Iterable[FoldedFinding]) -> list[FoldedFinding]:
    """All findings of a rule as one, where they are too many to be told one by one."""
    rules: dict[str, list[Finding]] = defaultdict(list)
    for found in findings:
        rules[found.first.rule].extend(found.findings)
    return [FoldedFinding(tuple(found)) for found in rules.values()]


def total(numbers: Iterable[int | None]) -> int | None:
    """The sum; None where one of them is not known."""
    known = list(numbers)
    return None if None in known else sum(number for number in known if number is not None)
