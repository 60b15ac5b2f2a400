"""What is there before anybody makes anything, and operations."""

import pytest

from fake_google import FakeGoogle
from tests.fake_google.asking import PROJECT, TEMPLATE, TEMPLATES, done, refused

BELOW = f"/compute/v1/{PROJECT}"


@pytest.mark.parametrize(
    ("there", "missing"),
    [
        ("zones/us-central1-a", "zones/us-central1-z"),
        ("regions/us-central1", "regions/us-central9"),
        ("global/networks/default", "global/networks/other"),
        (
            "regions/us-east1/subnetworks/default",
            "regions/us-east1/subnetworks/other",
        ),
    ],
)
def test_there(there: str, missing: str, google: FakeGoogle) -> None:
    answer = done(google, "GET", f"{BELOW}/{there}")

    assert f"{google.url}{BELOW}/{there}" == answer["selfLink"]
    assert 404 == refused(google, "GET", f"{BELOW}/{missing}")[0]


@pytest.mark.parametrize(
    ("path", "count"),
    [
        ("zones?filter=name=us-central1-*", 5),
        ("regions?filter=name:europe-west4", 1),
        ("global/networks", 1),
        ("regions/us-east1/subnetworks", 1),
        ("global/images", 0),
    ],
)
def test_lists(path: str, count: int, google: FakeGoogle) -> None:
    assert count == len(done(google, "GET", f"{BELOW}/{path}")["items"])


def test_images(google: FakeGoogle) -> None:
    """An image is found by name and by family, in Google's own projects too."""
    below = "/compute/v1/projects/debian-cloud/global/images"
    family = done(google, "GET", f"{below}/family/debian-12")

    assert family == done(google, "GET", f"{below}/{family['name']}") | {"family": "debian-12"}
    assert "debian-12" == done(google, "GET", below)["items"][0]["family"]


def test_operations(google: FakeGoogle) -> None:
    """An operation is there as long as it is remembered; one that never was is not."""
    operation = done(google, "POST", TEMPLATES, TEMPLATE)

    path = f"{BELOW}/global/operations"
    assert operation == done(google, "GET", f"{path}/{operation['name']}")
    assert operation == done(google, "POST", f"{path}/{operation['name']}/wait")
    assert {"DONE", "insert"} == {operation["status"], operation["operationType"]}
    assert operation["endTime"]
    assert 404 == refused(google, "GET", f"{path}/operation-other")[0]


def test_all_subnetworks(google: FakeGoogle) -> None:
    items = done(google, "GET", f"{BELOW}/aggregated/subnetworks")["items"]

    assert "default" == items["regions/europe-west4"]["subnetworks"][0]["name"]
