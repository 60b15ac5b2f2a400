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
"""Labels that a resource can have at most."""

RESERVED_START = "goog"
"""The start that names of labels and buckets may not have."""

SUBSCRIPTION_LIMIT = 255
"""Characters of a subscription's or a topic's name."""

_ADDRESS = re.compile(r"[0-9]{1,3}(\.[0-9]{1,3}){3}")
_BY_GOOGLE = re.compile(r"g[o0]{2}g[l1i]e")
_DOTTED = re.compile(r"\.\.|\.-|-\.")
_PART_LIMIT = 63


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
    """Labels are, with those of this program, no more than a resource can have."""
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
    """The state's bucket has a name that Google lets a bucket have."""
    for wrong, what in (
        (_ADDRESS.fullmatch(state_bucket), "an IP address"),
        (state_bucket.startswith(RESERVED_START), f"a name that begins with {RESERVED_START}"),
        (_BY_GOOGLE.search(state_bucket), "a name with google in it, or what looks like it"),
        (_DOTTED.search(state_bucket), "a name with a dot beside a dot or a dash"),
        (
            any(len(part) > _PART_LIMIT for part in state_bucket.split(".")),
            f"a name with more than {_PART_LIMIT} characters between dots",
        ),
    ):
        if wrong:
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
        name = names.start_subscription(cluster)
        if len(name) > SUBSCRIPTION_LIMIT:
            loc: Loc = ("local", "clusters", index)
            yield Defect(
                loc,
                f"its subscription's name would have {len(name)} characters, and Google allows "
                f"{SUBSCRIPTION_LIMIT}",
                f"Shorten it by {len(name) - SUBSCRIPTION_LIMIT}.",
            )
