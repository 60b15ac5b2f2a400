"""What scales groups, and what is in none."""

import pytest

from tests.plans.cases import GROUP, PROJECT, TEMPLATE, Json
from tests.plans.judged import judged, rules, told
from tests.plans.made import CALM, change, decided_later, made_up, planned, updated

COMMITMENT = "google_compute_region_commitment"
PREFERENCE = "google_cloud_quotas_quota_preference"
REQUEST = "google_compute_resize_request"
SCALER = "google_compute_region_autoscaler"
VM = "google_compute_instance"


def test_an_autoscaler() -> None:
    """A lower limit is a danger, a higher one costs."""
    kind = "google_compute_region_autoscaler"
    low, high = ({"autoscaling_policy": [{"max_replicas": n}]} for n in (2, 5))

    lowered = judged(made_up(change(kind, ["update"], high, low)))
    raised = judged(made_up(change(kind, ["update"], low, high)))
    gone = judged(made_up(change(kind, ["delete"], high, None)))

    assert ("autoscaler-lowered",) == rules(lowered.blocking) == rules(gone.blocking)
    assert 3 == lowered.blocking[0].vms
    assert ((), ("gpus-added",)) == (rules(raised.blocking), rules(raised.notable))


def test_a_resize_request() -> None:
    """One that goes takes its capacity along; one that comes does nothing to others."""
    kind = "google_compute_resize_request"
    request = {"resize_by": 4}

    gone = judged(made_up(change(kind, ["delete"], request, None)))
    come = judged(made_up(change(kind, ["create"], None, request)))

    assert ("resize-request-deleted",) == rules(gone.blocking)
    assert 4 == gone.blocking[0].vms
    assert () == come.blocking


def test_a_vm() -> None:
    """One that is deleted or stopped takes along what runs on it."""
    kind, running = (
        "google_compute_instance",
        {"desired_status": "RUNNING", "machine_type": "a"},
    )
    for one in (
        made_up(change(kind, ["delete"], running, None)),
        updated(kind, running, {**running, "desired_status": "TERMINATED"}),
        updated(kind, running, {**running, "machine_type": "b"}),
        updated(kind, running, {**running, "min_cpu_platform": "b"}),
        updated(kind, running, {**running, "scheduling": [{"preemptible": True}]}),
    ):
        (finding,) = judged(one).blocking
        assert ("vm-deleted", 1) == (finding.rule, finding.vms)
    assert () == judged(updated(kind, running, {**running, "labels": {"a": "b"}})).blocking
    stopped = {**running, "desired_status": "TERMINATED"}
    assert () == judged(updated(kind, stopped, running)).blocking


def test_an_autoscaler_and_when_it_deletes() -> None:
    """Any change of that, and a lower minimum; a higher one costs."""
    kind = "google_compute_region_autoscaler"
    policy = {"min_replicas": 2, "max_replicas": 5, "mode": "ONLY_UP"}
    for change_, found in (
        ({"min_replicas": 0}, ("autoscaler-lowered",)),
        ({"min_replicas": 3}, ("gpus-added",)),
        ({"mode": "ON"}, ("autoscaler-changed",)),
        ({"cpu_utilization": [{"target": 0.9}]}, ("autoscaler-changed",)),
        ({"cooldown_period": 90}, ()),
    ):
        before, after = ({"autoscaling_policy": [one]} for one in (policy, {**policy, **change_}))
        verdict = judged(updated(kind, before, after))
        assert found == rules((*verdict.blocking, *verdict.notable))


def test_an_autoscaler_of_another_group() -> None:
    """It finds VMs there that are no longer let be."""
    one, other = ({"target": f"projects/{PROJECT}/x/{name}"} for name in "ab")
    verdict = judged(updated("google_compute_region_autoscaler", one, other))

    assert ("autoscaler-changed",) == rules(verdict.blocking)


@pytest.mark.parametrize("where", ["regions/us-central1", "zones/us-central1-a"])
def test_an_autoscaler_of_a_new_group(where: str) -> None:
    """It finds no VMs there yet."""
    zonal = where.startswith("zones")
    kind = GROUP.replace("region_", "") if zonal else GROUP
    calm = {"update_policy": [CALM], "version": [{"instance_template": "t"}]}
    template = change(TEMPLATE, ["no-op"], {"name": "t"}, {"name": "t"})
    group = change(kind, ["create"], None, {"name": "g", **calm}, "g")
    target = f"projects/{PROJECT}/{where}/instanceGroupManagers/g"
    kind = "google_compute_autoscaler" if zonal else "google_compute_region_autoscaler"
    scaler = change(kind, ["create"], None, {"target": target})
    unnamed = change(kind, ["create"], None, {})
    unnamed["change"]["after_unknown"] = {"target": True}

    assert () == judged(made_up(group, template, scaler)).blocking
    assert ("autoscaler-changed",) == rules(judged(made_up(unnamed)).blocking)
    assert ("autoscaler-changed",) == rules(judged(made_up(scaler)).blocking)


def test_what_is_paid_ahead() -> None:
    """A new one costs, be it in the place of another; one that goes costs nothing new."""
    kind = "google_compute_region_commitment"
    for actions, noted in (
        (["create"], ("paid-ahead",)),
        (["delete", "create"], ("paid-ahead",)),
        (["create", "delete"], ("paid-ahead",)),
        (["delete"], ()),
    ):
        assert noted == rules(judged(made_up(change(kind, actions, {}, {}))).notable)


def test_quota() -> None:
    """Less or more is told with both numbers; a preference that goes asks nothing."""
    kind = "google_cloud_quotas_quota_preference"
    few, many = ({"quota_config": [{"preferred_value": str(n)}]} for n in (8, 64))
    (found,) = judged(updated(kind, few, many)).notable

    assert "asks for 64 instead of 8" == found.what
    assert () == judged(updated(kind, few, {**few, "justification": "x"})).notable
    assert () == judged(made_up(change(kind, ["delete"], few, None))).notable
    marked = updated(kind, few, many)
    for side in ("before_sensitive", "after_sensitive"):
        marked["resource_changes"][0]["change"][side] = {"quota_config": True}
    assert ("quota-asked",) == rules(judged(marked).notable)


@pytest.mark.parametrize(
    ("kind", "actions", "before", "after", "said"),
    [
        (SCALER, "create", None, {"target": "g", "autoscaling_policy": [{"max_replicas": 3}]},
         ["autoscaler-changed: new: it sets the size of a group, and deletes VMs that it finds "
          "idle"]),
        (SCALER, "delete", {"autoscaling_policy": [{"max_replicas": 3}]}, None,
         ["autoscaler-lowered: deleted: nothing sets the size any more"]),
        (SCALER, "delete create", {"name": "a", "autoscaling_policy": [{"max_replicas": 3}]},
         {"name": "b", "autoscaling_policy": [{"max_replicas": 3}]},
         ["autoscaler-changed: new: it sets the size of a group, and deletes VMs that it finds "
          "idle",
          "autoscaler-lowered: deleted: nothing sets the size any more",
          "unjudged: changed in `name`"]),
        (SCALER, "update", {"autoscaling_policy": [{"max_replicas": 3}]},
         {"autoscaling_policy": [{"max_replicas": 2}]},
         ["autoscaler-lowered: set to at most 2 VMs instead of 3"]),
        (SCALER, "update", {"autoscaling_policy": [{"max_replicas": 3}]},
         {"autoscaling_policy": [{"max_replicas": 4}]},
         ["gpus-added: set to at most 4 VMs instead of 3"]),
        (SCALER, "update", {"autoscaling_policy": [{"min_replicas": 3}]},
         {"autoscaling_policy": [{"min_replicas": 1}]},
         ["autoscaler-lowered: set to at least 1 VM instead of 3"]),
        (SCALER, "update", {"autoscaling_policy": [{"min_replicas": 1}]},
         {"autoscaling_policy": [{"min_replicas": 3}]},
         ["gpus-added: set to at least 3 VMs instead of 1"]),
        (SCALER, "update", {"autoscaling_policy": [{"max_replicas": 3}]},
         {"autoscaling_policy": [{}]},
         ["autoscaler-lowered: set to at most an unknown number of VMs instead of 3"]),
        (SCALER, "update", {"autoscaling_policy": [{"max_replicas": 3, "mode": "ON"}]},
         {"autoscaling_policy": [{"max_replicas": 3, "mode": "OFF"}]},
         ["autoscaler-changed: changed in when it deletes VMs: `autoscaling_policy[0].mode`"]),
        (SCALER, "update",
         {"target": "g", "autoscaling_policy": [{"cpu_utilization": [{"target": 0.5}]}]},
         {"target": "h", "autoscaling_policy": [{"cpu_utilization": [{"target": 0.6}]}]},
         ["autoscaler-changed: changed in when it deletes VMs: "
          "`autoscaling_policy[0].cpu_utilization[0].target`, `target`"]),
        (SCALER, "update", {"autoscaling_policy": [{"cooldown_period": 60}]},
         {"autoscaling_policy": [{"cooldown_period": 90}]}, []),
        (SCALER, "update", {"description": "a", "autoscaling_policy": [{"max_replicas": 3}]},
         {"autoscaling_policy": [{"max_replicas": 3}]}, []),
        (REQUEST, "create", None, {"resize_by": 4},
         ["gpus-added: new: asks for 4 VMs at once, beside what the scheduler does"]),
        (REQUEST, "create", None, {"resize_by": 1},
         ["gpus-added: new: asks for 1 VM at once, beside what the scheduler does"]),
        (REQUEST, "delete", {"resize_by": 4}, None,
         ["resize-request-deleted: deleted: what has not come of it never will"]),
        (REQUEST, "delete create", {"resize_by": 4}, {"resize_by": 5},
         ["resize-request-deleted: deleted: what has not come of it never will",
          "gpus-added: new: asks for 5 VMs at once, beside what the scheduler does"]),
        (REQUEST, "update", {"resize_by": 4}, {"resize_by": 5},
         ["unjudged: changed in `resize_by`"]),
        (VM, "create", None, {"machine_type": "a", "desired_status": "RUNNING"},
         ["gpus-added: new: a VM that is paid for until it is deleted"]),
        (VM, "delete", {"desired_status": "RUNNING", "machine_type": "a"}, None,
         ["vm-deleted: deleted, with what runs on it"]),
        (VM, "delete create", {"desired_status": "RUNNING", "machine_type": "a"},
         {"desired_status": "RUNNING", "machine_type": "b"},
         ["vm-deleted: deleted, with what runs on it"]),
        (VM, "update", {"desired_status": "RUNNING", "machine_type": "a"},
         {"desired_status": "RUNNING", "machine_type": "b"},
         ["vm-deleted: stopped, with what runs on it"]),
        (VM, "update",
         {"desired_status": "RUNNING", "machine_type": "a", "guest_accelerator": [{"type": "t",
          "count": 4}]}, {"desired_status": "RUNNING", "machine_type": "a"},
         ["vm-deleted: stopped, with what runs on it"]),
        (VM, "update", {"desired_status": "RUNNING", "machine_type": "a"},
         {"desired_status": "TERMINATED", "machine_type": "a"},
         ["vm-deleted: stopped, with what runs on it"]),
        (VM, "update", {"desired_status": "RUNNING", "machine_type": "a"}, {"machine_type": "a"},
         ["vm-deleted: stopped, with what runs on it"]),
        (VM, "update", {"desired_status": "TERMINATED", "machine_type": "a"},
         {"desired_status": "RUNNING", "machine_type": "a"},
         ["unjudged: changed in `desired_status`"]),
        (VM, "update", {"desired_status": "TERMINATED", "machine_type": "a", "labels": {"a": "b"}},
         {"desired_status": "TERMINATED", "machine_type": "a"}, []),
        (VM, "update",
         {"desired_status": "RUNNING", "machine_type": "a", "deletion_protection": True},
         {"desired_status": "RUNNING", "machine_type": "a", "deletion_protection": False},
         ["unjudged: changed in `deletion_protection`"]),
        (COMMITMENT, "create", None, {"plan": "TWELVE_MONTH"},
         ["paid-ahead: new: it is paid for, used or not"]),
        (COMMITMENT, "delete", {"plan": "TWELVE_MONTH"}, None,
         ["deleted: deleted: VMs that rely on it may not start, or cost more"]),
        (COMMITMENT, "delete create", {"plan": "TWELVE_MONTH"}, {"plan": "THIRTY_SIX_MONTH"},
         ["deleted: deleted: VMs that rely on it may not start, or cost more",
          "paid-ahead: new: it is paid for, used or not"]),
        (COMMITMENT, "update", {"auto_renew": False}, {"auto_renew": True},
         ["unjudged: changed in `auto_renew`"]),
        (PREFERENCE, "create", None, {"quota_config": [{"preferred_value": "8"}]},
         ["quota-asked: asks for 8"]),
        # None at all is planned as an empty text.
        *((PREFERENCE, "create", None,
           {"quota_config": [{"preferred_value": none}], **more}, ["quota-asked: asks for 0"])
          for none in ("", "0", None)
          for more in ({}, {"ignore_safety_checks": "QUOTA_DECREASE_BELOW_USAGE"})),
        (PREFERENCE, "update", {"quota_config": [{"preferred_value": "8"}]},
         {"quota_config": [{"preferred_value": ""}]}, ["quota-asked: asks for 0 instead of 8"]),
        (PREFERENCE, "update", {"quota_config": [{"preferred_value": ""}]},
         {"quota_config": [{"preferred_value": "8"}]}, ["quota-asked: asks for 8 instead of 0"]),
        (PREFERENCE, "update", {"quota_config": [{"preferred_value": ""}], "justification": "a"},
         {"quota_config": [{"preferred_value": ""}], "justification": "b"}, []),
        (PREFERENCE, "update", {"quota_config": [{"preferred_value": "8"}]},
         {"quota_config": [{"preferred_value": "64"}]},
         ["quota-asked: asks for 64 instead of 8"]),
        (PREFERENCE, "update", {"quota_config": [{"preferred_value": "8"}]}, {"quota_config": []},
         ["quota-asked: asks for an unknown number instead of 8"]),
        (PREFERENCE, "update", {"quota_config": [{"preferred_value": "8"}], "justification": "a"},
         {"quota_config": [{"preferred_value": "8"}], "justification": "b"}, []),
        (PREFERENCE, "update",
         {"quota_config": [{"preferred_value": "8"}], "ignore_safety_checks": "x"},
         {"quota_config": [{"preferred_value": "8"}]}, []),
        (PREFERENCE, "update", {"quota_config": [{"preferred_value": "8"}]},
         {"quota_config": [{"preferred_value": "8"}],
          "ignore_safety_checks": "QUOTA_DECREASE_BELOW_USAGE"},
         ["unjudged: changed in `ignore_safety_checks`"]),
        (PREFERENCE, "delete", {"quota_config": [{"preferred_value": "8"}]}, None, []),
        # Another one, of another quota, that asks for as much.
        (PREFERENCE, "delete create", {"quota_config": [{"preferred_value": "8"}], "name": "a"},
         {"quota_config": [{"preferred_value": "8"}], "name": "b"},
         ["unjudged: changed in `name`", "quota-asked: asks for 8"]),
        (PREFERENCE, "delete create", {"quota_config": [{"preferred_value": "8"}], "name": "a"},
         {"quota_config": [{"preferred_value": "9"}], "name": "b"},
         ["unjudged: changed in `name`",
          "quota-asked: asks for 9 instead of 8"]),
    ],
)  # fmt: skip
def test_what_is_told(
    kind: str, actions: str, before: Json | None, after: Json | None, said: list[str]
) -> None:
    """What is made, changed and deleted, with how many and for what."""
    assert said == told(planned(kind, actions, before, after))


@pytest.mark.parametrize(
    ("kind", "action", "values", "unknown", "said"),
    [
        (SCALER, "update", {"autoscaling_policy": [{"max_replicas": 3}]},
         {"autoscaling_policy": [{"max_replicas": True}]},
         ["autoscaler-lowered: set to at most an unknown number of VMs instead of 3"]),
        (SCALER, "create", {"autoscaling_policy": [{"max_replicas": 3}]}, {"target": True},
         ["autoscaler-changed: new: it sets the size of a group, and deletes VMs that it finds "
          "idle"]),
        (PREFERENCE, "create", {}, {"quota_config": True},
         ["quota-asked: asks for an unknown number"]),
        (PREFERENCE, "update", {"quota_config": [{"preferred_value": "8"}]},
         {"quota_config": True},
         ["quota-asked: asks for an unknown number instead of 8"]),
        (PREFERENCE, "update", {"quota_config": [{"preferred_value": "8"}], "justification": "a"},
         {"justification": True}, ["unjudged: changed in `justification`"]),
        (REQUEST, "create", {}, {"resize_by": True},
         ["gpus-added: new: asks for an unknown number of VMs at once, beside what the "
          "scheduler does"]),
    ],
)  # fmt: skip
def test_what_is_not_known(
    kind: str, action: str, values: Json, unknown: Json, said: list[str]
) -> None:
    """It may be anything."""
    assert said == told(decided_later(kind, action, values, unknown))


@pytest.mark.parametrize(
    ("kind", "actions", "before", "after", "numbers"),
    [
        (SCALER, "update", {"autoscaling_policy": [{"max_replicas": 3}]},
         {"autoscaling_policy": [{"max_replicas": 1}]},
         ["autoscaler-lowered: 2 VMs, None GPUs"]),
        (SCALER, "update", {"autoscaling_policy": [{"max_replicas": 3}]},
         {"autoscaling_policy": [{}]},
         ["autoscaler-lowered: None VMs, None GPUs"]),
        (REQUEST, "delete", {"resize_by": 4}, None, ["resize-request-deleted: 4 VMs, None GPUs"]),
        (REQUEST, "delete", {}, None, ["resize-request-deleted: None VMs, None GPUs"]),
        (VM, "delete", {"guest_accelerator": [{"type": "t", "count": 4}]}, None,
         ["vm-deleted: 1 VMs, 4 GPUs"]),
        (VM, "create", None, {"guest_accelerator": [{"type": "t", "count": 4}]},
         ["gpus-added: 0 VMs, 4 GPUs"]),
        (VM, "update", {"machine_type": "a", "guest_accelerator": [{"type": "t", "count": 4}]},
         {"machine_type": "b", "guest_accelerator": [{"type": "t", "count": 4}]},
         ["vm-deleted: 1 VMs, 4 GPUs"]),
    ],
)  # fmt: skip
def test_how_many_it_costs(
    kind: str, actions: str, before: Json | None, after: Json | None, numbers: list[str]
) -> None:
    """What is stopped, or may come, as far as that is told."""
    verdict = judged(planned(kind, actions, before, after))
    found = (*verdict.blocking, *verdict.notable)

    assert numbers == [f"{one.rule}: {one.vms} VMs, {one.gpus} GPUs" for one in found]
