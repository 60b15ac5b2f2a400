"""
A discovery document for Cloud Quotas, of which google-api-python-client carries none.

It is put together from Google's client for it, google-cloud-quotas: routes come from the client's
REST transport, fields and types from its messages, and what only Google sets from what these say
of it.
"""

import inspect
import re
from typing import Any

from google.cloud import cloudquotas_v1
from google.cloud.cloudquotas_v1.services.cloud_quotas.transports import rest_base
from google.protobuf.descriptor import FieldDescriptor

Json = dict[str, Any]

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


def document() -> Json:
    """What describes Cloud Quotas, in the form of a discovery document."""
    methods: Json = {}
    schemas: Json = {}
    for rpc, base in vars(rest_base._BaseCloudQuotasRestTransport).items():
        name = rpc.removeprefix("_Base")
        verb = re.match("[A-Z][a-z]+", name)
        if inspect.isclass(base) and verb and verb[0] in VERBS:
            _add(base, name, verb[0], methods, schemas)
    return {
        "id": "cloudquotas:v1",
        "methods": methods,
        "revision": f"google-cloud-quotas {cloudquotas_v1.__version__}",
        "schemas": schemas,
    }


def _add(base: Any, name: str, verb: str, methods: Json, schemas: Json) -> None:
    """Add the routes of one method, such as `CreateQuotaPreference`, and what it takes."""
    kind = name.removeprefix(verb).removesuffix("s")
    response = f"{name}Response" if verb == "List" else kind
    _describe(getattr(cloudquotas_v1, response), schemas)
    fields: Json = {}
    _describe(getattr(cloudquotas_v1, f"{name}Request"), fields)
    for route in base._get_http_options():
        id_, method = _route(route, VERBS[verb], fields[f"{name}Request"]["properties"])
        methods[id_] = {
            **method,
            "response": {"$ref": response},
            **({"request": {"$ref": kind}} if "body" in route else {}),
        }


def _route(route: Json, verb: str, fields: Json) -> tuple[str, Json]:
    head, parameter, pattern, tail = re.fullmatch(
        r"/(.*)\{(?:\w+\.)?(\w+)=(.*)\}(.*)", route["uri"]
    ).groups()
    collections = re.findall(r"([a-zA-Z]+)(?:/\*|$)", f"{pattern}{tail}")
    id_ = ".".join([*collections, verb])
    in_path = {
        "location": "path",
        "pattern": f"^{pattern.replace('*', '[^/]+')}$",
        "type": "string",
    }
    in_query = {
        key: {**_in_query(field), "location": "query"}
        for key, field in fields.items()
        if key != parameter and "$ref" not in field
    }
    return id_, {
        "id": f"cloudquotas.{id_}",
        "httpMethod": route["method"].upper(),
        "path": f"{head}{{+{parameter}}}{tail}",
        "parameters": {parameter: in_path, **in_query},
    }


def _in_query(field: Json) -> Json:
    return {**field["items"], "repeated": True} if field["type"] == "array" else field


def _describe(message: Any, schemas: Json) -> None:
    """Add the schema of *message*, and of what is in it, to *schemas*."""
    text = inspect.getdoc(message) or ""
    properties = schemas.setdefault(message.__name__, {"type": "object", "properties": {}})
    for field in message.pb(message()).DESCRIPTOR.fields:
        schema = _field(field, schemas)
        if re.search(rf"^ *{field.name} \(.*\):\s+Output only\.", text, re.MULTILINE):
            schema["readOnly"] = True
        properties["properties"][field.json_name] = schema


def _field(field: Any, schemas: Json) -> Json:
    kind = field.message_type
    if kind and kind.GetOptions().map_entry:
        return {
            "type": "object",
            "additionalProperties": _field(kind.fields_by_name["value"], schemas),
        }
    schema: Json
    if kind and kind.full_name in WELL_KNOWN:
        schema = dict(WELL_KNOWN[kind.full_name])
    elif kind:
        if kind.name not in schemas:
            _describe(getattr(cloudquotas_v1, kind.name), schemas)
        schema = {"$ref": kind.name}
    elif field.enum_type:
        schema = {"type": "string", "enum": [value.name for value in field.enum_type.values]}
    else:
        schema = dict(SCALARS[field.type])
    return {"type": "array", "items": schema} if field.is_repeated else schema
