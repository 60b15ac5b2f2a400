"""
What the CDK and the provider's classes are too old to know, written past them.

Each is a function that takes the resource it is for and says since when there is such a thing; what
it writes is in the JSON as if the class had it. Nothing else of a stack is written by override, but
for the versions in `environment`.
"""

from pipeline_zen.stack import cdk


def protect(resource: cdk.TerraformResource) -> None:
    """
    Keep *resource* from being destroyed: `destroy = false`, since OpenTofu 1.12.

    Replacing it is an error, and when its settings go, OpenTofu forgets it and leaves it in place.
    `prevent_destroy` alone would vanish with the settings; `destroy = false` is remembered in the
    state.
    """
    resource.add_override("lifecycle", {"destroy": False, "prevent_destroy": True})


def create_in_bulk(group: cdk.ComputeRegionInstanceGroupManager) -> None:
    """
    Have *group* make its VMs all at once or not at all: `target_size_policy`, since 7.28.

    Google refuses it without the shape ANY_SINGLE_ZONE, or with repairs, and a change of it
    replaces the group.
    """
    group.add_override("target_size_policy", {"mode": "BULK"})
