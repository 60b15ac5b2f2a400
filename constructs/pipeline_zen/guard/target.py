"""What a plan should be of, and what is known of where it was made."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Target:
    """What the plan should be of: the environment, as its settings have it."""

    environment: str
    project: str
    state_bucket: str
    state_prefix: str
    state_lineage: str | None
    """None where it is not recorded yet."""
    limits: Mapping[str, int] = field(default_factory=dict)
    """The most VMs that the scheduler raises a group to, by the group's name, where it is known."""
    images_project: str | None = None
    """Where the images of VMs are; None where that is not known."""
    reservations: frozenset[str] = frozenset()
    """What the settings have VMs start from, be it of another project that shares it."""


@dataclass(frozen=True)
class Provenance:
    """What is known of where the plan was made; all of it unknown of a plan that is only JSON."""

    lineage: str | None = None
    """The lineage of the state; empty where there was no state."""
    serial: int | None = None
    state_bucket: str | None = None
    """Where OpenTofu has its states, as it was initialised; None where that is not known."""
    state_prefix: str | None = None
    first_creation: bool = False
    """Whether somebody said that all of it is to be made for the first time."""
