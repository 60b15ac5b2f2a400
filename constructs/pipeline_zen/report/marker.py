"""The first line of a report, by which a comment of an earlier one is found again."""

import re

PLAN, REHEARSAL = "plan", "rehearsal"
"""What a report can be of."""

_MARKER = re.compile(r"<!-- pipeline-zen [a-z]+ of [a-z0-9-]+ -->")


def marker(kind: str, environment: str) -> str:
    """The marker of an environment's reports of a kind."""
    return f"<!-- pipeline-zen {kind} of {environment} -->"


def has_marker(report: str) -> bool:
    """Whether *report* begins with a marker."""
    return bool(_MARKER.fullmatch(report.partition("\n")[0]))
