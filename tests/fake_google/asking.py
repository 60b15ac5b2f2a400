"""Requests to a fake Google on the wire, and one of each thing that it can hold."""

import base64
import http.client
import json
from typing import Any
from urllib.parse import urlsplit

from fake_google import FakeGoogle

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


def send(
    google: FakeGoogle, verb: str, path: str, data: bytes | None = None, content_type: str = ""
) -> tuple[int, bytes]:
    """Send a request as it is; the status and the answer's bytes."""
    connection = http.client.HTTPConnection(urlsplit(google.url).netloc, timeout=10)
    try:
        connection.request(
            verb, path, data, {"Content-Type": content_type, "Authorization": "Bearer fake"}
        )
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
