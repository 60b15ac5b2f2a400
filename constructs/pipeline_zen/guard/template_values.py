"""What of templates is known to do no harm: to VMs that are yet to start, as they start today."""

import re

from pipeline_zen.fleet import RESERVATION_KEY, STARTUP_SCRIPT
from pipeline_zen.guard.checks import harmless
from pipeline_zen.guard.harmless import any_of, known, longer, only, plain_text, refers_to
from pipeline_zen.guard.leaf import Leaf
from pipeline_zen.guard.links import HOSTS, parsed
from pipeline_zen.kinds import ACCOUNT, TEMPLATES
from pipeline_zen.plan import UNKNOWN

CLOUD_PLATFORM = "https://www.googleapis.com/auth/cloud-platform"

_VERSION = re.compile(r"(?:-[0-9]+)+$")


def image_of(link: object) -> tuple[str, str] | None:
    """The project of an image, and its name without the version; None where that is not told."""
    image = parsed(link)
    if image is None or image.host not in ("", *HOSTS) or image[2:4] != ("global", "images"):
        return None
    return (image.project, _VERSION.sub("", image.name)) if image.project else None


def _like_before(leaf: Leaf) -> bool:
    """Another version of the same image, as a release has it; one without is whatever comes."""
    new = image_of(leaf.new)
    return new is not None and new == image_of(leaf.old) and bool(_VERSION.search(leaf.new))


def _known_image(leaf: Leaf) -> bool:
    """An image that VMs start from today, or the first one of an environment, from its project."""
    image, index = image_of(leaf.new), leaf.resource.plan
    there = {image_of(one.block("disk").get("source_image")) for one in index.starts.today}
    first = not there and image is not None and image[0] == index.target.images_project
    return image is not None and (image in there or first)


def _account_of_vms(leaf: Leaf) -> bool:
    """An account of the plan, or the one that VMs start as today."""
    index = leaf.resource.plan
    if isinstance(leaf.new, str):
        today = (one.block("service_account").get("email") for one in index.starts.today)
        return leaf.new in index.accounts or leaf.new in today
    return refers_to(ACCOUNT)(leaf)


def _as_the_settings_name_it(leaf: Leaf) -> bool:
    """A reservation that the settings name, which nobody here can look for."""
    affinity = leaf.resource.after.block("reservation_affinity")
    named = affinity.block("specific_reservation").texts("values")
    if named is UNKNOWN or not named:
        return False
    return leaf.resource.plan.target.reservations.issuperset(named)


def _of_a_spot_vm(leaf: Leaf) -> bool:
    return leaf.new is True and leaf.resource.after.block("scheduling").text(
        "provisioning_model") == "SPOT"  # fmt: skip


def _own_environment(leaf: Leaf) -> bool:
    return bool(leaf.new == leaf.resource.plan.target.environment)


def _all_of_the_cloud(leaf: Leaf) -> bool:
    """The scope by which roles alone decide, as jobs need it."""
    return bool(leaf.new == [CLOUD_PLATFORM])


harmless(
    *TEMPLATES,
    may_go=True,
    tests={
        "description instance_description": plain_text,
        "disk.labels labels effective_labels terraform_labels": plain_text,
        "disk.auto_delete disk.boot": only(True),
        "disk.device_name name name_prefix": known,
        "disk.source_image": _like_before,
        "scheduling.automatic_restart scheduling.preemptible": only(False),
        "scheduling.instance_termination_action": only(None),
        "scheduling.max_run_duration.seconds": longer,
        "scheduling.on_host_maintenance": only("TERMINATE"),
        "scheduling.provisioning_model": only("STANDARD"),
    },
    new={
        "can_ip_forward": only(None, False),
        "disk.disk_size_gb disk.disk_type": known,
        "disk.mode": only("READ_WRITE"),
        "disk.source_image": _known_image,
        "guest_accelerator machine_type min_cpu_platform region": known,
        "metadata.PZ_ENV": _own_environment,
        "metadata.startup-script": only(STARTUP_SCRIPT),
        "network_interface.access_config.network_tier": known,
        "network_interface.network network_interface.subnetwork": known,
        "network_interface.nic_type": known,
        "reservation_affinity.specific_reservation.key": only(RESERVATION_KEY),
        "reservation_affinity.specific_reservation.values": _as_the_settings_name_it,
        "reservation_affinity.type": any_of(
            only("ANY_RESERVATION", "NO_RESERVATION"), _as_the_settings_name_it
        ),
        "scheduling.instance_termination_action": only(None, "DELETE"),
        "scheduling.max_run_duration.nanos": only(None, 0),
        "scheduling.max_run_duration.seconds": known,
        "scheduling.preemptible": any_of(only(False), _of_a_spot_vm),
        "scheduling.provisioning_model": only(
            "STANDARD", "SPOT", "FLEX_START", "RESERVATION_BOUND"
        ),
        "service_account.email": _account_of_vms,
        "service_account.scopes": _all_of_the_cloud,
        "shielded_instance_config": known,
    },
    blocks="confidential_instance_config",
    computed="disk.architecture disk.boot disk.device_name "
    "disk.disk_size_gb disk.disk_type disk.interface disk.mode disk.provisioned_iops "
    "disk.provisioned_throughput "
    "disk.type metadata_fingerprint name_prefix network_interface.access_config.nat_ip "
    "network_interface.access_config.network_tier "
    "network_interface.access_config.public_ptr_domain_name network_interface.igmp_query "
    "network_interface.internal_ipv6_prefix_length network_interface.ipv6_access_type "
    "network_interface.ipv6_address network_interface.name network_interface.network_attachment "
    "network_interface.parent_nic_name network_interface.stack_type network_interface.subnetwork "
    "network_interface.subnetwork_project region scheduling.on_host_maintenance "
    "scheduling.provisioning_model self_link_unique tags_fingerprint",
    # What is left out of a new template is Google's choice, whatever was chosen before.
    defaults={
        "disk.boot": (True,),
        "disk.disk_size_gb": (),
        "disk.disk_type": ("pd-standard",),
        "disk.mode": ("READ_WRITE",),
        "disk.type": ("PERSISTENT",),
        "network_interface.access_config.nat_ip": (),
        "network_interface.access_config.network_tier": ("PREMIUM",),
        "network_interface.stack_type": ("IPV4_ONLY",),
        "network_interface.subnetwork": (),
        "scheduling.on_host_maintenance": ("MIGRATE",),
        "scheduling.provisioning_model": ("STANDARD",),
    },
)
