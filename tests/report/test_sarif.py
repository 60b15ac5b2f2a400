"""Findings at the lines of YAML that cause them."""

import json
from typing import Any

import jsonschema
import pytest

from pipeline_zen.guard import RULES
from pipeline_zen.report import FORMS, Origins
from pipeline_zen.settings import load
from tests.conftest import SETTINGS
from tests.plans.cases import GROUP, TEMPLATE
from tests.plans.judged import allowance
from tests.plans.made import change, made_up
from tests.plans.recorded import recorded
from tests.report.reviews import NAMES, reviewed

TEXT = {"type": "object", "required": ["text"], "properties": {"text": {"minLength": 1}}}
LEVEL = {"enum": ["none", "note", "warning", "error"]}


def closed(required: list[str], **properties: Any) -> Any:
    """An object of SARIF, which has these properties and no other."""
    return {"type": "object", "required": required, "properties": properties,
            "additionalProperties": False}  # fmt: skip


RULE = closed(
    ["id"], id={"type": "string"}, shortDescription=TEXT, help=TEXT,
    defaultConfiguration=closed([], level=LEVEL),
)  # fmt: skip
REGION = closed(
    [], startLine={"type": "integer", "minimum": 1}, startColumn={"type": "integer", "minimum": 1}
)
PHYSICAL = closed(
    [], artifactLocation=closed(
        [], uri={"type": "string", "format": "uri-reference"}, uriBaseId={"type": "string"}),
    region=REGION,
)  # fmt: skip
LOCATION = closed(
    [], physicalLocation=PHYSICAL,
    logicalLocations={"type": "array", "items": closed([], fullyQualifiedName={"type": "string"})},
)  # fmt: skip
SUPPRESSION = closed(
    ["kind"], kind={"enum": ["inSource", "external"]}, justification={"type": "string"},
    status={"enum": ["accepted", "underReview", "rejected"]},
)  # fmt: skip
RESULT = closed(
    ["message"], ruleId={"type": "string"}, ruleIndex={"type": "integer", "minimum": -1},
    level=LEVEL, message=TEXT, locations={"type": "array", "items": LOCATION},
    partialFingerprints={"type": "object", "additionalProperties": {"type": "string"}},
    suppressions={"type": "array", "items": SUPPRESSION},
)  # fmt: skip
DRIVER = closed(
    ["name"], name={"type": "string"},
    rules={"type": "array", "items": RULE, "uniqueItems": True},
)  # fmt: skip
RUN = closed(
    ["tool"], tool=closed(["driver"], driver=DRIVER), results={"type": "array", "items": RESULT},
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
)  # fmt: skip
SCHEMA = closed(
    ["version", "runs"], version={"const": "2.1.0"}, runs={"type": "array", "items": RUN},
    **{"$schema": {"type": "string", "format": "uri"}},
)  # fmt: skip
"""What SARIF 2.1.0 says of the properties that are used here."""


def log_of(plan: Any, *allowed: Any) -> Any:
    """The report as programs read it, which is valid."""
    (dev,) = load(SETTINGS, ["dev"])
    log = json.loads(FORMS["sarif"](reviewed(plan, *allowed, origins=Origins(dev, SETTINGS))))
    jsonschema.validate(log, SCHEMA)
    return log["runs"][0]


@pytest.mark.thorough
@pytest.mark.parametrize("name", NAMES)
def test_every_recorded_plan(name: str) -> None:
    """Each finding is there, at a line, and each rule that has one is described."""
    run = log_of(recorded(name))
    rules = run["tool"]["driver"]["rules"]
    one = reviewed(recorded(name))
    told = (one.verdict.blocking, one.verdict.notable, one.plan.checks, one.plan.unread)

    assert sum(map(len, told)) == len(run["results"])
    assert {result["ruleId"] for result in run["results"]} == {rule["id"] for rule in rules}
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["locations"]


def test_the_line_that_causes_it() -> None:
    """A group that goes is found at its region, a template's image at VERSION."""
    group = change(GROUP, ["delete"], {}, None, "pipeline-zen-jobs-8xv100-us-central1-mig")
    image = change(TEMPLATE, ["create", "delete"], {"disk": [{"source_image": "a"}]},
                   {"disk": [{"source_image": "b"}]}, "pipeline-zen-jobs-8xv100-tpl")  # fmt: skip
    image["change"]["replace_paths"] = [["disk", 0, "source_image"]]
    (found,) = (one for one in log_of(made_up(group))["results"] if one["level"] == "error")
    (location,) = found["locations"]
    lines = (SETTINGS / "config/base.yaml").read_text(encoding="utf-8").splitlines()
    region = location["physicalLocation"]["region"]

    assert "group-deleted" == found["ruleId"]
    assert "config/base.yaml" == location["physicalLocation"]["artifactLocation"]["uri"]
    assert "us-central1: [a, b, c, f]" in lines[region["startLine"] - 1]
    assert lines[region["startLine"] - 1][region["startColumn"] - 1 :].startswith("us-central1")
    assert f"{GROUP}.{group['name']}" == location["logicalLocations"][0]["fullyQualifiedName"]


def test_what_no_line_causes() -> None:
    """It is at the top of the environment's own file, where somebody will look."""
    stranger = change("google_pubsub_topic", ["create"], None, {"project": "elsewhere"})
    found = log_of(made_up(stranger))["results"][0]["locations"][0]["physicalLocation"]

    assert "config/dev.yaml" == found["artifactLocation"]["uri"]
    assert 1 == found["region"]["startLine"]


def test_what_is_allowed() -> None:
    """It is accepted, for the reason that was given."""
    named = allowance("bucket-deleted", "google_storage_bucket.results", reason="it is empty")
    (found,) = log_of(recorded("case-bucket-deleted"), named)["results"]

    assert [{"kind": "external", "status": "accepted", "justification": "it is empty"}] == found[
        "suppressions"
    ]


def test_what_else_is_in_doubt() -> None:
    """Checks and what is not judged have rules of their own, which the guard has not."""
    checks = [{"address": {"to_display": f"check.{status}"}, "status": status}
              for status in ("fail", "unknown", "pass")]  # fmt: skip
    run = log_of({**made_up(), "checks": checks, "complete": False})
    rules = run["tool"]["driver"]["rules"]

    ids = ["check-fails", "check-unknown", "plan-unread"]
    assert ids == [rule["id"] for rule in rules] == [one["ruleId"] for one in run["results"]]
    assert not set(ids) & set(RULES)
    assert {"warning"} == {one["level"] for one in run["results"]}
    assert ["check.fail fails.", "check.unknown is unknown."] == [
        one["message"]["text"] for one in run["results"][:2]
    ]
    assert ["check-fails check.fail", "check-unknown check.unknown", None] == [
        one.get("partialFingerprints", {}).get("subject/v1") for one in run["results"]
    ]
    for one in run["results"]:
        (place,) = one["locations"]
        assert "config/dev.yaml" == place["physicalLocation"]["artifactLocation"]["uri"]
