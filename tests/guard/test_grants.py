"""Who may do what."""

import json
from typing import Any

import pytest

from tests.plans.cases import BUCKET, GRANT, PROJECT, SUBSCRIPTION, Json
from tests.plans.judged import judged, rules, told
from tests.plans.made import change, made_up, planned, updated

BINDING = "google_storage_bucket_iam_binding"
MEMBERSHIP = "google_storage_bucket_iam_member"
TAKEN = "google_project_iam_member_remove"
VIEWER = "roles/storage.objectViewer"


@pytest.mark.parametrize("member", ["allUsers", "allAuthenticatedUsers"])
@pytest.mark.parametrize("kind", ["google_pubsub_topic_iam_member", "google_some_other_iam_member"])
def test_everybody(member: str, kind: str) -> None:
    """Whatever it is that everybody gets."""
    given = change(kind, ["create"], None, {"role": "roles/logging.logWriter", "member": member})

    assert ("public-access",) == rules(judged(made_up(given)).blocking)


@pytest.mark.parametrize("role", ["roles/owner", "roles/editor", "roles/viewer"])
def test_basic_roles(role: str) -> None:
    """None of the three is narrow."""
    given = change("google_project_iam_member", ["create"], None,
                   {"role": role, "member": "user:a@example.com"})  # fmt: skip

    assert ("basic-role",) == rules(judged(made_up(given)).blocking)


@pytest.mark.parametrize(
    ("kind", "role", "powerful"),
    [
        ("google_project_iam_member", "roles/storage.admin", True),
        ("google_project_iam_member", "roles/compute.instanceAdmin.v1", True),
        ("google_project_iam_member", "roles/iam.denyAdmin", True),
        ("google_project_iam_member", "roles/secretmanager.secretAccessor", True),
        ("google_folder_iam_member", "roles/resourcemanager.folderAdmin", True),
        ("google_project_iam_member", "roles/storage.objectAdmin", True),
        ("google_project_iam_member", "roles/logging.logWriter", False),
        ("google_project_iam_member", "roles/storage.objectViewer", False),
        ("google_storage_bucket_iam_member", "roles/storage.objectAdmin", False),
        ("google_storage_bucket_iam_member", "roles/storage.admin", True),
        ("google_secret_manager_secret_iam_member", "roles/secretmanager.secretAccessor",
         False),
        ("google_service_account_iam_member", "roles/iam.serviceAccountTokenCreator", True),
        ("google_service_account_iam_member", "roles/iam.serviceAccountUser", False),
        ("google_service_account_iam_member", "roles/iam.workloadIdentityUser", False),
    ],
)  # fmt: skip
def test_powerful_roles(kind: str, role: str, powerful: bool) -> None:
    """Who administers, acts as somebody else or reads all secrets, on what it is given."""
    given = change(kind, ["create"], None, {"role": role, "member": "user:a@example.com"})

    assert (("powerful-role",) if powerful else ()) == rules(judged(made_up(given)).blocking)


def test_acting_as_one_account() -> None:
    """What hands out rights is needed on a single account, and not on the project."""
    values = {"role": "roles/iam.serviceAccountUser", "member": "user:a@example.com"}
    on_one, on_all = (
        judged(made_up(change(kind, ["create"], None, values)))
        for kind in ("google_service_account_iam_member", "google_project_iam_member")
    )

    assert () == on_one.blocking
    assert ("powerful-role",) == rules(on_all.blocking)


@pytest.mark.parametrize(
    "role",
    [
        "roles/iam.organizationRoleAdmin",
        "roles/iam.roleAdmin",
        "roles/iam.securityAdmin",
        "roles/iam.serviceAccountAdmin",
        "roles/iam.serviceAccountKeyAdmin",
        "roles/iam.serviceAccountTokenCreator",
        "roles/iam.serviceAccountUser",
        "roles/iam.workloadIdentityUser",
        "roles/resourcemanager.organizationAdmin",
        "roles/resourcemanager.projectIamAdmin",
    ],
)
def test_roles_that_hand_out_rights(role: str) -> None:
    """By each of them its holder can take any other right."""
    given = change("google_project_iam_member", ["create"], None,
                   {"role": role, "member": "user:a@example.com"})  # fmt: skip

    assert ("powerful-role",) == rules(judged(made_up(given)).blocking)


@pytest.mark.parametrize(
    ("kind", "named", "on", "name"),
    [
        (GRANT, {"subscription": "x"}, SUBSCRIPTION, "name"),
        ("google_storage_bucket_iam_member", {"bucket": "b/x"}, BUCKET, "name"),
        ("google_pubsub_topic_iam_member", {"topic": "projects/p/topics/x"},
         "google_pubsub_topic", "name"),
        ("google_secret_manager_secret_iam_member", {"secret_id": "projects/p/secrets/x"},
         "google_secret_manager_secret", "secret_id"),
        ("google_service_account_iam_member",
         {"service_account_id": "projects/p/serviceAccounts/x"}, "google_service_account",
         "account_id"),
    ],
)  # fmt: skip
def test_a_grant_on_what_goes(kind: str, named: Json, on: str, name: str) -> None:
    """It is not told beside that; where what it is on stays, it is."""
    grant = change(
        kind, ["delete"], {"role": "roles/logging.logWriter", "member": "user:a", **named}, None
    )
    named_so, other = (
        change(on, ["delete"], {name: value, "force_destroy": False}, None) for value in ("x", "y")
    )

    assert "grant-removed" not in rules(judged(made_up(grant, named_so)).blocking)
    assert "grant-removed" in rules(judged(made_up(grant, other)).blocking)


def test_what_is_replaced_is_given_again() -> None:
    """A binding to everybody, a removal and a denial, each in the place of another one."""
    held = {"role": "roles/logging.logWriter", "members": ["user:a"]}
    public = {**held, "members": ["user:a", "allUsers"]}
    for kind, before, after, blocking in (
        ("google_project_iam_binding", held, public,
         ("grant-authoritative", "grant-removed", "public-access")),
        ("google_project_iam_member_remove", {},
         {"role": "roles/logging.logWriter", "member": "user:a"}, ("grant-removed",)),
        ("google_iam_deny_policy", {}, {}, ("access-denied",)),
    ):  # fmt: skip
        replaced = judged(made_up(change(kind, ["delete", "create"], before, after)))
        assert blocking == rules(replaced.blocking)


def test_what_is_quoted() -> None:
    """A value is between backticks and has none; what is unknown is said to be."""
    given = change("google_project_iam_member", ["create"], None,
                   {"role": "roles/logging.logWriter", "member": "user:`a`"})  # fmt: skip
    made = change("google_storage_bucket_acl", ["create"], None, {})
    made["change"]["after_unknown"] = {"predefined_acl": True}

    (public,) = judged(made_up(made)).blocking
    (told,) = judged(made_up(given)).notable

    assert "set to what is not known yet, which is for everybody" == public.what
    assert "new: `roles/logging.logWriter` for `user:'a'`" == told.what


def test_a_policy_of_all_roles() -> None:
    """It is read as the JSON that it is; one that is none is unknown."""
    kind = "google_storage_bucket_iam_policy"
    held = [
        {"role": "roles/pubsub.viewer", "members": ["user:a@example.com", "user:b@example.com"]}
    ]
    before = {"policy_data": json.dumps({"bindings": held})}
    for after, blocking in (
        ({"policy_data": json.dumps({"bindings": held[:0]})}, ("grant-authoritative",)),
        ({"policy_data": json.dumps({"bindings": [*held, {
            "role": "roles/pubsub.publisher", "members": ["allUsers"]}]})}, ("public-access",)),
        ({"policy_data": "{"}, ("grant-authoritative", "grant-unknown")),
        ({"policy_data": json.dumps({"bindings": [*held, {"role": 5}]})},
         ("grant-authoritative", "grant-unknown")),
        # The same role twice, under different conditions.
        ({"policy_data": json.dumps({"bindings": [
            {**held[0], "members": ["user:b@example.com"]}, {**held[0], "members": [
             "user:a@example.com"]}]})}, ()),
    ):  # fmt: skip
        assert blocking == rules(judged(updated(kind, before, after)).blocking)


@pytest.mark.parametrize(
    ("values", "unknown", "references", "blocking"),
    [
        ({"member": "user:a"}, {"role": True}, None, ("grant-unknown",)),
        ({}, {"member": True}, None, ("grant-unknown",)),
        ({}, {"member": True}, [], ("grant-unknown",)),
        ({}, {"member": True}, ["google_service_account.made.email"], ()),
        ({}, {"member": True}, ["google_service_account.there.email"], ("grant-unknown",)),
        ({}, {"member": True}, ["google_pubsub_topic.made.id"], ("grant-unknown",)),
        ({}, {"member": True}, ["google_service_account.made.email", "var.who"],
         ("grant-unknown",)),
    ],
)  # fmt: skip
def test_what_is_not_known_of_a_grant(
    values: Json, unknown: Json, references: list[str] | None, blocking: tuple[str, ...]
) -> None:
    """A member may be an account of the same plan, if it is written so; a role may be any."""
    usual = {} if "role" in unknown else {"role": "roles/logging.logWriter"}
    grant = change("google_project_iam_member", ["create"], None, {**usual, **values})
    grant["change"]["after_unknown"] = unknown
    made, there = {"account_id": "made"}, {"account_id": "there"}
    accounts = [
        change("google_service_account", ["create"], None, made, "made"),
        change("google_service_account", ["no-op"], there, there, "there"),
    ]
    plan = made_up(grant, *accounts)
    if references is not None:
        written = {"member": {"references": references} if references else {}}
        resource = {"address": grant["address"], "mode": "managed", "expressions": written}
        plan["configuration"] = {"root_module": {"resources": [resource]}}

    assert blocking == rules(judged(plan).blocking)


@pytest.mark.parametrize(
    ("members", "blocking"),
    [("*", ("names-another", "public-access")), ("attribute.repository/o/r", ("names-another",))],
)
def test_a_pool(members: str, blocking: tuple[str, ...]) -> None:
    """All that a pool lets in is everybody; what it tells apart is somebody."""
    pool = f"principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/{members}"
    given = change("google_service_account_iam_member", ["create"], None,
                   {"role": "roles/iam.workloadIdentityUser", "member": pool})  # fmt: skip

    assert blocking == rules(judged(made_up(given)).blocking)


def test_a_policy_that_the_apply_puts_together() -> None:
    """Who is on it is written, though the whole is known only later."""
    kind = "google_storage_bucket_iam_policy"
    policy = change(kind, ["create"], None, {"bucket": "b"})
    policy["change"]["after_unknown"] = {"policy_data": True}
    bindings = [{"role": "roles/storage.objectViewer", "members": ["allUsers", None]}]
    read = change("google_iam_policy", ["read"], None, {"binding": bindings}, "p")
    read |= {"mode": "data", "address": "data.google_iam_policy.p"}
    read["change"]["after_unknown"] = {"binding": [{"members": [False, True]}]}

    found = rules(judged(made_up(policy, read)).blocking)

    assert ("grant-authoritative", "grant-unknown", "public-access") == found


@pytest.mark.parametrize(
    ("member", "blocking"),
    [
        ("AllUsers", ("public-access",)),
        ("allauthenticatedusers", ("public-access",)),
        ("principalSet://goog/public:all", ("public-access",)),
        ("principalSet://goog/cloudIdentityCustomerId/C01", ("public-access",)),
        ("principalSet://iam.googleapis.com/locations/global/workforcePools/p/attribute.dept/x",
         ("names-another", "public-access")),
        ("principalSet://goog/group/ops@example.com", ()),
        ("projectOwner:eng-ai-prod", ("names-another",)),
        ("projectViewer:eng-ai-prod", ("names-another",)),
        (f"projectViewer:{PROJECT}", ()),
        ("group:ops@example.com", ()),
    ],
)  # fmt: skip
def test_whom_a_member_stands_for(member: str, blocking: tuple[str, ...]) -> None:
    """Everybody by any name, whole companies and pools, and those of another project."""
    values = {"role": "roles/logging.logWriter", "member": member}
    grant = change("google_project_iam_member", ["create"], None, values)

    assert blocking == rules(judged(made_up(grant)).blocking)


@pytest.mark.parametrize(
    ("role", "blocks"),
    [
        ("roles/parametermanager.parameterViewer", True),
        ("roles/parametermanager.parameterAccessor", True),
        ("roles/secretmanager.viewer", True),
        ("roles/container.viewer", True),
        ("roles/cloudkms.viewer", True),
        ("roles/what.isNewViewer", True),
        ("roles/monitoring.viewer", False),
        ("roles/logging.logWriter", False),
        ("roles/storage.objectViewer", False),
    ],
)
def test_roles_that_read(role: str, blocks: bool) -> None:
    """Of those that only read, some read secrets: none passes whose service is not known."""
    grant = change("google_project_iam_member", ["create"], None,
                   {"role": role, "member": "group:ops@example.com"})  # fmt: skip

    assert blocks == ("powerful-role" in rules(judged(made_up(grant)).blocking))


@pytest.mark.parametrize(
    ("permission", "powerful"),
    [
        ("parametermanager.parameterVersions.render", True),
        ("container.secrets.get", True),
        ("apikeys.keys.getKeyString", True),
        ("compute.instances.getSerialPortOutput", True),
        ("compute.instances.get", False),
        ("pubsub.topics.get", False),
    ],
)
def test_permissions_that_read_secrets(permission: str, powerful: bool) -> None:
    """A role of one's own is judged by what it allows."""
    role = change("google_project_iam_custom_role", ["create"], None,
                  {"role_id": "r", "permissions": [permission]})  # fmt: skip

    assert powerful == ("powerful-role" in rules(judged(made_up(role)).blocking))


@pytest.mark.parametrize(
    ("kind", "actions", "before", "after", "said"),
    [
        (MEMBERSHIP, "create", None, {"bucket": "b", "role": VIEWER, "member": "user:a"},
         ["grant-added: new: `roles/storage.objectViewer` for `user:a`"]),
        # What a role allows that is not of the plan nobody here knows.
        (MEMBERSHIP, "create", None,
         {"bucket": "b", "role": f"projects/{PROJECT}/roles/own", "member": "user:a"},
         ["powerful-role: given to `user:a`: `projects/eng-ai-dev/roles/own`"]),
        (MEMBERSHIP, "create", None, {"bucket": "b", "role": VIEWER, "member": "allUsers"},
         ["public-access: given to `allUsers`: `roles/storage.objectViewer`"]),
        (MEMBERSHIP, "create", None,
         {"bucket": "b", "role": VIEWER, "member": "user:a", "what_is_new": "x"},
         ["grant-added: new: `roles/storage.objectViewer` for `user:a`",
          "unjudged: new, with `what_is_new`"]),
        (MEMBERSHIP, "delete", {"bucket": "b", "role": VIEWER, "member": "user:a"}, None,
         ["grant-removed: removed: `roles/storage.objectViewer` from `user:a`"]),
        (MEMBERSHIP, "delete", {"bucket": "b", "role": VIEWER}, None,
         ["grant-removed: removed: `roles/storage.objectViewer` from all its members"]),
        (MEMBERSHIP, "delete", {"bucket": "b", "role": VIEWER, "member": ["x"]}, None,
         ["grant-removed: removed: `roles/storage.objectViewer` from somebody who is not told"]),
        ("google_what_is_new_iam_member", "delete", {"role": VIEWER, "member": "user:a"}, None,
         ["grant-removed: removed: `roles/storage.objectViewer` from `user:a`"]),
        (TAKEN, "create", None, {"role": VIEWER, "member": "user:a"},
         ["grant-removed: takes away `roles/storage.objectViewer` from `user:a`"]),
        (TAKEN, "delete", {"role": VIEWER, "member": "user:a"}, None, []),
        (BINDING, "create", None, {"bucket": "b", "role": VIEWER, "members": ["user:a"]},
         ["grant-authoritative: set as a whole: whoever has it and is not named loses it",
          "grant-added: new: `roles/storage.objectViewer` for `user:a`"]),
        (BINDING, "delete", {"bucket": "b", "role": VIEWER, "members": ["user:b", "user:a"]}, None,
         ["grant-removed: removed: `roles/storage.objectViewer` from `user:a`, `user:b`"]),
        (BINDING, "delete", {"bucket": "b", "role": VIEWER, "members": ["user:b", 5]}, None,
         ["grant-removed: removed: all roles by it"]),
        (BINDING, "delete", {"bucket": "b", "members": ["user:b"]}, None,
         ["grant-removed: removed: all roles by it"]),
        # In the place of another it is on something else, and all of it is given anew.
        (BINDING, "delete create", {"bucket": "b", "role": VIEWER, "members": ["allUsers"]},
         {"bucket": "c", "role": VIEWER, "members": ["allUsers"]},
         ["grant-authoritative: set as a whole: whoever has it and is not named loses it",
          "grant-removed: removed: `roles/storage.objectViewer` from `allUsers`",
          "public-access: given to `allUsers`: `roles/storage.objectViewer`",
          "unjudged: changed in `bucket`"]),
        (BINDING, "update", {"role": VIEWER, "members": ["user:a", "user:b"]},
         {"role": VIEWER, "members": ["user:b", "user:c"]},
         ["grant-authoritative: changed as a whole: taken away: `roles/storage.objectViewer` "
          "from `user:a`",
          "grant-added: new: `roles/storage.objectViewer` for `user:c`"]),
        (BINDING, "update", {"role": VIEWER, "members": ["user:b"]},
         {"role": VIEWER, "members": ["user:b", "user:c"]},
         ["grant-added: new: `roles/storage.objectViewer` for `user:c`"]),
    ],
)  # fmt: skip
def test_what_is_told(
    kind: str, actions: str, before: Json | None, after: Json | None, said: list[str]
) -> None:
    """Who gets what, and who loses it, as far as that is told."""
    assert said == told(planned(kind, actions, before, after))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ([("a", "user:a"), ("b", "user:b")], [],
         ["grant-authoritative: changed as a whole: taken away: `roles/a` from `user:a`; `roles/b` "
          "from `user:b`"]),
        ([("a", "user:a")], None,
         ["grant-authoritative: changed as a whole: taken away: `roles/a` from `user:a`"]),
        ([], [("storage.objectViewer", "user:b")],
         ["grant-added: new: `roles/storage.objectViewer` for `user:b`"]),
        # It is no list of bindings, so that nobody can tell.
        ([("a", "user:a")], "x",
         ["grant-authoritative: changed as a whole: taken away",
          "grant-unknown: new: a role that is not known yet for somebody who is not known yet"]),
    ],
)  # fmt: skip
def test_what_becomes_of_a_policy(before: Any, after: Any, said: list[str]) -> None:
    """All that it takes away is told at once, and all that goes with it."""
    kind = "google_storage_bucket_iam_policy"
    old, new = (
        json.dumps({"bindings": [{"role": f"roles/{role}", "members": [who]} for role, who in held]}
                   if isinstance(held, list) else {} if held is None else [held])
        for held in (before, after)
    )  # fmt: skip

    assert said == told(planned(kind, "update", {"policy_data": old}, {"policy_data": new}))


def test_a_policy_that_goes() -> None:
    """Whoever had a role by it is named."""
    held = {"bindings": [{"role": "roles/a", "members": ["user:a"]}]}
    for text, said in (
        (json.dumps(held), "grant-removed: removed: `roles/a` from `user:a`"),
        ("{", "grant-removed: removed: all roles by it"),
    ):
        plan = planned("google_storage_bucket_iam_policy", "delete", {"policy_data": text}, None)
        assert [said] == told(plan)


@pytest.mark.parametrize(
    ("values", "unknown"),
    [({"members": ["user:a"]}, {"role": True}), ({"role": VIEWER}, {"members": True})],
)
def test_a_binding_that_is_not_known(values: Json, unknown: Json) -> None:
    """Of role and members, both must be told."""
    found = rules(judged(planned(BINDING, "create", None, values, unknown)).blocking)

    assert ("grant-authoritative", "grant-unknown") == found
    role = "a role that is not known yet" if "role" in unknown else f"`{VIEWER}`"
    assert f"grant-unknown: new: {role} for somebody who is not known yet" in told(
        planned(BINDING, "create", None, values, unknown)
    )


def test_which_policy_is_read() -> None:
    """The one that is written, where that is known: what another one says is another matter."""
    policy = change("google_storage_bucket_iam_policy", ["create"], None, {"bucket": "b"})
    policy["change"]["after_unknown"] = {"policy_data": True}
    read = [
        change("google_iam_policy", ["read"], None, {"binding": [
            {"role": VIEWER, "members": [member]}]}, name)
        | {"mode": "data", "address": f"data.google_iam_policy.{name}"}
        for name, member in (("own", "user:a"), ("other", "allUsers"))
    ]  # fmt: skip
    reference = {"references": ["data.google_iam_policy.own.policy_data"]}
    resource = {"address": policy["address"], "mode": "managed",
                "expressions": {"policy_data": reference}}  # fmt: skip
    plan = made_up(policy, *read)
    plan["configuration"] = {"root_module": {"resources": [resource]}}

    assert f"grant-added: new: `{VIEWER}` for `user:a`" in told(plan)
    assert "public-access" not in rules(judged(plan).blocking)
