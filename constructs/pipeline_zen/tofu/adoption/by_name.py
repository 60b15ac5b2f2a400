"""What is there by its name: a block that imports it."""

from collections.abc import Mapping, Sequence

from pipeline_zen import kinds, names
from pipeline_zen.files import Json
from pipeline_zen.tofu.adoption.stack import AdoptionError, Resource, condition

EARLIER_ROLES = (names.BUCKET_LISTER, names.VM_DELETER)
TELEMETRY = ("roles/logging.logWriter", "roles/monitoring.metricWriter")


def imported(
    resources: Mapping[str, Resource], addresses: Sequence[str], *, everything: bool
) -> Json:
    """
    Blocks that import *addresses*, by default all that a deployment of the earlier code has.

    With *everything* it is all that can be imported, as where the state of this very stack is lost.

    Raises AdoptionError for an address that is none of the stack's or cannot be imported.
    """
    for address in addresses:
        if address not in resources:
            raise AdoptionError(f"{address} is no resource of the stack")
        kind = resources[address].kind
        if kind.repeatable:
            raise AdoptionError(f"{address} needs no import: making it anew changes nothing")
        if not kind.import_id:
            raise AdoptionError(
                f"{address} cannot be imported by its name: apply again, which makes another one"
            )
    wanted = addresses or [
        address
        for address, resource in resources.items()
        if (resource.kind.import_id if everything else _is_earlier(resource))
    ]
    return {
        "import": [
            {"to": address, "id": _identity(resources[address])} for address in sorted(wanted)
        ]
    }


def _is_earlier(resource: Resource) -> bool:
    """Whether a deployment of the earlier code has it, under this very name."""
    match resource.kind.type:
        case kinds.ROLE:
            return resource.arguments["role_id"] in EARLIER_ROLES
        case kinds.PROJECT_MEMBER:
            return resource.arguments["role"] in TELEMETRY
        case _:
            return resource.kind.earlier


def _identity(resource: Resource) -> str:
    identity = resource.kind.import_id.format(**resource.arguments)
    on = condition(resource.arguments)
    return f"{identity} {on['title']}" if on else identity
