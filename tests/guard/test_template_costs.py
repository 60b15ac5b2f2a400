"""What VMs that are yet to start cost."""

import pytest

from pipeline_zen import catalog
from tests.plans.cases import GROUP, TEMPLATE, Json
from tests.plans.judged import told
from tests.plans.made import CALM, change, made_up, planned


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
