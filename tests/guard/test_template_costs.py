"""What VMs that are yet to start cost."""

import pytest

from pipeline_zen import catalog
from tests.plans.cases import GROUP, TEMPLATE, Json
from tests.plans.judged import judged, told
from tests.plans.made import CALM, change, made_up, planned

V100 = "nvidia-tesla-v100"
LARGER = {"machine_type": "n1-highmem-32", "guest_accelerator": [{"type": V100, "count": 8}]}


@pytest.mark.parametrize(
    ("actions", "after", "costs"),
    [
        ("create delete", LARGER, True),
        ("create delete", {"machine_type": "zones/z/machineTypes/n1-highmem-8"}, False),
        ("create delete", {"labels": {"a": "b"}}, False),
        ("delete create", LARGER, False),
        ("update", LARGER, False),
    ],
)
def test_what_vms_cost(actions: str, after: Json, costs: bool) -> None:
    """In the first region that has some, before and after; nothing where that is the same."""
    values = {"machine_type": "n1-highmem-8", "guest_accelerator": [{"type": V100, "count": 1}]}
    groups = [
        change(GROUP, ["no-op"], group, group, region)
        for region in ("us-west1", "us-central1")
        for group in ({"region": region, "version": [{"instance_template": "a"}]},)
    ]
    (entry,) = planned(
        TEMPLATE, actions, {"name": "a", **values}, {"name": "b", **values, **after}
    )["resource_changes"]
    old, new = (
        catalog.price(f"n1-highmem-{memory}", V100, gpus, "us-central1")
        for memory, gpus in ((8, 1), (32, 8))
    )
    now, before = (
        f"${price.on_demand:.2f} an hour on demand, by Google's list of {price.as_of}"
        for price in (new, old)
    )
    said = f"vms-cost-otherwise: changed: in us-central1 each VM costs {now}; so far {before}"
    plan = made_up(entry, *groups)

    assert [said] * costs == [one for one in told(plan) if one.startswith("vms-cost")]


@pytest.mark.parametrize(
    "disk", [{"disk_type": "pd-ssd", "disk_size_gb": 1}, {"disk_type": "a", "disk_size_gb": 2}]
)
def test_what_costs_otherwise_is_no_gpu(disk: Json) -> None:
    """Nor does it stop a VM that runs."""
    before = {"name": "a", "disk": [{"disk_type": "a", "disk_size_gb": 1}]}
    group = {"region": "us-central1", "version": [{"instance_template": "a"}]}
    (entry,) = planned(
        TEMPLATE, "create delete", {**before, **LARGER},
        {"name": "b", "disk": [disk], **LARGER, "machine_type": "n1-standard-8"},
    )["resource_changes"]  # fmt: skip
    found = judged(made_up(entry, change(GROUP, ["no-op"], group, group))).notable

    assert [(0, 0)] * 2 == [
        (one.vms, one.gpus) for one in found if one.rule == "vms-cost-otherwise"
    ]


def test_a_price_that_nobody_knows() -> None:
    """Without a number of GPUs there is none, in whatever region."""
    template = {"name": "a", "machine_type": "n1-highmem-8"}
    group = {"name": "g", "region": "us-central1", "version": [{"instance_template": "a"}],
             "update_policy": [CALM], "instance_lifecycle_policy": [
                 {"default_action_on_failure": "DO_NOTHING"}]}  # fmt: skip

    assert ["gpus-added: new: each VM in it has 0 GPUs, and costs an unknown amount"] == told(
        made_up(
            change(TEMPLATE, ["no-op"], template, template, "a"),
            change(GROUP, ["create"], None, group, "g"),
        )
    )


@pytest.mark.parametrize(
    ("marked", "gpus", "said"),
    [
        (["before_sensitive", "after_sensitive"], 1, []),
        (["before_sensitive"], 2,
         ["gpus-added: changed: each VM made from it has 2 GPUs instead of an unknown number"]),
        (["before_sensitive"], None,
         ["gpus-added: changed: each VM made from it has an unknown number of GPUs instead of an "
          "unknown number"]),
    ],
)  # fmt: skip
def test_gpus_that_are_not_told(marked: list[str], gpus: int | None, said: list[str]) -> None:
    """They may be more, unless they stay."""
    before, after = (
        {"name": name, "labels": {"a": name}, "guest_accelerator": [{"type": "t", "count": count}]}
        for name, count in (("a", 1), ("b", gpus))
    )
    plan = planned(TEMPLATE, "create delete", before, after)
    (entry,) = plan["resource_changes"]
    entry["change"] |= {side: {"guest_accelerator": True} for side in marked}
    if gpus is None:
        entry["change"]["after_unknown"] = {"guest_accelerator": True}

    assert said == told(plan)
