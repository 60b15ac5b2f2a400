"""What becomes of queued jobs: topics and subscriptions."""

from collections.abc import Iterator
from typing import Any

from pipeline_zen.guard.findings import Finding
from pipeline_zen.guard.world import UNKNOWN, Case, first
from pipeline_zen.plan import Action

_ELSEWHERE = ("push_config", "bigquery_config", "cloud_storage_config", "dead_letter_policy")


def topic(case: Case) -> Iterator[Finding]:
    """A topic."""
    if case.change.action.destroys:
        done = "deleted" if case.change.action is Action.DELETE else "replaced"
        what = f"{done}: its subscriptions hear nothing any more, and what it retained is gone"
        yield case.finding("topic-deleted", what)
    elif case.change.action is Action.UPDATE:
        yield from _retention(case)


def subscription(case: Case) -> Iterator[Finding]:
    """A subscription."""
    if case.change.action is Action.DELETE:
        yield case.finding("subscription-deleted", "deleted, with every job that waits in it")
    elif case.change.action.replaces:
        what = "replaced, which loses every job that waits in it, and the grants on it"
        yield case.finding("subscription-replaced", what)
    elif case.change.action is Action.UPDATE:
        yield from _retention(case)
        yield from _expiry(case)
        for key in _ELSEWHERE:
            if case.changes(key) and (case.new(key) is UNKNOWN or case.new(key)):
                what = f"given a `{key}`: messages leave it for somewhere else than a VM"
                yield case.finding("delivery-diverted", what)


def _retention(case: Case) -> Iterator[Finding]:
    before = seconds(case.before.get("message_retention_duration"))
    after = seconds(case.new("message_retention_duration"))
    if before is not None and (after is None or after < before):
        kept = "no longer" if after is None else f"for {_days(after)} instead of {_days(before)}"
        what = f"set to keep messages {kept}: older ones are gone at once"
        yield case.finding("retention-shortened", what)


def _expiry(case: Case) -> Iterator[Finding]:
    before, after = (
        seconds(first(policy).get("ttl"))
        for policy in (case.before.get("expiration_policy"), case.new("expiration_policy"))
    )
    unset = case.changes("expiration_policy") and not first(case.new("expiration_policy"))
    if unset or (after is not None and (before is None or after < before)):
        idle = "31 days (Google's own choice)" if after is None else _days(after)
        what = f"set to be deleted by Google after {idle} without a VM"
        yield case.finding("subscription-expires", what)


def seconds(duration: Any) -> float | None:
    """A duration such as `345600s`; None where it is none."""
    try:
        return float(str(duration).removesuffix("s")) if duration else None
    except ValueError:
        return None


def _days(duration: float) -> str:
    days = duration / 86_400
    return f"{days:g} days" if days >= 1 else f"{duration:g} seconds"
