"""What is asked of Google as quota. It is granted at once, and no quota comes of it."""

from fake_google.errors import ApiError, invalid
from fake_google.listing import PAGED, page
from fake_google.service import Call, Service
from fake_google.store import now
from fake_google.wire import Answer, Json

PREFERENCES = "cloudquotas.quotaPreferences"

cloudquotas = Service(
    "cloudquotas",
    lasting=(PREFERENCES,),
    limits=(
        "Quota that is asked for is granted at once, all of it, and never runs out.",
        "A quota preference cannot be deleted; with Google neither.",
    ),
)

_FIXED = ("dimensions", "quotaId", "service")
"""What a preference is for, of which there is one only, and which cannot be changed."""

_CHANGEABLE = ("contactEmail", "justification", "quotaConfig")

_HIDDEN = ("contactEmail", "justification", "serial")
"""What is taken in, and not told again."""


@cloudquotas("projects.locations.quotaPreferences.create", takes=("quotaPreferenceId",))
def create(call: Call) -> Answer:
    """A preference, under a name and for a quota that have none yet. It is there for good."""
    id_ = call.query.get("quotaPreferenceId") or f"preference-{call.store.serial()}"
    if "/" in id_:
        raise invalid(f"Invalid quota preference id: {id_}")
    name = f"{call.parameters['parent']}/quotaPreferences/{id_}"
    return _created(call, call.store.canonical(name))


@cloudquotas("projects.locations.quotaPreferences.get")
def get(call: Call) -> Answer:
    """A preference, and what was granted."""
    return _answer(call, _preference(call))


@cloudquotas("projects.locations.quotaPreferences.list", takes=("filter", "orderBy", *PAGED))
def list_preferences(call: Call) -> Answer:
    """The preferences of a project."""
    below = call.store.canonical(f"{call.parameters['parent']}/quotaPreferences/")
    found = call.store.all(PREFERENCES, below)
    shown, more = page(call, [_answer(call, preference) for _, preference in found])
    return {"quotaPreferences": shown, **more}


@cloudquotas(
    "projects.locations.quotaPreferences.patch",
    takes=("allowMissing", "updateMask", "validateOnly"),
)
def patch(call: Call) -> Answer:
    """Another value for what the mask names, or for all; never for what it is a preference for."""
    name = call.store.canonical(call.parameters["name"])
    if call.query.get("allowMissing", "").lower() == "true" and not call.store.get(
        PREFERENCES, name
    ):
        return _created(call, name)
    preference = _preference(call)
    if call.body.get("etag") not in (None, "", _etag(preference)):
        raise ApiError(409, "The etag is not that of the quota preference.", word="ABORTED")
    for field in {field for _, field in call.mask} or call.body.keys() - {"etag", "name"}:
        if field in _CHANGEABLE:
            preference[field] = call.body.get(field)
        elif field not in _FIXED or call.body.get(field) != preference.get(field):
            raise invalid(f"The field {field} of a quota preference cannot be changed.")
    return _kept(call, preference)


def _created(call: Call, name: str) -> Answer:
    _, project, _, location, *_ = name.split("/")
    if location != "global":
        raise invalid(f"Invalid location: {location}; it must be global.")
    for field in ("service", "quotaId"):
        if not call.body.get(field):
            raise invalid(f"A quota preference needs a {field}.")
    if call.store.get(PREFERENCES, name):
        raise ApiError(409, f"Resource '{call.store.numbered(name)}' already exists")
    for other, preference in call.store.all(PREFERENCES, f"projects/{project}/"):
        if all((preference.get(key) or {}) == (call.body.get(key) or {}) for key in _FIXED):
            raise ApiError(409, f"The quota has a preference already: {other}")
    return _kept(call, {**call.body, "name": name, "createTime": now()})


def _kept(call: Call, preference: Json) -> Answer:
    value = (preference.get("quotaConfig") or {}).get("preferredValue")
    if value is None or int(value) < -1:
        raise invalid("The preferred value must be a number, and not less than -1.")
    preference["quotaConfig"] = {
        **preference["quotaConfig"],
        "preferredValue": str(value),
        "grantedValue": str(value),
    }
    changed = {**preference, "serial": call.store.serial(), "updateTime": now()}
    if call.query.get("validateOnly", "").lower() != "true":
        call.store.put(PREFERENCES, preference["name"], changed)
    return _answer(call, changed)


def _preference(call: Call) -> Json:
    name = call.store.canonical(call.parameters["name"])
    preference = call.store.get(PREFERENCES, name)
    if preference is None:
        raise ApiError(404, f"Resource '{call.store.numbered(name)}' was not found")
    return preference


def _answer(call: Call, preference: Json) -> Json:
    return {
        **{key: value for key, value in preference.items() if key not in _HIDDEN},
        "name": call.store.numbered(preference["name"]),
        "etag": _etag(preference),
        "reconciling": False,
    }


def _etag(preference: Json) -> str:
    return f'"{preference["serial"]:x}"'
