"""A review for programs: everything, sorted, and the same for the same plan."""

import json
import re
from typing import Any

import msgspec

from pipeline_zen.files import Json
from pipeline_zen.guard import Allowed, Finding
from pipeline_zen.plan import Action, AttributeChange, FoldedChange, Variant
from pipeline_zen.report.folding import FoldedFinding
from pipeline_zen.report.identity import identity
from pipeline_zen.report.review import Review
from pipeline_zen.visible import is_hidden

_UNUSUAL = re.compile(r"[^ -~\n]")
"""What may hide in a text; outside of texts JSON has nothing of it."""


def render(review: Review) -> str:
    """The report as JSON."""
    verdict, provenance = review.verdict, review.provenance
    content = {
        "format": 1,
        "kind": review.kind,
        "environment": review.target.environment,
        "project": review.target.project,
        "status": review.status,
        "blocked": verdict.blocked,
        "headline": review.headline,
        "digest": review.plan.digest,
        "tofu_version": review.plan.tofu_version,
        "state": {"lineage": provenance.lineage, "serial": provenance.serial},
        "facts": dict(review.facts),
        "notes": review.notes,
        "counts": review.counts,
        "blocking": [_finding(review, finding) for finding in verdict.blocking],
        "allowed": [_allowed(review, allowed) for allowed in verdict.allowed],
        "notable": [_finding(review, finding) for finding in verdict.notable],
        "proposal": review.proposal.yaml(),
        "changes": list(map(_folded, review.changes)),
        "drift": list(map(_folded, review.drift)),
        "groups_resized_by_scheduler": review.resized,
        "outputs": {name: action.value for name, action in review.plan.outputs},
        "checks": [
            {"name": check.name, "outcome": check.outcome, "message": check.message}
            for check in review.plan.checks
        ],
        "not_judged": review.plan.unread,
    }
    text = msgspec.json.format(msgspec.json.encode(content), indent=2).decode()
    return _UNUSUAL.sub(_escaped, text) + "\n"


def _escaped(found: "re.Match[str]") -> str:
    return json.dumps(found[0])[1:-1] if is_hidden(found[0]) else found[0]


def _finding(review: Review, finding: Finding) -> Json:
    return {
        "finding": finding.rule,
        "severity": finding.severity.value,
        "address": finding.address,
        "what": finding.what,
        "why": finding.why,
        "todo": finding.advice,
        "settings": [
            {
                "setting": origin.setting,
                "file": origin.place and origin.place.file,
                "line": origin.place and origin.place.line,
            }
            for origin in review.settings_of(FoldedFinding((finding,)))
        ],
        "vms": finding.vms,
        "gpus": finding.gpus,
    }


def _allowed(review: Review, allowed: Allowed) -> Json:
    allowance = allowed.allowance
    return {
        **_finding(review, allowed.finding),
        "reason": allowance.reason,
        "until": str(allowance.until),
    }


def _folded(folded: FoldedChange) -> Json:
    return {
        "type": folded.type,
        "action": folded.action.value,
        "reason": folded.reason,
        "forced_by": folded.forced_by,
        "deposed": folded.deposed,
        "common": list(map(_attribute, folded.common)),
        "known_after_apply": folded.settled_later,
        "members": [_variant(folded, variant) for variant in folded.variants],
    }


def _variant(folded: FoldedChange, variant: Variant) -> Json:
    change = variant.change
    content: Json = {"address": change.address}
    if folded.moves:
        content["moved_from"] = change.previous_address
    if folded.imports:
        content["import_id"] = change.import_id
    content["own"] = list(map(_attribute, variant.own))
    if folded.action in (Action.CREATE, Action.FORGET_CREATE):
        content["attributes"] = list(map(_attribute, change.attributes))
    if change.goes:
        content["identity"] = identity(change).replace("`", "")
        content["attributes"] = list(map(_attribute, change.held))
    return content


def _attribute(attribute: AttributeChange) -> dict[str, Any]:
    content = {"path": attribute.path, "before": attribute.before, "after": attribute.after}
    return {**content, "diff": attribute.text} if attribute.text else content
