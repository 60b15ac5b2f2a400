"""What a configuration only reads: data sources, and what is known to have no secret in it."""

from collections.abc import Iterator

from pipeline_zen.guard.general import UNJUDGED
from pipeline_zen.guard.index import PlanIndex
from pipeline_zen.guard.programs import RUNS_PROGRAM
from pipeline_zen.guard.rules import Finding

_PROGRAMS = ("external", "local_command", "shell_script")
"""Types that are programs themselves, also where they are only read."""

_TELL_WHAT_THERE_IS = (
    "active_folder artifact_registry_repository billing_account client_openid_userinfo "
    "compute_accelerator_types compute_default_service_account compute_image compute_images "
    "compute_machine_types compute_network compute_networks compute_node_types "
    "compute_region_instance_group compute_region_instance_group_manager compute_regions "
    "compute_reservation compute_subnetwork compute_subnetworks compute_zones folder iam_policy "
    "iam_role iam_testable_permissions netblock_ip_ranges organization project "
    "project_iam_custom_role project_service projects pubsub_topic "
    "secret_manager_secret secret_manager_secrets service_account storage_bucket storage_buckets "
    "storage_project_service_account"
)
"""Google's data sources that tell nothing of what is in things."""

_HARMLESS = frozenset(f"google_{name}" for name in _TELL_WHAT_THERE_IS.split())


def read(index: PlanIndex) -> Iterator[Finding]:
    """
    What is read, be it by the plan or by the apply, and is a program or may be a secret.

    What is read lands in the state, and what the plan reads it has read already.
    """
    read_ = {change.address: change.type for change in index.plan.changes if not change.managed}
    for address, type_ in sorted({**read_, **dict(index.plan.data)}.items()):
        if type_ in _PROGRAMS:
            what = "is a program, and runs on the machine that plans or applies"
            yield Finding(RUNS_PROGRAM, address, what, type=type_)
        elif type_ not in _HARMLESS:
            what = "is read, and this guard does not know that there is no secret in it"
            yield Finding(UNJUDGED, address, what, type=type_)
