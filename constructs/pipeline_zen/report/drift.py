"""Changes that others have made, told from what happens all day."""

from pipeline_zen.kinds import GROUPS
from pipeline_zen.plan import Action, Change, root

SCHEDULERS = "target_size"
"""The attribute of a group that the scheduler changes, and nobody else should."""

BOOKKEEPING = ("etag", "fingerprint", "metageneration", "status", "updated", "update_time")
"""What Google counts up with every change, somebody else's too."""


def is_schedulers(change: Change) -> bool:
    """Whether the scheduler has resized a group."""
    return (
        change.type in GROUPS and change.action is Action.UPDATE and _told(change) == {SCHEDULERS}
    )


def is_bookkeeping(change: Change) -> bool:
    """Whether nothing but Google's own counts has changed."""
    return change.action is Action.UPDATE and not _told(change)


def _told(change: Change) -> set[str]:
    """The attributes that changed, but for Google's bookkeeping."""
    return {root(attribute.path) for attribute in change.attributes}.difference(BOOKKEEPING)
