"""Whatever is taken is kept: every field that can be written is read back, or was refused."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from fake_google import FakeGoogle, Request, discovery
from fake_google.discovery import Api
from tests.fake_google.asking import (
    ACCOUNT,
    ACCOUNTS,
    BUCKET,
    BUCKETS,
    EMAIL,
    GROUP,
    GROUPS,
    PREFERENCE,
    PREFERENCES,
    PROJECT,
    ROLE,
    ROLES,
    SECRET,
    SECRETS,
    SUBSCRIPTION,
    SUBSCRIPTIONS,
    TEMPLATE,
    TEMPLATES,
    TOPICS,
    Json,
    with_bucket,
    with_template,
    with_topic,
)

APIS = discovery.load()


@dataclass(frozen=True)
class Resource:
    """How one kind of resource is made, changed and read."""

    api: str
    schema: str
    create: tuple[str, str]
    read: str
    body: Json
    change: tuple[str, str] | None = None
    inside: str = ""
    """The field of the request that the resource is in."""
    masked: str = ""
    """Where a patch says what it is of: in the `query` or in the `body`."""
    told: frozenset[str] = frozenset()
    """Fields that only Google sets, or that are taken in and never told again."""
    values: Json = field(default_factory=dict)
    """What makes sense for fields whose schema does not say."""


TIME = "2030-01-01T00:00:00Z"
TOPIC = f"{PROJECT}/topics/start"
ACL = [{"entity": "allUsers", "role": "READER"}]

RESOURCES = (
    Resource(
        "compute",
        "InstanceGroupManager",
        ("POST", GROUPS),
        f"{GROUPS}/jobs-mig",
        {
            **GROUP,
            "distributionPolicy": {"targetShape": "ANY_SINGLE_ZONE"},
            "updatePolicy": {"instanceRedistributionType": "NONE"},
            "instanceLifecyclePolicy": {"defaultActionOnFailure": "DO_NOTHING"},
        },
        ("PATCH", f"{GROUPS}/jobs-mig"),
        told=frozenset({"fingerprint"}),
        values={
            "name": "jobs-mig",
            "namedPorts": [{"name": "http", "port": 8080}],
            "instanceTemplate": f"{PROJECT}/global/instanceTemplates/jobs-tpl",
            "distributionPolicy.zones": [{"zone": "zones/us-central1-a"}],
            "updatePolicy.maxSurge": {"fixed": 3},
            "updatePolicy.maxUnavailable": {"fixed": 3},
            "baseInstanceName": "jobs-vm",
        },
    ),
    Resource(
        "compute",
        "InstanceTemplate",
        ("POST", TEMPLATES),
        f"{TEMPLATES}/jobs-tpl",
        TEMPLATE,
        told=frozenset(
            {
                "properties.metadata.fingerprint",
                "properties.networkInterfaces.fingerprint",
                "properties.networkInterfaces.name",
                "properties.tags.fingerprint",
            }
        ),
        values={
            "name": "jobs-tpl",
            "properties.machineType": "n1-standard-1",
            "properties.scheduling.maxRunDuration": {"seconds": "3600"},
            "properties.networkInterfaces.network": "global/networks/default",
            "properties.disks.boot": True,
        },
    ),
    Resource(
        "storage",
        "Bucket",
        ("POST", f"{BUCKETS}?project=eng-ai-dev"),
        f"{BUCKETS}/lum-states?projection=full",
        BUCKET,
        ("PATCH", f"{BUCKETS}/lum-states"),
        told=frozenset(
            {
                "etag",
                "generation",
                "hardDeleteTime",
                "iamConfiguration.bucketPolicyOnly",
                "iamConfiguration.uniformBucketLevelAccess.lockedTime",
                "id",
                "kind",
                "locationType",
                "metageneration",
                "name",
                "objectRetention",
                "owner",
                "projectNumber",
                "satisfiesPZI",
                "satisfiesPZS",
                "selfLink",
                "softDeleteTime",
                "timeCreated",
                "updated",
            }
        ),
        values={
            "acl": ACL,
            "customPlacementConfig": {"dataLocations": ["us-east1", "us-west1"]},
            "defaultObjectAcl": ACL,
            "labels": {"a": "b"},
            "lifecycle": {"rule": [{"action": {"type": "Delete"}, "condition": {"age": 3}}]},
            "location": "us-central1",
            "retentionPolicy.retentionPeriod": "60",
            "softDeletePolicy.retentionDurationSeconds": "604800",
            "storageClass": "NEARLINE",
            "iamConfiguration.publicAccessPrevention": "enforced",
            "rpo": "ASYNC_TURBO",
        },
    ),
    Resource(
        "pubsub",
        "Topic",
        ("PUT", f"{TOPICS}/other"),
        f"{TOPICS}/other",
        {},
        ("PATCH", f"{TOPICS}/other"),
        "topic",
        "body",
        told=frozenset({"name", "satisfiesPzs"}),
        values={"messageRetentionDuration": "600s", "labels": {"a": "b"}},
    ),
    Resource(
        "pubsub",
        "Subscription",
        ("PUT", f"{SUBSCRIPTIONS}/other"),
        f"{SUBSCRIPTIONS}/other",
        {"topic": TOPIC},
        ("PATCH", f"{SUBSCRIPTIONS}/other"),
        "subscription",
        "body",
        told=frozenset({"name"}),
        values={
            "ackDeadlineSeconds": 60,
            "deadLetterPolicy": {"deadLetterTopic": TOPIC, "maxDeliveryAttempts": 5},
            "expirationPolicy": {"ttl": "8640000s"},
            "filter": SUBSCRIPTION["filter"],
            "labels": {"a": "b"},
            "messageRetentionDuration": "3600s",
            "retryPolicy": {"minimumBackoff": "5s", "maximumBackoff": "60s"},
            "topic": TOPIC,
        },
    ),
    Resource(
        "secretmanager",
        "Secret",
        ("POST", f"{SECRETS}?secretId=config"),
        f"{SECRETS}/config",
        SECRET,
        ("PATCH", f"{SECRETS}/config"),
        masked="query",
        told=frozenset({"etag", "ttl"}),
        values={
            "expireTime": TIME,
            "labels": {"a": "b"},
            "rotation": {"nextRotationTime": TIME, "rotationPeriod": "3600s"},
            "topics": [{"name": TOPIC}],
            "versionDestroyTtl": "86400s",
        },
    ),
    Resource(
        "iam",
        "ServiceAccount",
        ("POST", ACCOUNTS),
        f"{ACCOUNTS}/{EMAIL}",
        {"displayName": "Jobs"},
        ("PATCH", f"{ACCOUNTS}/{EMAIL}"),
        "serviceAccount",
        "body",
        told=frozenset({"etag", "name"}),
    ),
    Resource(
        "iam",
        "Role",
        ("POST", ROLES),
        f"{ROLES}/runner",
        {"title": "Runner"},
        ("PATCH", f"{ROLES}/runner"),
        masked="query",
        told=frozenset({"deleted", "etag", "name"}),
        values={"includedPermissions": ["pubsub.topics.get"]},
    ),
    Resource(
        "cloudquotas",
        "QuotaPreference",
        ("POST", f"{PREFERENCES}?quotaPreferenceId=v100"),
        f"{PREFERENCES}/v100",
        PREFERENCE,
        ("PATCH", f"{PREFERENCES}/v100"),
        masked="query",
        told=frozenset({"contactEmail", "etag", "justification", "name"}),
        values={"quotaConfig.preferredValue": "32"},
    ),
)
"""Every resource that is served, but for objects, whose tests are their own."""

ROUND = {"ServiceAccount": ACCOUNT, "Role": ROLE}
"""What a request to make one has around the resource."""


def fields(api: Api, schema: Json, resource: Resource, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every field that can be written, by its path, with a value that it can have."""
    schema = api.schemas[schema["$ref"]] if "$ref" in schema else schema
    for key, part in schema.get("properties", {}).items():
        where = f"{path}.{key}" if path else key
        if part.get("readOnly") or where in resource.told:
            continue
        if where in resource.values:
            yield where, resource.values[where]
            continue
        whole = api.schemas[part["$ref"]] if "$ref" in part else part
        items = whole.get("items", {})
        if whole.get("properties") and where.count(".") < 4:
            yield from fields(api, whole, resource, where)
        elif "$ref" in items and where.count(".") < 4:
            yield from fields(api, items, resource, where)
        else:
            yield where, plain(api, whole, where)


def plain(api: Api, schema: Json, where: str) -> Any:
    """A value of the schema's type."""
    schema = api.schemas[schema["$ref"]] if "$ref" in schema else schema
    if "enum" in schema:
        return next(value for value in schema["enum"][::-1] if "UNSPECIFIED" not in value)
    kind = schema.get("type", "any")
    if kind == "array":
        return [plain(api, schema["items"], where)]
    if kind == "object" and "properties" not in schema:
        return {"key": plain(api, schema.get("additionalProperties", {}), where)}
    if schema.get("format", "") in ("google-datetime", "date-time"):
        return TIME
    if schema.get("format", "") == "google-duration":
        return "3600s"
    numbers = {"integer": 3, "number": 0.5, "boolean": True, "object": {}}
    return "7" if schema.get("format") in ("int64", "uint64") else numbers.get(kind, "text")


def nested(api: Api, name: str, path: str, value: Any, base: Any) -> Json:
    """*base* with *value* at *path*."""
    schema = api.schemas[name]
    key, _, rest = path.partition(".")
    body = dict(base) if isinstance(base, dict) else {}
    if not rest:
        return {**body, key: value}
    part = schema["properties"][key]
    if "items" in part:
        before = body.get(key) or [{}]
        body[key] = [nested(api, part["items"]["$ref"], rest, value, before[0]), *before[1:]]
    elif "$ref" in part:
        body[key] = nested(api, part["$ref"], rest, value, body.get(key, {}))
    else:
        # An object that stands in the schema itself.
        head, _, below = rest.partition(".")
        inner = dict(body.get(key, {}))
        inner[head] = value if not below else {**inner.get(head, {}), below: value}
        body[key] = inner
    return body


def holds(actual: Any, wanted: Any) -> bool:
    """Whether what was written is in what was read; names may have become addresses."""
    if isinstance(wanted, dict):
        return isinstance(actual, dict) and all(
            holds(actual.get(key), value) for key, value in wanted.items()
        )
    if isinstance(wanted, list):
        return isinstance(actual, list) and all(
            any(holds(item, value) for item in actual) for value in wanted
        )
    if isinstance(wanted, str) and isinstance(actual, str):
        return actual.lower().endswith(wanted.lower())
    return bool(actual == wanted)


def ask(google: FakeGoogle, verb: str, address: str, body: Json | None = None) -> tuple[int, Json]:
    path, _, text = address.partition("?")
    query = dict(pair.split("=") for pair in text.split("&") if pair)
    status, data = google.answer(Request(verb, path, query, json.dumps(body or {}).encode()))
    return status, json.loads(data)


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: str(resource.schema))
def test_when_it_is_made(resource: Resource, google: FakeGoogle) -> None:
    """Each field alone, in a new resource: it is there when read, or the resource was refused."""
    api = APIS[resource.api]
    kept, forgotten, refusals = 0, [], []
    with_topic(google)
    with_template(google)
    base = google.store.dump()
    if resource.schema == "InstanceTemplate":
        base["kinds"]["compute.instanceTemplates"] = {}
    for path, value in fields(api, api.schemas[resource.schema], resource):
        google.store.load(base)
        wanted = nested(api, resource.schema, path, value, {})
        body = nested(api, resource.schema, path, value, resource.body)
        around = ROUND.get(resource.schema)
        if around:
            key = "role" if resource.schema == "Role" else "serviceAccount"
            body = {**around, key: body}
        status, answer = ask(google, *resource.create, body)
        if status != 200:
            refusals.append((path, answer["error"]["message"]))
            assert status in (400, 403, 404, 501), (path, answer)
            continue
        _, found = ask(google, "GET", resource.read)
        kept += 1
        if not holds(found, wanted):
            forgotten.append(path)

    assert [] == forgotten
    assert kept > len(refusals), refusals


@pytest.mark.parametrize(
    "resource",
    [resource for resource in RESOURCES if resource.change],
    ids=lambda resource: str(resource.schema),
)
def test_when_it_is_changed(resource: Resource, google: FakeGoogle) -> None:
    """Each field alone, in a patch: it is there when read, or the patch was refused."""
    api = APIS[resource.api]
    forgotten = []
    with_topic(google)
    with_template(google)
    key = "role" if resource.schema == "Role" else "serviceAccount"
    around = ROUND.get(resource.schema)
    body = {**around, key: resource.body} if around else resource.body
    status, answer = ask(google, *resource.create, body)
    assert 200 == status, answer
    base = google.store.dump()
    assert resource.change
    verb, address = resource.change
    for path, value in fields(api, api.schemas[resource.schema], resource):
        google.store.load(base)
        wanted = nested(api, resource.schema, path, value, {})
        patch: Json = {resource.inside: wanted} if resource.inside else wanted
        if resource.masked == "body":
            patch = {**patch, "updateMask": path.partition(".")[0]}
        mask = f"?updateMask={path.partition('.')[0]}" if resource.masked == "query" else ""
        status, answer = ask(google, verb, address + mask, patch)
        if status == 200:
            _, found = ask(google, "GET", resource.read)
            if not holds(found, wanted):
                forgotten.append(path)
        else:
            assert status in (400, 403, 404, 412, 501), (path, answer)

    assert [] == forgotten


def test_a_parameter_that_is_not_heeded(google: FakeGoogle) -> None:
    """What a query asks for is done, or refused: never passed over."""
    with_bucket(google)
    for address in (f"{BUCKETS}/lum-states?softDeleted=true", f"{BUCKETS}?project=p&softDeleted=1"):
        status, answer = ask(google, "GET", address)
        assert status in (400, 501), answer
    for path in (f"{BUCKETS}/lum-states?userProject=p", f"{TOPICS}?pageSize=1"):
        assert 200 == ask(google, "GET", path)[0]
