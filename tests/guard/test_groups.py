"""What becomes of groups, and of the jobs in them."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from pipeline_zen import catalog
from tests.plans.cases import GROUP, TEMPLATE, Json
from tests.plans.judged import TARGET, judged, rules
from tests.plans.made import CALM, EAGER, change, made_up, updated
from tests.plans.recorded import recorded

VERSION_NEW = [{"instance_template": "b"}]
VERSION_OLD = [{"instance_template": "a"}]


def test_vms_and_gpus_of_a_deleted_group() -> None:
    """Two VMs were in it, with eight GPUs each by its template."""
    (finding,) = judged(recorded("case-group-deleted")).blocking

    assert (2, 16) == (finding.vms, finding.gpus)
    assert f"{GROUP}.calm" == finding.address


def test_vms_of_a_shrunk_group() -> None:
    """Of two VMs one is left."""
    (finding,) = judged(recorded("case-group-shrunk")).blocking

    assert (1, 8) == (finding.vms, finding.gpus)


def test_what_a_new_group_costs() -> None:
    """The price is the catalogue's, of the template's machine in the group's region."""
    plan = recorded("case-group-added")
    known = catalog.price("n1-highmem-32", "nvidia-tesla-v100", 8, "us-central1")
    (priced,) = judged(plan).notable
    text = json.dumps(plan)
    (elsewhere,) = judged(json.loads(text.replace("us-central1", "us-nowhere1"))).notable
    (spot,), (flex,) = (
        judged(json.loads(text.replace('"STANDARD"', f'"{model}"'))).notable
        for model in ("SPOT", "FLEX_START")
    )

    assert (
        f"new: each VM in it has 8 GPUs, and costs ${known.on_demand:.2f} an hour on demand, "
        f"by Google's list of {known.as_of}" == priced.what
    )
    assert "costs an unknown amount" in elsewhere.what
    assert f"${known.spot:.2f} an hour as spot" in spot.what
    assert "costs an unknown amount" in flex.what


def test_the_price_of_a_template_that_is_yet_to_be_made() -> None:
    """A new cluster's group names a template that the same plan makes."""
    template = {
        "name": "pipeline-zen-jobs-8xa100-40gb-0-60-1-abc-tpl",
        "machine_type": "a2-highgpu-8g",
        "guest_accelerator": [{"type": "nvidia-tesla-a100", "count": 8}],
    }
    values = {"name": "pipeline-zen-jobs-8xa100-40gb-us-central1-mig", "region": "us-central1"}
    group = change(GROUP, ["create"], None, values, values["name"])
    group["change"]["after_unknown"] = {"version": [{"instance_template": True}]}
    name = "pipeline-zen-jobs-8xa100-40gb-tpl"

    (found,) = [
        one
        for one in judged(
            made_up(change(TEMPLATE, ["create"], None, template, name), group)
        ).notable
        if one.rule == "gpus-added"
    ]

    assert re.search(r"has 8 GPUs, and costs \$\d+\.\d\d an hour on demand", found.what)


def test_an_unknown_size() -> None:
    """What the plan does not tell is unknown, not none."""
    plan = recorded("case-group-deleted")
    for one in plan["resource_changes"]:
        if one["type"] == GROUP:
            del one["change"]["before"]["target_size"]

    (finding,) = judged(plan).blocking

    assert (None, None) == (finding.vms, finding.gpus)


@pytest.mark.parametrize("policy", [[], [{"type": "SOMETHING_NEW"}], None])
def test_a_policy_that_is_not_plain_rolls(policy: Any) -> None:
    """Without a policy that is known to wait, a new template is taken for a roll."""
    plan = recorded("case-release-calm")
    for one in plan["resource_changes"]:
        if one["type"] == GROUP:
            one["change"]["before"]["update_policy"] = policy
            one["change"]["after"]["update_policy"] = policy

    assert ("group-rolled",) == rules(judged(plan).blocking)


def test_a_policy_that_is_unknown_rolls() -> None:
    """A policy that the apply decides on is taken for the worse."""
    plan = recorded("case-release-calm")
    for one in plan["resource_changes"]:
        if one["type"] == GROUP:
            del one["change"]["after"]["update_policy"]
            one["change"]["after_unknown"]["update_policy"] = [{"type": True}]

    assert ("group-rebalanced", "group-rolled") == rules(judged(plan).blocking)


@pytest.mark.parametrize(
    ("most", "what", "gpus"),
    [
        (None, "new: each VM in it has 8 GPUs", None),
        (0, "new: the scheduler raises it to 0 VMs at most; each VM in it has 8 GPUs", 0),
        (3, "new: the scheduler raises it to 3 VMs at most; each VM in it has 8 GPUs", 24),
    ],
)
def test_how_many_a_new_group_may_have(most: int | None, what: str, gpus: int | None) -> None:
    """The scheduler's limit of the group, by its name in the stack, where it is known."""
    plan = recorded("case-group-added")
    (new,) = [one for one in plan["resource_changes"] if one["change"]["actions"] == ["create"]]
    limits = {"another": 9} if most is None else {new["name"]: most}

    (found,) = judged(plan, target=replace(TARGET, limits=limits)).notable

    assert found.what.startswith(what)
    assert gpus == found.gpus


def test_how_many_are_raised() -> None:
    """What it costs is of the VMs that come, not of those that are there."""
    group = {"name": "jobs-8xv100-us-mig", "update_policy": [CALM]}

    (found,) = judged(
        updated(GROUP, {**group, "target_size": 1}, {**group, "target_size": 4})
    ).blocking

    assert ("size-raised", 24) == (found.rule, found.gpus)


def test_an_empty_group() -> None:
    """Without VMs there are no GPUs, whatever a VM would have."""
    (found,) = judged(made_up(change(GROUP, ["delete"], {"target_size": 0}, None))).blocking

    assert ("group-deleted", 0, 0) == (found.rule, found.vms, found.gpus)


def test_a_zonal_group_is_not_spread() -> None:
    """It has one zone, whatever its policy says."""
    kind = "google_compute_instance_group_manager"
    policies = ([CALM], [{"type": "OPPORTUNISTIC"}])
    before, after = ({"update_policy": policy} for policy in policies)

    assert () == judged(updated(kind, before, after)).blocking
    assert ("group-rebalanced",) == rules(judged(updated(GROUP, before, after)).blocking)


def test_repairs() -> None:
    """To make anew what has gone is told; to stop doing so is not."""
    on, off = (
        {"update_policy": [CALM], "instance_lifecycle_policy": [{"default_action_on_failure":
         action}]}
        for action in ("REPAIR", "DO_NOTHING")
    )  # fmt: skip

    assert ("group-repairs",) == rules(judged(updated(GROUP, off, on)).notable)
    assert () == judged(updated(GROUP, on, off)).notable


def test_the_price_is_of_its_own_cluster() -> None:
    """Of two clusters the name of one may begin as the other's does."""
    other, own = (
        {"name": name, "machine_type": machine,
         "guest_accelerator": [{"type": "nvidia-tesla-a100", "count": 8}]}
        for name, machine in (("other", "no-such"), ("own", "a2-highgpu-8g"))
    )  # fmt: skip
    group = change(
        GROUP, ["create"], None, {"name": "jobs-8xa100-40gb-us", "region": "us-central1"}
    )
    group["change"]["after_unknown"] = {"version": [{"instance_template": True}]}

    templates = [
        change(TEMPLATE, ["create"], None, values, f"jobs-8xa100-{memory}-tpl")
        for values, memory in ((other, "4"), (own, "40gb"))
    ]

    (found,) = [
        one for one in judged(made_up(*templates, group)).notable if one.rule == "gpus-added"
    ]

    assert "an hour on demand" in found.what


def test_what_makes_it_happen() -> None:
    """What forces a replacement, or what an update changes; nothing where it is deleted."""
    (replaced,), (updated_,), (gone,) = (
        judged(recorded(f"case-group-{name}")).blocking for name in ("zones", "healed", "deleted")
    )

    assert ("distribution_policy_zones",) == replaced.attributes
    assert "auto_healing_policies" in "".join(updated_.attributes)
    assert () == gone.attributes


def test_the_gpus_of_what_is_there() -> None:
    """A group that shrinks as its template changes loses VMs of the old one."""
    templates = [
        change(TEMPLATE, ["no-op"], values, values, name)
        for name, gpus in (("a", 8), ("b", 4))
        for values in ({"name": name, "guest_accelerator": [{"count": gpus}]},)
    ]
    before, after = (
        {"target_size": size, "update_policy": [CALM],
         "version": [{"instance_template": f"global/instanceTemplates/{name}?uniqueId=1"}]}
        for name, size in (("a", 3), ("b", 1))
    )  # fmt: skip
    group = change(GROUP, ["update"], before, after)

    (found,) = judged(made_up(*templates, group)).blocking

    assert (2, 16) == (found.vms, found.gpus)


def test_gpus_by_name() -> None:
    """Where the template does not tell, the name of the group does."""
    template = change(TEMPLATE, ["update"], {"name": "a"}, {"name": "a", "x": 1})
    for side in ("before_sensitive", "after_unknown"):
        template["change"][side] = {"guest_accelerator": True}
    values = {"name": "jobs-4xt4-us-mig", "target_size": 2,
              "version": [{"instance_template": "a"}]}  # fmt: skip

    (found,) = judged(made_up(template, change(GROUP, ["delete"], values, None))).blocking

    assert (2, 8) == (found.vms, found.gpus)


@pytest.mark.parametrize(
    ("before", "after", "blocking"),
    [
        # What makes an eager group replace its VMs, and what does not.
        ({"update_policy": [EAGER]}, {"update_policy": [EAGER], "version": VERSION_NEW},
         ("group-rolled",)),
        ({"update_policy": [EAGER]}, {"update_policy": [EAGER], "all_instances_config": [{}]},
         ("group-rolled",)),
        ({"update_policy": [{**EAGER, "minimal_action": "REFRESH"}]}, {"update_policy": [EAGER]},
         ("group-rolled",)),
        ({"update_policy": [EAGER]}, {"update_policy": [{**EAGER, "minimal_action": "REFRESH"}]},
         ()),
        ({"update_policy": [{**EAGER, "most_disruptive_allowed_action": "NONE"}]},
         {"update_policy": [{**EAGER, "most_disruptive_allowed_action": "REPLACE"}]},
         ("group-rolled",)),
        ({"update_policy": [{**EAGER, "most_disruptive_allowed_action": "NONE"}]},
         {"update_policy": [{**EAGER, "most_disruptive_allowed_action": "NONE"}],
          "version": VERSION_NEW}, ()),
        ({"update_policy": []}, {"update_policy": [EAGER]}, ("group-rolled",)),
        ({"update_policy": [{**CALM, "type": "PROACTIVE"}]}, {"update_policy": [EAGER]},
         ("group-rolled",)),
        ({"update_policy": [{**EAGER, "most_disruptive_allowed_action": "REFRESH"}]},
         {"update_policy": [{**EAGER, "most_disruptive_allowed_action": "REFRESH"}],
          "version": VERSION_NEW}, ()),
        ({"update_policy": [{**EAGER, "most_disruptive_allowed_action": "RESTART"}]},
         {"update_policy": [{**EAGER, "most_disruptive_allowed_action": "RESTART"}],
          "version": VERSION_NEW}, ("group-rolled",)),
        # Spreading: what is not said is what Google does by itself.
        ({"update_policy": [CALM]},
         {"update_policy": [{"type": "OPPORTUNISTIC"}]}, ("group-rebalanced",)),
        ({"update_policy": [{"type": "OPPORTUNISTIC"}]}, {"update_policy": [CALM]}, ()),
        ({"update_policy": [{"type": "OPPORTUNISTIC"}]},
         {"update_policy": [{"type": "OPPORTUNISTIC"}], "version": VERSION_NEW}, ()),
        # Sizes
        ({"target_size": 5}, {"target_size": "0"}, ("group-shrunk",)),
        ({"target_size": 5}, {"target_size": ["x"]}, ("group-shrunk",)),
        ({"target_size": None}, {"target_size": 3}, ("group-shrunk",)),
        ({"target_size": 0}, {"target_size": 3}, ("size-raised",)),
        ({"target_size": 0}, {"target_size": ["x"]}, ("size-raised",)),
        ({"target_size": 5}, {"target_size": None}, ()),
        ({"target_stopped_size": 5}, {"target_stopped_size": 0}, ("group-shrunk",)),
        ({"target_suspended_size": 5}, {"target_suspended_size": 0}, ("group-shrunk",)),
        # Health checks
        ({"auto_healing_policies": [{"health_check": "h", "initial_delay_sec": 60}]},
         {"auto_healing_policies": [{"health_check": "h", "initial_delay_sec": 600}]}, ()),
        ({"auto_healing_policies": [{"health_check": "h", "initial_delay_sec": 600}]},
         {"auto_healing_policies": [{"health_check": "h", "initial_delay_sec": 60}]},
         ("group-healed",)),
        ({"auto_healing_policies": [{"health_check": "h", "initial_delay_sec": 600}]},
         {"auto_healing_policies": []}, ()),
        ({"stateful_disk": [{"device_name": "d", "delete_rule": "NEVER"}]},
         {"stateful_disk": []}, ("group-state-changed",)),
        ({}, {"stateful_external_ip": [{"interface_name": "nic0"}]}, ("group-state-changed",)),
        ({}, {"stateful_internal_ip": [{"interface_name": "nic0"}]}, ("group-state-changed",)),
    ],
)  # fmt: skip
def test_updates_of_groups(before: Json, after: Json, blocking: tuple[str, ...]) -> None:
    """What an update does to VMs, by what it changes."""
    usual = {"name": "g", "update_policy": [CALM], "version": VERSION_OLD}

    templates = [change(TEMPLATE, ["no-op"], one, one, one["name"]) for one in (
        {"name": "a"}, {"name": "b"})]  # fmt: skip
    group = updated(GROUP, {**usual, **before}, {**usual, **after})["resource_changes"]
    verdict = judged(made_up(*templates, *group))

    assert blocking == rules(verdict.blocking)
