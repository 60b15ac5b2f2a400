"""
Every rule, held against settings.

Facts grow old: an error that rests on a fact from more than a year before `today` is a warning, and
can be ignored then. What rests on no dated fact, as the limits on names, does not grow old.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from pipeline_zen.settings.checks import found
from pipeline_zen.settings.lint.rule import RULES, Rule, is_old
from pipeline_zen.settings.problems import Defect

_NO_EFFECT = "That `lint` ignores this has no effect while it is an error."


def run(settings: Mapping[str, Any], today: date) -> Iterator[Defect]:
    """
    The defects that the rules find of which all settings are among *settings*; none is ignored yet.

    What is an error today, and would be ignored, says that it is not.
    """
    ignored = settings["lint"].ignore if "lint" in settings else ()
    for rule in RULES.values():
        for defect in found(rule.find, {**settings, "today": today}):
            judged = _judged(defect, rule, today)
            if judged.severity == "error" and rule.ignorable and rule.id in ignored:
                judged = judged._replace(hint=f"{judged.hint} {_NO_EFFECT}")
            yield judged


def _judged(defect: Defect, rule: Rule, today: date) -> Defect:
    """The defect with the severity that it has today, and the rule's advice."""
    as_of, why, advice, severity = defect.as_of, defect.hint, rule.advice, rule.severity
    if "{as_of}" in advice:
        advice = advice.format(as_of=as_of)
    elif as_of:
        why = f"{why.rstrip('.')} (as of {as_of})."
    if severity == "error" and as_of and is_old(as_of, today):
        severity = "warning"
    hint = f"{why.strip()} {advice}".strip()
    return defect._replace(hint=hint, severity=severity, rule=rule.id)
