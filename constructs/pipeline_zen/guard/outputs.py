"""What the stack gives out: names of what it has, and nothing else."""

from collections.abc import Iterator
from typing import Any

from pipeline_zen.guard.index import PlanIndex
from pipeline_zen.guard.resource import last, quoted
from pipeline_zen.guard.rules import Finding, Rule, Severity
from pipeline_zen.plan import UNKNOWN, Action

OUTPUT_UNJUDGED = Rule(
    "output-unjudged",
    Severity.NOT_JUDGED,
    "See that no secret is in it: outputs are in the state, and printed.",
    blocks=False,
)

_LONGEST_KEY = 63


def changed(index: PlanIndex) -> Iterator[Finding]:
    """Outputs that are given something which is no name of what the plan has."""
    for output in index.plan.output_changes:
        before, after = output.values
        if output.action is Action.DELETE:
            continue
        strange = set(_texts(after)) - set(_texts(before)) - index.names
        if after is UNKNOWN or any(text is UNKNOWN or text not in index.names for text in strange):
            what = f"the output {quoted(output.name)} is given what is no name of a resource here"
            yield OUTPUT_UNJUDGED.of_plan(what)


def _texts(value: Any) -> Iterator[Any]:
    """All that is in a value, but for short keys and what is no text."""
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str) or len(key) > _LONGEST_KEY or not key.isprintable():
                yield UNKNOWN
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif value is UNKNOWN:
        yield UNKNOWN
    elif isinstance(value, str) and value:
        # Of a link the last part is a name; of what has more in it than a path, nothing is.
        yield value if "?" in value or ("@" in value and "/" in value) else last(value)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield UNKNOWN
