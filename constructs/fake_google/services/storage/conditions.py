"""Conditions under which a request is carried out: generations, holds and retention."""

import datetime

from fake_google.errors import ApiError
from fake_google.service import Call
from fake_google.store import now
from fake_google.wire import Json

GENERATION = ("generation", "ifGenerationMatch", "ifGenerationNotMatch")
METAGENERATION = ("ifMetagenerationMatch", "ifMetagenerationNotMatch")


def check(call: Call, thing: Json | None) -> None:
    """Raise ApiError unless *thing*, or nothing, is what the request was made for."""
    for field in ("generation", "metageneration"):
        actual = str(thing.get(field, "0")) if thing else "0"
        name = f"if{field.capitalize()}"
        wanted, unwanted = call.query.get(f"{name}Match"), call.query.get(f"{name}NotMatch")
        if wanted is not None and wanted != actual:
            raise ApiError(412, "At least one of the pre-conditions you specified did not hold.")
        if unwanted is not None and unwanted == actual:
            raise ApiError(304 if call.request.verb in ("GET", "HEAD") else 412, "Not Modified")


def check_kept(thing: Json, bucket: Json) -> None:
    """Raise ApiError where *thing* must neither be deleted nor be written anew."""
    for field, name in (("eventBasedHold", "Event-Based"), ("temporaryHold", "Temporary")):
        if thing.get(field):
            raise _kept(thing, f"under active {name} hold")
    until = thing.get("retention", {}).get("retainUntilTime", "")
    if max(until, retention_end(thing, bucket)) > now():
        raise _kept(thing, "subject to bucket's retention policy or object retention")


def retention_end(thing: Json, bucket: Json) -> str:
    """Until when the bucket's policy keeps *thing*; empty where there is none."""
    period = int((bucket.get("retentionPolicy") or {}).get("retentionPeriod") or 0)
    if not period:
        return ""
    made = datetime.datetime.fromisoformat(thing["timeCreated"].replace("Z", "+00:00"))
    end = made + datetime.timedelta(seconds=period)
    return end.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _kept(thing: Json, why: str) -> ApiError:
    path = f"{thing['bucket']}/{thing['name']}"
    return ApiError(
        403,
        f"Object '{path}' is {why} and cannot be deleted, overwritten or archived.",
        reason="retentionPolicyNotMet",
    )
