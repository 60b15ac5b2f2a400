"""
The way back from a plan to the YAML: which setting a resource, or an attribute of it, comes from.

A resource's name in a stack is its physical name, from which its cluster, region or bucket can be
told. What only the code decides has no origin.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline_zen import kinds, names
from pipeline_zen.kinds import BUCKET, GROUP, SUBSCRIPTION, TEMPLATE
from pipeline_zen.settings import Fleet, Place, Settings, places

Loc = tuple[str | int, ...]

RELEASE = "VERSION"
_RELEASE = (RELEASE,)

FEW = 5
"""So many are named in a sentence."""

_INDEX = re.compile(r"\[[0-9]+\]")
_OF_THE_SCHEDULER = ("-scheduler", f"-{names.SCHEDULER_ACCOUNT}")
"""How the names of its grants end."""

QUOTA = "google_cloud_quotas_quota_preference"

_ENDED_BY_GOOGLE = ("spot", "flex-start", "reservation-bound")
"""How what Google ends by itself is had."""

_OF_ALL: dict[str, Loc] = {
    "deletion_policy": ("protected",),
    "deletion_protection": ("protected",),
    "force_destroy": ("protected",),
    "labels": ("labels",),
    "project": ("project",),
}
_OF_A_QUOTA: dict[str, Loc] = {
    "contact_email": ("quota_preferences", "contact_email"),
    "quota_config": ("quota_preferences",),
}
_OF_A_BUCKET = {
    "public_access_prevention": ("public_results",),
    "uniform_bucket_level_access": ("public_results",),
}
_OF_A_SUBSCRIPTION = {
    "ack_deadline_seconds": ("delivery", "ack_deadline_seconds"),
    "message_retention_duration": ("delivery", "retention_days"),
}


@dataclass(frozen=True)
class Origin:
    """A setting, and where it stands; no place where it is not there, or not any more."""

    setting: str
    place: Place | None
    is_default: bool = False
    """Whether nobody has set it; its place is then the line that it would stand below."""
    near: Place | None = None
    """Where one that is not there would stand: the nearest line above it that is there."""

    def __str__(self) -> str:
        """As part of a sentence."""
        if self.setting == RELEASE:
            return f"`{RELEASE}`"
        where = f"{self.place.file}:{self.place.line}" if self.place else "is not there"
        return f"`{self.setting}` ({'not set; ' * self.is_default}{where})"


def listed(origins: Sequence[Origin]) -> str:
    """Several as part of a sentence, the first few by name."""
    more = f" and {len(origins) - FEW:,} more" if len(origins) > FEW else ""
    return f"{', '.join(map(str, origins[:FEW]))}{more}"


class Origins:
    """The origins of an environment's resources."""

    def __init__(self, settings: Settings, root: Path) -> None:
        """Find them in the YAML below *root*, which *settings* were read from."""
        self._settings = settings
        self._place: Callable[[Sequence[str | int]], Place | None] = places(
            root, settings.environment
        )

    def of(self, kind: str, name: str, attributes: Iterable[str]) -> tuple[Origin, ...]:
        """
        The settings that a resource comes from.

        Those of the *attributes*, paths such as `disk[0].source_image`; without any, those that
        make the resource be there at all. Empty where no setting decides that.
        """
        attributes = tuple(attributes)
        if not attributes:
            return tuple(
                Origin(_path(loc), self._place(loc), near=self._above(loc))
                for loc in dict.fromkeys(self._itself(kind, name))
            )
        return tuple(map(self._of, dict.fromkeys(self._attributes(kind, name, attributes))))

    def _of(self, loc: Loc) -> Origin:
        """What an attribute comes from, be it a default."""
        place = None if loc == _RELEASE else self._place(loc)
        if place or loc == _RELEASE:
            return Origin(_path(loc), place)
        near = self._above(loc) or self._place(("project",))
        return Origin(_path(loc), near, is_default=near is not None)

    def _above(self, loc: Loc) -> Place | None:
        above = (self._place(loc[:end]) for end in range(len(loc) - 1, 0, -1))
        return next(filter(None, above), None)

    def _itself(self, kind: str, name: str) -> Iterator[Loc]:
        grant = kinds.of(kind).on
        if grant is not None:
            # A grant is there because what it is on is there.
            thing = names.granted_on(name)
            found = list(self._itself(grant.type, thing)) if thing else []
            if not found and self._is_of_the_scheduler(name):
                found = [("scheduler",)]
            yield from found
            return
        cluster, region = names.parts(name)
        suffix = names.suffix_of(self._settings.environment, name)
        if names.is_of_developers(name):
            yield ("local",)
        elif cluster and cluster[1] == names.LOCAL:
            yield ("local", "clusters")
        elif cluster:
            gpus, fleet = cluster
            start: Loc = ("fleets", fleet)
            known = self._settings.fleets.get(fleet)
            if known and gpus not in known.machine_types:
                yield (*start, "machine_types", gpus)
            elif known and region and kind == GROUP:
                yield (*start, "regions", region)
            elif known:
                yield (*start, "machine_types", gpus)
            else:
                yield start
        elif kind == BUCKET and suffix:
            yield ("results_buckets", suffix)
        elif kind == QUOTA and self._settings.quota_preferences:
            yield ("quota_preferences",)

    def _is_of_the_scheduler(self, grant: str) -> bool:
        return bool(self._settings.scheduler) and grant.endswith(_OF_THE_SCHEDULER)

    def _attributes(self, kind: str, name: str, attributes: Sequence[str]) -> Iterator[Loc]:
        table = {**_OF_ALL, **self._by_kind(kind, name), **self._by_fleet(kind, name)}
        for attribute in attributes:
            # A block is a list of one in a plan, and none in a stack.
            bare = _INDEX.sub("", attribute)
            for path, loc in table.items():
                if bare == path or bare.startswith(f"{path}."):
                    yield loc

    def _by_kind(self, kind: str, name: str) -> dict[str, Loc]:
        suffix = names.suffix_of(self._settings.environment, name)
        table: dict[str, Loc] = {}
        if kinds.of(kind).on is not None and self._is_of_the_scheduler(name):
            table["member"] = ("scheduler", "member")
        if kind == SUBSCRIPTION:
            table |= _OF_A_SUBSCRIPTION
        elif kind == QUOTA:
            table |= _OF_A_QUOTA
        elif name == names.RESULTS_WRITER:
            table |= {"permissions": ("public_results",), "description": ("public_results",)}
        if kind == BUCKET and names.is_of_developers(name):
            table["location"] = ("local", "location")
        elif kind == BUCKET and suffix:
            table |= {**_OF_A_BUCKET, "location": ("results_buckets", suffix)}
        elif kind == BUCKET:
            table["location"] = ("datasets_location",)
        return table

    def _by_fleet(self, kind: str, name: str) -> dict[str, Loc]:
        cluster, region = names.parts(name)
        fleet = self._settings.fleets.get(cluster[1]) if cluster else None
        own: dict[str, Loc] = {}
        if not cluster or not fleet:
            return own
        if kind == GROUP and region:
            own = _of_a_group(fleet, cluster[0], region)
        elif kind == TEMPLATE:
            own = _of_a_template(fleet, cluster[0])
        start: Loc = ("fleets", cluster[1])
        return {path: loc if loc == _RELEASE else (*start, *loc) for path, loc in own.items()}


def _path(loc: Loc) -> str:
    return ".".join(map(str, loc))


def _capacity(fleet: Fleet, gpus: int) -> Loc:
    """The setting by which the cluster's VMs are had as they are."""
    return ("cluster_capacity", gpus) if gpus in fleet.cluster_capacity else ("capacity",)


def _of_a_group(fleet: Fleet, gpus: int, region: str) -> dict[str, Loc]:
    waits = fleet.capacity_of(gpus) == "flex-start"
    mode: Loc = ("target_size_mode",)
    shape: Loc = ("target_shape",)
    if fleet.shape_of(gpus) != fleet.target_shape:
        shape = _capacity(fleet, gpus) if waits else mode
    zones: Loc = ("regions", region)
    return {
        "distribution_policy_zones": zones,
        "distribution_policy_target_shape": shape,
        "standby_policy": mode,
        "target_size_policy": mode,
        "update_policy.max_surge_fixed": shape if shape != ("target_shape",) else zones,
        "update_policy.max_unavailable_fixed": zones,
    }


def _of_a_template(fleet: Fleet, gpus: int) -> dict[str, Loc]:
    release: Loc = _RELEASE
    if gpus in fleet.cluster_image_versions:
        release = ("cluster_image_versions", gpus)
    elif fleet.image_version:
        release = ("image_version",)
    capacity = _capacity(fleet, gpus)
    endless = fleet.max_run_hours is None
    ends: Loc = ("max_run_hours",)
    return {
        "disk.device_name": release,
        "disk.disk_size_gb": ("boot_disk_gb",),
        "disk.disk_type": ("boot_disk_type",),
        "disk.source_image": release,
        "guest_accelerator.count": ("machine_types", gpus),
        "guest_accelerator.type": ("accelerator",),
        "machine_type": ("machine_types", gpus),
        "reservation_affinity": ("reservations", gpus),
        "scheduling.instance_termination_action": (
            capacity if endless or fleet.capacity_of(gpus) in _ENDED_BY_GOOGLE else ends
        ),
        "scheduling.max_run_duration": ends,
        "scheduling.preemptible": capacity,
        "scheduling.provisioning_model": capacity,
    }
