"""The VMs of groups."""

from fake_google import FakeGoogle
from tests.fake_google.asking import (
    GROUP,
    GROUPS,
    PROJECT,
    ZONES,
    ask,
    done,
    refused,
    templates_of_vms,
    vms,
    with_group,
)


def test_resize(google: FakeGoogle) -> None:
    """A group has the VMs that it is told to, spread over its zones."""
    with_group(google)

    for size in (5, 2, 0):
        done(google, "POST", f"{GROUPS}/jobs-mig/resize?size={size}")
        assert size == done(google, "GET", f"{GROUPS}/jobs-mig")["targetSize"]
        assert size == len(vms(google))
    assert 400 == refused(google, "POST", f"{GROUPS}/jobs-mig/resize?size=-1")[0]

    done(google, "POST", f"{GROUPS}/jobs-mig/resize?size=3")
    in_zones = [path.split("/")[3] for path in google.vms()]
    assert ZONES == sorted(in_zones)


def test_many_vms(google: FakeGoogle) -> None:
    """No two VMs have the same name, even if their groups name them alike."""
    zones = [{"zone": "zones/us-central1-a"}]
    with_group(google, distributionPolicy={"zones": zones}, targetSize=1500)

    body = {"name": "other", "distributionPolicy": {"zones": zones}, "targetSize": 1500}
    done(google, "POST", GROUPS, {**GROUP, **body})

    assert 3000 == len(google.vms())


def test_abandon(google: FakeGoogle) -> None:
    """A VM that is abandoned runs on, and the group is the smaller for it."""
    with_group(google, targetSize=3)
    first, *others = vms(google)
    (path,) = (path for path in google.vms() if path.endswith(first))
    zone = path.split("/")[3]
    (other, *_) = (name for name in ZONES if name != zone)
    for wrong in (first, f"zones/{other}/instances/{first}", f"zones/{zone}/instances/x"):
        elsewhere = {"instances": [wrong]}
        assert 400 == refused(google, "POST", f"{GROUPS}/jobs-mig/abandonInstances", elsewhere)[0]
    body = {"instances": [f"zones/{zone}/instances/{first}"]}

    done(google, "POST", f"{GROUPS}/jobs-mig/abandonInstances", body)

    assert 2 == done(google, "GET", f"{GROUPS}/jobs-mig")["targetSize"]
    assert others == sorted(templates_of_vms(google))
    assert [first, *others] == vms(google)
    assert 400 == refused(google, "POST", f"{GROUPS}/jobs-mig/abandonInstances", body)[0]


def test_a_vm_that_deleted_itself(google: FakeGoogle) -> None:
    """It is not made anew for the sake of another change: only a new size does that."""
    with_group(google, targetSize=2)
    gone, left = google.vms()
    done(google, "DELETE", f"/compute/v1/{gone}")

    done(google, "PATCH", f"{GROUPS}/jobs-mig", {"distributionPolicy": {"targetShape": "ANY"}})
    assert [left] == google.vms()
    assert 2 == done(google, "GET", f"{GROUPS}/jobs-mig")["targetSize"]

    done(google, "POST", f"{GROUPS}/jobs-mig/resize?size=2")
    assert 2 == len(google.vms())


def test_stock_out(google: FakeGoogle) -> None:
    """Where a zone has no room, a group that must spread waits; another goes elsewhere."""
    with_group(google)
    done(google, "PUT", "/_control/capacity", {"us-central1-a": 0})
    done(google, "POST", f"{GROUPS}/jobs-mig/resize?size=3")

    assert 2 == len(google.vms())
    (error,) = done(google, "GET", f"{GROUPS}/jobs-mig/listErrors")["items"]
    assert "ZONE_RESOURCE_POOL_EXHAUSTED" == error["error"]["code"]
    assert 3 == done(google, "GET", f"{GROUPS}/jobs-mig")["targetSize"]

    anywhere = {"distributionPolicy": {"targetShape": "ANY"}, "targetSize": 3}
    done(google, "PATCH", f"{GROUPS}/jobs-mig", anywhere)
    assert 3 == len(google.vms())
    assert {"items": []} == done(google, "GET", f"{GROUPS}/jobs-mig/listErrors")


def test_quota(google: FakeGoogle) -> None:
    """A region's quota ends what all groups in it can have, until there is more."""
    with_group(google)
    done(google, "PUT", "/_control/capacity", {"us-central1": 2})
    done(google, "POST", f"{GROUPS}/jobs-mig/resize?size=5")
    assert 2 == len(google.vms())
    errors = done(google, "GET", f"{GROUPS}/jobs-mig/listErrors")["items"]
    assert {"QUOTA_EXCEEDED"} == {error["error"]["code"] for error in errors}

    done(google, "PUT", "/_control/capacity", {})
    assert 5 == len(google.vms())
    for bad in ({"us-central9": 1}, {"us-central1": "many"}, {"us-central1": True}):
        assert 400 == ask(google, "PUT", "/_control/capacity", bad)[0]


def test_delete_instances(google: FakeGoogle) -> None:
    """A VM that is deleted by way of its group makes that smaller."""
    with_group(google, targetSize=3)
    body = {"instances": google.vms()[:2]}

    done(google, "POST", f"{GROUPS}/jobs-mig/deleteInstances", body)

    assert 1 == len(google.vms())
    assert 1 == done(google, "GET", f"{GROUPS}/jobs-mig")["targetSize"]


def test_all_vms(google: FakeGoogle) -> None:
    """The VMs of all zones are found by a filter, page by page."""
    with_group(google, targetSize=5)
    path = f"/compute/v1/{PROJECT}/aggregated/instances"

    answer = done(google, "GET", path)
    there = [vm for scope in answer["items"].values() for vm in scope.get("instances", [])]
    assert 5 == len(there)
    assert "NO_RESULTS_ON_PAGE" == answer["items"]["zones/europe-west4-a"]["warning"]["code"]
    name = there[0]["name"]
    (found,) = (
        vm
        for scope in done(google, "GET", f"{path}?filter=name={name}")["items"].values()
        for vm in scope.get("instances", [])
    )
    assert there[0] == found
    first = done(google, "GET", f"{path}?maxResults=3")
    second = done(google, "GET", f"{path}?maxResults=3&pageToken={first['nextPageToken']}")
    assert "nextPageToken" not in second
