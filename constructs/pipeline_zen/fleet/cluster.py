"""
The fleet as plain values: what the settings come to, before any construct exists.

A cluster is a kind of VM, `8xa100-40gb`; it has one instance template, and one regional managed
instance group in each of its fleet's regions. All are sorted by name, whatever the order in YAML.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipeline_zen import names
from pipeline_zen.fleet.template import digest, template
from pipeline_zen.settings import Capacity, Fleet, Settings


@dataclass(frozen=True)
class InstanceGroup:
    """A regional managed instance group of a cluster."""

    name: str
    base_instance_name: str
    region: str
    zones: tuple[str, ...]
    results_bucket: str


@dataclass(frozen=True)
class Cluster:
    """A kind of VM with its template and its groups."""

    name: str
    fleet: Fleet
    machine_type: str
    gpus: int
    capacity: Capacity
    shape: str
    """How each of its groups spreads VMs over zones: Google's target shape."""
    in_bulk: bool
    """Whether a group makes its VMs all at once or not at all, and only while it is empty."""
    image_version: str
    """The release whose image its VMs boot."""
    max_vms: int | None
    """The most VMs that the scheduler raises one of its groups to; None where that is unknown."""
    template_name: str
    template: Mapping[str, Any]
    """The template's contents: its Terraform arguments, but for name and lifecycle."""
    groups: tuple[InstanceGroup, ...]

    @property
    def waits(self) -> bool:
        """Whether VMs are made once there is capacity for them, and not tried for at once."""
        return self.capacity == "flex-start" or self.in_bulk

    @property
    def takes_requests(self) -> bool:
        """Whether VMs come for resize requests."""
        return self.capacity in ("flex-start", "reservation-bound") and not self.in_bulk

    @property
    def wants_requests(self) -> bool:
        """Whether VMs come for resize requests alone: a size that is set gives none."""
        return self.capacity == "flex-start" and not self.in_bulk


def clusters(settings: Settings) -> list[Cluster]:
    """Every cluster of an environment, by fleet, then by the number of GPUs."""
    return [
        _cluster(settings, name, fleet, gpus, machine_type)
        for name, fleet in sorted(settings.fleets.items())
        for gpus, machine_type in sorted(fleet.machine_types.items())
    ]


def _cluster(
    settings: Settings, fleet_name: str, fleet: Fleet, gpus: int, machine_type: str
) -> Cluster:
    name = names.cluster(gpus, fleet_name)
    release = fleet.image_version_of(gpus, settings.version)
    contents = template(settings, name, fleet, gpus, machine_type)
    return Cluster(
        name=name,
        fleet=fleet,
        machine_type=machine_type,
        gpus=gpus,
        capacity=fleet.capacity_of(gpus),
        shape=fleet.shape_of(gpus),
        in_bulk=fleet.target_size_mode == "BULK",
        image_version=release,
        max_vms=fleet.max_vms.get(gpus),
        template_name=names.template(name, release, digest(contents)),
        template=contents,
        groups=tuple(
            InstanceGroup(
                name=names.group(name, region),
                base_instance_name=names.base_instance(name, region),
                region=region,
                zones=tuple(f"{region}-{letter}" for letter in sorted(letters)),
                results_bucket=names.results_bucket(
                    settings.environment, names.results_suffix(region)
                ),
            )
            for region, letters in sorted(fleet.regions.items())
        ),
    )
