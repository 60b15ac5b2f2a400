"""The scheduler's rights, and the quota that is asked for, where the settings name them."""

import json
from pathlib import Path
from typing import Any

import pytest

from fake_google import FakeGoogle
from pipeline_zen.fleet import exposure
from pipeline_zen.rehearsal import Deployment, from_nothing
from pipeline_zen.settings import SettingsError, load
from pipeline_zen.stack import synth
from pipeline_zen.tofu import RunError, adopt
from tests.conftest import Checkout, Stack, stack_text
from tests.small_fleet import shrink

MEMBER = "serviceAccount:scheduler-zen-sa@eng-ai-dev.iam.gserviceaccount.com"


def _preferences(checkout: Checkout) -> int:
    """How many quotas dev has that are known for sure, and asked for whole."""
    quotas = exposure(load(checkout.root, ["dev"])[0]).quotas
    return sum(bool(quota.id and not quota.doubtful and not quota.partial) for quota in quotas)


def _ask_for_quotas(checkout: Checkout) -> None:
    text = (checkout.root / "config/dev.yaml").read_text(encoding="utf-8")
    asked = "quota_preferences: {contact_email: a@b.example}"
    checkout.write("config/dev.yaml", f"{text}\n{asked}\n")


def _apply_changes(deployment: Deployment) -> None:
    """Plan something, and apply it."""
    assert deployment.plan()
    deployment.apply()


@pytest.mark.node
class TestAccess:
    """The scheduler's rights in the stack, where the settings name it."""

    def _stack(self, checkout: Checkout, lines: str, environment: str = "dev") -> Stack:
        file = f"config/{environment}.yaml"
        text = (checkout.root / file).read_text(encoding="utf-8")
        checkout.write(file, f"{text}\n{lines}\n")
        synth(load(checkout.root, [environment]), checkout.root / "out")
        stack: Stack = json.loads(stack_text(checkout.root / "out", environment))
        return stack

    def _granted(self, stack: Stack) -> set[tuple[str, str]]:
        return {
            (id_, grant["role"].rpartition(".role_id}")[0].rpartition(".")[2] or grant["role"])
            for kind, resources in stack["resource"].items()
            if kind.endswith("_iam_member")
            for id_, grant in resources.items()
            if "scheduler" in grant["member"]
        }

    def test_just_these_grants(self, checkout: Checkout, stacks: dict[str, Stack]) -> None:
        """One custom role, two for telemetry; the rest on each topic, subscription and bucket."""
        stack = self._stack(checkout, f"scheduler: {{member: '{MEMBER}'}}")

        start = "pipeline-zen-jobs-"
        assert {
            ("eng-ai-dev-pipelineZenFleetScaler-scheduler", "pipelineZenFleetScaler"),
            ("eng-ai-dev-logWriter-scheduler", "roles/logging.logWriter"),
            ("eng-ai-dev-metricWriter-scheduler", "roles/monitoring.metricWriter"),
            (f"{start}start-publisher-scheduler", "roles/pubsub.publisher"),
            (f"{start}stop-publisher-scheduler", "roles/pubsub.publisher"),
            (f"{start}heartbeats-scheduler-pipelineZenSubscriptionConsumer-scheduler",
             "pipelineZenSubscriptionConsumer"),
            (f"{start}heartbeats-local-scheduler-pipelineZenSubscriptionConsumer-scheduler",
             "pipelineZenSubscriptionConsumer"),
            *((f"lum-dev-pipeline-zen-jobs-{suffix}-objectViewer-scheduler",
               "roles/storage.objectViewer") for suffix in ("asia", "europe", "me-west1", "us")),
        } == self._granted(stack)  # fmt: skip
        role = stack["resource"]["google_project_iam_custom_role"]["pipelineZenFleetScaler"]
        assert [
            "compute.instanceGroupManagers.get",
            "compute.instanceGroupManagers.update",
            "compute.instances.list",
            "compute.regionOperations.get",
        ] == role["permissions"]
        before = {kind: set(of) for kind, of in stacks["dev"]["resource"].items()}
        added = {
            kind: set(of) - before.get(kind, set())
            for kind, of in stack["resource"].items()
            if set(of) - before.get(kind, set()) and not kind.endswith("_iam_member")
        }
        assert {"google_project_iam_custom_role": {"pipelineZenFleetScaler"}} == added

    def test_what_is_its_own(self, checkout: Checkout) -> None:
        """Its account and its subscription are made where that is asked for, and protected."""
        member = MEMBER.replace("dev", "prod")
        own = "create_account: true, create_heartbeat_subscription: true"
        stack = self._stack(checkout, f"scheduler: {{member: '{member}', {own}}}", "prod")

        account = stack["resource"]["google_service_account"]["scheduler-zen-sa"]
        role = stack["resource"]["google_project_iam_custom_role"]["pipelineZenFleetScaler"]
        name = "pipeline-zen-jobs-heartbeats-scheduler"
        subscriptions = stack["resource"]["google_pubsub_subscription"]
        subscription = subscriptions[name]
        kept = {"prevent_destroy": True}
        assert kept == account["lifecycle"] == role["lifecycle"] == subscription["lifecycle"]
        assert "14400s" == subscription["message_retention_duration"]
        assert {"minimum_backoff": "0s", "maximum_backoff": "60s"} == subscription["retry_policy"]
        assert "dead_letter_policy" not in subscription
        assert not [one for one in subscriptions if "local" in one]
        grant = stack["resource"]["google_project_iam_member"]["eng-ai-prod-logWriter-scheduler"]
        assert "${google_service_account.scheduler-zen-sa.member}" == grant["member"]

    def test_another_account_than_is_made(self, checkout: Checkout) -> None:
        """The account that is made must be the one that gets the rights."""
        member = "serviceAccount:x@y.iam.gserviceaccount.com"
        lines = f"scheduler: {{member: '{member}', create_account: true}}"

        with pytest.raises(SettingsError, match="and another account is made"):
            self._stack(checkout, lines)

    def test_quota_preferences(self, checkout: Checkout) -> None:
        """Each known quota is asked for, with the amount that `exposure` has."""
        stack = self._stack(checkout, "quota_preferences: {contact_email: a@b.example}")

        asked = stack["resource"]["google_cloud_quotas_quota_preference"]
        v100 = asked["nvidia-v100-gpus-per-project-region-us-central1"]
        assert "24" == v100["quota_config"]["preferred_value"]
        assert {"region": "us-central1"} == v100["dimensions"]
        assert (
            "All instance groups of Pipeline Zen at their limits at once" == (v100["justification"])
        )
        h100 = asked["gpus-per-gpu-family-per-project-region-nvidia-h100-us-west4"]
        assert {"region": "us-west4", "gpu_family": "NVIDIA_H100"} == h100["dimensions"]
        assert ("projects/eng-ai-dev", "a@b.example") == (h100["parent"], h100["contact_email"])
        assert len(asked) == _preferences(checkout)
        assert not [one for one in asked.values() if "ALL-REGIONS" in one["quota_id"]]
        assert "cloudquotas" in stack["resource"]["google_project_service"]

    def test_no_preference_for_a_part(self, checkout: Checkout) -> None:
        """A quota is not asked for while a cluster that counts against it has no limit."""
        checkout.edit("config/base.yaml", "max_vms: {1: 8, 4: 2, 8: 1}", "max_vms: {1: 8, 4: 2}")
        stack = self._stack(checkout, "quota_preferences: {contact_email: a@b.example}")

        asked = stack["resource"]["google_cloud_quotas_quota_preference"]
        assert (_preferences(checkout), []) == (
            len(asked), [name for name in asked if "v100" in name])  # fmt: skip


@pytest.mark.node
@pytest.mark.tofu
class TestWithTofu:
    """The same in the provider's own judgement."""

    def test_planned(self, tofu: str, checkout: Checkout, tmp_path: Path) -> None:
        """Rights and quota preferences are valid, and a plan creates them."""
        text = (checkout.root / "config/dev.yaml").read_text(encoding="utf-8")
        own = "create_account: true, create_heartbeat_subscription: true"
        checkout.write(
            "config/dev.yaml",
            f"{text}\nscheduler: {{member: '{MEMBER}', {own}}}\n"
            "quota_preferences: {contact_email: a@b.example}\n",
        )
        synth(load(checkout.root, ["dev"]), tmp_path / "out")
        with FakeGoogle(switched_on=True) as google:
            deployment = Deployment(google, tmp_path / "now", "dev")
            deployment.put(tmp_path / "out/stacks/dev/cdk.tf.json")
            deployment.init()
            assert json.loads(deployment.run("validate", "-json"))["valid"]
            deployment.plan()
            kinds = [change["type"] for change in deployment.show_json()["resource_changes"]]

        assert tofu
        assert _preferences(checkout) == kinds.count("google_cloud_quotas_quota_preference")
        assert 2 == kinds.count("google_service_account")

    @pytest.mark.slow
    def test_preferences_stay(self, tofu: str, checkout: Checkout, tmp_path: Path) -> None:
        """One that is taken out stays at Google, and is adopted when it is wanted again."""
        assert tofu
        _ask_for_quotas(checkout)
        (settings,) = load(checkout.root, ["dev"])
        (written,) = synth([settings], tmp_path / "out")
        kind = "google_cloud_quotas_quota_preference"
        stack = json.loads(written.file.read_text(encoding="utf-8"))
        del stack["output"]
        switch = {"cloudquotas": stack["resource"]["google_project_service"]["cloudquotas"]}
        preferences = stack["resource"][kind]
        with FakeGoogle() as google:
            deployment = Deployment(google, tmp_path / "now", "dev")

            def put(**resources: Any) -> None:
                stack["resource"] = {"google_project_service": switch, **resources}
                written.file.write_text(json.dumps(stack), encoding="utf-8")
                deployment.put(written.file)

            put(**{kind: preferences})
            deployment.init()
            _apply_changes(deployment)
            assert not deployment.plan()

            put()
            _apply_changes(deployment)
            kinds = google.store.dump()["kinds"]
            assert len(preferences) == len(kinds["cloudquotas.quotaPreferences"])

            put(**{kind: preferences})
            with pytest.raises(RunError, match="already exists"):
                _apply_changes(deployment)
            addresses = [f"{kind}.{name}" for name in preferences]
            assert len(preferences) == adopt(settings, tmp_path / "now", addresses).imports
            assert deployment.plan()
            changes = deployment.show_json()["resource_changes"]
            assert len(preferences) == sum("importing" in one["change"] for one in changes)
            deployment.apply()
            assert not deployment.plan()

    @pytest.mark.slow
    def test_applied(self, tofu: str, checkout: Checkout, tmp_path: Path) -> None:
        """Applied to a fake Google with all of the scheduler's own, and quota, it settles."""
        assert tofu
        shrink(checkout)
        machines = "    machine_types: {1: n1-highmem-8}\n"
        checkout.edit("config/base.yaml", machines, f"{machines}    max_vms: {{1: 2}}\n")
        text = (checkout.root / "config/dev.yaml").read_text(encoding="utf-8")
        own = "create_account: true, create_heartbeat_subscription: true"
        checkout.write(
            "config/dev.yaml",
            f"{text}\nscheduler: {{member: '{MEMBER}', {own}}}\n"
            "quota_preferences: {contact_email: a@b.example}\n",
        )

        (settings,) = load(checkout.root, ["dev"])
        (written,) = synth([settings], tmp_path)

        outcome = from_nothing(settings, checkout.root, lambda *_: None)

        assert 2 == _preferences(checkout)
        assert written.resources == outcome.resources


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("scheduler: {}", "scheduler.member: missing"),
        ("scheduler: {member: bob}", 'got "bob"'),
        ("quota_preferences: {contact_email: nobody}", 'got "nobody"'),
    ],
)
def test_mistakes(line: str, said: str, checkout: Checkout) -> None:
    """Mistakes in these settings are told with their place."""
    text = (checkout.root / "config/dev.yaml").read_text(encoding="utf-8")
    checkout.write("config/dev.yaml", f"{text}\n{line}\n")

    with pytest.raises(SettingsError) as error:
        load(checkout.root, ["dev"])

    assert said in str(error.value)
