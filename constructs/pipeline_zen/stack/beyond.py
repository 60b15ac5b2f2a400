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
