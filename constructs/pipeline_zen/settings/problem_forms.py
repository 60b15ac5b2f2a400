"""
Problems for other programs: as JSON, and as SARIF 2.1.0, by which GitHub shows them in a diff.

What is not seen in a text is an escape here as well.
"""

import json
from collections.abc import Sequence
from typing import Any

from pipeline_zen import sarif
from pipeline_zen.settings.lint import RULES
from pipeline_zen.settings.problems import Problem
from pipeline_zen.visible import visible

Json = dict[str, Any]

LEVELS: dict[str, sarif.Level] = {"error": "error", "warning": "warning", "notice": "note"}
"""How SARIF calls a severity."""

UNSOUND = "settings-unsound"
"""The id of what no rule of the lint has found."""


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
    return sarif.log(rules, [_result(problem) for problem in problems])


def _descriptor(rule_id: str, level: sarif.Level, meaning: str, advice: str) -> Json:
    return sarif.rule(rule_id, level, meaning, advice.format(as_of="its day"))


def _result(problem: Problem) -> Json:
    what = f"{problem.path}: {problem.message}" if problem.path else problem.message
    result: Json = {
        "ruleId": problem.rule or UNSOUND,
        "level": LEVELS[problem.severity],
        "message": {"text": visible(f"{what}. {problem.hint}")},
        "locations": [sarif.location(problem.place.file, problem.place.line, problem.place.column)],
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
        "artifactLocation": sarif.artifact(problem.place.file),
        "replacements": [replacement],
    }
    return {"description": {"text": visible(problem.hint)}, "artifactChanges": [change]}
