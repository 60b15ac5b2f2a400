"""
What must hold between settings, beyond what each may say by itself.

These are contradictions, which nothing excuses. What Google has to say is in `lint.py`.

A check is a function whose parameters are the settings it needs, by name; it yields the findings.
It runs when these settings are sound, whatever is wrong elsewhere, so that one run shows all.
"""

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, TypeVar

from pipeline_zen import names
from pipeline_zen import versions as provider
from pipeline_zen.settings.model import IN_WORDS, RESERVATION, Fleet, Local, Scheduler
from pipeline_zen.settings.words import show

RESERVED_LABELS = ("app", "cluster", "env")
"""Set on resources by this program."""

_BY_GPUS = ("cluster_capacity", "cluster_image_versions", "max_vms", "reservations")
"""The settings of a fleet that single clusters have, by their number of GPUs."""

Found = TypeVar("Found")


class Finding(NamedTuple):
    """What a check found: at which setting, or its name, what is wrong, what to do."""

    loc: tuple[str | int, ...]
    message: str
    hint: str
    at_key: bool = False
    missing: tuple[str | int, ...] = ()
    """Where something is missed, if so: it may be there, and only not be sound."""


def run(settings: Mapping[str, Any]) -> Iterator[Finding]:
    """The findings of every check whose settings are all among *settings*."""
    for check in CHECKS:
        yield from found(check, settings)


def found(check: Callable[..., Iterator[Found]], settings: Mapping[str, Any]) -> Iterator[Found]:
    """What *check* finds; nothing where one of its settings is not among *settings*."""
    needs = inspect.signature(check).parameters
    if all(name in settings for name in needs):
        yield from check(**{name: settings[name] for name in needs})


def environment_is_one_the_vms_know(environment: str) -> Iterator[Finding]:
    """Nothing else is called as developers' own machines call themselves."""
    if environment == names.LOCAL:
        yield Finding(
            (),
            'an environment cannot be called "local"',
            "Developers' machines use dev as `local`: see the `local` setting there.",
        )


def project_is_the_environments(environment: str, project: str) -> Iterator[Finding]:
    """The project is the one that the VMs will look in."""
    expected = names.project(environment)
    if project != expected:
        yield Finding(
            ("project",),
            f"got {show(project)}",
            f"It must be {expected}: a VM derives its project from its environment, {environment}.",
        )


def local_is_in_dev(environment: str, local: Local | None) -> Iterator[Finding]:
    """Its buckets are one of a kind in the world, and its VMs look in dev's project."""
    if local and environment != "dev":
        yield Finding(
            ("local",),
            "only for dev",
            "Take it out: with PZ_ENV=local a machine works in the project of dev.",
            at_key=True,
        )


def capacities_are_of_clusters(fleets: dict[str, Fleet]) -> Iterator[Finding]:
    """What is said of single clusters is said of clusters that the fleet has."""
    for name, fleet in fleets.items():
        for setting in _BY_GPUS:
            for gpus in getattr(fleet, setting):
                if gpus not in fleet.machine_types:
                    sizes = ", ".join(map(str, sorted(fleet.machine_types)))
                    message = f"the fleet has no VMs with {gpus} GPUs"
                    hint = f"It has {sizes}: name one of them, or take the line out."
                    yield Finding(("fleets", name, setting, gpus), message, hint, at_key=True)


def capacities_can_be_written(fleets: dict[str, Fleet]) -> Iterator[Finding]:
    """The provider knows the arguments."""
    for name, loc, capacity in _capacities(fleets):
        if capacity in provider.NEEDED:
            yield Finding(
                ("fleets", name, *loc),
                f"{capacity} needs version {provider.NEEDED[capacity]} of the Google provider, "
                f"and {provider.VERSION} is used here",
                "Set it to standard, spot or reservation. The version comes with the CDK's "
                "constructs: see provider.py.",
            )


def _capacities(
    fleets: dict[str, Fleet],
) -> Iterator[tuple[str, tuple[str | int, ...], str]]:
    """Each capacity that is set or meant, with its fleet and its place there."""
    for name, fleet in fleets.items():
        yield name, ("capacity",), fleet.capacity
        for gpus, capacity in fleet.cluster_capacity.items():
            yield name, ("cluster_capacity", gpus), capacity


def reservations_are_named(fleets: dict[str, Fleet]) -> Iterator[Finding]:
    """What is had by reservation has one, and nothing else has."""
    for name, fleet in fleets.items():
        for gpus in fleet.machine_types:
            reserved = fleet.capacity_of(gpus) == "reservation"
            if reserved and gpus not in fleet.reservations:
                own = gpus in fleet.cluster_capacity
                loc = ("cluster_capacity", gpus) if own else ("capacity",)
                yield Finding(
                    ("fleets", name, *loc),
                    f"no reservation for the VMs with {gpus} GPUs",
                    f"Name it: reservations: {{{gpus}: my-reservation}}.",
                    missing=("fleets", name, "reservations"),
                )
            elif gpus in fleet.reservations and not reserved:
                yield Finding(
                    ("fleets", name, "reservations", gpus),
                    f"the VMs with {gpus} GPUs are had as {fleet.capacity_of(gpus)}",
                    "Take the reservation out, or set their capacity to reservation.",
                    at_key=True,
                )
        for gpus, reservation in fleet.reservations.items():
            # Not a pattern of the model: what is cut out as unsound would seem to be missing.
            if not re.fullmatch(RESERVATION, reservation):
                yield Finding(
                    ("fleets", name, "reservations", gpus),
                    f"got {show(reservation)}",
                    f"It must be {IN_WORDS[RESERVATION]}.",
                )


def zones_are_listed_once(fleets: dict[str, Fleet]) -> Iterator[Finding]:
    """No zone stands twice in a region's list."""
    for name, fleet in fleets.items():
        for region, letters in fleet.regions.items():
            for index, letter in enumerate(letters):
                if letter in letters[:index]:
                    yield Finding(
                        ("fleets", name, "regions", region, index),
                        f"{region}-{letter} is listed twice",
                        "Keep one of the two.",
                    )


def regions_have_a_results_bucket(
    fleets: dict[str, Fleet], results_buckets: dict[str, str]
) -> Iterator[Finding]:
    """A VM finds the bucket that it will look for when its job is done."""
    for name, fleet in fleets.items():
        for region in fleet.regions:
            suffix = names.results_suffix(region)
            if suffix not in results_buckets:
                yield Finding(
                    ("fleets", name, "regions", region),
                    "no results bucket for this region",
                    f'A VM there writes its results to the bucket "{suffix}" when its job ends. '
                    f"Add {suffix} to results_buckets, which has "
                    f"{', '.join(sorted(results_buckets))}, or leave the region out.",
                )


def clusters_are_told_apart(fleets: dict[str, Fleet], local: Local | None) -> Iterator[Finding]:
    """Each cluster has one start subscription: no two share a name."""
    rented = {
        names.cluster(gpus, name) for name, fleet in fleets.items() for gpus in fleet.machine_types
    }
    seen: set[str] = set()
    for index, cluster in enumerate(local.clusters if local else ()):
        if cluster in rented:
            message = f"{show(cluster)} is a cluster of rented machines"
            yield Finding(("local", "clusters", index), message, "Choose another name.")
        if cluster in seen:
            message = f"{show(cluster)} is listed twice"
            yield Finding(("local", "clusters", index), message, "Keep one of the two.")
        seen.add(cluster)


def the_schedulers_account_is_its_member(
    project: str, scheduler: Scheduler | None
) -> Iterator[Finding]:
    """The account that is made is the one that gets the rights."""
    member = names.scheduler_member(project)
    if scheduler and scheduler.create_account and scheduler.member != member:
        yield Finding(
            ("scheduler", "member"),
            f"got {show(scheduler.member)}, and another account is made",
            f"Set it to {member}, or leave create_account out.",
        )


def the_scheduler_is_no_job(project: str, scheduler: Scheduler | None) -> Iterator[Finding]:
    """No VM that runs a job can change its own fleet."""
    if scheduler and scheduler.member.startswith(f"serviceAccount:{names.SERVICE_ACCOUNT}@"):
        yield Finding(
            ("scheduler", "member"),
            f"got {show(scheduler.member)}, the account of the jobs",
            "Every VM with a job would get the scheduler's rights, and could change the groups. "
            f"Name the scheduler's own, such as {names.scheduler_member(project)}.",
        )


def the_scheduler_is_of_the_environment(
    project: str, scheduler: Scheduler | None
) -> Iterator[Finding]:
    """No environment's scheduler gets rights in another environment by mistake."""
    if scheduler is None:
        return
    other = scheduler.member.partition("@")[2].partition(".")[0]
    theirs = other != project and other.startswith(names.project(""))
    if theirs and scheduler.member == names.scheduler_member(other):
        yield Finding(
            ("scheduler", "member"),
            f"got {show(scheduler.member)}, the scheduler of another environment",
            f"It must be {names.scheduler_member(project)}: the scheduler derives its project from "
            "its environment, as VMs do. Environments with a scheduler each name it in their own "
            "files, not in base.yaml.",
        )


def labels_leave_ours_alone(labels: dict[str, str]) -> Iterator[Finding]:
    """No label is set that this program sets itself."""
    for name in labels:
        if name in RESERVED_LABELS:
            yield Finding(
                ("labels", name),
                "this label is set for you",
                f"Choose another name; {', '.join(RESERVED_LABELS)} are taken.",
            )


CHECKS: tuple[Callable[..., Iterator[Finding]], ...] = (
    environment_is_one_the_vms_know,
    project_is_the_environments,
    local_is_in_dev,
    capacities_are_of_clusters,
    capacities_can_be_written,
    reservations_are_named,
    zones_are_listed_once,
    regions_have_a_results_bucket,
    clusters_are_told_apart,
    the_schedulers_account_is_its_member,
    the_scheduler_is_no_job,
    the_scheduler_is_of_the_environment,
    labels_leave_ours_alone,
)
