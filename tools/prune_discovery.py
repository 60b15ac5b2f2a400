"""
Writes the fake Google's discovery documents: the parts of Google's own that it checks against.

    make discovery

Google describes each of its APIs in a discovery document; the package google-api-python-client
carries nearly all, 100 MB of them. Kept are the routes of the APIs that the fake serves, so that a
route which is not served can be named, and of what is served the parameters and the schemas, with
their types, enums and output-only marks. What that is, the fake's services say themselves.
Descriptions are left out.
"""

import json
from pathlib import Path
from typing import Any

import describe_cloud_quotas
from googleapiclient import discovery_cache

from fake_google.services import SERVICES

Json = dict[str, Any]

TARGET = Path(__file__).resolve().parents[1] / "constructs/fake_google/discovery"

SCHEMA_KEYS = ("$ref", "additionalProperties", "enum", "format", "items", "readOnly", "type")


PARTS = ("request", "response")

USERINFO: Json = {
    "id": "openidconnect:v1",
    "methods": {
        "get": {"id": "openidconnect.userinfo.get", "httpMethod": "GET", "path": "v1/userinfo"}
    },
    "parameters": {"alt": {}},
    "revision": "https://openid.net/specs/openid-connect-core-1_0.html",
    "schemas": {},
}
"""The one method of an API that Google describes elsewhere."""


def main() -> None:
    """Write a document for each API."""
    TARGET.mkdir(exist_ok=True)
    for service in SERVICES.values():
        text = json.dumps(
            _pruned(_whole(service.api), set(service.handlers)), indent=1, sort_keys=True
        )
        (TARGET / f"{service.api}.v1.json").write_text(f"{text}\n", encoding="utf-8")


def _whole(api: str) -> Json:
    """Google's own document."""
    documents = Path(discovery_cache.__file__).parent / "documents"
    if api == "openidconnect":
        return USERINFO
    if api != "cloudquotas":
        document: Json = json.loads((documents / f"{api}.v1.json").read_text(encoding="utf-8"))
        return document
    # What every method takes is the same in all of the newer APIs.
    like = json.loads((documents / "pubsub.v1.json").read_text(encoding="utf-8"))
    return {"parameters": like["parameters"], **describe_cloud_quotas.document()}


def _pruned(whole: Json, served: set[str]) -> Json:
    methods = {
        id_: _method(method, is_served=id_ in served)
        for method in _methods(whole)
        for id_ in [method["id"].partition(".")[2]]
    }
    missing = served - methods.keys()
    if missing:
        raise SystemExit(f"{whole['id']} has no {', '.join(sorted(missing))}")
    return {
        "methods": methods,
        "parameters": sorted(whole["parameters"]),
        "revision": whole["revision"],
        "schemas": _schemas(whole, methods),
    }


def _method(method: Json, *, is_served: bool) -> Json:
    entry: Json = {"verb": method["httpMethod"], "path": method["path"]}
    parameters = method.get("parameters", {})
    patterns = {
        key: parameter["pattern"]
        for key, parameter in parameters.items()
        if f"{{+{key}}}" in method["path"]
    }
    if patterns:
        entry["patterns"] = patterns
    if is_served:
        entry["parameters"] = {
            key: {k: v for k, v in parameter.items() if k in ("enum", "format", "repeated", "type")}
            for key, parameter in parameters.items()
            if parameter["location"] == "query"
        }
        entry.update({part: method[part]["$ref"] for part in PARTS if part in method})
    return entry


def _schemas(whole: Json, methods: Json) -> Json:
    """The schemas of what is served, with those that are named in them."""
    schemas: Json = {}
    waiting = [entry[part] for entry in methods.values() for part in PARTS if part in entry]
    while waiting:
        name = waiting.pop()
        if name not in schemas:
            schemas[name] = _schema(whole["schemas"][name], waiting)
    return schemas


def _methods(node: Json) -> list[Json]:
    below = [method for child in node.get("resources", {}).values() for method in _methods(child)]
    return [*node.get("methods", {}).values(), *below]


def _schema(node: Json, waiting: list[str]) -> Json:
    kept = {key: node[key] for key in SCHEMA_KEYS if key in node}
    if "$ref" in kept:
        waiting.append(kept["$ref"])
    for key in ("items", "additionalProperties"):
        if key in kept:
            kept[key] = _schema(kept[key], waiting)
    if "properties" in node:
        kept["properties"] = {
            key: _schema(property_, waiting) for key, property_ in node["properties"].items()
        }
    return kept


if __name__ == "__main__":
    main()
