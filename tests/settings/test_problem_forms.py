"""Problems for other programs."""

import json
from typing import Any

import jsonschema
import pytest

from pipeline_zen.settings import (
    Problem,
    SettingsError,
    examine,
    problems_as_json,
    problems_as_sarif,
)
from tests.conftest import SETTINGS, Checkout
from tests.settings.small import TODAY


def _closed(required: dict[str, Any], **optional: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {**required, **optional},
        "required": list(required),
        "additionalProperties": False,
    }


def _some(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items, "minItems": 1}


TEXT = _closed({"text": {"type": "string", "minLength": 1}})
LEVEL = {"enum": ["none", "note", "warning", "error"]}
COUNT = {"type": "integer", "minimum": 1}
ARTIFACT = _closed(
    {"uri": {"type": "string", "pattern": "^[A-Za-z0-9/._~%-]+$"}}, uriBaseId={"type": "string"}
)
REGION = _closed({"startLine": COUNT}, startColumn=COUNT, endLine=COUNT, endColumn=COUNT)
CHANGE = _closed(
    {
        "artifactLocation": ARTIFACT,
        "replacements": _some(
            _closed(
                {"deletedRegion": REGION}, insertedContent=_closed({"text": {"type": "string"}})
            )
        ),
    }
)
RESULT = _closed(
    {
        "ruleId": {"type": "string"},
        "ruleIndex": {"type": "integer", "minimum": 0},
        "level": LEVEL,
        "message": TEXT,
        "locations": _some(
            _closed({"physicalLocation": _closed({"artifactLocation": ARTIFACT, "region": REGION})})
        ),
    },
    fixes=_some(_closed({"artifactChanges": _some(CHANGE)}, description=TEXT)),
)
RULE = _closed(
    {"id": {"type": "string"}},
    shortDescription=TEXT,
    help=TEXT,
    defaultConfiguration=_closed({"level": LEVEL}),
)
DRIVER = _closed({"name": {"type": "string"}, "rules": _some(RULE)})
SARIF = _closed(
    {
        "$schema": {"type": "string"},
        "version": {"const": "2.1.0"},
        "runs": _some(
            _closed(
                {
                    "tool": _closed({"driver": DRIVER}),
                    "results": {"type": "array", "items": RESULT},
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                }
            )
        ),
    }
)
"""What is used here of SARIF 2.1.0, as its schema has it."""


def _problems(checkout: Checkout) -> tuple[Problem, ...]:
    with pytest.raises(SettingsError) as caught:
        examine(checkout.root, ["dev"], today=TODAY)
    return caught.value.problems


def _sarif(problems: tuple[Problem, ...]) -> Any:
    log = json.loads(problems_as_sarif(problems))
    jsonschema.Draft202012Validator(SARIF).validate(log)
    return log["runs"][0]


def test_sarif_of_errors(small: Checkout) -> None:
    """A mistake stands at its line, says what to do, and has the line as it would be right."""
    small.edit("config/base.yaml", "us: US", "us: us")
    small.edit("config/dev.yaml", "eng-ai-dev", "eng-\u200bai-dev")

    run = _sarif(_problems(small))

    base, dev = run["results"]
    assert "settings-unsound" == base["ruleId"] == run["tool"]["driver"]["rules"][0]["id"]
    place = base["locations"][0]["physicalLocation"]
    assert "config/base.yaml" == place["artifactLocation"]["uri"]
    assert {"startLine": 6, "startColumn": 7} == place["region"]
    replacement = base["fixes"][0]["artifactChanges"][0]["replacements"][0]
    assert "  us: US" == replacement["insertedContent"]["text"]
    assert {"startLine": 6, "startColumn": 1, "endLine": 6, "endColumn": 9} == replacement[
        "deletedRegion"
    ]
    assert r"\u200b (ZERO WIDTH SPACE)" in dev["message"]["text"]


def test_sarif_of_remarks() -> None:
    """Warnings and notices have the rules that found them, by their index."""
    remarks = examine(SETTINGS, ["dev", "prod"], today=TODAY).remarks

    run = _sarif(remarks)

    rules = run["tool"]["driver"]["rules"]
    assert len(remarks) == len(run["results"])
    for result in run["results"]:
        assert result["ruleId"] == rules[result["ruleIndex"]]["id"]
        assert "note" == result["level"]


def test_sarif_of_nothing() -> None:
    """Where nothing is wrong there are no results, and GitHub takes back what it showed."""
    assert [] == _sarif(())["results"]


def test_a_file_of_another_name(small: Checkout) -> None:
    """The name of a file is an address to SARIF."""
    small.write("config/my env.yaml", "")
    with pytest.raises(SettingsError) as caught:
        examine(small.root, ["my env"], today=TODAY)

    (result,) = _sarif(caught.value.problems)["results"]

    place = result["locations"][0]["physicalLocation"]
    assert "config/my%20env.yaml" == place["artifactLocation"]["uri"]


def test_json(small: Checkout) -> None:
    """Each problem is whole, by itself."""
    small.edit("config/base.yaml", "us: US", "us: us")

    told = json.loads(problems_as_json(_problems(small)))

    assert {
        "problems": [
            {
                "file": "config/base.yaml",
                "line": 6,
                "column": 7,
                "severity": "error",
                "rule": None,
                "setting": "results_buckets.us",
                "message": 'got "us"',
                "hint": 'Did you mean "US"? It must be a bucket location, such as EU or ME-WEST1, '
                "in capitals.",
                "corrected_line": "  us: US",
            }
        ]
    } == told
