"""
What a plan does to jobs, queues, data, identities and money, and whether it may be applied.

    rules         what a rule is, and what it finds
    resource      a resource of the plan as rules see it
    index         what else the plan does, by name
    checks        which code judges which type: the decorator that registers it
    amounts       numbers and times that may be unknown
    general       rules on what goes, moves or is forgotten, of any type
    templates     rules on templates
    groups        rules on groups
    vms           rules on what scales groups, single VMs, commitments and quotas
    queues        rules on topics and subscriptions
    buckets       rules on buckets
    secrets       rules on secrets and their versions
    grants        rules on roles given to members
    acls          rules on access control lists
    accounts      rules on accounts, keys, custom roles, APIs
    network       rules on firewalls and policies that forbid
    trust         rules on the plan as a whole: of this environment, and all of it
    allowances    config/allow.yaml
    allow_schema  its JSON schema, for editors
    verdict       joins them

To add a rule: write it in the file of its like, as a `Rule` with the function below it that finds
it, which `@judges` registers for its types with the attributes that it judges; and add a plan of
the danger and one of its harmless neighbour in `tests/plans/` (`make plans`, `make docs`).
Which roles are powerful is in `grants.py`, which permissions in `accounts.py`.

Rules look at planned values only; none asks Google. What a rule cannot see it takes for the worse:
an unknown policy rolls VMs, a type without a rule may not be deleted.
"""

from pipeline_zen.guard.allow_schema import allow_schema
from pipeline_zen.guard.allowances import Allowance, allowances, matches
from pipeline_zen.guard.rules import RULES, Finding, Rule, Severity
from pipeline_zen.guard.trust import REHEARSAL_FAILED, REHEARSAL_LOST, Known, Target
from pipeline_zen.guard.verdict import Allowed, Verdict, judge

__all__ = [
    "REHEARSAL_FAILED",
    "REHEARSAL_LOST",
    "RULES",
    "Allowance",
    "Allowed",
    "Finding",
    "Known",
    "Rule",
    "Severity",
    "Target",
    "Verdict",
    "allow_schema",
    "allowances",
    "judge",
    "matches",
]
