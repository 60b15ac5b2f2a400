"""Parts of answers, and the parameters that all APIs take."""

import json

import pytest

from fake_google import FakeGoogle
from fake_google.errors import ApiError
from fake_google.partial import selected
from tests.fake_google.asking import TOPICS, Json, done, refused, send, with_topic

ANSWER = {"items": [{"name": "a", "id": 1, "x": {"y": 2, "z": 3}}], "kind": "k", "next": "n"}


@pytest.mark.parametrize(
    ("fields", "part"),
    [
        ("kind", {"kind": "k"}),
        ("kind,next", {"kind": "k", "next": "n"}),
        ("items(name,id)", {"items": [{"name": "a", "id": 1}]}),
        ("items/x/y, kind", {"items": [{"x": {"y": 2}}], "kind": "k"}),
        ("items(x(z))", {"items": [{"x": {"z": 3}}]}),
        ("items/*/y", {"items": [{"name": "a", "id": 1, "x": {"y": 2}}]}),
        ("*", ANSWER),
        ("other", {}),
    ],
)
def test_selected(fields: str, part: Json) -> None:
    assert part == selected(ANSWER, fields)


@pytest.mark.parametrize("fields", ["items(name", "a)", "a;b", "(", "a b"])
def test_no_selection(fields: str) -> None:
    with pytest.raises(ApiError):
        selected(ANSWER, fields)


def test_system_parameters(google: FakeGoogle) -> None:
    """They may have a dollar sign before them, as Google's newer clients write them."""
    with_topic(google)

    path = f"{TOPICS}/start"
    query = "%24alt=json%3Benum-encoding%3Dint&%24fields=labels&%24prettyPrint=TRUE"
    status, data = send(google, "GET", f"{path}?{query}")
    assert (200, {"labels": {"a": "b"}}) == (status, json.loads(data))
    assert b"\n" in data
    assert b"\n" not in send(google, "GET", f"{path}?prettyPrint=false")[1]
    assert 400 == refused(google, "GET", f"{path}?alt=proto")[0]
    assert 400 == refused(google, "GET", f"{path}?callback=f")[0]
    done(google, "GET", f"{TOPICS}?key=k&quotaUser=u")
