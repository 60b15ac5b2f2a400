"""
What Google has to say about the settings: rules, each with an id and a severity.

An error stops like any other problem. A warning is probably wrong, a notice is worth knowing;
neither stops anything, and both can be ignored by id, with a reason, in the setting `lint`.

    rule      what a rule is, and the registry that each one enters where it is written
    machines  rules on machine types and their GPUs
    disks     rules on boot disks
    capacity  rules on how machines can be had
    zones     rules on zones, and on the age of the lists of them
    regions   rules on regions and bucket locations
    lengths   rules on names
    quotas    rules on quota
    ignoring  rules on ignoring rules
    sales     what a fleet's machines are sold in
    wording   reasons of the catalogue, as sentences
    run       every rule, held against settings
"""

# Importing the files enters their rules.
from pipeline_zen.settings.lint import (
    capacity,
    disks,
    ignoring,
    lengths,
    machines,
    quotas,
    regions,
    zones,
)
from pipeline_zen.settings.lint.ignoring import IGNORE, ignorable, unused_ignore
from pipeline_zen.settings.lint.rule import RULES, Rule
from pipeline_zen.settings.lint.run import run

__all__ = [
    "IGNORE",
    "RULES",
    "Rule",
    "capacity",
    "disks",
    "ignorable",
    "ignoring",
    "lengths",
    "machines",
    "quotas",
    "regions",
    "run",
    "unused_ignore",
    "zones",
]
