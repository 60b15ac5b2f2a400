"""What there is to find: the rules, each with its severity, and whether it blocks."""

from dataclasses import dataclass, field
from enum import Enum


class Severity(str, Enum):
    """What a change does to the fleet, the worst first."""

    UNTRUSTED = "cannot be trusted"
    """It may be the plan of something else, or not all of it."""
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


@dataclass(frozen=True)
class Rule:
    """A kind of finding."""

    severity: Severity
    blocks: bool
    todo: str
    """What to do about it, as one or two sentences."""
    allowable: bool = True
    """Whether `config/allow.yaml` can let it pass."""


@dataclass(frozen=True)
class Finding:
    """Something that a reviewer must know of one resource, or of the plan as a whole."""

    rule: str
    """A key of `RULES`."""
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
    type: str = ""
    name: str = ""
    todo: str = field(default="")
    """Instead of the rule's."""

    @property
    def severity(self) -> Severity:
        """The rule's."""
        return RULES[self.rule].severity

    @property
    def blocks(self) -> bool:
        """The rule's."""
        return RULES[self.rule].blocks

    @property
    def advice(self) -> str:
        """What to do about it."""
        return self.todo or RULES[self.rule].todo


_UNTRUSTED, _KILLS, _JOBS = Severity.UNTRUSTED, Severity.KILLS_JOBS, Severity.LOSES_JOBS
_DATA, _IDENTITY, _ACCESS = Severity.LOSES_DATA, Severity.BREAKS_IDENTITY, Severity.WIDENS_ACCESS
_HALF, _COSTS, _SAFE = Severity.STOPS_HALF_WAY, Severity.COSTS, Severity.SAFE
_NOT_JUDGED = Severity.NOT_JUDGED

RULES = {
    # Is it the plan of this environment, and all of it?
    "plan-errored": Rule(
        _UNTRUSTED, True, "Mend what OpenTofu complained of, and plan again.", allowable=False
    ),
    "plan-incomplete": Rule(
        _UNTRUSTED,
        True,
        "Plan again without `-target` and `-exclude`: nobody can review what is left out.",
        allowable=False,
    ),
    "wrong-project": Rule(
        _UNTRUSTED,
        True,
        "See which environment's folder, state and credentials were used, and plan again.",
        allowable=False,
    ),
    "wrong-state": Rule(
        _UNTRUSTED,
        True,
        "See that the state's bucket and prefix are the environment's. If the state was made anew "
        "on purpose, change `state_lineage` in the environment's YAML.",
        allowable=False,
    ),
    "state-not-recorded": Rule(
        _SAFE,
        False,
        "Add that line to the environment's YAML, so that a plan against another state is blocked.",
    ),
    "first-creation": Rule(
        _UNTRUSTED,
        True,
        "If the environment exists, the state is the wrong one. If it does not, say so: "
        "`make plan ENV=… FIRST=yes`.",
        allowable=False,
    ),
    "deletion-budget": Rule(
        _UNTRUSTED,
        True,
        "See that no YAML is empty or half merged. What is meant to go is named in "
        "`config/allow.yaml`, address by address, and then no longer counts; what has no finding "
        "of its own goes in several changes, one after the other.",
        allowable=False,
    ),
    "allowance-unused": Rule(
        _UNTRUSTED,
        True,
        "Remove it from `config/allow.yaml`: it would let the next such change pass unseen.",
        allowable=False,
    ),
    "allowance-expired": Rule(
        _UNTRUSTED,
        True,
        "Remove it from `config/allow.yaml`, or give it a new date if it is still meant.",
        allowable=False,
    ),
    # The fleet
    "group-deleted": Rule(
        _KILLS,
        True,
        "Put its region or cluster back into `fleets`; or see that it is empty, and allow it.",
    ),
    "group-replaced": Rule(
        _KILLS,
        True,
        "Leave what forces it as it is; or wait until the group is empty, and allow it.",
    ),
    "group-shrunk": Rule(
        _KILLS,
        True,
        "Take the size out of the configuration: the scheduler sets it.",
    ),
    "group-rolled": Rule(
        _KILLS,
        True,
        "Set the update policy to OPPORTUNISTIC with the minimal action NONE.",
    ),
    "group-rebalanced": Rule(
        _KILLS,
        True,
        "Set `instance_redistribution_type` to NONE.",
    ),
    "group-healed": Rule(
        _KILLS,
        True,
        "Leave health checks out: a job that keeps its machine busy would fail them.",
    ),
    "group-state-changed": Rule(
        _DATA, True, "Leave stateful disks and addresses as they are, or empty the group first."
    ),
    "autoscaler-changed": Rule(
        _KILLS, True, "Leave the size to the scheduler: an autoscaler knows nothing of jobs."
    ),
    "autoscaler-lowered": Rule(
        _KILLS, True, "Leave the size to the scheduler, or wait until the group is empty."
    ),
    "resize-request-deleted": Rule(
        _KILLS, True, "Let the request run out, or see that its VMs are done, and allow it."
    ),
    "vm-deleted": Rule(_KILLS, True, "Wait until nothing runs on it, and allow it."),
    "template-name-kept": Rule(
        _HALF, True, "Give the template a name that changes with its contents: Google has no two."
    ),
    "template-deleted-first": Rule(
        _HALF,
        True,
        "Give the template `create_before_destroy` and a name that changes with its contents.",
    ),
    "template-in-use": Rule(
        _HALF,
        True,
        "Keep the template until no group names it.",
    ),
    "group-repairs": Rule(
        _COSTS,
        False,
        "Set `default_action_on_failure` to DO_NOTHING: a VM that deleted itself would come back "
        "and run without a job.",
    ),
    "gpus-added": Rule(
        _COSTS,
        False,
        "Ask for the quota, tell the scheduler, and see that the budget has room.",
    ),
    "size-raised": Rule(
        _COSTS,
        False,
        "Take the size out of the configuration: the scheduler sets it.",
    ),
    "vms-end-early": Rule(
        # Those that wait now run on such VMs.
        _JOBS,
        False,
        "See that the longest job is shorter by far; none that runs already is touched.",
    ),
    "vms-cost-otherwise": Rule(_COSTS, False, "See that the budget has room."),
    "paid-ahead": Rule(_COSTS, False, "See that it is wanted for as long as it lasts."),
    "quota-asked": Rule(
        _COSTS, False, "Less quota keeps VMs from starting; more lets them cost more."
    ),
    # Queues
    "subscription-deleted": Rule(
        _JOBS,
        True,
        "Drain it first, or keep the cluster; then allow it.",
    ),
    "subscription-replaced": Rule(
        _JOBS,
        True,
        "Make a new one under another name beside it, drain the old one, then remove that. The "
        "grants on a replaced subscription are gone until a second apply.",
    ),
    "topic-deleted": Rule(
        _JOBS,
        True,
        "Keep the topic: its subscriptions would hear nothing any more, even under the same name.",
    ),
    "retention-shortened": Rule(
        _JOBS, True, "Wait until nothing older is in the queue, or leave it as it is."
    ),
    "subscription-expires": Rule(
        _JOBS, True, "Leave the subscription without an expiry (`ttl` empty)."
    ),
    "delivery-diverted": Rule(
        _JOBS,
        True,
        "Leave messages for VMs to pull as they were sent, without push, export, dead letters, "
        "schema or transforms.",
    ),
    # Data
    "bucket-deleted": Rule(_DATA, True, "Keep it, or copy what is in it; then allow it."),
    "bucket-replaced": Rule(
        _DATA,
        True,
        "Make a second bucket and move the objects; Google cannot change this one.",
    ),
    "bucket-unguarded": Rule(
        _DATA, True, "Leave `force_destroy` false: Google then refuses to delete a full bucket."
    ),
    "objects-expire": Rule(
        _DATA, True, "See which objects are older than that, and whether they are missed."
    ),
    "secret-deleted": Rule(
        _DATA, True, "Keep it: VMs cannot start without it, and its text is nowhere else."
    ),
    "secret-unguarded": Rule(
        _DATA,
        True,
        "Leave `deletion_protection` true, and a version's `deletion_policy` DISABLE.",
    ),
    "secret-version-disabled": Rule(
        _DATA,
        True,
        "See that the newest version is enabled, and made before the old one is disabled.",
    ),
    "secret-version-lost": Rule(
        _DATA,
        True,
        "Let the old version be disabled, not destroyed: `deletion_policy = DISABLE`.",
    ),
    # Identity
    "account-deleted": Rule(
        _IDENTITY,
        True,
        "Keep it: a new account of the same name has none of its grants, and templates name the "
        "old one.",
    ),
    "vms-other-account": Rule(
        _IDENTITY,
        True,
        "Leave the jobs' account: jobs, and VMs that delete themselves, rely on its grants.",
    ),
    "account-disabled": Rule(_IDENTITY, True, "Leave it enabled while VMs run as it."),
    "role-deleted": Rule(_IDENTITY, True, "Remove its grants first, and wait for jobs to end."),
    "role-shrunk": Rule(
        _IDENTITY, True, "See that no running job needs what is taken away, and allow it."
    ),
    "grant-removed": Rule(
        _IDENTITY,
        True,
        "See that no running job needs it, and allow it.",
    ),
    "grant-authoritative": Rule(
        _IDENTITY,
        True,
        "Use the `_iam_member` resource: this one takes the role from everybody it does not name.",
    ),
    "access-narrowed": Rule(
        _IDENTITY,
        True,
        "See that no running job needs it, and that no customer reads it; allow it.",
    ),
    "access-denied": Rule(
        _IDENTITY, True, "See by name whom it stops, and that no job needs that; then allow it."
    ),
    "api-disabled": Rule(
        _IDENTITY, True, "Set `disable_on_destroy` to false: others in the project may use the API."
    ),
    # Access
    "public-access": Rule(_ACCESS, True, "Name who needs it instead of everybody."),
    "basic-role": Rule(_ACCESS, True, "Grant the narrow role for the task instead."),
    "powerful-role": Rule(
        _ACCESS,
        True,
        "Its holder can take further rights, act as somebody else or read secrets: grant what the "
        "task needs, on the one thing that it needs it for.",
    ),
    "grant-unknown": Rule(
        _ACCESS, True, "Write role and member as plain text, so that it can be read who gets what."
    ),
    "account-key": Rule(
        _ACCESS, True, "Use Workload Identity or impersonation: a key never expires, and leaks."
    ),
    "access-unguarded": Rule(
        _ACCESS, True, "Leave public access prevented and access uniform on this bucket."
    ),
    "grant-added": Rule(_ACCESS, False, "See that each is needed."),
    "role-widened": Rule(_ACCESS, False, "See that each permission is needed."),
    # In general
    "name-clash": Rule(
        _HALF,
        True,
        "Let go of the old one by a `removed` block and under another name, or keep it.",
    ),
    "renamed": Rule(_HALF, True, "Add a `moved` block, so that it stays what it is."),
    "deleted": Rule(
        _DATA,
        True,
        "There is no rule for this type, so look yourself what is lost; then allow it.",
    ),
    "unjudged": Rule(
        _NOT_JUDGED, False, "There is no rule for that, so look yourself what it does."
    ),
    "rehearsal-failed": Rule(
        _HALF, True, "Mend what OpenTofu complained of, and rehearse again.", allowable=False
    ),
    "rehearsal-lost": Rule(
        _UNTRUSTED,
        True,
        "The rehearsal took away what no finding names, so the findings are not all: look at the "
        "changes for what does it.",
        allowable=False,
    ),
    "forgotten": Rule(
        _SAFE,
        False,
        "It stays at Google and goes on to cost; delete it by hand once it is not needed.",
    ),
}
"""Every rule, by its id."""
