"""Uploads as Google's programs send them, and downloads of parts."""

import http.client
import json
from urllib.parse import urlsplit

import pytest

from fake_google import FakeGoogle
from tests.fake_google.asking import BUCKETS, UPLOADS, Json, done, refused, send, with_bucket

OBJECT = f"{BUCKETS}/lum-states/o/state"


def exchange(
    google: FakeGoogle, verb: str, path: str, data: bytes = b"", **headers: str
) -> tuple[int, dict[str, str], bytes]:
    """Send a request; the status, the headers and the body of the answer."""
    connection = http.client.HTTPConnection(urlsplit(google.url).netloc, timeout=10)
    try:
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        connection.request(verb, path, data, {"Authorization": "Bearer fake", **named})
        response = connection.getresponse()
        return response.status, dict(response.headers), response.read()
    finally:
        connection.close()


def test_as_gcloud_writes_it(google: FakeGoogle) -> None:
    """Single quotes around the boundary, bare line ends, and more headers in each part."""
    with_bucket(google)
    body = (
        b"--===============1==\nContent-Type: application/json\nMIME-Version: 1.0\n\n"
        b'{"name": "state", "cacheControl": "no-store"}\n'
        b"--===============1==\nContent-Type: text/plain\nContent-Transfer-Encoding: binary\n\n"
        b"a\n\nb\n--===============1==--"
    )
    kind = "multipart/related; boundary='===============1=='"

    status, _, answer = exchange(
        google, "POST", f"{UPLOADS}?uploadType=multipart", body, Content_Type=kind
    )

    thing = json.loads(answer)
    assert (200, "no-store", "text/plain") == (status, thing["cacheControl"], thing["contentType"])
    assert (200, b"a\n\nb") == send(google, "GET", f"{OBJECT}?alt=media")


def begin(google: FakeGoogle, description: Json, query: str = "") -> str:
    status, headers, _ = exchange(
        google,
        "POST",
        f"{UPLOADS}?uploadType=resumable{query}",
        json.dumps(description).encode(),
        X_Upload_Content_Type="text/css",
    )
    assert 200 == status
    assert headers["Location"].startswith(google.url)
    return headers["Location"].removeprefix(google.url)


def test_in_pieces(google: FakeGoogle) -> None:
    """An upload goes on where it was; the object is there with the last piece."""
    with_bucket(google)
    place = begin(google, {"name": "state", "metadata": {"a": "b"}})

    status, headers, _ = exchange(google, "PUT", place, b"01234", Content_Range="bytes 0-4/*")
    # Of unknown length, what is no multiple of 256 KiB is the last piece.
    assert 200 == status
    place = begin(google, {"name": "state", "metadata": {"a": "b"}})
    status, headers, _ = exchange(google, "PUT", place, b"01234", Content_Range="bytes 0-4/10")
    assert (308, "bytes=0-4") == (status, headers["Range"])
    status, headers, _ = exchange(google, "PUT", place, b"", Content_Range="bytes */10")
    assert (308, "bytes=0-4") == (status, headers["Range"])
    assert 503 == exchange(google, "PUT", place, b"9", Content_Range="bytes 9-9/10")[0]
    status, _, answer = exchange(google, "PUT", place, b"56789", Content_Range="bytes 5-9/10")

    thing = json.loads(answer)
    assert (200, "10", {"a": "b"}) == (status, thing["size"], thing["metadata"])
    assert "text/css" == thing["contentType"]
    assert (200, b"0123456789") == send(google, "GET", "/lum-states/state")
    assert 404 == exchange(google, "PUT", place, b"", Content_Range="bytes */10")[0]


def test_whole(google: FakeGoogle) -> None:
    """A resumable upload may come whole; its conditions are those that it began with."""
    with_bucket(google)
    place = begin(google, {"name": "state"}, "&ifGenerationMatch=0")
    assert 200 == exchange(google, "PUT", place, b"1")[0]

    place = begin(google, {"name": "state"}, "&ifGenerationMatch=0")
    assert 412 == exchange(google, "PUT", place, b"2")[0]
    assert 400 == exchange(google, "PUT", begin(google, {}), b"2")[0]
    place = begin(google, {"name": "state"})
    assert 400 == exchange(google, "PUT", place, b"2", Content_Range="bytes two")[0]


@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [
        ("bytes=0-3", 206, b"0123"),
        ("bytes=8-", 206, b"89"),
        ("bytes=-3", 206, b"789"),
        ("bytes=5-99", 206, b"56789"),
        ("bytes=10-", 416, None),
        ("lines=1-2", 200, b"0123456789"),
    ],
)
def test_ranges(asked: str, status: int, part: bytes | None, google: FakeGoogle) -> None:
    with_bucket(google)
    send(google, "POST", f"{UPLOADS}?uploadType=media&name=state", b"0123456789", "text/plain")

    for path in ("/lum-states/state", f"/download{OBJECT}?alt=media"):
        actual, headers, data = exchange(google, "GET", path, Range=asked)
        assert status == actual
        if part is not None:
            assert (part, "text/plain") == (data, headers["Content-Type"])
            assert "crc32c=KAwGng==,md5=eB5eJF1ptWaXm4bijSPyxw==" == headers["X-Goog-Hash"]


def test_checksums(google: FakeGoogle) -> None:
    """An upload whose checksum is not that of what came is refused."""
    with_bucket(google)
    for sums, status in (
        ({"crc32c": "KAwGng=="}, 200),
        ({"crc32c": "AAAAAA=="}, 400),
        ({"md5Hash": "AAAAAA=="}, 400),
    ):
        place = begin(google, {"name": "state", **sums})
        assert status == exchange(google, "PUT", place, b"0123456789")[0]


def test_conditions_of_reading(google: FakeGoogle) -> None:
    """What was read already is not sent again; what is another by now is not, either."""
    with_bucket(google)
    thing = done(google, "POST", f"{UPLOADS}?uploadType=media&name=state", {})
    generation = thing["generation"]

    assert 200 == send(google, "GET", f"{OBJECT}?generation={generation}")[0]
    assert 404 == send(google, "GET", f"{OBJECT}?generation=1")[0]
    assert 412 == send(google, "GET", f"{OBJECT}?ifGenerationMatch=1")[0]
    assert 304 == send(google, "GET", f"{OBJECT}?ifGenerationNotMatch={generation}")[0]
    assert 412 == refused(google, "PATCH", f"{OBJECT}?ifMetagenerationMatch=7", {})[0]


def test_metadata(google: FakeGoogle) -> None:
    """Metadata are joined, each change counts, and what is given as null goes."""
    with_bucket(google, objectRetention=None)
    done(google, "POST", f"{UPLOADS}?uploadType=media&name=state", {})
    body = {
        "metadata": {"a": "1", "b": "2"},
        "cacheControl": "no-store",
        "storageClass": "COLDLINE",
    }
    done(google, "PATCH", OBJECT, body)

    after = done(google, "PATCH", OBJECT, {"metadata": {"a": None}, "cacheControl": None})

    assert ({"b": "2"}, "COLDLINE", "3") == (
        after["metadata"],
        after["storageClass"],
        after["metageneration"],
    )
    assert "cacheControl" not in after


def test_what_is_held(google: FakeGoogle) -> None:
    """What is under a hold or retained is neither deleted nor written anew."""
    with_bucket(google)
    upload = f"{UPLOADS}?uploadType=media&name=state"
    done(google, "POST", upload, {})
    done(google, "PATCH", OBJECT, {"temporaryHold": True})
    assert 403 == refused(google, "DELETE", OBJECT)[0]
    assert 403 == refused(google, "POST", upload, {})[0]
    done(google, "PATCH", OBJECT, {"temporaryHold": False})
    done(google, "PATCH", f"{BUCKETS}/lum-states", {"retentionPolicy": {"retentionPeriod": "60"}})
    assert 403 == refused(google, "DELETE", OBJECT)[0]
    assert done(google, "GET", OBJECT)["retentionExpirationTime"]
    done(google, "PATCH", f"{BUCKETS}/lum-states", {"retentionPolicy": None})
    done(google, "DELETE", OBJECT)


def test_object_retention(google: FakeGoogle) -> None:
    """An object is retained where its bucket is made for that, and the time only grows."""
    done(google, "POST", f"{BUCKETS}?project=eng-ai-dev&enableObjectRetention=True", {
        "name": "lum-states"
    })  # fmt: skip
    assert "Enabled" == done(google, "GET", f"{BUCKETS}/lum-states")["objectRetention"]["mode"]
    done(google, "POST", f"{UPLOADS}?uploadType=media&name=state", {})
    kept = {"retention": {"mode": "Unlocked", "retainUntilTime": "2099-01-01T00:00:00Z"}}
    done(google, "PATCH", OBJECT, kept)

    assert 403 == refused(google, "DELETE", OBJECT)[0]
    assert 403 == refused(google, "PATCH", OBJECT, {"retention": None})[0]
    done(google, "PATCH", f"{OBJECT}?overrideUnlockedRetention=true", {"retention": None})
    done(google, "DELETE", OBJECT)


def test_lists_of_access(google: FakeGoogle) -> None:
    """Entries are made, read, changed and deleted, where access is not uniform."""
    with_bucket(google)
    done(google, "POST", f"{UPLOADS}?uploadType=media&name=state&predefinedAcl=publicRead", {})
    assert "allUsers" in json.dumps(done(google, "GET", f"{OBJECT}/acl"))

    for path in (
        f"{OBJECT}/acl",
        f"{BUCKETS}/lum-states/acl",
        f"{BUCKETS}/lum-states/defaultObjectAcl",
    ):
        entry = {"entity": "user-a@x.de", "role": "READER"}
        done(google, "POST", path, entry)
        assert "READER" == done(google, "GET", f"{path}/user-a@x.de")["role"]
        assert "OWNER" == done(google, "PATCH", f"{path}/user-a@x.de", {"role": "OWNER"})["role"]
        done(google, "DELETE", f"{path}/user-a@x.de")
        assert 404 == refused(google, "GET", f"{path}/user-a@x.de")[0]
        assert 400 == refused(google, "POST", path, {"role": "READER"})[0]
    on = {"iamConfiguration": {"uniformBucketLevelAccess": {"enabled": True}}}
    done(google, "PATCH", f"{BUCKETS}/lum-states", on)
    assert 400 == refused(google, "GET", f"{OBJECT}/acl")[0]


def test_list_in_pages(google: FakeGoogle) -> None:
    with_bucket(google)
    for name in "abcde":
        send(google, "POST", f"{UPLOADS}?uploadType=media&name={name}", b"")

    names: list[str] = []
    token = ""
    while True:
        path = f"{BUCKETS}/lum-states/o?maxResults=2&startOffset=b{token}"
        answer = done(google, "GET", path)
        names += [item["name"] for item in answer["items"]]
        if "nextPageToken" not in answer:
            break
        token = f"&pageToken={answer['nextPageToken']}"
    assert list("bcde") == names
