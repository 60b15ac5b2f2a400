"""
The contract with the programs that run on the infrastructure, run with Google's own clients.

Scheduler and VM make the very calls that their code makes, each by its own account, against an
environment that was applied from its stack, where grants count: a name, a grant or a filter that
is wrong fails here.
"""

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from google.api_core.exceptions import Forbidden, GoogleAPICallError, NotFound
from google.cloud import secretmanager_v1
from google.cloud.pubsub_v1 import PublisherClient, SubscriberClient
from google.cloud.storage import Client as StorageClient
from google.oauth2.credentials import Credentials

from fake_google import FakeGoogle, Options
from pipeline_zen import names
from tests.conftest import SETTINGS, Checkout
from tests.live import CANARY, Live, apply
from tests.small_fleet import shrink

pytestmark = [pytest.mark.tofu, pytest.mark.node]

PROJECT = "eng-ai-dev"
CLUSTERS = ("1xv100", "4xv100")
REGIONS = ("us-central1", "us-west1")
FLEETS = """
fleets:
  v100:
    accelerator: nvidia-tesla-v100
    machine_types: {1: n1-highmem-8, 4: n1-highmem-16}
    regions:
      us-central1: [a, b]
      us-west1: [a]
"""
SCHEDULER = f"""
scheduler:
  member: serviceAccount:scheduler-zen-sa@{PROJECT}.iam.gserviceaccount.com
  create_account: true
  create_heartbeat_subscription: true
"""
RESULTS = "lum-dev-pipeline-zen-jobs-us"


@dataclass
class Consumer:
    """A program that has Google's clients, and an account."""

    google: FakeGoogle
    email: str

    def _client(self, kind: Any, api: str) -> Any:
        return kind(
            credentials=Credentials(self.email),
            client_options={"api_endpoint": self.google.url + api},
            transport="rest",
        )

    # Compute Engine's client takes seconds to import, which not every run of the tests is to pay.

    @cached_property
    def groups(self) -> Any:
        from google.cloud import compute_v1

        return self._client(compute_v1.RegionInstanceGroupManagersClient, "")

    @cached_property
    def instances(self) -> Any:
        from google.cloud import compute_v1

        return self._client(compute_v1.InstancesClient, "")

    @cached_property
    def publisher(self) -> Any:
        return self._client(PublisherClient, "/pubsub")

    @cached_property
    def subscriber(self) -> Any:
        return self._client(SubscriberClient, "/pubsub")

    @cached_property
    def secrets(self) -> Any:
        kind = secretmanager_v1.SecretManagerServiceClient
        return self._client(kind, "/secretmanager")

    @cached_property
    def storage(self) -> Any:
        return StorageClient(
            project=PROJECT,
            credentials=Credentials(self.email),
            client_options={"api_endpoint": self.google.url},
        )

    def publish(self, topic: str, text: str, **attributes: str) -> None:
        path = f"projects/{PROJECT}/topics/{topic}"
        self.publisher.publish(path, text.encode(), **attributes).result(timeout=10)

    def pull(self, subscription: str) -> list[Any]:
        path = f"projects/{PROJECT}/subscriptions/{subscription}"
        request = {"subscription": path, "max_messages": 1}
        return list(self.subscriber.pull(request=request, timeout=10).received_messages)

    def answer(self, subscription: str, message: Any, seconds: int | None = None) -> None:
        """Acknowledge a message or, with *seconds*, give it more or less time."""
        path = f"projects/{PROJECT}/subscriptions/{subscription}"
        request: dict[str, Any] = {"subscription": path, "ack_ids": [message.ack_id]}
        if seconds is None:
            self.subscriber.acknowledge(request=request)
        else:
            self.subscriber.modify_ack_deadline(
                request={**request, "ack_deadline_seconds": seconds}
            )


@pytest.fixture(scope="module")
def applied(tofu: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A small dev with a scheduler, applied from its stack; grants count."""
    from pipeline_zen.settings import load
    from pipeline_zen.stack import synth

    assert tofu
    root = tmp_path_factory.mktemp("consumers")
    checkout = Checkout(root / "checkout")
    for file in ("config/base.yaml", "config/dev.yaml", "VERSION"):
        text = (SETTINGS / file).read_text(encoding="utf-8")
        checkout.write(file, text + (SCHEDULER if file.endswith("dev.yaml") else ""))
    shrink(checkout, FLEETS)
    (written,) = synth(load(checkout.root, ["dev"]), root / "out")
    options = Options(keep_payloads=True, enforce_iam=True)
    with FakeGoogle(options=options) as google:
        live = apply(google, root / "live", "dev", written.file)
        live.payloads = dict(google.store.payloads)
        yield live


@pytest.fixture
def google(applied: Live) -> FakeGoogle:
    applied.google.store.load(applied.store)
    applied.google.store.payloads.update(applied.payloads)
    return applied.google


@pytest.fixture
def scheduler(google: FakeGoogle) -> Consumer:
    return Consumer(google, f"scheduler-zen-sa@{PROJECT}.iam.gserviceaccount.com")


@pytest.fixture
def vm(google: FakeGoogle) -> Consumer:
    return Consumer(google, f"pipeline-zen-jobs-sa@{PROJECT}.iam.gserviceaccount.com")


def raised(scheduler: Consumer, cluster: str, region: str) -> tuple[str, str]:
    """A VM of a group that was raised to one, by zone and name."""
    group = {"project": PROJECT, "region": region}
    name = names.group(cluster, region)
    assert 0 == scheduler.groups.get(**group, instance_group_manager=name).target_size
    scheduler.groups.resize(**group, instance_group_manager=name, size=1).result()
    assert 1 == scheduler.groups.get(**group, instance_group_manager=name).target_size
    (path,) = (each for each in scheduler.google.vms() if f"/{region}-" in each and cluster in each)
    _, _, _, zone, _, vm = path.split("/")
    return zone, vm


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("cluster", CLUSTERS)
def test_a_vm_is_had_and_detached(scheduler: Consumer, cluster: str, region: str) -> None:
    """In every region a group is raised, its VM is found by name in all zones, and detached."""
    from google.cloud import compute_v1

    _, name = raised(scheduler, cluster, region)

    request = {"project": PROJECT, "filter": f"name={name}"}
    found = [
        instance
        for _, scope in scheduler.instances.aggregated_list(request=request)
        for instance in scope.instances
    ]
    assert [name] == [instance.name for instance in found]
    place = found[0].zone.rpartition("/")[2]
    detached = compute_v1.RegionInstanceGroupManagersAbandonInstancesRequest(
        instances=[f"zones/{place}/instances/{name}"]
    )
    scheduler.groups.abandon_instances(
        project=PROJECT,
        region=region,
        instance_group_manager=names.group(cluster, region),
        region_instance_group_managers_abandon_instances_request_resource=detached,
    ).result()

    group = scheduler.groups.get(
        project=PROJECT, region=region, instance_group_manager=names.group(cluster, region)
    )
    assert 0 == group.target_size
    assert [name] == [path.rpartition("/")[2] for path in scheduler.google.vms()]


def test_a_job_is_started_on_its_cluster(scheduler: Consumer, vm: Consumer) -> None:
    """A start message waits for VMs of its cluster, and for nobody else."""
    first, second = CLUSTERS
    scheduler.publish("pipeline-zen-jobs-start", '{"job_id": "1"}', cluster=second)

    assert [] == vm.pull(names.start_subscription(first))
    (received,) = vm.pull(names.start_subscription(second))
    assert b'{"job_id": "1"}' == received.message.data
    vm.answer(names.start_subscription(second), received)
    assert {} == vm.google.messages()


def test_a_job_is_stopped(scheduler: Consumer, vm: Consumer) -> None:
    """A stop message of another VM's job is handed back, until the right one takes it."""
    scheduler.publish("pipeline-zen-jobs-stop", '{"job_id": "1"}')
    stop = "pipeline-zen-jobs-stop-runner"

    (received,) = vm.pull(stop)
    assert [] == vm.pull(stop)
    vm.answer(stop, received, 0)
    (again,) = vm.pull(stop)
    assert received.message == again.message
    vm.answer(stop, again)
    assert [] == vm.pull(stop)


def test_heartbeats(scheduler: Consumer, vm: Consumer) -> None:
    """What a VM tells reaches the scheduler."""
    vm.publish("pipeline-zen-jobs-heartbeats", '{"status": "RUNNING"}')

    (received,) = scheduler.pull("pipeline-zen-jobs-heartbeats-scheduler")
    assert b"RUNNING" in received.message.data


def test_the_secret(scheduler: Consumer, vm: Consumer) -> None:
    """A VM reads the newest version of its configuration; the scheduler does not."""
    name = f"projects/{PROJECT}/secrets/pipeline-zen-jobs-config/versions/latest"

    assert CANARY.encode() in vm.secrets.access_secret_version(name=name).payload.data
    with pytest.raises(Forbidden):
        scheduler.secrets.access_secret_version(name=name)


def test_results(scheduler: Consumer, vm: Consumer, tmp_path: Path) -> None:
    """A VM writes results, over and over, and makes them public; the scheduler reads them."""
    with pytest.raises(NotFound):
        scheduler.storage.bucket(RESULTS).blob("u/j/job-meta.json").download_as_bytes()
    bucket = vm.storage.get_bucket(RESULTS)
    for number in range(2):
        bucket.blob("u/j/job-meta.json").upload_from_string(f"{number}")
    weights = tmp_path / "weights"
    weights.write_bytes(b"w" * 9_000_000)
    # So large a file is sent in pieces.
    blob = bucket.blob("u/j/epoch_0/weights", chunk_size=2**22)
    blob.upload_from_filename(str(weights))
    blob.make_public()

    reader = scheduler.storage.bucket(RESULTS).blob("u/j/job-meta.json")
    assert b"1" == reader.download_as_bytes()
    address = f"{vm.google.url}/{RESULTS}/u/j/"
    with urllib.request.urlopen(f"{address}epoch_0/weights") as public:
        assert 9_000_000 == len(public.read())
    with pytest.raises(urllib.error.HTTPError, match="401"):
        urllib.request.urlopen(f"{address}job-meta.json")


def test_datasets(vm: Consumer, tmp_path: Path) -> None:
    """A VM reads datasets, and cannot change one."""
    owner = Consumer(vm.google, "fake")
    owner.storage.bucket(names.datasets_bucket("dev")).blob("d").upload_from_string("x")

    blob = vm.storage.bucket(names.datasets_bucket("dev")).blob("d")
    blob.download_to_filename(str(tmp_path / "d"))
    assert b"x" == (tmp_path / "d").read_bytes()
    with pytest.raises(Forbidden):
        blob.upload_from_string("y")


def test_a_vm_deletes_itself(scheduler: Consumer, vm: Consumer) -> None:
    """Its own kind, and nothing of a group."""
    zone, name = raised(scheduler, CLUSTERS[0], REGIONS[0])

    vm.instances.delete(project=PROJECT, zone=zone, instance=name).result()

    assert [] == vm.google.vms()
    with pytest.raises(Forbidden):
        vm.groups.resize(
            project=PROJECT,
            region=REGIONS[0],
            instance_group_manager=names.group(CLUSTERS[0], REGIONS[0]),
            size=1,
        )


Contract = Callable[[Consumer, Consumer], None]

BROKEN: tuple[tuple[Contract, type[Exception]], ...] = (
    (test_a_job_is_started_on_its_cluster, AssertionError),
    (test_a_job_is_stopped, GoogleAPICallError),
    (test_heartbeats, Forbidden),
)
"""What fails where a filter, a name or a grant is another one, and with what."""


def broken(stack: Path) -> str:
    """A stack in which each of the three is wrong once."""
    whole = json.loads(stack.read_text(encoding="utf-8"))
    subscriptions = whole["resource"]["google_pubsub_subscription"]
    first = names.start_subscription(CLUSTERS[0])
    subscriptions[first]["filter"] = ""
    subscriptions["pipeline-zen-jobs-stop-runner"]["name"] += "s"
    granted = whole["resource"]["google_pubsub_topic_iam_member"]
    del granted["pipeline-zen-jobs-heartbeats-publisher-pipeline-zen-jobs-sa"]
    # Another filter makes another subscription, and what is granted on it is to be as before.
    for key, member in whole["resource"]["google_pubsub_subscription_iam_member"].items():
        if key.startswith(first):
            again = [f"google_pubsub_subscription.{first}"]
            member["lifecycle"] = {"replace_triggered_by": again}
    for subscription in subscriptions.values():
        subscription.pop("lifecycle", None)
    return json.dumps(whole)


@pytest.mark.slow
def test_the_contract_broken(
    applied: Live, scheduler: Consumer, vm: Consumer, tmp_path: Path
) -> None:
    """Where a filter, a name or a grant of the stack is wrong, that is where it fails."""
    stack = tmp_path / "cdk.tf.json"
    stack.write_text(broken(applied.stack), encoding="utf-8")
    applied.deployment.put(stack)
    try:
        applied.change()
        for contract, failure in BROKEN:
            with pytest.raises(failure):
                contract(scheduler, vm)
        test_the_secret(scheduler, vm)
    finally:
        applied.reset(applied.checkout)
