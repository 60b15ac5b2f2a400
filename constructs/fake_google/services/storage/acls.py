"""Access control lists of buckets and objects, where access is not uniform."""

from fake_google.errors import ApiError, invalid
from fake_google.service import Call
from fake_google.services.storage.buckets import bucket_of, change_bucket, is_uniform
from fake_google.services.storage.objects import change_object, object_of
from fake_google.services.storage.service import storage
from fake_google.wire import Answer, Json

_LISTS = {
    "bucketAccessControls": ("bucketAccessControl", "acl"),
    "defaultObjectAccessControls": ("objectAccessControl", "defaultObjectAcl"),
    "objectAccessControls": ("objectAccessControl", "acl"),
}
"""The kind of an entry, and the field that the list is in, by Google's collection."""


def _serve(collection: str) -> None:
    kind, field = _LISTS[collection]
    of_object = collection == "objectAccessControls"

    def entries(call: Call) -> tuple[Json, list[Json]]:
        if is_uniform(bucket_of(call)):
            raise invalid(
                "Cannot get legacy ACL when uniform bucket-level access is enabled. "
                "Read more at https://cloud.google.com/storage/docs/uniform-bucket-level-access"
            )
        thing = object_of(call) if of_object else bucket_of(call)
        return thing, thing.get(field, [])

    def keep(call: Call, thing: Json, changed: list[Json]) -> None:
        (change_object if of_object else change_bucket)(call, {**thing, field: changed})

    def answer(thing: Json, entry: Json) -> Json:
        names = {"bucket": thing["bucket"], "object": thing["name"]} if of_object else {}
        return {"kind": f"storage#{kind}", "bucket": thing["name"], **names, **entry}

    @storage(f"{collection}.list", takes=("generation",) if of_object else ())
    def list_entries(call: Call) -> Answer:
        """Who may do what."""
        thing, found = entries(call)
        return {"kind": f"storage#{kind}s", "items": [answer(thing, entry) for entry in found]}

    @storage(f"{collection}.get", takes=("generation",) if of_object else ())
    def get_entry(call: Call) -> Answer:
        """What somebody may do."""
        thing, found = entries(call)
        return answer(thing, _entry(found, call.parameters["entity"]))

    @storage(f"{collection}.insert", takes=("generation",) if of_object else ())
    def insert_entry(call: Call) -> Answer:
        """Somebody more, or another role for somebody."""
        thing, found = entries(call)
        entry = _checked(call.body)
        others = [other for other in found if other["entity"] != entry["entity"]]
        keep(call, thing, [*others, entry])
        return answer(thing, entry)

    @storage(
        f"{collection}.patch",
        f"{collection}.update",
        takes=("generation",) if of_object else (),
    )
    def change_entry(call: Call) -> Answer:
        """Another role for somebody."""
        thing, found = entries(call)
        before = _entry(found, call.parameters["entity"])
        entry = _checked({**before, "role": call.body.get("role") or before["role"]})
        keep(call, thing, [entry if other == before else other for other in found])
        return answer(thing, entry)

    @storage(f"{collection}.delete", takes=("generation",) if of_object else ())
    def delete_entry(call: Call) -> Answer:
        """Somebody less."""
        thing, found = entries(call)
        entry = _entry(found, call.parameters["entity"])
        keep(call, thing, [other for other in found if other != entry])
        return {}


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


for _collection in _LISTS:
    _serve(_collection)
