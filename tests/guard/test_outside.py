"""What is named of another environment, or of what is above all of them."""

from dataclasses import replace
from typing import Any

import pytest

from pipeline_zen.guard import Target
from tests.plans.cases import BUCKET, PROJECT, TEMPLATE, TOPIC, Json
from tests.plans.judged import TARGET, judged, rules, told
from tests.plans.made import change, made_up, planned


@pytest.mark.parametrize(
    ("value", "named"),
    [
        ("projects/other/topics/t", "`other`"),
        ("//x.googleapis.com/projects/other/topics/t", "`other`"),
        ("my-projects/other/topics/t", None),
        (f"projects/{PROJECT}/topics/t", None),
        ("projects/-/topics/t", None),
        ("projects/_/topics/t", None),
        ("jobs@other.iam.gserviceaccount.com", "`other`"),
        (f"jobs@{PROJECT}.iam.gserviceaccount.com", None),
        ("other.svc.id.goog", "`other`"),
        ("other.appspot.com", "`other`"),
        ("projectEditor:other", "`other`"),
        ("folders/12", "`folders/12`"),
        ("organizations/12", "`organizations/12`"),
        ("billingAccounts/0-A", "`billingAccounts/0-A`"),
        (f"https://a.example/v1/projects/{PROJECT}/t", "`a.example`"),
        (f"https://pubsub.googleapis.com/v1/projects/{PROJECT}/t", None),
        (f"https://console.cloud.google.com/projects/{PROJECT}/t", None),
        # A rehearsal has its things at another host.
        (f"https://localhost:8080/compute/v1/projects/{PROJECT}/t", None),
        ("see https://pubsub.googleapis.com/v1/projects/other/a-b@c: there", "`other`"),
        ("eng-ai-prod", "`eng-ai-prod`"),
        ("eng-ai-local", None),
        ("lum-prod-x", "`lum-prod-`"),
        ("lum-local-x", None),
        ("lum-dev-x", None),
        ("a plain text", None),
        # Who somebody is at another domain is no name of a project.
        ("group:eng-ai-schedulers@example.com", None),
        ("eng-ai-prod@appspot.gserviceaccount.com", "`eng-ai-prod`"),
        ("user:a@eng-ai-prod.example.com", "`eng-ai-prod`"),
        (5, None),
        (True, None),
        (["a", "projects/other"], "`other`"),
        ([{"a": "projects/other"}, "b"], "`other`"),
        ([{"projects/other": "a"}, "b"], "`other`"),
        (["projects/b", "projects/a"], "`a`, `b`"),
    ],
)
def test_what_a_text_names(value: Any, named: str | None) -> None:
    """Projects, accounts, hosts and what is above projects, wherever it stands."""
    link = f"https://localhost:8080/compute/v1/projects/{PROJECT}/global/instanceTemplates/a"
    there = change(TEMPLATE, ["delete"], {"self_link": link}, None)
    (entry,) = planned(TOPIC, "create", None, {"x": value})["resource_changes"]
    found = [one for one in told(made_up(there, entry)) if one.startswith("names-another")]

    assert [f"names-another: names {named} in `x`"] * bool(named) == found


@pytest.mark.parametrize(
    ("before", "after", "named"),
    [
        ({"x": ["projects/other"]}, {"x": ["projects/other", "a"]}, []),
        ({"x": ["projects/other"]}, {"x": ["projects/other", "projects/third"]},
         ["`third` in `x`"]),
        ({"x": "projects/other"}, {"x": "projects/other", "y": "a/b"}, []),
        ({}, {"x": "projects/other", "y": "folders/1"}, ["`folders/1`, `other` in `x`, `y`"]),
        ({}, {"x": "projects/other", "y": "a/b"}, ["`other` in `x`"]),
        ({"x": "projects/other"}, {"x": "a"}, []),
    ],
)  # fmt: skip
def test_what_is_named_anew(before: Any, after: Any, named: list[str]) -> None:
    """What was named before is nothing new."""
    found = [one for one in told(planned(TOPIC, "update", before, after))
             if one.startswith("names-another")]  # fmt: skip

    assert [f"names-another: names {one}" for one in named] == found


def test_an_environment_that_is_named_as_what_is_before_it() -> None:
    """Its own names are told from those of others, whatever it is called."""
    target = replace(TARGET, environment="ai", project="eng-ai-ai")
    own, other = (
        rules(judged(planned(TOPIC, "create", None, {"x": name}), target=target).blocking)
        for name in ("eng-ai-ai", "eng-ai-dev")
    )

    assert ((), ("names-another",)) == (own, other)


@pytest.mark.parametrize("actions", ["delete", "forget create"])
def test_what_goes(actions: str) -> None:
    """It names nothing any more; nor does what cannot be made anew."""
    after = None if actions == "delete" else {"x": "projects/other"}
    found = rules(judged(planned(TOPIC, actions, {"x": "projects/other"}, after)).blocking)

    assert "names-another" not in found


@pytest.mark.parametrize(
    ("number", "named"), [(123, True), (124, False), (None, False), ("x", False)]
)
def test_the_number_of_the_project(number: Any, named: bool) -> None:
    """A bucket of the environment tells it; one of another project does not."""
    for project, counts in ((PROJECT, True), ("other", False)):
        values = {"name": "b", "project": project, "project_number": number}
        bucket = change(BUCKET, ["no-op"], values, values)
        (entry,) = planned(TOPIC, "create", None, {"x": "projects/123/y"})["resource_changes"]
        found = {one.rule for one in judged(made_up(bucket, entry)).blocking}
        assert ("names-another" not in found) == (named and counts)


SHARED = "projects/eng-ai-shared/reservations/b200"


@pytest.mark.parametrize(
    ("kind", "values", "named"),
    [
        (TEMPLATE, {"reservation_affinity": [{"specific_reservation": [{"values": [SHARED]}]}]},
         []),
        ("google_compute_instance",
         {"reservation_affinity": [{"specific_reservation": [{"values": [SHARED]}]}]}, []),
        # Nowhere else, and no other one.
        (TEMPLATE, {"reservation_affinity": [{"specific_reservation": [{"key": SHARED}]}]},
         ["names-another: names `eng-ai-shared` in "
          "`reservation_affinity.specific_reservation.key`"]),
        (TEMPLATE, {"resource_policies": [SHARED]},
         ["names-another: names `eng-ai-shared` in `resource_policies`"]),
        (TEMPLATE, {"reservation_affinity": [
            {"specific_reservation": [{"values": [SHARED, f"{SHARED}-too"]}]}]},
         ["names-another: names `eng-ai-shared` in "
          "`reservation_affinity.specific_reservation.values`"]),
        (TEMPLATE, {"reservation_affinity": [
            {"specific_reservation": [{"values": ["projects/other/reservations/b200"]}]}]},
         ["names-another: names `other` in `reservation_affinity.specific_reservation.values`"]),
    ],
)  # fmt: skip
def test_a_reservation_of_another_project(kind: str, values: Json, named: list[str]) -> None:
    """What the settings name is meant, where reservations are named; without them it is not."""
    target = replace(TARGET, reservations=frozenset([SHARED]))
    plan = planned(kind, "create", None, values)

    def found(target: Target) -> list[str]:
        return [f"{one.rule}: {one.what}" for one in judged(plan, target=target).blocking
                if one.rule == "names-another"]  # fmt: skip

    assert named == found(target)
    assert found(TARGET)


@pytest.mark.parametrize("key", ["labels", "annotations", "description"])
def test_what_people_read(key: str) -> None:
    """A name leads nowhere there."""
    text = "eng-ai-platform, lum-ml-pipeline-zen"
    value = {"team": text} if key in ("labels", "annotations") else text

    assert [] == told(planned(TOPIC, "create", None, {"name": "t", key: value}))
