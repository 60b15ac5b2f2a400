"""What the stack gives out: names of what it has, and nothing else."""

import re
from collections.abc import Iterator
from typing import Any

from pipeline_zen.guard.index import PlanIndex
from pipeline_zen.guard.resource import quoted
from pipeline_zen.guard.rules import Finding, Rule, Severity
from pipeline_zen.plan import UNKNOWN, Action

OUTPUT_UNJUDGED = Rule(
    "output-unjudged",
    Severity.NOT_JUDGED,
    "See that no secret is in it: outputs are in the state, and printed.",
    blocks=False,
)

_ORDERING = (
    "buckets fleets groups projects regions secrets service_account subscriptions template "
    "templates topics zones"
)
"""Words that outputs are ordered by."""

_BETWEEN = (
    "b global instanceGroupManagers instanceTemplates locations projects regions roles secrets "
    "serviceAccounts subscriptions topics zones"
)
"""What stands between the names in a link of Google's."""

_KEYS, _STEPS = frozenset(_ORDERING.split()), frozenset(_BETWEEN.split())

_URL = re.compile(r"https://(?:www|compute|pubsub|storage)\.googleapis\.com/(?:\w+/v1/)?")
_PLACE = re.compile(r"[a-z]{2,12}-[a-z]{4,12}[0-9]{1,2}(?:-[a-z])?")
"""A region or a zone, such as `northamerica-northeast1-a`."""


def changed(index: PlanIndex) -> Iterator[Finding]:
    """Outputs that are given something which is no name of what the plan has."""
    for output in index.plan.output_changes:
        before, after = output.values
        if output.action is Action.DELETE:
            continue
        earlier = set(_texts(before)) - {UNKNOWN}
        new = set(_texts(after)) - earlier
        if any(text is UNKNOWN or not _is_named(index, text) for text in new):
            what = f"the output {quoted(output.name)} is given what is no name of a resource here"
            yield OUTPUT_UNJUDGED.of_plan(what)


def _texts(value: Any) -> Iterator[Any]:
    """All that is in a value; of what is no text, UNKNOWN."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, str):
        yield value
    elif value is not None:
        yield UNKNOWN


def _is_named(index: PlanIndex, text: str) -> bool:
    """Whether a text says nothing but what something is called, or where it is."""
    if not text or text in _KEYS or text in index.names or text in index.name_parts:
        return True
    url = _URL.match(text)
    steps = (text[url.end() :] if url else text).split("/")
    return len(steps) > 1 and all(
        step in _STEPS or step in index.names or _PLACE.fullmatch(step) for step in steps
    )
