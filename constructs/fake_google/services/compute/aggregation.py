"""Lists: of one place, and over all zones and regions."""

from fake_google.listing import COMPUTE, page
from fake_google.places import REGIONS
from fake_google.service import Call
from fake_google.wire import Json

AGGREGATED = (*COMPUTE, "includeAllScopes")

_SCOPES = (
    "global",
    *(f"regions/{region}" for region in REGIONS),
    *(f"zones/{zone}" for zones in REGIONS.values() for zone in zones),
)


def listed(call: Call, kind: str, found: list[Json]) -> Json:
    """An answer of all that was *found* in one place."""
    items, more = page(call, found)
    return {"kind": f"compute#{kind}List", "items": items, **more}


def aggregated(call: Call, kind: str, field: str, found: list[tuple[str, Json]]) -> Json:
    """An answer of all that was *found*, by scope; a scope without any says so."""
    # A page is of things, wherever they are.
    placed = {id(item): scope for scope, item in found}
    shown, more = page(call, [item for _, item in found])
    items: Json = {
        scope: {
            "warning": {
                "code": "NO_RESULTS_ON_PAGE",
                "message": f"There are no results for scope '{scope}' on this page.",
                "data": [{"key": "scope", "value": scope}],
            }
        }
        for scope in _SCOPES
    }
    for item in shown:
        scope = items.setdefault(placed[id(item)], {})
        scope.pop("warning", None)
        scope.setdefault(field, []).append(item)
    return {"kind": f"compute#{kind}AggregatedList", "id": field, "items": items, **more}
