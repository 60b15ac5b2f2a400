"""The contents of an instance template: what a VM of a cluster is made as."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from pipeline_zen import names
from pipeline_zen.settings import Capacity, Fleet, Settings

RESERVATION_KEY = "compute.googleapis.com/reservation-name"
"""The label by which Google finds a reservation."""

STARTUP_SCRIPT = "/pipeline-zen-jobs/scripts/mig-runtime/startup-script.sh"
"""The script on the VM image that runs the job listener and deletes the VM afterwards."""


def labels(settings: Settings) -> dict[str, str]:
    """The labels on everything that can have them."""
    return {**settings.labels, "app": "pipeline-zen", "env": settings.environment}


def template(
    settings: Settings, cluster: str, fleet: Fleet, gpus: int, machine_type: str
) -> dict[str, Any]:
    """The contents of a cluster's template: its Terraform arguments, but for name and lifecycle."""
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


_MODELS: Mapping[Capacity, str] = {
    "standard": "STANDARD",
    "spot": "SPOT",
    "flex-start": "FLEX_START",
    # Taken out of a reservation as any other VM would be, if it names it.
    "reservation": "STANDARD",
    "reservation-bound": "RESERVATION_BOUND",
}
"""The provisioning model of each capacity."""

ENDING: tuple[Capacity, ...] = ("spot", "flex-start", "reservation-bound")
"""The capacities whose VMs Google ends; it takes an action for that of no other without a limit."""

ENDING_MODELS = frozenset(_MODELS[capacity] for capacity in ENDING)
"""The provisioning models of those."""


def _scheduling(fleet: Fleet, gpus: int) -> dict[str, Any]:
    capacity = fleet.capacity_of(gpus)
    # A VM with GPUs cannot be moved to another host, and a job cannot go on after a restart.
    scheduling: dict[str, Any] = {
        "automatic_restart": False,
        "on_host_maintenance": "TERMINATE",
        "provisioning_model": _MODELS[capacity],
    }
    if capacity == "spot":
        scheduling["preemptible"] = True
    if fleet.max_run_hours:
        scheduling["max_run_duration"] = {"seconds": fleet.max_run_hours * 3_600}
    if capacity in ENDING or fleet.max_run_hours:
        # What is stopped keeps its disk, which nobody would delete.
        scheduling["instance_termination_action"] = "DELETE"
    return scheduling


def _reservation_affinity(fleet: Fleet, gpus: int) -> dict[str, Any]:
    if gpus not in fleet.reservations:
        # None is used up by chance that was made for something else.
        return {"type": "NO_RESERVATION"}
    return {
        "type": "SPECIFIC_RESERVATION",
        "specific_reservation": {
            "key": RESERVATION_KEY,
            "values": [fleet.reservations[gpus]],
        },
    }


def digest(template: Mapping[str, Any]) -> str:
    """Eight characters that change when anything in the template does."""
    text = json.dumps(template, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:8]
