"""What a bucket is told, checked and filled in as Google does."""

import re

from fake_google.errors import invalid
from fake_google.limits import check_duration, check_labels
from fake_google.places import DUAL_REGIONS, MULTI_REGIONS, REGIONS, location_type
from fake_google.service import Call
from fake_google.store import now
from fake_google.wire import Json

FIXED = (
    "etag",
    "generation",
    "hardDeleteTime",
    "id",
    "kind",
    "location",
    "locationType",
    "metageneration",
    "name",
    "owner",
    "projectNumber",
    "satisfiesPZI",
    "satisfiesPZS",
    "selfLink",
    "softDeleteTime",
    "timeCreated",
    "updated",
)
"""What of a bucket only Google sets, or nobody changes; the document does not say."""

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]")

_CLASSES = (
    "ARCHIVE",
    "COLDLINE",
    "DURABLE_REDUCED_AVAILABILITY",
    "MULTI_REGIONAL",
    "NEARLINE",
    "RAPID",
    "REGIONAL",
    "STANDARD",
)

_ZONAL = "RAPID"
"""The class of buckets that are in one zone."""

_LONGEST = 100 * 366 * 86_400
"""The seconds that a bucket can retain its objects, at most."""


def check_name(name: str) -> None:
    """Refuse a name that is none."""
    if not _NAME.fullmatch(name) or "google" in name or name.startswith("goog"):
        raise invalid(f"Invalid bucket name: '{name}'")


def new_bucket(call: Call, project: str) -> Json:
    """A bucket as it is asked for, with Google's defaults."""
    body = {key: value for key, value in call.body.items() if value is not None}
    location = (body.get("location") or "US").upper()
    kind = location_type(location)
    places = body.get("customPlacementConfig", {}).get("dataLocations")
    if places is not None:
        kind = _placed(location, places, body.get("storageClass"))
    time = now()
    bucket = {
        "storageClass": "STANDARD",
        "softDeletePolicy": {"retentionDurationSeconds": "604800", "effectiveTime": time},
        **({"rpo": "DEFAULT"} if kind not in ("region", "zone") else {}),
        **{key: value for key, value in body.items() if key not in FIXED},
        "kind": "storage#bucket",
        "id": body["name"],
        "name": body["name"],
        "project": project,
        "projectNumber": call.store.number(project),
        "location": location,
        "locationType": kind,
        "timeCreated": time,
        "updated": time,
        "generation": str(call.store.serial()),
        "metageneration": "1",
        "iamConfiguration": iam_configuration(body.get("iamConfiguration", {}), {}),
    }
    if call.query.get("enableObjectRetention", "").lower() == "true":
        bucket["objectRetention"] = {"mode": "Enabled"}
    complete(bucket)
    return bucket


def complete(bucket: Json) -> None:
    """Check a bucket, new or changed, and fill in when its policies began."""
    check_labels(bucket.get("labels"))
    if bucket["storageClass"] not in _CLASSES:
        raise invalid(f"Invalid storage class: '{bucket['storageClass']}'")
    for rule in (bucket.get("lifecycle") or {}).get("rule") or []:
        _check_rule(rule)
    retained = (bucket.get("retentionPolicy") or {}).get("retentionPeriod")
    if retained is not None:
        check_duration(f"{retained}s", "retentionPolicy.retentionPeriod", 1, _LONGEST)
    soft = bucket.get("softDeletePolicy") or {}
    period = int(soft.get("retentionDurationSeconds") or 0)
    if period and not 7 * 86_400 <= period <= 90 * 86_400:
        raise invalid(
            "softDeletePolicy.retentionDurationSeconds must be 0, or from 604800 to 7776000."
        )
    for field, time in (
        ("autoclass", "toggleTime"),
        ("retentionPolicy", "effectiveTime"),
        ("softDeletePolicy", "effectiveTime"),
    ):
        if bucket.get(field):
            bucket[field] = {time: now(), **bucket[field]}


def _placed(location: str, places: list[str], storage_class: str | None) -> str:
    """What kind of place data has that are to be in *places*. Raises ApiError for none."""
    if storage_class == _ZONAL:
        zones = {place.lower() for place in places}
        if len(zones) != 1 or not zones <= set(REGIONS.get(location.lower(), ())):
            raise invalid(f"A bucket of class {_ZONAL} is in one zone of its region.")
        return "zone"
    regions = {place.upper() for place in places}
    if location not in MULTI_REGIONS or len(regions) != 2 or regions & DUAL_REGIONS:  # noqa: PLR2004
        raise invalid("A configurable dual-region is two regions in US, EU or ASIA.")
    for region in regions:
        location_type(region)
    return "dual-region"


def _check_rule(rule: Json) -> None:
    action = rule.get("action") or {}
    kind, target = action.get("type"), action.get("storageClass")
    if kind not in ("AbortIncompleteMultipartUpload", "Delete", "SetStorageClass"):
        raise invalid(f"Invalid lifecycle action: '{kind}'")
    if kind == "SetStorageClass" and target not in _CLASSES:
        raise invalid(f"Invalid storage class: '{target}'")
    if not rule.get("condition"):
        raise invalid("A lifecycle rule needs at least one condition.")


def iam_configuration(wanted: Json, before: Json) -> Json:
    """How access to a bucket is controlled; Google tells the same under an older name, too."""
    old = before.get("uniformBucketLevelAccess", {})
    new = wanted.get("uniformBucketLevelAccess") or wanted.get("bucketPolicyOnly") or {}
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
