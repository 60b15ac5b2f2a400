"""The names of quotas."""

from pipeline_zen import catalog


def test_quotas() -> None:
    """Older GPUs have a metric, newer ones an id with a family, and spot one of its own."""
    v100 = catalog.quotas("nvidia-tesla-v100", "standard")
    h100 = catalog.quotas("nvidia-h100-80gb", "standard")
    spot = catalog.quotas("nvidia-h100-mega-80gb", "spot")

    assert ("NVIDIA_V100_GPUS", None) == (v100.metric, v100.gpu_family)
    assert (None, "GPUS-PER-GPU-FAMILY-per-project-region", "NVIDIA_H100") == (
        h100.metric,
        h100.id,
        h100.gpu_family,
    )
    assert (None, "PREEMPTIBLE-NVIDIA-H100-MEGA-GPUS-per-project-region", None) == (
        spot.metric,
        spot.id,
        spot.gpu_family,
    )
    assert spot == catalog.quotas("nvidia-h100-mega-80gb", "flex-start")
    assert h100 == catalog.quotas("nvidia-h100-80gb", "reservation-bound")


def test_unknown_quotas() -> None:
    """A name by analogy is doubtful, and a GPU that is not known has none."""
    assert catalog.quotas("nvidia-gb300", "standard").doubtful
    assert catalog.quotas("nvidia-gb300", "spot").doubtful
    assert not catalog.quotas("nvidia-l4", "spot").doubtful
    assert not catalog.quotas("nvidia-l4", "standard").doubtful
    assert catalog.Quotas(None, None, None, doubtful=True, as_of=None) == catalog.quotas(
        "nvidia-a1", "spot"
    )
