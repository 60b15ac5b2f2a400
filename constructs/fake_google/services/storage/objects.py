"""Objects: their contents, and what is known of them."""

from fake_google.errors import ApiError, invalid
from fake_google.listing import filtered
from fake_google.service import Call
from fake_google.services.storage.buckets import bucket_of, predefined
from fake_google.services.storage.conditions import (
    GENERATION,
    METAGENERATION,
    check,
    check_kept,
    retention_end,
)
from fake_google.services.storage.contents import contents, described, media
from fake_google.services.storage.service import OBJECTS, storage
from fake_google.services.storage.uploads import upload
from fake_google.store import now
from fake_google.wire import Answer, Json, Media

WRITABLE = (
    "acl",
    "cacheControl",
    "contentDisposition",
    "contentEncoding",
    "contentLanguage",
    "contentType",
    "contexts",
    "customTime",
    "eventBasedHold",
    "metadata",
    "retention",
    "storageClass",
    "temporaryHold",
)
"""What of an object whoever writes it says; the document does not tell it from the rest."""

_MOST = 1000


@storage(
    "objects.insert",
    takes=(
        *GENERATION,
        *METAGENERATION,
        "contentEncoding",
        "kmsKeyName",
        "name",
        "predefinedAcl",
        "projection",
    ),
)
def insert_object(call: Call) -> Answer:
    """An object, in the place of the one of its name."""
    bucket = bucket_of(call)
    uploaded = upload(call)
    if isinstance(uploaded, Media):
        return uploaded
    description = uploaded.description
    name = call.query.get("name") or description.get("name")
    if not isinstance(name, str) or not name or len(name.encode()) > 1024:  # noqa: PLR2004
        raise invalid("Required: name")
    before = call.store.get(OBJECTS, f"{bucket['name']}/{name}")
    check(call, before)
    if before:
        check_kept(before, bucket)
    faults = list(call.api.faults("Object", description))
    if faults:
        raise invalid("Invalid JSON payload received. " + " ".join(faults))
    thing = _new(call, bucket, name, description)
    thing = {**thing, **contents(uploaded.data, description)}
    call.store.put(OBJECTS, f"{bucket['name']}/{name}", thing)
    return _answer(call, thing)


@storage("objects.get", takes=(*GENERATION, *METAGENERATION, "projection"))
def get_object(call: Call) -> Answer:
    """An object's description or, with `alt=media`, its contents."""
    thing = object_of(call)
    check(call, thing)
    # At the root of the server, /bucket/object, there are only contents.
    if call.query.get("alt") == "media" or not call.request.path.startswith("/storage/"):
        return media(call, thing)
    return _answer(call, thing)


@storage(
    "objects.list",
    takes=(
        "delimiter",
        "endOffset",
        "filter",
        "includeFoldersAsPrefixes",  # of which there are none
        "includeTrailingDelimiter",
        "maxResults",
        "pageToken",
        "prefix",
        "projection",
        "startOffset",
        "versions",
    ),
)
def list_objects(call: Call) -> Answer:
    """The objects of a bucket, by prefix and delimiter."""
    bucket = bucket_of(call)
    prefix, delimiter = call.query.get("prefix", ""), call.query.get("delimiter", "")
    trailing = call.query.get("includeTrailingDelimiter", "").lower() == "true"
    size = int(call.query.get("maxResults") or _MOST)
    items: list[Json] = []
    prefixes: set[str] = set()
    answer: Json = {"kind": "storage#objects", "items": items}
    stored = call.store.all(OBJECTS, f"{bucket['name']}/{prefix}")
    for thing in filtered(call, (thing for _, thing in stored)):
        name = thing["name"]
        if not _within(call, name):
            continue
        if len(items) + len(prefixes) >= size:
            answer["nextPageToken"] = name
            break
        head, found, tail = name.removeprefix(prefix).partition(delimiter or "\0")
        if found and delimiter:
            prefixes.add(prefix + head + delimiter)
        if not found or (trailing and not tail):
            items.append(_answer(call, thing))
    return {**answer, **({"prefixes": sorted(prefixes)} if prefixes else {})}


@storage(
    "objects.patch",
    "objects.update",
    takes=(
        *GENERATION,
        *METAGENERATION,
        "overrideUnlockedRetention",
        "predefinedAcl",
        "projection",
    ),
)
def patch_object(call: Call) -> Answer:
    """Other metadata; what is given as null goes."""
    thing = object_of(call)
    check(call, thing)
    retained = thing.get("retention", {}).get("retainUntilTime", "")
    until = (call.body.get("retention") or {}).get("retainUntilTime") or ""
    override = call.query.get("overrideUnlockedRetention", "").lower() == "true"
    if "retention" in call.body and until < retained and not override:
        raise ApiError(403, f"Object '{thing['id']}' is under retention, which only grows.")
    changed = {key: value for key, value in call.body.items() if key in WRITABLE}
    if isinstance(changed.get("metadata"), dict):
        changed["metadata"] = {**thing.get("metadata", {}), **changed["metadata"]}
        changed["metadata"] = {k: v for k, v in changed["metadata"].items() if v is not None}
    if "predefinedAcl" in call.query:
        changed["acl"] = predefined(call)
    return _answer(call, change_object(call, {**thing, **changed}))


@storage("objects.delete", takes=(*GENERATION, *METAGENERATION))
def delete_object(call: Call) -> Answer:
    """The object goes at once."""
    thing = object_of(call)
    check(call, thing)
    check_kept(thing, bucket_of(call))
    call.store.remove(OBJECTS, f"{thing['bucket']}/{thing['name']}")
    return {}


def object_of(call: Call) -> Json:
    """The object that a call is about."""
    path = f"{bucket_of(call)['name']}/{call.parameters['object']}"
    thing = call.store.get(OBJECTS, path)
    if thing is None or call.query.get("generation", thing["generation"]) != thing["generation"]:
        raise ApiError(404, f"No such object: {path}")
    return thing


def change_object(call: Call, thing: Json) -> Json:
    """*thing*, with a metageneration more."""
    kept = {key: value for key, value in thing.items() if value is not None}
    number = str(int(thing["metageneration"]) + 1)
    return call.store.put(
        OBJECTS, thing["id"], {**kept, "metageneration": number, "updated": now()}
    )


def _new(call: Call, bucket: Json, name: str, description: Json) -> Json:
    time = now()
    given = {key: description[key] for key in WRITABLE if description.get(key) is not None}
    given["contentType"] = given.get("contentType") or "application/octet-stream"
    if "contentEncoding" in call.query:
        given["contentEncoding"] = call.query["contentEncoding"]
    if "predefinedAcl" in call.query:
        given["acl"] = predefined(call)
    if bucket.get("defaultObjectAcl") and "acl" not in given:
        given["acl"] = bucket["defaultObjectAcl"]
    if "retention" in given and "objectRetention" not in bucket:
        raise invalid("Object retention is not enabled for the bucket.")
    key = call.query.get("kmsKeyName") or description.get("kmsKeyName")
    return {
        "storageClass": bucket["storageClass"],
        **({"eventBasedHold": True} if bucket.get("defaultEventBasedHold") else {}),
        **({"kmsKeyName": key} if key else {}),
        **given,
        "kind": "storage#object",
        "id": f"{bucket['name']}/{name}",
        "name": name,
        "bucket": bucket["name"],
        "generation": str(call.store.serial()),
        "metageneration": "1",
        "timeCreated": time,
        "timeFinalized": time,
        "timeStorageClassUpdated": time,
        "updated": time,
    }


def _answer(call: Call, thing: Json) -> Json:
    full = call.query.get("projection") == "full" or "acl" in call.body
    end = retention_end(thing, bucket_of(call))
    return {
        **described(call.root, thing, full=full),
        **({"retentionExpirationTime": end} if end else {}),
    }


def _within(call: Call, name: str) -> bool:
    begin = max(call.query.get("startOffset", ""), call.query.get("pageToken", ""))
    end = call.query.get("endOffset")
    return name >= begin and not (end is not None and name >= end)
