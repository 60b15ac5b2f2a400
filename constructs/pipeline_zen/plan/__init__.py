"""
Reads a plan, as `tofu show -json` prints it, into values: what changes, and nothing secret.

    actions       what OpenTofu does to an object, and why, in words
    paths         paths of attributes
    document      the JSON of a plan, as far as it is read at all
    decoding      bytes -> the document; what is no plan is refused by name
    marks         what in a value is sensitive, or known only after the apply
    shown         a value as it is shown
    texts         texts of several lines -> the lines that differ
    difference    two values of a resource -> the attributes that differ
    computed      the attributes that only the provider fills in
    given         the attributes that the configuration gives a value
    hidden        what the configuration refers to where nobody can read it
    values        a resource's values by type, for rules
    completeness  what the configuration has, and the plan does not speak of
    checks        the conditions that do not hold
    changes       what becomes of one object
    plan          all of it, and its digest
    reading       the document -> a Plan
    folding       the changes -> alike ones as one

Only `resource_changes`, `resource_drift`, `output_changes`, `checks`, `relevant_attributes` and
`configuration` are decoded. `variables`, `prior_state` and `planned_values`, which hold secrets
in the clear and without a mark, are skipped by the decoder; of the prior state only addresses
ever become values.
"""

from pipeline_zen.plan.actions import Action
from pipeline_zen.plan.changes import Change
from pipeline_zen.plan.checks import FAILS, Check
from pipeline_zen.plan.difference import AttributeChange
from pipeline_zen.plan.document import PlanError
from pipeline_zen.plan.folding import ORDER, FoldedChange, Variant, fold
from pipeline_zen.plan.given import config_address
from pipeline_zen.plan.paths import root
from pipeline_zen.plan.plan import Output, Plan, Provider
from pipeline_zen.plan.reading import read
from pipeline_zen.plan.shown import LONGEST, cut
from pipeline_zen.plan.values import UNKNOWN, Unknown, Values

__all__ = [
    "FAILS",
    "LONGEST",
    "ORDER",
    "UNKNOWN",
    "Action",
    "AttributeChange",
    "Change",
    "Check",
    "FoldedChange",
    "Output",
    "Plan",
    "PlanError",
    "Provider",
    "Unknown",
    "Values",
    "Variant",
    "config_address",
    "cut",
    "fold",
    "read",
    "root",
]
