"""What scales groups, and what is in none."""

import pytest

from tests.plans.cases import GROUP, PROJECT, TEMPLATE
from tests.plans.judged import judged, rules
from tests.plans.made import CALM, change, made_up, updated


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
    """Any change of that, and a lower minimum; a higher one harms nobody."""
    kind = "google_compute_region_autoscaler"
    policy = {"min_replicas": 2, "max_replicas": 5, "mode": "ONLY_UP"}
    for change_, blocking in (
        ({"min_replicas": 0}, ("autoscaler-lowered",)),
        ({"min_replicas": 3}, ()),
        ({"mode": "ON"}, ("autoscaler-changed",)),
        ({"cpu_utilization": [{"target": 0.9}]}, ("autoscaler-changed",)),
        ({"cooldown_period": 90}, ()),
    ):
        before, after = ({"autoscaling_policy": [one]} for one in (policy, {**policy, **change_}))
        verdict = judged(updated(kind, before, after))
        assert (blocking, ()) == (rules(verdict.blocking), verdict.notable)


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
    for actions, told in (
        (["create"], ("paid-ahead",)),
        (["delete", "create"], ("paid-ahead",)),
        (["create", "delete"], ("paid-ahead",)),
        (["delete"], ()),
    ):
        assert told == rules(judged(made_up(change(kind, actions, {}, {}))).notable)


def test_quota() -> None:
    """Less or more is told with both numbers; a preference that goes asks nothing."""
    kind = "google_cloud_quotas_quota_preference"
    few, many = ({"quota_config": [{"preferred_value": str(n)}]} for n in (8, 64))
    (found,) = judged(updated(kind, few, many)).notable

    assert "asks for 64 instead of 8" == found.what
    assert () == judged(updated(kind, few, {**few, "justification": "x"})).notable
    assert () == judged(made_up(change(kind, ["delete"], few, None))).notable
