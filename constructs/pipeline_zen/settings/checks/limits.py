"""Checks of what Google says of names and labels: reserved ones, forms, and how many."""

import re
from collections.abc import Iterator

from pipeline_zen import names
from pipeline_zen.settings.checks.check import check
from pipeline_zen.settings.model import Local
from pipeline_zen.settings.problems import Defect, Loc
from pipeline_zen.settings.words import show

RESERVED_LABELS = ("app", "cluster", "env")
"""Set on resources by this program."""

MOST_LABELS = 64
"""The most labels that a resource can have."""

RESERVED_START = "goog"
"""What begins with this, of names of labels and buckets, is Google's own."""

SUBSCRIPTION_LIMIT = 255
"""The most characters in the name of a subscription or a topic."""

LONGEST_CLUSTER = SUBSCRIPTION_LIMIT - len(names.start_subscription(""))

NO_BUCKET = {
    "an IP address": r"^[0-9]{1,3}(\.[0-9]{1,3}){3}$",
    f"a name that begins with {RESERVED_START}": f"^{RESERVED_START}",
    "a name with google in it, or what looks like it": r"g[o0]{2}g[l1i]e",
    "a name with a dot beside a dot or a dash": r"\.\.|\.-|-\.",
}
"""What no bucket may be called, and its pattern."""


@check
def labels_leave_ours_alone(labels: dict[str, str]) -> Iterator[Defect]:
    """No label is set that this program sets itself, or Google."""
    for name in labels:
        if name in RESERVED_LABELS:
            yield Defect(
                ("labels", name),
                "this label is set for you",
                f"Choose another name; {', '.join(RESERVED_LABELS)} are taken.",
            )
        elif name.startswith(RESERVED_START):
            hint = f"Choose a name that does not begin with {RESERVED_START}."
            yield Defect(("labels", name), "this label is Google's own", hint, at_key=True)


@check
def labels_are_few(labels: dict[str, str]) -> Iterator[Defect]:
    """Labels, and those of this program, are no more than a resource can have."""
    most = MOST_LABELS - len(RESERVED_LABELS)
    if len(labels) > most:
        yield Defect(
            ("labels",),
            f"{len(labels)} labels, and a resource can have {MOST_LABELS}",
            f"Keep {most} at most: {', '.join(RESERVED_LABELS)} are added.",
            at_key=True,
        )


@check
def the_states_bucket_can_be(state_bucket: str) -> Iterator[Defect]:
    """The states' bucket has a name that Google lets a bucket have."""
    for what, pattern in NO_BUCKET.items():
        if re.search(pattern, state_bucket):
            hint = "No bucket can be called so: write the name of the one that holds the states."
            yield Defect(("state_bucket",), f"got {show(state_bucket)}, {what}", hint)
            return


@check
def the_states_bucket_is_none_of_ours(
    environment: str, state_bucket: str, results_buckets: dict[str, str], local: Local | None
) -> Iterator[Defect]:
    """The states are not among results or datasets, which jobs write and may publish."""
    ours = {names.datasets_bucket(environment)}
    ours |= {names.results_bucket(environment, suffix) for suffix in results_buckets}
    if local:
        ours |= {names.datasets_bucket(names.LOCAL)}
        ours |= {names.results_bucket(names.LOCAL, names.LOCAL_RESULTS_SUFFIX)}
    if state_bucket in ours:
        yield Defect(
            ("state_bucket",),
            f"got {show(state_bucket)}, a bucket that is made here",
            "Jobs read and write there, and the states have secrets of the infrastructure: name "
            "another, which is made by hand.",
        )


@check
def subscriptions_can_be(local: Local | None) -> Iterator[Defect]:
    """No cluster has a name that its subscription would be too long with."""
    for index, cluster in enumerate(local.clusters if local else ()):
        if len(cluster) > LONGEST_CLUSTER:
            name = names.start_subscription(cluster)
            loc: Loc = ("local", "clusters", index)
            yield Defect(
                loc,
                f"its subscription's name would have {len(name)} characters, and Google allows "
                f"{SUBSCRIPTION_LIMIT}",
                f"Shorten it by {len(cluster) - LONGEST_CLUSTER}.",
            )
