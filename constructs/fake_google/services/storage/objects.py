"""Objects, as far as states and full buckets need them."""

import base64
import hashlib

from fake_google.errors import ApiError, invalid
from fake_google.service import Call
from fake_google.services.storage.buckets import bucket_of
from fake_google.services.storage.service import OBJECTS, storage
from fake_google.services.storage.uploads import upload
from fake_google.store import now
from fake_google.wire import Answer, Json, Media


@storage("objects.insert")
def insert_object(call: Call) -> Answer:
    """An object, uploaded in one piece."""
    bucket = bucket_of(call)
    metadata, data, content_type = upload(call)
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
    bucket = bucket_of(call)
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


def _object(call: Call) -> Json:
    path = f"{bucket_of(call)['name']}/{call.parameters['object']}"
    thing = call.store.get(OBJECTS, path)
    if thing is None:
        raise ApiError(404, f"No such object: {path}")
    return thing


def _object_answer(thing: Json) -> Json:
    return {key: value for key, value in thing.items() if key != "data"}


def _check_generation(call: Call, thing: Json | None) -> None:
    wanted = call.query.get("ifGenerationMatch")
    if wanted is not None and wanted != (thing["generation"] if thing else "0"):
        raise ApiError(412, "At least one of the pre-conditions you specified did not hold.")
