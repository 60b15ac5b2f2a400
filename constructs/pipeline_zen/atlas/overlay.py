"""
What a change does to which part of the page: what is new, what goes, what is touched.

All text of a plan that the page has passes here, and hides nothing afterwards.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum

from pipeline_zen import kinds, names
from pipeline_zen.plan import Action, Change, Plan
from pipeline_zen.report import Review
from pipeline_zen.visible import visible

_MOST = 20
"""So many doubts are told; the others are counted."""


class Mark(str, Enum):
    """What becomes of a part of the page."""

    NONE = ""
    NEW = "new"
    GONE = "gone"
    TOUCHED = "touched"


@dataclass(frozen=True)
class Overlay:
    """A change, by the parts of the page that it reaches."""

    headline: str = ""
    """Headline of the report; empty where no change is drawn."""
    status: int = 0
    made_by: str = ""
    """`plan` or `rehearsal`."""
    groups: Mapping[tuple[str, str], Mark] = field(default_factory=dict)
    """Marks of groups by cluster and region."""
    clusters: Mapping[str, Mark] = field(default_factory=dict)
    buckets: Mapping[str, Mark] = field(default_factory=dict)
    others: tuple[tuple[Mark, str, int], ...] = ()
    """What is no group, as mark, resource type and number."""
    doubts: tuple[str, ...] = ()
    """Checks that do not hold, and what of the plan is not judged, in sentences."""

    @property
    def clusters_gone(self) -> set[str]:
        """The clusters with groups that go."""
        return {cluster for (cluster, _), mark in self.groups.items() if mark is Mark.GONE}


def overlay(review: Review | None) -> Overlay:
    """The change that a review is of; nothing of it where there is none."""
    if review is None:
        return Overlay()
    groups: dict[tuple[str, str], Mark] = {}
    clusters: dict[str, Mark] = {}
    buckets: dict[str, Mark] = {}
    others: Counter[tuple[Mark, str]] = Counter()
    for change in review.plan.effective:
        mark = _mark(change)
        parts, region = names.parts(change.name)
        cluster = names.cluster(*parts) if parts else ""
        if cluster and region and change.type == kinds.GROUP:
            groups[cluster, region] = mark
        else:
            if cluster and change.type == kinds.TEMPLATE:
                clusters[cluster] = mark
            if change.type == kinds.BUCKET:
                buckets[change.name] = mark
            others[mark, visible(change.type).removeprefix("google_").replace("_", " ")] += 1
    return Overlay(
        headline=review.headline,
        status=review.status,
        made_by=review.kind,
        groups=groups,
        clusters=clusters,
        buckets=buckets,
        others=tuple((mark, what, count) for (mark, what), count in sorted(others.items())),
        doubts=_first(tuple(map(visible, _doubts(review.plan)))),
    )


def _doubts(plan: Plan) -> Iterator[str]:
    """What forbids to call a plan safe, beside what was found in its changes."""
    for check in plan.checks:
        message = f": {check.message}" if check.message else "."
        yield f"{check.name} {check.outcome}{message}"
    yield from plan.unread


def _first(doubts: tuple[str, ...]) -> tuple[str, ...]:
    more = len(doubts) - _MOST
    return (*doubts[:_MOST], f"And {more:,} more.") if more > 0 else doubts


def _mark(change: Change) -> Mark:
    if change.goes:
        return Mark.GONE
    return Mark.NEW if change.action is Action.CREATE else Mark.TOUCHED
