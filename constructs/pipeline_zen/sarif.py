"""Findings as SARIF 2.1.0, which editors and code scanning show at their lines."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline_zen.files import Json
from pipeline_zen.visible import visible

Level = Literal["error", "warning", "note"]

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_VERSION = "2.1.0"
_TOOL = "pipeline-zen"


@dataclass(frozen=True)
class SarifRule:
    """A kind of result."""

    id: str
    text: str
    """What it finds, in a few words."""
    todo: str
    """What to do about it."""
    level: Level


@dataclass(frozen=True)
class SarifLine:
    """A line of a file of the checkout; line and column count from 1."""

    file: str
    line: int
    column: int = 1


@dataclass(frozen=True)
class SarifResult:
    """Something found, at the lines that cause it."""

    rule: str
    level: Level
    message: str
    lines: Sequence[SarifLine]
    subject: str = ""
    """What it is about, such as a resource's address."""
    accepted: str = ""
    """Why it may stay; empty where nobody said so."""


def sarif(rules: Iterable[SarifRule], results: Iterable[SarifResult]) -> str:
    """The log of one run, of the rules that have a result; the same for the same results."""
    found = list(results)
    used = {result.rule for result in found}
    listed = sorted((rule for rule in rules if rule.id in used), key=lambda rule: rule.id)
    numbers = {rule.id: number for number, rule in enumerate(listed)}
    driver = {"name": _TOOL, "rules": list(map(_rule, listed))}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(result, numbers[result.rule]) for result in found],
    }
    log = {"$schema": _SCHEMA, "version": _VERSION, "runs": [run]}
    return json.dumps(log, indent=2, ensure_ascii=False) + "\n"


def _rule(rule: SarifRule) -> Json:
    return {
        "id": rule.id,
        "shortDescription": {"text": visible(rule.text)},
        "help": {"text": visible(rule.todo)},
        "defaultConfiguration": {"level": rule.level},
    }


def _result(result: SarifResult, number: int) -> Json:
    content: Json = {
        "ruleId": result.rule,
        "ruleIndex": number,
        "level": result.level,
        "message": {"text": visible(result.message)},
        "locations": [_location(line, result.subject) for line in result.lines],
    }
    if result.subject:
        # By what it is about, and not by a line, so that it is known again when lines move.
        key = f"{result.rule} {visible(result.subject)}"
        content["partialFingerprints"] = {"subject/v1": key}
    if result.accepted:
        accepted = {"kind": "external", "status": "accepted"}
        content["suppressions"] = [{**accepted, "justification": visible(result.accepted)}]
    return content


def _location(line: SarifLine, subject: str) -> Json:
    content: Json = {
        "physicalLocation": {
            "artifactLocation": {"uri": line.file},
            "region": {"startLine": line.line, "startColumn": line.column},
        }
    }
    if subject:
        content["logicalLocations"] = [{"fullyQualifiedName": visible(subject)}]
    return content
