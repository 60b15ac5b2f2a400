"""The names that the scheduler and the VMs rely on, one by one, and as they take them apart."""

from pathlib import Path

import pytest

from pipeline_zen import names
from pipeline_zen.fleet import clusters
from pipeline_zen.settings import load

ROOT = Path(__file__).resolve().parents[1]
SETTINGS = ROOT / "tests" / "settings"

CONTRACT = {
    "pipeline-zen-jobs-sa": names.SERVICE_ACCOUNT,
    "pipeline-zen-jobs-config": names.CONFIG_SECRET,
    "pipeline-zen-jobs-start": names.START_TOPIC,
    "pipeline-zen-jobs-stop": names.STOP_TOPIC,
    "pipeline-zen-jobs-heartbeats": names.HEARTBEATS_TOPIC,
    "pipeline-zen-jobs-heartbeats-local": names.local_topic(names.HEARTBEATS_TOPIC),
    "pipeline-zen-jobs-meta": names.META_TOPIC,
    "pipeline-zen-jobs-meta-local": names.local_topic(names.META_TOPIC),
    "pipeline-zen-jobs-stop-runner": names.STOP_SUBSCRIPTION,
    "pipeline-zen-jobs-start-runner-8xa100-40gb": names.start_subscription("8xa100-40gb"),
    "pipeline-zen-jobs-8xa100-40gb-us-central1-mig": names.group("8xa100-40gb", "us-central1"),
    "pipeline-zen-jobs-8xa100-40gb-us-central1-vm": names.base_instance(
        "8xa100-40gb", "us-central1"
    ),
    "projects/neat-airport-407301/global/images/pipeline-zen-jobs-0-60-1": names.image(
        "neat-airport-407301", "0.60.1"
    ),
    "pipeline-zen-jobs-8xh100-80gb-0-60-1-disk": names.boot_disk("8xh100-80gb", "0.60.1"),
    "pipeline-zen-jobs-8xh100-80gb-0-60-1-0a1b2c3d-tpl": names.template(
        "8xh100-80gb", "0.60.1", "0a1b2c3d"
    ),
    "lum-dev-pipeline-zen-jobs-us": names.results_bucket("dev", "us"),
    "lum-prod-pipeline-zen-jobs-me-west1": names.results_bucket("prod", "me-west1"),
    "lum-dev-pipeline-zen-datasets": names.datasets_bucket("dev"),
    "eng-ai-prod": names.project("prod"),
    "pipeline-zen/dev": names.state_prefix("dev"),
    "dev-config.env": names.config_env("dev"),
    "8xa100-40gb": names.cluster(8, "a100-40gb"),
}


@pytest.mark.parametrize(("expected", "name"), CONTRACT.items(), ids=list(CONTRACT))
def test_contract(expected: str, name: str) -> None:
    """A name that running code relies on is what it has always been."""
    assert expected == name


@pytest.mark.parametrize(
    ("region", "suffix"),
    [
        ("us-central1", "us"),
        ("asia-northeast1", "asia"),
        ("europe-west4", "europe"),
        ("me-west1", "me-west1"),
        ("me-central1", "me-central1"),
        ("northamerica-northeast1", "northamerica"),
    ],
)
def test_results_suffix(region: str, suffix: str) -> None:
    """A VM finds its bucket by its region's first word, in the Middle East by its region."""
    assert suffix == names.results_suffix(region)


def test_vm_names_are_taken_apart_as_they_were_put_together() -> None:
    """From a VM's name alone, its VM and the scheduler find its cluster, region and group."""
    (settings,) = load(SETTINGS, ["prod"])
    groups = [(cluster, group) for cluster in clusters(settings) for group in cluster.groups]

    assert 67 == len(groups)
    for cluster, group in groups:
        parts = f"{group.base_instance_name}-a1b2".split("-")
        # The VM: without the prefix's three words and the last four.
        assert cluster.name == "-".join(parts[3:-4])
        # The scheduler: the region is two words from the end; the group ends in -mig.
        assert group.region == "-".join(parts[-4:-2])
        assert group.name == "-".join(parts[:-2]) + "-mig"
        # The scheduler: the number of GPUs stands before the x.
        assert cluster.gpus == int(cluster.name.split("x")[0])
