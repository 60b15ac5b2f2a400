"""The way from a request to the method that answers it, checked as Google would check it."""

import re

from fake_google import discovery
from fake_google.discovery import Api, Method
from fake_google.endpoints import APIS, DOMAIN, api_of, is_google, method_of
from fake_google.errors import ApiError, invalid
from fake_google.limits import is_project
from fake_google.options import Options
from fake_google.service import WITHOUT_EFFECT, Call
from fake_google.services import SERVICES
from fake_google.services.iam import access
from fake_google.services.serviceusage import is_enabled
from fake_google.services.storage.service import BUCKETS
from fake_google.store import Store
from fake_google.wire import Answer, Json, Request

_NO_PROJECTS = ("entity", "object")
"""What may be called `projects/…`, and is none."""


class Routes:
    """Every method that is served, and the names of those that are not."""

    def __init__(self, store: Store, root: str, options: Options) -> None:
        self._options = options
        self._store = store
        self._root = root
        self._apis = discovery.load()

    def find(self, request: Request) -> tuple[Api, Method, dict[str, str]]:
        """The method that serves a request, with the path's parameters, or ApiError."""
        verb = "GET" if request.verb == "HEAD" else request.verb
        path = request.path.lstrip("/")
        if path.startswith("resumable/upload/"):  # as gcloud has it
            path = path.removeprefix("resumable/")
        first, _, rest = path.partition("/")
        if first in ("upload", "download"):
            first, _, rest = rest.partition("/")
        if "upload_id" in request.query and verb == "PUT":
            verb = "POST"  # a piece of an upload
        api = self._apis.get(first)
        if api is None and verb == "GET" and rest and self._may_be_bucket(first):
            # As the clients of Cloud Storage read an object: /bucket/object.
            api, rest = self._apis["storage"], f"v1/b/{first}/o/{rest.replace('/', '%2F')}"
        found = api.match(verb, rest) if api else None
        if api is None or found is None or found[0].name not in SERVICES[api.name].handlers:
            raise _not_served(request, first, rest, found[0] if found else None)
        return api, *found

    def _may_be_bucket(self, name: str) -> bool:
        return name not in APIS or self._store.get(BUCKETS, name) is not None

    def carry_out(
        self, api: Api, method: Method, parameters: dict[str, str], request: Request, body: Json
    ) -> Answer:
        """Answer a request to a method that is served, or raise ApiError. Holds no lock."""
        if not (self._options.switched_on or SERVICES[api.name].always_on):
            self._check_switched_on(api, parameters, request.query)
        faults = list(api.parameter_faults(method, request.query))
        if faults:
            raise invalid(" ".join(faults))
        heeded = SERVICES[api.name].takes[method.name] | WITHOUT_EFFECT
        # A parameter that asks for nothing is one that some clients always send.
        asked = {
            name for name, value in request.query.items() if value.lower() not in ("", "false")
        }
        for name in asked & method.parameters.keys() - heeded:
            raise ApiError(
                501, f"The fake Google does not heed `{name}` in {api.name}.{method.name}."
            )
        if method.request:
            faults = list(api.faults(method.request, body))
            if faults:
                raise invalid("Invalid JSON payload received. " + " ".join(faults))
            body = api.writable(method.request, body, keep_nulls=method.verb == "PATCH")
        _check_project(parameters)
        call = Call(self._store, self._root, parameters, request, body, api, self._options)
        if self._options.enforce_iam:
            access.check(call, f"{api.name}.{method.name}")
        if "requestId" not in request.query:
            return SERVICES[api.name].handlers[method.name](call)
        # Whoever repeats a request, because its answer was lost, gets that answer.
        repeated = f"{api.name}.{method.name} {request.query['requestId']}"
        before = self._store.recall(repeated)
        if before is not None:
            return before
        answer = SERVICES[api.name].handlers[method.name](call)
        if isinstance(answer, dict):
            self._store.remember(repeated, answer)
        return answer

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


def _check_project(parameters: dict[str, str]) -> None:
    for key, value in parameters.items():
        found = re.match(r"projects/([^/]+)", value) if key not in _NO_PROJECTS else None
        project = found[1] if found else value
        named = found or key in ("project", "projectId")
        if named and project not in ("-", "_") and not is_project(project):
            raise invalid(f"Invalid value for field 'project': '{project}'. It is no project.")


def _not_served(request: Request, api: str, rest: str, method: Method | None) -> ApiError:
    """The name of the API and of its method, or of the host that nothing is known of."""
    if request.host and api not in SERVICES:
        api = api_of(request.host)
    of_google = is_google(request.host) if request.host else api in APIS or api in SERVICES
    # Of what is served all of Google's methods are known, of one version.
    unknown = api in SERVICES and rest.startswith("v1/") and method is None
    if not of_google or unknown:
        where = f"http://{request.host}" if request.host else ""
        return ApiError(501, f"The fake Google does not know {request.verb} {where}{request.path}.")
    name = f"{api}.{method.name}" if method else method_of(api, request.verb, rest)
    return ApiError(
        501,
        f"The fake Google does not serve {name} of {api}{DOMAIN}: {request.verb} {request.path}.",
    )
