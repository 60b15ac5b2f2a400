"""The way back from a plan to the YAML."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline_zen import names
from pipeline_zen.fleet import clusters
from pipeline_zen.report.origins import Origins
from pipeline_zen.settings import load
from tests.conftest import SETTINGS, Checkout, Stack

GROUP = "google_compute_region_instance_group_manager"
TEMPLATE = "google_compute_instance_template"
SUBSCRIPTION = "google_pubsub_subscription"
BUCKET = "google_storage_bucket"
GRANT = "google_pubsub_subscription_iam_member"
CONSUMER = "pipelineZenSubscriptionConsumer-pipeline-zen-jobs-sa"

US = "pipeline-zen-jobs-8xv100-us-central1-mig"
V100 = "pipeline-zen-jobs-8xv100-tpl"


@pytest.mark.parametrize(
    ("kind", "name", "attributes", "settings"),
    [
        # What is there comes from the line that makes it be there.
        (GROUP, US, [], ["fleets.v100.regions.us-central1"]),
        (TEMPLATE, V100, [], ["fleets.v100.machine_types.8"]),
        (BUCKET, "lum-dev-pipeline-zen-jobs-us", [], ["results_buckets.us"]),
        # What is not there any more comes from the first line that is missing.
        (GROUP, "pipeline-zen-jobs-8xv100-us-west9-mig", [], ["fleets.v100.regions.us-west9"]),
        (GROUP, "pipeline-zen-jobs-2xv100-us-west9-mig", [], ["fleets.v100.machine_types.2"]),
        (GROUP, "pipeline-zen-jobs-8xt4-us-central1-mig", [], ["fleets.t4"]),
        (SUBSCRIPTION, "pipeline-zen-jobs-start-runner-8xt4", [], ["fleets.t4"]),
        # What developers' own machines need has a section of its own.
        (SUBSCRIPTION, "pipeline-zen-jobs-start-runner-1xlocal", [], ["local.clusters"]),
        ("google_pubsub_topic", "pipeline-zen-jobs-heartbeats-local", [], ["local"]),
        (BUCKET, "lum-local-pipeline-zen-jobs-us", [], ["local"]),
        # An attribute comes from the setting that decides it.
        (GROUP, US, ["distribution_policy_zones"], ["fleets.v100.regions.us-central1"]),
        (GROUP, US, ["distribution_policy_target_shape"], ["fleets.v100.target_shape"]),
        (TEMPLATE, V100, ["disk[0].source_image", "name"], ["VERSION"]),
        (TEMPLATE, V100, ["machine_type"], ["fleets.v100.machine_types.8"]),
        (TEMPLATE, V100, ["disk[0].disk_size_gb"], ["fleets.v100.boot_disk_gb"]),
        (TEMPLATE, V100, ["scheduling[0].provisioning_model"], ["fleets.v100.capacity"]),
        (TEMPLATE, V100, ["labels.team"], ["labels"]),
        (SUBSCRIPTION, "pipeline-zen-jobs-stop-runner", ["message_retention_duration"],
         ["delivery.retention_days"]),
        (BUCKET, "lum-dev-pipeline-zen-jobs-us", ["location"], ["results_buckets.us"]),
        (BUCKET, "lum-dev-pipeline-zen-datasets", ["location"], ["datasets_location"]),
        (BUCKET, "lum-dev-pipeline-zen-jobs-us", ["uniform_bucket_level_access"],
         ["public_results"]),
        (GROUP, US, ["project"], ["project"]),
        (SUBSCRIPTION, "pipeline-zen-jobs-stop-runner", ["ack_deadline_seconds"],
         ["delivery.ack_deadline_seconds"]),
        (BUCKET, "lum-dev-pipeline-zen-jobs-us", ["public_access_prevention"], ["public_results"]),
        (TEMPLATE, V100, ["disk[0].disk_type"], ["fleets.v100.boot_disk_type"]),
        (TEMPLATE, V100, ["reservation_affinity[0].type"], ["fleets.v100.reservations.8"]),
        (TEMPLATE, V100, ["scheduling[0].max_run_duration[0].seconds"],
         ["fleets.v100.max_run_hours"]),
        (TEMPLATE, V100, ["scheduling[0].preemptible"], ["fleets.v100.capacity"]),
        (TEMPLATE, V100, ["scheduling[0].instance_termination_action"], ["fleets.v100.capacity"]),
        (TEMPLATE, V100, ["guest_accelerator[0].type", "guest_accelerator[0].count"],
         ["fleets.v100.accelerator", "fleets.v100.machine_types.8"]),
        (TEMPLATE, V100, ["labels.a", "labels.b"], ["labels"]),
        # A grant comes from what it is on.
        (GRANT, f"pipeline-zen-jobs-start-runner-8xv100-{CONSUMER}", [],
         ["fleets.v100.machine_types.8"]),
        (GRANT, f"pipeline-zen-jobs-start-runner-8xt4-{CONSUMER}", [], ["fleets.t4"]),
        (GRANT, f"pipeline-zen-jobs-start-runner-1xlocal-{CONSUMER}", [], ["local.clusters"]),
        (GRANT, "pipeline-zen-jobs-stop-runner-subscriber-scheduler-zen-sa", [], []),
        (GRANT, "of-another-form", [], []),
        ("google_storage_bucket_iam_member", "lum-dev-pipeline-zen-jobs-us-bucket_lister-"
         "pipeline-zen-jobs-sa", [], ["results_buckets.us"]),
        # What only is named like it does not.
        (TEMPLATE, V100, ["labels_of_another"], []),
        (GROUP, US, ["message_retention_duration", "machine_type"], []),
        (SUBSCRIPTION, US, ["distribution_policy_zones"], []),
        (SUBSCRIPTION, US, [], ["fleets.v100.machine_types.8"]),
        (SUBSCRIPTION, "lum-dev-pipeline-zen-jobs-us", [], []),
        # The code alone decides these.
        (GROUP, US, ["update_policy[0].type"], []),
        ("google_service_account", "pipeline-zen-jobs-sa", [], []),
    ],
)  # fmt: skip
def test_settings(kind: str, name: str, attributes: list[str], settings: list[str]) -> None:
    """Each resource and attribute leads to the settings that it comes from, and to no other."""
    (dev,) = load(SETTINGS, ["dev"])

    found = Origins(dev, SETTINGS).of(kind, name, attributes)

    assert settings == [origin.setting for origin in found]


def test_places(checkout: Checkout) -> None:
    """A setting is told with its line; one that is not there, without."""
    (dev,) = load(checkout.root, ["dev"])
    base = (checkout.root / "config/base.yaml").read_text(encoding="utf-8").splitlines()
    origins = Origins(dev, checkout.root)

    (there,) = origins.of(GROUP, US, [])
    (gone,) = origins.of(GROUP, "pipeline-zen-jobs-8xv100-us-west9-mig", [])

    assert there.place
    assert "us-central1: [a, b, c, f]" in base[there.place.line - 1]
    assert f"`fleets.v100.regions.us-central1` (config/base.yaml:{there.place.line})" == str(there)
    assert "`fleets.v100.regions.us-west9` (is not there)" == str(gone)
    # In a diff it is shown where it would stand.
    assert gone.near
    assert there.place.line - 1 == gone.near.line
    assert "regions:" in base[gone.near.line - 1]


def test_a_fleet_that_is_left_out(checkout: Checkout) -> None:
    """It is gone because of the line in the environment's own file."""
    dev = (checkout.root / "config/dev.yaml").read_text(encoding="utf-8")
    checkout.write("config/dev.yaml", f"{dev}\nfleets:\n  v100: null\n")
    (settings,) = load(checkout.root, ["dev"])

    (origin,) = Origins(settings, checkout.root).of(GROUP, US, [])

    line = len(dev.splitlines()) + 3
    assert f"`fleets.v100` (config/dev.yaml:{line})" == str(origin)


def test_a_release_of_a_part(checkout: Checkout) -> None:
    """The image comes from the pin that counts."""
    checkout.edit(
        "config/base.yaml",
        "    accelerator: nvidia-tesla-v100\n",
        "    accelerator: nvidia-tesla-v100\n    image_version: 0.60.0\n"
        "    cluster_image_versions: {8: 0.61.0}\n",
    )
    (dev,) = load(checkout.root, ["dev"])
    origins = Origins(dev, checkout.root)

    for name, setting in ((V100, "cluster_image_versions.8"),
                          ("pipeline-zen-jobs-1xv100-tpl", "image_version")):  # fmt: skip
        (origin,) = origins.of(TEMPLATE, name, ["disk[0].source_image"])
        assert f"fleets.v100.{setting}" == origin.setting
        assert origin.place


def test_the_capacity_of_a_part(checkout: Checkout) -> None:
    """It comes from the cluster's own setting, where it has one."""
    checkout.edit(
        "config/base.yaml",
        "    accelerator: nvidia-tesla-v100\n",
        "    accelerator: nvidia-tesla-v100\n    cluster_capacity: {8: spot}\n",
    )
    (dev,) = load(checkout.root, ["dev"])
    origins = Origins(dev, checkout.root)

    for name, setting in ((V100, "cluster_capacity.8"),
                          ("pipeline-zen-jobs-1xv100-tpl", "capacity")):  # fmt: skip
        (origin,) = origins.of(TEMPLATE, name, ["scheduling[0].provisioning_model"])
        assert f"fleets.v100.{setting}" == origin.setting


def test_every_name_is_taken_apart() -> None:
    """What `names` puts together for every group and cluster, it takes apart again."""
    (dev,) = load(SETTINGS, ["dev"])

    for cluster in clusters(dev):
        told = cluster.gpus, cluster.name.partition("x")[2]
        assert (told, "") == names.parts(names.template_id(cluster.name))
        assert (told, "") == names.parts(names.start_subscription(cluster.name))
        for group in cluster.groups:
            assert (told, group.region) == names.parts(group.name)


@pytest.mark.node
def test_every_resource_of_a_stack(stacks: dict[str, Stack]) -> None:
    """Whatever a stack has comes from settings that are there, each at its line, or from none."""
    seen: set[str] = set()
    for environment in load(SETTINGS, stacks):
        origins = Origins(environment, SETTINGS)
        for kind, resources in stacks[environment.environment]["resource"].items():
            for name, values in resources.items():
                paths = [path for path in values if path not in ("lifecycle", "provider")]
                found = [*origins.of(kind, name, []), *origins.of(kind, name, paths)]
                lost = [it for it in found if it.place is None and it.setting != "VERSION"]
                assert not lost, f"{kind}.{name}: {', '.join(map(str, lost))}"
                seen.update(origin.setting.partition(".")[0] for origin in found)

    assert {"fleets", "results_buckets", "local", "project", "delivery"} <= seen


@pytest.mark.thorough
@settings(deadline=None)
@given(st.data())
def test_every_name_of_sound_settings(data: st.DataObject) -> None:
    """Of any cluster in any region, group, template, subscription and grant lead to a line."""
    environment = data.draw(st.sampled_from(load(SETTINGS, ["dev", "prod"])))
    origins = Origins(environment, SETTINGS)
    cluster = data.draw(st.sampled_from([one.name for one in clusters(environment)]))
    fleet = environment.fleets[names.parts(names.template_id(cluster))[0][1]]  # type: ignore[index]
    region = data.draw(st.sampled_from(sorted(fleet.regions)))
    subscription = names.start_subscription(cluster)
    role = data.draw(st.sampled_from(["roles/pubsub.subscriber", names.SUBSCRIPTION_CONSUMER]))
    to = data.draw(st.sampled_from([names.SERVICE_ACCOUNT, names.SCHEDULER_ACCOUNT]))
    for kind, name in (
        (GROUP, names.group(cluster, region)),
        (TEMPLATE, names.template_id(cluster)),
        (SUBSCRIPTION, subscription),
        (GRANT, names.grant_id(subscription, role, to)),
    ):
        (origin,) = origins.of(kind, name, [])

        assert origin.place is not None
        assert origin.setting.startswith("fleets.")
