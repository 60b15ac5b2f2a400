"""What `config/allow.yaml` would have to say for what blocks to pass."""

import datetime
import re
from collections.abc import Collection, Iterable, Sequence

from pipeline_zen.guard import RULES, Finding, digest, is_meant, matches
from pipeline_zen.masking import MASKED
from pipeline_zen.report.folding import FoldedFinding

VALID_DAYS = 14
"""How long the allowance holds that a report proposes."""

_PLAIN = re.compile(r"[\w.*-]+")


def proposal(
    environment: str,
    blocking: Sequence[FoldedFinding],
    addresses: Collection[str],
    today: datetime.date,
) -> str:
    """
    The entries that let *blocking* pass, as far as it may, as YAML; empty where nothing may.

    *addresses* are those of all of the environment, of which a pattern covers no other.
    """
    until = today + datetime.timedelta(days=VALID_DAYS)
    # The same thing can be found twice, as by two attributes, and is allowed once.
    findings = [finding for found in blocking for finding in found.findings]
    # What else is found where something can never be allowed, no allowance lets through.
    shut = {one.address for one in findings if one.address and not one.made_by.allowable}
    entries = dict.fromkeys(
        (found.first.rule, pattern)
        for found in blocking
        if RULES[found.first.rule].allowable
        for pattern in _patterns(found, addresses, shut)
    )
    lines = [
        line
        for rule, pattern in entries
        for line in (
            f"  - finding: {rule}",
            f"    address: {_as_yaml(pattern)}",
            f'    seen: "{_seen(rule, pattern, findings)}"',
            "    reason: …",
            f"    until: {until}",
        )
    ]
    return "\n".join([f"{environment}:", *lines]) if lines else ""


def _seen(rule: str, pattern: str, findings: Iterable[Finding]) -> str:
    return digest(one for one in findings if one.rule == rule and matches(pattern, one.address))


def _patterns(found: FoldedFinding, there: Collection[str], shut: Collection[str]) -> Sequence[str]:
    """
    The addresses, or one pattern where it covers nothing else of what is *there*.

    Without those that look like a secret, as what they are cannot be said, and those that are
    *shut*.
    """
    addresses = [one for one in found.addresses if MASKED not in one and one not in shut]
    pattern = _pattern(found.first.type, addresses)
    if len(addresses) > 1 and pattern:
        covered = {address for address in there if matches(pattern, address)}
        if covered == set(addresses):
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
