"""The way from a request to the method that answers it, checked as Google would check it."""

import re

from fake_google import discovery
from fake_google.discovery import Api, Method
from fake_google.errors import ApiError, invalid
from fake_google.service import Call
from fake_google.services import SERVICES
from fake_google.services.serviceusage import is_enabled
from fake_google.store import Store
from fake_google.wire import Answer, Json, Request


class Routes:
    """Every method that is served, and the names of those that are not."""

    def __init__(self, store: Store, root: str, *, switched_on: bool) -> None:
        self.switched_on = switched_on
        self._store = store
        self._root = root
        self._apis = discovery.load()

    def find(self, verb: str, path: str) -> tuple[Api, Method, dict[str, str]]:
        """The method that serves a request, with the path's parameters, or ApiError."""
        first, _, rest = path.lstrip("/").partition("/")
        if first == "upload":
            first, _, rest = rest.partition("/")
        api = self._apis.get(first)
        if api is not None:
            found = api.match(verb, rest)
        else:
            # As the clients of Cloud Storage read an object: /bucket/object.
            api = self._apis["storage"]
            name = rest.replace("/", "%2F")
            found = api.match(verb, f"v1/b/{first}/o/{name}") if verb == "GET" and name else None
        if found is None:
            raise ApiError(501, f"The fake Google does not know {verb} {path}.")
        method, parameters = found
        if method.name not in SERVICES[api.name].handlers:
            raise ApiError(
                501, f"The fake Google does not serve {api.name}.{method.name}: {verb} {path}."
            )
        return api, method, parameters

    def carry_out(
        self, api: Api, method: Method, parameters: dict[str, str], request: Request, body: Json
    ) -> Answer:
        """Answer a request to a method that is served, or raise ApiError. Holds no lock."""
        if not (self.switched_on or SERVICES[api.name].always_on):
            self._check_switched_on(api, parameters, request.query)
        faults = list(api.parameter_faults(method, request.query))
        if faults:
            raise invalid(" ".join(faults))
        if method.request:
            faults = list(api.faults(method.request, body))
            if faults:
                raise invalid("Invalid JSON payload received. " + " ".join(faults))
            body = api.writable(method.request, body, keep_nulls=method.verb == "PATCH")
        call = Call(self._store, self._root, parameters, request, body)
        return SERVICES[api.name].handlers[method.name](call)

    def _check_switched_on(
        self, api: Api, parameters: dict[str, str], query: dict[str, str]
    ) -> None:
        # An object may be called `projects/…`, too.
        names = [value for key, value in parameters.items() if key != "object"]
        host = SERVICES[api.name].host
        for value in [*names, f"projects/{query.get('project', '')}"]:
            found = re.match(r"projects/([a-z][^/]+)", value)
            project = found[1] if found else parameters.get("project", "")
            if project and not is_enabled(self._store, project, host):
                raise ApiError(
                    403,
                    f"{host} has not been used in project {project} before or it is disabled.",
                    reason="accessNotConfigured",
                )
