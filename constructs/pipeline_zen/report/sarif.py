"""A review's findings at the lines of YAML that cause them, as SARIF."""

from collections.abc import Iterator

from pipeline_zen.guard import RULES, Finding, Rule, Severity
from pipeline_zen.report.folding import FoldedFinding
from pipeline_zen.report.origins import RELEASE
from pipeline_zen.report.review import Review
from pipeline_zen.sarif import Level, SarifLine, SarifResult, SarifRule, sarif


def render(review: Review) -> str:
    """The findings; those that are allowed are marked as accepted, with the reason."""
    rules = (
        SarifRule(rule.id, f"{rule.severity.value}: {rule.id}", rule.todo, _level(rule))
        for rule in RULES.values()
    )
    return sarif(rules, _results(review))


def _results(review: Review) -> Iterator[SarifResult]:
    for finding in review.verdict.blocking:
        yield _result(review, finding)
    for allowed in review.verdict.allowed:
        yield _result(review, allowed.finding, allowed.allowance.reason)
    for finding in review.verdict.notable:
        yield _result(review, finding)


def _result(review: Review, finding: Finding, accepted: str = "") -> SarifResult:
    why = f" ({finding.why})" if finding.why else ""
    subject = f"{finding.address} " if finding.address else ""
    return SarifResult(
        rule=finding.rule,
        level=_level(finding.made_by),
        message=f"{subject}{finding.what}{why}. {finding.advice}",
        lines=tuple(_lines(review, finding)),
        subject=finding.address,
        accepted=accepted,
    )


def _level(rule: Rule) -> Level:
    if rule.blocks:
        return "error"
    return "note" if rule.severity is Severity.SAFE else "warning"


def _lines(review: Review, finding: Finding) -> Iterator[SarifLine]:
    """The lines that cause it; where none does, the first of the environment's own file."""
    lines = []
    for origin in review.settings_of(FoldedFinding((finding,))):
        if origin.setting == RELEASE:
            lines.append(SarifLine(RELEASE, 1))
        elif origin.place:
            lines.append(SarifLine(origin.place.file, origin.place.line, origin.place.column))
    yield from lines or [SarifLine(f"config/{review.target.environment}.yaml", 1)]
