"""Changes of queues, buckets and secrets."""

import json

from tests.plans.cases import (
    BUCKET,
    DELETE_RULE,
    GRANT,
    MEMBER,
    PROJECT,
    SECRET,
    SUBSCRIPTION,
    TOPIC,
    VERSION,
    Case,
    add,
    drop,
    section,
    setting,
    together,
)

_LABELS = {"team": "ml"}

_NEARLINE = [
    {"action": [{"type": "SetStorageClass", "storage_class": "NEARLINE"}],
     "condition": [{"age": 30}]}
]  # fmt: skip

_PUSH = {"push_endpoint": "https://example.com/push"}

_POLICY = json.dumps({"bindings": [
    {"role": "roles/storage.objectViewer", "members": ["allUsers", MEMBER]}]})  # fmt: skip


_MORE = {
    "project": PROJECT, "name": "jobs-start-1xv100", "topic": "jobs-start",
    "message_retention_duration": "345600s", "expiration_policy": {"ttl": ""},
    "ack_deadline_seconds": 60}  # fmt: skip
_TWIN = {"project": PROJECT, "name": "jobs-more"}
_NEW_BUCKET = {
    "project": PROJECT, "name": "lum-dev-more", "location": "US", "force_destroy": False,
    "uniform_bucket_level_access": True, "public_access_prevention": "enforced"}  # fmt: skip
_NEW_SECRET = {
    "project": PROJECT, "secret_id": "jobs-more", "deletion_protection": True,
    "replication": {"auto": {}}}  # fmt: skip

WORK = [
    # Topics and subscriptions
    Case("topic-deleted", together(
        drop(TOPIC, "start"), setting(SUBSCRIPTION, "start", topic="jobs-start"),
        setting("google_pubsub_topic_iam_binding", "publishers", topic="jobs-start")),
        ("topic-deleted",)),
    Case("topic-retention", setting(TOPIC, "start", message_retention_duration="3600s"),
         ("retention-shortened",)),
    Case("topic-schema", setting(TOPIC, "start", schema_settings={
        "schema": f"projects/{PROJECT}/schemas/s", "encoding": "JSON"}), ("delivery-diverted",)),
    Case("subscription-transformed", setting(SUBSCRIPTION, "start", message_transforms=[
        {"javascript_udf": {"function_name": "drop",
                            "code": "function drop(m) { return null; }"}}]),
        ("delivery-diverted",)),
    Case("subscription-replaced-grant-dropped", together(
        drop(GRANT, "jobs"), setting(SUBSCRIPTION, "start", filter='attributes.cluster = "x"')),
        ("grant-removed", "subscription-replaced")),
    Case("topic-label", setting(TOPIC, "start", labels=_LABELS)),
    Case("subscription-deleted", drop(SUBSCRIPTION, "start", (GRANT, "jobs")),
         ("subscription-deleted",), ("removal-unseen",)),
    Case("subscription-filter", setting(SUBSCRIPTION, "start", filter='attributes.cluster = "x"'),
         ("subscription-replaced",)),
    Case("subscription-ordering", setting(SUBSCRIPTION, "start", enable_message_ordering=True),
         ("subscription-replaced",)),
    Case("subscription-shorter", setting(
        SUBSCRIPTION, "start", message_retention_duration="86400s"), ("retention-shortened",)),
    Case("subscription-longer", setting(
        SUBSCRIPTION, "start", message_retention_duration="604800s")),
    Case("subscription-expires", setting(SUBSCRIPTION, "start", expiration_policy={
        "ttl": "2678400s"}), ("subscription-expires",)),
    Case("subscription-deadline", setting(SUBSCRIPTION, "start", ack_deadline_seconds=120)),
    Case("subscription-pushed", setting(SUBSCRIPTION, "start", push_config=_PUSH),
         ("delivery-diverted",)),
    Case("subscription-dead-letters", setting(SUBSCRIPTION, "start", dead_letter_policy={
        "dead_letter_topic": f"projects/{PROJECT}/topics/dead", "max_delivery_attempts": 5}),
        ("delivery-diverted",)),
    Case("topics-of-one-name", together(
        add(TOPIC, "more", _TWIN), add(TOPIC, "other", _TWIN)), ("name-clash",)),
    Case("topics-of-two-names", together(
        add(TOPIC, "more", _TWIN), add(TOPIC, "other", {**_TWIN, "name": "jobs-other"}))),
    Case("subscription-added", add(SUBSCRIPTION, "more", _MORE)),
    Case("subscription-added-to-no-topic", add(SUBSCRIPTION, "more", {
        **_MORE, "topic": "jobs-nowhere"}), notes=("topic-elsewhere",)),
    Case("subscription-added-to-a-new-topic", together(
        add(TOPIC, "more", _TWIN),
        add(SUBSCRIPTION, "more", {**_MORE, "topic": f"${{{TOPIC}.more.id}}"}))),
    Case("subscription-added-that-expires", add(SUBSCRIPTION, "more", {
        **_MORE, "expiration_policy": {"ttl": "86400s"}}), ("subscription-expires",)),
    Case("subscription-added-without-a-policy", add(SUBSCRIPTION, "more", {
        key: value for key, value in _MORE.items() if key != "expiration_policy"}),
        ("subscription-expires",)),
    Case("subscription-added-that-forgets", add(SUBSCRIPTION, "more", {
        **_MORE, "message_retention_duration": "600s"}), ("retention-shortened",)),
    Case("subscription-added-that-pushes", add(SUBSCRIPTION, "more", {
        **_MORE, "push_config": _PUSH}), notes=("messages-copied",)),
    Case("subscription-made-again", together(
        drop(SUBSCRIPTION, "start", (GRANT, "jobs")),
        add(SUBSCRIPTION, "again", {**_MORE, "name": "jobs-start-8xv100"}),
        section("removed", [
            {"from": f"{SUBSCRIPTION}.start", "lifecycle": {"destroy": False}}])),
        ("grant-removed", "name-clash"), ("forgotten",)),
    # Buckets
    Case("bucket-deleted", drop(BUCKET, "results"), ("bucket-deleted",)),
    Case("bucket-location", setting(BUCKET, "results", location="EU"), ("bucket-replaced",)),
    Case("bucket-force", setting(BUCKET, "results", force_destroy=True), ("bucket-unguarded",)),
    Case("bucket-rule", setting(BUCKET, "results", lifecycle_rule=DELETE_RULE),
         ("objects-expire",)),
    Case("bucket-nearline", setting(BUCKET, "results", lifecycle_rule=_NEARLINE),
         notes=("objects-moved",)),
    Case("bucket-uploads-ended", setting(BUCKET, "results", lifecycle_rule=[
        {"action": [{"type": "AbortIncompleteMultipartUpload"}], "condition": [{"age": 30}]}])),
    Case("bucket-uploads-ended-at-once", setting(BUCKET, "results", lifecycle_rule=[
        {"action": [{"type": "AbortIncompleteMultipartUpload"}], "condition": [{"age": 1}]}]),
        ("objects-expire",)),
    Case("bucket-soft-delete", setting(BUCKET, "results", soft_delete_policy={
        "retention_duration_seconds": 604_800}), ("objects-expire",)),
    Case("bucket-versioning", setting(BUCKET, "results", versioning={"enabled": False}),
         ("objects-expire",)),
    Case("bucket-public", setting(BUCKET, "results", public_access_prevention="inherited"),
         ("access-unguarded",)),
    Case("bucket-acls", setting(BUCKET, "results", uniform_bucket_level_access=False),
         ("access-unguarded",)),
    Case("bucket-unpublished", setting(BUCKET, "public", uniform_bucket_level_access=True),
         ("access-narrowed",)),
    Case("bucket-prevented", setting(BUCKET, "public", public_access_prevention="enforced"),
         ("access-narrowed",)),
    Case("bucket-requester-pays", setting(BUCKET, "public", requester_pays=True),
         ("access-narrowed",)),
    Case("bucket-rule-later", setting(BUCKET, "public", lifecycle_rule=[
        {"action": [{"type": "Delete"}], "condition": [{"age": 60}]}])),
    Case("bucket-rule-sooner", setting(BUCKET, "public", lifecycle_rule=[
        {"action": [{"type": "Delete"}], "condition": [{"age": 10}]}]), ("objects-expire",)),
    Case("bucket-retention", setting(BUCKET, "public", retention_policy={
        "retention_period": 3_600}), ("objects-expire",)),
    Case("bucket-retention-longer", setting(BUCKET, "public", retention_policy={
        "retention_period": 1_728_000}), ("access-narrowed",)),
    Case("bucket-cors", setting(BUCKET, "public", cors=[{"origin": ["https://example.com"]}]),
         notes=("unjudged",)),
    Case("bucket-force-sensitive", together(
        section("variable", {"yes": {"type": "bool", "default": True, "sensitive": True}}),
        setting(BUCKET, "results", force_destroy="${var.yes}")), ("bucket-unguarded",)),
    Case("bucket-acl", add("google_storage_bucket_access_control", "all", {
        "bucket": "lum-dev-public", "role": "READER", "entity": "allUsers"}),
        ("public-access",)),
    Case("bucket-acl-of-one", add("google_storage_bucket_access_control", "one", {
        "bucket": "lum-dev-public", "role": "READER", "entity": "user-ann@example.com"}),
        notes=("grant-added",)),
    Case("bucket-policy", add("google_storage_bucket_iam_policy", "all", {
        "bucket": "lum-dev-public", "policy_data": _POLICY}),
        ("grant-authoritative", "public-access"), ("grant-added",)),
    Case("bucket-label", setting(BUCKET, "results", labels=_LABELS)),
    # Secrets
    Case("secret-replication", setting(SECRET, "config", replication={
        "user_managed": {"replicas": [{"location": "us-central1"}]}}),
        ("deletion-prevented", "name-clash", "secret-deleted", "secret-version-misplaced")),
    Case("secret-unguarded", setting(SECRET, "config", deletion_protection=False),
         ("secret-unguarded",)),
    Case("secret-expires", setting(SECRET, "config", ttl="86400s"), ("secret-deleted",)),
    Case("secret-label", setting(SECRET, "config", labels=_LABELS)),
    Case("secret-rotated", setting(VERSION, "config", secret_data="not-a-secret-2")),
    Case("secret-rotated-badly", setting(VERSION, "config", secret_data="not-a-secret-2",
                                      lifecycle={}), ("secret-version-disabled",)),
    Case("secret-version-dropped", drop(VERSION, "config"), ("secret-version-disabled",)),
    Case("secret-version-destroyed", drop(VERSION, "spare"), ("secret-version-lost",)),
    Case("secret-dropped", drop(SECRET, "spare", (VERSION, "spare")),
         ("secret-deleted", "secret-version-lost")),
    Case("secret-rotated-disabled", setting(
        VERSION, "config", secret_data="not-a-secret-2", enabled=False),
        ("secret-version-disabled",)),
    Case("secret-version-unguarded", setting(VERSION, "config", deletion_policy="DELETE"),
         ("secret-unguarded",)),
    Case("secret-disabled", setting(VERSION, "config", enabled=False),
         ("secret-version-disabled",)),
    Case("bucket-added", add(BUCKET, "more", _NEW_BUCKET)),
    Case("bucket-added-for-results", add(BUCKET, "more", {
        **_NEW_BUCKET, "name": "lum-dev-pipeline-zen-jobs-asia",
        "uniform_bucket_level_access": False, "public_access_prevention": "inherited"})),
    Case("bucket-added-cold", add(BUCKET, "more", {**_NEW_BUCKET, "storage_class": "ARCHIVE"}),
         notes=("objects-moved",)),
    Case("bucket-added-open", add(BUCKET, "more", {
        **_NEW_BUCKET, "public_access_prevention": "inherited"}), ("access-unguarded",)),
    Case("bucket-added-that-forgets", add(BUCKET, "more", {
        **_NEW_BUCKET, "lifecycle_rule": DELETE_RULE}), ("objects-expire",)),
    Case("secret-added", add(SECRET, "more", _NEW_SECRET)),
    Case("secret-added-unprotected", add(SECRET, "more", {
        **_NEW_SECRET, "deletion_protection": False}), notes=("secret-unprotected",)),
    Case("secret-added-that-expires", add(SECRET, "more", {**_NEW_SECRET, "ttl": "86400s"}),
         ("secret-deleted",)),
    Case("secret-version-moved", together(
        add(SECRET, "more", _NEW_SECRET),
        setting(VERSION, "config", secret="${google_secret_manager_secret.more.id}")),
        ("secret-version-misplaced",)),
    Case("secret-version-added", together(
        add(SECRET, "more", _NEW_SECRET),
        section("variable", {"text": {"default": "x", "sensitive": True}}),
        add(VERSION, "more", {"secret": "${google_secret_manager_secret.more.id}",
                              "secret_data_wo": "${var.text}", "secret_data_wo_version": 1,
                              "deletion_policy": "DISABLE"})), notes=("unjudged",)),
    Case("secret-version-second", add(VERSION, "more", {
        "secret": f"projects/{PROJECT}/secrets/jobs-config", "secret_data": "x",
        "deletion_policy": "DISABLE"}), ("secret-in-state", "secret-version-misplaced")),
    Case("output-of-a-secret", section("output", {"debug": {"value": "PZ_TOKEN=rehearsal"}}),
         notes=("output-unjudged",)),
    Case("output-of-a-name", together(
        add(TOPIC, "more", {"project": PROJECT, "name": "jobs-more"}),
        section("output", {"debug": {"value": "jobs-more"}}))),
    Case("output-of-a-link", together(
        add(TOPIC, "more", _TWIN),
        section("output", {"debug": {"value": {"topics": [
            f"projects/{PROJECT}/topics/jobs-more"]}}}))),
    Case("output-of-no-link", together(
        add(TOPIC, "more", _TWIN),
        section("output", {"debug": {"value": "PZ_TOKEN=rehearsal/topics/jobs-more"}})),
        notes=("output-unjudged",)),
    Case("output-under-a-secret", together(
        add(TOPIC, "more", _TWIN),
        section("output", {"debug": {"value": {"hf_rehearsal": "jobs-more"}}})),
        notes=("output-unjudged",)),
    Case("program-run", add("terraform_data", "more", {
        "provisioner": [{"local-exec": {"command": "true"}}]}), ("runs-program",)),
    Case("program-none", add("terraform_data", "more", {"input": "x"})),
]  # fmt: skip
