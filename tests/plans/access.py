"""Changes of identities, of who may do what, and of what is somewhere else."""

from tests.plans.cases import (
    ACCOUNT,
    GRANT,
    MEMBER,
    PROJECT,
    ROLE,
    TOPIC,
    Case,
    add,
    drop,
    section,
    setting,
    together,
)

_LATER = {"project": PROJECT, "name": "later"}


ACCESS = [
    # Identities
    Case("account-renamed", setting(ACCOUNT, "jobs", account_id="jobs-sa-2"), ("account-deleted",)),
    Case("account-deleted", together(
        setting(GRANT, "jobs", depends_on=[]),
        setting("google_project_iam_member", "logs", depends_on=[]),
        setting("google_pubsub_topic_iam_binding", "publishers", depends_on=[]),
        drop(ACCOUNT, "jobs")), ("account-deleted",)),
    Case("account-disabled", setting(ACCOUNT, "jobs", disabled=True), ("account-disabled",)),
    Case("account-described", setting(ACCOUNT, "jobs", description="runs jobs")),
    Case("account-key", add("google_service_account_key", "key", {
        "service_account_id": "jobs-sa@eng-ai-dev.iam.gserviceaccount.com"}), ("account-key",)),
    Case("role-shrunk", setting(ROLE, "deleter", permissions=["compute.instances.get"]),
         ("role-shrunk",)),
    Case("role-widened", setting(ROLE, "deleter", permissions=[
        "compute.instances.delete", "compute.instances.get", "compute.instances.list"]),
        notes=("role-widened",)),
    Case("role-titled", setting(ROLE, "deleter", title="Deletes VMs")),
    Case("role-disabled", setting(ROLE, "deleter", stage="DISABLED"), ("role-shrunk",)),
    Case("role-deleted", drop(ROLE, "deleter"), ("role-deleted",)),
    Case("grant-removed", drop(GRANT, "jobs"), ("grant-removed",)),
    Case("grant-changed", setting(GRANT, "jobs", role="roles/pubsub.viewer"), ("grant-removed",),
         ("grant-added",)),
    Case("grant-added", add("google_project_iam_member", "metrics", {
        "project": PROJECT, "role": "roles/monitoring.metricWriter", "member": MEMBER}),
        notes=("grant-added",)),
    Case("grant-public", add("google_storage_bucket_iam_member", "all", {
        "bucket": "lum-dev-results", "role": "roles/storage.objectViewer",
        "member": "allUsers"}), ("public-access",)),
    Case("grant-owner", add("google_project_iam_member", "owner", {
        "project": PROJECT, "role": "roles/owner", "member": MEMBER}), ("basic-role",)),
    Case("grant-viewer", add("google_project_iam_member", "viewer", {
        "project": PROJECT, "role": "roles/viewer", "member": MEMBER}), ("basic-role",)),
    Case("grant-of-granting", add("google_project_iam_member", "admin", {
        "project": PROJECT, "role": "roles/resourcemanager.projectIamAdmin", "member": MEMBER}),
        ("powerful-role",)),
    Case("grant-to-a-pool", add("google_project_iam_member", "pool", {
        "project": PROJECT, "role": "roles/logging.logWriter",
        "member": "principalSet://iam.googleapis.com/projects/1/locations/global/"
                  "workloadIdentityPools/p/*"}), ("names-another", "public-access")),
    Case("grant-unknown", together(
        add(TOPIC, "later", _LATER),
        add("google_project_iam_member", "later", {
            "project": PROJECT, "role": "roles/logging.logWriter",
            "member": "user:${google_pubsub_topic.later.id}"})), ("grant-unknown",)),
    Case("grant-sensitive", together(
        section("variable", {"who": {"default": "allUsers", "sensitive": True}}),
        add("google_storage_bucket_iam_member", "all", {
            "bucket": "lum-dev-results", "role": "roles/storage.objectViewer",
            "member": "${var.who}"})), ("grant-unknown",)),
    Case("grant-to-a-new-account", together(
        add(ACCOUNT, "more", {"project": PROJECT, "account_id": "more-sa"}),
        add("google_project_iam_member", "more", {
            "project": PROJECT, "role": "roles/logging.logWriter",
            "member": "serviceAccount:${google_service_account.more.unique_id}"})),
        notes=("grant-added",)),
    Case("grant-taken", add("google_project_iam_member_remove", "logs", {
        "project": PROJECT, "role": "roles/logging.logWriter", "member": MEMBER}),
        ("grant-removed",)),
    Case("default-accounts", add("google_project_default_service_accounts", "all", {
        "project": PROJECT, "action": "DISABLE"}), ("account-disabled",)),
    Case("denied", add("google_iam_deny_policy", "all", {
        "parent": "cloudresourcemanager.googleapis.com%2Fprojects%2Feng-ai-dev", "name": "no",
        "rules": [{"deny_rule": {
            "denied_principals": ["principalSet://goog/public:all"],
            "denied_permissions": ["pubsub.googleapis.com/topics.publish"]}}]}),
        ("access-denied",)),
    Case("firewall-open", add("google_compute_firewall", "all", {
        "project": PROJECT, "name": "all", "network": "default",
        "allow": [{"protocol": "tcp"}], "source_ranges": ["0.0.0.0/0"]}), ("public-access",)),
    Case("firewall-narrow", add("google_compute_firewall", "some", {
        "project": PROJECT, "name": "some", "network": "default",
        "allow": [{"protocol": "tcp"}], "source_ranges": ["10.0.0.0/8"]}),
        notes=("unjudged",)),
    Case("network-added", add("google_compute_network", "more", {
        "project": PROJECT, "name": "more"}), notes=("unjudged",)),
    Case("binding-extended", setting(
        "google_pubsub_topic_iam_binding", "publishers",
        members=[MEMBER, "group:ops@example.com", "group:more@example.com"]),
        notes=("grant-added",)),
    Case("binding-added", add("google_storage_bucket_iam_binding", "all", {
        "bucket": "lum-dev-results", "role": "roles/storage.objectViewer",
        "members": [MEMBER]}), ("grant-authoritative",), ("grant-added",)),
    Case("binding-shrunk", setting(
        "google_pubsub_topic_iam_binding", "publishers", members=[MEMBER]),
        ("grant-authoritative",)),
    Case("api-disabled", drop("google_project_service", "storage"), ("api-disabled",)),
    Case("api-forgotten", drop("google_project_service", "pubsub"), notes=("removal-unseen",)),
    # What is not of this environment, or too much of it
    Case("other-project", add(TOPIC, "stray", {"project": "eng-ai-prod", "name": "stray"}),
         ("wrong-project",)),
    Case("nothing", lambda _stack: None),
    Case("api-added", add("google_project_service", "more", {
        "project": PROJECT, "service": "logging.googleapis.com", "disable_on_destroy": False})),
    Case("api-added-unguarded", add("google_project_service", "more", {
        "project": PROJECT, "service": "logging.googleapis.com", "disable_on_destroy": True}),
        ("api-unguarded",)),
    Case("role-added", add(ROLE, "more", {
        "project": PROJECT, "role_id": "more", "title": "More",
        "permissions": ["pubsub.topics.get"]})),
    Case("role-added-powerful", add(ROLE, "more", {
        "project": PROJECT, "role_id": "more", "title": "More",
        "permissions": ["iam.serviceAccounts.actAs"]}), ("powerful-role",)),
    Case("role-added-unknown", together(
        add(TOPIC, "later", _LATER),
        add(ROLE, "more", {"project": PROJECT, "role_id": "more", "title": "More",
                           "permissions": ["${google_pubsub_topic.later.id}"]})),
        ("powerful-role",)),
    Case("grant-of-another-role", add("google_project_iam_member", "more", {
        "project": PROJECT, "role": "roles/compute.osAdminLogin", "member": MEMBER}),
        ("powerful-role",)),
    Case("grant-to-a-domain", add("google_project_iam_member", "more", {
        "project": PROJECT, "role": "roles/logging.logWriter", "member": "domain:example.com"}),
        ("public-access",)),
    Case("grant-to-another-environment", add("google_project_iam_member", "more", {
        "project": PROJECT, "role": "roles/logging.logWriter",
        "member": "serviceAccount:x@eng-ai-prod.iam.gserviceaccount.com"}),
        ("names-another",), ("grant-added",)),
    Case("grant-on-another-bucket", add("google_storage_bucket_iam_member", "more", {
        "bucket": "lum-prod-pipeline-zen-datasets", "role": "roles/storage.objectViewer",
        "member": MEMBER}), ("names-another",), ("grant-added",)),
    Case("grant-unknown-beside-an-account", together(
        add(ACCOUNT, "more", {"project": PROJECT, "account_id": "more-sa"}),
        add(TOPIC, "later", _LATER),
        add("google_project_iam_member", "more", {
            "project": PROJECT, "role": "roles/logging.logWriter",
            "member": "user:${google_pubsub_topic.later.id}"})), ("grant-unknown",)),
]  # fmt: skip
