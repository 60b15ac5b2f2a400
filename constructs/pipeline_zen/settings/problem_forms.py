"""
Problems for other programs: as JSON, and as SARIF 2.1.0, by which GitHub shows them in a diff.

What is not seen in a text is an escape here as well.
"""

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from pipeline_zen.settings.lint import RULES
from pipeline_zen.settings.problems import Place, Problem
from pipeline_zen.visible import visible

Json = dict[str, Any]

LEVELS = {"error": "error", "warning": "warning", "notice": "note"}
"""How SARIF calls a severity."""

UNSOUND = "settings-unsound"
"""The id of what no rule of the lint has found."""

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def problems_as_json(problems: Sequence[Problem]) -> str:
    """Each problem with its place, what is wrong, what to do, and the line as it would be right."""
    told = [
        {
            "file": problem.place.file,
            "line": problem.place.line,
            "column": problem.place.column,
            "severity": problem.severity,
            "rule": problem.rule or None,
            "setting": visible(problem.path) or None,
            "message": visible(problem.message),
            "hint": visible(problem.hint),
            "corrected_line": problem.corrected or None,
        }
        for problem in problems
    ]
    return json.dumps({"problems": told}, indent=2) + "\n"


def problems_as_sarif(problems: Sequence[Problem]) -> str:
    """The problems as results, each at its line, with the rule that found it."""
    rules = [_descriptor(UNSOUND, "error", "A setting that cannot be used as it stands.", "")]
    rules += [
        _descriptor(rule.id, LEVELS[rule.severity], rule.meaning, rule.advice)
        for rule in RULES.values()
    ]
    return as_sarif(rules, [_result(problem) for problem in problems])


def as_sarif(rules: Sequence[Json], results: Sequence[Json]) -> str:
    """A log with one run of this program."""
    index = {rule["id"]: number for number, rule in enumerate(rules)}
    run = {
        "tool": {"driver": {"name": "pipeline-zen", "rules": list(rules)}},
        "columnKind": "unicodeCodePoints",
        "results": [{**result, "ruleIndex": index[result["ruleId"]]} for result in results],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def location(place: Place) -> Json:
    """A place as SARIF has it; the file is relative to the checkout."""
    region = {"startLine": place.line, "startColumn": place.column}
    return {"physicalLocation": {"artifactLocation": _artifact(place.file), "region": region}}


def _descriptor(rule_id: str, level: str, meaning: str, advice: str) -> Json:
    return {
        "id": rule_id,
        "shortDescription": {"text": meaning},
        "help": {"text": advice.format(as_of="its day") or meaning},
        "defaultConfiguration": {"level": level},
    }


def _result(problem: Problem) -> Json:
    what = f"{problem.path}: {problem.message}" if problem.path else problem.message
    result: Json = {
        "ruleId": problem.rule or UNSOUND,
        "level": LEVELS[problem.severity],
        "message": {"text": visible(f"{what}. {problem.hint}")},
        "locations": [location(problem.place)],
    }
    if problem.corrected:
        result["fixes"] = [_fix(problem)]
    return result


def _fix(problem: Problem) -> Json:
    whole = {
        "startLine": problem.place.line,
        "startColumn": 1,
        "endLine": problem.place.line,
        "endColumn": len(problem.source) + 1,
    }
    replacement = {"deletedRegion": whole, "insertedContent": {"text": problem.corrected}}
    change = {
        "artifactLocation": _artifact(problem.place.file),
        "replacements": [replacement],
    }
    return {"description": {"text": visible(problem.hint)}, "artifactChanges": [change]}


def _artifact(file: str) -> Json:
    return {"uri": quote(file), "uriBaseId": "%SRCROOT%"}
