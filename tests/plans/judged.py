"""Plans judged as those of a small environment."""

import datetime
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from pipeline_zen.guard import Allowance, Finding, Provenance, Target, Verdict, digest, judge
from pipeline_zen.settings import Place
from tests.plans.cases import PROJECT, Json
from tests.plans.made import plan_of

TODAY = datetime.date(2026, 11, 23)
TARGET = Target("dev", PROJECT, "states", "pipeline-zen/dev", None)


def judged(
    plan: Json, *allowed: Allowance, target: Target = TARGET, provenance: Provenance | None = None
) -> Verdict:
    """The verdict on the JSON of a plan, with allowances that are for just what is in it."""
    seen = bound(plan, allowed, target)
    return judge(plan_of(plan), target, provenance or Provenance(), seen, TODAY)


def bound(
    plan: Json, allowed: Iterable[Allowance], target: Target = TARGET
) -> tuple[Allowance, ...]:
    """Allowances as the report on the plan proposes them, with a digest of what they let pass."""
    blocking = judge(plan_of(plan), target, Provenance(), [], TODAY).blocking if allowed else ()
    return tuple(
        replace(one, seen=digest(finding for finding in blocking if one.covers(finding)))
        for one in allowed
    )


def rules(findings: tuple[Finding, ...]) -> tuple[str, ...]:
    """The ids of the rules that found something, each once, sorted."""
    return tuple(sorted({finding.rule for finding in findings}))


def allowance(finding: str, address: str, **more: Any) -> Allowance:
    """An allowance that holds today."""
    values = {"reason": "it is meant", "until": TODAY, "place": Place("config/allow.yaml", 2, 3),
              "seen": "0" * 8}  # fmt: skip
    return Allowance(finding, address, **{**values, **more})


def told(plan: Json) -> list[str]:
    """What a reviewer reads of each finding, the worst first: its rule, and what happens."""
    verdict = judged(plan)
    return [f"{one.rule}: {one.what}" for one in (*verdict.blocking, *verdict.notable)]
