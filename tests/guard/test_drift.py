"""What somebody took away, or changed, outside of OpenTofu."""

import pytest

from pipeline_zen.kinds import ACCOUNT, BUCKET, ROLE, SECRET, VERSION
from tests.plans.cases import GRANT, GROUP, PROJECT, SUBSCRIPTION, TOPIC, Json
from tests.plans.judged import judged, rules, told
from tests.plans.made import SUB, change, made_up, plan_of


def _drifted(*changes: Json) -> Json:
    return {**made_up(), "resource_drift": list(changes)}


@pytest.mark.parametrize(
    ("kind", "values", "remedy"),
    [
        (ROLE, {"role_id": "vm_deleter", "project": PROJECT},
         f"`gcloud iam roles undelete vm_deleter --project={PROJECT}`"),
        (ACCOUNT, {"unique_id": "123", "project": PROJECT},
         f"`gcloud iam service-accounts undelete 123 --project={PROJECT}`"),
        (BUCKET, {"name": "b"}, "`gcloud storage restore gs://b#GENERATION`"),
    ],
)  # fmt: skip
def test_what_can_be_had_back(kind: str, values: Json, remedy: str) -> None:
    """It blocks, so that nothing is made anew in its place, and says how it is had back."""
    (found,) = judged(_drifted(change(kind, ["delete"], values, None))).blocking

    assert "gone-outside" == found.rule
    assert remedy in found.advice


@pytest.mark.parametrize("kind", [SECRET, SUBSCRIPTION, TOPIC, GROUP, GRANT])
def test_what_nobody_gets_back(kind: str) -> None:
    """It is told what is lost, and does not keep anybody from making it anew."""
    verdict = judged(_drifted(change(kind, ["delete"], {"name": "a"}, None)))

    assert ((), ("lost-outside",)) == (rules(verdict.blocking), rules(verdict.notable))


def test_a_role_that_waits_to_be_deleted() -> None:
    """The provider still finds it, marked as deleted."""
    values = {"role_id": "vm_deleter", "project": PROJECT}
    entry = change(ROLE, ["update"], {**values, "deleted": False}, {**values, "deleted": True})

    assert ("gone-outside",) == rules(judged(_drifted(entry)).blocking)


def test_what_was_changed_for_the_worse() -> None:
    """It is judged as if a plan did it, but for what the scheduler does all day."""
    opened = change(BUCKET, ["update"], {"public_access_prevention": "enforced"},
                    {"public_access_prevention": "inherited"})  # fmt: skip
    resized = change(GROUP, ["update"], {"target_size": 3}, {"target_size": 1})
    longer = change(SUBSCRIPTION, ["update"], SUB, {**SUB, "message_retention_duration": "600000s"})

    assert ("changed-outside",) == rules(judged(_drifted(opened)).notable)
    assert () == judged(_drifted(resized, longer)).notable


def _refreshing(*changes: Json) -> Json:
    """A plan of `-refresh-only`: it speaks of no resource, though there are some."""
    resources = [{"address": f"{TOPIC}.one", "mode": "managed", "type": TOPIC}]
    return {**_drifted(*changes), "configuration": {"root_module": {"resources": resources}}}


def test_a_topic_that_went_away() -> None:
    """Its subscription hears nothing any more, also where only the state is brought up to date."""
    values = {**SUB, "topic": "projects/p/topics/t"}
    entry = change(SUBSCRIPTION, ["update"], values, {**values, "topic": "_deleted-topic_"})

    for plan in (_drifted(entry), _refreshing(entry)):
        assert "changed-outside" in rules(judged(plan).notable)


def test_what_went_away_before_a_refresh() -> None:
    """Nothing is made anew by it: the state forgets, which is a change of its own."""
    entry = change(TOPIC, ["delete"], {"name": "a"}, None)
    (planned,) = judged(_drifted(entry)).notable
    plan = _refreshing(entry)
    refreshed, only = judged(plan).notable

    assert "makes it anew, empty" in planned.advice
    assert ("lost-outside", "refresh-only") == (refreshed.rule, only.rule)
    assert "applying takes it out of the state" in refreshed.advice
    assert not plan_of(plan).empty
    assert plan_of(_refreshing()).empty


def test_what_was_changed_before_a_refresh() -> None:
    """Applying does not change it back."""
    opened = change(BUCKET, ["update"], {"public_access_prevention": "enforced"},
                    {"public_access_prevention": "inherited"})  # fmt: skip
    found = judged(_refreshing(opened)).notable[0]

    assert "changed-outside" == found.rule
    assert "applying takes it into the state" in found.advice


@pytest.mark.parametrize(
    ("kind", "values", "said"),
    [
        (ROLE, {},
         "gone-outside: taken away outside: whoever has it lost what it allows: VMs can no "
         "longer delete themselves; it can be had back"),
        (ACCOUNT, {},
         "gone-outside: taken away outside: VMs that run as it lost every right, and a "
         "new one has none of its grants; it can be had back"),
        (BUCKET, {},
         "gone-outside: taken away outside: all that was in it is gone from view; it can "
         "be had back"),
        (SECRET, {}, "lost-outside: taken away outside; lost: all its versions: put its text back "
         "into the file that it comes from"),
        (VERSION, {},
         "lost-outside: taken away outside; lost: its text, unless it is only disabled: "
         "see `gcloud secrets versions list`"),
        (SUBSCRIPTION, {},
         "lost-outside: taken away outside; lost: every job that waited in it"),
        (GROUP, {}, "lost-outside: taken away outside; lost: every VM that was in it"),
        ("google_project_service", {"service": "x"},
         "lost-outside: taken away outside; lost: the API is off: `gcloud services enable x`"),
        ("google_project_service", {},
         "lost-outside: taken away outside; lost: the API is off: `gcloud services enable …`"),
        ("google_what_is_new", {},
         "lost-outside: taken away outside; lost: what it was there for, until it is made anew"),
    ],
)  # fmt: skip
def test_what_is_lost(kind: str, values: Json, said: str) -> None:
    """It is told of each kind, as far as anybody knows."""
    assert [said] == told(_drifted(change(kind, ["delete"], values, None)))


@pytest.mark.parametrize(
    ("kind", "before", "after", "said"),
    [
        (ROLE, {"deleted": True, "title": "a"}, {"deleted": True, "title": "b"}, []),
        (ROLE, {"deleted": True}, {"deleted": False}, []),
        (BUCKET, {"deleted": False}, {"deleted": True}, []),
        (BUCKET, {"public_access_prevention": "enforced"},
         {"public_access_prevention": "inherited"},
         ["changed-outside: changed outside: no longer kept from public access"]),
        (BUCKET, {"lifecycle_rule": []}, {"versioning": [{"enabled": True}]}, []),
        (ROLE, {"permissions": ["a"]}, {"permissions": ["a", "b"]}, []),
        (GROUP, {"target_size": 1}, {"target_size": 5}, []),
        ("google_what_is_new", {"a": 1}, {"a": 2}, []),
    ],
)  # fmt: skip
def test_what_is_changed(kind: str, before: Json, after: Json, said: list[str]) -> None:
    """What would block if a plan did it, but for sizes; of what nobody knows, nothing."""
    entry = change(kind, ["update"], before, after)

    assert said == told(_drifted(entry))
    assert [] == told(_drifted({**entry, "mode": "data"}))
