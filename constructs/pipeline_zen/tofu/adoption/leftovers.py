"""What is wider than what takes its place: the commands that take it away after the cut-over."""

import shlex
from collections.abc import Iterable, Iterator

from pipeline_zen import kinds, names
from pipeline_zen.files import Json
from pipeline_zen.settings import Settings
from pipeline_zen.tofu.adoption.by_name import EARLIER_ROLES
from pipeline_zen.tofu.adoption.stack import Resource

EARLIER_PROJECT_ROLES = (
    "roles/compute.viewer",
    "roles/opsconfigmonitoring.resourceMetadata.writer",
    "roles/pubsub.publisher",
    "roles/pubsub.subscriber",
    "roles/secretmanager.secretAccessor",
    "roles/secretmanager.viewer",
    *(f"projects/{{project}}/roles/{role}" for role in EARLIER_ROLES),
)
"""What the earlier code granted to the jobs' account in the whole project, and this does not."""

EARLIER_BUCKET_ROLE = "roles/storage.objectAdmin"


def of_earlier_code(settings: Settings, resources: Iterable[Resource]) -> Iterator[str]:
    """Commands for what the earlier code made and this project has nothing for."""
    project = settings.project
    member = f"serviceAccount:{names.SERVICE_ACCOUNT}@{project}.iam.gserviceaccount.com"
    for role in EARLIER_PROJECT_ROLES:
        values = {"project": project, "role": role.format(project=project), "member": member}
        yield from leftover(kinds.PROJECT_MEMBER, values)
    for resource in resources:
        if resource.kind.type == kinds.BUCKET:
            bucket = resource.arguments["name"]
            values = {"bucket": bucket, "role": EARLIER_BUCKET_ROLE, "member": member}
            yield from leftover(kinds.BUCKET_MEMBER, values)


def leftover(type_: str, values: Json) -> Iterator[str]:
    """The command that takes something away; none for what a person must look at first."""
    match type_:
        case kinds.PROJECT_MEMBER:
            where = ["projects", "remove-iam-policy-binding", values["project"]]
        case kinds.BUCKET_MEMBER:
            bucket = values["bucket"].removeprefix("b/")
            where = ["storage", "buckets", "remove-iam-policy-binding", f"gs://{bucket}"]
        case kinds.VERSION:
            _, project, _, secret, _, version = values["name"].split("/")
            place = [f"--secret={secret}", f"--project={project}"]
            yield shlex.join(["gcloud", "secrets", "versions", "disable", version, *place])
            return
        case _:
            return
    # Without it gcloud asks, where the policy has conditions on other grants.
    on_none = ["--condition=None"] if type_ == kinds.PROJECT_MEMBER else []
    yield shlex.join(
        ["gcloud", *where, f"--member={values['member']}", f"--role={values['role']}", *on_none]
    )
