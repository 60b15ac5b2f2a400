"""Rules on ignoring rules: that what is ignored is one, and that there is something to ignore."""

from collections.abc import Iterator

from pipeline_zen.settings.lint.rule import RULES, rule
from pipeline_zen.settings.model import Lint
from pipeline_zen.settings.problems import Defect
from pipeline_zen.settings.proposals import nearest_as_yaml
from pipeline_zen.settings.words import choices

IGNORE = ("lint", "ignore")
"""The setting that says what to ignore."""


def ignorable() -> list[str]:
    """The ids of the rules that can be ignored; an error only once its facts are old."""
    return sorted(rule_id for rule_id, known in RULES.items() if known.ignorable)


@rule(
    "ignore-unknown",
    "error",
    "An `ignore` of what is no rule, or is about ignoring.",
    "Correct it, or take it out.",
    ignorable=False,
)
def ignores_name_a_rule(lint: Lint) -> Iterator[Defect]:
    """What is ignored is a rule that can be."""
    allowed = ignorable()
    for rule_id in lint.ignore:
        if rule_id not in allowed:
            what = "cannot be ignored" if rule_id in RULES else "no such rule"
            free = [other for other in allowed if other not in lint.ignore]
            near = nearest_as_yaml(rule_id, free)
            loc = (*IGNORE, rule_id)
            yield Defect(loc, what, choices(rule_id, allowed), at_key=True, instead=near)


@rule(
    "ignore-unused",
    "warning",
    "An `ignore` whose rule finds nothing.",
    "Take it out.",
    ignorable=False,
)
def ignores_are_used() -> Iterator[Defect]:
    """Each ignore leaves something out; `unused_ignore` is made once all else has been found."""
    return iter(())


def unused_ignore(rule_id: str) -> Defect:
    """The defect that nothing was found which *rule_id* is ignored for."""
    return Defect(
        (*IGNORE, rule_id),
        "there is nothing to ignore",
        ignores_are_used.advice,
        severity=ignores_are_used.severity,
        rule=ignores_are_used.id,
    )
