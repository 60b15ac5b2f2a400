"""What a rule is, what it finds, and every rule that there is, by its id."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType


class Severity(str, Enum):
    """What a change does to the fleet, the worst first."""

    UNTRUSTED = "cannot be trusted"
    """A plan that may be of something else, or not all of it."""
    KILLS_JOBS = "kills running jobs"
    LOSES_JOBS = "loses queued jobs"
    LOSES_DATA = "loses data"
    BREAKS_IDENTITY = "breaks identity"
    WIDENS_ACCESS = "widens access"
    STOPS_HALF_WAY = "stops half-way"
    """The apply would fail after it has changed something."""
    NOT_JUDGED = "not judged"
    """No rule says what it does."""
    COSTS = "costs"
    SAFE = "safe"

    @property
    def rank(self) -> int:
        """The smaller, the worse."""
        return list(Severity).index(self)


_REGISTERED: dict[str, "Rule"] = {}

RULES: Mapping[str, "Rule"] = MappingProxyType(_REGISTERED)
"""Every rule, by its id; each adds itself where it is made, beside the code that finds it."""


@dataclass(frozen=True, eq=False)
class Rule:
    """
    A kind of finding: `OPEN = Rule("bucket-open", Severity.WIDENS_ACCESS, "Close it.")`.

    Code refers to a rule by that object, so that a misspelt one is an error and not a new rule.
    """

    id: str
    """The name in the report and in `config/allow.yaml`."""
    severity: Severity
    todo: str
    """What to do about it, as one or two sentences."""
    blocks: bool = True
    allowable: bool = True
    """Whether `config/allow.yaml` can let it pass."""

    def __post_init__(self) -> None:
        if self.id in _REGISTERED:
            raise ValueError(f"There are two rules of the name {self.id}")
        _REGISTERED[self.id] = self

    def of_plan(self, what: str) -> "Finding":
        """A finding about the plan as a whole."""
        return Finding(self, "", what)


@dataclass(frozen=True)
class Finding:
    """Something that a reviewer must know of one resource, or of the plan as a whole."""

    made_by: Rule
    address: str
    """Empty where the plan as a whole is meant."""
    what: str
    """What happens, without naming the resource: the rest of a sentence that begins with it."""
    why: str = ""
    """What makes it happen."""
    vms: int | None = 0
    """How many running VMs it stops at most; None where that is not known."""
    gpus: int | None = 0
    """How many GPUs these have; for `costs`, how many more there can be."""
    attributes: tuple[str, ...] = ()
    """The paths of the attributes that make it happen; none where the resource as a whole does."""
    seen: tuple[object, ...] = field(default=(), repr=False, compare=False)
    """What the attributes become, as they are shown: an allowance is for that, and no more."""
    type: str = ""
    name: str = ""
    todo: str = field(default="")
    """Instead of the rule's."""

    @property
    def rule(self) -> str:
        """The rule's id."""
        return self.made_by.id

    @property
    def severity(self) -> Severity:
        """The rule's."""
        return self.made_by.severity

    @property
    def blocks(self) -> bool:
        """Whether the plan may not be applied with it, unless it is allowed."""
        return self.made_by.blocks

    @property
    def advice(self) -> str:
        """What to do about it."""
        return self.todo or self.made_by.todo
