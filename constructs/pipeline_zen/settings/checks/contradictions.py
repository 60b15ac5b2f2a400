"""Checks of settings against each other: contradictions, which nothing excuses."""

import re
from collections.abc import Iterator

from pipeline_zen import names
from pipeline_zen.settings.checks.check import check
from pipeline_zen.settings.forms import IN_WORDS, RESERVATION
from pipeline_zen.settings.model import Capacity, Fleet, Local, Scheduler
from pipeline_zen.settings.problems import Defect, Loc
from pipeline_zen.settings.words import show

_BY_GPUS = ("cluster_capacity", "cluster_image_versions", "max_vms", "reservations")
"""The settings of a fleet that single clusters have, by their number of GPUs."""

RESERVED: tuple[Capacity, ...] = ("reservation", "reservation-bound")
"""How what comes out of a reservation is had."""

IN_BULK: tuple[Capacity, ...] = ("flex-start", "reservation-bound")
"""How what a group makes all at once is had."""

FLEX_START_HOURS = 168

SPREAD = ("BALANCED", "EVEN")
"""The shapes that want VMs in several zones."""


@check
def project_is_the_environments(environment: str, project: str) -> Iterator[Defect]:
    """The project is the one that the VMs will look in."""
    expected = names.project(environment)
    if project != expected:
        yield Defect(
            ("project",),
            f"got {show(project)}",
            f"It must be {expected}: a VM derives its project from its environment, {environment}.",
            instead=expected,
        )


@check
def local_is_in_dev(environment: str, local: Local | None) -> Iterator[Defect]:
    """Developers' own machines have buckets that are one of a kind, and look in dev's project."""
    if local and environment != "dev":
        yield Defect(
            ("local",),
            "only for dev",
            "Take it out: with PZ_ENV=local a machine works in the project of dev.",
            at_key=True,
        )


@check
def capacities_are_of_clusters(fleets: dict[str, Fleet]) -> Iterator[Defect]:
    """What is said of single clusters is said of clusters that the fleet has."""
    for name, fleet in fleets.items():
        for setting in _BY_GPUS:
            for gpus in getattr(fleet, setting):
                if gpus not in fleet.machine_types:
                    sizes = ", ".join(map(str, sorted(fleet.machine_types)))
                    message = f"the fleet has no VMs with {gpus} GPUs"
                    hint = f"It has {sizes}: name one of them, or take the line out."
                    yield Defect(("fleets", name, setting, gpus), message, hint, at_key=True)


def _clusters(fleets: dict[str, Fleet]) -> Iterator[tuple[Fleet, int, Capacity, Loc]]:
    """Each cluster's fleet, number of GPUs and capacity, and where that stands."""
    for name, fleet in fleets.items():
        for gpus in fleet.machine_types:
            own = gpus in fleet.cluster_capacity
            loc: Loc = ("cluster_capacity", gpus) if own else ("capacity",)
            yield fleet, gpus, fleet.capacity_of(gpus), ("fleets", name, *loc)


@check
def reservations_are_named(fleets: dict[str, Fleet]) -> Iterator[Defect]:
    """What is had by reservation has one, and nothing else has."""
    for fleet, gpus, capacity, loc in _clusters(fleets):
        place = (*loc[:2], "reservations")
        if capacity in RESERVED and gpus not in fleet.reservations:
            yield Defect(
                loc,
                f"no reservation for the VMs with {gpus} GPUs",
                f"Name it: reservations: {{{gpus}: my-reservation}}.",
                missing=place,
            )
        elif gpus in fleet.reservations and capacity not in RESERVED:
            yield Defect(
                (*place, gpus),
                f"the VMs with {gpus} GPUs are had as {capacity}",
                f"Take the reservation out, or set their capacity to {' or '.join(RESERVED)}.",
                at_key=True,
            )


@check
def reservations_are_well_named(fleets: dict[str, Fleet]) -> Iterator[Defect]:
    """A reservation's name is one."""
    for name, fleet in fleets.items():
        for gpus, reservation in fleet.reservations.items():
            # Not a pattern of the model: what is cut out as unsound would seem to be missing.
            if not re.fullmatch(RESERVATION, reservation):
                yield Defect(
                    ("fleets", name, "reservations", gpus),
                    f"got {show(reservation)}",
                    f"It must be {IN_WORDS[RESERVATION]}.",
                )


@check
def runs_end(fleets: dict[str, Fleet]) -> Iterator[Defect]:
    """What is had as flex-start runs for a week at most, and what is bound has its own end."""
    for fleet, gpus, capacity, loc in _clusters(fleets):
        hours, place = fleet.max_run_hours, (*loc[:2], "max_run_hours")
        if capacity == "flex-start" and hours is None:
            yield Defect(
                loc,
                f"no end for the VMs with {gpus} GPUs",
                f"Google wants one of flex-start: max_run_hours: {FLEX_START_HOURS}, or fewer.",
                missing=place,
            )
        elif capacity == "flex-start" and hours and hours > FLEX_START_HOURS:
            yield Defect(
                place,
                f"the VMs with {gpus} GPUs are had as flex-start, got {hours}",
                f"Google lets them run for {FLEX_START_HOURS} hours at most.",
            )
        elif capacity == "reservation-bound" and hours is not None:
            yield Defect(
                place,
                f"the VMs with {gpus} GPUs are had as reservation-bound",
                "Take it out: they end with their reservation, and Google takes no other end.",
                at_key=True,
            )


@check
def shapes_are_possible(fleets: dict[str, Fleet]) -> Iterator[Defect]:
    """A shape that is asked for is one that the group can have."""
    for fleet, gpus, capacity, loc in _clusters(fleets):
        asked, had = fleet.target_shape, fleet.shape_of(gpus)
        if had != asked and asked in SPREAD:
            how = "had as flex-start" if capacity == "flex-start" else "made in BULK"
            yield Defect(
                (*loc[:2], "target_shape"),
                f"the VMs with {gpus} GPUs are {how}, got {show(asked)}",
                f"Take it out: what is {how} has {had}.",
            )


@check
def bulk_is_possible(fleets: dict[str, Fleet]) -> Iterator[Defect]:
    """What is made all at once is had in a way that Google makes so."""
    for fleet, gpus, capacity, loc in _clusters(fleets):
        if fleet.target_size_mode == "BULK" and capacity not in IN_BULK:
            yield Defect(
                (*loc[:2], "target_size_mode"),
                f"the VMs with {gpus} GPUs are had as {capacity}, which is not made in bulk",
                f"Set their capacity to {' or '.join(IN_BULK)}, or take BULK out.",
            )


@check
def zones_are_listed_once(fleets: dict[str, Fleet]) -> Iterator[Defect]:
    """No zone stands twice in a region's list."""
    for name, fleet in fleets.items():
        for region, letters in fleet.regions.items():
            for index, letter in enumerate(letters):
                if letter in letters[:index]:
                    yield Defect(
                        ("fleets", name, "regions", region, index),
                        f"{region}-{letter} is listed twice",
                        "Keep one of the two.",
                    )


@check
def regions_have_a_results_bucket(
    fleets: dict[str, Fleet], results_buckets: dict[str, str]
) -> Iterator[Defect]:
    """A VM finds the bucket that it will look for when its job is done."""
    for name, fleet in fleets.items():
        for region in fleet.regions:
            suffix = names.results_suffix(region)
            if suffix not in results_buckets:
                yield Defect(
                    ("fleets", name, "regions", region),
                    "no results bucket for this region",
                    f'A VM there writes its results to the bucket "{suffix}" when its job ends. '
                    f"Add {suffix} to results_buckets, which has "
                    f"{', '.join(sorted(results_buckets))}, or leave the region out.",
                    missing=("results_buckets", suffix),
                )


@check
def clusters_are_told_apart(fleets: dict[str, Fleet], local: Local | None) -> Iterator[Defect]:
    """Each cluster has one start subscription: no two share a name."""
    rented = {
        names.cluster(gpus, name) for name, fleet in fleets.items() for gpus in fleet.machine_types
    }
    seen: set[str] = set()
    for index, cluster in enumerate(local.clusters if local else ()):
        if cluster in rented:
            message = f"{show(cluster)} is a cluster of rented machines"
            yield Defect(("local", "clusters", index), message, "Choose another name.")
        if cluster in seen:
            message = f"{show(cluster)} is listed twice"
            yield Defect(("local", "clusters", index), message, "Keep one of the two.")
        seen.add(cluster)


@check
def the_schedulers_account_is_its_member(
    project: str, scheduler: Scheduler | None
) -> Iterator[Defect]:
    """The account that is made is the one that gets the rights."""
    member = names.scheduler_member(project)
    if scheduler and scheduler.create_account and scheduler.member != member:
        yield Defect(
            ("scheduler", "member"),
            f"got {show(scheduler.member)}, and another account is made",
            f"Set it to {member}, or leave create_account out.",
            instead=member,
        )


@check
def the_scheduler_is_no_job(project: str, scheduler: Scheduler | None) -> Iterator[Defect]:
    """No VM that runs a job can change its own fleet."""
    if scheduler and scheduler.member.startswith(f"serviceAccount:{names.SERVICE_ACCOUNT}@"):
        yield Defect(
            ("scheduler", "member"),
            f"got {show(scheduler.member)}, the account of the jobs",
            "Every VM with a job would get the scheduler's rights, and could change the groups. "
            f"Name the scheduler's own, such as {names.scheduler_member(project)}.",
            instead=names.scheduler_member(project),
        )


@check
def the_scheduler_is_of_the_environment(
    project: str, scheduler: Scheduler | None
) -> Iterator[Defect]:
    """No environment's scheduler gets rights in another environment by mistake."""
    if scheduler is None:
        return
    other = scheduler.member.partition("@")[2].partition(".")[0]
    theirs = other != project and other.startswith(names.project(""))
    if theirs and scheduler.member == names.scheduler_member(other):
        yield Defect(
            ("scheduler", "member"),
            f"got {show(scheduler.member)}, the scheduler of another environment",
            f"It must be {names.scheduler_member(project)}: the scheduler derives its project from "
            "its environment, as VMs do. Environments with a scheduler each name it in their own "
            "files, not in base.yaml.",
            instead=names.scheduler_member(project),
        )
