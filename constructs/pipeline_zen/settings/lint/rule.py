"""What a rule is, and the registry that each one enters where it is written."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from pipeline_zen.settings.checks import Finder
from pipeline_zen.settings.problems import Severity

_OLD = timedelta(days=365)
"""Facts older than this are doubtful."""


@dataclass(frozen=True)
class Rule:
    """A rule: what it looks for, how bad that is, and what to do about it."""

    id: str
    severity: Severity
    meaning: str
    """A sentence on what it finds, for the documentation."""
    advice: str
    """What to do; `{as_of}` stands for the day of the facts."""
    ignorable: bool
    find: Finder
    """Yields what it finds; a function like the checks, which may ask for `today` as well."""


RULES: dict[str, Rule] = {}
"""Every rule, by id."""


def rule(
    rule_id: str, severity: Severity, meaning: str, advice: str, *, ignorable: bool = True
) -> Callable[[Finder], Rule]:
    """Make a rule of a function: of a defect that it yields, `hint` says why it is one."""

    def register(find: Finder) -> Rule:
        if rule_id in RULES:
            raise ValueError(f"two rules {rule_id}")
        RULES[rule_id] = Rule(rule_id, severity, meaning, advice, ignorable, find)
        return RULES[rule_id]

    return register


def is_old(as_of: date, today: date) -> bool:
    """Whether a fact of that day is doubtful by now."""
    return today - as_of > _OLD
