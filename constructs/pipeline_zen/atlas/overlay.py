"""What a change does to which part of the page: what is new, what goes, what is touched."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from pipeline_zen import kinds, names
from pipeline_zen.plan import Action, Change
from pipeline_zen.report import Review


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
            others[mark, change.type.removeprefix("google_").replace("_", " ")] += 1
    return Overlay(
        headline=review.headline,
        status=review.status,
        made_by=review.kind,
        groups=groups,
        clusters=clusters,
        buckets=buckets,
        others=tuple((mark, what, count) for (mark, what), count in sorted(others.items())),
    )


def _mark(change: Change) -> Mark:
    if change.goes:
        return Mark.GONE
    return Mark.NEW if change.action is Action.CREATE else Mark.TOUCHED
