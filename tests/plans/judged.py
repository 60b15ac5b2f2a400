"""Plans judged as those of a small environment."""

import datetime
from typing import Any

from pipeline_zen.guard import Allowance, Finding, Known, Target, Verdict, judge
from pipeline_zen.settings import Place
from tests.plans.cases import PROJECT, Json
from tests.plans.made import plan_of

TODAY = datetime.date(2026, 11, 23)
TARGET = Target("dev", PROJECT, "states", "pipeline-zen/dev", None)


def judged(
    plan: Json, *allowed: Allowance, target: Target = TARGET, known: Known | None = None
) -> Verdict:
    """The verdict on the JSON of a plan."""
    return judge(plan_of(plan), target, known or Known(), allowed, TODAY)


def rules(findings: tuple[Finding, ...]) -> tuple[str, ...]:
    """The ids of the rules that found something, each once, sorted."""
    return tuple(sorted({finding.rule for finding in findings}))


def allowance(finding: str, address: str, **more: Any) -> Allowance:
    """An allowance that holds today."""
    values = {"reason": "it is meant", "until": TODAY, "place": Place("config/allow.yaml", 2, 3)}
    return Allowance(finding, address, **{**values, **more})
