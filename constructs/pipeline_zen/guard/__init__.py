"""
What a plan does to jobs, queues, data, identities and money, and whether it may be applied.

    findings      what there is to find: each rule with its severity and what to do
    world         what rules need to know of the plan as a whole
    amounts       numbers and times that may be unknown
    templates     rules on templates
    fleet         rules on groups, autoscalers, single VMs
    queues        rules on topics and subscriptions
    data          rules on buckets and secrets
    identity      rules on accounts, roles, grants, APIs
    trust         whether this is the plan of this environment, and all of it
    allowances    config/allow.yaml
    verdict       joins them

To add a rule: name it in `findings.py`, write what finds it beside its like, register the type in
`verdict.py` with the attributes that it judges, and add a plan of the danger and one of its
harmless neighbour to `tests/plans/cases.py` (`make plans`, `make golden`, `make docs`). Which roles
and permissions are powerful is in `identity.py`.

Rules look at planned values only; none asks Google. What a rule cannot see it takes for the worse:
an unknown policy rolls VMs, a type without a rule may not be deleted.
"""

from pipeline_zen.guard.allowances import Allowance, allowances, matches
from pipeline_zen.guard.findings import RULES, Finding, Rule, Severity
from pipeline_zen.guard.trust import Known, Target
from pipeline_zen.guard.verdict import Allowed, Verdict, judge

__all__ = [
    "RULES",
    "Allowance",
    "Allowed",
    "Finding",
    "Known",
    "Rule",
    "Severity",
    "Target",
    "Verdict",
    "allowances",
    "judge",
    "matches",
]
