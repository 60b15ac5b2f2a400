"""
The fleet as plain values: what the settings come to, before any construct exists.

A cluster is a kind of VM, `8xa100-40gb`; it has one instance template, and one regional managed
instance group in each of its fleet's regions. All are sorted by name, whatever the order in YAML.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipeline_zen import names
from pipeline_zen.settings import Capacity, Fleet, Settings

STARTUP_SCRIPT = "/pipeline-zen-jobs/scripts/mig-runtime/startup-script.sh"
"""On the VM image; runs the job listener and deletes the VM afterwards."""


@dataclass(frozen=True)
class Group:
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
    image_version: str
    """The release whose image its VMs boot."""
    max_vms: int | None
    """The most VMs that the scheduler raises one of its groups to; None where that is unknown."""
    template_name: str
    template: Mapping[str, Any]
    """The template's contents: its Terraform arguments, but for name and lifecycle."""
    groups: tuple[Group, ...]


def clusters(settings: Settings) -> list[Cluster]:
    """Every cluster of an environment, by fleet, then by the number of GPUs."""
    return [
        _cluster(settings, name, fleet, gpus, machine_type)
        for name, fleet in sorted(settings.fleets.items())
        for gpus, machine_type in sorted(fleet.machine_types.items())
    ]


def labels(settings: Settings) -> dict[str, str]:
    """The labels on everything that can have them."""
    return {**settings.labels, "app": "pipeline-zen", "env": settings.environment}


def _cluster(
    settings: Settings, fleet_name: str, fleet: Fleet, gpus: int, machine_type: str
) -> Cluster:
    name = names.cluster(gpus, fleet_name)
    release = fleet.image_version_of(gpus, settings.version)
    template = _template(settings, name, fleet, gpus, machine_type)
    return Cluster(
        name=name,
        fleet=fleet,
        machine_type=machine_type,
        gpus=gpus,
        capacity=fleet.capacity_of(gpus),
        image_version=release,
        max_vms=fleet.max_vms.get(gpus),
        template_name=names.template(name, release, _digest(template)),
        template=template,
        groups=tuple(
            Group(
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


def _template(
    settings: Settings, cluster: str, fleet: Fleet, gpus: int, machine_type: str
) -> dict[str, Any]:
    release = fleet.image_version_of(gpus, settings.version)
    return {
        "project": settings.project,
        "machine_type": machine_type,
        "disk": [
            {
                "auto_delete": True,
                "boot": True,
                "device_name": names.boot_disk(cluster, release),
                "disk_size_gb": fleet.boot_disk_gb,
                "disk_type": fleet.boot_disk_type,
                "mode": "READ_WRITE",
                "source_image": names.image(settings.images_project, release),
            }
        ],
        # Jobs reach Hugging Face and the billing service on the internet, and nothing reaches in.
        "network_interface": [
            {"network": "default", "access_config": [{"network_tier": "PREMIUM"}]}
        ],
        "guest_accelerator": [{"type": fleet.accelerator, "count": gpus}],
        "service_account": {
            "email": f"${{google_service_account.{names.SERVICE_ACCOUNT}.email}}",
            # What the VM may do is up to the account's roles alone.
            "scopes": ["https://www.googleapis.com/auth/cloud-platform"],
        },
        "metadata": {"startup-script": STARTUP_SCRIPT, "PZ_ENV": settings.environment},
        "scheduling": _scheduling(fleet, gpus),
        # The image's NVIDIA drivers are not signed for secure boot.
        "shielded_instance_config": {
            "enable_integrity_monitoring": False,
            "enable_secure_boot": False,
            "enable_vtpm": False,
        },
        "reservation_affinity": _reservation_affinity(fleet, gpus),
        "labels": {**labels(settings), "cluster": cluster},
    }


def _scheduling(fleet: Fleet, gpus: int) -> dict[str, Any]:
    # A VM with GPUs cannot be moved to another host, and a job cannot go on after a restart.
    scheduling: dict[str, Any] = {
        "automatic_restart": False,
        "on_host_maintenance": "TERMINATE",
        "provisioning_model": "STANDARD",
    }
    # What is stopped keeps its disk, which nobody would delete: both end in DELETE. Google
    # refuses that for a standard VM without a limit.
    if fleet.capacity_of(gpus) == "spot":
        scheduling |= {
            "instance_termination_action": "DELETE",
            "preemptible": True,
            "provisioning_model": "SPOT",
        }
    if fleet.max_run_hours:
        scheduling |= {
            "instance_termination_action": "DELETE",
            "max_run_duration": {"seconds": fleet.max_run_hours * 3_600},
        }
    return scheduling


def _reservation_affinity(fleet: Fleet, gpus: int) -> dict[str, Any]:
    if fleet.capacity_of(gpus) != "reservation":
        # None is used up by chance that was made for something else.
        return {"type": "NO_RESERVATION"}
    return {
        "type": "SPECIFIC_RESERVATION",
        "specific_reservation": {
            "key": "compute.googleapis.com/reservation-name",
            "values": [fleet.reservations[gpus]],
        },
    }


def _digest(template: Mapping[str, Any]) -> str:
    """Eight characters that change when anything in the template does."""
    text = json.dumps(template, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:8]
