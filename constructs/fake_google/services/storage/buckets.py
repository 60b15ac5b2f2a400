"""Buckets and their policies."""

import base64
import re

from fake_google.errors import ApiError, invalid
from fake_google.service import Call
from fake_google.services.iam import policies
from fake_google.services.storage.service import BUCKETS, OBJECTS, storage
from fake_google.store import POLICIES, now
from fake_google.wire import Answer, Json

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]")
_MULTI_REGIONS = ("US", "EU", "ASIA")
_FIXED = (
    "etag",
    "generation",
    "id",
    "kind",
    "location",
    "locationType",
    "metageneration",
    "name",
    "owner",
    "projectNumber",
    "selfLink",
    "timeCreated",
    "updated",
)
"""What of a bucket only Google sets, or nobody changes; the document does not say."""


@storage("buckets.insert")
def insert_bucket(call: Call) -> Answer:
    """A bucket, with Google's defaults; its name is taken in every project."""
    project, name = call.query.get("project", ""), call.body.get("name", "")
    if not project:
        raise invalid("Required parameter: project")
    if not _NAME.fullmatch(name) or "google" in name:
        raise invalid(f"Invalid bucket name: '{name}'")
    if call.store.get(BUCKETS, name):
        raise ApiError(
            409,
            "Your previous request to create the named bucket succeeded and you already own it.",
            reason="conflict",
        )
    bucket = call.store.put(BUCKETS, name, _new(call, project, name))
    call.store.put(POLICIES, name, {"bindings": _grants(bucket), "serial": call.store.serial()})
    return _answer(call, bucket)


@storage("buckets.get")
def get_bucket(call: Call) -> Answer:
    """A bucket."""
    return _answer(call, bucket_of(call))


@storage("buckets.list")
def list_buckets(call: Call) -> Answer:
    """The buckets of a project."""
    found = [bucket for _, bucket in call.store.all(BUCKETS)]
    project = call.query.get("project")
    items = [_answer(call, bucket) for bucket in found if bucket["project"] == project]
    return {"kind": "storage#buckets", "items": items}


@storage("buckets.patch", "buckets.update")
def patch_bucket(call: Call) -> Answer:
    """Changes what is given, and takes away what is given as null; never the location."""
    bucket = bucket_of(call)
    _check_metageneration(call, bucket)
    for key, value in call.body.items():
        if key == "location" and (value or "").upper() != bucket["location"]:
            raise invalid("The location of a bucket cannot be changed.")
        if key in _FIXED:
            continue
        if key == "iamConfiguration":
            bucket[key] = _iam_configuration(value or {}, bucket[key])
        elif key == "labels" and isinstance(value, dict):
            labels = {**bucket.get(key, {}), **value}
            bucket[key] = {name: text for name, text in labels.items() if text is not None}
        elif value is None:
            bucket.pop(key, None)
        else:
            bucket[key] = value
    bucket["metageneration"] = str(int(bucket["metageneration"]) + 1)
    bucket["updated"] = now()
    return _answer(call, call.store.put(BUCKETS, bucket["name"], bucket))


@storage("buckets.delete")
def delete_bucket(call: Call) -> Answer:
    """Refused while there is an object in it."""
    bucket = bucket_of(call)
    _check_metageneration(call, bucket)
    if any(call.store.all(OBJECTS, f"{bucket['name']}/")):
        raise ApiError(409, "The bucket you tried to delete is not empty.", reason="conflict")
    call.store.remove(BUCKETS, bucket["name"])
    return {}


@storage("buckets.getIamPolicy")
def get_policy(call: Call) -> Answer:
    """Who may use the bucket."""
    bucket = bucket_of(call)
    version = int(call.query.get("optionsRequestedPolicyVersion", 1))
    return {
        "kind": "storage#policy",
        "resourceId": f"projects/_/buckets/{bucket['name']}",
        **policies.get(call.store, bucket["name"], version),
    }


@storage("buckets.setIamPolicy")
def set_policy(call: Call) -> Answer:
    """Who may use the bucket, replaced; conditions need uniform access."""
    bucket = bucket_of(call)
    bindings = call.body.get("bindings", [])
    if (
        any(binding.get("condition") for binding in bindings)
        and not bucket["iamConfiguration"]["uniformBucketLevelAccess"]["enabled"]
    ):
        raise invalid("Conditions are not allowed without uniform bucket-level access.")
    public = {"allUsers", "allAuthenticatedUsers"}
    if bucket["iamConfiguration"]["publicAccessPrevention"] == "enforced" and any(
        public & set(binding.get("members", [])) for binding in bindings
    ):
        raise ApiError(412, "The member bindings allUsers and allAuthenticatedUsers are prevented.")
    answer = policies.put(call.store, bucket["name"], call.body, stale=412)
    return {
        "kind": "storage#policy",
        "resourceId": f"projects/_/buckets/{bucket['name']}",
        **answer,
    }


@storage("anywhereCaches.list")
def list_caches(call: Call) -> Answer:
    """None: the provider asks before it deletes a bucket."""
    bucket_of(call)
    return {"kind": "storage#anywhereCaches"}


def bucket_of(call: Call) -> Json:
    """The bucket that a call is about."""
    bucket = call.store.get(BUCKETS, call.parameters["bucket"])
    if bucket is None:
        raise ApiError(404, "The specified bucket does not exist.")
    return bucket


def _new(call: Call, project: str, name: str) -> Json:
    """A bucket as it is asked for, with Google's defaults."""
    location = (call.body.get("location") or "US").upper()
    spread = location in _MULTI_REGIONS
    return {
        "storageClass": "STANDARD",
        "softDeletePolicy": {"retentionDurationSeconds": "604800", "effectiveTime": now()},
        **({"rpo": "DEFAULT"} if spread else {}),
        **{key: value for key, value in call.body.items() if value is not None},
        "kind": "storage#bucket",
        "id": name,
        "name": name,
        "project": project,
        "projectNumber": call.store.number(project),
        "location": location,
        "locationType": "multi-region" if spread else "region",
        "timeCreated": now(),
        "updated": now(),
        "metageneration": "1",
        "iamConfiguration": _iam_configuration(call.body.get("iamConfiguration", {}), {}),
    }


def _grants(bucket: Json) -> list[Json]:
    """Who may use a new bucket."""
    people = [f"project{who}:{bucket['project']}" for who in ("Editor", "Owner")]
    viewers = [f"projectViewer:{bucket['project']}"]
    bindings = [
        {"role": "roles/storage.legacyBucketOwner", "members": people},
        {"role": "roles/storage.legacyBucketReader", "members": viewers},
    ]
    if bucket["iamConfiguration"]["uniformBucketLevelAccess"]["enabled"]:
        bindings += [
            {"role": "roles/storage.legacyObjectOwner", "members": people},
            {"role": "roles/storage.legacyObjectReader", "members": viewers},
        ]
    return bindings


def _answer(call: Call, bucket: Json) -> Json:
    return {
        **{key: value for key, value in bucket.items() if key != "project"},
        "selfLink": f"{call.root}/storage/v1/b/{bucket['name']}",
        "etag": base64.b64encode(bucket["metageneration"].encode()).decode(),
    }


def _iam_configuration(wanted: Json, before: Json) -> Json:
    old = before.get("uniformBucketLevelAccess", {})
    new = wanted.get("uniformBucketLevelAccess") or {}
    access = {**old, "enabled": bool(new.get("enabled", old.get("enabled")))}
    if access["enabled"]:
        access.setdefault("lockedTime", now())
    else:
        access.pop("lockedTime", None)
    return {
        "bucketPolicyOnly": access,
        "uniformBucketLevelAccess": access,
        "publicAccessPrevention": wanted.get("publicAccessPrevention")
        or before.get("publicAccessPrevention", "inherited"),
    }


def _check_metageneration(call: Call, bucket: Json) -> None:
    wanted = call.query.get("ifMetagenerationMatch")
    if wanted is not None and wanted != bucket["metageneration"]:
        raise ApiError(412, "At least one of the pre-conditions you specified did not hold.")
