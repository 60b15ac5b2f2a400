"""Buckets, their policies, and objects as far as states and full buckets need them."""

import base64
import hashlib
import json
import re
from typing import Any

from fake_google import policies
from fake_google.calls import Answer, Call, Media, Service
from fake_google.errors import ApiError, invalid
from fake_google.store import POLICIES, now

storage = Service("storage")

Json = dict[str, Any]

BUCKETS = "storage.buckets"
OBJECTS = "storage.objects"

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
    location = (call.body.get("location") or "US").upper()
    bucket = {
        "storageClass": "STANDARD",
        "softDeletePolicy": {"retentionDurationSeconds": "604800", "effectiveTime": now()},
        **{key: value for key, value in call.body.items() if value is not None},
        "kind": "storage#bucket",
        "id": name,
        "name": name,
        "project": project,
        "projectNumber": call.store.number(project),
        "location": location,
        "locationType": "multi-region" if location in _MULTI_REGIONS else "region",
        "timeCreated": now(),
        "updated": now(),
        "metageneration": "1",
        "iamConfiguration": _iam_configuration(call.body.get("iamConfiguration", {}), {}),
    }
    if location in _MULTI_REGIONS:
        bucket.setdefault("rpo", "DEFAULT")
    call.store.put(BUCKETS, name, bucket)
    uniform = bucket["iamConfiguration"]["uniformBucketLevelAccess"]["enabled"]
    people = [f"project{who}:{project}" for who in ("Editor", "Owner")]
    bindings = [
        {"role": "roles/storage.legacyBucketOwner", "members": people},
        {"role": "roles/storage.legacyBucketReader", "members": [f"projectViewer:{project}"]},
    ]
    if uniform:
        bindings += [
            {"role": "roles/storage.legacyObjectOwner", "members": people},
            {"role": "roles/storage.legacyObjectReader", "members": [f"projectViewer:{project}"]},
        ]
    call.store.put(POLICIES, name, {"bindings": bindings, "serial": call.store.serial()})
    return _answer(call, bucket)


@storage("buckets.get")
def get_bucket(call: Call) -> Answer:
    """A bucket."""
    return _answer(call, _bucket(call))


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
    bucket = _bucket(call)
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
    bucket = _bucket(call)
    _check_metageneration(call, bucket)
    if any(call.store.all(OBJECTS, f"{bucket['name']}/")):
        raise ApiError(409, "The bucket you tried to delete is not empty.", reason="conflict")
    call.store.remove(BUCKETS, bucket["name"])
    return {}


@storage("buckets.getIamPolicy")
def get_policy(call: Call) -> Answer:
    """Who may use the bucket."""
    bucket = _bucket(call)
    version = int(call.query.get("optionsRequestedPolicyVersion", 1))
    return {
        "kind": "storage#policy",
        "resourceId": f"projects/_/buckets/{bucket['name']}",
        **policies.get(call.store, bucket["name"], version),
    }


@storage("buckets.setIamPolicy")
def set_policy(call: Call) -> Answer:
    """Who may use the bucket, replaced; conditions need uniform access."""
    bucket = _bucket(call)
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
    _bucket(call)
    return {"kind": "storage#anywhereCaches"}


@storage("objects.insert")
def insert_object(call: Call) -> Answer:
    """An object, uploaded in one piece."""
    bucket = _bucket(call)
    metadata, data, content_type = _upload(call)
    name = call.query.get("name") or metadata.get("name")
    if not name:
        raise invalid("Required: name")
    path = f"{bucket['name']}/{name}"
    _check_generation(call, call.store.get(OBJECTS, path))
    thing = {
        "kind": "storage#object",
        "id": path,
        "name": name,
        "bucket": bucket["name"],
        "generation": str(call.store.serial()),
        "metageneration": "1",
        "contentType": metadata.get("contentType") or content_type,
        "metadata": metadata.get("metadata", {}),
        "size": str(len(data)),
        "md5Hash": base64.b64encode(hashlib.md5(data, usedforsecurity=False).digest()).decode(),
        "timeCreated": now(),
        "updated": now(),
        "data": base64.b64encode(data).decode(),
    }
    return _object_answer(call.store.put(OBJECTS, path, thing))


@storage("objects.get")
def get_object(call: Call) -> Answer:
    """An object's description or, with `alt=media`, its contents."""
    thing = _object(call)
    # At the root of the server, /bucket/object, there are only contents.
    if call.query.get("alt") == "media" or not call.request.path.startswith("/storage/"):
        return Media(base64.b64decode(thing["data"]))
    return _object_answer(thing)


@storage("objects.list")
def list_objects(call: Call) -> Answer:
    """The objects of a bucket, by prefix and delimiter."""
    bucket = _bucket(call)
    prefix, delimiter = call.query.get("prefix", ""), call.query.get("delimiter", "")
    items, prefixes = [], set()
    for path, thing in call.store.all(OBJECTS, f"{bucket['name']}/{prefix}"):
        rest = path.removeprefix(f"{bucket['name']}/{prefix}")
        if delimiter and delimiter in rest:
            prefixes.add(prefix + rest.partition(delimiter)[0] + delimiter)
        else:
            items.append(_object_answer(thing))
    return {"kind": "storage#objects", "items": items, "prefixes": sorted(prefixes)}


@storage("objects.delete")
def delete_object(call: Call) -> Answer:
    """The object goes at once."""
    thing = _object(call)
    _check_generation(call, thing)
    call.store.remove(OBJECTS, f"{thing['bucket']}/{thing['name']}")
    return {}


def _bucket(call: Call) -> Json:
    bucket = call.store.get(BUCKETS, call.parameters["bucket"])
    if bucket is None:
        raise ApiError(404, "The specified bucket does not exist.")
    return bucket


def _object(call: Call) -> Json:
    path = f"{_bucket(call)['name']}/{call.parameters['object']}"
    thing = call.store.get(OBJECTS, path)
    if thing is None:
        raise ApiError(404, f"No such object: {path}")
    return thing


def _answer(call: Call, bucket: Json) -> Json:
    return {
        **{key: value for key, value in bucket.items() if key != "project"},
        "selfLink": f"{call.root}/storage/v1/b/{bucket['name']}",
        "etag": base64.b64encode(bucket["metageneration"].encode()).decode(),
    }


def _object_answer(thing: Json) -> Json:
    return {key: value for key, value in thing.items() if key != "data"}


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


def _upload(call: Call) -> tuple[Json, bytes, str]:
    """The description, the contents and their type, of an upload of either form."""
    form = call.query.get("uploadType", "")
    if form == "media":
        return {}, call.request.raw, call.request.content_type
    if form == "resumable":
        raise ApiError(501, "The fake Google does not serve resumable uploads.")
    if form != "multipart":
        raise invalid(f"Invalid uploadType: '{form}'")
    boundary = re.search(r'boundary="?([^";]+)', call.request.content_type)
    if boundary is None:
        raise invalid("A multipart upload has a boundary.")
    # Around the two parts are what comes before them, nothing, and what closes them.
    sections = call.request.raw.split(f"--{boundary[1]}".encode())
    if len(sections) != 4:  # noqa: PLR2004 - see above
        raise invalid("A multipart upload has two parts.")
    (_, _, description), (head, _, contents) = (
        part.removesuffix(b"\r\n").partition(b"\r\n\r\n") for part in sections[1:3]
    )
    try:
        metadata = json.loads(description)
    except (RecursionError, ValueError) as error:
        raise invalid("The first part of a multipart upload is not JSON.") from error
    if not isinstance(metadata, dict) or not isinstance(metadata.get("name", ""), str):
        raise invalid("The first part of a multipart upload describes an object.")
    content_type = re.search(rb"(?i)content-type: *([^\r\n]+)", head)
    return metadata, contents, content_type[1].decode("latin-1") if content_type else ""


def _check_generation(call: Call, thing: Json | None) -> None:
    wanted = call.query.get("ifGenerationMatch")
    if wanted is not None and wanted != (thing["generation"] if thing else "0"):
        raise ApiError(412, "At least one of the pre-conditions you specified did not hold.")


def _check_metageneration(call: Call, bucket: Json) -> None:
    wanted = call.query.get("ifMetagenerationMatch")
    if wanted is not None and wanted != bucket["metageneration"]:
        raise ApiError(412, "At least one of the pre-conditions you specified did not hold.")
