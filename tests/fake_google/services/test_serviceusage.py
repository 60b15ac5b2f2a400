"""The APIs that are switched on in a project."""

from fake_google import FakeGoogle
from tests.fake_google.asking import SWITCHES, done, refused


def test_services(google: FakeGoogle) -> None:
    """The list holds what is on; at most 20 are switched on at once, and only Google's."""
    ids = [f"{name}.googleapis.com" for name in ("compute", "pubsub")]
    done(google, "POST", f"{SWITCHES}:batchEnable", {"serviceIds": ids})
    done(google, "POST", f"{SWITCHES}/compute.googleapis.com:disable", {})

    on = done(google, "GET", f"{SWITCHES}?filter=state:ENABLED")["services"]
    assert ["pubsub.googleapis.com"] == [service["config"]["name"] for service in on]
    assert "DISABLED" == done(google, "GET", f"{SWITCHES}/compute.googleapis.com")["state"]
    for bad, status in (([], 400), (ids * 11, 400), (["pubsub.example.com"], 404)):
        body = {"serviceIds": bad}
        assert status == refused(google, "POST", f"{SWITCHES}:batchEnable", body)[0]
