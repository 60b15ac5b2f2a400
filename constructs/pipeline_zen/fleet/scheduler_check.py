"""The scheduler's own tables, held against the settings: what it would do wrong with them."""

import math
from collections.abc import Hashable, Iterator, Mapping
from typing import Any

from pipeline_zen import names
from pipeline_zen.fleet.cluster import Cluster, clusters
from pipeline_zen.fleet.scheduler_contract import BULK, CAPACITY
from pipeline_zen.settings import Settings, show


def scheduler_differences(settings: Settings, theirs: Mapping[str, Any]) -> list[str]:
    """What the scheduler would do wrong with its tables: a sentence for all whom it is true of."""
    sentences: dict[str, list[str]] = {}
    for name, sentence in _differences(settings, theirs):
        sentences.setdefault(sentence, []).append(name)
    return [f"{', '.join(of)}: {sentence}" for sentence, of in sentences.items()]


def _differences(settings: Settings, theirs: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    ours = {cluster.name: cluster for cluster in clusters(settings)}
    subscribed = {*ours, *(settings.local.clusters if settings.local else ())}
    known = theirs["mig_clusters"]
    for name in ours:
        if name not in known:
            yield name, "it does not know the cluster, and refuses its jobs."
    others = sorted(set(known) - set(ours), key=str)
    for name in [*(name for name in ours if name in known), *others]:
        if not isinstance(name, str):
            yield show(name), "it is no text in mig_clusters, so no job can be of the cluster."
            continue
        if name not in subscribed:
            yield (
                name,
                "it takes jobs for it and publishes them, and there is no subscription "
                f"{names.start_subscription(name)}: they are lost.",
            )
        cluster = ours.get(name)
        for sentence in (
            *_regions(name, cluster, theirs),
            *_limit(name, cluster, theirs),
            *(_way(cluster, theirs) if cluster else ()),
        ):
            yield name, sentence


def _regions(name: str, cluster: Cluster | None, theirs: Mapping[str, Any]) -> Iterator[str]:
    gpu_type = theirs["mig_clusters"][name]
    if not isinstance(gpu_type, Hashable) or gpu_type not in theirs["gpu_regions"]:
        has = (
            f" {gpu_type} has no regions" if isinstance(gpu_type, str) else f" is {show(gpu_type)}"
        )
        yield f"its GPU type{has}, so the scheduler does not start."
        return
    listed = theirs["gpu_regions"][gpu_type]
    if not isinstance(listed, list):
        yield (
            f"the regions of {gpu_type} are {show(listed)}, and no list: it raises none of the "
            "cluster's groups, and its jobs wait for ever."
        )
        return
    regions = {str(region) for region in listed}
    there = {group.region for group in cluster.groups} if cluster else set()
    for region in sorted(there - regions):
        yield f"it never raises a group in {region}: jobs find no capacity there."
    for region in sorted(regions - there):
        yield (
            f"it resizes {names.group(name, region)}, which does not exist: while a job waits "
            "for the cluster, each of its cycles ends in an error."
        )


def _limit(name: str, cluster: Cluster | None, theirs: Mapping[str, Any]) -> Iterator[str]:
    """
    What comes of a limit, as the scheduler takes it: unchecked, into `min(jobs, limit)`.

    True and false are 1 and 0 there; .inf and .nan are as good as no limit.
    """
    limit = theirs["max_scale_limits"].get(name, math.inf)
    if not isinstance(limit, int | float):
        yield (
            f"its limit is {show(limit)}, and no number: it raises none of the cluster's groups, "
            "whose jobs wait for ever, and each of its cycles ends in an error."
        )
    elif limit < 0:
        yield (
            f"its limit is {limit}: in each cycle, with jobs or without, it sets the cluster's "
            f"groups to {limit} VMs, which fails, and its jobs wait for ever."
        )
    elif limit == 0:
        yield "its limit is 0: it raises none of the cluster's groups, and its jobs wait for ever."
    elif isinstance(limit, float) and math.isfinite(limit):
        yield (
            f"its limit is {limit}, and no whole number: while more jobs wait than that, it raises "
            "none of the cluster's groups, and each of its cycles ends in an error."
        )
    elif cluster:
        yield from _another_limit(cluster, int(limit) if math.isfinite(limit) else None)


def _way(cluster: Cluster, theirs: Mapping[str, Any]) -> Iterator[str]:
    """What comes of the way that it asks for VMs: by a size, or by a resize request."""
    word, in_bulk = theirs[CAPACITY].get(cluster.name), cluster.name in theirs[BULK]
    if cluster.wants_requests and word != "flex-start":
        yield (
            "it sets sizes, and of flex-start a size gives no VM: its jobs wait for ever. It must "
            f"create resize requests instead, and have the cluster in {CAPACITY} as flex-start."
        )
    if word == "flex-start" and not in_bulk and not cluster.takes_requests:
        had = f"{cluster.capacity} in bulk" if cluster.in_bulk else cluster.capacity
        yield (
            f"it takes the cluster for flex-start and creates resize requests, which Google "
            f"refuses of {had}: its jobs wait for ever."
        )
    if cluster.in_bulk and not in_bulk:
        yield (
            "it raises a group that has VMs, and Google raises one of these only while it is "
            f"empty: have the cluster in {BULK}, and raise its groups from nothing."
        )


def _another_limit(cluster: Cluster, limit: int | None) -> Iterator[str]:
    if limit == cluster.max_vms:
        return
    if limit is None:
        yield (
            "it has no limit, and raises a group as far as there are jobs, not to "
            f"{_vms(cluster.max_vms)}."
        )
    elif cluster.max_vms is None:
        yield f"it raises a group to {_vms(limit)}, and no max_vms is set here to compare."
    else:
        yield f"it raises a group to {_vms(limit)} instead of {cluster.max_vms}."


def _vms(count: int | None) -> str:
    return f"{count} VM" if count == 1 else f"{count} VMs"
