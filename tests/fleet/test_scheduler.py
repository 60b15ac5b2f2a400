"""What the scheduler must know, what it would do wrong, and what it may do."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from fake_google import FakeGoogle
from pipeline_zen.cli import main
from pipeline_zen.fleet import scheduler
from pipeline_zen.rehearsal import rehearse as rehearsal
from pipeline_zen.rehearsal.rehearse import Deployment
from pipeline_zen.settings import SettingsError, load
from pipeline_zen.tofu import adoption
from tests.conftest import SETTINGS, Checkout, Stack, stack_text
from tests.rehearsal.test_rehearsal import FLEET

MEMBER = "serviceAccount:scheduler-zen-sa@eng-ai-dev.iam.gserviceaccount.com"


def tables() -> dict[str, Any]:
    return scheduler.fragment(load(SETTINGS, ["dev"])[0])


class TestFragment:
    """The tables as the scheduler keeps them."""

    def test_what_it_holds(self) -> None:
        """The regions of each GPU type, the type and the limit of each cluster."""
        found = tables()

        assert ["us-central1"] == found["gpu_regions"]["v100"]
        assert 10 == len(found["gpu_regions"]["a100-40gb"])
        assert {"v100", "a100-40gb", "a100-80gb", "h100-80gb"} == set(found["gpu_regions"])
        assert ("a100-40gb", "h100-80gb") == (
            found["mig_clusters"]["8xa100-40gb"], found["mig_clusters"]["8xh100-80gb"])  # fmt: skip
        assert 12 == len(found["mig_clusters"])
        assert {"1xv100": 8, "4xv100": 2, "8xv100": 1} == {
            name: limit for name, limit in found["max_scale_limits"].items() if "v100" in name
        }

    def test_as_text(self, checkout: Checkout) -> None:
        """It is YAML, and says which clusters have no limit."""
        checkout.edit("config/base.yaml", "max_vms: {8: 3}", "max_vms: {}")
        (settings,) = load(checkout.root, ["prod"])

        text = scheduler.text(settings)

        assert scheduler.fragment(settings) == yaml.safe_load(text)
        assert "# No max_vms, so without a limit: 8xh100-80gb\n" in text


class TestCheck:
    """A file of the scheduler, held against the settings."""

    def _check(self, content: Any, tmp_path: Path, *more: Any) -> Result:
        arguments = ["-C", str(SETTINGS), "scheduler-config", "dev"]
        for number, each in enumerate((content, *more)):
            file = tmp_path / f"{number}.yml"
            text = each if isinstance(each, str) else yaml.safe_dump(each)
            file.write_text(text, encoding="utf-8")
            arguments += ["--check", str(file)]
        return CliRunner().invoke(main, arguments)

    def test_the_same(self, tmp_path: Path) -> None:
        """What it prints agrees with itself, whatever else the file has."""
        printed = CliRunner().invoke(main, ["-C", str(SETTINGS), "scheduler-config", "dev"])

        result = self._check(f"log_level: INFO\n{printed.stdout}", tmp_path)

        assert (0, f"{tmp_path / '0.yml'}: what the scheduler must know of dev.\n") == (
            result.exit_code,
            result.output,
        )

    @pytest.mark.parametrize(
        ("edit", "said"),
        [
            (lambda t: t["gpu_regions"]["v100"].clear(),
             "1xv100, 4xv100, 8xv100: it never raises a group in us-central1: jobs find no "
             "capacity there."),
            (lambda t: t["gpu_regions"]["h100-80gb"].append("us-east1"),
             "8xh100-80gb: it resizes pipeline-zen-jobs-8xh100-80gb-us-east1-mig, which does not "
             "exist: while a job waits for the cluster, each of its cycles ends in an error."),
            (lambda t: t["gpu_regions"].pop("h100-80gb"),
             "8xh100-80gb: its GPU type h100-80gb has no regions, so the scheduler does not "
             "start."),
            (lambda t: t["mig_clusters"].pop("8xv100"),
             "8xv100: it does not know the cluster, and refuses its jobs."),
            (lambda t: t["max_scale_limits"].update({"8xv100": 4}),
             "8xv100: it raises a group to 4 VMs instead of 1."),
            (lambda t: t["max_scale_limits"].update({"4xv100": 1}),
             "4xv100: it raises a group to 1 VM instead of 2."),
            (lambda t: t["max_scale_limits"].pop("8xv100"),
             "8xv100: it has no limit, and raises a group as far as there are jobs, not to 1 VM."),
            (lambda t: t["max_scale_limits"].update({"8xv100": "1"}),
             '8xv100: its limit is "1", and no number: it raises none of the cluster\'s groups, '
             "whose jobs wait for ever, and each of its cycles ends in an error."),
            (lambda t: t["max_scale_limits"].update({"8xv100": None}),
             "8xv100: its limit is nothing, and no number: it raises none of the cluster's groups, "
             "whose jobs wait for ever, and each of its cycles ends in an error."),
            (lambda t: t["max_scale_limits"].update({"8xv100": 1.0}),
             "8xv100: its limit is 1.0, and no whole number: while more jobs wait than that, it "
             "raises none of the cluster's groups, and each of its cycles ends in an error."),
            (lambda t: t["max_scale_limits"].update({"8xv100": -3}),
             "8xv100: its limit is -3: in each cycle, with jobs or without, it sets the cluster's "
             "groups to -3 VMs, which fails, and its jobs wait for ever."),
            (lambda t: t["max_scale_limits"].update({"8xv100": 0}),
             "8xv100: its limit is 0: it raises none of the cluster's groups, and its jobs wait "
             "for ever."),
            (lambda t: t["max_scale_limits"].update({"4xv100": True}),
             "4xv100: it raises a group to 1 VM instead of 2."),
            (lambda t: t["max_scale_limits"].update({"8xv100": float("inf")}),
             "8xv100: it has no limit, and raises a group as far as there are jobs, not to 1 VM."),
            (lambda t: t["gpu_regions"].update({"v100": "us-central1"}),
             '1xv100, 4xv100, 8xv100: the regions of v100 are "us-central1", and no list: it '
             "raises none of the cluster's groups, and its jobs wait for ever."),
            (lambda t: t["mig_clusters"].update({"8xv100": ["v100"]}),
             "8xv100: its GPU type is a list, so the scheduler does not start."),
            (lambda t: t["mig_clusters"].update({8: "v100"}),
             "8: it is no text in mig_clusters, so no job can be of the cluster."),
            # Its own code would, too: what developers' machines play has no groups.
            (lambda t: t["mig_clusters"].update({"1xlocal": "local"}),
             "1xlocal: its GPU type local has no regions, so the scheduler does not start."),
            (lambda t: (t["mig_clusters"].update({"1xlocal": "local"}),
                        t["gpu_regions"].update({"local": ["us-desk1"]})),
             "1xlocal: it resizes pipeline-zen-jobs-1xlocal-us-desk1-mig, which does not exist: "
             "while a job waits for the cluster, each of its cycles ends in an error."),
        ],
    )  # fmt: skip
    def test_a_difference(self, edit: Any, said: str, tmp_path: Path) -> None:
        """Each is one sentence on what the scheduler would do."""
        content = tables()
        edit(content)

        result = self._check(content, tmp_path)

        assert (1, f"{said}\n") == (result.exit_code, result.output)

    def test_all_that_is_damaged(self, tmp_path: Path) -> None:
        """Of several damaged values each is told, those of clusters that are only there, too."""
        content = tables()
        content["max_scale_limits"].update({"1xv100": "8", "4xv100": -1, "2xv100": 0})
        content["mig_clusters"].update({"2xv100": "v100", "8xh100-80gb": None})
        content["gpu_regions"].update({"a100-80gb": None, "v100": ["us-central1", 5]})

        result = self._check(content, tmp_path)

        assert 1 == result.exit_code
        said = result.output
        for start in (
            '1xv100: its limit is "8"',
            "4xv100: its limit is -1",
            "2xv100: its limit is 0",
            "8xh100-80gb: its GPU type is nothing",
            "1xa100-80gb, 2xa100-80gb, 4xa100-80gb, 8xa100-80gb: the regions of a100-80gb are noth",
            "8xv100: it resizes pipeline-zen-jobs-8xv100-5-mig, which does not exist",
        ):
            assert 1 == len(re.findall(f"^{re.escape(start)}", said, re.MULTILINE)), start

    def test_a_cluster_that_is_gone(self, tmp_path: Path) -> None:
        """A cluster that only the scheduler knows loses its jobs, and has no group anywhere."""
        content = tables()
        content["mig_clusters"]["2xv100"] = "v100"

        result = self._check(content, tmp_path)

        assert 1 == result.exit_code
        assert [
            "2xv100: it takes jobs for it and publishes them, and there is no subscription "
            "pipeline-zen-jobs-start-runner-2xv100: they are lost.",
            "2xv100: it resizes pipeline-zen-jobs-2xv100-us-central1-mig, which does not exist: "
            "while a job waits for the cluster, each of its cycles ends in an error.",
        ] == result.output.splitlines()

    def test_a_limit_that_is_unknown_here(self, checkout: Checkout) -> None:
        """Where no limit is set here, the scheduler's is told; none there is the same."""
        theirs = tables()
        checkout.edit("config/base.yaml", "max_vms: {8: 3}", "max_vms: {}")
        (settings,) = load(checkout.root, ["dev"])

        assert [
            "8xh100-80gb: it raises a group to 3 VMs, and no max_vms is set here to compare."
        ] == scheduler.differences(settings, theirs)
        del theirs["max_scale_limits"]["8xh100-80gb"]
        assert [] == scheduler.differences(settings, theirs)

    def test_developers_machines(self, tmp_path: Path) -> None:
        """A cluster that developers' machines play has a subscription, and needs no group."""
        content = tables()
        content["mig_clusters"]["1xlocal"] = "local"
        content["gpu_regions"]["local"] = []

        assert 0 == self._check(content, tmp_path).exit_code

    def test_two_files(self, tmp_path: Path) -> None:
        """A table of the environment's own file replaces that of the file for all."""
        limits = dict(tables()["max_scale_limits"])
        apart = {**tables(), "max_scale_limits": {}}

        assert 1 == self._check(apart, tmp_path).exit_code
        assert 0 == self._check(apart, tmp_path, {"max_scale_limits": limits}).exit_code
        result = self._check(tables(), tmp_path, {"max_scale_limits": {**limits, "8xv100": 2}})
        assert (1, "8xv100: it raises a group to 2 VMs instead of 1.\n") == (
            result.exit_code,
            result.output,
        )

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            ("", "0.yml has none of gpu_regions, mig_clusters, max_scale_limits."),
            ("- a", "0.yml has none of gpu_regions, mig_clusters, max_scale_limits."),
            ("a: [", "0.yml is not YAML."),
            ("a: 1", "0.yml has no table gpu_regions and no table mig_clusters and no table "
                     "max_scale_limits; they are in the scheduler's app-configs/default.yml."),
            ({"gpu_regions": [], "mig_clusters": "x", "max_scale_limits": {}},
             "0.yml: gpu_regions is a list, and no table.\n"
             "{0}0.yml: mig_clusters is \"x\", and no table."),
            ({"gpu_regions": 1, "mig_clusters": {}},
             "0.yml: gpu_regions is 1, and no table.\n"
             "{0}0.yml has no table max_scale_limits; they are in the scheduler's "
             "app-configs/default.yml."),
        ],
    )  # fmt: skip
    def test_no_such_file(self, content: Any, said: str, tmp_path: Path) -> None:
        """What is no configuration of the scheduler is another error than a difference."""
        result = self._check(content, tmp_path)

        said = said.replace("{0}", f"{tmp_path}/")
        assert (2, f"{tmp_path}/{said}\n") == (result.exit_code, result.output)

    def test_a_file_that_is_missing(self, tmp_path: Path) -> None:
        """So is a file that is not there, or is a folder, or is not to be read."""
        (tmp_path / "latin").write_bytes(b"\xe4")
        for name, said in (("x", "does not exist"), ("", "is a directory"), ("latin", "UTF-8")):
            file = tmp_path / name
            result = CliRunner().invoke(
                main, ["-C", str(SETTINGS), "scheduler-config", "dev", "--check", str(file)]
            )

            assert 2 == result.exit_code
            assert said in result.output


@pytest.mark.node
class TestAccess:
    """The scheduler's rights in the stack, where the settings name it."""

    def _stack(self, checkout: Checkout, lines: str, environment: str = "dev") -> Stack:
        from pipeline_zen.stack.environment import synth

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
        kept = {"destroy": False, "prevent_destroy": True}
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
        assert 20 == len(asked)
        assert not [one for one in asked.values() if "ALL-REGIONS" in one["quota_id"]]
        assert "cloudquotas" in stack["resource"]["google_project_service"]

    def test_no_preference_for_a_part(self, checkout: Checkout) -> None:
        """A quota is not asked for while a cluster that counts against it has no limit."""
        checkout.edit("config/base.yaml", "max_vms: {1: 8, 4: 2, 8: 1}", "max_vms: {1: 8, 4: 2}")
        stack = self._stack(checkout, "quota_preferences: {contact_email: a@b.example}")

        asked = stack["resource"]["google_cloud_quotas_quota_preference"]
        assert (19, []) == (len(asked), [name for name in asked if "v100" in name])


@pytest.mark.node
@pytest.mark.tofu
class TestWithTofu:
    """The same in the provider's own judgement."""

    def test_planned(self, tofu: str, checkout: Checkout, tmp_path: Path) -> None:
        """Rights and quota preferences are valid, and a plan creates them."""
        from pipeline_zen.stack.environment import synth

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
            assert json.loads(deployment.run("validate", "-json").stdout)["valid"]
            deployment.plan()
            kinds = [change["type"] for change in deployment.show_json()["resource_changes"]]

        assert tofu
        assert 20 == kinds.count("google_cloud_quotas_quota_preference")
        assert 2 == kinds.count("google_service_account")

    @pytest.mark.slow
    def test_preferences_stay(self, tofu: str, checkout: Checkout, tmp_path: Path) -> None:
        """One that is taken out stays at Google, and is adopted when it is wanted again."""
        from pipeline_zen.stack.environment import synth

        assert tofu
        text = (checkout.root / "config/dev.yaml").read_text(encoding="utf-8")
        checkout.write(
            "config/dev.yaml", f"{text}\nquota_preferences: {{contact_email: a@b.example}}\n"
        )
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
            assert deployment.plan()
            deployment.apply()
            assert not deployment.plan()

            put()
            assert deployment.plan()
            deployment.apply()
            assert 20 == len(google.store.dump()["kinds"]["cloudquotas.quotaPreferences"])

            put(**{kind: preferences})
            assert deployment.plan()
            with pytest.raises(rehearsal.RehearsalError, match="already exists"):
                deployment.apply()
            addresses = [f"{kind}.{name}" for name in preferences]
            assert 20 == adoption.adopt(settings, tmp_path / "now", addresses).imports
            assert deployment.plan()
            changes = [one["change"] for one in deployment.show_json()["resource_changes"]]
            assert 20 == sum("importing" in change for change in changes)
            deployment.apply()
            assert not deployment.plan()

    @pytest.mark.slow
    def test_applied(self, tofu: str, checkout: Checkout) -> None:
        """Applied to a fake Google with all of the scheduler's own, and quota, it settles."""
        assert tofu
        base = (checkout.root / "config/base.yaml").read_text(encoding="utf-8")
        limited = FLEET.replace("    regions:", "    max_vms: {1: 2}\n    regions:")
        base = base[: base.index("# A cluster is a fleet")] + limited
        base = re.sub(r"^  (asia|europe|me-west1): .*\n", "", base, flags=re.MULTILINE)
        checkout.write("config/base.yaml", base)
        text = (checkout.root / "config/dev.yaml").read_text(encoding="utf-8")
        own = "create_account: true, create_heartbeat_subscription: true"
        checkout.write(
            "config/dev.yaml",
            f"{text}\nscheduler: {{member: '{MEMBER}', {own}}}\n"
            "quota_preferences: {contact_email: a@b.example}\n",
        )

        outcome = rehearsal.from_nothing(
            load(checkout.root, ["dev"])[0], checkout.root, lambda *_: None
        )

        # Role, account, two subscriptions with a grant each; on the project, the topics, a bucket;
        # and a quota in two regions, with the API for it.
        assert 50 + 1 + 1 + 2 * 2 + 3 + 2 + 1 + 2 + 1 == outcome.resources


class TestImageVersions:
    """A release on one fleet or cluster, before or after the others."""

    def test_a_canary(self, checkout: Checkout) -> None:
        """A cluster's own release counts before its fleet's, and that before VERSION."""
        from pipeline_zen.fleet.clusters import clusters

        checkout.edit(
            "config/base.yaml",
            "max_vms: {1: 8, 4: 2, 8: 1}",
            "max_vms: {1: 8, 4: 2, 8: 1}\n    image_version: 0.61.0\n"
            "    cluster_image_versions: {8: 0.62.0}",
        )
        fleet = {one.name: one for one in clusters(load(checkout.root, ["dev"])[0])}

        assert {"1xv100": "0.61.0", "4xv100": "0.61.0", "8xv100": "0.62.0"} == {
            name: one.image_version for name, one in fleet.items() if "v100" in name
        }
        assert "0.60.1" == fleet["8xa100-40gb"].image_version
        template = fleet["8xv100"].template
        assert template["disk"][0]["source_image"].endswith("/pipeline-zen-jobs-0-62-0")
        assert "pipeline-zen-jobs-8xv100-0-62-0-disk" == template["disk"][0]["device_name"]
        assert fleet["8xv100"].template_name.startswith("pipeline-zen-jobs-8xv100-0-62-0-")

    @pytest.mark.parametrize(
        ("line", "said"),
        [
            ("image_version: 0.61", "must be text, got 0.61"),
            ("image_version: '0.61'", 'got "0.61"'),
            ("cluster_image_versions: {2: 0.61.0}", "the fleet has no VMs with 2 GPUs"),
            ("cluster_image_versions: {8: latest}", 'got "latest"'),
        ],
    )
    def test_mistakes(self, line: str, said: str, checkout: Checkout) -> None:
        """What is no release, or of no cluster, is told."""
        checkout.edit(
            "config/base.yaml", "max_vms: {1: 8, 4: 2, 8: 1}", f"max_vms: {{1: 8}}\n    {line}"
        )

        with pytest.raises(SettingsError) as error:
            load(checkout.root, ["dev"])

        assert said in str(error.value)
        assert "config/base.yaml:" in str(error.value)


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


@pytest.mark.parametrize("limits", ["{1: 0}", "{1: -1}", "{1: many}", "{3: 1}"])
def test_a_limit_that_is_none(limits: str, checkout: Checkout) -> None:
    """A limit is a number of VMs, of a cluster that there is."""
    checkout.edit("config/base.yaml", "max_vms: {1: 8, 4: 2, 8: 1}", f"max_vms: {limits}")

    with pytest.raises(SettingsError, match=r"fleets\.v100\.max_vms"):
        load(checkout.root, ["dev"])
