"""
The way out of every danger that the guard finds, as `test_remedies.py` walks it with real OpenTofu.

Dangers that do not get in each other's way are made together. What is *mended* follows the words of
the rules; what may be *allowed* is, by what the report proposes.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field

from fake_google import FakeGoogle, Request
from tests.plans.cases import (
    ACCOUNT,
    ACCOUNT_EMAIL,
    BUCKET,
    DELETE_RULE,
    GRANT,
    GROUP,
    MEMBER,
    PROJECT,
    ROLE,
    SECRET,
    SUBSCRIPTION,
    TEMPLATE,
    TOPIC,
    VERSION,
    Edit,
    Json,
    add,
    drop,
    image,
    policy,
    rename,
    section,
    setting,
    together,
)

_BINDING = "google_pubsub_topic_iam_binding"
_PROJECT_MEMBER = "google_project_iam_member"
_SERVICE = "google_project_service"


@dataclass(frozen=True)
class Step:
    """A change on the way out, and what of it the rules have a user allow."""

    edit: Edit
    allowed: tuple[str, ...] = ()


def _nothing(_stack: Json) -> None:
    """As it was: what most rules advise is to leave a thing as it is."""


def _diverted(stack: Json) -> None:
    """A provider that has another project pay."""
    stack["provider"]["google"]["user_project_override"] = True


AS_IT_WAS = (Step(_nothing),)


@dataclass(frozen=True)
class Road:
    """Dangers, and the ways out of them."""

    name: str
    rules: tuple[str, ...]
    """What the guard finds that blocks."""
    danger: Edit
    mended: tuple[Step, ...] = AS_IT_WAS
    """The steps that the rules' words lead by; after the last nothing is left to do."""
    allowable: bool = True
    """Whether all of it can be allowed."""
    before: Edit = _nothing
    """What the environment has beside, before."""
    meanwhile: Callable[[FakeGoogle], object] = field(default=lambda _google: None)
    """What somebody does at Google; `mended` is then what is there after `back`."""
    back: Callable[[FakeGoogle], object] = field(default=lambda _google: None)
    """What the rule has somebody do at Google."""
    applies: int = 1
    """After how many applies of what is allowed nothing is left to do."""
    notes: tuple[str, ...] = ()
    """What is found that does not block, of which the rule says what comes of it."""


def _asked(method: str, path: str, body: Json | None = None) -> Callable[[FakeGoogle], object]:
    """A request to Google, as gcloud or somebody in the console would make it."""
    raw = json.dumps(body).encode() if body else b""

    def ask(google: FakeGoogle) -> None:
        status, answer = google.answer(Request(method, path, {}, raw))
        assert 200 == status, answer

    return ask


def _account_back(google: FakeGoogle) -> None:
    """By its number, which the report has from the state."""
    ((number, _),) = google.store.aside("iam.serviceAccounts")
    _asked("POST", f"{_ACCOUNTS_PATH}/{number}:undelete")(google)


def _bucket_back(google: FakeGoogle) -> None:
    """By its generation, which is listed."""
    query = {"project": PROJECT, "softDeleted": "true"}
    _, listed = google.answer(Request("GET", "/storage/v1/b", query))
    (gone,) = json.loads(listed)["items"]
    query = {"generation": gone["generation"]}
    status, answer = google.answer(Request("POST", f"{_BUCKET_PATH}/restore", query))
    assert 200 == status, answer


def _member(role: str, member: str = MEMBER) -> Edit:
    return add(_PROJECT_MEMBER, "more", {"project": PROJECT, "role": role, "member": member})


_NO_SHIFT = {"type": "OPPORTUNISTIC", "minimal_action": "NONE",
             "instance_redistribution_type": "NONE"}  # fmt: skip
_BUCKET = {"project": PROJECT, "name": "lum-dev-more", "location": "EU", "force_destroy": False,
           "uniform_bucket_level_access": True, "public_access_prevention": "enforced"}  # fmt: skip
_SECRET = {"project": PROJECT, "secret_id": "jobs-more", "deletion_protection": True,
           "replication": {"auto": {}}}  # fmt: skip
_QUEUE = {"project": PROJECT, "name": "jobs-start-8xv100-next", "ack_deadline_seconds": 60,
          "topic": "${google_pubsub_topic.start.id}", "filter": 'attributes.cluster = "x"',
          "message_retention_duration": "345600s", "expiration_policy": {"ttl": ""}}  # fmt: skip
_LATER = {"project": PROJECT, "name": "later"}
_OTHER_IMAGE = [{"boot": True, "source_image": "projects/other/global/images/jobs-1"}]
_SCOPES = {"email": ACCOUNT_EMAIL,
           "scopes": ["https://www.googleapis.com/auth/devstorage.read_only"]}  # fmt: skip
_ROLE_PATH = f"/iam/v1/projects/{PROJECT}/roles/vm_deleter"
_ACCOUNTS_PATH = f"/iam/v1/projects/{PROJECT}/serviceAccounts"
_ACCOUNT_PATH = f"{_ACCOUNTS_PATH}/jobs-sa@{PROJECT}.iam.gserviceaccount.com"
_BUCKET_PATH = "/storage/v1/b/lum-dev-results"
_QUEUE_PATH = f"/pubsub/v1/projects/{PROJECT}/subscriptions/jobs-start-8xv100"
_STILL = {"from": f"{GROUP}.calm", "to": f"{GROUP}.still"}
_FORGOTTEN = [{"from": f"{GROUP}.calm", "lifecycle": {"destroy": False}}]

ROADS = (
    Road(
        "groups-in-place",
        ("group-healed", "group-rebalanced", "group-rolled", "group-shrunk", "size-raised"),
        together(
            policy("calm", type="PROACTIVE"),
            setting(GROUP, "calm", target_size=1),
            policy("eager", instance_redistribution_type="PROACTIVE"),
            setting(GROUP, "eager", target_size=5, auto_healing_policies={
                "health_check": f"projects/{PROJECT}/global/healthChecks/h",
                "initial_delay_sec": 300}),
        ),
        (Step(together(policy("calm", **_NO_SHIFT), policy("eager", **_NO_SHIFT))),),
    ),
    Road(
        "groups-go",
        ("group-deleted", "group-replaced", "group-rolled"),
        together(drop(GROUP, "calm"), setting(GROUP, "eager", description="x")),
    ),
    Road(
        "groups-keep-disks",
        ("group-state-changed",),
        setting(GROUP, "calm", stateful_disk=[{"device_name": "results", "delete_rule": "NEVER"}]),
    ),
    Road("acts-elsewhere", ("provider-diverted",), _diverted, allowable=False),
    Road(
        "vms-start-otherwise",
        ("vms-other-account", "vms-other-image", "vms-other-scopes"),
        together(
            setting(TEMPLATE, "calm", name="jobs-8xv100-x-tpl", disk=_OTHER_IMAGE,
                    service_account=_SCOPES),
        ),
        (Step(image("calm")),),
    ),
    Road(
        "templates-that-google-refuses",
        ("group-rolled", "template-deleted-first", "template-name-kept"),
        together(image("spare"), setting(TEMPLATE, "eager", machine_type="n1-highmem-16")),
        # A changed template of a group that rolls is a danger of its own: it is made calm first.
        (
            Step(policy("eager", **_NO_SHIFT)),
            Step(together(
                policy("eager", **_NO_SHIFT),
                image("spare"), setting(TEMPLATE, "spare", lifecycle={
                    "create_before_destroy": True}),
                setting(TEMPLATE, "eager", machine_type="n1-highmem-16",
                        name="jobs-8xv100-eager-16-tpl"),
            )),
        ),
        allowable=False,
    ),
    Road(
        "a-template-that-is-named",
        ("template-in-use",),
        together(drop(GROUP, "calm", (TEMPLATE, "calm")), section("removed", _FORGOTTEN)),
        (Step(together(drop(GROUP, "calm"), section("removed", _FORGOTTEN))),),
        allowable=False,
        notes=("forgotten",),
    ),
    Road(
        "another-address",
        ("group-deleted", "renamed"),
        rename(GROUP, "calm", "still"),
        (Step(together(rename(GROUP, "calm", "still"), section("moved", [_STILL]))),),
        allowable=False,
    ),
    Road(
        "a-name-that-is-taken",
        ("grant-removed", "name-clash"),
        together(
            drop(SUBSCRIPTION, "start", (GRANT, "jobs")),
            add(SUBSCRIPTION, "again", {**_QUEUE, "name": "jobs-start-8xv100"}),
            section("removed", [
                {"from": f"{SUBSCRIPTION}.start", "lifecycle": {"destroy": False}}]),
        ),
        (Step(together(
            rename(SUBSCRIPTION, "start", "again"),
            setting(GRANT, "jobs", depends_on=[f"{SUBSCRIPTION}.again"]),
            section("removed", [
                {"from": f"{SUBSCRIPTION}.start", "lifecycle": {"destroy": False}}]),
            section("import", [{
                "to": f"{SUBSCRIPTION}.again",
                "id": f"projects/{PROJECT}/subscriptions/jobs-start-8xv100"}]),
        )),),
        allowable=False,
    ),
    Road(
        "queues-in-place",
        ("delivery-diverted", "retention-shortened", "subscription-expires"),
        together(
            setting(TOPIC, "start", message_retention_duration="3600s"),
            setting(SUBSCRIPTION, "start", expiration_policy={"ttl": "2678400s"},
                    push_config={"push_endpoint": "https://example.com/push"}),
        ),
    ),
    Road(
        "a-queue-replaced",
        ("subscription-replaced",),
        setting(SUBSCRIPTION, "start", filter='attributes.cluster = "x"'),
        (
            Step(add(SUBSCRIPTION, "next", _QUEUE)),
            Step(together(add(SUBSCRIPTION, "next", _QUEUE),
                          drop(SUBSCRIPTION, "start", (GRANT, "jobs"))),
                 ("subscription-deleted",)),
        ),
        # As the rule says: the grants on it are gone until a second apply.
        applies=2,
    ),
    Road(
        "queues-go",
        ("grant-removed", "subscription-deleted", "topic-deleted"),
        drop(SUBSCRIPTION, "start", (GRANT, "jobs"), (_BINDING, "publishers"), (TOPIC, "start")),
    ),
    Road(
        "buckets-in-place",
        ("access-narrowed", "access-unguarded", "bucket-unguarded", "objects-expire"),
        together(
            setting(BUCKET, "results", force_destroy=True, lifecycle_rule=DELETE_RULE,
                    public_access_prevention="inherited"),
            setting(BUCKET, "public", uniform_bucket_level_access=True),
        ),
    ),
    Road(
        "buckets-go",
        ("access-unguarded", "bucket-deleted", "bucket-replaced"),
        together(drop(BUCKET, "results"), setting(BUCKET, "public", location="EU")),
        (Step(add(BUCKET, "more", _BUCKET)),),
    ),
    Road(
        "secrets-in-place",
        ("secret-deleted", "secret-unguarded", "secret-version-disabled"),
        together(
            setting(SECRET, "spare", ttl="86400s"),
            setting(SECRET, "config", deletion_protection=False),
            setting(VERSION, "config", deletion_policy="DELETE"),
            setting(VERSION, "spare", enabled=False),
        ),
        (Step(setting(VERSION, "config", secret_data="not-a-secret-2")),),
    ),
    Road(
        "secrets-misplaced",
        ("secret-in-state", "secret-version-misplaced"),
        add(VERSION, "more", {"secret": f"projects/{PROJECT}/secrets/jobs-config",
                              "secret_data": "x", "deletion_policy": "DISABLE"}),
        (Step(together(
            add(SECRET, "more", _SECRET),
            add(VERSION, "more", {"secret": "${google_secret_manager_secret.more.id}",
                                  "secret_data_wo": "x", "secret_data_wo_version": 1,
                                  "deletion_policy": "DISABLE"}),
        )),),
    ),
    Road(
        "secrets-go",
        ("secret-deleted", "secret-version-lost"),
        drop(SECRET, "spare", (VERSION, "spare")),
        (
            Step(setting(VERSION, "spare", deletion_policy="DISABLE")),
            Step(setting(VERSION, "spare", deletion_policy="DISABLE", secret_data="not-a-secret-2",
                         lifecycle={"create_before_destroy": True})),
        ),
    ),
    Road(
        "a-secret-that-is-protected",
        ("deletion-prevented", "secret-deleted", "secret-version-disabled"),
        drop(SECRET, "config", (VERSION, "config")),
        (
            Step(setting(SECRET, "config", deletion_protection=False), ("secret-unguarded",)),
            Step(drop(SECRET, "config", (VERSION, "config")),
                 ("secret-deleted", "secret-version-disabled")),
        ),
        allowable=False,
    ),
    Road(
        "rights-that-go",
        ("grant-authoritative", "grant-removed", "role-shrunk"),
        together(
            drop(GRANT, "jobs"),
            setting(ROLE, "deleter", permissions=["compute.instances.get"]),
            setting(_BINDING, "publishers", members=[MEMBER]),
        ),
        (Step(add("google_pubsub_topic_iam_member", "more", {
            "project": PROJECT, "topic": "${google_pubsub_topic.start.name}",
            "role": "roles/pubsub.viewer", "member": MEMBER})),),
    ),
    Road(
        "too-much",
        ("api-unguarded", "basic-role", "grant-unknown", "names-another", "powerful-role",
         "public-access"),
        together(
            add(_PROJECT_MEMBER, "a", {
                "project": PROJECT, "role": "roles/viewer", "member": MEMBER}),
            add(_PROJECT_MEMBER, "b", {
                "project": PROJECT, "role": "roles/compute.osAdminLogin", "member": MEMBER}),
            add(_PROJECT_MEMBER, "c", {
                "project": PROJECT, "role": "roles/logging.viewer",
                "member": "domain:example.com"}),
            add(_PROJECT_MEMBER, "d", {
                "project": PROJECT, "role": "roles/logging.viewer",
                "member": "serviceAccount:jobs-sa@eng-ai-prod.iam.gserviceaccount.com"}),
            add(TOPIC, "later", _LATER),
            add(_PROJECT_MEMBER, "e", {
                "project": PROJECT, "role": "roles/logging.viewer",
                "member": "user:${google_pubsub_topic.later.id}"}),
            add(_SERVICE, "more", {"project": PROJECT, "service": "logging.googleapis.com",
                                   "disable_on_destroy": True}),
        ),
        (Step(together(
            _member("roles/monitoring.metricWriter", "user:ann@example.com"),
            add(_SERVICE, "more", {"project": PROJECT, "service": "logging.googleapis.com",
                                   "disable_on_destroy": False}),
        )),),
        meanwhile=_asked("POST", "/iam/v1/projects/eng-ai-prod/serviceAccounts", {
            "accountId": "jobs-sa", "serviceAccount": {}}),
    ),
    Road(
        "identities-go",
        ("account-deleted", "grant-removed", "role-deleted"),
        drop(ACCOUNT, "jobs", (ROLE, "deleter"), (GRANT, "jobs"), (_PROJECT_MEMBER, "logs"),
             (_BINDING, "publishers")),
    ),
    Road(
        "accounts-off",
        ("account-disabled",),
        add("google_project_default_service_accounts", "all", {
            "project": PROJECT, "action": "DISABLE"}),
    ),
    Road(
        "an-api-off",
        ("api-disabled",),
        drop(_SERVICE, "storage"),
        (Step(setting(_SERVICE, "storage", disable_on_destroy=False)),
         Step(drop(_SERVICE, "storage"))),
    ),
    Road(
        "a-program",
        ("runs-program",),
        add("terraform_data", "more", {"provisioner": [{"local-exec": {"command": "true"}}]}),
        (Step(add("terraform_data", "more", {"input": "x"})),),
    ),
    Road(
        "protection-lowered",
        ("protection-lowered",),
        setting(TOPIC, "start", deletion_policy="DELETE"),
        (Step(setting(TOPIC, "start", deletion_policy="ABANDON")),),
        before=setting(TOPIC, "start", deletion_policy="ABANDON"),
    ),
    Road(
        "protected-and-replaced",
        ("protected-replaced",),
        setting(BUCKET, "results", deletion_policy="ABANDON", location="EU"),
        (
            Step(together(setting(BUCKET, "results", deletion_policy="ABANDON"),
                          add(BUCKET, "more", _BUCKET))),
            Step(together(drop(BUCKET, "results"), add(BUCKET, "more", _BUCKET))),
        ),
        allowable=False,
        before=setting(BUCKET, "results", deletion_policy="ABANDON"),
    ),
    Road(
        "a-role-deleted-by-hand",
        ("gone-outside",),
        _nothing,
        meanwhile=_asked("DELETE", _ROLE_PATH),
        back=_asked("POST", f"{_ROLE_PATH}:undelete"),
    ),
    Road(
        "an-account-deleted-by-hand",
        # What is granted on it would be granted anew, on another.
        ("gone-outside", "grant-authoritative"),
        _nothing,
        meanwhile=_asked("DELETE", _ACCOUNT_PATH),
        back=_account_back,
    ),
    Road(
        "a-bucket-deleted-by-hand",
        ("gone-outside",),
        _nothing,
        meanwhile=_asked("DELETE", _BUCKET_PATH),
        back=_bucket_back,
    ),
    Road(
        "a-queue-deleted-by-hand",
        (),
        _nothing,
        meanwhile=_asked("DELETE", _QUEUE_PATH),
        notes=("lost-outside",),
    ),
    Road(
        "a-bucket-opened-by-hand",
        # Whoever has come to read it by then loses that.
        ("access-narrowed",),
        _nothing,
        (Step(_nothing, ("access-narrowed",)),),
        meanwhile=_asked("PATCH", "/storage/v1/b/lum-dev-results", {
            "iamConfiguration": {"publicAccessPrevention": "inherited"}}),
        notes=("changed-outside",),
    ),
    Road(
        "what-is-only-noted",
        (),
        together(
            setting(GROUP, "calm", instance_lifecycle_policy={
                "default_action_on_failure": "REPAIR"}),
            add(SECRET, "more", {**_SECRET, "deletion_protection": False}),
        ),
        (Step(together(
            setting(GROUP, "calm", instance_lifecycle_policy={
                "default_action_on_failure": "DO_NOTHING"}),
            add(SECRET, "more", _SECRET),
        )),),
        notes=("group-repairs", "secret-unprotected"),
    ),
    Road(
        "another-project",
        ("wrong-project",),
        add(TOPIC, "stray", {"project": "eng-ai-prod", "name": "stray"}),
        (Step(add(TOPIC, "stray", {"project": PROJECT, "name": "stray"})),),
        allowable=False,
    ),
)  # fmt: skip
