"""HTTP itself: odd requests get JSON and an end; as a proxy, the server leads nowhere else."""

import http.client
import json
import socket
import ssl
from urllib.parse import urlsplit

import pytest

from fake_google import FakeGoogle
from tests.fake_google.asking import (
    BUCKETS,
    TOPICS,
    UPLOADS,
    Json,
    send,
    with_bucket,
    with_topic,
)


def raw(google: FakeGoogle, text: bytes) -> tuple[bytes, bytes]:
    """Send bytes, and read until the server has nothing more to say."""
    address = urlsplit(google.url)
    with socket.create_connection((address.hostname, address.port or 0), 10) as connection:
        connection.sendall(text)
        connection.shutdown(socket.SHUT_WR)
        data = b"".join(iter(lambda: connection.recv(65_536), b""))
    head, _, body = data.partition(b"\r\n\r\n")
    return head, body


def through(google: FakeGoogle, host: str, path: str, verb: str = "GET") -> tuple[int, Json]:
    """Ask a host by way of the server as a proxy, trusting what it says to trust."""
    context = ssl.create_default_context(cafile=google.environment()["SSL_CERT_FILE"])
    connection = http.client.HTTPSConnection(
        urlsplit(google.url).netloc, timeout=10, context=context
    )
    connection.set_tunnel(host, 443)
    try:
        connection.request(verb, path)
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    finally:
        connection.close()


def test_bad_length(google: FakeGoogle) -> None:
    """A body whose length makes no sense is refused, rather than waited for."""
    connection = http.client.HTTPConnection(urlsplit(google.url).netloc, timeout=10)
    statuses = []
    for name, value in (
        ("Content-Length", "many"),
        ("Content-Length", "-1"),
        ("Content-Length", "99999999999"),
        ("Transfer-Encoding", "chunked"),
    ):
        connection.putrequest("PUT", f"{TOPICS}/start")
        connection.putheader(name, value)
        connection.endheaders(b"nonsense\r\n")
        statuses.append(connection.getresponse().status)
        connection.close()

    assert [400] * 4 == statuses


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (414, b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\n\r\n"),
        (431, b"GET / HTTP/1.1\r\nA: " + b"x" * 70_000 + b"\r\n\r\n"),
        (431, b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 200 + b"\r\n"),
        (400, b"nonsense\r\n\r\n"),
        (400, b"GET / HTTP/1.1\r\nnot a header\r\n\r\n"),
        (400, b"GET / HTTP/1.1\r\nA: b\r\n folded: c\r\n\r\n"),
        (404, b"GET //two/slashes HTTP/1.1\r\nConnection: close\r\n\r\n"),
        (501, b"GET /old HTTP/1.0\r\n\r\n"),
        (505, b"GET / HTTP/3.0\r\n\r\n"),
        (505, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        (501, b"OPTIONS * HTTP/1.1\r\nConnection: close\r\n\r\n"),
        (501, b"BREW /pot HTTP/1.1\r\nConnection: close\r\n\r\n"),
        (501, b"CONNECT example.com:443 HTTP/1.1\r\n\r\n"),
        (501, b"GET http://example.com/x HTTP/1.1\r\nConnection: close\r\n\r\n"),
    ],
)
def test_odd_requests(status: int, text: bytes, google: FakeGoogle) -> None:
    """Whatever comes gets an error in Google's form, and an end."""
    head, body = raw(google, text)

    assert f"HTTP/1.1 {status} ".encode() == head[:13]
    assert b"application/json" in head
    assert status == json.loads(body)["error"]["code"]


def test_cut_off(google: FakeGoogle) -> None:
    """A request that ends in the middle is not carried out."""
    raw(google, f"PUT {TOPICS}/start HTTP/1.1\r\nContent-Length: 9\r\n\r\n{{".encode())

    assert [] == google.requests


def test_head(google: FakeGoogle) -> None:
    """HEAD answers as GET does, without a body."""
    with_topic(google)
    with_bucket(google)
    send(google, "POST", f"{UPLOADS}?uploadType=media&name=state", b"12345")

    for path in (f"{TOPICS}/start", f"{BUCKETS}/lum-states/o/state", "/lum-states/state"):
        assert (200, b"") == send(google, "HEAD", path)
    assert 404 == send(google, "HEAD", f"{TOPICS}/other")[0]
    head, _ = raw(google, b"HEAD /lum-states/state HTTP/1.1\r\nConnection: close\r\n\r\n")
    assert b"Content-Length: 5" in head


@pytest.mark.parametrize(
    ("status", "host", "path", "text"),
    [
        (200, "openidconnect.googleapis.com", "/v1/userinfo", "fake@example.com"),
        (200, "compute.googleapis.com", "/compute/v1/projects/eng-ai-dev", "compute#project"),
        (200, "pubsub.googleapis.com", "/v1/projects/eng-ai-dev/topics", "topics"),
        (200, "storage.googleapis.com", "/storage/v1/b?project=eng-ai-dev", "storage#buckets"),
        (200, "www.googleapis.com", "/storage/v1/b?project=eng-ai-dev", "storage#buckets"),
        (404, "lum-states.storage.googleapis.com", "/state", "bucket"),
        (501, "monitoring.googleapis.com", "/v3/projects/p/alertPolicies", "alertPolicies.list"),
        (501, "us-central1-run.googleapis.com", "/apis/x/v1/namespaces", "run.googleapis.com"),
    ],
)
def test_proxy(status: int, host: str, path: str, text: str, google: FakeGoogle) -> None:
    """As a proxy the server is each of Google's hosts, with a certificate of its own authority."""
    actual, answer = through(google, host, path)

    assert status == actual
    assert text in json.dumps(answer)
    assert [host] == [request.host for request in google.requests]


def test_proxy_leads_nowhere_else(google: FakeGoogle) -> None:
    """A host that is not Google's cannot be reached, and the reason says so."""
    with pytest.raises(OSError, match="does not lead to example"):
        through(google, "example.com", "/")


def test_a_body_that_is_asked_for(google: FakeGoogle) -> None:
    """A long body is sent by some, as curl, only when they are told to go on."""
    start = f"PUT {TOPICS}/start HTTP/1.1\r\nExpect: 100-continue\r\nConnection: close\r\n"
    head, body = raw(google, f"{start}Content-Length: 2\r\n\r\n{{}}".encode())

    assert b"HTTP/1.1 100 Continue" == head
    assert body.startswith(b"HTTP/1.1 200 ")
