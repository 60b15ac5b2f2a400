"""Regional managed instance groups."""

import pytest

from fake_google import FakeGoogle
from tests.fake_google.asking import (
    GROUP,
    GROUPS,
    PROJECT,
    TEMPLATES,
    Json,
    ask,
    done,
    refused,
    templates_of_vms,
    vms,
    with_group,
    with_template,
)


@pytest.mark.parametrize(
    "template",
    [
        "missing",
        "jobs-tpl",
        "global/instanceTemplates/jobs-tpl",
        f"{TEMPLATES}/jobs-tpl?uniqueId=1",
    ],
)
def test_group_template(template: str, google: FakeGoogle) -> None:
    """A group's template exists, however it is named, or the group is refused."""
    with_template(google)

    group = {**GROUP, "versions": [{"instanceTemplate": template}]}

    status, _ = ask(google, "POST", GROUPS, group)
    assert (404 if template == "missing" else 200) == status


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "Jobs"},
        {"baseInstanceName": "x" * 59},
        {"baseInstanceName": "Jobs"},
        {"targetSize": -1},
        {"targetSize": 2**31},
        {"distributionPolicy": {"zones": [{"zone": "zones/europe-west4-a"}]}},
        {"distributionPolicy": {"zones": [{}]}},
        {"distributionPolicy": {"zones": [{"zone": "zones/us-central1-z"}]}},
        {"targetSizePolicy": {"mode": "BULK"}},
        {"namedPorts": [{"name": "http", "port": 0}]},
        {"updatePolicy": {"maxSurge": {"fixed": 2}}},
        {"updatePolicy": {"maxUnavailable": {"fixed": 1}}},
        {"updatePolicy": {"maxUnavailable": {"fixed": -3}}},
    ],
)
def test_group_refused(fields: Json, google: FakeGoogle) -> None:
    """A group that Google would not make is refused; a surge is 0 or at least the zones."""
    with_template(google)

    assert 400 == refused(google, "POST", GROUPS, {**GROUP, **fields})[0]
    assert 200 == ask(google, "POST", GROUPS, {
        **GROUP, "updatePolicy": {"maxSurge": {"fixed": 3}, "maxUnavailable": {"fixed": 0}}
    })[0]  # fmt: skip


def test_group_patch(google: FakeGoogle) -> None:
    """A patch changes what it names, and takes away what it names as null."""
    healing = [{"initialDelaySec": 300}]
    before = with_group(google, autoHealingPolicies=healing)
    assert healing == before["autoHealingPolicies"]

    body = {"updatePolicy": {"minimalAction": "RESTART"}, "autoHealingPolicies": None}
    done(google, "PATCH", f"{GROUPS}/jobs-mig", body)

    after = done(google, "GET", f"{GROUPS}/jobs-mig")
    assert "RESTART" == after["updatePolicy"]["minimalAction"]
    assert before["updatePolicy"]["maxSurge"] == after["updatePolicy"]["maxSurge"]
    assert "autoHealingPolicies" not in after
    assert before["versions"] == after["versions"]


def test_group_fingerprint(google: FakeGoogle) -> None:
    """A fingerprint is good for one change."""
    group = with_group(google)
    body = {"fingerprint": group["fingerprint"], "description": "one"}

    done(google, "PATCH", f"{GROUPS}/jobs-mig", body)

    assert 412 == refused(google, "PATCH", f"{GROUPS}/jobs-mig", body)[0]
    after = done(google, "GET", f"{GROUPS}/jobs-mig")
    assert group["fingerprint"] != after["fingerprint"]


def test_group_zones(google: FakeGoogle) -> None:
    """A group's zones stay what they are; naming the same ones is no change."""
    group = with_group(google)
    policy = {"distributionPolicy": {"zones": group["distributionPolicy"]["zones"]}}
    done(google, "PATCH", f"{GROUPS}/jobs-mig", policy)

    for zones in ([{"zone": "zones/us-central1-a"}], [], None):
        body = {"distributionPolicy": {"zones": zones}}
        assert 400 == refused(google, "PATCH", f"{GROUPS}/jobs-mig", body)[0]


def test_opportunistic(google: FakeGoogle) -> None:
    """A new template is for new VMs: those that run are not touched."""
    with_group(google, targetSize=2)
    with_template(google, "newer")
    before = templates_of_vms(google)
    versions = [{"instanceTemplate": f"{PROJECT}/global/instanceTemplates/newer"}]

    done(google, "PATCH", f"{GROUPS}/jobs-mig", {"versions": versions})
    assert before == templates_of_vms(google)
    group = done(google, "GET", f"{GROUPS}/jobs-mig")
    assert not group["status"]["versionTarget"]["isReached"]

    done(google, "POST", f"{GROUPS}/jobs-mig/resize?size=3")
    assert ["jobs-tpl", "jobs-tpl", "newer"] == sorted(templates_of_vms(google).values())


def test_proactive(google: FakeGoogle) -> None:
    """With an update policy that says so, every VM is replaced."""
    with_group(google, targetSize=2, updatePolicy={"type": "PROACTIVE"})
    with_template(google, "newer")
    before = templates_of_vms(google)
    versions = [{"instanceTemplate": f"{PROJECT}/global/instanceTemplates/newer"}]

    done(google, "PATCH", f"{GROUPS}/jobs-mig", {"versions": versions})

    after = templates_of_vms(google)
    assert ["newer", "newer"] == list(after.values())
    assert not before.keys() & after.keys()


def test_delete_group(google: FakeGoogle) -> None:
    """A group takes its VMs with it, but not those that were abandoned."""
    with_group(google, targetSize=3)
    first, *_ = vms(google)
    body = {"instances": [path for path in google.vms() if path.endswith(first)]}
    done(google, "POST", f"{GROUPS}/jobs-mig/abandonInstances", body)

    done(google, "DELETE", f"{GROUPS}/jobs-mig")

    assert [first] == vms(google)
    assert 404 == refused(google, "GET", f"{GROUPS}/jobs-mig")[0]
    (path,) = google.vms()
    assert "RUNNING" == done(google, "GET", f"/compute/v1/{path}")["status"]
    done(google, "DELETE", f"/compute/v1/{path}")
    assert 404 == refused(google, "GET", f"/compute/v1/{path}")[0]


def test_bulk(google: FakeGoogle) -> None:
    """VMs that are made all at once are in one zone, and nobody repairs them."""
    with_group(
        google,
        distributionPolicy={"targetShape": "ANY_SINGLE_ZONE"},
        updatePolicy={"instanceRedistributionType": "NONE"},
        instanceLifecyclePolicy={"defaultActionOnFailure": "DO_NOTHING"},
        targetSizePolicy={"mode": "BULK"},
    )

    body = {"instanceLifecyclePolicy": {"defaultActionOnFailure": "REPAIR"}}
    assert 400 == refused(google, "PATCH", f"{GROUPS}/jobs-mig", body)[0]


def test_region(google: FakeGoogle) -> None:
    """A region that is none has no group."""
    with_template(google)
    path = GROUPS.replace("us-central1", "us-central9")

    assert "Unknown region" in refused(google, "POST", path, GROUP)[1]


def test_a_group_without_a_base_name(google: FakeGoogle) -> None:
    """The names of its VMs begin as its own does, which gcloud relies on."""
    group = with_group(google, baseInstanceName=None)

    assert "jobs-mig" == group["baseInstanceName"]
