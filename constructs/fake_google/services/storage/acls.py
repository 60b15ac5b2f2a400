"""Access control lists of buckets and objects, where access is not uniform."""

from functools import partial

from fake_google.errors import ApiError, invalid
from fake_google.service import Call
from fake_google.services.storage.buckets import bucket_of, change_bucket, is_uniform
from fake_google.services.storage.objects import change_object, object_of
from fake_google.services.storage.service import storage
from fake_google.wire import Answer, Json

OF_OBJECTS = "objectAccessControls"

_LISTS = {
    "bucketAccessControls": ("bucketAccessControl", "acl"),
    "defaultObjectAccessControls": ("objectAccessControl", "defaultObjectAcl"),
    OF_OBJECTS: ("objectAccessControl", "acl"),
}
"""The kind of an entry, and the field that the list is in, by Google's collection."""


def _list(collection: str, call: Call) -> Answer:
    """Who may do what."""
    thing, entries = _entries(collection, call)
    items = [_answer(collection, thing, entry) for entry in entries]
    return {"kind": f"storage#{_LISTS[collection][0]}s", "items": items}


def _get(collection: str, call: Call) -> Answer:
    """What somebody may do."""
    thing, entries = _entries(collection, call)
    return _answer(collection, thing, _entry(entries, call.parameters["entity"]))


def _insert(collection: str, call: Call) -> Answer:
    """Somebody more, or another role for somebody."""
    thing, entries = _entries(collection, call)
    entry = _checked(call.body)
    others = [other for other in entries if other["entity"] != entry["entity"]]
    _keep(collection, call, thing, [*others, entry])
    return _answer(collection, thing, entry)


def _change(collection: str, call: Call) -> Answer:
    """Another role for somebody."""
    thing, entries = _entries(collection, call)
    before = _entry(entries, call.parameters["entity"])
    entry = _checked({**before, "role": call.body.get("role") or before["role"]})
    _keep(collection, call, thing, [entry if other == before else other for other in entries])
    return _answer(collection, thing, entry)


def _delete(collection: str, call: Call) -> Answer:
    """Somebody less."""
    thing, entries = _entries(collection, call)
    entry = _entry(entries, call.parameters["entity"])
    _keep(collection, call, thing, [other for other in entries if other != entry])
    return {}


_METHODS = {
    "delete": _delete,
    "get": _get,
    "insert": _insert,
    "list": _list,
    "patch": _change,
    "update": _change,
}

for _collection in _LISTS:
    for _name, _method in _METHODS.items():
        _takes = ("generation",) if _collection == OF_OBJECTS else ()
        storage(f"{_collection}.{_name}", takes=_takes)(partial(_method, _collection))


def _entries(collection: str, call: Call) -> tuple[Json, list[Json]]:
    """The bucket or object that a list is of, and the list."""
    if is_uniform(bucket_of(call)):
        raise invalid(
            "Cannot get legacy ACL when uniform bucket-level access is enabled. "
            "Read more at https://cloud.google.com/storage/docs/uniform-bucket-level-access"
        )
    thing = object_of(call) if collection == OF_OBJECTS else bucket_of(call)
    return thing, thing.get(_LISTS[collection][1], [])


def _keep(collection: str, call: Call, thing: Json, entries: list[Json]) -> None:
    change = change_object if collection == OF_OBJECTS else change_bucket
    change(call, {**thing, _LISTS[collection][1]: entries})


def _answer(collection: str, thing: Json, entry: Json) -> Json:
    place = {"bucket": thing["name"]}
    if collection == OF_OBJECTS:
        place = {"bucket": thing["bucket"], "object": thing["name"]}
    return {"kind": f"storage#{_LISTS[collection][0]}", **place, **entry}


def _entry(entries: list[Json], entity: str) -> Json:
    for entry in entries:
        if entry["entity"] == entity:
            return entry
    raise ApiError(404, f"There is no entry for {entity}.")


def _checked(body: Json) -> Json:
    for field in ("entity", "role"):
        if not body.get(field):
            raise invalid(f"Required: {field}")
    return {"entity": body["entity"], "role": body["role"]}
