"""Which roles, and which members, are too much."""

import pytest

from pipeline_zen.guard.powers import is_powerful, is_public
from pipeline_zen.plan import UNKNOWN, Unknown
from tests.plans.cases import PROJECT, ROLE, Json
from tests.plans.judged import judged
from tests.plans.made import change, made_up


@pytest.mark.parametrize(
    ("type_", "role", "powerful"),
    [
        ("google_project_iam_member", "roles/logging.logWriter", False),
        # What is narrow on one thing is not so on all that there are of them.
        *((f"google_{on}_iam_member", "roles/storage.objectUser", on in ("project", "folder"))
          for on in ("project", "folder", "pubsub_topic", "storage_bucket")),
        ("google_project_iam_member", "roles/pubsub.publisher", False),
        ("google_project_iam_member", "roles/pubsub.subscriber", False),
        ("google_project_iam_member", "roles/storage.objectCreator", False),
        ("google_project_iam_member", "roles/storage.objectViewer", False),
        # Viewers of what is a secret, beside those of what is none.
        ("google_project_iam_member", "roles/compute.viewer", False),
        ("google_project_iam_member", "roles/logging.viewer", False),
        ("google_project_iam_member", "roles/serviceusage.apiKeysViewer", True),
        ("google_project_iam_member", "roles/serviceusage.serviceUsageViewer", False),
        ("google_project_iam_member", "roles/iam.securityReviewer", True),
        ("google_project_iam_member", "roles/compute.osLoginViewer", True),
        ("google_project_iam_member", "roles/pubsub.editor", True),
        ("google_folder_iam_member", "roles/pubsub.editor", True),
        ("google_organization_iam_member", "roles/pubsub.editor", True),
        ("google_billing_account_iam_member", "roles/pubsub.editor", True),
        ("google_pubsub_topic_iam_member", "roles/pubsub.editor", False),
        ("google_pubsub_topic_iam_member", "roles/logging.logWriter", False),
        ("google_pubsub_topic_iam_member", "roles/monitoring.viewer", False),
        ("google_pubsub_topic_iam_member", "roles/pubsub.admin", True),
        # A role of one's own is as powerful as what it allows, and another one is not known.
        ("google_project_iam_member", "projects/p/roles/mine", False),
        ("google_project_iam_member", "projects/p/roles/mine_too", True),
        ("google_project_iam_member", "projects/p/roles/other", True),
        ("google_project_iam_member", "projects/p/roles/unknown", True),
        ("google_project_iam_member", "projects/q/roles/theirs", True),
    ],
)  # fmt: skip
def test_what_a_role_allows(type_: str, role: str, powerful: bool) -> None:
    """By its name, and by what it is on."""
    custom: dict[str, frozenset[str] | Unknown] = {
        "projects/p/roles/mine": frozenset(["a.get"]),
        "projects/p/roles/mine_too": frozenset(["a.get", "a.actAs"]),
        "projects/p/roles/unknown": UNKNOWN,
    }

    assert powerful == is_powerful(type_, role, custom)


@pytest.mark.parametrize(
    ("actions", "role", "project", "found"),
    [
        ("no-op", {"role_id": "r", "permissions": ["a.get"]}, PROJECT, "grant-added"),
        ("create", {"role_id": "r", "permissions": ["a.get"]}, PROJECT, "grant-added"),
        ("no-op", {"role_id": "r", "permissions": ["a.actAs"]}, PROJECT, "powerful-role"),
        # One that goes, one of another name or project, and one that was made by hand.
        ("delete", {"role_id": "r", "permissions": ["a.get"]}, PROJECT, "powerful-role"),
        ("no-op", {"role_id": "s", "permissions": ["a.get"]}, PROJECT, "powerful-role"),
        ("no-op", {"role_id": "r", "permissions": ["a.get"]}, "other", "powerful-role"),
        ("no-op", {}, PROJECT, "powerful-role"),
    ],
)
def test_a_grant_of_a_custom_role(actions: str, role: Json, project: str, found: str) -> None:
    """What it allows is known where the plan has it, and is not where it has not."""
    values = {"project": project, **role}
    before, after = (None if actions == without else values for without in ("create", "delete"))
    there = change(ROLE, [actions], before, after)
    name = f"projects/{PROJECT}/roles/r"
    for type_, entry in (
        ("google_project_iam_member", {"role": name, "member": "user:a@example.com"}),
        ("google_storage_bucket_iam_member", {"role": name, "member": "user:a@example.com"}),
        ("google_project_iam_binding", {"role": name, "members": ["user:a@example.com"]}),
    ):
        verdict = judged(made_up(there, change(type_, ["create"], None, entry)))
        of_it = [one for one in (*verdict.blocking, *verdict.notable) if one.type == type_]
        assert found in {one.rule for one in of_it}


@pytest.mark.parametrize(
    ("member", "public"),
    [
        ("allUsers", True),
        ("ALLAUTHENTICATEDUSERS", True),
        ("domain:example.com", True),
        ("Domain:example.com", True),
        ("user:domain@example.com", False),
        ("principalSet://goog/public:all", True),
        ("PRINCIPALSET://goog/public:all", True),
        ("principalSet://goog/group/ops@example.com", False),
        ("principal://goog/subject/a@example.com", False),
        ("serviceAccount:a@b", False),
        ("", False),
    ],
)
def test_who_is_everybody(member: str, public: bool) -> None:
    """Whoever a name, a domain or a pool lets in."""
    assert public == is_public(member)
