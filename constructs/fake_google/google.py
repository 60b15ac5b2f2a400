"""The fake Google as a whole: a server, what it holds, and what was asked of it."""

import json
import threading
import time
import traceback
from collections import deque
from dataclasses import dataclass
from http import HTTPStatus

from fake_google import batch, partial
from fake_google.control import control
from fake_google.endpoints import ENDPOINTS
from fake_google.errors import ApiError, invalid
from fake_google.faults import Fault, Faults
from fake_google.options import Options
from fake_google.places import REGIONS, ZONES
from fake_google.routes import Routes
from fake_google.server import Server
from fake_google.services import LASTING
from fake_google.services.compute.service import GROUPS, INSTANCES
from fake_google.services.iam.accounts import new_account
from fake_google.services.iam.service import ACCOUNTS
from fake_google.services.pubsub.service import MESSAGES, SUBSCRIPTIONS
from fake_google.services.pubsub.subscriptions import new_subscription
from fake_google.store import Store
from fake_google.wire import Json, Reply, Request, reply

FETCHED_FROM = (
    "registry.opentofu.org",
    "registry.terraform.io",
    "releases.hashicorp.com",
    "github.com",
    ".githubusercontent.com",
)
"""The hosts that `tofu init` fetches providers and modules from."""

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
    """Status of the answer; 0 where there was none."""
    fault: bool
    host: str = ""
    """Google's host, where the client came by way of a proxy."""


@dataclass
class _Asked:
    """What becomes known of a request while it is answered."""

    name: str = ""
    body: Json | None = None


class FakeGoogle:
    """
    The server, in threads of its own. Started and stopped as a context.

    With `switched_on` every API can be used at once, as in a project that is long in use;
    otherwise only those that somebody has switched on, as in a new one.
    """

    def __init__(
        self,
        *,
        store: Store | None = None,
        port: int = 0,
        switched_on: bool = False,
        options: Options | None = None,
    ) -> None:
        self.store = store or Store()
        self.faults = Faults()
        self._log: deque[Logged] = deque(maxlen=LOGGED)
        self._number = 0
        self._server = Server(port, self.reply, self.control)
        self.url = self._server.url
        self.options = options or Options(switched_on=switched_on)
        self._routes = Routes(self.store, self.url, self.options)

    def __enter__(self) -> "FakeGoogle":
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def environment(self) -> dict[str, str]:
        """
        The variables that point OpenTofu, the provider and other clients here, and nowhere else.

        What has an endpoint of its own comes to it; what has none, by way of a proxy, which leads
        to nobody but this server. `tofu init`, which fetches the provider, is left out of that.
        """
        roots = str(self._server.trust().file)
        outside = ",".join(["127.0.0.1", "localhost", *FETCHED_FROM])
        proxy = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY"), self.url)
        both = {**proxy, "NO_PROXY": outside}
        return {
            **self.endpoints(),
            **both,
            **{name.lower(): value for name, value in both.items()},
            "CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE": roots,
            "REQUESTS_CA_BUNDLE": roots,
            "SSL_CERT_FILE": roots,
        }

    def endpoints(self) -> dict[str, str]:
        """The variables that point the provider here, and give it a token that is none."""
        paths = {name: f"{self.url}/{path}" for name, path in ENDPOINTS.items()}
        return {**paths, "GOOGLE_OAUTH_ACCESS_TOKEN": "fake"}

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

    def messages(self) -> dict[str, int]:
        """The messages that wait in subscriptions or are being worked on, by path."""
        with self.store.lock:
            found = {path: len(queue["messages"]) for path, queue in self.store.all(MESSAGES)}
            return {path: count for path, count in found.items() if count}

    def left(self) -> list[str]:
        """Everything that a person would have to clean up, as `kind name`."""
        return self.store.left(LASTING)

    def add_account(self, email: str) -> None:
        """Have a service account that other code has made."""
        with self.store.lock:
            account = new_account(self.store, email)
            self.store.put(ACCOUNTS, account["name"], account)
            self.store.made_elsewhere(ACCOUNTS, account["name"])

    def add_subscription(self, name: str, topic: str) -> None:
        """Have a subscription that other code has made, to a topic that need not be there yet."""
        with self.store.lock:
            self.store.put(SUBSCRIPTIONS, name, new_subscription(name, {"topic": topic}))
            self.store.made_elsewhere(SUBSCRIPTIONS, name)

    def resize(self, group: str, size: int) -> None:
        """Set a group's size, as the scheduler does."""
        self._ask(Request("POST", f"/compute/v1/{group}/resize", {"size": str(size)}))

    def abandon(self, group: str, vms: list[str]) -> None:
        """Detach VMs from a group, as the scheduler does with one whose job has begun."""
        body = json.dumps({"instances": vms}).encode()
        self._ask(Request("POST", f"/compute/v1/{group}/abandonInstances", {}, body))

    def set_capacity(self, capacity: dict[str, int]) -> None:
        """
        Say how many VMs there is room for in zones, and quota for in regions.

        Groups that wait for VMs get them, as far as there is room now.
        """
        for place in capacity:
            if place not in REGIONS and place not in ZONES:
                raise ValueError(f"{place} is neither a region nor a zone")
        with self.store.lock:
            self.options.capacity = dict(capacity)
        for group in self.groups():
            size = (self.store.get(GROUPS, group) or {}).get("targetSize", 0)
            self.resize(group, size)

    def _ask(self, request: Request) -> None:
        status, data = self.answer(request)
        if status >= HTTPStatus.BAD_REQUEST:
            raise ValueError(data.decode())

    def control(self, verb: str, path: str, raw: bytes) -> tuple[int, Json]:
        """The interface for tests, below `/_control/`; the status and the answer."""
        return control(self, verb, path, raw)

    def answer(self, request: Request) -> tuple[int, bytes]:
        """
        Carry one request out; the status and the body of the answer.

        Raises ConnectionAbortedError where a fault cuts the connection.
        """
        answer = self.reply(request)
        return answer.status, answer.data

    def reply(self, request: Request) -> Reply:
        """The answer as it goes over the wire; to a batch, the answers."""
        if batch.is_batch(request):
            return batch.answered(request, self._reply)
        return self._reply(request)

    def _reply(self, request: Request) -> Reply:
        fault = self.faults.due(request.verb, request.path)
        if fault and fault.seconds:
            time.sleep(fault.seconds)
        asked = _Asked()
        try:
            answer = self._carried_out(request, fault, asked)
        except _StruckError as struck:
            answer = ApiError(struck.fault.status or 0, "A fault that was asked for.").reply()
        except ApiError as error:
            answer = error.reply()
        except Exception as error:
            # A mistake in the fake itself: the client is told at once, the developer where.
            traceback.print_exc()
            answer = ApiError(500, f"The fake Google failed: {error!r}").reply()
        self._remember(request, asked, answer.status, struck=fault is not None)
        if answer.status == 0:
            raise ConnectionAbortedError
        return answer

    def _carried_out(self, request: Request, fault: Fault | None, asked: _Asked) -> Reply:
        strikes = fault if fault and fault.status != 0 else None
        if strikes and strikes.when == "before":
            raise _StruckError(strikes)
        partial.plain(request)
        api, method, parameters = self._routes.find(request)
        asked.name = f"{api.name}.{method.name}"
        # An upload's contents may be JSON, too.
        if method.request and "uploadType" not in request.query:
            try:
                asked.body = request.json()
            except ValueError as error:
                raise invalid(str(error)) from error
        with self.store.lock:
            answer = self._routes.carry_out(api, method, parameters, request, asked.body or {})
        if strikes:
            raise _StruckError(strikes)
        if not isinstance(answer, dict):
            return reply(answer)
        if request.query.get("fields"):
            answer = partial.selected(answer, request.query["fields"])
        return reply(answer, pretty=request.query.get("prettyPrint", "").lower() == "true")

    def _remember(self, request: Request, asked: _Asked, status: int, *, struck: bool) -> None:
        body = asked.body or {}
        if "payload" in body:
            body = {**body, "payload": _MASK}
        with self.store.lock:
            self._number += 1
            self._log.append(
                Logged(
                    self._number,
                    request.verb,
                    request.path,
                    request.query,
                    asked.name,
                    body,
                    status,
                    struck,
                    request.host,
                )
            )


class _StruckError(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__()
        self.fault = fault
