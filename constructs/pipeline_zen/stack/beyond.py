"""
What the CDK and the provider's classes are too old to know, written past them.

Each is a function that takes the resource it is for and says since when there is such a thing; what
it writes is in the JSON as if the class had it. Nothing else of a stack is written by override, but
for the versions in `environment`.
"""

from pipeline_zen.stack import cdk


def protect(resource: cdk.TerraformResource) -> None:
    """
    Keep *resource* from being destroyed: `deletion_policy`, since provider 7.33.

    Replacing it is an error, and so is `tofu destroy`. `prevent_destroy` vanishes with the line in
    the settings; then OpenTofu plans to destroy it, and the provider, by the policy in the state,
    leaves it in place and forgets it. `destroy = false` beside it would switch the error off.
    """
    resource.add_override("lifecycle", {"prevent_destroy": True})
    resource.add_override("deletion_policy", "ABANDON")


def create_in_bulk(group: cdk.ComputeRegionInstanceGroupManager) -> None:
    """
    Have *group* make its VMs all at once or not at all: `target_size_policy`, since 7.28.

    Google refuses it without the shape ANY_SINGLE_ZONE, or with repairs, and a change of it
    replaces the group.
    """
    group.add_override("target_size_policy", {"mode": "BULK"})
