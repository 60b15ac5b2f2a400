"""What is asked of Google as quota."""

import re

import pytest

from fake_google import FakeGoogle
from tests.fake_google.asking import PREFERENCE, PREFERENCES, Json, done, refused, with_preference


def test_preference(google: FakeGoogle) -> None:
    """All that is asked for is granted; who asked, and why, is not told again."""
    created = with_preference(google)

    got = done(google, "GET", f"{PREFERENCES}/v100")
    assert created == got
    assert {"preferredValue": "24", "grantedValue": "24"} == got["quotaConfig"]
    assert re.fullmatch(r"projects/\d+/locations/global/quotaPreferences/v100", got["name"])
    assert not got["reconciling"]
    assert not {"contactEmail", "justification"} & got.keys()
    assert [got] == done(google, "GET", PREFERENCES)["quotaPreferences"]
    assert got == done(google, "GET", f"/cloudquotas/v1/{got['name']}")


def test_preference_taken(google: FakeGoogle) -> None:
    """One that is there stays: no other takes its name or its quota, and nothing deletes it."""
    with_preference(google)

    there = f"{PREFERENCES}?quotaPreferenceId="
    elsewhere = {**PREFERENCE, "dimensions": {"region": "us-west1"}}
    for id_, body in (("v100", PREFERENCE), ("v100", elsewhere), ("other", PREFERENCE)):
        status, message = refused(google, "POST", there + id_, body)
        assert 409 == status
        assert "already" in message
    done(google, "POST", f"{there}other", elsewhere)
    done(google, "POST", PREFERENCES, {**PREFERENCE, "dimensions": {}})
    assert 3 == len(done(google, "GET", PREFERENCES)["quotaPreferences"])
    assert 501 == refused(google, "DELETE", f"{PREFERENCES}/v100")[0]


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        (PREFERENCES, {"service": ""}),
        (PREFERENCES, {"quotaId": None}),
        (PREFERENCES, {"quotaConfig": None}),
        (PREFERENCES, {"quotaConfig": {}}),
        (PREFERENCES, {"quotaConfig": {"preferredValue": "-2"}}),
        (PREFERENCES, {"quotaConfig": {"preferredValue": "many"}}),
        (f"{PREFERENCES}?quotaPreferenceId=a%2Fb", {}),
        (PREFERENCES.replace("global", "us-central1"), {}),
    ],
)
def test_preference_refused(path: str, fields: Json, google: FakeGoogle) -> None:
    """A preference says which quota and how much, and is global."""
    assert 400 == refused(google, "POST", path, {**PREFERENCE, **fields})[0]


def test_preference_patch(google: FakeGoogle) -> None:
    """How much is changed, by mask or as a whole; for which quota is not."""
    before = with_preference(google)
    more = {**PREFERENCE, "name": "v100", "quotaConfig": {"preferredValue": "32"}}

    path = f"{PREFERENCES}/v100"
    assert "24" == done(google, "PATCH", f"{path}?updateMask=justification", more)["quotaConfig"][
        "grantedValue"
    ]  # fmt: skip
    dry = done(google, "PATCH", f"{path}?updateMask=quotaConfig&validateOnly=true", more)
    assert "32" == dry["quotaConfig"]["preferredValue"]
    assert "24" == done(google, "GET", path)["quotaConfig"]["preferredValue"]
    after = done(google, "PATCH", path, more)
    assert {"preferredValue": "32", "grantedValue": "32"} == after["quotaConfig"]
    assert (before["createTime"], before["name"]) == (after["createTime"], after["name"])
    assert 409 == refused(google, "PATCH", path, {**more, "etag": before["etag"]})[0]
    done(google, "PATCH", path, {**more, "etag": after["etag"]})
    for field, value in (("dimensions", {}), ("quota_id", "x"), ("service", "x"), ("name", "x")):
        key = "quotaId" if field == "quota_id" else field
        mask = f"{path}?updateMask={field}"
        assert 400 == refused(google, "PATCH", mask, {**more, key: value})[0]


def test_preference_missing(google: FakeGoogle) -> None:
    """One that is not there is made by a patch only where that is asked for."""
    path = f"{PREFERENCES}/v100"

    assert 404 == refused(google, "GET", path)[0]
    assert 404 == refused(google, "PATCH", path, PREFERENCE)[0]
    done(google, "PATCH", f"{path}?allowMissing=true", PREFERENCE)
    done(google, "GET", path)
