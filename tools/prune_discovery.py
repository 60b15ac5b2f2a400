"""
Writes the fake Google's discovery documents: the parts of Google's own that it checks against.

    make discovery

Google describes each of its APIs in a discovery document; the package google-api-python-client
carries them all, 100 MB of them. Kept are the routes of seven APIs, so that a route which is not
served can be named, and of what is served the parameters and the schemas, with their types, enums
and output-only marks. Descriptions are left out.
"""

import json
from pathlib import Path
from typing import Any

from googleapiclient import discovery_cache

TARGET = Path(__file__).resolve().parents[1] / "constructs/pipeline_zen/fake_google/discovery"

SERVED = {
    "cloudresourcemanager.v1": ["projects.get", "projects.getIamPolicy", "projects.setIamPolicy"],
    "compute.v1": [
        "globalOperations.get",
        "globalOperations.wait",
        "instances.delete",
        "instances.get",
        "instances.list",
        "instanceTemplates.delete",
        "instanceTemplates.get",
        "instanceTemplates.insert",
        "instanceTemplates.list",
        "projects.get",
        "regionInstanceGroupManagers.abandonInstances",
        "regionInstanceGroupManagers.delete",
        "regionInstanceGroupManagers.get",
        "regionInstanceGroupManagers.insert",
        "regionInstanceGroupManagers.list",
        "regionInstanceGroupManagers.listManagedInstances",
        "regionInstanceGroupManagers.patch",
        "regionInstanceGroupManagers.resize",
        "regionOperations.get",
        "regionOperations.wait",
        "zoneOperations.get",
        "zoneOperations.wait",
    ],
    "iam.v1": [
        "projects.roles.create",
        "projects.roles.delete",
        "projects.roles.get",
        "projects.roles.list",
        "projects.roles.patch",
        "projects.roles.undelete",
        "projects.serviceAccounts.create",
        "projects.serviceAccounts.delete",
        "projects.serviceAccounts.get",
        "projects.serviceAccounts.getIamPolicy",
        "projects.serviceAccounts.list",
        "projects.serviceAccounts.patch",
        "projects.serviceAccounts.setIamPolicy",
    ],
    "pubsub.v1": [
        f"projects.{collection}.{method}"
        for collection in ("topics", "subscriptions")
        for method in ("create", "delete", "get", "getIamPolicy", "list", "patch", "setIamPolicy")
    ],
    "secretmanager.v1": [
        *(
            f"projects.secrets.{method}"
            for method in (
                "addVersion",
                "create",
                "delete",
                "get",
                "getIamPolicy",
                "list",
                "patch",
                "setIamPolicy",
            )
        ),
        *(
            f"projects.secrets.versions.{method}"
            for method in ("access", "destroy", "disable", "enable", "get", "list")
        ),
    ],
    "serviceusage.v1": [
        "operations.get",
        "services.batchEnable",
        "services.disable",
        "services.enable",
        "services.get",
        "services.list",
    ],
    "storage.v1": [
        "anywhereCaches.list",
        "buckets.delete",
        "buckets.get",
        "buckets.getIamPolicy",
        "buckets.insert",
        "buckets.list",
        "buckets.patch",
        "buckets.setIamPolicy",
        "buckets.update",
        "objects.delete",
        "objects.get",
        "objects.insert",
        "objects.list",
    ],
}

SCHEMA_KEYS = ("$ref", "additionalProperties", "enum", "format", "items", "readOnly", "type")


def main() -> None:
    """Write a document for each API."""
    documents = Path(discovery_cache.__file__).parent / "documents"
    TARGET.mkdir(exist_ok=True)
    for name, served in SERVED.items():
        whole = json.loads((documents / f"{name}.json").read_text(encoding="utf-8"))
        text = json.dumps(_pruned(whole, served), indent=1, sort_keys=True)
        (TARGET / f"{name}.json").write_text(f"{text}\n", encoding="utf-8")


def _pruned(whole: dict[str, Any], served: list[str]) -> dict[str, Any]:
    methods = {}
    for method in _methods(whole):
        id_ = method["id"].partition(".")[2]
        entry: dict[str, Any] = {"verb": method["httpMethod"], "path": method["path"]}
        patterns = {
            key: parameter["pattern"]
            for key, parameter in method.get("parameters", {}).items()
            if f"{{+{key}}}" in method["path"]
        }
        if patterns:
            entry["patterns"] = patterns
        if id_ in served:
            entry["parameters"] = {
                key: {
                    k: v
                    for k, v in parameter.items()
                    if k in ("enum", "format", "repeated", "type")
                }
                for key, parameter in method.get("parameters", {}).items()
                if parameter["location"] == "query"
            }
            for part in ("request", "response"):
                if part in method:
                    entry[part] = method[part]["$ref"]
        methods[id_] = entry
    missing = set(served) - methods.keys()
    if missing:
        raise SystemExit(f"{whole['id']} has no {', '.join(sorted(missing))}")

    schemas: dict[str, Any] = {}
    waiting = [
        entry[part]
        for entry in methods.values()
        for part in ("request", "response")
        if part in entry
    ]
    while waiting:
        name = waiting.pop()
        if name not in schemas:
            schemas[name] = _schema(whole["schemas"][name], waiting)
    return {
        "methods": methods,
        "parameters": sorted(whole["parameters"]),
        "revision": whole["revision"],
        "schemas": schemas,
    }


def _methods(node: dict[str, Any]) -> list[dict[str, Any]]:
    below = [method for child in node.get("resources", {}).values() for method in _methods(child)]
    return [*node.get("methods", {}).values(), *below]


def _schema(node: dict[str, Any], waiting: list[str]) -> dict[str, Any]:
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
