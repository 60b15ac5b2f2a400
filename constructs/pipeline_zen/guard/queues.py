"""What becomes of queued jobs: topics and subscriptions."""

from collections.abc import Iterator

from pipeline_zen import names
from pipeline_zen.guard.amounts import at_least as at_least_
from pipeline_zen.guard.amounts import period
from pipeline_zen.guard.checks import harmless, judges
from pipeline_zen.guard.general import UNJUDGED
from pipeline_zen.guard.harmless import (
    any_of,
    at_least,
    begins,
    known,
    longer,
    only,
    refers_to,
    removed,
)
from pipeline_zen.guard.leaf import Leaf
from pipeline_zen.guard.resource import Resource, last, quoted
from pipeline_zen.guard.rules import Finding, Rule, Severity
from pipeline_zen.kinds import SUBSCRIPTION, TOPIC
from pipeline_zen.plan import UNKNOWN, Action

_ELSEWHERE = ("push_config", "bigquery_config", "cloud_storage_config", "dead_letter_policy")
_REFUSED = ("message_transforms", "schema_settings")
_ATTEMPTS = "dead_letter_policy[0].max_delivery_attempts"
_RETENTION = "message_retention_duration"

_A_DAY = 86_400
"""Seconds; a queue that forgets sooner loses what waits over a night."""

_SOME_HOURS = 14_400
"""Seconds after which a heartbeat is worth nothing, and is no loss."""

_HEARTBEATS = (names.HEARTBEATS_TOPIC, names.local_topic(names.HEARTBEATS_TOPIC))
"""The topics on which no jobs are, but what VMs say of themselves, time and again."""

_DELETED_TOPIC = "_deleted-topic_"
"""What Google leaves in the place of a topic that is gone."""


def _is_there(leaf: Leaf) -> bool:
    """A topic of the plan."""
    return isinstance(leaf.new, str) and last(leaf.new) in leaf.resource.plan.topics


def _needed(queue: Resource) -> int:
    """For how long its messages may be needed, in seconds, by what they are."""
    key, project = "name" if queue.change.type == TOPIC else "topic", queue.plan.target.project
    topics = [one.text(key) for one in (queue.before, queue.after) if one.exists]
    links = [f"projects/{project}/topics/{name}" for name in _HEARTBEATS]
    return _SOME_HOURS if {*_HEARTBEATS, *links}.issuperset(topics) else _A_DAY


def _forgets_no_job(queue: Resource) -> bool:
    """Whether there are no jobs in it, and the rest is kept for as long as it may be needed."""
    needed = _needed(queue)
    return needed < _A_DAY and at_least_(queue.after.seconds(_RETENTION), needed)


def _long_enough(leaf: Leaf) -> bool:
    return _forgets_no_job(leaf.resource)


def _retains_nothing(leaf: Leaf) -> bool:
    """Whether what was done was not kept before, either."""
    return leaf.old in (None, False) and leaf.new in (None, False)


def _never_expires(leaf: Leaf) -> bool:
    return bool(leaf.resource.after.block("expiration_policy").get("ttl") == "")


harmless(
    TOPIC,
    tests={
        _RETENTION: any_of(longer, begins, _long_enough),
    },
    new={f"name {_RETENTION}": known},
    blocks="message_storage_policy",
)
harmless(
    SUBSCRIPTION,
    tests={
        "ack_deadline_seconds dead_letter_policy.max_delivery_attempts": longer,
        _RETENTION: any_of(longer, _long_enough),
        "expiration_policy.ttl": any_of(only(None), longer),
        # Without an export an archive ends, without a transform VMs get what it held back.
        "dead_letter_policy push_config": removed,
        "retain_acked_messages": any_of(only(True), _retains_nothing),
    },
    new={
        "ack_deadline_seconds enable_exactly_once_delivery filter name": known,
        "enable_message_ordering": only(None, False),
        "expiration_policy.ttl": only(None),
        "expiration_policy": _never_expires,
        _RETENTION: any_of(at_least(_A_DAY), _long_enough),
        # What was handed back comes again later, by ten minutes at most.
        "retry_policy.maximum_backoff retry_policy.minimum_backoff": known,
        "topic": any_of(_is_there, refers_to(TOPIC)),
    },
    computed="ack_deadline_seconds retry_policy.maximum_backoff retry_policy.minimum_backoff",
)

TOPIC_DELETED = Rule(
    "topic-deleted",
    Severity.LOSES_JOBS,
    "Keep the topic: its subscriptions would hear nothing any more, even under the same name.",
)


@judges(TOPIC)
def _topic_gone(topic: Resource) -> Iterator[Finding]:
    if topic.change.action.destroys:
        done = "deleted" if topic.change.action is Action.DELETE else "replaced"
        what = f"{done}: its subscriptions hear nothing any more, and what it retained is gone"
        yield topic.found(TOPIC_DELETED, what)


TOPIC_GONE = Rule(
    "topic-gone",
    Severity.LOSES_JOBS,
    "Google cannot give it a topic again: pull what is in it, if that matters, then delete it at "
    "Google and plan; the topic and it are made anew, with the same names.",
)

TOPIC_ELSEWHERE = Rule(
    "topic-elsewhere",
    Severity.STOPS_HALF_WAY,
    "See that the topic is there, and of this environment: without it the apply fails.",
    blocks=False,
)


@judges(SUBSCRIPTION, attributes="topic")
def _without_topic(subscription: Resource) -> Iterator[Finding]:
    """A topic that is gone, or that nobody here knows of."""
    topic, index = subscription.after.text("topic"), subscription.plan
    if not subscription.changes("topic"):
        return
    if topic == _DELETED_TOPIC:
        what = "left without a topic, which is gone: it hears nothing any more"
        yield subscription.found(TOPIC_GONE, what, why="", of=("topic",))
    elif isinstance(topic, str) and last(topic) not in index.topics:
        what = f"set to hear {quoted(topic)}, which is no topic of this plan"
        yield subscription.found(TOPIC_ELSEWHERE, what, why="", of=("topic",))


@judges(SUBSCRIPTION, attributes="enable_exactly_once_delivery filter")
def _hears_twice(subscription: Resource) -> Iterator[Finding]:
    """A new one for the VMs of a cluster that gets more than what is for these, and once."""
    values = subscription.after
    name = values.text("name")
    parts, _ = names.parts(name) if isinstance(name, str) else (None, "")
    if not subscription.made or parts is None:
        return
    if values.text("filter") != names.start_filter(names.cluster(*parts)):
        what = "new, and hears jobs of other clusters: once it has VMs, each of these runs twice"
        yield subscription.found(UNJUDGED, what, why="", of=("filter",))
    elif values.flag("enable_exactly_once_delivery") is not True:
        what = "new, without exactly-once delivery: a job may run twice"
        yield subscription.found(UNJUDGED, what, why="", of=("enable_exactly_once_delivery",))


SUBSCRIPTION_DELETED = Rule(
    "subscription-deleted",
    Severity.LOSES_JOBS,
    "Drain it first, or keep the cluster; then allow it.",
)

SUBSCRIPTION_REPLACED = Rule(
    "subscription-replaced",
    Severity.LOSES_JOBS,
    "Make a new one under another name beside it, drain the old one, then remove that. The "
    "grants on a replaced subscription are gone until a second apply.",
)


@judges(SUBSCRIPTION)
def _subscription_gone(subscription: Resource) -> Iterator[Finding]:
    if subscription.change.action is Action.DELETE:
        what = "deleted, with every job that waits in it"
        yield subscription.found(SUBSCRIPTION_DELETED, what)
    elif subscription.change.action.replaces:
        what = "replaced, which loses every job that waits in it, and the grants on it"
        yield subscription.found(SUBSCRIPTION_REPLACED, what)


RETENTION_SHORTENED = Rule(
    "retention-shortened",
    Severity.LOSES_JOBS,
    "Wait until nothing older is in the queue, or leave it as it is.",
)


@judges(SUBSCRIPTION, attributes=_RETENTION)
def _forgets(subscription: Resource) -> Iterator[Finding]:
    kept = subscription.after.seconds(_RETENTION)
    # Where nothing is said, Google keeps messages for a week.
    short = kept is not None and not at_least_(kept, _needed(subscription))
    if subscription.made and short:
        what = f"new, and keeps messages for {period(kept)} only"
        yield subscription.found(RETENTION_SHORTENED, what, why="", of=(_RETENTION,))


@judges(TOPIC, SUBSCRIPTION, attributes=_RETENTION)
def _retention(queue: Resource) -> Iterator[Finding]:
    before, after = (values.seconds(_RETENTION) for values in (queue.before, queue.after))
    changed = queue.updated and queue.changes(_RETENTION)
    if not changed or before is None or at_least_(after, before) or _forgets_no_job(queue):
        return
    kept = "no longer" if after is None else f"for {period(after)} instead of {period(before)}"
    what = f"set to keep messages {kept}: older ones are gone at once"
    yield queue.found(RETENTION_SHORTENED, what, of=(_RETENTION,))


SUBSCRIPTION_EXPIRES = Rule(
    "subscription-expires",
    Severity.LOSES_JOBS,
    "Leave the subscription without an expiry (`ttl` empty).",
)


@judges(SUBSCRIPTION, attributes="expiration_policy")
def _expiry(subscription: Resource) -> Iterator[Finding]:
    changed = subscription.updated and subscription.changes("expiration_policy")
    if not (changed or subscription.made):
        return
    sides = (subscription.before, subscription.after)
    policies = [values.block("expiration_policy") for values in sides]
    before, after = (policy.seconds("ttl") for policy in policies)
    if policies[1].exists and after is None:
        return
    longer_ = changed and at_least_(after, before)
    if not longer_:
        unsaid = after is None or (subscription.made and after is UNKNOWN)
        idle = "31 days (Google's own choice)" if unsaid else period(after)
        done = "set" if changed else "new, and"
        what = f"{done} to be deleted by Google after {idle} without a VM"
        yield subscription.found(SUBSCRIPTION_EXPIRES, what, of=("expiration_policy",))


DELIVERY_DIVERTED = Rule(
    "delivery-diverted",
    Severity.LOSES_JOBS,
    "Leave messages for VMs to pull as they were sent, without push, export, dead letters, "
    "schema or transforms.",
)


@judges(TOPIC, SUBSCRIPTION, attributes="message_transforms schema_settings")
def _refused(queue: Resource) -> Iterator[Finding]:
    for key in _REFUSED:
        if queue.changes(key) and queue.after.block(key).exists:
            what = f"given `{key}`, which can change messages, or drop them"
            yield queue.found(DELIVERY_DIVERTED, what)


MESSAGES_COPIED = Rule(
    "messages-copied",
    Severity.WIDENS_ACCESS,
    "See who reads there what jobs are started with.",
    blocks=False,
)


@judges(SUBSCRIPTION, attributes=" ".join(_ELSEWHERE))
def _diverted(subscription: Resource) -> Iterator[Finding]:
    for key in _ELSEWHERE:
        given = subscription.changes(key) and subscription.after.block(key).exists
        if given and subscription.change.action is Action.CREATE and key != _ELSEWHERE[-1]:
            what = f"new, with a `{key}`: what its topic gets is sent elsewhere as well"
            yield subscription.found(MESSAGES_COPIED, what, why="", of=(key,))
        elif given and not _more_patient(subscription, key):
            what = f"given a `{key}`: messages leave it for somewhere else than a VM"
            yield subscription.found(DELIVERY_DIVERTED, what, of=(key,))


def _more_patient(subscription: Resource, key: str) -> bool:
    """Whether all that changes is that a message is tried more often before it leaves."""
    changes = subscription.change.attributes
    paths = {change.path for change in changes if change.path.startswith(key)}
    before, after = (
        values.block(key).number("max_delivery_attempts")
        for values in (subscription.before, subscription.after)
    )
    return paths == {_ATTEMPTS} and at_least_(after, before)


@judges(SUBSCRIPTION, attributes="ack_deadline_seconds")
def _sooner(subscription: Resource) -> Iterator[Finding]:
    key = "ack_deadline_seconds"
    before, after = (values.seconds(key) for values in (subscription.before, subscription.after))
    if subscription.updated and subscription.changes(key) and not at_least_(after, before):
        what = f"set to send a message again after {period(after)} instead of {period(before)}: "
        yield subscription.found(UNJUDGED, f"{what}a job may run twice", of=(key,))
