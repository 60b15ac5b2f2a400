"""What the resources are, where a golden file would not say why."""

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline_zen import versions
from pipeline_zen.fleet import clusters
from pipeline_zen.settings import load
from tests.conftest import ENVIRONMENTS, SETTINGS, Checkout, Stack, stack_text

pytestmark = pytest.mark.node

JOBS = "${google_service_account.pipeline-zen-jobs-sa.member}"
RESULTS = ("asia", "europe", "me-west1", "us")

Resource = dict[str, Any]


def of(stack: Stack, kind: str) -> dict[str, Resource]:
    """The resources of a kind, by logical id."""
    found: dict[str, Resource] = stack["resource"].get(kind, {})
    return found


@pytest.fixture
def synthesize(checkout: Checkout, tmp_path: Path) -> Any:
    """Synthesize dev of a changed checkout, in this process."""
    from pipeline_zen.stack import synth

    def synthesize(environment: str = "dev") -> Stack:
        synth(load(checkout.root, [environment]), tmp_path / "out")
        stack: Stack = json.loads(stack_text(tmp_path / "out", environment))
        return stack

    return synthesize


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_an_address_is_a_name(environment: str, stacks: dict[str, Stack]) -> None:
    """What has a name has it for an address too; a template's leaves out what a release changes."""
    for kind, resources in stacks[environment]["resource"].items():
        for id_, resource in resources.items():
            name = resource.get("name", id_)
            if kind == "google_compute_instance_template":
                cluster = resource["labels"]["cluster"]
                name = f"pipeline-zen-jobs-{cluster}-tpl"
                assert resource["name"].startswith(f"pipeline-zen-jobs-{cluster}-0-60-1-")
            assert name == id_


class TestIdentity:
    """Every grant, in full: who may do what, where."""

    def test_all_grants(self, stacks: dict[str, Stack]) -> None:
        """In prod there are these grants and no others, all of them the jobs'."""
        project = "projects/eng-ai-prod/roles/${google_project_iam_custom_role.{}.role_id}"
        role = {
            name: project.replace("{}", name)
            for name in of(stacks["prod"], "google_project_iam_custom_role")
        }
        expected = {
            ("project", "eng-ai-prod", role["vm_deleter"]),
            ("project", "eng-ai-prod", role["pipelineZenOperationReader"]),
            ("project", "eng-ai-prod", "roles/logging.logWriter"),
            ("project", "eng-ai-prod", "roles/monitoring.metricWriter"),
            ("secret_id", "pipeline-zen-jobs-config", "roles/secretmanager.secretAccessor"),
            ("topic", "pipeline-zen-jobs-heartbeats", "roles/pubsub.publisher"),
            ("bucket", "lum-prod-pipeline-zen-datasets", "roles/storage.legacyObjectReader"),
        }
        for suffix in RESULTS:
            bucket = f"lum-prod-pipeline-zen-jobs-{suffix}"
            expected.add(("bucket", bucket, role["bucket_lister"]))
            expected.add(("bucket", bucket, role["pipelineZenResultsWriter"]))
        consumer = role["pipelineZenSubscriptionConsumer"]
        expected.add(("subscription", "pipeline-zen-jobs-stop-runner", consumer))
        for cluster in clusters(load(SETTINGS, ["prod"])[0]):
            name = f"pipeline-zen-jobs-start-runner-{cluster.name}"
            expected.add(("subscription", name, consumer))

        found = set()
        for kind, resources in stacks["prod"]["resource"].items():
            for grant in resources.values() if kind.endswith("_iam_member") else ():
                assert grant["member"] == JOBS
                on = next(
                    key
                    for key in ("secret_id", "topic", "bucket", "subscription", "project")
                    if key in grant
                )
                # A reference ends in the address, which is the name, and an attribute.
                where = grant[on].split(".")[1] if grant[on].startswith("$") else grant[on]
                found.add((on, where, grant["role"]))
        assert expected == found

    def test_nothing_authoritative(self, stacks: dict[str, Stack]) -> None:
        """Only members are added: no resource takes a whole policy or role for itself."""
        kinds = set(stacks["prod"]["resource"]) | set(stacks["dev"]["resource"])

        assert not {kind for kind in kinds if kind.endswith(("_iam_policy", "_iam_binding"))}

    def test_a_vm_deletes_only_vms_of_the_groups(self, stacks: dict[str, Stack]) -> None:
        """`vm_deleter` is bound under a condition; the reading of operations cannot be."""
        grants = {
            grant["role"].rpartition("{")[2]: grant
            for grant in of(stacks["prod"], "google_project_iam_member").values()
        }

        deleter = grants["google_project_iam_custom_role.vm_deleter.role_id}"]
        assert (
            'resource.type == "compute.googleapis.com/Instance" && '
            'resource.name.extract("/instances/{name}").startsWith("pipeline-zen-jobs-")'
        ) == deleter["condition"]["expression"]
        others = [grant for grant in grants.values() if grant is not deleter]
        assert not [grant for grant in others if "condition" in grant]

    def test_custom_roles(self, stacks: dict[str, Stack]) -> None:
        """Each role has the permissions of the calls it is for."""
        roles = of(stacks["prod"], "google_project_iam_custom_role")

        assert {
            "bucket_lister": ["storage.buckets.get", "storage.buckets.list"],
            "vm_deleter": ["compute.instances.delete"],
            "pipelineZenOperationReader": ["compute.zoneOperations.get"],
            "pipelineZenSubscriptionConsumer": ["pubsub.subscriptions.consume"],
            "pipelineZenResultsWriter": [
                "storage.objects.create",
                "storage.objects.delete",
                "storage.objects.get",
                "storage.objects.getIamPolicy",
                "storage.objects.setIamPolicy",
                "storage.objects.update",
            ],
        } == {name: role["permissions"] for name, role in roles.items()}


class TestSecrets:
    """The secret's text stays out of everything that is written here."""

    def test_the_text_is_read_by_tofu_alone(self, stacks: dict[str, Stack]) -> None:
        """The version's payload is write-only, and a call that OpenTofu makes."""
        (version,) = of(stacks["dev"], "google_secret_manager_secret_version").values()

        assert '${file("${path.module}/../../../dev-config.env")}' == version["secret_data_wo"]
        assert "secret_data" not in version

    def test_rotation_leaves_no_gap(self, stacks: dict[str, Stack]) -> None:
        """A changed file is another version, which is there before the old one is disabled."""
        (version,) = of(stacks["dev"], "google_secret_manager_secret_version").values()

        assert "filesha256" in version["secret_data_wo_version"]
        assert {"create_before_destroy": True} == version["lifecycle"]
        assert "DISABLE" == version["deletion_policy"]


class TestStorage:
    """Buckets."""

    def test_results_can_be_published(self, stacks: dict[str, Stack]) -> None:
        """A job makes its results public one by one, so their buckets must allow it."""
        buckets = of(stacks["prod"], "google_storage_bucket")

        for suffix in RESULTS:
            bucket = buckets[f"lum-prod-pipeline-zen-jobs-{suffix}"]
            assert bucket["uniform_bucket_level_access"] is False
            assert "inherited" == bucket["public_access_prevention"]

    @pytest.mark.parametrize("environment", ENVIRONMENTS)
    def test_datasets_cannot(self, environment: str, stacks: dict[str, Stack]) -> None:
        """Customers' data can never be made public."""
        buckets = of(stacks[environment], "google_storage_bucket")
        datasets = [bucket for name, bucket in buckets.items() if name.endswith("-datasets")]

        assert len(datasets) == (2 if environment == "dev" else 1)
        for bucket in datasets:
            assert bucket["uniform_bucket_level_access"] is True
            assert "enforced" == bucket["public_access_prevention"]

    def test_private_results(self, checkout: Checkout, synthesize: Any) -> None:
        """With `public_results: false` neither a bucket nor a role lets a job publish."""
        checkout.edit(
            "config/dev.yaml", "protected: false", "protected: false\npublic_results: false"
        )

        stack = synthesize()

        for bucket in of(stack, "google_storage_bucket").values():
            assert bucket["uniform_bucket_level_access"] is True
            assert "enforced" == bucket["public_access_prevention"]
        writer = of(stack, "google_project_iam_custom_role")["pipelineZenResultsWriter"]
        assert [
            "storage.objects.create",
            "storage.objects.delete",
            "storage.objects.get",
        ] == writer["permissions"]

    @pytest.mark.parametrize("environment", ENVIRONMENTS)
    def test_no_bucket_is_emptied(self, environment: str, stacks: dict[str, Stack]) -> None:
        """No bucket is emptied for the sake of being deleted, not even in dev."""
        for bucket in of(stacks[environment], "google_storage_bucket").values():
            assert bucket["force_destroy"] is False

    def test_locations(self, stacks: dict[str, Stack]) -> None:
        """Each bucket is where its jobs are."""
        buckets = of(stacks["dev"], "google_storage_bucket").values()

        assert {
            "lum-dev-pipeline-zen-jobs-asia": "ASIA",
            "lum-dev-pipeline-zen-jobs-europe": "EU",
            "lum-dev-pipeline-zen-jobs-me-west1": "ME-WEST1",
            "lum-dev-pipeline-zen-jobs-us": "US",
            "lum-dev-pipeline-zen-datasets": "US",
            "lum-local-pipeline-zen-jobs-us": "US",
            "lum-local-pipeline-zen-datasets": "US",
        } == {bucket["name"]: bucket["location"] for bucket in buckets}


class TestMessaging:
    """Topics and subscriptions."""

    def test_subscriptions(self, stacks: dict[str, Stack]) -> None:
        """Each keeps a message for four days and never expires; none has a dead-letter policy."""
        for subscription in of(stacks["prod"], "google_pubsub_subscription").values():
            assert "345600s" == subscription["message_retention_duration"]
            assert 60 == subscription["ack_deadline_seconds"]
            assert subscription["enable_exactly_once_delivery"] is True
            assert {"ttl": ""} == subscription["expiration_policy"]
            assert "dead_letter_policy" not in subscription

    def test_a_cluster_gets_its_own_jobs(self, stacks: dict[str, Stack]) -> None:
        """A start subscription passes on its cluster's messages only; the stop one, all."""
        subscriptions = of(stacks["dev"], "google_pubsub_subscription")
        filters = {name: each.get("filter") for name, each in subscriptions.items()}

        assert filters.pop("pipeline-zen-jobs-stop-runner") is None
        (settings,) = load(SETTINGS, ["dev"])
        assert settings.local
        assert len(filters) == len(clusters(settings)) + len(settings.local.clusters)
        for name, filter_ in filters.items():
            cluster = name.removeprefix("pipeline-zen-jobs-start-runner-")
            assert f'attributes.cluster = "{cluster}"' == filter_

    def test_what_is_for_local_machines_is_in_dev_alone(self, stacks: dict[str, Stack]) -> None:
        """Developers' machines use dev; prod knows nothing of them."""
        local = {
            f"{kind}.{id_}"
            for kind in (
                "google_pubsub_topic",
                "google_pubsub_subscription",
                "google_storage_bucket",
            )
            for id_ in of(stacks["dev"], kind).keys() - of(stacks["prod"], kind).keys()
            if "local" in id_
        }

        assert {
            "google_pubsub_topic.pipeline-zen-jobs-heartbeats-local",
            "google_pubsub_topic.pipeline-zen-jobs-meta-local",
            "google_pubsub_subscription.pipeline-zen-jobs-start-runner-1xlocal",
            "google_pubsub_subscription.pipeline-zen-jobs-start-runner-2xlocal",
            "google_storage_bucket.lum-local-pipeline-zen-jobs-us",
            "google_storage_bucket.lum-local-pipeline-zen-datasets",
        } == local
        assert "local" not in json.dumps(stacks["prod"]).replace("lib/locale", "")


class TestFleet:
    """Templates and groups."""

    @pytest.mark.parametrize("environment", ENVIRONMENTS)
    def test_a_template_holds_what_it_is_named_for(
        self, environment: str, stacks: dict[str, Stack]
    ) -> None:
        """A template's name is taken of all its contents: nothing is added behind its back."""
        templates = of(stacks[environment], "google_compute_instance_template")
        (settings,) = load(SETTINGS, [environment])

        for cluster in clusters(settings):
            template = dict(templates[f"pipeline-zen-jobs-{cluster.name}-tpl"])
            assert cluster.template_name == template.pop("name")
            assert {"create_before_destroy": True} == template.pop("lifecycle")
            assert ["google_project_service.compute"] == template.pop("depends_on")
            template.pop("//")
            assert cluster.template == template

    @pytest.mark.parametrize("environment", ENVIRONMENTS)
    def test_groups_leave_running_jobs_alone(
        self, environment: str, stacks: dict[str, Stack]
    ) -> None:
        """A group has no size of its own, and no update, repair or move touches a running VM."""
        groups = of(stacks[environment], "google_compute_region_instance_group_manager").values()
        (settings,) = load(SETTINGS, [environment])

        assert len(groups) == sum(len(cluster.groups) for cluster in clusters(settings))
        for group in groups:
            zones = len(group["distribution_policy_zones"])
            assert "target_size" not in group
            assert "auto_healing_policies" not in group
            assert "create_before_destroy" not in group.get("lifecycle", {})
            assert {
                "type": "OPPORTUNISTIC",
                "minimal_action": "NONE",
                "instance_redistribution_type": "NONE",
                "max_surge_fixed": zones,
                "max_unavailable_fixed": zones,
            } == group["update_policy"]
            assert {
                "default_action_on_failure": "DO_NOTHING",
                "force_update_on_repair": "NO",
            } == group["instance_lifecycle_policy"]
            assert {"mode": "MANUAL"} == group["standby_policy"]
            assert "ANY" == group["distribution_policy_target_shape"]

    def test_another_shape(self, checkout: Checkout, synthesize: Any) -> None:
        """A fleet's shape is its groups' own."""
        checkout.edit(
            "config/base.yaml",
            "accelerator: nvidia-tesla-v100",
            "accelerator: nvidia-tesla-v100\n    target_shape: BALANCED",
        )

        groups = of(synthesize(), "google_compute_region_instance_group_manager")

        shapes = {name: group["distribution_policy_target_shape"] for name, group in groups.items()}
        assert {name for name, shape in shapes.items() if shape == "BALANCED"} == {
            f"pipeline-zen-jobs-{gpus}xv100-us-central1-mig" for gpus in (1, 4, 8)
        }

    def test_only_what_is_named_for_its_contents_is_created_first(
        self, stacks: dict[str, Stack]
    ) -> None:
        """Under a fixed name a second one cannot be created before the first is gone."""
        kinds = {
            kind
            for kind, resources in stacks["prod"]["resource"].items()
            for resource in resources.values()
            if resource.get("lifecycle", {}).get("create_before_destroy")
        }

        assert {
            "google_compute_instance_template",
            "google_secret_manager_secret_version",
        } == kinds


class TestProtection:
    """What holds data, jobs or identity."""

    def test_protected(self, stacks: dict[str, Stack]) -> None:
        """In prod no bucket, topic, subscription, secret, role or account can be destroyed."""
        held = {
            "google_project_iam_custom_role",
            "google_pubsub_subscription",
            "google_pubsub_topic",
            "google_secret_manager_secret",
            "google_service_account",
            "google_storage_bucket",
        }
        for kind, resources in stacks["prod"]["resource"].items():
            for resource in resources.values():
                told = (resource.get("lifecycle"), resource.get("deletion_policy"))
                assert (told == ({"prevent_destroy": True}, "ABANDON")) == (kind in held), kind
        (secret,) = of(stacks["prod"], "google_secret_manager_secret").values()
        assert secret["deletion_protection"] is True

    def test_unprotected(self, stacks: dict[str, Stack]) -> None:
        """Everything in dev can be destroyed."""
        for resources in stacks["dev"]["resource"].values():
            for resource in resources.values():
                assert not {"prevent_destroy", "destroy"} & resource.get("lifecycle", {}).keys()
                assert "ABANDON" != resource.get("deletion_policy")


class TestEnvironment:
    """The stack as a whole."""

    @pytest.mark.parametrize("environment", ENVIRONMENTS)
    def test_state_and_versions(self, environment: str, stacks: dict[str, Stack]) -> None:
        """Each environment has its own state, and the versions that it was tested with."""
        assert {
            "backend": {
                "gcs": {"bucket": "lum-terraform-state", "prefix": f"pipeline-zen/{environment}"}
            },
            "required_providers": {
                "google": {"source": "hashicorp/google", "version": versions.VERSION}
            },
            "required_version": ">= 1.12.4",
        } == stacks[environment]["terraform"]

    def test_labels(self, checkout: Checkout, synthesize: Any) -> None:
        """The provider labels all that can be labelled; a VM's template adds its cluster."""
        checkout.edit("config/dev.yaml", "protected: false", "protected: false\nlabels: {team: ml}")

        stack = synthesize()

        everywhere = {"app": "pipeline-zen", "env": "dev", "team": "ml"}
        assert everywhere == stack["provider"]["google"][0]["default_labels"]
        template = of(stack, "google_compute_instance_template")["pipeline-zen-jobs-1xv100-tpl"]
        assert {**everywhere, "cluster": "1xv100"} == template["labels"]

    @pytest.mark.parametrize("environment", ENVIRONMENTS)
    def test_outputs(self, environment: str, stacks: dict[str, Stack]) -> None:
        """A person is told the account, the buckets, the topics and the fleets."""
        outputs = {name: each["value"] for name, each in stacks[environment]["output"].items()}

        assert {"service_account", "buckets", "topics", "fleets"} == set(outputs)
        assert "${google_service_account.pipeline-zen-jobs-sa.email}" == outputs["service_account"]
        assert sorted(of(stacks[environment], "google_storage_bucket")) == outputs["buckets"]
        assert sorted(of(stacks[environment], "google_pubsub_topic")) == outputs["topics"]
        groups = {
            group for fleet in outputs["fleets"].values() for group in fleet["groups"].values()
        }
        assert groups == set(
            of(stacks[environment], "google_compute_region_instance_group_manager")
        )

    @pytest.mark.parametrize("environment", ENVIRONMENTS)
    def test_services(self, environment: str, stacks: dict[str, Stack]) -> None:
        """The APIs are switched on, and never off again."""
        services = of(stacks[environment], "google_project_service")

        assert {"compute", "iam", "pubsub", "secretmanager", "storage"} < services.keys()
        assert not [service for service in services.values() if service["disable_on_destroy"]]
