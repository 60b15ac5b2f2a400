"""Objects, and the forms in which they come."""

import http.client
import json
from urllib.parse import quote, urlencode, urlsplit

import pytest

from fake_google import FakeGoogle
from tests.fake_google.asking import BUCKETS, UPLOADS, done, refused, send, with_bucket


def test_media_upload(google: FakeGoogle) -> None:
    """An object that is sent as it is, and read: by path, with `alt=media`, and at the root."""
    with_bucket(google)
    path = f"{BUCKETS}/lum-states/o/{quote('zen/dev/default.tfstate', safe='')}"

    query = urlencode({"uploadType": "media", "name": "zen/dev/default.tfstate"})
    status, _ = send(google, "POST", f"{UPLOADS}?{query}", b'{"serial": 1}', "text/plain")

    assert 200 == status
    thing = done(google, "GET", path)
    assert ("13", "text/plain") == (thing["size"], thing["contentType"])
    for media in (
        f"{path}?alt=media",
        "/lum-states/zen/dev/default.tfstate",
        "/lum-states/zen%2Fdev%2Fdefault.tfstate",
    ):
        assert (200, b'{"serial": 1}') == send(google, "GET", media)
    assert 404 == refused(google, "GET", "/lum-states/zen/dev/other.tfstate")[0]


def test_multipart_upload(google: FakeGoogle) -> None:
    """An object as Google's client in Go sends it: two parts, in chunks of unknown length."""
    with_bucket(google)
    contents = b'{"serial":\r\n\r\n 2}\r\n'
    parts = [
        b'--b0und\r\nContent-Type: application/json\r\n\r\n{"bucket":"lum-states",',
        b'"name":"zen/state","metadata":{"a":"b"}}\n\r\n',
        b"--b0und\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n",
        contents + b"\r\n--b0und--\r\n",
    ]
    connection = http.client.HTTPConnection(urlsplit(google.url).netloc, timeout=10)
    headers = {
        "Content-Type": "multipart/related; boundary=b0und",
        "Transfer-Encoding": "chunked",
    }

    query = "alt=json&name=zen%2Fstate&prettyPrint=false&projection=full&uploadType=multipart"
    connection.request("POST", f"{UPLOADS}?{query}", iter(parts), headers, encode_chunked=True)
    thing = json.loads(connection.getresponse().read())
    connection.request("GET", "/lum-states/zen/state")
    again = connection.getresponse().read()
    connection.close()

    assert ("zen/state", {"a": "b"}) == (thing["name"], thing["metadata"])
    assert "text/plain; charset=utf-8" == thing["contentType"]
    assert contents == again


@pytest.mark.parametrize(
    ("status", "query", "data"),
    [
        (400, "uploadType=multipart", b""),
        (400, "uploadType=multipart", b"--b\r\n\r\n{\r\n--b\r\n\r\nx\r\n--b--"),
        (400, "uploadType=multipart", b"--b\r\n\r\n[]\r\n--b\r\n\r\nx\r\n--b--"),
        (400, "uploadType=multipart", b'--b\r\n\r\n{"name": 3}\r\n--b\r\n\r\nx\r\n--b--'),
        (400, "uploadType=multipart", b"--b\r\n\r\n{}\r\n--b\r\n\r\nx\r\n--b--"),
        (400, "uploadType=multipart", b"--b--b--b"),
        (400, "uploadType=media", b"x"),
        (400, "name=x", b"{}"),
        (400, "uploadType=resumable&name=x", b"{"),
    ],
)
def test_bad_upload(status: int, query: str, data: bytes, google: FakeGoogle) -> None:
    """An upload of another form, or without a name, is refused."""
    with_bucket(google)

    content_type = "multipart/related; boundary=b"
    assert status == send(google, "POST", f"{UPLOADS}?{query}", data, content_type)[0]


def test_generation(google: FakeGoogle) -> None:
    """An object is made only where there is none, or where it is the one that was read."""
    with_bucket(google)
    path = f"{UPLOADS}?uploadType=media&name=lock&ifGenerationMatch="
    thing = done(google, "POST", f"{path}0", {"id": 1})

    assert 412 == refused(google, "POST", f"{path}0", {"id": 2})[0]
    done(google, "POST", f"{path}{thing['generation']}", {"id": 3})
    lock = f"{BUCKETS}/lum-states/o/lock"
    assert 412 == refused(google, "DELETE", f"{lock}?ifGenerationMatch={thing['generation']}")[0]
    assert (200, b'{"id": 3}') == send(google, "GET", f"{lock}?alt=media")


def test_list_objects(google: FakeGoogle) -> None:
    """Objects are listed by prefix, and with a delimiter as folders."""
    with_bucket(google)
    for name in ("a/1", "a/b/2", "c"):
        send(google, "POST", f"{UPLOADS}?uploadType=media&name={quote(name, safe='')}", b"")

    answer = done(google, "GET", f"{BUCKETS}/lum-states/o?prefix=a/&delimiter=/")

    assert ["a/1"] == [item["name"] for item in answer["items"]]
    assert ["a/b/"] == answer["prefixes"]
