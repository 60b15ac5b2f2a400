"""
Writes the fake Google's discovery documents: the parts of Google's own that it checks against.

    make discovery

Google describes each of its APIs in a discovery document; the package google-api-python-client
carries nearly all, 100 MB of them. Kept are the routes of eight APIs, so that a route which is not
served can be named, and of what is served the parameters and the schemas, with their types, enums
and output-only marks. Descriptions are left out. Cloud Quotas has no document there: its own is put
together from Google's client for it, google-cloud-quotas.
"""

import inspect
import json
import re
from pathlib import Path
from typing import Any

from google.cloud import cloudquotas_v1
from google.cloud.cloudquotas_v1.services.cloud_quotas.transports import rest_base
from google.protobuf.descriptor import FieldDescriptor
from googleapiclient import discovery_cache

TARGET = Path(__file__).resolve().parents[1] / "constructs/fake_google/discovery"

CLOUD_QUOTAS = "cloudquotas.v1"

SERVED = {
    CLOUD_QUOTAS: [
        f"projects.locations.quotaPreferences.{method}"
        for method in ("create", "get", "list", "patch")
    ],
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
        # What every method takes is the same in all of the newer APIs.
        source = "pubsub.v1" if name == CLOUD_QUOTAS else name
        whole = json.loads((documents / f"{source}.json").read_text(encoding="utf-8"))
        if name == CLOUD_QUOTAS:
            whole = {"parameters": whole["parameters"], **_cloud_quotas()}
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


VERBS = {"Create": "create", "Get": "get", "List": "list", "Update": "patch"}
"""What methods are called in a discovery document, by what they are called in a client."""

WELL_KNOWN = {
    "google.protobuf.FieldMask": {"type": "string", "format": "google-fieldmask"},
    "google.protobuf.Int64Value": {"type": "string", "format": "int64"},
    "google.protobuf.Timestamp": {"type": "string", "format": "google-datetime"},
}
"""How a discovery document writes messages that are plain values on the wire."""


SCALARS = {
    FieldDescriptor.TYPE_BOOL: {"type": "boolean"},
    FieldDescriptor.TYPE_INT32: {"type": "integer", "format": "int32"},
    FieldDescriptor.TYPE_INT64: {"type": "string", "format": "int64"},
    FieldDescriptor.TYPE_STRING: {"type": "string"},
}


def _cloud_quotas() -> dict[str, Any]:
    """
    What describes Cloud Quotas, in the form of a discovery document.

    Routes come from the client's REST transport, fields and types from its messages, and what only
    Google sets from what these say of it.
    """
    methods: dict[str, Any] = {}
    schemas: dict[str, Any] = {}
    transport = rest_base._BaseCloudQuotasRestTransport
    for rpc, base in vars(transport).items():
        name = rpc.removeprefix("_Base")
        verb = re.match("[A-Z][a-z]+", name)
        if not inspect.isclass(base) or not verb or verb[0] not in VERBS:
            continue
        kind = name.removeprefix(verb[0]).removesuffix("s")
        request = getattr(cloudquotas_v1, f"{name}Request")
        response = f"{name}Response" if verb[0] == "List" else kind
        _describe(getattr(cloudquotas_v1, response), schemas)
        fields: dict[str, Any] = {}
        _describe(request, fields)
        fields = fields[f"{name}Request"]["properties"]
        for route in base._get_http_options():
            head, parameter, pattern, tail = re.fullmatch(
                r"/(.*)\{(?:\w+\.)?(\w+)=(.*)\}(.*)", route["uri"]
            ).groups()
            collections = re.findall(r"([a-zA-Z]+)(?:/\*|$)", f"{pattern}{tail}")
            id_ = ".".join([*collections, VERBS[verb[0]]])
            methods[id_] = {
                "id": f"cloudquotas.{id_}",
                "httpMethod": route["method"].upper(),
                "path": f"{head}{{+{parameter}}}{tail}",
                "parameters": {
                    parameter: {
                        "location": "path",
                        "pattern": f"^{pattern.replace('*', '[^/]+')}$",
                        "type": "string",
                    },
                    **{
                        key: {**_in_query(field), "location": "query"}
                        for key, field in fields.items()
                        if key != parameter and "$ref" not in field
                    },
                },
                "response": {"$ref": response},
                **({"request": {"$ref": kind}} if "body" in route else {}),
            }
    return {
        "id": "cloudquotas:v1",
        "methods": methods,
        "revision": f"google-cloud-quotas {cloudquotas_v1.__version__}",
        "schemas": schemas,
    }


def _in_query(field: dict[str, Any]) -> dict[str, Any]:
    return {**field["items"], "repeated": True} if field["type"] == "array" else field


def _describe(message: Any, schemas: dict[str, Any]) -> None:
    """Add the schema of *message*, and of what is in it, to *schemas*."""
    said = inspect.getdoc(message) or ""
    properties = schemas.setdefault(message.__name__, {"type": "object", "properties": {}})
    for field in message.pb(message()).DESCRIPTOR.fields:
        schema = _field(field, schemas)
        if re.search(rf"^ *{field.name} \(.*\):\s+Output only\.", said, re.MULTILINE):
            schema["readOnly"] = True
        properties["properties"][field.json_name] = schema


def _field(field: Any, schemas: dict[str, Any]) -> dict[str, Any]:
    kind = field.message_type
    if kind and kind.GetOptions().map_entry:
        return {
            "type": "object",
            "additionalProperties": _field(kind.fields_by_name["value"], schemas),
        }
    one: dict[str, Any]
    if kind and kind.full_name in WELL_KNOWN:
        one = dict(WELL_KNOWN[kind.full_name])
    elif kind:
        if kind.name not in schemas:
            _describe(getattr(cloudquotas_v1, kind.name), schemas)
        one = {"$ref": kind.name}
    elif field.enum_type:
        one = {"type": "string", "enum": [value.name for value in field.enum_type.values]}
    else:
        one = dict(SCALARS[field.type])
    return {"type": "array", "items": one} if field.is_repeated else one


if __name__ == "__main__":
    main()
