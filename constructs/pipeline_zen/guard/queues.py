"""What becomes of queued jobs: topics and subscriptions."""

from collections.abc import Iterator

from pipeline_zen.guard.amounts import at_least, period
from pipeline_zen.guard.findings import Finding
from pipeline_zen.guard.world import Case
from pipeline_zen.plan import Action, Unknown

_ELSEWHERE = ("push_config", "bigquery_config", "cloud_storage_config", "dead_letter_policy")
_REFUSED = ("message_transforms", "schema_settings")
_ATTEMPTS = "dead_letter_policy[0].max_delivery_attempts"


def topic(case: Case) -> Iterator[Finding]:
    """A topic."""
    if case.change.action.destroys:
        done = "deleted" if case.change.action is Action.DELETE else "replaced"
        what = f"{done}: its subscriptions hear nothing any more, and what it retained is gone"
        yield case.finding("topic-deleted", what)
    elif case.change.action is Action.UPDATE:
        yield from _retention(case)
        yield from _refused(case)


def subscription(case: Case) -> Iterator[Finding]:
    """A subscription."""
    if case.change.action is Action.CREATE:
        yield from _diverted(case)
    if case.change.action is Action.DELETE:
        yield case.finding("subscription-deleted", "deleted, with every job that waits in it")
    elif case.change.action.replaces:
        what = "replaced, which loses every job that waits in it, and the grants on it"
        yield case.finding("subscription-replaced", what)
    elif case.change.action is Action.UPDATE:
        yield from _retention(case)
        yield from _expiry(case)
        yield from _refused(case)
        yield from _diverted(case)
        yield from _sooner(case)


def _diverted(case: Case) -> Iterator[Finding]:
    for key in _ELSEWHERE:
        if case.changes(key) and case.after.block(key).exists and not _more_patient(case, key):
            what = f"given a `{key}`: messages leave it for somewhere else than a VM"
            yield case.finding("delivery-diverted", what, of=(key,))


def _sooner(case: Case) -> Iterator[Finding]:
    key = "ack_deadline_seconds"
    before, after = (values.seconds(key) for values in (case.before, case.after))
    if case.changes(key) and not at_least(after, before):
        what = f"set to send a message again after {period(after)} instead of {period(before)}: "
        yield case.finding("unjudged", f"{what}a job may run twice", of=(key,))


def _more_patient(case: Case, key: str) -> bool:
    """Whether all that changes is that a message is tried more often before it leaves."""
    paths = {one.path for one in case.change.attributes if one.path.startswith(key)}
    before, after = (
        values.block(key).number("max_delivery_attempts") for values in (case.before, case.after)
    )
    known = not isinstance(before, Unknown | None) and not isinstance(after, Unknown | None)
    return known and paths == {_ATTEMPTS} and after > before  # type: ignore[operator]


def _refused(case: Case) -> Iterator[Finding]:
    for key in _REFUSED:
        if case.changes(key) and case.after.block(key).exists:
            what = f"given `{key}`, which can change messages, or drop them"
            yield case.finding("delivery-diverted", what)


def _retention(case: Case) -> Iterator[Finding]:
    if not case.changes("message_retention_duration"):
        return
    before, after = (
        values.seconds("message_retention_duration") for values in (case.before, case.after)
    )
    if before is None or at_least(after, before):
        return
    kept = "no longer" if after is None else f"for {period(after)} instead of {period(before)}"
    what = f"set to keep messages {kept}: older ones are gone at once"
    yield case.finding("retention-shortened", what, of=("message_retention_duration",))


def _expiry(case: Case) -> Iterator[Finding]:
    if not case.changes("expiration_policy"):
        return
    policies = [values.block("expiration_policy") for values in (case.before, case.after)]
    before, after = (policy.seconds("ttl") for policy in policies)
    if policies[1].exists and after is None:
        return
    if not policies[1].exists or before is None or not at_least(after, before):
        idle = "31 days (Google's own choice)" if after is None else period(after)
        what = f"set to be deleted by Google after {idle} without a VM"
        yield case.finding("subscription-expires", what)
