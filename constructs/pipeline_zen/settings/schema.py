"""
The JSON schema of the YAML files, from the models and the catalogue.

It says as much as JSON Schema can, so that an editor knows what `check` knows. What it cannot say
is about two settings at once, or about the two files joined; `tests/settings/test_schema.py` has
the list.
"""

import json
from collections.abc import Iterator
from typing import Any, get_args

from pipeline_zen import names
from pipeline_zen.settings import schema_facts
from pipeline_zen.settings.checks import limits
from pipeline_zen.settings.checks.contradictions import FLEX_START_HOURS, IN_BULK, RESERVED, SPREAD
from pipeline_zen.settings.lint import ignorable
from pipeline_zen.settings.model import Capacity, EnvironmentFile, Fleet
from pipeline_zen.settings.schema_facts import Schema

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_BY_GPUS = (
    *("machine_types", "cluster_capacity", "cluster_image_versions", "max_vms", "reservations"),
)
_TRUTHS = ("yes", "Yes", "YES", "on", "On", "ON", "no", "No", "NO", "off", "Off", "OFF")
"""What is true or false to `check` as well, whose YAML is older than an editor's."""

_NO_EXPRESSION = {"not": {"pattern": r"[$%]\{"}}


def json_schema() -> str:
    """
    The schema as text, for the editor of one YAML file.

    One file holds a part of the settings, so at the top nothing is required; and a fleet may be
    `null`, which leaves out the base's fleet of that name.
    """
    whole: Schema = tidied(EnvironmentFile.model_json_schema())
    whole["$schema"] = DIALECT
    del whole["required"]
    _complete_top(whole["properties"])
    _complete_fleet(whole["$defs"]["Fleet"])
    sections = whole["$defs"]
    clusters = sections["Local"]["properties"]["clusters"]
    clusters["uniqueItems"] = True
    clusters["items"]["maxLength"] = limits.LONGEST_CLUSTER
    ignore = sections["Lint"]["properties"]["ignore"]
    ignore["propertyNames"] = {"enum": ignorable()}
    ignore.pop("patternProperties")
    ignore["additionalProperties"] = {"type": "string", "pattern": r"\S", **_NO_EXPRESSION}
    sections["QuotaPreferences"]["properties"]["contact_email"] |= _NO_EXPRESSION
    jobs = f"^serviceAccount:{names.SERVICE_ACCOUNT}@"
    patterns = [_NO_EXPRESSION["not"], {"pattern": jobs}]
    sections["Scheduler"]["properties"]["member"]["not"] = {"anyOf": patterns}
    return as_text(_with_truths(whole))


def as_text(schema: Schema) -> str:
    """A schema as it stands in its file."""
    return json.dumps(schema, indent=2, sort_keys=True) + "\n"


def _complete_top(settings: Schema) -> None:
    fleets = settings["fleets"]["patternProperties"]
    for pattern, fleet in fleets.items():
        fleets[pattern] = {"anyOf": [fleet, {"type": "null"}]}
    settings["labels"]["maxProperties"] = limits.MOST_LABELS - len(limits.RESERVED_LABELS)
    settings["labels"]["propertyNames"] = {
        "not": {
            "anyOf": [
                {"enum": list(limits.RESERVED_LABELS)},
                {"pattern": f"^{limits.RESERVED_START}"},
            ]
        }
    }
    settings["project"]["allOf"] = [{"pattern": "^eng-ai-"}]
    settings["state_bucket"]["not"] = {
        "anyOf": [{"pattern": pattern} for pattern in limits.NO_BUCKET.values()]
    }


def _complete_fleet(fleet: Schema) -> None:
    settings = fleet["properties"]
    settings["accelerator"] |= schema_facts.accelerators()
    settings["machine_types"]["additionalProperties"] |= schema_facts.machine_types()
    for by_gpus in _BY_GPUS:
        settings[by_gpus]["propertyNames"] = {"pattern": "^[1-9][0-9]*$"}
    regions = settings["regions"]
    (zones,) = regions.pop("patternProperties").values()
    regions |= schema_facts.regions({**zones, "uniqueItems": True})
    fleet["allOf"] = [*schema_facts.fleets_by_accelerator(), *_capacities()]


def _capacities() -> Iterator[Schema]:
    """What a capacity asks for where all clusters of the fleet are had so."""
    own: Schema = {"required": ["cluster_capacity"]}
    for capacity in get_args(Capacity):
        wanted: Schema = {"properties": {}}
        if capacity in RESERVED:
            wanted["required"] = ["reservations"]
        else:
            wanted["properties"]["reservations"] = {"maxProperties": 0}
        if capacity == "flex-start":
            wanted["required"] = ["max_run_hours"]
            wanted["properties"]["max_run_hours"] = {"maximum": FLEX_START_HOURS}
            wanted["properties"]["target_shape"] = {"not": {"enum": list(SPREAD)}}
        if capacity == "reservation-bound":
            wanted["properties"]["max_run_hours"] = {"type": "null"}
        if capacity not in IN_BULK:
            wanted["properties"]["target_size_mode"] = {"not": {"const": "BULK"}}
        usual = capacity == Fleet.model_fields["capacity"].default
        condition: Schema = {"properties": {"capacity": {"const": capacity}}, "not": own}
        if not usual:
            condition["required"] = ["capacity"]
        yield {"if": condition, "then": wanted}
    bulk: Schema = {"properties": {"target_size_mode": {"const": "BULK"}}}
    yield {
        "if": {**bulk, "required": ["target_size_mode"]},
        "then": {"properties": {"target_shape": {"not": {"enum": list(SPREAD)}}}},
    }


def _with_truths(node: Any) -> Any:
    """The same with the older words for true and false, wherever one of them is wanted."""
    if isinstance(node, list):
        return [_with_truths(item) for item in node]
    if not isinstance(node, dict):
        return node
    if node.get("type") == "boolean":
        others = {key: value for key, value in node.items() if key != "type"}
        return {**others, "anyOf": [{"type": "boolean"}, {"enum": list(_TRUTHS)}]}
    return {key: _with_truths(value) for key, value in node.items()}


def tidied(node: Any) -> Any:
    """Without pydantic's titles, descriptions in one line, and names held to their pattern."""
    if isinstance(node, list):
        return [tidied(item) for item in node]
    if not isinstance(node, dict):
        return node
    new = {
        key: " ".join(value.split()) if key == "description" and isinstance(value, str) else value
        for key, value in ((key, tidied(value)) for key, value in node.items())
        if key != "title" or not isinstance(value, str)
    }
    if "patternProperties" in new:
        new["additionalProperties"] = False
    return new
