"""What a group does to its VMs, and what each change of it does, word by word."""

import pytest

from tests.plans.cases import GROUP, TEMPLATE, Json
from tests.plans.judged import judged, told
from tests.plans.made import CALM, EAGER, change, made_up, planned

VERSION_NEW = [{"instance_template": "b"}]
VERSION_OLD = [{"instance_template": "a"}]

USUAL = {
    "name": "g",
    "version": VERSION_OLD,
    "update_policy": [CALM],
    "instance_lifecycle_policy": [{"default_action_on_failure": "DO_NOTHING"}],
}
"""A group that leaves its VMs alone."""


def _plan(
    actions: str, before: Json | None, after: Json | None, unknown: Json | None = None
) -> Json:
    """What becomes of one that is as usual otherwise, beside two templates of eight GPUs."""
    gpus = {"guest_accelerator": [{"type": "nvidia-tesla-v100", "count": 8}]}
    templates = [
        change(TEMPLATE, ["no-op"], {"name": name, **gpus}, {"name": name, **gpus}, name)
        for name in "ab"
    ]
    old, new = (None if side is None else {**USUAL, **side} for side in (before, after))
    told_of = {key: value for key, value in (new or {}).items() if key not in (unknown or {})}
    (entry,) = planned(GROUP, actions, old, new and told_of, unknown)["resource_changes"]
    return made_up(*templates, entry)


@pytest.mark.parametrize(
    ("actions", "before", "after", "said"),
    [
        ("delete", {"target_size": 2}, None,
         ["group-deleted: deleted, with every VM that is in it"]),
        ("delete create", {"target_size": 2}, {"target_size": 2},
         ["group-replaced: replaced, which deletes every VM that is in it"]),
        ("delete create", {"version": [{"instance_template": "c"}]},
         {"version": [{"instance_template": "c"}]},
         ["group-replaced: replaced, which deletes every VM that is in it",
          "group-template-elsewhere: set to start VMs from `c`, which is no template of this "
          "plan"]),
        ("create", None, {},
         ["gpus-added: new: each VM in it has 8 GPUs, and costs an unknown amount"]),
        ("create", None, {"target_size": 2},
         ["size-raised: new, with 2 VMs at once; each VM in it has 8 GPUs, and costs an "
          "unknown amount"]),
        ("create", None, {"target_size": 0},
         ["gpus-added: new: each VM in it has 8 GPUs, and costs an unknown amount"]),
        ("create", None, {"version": []},
         ["unjudged: left without a template: no VM would start",
          "gpus-added: new: each VM in it has an unknown number of GPUs, and costs an unknown "
          "amount"]),
        ("create", None, {"version": [*VERSION_OLD, *VERSION_NEW]},
         ["unjudged: given several templates, or what is not known yet",
          "unjudged: new, with `version[1].instance_template`",
          "gpus-added: new: each VM in it has 8 GPUs, and costs an unknown amount"]),
        ("create", None, {"version": [{"instance_template": "c"}]},
         ["group-template-elsewhere: set to start VMs from `c`, which is no template of this plan",
          "gpus-added: new: each VM in it has an unknown number of GPUs, and costs an unknown "
          "amount"]),
        ("create", None, {"update_policy": []},
         ["group-rebalanced: new, and Google deletes VMs in it to spread them evenly over the "
          "zones",
          "group-rolled: new, with the update policy not set: each later template replaces its "
          "VMs at once",
          "gpus-added: new: each VM in it has 8 GPUs, and costs an unknown amount"]),
        ("create", None, {"update_policy": [EAGER]},
         ["group-rolled: new, with the update policy `PROACTIVE`: each later template replaces "
          "its VMs at once",
          "gpus-added: new: each VM in it has 8 GPUs, and costs an unknown amount"]),
        ("create", None,
         {"update_policy": [{**EAGER, "most_disruptive_allowed_action": "REFRESH"}]},
         ["unjudged: new, with `update_policy.minimal_action`, "
          "`update_policy.most_disruptive_allowed_action`, `update_policy.type`",
          "gpus-added: new: each VM in it has 8 GPUs, and costs an unknown amount"]),
        ("create", None,
         {"update_policy": [{**CALM, "instance_redistribution_type": "PROACTIVE"}]},
         ["group-rebalanced: new, and Google deletes VMs in it to spread them evenly over the "
          "zones",
          "gpus-added: new: each VM in it has 8 GPUs, and costs an unknown amount"]),
        ("create", None, {"auto_healing_policies": [{"health_check": "h"}]},
         ["group-healed: given a health check, and a VM that fails it is made anew",
          "gpus-added: new: each VM in it has 8 GPUs, and costs an unknown amount"]),
        ("create", None, {"instance_lifecycle_policy": [{"default_action_on_failure": "REPAIR"}]},
         ["gpus-added: new: each VM in it has 8 GPUs, and costs an unknown amount",
          "group-repairs: set to make anew a VM that has gone"]),
        ("create", None, {"instance_lifecycle_policy": []},
         ["gpus-added: new: each VM in it has 8 GPUs, and costs an unknown amount",
          "group-repairs: set to make anew a VM that has gone"]),
        ("create", None, {"stateful_disk": [{"device_name": "d"}]},
         ["group-state-changed: changed in which disks and addresses of its VMs outlive them",
          "gpus-added: new: each VM in it has 8 GPUs, and costs an unknown amount"]),
        ("create", None, {"wait_for_instances": True},
         ["unjudged: new, with `wait_for_instances`",
          "gpus-added: new: each VM in it has 8 GPUs, and costs an unknown amount"]),
        ("delete create", {}, {"update_policy": [EAGER]},
         ["group-replaced: replaced, which deletes every VM that is in it",
          "group-rolled: new, with the update policy `PROACTIVE`: each later template replaces "
          "its VMs at once"]),
        ("update", {"target_size": 4}, {"target_size": 1},
         ["group-shrunk: shrunk from 4 to 1 VM"]),
        ("update", {"target_size": 1}, {"target_size": 4},
         ["size-raised: raised from 1 to 4 VMs; each costs an unknown amount"]),
        ("update", {"target_size": 1}, {"target_size": 2},
         ["size-raised: raised from 1 to 2 VMs; each costs an unknown amount"]),
        ("update", {"target_size": 4, "description": "a"}, {"target_size": 4}, []),
        ("update", {"target_size": 4}, {"target_size": "4"},
         ["unjudged: changed in `target_size`"]),
        ("update", {"target_suspended_size": 0}, {"target_suspended_size": 1},
         ["size-raised: raised from 0 to 1 VM; each costs an unknown amount"]),
        ("update", {}, {"version": []},
         ["unjudged: left without a template: no VM would start",
          "unjudged: changed in `version`"]),
        ("update", {}, {"version": [*VERSION_OLD, *VERSION_NEW]},
         ["unjudged: given several templates, or what is not known yet",
          "unjudged: changed in `version`"]),
        ("update", {}, {"version": VERSION_NEW}, []),
        ("update", {"version": [{"instance_template": "c"}]}, {},
         ["unjudged: given another template; what its VMs start with so far is not in this plan"]),
        ("update", {}, {"version": [{"instance_template": "c"}]},
         ["group-template-elsewhere: set to start VMs from `c`, which is no template of this "
          "plan"]),
        ("update", {"version": [{"instance_template": "c"}], "description": "a"},
         {"version": [{"instance_template": "c"}]}, []),
        ("update", {}, {"update_policy": [EAGER]},
         ["group-rolled: updated so that its VMs are replaced or restarted at once"]),
        ("update", {"update_policy": [EAGER]}, {"update_policy": [EAGER], "version": VERSION_NEW},
         ["group-rolled: updated so that its VMs are replaced or restarted at once"]),
        ("update", {"update_policy": [EAGER]}, {"update_policy": [EAGER], "description": "b"}, []),
        ("update", {"update_policy": [{**EAGER, "minimal_action": "NONE"}]},
         {"update_policy": [{**EAGER, "minimal_action": "REFRESH"}]},
         ["group-rolled: updated so that its VMs are replaced or restarted at once"]),
        ("update", {"update_policy": [{**EAGER, "minimal_action": "REFRESH"}]},
         {"update_policy": [{**EAGER, "minimal_action": "NONE"}]}, []),
        ("update", {"update_policy": [{**EAGER, "minimal_action": "NEW"}]},
         {"update_policy": [{**EAGER, "minimal_action": "NEWER"}]},
         ["group-rolled: updated so that its VMs are replaced or restarted at once"]),
        ("update", {"update_policy": [{**EAGER, "most_disruptive_allowed_action": "RESTART"}]},
         {"update_policy": [{**EAGER, "most_disruptive_allowed_action": "REPLACE"}]},
         ["group-rolled: updated so that its VMs are replaced or restarted at once",
          "unjudged: changed in `update_policy.most_disruptive_allowed_action`"]),
        ("update", {"update_policy": [{**EAGER, "most_disruptive_allowed_action": "REPLACE"}]},
         {"update_policy": [{**EAGER, "most_disruptive_allowed_action": "RESTART"}]}, []),
        ("update", {"update_policy": [{**CALM, "minimal_action": "NONE"}]},
         {"update_policy": [{**CALM, "minimal_action": "REPLACE"}]}, []),
        ("update", {"update_policy": [{**CALM, "replacement_method": "SUBSTITUTE"}]},
         {"update_policy": [{**CALM, "replacement_method": "RECREATE"}]}, []),
        ("update", {"update_policy": [{**EAGER, "replacement_method": "SUBSTITUTE"}]},
         {"update_policy": [{**EAGER, "replacement_method": "RECREATE"}]},
         ["unjudged: changed in `update_policy.replacement_method`"]),
        ("update", {}, {"update_policy": []},
         ["group-rebalanced: updated so that Google deletes VMs to spread them evenly over the "
          "zones",
          "group-rolled: updated so that its VMs are replaced or restarted at once",
          "unjudged: changed in `update_policy`"]),
        ("update", {}, {"update_policy": [{**CALM, "instance_redistribution_type": "PROACTIVE"}]},
         ["group-rebalanced: updated so that Google deletes VMs to spread them evenly over the "
          "zones"]),
        ("update", {"update_policy": [{**CALM, "instance_redistribution_type": "PROACTIVE"}]},
         {"update_policy": [{**CALM, "instance_redistribution_type": "PROACTIVE"}],
          "description": "b"}, []),
        ("update", {"update_policy": [{"type": "OPPORTUNISTIC"}]},
         {"update_policy": [{**CALM, "instance_redistribution_type": "PROACTIVE"}]},
         ["unjudged: changed in `update_policy.instance_redistribution_type`"]),
        ("update", {}, {"auto_healing_policies": [{"health_check": "h"}]},
         ["group-healed: given a health check, and a VM that fails it is made anew"]),
        ("update", {"auto_healing_policies": [{"health_check": "h"}]},
         {"auto_healing_policies": [{"health_check": "i"}]},
         ["group-healed: given a health check, and a VM that fails it is made anew"]),
        ("update", {"auto_healing_policies": [{"health_check": "h"}]},
         {"auto_healing_policies": [{"health_check": "h"}], "description": "b"}, []),
        ("update", {}, {"instance_lifecycle_policy": [{"default_action_on_failure": "REPAIR"}]},
         ["group-repairs: set to make anew a VM that has gone"]),
        ("update", {"instance_lifecycle_policy": [{"default_action_on_failure": "REPAIR"}]},
         {"instance_lifecycle_policy": [{"default_action_on_failure": "REPAIR",
          "force_update_on_repair": "NO"}]}, []),
        ("update", {}, {"stateful_disk": [{"device_name": "d"}]},
         ["group-state-changed: changed in which disks and addresses of its VMs outlive them"]),
        ("update", {"base_instance_name": "a"}, {"base_instance_name": "b"},
         ["unjudged: changed in `base_instance_name`"]),
    ],
)  # fmt: skip
def test_what_is_told(
    actions: str, before: Json | None, after: Json | None, said: list[str]
) -> None:
    """What becomes of the VMs in a group; what leaves them alone, not at all."""
    assert said == told(_plan(actions, before, after))


@pytest.mark.parametrize(
    ("action", "unknown", "said"),
    [
        ("create", {"target_size": True},
         ["gpus-added: new: each VM in it has 8 GPUs, and costs an unknown amount"]),
        ("update", {"target_size": True},
         ["group-shrunk: shrunk from an unknown number to an unknown number of VMs"]),
        ("create", {"version": True},
         ["group-template-elsewhere: set to start VMs from one that is not known yet, which is "
          "no template of this plan",
          "unjudged: given several templates, or what is not known yet",
          "unjudged: new, with `version`",
          "gpus-added: new: each VM in it has an unknown number of GPUs, and costs an unknown "
          "amount"]),
        ("update", {"version": True},
         ["group-template-elsewhere: set to start VMs from one that is not known yet, which is "
          "no template of this plan",
          "unjudged: given several templates, or what is not known yet",
          "unjudged: changed in `version`"]),
        ("update", {"version": [{"instance_template": True}]},
         ["group-template-elsewhere: set to start VMs from one that is not known yet, which is "
          "no template of this plan"]),
        ("create", {"update_policy": True},
         ["group-rebalanced: new, and Google deletes VMs in it to spread them evenly over the "
          "zones",
          "group-rolled: new, with the update policy what is not known yet: each later "
          "template replaces its VMs at once",
          "unjudged: new, with `update_policy`",
          "gpus-added: new: each VM in it has 8 GPUs, and costs an unknown amount"]),
        ("create", {"auto_healing_policies": True},
         ["group-healed: given a health check, and a VM that fails it is made anew",
          "gpus-added: new: each VM in it has 8 GPUs, and costs an unknown amount"]),
        ("create", {"instance_lifecycle_policy": True},
         ["gpus-added: new: each VM in it has 8 GPUs, and costs an unknown amount",
          "group-repairs: set to make anew a VM that has gone"]),
    ],
)  # fmt: skip
def test_what_is_not_known(action: str, unknown: Json, said: list[str]) -> None:
    """It is taken for the worse, unless only Google can say it."""
    before: Json | None = {} if action == "update" else None

    assert said == told(_plan(action, before, {}, unknown))


@pytest.mark.parametrize(
    ("actions", "before", "after", "numbers"),
    [
        ("delete", {"target_size": 2}, None, ["group-deleted: 2 VMs, 16 GPUs"]),
        ("delete create", {"target_size": 3}, {"target_size": 3},
         ["group-replaced: 3 VMs, 24 GPUs"]),
        ("create", None, {"target_size": 2}, ["size-raised: 0 VMs, 16 GPUs"]),
        ("create", None, {"update_policy": [EAGER]}, ["group-rolled: 0 VMs, 0 GPUs"]),
        ("create", None, {"update_policy": []},
         ["group-rebalanced: 0 VMs, 0 GPUs",
          "group-rolled: 0 VMs, 0 GPUs"]),
        ("create", None, {"auto_healing_policies": [{"health_check": "h"}]},
         ["group-healed: 0 VMs, 0 GPUs"]),
        ("update", {"target_size": 4}, {"target_size": 1}, ["group-shrunk: 3 VMs, 24 GPUs"]),
        ("update", {"target_size": 1}, {"target_size": 4}, ["size-raised: 0 VMs, 24 GPUs"]),
        ("update", {"target_size": 2}, {"target_size": 2, "update_policy": [EAGER]},
         ["group-rolled: 2 VMs, 16 GPUs"]),
        ("update", {"target_size": 2},
         {"target_size": 2, "update_policy": [{**CALM,
          "instance_redistribution_type": "PROACTIVE"}]},
         ["group-rebalanced: 2 VMs, 16 GPUs"]),
        ("update", {"target_size": 2},
         {"target_size": 2, "auto_healing_policies": [{"health_check": "h"}]},
         ["group-healed: 2 VMs, 16 GPUs"]),
        ("update", {"target_size": 0}, {"target_size": 0, "update_policy": [EAGER]},
         ["group-rolled: 0 VMs, 0 GPUs"]),
        ("update", {}, {"update_policy": [EAGER]}, ["group-rolled: None VMs, None GPUs"]),
    ],
)  # fmt: skip
def test_how_many_it_costs(
    actions: str, before: Json | None, after: Json | None, numbers: list[str]
) -> None:
    """The VMs that a group has, and none of one that is new; or how many come."""
    found = judged(_plan(actions, before, after)).blocking

    assert numbers == [f"{one.rule}: {one.vms} VMs, {one.gpus} GPUs" for one in found]


def test_what_is_marked_and_stays() -> None:
    """It is not told what it is, and it is what it was."""
    plan = _plan("update", {"description": "a"}, {"description": "b"})
    for side in ("before_sensitive", "after_sensitive"):
        plan["resource_changes"][-1]["change"][side] = {
            "update_policy": True,
            "auto_healing_policies": True,
        }

    assert [] == told(plan)


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ({}, {"update_policy": []},
         "the update policy is not set, and `update_policy[0].type` changes"),
        ({"update_policy": [EAGER]}, {"update_policy": [EAGER], "version": VERSION_NEW},
         "the update policy is `PROACTIVE`, and `version` changes"),
        ({"update_policy": [{**EAGER, "minimal_action": "NONE"}]},
         {"update_policy": [EAGER], "all_instances_config": [{"labels": {"a": "b"}}]},
         "the update policy is `PROACTIVE`, and `all_instances_config`, "
         "`update_policy[0].minimal_action` changes"),
    ],
)  # fmt: skip
def test_why_vms_are_replaced(before: Json, after: Json, why: str) -> None:
    """By what of the policy, and what else changes."""
    found = judged(_plan("update", before, after)).blocking

    assert [why] == [one.why for one in found if one.rule == "group-rolled"]


HEALED = [{"health_check": "h", "initial_delay_sec": 300}]
AGAIN = "group-healed: set to make anew a VM that fails its health check"
GIVEN = "group-healed: given a health check, and a VM that fails it is made anew"
REPAIRS = "group-repairs: set to make anew a VM that has gone"


def _side(checks: list[Json], default: str | None, unhealthy: str | None, **more: str) -> Json:
    policy = {"default_action_on_failure": default, "on_failed_health_check": unhealthy, **more}
    told_of = {key: value for key, value in policy.items() if value is not None}
    return {"auto_healing_policies": checks, "instance_lifecycle_policy": [told_of]}


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        # What is done by default, where a health check is there.
        *((_side(HEALED, "REPAIR", "DO_NOTHING"), _side(HEALED, "REPAIR", action), [AGAIN])
          for action in (None, "", "DEFAULT_ACTION", "REPAIR", "WHAT_IS_NEW")),
        (_side(HEALED, None, "DO_NOTHING"), _side(HEALED, None, "DEFAULT_ACTION"), [AGAIN]),
        (_side(HEALED, "DO_NOTHING", "DO_NOTHING"), _side(HEALED, "DO_NOTHING", "REPAIR"),
         [AGAIN]),
        (_side(HEALED, "DO_NOTHING", "DEFAULT_ACTION"), _side(HEALED, "REPAIR", "DEFAULT_ACTION"),
         [AGAIN, REPAIRS]),
        (_side(HEALED, "DO_NOTHING", None),
         {"auto_healing_policies": HEALED, "instance_lifecycle_policy": []},
         [AGAIN, "unjudged: changed in `instance_lifecycle_policy`", REPAIRS]),
        # Later for a check that is there is no harm; that something comes of it is.
        (_side([{**HEALED[0], "initial_delay_sec": 60}], "REPAIR", "DO_NOTHING"),
         _side(HEALED, "REPAIR", "DEFAULT_ACTION"), [AGAIN]),
        (_side([], "REPAIR", "DO_NOTHING"), _side(HEALED, "REPAIR", "DEFAULT_ACTION"), [GIVEN]),
        # Where nothing comes of it: nothing is done by default, or no check is there to fail.
        *((_side(HEALED, "DO_NOTHING", "DO_NOTHING"), _side(HEALED, "DO_NOTHING", action), [])
          for action in (None, "DEFAULT_ACTION")),
        *((_side([], "REPAIR", "DO_NOTHING"), _side([], "REPAIR", action), [])
          for action in (None, "DEFAULT_ACTION")),
        (_side(HEALED, "REPAIR", "DEFAULT_ACTION"), _side(HEALED, "REPAIR", "DO_NOTHING"), []),
        (_side(HEALED, "REPAIR", None), _side(HEALED, "DO_NOTHING", None), []),
        (_side(HEALED, "REPAIR", None), _side(HEALED, "REPAIR", None, force_update_on_repair="YES"),
         ["unjudged: changed in `instance_lifecycle_policy.force_update_on_repair`"]),
        # Google repairs where nothing is said, so that it is no other choice.
        (_side(HEALED, "REPAIR", None), _side(HEALED, "", None), [REPAIRS]),
        # Not known to do no harm: nothing is worse, and nobody has looked at it.
        (_side([], "REPAIR", "DO_NOTHING"), _side([], "REPAIR", "REPAIR"),
         ["unjudged: changed in `instance_lifecycle_policy.on_failed_health_check`"]),
        (_side(HEALED, "REPAIR", "DO_NOTHING"), _side([], "REPAIR", "DEFAULT_ACTION"),
         ["unjudged: changed in `instance_lifecycle_policy.on_failed_health_check`"]),
    ],
)  # fmt: skip
def test_what_is_done_to_a_vm_that_is_unhealthy(before: Json, after: Json, said: list[str]) -> None:
    """A busy one may be, so that whatever makes it anew ends its job."""
    assert said == told(_plan("update", before, after))


@pytest.mark.parametrize("key", ["on_failed_health_check", "default_action_on_failure"])
def test_what_may_be_done_to_a_vm_that_is_unhealthy(key: str) -> None:
    """It is taken for the worse, be it unknown or marked; what is marked and stays does not."""
    idle = _side(HEALED, "DO_NOTHING", "DEFAULT_ACTION")
    (policy,) = idle["instance_lifecycle_policy"]
    after = {**idle, "instance_lifecycle_policy": [
        {name: value for name, value in policy.items() if name != key}]}  # fmt: skip
    plan = _plan("update", idle, after)
    plan["resource_changes"][-1]["change"]["after_unknown"] = {
        "instance_lifecycle_policy": [{key: True}]
    }
    assert AGAIN in told(plan)

    other = {**idle, "instance_lifecycle_policy": [{**policy, key: "WHAT_IS_NEW"}]}
    for becomes, is_told in (({**idle, "description": "b"}, False), (other, True)):
        plan = _plan("update", idle, becomes)
        for side in ("before_sensitive", "after_sensitive"):
            marks = {"instance_lifecycle_policy": [{key: True}]}
            plan["resource_changes"][-1]["change"][side] = marks
        assert is_told == (AGAIN in told(plan)), told(plan)
