"""
What a plan does to jobs, queues, data, identities and money, and whether it may be applied.

    rules            what a rule is, and what it finds
    target           what a plan should be of, and where it was made
    resource         a resource of the plan as rules see it
    expressions      what is written for an argument, and what that does
    leaf             one attribute that changes
    links            links of Compute Engine, as a whole
    starts           which template the VMs of each group start from
    index            what else the plan does, by name
    harmless         tests of what is known to do no harm
    checks           which code judges which type, and what of it is harmless
    amounts          numbers and times that may be unknown
    general          rules on what goes, stays, moves or is forgotten, of any type
    templates        rules on what VMs start with
    template_values  what of that is known to do no harm
    template_costs   rules on what these cost
    groups           rules on groups, their sizes and templates
    group_policies   rules on what a group does to its VMs by itself
    vms              rules on what scales groups, single VMs, commitments and quotas
    queues           rules on topics and subscriptions
    lifecycles       what rules of a bucket do to objects
    buckets          rules on buckets
    secrets          rules on secrets and their versions
    powers           which roles, permissions and members are too much
    grants           rules on roles given to members
    acls             rules on access control lists
    accounts         rules on accounts, keys, custom roles, APIs
    network          rules on firewalls and policies that forbid
    others           rules on what no stack has, and is known to harm
    outside          what is named of another environment
    programs         programs, and what of the state is the only copy
    providers        which providers act, and what is set up in them
    reads            data sources, and which of them are known to read no secret
    outputs          what the stack gives out
    drift            what was taken away or changed outside
    trust            rules on the plan as a whole: of this environment, and all of it
    allowances       config/allow.yaml
    allow_schema     its JSON schema, for editors
    verdict          joins them

Safe is what is known to do no harm, and nothing else: each attribute that changes, or that a new
resource has, is explained by a finding, passes a test of its type's table, or is not judged.

To add a rule: write it in the file of its like, as a `Rule` with the function below it that finds
it, which `@judges` registers for its types with the attributes that its findings explain; give the
type's table, `harmless`, what may change without it; and add a plan of the danger and one of its
harmless neighbour in `tests/plans/` (`make plans`, `make docs`).

Rules look at planned values only; none asks Google. What a rule cannot see it takes for the worse:
an unknown policy rolls VMs, a type without a rule may not be deleted.
"""

from pipeline_zen.guard.allow_schema import allow_schema
from pipeline_zen.guard.allowances import Allowance, allowances, digest, is_meant, matches, run_out
from pipeline_zen.guard.rules import RULES, Finding, Rule, Severity
from pipeline_zen.guard.target import Provenance, Target
from pipeline_zen.guard.trust import REHEARSAL_FAILED, REHEARSAL_LOST
from pipeline_zen.guard.verdict import Allowed, Verdict, judge

__all__ = [
    "REHEARSAL_FAILED",
    "REHEARSAL_LOST",
    "RULES",
    "Allowance",
    "Allowed",
    "Finding",
    "Provenance",
    "Rule",
    "Severity",
    "Target",
    "Verdict",
    "allow_schema",
    "allowances",
    "digest",
    "is_meant",
    "judge",
    "matches",
    "run_out",
]
