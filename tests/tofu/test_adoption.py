"""Taking over a deployment that other code has made: real plans against what that code left."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from fake_google import FakeGoogle
from pipeline_zen import versions
from pipeline_zen.rehearsal import Deployment
from pipeline_zen.settings import load
from pipeline_zen.tofu import Adoption, AdoptionError, adopt
from tests.conftest import ROOT, SETTINGS, Checkout, Run, stack_text
from tests.live import CANARY, SECRET, changing, refused

EARLIER = ROOT / "tests" / "earlier" / "main.tf"

PROVIDER = {"google": {"source": "hashicorp/google", "version": versions.VERSION}}

MEMBER = "serviceAccount:pipeline-zen-jobs-sa@eng-ai-dev.iam.gserviceaccount.com"


@dataclass
class Earlier:
    """The deployment, as its own code has left it."""

    google: FakeGoogle
    deployment: Deployment
    store: dict[str, Any]
    state: bytes
    shown: str
    vms: list[str]


@pytest.fixture(scope="module")
def earlier(tofu: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Earlier]:
    """Dev, made by the earlier code; the scheduler has raised three of its groups."""
    assert tofu
    with FakeGoogle(switched_on=True) as google:
        deployment = Deployment(google, tmp_path_factory.mktemp("earlier"), "dev")
        code = EARLIER.read_text(encoding="utf-8")
        (deployment.folder / "main.tf").write_text(code, encoding="utf-8")
        (deployment.folder / "settings.env").write_text(SECRET, encoding="utf-8")
        (deployment.folder / "provider.tf.json").write_text(
            json.dumps({"terraform": {"required_providers": PROVIDER}}), encoding="utf-8"
        )
        (deployment.folder / "terraform.tfvars").write_text(
            'environment = "dev"\nproject = "eng-ai-dev"\n', encoding="utf-8"
        )
        deployment.init()
        assert deployment.plan()
        deployment.apply()
        assert not deployment.plan(), "the earlier code does not settle"
        for group in google.groups()[::30]:
            google.resize(group, 5)
        yield Earlier(
            google,
            deployment,
            google.store.dump(),
            deployment.state.read_bytes(),
            deployment.run("show", "-json"),
            google.vms(),
        )


@pytest.fixture
def ours(earlier: Earlier, synthesized: Path, tmp_path: Path) -> Deployment:
    """Our stack of dev, not applied yet, where the earlier deployment is."""
    earlier.google.store.load(earlier.store)
    earlier.google.forget_requests()
    deployment = Deployment(earlier.google, tmp_path, "dev")
    deployment.config.write_text(SECRET, encoding="utf-8")
    deployment.put(synthesized / "stacks" / "dev" / "cdk.tf.json")
    deployment.init()
    return deployment


def adopted(deployment: Deployment, root: Path, state: Path | None = None) -> Adoption:
    (settings,) = load(SETTINGS, ["dev"])
    assert root / "cdktf.out" / "stacks" / "dev" == deployment.folder
    return adopt(settings, root, (), state)


def planned(deployment: Deployment) -> tuple[dict[str, dict[str, int]], int]:
    """How many of each kind of resource see which actions, and how many are imported."""
    assert deployment.plan()
    actions: dict[str, dict[str, int]] = {}
    imported = 0
    for resource in deployment.show_json()["resource_changes"]:
        change = resource["change"]
        imported += "importing" in change
        kind = actions.setdefault(resource["type"].removeprefix("google_"), Counter())
        kind["-".join(change["actions"])] += 1
    return {kind: dict(counts) for kind, counts in actions.items()}, imported


def kept(earlier: Earlier) -> None:
    """Nothing that holds data, queues, identity or VMs was lost or made anew."""
    google = earlier.google
    assert earlier.vms == google.vms()
    before, after = earlier.store["kinds"], google.store.dump()["kinds"]
    for kind, resources in before.items():
        if kind in ("compute.instanceTemplates", "policies", "serviceusage.services"):
            continue
        assert resources.keys() <= after[kind].keys(), kind
        for name, resource in resources.items():
            for key in ("id", "uniqueId", "timeCreated", "createTime", "targetSize", "filter"):
                assert resource.get(key) == after[kind][name].get(key), name
    assert [] == refused(google.requests)


@pytest.mark.slow
@pytest.mark.tofu
@pytest.mark.node
class TestTakingOver:
    """Real plans, applied."""

    def test_by_import(self, earlier: Earlier, ours: Deployment, tmp_path: Path) -> None:
        """What has a name that is known is imported; nothing is replaced, nothing destroyed."""
        stack = (ours.folder / "cdk.tf.json").read_bytes()

        result = adopted(ours, tmp_path)
        actions, imported = planned(ours)

        assert result.imports == imported == 101
        assert {
            "compute_instance_template": {"create": 12},
            "compute_region_instance_group_manager": {"update": 67},
            "project_iam_custom_role": {"update": 2, "create": 3},
            "project_iam_member": {"no-op": 2, "create": 2},
            "project_service": {"create": 8},
            "pubsub_subscription": {"update": 15},
            "pubsub_subscription_iam_member": {"create": 15},
            "pubsub_topic": {"update": 6},
            "pubsub_topic_iam_member": {"create": 2},
            "secret_manager_secret": {"update": 1},
            "secret_manager_secret_iam_member": {"create": 1},
            "secret_manager_secret_version": {"create": 1},
            "service_account": {"update": 1},
            "storage_bucket": {"update": 7},
            "storage_bucket_iam_member": {"create": 12},
        } == actions
        ours.apply()
        assert not ours.plan()
        kept(earlier)
        assert stack == (ours.folder / "cdk.tf.json").read_bytes()

    def test_by_the_old_state(self, earlier: Earlier, ours: Deployment, tmp_path: Path) -> None:
        """With the old state carried over all is moved; only templates are made anew, as ever."""
        ours.state.write_bytes(earlier.state)
        shown = tmp_path / "old.json"
        shown.write_text(earlier.shown, encoding="utf-8")

        result = adopted(ours, tmp_path, shown)
        actions, imported = planned(ours)

        assert 0 == imported
        assert 113 == result.moves
        destructive = {
            f"{kind} {action}": count
            for kind, counts in actions.items()
            for action, count in counts.items()
            if "delete" in action
        }
        assert {"compute_instance_template create-delete": 12} == destructive
        ours.apply()
        assert not ours.plan()
        kept(earlier)
        deleted = {
            request.name
            for request in changing(earlier.google.requests)
            if request.method == "DELETE"
        }
        assert {"compute.instanceTemplates.delete"} == deleted

    def test_the_earlier_code_works_on_the_fake(self, earlier: Earlier) -> None:
        """Code that this project has not made is destroyed whole, too, once it has settled."""
        earlier.google.store.load(earlier.store)
        earlier.deployment.state.write_bytes(earlier.state)

        earlier.deployment.destroy()

        assert [] == earlier.google.left()

    def test_wider_grants_are_told(
        self, earlier: Earlier, ours: Deployment, tmp_path: Path
    ) -> None:
        """Every grant that is wider than ours comes with the line that removes it, either way."""
        shown = tmp_path / "old.json"
        shown.write_text(earlier.shown, encoding="utf-8")

        by_name = adopted(ours, tmp_path).leftovers
        by_state = adopted(ours, tmp_path, shown).leftovers

        version = "gcloud secrets versions disable 1 --secret=pipeline-zen-jobs-config --project="
        assert set(by_name) == {line for line in by_state if not line.startswith(version)}
        assert 8 + 7 == len(by_name)
        assert 1 + len(by_name) == len(by_state)
        assert (
            "gcloud projects remove-iam-policy-binding eng-ai-dev "
            f"--member={MEMBER} --role=roles/pubsub.subscriber --condition=None"
        ) in by_name

    def test_nothing_of_the_secret(
        self, earlier: Earlier, ours: Deployment, tmp_path: Path
    ) -> None:
        """The old state holds the secret; what is written from it does not."""
        shown = tmp_path / "old.json"
        shown.write_text(earlier.shown, encoding="utf-8")
        assert CANARY in earlier.shown

        result = adopted(ours, tmp_path, shown)

        assert CANARY not in result.file.read_text(encoding="utf-8")
        assert CANARY not in str(result)


@pytest.mark.node
class TestCommand:
    """`pipeline-zen adopt`, which needs no OpenTofu."""

    @pytest.fixture
    def ready(self, checkout: Checkout, synthesized: Path) -> Checkout:
        """A checkout with the stack of dev."""
        checkout.write("cdktf.out/stacks/dev/cdk.tf.json", stack_text(synthesized, "dev"))
        return checkout

    def test_before_synth(self, checkout: Checkout, run: Run) -> None:
        """Without a stack there is nothing to adopt for."""
        result = run("-C", checkout.root, "adopt", "dev")

        assert 1 == result.returncode
        assert "dev is not synthesized yet: run `make synth` first.\n" == result.stderr

    def test_one_address(self, ready: Checkout, run: Run) -> None:
        """What an apply was cut off at is imported by itself, even a template."""
        address = "google_compute_instance_template.pipeline-zen-jobs-1xv100-tpl"

        result = run("-C", ready.root, "adopt", "dev", address)

        assert 0 == result.returncode, result.stderr
        assert "adopt.tf.json: 1 to import, 0 to move.\n" in result.stdout
        assert "gcloud" not in result.stdout
        written = json.loads((ready.root / "cdktf.out/stacks/dev/adopt.tf.json").read_text())
        (block,) = written["import"]
        assert address == block["to"]
        assert re.fullmatch(
            r"projects/eng-ai-dev/global/instanceTemplates/pipeline-zen-jobs-1xv100-0-60-1-\w{8}-tpl",
            block["id"],
        )

    def test_what_is_not_there(self, ready: Checkout, run: Run) -> None:
        """It is taken out of the file, which goes with the last."""
        topics = [f"google_pubsub_topic.pipeline-zen-jobs-{name}" for name in ("start", "stop")]
        assert 0 == run("-C", ready.root, "adopt", "dev", *topics).returncode
        file = ready.root / "cdktf.out/stacks/dev/adopt.tf.json"

        result = run("-C", ready.root, "adopt", "dev", "--without", topics[0])

        assert 0 == result.returncode, result.stderr
        assert "adopt.tf.json: 1 to import, 0 to move.\n" in result.stdout
        assert [topics[1]] == [block["to"] for block in json.loads(file.read_text())["import"]]

        again = run("-C", ready.root, "adopt", "dev", "--without", topics[0])
        assert 1 == again.returncode
        assert f"adopt.tf.json does not import {topics[0]}.\n" in again.stderr

        last = run("-C", ready.root, "adopt", "dev", "--without", topics[1])
        assert "So it is deleted: go on with `make plan ENV=dev`.\n" in last.stdout
        assert not file.exists()

    @pytest.mark.parametrize("text", ["", "[]", '{"import": 3}', '{"import": [{"id": "x"}]}'])
    def test_a_damaged_file(self, text: str, ready: Checkout, run: Run) -> None:
        """What `adopt` has not written is left as it is."""
        ready.write("cdktf.out/stacks/dev/adopt.tf.json", text)
        before = ready.files()

        result = run("-C", ready.root, "adopt", "dev", "--without", "google_x.y")

        assert 1 == result.returncode
        assert "adopt.tf.json is not what `adopt` writes: have it written anew.\n" in result.stderr
        assert before == ready.files()

    def test_a_quota_preference(self, ready: Checkout) -> None:
        """One is imported where it is named, and never unasked: the earlier code had none."""
        file = "cdktf.out/stacks/dev/cdk.tf.json"
        stack = json.loads((ready.root / file).read_text(encoding="utf-8"))
        preference = {"parent": "projects/eng-ai-dev", "name": "v100"}
        stack["resource"]["google_cloud_quotas_quota_preference"] = {"v100": preference}
        ready.write(file, json.dumps(stack))
        (settings,) = load(ready.root, ["dev"])

        assert 101 == adopt(settings, ready.root).imports
        address = "google_cloud_quotas_quota_preference.v100"
        written = adopt(settings, ready.root, [address]).file
        id_ = "projects/eng-ai-dev/locations/global/quotaPreferences/v100"
        assert [{"id": id_, "to": address}] == json.loads(written.read_text())["import"]

    @pytest.mark.parametrize(
        ("arguments", "status", "message"),
        [
            (["dv"], 2, 'Did you mean "dev"?'),
            (["dev", "google_x.y"], 1, "google_x.y is no resource of the stack."),
            (
                ["dev", "google_project_service.compute"],
                1,
                "google_project_service.compute needs no import: making it anew changes nothing.",
            ),
            (
                [
                    "dev",
                    "google_pubsub_topic_iam_member.pipeline-zen-jobs-heartbeats-publisher-pipeline-zen-jobs-sa",
                ],
                1,
                "-sa needs no import: making it anew changes nothing.",
            ),
            (
                ["dev", "google_secret_manager_secret_version.pipeline-zen-jobs-config"],
                1,
                "-config cannot be imported by its name: apply again, which makes another one.",
            ),
            (["dev", "--state", "missing.json"], 1, "missing.json: no such file."),
            (["dev", "google_x.y", "--state", "a.json"], 2, "one of them"),
            (["dev", "--all", "--without", "google_x.y"], 2, "one of them"),
            (["dev", "--without", "google_x.y"], 1, "so nothing is to be adopted."),
        ],
    )
    def test_a_mistake(
        self, arguments: list[str], status: int, message: str, ready: Checkout, run: Run
    ) -> None:
        """A mistake is told in a line, and nothing is written."""
        before = ready.files()

        result = run("-C", ready.root, "adopt", *arguments)

        assert status == result.returncode
        assert message in result.stderr
        assert "Traceback" not in result.stderr
        assert before == ready.files()

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "[]",
            "{}",
            '{"values": {}}',
            '{"values": {"root_module": {"resources": [{}]}}}',
            '{"values": {"root_module": {"resources": [{"address": "a", "mode": "managed", '
            '"type": "google_pubsub_topic", "values": {}}]}}}',
            "\0",
        ],
    )
    def test_a_state_that_is_none(self, text: str, ready: Checkout) -> None:
        """Another file is not taken for a state: that would forget everything."""
        ready.write("old.json", text)
        before = ready.files()
        (settings,) = load(ready.root, ["dev"])

        with pytest.raises(AdoptionError, match="is not what `tofu show -json` prints"):
            adopt(settings, ready.root, (), ready.root / "old.json")

        assert before == ready.files()

    def test_the_state_of_another_project(self, ready: Checkout, run: Run) -> None:
        """The state of another environment is refused."""
        topic = {
            "address": "google_pubsub_topic.t",
            "mode": "managed",
            "type": "google_pubsub_topic",
            "values": {"project": "eng-ai-prod", "name": "pipeline-zen-jobs-start"},
        }
        ready.write("old.json", json.dumps({"values": {"root_module": {"resources": [topic]}}}))

        result = run("-C", ready.root, "adopt", "dev", "--state", ready.root / "old.json")

        assert 1 == result.returncode
        assert "is of eng-ai-prod, and this environment of eng-ai-dev" in result.stderr

    @pytest.mark.parametrize("text", ["", "{}", "[]", '{"resource": {"a', '{"resource": []}'])
    def test_a_damaged_stack(self, text: str, ready: Checkout, run: Run) -> None:
        """A stack that cannot be read is told with the way to a new one."""
        ready.write("cdktf.out/stacks/dev/cdk.tf.json", text)

        result = run("-C", ready.root, "adopt", "dev")

        assert 1 == result.returncode
        assert "cdk.tf.json is damaged" in result.stderr
        assert "delete it, and run `make synth`" in result.stderr
        assert "Traceback" not in result.stderr
