"""The server: from a request on the wire to the method that answers it, and back."""

import json
import re
import socket
import threading
import time
import traceback
from collections import deque
from dataclasses import asdict, dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from fake_google import discovery
from fake_google.calls import Answer, Call, Handler, Media, Request
from fake_google.cloudquotas import cloudquotas
from fake_google.compute import GROUPS, INSTANCES, compute
from fake_google.discovery import Api, Method
from fake_google.errors import ApiError, invalid
from fake_google.faults import Fault, Faults
from fake_google.iam import iam, projects
from fake_google.pubsub import pubsub
from fake_google.secretmanager import secretmanager
from fake_google.serviceusage import DOMAIN, is_enabled, serviceusage
from fake_google.storage import storage
from fake_google.store import Store

Json = dict[str, Any]

SERVICES = (cloudquotas, compute, iam, projects, pubsub, secretmanager, serviceusage, storage)

ENDPOINTS = {
    "CLOUD_QUOTAS": "cloudquotas/v1",
    "CLOUD_RESOURCE_MANAGER": "cloudresourcemanager/v1",
    "COMPUTE": "compute/v1",
    "IAM": "iam/v1",
    "IAM_BETA": "iam/v1",
    "PUBSUB": "pubsub/v1",
    "RESOURCE_MANAGER": "cloudresourcemanager/v1",
    "RESOURCE_MANAGER_V3": "cloudresourcemanager/v3",
    "SECRET_MANAGER": "secretmanager/v1",
    "SERVICE_USAGE": "serviceusage/v1",
    "STORAGE": "storage/v1",
}
"""The paths of the APIs on this server, by what the provider's variables call them."""

ALWAYS_ON = ("cloudresourcemanager.googleapis.com", "serviceusage.googleapis.com")
"""What a project must have before anything can be switched on in it."""

LOGGED = 200_000
"""The requests that are remembered, at most."""

_MASK = "(not kept)"


@dataclass(frozen=True)
class Logged:
    """A request that was answered, without any secret's payload."""

    number: int
    method: str
    path: str
    query: dict[str, str]
    name: str
    """Google's name of the method: `compute.instanceTemplates.insert`; empty if there is none."""
    body: Json
    status: int
    """Of the answer; 0 where there was none."""
    fault: bool


class FakeGoogle:
    """
    The server, in threads of its own. Started and stopped as a context.

    With `switched_on` every API can be used at once, as in a project that is long in use;
    otherwise only those that somebody has switched on, as in a new one.
    """

    def __init__(
        self, *, store: Store | None = None, port: int = 0, switched_on: bool = False
    ) -> None:
        self.store = store or Store()
        self.faults = Faults()
        self.switched_on = switched_on
        self._apis = discovery.load()
        self._handlers: dict[str, dict[str, Handler]] = {
            service.api: service.handlers for service in SERVICES
        }
        self._log: deque[Logged] = deque(maxlen=LOGGED)
        self._number = 0
        self._server = _Server(("127.0.0.1", port), self)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> "FakeGoogle":
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def environment(self) -> dict[str, str]:
        """The variables that point OpenTofu and the provider here, instead of at Google."""
        endpoints = {
            f"GOOGLE_{name}_CUSTOM_ENDPOINT": f"{self.url}/{path}/"
            for name, path in sorted(ENDPOINTS.items())
        }
        return {**endpoints, "GOOGLE_OAUTH_ACCESS_TOKEN": "fake"}

    @property
    def requests(self) -> list[Logged]:
        """What was asked so far, in the order of the answers."""
        with self.store.lock:
            return list(self._log)

    def forget_requests(self) -> None:
        """Begin a new list of requests."""
        with self.store.lock:
            self._log.clear()

    def groups(self) -> list[str]:
        """The regional managed instance groups that there are, by path."""
        with self.store.lock:
            return [path for path, _ in self.store.all(GROUPS)]

    def vms(self) -> list[str]:
        """The VMs that run, in groups and out of them, by path."""
        with self.store.lock:
            return [path for path, _ in self.store.all(INSTANCES)]

    def resize(self, group: str, size: int) -> None:
        """Set a group's size, as the scheduler does."""
        self._ask(Request("POST", f"/compute/v1/{group}/resize", {"size": str(size)}))

    def abandon(self, group: str, vms: list[str]) -> None:
        """Detach VMs from a group, as the scheduler does with one whose job has begun."""
        body = json.dumps({"instances": vms}).encode()
        self._ask(Request("POST", f"/compute/v1/{group}/abandonInstances", {}, body))

    def _ask(self, request: Request) -> None:
        status, data = self.answer(request)
        if status >= HTTPStatus.BAD_REQUEST:
            raise ValueError(data.decode())

    def answer(self, request: Request) -> tuple[int, bytes]:
        """
        Carry one request out; the status and the body of the answer.

        Raises ConnectionAbortedError where a fault cuts the connection.
        """
        fault = self.faults.due(request.verb, request.path)
        if fault and fault.seconds:
            time.sleep(fault.seconds)
        strikes = fault is not None and fault.status != 0
        name, body = "", {}
        try:
            if fault and strikes and fault.when == "before":
                raise _StruckError(fault)
            api, method, parameters = self._route(request.verb, request.path)
            name = f"{api.name}.{method.name}"
            # An upload's contents may be JSON, too.
            if method.request and "uploadType" not in request.query:
                body = _parsed(request)
            with self.store.lock:
                answer = self._carry_out(api, method, parameters, request, body)
            if fault and strikes:
                raise _StruckError(fault)
            status, data = 200, _encoded(answer)
        except _StruckError as struck:
            status = struck.fault.status or 0
            data = _encoded(ApiError(status, "A fault that was asked for.").body())
        except ApiError as error:
            status, data = error.status, _encoded(error.body())
        except Exception as error:
            # A mistake in the fake itself: the client is told at once, the developer where.
            traceback.print_exc()
            status, data = 500, _encoded(ApiError(500, f"The fake Google failed: {error!r}").body())
        with self.store.lock:
            self._number += 1
            self._log.append(
                Logged(
                    self._number,
                    request.verb,
                    request.path,
                    request.query,
                    name,
                    {**body, "payload": _MASK} if "payload" in body else body,
                    status,
                    fault is not None,
                )
            )
        if status == 0:
            raise ConnectionAbortedError
        return status, data

    def control(self, verb: str, path: str, raw: bytes) -> tuple[int, Json]:
        """The interface for tests, below `/_control/`; the status and the answer."""
        try:
            data: Json = json.loads(raw) if raw else {}
            answer: Json = {}
            match verb, path:
                case "GET", "requests":
                    answer = {"requests": [asdict(request) for request in self.requests]}
                case "DELETE", "requests":
                    self.forget_requests()
                case "POST", "faults":
                    self.faults.add(Fault.parse(data))
                case "DELETE", "faults":
                    answer = {"forgotten": self.faults.clear()}
                case "GET", "store":
                    answer = self.store.dump()
                case "PUT", "store":
                    self.store.load(data)
                case "PATCH", "store":
                    with self.store.lock:
                        self.store.load(_merged(self.store.dump(), data))
                case "GET", "left":
                    answer = {"left": self.store.left()}
                case _:
                    return 404, {"error": f"There is no {verb} /_control/{path}."}
        except (
            AttributeError,
            KeyError,
            OverflowError,
            RecursionError,
            TypeError,
            ValueError,
        ) as error:
            return 400, {"error": f"{type(error).__name__}: {error}"}
        return 200, answer

    def _route(self, verb: str, path: str) -> tuple[Api, Method, dict[str, str]]:
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
        if method.name not in self._handlers[api.name]:
            raise ApiError(
                501, f"The fake Google does not serve {api.name}.{method.name}: {verb} {path}."
            )
        return api, method, parameters

    def _carry_out(
        self, api: Api, method: Method, parameters: dict[str, str], request: Request, body: Json
    ) -> Answer:
        self._check_switched_on(api, parameters, request.query)
        faults = list(api.parameter_faults(method, request.query))
        if faults:
            raise invalid(" ".join(faults))
        if method.request:
            faults = list(api.faults(method.request, body))
            if faults:
                raise invalid("Invalid JSON payload received. " + " ".join(faults))
            body = api.writable(method.request, body, keep_nulls=method.verb == "PATCH")
        call = Call(self.store, self.url, parameters, request, body)
        return self._handlers[api.name][method.name](call)

    def _check_switched_on(
        self, api: Api, parameters: dict[str, str], query: dict[str, str]
    ) -> None:
        if self.switched_on or f"{api.name}{DOMAIN}" in ALWAYS_ON:
            return
        # An object may be called `projects/…`, too.
        names = [value for key, value in parameters.items() if key != "object"]
        for value in [*names, f"projects/{query.get('project', '')}"]:
            found = re.match(r"projects/([a-z][^/]+)", value)
            project = found[1] if found else parameters.get("project", "")
            if project and not is_enabled(self.store, project, f"{api.name}{DOMAIN}"):
                raise ApiError(
                    403,
                    f"{api.name}{DOMAIN} has not been used in project {project} before or it is "
                    "disabled.",
                    reason="accessNotConfigured",
                )


class _StruckError(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__()
        self.fault = fault


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, address: tuple[str, int], google: FakeGoogle) -> None:
        self.google = google
        super().__init__(address, _RequestHandler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away, as a killed OpenTofu does, is nothing to tell."""


class _RequestHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def _answer(self) -> None:
        google = self.server.google
        try:
            raw = self._read()
        except ValueError:
            self.close_connection = True
            status, data = 400, _encoded(invalid("The request's length is wrong.").body())
            self._write(status, data)
            return
        if self.path.startswith("/_control/"):
            path = self.path.removeprefix("/_control/")
            status, answer = google.control(self.command, path, raw)
            data = _encoded(answer)
        else:
            parts = urlsplit(self.path)
            request = Request(
                verb=self.command,
                # Some clients repeat the version that an endpoint ends in.
                path=re.sub(r"/(v\d+)/\1/", r"/\1/", parts.path).rstrip("/"),
                query=dict(parse_qsl(parts.query, keep_blank_values=True)),
                raw=raw,
                content_type=self.headers.get("Content-Type", ""),
            )
            try:
                status, data = google.answer(request)
            except ConnectionAbortedError:
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
        self._write(status, data)

    def _read(self) -> bytes:
        """The request's body. Raises ValueError where its length makes no sense."""
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        # As Google's client in Go uploads, which does not know a length beforehand.
        chunks = []
        while size := int(self.rfile.readline().partition(b";")[0], 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        while self.rfile.readline().strip():
            """What may follow the last chunk is nothing to know."""
        return b"".join(chunks)

    def _write(self, status: int, data: bytes) -> None:
        # At once, so that an answer is one packet.
        head = (
            f"HTTP/1.1 {status} -\r\nContent-Type: application/json; charset=UTF-8\r\n"
            f"Content-Length: {len(data)}\r\n\r\n"
        )
        self.wfile.write(head.encode() + data)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer  # noqa: N815 - http.server's names


def _parsed(request: Request) -> Json:
    if not request.raw:
        return {}
    try:
        body = json.loads(request.raw)
    except (RecursionError, ValueError) as error:
        raise invalid("Invalid JSON payload received.") from error
    if not isinstance(body, dict):
        raise invalid("Invalid JSON payload received: an object was expected.")
    return body


def _encoded(answer: Answer) -> bytes:
    return answer.data if isinstance(answer, Media) else json.dumps(answer).encode()


def _merged(target: Any, patch: Any) -> Any:
    """JSON merge patch, RFC 7396."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = _merged(merged.get(key), value)
    return merged
