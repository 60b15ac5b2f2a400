"""Buckets."""

import base64

from fake_google.errors import ApiError, invalid
from fake_google.listing import page
from fake_google.service import Call
from fake_google.services.storage.bucket_fields import (
    FIXED,
    check_name,
    complete,
    iam_configuration,
    new_bucket,
)
from fake_google.services.storage.conditions import METAGENERATION, check
from fake_google.services.storage.service import BUCKETS, OBJECTS, storage
from fake_google.store import POLICIES, now
from fake_google.wire import Answer, Json

_ACLS = ("predefinedAcl", "predefinedDefaultObjectAcl", "projection")

_LISTS = {"predefinedAcl": "acl", "predefinedDefaultObjectAcl": "defaultObjectAcl"}

_READ = {"entity": "allUsers", "role": "READER"}
_WRITE = {"entity": "allUsers", "role": "WRITER"}
_PREDEFINED = {
    "authenticatedRead": [{"entity": "allAuthenticatedUsers", "role": "READER"}],
    "bucketOwnerFullControl": [],
    "bucketOwnerRead": [],
    "private": [],
    "projectPrivate": [],
    "publicRead": [_READ],
    "publicReadWrite": [_READ, _WRITE],
}
"""What the predefined lists add to what is the project's own."""


@storage("buckets.insert", takes=("enableObjectRetention", "project", *_ACLS))
def insert_bucket(call: Call) -> Answer:
    """A bucket, with Google's defaults; its name is taken in every project."""
    project, name = call.query.get("project", ""), call.body.get("name") or ""
    if not project:
        raise invalid("Required parameter: project")
    check_name(name)
    if call.store.get(BUCKETS, name):
        raise ApiError(
            409,
            "Your previous request to create the named bucket succeeded and you already own it.",
            reason="conflict",
        )
    bucket = new_bucket(call, call.store.project(project))
    _set_acls(call, bucket)
    call.store.put(BUCKETS, name, bucket)
    call.store.put(POLICIES, name, {"bindings": _grants(bucket), "serial": call.store.serial()})
    return _answer(call, bucket)


@storage("buckets.get", takes=("projection", *METAGENERATION))
def get_bucket(call: Call) -> Answer:
    """A bucket."""
    bucket = bucket_of(call)
    check(call, bucket)
    return _answer(call, bucket)


@storage(
    "buckets.list",
    takes=("maxResults", "pageToken", "prefix", "project", "projection", "softDeleted"),
)
def list_buckets(call: Call) -> Answer:
    """The buckets of a project; on request those that are gone and can be restored."""
    project = call.store.project(call.query.get("project", ""))
    there = call.store.aside if call.query.get("softDeleted") == "true" else call.store.all
    found = there(BUCKETS, call.query.get("prefix", ""))
    items = [_answer(call, bucket) for _, bucket in found if bucket["project"] == project]
    shown, more = page(call, items)
    return {"kind": "storage#buckets", "items": shown, **more}


@storage("buckets.patch", "buckets.update", takes=(*METAGENERATION, *_ACLS))
def patch_bucket(call: Call) -> Answer:
    """Changes what is given, and takes away what is given as null; never the location."""
    bucket = bucket_of(call)
    check(call, bucket)
    for key, value in call.body.items():
        if key == "location" and (value or "").upper() != bucket["location"]:
            raise invalid("The location of a bucket cannot be changed.")
        if key in FIXED:
            continue
        if key == "iamConfiguration":
            bucket[key] = iam_configuration(value or {}, bucket[key])
        elif key == "labels" and isinstance(value, dict):
            labels = {**bucket.get(key, {}), **value}
            bucket[key] = {name: text for name, text in labels.items() if text is not None}
        elif value is None:
            bucket.pop(key, None)
        else:
            bucket[key] = value
    _set_acls(call, bucket)
    bucket.setdefault("storageClass", "STANDARD")
    complete(bucket)
    return _answer(call, change_bucket(call, bucket))


@storage("buckets.delete", takes=METAGENERATION)
def delete_bucket(call: Call) -> Answer:
    """Refused while there is an object in it."""
    bucket = bucket_of(call)
    check(call, bucket)
    if any(call.store.all(OBJECTS, f"{bucket['name']}/")):
        raise ApiError(409, "The bucket you tried to delete is not empty.", reason="conflict")
    soft = bucket.get("softDeletePolicy") or {}
    if int(soft.get("retentionDurationSeconds") or 0):
        gone = {**bucket, "softDeleteTime": now()}
        call.store.set_aside(BUCKETS, gone, _generation(bucket["name"], bucket["generation"]))
    else:
        call.store.remove(BUCKETS, bucket["name"])
    return {}


@storage("buckets.restore", takes=("generation", "projection"))
def restore_bucket(call: Call) -> Answer:
    """The bucket is back with its policy, and empty: what was in it is restored by itself."""
    name = call.parameters["bucket"]
    key = _generation(name, call.query.get("generation", ""))
    if key not in dict(call.store.aside(BUCKETS)):
        raise ApiError(404, "The specified bucket does not exist.")
    if call.store.get(BUCKETS, name):
        raise ApiError(409, "There is a live bucket of this name.", reason="conflict")
    bucket = call.store.bring_back(BUCKETS, key)
    del bucket["softDeleteTime"]
    return _answer(call, change_bucket(call, bucket))


@storage("buckets.lockRetentionPolicy", takes=METAGENERATION)
def lock_retention(call: Call) -> Answer:
    """What is retained is so for good."""
    bucket = bucket_of(call)
    check(call, bucket)
    if not bucket.get("retentionPolicy"):
        raise invalid("The bucket has no retention policy.")
    bucket["retentionPolicy"]["isLocked"] = True
    return _answer(call, change_bucket(call, bucket))


@storage("buckets.getStorageLayout", takes=("prefix",))
def get_layout(call: Call) -> Answer:
    """Where a bucket is, and whether it has folders."""
    bucket = bucket_of(call)
    layout = {"kind": "storage#storageLayout", "bucket": bucket["name"]}
    fields = ("customPlacementConfig", "hierarchicalNamespace", "location", "locationType")
    return {**layout, **{key: bucket[key] for key in fields if key in bucket}}


@storage("anywhereCaches.list")
def list_caches(call: Call) -> Answer:
    """None: the provider asks before it deletes a bucket."""
    bucket_of(call)
    return {"kind": "storage#anywhereCaches"}


@storage("managedFolders.list", takes=("pageSize", "pageToken", "prefix"))
def list_managed_folders(call: Call) -> Answer:
    """None: gcloud asks before it deletes a bucket with what is in it."""
    bucket_of(call)
    return {"kind": "storage#managedFolders", "items": []}


@storage("projects.serviceAccount.get")
def get_agent(call: Call) -> Answer:
    """The account by which Cloud Storage itself acts for a project."""
    number = call.store.number(call.store.project(call.parameters["projectId"]))
    email = f"service-{number}@gs-project-accounts.iam.gserviceaccount.com"
    return {"kind": "storage#serviceAccount", "email_address": email}


def bucket_of(call: Call) -> Json:
    """The bucket that a call is about."""
    bucket = call.store.get(BUCKETS, call.parameters["bucket"])
    if bucket is None:
        raise ApiError(404, "The specified bucket does not exist.")
    return bucket


def change_bucket(call: Call, bucket: Json) -> Json:
    """*bucket*, with a metageneration more."""
    number = str(int(bucket["metageneration"]) + 1)
    changed = {**bucket, "metageneration": number, "updated": now()}
    return call.store.put(BUCKETS, bucket["name"], changed)


def is_uniform(bucket: Json) -> bool:
    """Whether access to a bucket is by its policy alone."""
    return bool(bucket["iamConfiguration"]["uniformBucketLevelAccess"]["enabled"])


def predefined(call: Call, name: str = "predefinedAcl") -> list[Json]:
    """The entries of the predefined list that a call names."""
    return _PREDEFINED.get(call.query[name], [])


def _set_acls(call: Call, bucket: Json) -> None:
    for name, field in (
        ("predefinedAcl", "acl"),
        ("predefinedDefaultObjectAcl", "defaultObjectAcl"),
    ):
        if name in call.query:
            bucket[field] = predefined(call, name)
    if is_uniform(bucket) and (bucket.get("acl") or bucket.get("defaultObjectAcl")):
        raise invalid("Cannot use ACL API to set bucket policy when uniform access is enabled.")


def _grants(bucket: Json) -> list[Json]:
    """Who may use a new bucket."""
    people = [f"project{who}:{bucket['project']}" for who in ("Editor", "Owner")]
    viewers = [f"projectViewer:{bucket['project']}"]
    bindings = [
        {"role": "roles/storage.legacyBucketOwner", "members": people},
        {"role": "roles/storage.legacyBucketReader", "members": viewers},
    ]
    if is_uniform(bucket):
        bindings += [
            {"role": "roles/storage.legacyObjectOwner", "members": people},
            {"role": "roles/storage.legacyObjectReader", "members": viewers},
        ]
    return bindings


def _generation(name: str, number: str) -> str:
    return f"{name}#{number}"


def _answer(call: Call, bucket: Json) -> Json:
    hidden = ["project"]
    full = call.query.get("projection") == "full" or {"acl", "defaultObjectAcl"} & call.body.keys()
    if not full:
        hidden += ["acl", "defaultObjectAcl"]
    return {
        **{key: value for key, value in bucket.items() if key not in hidden},
        "selfLink": f"{call.root}/storage/v1/b/{bucket['name']}",
        "etag": base64.b64encode(bucket["metageneration"].encode()).decode(),
    }
