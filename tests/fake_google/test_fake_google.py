"""The fake Google on the wire: what it fills in, what it refuses, and how it fails on order."""

import base64
import http.client
import json
import re
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fake_google import FakeGoogle, Store, discovery
from fake_google.calls import Request
from fake_google.discovery import Api, Method
from fake_google.server import ALWAYS_ON, ENDPOINTS, SERVICES

Json = dict[str, Any]

PROJECT = "projects/eng-ai-dev"
TEMPLATES = f"/compute/v1/{PROJECT}/global/instanceTemplates"
GROUPS = f"/compute/v1/{PROJECT}/regions/us-central1/instanceGroupManagers"
BUCKETS = "/storage/v1/b"
UPLOADS = "/upload/storage/v1/b/lum-states/o"
TOPICS = f"/pubsub/v1/{PROJECT}/topics"
SUBSCRIPTIONS = f"/pubsub/v1/{PROJECT}/subscriptions"
ACCOUNTS = f"/iam/v1/{PROJECT}/serviceAccounts"
ROLES = f"/iam/v1/{PROJECT}/roles"
SECRETS = f"/secretmanager/v1/{PROJECT}/secrets"
SWITCHES = f"/serviceusage/v1/{PROJECT}/services"
PREFERENCES = f"/cloudquotas/v1/{PROJECT}/locations/global/quotaPreferences"
POLICY = f"/cloudresourcemanager/v1/{PROJECT}"

EMAIL = "jobs-sa@eng-ai-dev.iam.gserviceaccount.com"
ZONES = [f"us-central1-{letter}" for letter in "abc"]
PAYLOAD = b"a payload that nobody may see"

TEMPLATE: Json = {
    "name": "jobs-tpl",
    "properties": {
        "machineType": "a2-highgpu-8g",
        "disks": [{"boot": True, "initializeParams": {"sourceImage": "global/images/jobs"}}],
        "networkInterfaces": [{"network": "default", "accessConfigs": [{}]}],
        "metadata": {"items": [{"key": "a", "value": "b"}]},
    },
}
GROUP: Json = {
    "name": "jobs-mig",
    "baseInstanceName": "jobs-vm",
    "versions": [{"instanceTemplate": f"https://compute{TEMPLATES}/jobs-tpl"}],
    "targetSize": 0,
}
BUCKET: Json = {"name": "lum-states", "location": "us-central1"}
SUBSCRIPTION: Json = {"topic": f"{PROJECT}/topics/start", "filter": "attributes.cluster = 'a'"}
ACCOUNT: Json = {"accountId": "jobs-sa", "serviceAccount": {"displayName": "Jobs"}}
ROLE: Json = {"roleId": "runner", "role": {"includedPermissions": ["pubsub.topics.publish"]}}
SECRET: Json = {"replication": {"automatic": {}}}
VERSION: Json = {"payload": {"data": base64.b64encode(PAYLOAD).decode()}}
PREFERENCE: Json = {
    "service": "compute.googleapis.com",
    "quotaId": "NVIDIA-V100-GPUS-per-project-region",
    "dimensions": {"region": "us-central1"},
    "quotaConfig": {"preferredValue": "24"},
    "contactEmail": "a@b.example",
    "justification": "jobs",
}
CONDITION: Json = {"title": "night", "expression": "request.time.getHours() < 6"}


@pytest.fixture(scope="module")
def server() -> Iterator[FakeGoogle]:
    with FakeGoogle(switched_on=True) as google:
        yield google


@pytest.fixture
def google(server: FakeGoogle) -> FakeGoogle:
    """A server that holds nothing."""
    server.store.load(Store().dump())
    server.faults.clear()
    server.forget_requests()
    return server


def send(
    google: FakeGoogle, verb: str, path: str, data: bytes | None = None, content_type: str = ""
) -> tuple[int, bytes]:
    """Send a request as it is; the status and the answer's bytes."""
    connection = http.client.HTTPConnection(urlsplit(google.url).netloc, timeout=10)
    try:
        connection.request(verb, path, data, {"Content-Type": content_type})
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def ask(google: FakeGoogle, verb: str, path: str, body: Any = None) -> tuple[int, Json]:
    """Send JSON; the status and the answer."""
    data = None if body is None else json.dumps(body).encode()
    status, answer = send(google, verb, path, data, "application/json")
    return status, json.loads(answer)


def done(google: FakeGoogle, verb: str, path: str, body: Any = None) -> Json:
    """Send JSON that is not refused; the answer."""
    status, answer = ask(google, verb, path, body)
    assert 200 == status, answer
    return answer


def refused(google: FakeGoogle, verb: str, path: str, body: Any = None) -> tuple[int, str]:
    """Send JSON that is refused; the status and the reason, after a look at the error's shape."""
    status, answer = ask(google, verb, path, body)
    error = answer["error"]
    assert status == error["code"]
    assert error["message"] == error["errors"][0]["message"]
    assert {"code", "message", "status", "errors"} == error.keys()
    return status, error["message"]


def with_template(google: FakeGoogle, *names: str) -> None:
    for name in names or ("jobs-tpl",):
        done(google, "POST", TEMPLATES, {**TEMPLATE, "name": name})


def with_group(google: FakeGoogle, **fields: Any) -> Json:
    """A group, and the template that it uses."""
    with_template(google)
    done(google, "POST", GROUPS, {**GROUP, **fields})
    return done(google, "GET", f"{GROUPS}/jobs-mig")


def with_topic(google: FakeGoogle) -> None:
    done(google, "PUT", f"{TOPICS}/start", {"labels": {"a": "b"}})
    done(google, "PUT", f"{SUBSCRIPTIONS}/start-runner", SUBSCRIPTION)


def with_bucket(google: FakeGoogle, **fields: Any) -> Json:
    return done(google, "POST", f"{BUCKETS}?project=eng-ai-dev", {**BUCKET, **fields})


def with_secret(google: FakeGoogle) -> None:
    done(google, "POST", f"{SECRETS}?secretId=config", SECRET)
    done(google, "POST", f"{SECRETS}/config:addVersion", VERSION)


def with_preference(google: FakeGoogle) -> Json:
    return done(google, "POST", f"{PREFERENCES}?quotaPreferenceId=v100", PREFERENCE)


def with_everything(google: FakeGoogle) -> None:
    """One of each kind, and a policy on each that can have one."""
    with_group(google, targetSize=3)
    with_bucket(google, iamConfiguration={"uniformBucketLevelAccess": {"enabled": True}})
    send(google, "POST", f"{UPLOADS}?uploadType=media&name=state", b"{}")
    with_topic(google)
    with_secret(google)
    with_preference(google)
    done(google, "POST", ACCOUNTS, ACCOUNT)
    done(google, "POST", ROLES, ROLE)
    done(google, "POST", f"{SWITCHES}:batchEnable", {"serviceIds": ["pubsub.googleapis.com"]})
    granted = granting(f"{PROJECT}/roles/runner", f"serviceAccount:{EMAIL}")
    for thing in (
        f"{POLICY}:setIamPolicy",
        f"{TOPICS}/start:setIamPolicy",
        f"{SUBSCRIPTIONS}/start-runner:setIamPolicy",
        f"{SECRETS}/config:setIamPolicy",
        f"{ACCOUNTS}/{EMAIL}:setIamPolicy",
    ):
        done(google, "POST", thing, {"policy": granted})


def granting(role: str, *members: str, **fields: Any) -> Json:
    """A policy of one binding."""
    return {"bindings": [{"role": role, "members": list(members)}], **fields}


def vms(google: FakeGoogle) -> list[str]:
    """The names of the VMs in all zones."""
    found = []
    for zone in ZONES:
        answer = done(google, "GET", f"/compute/v1/{PROJECT}/zones/{zone}/instances")
        found += [item["name"] for item in answer["items"]]
    return sorted(found)


def templates_of_vms(google: FakeGoogle) -> dict[str, str]:
    """The templates of the VMs in the group, by name."""
    answer = done(google, "POST", f"{GROUPS}/jobs-mig/listManagedInstances")
    return {
        vm["name"]: vm["version"]["instanceTemplate"].rpartition("/")[2]
        for vm in answer["managedInstances"]
    }


# --- what all APIs have in common ---


def test_environment(google: FakeGoogle) -> None:
    """The variables point the provider to the server, and give it a token that is none."""
    environment = google.environment()

    assert f"{google.url}/compute/v1/" == environment["GOOGLE_COMPUTE_CUSTOM_ENDPOINT"]
    assert len(ENDPOINTS) + 1 == len(environment)
    assert "fake" == environment["GOOGLE_OAUTH_ACCESS_TOKEN"]


@pytest.mark.parametrize(
    ("error", "request_"),
    [
        ((400, "INVALID_ARGUMENT", "invalid"), ("POST", TEMPLATES, {"name": "Jobs"})),
        ((404, "NOT_FOUND", "notFound"), ("GET", f"{TEMPLATES}/other")),
        ((409, "ALREADY_EXISTS", "alreadyExists"), ("POST", TEMPLATES, TEMPLATE)),
        (
            (412, "FAILED_PRECONDITION", "conditionNotMet"),
            ("PATCH", f"{GROUPS}/jobs-mig", {"fingerprint": "c3RhbGU="}),
        ),
        ((501, "UNIMPLEMENTED", "notImplemented"), ("GET", f"/compute/v1/{PROJECT}/zones")),
    ],
)
def test_errors(error: tuple[int, str, str], request_: tuple[Any, ...], google: FakeGoogle) -> None:
    """An error has the shape of Google's, for the older APIs and for the newer ones."""
    status, word, reason = error
    with_group(google)

    actual, answer = ask(google, *request_)

    message = answer["error"]["message"]
    assert status == actual
    assert {
        "error": {
            "code": status,
            "message": message,
            "status": word,
            "errors": [{"domain": "global", "message": message, "reason": reason}],
        }
    } == answer


@pytest.mark.parametrize(
    ("field", "disk"),
    [
        ('Unknown name "bot" at "properties.disks[0]"', {"bot": True}),
        ('"properties.disks[0].boot" (boolean), "yes"', {"boot": "yes"}),
        ('"properties.disks[0].index" (integer), true', {"index": True}),
        ('"properties.disks[0].mode" (string), "FAST"', {"mode": "FAST"}),
        ('"properties.disks[0].diskSizeGb" (string), "x"', {"diskSizeGb": "x"}),
        ('"properties.disks[0].source" (string), 3', {"source": 3}),
        ('"properties.disks[0].licenses", starting an array', {"licenses": {}}),
        ('"properties.disks[0].initializeParams", starting an obj', {"initializeParams": []}),
        ('"properties.disks[0]", starting an object', "x"),
    ],
)
def test_fields(field: str, disk: Any, google: FakeGoogle) -> None:
    """A field that Google does not know, or of another type, is refused by name."""
    properties = {**TEMPLATE["properties"], "disks": [disk]}
    status, message = refused(google, "POST", TEMPLATES, {**TEMPLATE, "properties": properties})

    assert 400 == status
    assert field in message


@pytest.mark.parametrize("data", [b"{", b"[]", b"3", b"\xff", b"[" * 100_000])
def test_no_json(data: bytes, google: FakeGoogle) -> None:
    """A body that is no JSON object is refused."""
    assert 400 == send(google, "POST", TEMPLATES, data)[0]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        (f"{GROUPS}/jobs-mig/resize?size=1&force=true", 'Unknown name "force"'),
        (f"{GROUPS}/jobs-mig/resize?size=one", 'Invalid value at "size" (integer), "one"'),
        (f"{GROUPS}/jobs-mig/resize", "Required parameter: size"),
    ],
)
def test_query(path: str, message: str, google: FakeGoogle) -> None:
    """A query parameter is one that the method takes, of its type; those of all are taken."""
    with_group(google)

    status, actual = refused(google, "POST", path)

    assert 400 == status
    assert message in actual
    done(google, "GET", f"{GROUPS}/jobs-mig?alt=json&prettyPrint=false&fields=name")


@pytest.mark.parametrize(
    ("verb", "path", "message"),
    [
        ("GET", f"/compute/v1/{PROJECT}/global/firewalls", "does not serve compute.firewalls.list"),
        ("POST", f"{TOPICS}/start:publish", "does not serve pubsub.projects.topics.publish"),
        ("GET", "/compute/v1/nonsense", "does not know GET /compute/v1/nonsense"),
        ("DELETE", "/nothing", "does not know DELETE /nothing"),
        ("GET", "/cloudresourcemanager/v3/projects", "does not know GET /cloud"),
        ("GET", f"{TOPICS}/a%2Fb", "does not know GET /pubsub"),
        ("PATCH", f"{TEMPLATES}/jobs-tpl", "does not know PATCH"),
    ],
)
def test_not_served(verb: str, path: str, message: str, google: FakeGoogle) -> None:
    """What is not served answers 501 and names Google's method, if that is one."""
    status, actual = refused(google, verb, path)

    assert 501 == status
    assert message in actual


def test_version_twice(google: FakeGoogle) -> None:
    """A client that repeats the version of its endpoint is understood."""
    done(google, "PUT", TOPICS.replace("/v1/", "/v1/v1/") + "/start", {})

    assert f"{PROJECT}/topics/start" == done(google, "GET", f"{TOPICS}/start")["name"]


def test_switched_on() -> None:
    """An API answers 403 until it is switched on in the project, and again when it is off."""
    with FakeGoogle(switched_on=False) as google:
        status, message = refused(google, "PUT", f"{TOPICS}/start", {})
        assert 403 == status
        assert message.startswith("pubsub.googleapis.com has not been used in project eng-ai-dev")
        assert 403 == refused(google, "POST", TEMPLATES, TEMPLATE)[0]
        assert 403 == refused(google, "POST", f"{BUCKETS}?project=eng-ai-dev", BUCKET)[0]

        ids = [f"{name}.googleapis.com" for name in ("compute", "pubsub", "storage")]
        answer = done(google, "POST", f"{SWITCHES}:batchEnable", {"serviceIds": ids})
        assert answer["done"]
        with_template(google)
        with_topic(google)
        with_bucket(google)
        send(google, "POST", f"{UPLOADS}?uploadType=media&name=projects%2Fother%2Fstate", b"1")
        assert (200, b"1") == send(google, "GET", "/lum-states/projects/other/state")
        other = TOPICS.replace("eng-ai-dev", "eng-ai-prod")
        assert 403 == refused(google, "GET", other)[0]

        done(google, "POST", f"{SWITCHES}/pubsub.googleapis.com:disable", {})
        assert 403 == refused(google, "GET", f"{TOPICS}/start")[0]
        done(google, "POST", f"{SWITCHES}/pubsub.googleapis.com:enable", {})
        done(google, "GET", f"{TOPICS}/start")


def test_always_on() -> None:
    """Projects and the switches themselves can be used in a project where nothing is on."""
    with FakeGoogle() as google:
        assert "ACTIVE" == done(google, "GET", POLICY)["lifecycleState"]
        done(google, "POST", f"{POLICY}:getIamPolicy", {})
        for api in ALWAYS_ON:
            done(google, "GET", f"{SWITCHES}/{api}")


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


# --- instance templates ---


def test_template(google: FakeGoogle) -> None:
    """A template comes back with what Google fills in."""
    with_template(google)

    template = done(google, "GET", f"{TEMPLATES}/jobs-tpl")

    properties = template["properties"]
    (disk,), (interface,) = properties["disks"], properties["networkInterfaces"]
    assert f"{google.url}{TEMPLATES}/jobs-tpl" == template["selfLink"]
    assert ("PERSISTENT", "READ_WRITE", 0) == (disk["type"], disk["mode"], disk["index"])
    assert interface["network"].endswith(f"/{PROJECT}/global/networks/default")
    assert ["ONE_TO_ONE_NAT"] == [access["type"] for access in interface["accessConfigs"]]
    assert "MIGRATE" == properties["scheduling"]["onHostMaintenance"]
    assert properties["metadata"]["fingerprint"]


def test_template_by_number(google: FakeGoogle) -> None:
    """A template is found by the number that Google gave it."""
    with_template(google, "jobs-tpl", "other")
    template = done(google, "GET", f"{TEMPLATES}/other")

    assert template == done(google, "GET", f"{TEMPLATES}/{template['id']}")


def test_template_taken(google: FakeGoogle) -> None:
    """A template's name is taken while it exists."""
    with_template(google)

    assert 409 == refused(google, "POST", TEMPLATES, TEMPLATE)[0]
    done(google, "DELETE", f"{TEMPLATES}/jobs-tpl")
    with_template(google)


@pytest.mark.parametrize("key", ["machineType", "disks", "networkInterfaces"])
def test_template_incomplete(key: str, google: FakeGoogle) -> None:
    """A template without what a VM needs is refused."""
    properties = {name: value for name, value in TEMPLATE["properties"].items() if name != key}

    status, message = refused(google, "POST", TEMPLATES, {**TEMPLATE, "properties": properties})

    assert 400 == status
    assert f"resource.properties.{key}" in message


def test_template_in_use(google: FakeGoogle) -> None:
    """A template cannot be deleted while a group uses it."""
    with_group(google)

    status, answer = ask(google, "DELETE", f"{TEMPLATES}/jobs-tpl")

    assert 400 == status
    assert "resourceInUseByAnotherResource" == answer["error"]["errors"][0]["reason"]
    done(google, "DELETE", f"{GROUPS}/jobs-mig")
    done(google, "DELETE", f"{TEMPLATES}/jobs-tpl")
    assert 404 == refused(google, "GET", f"{TEMPLATES}/jobs-tpl")[0]


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
        {"baseInstanceName": None},
        {"targetSize": -1},
        {"targetSize": 2**31},
        {"distributionPolicy": {"zones": [{"zone": "zones/europe-west4-a"}]}},
        {"distributionPolicy": {"zones": [{}]}},
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
    body = {"instances": [f"zones/us-central1-a/instances/{first}"]}

    done(google, "POST", f"{GROUPS}/jobs-mig/abandonInstances", body)

    assert 2 == done(google, "GET", f"{GROUPS}/jobs-mig")["targetSize"]
    assert others == sorted(templates_of_vms(google))
    assert [first, *others] == vms(google)
    assert 400 == refused(google, "POST", f"{GROUPS}/jobs-mig/abandonInstances", body)[0]


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
    body = {"instances": [first]}
    done(google, "POST", f"{GROUPS}/jobs-mig/abandonInstances", body)

    done(google, "DELETE", f"{GROUPS}/jobs-mig")

    assert [first] == vms(google)
    assert 404 == refused(google, "GET", f"{GROUPS}/jobs-mig")[0]
    (path,) = google.vms()
    assert "RUNNING" == done(google, "GET", f"/compute/v1/{path}")["status"]
    done(google, "DELETE", f"/compute/v1/{path}")
    assert 404 == refused(google, "GET", f"/compute/v1/{path}")[0]


# --- buckets and objects ---


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


def test_bucket_taken(google: FakeGoogle) -> None:
    """A bucket's name is taken in every project."""
    with_bucket(google)

    assert 409 == refused(google, "POST", f"{BUCKETS}?project=eng-ai-prod", BUCKET)[0]
    assert 400 == refused(google, "POST", BUCKETS, {"name": "lum-other"})[0]
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


def test_media_upload(google: FakeGoogle) -> None:
    """An object that is sent as it is, and read: by path, with `alt=media`, and at the root."""
    with_bucket(google)
    path = f"{BUCKETS}/lum-states/o/{quote('zen/dev/default.tfstate', safe='')}"

    query = urlencode({"uploadType": "media", "name": "zen/dev/default.tfstate"})
    status, _ = send(google, "POST", f"{UPLOADS}?{query}", b'{"serial": 1}', "text/plain")

    assert 200 == status
    thing = done(google, "GET", path)
    assert ("13", "text/plain") == (thing["size"], thing["contentType"])
    for media in (
        f"{path}?alt=media",
        "/lum-states/zen/dev/default.tfstate",
        "/lum-states/zen%2Fdev%2Fdefault.tfstate",
    ):
        assert (200, b'{"serial": 1}') == send(google, "GET", media)
    assert 404 == refused(google, "GET", "/lum-states/zen/dev/other.tfstate")[0]


def test_multipart_upload(google: FakeGoogle) -> None:
    """An object as Google's client in Go sends it: two parts, in chunks of unknown length."""
    with_bucket(google)
    contents = b'{"serial":\r\n\r\n 2}\r\n'
    parts = [
        b'--b0und\r\nContent-Type: application/json\r\n\r\n{"bucket":"lum-states",',
        b'"name":"zen/state","metadata":{"a":"b"}}\n\r\n',
        b"--b0und\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n",
        contents + b"\r\n--b0und--\r\n",
    ]
    connection = http.client.HTTPConnection(urlsplit(google.url).netloc, timeout=10)
    headers = {
        "Content-Type": "multipart/related; boundary=b0und",
        "Transfer-Encoding": "chunked",
    }

    query = "alt=json&name=zen%2Fstate&prettyPrint=false&projection=full&uploadType=multipart"
    connection.request("POST", f"{UPLOADS}?{query}", iter(parts), headers, encode_chunked=True)
    thing = json.loads(connection.getresponse().read())
    connection.request("GET", "/lum-states/zen/state")
    again = connection.getresponse().read()
    connection.close()

    assert ("zen/state", {"a": "b"}) == (thing["name"], thing["metadata"])
    assert "text/plain; charset=utf-8" == thing["contentType"]
    assert contents == again


@pytest.mark.parametrize(
    ("status", "query", "data"),
    [
        (400, "uploadType=multipart", b""),
        (400, "uploadType=multipart", b"--b\r\n\r\n{\r\n--b\r\n\r\nx\r\n--b--"),
        (400, "uploadType=multipart", b"--b\r\n\r\n[]\r\n--b\r\n\r\nx\r\n--b--"),
        (400, "uploadType=multipart", b'--b\r\n\r\n{"name": 3}\r\n--b\r\n\r\nx\r\n--b--'),
        (400, "uploadType=multipart", b"--b\r\n\r\n{}\r\n--b\r\n\r\nx\r\n--b--"),
        (400, "uploadType=multipart", b"--b--b--b"),
        (400, "uploadType=media", b"x"),
        (400, "name=x", b"{}"),
        (501, "uploadType=resumable&name=x", b""),
    ],
)
def test_bad_upload(status: int, query: str, data: bytes, google: FakeGoogle) -> None:
    """An upload of another form, or without a name, is refused."""
    with_bucket(google)

    content_type = "multipart/related; boundary=b"
    assert status == send(google, "POST", f"{UPLOADS}?{query}", data, content_type)[0]


def test_generation(google: FakeGoogle) -> None:
    """An object is made only where there is none, or where it is the one that was read."""
    with_bucket(google)
    path = f"{UPLOADS}?uploadType=media&name=lock&ifGenerationMatch="
    thing = done(google, "POST", f"{path}0", {"id": 1})

    assert 412 == refused(google, "POST", f"{path}0", {"id": 2})[0]
    done(google, "POST", f"{path}{thing['generation']}", {"id": 3})
    lock = f"{BUCKETS}/lum-states/o/lock"
    assert 412 == refused(google, "DELETE", f"{lock}?ifGenerationMatch={thing['generation']}")[0]
    assert (200, b'{"id": 3}') == send(google, "GET", f"{lock}?alt=media")


def test_list_objects(google: FakeGoogle) -> None:
    """Objects are listed by prefix, and with a delimiter as folders."""
    with_bucket(google)
    for name in ("a/1", "a/b/2", "c"):
        send(google, "POST", f"{UPLOADS}?uploadType=media&name={quote(name, safe='')}", b"")

    answer = done(google, "GET", f"{BUCKETS}/lum-states/o?prefix=a/&delimiter=/")

    assert ["a/1"] == [item["name"] for item in answer["items"]]
    assert ["a/b/"] == answer["prefixes"]


# --- topics and subscriptions ---


def test_subscription(google: FakeGoogle) -> None:
    """A subscription comes back with Google's defaults; ids are taken."""
    with_topic(google)

    subscription = done(google, "GET", f"{SUBSCRIPTIONS}/start-runner")

    assert (10, "604800s", "ACTIVE") == (
        subscription["ackDeadlineSeconds"],
        subscription["messageRetentionDuration"],
        subscription["state"],
    )
    assert 409 == refused(google, "PUT", f"{TOPICS}/start", {})[0]
    assert 409 == refused(google, "PUT", f"{SUBSCRIPTIONS}/start-runner", SUBSCRIPTION)[0]
    assert 1 == len(done(google, "GET", TOPICS)["topics"])
    assert [subscription] == done(google, "GET", SUBSCRIPTIONS)["subscriptions"]


@pytest.mark.parametrize(
    ("status", "name", "fields"),
    [
        (404, "other", {"topic": f"{PROJECT}/topics/other"}),
        (404, "other", {"topic": None}),
        (400, "other", {"ackDeadlineSeconds": 9}),
        (400, "other", {"filter": "nonsense"}),
        (400, "goog-other", {}),
        (400, "x", {}),
    ],
)
def test_subscription_refused(status: int, name: str, fields: Json, google: FakeGoogle) -> None:
    """A subscription needs a topic that exists, a filter that is one and a name."""
    with_topic(google)

    body = {**SUBSCRIPTION, **fields}
    assert status == refused(google, "PUT", f"{SUBSCRIPTIONS}/{name}", body)[0]


@pytest.mark.parametrize("field", ["filter", "topic", "name", "enable_message_ordering"])
def test_subscription_fixed(field: str, google: FakeGoogle) -> None:
    """A subscription's filter and topic stay what they are."""
    with_topic(google)
    body = {"subscription": {"filter": "attributes.b", "topic": "x"}, "updateMask": field}

    status, message = refused(google, "PATCH", f"{SUBSCRIPTIONS}/start-runner", body)

    assert 400 == status
    assert f"{field} is not mutable" in message


def test_update_mask(google: FakeGoogle) -> None:
    """A patch needs a mask, and changes what it names and nothing else."""
    with_topic(google)
    path = f"{SUBSCRIPTIONS}/start-runner"
    wanted = {"ackDeadlineSeconds": 60, "labels": {"a": "b"}}
    for mask in ({}, {"updateMask": ""}, {"updateMask": None}):
        assert 400 == refused(google, "PATCH", path, {"subscription": wanted, **mask})[0]

    body = {"subscription": wanted, "updateMask": "ack_deadline_seconds"}
    changed = done(google, "PATCH", path, body)
    assert 60 == changed["ackDeadlineSeconds"]
    assert "labels" not in changed

    back = done(google, "PATCH", path, {"updateMask": "ackDeadlineSeconds"})
    assert 10 == back["ackDeadlineSeconds"]
    body = {"subscription": {"ackDeadlineSeconds": 5}, "updateMask": "ackDeadlineSeconds"}
    assert 400 == refused(google, "PATCH", path, body)[0]
    topic = done(google, "PATCH", f"{TOPICS}/start", {"topic": None, "updateMask": "labels"})
    assert {"name": f"{PROJECT}/topics/start"} == topic


def test_deleted_topic(google: FakeGoogle) -> None:
    """A subscription outlives its topic, and a new one of that name is not its own."""
    with_topic(google)

    done(google, "DELETE", f"{TOPICS}/start")
    done(google, "PUT", f"{TOPICS}/start", {})

    assert "_deleted-topic_" == done(google, "GET", f"{SUBSCRIPTIONS}/start-runner")["topic"]
    assert 404 == refused(google, "DELETE", f"{TOPICS}/other")[0]


# --- service accounts, roles and policies ---


def test_account(google: FakeGoogle) -> None:
    """A service account is found by address and by number, in any project."""
    account = done(google, "POST", ACCOUNTS, ACCOUNT)

    assert EMAIL == account["email"]
    for key in (EMAIL, account["uniqueId"]):
        assert account == done(google, "GET", f"{ACCOUNTS}/{key}")
        assert account == done(google, "GET", f"/iam/v1/projects/-/serviceAccounts/{key}")
    assert 409 == refused(google, "POST", ACCOUNTS, ACCOUNT)[0]
    assert 400 == refused(google, "POST", ACCOUNTS, {"accountId": "short"})[0]
    body = {"serviceAccount": {"displayName": "Other"}, "updateMask": "display_name"}
    assert "Other" == done(google, "PATCH", f"{ACCOUNTS}/{EMAIL}", body)["displayName"]
    body["updateMask"] = "email"
    assert 400 == refused(google, "PATCH", f"{ACCOUNTS}/{EMAIL}", body)[0]


def test_deleted_account(google: FakeGoogle) -> None:
    """What was granted to an account that is gone stays, for nobody else of that name."""
    account = done(google, "POST", ACCOUNTS, ACCOUNT)
    policy = granting("roles/viewer", f"serviceAccount:{EMAIL}", "user:a@x.de")
    before = done(google, "POST", f"{POLICY}:setIamPolicy", {"policy": policy})

    done(google, "DELETE", f"{ACCOUNTS}/{EMAIL}")
    done(google, "POST", ACCOUNTS, ACCOUNT)

    after = done(google, "POST", f"{POLICY}:getIamPolicy", {})
    gone = f"deleted:serviceAccount:{EMAIL}?uid={account['uniqueId']}"
    assert sorted([gone, "user:a@x.de"]) == sorted(after["bindings"][0]["members"])
    assert before["etag"] != after["etag"]


def test_deleted_role(google: FakeGoogle) -> None:
    """A deleted role is still there: its id is taken, it is not granted, and it can come back."""
    role = done(google, "POST", ROLES, ROLE)
    assert "GA" == role["stage"]
    assert 409 == refused(google, "POST", ROLES, ROLE)[0]

    assert done(google, "DELETE", f"{ROLES}/runner")["deleted"]

    status, answer = ask(google, "POST", ROLES, ROLE)
    assert (400, "FAILED_PRECONDITION") == (status, answer["error"]["status"])
    assert done(google, "GET", f"{ROLES}/runner")["deleted"]
    assert [] == done(google, "GET", ROLES)["roles"]
    assert 1 == len(done(google, "GET", f"{ROLES}?showDeleted=true")["roles"])
    body = {"policy": granting(f"{PROJECT}/roles/runner", "user:a@x.de")}
    assert 400 == refused(google, "POST", f"{POLICY}:setIamPolicy", body)[0]
    assert 400 == refused(google, "DELETE", f"{ROLES}/runner")[0]

    back = done(google, "POST", f"{ROLES}/runner:undelete", {})
    assert role == {**back, "etag": role["etag"]}
    assert 400 == refused(google, "POST", f"{ROLES}/runner:undelete", {})[0]
    done(google, "POST", f"{POLICY}:setIamPolicy", body)


def test_role_patch(google: FakeGoogle) -> None:
    """A role is changed by field; a stale etag and a permission that is none are refused."""
    role = done(google, "POST", ROLES, ROLE)
    body = {"title": "Runner", "etag": role["etag"]}
    assert "Runner" == done(google, "PATCH", f"{ROLES}/runner?updateMask=title", body)["title"]

    assert 409 == refused(google, "PATCH", f"{ROLES}/runner?updateMask=title", body)[0]
    for bad in ({"includedPermissions": ["pubsub"]}, {"name": "x"}):
        assert 400 == refused(google, "PATCH", f"{ROLES}/runner", bad)[0]
    emptied = done(google, "PATCH", f"{ROLES}/runner", {"includedPermissions": None})
    assert [] == emptied["includedPermissions"]


def test_policy_etag(google: FakeGoogle) -> None:
    """Of two that read a policy, only the first one writes it."""
    policy = done(google, "POST", f"{POLICY}:getIamPolicy", {})
    body = {"policy": {**policy, **granting("roles/viewer", "user:a@x.de")}}
    done(google, "POST", f"{POLICY}:setIamPolicy", body)

    status, answer = ask(google, "POST", f"{POLICY}:setIamPolicy", body)

    assert (409, "ABORTED") == (status, answer["error"]["status"])


def test_conditions(google: FakeGoogle) -> None:
    """Conditions are of version 3: who asks for less sees a role that cannot be written back."""
    policy: Json = granting("roles/viewer", "user:a@x.de")
    policy["bindings"][0]["condition"] = CONDITION
    body = {"policy": policy}
    assert 400 == refused(google, "POST", f"{POLICY}:setIamPolicy", body)[0]
    done(google, "POST", f"{POLICY}:setIamPolicy", {"policy": {**policy, "version": 3}})

    hidden = done(google, "POST", f"{POLICY}:getIamPolicy", {})
    shown = done(
        google, "POST", f"{POLICY}:getIamPolicy", {"options": {"requestedPolicyVersion": 3}}
    )

    assert (1, 3) == (hidden["version"], shown["version"])
    assert re.fullmatch("roles/viewer_withcond_[0-9a-f]{20}", hidden["bindings"][0]["role"])
    assert "condition" not in hidden["bindings"][0]
    assert policy["bindings"] == shown["bindings"]
    body = {"policy": granting("roles/viewer", "user:a@x.de", version=1)}
    assert 400 == refused(google, "POST", f"{POLICY}:setIamPolicy", body)[0]


@pytest.mark.parametrize(
    ("role", "member", "message"),
    [
        ("roles/viewer", "a@x.de", "no known prefix"),
        ("roles/viewer", f"serviceAccount:{EMAIL}", "does not exist"),
        (f"{PROJECT}/roles/other", "user:a@x.de", "does not exist"),
        ("viewer", "user:a@x.de", "is not valid"),
    ],
)
def test_policy_refused(role: str, member: str, message: str, google: FakeGoogle) -> None:
    """Nothing is granted to someone, or of a role, that does not exist; Google's agents do."""
    with_topic(google)

    body = {"policy": granting(role, member)}
    status, actual = refused(google, "POST", f"{TOPICS}/start:setIamPolicy", body)

    assert 400 == status
    assert message in actual
    agent = "serviceAccount:service-1@gcp-sa-pubsub.iam.gserviceaccount.com"
    body = {"policy": granting("roles/viewer", agent, "allUsers", "domain:x.de")}
    done(google, "POST", f"{TOPICS}/start:setIamPolicy", body)


def test_policies_are_joined(google: FakeGoogle) -> None:
    """Bindings of one role are one binding, with each member once; empty ones are none."""
    bindings = [
        {"role": "roles/viewer", "members": ["user:b@x.de", "user:a@x.de"]},
        {"role": "roles/viewer", "members": ["user:a@x.de"]},
        {"role": "roles/editor", "members": []},
    ]

    body = {"policy": {"bindings": bindings}}
    policy = done(google, "POST", f"{POLICY}:setIamPolicy", body)

    assert granting("roles/viewer", "user:a@x.de", "user:b@x.de")["bindings"] == policy["bindings"]


# --- secrets ---


def test_payload_is_not_kept(google: FakeGoogle) -> None:
    """A payload is nowhere: in no answer, not in the store, and in no list of requests."""
    with_secret(google)
    path = f"{SECRETS}/config:addVersion"
    answers = [
        ask(google, "POST", path, VERSION)[1],
        ask(google, "POST", path, {**VERSION, "nonsense": 1})[1],
        ask(google, "POST", f"{SECRETS}?secretId=other", {**SECRET, **VERSION})[1],
        ask(google, "POST", f"{SECRETS}/missing:addVersion", VERSION)[1],
        ask(google, "GET", f"{SECRETS}/config")[1],
        ask(google, "GET", f"{SECRETS}/config/versions")[1],
        ask(google, "GET", f"{SECRETS}/config/versions/1:access")[1],
        ask(google, "GET", "/_control/requests")[1],
        ask(google, "GET", "/_control/store")[1],
        google.store.dump(),
    ]

    text = json.dumps(answers) + repr(google.requests)

    assert "secretmanager.projects.secrets.addVersion" in text
    assert PAYLOAD.decode() not in text
    for start in range(3):
        # Base64 of any part of it, whichever byte it begins at.
        part = base64.b64encode(PAYLOAD[start:24]).decode().rstrip("=")[1:-2]
        assert part not in text


def test_secret_versions(google: FakeGoogle) -> None:
    """Versions are numbered, the newest is listed first, and none is ever read."""
    with_secret(google)
    second = done(google, "POST", f"{SECRETS}/config:addVersion", VERSION)
    assert second["name"].endswith("/secrets/config/versions/2")

    versions = done(google, "GET", f"{SECRETS}/config/versions")["versions"]
    assert ["2", "1"] == [version["name"].rpartition("/")[2] for version in versions]
    assert 403 == refused(google, "GET", f"{SECRETS}/config/versions/2:access")[0]
    assert 404 == refused(google, "GET", f"{SECRETS}/config/versions/3")[0]
    assert 404 == refused(google, "GET", f"{SECRETS}/other/versions")[0]


def test_secret_version_states(google: FakeGoogle) -> None:
    """A version is disabled and enabled again; destroyed it stays, and its number is taken."""
    with_secret(google)
    path = f"{SECRETS}/config/versions/1"

    for verb, state in (("disable", "DISABLED"), ("enable", "ENABLED"), ("destroy", "DESTROYED")):
        assert state == done(google, "POST", f"{path}:{verb}", {})["state"]
        assert state == done(google, "GET", path)["state"]

    assert done(google, "GET", path)["destroyTime"]
    assert 400 == refused(google, "POST", f"{path}:enable", {})[0]
    second = done(google, "POST", f"{SECRETS}/config:addVersion", VERSION)
    assert second["name"].endswith("/versions/2")


def test_secret_by_number(google: FakeGoogle) -> None:
    """A secret's name comes back with the project's number, and is accepted with it."""
    with_secret(google)
    number = done(google, "GET", POLICY)["projectNumber"]

    secret = done(google, "GET", f"{SECRETS}/config")

    assert f"projects/{number}/secrets/config" == secret["name"]
    below = f"/secretmanager/v1/{secret['name']}"
    assert secret == done(google, "GET", below)
    assert "ENABLED" == done(google, "GET", f"{below}/versions/1")["state"]
    numbered = SECRETS.replace("eng-ai-dev", number)
    assert [secret] == done(google, "GET", numbered)["secrets"]
    assert 409 == refused(google, "POST", f"{numbered}?secretId=config", SECRET)[0]


def test_secret_patch(google: FakeGoogle) -> None:
    """A secret is changed by mask; its replication and its bookkeeping stay."""
    with_secret(google)
    before = done(google, "GET", f"{SECRETS}/config")

    body = {"labels": {"a": "b"}}
    after = done(google, "PATCH", f"{SECRETS}/config?updateMask=labels", body)
    assert {"a": "b"} == after["labels"]
    assert before["etag"] != after["etag"]
    for mask in ("", "replication", "name", "last", "createTime"):
        path = f"{SECRETS}/config?updateMask={mask}"
        assert 400 == refused(google, "PATCH", path, body)[0]


@pytest.mark.parametrize("data", ["", "%%%", "abc", "\u00e4\u00f6\u00fc\u00df", None])
def test_bad_payload(data: str | None, google: FakeGoogle) -> None:
    """A payload is base64, and not empty."""
    with_secret(google)

    body = {"payload": {"data": data}}
    assert 400 == refused(google, "POST", f"{SECRETS}/config:addVersion", body)[0]


@pytest.mark.parametrize("name", ["", "a%2Fb", "a.b", "x" * 256])
def test_secret_refused(name: str, google: FakeGoogle) -> None:
    """A secret has a name without dots and slashes, and says where it is replicated."""
    assert 400 == refused(google, "POST", f"{SECRETS}?secretId={name}", SECRET)[0]
    assert 400 == refused(google, "POST", f"{SECRETS}?secretId=config", {})[0]


# --- quota preferences ---


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


# --- faults and the interface for tests ---


def test_fault_before(google: FakeGoogle) -> None:
    """The n-th request that matches fails, once, and nothing of it is done."""
    fault = {"method": "PUT", "path": "/topics/", "nth": 2, "status": 503}
    done(google, "POST", "/_control/faults", fault)

    statuses = []
    for name in ("one", "two", "two", "three"):
        done(google, "GET", TOPICS)
        statuses.append(ask(google, "PUT", f"{TOPICS}/{name}", {})[0])

    assert [200, 503, 200, 200] == statuses
    (struck,) = (request for request in google.requests if request.fault)
    assert (503, f"{TOPICS}/two") == (struck.status, struck.path)


def test_fault_after(google: FakeGoogle) -> None:
    """A request fails after it was carried out, as when an answer is lost."""
    done(google, "POST", "/_control/faults", {"method": "PUT", "status": 503, "when": "after"})

    assert 503 == refused(google, "PUT", f"{TOPICS}/one", {})[0]
    assert 409 == refused(google, "PUT", f"{TOPICS}/one", {})[0]


@pytest.mark.parametrize(("when", "there"), [("before", 404), ("after", 200)])
def test_fault_cut(when: str, there: int, google: FakeGoogle) -> None:
    """Without a status the connection is cut, with no answer; the next request is answered."""
    done(google, "POST", "/_control/faults", {"method": "PUT", "when": when})

    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        ask(google, "PUT", f"{TOPICS}/one", {})

    assert there == ask(google, "GET", f"{TOPICS}/one")[0]
    assert 0 == google.requests[0].status


def test_fault_late(google: FakeGoogle) -> None:
    """A request that is only late does not hold up the others, and is carried out."""
    done(google, "POST", "/_control/faults", {"method": "PUT", "seconds": 0.2, "status": 0})

    with ThreadPoolExecutor() as pool:
        late = pool.submit(ask, google, "PUT", f"{TOPICS}/one", {})
        assert [] == done(google, "GET", TOPICS)["topics"]
        assert not late.done()
        assert 200 == late.result()[0]
    assert 1 == len(done(google, "GET", TOPICS)["topics"])


def test_forget_faults(google: FakeGoogle) -> None:
    """Faults that have not happened can be taken back."""
    for nth in (1, 2):
        done(google, "POST", "/_control/faults", {"nth": nth, "status": 500})

    assert {"forgotten": 2} == done(google, "DELETE", "/_control/faults")
    done(google, "GET", TOPICS)


def test_requests(google: FakeGoogle) -> None:
    """Requests are remembered with Google's name of the method, until they are forgotten."""
    done(google, "PUT", f"{TOPICS}/start?alt=json", {"labels": {"a": "b"}})
    refused(google, "GET", "/nothing")

    first, second = done(google, "GET", "/_control/requests")["requests"]

    assert {
        "number": first["number"],
        "method": "PUT",
        "path": f"{TOPICS}/start",
        "query": {"alt": "json"},
        "name": "pubsub.projects.topics.create",
        "body": {"labels": {"a": "b"}},
        "status": 200,
        "fault": False,
    } == first
    assert ("", 501) == (second["name"], second["status"])
    done(google, "DELETE", "/_control/requests")
    assert {"requests": []} == done(google, "GET", "/_control/requests")


def test_dump_and_load(google: FakeGoogle) -> None:
    """What was dumped can be loaded, and all is as it was."""
    with_everything(google)
    dump = done(google, "GET", "/_control/store")
    for path in (f"{GROUPS}/jobs-mig", f"{TEMPLATES}/jobs-tpl", f"{SECRETS}/config"):
        done(google, "DELETE", path)

    done(google, "PUT", "/_control/store", dump)

    assert dump == done(google, "GET", "/_control/store")
    assert 3 == len(templates_of_vms(google))


def test_links_follow_the_server(google: FakeGoogle) -> None:
    """A store that was filled by one server can be served by another, on another port."""
    with_group(google)

    store = Store()
    store.load(google.store.dump())
    with FakeGoogle(store=store, switched_on=True) as other:
        texts = [
            json.dumps(done(other, "GET", path))
            for path in (f"{GROUPS}/jobs-mig", f"{TEMPLATES}/jobs-tpl")
        ]

    assert google.url not in "".join(texts)


def test_behind_the_back(google: FakeGoogle) -> None:
    """The store is changed by a merge patch, as if by hand in Google's console."""
    with_topic(google)
    topic = f"{PROJECT}/topics/start"
    patch = {
        "pubsub.topics": {topic: {"labels": {"a": None, "by": "hand"}}},
        "pubsub.subscriptions": {f"{PROJECT}/subscriptions/start-runner": None},
    }

    done(google, "PATCH", "/_control/store", {"kinds": patch})

    assert {"name": topic, "labels": {"by": "hand"}} == done(google, "GET", f"{TOPICS}/start")
    assert 404 == refused(google, "GET", f"{SUBSCRIPTIONS}/start-runner")[0]


@pytest.mark.parametrize(
    ("verb", "what", "data"),
    [
        ("POST", "faults", b"{"),
        ("POST", "faults", b"[]"),
        ("POST", "faults", b'{"nht": 1}'),
        ("POST", "faults", b'{"nth": "1"}'),
        ("POST", "faults", b'{"nth": true}'),
        ("POST", "faults", b'{"status": 99}'),
        ("POST", "faults", b'{"status": "503"}'),
        ("POST", "faults", b'{"seconds": -1}'),
        ("POST", "faults", b'{"seconds": NaN}'),
        ("POST", "faults", b'{"seconds": 1e300}'),
        ("POST", "faults", b'{"when": "during"}'),
        ("POST", "faults", b'{"method": 3}'),
        ("POST", "faults", b'{"path": "("}'),
        ("POST", "faults", b'{"path": "a{99999999999}"}'),
        ("PUT", "store", b""),
        ("PUT", "store", b'{"kinds": {}}'),
        ("PUT", "store", b'{"kinds": {"a": 3}, "serial": 1}'),
        ("PUT", "store", b'{"kinds": {"a": {"b": 3}}, "serial": 1}'),
        ("PUT", "store", b'{"kinds": {}, "serial": -1}'),
        ("PUT", "store", b'{"kinds": {}, "serial": Infinity}'),
        ("PATCH", "store", b"[" * 100_000),
        ("PATCH", "store", b"null"),
        ("PATCH", "store", b'{"kinds": null}'),
    ],
)
def test_bad_control(verb: str, what: str, data: bytes, google: FakeGoogle) -> None:
    """What makes no sense to the interface is refused with a reason, and changes nothing."""
    with_topic(google)
    before = google.store.dump()

    status, answer = send(google, verb, f"/_control/{what}", data)

    assert 400 == status
    assert json.loads(answer)["error"]
    assert before == google.store.dump()
    assert 0 == google.faults.clear()


def test_unknown_control(google: FakeGoogle) -> None:
    """There is nothing else to ask the interface for."""
    for verb, what in (("GET", "nothing"), ("POST", "store"), ("PUT", "faults")):
        assert 404 == ask(google, verb, f"/_control/{what}")[0]


def test_nothing_is_left(google: FakeGoogle) -> None:
    """When all that can be is deleted, nothing is left: what a project keeps does not count."""
    with_everything(google)
    left = done(google, "GET", "/_control/left")["left"]
    kinds = {line.split()[0] for line in left}
    assert {
        "compute.instanceTemplates",
        "compute.instances",
        "compute.regionInstanceGroupManagers",
        "iam.roles",
        "iam.serviceAccounts",
        "policies",
        "pubsub.subscriptions",
        "pubsub.topics",
        "secretmanager.secrets",
        "secretmanager.versions",
        "storage.buckets",
        "storage.objects",
    } == kinds

    done(google, "POST", f"{POLICY}:setIamPolicy", {"policy": {}})
    for path in (
        f"{GROUPS}/jobs-mig",
        f"{TEMPLATES}/jobs-tpl",
        f"{BUCKETS}/lum-states/o/state",
        f"{BUCKETS}/lum-states",
        f"{SUBSCRIPTIONS}/start-runner",
        f"{TOPICS}/start",
        f"{SECRETS}/config",
        f"{ACCOUNTS}/{EMAIL}",
        f"{ROLES}/runner",
    ):
        done(google, "DELETE", path)

    assert {"left": []} == done(google, "GET", "/_control/left")


def test_bad_length(google: FakeGoogle) -> None:
    """A body whose length makes no sense is refused, rather than waited for."""
    connection = http.client.HTTPConnection(urlsplit(google.url).netloc, timeout=10)
    statuses = []
    for name, value in (("Content-Length", "many"), ("Transfer-Encoding", "chunked")):
        connection.putrequest("PUT", f"{TOPICS}/start")
        connection.putheader(name, value)
        connection.endheaders(b"nonsense\r\n")
        statuses.append(connection.getresponse().status)
        connection.close()

    assert [400, 400] == statuses


def test_concurrency(google: FakeGoogle) -> None:
    """Of what many clients create at once nothing is lost, and of one name there is one."""

    def create(number: int) -> int:
        return ask(google, "PUT", f"{TOPICS}/topic-{number // 8}", {})[0]

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as pool:
            statuses = list(pool.map(create, range(200)))
    finally:
        sys.setswitchinterval(interval)

    assert [200] * 25 + [409] * 175 == sorted(statuses)
    assert 25 == len(done(google, "GET", TOPICS)["topics"])
    numbers = [request.number for request in google.requests]
    assert 201 == len(set(numbers))
    assert sorted(numbers) == numbers


# --- whatever is sent ---

APIS = discovery.load()
SERVED = [
    (APIS[service.api], method)
    for service in SERVICES
    for methods in APIS[service.api].methods.values()
    for method in methods
    if method.name in service.handlers
]

NAMES = {
    "b": "lum-states",
    "instanceGroupManagers": "jobs-mig",
    "instanceTemplates": "jobs-tpl",
    "o": "state",
    "operations": "operation-1",
    "locations": "global",
    "projects": "eng-ai-dev",
    "quotaPreferences": "v100",
    "regions": "us-central1",
    "roles": "runner",
    "secrets": "config",
    "serviceAccounts": EMAIL,
    "services": "pubsub.googleapis.com",
    "subscriptions": "start-runner",
    "topics": "start",
    "versions": "1",
    "zones": "us-central1-a",
}
"""What there is, by where it stands in a path."""

BODIES = {
    "cloudquotas.projects.locations.quotaPreferences.create": {
        **PREFERENCE,
        "dimensions": {"region": "us-west1"},
    },
    "compute.instanceTemplates.insert": {**TEMPLATE, "name": "another"},
    "compute.regionInstanceGroupManagers.insert": {**GROUP, "name": "another"},
    "iam.projects.roles.create": {**ROLE, "roleId": "another"},
    "iam.projects.serviceAccounts.create": {**ACCOUNT, "accountId": "another"},
    "pubsub.projects.subscriptions.create": SUBSCRIPTION,
    "secretmanager.projects.secrets.create": SECRET,
    "storage.buckets.insert": {**BUCKET, "name": "another"},
}
"""What is taken, by method; where there is none, nothing is needed."""

QUERIES = {
    "cloudquotas.projects.locations.quotaPreferences.create": {"quotaPreferenceId": "another"},
    "cloudquotas.projects.locations.quotaPreferences.patch": {"updateMask": "quotaConfig"},
    "compute.regionInstanceGroupManagers.resize": {"size": "2"},
    "secretmanager.projects.secrets.create": {"secretId": "another"},
    "secretmanager.projects.secrets.patch": {"updateMask": "labels,topics"},
    "storage.buckets.insert": {"project": "eng-ai-dev"},
    "storage.objects.insert": {"uploadType": "media", "name": "another"},
}

MASKS = {
    "projects.serviceAccounts.patch": {"updateMask": "displayName,description"},
    "projects.subscriptions.patch": {"updateMask": "labels,ackDeadlineSeconds"},
    "projects.topics.patch": {"updateMask": "labels"},
}
"""Of the patches that have them in the body."""

WORDS = st.sampled_from(
    [
        *("", "x", "10", "-1", "\u00e4", "\ud800", "a/b/c", "another", "us-central1-b"),
        *("roles/viewer", "user:a@x.de", f"serviceAccount:{EMAIL}", f"{PROJECT}/roles/runner"),
        *(f"{PROJECT}/topics/start", f"{PROJECT}/global/instanceTemplates/jobs-tpl"),
        *("labels", "topic,labels", "ackDeadlineSeconds", "last", "title", "display_name"),
    ]
)
JUNK = st.sampled_from(
    [None, None, None, True, 0, -7, 3.5, 10**30, "x", [], [None], {}, {"x": None}]
)


def _filled(method: Method, name: Callable[[str], str]) -> str:
    """The method's path with names in it, which *name* may change."""
    template = re.sub(r"\(\?P<\w+>|\)|\\", "", method.route.pattern)
    template = template.replace("v1/[^/]+/[^/]+", "v1/projects/[^/]+")
    return f"/{method.api}/" + re.sub(
        r"(\w+)/\[\^/\]\+",
        lambda found: f"{found[1]}/{name(NAMES.get(found[1], 'jobs-vm'))}",
        template,
    )


def _path(draw: st.DrawFn, method: Method) -> str:
    """A path of the method: of what there is, or of something else."""
    others = ["another", "%C3%A4", "%FF", "a%2Fb", "7"]
    return _filled(method, lambda name: draw(st.sampled_from([name] * 6 + others)))


def _value(draw: st.DrawFn, api: Api, schema: Json) -> Any:
    """A value that mostly fits the schema."""
    if draw(st.integers(0, 7)) == 0:
        return draw(JUNK)
    schema = api.schemas[schema["$ref"]] if "$ref" in schema else schema
    properties, others = schema.get("properties", {}), schema.get("additionalProperties")
    kind = schema.get("type", "any")
    if kind == "object" and properties:
        keys = draw(st.lists(st.sampled_from(sorted(properties)), max_size=4, unique=True))
        return {key: _value(draw, api, properties[key]) for key in keys}
    if kind == "object":
        return {draw(WORDS): _value(draw, api, others)} if others else {}
    if kind == "array":
        return [_value(draw, api, schema["items"]) for _ in range(draw(st.integers(0, 2)))]
    texts = st.sampled_from(schema["enum"]) if "enum" in schema else WORDS
    integers = st.sampled_from([-1, 0, 1, 3, 10, 2**31 - 1])
    return draw({"integer": integers, "boolean": st.booleans()}.get(kind, texts))


@st.composite
def _requests(draw: st.DrawFn) -> tuple[str, str, bytes]:
    """A request to a method that is served, with a body that mostly makes sense."""
    api, method = draw(st.sampled_from(SERVED))
    name = f"{api.name}.{method.name}"
    query: Json = {}
    if method.parameters:
        query = draw(st.dictionaries(st.sampled_from(sorted(method.parameters)), WORDS, max_size=1))
    if draw(st.integers(0, 5)):
        query = {**QUERIES.get(name, {}), **query}
    data = draw(st.sampled_from([b"", b"{", b"[]", b'"x"', b"\xff"]))
    if method.request and draw(st.integers(0, 9)):
        body = _value(draw, api, {"$ref": method.request})
        if isinstance(body, dict):
            body = {**BODIES.get(name, {}), **body}
        data = json.dumps(body).encode()
    path = f"{_path(draw, method)}?{urlencode(query, errors='replace')}"
    return method.verb, path, data


@pytest.fixture(scope="module")
def full(server: FakeGoogle) -> Json:
    """The dump of a server that holds one of each."""
    server.store.load(Store().dump())
    with_everything(server)
    return server.store.dump()


def _fields(api: Api, schema: Json, depth: int = 2) -> Iterator[Json]:
    """Bodies of one field, or of one field in a field, that is null or empty."""
    schema = api.schemas[schema["$ref"]] if "$ref" in schema else schema
    for key, field in schema.get("properties", {}).items():
        yield from ({key: None}, {key: {}}, {key: []}, {key: ""}, {key: [{}]})
        if depth > 1:
            yield from ({key: body} for body in _fields(api, field, depth - 1))


def test_null_fields(server: FakeGoogle, full: Json) -> None:
    """Any field of a patch can be null or empty, which is taken or refused."""
    statuses = set()
    for api, method in SERVED:
        if method.verb == "PATCH":
            bodies = list(_fields(api, {"$ref": str(method.request)}))
            for body in bodies:
                server.store.load(full)
                query = QUERIES.get(f"{api.name}.{method.name}", {})
                raw = json.dumps({**MASKS.get(method.name, {}), **body}).encode()
                status, _ = server.answer(Request("PATCH", _filled(method, str), query, raw))
                statuses.add((status, method.name, json.dumps(body) if status == 500 else ""))

    assert {200, 400, 404} == {status for status, *_ in statuses}, statuses


@given(request=_requests())
@settings(max_examples=150, derandomize=True, deadline=None, database=None)
def test_never_fails(request: tuple[str, str, bytes], server: FakeGoogle, full: Json) -> None:
    """Whatever a method that is served is sent, it answers, and never with 500."""
    server.store.load(full)
    verb, path, data = request

    status, answer = send(server, verb, path, data, "application/json")

    assert 500 != status, answer
    assert status in list(HTTPStatus)
    left = server.store.left()
    assert all(isinstance(line, str) for line in left)


def test_everything_is_reached(server: FakeGoogle, full: Json) -> None:
    """The paths that the test above makes up are those of every method that is served."""
    server.store.load(full)
    server.forget_requests()
    for _, method in SERVED:
        send(server, method.verb, _filled(method, str), b"{}")

    assert [f"{api.name}.{method.name}" for api, method in SERVED] == [
        request.name for request in server.requests
    ]
