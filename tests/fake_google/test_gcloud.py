"""Requests as gcloud writes them, copied from what gcloud 528 sends, and gcloud where it is."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from fake_google import FakeGoogle, Options
from fake_google.checksums import crc32c
from tests.fake_google.asking import (
    BUCKETS,
    GROUPS,
    PROJECT,
    SECRETS,
    TOPICS,
    Json,
    done,
    send,
    with_bucket,
    with_group,
    with_secret,
    with_topic,
)

MARK = "===============6930240418471317803=="
MULTIPART = f"""\
--{MARK}
Content-Type: application/json
MIME-Version: 1.0

{{"bucket": "lum-states", "contentType": "application/octet-stream", "name": "x/f"}}
--{MARK}
Content-Type: application/octet-stream
MIME-Version: 1.0
Content-Transfer-Encoding: binary

hello

--{MARK}--
"""

PART = f"""\
--{MARK}
Content-Type: application/http
MIME-Version: 1.0
Content-Transfer-Encoding: binary
Content-ID: <e4f4c450-560c-4678-8973-5fd1682566dc+{{number}}>

{{request}} HTTP/1.1
Content-Type: application/json
MIME-Version: 1.0
content-length: {{length}}
user-agent: google-cloud-sdk
accept: application/json
accept-encoding: gzip, deflate
Host: compute.googleapis.com

{{body}}

"""


def batch(google: FakeGoogle, *requests: tuple[str, str]) -> list[tuple[str, str, Json]]:
    """Send requests in one, as gcloud does; the number, status and body of each answer."""
    parts = [
        PART.format(number=number, request=request, length=len(body), body=body)
        for number, (request, body) in enumerate(requests)
    ]
    data = ("".join(parts) + f"--{MARK}--\n").encode()
    kind = f'multipart/mixed; boundary="{MARK}"'
    status, answer = send(google, "POST", "/batch/compute/v1", data, kind)
    assert 200 == status
    found = []
    for text in answer.decode().split("--batch_of_answers")[1:-1]:
        around, head, body = text.split("\r\n\r\n")
        found.append((around.rpartition("+")[2].rstrip(">"), head.split()[1], json.loads(body)))
    return found


def test_uploads(google: FakeGoogle) -> None:
    """A file in two parts with single quotes and bare line ends; a large one at another address."""
    with_bucket(google)
    path = "/upload/storage/v1/b/lum-states/o?uploadType=multipart&alt=json"
    kind = f"multipart/related; boundary='{MARK}'"
    assert 200 == send(google, "POST", path, MULTIPART.encode(), kind)[0]
    assert (200, b"hello\n") == send(google, "GET", "/lum-states/x/f")

    path = "/resumable/upload/storage/v1/b/lum-states/o?uploadType=resumable&alt=json"
    status, _ = send(google, "POST", path, b'{"bucket": "lum-states", "name": "big"}')
    assert 200 == status
    upload = "upload-" + str(google.store.dump()["serial"])
    status, answer = send(google, "PUT", f"{path}&upload_id={upload}", b"b" * 300_000)
    assert (200, "300000") == (status, json.loads(answer)["size"])


def test_what_is_asked_before_a_list_or_a_deletion(google: FakeGoogle) -> None:
    """Folders, layouts, autoscalers: gcloud asks for what there is none of."""
    with_bucket(google)
    with_group(google)
    query = "alt=json&delimiter=%2F&includeFoldersAsPrefixes=True&projection=noAcl"
    done(google, "GET", f"{BUCKETS}/lum-states/o?{query}")
    layout = done(google, "GET", f"{BUCKETS}/lum-states/storageLayout?alt=json")
    assert "US-CENTRAL1" == layout["location"]
    assert [] == done(google, "GET", f"{BUCKETS}/lum-states/managedFolders?prefix=")["items"]
    region = GROUPS.removesuffix("/instanceGroupManagers")
    assert [] == done(google, "GET", f"{region}/autoscalers?maxResults=500")["items"]
    sizes = done(google, "GET", f"{region}/instanceGroups?maxResults=500")["items"]
    assert [("jobs-mig", 0)] == [(group["name"], group["size"]) for group in sizes]
    query = "includeAllScopes=True&maxResults=500&returnPartialSuccess=True"
    done(google, "GET", f"/compute/v1/{PROJECT}/aggregated/instanceGroupManagers?{query}")
    assert (
        []
        != done(google, "POST", "/iam/v1/permissions:queryTestablePermissions", {})["permissions"]
    )


def test_a_pattern_in_a_filter(google: FakeGoogle) -> None:
    """`--filter=region:us-central1` comes as a pattern that has backslashes."""
    text = "region+eq+%22.%2A%5Cbus%5C-central1%5Cb.%2A%22"
    zones = done(google, "GET", f"/compute/v1/{PROJECT}/zones?filter={text}")["items"]

    assert {"us-central1"} == {zone["region"].rpartition("/")[2] for zone in zones}


def test_a_checksum_with_a_payload(google: FakeGoogle) -> None:
    """A version for which one was sent says so, or gcloud takes it for damaged."""
    with_secret(google)
    assert "clientSpecifiedPayloadChecksum" not in done(
        google, "GET", f"{SECRETS}/config/versions/1"
    )
    payload = {"data": "dgo=", "dataCrc32c": str(crc32c(b"v\n"))}

    version = done(google, "POST", f"{SECRETS}/config:addVersion", {"payload": payload})

    assert version["clientSpecifiedPayloadChecksum"]


def test_batch(google: FakeGoogle) -> None:
    """Each request in a batch has its own answer, under its own number."""
    with_topic(google)
    images = "/compute/v1/projects/debian-cloud/global/images"
    answers = batch(
        google,
        (f"GET {images}?alt=json&maxResults=2", ""),
        ("GET https://pubsub.googleapis.com/v1/projects/eng-ai-dev/topics/start", ""),
        ("GET /compute/v1/projects/eng-ai-dev/global/networks/none", ""),
        (f"PUT {TOPICS}/second", '{"labels": {"a": "b"}}'),
        ("GET /compute/v1/projects/eng-ai-dev/global/firewalls", ""),
        ("POST /batch/compute/v1", ""),
    )

    assert ["0", "1", "2", "3", "4", "5"] == [number for number, _, _ in answers]
    assert ["200", "200", "404", "200", "501", "501"] == [status for _, status, _ in answers]
    assert "debian-12" == answers[0][2]["items"][0]["family"]
    assert {"a": "b"} == done(google, "GET", f"{TOPICS}/second")["labels"]
    assert "compute.firewalls.list" in json.dumps(answers[4][2])
    for kind, data in (("", b""), ("multipart/mixed", b"x"), ("multipart/mixed; boundary=a", b"")):
        assert 400 == send(google, "POST", "/batch/compute/v1", data, kind)[0]
    assert (
        400
        == send(google, "POST", "/batch", b"--a\n\nnonsense\n--a--", "multipart/mixed; boundary=a")[
            0
        ]
    )


@pytest.mark.slow
def test_gcloud(tmp_path: Path) -> None:
    """The program itself, where it is installed."""
    gcloud = shutil.which("gcloud")
    if gcloud is None:
        pytest.skip("gcloud is not here")
    (tmp_path / "token").write_text("any", encoding="ascii")
    (tmp_path / "f").write_text("hello", encoding="ascii")
    environment = {
        **os.environ,
        "CLOUDSDK_AUTH_ACCESS_TOKEN_FILE": str(tmp_path / "token"),
        "CLOUDSDK_CONFIG": str(tmp_path / "config"),
        "CLOUDSDK_CORE_DISABLE_PROMPTS": "1",
        "CLOUDSDK_CORE_PROJECT": "eng-ai-dev",
    }
    with FakeGoogle(options=Options(switched_on=True, keep_payloads=True)) as google:
        environment.update(google.environment())
        said = [
            subprocess.run(
                [gcloud, *command.split()],
                env=environment,
                capture_output=True,
                text=True,
                check=True,
            ).stdout
            for command in (
                "storage buckets create gs://lum-states --location us-central1",
                f"storage cp {tmp_path / 'f'} gs://lum-states/x/f",
                "storage cat gs://lum-states/x/f",
                "compute images list --format=value(name)",
                "storage rm -r gs://lum-states",
            )
        ]
        assert "hello" == said[2]
        assert "debian-12-v20261101" in said[3]
        assert [] == google.left()
