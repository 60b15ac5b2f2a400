"""
What is known of each resource type, in one row: its name, its identity, what takes it away.

Every type of the stacks has a row, and so has what grants are on. What a change of a type does is
the guard's to say; this is what it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

GROUP = "google_compute_region_instance_group_manager"
TEMPLATE = "google_compute_instance_template"
ACCOUNT = "google_service_account"
BUCKET = "google_storage_bucket"
BUCKET_MEMBER = "google_storage_bucket_iam_member"
PROJECT_MEMBER = "google_project_iam_member"
ROLE = "google_project_iam_custom_role"
SECRET = "google_secret_manager_secret"  # noqa: S105 - a type
SUBSCRIPTION = "google_pubsub_subscription"
TOPIC = "google_pubsub_topic"
VERSION = "google_secret_manager_secret_version"

GROUPS = (GROUP, "google_compute_instance_group_manager")
"""The types of groups, those of one zone with them, which the stacks have none of."""

TEMPLATES = (TEMPLATE, "google_compute_region_instance_template")
"""The types of templates, those of one region with them, which the stacks have none of."""

NAMES = ("account_id", "role_id", "secret_id", "name")
"""The attributes that Google knows a resource of any type by; the first that there is."""

PLACES = ("region", "zone", "location")
"""The attributes of the place that a name is one of a kind in; the first that there is."""


class On(NamedTuple):
    """What a grant hangs on: the attribute that names it, and its type."""

    attribute: str
    type: str


@dataclass(frozen=True)
class Kind:
    """A resource type: what one of it is known by, and how it comes and goes."""

    type: str
    name: str = ""
    """The attribute that Google knows it by; empty where it has no name that the stack gives it."""
    place: str = ""
    """The attribute of the place within which that name is one of a kind, beside the project."""
    worldwide: bool = False
    """Whether nobody else at Google can have the same name, in whatever project."""
    import_id: str = ""
    """What `import` knows it by, as the provider's documentation gives it; empty for none."""
    repeatable: bool = False
    """Whether making one that is there changes nothing, so that it needs no import."""
    earlier: bool = False
    """Whether the code before this project made such things, under the same names."""
    lost_by: str = ""
    """Google's method that takes it away so that nobody gets it back; empty where none does."""
    on: On | None = None
    """What a grant hangs on, and goes with; None for what is no grant."""


def _grant(on: str, attribute: str) -> Kind:
    """A role of one member, on one thing."""
    return Kind(f"{on}_iam_member", repeatable=True, on=On(attribute, on))


_ROWS = (
    Kind(
        "google_cloud_quotas_quota_preference",
        name="name",
        import_id="{parent}/locations/global/quotaPreferences/{name}",
    ),
    Kind(
        TEMPLATE,
        name="name",
        import_id="projects/{project}/global/instanceTemplates/{name}",
    ),
    Kind(
        GROUP,
        name="name",
        place="region",
        import_id="projects/{project}/regions/{region}/instanceGroupManagers/{name}",
        earlier=True,
        lost_by="compute.regionInstanceGroupManagers.delete",
    ),
    Kind(
        ROLE,
        name="role_id",
        import_id="projects/{project}/roles/{role_id}",
        earlier=True,
        lost_by="iam.projects.roles.delete",
    ),
    Kind(
        PROJECT_MEMBER,
        import_id="{project} {role} {member}",
        earlier=True,
        on=On("project", "google_project"),
    ),
    Kind("google_project_service", repeatable=True),
    Kind(
        SUBSCRIPTION,
        name="name",
        import_id="projects/{project}/subscriptions/{name}",
        earlier=True,
        lost_by="pubsub.projects.subscriptions.delete",
    ),
    _grant(SUBSCRIPTION, "subscription"),
    Kind(
        TOPIC,
        name="name",
        import_id="projects/{project}/topics/{name}",
        earlier=True,
        lost_by="pubsub.projects.topics.delete",
    ),
    _grant(TOPIC, "topic"),
    Kind(
        SECRET,
        name="secret_id",
        import_id="projects/{project}/secrets/{secret_id}",
        earlier=True,
        lost_by="secretmanager.projects.secrets.delete",
    ),
    _grant(SECRET, "secret_id"),
    # Its number is Google's to give.
    Kind(VERSION, lost_by="secretmanager.projects.secrets.versions.destroy"),
    Kind(
        ACCOUNT,
        name="account_id",
        import_id=(
            "projects/{project}/serviceAccounts/{account_id}@{project}.iam.gserviceaccount.com"
        ),
        earlier=True,
        lost_by="iam.projects.serviceAccounts.delete",
    ),
    _grant(ACCOUNT, "service_account_id"),
    Kind(
        BUCKET,
        name="name",
        worldwide=True,
        import_id="{project}/{name}",
        earlier=True,
        lost_by="storage.buckets.delete",
    ),
    _grant(BUCKET, "bucket"),
)

KINDS: Mapping[str, Kind] = MappingProxyType({kind.type: kind for kind in _ROWS})
"""The rows, by type."""

LOSSES: Mapping[str, str] = MappingProxyType(
    {kind.lost_by: kind.type for kind in _ROWS if kind.lost_by}
)
"""The types of what nobody gets back, by the method that takes it away."""


def of(type_: str) -> Kind:
    """The row of a type; one that says nothing for a type that the stacks do not have."""
    return KINDS.get(type_, Kind(type_))
