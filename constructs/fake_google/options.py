"""What whoever starts the fake Google says of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass
class Options:
    """How this Google is, beside what is in it."""

    switched_on: bool = False
    """Whether every API can be used, or only those that somebody has switched on."""
    keep_payloads: bool = False
    """Whether secrets can be read again."""
    enforce_iam: bool = False
    """Whether a call needs its permission, of whoever the token is named after."""
    capacity: dict[str, int] = field(default_factory=dict)
    """The VMs that there is room for in a zone, or quota in a region; without end if not named."""
    machine_types: Mapping[str, tuple[int, int]] | None = None
    """The vCPUs and the memory in MB of machine types; of families not named, any type is one."""
