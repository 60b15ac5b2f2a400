"""Buckets and their policies."""

import json

import pytest
from google.cloud.storage import Client
from google.oauth2.credentials import Credentials

from fake_google import FakeGoogle
from tests.fake_google.asking import (
    BUCKET,
    BUCKETS,
    CONDITION,
    UPLOADS,
    ask,
    done,
    granting,
    refused,
    send,
    with_bucket,
)


def test_bucket(google: FakeGoogle) -> None:
    """A bucket comes back with Google's defaults."""
    bucket = with_bucket(google)

    assert "US-CENTRAL1" == bucket["location"]
    assert ("region", "STANDARD", "1") == (
        bucket["locationType"], bucket["storageClass"], bucket["metageneration"]
    )  # fmt: skip
    assert "604800" == bucket["softDeletePolicy"]["retentionDurationSeconds"]
    access = bucket["iamConfiguration"]
    assert ("inherited", False) == (
        access["publicAccessPrevention"], access["uniformBucketLevelAccess"]["enabled"]
    )  # fmt: skip
    assert "multi-region" == with_bucket(google, name="lum-us", location="us")["locationType"]
    names = [item["name"] for item in done(google, "GET", f"{BUCKETS}?project=eng-ai-dev")["items"]]
    assert ["lum-states", "lum-us"] == names


def test_bucket_restored(google: FakeGoogle) -> None:
    """It is back with its policy, by its generation, unless another has its name by now."""
    bucket = with_bucket(google)
    place, listed = f"{BUCKETS}/lum-states", f"{BUCKETS}?project=eng-ai-dev"
    policy = done(google, "GET", f"{place}/iam")
    restore = f"{place}/restore?generation={bucket['generation']}"
    assert 404 == refused(google, "POST", restore)[0]
    done(google, "DELETE", place)
    assert [] == done(google, "GET", listed)["items"]
    (gone,) = done(google, "GET", f"{listed}&softDeleted=true")["items"]
    assert bucket["generation"] == gone["generation"]
    assert gone["softDeleteTime"]
    with_bucket(google)
    assert 409 == refused(google, "POST", restore)[0]
    done(google, "DELETE", place)

    back = done(google, "POST", restore)

    assert bucket["timeCreated"] == back["timeCreated"]
    assert "softDeleteTime" not in back
    assert policy["bindings"] == done(google, "GET", f"{place}/iam")["bindings"]
    assert back == done(google, "GET", place)


def test_bucket_deleted_whatever_is_kept(google: FakeGoogle) -> None:
    """A policy of soft deletion that says nothing keeps nothing."""
    with_bucket(google)
    place = f"{BUCKETS}/lum-states"
    done(google, "PATCH", place, {"softDeletePolicy": {"retentionDurationSeconds": None}})

    done(google, "DELETE", place)

    assert 404 == refused(google, "GET", place)[0]


def test_bucket_deleted_for_good(google: FakeGoogle) -> None:
    """Without soft deletion, nothing is left of it."""
    bucket = with_bucket(google, softDeletePolicy={"retentionDurationSeconds": "0"})

    done(google, "DELETE", f"{BUCKETS}/lum-states")

    assert [] == done(google, "GET", f"{BUCKETS}?project=eng-ai-dev&softDeleted=true")["items"]
    restore = f"{BUCKETS}/lum-states/restore?generation={bucket['generation']}"
    assert 404 == refused(google, "POST", restore)[0]


def test_bucket_taken(google: FakeGoogle) -> None:
    """A bucket's name is taken in every project."""
    with_bucket(google)

    assert 409 == refused(google, "POST", f"{BUCKETS}?project=eng-ai-prod", BUCKET)[0]
    assert 400 == refused(google, "POST", BUCKETS, {"name": "lum-other"})[0]
    for fields in (
        {"location": "UZ"},
        {"location": "us-east9"},
        {"storageClass": "COLD"},
        {"labels": {"A": "b"}},
        {"retentionPolicy": {"retentionPeriod": "0"}},
        {"softDeletePolicy": {"retentionDurationSeconds": "5"}},
        {"lifecycle": {"rule": [{"action": {"type": "Delete"}}]}},
    ):
        body = {**BUCKET, "name": "lum-other", **fields}
        assert 400 == refused(google, "POST", f"{BUCKETS}?project=eng-ai-dev", body)[0], fields
    for name in ("", "x", "Lum", "my-google-bucket"):
        body = {"name": name}
        assert 400 == refused(google, "POST", f"{BUCKETS}?project=eng-ai-dev", body)[0]


def test_full_bucket(google: FakeGoogle) -> None:
    """A bucket with an object in it cannot be deleted."""
    with_bucket(google)
    send(google, "POST", f"{UPLOADS}?uploadType=media&name=state", b"1")

    assert 409 == refused(google, "DELETE", f"{BUCKETS}/lum-states")[0]
    done(google, "DELETE", f"{BUCKETS}/lum-states/o/state")
    done(google, "DELETE", f"{BUCKETS}/lum-states")
    assert 404 == refused(google, "GET", f"{BUCKETS}/lum-states")[0]


def test_bucket_patch(google: FakeGoogle) -> None:
    """Labels are merged, one that is null goes; so does any other field that is null."""
    with_bucket(google, labels={"a": "1", "b": "2"}, versioning={"enabled": True})

    body = {"labels": {"b": None, "c": "3"}, "versioning": None}
    bucket = done(google, "PATCH", f"{BUCKETS}/lum-states?ifMetagenerationMatch=1", body)

    assert {"a": "1", "c": "3"} == bucket["labels"]
    assert "versioning" not in bucket
    assert "2" == bucket["metageneration"]
    stale = f"{BUCKETS}/lum-states?ifMetagenerationMatch=1"
    assert 412 == refused(google, "PATCH", stale, {"labels": None})[0]
    assert "labels" not in done(google, "PATCH", f"{BUCKETS}/lum-states", {"labels": None})


def test_bucket_fixed(google: FakeGoogle) -> None:
    """A bucket's location stays, and so does what only Google sets."""
    before = with_bucket(google)

    for location in ("us-east1", None):
        body = {"location": location}
        assert 400 == refused(google, "PATCH", f"{BUCKETS}/lum-states", body)[0]
    body = {"location": "US-central1", "metageneration": None, "projectNumber": "7", "id": "x"}
    after = done(google, "PATCH", f"{BUCKETS}/lum-states", body)
    changed = {key for key in before if before[key] != after[key]}
    assert {"metageneration", "updated", "etag"} == changed


def test_uniform_access(google: FakeGoogle) -> None:
    """Uniform access brings the time until which it can be taken back, once."""
    with_bucket(google)
    on = {"iamConfiguration": {"uniformBucketLevelAccess": {"enabled": True}}}

    first, again = (done(google, "PATCH", f"{BUCKETS}/lum-states", on) for _ in range(2))

    assert first["iamConfiguration"]["uniformBucketLevelAccess"]["lockedTime"]
    assert first["iamConfiguration"] == again["iamConfiguration"]
    off = {"iamConfiguration": {"uniformBucketLevelAccess": {"enabled": False}}}
    bucket = done(google, "PATCH", f"{BUCKETS}/lum-states", off)
    assert {"enabled": False} == bucket["iamConfiguration"]["uniformBucketLevelAccess"]


def test_bucket_policy(google: FakeGoogle) -> None:
    """A bucket has a policy from the first; a stale etag answers 412."""
    with_bucket(google)
    path = f"{BUCKETS}/lum-states/iam"
    policy = done(google, "GET", path)
    roles = [binding["role"] for binding in policy["bindings"]]
    assert ["roles/storage.legacyBucketOwner", "roles/storage.legacyBucketReader"] == roles

    policy["bindings"].append({"role": "roles/storage.admin", "members": ["group:ops@x.de"]})
    assert "roles/storage.admin" in json.dumps(done(google, "PUT", path, policy))
    assert 412 == refused(google, "PUT", path, policy)[0]


def test_bucket_conditions(google: FakeGoogle) -> None:
    """Conditions need uniform access."""
    with_bucket(google)
    binding = {"role": "roles/storage.admin", "members": ["user:a@x.de"], "condition": CONDITION}
    policy = {"bindings": [binding], "version": 3}

    status, message = refused(google, "PUT", f"{BUCKETS}/lum-states/iam", policy)
    assert 400 == status
    assert "uniform" in message

    on = {"iamConfiguration": {"uniformBucketLevelAccess": {"enabled": True}}}
    done(google, "PATCH", f"{BUCKETS}/lum-states", on)
    done(google, "PUT", f"{BUCKETS}/lum-states/iam", policy)


@pytest.mark.parametrize("member", ["allUsers", "allAuthenticatedUsers"])
def test_public_access(member: str, google: FakeGoogle) -> None:
    """Nothing is public where that is prevented."""
    with_bucket(google, iamConfiguration={"publicAccessPrevention": "enforced"})
    policy = granting("roles/storage.objectViewer", member)

    assert 412 == refused(google, "PUT", f"{BUCKETS}/lum-states/iam", policy)[0]
    off = {"iamConfiguration": {"publicAccessPrevention": "inherited"}}
    done(google, "PATCH", f"{BUCKETS}/lum-states", off)
    done(google, "PUT", f"{BUCKETS}/lum-states/iam", policy)


def test_zonal(google: FakeGoogle) -> None:
    """A bucket of the class for it is in one zone of its region."""
    body = {"location": "US-CENTRAL1", "storageClass": "RAPID"}
    for zones, expected in ((["US-EAST1-B"], 400), ([], 400), (["US-CENTRAL1-B"], 200)):
        placed = {**body, "name": "zonal", "customPlacementConfig": {"dataLocations": zones}}
        status, bucket = ask(google, "POST", f"{BUCKETS}?project=eng-ai-dev", placed)
        assert expected == status
        if status == 200:
            assert ("zone", "RAPID") == (bucket["locationType"], bucket["storageClass"])


def test_a_batch_of_the_client(google: FakeGoogle) -> None:
    """Google's client sends what changes several objects at once, and asks what it may do."""
    client = Client(
        project="eng-ai-dev",
        credentials=Credentials("fake"),
        client_options={"api_endpoint": google.url},
    )
    bucket = client.create_bucket("lum-states")
    for name in ("kept", "gone"):
        bucket.blob(name).upload_from_string(name)

    with client.batch():
        bucket.delete_blob("gone")
        kept = bucket.blob("kept")
        kept.metadata = {"a": "b"}
        kept.patch()

    assert [("kept", {"a": "b"})] == [(blob.name, blob.metadata) for blob in bucket.list_blobs()]
    asked = ["storage.objects.get", "storage.buckets.get"]
    assert asked == bucket.test_iam_permissions(asked)
