"""Requests that are made up from Google's own description of its methods."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

from hypothesis import strategies as st

from fake_google import discovery
from fake_google.discovery import Api, Method
from fake_google.services import SERVICES
from tests.fake_google.asking import (
    ACCOUNT,
    BUCKET,
    EMAIL,
    GROUP,
    PREFERENCE,
    PROJECT,
    ROLE,
    SECRET,
    SUBSCRIPTION,
    TEMPLATE,
    Json,
)

APIS = discovery.load()
SERVED = [
    (APIS[service.api], method)
    for service in SERVICES.values()
    for methods in APIS[service.api].methods.values()
    for method in methods
    if method.name in service.handlers
]

NAMES = {
    "b": "lum-states",
    "instanceGroupManagers": "jobs-mig",
    "instanceTemplates": "jobs-tpl",
    "o": "state",
    "operations": "operation-1",
    "locations": "global",
    "projects": "eng-ai-dev",
    "quotaPreferences": "v100",
    "regions": "us-central1",
    "roles": "runner",
    "secrets": "config",
    "serviceAccounts": EMAIL,
    "services": "pubsub.googleapis.com",
    "subscriptions": "start-runner",
    "topics": "start",
    "versions": "1",
    "zones": "us-central1-a",
}
"""What there is, by where it stands in a path."""

BODIES = {
    "cloudquotas.projects.locations.quotaPreferences.create": {
        **PREFERENCE,
        "dimensions": {"region": "us-west1"},
    },
    "compute.instanceTemplates.insert": {**TEMPLATE, "name": "another"},
    "compute.regionInstanceGroupManagers.insert": {**GROUP, "name": "another"},
    "iam.projects.roles.create": {**ROLE, "roleId": "another"},
    "iam.projects.serviceAccounts.create": {**ACCOUNT, "accountId": "another"},
    "pubsub.projects.subscriptions.create": SUBSCRIPTION,
    "secretmanager.projects.secrets.create": SECRET,
    "storage.buckets.insert": {**BUCKET, "name": "another"},
}
"""What is taken, by method; where there is none, nothing is needed."""

QUERIES = {
    "cloudquotas.projects.locations.quotaPreferences.create": {"quotaPreferenceId": "another"},
    "cloudquotas.projects.locations.quotaPreferences.patch": {"updateMask": "quotaConfig"},
    "compute.regionInstanceGroupManagers.resize": {"size": "2"},
    "secretmanager.projects.secrets.create": {"secretId": "another"},
    "secretmanager.projects.secrets.patch": {"updateMask": "labels,topics"},
    "storage.buckets.insert": {"project": "eng-ai-dev"},
    "storage.objects.insert": {"uploadType": "media", "name": "another"},
}

MASKS = {
    "projects.serviceAccounts.patch": {"updateMask": "displayName,description"},
    "projects.subscriptions.patch": {"updateMask": "labels,ackDeadlineSeconds"},
    "projects.topics.patch": {"updateMask": "labels"},
}
"""Of the patches that have them in the body."""

WORDS = st.sampled_from(
    [
        *("", "x", "10", "-1", "\u00e4", "\ud800", "a/b/c", "another", "us-central1-b"),
        *("roles/viewer", "user:a@x.de", f"serviceAccount:{EMAIL}", f"{PROJECT}/roles/runner"),
        *(f"{PROJECT}/topics/start", f"{PROJECT}/global/instanceTemplates/jobs-tpl"),
        *("labels", "topic,labels", "ackDeadlineSeconds", "last", "title", "display_name"),
    ]
)
JUNK = st.sampled_from(
    [None, None, None, True, 0, -7, 3.5, 10**30, "x", [], [None], {}, {"x": None}]
)


def filled(method: Method, name: Callable[[str], str]) -> str:
    """The method's path with names in it, which *name* may change."""
    template = re.sub(r"\(\?P<\w+>|\)|\\", "", method.route.pattern)
    template = template.replace("v1/[^/]+/[^/]+", "v1/projects/[^/]+")
    return f"/{method.api}/" + re.sub(
        r"(\w+)/\[\^/\]\+",
        lambda found: f"{found[1]}/{name(NAMES.get(found[1], 'jobs-vm'))}",
        template,
    )


def _path(draw: st.DrawFn, method: Method) -> str:
    """A path of the method: of what there is, or of something else."""
    others = ["another", "%C3%A4", "%FF", "a%2Fb", "7"]
    return filled(method, lambda name: draw(st.sampled_from([name] * 6 + others)))


def _value(draw: st.DrawFn, api: Api, schema: Json) -> Any:
    """A value that mostly fits the schema."""
    if draw(st.integers(0, 7)) == 0:
        return draw(JUNK)
    schema = api.schemas[schema["$ref"]] if "$ref" in schema else schema
    properties, others = schema.get("properties", {}), schema.get("additionalProperties")
    kind = schema.get("type", "any")
    if kind == "object" and properties:
        keys = draw(st.lists(st.sampled_from(sorted(properties)), max_size=4, unique=True))
        return {key: _value(draw, api, properties[key]) for key in keys}
    if kind == "object":
        return {draw(WORDS): _value(draw, api, others)} if others else {}
    if kind == "array":
        return [_value(draw, api, schema["items"]) for _ in range(draw(st.integers(0, 2)))]
    texts = st.sampled_from(schema["enum"]) if "enum" in schema else WORDS
    integers = st.sampled_from([-1, 0, 1, 3, 10, 2**31 - 1])
    return draw({"integer": integers, "boolean": st.booleans()}.get(kind, texts))


@st.composite
def requests(draw: st.DrawFn) -> tuple[str, str, bytes]:
    """A request to a method that is served, with a body that mostly makes sense."""
    api, method = draw(st.sampled_from(SERVED))
    name = f"{api.name}.{method.name}"
    query: Json = {}
    if method.parameters:
        query = draw(st.dictionaries(st.sampled_from(sorted(method.parameters)), WORDS, max_size=1))
    if draw(st.integers(0, 5)):
        query = {**QUERIES.get(name, {}), **query}
    data = draw(st.sampled_from([b"", b"{", b"[]", b'"x"', b"\xff"]))
    if method.request and draw(st.integers(0, 9)):
        body = _value(draw, api, {"$ref": method.request})
        if isinstance(body, dict):
            body = {**BODIES.get(name, {}), **body}
        data = json.dumps(body).encode()
    path = f"{_path(draw, method)}?{urlencode(query, errors='replace')}"
    return method.verb, path, data


def fields(api: Api, schema: Json, depth: int = 2) -> Iterator[Json]:
    """Bodies of one field, or of one field in a field, that is null or empty."""
    schema = api.schemas[schema["$ref"]] if "$ref" in schema else schema
    for key, field in schema.get("properties", {}).items():
        yield from ({key: None}, {key: {}}, {key: []}, {key: ""}, {key: [{}]})
        if depth > 1:
            yield from ({key: body} for body in fields(api, field, depth - 1))
