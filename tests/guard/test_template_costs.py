"""What VMs that are yet to start cost."""

import pytest

from pipeline_zen import catalog
from tests.plans.cases import GROUP, TEMPLATE, Json
from tests.plans.judged import told
from tests.plans.made import change, made_up, planned


@pytest.mark.parametrize(
    ("actions", "after", "costs"),
    [
        ("create delete", {"machine_type": "n1-highmem-16"}, True),
        ("create delete", {"machine_type": "zones/z/machineTypes/n1-highmem-8"}, False),
        ("create delete", {"labels": {"a": "b"}}, False),
        ("delete create", {"machine_type": "n1-highmem-16"}, False),
        ("update", {"machine_type": "n1-highmem-16"}, False),
    ],
)
def test_what_vms_cost(actions: str, after: Json, costs: bool) -> None:
    """In the first region that has some, before and after; nothing where that is the same."""
    values = {
        "machine_type": "n1-highmem-8",
        "guest_accelerator": [{"type": "nvidia-tesla-v100", "count": 1}],
    }
    groups = [
        change(GROUP, ["no-op"], group, group, region)
        for region in ("us-west1", "us-central1")
        for group in ({"region": region, "version": [{"instance_template": "a"}]},)
    ]
    (entry,) = planned(
        TEMPLATE, actions, {"name": "a", **values}, {"name": "b", **values, **after}
    )["resource_changes"]
    old, new = (
        catalog.price(f"n1-highmem-{size}", "nvidia-tesla-v100", 1, "us-central1")
        for size in (8, 16)
    )
    said = (
        "vms-cost-otherwise: changed: in us-central1 each VM costs {} an hour on demand, by "
        "Google's list of {}; so far {} an hour on demand, by Google's list of {}"
    )
    prices = [f"${one.on_demand:.2f}" if one.on_demand else "" for one in (new, old)]

    found = [one for one in told(made_up(entry, *groups)) if one.startswith("vms-cost")]
    if costs and all(prices):
        assert [said.format(prices[0], new.as_of, prices[1], old.as_of)] == found
    else:
        assert costs == bool(found)
