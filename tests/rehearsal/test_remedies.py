"""Every way out that a rule names, and every allowance that is proposed, walked to its end."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from fake_google import FakeGoogle
from pipeline_zen.guard import RULES, Provenance, allowances
from pipeline_zen.plan import read
from pipeline_zen.rehearsal import Deployment
from pipeline_zen.report import Review, review
from tests.conftest import ROOT, Checkout
from tests.plans.cases import Edit, Json, base
from tests.plans.judged import TARGET, TODAY, rules
from tests.rehearsal.roads import ROADS, Road
from tests.rehearsal.unwalked import ELSEWHERE, LOOKED_AT, UNSERVED


def test_every_rule_has_a_way_out() -> None:
    """Each is walked here, or elsewhere, or it is said why it cannot be."""
    walked = {rule for road in ROADS for rule in (*road.rules, *road.notes)}
    ways = [walked, UNSERVED.keys(), ELSEWHERE.keys(), set(LOOKED_AT)]

    assert set(RULES) == set().union(*ways)
    assert len(RULES) == sum(map(len, ways))
    assert not [rule for rule in LOOKED_AT if RULES[rule].blocks]


@pytest.mark.parametrize("test", ELSEWHERE.values())
def test_what_is_walked_elsewhere(test: str) -> None:
    """The test that is named is there."""
    file, _, name = test.partition("::")

    assert f"def {name}(" in (ROOT / "tests" / file).read_text(encoding="utf-8")


def test_what_can_be_allowed() -> None:
    """A road that all of is said to be allowable has no rule that can never be."""
    for road in ROADS:
        assert road.allowable is all(RULES[rule].allowable for rule in road.rules), road.name


@dataclass
class Ground:
    """The small deployment, applied, and put back before each road."""

    google: FakeGoogle
    deployment: Deployment
    checkout: Checkout
    store: dict[str, Any]
    state: bytes

    def begin(self, road: Road) -> None:
        """Everything as it is before the danger."""
        self.google.store.load(self.store)
        self.deployment.state.write_bytes(self.state)
        stack = self.stack(road.before)
        self.put(stack)
        if stack != base() and self.deployment.plan():
            self.deployment.apply()

    def stack(self, *edits: Edit) -> Json:
        stack = base()
        for edit in edits:
            edit(stack)
        return stack

    def put(self, stack: Json) -> None:
        (self.deployment.folder / "cdk.tf.json").write_text(json.dumps(stack), encoding="utf-8")

    def review(self) -> Review:
        """Plan, and judge it with what is allowed."""
        self.deployment.plan()
        plan = read(self.deployment.plan_json())
        allowed = allowances(self.checkout.root, "dev", TODAY)
        return review(plan, TARGET, provenance=Provenance(), allowances=allowed, today=TODAY)

    def allow(self, proposal: str) -> None:
        """Write what the report proposes into `config/allow.yaml`."""
        self.checkout.write(
            "config/allow.yaml", proposal.replace("reason: …", "reason: it is meant")
        )


@pytest.fixture(scope="module")
def applied(tofu: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    assert tofu
    root = tmp_path_factory.mktemp("roads")
    with FakeGoogle(switched_on=True) as google:
        deployment = Deployment(google, root / "now", "dev")
        ground = Ground(google, deployment, Checkout(root), {}, b"")
        ground.put(base())
        deployment.init()
        deployment.plan()
        deployment.apply()
        for group in google.groups():
            google.resize(group, 2)
        ground.store, ground.state = google.store.dump(), deployment.state.read_bytes()
        yield ground


@pytest.fixture
def ground(applied: Ground, checkout: Checkout) -> Ground:
    """The small deployment as it was, and a checkout without allowances."""
    applied.checkout = checkout
    return applied


live = [pytest.mark.faults, pytest.mark.tofu]


@pytest.mark.parametrize("road", [pytest.param(road, marks=live, id=road.name) for road in ROADS])
def test_what_the_rules_advise(road: Road, ground: Ground) -> None:
    """The danger is found; what its rules say passes, and ends in an empty plan."""
    ground.begin(road)
    road.meanwhile(ground.google)
    ground.put(ground.stack(road.before, road.danger))
    found = ground.review()
    assert tuple(sorted(road.rules)) == rules(found.verdict.blocking)
    assert set(road.notes) <= set(rules(found.verdict.notable))
    never = [rule for rule in road.rules if not RULES[rule].allowable]
    assert not [rule for rule in never if f"finding: {rule}\n" in found.proposal.yaml()]

    road.back(ground.google)
    for step in road.mended:
        ground.put(ground.stack(road.before, step.edit))
        ground.allow("")
        reviewed = ground.review()
        assert step.allowed == rules(reviewed.verdict.blocking), reviewed.headline
        if step.allowed:
            ground.allow(reviewed.proposal.yaml())
            assert not ground.review().verdict.blocked
        if not reviewed.plan.empty:
            ground.deployment.apply()
    ground.deployment.require_settled()


ALLOWABLE = [road for road in ROADS if road.allowable and road.rules]


@pytest.mark.parametrize(
    "road", [pytest.param(road, marks=live, id=road.name) for road in ALLOWABLE]
)
def test_what_is_proposed_to_be_allowed(road: Road, ground: Ground) -> None:
    """It lets pass just that, the apply comes to its end, and nothing is left to do."""
    ground.begin(road)
    road.meanwhile(ground.google)
    ground.put(ground.stack(road.before, road.danger))
    ground.allow(ground.review().proposal.yaml())

    reviewed = ground.review()
    assert () == rules(reviewed.verdict.blocking)
    assert set(road.rules) == {one.finding.rule for one in reviewed.verdict.allowed}
    ground.deployment.apply()
    for _ in range(road.applies - 1):
        assert ground.deployment.plan()
        ground.deployment.apply()
    ground.deployment.require_settled()
