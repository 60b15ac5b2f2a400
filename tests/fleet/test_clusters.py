"""The fleet as values: what the settings come to."""

from typing import Any

import pytest

from pipeline_zen.fleet import Cluster, clusters, labels
from pipeline_zen.settings import Settings, SettingsError, load
from tests.conftest import SETTINGS, Checkout


@pytest.fixture
def dev() -> Settings:
    return load(SETTINGS, ["dev"])[0]


def _template_names(settings: Settings) -> set[str]:
    return {cluster.template_name for cluster in clusters(settings)}


def _with_fleets(settings: Settings, **changes: Any) -> Settings:
    fleets = {name: fleet.model_copy(update=changes) for name, fleet in settings.fleets.items()}
    return settings.model_copy(update={"fleets": fleets})


def test_the_twelve_clusters(dev: Settings) -> None:
    """Each number of GPUs of each fleet is a cluster, and 67 groups come of it."""
    sizes = {cluster.name: len(cluster.groups) for cluster in clusters(dev)}

    assert {
        "1xa100-40gb": 10,
        "2xa100-40gb": 10,
        "4xa100-40gb": 10,
        "8xa100-40gb": 10,
        "1xa100-80gb": 5,
        "2xa100-80gb": 5,
        "4xa100-80gb": 5,
        "8xa100-80gb": 5,
        "8xh100-80gb": 4,
        "1xv100": 1,
        "4xv100": 1,
        "8xv100": 1,
    } == sizes
    assert 67 == sum(sizes.values())


def test_machine_types(dev: Settings) -> None:
    """Each cluster has the machine type that its runs were made for."""
    assert {
        "1xv100": "n1-highmem-8",
        "4xv100": "n1-highmem-16",
        "8xv100": "n1-highmem-32",
        **{f"{n}xa100-40gb": f"a2-highgpu-{n}g" for n in (1, 2, 4, 8)},
        **{f"{n}xa100-80gb": f"a2-ultragpu-{n}g" for n in (1, 2, 4, 8)},
        "8xh100-80gb": "a3-highgpu-8g",
    } == {cluster.name: cluster.machine_type for cluster in clusters(dev)}


def test_a_group_spans_its_zones(dev: Settings) -> None:
    """Zones are written as letters and used in full, in order."""
    groups = {group.name: group for cluster in clusters(dev) for group in cluster.groups}

    group = groups["pipeline-zen-jobs-8xa100-40gb-us-central1-mig"]
    assert (
        "us-central1-a",
        "us-central1-b",
        "us-central1-c",
        "us-central1-f",
    ) == group.zones
    assert "lum-dev-pipeline-zen-jobs-us" == group.results_bucket


@pytest.mark.parametrize(
    "changes",
    [
        {"images_project": "another-project"},
        {"environment": "prod"},
        {"project": "eng-ai-prod"},
        {"labels": {"team": "ml"}},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_a_template_is_named_for_its_contents(dev: Settings, changes: dict[str, Any]) -> None:
    """Whatever changes in the templates, each gets a name that no other ever had."""
    changed = dev.model_copy(update=changes)

    assert not _template_names(dev) & _template_names(changed)


@pytest.mark.parametrize(
    "changes",
    [
        {"boot_disk_gb": 1_999},
        {"boot_disk_type": "pd-ssd"},
        {"accelerator": "nvidia-l4"},
        {"capacity": "spot"},
        {"max_run_hours": 72},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_a_fleets_change_is_a_new_template(dev: Settings, changes: dict[str, Any]) -> None:
    """An edit without a new release still makes templates of other names."""
    assert not _template_names(dev) & _template_names(_with_fleets(dev, **changes))


def test_what_is_not_in_a_template_keeps_its_name(dev: Settings) -> None:
    """A change of groups, buckets or messaging replaces no template."""
    changed = _with_fleets(dev, target_shape="EVEN", regions={"us-east1": ("b",)}).model_copy(
        update={"protected": True, "results_buckets": {"us": "US"}, "local": None}
    )

    assert _template_names(dev) == _template_names(changed)


def test_a_release_is_in_the_name(dev: Settings) -> None:
    """A template's name tells its release, image and disk along with it."""
    cluster: Cluster = clusters(dev.model_copy(update={"version": "0.61.0"}))[0]

    assert cluster.template_name.startswith("pipeline-zen-jobs-1xa100-40gb-0-61-0-")
    (disk,) = cluster.template["disk"]
    assert disk["source_image"].endswith("/images/pipeline-zen-jobs-0-61-0")
    assert "pipeline-zen-jobs-1xa100-40gb-0-61-0-disk" == disk["device_name"]


def test_labels(dev: Settings) -> None:
    """Everything tells its application and environment, and what the settings add."""
    settings = dev.model_copy(update={"labels": {"team": "ml"}})

    assert {"team": "ml", "app": "pipeline-zen", "env": "dev"} == labels(settings)


class TestCapacity:
    """What one word sets: scheduling and reservation affinity together."""

    def _cluster(self, settings: Settings, name: str = "8xv100") -> Cluster:
        return next(cluster for cluster in clusters(settings) if cluster.name == name)

    def test_standard(self, dev: Settings) -> None:
        """By default a VM is on demand, has no limit, and uses up no reservation."""
        cluster = self._cluster(dev)

        assert "standard" == cluster.capacity
        assert {
            "automatic_restart": False,
            "on_host_maintenance": "TERMINATE",
            "provisioning_model": "STANDARD",
        } == cluster.template["scheduling"]
        assert {"type": "NO_RESERVATION"} == cluster.template["reservation_affinity"]

    def test_spot(self, dev: Settings) -> None:
        """A spot VM that Google takes back is deleted, disk and all, and not stopped."""
        cluster = self._cluster(_with_fleets(dev, capacity="spot"))

        assert "spot" == cluster.capacity
        assert {
            "automatic_restart": False,
            "instance_termination_action": "DELETE",
            "on_host_maintenance": "TERMINATE",
            "preemptible": True,
            "provisioning_model": "SPOT",
        } == cluster.template["scheduling"]
        assert {"type": "NO_RESERVATION"} == cluster.template["reservation_affinity"]

    def test_reservation(self, dev: Settings) -> None:
        """Reserved VMs come out of the reservation of that name, and out of no other."""
        settings = _with_fleets(dev, capacity="reservation", reservations={8: "ours"})
        fleets = {"v100": settings.fleets["v100"].model_copy(update={"machine_types": {8: "n1"}})}

        cluster = self._cluster(settings.model_copy(update={"fleets": fleets}))

        assert "STANDARD" == cluster.template["scheduling"]["provisioning_model"]
        assert "instance_termination_action" not in cluster.template["scheduling"]
        assert {
            "type": "SPECIFIC_RESERVATION",
            "specific_reservation": {
                "key": "compute.googleapis.com/reservation-name",
                "values": ["ours"],
            },
        } == cluster.template["reservation_affinity"]

    def test_of_a_single_cluster(self, dev: Settings) -> None:
        """A cluster may be had otherwise than its fleet, and only its template changes."""
        changed = _with_fleets(dev, cluster_capacity={4: "spot"})

        assert {"spot"} == {one.capacity for one in clusters(changed) if one.gpus == 4}
        assert {"standard"} == {one.capacity for one in clusters(changed) if one.gpus != 4}
        before = {one.name: one.template_name for one in clusters(dev)}
        after = {one.name: one.template_name for one in clusters(changed)}
        assert {"4xv100", "4xa100-40gb", "4xa100-80gb"} == {
            name for name, template in after.items() if template != before[name]
        }

    @pytest.mark.parametrize("capacity", ["standard", "spot"])
    def test_a_limit(self, capacity: str, dev: Settings) -> None:
        """After the limit, which Google counts in seconds, a VM is deleted."""
        cluster = self._cluster(_with_fleets(dev, capacity=capacity, max_run_hours=72))

        scheduling = cluster.template["scheduling"]
        assert {"seconds": 259_200} == scheduling["max_run_duration"]
        assert "DELETE" == scheduling["instance_termination_action"]


class TestImageVersions:
    """A release on one fleet or cluster, before or after the others."""

    def test_a_canary(self, checkout: Checkout) -> None:
        """A cluster's own release counts before its fleet's, and that before VERSION."""
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
