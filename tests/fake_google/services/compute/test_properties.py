"""What Google refuses in a template's properties, and which of these go together."""

import pytest

from fake_google import FakeGoogle, Options
from tests.fake_google.asking import TEMPLATE, TEMPLATES, Json, done, refused

RUN = {"maxRunDuration": {"seconds": "3600"}, "instanceTerminationAction": "DELETE"}
BOUND = {
    "consumeReservationType": "SPECIFIC_RESERVATION",
    "key": "compute.googleapis.com/reservation-name",
    "values": ["projects/p-other/reservations/gpus"],
}
DISK: Json = {"boot": True, "initializeParams": {}}


def with_properties(**fields: object) -> Json:
    return {**TEMPLATE, "properties": {**TEMPLATE["properties"], **fields}}


@pytest.mark.parametrize(
    ("message", "fields"),
    [
        ("Only one disk can be the boot disk", {"disks": [DISK, DISK]}),
        ("same device name", {"disks": [{"deviceName": "a"}, {"deviceName": "a"}]}),
        ("diskSizeGb", {"disks": [{**DISK, "diskSizeGb": "70000"}]}),
        ("label key 'A'", {"labels": {"A": "b"}}),
        ("label value 'B'", {"labels": {"a": "B"}}),
        ("at most 64 labels", {"labels": {f"l{number}": "" for number in range(65)}}),
        ("metadata.items.key", {"metadata": {"items": [{"key": "a b", "value": ""}]}}),
        ("more than 262144 bytes", {"metadata": {"items": [{"key": "a", "value": "x" * 300_000}]}}),
        ("more than once", {"metadata": {"items": [{"key": "a"}, {"key": "a"}]}}),
        ("'N1'", {"machineType": "N1"}),
        ("tags.items", {"tags": {"items": ["-x"]}}),
        ("network resource cannot", {"networkInterfaces": [{"network": "global/networks/x"}]}),
        (
            "cannot specify a termination action",
            {"scheduling": {"instanceTerminationAction": "STOP"}},
        ),
        ("AutomaticRestart", {"scheduling": {"preemptible": True, "automaticRestart": True}}),
        (
            "Spot VM must have TERMINATE",
            {"scheduling": {"provisioningModel": "SPOT", "onHostMaintenance": "MIGRATE"}},
        ),
        ("from 30 to", {"scheduling": {**RUN, "maxRunDuration": {"seconds": "10"}}}),
        ("whose run is limited needs one", {"scheduling": {"maxRunDuration": {"seconds": "99"}}}),
        (
            "must have a maximum run duration",
            {
                "scheduling": {
                    "provisioningModel": "FLEX_START",
                    "instanceTerminationAction": "STOP",
                }
            },
        ),
        (
            "runs 7 days at most",
            {
                "scheduling": {
                    **RUN,
                    "provisioningModel": "FLEX_START",
                    "maxRunDuration": {"seconds": "700000"},
                }
            },
        ),
        (
            "cannot consume a reservation",
            {
                "scheduling": {**RUN, "provisioningModel": "FLEX_START"},
                "reservationAffinity": BOUND,
            },
        ),
        ("must name its reservation", {"scheduling": {"provisioningModel": "RESERVATION_BOUND"}}),
        ("no reservation's name", {"reservationAffinity": {**BOUND, "values": ["Gpus!"]}}),
        ("no reservation's name", {"reservationAffinity": {**BOUND, "values": []}}),
        ("must be compute.googleapis.com", {"reservationAffinity": {**BOUND, "key": "x"}}),
    ],
)
def test_refused(message: str, fields: Json, google: FakeGoogle) -> None:
    status, actual = refused(google, "POST", TEMPLATES, with_properties(**fields))

    assert 400 == status
    assert message in actual


@pytest.mark.parametrize(
    "fields",
    [
        {"scheduling": {"provisioningModel": "SPOT", "instanceTerminationAction": "DELETE"}},
        {"scheduling": RUN},
        {"scheduling": {**RUN, "provisioningModel": "FLEX_START"}},
        {
            "scheduling": {**RUN, "provisioningModel": "RESERVATION_BOUND"},
            "reservationAffinity": BOUND,
        },
        {"labels": {"a-b_c": "", "stra\u00dfe": "gr\u00fcn-1"}},
        {"networkInterfaces": [{"network": "projects/shared-net/global/networks/x"}]},
        {"machineType": "n2-custom-4-8192"},
    ],
)
def test_taken(fields: Json, google: FakeGoogle) -> None:
    done(google, "POST", TEMPLATES, with_properties(**fields))


def test_machine_types() -> None:
    """Where the machine types are known, another one is refused; elsewhere any is taken."""
    options = Options(switched_on=True, machine_types={"a2-highgpu-8g": (96, 696_320)})
    with FakeGoogle(options=options) as google:
        done(google, "POST", TEMPLATES, TEMPLATE)
        body = {**with_properties(machineType="a2-highgpu-9g"), "name": "other"}
        assert "no such machine type" in refused(google, "POST", TEMPLATES, body)[1]
        path = "/compute/v1/projects/eng-ai-dev/zones/us-central1-a/machineTypes"
        assert 96 == done(google, "GET", f"{path}/a2-highgpu-8g")["guestCpus"]
        assert 404 == refused(google, "GET", f"{path}/a2-highgpu-9g")[0]
        assert 1 == len(done(google, "GET", path)["items"])
