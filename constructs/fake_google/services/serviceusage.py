"""Which APIs are switched on in a project."""

from fake_google.endpoints import DOMAIN
from fake_google.errors import ApiError, invalid
from fake_google.listing import PAGED, page
from fake_google.service import Call, Service
from fake_google.store import Store
from fake_google.wire import Answer, Json

SWITCHES = "serviceusage.services"

DONE = "operations/noop.DONE_OPERATION"
"""The name of every operation, as Google names those that had nothing to do."""

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
    return _done(
        "BatchEnableServices",
        {"services": [_answer(call.store, project, api, "ENABLED") for api in ids]},
    )


@serviceusage("services.enable")
def enable_one(call: Call) -> Answer:
    """One, done at once."""
    project, api = _place(call)
    enable(call.store, project, api)
    return _done("EnableService", {"service": _answer(call.store, project, api, "ENABLED")})


@serviceusage("services.disable")
def disable(call: Call) -> Answer:
    """One, done at once."""
    project, api = _place(call)
    call.store.put(SWITCHES, call.parameters["name"], {"state": "DISABLED"})
    return _done("DisableService", {"service": _answer(call.store, project, api, "DISABLED")})


@serviceusage("services.get")
def get(call: Call) -> Answer:
    """Whether it is switched on."""
    project, api = _place(call)
    state = "ENABLED" if is_enabled(call.store, project, api) else "DISABLED"
    return _answer(call.store, project, api, state)


@serviceusage("services.list", takes=("filter", *PAGED))
def list_services(call: Call) -> Answer:
    """APIs that were ever switched on; with Google, without a filter, there are thousands more."""
    project = call.parameters["parent"].removeprefix("projects/")
    found = call.store.all(SWITCHES, f"projects/{project}/services/")
    services, more = page(
        call,
        [
            _answer(call.store, project, name.rpartition("/")[2], service["state"])
            for name, service in found
        ],
    )
    return {"services": services, **more}


@serviceusage("operations.get")
def get_operation(call: Call) -> Answer:
    """Every operation is done."""
    if call.parameters["name"] != DONE:
        raise ApiError(404, f"Operation not found: {call.parameters['name']}")
    return {"name": DONE, "done": True, "response": {}}


def _place(call: Call) -> tuple[str, str]:
    _, project, _, api = call.parameters["name"].split("/")
    return project, api


def _done(method: str, response: Json) -> Json:
    kind = f"type.googleapis.com/google.api.serviceusage.v1.{method}Response"
    return {"name": DONE, "done": True, "response": {"@type": kind, **response}}


def _answer(store: Store, project: str, api: str, state: str) -> Json:
    return {
        "name": f"projects/{store.number(project)}/services/{api}",
        "parent": f"projects/{store.number(project)}",
        "config": {"name": api, "title": api},
        "state": state,
    }
