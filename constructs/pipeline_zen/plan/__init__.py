"""
Reads a plan, as `tofu show -json` prints it, into values: what changes, and nothing secret.

    document     the JSON of a plan, as far as it is read at all
    difference   two values of a resource -> the attributes that differ
    values       a resource's values by type, for rules
    whole        what the configuration has, and the plan does not speak of
    changes      the document -> a Plan
    folding      the changes -> groups of alike ones

Only `resource_changes`, `resource_drift`, `output_changes` and the addresses in `configuration`
are decoded. `variables`, `prior_state` and `planned_values`, which hold secrets in the clear
and without a mark, are skipped by the decoder and never become values.
"""

from pipeline_zen.plan.changes import Action, Change, Plan, read, root
from pipeline_zen.plan.difference import AttributeChange
from pipeline_zen.plan.document import PlanError
from pipeline_zen.plan.folding import Group, Member, fold
from pipeline_zen.plan.values import UNKNOWN, Unknown, Values

__all__ = [
    "UNKNOWN",
    "Action",
    "AttributeChange",
    "Change",
    "Group",
    "Member",
    "Plan",
    "PlanError",
    "Unknown",
    "Values",
    "fold",
    "read",
    "root",
]
