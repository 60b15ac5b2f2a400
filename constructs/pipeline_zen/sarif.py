"""
SARIF 2.1.0: what was found, as editors and code scanning show it at the lines that it is about.

What is not seen in a text is an escape here as well.
"""

import json
from collections.abc import Sequence
from typing import Any, Literal
from urllib.parse import quote

from pipeline_zen.files import Json
from pipeline_zen.visible import visible

Level = Literal["error", "warning", "note"]

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def log(rules: Sequence[Json], results: Sequence[Json]) -> str:
    """The log of one run of this program."""
    index = {rule["id"]: number for number, rule in enumerate(rules)}
    run = {
        "tool": {"driver": {"name": "pipeline-zen", "rules": list(rules)}},
        "columnKind": "unicodeCodePoints",
        "results": [{**result, "ruleIndex": index[result["ruleId"]]} for result in results],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def rule(id_: str, level: Level, meaning: str, advice: str) -> Json:
    """A kind of result."""
    return {
        "id": id_,
        "shortDescription": text(meaning),
        "help": text(advice or meaning),
        "defaultConfiguration": {"level": level},
    }


def location(file: str, line: int, column: int = 1) -> dict[str, Any]:
    """A place in a file, which is relative to the checkout; line and column count from 1."""
    region = {"startLine": line, "startColumn": column}
    return {"physicalLocation": {"artifactLocation": artifact(file), "region": region}}


def artifact(file: str) -> Json:
    """A file of the checkout."""
    return {"uri": quote(file), "uriBaseId": "%SRCROOT%"}


def text(words: str) -> Json:
    """A message."""
    return {"text": visible(words)}
