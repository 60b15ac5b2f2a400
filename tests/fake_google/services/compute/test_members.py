"""The VMs of groups."""

from fake_google import FakeGoogle
from tests.fake_google.asking import (
    GROUP,
    GROUPS,
    ZONES,
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
