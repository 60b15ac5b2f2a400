"""The guard on recorded plans: every danger is found, and its harmless neighbour passes."""

import datetime
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline_zen import catalog
from pipeline_zen.guard import (
    RULES,
    Allowance,
    Finding,
    Known,
    Severity,
    Target,
    Verdict,
    allowances,
    judge,
)
from pipeline_zen.guard.trust import DELETION_BUDGET
from pipeline_zen.plan import Plan, read
from pipeline_zen.settings import Place, SettingsError
from tests.conftest import Checkout
from tests.plans.cases import BUCKET, CASES, GRANT, GROUP, PROJECT, SUBSCRIPTION, TEMPLATE, Case

PLANS = Path(__file__).parent / "plans"
TODAY = datetime.date(2026, 11, 23)
LINEAGE = "0a1b2c3d-0000-4000-8000-0123456789ab"
TARGET = Target("dev", PROJECT, "states", "pipeline-zen/dev", None)

Json = dict[str, Any]


def recorded(name: str) -> Json:
    plan: Json = json.loads((PLANS / f"{name}.json").read_text(encoding="utf-8"))
    return plan


def plan_of(plan: Json) -> Plan:
    return read(json.dumps(plan).encode())


def judged(
    plan: Json, *allowed: Allowance, target: Target = TARGET, known: Known | None = None
) -> Verdict:
    return judge(plan_of(plan), target, known or Known(), allowed, TODAY)


def rules(findings: tuple[Finding, ...]) -> tuple[str, ...]:
    return tuple(sorted({finding.rule for finding in findings}))


def allowance(finding: str, address: str, **more: Any) -> Allowance:
    values = {"reason": "it is meant", "until": TODAY, "place": Place("config/allow.yaml", 2, 3)}
    return Allowance(finding, address, **{**values, **more})


def change(kind: str, actions: list[str], before: Any, after: Any, name: str = "one") -> Json:
    """An entry of `resource_changes`, for what the fake Google does not serve."""
    return {
        "address": f"{kind}.{name}",
        "mode": "managed",
        "type": kind,
        "name": name,
        "change": {"actions": actions, "before": before, "after": after, "after_unknown": {}},
    }


def made_up(*changes: Json) -> Json:
    return {"format_version": "1.2", "planned_values": {}, "resource_changes": list(changes)}


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

    def test_a_deposed_template(self) -> None:
        """What an earlier replacement left over may go."""
        verdict = judged(recorded("kind-deposed"))

        assert not verdict.blocked


class TestTrust:
    """Whether it is the plan of this environment, and all of it."""

    def test_an_errored_plan(self) -> None:
        """Half a plan is no plan."""
        assert "plan-errored" in rules(judged(recorded("kind-errored")).blocking)

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
        assert not judged(made_up(*topics[:5])).blocked

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

    def test_a_pattern_covers_many(self) -> None:
        """A star stands for part of a name."""
        plan = recorded("case-grant-removed")

        assert not judged(plan, allowance("grant-removed", f"{GRANT}.j*s")).blocked

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

    def test_it_need_not_be_there(self, checkout: Checkout) -> None:
        """Usually nothing is allowed."""
        assert [] == allowances(checkout.root, "dev", TODAY)

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            ("dev:", "deev:", "config/allow.yaml:1:1: deev: no such environment"),
            ("bucket-deleted", "bucket-deletd", 'Did you mean "bucket-deleted"?'),
            ("bucket-deleted", "wrong-project", 'dev.0.finding: got "wrong-project"'),
            ("bucket-deleted", "gpus-added", 'dev.0.finding: got "gpus-added"'),
            ("google_storage_bucket.lum-dev-*", "google_*.x", "Name the resource as the plan"),
            ("google_storage_bucket.lum-dev-*", "'*'", "Name the resource as the plan"),
            ("it was empty", "meant", "Say in a sentence why"),
            ("2026-12-01", "soon", 'dev.0.until: got "soon"'),
            ("2026-12-01", "2027-12-01", "is more than 90 days away"),
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
