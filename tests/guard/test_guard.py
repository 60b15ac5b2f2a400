"""The guard on recorded plans: every danger is found, and its harmless neighbour passes."""

import datetime
import json
import re
from dataclasses import replace
from typing import Any

import pytest

from pipeline_zen import catalog
from pipeline_zen.guard import (
    RULES,
    Known,
    Severity,
    allowances,
)
from pipeline_zen.guard.allowances import matches
from pipeline_zen.guard.trust import DELETION_BUDGET
from pipeline_zen.guard.verdict import CHECKS
from pipeline_zen.settings import Place, SettingsError
from tests.conftest import Checkout
from tests.plans.cases import (
    BUCKET,
    CASES,
    GRANT,
    GROUP,
    PROJECT,
    SUBSCRIPTION,
    TEMPLATE,
    Case,
    Json,
)
from tests.plans.judged import TARGET, TODAY, allowance, judged, rules
from tests.plans.made import change, made_up, updated
from tests.plans.recorded import recorded

LINEAGE = "0a1b2c3d-0000-4000-8000-0123456789ab"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_danger_and_its_neighbour(case: Case) -> None:
    """A recorded change is blocked for just what is dangerous about it, or passes."""
    verdict = judged(recorded(f"case-{case.name}"))

    assert tuple(sorted(case.blocks)) == rules(verdict.blocking)
    assert tuple(sorted(case.notes)) == rules(verdict.notable)


def test_every_rule_is_tried() -> None:
    """No rule is without a plan that it finds something in."""
    tried = {rule for case in CASES for rule in (*case.blocks, *case.notes)}
    elsewhere = {
        "allowance-expired",
        "allowance-unused",
        "autoscaler-lowered",
        "deleted",
        "deletion-budget",
        "first-creation",
        "forgotten",
        "name-clash",
        "plan-errored",
        "plan-incomplete",
        "rehearsal-failed",
        "rehearsal-lost",
        "resize-request-deleted",
        "state-not-recorded",
        "vm-deleted",
        "vms-other-account",
        "wrong-state",
    }

    assert set(RULES) == tried | elsewhere


class TestFleet:
    """How many VMs, and what is not recorded."""

    def test_vms_and_gpus_of_a_deleted_group(self) -> None:
        """Two VMs were in it, with eight GPUs each by its template."""
        (finding,) = judged(recorded("case-group-deleted")).blocking

        assert (2, 16) == (finding.vms, finding.gpus)
        assert f"{GROUP}.calm" == finding.address

    def test_vms_of_a_shrunk_group(self) -> None:
        """Of two VMs one is left."""
        (finding,) = judged(recorded("case-group-shrunk")).blocking

        assert (1, 8) == (finding.vms, finding.gpus)

    def test_what_a_new_group_costs(self) -> None:
        """The price is the catalogue's, of the template's machine in the group's region."""
        plan = recorded("case-group-added")
        known = catalog.price("n1-highmem-32", "nvidia-tesla-v100", 8, "us-central1")
        (priced,) = judged(plan).notable
        text = json.dumps(plan)
        (elsewhere,) = judged(json.loads(text.replace("us-central1", "us-nowhere1"))).notable
        (spot,) = judged(
            json.loads(
                text.replace('"provisioning_model": "STANDARD"', '"provisioning_model": "SPOT"')
            )
        ).notable

        assert (
            f"new: each VM in it has 8 GPUs, and costs ${known.on_demand:.2f} an hour on demand, "
            f"by Google's list of {known.as_of}" == priced.what
        )
        assert "costs an unknown amount" in elsewhere.what
        assert f"${known.spot:.2f} an hour as spot" in spot.what

    def test_the_price_of_a_template_that_is_yet_to_be_made(self) -> None:
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

        (found,) = judged(
            made_up(change(TEMPLATE, ["create"], None, template, name), group)
        ).notable

        assert re.search(r"has 8 GPUs, and costs \$\d+\.\d\d an hour on demand", found.what)

    def test_an_unknown_size(self) -> None:
        """What the plan does not tell is unknown, not none."""
        plan = recorded("case-group-deleted")
        for one in plan["resource_changes"]:
            if one["type"] == GROUP:
                del one["change"]["before"]["target_size"]

        (finding,) = judged(plan).blocking

        assert (None, None) == (finding.vms, finding.gpus)

    @pytest.mark.parametrize("policy", [[], [{"type": "SOMETHING_NEW"}], None])
    def test_a_policy_that_is_not_plain_rolls(self, policy: Any) -> None:
        """Without a policy that is known to wait, a new template is taken for a roll."""
        plan = recorded("case-release-calm")
        for one in plan["resource_changes"]:
            if one["type"] == GROUP:
                one["change"]["before"]["update_policy"] = policy
                one["change"]["after"]["update_policy"] = policy

        assert ("group-rolled",) == rules(judged(plan).blocking)

    def test_a_policy_that_is_unknown_rolls(self) -> None:
        """A policy that the apply decides on is taken for the worse."""
        plan = recorded("case-release-calm")
        for one in plan["resource_changes"]:
            if one["type"] == GROUP:
                del one["change"]["after"]["update_policy"]
                one["change"]["after_unknown"]["update_policy"] = [{"type": True}]

        assert ("group-rebalanced", "group-rolled") == rules(judged(plan).blocking)

    def test_an_autoscaler(self) -> None:
        """A lower limit is a danger, a higher one costs."""
        kind = "google_compute_region_autoscaler"
        low, high = ({"autoscaling_policy": [{"max_replicas": n}]} for n in (2, 5))

        lowered = judged(made_up(change(kind, ["update"], high, low)))
        raised = judged(made_up(change(kind, ["update"], low, high)))
        gone = judged(made_up(change(kind, ["delete"], high, None)))

        assert ("autoscaler-lowered",) == rules(lowered.blocking) == rules(gone.blocking)
        assert 3 == lowered.blocking[0].vms
        assert ((), ("gpus-added",)) == (rules(raised.blocking), rules(raised.notable))

    def test_a_resize_request(self) -> None:
        """One that goes takes its capacity along; one that comes does nothing to others."""
        kind = "google_compute_resize_request"
        request = {"resize_by": 4}

        gone = judged(made_up(change(kind, ["delete"], request, None)))
        come = judged(made_up(change(kind, ["create"], None, request)))

        assert ("resize-request-deleted",) == rules(gone.blocking)
        assert 4 == gone.blocking[0].vms
        assert () == come.blocking

    def test_a_template_that_a_group_still_names(self) -> None:
        """A template goes, and a group that stays as it is goes on to name it."""
        plan = recorded("kind-drift")
        for one in plan["resource_changes"]:
            if one["type"].endswith("_template"):
                one["change"]["actions"] = ["delete"]
                one["change"]["after"] = None

        assert ("template-in-use",) == rules(judged(plan).blocking)

    @pytest.mark.parametrize(
        ("most", "what", "gpus"),
        [
            (None, "new: each VM in it has 8 GPUs", None),
            (0, "new: the scheduler raises it to 0 VMs at most; each VM in it has 8 GPUs", 0),
            (3, "new: the scheduler raises it to 3 VMs at most; each VM in it has 8 GPUs", 24),
        ],
    )
    def test_how_many_a_new_group_may_have(
        self, most: int | None, what: str, gpus: int | None
    ) -> None:
        """The scheduler's limit of the group, by its name in the stack, where it is known."""
        plan = recorded("case-group-added")
        (new,) = [one for one in plan["resource_changes"] if one["change"]["actions"] == ["create"]]
        limits = {"another": 9} if most is None else {new["name"]: most}

        (found,) = judged(plan, target=replace(TARGET, limits=limits)).notable

        assert found.what.startswith(what)
        assert gpus == found.gpus

    def test_how_many_are_raised(self) -> None:
        """What it costs is of the VMs that come, not of those that are there."""
        group = {"name": "jobs-8xv100-us-mig", "update_policy": [CALM]}

        (found,) = judged(
            updated(GROUP, {**group, "target_size": 1}, {**group, "target_size": 4})
        ).notable

        assert ("size-raised", 24) == (found.rule, found.gpus)

    def test_an_empty_group(self) -> None:
        """Without VMs there are no GPUs, whatever a VM would have."""
        (found,) = judged(made_up(change(GROUP, ["delete"], {"target_size": 0}, None))).blocking

        assert ("group-deleted", 0, 0) == (found.rule, found.vms, found.gpus)

    def test_a_zonal_group_is_not_spread(self) -> None:
        """It has one zone, whatever its policy says."""
        kind = "google_compute_instance_group_manager"
        policies = ([CALM], [{"type": "OPPORTUNISTIC"}])
        before, after = ({"update_policy": policy} for policy in policies)

        assert () == judged(updated(kind, before, after)).blocking
        assert ("group-rebalanced",) == rules(judged(updated(GROUP, before, after)).blocking)

    def test_repairs(self) -> None:
        """To make anew what has gone is told; to stop doing so is not."""
        on, off = (
            {"update_policy": [CALM], "instance_lifecycle_policy": [{"default_action_on_failure":
             action}]}
            for action in ("REPAIR", "DO_NOTHING")
        )  # fmt: skip

        assert ("group-repairs",) == rules(judged(updated(GROUP, off, on)).notable)
        assert () == judged(updated(GROUP, on, off)).notable

    def test_the_price_is_of_its_own_cluster(self) -> None:
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

        (found,) = judged(made_up(*templates, group)).notable

        assert "an hour on demand" in found.what

    def test_what_makes_it_happen(self) -> None:
        """What forces a replacement, or what an update changes; nothing where it is deleted."""
        (replaced,), (updated_,), (gone,) = (
            judged(recorded(f"case-group-{name}")).blocking
            for name in ("zones", "healed", "deleted")
        )

        assert ("distribution_policy_zones",) == replaced.attributes
        assert "auto_healing_policies" in "".join(updated_.attributes)
        assert () == gone.attributes

    def test_the_gpus_of_what_is_there(self) -> None:
        """A group that shrinks as its template changes loses VMs of the old one."""
        templates = [
            change(TEMPLATE, ["no-op"], values, values, name)
            for name, gpus in (("a", 8), ("b", 4))
            for values in ({"name": name, "guest_accelerator": [{"count": gpus}]},)
        ]
        before, after = (
            {"target_size": size, "update_policy": [CALM],
             "version": [{"instance_template": f"x/instanceTemplates/{name}?uniqueId=1"}]}
            for name, size in (("a", 3), ("b", 1))
        )  # fmt: skip
        group = change(GROUP, ["update"], before, after)

        (found,) = judged(made_up(*templates, group)).blocking

        assert (2, 16) == (found.vms, found.gpus)

    def test_gpus_by_name(self) -> None:
        """Where the template does not tell, the name of the group does."""
        template = change(TEMPLATE, ["update"], {"name": "a"}, {"name": "a", "x": 1})
        for side in ("before_sensitive", "after_unknown"):
            template["change"][side] = {"guest_accelerator": True}
        values = {"name": "jobs-4xt4-us-mig", "target_size": 2,
                  "version": [{"instance_template": "a"}]}  # fmt: skip

        (found,) = judged(made_up(template, change(GROUP, ["delete"], values, None))).blocking

        assert (2, 8) == (found.vms, found.gpus)

    def test_a_template_that_a_forgotten_group_names(self) -> None:
        """The group goes on to name it, if nobody looks after it."""
        gone = change(TEMPLATE, ["delete"], {"name": "a"}, None)
        values = {"name": "g", "version": [{"instance_template": "a"}]}

        for actions, blocking in ((["forget"], ("template-in-use",)), (["delete"],
                                  ("group-deleted",))):  # fmt: skip
            group = change(GROUP, actions, values, None)
            assert blocking == rules(judged(made_up(gone, group)).blocking)

    def test_a_deposed_template_that_a_group_names(self) -> None:
        """Google does not delete it either."""
        gone = change(TEMPLATE, ["delete"], {"name": "a"}, None) | {"deposed": "a1b2c3d4"}
        values = {"version": [{"instance_template": "projects/p/global/instanceTemplates/a"}]}
        group = change(GROUP, ["no-op"], values, values)

        assert ("template-in-use",) == rules(judged(made_up(gone, group)).blocking)
        assert () == judged(made_up(gone)).blocking

    def test_a_template_whose_gpus_are_not_known(self) -> None:
        """They may be more."""
        before = {"name": "a", "guest_accelerator": [{"type": "t", "count": 1}]}
        one = change(TEMPLATE, ["create", "delete"], before, {"name": "b"})
        one["change"]["after_unknown"] = {"guest_accelerator": True}

        assert "gpus-added" in rules(judged(made_up(one)).notable)

    def test_a_template_without_a_name(self) -> None:
        """Two names that are not told are not the same."""
        one = change(TEMPLATE, ["create", "delete"], {"disk": []}, {"disk": []})

        assert () == judged(made_up(one)).blocking

    def test_a_deposed_template(self) -> None:
        """What an earlier replacement left over may go."""
        verdict = judged(recorded("kind-deposed"))

        assert not verdict.blocked


VERSION_NEW = [{"instance_template": "b"}]
VERSION_OLD = [{"instance_template": "a"}]
CALM = {"type": "OPPORTUNISTIC", "instance_redistribution_type": "NONE"}
EAGER = {**CALM, "type": "PROACTIVE", "minimal_action": "REPLACE"}


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
        ({"target_size": 0}, {"target_size": 3}, ()),
        ({"target_size": 0}, {"target_size": ["x"]}, ()),
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

    verdict = judged(updated(GROUP, {**usual, **before}, {**usual, **after}))

    assert blocking == rules(verdict.blocking)


MADE: Json = {
    "machine_type": "a2-highgpu-1g",
    "guest_accelerator": [{"type": "nvidia-tesla-a100", "count": 1}],
    "service_account": [{"email": "jobs-sa@eng-ai-dev.iam.gserviceaccount.com"}],
    "scheduling": [{"provisioning_model": "STANDARD"}],
    "disk": [{"disk_type": "pd-balanced", "disk_size_gb": 2_000, "source_image": "a"}],
    "metadata": {"startup-script": "run"},
}


@pytest.mark.parametrize(
    ("after", "found"),
    [
        ({"disk": [{**MADE["disk"][0], "source_image": "b"}]}, ()),
        ({"labels": {"a": "b"}}, ()),
        ({"service_account": [{"email": "other@eng-ai-dev.iam.gserviceaccount.com"}]},
         ("vms-other-account",)),
        ({"service_account": []}, ("vms-other-account",)),
        ({"scheduling": [{"provisioning_model": "SPOT"}]}, ("vms-end-early",)),
        ({"scheduling": [{"provisioning_model": "STANDARD",
                          "max_run_duration": [{"seconds": 3_600}]}]}, ("vms-end-early",)),
        ({"disk": [{**MADE["disk"][0], "disk_type": "pd-ssd"}]}, ("vms-cost-otherwise",)),
        ({"disk": [{**MADE["disk"][0], "disk_size_gb": 1_000}]}, ()),
        ({"disk": [{**MADE["disk"][0], "disk_size_gb": 3_000}]}, ("vms-cost-otherwise",)),
        ({"guest_accelerator": []}, ("vms-cost-otherwise",)),
        ({"guest_accelerator": [{"type": "nvidia-tesla-a100", "count": 2}]}, ("gpus-added",)),
        ({"metadata": {"startup-script": "poweroff"}}, ("unjudged",)),
        ({"network_interface": [{"network": "other"}]}, ("unjudged",)),
    ],
)  # fmt: skip
def test_changes_of_templates(after: Json, found: tuple[str, ...]) -> None:
    """What a new template does to VMs that are yet to start is told, and only that."""
    before, new = {"name": "a", **MADE}, {"name": "b", **MADE, **after}
    verdict = judged(made_up(change(TEMPLATE, ["create", "delete"], before, new)))

    assert found == rules((*verdict.blocking, *verdict.notable))


def test_a_limit_of_hours_that_grows() -> None:
    """A longer limit ends no job that the shorter one would not have ended."""

    def limited(hours: int) -> Json:
        duration = [{"seconds": hours * 3_600}]
        scheduling = [{"provisioning_model": "STANDARD", "max_run_duration": duration}]
        return {"name": f"{hours}", **MADE, "scheduling": scheduling}

    longer, shorter = (
        judged(made_up(change(TEMPLATE, ["create", "delete"], limited(one), limited(other))))
        for one, other in ((1, 2), (2, 1))
    )

    assert () == longer.notable
    assert ("vms-end-early",) == rules(shorter.notable)


def test_a_new_subscription_that_gives_messages_away() -> None:
    """Whatever the topic gets goes there as well."""
    pushed = {**SUB, "push_config": [{"push_endpoint": "https://example.com"}]}
    new, usual = (
        judged(made_up(change(SUBSCRIPTION, ["create"], None, values))) for values in (pushed, SUB)
    )

    assert ("delivery-diverted",) == rules(new.blocking)
    assert () == usual.blocking


def test_a_message_that_is_sent_again_sooner() -> None:
    """A job may run twice; later harms nobody."""
    sooner, later = (
        judged(updated(SUBSCRIPTION, {**SUB, "ack_deadline_seconds": one},
                       {**SUB, "ack_deadline_seconds": other}))
        for one, other in ((600, 10), (10, 600))
    )  # fmt: skip

    assert ("unjudged",) == rules(sooner.notable)
    assert () == later.notable


SUB = {"message_retention_duration": "345600s", "expiration_policy": [{"ttl": ""}]}
DEAD = {"dead_letter_topic": "t", "max_delivery_attempts": 5}


@pytest.mark.parametrize(
    ("before", "after", "blocking"),
    [
        ({}, {"message_retention_duration": None}, ("retention-shortened",)),
        ({}, {"message_retention_duration": "345601s"}, ()),
        ({}, {"message_retention_duration": "345600.0s"}, ()),
        ({"expiration_policy": [{"ttl": "864000s"}]}, {"expiration_policy": [{"ttl": "86400s"}]},
         ("subscription-expires",)),
        ({"expiration_policy": [{"ttl": "86400s"}]}, {"expiration_policy": [{"ttl": "864000s"}]},
         ()),
        ({"expiration_policy": [{"ttl": "86400s"}]}, {"expiration_policy": [{"ttl": ""}]}, ()),
        ({}, {"expiration_policy": []}, ("subscription-expires",)),
        ({}, {"bigquery_config": [{"table": "t"}]}, ("delivery-diverted",)),
        ({}, {"cloud_storage_config": [{"bucket": "b"}]}, ("delivery-diverted",)),
        ({"dead_letter_policy": [DEAD]},
         {"dead_letter_policy": [{**DEAD, "max_delivery_attempts": 100}]}, ()),
        ({"dead_letter_policy": [{**DEAD, "max_delivery_attempts": 100}]},
         {"dead_letter_policy": [DEAD]}, ("delivery-diverted",)),
        ({"dead_letter_policy": [DEAD]},
         {"dead_letter_policy": [{**DEAD, "max_delivery_attempts": ["x"]}]},
         ("delivery-diverted",)),
        ({"dead_letter_policy": [DEAD]}, {"dead_letter_policy": [{**DEAD, "dead_letter_topic": "u",
          "max_delivery_attempts": 9}]}, ("delivery-diverted",)),
        ({"push_config": [{"push_endpoint": "https://a"}]}, {"push_config": []}, ()),
    ],
)  # fmt: skip
def test_updates_of_subscriptions(before: Json, after: Json, blocking: tuple[str, ...]) -> None:
    """What an update does to the jobs that wait."""
    verdict = judged(updated(SUBSCRIPTION, {**SUB, **before}, {**SUB, **after}))

    assert blocking == rules(verdict.blocking)


DELETES = {"action": [{"type": "Delete"}], "condition": [{"age": 30, "with_state": "ANY"}]}


def _rule(**condition: Any) -> Json:
    return {**DELETES, "condition": [condition]}


@pytest.mark.parametrize(
    ("before", "after", "blocking"),
    [
        ({"force_destroy": True}, {"force_destroy": False}, ()),
        ({"force_destroy": "false"}, {"force_destroy": "true"}, ("bucket-unguarded",)),
        ({"soft_delete_policy": []},
         {"soft_delete_policy": [{"retention_duration_seconds": 0}]}, ("objects-expire",)),
        ({"soft_delete_policy": [{"retention_duration_seconds": 0}]},
         {"soft_delete_policy": [{"retention_duration_seconds": 86_400}]}, ()),
        ({"retention_policy": [{"retention_period": "86400"}]}, {"retention_policy": []},
         ("objects-expire",)),
        ({"lifecycle_rule": [DELETES]}, {"lifecycle_rule": ["x"]}, ("objects-expire",)),
        ({"lifecycle_rule": [DELETES]}, {"lifecycle_rule": []}, ()),
        ({"lifecycle_rule": []}, {"lifecycle_rule": [
            {"action": [{"type": 5}], "condition": [{"age": 1}]}]}, ("objects-expire",)),
        ({"lifecycle_rule": [DELETES]}, {"lifecycle_rule": [
            {**DELETES, "condition": [{"age": 60, "with_state": "ARCHIVED"}]}]}, ()),
        ({"lifecycle_rule": [{**DELETES, "condition": [{"age": 30, "with_state": "ARCHIVED"}]}]},
         {"lifecycle_rule": [DELETES]}, ("objects-expire",)),
        # Conditions that spare as much or more, and those that say nothing.
        ({"lifecycle_rule": [_rule(age=30, with_state="ANY")]},
         {"lifecycle_rule": [_rule(age=30, num_newer_versions=0)]}, ()),
        ({"lifecycle_rule": [_rule(age=30)]},
         {"lifecycle_rule": [_rule(age=30, with_state="ANY")]}, ()),
        ({"lifecycle_rule": [_rule(days_since_custom_time=3, num_newer_versions=2)]},
         {"lifecycle_rule": [_rule(days_since_custom_time=4, num_newer_versions=3)]}, ()),
        ({"lifecycle_rule": [_rule(days_since_noncurrent_time=3)]},
         {"lifecycle_rule": [_rule(days_since_noncurrent_time=3, matches_prefix=["a"])]},
         ("objects-expire",)),
        ({"lifecycle_rule": [_rule(age=30)]}, {"lifecycle_rule": [_rule(age="30")]}, ()),
        ({"lifecycle_rule": [{**_rule(age=30), "action": [{"type": "SetStorageClass"}]}]},
         {"lifecycle_rule": [_rule(age=30)]}, ("objects-expire",)),
        ({"lifecycle_rule": [_rule(age=30)]}, {"lifecycle_rule": [_rule(age=0)]},
         ("objects-expire",)),
        ({}, {"ip_filter": [{"mode": "Enabled"}]}, ("access-narrowed",)),
        ({}, {"ip_filter": [{"mode": "Disabled"}]}, ()),
        ({"requester_pays": True}, {"requester_pays": False}, ()),
    ],
)  # fmt: skip
def test_updates_of_buckets(before: Json, after: Json, blocking: tuple[str, ...]) -> None:
    """What an update does to what is in it, and to who reaches it."""
    verdict = judged(updated(BUCKET, {"name": "b", **before}, {"name": "b", **after}))

    assert blocking == rules(verdict.blocking)


@pytest.mark.parametrize(
    ("kind", "before", "unknown", "blocking"),
    [
        (GROUP, {"target_size": 5}, {"target_size": True}, "group-shrunk"),
        (GROUP, {"update_policy": [CALM]}, {"update_policy": True}, "group-rolled"),
        (GROUP, {"update_policy": [CALM]}, {"update_policy": [{"type": True}]}, "group-rolled"),
        (GROUP, {"auto_healing_policies": []}, {"auto_healing_policies": True}, "group-healed"),
        (SUBSCRIPTION, SUB, {"message_retention_duration": True}, "retention-shortened"),
        (SUBSCRIPTION, SUB, {"expiration_policy": True}, "subscription-expires"),
        (SUBSCRIPTION, SUB, {"expiration_policy": [{"ttl": True}]}, "subscription-expires"),
        (SUBSCRIPTION, SUB, {"push_config": True}, "delivery-diverted"),
        (SUBSCRIPTION, SUB, {"push_config": [{"push_endpoint": True}]}, "delivery-diverted"),
        (BUCKET, {"force_destroy": False}, {"force_destroy": True}, "bucket-unguarded"),
        (BUCKET, {"lifecycle_rule": []}, {"lifecycle_rule": True}, "objects-expire"),
        (BUCKET, {"lifecycle_rule": []}, {"lifecycle_rule": [{"action": True}]}, "objects-expire"),
        (BUCKET, {"soft_delete_policy": []}, {"soft_delete_policy": True}, "objects-expire"),
        (BUCKET, {"soft_delete_policy": []},
         {"soft_delete_policy": [{"retention_duration_seconds": True}]}, "objects-expire"),
        (BUCKET, {"versioning": [{"enabled": True}]}, {"versioning": True}, "objects-expire"),
        (BUCKET, {"public_access_prevention": "enforced"}, {"public_access_prevention": True},
         "access-unguarded"),
        (BUCKET, {"uniform_bucket_level_access": True}, {"uniform_bucket_level_access": True},
         "access-unguarded"),
        (BUCKET, {}, {"ip_filter": [{"mode": True}]}, "access-narrowed"),
        (BUCKET, {}, {"requester_pays": True}, "access-narrowed"),
        ("google_secret_manager_secret", {}, {"ttl": True}, "secret-deleted"),
        ("google_secret_manager_secret", {"deletion_protection": True},
         {"deletion_protection": True}, "secret-unguarded"),
        ("google_secret_manager_secret_version", {"enabled": True}, {"enabled": True},
         "secret-version-disabled"),
        ("google_storage_bucket_acl", {"predefined_acl": "private"}, {"predefined_acl": True},
         "public-access"),
        ("google_compute_firewall", {"source_ranges": ["10.0.0.0/8"], "allow": [{"ports": []}]},
         {"source_ranges": True}, "public-access"),
        ("google_secret_manager_secret", {}, {"expire_time": True}, "secret-deleted"),
        ("google_service_account", {"disabled": False}, {"disabled": True}, "account-disabled"),
        ("google_project_iam_custom_role", {"permissions": ["a"]}, {"permissions": True},
         "role-shrunk"),
        ("google_project_iam_custom_role", {"stage": "GA"}, {"stage": True}, "role-shrunk"),
        ("google_project_iam_binding", {"role": "r", "members": ["a"]}, {"members": True},
         "grant-authoritative"),
    ],
)  # fmt: skip
def test_what_is_unknown_is_taken_for_the_worse(
    kind: str, before: Json, unknown: Json, blocking: str
) -> None:
    """Be it as a whole or in a part, an unknown value blocks as the worst one would."""
    after = {name: value for name, value in before.items() if name not in unknown}

    verdict = judged(updated(kind, before, after, unknown=unknown))

    assert blocking in rules(verdict.blocking)


@pytest.mark.parametrize(
    ("kind", "key", "before", "unknown", "blocking"),
    [
        (GROUP, "target_size", 5, True, "group-shrunk"),
        (GROUP, "update_policy", [{**EAGER, "type": "x"}], [{"type": True}], "group-rolled"),
        (GROUP, "update_policy", [EAGER], [{"minimal_action": True}], "group-rolled"),
        (GROUP, "update_policy", [CALM], [{"instance_redistribution_type": True}],
         "group-rebalanced"),
        (GROUP, "auto_healing_policies", [{"health_check": "h"}], [{"health_check": True}],
         "group-healed"),
        ("google_compute_region_autoscaler", "autoscaling_policy", [{"max_replicas": 3}],
         [{"max_replicas": True}], "autoscaler-lowered"),
    ],
)  # fmt: skip
def test_what_is_marked_and_becomes_unknown(
    kind: str, key: str, before: Any, unknown: Any, blocking: str
) -> None:
    """Unknown on both sides is no reason to believe that it stays as it is."""
    kept = [{name: one[name] for name in one if name not in unknown[0]} for one in before] if (
        isinstance(before, list)) else None  # fmt: skip
    plan = updated(kind, {key: before}, {key: kept}, unknown={key: unknown})
    plan["resource_changes"][0]["change"]["before_sensitive"] = {key: unknown}

    assert blocking in rules(judged(plan).blocking)


class TestGrants:
    """Who may do what."""

    @pytest.mark.parametrize("member", ["allUsers", "allAuthenticatedUsers"])
    @pytest.mark.parametrize("kind", ["google_pubsub_topic_iam_member", "some_other_iam_member"])
    def test_everybody(self, member: str, kind: str) -> None:
        """Whatever it is that everybody gets."""
        given = change(kind, ["create"], None, {"role": "roles/x", "member": member})

        assert ("public-access",) == rules(judged(made_up(given)).blocking)

    @pytest.mark.parametrize("role", ["roles/owner", "roles/editor", "roles/viewer"])
    def test_basic_roles(self, role: str) -> None:
        """None of the three is narrow."""
        given = change("google_project_iam_member", ["create"], None,
                       {"role": role, "member": "user:a@example.com"})  # fmt: skip

        assert ("basic-role",) == rules(judged(made_up(given)).blocking)

    @pytest.mark.parametrize(
        ("kind", "role", "powerful"),
        [
            ("google_project_iam_member", "roles/storage.admin", True),
            ("google_project_iam_member", "roles/compute.instanceAdmin.v1", True),
            ("google_project_iam_member", "roles/iam.denyAdmin", True),
            ("google_project_iam_member", "roles/secretmanager.secretAccessor", True),
            ("google_folder_iam_member", "roles/resourcemanager.folderAdmin", True),
            ("google_project_iam_member", "roles/storage.objectAdmin", True),
            ("google_project_iam_member", "roles/logging.logWriter", False),
            ("google_project_iam_member", "roles/storage.objectViewer", False),
            ("google_storage_bucket_iam_member", "roles/storage.objectAdmin", False),
            ("google_storage_bucket_iam_member", "roles/storage.admin", True),
            ("google_secret_manager_secret_iam_member", "roles/secretmanager.secretAccessor",
             False),
            ("google_service_account_iam_member", "roles/iam.serviceAccountTokenCreator", True),
            ("google_service_account_iam_member", "roles/iam.serviceAccountUser", False),
            ("google_service_account_iam_member", "roles/iam.workloadIdentityUser", False),
        ],
    )  # fmt: skip
    def test_powerful_roles(self, kind: str, role: str, powerful: bool) -> None:
        """Who administers, acts as somebody else or reads all secrets, on what it is given."""
        given = change(kind, ["create"], None, {"role": role, "member": "user:a@example.com"})

        assert (("powerful-role",) if powerful else ()) == rules(judged(made_up(given)).blocking)

    @pytest.mark.parametrize(
        ("permission", "powerful"),
        [
            ("resourcemanager.projects.setIamPolicy", True),
            ("iam.serviceAccounts.actAs", True),
            ("iam.serviceAccounts.getAccessToken", True),
            ("iam.serviceAccountKeys.create", True),
            ("secretmanager.versions.access", True),
            ("storage.objects.setIamPolicy", False),
            ("compute.instances.list", False),
        ],
    )
    def test_powerful_permissions(self, permission: str, powerful: bool) -> None:
        """A custom role is no way around, be it new or widened."""
        kind, harmless = "google_project_iam_custom_role", ["pubsub.topics.get"]
        wide = {"permissions": [*harmless, permission]}
        new = judged(made_up(change(kind, ["create"], None, wide)))
        widened = judged(updated(kind, {"permissions": harmless}, wide))

        expected = ("powerful-role",) if powerful else ()
        assert expected == rules(new.blocking) == rules(widened.blocking)

    def test_acting_as_one_account(self) -> None:
        """What hands out rights is needed on a single account, and not on the project."""
        values = {"role": "roles/iam.serviceAccountUser", "member": "user:a@example.com"}
        on_one, on_all = (
            judged(made_up(change(kind, ["create"], None, values)))
            for kind in ("google_service_account_iam_member", "google_project_iam_member")
        )

        assert () == on_one.blocking
        assert ("powerful-role",) == rules(on_all.blocking)

    @pytest.mark.parametrize(
        "role",
        [
            "roles/iam.organizationRoleAdmin",
            "roles/iam.roleAdmin",
            "roles/iam.securityAdmin",
            "roles/iam.serviceAccountAdmin",
            "roles/iam.serviceAccountKeyAdmin",
            "roles/iam.serviceAccountTokenCreator",
            "roles/iam.serviceAccountUser",
            "roles/iam.workloadIdentityUser",
            "roles/resourcemanager.organizationAdmin",
            "roles/resourcemanager.projectIamAdmin",
        ],
    )
    def test_roles_that_hand_out_rights(self, role: str) -> None:
        """By each of them its holder can take any other right."""
        given = change("google_project_iam_member", ["create"], None,
                       {"role": role, "member": "user:a@example.com"})  # fmt: skip

        assert ("powerful-role",) == rules(judged(made_up(given)).blocking)

    @pytest.mark.parametrize(
        ("kind", "named", "on", "name"),
        [
            (GRANT, {"subscription": "x"}, SUBSCRIPTION, "name"),
            ("google_storage_bucket_iam_member", {"bucket": "b/x"}, BUCKET, "name"),
            ("google_pubsub_topic_iam_member", {"topic": "projects/p/topics/x"},
             "google_pubsub_topic", "name"),
            ("google_secret_manager_secret_iam_member", {"secret_id": "projects/p/secrets/x"},
             "google_secret_manager_secret", "secret_id"),
            ("google_service_account_iam_member",
             {"service_account_id": "projects/p/serviceAccounts/x"}, "google_service_account",
             "account_id"),
        ],
    )  # fmt: skip
    def test_a_grant_on_what_goes(self, kind: str, named: Json, on: str, name: str) -> None:
        """It is not told beside that; where what it is on stays, it is."""
        grant = change(kind, ["delete"], {"role": "roles/x", "member": "user:a", **named}, None)
        named_so, other = (
            change(on, ["delete"], {name: value, "force_destroy": False}, None)
            for value in ("x", "y")
        )

        assert "grant-removed" not in rules(judged(made_up(grant, named_so)).blocking)
        assert "grant-removed" in rules(judged(made_up(grant, other)).blocking)

    def test_what_is_replaced_is_given_again(self) -> None:
        """A binding to everybody, a removal and a denial, each in the place of another one."""
        held = {"role": "roles/x", "members": ["user:a"]}
        public = {**held, "members": ["user:a", "allUsers"]}
        for kind, before, after, blocking in (
            ("google_project_iam_binding", held, public, ("grant-removed", "public-access")),
            ("google_project_iam_member_remove", {}, {"role": "roles/x", "member": "user:a"},
             ("grant-removed",)),
            ("google_iam_deny_policy", {}, {}, ("access-denied",)),
        ):  # fmt: skip
            replaced = judged(made_up(change(kind, ["delete", "create"], before, after)))
            assert blocking == rules(replaced.blocking)

    @pytest.mark.parametrize("acl", ["authenticatedRead", "publicRead", "publicReadWrite"])
    def test_access_for_everybody(self, acl: str) -> None:
        """Google's ready-made lists with everybody on them."""
        made = change("google_storage_bucket_acl", ["create"], None, {"predefined_acl": acl})

        assert ("public-access",) == rules(judged(made_up(made)).blocking)

    def test_what_is_quoted(self) -> None:
        """A value is between backticks and has none; what is unknown is said to be."""
        given = change("google_project_iam_member", ["create"], None,
                       {"role": "roles/x", "member": "user:`a`"})  # fmt: skip
        made = change("google_storage_bucket_acl", ["create"], None, {})
        made["change"]["after_unknown"] = {"predefined_acl": True}

        (public,) = judged(made_up(made)).blocking
        (told,) = judged(made_up(given)).notable

        assert "set to what is not known yet, which is for everybody" == public.what
        assert "new: `roles/x` for `user:'a'`" == told.what

    def test_access_for_somebody_unknown(self) -> None:
        """Who gets access must be known."""
        made = change("google_storage_bucket_access_control", ["create"], None, {})
        made["change"]["after_unknown"] = {"entity": True}

        assert ("grant-unknown",) == rules(judged(made_up(made)).blocking)

    @pytest.mark.parametrize(
        ("before", "after", "blocking"),
        [
            (None, {}, ("public-access",)),
            (None, {"source_ranges": ["::/0"]}, ("public-access",)),
            (None, {"source_ranges": ["10.0.0.0/8"]}, ()),
            (None, {"source_ranges": ["0.0.0.0/1", "128.0.0.0/1"]}, ("public-access",)),
            (None, {"source_ranges": []}, ("public-access",)),
            (None, {"source_ranges": [], "source_tags": ["a"]}, ()),
            (None, {"source_ranges": ["8.8.8.8"]}, ()),
            (None, {"allow": [], "deny": [{"protocol": "all"}]}, ("access-denied",)),
            (
                None,
                {"direction": "EGRESS", "allow": [], "deny": [{"protocol": "all"}]},
                ("access-denied",),
            ),
            ({"disabled": False}, {"disabled": True}, ()),
            (None, {"direction": "EGRESS"}, ()),
            (None, {"direction": None}, ("public-access",)),
            (None, {"disabled": True}, ()),
            (None, {"disabled": None}, ("public-access",)),
            ({"description": "a"}, {"description": "b"}, ()),
            ({"priority": 1}, {"priority": 2}, ("public-access",)),
        ],
    )
    def test_firewalls(self, before: Json | None, after: Json, blocking: tuple[str, ...]) -> None:
        """What lets the whole internet in, by which of its attributes."""
        kind = "google_compute_firewall"
        usual = {"source_ranges": ["0.0.0.0/0"], "allow": [{"protocol": "tcp"}],
                 "direction": "INGRESS", "disabled": False}  # fmt: skip
        actions = ["create"] if before is None else ["update"]
        one = change(kind, actions, before and {**usual, **before}, {**usual, **after})

        assert blocking == rules(judged(made_up(one)).blocking)

    def test_permissions_that_are_marked(self) -> None:
        """What a role has lost cannot be told, if it is not told what it had."""
        plan = updated("google_project_iam_custom_role", {"permissions": ["a"]},
                       {"permissions": ["b"]})  # fmt: skip
        plan["resource_changes"][0]["change"]["before_sensitive"] = {"permissions": True}

        assert ("role-shrunk",) == rules(judged(plan).blocking)

    def test_a_policy_of_all_roles(self) -> None:
        """It is read as the JSON that it is; one that is none is unknown."""
        kind = "google_storage_bucket_iam_policy"
        held = [{"role": "roles/a", "members": ["user:a@example.com", "user:b@example.com"]}]
        before = {"policy_data": json.dumps({"bindings": held})}
        for after, blocking in (
            ({"policy_data": json.dumps({"bindings": held[:0]})}, ("grant-authoritative",)),
            ({"policy_data": json.dumps({"bindings": [*held, {"role": "roles/b", "members":
              ["allUsers"]}]})}, ("public-access",)),
            ({"policy_data": "{"}, ("grant-authoritative", "grant-unknown")),
            ({"policy_data": json.dumps({"bindings": [*held, {"role": 5}]})},
             ("grant-authoritative", "grant-unknown")),
            # The same role twice, under different conditions.
            ({"policy_data": json.dumps({"bindings": [
                {**held[0], "members": ["user:b@example.com"]}, {**held[0], "members": [
                 "user:a@example.com"]}]})}, ()),
        ):  # fmt: skip
            assert blocking == rules(judged(updated(kind, before, after)).blocking)

    @pytest.mark.parametrize(
        ("values", "unknown", "accounts", "blocking"),
        [
            ({"member": "user:a"}, {"role": True}, [], ("grant-unknown",)),
            ({"member": "user:a"}, {"role": True}, ["create"], ("grant-unknown",)),
            ({"role": "roles/x"}, {"member": True}, [], ("grant-unknown",)),
            ({"role": "roles/x"}, {"member": True}, ["update"], ("grant-unknown",)),
            ({"role": "roles/x"}, {"member": True}, ["create"], ()),
        ],
    )
    def test_what_is_not_known_of_a_grant(
        self, values: Json, unknown: Json, accounts: list[str], blocking: tuple[str, ...]
    ) -> None:
        """A member may be an account that the same plan makes; a role may be any."""
        grant = change("google_project_iam_member", ["create"], None, values)
        grant["change"]["after_unknown"] = unknown
        account = {"account_id": "a"}
        made = [
            change("google_service_account", [action], account, {**account, "description": "x"})
            for action in accounts
        ]

        assert blocking == rules(judged(made_up(grant, *made)).blocking)

    @pytest.mark.parametrize(
        ("members", "blocking"), [("*", ("public-access",)), ("attribute.repository/o/r", ())]
    )
    def test_a_pool(self, members: str, blocking: tuple[str, ...]) -> None:
        """All that a pool lets in is everybody; what it tells apart is somebody."""
        pool = f"principalSet://iam.googleapis.com/projects/1/locations/global/x/pools/p/{members}"
        given = change("google_service_account_iam_member", ["create"], None,
                       {"role": "roles/iam.workloadIdentityUser", "member": pool})  # fmt: skip

        assert blocking == rules(judged(made_up(given)).blocking)

    def test_an_api_of_which_nothing_is_said(self) -> None:
        """What the provider does by itself has changed before: it is taken for the worse."""
        gone = change("google_project_service", ["delete"], {"service": "a"}, None)

        assert ("api-disabled",) == rules(judged(made_up(gone)).blocking)

    def test_a_key_that_is_replaced(self) -> None:
        """Who uses the old one is shut out, and the new one works from anywhere."""
        key = change("google_service_account_key", ["create", "delete"], {"a": 1}, {"a": 2})
        gone = change("google_service_account_key", ["delete"], {"a": 1}, None)

        assert ("account-key", "grant-removed") == rules(judged(made_up(key)).blocking)
        assert ("grant-removed",) == rules(judged(made_up(gone)).blocking)

    def test_lists_of_access(self) -> None:
        """The older lists give rights as well, and take them."""
        kind = "google_storage_bucket_acl"
        one, two = {"role_entity": ["READER:user-a"]}, {"role_entity": ["READER:allUsers"]}

        changed = judged(updated(kind, one, two))
        predefined = judged(updated(kind, {}, {"predefined_acl": "publicRead"}))

        assert ("grant-removed", "public-access") == rules(changed.blocking)
        assert ("public-access",) == rules(predefined.blocking)


class TestOthers:
    """What is in no group, and what no rule knows."""

    @pytest.mark.parametrize(
        ("kind", "rule", "blocks"),
        [
            ("google_compute_region_commitment", "deleted", True),
            ("google_compute_reservation", "deleted", True),
            ("google_iam_deny_policy", "unjudged", False),
            ("google_compute_firewall", "deleted", True),
        ],
    )
    def test_what_goes_is_never_passed_over(self, kind: str, rule: str, blocks: bool) -> None:
        """Of a type that has rules for what is new, too."""
        verdict = judged(made_up(change(kind, ["delete"], {"name": "a"}, None)))

        assert (rule,) == rules(verdict.blocking if blocks else verdict.notable)

    def test_no_type_with_a_rule_goes_silently(self) -> None:
        """But for those of which nothing is lost with them."""
        silent = set()
        for kind in CHECKS:
            verdict = judged(made_up(change(kind, ["delete"], {"name": "a"}, None)))
            if not verdict.blocking and not verdict.notable:
                silent.add(kind)

        assert {
            "google_cloud_quotas_quota_preference",
            "google_compute_instance_template",
            "google_compute_region_instance_template",
            "google_project_default_service_accounts",
        } == silent

    def test_a_vm(self) -> None:
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

    def test_attributes_without_a_rule(self) -> None:
        """What nobody has judged is said not to be, and is not called safe."""
        verdict = judged(updated(BUCKET, {"rpo": "DEFAULT"}, {"rpo": "ASYNC_TURBO"}))

        assert ((), ("unjudged",)) == (rules(verdict.blocking), rules(verdict.notable))
        assert "`rpo`" in verdict.notable[0].what

    @pytest.mark.parametrize(
        ("kind", "actions", "values", "rule"),
        [
            ("google_compute_instance_group_manager", ["delete"], {}, "group-deleted"),
            ("google_compute_region_instance_template", ["delete", "create"], {"name": "a"},
             "template-deleted-first"),
            ("google_compute_autoscaler", ["delete"], {}, "autoscaler-lowered"),
            ("google_compute_region_autoscaler", ["delete"], {}, "autoscaler-lowered"),
            ("google_compute_resize_request", ["delete"], {}, "resize-request-deleted"),
            ("google_compute_region_resize_request", ["delete"], {}, "resize-request-deleted"),
            *((f"google_storage_{kind}", ["create"], {"entity": "allUsers"}, "public-access")
              for kind in ("bucket_access_control", "default_object_access_control",
                           "object_access_control", "bucket_acl", "default_object_acl",
                           "object_acl")),
            *((f"google_secret_manager_{kind}", ["delete"], {}, "secret-deleted")
              for kind in ("secret", "regional_secret")),
            *((f"google_secret_manager_{kind}_version", ["delete"], {}, "secret-version-lost")
              for kind in ("secret", "regional_secret")),
            *((f"google_{kind}_iam_custom_role", ["delete"], {}, "role-deleted")
              for kind in ("project", "organization")),
            *((kind, ["create"], {}, "access-denied")
              for kind in ("google_iam_deny_policy", "google_org_policy_policy",
                           "google_project_organization_policy")),
        ],
    )  # fmt: skip
    def test_types_of_a_kind(self, kind: str, actions: list[str], values: Json, rule: str) -> None:
        """What Google has in several places, or in two ways, is judged alike."""
        before = None if actions == ["create"] else values
        after = None if actions == ["delete"] else values

        assert (rule,) == rules(judged(made_up(change(kind, actions, before, after))).blocking)

    @pytest.mark.parametrize(
        ("kind", "key"),
        [(GROUP, "named_port"), (BUCKET, "logging"),
         (BUCKET, "labels"), (GRANT, "condition")],
    )  # fmt: skip
    def test_attributes_that_are_judged(self, kind: str, key: str) -> None:
        """What has a rule, or can do no harm, is not said to be without one."""
        values = {"update_policy": [CALM], "role": "roles/x", "member": "user:a"}
        verdict = judged(updated(kind, values, {**values, key: [{"a": "b"}]}))

        assert () == verdict.blocking
        assert "unjudged" not in rules(verdict.notable)

    def test_what_only_moves(self) -> None:
        """Under another address it is what it was."""
        one = change("google_iam_deny_policy", ["no-op"], {}, {})
        verdict = judged(made_up({**one, "previous_address": "google_iam_deny_policy.old"}))

        assert ((), ()) == (verdict.blocking, verdict.notable)

    @pytest.mark.parametrize(
        ("kind", "key"),
        [("google_service_account", "account_id"), ("google_project_iam_custom_role", "role_id"),
         ("google_secret_manager_secret", "secret_id"), ("google_pubsub_topic", "name")],
    )  # fmt: skip
    def test_a_change_of_address(self, kind: str, key: str) -> None:
        """What goes and comes under one name is told how to stay."""
        values = {key: "x", "location": "US"}
        gone, come, elsewhere = (
            change(kind, ["delete"], values, None, "old"),
            change(kind, ["create"], None, values, "new"),
            change(kind, ["create"], None, {**values, key: "y"}, "new"),
        )
        verdict = judged(made_up(gone, come))

        assert "renamed" in rules(verdict.blocking)
        assert f"`moved {{ from = {kind}.old, to = {kind}.new }}`" in verdict.blocking[0].advice
        assert "renamed" not in rules(judged(made_up(gone, elsewhere)).blocking)

    @pytest.mark.parametrize("key", ["region", "zone", "location"])
    def test_the_same_name_elsewhere(self, key: str) -> None:
        """Two places have their own names."""
        gone = change("some_type", ["delete"], {"name": "x", key: "here"}, None, "a")
        come = change("some_type", ["create"], None, {"name": "x", key: "there"}, "b")

        assert ("deleted",) == rules(judged(made_up(gone, come)).blocking)

    def test_another_grant_on_the_same_thing(self) -> None:
        """It is no change of address."""
        kind = "google_secret_manager_secret_iam_member"
        on = {"secret_id": "s", "member": "user:a"}
        gone = change(kind, ["delete"], {**on, "role": "roles/a"}, None, "a")
        come = change(kind, ["create"], None, {**on, "role": "roles/b"}, "b")

        assert ("grant-removed",) == rules(judged(made_up(gone, come)).blocking)

    def test_attributes_of_like_names(self) -> None:
        """One that only begins as another does is another; one below it is the same."""
        eager = {"update_policy": [EAGER]}
        likewise = updated(GROUP, {**eager, "version_x": 1}, {**eager, "version_x": 2})
        below = updated("google_compute_instance", {"scheduling": {"a": 1}},
                        {"scheduling": {"a": 2}})  # fmt: skip

        assert () == judged(likewise).blocking
        assert ("vm-deleted",) == rules(judged(below).blocking)

    def test_the_worst_comes_first(self) -> None:
        """By severity, then by rule and address."""
        kinds = {"a": "google_service_account", "c": BUCKET, "b": BUCKET, "d": GROUP}
        gone = [
            change(kind, ["delete"], {"name": name}, None, name) for name, kind in kinds.items()
        ]

        assert ["d", "b", "c", "a"] == [one.name for one in judged(made_up(*gone)).blocking]

    @pytest.mark.parametrize("kind", ["null_resource", "random_id", "terraform_data", "time_sleep"])
    def test_types_that_are_nothing_at_google(self, kind: str) -> None:
        """They may come, change and go."""
        for actions in (["create"], ["update"], ["delete"]):
            one = change(kind, actions, {"input": 1}, {"input": 2})
            verdict = judged(made_up(one))
            assert ((), ()) == (verdict.blocking, verdict.notable)

    def test_an_autoscaler_and_when_it_deletes(self) -> None:
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
            before, after = (
                {"autoscaling_policy": [one]} for one in (policy, {**policy, **change_})
            )
            verdict = judged(updated(kind, before, after))
            assert (blocking, ()) == (rules(verdict.blocking), verdict.notable)

    def test_an_autoscaler_of_another_group(self) -> None:
        """It finds VMs there that are no longer let be."""
        one, other = ({"target": f"projects/{PROJECT}/x/{name}"} for name in "ab")
        verdict = judged(updated("google_compute_region_autoscaler", one, other))

        assert ("autoscaler-changed",) == rules(verdict.blocking)

    @pytest.mark.parametrize("where", ["regions/us-central1", "zones/us-central1-a"])
    def test_an_autoscaler_of_a_new_group(self, where: str) -> None:
        """It finds no VMs there yet."""
        zonal = where.startswith("zones")
        kind = GROUP.replace("region_", "") if zonal else GROUP
        group = change(kind, ["create"], None, {"name": "g"}, "g")
        target = f"projects/{PROJECT}/{where}/instanceGroupManagers/g"
        kind = "google_compute_autoscaler" if zonal else "google_compute_region_autoscaler"
        scaler = change(kind, ["create"], None, {"target": target})
        unnamed = change(kind, ["create"], None, {})
        unnamed["change"]["after_unknown"] = {"target": True}

        assert () == judged(made_up(group, scaler)).blocking
        assert () == judged(made_up(unnamed)).blocking
        assert ("autoscaler-changed",) == rules(judged(made_up(scaler)).blocking)

    def test_what_is_paid_ahead(self) -> None:
        """A new one costs, be it in the place of another; one that goes costs nothing new."""
        kind = "google_compute_region_commitment"
        for actions, told in (
            (["create"], ("paid-ahead",)),
            (["delete", "create"], ("paid-ahead",)),
            (["create", "delete"], ("paid-ahead",)),
            (["delete"], ()),
        ):
            assert told == rules(judged(made_up(change(kind, actions, {}, {}))).notable)

    def test_quota(self) -> None:
        """Less or more is told with both numbers; a preference that goes asks nothing."""
        kind = "google_cloud_quotas_quota_preference"
        few, many = ({"quota_config": [{"preferred_value": str(n)}]} for n in (8, 64))
        (found,) = judged(updated(kind, few, many)).notable

        assert "asks for 64 instead of 8" == found.what
        assert () == judged(updated(kind, few, {**few, "justification": "x"})).notable
        assert () == judged(made_up(change(kind, ["delete"], few, None))).notable

    @pytest.mark.parametrize(
        ("after", "said"),
        [("86400s", "1 day"), ("86399s", "86399 seconds"), ("172800s", "2 days")],
    )
    def test_times(self, after: str, said: str) -> None:
        """In days, where it is as long as one."""
        (found,) = judged(
            updated(SUBSCRIPTION, SUB, {**SUB, "message_retention_duration": after})
        ).blocking

        assert (
            f"set to keep messages for {said} instead of 4 days: older ones are gone at once"
            == (found.what)
        )

    def test_a_topic_that_begins_to_retain(self) -> None:
        """What it keeps from now on it did not keep before."""
        kind = "google_pubsub_topic"

        assert () == judged(updated(kind, {}, {"message_retention_duration": "600s"})).blocking

    @pytest.mark.parametrize(
        ("policy", "blocking"),
        [
            ("DISABLE", "secret-version-disabled"),
            ("ABANDON", "secret-version-disabled"),
            ("DELETE", "secret-version-lost"),
            (None, "secret-version-lost"),
            (5, "secret-version-lost"),
        ],
    )
    def test_a_secret_version_that_goes(self, policy: Any, blocking: str) -> None:
        """Its text stays only by a policy that is known to keep it."""
        kind = "google_secret_manager_secret_version"
        gone = change(kind, ["delete"], {"deletion_policy": policy}, None)
        rotated = change(kind, ["create", "delete"], {"deletion_policy": policy}, {"enabled": True})

        assert (blocking,) == rules(judged(made_up(gone)).blocking)
        lost = () if blocking == "secret-version-disabled" else (blocking,)
        assert lost == rules(judged(made_up(rotated)).blocking)
        assert lost == rules(judged(made_up({**gone, "deposed": "a1b2c3d4"})).blocking)

    def test_a_secret_version_that_is_off_from_the_start(self) -> None:
        """VMs ask for the newest one."""
        kind = "google_secret_manager_secret_version"
        off = change(kind, ["create"], None, {"enabled": False})
        on = change(kind, ["create"], None, {"enabled": True})

        assert ("secret-version-disabled",) == rules(judged(made_up(off)).blocking)
        assert () == judged(made_up(on)).blocking


class TestTrust:
    """Whether it is the plan of this environment, and all of it."""

    def test_an_errored_plan(self) -> None:
        """Half a plan is no plan."""
        plan = recorded("kind-errored")
        nothing = {**plan, "resource_changes": []}

        assert "plan-errored" in rules(judged(plan).blocking)
        # What is left out is no wonder then.
        assert ("plan-errored",) == rules(judged(nothing).blocking)

    def test_an_incomplete_plan(self) -> None:
        """Made with -target it leaves something out; without it does not."""
        assert ("plan-incomplete",) == rules(judged(recorded("kind-incomplete")).blocking)
        assert () == judged(recorded("kind-update")).blocking

    def test_what_is_forgotten(self) -> None:
        """Forgetting loses nothing and is told; forgetting to create anew clashes."""
        forgotten = judged(recorded("kind-forget"))
        created = judged(recorded("kind-forget-create"))

        assert ((), ("forgotten",)) == (rules(forgotten.blocking), rules(forgotten.notable))
        assert ("name-clash",) == rules(created.blocking)

    def test_a_type_without_a_rule(self) -> None:
        """Unknown is not fine: what no rule knows may not be deleted, but may be changed."""
        kind = "google_compute_firewall"

        gone = judged(made_up(change(kind, ["delete"], {"name": "a"}, None)))
        changed = judged(made_up(change(kind, ["update"], {"a": 1}, {"a": 2})))

        assert ("deleted",) == rules(gone.blocking)
        assert () == changed.blocking

    @pytest.mark.parametrize(
        ("recorded_lineage", "known", "blocked", "noted"),
        [
            (None, Known(), (), ()),
            (LINEAGE, Known(), (), ()),
            (LINEAGE, Known(LINEAGE, 3), (), ()),
            (LINEAGE, Known("another", 3), ("wrong-state",), ()),
            (LINEAGE, Known("", 0), ("wrong-state",), ()),
            (None, Known(LINEAGE, 3), (), ("state-not-recorded",)),
            (None, Known("", 0), (), ()),
            (LINEAGE, Known(LINEAGE, 3, "states", "pipeline-zen/dev"), (), ()),
            (LINEAGE, Known(LINEAGE, 3, "states", "pipeline-zen/prod"), ("wrong-state",), ()),
            (LINEAGE, Known(LINEAGE, 3, "a file", ""), ("wrong-state",), ()),
            (LINEAGE, Known(LINEAGE, 3, "other", "pipeline-zen/dev"), ("wrong-state",), ()),
        ],
    )
    def test_the_state(
        self,
        recorded_lineage: str | None,
        known: Known,
        blocked: tuple[str, ...],
        noted: tuple[str, ...],
    ) -> None:
        """Lineage and place of the state are those that are recorded."""
        target = replace(TARGET, state_lineage=recorded_lineage)

        verdict = judged(recorded("kind-update"), target=target, known=known)

        assert blocked == rules(verdict.blocking)
        assert noted == rules(verdict.notable)

    def test_a_first_creation(self) -> None:
        """To create nearly everything, somebody must have said so."""
        topics = [
            change("google_pubsub_topic", ["create"], None, {"name": f"t{n}"}, f"t{n}")
            for n in range(20)
        ]

        assert ("first-creation",) == rules(judged(made_up(*topics)).blocking)
        assert not judged(made_up(*topics), known=Known(first_creation=True)).blocked
        assert not judged(made_up(*topics[:10])).blocked
        assert judged(made_up(*topics[:11])).blocked

    def test_nearly_a_first_creation(self) -> None:
        """Four fifths are nearly all; what is imported is there, and what is read is nothing."""

        def blocked(*, made: int, imported: int = 0, read: int = 0) -> tuple[str, ...]:
            kind = "google_pubsub_topic"
            made_ = [change(kind, ["create"], None, {}, f"m{n}") for n in range(made)]
            there = [change(kind, ["no-op"], {}, {}, f"t{n}") for n in range(20 - made)]
            for one in made_[:imported]:
                one["change"]["importing"] = {"id": "x"}
            data = [change(kind, ["read"], None, {}, f"r{n}") for n in range(read)]
            data = [{**one, "mode": "data"} for one in data]
            return rules(judged(made_up(*made_, *there, *data)).blocking)

        assert ("first-creation",) == blocked(made=16) == blocked(made=16, read=10)
        assert () == blocked(made=15) == blocked(made=16, imported=1)

    def test_the_budget_of_deletions(self) -> None:
        """Many harmless deletions are too many; fewer, or named ones, are not."""
        there = [_service(n, ["no-op"]) for n in range(100)]
        few = there[DELETION_BUDGET:] + [_service(n, ["delete"]) for n in range(DELETION_BUDGET)]
        many = [*few, _service(200, ["delete"])]

        assert not judged(made_up(*few)).blocked
        assert ("deletion-budget",) == rules(judged(made_up(*many)).blocking)

    def test_the_budget_is_a_share_of_what_is_there(self) -> None:
        """Of a dozen resources four are too many."""
        there = [_service(n, ["no-op"]) for n in range(8)]
        gone = [_service(n, ["delete"]) for n in range(20, 24)]

        assert ("deletion-budget",) == rules(judged(made_up(*there, *gone)).blocking)
        assert not judged(made_up(*there, *gone[:2])).blocked
        # Of ten, or fewer, a share says nothing.
        assert not judged(made_up(*there[:6], *gone)).blocked
        assert ("deletion-budget",) == rules(judged(made_up(*there[:7], *gone)).blocking)

    @pytest.mark.parametrize(
        ("kind", "counts"),
        [
            (TEMPLATE, False),
            ("google_compute_region_instance_template", False),
            ("google_secret_manager_secret_version", False),
            ("google_project_service", True),
        ],
    )
    def test_what_a_successor_makes_up_for(self, kind: str, counts: bool) -> None:
        """A release replaces every template, and the leftovers of an earlier one may go."""
        there = [_service(n, ["no-op"]) for n in range(10)]
        values = {"deletion_policy": "DISABLE", "disable_on_destroy": False}
        new = {**values, "enabled": True}
        replaced, left = (
            [{**change(kind, actions, values, new if len(actions) > 1 else None, f"x{n}"),
              "deposed": deposed} for n in range(5)]
            for actions, deposed in ((["create", "delete"], ""), (["delete"], "a1b2c3d4"))
        )  # fmt: skip

        for gone in (replaced, left):
            found = rules(judged(made_up(*there, *gone)).blocking)
            assert counts == ("deletion-budget" in found)

    def test_what_is_forgotten_counts(self) -> None:
        """Where all is protected, an empty YAML has it forgotten, not deleted."""
        there = [_service(n, ["no-op"]) for n in range(8)]
        gone = [_service(n, ["forget"]) for n in range(20, 24)]

        assert ("deletion-budget",) == rules(judged(made_up(*there, *gone)).blocking)

    def test_a_grant_goes_along_with_what_it_is_on(self) -> None:
        """Of a queue that may go, the grant on it is not held against the budget."""
        there = [_service(n, ["no-op"]) for n in range(10)]
        kind = "google_pubsub_subscription_iam_member"
        gone = [
            one
            for n in range(6)
            for one in (
                change(SUBSCRIPTION, ["delete"], {"name": f"s{n}"}, None, f"s{n}"),
                change(kind, ["delete"], {"subscription": f"s{n}", "role": "r"}, None, f"s{n}"),
            )
        ]
        named = allowance("subscription-deleted", f"{SUBSCRIPTION}.s*")

        assert not judged(made_up(*there, *gone), named).blocked
        # Unless anything is named, they are as many as they are.
        (counted,) = [one for one in judged(made_up(*there, *gone)).blocking
                      if one.rule == "deletion-budget"]  # fmt: skip
        assert counted.what.startswith("12 of 22 resources")

    @pytest.mark.parametrize(
        ("kind", "actions", "values"),
        [
            ("google_pubsub_topic", ["create"], {"project": "eng-ai-prod"}),
            ("google_pubsub_topic", ["no-op"], {"project": "eng-ai-prod"}),
            ("google_project", ["update"], {"id": "projects/eng-ai-prod"}),
            ("google_secret_manager_secret_version", ["create"],
             {"secret": "projects/eng-ai-prod/secrets/s"}),
            (SUBSCRIPTION, ["create"], {"topic": "projects/eng-ai-prod/topics/t"}),
            ("google_service_account_iam_member", ["create"], {"role": "r", "member": "user:a",
             "service_account_id": "projects/eng-ai-prod/serviceAccounts/a"}),
            ("google_cloud_quotas_quota_preference", ["create"],
             {"parent": "projects/eng-ai-prod"}),
            (GROUP, ["create"], {"self_link": "https://a/projects/eng-ai-prod/regions/r/x/g"}),
            ("google_compute_region_per_instance_config", ["create"],
             {"instance_group_manager": "projects/eng-ai-prod/regions/r/x/g"}),
            ("google_secret_manager_secret_iam_member", ["create"],
             {"secret_id": "projects/eng-ai-prod/secrets/s"}),
            (GRANT, ["create"], {"subscription": "projects/eng-ai-prod/subscriptions/s"}),
            ("google_compute_region_autoscaler", ["create"],
             {"target": "projects/eng-ai-prod/regions/r/x/g"}),
            ("google_org_policy_policy", ["create"], {"name": "projects/eng-ai-prod/policies/p"}),
            ("google_pubsub_topic", ["update"], {"id": "x/projects/eng-ai-prod"}),
        ],
    )  # fmt: skip
    def test_another_project(self, kind: str, actions: list[str], values: Json) -> None:
        """Wherever a resource says where it is, and whether or not something happens to it."""
        verdict = judged(made_up(change(kind, actions, {"name": "x"}, {"name": "x", **values})))

        assert "wrong-project" in rules(verdict.blocking)
        here = json.loads(json.dumps(values).replace("eng-ai-prod", PROJECT))
        verdict = judged(made_up(change(kind, actions, {"name": "x"}, {"name": "x", **here})))
        assert "wrong-project" not in rules(verdict.blocking)

    def test_what_goes_from_another_project(self) -> None:
        """It was there, if it is nowhere afterwards."""
        gone = change("google_pubsub_topic", ["delete"], {"project": "eng-ai-prod"}, None)

        assert "wrong-project" in rules(judged(made_up(gone)).blocking)

    def test_a_project_by_its_number(self) -> None:
        """From a number nobody here can tell which project it is."""
        one = change("google_pubsub_topic", ["create"], None, {"topic": "projects/123/topics/t"})

        assert () == judged(made_up(one)).blocking

    def test_a_project_that_is_not_known_yet(self) -> None:
        """It may be any; of what is there already, it is known from before."""
        one = change("google_pubsub_topic", ["create"], None, {"name": "t"})
        one["change"]["after_unknown"] = {"project": True}
        old = updated("google_pubsub_topic", {"name": "t"}, {}, unknown={"project": True})

        assert ("wrong-project",) == rules(judged(made_up(one)).blocking)
        assert () == judged(old).blocking

    def test_a_plan_without_a_module(self) -> None:
        """What is left out is found in modules, and among instances, as well."""
        configured = {"address": "null_resource.a", "mode": "managed"}
        several = {
            **configured,
            "address": "null_resource.b",
            "for_each_expression": {"constant_value": {"x": 1, "y": 2}},
        }
        unclear = {**several, "for_each_expression": {"references": ["var.x"]}}
        unclear["address"] = "null_resource.c"
        calls = {"m": {"module": {"resources": [configured]}}}
        # It may be switched off, and a data source need not be read.
        off = {**configured, "address": "null_resource.d", "enabled_expression": {"references": []}}
        data = {**configured, "address": "data.a_type.e", "mode": "data"}
        resources = [several, unclear, off, data]
        module = {"root_module": {"resources": resources, "module_calls": calls}}

        def plan(*addresses: str) -> Json:
            entries = [change("null_resource", ["no-op"], {}, {}) for _ in addresses]
            for entry, address in zip(entries, addresses, strict=True):
                entry["address"] = address
            return {**made_up(*entries), "configuration": module}

        whole = ('null_resource.b["x"]', 'null_resource.b["y"]', "module.m.null_resource.a")

        assert () == judged(plan(*whole)).blocking
        for left_out in whole:
            found = judged(plan(*(one for one in whole if one != left_out))).blocking
            assert ("plan-incomplete",) == rules(found)

    def test_a_count_that_is_none(self) -> None:
        """Nobody counts to it, and nothing is missing for it."""
        one = {
            "address": "null_resource.a",
            "mode": "managed",
            "count_expression": {"constant_value": 10**15},
        }
        plan = {**made_up(), "configuration": {"root_module": {"resources": [one]}}}

        assert () == judged(plan).blocking

    def test_a_named_deletion_does_not_count(self) -> None:
        """What is allowed by address is not held against the budget."""
        there = [_service(n, ["no-op"]) for n in range(10)]
        topics = [
            change(SUBSCRIPTION, ["delete"], {"name": f"s{n}"}, None, f"s{n}") for n in range(4)
        ]
        named = allowance("subscription-deleted", f"{SUBSCRIPTION}.s*")

        assert "deletion-budget" in rules(judged(made_up(*there, *topics)).blocking)
        assert not judged(made_up(*there, *topics), named).blocked


def _service(number: int, actions: list[str]) -> Json:
    values = {"service": f"s{number}", "disable_on_destroy": False}
    after = None if actions == ["delete"] else values
    return change("google_project_service", actions, values, after, f"s{number}")


class TestAllowances:
    """What config/allow.yaml lets pass."""

    def test_it_lets_pass_what_it_names(self) -> None:
        """The finding is there, allowed, with its reason."""
        named = allowance("bucket-deleted", f"{BUCKET}.results")

        verdict = judged(recorded("case-bucket-deleted"), named)

        assert not verdict.blocked
        assert [("bucket-deleted", "it is meant")] == [
            (one.finding.rule, one.allowance.reason) for one in verdict.allowed
        ]

    @pytest.mark.parametrize(
        ("finding", "address"),
        [
            ("bucket-replaced", f"{BUCKET}.results"),
            ("bucket-deleted", f"{BUCKET}.result"),
            ("bucket-deleted", f"{BUCKET}.other*"),
            ("bucket-deleted", f"{SUBSCRIPTION}.*"),
        ],
    )
    def test_it_lets_nothing_else_pass(self, finding: str, address: str) -> None:
        """Another finding or address stays blocked, and the allowance is refused as unused."""
        verdict = judged(recorded("case-bucket-deleted"), allowance(finding, address))

        assert ("allowance-unused", "bucket-deleted") == rules(verdict.blocking)

    def test_it_expires(self) -> None:
        """It holds on its last day, and not on the next."""
        yesterday = TODAY - datetime.timedelta(days=1)
        plan = recorded("case-bucket-deleted")

        last = judged(plan, allowance("bucket-deleted", f"{BUCKET}.results"))
        over = judged(plan, allowance("bucket-deleted", f"{BUCKET}.results", until=yesterday))

        assert not last.blocked
        assert ("allowance-expired", "bucket-deleted") == rules(over.blocking)

    def test_an_unused_one_blocks_even_an_empty_plan(self) -> None:
        """It would let the next such change pass unseen."""
        verdict = judged(recorded("case-nothing"), allowance("bucket-deleted", f"{BUCKET}.x"))

        assert ("allowance-unused",) == rules(verdict.blocking)

    def test_only_what_blocks_is_allowed(self) -> None:
        """What would pass anyway needs no allowance, and one for it is unused."""
        verdict = judged(recorded("case-group-added"), allowance("gpus-added", f"{GROUP}.*"))

        assert ("allowance-unused",) == rules(verdict.blocking)
        assert () == verdict.allowed

    def test_an_address_with_an_index(self) -> None:
        """Brackets are a part of it, and no pattern."""
        plan = recorded("case-bucket-deleted")
        plan["resource_changes"][0]["address"] = f'{BUCKET}.results["a"]'

        assert not judged(plan, allowance("bucket-deleted", f'{BUCKET}.results["a"]')).blocked

    def test_a_pattern_covers_many(self) -> None:
        """A star stands for part of a name."""
        plan = recorded("case-grant-removed")

        assert not judged(plan, allowance("grant-removed", f"{GRANT}.j*s")).blocked

    @pytest.mark.parametrize(
        ("pattern", "address", "covered"),
        [
            ("a.b*", "a.bc", True),
            ("a.b*d*", "a.bcd", True),
            ("a.b*", 'a.b["x"]', False),
            ("a.b*", "a.b[0]", False),
            ("a.b*[0]", "a.bc[0]", True),
            ('a.b["*"]', 'a.b["*"]', True),
            ('a.b["*"]', 'a.b["x"]', False),
            ('a.b["?"]', 'a.b["x"]', False),
            ('a.b["[x]"]', 'a.b["[x]"]', True),
            ('a.b["[x]"]', 'a.b["x"]', False),
            ('a.b["c\\"]"]', 'a.b["c\\"]"]', True),
            ("a.*", "module.m.a.b", False),
            ("module.m.a.*", "module.m.a.b", True),
            ("module.m.a.*", "module.n.a.b", False),
            ('module.m["k"].a.b', 'module.m["k"].a.b', True),
            ("a.b", "ab.b", False),
        ],
    )
    def test_a_star_is_part_of_a_name(self, pattern: str, address: str, covered: bool) -> None:
        """It reaches neither into an index nor into a module, and in a key it is a character."""
        assert covered == matches(pattern, address)

    def test_no_rule_of_trust_can_be_allowed(self) -> None:
        """Whether it is the right plan is not a matter of permission."""
        for rule, entry in RULES.items():
            if entry.severity is Severity.UNTRUSTED:
                assert not entry.allowable, rule


ALLOW = """\
dev:
  - finding: bucket-deleted
    address: google_storage_bucket.lum-dev-*
    reason: it was empty
    until: 2026-12-01
"""


class TestAllowYaml:
    """config/allow.yaml as it is read."""

    def test_it_is_read(self, checkout: Checkout) -> None:
        """Each environment has its own; the file is no environment."""
        checkout.write("config/allow.yaml", ALLOW)

        (one,) = allowances(checkout.root, "dev", TODAY)

        assert ("bucket-deleted", datetime.date(2026, 12, 1)) == (one.finding, one.until)
        assert [] == allowances(checkout.root, "prod", TODAY)

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("2026-12-01", "2027-02-21"),
            ("it was empty", "was empty"),
            ("google_storage_bucket.lum-dev-*", "'a_type.name[\"key\"]'"),
            ("dev:\n", "prod:\ndev:\n"),
        ],
    )
    def test_what_is_just_right(self, old: str, new: str, checkout: Checkout) -> None:
        """The last day that may be, the shortest reason, an index, an environment of none."""
        checkout.write("config/allow.yaml", ALLOW.replace(old, new))

        assert 1 == len(allowances(checkout.root, "dev", TODAY))

    def test_it_need_not_be_there(self, checkout: Checkout) -> None:
        """Usually nothing is allowed."""
        assert [] == allowances(checkout.root, "dev", TODAY)

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            ("dev:", "deev:", "config/allow.yaml:1:1: deev: no such environment"),
            ("bucket-deleted", "bucket-deletd", 'Did you mean "bucket-deleted"?'),
            ("bucket-deleted", "wrong-project", 'dev.0.finding: got "wrong-project"'),
            ("bucket-deleted", "deletion-budget", "It can never be allowed. See that no YAML"),
            ("bucket-deleted", "gpus-added", 'dev.0.finding: got "gpus-added"'),
            ("bucket-deleted", "grant-added", "It never blocks, so it needs no allowance"),
            ("bucket-deleted", "[bucket-deleted]", "dev.0.finding: got a list"),
            ("google_storage_bucket.lum-dev-*", "google_*.x", "Name one resource as the plan"),
            ("google_storage_bucket.lum-dev-*", "'*'", "Name one resource as the plan"),
            ("google_storage_bucket.lum-dev-*", "module.*", "Name one resource as the plan"),
            ("google_storage_bucket.lum-dev-*", "module.x*.a_b.c", "Name one resource as the"),
            ("google_storage_bucket.lum-dev-*", "[a]", "dev.0.address: got a list"),
            ("it was empty", "meant", "Say in a sentence, of two words at least, why"),
            ("2026-12-01", "soon", 'dev.0.until: got "soon"'),
            ("2026-12-01", "'2026-13-45'", "dev.0.until: no such date: 2026-13-45"),
            ("2026-12-01", "2026-13-45", "dev.0.until: no such date: 2026-13-45\n"),
            ("2026-12-01", "2026-12-01 10:00:00", "dev.0.until: got 2026-12-01 10:00:00"),
            ("2026-12-01", "2027-02-22", "is more than 90 days away"),
            (
                "google_storage_bucket.lum-dev-*",
                "a_type.name name",
                "Name one resource as the plan",
            ),
            ("    until: 2026-12-01\n", "", "dev.0.until: missing"),
            ("until:", "untill:", "untill: unknown"),
            ("  - finding", "  finding", "not YAML"),
            ("dev:\n", "dev: 3\nprod:\n", "dev: must be a list"),
            ("dev:\n", "dev:\n  - x\n", "must be a mapping"),
        ],
    )
    def test_mistakes(self, old: str, new: str, said: str, checkout: Checkout) -> None:
        """A mistake is told with its place, and what to write."""
        assert 1 == ALLOW.count(old)
        checkout.write("config/allow.yaml", ALLOW.replace(old, new))

        with pytest.raises(SettingsError) as error:
            allowances(checkout.root, "dev", TODAY)

        assert said in str(error.value)
        assert "config/allow.yaml:" in str(error.value)

    def test_a_day_may_be_text(self, checkout: Checkout) -> None:
        """To YAML it is text where it stands in quotes."""
        checkout.write("config/allow.yaml", ALLOW.replace("2026-12-01", '"2026-12-01"'))

        (one,) = allowances(checkout.root, "dev", TODAY)

        assert datetime.date(2026, 12, 1) == one.until

    @pytest.mark.parametrize("address", ["lum-dev-*", "lum-dev-a*b", "lum-dev-x"])
    def test_two_for_the_same(self, address: str, checkout: Checkout) -> None:
        """Of two that let the same pass one would outlive its change: the narrower is refused."""
        again = ALLOW.replace("dev:\n", "").replace("lum-dev-*", address)
        checkout.write("config/allow.yaml", ALLOW + again)

        with pytest.raises(SettingsError) as error:
            allowances(checkout.root, "dev", TODAY)

        (problem,) = error.value.problems
        assert Place("config/allow.yaml", 6, 5) == problem.place
        assert "lets pass what the one in line 2 does already" == problem.message

    def test_two_that_overlap(self, checkout: Checkout) -> None:
        """Neither of them lets pass all that the other does; another finding is another matter."""
        other = ALLOW.replace("dev:\n", "").replace("lum-dev-*", "lum-*-data")
        third = ALLOW.replace("dev:\n", "").replace("bucket-deleted", "bucket-replaced")
        checkout.write("config/allow.yaml", ALLOW + other + third)

        assert 3 == len(allowances(checkout.root, "dev", TODAY))
