"""Another provider than the one that has applied: what it would change by itself."""

import json
from pathlib import Path

import pytest

from fake_google import FakeGoogle
from pipeline_zen import kinds, rehearsal, versions
from pipeline_zen.plan import read
from pipeline_zen.rehearsal import Deployment
from pipeline_zen.rehearsal.upgrade import Upgrade, provider_of, with_provider
from pipeline_zen.settings import load
from tests.conftest import stack_text
from tests.plans.made import change, made_up
from tests.small_fleet import git, small_repository

BEFORE = "6.50.0"


def test_what_is_known_of_a_change_is_said() -> None:
    """Each attribute with how often and why; what nobody knows of is to be looked at."""
    groups = [
        change(kinds.GROUP, ["update"],
               {"instance_lifecycle_policy": [{"on_failed_health_check": ""}]},
               {"instance_lifecycle_policy": [{"on_failed_health_check": "DEFAULT_ACTION"}]},
               f"g{number}")
        for number in range(3)
    ]  # fmt: skip
    topic = change(kinds.TOPIC, ["update"], {"labels": {}}, {"labels": {"a": "b"}})
    plan = json.dumps(made_up(*groups, topic)).encode()

    told = list(Upgrade("1", "2", plan).sentences())

    start = "Provider 2 instead of 1, and nothing else"
    policy = "instance_lifecycle_policy[0].on_failed_health_check"
    assert told[0].startswith(f"{start}: updates 3 `{kinds.GROUP}` in `{policy}` (a default of")
    assert told[1].startswith(f"{start}: updates 1 `{kinds.TOPIC}` in `labels.a` (not known here")
    assert [f"{start}: no changes."] == list(Upgrade("1", "2").sentences())
    assert [f"{start}, cannot be planned: no"] == list(Upgrade("1", "2", error="no").sentences())


@pytest.mark.tofu
@pytest.mark.node
@pytest.mark.slow
@pytest.mark.parametrize("environment", ["dev", "prod"])
def test_what_the_provider_before_has_applied(
    environment: str, tofu: str, synthesized: Path, tmp_path: Path
) -> None:
    """The whole of an environment, applied with 6.50.0, is planned empty by the one named now."""
    assert tofu
    stack = json.loads(stack_text(synthesized, environment))
    for resources in stack["resource"].values():
        for resource in resources.values():
            # As it was protected then: the provider knew no other way.
            if resource.get("deletion_policy") == "ABANDON":
                del resource["deletion_policy"]
    now = tmp_path / "now.tf.json"
    now.write_text(json.dumps(stack), encoding="utf-8")
    with FakeGoogle() as google:
        deployment = Deployment(google, tmp_path / "deployment", environment)
        deployment.put(with_provider(now, BEFORE, tmp_path))
        deployment.apply_all()
        deployment.put(now)
        deployment.init()

        assert versions.VERSION == provider_of(now)
        changes = read(deployment.plan_json()).changes if deployment.plan() else ()
        assert [] == [one.address for one in changes if one.is_change]


@pytest.mark.tofu
@pytest.mark.node
@pytest.mark.slow
def test_rehearsed_from_a_ref_with_another_provider(tofu: str, tmp_path: Path) -> None:
    """It applies with the provider of the ref, plans with this one, and says what that does."""
    assert tofu
    checkout = small_repository(tmp_path / "checkout")
    file = "constructs/pipeline_zen/versions.py"
    checkout.edit(file, f'VERSION = "{versions.VERSION}"', f'VERSION = "{BEFORE}"')
    git(checkout.root, "commit", "--quiet", "-am", "the provider before")
    (settings,) = load(checkout.root, ["dev"])

    outcome = rehearsal.from_ref(settings, checkout.root, "HEAD", lambda *_: None)

    assert outcome.upgrade == Upgrade(BEFORE, versions.VERSION)
    assert outcome.plan is None
