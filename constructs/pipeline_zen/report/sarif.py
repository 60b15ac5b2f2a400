"""A review's findings at the lines of YAML that cause them, and other doubts, as SARIF."""

from collections.abc import Iterator

from pipeline_zen import sarif
from pipeline_zen.files import Json
from pipeline_zen.guard import RULES, Finding, Rule, Severity
from pipeline_zen.plan import FAILS
from pipeline_zen.report.folding import FoldedFinding
from pipeline_zen.report.origins import RELEASE
from pipeline_zen.report.review import Review
from pipeline_zen.visible import visible


def render(review: Review) -> str:
    """The findings; those that are allowed are marked as accepted, with the reason."""
    results = list(_results(review))
    used = sorted({result["ruleId"] for result in results})
    return sarif.log([_DOUBTS.get(id_) or _rule(RULES[id_]) for id_ in used], results)


def _rule(rule: Rule) -> Json:
    return sarif.rule(rule.id, _level(rule), f"{rule.severity.value}: {rule.id}", rule.todo)


def _doubt(rule_id: str, meaning: str, advice: str) -> Json:
    return sarif.rule(rule_id, "warning", meaning, advice)


_FAILS, _UNKNOWN, _UNREAD = "check-fails", "check-unknown", "plan-unread"

_DOUBTS = {
    rule["id"]: rule
    for rule in (
        _doubt(_FAILS, "a check fails", "See what it asks for before you apply the plan."),
        _doubt(_UNKNOWN, "a check is unknown", "The apply decides it: see what it says then."),
        _doubt(_UNREAD, "not all of the plan is judged", "Look yourself what that part does."),
    )
}
"""What forbids to call a plan safe and is no finding, by its id."""


def _results(review: Review) -> Iterator[Json]:
    for finding in review.verdict.blocking:
        yield _result(review, finding)
    for allowed in review.verdict.allowed:
        reason = sarif.text(allowed.allowance.reason)["text"]
        accepted = {"kind": "external", "status": "accepted", "justification": reason}
        yield {**_result(review, allowed.finding), "suppressions": [accepted]}
    for finding in review.verdict.notable:
        yield _result(review, finding)
    for check in review.plan.checks:
        message = f": {check.message}" if check.message else "."
        rule_id = _FAILS if check.outcome == FAILS else _UNKNOWN
        yield {
            **_doubtful(review, rule_id, f"{check.name} {check.outcome}{message}"),
            "partialFingerprints": {"subject/v1": f"{rule_id} {visible(check.name)}"},
        }
    for sentence in review.plan.unread:
        yield _doubtful(review, _UNREAD, sentence)


def _doubtful(review: Review, rule_id: str, sentence: str) -> Json:
    return {
        "ruleId": rule_id,
        "level": _DOUBTS[rule_id]["defaultConfiguration"]["level"],
        "message": sarif.text(sentence),
        "locations": [_top(review)],
    }


def _result(review: Review, finding: Finding) -> Json:
    why = f" ({finding.why})" if finding.why else ""
    sentence = f"{finding.address} {finding.what}{why}. {finding.advice}".lstrip()
    result: Json = {
        "ruleId": finding.rule,
        "level": _level(finding.made_by),
        "message": sarif.text(sentence),
        "locations": list(_locations(review, finding)),
    }
    if finding.address:
        address = visible(finding.address)
        # By what it is about, and not by a line, so that it is known again when lines move.
        result["partialFingerprints"] = {"subject/v1": f"{finding.rule} {address}"}
        for location in result["locations"]:
            location["logicalLocations"] = [{"fullyQualifiedName": address}]
    return result


def _level(rule: Rule) -> sarif.Level:
    if rule.blocks:
        return "error"
    return "note" if rule.severity is Severity.SAFE else "warning"


def _locations(review: Review, finding: Finding) -> Iterator[Json]:
    """The lines that cause it; where none does, the first of the environment's own file."""
    locations = []
    for origin in review.settings_of(FoldedFinding((finding,))):
        if origin.setting == RELEASE:
            locations.append(sarif.location(RELEASE, 1))
        elif place := origin.place or origin.near:
            locations.append(sarif.location(place.file, place.line, place.column))
    yield from locations or [_top(review)]


def _top(review: Review) -> Json:
    return sarif.location(f"config/{review.target.environment}.yaml", 1)
