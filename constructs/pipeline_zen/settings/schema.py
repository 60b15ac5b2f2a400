"""The JSON schema of the YAML files, from the models and the catalogue."""

import json
from typing import Any

from pipeline_zen import catalog
from pipeline_zen.settings.lint import ignorable
from pipeline_zen.settings.model import EnvironmentFile


def json_schema() -> str:
    """
    The schema as text, for the editor of one YAML file.

    One file holds a part of the settings, so at the top nothing is required; and a fleet may be
    `null`, which leaves out the base's fleet of that name.
    """
    whole: dict[str, Any] = _tidied(EnvironmentFile.model_json_schema())
    whole["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    del whole["required"]

    fleets = whole["properties"]["fleets"]["patternProperties"]
    for pattern, fleet in fleets.items():
        fleets[pattern] = {"anyOf": [fleet, {"type": "null"}]}

    facts = catalog.load()
    fleet = whole["$defs"]["Fleet"]["properties"]
    fleet["accelerator"]["enum"] = facts.accelerators()
    fleet["machine_types"]["additionalProperties"]["enum"] = facts.all_machine_types()
    for by_gpus in (
        "machine_types",
        "cluster_capacity",
        "cluster_image_versions",
        "max_vms",
        "reservations",
    ):
        fleet[by_gpus]["propertyNames"] = {"pattern": "^[1-9][0-9]*$"}
    ignore = whole["$defs"]["Lint"]["properties"]["ignore"]
    ignore["propertyNames"] = {"enum": ignorable()}
    return json.dumps(whole, indent=2, sort_keys=True) + "\n"


def _tidied(node: Any) -> Any:
    """Without pydantic's titles, descriptions in one line, and names held to their pattern."""
    if isinstance(node, list):
        return [_tidied(item) for item in node]
    if not isinstance(node, dict):
        return node
    tidied = {
        key: " ".join(value.split()) if key == "description" and isinstance(value, str) else value
        for key, value in ((key, _tidied(value)) for key, value in node.items())
        if key != "title" or not isinstance(value, str)
    }
    if "patternProperties" in tidied:
        tidied["additionalProperties"] = False
    return tidied
