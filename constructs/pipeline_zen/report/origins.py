"""
The way back from a plan to the YAML: which setting a resource, or an attribute of it, comes from.

A resource's name in a stack is its physical name, from which its cluster, region or bucket can be
told. What only the code decides has no origin.
"""

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

_OF_ALL = {"labels": ("labels",), "project": ("project",)}
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
                Origin(_path(loc), self._place(loc))
                for loc in dict.fromkeys(self._itself(kind, name))
            )
        return tuple(map(self._of, dict.fromkeys(self._attributes(kind, name, attributes))))

    def _of(self, loc: Loc) -> Origin:
        """What an attribute comes from, be it a default."""
        place = None if loc == _RELEASE else self._place(loc)
        if place or loc == _RELEASE:
            return Origin(_path(loc), place)
        above = (self._place(loc[:end]) for end in range(len(loc) - 1, 0, -1))
        near = next(filter(None, above), None) or self._place(("project",))
        return Origin(_path(loc), near, is_default=near is not None)

    def _itself(self, kind: str, name: str) -> Iterator[Loc]:
        grant = kinds.of(kind).on
        if grant is not None:
            # A grant is there because what it is on is there.
            thing = names.granted_on(name)
            yield from self._itself(grant.type, thing) if thing else ()
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

    def _attributes(self, kind: str, name: str, attributes: Sequence[str]) -> Iterator[Loc]:
        cluster, region = names.parts(name)
        fleet = self._settings.fleets.get(cluster[1]) if cluster else None
        suffix = names.suffix_of(self._settings.environment, name)
        table: dict[str, Loc] = dict(_OF_ALL)
        if kind == SUBSCRIPTION:
            table |= _OF_A_SUBSCRIPTION
        if kind == BUCKET and suffix:
            table |= {**_OF_A_BUCKET, "location": ("results_buckets", suffix)}
        elif kind == BUCKET:
            table["location"] = ("datasets_location",)
        if cluster and fleet:
            start: Loc = ("fleets", cluster[1])
            if kind == GROUP and region:
                table["distribution_policy_zones"] = (*start, "regions", region)
                table["distribution_policy_target_shape"] = (*start, "target_shape")
            if kind == TEMPLATE:
                table |= {path: (*start, *loc) if loc != _RELEASE else loc
                          for path, loc in _of_a_template(fleet, cluster[0]).items()}  # fmt: skip
        for attribute in attributes:
            for path, loc in table.items():
                if attribute == path or attribute.startswith((f"{path}.", f"{path}[")):
                    yield loc


def _path(loc: Loc) -> str:
    return ".".join(map(str, loc))


def _of_a_template(fleet: Fleet, gpus: int) -> dict[str, Loc]:
    release: Loc = _RELEASE
    if gpus in fleet.cluster_image_versions:
        release = ("cluster_image_versions", gpus)
    elif fleet.image_version:
        release = ("image_version",)
    capacity: Loc = ("cluster_capacity", gpus) if gpus in fleet.cluster_capacity else ("capacity",)
    return {
        "disk[0].disk_size_gb": ("boot_disk_gb",),
        "disk[0].disk_type": ("boot_disk_type",),
        "disk[0].source_image": release,
        "guest_accelerator[0].count": ("machine_types", gpus),
        "guest_accelerator[0].type": ("accelerator",),
        "machine_type": ("machine_types", gpus),
        "reservation_affinity": ("reservations", gpus),
        "scheduling[0].instance_termination_action": capacity,
        "scheduling[0].max_run_duration": ("max_run_hours",),
        "scheduling[0].preemptible": capacity,
        "scheduling[0].provisioning_model": capacity,
    }
