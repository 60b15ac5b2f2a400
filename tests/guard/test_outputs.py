"""What the stack gives out: names of what it has, and nothing else."""

from typing import Any

import pytest

from tests.plans.cases import ACCOUNT, GROUP, PROJECT, SECRET, Json
from tests.plans.judged import judged, rules, told
from tests.plans.made import change, made_up

HOST = "https://www.googleapis.com/compute/v1"


def _plan(after: Any, before: Any = None, unknown: Any = False) -> Json:
    name = "jobs-8xa100-40gb-us-west1-mig"
    there = [
        change(GROUP, ["no-op"], {"name": name}, {"name": name}),
        change(SECRET, ["no-op"], {"secret_id": "config"}, {"secret_id": "config"}),
        change(ACCOUNT, ["no-op"], {"account_id": "jobs-sa"}, {"account_id": "jobs-sa"}),
        change(ACCOUNT, ["no-op"], {}, {}, "unnamed"),
        change("random_password", ["no-op"], {"name": "hunter2"}, {"name": "hunter2"}),
    ]
    output = {"actions": ["update"], "before": before, "after": after, "after_unknown": unknown}
    return {**made_up(*there), "output_changes": {"debug": output}}


@pytest.mark.parametrize(
    "value",
    [
        "jobs-8xa100-40gb-us-west1-mig",
        {"fleets": {"8xa100-40gb": {"groups": {"us-west1": "jobs-8xa100-40gb-us-west1-mig"}}}},
        f"projects/{PROJECT}/secrets/config",
        f"{HOST}/projects/{PROJECT}/regions/us-west1/instanceGroupManagers/"
        "jobs-8xa100-40gb-us-west1-mig",
        ["config", "", None, {}],
        f"jobs-sa@{PROJECT}.iam.gserviceaccount.com",
        f"projects/{PROJECT}/zones/us-west1-a",
        "8xa100-40gb",
        "west1",
        "zones/us-west1-a",
    ],
)
def test_names_and_links_of_what_there_is(value: Any) -> None:
    """They say nothing that is not in the plan anyway."""
    assert () == judged(_plan(value)).notable


@pytest.mark.parametrize(
    "value",
    [
        "PZ_TOKEN=rehearsal",
        "PZ_TOKEN=rehearsal/config",
        f"projects/hunter2/secrets/config{PROJECT}",
        "https://example.com/config",
        f"https://example.com/projects/{PROJECT}/secrets/config",
        f"projects/{PROJECT}/secrets/config?token=rehearsal",
        {"PZ_TOKEN_rehearsal": "config"},
        {"fleets": {"hunter2": "config"}},
        "hunter2",
        f"config@{PROJECT}.iam.gserviceaccount.com",
        "serviceAccounts",
        "europe-west4",
        f"projects/{PROJECT}/zones/us-west1-a-b",
        "us-nowhere1",
        "8xa100--40gb",
        ["config", 7],
        {"groups": 7.5},
        [True, False],
    ],
)
def test_what_may_be_a_secret(value: Any) -> None:
    """In a text, before the end of a link, as a key or as a number."""
    assert ("output-unjudged",) == rules(judged(_plan(value)).notable)


def test_what_the_apply_decides() -> None:
    """It is told, be it that other values were told before."""
    for plan in (_plan(None, None, unknown=True), _plan(["config"], [7], unknown=[False, True])):
        assert ("output-unjudged",) == rules(judged(plan).notable)


def test_what_was_given_out_before() -> None:
    """It is nothing new, but for what is no text, of which one cannot be told from another."""
    assert () == judged(_plan(["config", "more"], ["more"])).notable
    assert ("output-unjudged",) == rules(judged(_plan([8], [7])).notable)


def test_what_is_told() -> None:
    """The output by its name, and nothing of what it is given."""
    gone = _plan(None, "hunter2")
    gone["output_changes"]["debug"]["actions"] = ["delete"]

    assert [
        "output-unjudged: the output `debug` is given what is no name of a resource here"
    ] == told(_plan("hunter2"))
    assert [] == told(gone)
