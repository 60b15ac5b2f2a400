"""Attributes that only the provider or Google fills in; that they are not known says nothing."""

from pipeline_zen import kinds
from pipeline_zen.plan.paths import root

COMPUTED = frozenset(
    (*("conditions", "cpu_platform", "create_time", "creation_record", "creation_time"),
     *("creation_timestamp", "current_status", "deleted", "destroy_time", "effective_annotations"),
     *("effective_labels", "etag", "fingerprint", "generated_id", "generation", "id"),
     *("instance_group", "instance_group_manager_id", "instance_id", "label_fingerprint"),
     *("metadata_fingerprint", "metageneration", "network_id", "numeric_id", "project_number"),
     *("reconciling", "self_link", "self_link_unique", "self_link_with_id", "state", "status"),
     *("tags_fingerprint", "terraform_labels", "time_created", "uid", "unique_id", "update_time"),
     *("updated", "url"))
)  # fmt: skip
"""Attributes that are computed in the provider's schema, and optional for no type of the stacks."""

_COMPUTED_OF = {
    kinds.ACCOUNT: frozenset(("email", "member")),
    kinds.VERSION: frozenset(("name", "version")),
    "terraform_data": frozenset(("output",)),
}


def is_computed(type_: str, path: str) -> bool:
    """Whether nobody but the provider can give the attribute of a type a value."""
    attribute = root(path)
    if attribute in COMPUTED or attribute in _COMPUTED_OF.get(type_, ()):
        return True
    # What is known by another attribute has a name that is made from it.
    return attribute == "name" and kinds.of(type_).name not in ("", "name")
