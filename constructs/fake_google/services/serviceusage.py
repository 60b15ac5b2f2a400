"""Which APIs are switched on in a project."""

from fake_google.endpoints import DOMAIN
from fake_google.errors import ApiError, invalid
from fake_google.service import Call, Service
from fake_google.store import Store
from fake_google.wire import Answer, Json

SWITCHES = "serviceusage.services"

serviceusage = Service(
    "serviceusage",
    lasting=(SWITCHES,),
    limits=("An API is on at once, everywhere; with Google that spreads within minutes.",),
    always_on=True,
)


def enable(store: Store, project: str, api: str) -> None:
    """Switch *api* on, such as `pubsub.googleapis.com`."""
    store.put(SWITCHES, f"projects/{project}/services/{api}", {"state": "ENABLED"})


def is_enabled(store: Store, project: str, api: str) -> bool:
    """Whether *api* is switched on."""
    service = store.get(SWITCHES, f"projects/{project}/services/{api}")
    return service is not None and service["state"] == "ENABLED"


@serviceusage("services.batchEnable")
def batch_enable(call: Call) -> Answer:
    """Several at once, done at once."""
    project = call.parameters["parent"].removeprefix("projects/")
    ids = call.body.get("serviceIds", [])
    if not 1 <= len(ids) <= 20:  # noqa: PLR2004 - Google's limit
        raise invalid("Between 1 and 20 services can be enabled at once.")
    for api in ids:
        if not api.endswith(DOMAIN):
            raise ApiError(404, f"Service {api} not found.")
        enable(call.store, project, api)
    return _done({"services": [_answer(call.store, project, api, "ENABLED") for api in ids]})


@serviceusage("services.enable")
def enable_one(call: Call) -> Answer:
    """One, done at once."""
    project, api = _place(call)
    enable(call.store, project, api)
    return _done({"service": _answer(call.store, project, api, "ENABLED")})


@serviceusage("services.disable")
def disable(call: Call) -> Answer:
    """One, done at once."""
    project, api = _place(call)
    call.store.put(SWITCHES, call.parameters["name"], {"state": "DISABLED"})
    return _done({"service": _answer(call.store, project, api, "DISABLED")})


@serviceusage("services.get")
def get(call: Call) -> Answer:
    """Whether it is switched on."""
    project, api = _place(call)
    state = "ENABLED" if is_enabled(call.store, project, api) else "DISABLED"
    return _answer(call.store, project, api, state)


@serviceusage("services.list")
def list_services(call: Call) -> Answer:
    """Those that are switched on; without a filter there would be thousands more."""
    project = call.parameters["parent"].removeprefix("projects/")
    found = call.store.all(SWITCHES, f"projects/{project}/services/")
    return {
        "services": [
            _answer(call.store, project, name.rpartition("/")[2], "ENABLED")
            for name, service in found
            if service["state"] == "ENABLED"
        ]
    }


@serviceusage("operations.get")
def get_operation(call: Call) -> Answer:
    """Every operation is done."""
    return {"name": call.parameters["name"], "done": True, "response": {}}


def _place(call: Call) -> tuple[str, str]:
    _, project, _, api = call.parameters["name"].split("/")
    return project, api


def _done(response: Json) -> Json:
    return {"name": "operations/noop.DONE_OPERATION", "done": True, "response": response}


def _answer(store: Store, project: str, api: str, state: str) -> Json:
    return {
        "name": f"projects/{store.number(project)}/services/{api}",
        "parent": f"projects/{store.number(project)}",
        "config": {"name": api, "title": api},
        "state": state,
    }
