"""Whatever a method that is served is sent, it answers."""

import json
from http import HTTPStatus

import pytest
from hypothesis import given, settings

from fake_google import FakeGoogle, Request, Store
from tests.fake_google.asking import Json, send, with_everything
from tests.fake_google.making_up import MASKS, QUERIES, SERVED, fields, filled, requests


@pytest.fixture(scope="module")
def full(server: FakeGoogle) -> Json:
    """The dump of a server that holds one of each."""
    server.store.load(Store().dump())
    with_everything(server)
    return server.store.dump()


def test_null_fields(server: FakeGoogle, full: Json) -> None:
    """Any field of a patch can be null or empty, which is taken or refused."""
    statuses = set()
    for api, method in SERVED:
        if method.verb == "PATCH":
            bodies = list(fields(api, {"$ref": str(method.request)}))
            for body in bodies:
                server.store.load(full)
                query = QUERIES.get(f"{api.name}.{method.name}", {})
                raw = json.dumps({**MASKS.get(method.name, {}), **body}).encode()
                status, _ = server.answer(Request("PATCH", filled(method, str), query, raw))
                statuses.add((status, method.name, json.dumps(body) if status == 500 else ""))

    assert {200, 400, 404} == {status for status, *_ in statuses}, statuses


@given(request=requests())
@settings(max_examples=150, derandomize=True, deadline=None, database=None)
def test_never_fails(request: tuple[str, str, bytes], server: FakeGoogle, full: Json) -> None:
    """Whatever a method that is served is sent, it answers, and never with 500."""
    server.store.load(full)
    verb, path, data = request

    status, answer = send(server, verb, path, data, "application/json")

    assert 500 != status, answer
    assert status in list(HTTPStatus)
    left = server.left()
    assert all(isinstance(line, str) for line in left)


def test_everything_is_reached(server: FakeGoogle, full: Json) -> None:
    """The paths that the test above makes up are those of every method that is served."""
    server.store.load(full)
    server.forget_requests()
    for _, method in SERVED:
        send(server, method.verb, filled(method, str), b"{}")

    assert [f"{api.name}.{method.name}" for api, method in SERVED] == [
        request.name for request in server.requests
    ]
