"""The fake Google as a whole: a server, what it holds, and what was asked of it."""

import json
import threading
import time
import traceback
from collections import deque
from dataclasses import dataclass
from http import HTTPStatus

from fake_google.control import control
from fake_google.errors import ApiError, invalid
from fake_google.faults import Fault, Faults
from fake_google.routes import Routes
from fake_google.server import Server
from fake_google.services import LASTING, SERVICES
from fake_google.services.compute.service import GROUPS, INSTANCES
from fake_google.store import Store
from fake_google.wire import Json, Request, encoded

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
        self, *, store: Store | None = None, port: int = 0, switched_on: bool = False
    ) -> None:
        self.store = store or Store()
        self.faults = Faults()
        self._log: deque[Logged] = deque(maxlen=LOGGED)
        self._number = 0
        self._server = Server(port, self.answer, self.control)
        self.url = self._server.url
        self._routes = Routes(self.store, self.url, switched_on=switched_on)

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
            for service in SERVICES.values()
            for name, path in service.endpoints.items()
        }
        return {**dict(sorted(endpoints.items())), "GOOGLE_OAUTH_ACCESS_TOKEN": "fake"}

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

    def left(self) -> list[str]:
        """Everything that a person would have to clean up, as `kind name`."""
        return self.store.left(LASTING)

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

    def control(self, verb: str, path: str, raw: bytes) -> tuple[int, Json]:
        """The interface for tests, below `/_control/`; the status and the answer."""
        return control(self, verb, path, raw)

    def answer(self, request: Request) -> tuple[int, bytes]:
        """
        Carry one request out; the status and the body of the answer.

        Raises ConnectionAbortedError where a fault cuts the connection.
        """
        fault = self.faults.due(request.verb, request.path)
        if fault and fault.seconds:
            time.sleep(fault.seconds)
        asked = _Asked()
        try:
            status, data = 200, self._carried_out(request, fault, asked)
        except _StruckError as struck:
            status = struck.fault.status or 0
            data = encoded(ApiError(status, "A fault that was asked for.").body())
        except ApiError as error:
            status, data = error.status, encoded(error.body())
        except Exception as error:
            # A mistake in the fake itself: the client is told at once, the developer where.
            traceback.print_exc()
            status, data = 500, encoded(ApiError(500, f"The fake Google failed: {error!r}").body())
        self._remember(request, asked, status, struck=fault is not None)
        if status == 0:
            raise ConnectionAbortedError
        return status, data

    def _carried_out(self, request: Request, fault: Fault | None, asked: _Asked) -> bytes:
        strikes = fault if fault and fault.status != 0 else None
        if strikes and strikes.when == "before":
            raise _StruckError(strikes)
        api, method, parameters = self._routes.find(request.verb, request.path)
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
        return encoded(answer)

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
                )
            )


class _StruckError(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__()
        self.fault = fault
